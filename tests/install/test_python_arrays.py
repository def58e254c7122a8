# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that are arrays are told apart by their numbers, wherever settings are compared; from the installed module."""

import gc
import importlib.util
import io
import os
import pathlib
import pickle
import resource
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())
GRID = dict(N=64, L=4)


def starts(*seeds):
    return [ordpar.curve([0], seed=seed, **GRID).overlaps for seed in seeds]


class Checkpoint(unittest.TestCase):
    def test_triangles(self):
        """Products of matrices are symmetric to rounding, and the mean counts; what differs by more is refused."""
        q, r, t = (np.array(x) for x in starts(1)[0])
        exact = ordpar.curve([0, 10], overlaps=(q, r, t), **GRID)
        for x in (q, t):
            x[0, 1] = np.nextafter(x[0, 1], 9)
            x[1, 0] = np.nextafter(x[1, 0], -9)
        self.assertEqual(ordpar.curve([0, 10], overlaps=(q, r, t), **GRID), exact)
        q[0, 1, 2] += 1e-9
        with self.assertRaisesRegex(ordpar.Error, r"^overlaps: q must be symmetric, but \[0\]\[1\]\[2\] is .* and \[1\]\[0\]\[2\] is"):
            ordpar.curve([0, 10], overlaps=(q, r, t), **GRID)

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


class Like(unittest.TestCase):
    def test_arrays(self):
        """What was an array is not taken for the default, nor for another that has its place."""
        data, other = np.random.default_rng(0).normal(size=(200, 5)), np.ones((3, 5)) + np.eye(3, 5)
        cases = (dict(spectrum=([3.0, 1.0], [20, 44]), M=2), dict(overlaps=starts(1)[0], **GRID), dict(data=data))
        for name, settings in zip(("spectrum", "overlaps", "data"), cases):
            path = str(WORK / f"like_{name}.csv")
            made = ordpar.curve([0, 5], eta=0.3, save_overlaps=path, **settings)
            lives = ordpar.Model(data=other)
            with self.assertRaisesRegex(ordpar.Error, f"^like: .*: {name} was .*an array.* not kept: give it again$"):
                ordpar.curve([0, 5], like=path)
            self.assertEqual(ordpar.curve([0, 5], like=path, **{name: settings[name]}), made)
            on = ordpar.curve([5, 6], continue_from=path, **{n: v for n, v in settings.items() if n in "MNL"})
            np.testing.assert_allclose(on.eps_g[0], made.eps_g[1], rtol=1e-12)
            del lives

    def test_own_numbers(self):
        """A run of the same model under other words goes on from the checkpoint; others are named by what differs."""
        path = str(WORK / "same")
        made = ordpar.curve([0, 1], checkpoint=path, **GRID)
        self.assertTrue(np.array_equal(ordpar.curve([0, 1], spectrum=ordpar.spectrum(**GRID), checkpoint=path).eps_g, made.eps_g))
        ordpar.curve([0, 1], overlaps=starts(1)[0], checkpoint=path + "2", **GRID)
        with self.assertRaisesRegex(ordpar.Error, "^overlaps: .*same2 was made with some$"):
            ordpar.curve([0, 1], seed=3, checkpoint=path + "2", **GRID)


