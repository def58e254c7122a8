# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Lines, points, bands and histograms by matplotlib, as the program draws them."""

import re

import numpy as np

from . import _legend, _title
from ._cautions import caution
from ._library import doubles, library
from ._names import axis_of, label_of, symbol_of

_SIMULATED = re.compile(r"(mean|run|stderr)(_\d+)?")
_THEORY = re.compile(r"theory(_\d+)?")


def named(expression):
    """What an axis calls an expression."""
    if expression.like:
        return named(expression.like)
    if len(expression.joint) > 1:
        return " = ".join(map(symbol_of, expression.joint))
    return axis_of(expression.column) if expression.column else expression.title


def task_of(expression):
    """"task 2" of the errors of that task; None: it is something else."""
    found = re.fullmatch(r"(?:eps_g|theory|mean)_(\d+)", expression.column or "")
    return found and f"task {found[1]}"


def bars_of(expression, columns):
    """The standard errors of a column; None: there are none."""
    name = re.sub(r"^mean", "stderr", expression.column or "")
    found = columns.get(name if name != expression.column else f"{name}_stderr")
    return None if found is None or not np.isfinite(found).any() else found


def _is_simulated(expression):
    used = [name for name in expression.used if _SIMULATED.fullmatch(name) or _THEORY.fullmatch(name)]
    return bool(used) and not any(_THEORY.fullmatch(name) for name in used)


def pair(of):
    """What is drawn of a sweep, with a role: theory and simulations, where both are there; and of two, of which one is a
    prediction and the other what is measured, that first, as a line, this as points, both of one name and colour."""
    errors = [(e, found[1]) for e in of if (found := re.fullmatch(r"(theory|mean)(?:_\d+)?", e.column or ""))]
    if len({name for _, name in errors}) == 2:
        for expression, name in errors:
            expression.role = "simulation" if name == "mean" else "theory"
    predicted = [any("_predicted" in name for name in expression.used) for expression in of]
    if sorted(predicted) != [False, True]:
        return of
    prediction, measured = sorted(of, key=lambda expression: not predicted[of.index(expression)])
    prediction.role, measured.role, prediction.like = "theory", "measured", measured
    return [prediction, measured]


def _kind(result):
    return str(getattr(result, "facts", {}).get("closed form") or type(result).__name__.lower())


def _full(expression, columns, count):
    return expression.values(columns) + np.zeros(count)


def _in_order(columns):
    """Rows along alpha, which may have been asked for in any order."""
    if "alpha" not in columns:
        return columns
    order = np.argsort(np.asarray(columns["alpha"], dtype=float), kind="stable")
    return {name: np.asarray(values)[order] if np.ndim(values) else values for name, values in columns.items()}


def _histogram_on(ax):
    """Of what axes show a histogram; None: they show none."""
    return next((bars.ordpar_of for bars in ax.patches if hasattr(bars, "ordpar_of")), None)


def check_axes(ax, x, y, along, of):
    """Refuses axes on which other things are drawn, unless x and y were given."""
    if (there := _histogram_on(ax)) is not None:
        raise ValueError(f"plot needs axes of its own: these show a histogram of {there}")
    for _, entry in _legend.entries(ax):
        for name, given, own, there in (("x", x, along, entry.x), ("y", y, kind_of(of[0]), entry.y)):
            if given is None and own != there:
                raise ValueError(f"{name} has to be given: the axes show {there}, and this result is of {own}")


def check_numbers(along, of, columns):
    """Refuses what has nothing to draw."""
    at = along.values(columns)
    if not any(np.any(np.isfinite(at) & np.isfinite(expression.values(columns))) for expression in of):
        raise TypeError(f"plot: there are no numbers to draw of {', '.join(expression.text for expression in of)} against {along.text}")


def is_error(expression):
    return expression.column in ("eps_g", "theory", "mean") or task_of(expression) is not None


def kind_of(expression):
    """eps_g of all errors, else its text."""
    return "eps_g" if is_error(expression) else expression.text


