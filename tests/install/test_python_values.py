# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose value of a setting counts in the Python module: the call's, a Model's, that of the file `like`, or the default."""

import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())
PROGRAM = sys.argv[1]
SMALL = dict(N=16, L=4)
LETTERS = {row.letter: row.name for row in ordpar.SETTINGS.values() if row.letter}


def written(name, text):
    path = WORK / name
    path.write_text(text)
    return str(path)


def like(**settings):
    """A file of settings."""
    return written("like.json", json.dumps(settings))


def program(*words):
    subprocess.run([PROGRAM, *map(str, words), "-q"], check=True)


def last(*alpha, **settings):
    return ordpar.curve(*alpha, **settings).eps_g[-1]


SPECTRA = [written(f"{k}.csv", f"eigenvalue,multiplicity\n{k},8\n0.5,8\n") for k in (2, 3)]
RATES = [written(f"rates-{k}.csv", f"alpha,eta\n0,0.{k}\n5,0.1\n") for k in (2, 3)]
ENDS = [str(WORK / f"end-{k}.csv") for k in (1, 2)]
for k, end in enumerate(ENDS):
    ordpar.curve([0, 10], seed=k + 7, save_overlaps=end, **SMALL)

# Of each setting the file's value, another, and what stands beside it there.
VALUES = {
    "activation": ("relu", "linear", {}),
    "teacher_activation": ("linear", "tanh", {}),
    "student_units": (3, 4, {}),
    "teacher_units": (3, 1, {}),
    "input_dim": (32, 64, dict(L=4)),
    "eigenvalues": (8, 4, dict(N=16)),
    "beta": (0.5, 2, {}),
    "spectrum": (*SPECTRA, dict(eta=0.2)),
    "teacher_decay": (0.5, 1, {}),
    "normalise": (True, False, dict(spectrum=SPECTRA[0])),
    "spread": (0.5, 0.2, {}),
    "spread_parts": (3, 2, dict(spread=0.5, **SMALL)),
    "eta": (0.2, 0.3, {}),
    "sigma_j": (0.1, 0.2, {}),
    "label_noise": (0.1, 0.2, {}),
    "student_output": ([1, 0.5], [0.5, 0.5], {}),
    "teacher_output": ([1, 0.5], [0.5, 0.5], {}),
    "unlearnable": ([0.1], [0.2], {}),
    "trainable": (8, 12, {}),
    "small_eta": (True, False, {}),
    "weight_decay": (0.1, 0.2, {}),
    "schedule": ("power:0.5:5", RATES[0], {}),
    "momentum": ("constant:1:0.2", "constant:1:0.1", {}),
    "batch": (4, 2, {}),
    "batch_fraction": (0.5, 0.25, {}),
    "init": ("mean", "sampled", {}),
    "teacher": ("mean", "sampled", {}),
    "seed": (3, 4, {}),
    "teacher_seed": (3, 4, {}),
    "overlaps": (*ENDS, {}),
}


