# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""From keywords to a model of the library, and from its tables to arrays."""

import collections.abc
import contextlib
import copy
import ctypes
import decimal
import functools
import json
import numbers
import os
import re
import tempfile
import time
import zlib

import numpy as np

from ._activation import Activation
from ._cautions import caution
from ._files import is_lasting, no_room
from ._hints import setting_meant, value_meant
from ._library import PROGRESS, WARNING, Error, call, doubles, encoded, integers, library, run, shown, text
from ._numbers import array, check_finite, own_array, own_number
from ._results import Fact, Overlaps, State
from ._settings import DEPENDENT, LETTERS, NEEDED, SETTINGS, NotKept, exact, library_name, settings_of_state


def _number(name, value):
    """A number as decimal text: a float stands for the shortest decimal that reads as it."""
    value = own_array(value)
    if isinstance(value, (np.generic, np.ndarray)) and np.ndim(value) == 0 and not np.ma.is_masked(value):
        value = value.item()
    value = own_number(value)
    if isinstance(value, bool):
        raise ValueError(f"{name} must be a number or its text, got {value}")
    if isinstance(value, (int, float, str, decimal.Decimal)):
        try:
            return str(value)
        except ValueError:
            raise ValueError(f"{name} has too many digits: {shown(value)}") from None
    more = several_of(value) if name != "moments" else ""
    if isinstance(value, numbers.Real):
        more = "; no float equals it: its decimals can be given as a text"
    raise ValueError(f"{name} must be a number or its text, got {shown(value)}{more}")


def _is_double(item):
    """Whether a float has all of a number."""
    item = own_number(item.item() if isinstance(item, np.generic) else item)
    return isinstance(item, float) or (isinstance(item, int) and float(item) == item)


def several_of(value):
    """Where several values belong."""
    return "; several values are for sweep" if isinstance(value, (list, tuple, range, np.ndarray)) else ""


def _is_scalar(value):
    """Whether a value is no list; bytes, sets and dicts are lists of nothing that a setting takes."""
    return isinstance(value, (str, bytes, bytearray, set, frozenset, dict)) or not np.iterable(value)


def _flag(name, value):
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_, int, np.integer)) and value in (0, 1):
        return "yes" if value else "no"
    raise TypeError(f"{name} must be True or False, got {shown(value)}")


def _is_path(value):
    return isinstance(value, (str, os.PathLike))


def arrays_of(name, value):
    """A setting's value with arrays of other libraries as numpy's; of data and labels also lists of numbers."""
    if name not in ("data", "labels") or not isinstance(value, (list, tuple, range, collections.abc.Iterator)):
        return own_number(own_array(value))
    items = [own_array(item) for item in value]
    among = (str, os.PathLike) if name == "labels" else (str, os.PathLike, np.ndarray)
    if not items or any(item is None or isinstance(item, among) for item in items):
        return items
    try:
        return np.asarray(items)
    except ValueError:  # of several lengths
        return items


def _words(row, value):
    """The text of a setting that is the name of a file or words. For words numbers and lists stand for
    their text."""
    if row.name == "save_overlaps" and value == "-":
        raise ValueError("save_overlaps must be a file, got '-'; results have their state()")
    if _is_path(value):
        return value
    items = [value] if _is_scalar(value) else list(value)
    plain = all(isinstance(item, (str, float, int, decimal.Decimal, np.generic)) for item in items)
    if "FILE" in row.argument or not plain:
        if row.name == "continue_from" and getattr(value, "__name__", "") == "state":
            raise TypeError("continue_from must be a file of save_overlaps or a State: call state()")
        if row.name == "continue_from" and hasattr(value, "state"):
            raise TypeError("continue_from must be a file of save_overlaps or a State: give the curve's state()")
        kind = "the name of a file" if row.argument == "FILE" else f"a text, {row.argument}"
        if row.name == "labels":
            kind = f"a file, {row.argument}, or an array of numbers"
        raise TypeError(f"{row.name} must be {kind}, got {shown(value)}{several_of(value)}")
    return ",".join(_number(row.name, item) for item in items)