class Full(unittest.TestCase):
    """As on a disk that becomes full."""

    def setUp(self):
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, limit[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, limit)

    def test_rows_are_kept(self):
        """What cannot be saved beside the rows does not cost them."""
        path = str(WORK / "full")
        for function, more in (
            (ordpar.simulate, dict(runs=2, checkpoint=path)),
            (ordpar.compare, dict(runs=2, checkpoint=path)),
            (ordpar.curve, dict(checkpoint=path)),
            (ordpar.curve, dict(save_overlaps=path)),
        ):
            with self.assertRaisesRegex(ordpar.Error, "cannot be written: .*partial has") as caught:
                function([0, 5], **GRID, **more)
            self.assertEqual(len(caught.exception.partial.alpha), 2)

    def test_temporary_files(self):
        with self.assertRaisesRegex(ordpar.Error, "^the array is written to a temporary file, which does not go in .*TMPDIR names another"):
            ordpar.curve([0], data=np.ones((20, 8)))

    def test_temporary_files_of_states(self):
        curve, told = ordpar.curve([0, 5], **GRID), "^the state is written to a temporary file, which does not go in [^;]*: [^;]*; TMPDIR names another folder$"
        for one in (curve, ordpar.curve([0, 1], N=2048, L=1024)):  # a file that is full at its end, or before
            with self.assertRaisesRegex(ordpar.Error, told) as caught:
                one.state()
            self.assertIsNone(caught.exception.partial)
        with unittest.mock.patch("tempfile.tempdir", "/no/such/folder"), self.assertRaisesRegex(ordpar.Error, told):
            curve.state()
        with tempfile.TemporaryDirectory() as folder:
            limit, code = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))", (
                "import ordpar; c = ordpar.curve([0, 5], N=2048, L=512)\ntry: c.state()\nexcept ordpar.Error as error: print(error, error.partial)"
            )
            got = subprocess.run([sys.executable, "-c", f"{limit}; {code}"], capture_output=True, text=True, env={**os.environ, "TMPDIR": folder})
            self.assertRegex(got.stdout + got.stderr, rf"^the state is written to a temporary file, which does not go in {folder}: File too large; TMPDIR names another folder None\n$")
            self.assertEqual(os.listdir(folder), [])


class Report(unittest.TestCase):
    def test_settings_beside(self):
        """What is given beside a curve agrees with it, or is refused; it does not take the place of the rest."""
        curve = ordpar.curve("0.1:300:80:log", L=1, teacher="mean", sigma_j=1e-4, eta=0.5, moments=[1])
        known = ordpar.report(curve)
        for same in (dict(L=1), dict(eta="0.50"), dict(eigenvalues=1, eta=0.5), dict(N=1024)):
            self.assertEqual(ordpar.report(curve, **same)["escape_rate"].predicted, known["escape_rate"].predicted)
        for name, value, has in (("eta", 0.4, "0.5"), ("K", 3, "2"), ("init", "near-teacher", "sampled")):
            with self.assertRaisesRegex(ordpar.Error, f": {value} contradicts the curve, which has {has}$"):
                ordpar.report(curve, **{name: value})
        same, other = WORK / "same.json", WORK / "other.json"
        same.write_text('{"L": 1, "eta": 0.5}')
        other.write_text('{"eta": 0.4}')
        model = ordpar.Model(like=same, teacher="mean", sigma_j=1e-4)
        for found in (ordpar.report(curve, like=same), model.report(curve), model.report(model.curve("0.1:300:80:log", moments=[1]))):
            self.assertEqual(found["escape_rate"].predicted, known["escape_rate"].predicted)
        with self.assertRaisesRegex(ordpar.Error, "^eta: 0.4 contradicts the curve, which has 0.5$"):
            ordpar.report(curve, like=other)
        given = ordpar.curve("0.1:30:40:log", spectrum=np.array([3.0, 1.0]))
        for listed in (np.array([[3.0, 1.0]]), np.array([[3.0], [1.0]])):
            self.assertTrue(np.array_equal(ordpar.curve("0.1:30:40:log", spectrum=listed).eps_g, given.eps_g))
        self.assertEqual(len(ordpar.report(given, spectrum=[3, 1])), 6)
        self.assertRaisesRegex(ordpar.Error, "^spectrum: is not that of the curve$", ordpar.report, given, spectrum=[3, 2])


class Save(unittest.TestCase):
    def test_whole(self):
        """What cannot be written whole leaves the old file; links stay links, pipes pipes."""
        schedule = ordpar.Optimum(np.arange(3.0), np.ones(3), 1.0)
        folder = pathlib.Path(tempfile.mkdtemp())
        link, place = folder / "link.csv", folder / "place.csv"
        place.write_text("old")
        place.chmod(0o640)
        link.symlink_to(place.name)
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8, limit[1]))
        try:
            self.assertRaises(OSError, schedule.save, link)
            self.assertRaises(OSError, ordpar.Activation([1], [1]).save, folder / "a.json")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        self.assertEqual((place.read_text(), sorted(os.listdir(folder))), ("old", ["link.csv", "place.csv"]))
        schedule.save(link)
        self.assertTrue(link.is_symlink() and place.read_text().startswith("alpha,eta\n0.0,1.0\n"))
        self.assertEqual(place.stat().st_mode & 0o777, 0o640)
        schedule.save("/dev/null")


