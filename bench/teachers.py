# SPDX-License-Identifier: GPL-3.0-or-later
"""teachers.py PROGRAM [linear|erf]: exponents of integrated curves with decaying teachers, as docs/teachers.md has them.

K = M = 1 (linear) or 2 (erf), L = 4096, sigma_J = 1e-8, all orders in eta. The slope of log(eps_g + tail) against log alpha,
least squares over the part of the window from `BEGIN` to `END` (of its logarithm); tail is the error of the eigenvalues
beyond L, which a finite curve lacks: what they leave to learn, and the noise that they would hold, as the last one does.
"""

import math
import subprocess
import sys
import tempfile

L, BEGIN, END = 4096, 0.7, 0.8


def curve(program, *settings):
    text = subprocess.run([program, "curve", *map(str, settings)], capture_output=True, text=True, check=True).stdout
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    return [(float(alpha), float(eps_g)) for alpha, eps_g in rows[1:]]


def last_block(path, M):
    """e_ij = (J_i - B_i).(J_j - B_j)/N of the smallest eigenvalue, the teachers in the order of their students."""
    x = {}
    with open(path) as file:
        for line in file:
            fields = line.strip().split(",")
            if len(fields) == 5 and fields[1] in ("1", str(L)):
                x[fields[0], fields[1], int(fields[2]), int(fields[3])] = float(fields[4])
    units = range(1, M + 1)
    own = {i: max(units, key=lambda n: x["r", "1", i, n]) for i in units}
    end = str(L)

    def symmetric(name, i, j):
        return x[name, end, min(i, j), max(i, j)]

    return [[symmetric("q", i, j) - x["r", end, i, own[j]] - x["r", end, j, own[i]] + symmetric("t", own[i], own[j])
             for j in units] for i in units]


def beyond(s):
    """The sum of l^-s over l > L."""
    return (L + 0.5) ** (1 - s) / (s - 1)


def slope(rows, tail):
    x = [math.log(alpha) for alpha, _ in rows]
    y = [math.log(eps_g + tail) for _, eps_g in rows]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)


def measure(program, activation, beta, zeta):
    s = 1 + beta
    noise = zeta > s
    lambda_plus = L / sum(l**-s for l in range(1, L + 1))
    c = L / (lambda_plus * sum(l ** -(s + zeta) for l in range(1, L + 1)))
    linear = activation == "linear"
    M, eta = (1, 1 if noise else 0.3) if linear else (2, 2.5 if noise else 0.2)
    k = 2 / math.pi / M
    own, other = (1, 0) if linear else (k / math.sqrt(3), k / 2)  # C_ii, C_ij at the solution
    fast, slow = own + (M - 1) * other, own - other
    begin, end = 1 / (2 * eta * slow * lambda_plus), L**s / (2 * eta * fast * lambda_plus)
    low, high = (begin * (end / begin) ** part for part in (BEGIN, END))
    with tempfile.NamedTemporaryFile() as file:
        rows = curve(program, "--activation", activation, "-K", M, "-M", M, "-N", L * M, "-L", L, "--beta", beta,
                     "--teacher-decay", zeta, "--sigma-j", "1e-8", "--eta", eta, "--teacher", "mean", "--rtol", "1e-7",
                     "--atol", "1e-30", "--alpha", f"{low}:{high}:15:log", "--save-overlaps", file.name)
        e = last_block(file.name, M)
    tail = M * own * c * lambda_plus / L * beyond(s + zeta) / 2
    for i in range(M):
        for j in range(M):  # what noise has put into a mode is proportional to its eigenvalue
            held = e[i][j] - (c * L**-zeta / L if i == j else 0)
            tail += (own if i == j else other) * held * lambda_plus * L**s * beyond(2 * s) / 2
    tail /= 1 - eta / (2 if linear else 4.61366)
    expected = -min((beta + zeta) / s, 2 - 1 / s)
    found = slope(rows, tail)
    print(f"| {activation} | {beta} | {zeta} | {eta} | {'noise' if noise else 'source'} | {expected:.4f} | {found:.4f} | "
          f"{found - expected:+.4f} |", flush=True)


if __name__ == "__main__":
    print("| activation | beta | zeta | eta | limited by | exponent | measured | difference |\n|---|---|---|---|---|---|---|---|")
    for activation in sys.argv[2:] or ["linear", "erf"]:
        for beta in (0.5, 1, 2):
            for zeta in (0, 1, 2, 4):
                measure(sys.argv[1], activation, beta, zeta)
