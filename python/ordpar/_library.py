# SPDX-License-Identifier: GPL-3.0-or-later
"""The shared library: finding it, its functions, and how its failures become exceptions."""

import contextlib
import ctypes
import os
import pathlib
import threading

_double_p = ctypes.POINTER(ctypes.c_double)
_int64_p = ctypes.POINTER(ctypes.c_int64)
_size_p = ctypes.POINTER(ctypes.c_size_t)


class Error(Exception):
    """A failure of the library: its message, and its status, a word such as 'INVALID'."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


class _Message(ctypes.Structure):
    _fields_ = [("message", ctypes.c_char * 512)]


# The order of the library's status codes (status.h).
_STATUS = ("OK", "INVALID", "PARSE", "IO", "MEMORY", "DIVERGED", "NUMERICAL", "INTERRUPTED")

# START, STOP, COUNT, whether it is equally spaced in the logarithm
_GRID = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]

_FUNCTIONS = {
    "create": [ctypes.POINTER(ctypes.c_void_p)],
    "set": [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, _double_p],
    "set_text": [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p],
    "set_spectrum": [ctypes.c_void_p, ctypes.c_size_t, _double_p, _int64_p],
    "read_data": [ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_char_p)],
    "set_overlaps": [ctypes.c_void_p] + [ctypes.c_size_t] * 3 + [_double_p] * 3,
    "blocks": [ctypes.c_void_p, _size_p],
    "spectrum": [ctypes.c_void_p, _double_p, _double_p],
    "curve": [ctypes.c_void_p, ctypes.c_size_t, _double_p, _double_p, ctypes.c_size_t]
    + [_double_p] * 6,
    "closed_form": [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, _double_p, _double_p],
    "precision": [ctypes.c_void_p, *_GRID, ctypes.c_char_p],
    "closed_form_digits": [ctypes.c_void_p, ctypes.c_char_p, *_GRID, ctypes.c_char_p],
    "simulate": [ctypes.c_void_p, ctypes.c_size_t] + [_double_p] * 3 + [_size_p],
}


def _path():
    """ORDPAR_LIBRARY; else the library that was installed with this module; else the system's."""
    if path := os.environ.get("ORDPAR_LIBRARY"):
        return path
    try:
        from ._install import LIBRARY
    except ImportError:
        return "libordpar.so"
    path = pathlib.Path(__file__).resolve().parent / LIBRARY
    return str(path) if path.exists() else path.name


def _load():
    path = _path()
    try:
        library = ctypes.CDLL(path)
        library.ordpar_version.restype = ctypes.c_char_p
        library.ordpar_model_closed_form_columns.restype = ctypes.c_char_p
        library.ordpar_model_closed_form_rows.restype = ctypes.c_char_p
        library.ordpar_model_free.argtypes = [ctypes.c_void_p]
        library.ordpar_model_width.argtypes = [ctypes.c_void_p]
        library.ordpar_model_width.restype = ctypes.c_size_t
        library.ordpar_model_set_stop.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
        for name, arguments in _FUNCTIONS.items():
            function = getattr(library, "ordpar_model_" + name)
            function.argtypes = arguments + [ctypes.POINTER(_Message)]
    except (OSError, AttributeError) as error:
        raise ImportError(
            f"the shared library {path!r} of ordpar cannot be used: {error}; "
            "ORDPAR_LIBRARY may name another file"
        ) from error
    return library


library = _load()


def call(name, *arguments):
    """Calls ordpar_model_NAME; raises Error with the library's message."""
    message = _Message()
    status = getattr(library, "ordpar_model_" + name)(*arguments, ctypes.byref(message))
    if status:
        raise Error(message.message.decode(errors="replace"), _STATUS[status])


def doubles(array):
    """Where a C-contiguous array of float64 lies; None for no array."""
    return None if array is None else array.ctypes.data_as(_double_p)


def integers(array):
    """Where a C-contiguous array of int64 lies."""
    return array.ctypes.data_as(_int64_p)


_blas_lock = threading.Lock()
_blas_users = 0
_blas_before = 0


@contextlib.contextmanager
def _one_blas_thread():
    """The library uses the cores itself, and its bytes should not depend on how many OpenBLAS
    takes; NumPy's setting, which is that of the whole process, comes back afterwards."""
    global _blas_users, _blas_before
    if not hasattr(library, "openblas_set_num_threads"):
        yield
        return
    with _blas_lock:
        if _blas_users == 0:
            _blas_before = library.openblas_get_num_threads()
            library.openblas_set_num_threads(1)
        _blas_users += 1
    try:
        yield
    finally:
        with _blas_lock:
            _blas_users -= 1
            if _blas_users == 0:
                library.openblas_set_num_threads(_blas_before)


def run(model, name, *arguments):
    """call(name, model.pointer, ..), such that Ctrl-C in the main thread ends it: Python handles
    signals only between its own instructions, so another thread makes the call."""
    with _one_blas_thread():
        if threading.current_thread() is not threading.main_thread():
            return call(name, model.pointer, *arguments)
        stop = ctypes.c_int(0)
        library.ordpar_model_set_stop(model.pointer, ctypes.byref(stop))
        failure = []

        def work():
            try:
                call(name, model.pointer, *arguments)
            except BaseException as error:  # handed on to the caller
                failure.append(error)

        # The thread's frame holds the arrays and the model, whatever happens here.
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            thread.join()
        except BaseException:
            stop.value = 1
            thread.join()
            raise
        if failure:
            raise failure[0]
