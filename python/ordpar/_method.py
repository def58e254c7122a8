# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Methods that say so where their parentheses are forgotten."""

import functools
import typing

if typing.TYPE_CHECKING:

    _F = typing.TypeVar("_F")

    def called(function: _F) -> _F: ...

else:

    class called:
        """A method that says so where its parentheses are forgotten."""

        def __init__(self, function):
            functools.update_wrapper(self, function)

        def __get__(self, of, owner=None):
            return self.__wrapped__ if of is None else _Bound(self.__wrapped__, of)


class _Bound:
    """A method of a result."""

    def __init__(self, function, of):
        functools.update_wrapper(self, function)
        self.__self__ = of

    def __call__(self, *arguments, **settings):
        return self.__wrapped__(self.__self__, *arguments, **settings)

    def __repr__(self):
        return f"<method {self.__name__}: call it, as {self.__name__}() or {self.__name__}(50)>"

    def __getattr__(self, name):
        name_of = self.__dict__.get("__name__", "it")
        raise AttributeError(f"{name_of} is a method, to be called: {name_of}().{name}, or {name_of}(50).{name} at alpha = 50")
