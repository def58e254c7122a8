# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes __init__.pyi, the module's types, from the settings that the library of ORDPAR_LIBRARY has.

    python3 stubs.py FILE
"""

import inspect
import pathlib
import sys
import textwrap

HEAD = '''\
# Made by stubs.py from the library's settings.
import os
import typing

from ._activation import Activation as Activation
from ._library import Error as Error
from ._results import (
    Comparison as Comparison,
    Curve as Curve,
    Fact as Fact,
    Measured as Measured,
    Numbers as Numbers,
    Optimum as Optimum,
    Overlaps as Overlaps,
    Precise as Precise,
    Report as Report,
    Simulation as Simulation,
    Spectrum as Spectrum,
    State as State,
    Values as Values,
)
from ._settings import SETTINGS as SETTINGS, Setting as Setting
from ._sweep import Sweep as Sweep
from ._types import (
    Array,
    Data,
    Labels,
    File,
    Function,
    Numbers as NumbersLike,
    Orders,
    OverlapsLike,
    Progress,
    Real,
    Reals,
    Rows,
    SpectrumLike,
    StateLike,
    Tasks,
    Whole,
    Words,
)

__version__: str

def grid(text: str) -> Array: ...
def figure(
    number: int | str, out: str | os.PathLike[str], *, full: bool = False,
    picture: typing.Literal["svg", "png", "pdf"] = "svg", seed: int = 1,
    data: File | typing.Sequence[str | os.PathLike[str]] = (), labels: File | None = None,
    threads: int = 0,
) -> dict[str, dict[str, Array]]: ...
'''


FUNCTIONS = [
    ("spectrum", ("*",), "Spectrum"),
    ("curve", ("alpha: Rows | None = None", "*", "moments: Orders = ()", "runs: Whole | None = None"), "Curve"),
    ("optimize", ("*",), "Optimum"),
    ("precision", ("alpha: str | None = None", "*"), "Precise"),
    ("simulate", ("alpha: Rows | None = None", "*"), "Simulation"),
    ("compare", ("alpha: Rows | None = None", "*"), "Comparison"),
    ("report", ("curve: Curve | Simulation | Comparison | Values | tuple[NumbersLike, NumbersLike]", "*"), "Report"),
    (
        "sweep",
        (
            "alpha: Rows | None = None", "*",
            "what: typing.Literal['facts', 'curve', 'simulate', 'compare'] = 'facts'",
            "together: tuple[str, ...] = ()", "threads: int | None = None", "progress: Progress = None",
        ),
        "Sweep",
    ),
]  # fmt: skip
OPTIONAL = {"File", "Words", "Reals", "SpectrumLike", "OverlapsLike", "Data", "Labels", "Tasks", "StateLike"}
KINDS = {"integer": "int", "real": "float", "positive": "float", "flag": "bool", "choice": "str"}


class Stub:
    """The text, made from the module."""

    def __init__(self, ordpar):
        self.ordpar = ordpar
        self.text = HEAD

    def named(self, function):
        """(name, setting), by letter and by name."""
        rows = function.settings.values()
        return [(r.keyword, r) for r in rows] + [(r.name, r) for r in rows if r.letter]

    def keywords(self, function, wrap="{}"):
        """The settings; wrap: a type made of theirs."""
        for name, row in self.named(function):
            kind = self.ordpar._settings.annotation(row)
            none = " | None" if row.value is None and "None" not in kind and kind not in OPTIONAL else ""
            yield f"{name}: {wrap.format(kind)}{none} = {row.value!r}"
        yield "like: File = None"
        if function is not self.ordpar.sweep and "progress" in inspect.signature(function).parameters:
            yield "progress: Progress = None"

    def add(self, name, own, result, overload=False, method=False):
        function = getattr(self.ordpar, name)
        lists = "{0} | typing.Sequence[{0}] | Array" if name == "sweep" else "{}"
        lines = [*(["self"] if method else []), *own, *self.keywords(function, lists)]
        arguments = "".join(f"    {a},\n" for a in lines)
        document = " ".join(inspect.getdoc(function).split("\n\n")[0].split())
        body = " ..." if overload else f'\n    """{document}"""'
        decorator = "@typing.overload\n" if overload else ""
        text = f"\n{decorator}def {name}(\n{arguments}) -> {result}:{body}\n"
        self.text += textwrap.indent(text, "    ") if method else text

    def add_closed_forms(self, method=False):
        """An overload for each shape of result."""
        told = self.ordpar._library.text
        names = told("model_closed_form_names").split("|")

        def having(rows):
            taken = [n for n in names if told("model_closed_form_rows", n.encode()) == rows]
            return f"name: typing.Literal[{', '.join(map(repr, taken))}]"

        for own, result in (
            ((having("alpha"), "alpha: Rows | None = None", "*", "digits: None = None"), "Values"),
            ((having("alpha"), "alpha: str | None = None", "*", "digits: int"), "Precise"),
            ((having(None), "*", "digits: None = None"), "Numbers[float]"),
            ((having(None), "*", "digits: int"), "Numbers[str]"),
            ((having("compute"), "*", "compute: Rows | None = None"), "Numbers[Array]"),
        ):
            self.add("closed_form", own, result, overload=True, method=method)

    def add_functions(self, method=False):
        for name, own, result in FUNCTIONS:
            self.add(name, own, result, method=method)
        self.add_closed_forms(method)

    def add_model(self):
        """The class, whose settings are attributes where no method has their name."""
        model = self.ordpar.Model
        self.text += f'\nclass Model:\n    """{inspect.getdoc(model).splitlines()[0]}"""\n'
        for name, result, wrap in (("__init__", "None", "{}"), ("replace", "Model", "{} | None")):
            arguments = "".join(f"        {a},\n" for a in self.keywords(model, wrap))
            self.text += f"\n    def {name}(\n        self,\n        *,\n{arguments}    ) -> {result}: ...\n"
        self.add_functions(method=True)
        for name, row in self.named(model):
            if name not in vars(model):
                kind = KINDS.get(row.kind, "typing.Any")
                self.text += f"    @property\n    def {name}(self) -> {kind}: ...\n"


def main():
    file = pathlib.Path(sys.argv[1])
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
    sys.dont_write_bytecode = True
    try:
        import ordpar
    except ImportError as error:
        file.unlink(missing_ok=True)
        print(f"the Python module goes without its types: {error}")
        return
    stub = Stub(ordpar)
    stub.add_functions()
    stub.add_model()
    file.write_text(stub.text)


if __name__ == "__main__":
    main()
