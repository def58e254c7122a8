# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The shared library: finding it, its functions, and how its failures become exceptions."""

import _thread
import contextlib
import ctypes
import os
import pathlib
import threading

_double_p = ctypes.POINTER(ctypes.c_double)
_int64_p = ctypes.POINTER(ctypes.c_int64)
_size_p = ctypes.POINTER(ctypes.c_size_t)
_pointer = ctypes.c_void_p
_text = ctypes.c_char_p
PROGRESS = ctypes.CFUNCTYPE(None, _pointer, ctypes.c_double, _text)


class Error(Exception):
    """A failure of the library: its message, and its status, a word such as 'INVALID'."""

    def __init__(self, message, status="INVALID"):
        super().__init__(message, status)
        self.status = status

    def __str__(self):
        return self.args[0]


class _Message(ctypes.Structure):
    _fields_ = [("message", ctypes.c_char * 512)]


# The order of the library's status codes (status.h).
_STATUS = "OK INVALID PARSE IO MEMORY DIVERGED NUMERICAL INTERRUPTED DISAGREES".split()

# Functions that can fail, without their last argument, the message.
_FAILING = {
    "model_create": [ctypes.POINTER(_pointer)],
    "model_set_text": [_pointer, _text, _text],
    "model_like": [_pointer, _text],
    "model_set_spectrum_teacher": [_pointer, ctypes.c_size_t, _double_p, _int64_p, _double_p],
    "model_set_overlaps": [_pointer] + [ctypes.c_size_t] * 3 + [_double_p] * 3,
    "model_grid": [_pointer, _text, _size_p, _double_p],
    "model_compute": [_pointer, _text, ctypes.POINTER(_pointer)],
    "model_curve_table": [_pointer] + [ctypes.POINTER(_pointer)] * 2,
    "model_report": [_pointer, _pointer, ctypes.POINTER(_pointer)],
    "table_create": [_text, ctypes.c_size_t, _double_p, ctypes.POINTER(_pointer)],
}

# The others: result, arguments.
_PLAIN = {
    "version": (_text, []),
    "setting_count": (ctypes.c_size_t, []),
    "setting_property": (_text, [ctypes.c_size_t, _text]),
    "model_free": (None, [_pointer]),
    "model_set_stop": (None, [_pointer, ctypes.POINTER(ctypes.c_int)]),
    "model_set_progress": (None, [_pointer, PROGRESS, _pointer]),
    "model_text": (_text, [_pointer, _text]),
    "model_closed_form_columns": (_text, [_text]),
    "model_closed_form_rows": (_text, [_text]),
    "model_closed_form_names": (_text, []),
    "table_free": (None, [_pointer]),
    "table_n_rows": (ctypes.c_size_t, [_pointer]),
    "table_n_columns": (ctypes.c_size_t, [_pointer]),
    "table_column_name": (_text, [_pointer, ctypes.c_size_t]),
    "table_values": (_double_p, [_pointer]),
    "table_text": (_text, [_pointer, ctypes.c_size_t, ctypes.c_size_t]),
    "table_fact_key": (_text, [_pointer, ctypes.c_size_t]),
    "table_fact_text": (_text, [_pointer, ctypes.c_size_t]),
    "table_fact_value": (ctypes.c_double, [_pointer, ctypes.c_size_t]),
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
        loaded = ctypes.CDLL(path)
        for name, (result, arguments) in _PLAIN.items():
            function = getattr(loaded, "ordpar_" + name)
            function.restype, function.argtypes = result, arguments
        for name, arguments in _FAILING.items():
            getattr(loaded, "ordpar_" + name).argtypes = arguments + [ctypes.POINTER(_Message)]
    except (OSError, AttributeError) as error:
        raise ImportError(
            f"the shared library {path!r} of ordpar cannot be used: {error}; "
            "ORDPAR_LIBRARY may name another file"
        ) from error
    return loaded


library = _load()


def text(name, *arguments):
    """The text that a function returns, or None."""
    value = getattr(library, "ordpar_" + name)(*arguments)
    return None if value is None else value.decode(errors="replace")


def call(name, *arguments):
    """Calls ordpar_NAME; raises Error with the library's message."""
    message = _Message()
    status = getattr(library, "ordpar_" + name)(*arguments, ctypes.byref(message))
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


def run(stop, name, *arguments):
    """call(name, ..), such that Ctrl-C in the main thread ends it: Python handles signals only
    between its own instructions, so another thread makes the call, and ends before this returns.
    stop: the flag that the library looks at."""
    with _one_blas_thread():
        if threading.current_thread() is not threading.main_thread():
            return call(name, *arguments)
        stop.value = 0
        failure = []
        done = threading.Event()

        def work():
            try:
                call(name, *arguments)
            except BaseException as error:  # handed on to the caller
                failure.append(error)
            finally:
                done.set()

        begun = []
        try:
            # In one step, which no signal parts: whether there is a thread to wait for.
            begun.extend(map(_thread.start_new_thread, [work], [()]))
            done.wait()
        except BaseException:
            stop.value = 1
            while begun and not done.is_set():  # it still uses the flag and the arrays
                with contextlib.suppress(KeyboardInterrupt):
                    done.wait()
            raise
        if failure:
            raise failure[0]
