# SPDX-License-Identifier: GPL-3.0-or-later
"""rooms.py SOURCE: dependencies point one way. An include carries its room, and a file includes its own room and earlier ones alone.
In a checkout of git the top folder holds what it should, and nothing beside it."""

import pathlib
import re
import subprocess
import sys

# What a room may use stands before it; precision/, the oracle, uses base/ alone.
ORDER = """base spectra/spectrum spectra/forms solver/averages solver/state solver/motion solver/steps solver/optimum solver/plateau solver/fluctuations precision
validation/data validation/simulate validation/compare model
cli/options cli/output cli/sweep cli/figures cli/commands cli""".split()
ORACLE = {"base", "precision"}
TOP = set(
    """.ci .clang-format .gitignore CHANGELOG.md CITATION.cff CMakeLists.txt CMakePresets.json CONTRIBUTING.md LICENSE README.md base bench cli
cmake docs examples model precision pyproject.toml python scripts solver spectra tests validation""".split()
)


def strangers(source):
    """Files that were committed by accident."""
    try:
        tracked = subprocess.run(["git", "-C", source, "ls-files", "-z"], capture_output=True, text=True)
    except OSError:
        return
    if tracked.returncode == 0 and (pathlib.Path(source) / ".git").exists():
        for name in sorted({path.split("/")[0] for path in tracked.stdout.split("\0") if path} - TOP):
            yield f"{name}: the top folder has no such file or folder (tests/rooms.py)"


def room_of(path):
    return next((room for room in ORDER if path.startswith(room + "/")), None)


def faults(source):
    for top in sorted({room.split("/")[0] for room in ORDER}):
        for path in sorted((source / top).rglob("*.[ch]")):
            name = str(path.relative_to(source))
            room = room_of(name)
            if room is None:
                yield f"{name}: stands in no room"
                continue
            for header in re.findall(r'^#include "(.*)"', path.read_text(), re.M):
                used = room_of(header)
                if used is None:
                    yield f'{name}: "{header}" does not say its room'
                elif ORDER.index(used) > ORDER.index(room) or (room == "precision" and used not in ORACLE):
                    yield f"{name}: {room} must not use {header}"


found = [*faults(pathlib.Path(sys.argv[1])), *strangers(sys.argv[1])]
print("\n".join(found))
sys.exit(bool(found))
