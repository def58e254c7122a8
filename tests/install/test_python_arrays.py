# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that are arrays are told apart by their numbers, wherever settings are compared; from the installed module."""

import gc
import importlib.util
import os
import pathlib
import pickle
import resource
import sys
import tempfile
import unittest

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())
GRID = dict(N=64, L=4)


def starts(*seeds):
    return [ordpar.curve([0], seed=seed, **GRID).overlaps for seed in seeds]


class Checkpoint(unittest.TestCase):
    def test_overlaps(self):
        """Another array, or a file in its place, is another run."""
        (a, b), path, file = starts(1, 2), str(WORK / "arrays"), str(WORK / "start.csv")
        ordpar.curve([0], seed=1, save_overlaps=file, **GRID)
        whole = ordpar.curve([0, 10], overlaps=a, checkpoint=path, **GRID)
        self.assertEqual(ordpar.curve([0, 10], overlaps=a, checkpoint=path, **GRID), whole)
        for other in (b, file):
            with self.assertRaisesRegex(ordpar.Error, "^overlaps: are not those that .*arrays was made with$"):
                ordpar.curve([0, 10], overlaps=other, checkpoint=path, **GRID)
        ordpar.curve([0, 10], overlaps=file, checkpoint=path + "2", **GRID)
        with self.assertRaisesRegex(ordpar.Error, "^overlaps: are not those that .*arrays2 was made with$"):
            ordpar.curve([0, 10], overlaps=a, checkpoint=path + "2", **GRID)

    def test_teacher_weights(self):
        spectrum = ([3.0, 1.0, 0.5], [10, 20, 30])
        for number, (first, then) in enumerate((([], [[1, 1, 2]]), ([[1, 1, 2]], []), ([[1, 1, 2]], [[1, 2, 1]]))):
            path = str(WORK / f"weights{number}")
            ordpar.curve([0, 10], spectrum=(*spectrum, *first), checkpoint=path)
            with self.assertRaisesRegex(ordpar.Error, "weights.* is of other weights of the teacher"):
                ordpar.curve([0, 10], spectrum=(*spectrum, *then), checkpoint=path)


class Sweep(unittest.TestCase):
    def test_written_once(self):
        """All points read one temporary file of an array, or a state."""
        before, limit = len(os.listdir("/proc/self/fd")), resource.getrlimit(resource.RLIMIT_NOFILE)
        data = np.random.default_rng(0).normal(size=(50, 4))
        state = ordpar.curve([0, 10], **GRID).state()
        resource.setrlimit(resource.RLIMIT_NOFILE, (before + 64, limit[1]))
        try:
            made = ordpar.sweep([0, 1], data=data, seed=range(1, 150), threads=2)
            on = ordpar.sweep([10, 20], continue_from=state, rtol=[1e-6 * (1 + k / 1000) for k in range(150)], threads=2)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
        self.assertEqual(made["eps_g"][6], ordpar.curve([0, 1], data=data, seed=7).eps_g[-1])
        self.assertEqual(np.isfinite(on["eps_g"]).sum(), 150)
        with self.assertRaisesRegex(ordpar.Error, "^data: the array: example 0 has the value nan"):
            ordpar.sweep([0, 1], data=np.full((3, 2), np.nan), seed=[1, 2])
        del made, on
        gc.collect()
        self.assertLessEqual(len(os.listdir("/proc/self/fd")), before)


@unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
class Legend(unittest.TestCase):
    def check(self, pairs, told):
        """Theory of one and simulation of the other: one colour where they are equal, else told apart."""
        from matplotlib.figure import Figure

        for a, b in pairs:
            axes = ordpar.curve([0, 5], **a).plot(Figure().subplots())
            ordpar.simulate([0, 5], runs=2, **b).plot(axes)
            labels = [text.get_text() for text in axes.get_legend().get_texts()]
            colours = {axes.get_lines()[0].get_color(), axes.containers[0].lines[0].get_color()}
            self.assertEqual(len(colours), 2 if told else 1, (a, b))
            if told:
                self.assertRegex(labels[0], r"( = |^2 tasks).*\(1\)$")
                self.assertRegex(labels[1], r"( = |^2 tasks).*\(2\), simulation")
            else:
                self.assertEqual(labels, ["theory", "simulation ± standard error"])

    def test_arrays(self):
        long, other = np.arange(9.0, 1, -1), np.array([9, 8.5, 7, 6, 5, 4, 2.5, 2])
        data = np.random.default_rng(1).normal(size=(100, 4))
        a, b = starts(1, 2)
        of = [dict(K=3, **GRID, student_output=np.array([0.5, v, 0.7])) for v in (0.6, 0.9)]
        erfs = [dict(**GRID, activation=ordpar.Activation([v], [1])) for v in (1, 2)]
        tasks = [
            dict(**GRID, tasks=[dict(student_output=[1, 1], teacher_output=[k, 1 - k], probability=[[0, abs(k - p)]]) for k in (0, 1)])
            for p in (0.5, 0.25)
        ]
        self.check(
            [
                (dict(spectrum=long), dict(spectrum=other)),
                (dict(spectrum=long.tolist()), dict(spectrum=[*long[:-1], 1.0])),
                (dict(data=data), dict(data=2 * data)),
                (dict(overlaps=a, **GRID), dict(overlaps=b, **GRID)),
                tuple(of),
                tuple(erfs),
                tuple(tasks),
            ],
            True,
        )
        equal = ordpar.spectrum(spectrum=long)
        self.check(
            [
                (dict(spectrum=long), dict(spectrum=long.tolist())),
                (dict(spectrum=equal), dict(spectrum=equal)),
                (dict(data=data), dict(data=data.copy())),
                (of[0], {**of[0], "student_output": "0.5,0.6,0.70"}),
                (erfs[0], {**erfs[0], "activation": ordpar.Activation([1], [1])}),
            ],
            False,
        )

    def test_names(self):
        """A file's name that is not UTF-8 can be drawn and saved."""
        from matplotlib.figure import Figure

        (WORK / os.fsdecode(b"sp\xff.csv")).write_text("3\n1\n")
        axes = ordpar.curve([0, 1], spectrum=WORK / os.fsdecode(b"sp\xff.csv")).plot(Figure().subplots())
        ordpar.curve([0, 1], spectrum=[3.0, 1]).plot(axes)
        axes.figure.savefig(WORK / "names.svg")
        self.assertIn("sp\N{REPLACEMENT CHARACTER}.csv", axes.get_legend().get_texts()[0].get_text())

    def test_digest(self):
        """What is kept of an array says which it was, also when pickled."""
        kept = [ordpar.curve([0], data=np.eye(3) * k).settings["data"] for k in (1, 2)]
        self.assertEqual([repr(word) for word in kept], ["array", "array"])
        self.assertNotEqual(kept[0].digest, kept[1].digest)
        self.assertEqual(pickle.loads(pickle.dumps(kept[0])).digest, kept[0].digest)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
