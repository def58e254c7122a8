# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Numbers as decimal text, all of whose digits are right."""

import decimal
import math
import re

import numpy as np


class Digits(str):
    """A number's text. It is no number: float(x) is the nearest double, decimal.Decimal(x) and mpmath.mpf(x)
    go on with more digits. Formats of numbers, as f"{x:.3g}", show it rounded.

    Examples
    --------
    >>> x = ordpar.closed_form("plateau", K=3, M=3, digits=9)["eps_g"]
    >>> x, float(x), f"{x:.3e}"
    ('6.76552955e-03', 0.00676552955, '6.77e-03')
    """

    __slots__ = ()

    def __repr__(self):
        return super().__repr__() if len(self) <= 100 else f"'{self[:24]}..' ({sum(map(str.isdigit, self))} digits)"

    def __format__(self, form):
        try:
            return super().__format__(form)
        except ValueError:
            few = not (found := re.search(r"\.(\d+)", form)) or int(found[1]) < 17
            near = float(self)
            fits = few and (math.isfinite(near) and near != 0 or decimal.Decimal(self) == 0)
            return format(near if fits else decimal.Decimal(self), form)

    def __getnewargs__(self):
        return (str(self),)


def _refused(name):
    of_texts = getattr(str, name, None)

    def refuse(self, *others):
        if of_texts and all(isinstance(other, str) for other in others) and others:
            return of_texts(self, *others)
        raise TypeError(
            f"{str(self):.12}.. is a text with all its digits: float(x), or .astype(float) of an array, gives doubles, "
            "decimal.Decimal(x) and mpmath.mpf(x) go on with more digits"
        )

    return refuse


def _behind(self, text):
    return text + str(self) if isinstance(text, str) else _refused("")(self)


Digits.__radd__ = _behind
for _operation in "add sub mul truediv floordiv mod pow lt le gt ge".split():
    setattr(Digits, f"__{_operation}__", _refused(f"__{_operation}__"))
for _operation in "rsub rmul rtruediv rpow neg pos abs".split():
    setattr(Digits, f"__{_operation}__", _refused(f"__{_operation}__"))


def digits(texts):
    """An array of Digits, of the shape of the texts."""
    made = np.empty(np.shape(texts), dtype=object)
    made[...] = np.vectorize(Digits, otypes=[object])(np.array(texts, dtype=object)) if made.size else made
    return made
