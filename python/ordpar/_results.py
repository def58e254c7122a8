# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""What computations return."""

import copy
import dataclasses
import os
import pathlib
import re
import tempfile
import typing

import numpy as np

from ._export import Columns, Exported, short
from ._files import no_room, write_whole
from ._hints import column_missing
from ._method import called
from ._numbers import fixed
from ._settings import NotKept, python_name
from ._tables import facts, table


class Fact(str):
    """What a computation found beside its numbers, in words; value: the number in it, or NAN. Where it is
    a number and no more, formats of numbers and < go by the number."""

    value: float = float("nan")

    def __new__(cls, text, value=float("nan")):
        made = super().__new__(cls, text)
        made.value = value
        return made

    def __getnewargs__(self):
        return str(self), self.value

    def _is_number(self):
        try:
            return float(self) == float(self)
        except ValueError:
            return False

    def __format__(self, form):
        numeric = re.search(r"(\.\d+|[bdeEfFgGn%])$", form) and self._is_number()
        return format(float(self) if numeric else str(self), form)


def _fact_order(name):
    def compare(self, other):
        if isinstance(other, Fact) and self._is_number() and other._is_number():
            return getattr(float, name)(float(self), float(other))
        return getattr(str, name)(self, other)

    return compare


for _name in ("__lt__", "__le__", "__gt__", "__ge__"):
    setattr(Fact, _name, _fact_order(_name))

Facts = typing.Dict[str, Fact]
Settings = typing.Dict[str, typing.Any]
Tasks = typing.Optional[typing.Dict[str, np.ndarray]]
Number = typing.TypeVar("Number")  # float, str with digits, or an array


def _same(a, b):
    if isinstance(a, Spectrum) or isinstance(b, Spectrum):
        return bool(a == b)
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=a is not None and np.asarray(a).dtype.kind == "f")
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        beside = ((getattr(x, "v", None), getattr(x, "p", None)) for x in (a, b))  # what Overlaps carry
        return len(a) == len(b) and all(map(_same, a, b)) and all(map(_same, *beside))
    return bool(a == b or (a != a and b != b))


def _equal(a, b):
    """a == b of tuples of arrays."""
    return isinstance(b, tuple) and _same(tuple(a), tuple(b))


def _unequal(a, b):
    return not a == b


def keywords(settings):
    """Settings as a call has them, arrays short."""
    return [f"{name}={short(value)}" for name, value in settings.items()]


def _files(curve):
    """What was in the files that it names, but for those of alpha: words NAME=DIGEST."""
    return {word for word in curve.facts.get("digests", "").split() if not word.startswith("alpha=")}


class Result(Columns):
    """Results print short, compare by their numbers, and carry facts: what the program's notes
    say, {key: Fact}; and settings: {keyword: value} of those that are not the default. tasks: of
    several tasks {column: array (rows, tasks)}."""

    facts: Facts
    settings: Settings
    tasks: Tasks = None

    def __post_init__(self):
        for name, value in self._fields().items():
            object.__setattr__(self, name, fixed(value))

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.__post_init__()

    def _fields(self):
        names = (field.name for field in dataclasses.fields(self))
        return {name: getattr(self, name) for name in names if name not in ("facts", "settings")}

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return all(map(_same, self._fields().values(), other._fields().values()))

    __hash__ = None

    def __repr__(self):
        rows = f"alpha={short(self.alpha)}"
        error = f"{self._line or self._points}={short(getattr(self, self._line or self._points))}"
        return f"{type(self).__name__}({', '.join([rows, error, *keywords(self.settings)])})"

    def _variables(self):
        found = {
            name: (("alpha",), value)
            for name, value in self._fields().items()
            if isinstance(value, np.ndarray) and value.shape == self.alpha.shape
        }
        tasks = {f"{name}_of_task": (("alpha", "task"), value) for name, value in (self.tasks or {}).items()}
        return {**found, **tasks}

    def _task_columns(self):
        """Those of the program's file: task by task."""
        found = self.tasks or {}
        count = len(next(iter(found.values())).T) if found else 0
        return {f"{name}_{k + 1}": found[name][:, k] for k in range(count) for name in found}

    def _columns(self):
        return {**super()._columns(), **self._task_columns()}


