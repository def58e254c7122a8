# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new user tries first works, or is answered with the way."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())
PROGRAM = sys.argv[1]
SMALL = dict(N=64, L=4)


def same(a, b):
    np.testing.assert_array_equal(a, b)


class Guesses(unittest.TestCase):
    def refused(self, *cases):
        """Each (function, pattern of the message)."""
        for function, pattern in cases:
            with self.subTest(pattern):
                with self.assertRaisesRegex((ordpar.Error, TypeError, ValueError), pattern) as caught:
                    function()
                self.assertNotIn("\n", str(caught.exception))


class Named(Guesses):
    def test_parameters(self):
        """Those that a function names itself."""
        self.refused(
            (lambda: ordpar.curve([0, 1], steps=100), r"^curve\(\) has no setting 'steps'; it is alpha$"),
            (lambda: ordpar.simulate([0, 1], epochs=3), "; it is alpha$"),
            (lambda: ordpar.curve([0, 1], moment=[1]), r"; did you mean moments\?$"),
            (lambda: ordpar.closed_form("plateau", digit=9), r"; did you mean digits\?$"),
        )


class Sweeps(Guesses):
    def test_texts(self):
        """Those that the program sweeps, with its values."""
        for name, words in (
            ("eta", "0.1:1:10"), ("eta", "0.3,0.1:0.4:4:log"), ("L", "1:16:9:log"), ("seed", "1:3,7"), ("seed", "3:1"),
            ("eta", "1:0.001:4:log"), ("eta", "0.7:0.1:7"), ("eta", "0.1,0.1,0.2,0.1:0.3:3"), ("L", "16:1:9:log"), ("rtol", "1e-4:1e-8:3:log"),
        ):  # fmt: skip
            with self.subTest(words):
                sweep = ordpar.sweep([0, 1], beta=[1, 2], **{"N": 720720, "L": 1, name: words})
                settings = ["-N", "720720", "--alpha", "0:1:2", "--sweep", f"{name}={words}", *["-L", "1"] * (name != "L")]
                written = subprocess.run([PROGRAM, "sweep", *settings, "-q"], stdout=subprocess.PIPE, text=True, check=True)
                header, *rows = (line.split(",") for line in written.stdout.splitlines() if line[0] != "#")
                column = header.index(name if name in header else "eigenvalues")
                self.assertEqual(sweep.axes[name].tolist(), [float(row[column]) for row in rows])
        names = ordpar.sweep([0, 1], activation="erf,hermite:0,1,0.5,relu", init="mean,sampled", what="curve", **SMALL)
        self.assertEqual(names.axes["activation"].tolist(), ["erf", "hermite:0,1,0.5", "relu"])
        self.assertEqual(names.axes["init"].tolist(), ["mean", "sampled"])
        self.assertEqual(ordpar.sweep([0, 1], **{"K=M": "2:3"}, **SMALL), ordpar.sweep([0, 1], **{"K=M": [2, 3]}, **SMALL))
        for values in ([0.2, 0.1, 0.2], [0.2, "0.10", 0.1], "0.2,.1,0.10", [0.2, None]):  # the first of equal ones, as the program's
            same(ordpar.sweep([0, 1], eta=values, **SMALL).axes["eta"], [0.2, 0.1])
        weights = ordpar.sweep([0, 1], student_output=[[1, 1], [1.0, 1], [1, 2]], small_eta=[True, 1, False], what="curve", **SMALL)
        self.assertEqual(weights["eps_g"].shape, (2, 2, 2))
        self.assertEqual(ordpar.sweep([0, 1], **{"K=M": [2, 2, 3]}, **SMALL), ordpar.sweep([0, 1], **{"K=M": [2, 3]}, **SMALL))
        for K, M in (([2, 2, 3], [2, 3, 3]), ("2,2,3", "2,3,3")):  # each pair is another
            same(ordpar.sweep([0, 1], K=K, M=M, together=("K", "M"), **SMALL)["M"], [2, 3, 3])
        self.refused(
            (lambda: ordpar.sweep([0, 1], eta="0.1:1", L=[1, 4]), r"^eta: a range is START:STOP:COUNT\[:lin\|log\] .*, got '0.1:1'$"),
            (lambda: ordpar.sweep([0, 1], K="a:b"), "^student_units: a range is START:STOP:COUNT"),
            (lambda: ordpar.sweep([0, 1], seed="a:b"), "^seed: a range is START:STOP or START"),
            (lambda: ordpar.sweep([0, 1], K="2:4"), r"""^student_units: a range of it alone is "2:4:3"; \*\*{"K=M": "2:4"} lets K and M """),
            (lambda: ordpar.sweep([0, 1], seed="1-3"), r"""list of values: a range is seed="1:3"$"""),
            (lambda: ordpar.sweep([0, 1], K="2-4"), r"""list of values: a range is K="2:4:COUNT"$"""),
            (lambda: ordpar.sweep([0, 1], eta="1e-3"), r"list of values, as eta=\(0.1, 0.2\) or seed=range\(1, 9\)$"),
            (lambda: ordpar.sweep([0, 1], eta="0.1,", L=[1, 4]), "^eta: must be a finite number > 0, got ''"),
            (lambda: ordpar.sweep([0, 1], activation="erf,rel"), "got 'rel'"),
        )

    def test_texts_of_other_kinds(self):
        """Flags, lists and files, as the program sweeps them; what has commas of its own stays one value."""
        for name, words, values, model in (
            ("small_eta", "no,yes", [False, True], SMALL),
            ("student_output", "1:0.5,0.5:0.5", [[1, 0.5], [0.5, 0.5]], SMALL),
            ("unlearnable", "0,0.1", [[0], [0.1]], SMALL),
            ("spectrum", "a.csv,b", ["a.csv", "b"], {"normalise": True}),
            ("momentum", "constant:1:1,constant:2:1", ["constant:1:1", "constant:2:1"], SMALL),
            ("schedule", "steps:1=0.5,2=0.1,constant", ["steps:1=0.5,2=0.1", "constant"], SMALL),
        ):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                before = os.getcwd()
                os.chdir(folder)
                try:
                    for k, path in enumerate(("a.csv", "b")):
                        pathlib.Path(path).write_text(f"eigenvalue,multiplicity\n{k + 1},1\n0.5,1\n")
                    swept = ordpar.sweep([0, 1], what="curve", **model, **{name: words})
                    self.assertEqual(swept, ordpar.sweep([0, 1], what="curve", **model, **{name: values}))
                    self.assertEqual(len(swept.axes[name]), 2)
                finally:
                    os.chdir(before)
        fixed = ordpar.sweep([0, 1], eta=[0.1, 0.2], schedule="steps:1=0.5,2=0.1", **SMALL)
        self.assertEqual(list(fixed.axes), ["eta"])
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "b,c.csv"
            path.write_text("eigenvalue,multiplicity\n1,1\n0.5,1\n")
            self.assertEqual(list(ordpar.sweep([0, 1], eta=[0.1, 0.2], spectrum=str(path)).axes), ["eta"])

    def test_halves(self):
        """Whole numbers of a range are rounded as the program does."""
        for text, numbers in (("1:4:3", [1, 3, 4]), ("1:20:3", [1, 11, 20])):
            self.assertEqual(ordpar.sweep([0, 1], seed=text, **SMALL).axes["seed"].tolist(), numbers)

    def test_dicts(self):
        """As a grid search takes one."""
        expected = ordpar.sweep([0, 1], seed=range(1, 4), **SMALL)
        grid, model = {"seed": range(1, 4)}, ordpar.Model(seed=9, **SMALL)
        for swept in (
            ordpar.sweep(grid, alpha=[0, 1], **SMALL),
            ordpar.sweep([0, 1], grid, **SMALL),
            ordpar.sweep({**grid, **SMALL, "alpha": [0, 1]}),
            model.sweep(grid, alpha=[0, 1]),
        ):
            self.assertEqual(swept, expected)
        self.refused(
            (lambda: ordpar.sweep(grid, alpha=[0, 1], seed=3), r"^sweep\(\) got 'seed' in the dict and as a keyword$"),
            (lambda: ordpar.sweep(grid, **SMALL), "^alpha is missing$"),
            (lambda: ordpar.sweep([0, 1], {"sed": [1, 2]}), "no setting 'sed'; did you mean seed"),
        )

    def test_numbers_for_words(self):
        for what in ("facts", "curve"):
            with self.subTest(what):
                self.refused((lambda: ordpar.sweep([0, 1], momentum=[0, 0.9], what=what), "^momentum: must be constant:C:E or the like; PyTorch"))
        swept = ordpar.sweep([0, 1], momentum=[None, "constant:1:1"], what="curve", **SMALL)
        self.assertEqual(swept["eps_g"].shape, (2, 2))

    def test_short(self):
        """repr is cut between values."""
        swept = ordpar.sweep([0, 1], seed=range(1, 33), eta=np.linspace(0.1, 0.2, 20), N=8, L=1)
        self.assertTrue(repr(swept).startswith("Sweep(seed=[1, 2, .., 32], eta=[0.1, 0.1053, .., 0.2], N=8, L=1: "), swept)
        long = [f"hermite:0,1,0.5,{k},0.25" for k in (1, 2)]
        self.assertIn(f"activation={long}, N=8", repr(ordpar.sweep([0, 1], activation=long, what="curve", eta=1e-3, N=8, L=1)))


    def test_of_files(self):
        """A sweep's file `like` has its lists, as for the program's --like."""
        write = lambda name, *words: subprocess.run([PROGRAM, "sweep", *" ".join(words).split(), "-q", "-o", name], check=True, cwd=WORK)
        here = lambda name: {"like": WORK / name}
        write("eta.csv", "--sweep eta=.1,.2 -N 16 -L 2 --alpha 0,1")
        write("eta.json", "--sweep eta=.1,.2 -N 16 -L 2 --alpha 0,1 --format json")
        write("pairs.csv", "--sweep K=M=2,3 --sweep small-eta=yes,no --sweep seed=3 -N 16 -L 2 --alpha 0,1")
        write("pairs.json", "--sweep K=M=2,3 --sweep small-eta=yes,no --sweep seed=3 -N 16 -L 2 --alpha 0,1 --format json")
        write("outputs.csv", "--sweep student-output=1:1,1:.5 --sweep L=1:2 -N 16 --alpha 0,1")
        for like, beside, given in (
            ("eta.csv", {}, ""),
            ("eta.json", {}, ""),
            ("eta.csv", {"L": [1, 2]}, "--sweep L=1,2"),
            ("eta.json", {"eta": [0.3], "L": "1:2"}, "--sweep eta=0.3 --sweep L=1:2"),
            ("pairs.csv", {}, ""),
            ("pairs.json", {"eta": "0.1,0.3"}, "--sweep eta=0.1,0.3"),
            ("pairs.csv", {"K=M": [1, 3]}, "--sweep K=M=1,3"),
            ("outputs.csv", {}, ""),
        ):
            with self.subTest(like, **beside):
                write("again.csv", f"--like {like}", given)
                lines = [line.split(",") for line in (WORK / "again.csv").read_text().splitlines() if line[0] != "#"]
                values = [float(line[lines[0].index("eps_g")]) for line in lines[1:]]
                self.assertEqual(sorted(ordpar.sweep(**here(like), **beside)["eps_g"].ravel().tolist()), sorted(values))
        self.assertEqual(ordpar.sweep(**here("eta.csv"), L=[1, 2]).axes.keys(), {"L", "eta"})
        self.assertEqual(ordpar.sweep(**here("pairs.csv")).together, {"M": "K"})
        both = ordpar.sweep(**here("pairs.csv"), eta=[0.1, 0.2], L=[1, 2], together=("eta", "L"))
        self.assertEqual(both.together, {"L": "eta", "M": "K"})
        (WORK / "two.csv").write_text("2\n1\n")
        (WORK / "one.csv").write_text("1\n")
        write("files.csv", f"--sweep spectrum={WORK / 'one.csv'},{WORK / 'two.csv'} -K 1 -M 1 --alpha 0,1")
        self.assertEqual(ordpar.sweep(**here("files.csv"), normalise=False)["eps_g"].shape, (2,))
        (WORK / "two.csv").write_text("3\n1\n")
        self.refused(
            (lambda: ordpar.sweep(**here("files.csv"), normalise=False), "^spectrum: .*two.csv has another content than when the file of like was made"),
            (lambda: ordpar.sweep(**here("pairs.csv"), eta=[0.1, 0.2], together=("eta", "M")), "^together: K and M run together in .*pairs.csv"),
            (lambda: ordpar.sweep(**here("pairs.csv"), K=2), "teacher-units is swept there"),
        )


