# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed Python module against the installed program: the same numbers to the last bit."""

import copy
import decimal
import functools
import importlib.util
import json
import os
import pathlib
import pickle
import re
import subprocess
import sys
import tempfile
import unittest
import warnings
from fractions import Fraction

import numpy as np
import ordpar

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
WORK = pathlib.Path(tempfile.mkdtemp())


def run(arguments, name="out.csv"):
    """The program's output, as docs/python.md loads it."""
    path = WORK / name
    subprocess.run([PROGRAM, *arguments.split(), "-o", path], check=True, cwd=WORK)
    return np.genfromtxt((l for l in open(path) if l[0] != "#"), delimiter=",", names=True)


def run_texts(arguments):
    """The program's columns as text, {name: array}."""
    command = [PROGRAM, *arguments.split()]
    out = subprocess.run(command, check=True, cwd=WORK, capture_output=True, text=True).stdout
    rows = [line.split(",") for line in out.splitlines() if line[0] != "#"]
    return {column[0]: np.array(column[1:]) for column in zip(*rows)}


def same(a, b):
    np.testing.assert_array_equal(np.atleast_1d(a), np.atleast_1d(b))


class Curve(unittest.TestCase):
    CASES = [
        ("", {}),
        ("--activation linear -K 3 -M 2 --label-noise 0.2", dict(activation="linear", K=3, M=2, label_noise=0.2)),
        ("--init near-teacher --sigma-j 1e-3 -L 8", dict(init="near-teacher", sigma_j=1e-3, L=8)),
        ("--init mean --teacher mean --small-eta", dict(init="mean", teacher="mean", small_eta=True)),
        ("-N 100 -L 20 --trainable 7 --beta 0.5", dict(input_dim=100, eigenvalues=20, trainable=7, beta=0.5)),
        ("--student-output 1,0.5 --teacher-output 0.3,0.9 --seed 7", dict(student_output=[1, 0.5], teacher_output=[0.3, 0.9], seed=7)),
        ("--activation relu -L 4 --seed 2", dict(activation="relu", L=4, seed=2)),
        ("--weight-decay 0.01 --schedule power:0.5:10", dict(weight_decay=0.01, schedule="power:0.5:10")),
        ("--schedule cosine:30:0.2 --batch 3", dict(schedule="cosine:30:0.2", batch=3)),
        ("--momentum dana:6:0.3:0.5:1", dict(momentum="dana:6:0.3:0.5:1")),
        ("--batch-fraction 2", dict(batch_fraction=2)),
        ("--train-output --eta-v 0.05", dict(train_output=True, eta_v=0.05)),
        ("--rtol 1e-5 --atol 1e-9 --eta 1.5", dict(rtol=1e-5, atol=1e-9, eta=1.5)),
    ]  # fmt: skip

    def test_same_numbers(self):
        for text, options in self.CASES:
            with self.subTest(text):
                table = run(f"curve --alpha 0:40:5 --moments 1,3 {text}")
                curve = ordpar.curve(table["alpha"], moments=[1, 3], **options)
                same(curve.alpha, table["alpha"])
                same(curve.eps_g, table["eps_g"])
                for p, order in enumerate((1, 3)):
                    same(curve.Q[p, :, 0, 1], table[f"Q{order}_1_2"])
                    same(curve.R[p, :, 1, 0], table[f"R{order}_2_1"])
                    same(curve.T[p, :, 1, 1], table[f"T{order}_2_2"])
                same(curve.moments, curve.moments.swapaxes(2, 3))
                if "train_output" in options:
                    same(curve.V[:, 1], table["V2"])

    def test_grid(self):
        for text in ("0:7:4", "0.01:1e5:30:log", "3:3:1", "1e-200:1e200:5:log", "0:0.3:8:lin"):
            same(ordpar.grid(text), run(f"closed-form linear-exact --alpha {text}")["alpha"])
        for text in ("1:2", "2:1:3", "0:1:3:log", "0:1:3:exp", "0:1:1", "0:inf:3"):
            self.assertRaisesRegex(ordpar.Error, f"alpha: .*'{text}'", ordpar.grid, text)

    def test_grid_file(self):
        np.savetxt(WORK / "rows.txt", [3.0, 0.5, 1.0])
        for file in (WORK / "rows.txt", str(WORK / "rows.txt")):
            curve = ordpar.curve(file)
            same(curve.alpha, [0.5, 1, 3])
            same(curve.eps_g, ordpar.curve([0.5, 1, 3]).eps_g)

    def test_overlaps(self):
        run("curve --alpha 0:5:2 --save-overlaps end.csv")
        end = ordpar.curve([0, 5.0]).overlaps
        table = run("curve --alpha 0:5:3 --overlaps end.csv")
        same(ordpar.curve([0, 2.5, 5], overlaps=WORK / "end.csv").eps_g, table["eps_g"])
        same(ordpar.curve([0, 2.5, 5], overlaps=end).eps_g, table["eps_g"])

    def test_runs(self):
        """The mean over starts is the theory that compare has; what one curve alone has is not there."""
        options = dict(runs=4, N=64, L=4, teacher_seed=3)
        alpha = np.array([10.0, 0, 5])
        curve = ordpar.curve(alpha, **options)
        table = run("curve --alpha 0:10:3 --runs 4 -N 64 -L 4 --teacher-seed 3")
        for name in ("eps_g", "sd_starts", "q05", "q50", "q95"):
            same(getattr(curve, name), table[name][[2, 0, 1]])
        same(curve.eps_g, ordpar.compare(alpha, **options).theory)
        self.assertIsNone(curve.overlaps)
        self.assertIsNone(ordpar.curve(alpha).sd_starts)
        self.assertEqual(list(curve.to_pandas()), ["alpha", "eps_g", "sd_starts", "q05", "q50", "q95"])

    def test_fluctuations(self):
        curve = ordpar.curve([0.0, 2, 5], fluctuations=True, N=64, L=2)
        table = run("curve --alpha 0,2,5 --fluctuations -N 64 -L 2")
        same(curve.sd, table["sd"])
        same(curve.shift, table["shift"])
        self.assertEqual(curve.sd[0], 0)
        self.assertIsNone(ordpar.curve([0.0, 2]).sd)

    def test_trained_outputs_go_on(self):
        run("curve --alpha 0:5:2 --train-output --eta-v 0.1 --save-overlaps end.csv")
        options = dict(train_output=True, eta_v=0.1)
        first = ordpar.curve([0, 5.0], **options)
        table = run("curve --alpha 0:5:3 --overlaps end.csv --train-output --eta-v 0.1")
        alpha = table["alpha"]
        same(ordpar.curve(alpha, overlaps=WORK / "end.csv", **options).eps_g, table["eps_g"])
        fixed = ordpar.curve(alpha, overlaps=WORK / "end.csv")
        for given in (first.overlaps, first.state().overlaps, pickle.loads(pickle.dumps(first)).overlaps, copy.deepcopy(first.overlaps)):
            same(given.v, first.V[-1])
            self.assertEqual(given, first.overlaps)
            same(ordpar.curve(alpha, overlaps=given, **options).eps_g, table["eps_g"])
            self.assertEqual(ordpar.curve(alpha, overlaps=given), fixed)
        self.assertEqual(ordpar.curve(alpha, overlaps=fixed.overlaps), ordpar.curve(alpha, overlaps=ordpar.Overlaps(*fixed.overlaps, v=first.V[-1])))
        again = ordpar.curve(alpha, overlaps=first.overlaps, student_output=first.V[-1], **options)
        same(again.eps_g, table["eps_g"])
        bare = tuple(first.overlaps)
        self.assertNotEqual(first.overlaps, bare)
        self.assertNotEqual(ordpar.curve(alpha, overlaps=bare).eps_g[0], fixed.eps_g[0])
        same(ordpar.curve(alpha, overlaps=bare, student_output=first.V[-1]).eps_g, fixed.eps_g)
        with self.assertRaisesRegex(ordpar.Error, "^student-output: the given start has the output weights; give one or the other$"):
            ordpar.curve(alpha, overlaps=first.overlaps, student_output=[1, 2])
        with self.assertRaisesRegex(ordpar.Error, "^overlaps: the given start has output weights; arbitrary precision"):
            ordpar.precision(alpha, overlaps=first.overlaps)
        for wrong in ([1.0], [[1.0]], [float("nan"), 1.0]):
            with self.assertRaisesRegex((ordpar.Error, ValueError), "^overlaps: v"):
                ordpar.curve(alpha, overlaps=ordpar.Overlaps(*bare, v=wrong))

    def test_tasks_go_on(self):
        tasks = [{"probability": [[0, 0.5]], "student_output": [1, 0.5], "teacher_output": [1, 1]}, {"probability": [[0, 0.5]], "student_output": [0.5, 0.5], "teacher_output": [0.5, 2]}]
        options = dict(tasks=tasks, train_output=True, eta_v=0.1, N=64, L=2)
        first = ordpar.curve([0, 5.0], save_overlaps=WORK / "tasks.csv", **options)
        same(first.overlaps.v, first.V[-1])
        self.assertEqual(ordpar.curve([0, 3.0], overlaps=first.overlaps, **options), ordpar.curve([0, 3.0], overlaps=WORK / "tasks.csv", **options))

    def test_hidden_parts_go_on(self):
        options, alpha = dict(N=64, L=2), [0, 3.0]
        first = ordpar.curve([0, 5.0], unlearnable=0.2, save_overlaps=WORK / "hidden.csv", **options)
        same(first.overlaps.p, 0.2 * np.eye(2))
        again = ordpar.curve(alpha, overlaps=WORK / "hidden.csv", **options)
        self.assertEqual(again.eps_g[0], first.eps_g[-1])
        for given in (first.overlaps, again.overlaps._replace(q=first.overlaps.q, r=first.overlaps.r)):
            for beside in ({}, {"unlearnable": 0.2}):
                self.assertEqual(ordpar.curve(alpha, overlaps=given, **beside, **options), again)
                near = ordpar.precision(alpha, overlaps=given, **beside, **options).eps_g.astype(float)
                np.testing.assert_allclose(near, again.eps_g, rtol=1e-6)
        with self.assertRaisesRegex(ordpar.Error, "^unlearnable: the given start has its covariance; give one or the other$"):
            ordpar.curve(alpha, overlaps=first.overlaps, unlearnable=0.3, **options)
        path, other = str(WORK / "hidden.check"), ordpar.Overlaps(*first.overlaps, p=np.eye(2))
        ordpar.curve(alpha, overlaps=first.overlaps, checkpoint=path, **options)
        with self.assertRaisesRegex(ordpar.Error, "^overlaps: are not those that .*hidden.check was made with$"):
            ordpar.curve(alpha, overlaps=other, checkpoint=path, **options)

    def test_continue(self):
        """From a file of the program's or of Python's, with its model; what contradicts is refused."""
        program, own = WORK / "program.csv", WORK / "own.csv"
        options = dict(K=3, M=2, N=64, L=4, eta=0.5, schedule="power:0.5:20", train_output=True, eta_v=0.1)
        run("curve -K 3 -M 2 -N 64 -L 4 --eta 0.5 --schedule power:0.5:20 --train-output --eta-v 0.1 --alpha 50 --save-overlaps program.csv")
        ordpar.curve(50, save_overlaps=own, **options)
        whole = ordpar.curve([60.0, 80], **options)
        for file in (program, own):
            rest = ordpar.curve([80.0, 60], continue_from=file)
            np.testing.assert_allclose(rest.eps_g[::-1], whole.eps_g, rtol=1e-7)
            np.testing.assert_allclose(rest.V[::-1], whole.V, rtol=1e-6)
            self.assertEqual(rest.overlaps.r.shape, (3, 2, 4))
        same(run("curve --continue own.csv --alpha 60,80")["eps_g"], rest.eps_g[::-1])
        with self.assertRaisesRegex(ordpar.Error, "eta: 0.3 contradicts .*own.csv, which has 0.5"):
            ordpar.curve(60, continue_from=own, eta=0.3)
        with self.assertRaisesRegex(ordpar.Error, "alpha: must begin at 50 or later"):
            ordpar.curve(40, continue_from=own)
        with self.assertRaises(TypeError):
            ordpar.simulate(60, continue_from=own)

    def test_continue_arrays(self):
        """The file holds a spectrum that was given as arrays."""
        file, spectrum = WORK / "arrays.csv", ([2.0, 0.5], [10, 30])
        ordpar.curve(20, spectrum=spectrum, save_overlaps=file)
        rest = ordpar.curve(40, continue_from=file)
        np.testing.assert_allclose(rest.eps_g, ordpar.curve(40, spectrum=spectrum).eps_g, rtol=1e-7)
        self.assertEqual(ordpar.curve(40, continue_from=file, spectrum=spectrum), rest)
        with self.assertRaisesRegex(ordpar.Error, "spectrum: 3, 10 times, in block 1 contradicts"):
            ordpar.curve(40, continue_from=file, spectrum=([3.0, 0.5], [10, 30]))

    def test_checkpoint_that_is_not_saved(self):
        """Is told of while the run goes on, at the line of the call."""
        code = (
            "import os, signal, sys, resource, warnings, ordpar\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
            "def tell(message, category, place, line, *_):\n"
            "    print(message, os.path.basename(place), line)\n"
            "    os.kill(os.getpid(), signal.SIGINT)\n"
            "warnings.showwarning = tell\n"
            "ordpar.simulate('0:1e6:100001', N=2000, L=4, runs=2, checkpoint='never')"
        )
        script = WORK / "unsaved.py"
        script.write_text(code)
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, cwd=WORK)
        self.assertEqual(done.stdout, "checkpoint: never: cannot be written: File too large; the run goes on unsaved.py 8\n", done.stderr)
        self.assertIn("KeyboardInterrupt", done.stderr)

    def test_checkpoint_of_a_curve(self):
        options = dict(N=64, L=4, moments=[1], checkpoint=WORK / "curve-state")
        first = ordpar.curve("0:40:5", **options)
        again = ordpar.curve("0:40:5", **options)
        same(again.eps_g, first.eps_g)
        same(again.moments, first.moments)
        self.assertRaisesRegex(ordpar.Error, "eta: 0.3 contradicts", ordpar.curve, "0:40:5", eta=0.3, **options)

    def test_columns(self):
        table = run("curve --alpha 0:6:4 --columns noise-scale,rate --train-output --eta-v 0.1 --moments 1")
        curve = ordpar.curve(table["alpha"], columns="noise-scale,rate", train_output=True, eta_v=0.1, moments=[1])
        same(curve.rate, table["rate"])
        same(curve.noise_scale, table["noise_scale"])
        same(curve.V[:, 1], table["V2"])
        self.assertIsNone(ordpar.curve([0, 1]).rate)

    def test_tasks(self):
        """As a file, its object or a list; columns of each task; swept; copied; what is wrong."""
        first = dict(student_output=np.array([0.7, 0.3]), teacher_output=[1, 0], probability=[(0, 1), (2, 0.25)])
        second = dict(student_output=[0.2, 0.3], teacher_output=[0, 1], probability=[[2, 0.75]], similarity=[1, 0.5, 0, 0])
        lists = [{name: np.asarray(value).tolist() for name, value in task.items()} for task in (first, second)]
        (WORK / "tasks.json").write_text(json.dumps({"tasks": lists}))
        table = run("curve -L 4 -N 64 --alpha 0:6:4 --tasks tasks.json --train-output --eta-v 0.3 --moments 1")
        model = dict(L=4, N=64, train_output=True, eta_v=0.3)
        for tasks in ([first, second], {"tasks": lists}, WORK / "tasks.json", json.dumps({"tasks": lists})):
            curve = ordpar.curve(table["alpha"], tasks=tasks, moments=[1], **model)
            same(curve.eps_g, table["eps_g"])
            same(curve.tasks["eps_g"], np.stack([table["eps_g_1"], table["eps_g_2"]], axis=1))
            same(curve.V[:, 1, 0], table["V1_2"])
            same(curve.Q[0, :, 0, 1], table["Q1_1_2"])
        self.assertGreater(curve.facts["transfer 2"].value, -1)
        frame = curve.to_pandas()
        self.assertEqual(list(frame), list(table.dtype.names))
        self.assertEqual(curve, ordpar.curve(table["alpha"], tasks=[first, second], moments=[1], **model))
        table = run("compare -L 4 -N 64 --alpha 0:6:4 --tasks tasks.json --runs 3")
        comparison = ordpar.compare(table["alpha"], L=4, N=64, tasks=[first, second], runs=3)
        same(comparison.tasks["z"][:, 1], table["z_2"])
        runs = ordpar.simulate(table["alpha"], L=4, N=64, tasks=[first, second], runs=3)
        same(runs.tasks["mean"][:, 0], table["mean_1"])
        self.assertIsNone(ordpar.curve([0, 1]).tasks)
        kept = ordpar.Model(tasks=(mine := [first, dict(second)]), L=4, N=64)
        mine[1]["similarity"] = 0
        same(kept.curve([0, 6.0]).eps_g, ordpar.curve([0, 6.0], tasks=[first, second], L=4, N=64).eps_g)
        swept = ordpar.sweep(alpha=[0, 6.0], what="curve", tasks=[[first, second], mine], L=4, N=64)
        same(swept["eps_g"][1], ordpar.curve([0, 6.0], tasks=mine, L=4, N=64).eps_g)
        self.assertRaisesRegex(ValueError, "tasks must be a file, or a list of dicts", ordpar.curve, [0, 1], tasks=3)
        self.assertRaisesRegex(ValueError, "finite numbers", ordpar.curve, [0, 1], tasks=[{**first, "similarity": np.nan}])
        self.assertRaisesRegex(ordpar.Error, "task 1 must be an object", ordpar.curve, [0, 1], tasks=[3])
        with self.assertRaisesRegex(ordpar.Error, "add up to 1 at every alpha, got 0.25 from alpha = 2"):
            ordpar.curve([0, 1], tasks=[first])

    def test_schedule_file(self):
        (WORK / "schedule.csv").write_text("alpha,eta\n0,0.2\n3,0.05\n")
        table = run("curve --alpha 0:6:4 --schedule schedule.csv")
        same(ordpar.curve(table["alpha"], schedule=WORK / "schedule.csv").eps_g, table["eps_g"])
        self.assertRaises(ordpar.Error, ordpar.curve, [0, 1], schedule="power:1")
        self.assertRaises(ordpar.Error, ordpar.curve, [0, 1], schedule=WORK / "schedule.csv", eta=1)
        self.assertRaises(ordpar.Error, ordpar.curve, [0, 1], eta_v=0.1)
        self.assertRaises(ordpar.Error, ordpar.simulate, [0, 1], weight_decay=2000, N=1024)

    def test_spectra(self):
        values, counts = [0.5, 3.0, 1.25], [10, 4, 6]
        (WORK / "spectrum.csv").write_text(
            "eigenvalue,multiplicity\n" + "".join(f"{v},{n}\n" for v, n in zip(values, counts))
        )
        table = run("curve --alpha 0:5:3 --spectrum spectrum.csv --trainable 7")
        for given in (WORK / "spectrum.csv", (values, counts), ordpar.spectrum(spectrum=(values, counts))):
            same(ordpar.curve(table["alpha"], spectrum=given, trainable=7).eps_g, table["eps_g"])
        table = run("spectrum -N 60 -L 12 --beta 0.7")
        spectrum = ordpar.spectrum(N=60, L=12, beta=0.7)
        same(spectrum.eigenvalues, table["eigenvalue"])
        same(spectrum.multiplicities, table["multiplicity"])


    def test_spread(self):
        table = run("curve --alpha 0:40:3 --moments 2 --spread 0.1 --spread-parts 4 --trainable 200")
        curve = ordpar.curve(table["alpha"], moments=[2], spread=0.1, spread_parts=4, trainable=200)
        same(curve.eps_g, table["eps_g"])
        same(curve.Q[0, :, 0, 0], table["Q2_1_1"])
        table = run("spectrum -N 60 -L 12 --teacher-decay 1.5")
        spectrum = ordpar.spectrum(N=60, L=12, teacher_decay=1.5)
        same(spectrum.teacher, table["teacher"])
        self.assertIsNone(ordpar.spectrum(N=60, L=12).teacher)
        table = run("curve --alpha 0:5:3 -N 60 -L 12 --teacher-decay 1.5 --unlearnable 0.2,0.1")
        backwards = tuple(x[::-1] for x in (*spectrum, spectrum.teacher))
        for given in (spectrum, backwards):
            same(ordpar.curve(table["alpha"], spectrum=given, unlearnable=[0.2, 0.1]).eps_g, table["eps_g"])
        with self.assertRaisesRegex(ValueError, "teacher .* must have one length"):
            ordpar.curve([1], spectrum=([2, 1], [3, 4], [1]))
        table = run("spectrum -N 20 --generate random-features:90 --beta 0.7 --teacher-decay 1 --seed 5")
        spectrum = ordpar.spectrum(N=20, generate="random-features:90", beta=0.7, teacher_decay=1, seed=5)
        same(spectrum.eigenvalues, table["eigenvalue"])
        same(spectrum.teacher, table["teacher"])
        unlearnable = spectrum.facts["unlearnable"].value
        T = (spectrum.eigenvalues * spectrum.teacher).sum() / 20 + unlearnable
        self.assertAlmostEqual(T, 1, delta=1e-13)
        start = dict(K=1, M=1, teacher="mean", sigma_j=0, unlearnable=unlearnable, activation="linear")
        self.assertAlmostEqual(ordpar.curve(0, spectrum=spectrum, **start).eps_g[0], 0.5, delta=1e-13)
        table = run("spectrum -N 60 -L 12 --spread 0.01")
        spectrum = ordpar.spectrum(N=60, L=12, spread=0.01)
        same(spectrum.eigenvalues, table["eigenvalue"])
        same(ordpar.spectrum(N=60, L=12, spread=0), ordpar.spectrum(N=60, L=12))

    def test_data(self):
        """Two files of examples: their spectrum, the theory for it, training on them."""
        text = "--data part-1.npy part-2.npz -N 5"
        draw = np.random.default_rng(1).normal(3, [4, 3, 2, 1, 1, 0.5], (400, 6))
        np.save(WORK / "part-1.npy", draw[:300].astype(np.float32))
        np.savez(WORK / "part-2.npz", X=draw[300:])
        np.savez(WORK / "two.npz", inputs=draw, labels=draw[:, 0])
        named = ordpar.spectrum(data=WORK / "two.npz", array="inputs")
        np.save(WORK / "inputs.npy", draw)
        same(named.eigenvalues, ordpar.spectrum(data=WORK / "inputs.npy").eigenvalues)
        self.assertRaisesRegex(ordpar.Error, "its arrays are inputs, labels", ordpar.spectrum, data=WORK / "two.npz")
        data = [WORK / "part-1.npy", str(WORK / "part-2.npz")]
        measured = ordpar.spectrum(data=data, N=5)
        table = run(f"spectrum {text}")
        same(measured.eigenvalues, table["eigenvalue"])
        same(measured.multiplicities, np.ones(5))
        centred = draw - draw.mean(0)
        exact = np.linalg.eigvalsh(centred.T @ centred)[:0:-1]
        np.testing.assert_allclose(measured.eigenvalues, exact * 5 / exact.sum(), rtol=1e-6)
        table = run(f"curve --alpha 0:5:3 {text}")
        same(ordpar.curve(table["alpha"], data=data, N=5).eps_g, table["eps_g"])
        same(ordpar.curve(table["alpha"], spectrum=measured).eps_g, table["eps_g"])
        table = run(f"closed-form features --trainable 2 --alpha 0:5:3 {text}")
        same(ordpar.closed_form("features", table["alpha"], data=data, N=5, trainable=2), table["eps_g"])
        table = run(f"simulate --alpha 0:80:3 --runs 2 --each {text}")
        same(ordpar.simulate(table["alpha"], data=data, N=5, runs=2).eps_g[:, 1], table["run_2"])

    def test_labels(self):
        """A data set's own labels: theory, training, both side by side, facts."""
        draw = np.random.default_rng(2).normal(0, [2, 1, 1, 0.5], (2000, 4))
        np.save(WORK / "draw.npy", draw)
        np.savez(WORK / "marks.npz", Y=draw[:, 0] + draw[:, 1] ** 2, Z=draw[:, :2])
        text = "--data draw.npy --activation linear -K 1 --alpha 1:20:3"
        for labels in "marks.npz", "marks.npz:Z":
            settings = dict(data=WORK / "draw.npy", labels=f"{WORK}/{labels}", activation="linear", K=1)
            curve = ordpar.curve("1:20:3", **settings)
            same(curve.eps_g, run(f"curve {text} --labels {labels}")["eps_g"])
            self.assertGreater(curve.facts["T"].value, 10 * curve.facts["T, standard error"].value)
            table = run(f"simulate {text} --labels {labels} --runs 2 --each")
            same(ordpar.simulate("1:20:3", runs=2, **settings).eps_g[:, 1], table["run_2"])
            table = run(f"compare {text} --labels {labels} --runs 3 --against finite-n")
            same(ordpar.compare("1:20:3", runs=3, against="finite-n", **settings).z, table["z"])
        arrays = dict(data=draw, activation="linear", K=1)
        for labels in (draw[:, :2], draw[:, :2].astype("f4").astype("f8").T.copy().T):
            curve = ordpar.curve("1:20:3", labels=labels, **arrays)
        np.testing.assert_allclose(curve.eps_g, ordpar.curve("1:20:3", **settings).eps_g, rtol=1e-5)
        self.assertEqual(ordpar.curve("1:20:3", labels=draw[:, :2], **arrays), ordpar.curve("1:20:3", **settings))
        self.assertEqual(curve.settings["labels"], "array")
        self.assertRaisesRegex(TypeError, "labels were an array", ordpar.curve, 1, **{**arrays, "labels": curve.settings["labels"]})
        self.assertRaisesRegex(ValueError, "labels has masked values", ordpar.curve, 1, labels=np.ma.masked_array(draw[:, 0], draw[:, 0] > 1), **arrays)
        self.assertRaisesRegex(ValueError, "labels must be an array of numbers", ordpar.curve, 1, labels=draw[:, 0] * 1j, **arrays)
        self.assertRaisesRegex(ordpar.Error, "labels: .*the array of labels", ordpar.curve, 1, labels=draw[:9, 0], **arrays)
        others = dict(data=WORK / "draw.npy", labels=WORK / "marks.npz")
        self.assertIn("approximation", ordpar.curve(1, activation="relu", sigma_j=0.5, **others).facts)
        self.assertRaisesRegex(ordpar.Error, "the linear part of labels", ordpar.curve, 1, teacher_activation="tanh", **others)


