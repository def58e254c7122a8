# SPDX-License-Identifier: GPL-3.0-or-later
"""What results keep: facts and settings in copies and tables, order parameters, tasks in any form;
from the installed module."""

import collections
import copy
import dataclasses
import decimal
import importlib.util
import inspect
import json
import os
import pathlib
import pickle
import re
import subprocess
import sys
import tempfile
import types
import unittest
import warnings

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())

PROGRAM = sys.argv[1]
SMALL = dict(N=64, L=4)
TASK = dict(student_output=[0.5, 0.5], teacher_output=[1, 0], probability=[[0, 1]])


def _optional(name):
    return importlib.import_module(name) if importlib.util.find_spec(name) else None



def _gnuplot(folder, script):
    """The environment with a gnuplot in a new folder that keeps what it is told."""
    folder.mkdir()
    (folder / "gnuplot").write_text(f"#!/bin/sh\ncat >{script}\necho '</svg>'\n")
    (folder / "gnuplot").chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


class Curves(unittest.TestCase):
    def test_state_of_one_alpha(self):
        """A list of alpha has no one state."""
        curve = ordpar.curve([0, 10, 50, 100], **SMALL)
        for several in ([10, 50], "0:50:2"):
            with self.assertRaisesRegex(ValueError, "^alpha must be"):
                curve.state(several)
        self.assertEqual(curve.state(np.array(50)).alpha, 50)

    def test_facts_name_no_file_of_ours(self):
        half = ordpar.curve([0, 5], **SMALL).state()
        self.assertEqual(ordpar.curve([5, 6], continue_from=half).facts["start"], "at alpha = 5, from the state")

    def test_runs_with_trained_outputs(self):
        """The mean over starts has no output weights, and is the program's."""
        arguments = "--runs 3 --train-output --eta-v 0.1 -N 64 -L 4 --alpha 0,10"
        out = subprocess.run([PROGRAM, "curve", *arguments.split()], check=True, capture_output=True, text=True).stdout
        last = out.splitlines()[-1].split(",")
        curve = ordpar.curve([0, 10], runs=3, train_output=True, eta_v=0.1, **SMALL)
        self.assertEqual(curve.eps_g[-1], float(last[1]))
        self.assertIsNone(curve.V)

    def test_no_order_parameters(self):
        for curve in (ordpar.curve([0, 1], **SMALL), ordpar.curve([0, 1], runs=2, **SMALL)):
            with self.assertRaisesRegex(AttributeError, "no order parameters"):
                curve.R

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "pandas is not installed")
    def test_tables_keep_settings_and_facts(self):
        """Also where a fact has the name of a setting."""
        told = ordpar.curve([0, 1], unlearnable=0.2, **SMALL).to_pandas().attrs
        self.assertEqual(told["unlearnable"], "0.2")
        self.assertIn("independent of the inputs", told["unlearnable_note"])
        self.assertNotIn("integrator", told)
        self.assertIn(" steps of ", told["integrator_note"])
        given = ordpar.curve([0, 1], integrator="radau", **SMALL).to_pandas().attrs
        self.assertEqual((given["integrator"], " steps of " in given["integrator_note"]), ("radau", True))
        for result in (ordpar.curve([0, 1], **SMALL), ordpar.simulate([0, 1], runs=2, **SMALL), ordpar.sweep([0, 1], eta=[0.1, 0.2], **SMALL)):
            self.assertEqual(result.to_pandas().attrs.keys() & {*ordpar.SETTINGS, "K", "M", "N", "L"}, result.settings.keys())


def arrays(value):
    """Those in a result, but in its settings."""
    if isinstance(value, np.ndarray):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    own = (part for name, part in getattr(value, "__dict__", {}).items() if name != "settings")
    for part in (*parts, *own):
        yield from arrays(part)


class Values(unittest.TestCase):
    def setUp(self):
        self.values = ordpar.closed_form("linear-exact", [0, 10, 20], activation="linear", K=1, M=1, **SMALL)

    def test_copies_and_parts(self):
        again = pickle.loads(pickle.dumps(self.values))
        for made in (again, copy.copy(self.values), copy.deepcopy(self.values), self.values[:]):
            self.assertEqual((made.facts, made.settings), (self.values.facts, self.values.settings))
            np.testing.assert_array_equal(made.alpha, [0, 10, 20])
            np.testing.assert_array_equal(np.asarray(made), np.asarray(self.values))
        self.assertEqual(self.values[1:].alpha.tolist(), [10, 20])

    def test_computed(self):
        """What is computed is not the closed form's any more."""
        sorts = self.values.copy(), np.sort(self.values), np.partition(self.values, 1)
        for made in (np.zeros_like(self.values), *sorts, self.values.astype(np.float32)):
            self.assertEqual((made.facts, made.settings, made.alpha), ({}, {}, None))
        plain = np.asarray(self.values)
        np.testing.assert_array_equal(np.gradient(self.values, self.values.alpha), np.gradient(plain, [0, 10, 20]))
        np.testing.assert_array_equal(np.roll(self.values, 1), np.roll(plain, 1))
        made = self.values.copy()
        made[1:] = 3
        made[:2] *= 2
        self.assertEqual(made.tolist(), [2 * plain[0], 6, 3])


class Tasks(unittest.TestCase):
    def test_any_mapping(self):
        """Mappings, iterators and decimals count as dicts, lists and numbers."""
        one = {**TASK, "student_output": (decimal.Decimal("0.5"), 0.5), "teacher_output": range(1, -1, -1)}
        expected = ordpar.curve([0, 1], tasks=[TASK], **SMALL)
        for tasks in ([one], iter([one]), [types.MappingProxyType(one)], [collections.UserDict(one)], np.array([one])):
            np.testing.assert_array_equal(ordpar.curve([0, 1], tasks=tasks, **SMALL).eps_g, expected.eps_g)

    def test_refused(self):
        endless = []
        endless.append(endless)
        for tasks in (endless, [TASK, 5], 5, [b"x"], [{**TASK, "student_output": [0.5, float("nan")]}]):
            with self.assertRaisesRegex((ValueError, ordpar.Error), "task"):
                ordpar.curve([0, 1], tasks=tasks, **SMALL)

    def test_models_compare_by_numbers(self):
        other = dict(reversed({**TASK, "teacher_output": [1.0, 0], "probability": [[0.0, 1.0]]}.items()))
        self.assertEqual(ordpar.Model(tasks=[TASK]), ordpar.Model(tasks={"tasks": [other]}))
        self.assertNotEqual(ordpar.Model(tasks=[TASK]), ordpar.Model(tasks=[{**TASK, "student_output": [0.4, 0.6]}]))