class Settings(Guesses):
    def test_eigenvalues(self):
        """In the place of their number."""
        levels = np.array([3.0, 2.0, 1.5])
        np.save(WORK / "levels.npy", levels)
        way = "it is how many there are: they themselves go as spectrum=.."
        for given in (levels, levels.tolist(), WORK / "levels.npy", str(WORK / "levels.npy"), 3.5):
            for name in ("L", "eigenvalues"):
                self.refused((lambda: ordpar.curve([0, 1], **{name: given}), f"^eigenvalues.*; {way}$"))
        self.refused(
            (lambda: ordpar.sweep([0, 1], L=levels), f"; {way}$"),
            (lambda: ordpar.simulate([0, 1], L=[4, 2]), rf"{way}; several values are for sweep\(what='simulate'\)"),
            (lambda: ordpar.curve([0, 1], eigs=levels), "no setting 'eigs'; it is spectrum$"),
            (lambda: ordpar.curve([0, 1], L=np.inf), "got 'inf'"),
        )

    def test_several(self):
        self.refused(
            (lambda: ordpar.compare([0, 1], eta=[0.1, 0.2]), r"; several values are for sweep\(what='compare'\), or a loop of compare\(\) with plot\(ax\)$"),
            (lambda: ordpar.Model(eta=[0.1, 0.2]), "; several values are for sweep$"),
            (lambda: ordpar.closed_form("plateau", K=[2, 3]), r"; several values are for a loop of closed_form\(\)$"),
            (lambda: ordpar.sweep([0, 1], eta=[[0.1, 0.2], [0.3]]), r"^eta must be a number or its text, got \[0.1, 0.2\]$"),
        )

    def test_pairs_of_data(self):
        X = np.random.default_rng(1).normal(size=(40, 8))
        for pair in ((X, X[:, 0]), [X, X[:, :1]], [X, X, X[:, 0]]):
            self.refused((lambda: ordpar.simulate([0, 1], data=pair), r"^data must be arrays \(examples, components\), got the shape \(40,.*labels go as labels=..$"))
        self.assertEqual(len(ordpar.spectrum(data=(X[:, :1], X[:, :1])).eigenvalues), 1)

    def test_standard_output(self):
        """A dash is a stream of the program's alone: no file has that name, nor is one made."""
        before = sorted(os.listdir())
        self.refused(
            (lambda: ordpar.curve([0, 1], save_overlaps="-", **SMALL), "^save_overlaps must be a file, got '-'; results have their state"),
            (lambda: ordpar.optimize(eta_max=1, until=1, knots=2, **SMALL).save("-"), "^path must be a file, got '-'$"),
            (lambda: ordpar.curve([0, 1], like="-"), "^like: must be a file, got '-'$"),
            (lambda: ordpar.curve([0, 1], continue_from="-"), "^continue: must be a file, got '-'$"),
            *((lambda f=f: f([0, 1], checkpoint="-", **SMALL), "^checkpoint: must be a file, got '-'$") for f in (ordpar.curve, ordpar.simulate, ordpar.compare)),
        )  # fmt: skip
        self.assertEqual(sorted(os.listdir()), before)

    def test_momentum(self):
        self.refused((lambda: ordpar.curve([0, 1], mu=0.9), "no setting 'mu'; it is momentum$"))

    def test_going_on(self):
        """Under other conditions: the ways, and a warning where overlaps alone look as if a run went on."""
        curve, model = ordpar.curve("0:1000:5", **SMALL), ordpar.Model(eta=0.02, **SMALL)
        state = curve.state()
        self.refused(
            (lambda: ordpar.curve([1000, 2000], continue_from=state, eta=0.02),
             "^eta: 0.02 contradicts the state, which has 0.1; under other .* of overlaps=state.overlaps and alpha from 0, .* schedule steps:1000=0.2$"),
            (lambda: ordpar.curve([1000, 2000], continue_from=state, schedule="power:1:1"), "of overlaps=state.overlaps and alpha from 0$"),
            (lambda: ordpar.curve([1000, 2000], continue_from=state, K=3), "contradicts the state, which has 2$"),
        )  # fmt: skip
        ordpar.curve(1000, save_overlaps=WORK / "end.csv", **SMALL)
        for function in (
            lambda: model.curve("1e3:1e4:5:log", overlaps=curve.overlaps),
            lambda: model.curve([1000], overlaps=WORK / "end.csv"),
            lambda: model.simulate([100, 110], overlaps=curve.overlaps),
            lambda: model.curve([100, 200], overlaps=curve.overlaps),
            lambda: ordpar.sweep("1e3:1e4:5:log", eta=[0.1, 0.2], overlaps=curve.overlaps, **SMALL),
        ):
            with self.assertWarnsRegex(UserWarning, r"^alpha: starts at alpha = 0, with the given overlaps.*; continue_from goes on") as caught:
                function()
            self.assertEqual(caught.filename, __file__)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for alpha in ("0:1e4:5", "0.1:1e4:5:log", "1:200:200", [1, 10], [1, 2, 3]):
                model.curve(alpha, overlaps=curve.overlaps)
            ordpar.curve("1e3:1e4:5:log", continue_from=state)

    def test_overlaps_of_another_model(self):
        """Files say of which spectrum and activation they are: a fact and one warning where those are others."""
        left, own = WORK / "left.ov", dict(N=64, L=4, beta=0.5, activation="relu")
        ordpar.curve([0, 1], save_overlaps=left, **own)
        given = dict(N=64, L=4, overlaps=left)
        for function in (
            lambda: ordpar.curve([0, 1], **given),
            lambda: ordpar.simulate([0, 1], runs=2, **given),
            lambda: ordpar.compare([0, 1], runs=2, **given),
            lambda: ordpar.precision([0, 1], **given),
            lambda: ordpar.Model(**given).curve([0, 1]),
            lambda: ordpar.sweep([0, 1], eta=[0.1, 0.2], **given),
            lambda: ordpar.sweep([0, 1], eta=[0.1, 0.2], what="curve", **given),
            lambda: ordpar.sweep([0, 1], beta=[0.5, 1], what="simulate", runs=2, **given),
        ):
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                result = function()
            self.assertRegex(result.facts["overlaps"], "left.ov is of a run with another ")
            (one,) = told
            self.assertRegex(str(one.message), r"^overlaps: .*left.ov is of a run with .*another activation \(relu there, erf here\)")
            self.assertEqual(one.filename, __file__)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertNotIn("overlaps", ordpar.curve([0, 1], overlaps=left, **own).facts)
            self.assertNotIn("overlaps", ordpar.curve([0, 1], overlaps=left, like=left).facts)

    def test_scale(self):
        """That of a spectrum is its own, while that of data is made N."""
        levels, X = [3.0, 2.0, 1.0], np.random.default_rng(1).normal(size=(40, 3))
        model = ordpar.Model(spectrum=levels)
        for function in (
            lambda: ordpar.curve([0, 1], spectrum=levels),
            lambda: model.curve([0, 1]),
            lambda: model.sweep([0, 1], eta=[0.1, 0.2], what="curve"),
        ):
            with self.assertWarnsRegex(UserWarning, "^spectrum: its trace is not N, .*; normalise=True makes it N") as caught:
                function()
            self.assertEqual(caught.filename, __file__)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for more in (dict(spectrum=levels, normalise=True), dict(spectrum=levels, normalise=False), dict(spectrum=[1.01, 1.01]), dict(data=X)):
                ordpar.curve([0, 1], **more)
            model.spectrum()


