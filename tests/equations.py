# SPDX-License-Identifier: GPL-3.0-or-later
"""equations.py SOURCE: docs/equations.md against the code.

Each number stands in one row; its home, `file:function`, exists and cites it (in the function, in the comment above it, or
in the comment above its declaration); each test that the row names exists; and each citation [x.y] in the source, its
tests and its documents is a number of the table. Files are found by their base names, wherever they lie.
"""

import fnmatch
import io
import os
import pathlib
import re
import sys
import tokenize

NUMBER = r"\d+\.\d+"
CITATION = re.compile(rf"\[({NUMBER}(?:, ?{NUMBER})*)\](?! ?\()")
RANGE = re.compile(rf"\[({NUMBER})\](?: to |-)\[({NUMBER})\]")
ROW = re.compile(rf"^\| ({NUMBER}(?:, {NUMBER})*) \|")
TEST = re.compile(r"^(?:ParameterizedTest|Test)\(\s*(?:[^,)]*\*\w+,\s*)?(\w+),\s*(\w+)", re.M)
SKIPPED = {"build", ".git", "CHANGELOG.md"}


def files(source, *endings):
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(set(names) - SKIPPED):
            if name.rpartition(".")[2] in endings:
                yield pathlib.Path(folder, name)


def cited(text):
    """The numbers that a text cites; "[4.1] to [4.4]" cites four."""
    numbers = {n for found in CITATION.findall(text) for n in found.split(", ")}
    for first, last in RANGE.findall(text):
        section, low = first.split(".")
        numbers |= {f"{section}.{k}" for k in range(int(low), int(last.split(".")[1]) + 1)}
    return numbers


def prose(path):
    """(line, text) of what may cite: comments and strings of code, documents without their code."""
    text = path.read_text()
    if path.suffix == ".py":
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                yield token.start[0], token.string
        return
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        fenced ^= path.suffix == ".md" and line.startswith("```")
        if not fenced and (path.suffix != ".sh" or line.lstrip().startswith("#")):
            yield number, line


def around(text, name):
    """Each place that defines or declares `name` at the left margin: the comment above it and, of a definition, its body."""
    places = []
    head = rf"^(?:[\w\"].*?[ *(])?{name}\b(?:\[.*?\])?(?=[\s(=;),])"
    for found in re.finditer(rf"{head}|^\}} {name};", text, re.M):
        begin = text.rfind("\n\n", 0, found.start()) + 2
        end = re.compile(r"^\}.*$|;$", re.M).search(text, found.start())
        if found.group().startswith("}"):
            begin = text.rfind("\n\n", 0, text.rfind("typedef", 0, found.start()) + 1) + 2
        brace = text.find("{", found.start())
        stop = text.find(";", found.start())
        body = end.end() if end else len(text)
        if brace >= 0 and (stop < 0 or brace < stop):
            close = text.find("\n}", found.start())
            body = len(text) if close < 0 else close + 2
        places.append(text[begin:body])
    return places


class Table:
    def __init__(self, source):
        self.source = source
        self.complaints = []
        self.sources = {p: p.read_text() for p in files(source, "c", "h")}
        tests = {p: t for p, t in self.sources.items() if "tests" in p.relative_to(source).parts}
        self.code = {p: t for p, t in self.sources.items() if p not in tests}
        self.tests = {f"{a}/{b}" for t in tests.values() for a, b in TEST.findall(t)}
        self.scripts = {p.name for p in files(source, "sh", "py")}
        self.rows = {}

    def complain(self, where, what):
        self.complaints.append(f"{where}: {what}")

    def read(self):
        text = (self.source / "docs/equations.md").read_text()
        for line, row in enumerate(text.splitlines(), 1):
            found = ROW.match(row)
            if not found:
                continue
            cells = [cell.strip() for cell in row.strip().strip("|").split(" | ")]
            where = f"docs/equations.md:{line}: [{found.group(1)}]"
            if len(cells) != 4:
                self.complain(where, f"has {len(cells)} cells, not 4")
                continue
            for number in found.group(1).split(", "):
                if number in self.rows:
                    self.complain(where, f"{number} stands in two rows")
                self.rows[number] = where
                self.check_home(where, number, cells[2])
            self.check_tests(where, cells[3])

    def check_home(self, where, number, cell):
        found = re.fullmatch(r"`([\w.]+):(\w+)`", cell)
        if not found:
            return self.complain(where, f"the home must be one `file:function`, not {cell}")
        file, name = found.groups()
        homes = [p for p in self.code if p.name == file]
        if not homes:
            return self.complain(where, f"there is no {file}")
        if not any(around(self.code[p], name) for p in homes):
            return self.complain(where, f"{file} has no {name}")
        headers = [p for p in self.code if p.suffix == ".h"]
        beside = "".join(x for p in homes + headers for x in around(self.code[p], name))
        if number not in cited(beside):
            self.complain(where, f"{file}: {name} does not cite [{number}]")

    def check_tests(self, where, cell):
        names = re.findall(r"`([^`]*)`", cell)
        if not names:
            self.complain(where, "names no test")
        for name in names:
            pattern = name.replace("...", "*")
            if "/" in pattern and fnmatch.filter(self.tests, pattern):
                continue
            if pattern.endswith((".sh", ".py")) and pathlib.Path(pattern).name in self.scripts:
                continue
            self.complain(where, f"there is no test {name}")

    def check_citations(self):
        for path in files(self.source, "c", "h", "py", "sh", "md"):
            for line, text in prose(path):
                for number in sorted(cited(text) - self.rows.keys()):
                    self.complain(f"{path.relative_to(self.source)}:{line}", f"cites [{number}], which is no equation")


def main():
    table = Table(pathlib.Path(sys.argv[1]).resolve())
    table.read()
    table.check_citations()
    if len(table.rows) < 90:
        table.complain("docs/equations.md", f"only {len(table.rows)} rows were read")
    print("\n".join(table.complaints) or f"{len(table.rows)} equations, each with its home and test")
    return bool(table.complaints)


if __name__ == "__main__":
    sys.exit(main())
