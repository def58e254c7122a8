# SPDX-License-Identifier: GPL-3.0-or-later
"""Models as objects, reports, sweeps, progress, and results in pandas, xarray, matplotlib and
notebooks, from the installed module; the examples of its documents."""

import concurrent.futures
import copy
import csv
import doctest
import importlib.util
import inspect
import io
import itertools
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from unittest import mock

import numpy as np
import ordpar

PROGRAM = sys.argv[1]
WORK = pathlib.Path(tempfile.mkdtemp())
ESCAPE = dict(L=1, teacher="mean", sigma_j=1e-4, eta=0.5)
ESCAPE_TEXT = "-L 1 --teacher mean --sigma-j 1e-4 --eta 0.5"


def rows(arguments):
    """The program's rows, {column: texts}."""
    command = [PROGRAM, *arguments.split()]
    out = subprocess.run(command, check=True, cwd=WORK, capture_output=True, text=True).stdout
    table = list(csv.reader(line for line in out.splitlines() if line[0] != "#"))
    return {column[0]: column[1:] for column in zip(*table)}


def numbers(texts):
    return np.array([float(text or "nan") for text in texts])


def needs(name):
    """Skips a test, with a line, where a library is not installed."""
    return unittest.skipUnless(importlib.util.find_spec(name), f"{name} is not installed")


def same(a, b):
    np.testing.assert_array_equal(np.atleast_1d(a), np.atleast_1d(b))


class Documents(unittest.TestCase):
    def test_examples(self):
        """Every function has some, and they print what they say; its parts are numpydoc's."""
        finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner(verbose=False)
        names = [n for n in ordpar.__all__ if inspect.isfunction(getattr(ordpar, n))] + ["Model"]
        self.assertGreater(len(names), 9)
        for name in names:
            with self.subTest(name):
                function = getattr(ordpar, name)
                (found,) = finder.find(function, name, globs={"ordpar": ordpar})
                self.assertGreater(len(found.examples), 0)
                words = io.StringIO()
                self.assertEqual(runner.run(found, out=words.write).failed, 0, words.getvalue())
                if name not in ("grid", "figure"):
                    text = inspect.getdoc(function)
                    self.assertIn("\n\nOther Parameters\n----------------\n", text)
                    self.assertLess(text.index("Other Parameters"), text.index("\n\nExamples\n--------\n"))


class Model(unittest.TestCase):
    def test_methods(self):
        """Each is the function with the model's settings, and what is given to it wins."""
        m = ordpar.Model(K=3, M=3, N=64, L=4, eta=0.2)
        given = dict(K=3, M=3, N=64, L=4)
        self.assertEqual(m.curve([0, 5], moments=[1]), ordpar.curve([0, 5], moments=[1], eta=0.2, **given))
        self.assertEqual(m.curve([0, 5], eta=0.4), ordpar.curve([0, 5], eta=0.4, **given))
        self.assertEqual(m.curve([0, 5], student_units=2), ordpar.curve([0, 5], eta=0.2, **{**given, "K": 2}))
        self.assertEqual(m.simulate([0, 1], runs=2), ordpar.simulate([0, 1], runs=2, eta=0.2, **given))
        self.assertEqual(m.compare([1], runs=2), ordpar.compare([1], runs=2, eta=0.2, **given))
        self.assertEqual(m.closed_form("plateau"), ordpar.closed_form("plateau", eta=0.2, **given))
        self.assertEqual(m.precision("0:1:2", digits=9), ordpar.precision("0:1:2", digits=9, eta=0.2, **given))
        self.assertEqual(m.replace(digits=9).closed_form("plateau"), m.closed_form("plateau", digits=9))
        self.assertNotEqual(m.replace(digits=9).closed_form("plateau"), m.closed_form("plateau"))
        self.assertEqual(m.spectrum(), ordpar.spectrum(N=64, L=4))
        self.assertEqual(m.sweep([1], L=[1, 2]), ordpar.sweep([1], L=[1, 2], K=3, M=3, N=64, eta=0.2))
        curve = m.curve("1:1000:90:log")
        same(m.report((curve.alpha, curve.eps_g))["plateau_height"], m.report(curve)["plateau_height"])

    def test_what_a_method_has_not(self):
        """What only some methods take is left out by the others, what describes the model never."""
        m = ordpar.Model(L=4, N=64, runs=2, digits=9, train_output=True, eta_v=0.1)
        self.assertEqual(m.curve([0, 5]), ordpar.curve([0, 5], L=4, N=64, train_output=True, eta_v=0.1))
        self.assertEqual(m.spectrum(), ordpar.spectrum(L=4, N=64))
        (WORK / "runs.json").write_text('{"L": 4, "N": 64, "runs": 2}')
        like, keyword = ordpar.Model(like=WORK / "runs.json"), ordpar.Model(L=4, N=64, runs=2)
        self.assertEqual((like, like.runs), (keyword, 2))
        same(like.curve([0, 5]).eps_g, keyword.curve([0, 5]).eps_g)
        same(like.sweep([0, 5], eta=[0.1], what="curve")["eps_g"], keyword.sweep([0, 5], eta=[0.1], what="curve")["eps_g"])
        same(ordpar.curve([0, 5], like=WORK / "runs.json").eps_g, keyword.curve([0, 5], runs=2).eps_g)
        with self.assertRaisesRegex(TypeError, r"precision\(\) has no setting 'train_output', which the model has"):
            m.precision("0:1:2")
        with self.assertRaisesRegex(TypeError, r"curve\(\) has no setting 'generate', which the model has"):
            ordpar.Model(generate="spiked:9").curve([0])
        with self.assertRaisesRegex(TypeError, "'train_output'"):
            m.closed_form("plateau")
        curve = ordpar.curve([0, 1], N=32, L=4)
        bare, headed = curve.overlaps, ordpar.Overlaps(*curve.overlaps, v=[0.3, 0.4])
        self.assertNotEqual(ordpar.Model(overlaps=headed, N=32, L=4), ordpar.Model(overlaps=bare, N=32, L=4))
        self.assertEqual(ordpar.Model(overlaps=tuple(bare), N=32, L=4), ordpar.Model(overlaps=bare, N=32, L=4))
        begun = ordpar.curve("0:10:11", overlaps=headed, N=32, L=4)
        self.assertRaisesRegex(ordpar.Error, "overlaps: is not that of the curve", ordpar.report, begun, overlaps=bare)
        ordpar.report(begun, overlaps=headed)
        for wrong in (dict(foo=1), dict(moments=[1]), dict(K=2, student_units=2)):
            self.assertRaises(TypeError, ordpar.Model, **wrong)
        self.assertRaisesRegex(ordpar.Error, "eta: .*-1", ordpar.Model, eta=-1)

    def test_what_gives_way(self):
        """What is given to a call takes the place of the model's own, as it does beside --like; within one call nothing does."""
        spectrum, other = ([3.0, 1.0], [16, 16]), ([3.0, 1.0], [4, 6])
        sizes, few = dict(N=64, L=4), dict(K=2, M=2, normalise=True)
        data = np.random.default_rng(1).normal(size=(300, 8))
        overlaps = ordpar.curve([0, 10], **sizes).overlaps
        rates, archive = WORK / "rates.csv", WORK / "two.npz"
        rates.write_text("alpha,eta\n0,0.1\n10,0.2\n")
        np.savez(archive, a=data, b=data)
        np.save(WORK / "one.npy", data)
        tasks = [dict(student_output=[1, 1], teacher_output=[1, 0], probability=[[0, 1]])]
        for model, given, left in (
            (dict(beta=2, **sizes), dict(spectrum=spectrum, **few), {}),
            (dict(spectrum=other, normalise=True), sizes, sizes),
            (dict(spectrum=other, K=3), dict(L=2, N=10), dict(L=2, N=10, K=3)),
            (dict(N=4, L=2), dict(data=data), {}),
            (dict(N=1024, L=2), dict(data=data), {}),
            (dict(data=data[:-1], N=4), dict(data=data), dict(N=4)),
            (dict(spectrum=other), dict(data=data), {}),
            (dict(data=data, N=4), dict(spectrum=spectrum, **few), {}),
            (dict(data=archive, array="a"), dict(data=str(WORK / "one.npy")), {}),
            (dict(data=data, M=3), dict(labels=data[:, 0]), dict(data=data)),
            (dict(init="mean", sigma_j=0.1, teacher_seed=1, seed=3, **sizes), dict(overlaps=overlaps), sizes),
            (dict(overlaps=overlaps, **sizes), dict(init="mean", sigma_j=0.1), sizes),
            (dict(eta=0.3, **sizes), dict(schedule=rates), sizes),
            (dict(schedule=rates, **sizes), dict(eta=0.3), sizes),
            (dict(schedule="power:0.5:10", **sizes), dict(eta=0.3), dict(schedule="power:0.5:10", **sizes)),
            (dict(student_output=[1, 1], teacher_output=[1, 2], **sizes), dict(tasks=tasks), sizes),
            (dict(tasks=tasks, **sizes), dict(teacher_output=[1, 2]), sizes),
            (dict(batch=4, **sizes), dict(batch_fraction=0.5), sizes),
            (dict(batch_fraction=0.5, **sizes), dict(batch=4), sizes),
        ):  # fmt: skip
            with self.subTest(model=list(model), given=list(given)):
                whole = {**left, **given}
                expected, m = ordpar.curve([0, 10], **whole), ordpar.Model(**model)
                self.assertEqual(m.curve([0, 10], **given), expected)
                self.assertEqual(m.replace(**given).curve([0, 10]), expected)
                self.assertEqual(m.replace(**given, seed=None), ordpar.Model(**whole))
                self.assertEqual(m.curve([0, 10], **given).settings.keys(), expected.settings.keys())
                self.assertEqual(m.replace(), m)
        m = ordpar.Model(**sizes, seed=3)
        self.assertEqual(m.spectrum(spectrum=other), ordpar.spectrum(spectrum=other))
        self.assertEqual(m.simulate([0, 10], overlaps=overlaps), ordpar.simulate([0, 10], overlaps=overlaps, seed=3, **sizes))
        self.assertEqual(ordpar.Model(spectrum=spectrum).sweep([0, 10], L=[2, 4], N=64), ordpar.sweep([0, 10], L=[2, 4], N=64))
        best = dict(eta_max=1, until=5, knots=3)
        for own in (dict(eta=0.3), dict(schedule="power:0.5:10")):
            self.assertEqual(ordpar.Model(**own, **sizes).optimize(**best), ordpar.optimize(**best, **sizes))
        contradiction = "takes the place of eigenvalues and beta; give one or the other"
        for refused in (
            lambda: ordpar.curve([0], L=4, spectrum=spectrum), lambda: m.curve([0], L=2, spectrum=spectrum),
            lambda: ordpar.Model(L=4, spectrum=spectrum).curve([0], eta=0.2), lambda: ordpar.Model(eta=0.2).replace(L=4, spectrum=spectrum).curve([0]),
        ):  # fmt: skip
            self.assertRaisesRegex(ordpar.Error, contradiction, refused)

    def test_object(self):
        m = ordpar.Model(K=3, eta=0.1, student_output=[1, 0.5, 0.2])
        self.assertEqual(repr(m), "Model(K=3, student_output=[1, 0.5, 0.2])")
        self.assertEqual((m.K, m.student_units, m.eta, m.N, m.small_eta, m.spectrum), (3, 3, 0.1, 1024, False, m.spectrum))
        self.assertEqual(m.replace(K=2, student_output=None), ordpar.Model())
        self.assertEqual(m.replace(student_units=2, student_output=None), ordpar.Model(K="2"))
        self.assertNotEqual(m, ordpar.Model(K=3))
        self.assertNotEqual(m, None)
        with self.assertRaisesRegex(AttributeError, r"replace\(eta=..\)"):
            m.eta = 0.3
        with self.assertRaisesRegex(AttributeError, "foo"):
            m.foo
        self.assertLess({"K", "eta", "curve", "replace"}, set(dir(m)))
        self.assertIn("sigma_j", inspect.signature(ordpar.Model).parameters)
        arrays = ordpar.Model(spectrum=([2.0, 1.0], [3, 5]))
        for model in (m, arrays):
            for other in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
                self.assertEqual(other, model)
        self.assertNotEqual(arrays, arrays.replace(spectrum=([2.0, 1.0], [3, 6])))
        subprocess.run([PROGRAM, *"curve -K 3 -M 3 --alpha 0:4:2 -L 8 -o like.csv".split()], check=True, cwd=WORK)
        like = ordpar.Model(like=WORK / "like.csv", eta=0.3)
        self.assertEqual((like.K, like.eta, repr(like)), (3, 0.3, "Model(K='3', M='3', L='8', eta=0.3)"))
        self.assertEqual(like.curve(), ordpar.curve([0, 4], K=3, M=3, L=8, eta=0.3))
        (WORK / "like.csv").write_text('{"K": 4}')
        self.assertRaisesRegex(ordpar.Error, "like: .*like.csv: has changed since the model was made", like.curve, 1)

    def test_copies(self):
        """Later changes of what was given do not reach a model, nor what a result says of it."""
        eigenvalues, weights = np.array([3.0, 1.0, 0.5]), [1.0, 2.0]
        m = ordpar.Model(spectrum=eigenvalues, teacher_output=weights)
        before = m.curve([0, 5])
        eigenvalues[:], weights[:] = 7, [5.0, 5.0]
        m.teacher_output[0] = 9
        self.assertEqual(m.curve([0, 5]), before)
        same(before.settings["spectrum"], [3, 1, 0.5])
        before.settings["spectrum"][:] = 7
        same(m.curve([0, 5]).settings["spectrum"], [3, 1, 0.5])
        once = ordpar.Model(teacher_output=(x for x in (1.0, 2.0)))
        self.assertEqual(once.curve(1), ordpar.curve(1, teacher_output=[1, 2]))
        self.assertEqual(once.curve(1), once.curve(1))

    def test_equal(self):
        """By numbers, however they are written, and by arrays."""
        overlaps = list(ordpar.curve(1, N=8, L=2).overlaps)
        data = np.random.default_rng(1).normal(size=(20, 3))
        for given, other in (
            (dict(eta=1), dict(eta=1.0)),
            (dict(N=64), dict(N="6.4e1")),
            (dict(schedule="power:0.5:20"), dict(schedule="power:0.50:2e1")),
            (dict(momentum="constant:1:0.2"), dict(momentum="constant:1.0:2e-1")),
            (dict(eta="1e-1"), dict(beta=1.0)),
            (dict(teacher_output=[1, 2]), dict(teacher_output=np.array([1.0, 2.0]))),
            (dict(overlaps=overlaps, N=8, L=2), dict(overlaps=tuple(copy.deepcopy(overlaps)), N=8, L=2)),
            (dict(data=[data, data]), dict(data=[data.copy(), data])),
        ):
            self.assertEqual(ordpar.Model(**given), ordpar.Model(**other))
            self.assertEqual(pickle.loads(pickle.dumps(ordpar.Model(**given))), ordpar.Model(**given))
        self.assertEqual(repr(ordpar.Model(eta="0.10", beta=np.float64(1))), "Model()")
        self.assertNotEqual(ordpar.Model(data=data), ordpar.Model(data=2 * data))
        self.assertNotEqual(ordpar.Model(eta="0.1"), ordpar.Model(eta="0.10000000000000000001"))
        with self.assertRaisesRegex(TypeError, "'K' and 'student_units', which are the same"):
            ordpar.Model().replace(K=2, student_units=3)


