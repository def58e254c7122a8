# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new user tries first works, or is answered with the way."""

import subprocess
import sys
import unittest

import numpy as np
import ordpar

PROGRAM = sys.argv[1]
SMALL = dict(N=64, L=4)


class Guesses(unittest.TestCase):
    def refused(self, *cases):
        """Each (function, pattern of the message)."""
        for function, pattern in cases:
            with self.subTest(pattern):
                with self.assertRaisesRegex((ordpar.Error, TypeError, ValueError), pattern) as caught:
                    function()
                self.assertNotIn("\n", str(caught.exception))


class Sweeps(Guesses):
    def test_texts(self):
        """Those that the program sweeps, with its values."""
        for name, words in (
            ("eta", "0.1:1:10"), ("eta", "0.3,0.1:0.4:4:log"), ("L", "1:16:9:log"), ("seed", "1:3,7"), ("seed", "3:1"),
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
        self.refused(
            (lambda: ordpar.sweep([0, 1], eta="0.1:1", L=[1, 4]), r"^eta: a range is START:STOP:COUNT\[:lin\|log\] .*, got '0.1:1'$"),
            (lambda: ordpar.sweep([0, 1], K="a:b"), "^student_units: a range is START:STOP or START"),
            (lambda: ordpar.sweep([0, 1], eta="0.1,", L=[1, 4]), "^eta: must be a finite number > 0, got ''"),
            (lambda: ordpar.sweep([0, 1], activation="erf,rel"), "got 'rel'"),
        )

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


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