def _has_array(name, value):
    """Whether data or labels are given as an array, which a result does not keep."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return name in ("data", "labels") and any(isinstance(item, np.ndarray) for item in items)


def _own(name, value):
    """A copy, which the caller's later changes do not reach; but arrays of data, which may be large."""
    if name == "tasks" and not _is_path(value):
        return _plain_tasks(value)
    if isinstance(value, (str, os.PathLike)) or _has_array(name, value):
        return value
    if isinstance(value, (np.ndarray, memoryview)):
        return np.array(value, subok=True)
    if _is_scalar(value):
        return value
    try:
        return copy.deepcopy(value) if hasattr(value, "__len__") else list(value)
    except TypeError:  # memory views in it, or a view of a dict
        items = (_own(name, item) for item in value)
        return tuple(items) if isinstance(value, tuple) else list(items)


def _plain(item):
    """Of dicts, lists, numbers and texts."""
    if isinstance(item, collections.abc.Mapping):
        return {name: _plain(value) for name, value in item.items()}
    item = own_array(item)
    if isinstance(item, (np.ndarray, np.generic)):
        return _plain(item.tolist())
    if isinstance(item, decimal.Decimal):
        return float(item)
    return item if isinstance(item, (str, bytes)) or not np.iterable(item) else list(map(_plain, item))


def _no_tasks(value):
    return ValueError(f"tasks must be a file, or a list of dicts of finite numbers, got {shown(value)}")


def _plain_tasks(value):
    try:
        return _plain(value)
    except (TypeError, RecursionError):
        raise _no_tasks(value) from None


def _tasks_text(value):
    """A list of dicts, or all of the object of a file, as JSON."""
    try:
        return json.dumps(value if isinstance(value, dict) else {"tasks": list(value)}, allow_nan=False)
    except (TypeError, ValueError):
        raise _no_tasks(value) from None


def _beside(name, value, size):
    """What Overlaps have beside q, r, t: v (size,) or (tasks, size), or p (size, size); None: nothing."""
    if value is None:
        return None
    rows = array(f"overlaps: {name}", value, 1 if name == "v" and np.ndim(value) == 1 else 2)
    if rows.shape[-1] != size or (name == "p" and len(rows) != size):
        meant = f"({size},) or (tasks, {size})" if name == "v" else f"({size}, {size})"
        raise ValueError(f"overlaps: {name} must have the shape {meant}, got {rows.shape}")
    return np.atleast_2d(rows)


# What says what is computed or kept, not for which model.
_COMPUTED = ("alpha", "compute", "moments", "each", "keep_partial", "save_overlaps", "checkpoint")


_DESCRIPTORS = "/proc/self/fd/"


def _temporary(what, suffix):
    """A file without a name where the system has such, so that none is left, however the process ends."""
    if os.path.isdir(_DESCRIPTORS):
        return tempfile.TemporaryFile()
    return tempfile.NamedTemporaryFile(prefix=what + "-", suffix=suffix)


def file_of(name, text):
    """The file that the text of a setting names, of labels also without the array of an archive; None: there is none."""
    paths = (text, text.rpartition(":")[0]) if name == "labels" else (text,)
    return next((path for path in paths if os.path.isfile(path)), None)


def content_of(path):
    """A digest of what is in a file."""
    found = 0
    with open(path, "rb") as file:
        while piece := file.read(1 << 22):
            found = zlib.crc32(piece, found)
    return f"{found:08x}"


def stamp_of(path):
    """What another content of a file, as a rule, does not have."""
    state = os.stat(path)
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


class _Written:
    """A temporary file with what a value came to, for as long as any request needs it."""

    def __init__(self, what, suffix, value, write):
        self.what, self.value = what, value  # kept, so that its id stays its own
        try:
            self.file = _temporary(what, suffix)
            write(self.file)
            self.file.flush()
        except OSError as error:
            raise Error(no_room(what, error.strerror), "IO") from None

    def __del__(self):
        if hasattr(self, "file"):
            with contextlib.suppress(OSError):  # what could not be written, once more
                self.file.close()

    @property
    def name(self):
        name = self.file.name
        return name if isinstance(name, str) else f"{_DESCRIPTORS}{name}"

    @functools.cached_property
    def digest(self):
        """Of the numbers."""
        return content_of(self.name)