class Report(unittest.TestCase):
    def test_same_numbers(self):
        """Those of the program, with a model, without, with given settings, and of runs."""
        path = WORK / "report.csv"
        curve = ordpar.curve("0.1:3000:400:log", moments=[1], **ESCAPE)
        for moments, given, settings in (
            ("--moments 1", curve, {}),
            ("", ordpar.curve("0.1:3000:400:log", **ESCAPE), {}),
            ("", (curve.alpha[::-1], curve.eps_g[::-1]), ESCAPE),
        ):
            command = f"curve --alpha 0.1:3000:400:log {ESCAPE_TEXT} {moments} -o {path}"
            subprocess.run([PROGRAM, *command.split()], check=True)
            table = rows(f"report {path}")
            report = ordpar.report(given, **settings)
            self.assertEqual([name.replace("_", " ") for name in report], list(table["quantity"]))
            for column in ("measured", "stderr", "predicted", "begin", "end"):
                same([getattr(row, column) for row in report.values()], numbers(table[column]))
        found = ordpar.report(curve)
        self.assertEqual(pickle.loads(pickle.dumps(found)).keys(), found.keys())
        self.assertAlmostEqual(found["escape_rate"].measured, found["escape_rate"].predicted, 6)
        bare = ordpar.report((curve.alpha, curve.eps_g))
        self.assertTrue(np.isnan(bare["plateau_height"].predicted))
        self.assertEqual(bare["plateau_exit"].measured, found["plateau_exit"].measured)
        self.assertRegex(repr(found), r"^Report\(plateau_height=0.00\d+, .*escape_rate=0.01675\)$")

    def test_object(self):
        """Equal also where a number is NAN; no setting is given where it is None."""
        curve = ordpar.curve("0.1:300:60:log", K=3, M=3, N=64, L=4)
        found = ordpar.report(curve)
        self.assertTrue(np.isnan(found["plateau_height"].stderr))
        for other in (ordpar.report(curve, K=None), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
            self.assertEqual(other, found)
            self.assertEqual((other.settings, other.facts), (dict(K=3, M=3, N=64, L=4), found.facts))
        self.assertNotEqual(found, ordpar.report((curve.alpha, curve.eps_g), K=3, M=3, N=64, L=4, eta=0.2))
        self.assertEqual(ordpar.report((curve.alpha, curve.eps_g)).settings, {})
        self.assertRegex(found._repr_html_(), "Report.*escape time")
        self.assertRaisesRegex(TypeError, "no setting 'progress'", ordpar.report, curve, progress=print)

    def test_refused(self):
        for wrong, kind in (([1.0, 2.0], TypeError), (([1, 2], [1]), ValueError), (([-1, 2], [1, 1]), ordpar.Error)):
            self.assertRaises(kind, ordpar.report, wrong)


class Sweep(unittest.TestCase):
    TEXT = f"sweep --alpha 0.1:3000:300:log --sweep eta=0.3,0.5 --sweep K=M=2,3 -L 2 --teacher mean --sigma-j 1e-4"
    GIVEN = dict(eta=[0.3, 0.5], K=[2, 3], M=[2, 3], together=("K", "M"), L=2, teacher="mean", sigma_j=1e-4)

    def test_same_numbers(self):
        table = rows(self.TEXT)
        sweep = ordpar.sweep("0.1:3000:300:log", **self.GIVEN)
        columns = sweep._columns()
        for name in set(table) - {"point", "status", "message"}:
            same(columns[name], numbers(table[name]))
        self.assertEqual(sweep["escape_rate"].shape, (2, 2))
        self.assertEqual(sweep, ordpar.sweep("0.1:3000:300:log", threads=1, **self.GIVEN))
        self.assertEqual(sweep.settings, dict(L=2, teacher="mean", sigma_j=1e-4))

    def test_rows(self):
        """Curves, simulations and comparisons are those of single calls, in the order of alpha."""
        alpha = [4.0, 0.0]
        for what, single, column in (
            ("curve", lambda **s: ordpar.curve(alpha, N=32, L=4, **s), "eps_g"),
            ("simulate", lambda **s: ordpar.simulate(alpha, **share, **s), "stderr"),
            ("compare", lambda **s: ordpar.compare(alpha, **share, **s), "z"),
        ):
            share = dict(N=32, L=4) if what == "curve" else dict(N=32, L=4, runs=3)
            sweep = ordpar.sweep(alpha, what=what, activation=["erf", "linear"], eta=(0.1, 0.2), **share)
            self.assertEqual(sweep[column].shape, (2, 2, 2))
            same(sweep.alpha, alpha)
            same(sweep[column][1, 0], getattr(single(activation="linear", eta=0.1), column))
        weights = ordpar.sweep([1], student_output=[[1, 0.5], [0.5, 0.5]], N=32, L=4)
        self.assertEqual(weights.axes["student_output"].tolist(), ["1:0.5", "0.5:0.5"])

    def test_default_among_values(self):
        sweep = ordpar.sweep([0, 5], what="curve", schedule=[None, "cosine:9"], N=32, L=4, runs=None)
        same(sweep["eps_g"][0], ordpar.curve([0, 5], N=32, L=4).eps_g)
        m = ordpar.Model(N=32, L=4, runs=2, rtol=1e-6)  # runs and rtol are not for both
        for what in ("curve", "simulate"):
            self.assertEqual(m.sweep([1], what=what, eta=[0.1])["eps_g" if what == "curve" else "mean"].shape, (1, 1))

    def test_failures(self):
        """A point that diverges has no numbers, and says why; one that cannot be is refused."""
        sweep = ordpar.sweep([0, 4000.0], what="curve", eta=[0.1, 50.0], activation="linear", N=32, L=4)
        self.assertEqual(list(sweep.failures), [(1,)])
        self.assertRegex(sweep.failures[(1,)], r"\(eta = 50\)$")
        runs = ordpar.sweep([0, 100.0], what="simulate", eta=[0.1, 30.0], runs=2, activation="linear", K=1, M=1, N=16, L=2)
        self.assertRegex(runs.failures[(1,)], "^run . diverged .* nan there$")
        columns = sweep._columns()
        self.assertEqual(columns["status"].tolist(), ["ok", "ok", "failed", "failed"])
        self.assertEqual(columns["message"].tolist(), ["", ""] + 2 * [sweep.failures[(1,)]])
        self.assertEqual(sweep.facts["failed"], "1 of 2 points")
        self.assertRegex(sweep.facts["tolerances"], r"promises on eps_g\) \(at eta = 0.1; 1 of 2 points have such a note\)$")
        self.assertEqual(sweep.facts.keys() & {"model", "integrator", "seed"}, set())  # of that point alone
        most = ordpar.sweep([0, 4000.0], what="curve", eta=[0.1, 0.2, 50.0], activation="linear", N=32, L=4)
        self.assertRegex(most.facts["tolerances"], r"promises on eps_g\)$")
        texts = ordpar.sweep([0], eta=["0.1", "2e-1"], seed=["1", 2], together=("eta", "seed"), N=32, L=4)
        self.assertEqual(texts.axes["eta"].tolist(), [0.1, 0.2])
        self.assertEqual(texts["seed"].tolist(), [1, 2])
        self.assertTrue(np.isnan(sweep["eps_g"][1]).all() and np.isfinite(sweep["eps_g"][0]).all())
        for wrong, kind, words in (
            (dict(L=[4, 7], N=64), ordpar.Error, r"L = 7, N = 64; take .* \(at L = 7\)"),
            (dict(eta=[0.1, -1]), ordpar.Error, "eta: .*-1"),
            (dict(eta=0.1), TypeError, "a list of values"),
            (dict(eta=[]), ValueError, "eta must have at least one value"),
            (dict(eta=[0.1], threads=-1), ValueError, "threads must be a whole number from 0 on, got -1"),
            (dict(eta=[0.1], together=("K",)), TypeError, "'K' is no list"),
            (dict(K=[2], M=[2, 3], together=("K", "M")), ValueError, "one length"),
            (dict(eta=[0.1], what="nothing"), ValueError, "facts, curve"),
            (dict(eta=[0.1], foo=1), TypeError, "'foo'"),
            (dict(foo=[0.1]), TypeError, "'foo'"),
            (dict(eta=b"ab"), TypeError, "a list of values"),
            (dict(eta={0.1, 0.2}), TypeError, "a list of values"),
            (dict(eta=[0.1], runs=2), TypeError, r"what='facts'\) has no setting 'runs'"),
            (dict(eta=[0.1], what="simulate", continue_from="end.csv"), TypeError, "'continue_from'"),
            (dict(eta=[0.1], threads="2"), ValueError, "threads must be a whole number"),
            (dict(eta=[0.1], threads=1.5), ValueError, "threads must be a whole number"),
            (dict(eta=[0.1], progress=3), TypeError, "progress must be a function"),
            (dict(K=[2], together=("K", "K")), ValueError, "twice"),
            (dict(K=[2], student_units=[2]), TypeError, "'K' and 'student_units'"),
        ):
            with self.assertRaisesRegex(kind, words):
                ordpar.sweep([0, 1], **wrong)

    def test_like_changes(self):
        """All points are of one content of like, or none."""
        like = WORK / "changes.json"
        like.write_text('{"N": 16, "L": 2, "label_noise": 0.1}')

        made = []
        build = ordpar._sweep.Request

        def late(*arguments):
            made.append(build(*arguments))
            if len(made) == 5:
                (WORK / "other.json").write_text(f'{{"N": 16, "L": 2, "label_noise": {noise}}}')
                (WORK / "other.json").replace(like)
            return made[-1]

        calls = lambda: ordpar.sweep([0, 5], like=like, seed=range(8)), lambda: ordpar.Model(like=like).sweep([0, 5], seed=range(8))
        for noise, call in zip((0.5, 0.2), calls):
            made.clear()
            with mock.patch("ordpar._sweep.Request", late):
                self.assertRaisesRegex(ordpar.Error, "^like: .*changes.json has changed since the first point$", call)
        made.clear()
        with mock.patch("ordpar._sweep.Request", late):  # of the same bytes
            self.assertEqual(ordpar.sweep([0, 5], like=like, seed=range(8)).settings["label_noise"], "0.2")

    def test_fewer_threads(self):
        """Where the system gives fewer than are asked for, or none, all points are computed, and Ctrl-C ends them."""
        points = dict(alpha=[0, 5], N=16, L=2, seed=range(8))
        expected, given = ordpar.sweep(**points), ordpar._sweep._thread
        for most in (0, 1, 3):
            begun = []

            def limited(function, arguments):
                if len(begun) == most:
                    raise RuntimeError("can't start new thread")
                begun.append(function)
                return given.start_new_thread(function, arguments)

            told, system = [], mock.Mock(wraps=given, LockType=given.LockType, start_new_thread=limited)
            with mock.patch.object(ordpar._sweep, "_thread", system):
                self.assertEqual(ordpar.sweep(threads=6, progress=told.append, **points), expected)
            self.assertEqual((len(begun), len(told)), (most, 8))
        system = mock.Mock(wraps=given, LockType=given.LockType, **{"start_new_thread.side_effect": RuntimeError})
        with mock.patch.object(ordpar._sweep, "_thread", system):
            signal.signal(signal.SIGALRM, signal.default_int_handler)
            signal.setitimer(signal.ITIMER_REAL, 1)
            self.assertRaises(KeyboardInterrupt, ordpar.sweep, "0:1e6:100001", what="curve", N=10**6, L=1000, K=6, M=6, seed=[1, 2])
        self.assertEqual(ordpar.sweep(**points), expected)

    def test_runs_are_swept(self):
        """The runs of each point are its place in the sweep, not a column of its own rows."""
        alpha = [0, 1, 2]
        sweep = ordpar.sweep(alpha, what="simulate", N=32, L=4, runs=[2, 4])
        self.assertEqual((sweep.keys(), len(sweep)), (["runs", "alpha", "mean", "stderr", "min", "max"], 6))
        same([row.runs for row in sweep], [2, 2, 2, 4, 4, 4])
        same(sweep["runs"], [2, 4])
        for k, runs in enumerate((2, 4)):
            same(sweep["mean"][k], ordpar.simulate(alpha, N=32, L=4, runs=runs).mean)
        beside = ordpar.sweep(alpha, what="simulate", N=32, L=4, eta=[0.1, 0.2], runs=[2, 4], together=("eta", "runs"))
        same(beside["runs"], [[2, 2, 2], [4, 4, 4]])
        same(ordpar.sweep(alpha, what="simulate", N=32, L=4, eta=[0.1, 0.2], runs=2)["runs"], np.full((2, 3), 2))

    @needs("pandas")
    @needs("xarray")
    @needs("matplotlib")
    def test_runs_are_swept_elsewhere(self):
        from matplotlib.figure import Figure

        sweep = ordpar.sweep([0, 1, 2], what="simulate", N=32, L=4, runs=[2, 4])
        same(sweep.to_pandas()["runs"], [2, 2, 2, 4, 4, 4])
        same(sweep.to_xarray()["mean"].sel(runs=4), sweep["mean"][1])
        axes = sweep.plot(Figure().subplots())
        same([bars.lines[0].get_ydata() for bars in axes.containers], sweep["mean"])
        self.assertEqual([text.get_text() for text in axes.get_legend().get_texts()], ["runs = 2", "runs = 4"])

    @needs("matplotlib")
    def test_pictures_of_what_runs_together(self):
        """A title has no setting that is not the same in all, a legend has all that its lines differ in."""
        from matplotlib.figure import Figure

        def drawn(result, **how):
            axes = result.plot(Figure().subplots(), **how)
            legend = axes.get_legend()
            return axes, axes.get_title().replace("$", "").replace("\\", ""), legend and [t.get_text().replace("$", "") for t in legend.get_texts()]

        grid = dict(N=32, L=4, sigma_j=0.1)
        pairs = ["K = 1, M = 1", "K = 3, M = 3"]
        for settings in ({"K=M": [1, 3]}, dict(K=[1, 3], M=[1, 3], together=("K", "M")), dict(M=[1, 3], K=[1, 3], together=("M", "K"))):
            for what, more in (("curve", {}), ("simulate", dict(runs=2)), ("compare", dict(runs=2))):
                _, title, legend = drawn(ordpar.sweep([1, 2], what=what, **settings, **more, **grid))
                self.assertRegex(title, "^erf, N = 32, L = 4, beta = 1, ")
                points = [f"{pair}, simulation ± standard error" for pair in pairs] if what == "compare" else []
                self.assertEqual(legend, pairs + points)
            facts = ordpar.sweep([1, 2], **settings, **grid)
            for x in (None, "K", "M", "M/K"):
                axes, title, _ = drawn(facts, x=x, y="eps_g")
                self.assertRegex(title, "^erf, N = 32, L = 4, beta = 1, ")
                same(axes.get_lines()[0].get_xdata(), [1, 1] if x == "M/K" else [1, 3])
            starts = ordpar.sweep([1, 2], seed=[1, 2, 3], **settings, **grid)
            axes, title, legend = drawn(starts, histogram="eps_g")
            self.assertRegex(title, "^erf, N = 32, L = 4, beta = 1, ")
            own = pairs if list(settings)[0] != "M" else ["M = 1, K = 1", "M = 3, K = 3"]
            self.assertEqual((legend, axes.get_ylabel()), (own, "number of starts"))
        model = dict(eta=0.5, sigma_j=1e-3, N=1024, L=4)
        law = ordpar.closed_form("escape-law", K=3, M=3, **model)
        exits = ordpar.sweep("0.1:2000:60:log", seed=[1, 2, 3], teacher="mean", **{"K=M": [2, 3]}, **model)
        self.assertEqual(len(exits.plot(Figure().subplots(), histogram="plateau_exit", law=law).get_lines()), 1)
        # Along the second setting, where the first is a word.
        words = dict(activation=["erf", "relu"], eta=[0.2, 0.1], together=("activation", "eta"), **grid)
        _, title, legend = drawn(ordpar.sweep([1, 2], what="curve", **words))
        self.assertEqual((title.count("eta = 0"), legend), (0, [r"activation = erf, \eta = 0.2", r"activation = relu, \eta = 0.1"]))
        facts = ordpar.sweep([1, 2], **words)
        for how in ({}, {"x": "eta"}):
            axes, title, _ = drawn(facts, **how)
            same(axes.get_lines()[0].get_data(), [[0.1, 0.2], facts["eps_g"][::-1]])
            self.assertEqual(title.count("eta = 0"), 0)
        wide = ordpar.sweep([1, 2], seed=[1, 2, 3], **words)
        axes, _, legend = drawn(wide, x="eta")
        self.assertEqual((len(axes.get_lines()), legend), (3, ["seed = 1", "seed = 2", "seed = 3"]))
        same(axes.get_lines()[2].get_data(), [[0.1, 0.2], wide["eps_g"][2, ::-1]])
        one = ordpar.sweep([1, 2], seed=[7], **words)  # seeds, if only one, come first
        axes, _, _ = drawn(one, y="eps_g")
        same(axes.get_lines()[1].get_data(), [[7], one["eps_g"][:, 1]])
        self.assertEqual(len(drawn(one, histogram="eps_g")[0].patches), 2)
        # Starts that differ in more than their seeds are points.
        for also, what in (("teacher_seed", "starts"), ("sigma_j", "points")):
            both = ordpar.sweep([1, 2], N=32, L=4, seed=[1, 2], **{also: [3, 4]}, together=("seed", also))
            axes, _, _ = drawn(both, histogram="eps_g")
            self.assertEqual(axes.get_ylabel(), f"number of {what}")

    @needs("matplotlib")
    def test_pictures_of_what_replaces_others(self):
        """Bars of several spectra have no N in their title; a sweep of words has a picture by x."""
        from matplotlib.figure import Figure

        files = [str(WORK / "one.csv"), str(WORK / "other.csv")]
        for path, number in zip(files, (40, 20)):
            pathlib.Path(path).write_text(f"eigenvalue,multiplicity\n10,10\n1,{number}\n")
        for beside in ({}, dict(seed=[1, 2], together=("seed", "spectrum"))):
            facts = ordpar.sweep([0, 5], spectrum=files, **beside)
            for how in (dict(histogram="eps_g"), dict(x="alpha_end", y="eps_g")):
                axes = facts.plot(Figure().subplots(), **how)
                self.assertRegex(axes.get_title().replace("$", ""), r"^erf, K = 2, M = 2, \\eta = 0.1$")

    def test_interrupt(self):
        """Ctrl-C ends all points."""
        code = (
            "import ordpar, threading\n"
            "print('begun', flush=True)\n"
            "try:\n"
            "    ordpar.sweep('0:1e6:100001', what='simulate', eta=(0.1, 0.2, 0.3, 0.4), N=200, L=10, runs=2)\n"
            "except KeyboardInterrupt:\n"
            "    print(threading.active_count(), 'thread')\n"
        )
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "begun\n")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.communicate(timeout=60), ("1 thread\n", ""))


