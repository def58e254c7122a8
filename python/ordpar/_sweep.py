# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""A model at each point of a grid of settings."""

import _thread
import copy
import dataclasses
import functools
import os
import queue
import signal
import time
import typing

import numpy as np

from . import _picture
from ._axes import axis as is_axis, coordinate, indices as indices_of, is_none, joined, list_hint, listed, once, pairs, with_swept
from ._cautions import caution
from ._export import Columns
from ._expression import Expression
from ._files import is_lasting
from ._hints import column_missing, setting_meant
from ._library import _GLANCE, Error, library, through_signals, wait_gone, wait_waking
from ._model import Request, arrays_of, check_progress, content_of, given, stamp_of
from ._models import method
from ._names import several
from ._numbers import fixed
from ._results import Fact, Settings, _same, keywords
from ._settings import LETTERS, SETTINGS, documented, taken_by

# What is computed at a point, and whether that has rows of alpha.
WHAT = {"facts": ("point", False), "curve": ("curve", True), "simulate": ("simulate", True), "compare": ("compare", True)}


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Sweep(Columns):
    """A table over swept settings.

    axes: {keyword: array of values}; columns: {name: array}, of the shape of the axes, and with a
    last axis for alpha (rows,) where curves were asked for (else alpha is None); sweep["eps_g"] is
    a column. failures: {index of a point: message}; its numbers are NAN, and to_pandas() has the
    columns status and message. settings: those that hold for every point; facts: what all say alike, and of other
    notes the one with the largest number, with its point. A column that a point has not is NAN there.
    together: {keyword: the axis along which it runs} of settings that run together, whose values are columns.
    """

    axes: typing.Dict[str, np.ndarray]
    columns: typing.Dict[str, np.ndarray]
    alpha: typing.Optional[np.ndarray]
    failures: typing.Dict[typing.Tuple[int, ...], str]
    settings: Settings
    facts: typing.Dict[str, typing.Any] = dataclasses.field(default_factory=dict)
    together: typing.Dict[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        for name in ("axes", "columns", "alpha"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.__post_init__()

    def __getitem__(self, name: str) -> np.ndarray:
        known = {**self.axes, **({} if self.alpha is None else {"alpha": self.alpha}), **self.columns}
        if name not in known:
            raise column_missing(name, known)
        return known[name]

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        mine, others = self._variables(), other._variables()
        return mine.keys() == others.keys() and all(_same(mine[n], others[n]) for n in mine)

    __hash__ = None

    def __repr__(self):
        axes = [f"{name}={several(values)}" for name, values in self.axes.items()]
        names = ", ".join(self.columns)
        shown = names if len(names) < 60 else f"{len(self.columns)} columns"
        return f"Sweep({', '.join([*axes, *keywords(self.settings)])}: {shown})"

    def _variables(self):
        axes = self.axes if self.alpha is None else {**self.axes, "alpha": self.alpha}
        found = {name: ((name,), values) for name, values in axes.items()}
        return {**found, **{name: (tuple(axes), values) for name, values in self.columns.items()}}

    def _columns(self):
        """A row a point, or a point and alpha."""
        variables = self._variables()
        dims = [dims[0] for name, (dims, _) in variables.items() if dims == (name,)]
        grids = np.meshgrid(*(variables[name][1] for name in dims), indexing="ij")
        columns = {name: grid.ravel() for name, grid in zip(dims, grids)}
        columns.update({name: values.ravel() for name, values in self.columns.items()})
        if self.failures:
            points = np.ndindex(*(len(variables[name][1]) for name in dims))
            messages = [self.failures.get(point[: len(self.axes)], "") for point in points]
            columns["status"] = np.array(["failed" if message else "ok" for message in messages])
            columns["message"] = np.array(messages)
        return columns

    def _grids(self):
        """All columns, and the swept settings, in the shape of the grid; and its axes."""
        variables = self._variables()
        axes = [*self.axes] + ["alpha"] * (self.alpha is not None)
        shape = tuple(len(variables[name][1]) for name in axes)
        grids = np.meshgrid(*(variables[name][1] for name in axes), indexing="ij")
        columns = {name: values for name, values in self.columns.items() if values.shape == shape}
        return {**dict(zip(axes, grids)), **columns}, axes

    def _swept(self, axis):
        """The settings that run along an axis; None: none does."""
        return [] if axis is None else [axis, *(name for name, along in self.together.items() if along == axis)]

    def _usual(self):
        """The longest axis of numbers, or else along which numbers run, and those; (None, None): there is none."""
        own = self._longest(self.axes)
        return own if own[0] else self._longest(self.together)

    def _longest(self, among):
        """The longest axis along which one of these numbers runs, and that number; (None, None): there is none."""
        values = {**self.axes, **{name: self.columns[name] for name in self.together}}
        numbers = [(self.together.get(n, n), n) for n, v in values.items() if n in among and v.dtype.kind in "if"]
        return max(numbers, key=lambda pair: len(self.axes[pair[0]]), default=(None, None))

    def _settings_at(self, axes, index):
        """The settings of all points at an index of these axes."""
        found = copy.copy(self.settings)
        for axis, i in zip(axes, index):
            found[axis] = (self.alpha if axis == "alpha" else self.axes[axis])[i]
            for name in self._swept(axis)[1:]:
                found[name] = np.take(self.columns[name], i, list(self.axes).index(axis)).flat[0]
        found.update({name: None for name, value in found.items() if isinstance(value, float) and value != value})
        return found

    def _without(self, axis):
        """The settings that points along an axis do not share, and those that others take the place of."""
        given = {"overlaps"} & {*self.settings, *self.axes, *self.together}
        no_seed = ["seed"] * (bool(given) and "mean" not in self.columns)  # nothing is drawn
        return [*self._swept(axis), *getattr(self.settings, "without", ()), *no_seed]

    def _shown(self, y):
        usual = ["eps_g"] if "eps_g" in self.columns else ["theory", "mean"]
        return [name for name in usual if name in self.columns] if y is None else super()._shown(y)

    def _draw(self, ax, x, y, line):
        """A line a point against alpha; or against the swept numbers that are most, of those that x
        uses, a line for each combination of the others. Of several y those of one after those of another."""
        grids, axes = self._grids()
        several_y = [Expression("y", name, grids, self.settings) for name in self._shown(y)]
        most, number = ("alpha", "alpha") if self.alpha is not None else self._usual()
        if x is None and number is None:
            raise TypeError("no number is swept, against which a picture could be drawn")
        along = Expression("x", x or number, grids, self.settings)
        axis = "alpha" if "alpha" in along.used else self._longest(along.used)[0] or most
        along.joint = self._swept(axis) if along.column in self._swept(axis) else ()
        _picture.check_axes(ax, x, y, along.text, several_y)
        _picture.check_numbers(along, several_y, grids)
        for of in _picture.pair(several_y):
            self._draw_lines(ax, along, of, axis, line)
        _picture.finish(ax, swept=axis != "alpha")
        tics = np.unique(along.values(grids))
        tics = tics[np.isfinite(tics)]
        if axis != "alpha" and along.column in self._swept(axis) and len(tics) <= 10:
            ax.set_xticks(tics, [f"{value:g}" for value in tics])
            ax.set_xticks([], minor=True)

    def _draw_lines(self, ax, along, of, axis, line):
        """Those of one y, along an axis; of words alone each point by itself."""
        grids, axes = self._grids()
        last = (lambda values: values[..., None]) if axis is None else functools.partial(np.moveaxis, source=axes.index(axis), destination=-1)
        at, lines = (last(e.values(grids) + np.zeros(grids[axes[0]].shape)) for e in (along, of))
        bars = _picture.bars_of(of, grids)
        bars = None if bars is None else last(bars)
        others = [name for name in axes if name != axis]
        for index in np.ndindex(*lines.shape[:-1]):
            settings = self._settings_at(others, index)
            order = np.argsort(at[index], kind="stable")
            style = {"marker": None if axis == "alpha" or of.role == "theory" else "o", "markersize": 3, **line}
            shown = at[index][order], lines[index][order], None if bars is None else bars[index][order]
            _picture.draw_points(ax, *shown, settings, (along, of), style, self._without(axis), self.facts)

    def _groups(self, expression):
        grids, axes = self._grids()
        along = self._usual()[0] or axes[0]
        values = np.moveaxis(expression.values(grids) + np.zeros(grids[along].shape), axes.index(along), -1)
        others = [name for name in axes if name != along]
        groups = [(self._settings_at(others, index), values[index]) for index in np.ndindex(*values.shape[:-1])]
        swept = {*self._swept(along)}
        return groups, "starts" if "seed" in swept <= {"seed", "teacher_seed"} else "points", self._without(along)


def _keywords(what):
    """The settings that mean something for what is computed at a point, by all their names."""
    simulated = what in ("simulate", "compare")
    taken = taken_by(what if simulated else "curve", without=() if simulated else ("runs",))
    rows = [row for name, row in taken.items() if name in sweep.settings]
    return {name for row in rows for name in (row.name, row.letter) if name}


def _at(error, point):
    """The error, with the point that it is of."""
    where = ", ".join(f"{name} = {value}" for name, value in point.items() if name != "threads")
    return Error(f"{error} (at {where})", error.status)


def _check(requests, computation):
    """Refuses the first point that is refused, before any is computed. Data are read for the first alone."""
    for k, (request, _, point) in enumerate(requests):
        try:
            if k == 0 or not request.is_given("data"):
                request.check(computation)
        except Error as error:
            raise _at(error, point) from None


def _attempt(computation, request, place, point):
    """A point's Table, or why there is none: what fails leaves the others, but for a lack of memory, which
    is no result."""
    try:
        return request.compute(computation, place)
    except Error as error:
        if error.status in ("MEMORY", "INTERRUPTED"):
            raise _at(error, point) from None
        return str(error)


class _Crew:
    """Threads that compute points until none is left. The main thread waits for them by flags and a queue that
    signals cannot part; what has Python's own locks, as futures have, may be left locked by one."""

    def __init__(self, requests, computation):
        self.requests, self.computation = requests, computation
        self.found = [None] * len(requests)  # by points: a Table, text or exception
        self.left = iter(range(len(requests)))  # which all share
        self.told = queue.SimpleQueue()  # the points that are done
        self.begun, self.ended, self.over = [], [], False
        self.gate = _thread.allocate_lock()  # threads that have ended their work stay behind it: they can be woken
        self.gate.acquire()
        self.opening = map(_thread.LockType.release, [self.gate])

    def _points(self):
        for k in self.left:
            if self.over:
                return
            try:
                self.found[k] = _attempt(self.computation, *self.requests[k])
            except BaseException as failure:  # of which the main thread is told, and ends all
                self.found[k], self.over = failure, True
            self.told.put(k)

    def _work(self):
        self._points()
        self.ended.append(True)
        self.gate.acquire()
        self.gate.release()

    def begin(self, count):
        """So many threads, or fewer where no more can be made; without any this one computes."""
        try:
            self.begun.extend(map(_thread.start_new_thread, [self._work] * count, [()] * count))
        except RuntimeError:
            if not self.begun:
                self._points()

    def completed(self):
        """The points that are done, in that order, with a look for signals now and then."""
        for _ in self.requests:
            while True:
                try:
                    k = self.told.get(timeout=_GLANCE)
                    break
                except queue.Empty:
                    continue
            if isinstance(self.found[k], BaseException):
                raise self.found[k]
            yield k

    def _all_ended(self, seconds):
        until = time.monotonic() + seconds
        while len(self.ended) < len(self.begun) and time.monotonic() < until:
            time.sleep(0.005)
        return len(self.ended) >= len(self.begun)

    def _wake(self):
        for thread in self.begun:
            signal.pthread_kill(thread, signal.SIGURG)

    def end(self):
        """Ends all that run, and waits for them."""
        self.over = True
        for request, *_ in self.requests:
            request.stop.value = 1
        wait_waking(self._all_ended, self._wake)
        return True

    def leave(self):
        """Lets the threads go."""
        list(self.opening)  # once, in one step, whatever signals come
        wait_gone(self.begun)
        return True

    def partial(self):
        """What all had come to when one ended them: Tables, or why there is none."""
        none = "not computed: another point was refused"
        return [none if one is None else str(one) if isinstance(one, BaseException) else one for one in self.found]


def _compute(requests, computation, threads, progress):
    """What _attempt finds for each of (request, place, point), `threads` at a time. An exception, also
    Ctrl-C, ends all that run."""
    crew = _Crew(requests, computation)
    try:
        crew.begin(library.ordpar_threads_at_once(min(threads or os.cpu_count(), len(requests))))
        for done, _ in enumerate(crew.completed(), 1):
            if progress is not None:
                progress(done / len(requests))
        crew.leave()
    except BaseException as failure:
        try:
            through_signals(crew.end)
        finally:
            through_signals(crew.leave)
        if isinstance(failure, Error):
            failure.tables = crew.partial()
        raise
    return crew.found


# What differs from point to point and warns of nothing.
_OWN = ("model", "seed", "integrator", "steps", "digests", "settings", "theory")


def _of_all(digests):
    """The words NAME=DIGEST that all points have."""
    return " ".join(word for word in digests[0].split() if all(word in other.split() for other in digests))


def _counted(fact, found, such, count):
    """A fact with the first point that has it, and how many do. such: others with the same key count, too."""
    points = [point for own, point in found if own == fact]
    where = ", ".join(f"{name} = {value}" for name, value in points[0].items() if name != "threads")
    return f"{fact} (at {where}; {len(found if such else points)} of {count} points have {'such a note' if such else 'that'})"


def _facts(tables, points, failed):
    """What points say: of what they do not all say alike, that of the largest number, with its point."""
    facts = {"failed": Fact(f"{failed} of {len(tables)} points", failed)} if failed else {}
    told = [(table.facts, point) for table, point in zip(tables, points) if not isinstance(table, str)]
    of_one = len(told) == 1 < len(tables)  # whose words are not those of all
    for key in dict.fromkeys(key for own, _ in told for key in own):
        found = [(own[key], point) for own, point in told if key in own]
        if len(found) == len(told) and not of_one and all(fact == found[0][0] for fact, _ in found):
            facts[key] = found[0][0]
        elif key == "digests" and (shared := _of_all([own.get(key, "") for own, _ in told])):
            facts[key] = Fact(shared)
        elif key not in _OWN:
            texts = dict.fromkeys(fact for fact, _ in found)
            if len(texts) > 3 or any(fact.value == fact.value for fact in texts):  # they differ by a number
                texts = [max(texts, key=lambda fact: abs(fact.value) if fact.value == fact.value else -1.0)]
            words = [_counted(fact, found, len(texts) == 1, len(tables)) for fact in texts]
            facts[key] = Fact("; ".join(words), next(iter(texts)).value)
    return facts


def _is_default(request, name):
    """Whether a setting that is not given is the default: nothing else says what it is."""
    return request.means(LETTERS.get(name, name)) and request.text("continue") is None


def _coordinates(axes, requests, points):
    """The axes as arrays."""
    found = {}
    for name, values in axes.items():
        without = [own for own, point in zip(requests, points) if is_none(SETTINGS[LETTERS.get(name, name)], point[name])]
        found[name] = coordinate(name, values, not without or any(_is_default(own, name) for own in without))
    return found


def _gather(axes, kept, place, indices, tables, good, curves, requests, points):
    request = requests[-1]
    shape = tuple(len(axes[name]) for name in kept)
    failures = {i: table for i, table in zip(indices, tables) if isinstance(table, str)}
    swept = {LETTERS.get(name, name) for name in (*axes, "threads")}
    columns, coordinates = {}, _coordinates(axes, requests, points)
    computed = [table for table in tables if not isinstance(table, str)]
    for name in dict.fromkeys(name for table in computed for name in table.names):
        if name == "alpha" and curves or name in swept:  # as the runs of a simulation
            continue
        empty = np.full_like(next(table[name] for table in computed if name in table.names), np.nan)
        has = (not isinstance(table, str) and name in table.names for table in tables)
        cells = [table[name] if own else empty for table, own in zip(tables, has)]
        columns[name] = np.reshape(cells, shape + ((-1,) if curves else ()))
    for name in (name for name in axes if name not in kept):  # it runs together with another
        along = [-1 if k == place[name] else 1 for k in range(len(shape))]
        column = coordinates[name].reshape(along + [1] * curves)
        columns[name] = np.broadcast_to(column, next(iter(columns.values())).shape).copy()
    shared, every = request.settings(), [own.settings() for own in requests]
    shared.without = shared.without.union(*(own.without for own in every))
    shared.begun = {path: told for own in every for path, told in own.begun.items()}
    for name in [n for n in shared if LETTERS.get(n, n) in swept]:
        del shared[name]
    along = {name: kept[place[name]] for name in axes if name not in kept}
    facts = _facts(tables, points, len(failures))
    return Sweep({name: coordinates[name] for name in kept}, columns, good["alpha"] if curves else None, failures, shared, facts, along)


class _Like:
    """The file `like`, which is read for each point: all points are of what it was."""

    def __init__(self, path):
        self.path = path if isinstance(path, (str, bytes, os.PathLike)) and os.path.isfile(path) else None
        if self.path is not None:
            self.begun = stamp_of(path), content_of(path)

    def check(self):
        """Refuses one that has been replaced, but with the same bytes."""
        if self.path is None:
            return
        there = os.path.isfile(self.path)
        if not there or (stamp_of(self.path) != self.begun[0] and content_of(self.path) != self.begun[1]):
            raise Error(f"like: {os.fsdecode(self.path)} has changed since the first point", "INVALID")


def _check_files(requests, tables):
    """Files that are read for each point must be what they were for the others."""
    seen = {}
    for request, table in zip(requests, tables):
        for word in () if isinstance(table, str) else table.facts.get("digests", "").split():
            name, digest = word.split("=")
            path = request.text(name)
            if path and seen.setdefault((name, path), digest) != digest:
                raise Error(f"{name.replace('-', '_')}: {path} has changed since the first point", "INVALID")


@method
@documented("sweep", without=("alpha", "threads", "checkpoint"))
def sweep(
    alpha: "Rows | None" = None,
    *,
    what: str = "facts",
    together: "tuple[str, ...]" = (),
    threads: "int | None" = None,
    progress: "Progress" = None,
    **settings,
) -> Sweep:
    """The model at each point of a grid of settings, several at a time: a Sweep.

    Each setting may be a list of values, or a text as for --sweep: "0.1,0.2", "0.1:1:10:log",
    "erf,relu", "a.csv,b.csv", "1:0.5,1:1" of two lists; whole numbers also "1:4" (not K or M alone).
    None is the point without the setting, also where `like` or the Model has one. A sweep's file
    `like` has its lists, too, where nothing is given.

    Parameters
    ----------
    alpha : number, list, array or text
        Examples / N.
    what : {'facts', 'curve', 'simulate', 'compare'}
        The numbers of `ordpar sweep`: eps_g at the end, plateau, escape, exponent; or the rows of
        curves, simulations or comparisons.
    together : tuple of str
        Settings whose lists run together, such as ("K", "M"); else all combinations are computed.
        Pairs with the same values may be several: **{"K=M": [1, 2], "N=L": [4, 8]}.
    threads : int, optional
        Points at a time; all cores.
    progress : callable, optional
        Called with the fraction of points that are done.

    Returns
    -------
    Sweep
        Of columns over the swept settings, and over alpha where rows were asked for.

    Examples
    --------
    >>> s = ordpar.sweep("1:100:20:log", eta=(0.1, 0.2), L=[1, 4, 16], N=64, what="curve")
    >>> s["eps_g"].shape
    (2, 3, 20)
    >>> ordpar.sweep([0, 10], K=[2, 3], M=[2, 3], together=("K", "M"), N=64, L=4)["eps_g"].shape
    (2,)
    """
    if what not in WHAT:
        raise ValueError(f"what must be one of {', '.join(WHAT)}, got {what!r}")
    computation, curves = WHAT[what]
    said, models = settings.pop("_said", set()), {name: settings.pop(name, ()) for name in ("_own", "_beside", "_undrawn")}
    settings = {name: arrays_of(name, list(v) if isinstance(v, typing.Iterator) else v) for name, v in settings.items()}
    settings, groups, named = with_swept(*joined(settings, together), given(alpha=alpha))
    grouped = {name for group in groups for name in group}
    own = models["_own"]  # of a Model, each one value
    settings = {n: v if n in own else listed(n, v, alone=n not in grouped) for n, v in settings.items()}
    known = {name: SETTINGS.get(LETTERS.get(name, name)) for name in settings if name not in own}
    axes = {n: list(settings[n]) for n, row in known.items() if row and is_axis(row, settings[n])}
    if unused := {n for n, v in settings.items() if v is not None} - {"like"} - _keywords(what):
        hint = "" if LETTERS.get(min(unused), min(unused)) in sweep.settings else setting_meant("sweep", sweep.settings, min(unused))
        raise TypeError(f"sweep(what={what!r}) has no setting {min(unused)!r}{hint}")
    if not axes:
        raise TypeError(f"sweep() needs a setting that is a list of values{list_hint(settings)}")
    if not all(axes.values()):
        raise ValueError(f"{next(name for name in axes if not axes[name])} must have at least one value")
    if threads is not None and (not hasattr(threads, "__index__") or threads < 0):
        raise ValueError(f"threads must be a whole number from 0 on, got {threads!r}")
    if progress is not None:
        check_progress(progress)
    taken = {**sweep.settings, "threads": SETTINGS["threads"]}
    shared = {"_aside": () if "runs" in _keywords(what) else ("runs",), "_said": said, **models, "_written": {}}

    def request_of(point):
        without = [name for name, value in point.items() if value is None]
        return Request("sweep", taken, {**settings, **point, **shared}, given(alpha=alpha) + without)

    first = {name: values[0] for name, values in axes.items()}
    axes = once(axes, together, lambda name: _is_default(request_of({**first, name: None}), name))
    indices, kept, place = indices_of(axes, groups)
    requests, like = [], _Like(settings.get("like"))
    for index in indices:
        point = {name: values[index[place[name]]] for name, values in axes.items()}
        if what in ("simulate", "compare"):
            point["threads"] = 1  # the points are shared out
        request = request_of(point)
        request.check_as_like(named)
        rows = request.set_rows("alpha", alpha)
        if isinstance(alpha, (str, os.PathLike)) and not is_lasting(alpha):
            alpha = request.grid("alpha")
        requests.append((request, rows if curves else None, point))
        like.check()

    def gathered(tables):
        _check_files([request for request, *_ in requests], tables)
        good = next((table for table in tables if not isinstance(table, str)), None)
        if good is None:
            raise Error(f"no point can be computed; the first: {tables[0]}", "NUMERICAL")
        points = [point for *_, point in requests]
        found = _gather(axes, kept, place, indices, tables, good, curves, [own for own, *_ in requests], points)
        found.facts.update(pairs(axes, groups))
        if "overlaps" in found.facts:
            caution(f"overlaps: {found.facts['overlaps']}")
        return found

    _check(requests, computation)
    try:
        return gathered(_compute(requests, computation, threads, progress))
    except Error as refused:
        if any(not isinstance(table, str) for table in getattr(refused, "tables", [])):
            refused.partial = gathered(refused.tables)
        raise


sweep.taken = lambda call: _keywords(call.get("what", "facts"))
