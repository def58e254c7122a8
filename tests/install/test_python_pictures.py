# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures by matplotlib show what the program's show."""

import importlib.util
import io
import itertools
import pathlib
import sys
import tempfile
import unittest

import numpy as np
import ordpar

if importlib.util.find_spec("matplotlib"):
    from matplotlib.figure import Figure


def same(a, b):
    np.testing.assert_array_equal(np.atleast_1d(a), np.atleast_1d(b))


def drawn(axes):
    """The first line of each artist."""
    artists = [artist for artist in (*axes.get_lines(), *axes.containers) if hasattr(artist, "ordpar")]
    return [getattr(artist, "lines", [artist])[0] for artist in sorted(artists, key=lambda artist: artist.ordpar.order)]


@unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
class Columns(unittest.TestCase):
    def test_several_columns_of_a_sweep(self):
        """As the program draws them: a prediction is a line beside what is measured, theory one beside simulations."""
        def told(result, **how):
            axes = result.plot(Figure().subplots(), **how)
            lines = drawn(axes)
            legend = [text.get_text() for text in axes.get_legend().get_texts()]
            return axes.get_ylabel(), legend, [line.get_linestyle() for line in lines], [line.get_color() for line in lines], lines

        swept = ordpar.sweep("0.1:2000:60:log", L=[1, 2, 4], eta=[0.3, 0.5], teacher="mean", sigma_j=1e-3, N=64)
        time, end = r"escape time $\tau_{\mathrm{esc}}$", r"end of the plateau, $\alpha$"
        for y in ("escape_time, 1/escape_rate_predicted", ["1/escape_rate_predicted", "escape_time"]):
            ylabel, legend, styles, colours, lines = told(swept, x="M^2/L", y=y)
            both = [r"$\eta$ = 0.3", r"$\eta$ = 0.5", r"$\eta$ = 0.3, measured", r"$\eta$ = 0.5, measured"]
            self.assertEqual((ylabel, legend, styles), (time, both, ["-", "-", "None", "None"]))
            self.assertEqual((colours[:2], len(set(colours))), (colours[2:], 2))
            same(lines[0].get_ydata(), 1 / swept["escape_rate_predicted"][::-1, 0])
            same(lines[3].get_ydata(), swept["escape_time"][::-1, 1])
        ylabel, legend, styles, colours, lines = told(swept, y=["escape_time", "plateau_exit"])
        self.assertEqual((ylabel, styles, len(set(colours))), (f"{time}, {end}", ["-"] * 4, 4))
        self.assertEqual(legend, [rf"$\eta$ = {eta}, {name}" for name in (time, end) for eta in (0.3, 0.5)])
        same(lines[2].get_ydata(), swept["plateau_exit"][:, 0])
        runs = ordpar.sweep([1, 5, 10], L=[1, 4], what="compare", runs=2, N=16)
        for how in ({}, dict(y="mean,theory"), dict(x="L")):
            ylabel, legend, styles, colours, lines = told(runs, **how)
            count = len(styles) // 2
            self.assertEqual((ylabel, sorted(styles)), (r"generalization error $\epsilon_g$", ["-"] * count + ["None"] * count))
            self.assertEqual(sum("simulation ± standard error" in words for words in legend), count)
            self.assertEqual(len(set(colours)), count)
        for result in (swept, runs, ordpar.curve([0, 1], N=16, L=4)):
            self.assertRaisesRegex(TypeError, "^y must be a text, a column .*, or a list of such, got 5$", result.plot, y=5)
            self.assertRaisesRegex(ValueError, "^y must have at least one column", result.plot, y=[])

    def test_axes_of_sweeps(self):
        """All components are at N, and what shares its values is named."""
        swept = ordpar.sweep("1:100:9:log", trainable=[4, 16, -1], L=[16, 32], N=64)
        axes = swept.plot(Figure().subplots())
        same(drawn(axes)[0].get_xdata(), [4, 16, 64])
        axes = swept.plot(Figure().subplots(), x="L")
        self.assertEqual([text.get_text() for text in axes.get_legend().get_texts()], [f"$N_l$ = {value}" for value in (4, 16, "N")])
        both = ordpar.sweep("1:100:9:log", **{"K=M": [1, 2]}, L=4, N=64)
        for x in (None, "K", "M"):
            self.assertEqual(both.plot(Figure().subplots(), x=x).get_xlabel(), "$K$ = $M$")
        self.assertEqual(both.plot(Figure().subplots(), x="K^2").get_xlabel(), "$K^{2}$")

    def test_sweeps_over_words(self):
        """No line joins models that words tell apart, each of which has its name."""
        swept = ordpar.sweep([0, 5], momentum=["none", "constant:1:0.1"], small_eta=[False, True], N=16, L=4)
        axes = swept.plot(Figure().subplots(), x="eta*L")
        self.assertEqual([line.get_ydata().tolist() for line in drawn(axes)], [[value] for value in swept["eps_g"].ravel()])
        self.assertEqual(len({text.get_text() for text in axes.get_legend().get_texts()}), 4)
        runs = ordpar.sweep([0, 5], what="simulate", runs=2, init=["sampled", "mean"], N=16, L=4)
        self.assertEqual(len(drawn(runs.plot(Figure().subplots(), x="eta"))), 2)

    def test_columns_of_one_symbol(self):
        """An axis tells them apart by their names, as the program's does."""
        runs = ordpar.compare([1, 5, 10], runs=2, N=16, L=4)
        swept = ordpar.sweep([1, 5, 10], L=[1, 4], what="compare", runs=2, N=16)
        for result in (runs, swept):
            for y, label in (
                ("theory/mean", r"$\mathrm{theory}/\mathrm{mean}$"), ("mean-theory", r"$\mathrm{mean}-\mathrm{theory}$"),
                ("mean^2/eta", r"$\epsilon_g^{2}/\eta$"), ("theory*alpha", r"$\epsilon_g\,\alpha$"),
            ):  # fmt: skip
                axes = result.plot(Figure().subplots(), y=y)
                self.assertEqual(axes.get_ylabel(), label)
        axes.figure.savefig(io.BytesIO())  # matplotlib can set it

    def test_no_numbers(self):
        """Refused, as by the program."""
        settings = dict(runs=3, against="ode+1/N", N=16, L=4)
        runs = ordpar.compare([1, 5], **settings)
        swept = ordpar.sweep([1, 5], what="compare", eta=[0.1, 0.2], **settings)
        for result in (runs, swept):
            with self.assertRaisesRegex(TypeError, "^plot: there are no numbers to draw of z_sd against alpha$"):
                result.plot(Figure().subplots(), y="z_sd")
            self.assertEqual(len(drawn(result.plot(Figure().subplots(), y="z"))), 1 if result is runs else 2)


@unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
class Continued(unittest.TestCase):
    def setUp(self):
        self.file = pathlib.Path(tempfile.mkdtemp()) / "end.csv"
        self.first = ordpar.curve([0, 100], N=64, L=4, eta=0.3, save_overlaps=self.file)

    def test_expressions(self):
        """Settings of a run that goes on are those of the run before."""
        second = ordpar.curve([100, 200], continue_from=self.first.state())
        swept = ordpar.sweep([100, 200], continue_from=self.file, rtol=[1e-7, 1e-8], what="curve")
        for result in (second, ordpar.curve([100, 200], continue_from=self.file), ordpar.curve([100, 200], continue_from=second.state(100)), swept):
            for x, factor in (("alpha*eta/L", 0.3 / 4), ("alpha*N", 64), ("alpha*K/beta", 2)):
                same(drawn(result.plot(Figure().subplots(), x=x))[0].get_xdata(), [100 * factor, 200 * factor])
        spectrum = ordpar.curve([0, 100], spectrum=([3.0, 1.0], [16, 16]), normalise=True).state()
        with self.assertRaisesRegex(ValueError, "^x: L has no value here"):
            ordpar.curve([100, 200], continue_from=spectrum).plot(x="alpha/L")
        other = self.file.with_name("other.csv")
        ordpar.curve([0, 100], N=64, L=4, eta=0.1, save_overlaps=other)
        both = ordpar.sweep([100, 200], continue_from=[self.file, other], what="curve")
        with self.assertRaisesRegex(ValueError, "^x: eta is not the same in all that is gone on from$"):
            both.plot(x="alpha*eta")
        same(drawn(both.plot(Figure().subplots(), x="alpha/L"))[1].get_xdata(), [25, 50])

    def test_order(self):
        """A run in parts is one curve, whichever is drawn first."""
        second = ordpar.curve([100, 200], continue_from=self.file)
        third = ordpar.curve([200, 300], continue_from=second.state())
        other = ordpar.curve([0, 300], N=64, L=4, eta=0.1)
        for order in itertools.permutations([self.first, second, third, other]):
            axes = Figure().subplots()
            for curve in order:
                curve.plot(axes)
            own = {line.get_color() for line, curve in zip(drawn(axes), order) if curve is not other}
            self.assertEqual(({text.get_text() for text in axes.get_legend().get_texts()}, len(own)), ({r"$\eta$ = 0.3", r"$\eta$ = 0.1"}, 1))
            axes = Figure().subplots()
            for curve in order:
                curve is other or curve.plot(axes)
            self.assertIsNone(axes.get_legend())


@unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
class Legends(unittest.TestCase):
    def test_values(self):
        """Flags have their symbol alone, whole numbers no point; a sweep says yes and no."""
        def told(*results):
            axes = Figure().subplots()
            for result in results:
                result.plot(axes)
            return [text.get_text() for text in axes.get_legend().get_texts()]

        small = dict(N=16, L=2)
        self.assertEqual(told(*(ordpar.curve([0, 5], beta=beta, **small) for beta in (1.0, 2.5))), [r"$\beta$ = 1", r"$\beta$ = 2.5"])
        self.assertEqual(told(ordpar.sweep([0, 5], beta=[1.0, 2.5], what="curve", **small)), [r"$\beta$ = 1", r"$\beta$ = 2.5"])
        for yes in (True, "yes", 1):
            curves = (ordpar.curve([0, 5], small_eta=yes, **small), ordpar.curve([0, 5], **small))
            self.assertEqual(told(*curves), [r"small $\eta$", "curve"])
        swept = ordpar.sweep([0, 5], small_eta=[False, True], what="curve", **small)
        self.assertEqual(told(swept), [r"small $\eta$ = no", r"small $\eta$ = yes"])
        exact, lowest = (ordpar.closed_form(form, [0, 5], **small) for form in ("linear-exact", "linear-small-eta"))
        self.assertEqual(told(exact, lowest), ["linear-exact", r"small $\eta$"])
        runs = ordpar.simulate([0, 5], activation="linear", runs=2, **small)  # of all orders
        self.assertEqual(told(exact, runs), ["theory", "simulation ± standard error"])
        self.assertEqual(told(lowest, runs), [r"small $\eta$", "simulation ± standard error"])

    def test_title_of_labels(self):
        """The number of teachers is that of the labels' outputs, as in the program's."""
        data = np.random.default_rng(1).normal(size=(60, 4))
        curve = ordpar.curve([0, 5], data=data, labels=data @ np.arange(4.0))
        self.assertIn("$M$ = 1", curve.plot(Figure().subplots()).get_title())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
