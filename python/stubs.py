# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes __init__.pyi, the module's types, from the settings that the library of ORDPAR_LIBRARY has.

    python3 stubs.py FILE
"""

import inspect
import pathlib
import sys

HEAD = '''\
# Made by stubs.py from the library's settings.
import typing

from ._library import Error as Error
from ._results import (
    Comparison as Comparison,
    Curve as Curve,
    Fact as Fact,
    Numbers as Numbers,
    Overlaps as Overlaps,
    Precise as Precise,
    Simulation as Simulation,
    Spectrum as Spectrum,
    Values as Values,
)
from ._settings import SETTINGS as SETTINGS, Setting as Setting
from ._types import Array, Data, File, Orders, OverlapsLike, Real, Reals, Rows, SpectrumLike, Whole

__version__: str

def grid(text: str) -> Array: ...
'''


class Stub:
    """The text, made from the module."""

    def __init__(self, ordpar):
        self.ordpar = ordpar
        self.text = HEAD

    def keywords(self, function):
        """The settings, by letter and by name."""
        rows = function.settings.values()
        for row, name in [(r, r.keyword) for r in rows] + [(r, r.name) for r in rows if r.letter]:
            yield f"{name}: {self.ordpar._settings.annotation(row)} = {row.value!r}"
        yield "like: File = None"

    def add(self, name, own, result, overload=False):
        function = getattr(self.ordpar, name)
        arguments = "".join(f"    {a},\n" for a in (*own, *self.keywords(function)))
        document = " ".join(inspect.getdoc(function).split("\n\n")[0].split())
        body = " ..." if overload else f'\n    """{document}"""'
        decorator = "@typing.overload\n" if overload else ""
        self.text += f"\n{decorator}def {name}(\n{arguments}) -> {result}:{body}\n"

    def add_closed_forms(self):
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
            self.add("closed_form", own, result, overload=True)


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
    stub.add("spectrum", ("*",), "Spectrum")
    stub.add("curve", ("alpha: Rows | None = None", "*", "moments: Orders = ()"), "Curve")
    stub.add_closed_forms()
    stub.add("precision", ("alpha: str | None = None", "*"), "Precise")
    stub.add("simulate", ("alpha: Rows | None = None", "*"), "Simulation")
    stub.add("compare", ("alpha: Rows | None = None", "*"), "Comparison")
    file.write_text(stub.text)


if __name__ == "__main__":
    main()