class NoneInLists(unittest.TestCase):
    """None among a sweep's values is no value: neither the file's nor the Model's."""

    def test_beside_like(self):
        for name, (own, other, beside) in VALUES.items():
            beside = beside or SMALL
            bare = last([0, 2], **beside)
            self.assertNotEqual(last([0, 2], **beside, **{name: own}), bare, name)
            settings = {LETTERS.get(key, key): value for key, value in beside.items()}
            for swept in (ordpar.sweep([0, 2], like=like(**settings, **{name: own}), **{name: [None, other]}),
                          ordpar.Model(like=like(**settings, **{name: own})).sweep([0, 2], **{name: [None, other]}),
                          ordpar.Model(**beside, **{name: own}).sweep([0, 2], **{name: [None, other]})):  # fmt: skip
                with self.subTest(name):
                    self.assertEqual(swept["eps_g"][0], bare)
                    if len(swept["eps_g"]) > 1:  # else it is the default
                        self.assertNotEqual(swept["eps_g"][1], bare)

    def test_of_a_sweeps_file(self):
        """Also where the file is swept over that setting, and for two that run together."""
        file = WORK / "swept.csv"
        program("sweep", "-N", 16, "-L", 4, "--eta", 0.2, "--alpha", "0,2", "--sweep", "K=M=3,4", "-o", file)
        found = ordpar.sweep(like=file, **{"K=M": [None, 4]})
        self.assertEqual((found["K"].tolist(), found["M"].tolist()), ([2, 4], [2, 4]))
        self.assertEqual(found["eps_g"].tolist(), [last([0, 2], eta=0.2, K=k, M=k, **SMALL) for k in (2, 4)])
        found = ordpar.sweep(like=file, K=[None, 3], M=[None, 3], together=("K", "M"), what="simulate", runs=2)
        self.assertEqual(found["mean"][0].tolist(), ordpar.simulate([0, 2], eta=0.2, runs=2, **SMALL).mean.tolist())

    def test_the_default_or_none(self):
        """The coordinate is the default's where that is computed; else there is none, and no point is lost."""
        data = np.random.default_rng(1).normal(size=(300, 20)) * np.linspace(2, 0.3, 20)
        found = ordpar.sweep([0, 2], data=data, N=[None, 12])
        np.testing.assert_array_equal(found.axes["N"], [math.nan, 12])
        self.assertEqual(found["eps_g"].tolist(), [last([0, 2], data=data), last([0, 2], data=data, N=12)])
        wide = np.tile(data, 52)
        found = ordpar.sweep([0, 2], data=wide, N=[1024, None])
        np.testing.assert_array_equal(found.axes["N"], [1024, math.nan])
        rates = dict(schedule=[RATES[0], None], eta=[None, 0.3], together=("schedule", "eta"))
        for found in (ordpar.sweep([0, 2], **rates, **SMALL), ordpar.sweep([0, 2], like=like(eta=0.2, N=16, L=4), **rates),
                      ordpar.Model(eta=0.2, **SMALL).sweep([0, 2], **rates)):  # fmt: skip
            np.testing.assert_array_equal(found["eta"], [math.nan, 0.3])
            self.assertEqual(found["eps_g"].tolist(), [last([0, 2], schedule=RATES[0], **SMALL), last([0, 2], eta=0.3, **SMALL)])
        state = str(WORK / "state.csv")
        ordpar.curve([0, 2], K=3, eta=0.2, save_overlaps=state, **SMALL)
        found = ordpar.sweep([2, 4], continue_from=state, K=[None, 3])
        np.testing.assert_array_equal(found.axes["K"], [math.nan, 3])  # its state's
        self.assertEqual(*found["eps_g"])
        found = ordpar.sweep([0, 2], batch_fraction=[None, 0.5], **SMALL)
        np.testing.assert_array_equal(found.axes["batch_fraction"], [math.nan, 0.5])
        file = WORK / "none.csv"
        program("sweep", "-N", 16, "-L", 4, "--sweep", "batch-fraction=none,0.5", "--alpha", "0,2", "-o", file)
        for words in (dict(batch_fraction="none,0.5"), dict(batch_fraction=["none", 0.5]), dict(like=file)):
            self.assertEqual(ordpar.sweep(None if "like" in words else [0, 2], **words, **({} if "like" in words else SMALL)), found)
        runs = ordpar.sweep([0, 2], runs="none,3,10", what="simulate", **SMALL)
        self.assertEqual(runs.axes["runs"].tolist(), [10, 3])
        self.assertEqual(ordpar.sweep([0, 2], eta=[None, 0.1, 0.2], **SMALL).axes["eta"].tolist(), [0.1, 0.2])


