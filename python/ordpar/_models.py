# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""A model as an object, whose methods are the functions of the module."""

import functools
import inspect
import os
import pathlib

from ._hints import function_meant, no_attribute, setting_meant
from ._library import Error
from ._model import Request, _has_array, _own, content_of, file_of, stamp_of
from ._names import short
from ._results import _same, keywords
from ._settings import DEPENDENT, LETTERS, SETTINGS, documented, exact, library_name, no_positions, unpacked
from ._tables import table


# Settings that say what one call computes, or where its files are.
_OF_A_CALL = ("alpha", "compute", "moments", "report", "each", "keep_partial", "max_error", "max_z", "sizes")
_OF_A_CALL += ("checkpoint", "save_overlaps", "continue_from")
_OF_RUNS = ("like", "runs", "threads")  # they describe no model


def _content(given):
    """What the file `like` has, if there is one."""
    path = pathlib.Path(os.fsdecode(given.get("like", "")))
    return path.read_bytes() if path.is_file() else None


class _Seen:
    """The files that a model's settings name, as they were when it was made."""

    def __init__(self, request, given):
        self.files = {}
        for name in given:
            if name in SETTINGS and SETTINGS[name].kind in ("file", "files"):
                for text in (request.text(library_name(name)) or "").split("\n"):
                    path = file_of(name, text)
                    if path is not None and not path.startswith("/proc/self/fd/"):
                        self.files[path] = name, stamp_of(path), content_of(path)

    def check(self):
        for path, (name, stamp, content) in self.files.items():
            if not os.path.isfile(path) or stamp_of(path) == stamp:
                continue
            if content_of(path) != content:
                raise Error(f"{name}: {path}: has changed since the model was made", "IO")


