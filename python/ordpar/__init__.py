# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning dynamics of two-layer networks on power-law data: ordpar from Python.

curve, closed_form, precision, simulate, compare, optimize, spectrum, report and sweep do what the
program's commands do, with the same numbers to the last bit. Settings are named as on the command line, with _
for -, or by their letter; a Model keeps them together:

    import ordpar
    c = ordpar.curve("0.01:1e5:300:log", K=2, M=2, N=1024, L=16, beta=1, eta=0.1, sigma_j=0.01)
    c.plot()
    m = ordpar.Model(K=3, M=3, L=4)
    ax = m.curve("0.1:1e4:200:log").plot()
    m.simulate("0.1:1e2:9:log", runs=4).plot(ax)

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
file that the program has written, alpha too; what is given beside it wins. progress=FUNCTION is
called with the fraction that is done. Results are new arrays of float64, which belong together and
cannot be written to, but by copy(); their facts say what the program's notes say, their settings what
is not the default. They have plot(), to_pandas() and to_xarray(), where those libraries are installed.

A failure raises ordpar.Error with the library's message, and what diverges after some rows has them
in its attribute partial; arrays of a wrong shape raise ValueError, unknown settings TypeError. Ctrl-C ends a computation: curve, optimize and precision at their next step,
simulate at its next grid point.
"""

import numpy as np

from ._activation import Activation
from ._digits import Digits, digits as digits_of
from ._figure import figure
from ._hints import function_meant, no_attribute
from ._library import Error, encoded, shown, text
from ._model import Request, given
from ._measure import report
from ._models import Model, method
from ._results import (
    Comparison,
    Curve,
    Fact,
    Measured,
    Numbers,
    Optimum,
    Overlaps,
    Precise,
    Report,
    Simulation,
    Spectrum,
    State,
    Values,
)
from ._settings import SETTINGS, Setting, documented
from ._sweep import Sweep, sweep

__version__ = text("version")
__all__ = ["Activation", "Comparison", "Curve", "Error", "Fact", "Measured", "Model", "Overlaps", "Precise", "Report"]
__all__ += ["SETTINGS", "Setting", "Numbers", "Optimum", "Simulation", "Spectrum", "State", "Sweep", "Values"]
__all__ += ["closed_form", "compare", "curve", "figure", "grid", "optimize", "precision", "report", "simulate"]
__all__ += ["spectrum", "sweep"]


def grid(text: str) -> np.ndarray:
    """The rows that --alpha START:STOP:COUNT[:lin|log] stands for, to the last bit.

    Examples
    --------
    >>> ordpar.grid("0:1:3")
    array([0. , 0.5, 1. ])
    """
    if not isinstance(text, str):
        raise TypeError(f"grid takes a text, START:STOP:COUNT[:lin|log], got {shown(text)}")
    model = Request("grid", {}, {})
    model.set_text("alpha", text)
    return model.grid("alpha")


@method
@documented("spectrum")
def spectrum(**settings) -> Spectrum:
    """The spectrum of the inputs, a Spectrum; trainable cuts the block that it falls into.

    Examples
    --------
    >>> ordpar.spectrum(spectrum=([1, 3], [4, 6])).eigenvalues
    array([3., 1.])
    """
    model = Request("spectrum", spectrum.settings, settings)
    table = model.compute("spectrum")
    result = Spectrum(table["eigenvalue"], table["multiplicity"])
    if "teacher" in table.names:
        result.teacher = table["teacher"]
    return _told(result, table)


def _moments(table, orders, K, M):
    """The order parameters (n, rows, K+M, K+M), and the columns behind them by their names."""
    n, rows = K + M, len(table.cells)
    moments = np.empty((len(orders), rows, n, n))
    blocks = [(range(K), range(K), True), (range(K), range(K, n), False), (range(K, n), range(K, n), True)]
    column = 2 + sum(name.startswith("eps_g_") for name in table.names)
    for p in range(len(orders)):
        for first, second, symmetric in blocks:
            for i in first:
                for j in second:
                    if symmetric and j < i:
                        continue
                    moments[p, :, i, j] = moments[p, :, j, i] = table.cells[:, column]
                    column += 1
    return moments, {name: table[name] for name in table.names[column:]}


@method
@documented("curve", without=("alpha", "moments", "keep_partial", "runs"))
def curve(
    alpha: "Rows | None" = None, *, moments: "Orders" = (), runs: "Whole | None" = None, **settings
) -> Curve:
    """Integrates the equations of motion: a Curve.

    eps_g is right to 10 rtol, or to 10 atol absolute. save_overlaps keeps where the curve ends,
    continue_from goes on there.

    Parameters
    ----------
    alpha : number, list, array or text
        Examples / N, in any order, or a grid, START:STOP:COUNT[:lin|log].
    moments : list of int
        The orders of the order parameters to record, such as [1].
    runs : int
        The mean, spread and quantiles of the curves from so many starts, those of simulate.

    Returns
    -------
    Curve
        Of the arrays alpha, eps_g (rows,), moments (orders, rows, K+M, K+M) and the final overlaps.

    Examples
    --------
    >>> c = ordpar.curve([100, 0], K=3, M=3, N=64, L=4, moments=[1])
    >>> c
    Curve(alpha=100..0, eps_g=0.009427..0.1995, K=3, M=3, N=64, L=4)
    >>> c.R.shape
    (1, 2, 3, 3)
    """
    taken = {**curve.settings, "runs": SETTINGS["runs"]}
    model = Request("curve", taken, settings if runs is None else {**settings, "runs": runs}, given(alpha=alpha))
    model.set_list("moments", () if moments is None else moments)
    orders = model.numbers("moments")
    # Output weights are shown beside order parameters.
    trained = model.text("train-output") == "yes" or model.text("continue")
    if not orders.size and trained and not model.is_given("runs"):
        model.set_list("moments", 0)
    if not model.is_given("runs"):
        model.keep_partial()
    return model.curve(model.set_rows("alpha", alpha), lambda table, end: _curve(model, orders, table, end))


def _curve(model, orders, table, end):
    if end is None:
        nothing = np.empty((0, len(table.cells), 0, 0))
        spread = {name: table[name] for name in ("sd_starts", "q05", "q50", "q95")}
        known = {"facts": table.facts, "settings": table.settings, "tasks": table.tasks("eps_g"), **spread}
        return Curve(table["alpha"], table["eps_g"], orders, nothing, None, None, **known)
    recorded, more = _moments(table, model.numbers("moments"), *end.r.shape[:2])
    outputs = [more[name] for name in more if name[0] == "V"]
    tasks = table.tasks("eps_g")
    shape = (-1, tasks["eps_g"].shape[1], end.r.shape[0]) if tasks else (-1, end.r.shape[0])
    return Curve(
        table["alpha"],
        table["eps_g"],
        orders,
        recorded[: orders.size],
        np.stack(outputs, axis=1).reshape(shape) if outputs else None,
        end,
        table.facts,
        more.get("rate"),
        more.get("noise_scale"),
        table.settings,
        sd=more.get("sd"),
        shift=more.get("shift"),
        tasks=tasks,
    )


def _form(name, grids, like):
    """Which of the grids {name: rows or None} a closed form needs."""
    taken = text("model_closed_form_rows", encoded("name", name)) or ""
    if taken and grids[taken] is None and like is None:
        raise TypeError(f"closed_form({name!r}) needs {taken}")
    return taken


def _told(result, table):
    """The result with the table's facts and settings."""
    result.facts, result.settings = table.facts, table.settings
    return result


