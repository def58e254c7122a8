# SPDX-License-Identifier: GPL-3.0-or-later
"""From keywords to a model of the library, and from its tables to arrays."""

import ctypes
import decimal
import os
import tempfile

import numpy as np

from ._library import call, doubles, integers, library, run, text
from ._results import Fact
from ._settings import LETTERS, SETTINGS


def array(name, value, axes):
    """A C-contiguous array of float64 with so many axes."""
    if np.ma.is_masked(value):
        raise ValueError(f"{name} has masked values; say what stands in their place")
    made = np.ascontiguousarray(value, dtype=np.float64)
    if np.ndim(value) != axes:
        raise ValueError(f"{name} must have {axes} axes, got the shape {np.shape(value)}")
    return made


def _number(name, value):
    """A number as decimal text: a float stands for the shortest decimal that reads as it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float, str, decimal.Decimal)):
        return str(value)
    raise ValueError(f"{name} must be a number or its text, got {value!r}")


def _is_scalar(value):
    return isinstance(value, (str, decimal.Decimal)) or not np.iterable(value)


def _is_path(value):
    return isinstance(value, (str, os.PathLike))


class Model:
    """A model of the library. taken: {name: Setting} that the function takes."""

    def __init__(self, function, taken, settings):
        self.pointer = ctypes.c_void_p()
        self.stop = ctypes.c_int(0)
        self.files = []
        self.given = {}
        call("model_create", ctypes.byref(self.pointer))
        library.ordpar_model_set_stop(self.pointer, ctypes.byref(self.stop))
        for name, value in settings.items():
            long_name = LETTERS.get(name, name)
            if long_name not in taken:
                raise TypeError(f"{function}() has no setting {name!r}")
            if long_name in self.given:
                raise TypeError(f"{function}() got {name!r} and {long_name!r}, which are the same")
            if value is not None:
                self.given[long_name] = value
        for long_name, value in self.given.items():
            self._set(SETTINGS[long_name], value)

    def __del__(self):
        if library and self.pointer:
            library.ordpar_model_free(self.pointer)

    def set_text(self, name, value):
        """Sets a setting from text or bytes."""
        value = value if isinstance(value, bytes) else value.encode()
        if b"\0" in value:
            raise ValueError(f"{name} has a NUL character: {value!r}")
        call("model_set_text", self.pointer, name.replace("_", "-").encode(), value)

    def _set(self, row, value):
        name = row.name
        if name == "spectrum" and not _is_path(value):
            self._set_spectrum(value)
        elif name == "overlaps" and not _is_path(value):
            self._set_overlaps(value)
        elif row.kind == "files":
            self._set_data(value)
        elif row.kind in ("file", "text"):
            if not _is_path(value):
                raise TypeError(f"{name} must be the name of a file, got {value!r}")
            self.set_text(name, os.fsencode(value))
        elif row.kind == "choice":
            if not isinstance(value, str):
                raise TypeError(f"{name} must be one of {', '.join(row.choices)}, got {value!r}")
            self.set_text(name, value)
        elif row.kind == "flag":
            flags = {True: "yes", False: "no"}
            self.set_text(name, value if isinstance(value, str) else flags.get(value, str(value)))
        elif row.kind in ("reals", "orders"):
            items = [value] if _is_scalar(value) else value
            if np.ndim(items) > 1:
                raise ValueError(f"{name} must have 1 axes, got the shape {np.shape(items)}")
            if len(items):
                self.set_text(name, ",".join(_number(name, item) for item in items))
        else:
            self.set_text(name, _number(name, value))

    def _set_spectrum(self, value):
        if np.ndim(value) == 2 and isinstance(value, np.ndarray):
            raise ValueError(
                "spectrum: an array of two axes may be a covariance or eigenvalues and "
                "multiplicities; give (eigenvalues, multiplicities), or eigenvalues alone"
            )
        pair = len(value) == 2 and all(map(np.iterable, value))
        eigenvalues = array("eigenvalues", value[0] if pair else value, 1)
        given = array("multiplicities", value[1], 1) if pair else np.ones_like(eigenvalues)
        if eigenvalues.shape != given.shape:
            raise ValueError(
                f"eigenvalues {eigenvalues.shape} and multiplicities {given.shape} must have one "
                "length"
            )
        if not np.all((given >= 1) & (given <= 2**53) & (given == np.rint(given))):
            raise ValueError("multiplicities must be whole numbers from 1 on")
        whole = given.astype(np.int64)
        call("model_set_spectrum", self.pointer, given.size, doubles(eigenvalues), integers(whole))

    def _set_overlaps(self, value):
        q, r, t = (array(name, x, 3) for name, x in zip("qrt", value))
        K, M, L = r.shape
        if q.shape != (K, K, L) or t.shape != (M, M, L):
            raise ValueError(
                "overlaps must have the shapes (K, K, L), (K, M, L), (M, M, L), got "
                f"{q.shape}, {r.shape}, {t.shape}"
            )
        call("model_set_overlaps", self.pointer, K, M, L, doubles(q), doubles(r), doubles(t))

    def _set_data(self, value):
        """Files, or arrays of examples, which are written to temporary files."""
        items = [value] if _is_path(value) or isinstance(value, np.ndarray) else list(value)
        if not items:
            raise ValueError("data must be at least one file or array")
        for item in items:
            if not _is_path(item):
                file = tempfile.NamedTemporaryFile(suffix=".npy")
                np.save(file, np.ma.getdata(item) if not np.ma.is_masked(item) else array("data", item, 2))
                file.flush()
                self.files.append(file)
                item = file.name
            self.set_text("data", os.fsencode(item))

    def set_rows(self, name, values):
        """Sets a grid from a text or numbers in any order. Returns where each number's row is, or
        None for all rows in their order."""
        if isinstance(values, str):
            self.set_text(name, values)
            return None
        values = array(name, np.atleast_1d(values), 1)
        if values.size == 0:
            raise ValueError(f"{name} must have at least one row")
        rows, place = np.unique(values, return_inverse=True)
        self.set_text(name, ",".join(map(repr, rows.tolist())))
        return place.ravel()

    def blocks(self):
        count = ctypes.c_size_t()
        call("model_blocks", self.pointer, ctypes.byref(count))
        return count.value

    def grid(self, name):
        """The values of a grid."""
        count = ctypes.c_size_t()
        call("model_grid", self.pointer, name.encode(), ctypes.byref(count), None)
        values = np.empty(count.value)
        call("model_grid", self.pointer, name.encode(), ctypes.byref(count), doubles(values))
        return values

    def compute(self, computation, place=None):
        """A computation's Table, with its rows at `place`."""
        table = ctypes.c_void_p()
        run(self.stop, "model_compute", self.pointer, computation.encode(), ctypes.byref(table))
        return Table(table, place)

    def curve(self, q, r, t, place=None):
        table = ctypes.c_void_p()
        run(
            self.stop, "model_curve_table", self.pointer, *map(doubles, (q, r, t)),
            ctypes.byref(table),
        )  # fmt: skip
        return Table(table, place)


