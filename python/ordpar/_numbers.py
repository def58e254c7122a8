# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Numbers as callers give them."""

import numpy as np

from ._library import shown


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
        raise ValueError(f"{name} must be real numbers, got {shown(value)}") from None
    if given.ndim != axes:
        if axes == 0:
            raise ValueError(f"{name} must be one number, got {shown(value)}")
        plural = "axes" if axes > 1 else "axis"
        raise ValueError(f"{name} must have {axes} {plural}, got the shape {given.shape}")
    return made


def finite(name, value, axes):
    """Such an array, without infinities and NaNs; of no axis: a float."""
    made = array(name, value, axes)
    if not np.all(np.isfinite(made)):
        raise ValueError(f"{name} must be finite, got {shown(value)}")
    return made if axes else float(made)


def fixed(value):
    """Arrays of a result belong together: views that cannot be written to, of an array, of those of a dict
    or of a named tuple; what else there is stays."""
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    elif type(value) is dict:
        value = {name: fixed(part) for name, part in value.items()}
    elif hasattr(value, "_make"):
        value = value._make(map(fixed, value))
    return value