class Given(unittest.TestCase):
    """What is given counts as given, also at the value that stands for a default."""

    def test_settings_make_it_again(self):
        curve = ordpar.curve([0, 10], runs=10, **SMALL)
        self.assertEqual(ordpar.curve(curve.alpha, **curve.settings), curve)
        for moments in ((), 1, [1], (0, 2), "0,1"):
            curve = ordpar.curve([0, 10], moments=moments, **SMALL)
            self.assertEqual(ordpar.curve(curve.alpha, moments=curve.orders, **curve.settings), curve)
        for made in (ordpar.closed_form("plateau", digits=30), ordpar.closed_form("plateau", teacher="sampled", **SMALL)):
            self.assertEqual(ordpar.closed_form("plateau", **made.settings), made)
        self.assertIn("R_2", made)
        precise = ordpar.precision("0:2:3", L=2, activation="linear", K=1, M=1, representation="moments")
        self.assertEqual(precise.settings["representation"], "moments")

    def test_like(self):
        out = subprocess.run([PROGRAM, "curve", "--runs", "10", "-N", "64", "-L", "4", "--alpha", "0,10"], check=True, capture_output=True)
        path = pathlib.Path(tempfile.mkdtemp()) / "runs.csv"
        path.write_bytes(out.stdout)
        self.assertEqual(ordpar.curve(like=path).settings["runs"], "10")

    def test_models(self):
        self.assertNotEqual(ordpar.Model(**SMALL), ordpar.Model(teacher="sampled", **SMALL))
        self.assertIn("sampled", repr(ordpar.Model(teacher="sampled", **SMALL)))
        self.assertEqual(ordpar.Model(eta=0.1, **SMALL), ordpar.Model(**SMALL))
        self.assertEqual(ordpar.Model(threads=1, **SMALL), ordpar.Model(**SMALL))

    def test_models_of_files(self):
        """Their rows belong to the files, not to the model."""
        made = []
        for stop in "12":
            path = pathlib.Path(tempfile.mkdtemp()) / "curve.csv"
            run = [PROGRAM, "curve", "-N", "64", "-L", "4", "--alpha", "0," + stop, "-q", "-o", path]
            subprocess.run(run, check=True)
            made.append(ordpar.Model(like=path))
        self.assertEqual(made[0], made[1])
        self.assertEqual(made[0], ordpar.Model(**SMALL))


class Diverging(unittest.TestCase):
    """The rows before go along with the exception."""

    def test_partial(self):
        steep = dict(activation="gelu", eta=5, K=1, M=1, **SMALL)
        noisy = dict(activation="linear", K=1, M=1, N=16, L=16)
        for function, alpha, settings in (
            (ordpar.curve, [2, 0, 50, 1], steep),
            (ordpar.simulate, [1, 0, 1000], dict(eta=8, **noisy)),
            (ordpar.compare, [1, 0, 1000], dict(eta=1.9, runs=3, **noisy)),
        ):
            with self.assertRaises(ordpar.Error) as caught:
                function(alpha, **settings)
            rows = [a for a in alpha if a < 10]
            error = pickle.loads(pickle.dumps(caught.exception))
            self.assertEqual(error.status, "DIVERGED")
            self.assertEqual(error.partial.alpha.tolist(), rows)
            self.assertEqual(error.partial, function(rows, **settings))
            self.assertIn("it diverges", error.partial.facts["partial"])
        with self.assertRaises(ordpar.Error) as caught:
            ordpar.curve([50], **steep)
        self.assertIsNone(caught.exception.partial)


class Digits(unittest.TestCase):
    """Rows of numbers, texts and decimals, in any order; texts as they stand."""

    def test_lists(self):
        whole = ordpar.precision("0:1:3", L=1, digits=20)
        for alpha in ([1, 0, 0.5], np.array([1, 0, 0.5]), ("1", decimal.Decimal(0), "0.50")):
            made = ordpar.precision(alpha, L=1, digits=20)
            self.assertEqual(made.alpha.tolist(), whole.alpha[[2, 0, 1]].tolist())
            self.assertEqual(made.eps_g.tolist(), whole.eps_g[[2, 0, 1]].tolist())
        unit = dict(activation="linear", K=1, M=1, digits=25)
        form, tenth = (ordpar.closed_form("linear-exact", [3, a], **unit) for a in ("0.1000000000000000000001", 0.1))
        self.assertEqual(form.alpha[1], "1.000000000000000000001000e-01")
        self.assertEqual([float(a) for a in form.alpha], [3, 0.1])
        self.assertEqual((form.eps_g == tenth.eps_g).tolist(), [True, False])

    def test_formats(self):
        """Those of numbers round; those of texts cut, and fill."""
        x = ordpar.closed_form("plateau", digits=12)["eps_g"]
        for form in (".3", ".6", "10.4", "+.3", "012.3", ".3g", ".3e", ".4f", "e", "+"):
            self.assertEqual(format(x, form), format(float(x), form), form)
        self.assertEqual((f"{x:.4s}", f"{x:>20}", f"{x:<20s}|", f"{x}"), (x[:4], x.rjust(20), x.ljust(20) + "|", str(x)))

    def test_facts(self):
        """Those that are numbers are formatted, and ordered, as such; words as words."""
        low, high, words = ordpar.Fact("40.1", 40.1), ordpar.Fact("265.48", 265.48), ordpar.Fact("2 of 5 points", 2)
        self.assertEqual((f"{high:.4}", f"{high:.2f}", f"{high}", f"{high:>8}"), ("265.5", "265.48", "265.48", "  265.48"))
        self.assertEqual((low < high, low >= high, max(low, high)), (True, False, high))
        self.assertEqual((f"{words:.1}", words < "3"), ("2", True))

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
    def test_drawn(self):
        """At their values: matplotlib takes other texts for categories, 0, 1, 2, .."""
        from matplotlib.figure import Figure

        x = ordpar.precision([0, 1, 20, 100], L=1, N=8, K=1, M=1, eta="0.5", digits=12)
        axes = Figure().subplots()
        (line,) = axes.semilogy(x.alpha, x.eps_g)
        self.assertEqual(line.get_xdata(orig=False).tolist(), [0, 1, 20, 100])
        self.assertEqual(line.get_ydata(orig=False).tolist(), x.eps_g.astype(float).tolist())
        axes.axhline(x.eps_g[1])
        axes.scatter(x.alpha, x.eps_g)
        axes.figure.canvas.draw()

    def test_order(self):
        """That of the numbers: texts begin with their first digits, whatever the exponents are."""
        precise = ordpar.precision([0, 10, 100, 400], activation="linear", L=1, N=8, K=1, M=1, eta="0.5", digits=12)
        eps_g, near = precise.eps_g, precise.eps_g.astype(float)
        self.assertTrue((np.diff(near) < 0).all() and eps_g.astype(str).argsort().tolist() != near.argsort().tolist())
        for found, of_doubles in ((eps_g.max(), near.max()), (eps_g.min(), near.min()), (min(eps_g), min(near)), (np.sort(eps_g)[1], np.sort(near)[1])):
            self.assertEqual(float(found), of_doubles)
        for compare in (np.less, np.greater_equal):
            self.assertEqual(compare(eps_g, eps_g[1]).tolist(), compare(near, near[1]).tolist())
            self.assertEqual(compare(eps_g[1], eps_g).tolist(), compare(near[1], near).tolist())
        self.assertTrue(eps_g[2] < "1" and "1e-300" < eps_g[2])
        self.assertEqual(np.argmax(eps_g), 0)
        self.assertEqual([float(x) for x in sorted(eps_g)], sorted(near))
        for compare in (np.less, np.less_equal, np.greater, np.greater_equal):
            self.assertEqual(compare.outer(eps_g, eps_g).tolist(), compare.outer(near, near).tolist())
        plateau = ordpar.closed_form("plateau", digits=10)
        self.assertEqual(max(plateau.values()), plateau["R"])
        one = eps_g[0]
        for joined in (lambda: one + eps_g[1], lambda: np.sum(eps_g), lambda: one < "one", lambda: one < 0.1, lambda: max(one, 1)):
            with self.assertRaisesRegex(TypeError, "is a text with all its digits"):
                joined()
        self.assertEqual(("x = " + one + "!", "%s" % one), (f"x = {one}!", str(one)))

    def test_refused(self):
        for alpha in ([], [float("nan")], [decimal.Decimal("NaN"), "1"], ["x"], [[1]], [1j]):
            with self.assertRaisesRegex((ValueError, ordpar.Error), "^alpha"):
                ordpar.precision(alpha, L=1)