class _Blocks(typing.NamedTuple):
    q: np.ndarray
    r: np.ndarray
    t: np.ndarray


_UNITS = {"q": ("student", "student_2"), "r": ("student", "teacher"), "t": ("teacher", "teacher_2")}


class Overlaps(_Blocks):
    """Block overlaps [3.1]: q (K, K, L), r (K, M, L), t (M, M, L), not weighted with lambda. What belongs
    to them besides, and goes along where they start a run, but not in tuple(overlaps) or dataclasses.asdict: v (K,), of tasks
    (tasks, K), the student's output weights where they are trained, and p (M, M), the covariance of what
    the inputs do not show of the teachers [15.6]; else None."""

    v: typing.Optional[np.ndarray] = None
    p: typing.Optional[np.ndarray] = None

    def __new__(cls, q, r, t, v=None, p=None):
        made = super().__new__(cls, q, r, t)
        made.__setstate__({name: part for name, part in (("v", v), ("p", p)) if part is not None})
        return made

    def __setattr__(self, name, value):
        super().__setattr__(name, fixed(value))

    def __setstate__(self, state):
        for name, value in state.items():
            setattr(self, name, value)

    def _replace(self, **changed) -> "Overlaps":
        made = super()._replace(**changed)
        made.__setstate__(self.__dict__)
        return made

    def __eq__(self, other):
        return _equal(self, other) and all(_same(getattr(self, x), getattr(other, x, None)) for x in "vp")

    __repr__ = short
    __ne__ = _unequal
    __hash__ = None


class _Eigenvalues(typing.NamedTuple):
    eigenvalues: np.ndarray
    multiplicities: np.ndarray


class Spectrum(Exported, _Eigenvalues):
    """
    The spectrum of the inputs: eigenvalues (L,), decreasing, and multiplicities (L,); facts, and the
    variances of the teacher's components in each eigenspace, teacher (L,), where they are not all 1.

    It is the tuple of the two; to_pandas() has a row an eigenvalue, and its columns are spectrum["index"],
    ["eigenvalue"], ["multiplicity"]. pandas.DataFrame(spectrum) makes two rows of the tuple.
    """

    facts: Facts = {}
    teacher: typing.Optional[np.ndarray] = None
    settings: Settings = {}
    _line, _points, _against = None, "eigenvalue", "index"

    def __new__(cls, eigenvalues, multiplicities):
        return super().__new__(cls, fixed(eigenvalues), fixed(multiplicities))

    def __setattr__(self, name, value):
        super().__setattr__(name, fixed(value) if name == "teacher" else value)

    def __setstate__(self, state):
        for name, value in state.items():
            setattr(self, name, value)

    def _replace(self, **changed) -> "Spectrum":
        made = super()._replace(**changed)
        made.__dict__.update(self.__dict__)
        return made

    def __getitem__(self, index: typing.Any) -> typing.Any:
        if not isinstance(index, str):
            return super().__getitem__(index)
        columns = self._columns()
        if index not in columns:
            raise column_missing(index, columns)
        return columns[index]

    def _weights(self):
        return np.ones(len(self.eigenvalues)) if self.teacher is None else self.teacher

    def __eq__(self, other):
        if not isinstance(other, tuple) or len(other) not in (2, 3) or not np.iterable(other[0]):
            return False
        weights = other[2] if len(other) == 3 else getattr(other, "teacher", None)
        weights = np.ones(len(other[0])) if weights is None else weights
        return _same((*self, self._weights()), (*other[:2], weights))

    __ne__ = _unequal
    __hash__ = None

    def __repr__(self):
        return f"Spectrum({short(self.eigenvalues)}, L={len(self.eigenvalues)})"

    def _variables(self):
        block = np.arange(1, len(self.eigenvalues) + 1)
        columns = {"block": block, "eigenvalue": self.eigenvalues, "multiplicity": self.multiplicities}
        if self.teacher is not None:
            columns["teacher"] = self.teacher
        return {name: (("block",), values) for name, values in columns.items()}

    def _columns(self):
        return {"index" if name == "block" else name: values for name, values in super()._columns().items()}

    def _draw(self, ax, x, y, line):
        super()._draw(ax, x, y or "eigenvalue", {"marker": "o", "markersize": 3, "linestyle": "", **line})


