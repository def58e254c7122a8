# SPDX-License-Identifier: GPL-3.0-or-later
"""What a curve costs from Python beyond what it costs in C, in processor time: minima of both, taken in turn.

PYTHONPATH=python ORDPAR_LIBRARY=build/bench/libordpar.so python3 bench/python.py build/bench/bench/bench_model_curve"""

import subprocess
import sys
import time

import ordpar


def python(repeats):
    least = float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        curve = ordpar.curve("0.01:1e4:200:log", L=16, moments=[1])
        least = min(least, 1e3 * (time.process_time() - begin))
    return least, curve.eps_g[-1]


ROUNDS, REPEATS = 8, 12
in_c, in_python = [], []
for _ in range(ROUNDS):
    least, last = map(float, subprocess.run([sys.argv[1], str(REPEATS)], check=True, stdout=subprocess.PIPE).stdout.split())
    in_c.append(least)
    least, same = python(REPEATS)
    in_python.append(least)
    assert same == last, (same, last)
print(f"C {min(in_c):.2f} ms, Python {min(in_python):.2f} ms, more by {min(in_python) - min(in_c):.2f} ms; least of {ROUNDS} times {REPEATS}")
