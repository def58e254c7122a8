# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Activations as sums of erfs, made here and fitted to functions."""

import json
import math
import os
import typing

import numpy as np

from ._files import write_whole
from ._library import shown
from ._numbers import array, finite

_erf = np.vectorize(math.erf, otypes=[float])

# What the amplitudes of a fit may add up to, in units of the function: averages over four fields cancel by its fourth power.
MOST_GROSS = 500


class Activation:
    """g(x) = constant + slope x + sum_k a[k] erf(s[k] x/sqrt 2), which goes where the name of an activation goes.

    error is how far a fit is from its function, at most, where it was looked at, for |x| up to until; None: not fitted.
    Results say both in their fact `fit`. An activation does not change. `save` writes the file that --activation takes.

    Examples
    --------
    >>> g = ordpar.Activation([1], [1])
    >>> ordpar.curve([0, 10], activation=g, L=4).eps_g.round(4) == ordpar.curve([0, 10], L=4).eps_g.round(4)
    array([ True,  True])
    >>> ordpar.Activation.fit(np.arctan, terms=8).error < 1e-5
    True
    """

    __slots__ = ("a", "constant", "error", "name", "s", "slope", "until")

    def __init__(
        self,
        a: typing.Sequence[float],
        s: typing.Sequence[float],
        slope: float = 0.0,
        constant: float = 0.0,
        name: "str | None" = None,
        error: "float | None" = None,
        until: "float | None" = None,
    ) -> None:
        a, s = (tuple(finite(key, values if np.ndim(values) else [values], 1).tolist()) for key, values in (("a", a), ("s", s)))
        if len(a) != len(s):
            raise ValueError(f"a and s must have as many numbers, got {len(a)} and {len(s)}")
        if not 1 <= len(a) <= 24:
            raise ValueError(f"a sum of erfs has from 1 to 24 terms, got {len(a)}")
        for k, (amplitude, scale) in enumerate(zip(a, s), 1):
            if not 1e-6 <= scale <= 1e6:
                raise ValueError(f"activation: term {k} must have a finite a and an s from 1e-6 to 1e6, got {amplitude:g} and {scale:g}")
        if not (name is None or isinstance(name, str)):
            raise TypeError(f"name must be a text, got {shown(name)}")
        error, until = (value if value is None else finite(key, value, 0) for key, value in (("error", error), ("until", until)))
        slope, constant = finite("slope", slope, 0), finite("constant", constant, 0)
        values = dict(a=a, s=s, slope=slope, constant=constant, name=name, error=error, until=until)
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def __setattr__(self, name, value):
        raise AttributeError("an Activation does not change")

    def __reduce__(self):
        return Activation, (self.a, self.s, self.slope, self.constant, self.name, self.error, self.until)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def _dict(self) -> typing.Dict[str, typing.Any]:
        own = {"name": self.name, "error": self.error, "until": self.until, "slope": self.slope or None, "constant": self.constant or None}
        return {"a": list(self.a), "s": list(self.s), **{n: v for n, v in own.items() if v is not None}}

    @property
    def text(self) -> str:
        """What stands for it on the command line: JSON."""
        return json.dumps(self._dict(), separators=(",", ":"))

    def save(self, path: "str | os.PathLike[str]") -> None:
        """Writes a file for --activation and --teacher-activation, whose name ends in .json."""
        if not os.fspath(path).endswith(".json"):
            raise ValueError(f"the name of a file with an activation ends in .json, got {os.fspath(path)}")
        write_whole(path, json.dumps(self._dict(), indent=1) + "\n")

    @np.errstate(all="ignore")  # the host's raise where small numbers underflow
    def __call__(self, x):
        """g(x), of a number or an array."""
        x = array("x", x, np.ndim(x)).reshape(np.shape(x))
        columns = _erf(np.multiply.outer(x, np.array(self.s)) / math.sqrt(2))
        return self.constant + (self.slope * x if self.slope else 0) + columns @ np.array(self.a)

    def __eq__(self, other):
        return self._dict() == other._dict() if isinstance(other, Activation) else NotImplemented

    def __hash__(self):
        return hash(self.text)

    def __repr__(self):
        of = f", error={self.error:.2g}" if self.error is not None else ""
        line = f", slope={self.slope:g}" if self.slope else ""
        return f"<Activation {self.name or 'sum of erfs'}: {len(self.a)} terms{line}{of}>"

    @classmethod
    @np.errstate(all="ignore")
    def fit(
        cls,
        function: typing.Any,
        terms: int = 12,
        until: float = 10.0,
        slope: "bool | None" = None,
        name: "str | None" = None,
    ) -> "Activation":
        """The sum of erfs, with a linear term where the function goes on growing, that is nearest to an odd one.

        Parameters
        ----------
        function : callable, or a pair (x, y) of samples
            Takes an array of numbers. It must be odd but for a constant. Samples may be of x above 0 alone: then the
            constant is the y at x = 0, or 0. There must be more of them than numbers of the sum, two for each term.
        terms : int, default 12
            Erfs, from 1 to 24. A smooth function gains a factor of some 3 with each.
        until : float, default 10
            A callable is fitted up to there, samples as far as they go; beyond, it is the sum alone.
        slope : bool, optional
            Whether there is a linear term. Default: where the last tenth is more than a tenth as steep as the whole.
        name : str, optional
            For titles; default: the function's.

        The error of the result is the largest difference: from a callable on ten times as many points as were fitted,
        from samples at these, both signs of x; of what is between them it knows nothing. The amplitudes add up to at
        most 500 times the largest value: what cancels more takes the digits of averages, and curves hours. A function
        whose error stays large turns more often up to `until` than so few amplitudes can follow.
        """
        if not 1 <= terms <= 24:
            raise ValueError(f"terms must be from 1 to 24, got {terms}")
        if callable(function):
            until = finite("until", until, 0)
            if not until > 0:
                raise ValueError(f"until must be above 0, got {until:g}")
            x, side = _grid(until, 400), None
            constant, y = _odd_part(function, x)
            name = name or getattr(function, "__name__", None)
            seen = _grid(until, 4000)
            wanted = _odd_part(function, seen)[1] + constant
        else:
            seen, wanted = _samples(function)
            constant = _constant(seen, wanted)
            order = np.argsort(np.abs(seen), kind="stable")
            order = order[seen[order] != 0]
            x, side = np.abs(seen[order]), np.sign(seen[order])
            y = side * (wanted[order] - constant)
            side = side if np.any(side < 0) and np.any(side > 0) else None
            unknown = 2 * terms + (slope is not False)
            if len(np.unique(x)) <= unknown:
                raise ValueError(f"samples must be at more than {unknown} x for terms={terms}, got {len(np.unique(x))}")
        line = _grows(x, y) if slope is None else slope
        a, s, b, more = _fit(x, y, terms, line, side)
        made = cls(a, s, b, constant + more)
        return cls(a, s, b, constant + more, name, float(np.max(np.abs(made(seen) - wanted))), float(np.max(np.abs(seen))))