@method
@documented("closed-form", without=("alpha", "compute", "digits"))
def closed_form(
    name: str,
    alpha: "Rows | None" = None,
    *,
    compute: "Rows | None" = None,
    digits: "int | None" = None,
    **settings,
) -> "Values | Numbers | Precise":
    """A closed form, by the name it has on the command line.

    Parameters
    ----------
    name : str
        See Notes.
    alpha : number, list, array or text, optional
        Examples / N, for the forms that are curves.
    compute : number, list, array or text, optional
        The grid of the frontier.
    digits : int, optional
        So many right digits; of alpha, too.

    Returns
    -------
    Values, Numbers or Precise
        With facts.

    Notes
    -----
    linear-exact, linear-small-eta, linear-continuum, linear-finite-n, features, asymptotic: the
    array eps_g (rows,) at alpha. frontier: a dict of the arrays compute, trained, alpha, eps_g,
    exponent (rows,) at compute, which is given as alpha is. plateau: a dict with Q, R, eps_g, or with moments Q0, R0, ..;
    escape: rate, tau; escape-law: mean, sd, q05, q50, q95, jitter (not with small_eta); critical-eta:
    eta_c, eta_c_N; these take no alpha. All have facts. With digits (all
    but frontier) the results are a Precise, or a dict of texts.

    Examples
    --------
    >>> ordpar.closed_form("linear-exact", [0, 10], activation="linear", K=1, M=1).round(4)
    array([0.5  , 0.046])
    >>> ordpar.closed_form("plateau", K=3, M=3, digits=9)["eps_g"]
    '6.76552955e-03'
    """
    grids = {"alpha": alpha, "compute": compute}
    taken = _form(str(name), grids, settings.get("like"))
    model = Request("closed_form", closed_form.settings, settings, given(**grids))
    model.set_form(str(name))
    place = None
    if digits is not None:
        model.set_text("digits", str(digits))
        model.given["digits"] = digits
    for grid_name, rows in grids.items():
        if rows is not None:  # also one that the form has no use for, which the library refuses
            place = model.set_rows(grid_name, rows, exact=digits is not None)
    table = model.compute(f"closed-form {name}", place)
    if table.texts and taken:
        return Precise(*digits_of(table.texts).T, table.facts, table.settings)
    if table.texts:
        return _told(Numbers(zip(table.names, map(Digits, table.texts[0]))), table)
    if not taken:
        return _told(Numbers((c, float(table[c][0])) for c in table.names), table)
    if taken == "alpha":
        return Values._of(table["eps_g"], table["alpha"], table.facts, table.settings)
    return _told(Numbers((c, table[c]) for c in table.names), table)


