# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The lists of values of a sweep."""

import contextlib
import itertools
import json
import math
import os
import re
from collections.abc import Mapping

import numpy as np

from ._activation import Activation
from ._library import Error
from ._model import Request, _is_path, _is_scalar, _number
from ._results import Fact
from ._settings import LETTERS, SETTINGS, python_name, settings_in


_NUMBERS = ("integer", "real", "positive")
_flags = {"yes": True, "no": False}


def _risen(text):
    """A range whose ends may fall, as one that rises, and the way back: grids of alpha rise."""
    first, last, *rest = text.split(":")
    try:
        falls = float(first) > float(last)
    except ValueError:
        falls = False
    return (":".join([last, first, *rest]), -1) if falls else (text, 1)


def _is_half(row, alone):
    """K or M alone, where both may have been meant."""
    return alone and row.letter in ("K", "M")


def _range(name, text, alone):
    """The values of a range, to 15 digits, as those of the program."""
    half = _is_half(SETTINGS[name], alone)
    whole = SETTINGS[name].kind == "integer"
    if half and (found := re.fullmatch(r"\s*(\d+):(\d+)\s*", text)):
        count = abs(int(found[2]) - int(found[1])) + 1
        raise ValueError(f'{name}: a range of it alone is "{text}:{count}"; **{{"K=M": "{text}"}} lets K and M have the same value; got {text!r}')
    if whole and (found := re.fullmatch(r"\s*(\d+):(\d+)\s*", text)):
        start, stop = map(int, found.groups())
        step = 1 if stop >= start else -1
        return list(map(str, range(start, stop + step, step)))
    model = Request("grid", {}, {})
    rising, way = _risen(text)
    try:
        model.set_text("alpha", rising)
        values = model.grid("alpha")[::way]
    except Error:
        short = "START:STOP or " if whole and not half else ""
        raise ValueError(f"{name}: a range is {short}START:STOP:COUNT[:lin|log] of numbers >= 0 (numpy.linspace has others), got {text!r}") from None
    return list(dict.fromkeys(f"{np.floor(v + 0.5):.0f}" if whole else f"{v:.15g}" for v in values))


def _is_one_word(row, text):
    """Whether commas of a text are its own: JSON, and a file whose name has one."""
    array_of = text.rpartition(":")[0]
    return row.kind in ("file", "text") and (re.search(r"[{\[]", text) or os.path.exists(text) or os.path.exists(array_of))


def listed(name, value, alone=True):
    """The values of a text that the program would sweep, such as "0.1,0.2", "1:4" and "erf,relu"; what else
    there is stays. alone: no other setting has the same values."""
    row = SETTINGS.get(LETTERS.get(name, name))
    if row is None or not isinstance(value, str):
        return value
    if row.kind in _NUMBERS and re.search("[,:]", value):
        items = value.split(",")
        return [v for item in items for v in (_range(row.name, item, alone) if ":" in item else [item.strip()])]
    if row.kind in ("reals", "orders") and re.search("[,:]", value):
        return [item.split(":") for item in value.split(",")]
    if row.kind in ("choice", "flag", "file", "text") and not _is_one_word(row, value):
        own = r",(?!\s*[-+.\d])" if re.search("hermite:|steps:", value) else ","  # numbers are an item's own: hermite:0,1
        items = [_flags.get(item, item) if row.kind == "flag" else item for item in map(str.strip, re.split(own, value))]
        return items if len(items) > 1 else value
    return value


def _key(row, value):
    """What equal values of a setting have in common: numbers by their value, names and words by their text."""
    if not _is_scalar(value):
        return [_key(row, item) for item in value]
    value = row.value if is_none(row, value) else value
    if row.kind in (*_NUMBERS, "reals"):
        with contextlib.suppress(ValueError):
            return float(_number(row.name, value))
    if row.kind == "flag" and isinstance(value, (int, np.bool_)):
        return bool(value)
    return os.fsdecode(value) if _is_path(value) else getattr(value, "text", value)


def once(axes, together, is_default):
    """The axes with the first of equal values alone, but for those that run together with another list.
    is_default(name): whether None is the default there."""
    found = {}
    for name, values in axes.items():
        first = _first(name, values)
        apart = _first(name, values, False)
        if len(first) < len(apart) and not is_default(name):
            first = apart
        found[name] = values if name in together else first
    return found


def _first(name, values, is_default=True):
    """The first of equal values; None is one of its own if it is not the default."""
    first, row = {}, SETTINGS[_long(name)]
    for value in values:
        same = is_default or not is_none(row, value)
        first.setdefault(repr(_key(row, value)) if same else None, value)
    return list(first.values())


