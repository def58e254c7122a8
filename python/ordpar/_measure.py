# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""What is measured on a curve."""

import numpy as np

from ._library import Error
from ._legend import plain
from ._model import Request, _has_array, file_of, report as table_of_report
from ._numbers import array
from ._models import method
from ._names import files_in_short
from ._results import Comparison, Curve, Fact, Measured, Report, Simulation, Spectrum, Values
from ._settings import LETTERS, SETTINGS, NotKept, documented, exact, library_name


def _trace(curve):
    """The columns of a curve that is measured, {name: array}, ascending in alpha."""
    if isinstance(curve, (Curve, Simulation, Comparison, Values)):
        columns = curve._columns()
        names = ["alpha", "eps_g" if "eps_g" in columns else "mean"]
        names += [name for name in columns if name.startswith(("R1_", "eps_g_", "mean_"))]  # of tasks the library refuses the mean
    elif isinstance(curve, tuple) and len(curve) == 2 and not isinstance(curve, Spectrum):
        columns = {n: array(n, v, 1) for n, v in zip(("alpha", "eps_g"), curve)}
        names = list(columns)
        if columns["alpha"].shape != columns["eps_g"].shape:
            raise ValueError(f"alpha {columns['alpha'].shape} and eps_g {columns['eps_g'].shape} must have one length")
    else:
        raise TypeError(f"curve must be a result or the tuple (alpha, eps_g), got a {type(curve).__name__}")
    alpha, error = (np.asarray(columns[name], dtype=float) for name in names[:2])
    _, order, row = np.unique(alpha, return_index=True, return_inverse=True)
    if len(twice := np.flatnonzero(error != error[order][row])) and not np.isnan(error[twice[0]]):
        raise ValueError(f"alpha has {alpha[twice[0]]:g} twice, with different eps_g")
    return {name: np.asarray(columns[name], dtype=float)[order] for name in names}


def _tells_model(curve):
    """Whether there are settings of the model that a result is of."""
    return not (isinstance(curve, tuple) or (isinstance(curve, Values) and not curve.facts))


def _is_undrawn(curve, given):
    """Whether a Model's seed says nothing of its curve, which begins with overlaps, as Model's calls have it."""
    return "overlaps" in curve.settings or ("continue_from" in curve.settings and "overlaps" in given)


def _not_kept(curve):
    """The names of the settings that were arrays."""
    return [name for name in ("data", "labels") if isinstance(curve.settings.get(name), NotKept)]


def _told(value, text):
    """A value in a message."""
    return "an array" if _has_array("data", value) else text


def _digests_of(curve, name):
    return [w for w in curve.facts.get("digests", "").split() if w.startswith(library_name(name) + "=")]


def _is_content(curve, name, path):
    """Whether the curve was made with what is in that file, or in those, by whatever name. path: the setting's text."""
    digests, files = _digests_of(curve, name), (path or "").split("\n")
    if not digests or not all(file_of(name, file) for file in files):
        return False
    return Request("report", SETTINGS, {name: files if len(files) > 1 else path}).changed({"digests": digests[0]}) is None


def _beside(curve, given, training, said):
    """The request of a curve's model, beside which settings are given, that are the same; and whether the library
    has to compare some of them yet, with what is in the state that it goes on from. training: those of a Model that
    report has not; said: see Request."""
    own = {LETTERS.get(name, name): value for name, value in curve.settings.items() if not isinstance(value, NotKept)}
    asked = Request("report", report.settings, {**given, "_said": said})  # refuses what a report has not
    given = asked.settings() if given.get("like") is not None else given  # what is in that file
    beside = {LETTERS.get(name, name): value for name, value in given.items() if value is not None}
    beside.update((name, value) for name, value in training.items() if not isinstance(value, str) or value != "none")
    own.update((name, beside[name]) for name in _not_kept(curve) if name in beside)
    model, both = (Request("report", SETTINGS, {**s, "_said": said}) for s in (own, {**own, **beside}))
    for name in _not_kept(curve):
        if name in beside and both.changed({"digests": " ".join(_digests_of(curve, name))}):
            raise Error(f"{name}: {_told(beside[name], beside[name])} is not what the curve was made with", "INVALID")
    goes_on, compares = own.get("continue_from") is not None, False
    for name in beside:
        there, here = (request.text(library_name(name)) for request in (model, both))
        if goes_on and name != "overlaps":
            compares = compares or not _is_content(curve, name, here)
            continue
        same = plain(own.get(name)) == plain(beside[name]) if here is None else exact(SETTINGS[name], there) == exact(SETTINGS[name], here)
        same = same or _is_content(curve, name, here) or (_says_nothing(model, name) and here is not None and model.is_usual(name, here))
        if same:
            continue
        here, there = (words and files_in_short(words.split("\n")) if name == "data" else words for words in (here, there))
        here = here and _told(beside[name], here)
        if name in getattr(curve.settings, "without", ()) and (taker := next(iter({"spectrum", "data"} & curve.settings.keys()), None)):
            raise Error(f"{name}: is that of the curve's {taker}; leave it out", "INVALID")
        if here is None:
            raise Error(f"{name}: is not that of the curve", "INVALID")
        if there is None and _digests_of(curve, name):
            raise Error(f"{name}: {here} is not what the curve was made with", "INVALID")
        raise Error(f"{name}: {here} contradicts the curve, which has {there or 'none'}", "INVALID")
    if goes_on and "overlaps" in beside:
        both = Request("report", SETTINGS, {**own, **beside, "overlaps": None, "_said": said})
    return both, compares


