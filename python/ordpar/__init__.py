# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning dynamics of two-layer networks on power-law data: ordpar from Python.

curve, closed_form, precision, simulate, compare and spectrum do what the program's commands do,
with the same numbers to the last bit. Settings are named as on the command line, with _ for -, or
by their letter:

    import ordpar
    c = ordpar.curve("0.01:1e5:300:log", K=2, M=2, N=1024, L=16, beta=1, eta=0.1, sigma_j=0.01)
    plt.loglog(c.alpha, c.eps_g)

help(ordpar.curve) lists them with their meaning and defaults, which the library tells. Some take
more than the name of a file:

    spectrum    (eigenvalues, multiplicities), arrays of one length in any order, and perhaps as a
                third the variances of the teacher's components; eigenvalues alone, an array of one
                axis; a Spectrum
    overlaps    Overlaps(q, r, t): arrays of the shapes (K, K, L), (K, M, L), (M, M, L)
    data        a file of examples, .npy or .npz, an array (examples, components), or a list of
                these; its spectrum takes the place of L and beta; N leading components are kept
                (default: all); simulate trains on them

Numbers may be text or decimal.Decimal. With digits (precision, closed_form) they then count as they
stand; a float stands for the shortest decimal that reads as it, 0.1 for one tenth.

alpha is a number, numbers in any order, or a text as for --alpha. like=FILE takes the settings of a
file that the program has written, alpha too; what is given beside it wins. Results are new arrays of
float64; their facts say what the program's notes say.

