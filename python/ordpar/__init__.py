# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning dynamics of two-layer networks on power-law data: ordpar from Python.

curve, closed_form, precision, simulate and spectrum do what the program's commands do, with the
same numbers to the last bit. Options are named as on the command line, with _ for -, or by their
letter:

    import ordpar
    c = ordpar.curve("0.01:1e5:300:log", K=2, M=2, N=1024, L=16, beta=1, eta=0.1, sigma_j=0.01)
    plt.loglog(c.alpha, c.eps_g)

Options of the model: activation, student_units (K), teacher_units (M), input_dim (N), eigenvalues
(L), beta, spectrum, spread, spread_parts, data, eta, sigma_j, label_noise, student_output,
teacher_output, trainable, small_eta, init, teacher, seed, overlaps. `ordpar help curve` says what
they mean; defaults are the same. curve and simulate also take train_output, eta_v, weight_decay and
schedule. Two take arrays as well as the name of a file, one takes several files:

    spectrum    (eigenvalues, multiplicities), arrays of one length in any order, or a Spectrum
    overlaps    Overlaps(q, r, t): arrays of the shapes (K, K, L), (K, M, L), (M, M, L)
    data        a file of examples, .npy or .npz, or a list; its spectrum takes the place of L and
                beta; N leading components are kept (default: all); simulate trains on them

Numbers may be text or decimal.Decimal. With digits (precision, closed_form) they then count as they
stand; a float stands for the shortest decimal that reads as it, 0.1 for one tenth.

alpha is an array of one axis, ascending, or a text as for --alpha. Arrays of float64 in C order are
used where they lie; others are copied. Results are new arrays of float64.

