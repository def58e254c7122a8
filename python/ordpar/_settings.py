# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The settings of a model, as the library describes them: signatures and documents come from
there."""

import inspect
import re
import textwrap
import typing

from . import _types
from ._library import library, text

# Settings that are words of the language.
KEYWORDS = {"continue": "continue_from"}


def python_name(name):
    return KEYWORDS.get(name, name.replace("-", "_"))


def library_name(name):
    return next((n for n, keyword in KEYWORDS.items() if keyword == name), name.replace("_", "-"))


class Setting(typing.NamedTuple):
    """A setting: its name (with _ for -), letter, kind, default, choices, and what it means."""

    name: str
    letter: typing.Optional[str]
    kind: str
    default: typing.Optional[str]
    choices: typing.Optional[typing.Tuple[str, ...]]
    help: str
    computations: typing.Tuple[str, ...]

    @property
    def keyword(self) -> str:
        """What a signature shows: the letter, where there is one."""
        return self.letter or self.name

    @property
    def value(self) -> typing.Any:
        """The default as a Python value."""
        if self.kind == "flag":
            return self.default == "yes"
        if self.default is None or self.kind in ("choice", "text", "grid"):
            return self.default
        return int(self.default) if self.kind == "integer" else float(self.default)


def _read():
    rows = {}
    for k in range(library.ordpar_setting_count()):
        row = {
            p: text("setting_property", k, p.encode())
            for p in ("name", "letter", "kind", "default", "choices", "help", "computations")
        }
        row["name"] = python_name(row["name"])
        row["choices"] = tuple(row["choices"].split("|")) if row["choices"] else None
        row["computations"] = tuple(row["computations"].split(","))
        rows[row["name"]] = Setting(**row)
    return rows


SETTINGS = _read()
LETTERS = {row.letter: row.name for row in SETTINGS.values() if row.letter}
LIKE = "like : A file of the program, or a JSON object of settings: what it says counts where nothing is given."


def taken_by(computation, without=()):
    """The settings that a computation takes, by name."""
    return {
        row.name: row
        for row in SETTINGS.values()
        if computation in row.computations and row.name not in without
    }


def annotation(row):
    """The type of a setting's keyword."""
    if row.choices:
        return "typing.Literal[" + ", ".join(map(repr, row.choices)) + "]"
    return _types.NAMES.get(row.name) or _types.NAMES[row.kind]


def _meaning(row):
    """The help, with the names of settings as Python has them."""
    words = re.sub(r"--([a-z][a-z-]*)", lambda m: python_name(m[1]), row.help)
    words = re.sub(r"(?<=[\s(])-([A-Z])\b", r"\1", words)
    return words[0].upper() + words[1:] if re.match(r"[a-z]+(?![\w^])", words) else words


def _lines(rows):
    for row in rows:
        names = f"{row.letter} ({row.name})" if row.letter else row.name
        choices = f" One of {', '.join(row.choices)}." if row.choices else ""
        shown = row.default is not None and row.kind != "flag" and "(default" not in row.help
        default = f" [{row.default}]" if shown else ""
        yield f"{names} : {_meaning(row).rstrip('.')}.{choices}{default}"


def documented(computation, without=()):
    """Gives a function that takes **settings their signature and their meaning."""

    def decorate(function):
        rows = taken_by(computation, without)
        signature = inspect.signature(function)
        own = [p for p in signature.parameters.values() if p.kind != p.VAR_KEYWORD]
        for row in rows.values():
            own.append(
                inspect.Parameter(
                    row.keyword,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=row.value,
                    annotation=annotation(row),
                )
            )
        own.append(inspect.Parameter("like", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="File"))
        function.__signature__ = signature.replace(parameters=own)
        function.settings = rows
        listed = "\n".join(
            textwrap.fill(line, 92, initial_indent="    ", subsequent_indent="        ")
            for line in (*_lines(rows.values()), LIKE)
        )
        function.__doc__ = inspect.cleandoc(function.__doc__) + "\n\nSettings:\n\n" + listed
        return function

    return decorate
