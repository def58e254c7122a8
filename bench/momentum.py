# SPDX-License-Identifier: GPL-3.0-or-later
"""momentum.py PROGRAM FOLDER [activation..]: how much faster momentum makes power laws, as docs/training.md has it.

One unit, eta = 0.2, all orders in eta, mean start and teacher, N = L: slopes of eps_g without momentum, with DANA's weight constant (dana:8:0.1:0:1) and falling
(dana:8:1:KAPPA:1, KAPPA = 1/(1+beta)), by least squares over the windows below, of eps_g plus what the eigenvalues beyond L would leave to learn. Prints a
table, each slope with that of T^-a, T = eta alpha + E alpha^(2 - KAPPA)/((1 + DELTA)(2 - KAPPA)), in the same window, and its limit; FOLDER receives a
file of slopes for each activation and kind, and the limits a, 2 a and (2 - KAPPA) a of linear units, for ordpar plot.
"""

import pathlib
import subprocess
import sys

import numpy as np

ETA = 0.2
CASES = [(1, 16384, 100, 300), (1.5, 4096, 100, 1000), (2, 4096, 300, 3000)]  # beta, L, window
KINDS = {"sgd": lambda kappa: None, "constant": lambda kappa: "dana:8:0.1:0:1", "falling": lambda kappa: f"dana:8:1:{kappa:.17g}:1"}
LAWS = {"sgd": lambda beta: beta / (1 + beta), "constant": lambda beta: 2 * beta / (1 + beta),
        "falling": lambda beta: (2 - 1 / (1 + beta)) * beta / (1 + beta)}


def tail(beta, L):
    """Half of the variance that ranks beyond L would have, by an integral from L + 1/2 on."""
    first = 1 / (np.arange(1, L + 1.0) ** -(1 + beta)).sum()
    return first * (L + 0.5) ** -beta / beta / 2


def slope(program, activation, beta, L, window, momentum):
    words = [program, "curve", "--activation", activation, "-K", "1", "-M", "1", "-N", str(L), "-L", str(L), "--beta", str(beta), "--eta", str(ETA), "--init",
             "mean", "--teacher", "mean", "--rtol", "1e-6", "--alpha", f"{window[0]}:{window[1]}:9:log"]
    text = subprocess.run(words + (["--momentum", momentum] if momentum else []), capture_output=True, text=True, check=True).stdout
    rows = np.array([line.split(",") for line in text.splitlines() if line[0].isdigit()], float)
    weight = {"linear": 1, "erf": 2 / np.pi / np.sqrt(3)}[activation]  # eps_g of erf units near the teacher
    return -np.polyfit(np.log(rows[:, 0]), np.log(rows[:, 1] + weight * tail(beta, L)), 1)[0]


def expected(beta, window, kind):
    """While P is the sum of a gradient that hardly changes, momentum is a learning rate that grows."""
    alpha, kappa, weight = np.geomspace(*window, 9), 1 / (1 + beta) if kind == "falling" else 0, {"sgd": 0, "constant": 0.1, "falling": 1}[kind]
    time = ETA * alpha + weight * alpha ** (2 - kappa) / (9 * (2 - kappa))
    return beta / (1 + beta) * np.polyfit(np.log(alpha), np.log(time), 1)[0]


def write(path, beta, values):
    path.write_text("beta,exponent\n" + "".join(f"{b:.6g},{x:.6g}\n" for b, x in zip(beta, values)))


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    lines = np.linspace(0.8, 2.2, 57)
    for kind, law in LAWS.items():
        write(folder / f"law-{kind}.csv", lines, law(lines))
    for activation in sys.argv[3:] or ["linear", "erf"]:
        found = {kind: [] for kind in KINDS}
        for beta, L, *window in CASES:
            for kind, momentum in KINDS.items():
                found[kind].append(slope(program, activation, beta, L, window, momentum(1 / (1 + beta))))
            print(f"| {activation} | {beta} | {L} | {window[0]} to {window[1]} |", " | ".join(
                f"{found[kind][-1]:.3f} | {expected(beta, window, kind):.3f} | {law(beta):.3f}" for kind, law in LAWS.items()), "|", flush=True)
        for kind in KINDS:
            write(folder / f"{activation}-{kind}.csv", [case[0] for case in CASES], found[kind])


main()