class Shared(Guesses):
    """A list that several settings share, as "K=M"."""

    def test_order(self):
        """Axes are in the order of the keywords, and of dicts, as those of the program are."""
        pair, blocks = {"K=M": [1, 2]}, {"L": [1, 2, 4]}
        found = ordpar.sweep([0, 1], **pair, **blocks, N=16)
        for other in (ordpar.sweep({**pair, **blocks}, alpha=[0, 1], N=16), ordpar.sweep(pair, blocks, alpha=[0, 1], N=16)):
            self.assertEqual([*other.axes], ["K", "L"])
            self.assertEqual(other, found)
        words = ["--sweep", "K=M=1,2", "--sweep", "L=1,2,4", "-N", "16", "--alpha", "0,1", "-q"]
        written = subprocess.run([PROGRAM, "sweep", *words], stdout=subprocess.PIPE, text=True, check=True).stdout
        header, *rows = (line.split(",") for line in written.splitlines() if line[0] != "#")
        self.assertEqual(found["eps_g"].ravel().tolist(), [float(row[header.index("eps_g")]) for row in rows])
        for keywords, axes in (
            ({**blocks, **pair}, ["L", "K"]),
            ({"eta": [0.1, 0.2], **pair, **blocks}, ["eta", "K", "L"]),
            ({**blocks, "M=K": [1, 2], "eta": [0.1, 0.2]}, ["L", "M", "eta"]),
        ):
            self.assertEqual([*ordpar.sweep([0, 1], **keywords, N=16).axes], axes)
        self.assertEqual([*ordpar.sweep([0, 1], **{"N=L": [4, 8]}, eta=[0.1, 0.2]).axes], ["N", "eta"])

    def test_beside(self):
        """What one of the names is given beside it is refused, and None is not given."""
        pair = {"K=M": [1, 2]}
        self.refused(
            (lambda: ordpar.sweep([0, 1], M=3, **pair, **SMALL), r"^sweep\(\) got 'M' and 'K=M', which both have values for M$"),
            (lambda: ordpar.sweep([0, 1], **pair, K=[5, 6], **SMALL), r"^sweep\(\) got 'K=M' and 'K', which both have values for K$"),
            (lambda: ordpar.sweep({**pair, "teacher_units": 3}, alpha=[0, 1], **SMALL), "'K=M' and 'teacher_units', .* for M$"),
            (lambda: ordpar.sweep([0, 1], N=32, **{"input_dim = L": [4, 8]}), "'N' and 'input_dim = L', which both have values for N$"),
            (lambda: ordpar.sweep([0, 1], **pair, **{"M=L": [1, 2]}, N=8), "'K=M' and 'M=L', which both have values for M$"),
            (lambda: ordpar.sweep([0, 1], **{"K=student_units": [1, 2]}, **SMALL), "a setting stands in it twice: K, student_units$"),
        )
        self.assertEqual(ordpar.sweep([0, 1], M=None, **pair, **SMALL), ordpar.sweep([0, 1], **pair, **SMALL))
        self.assertEqual(ordpar.sweep([0, 1], **pair, teacher_units=None, **SMALL), ordpar.sweep([0, 1], **pair, **SMALL))

    def test_model(self):
        """What a call is given for both holds for it, also where the model has one of them."""
        pair = {"K=M": [1, 2]}
        for own in ({"K": 3}, {"M": 3}, {"student_units": 3, "M": 2}):
            self.assertEqual(ordpar.Model(**own, **SMALL).sweep([0, 1], **pair), ordpar.sweep([0, 1], **pair, **SMALL))
        found = ordpar.Model(N=32, L=4).sweep({"N=L": [4, 8]}, alpha=[0, 1])
        self.assertEqual(found, ordpar.sweep([0, 1], **{"N=L": [4, 8]}))

    def test_several(self):
        """Pairs are axes of their own, beside a group of `together`, too."""
        pairs = {"K=M": [1, 2], "N=L": [4, 8]}
        found = ordpar.sweep([0, 1], **pairs)
        self.assertEqual(([*found.axes], found.together), (["K", "N"], {"M": "K", "L": "N"}))
        for i, k in enumerate(pairs["K=M"]):
            for j, n in enumerate(pairs["N=L"]):
                self.assertEqual(found["eps_g"][i, j], ordpar.curve([0, 1], K=k, M=k, N=n, L=n).eps_g[-1])
        mixed = ordpar.sweep([0, 1], seed=[1, 2, 3], eta=[0.1, 0.2, 0.3], together=("seed", "eta"), **pairs)
        self.assertEqual((mixed["eps_g"].shape, mixed.together), ((3, 2, 2), {"eta": "seed", "M": "K", "L": "N"}))
        self.assertEqual(mixed["eps_g"][0].tolist(), found["eps_g"].tolist())
        file = WORK / "two-pairs.csv"
        words = ["--sweep", "K=M=1,2", "--sweep", "N=L=4,8", "--alpha", "0,1", "-q", "-o", file]
        subprocess.run([PROGRAM, "sweep", *words], check=True)
        self.assertEqual(ordpar.sweep(like=file), found)
        swept = ordpar.sweep(like=file, seed=[1, 2], eta=[0.1, 0.2], together=("seed", "eta"))
        self.assertEqual(swept.together, {"eta": "seed", "M": "K", "L": "N"})
        self.refused((lambda: ordpar.sweep(like=file, seed=[1, 2], together=("M", "seed")), "^together: K and M run together in .*two-pairs.csv: "))