def _grid(until, count):
    """Denser towards 0."""
    return until * np.linspace(0, 1, count + 1)[1:] ** 1.5


def _values(function, x):
    """What the function has at x, as finite numbers."""
    y = array("what the function returns", function(x), 1)
    if y.shape != x.shape:
        raise ValueError(f"the function must have as many values as it is given numbers, {len(x)}, got {len(y)}")
    if not np.all(np.isfinite(y)):
        raise ValueError(f"the function must be finite from -until to until, is {y[~np.isfinite(y)][0]} at x = {x[~np.isfinite(y)][0]:g}")
    return y


def _odd_part(function, x):
    """The constant of a function that is odd but for it, and the rest at x."""
    constant = float(_values(function, np.zeros(1))[0])
    above, below = _values(function, x), _values(function, -x)
    y = (above - below) / 2
    off = np.max(np.abs(above + below - 2 * constant))
    if off > 1e-9 * (1 + np.max(np.abs(y))):
        raise ValueError(f"the function must be odd but for a constant, is off by {off:.3g}")
    return constant, y


def _samples(pair):
    """x in ascending order, and y."""
    try:
        x, y = pair
    except (TypeError, ValueError):
        raise ValueError(f"the function must be callable or a pair (x, y) of samples, got {shown(pair)}") from None
    x, y = finite("x of samples", x, 1), finite("y of samples", y, 1)
    if x.shape != y.shape:
        raise ValueError(f"samples must have as many y as x, got {len(x)} and {len(y)}")
    if len(x) < 4:
        raise ValueError(f"samples must be four or more, got {len(x)}")
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _constant(x, y):
    """Of samples that are odd but for it: half of what they are at x and -x, lines between them."""
    above, at, below = x > 0, x == 0, x < 0
    if not np.any(below) or not np.any(above):
        return float(np.mean(y[at])) if np.any(at) else 0.0
    inside = x[above & (x >= -x[below][-1]) & (x <= -x[0])]
    pairs = np.interp(inside, x[above], y[above]) + np.interp(-inside, x[below], y[below])
    if not len(pairs):
        raise ValueError("samples of both signs must have some at x and -x")
    constant = float(np.mean(y[at])) if np.any(at) else float(np.median(pairs)) / 2
    off, size = np.sqrt(np.mean((pairs - 2 * constant) ** 2)), np.max(np.abs(y - constant))
    if off > 0.05 * size:
        raise ValueError(f"samples must be odd but for a constant, are off by {off:.3g}")
    return constant


