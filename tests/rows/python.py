# SPDX-License-Identifier: GPL-3.0-or-later
"""python.py CALL: prints the arrays that a call of ordpar returns, every number by repr."""

import dataclasses
import sys

import numpy as np
import ordpar


def show(name, value):
    if dataclasses.is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    elif hasattr(value, "_asdict"):
        value = value._asdict()
    if name == "result.facts":
        return
    if isinstance(value, dict):
        for key in sorted(value):
            show(f"{name}.{key}", value[key])
    elif value is not None:
        array = np.asarray(value)
        print(name, "x".join(map(str, array.shape)), *array.ravel().tolist())


show("result", eval(sys.argv[1]))
