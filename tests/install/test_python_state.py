# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a curve was, and what goes on from there; the paper's figures; from the installed module."""

import copy
import dataclasses
import doctest
import json
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())


class State(unittest.TestCase):
    def test_documents(self):
        finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner(verbose=False)
        (found,) = finder.find(ordpar.Curve.state, "state", globs={})
        self.assertEqual(runner.run(found).failed, 0)

    def test_none_on_labels(self):
        """However they were given; no setting is named that would have to be left out."""
        X = np.random.default_rng(1).normal(size=(60, 6))
        for name, values in (("X.npy", X), ("y.npy", X[:, 0])):
            np.save(WORK / name, values)
        files = dict(data=WORK / "X.npy", labels=WORK / "y.npy", M=1)
        (WORK / "labels.json").write_text(json.dumps({name: str(value) for name, value in files.items()}))
        for settings in (files, dict(data=X, labels=X[:, 0], M=1), dict(like=WORK / "labels.json")):
            curve = ordpar.curve([0, 5], **settings)
            self.assertRaisesRegex(TypeError, "^a curve with labels has no state: no file holds the noise of each direction to go on from$", curve.state)

    def test_goes_on(self):
        """It is where a run to there ends; the two parts are the whole curve."""
        options = dict(K=3, M=2, N=64, L=4, eta=0.5, schedule="power:0.5:20", train_output=True, eta_v=0.1)
        whole = ordpar.curve([80.0, 0, 40], **options)
        state = whole.state(40)
        self.assertEqual(state.overlaps, ordpar.curve(40, **options).overlaps)
        for kept in (state, pickle.loads(pickle.dumps(state))):
            rest = ordpar.curve([40, 80.0], continue_from=kept)
            np.testing.assert_allclose(rest.eps_g, whole.eps_g[[2, 0]], rtol=1e-7)
        self.assertEqual(ordpar.Model(**options).curve([0, 40]).state(), state)
        self.assertEqual(rest.state().alpha, 80)
        np.testing.assert_allclose(rest.state(60).overlaps.r, whole.state(60).overlaps.r, rtol=1e-6)

    def test_does_not_change(self):
        """What it shows is what goes on: neither is replaced alone; copies are states."""
        state = ordpar.curve([0, 5], N=64, L=4).state()
        other = state.overlaps._replace(q=4 * state.overlaps.q)
        for change in (dict(overlaps=other), dict(alpha=2.0), dict(content=b"")):
            with self.assertRaisesRegex(TypeError, "a State .* does not change; overlaps=.. starts a run"):
                dataclasses.replace(state, **change)
        self.assertRaises(TypeError, ordpar.State, state.alpha, other, state.content)
        self.assertRaises(AttributeError, setattr, state, "overlaps", other)
        self.assertRaises(ValueError, state.overlaps.q.__setitem__, 0, 0)
        for kept in (copy.copy(state), copy.deepcopy(state), pickle.loads(pickle.dumps(state))):
            self.assertEqual((kept, kept.alpha, kept.overlaps), (state, state.alpha, state.overlaps))
            self.assertFalse(kept.overlaps.q.flags.writeable)

    def test_checkpoint(self):
        """A checkpoint compares what a state holds, whatever file that has in this process; another one is refused."""
        path = str(WORK / "goes_on")
        state, other = (ordpar.curve([0, 5], eta=eta, N=64, L=4).state() for eta in (0.3, 0.2))
        made = ordpar.curve([6, 7], continue_from=state, checkpoint=path)
        with open(os.devnull) as _, open(os.devnull) as _:  # so that the state's file has another number
            self.assertEqual(ordpar.curve([6, 7], continue_from=pickle.loads(pickle.dumps(state)), checkpoint=path), made)
        with self.assertRaisesRegex(ordpar.Error, "goes_on"):
            ordpar.curve([6, 7], continue_from=other, checkpoint=path)

    def test_momentum(self):
        """P goes on, too."""
        options = dict(N=64, L=4, eta=0.3, momentum="nesterov:3:0.3", batch=2)
        whole = ordpar.curve([0, 40, 80.0], **options)
        state = pickle.loads(pickle.dumps(whole.state(40)))
        self.assertIn(b"\n# push: ", state.content)
        np.testing.assert_allclose(ordpar.curve([80.0], continue_from=state).eps_g, whole.eps_g[2:], rtol=1e-7)

    def test_values_that_others_need(self):
        """Settings are those of the curve, also the defaults that stand beside what needs them."""
        for given in (dict(train_output=True, eta_v=0), dict(spread=0, spread_parts=3)):
            curve = ordpar.curve([0, 3, 6], N=32, L=4, **given)
            self.assertEqual(ordpar.curve([0, 3, 6], **curve.settings), curve)
            np.testing.assert_allclose(ordpar.curve([6], continue_from=curve.state(3)).eps_g, curve.eps_g[2:], rtol=1e-7)

    def test_changed_files(self):
        """Neither a curve nor a model goes on with files that have changed since, nor does a copy."""
        rates, like = WORK / "rates.csv", WORK / "like.json"
        rates.write_text("alpha,eta\n0,0.1\n10,0.2\n")
        like.write_text('{"N": 64, "L": 4, "eta": 0.2}')
        curve, model = ordpar.curve([0, 10], schedule=rates, N=64, L=4), ordpar.Model(like=like)
        self.assertRegex(curve.facts["digests"], "^schedule=[0-9a-f]{16}$")
        self.assertEqual(curve.state(5).alpha, 5)
        early, kept = copy.copy(model), pickle.dumps(model)
        self.assertEqual(early, model)
        rates.write_text("alpha,eta\n0,0.1\n10,0.3\n")
        like.write_text('{"N": 64, "L": 4, "eta": 0.3}')
        with self.assertRaisesRegex(ordpar.Error, "^schedule: has another content than when the curve was made"):
            curve.state(5)
        for late in (lambda: copy.copy(model), lambda: pickle.loads(kept).curve(1), lambda: model.replace(K=3), lambda: early.curve(1)):
            with self.assertRaisesRegex(ordpar.Error, "like.json: has changed since the model was made"):
                late()

    def test_files_elsewhere(self):
        """A file is what is in it, by whatever name: a run goes on with it, and a report is of it."""
        rates, weights, other = WORK / "first.csv", WORK / "sum.json", WORK / "other.json"
        rates.write_text("alpha,eta\n0,0.1\n10,0.2\n")
        weights.write_text('{"a": [1], "s": [1]}')
        other.write_text('{"a": [1], "s": [2]}')
        curve = ordpar.curve([0, 5, 10], schedule=rates, activation=weights, N=64, L=4)
        state, alike = curve.state(5), WORK / "sub" / ".." / "sum.json"
        (WORK / "sub").mkdir()
        np.testing.assert_allclose(ordpar.curve([10], continue_from=state, activation=alike).eps_g, curve.eps_g[2:], rtol=1e-7)
        self.assertEqual(ordpar.report(curve, activation=alike).keys(), ordpar.report(curve).keys())
        for wrong in (other, "relu"):
            with self.assertRaisesRegex(ordpar.Error, "^activation: .* contradicts the state"):
                ordpar.curve([10], continue_from=state, activation=wrong)
            with self.assertRaisesRegex(ordpar.Error, "^activation: .* contradicts the curve"):
                ordpar.report(curve, activation=wrong)

    def test_pipe(self):
        """What was read once is not there again."""
        pipe = str(WORK / "pipe")
        os.mkfifo(pipe)
        writer = subprocess.Popen(["sh", "-c", f"printf '1\\n2\\n' > '{pipe}'"])
        curve = ordpar.curve([0, 5], spectrum=pipe, normalise=True)
        self.assertEqual(writer.wait(), 0)
        self.assertRaisesRegex(ordpar.Error, "spectrum: .*pipe is read once; it is not there again", curve.state, 2)

    def test_refusals(self):
        """No state of means over runs, nor of data that are gone; messages name no files of ours."""
        examples = np.random.default_rng(1).normal(size=(50, 4))
        for curve in (ordpar.curve([0, 1], runs=2), ordpar.curve([0, 1], data=examples)):
            with self.assertRaises(TypeError):
                curve.state()
        np.save(WORK / "labelled.npy", examples)
        for data in (examples, WORK / "labelled.npy"):
            with self.assertRaisesRegex(TypeError, "^a curve with labels has no state: "):
                ordpar.curve([0, 1], data=data, labels=examples[:, 0]).state()
        settings = ordpar.curve([0, 1], data=examples).settings  # in which they are no file, whatever is there
        with self.assertRaisesRegex(TypeError, "data were an array, which settings do not keep"):
            ordpar.curve([0, 1], **pickle.loads(pickle.dumps(settings)))
        state = ordpar.curve([0, 5], L=4).state()
        with self.assertRaisesRegex(ordpar.Error, "eta: 0.3 contradicts the state, which has 0.1"):
            ordpar.curve(6, continue_from=state, eta=0.3)
        with self.assertRaisesRegex(ordpar.Error, "alpha: must begin at 5 or later, where the state stands"):
            ordpar.curve(4, continue_from=state)
        with self.assertRaisesRegex(ordpar.Error, "alpha"):
            ordpar.curve([0, 1]).state(-1)


