# SPDX-License-Identifier: GPL-3.0-or-later
"""teachers.py PROGRAM [linear|erf]: exponents of integrated curves with decaying teachers, as docs/teachers.md has them.

K = M = 1 (linear) or 2 (erf), L = 4096, sigma_J = 1e-8, all orders in eta. The slope of log(eps_g + tail) against log alpha,
least squares over the part of the window from `BEGIN` to `END` (of its logarithm); tail is the error of the eigenvalues
beyond L, which a finite curve lacks: what they leave to learn and, for the linear unit, the noise that they would hold.
"""

import math
import subprocess
import sys

L, BEGIN, END = 4096, 0.65, 0.75


def curve(program, *settings):
    text = subprocess.run([program, "curve", *map(str, settings)], capture_output=True, text=True, check=True).stdout
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    return [(float(alpha), float(eps_g)) for alpha, eps_g in rows[1:]]


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
    source_tail = c * lambda_plus / (2 * L) * beyond(s + zeta)
    if activation == "linear":
        eta, M, fast, slow = (1 if noise else 0.3), 1, 1, 1
        r = eta / 2
        started = c * sum(l**-zeta for l in range(1, L + 1)) / L
        tail = source_tail / (1 - r)
        tail += (eta * lambda_plus / (1 - r)) ** 2 / L * started / (4 * eta) * beyond(2 * s)
    else:
        eta, M = (2.5 if noise else 0.2), 2
        k = 2 / math.pi / M
        fast, slow = k * (1 / math.sqrt(3) + 0.5), k * (1 / math.sqrt(3) - 0.5)
        tail = source_tail * (fast + slow) / (1 - eta / 4.61366)
    begin, end = 1 / (2 * eta * slow * lambda_plus), L**s / (2 * eta * fast * lambda_plus)
    low, high = (begin * (end / begin) ** part for part in (BEGIN, END))
    rows = curve(program, "--activation", activation, "-K", M, "-M", M, "-N", L * M, "-L", L, "--beta", beta,
                 "--teacher-decay", zeta, "--sigma-j", "1e-8", "--eta", eta, "--teacher", "mean", "--rtol", "1e-7",
                 "--atol", "1e-30", "--alpha", f"{low}:{high}:15:log")
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
