# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The shared library: finding it, its functions, and how its failures become exceptions."""

import _thread
import contextlib
import ctypes
import os
import pathlib
import reprlib
import signal
import sys
import threading
import time
import typing

_double_p = ctypes.POINTER(ctypes.c_double)
_int64_p = ctypes.POINTER(ctypes.c_int64)
_size_p = ctypes.POINTER(ctypes.c_size_t)
_pointer = ctypes.c_void_p
_text = ctypes.c_char_p
PROGRESS = ctypes.CFUNCTYPE(None, _pointer, ctypes.c_double, _text)
WARNING = ctypes.CFUNCTYPE(None, _pointer, _text)


class Error(Exception):
    """A failure of the library: its message, and its status, a word such as 'INVALID'; partial: the
    Curve, Simulation or Comparison of the rows before, the Sweep of the other points, or None."""

    partial: typing.Any = None

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
    "model_unset": [_pointer, _text],
    "model_like_for": [_pointer, _text, _text],
    "model_set_form": [_pointer, _text],
    "model_check_digests": [_pointer, _text, _text],
    "model_set_spectrum_teacher": [_pointer, ctypes.c_size_t, _double_p, _int64_p, _double_p],
    "model_set_overlaps": [_pointer] + [ctypes.c_size_t] * 3 + [_double_p] * 3,
    "model_set_overlaps_beside": [_pointer, ctypes.c_size_t, _double_p, _double_p],
    "model_grid": [_pointer, _text, _size_p, _double_p],
    "model_check": [_pointer, _text],
    "model_compute": [_pointer, _text, ctypes.POINTER(_pointer)],
    "model_curve_table": [_pointer] + [ctypes.POINTER(_pointer)] * 2,
    "model_report": [_pointer, _pointer, ctypes.POINTER(_pointer)],
    "table_create": [_text, ctypes.c_size_t, _double_p, ctypes.POINTER(_pointer)],
    "table_add_fact": [_pointer, _text, _text],
}