class Progress(unittest.TestCase):
    def test_told(self):
        """Fractions that ascend to 1, told once; what is raised ends the computation."""
        for call in (
            lambda told: ordpar.curve("0.1:1e4:200:log", progress=told),
            lambda told: ordpar.simulate("0:200:101", N=64, L=4, runs=2, progress=told),
            lambda told: ordpar.precision("0:4:5", L=1, digits=30, progress=told),
            lambda told: ordpar.compare("0:20:11", N=64, L=4, runs=2, progress=told),
            lambda told: ordpar.sweep("0:20:3", eta=[0.1, 0.2], progress=told),
        ):
            fractions = []
            call(fractions.append)
            self.assertEqual(fractions, sorted(fractions))
            self.assertEqual((fractions.count(1.0), fractions[-1]), (1, 1.0))
            with self.assertRaises(ZeroDivisionError):
                call(lambda fraction: 1 / 0)
        self.assertRaisesRegex(TypeError, "progress must be a function", ordpar.curve, 1, progress=3)
        for function, arguments in ((ordpar.closed_form, ["escape"]), (ordpar.spectrum, []), (ordpar.Model, [])):
            with self.assertRaisesRegex(TypeError, "no setting 'progress'"):
                function(*arguments, progress=print)

    def test_never_back(self):
        """Also where arbitrary precision begins again with more digits."""
        request, told = ordpar._model.Request("precision", {}, {}), []
        _, callback, _ = ordpar._model._watch(request.pointer, request.stop, told.append)
        with mock.patch("time.monotonic", side_effect=[1, 2, 3]):
            for fraction in (0.2, 0.6, 0.3):
                callback(None, fraction, None)
        self.assertEqual(told, [0.2, 0.6, 0.6])

    def test_ends_early(self):
        begin = time.monotonic()
        with self.assertRaises(ZeroDivisionError):
            ordpar.simulate("0:1e6:100001", N=200, L=10, runs=2, progress=lambda fraction: 1 / 0)
        self.assertLess(time.monotonic() - begin, 30)


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.curve = ordpar.curve("1:100:20:log", N=64, L=4, K=3, moments=[1, 2], train_output=True, eta_v=0.1)
        cls.runs = ordpar.simulate("1:20:5:log", N=64, L=4, runs=3)
        cls.compare = ordpar.compare("1:20:5:log", N=64, L=4, runs=3)
        cls.form = ordpar.closed_form("linear-exact", [1, 10, 100.0], N=64, L=4)
        cls.frontier = ordpar.closed_form("frontier", compute="1:1e4:5:log")
        cls.sweep = ordpar.sweep("1:100:20:log", what="curve", eta=[0.1, 0.2], L=[1, 4, 8], N=64)
        cls.facts = ordpar.sweep("0.1:2000:200:log", L=[1, 2, 4], teacher="mean", sigma_j=1e-4, eta=0.5)
        cls.spectrum = ordpar.spectrum(N=64, L=8)
        cls.precise = ordpar.precision("0:2:3", L=1, digits=10)
        cls.all = [cls.curve, cls.runs, cls.compare, cls.form, cls.frontier, cls.sweep, cls.facts, cls.spectrum, cls.precise]

    def test_settings(self):
        """What was given, short in the text, and enough to compute it again."""
        self.assertEqual(self.curve.settings, dict(K=3, N=64, L=4, train_output=True, eta_v=0.1))
        again = ordpar.curve(self.curve.alpha, moments=[1, 2], **self.curve.settings)
        self.assertEqual(again, self.curve)
        self.assertRegex(repr(self.runs), r"^Simulation\(alpha=1..20, mean=.*, N=64, L=4, runs=3\)$")
        for value in self.all:
            self.assertLess(len(repr(value)), 300)
            for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
                self.assertTrue(np.all(other == value))
                self.assertEqual(other.settings, value.settings)
        data = np.random.default_rng(1).normal(size=(60, 4))
        self.assertEqual(ordpar.curve(1, data=data, N=3).settings, dict(N=3, data="array"))

    def test_values_keep_alpha(self):
        """Parts of a closed form are its rows; what is sorted or computed from it has no alpha."""
        same(self.form[::-1].alpha, [100, 10, 1])
        same(self.form[self.form < 0.1].alpha, self.form.alpha[np.asarray(self.form) < 0.1])
        self.assertIsNone(np.sort(self.form).alpha)
        self.assertRaises(TypeError, np.sort(self.form).plot, object())
        self.assertIsNone(self.form[None].alpha)
        self.assertIn("Values", self.form[None]._repr_html_())

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
    def test_what_alpha_counts(self):
        """Of each kind of runs on the axes, once."""
        from matplotlib.figure import Figure

        small = dict(N=64, L=4)
        batches = {"examples": {}, "steps": dict(batch_fraction=0.5), "steps / $N$": dict(batch=5)}
        for clock, batch in batches.items():
            for result in (
                ordpar.curve([1, 2], **batch, **small),
                ordpar.simulate([1, 2], runs=2, **batch, **small),
                ordpar.sweep([1, 2], what="curve", eta=[0.1, 0.2], **batch, **small),
            ):
                label = result.plot(Figure().subplots()).get_xlabel()
                self.assertEqual(label, rf"$\alpha$ = {clock}" + " / $N$" * (clock == "examples"))
        axes = Figure().subplots()
        for batch in (*batches.values(), {}):
            ordpar.curve([1, 2], **batch, **small).plot(axes)
        self.assertEqual(axes.get_xlabel(), r"$\alpha$ = examples / $N$, $\alpha$ = steps, $\alpha$ = steps / $N$")

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
    def test_settings_that_others_replace(self):
        """They have no value in an expression, nor as attributes of a model; what is left has its own."""
        from matplotlib.figure import Figure

        two, small = ([10, 1], [10, 40]), dict(N=64, L=4)
        (WORK / "two.csv").write_text("eigenvalue,multiplicity\n10,10\n1,40\n")
        (WORK / "rates.csv").write_text("alpha,eta\n0,0.2\n10,0.1\n")
        data = np.random.default_rng(1).normal(size=(60, 4))
        start = ordpar.curve([0], **small).overlaps
        replaced = [
            (dict(spectrum=two), ("N", "L", "beta"), ("eta", "batch", "M")),
            (dict(spectrum=WORK / "two.csv"), ("N", "L", "beta"), ("eta", "batch", "M")),
            (dict(data=data), ("N", "L", "beta"), ("eta", "batch", "M")),
            (dict(schedule=WORK / "rates.csv", **small), ("eta",), ("N", "L", "beta")),
            (dict(schedule="power:1:10", **small), (), ("N", "L", "beta", "eta")),
            (dict(batch_fraction=0.5, **small), ("batch",), ("batch_fraction", "N")),
            (dict(overlaps=start, **small), ("sigma_j",), ("eta", "N")),
            (small, ("trainable", "teacher_seed"), ("N", "sigma_j")),
            (dict(trainable=8, teacher_seed=1, **small), (), ("trainable", "teacher_seed")),
        ]
        for settings, without, having in replaced:
            curve = ordpar.curve([1, 2], **settings)
            for result in (curve, pickle.loads(pickle.dumps(curve)), copy.copy(curve)):
                for name in without:
                    self.assertRaisesRegex(ValueError, "^x", result.plot, Figure().subplots(), x=f"alpha*{name}")
                for name in having:
                    result.plot(Figure().subplots(), x=f"alpha*{name}")
        for name in ("N", "L", "beta"):
            self.assertIsNone(getattr(ordpar.Model(spectrum=two), name))
            self.assertIsNotNone(getattr(ordpar.Model(), name))
        self.assertIsNone(ordpar.Model(schedule=WORK / "rates.csv").eta)
        swept = ordpar.sweep([1, 2], spectrum=[WORK / "two.csv"], eta=[0.1, 0.2])
        self.assertRaisesRegex(ValueError, "^x: N has no value here", swept.plot, Figure().subplots(), x="eta*N")
        simulated = ordpar.simulate([1, 2], spectrum=two, runs=2)
        self.assertRaisesRegex(ValueError, "^x: N has no value here", simulated.plot, Figure().subplots(), x="alpha*N")

    def test_missing(self):
        """One line where a library is not there."""
        hidden = ("pandas", "xarray", "matplotlib", "matplotlib.pyplot", "matplotlib.figure")
        with mock.patch.dict(sys.modules, dict.fromkeys(hidden)):
            for name, method in (("pandas", "to_pandas"), ("xarray", "to_xarray"), ("matplotlib", "plot")):
                with self.assertRaisesRegex(ImportError, f"^{method} needs {name}, which is not installed$"):
                    getattr(self.curve, method)()
            self.assertNotIn("<img", self.curve._repr_html_())
            self.assertIn("K = 3", self.curve._repr_html_())

    @needs("pandas")
    def test_pandas(self):
        """The columns of the program's file."""
        frame = self.curve.to_pandas()
        table = rows("curve --alpha 1:100:20:log -N 64 -L 4 -K 3 --moments 1,2 --train-output --eta-v 0.1")
        self.assertEqual(list(frame.columns), list(table))
        for name in table:
            same(frame[name], numbers(table[name]))
        self.assertEqual(frame.attrs["eta_v"], "0.1")
        self.assertEqual(list(self.runs.to_pandas().columns)[-3:], ["run_1", "run_2", "run_3"])
        self.assertEqual(self.sweep.to_pandas().shape, (120, 4))
        row = self.facts.to_pandas().loc[1]
        self.assertEqual((row["L"], row["escape_rate"]), (2, self.facts["escape_rate"][1]))
        self.assertEqual(ordpar.closed_form("plateau", K=3, M=3).to_pandas().shape, (1, 3))
        self.assertEqual(ordpar.report(self.curve).to_pandas().shape, (6, 5))
        for value in self.all:
            self.assertEqual(len(value.to_pandas().columns) > 1, True)
        more = ordpar.curve([1, 2], N=64, L=4, columns=["rate", "noise_scale"])
        self.assertEqual(list(more.to_pandas().columns), ["alpha", "eps_g", "rate", "noise_scale"])

    @needs("xarray")
    def test_xarray(self):
        import xarray

        made = self.curve.to_xarray()
        again = xarray.decode_cf(made)
        self.assertEqual([*again.data_vars], [*made.data_vars])
        self.assertIn("coordinates_note", again.attrs)
        same(made["R"].sel(order=2).isel(student=1, teacher=0), self.curve.R[1, :, 1, 0])
        self.assertEqual(made["q"].dims, ("student", "student_2", "block"))
        self.assertIn("K = 3", made.attrs["model"])
        same(self.sweep.to_xarray()["eps_g"].sel(eta=0.2, L=4), self.sweep["eps_g"][1, 1])
        self.assertEqual(self.runs.to_xarray()["eps_g"].dims, ("alpha", "run"))
        for value in self.all:
            self.assertRegex(" ".join(value.to_xarray().attrs), "^[A-Za-z0-9_ ]*$")

    @needs("matplotlib")
    def test_notebook_threads(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            shown = pool.map(lambda value: value._repr_html_(), [self.curve, self.runs, self.compare] * 2)
            self.assertTrue(all("<img" in text for text in shown))

    @needs("matplotlib")
    def test_plot(self):
        """Theory is a line, a simulation points with error bars; both axes are logarithmic, with names."""
        from matplotlib.figure import Figure

        axes = Figure().subplots()
        self.assertIs(self.compare.plot(axes), axes)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            (short,) = self.runs.plot(Figure().subplots(), marker="s", ms=5, c="r").containers
        label = ordpar.curve(1, spectrum=np.arange(1.0, 99), teacher_output=[1, 2]).plot(Figure().subplots()).get_lines()[0]
        self.assertEqual(label.get_label(), "spectrum = 1..98, teacher output = [1, 2]")
        np.save(WORK / "$^{$.npy", [3.0, 1.0])
        strange = ordpar.curve([0, 1], spectrum=str(WORK / "$^{$.npy")).plot(Figure().subplots())
        strange.legend()
        strange.figure.savefig(io.BytesIO())
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for lonely in (ordpar.simulate(1, N=16, L=4, runs=1), ordpar.curve(0, N=16, L=4)):
                self.assertIn("<img", lonely._repr_html_())
        words = ordpar.sweep([1], eta=[0.1, 0.2], activation=["erf", "relu"], together=("eta", "activation"), N=16, L=4)
        self.assertRaisesRegex(TypeError, "activation is no number", words.plot, Figure().subplots(), y="activation")
        self.assertEqual((short[0].get_markersize(), short[0].get_color(), short[0].get_marker()), (5, "r", "s"))
        self.assertEqual((axes.get_xscale(), axes.get_yscale()), ("linear", "linear"))  # little more than a decade
        self.assertIn("N", axes.get_xlabel())
        self.assertIn("generalization error", axes.get_ylabel())
        same(axes.get_lines()[0].get_ydata(), self.compare.theory)
        (points,) = axes.containers
        same(points.lines[0].get_ydata(), self.compare.mean)
        self.assertTrue(points.has_yerr)
        self.assertEqual(points.lines[0].get_color(), axes.get_lines()[0].get_color())
        for value in self.all:
            axes = Figure().subplots()
            value.plot(axes)
            self.assertGreater(len(axes.get_lines()), 0)
        self.assertRegex(self.runs._repr_html_(), '<img alt="Simulation" src="data:image/png;base64,[^"]{4000,}"><ul>')
        axes = Figure().subplots()
        self.curve.plot(axes, y="R1_1_2", color="red", label="overlap")
        self.assertEqual((axes.get_yscale(), axes.get_lines()[0].get_color()), ("linear", "red"))
        self.assertEqual(axes.get_ylabel(), "$R^{(1)}_{1,2}$")
        self.assertRaisesRegex(ValueError, "y must be one of alpha, eps_g", self.curve.plot, axes, y="z")
        axes = self.facts.plot(Figure().subplots(), y="escape_time")
        self.assertRaisesRegex(ValueError, "or an expression of them and of settings, got 'alpha\\+'", self.curve.plot, axes, x="alpha+")
        self.assertRaisesRegex(ValueError, "y must be one of", self.curve.plot, axes, y="__import__('os')")
        self.assertRaisesRegex(TypeError, "histogram takes the place of x", self.curve.plot, axes, x="alpha", histogram="eps_g")
        same(axes.get_lines()[0].get_ydata(), self.facts["escape_time"])
        self.check_expressions(Figure)
        numbers_alone = ordpar.closed_form("plateau", K=3, M=3)
        self.assertRaises(TypeError, numbers_alone.plot, Figure().subplots())
        self.assertNotIn("<img", numbers_alone._repr_html_())

    @needs("matplotlib")
    def test_legends(self):
        """Of what differs; theory and its simulation in one colour; a run and its continuation as one curve."""
        from matplotlib.figure import Figure

        def labels(axes):
            return [text.get_text() for text in axes.get_legend().get_texts()]

        many = Figure().subplots()
        for k in range(20):
            ordpar.curve([1, 5], eta=0.1 + 0.01 * k, L=4, N=64).plot(many)
        self.assertEqual(labels(many)[-2:], ["$\\eta$ = 0.25", "and 4 more"])
        self.assertEqual(len(labels(many)), 17)
        tasks = '{"tasks": [{"student_output": [1, %g], "teacher_output": [1, 0], "probability": [[0, 1]]}]}'
        alike = Figure().subplots()
        for text in (tasks % 1, tasks % 0.5):
            ordpar.curve([1, 5], tasks=text, L=4, N=64).plot(alike)
        self.assertEqual(labels(alike), ["1 tasks (1)", "1 tasks (2)"])
        grid = dict(L=4, N=64, eta=0.4)
        first = ordpar.curve([1, 5, 20], **grid)
        axes = first.plot(Figure().subplots())
        self.assertEqual(axes.get_lines()[0].get_label(), "$N$ = 64, $L$ = 4, $\\eta$ = 0.4")
        ordpar.curve([20, 50], continue_from=first.state()).plot(axes)
        self.assertIsNone(axes.get_legend())
        self.assertEqual(len({line.get_color() for line in axes.get_lines()}), 1)
        ordpar.curve([1, 50], **{**grid, "N": 128}).plot(axes)
        self.assertEqual(labels(axes), ["$N$ = 64", "$N$ = 128"])
        ordpar.simulate([1, 20], runs=2, **grid).plot(axes)
        self.assertEqual(labels(axes), ["$N$ = 64, theory of one start", "$N$ = 128", "$N$ = 64, simulation ± standard error"])
        self.assertEqual(axes.containers[0].lines[0].get_color(), axes.get_lines()[0].get_color())
        axes = Figure().subplots()
        for k in (1, 3):
            ordpar.curve([1, 5], **{**grid, "eta": 0.1 * k}).plot(axes)
        self.assertEqual(labels(axes), ["$\\eta$ = 0.1", "$\\eta$ = 0.3"])  # 0.30000000000000004
        runs = ordpar.simulate([1, 20], runs=2, **grid)  # each of which draws its start
        axes = runs.plot(ordpar.curve([1, 20], **grid).plot(Figure().subplots()))
        self.assertEqual(labels(axes)[0], "theory of one start")
        axes = runs.plot(ordpar.curve([1, 20], runs=2, **grid).plot(Figure().subplots()))
        self.assertEqual(labels(axes)[0], "theory")
        one, ten = ordpar.curve([1, 20], **grid), ordpar.curve([1, 20], runs=10, **grid)
        told = {"theory of one start", "theory, runs = 10", "simulation ± standard error", "5 to 95 % of starts"}
        for three in itertools.permutations((runs, one, ten)):  # each in its words, lines in their own colours
            axes = Figure().subplots()
            for result in three:
                result.plot(axes)
            lines = {line.get_label(): line.get_color() for line in axes.get_lines()}
            self.assertEqual({*labels(axes)}, told)
            self.assertNotEqual(lines["theory of one start"], lines["theory, runs = 10"])
        begun = ordpar.curve([0, 1], **grid)
        on = ordpar.curve([1, 10], continue_from=begun.state())
        for parts in ((on,), (ordpar.curve([10, 20], continue_from=on.state()),), (begun, on)):
            axes = Figure().subplots()
            for result in (*parts, runs):
                result.plot(axes)
            self.assertEqual(labels(axes), ["theory of one start", "simulation ± standard error"])
        given = dict(overlaps=begun.state().overlaps, **grid)
        for curve in (ordpar.curve([0, 1], **given), ordpar.curve([1, 10], continue_from=ordpar.curve([0, 1], **given).state())):
            axes = ordpar.simulate([1, 20], runs=2, **given).plot(curve.plot(Figure().subplots()))
            self.assertEqual(labels(axes), ["theory", "simulation ± standard error"])
        three = [ordpar.simulate([1, 20], runs=2, seed=seed, **given) for seed in (1, 3)]  # whose examples are drawn
        starts = [ordpar.curve([0, 1], **given), ordpar.sweep([0, 1], what="curve", **{**given, "eta": [0.4]})]
        for curve in starts:  # of whatever seed: theirs has none
            axes = three[1].plot(curve.plot(Figure().subplots()))
            self.assertEqual(labels(axes), ["theory", "simulation ± standard error"])
            colour = axes.get_lines()[0].get_color()
            self.assertEqual(axes.containers[0].lines[0].get_color(), colour)
            axes = three[1].plot(three[0].plot(curve.plot(Figure().subplots())))
            self.assertEqual(labels(axes)[1:], [f"seed = {k}, simulation ± standard error" for k in (1, 3)])
            self.assertEqual([runs.lines[0].get_color() == colour for runs in axes.containers], [True, False])
            axes = ordpar.curve([0, 1], seed=3, **grid).plot(curve.plot(Figure().subplots()))
            self.assertRegex(labels(axes)[0], "^overlaps = ")
            self.assertEqual(labels(axes)[1], "seed = 3")
        swept = ordpar.sweep([1, 20], what="curve", **{**grid, "eta": [0.4]})
        precise = ordpar.precision([1, 20], digits=20, **grid)
        for line in (swept, precise, ordpar.sweep([1, 20], what="compare", runs=2, **{**grid, "eta": [0.4]})):
            own = line is swept or line is precise
            axes = runs.plot(line.plot(Figure().subplots(), y=None if own else "theory"))
            self.assertEqual(labels(axes), ["theory" + " of one start" * own, "simulation ± standard error"])
        both = {**grid, "eta": [0.4, 0.5]}
        axes = ordpar.sweep([1, 20], what="simulate", runs=2, **both).plot(ordpar.sweep([1, 20], what="curve", **both).plot(Figure().subplots()))
        eta = ["$\\eta$ = 0.4", "$\\eta$ = 0.5"]
        self.assertEqual(labels(axes), [f"{word}, {what}" for what in ("theory of one start", "simulation ± standard error") for word in eta])
        colours = [artist.get_color() for artist in axes.get_lines() if artist.get_linestyle() != "None"]
        self.assertEqual([artist.lines[0].get_color() for artist in axes.containers], colours)
        axes = one.plot(ordpar.compare([1, 20], runs=2, **grid).plot(Figure().subplots()))
        self.assertEqual(labels(axes), ["theory, runs = 2", "theory of one start", "simulation ± standard error"])
        linear = dict(activation="linear", **grid)
        axes = ordpar.simulate([1, 20], runs=2, **linear).plot(Figure().subplots())
        axes = ordpar.closed_form("linear-exact", [1, 20], **linear).plot(ordpar.curve([1, 20], **linear).plot(axes))
        self.assertEqual(labels(axes), ["theory of one start", "theory", "simulation ± standard error"])
        axes = ordpar.simulate([1, 20], runs=3, **grid).plot(runs.plot(one.plot(Figure().subplots())))
        first_runs, second = (artist.lines[0].get_color() for artist in axes.containers)
        self.assertEqual((first_runs, first_runs == second), (axes.get_lines()[0].get_color(), False))
        axes = first.plot(Figure().subplots(), label="mine")
        ordpar.curve([1, 5], rtol=1e-6, **grid).plot(axes)
        self.assertEqual(labels(axes), ["mine", "rtol = 1e-06"])
        both = ordpar.compare([1, 20], runs=3, against="ode+1/N", **grid).plot(Figure().subplots())
        both.legend()
        self.assertEqual(labels(both), ["theory", "± 1 sd of single runs", "simulation ± standard error"])
        with self.assertWarnsRegex(UserWarning, "does not show all: deep leaves it below"):
            ordpar.curve("1:1e4:20:log", L=1, eta=0.5, N=64).plot(Figure().subplots(), label="deep")

    @needs("matplotlib")
    def test_legends_of_runs_in_parts(self):
        """A part goes on from the run of its own model, whatever was drawn before; what is so anyway makes no other."""
        from matplotlib.figure import Figure

        model = dict(N=64, L=4)
        plain = ordpar.curve([0, 1], **model)
        on = ordpar.curve([1, 2], continue_from=plain.state())
        runs = ordpar.simulate([0, 1], runs=2, **model)
        tasks = [dict(student_output=[1, 1], teacher_output=[1, 0], probability=[[0, 1]])]
        for other in (dict(momentum="constant:1:0.3"), dict(schedule="power:0.5:5"), dict(teacher_output=1), dict(student_output=1),
                      dict(unlearnable=0.5), dict(teacher_activation="linear", activation="linear"), dict(tasks=tasks)):  # fmt: skip
            with self.subTest(other):
                first = ordpar.curve([0, 1], **other, **model)
                axes = Figure().subplots()
                for part in (first, ordpar.curve([1, 2], continue_from=first.state()), plain, on):
                    part.plot(axes)
                colours = [line.get_color() for line in axes.get_lines()]
                self.assertEqual([colours.index(colour) for colour in colours], [0, 0, 2, 2])
                on.plot(first.plot(axes := Figure().subplots()))
                self.assertEqual(len({line.get_color() for line in axes.get_lines()}), 2)
                self.assertNotIn("momentum", axes.get_title())
        for values, words in (([None, "constant:1:0.2"], "momentum"), (["none", "constant:1:0.2"], "momentum"), (["constant", "power:0.5:5"], "schedule")):
            with self.subTest(values):
                sweep = ordpar.sweep([0, 1], what="curve", **{words: values}, **model)
                axes = sweep.plot(Figure().subplots())
                self.assertEqual(axes.get_legend_handles_labels()[1], [f"{words} = {values[0] or 'none'}", f"{words} = {values[1]}"])
                runs.plot(axes)
                self.assertEqual(axes.containers[0].lines[0].get_color(), axes.get_lines()[0].get_color())
        for fitted in (np.arctan, np.sin):
            own = dict(activation=ordpar.Activation.fit(fitted), **model)
            parts = [ordpar.curve([0, 1], **own)]
            parts.append(ordpar.curve([1, 2], continue_from=parts[0].state()))
            axes = parts[1].plot(parts[0].plot(Figure().subplots()))
            self.assertEqual(len({line.get_color() for line in axes.get_lines()}), 1)
            self.assertEqual(len(on.plot(axes).get_legend_handles_labels()[1]), 2)
            self.assertEqual(axes.get_legend_handles_labels()[1], [f"activation = {fitted.__name__}", "activation = erf"])
            runs_too = ordpar.simulate([1, 2], runs=2, **own).plot(parts[1].plot(Figure().subplots()))
            self.assertEqual(runs_too.get_legend_handles_labels()[1], ["theory of one start", "simulation ± standard error"])
        twice = Figure().subplots()
        for part in (on, ordpar.curve([1, 3], continue_from=plain.state()), plain):  # the second is a curve of its own
            part.plot(twice)
        colours = [line.get_color() for line in twice.get_lines()]
        self.assertEqual(([colours.index(colour) for colour in colours], len(twice.get_legend_handles_labels()[1])), ([0, 1, 0], 2))
        starts = on.plot(ordpar.curve([0, 1], runs=2, **model).plot(Figure().subplots()))  # none of several starts goes on
        self.assertEqual(len({line.get_color() for line in starts.get_lines()}), 2)
        compared = ordpar.compare([0, 1], runs=2, **model).plot(plain.plot(Figure().subplots()))  # with its own theory
        self.assertEqual(compared.containers[0].lines[0].get_color(), compared.get_lines()[1].get_color())
        usual = 0.5**0.5
        for same_model in (dict(schedule="constant"), dict(unlearnable=[0, 0]), dict(teacher_activation="erf"), dict(trainable=64),
                           dict(teacher_output=usual), dict(student_output=[usual, usual])):  # fmt: skip
            with self.subTest(same_model):
                curve = ordpar.curve([0, 1], **same_model, **model)
                for one, two in ((curve, on), (plain, ordpar.curve([1, 2], continue_from=curve.state())), (plain, ordpar.curve([1, 2], continue_from=plain.state(), **same_model))):
                    axes = two.plot(one.plot(Figure().subplots()))
                    self.assertEqual(len({line.get_color() for line in axes.get_lines()}), 1)
                axes = runs.plot(curve.plot(Figure().subplots()))
                self.assertEqual([*axes.get_legend_handles_labels()[1]], ["theory of one start", "simulation ± standard error"])
                self.assertTrue(ordpar.report(curve, N=64))
                if "schedule" not in same_model:
                    self.assertTrue(ordpar.report(plain, **same_model))

    def test_legends_of_what_others_take_the_place_of(self):
        """No default stands for a setting that another one takes the place of, as in the program's pictures."""
        from matplotlib.figure import Figure

        grid = "1:20:4:log"

        def labels(*results):
            axes = Figure().subplots()
            for result in results:
                result.plot(axes)
            return [re.sub(r"[$\\{}]|mathrm", "", text.get_text()) for text in axes.get_legend().get_texts()]

        data = np.random.default_rng(1).normal(size=(200, 8))
        answers = data[:, 0]
        small = dict(N=64, L=4)
        given = ordpar.spectrum(**small)
        start = ordpar.curve([0, 5], **small).overlaps
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the given overlaps mean
            again = ordpar.curve(grid, overlaps=start, **small)
            runs = ordpar.simulate(grid, overlaps=start, runs=2, **small)
        with tempfile.TemporaryDirectory() as folder:
            table = str(pathlib.Path(folder) / "falls.csv")
            pathlib.Path(table).write_text("alpha,eta\n0,0.5\n100,0.1\n")
            falls = ordpar.curve(grid, schedule=table, **small)
            steps = ordpar.sweep(grid, schedule=[table], what="curve", **small)
        half = ordpar.curve(grid, batch_fraction=0.5, **small)
        learns = dict(activation="linear", K=1, data=data)
        cases = [
            (ordpar.curve(grid, data=data), ordpar.curve(grid, N=8, L=8, beta=0.5), ["data = array", "N = 8, L = 8, beta = 0.5"]),
            (ordpar.simulate(grid, data=data, runs=2, N=8), ordpar.curve(grid, N=8, L=8), None),
            (ordpar.curve(grid, spectrum=given), ordpar.curve(grid, **small), ["spectrum = (2.81..0.1756, 16..16)", "N = 64, L = 4"]),
            (falls, ordpar.curve(grid, eta=0.3, **small), ["schedule = " + table, "eta = 0.3"]),
            (steps, ordpar.sweep(grid, eta=[0.3], what="curve", **small), ["schedule = " + table, "eta = 0.3"]),
            (again, ordpar.curve(grid, seed=3, **small), None),
            (again, ordpar.curve(grid, init="mean", teacher="mean", sigma_j=0.3, **small), None),
            (ordpar.curve(grid, labels=answers, **learns), ordpar.curve(grid, M=1, **learns), ["labels = array", "M = 1"]),
            (half, ordpar.curve(grid, batch=4, **small), ["batch fraction = 0.5", "batch = 4"]),
            (ordpar.spectrum(generate="spiked:3", N=64), ordpar.spectrum(N=64, L=8), ["generate = spiked:3", "L = 8"]),
            (ordpar.spectrum(data=data), ordpar.spectrum(N=8, L=8, beta=0.5), ["data = array", "N = 8, L = 8, beta = 0.5"]),
        ]
        for k, (first, other, told) in enumerate(cases):
            with self.subTest(k):
                found = labels(first, other)
                if told:
                    self.assertEqual(found, told)
                for default in ("N = 1024", "L = 16", "beta = 1", "eta = 0.1", "seed = 1", "sigma_J = 0.01", "sampled", "M = 2", "batch = 1"):
                    self.assertNotIn(default, ", ".join(found).replace(",\n", ", ").replace("beta = 16", ""))
        made = ordpar.spectrum(generate="spiked:3,5", N=64).plot()
        self.assertEqual(made.get_title(), "$N$ = 64, generate = spiked:3,5")
        seeds = ordpar.simulate(grid, seed=3, runs=2, **small)
        self.assertRegex(labels(runs, seeds)[0], "^seed = 1, overlaps = ")  # its examples are drawn
        kinds = dict(compute="1:1e5:4:log")
        found = labels(*(ordpar.closed_form("frontier", **kinds, **how) for how in (dict(spectrum=given), small)))
        self.assertEqual((found[0][:11], found[1]), ("spectrum = ", "N = 64, L = 4"))
        # The closed forms of small eta are of that.
        linear = dict(activation="linear", K=1, M=1, **small)
        whole, lowest = (ordpar.curve(grid, small_eta=how, **linear) for how in (False, True))
        for name in ("linear-small-eta", "linear-continuum"):
            form = ordpar.closed_form(name, grid, **linear)
            self.assertEqual(labels(form, lowest), [name, "curve"])
            told = [f"small eta, {name}", "small eta, curve", "curve"]
            self.assertEqual(labels(form, lowest, whole), told)
        told = ["linear-exact", "small eta"]
        self.assertEqual(labels(ordpar.closed_form("linear-exact", grid, **linear), lowest), told)

    @needs("matplotlib")
    def test_axes_of_one_kind(self):
        """Rows in the order of alpha; other things on the same axes need x and y; numbers without a value are gaps."""
        from matplotlib.figure import Figure

        mixed = ordpar.curve([5, 0, 2], L=2, N=32)
        self.assertRaisesRegex(TypeError, "plot.. has no 'column'; it is y", mixed.plot, column="eps_g")
        self.assertRaisesRegex(TypeError, "no 'logx'; the axes that it returns have it", mixed.plot, Figure().subplots(), logx=True)
        self.assertRaisesRegex(ValueError, "got .1, 4.; .* several values are for sweep", ordpar.curve, 1, L=[1, 4])
        axes = mixed.plot(Figure().subplots())
        same(axes.get_lines()[0].get_data(), [[0, 2, 5], mixed.eps_g[[1, 2, 0]]])
        starts = ordpar.sweep([0, 5], seed=range(1, 4), L=2, N=32)
        self.assertRaisesRegex(ValueError, "x has to be given: the axes show alpha, and this result is of seed", starts.plot, axes)
        self.assertRaisesRegex(ValueError, "x has to be given: the axes show seed", mixed.plot, starts.plot(Figure().subplots()))
        best = ordpar.optimize(eta_max=2, until=20, knots=3, N=32, L=2)
        self.assertRaisesRegex(ValueError, "y has to be given: the axes show eps_g, and this result is of eta", best.plot, axes)
        mixed.plot(axes, x="alpha/2", y="eps_g")
        self.assertEqual(axes.get_xlabel(), r"$\alpha$ = examples / $N$, $\alpha/2$")
        self.assertEqual([text.get_text() for text in axes.get_legend().get_texts()], [r"against $\alpha$", r"against $\alpha/2$"])
        self.assertRaisesRegex(TypeError, "^plot: there are no numbers to draw of 1/0 against alpha$", mixed.plot, Figure().subplots(), y="1/0")
        self.assertEqual(mixed.plot(Figure().subplots(), x="alpha^(1/(1+beta))").get_xlabel(), r"$\alpha^{1/(1+\beta)}$")
        made = [ordpar.Activation([1], [1]), ordpar.Activation([1], [2]), ordpar.Activation([1], [3], name="three")]
        told = ordpar.sweep([0, 5], activation=made, L=2, N=32).axes["activation"].tolist()
        self.assertEqual(len(set(told)), 3)

    @needs("matplotlib")
    def test_axes_of_several_quantities(self):
        """Axes and legends name all that was drawn, also by several calls; models share a colour where they show the same."""
        from matplotlib.figure import Figure

        def told(*drawn):
            axes = Figure().subplots()
            for result, how in drawn:
                result.plot(axes, **how)
            lines = [line for line in (*axes.get_lines(), *axes.containers) if hasattr(line, "ordpar")]
            colours = {(line.lines[0] if hasattr(line, "lines") else line).get_color() for line in lines}
            legend = [text.get_text().replace(",\n", ", ") for text in axes.get_legend().get_texts()]
            return axes.get_xlabel(), axes.get_ylabel(), legend, len(colours)

        model = dict(N=64, L=4)
        curve = ordpar.curve([1, 5, 10], moments=[1], **model)
        runs = ordpar.simulate([1, 5, 10], runs=2, **model)
        R, error, alpha = "$R^{(1)}_{1,1}$", r"generalization error $\epsilon_g$", r"$\alpha$ = examples / $N$"
        points = f"{error}, simulation ± standard error"
        self.assertEqual(told((curve, {}), (curve, dict(y="R1_1_1"))), (alpha, f"{error}, {R}", [error, R], 2))
        self.assertEqual(told((curve, dict(y="eps_g,R1_1_1"))), (alpha, f"{error}, {R}", [error, R], 2))
        self.assertEqual(told((curve, dict(y="R1_1_1")), (curve, dict(y="eps_g"))), (alpha, f"{R}, {error}", [R, error], 2))
        self.assertEqual(told((runs, {}), (curve, dict(y="R1_1_1"))), (alpha, f"{error}, {R}", [R, points], 2))
        legend = [f"{error}, theory of one start", R, points]
        self.assertEqual(told((curve, dict(y="eps_g,R1_1_1")), (runs, dict(y="mean"))), (alpha, f"{error}, {R}", legend, 2))
        on = ordpar.curve([10, 20], continue_from=curve.state(), moments=[1])
        self.assertEqual(told((curve, {}), (on, dict(y="R1_1_1"))), (alpha, f"{error}, {R}", [error, R], 2))
        other = ordpar.curve([1, 5, 10], **{**model, "eta": 0.3})
        scaled = [r"$\eta$ = 0.1, against $\alpha$", r"$\eta$ = 0.3, against $\alpha\,\eta$"]
        self.assertEqual(told((curve, {}), (other, dict(x="alpha*eta"))), (rf"{alpha}, $\alpha\,\eta$", error, scaled, 2))
        alike = ((curve, dict(x="alpha*eta")), (other, dict(x="alpha * eta", y="eps_g")))
        self.assertEqual(told(*alike), (r"$\alpha\,\eta$", error, [r"$\eta$ = 0.1", r"$\eta$ = 0.3"], 2))
        swept = ordpar.sweep([0, 20], eta=[0.1, 0.2], **model)
        self.assertEqual(told((swept, {}), (swept, dict(y="eps_g*2")))[1:3], (rf"{error}, $\epsilon_g\,2$", [error, r"$\epsilon_g\,2$"]))
        two = [dict(student_output=[1, 1], teacher_output=o, probability=[[0, 0.5]]) for o in ([1, 0], [0, 1])]
        learned = ordpar.curve([0, 5], tasks=two, **model), ordpar.compare([0, 5], tasks=two, runs=2, **model)
        lone, of_one = learned[0].plot(Figure().subplots(), y="eps_g_1"), r"$\epsilon_g$ of task 1"  # not of their mean
        self.assertEqual(lone.get_ylabel(), of_one)
        self.assertEqual(learned[1].plot(lone, y="theory_1,mean_1").get_ylabel(), of_one)
        self.assertEqual(learned[0].plot(lone, y="eps_g_2").get_ylabel(), error)
        self.assertEqual(learned[0].plot(Figure().subplots()).get_ylabel(), error)
        each = ordpar.sweep([0, 5], eta=[0.1, 0.2], what="curve", tasks=two, **model)
        self.assertEqual(each.plot(Figure().subplots(), y="eps_g_1").get_ylabel(), of_one)
        bars = swept.plot(Figure().subplots(), histogram="eps_g")
        self.assertRaisesRegex(ValueError, "plot needs axes of its own: these show a histogram of eps_g", curve.plot, bars, x="alpha", y="eps_g")
        self.assertRaisesRegex(ValueError, "histogram needs axes of its own: these show one of eps_g", swept.plot, bars, histogram="eps_g/eta")
        self.assertEqual(swept.plot(bars, histogram="eps_g").get_xlabel(), error)

    @needs("matplotlib")
    def test_tasks_and_law(self):
        """Columns of tasks with their errors; the law of the escape has as many starts as its bars."""
        from matplotlib.figure import Figure

        tasks = [dict(student_output=[1, 1], teacher_output=[k, 1 - k], probability=[[0, 0.5]]) for k in (0, 1)]
        axes = ordpar.compare([1, 20], L=4, N=64, runs=3, tasks={"tasks": tasks}).plot(Figure().subplots(), y="theory_2,mean_2")
        self.assertTrue(axes.containers[0].has_yerr)
        self.assertEqual([text.get_text() for text in axes.get_legend().get_texts()], ["task 2", "task 2, simulation ± standard error"])
        model = dict(eta=0.5, sigma_j=1e-3, N=1024)
        law = [ordpar.closed_form("escape-law", L=L, **model) for L in (4, 1)]
        starts = ordpar.sweep("0.1:2000:80:log", seed=list(range(1, 9)), L=[1, 4], teacher="mean", **model)
        axes = starts.plot(Figure().subplots(), histogram="plateau_exit", law=law)
        for bars, line, own in zip(axes.patches, axes.get_lines(), (law[1], law[0])):
            at, number = line.get_data()
            width = np.diff(bars.get_data().edges)[0]
            self.assertAlmostEqual(np.sum(number) * (at[1] - at[0]) / width, 8, delta=0.1)
            middle = np.sum(at * number) / np.sum(number)
            self.assertLess(abs(middle - own["mean"]), 0.1 * own["sd"])  # a tail is beyond the axis
        self.assertEqual({float(tick) % 1 for tick in axes.get_yticks()}, {0.0})
        self.assertRaisesRegex(TypeError, "law is drawn beside histogram='plateau_exit'", starts.plot, axes, histogram="eps_g", law=law)
        self.assertRaisesRegex(ValueError, "law: its settings are those of no group", starts.plot, axes, histogram="plateau_exit", law=[law[0]] * 2)
        wide = ordpar.closed_form("escape-law", K=3, M=3, **{name: value for name, value in law[0].settings.items() if name not in "KM"})
        self.assertRaisesRegex(ValueError, "law: its settings are those of no group", starts.plot, axes, histogram="plateau_exit", law=wide)
        self.assertRaisesRegex(TypeError, "law must be a result of", starts.plot, axes, histogram="plateau_exit", law={"mean": 1})
        three = ordpar.closed_form("escape-law", K=3, M=3, L=4, eta=0.5, N=10000)
        exits = np.array([float(word) for word in three.facts["exits"].split()])
        self.assertEqual(len(exits), 64)
        self.assertAlmostEqual(exits.mean(), three["mean"], delta=1e-6 * three["mean"])

    def check_expressions(self, Figure):
        """Of columns and settings, given or by default, by either name, against a grid too; histograms count all values."""
        curve = ordpar.curve([1, 10, 100], L=4, N=64, eta=0.5, moments=[1])
        axes = curve.plot(Figure().subplots(), x="alpha*eta^2/L", y="sqrt(R1_1_1)*M - sigma_j")
        (line,) = axes.get_lines()
        same(line.get_xdata(), curve.alpha * 0.25 / 4)
        same(line.get_ydata(), np.sqrt(curve.R[0][:, 0, 0]) * 2 - 0.01)
        self.assertEqual(axes.get_xlabel(), r"$\alpha\,\eta^{2}/L$")
        axes.figure.savefig(io.BytesIO())
        for x in (".5*alpha", "+alpha/2"):  # the program takes them too
            same(curve.plot(Figure().subplots(), x=x).get_lines()[0].get_xdata(), curve.alpha / 2)
        with self.assertRaisesRegex(ValueError, "^x must be one of .* got 'alpha\\*runs'$"):  # of which a curve has none
            curve.plot(Figure().subplots(), x="alpha*runs")
        run = ordpar.simulate([1, 2], L=4, N=64)
        same(run.plot(Figure().subplots(), x="alpha*runs").get_lines()[0].get_xdata(), run.alpha * 10)
        grid = dict(K=[2, 3], M=[2, 3], together=("K", "M"), L=[4, 1, 2], N=64, eta=0.5)
        facts = ordpar.sweep([0, 10], **grid)
        axes = facts.plot(Figure().subplots(), x="M^2/eigenvalues", y="eps_g")
        for k, line in enumerate(axes.get_lines()):  # along L, ascending in x
            same(line.get_xdata(), (2 + k) ** 2 / np.array([4, 2, 1]))
            same(line.get_ydata(), facts["eps_g"][k][[0, 2, 1]])
        curves = ordpar.sweep([1, 10], what="curve", **grid)
        same(curves.plot(Figure().subplots(), x="alpha/L").get_lines()[4].get_xdata(), [1, 10])
        starts = ordpar.sweep([0, 10], seed=list(range(20)), L=[1, 4], N=64)
        axes = starts.plot(Figure().subplots(), histogram="log(eps_g)")
        for k, bars in enumerate(axes.patches):
            counts, edges, _ = bars.get_data()
            self.assertEqual(counts.sum(), 20)
            same(counts, np.histogram(np.log(starts["eps_g"][:, k]), edges)[0])
        self.assertEqual((axes.get_ylabel(), len(axes.patches)), ("number of starts", 2))
        (bars,) = curve.plot(Figure().subplots(), histogram="eps_g", color="red").patches
        self.assertEqual(bars.get_data().values.sum(), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)  # with the reasons of what is skipped