def _array_of(name):
    return "array" if name == "data" else f"array of {name}"


_AGAIN = ("sweep", "Model", "state")  # files are read for each point or call, or again
WATCHED = ("curve", "precision", "simulate", "compare", "optimize")  # sweep has its own


def given(**values):
    """The names of those that have a value."""
    return [name for name, value in values.items() if value is not None]


def check_progress(progress):
    if not callable(progress):
        raise TypeError(f"progress must be a function of the fraction done, got {shown(progress)}")


def _watch(pointer, stop, progress):
    """Has `progress` told how far the computation is, 20 times a second at most; what it raises ends
    the computation. Returns what to keep: progress, the library's callback, and where the exception
    will be."""
    failure, due, told = [], [0.0], [0.0]

    def tell(_context, fraction, _text):
        now = time.monotonic()
        if failure or now < due[0] or fraction >= 1:  # the end is told by the caller
            return
        due[0] = now + 0.05
        told[0] = max(told[0], fraction)  # with more digits it may begin again
        try:
            progress(told[0])
        except BaseException as error:  # handed on by the caller
            failure.append(error)
            stop.value = 1

    callback = PROGRESS(tell)
    library.ordpar_model_set_progress(pointer, callback, None)
    return progress, callback, failure


class Known(dict):
    """Settings; without: the names of those that have no value, as others take their place; begun: what files
    that runs go on from said of them when those were computed, {file: {name: text}}."""

    def __init__(self, settings=(), without=(), begun=()):  # in this order: dataclasses.asdict makes copies of pairs
        super().__init__(settings)
        self.without, self.begun = frozenset(without), dict(begun)


