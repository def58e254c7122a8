# SPDX-License-Identifier: GPL-3.0-or-later
"""Models as objects, reports, sweeps, progress, and results in pandas, xarray, matplotlib and
notebooks, from the installed module; the examples of its documents."""

import copy
import csv
import doctest
import importlib.util
import inspect
import io
import pathlib
import pickle
import signal
import subprocess
import sys
import tempfile
import time
import unittest
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
                if name != "grid":
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
        self.assertEqual(m.spectrum(), ordpar.spectrum(N=64, L=4))
        self.assertEqual(m.sweep([1], L=[1, 2]), ordpar.sweep([1], L=[1, 2], K=3, M=3, N=64, eta=0.2))
        curve = m.curve("1:1000:90:log")
        same(m.report((curve.alpha, curve.eps_g))["plateau_height"], m.report(curve)["plateau_height"])

    def test_what_a_method_has_not(self):
        """What only some methods take is left out by the others, what describes the model never."""
        m = ordpar.Model(L=4, N=64, runs=2, digits=9, train_output=True, eta_v=0.1)
        self.assertEqual(m.curve([0, 5]), ordpar.curve([0, 5], L=4, N=64, train_output=True, eta_v=0.1))
        self.assertEqual(m.spectrum(), ordpar.spectrum(L=4, N=64))
        with self.assertRaisesRegex(TypeError, r"precision\(\) has no setting 'train_output', which the model has"):
            m.precision("0:1:2")
        with self.assertRaisesRegex(TypeError, "'train_output'"):
            m.closed_form("plateau")
        for wrong in (dict(foo=1), dict(moments=[1]), dict(K=2, student_units=2)):
            self.assertRaises(TypeError, ordpar.Model, **wrong)
        self.assertRaisesRegex(ordpar.Error, "eta: .*-1", ordpar.Model, eta=-1)

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
        share, alpha = dict(N=32, L=4, runs=3), [4.0, 0.0]
        for what, single, column in (
            ("curve", lambda **s: ordpar.curve(alpha, N=32, L=4, **s), "eps_g"),
            ("simulate", lambda **s: ordpar.simulate(alpha, **share, **s), "stderr"),
            ("compare", lambda **s: ordpar.compare(alpha, **share, **s), "z"),
        ):
            sweep = ordpar.sweep(alpha, what=what, activation=["erf", "linear"], eta=(0.1, 0.2), **share)
            self.assertEqual(sweep[column].shape, (2, 2, 2))
            same(sweep.alpha, alpha)
            same(sweep[column][1, 0], getattr(single(activation="linear", eta=0.1), column))
        weights = ordpar.sweep([1], student_output=[[1, 0.5], [0.5, 0.5]], N=32, L=4)
        self.assertEqual(weights.axes["student_output"].tolist(), ["1:0.5", "0.5:0.5"])

    def test_failures(self):
        """A point that diverges has no numbers, and says why; one that cannot be is refused."""
        sweep = ordpar.sweep([0, 4000.0], what="curve", eta=[0.1, 50.0], activation="linear", N=32, L=4)
        self.assertEqual(list(sweep.failures), [(1,)])
        self.assertTrue(np.isnan(sweep["eps_g"][1]).all() and np.isfinite(sweep["eps_g"][0]).all())
        for wrong, kind, words in (
            (dict(L=[4, 7], N=64), ordpar.Error, r"L = 7, N = 64 \(at L = 7\)"),
            (dict(eta=[0.1, -1]), ordpar.Error, "eta: .*-1"),
            (dict(eta=0.1), TypeError, "a list of values"),
            (dict(eta=[]), ValueError, "eta must have at least one value"),
            (dict(eta=[0.1], threads=-1), ValueError, "threads must be from 0 on, got -1"),
            (dict(eta=[0.1], together=("K",)), TypeError, "'K' is no list"),
            (dict(K=[2], M=[2, 3], together=("K", "M")), ValueError, "one length"),
            (dict(eta=[0.1], what="nothing"), ValueError, "facts, curve"),
            (dict(eta=[0.1], foo=1), TypeError, "'foo'"),
        ):
            with self.assertRaisesRegex(kind, words):
                ordpar.sweep([0, 1], **wrong)

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

    @needs("xarray")
    def test_xarray(self):
        made = self.curve.to_xarray()
        same(made["R"].sel(order=2).isel(student=1, teacher=0), self.curve.R[1, :, 1, 0])
        self.assertEqual(made["q"].dims, ("student", "student_2", "block"))
        self.assertIn("K = 3", made.attrs["model"])
        same(self.sweep.to_xarray()["eps_g"].sel(eta=0.2, L=4), self.sweep["eps_g"][1, 1])
        self.assertEqual(self.runs.to_xarray()["eps_g"].dims, ("alpha", "run"))
        for value in self.all:
            self.assertRegex(" ".join(value.to_xarray().attrs), "^[A-Za-z0-9_ ]*$")

    @needs("matplotlib")
    def test_plot(self):
        """Theory is a line, a simulation points with error bars; both axes are logarithmic, with names."""
        from matplotlib.figure import Figure

        axes = Figure().subplots()
        self.assertIs(self.compare.plot(axes), axes)
        self.assertEqual((axes.get_xscale(), axes.get_yscale()), ("log", "log"))
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
        same(axes.get_lines()[0].get_ydata(), self.facts["escape_time"])
        numbers_alone = ordpar.closed_form("plateau", K=3, M=3)
        self.assertRaises(TypeError, numbers_alone.plot, Figure().subplots())
        self.assertNotIn("<img", numbers_alone._repr_html_())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)  # with the reasons of what is skipped
