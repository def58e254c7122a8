# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""What settings and columns are called in pictures: by the library's symbols, as matplotlib sets them."""

import contextlib
import ctypes
import json
import os
import re
from collections.abc import Mapping

import numpy as np

from ._activation import Activation
from ._library import library, shown
from ._settings import LETTERS, SETTINGS, library_name

_GREEK = dict(zip("αβεηκλστ", r"\alpha \beta \epsilon \eta \kappa \lambda \sigma \tau".split()))
_TOKEN = re.compile(r"(?:[^\s_^\\]|\\.|[_^](?:\{[^}]*\}|.))+")
_MATH = re.compile(r"[_^" + "".join(_GREEK) + r"]|(?<![A-Za-z'])[CKLMNl](?![A-Za-z'])")


def _math(found):
    token = found[0]
    if not _MATH.search(re.sub(r"\\.", "", token)):
        return re.sub(r"\\(.)", r"\1", token).replace("$", r"\$")
    token = re.sub(r"[A-Za-z]{2,}", r"\\mathrm{\g<0>}", token)
    return "$" + re.sub(f"([{''.join(_GREEK)}])(?=([A-Za-z])?)", lambda m: _GREEK[m[1]] + " " * bool(m[2]), token) + "$"


def _called(function, name):
    row = SETTINGS.get(LETTERS.get(name, name))
    own = name if row is None else library_name(row.name)
    buffer = ctypes.create_string_buffer(256)
    getattr(library, "ordpar_symbol_" + function)(own.encode(), buffer, 256)
    symbol = buffer.value.decode(errors="replace")
    return name.replace("_", " ") if symbol == own else in_text(symbol)


def in_text(symbols):
    """Text in the library's mark-up, as matplotlib sets it."""
    return _TOKEN.sub(_math, symbols)


def symbol_of(name):
    """Its symbol, as $\\epsilon_g$ of eps_g; other names as they are, with blanks."""
    return _called("short", name)


def axis_of(name):
    """With the words of an axis."""
    return _called("axis", name)


def in_math(name):
    """Its symbol inside of an expression."""
    symbol = symbol_of(name)
    if re.fullmatch(r"\$[^$]*\$", symbol):
        return symbol[1:-1]
    return name if len(name) == 1 else upright(name)


def upright(name):
    """A name as it is, inside of an expression."""
    return r"\mathrm{" + name.replace("_", r"\_") + "}"


def short(value):
    """A value in few characters."""
    if isinstance(value, np.ndarray) and value.ndim:
        if value.ndim == 1 and value.size and value.dtype.kind == "f":
            return f"{value[0]:.4g}..{value[-1]:.4g}"
        if value.ndim == 1 and value.size and value.dtype.kind in "UO" and isinstance(value[0], str):
            return f"{float(value[0]):.4g}..{float(value[-1]):.4g}"
        return "x".join(map(str, value.shape)) + " array"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(short, value)) + ")"
    if isinstance(value, list) and any(np.iterable(item) and not isinstance(item, str) for item in value):
        return "[" + ", ".join(map(short, value)) + "]"
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    elif hasattr(value, "__array__"):  # of pandas, xarray, ..
        return short(np.asarray(value))
    return str(value) if isinstance(value, Activation) else shown(value)


def several(values):
    """The values of an axis in few characters: all, or the ends."""
    listed = values.tolist()
    whole = repr(listed)
    if len(whole) <= 40:
        return whole
    told = [f"{value:.4g}" if isinstance(value, float) else short(value) for value in listed]
    return f"[{', '.join(told if len(told) < 4 else [*told[:2], '..', told[-1]])}]"


def _rounded(value):
    """Numbers to 12 digits, so that 0.1 * 3 is 0.3."""
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.12g}")
    return type(value)(map(_rounded, value)) if type(value) in (list, tuple) else value


def files_in_short(files):
    """Names of files: all, of many the ends."""
    names = [os.fsdecode(file) for file in files]
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} .. {names[-1]} ({len(names)} files)"


def told(name, value):
    """The value of a setting, as a legend has it; of -1 that is none what it means."""
    if isinstance(value, Activation):
        return value.name or "own"
    value = _rounded(value)
    if str(value) == "-1" and (row := SETTINGS.get(LETTERS.get(name, name))) and row.default == "-1":
        return "N" if row.name == "trainable" else "none"
    if name == "tasks" and isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if name in ("activation", "teacher_activation") and isinstance(value, str) and value.lstrip().startswith("{"):
        return "own"  # of its terms a legend has no place
    tasks = value.get("tasks") if isinstance(value, Mapping) else value
    if name == "tasks" and isinstance(tasks, (list, tuple)):
        return f"{len(tasks)} tasks"
    if name == "data" and isinstance(value, (list, tuple)) and all(isinstance(file, (str, bytes, os.PathLike)) for file in value):
        value = files_in_short(value)
    if isinstance(value, (bool, np.bool_)):
        value = "yes" if value else "no"
    words = os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else short(value)
    if isinstance(value, (float, np.floating)):
        words = words[: -len(".0")] if words.endswith(".0") else words
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", words)  # bytes of a name that are not UTF-8


def _setting(name, value):
    words = told(name, value)
    return words if name == "tasks" and re.match(r"\d+ tasks", words) else f"{symbol_of(name)} = " + words.replace("$", r"\$")


def label_of(settings):
    """Settings as a legend has them."""
    return ", ".join(_setting(name, value) for name, value in settings.items())
