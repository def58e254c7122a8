# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Activations as sums of erfs, made here and fitted to functions."""

import json
import math
import os
import typing

import numpy as np

_erf = np.vectorize(math.erf, otypes=[float])


class Activation:
    """g(x) = constant + slope x + sum_k a[k] erf(s[k] x/sqrt 2), which goes where the name of an activation goes.

    error is how far a fit is from its function, at most, where it was looked at; None: not fitted. An activation does not
    change. `save` writes the file that --activation takes.

    Examples
    --------
    >>> g = ordpar.Activation([1], [1])
    >>> ordpar.curve([0, 10], activation=g, L=4).eps_g.round(4) == ordpar.curve([0, 10], L=4).eps_g.round(4)
    array([ True,  True])
    >>> ordpar.Activation.fit(np.arctan, terms=8).error < 1e-5
    True
    """

    __slots__ = ("a", "constant", "error", "name", "s", "slope")

    def __init__(
        self,
        a: typing.Sequence[float],
        s: typing.Sequence[float],
        slope: float = 0.0,
        constant: float = 0.0,
        name: "str | None" = None,
        error: "float | None" = None,
    ) -> None:
        a, s = (tuple(map(float, np.atleast_1d(values))) for values in (a, s))
        if len(a) != len(s):
            raise ValueError(f"a and s must have as many numbers, got {len(a)} and {len(s)}")
        values = dict(a=a, s=s, slope=float(slope), constant=float(constant), name=name, error=error)
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def __setattr__(self, name, value):
        raise AttributeError("an Activation does not change")

    def __reduce__(self):
        return Activation, (self.a, self.s, self.slope, self.constant, self.name, self.error)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def _dict(self) -> typing.Dict[str, typing.Any]:
        own = {"name": self.name, "error": self.error, "slope": self.slope or None, "constant": self.constant or None}
        return {"a": list(self.a), "s": list(self.s), **{n: v for n, v in own.items() if v is not None}}

    @property
    def text(self) -> str:
        """What stands for it on the command line: JSON."""
        return json.dumps(self._dict(), separators=(",", ":"))

    def save(self, path: "str | os.PathLike[str]") -> None:
        """Writes a file for --activation and --teacher-activation, whose name ends in .json."""
        if not os.fspath(path).endswith(".json"):
            raise ValueError(f"the name of a file with an activation ends in .json, got {os.fspath(path)}")
        with open(path, "w", encoding="ascii") as file:
            file.write(json.dumps(self._dict(), indent=1) + "\n")

    def __call__(self, x):
        """g(x), of a number or an array."""
        x = np.asarray(x, dtype=float)
        columns = _erf(np.multiply.outer(x, np.array(self.s)) / math.sqrt(2))
        return self.constant + self.slope * x + columns @ np.array(self.a)

    def __eq__(self, other):
        return self._dict() == other._dict() if isinstance(other, Activation) else NotImplemented

    def __hash__(self):
        return hash(self.text)

    def __repr__(self):
        of = f", error={self.error:.2g}" if self.error is not None else ""
        line = f", slope={self.slope:g}" if self.slope else ""
        return f"<Activation {self.name or 'sum of erfs'}: {len(self.a)} terms{line}{of}>"

    @classmethod
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
            Takes an array of numbers. It must be odd but for a constant; of samples those at x > 0 count.
        terms : int, default 12
            Erfs, from 1 to 24. A smooth function gains a factor of some 7 with each.
        until : float, default 10
            The fit is to the function up to there; beyond, it is the sum alone.
        slope : bool, optional
            Whether there is a linear term. Default: where the last tenth is more than a tenth as steep as the whole.
        name : str, optional
            For titles; default: the function's.

        The error of the result is the largest difference, of a callable on ten times as many points as were fitted.
        """
        if not 1 <= terms <= 24:
            raise ValueError(f"terms must be from 1 to 24, got {terms}")
        if callable(function):
            x = _grid(until, 400)
            constant = float(function(np.zeros(1))[0])
            y = (function(x) - function(-x)) / 2
            off = np.max(np.abs(function(x) + function(-x) - 2 * constant))
            if off > 1e-9 * (1 + np.max(np.abs(y))):
                raise ValueError(f"the function must be odd but for a constant, is off by {off:.3g}")
            name = name or getattr(function, "__name__", None)
        else:
            x, y, constant = _samples(function)
        line = _grows(x, y) if slope is None else slope
        a, s, b = _fit(x, y, terms, line)
        made = cls(a, s, b, constant)
        if callable(function):
            x = _grid(until, 4000)
            y = (function(x) - function(-x)) / 2
        return cls(a, s, b, constant, name, float(np.max(np.abs(made(x) - constant - y))))


def _grid(until, count):
    """Denser towards 0."""
    return until * np.linspace(0, 1, count + 1)[1:] ** 1.5


def _samples(pair):
    x, y = (np.asarray(values, dtype=float) for values in pair)
    if x.shape != y.shape or x.ndim != 1 or not np.all(np.isfinite(x)) or not np.all(np.isfinite(y)):
        raise ValueError("samples must be two arrays of finite numbers, of one axis and one length")
    order = np.argsort(x)
    x, y = x[order], y[order]
    at_zero = y[x == 0]
    constant = float(at_zero[0]) if at_zero.size else 0.0
    if np.sum(x > 0) < 4:
        raise ValueError("samples must have four or more x above 0")
    return x[x > 0], y[x > 0] - constant, constant


def _grows(x, y):
    last = x > 0.9 * x[-1]
    steepness = abs((y[-1] - y[last][0]) / (x[-1] - x[last][0])) if np.sum(last) > 1 else 0
    return bool(steepness > 0.1 * np.max(np.abs(y)) / x[-1])


def _columns(x, s, line):
    columns = _erf(np.outer(x, s) / math.sqrt(2))
    return np.column_stack([columns, x]) if line else columns


def _project(x, y, s, line):
    """Amplitudes by least squares, and what they leave."""
    columns = _columns(x, s, line)
    a = np.linalg.lstsq(columns, y, rcond=1e-9)[0]
    return a, columns @ a - y, columns


def _fit(x, y, terms, line):
    """Amplitudes eliminated, damped Gauss-Newton steps in log s."""
    log_s = np.log(np.geomspace(2.5 / x[-1] if terms > 1 else 1, max(40 / x[-1], 3.2), terms))
    a, error, columns = _project(x, y, np.exp(log_s), line)
    damping = 1e-3
    for _ in range(200):
        z = np.outer(x, np.exp(log_s))
        slopes = a[:terms] * math.sqrt(2 / math.pi) * z * np.exp(-(z**2) / 2)
        matrix = np.column_stack([columns, slopes])
        size = np.sqrt(np.sum(matrix**2, axis=0)) + 1e-300
        before = np.sum(error**2)
        for _ in range(10):
            rows = np.vstack([matrix / size, math.sqrt(damping) * np.eye(len(size))])
            step = np.linalg.lstsq(rows, np.append(-error, np.zeros(len(size))), rcond=1e-17)[0] / size
            moved = log_s + np.clip(step[-terms:], -0.3, 0.3)
            found = _project(x, y, np.exp(moved), line)
            if np.sum(found[1] ** 2) < before:
                break
            damping *= 4
        else:
            break
        log_s, (a, error, columns) = moved, found
        damping = max(damping / 10, 1e-18)
        if np.sum(error**2) > before * (1 - 1e-4):
            break
    return a[:terms], np.exp(log_s), float(a[terms]) if line else 0.0
