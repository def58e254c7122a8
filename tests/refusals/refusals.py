# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of refusals from Python: status and words."""

import os
import pathlib
import sys

import ordpar

FUNCTIONS = {"closed-form": ordpar.closed_form, "precision": ordpar.precision}
GRID = "0:1:2"


def call(words):
    """Calls what the words say: NAME=VALUE are settings, the others the computation."""
    computation = [word for word in words if "=" not in word]
    settings = {}
    for word in words:
        name, equals, value = word.partition("=")
        name = ordpar._settings.python_name(name)
        if equals and name in settings:
            settings[name] = [settings[name], value]  # data
        elif equals:
            settings[name] = value
    function = FUNCTIONS.get(computation[0]) or getattr(ordpar, computation[0])
    if computation[0] == "closed-form":
        rows = ordpar._library.text("model_closed_form_rows", computation[1].encode())
        if rows:
            settings.setdefault(rows, GRID)
        return function(computation[1], **settings)
    if computation[0] in ("spectrum", "optimize"):
        return function(**settings)
    return function(settings.pop("alpha", GRID), **settings)


def main():
    os.chdir(pathlib.Path(__file__).parent)
    failures = count = 0
    for line in pathlib.Path("table").read_text().splitlines():
        words, arrow, expected = line.partition(" => ")
        if line.startswith("#") or not arrow:
            continue
        try:
            got = f"numbers: {call(words.split())!r}"
        except ordpar.Error as error:
            got = f"{error.status} {error}"
        except Exception as error:
            got = f"{type(error).__name__} {error}"
        count += 1
        if got != expected:
            failures += 1
            print(f"FAILED: {words}\n    {got}\n    instead of\n    {expected}")
    print(f"{count} refusals, {failures} failures")
    sys.exit(failures > 0 or count < 100)


if __name__ == "__main__":
    main()
