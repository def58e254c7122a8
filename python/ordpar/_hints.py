# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""What was probably meant by a name that is not there."""

import difflib
import inspect
import os
import sys

import numpy as np

from ._library import encoded, text
from ._settings import LETTERS, SETTINGS, python_name

# Words of the module, or of other programs, for what is no setting here.
_WORDS = {
    "plot": "results have plot()",
    "output": "results have to_pandas() and to_xarray()",
    "format": "results have to_pandas() and to_xarray()",
    "to_csv": "results have to_pandas()",
    "curves": "sweep(what='curve') has the rows of curves",
    "job": "it is what",
    "column": "plot() has it as y",
    "sweep": "a setting that is a list of values is swept",
    "verbose": "progress=FUNCTION is told how far it is",
    "callback": "it is progress",
    "out": "results have to_pandas() and to_xarray()",
    "load": "like=FILE takes the settings of a file",
    "keep_partial": "partial of the exception has the rows before a failure",
    "each": "eps_g of a simulation has each run",
    "max_z": "z of a comparison has the scores",
    "max_error": "it is the program's, of 'ordpar precision check'",
    "sizes": "it is the program's, of 'ordpar precision map'",
    "multiplicity": "spectrum takes the pair (eigenvalues, multiplicities)",
    "multiplicities": "spectrum takes the pair (eigenvalues, multiplicities)",
    **dict.fromkeys(("Q", "R", "T", "q", "r", "t"), "overlaps takes the three, (q, r, t)"),
    **dict.fromkeys(("J", "B", "W", "weights"), "a run begins from overlaps=(q, r, t), what vectors have with each other"),
}
# What results have not, and where it is.
_ELSEWHERE = {
    "ordpar.report() measures plateau, escape and decay of a curve": "report measure escape_time escape plateau plateau_exit exit "
    "exponent decay_exponent slope",
    "eps_g of a simulation has a column for each run, stderr is that of the mean": "std sd runs each all_runs variance var error_bars",
}
# What the module has not, and what there is.
_ELSEWHERE_THAN_HERE = {
    "pandas.read_csv(FILE, comment='#') reads a table that was written, like=FILE takes its settings": "read read_csv read_table "
    "load load_csv from_csv open",
}
# What results have, by the words of other libraries.
_OF_RESULTS = {
    "to_pandas()": "to_frame frame dataframe as_dataframe to_dataframe to_df df pandas to_csv to_table table save",
    "to_xarray()": "xarray to_dataset dataset to_netcdf",
    "plot(histogram=..)": "histogram hist",
    "plot()": "draw show figure savefig plot_curve loglog semilogy",
    "keys()": "columns names column_names fields",
    "facts": "notes info attrs metadata warnings",
    "settings": "params parameters config options model",
    "eps_g": "error errors loss losses generalization_error eg epsilon epsilon_g test_error y",
    "alpha": "t time times steps x epochs",
    "overlaps": "order_parameters final state_end",
    "state(), which continue_from of curve() goes on from": "continue continue_from resume restart checkpoint go_on extend "
    "extend_to extended continued prolong",
}
# Functions of the module, by the names of the library's computations.
_FUNCTIONS = ("curve", "simulate", "compare", "closed-form", "precision", "spectrum", "report", "sweep", "optimize")


def _called(computation):
    """A computation as Python calls it, or None."""
    name, _, form = computation.partition(" ")
    if name in _FUNCTIONS:
        known = form and name == "closed-form" and form != "NAME"
        return f"{python_name(name)}({form!r})" if known else f"{python_name(name)}()"
    return {"plot": "plot() of a result", "figure": "figure()", "--version": "__version__", "help": "help()"}.get(name)


def _listed(words):
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _of(table, word):
    return next((words for words, others in table.items() if word in others.split()), None)


def function_meant(name):
    """"; did you mean curve()?" for integrate, or nothing."""
    if words := _of(_ELSEWHERE_THAN_HERE, name):
        return f"; {words}"
    told = text("computation_meant", encoded("name", name)) or ""
    found = [called for called in map(_called, filter(None, told.split(","))) if called]
    found = found or [f"{python_name(near)}()" for near in difflib.get_close_matches(name, _FUNCTIONS, 1, 0.75)]
    if not found and name in ("plot", "to_pandas", "to_xarray", "state"):
        return f"; results have {name}()"
    return f"; did you mean {_listed(found)}?" if found else ""


def _others(row, function):
    """The functions that take a setting."""
    own = [python_name(name) for name in row.computations if name in _FUNCTIONS and python_name(name) != function]
    return [f"{name}()" for name in own if _takes(getattr(sys.modules[__package__], name), row)]


def _takes(function, row):
    return not {row.name, row.keyword}.isdisjoint(inspect.signature(function).parameters)