class ClosedForm(unittest.TestCase):
    CASES = [
        ("linear-exact", "--label-noise 0.1 --eta 0.5", dict(label_noise=0.1, eta=0.5)),
        ("linear-exact", "--trainable 30 -N 96 -L 32", dict(trainable=30, N=96, L=32)),
        ("linear-small-eta", "-K 4", dict(K=4)),
        ("linear-continuum", "--beta 0.3", dict(beta=0.3)),
        ("linear-finite-n", "-N 64 -L 64 --eta 0.7", dict(N=64, L=64, eta=0.7)),
        ("features", "-N 64 -L 64 --trainable 20", dict(N=64, L=64, trainable=20)),
        ("features", "-N 64 -L 64 --trainable 20 --small-eta", dict(N=64, L=64, trainable=20, small_eta=1)),
        ("frontier", "-N 512 -L 64 --beta 0.5 --eta 0.05", dict(N=512, L=64, beta=0.5, eta=0.05)),
        ("frontier", "-N 60 -L 6 --spread 0.1 --init mean", dict(N=60, L=6, spread=0.1, init="mean")),
        ("frontier", "-N 60 -L 6 --orders all --label-noise 0.1", dict(N=60, L=6, orders="all", label_noise=0.1)),
        ("plateau", "-K 3 -M 4", dict(K=3, M=4)),
        ("plateau", "--teacher sampled", dict(teacher="sampled")),
        ("plateau", "--teacher-output 0.8,0.3", dict(teacher_output=[0.8, 0.3])),
        ("escape", "-L 8", dict(L=8)),
        ("escape", "--teacher sampled --seed 3", dict(teacher="sampled", seed=3)),
        ("escape-law", "-L 4 --eta 0.5", dict(L=4, eta=0.5)),
        ("escape-law", "-L 4 --eta 0.5 --small-eta", dict(L=4, eta=0.5, small_eta=True)),
        ("asymptotic", "--label-noise 0.01 -K 3 -M 3", dict(label_noise=0.01, K=3, M=3)),
        ("asymptotic", "--small-eta", dict(small_eta=True)),
        ("asymptotic", "--continuum -L 512", dict(continuum=True, L=512)),
        ("critical-eta", "-K 3 -M 3", dict(K=3, M=3)),
        ("critical-eta", "--activation linear -K 4 -M 2", dict(activation="linear", K=4, M=2)),
    ]  # fmt: skip

    def test_same_numbers(self):
        for name, text, options in self.CASES:
            with self.subTest(name + " " + text):
                if name in ("plateau", "escape", "escape-law", "critical-eta"):
                    table = run(f"closed-form {name} {text}")
                    got = ordpar.closed_form(name, **options)
                    self.assertEqual("jitter" in got, "jitter" in table.dtype.names)
                    for column, value in got.items():
                        same(value, table[column])
                elif name == "frontier":
                    table = run(f"closed-form frontier --compute 0.1:1e6:9:log {text}")
                    got = ordpar.closed_form(name, compute="0.1:1e6:9:log", **options)
                    self.assertEqual(tuple(got), table.dtype.names)
                    for column, values in got.items():
                        same(values, table[column])
                else:
                    table = run(f"closed-form {name} --alpha 0.1:1e4:9:log {text}")
                    same(ordpar.closed_form(name, "0.1:1e4:9:log", **options), table["eps_g"])

    def test_all_names(self):
        names = subprocess.run([PROGRAM, "closed-form", "x"], capture_output=True, text=True).stderr
        names = set(re.search("one of ([^ ]*),", names)[1].split("|"))
        for name in names:
            self.assertIn(name, {case[0] for case in self.CASES}, "not tested, or not known")

    def test_large(self):
        """As on the command line, the continuum form needs no list of the eigenvalues."""
        self.assertGreater(ordpar.closed_form("linear-continuum", [1.0], N=10**9, L=10**9)[0], 0)

    def test_refused(self):
        for name, options in (
            ("linear-exact", dict(small_eta=True)),
            ("linear-exact", dict(activation="erf")),
            ("linear-exact", dict(eta=3.0)),
            ("linear-small-eta", dict(label_noise=0.1)),
            ("linear-continuum", dict(trainable=3)),
            ("linear-continuum", dict(spread=0.1)),
            ("asymptotic", dict(init="mean")),
            ("asymptotic", dict(K=3)),
        ):
            with self.subTest(name):
                self.assertRaises(ordpar.Error, ordpar.closed_form, name, [1.0], **options)
        self.assertRaisesRegex(ordpar.Error, "plateau.*got 'nonsense'", ordpar.closed_form, "nonsense", [1.0])
        self.assertRaisesRegex(ordpar.Error, "alpha: plateau is one row", ordpar.closed_form, "plateau", [1.0])
        self.assertRaises(TypeError, ordpar.closed_form, "linear-exact")
        self.assertRaisesRegex(ordpar.Error, "compute: ", ordpar.closed_form, "linear-exact", [1.0], compute=[1.0])
        self.assertRaises(TypeError, ordpar.closed_form, "frontier", [1.0])
        self.assertRaises(TypeError, ordpar.closed_form, "frontier")
        for options in (dict(trainable=3), dict(label_noise=0.1), dict(activation="erf")):
            self.assertRaises(ordpar.Error, ordpar.closed_form, "frontier", compute=[1.0], **options)
        self.assertRaisesRegex(ordpar.Error, "-1", ordpar.closed_form, "frontier", compute=[-1.0])


