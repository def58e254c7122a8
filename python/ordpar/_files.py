# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Files that are written whole or not at all."""

import os
import secrets
import shutil
import tempfile


def no_room(what, reason):
    """Why a temporary file cannot be written, and what to do."""
    return f"the {what} is written to a temporary file, which does not go in {tempfile.gettempdir()}: {reason}; TMPDIR names another folder"


def is_lasting(path):
    """Whether a file can be read again: not standard input, a pipe or a device."""
    return path != "-" and (os.path.isfile(path) or os.path.isdir(path) or not os.path.exists(path))


def write_whole(path, text):
    """A text in the place of what is at path, over links; into a device or a pipe as it stands."""
    if path == "-":  # the program's standard output
        raise ValueError("path must be a file, got '-'")
    place = os.path.realpath(os.fsdecode(path))
    if os.path.exists(place) and not os.path.isfile(place):
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)
        return
    folder, name = os.path.split(place)
    new = os.path.join(folder, f".{name}.new-{secrets.token_hex(3)}")
    try:
        with open(new, "x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(place):
            shutil.copymode(place, new)
        os.replace(new, place)
    except BaseException:
        if os.path.exists(new):
            os.unlink(new)
        raise