class Attributes(Guesses):
    def test_one_guess(self):
        """Python adds none of its own."""
        for words in ("ordpar.curves", "ordpar.Model(L=4).curves", "ordpar.curve([0, 1], N=8, L=1).alphas"):
            told = subprocess.run([sys.executable, "-c", f"import ordpar\n{words}"], stderr=subprocess.PIPE, text=True).stderr
            self.assertRegex(told, r"no (attribute|setting) '\w+'; did you mean \w+(\(\))?\?\n$")

    def test_extend(self):
        with self.assertRaisesRegex(AttributeError, r"did you mean state\(\), which continue_from of curve\(\) goes on from\?$"):
            ordpar.curve([0, 1], **SMALL).extend

    def test_elsewhere(self):
        curve, runs = ordpar.curve([0, 1], **SMALL), ordpar.simulate([0, 1], N=8, L=1, runs=2)
        for ask, words in (
            (lambda: curve.report, r"; ordpar.report\(\) measures plateau, escape and decay of a curve$"),
            (lambda: curve.plateau, r"; ordpar.report\(\) measures"),
            (lambda: runs.std, "; eps_g of a simulation has a column for each run, stderr is"),
            (lambda: ordpar.read_csv, r"; pandas.read_csv\(FILE, comment='#'\) reads a table"),
        ):
            with self.subTest(words), self.assertRaisesRegex(AttributeError, words):
                ask()
        self.refused(
            (lambda: ordpar.curve([0, 1], multiplicity=[1]), r"; spectrum takes the pair \(eigenvalues, multiplicities\)$"),
            (lambda: ordpar.curve([0, 1], Q=[[1]]), r"; overlaps takes the three, \(q, r, t\)$"),
            (lambda: ordpar.curve([0, 1], k=3), "no setting 'k'; it is student_units$"),
            (lambda: ordpar.curve([0, 1], activation=np.tanh), r"; those that there are have names, as 'tanh'; .*ordpar.Activation\(a, s\)$"),
            (lambda: ordpar.curve([0, 1], schedule=lambda alpha: 1), "; a rate of one's own is the name of a CSV file with the header alpha,eta$"),
            (lambda: ordpar.curve([0, 1], schedule=[(0, 1), (1, 2)]), "; a rate of one's own is the name of a CSV file"),
        )

    def test_one_point(self):
        """A line that has one point shows it."""
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not installed")
        matplotlib.use("Agg")
        for result in (ordpar.curve([5], **SMALL), ordpar.sweep([5], eta=[0.1, 0.2], what="curve", **SMALL)):
            self.assertEqual({line.get_marker() for line in result.plot().get_lines()}, {"o"})
        self.assertEqual(ordpar.curve([5, 6], **SMALL).plot().get_lines()[0].get_marker(), "None")

    def test_plots(self):
        try:
            import matplotlib.pyplot

            matplotlib.use("Agg")
        except ImportError:
            self.skipTest("matplotlib is not installed")
        swept = ordpar.sweep([0, 1], eta=[0.1, 0.2], L=[1, 4], N=64)
        self.refused(
            (lambda: swept.plot(x="L", y="eps_g", hue="eta"), r"^plot\(\) has no 'hue'; all that was swept makes lines, but for what x names"),
            (lambda: swept.plot(figsize=(6, 4)), r"^plot\(\) has no 'figsize'; .*subplots\(figsize=\(6, 4\)\)\[1\]"),
            (lambda: swept.plot(savefig="a.pdf"), "savefig"),
        )
        figure = swept.plot(matplotlib.pyplot.subplots(figsize=(6, 4))[1], x="L", y="eps_g").figure
        self.assertEqual(figure.get_size_inches().tolist(), [6, 4])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
