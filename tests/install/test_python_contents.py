# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures go by what was in files and arrays, not by their names."""

import dataclasses
import pathlib
import pickle
import subprocess
import sys
import tempfile
import unittest
import warnings

import numpy as np
import ordpar


def _as_tasks(*probabilities):
    outputs = [[1, 0], [0, 1]]
    return [dict(student_output=[1, 1], teacher_output=o, probability=[[0, p]]) for o, p in zip(outputs, probabilities)]


class Rewritten(unittest.TestCase):
    """Pictures of results whose files have another content by now, or had when another was computed."""

    def setUp(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("no matplotlib")
        matplotlib.use("Agg")
        caught = warnings.catch_warnings()
        caught.__enter__()
        self.addCleanup(caught.__exit__, None, None, None)
        warnings.simplefilter("ignore")  # the trace of spectra
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def drawn(self, *results):
        """Numbers of colours, in the order in which they come, entries and title."""
        ax = None
        for result in results:
            ax = result.plot(ax)
        colours = [line.get_color() for line in ax.get_lines()]
        words = [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else []
        return [list(dict.fromkeys(colours)).index(colour) for colour in colours], words, ax.get_title()

    def rates(self, rate):
        (self.folder / "rates.csv").write_text(f"alpha,eta\n0,{rate}\n100,{rate}\n")
        return dict(schedule=self.folder / "rates.csv", N=64, L=4)

    def test_runs_that_go_on(self):
        file, first, later = self.folder / "end.csv", [], []
        for eta in (0.1, 0.2):
            first.append(ordpar.curve([0, 10], N=64, L=4, eta=eta, save_overlaps=file))
            later.append(pickle.loads(pickle.dumps(ordpar.curve([10, 20], continue_from=file))))
        file.unlink()
        self.assertTrue(self.drawn(later[0])[2].endswith("= 0.1"))
        self.assertEqual(self.drawn(*later)[:2], ([0, 1], [r"$\eta$ = 0.1", r"$\eta$ = 0.2"]))
        self.assertEqual(self.drawn(*first, *later)[:2], ([0, 1, 0, 1], [r"$\eta$ = 0.1", r"$\eta$ = 0.2"]))

    def test_another_beginning_now(self):
        """Of a state that was replaced while the curve was computed nothing is known."""
        file = self.folder / "end.csv"
        first = ordpar.curve([0, 10], N=64, L=4, save_overlaps=file)
        later = ordpar.curve([10, 20], continue_from=file)
        later.settings.begun.clear()
        self.assertEqual(self.drawn(first, later)[0], [0, 1])

    def test_contents(self):
        pairs = []
        for rate in (0.1, 0.4):
            S = self.rates(rate)
            pairs.append((ordpar.curve([0, 10], **S), ordpar.simulate([0, 10], runs=2, **S)))
        (slow, slow_runs), (fast, fast_runs) = pairs
        colours, words, title = self.drawn(slow, fast_runs)
        self.assertEqual((colours, "from" in title), ([0, 1], False))
        self.assertTrue(all("schedule" in word for word in words), words)
        self.assertEqual(self.drawn(slow, slow_runs)[0], [0, 0])
        self.assertIn("from rates", self.drawn(slow, slow_runs)[2])
        self.assertEqual(self.drawn(slow, slow_runs, fast, fast_runs)[0], [0, 0, 1, 1])
        self.assertEqual(self.drawn(slow_runs, fast, slow, fast_runs)[0], [0, 1, 0, 1])

    def test_sweeps(self):
        for alpha, swept in (([50, 100], dict(L=[1, 2])), ("0:100:3", dict(L=2, seed=[1, 2]))):
            what = "facts" if "seed" in swept else "curve"
            slow, fast = (ordpar.sweep(alpha, **{**self.rates(rate), **swept}, what=what) for rate in (0.1, 0.4))
            words, title = self.drawn(slow, fast)[1:]
            self.assertTrue(words and all("schedule" in word for word in words), words)
            self.assertNotIn("from", title)
        folder = self.folder
        for k in (1, 2):
            ordpar.curve([0, 10], N=64, L=4, eta=0.1 * k, save_overlaps=folder / f"{k}.csv")
        swept = ordpar.sweep([10, 20], continue_from=[str(folder / "1.csv"), str(folder / "2.csv")], what="curve")
        self.assertEqual(self.drawn(swept)[1], [r"$\eta$ = 0.1", r"$\eta$ = 0.2"])

    def test_what_points_share(self):
        """Files that some of a sweep's points name leave the digests of those that all do."""
        (self.folder / "rates2.csv").write_text("alpha,eta\n0,0.2\n")
        names = [str(self.rates(0.1)["schedule"]), str(self.folder / "rates2.csv")]
        swept = ordpar.sweep([0, 1], schedule=names, spectrum=([3, 1], [20, 44]), what="curve")
        self.assertRegex(swept.facts["digests"], "^spectrum=[0-9a-f]{16}$")

    def test_arrays(self):
        rng = np.random.default_rng(0)
        starts = [ordpar.curve([0, 5 * k], N=64, L=2).state().overlaps for k in (1, 2)]
        data = [rng.normal(size=(100, 4)) * np.linspace(1, k, 4) for k in (2, 3)]
        kinds = [[dict(spectrum=([k, 1], [20, 44])) for k in (3, 5)]]
        kinds.append([dict(N=64, L=2, overlaps=start) for start in starts])
        kinds.append([dict(N=64, L=2, tasks=_as_tasks(p, 1 - p)) for p in (0.5, 0.25)])
        kinds.append([dict(data=rows) for rows in data])
        for A, B in kinds:
            file = self.folder / "end.csv"
            a, b = (ordpar.curve([0, 10], save_overlaps=file, **settings) for settings in (A, B))
            state = file if "data" in B else b.state()
            on = ordpar.curve([10, 20], continue_from=state, save_overlaps=self.folder / "on.csv")
            further = ordpar.curve([20, 30], continue_from=self.folder / "on.csv")
            with self.subTest(of=[*A]):
                colours, words, _ = self.drawn(a, b, on, further)
                self.assertEqual((colours, len(words)), ([0, 1, 1, 1], 2))
                self.assertEqual(self.drawn(b, on, further)[:2], ([0, 0, 0], []))
                for later in (on, further):
                    colours, words, _ = self.drawn(a, later)
                    self.assertEqual((colours, len(set(words))), ([0, 1], 2))
                plain = ordpar.curve([0, 10], N=64, L=2)
                self.assertEqual(self.drawn(plain, on)[0], [0, 1])

    def test_files_by_the_program(self):
        """What a run took over is noted by the digests of the run before, in Python as by the program."""
        for k in (1, 2):
            (self.folder / "ev.csv").write_text(f"eigenvalue,multiplicity\n{k + 1},20\n1,44\n")
            first = ordpar.curve([0, 10], spectrum=self.folder / "ev.csv", save_overlaps=self.folder / "end.csv")
            on = ordpar.curve([10, 20], continue_from=self.folder / "end.csv")
            self.assertTrue(str(on.facts["digests"]).startswith(f"{first.facts['digests']} continue="))
            if k == 1:
                before = first
        self.assertEqual(self.drawn(before, first, on)[0], [0, 1, 1])
        self.assertEqual(self.drawn(before, on)[0], [0, 1])

    def test_reports_of_what_goes_on(self):
        """What the run began with may be given beside a curve that goes on from it, by whatever name; not another."""
        names = [self.folder / name for name in ("ev.csv", "copy.csv", "other.csv", "0.ov", "1.ov", "x.npy")]
        for name, level in zip(names, (2, 2, 3)):
            name.write_text(f"eigenvalue,multiplicity\n{level},20\n1,44\n")
        array, other = ([2, 1], [20, 44]), ([3, 1], [20, 44])
        for spectrum in (names[0], array):
            begun = ordpar.curve([0, 10], spectrum=spectrum)
            on = ordpar.curve([10, 20], continue_from=begun.state())
            known = ordpar.report(on)
            self.assertFalse(np.isnan(known["plateau_height"].predicted))
            for same in (names[0], names[1], array):
                self.assertEqual(ordpar.report(on, spectrum=same), known)
            self.assertEqual(ordpar.report(on, N=64), known)
            for wrong in (names[2], other):
                self.assertRaisesRegex(ordpar.Error, "spectrum: 3, 20 times, .* contradicts the state", ordpar.report, on, spectrum=wrong)
            self.assertRaisesRegex(ordpar.Error, "input.dim: 65 contradicts the state, which has 64", ordpar.report, on, N=65)
        drawn = dict(N=64, L=4)
        on = ordpar.curve([10, 20], continue_from=ordpar.curve([0, 10], eta=0.3, **drawn).state())
        known = ordpar.report(on)
        for same in (dict(eta=0.3), dict(L=4), dict(eta=0.3, seed=1, beta=1, **drawn)):  # not the defaults
            self.assertEqual(ordpar.report(on, **same), known)
        for name, wrong, has in (("eta", 0.1, "0.3"), ("eta", 0.2, "0.3"), ("L", 16, "4"), ("seed", 2, "1")):
            self.assertRaisesRegex(ordpar.Error, f": {wrong} contradicts the state, which has {has}", ordpar.report, on, **{name: wrong})
        ordpar.curve([0, 5], save_overlaps=names[3], **drawn)
        given = ordpar.curve([0, 5], overlaps=names[3], save_overlaps=names[4], **drawn)
        on = ordpar.curve([5, 10], continue_from=given.state())
        self.assertEqual(ordpar.report(on, overlaps=names[3]), ordpar.report(on))
        self.assertRaisesRegex(ordpar.Error, "overlaps: .*1.ov is not what the curve was made with", ordpar.report, on, overlaps=names[4])
        np.save(names[5], np.random.default_rng(1).normal(size=(50, 8)))
        on = ordpar.curve([5, 10], continue_from=ordpar.curve([0, 5], data=names[5]).state())
        self.assertEqual(ordpar.report(on, data=names[5]), ordpar.report(on))

    def test_reports_without_predictions(self):
        """What is measured, with the reason, where a model is not to be had, or has no predictions."""
        rates, end = self.folder / "rates.csv", self.folder / "end.csv"
        rates.write_text("alpha,eta\n0,0.3\n")
        model = dict(N=64, L=2, schedule=rates)
        begun = ordpar.curve("0:100:11", save_overlaps=end, **model)
        curves = [begun, *(ordpar.curve("100:3000:291", continue_from=state) for state in (end, begun.state()))]
        runs = ordpar.simulate("0:30:31", K=3, N=64, L=8, activation="relu", sigma_j=0, runs=3)
        rates.write_text("alpha,eta\n0,0.1\n")
        for change, told in ((lambda: None, "has (changed|another content)"), (rates.unlink, "cannot be read")):
            change()
            for curve in curves:
                found = ordpar.report(curve)
                self.assertRegex(found.facts["predictions"], rf"^none: schedule: .*rates.csv:? {told}")
                self.assertEqual(found, ordpar.report((curve.alpha, curve.eps_g)))
        for given in ({}, dict(N=64)):
            self.assertRegex(ordpar.report(runs, **given).facts["predictions"], "^none: sigma-j: relu has no derivative at 0")
        self.assertRaisesRegex(ordpar.Error, "relu has no derivative", ordpar.report, (runs.alpha, runs.mean), N=64, L=8, activation="relu", sigma_j=0)
        self.assertRaisesRegex(ordpar.Error, "eta: 0.2 contradicts", ordpar.report, runs, eta=0.2)

    def test_reports_of_no_one_curve(self):
        """Means over tasks are no curve of which a plateau is measured, whatever computed them, as the program says."""
        tasks = [dict(student_output=[1, 1], teacher_output=o, probability=[[0, 0.5]]) for o in ([1, 0], [0, 1])]
        model = dict(N=64, L=2, eta=0.5)
        grid = "0.1:1000:50:log"
        several = [
            (begun := ordpar.curve(grid, tasks=tasks, **model)),
            ordpar.curve([1000, 2000], continue_from=begun.state()),
            ordpar.curve(grid, tasks=tasks, runs=2, **model),
            ordpar.simulate([1, 2, 3], tasks=tasks, runs=2, **model),
            ordpar.compare([1, 2, 3], tasks=tasks, runs=2, **model),
        ]
        for curve in several:
            self.assertRaisesRegex(ordpar.Error, "^curve: has several tasks, over which eps_g is a mean; need one curve$", ordpar.report, curve)
        one = ordpar.curve(grid, tasks=[{**tasks[0], "probability": [[0, 1]]}], **model)
        self.assertGreater(ordpar.report(one)["plateau_exit"].measured, 0)
        self.assertRaisesRegex(ordpar.Error, "^curve: has no rows$", ordpar.report, ([], []))

    def test_results_of_before(self):
        """States of results that have no digests of arrays, nor of the run before."""
        made = [ordpar.curve([0, 10], spectrum=([3, 1], [20, 44]))]
        made.append(ordpar.curve([10, 20], continue_from=made[0].state()))
        for curve in made:
            facts = {name: fact for name, fact in curve.facts.items() if name != "digests"}
            facts.update(digests=" ".join(w for w in curve.facts["digests"].split() if w.startswith("continue=")))
            old = dataclasses.replace(curve, facts=facts)
            self.assertEqual(old.state(), curve.state())

    def test_laws(self):
        """A law is drawn over the histogram of its own model."""
        sweep = None
        for rate in (0.5, 1):
            (self.folder / "ev.csv").write_text(f"eigenvalue,multiplicity\n{rate},64\n")
            S = dict(spectrum=self.folder / "ev.csv", eta=0.5, sigma_j=1e-3, normalise=False)
            law = ordpar.closed_form("escape-law", **S)
            sweep = sweep or ordpar.sweep("0.1:2000:60:log", seed=range(1, 7), teacher="mean", **S)
            if rate == 0.5:
                self.assertEqual(len(sweep.plot(histogram="plateau_exit", law=law).get_lines()), 1)
            else:
                with self.assertRaisesRegex(ValueError, "law: its settings are those of no group"):
                    sweep.plot(histogram="plateau_exit", law=law)

    def archive(self):
        """Arrays X, Y, Z and X2 in one file, and a copy of it."""
        g = np.random.default_rng(0)
        x = g.normal(size=(300, 6))
        names = [str(self.folder / name) for name in ("d.npz", "copy.npz")]
        for name in names:
            np.savez(name, X=x, Y=x @ np.arange(6), Z=x @ np.ones(6), X2=2 * x)
        try:
            ordpar.spectrum(data=names[0])
        except ordpar.Error as error:
            if "libzip" not in str(error):
                raise
            self.skipTest("no libzip")
        return names

    def test_arrays_of_an_archive(self):
        file, copy = self.archive()
        model = dict(alpha=[0, 10, 20], data=file, M=1, K=2)
        same = [("", ":Y"), (":Z", ":Z.npy")]
        curves = {array: ordpar.curve(labels=file + array, **model) for arrays in same for array in arrays}
        runs = ordpar.simulate(labels=file + ":Z", runs=2, **model)
        for array, curve in curves.items():
            for other in curves:
                for name in (file, copy):
                    with self.subTest((array, name + other)):
                        if any({array, other} <= {*arrays} for arrays in same):
                            self.assertTrue(ordpar.report(curve, labels=name + other))
                        else:
                            self.assertRaisesRegex(ordpar.Error, "^labels: .* contradicts the curve, which has", ordpar.report, curve, labels=name + other)
        self.assertEqual(self.drawn(curves[":Y"], curves[":Z"])[:2], ([0, 1], [f"labels = {file}{array}" for array in (":Y", ":Z")]))
        self.assertEqual(self.drawn(curves[":Y"], runs)[1][0], f"labels = {file}:Y")
        self.assertEqual(self.drawn(curves[":Z"], runs)[1], ["theory of one start", "simulation ± standard error"])
        for pair, told in (("", ":Y"), "labels = d,"), ((":Z", ":Z.npy"), "labels = d:Z,"):
            self.assertIn(told, self.drawn(*(curves[array] for array in pair))[2])
        arrays = {array: ordpar.curve(array=array, **model) for array in (None, "X", "X2")}
        self.assertEqual(self.drawn(arrays["X"], arrays["X2"])[1], ["curve", "array = X2"])
        self.assertEqual(self.drawn(arrays["X"], arrays[None])[1], ["curve 1", "curve 2"])
        self.assertTrue(ordpar.report(arrays[None], array="X"))
        for array in (None, "X"):
            self.assertRaisesRegex(ordpar.Error, "^array: X2 contradicts", ordpar.report, arrays[array], array="X2")

    def test_swept_arrays_of_an_archive(self):
        """The file of an array that `like` swept over is what it was."""
        file, copy = self.archive()
        swept = str(self.folder / "swept.csv")
        program = [sys.argv[1], "sweep", "--sweep", f"labels={file}:Y,{file}:Z", "--data", copy, "-M", "1", "--alpha", "0,1,2", "-q", "-o", swept]
        subprocess.run(program, check=True)
        self.assertFalse(ordpar.sweep(like=swept).failures)
        np.savez(file, **{**np.load(file), "Z": np.arange(300.0)})
        self.assertRaisesRegex(ordpar.Error, "^labels: .*d.npz has another content than when the file of like", ordpar.sweep, like=swept)

    def test_several_files_of_data(self):
        """All are named, of many the ends."""
        x = np.random.default_rng(0).normal(size=(150, 4))
        files = [f"part-{k}.npy" for k in range(5)]
        paths = [str(self.folder / file) for file in files]
        for k, path in enumerate(paths):
            np.save(path, x[30 * k : 30 * k + 30])
        np.save(copy := str(self.folder / "copy.npy"), x[:30])
        one, two, turned, three, many = (ordpar.curve([0, 1], M=1, data=data) for data in (paths[0], paths[:2], paths[1::-1], paths[:3], paths))
        words = self.drawn(one, two, turned, many)[1]
        told = [paths[0], ", ".join(paths[:2]), ", ".join(paths[1::-1]), f"{paths[0]} .. {paths[4]} (5 files)"]
        self.assertEqual([word.replace(",\n", ", ") for word in words], [f"data = {names}" for names in told])
        self.assertIn("data = part-0, part-1, part-2,", self.drawn(three)[2])
        self.assertIn("data = part-0 .. part-4 (5 files),", self.drawn(many)[2])
        self.assertTrue(ordpar.report(two, data=[copy, paths[1]]))
        with self.assertRaises(ordpar.Error) as refused:
            ordpar.report(two, data=paths[1::-1])
        self.assertEqual(str(refused.exception), f"data: {told[2]} contradicts the curve, which has {told[1]}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
