# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""The paper's figures, which the program makes."""

import csv
import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import numpy as np

from ._library import Error, library, shown, through_signals

_STATUS = {2: "INVALID", 3: "DISAGREES"}


def _program():
    """The program of the wheel; else that which was built or installed with the library; else the path's."""
    loaded = pathlib.Path(library._name)
    own = [pathlib.Path(__file__).resolve().parent / "bin/ordpar"]
    if loaded.is_absolute():
        folders = loaded.resolve().parents
        own += [folders[0] / "ordpar", *(folder / "bin/ordpar" for folder in list(folders)[1:3])]
    for path in own:
        if path.is_file():
            return str(path)
    if path := shutil.which("ordpar"):
        return path
    raise Error("figure: the program ordpar was not found", "IO")


# Where the system has it, what kills this process ends the program, too.
_prctl = getattr(ctypes.CDLL(None), "prctl", None)


def _ends_with_us():
    if _prctl:
        _prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _panel(path):
    """The columns of a panel's file; a column with a word in it stays text."""
    with open(path, newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(line for line in file if not line.startswith("#"))
    columns = {}
    for name, texts in zip(names, zip(*rows)):
        try:
            columns[name] = np.array([float(text or "nan") for text in texts])
        except ValueError:
            columns[name] = np.array(texts)
    return columns


def _files(name, value):
    """Names of files, one or a list; of None none."""
    listed = np.iterable(value) and not isinstance(value, (str, bytes))
    items = list(value) if listed else [] if value is None else [value]
    for item in items:
        if not isinstance(item, (str, bytes, os.PathLike)):
            raise TypeError(f"{name} must be files (np.save writes those of arrays), got {shown(item)}")
    return [os.fsdecode(item) for item in items]


def _said(stderr):
    """A message of the program, its options as the keywords that they are here."""
    said = stderr.strip().partition("ordpar figure: ")[2] or stderr.strip()
    return re.sub(r"(?<![\w-])--(out|full|picture|seed|data|labels|threads)(?=[:, ]|$)", r"\1", said)


def _ended(status):
    return f"figure: the program was ended by {signal.Signals(-status).name}" if status < 0 else "figure: the program failed"


def _run(words):
    """The program's status and its words. What interrupts Python alone is handed on to the program, which writes
    what it has and ends its gnuplot before this returns, unless there is another interrupt."""
    pipe = subprocess.PIPE
    told = dict(stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, encoding="utf-8", errors="surrogateescape")
    with subprocess.Popen(words, preexec_fn=_ends_with_us, **told) as program:
        try:
            stderr = program.communicate()[1]
        except BaseException:
            program.send_signal(signal.SIGINT)  # Ctrl-C may have come to both: within a second that is one
            through_signals(lambda: program.poll() is not None or time.sleep(0.02))
            raise
        finally:
            program.kill()  # where it has not ended
    return program.returncode, stderr


def figure(number, out, *, full=False, picture="svg", seed=1, data=(), labels=None, threads=0):
    """A figure of the paper, theory and simulation: files in a folder, as the program's `figure`.

    Parameters
    ----------
    number : int or str
        1 to 6, "all", which makes a page of them too, or "phases", of teachers that decay.
    out : str or path
        The folder for the files; made if it is not there.
    full : bool
        The paper's sizes, which take minutes to an hour, instead of reduced ones.
    picture : {"svg", "png", "pdf"}
        A format beside SVG.
    seed : int
        Of everything that is drawn.
    data : file or list of files
        A data set, for the figures that have one.
    labels : file
        Its labels, a .npy or "FILE.npz:ARRAY", as the target of figure 3's students.
    threads : int
        At a time; 0: one a core.

    Returns
    -------
    dict
        {panel: {column: array}}, what stands in the CSV files of the panels that were made. An Error has
        them as `partial`, as where gnuplot is missing or fails.

    Examples
    --------
    >>> panels = ordpar.figure(2, "figures")  # doctest: +SKIP
    """
    if not isinstance(out, (str, bytes, os.PathLike)):
        raise TypeError(f"out must be the name of a folder, got {shown(out)}")
    folder = pathlib.Path(os.fsdecode(out))
    if str(number).startswith("-"):
        raise ValueError(f"number must be 1 to 6, 'all' or 'phases', got {shown(number)}")
    files = _files("data", data)
    words = [_program(), "figure", str(number), "--out", str(folder), "--picture", str(picture)]
    words += ["--seed", str(seed), "--threads", str(threads), "--quiet"] + ["--full"] * bool(full)
    words += ["--data", *files] if files else []
    words += ["--labels", *_files("labels", [labels])] if labels is not None else []
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.csv")}
    status, stderr = _run(words)
    if status == 130:
        raise KeyboardInterrupt
    made = [path for path in sorted(folder.glob("*.csv")) if before.get(path) != path.stat().st_mtime_ns]
    panels = {path.stem: _panel(path) for path in made}
    if status:
        error = Error(_said(stderr) or _ended(status), _STATUS.get(status, "NUMERICAL"))
        error.partial = panels or None  # a picture that is not drawn costs no numbers
        raise error
    return panels