class Hosts(unittest.TestCase):
    def test_numpys_errors(self):
        """Where NumPy raises at what underflows, as a host may have it."""
        with np.errstate(all="raise"):
            self.assertLess(ordpar.Activation([1], [1])(np.array([1e-320]))[0], 1e-300)
            ordpar.Activation.fit(np.arctan, terms=4)
            self.assertIn("Curve", ordpar.curve("0:1e6:50", **GRID)._repr_html_())

    def test_words(self):
        """What is not finite is named by its place; of many digits a few are shown."""
        for name in ("alpha", "compute"):
            with self.assertRaisesRegex(ordpar.Error, rf"^{name} must be finite, but \[2\] is nan$"):
                ordpar.closed_form("linear-exact" if name == "alpha" else "frontier", **{name: [1, 2, np.nan, 4]})
        with self.assertRaisesRegex(ordpar.Error, "^alpha must be finite, got inf$"):
            ordpar.curve(np.inf)
        found = ordpar.closed_form("plateau", K=3, M=3, digits=500)
        self.assertRegex(repr(found), r"'eps_g': '6\.7655295\d+\.\.' \(50\d digits\)")
        self.assertLess(len(repr(found)), 300)
        self.assertGreater(len(str(found["eps_g"])), 500)

    def test_refused_points(self):
        """As on the command line: a point that is refused is, before any is computed; one whose file goes meanwhile is
        nan, with a reason."""
        for what in ("facts", "curve", "simulate", "compare"):
            runs = {"runs": 2} if what in ("simulate", "compare") else {}
            with self.assertRaisesRegex(ordpar.Error, r"L must divide N.* got L = 3.* \(at L = 3\)$") as caught:
                ordpar.sweep([0, 10], N=64, L=[4, 2, 3], what=what, threads=1, progress=lambda _: self.fail("computed"), **runs)
            self.assertIsNone(caught.exception.partial)
        rates = WORK / "gone.csv"
        rates.write_text("alpha,eta\n0,0.1\n10,0.2\n")
        with unittest.mock.patch.object(ordpar._model.Request, "check", lambda *_: rates.unlink(missing_ok=True)):
            found = ordpar.sweep([0, 10], N=64, L=4, schedule=["constant", str(rates)])
        self.assertEqual((np.isfinite(found["eps_g"]).tolist(), list(found.failures)), ([True, False], [(1,)]))
        self.assertRegex(found.failures[1,], "^schedule: .*gone.csv: cannot be read")


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
                self.assertRegex(labels[0], r"(?s)( = |^2 tasks).*\(1\)$")
                self.assertRegex(labels[1], r"(?s)( = |^2 tasks).*\(2\),\ssimulation")
            else:
                given = {"overlaps", "labels"} & a.keys()  # else each run draws its start
                self.assertEqual(labels, ["theory" if given else "theory of one start", "simulation ± standard error"])

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
                (dict(**GRID, student_output=[1, 1], unlearnable="0.5"), dict(**GRID, student_output=1, unlearnable=[0.5, 0.5])),
                (dict(**GRID, schedule="power:.5:5", momentum="constant:1:.1"), dict(**GRID, schedule="power:0.50:5", momentum="constant:1.0:0.1")),
            ],
            False,
        )

    def test_report_of_equal_settings(self):
        """A weight for all units is that of each, also beside the curve that is measured."""
        curve = ordpar.curve([0, 5], **GRID, student_output=1)
        self.assertEqual(ordpar.report(curve, student_output=[1, 1.0]).settings["student_output"], [1, 1.0])
        self.assertRaisesRegex(ordpar.Error, "student_output: 1,0.5 contradicts the curve, which has 1$", ordpar.report, curve, student_output=[1, 0.5])
        self.assertEqual(ordpar.Model(student_output=1), ordpar.Model(student_output=(1, 1)))

    def test_names(self):
        """A file's name that is not UTF-8 can be drawn and saved."""
        from matplotlib.figure import Figure

        (WORK / os.fsdecode(b"sp\xff.csv")).write_text("3\n1\n")
        axes = ordpar.curve([0, 1], spectrum=WORK / os.fsdecode(b"sp\xff.csv")).plot(Figure().subplots())
        ordpar.curve([0, 1], spectrum=[3.0, 1]).plot(axes)
        axes.figure.savefig(WORK / "names.svg")
        self.assertIn("sp\N{REPLACEMENT CHARACTER}.csv", axes.get_legend().get_texts()[0].get_text())

    def test_powers(self):
        """Powers of what has a superscript, and towers, can be drawn; the axis says what is drawn."""
        from matplotlib.figure import Figure

        curve = ordpar.curve([0, 1, 2], moments=[1], **GRID)
        for y, label in (
            ("R1_1_2^2", r"${R^{(1)}_{1,2}}^{2}$"),
            ("R1_1_2²", r"${R^{(1)}_{1,2}}^{2}$"),
            ("eps_g*2**2^0.5", r"$\epsilon_g\,2^{2^{0.5}}$"),
            ("eps_g*2^2^0.5", r"$\epsilon_g\,2^{2^{0.5}}$"),
            ("eps_g^-1", r"$\epsilon_g^{-1}$"),
            ("(eps_g+1)^2/(K*L)", r"$(\epsilon_g+1)^{2}/(K\,L)$"),
            ("M^2/L*alpha", r"$(M^{2}/L)\,\alpha$"),
            ("sqrt(eps_g)^2", r"$(\mathrm{sqrt}\,(\epsilon_g))^{2}$"),
            ("2*-eps_g", r"$2\,(-\epsilon_g)$"),
        ):
            axes = curve.plot(Figure().subplots(), y=y)
            axes.figure.savefig(io.BytesIO())
            self.assertEqual(axes.get_ylabel(), label)
        with self.assertWarnsRegex(UserWarning, "1 of 3 points"):
            curve.plot(Figure().subplots(), y="eps_g/alpha")
        self.assertRaisesRegex(ValueError, "y must be one of", curve.plot, Figure().subplots(), y="eps_g#x")

    def test_refusals(self):
        import matplotlib.pyplot
        from matplotlib.figure import Figure

        curve, swept = ordpar.curve([0, 1], **GRID), ordpar.sweep([0, 1], seed=[1, 2], **GRID)
        axes = curve.plot(Figure().subplots())
        self.assertRaisesRegex(ValueError, "histogram needs axes of its own: these show alpha", swept.plot, axes, histogram="eps_g")
        self.assertRaisesRegex(ValueError, "y must have at least one column", curve.plot, Figure().subplots(), y=[])
        self.assertRaisesRegex(TypeError, "ax must be axes of matplotlib", curve.plot, matplotlib.pyplot)

    def test_wide(self):
        """A curve with a band needs no settings in its legend; long labels are lines."""
        from matplotlib.figure import Figure

        one = dict(K=3, M=3, eta=0.2, label_noise=0.1, sigma_j=0.3, weight_decay=0.05, runs=2, **GRID)
        axes = ordpar.curve([0, 5], **one).plot(Figure().subplots())
        self.assertEqual([text.get_text() for text in axes.get_legend().get_texts()], ["curve", "5 to 95 % of starts"])
        ordpar.curve([0, 5], N=64, L=2, beta=0.5, student_output=0.4, init="near-teacher", seed=4, batch=2, runs=2).plot(axes)
        for text in axes.get_legend().get_texts():
            self.assertLess(max(map(len, text.get_text().split("\n"))), 64)

    def test_digest(self):
        """What is kept of an array says which it was, also when pickled."""
        kept = [ordpar.curve([0], data=np.eye(3)[:2] * k).settings["data"] for k in (1, 2)]
        self.assertEqual([repr(word) for word in kept], ["array", "array"])
        self.assertNotEqual(kept[0].digest, kept[1].digest)
        self.assertEqual(pickle.loads(pickle.dumps(kept[0])).digest, kept[0].digest)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
