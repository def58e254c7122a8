#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the seeds in corpus/ and the dictionaries from valid files: make_corpus.py PATH_OF_ORDPAR"""
import io
import os
import re
import struct
import subprocess
import sys
import zipfile

here = os.path.dirname(os.path.abspath(__file__))
ordpar = sys.argv[1]


def put(target, name, data):
    folder = os.path.join(here, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def run(*words):
    """What the program prints, with the notes that change from version to version cut short."""
    text = subprocess.run([ordpar, *words], check=True, capture_output=True, text=True).stdout
    lines = text.splitlines()
    return "\n".join(lines[:1] + [line for line in lines if not line.startswith("#")]) + "\n"


def npy(descr, shape, data, version=1):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


def npz(members, method):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return file.getvalue()


def options():
    lines = [
        ["-K", "2", "-M", "3", "-L", "4", "-N", "16", "--beta", "0.5", "--eta", "1e-1"],
        ["--activation=linear", "--init", "near-teacher", "--teacher", "mean", "--seed", "7"],
        ["--student-output", "1,-0.5", "--teacher-output", "1,2,3", "-K", "2", "-M", "3"],
        ["--alpha", "0.01:1e5:300:log", "--rtol", "1e-6", "--atol", "0", "--moments", "0,1,2"],
        ["--alpha", "0:10:11:lin", "--digits", "40", "--sizes", "4,8", "--max-error", "1e-9"],
        ["--trainable", "3", "-N", "8", "-L", "8", "--small-eta", "--label-noise", "0.1"],
        ["--format", "json", "-o", "out.csv", "--plot", "p.svg", "-q", "--threads", "2", "x.csv"],
        ["--runs", "3", "--method", "overlap", "--each", "--checkpoint", "c", "--against", "ode"],
        ["--sigma-j", "1", "-qK2", "--", "--beta"],
    ]
    for k, words in enumerate(lines):
        put("options", f"line{k}", "\n".join(words) + "\n")
        put("model", f"line{k}", "\n".join(words) + "\n")
    spectrum = run("spectrum", "-L", "2", "-N", "4")
    put("model", "spectrum", "--spectrum\nfuzz.input\n-K1\n-M1\n--digits\n20\n\n" + spectrum)
    put("model", "overlaps", "--overlaps\nfuzz.input\n-K1\n-M1\n-L1\n-N4\n\n" + overlaps(1, 1, 1))
    put("model", "continue", "--continue\nfuzz.input\n\n" + overlaps(1, 1, 1, whole=True))
    put("model", "momentum", "--continue\nfuzz.input\n\n" + overlaps(1, 1, 1, "--momentum", "constant:1:1", whole=True))


def overlaps(K, M, L, *more, whole=False):
    path = os.path.join(here, "corpus", "overlaps.tmp")
    subprocess.run([ordpar, "curve", f"-K{K}", f"-M{M}", f"-L{L}", "-N8", "--alpha", "1:1:1", *more,
                    "--save-overlaps", path], check=True, stdout=subprocess.DEVNULL)
    with open(path) as file:
        head = ("# alpha", "# settings", "# blocks", "# push") if whole else ()
        lines = [line for line in file if not line.startswith("#") or line.startswith(head)]
    os.remove(path)
    return "".join(lines)


def csv():
    put("spectrum", "power", run("spectrum", "-L", "3", "-N", "6"))
    put("spectrum", "small", "eigenvalue,multiplicity\n1.5,2\n0,1e0\n")
    put("schedule", "fall", "alpha,eta\n0,0.5\n100,5e-1\n1e3,0\n")
    put("schedule", "mark", "\ufeffeta , alpha\r\n 3,\t2e-3\r\n# end")
    put("spectrum", "mark", "\ufeffmultiplicity , eigenvalue\r\n 3,\t2e-3\r\n# end")
    for k, (K, M, L) in enumerate([(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 1), (1, 1, 2)]):
        size = bytes([(K - 1) | (M - 1) << 1 | (L - 1) << 2])
        put("overlaps", f"o{k}", size + overlaps(K, M, L).encode())
    model = ["-K1", "-M1", "-L2", "-N4", "--alpha", "1:20:5"]
    put("table", "curve", run("curve", *model))
    put("table", "moments", run("curve", *model, "--moments", "1"))
    put("table", "simulate", run("simulate", *model, "--runs", "2"))
    put("table", "plateau", "alpha,eps_g\n" + "".join(f"{k},{1 / (1 + k)}\n" for k in range(12)))


def arrays():
    bytes_ = npy("|u1", (3, 2), bytes(range(6)))
    floats = npy("<f4", (2, 1, 2), struct.pack("<4f", 1, -2, 0.5, 3))
    doubles = npy("<f8", (2, 2), struct.pack("<4d", 1, -2, 0.5, 3), version=2)
    for name, data in [("bytes", bytes_), ("floats", floats), ("doubles", doubles)]:
        put("npy", name, data)
    put("npy", "halves", npy("<f2", (2, 3), bytes(range(12))).replace(b"(2, 3)", b"(2L,3)"))
    put("npy", "columns", npy(">i4", (2, 3), bytes(range(24))).replace(b"False", b"True "))
    put("eigenvalues", "vector", npy("<f8", (2,), struct.pack("<2d", 1, 3)))
    put("eigenvalues", "matrix", npy("<f8", (2, 2), struct.pack("<4d", 2, 1, 1, 2)))
    put("npz", "stored", npz([("X.npy", bytes_)], zipfile.ZIP_STORED))
    put("npz", "deflated", npz([("X.npy", doubles)], zipfile.ZIP_DEFLATED))
    put("npz", "two", npz([("X.npy", floats), ("Y.npy", bytes_)], zipfile.ZIP_STORED))
    put("npz", "only", npz([("a.npy", floats)], zipfile.ZIP_STORED))


def checkpoint():
    put("checkpoint", "good", bytes([0, 0, 0]))
    put("checkpoint", "data", bytes([3, 0]) + bytes(56) + b"\x00\x01")
    put("checkpoint", "rows", bytes([3, 16]) + bytes(24) + b"\x01")
    put("checkpoint", "whole", bytes([4, 0]) + b"ordpar state 1\n\x00" + bytes(40))


def dictionaries():
    names = set()
    commands = re.findall(r"^  ([a-z-]+) +[a-z]", run("--help").split("Commands:")[1].split("\n\n")[0], re.M)
    for command in commands:
        names.update(re.findall(r"--[a-z-]+", run(command, "--help")))
    words = sorted(names) + ["erf", "linear", "sampled", "mean", "near-teacher", "sgd", "overlap",
                             "csv", "json", "lin", "log", ":", ",", "1e300", "1e-300", "-", "nan"]
    with open(os.path.join(here, "options.dict"), "w") as file:
        file.writelines(f'"{word}"\n' for word in words)
    words = ["eigenvalue", "multiplicity", "matrix", "block", "row", "col", "value", "alpha",
             "eps_g", "mean", "stderr", "R1_1_1", "R1_2_1", "q", "r", "t", ",", "\\x0a", "#",
             "1e308", "-1e308", "1e-308", "0", "9007199254740993"]
    with open(os.path.join(here, "csv.dict"), "w") as file:
        file.writelines(f'"{word}"\n' for word in words)
    words = ["'descr'", "'fortran_order'", "'shape'", "True", "False", "'<f2'", "'<f4'", "'<f8'", "'|u1'",
             "'|b1'", "'<i4'", "'>i8'", "'<u2'", "L",
             "(", ")", ",}", "\\x93NUMPY\\x01\\x00", "X.npy", "PK\\x01\\x02", "PK\\x03\\x04",
             "PK\\x05\\x06", "PK\\x06\\x06", "18446744073709551615"]
    with open(os.path.join(here, "array.dict"), "w") as file:
        file.writelines(f'"{word}"\n' for word in words)


os.makedirs(os.path.join(here, "corpus"), exist_ok=True)
options()
csv()
arrays()
checkpoint()
dictionaries()
