# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Results as pandas' and xarray's objects, as pictures, and in notebooks. Those libraries are used
where they are installed."""

import base64
import html
import importlib
import io
import re
import threading
import typing

import numpy as np

from ._expression import Expression
from ._library import shown

# What axes and attributes call a column.
LONG_NAMES = {
    "alpha": r"$\alpha$ = examples / $N$",
    "eps_g": r"generalization error $\epsilon_g$",
    "mean": r"generalization error $\epsilon_g$",
    "theory": r"generalization error $\epsilon_g$",
    "compute": r"compute $\alpha N_l$",
    "eigenvalue": r"eigenvalue $\lambda_l$",
    "block": "distinct eigenvalue $l$",
    "index": "distinct eigenvalue $l$",
}
SYMBOLS = {"eta": r"$\eta$", "beta": r"$\beta$", "sigma_j": r"$\sigma_J$", "eta_v": r"$\eta_v$"}
SYMBOLS.update({letter: f"${letter}$" for letter in "KLMN"})


def optional(name, method):
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(f"{method} needs {name.split('.')[0]}, which is not installed") from None


def long_name(column):
    if element := re.fullmatch(r"([QRT])(\d+)_(\d+)_(\d+)", column):
        return "${}^{{({})}}_{{{},{}}}$".format(*element.groups())
    return LONG_NAMES.get(column) or SYMBOLS.get(column) or column.replace("_", " ")


def short(value):
    """A value in few characters."""
    if isinstance(value, np.ndarray) and value.ndim:
        if value.ndim == 1 and value.size and value.dtype.kind == "f":
            return f"{value[0]:.4g}..{value[-1]:.4g}"
        if value.ndim == 1 and value.size and value.dtype.kind == "U":
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
    return shown(value)


def label(settings):
    """Settings as a legend has them."""
    texts = {k: (v if isinstance(v, str) else short(v)).replace("$", r"\$") for k, v in settings.items()}
    return ", ".join(f"{SYMBOLS.get(k, k.replace('_', ' '))} = {text}" for k, text in texts.items())


class Exported:
    """Base of results that are tables: columns over rows, and arrays with named dimensions."""

    _line = "eps_g"  # what a picture shows, against what
    _points = None  # beside it, as points with error bars
    _against = "alpha"

    def _variables(self) -> dict:
        """{name: (dims, array)}; one named as its only dimension is a coordinate."""
        raise NotImplementedError

    def _columns(self) -> dict:
        """{name: array (rows,)}, those of the program's file."""
        return {n: a for n, (dims, a) in self._variables().items() if len(dims) == 1}

    def _attributes(self):
        notes = {f"{key} note" if key in self.settings else key: fact for key, fact in self.facts.items()}
        told = {**self.settings, **notes}
        return {re.sub(r"\W+", "_", key): str(value) for key, value in told.items()}

    def to_pandas(self) -> typing.Any:
        """A pandas.DataFrame with the columns of the program's file; settings and facts in attrs."""
        frame = optional("pandas", "to_pandas").DataFrame(self._columns())
        frame.attrs.update(self._attributes())
        return frame

    def to_xarray(self) -> typing.Any:
        """An xarray.Dataset with named dimensions; settings and facts are its attributes."""
        made = {
            name: (dims, np.array(array), {"long_name": long_name(name)})
            for name, (dims, array) in self._variables().items()
        }
        return optional("xarray", "to_xarray").Dataset(made, attrs=self._attributes())

    def plot(
        self,
        ax: typing.Any = None,
        *,
        x: typing.Optional[str] = None,
        y: typing.Optional[str] = None,
        histogram: typing.Optional[str] = None,
        **line: typing.Any,
    ) -> typing.Any:
        """Draws by matplotlib into `ax`, or into a new figure; returns the axes. x, y: columns of
        to_pandas(), or expressions of columns and settings as "M^2/L", in place of alpha and of the
        error; histogram: one of them, how often which of its values occur; what else is given goes to
        matplotlib's plot, or to its stairs."""
        if ax is not None and not hasattr(ax, "plot"):
            raise TypeError(f"ax must be axes of matplotlib, got {shown(ax)}; a column is shown by y=NAME")
        if histogram is not None and (x is not None or y is not None):
            raise TypeError(f"histogram takes the place of {'x' if x is not None else 'y'}")
        if ax is None:
            ax = optional("matplotlib.pyplot", "plot").subplots(layout="constrained")[1]
        if histogram is not None:
            self._draw_histogram(ax, histogram, line)
            return ax
        if line:  # also by short names, as ms
            cbook, artists = (optional(f"matplotlib.{name}", "plot") for name in ("cbook", "lines"))
            line = cbook.normalize_kwargs(line, artists.Line2D)
        line.setdefault("label", label(self.settings) or type(self).__name__.lower())
        self._draw(ax, x, y, line)
        return ax

    def _draw(self, ax, x, y, line):
        columns = self._columns()
        if x is None and self._against not in columns:
            raise TypeError(f"there is no picture of {', '.join(columns)}")
        along = Expression("x", x or self._against, columns, self.settings)
        of = Expression("y", y or self._line or self._points, columns, self.settings)
        at = along.values(columns) + np.zeros(len(columns[next(iter(columns))]))
        if y or self._line:
            (drawn,) = ax.plot(at, of.values(columns) + np.zeros(len(at)), **line)
            line = {"color": drawn.get_color()}
            if "q05" in columns and not y:
                ax.fill_between(at, columns["q05"], columns["q95"], color=drawn.get_color(), alpha=0.2, lw=0)
        if self._points and not y:
            drawn = dict(linestyle="", marker="o", markersize=3, elinewidth=1)
            bars = columns["stderr"] if np.isfinite(columns["stderr"]).any() else None
            ax.errorbar(at, columns[self._points], bars, **{**drawn, **line})
        finish(ax, along, of)

    def _groups(self, expression):
        """The values of a histogram, {name: array}, and what they are a number of."""
        columns = self._columns()
        return {label(self.settings): np.atleast_1d(expression.values(columns))}, "rows"

    def _draw_histogram(self, ax, text, line):
        """By the rule of Freedman and Diaconis, in bins that all groups share."""
        expression = Expression("histogram", text, self._columns(), self.settings)
        groups, what = self._groups(expression)
        groups = {name: np.ravel(values) for name, values in groups.items()}
        count = sum(map(len, groups.values()))
        finite = {name: values[np.isfinite(values)] for name, values in groups.items()}
        every = np.concatenate(list(finite.values()))
        if not every.size:
            raise TypeError(f"histogram: {text} has no numbers in any of {count} {what}")
        spreads = [2 * np.subtract(*np.percentile(v, [75, 25])) / np.cbrt(v.size) for v in finite.values() if v.size]
        width = min((s for s in spreads if s > 0), default=np.inf)
        edges = np.histogram_bin_edges(every, int(np.clip(np.ceil(np.ptp(every) / width), 4, 60)))
        for name, values in finite.items():
            ax.stairs(np.histogram(values, edges)[0], edges, **{"label": name or None, **line})
        if len(groups) > 1:
            ax.legend()
        ax.set_xlabel(named(expression))
        ax.set_ylabel(f"number of {what}" + (f" ({every.size} of {count} have a value)" if every.size < count else ""))

    def _repr_html_(self) -> str:
        """The text, a small picture where matplotlib is installed, and the facts."""
        facts = "".join(f"<li>{html.escape(k)}: {html.escape(str(v))}</li>" for k, v in self.facts.items())
        return f"<code>{html.escape(repr(self))}</code><br>{picture(self)}<ul>{facts}</ul>"


