# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""What computations return."""

import dataclasses
import typing

import numpy as np


class Fact(str):
    """What a computation found beside its numbers, in words; value: the number in it, or NAN."""

    value: float = float("nan")

    def __new__(cls, text, value=float("nan")):
        made = super().__new__(cls, text)
        made.value = value
        return made

    def __getnewargs__(self):
        return str(self), self.value


Facts = typing.Dict[str, Fact]
Number = typing.TypeVar("Number")  # float, str with digits, or an array


def _same(a, b):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=a is not None and np.asarray(a).dtype.kind == "f")
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return a == b


def _equal(a, b):
    """a == b of tuples of arrays."""
    return isinstance(b, tuple) and _same(tuple(a), tuple(b))


def _unequal(a, b):
    return not _equal(a, b)


def _short(value):
    """A value in few characters."""
    if isinstance(value, np.ndarray):
        if value.ndim == 1 and value.size and value.dtype.kind == "f":
            return f"{value[0]:.4g}..{value[-1]:.4g}"
        return "x".join(map(str, value.shape)) + " array"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_short, value)) + ")"
    return f"{len(value)} facts" if isinstance(value, dict) else repr(value)


class Result:
    """Results print short, compare by their numbers, and carry facts: what the program's notes
    say, {key: Fact}."""

    facts: Facts

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return all(
            _same(getattr(self, f.name), getattr(other, f.name))
            for f in dataclasses.fields(self)
            if f.name != "facts"
        )

    __hash__ = None

    def __repr__(self):
        shown = (f"{f.name}={_short(getattr(self, f.name))}" for f in dataclasses.fields(self))
        return f"{type(self).__name__}({', '.join(shown)})"


class _Blocks(typing.NamedTuple):
    q: np.ndarray
    r: np.ndarray
    t: np.ndarray


class Overlaps(_Blocks):
    """Block overlaps [3.1]: q (K, K, L), r (K, M, L), t (M, M, L), not weighted with lambda."""

    __repr__ = _short
    __eq__, __ne__ = _equal, _unequal


class _Eigenvalues(typing.NamedTuple):
    eigenvalues: np.ndarray
    multiplicities: np.ndarray


class Spectrum(_Eigenvalues):
    """
    The spectrum of the inputs: eigenvalues (L,), decreasing, and multiplicities (L,); facts, and the
    variances of the teacher's components in each eigenspace, teacher (L,), where they are not all 1.
    """

    facts: Facts = {}
    teacher: typing.Optional[np.ndarray] = None

    __eq__, __ne__ = _equal, _unequal

    def __repr__(self):
        return f"Spectrum({_short(self.eigenvalues)}, L={len(self.eigenvalues)})"


class Values(np.ndarray):
    """An array with facts; what is computed from it has none."""

    facts: Facts = {}

    def __array_finalize__(self, other):
        self.facts = getattr(other, "facts", {})

    def __array_wrap__(self, made, *_):
        return np.asarray(made)[()]

    def __reduce__(self):
        rebuild, arguments, state = super().__reduce__()
        return rebuild, arguments, (state, self.facts)

    def __setstate__(self, state):
        super().__setstate__(state[0])
        self.facts = state[1]


class Numbers(typing.Dict[str, Number]):
    """Named numbers, with facts."""

    facts: Facts = {}


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Precise(Result):
    """A curve in decimal text, all of whose digits are right: alpha and eps_g, arrays (rows,) of
    str. eps_g.astype(float) has the nearest doubles, map(mpmath.mpf, eps_g) all digits."""

    alpha: np.ndarray
    eps_g: np.ndarray
    facts: Facts = dataclasses.field(default_factory=dict)

    def __iter__(self):
        return iter((self.alpha, self.eps_g))


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Curve(Result):
    """A theoretical curve.

    alpha (rows,), eps_g (rows,); orders (n,): the orders that were asked for; moments
    (n, rows, K+M, K+M): the order parameters of each order, as the joint covariance of students
    and teachers; Q (n, rows, K, K), R (n, rows, K, M), T (n, rows, M, M): views of it; V (rows, K):
    the student's output weights where they are trained, else None; overlaps: the final ones, from
    which another curve may start (with student_output=V[-1], where there is V); facts: what the
    program's notes say, such as facts["limit"], where rounding limits the promise.
    """

    alpha: np.ndarray
    eps_g: np.ndarray
    orders: np.ndarray
    moments: np.ndarray
    V: typing.Optional[np.ndarray]
    overlaps: Overlaps
    facts: Facts = dataclasses.field(default_factory=dict)

    def _part(self, rows: slice, columns: slice) -> np.ndarray:
        if not len(self.orders):
            raise AttributeError("there are no order parameters: ask for them, as by moments=[1]")
        return self.moments[..., rows, columns]

    @property
    def Q(self) -> np.ndarray:
        K = self.overlaps.q.shape[0]
        return self._part(slice(K), slice(K))

    @property
    def R(self) -> np.ndarray:
        K = self.overlaps.q.shape[0]
        return self._part(slice(K), slice(K, None))

    @property
    def T(self) -> np.ndarray:
        K = self.overlaps.q.shape[0]
        return self._part(slice(K, None), slice(K, None))


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Simulation(Result):
    """An ensemble: alpha (rows,), eps_g (rows, runs), and of each row (rows,) mean, stderr (the
    standard error of the mean; NAN for one run), min, max."""

    alpha: np.ndarray
    eps_g: np.ndarray
    mean: np.ndarray
    stderr: np.ndarray
    min: np.ndarray
    max: np.ndarray
    facts: Facts = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Theory beside simulation: alpha, theory, mean, stderr (of mean - theory) and z, (rows,);
    facts["verdict"] sums it up, its value the largest |z|."""

    alpha: np.ndarray
    theory: np.ndarray
    mean: np.ndarray
    stderr: np.ndarray
    z: np.ndarray
    facts: Facts = dataclasses.field(default_factory=dict)