@documented("closed-form", "spectrum", "precision", "curve", "simulate", "compare", without=_OF_A_CALL)
class Model:
    """A network, its training and its data: settings by name, which the methods share.

    The methods are the module's functions; what is given to one beside its own parameters holds for
    that call, and settings of the model that it leaves no place for, such as L beside spectrum, give
    way to it. A method takes those settings of the model that it has; one that describes the model
    and that it has not, such as a schedule in arbitrary precision, is refused, but by `spectrum`,
    which needs the inputs alone. A model does not change: `replace` makes another, and where a
    file that it names has changed it computes no more. Its settings are
    attributes, given or not.

    Examples
    --------
    >>> m = ordpar.Model(K=3, M=3, N=64, L=4, eta=0.2)
    >>> m
    Model(K=3, M=3, N=64, L=4, eta=0.2)
    >>> m.eta, m.activation
    (0.2, 'erf')
    >>> m.replace(eta=0.1) == ordpar.Model(K=3, M=3, N=64, L=4)
    True
    >>> m.curve([0, 10]).eps_g.shape
    (2,)
    >>> round(m.closed_form("plateau")["eps_g"], 4)
    0.0068
    """

    def __init__(self, *places, **settings):
        if places:
            raise no_positions("Model", [], places)
        said = set()
        request = Request("Model", Model.settings, {**settings, "_said": said}, ["alpha"])  # which calls give
        if start := request.text("continue"):  # its model is in that file
            raise ValueError(f"like: {settings['like']}: is of a curve that goes on from {start}: give it to curve, which does")
        like = {"like": settings["like"]} if settings.get("like") is not None else {}
        self.__dict__.update(_given={**request.given, **like}, _request=request, _like=_content(like), _said=said)
        self.__dict__["_seen"] = _Seen(request, request.given)

    def replace(self, **settings):
        """The model with other settings; None: the default.

        Examples
        --------
        >>> ordpar.Model(K=3, eta=0.2).replace(K=None, beta=0.5)
        Model(beta=0.5, eta=0.2)
        """
        self._check_files()
        other = {LETTERS.get(name, name) for name in settings}
        own = {name: value for name, value in self._given.items() if name not in other}
        return Model(**own, **settings, _own=own.keys() - {"like"}, _beside=self._given.keys())

    def _check_files(self):
        if _content(self._given) != self._like:
            raise Error(f"like: {self._given['like']}: has changed since the model was made", "IO")
        self._seen.check()

    def _text(self, name):
        return self._request.text(library_name(name))

    def _key(self):
        own = {
            n: v for n, v in self._given.items() if n != "like" and (self._text(n) is None or _has_array(n, v))
        }
        if "spectrum" in own:  # in the library's order
            table = Request("spectrum", SETTINGS, {"spectrum": own["spectrum"]}).compute("spectrum")
            own["spectrum"] = tuple(table.cells.T)
        given = {name + " is given": self._request.is_given(library_name(name)) for name in DEPENDENT}
        told = {name: exact(row, self._text(name)) for name, row in Model.settings.items() if name != "threads"}
        return {**told, **own, **given}

    def _call(self, function, more):
        """The settings of a call: those of the model that the function takes, and more."""
        self._check_files()
        here = {LETTERS.get(name.strip(), name.strip()) for names in more for name in names.split("=")}  # also "K=M"
        taken = function.taken(more) if hasattr(function, "taken") else function.settings
        shared, training = {}, {}
        for name, value in self._given.items():
            everywhere = name not in _OF_RUNS and {"curve", "simulate"} <= set(SETTINGS[name].computations)
            describes = everywhere or name == "generate"
            if describes and name not in taken and function.__name__ == "report":
                training[name] = value  # which curves have
                continue
            if describes and name not in taken and function.__name__ == "sweep":
                raise TypeError(f"sweep() has no setting {name!r}, which the model has")
            if name in taken or name == "like" or (describes and function.__name__ != "spectrum"):
                shared[name] = value
        if more.get("what", function.__name__) in ("curve", "facts", "sweep", "report"):
            more = {**more, "_undrawn": True}
        if function.__name__ == "closed_form" and self._given.get("digits") is not None:
            shared["digits"] = self._given["digits"]  # its parameter
        if training:
            more = {**more, "_training": training}
        if function.__name__ == "curve" and "like" in shared and "runs" not in here:
            shared["_aside"] = ("runs",)  # of a simulation, as the keyword
        if "like" in shared:
            shared["_said"] = self._said
        own = {name: value for name, value in shared.items() if name not in here}
        if function.__name__ != "report":  # whose settings are those of a curve
            more = {**more, "_own": {name for name in own if name in SETTINGS}, "_beside": self._given.keys()}
        return {**own, **more}

    def __getattr__(self, name):
        row = SETTINGS.get(LETTERS.get(name, name))
        if name.startswith("_") or row is None or row.name not in Model.settings:
            hint = "" if name.startswith("_") else function_meant(name) or setting_meant("Model", Model.settings, name)
            raise no_attribute(f"a Model has no setting {name!r}", name, hint)
        if row.name not in self._given and not self._request.means(row.name):
            return None  # another that is given takes its place
        return _own(row.name, self._given.get(row.name, row.read(self._text(row.name))))

    def __setattr__(self, name, value):
        raise AttributeError(f"a Model does not change: replace({name}=..) makes another")

    def __dir__(self):
        return [*super().__dir__(), *(row.keyword for row in Model.settings.values())]

    def __eq__(self, other):
        if not isinstance(other, Model):
            return NotImplemented
        a, b = self._key(), other._key()
        return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)

    __hash__ = None

    def __reduce__(self):
        self._check_files()
        return _made, (self._given, self._like, self._seen)

    def __repr__(self):
        return f"Model({', '.join(keywords(self._request.settings()))})"

    def _repr_html_(self):
        """What differs from the defaults, and the sizes, with their meaning."""
        told = {name: getattr(self, name) for name in ("activation", "K", "M", "N", "L", "beta", "eta", "sigma_j")}
        if any(name in self._given for name in ("spectrum", "data", "like")):
            told = {name: value for name, value in told.items() if name not in ("N", "L", "beta")}
        told.update(self._request.settings())
        meaning = {name: SETTINGS[LETTERS.get(name, name)].help.partition(";")[0].partition(":")[0] for name in told}
        return table(["Model", "", ""], [(name, short(value), meaning[name]) for name, value in told.items()])


def _made(given, like, seen):
    made = Model(**given)
    made.__dict__.update(_like=like, _seen=seen)  # a copy of before a file changed does not compute, either
    return made


def method(function):
    """Makes a function that takes settings a method of Model too."""

    @functools.wraps(function)
    def call(self, *arguments, **settings):
        arguments, settings = unpacked(function.__name__, arguments, settings)
        return function(*arguments, **self._call(function, settings))

    own = inspect.signature(function)
    first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    call.__signature__ = own.replace(parameters=[first, *own.parameters.values()])
    setattr(Model, function.__name__, call)
    return function