class OfAModel(unittest.TestCase):
    def test_its_texts_are_one_value(self):
        """In sweep as in the other methods; those that sweep is given are lists."""
        for name in ("student_output", "teacher_output", "unlearnable"):
            text, numbers = (ordpar.Model(**SMALL, **{name: value}) for value in ("0.5,1", [0.5, 1]))
            found = text.sweep([0, 2], sigma_j=[0.1, 0.01])
            self.assertEqual([*found.axes], ["sigma_j"])
            self.assertEqual(found["eps_g"].tolist(), numbers.sweep([0, 2], sigma_j=[0.1, 0.01])["eps_g"].tolist())
            self.assertEqual(found["eps_g"][1], text.curve([0, 2]).eps_g[-1])
            self.assertEqual(numbers.sweep([0, 2], **{name: "0.5,1"}).axes[name].tolist(), ["0.5", "1"])
            settings = ordpar.curve([0, 2], like=like(**SMALL, **{name: [0.5, 1]})).settings
            self.assertEqual(ordpar.sweep([0, 2], sigma_j=[0.1, 0.01], **settings), found)

    def test_its_seed(self):
        """It counts where its overlaps give way, and nothing is drawn from those that stay."""
        model, drawn = ordpar.Model(seed=5, overlaps=ENDS[0], **SMALL), ordpar.Model(seed=5, **SMALL)
        for more in (dict(sigma_j=0.1), dict(init="sampled"), dict(sigma_j=0.1, runs=3), dict(init="mean")):
            self.assertEqual(model.curve([0, 2], **more), ordpar.curve([0, 2], seed=5, **more, **SMALL))
        self.assertEqual(model.curve([0, 2], sigma_j=0.1).settings["seed"], 5)
        self.assertEqual(model.curve([0, 2]), ordpar.curve([0, 2], overlaps=ENDS[0], **SMALL))
        swept = model.sweep([0, 2], sigma_j=[0.1, 0.2])
        self.assertEqual(swept["eps_g"].tolist(), [last([0, 2], seed=5, sigma_j=s, **SMALL) for s in (0.1, 0.2)])
        expected = [last([0, 2], overlaps=ENDS[1], **SMALL), last([0, 2], seed=5, **SMALL)]
        for own in (model, drawn):
            self.assertEqual(own.sweep([0, 2], overlaps=[ENDS[1], None])["eps_g"].tolist(), expected)
        begun = model.curve([0, 2])
        self.assertEqual(model.curve([2, 4], continue_from=begun.state()), ordpar.curve([2, 4], continue_from=begun.state()))
        other = ordpar.curve([0, 2], **SMALL).state()
        self.assertRaisesRegex(ordpar.Error, "seed: 5 contradicts", drawn.curve, [2, 4], continue_from=other)

    def test_its_seed_in_reports(self):
        model = ordpar.Model(seed=5, overlaps=ENDS[0], **SMALL)
        curve, runs = model.curve("0:200:50"), model.simulate([0, 2, 4], runs=2)
        end = model.curve([200, 210, 220], continue_from=curve.state())
        for own, result in ((model, curve), (model, end), (model.replace(overlaps=None), curve)):
            self.assertEqual(own.report(result), ordpar.report(result))
        self.assertEqual(model.report(runs), ordpar.report(runs))
        self.assertRaisesRegex(ordpar.Error, "seed: 6 contradicts", model.replace(seed=6).report, runs)
        self.assertRaisesRegex(ordpar.Error, "seed: 5 contradicts", ordpar.report, curve, seed=5)


    def test_its_training_in_reports(self):
        """The curve has the same: a report as without the model, but of measured numbers, which are of no training."""
        base, other = dict(teacher="mean", sigma_j=1e-3, **SMALL), ordpar.Model(teacher="mean", sigma_j=1e-3, **SMALL)
        kinds = dict(schedule="power:0.5:20"), dict(schedule=RATES[0]), dict(momentum="constant:1:0.2"), dict(weight_decay=0.01)
        kinds += dict(batch=4), dict(batch_fraction=0.5), dict(train_output=True, eta_v=0.1)
        idle = dict(batch=1), dict(eta_v=0), dict(train_output=False), dict(momentum="none"), dict(schedule="constant")
        for training in kinds + idle:
            model = ordpar.Model(**base, **training)
            curve = model.curve("0:200:201", moments=[1])
            end = model.curve([200, 210, 220], continue_from=curve.state())
            for result in (curve, end, model.simulate([0, 2, 4], runs=2)):
                found, expected = model.report(result), ordpar.report(result)
                self.assertEqual((found, found.facts, found.settings), (expected, expected.facts, expected.settings), training)
            name, measured = next(iter(training)), (curve.alpha, curve.eps_g)
            if training in idle:  # it says what is so anyway, also where there is no training
                self.assertEqual(model.report(measured), other.report(measured))
                self.assertEqual(model.precision("0:1:2"), other.precision("0:1:2"))
                self.assertEqual(model.closed_form("escape"), other.closed_form("escape"))
                continue
            self.assertRaisesRegex(TypeError, f"no setting '{name}', which the model has", model.report, measured)
        plain = other.curve("0:200:201", moments=[1])
        for name, value in (("schedule", "power:0.5:20"), ("weight_decay", 0.01), ("batch", 4)):
            self.assertRaisesRegex(ordpar.Error, f"{name}: {value} contradicts the curve", other.replace(**{name: value}).report, plain)


class AlphaOfAFile(unittest.TestCase):
    """A file that was swept over alpha has none for curves: what is given counts."""

    file = WORK / "over-alpha.csv"

    @classmethod
    def setUpClass(cls):
        program("sweep", *"-N 16 -L 4 --activation linear --init mean --teacher mean --sweep alpha=1,3".split(), "-o", cls.file)

    def test_given(self):
        given = dict(activation="linear", init="mean", teacher="mean", **SMALL)
        for name in ("curve", "simulate", "compare", "precision"):
            function = getattr(ordpar, name)
            self.assertEqual(function([0, 1], like=self.file), function([0, 1], **given))
            self.assertEqual(getattr(ordpar.Model(like=self.file), name)([0, 1]), function([0, 1], **given))
        form = ordpar.closed_form("linear-exact", [0, 1], like=self.file)
        self.assertEqual(form.tolist(), ordpar.closed_form("linear-exact", [0, 1], **given).tolist())
        swept = ordpar.sweep([0, 1], like=self.file, eta=[0.1, 0.2])
        self.assertEqual(swept, ordpar.sweep([0, 1], eta=[0.1, 0.2], **given))

    def test_missing(self):
        words = r"alpha is swept there \(.*1,3\)"
        for function in (ordpar.curve, ordpar.simulate):
            self.assertRaisesRegex(ordpar.Error, words + ": give the value that is meant", function, like=self.file)
        self.assertRaisesRegex(ordpar.Error, words, ordpar.Model(like=self.file).curve)
        for own in ({}, dict(eta=[0.1, 0.2])):
            self.assertRaisesRegex(TypeError, words + ", which only the program does: give alpha$", ordpar.sweep, like=self.file, **own)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