class Precision(unittest.TestCase):
    CASES = [
        ("-N 12 -L 3 --digits 12", dict(N=12, L=3, digits=12)),
        ("-L 1", dict(L=1)),
        ("-L 1 --eta 0.3 --sigma-j 0.1 --label-noise 0.2 --init mean --teacher mean --representation blocks --digits 40", dict(L=1, eta=0.3, sigma_j=0.1, label_noise=0.2, init="mean", teacher="mean", representation="blocks", digits=40)),
        ("-L 2 --init near-teacher --sigma-j 1e-20 --eta 1 --digits 12", dict(L=2, init="near-teacher", sigma_j=1e-20, eta=1, digits=12)),
        ("-L 4 --trainable 300 --beta 0.7 --representation implicit --digits 9", dict(L=4, trainable=300, beta=0.7, representation="implicit", digits=9)),
        ("--activation linear -K 3 -M 2 -L 4 --digits 50 --seed 4", dict(activation="linear", K=3, M=2, L=4, digits=50, seed=4)),
        ("--activation linear -L 4 --small-eta --representation moments", dict(activation="linear", L=4, small_eta=True, representation="moments")),
        ("-L 1 --student-output 0.70710678118654752440084436210485,0.7", dict(L=1, student_output=["0.70710678118654752440084436210485", 0.7])),
        ("-L 1 --teacher-output 0.8,0.3 --digits 20", dict(L=1, teacher_output=np.array([0.8, 0.3]), digits=20)),
        ("--activation linear --eta 0.1000000000000000055511151231257827 --digits 40", dict(activation="linear", eta=decimal.Decimal("0.1000000000000000055511151231257827"), digits=40)),
    ]  # fmt: skip
    FORMS = [
        ("linear-exact", "-N 64 -L 16 --eta 0.9 --label-noise 0.2", dict(N=64, L=16, eta=0.9, label_noise=0.2)),
        ("linear-small-eta", "-N 64 -L 16 --student-output 0.5,0.3", dict(N=64, L=16, student_output=[0.5, 0.3])),
        ("linear-continuum", "-N 64 -L 16 --beta 0.3", dict(N=64, L=16, beta=0.3)),
        ("linear-finite-n", "-N 64 -L 16 --init near-teacher", dict(N=64, L=16, init="near-teacher")),
        ("features", "-N 64 -L 16 --trainable 17 --small-eta", dict(N=64, L=16, trainable=17, small_eta=True)),
        ("plateau", "-K 3 -M 4", dict(K=3, M=4)),
        ("escape", "-K 3 -M 4", dict(K=3, M=4)),
        ("asymptotic", "--small-eta", dict(small_eta=True)),
        ("critical-eta", "--activation linear -N 64 -L 16 --trainable 19", dict(activation="linear", N=64, L=16, trainable=19)),
    ]  # fmt: skip

    def check(self, got, table):
        self.assertTrue(all(isinstance(x, str) for x in (*got.alpha, *got.eps_g)))
        same(got.alpha, table["alpha"])
        same(got.eps_g, table["eps_g"])

    def test_same_digits(self):
        for text, options in self.CASES:
            with self.subTest(text):
                table = run_texts(f"precision curve --alpha 0:3:3 {text}")
                got = ordpar.precision("0:3:3", **options)
                self.check(got, table)
                for name in ("digits", "representation"):
                    options.pop(name, None)
                exact = got.eps_g.astype(float)
                promise = 1e-7 * exact + 1e-12
                self.assertTrue(np.all(abs(ordpar.curve([0, 1.5, 3], **options).eps_g - exact) < promise))

    def test_numbers(self):
        """0.1 is one tenth; 0.1 + 0.2 is not three tenths; text counts as it stands."""
        def eps_g(eta):
            return ordpar.precision("1:1:1", activation="linear", eta=eta, digits=25).eps_g[0]

        self.assertEqual(eps_g(0.1), eps_g("0.1"))
        self.assertEqual(eps_g(0.1), eps_g(decimal.Decimal("0.1")))
        self.assertEqual(eps_g(0.1 + 0.2), eps_g("0.30000000000000004"))
        self.assertNotEqual(eps_g(0.1 + 0.2), eps_g("0.3"))
        self.assertNotEqual(eps_g(0.1), eps_g("0.1000000000000000055511151231257827"))
        same(ordpar.curve([0, 1.0], eta="0.3", K=decimal.Decimal(3)).eps_g, ordpar.curve([0, 1.0], eta=0.3, K=3).eps_g)

    def test_spectra(self):
        rows = ["0.50000000000000000000000000001,10", "3,4", "1.1,6"]
        (WORK / "decimals.csv").write_text("\n".join(["eigenvalue,multiplicity", *rows, ""]))
        table = run_texts("precision curve --alpha 0:2:2 --spectrum decimals.csv --activation linear --trainable 6 --digits 33")
        options = dict(activation="linear", trainable=6, digits=33)
        self.check(ordpar.precision("0:2:2", spectrum=WORK / "decimals.csv", **options), table)
        (WORK / "decimals.csv").write_text("eigenvalue,multiplicity\n0.5,10\n3,4\n1.1,6\n")
        other = run_texts("precision curve --alpha 0:2:2 --spectrum decimals.csv --activation linear --trainable 6 --digits 33")
        self.check(ordpar.precision("0:2:2", spectrum=([0.5, 3, 1.1], [10, 4, 6]), **options), other)
        self.assertNotEqual(table["eps_g"][1], other["eps_g"][1])

    def test_overlaps(self):
        run("curve -L 2 --alpha 0:1:2 --train-output --eta-v 0.1 --save-overlaps trained.csv")
        with self.assertRaisesRegex(ordpar.Error, "overlaps: .*trained.csv has output weights"):
            ordpar.precision("0:2:2", L=2, overlaps=WORK / "trained.csv")
        run("curve -L 2 --alpha 0:5:2 --save-overlaps small.csv")
        end = ordpar.curve([0, 5.0], L=2).overlaps
        table = run_texts("precision curve -L 2 --alpha 0:2:2 --overlaps small.csv")
        # The file has 17 digits of each double, an array stands for the shortest decimals.
        near = ordpar.precision("0:2:2", L=2, overlaps=end).eps_g.astype(float)
        np.testing.assert_allclose(near, table["eps_g"].astype(float), rtol=1e-14)
        self.check(ordpar.precision("0:2:2", L=2, overlaps=WORK / "small.csv"), table)
        table = run_texts("closed-form features -L 2 --digits 20 --alpha 0:2:2 --overlaps small.csv")
        near = ordpar.closed_form("features", "0:2:2", L=2, digits=20, overlaps=end)
        np.testing.assert_allclose(near.eps_g.astype(float), table["eps_g"].astype(float), rtol=1e-14)

    def test_closed_forms(self):
        for name, text, options in self.FORMS:
            with self.subTest(name + " " + text):
                if name in ("plateau", "escape", "critical-eta"):
                    table = run_texts(f"closed-form {name} {text} --digits 40")
                    got = ordpar.closed_form(name, digits=40, **options)
                    self.assertEqual(got, {column: cells[0] for column, cells in table.items()})
                else:
                    table = run_texts(f"closed-form {name} --alpha 0.5:20:3:log {text} --digits 40")
                    self.check(ordpar.closed_form(name, "0.5:20:3:log", digits=40, **options), table)

    def test_large(self):
        self.assertEqual(len(ordpar.closed_form("plateau", digits=1000)["Q"]), 1005)

    def test_refused(self):
        good = WORK / "good.npy"
        np.save(good, [[0.0, 0], [1, 0], [0, 2], [4, 1]])
        for function, pattern in (
            (lambda: ordpar.precision("0:1:2", digits=0), "digits: .*got '0'"),
            (lambda: ordpar.precision("0:1:2", digits=2.5), "digits: .*2.5"),
            (lambda: ordpar.precision("0:1:2", digits=10001), "digits: .*10001"),
            (lambda: ordpar.precision("0:1:2", digits=10000), "digits: .* s for each step"),
            (lambda: ordpar.precision("0:1:2", data=good), "data: has no decimals"),
            (lambda: ordpar.precision("0:1:2", spread=0.1), "spread: has no decimals"),
            (lambda: ordpar.precision("0:1:2", spectrum="-"), "spectrum: .*'-'"),
            (lambda: ordpar.precision("0:1:2", activation="relu"), "activation: .*relu"),
            (lambda: ordpar.precision("0:1:2", representation="x"), "representation: .*'x'"),
            (lambda: ordpar.precision("0:1:2", representation="moments", trainable=64), "trained"),
            (lambda: ordpar.precision("0:1:2", eta="0.1x"), "eta: .*'0.1x'"),
            (lambda: ordpar.precision("0:1:2", eta="nan"), "eta: .*nan"),
            (lambda: ordpar.precision("0:1:2", eta="-1"), "eta: must be a finite number > 0, got '-1'"),
            (lambda: ordpar.precision("0:1:2", K="2.5"), "student-units: .*2.5"),
            (lambda: ordpar.precision("0:1:2", student_output=["1", ""]), "student-output: .*'1,'"),
            (lambda: ordpar.precision("0:1:2", student_output="1,2,3"), "student-output: .*2.*3"),
            (lambda: ordpar.precision("0: 1:2"), "alpha: .*'0: 1:2'"),
            (lambda: ordpar.closed_form("frontier", compute="1:2:2", digits=9), "frontier"),
            (lambda: ordpar.closed_form("asymptotic", "1:2:2", digits=9), "small-eta"),
            (lambda: ordpar.closed_form("plateau", teacher="sampled", digits=9), "teacher: "),
            (lambda: ordpar.closed_form("plateau", spread=0.1, digits=9), "spread: "),
            (lambda: ordpar.closed_form("linear-exact", "1:2:2", small_eta=1, digits=9), "small-eta: "),
            (lambda: ordpar.closed_form("linear-continuum", "1:2:2", spectrum=([1.0], [4]), digits=9), "spectrum: "),
        ):  # fmt: skip
            with self.subTest(pattern):
                with self.assertRaisesRegex(ordpar.Error, pattern) as caught:
                    function()
                self.assertNotIn("\n", str(caught.exception))
        self.assertRaises(TypeError, ordpar.precision, "0:1:2", train_output=True)
        self.assertRaises(ordpar.Error, ordpar.precision, "0:1")
        self.assertRaises(ValueError, ordpar.precision, "0:1:2", eta=Fraction(1, 10))
        third = np.longdouble(1) / 3
        for alpha in (Fraction(1, 3), third, [Fraction(1, 3)], [0, third], np.array([third]), ["0.1", Fraction(1, 3)]):
            for call in (ordpar.precision, functools.partial(ordpar.closed_form, "linear-exact", activation="linear", digits=30)):
                with self.subTest(alpha=alpha), self.assertRaisesRegex(ValueError, "alpha must be a number or its text"):
                    call(alpha, K=1, M=1, L=1)
        self.assertEqual(ordpar.curve([Fraction(1, 3)], L=1).alpha.tolist(), [1 / 3])
        for half in (Fraction(1, 2), np.longdouble(0.5)):  # which a float equals
            for call in (ordpar.curve, ordpar.precision):
                self.assertEqual(call([1, half], eta=half, student_output=[half, 1], L=1), call([1, 0.5], eta=0.5, student_output=[0.5, 1], L=1))
            self.assertEqual(ordpar.Model(eta=half), ordpar.Model(eta=0.5))
            same(ordpar.sweep([1], eta=[half, 0.25], L=1).axes["eta"], [0.5, 0.25])
        with self.assertRaisesRegex(ValueError, r"^eta must be a number or its text, got Fraction\(1, 3\); no float equals it"):
            ordpar.curve([1], eta=Fraction(1, 3))

    @unittest.skipUnless(importlib.util.find_spec("mpmath"), "mpmath is not installed")
    def test_numbers_of_mpmath(self):
        """With all their digits, which are decimals; those of a double are the double."""
        import mpmath

        def given(eta, alpha=1):
            return ordpar.precision([alpha], eta=eta, digits=45, L=1)

        self.assertEqual(given(mpmath.mpf("0.1")), given(0.1))
        with mpmath.workdps(50):
            tenth, third = mpmath.mpf("0.1"), mpmath.mpf(1) / 3
            with decimal.localcontext() as context:
                context.prec = 300
                exact = [decimal.Decimal(int(x.man)) / decimal.Decimal(2) ** -int(x.exp) for x in (tenth, third)]
            self.assertEqual(given(tenth, third), given(*map(str, exact)))
            self.assertEqual(ordpar.curve([1], eta=tenth, L=1), ordpar.curve([1], eta=0.1, L=1))
            with self.assertRaisesRegex(ValueError, "^sigma_j must be a number or its text, got mpf"):
                ordpar.precision([1], sigma_j=mpmath.mpf(2) ** -9000 / 3, L=1)
        self.assertRaisesRegex(ordpar.Error, "one weight or K = 2, got 3", ordpar.precision, "0:1:2", student_output=[1, 2, 3])
        same(
            ordpar.precision("0:1:2", student_output=0.5, L=1).eps_g,
            ordpar.precision("0:1:2", student_output=[0.5, 0.5], L=1).eps_g,
        )

    def test_one_weight_for_all(self):
        """As all of them, of curves, simulations, closed forms, tasks and in sweeps."""
        one, each = dict(student_output=1, teacher_output=0.5), dict(student_output=[1] * 3, teacher_output=[0.5] * 3)
        for function in (ordpar.curve, ordpar.simulate):
            results = [function([1, 3], K=3, M=3, L=2, N=32, **outputs) for outputs in (one, each)]
            same(results[0].eps_g, results[1].eps_g)
        forms = [ordpar.closed_form("plateau", K=3, M=3, **outputs)["eps_g"] for outputs in (one, each)]
        self.assertEqual(*forms)
        tasks = [[dict(probability=[[0, 1]], **outputs)] for outputs in (one, each)]
        self.assertEqual(*(ordpar.curve([1, 3], K=3, M=3, L=2, N=32, tasks=t) for t in tasks))
        widths = ordpar.sweep([0, 3], K=[2, 3], M=[2, 3], together=("K", "M"), L=2, N=32, **one)
        self.assertEqual(widths["eps_g"][1], ordpar.curve([0, 3], K=3, M=3, L=2, N=32, **each).eps_g[1])


