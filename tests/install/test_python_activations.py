# SPDX-License-Identifier: GPL-3.0-or-later
"""Activations that are fitted, or made of their coefficients, from the installed Python module."""

import copy
import json
import math
import pathlib
import pickle
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())
SMALL = dict(K=2, M=1, L=2, N=64)
LOWEST = dict(small_eta=True, **SMALL)


class Activations(unittest.TestCase):
    def test_fit(self):
        x = np.linspace(-9, 9, 1001)
        for function, least, slope in ((np.tanh, 1e-7, False), (np.arctan, 1e-5, False), (lambda x: 2 + x + np.tanh(x), 1e-7, True)):
            g = ordpar.Activation.fit(function)
            self.assertLess(g.error, least)
            self.assertLess(np.max(np.abs(g(x) - function(x))), 1.5 * g.error)
            self.assertEqual(g.slope != 0, slope)
        x = np.linspace(0, 8, 200)
        g = ordpar.Activation.fit((x, np.tanh(x)), terms=8)
        self.assertLess(abs(g(1.234) - math.tanh(1.234)), 1e-5)

    def test_amplitudes_are_bounded(self):
        """What they cancel takes the digits of averages: sin up to 6 had some of 1e5, and curves took minutes."""
        for function, until, worst in ((np.sin, 6, 0.02), (np.sin, 3, 1e-6), (np.arctan, 10, 1e-7), (lambda x: x / (1 + abs(x)), 10, 1e-4)):
            g = ordpar.Activation.fit(function, until=until)
            self.assertLess(g.error, worst)
            self.assertLess(np.sum(np.abs(g.a)), 500 * np.max(np.abs(function(np.linspace(0, until)))))
            if function is np.sin and until == 6:
                wave = g
        self.assertLess(ordpar.curve([0, 10], activation=wave, **SMALL).facts["integrator"].value, 5000)

    def test_said_by_results(self):
        """The error and the range of a fit, by everything that is of it, made or read."""
        g = ordpar.Activation.fit(np.arctan, terms=3, until=5)
        g.save(WORK / "fit.json")
        self.assertEqual((g.until, pickle.loads(pickle.dumps(g))), (5, g))
        for kind in (g, WORK / "fit.json"):
            for compute in (ordpar.curve, ordpar.simulate, ordpar.compare):
                runs = {} if compute is ordpar.curve else dict(runs=2)
                facts = compute([0, 1], activation=kind, sigma_j=3, **runs, **SMALL).facts
                self.assertEqual(facts["fit"].value, g.error)
                self.assertIn("for |x| up to 5", facts["fit"])
                self.assertAlmostEqual(facts["fields of students at the start"].value, 3, delta=1)
                self.assertEqual("fields of students at the end" in facts, compute is ordpar.curve)
        facts = ordpar.curve([0, 1], teacher_activation=g, **SMALL).facts
        self.assertEqual(facts["teacher's fit"].value, g.error)
        self.assertFalse([key for key in facts if key.startswith("fields")])
        self.assertNotIn("fit", ordpar.curve([0, 1], activation=ordpar.Activation([1], [1]), **SMALL).facts)

    def test_samples_of_both_signs(self):
        """With a constant, with or without a sample at 0, evenly or not; the error is that of the samples."""
        drawn = np.sort(np.random.default_rng(1).normal(0, 3, 300))
        for x in (np.linspace(-5, 5, 100), np.linspace(-5, 5, 101), drawn, drawn[::-1]):
            for function in (lambda x: 1 / (1 + np.exp(-x)), lambda x: 3 + x + np.tanh(x)):
                y = function(x)
                g = ordpar.Activation.fit((x, y))
                self.assertLess(g.error, 1e-7)
                self.assertAlmostEqual(np.max(np.abs(g(x) - y)), g.error, delta=1e-12)
                self.assertAlmostEqual(g.constant, function(0), delta=1e-7)
                self.assertAlmostEqual(g(-2.0), function(-2.0), delta=1e-6)
        noisy = np.tanh(drawn) + np.random.default_rng(2).normal(0, 0.01, 300)
        self.assertTrue(0.01 < ordpar.Activation.fit((drawn, noisy), terms=4).error < 0.1)
        erf = ordpar.Activation([1], [1])
        self.assertEqual((erf(np.inf), ordpar.Activation(1, 1)), (1, erf))
        self.assertEqual((np.shape(erf(0.5)), erf([[1, 2]]).shape), ((), (1, 2)))

    def test_refused(self):
        fit = ordpar.Activation.fit
        line = np.linspace(-5, 5, 100)
        masked = np.ma.masked_array(np.where(line > 4, 99, np.tanh(line)), line > 4)
        for function, pattern in (
            (lambda: fit(np.cos), "must be odd"),
            (lambda: fit(np.tanh, terms=25), "terms must be from 1 to 24"),
            (lambda: fit(([1, 2], [1])), "as many y as x, got 2 and 1"),
            (lambda: fit((line, np.maximum(line, 0))), "samples must be odd but for a constant"),
            (lambda: fit((line, masked)), "y of samples has masked values"),
            (lambda: fit(lambda x: np.ma.masked_array(np.tanh(x), x > 4)), "what the function returns has masked values"),
            (lambda: ordpar.Activation(np.ma.masked_array([1.0, 2.0], [0, 1]), [1, 2]), "a has masked values"),
            (lambda: fit((line, np.tanh(line) + 1j)), "y of samples must be real numbers"),
            (lambda: fit((line.astype("m8[s]"), line)), "x of samples must be real numbers"),
            (lambda: ordpar.Activation(np.array([1 + 1j]), [1]), "a must be real numbers"),
            (lambda: fit(lambda x: np.where(abs(x) > 9, np.nan, np.tanh(x))), "must be finite from -until to until, is nan at x = 9"),
            (lambda: fit(np.tanh, until=0), "until must be above 0"),
            (lambda: fit(np.tanh, until=-1), "until must be above 0"),
            (lambda: fit(np.tanh, until=np.nan), "until must be finite"),
            (lambda: fit(np.tanh, until=np.inf), "until must be finite"),
            (lambda: fit(lambda x: 1.0), "what the function returns must have 1 axis"),
            (lambda: fit(3), "callable or a pair"),
            (lambda: fit(([0.5, 1, 2, 4], np.tanh([0.5, 1, 2, 4]))), "at more than 25 x for terms=12, got 4"),
            (lambda: ordpar.Activation([np.nan], [1]), "a must be finite"),
            (lambda: ordpar.Activation([1], [np.inf]), "s must be finite"),
            (lambda: ordpar.Activation([1], [1], slope=np.nan), "slope must be finite"),
            (lambda: ordpar.Activation([1], [1], constant=np.inf), "constant must be finite"),
            (lambda: ordpar.Activation([1], [1], error=np.nan), "error must be finite"),
            (lambda: ordpar.Activation([1], [1], until=np.nan), "until must be finite"),
            (lambda: ordpar.curve(1, activation='{"a":[1],"s":[1],"error":-1}'), "activation: error and until must be >= 0, got -1 and 0"),
            (lambda: ordpar.Activation([1], [1, 2]), "as many numbers"),
            (lambda: ordpar.Activation([], [], slope=1), "from 1 to 24 terms, got 0"),
            (lambda: ordpar.Activation([1] * 25, [1] * 25), "from 1 to 24 terms, got 25"),
            (lambda: ordpar.Activation([1], [1])(np.ma.masked_array([1.0, 2.0], [0, 1])), "x has masked values"),
            (lambda: ordpar.Activation([1], [1])(1 + 1j), "x must be real numbers"),
            (lambda: ordpar.Activation([1], [1])(np.array([1, 2], "m8[s]")), "x must be real numbers"),
            (lambda: ordpar.Activation([1], [1]).save(WORK / "g.txt"), "ends in .json"),
            (lambda: ordpar.curve([0, 1], activation=ordpar.Activation([1], [-1])), "activation: term 1 must"),
            (lambda: ordpar.curve([0, 1], activation=ordpar.Activation([1], [1]), teacher_activation="relu"), "are not known"),
        ):
            with self.assertRaisesRegex((ValueError, ordpar.Error), pattern):
                function()

    def test_used_like_a_name(self):
        """One erf is erf; a fit of tanh is tanh, as far as it says."""
        erf = ordpar.Activation([1], [1])
        alpha = [0, 5, 20]
        expected = ordpar.curve(alpha, **SMALL).eps_g
        np.testing.assert_allclose(ordpar.curve(alpha, activation=erf, **SMALL).eps_g, expected, rtol=1e-7)
        np.testing.assert_allclose(ordpar.curve(alpha, teacher_activation=erf, **SMALL).eps_g, expected, rtol=1e-7)
        runs = dict(runs=3, activation=erf, **SMALL)
        np.testing.assert_allclose(
            ordpar.simulate(alpha, **runs).eps_g, ordpar.simulate(alpha, **{**runs, "activation": "erf"}).eps_g, rtol=1e-9
        )
        tanh = ordpar.Activation.fit(np.tanh)
        expected = ordpar.curve(alpha, activation="tanh", **LOWEST).eps_g
        np.testing.assert_allclose(ordpar.curve(alpha, activation=tanh, **LOWEST).eps_g, expected, rtol=1e-6)
        model = ordpar.Model(activation=tanh, **SMALL)
        self.assertEqual(model, ordpar.Model(activation=copy.deepcopy(tanh), **SMALL))
        self.assertEqual(pickle.loads(pickle.dumps(tanh)), tanh)
        sweep = ordpar.sweep(alpha, what="curve", activation=[tanh, "tanh", "hermite:1"], **LOWEST)
        self.assertEqual(sweep["eps_g"].shape, (3, 3))
        np.testing.assert_allclose(sweep["eps_g"][0], expected, rtol=1e-6)

    def test_file(self):
        """A file is the text, by the program too; another content is noticed."""
        g = ordpar.Activation([0.7, 0.3], [0.8, 1.5], slope=0.2)
        g.save(WORK / "g.json")
        self.assertEqual(json.loads((WORK / "g.json").read_text()), json.loads(g.text))
        expected = ordpar.curve([0, 5], activation=g, **SMALL)
        np.testing.assert_array_equal(ordpar.curve([0, 5], activation=WORK / "g.json", **SMALL).eps_g, expected.eps_g)
        command = [sys.argv[1], "curve", "--alpha", "0:5:2", "--activation", "g.json", "-L", "2", "-N", "64", "-M", "1"]
        rows = subprocess.run([*command, "-o", "g.csv"], cwd=WORK, capture_output=True, text=True)
        self.assertEqual(rows.returncode, 0, rows.stderr)
        lines = [line for line in (WORK / "g.csv").read_text().split("\n") if line[:1].isdigit()]
        np.testing.assert_array_equal([float(line.split(",")[1]) for line in lines], expected.eps_g)
        again = subprocess.run([sys.argv[1], "curve", "--like", "g.csv"], cwd=WORK, capture_output=True, text=True)
        self.assertEqual(again.returncode, 0, again.stderr)
        ordpar.Activation([0.7, 0.4], [0.8, 1.5]).save(WORK / "g.json")
        again = subprocess.run([sys.argv[1], "curve", "--like", "g.csv"], cwd=WORK, capture_output=True, text=True)
        self.assertEqual(again.returncode, 2)
        self.assertIn("activation: g.json has another content", again.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