def _says_nothing(model, name):
    return not model.is_given(library_name(name)) or model.is_usual(name)


def _changed(curve, model):
    """Which file is not what it was for the curve, or None. What a state holds was compared with it, not by digests."""
    words = curve.facts.get("digests", "").split()
    if curve.settings.get("continue_from") is not None:
        words = [word for word in words if not word.startswith(("spectrum=", "data=", "overlaps="))]
    return model.changed({"digests": " ".join(words)})


def _measured(*of):
    try:
        return table_of_report(*of)
    except Error as error:
        if not str(error).startswith("has "):
            raise
        raise Error(f"curve: {error}", error.status) from None


@method
@documented("report")
def report(curve: "Curve | Simulation | Comparison | Values | tuple[Array, Array]", **settings) -> Report:
    """Measures plateau, escape rate and decay exponent on a curve: a Report.

    Parameters
    ----------
    curve : Curve, Simulation, Comparison, Values of a closed form or (alpha, eps_g)
        The escape rate needs a Curve with moments=[1].

    Returns
    -------
    Report
        A dict of plateau_height, plateau_entry, plateau_exit, plateau_length, escape_rate,
        decay_exponent: each measured, stderr, predicted, begin, end. The predictions are those for
        the settings of the curve, with which those that are given must agree; a tuple has those that
        are given; without any there are none.

    Examples
    --------
    >>> c = ordpar.curve("0.1:3000:400:log", L=1, teacher="mean", sigma_j=1e-4, eta=0.5, moments=[1])
    >>> escape = ordpar.report(c)["escape_rate"]
    >>> round(escape.measured, 5), round(escape.predicted, 5)
    (0.01675, 0.01675)
    """
    trace = _trace(curve)
    model = changed = None
    raises = True
    said = settings.pop("_said", set())
    if settings.pop("_undrawn", False) and isinstance(curve, Curve) and _is_undrawn(curve, settings):
        settings.pop("seed", None)
    training = settings.pop("_training", {})
    if not _tells_model(curve) and (telling := Request("report", SETTINGS, dict(training)).telling(training)):
        raise TypeError(f"report() of measured numbers has no setting {telling[0]!r}, which the model has")
    if _tells_model(curve):
        model, raises = _beside(curve, settings, training, said)
        missing = [name for name in _not_kept(curve) if settings.get(name) is None]
        changed = f"{missing[0]}: an array, which a result does not keep: give {missing[0]}=.. again" if missing else _changed(curve, model)
        if changed:
            model = None
    elif any(value is not None for value in settings.values()):
        model = Request("report", report.settings, {**settings, "_said": said})
    form = None if isinstance(curve, tuple) else curve.facts.get("closed form")
    columns = list(trace), list(trace.values()), form
    try:
        table = _measured(model, *columns)
    except Error as error:
        if raises or error.status not in ("IO", "INVALID"):
            raise
        model, changed = None, str(error)  # a file that is gone, or a closed form for which there is no start
        table = _measured(model, *columns)
    rows = zip(table.texts, table.cells[:, 1:].tolist())
    found = Report((texts[0].replace(" ", "_"), Measured(*cells)) for texts, cells in rows)
    found.facts, found.settings = table.facts, model.settings() if model else {}
    if changed:
        found.facts["predictions"] = Fact(f"none: {changed}")
    return found