def _say_axes(entry, along, of):
    """What an entry shows."""
    entry.x, entry.y = along.text, kind_of(of)
    entry.x_name, entry.y_name = named(along), axis_of("eps_g") if is_error(of) else named(of)
    entry.against = symbol_of(along.column) if along.column else along.title
    entry.what = task_of(of) or ""
    entry.column, entry.task = of.column, entry.what and "eps_g_" + entry.what.partition(" ")[2] or None


def _drawn(ax, entry, at, values, bars, line):
    """A line, or points of a simulation, with bars of errors unless they are None, in the colour of the model. One point
    alone has a mark: a line does not show it."""
    colour = _legend.prepare(ax, entry)
    if colour is not None:
        line.setdefault("color", colour)
    if entry.role != "theory":
        line = {"linestyle": "", "markersize": 3, **line, "marker": line.get("marker") or "o"}
    if np.isfinite(np.asarray(at, float) * np.asarray(values, float)).sum() == 1:
        line = {**line, "marker": line.get("marker") or "o"}
    artist = ax.plot(at, values, **line)[0] if bars is None else ax.errorbar(at, values, bars, **{"elinewidth": 1, **line})
    artist.ordpar = entry
    return artist


def draw_line(ax, result, columns, along, of, line):
    """A column of a result: theory as a line, a simulation as points with its standard errors."""
    count = len(columns[next(iter(columns))])
    columns = _in_order(columns)
    at, values = _full(along, columns, count), _full(of, columns, count)
    bars = bars_of(of, columns)
    entry = _legend.Entry(
        result.settings, "simulation" if _is_simulated(of) else "theory", _kind(result), line.pop("label", None), "",
        *_extent(columns), bars is not None,
    )  # fmt: skip
    _say_axes(entry, along, of)
    entry.facts, entry.without = result.facts, getattr(result.settings, "without", frozenset())
    artist = _drawn(ax, entry, at, values, bars, line)
    _add_bands(ax, columns, of, at, _legend.colour_of(artist))
    _legend.name_all(ax)


def draw_points(ax, at, values, bars, settings, axes, line, without=(), facts=None):
    """A line of a sweep; axes: the expressions x and y; without: what is swept along it; facts: of all points."""
    role = axes[1].role or ("simulation" if axes[0].column == "alpha" and _is_simulated(axes[1]) else "theory")
    entry = _legend.Entry(settings, role, "sweep", line.pop("label", None), "", np.nan, np.nan, bars is not None)
    _say_axes(entry, *axes)
    entry.without = _title.group_of(settings, without).without
    entry.facts = _files_of(facts or {})
    _drawn(ax, entry, at, values, bars, line)
    _legend.name_all(ax)


def _files_of(facts):
    """What all points of a sweep say of their files."""
    return {"digests": facts["digests"]} if "digests" in facts else {}


def _extent(columns):
    alpha = np.asarray(columns.get("alpha", [np.nan]), dtype=float)
    return float(alpha.min(initial=np.inf)), float(alpha.max(initial=-np.inf))


def _add_bands(ax, columns, of, at, colour):
    if of.column not in ("eps_g", "theory"):
        return
    if "q05" in columns:
        _legend.add_band(ax, "q05..q95", at, columns["q05"], columns["q95"], colour)
    if columns.get("sd") is not None:
        middle, sd = np.asarray(columns[of.column]), columns["sd"]
        low = np.where((middle - sd <= 0) & (middle > 0), 1e-300, middle - sd)
        _legend.add_band(ax, "eps_g..sd", at, low, middle + sd, colour)


def _data(artist):
    """x and y that an artist was given."""
    line = artist.lines[0] if hasattr(artist, "lines") else artist
    return [np.asarray(values, dtype=float) for values in line.get_data(orig=True)]


