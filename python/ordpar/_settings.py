# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The settings of a model, as the library describes them: signatures and documents come from
there."""

import decimal
import functools
import inspect
import itertools
import json
import os
import re
import shlex
import textwrap
import typing
from collections.abc import Mapping

from . import _types
from ._cautions import caution_of_scale
from ._library import library, shown, text

# Settings that are words of the language.
KEYWORDS = {"continue": "continue_from"}


def python_name(name):
    return KEYWORDS.get(name, name.replace("-", "_"))


def library_name(name):
    return next((n for n, keyword in KEYWORDS.items() if keyword == name), name.replace("_", "-"))


class Setting(typing.NamedTuple):
    """A setting: its name (with _ for -), letter, kind, default, choices, what it means, the computations
    that it belongs to, and what stands for its value on the command line."""

    name: str
    letter: typing.Optional[str]
    kind: str
    default: typing.Optional[str]
    choices: typing.Optional[typing.Tuple[str, ...]]
    help: str
    computations: typing.Tuple[str, ...]
    argument: typing.Optional[str]

    @property
    def keyword(self) -> str:
        """What a signature shows: the letter, where there is one."""
        return self.letter or self.name

    def read(self, told: typing.Optional[str]) -> typing.Any:
        """A text of the library as a Python value."""
        if self.kind == "flag":
            return told == "yes"
        if told is None or self.kind not in ("integer", "real", "positive"):
            return told
        return int(float(told)) if self.kind == "integer" else float(told)

    @property
    def value(self) -> typing.Any:
        """The default as a Python value."""
        return self.read(self.default)


class NotKept(str):
    """What settings have in the place of data that were an array: a word, no name of a file. digest:
    of what was in it."""

    digest = ""

    def __new__(cls, text, digest=""):
        made = super().__new__(cls, text)
        made.digest = digest
        return made

    def __getnewargs__(self):
        return str(self), self.digest

    def __repr__(self):
        return str(self)


# Settings whose default depends on what is computed: given, they count also at the value that stands
# for their default.
DEPENDENT = ("runs", "digits", "teacher", "init", "representation")

# Those that others need beside them, or that keep a caution away: they count as given, whatever their value.
NEEDED = ("eta_v", "spread", "normalise", "train_output")


def _exact_number(text):
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        return text


def has_numbers(told):
    """Whether words have numbers behind them, as power:0.5:5."""
    return re.match(r"[a-z]+:[-\d.]", told)


def exact(row, told):
    """A text of the library, such that those of one value are equal."""
    if told is not None and row.name == "tasks" and told.startswith("{"):
        return json.loads(told)
    if told and (row.kind == "text" or (row.kind == "file" and has_numbers(told))):
        return [_exact_number(item) for item in re.split("([:,=])", told)]  # words with numbers
    if told is None or row.kind not in ("integer", "real", "positive", "reals", "orders"):
        return told
    try:
        items = [decimal.Decimal(item) for item in told.split(",")]
    except decimal.InvalidOperation:
        return told
    return items[:1] if row.kind == "reals" and len(set(items)) == 1 else items  # of all units


def _read():
    rows = {}
    for k in range(library.ordpar_setting_count()):
        row = {
            p: text("setting_property", k, p.encode())
            for p in ("name", "letter", "kind", "default", "choices", "help", "computations", "argument")
        }
        row["name"] = python_name(row["name"])
        row["choices"] = tuple(row["choices"].split("|")) if row["choices"] else None
        row["computations"] = tuple(row["computations"].split(","))
        rows[row["name"]] = Setting(**row)
    return rows


SETTINGS = _read()
LETTERS = {row.letter: row.name for row in SETTINGS.values() if row.letter}


def taken_by(computation, without=()):
    """The settings that a computation takes, by name."""
    return {
        row.name: row
        for row in SETTINGS.values()
        if computation in row.computations and row.name not in without
    }


def settings_of_state(path):
    """{name: text} of the line `settings` in a file of overlaps; nothing of one that cannot be read."""
    try:
        with open(path, "rb") as file:
            return settings_in(file)
    except OSError:
        return {}


def settings_begun(state, settings):
    """{name: text} of the run that a State, or a file of one as it was then, goes on with. settings: those of the
    run that does."""
    if hasattr(state, "content"):
        return settings_in(state.content.splitlines())
    return getattr(settings, "begun", {}).get(os.fsdecode(state), {})


def settings_in(lines):
    """Likewise of its lines, in bytes; of several files a list. What was open then, or an array, has no name, and what
    says what is so anyway is left out."""
    notes = itertools.takewhile(lambda line: line.startswith(b"#"), lines)
    line = next((note for note in notes if note.startswith(b"# settings: ")), b"")
    told = line.removeprefix(b"# settings: ").rstrip(b"\r\n")
    found = {}
    try:
        words = shlex.split(line.decode(errors="replace"))
    except ValueError:
        return {}
    for name, equals, value in (word.partition("=") for word in words):
        value = value.rstrip(";")
        if equals and not value.startswith(("/proc/self/fd/", "(array)")) and not library.ordpar_settings_line_is_usual(told, name.encode()):
            found.setdefault(python_name(name), []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def annotation(row):
    """The type of a setting's keyword."""
    if row.choices:
        chosen = "typing.Literal[" + ", ".join(map(repr, row.choices)) + "]"
        return chosen if row.default else chosen + " | None"
    if row.kind == "text" and "FILE" not in row.argument:
        return "Words"
    return _types.NAMES.get(row.name) or _types.NAMES[row.kind]