class Values(Exported, np.ndarray):
    """The array eps_g of a closed form, with alpha (rows,), facts and settings, which parts and
    copy.copy have too, and which cannot be written to; copy() can, and has none of them, nor has what is
    computed from it."""

    facts: Facts = {}
    settings: Settings = {}
    alpha: typing.Optional[np.ndarray] = None

    def __array_finalize__(self, of):
        self.facts, self.settings, self.alpha = {}, {}, None

    def __array_wrap__(self, made, *_):
        return np.asarray(made)[()]

    @classmethod
    def _of(cls, eps_g, alpha, facts, settings):
        made = fixed(eps_g.view(cls))
        made.alpha, made.facts, made.settings = fixed(alpha), facts, settings
        return made

    def __getitem__(self, index):
        made = super().__getitem__(index)
        if not isinstance(made, Values) or self.flags.writeable:  # NumPy writes to parts of what it makes
            return made
        rows = made.ndim == 1 and self.alpha is not None
        return Values._of(made, self.alpha[index] if rows else None, self.facts, self.settings)

    def __reduce__(self):
        rebuild, arguments, state = super().__reduce__()
        return rebuild, arguments, (state, self.__dict__)

    def __setstate__(self, state):
        super().__setstate__(state[0])
        self.__dict__.update(state[1])
        self.alpha = fixed(self.alpha)
        self.flags.writeable = self.alpha is None

    def __deepcopy__(self, memo=None):
        rebuild, arguments, state = self.__reduce__()
        made = rebuild(*arguments)
        made.__setstate__(copy.deepcopy(state))
        return made

    __copy__ = __deepcopy__

    def _variables(self):
        if self.alpha is None or self.alpha.shape != self.shape:
            raise TypeError("these values have no alpha: they were computed from those of closed_form")
        return {"alpha": (("alpha",), self.alpha), "eps_g": (("alpha",), np.asarray(self))}


class Numbers(Exported, typing.Dict[str, Number]):
    """Named numbers, or arrays, with facts and settings."""

    facts: Facts = {}
    settings: Settings = {}
    _against = "compute"

    def __init__(self, items=()):
        super().__init__((name, fixed(value)) for name, value in dict(items).items())

    def __setitem__(self, name, value):
        super().__setitem__(name, fixed(value))

    def __eq__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        return self.keys() == other.keys() and all(_same(self[name], other[name]) for name in self)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __missing__(self, name):
        raise column_missing(name, self)

    def copy(self) -> "Numbers":
        return copy.copy(self)

    def __repr__(self):
        arrays = any(isinstance(value, np.ndarray) for value in self.values())
        return f"Numbers({', '.join(keywords(self))})" if arrays else super().__repr__()

    def _variables(self):
        arrays = any(isinstance(value, np.ndarray) for value in self.values())
        return {name: (("compute",) if arrays else (), value) for name, value in self.items()}

    def _columns(self):
        return {name: np.atleast_1d(value) for name, value in self.items()}


class Measured(typing.NamedTuple):
    """What was measured on a curve, with its standard error, what the theory predicts, and the
    window of alpha; NAN where there is none."""

    measured: float
    stderr: float
    predicted: float
    begin: float
    end: float