class Files(unittest.TestCase):
    def test_models(self):
        """A model, its copies and those that were pickled have the files of when it was made; a new one has new ones."""
        path = WORK / "moving"
        for name, old, new in (("spectrum", "3\n2\n", "3\n1\n"), ("schedule", "alpha,eta\n0,0.1\n", "alpha,eta\n0,0.2\n")):
            path.write_text(old)
            model = ordpar.Model(**{name: str(path)})
            kept, before = [model, copy.copy(model), pickle.loads(pickle.dumps(model))], model.curve([1])
            path.write_text(old)
            self.assertEqual(model.curve([1]), before)
            path.write_text(new)
            for one in kept:
                with self.assertRaisesRegex(ordpar.Error, f"^{name}: .*moving: has changed since the model was made$"):
                    one.curve([1])
            self.assertNotEqual(ordpar.Model(**{name: str(path)}).curve([1]), before)


class Figure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (WORK / "other.csv").write_text("a\n1\n")
        cls.panels = ordpar.figure(6, WORK, threads=1)

    def test_panels(self):
        """What is returned stands in the files; nothing of other figures in the folder."""
        self.assertTrue(self.panels and "other" not in self.panels)
        for name, columns in self.panels.items():
            text = [line for line in (WORK / f"{name}.csv").read_text().splitlines() if line[0] != "#"]
            self.assertEqual(list(columns), text[0].split(","))
            self.assertTrue(all(len(values) == len(text) - 1 for values in columns.values()))
            self.assertTrue((WORK / f"{name}.svg").exists())

    def test_without_gnuplot(self):
        """A picture that is not drawn costs no numbers."""
        path = os.environ["PATH"]
        os.environ["PATH"] = "/nonexistent"
        try:
            with self.assertRaisesRegex(ordpar.Error, "gnuplot was not found") as caught:
                ordpar.figure(6, WORK / "undrawn", threads=1)
        finally:
            os.environ["PATH"] = path
        self.assertEqual({k: list(v) for k, v in caught.exception.partial.items()}, {k: list(v) for k, v in self.panels.items()})
        for name, columns in self.panels.items():
            for column, values in columns.items():
                np.testing.assert_array_equal(caught.exception.partial[name][column], values)

    def test_ended(self):
        """A program that is killed is said to be."""
        with mock.patch("ordpar._figure._run", return_value=(-9, "")):
            self.assertRaisesRegex(ordpar.Error, "^figure: the program was ended by SIGKILL$", ordpar.figure, 4, WORK)

    def test_refusals(self):
        (WORK / "other.csv").touch()
        for arguments, words in (((7, WORK), "7"), ((1, WORK / "other.csv"), "other.csv")):
            with self.assertRaisesRegex(ordpar.Error, words) as caught:
                ordpar.figure(*arguments)
            self.assertEqual(caught.exception.status, "INVALID")

    def test_words(self):
        """Names with -- in them, names that are not UTF-8, what is no file, and options in the place of a number."""
        for data in ("--help", "runs--1.npy", b"bad\xff.npy"):
            with self.assertRaisesRegex(ordpar.Error, f"^data: {os.fsdecode(data)}: cannot be read"):
                ordpar.figure(3, WORK, data=data)
        for number in ("--help", "-h"):
            self.assertRaisesRegex(ValueError, f"number must be .*, got '{number}'", ordpar.figure, number, WORK)
        for out in (None, 3, ["folder"]):
            self.assertRaisesRegex(TypeError, r"^out must be the name of a folder, got ", ordpar.figure, 2, out)
        self.assertRaisesRegex(ordpar.Error, "other.csv", ordpar.figure, 2, WORK / "other.csv", data=None)
        for name, value in (("data", np.ones((3, 3))), ("labels", np.ones(3)), ("data", [3]), ("data", 3)):
            self.assertRaisesRegex(TypeError, f"^{name} must be files", ordpar.figure, 3, WORK, **{name: value})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