def axis(row, value):
    """Whether a setting's value is a list of values to sweep."""
    if _is_scalar(value) or row.kind == "files":
        return False
    if row.kind == "reals":
        return any(not _is_scalar(item) for item in value)
    if row.name == "tasks":  # a list of dicts is a single value
        return not any(isinstance(item, Mapping) for item in value)
    if row.name in ("momentum", "schedule"):  # numbers too, which are refused one by one
        return all(item is None or _is_scalar(item) for item in value)
    if row.kind in ("file", "text"):
        return all(item is None or _is_path(item) or isinstance(item, Activation) for item in value)
    return True


def is_none(row, value):
    """Whether a value says that a setting is not given, also by the program's word."""
    return value is None or (row.kind in _NUMBERS and isinstance(value, str) and value.strip() == "none")


def coordinate(name, values, is_default=True):
    """An axis as an array: numbers, also those that are given as texts, or texts. is_default: None is the default;
    else no value."""
    row = SETTINGS[LETTERS.get(name, name)]
    nothing = math.nan if row.kind in _NUMBERS else "None"
    none = nothing if row.value is None or not is_default else row.value
    values = [none if is_none(row, v) else v for v in values]
    if row.kind in _NUMBERS:
        values = [v if v is none else row.read(_number(name, v)) for v in values]
    plain = all(isinstance(v, (int, float, np.number)) for v in values)
    if plain:
        return np.array(values)
    texts = [":".join(map(str, v)) if not _is_scalar(v) else _told(v) for v in values]
    made = [v for v in values if isinstance(v, Activation)]
    if len(set(texts)) < len(texts) and made:  # activations without names
        texts = [v.text if isinstance(v, Activation) else text for v, text in zip(values, texts)]
    return np.array(texts)


def _told(value):
    """A value as a coordinate."""
    if isinstance(value, Activation):
        return value.name or str(value)
    return str(value)


def _long(name):
    return LETTERS.get(name, name)


def _long_names(names):
    return {_long(name) for name in names}


def _check_group(axes, group):
    if len(_long_names(group)) < len(group):
        raise ValueError(f"together: a setting stands in it twice: {', '.join(group)}")
    if missing := [name for name in group if name not in axes]:
        raise TypeError(f"together: {missing[0]!r} is no list of values")
    if len({len(axes[name]) for name in group}) > 1:
        lengths = ", ".join(f"{name} {len(axes[name])}" for name in group)
        raise ValueError(f"together: must be lists of one length, got {lengths}; **{{'K=M': [..]}} gives both the same list")


def indices(axes, groups):
    """The index of each point, where the settings of a group count as one axis; the names of the axes; and
    {name: its place in the index}."""
    for group in groups:
        _check_group(axes, group)
    first = {name: group[0] for group in groups for name in group}
    names = [name for name in axes if first.get(name, name) == name]
    place = {name: names.index(first.get(name, name)) for name in axes}
    return list(itertools.product(*(range(len(axes[name])) for name in names))), names, place


def _check_apart(keys):
    """Refuses a setting that "K=M" gives its values, and another keyword too."""
    seen = {}
    for key, names in keys.items():
        for name in map(_long, dict.fromkeys(names)):
            other = seen.setdefault(name, key)
            if other != key and "=" in other + key:
                shared = SETTINGS[name].letter or name if name in SETTINGS else name
                raise TypeError(f"sweep() got {other!r} and {key!r}, which both have values for {shared}")


def joined(settings, together):
    """The settings, where those that share a list, as "K=M" of **{"K=M": [2, 3]}, stand in its place, each with
    it; and the groups that run together."""
    keys = {key: tuple(name.strip() for name in key.split("=")) for key in settings}
    _check_apart({key: names for key, names in keys.items() if settings[key] is not None})
    groups = [names for names in keys.values() if len(names) > 1]
    if shared := [group for group in groups if _long_names(group) & _long_names(together)]:
        raise TypeError(f"together: {'='.join(shared[0])} runs together already; name all in one of the two")
    grouped = _long_names(itertools.chain(*groups))
    found = {}
    for key, names in keys.items():
        if settings[key] is not None or not _long_names(names) & grouped:
            found.update(dict.fromkeys(names, settings[key]))
    return found, [*groups, *([tuple(together)] if together else [])]


