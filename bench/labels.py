# SPDX-License-Identifier: GPL-3.0-or-later
"""labels.py PROGRAM FOLDER [RUNS|law|tails]: training on the labels of photographs, and of Gaussian inputs like them, as docs/labels.md has it.

51200 pairs of neighbouring patches, 16 x 16 pixels of one colour, at random places of the photographs in Debian's package
mate-backgrounds, a quarter of their size (djpeg). Labels of the left patch: a rule, tanh d + 0.6 tanh e + 0.3 d e of the
differences d (left half less right half) and e (upper less lower), in units of their standard deviations; and the mean
brightness of the right patch. Gaussian inputs have the covariance of the left patches, and labels by the same rule.

FOLDER receives the data sets, for each of the three a comparison (compare .. --against finite-n, --eta 0.05, half of the
examples in each run) and, for the photographs, the naive curves: coefficients of least squares over all examples, squared,
and one noise for all directions.

law: Gaussian inputs alone, N = 64, beta = 0.5, eta = 0.3, against the exact mean: 200 runs on segments of 300000 examples, and 10 runs in
orders of their own on half of 12800, for 40 data sets.

tails: the quadratic labels of law, by a plain loop: 4000 runs on fresh examples, so that nothing is estimated, and z of ten of them at a time against the mean of all;
then 10 runs in orders of their own on one data set, for 60 data sets.
"""

import pathlib
import subprocess
import sys

import numpy as np

SIZE, EXAMPLES, ETA, LAST = 16, 51200, 0.05, 100
NATURE = pathlib.Path("/usr/share/backgrounds/mate/nature")


def pictures():
    for path in sorted(NATURE.glob("*.jpg")):
        pgm = subprocess.run(["djpeg", "-dct", "int", "-scale", "1/4", "-grayscale", "-pnm", path], capture_output=True, check=True)
        magic, size, levels, pixels = pgm.stdout.split(b"\n", 3)
        width, height = map(int, size.split())
        assert (magic, levels) == (b"P5", b"255")
        yield np.frombuffer(pixels, np.uint8).reshape(height, width)


def patches(rng):
    """Left patches [EXAMPLES][SIZE^2], and the mean brightness of their neighbours to the right."""
    images = list(pictures())
    left, right = np.empty((EXAMPLES, SIZE, SIZE)), np.empty(EXAMPLES)
    for k in range(EXAMPLES):
        image = images[rng.integers(len(images))]
        row, column = rng.integers(image.shape[0] - SIZE + 1), rng.integers(image.shape[1] - 2 * SIZE + 1)
        left[k] = image[row : row + SIZE, column : column + SIZE]
        right[k] = image[row : row + SIZE, column + SIZE : column + 2 * SIZE].mean()
    return left.reshape(EXAMPLES, -1), right


def rule(x, like):
    """The labels of x; its differences are in units of their standard deviations in `like`."""

    def differences(images):
        images = images.reshape(-1, SIZE, SIZE)
        half = SIZE // 2
        return np.stack([images[:, :, :half].mean((1, 2)) - images[:, :, half:].mean((1, 2)),
                         images[:, :half].mean((1, 2)) - images[:, half:].mean((1, 2))])

    d, e = differences(x) / differences(like).std(1)[:, None]
    return np.tanh(d) + 0.6 * np.tanh(e) + 0.3 * d * e


def naive(folder, name, x, y):
    """What least squares over all examples says, squared, as a spectrum's file; returns the standard deviation of the residuals."""
    x, y = x - x.mean(0), y - y.mean()
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    values, vectors = values[::-1], vectors[:, ::-1]
    scale = len(values) / values.sum()
    z = x @ vectors / np.sqrt(values)
    beta = z.T @ y / len(y)
    with open(folder / f"{name}-naive-spectrum.csv", "w") as file:
        file.write("eigenvalue,multiplicity,teacher\n")
        for value, b in zip(values * scale, beta):
            file.write(f"{value:.17g},1,{len(values) * b * b / value:.17g}\n")
    return (y - z @ beta).std()


LABELS = {
    "linear with noise": lambda u, rng: u + rng.normal(size=len(u)),
    "quadratic": lambda u, rng: u + 0.5 * (u * u - 1),
    "tanh": lambda u, rng: np.tanh(1.5 * u),
}


def compared(program, folder, examples, seed, label, weights, alpha, runs):
    """Rows alpha, theory, mean, stderr, z, and the verdict."""
    N, rng = 64, np.random.default_rng(seed)
    values = power_law(N)
    x = rng.normal(size=(examples, N)) * np.sqrt(values)
    u = x @ weights / np.sqrt(weights * weights @ values)
    np.save(folder / "law-x.npy", x)
    np.save(folder / "law-y.npy", label(u, rng))
    words = ["compare", "--data", folder / "law-x.npy", "--labels", folder / "law-y.npy", "--activation", "linear", "-K", "1", "--eta", "0.3",
             "--alpha", alpha, "--against", "finite-n", "--runs", str(runs), "--seed", str(seed)]
    text = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    rows = [line.split(",") for line in text.stdout.splitlines() if line[0].isdigit()]
    return np.array(rows, float), text.stderr.strip()