class Table:
    """A table of the library: columns by name, texts, facts."""

    def __init__(self, pointer, place):
        rows = library.ordpar_table_n_rows(pointer)
        columns = library.ordpar_table_n_columns(pointer)
        values = library.ordpar_table_values(pointer)
        cells = np.ctypeslib.as_array(values, (rows, columns)).copy() if rows else np.empty((0, columns))
        self.names = [text("table_column_name", pointer, c) for c in range(columns)]
        self.cells = cells if place is None else cells[place]
        order = range(rows) if place is None else place
        has_text = rows and columns and library.ordpar_table_text(pointer, 0, 0) is not None
        self.texts = [
            [text("table_text", pointer, int(r), c) for c in range(columns)] for r in order
        ] if has_text else None  # fmt: skip
        self.facts = {}
        k = 0
        while (key := text("table_fact_key", pointer, k)) is not None:
            value = library.ordpar_table_fact_value(pointer, k)
            self.facts[key] = Fact(text("table_fact_text", pointer, k), value)
            k += 1
        library.ordpar_table_free(pointer)

    def __getitem__(self, name):
        return self.cells[:, self.names.index(name)].copy()

    def beginning(self, prefix):
        """The columns whose names begin so, (rows, n)."""
        return self.cells[:, [k for k, name in enumerate(self.names) if name.startswith(prefix)]]