A failure raises ordpar.Error with the library's message; arrays of a wrong shape raise ValueError,
unknown options TypeError. Ctrl-C ends a computation: curve and precision at their next step,
simulate at its next grid point.
"""

import ctypes
import dataclasses
import decimal
import math
import os
import typing

import numpy as np

from ._library import Error, call, doubles, integers, library, run

__version__ = library.ordpar_version().decode()
__all__ = ["Curve", "Error", "Overlaps", "Simulation", "Spectrum", "closed_form", "curve"]
__all__ += ["Precise", "grid", "precision", "simulate", "spectrum"]

_LETTERS = {
    "K": "student_units",
    "M": "teacher_units",
    "N": "input_dim",
    "L": "eigenvalues",
}
_SPECTRUM = {
    "input_dim", "eigenvalues", "beta", "spectrum", "spread", "spread_parts", "data", "trainable",
}
_MODEL = _SPECTRUM | {
    "activation", "student_units", "teacher_units", "eta", "sigma_j", "label_noise",
    "student_output", "teacher_output", "small_eta", "init", "teacher", "seed", "overlaps",
}
_TRAINING = {"train_output", "eta_v", "weight_decay", "schedule"}
_TEXT = {"activation", "init", "teacher", "method", "representation"}
_LISTS = {"student_output", "teacher_output"}
_FILES = {"spectrum", "overlaps", "checkpoint", "schedule"}


class Overlaps(typing.NamedTuple):
    """Block overlaps [3.1]: q (K, K, L), r (K, M, L), t (M, M, L), not weighted with lambda."""

    q: np.ndarray
    r: np.ndarray
    t: np.ndarray


class Spectrum(typing.NamedTuple):
    """The spectrum of the inputs: eigenvalues (L,), decreasing, and multiplicities (L,)."""

    eigenvalues: np.ndarray
    multiplicities: np.ndarray


class Precise(typing.NamedTuple):
    """A curve in decimal text, all of whose digits are right: alpha and eps_g, arrays (rows,) of
    str. eps_g.astype(float) has the nearest doubles, map(mpmath.mpf, eps_g) all digits."""

    alpha: np.ndarray
    eps_g: np.ndarray


@dataclasses.dataclass(frozen=True)
class Curve:
    """A theoretical curve.

    alpha (rows,), eps_g (rows,); orders (n,): the orders that were asked for; moments
    (n, rows, K+M, K+M): the order parameters of each order, as the joint covariance of students
    and teachers; Q (n, rows, K, K), R (n, rows, K, M), T (n, rows, M, M): views of it; V (rows, K):
    the student's output weights where they are trained, else None; overlaps: the final ones, from
    which another curve may start (with student_output=V[-1], where there is V).
    """

    alpha: np.ndarray
    eps_g: np.ndarray
    orders: np.ndarray
    moments: np.ndarray
    V: typing.Optional[np.ndarray]
    overlaps: Overlaps

    @property
    def _units(self):
        return self.overlaps.q.shape[0]

    @property
    def Q(self):
        return self.moments[..., : self._units, : self._units]

    @property
    def R(self):
        return self.moments[..., : self._units, self._units :]

    @property
    def T(self):
        return self.moments[..., self._units :, self._units :]


@dataclasses.dataclass(frozen=True)
class Simulation:
    """An ensemble: alpha (rows,), eps_g (rows, runs), and of each row (rows,) mean, stderr (the
    standard error of the mean; NAN for one run), min, max."""

    alpha: np.ndarray
    eps_g: np.ndarray
    mean: np.ndarray
    stderr: np.ndarray
    min: np.ndarray
    max: np.ndarray


def _array(name, value, axes):
    array = np.ascontiguousarray(value, dtype=np.float64)
    if np.ndim(value) != axes:
        raise ValueError(f"{name} must have {axes} axes, got the shape {np.shape(value)}")
    return array


def _grid_parts(text):
    """START, STOP (texts, checked), COUNT, and whether the grid is logarithmic."""
    parts = text.split(":")
    if len(parts) not in (3, 4) or parts[3:] not in ([], ["lin"], ["log"]):
        raise ValueError(f"a grid must be START:STOP:COUNT[:lin|log], got {text!r}")
    start, stop, count = float(parts[0]), float(parts[1]), int(parts[2])
    log = parts[3:] == ["log"]
    if not (0 <= start <= stop < math.inf and (start < stop) == (count > 1) and count >= 1):
        raise ValueError(f"a grid must have 0 <= START < STOP and COUNT > 1, got {text!r}")
    if log and not start > 0:
        raise ValueError(f"a log grid must have START > 0, got {text!r}")
    return parts[0], parts[1], count, log


def grid(text):
    """The rows that --alpha START:STOP:COUNT[:lin|log] stands for, to the last bit."""
    start, stop, count, log = _grid_parts(text)
    start, stop = float(start), float(stop)
    alpha = np.empty(count)
    for k in range(count - 1):
        part = k / (count - 1)
        if not log:
            alpha[k] = start + (stop - start) * part
        elif math.isfinite(ratio := stop / start):
            alpha[k] = start * math.pow(ratio, part)
        else:
            alpha[k] = math.pow(start, 1 - part) * math.pow(stop, part)
    alpha[-1] = stop
    return alpha


def _rows(name, values):
    values = grid(values) if isinstance(values, str) else _array(name, values, 1)
    if values.size == 0:
        raise ValueError(f"{name} must have at least one row")
    return values


def _is_text(value):
    return isinstance(value, (str, decimal.Decimal))


class _Model:
    """A model of the library, from options."""

    def __init__(self, function, taken, options):
        self.pointer = ctypes.c_void_p()
        self.decimal = "digits" in taken
        call("create", ctypes.byref(self.pointer))
        self.options = {}
        for name, value in options.items():
            long_name = _LETTERS.get(name, name)
            if long_name not in taken:
                raise TypeError(f"{function}() has no option {name!r}")
            if long_name in self.options:
                raise TypeError(f"{function}() got {name!r} and {long_name!r}, which are the same")
            if value is not None:
                self.options[long_name] = value
        for long_name, value in self.options.items():
            if long_name != "data":
                self._set(long_name, value)
        if "data" in self.options:  # read with the settings that are there by then
            self._read_data(self.options["data"])

    def __del__(self):
        if library and self.pointer:
            library.ordpar_model_free(self.pointer)

    def _set(self, name, value):
        option = name.replace("_", "-").encode()
        if name in _FILES and isinstance(value, (str, os.PathLike)):
            call("set_text", self.pointer, option, os.fsencode(value))
        elif name in _TEXT:
            if not isinstance(value, str):
                raise TypeError(f"{name} must be a text, got {value!r}")
            call("set_text", self.pointer, option, value.encode())
        elif name == "spectrum":
            self._set_spectrum(*value)
        elif name == "overlaps":
            self._set_overlaps(*value)
        elif name in _FILES:
            raise TypeError(f"{name} must be the name of a file, got {value!r}")
        else:
            self._set_numbers(name, option, value)

    def _set_numbers(self, name, option, value):
        items = value if name in _LISTS and np.iterable(value) and not _is_text(value) else [value]
        if any(map(_is_text, items)):
            text = ",".join(map(str, items))
            call("set_text", self.pointer, option, text.encode())
            return
        numbers = _array(name, value if name in _LISTS else items, 1)
        for given, number in zip(items, numbers):
            if (self.decimal or isinstance(given, int)) and given == given != float(number):
                raise ValueError(f"{name}: {given} is not exact as a float; give it as text")
        call("set", self.pointer, option, numbers.size, doubles(numbers))

    def _set_spectrum(self, eigenvalues, multiplicities):
        eigenvalues = _array("eigenvalues", eigenvalues, 1)
        given = _array("multiplicities", multiplicities, 1)
        if eigenvalues.shape != given.shape:
            raise ValueError(
                f"eigenvalues {eigenvalues.shape} and multiplicities {given.shape} must have one "
                "length"
            )
        if not np.all((given >= 1) & (given <= 2**53) & (given == np.rint(given))):
            raise ValueError("multiplicities must be whole numbers from 1 on")
        whole = given.astype(np.int64)
        call(
            "set_spectrum", self.pointer, given.size, doubles(eigenvalues), integers(whole)
        )

    def _set_overlaps(self, q, r, t):
        q, r, t = (_array(name, x, 3) for name, x in (("q", q), ("r", r), ("t", t)))
        K, M, L = r.shape
        if q.shape != (K, K, L) or t.shape != (M, M, L):
            raise ValueError(
                "overlaps must have the shapes (K, K, L), (K, M, L), (M, M, L), got "
                f"{q.shape}, {r.shape}, {t.shape}"
            )
        call("set_overlaps", self.pointer, K, M, L, doubles(q), doubles(r), doubles(t))

    def _read_data(self, files):
        if isinstance(files, (str, os.PathLike)):
            files = [files]
        names = [os.fsencode(file) for file in files]
        run(self, "read_data", len(names), (ctypes.c_char_p * len(names))(*names))

    def blocks(self):
        count = ctypes.c_size_t()
        call("blocks", self.pointer, ctypes.byref(count))
        return count.value


def spectrum(**options):
    """The spectrum of the inputs, a Spectrum, from input_dim (N), eigenvalues (L), beta, or
    spectrum, or data; spread makes it nearly degenerate; trainable cuts the block that it falls
    into."""
    model = _Model("spectrum", _SPECTRUM, options)
    result = Spectrum(np.empty(L := model.blocks()), np.empty(L))
    call("spectrum", model.pointer, *map(doubles, result))
    return result


def curve(alpha, *, moments=(), **options):
    """Integrates the equations of motion: a Curve.

    moments: the orders of the order parameters to record, such as [1]. Options: those of the model
    (see the module), rtol and atol: eps_g is right to 10 rtol, or to 10 atol absolute.
    """
    alpha = _rows("alpha", alpha)
    orders = _array("moments", moments, 1)
    model = _Model("curve", _MODEL | _TRAINING | {"rtol", "atol"}, options)
    K, M = (int(model.options.get(name, 2)) for name in ("student_units", "teacher_units"))
    L, n, rows = model.blocks(), orders.size, alpha.size
    recorded = np.empty((n, rows, K + M, K + M))
    eps_g = np.empty(rows)
    outputs = np.empty((rows, K)) if model.options.get("train_output") else None
    end = Overlaps(np.empty((K, K, L)), np.empty((K, M, L)), np.empty((M, M, L)))
    run(
        model, "curve", rows, doubles(alpha), doubles(eps_g), n, doubles(orders),
        doubles(recorded), doubles(outputs), *map(doubles, end),
    )
    return Curve(alpha, eps_g, orders, recorded, outputs, end)


def _form(name, grids):
    """The columns of a closed form, and the one of the grids {name: rows or None} that it takes."""
    columns = library.ordpar_model_closed_form_columns(name.encode())
    if columns is None:
        raise ValueError(f"{name!r} is not a closed form")
    taken = (library.ordpar_model_closed_form_rows(name.encode()) or b"").decode()
    for grid_name, rows in grids.items():
        if (grid_name == taken) != (rows is not None):
            verb = "needs" if grid_name == taken else "takes no"
            raise TypeError(f"closed_form({name!r}) {verb} {grid_name}")
    return columns.decode().split(","), taken


def closed_form(name, alpha=None, *, compute=None, digits=None, **options):
    """A closed form, by the name it has on the command line.

    linear-exact, linear-small-eta, linear-continuum, linear-finite-n, features, asymptotic: the
    array eps_g (rows,) at alpha. frontier: a dict of the arrays compute, trained, alpha, eps_g,
    exponent (rows,) at compute, which is given as alpha is. plateau: a dict with Q, R, eps_g;
    escape: rate, tau; critical-eta: eta_c; these take no alpha. Options: those of the model, and
    continuum. With digits (all but frontier) alpha must be a text, and the results are a Precise,
    or a dict of texts.
    """
    columns, taken = _form(str(name), {"alpha": alpha, "compute": compute})
    if digits is not None:
        options["digits"] = digits
        model = _Model("closed_form", _MODEL | {"continuum", "digits"}, options)
        form = str(name).encode()
        if taken == "alpha":
            return Precise(*_texts(model, "closed_form_digits", form, grid=alpha, columns=2).T)
        text = _texts(model, "closed_form_digits", form, grid=None, columns=len(columns))
        return dict(zip(columns, map(str, text[0])))
    rows = _rows(taken, alpha if taken == "alpha" else compute) if taken else None
    model = _Model("closed_form", _MODEL | {"continuum"}, options)
    values = np.empty((rows.size if taken else 1, len(columns)))
    run(model, "closed_form", str(name).encode(), len(values), doubles(rows), doubles(values))
    if not taken:
        return dict(zip(columns, map(float, values[0])))
    if taken == "alpha":
        return values[:, 0]
    return {taken: rows, **dict(zip(columns, values.T.copy()))}


def _texts(model, function, *arguments, grid, columns):
    """An array (rows, columns) of the texts that a function of the library fills in."""
    if grid is None:
        start, stop, count, log = None, None, 1, False
    elif isinstance(grid, str):
        start, stop, count, log = _grid_parts(grid)
        start, stop = start.encode(), stop.encode()
    else:
        raise TypeError(f"with digits alpha must be a text, START:STOP:COUNT[:log], got {grid!r}")
    text = np.zeros((count, columns), dtype=f"S{library.ordpar_model_width(model.pointer)}")
    run(model, function, *arguments, start, stop, count, log, text.ctypes.data_as(ctypes.c_char_p))
    return text.astype(str)


def precision(alpha, *, digits=30, **options):
    """Integrates the equations of motion in arbitrary precision: a Precise, with so many right
    digits. alpha must be a text, START:STOP:COUNT[:lin|log].

    Options: those of the model (but not data and spread), and representation: 'moments', 'blocks'
    or 'implicit', as on the command line.
    """
    options["digits"] = digits
    model = _Model("precision", _MODEL | {"digits", "representation"}, options)
    return Precise(*_texts(model, "precision", grid=alpha, columns=2).T)


def simulate(alpha, *, runs=10, **options):
    """Simulates one-pass SGD: a Simulation of `runs` runs, run r drawn from seed and r.

    Options: those of the model, method ('sgd' or 'overlap'), threads (default: all cores; the
    numbers do not depend on it), checkpoint.
    """
    alpha = _rows("alpha", alpha)
    model = _Model(
        "simulate",
        _MODEL | _TRAINING | {"method", "threads", "checkpoint", "runs"},
        {"runs": runs, **options},
    )
    eps_g, summary = np.empty((alpha.size, int(runs))), np.empty((alpha.size, 4))
    complete = ctypes.c_size_t()
    run(
        model, "simulate", alpha.size, doubles(alpha), doubles(eps_g), doubles(summary),
        ctypes.byref(complete),
    )
    return Simulation(alpha, eps_g, *summary.T)