def _grows(x, y):
    last = x > 0.9 * x[-1]
    steepness = abs((y[-1] - y[last][0]) / (x[-1] - x[last][0])) if np.sum(last) > 1 else 0
    return bool(steepness > 0.1 * np.max(np.abs(y)) / x[-1])


def _columns(x, s, line, side):
    columns = [_erf(np.outer(x, s) / math.sqrt(2))] + [x] * bool(line) + [side] * (side is not None)
    return np.column_stack(columns)


def _project(x, y, s, line, side, pull):
    """Amplitudes by least squares, the erfs' with the weight pull; what they leave, of x and then of the weights; the matrix."""
    columns = _columns(x, s, line, side)
    rows = np.vstack([columns, pull * np.eye(len(s), columns.shape[1])])
    a = np.linalg.lstsq(rows, np.append(y, np.zeros(len(s))), rcond=1e-15)[0]
    return a, rows @ a - np.append(y, np.zeros(len(s))), rows


def _descend(x, y, log_s, line, side, pull):
    """Amplitudes eliminated, damped Gauss-Newton steps in log s."""
    terms = len(log_s)
    a, error, rows = _project(x, y, np.exp(log_s), line, side, pull)
    damping = 1e-3
    for _ in range(200):
        z = np.outer(x, np.exp(log_s))
        slopes = np.zeros((len(rows), terms))
        slopes[: len(x)] = a[:terms] * math.sqrt(2 / math.pi) * z * np.exp(-(z**2) / 2)
        matrix = np.column_stack([rows, slopes])
        size = np.sqrt(np.sum(matrix**2, axis=0)) + 1e-300
        before = np.sum(error**2)
        for _ in range(10):
            damped = np.vstack([matrix / size, math.sqrt(damping) * np.eye(len(size))])
            step = np.linalg.lstsq(damped, np.append(-error, np.zeros(len(size))), rcond=1e-17)[0] / size
            moved = log_s + np.clip(step[-terms:], -0.3, 0.3)
            found = _project(x, y, np.exp(moved), line, side, pull)
            if np.sum(found[1] ** 2) < before:
                break
            damping *= 4
        else:
            break
        log_s, (a, error, rows) = moved, found
        damping = max(damping / 10, 1e-18)
        if np.sum(error**2) > before * (1 - 1e-4):
            break
    return log_s, a, float(np.max(np.abs(error[: len(x)])))


def _fit(x, y, terms, line, side):
    """The best of descents with ever weaker pulls on the amplitudes, from one start and from where the last one came to. side:
    the sign of x where y is of both, which what the constant lacks is told by."""
    start = np.log(np.geomspace(2.5 / x[-1] if terms > 1 else 1, max(40 / x[-1], 3.2), terms))
    most, best, last = MOST_GROSS * np.max(np.abs(y)), None, start
    for pull in math.sqrt(len(x)) * np.logspace(-3, -9, 4):
        for begin in (start,) if last is start else (start, last):
            log_s, a, error = _descend(x, y, begin, line, side, pull)
            gross = np.sum(np.abs(a[:terms]))
            rank = error if gross <= most else math.inf, gross
            if best is None or rank < best[0]:
                best = rank, log_s, a
        last = log_s
    _, log_s, a = best
    return a[:terms], np.exp(log_s), float(a[terms]) if line else 0.0, float(a[-1]) if side is not None else 0.0