class Hints(unittest.TestCase):
    def test_functions_that_are_named_take_it(self):
        """What is said of a setting that a function has not leads to one that has it."""
        functions = {name: getattr(ordpar, name) for name in ("curve", "simulate", "compare", "closed_form", "precision", "optimize", "spectrum", "sweep")}
        for name, function in functions.items():
            places = {"closed_form": ("plateau",), "spectrum": (), "optimize": ()}.get(name, ([0, 1],))
            taken = {n: {*inspect.signature(f).parameters} for n, f in functions.items()}
            for row in ordpar.SETTINGS.values():
                if {row.name, row.keyword} & taken[name]:
                    continue
                with self.assertRaises(TypeError) as caught:
                    function(*places, **{row.name: row.value or 1})
                words = str(caught.exception)
                self.assertNotIn("SETTINGS has all", words)
                for other in re.findall(r"(\w+)\(\)", words.partition(";")[2]):
                    self.assertTrue(other == "report" or {row.name, row.keyword} & taken[other], words)
        with self.assertRaisesRegex(TypeError, "'keep_partial'; partial of the exception has the rows"):
            ordpar.simulate([0, 1], keep_partial=True)
        self.assertEqual(list(ordpar.closed_form("plateau", moments=[0, 1])), ["Q", "R", "eps_g", "Q0", "Q1", "R0", "R1"])


class Swept(unittest.TestCase):
    """What looks like a list of values and is none says why."""

    def test_objects(self):
        begun = ordpar.curve([0, 1], **SMALL)
        for name, value in (("spectrum", [ordpar.spectrum(**SMALL)] * 2), ("overlaps", [begun.overlaps] * 2), ("continue_from", [begun.state()] * 2)):
            with self.assertRaisesRegex(TypeError, f"needs a setting that is a list of values: {name} is swept over the names of files"):
                ordpar.sweep([1, 2], **{name: value})
        with self.assertRaisesRegex(TypeError, "a list of data is one set of data"):
            ordpar.sweep([1, 2], data=["a.npy", "b.npy"])