def _is_log(ax, axis, swept):
    """The program's rule, by the same function: of x the points of a simulation count, where there are any."""
    entries = _legend.entries(ax)
    simulated = any(entry.role == "simulation" for _, entry in entries)
    least, greatest, zero, even = np.inf, 0.0, False, axis == "x" and bool(entries)
    for artist, entry in entries:
        if axis == "x" and simulated and entry.role != "simulation":
            continue
        values = _data(artist)["xy".index(axis)]
        rounded = axis == "y" and entry.role == "simulation" and entry.y == "eps_g"
        if not rounded and np.any((values < 0) & np.isfinite(values)):
            return False
        even = even and re.search(r"\balpha\b", entry.x) and library.ordpar_axis_is_even(values.size, doubles(np.ascontiguousarray(values)), 1)
        positive = values[(values > 0) & np.isfinite(values)]
        least, greatest = min(least, positive.min(initial=np.inf)), max(greatest, positive.max(initial=0))
        zero = zero or bool(np.any(values == 0))
    if even:
        return False
    which = axis if not swept else "swept y" if axis == "y" and ax.get_xscale() == "log" else "swept"
    return library.ordpar_axis_is_log(which.encode(), least, greatest, zero)


def _clock(entry):
    """What the alpha of a run counts."""
    fraction, batch = (entry.of(name) for name in ("batch_fraction", "batch"))
    if fraction is not None:
        return r"$\alpha$ = steps"
    return axis_of("alpha") if batch is None or float(batch) == 1 else r"$\alpha$ = steps / $N$"


def _name_axes(ax):
    """By all that they show."""
    there = [entry for _, entry in _legend.entries(ax)]
    ax.set_xlabel(", ".join(dict.fromkeys(_clock(e) if e.x_name == axis_of("alpha") else e.x_name for e in there)))
    errors = {e.y for e in there} == {"eps_g"}
    tasks = {e.task for e in there}
    labels = errors and all(e.settings.get("labels") is not None for e in there)
    if errors and len(tasks) == 1 and None not in tasks:  # no legend tells it
        ax.set_ylabel(axis_of(tasks.pop()))
        return
    ax.set_ylabel(axis_of("eps_g of labels") if labels else ", ".join(dict.fromkeys(e.y_name for e in there)))


def finish(ax, swept=False):
    """Scales, of eight decades at most, and names of the axes."""
    if _is_log(ax, "x", swept):
        ax.set_xscale("log", nonpositive="mask")
    if _is_log(ax, "y", swept):
        values = np.concatenate([_data(artist)[1] for artist, _ in _legend.entries(ax)])
        values = values[np.isfinite(values)]
        top = values.max(initial=0)
        ax.set_yscale("log")
        if values.min(initial=np.inf) < 1e-8 * top:
            ax.set_ylim(1e-8 * top, 2 * top)
            _say_below(ax, 1e-8 * top)
        elif ax.collections:  # bands may reach down to nothing
            ax.set_ylim(bottom=0.5 * values[values > 0].min(initial=top))
    _say_placeless(ax)
    _name_axes(ax)


def _say_placeless(ax):
    """How many points the axes have no place for, of each artist once."""
    every = numbers = logs = 0
    for artist, entry in _legend.entries(ax):
        if getattr(entry, "counted", False):
            continue
        entry.counted = True
        x, y = _data(artist)
        finite = np.isfinite(x) & np.isfinite(y)
        off = finite & (((ax.get_yscale() == "log") & (y <= 0)) | ((ax.get_xscale() == "log") & (x < 0)))  # a row at alpha = 0 is no loss
        every, numbers, logs = every + x.size, numbers + int(np.sum(~finite)), logs + int(np.sum(off))
    told = [f"{numbers} of {every} points without a number"] * (numbers > 0)
    told += [f"{logs} of {every} points at 0 or less, on a logarithmic axis"] * (logs > 0)
    if told:
        caution(f"the picture does not show all: {'; '.join(told)}")


def _say_below(ax, bottom):
    """Which curves leave the axes below, each once."""
    told = []
    for artist, entry in _legend.entries(ax):
        drawn = _data(artist)[1]
        if np.any(drawn < bottom) and not getattr(entry, "told", False):
            entry.told = True
            label = artist.get_label()
            where = "leaves it below" if np.any(drawn >= bottom) else "lies outside"
            told.append(f"{'the curve' if label.startswith('_') else label} {where}")
    if told:
        caution(f"the picture does not show all: {', '.join(told)}; ax.set_ylim shows more")


