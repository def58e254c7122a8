# SPDX-License-Identifier: GPL-3.0-or-later
"""What the settings' keywords take, by the names that signatures show."""

import decimal
import os
import typing

import numpy as np

if typing.TYPE_CHECKING:
    from ._activation import Activation
    from ._results import State

    Array = np.ndarray[typing.Any, typing.Any]
else:
    Array = np.ndarray
Real = typing.Union[float, str, decimal.Decimal]
Whole = typing.Union[int, str]
Reals = typing.Union[Real, typing.Sequence[Real], Array, None]
Orders = typing.Union[int, typing.Sequence[int], Array]
Rows = typing.Union[str, float, typing.Sequence[float], Array]
File = typing.Union[str, "os.PathLike[str]", None]
Function = typing.Union[File, "Activation"]
Words = typing.Union[str, float, typing.Sequence[str], None]
Progress = typing.Optional[typing.Callable[[float], object]]
Numbers = typing.Union[typing.Sequence[float], Array]
SpectrumLike = typing.Union[File, Numbers, typing.Tuple[Numbers, Numbers], typing.Tuple[Numbers, Numbers, Numbers]]
OverlapsLike = typing.Union[File, typing.Tuple[Array, Array, Array]]
Data = typing.Union[File, Array, typing.Sequence[typing.Union[str, "os.PathLike[str]", Array]]]
Labels = typing.Union[File, Array, typing.Sequence[float]]

Tasks = typing.Union[File, typing.Mapping[str, typing.Any], typing.Sequence[typing.Mapping[str, typing.Any]]]
StateLike = typing.Union[File, "State"]

# By the kind of a setting, or its name.
NAMES: typing.Dict[str, str] = {
    "real": "Real",
    "positive": "Real",
    "integer": "Whole",
    "flag": "bool",
    "reals": "Reals",
    "orders": "Orders",
    "text": "File",
    "file": "File",
    "spectrum": "SpectrumLike",
    "overlaps": "OverlapsLike",
    "data": "Data",
    "labels": "Labels",
    "tasks": "Tasks",
    "activation": "Function",
    "teacher_activation": "Function",
    "continue_from": "StateLike",
}
