# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The legend of axes on which several results are drawn: the settings in which they differ; theory and
its simulation in one colour; a run and its continuation as one curve."""

import dataclasses
import decimal
import json
import typing
from collections.abc import Mapping

import numpy as np

from ._activation import Activation
from ._library import library
from ._names import label_of, symbol_of, told
from ._settings import LETTERS, SETTINGS, NotKept, exact, has_numbers, library_name, settings_begun, taken_by

# What a legend tells of a model.
_TOLD = {*taken_by("report"), *(taken_by("optimize").keys() & taken_by("simulate").keys()), "generate", "like"}
_OF_ONE = "theory of one start"
_UNDRAWN = "linear-exact linear-small-eta linear-continuum linear-finite-n features frontier asymptotic".split()  # closed forms
# Of which ordpar_settings_line_is_usual knows.
_USUAL = {"array", "schedule", "student_output", "teacher_activation", "teacher_output", "trainable", "unlearnable"}
MOST, LINE = 16, 48  # entries, characters of a line


@dataclasses.dataclass
class Entry:
    """What an artist shows. label: what its maker wants; kind: of what result; what: of which task; known: its settings by their
    long names, all of them unless it is `open`; begin, end: of alpha."""

    settings: dict
    role: str
    kind: str
    label: typing.Optional[str]
    what: str
    begin: float
    end: float
    bars: bool = False
    order: int = 0
    more: str = ""
    x: str = ""  # expressions
    y: str = ""
    x_name: str = ""  # as axes have them
    y_name: str = ""
    column: typing.Optional[str] = None  # y, where it is one
    task: typing.Optional[str] = None  # of which it is the error: that column
    against: str = ""  # x, as the legend has it
    facts: dict = dataclasses.field(default_factory=dict)
    without: frozenset = frozenset()  # settings that it has no value for
    follows: typing.Any = None  # (artist, entry) of the run that it goes on from

    def __post_init__(self):
        given = {LETTERS.get(name, name): value for name, value in self.settings.items()}
        self.continues = given.get("continue_from") is not None
        self.open = self.continues or "like" in given
        told = {name: value for name, value in given.items() if name in _TOLD}
        self.nothing = {name: value for name, value in told.items() if _says_nothing(given, name)}
        self.known = {name: value for name, value in told.items() if name not in self.nothing}
        self.untold = False  # of its beginning nothing is known
        if self.continues:
            begun = {n: told for n, told in settings_begun(given["continue_from"], self.settings).items() if n in _TOLD}
            self.known.update(begun)
            self.untold = not begun
        if "tasks" in self.known:
            self.known["tasks"] = _whole(self.known["tasks"])

    def of(self, name):
        """The value of a setting; None: another takes its place or, with open, nothing is known."""
        if self.continues and self._has_no(name):  # though its state says one
            return None
        if name in self.known or self.open or name not in SETTINGS or self._has_no(name):
            return self.known.get(name)
        if name == "small_eta" and self.is_lowest():
            return True
        return SETTINGS[name].value

    def is_lowest(self):
        """Whether it is a closed form of the lowest order in eta, which is of small eta."""
        return self.facts.get("orders in eta") == "lowest"

    def unknown(self, name):
        """Whether nothing is known of a setting that has no value here. The line of the run that one goes on from has
        all that were given; a spectrum and overlaps that are in its state have digests alone, in the place of others."""
        told = self.continues and not self.untold and "like" not in self.settings
        instead = {"spectrum": "beta", "data": "beta", "overlaps": "init"}.get(name)
        return self.open and not (told and (instead is None or instead in self.known))

    def is_curve(self):
        """In double precision, of one start: others may go on from it."""
        return self.kind == "curve" and self.role == "theory" and self.settings.get("runs") is None

    def shows(self, other):
        """Whether it shows the same of its model as another."""
        return (self.x_name, self.y_name, self.what) == (other.x_name, other.y_name, other.what)

    def digest(self, name):
        """Of what was in the files that a setting names, or in an array; None: it is not known."""
        for word in self.facts.get("digests", "").split():
            if word.startswith(library_name(name) + "="):
                return word
        return self.follows[1].digest(name) if self.follows else None

    def _has_no(self, name):
        """Also no seed of theory by which nothing is drawn."""
        return name in self.without or (name == "seed" and self.draws_nothing())

    def draws_nothing(self):
        """From given overlaps, of linear units in closed form, from the mean start with the mean teacher."""
        if self.kind not in ("curve", "precise"):
            return self.kind in _UNDRAWN
        mean = self.known.get("init") == self.known.get("teacher") == "mean"
        return mean or self.starts_given() or self.of_linear_labels()

    def of_linear_labels(self):
        """Whose curve is the mean over starts."""
        return (self.known.get("labels") is not None or self.digest("labels") is not None) and self.known.get("activation") == "linear"

    def starts_given(self):
        """Whether it begins with given overlaps."""
        return self.known.get("overlaps") is not None or self.digest("overlaps") is not None


def _says_nothing(given, name):
    """Whether a setting has no value, as a point of a sweep may, or one that says what is so without it."""
    value, row = given[name], SETTINGS.get(name)
    if row is None or value is None or (isinstance(value, str) and value == "None"):
        return row is not None
    if row.default is None and isinstance(value, str) and value == "none":
        return True
    if name not in _USUAL:
        return False
    beside = ("activation", "student_units", "teacher_units", *(["input_dim"] * (given.keys().isdisjoint({"spectrum", "data"}))), *(["data"] * (name == "array" and "data" in given)))
    every = {**{other: SETTINGS[other].value for other in beside}, **given}
    line = " ".join(f"{library_name(other)}={_words_of(every[other])}" for other in dict.fromkeys((*beside, name)))
    return bool(library.ordpar_settings_line_is_usual(line.encode(errors="replace"), library_name(name).encode()))


def _words_of(value):
    """A value in a line of settings, if it is of numbers or one word."""
    value = value.text if isinstance(value, Activation) else value
    items = np.asarray(value, dtype=object).ravel().tolist() if np.iterable(value) and not isinstance(value, (str, bytes)) else [value]
    words = ",".join(map(str, items))
    return words if words.isascii() and not set(words) & set(" \t\r\n\v\f'\"\\;") else "other"


def _whole(tasks):
    """Tasks as the object of a file, however they were given; of a file its name."""
    if isinstance(tasks, str) and tasks.lstrip()[:1] in ("{", "["):
        try:
            tasks = json.loads(tasks)
        except ValueError:
            return tasks
    return {"tasks": tasks} if isinstance(tasks, (list, tuple)) else tasks


def _number(told):
    try:
        return decimal.Decimal(told).normalize()
    except decimal.InvalidOperation:
        return told


def plain(value):
    """What equal values have in common, however they were given: all of an array, not its short form."""
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, Activation):
        value = value.text
    if isinstance(value, NotKept):
        return f"array {value.digest}"
    if isinstance(value, Mapping):
        return tuple((name, plain(value[name])) for name in sorted(value, key=str))
    if hasattr(value, "__array__"):
        value = np.asarray(value).tolist()
    if isinstance(value, (list, tuple, memoryview)):
        beside = (getattr(value, name, None) for name in ("teacher", "v", "p"))  # of a Spectrum, and Overlaps
        items = (*map(plain, value), *(plain(part) for part in beside if part is not None))
        return items[0] if len(items) == 1 else items
    items = [_number(item) for item in str(value).replace(" ", "").strip("[]()").split(",")]
    return items[0] if len(items) == 1 else tuple(items)


def exactly(name, value):
    """Likewise of a setting: a number for all units is that for each, and words are told by their numbers."""
    row = SETTINGS.get(LETTERS.get(name, name))
    value = value.text if isinstance(value, Activation) else value
    if row and row.kind in ("text", "file") and isinstance(value, str) and has_numbers(value):
        return exact(row, value)
    items = plain(value)
    return items[0] if row and row.kind == "reals" and isinstance(items, tuple) and len(set(items)) == 1 else items


def _is_passing(name, value):
    """Whether it is the name of a stream, of which nobody knows what another one had."""
    row = SETTINGS.get(name)
    streams = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
    return row is not None and row.kind in ("file", "files") and isinstance(value, str) and (value == "-" or value.startswith(streams))


def differ(a, b, name):
    """Of files, and of arrays, by what was in them, where that is known of both. Theory by which nothing is drawn is
    that of each seed."""
    if name == "seed":
        given = [entry.starts_given() for entry in (a, b)]
        undrawn = [entry.draws_nothing() for entry in (a, b)]
        if all(given) and None in (a.of(name), b.of(name)) or any(none and not its for none, its in zip(undrawn, given)):
            return False
    values, digests = ([one(name) for one in ones] for ones in ((a.of, b.of), (a.digest, b.digest)))
    if None not in digests:
        return digests[0] != digests[1]
    if a is not b and any(_is_passing(name, value) for value, digest in zip(values, digests) if digest is None):
        return True
    nothing = [value is None and digest is None for value, digest in zip(values, digests)]
    if any(none and entry.unknown(name) for none, entry in zip(nothing, (a, b))):
        return False
    if digests != [None, None] and None in values:  # of one the digest alone: does the other have any?
        return any(nothing)
    return exactly(name, values[0]) != exactly(name, values[1])


def _names(entries):
    """Of the settings of which one of them knows something."""
    names = [name for name in [*SETTINGS, "like"] if name in _TOLD]
    lowest = {"small_eta"} if any(entry.is_lowest() for entry in entries) else set()
    return [name for name in names if name in lowest or any(name in entry.known or entry.digest(name) for entry in entries)]


def _agree(a, b):
    return not (a.untold or b.untold or any(differ(a, b, name) for name in _names((a, b))))


def entries(ax):
    """[(artist, Entry)] of what was drawn on axes, in that order."""
    found = [(artist, artist.ordpar) for artist in (*ax.get_lines(), *ax.containers) if hasattr(artist, "ordpar")]
    return sorted(found, key=lambda pair: pair[1].order)


def colour_of(artist):
    return (artist.lines[0] if hasattr(artist, "lines") else artist).get_color()


def _begun_by(entry, earlier):
    """The artist and entry that end last of those which a run goes on from; None: there is none."""
    if not entry.continues:
        return None
    before = [(a, e) for a, e in earlier if e.is_curve() and e.begin < entry.begin and e.end <= entry.begin * (1 + 1e-9)]
    fit = [(a, e) for a, e in before if e.shows(entry) and _agree(e, entry)]
    return max(fit, key=lambda pair: pair[1].end, default=None)


def _is_taken(begin, entry, drawn):
    """Whether another goes on from there: of two the first is its curve."""
    return any(
        e is not entry and e.follows and e.follows[1] is begin and e.shows(entry) and e.begin < entry.end and e.end > entry.begin for _, e in drawn
    )


def _follow(entry, earlier):
    """Makes it the continuation of what it goes on from among these, if it is not yet one. Whether it is."""
    free = [(a, e) for a, e in earlier if not _is_taken(e, entry, earlier)]
    begun = None if entry.follows else _begun_by(entry, free)
    if begun:
        entry.follows, begin = begun, begun[1]
        entry.known = {**begin.known, **entry.known}
        entry.open, entry.untold, entry.without = begin.open, begin.untold, entry.without | begin.without
    return entry.follows is not None


def prepare(ax, entry):
    """The colour that an entry should have, as it belongs to what is there; None: one of its own."""
    there = entries(ax)
    entry.order = len(there)
    if _follow(entry, there):
        return colour_of(entry.follows[0])
    if later := [a for a, e in there if not e.follows and _begun_by(e, [(None, entry)])]:
        return colour_of(later[0])
    same = [(a, e) for a, e in there if e.shows(entry) and _agree(e, entry)]
    same.sort(key=lambda pair: pair[1].settings is not entry.settings)  # first those of its own result
    taken = {colour_of(a) for a, e in there if e.role == entry.role}
    return next((colour_of(a) for a, e in same if e.role != entry.role and colour_of(a) not in taken), None)


def _told_apart(name, entry, all_entries):
    """A value as a legend has it, with its number where others that differ are told alike."""
    words, alike = told(name, entry.of(name)), []
    for other in all_entries:
        if other.of(name) is not None and told(name, other.of(name)) == words and all(differ(other, e, name) for e in alike):
            alike.append(other)
    return words + (f" ({1 + [differ(entry, e, name) for e in alike].index(False)})" if len(alike) > 1 else "")


def _word(name, entry, all_entries):
    """What a legend says of a setting: of a flag that it is set, or "" """
    row = SETTINGS.get(name)
    if row and row.kind == "flag" and entry.kind != "sweep":
        return symbol_of(name) if plain(entry.of(name)) in ("yes", 1) else ""
    return label_of({row.keyword if row else name: _told_apart(name, entry, all_entries)})


def _tell(entry, differing, all_entries):
    settings = [_word(name, entry, all_entries) for name in differing if entry.of(name) is not None]
    if all(e.kind == "sweep" for e in all_entries):  # whose points have a word for it
        none = {name: "none" if str(value) == "None" else value for name, value in entry.nothing.items()}
        settings += [label_of({name: value}) for name, value in none.items() if name in differing and entry.of(name) is None]
    shown = entry.what or (entry.y_name if len({e.y_name for e in all_entries}) > 1 else "")
    against = "against " + entry.against if len({e.x_name for e in all_entries}) > 1 else ""
    return [word for word in (*settings, shown, against) if word]


def _draws(entry):
    """Whether something else is drawn in each run of its model."""
    if entry.of("overlaps") is not None or entry.digest("overlaps") or entry.of_linear_labels():
        return False
    return entry.of("init") in ("sampled", "near-teacher") or (entry.of("teacher") == "sampled" and str(entry.of("teacher_seed")) == "-1")


def _theory(entry, all_entries):
    """What a line of theory is called: a curve of one drawn start is none of the mean of runs over several."""
    one = entry.kind in ("curve", "precise", "sweep") and entry.column == "eps_g" and entry.settings.get("runs") is None and _draws(entry)
    simulated = (e for e in all_entries if e.role == "simulation" and int(e.settings.get("runs", SETTINGS["runs"].value)) > 1)
    return _OF_ONE if one and any(_agree(e, entry) for e in simulated) else "theory"


def _words(entry, differing, roles, all_entries):
    words = _tell(entry, differing, all_entries)
    name = _theory(entry, all_entries) if len(roles) > 1 and entry.role == "theory" else ""
    if name and (name == _OF_ONE or not words):
        words.append(name)
    elif len(roles) > 1 and entry.role != "theory":
        words.append(entry.role + " ± standard error" * entry.bars)
    return ", ".join(words)


def _labels(all_entries):
    """The label of each: in what it differs from others, its role where there are two, and its kind where that
    does not suffice."""
    names = _names(all_entries)
    differing = [name for name in names if any(differ(a, b, name) for a in all_entries for b in all_entries)]
    roles = {e.role for e in all_entries}
    texts = [_words(e, differing, roles, all_entries) for e in all_entries]
    shorter = [text.replace(_OF_ONE, "theory") for text in texts]
    for k, e in enumerate(all_entries):  # what is no model's, such as runs or rtol, where it has to be told
        alike = [other.settings for other, text in zip(all_entries, shorter) if text == shorter[k]]
        more = {n: v for n, v in e.settings.items() if n not in e.known and LETTERS.get(n, n) not in _TOLD | {"continue_from"}}
        e.more = label_of(differing_from(more, alike)) if len(alike) > 1 else ""
    texts = [", ".join(filter(None, [text, e.more])) for text, e in zip(texts, all_entries)]
    if len(texts) == 1:
        model = {name: value for name, value in all_entries[0].settings.items() if LETTERS.get(name, name) in _TOLD}
        return [texts[0] or label_of(model) or all_entries[0].kind]
    kinds = [", ".join(filter(None, [t, e.kind])) if texts.count(t) > 1 or not t else t for e, t in zip(all_entries, texts)]
    return [t if kinds.count(t) == 1 else f"{t} {kinds[: k + 1].count(t)}" for k, t in enumerate(kinds)]


def differing_from(settings, of_all):
    """What is not the same in all."""
    return {name: value for name, value in settings.items() if any(exactly(name, other.get(name)) != exactly(name, value) for other in of_all)}


def _wrapped(label):
    """In lines of which several find a place beside the axes."""
    lines = [""]
    for word in label.split(", "):
        if lines[-1] and len(lines[-1]) + len(word) > LINE:
            lines.append("")
        lines[-1] += (", " if lines[-1] else "") + word
    return ",\n".join(lines)


def name_all(ax):
    """Labels of all that was drawn on the axes, and a legend where there are several."""
    there = entries(ax)
    own = [(artist, entry) for artist, entry in there if not _follow(entry, there)]  # also what was drawn before its beginning
    bands = [band for band in ax.collections if not band.get_label().startswith("_")]
    labels = [own[0][1].kind] if len(own) == 1 and bands else map(_wrapped, _labels([entry for _, entry in own]))
    for (artist, entry), text in zip(own, labels):
        artist.set_label(entry.label if entry.label is not None else text)
    for artist, entry in there:
        if entry.follows and entry.label is None:
            artist.set_label("_nolegend_")
    legend = ax.get_legend()
    shown = {artist.get_label() for artist in (*(a for a, _ in own), *bands)}
    if len(shown) > 1 and (legend is None or hasattr(legend, "ordpar")):
        ax.legend(*_shortened(ax), fontsize="small").ordpar = True


def _shortened(ax):
    """Artists and labels of a legend; of many the first, and how many there are more."""
    handles, labels = ax.get_legend_handles_labels()
    if len(labels) <= MOST:
        return handles, labels
    from matplotlib.lines import Line2D

    more = Line2D([], [], linestyle="none")
    return [*handles[:MOST], more], [*labels[:MOST], f"and {len(labels) - MOST} more"]


def add_band(ax, kind, at, low, high, colour):
    """A band, full of quantiles (q05..q95) and outlined of a standard deviation (eps_g..sd), each kind named once."""
    from matplotlib.colors import to_rgb

    symbol = symbol_of(kind)
    named = any(symbol == band.get_label() for band in ax.collections)
    full = dict(color=colour, alpha=0.2, lw=0)
    outlined = dict(facecolor=(*to_rgb(colour), 0.08), edgecolor=colour, lw=0.8)
    ax.fill_between(at, low, high, label="_nolegend_" if named else symbol, **(full if kind == "q05..q95" else outlined))
