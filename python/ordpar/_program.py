# SPDX-License-Identifier: GPL-3.0-or-later
"""The program of a wheel: the command `ordpar`."""

import os
import pathlib
import sys


def main() -> None:
    """Becomes the program, with the words of the command line."""
    program = pathlib.Path(__file__).resolve().parent / "bin/ordpar"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read before the program begins: no threads that it does not use
    os.execv(program, [sys.argv[0], *sys.argv[1:]])