def _spans_decades(x):
    """Whether a logarithmic axis shows more of x than a linear one; what is 0 has no place on it."""
    positive = x[x > 0]
    if not positive.size or np.any(x < 0):
        return False
    return positive.max() >= (1000 if np.any(x == 0) else 10) * positive.min()


def named(expression):
    """What an axis calls an expression."""
    return long_name(expression.column) if expression.column else expression.title


def finish(ax, x, y):
    """Logarithmic scales, of eight decades of errors, but for order parameters and what has a sign;
    names of the expressions x and y."""
    values = np.concatenate([line.get_ydata() for line in ax.get_lines()])
    top = np.nanmax(values, initial=0)
    if top > 0 and not np.any(values < 0) and not re.match(r"[QRTV]\d|exponent", y.text):
        ax.set_yscale("log")
        if np.nanmin(values) < 1e-8 * top:
            ax.set_ylim(1e-8 * top, 2 * top)
    along = np.concatenate([line.get_xdata() for line in ax.get_lines()])
    if _spans_decades(along):
        ax.set_xscale("log", nonpositive="mask")
    ax.set_xlabel(named(x))
    ax.set_ylabel(named(y))


_one_picture = threading.Lock()  # matplotlib draws in one thread at a time


def picture(result):
    """An <img>, or nothing where there is no matplotlib or nothing to draw."""
    try:
        figure = importlib.import_module("matplotlib.figure").Figure((4, 2.7), layout="constrained")
    except ImportError:
        return ""
    file = io.BytesIO()
    with _one_picture:
        try:
            result.plot(figure.subplots())
        except TypeError:  # numbers alone
            return ""
        figure.savefig(file, format="png", dpi=96)
    coded = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="{html.escape(type(result).__name__)}" src="data:image/png;base64,{coded}">'
