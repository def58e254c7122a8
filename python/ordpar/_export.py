# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Results as pandas' and xarray's objects, as pictures, and in notebooks. Those libraries are used
where they are installed."""

import base64
import collections
import html
import importlib
import io
import re
import threading
import typing
import warnings

import numpy as np

from . import _legend, _picture, _title
from ._expression import Expression
from ._hints import attribute_missing, column_missing, no_plot_keyword
from ._library import shown
from ._names import axis_of, short
from ._settings import SETTINGS, python_name
from ._tables import facts

def optional(name, method):
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(f"{method} needs {name.split('.')[0]}, which is not installed") from None


# Attributes that say in netCDF what variables are.
_OF_FILES = {"ancillary_variables", "bounds", "calendar", "cell_measures", "coordinates", "formula_terms", "grid_mapping", "units"}


class Exported:
    """Base of results that are tables: columns over rows, and arrays with named dimensions."""

    if not typing.TYPE_CHECKING:  # types know what there is

        def __getattr__(self, name):
            own = getattr(type(self), name, None)
            if isinstance(own, property):  # it has said itself what it has not
                return own.fget(self)
            if name.startswith("__"):  # of protocols
                raise AttributeError(name)
            raise attribute_missing(self, name)

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
        notes = {f"{key} note" if python_name(key) in SETTINGS else key: fact for key, fact in self.facts.items()}
        told = {**self.settings, **notes}
        return {re.sub(r"\W+", "_", key): str(value) for key, value in told.items()}

    def to_pandas(self) -> typing.Any:
        """A pandas.DataFrame with the columns of the program's file; settings and facts in attrs."""
        frame = optional("pandas", "to_pandas").DataFrame(self._columns())
        frame.attrs.update(self._attributes())
        return frame

    def to_xarray(self) -> typing.Any:
        """An xarray.Dataset with named dimensions; settings and facts are its attributes, the fact `coordinates` by the
        name coordinates_note, as that of an attribute lists variables in files."""
        made = {
            name: (dims, np.array(array, dtype=str if np.asarray(array).dtype.kind == "O" else None), {"long_name": axis_of(name)})
            for name, (dims, array) in self._variables().items()
        }
        attributes = {f"{name}_note" if name in _OF_FILES else name: value for name, value in self._attributes().items()}
        return optional("xarray", "to_xarray").Dataset(made, attrs=attributes)

    def plot(
        self,
        ax: typing.Any = None,
        *,
        x: typing.Optional[str] = None,
        y: "typing.Union[str, typing.Sequence[str], None]" = None,
        histogram: typing.Optional[str] = None,
        law: typing.Any = None,
        title: "typing.Union[bool, str, None]" = True,
        **line: typing.Any,
    ) -> typing.Any:
        """Draws by matplotlib into `ax`, or into a new figure; returns the axes. x, y: columns of
        to_pandas(), or expressions of columns and settings as "M^2/L", in place of alpha and of the
        error, y also several; histogram: one of them, how often which of its values occur; law: beside
        histogram="plateau_exit" the result of closed_form("escape-law"), or a list of such; title: that of what
        all models on the axes share, a text, or False for none; what else is
        given goes to matplotlib's plot, or to its stairs. What is drawn on axes together has a legend
        of the settings in which it differs, and of the quantities where there are several."""
        if ax is not None and not (hasattr(ax, "plot") and hasattr(ax, "get_lines")):
            raise TypeError(f"ax must be axes of matplotlib, got {shown(ax)}; a column is shown by y=NAME")
        if histogram is not None and (x is not None or y is not None):
            raise TypeError(f"histogram takes the place of {'x' if x is not None else 'y'}")
        if law is not None and histogram != "plateau_exit":
            raise TypeError("law is drawn beside histogram='plateau_exit'")
        if ax is None:
            ax = optional("matplotlib.pyplot", "plot").subplots(layout="constrained")[1]
        for word in line:
            if meant := no_plot_keyword(word):
                raise TypeError(f"plot() has no {word!r}; {meant}")
        if line:  # also by short names, as ms
            cbook, artists = (optional(f"matplotlib.{name}", "plot") for name in ("cbook", "lines"))
            line = cbook.normalize_kwargs(line, artists.Line2D)
        with np.errstate(all="ignore"):  # the host's raise where small numbers underflow
            entries = self._plot(ax, x, y, line, histogram, law)
            _title.entitle(ax, title, entries)
        return ax

    def _plot(self, ax, x, y, line, histogram, law):
        if histogram is None:
            self._draw(ax, x, y, line)
            return [entry for _, entry in _legend.entries(ax)]
        groups, what, without = self._groups(expression := Expression("histogram", histogram, self._columns(), self.settings))
        _picture.draw_histogram(ax, expression, groups, what, [] if law is None else law, line, getattr(self, "facts", {}))
        return [_title.group_of(settings, without) for settings, _ in groups]

    def _shown(self, y):
        """The expressions of y, or of what is usually shown."""
        usual = [name for name in (self._line, self._points) if name]
        if y is None:
            return usual
        if not np.iterable(y):
            raise TypeError(f"y must be a text, a column or an expression of columns, or a list of such, got {shown(y)}")
        if not len(y):
            raise ValueError(f"y must have at least one column, got {y!r}")
        return [name.strip() for name in y.split(",")] if isinstance(y, str) else list(y)

    def _draw(self, ax, x, y, line):
        columns = self._columns()
        if x is None and self._against not in columns:
            raise TypeError(f"there is no picture of {', '.join(columns)}")
        along = Expression("x", x or self._against, columns, self.settings)
        of = [Expression("y", name, columns, self.settings) for name in self._shown(y)]
        _picture.check_axes(ax, x, y, along.text, of)
        _picture.check_numbers(along, of, columns)
        for expression in of:
            _picture.draw_line(ax, self, columns, along, expression, dict(line))
        _picture.finish(ax)

    def _groups(self, expression):
        """The values of a histogram, [(settings, values)], what they are a number of, and the settings that those
        of a group do not share."""
        return [(self.settings, np.atleast_1d(expression.values(self._columns())))], "rows", getattr(self.settings, "without", ())

    def _repr_html_(self) -> str:
        """The text, a small picture where matplotlib is installed, and the facts."""
        return f"<code>{html.escape(repr(self))}</code><br>{picture(self)}{facts(self.facts)}"


class Columns(Exported):
    """Base of results that are used as tables: columns by name, rows one by one."""

    def keys(self) -> typing.List[str]:
        """The names of the columns, which result[NAME] gives."""
        return list(self._columns())

    def __getitem__(self, name):
        columns = self._columns()
        if name not in columns:
            raise column_missing(name, columns)
        return columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __len__(self) -> int:
        return len(next(iter(self._columns().values())))

    def __iter__(self):
        """Rows, as named tuples, of which pandas.DataFrame(result) makes the table of to_pandas()."""
        columns = self._columns()
        row = collections.namedtuple("Row", columns)
        return iter(list(map(row._make, zip(*columns.values()))))

    def _ipython_key_completions_(self) -> typing.List[str]:
        return self.keys()


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
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what the frame does not show
                result.plot(figure.subplots(), title=False)
        except TypeError:  # numbers alone
            return ""
        with np.errstate(all="ignore"):
            figure.savefig(file, format="png", dpi=96)
    coded = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="{html.escape(type(result).__name__)}" src="data:image/png;base64,{coded}">'