# The others: result, arguments.
_PLAIN = {
    "version": (_text, []),
    "setting_count": (ctypes.c_size_t, []),
    "setting_property": (_text, [ctypes.c_size_t, _text]),
    "setting_meant": (_text, [_text]),
    "computation_meant": (_text, [_text]),
    "model_free": (None, [_pointer]),
    "model_set_stop": (None, [_pointer, ctypes.POINTER(ctypes.c_int)]),
    "model_set_progress": (None, [_pointer, PROGRESS, _pointer]),
    "model_set_warning": (None, [_pointer, WARNING, _pointer]),
    "model_text": (_text, [_pointer, _text]),
    "model_given": (ctypes.c_bool, [_pointer, _text]),
    "model_means": (ctypes.c_bool, [_pointer, _text]),
    "settings_line_is_usual": (ctypes.c_bool, [_text, _text]),
    "model_is_usual": (ctypes.c_bool, [_pointer, _text, _text]),
    "model_has_place": (ctypes.c_bool, [_pointer, _text, _text, _text]),
    "model_restarts_unasked": (ctypes.c_bool, [_pointer, ctypes.c_char_p, ctypes.c_size_t]),
    "model_closed_form_columns": (_text, [_text]),
    "model_closed_form_rows": (_text, [_text]),
    "model_closed_form_names": (_text, []),
    "model_escape_share": (ctypes.c_double, [ctypes.c_double, ctypes.c_size_t, ctypes.c_size_t, _double_p, ctypes.c_double]),
    "threads_at_once": (ctypes.c_size_t, [ctypes.c_size_t]),
    "axis_is_even": (ctypes.c_bool, [ctypes.c_size_t, _double_p, ctypes.c_size_t]),
    "axis_is_log": (ctypes.c_bool, [_text, ctypes.c_double, ctypes.c_double, ctypes.c_bool]),
    "histogram_width": (ctypes.c_double, [ctypes.c_size_t, _double_p]),
    "histogram_bins": (ctypes.c_size_t, [ctypes.c_double, _double_p, _double_p]),
    "symbol_short": (None, [_text, ctypes.c_char_p, ctypes.c_size_t]),
    "symbol_axis": (None, [_text, ctypes.c_char_p, ctypes.c_size_t]),
    "title": (None, [ctypes.c_size_t, ctypes.POINTER(_text), ctypes.POINTER(_text), _text, ctypes.c_size_t]),
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


def shown(value):
    """A value as a message has it: short, on one line, whatever it is."""
    try:
        return " ".join(reprlib.repr(value).split())
    except ValueError:  # an integer of thousands of digits
        return f"a value of the type {type(value).__name__}"


def encoded(name, value):
    """A text or the name of a file as bytes for the library; what it could not take whole is refused."""
    try:
        made = os.fsencode(value)
    except UnicodeEncodeError:
        raise ValueError(f"{name} has characters that are none: {shown(value)}") from None
    if b"\0" in made:
        raise ValueError(f"{name} has a NUL character: {shown(made)}")
    return made


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
    takes; NumPy's setting, which is that of the whole process, comes back afterwards. Not for the
    main thread, where a signal could part its steps."""
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


def _after_fork():
    """In a child none of the other threads computes on, whatever they held."""
    global _blas_lock, _blas_users
    _blas_lock = threading.Lock()
    if _blas_users:
        _blas_users = 0
        library.openblas_set_num_threads(_blas_before)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

_GLANCE = 0.2  # seconds after which a wait looks for a signal that came just before it began
_PATIENCE = 2  # seconds in which more signals do not end the wait for what is ending


def through_signals(wait):
    """Calls wait until it returns True, whatever signals raise meanwhile; what is raised after some
    time, as by another Ctrl-C, is raised."""
    begin = time.monotonic()
    while True:
        try:
            while not wait():
                pass
            return
        except BaseException:
            if time.monotonic() > begin + _PATIENCE:
                raise


def wait_waking(wait, wake):
    """Until wait(seconds) is true; wake() is called now and then, and sends SIGURG to threads that may
    wait for the system."""
    try:  # SIGURG means nothing to a process; a handler makes it interrupt
        before = signal.signal(signal.SIGURG, lambda *_: None)
    except ValueError:  # not the main thread of the main interpreter
        through_signals(lambda: wait(1))
        return
    try:
        through_signals(lambda: wait(_GLANCE) or wake())
    finally:
        signal.signal(signal.SIGURG, before)


def wait_gone(threads):
    """Until those that have told that they end have done so; it takes them a moment."""
    for _ in range(1000):
        if not set(threads) & sys._current_frames().keys():
            break
        time.sleep(0.001)


class _Work:
    """A call in a thread of its own, which keeps all that it uses alive, however it is left."""

    def __init__(self, owner, name, arguments):
        self.owner, self.name, self.arguments = owner, name, arguments
        self.failure = None
        self.begun = []  # the thread
        self.ended = False
        self.running = _thread.allocate_lock()  # until the thread releases it
        self.running.acquire()
        self.alive = _thread.allocate_lock()  # held while the thread must not end

    def compute(self):
        try:
            with _one_blas_thread():
                call(self.name, *self.arguments)
        except BaseException as error:  # handed on to the caller
            self.failure = error

    def end_thread(self):
        self.ended = True
        self.running.release()

    def run(self):
        self.compute()
        self.alive.acquire(timeout=_PATIENCE)  # a signal may have ended wake() before it gave it back
        self.end_thread()

    def wait(self, seconds):
        """Whether it has ended. By a lock and a flag: a signal may part the steps of an Event, which is locked
        for ever then, and may take away what acquire returns."""
        return self.ended or self.running.acquire(timeout=seconds)

    def begin(self):
        try:
            # In one step, which no signal parts: whether there is a thread to wait for.
            self.begun.extend(map(_thread.start_new_thread, [self.run], [()]))
        except RuntimeError:  # no thread can be made; then Ctrl-C is handled at the end
            self.compute()
            self.end_thread()

    def wake(self):
        """Interrupts a call of the system, as reading from a pipe in which nothing comes."""
        if self.alive.acquire(timeout=1):
            try:
                if not self.ended:
                    signal.pthread_kill(self.begun[0], signal.SIGURG)
            finally:
                self.alive.release()

    def end(self):
        self.owner.stop.value = 1
        if self.begun:
            wait_waking(self.wait, self.wake)
            wait_gone(self.begun)


def run(owner, name, *arguments):
    """call(name, ..), such that Ctrl-C in the main thread ends it: Python handles signals only
    between its own instructions, so another thread makes the call, and ends before this returns,
    unless Ctrl-C comes again and again. owner: what must live meanwhile; owner.stop: the flag that
    the library looks at; owner.warn: tells what is to be told meanwhile."""
    if threading.get_ident() != threading.main_thread().ident:
        try:
            with _one_blas_thread():
                return call(name, *arguments)
        finally:
            owner.warn()
    owner.stop.value = 0
    work = _Work(owner, name, arguments)
    try:
        work.begin()
        while not work.wait(_GLANCE):
            owner.warn()
    except BaseException:
        work.end()
        raise
    owner.warn()
    if work.failure:
        raise work.failure