class Request:
    """A model of the library. taken: {name: Setting} that the function takes. settings may have
    `like`, a file whose settings count where they are not given but for those in `_aside`, and
    `progress`, a function. `_said`: a set of what requests of one sweep or Model have warned of. `_own`: the
    names of those that are a Model's, which give way to the others as those of `like` do; `_beside`: all that it has;
    `_undrawn`: its seed is not meant where overlaps are the start, as nothing is drawn.
    unset: names of settings that `like` has no say in."""

    pointer = None
    files = tables = ()

    def __init__(self, function, taken, settings, unset=()):
        like, progress = settings.pop("like", None), settings.pop("progress", None)
        aside, said = settings.pop("_aside", ()), settings.pop("_said", set())
        own, beside, undrawn = settings.pop("_own", ()), settings.pop("_beside", ()), settings.pop("_undrawn", False)
        self.written = settings.pop("_written", {})  # by values: what requests of one sweep share
        self.pointer = ctypes.c_void_p()
        self.stop = ctypes.c_int(0)
        self.files = []
        self.tables = []  # those of a computation, until they are read
        self.given, self.taken = {}, taken
        self.unsaid = []
        call("model_create", ctypes.byref(self.pointer))
        library.ordpar_model_set_stop(self.pointer, ctypes.byref(self.stop))
        self.watch = None
        if progress is not None:
            if function not in WATCHED:
                raise TypeError(f"{function}() has no setting 'progress'")
            check_progress(progress)
            self.watch = _watch(self.pointer, self.stop, progress)
        for name, value in settings.items():
            long_name = LETTERS.get(name, name)
            if long_name not in taken and long_name not in own:
                if like is not None and self._leaves_out(long_name, value):
                    continue
                raise TypeError(f"{function}() has no setting {name!r}{setting_meant(function, taken, name)}")
            if long_name in self.given:
                letter = SETTINGS[long_name].letter
                raise TypeError(f"{function}() got {letter!r} and {long_name!r}, which are the same")
            if value is not None:
                self.given[long_name] = _own(long_name, arrays_of(long_name, value))
        self._set_all(function, [name for name in self.given if name not in own])
        there = " ".join(map(library_name, beside)).encode()
        stays = {name for name, value in self.given.items() if name not in own or self._has_place(name, value, there)}
        goes_on = "overlaps" in own and "continue_from" in stays
        if undrawn and "seed" in own and (goes_on or "overlaps" in stays):
            stays.remove("seed")
        self.given = {name: value for name, value in self.given.items() if name in stays}
        self._set_all(function, [name for name in self.given if name in own])
        self._leave_unused(function, [name for name in self.given if name not in taken])
        self.like = like is not None
        if self.like:
            if not _is_path(like):
                raise TypeError(f"like must be the name of a file, got {shown(like)}")
            if function in _AGAIN and not is_lasting(like):
                raise Error(f"like: {like} is read once; it is not there again", "IO")
            self._hear()
            for name in unset:
                call("model_unset", self.pointer, library_name(LETTERS.get(name, name)).encode())
            call("model_like_for", self.pointer, encoded("like", like), function.replace("_", "-").encode())
            self.unsaid[:] = [words for words in self.unsaid if words not in said]
            said.update(self.unsaid)
            self.warn()
            # The first two are of the program's exit and files.
            for name in {"max_z", "keep_partial"} - taken.keys() | {*aside}:
                call("model_set_text", self.pointer, library_name(name).encode(), None)
        self.begun = self._begun()
        if function != "sweep":  # whose points share one warning
            self._hear()
        if function in _AGAIN and (once := self.changed({})):
            raise Error(once, "IO")

    def _has_place(self, name, value, there):
        """Whether a Model's setting may stand, with its others, beside what is given."""
        told = encoded(name, value) if _is_path(value) else None
        return bool(library.ordpar_model_has_place(self.pointer, library_name(name).encode(), told, there))

    def _leave_unused(self, function, names):
        """A Model's settings that the computation has not: they may stand there at what is so without them."""
        if telling := self.telling(names):
            raise TypeError(f"{function}() has no setting {telling[0]!r}, which the model has")
        for name in names:
            call("model_set_text", self.pointer, library_name(name).encode(), None)
            del self.given[name]

    def telling(self, names):
        """Those of the settings that do not say what is so without them."""
        return [name for name in names if not (self._is_default(name) or self.is_usual(name))]

    def _is_default(self, name):
        row, told = SETTINGS[name], self.text(library_name(name))
        return told == row.default or (told is not None and exact(row, told) == exact(row, row.default))

    def _set_all(self, function, names):
        for name in names:
            try:
                self._set(SETTINGS[name], self.given[name])
            except (Error, TypeError, ValueError) as error:
                error.args = (value_meant(function, name, self.given[name], str(error)), *error.args[1:])
                raise

    def _leaves_out(self, name, value):
        """Whether it is "none" for a setting that the computation has not, and that `like` may have then."""
        if not isinstance(value, str) or value != "none" or name not in SETTINGS:
            return False
        try:
            call("model_set_text", self.pointer, library_name(name).encode(), b"none")
        except Error:
            return False
        return True

    def _hear(self):
        """Keeps what the library has to say until `warn`."""
        unsaid = self.unsaid
        self.warned = WARNING(lambda _context, words: unsaid.append(words))
        library.ordpar_model_set_warning(self.pointer, self.warned, None)

    def means(self, name):
        """Whether the setting of that name has a value: not if another that is given takes its place."""
        return bool(library.ordpar_model_means(self.pointer, library_name(name).encode()))

    def is_usual(self, name, words=None):
        """Whether a value, its own or that one, would say what is so without it."""
        told = None if words is None else words.encode()
        return bool(library.ordpar_model_is_usual(self.pointer, library_name(name).encode(), told))

    def _begun(self):
        """What the file that a run goes on from says of it, {file: {name: text}}."""
        path = self.text("continue")
        return {} if path is None or not is_lasting(path) else {path: settings_of_state(path)}

    def settings(self):
        """{keyword: value} of what is not the default: values as they were given, those of `like` as
        texts, the word "array" for data that are arrays."""
        begun = self.begun if self.begun == self._begun() else {}  # another's by now: which was read?
        found = Known(without=(row.name for row in SETTINGS.values() if not self.means(row.name)), begun=begun)
        for row in SETTINGS.values():
            told = self.text(library_name(row.name))
            if row.name in _COMPUTED:
                continue
            plain = told is not None and self._is_default(row.name)
            if plain and not (row.name in DEPENDENT + NEEDED and self.is_given(library_name(row.name))):
                continue
            if row.name in self.given:
                value = self.given[row.name]
                found[row.keyword] = self._not_kept(row.name) if _has_array(row.name, value) else value
            elif self.like and row.name in self.taken and told is not None:
                mark = {"files": "\n", "reals": ","}.get(row.kind)  # between several, which sweep has as one value
                found[row.keyword] = told.split(mark) if mark and mark in told else told
        return found

    def _not_kept(self, name):
        digests = [written.digest for written in self.files if written.what == _array_of(name)]
        return NotKept("array", " ".join(digests))

    def __del__(self):
        if library and self.pointer:
            library.ordpar_model_free(self.pointer)
        for table in self.tables:
            library.ordpar_table_free(table)

    def text(self, name):
        """The text that a setting has, or None."""
        told = library.ordpar_model_text(self.pointer, name.encode())
        return None if told is None else os.fsdecode(told)

    def set_text(self, name, value):
        """Sets a setting from a text or the name of a file."""
        call("model_set_text", self.pointer, library_name(name).encode(), encoded(name, value))

    def set_form(self, name):
        """Sets what a closed form is of, where it is not given."""
        call("model_set_form", self.pointer, encoded("name", name))
        for setting in ("activation", "teacher", "init"):
            if setting not in self.given and not self.like and self.is_given(setting):
                self.given[setting] = self.text(setting)

    def changed(self, facts):
        """Which file has another content than the fact `digests` of a result says, or None."""
        try:
            call("model_check_digests", self.pointer, facts.get("digests", "").encode(), b"the curve")
        except Error as error:
            return str(error)
        return None

    def check_as_like(self, named):
        """Refuses a file that was swept over in `like` and has another content by now. named: {name: {file: digest}}."""
        for name, digests in named.items():
            told = self.text(library_name(LETTERS.get(name, name)))
            path = told and file_of(name, told)
            if path in digests:
                word = f"{library_name(name)}={digests[path]}"
                whole = self if path == told else Request("report", SETTINGS, {name: path})  # whichever array is meant
                call("model_check_digests", whole.pointer, word.encode(), b"the file of like")

    def set_list(self, name, value):
        """Sets a list from numbers, one number or text."""
        value = own_array(value)
        items = [value] if _is_scalar(value) else list(value)
        if any(not _is_scalar(own_array(item)) for item in items):
            raise ValueError(f"{name} must be numbers along one axis, got {shown(value)}")
        if items:
            self.set_text(name, ",".join(_number(name, item) for item in items))
        elif name != "moments":
            raise ValueError(f"{name} must have at least one number")

    def numbers(self, name):
        """The numbers of a list."""
        listed = self.text(name)
        return np.array(listed.split(",") if listed else [], dtype=float)

    def _set(self, row, value):
        name = row.name
        if name == "spectrum" and not _is_path(value):
            self._set_spectrum(value)
        elif name == "overlaps" and not _is_path(value):
            self._set_overlaps(value)
        elif name == "tasks" and not _is_path(value):
            self.set_text(name, _tasks_text(value))
        elif isinstance(value, State) and name == "continue_from":
            self.set_text(name, self._file_with("state", ".csv", value.content, lambda file: file.write(value.content)))
        elif isinstance(value, Activation) and name in ("activation", "teacher_activation"):
            self.set_text(name, value.text)
        elif row.kind == "files":
            self._set_data(value)
        elif name == "labels" and isinstance(value, (np.ndarray, NotKept)):
            self.set_text(name, self._file_of(name, value))
        elif row.kind in ("file", "text"):
            self.set_text(name, _words(row, value))
        elif row.kind == "choice":
            if not isinstance(value, str):
                raise TypeError(f"{name} must be one of {', '.join(row.choices)}, got {shown(value)}{several_of(value)}")
            self.set_text(name, value)
        elif row.kind == "flag":
            self.set_text(name, _flag(name, value))
        elif row.kind in ("reals", "orders"):
            self.set_list(name, value)
        else:
            self.set_text(name, _number(name, value))

    def _set_spectrum(self, value):
        if isinstance(value, np.ndarray) and value.ndim == 2 and 1 in value.shape:
            value = value.ravel()  # a column or a row
        pair = isinstance(value, tuple) and len(value) in (2, 3) and all(map(np.iterable, value))
        if not pair and np.iterable(value) and any(map(np.iterable, value)):
            raise ValueError(
                "spectrum must be the tuple (eigenvalues, multiplicities) or eigenvalues alone, of a covariance "
                f"C numpy.linalg.eigvalsh(C); an array of two axes may be either, got {shown(value)}"
            )
        eigenvalues = array("eigenvalues", value[0] if pair else value, 1)
        given = array("multiplicities", value[1], 1) if pair else np.ones_like(eigenvalues)
        teacher = value[2] if pair and len(value) == 3 else getattr(value, "teacher", None)
        weights = np.ones_like(eigenvalues) if teacher is None else array("teacher", teacher, 1)
        if eigenvalues.shape != given.shape or eigenvalues.shape != weights.shape:
            shapes = f"eigenvalues {eigenvalues.shape} and multiplicities {given.shape}"
            if teacher is not None:
                shapes += f" and teacher {weights.shape}"
            raise ValueError(f"{shapes} must have one length")
        if not np.all((given >= 1) & (given <= 2**53) & (given == np.rint(given))):
            raise ValueError("multiplicities must be whole numbers from 1 on")
        whole = given.astype(np.int64)
        parts = doubles(eigenvalues), integers(whole), doubles(weights)
        call("model_set_spectrum_teacher", self.pointer, given.size, *parts)

    def _set_overlaps(self, value):
        if not isinstance(value, (tuple, list)) or len(value) != 3:
            raise ValueError(
                f"overlaps must be a file or the arrays (q, r, t), got {shown(value)}"
            )
        q, r, t = (array(f"overlaps: {name}", x, 3) for name, x in zip("qrt", value))
        K, M, L = r.shape
        if q.shape != (K, K, L) or t.shape != (M, M, L):
            raise ValueError(
                "overlaps must have the shapes (K, K, L), (K, M, L), (M, M, L), got "
                f"{q.shape}, {r.shape}, {t.shape}"
            )
        v, p = (_beside(name, getattr(value, name, None), size) for name, size in (("v", K), ("p", M)))
        run(self, "model_set_overlaps", self.pointer, K, M, L, doubles(q), doubles(r), doubles(t))
        if v is not None or p is not None:
            run(self, "model_set_overlaps_beside", self.pointer, 0 if v is None else len(v), doubles(v), doubles(p))

    def _set_data(self, value):
        """Files, or arrays of examples, which are written to temporary files."""
        items = value if isinstance(value, (list, tuple)) else [value]
        if not items:
            raise ValueError("data must be at least one file or array")
        for item in items:
            if item is not items[0] and isinstance(item, np.ndarray) and (item.ndim == 1 or item.shape[1:] == (1,) != np.shape(items[0])[1:]):
                raise ValueError(
                    f"data must be arrays (examples, components), got the shape {item.shape} beside {np.shape(items[0])}; labels go as labels=.."
                )
            if isinstance(item, (np.ndarray, NotKept)):
                item = self._file_of("data", item)
            elif not _is_path(item):
                raise ValueError(f"data must be files or arrays, got {shown(item)}")
            self.set_text("data", item)

    def _file_of(self, name, values):
        if isinstance(values, NotKept):
            raise TypeError(f"{name} were an array, which settings do not keep: give {name}=.. again")
        if np.ma.is_masked(values):
            raise ValueError(f"{name} has masked values; say what stands in their place")
        # Such as pandas has of whole numbers that may be missing.
        objects = values.dtype.kind == "O" and not any(item is None for item in values.flat)
        numbers = array(name, values, values.ndim) if objects else values
        if numbers.dtype.kind not in "buif":
            raise ValueError(f"{name} must be an array of numbers, got the type {values.dtype}")

        def write(file):
            plain = np.ascontiguousarray(np.ma.getdata(numbers))
            np.save(file, plain if plain.dtype in (np.uint8, np.float32, np.float64) else plain.astype(np.float64))

        return self._file_with(_array_of(name), ".npy", values, write)

    def _file_with(self, what, suffix, value, write):
        written = self.written.get((what, id(value)))
        if written is None:
            written = self.written[what, id(value)] = _Written(what, suffix, value, write)
        self.files.append(written)
        return written.name

    def set_rows(self, name, values, exact=False):
        """Sets a grid from a text, a file or numbers in any order; None: that of `like`. Returns where
        each number's row is, or None for all rows in their order. exact: texts and decimals as they stand."""
        place = self._set_rows(name, values, exact)
        words = ctypes.create_string_buffer(512)
        if library.ordpar_model_restarts_unasked(self.pointer, words, 512):
            said = self._told(os.fsdecode(words.value))
            caution(f"alpha: starts {said}; continue_from goes on from the curve's state(), or from a file of save_overlaps")
        return place

    def _set_rows(self, name, values, exact):
        if values is None and self.like:
            return None
        if values is None:
            raise TypeError(f"{name} is missing")
        if _is_path(values):
            self.set_text(name, values)
            return None
        items = own_array(values) if np.iterable(values) else [values]
        values = array(name, items, 1)
        if values.size == 0:
            raise ValueError(f"{name} must have at least one row")
        if exact and not isinstance(items, (list, tuple)):
            items = np.asarray(items).tolist()
        if exact and not all(map(_is_double, items)):
            given = [decimal.Decimal(_number(name, item)) for item in items]
            if not all(number.is_finite() for number in given):
                raise ValueError(f"{name} must be finite, got {shown(items)}")
            row = {number: k for k, number in enumerate(sorted(set(given)))}
            self.set_text(name, ",".join(map(str, row)))
            return np.array([row[number] for number in given])
        try:
            rows, place = np.unique(check_finite(name, values), return_inverse=True)
        except ValueError as error:
            raise Error(str(error)) from None
        self.set_text(name, ",".join(map(repr, rows.tolist())))
        return place.ravel()

    def grid(self, name):
        """The values of a grid."""
        count = ctypes.c_size_t()
        call("model_grid", self.pointer, name.encode(), ctypes.byref(count), None)
        values = np.empty(count.value)
        call("model_grid", self.pointer, name.encode(), ctypes.byref(count), doubles(values))
        return values

    def _told(self, words):
        """Words of the library, without the names of temporary files."""
        for written in sorted(self.files, key=lambda file: file.name, reverse=True):
            words = words.replace(written.name, f"the {written.what}")
        return words.replace("of overlaps the state and", "of overlaps=state.overlaps and")

    def _table(self, pointer, place):
        table = Table(pointer, place, self.settings())
        table.facts = {key: Fact(self._told(fact), fact.value) for key, fact in table.facts.items()}
        return table

    def is_given(self, name):
        """Whether a setting was set, by a keyword or the file `like`."""
        return bool(library.ordpar_model_given(self.pointer, name.encode()))

    def _new_table(self):
        self.tables.append(ctypes.c_void_p())
        return self.tables[-1]

    def keep_partial(self):
        """Has a failure of what comes leave the rows before it."""
        self.set_text("keep_partial", "yes")

    def _run(self, name, *arguments, partial=None):
        """partial: makes what the exception of a failure carries along, where there is a table."""
        try:
            run(self, name, self.pointer, *arguments)
        except Error as error:
            if self.watch and self.watch[2]:
                raise self.watch[2][0] from None
            found = partial() if partial else None
            words = self._told(str(error)).replace(" and are written", "")
            words = re.sub("; keep-partial writes (the|up to) .* before$", "", words)  # no setting here
            if found is not None:
                words += ": partial has them" if words.endswith("complete") else "; partial has the rows"
            told = Error(words, error.status)
            told.partial = found
            raise told from None
        if self.watch:
            self.watch[0](1.0)

    def warn(self):
        """Warns of what the library says, such as what a computation that goes on could not do, and what `like` leaves out."""
        while self.unsaid:
            caution(self._told(os.fsdecode(self.unsaid.pop(0))))

    def check(self, computation):
        """Refuses what a computation would, before it."""
        self._run("model_check", encoded("name", computation))

    def compute(self, computation, place=None, made=lambda table: table):
        """What `made` makes of a computation's Table, with its rows at `place`."""
        table = self._new_table()
        result = lambda: made(self._table(table, place)) if table else None
        self._run("model_compute", encoded("name", computation), ctypes.byref(table), partial=result)
        return result()

    def curve(self, place, made):
        """What `made` makes of the Table of a curve, and its final Overlaps, or None for those of many
        starts."""
        table, end = self._new_table(), self._new_table()
        result = lambda: made(*self._curve(table, end, place)) if table else None
        self._run("model_curve_table", ctypes.byref(table), ctypes.byref(end), partial=result)
        return result()

    def _curve(self, table, end, place):
        end = Table(end) if end else None
        table = self._table(table, place)
        if end is None:
            return table, None
        flat = end["overlap"]
        K, M, L, heads, hidden = (int(end.facts[name].value) for name in ("K", "M", "L", "heads", "p"))
        q, r, t, v, p = np.split(flat, np.cumsum([K * K * L, K * M * L, M * M * L, heads * K]))
        v = v.reshape((heads, K)[heads == 1 :]) if heads else None
        p = p.reshape(M, M) if hidden else None
        return table, Overlaps(q.reshape(K, K, L), r.reshape(K, M, L), t.reshape(M, M, L), v, p)


