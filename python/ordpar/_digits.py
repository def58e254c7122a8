# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Numbers as decimal text, all of whose digits are right."""

import decimal
import math
import operator
import re
import sys

import numpy as np


class Digits(str):
    """A number's text. It is no number: float(x) is the nearest double, decimal.Decimal(x) and mpmath.mpf(x)
    go on with more digits. Formats of numbers, as f"{x:.3g}", show it rounded; <, max and sorted go by the numbers.

    Examples
    --------
    >>> x = ordpar.closed_form("plateau", K=3, M=3, digits=9)["eps_g"]
    >>> x, float(x), f"{x:.3e}"
    ('6.76552955e-03', 0.00676552955, '6.77e-03')
    >>> max(ordpar.precision("0:4:2", L=1, digits=3).eps_g)
    '1.69e-01'
    """

    __slots__ = ()

    def __new__(cls, text):
        _tell_matplotlib()
        return super().__new__(cls, text)

    def __repr__(self):
        return super().__repr__() if len(self) <= 100 else f"'{self[:24]}..' ({sum(map(str.isdigit, self))} digits)"

    def __format__(self, form):
        found = re.search(r"\.(\d+)[^\d]?$", form)
        if form.endswith("s") or not found:  # of texts, also such as ">30"
            try:
                return str.__format__(str(self), form)
            except ValueError:
                pass
        few = not found or int(found[1]) < 17
        near = float(self)
        fits = few and (math.isfinite(near) and near != 0 or decimal.Decimal(self) == 0)
        return format(near if fits else decimal.Decimal(self), form)

    def __getnewargs__(self):
        return (str(self),)


class _Converter:
    """What matplotlib draws: doubles, where it takes other texts for names of categories."""

    axisinfo = default_units = staticmethod(lambda *_: None)

    @staticmethod
    def convert(value, _unit, _axis):
        return np.asarray(value).astype(float) if np.iterable(value) and not isinstance(value, str) else float(value)


def _tell_matplotlib():
    """Where it is in use."""
    units = sys.modules.get("matplotlib.units")
    registry = getattr(units, "registry", None)
    if registry is not None and Digits not in registry:
        registry[Digits] = _Converter()


def _refused(name):
    """An operation of numbers; texts that are no Digits are joined, and formatted, as texts."""
    of_texts = getattr(str, name, None)

    def refuse(self, *others):
        if of_texts and others and all(isinstance(other, str) and not isinstance(other, Digits) for other in others):
            return of_texts(self, *others)
        raise TypeError(
            f"{str(self):.12}.. is a text with all its digits: float(x), or .astype(float) of an array, gives doubles, "
            "decimal.Decimal(x) and mpmath.mpf(x) go on with more digits"
        )

    return refuse


def _number(other):
    """What a text says, which NumPy may have made of Digits; None: it is no number."""
    try:
        return decimal.Decimal(other) if isinstance(other, str) else None
    except decimal.InvalidOperation:
        return None


def _compared(name):
    """By the numbers, all of whose digits count."""

    def compare(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented
        number = _number(other)
        return _refused("")(self) if number is None else getattr(operator, name)(decimal.Decimal(self), number)

    return compare


def _behind(self, text):
    joined = isinstance(text, str) and not isinstance(text, Digits)
    return text + str(self) if joined else _refused("")(self)


Digits.__radd__ = _behind
for _operation in "lt le gt ge".split():
    setattr(Digits, f"__{_operation}__", _compared(_operation))
for _operation in "add sub mul truediv floordiv mod pow rsub rmul rtruediv rpow neg pos abs".split():
    setattr(Digits, f"__{_operation}__", _refused(f"__{_operation}__"))


def digits(texts):
    """An array of Digits, of the shape of the texts."""
    made = np.empty(np.shape(texts), dtype=object)
    made[...] = np.vectorize(Digits, otypes=[object])(np.array(texts, dtype=object)) if made.size else made
    return made