def _axis_of(word):
    """The names of an axis and the text of its values, as of K=M=2,3."""
    names, rest = [], word
    while "=" in rest and LETTERS.get(name := python_name(rest.partition("=")[0]), name) in SETTINGS:
        first, row = (SETTINGS[LETTERS.get(n, n)] for n in (names[0] if names else name, name))
        if first.kind not in ("real", "positive", "integer", row.kind):
            break  # it is within a value, as eta=0.1.csv
        names.append(name)
        rest = rest.partition("=")[2]
    return tuple(names), rest


def _json_notes(file):
    """The notes of a JSON file, or none where the library will say what is wrong with it."""
    try:
        found = json.loads(file.read().decode("utf-8-sig"))
    except ValueError:
        return {}
    return found if isinstance(found.get("settings"), dict) else {"settings": found}


def _notes_in(path):
    """What a file of the program says that it was swept over, as texts, and {file: digest} of what that names."""
    if not _is_path(path) or not os.path.isfile(path):
        return [], {}
    with open(path, "rb") as file:
        is_json = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        file.seek(0)
        if is_json:
            notes = _json_notes(file)
            words, lines = notes.get("settings", {}).get("sweep", []), [f"{key}: {text}" for key, text in notes.items()]
        else:
            words = settings_in(file).get("sweep", [])
            file.seek(0)
            comments = itertools.takewhile(lambda line: line.startswith(b"#"), file)
            lines = [os.fsdecode(line[1:].strip()) for line in comments]
    files = [found.groups() for line in lines if (found := re.fullmatch(r"file \d+: (.*), digest ([0-9a-f]+)", line))]
    return [words] if isinstance(words, str) else words, dict(files)


def _values_in(names, text, path):
    """The list of values that a text has, also of one."""
    row = SETTINGS[LETTERS.get(names[0], names[0])]
    if row.kind in ("files", "grid"):
        raise TypeError(f"like: {os.fsdecode(path)}: {names[0]} is swept there ({text}), which only the program does: give {names[0]}")
    values = listed(names[0], text, alone=len(names) == 1)
    if not isinstance(values, str):
        return values
    return [[values] if row.kind in ("reals", "orders") else _flags.get(values, values) if row.kind == "flag" else values]


def _with_group(groups, names, path):
    """The groups, and that of names that run together in the file."""
    others = [group for group in groups if _long_names(group) != _long_names(names)]
    if any(_long_names(group) & _long_names(names) for group in others):
        own = " and ".join(names)
        raise TypeError(f"together: {own} run together in {os.fsdecode(path)}: give {own}, or leave together out")
    return [*others, names]


def with_swept(settings, groups, placed):
    """The settings with the lists that the file `like` was swept over, where none of an axis' names is given, nor
    among `placed`; the groups that run together; and {name: {file: digest}} of what those lists name."""
    path = settings.get("like")
    given = _long_names(name for name, value in settings.items() if value is not None).union(placed)
    words, digests = _notes_in(path)
    named = {}
    for names, text in map(_axis_of, map(str, words)):
        if not names or _long_names(names) & given:
            continue
        settings = {**settings, **dict.fromkeys(names, _values_in(names, text, path))}
        named.update(dict.fromkeys(names, digests))
        if len(names) > 1:
            groups = _with_group(groups, names, path)
    return settings, groups, named


def list_hint(settings):
    """For a text that was meant as a list, and lists that are one value."""
    for name, value in settings.items():
        row = SETTINGS.get(LETTERS.get(name, name))
        if row and row.kind == "files" and isinstance(value, (list, tuple)):
            return f": a list of {name} is one set of data"
        if name in ("spectrum", "overlaps", "continue_from") and isinstance(value, (list, tuple)):
            return f": {name} is swept over the names of files, not over objects"
        if row and row.kind in _NUMBERS and isinstance(value, str) and (found := re.fullmatch(r"([\d.]+)-([\d.]+)", value)):
            count = "" if row.kind == "integer" and not _is_half(row, True) else ":COUNT"
            return f': a range is {name}="{found[1]}:{found[2]}{count}"'
    return ", as eta=(0.1, 0.2) or seed=range(1, 9)"


def pairs(axes, groups):
    """{"pairs": a fact} where K and M are swept apart, and may have been meant to be the same."""
    grouped = {name for group in groups for name in group}
    units = [name for name in axes if _long(name) in ("student_units", "teacher_units") and name not in grouped]
    if len(units) < 2 or not set(axes[units[0]]) & set(axes[units[1]]):
        return {}
    number = len(axes[units[0]]) * len(axes[units[1]])
    return {"pairs": Fact(f"all {number} of K and M; together=({units[0]!r}, {units[1]!r}), or **{{'K=M': [..]}}, has them equal")}