def report(request, names, columns, form=None):
    """The Table of what is measured on a curve, which may be of a closed form, beside what the
    request's model predicts, if any."""
    cells = np.ascontiguousarray(np.stack(columns, axis=1))
    curve, table = ctypes.c_void_p(), ctypes.c_void_p()
    call("table_create", ",".join(names).encode(), len(cells), doubles(cells), ctypes.byref(curve))
    try:
        if form:
            call("table_add_fact", curve, b"closed form", str(form).encode())
        if request:
            request._run("model_report", curve, ctypes.byref(table))
        else:  # of no model, but such that Ctrl-C ends it
            run(Request("report", {}, {}), "model_report", None, curve, ctypes.byref(table))
    except Exception:
        library.ordpar_table_free(curve)
        raise  # after Ctrl-C twice the thread may still read the curve
    library.ordpar_table_free(curve)
    return Table(table)


class Table:
    """A table of the library: columns by name, texts, facts; settings: those of its model."""

    def __init__(self, pointer, place=None, settings=None):
        self.settings = settings or {}
        try:
            self._read(pointer, place)
        finally:
            # In this order: Ctrl-C between the two may leave memory, never free it twice.
            taken, pointer.value = pointer.value, None
            library.ordpar_table_free(taken)

    def _read(self, pointer, place):
        rows = library.ordpar_table_n_rows(pointer)
        columns = library.ordpar_table_n_columns(pointer)
        values = library.ordpar_table_values(pointer)
        cells = np.ctypeslib.as_array(values, (rows, columns)).copy() if rows else np.empty((0, columns))
        self.names = [text("table_column_name", pointer, c) for c in range(columns)]
        order = range(rows) if place is None else place[place < rows]  # all, but of a failure's rows
        self.cells = cells if place is None else cells[order]
        has_text = rows and columns and library.ordpar_table_text(pointer, 0, 0) is not None
        self.texts = [
            [text("table_text", pointer, int(r), c) for c in range(columns)] for r in order
        ] if has_text else None  # fmt: skip
        self.facts = {}
        k = 0
        while (key := text("table_fact_key", pointer, k)) is not None:
            value = library.ordpar_table_fact_value(pointer, k)
            self.facts[key] = Fact(text("table_fact_text", pointer, k), value)
            k += 1

    def __getitem__(self, name):
        return self.cells[:, self.names.index(name)].copy()

    def tasks(self, *names):
        """{name: (rows, tasks)} of the columns name_1, name_2, ..; None: there are no tasks."""
        found = {
            name: [k for k, column in enumerate(self.names) if re.fullmatch(name + r"_\d+", column)] for name in names
        }
        return {name: self.cells[:, columns] for name, columns in found.items()} if all(found.values()) else None

    def beginning(self, prefix):
        """The columns whose names begin so, (rows, n)."""
        return self.cells[:, [k for k, name in enumerate(self.names) if name.startswith(prefix)]]