class Report(Numbers[Measured]):
    """What `report` finds: plateau_height, plateau_entry, plateau_exit, plateau_length, escape_rate,
    decay_exponent, {name: Measured}; facts, and settings: those that the predictions are for."""

    def __repr__(self):
        found = (f"{name}={row.measured:.4g}" for name, row in self.items() if row.measured == row.measured)
        return f"Report({', '.join(found)})"

    def _repr_html_(self) -> str:
        """A table with a row a quantity, and the facts."""
        return table(["Report", *Measured._fields], [(name, *row) for name, row in self.items()]) + facts(self.facts)

    def _variables(self):
        columns = {name: np.array(values) for name, values in zip(Measured._fields, zip(*self.values()))}
        variables = {"quantity": list(self), **columns}
        return {name: (("quantity",), values) for name, values in variables.items()}

    def _columns(self):
        return Exported._columns(self)

    def to_pandas(self) -> typing.Any:
        """A pandas.DataFrame with a row a quantity."""
        frame = Exported.to_pandas(self)
        return frame.set_index("quantity").rename_axis(None)


@dataclasses.dataclass(frozen=True, init=False)
class State:
    """Where a curve has come to, all that it needs to go on (continue_from): alpha, the overlaps
    there, and content, a file of save_overlaps. It does not change; curve(overlaps=..) starts from others."""

    alpha: float
    overlaps: Overlaps
    content: bytes

    def __init__(self, *_, **__):  # also that of dataclasses.replace: the three belong together
        raise TypeError("a State is what a curve's state() returns, and does not change; overlaps=.. starts a run from other overlaps")

    @classmethod
    def _of(cls, alpha, overlaps, content):
        made = object.__new__(cls)
        made.__setstate__(dict(alpha=alpha, overlaps=overlaps, content=content))
        return made

    def __setstate__(self, state):
        self.__dict__.update(state)
        object.__setattr__(self, "overlaps", fixed(self.overlaps))

    def __eq__(self, other):
        return self.content == other.content if isinstance(other, State) else NotImplemented

    def __hash__(self):
        return hash(self.content)

    def __repr__(self):
        return f"State(alpha={self.alpha:g})"

    def _repr_html_(self) -> str:
        """Where it is, and what it is of."""
        K, M, L = self.overlaps.r.shape
        line = re.search(rb"^# settings: ([^;\n]*)", self.content, re.M)
        told = [("alpha", self.alpha), ("K", K), ("M", M), ("L", L)]
        return table(["State", ""], told + ([("settings", line[1].decode(errors="replace").strip())] if line else []))


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Precise(Result):
    """A curve in decimal text, all of whose digits are right: alpha and eps_g, arrays (rows,) of
    texts, which are no numbers: eps_g.astype(float) has the nearest doubles, map(mpmath.mpf, eps_g) all
    digits. alpha, eps_g = precision(..) takes it apart."""

    alpha: np.ndarray
    eps_g: np.ndarray
    facts: Facts = dataclasses.field(default_factory=dict)
    settings: Settings = dataclasses.field(default_factory=dict)

    def __iter__(self):
        return iter((self.alpha, self.eps_g))


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Curve(Result):
    """A theoretical curve.

    alpha (rows,), eps_g (rows,); orders (n,): the orders that were asked for; moments
    (n, rows, K+M, K+M): the order parameters of each order, as the joint covariance of students
    and teachers; Q (n, rows, K, K), R (n, rows, K, M), T (n, rows, M, M): views of it; V (rows, K),
    of tasks (rows, tasks, K): the student's output weights where they are trained, else None;
    overlaps: those of the largest alpha, from which another curve may start; facts: what the program's notes say, such as facts["limit"], where rounding limits
    the promise; rate and noise_scale (rows,): where columns asks for them, else None. With runs
    eps_g is the mean over that many starts, sd_starts, q05, q50 and q95 (rows,) say how they are
    spread, and overlaps is None. With the setting tasks tasks is {"eps_g": (rows, tasks)}, of which
    eps_g is the mean. With fluctuations sd and shift
    (rows,) say how runs of SGD lie about eps_g.
    """

    alpha: np.ndarray
    eps_g: np.ndarray
    orders: np.ndarray
    moments: np.ndarray
    V: typing.Optional[np.ndarray]
    overlaps: Overlaps
    facts: Facts = dataclasses.field(default_factory=dict)
    rate: typing.Optional[np.ndarray] = None
    noise_scale: typing.Optional[np.ndarray] = None
    settings: Settings = dataclasses.field(default_factory=dict)
    sd_starts: typing.Optional[np.ndarray] = None
    q05: typing.Optional[np.ndarray] = None
    q50: typing.Optional[np.ndarray] = None
    q95: typing.Optional[np.ndarray] = None
    sd: typing.Optional[np.ndarray] = None
    shift: typing.Optional[np.ndarray] = None
    tasks: Tasks = None

    def _part(self, rows: str, columns: str) -> np.ndarray:
        if not len(self.orders):
            raise AttributeError("there are no order parameters: ask for them, as by moments=[1]")
        K = self.overlaps.q.shape[0]
        units = {"student": slice(K), "teacher": slice(K, None)}
        return self.moments[..., units[rows], units[columns]]

    def _variables(self):
        found = super()._variables()
        if len(self.orders):
            found["order"] = ("order",), self.orders
            for name in "QRT":
                found[name] = ("order", "alpha", *_UNITS[name.lower()]), getattr(self, name)
        if self.V is not None:
            found["V"] = ("alpha", *["task"][: self.V.ndim - 2], "student"), self.V
        for name, units in _UNITS.items() if self.overlaps else ():
            found[name] = (*units, "block"), getattr(self.overlaps, name)
        return found

    def _columns(self):
        over = {name: getattr(self, name) for name in ("sd_starts", "q05", "q50", "q95")}
        over = {name: values for name, values in over.items() if values is not None}
        columns = {"alpha": self.alpha, "eps_g": self.eps_g, **over, **self._task_columns()}
        for p, order in enumerate(self.orders):
            for name in "QRT":
                matrix = getattr(self, name)[p]
                for i, j in np.ndindex(*matrix.shape[1:]):
                    if name == "R" or i <= j:
                        columns[f"{name}{order:g}_{i + 1}_{j + 1}"] = matrix[:, i, j]
        for place in () if self.V is None else np.ndindex(*self.V.shape[1:]):
            columns["V" + "_".join(str(i + 1) for i in reversed(place))] = self.V[(slice(None), *place)]
        names = "sd", "shift", "rate", "noise_scale"
        more = {name: getattr(self, name) for name in names}
        return {**columns, **{name: values for name, values in more.items() if values is not None}}

    @called
    def state(self, alpha: typing.Optional[float] = None) -> State:
        """Where the curve was at this alpha (None: at its largest), from which `continue_from` goes
        on. The curve is integrated again up to there, with its settings.

        Examples
        --------
        >>> import ordpar
        >>> half = ordpar.curve([0, 100], L=4).state(50)
        >>> half
        State(alpha=50)
        >>> ordpar.curve([50, 100], continue_from=half).eps_g.shape
        (2,)
        """
        from . import SETTINGS, Error, curve
        from ._model import Request
        from ._numbers import array

        if self.overlaps is None:
            raise TypeError("a mean over runs has no state")
        if self.settings.get("labels") is not None:
            raise TypeError("a curve with labels has no state: no file holds the noise of each direction to go on from")
        if isinstance(self.settings.get("data"), NotKept):
            raise TypeError("data that were an array are not kept: give continue_from a file of save_overlaps")
        Request("state", SETTINGS, dict(self.settings))  # refuses files that were read once
        alpha = self.alpha.max() if alpha is None else array("alpha", alpha, 0)
        try:
            place = tempfile.TemporaryDirectory(prefix="state-")
        except OSError as error:
            raise Error(no_room("state", error.strerror), "IO") from None
        with place as folder:
            file = pathlib.Path(folder) / "state.csv"
            try:
                end = curve(float(alpha), save_overlaps=file, **self.settings)
            except Error as error:
                if not (found := re.match(rf"save.overlaps: {re.escape(str(file))}: (?:the overlaps )?cannot be written: ([^;]*)", str(error))):
                    raise
                raise Error(no_room("state", found[1]), "IO") from None
            if changed := {word for word in _files(self) ^ _files(end) if self._names_file(word)}:
                name = min(changed).partition("=")[0]
                raise Error(f"{name}: has another content than when the curve was made", "INVALID")
            return State._of(float(end.alpha[0]), end.overlaps, file.read_bytes())

    def _names_file(self, word):
        """Whether NAME=DIGEST is of a file that the settings name: not of an array, or of the run before."""
        name = python_name(word.partition("=")[0])
        value = self.settings.get(name)
        if name in ("spectrum", "overlaps"):
            return isinstance(value, (str, bytes, os.PathLike))
        return name != "data" or value is not None

    @property
    def Q(self) -> np.ndarray:
        return self._part("student", "student")

    @property
    def R(self) -> np.ndarray:
        return self._part("student", "teacher")

    @property
    def T(self) -> np.ndarray:
        return self._part("teacher", "teacher")


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Optimum(Result):
    """The learning rate that makes eps_g least at one alpha: alpha (rows,), eta (rows,), linear
    between the rows; eps_g: what it leads to; facts: the best of simple kinds and how much more
    theirs is, as in facts["best constant"]. save writes what the setting schedule reads."""

    _line = "eta"

    alpha: np.ndarray
    eta: np.ndarray
    eps_g: float
    facts: Facts = dataclasses.field(default_factory=dict)
    settings: Settings = dataclasses.field(default_factory=dict)

    def save(self, path: "typing.Union[str, os.PathLike[str]]") -> None:
        """Writes alpha and eta as a file for the setting schedule."""
        rows = zip(self.alpha.tolist(), self.eta.tolist())
        write_whole(path, "alpha,eta\n" + "".join(f"{a!r},{e!r}\n" for a, e in rows))


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Simulation(Result):
    """An ensemble: alpha (rows,), eps_g (rows, runs), and of each row (rows,) mean, stderr (the
    standard error of the mean; NAN for one run), min, max; tasks: with the setting tasks {"mean":
    (rows, tasks), "stderr": ..}, of which mean is the mean."""

    _line, _points = None, "mean"

    alpha: np.ndarray
    eps_g: np.ndarray
    mean: np.ndarray
    stderr: np.ndarray
    min: np.ndarray
    max: np.ndarray
    facts: Facts = dataclasses.field(default_factory=dict)
    settings: Settings = dataclasses.field(default_factory=dict)
    tasks: Tasks = None

    def _variables(self):
        return {**super()._variables(), "eps_g": (("alpha", "run"), self.eps_g)}

    def _columns(self):
        own = Exported._columns(self)
        count = {"runs": np.full(len(self.alpha), self.eps_g.shape[1])}
        runs = {f"run_{r + 1}": values for r, values in enumerate(self.eps_g.T)}
        return {**own, **count, **self._task_columns(), **runs}


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Theory beside simulation: alpha, theory, mean, stderr (of mean - theory) and z, (rows,);
    facts["verdict"] sums it up, its value the largest |z|; tasks: with the setting tasks {"theory":
    (rows, tasks), "mean": .., "stderr": .., "z": ..}. Against "ode+1/N" sd is the predicted standard
    deviation of a run about its theory, sd_runs that of the runs, z_sd the normal score of their
    variance, (rows,), summed up by facts["verdict sd"]; else None."""

    _line, _points = "theory", "mean"

    alpha: np.ndarray
    theory: np.ndarray
    mean: np.ndarray
    stderr: np.ndarray
    z: np.ndarray
    facts: Facts = dataclasses.field(default_factory=dict)
    settings: Settings = dataclasses.field(default_factory=dict)
    tasks: Tasks = None
    sd: typing.Optional[np.ndarray] = None
    sd_runs: typing.Optional[np.ndarray] = None
    z_sd: typing.Optional[np.ndarray] = None