class Simulate(unittest.TestCase):
    def test_same_numbers(self):
        for text, options in (
            ("-N 60 -L 6 --runs 5", dict(N=60, L=6, runs=5)),
            ("-N 60 -L 6 --runs 5 --threads 2", dict(N=60, L=6, runs=5, threads=1)),
            ("-N 6000 -L 6 --method overlap --runs 3 --label-noise 0.1", dict(N=6000, L=6, method="overlap", runs=3, label_noise=0.1)),
            ("-N 60 -L 6 --runs 2 --train-output --eta-v 0.1 --weight-decay 0.1", dict(N=60, L=6, runs=2, train_output=1, eta_v=0.1, weight_decay=0.1)),
            ("-N 60 -L 6 --runs 1 --activation linear --init mean", dict(N=60, L=6, runs=1, activation="linear", init="mean")),
        ):  # fmt: skip
            with self.subTest(text):
                table = run(f"simulate --alpha 0:4:3 --each {text}")
                got = ordpar.simulate(table["alpha"], **options)
                for column in ("mean", "stderr", "min", "max"):
                    same(getattr(got, column), table[column])
                for r in range(options["runs"]):
                    same(got.eps_g[:, r], table[f"run_{r + 1}"])

    def test_compare(self):
        """z-scores beside the theory, and a verdict."""
        table = run("compare --alpha 0:20:3 -N 60 -L 6 --runs 6 --against finite-n --activation linear")
        got = ordpar.compare("0:20:3", N=60, L=6, runs=6, against="finite-n", activation="linear")
        for column in ("alpha", "theory", "mean", "stderr", "z"):
            same(getattr(got, column), table[column])
        self.assertEqual(got.facts["verdict"].value, np.abs(got.z).max())
        self.assertIsNone(got.sd)

    def test_spread(self):
        """Against ode+1/N: the runs' spread beside the predicted one."""
        table = run("compare --alpha 0.5,2 -N 60 -L 2 --runs 6 --against ode+1/N")
        got = ordpar.compare([0.5, 2], N=60, L=2, runs=6, against="ode+1/N")
        for column in ("theory", "sd", "sd_runs", "z_sd"):
            same(getattr(got, column), table[column])
        self.assertEqual(got.facts["verdict sd"].value, np.abs(got.z_sd).max())

    def test_like(self):
        """like= reads a file as --like does: the same numbers, and what is given wins."""
        file = WORK / "like.csv"
        text = "-K 2 -M 2 -N 64 -L 4 --eta 0.3 --alpha 0:8:5"
        for command, function in (
            (f"curve {text} --moments 1,2", lambda **more: ordpar.curve(like=file, **more)),
            (f"simulate {text} --runs 3", lambda **more: ordpar.simulate(like=file, **more)),
            (f"compare {text} --runs 3", lambda **more: ordpar.compare(like=file, **more)),
            (f"closed-form asymptotic {text}", lambda **more: ordpar.closed_form("asymptotic", like=file, **more)),
            (f"closed-form linear-exact {text} --digits 25", lambda **more: ordpar.closed_form("linear-exact", like=file, **more)),
            (f"precision curve {text} --digits 12", lambda **more: ordpar.precision(like=file, **more)),
            ("spectrum -N 64 -L 4", lambda **more: ordpar.spectrum(like=file, **more)),
        ):
            for options, flags in (({}, ""), (dict(L=8), " -L 8")):
                table = run(command + flags)
                subprocess.run([PROGRAM, *command.split(), "-q", "-o", file], check=True, stderr=subprocess.DEVNULL)
                got = function(**options)
                name = "eigenvalue" if command.startswith("spectrum") else "mean" if "--runs" in command else "eps_g"
                values = getattr(got, "eigenvalues" if name == "eigenvalue" else name, got)
                same(np.array(values, dtype=float), table[name])
        subprocess.run([PROGRAM, *f"curve {text} --moments 1,2".split(), "-o", file], check=True)
        got = ordpar.curve([3, 1], like=file, moments=[1], K=3, M=3)
        self.assertEqual(got.moments.shape, (1, 2, 6, 6))
        same(got.alpha, [3, 1])
        for wrong, kind in ((lambda: ordpar.curve(), TypeError), (lambda: ordpar.curve(like=3), TypeError),
                            (lambda: ordpar.curve(like="nowhere"), ordpar.Error)):  # fmt: skip
            with self.assertRaises(kind):
                wrong()

    def test_like_leaves_out(self):
        """What is given beside a file takes the place of nothing in it without a word."""
        x = np.random.default_rng(0).normal(size=(200, 6)) * np.arange(1, 7) ** -0.8
        np.save(WORK / "leading.npy", x)
        words = f"curve --data {WORK}/leading.npy -N 3 --alpha 0,1 -o {WORK}/leading.csv"
        subprocess.run([PROGRAM, *words.split()], check=True)
        like = WORK / "leading.csv"
        told = f"like: {like}: its data={str(WORK / 'leading.npy')[:40]} gives way to eigenvalues"
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            whole = ordpar.curve(like=like)
            for beside in ({"data": WORK / "leading.npy"}, {"data": x}, {"N": 3}):
                same(ordpar.curve(like=like, **beside).eps_g, whole.eps_g)
                same(ordpar.Model(like=like, **beside).curve().eps_g, whole.eps_g)
            self.assertEqual(said, [])
            model = ordpar.Model(like=like, L=1)
            self.assertEqual([str(w.message) for w in said], [told])
            model.curve()
            model.sweep([0, 1], eta=[0.1, 0.2])
            self.assertEqual(len(said), 1)
            said.clear()
            same(ordpar.sweep([0, 1], what="curve", like=like, L=[1, 3])["eps_g"][0], ordpar.curve([0, 1], N=3, L=1).eps_g)
            self.assertEqual([str(w.message) for w in said], [told])
            self.assertEqual(said[0].filename, __file__)
            said.clear()
            ordpar.curve(like=like, spectrum=([1.5, 0.5], [2, 2]))
            self.assertRegex(str(said[0].message), "^like: .*: its input-dim=3 and data=.* give way to spectrum$")

    def test_what_a_number_is_not(self):
        """Notes on the trace, on finite N and on drawn starts are facts, and their remedies settings."""
        big = ([4.0, 1.0], [8, 8])
        self.assertEqual(ordpar.spectrum(spectrum=big).facts["trace"].value, 2.5)
        scaled = ordpar.spectrum(spectrum=big, normalise=True)
        same(scaled.eigenvalues, [4 / 2.5, 1 / 2.5])
        self.assertNotIn("trace", scaled.facts)
        self.assertIn("trace", ordpar.curve([0, 1], spectrum=big).facts)
        linear = dict(N=32, L=32, K=1, M=1, activation="linear", eta=0.5)
        self.assertAlmostEqual(ordpar.compare([1], runs=2, **linear).facts["finite N"].value, 0.109, 3)
        self.assertIn("doubles", ordpar.precision("0", L=1, digits=5).facts["start"])
        plateau = ordpar.closed_form("plateau", eta=0.5), ordpar.closed_form("plateau", eta=0.5, orders="all")
        self.assertAlmostEqual(plateau[0].facts["eps_g at all orders in eta"].value / plateau[1]["eps_g"], 1, 12)

    def test_checkpoint(self):
        options = dict(N=60, L=6, runs=2, checkpoint=WORK / "state")
        first = ordpar.simulate("0:2:3", **options)
        self.assertTrue((WORK / "state").exists())
        same(ordpar.simulate("0:2:3", **options).eps_g, first.eps_g)


class Document(unittest.TestCase):
    def test_examples(self):
        """The examples of docs/python.md run as they stand."""
        text = (SOURCE / "docs/python.md").read_text()
        blocks = re.findall(r"```python\n(.*?)```", text, re.S)
        self.assertGreaterEqual(len(blocks), 3)
        commands = re.findall(r"^    (ordpar .*)$", text, re.M)
        env = {**os.environ, "PATH": f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}"}
        for command in commands:
            subprocess.run(command, shell=True, check=True, cwd=WORK, env=env)
        os.chdir(WORK)
        exec(compile("\n".join(blocks), "docs/python.md", "exec"), {})

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "needs matplotlib")
    def test_first_pictures(self):
        """What a reader tries first draws a picture."""
        os.chdir(WORK)
        for document in ("README.md", "docs/site/index.md"):
            for block in re.findall(r"```python\n(.*?)```", (SOURCE / document).read_text(), re.S):
                exec(compile(block, document, "exec"), {})
                picture = WORK / re.search(r"savefig\(\"(.*?)\"\)", block)[1]
                self.assertIn("</svg>", picture.read_text())
                picture.unlink()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], warnings="ignore")  # of the file that genfromtxt leaves open