def _named_by(function):
    """The parameters that a function names itself, such as alpha."""
    found = getattr(sys.modules[__package__], function, None)
    listed = inspect.signature(found).parameters.values() if inspect.isfunction(found) else ()
    return [p.name for p in listed if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def setting_meant(function, taken, name):
    """What is said of a keyword that a function has not."""
    plain = name.rstrip("_")
    meant = python_name(LETTERS.get(plain) or (LETTERS.get(plain.upper()) if len(plain) == 1 else None) or plain)
    if meant not in SETTINGS:
        told = text("setting_meant", encoded("name", plain))
        meant = python_name(told) if told else meant
    called = "" if meant == name else f"{meant} is one of "
    own = _named_by(function)
    if meant in taken or meant in own:
        return f"; it is {meant}"
    if plain in _WORDS:
        return f"; {_WORDS[plain]}"
    if meant in SETTINGS and (others := _others(SETTINGS[meant], function)):
        return f"; {called or 'it is one of '}{', '.join(others)}"
    near = difflib.get_close_matches(plain, [*taken, *own, *(row.letter for row in taken.values() if row.letter)], 1, 0.75)
    return f"; did you mean {near[0]}?" if near else "; ordpar.SETTINGS has all"


def _no_number_of_them(value):
    """Whether a value given as the number of eigenvalues was meant as the eigenvalues."""
    if isinstance(value, (str, os.PathLike)):
        return os.path.isfile(value)
    return np.iterable(value) or (isinstance(value, (float, np.floating)) and value != np.rint(value))


# Where functions and tables go that stand for words.
_FUNCTIONS_AS = {
    "activation": "those that there are have names, as 'tanh'; others are sums of erfs, ordpar.Activation(a, s)",
    "schedule": "a rate of one's own is the name of a CSV file with the header alpha,eta",
}


def value_meant(function, name, value, words):
    """What is said of a value that was refused, with where it belongs."""
    words, several, _ = words.partition("; several values are for sweep")
    if name in _FUNCTIONS_AS and (callable(value) or (name == "schedule" and np.iterable(value) and not isinstance(value, str))):
        return f"{words}; {_FUNCTIONS_AS[name]}"
    if name == "eigenvalues" and _no_number_of_them(value):
        if np.ndim(value) == 1 and any(v != np.rint(v) for v in np.ravel(value) if isinstance(v, (float, np.floating))):
            several = ""
        words += "; it is how many there are: they themselves go as spectrum=.."
    if not several or function == "sweep":
        return words
    if function in ("curve", "simulate", "compare"):
        return f"{words}{several}(what={function!r}), or a loop of {function}() with plot(ax)"
    return words + several if function == "Model" else f"{words}; several values are for a loop of {function}()"


class _Answered:
    """What an AttributeError is of whose message says already what was meant: Python's own guess beside it
    finds no names."""

    def __dir__(self):
        return []


def no_attribute(words, name, hint):
    """An AttributeError with a hint, or with nothing."""
    error = AttributeError(words + hint)
    if hint:
        error.name, error.obj = name, _Answered()
    return error


def attribute_missing(result, name):
    """An AttributeError of a result, with what was probably meant."""
    plain, there = name.strip("_").lower(), [n for n in dir(result) if not n.startswith("_")]
    words = (w for w, others in _OF_RESULTS.items() if plain in others.split() and w.partition("(")[0] in there)
    near = difflib.get_close_matches(name, there, 1, 0.75)
    meant = next(words, None) or (near[0] if near else None)
    hint = "" if name.startswith("_") or not meant else f"; did you mean {meant}?"
    if not hint and (elsewhere := _of(_ELSEWHERE, plain)):
        hint = f"; {elsewhere}"
    return no_attribute(f"{type(result).__name__!r} object has no attribute {name!r}", name, hint)


_AXES = ("logx", "logy", "loglog", "xscale", "yscale", "xlim", "ylim", "xlabel", "ylabel")
_GROUPS = "hue group by groupby group_by style split colour color_by size col row"


def no_plot_keyword(word):
    """What is said of a keyword that plot() has not; None: it may be one of matplotlib's."""
    if word in ("column", "columns"):
        return "it is y"
    if word in _AXES:
        return "the axes that it returns have it, as plot().set_yscale('linear')"
    if word == "figsize":
        return "a figure of another size is plot(matplotlib.pyplot.subplots(figsize=(6, 4))[1])"
    if word in _GROUPS.split():
        return "all that was swept makes lines, but for what x names; results that are drawn into one ax have a legend"
    if word in ("save", "savefig", "file", "filename", "output", "path"):
        return "the axes that it returns have it, as plot().figure.savefig('a.pdf')"
    return "it is title" if word == "caption" else None


def column_missing(name, columns):
    """A KeyError that lists what there is."""
    names = list(columns)
    near = difflib.get_close_matches(str(name), names, 1, 0.6)
    return KeyError(f"no {name!r}{f', did you mean {near[0]!r}?' if near else ''}; there are {', '.join(names)}")
