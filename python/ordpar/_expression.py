# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Expressions of columns and settings, those of the program's --x: M^2/L, eps_g*alpha/eta."""

import ast
import operator
import re

import numpy as np

from ._names import in_math
from ._settings import LETTERS, SETTINGS

_BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}
_UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_FUNCTIONS = {"sqrt": np.sqrt, "log": np.log, "exp": np.exp}


def names_of(name):
    """A setting by its other name too."""
    row = SETTINGS.get(LETTERS.get(name, name))
    return [name] if row is None else [name, row.name, row.letter or row.name]


def _setting(which, name, settings):
    """The number that a setting has, given or by default; None: it has none. The default -1 is none."""
    row = SETTINGS.get(LETTERS.get(name, name))
    if row is None or row.kind not in ("integer", "real", "positive"):
        return None
    given = [settings[n] for n in names_of(name) if n in settings]
    if not given and row.name in getattr(settings, "without", ()):
        raise ValueError(f"{which}: {name} has no value here: another setting is given in its place, as a spectrum in that of N, L and beta")
    if not given and row.default == "-1":
        return None
    if not given and (source := next((n for n in ("like", "continue_from") if n in settings), None)):
        raise ValueError(f"{which}: {name} stands in the file of {source}; it has to be given beside it")
    value = given[0] if given else row.value
    try:
        return None if value is None else np.float64(value)
    except (TypeError, ValueError):
        return None


def _raised(told):
    """An exponent in parentheses in braces."""
    while (begin := told.find("^(")) >= 0:
        depth, end = 1, begin + 2
        while end < len(told) and depth:
            depth += {"(": 1, ")": -1}.get(told[end], 0)
            end += 1
        told = told[:begin] + "^{" + told[begin + 2 : end - 1] + "}" + told[end:]
    return told


class Expression:
    """A text as a setting `which` has it; used: the columns that it uses. values(columns): what it is of
    {name: array}, an array or a number."""

    def __init__(self, which, text, columns, settings):
        if not isinstance(text, str):
            raise TypeError(f"{which} must be a text, a column or an expression of columns, got {text!r}")
        self.which, self.text, self.settings = which, text, settings
        self.used = set()
        self.names = columns
        try:
            tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
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
            if column is None and _setting(self.which, node.id, self.settings) is None:
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
                return _setting(self.which, node.id, self.settings)
            values = np.asarray(columns[column])
            if values.dtype.kind not in "biuf":
                try:
                    values = values.astype(float)  # digits
                except ValueError:
                    raise TypeError(f"{column} is no number, of which a picture could be drawn") from None
            return values.astype(float)
        if isinstance(node, ast.BinOp):
            return _BINARY[type(node.op)](self._value(node.left, columns), self._value(node.right, columns))
        if isinstance(node, ast.UnaryOp):
            return _UNARY[type(node.op)](self._value(node.operand, columns))
        if isinstance(node, ast.Call):
            return _FUNCTIONS[node.func.id](self._value(node.args[0], columns))
        return np.float64(min(node.value, 1e308) if isinstance(node.value, int) else node.value)

    @property
    def column(self):
        """The column that it is, alone; None: it is more."""
        return self._column(self.tree.id) if isinstance(self.tree, ast.Name) else None

    @property
    def title(self):
        """What an axis calls it, where it is no column alone."""

        def symbol(found):
            name = found[0]
            if name in _FUNCTIONS:
                return rf"\mathrm{{{name}}}\,"
            return in_math(name)

        told = re.sub(r"[A-Za-z_]\w*", symbol, self.text.strip().replace("**", "^"))
        return "$" + _raised(re.sub(r"\^([\w.]+)", r"^{\1}", told)).replace("*", r"\,") + "$"