class GoneOn(unittest.TestCase):
    """A file of a curve that goes on is a curve's."""

    def test_report(self):
        """Its predictions are those of the run that it goes on from, whatever that is kept in."""
        two = ([10.0, 1.0], [10, 40])
        for settings in (dict(L=4, N=64), dict(spectrum=two)):
            path = pathlib.Path(tempfile.mkdtemp()) / "state"
            begun = ordpar.curve("0:100:11", save_overlaps=path, **settings)
            for start in (path, begun.state()):
                curve = ordpar.curve("100:200:6", continue_from=start)
                told = ordpar.curve("100:200:6", continue_from=start, report=True).facts
                found = ordpar.report(curve)
                for name in ("plateau_height", "escape_rate"):
                    self.assertIn(f"predicted {found[name].predicted:.8g}", told[name.replace("_", " ")])
                self.assertEqual(found["decay_exponent"].predicted == found["decay_exponent"].predicted, "L" in settings)
            curve = ordpar.curve("100:200:6", continue_from=path)
            path.unlink()
            self.assertIn("state", ordpar.report(curve).facts["predictions"])

    def test_like(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        ordpar.curve([0, 10], save_overlaps=folder / "state", **SMALL)
        run = [PROGRAM, "curve", "--continue", folder / "state", "--alpha", "10,20", "-q", "-o", folder / "on.csv"]
        subprocess.run(run, check=True)
        like = {"like": folder / "on.csv"}
        self.assertEqual(ordpar.curve(**like).alpha.tolist(), [10, 20])
        self.assertRaisesRegex(ValueError, "like: .*on.csv: is of a curve that goes on from", ordpar.Model, **like)
        more = {ordpar.optimize: dict(eta_max=1, until=10)}
        for function in (ordpar.precision, ordpar.simulate, ordpar.compare, ordpar.spectrum, ordpar.optimize):
            with self.assertRaisesRegex(ordpar.Error, "continue: only a curve goes on"):
                function(**like, **more.get(function, {}))


class Kept(unittest.TestCase):
    """What results have beside their numbers goes along, or is gone."""

    def test_values(self):
        values = ordpar.closed_form("linear-exact", [10, 0, 5.0], K=1, M=1, activation="linear")
        changes = np.random.default_rng(1).shuffle, np.random.shuffle, lambda v: v.partition(1), lambda v: v.sort(), lambda v: v.fill(1)
        for kept in (values, values[1:], values[[2, 0, 1]], values.alpha, values[::-1].alpha, copy.copy(values), pickle.loads(pickle.dumps(values))):
            for change in changes:
                self.assertRaisesRegex(ValueError, "read-only", change, kept)
        for change in changes:
            changed = values.copy()
            change(changed)
            self.assertIsNone(changed.alpha)
            self.assertRaisesRegex(TypeError, "no alpha", changed.to_pandas)
        self.assertEqual(values.to_pandas().shape if importlib.util.find_spec("pandas") else (3, 2), (3, 2))
        view = values.view()
        view.facts["a"] = 1
        self.assertEqual(np.array([1.0]).view(ordpar.Values).facts, {})
        self.assertNotIn("a", values.facts)

    def test_arrays_that_belong_together(self):
        """None of them can be written to, also in copies, but the caller's own can."""
        unit = dict(K=1, M=1, activation="linear")
        results = [
            ordpar.curve([0, 1], moments=[1], tasks=[TASK], **SMALL),
            ordpar.simulate([0, 1], runs=2, **SMALL),
            ordpar.compare([1, 2], runs=2, **SMALL),
            ordpar.spectrum(teacher_decay=0.5, **SMALL),
            ordpar.sweep([0, 1], what="curve", eta=[0.1, 0.2], **SMALL),
            ordpar.closed_form("frontier", compute=[10.0, 20.0], **unit),
            ordpar.optimize(L=2, N=64, label_noise=0.2, eta_max=2, until=50, knots=4, K=1, M=1),
            ordpar.precision("0:4:2", L=1, digits=9),
            ordpar.curve([0, 1], **SMALL).state(),
        ]
        for result in results:
            for made in (result, copy.copy(result), copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
                found = list(arrays(made))
                self.assertGreater(len(found), 1)
                self.assertEqual([a for a in found if a.flags.writeable], [], type(made))
        eigenvalues = np.array([2.0, 1.0])
        ordpar.Spectrum(eigenvalues, np.array([1, 1]))
        dataclasses.replace(results[1], mean=eigenvalues)
        eigenvalues[0] = 3

    def test_numbers(self):
        numbers = ordpar.closed_form("plateau", **SMALL)
        again = numbers.copy()
        self.assertEqual((type(again), again, again.facts, again.settings), (type(numbers), numbers, numbers.facts, numbers.settings))

    def test_reports_of_closed_forms_are_the_program_s(self):
        """With the model of the form, or the reason why that predicts nothing."""
        linear = dict(activation="linear", K=1, M=1)
        words = "--activation linear -K 1 -M 1 "
        cases = [
            ("linear-exact", "0.1:1e5:200:log", dict(N=1024, L=1024, **linear), words + "-N 1024 -L 1024"),
            ("linear-finite-n", "1e-3:1e4:300:log", dict(N=64, L=64, **linear), words + "-N 64 -L 64"),
            ("asymptotic", "0.1:1e5:200:log", dict(N=64, L=4), "-N 64 -L 4"),
            ("asymptotic", "0.1:1e5:200:log", dict(N=64, L=64), "-N 64 -L 64"),  # of no start
        ]
        path = pathlib.Path(tempfile.mkdtemp()) / "form.csv"
        for name, alpha, settings, words in cases:
            with self.subTest(name, **settings):
                command = [PROGRAM, "closed-form", name, *words.split(), "--alpha", alpha, "-q", "-o", path]
                subprocess.run(command, check=True)
                told = subprocess.run([PROGRAM, "report", path], check=True, capture_output=True, text=True).stdout.splitlines()
                rows = [line.split(",") for line in told if line[0] != "#"][1:]
                form = ordpar.closed_form(name, alpha, **settings)
                found = ordpar.report(form)
                for row in rows:
                    numbers = [float(cell or "nan") for cell in row[1:]]
                    np.testing.assert_array_equal([*found[row[0].replace(" ", "_")]], numbers, row[0])
                notes = [f"# {key}: {fact}" for key, fact in found.facts.items()]
                self.assertEqual([note for note in notes if note not in told], [])
                self.assertEqual("predictions" in found.facts, settings["L"] == 64 and name == "asymptotic")

    def test_closed_forms_say_their_start(self):
        """Settings are those of the numbers: a curve of them is that of the form."""
        form = ordpar.closed_form("asymptotic", [0, 50], sigma_j=1e-5, L=1)
        self.assertEqual((form.settings["init"], form.settings["teacher"]), ("near-teacher", "mean"))
        np.testing.assert_allclose(ordpar.curve([50], **form.settings).eps_g, form[1:], rtol=0.1)
        self.assertTrue(np.isnan(ordpar.report(form, **form.settings)["plateau_height"].predicted))
        self.assertEqual(ordpar.closed_form("linear-exact", [1], K=1, M=1).settings["activation"], "linear")

    def test_spectrum(self):
        spectrum = ordpar.spectrum(L=4, N=8, teacher_decay=1)
        same = spectrum._replace(multiplicities=spectrum.multiplicities)
        self.assertEqual(same, spectrum)
        self.assertEqual(same.facts, spectrum.facts)
        self.assertEqual(ordpar.curve(1, spectrum=same), ordpar.curve(1, spectrum=spectrum))
        eigenvalues, multiplicities = spectrum
        for name, values in (("eigenvalue", eigenvalues), ("multiplicity", multiplicities), ("teacher", spectrum.teacher), ("index", [1, 2, 3, 4])):
            np.testing.assert_array_equal(spectrum[name], values)
        self.assertIs(spectrum[0], eigenvalues)
        with self.assertRaisesRegex(KeyError, "lambda"):
            spectrum["lambda"]


    def test_sweeps(self):
        """Notes of single points, with the point of the largest; columns that not all points have."""
        saddle = dict(L=1, N=1024, eta=0.5, rtol=1e-10)
        limits = [ordpar.curve([3000], sigma_j=s, **saddle).facts["limit"].value for s in (1e-6, 1e-12)]
        fact = ordpar.sweep([3000], what="curve", sigma_j=[1e-6, 1e-12], **saddle).facts["limit"]
        self.assertEqual(fact.value, max(limits))
        self.assertIn("(at sigma_j = 1e-12; 2 of 2 points", fact)
        two = ordpar.sweep([1, 2], what="compare", against=["ode", "ode+1/N"], runs=4, N=64, L=4)
        np.testing.assert_array_equal(np.isnan(two["sd"]), [[True, True], [False, False]])
        self.assertTrue(np.all(np.isfinite(two["mean"])))
        self.assertIn("at against = ", two.facts["verdict"])


    def test_runs_of_like(self):
        """They mean nothing to a model's curve, as those of the keyword."""
        file = WORK / "runs.csv"
        command = "simulate -L 2 -N 32 --eta 0.5 --sigma-j 0.3 --alpha 0:5:4 --runs 3 -o".split()
        subprocess.run([PROGRAM, *command, file], check=True)
        like, same = ordpar.Model(like=file), ordpar.Model(L=2, N=32, eta=0.5, sigma_j=0.3, runs=3)
        self.assertEqual(like, same)
        self.assertEqual(like.curve([0, 5], moments=[1]), same.curve([0, 5], moments=[1]))
        self.assertEqual(like.simulate([0, 5]), same.simulate([0, 5]))
        self.assertEqual(like.curve([0, 5], runs=2), same.curve([0, 5], runs=2))
        sweeps = [m.sweep([0, 5], what="curve", seed=[1, 2]) for m in (like, same)]
        np.testing.assert_array_equal(*(sweep["eps_g"] for sweep in sweeps))

    def test_columns_are_those_of_the_file(self):
        tasks = {"tasks": [dict(student_output=[1, 1], teacher_output=[k, 1 - k], probability=[[0, 0.5]]) for k in (0, 1)]}
        for command, call in (("simulate --each", ordpar.simulate), ("curve", ordpar.curve), ("compare", ordpar.compare)):
            for more in ({}, {"tasks": tasks}):
                words = [*command.split(), "--runs", "2", "-N", "16", "-L", "2", "--alpha", "0:2:3"]
                words += ["--tasks", json.dumps(tasks)] * bool(more)
                out = subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout
                header = next(line for line in out.split("\n") if line[:1] not in "#")
                result = call([0, 1, 2], N=16, L=2, runs=2, **more)
                self.assertEqual(list(result._columns()), header.split(","))

    def test_files_that_change(self):
        """No predictions from another content than the curve's, no sweep over two."""
        path, other = WORK / "moving.csv", WORK / "other.csv"
        path.write_text("eigenvalue,multiplicity\n10,40\n1,160\n")
        other.write_text("eigenvalue,multiplicity\n9,40\n1,160\n")
        curve = ordpar.curve("0.1:1e3:100:log", spectrum=path, teacher="mean")
        self.assertTrue(np.isfinite(ordpar.report(curve)["plateau_length"].predicted))
        calls = []

        def replace(_):
            calls.append(1)
            if len(calls) == 1:
                os.replace(other, path)

        with self.assertRaisesRegex(ordpar.Error, "spectrum: .*moving.csv has changed since the first point"):
            ordpar.sweep("0.1:1e3:20:log", spectrum=path, seed=list(range(60)), threads=1, progress=replace)
        report = ordpar.report(curve)
        self.assertTrue(np.isnan(report["plateau_length"].predicted))
        self.assertIn("has another content than when the curve was made", report.facts["predictions"])
        path.unlink()
        gone = ordpar.report(curve)
        self.assertEqual(gone["plateau_length"].measured, report["plateau_length"].measured)
        self.assertIn("none: spectrum: ", gone.facts["predictions"])


class Others(unittest.TestCase):
    def test_hints(self):
        """What others would type first."""
        with self.assertRaisesRegex(TypeError, "no setting 'lr'; it is eta"):
            ordpar.curve([0, 1], lr=0.1)
        with self.assertRaisesRegex(TypeError, "it is continue_from"):
            ordpar.curve([0, 1], continue_="end.csv")
        with self.assertRaisesRegex(TypeError, r"give the curve's state\(\)"):
            ordpar.curve([1, 2], continue_from=ordpar.curve([0, 1], **SMALL))
        model, curve, X = ordpar.Model(**SMALL), ordpar.curve([0, 1], **SMALL), np.eye(3)
        sweep = ordpar.sweep([0, 1], L=[1, 4], N=16)
        for function, words in (
            (lambda: ordpar.curve([0, 1], digits=50), r"'digits'; it is one of closed_form\(\), precision\(\)$"),
            (lambda: model.curve([0, 1], precision=50), r"'precision'; digits is one of closed_form\(\), precision\(\)$"),
            (lambda: ordpar.simulate([0, 1], X=X, y=X[0]), "'X'; it is data$"),
            (lambda: ordpar.simulate([0, 1], data=X, y=X[0]), "'y'; it is labels$"),
            (lambda: ordpar.curve([0, 1], plot="a.svg"), r"results have plot\(\)$"),
            (lambda: ordpar.curve([0, 1], sigmaj=1), "did you mean sigma_j\\?$"),
            (lambda: ordpar.curve([0, 1], activation=["erf", "relu"]), r"several values are for sweep\(what='curve'\), or a loop of curve\(\) with plot\(ax\)$"),
            (lambda: ordpar.curve([0, 1], init=["mean", "sampled"]), "several values are for sweep"),
            (lambda: ordpar.curve([0, 1], continue_from=curve.state), r"call state\(\)$"),
            (lambda: ordpar.sweep([0, 1], eta="0.1-0.2"), r"a range is eta=\"0.1:0.2:COUNT\"$"),
            (lambda: ordpar.sweep([0, 1], etas=[1, 2]), "'etas'; did you mean eta\\?$"),
            (lambda: ordpar.sweep([0, 1], together=("M", "eta"), eta=[1, 2], **{"K=M": [2, 3]}), "K=M runs together already"),
        ):
            with self.subTest(words), self.assertRaisesRegex(TypeError, words):
                function()
        with self.assertRaisesRegex(ValueError, r"got K 2, M 3; \*\*{'K=M': \[..\]} gives both the same list$"):
            ordpar.sweep([0, 1], K=[2, 3], M=[2, 3, 4], together=("K", "M"))
        with self.assertRaisesRegex(ordpar.Error, "is 3, got 1000; leave it out, or give the multiplicities"):
            ordpar.curve([0, 1], spectrum=[3.0, 2.0, 1.0], N=1000)
        for of, name, words in (
            (ordpar, "integrate", r"did you mean curve\(\)\?"),
            (ordpar, "escape", r"closed_form\('escape'\), closed_form\('escape-law'\) or report\(\)\?"),
            (ordpar, "train", r"did you mean simulate\(\)\?"),
            (ordpar, "plot", r"results have plot\(\)"),
            (model, "run", r"did you mean curve\(\)\?"),
            (model, "lr", "; it is eta"),
            (curve.state, "alpha", r"state\(\).alpha"),
            (curve, "to_frame", r"^'Curve' object has no attribute 'to_frame'; did you mean to_pandas\(\)\?$"),
            (sweep, "dataframe", r"did you mean to_pandas\(\)\?$"),
            (ordpar.report(curve), "to_frame", r"did you mean to_pandas\(\)\?$"),
            (sweep, "histogram", r"did you mean plot\(histogram=\.\.\)\?$"),
            (curve, "continue_", r"state\(\), which continue_from of curve\(\) goes on from"),
            (ordpar.simulate([1], runs=2, **SMALL), "continue_", "no attribute 'continue_'$"),
            (curve, "eps", r"did you mean eps_g\?$"),
            (curve, "Q", "^there are no order parameters: ask for them"),
        ):
            with self.subTest(name), self.assertRaisesRegex(AttributeError, words):
                getattr(of, name)
        self.assertIn("call it", repr(curve.state))
        for function, words in (
            (lambda: ordpar.sweep([0, 1], [1, 4]), r"^sweep\(\) takes alpha by place, .* eta=\(0.1, 0.2\)\)$"),
            (lambda: ordpar.curve({"K": 3}, alpha=[0, 1]), r"^curve\(\) takes alpha by place, .*; a dict of them goes as \*\*{'K': 3}$"),
            (lambda: model.curve({"K": 3}), r"a dict of them goes as \*\*{'K': 3}$"),
            (lambda: ordpar.closed_form("asymptotic", {"K": 3}), r"a dict of them goes as \*\*{'K': 3}$"),
            (lambda: ordpar.curve([0, 1], 3), r"^curve\(\) takes alpha by place, and settings as keywords, as curve\(\.\., eta=0.1\)$"),
            (lambda: model.curve([0, 1], 3), r"^curve\(\) takes alpha by place"),
            (lambda: ordpar.Model({"K": 3}), r"^Model\(\) takes settings as keywords, as Model\(eta=0.1\); a dict"),
        ):
            with self.subTest(words), self.assertRaisesRegex(TypeError, words):
                function()

    def test_covariances(self):
        """A covariance is no data, nor a pair of arrays; its eigenvalues, which rounding may leave below 0, are a spectrum."""
        for n, rows in ((2, 5), (6, 4)):
            X = np.random.default_rng(n).normal(size=(rows, n))
            C = np.cov(X.T)
            for function in (ordpar.spectrum, lambda data: ordpar.curve([0, 1], data=data)):
                with self.assertRaisesRegex(ordpar.Error, rf"^data: the array: is a square symmetric matrix, .*eigvalsh\).* \({n}, {n}, 1\)$"):
                    function(data=C)
            for given in (C, C.tolist()):
                with self.assertRaisesRegex(ValueError, r"^spectrum must be .* of a covariance C numpy.linalg.eigvalsh\(C\)"):
                    ordpar.spectrum(spectrum=given)
            values = np.linalg.eigvalsh(C)
            found = ordpar.spectrum(spectrum=values).eigenvalues
            np.testing.assert_allclose(found, np.maximum(values, 0)[::-1], rtol=0, atol=1e-14)
            self.assertGreaterEqual(found.min(), 0)
            self.assertEqual(len(ordpar.spectrum(data=C.reshape(n, n, 1)).eigenvalues), n)
        self.assertLess(values.min(), 0)
        with self.assertRaisesRegex(ordpar.Error, "must be finite and >= 0"):
            ordpar.spectrum(spectrum=[3, -1e-4])
        single = np.linalg.eigvalsh(C.astype("f4"))
        self.assertLess(single.min(), -1e-12)
        self.assertGreaterEqual(ordpar.spectrum(spectrum=single).eigenvalues.min(), 0)

    def test_pairs(self):
        """K and M of one list may have been meant to be equal."""
        small = {"N": 16, "L": 4}
        apart = ordpar.sweep([0, 1], K=[2, 3], M=[2, 3], **small)
        self.assertRegex(apart.facts["pairs"], r"^all 4 of K and M; together=\('K', 'M'\), or \*\*{'K=M': \[..\]}, has them equal$")
        both = ordpar.sweep([0, 1], **{"K=M": [2, 3]}, **small)
        self.assertEqual(both, ordpar.sweep([0, 1], K=[2, 3], M=[2, 3], together=("K", "M"), **small))
        self.assertNotIn("pairs", both.facts)
        self.assertEqual(both["eps_g"].tolist(), np.diag(apart["eps_g"]).tolist())
        self.assertNotIn("pairs", ordpar.sweep([0, 1], K=[2, 3], M=[4], **small).facts)

    def test_reasons(self):
        """What is nan in a sweep says why."""
        short = ordpar.sweep("0.1:100:20:log", L=[1, 4])
        self.assertTrue(np.isnan(short["plateau_exit"]).all())
        self.assertRegex(short.facts["not found"], "no plateau: in these rows eps_g rests nowhere between two falls")
        self.assertNotIn("resolution", short.facts)
        self.assertNotIn("predicted length", short.facts)
        whole = ordpar.sweep("0.1:1000:200:log", L=[1, 4], eta=0.5, teacher="mean", sigma_j=1e-3)
        self.assertIn("counted from alpha = 0", whole.facts["predicted length"])
        self.assertRegex(whole.facts["resolution"], "^plateau_exit lies within a distance of rows, 4.7 %")
        alike = ordpar.sweep([0, 1], eta=[0.1, 0.2], init="mean")
        self.assertEqual(alike.facts["symmetry"], ordpar.curve([0, 1], init="mean").facts["symmetry"])
        coarse = ordpar.report(ordpar.curve("0.1:1e4:30:log", L=4))["plateau_exit"]
        self.assertTrue(coarse.begin < ordpar.report(ordpar.curve("0.1:1e4:3000:log", L=4))["plateau_exit"].measured < coarse.end)

    def test_tables(self):
        """Results are tables: columns by name, rows; and notebooks show tables of what has no picture."""
        sweep = ordpar.sweep([0, 1, 2], eta=[0.1, 0.2], what="curve", **SMALL)
        curve = ordpar.curve([0, 1], **SMALL)
        if pandas := _optional("pandas"):
            for result in (sweep, curve, ordpar.sweep([0, 1], L=[1, 4], N=16), ordpar.simulate([1], runs=2, **SMALL)):
                pandas.testing.assert_frame_equal(pandas.DataFrame(result), result.to_pandas())
        self.assertEqual(sweep["eta"].tolist(), [0.1, 0.2])
        self.assertEqual([row.eps_g for row in curve], curve["eps_g"].tolist())
        self.assertEqual((len(curve), "eps_g" in curve, "foo" in curve), (2, True, False))
        self.assertEqual(curve._ipython_key_completions_(), ["alpha", "eps_g"])
        self.assertEqual(sweep._ipython_key_completions_(), ["eta", "alpha", "eps_g"])
        report = ordpar.report(curve)
        for table, words in (
            (sweep, "no 'eps', did you mean 'eps_g'\\?; there are eta, alpha, eps_g"),
            (curve, "no 'eps', did you mean 'eps_g'\\?; there are alpha, eps_g"),
            (report, "no 'eps'; there are plateau_height, plateau_entry, "),
        ):
            with self.subTest(words), self.assertRaisesRegex(KeyError, words):
                table["eps"]
        model = ordpar.Model(K=3, label_noise=0.1, **SMALL)
        for of, words in (
            (model, "<th>label_noise</th><td>0.1</td><td>standard deviation of the noise on the teacher"),
            (report, "<th>escape_rate</th><td></td>"),
            (curve.state(), "<th>alpha</th><td>1</td>"),
        ):
            self.assertRegex(of._repr_html_(), f"^<table>.*{words}.*</table>")

    def test_report_of_arrays(self):
        """Beside a result that was made with an array its other settings count, and the array has to be given again."""
        x = np.random.default_rng(0).normal(size=(200, 6))
        with tempfile.TemporaryDirectory() as folder:
            np.save(f"{folder}/x.npy", x), np.save(f"{folder}/other.npy", 2 * x)
            grid = dict(alpha="0.1:3000:40:log", moments=[1], eta=0.5)
            curve, named = ordpar.curve(data=x, **grid), ordpar.curve(data=f"{folder}/x.npy", **grid)
            expected = ordpar.report(named)
            for given in (dict(data=x), dict(data=f"{folder}/x.npy"), dict(data=x, eta=0.5)):
                self.assertEqual(repr({**ordpar.report(curve, **given)}), repr({**expected}))
                self.assertEqual(repr({**ordpar.report(named, **given)}), repr({**expected}))
            without = ordpar.report(curve, eta=0.5)
            self.assertEqual(*(repr([row.measured for row in found.values()]) for found in (without, expected)))
            self.assertTrue(np.isnan(without["escape_rate"].predicted))
            self.assertEqual(str(without.facts["predictions"]), "none: data: an array, which a result does not keep: give data=.. again")
            for given, words in (
                (dict(eta=0.05), "^eta: 0.05 contradicts the curve, which has 0.5$"),
                (dict(data=x, K=3), "^student_units: 3 contradicts the curve, which has 2$"),
                (dict(data=2 * x), "^data: an array is not what the curve was made with$"),
                (dict(data=f"{folder}/other.npy"), "^data: .*other.npy is not what the curve was made with$"),
                (dict(N=8), "^input_dim: is that of the curve's data; leave it out$"),
            ):
                with self.assertRaisesRegex(ordpar.Error, words):
                    ordpar.report(curve, **given)
            with self.assertRaisesRegex(ordpar.Error, "^data: an array contradicts the curve, which has .*x.npy$"):
                ordpar.report(named, data=2 * x)

    def test_settings_that_others_need(self):
        """They are kept where they are given, whatever their value."""
        for given in (dict(train_output=False, eta_v=0.1), dict(spread=0, spread_parts=3), dict(spectrum=([3.0, 1.0], [4, 4]), normalise=False)):
            given.update({} if "spectrum" in given else SMALL)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                curve = ordpar.curve([0, 1], **given)
                self.assertEqual(dict(curve.settings), given)
                self.assertEqual(list(ordpar.curve(curve.alpha, **curve.settings).eps_g), list(curve.eps_g))
                self.assertEqual(curve.state().alpha, 1)

    def test_as_dict(self):
        """dataclasses.asdict keeps the settings, lists among them."""
        for given in (dict(K=3, M=3, eta=0.3, **SMALL), dict(spectrum=([3.0, 1.0], [4, 4]), normalise=False)):
            curve = ordpar.curve([0, 10], **given)
            made = dataclasses.asdict(curve)
            self.assertEqual(made["settings"], curve.settings)
            self.assertLessEqual({*curve.settings}, {*given})
            self.assertEqual(made["settings"].without, frozenset())
            self.assertEqual(dataclasses.replace(curve).settings.without, curve.settings.without)
            self.assertEqual(list(ordpar.curve(made["alpha"], **made["settings"]).eps_g), list(curve.eps_g))

    @unittest.skipUnless(_optional("matplotlib"), "no matplotlib")
    def test_titles_say_the_digits_of_all(self):
        """Beside a curve in double precision nothing of the digits of another, which its legend has."""
        from matplotlib.figure import Figure

        precise = ordpar.precision([0, 1], digits=12, **SMALL).plot(Figure().subplots())
        self.assertIn(", 12 digits", precise.get_title())
        ordpar.curve([0, 1], **SMALL).plot(precise)
        self.assertNotIn("digits", precise.get_title())

    @unittest.skipUnless(_optional("matplotlib"), "no matplotlib")
    def test_titles_are_the_program_s(self):
        """What the models on axes share, in its words; or one's own, or none."""
        folder = WORK / "titles"
        path = _gnuplot(folder, folder / "script")
        rich = dict(momentum="constant:1:0.1", weight_decay=0.5, label_noise=0.1, teacher_decay=1, sigma_j=0.02, init="mean")
        words = "--momentum constant:1:0.1 --weight-decay 0.5 --label-noise 0.1 --teacher-decay 1 --sigma-j 0.02 --init mean"
        scheduled = dict(eta=0.4, schedule="power:0.5:50", batch=4, small_eta=True)
        np.savetxt(folder / "array", [2.0, 1.0])
        for result, command in (
            (ordpar.curve("1:9:3", **rich, **SMALL), f"curve -N 64 -L 4 --alpha 1:9:3 {words}"),
            (ordpar.curve("1:9:3", spectrum=[2.0, 1.0], normalise=True, **scheduled),
             f"curve --spectrum {folder}/array --normalise --alpha 1:9:3 --eta 0.4 --schedule power:0.5:50 --batch 4 --small-eta"),
            (ordpar.curve([1, 2], runs=3, **SMALL), "curve -N 64 -L 4 --runs 3 --alpha 1,2"),
            (ordpar.simulate([1, 2], runs=1, **SMALL), "simulate -N 64 -L 4 --runs 1 --alpha 1,2 -q"),
            (ordpar.closed_form("linear-exact", [1, 2], activation="linear", **SMALL), "closed-form linear-exact -N 64 -L 4 --alpha 1,2"),
            (ordpar.precision([0, 1], digits=12, **SMALL), "precision curve -N 64 -L 4 --digits 12 --alpha 0,1"),
            (ordpar.sweep([1, 2], L=[1, 4], N=64, what="curve"), "curve -L 1,4 -N 64 --alpha 1,2"),
        ):  # fmt: skip
            with self.subTest(command):
                subprocess.run([PROGRAM, *command.split(), "-o", folder / "t.csv", "--plot", folder / "p.svg"], env=path, check=True)
                told = next(line for line in (folder / "script").read_text().splitlines() if line.startswith("set title"))
                told = re.sub(r"\\n|[\s\u200b\\{}]", "", told[len("set title ") :].strip('"'))
                own = result.plot().get_title()
                for greek, name in dict(α="alpha", β="beta", η="eta", κ="kappa", σ="sigma").items():
                    own = own.replace("\\" + name, greek)
                self.assertEqual(re.sub(r"\\mathrm|[\s$\\{}]", "", own), told)
        ax = ordpar.curve([1, 2], **SMALL).plot()
        ordpar.simulate([1, 2], runs=2, **SMALL).plot(ax)
        ordpar.curve([1, 2], N=64, L=1).plot(ax)
        self.assertEqual(ax.get_title().replace("$", ""), "erf, K = 2, M = 2, N = 64, \\beta = 1, \\eta = 0.1, 2 runs")
        self.assertEqual(ordpar.curve([1, 2], **SMALL).plot(title=False).get_title(), "")
        ax = ordpar.curve([1, 2], **SMALL).plot(title="mine")
        ordpar.curve([1, 2], N=64, L=1).plot(ax)
        self.assertEqual(ax.get_title(), "mine")
        swept = ordpar.sweep([0, 1], seed=range(1, 6), L=[1, 4], N=64)
        for ax in (swept.plot(histogram="eps_g"), swept.plot(x="L", y="eps_g")):
            self.assertEqual(ax.get_title().replace("$", ""), "erf, K = 2, M = 2, N = 64, \\beta = 1, \\eta = 0.1")

    @unittest.skipUnless(_optional("matplotlib"), "no matplotlib")
    def test_axes_are_the_program_s(self):
        """Scales, and bins of histograms; by a gnuplot that keeps what it is told."""
        from matplotlib.figure import Figure

        folder = WORK / "bin"
        path = _gnuplot(folder, WORK / "script")
        sweep = "sweep --sweep eta=0.1,0.3,1 --teacher mean --sigma-j 1e-4 -N 64 -L 4 --alpha 0.1:1e4:60:log"
        starts = "sweep --sweep seed=1:30 -N 64 -L 4 --alpha 0:20:3"
        compare = "compare --eta 0.5 -N 64 -L 1 --runs 3 --alpha 1:500:10:log"
        compared = ordpar.compare("1:500:10:log", eta=0.5, N=64, L=1, runs=3)
        swept = ordpar.sweep("0.1:1e4:60:log", eta=[0.1, 0.3, 1], teacher="mean", sigma_j=1e-4, **SMALL)
        for words, result, how in (
            ("curve -N 64 -L 4 --alpha 1:20:5", ordpar.curve("1:20:5", **SMALL), {}),
            ("curve -N 64 -L 4 --alpha 0.1:1e4:40:log", ordpar.curve("0.1:1e4:40:log", **SMALL), {}),
            ("curve -N 64 -L 4 --alpha 0:500:40", ordpar.curve("0:500:40", **SMALL), {}),
            ("simulate -N 64 -L 4 --runs 3 --alpha 1,10,40", ordpar.simulate([1, 10, 40], runs=3, **SMALL), {}),
            (f"{sweep} --x eta --column escape_time", swept, {"x": "eta", "y": "escape_time"}),
            (f"{sweep} --column eps_g", swept, {"y": "eps_g"}),
            (f"{compare} --column z", compared, {"y": "z"}),
            (f"{compare} --column mean-0.01", compared, {"y": "mean-0.01"}),
            (f"{starts} --histogram eps_g", ordpar.sweep("0:20:3", seed=range(1, 31), **SMALL), {"histogram": "eps_g"}),
        ):
            with self.subTest(words):
                subprocess.run([PROGRAM, *words.split(), "-q", "-o", os.devnull, "--plot", str(WORK / "p.svg")], env=path, check=True)
                script = (WORK / "script").read_text()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    axes = result.plot(Figure().subplots(), **how)
                scales = ["log" if f"set logscale {axis}" in script else "linear" for axis in "xy"]
                self.assertEqual([axes.get_xscale(), axes.get_yscale()], scales)
                if "histogram" in how:
                    drawn = script.split("$data0 << END\n")[1].split("END")[0]
                    edges = [float(line.split()[0]) for line in drawn.splitlines()]
                    np.testing.assert_allclose(axes.patches[0].get_data().edges, sorted(set(edges)), rtol=1e-8)

    @unittest.skipUnless(_optional("matplotlib"), "no matplotlib")
    def test_points_without_a_place(self):
        from matplotlib.figure import Figure

        short = ordpar.sweep("0.1:3e3:90:log", eta=[0.01, 0.5], L=1, teacher="mean", sigma_j=1e-4)
        with self.assertWarnsRegex(UserWarning, "does not show all: 1 of 2 points without a number$"):
            short.plot(Figure().subplots(), y="escape_time")
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("default")  # once for each line of a file
            short.plot(Figure().subplots(), y="escape_time")
            short.plot(Figure().subplots(), y="escape_time")
            short.plot(Figure().subplots(), histogram="escape_time")
        self.assertEqual([warning.filename for warning in said], [__file__] * 3)
        data = np.random.default_rng(1).normal(size=(400, 4))
        labelled = ordpar.curve([1, 2], data=data, labels=data[:, 0], activation="linear", K=1)
        self.assertIn("linear part", labelled.plot(Figure().subplots()).get_ylabel())

    def test_digits(self):
        """Text with all digits: no number, but it says what makes one."""
        exact = ordpar.precision("0:2:2", L=1, digits=30)
        plateau = ordpar.closed_form("plateau", K=3, M=3, digits=40)
        for wrong in (lambda: exact.eps_g * 2, lambda: 1 - exact.eps_g, lambda: plateau["Q"] * 2, lambda: -plateau["Q"], lambda: plateau["Q"] < 1):
            with self.assertRaisesRegex(TypeError, r"float\(x\), or .astype\(float\) .* decimal.Decimal\(x\)"):
                wrong()
        self.assertEqual(exact.eps_g.astype(float).tolist(), [float(x) for x in exact.eps_g])
        self.assertEqual("Q = " + plateau["Q"], f"Q = {plateau['Q']}")
        self.assertEqual(f"{plateau['Q']:.3e}", f"{float(plateau['Q']):.3e}")
        self.assertEqual(f"{plateau['Q']:.39e}"[:20], plateau["Q"][:20])
        self.assertEqual(type(pickle.loads(pickle.dumps(plateau["Q"]))), type(plateau["Q"]))
        self.assertEqual(plateau["R"], str(plateau["R"]))

    def test_spectrum_beside_numbers(self):
        spectrum = ordpar.spectrum(**SMALL)
        self.assertFalse(spectrum == (1, 2))
        self.assertFalse(spectrum in [(1, None)])

    def test_until(self):
        """Too short for any grid of knots."""
        with self.assertRaisesRegex(ordpar.Error, "^until"):
            ordpar.optimize(K=1, M=1, L=2, N=64, label_noise=0.2, eta_max=2, until=1e-300, knots=8)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
