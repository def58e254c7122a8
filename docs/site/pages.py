# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the reference: pages.py ROOT FOLDER, from the list of public headers and the module."""

import pathlib
import re
import sys

ROOMS = {
    "model": "Models by the names of settings",
    "base": "Status and errors",
    "spectra": "Spectra and closed forms",
    "solver": "Networks, overlaps, integration",
    "precision": "Arbitrary precision",
    "validation": "Data sets, simulation, comparison",
}
RESULTS = "Curve Values Numbers Precise Optimum Simulation Comparison Spectrum Overlaps State Report Measured Fact Sweep"
FUNCTIONS = "curve closed_form precision simulate compare optimize spectrum report sweep figure grid"


def directive(name, argument, *options):
    return "\n".join([f"```{{{name}}} {argument}", *options, "```", ""])


def python(name, kind, *options):
    return "\n".join(["```{eval-rst}", f".. auto{kind}:: ordpar.{name}", *(f"   {o}" for o in options), "```", ""])


def c_page(room, headers):
    text = [f"# {ROOMS[room]}", ""]
    for header in headers:
        name = pathlib.Path(header).name
        text += [f"## {name}", "", f"`#include <ordpar/{name}>`", "", directive("doxygenfile", name)]
    return "\n".join(text)


def python_page():
    text = ["# Python", "", "[From Python](../docs/python.md) is the introduction; this is every name.", ""]
    text += ["## Functions", ""]
    text += [python(name, "function") for name in FUNCTIONS.split()]
    text += ["## Model", "", python("Model", "class", ":members:"), "## Results", ""]
    text += ["What computations return. All but `State`, `Overlaps`, `Measured` and `Fact` have these methods:", ""]
    text += [python(f"Curve.{name}", "method") for name in ("plot", "to_pandas", "to_xarray")]
    text += [python(name, "class", ":members:") for name in RESULTS.split()]
    text += ["## Errors and settings", "", python("Error", "exception"), python("Setting", "class", ":members:")]
    return "\n".join(text)


def main(root, folder):
    listed = (root / "cmake/OrdparPublicHeaders.cmake").read_text(encoding="utf-8")
    headers = re.findall(r"[\w/]+\.h\b", listed)
    for room in ROOMS:
        text = c_page(room, [h for h in headers if h.startswith(room + "/")])
        (folder / f"c-{room}.md").write_text(text, encoding="utf-8")
    (folder / "python.md").write_text(python_page(), encoding="utf-8")
    toc = "\n".join(["```{toctree}", *(f"c-{room}" for room in ROOMS), "```"])
    text = "# C\n\n[From C and C++](../docs/library.md) is the introduction; these are all public headers.\n\n" + toc
    (folder / "c.md").write_text(text + "\n", encoding="utf-8")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
