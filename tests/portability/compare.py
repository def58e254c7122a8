# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets rows of rows.sh beside those of another system: compare.py REFERENCE OTHER.., folders; with --files
two files.

Prints the largest difference of each folder and each command that differs. Words and whole numbers must
be the same, all else to 1e-10 relative, or to 1e-13 of the largest number of its column; standard
errors, which are what is left of nearly equal numbers, to 1e-8.
"""
import csv
import pathlib
import sys

RELATIVE, OF_COLUMN = 1e-10, 1e-13
STANDARD_ERROR, OF_STANDARD_ERRORS = "stderr", 1e-8


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def whole(text):
    return text.lstrip("-").isdigit()


def scales(rows):
    """The largest magnitude of each column."""
    return [max([abs(number(x) or 0) for x in column if x] or [0]) for column in zip(*rows)]


def difference(a, b, scale):
    """Relative; infinite where the two must be the same and are not."""
    if a == b:
        return 0
    x, y = number(a), number(b)
    if x is None or y is None or whole(a) and whole(b):
        return float("inf")
    gap = abs(x - y)
    return 0 if gap <= OF_COLUMN * scale else gap / max(abs(x), abs(y))


def compare(reference, other):
    """The largest difference of two files; infinite where they have not the same shape."""
    a, b = (list(csv.reader(open(path))) for path in (reference, other))
    if [len(r) for r in a] != [len(r) for r in b]:
        return float("inf")
    # what one may ask of each column, in units of RELATIVE
    ease = [OF_STANDARD_ERRORS / RELATIVE if name.endswith(STANDARD_ERROR) else 1 for name in a[0]]
    return max([difference(x, y, s) / e for p, q in zip(a, b) for x, y, s, e in zip(p, q, scales(a), ease)],
               default=0)


def two_files(reference, other):
    found = compare(reference, other)
    print(f"{other}: largest difference {found:.2g}")
    return found > RELATIVE


def main(reference, *others):
    if reference == "--files":
        return two_files(*others)
    reference, bad = pathlib.Path(reference), False
    for other in map(pathlib.Path, others):
        worst, same, names = 0, 0, sorted(p.name for p in reference.glob("*.csv"))
        missing = set(names) ^ {p.name for p in other.glob("*.csv")}
        for name in sorted(set(names) - missing):
            found = compare(reference / name, other / name)
            same += (reference / name).read_bytes() == (other / name).read_bytes()
            worst = max(worst, found)
            if found > RELATIVE:
                print(f"{other}: {name}: differs by {found:.2g}")
        print(f"{other}: {len(names)} commands, {same} to the byte, largest difference {worst:.2g}"
              + (f"; missing: {' '.join(sorted(missing))}" if missing else ""))
        bad |= worst > RELATIVE or bool(missing) or not names
    return bad


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
