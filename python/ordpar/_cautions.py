# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Warnings of what is likely to be another model than was meant, though its numbers look right."""

import os
import sys
import warnings

_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


def caution(words):
    """Warns at the line outside of the module that called it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_FOLDER):
        frame, level = frame.f_back, level + 1
    warnings.warn(words, stacklevel=level)


def caution_of_scale(name, settings, result):
    """Of a given spectrum whose trace is far from N: data have theirs made so."""
    trace = getattr(result, "facts", {}).get("trace")
    if name in ("spectrum", "report") or trace is None or settings.get("spectrum") is None or settings.get("normalise") is not None:
        return
    if not 0.9 < trace.value < 1.1:
        caution(
            "spectrum: its trace is not N, and learning rates and times are of its scale; normalise=True makes it N, "
            "as that of data is, normalise=False keeps it without this warning"
        )
