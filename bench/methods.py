# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/benchmark.md, in one run: methods.py PROGRAM [--quick]

The equations of motion of erf units (docs/equations.md, sections 3 and 4) written with NumPy and solved by the
methods that the field's codes use: Euler at dt = 0.01, and SciPy's RK45, LSODA and BDF with a dense Jacobian by
differences; beside them ordpar. Each from the same overlaps, each with the error of eps_g: against MPFR for one case,
else against ordpar a thousand times tighter, which DOP853 at 1e-12 confirms. Processor seconds, one thread, the least
of three for what takes less than two seconds. Needs SciPy and the module ordpar. --quick: less far, for a look.
"""

import json
import os
import pickle
import subprocess
import sys
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

# Programs are started by a small process, because a child's peak memory counts from its parent's.
STARTER = """import json, os, sys
for line in sys.stdin:
    words, path = json.loads(line)
    actions = [(os.POSIX_SPAWN_OPEN, 1, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    child = os.posix_spawn(words[0], words, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    print(json.dumps([status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]), flush=True)
"""
starter = subprocess.Popen([sys.executable, "-S", "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

import tempfile

import numpy as np
import scipy.integrate

import ordpar


class Model:
    """Erf units at all orders in eta; the state is q (upper triangle) and r of all blocks."""

    def __init__(self, K, M, L, N, eta, beta, sigma_j, **more):
        self.K, self.M, self.L, self.eta = K, M, L, eta
        self.settings = dict(K=K, M=M, L=L, N=N, eta=eta, beta=beta, sigma_j=sigma_j, **more)
        spectrum = ordpar.spectrum(L=L, N=N, beta=beta)
        self.lam, self.p = spectrum.eigenvalues, spectrum.multiplicities / N
        start = ordpar.curve([0], **self.settings).overlaps
        self.t = start.t
        self.upper = np.triu_indices(K)
        self.start = np.concatenate([start.q[self.upper].ravel(), start.r.ravel()])
        self.v, self.w = np.full(K, np.sqrt(M) / K), np.full(M, 1 / np.sqrt(M))
        self.u = np.concatenate([self.v, -self.w])
        self.calls = 0

    def blocks(self, y):
        size = len(self.upper[0]) * self.L
        q = np.empty((self.K, self.K, self.L))
        q[self.upper] = y[:size].reshape(-1, self.L)
        q.transpose(1, 0, 2)[self.upper] = q[self.upper]
        return q, y[size:].reshape(self.K, self.M, self.L)

    def covariance(self, q, r):
        K, c = self.K, np.empty((self.K + self.M, self.K + self.M))
        c[:K, :K], c[:K, K:], c[K:, K:] = q @ self.lam, r @ self.lam, self.t @ self.lam
        c[K:, :K] = c[:K, K:].T
        return c

    def error(self, c):
        """eps_g at covariances [..][n][n]."""
        d = 1 + np.diagonal(c, axis1=-2, axis2=-1)
        g = 2 / np.pi * np.arcsin(c / np.sqrt(d[..., :, None] * d[..., None, :]))
        return np.einsum("a,...ab,b->...", self.u, g, self.u) / 2

    def rate(self, alpha, y):
        self.calls += 1
        K, (q, r) = self.K, self.blocks(y)
        c = self.covariance(q, r)
        d = 1 + np.diag(c)
        root = np.sqrt(d[:K, None] * d - c[:K] ** 2)
        first = 2 / np.pi / root
        h = -self.v * ((2 / np.pi * c[:K] / d[:K, None] / root) @ self.u)
        A = self.v[:, None] * self.w * first[:, K:]
        C = np.outer(self.v, self.v) * first[:, :K]
        G = C + np.diag(h)
        i, j = self.upper
        pair = np.stack([c[i], c[j]], axis=1)
        S = np.eye(2) + np.stack([pair[np.arange(len(i)), :, i], pair[np.arange(len(i)), :, j]], axis=2)
        tilted = c - pair.transpose(0, 2, 1) @ np.linalg.solve(S, pair)
        F = C[self.upper] * 2 * self.error(tilted)
        dr = self.eta * self.lam * (np.einsum("in,nml->iml", A, self.t) - np.einsum("ij,jml->iml", G, r))
        drift = np.einsum("in,jnl->ijl", A, r) - np.einsum("ik,kjl->ijl", G, q)
        dq = self.eta * self.lam * (drift + drift.transpose(1, 0, 2))
        noise = self.eta**2 * self.p * self.lam * F[:, None]
        return np.concatenate([(dq[self.upper] + noise).ravel(), dr.ravel()])

    def eps_g(self, y):
        return float(self.error(self.covariance(*self.blocks(y))))


def euler(model, rows, dt):
    y, alpha, out = model.start.copy(), 0.0, []
    for stop in rows:
        while alpha < stop - 1e-12:
            step = min(dt, stop - alpha)
            y += step * model.rate(alpha, y)
            alpha += step
        out.append(model.eps_g(y))
    return np.array(out)


def row_by_row(model, rows):
    """DOP853 at 1e-12, which ends at each row: its interpolation would be less accurate."""
    y, before, out = model.start, 0.0, []
    for stop in rows:
        y = scipy.integrate.solve_ivp(model.rate, (before, stop), y, "DOP853", rtol=1e-12, atol=1e-15).y[:, -1]
        before = stop
        out.append(model.eps_g(y))
    return np.array(out)


def scipy_method(model, rows, method, rtol):
    """As it is called as a rule: rows are interpolated."""
    settings = {"t_eval": rows, "rtol": rtol, "atol": 1e-3 * rtol}
    found = scipy.integrate.solve_ivp(model.rate, (0, rows[-1]), model.start, method, **settings)
    return np.array([model.eps_g(y) for y in found.y.T]) if found.success else np.full(len(rows), np.nan)


def apart(function):
    """What it returns, processor seconds and memory above this process's (MiB), in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        begin, before = time.process_time(), resident()
        found = function()
        told = [found, time.process_time() - begin, resident("VmHWM") - before]
        with os.fdopen(write, "wb") as out:
            pickle.dump(told, out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        found, seconds, memory = pickle.load(told)
    os.waitpid(child, 0)
    return found, seconds, memory


def resident(which="VmRSS"):
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(which)) / 1024


def timed(function):
    """The result, processor seconds (least of three if short) and memory."""
    best, times = np.inf, 0
    while times < (3 if best < 2 else 1):
        found, seconds, memory = apart(function)
        best, times = min(best, seconds), times + 1
    return found, best, memory


def program(words):
    """Rows of a command, its processor seconds (least of three if short) and its peak memory (MiB)."""
    best, times = np.inf, 0
    with tempfile.NamedTemporaryFile("r") as file:
        while times < (3 if best < 2 else 1):
            starter.stdin.write(json.dumps([words, file.name]) + "\n")
            starter.stdin.flush()
            status, seconds, memory = json.loads(starter.stdout.readline())
            if status:
                raise SystemExit(f"{' '.join(words)}: status {status}")
            best, times = min(best, seconds), times + 1
        lines = [line for line in open(file.name, encoding="utf-8") if not line.startswith("#")]
    return lines, best, memory


def curve(words):
    lines, seconds, memory = program(words)
    return np.array([float(line.split(",")[1]) for line in lines[1:]]), seconds, memory


def words(binary, settings, grid, *more):
    listed = [f"--{name.replace('_', '-')}={value}" if len(name) > 1 else f"-{name}{value}" for name, value in settings.items()]
    return [binary, "curve", *listed, "--alpha", grid, *more]


def compare(binary, title, model, stop, exact, euler_to):
    grid = f"1:{stop:g}:25:log"
    rows = ordpar.grid(grid)
    tight, _, _ = curve(words(binary, model.settings, grid, "--rtol", "1e-11", "-q"))
    reference = tight
    print(f"\n**{title}**, alpha to {stop:g}\n")
    other = row_by_row(model, rows)
    print(f"DOP853 at 1e-12 differs from ordpar at `--rtol 1e-11` by a relative {worst(other, reference):.1e}.")
    if exact:
        text = ordpar.precision(grid, digits=20, **model.settings)
        reference = text.eps_g.astype(float)
        print(f"MPFR, 20 digits, differs from ordpar at `--rtol 1e-11` by {worst(tight, reference):.1e}, and is the reference.")
    print("\n| method | right-hand sides | processor (s) | memory (MiB) | largest relative error of eps_g |")
    print("|---|---|---|---|---|")
    methods = [("RK45", 1e-3), ("RK45", 1e-6), ("RK45", 1e-9), ("LSODA", 1e-6), ("LSODA", 1e-9), ("BDF", 1e-6), ("BDF", 1e-9)]
    if euler_to:
        report(model, "Euler, dt = 0.01", reference, lambda: euler(model, rows, 0.01))
    for name, rtol in methods:
        if name == "BDF" and model.start.size > 1000 and rtol < 1e-6:
            continue
        report(model, f"{name}, rtol {rtol:g}", reference, lambda: scipy_method(model, rows, name, rtol))
    if model.K == 2:
        explicit(binary, model, stop, reference)
    for rtol in ("1e-4", "1e-8"):
        found, seconds, memory = curve(words(binary, model.settings, grid, "--rtol", rtol, "-q"))
        print(f"| **ordpar**, `--rtol {rtol}` | | {seconds:.3f} | {memory:.0f} | {worst(found, reference):.1e} |")
    sys.stdout.flush()


def worst(found, reference):
    return np.max(np.abs(found / reference - 1)[reference > 1e-12])


def report(model, name, reference, function):
    def counted():
        model.calls = 0
        return function(), model.calls

    (found, calls), seconds, memory = timed(counted)
    print(f"| {name} | {calls} | {seconds:.2f} | {memory:.0f} | {worst(found, reference):.1e} |")
    sys.stdout.flush()


def explicit(binary, model, stop, reference):
    """GSL's RK8(9) on ordpar's own right-hand side in C, where bench/explicit.c was built; it starts as model does."""
    program_path = os.path.join(os.path.dirname(os.path.abspath(binary)), "bench/bench_explicit")
    if not os.path.exists(program_path):
        return
    for rtol in ("1e-6", "1e-9"):
        given = [str(model.L), "1", str(model.settings["eta"]), f"{stop:g}", rtol]
        lines, seconds, memory = program([program_path, *given])
        eps_g, calls = lines[0].split()[:2]
        error = abs(float(eps_g) / reference[-1] - 1)
        print(f"| RK8(9) in C, rtol {rtol} | {calls} | {seconds:.3f} | {memory:.0f} | {error:.1e} at the end |")


def growth(binary, sizes):
    print("\n**Growth with L**, K = M = 2, eta = 0.1, beta = 1, N = 16384, 300 rows to alpha = 1e6\n")
    print("| L | `--rtol` | processor (s) | memory (MiB) |\n|---|---|---|---|")
    for L in sizes:
        for rtol in ("1e-4", "1e-8"):
            command = [binary, "curve", "-N", "16384", f"-L{L}", "--alpha", "0.01:1e6:300:log", "--rtol", rtol, "-q"]
            _, seconds, memory = curve(command)
            print(f"| {L} | {rtol} | {seconds:.2f} | {memory:.0f} |")
            sys.stdout.flush()


def main():
    binary, quick = sys.argv[1], "--quick" in sys.argv
    one = Model(3, 3, 1, 1000, 0.1, 1, 0.01)
    compare(binary, "A plateau: K = M = 3, L = 1, eta = 0.1", one, 100 if quick else 3000, True, True)
    few = Model(2, 2, 16, 1024, 0.1, 1, 0.01)
    compare(binary, "Figure 1: K = M = 2, L = 16, beta = 1, eta = 0.1", few, 30 if quick else 1000, False, True)
    large = Model(2, 2, 16, 1024, 2, 1, 0.01)
    compare(binary, "A large learning rate: K = M = 2, L = 16, beta = 1, eta = 2", large, 10 if quick else 300, False, True)
    many = Model(2, 2, 256, 1024, 0.1, 1, 0.01)
    compare(binary, "Many eigenvalues: K = M = 2, L = 256, beta = 1, eta = 0.1", many, 3 if quick else 1000, False, True)
    growth(binary, (256, 1024) if quick else (256, 1024, 4096, 16384))


main()