@method
@documented("precision", without=("alpha", "rtol", "atol", "integrator", "max_error", "sizes"))
def precision(alpha: "Rows | None" = None, **settings) -> Precise:
    """Integrates the equations of motion in arbitrary precision: a Precise, with so many right digits.

    Parameters
    ----------
    alpha : number, list, array or text
        Examples / N; numbers may be text or decimal.Decimal, which count as they stand.

    Returns
    -------
    Precise
        Of the arrays of texts alpha, eps_g (rows,).

    Examples
    --------
    >>> ordpar.precision("0:4:2", L=1, eta="0.1", digits=12).eps_g.tolist()
    ['1.68680100665e-01', '1.06591651631e-01']
    """
    model = Request("precision", precision.settings, settings, given(alpha=alpha))
    table = model.compute("precision curve", model.set_rows("alpha", alpha, exact=True))
    return Precise(*digits_of(table.texts).T, table.facts, table.settings)


@method
@documented("simulate", without=("alpha", "each", "keep_partial"))
def simulate(alpha: "Rows | None" = None, **settings) -> Simulation:
    """Simulates one-pass SGD: a Simulation of `runs` runs.

    Run r is drawn from seed and r; the numbers do not depend on the threads.

    Parameters
    ----------
    alpha : number, list, array or text
        Examples / N.

    Returns
    -------
    Simulation
        Of eps_g (rows, runs), and mean, stderr, min, max (rows,).

    Examples
    --------
    >>> ordpar.simulate([0, 1], N=16, L=4, runs=3).eps_g.shape
    (2, 3)
    """
    model = Request("simulate", simulate.settings, settings, given(alpha=alpha))
    model.set_text("each", "yes")
    model.keep_partial()
    return model.compute("simulate", model.set_rows("alpha", alpha), _simulation)


def _simulation(table):
    columns = (table[name] for name in ("mean", "stderr", "min", "max"))
    tasks = table.tasks("mean", "stderr")
    return Simulation(table["alpha"], table.beginning("run_"), *columns, table.facts, table.settings, tasks)


@method
@documented("compare", without=("alpha", "keep_partial", "max_z"))
def compare(alpha: "Rows | None" = None, **settings) -> Comparison:
    """Theory beside simulation, a Comparison, with z-scores.

    Parameters
    ----------
    alpha : number, list, array or text
        Examples / N.

    Returns
    -------
    Comparison
        Of theory, mean, stderr and z (rows,); against="ode+1/N" also of sd, sd_runs and z_sd.

    Examples
    --------
    >>> bool(abs(ordpar.compare([1, 2], N=64, L=4, runs=4).z).max() < 5)
    True
    """
    model = Request("compare", compare.settings, settings, given(alpha=alpha))
    model.keep_partial()
    return model.compute("compare", model.set_rows("alpha", alpha), _comparison)


def _comparison(table):
    columns = (table[name] for name in ("alpha", "theory", "mean", "stderr", "z"))
    spread = {name: table[name] for name in ("sd", "sd_runs", "z_sd") if name in table.names}
    tasks = table.tasks("theory", "mean", "stderr", "z")
    return Comparison(*columns, table.facts, table.settings, tasks, **spread)


@method
@documented("optimize", without=("eta", "schedule"))
def optimize(**settings) -> Optimum:
    """The learning rate, up to eta_max, that makes eps_g at alpha = until least: an Optimum.

    Returns
    -------
    Optimum
        Of alpha and eta (rows,), and eps_g.

    Examples
    --------
    >>> best = ordpar.optimize(K=1, M=1, L=2, N=64, label_noise=0.2, eta_max=2, until=50, knots=8)
    >>> best.eta.shape, best.eps_g < best.facts["best constant"].value
    ((8,), True)
    """
    model = Request("optimize", optimize.settings, settings)
    table = model.compute("optimize")
    facts = table.facts
    return Optimum(table["alpha"], table["eta"], facts["eps_g"].value, facts, table.settings)


def __getattr__(name: str):
    hint = "" if name.startswith("_") else function_meant(name)
    raise no_attribute(f"module 'ordpar' has no attribute {name!r}", name, hint)