def power_law(N):
    values = np.arange(1, N + 1.0) ** -1.5
    return values * N / values.sum()


def loop(steps, runs, rng, data=None):
    """eps_g [rows][runs] of one unit on labels u + (u^2 - 1)/2, on fresh examples or on those of data in orders of their own."""
    N, eta, last = 64, 0.3, steps[-1]
    values, weights = power_law(N), np.random.default_rng(5).normal(size=N)
    weights /= np.sqrt(weights * weights @ values)
    J, out = 0.01 * rng.normal(size=(runs, N)), []
    orders = data is not None and np.stack([rng.permutation(len(data))[:last] for _ in range(runs)])
    for step in range(last):
        x = rng.normal(size=(runs, N)) * np.sqrt(values) if data is None else data[orders[:, step]]
        u = x @ weights
        J -= eta / np.sqrt(N) * ((J * x).sum(1) / np.sqrt(N) - u - (u * u - 1) / 2)[:, None] * x
        if step + 1 in steps:
            out.append(0.5 * ((J - np.sqrt(N) * weights) ** 2 @ values) / N)
    return np.array(out)


def tails():
    examples, alpha = 12800, np.geomspace(0.3, 100, 9)
    steps = list(np.round(64 * alpha).astype(int))
    runs = np.concatenate([loop(steps, 1000, np.random.default_rng(k)) for k in range(1, 5)], 1)
    mean, sd = runs.mean(1), runs.std(1)
    tens = runs.reshape(9, -1, 10)
    z = (tens.mean(2) - mean[:, None]) / (tens.std(2, ddof=1) / np.sqrt(10))
    print("alpha", alpha.round(2), "sd / mean", (sd / mean).round(2), "skewness", (((runs - mean[:, None]) / sd[:, None]) ** 3).mean(1).round(1))
    print("fresh examples, z of ten runs, root mean square", np.sqrt((z**2).mean(1)).round(2))
    sets = []
    for k in range(60):
        rng = np.random.default_rng(10000 + k)
        sets.append(loop(steps, 10, rng, rng.normal(size=(examples, 64)) * np.sqrt(power_law(64))))
    sets, shared = np.array(sets), np.array(steps) / examples
    error = sets.std(2, ddof=1) / np.sqrt(10) * np.sqrt((1 + 9 * shared) / (1 - shared))
    off = sets.mean(2) - mean
    print("shared examples, z", np.sqrt(((off / error) ** 2).mean(0)).round(2), "off / root mean square of the errors",
          np.sqrt((off**2).mean(0) / (error**2).mean(0)).round(2))


def law(program, folder):
    weights = np.random.default_rng(5).normal(size=64)
    for name, label in LABELS.items():
        print(name, compared(program, folder, 300000, 2, label, weights, "0.1:20:9:log", 200)[1], flush=True)
    for name, label in LABELS.items():
        sets = np.array([compared(program, folder, 12800, 1000 + k, label, weights, "0.3:100:9:log", 10)[0] for k in range(40)])
        ratio = sets[:, :, 2] / sets[:, :, 1] - 1
        print(name, "z, root mean square", np.sqrt((sets[:, :, 4] ** 2).mean(0)).round(2), "mean/theory - 1, standard errors",
              (ratio.mean(0) / ratio.std(0) * np.sqrt(40)).round(1), flush=True)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    runs = sys.argv[3] if len(sys.argv) > 3 else "20"
    folder.mkdir(exist_ok=True)
    if runs == "law":
        return law(program, folder)
    if runs == "tails":
        return tails()
    rng = np.random.default_rng(1)
    x, neighbour = patches(rng)
    values, vectors = np.linalg.eigh(np.cov(x.T))
    gaussian = rng.standard_normal(x.shape) * np.sqrt(np.maximum(values, 0)) @ vectors.T + x.mean(0)
    sets = {"gaussian": (gaussian, rule(gaussian, x)), "rule": (x, rule(x, x)), "neighbour": (x, neighbour / neighbour.std())}
    model = ["--activation", "linear", "-K", "1", "--eta", str(ETA), "--alpha", f"0.1:{LAST}:25:log"]
    for name, (inputs, labels) in sets.items():
        np.save(folder / f"{name}-x.npy", inputs.astype(np.float32))
        np.save(folder / f"{name}-y.npy", labels)
        data = ["--data", folder / f"{name}-x.npy", "--labels", folder / f"{name}-y.npy"]
        subprocess.run([program, "compare", *data, *model, "--against", "finite-n", "--runs", runs, "-o", folder / f"{name}.csv"], check=True)
        s = naive(folder, name, inputs, labels)
        subprocess.run([program, "closed-form", "linear-finite-n", "--spectrum", folder / f"{name}-naive-spectrum.csv", "--teacher", "mean",
                        "-M", "1", "--label-noise", repr(float(s)), *model, "-o", folder / f"{name}-naive.csv"], check=True)


main()