A failure raises ordpar.Error with the library's message; arrays of a wrong shape raise ValueError,
unknown settings TypeError. Ctrl-C ends a computation: curve and precision at their next step,
simulate at its next grid point.
"""

import numpy as np

from ._library import Error, library, text
from ._model import Model
from ._results import (
    Comparison,
    Curve,
    Fact,
    Numbers,
    Overlaps,
    Precise,
    Simulation,
    Spectrum,
    Values,
)
from ._settings import SETTINGS, Setting, documented

__version__ = text("version")
__all__ = ["Comparison", "Curve", "Error", "Fact", "Overlaps", "Precise", "SETTINGS", "Setting"]
__all__ += ["Numbers", "Simulation", "Spectrum", "Values", "closed_form", "compare", "curve", "grid", "precision"]
__all__ += ["simulate", "spectrum"]


def grid(text: str) -> np.ndarray:
    """The rows that --alpha START:STOP:COUNT[:lin|log] stands for, to the last bit."""
    model = Model("grid", {}, {})
    model.set_text("alpha", text)
    return model.grid("alpha")


@documented("spectrum")
def spectrum(**settings) -> Spectrum:
    """The spectrum of the inputs, a Spectrum; trainable cuts the block that it falls into."""
    model = Model("spectrum", spectrum.settings, settings)
    table = model.compute("spectrum")
    result = Spectrum(table["eigenvalue"], table["multiplicity"])
    result.facts = table.facts
    if "teacher" in table.names:
        result.teacher = table["teacher"]
    return result


def _moments(table, orders, K, M):
    """The order parameters (n, rows, K+M, K+M), and the output weights (rows, K) or None."""
    n, rows = K + M, len(table.cells)
    moments = np.empty((len(orders), rows, n, n))
    blocks = [(range(K), range(K), True), (range(K), range(K, n), False), (range(K, n), range(K, n), True)]
    column = 2
    for p in range(len(orders)):
        for first, second, symmetric in blocks:
            for i in first:
                for j in second:
                    if symmetric and j < i:
                        continue
                    moments[p, :, i, j] = moments[p, :, j, i] = table.cells[:, column]
                    column += 1
    return moments, table.cells[:, column:].copy() if column < len(table.names) else None


@documented("curve", without=("alpha", "moments", "keep_partial"))
def curve(alpha: "Rows | None" = None, *, moments: "Orders" = (), **settings) -> Curve:
    """Integrates the equations of motion: a Curve.

    moments: the orders of the order parameters to record, such as [1]. eps_g is right to 10 rtol,
    or to 10 atol absolute. save_overlaps keeps where the curve ends, continue_from goes on there.
    """
    model = Model("curve", curve.settings, settings)
    model.set_list("moments", moments)
    orders = model.numbers("moments")
    # Output weights are shown beside order parameters.
    if not orders.size and (model.text("train-output") == "yes" or model.text("continue")):
        model.set_list("moments", 0)
    table, end = model.curve(model.set_rows("alpha", alpha))
    recorded, outputs = _moments(table, model.numbers("moments"), *end.r.shape[:2])
    return Curve(
        table["alpha"], table["eps_g"], orders, recorded[: orders.size], outputs, end, table.facts
    )


def _form(name, grids, like):
    """The columns of a closed form, and which of the grids {name: rows or None} it needs."""
    columns = text("model_closed_form_columns", name.encode()) or ""
    taken = text("model_closed_form_rows", name.encode()) or ""
    if taken and grids[taken] is None and like is None:
        raise TypeError(f"closed_form({name!r}) needs {taken}")
    if columns and not taken and grids["alpha"] is not None:
        raise TypeError(f"closed_form({name!r}) takes no alpha")
    return columns.split(","), taken


def _with_facts(result, facts):
    result.facts = facts
    return result


@documented("closed-form", without=("alpha", "compute", "digits", "moments"))
def closed_form(
    name: str,
    alpha: "Rows | None" = None,
    *,
    compute: "Rows | None" = None,
    digits: "int | None" = None,
    **settings,
) -> "Values | Numbers | Precise":
    """A closed form, by the name it has on the command line.

    linear-exact, linear-small-eta, linear-continuum, linear-finite-n, features, asymptotic: the
    array eps_g (rows,) at alpha. frontier: a dict of the arrays compute, trained, alpha, eps_g,
    exponent (rows,) at compute, which is given as alpha is. plateau: a dict with Q, R, eps_g;
    escape: rate, tau; critical-eta: eta_c, eta_c_N; these take no alpha. All have facts. With digits (all
    but frontier) alpha must be a text, and the results are a Precise, or a dict of texts.
    """
    grids = {"alpha": alpha, "compute": compute}
    columns, taken = _form(str(name), grids, settings.get("like"))
    model = Model("closed_form", closed_form.settings, settings)
    place = None
    if digits is not None:
        model.set_text("digits", str(digits))
        if taken == "alpha":
            _check_text(model, alpha)
    for grid_name, rows in grids.items():
        if rows is not None:  # also one that the form has no use for, which the library refuses
            place = model.set_rows(grid_name, rows)
    table = model.compute(f"closed-form {name}", place)
    if table.texts and taken:
        return Precise(*np.array(table.texts).T, table.facts)
    if table.texts:
        return _with_facts(Numbers(zip(table.names, table.texts[0])), table.facts)
    if not taken:
        return _with_facts(Numbers((c, float(table[c][0])) for c in columns), table.facts)
    if taken == "alpha":
        return _with_facts(table["eps_g"].view(Values), table.facts)
    return _with_facts(Numbers((c, table[c]) for c in table.names), table.facts)


def _check_text(model, alpha):
    if not isinstance(alpha, str) and not (alpha is None and model.like):
        raise TypeError(f"with digits alpha must be a text, START:STOP:COUNT[:log], got {alpha!r}")


@documented("precision", without=("alpha", "rtol", "atol", "max_error", "sizes"))
def precision(alpha: "str | None" = None, **settings) -> Precise:
    """Integrates the equations of motion in arbitrary precision: a Precise, with so many right
    digits. alpha must be a text, START:STOP:COUNT[:lin|log]."""
    model = Model("precision", precision.settings, settings)
    _check_text(model, alpha)
    model.set_rows("alpha", alpha)
    table = model.compute("precision curve")
    return Precise(*np.array(table.texts).T, table.facts)


@documented("simulate", without=("alpha", "each", "keep_partial"))
def simulate(alpha: "Rows | None" = None, **settings) -> Simulation:
    """Simulates one-pass SGD: a Simulation of `runs` runs, run r drawn from seed and r; the numbers
    do not depend on the threads."""
    model = Model("simulate", simulate.settings, settings)
    model.set_text("each", "yes")
    table = model.compute("simulate", model.set_rows("alpha", alpha))
    columns = (table[name] for name in ("mean", "stderr", "min", "max"))
    return Simulation(table["alpha"], table.beginning("run_"), *columns, table.facts)


@documented("compare", without=("alpha", "keep_partial", "max_z"))
def compare(alpha: "Rows | None" = None, **settings) -> Comparison:
    """Theory beside simulation, a Comparison, with z-scores."""
    model = Model("compare", compare.settings, settings)
    table = model.compute("compare", model.set_rows("alpha", alpha))
    columns = (table[name] for name in ("alpha", "theory", "mean", "stderr", "z"))
    return Comparison(*columns, table.facts)