def _meaning(row):
    """The help, with the names of settings as Python has them."""
    words = re.sub(r"--([a-z][a-z-]*)", lambda m: python_name(m[1]), row.help)
    words = re.sub(r"(?<=[\s(])-([A-Z])\b", r"\1", words)
    return words[0].upper() + words[1:] if re.match(r"[a-z]+(?![\w^])", words) else words


def _lines(rows):
    """Of numpydoc's section of parameters."""
    for row in rows:
        names = f"{row.letter}, {row.name}" if row.letter else row.name
        kind = "{" + ", ".join(map(repr, row.choices)) + "}" if row.choices else annotation(row)
        default = f", default {row.value!r}" if row.value is not None else ""
        yield f"{names} : {kind}{default}", _meaning(row).rstrip(".") + "."


SHARED = {
    "like": ("File", "A file of the program, or a JSON object of settings: what it says counts where nothing is given."),
    "progress": ("Progress", "Called with the fraction that is done; what it raises ends the computation."),
}


def _document(own, rows, shared):
    """The document of a function, with its settings before the examples."""
    lines = [*_lines(rows), *((f"{name} : {kind}", words) for name, (kind, words) in shared.items())]
    listed = "\n".join(
        textwrap.fill(head, 92, subsequent_indent="    ")
        + "\n"
        + textwrap.fill(words, 92, initial_indent="    ", subsequent_indent="    ")
        for head, words in lines
    )
    head, *examples = re.split(r"\n(?=Examples\n-+\n)", inspect.cleandoc(own))
    return "\n".join([head, "Other Parameters\n----------------\n" + listed + "\n", *examples])


def default_of(row, computations):
    """What a signature shows: None where it depends on which closed form it is."""
    return None if "closed-form" in computations and row.name in DEPENDENT else row.value


def no_positions(name, taken, more):
    """What is said of arguments beyond those that have a place."""
    example = f"{name}({'.., ' if taken else ''}eta={'(0.1, 0.2)' if name == 'sweep' else '0.1'})"
    unpacked = f"; a dict of them goes as **{shown(more[0])}" if isinstance(more[0], Mapping) else ""
    places = f"takes {', '.join(taken)} by place, and " if taken else "takes "
    return TypeError(f"{name}() {places}settings as keywords, as {example}{unpacked}")


def unpacked(name, arguments, settings):
    """Arguments and settings of the function of that name, of sweep with the settings of a dict that is
    given by place."""
    if name != "sweep":
        return arguments, settings
    for given in reversed([argument for argument in arguments if isinstance(argument, Mapping)]):  # their order is that of axes
        if twice := [word for word in given if word in settings]:
            raise TypeError(f"sweep() got {twice[0]!r} in the dict and as a keyword")
        settings = {**given, **settings}
    return tuple(a for a in arguments if not isinstance(a, Mapping)), settings


def _by_keywords(function):
    """The function, which says so where settings are given by place."""
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY
    taken = [p.name for p in inspect.signature(function).parameters.values() if p.kind in kinds]

    @functools.wraps(function)
    def call(*arguments, **settings):
        arguments, settings = unpacked(function.__name__, arguments, settings)
        dicts = [a for name, a in zip(taken, arguments) if name in ("alpha", "compute") and isinstance(a, Mapping)]
        if len(arguments) > len(taken) or dicts:
            raise no_positions(function.__name__, taken, dicts or arguments[len(taken) :])
        result = function(*arguments, **settings)
        caution_of_scale(function.__name__, settings, result)
        return result

    return call


def documented(*computations, without=()):
    """Gives a function (or class) that takes **settings their signature and their meaning: those of
    all the computations."""
    shared = dict(SHARED)
    if not {"curve", "simulate", "compare", "precision", "optimize"} & {computations[0]}:
        del shared["progress"]

    def decorate(function):
        function = function if inspect.isclass(function) else _by_keywords(function)
        rows = {}
        for computation in computations:
            rows.update(taken_by(computation, without))
        signature = inspect.signature(function)
        own = [p for p in signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        words = [(row.keyword, default_of(row, computations), annotation(row)) for row in rows.values()]
        for name, default, kind in (*words, *((n, None, t) for n, (t, _) in shared.items())):
            own.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind))
        function.__signature__ = signature.replace(parameters=own)
        function.settings = rows
        if function.__doc__:  # python -OO has none
            function.__doc__ = _document(function.__doc__, rows.values(), shared)
        return function

    return decorate
