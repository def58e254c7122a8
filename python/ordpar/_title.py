# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The title of axes: what all models that are drawn on them share, in the library's words."""

import ctypes
import json
import os
import re
from collections.abc import Mapping

import numpy as np

from . import _legend
from ._activation import Activation
from ._library import library
from ._names import in_text
from ._settings import LETTERS, SETTINGS, NotKept, library_name, taken_by

_SPECTRUM = {"input_dim", "eigenvalues", "beta"}
# Of the note `model`, "erf, K = 2, M = 2, N = 64, L = 4, eta = 0.1".
_NOTED = dict(activation=r"^(.*?), K = ", student_units=r", K = ([^,]*)", teacher_units=r", M = ([^,]*)")
_NOTED |= dict(input_dim=r", N = ([^,]*)", eigenvalues=r", L = ([^,]*)", eta=r", eta = ([\d.e+-]+)$")
LINE = 64  # characters


def _noted(entry, name):
    found = re.search(_NOTED[name], entry.facts.get("model", "")) if name in _NOTED else None
    return None if found is None else str(float(found[1])) if name == "eta" else found[1]


def _value(entry, name):
    """What a model has for a setting; None: nothing is known, or it has no such."""
    by = {"spectrum", "data"} if name in _SPECTRUM else {"labels"} if name == "teacher_units" else set()
    replaced = by & entry.known.keys()
    if name in entry.without and not replaced:
        return None
    if entry.kind == "spectrum" and name not in taken_by("spectrum") or entry.kind == "optimum" and name in ("eta", "schedule"):
        return None
    value = entry.known.get(name) if replaced else entry.of(name)
    return _noted(entry, name) if value is None and (replaced or entry.open) else value


def _text(name, value):
    """A value as on the command line, in short."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, Activation):
        return value.name or value.text
    if name == "tasks" and not isinstance(value, (str, os.PathLike)):
        return json.dumps(value if isinstance(value, Mapping) else list(value), default=str)
    if isinstance(value, (str, bytes, os.PathLike)):
        return os.fsdecode(value)
    if isinstance(value, NotKept) or name in ("spectrum", "overlaps"):
        return "array"
    if np.iterable(value):
        return ("\n" if name == "data" else ",").join(_text(name, item) for item in value)
    words = str(value.item() if isinstance(value, (np.generic, np.ndarray)) else value)
    return words[:-2] if re.fullmatch(r"-?\d+\.0", words) else words


def _shared(entries):
    """{name: text} of the settings that all have."""
    found = {}
    for name in (name for name in SETTINGS if name in _legend._TOLD):
        values = [_value(entry, name) for entry in entries]
        same = all(_legend.exactly(name, value) == _legend.exactly(name, values[0]) for value in values) or all(entry.digest(name) for entry in entries)
        if same and values[0] is not None and not any(_legend.differ(entries[0], entry, name) for entry in entries):
            found[library_name(name)] = _text(name, values[0])
    return found


def _counted(entry):
    """("runs", 5) and the like of one."""
    if "starts" in entry.facts:
        yield "starts", f"{entry.facts['starts'].value:.0f}"
    elif runs := re.search(r"(\d+) runs?\b", entry.facts.get("simulation", "")):
        yield "runs", runs[1]
    if entry.kind == "precise":
        yield "digits", str(entry.settings.get("digits", SETTINGS["digits"].value))
    if "eta_max" in entry.settings:
        yield "eta-max", str(entry.settings["eta_max"])


def title_of(entries):
    """In matplotlib's text, with lines; "": nothing is shared."""
    told = _shared(entries)
    counted = [pair for entry in entries for pair in _counted(entry)]
    if not all(entry.kind == "precise" for entry in entries):  # the others are doubles
        counted = [pair for pair in counted if pair[0] != "digits"]
    told.update((name, value) for name, value in counted if {v for n, v in counted if n == name} == {value})
    forms = {entry.facts.get("closed form") for entry in entries}
    if len(forms) == 1 and None not in forms:
        told["closed form"] = str(forms.pop())
    words = [[os.fsencode(word) for word in column] for column in (told.keys(), told.values())]
    names, values = ((ctypes.c_char_p * len(column))(*column) for column in words)
    buffer = ctypes.create_string_buffer(512)
    library.ordpar_title(len(told), names, values, buffer, 512)
    lines = [""]
    for word in filter(None, buffer.value.decode(errors="replace").split(", ")):
        if lines[-1] and len(lines[-1]) + len(word) > LINE:
            lines[-1] += ","
            lines.append("")
        lines[-1] += (", " if lines[-1] else "") + word
    return "\n".join(map(in_text, lines))


def entitle(ax, title, entries=None):
    """title: True, that of what is drawn, unless the axes have one of the user's own; a text; else none."""
    before = getattr(ax, "ordpar_title", "")
    if isinstance(title, str) and title:
        ax.set_title(title)
    elif ax.get_title() in ("", before):
        ax.ordpar_title = title_of(entries) if title and entries else ""
        ax.set_title(ax.ordpar_title, fontsize="medium")


def group_of(settings, without):
    """An entry of settings alone, for groups of points."""
    entry = _legend.Entry(settings, "theory", "sweep", None, "", np.nan, np.nan)
    entry.without = frozenset(LETTERS.get(name, name) for name in without)
    return entry