def _matching(laws, settings, facts, used):
    """The law of a group of starts: that which agrees with its settings; None: there is none."""
    group = _of(settings, facts)
    for law in laws:
        own = _of(law.settings, law.facts)
        if not any(law is other for other in used) and not any(
            _legend.differ(own, group, name) for name in group.known | own.known if name not in ("seed", "teacher_seed", "teacher")
        ):
            return law
    return None


def _of(settings, facts):
    return _legend.Entry(settings, "theory", "law", None, "", np.nan, np.nan, facts=_files_of(facts))


def _draw_law(ax, law, number, edges, colour):
    """How many of so many starts the law expects in a bin about each place [7.17]."""
    exits = np.array([float(word) for word in str(law.facts.get("exits", law["mean"])).split()])
    width, span = edges[1] - edges[0], edges[-1] - edges[0]
    at = np.linspace(edges[0] - 0.3 * span, edges[-1] + 0.3 * span, 241)
    tau, modes = law.facts["tau"].value, int(law.facts["modes"].value)
    share = [
        [library.ordpar_model_escape_share(tau, modes, len(exits), doubles(exits), a + side) for a in at]
        for side in (-width / 2, width / 2)
    ]
    told = symbol_of("escape-law")
    named_before = any(told == line.get_label() for line in ax.get_lines())
    ax.plot(at, number * np.subtract(share[1], share[0]), color=colour, ls="--", label=None if named_before else told)


def _bins(groups):
    """Edges that all groups share: the program's."""
    ascending = [np.sort(values) for values in groups]
    width = min(library.ordpar_histogram_width(values.size, doubles(values)) for values in ascending)
    every = np.concatenate(ascending)
    low, high = np.array([every.min()]), np.array([every.max()])
    count = library.ordpar_histogram_bins(width, doubles(low), doubles(high))
    return np.linspace(low[0], high[0], count + 1)


def draw_histogram(ax, expression, groups, what, laws, line, facts):
    """By the rule of Freedman and Diaconis, in bins that all groups share; laws: over the bars; facts: of all groups."""
    laws = list(laws) if isinstance(laws, (list, tuple)) else [laws]
    if not all(getattr(law, "facts", {}).get("closed form") == "escape-law" for law in laws):
        raise TypeError("law must be a result of closed_form('escape-law')")
    if _legend.entries(ax):
        raise ValueError(f"histogram needs axes of its own: these show {_legend.entries(ax)[0][1].x}")
    if _histogram_on(ax) not in (None, expression.text):
        raise ValueError(f"histogram needs axes of its own: these show one of {_histogram_on(ax)}")
    groups = [(settings, np.ravel(values)) for settings, values in groups]
    count = sum(len(values) for _, values in groups)
    finite = [(settings, values[np.isfinite(values)]) for settings, values in groups]
    every = np.concatenate([values for _, values in finite])
    if not every.size:
        raise TypeError(f"histogram: {expression.text} has no numbers in any of {count} {what}")
    edges = _bins([values for _, values in finite])
    used, named_groups = [], len(groups) > 1
    for settings, values in finite:
        label = label_of(_legend.differing_from(settings, [s for s, _ in groups])) if named_groups else None
        bars = ax.stairs(np.histogram(values, edges)[0], edges, **{"label": label or None, "fill": True, "alpha": 0.5, **line})
        bars.ordpar_of = expression.text
        if law := _matching(laws, settings, facts, used):
            used.append(law)
            _draw_law(ax, law, len(values), edges, bars.get_facecolor()[:3] if named_groups else "0.2")
    if every.size < count:
        caution(f"the picture does not show all: {count - every.size} of {count} {what} without a number")
    if len(used) < len(laws):
        raise ValueError("law: its settings are those of no group of starts that is without a law")
    if named_groups or laws:
        ax.legend(fontsize="small")
    if ax.get_yscale() == "linear":
        ax.yaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel(named(expression))
    ax.set_ylabel(f"number of {what}" + (f" ({every.size} of {count} have a value)" if every.size < count else ""))
