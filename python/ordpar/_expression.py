# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Expressions of columns and settings, those of the program's --x: M^2/L, eps_g*alpha/eta."""

import ast
import operator

import numpy as np

from ._names import in_math, symbol_of, upright
from ._settings import LETTERS, SETTINGS, settings_begun

_BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}
_UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_FUNCTIONS = {"sqrt": np.sqrt, "log": np.log, "exp": np.exp}


def names_of(name):
    """A setting by its other name too."""
    row = SETTINGS.get(LETTERS.get(name, name))
    return [name] if row is None else [name, row.name, row.letter or row.name]


def _begun(which, row, settings, columns):
    """[text] of a setting in the run that is gone on from; []: it has the default there, or no run is gone on from."""
    states = [settings["continue_from"]] if "continue_from" in settings else np.unique(columns.get("continue_from", ()))
    told = [settings_begun(state, settings) for state in states]
    if not all(told):
        raise ValueError(f"{which}: {row.keyword} stands in the file of continue_from; it has to be given beside it")
    texts = {begun.get(row.name) for begun in told}
    if len(texts) > 1:
        raise ValueError(f"{which}: {row.keyword} is not the same in all that is gone on from")
    if None in texts:
        raise _no_value(which, row.keyword)
    return [text for text in texts if text != row.default]


def _no_value(which, name):
    return ValueError(f"{which}: {name} has no value here: another setting is given in its place, as a spectrum in that of N, L and beta")


def _setting(which, name, settings, columns):
    """The number that a setting has, given or by default; None: it has none. The default -1 is none, and runs
    have none where nothing was run."""
    row = SETTINGS.get(LETTERS.get(name, name))
    if row is None or row.kind not in ("integer", "real", "positive"):
        return None
    given = [settings[n] for n in names_of(name) if n in settings]
    if not given and row.name == "runs" and "mean" not in columns:
        return None
    given = given or _begun(which, row, settings, columns)
    if not given and row.name in getattr(settings, "without", ()):
        raise _no_value(which, name)
    if not given and row.default == "-1":
        return None
    if not given and "like" in settings:
        raise ValueError(f"{which}: {name} stands in the file of like; it has to be given beside it")
    value = given[0] if given else row.value
    try:
        return None if value is None else np.float64(value)
    except (TypeError, ValueError):
        return None


# What binds how strongly, loosest first; a number or a name is an atom.
_LEVELS = {ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1, ast.USub: 2, ast.UAdd: 2, ast.Pow: 3}
_CALL, _ATOM = 4, 5  # sqrt(x)^2 may be read as of x^2
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: r"\,", ast.Div: "/", ast.USub: "-", ast.UAdd: "+"}


def _power(base, exponent, called):
    text, level = _set(base, called)
    if level < _ATOM:
        text = f"({text})"
    elif "^" in text:  # mathtext has no two superscripts
        text = f"{{{text}}}"
    return f"{text}^{{{_set(exponent, called)[0]}}}"


def _set(node, called):
    """An expression as mathtext has it, with names as `called` has them, and how strongly it binds."""
    if isinstance(node, ast.Name):
        return called(node.id), _ATOM
    if isinstance(node, ast.Constant):
        return str(node.value), _ATOM
    if isinstance(node, ast.Call):
        return rf"\mathrm{{{node.func.id}}}\,({_set(node.args[0], called)[0]})", _CALL
    level = _LEVELS[type(node.op)]
    if isinstance(node.op, ast.Pow):
        return _power(node.left, node.right, called), level

    def part(node, least):
        text, own = _set(node, called)
        return text if own >= least else f"({text})"

    if isinstance(node, ast.UnaryOp):
        return _SIGNS[type(node.op)] + part(node.operand, level), level
    quotient = isinstance(node.op, ast.Mult) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Div)
    left = part(node.left, level + quotient)  # else what follows might stand below the line
    right = part(node.right, _CALL if isinstance(node.right, ast.UnaryOp) else level + 1)
    return left + _SIGNS[type(node.op)] + right, level


class Expression:
    """A text as a setting `which` has it; used: the columns that it uses. values(columns): what it is of
    {name: array}, an array or a number. role, like: see pair of _picture.py; joint: settings that share the
    values of the one that it is."""

    role = like = None
    joint = ()

    def __init__(self, which, text, columns, settings):
        if not isinstance(text, str):
            raise TypeError(f"{which} must be a text, a column or an expression of columns, got {text!r}")
        self.which, self.text, self.settings = which, text, settings
        self.used = set()
        self.names = columns
        try:
            if "#" in text:  # Python's comment
                raise ValueError
            tree = ast.parse(text.strip().replace("^", "**").replace("²", "**2").replace("³", "**3"), mode="eval").body
            self._check(tree)
        except (SyntaxError, ValueError, RecursionError) as error:
            if str(error).startswith(f"{which}: "):
                raise
            raise ValueError(
                f"{which} must be one of {', '.join(columns)}, or an expression of them and of settings, got {text!r}"
            ) from None
        self.tree = tree

    def _column(self, name):
        return next((n for n in names_of(name) if n in self.names), None)

    def _check(self, node):
        if isinstance(node, ast.Name):
            column = self._column(node.id)
            if column is None and _setting(self.which, node.id, self.settings, self.names) is None:
                raise ValueError
            self.used |= {column} - {None}
        elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            self._check(node.left)
            self._check(node.right)
        elif isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
            self._check(node.operand)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and len(node.args) == 1:
            self._check(node.args[0])
        elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
            raise ValueError

    def values(self, columns):
        with np.errstate(all="ignore"):
            return self._value(self.tree, columns)

    def _value(self, node, columns):
        if isinstance(node, ast.Name):
            column = self._column(node.id)
            if column is None:
                return _setting(self.which, node.id, self.settings, self.names)
            values = np.asarray(columns[column])
            if values.dtype.kind not in "biuf":
                try:
                    values = values.astype(float)  # digits
                except ValueError:
                    raise TypeError(f"{column} is no number, of which a picture could be drawn") from None
            return self._without_none(column, values.astype(float))
        if isinstance(node, ast.BinOp):
            return _BINARY[type(node.op)](self._value(node.left, columns), self._value(node.right, columns))
        if isinstance(node, ast.UnaryOp):
            return _UNARY[type(node.op)](self._value(node.operand, columns))
        if isinstance(node, ast.Call):
            return _FUNCTIONS[node.func.id](self._value(node.args[0], columns))
        return np.float64(min(node.value, 1e308) if isinstance(node.value, int) else node.value)

    def _without_none(self, column, values):
        """All components are N of them where -1 are trained, and no seed is -1."""
        row = SETTINGS.get(LETTERS.get(column, column))
        if row is None or row.default != "-1":
            return values
        N = _setting(self.which, "input_dim", self.settings, self.names) if row.name == "trainable" else None
        return np.where(values == -1, np.nan if N is None else N, values)

    @property
    def column(self):
        """The column that it is, alone; None: it is more."""
        return self._column(self.tree.id) if isinstance(self.tree, ast.Name) else None

    @property
    def title(self):
        """What an axis calls it, where it is no column alone."""
        return f"${_set(self.tree, self._called)[0]}$"

    def _called(self, name):
        """Its symbol; or its name, where another column has the same one, as theory and mean."""
        column = self._column(name)
        twins = column and any(symbol_of(other) == symbol_of(column) for other in self.used - {column})
        return upright(column) if twins else in_math(name)
