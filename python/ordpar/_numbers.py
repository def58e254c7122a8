# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Numbers as callers give them."""

import decimal
import numbers

import numpy as np

from ._library import shown


def own_array(value):
    """An array of another library, such as a column or a table of pandas, which iterates over its names,
    as one of numpy; what else there is stays."""
    foreign = hasattr(type(value), "__array__") and not isinstance(value, (np.ndarray, np.generic, str))
    return np.asarray(value) if foreign else value


def own_number(value):
    """A number that is none of Python's, such as a fraction, as the float that equals it; one of mpmath that has more
    digits as a decimal with all of them; what else there is stays."""
    if not isinstance(value, numbers.Real) or isinstance(value, (int, float, np.integer)):
        return value
    try:
        near = float(value)
        if near == value or near != near:
            return near
        return _decimal(*value._mpf_[:3]) if hasattr(value, "_mpf_") else value
    except (OverflowError, ValueError):  # of too many digits
        return value


def _decimal(sign, mantissa, exponent):
    """(-1)^sign mantissa 2^exponent, exactly."""
    mantissa, most = int(mantissa), 4000
    if abs(exponent) > most:
        raise OverflowError
    digits = mantissa << exponent if exponent >= 0 else mantissa * 5**-exponent
    return decimal.Decimal(f"{'-' * sign}{digits}E{min(exponent, 0)}")


def _no_number(value):
    """Which of an array of objects is none, or what was given."""
    given = value if isinstance(value, np.ndarray) else np.empty(0)
    for index, item in np.ndenumerate(given) if given.dtype.kind == "O" else ():
        try:
            float(item)
        except (TypeError, ValueError, OverflowError):
            return f"but [{']['.join(map(str, index))}] is {shown(item)}"
    return f"got {shown(value)}"


def array(name, value, axes):
    """A C-contiguous array of float64 with so many axes."""
    if np.ma.is_masked(value):
        raise ValueError(f"{name} has masked values; say what stands in their place")
    try:
        given = np.asarray(value)
        if given.dtype.kind not in "biufOSU" or isinstance(value, (bytes, bytearray)):
            raise ValueError  # such as times, complex numbers, records
        made = np.ascontiguousarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be real numbers, {_no_number(value)}") from None
    if given.ndim != axes:
        if axes == 0:
            raise ValueError(f"{name} must be one number, got {shown(value)}")
        plural = "axes" if axes > 1 else "axis"
        raise ValueError(f"{name} must have {axes} {plural}, got the shape {given.shape}")
    return made


def finite(name, value, axes):
    """Such an array, without infinities and NaNs; of no axis: a float."""
    made = check_finite(name, array(name, value, axes))
    return made if axes else float(made)


def check_finite(name, numbers):
    """The array; or the first that is not finite is named."""
    if not np.all(np.isfinite(numbers)):
        index = tuple(np.argwhere(~np.isfinite(numbers))[0])
        where = f"but [{']['.join(map(str, index))}] is" if numbers.size > 1 else "got"
        raise ValueError(f"{name} must be finite, {where} {numbers[index]}")
    return numbers


def fixed(value):
    """Arrays of a result belong together: views that cannot be written to, of an array, of those of a dict
    or of a named tuple; what else there is stays."""
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    elif type(value) is dict:
        value = {name: fixed(part) for name, part in value.items()}
    elif hasattr(value, "_make"):
        value = value._replace(**{name: fixed(part) for name, part in value._asdict().items()})
    return value
