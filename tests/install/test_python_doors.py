# SPDX-License-Identifier: GPL-3.0-or-later
"""What the installed Python module refuses and in which words, what its results can do, Ctrl-C,
signatures and types."""

import ast
import builtins
import collections
import copy
import decimal
import inspect
import json
import os
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from unittest import mock

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())


def child(code, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def same(a, b):
    np.testing.assert_array_equal(np.atleast_1d(a), np.atleast_1d(b))


def data(name, content):
    if isinstance(content, str):
        (WORK / name).write_text(content)
    else:
        np.save(WORK / name, np.array(content, dtype=float))
    return WORK / name


class Failures(unittest.TestCase):
    def test_messages(self):
        good = data("good.npy", [[0, 0], [1, 0], [0, 2], [4, 1]])
        for function, pattern in (
            (lambda: ordpar.curve([0, 1], N=8, L=3), "L = 3, N = 8"),
            (lambda: ordpar.curve([1.0, -0.5]), "'-0.5,1.0'"),
            (lambda: ordpar.curve([0, np.nan]), "nan"),
            (lambda: ordpar.curve([0, 1], eta=-1), "^eta: must be a finite number > 0, got '-1'$"),
            (lambda: ordpar.curve([0, 1], eta=np.nan), "eta: .*nan"),
            (lambda: ordpar.curve([0, 1], K=2.5), "student-units: .*2.5"),
            (lambda: ordpar.curve([0, 1], seed=2**60 + 1), "seed: .*1152921504606846977"),
            (lambda: ordpar.curve([0, 1], rtol=1e-16), "rtol: .*1e-16"),
            (lambda: ordpar.curve([0, 1], activation="tanhh"), "activation: must be one of erf.*tanhh"),
            (lambda: ordpar.curve([0, 1], init="nowhere"), "init: .*nowhere"),
            (lambda: ordpar.curve([0, 1], student_output=[1, 2, 3]), "student-output: .*2.*3"),
            (lambda: ordpar.curve([0, 1], train_output="0"), "train-output: must be yes or no, got '0'"),
            (lambda: ordpar.curve([0, 1], momentum=0.9), "momentum: must be constant:C:E .*PyTorch.*, got '0.9'"),
            (lambda: ordpar.curve([0, 1], columns=["rate", "foo"]), "columns: must be rate, .* got 'rate,foo'"),
            (lambda: ordpar.curve([0, 1], spectrum=[3.0, 1.0], like="/"), "like: /: cannot be read"),
            (lambda: ordpar.curve([0, 1], schedule="exp:3"), "schedule: must be constant, power:.*or a file, got 'exp:3'"),
            (lambda: ordpar.curve([0, 1], schedule=3), r"schedule must be a text, KIND\[:NUMBERS\]\|FILE, got 3"),
            (lambda: ordpar.curve([0, 1], save_overlaps=3), "save_overlaps must be the name of a file, got 3"),
            (lambda: ordpar.spectrum(data=good, array=np.ones((2, 2))), "array must be a text, NAME, got array"),
            (lambda: ordpar.spectrum(spectrum=[3.0, 1.0], fit=(2, 10)), "fit: .*FIRST:LAST.*'2,10'"),
            (lambda: ordpar.curve([0, 1], small_eta=2), "small_eta must be True or False, got 2"),
            (lambda: ordpar.curve([0, 1], spectrum="/nonexistent"), "/nonexistent"),
            (lambda: ordpar.curve([0, 1], spectrum=([1.0], [4]), L=4), "spectrum"),
            (lambda: ordpar.curve([0, 1], moments=[-1]), "moments.*-1"),
            (lambda: ordpar.simulate([0, 1], runs=0), "runs: .*got '0'"),
            (lambda: ordpar.simulate([0, 1], small_eta=True), "small-eta"),
            (lambda: ordpar.spectrum(spectrum=([-1.0], [2])), "-1"),
            (lambda: ordpar.spectrum(spread=1), "spread.*got 1"),
            (lambda: ordpar.spectrum(spread=np.nan), "spread: .*nan"),
            (lambda: ordpar.spectrum(spread_parts=3), "spread-parts: needs a spread"),
            (lambda: ordpar.spectrum(spread=0.1, spread_parts=1.5), "spread-parts: .*1.5"),
            (lambda: ordpar.spectrum(N=4, L=4, spread=0.1), "nothing to spread"),
            (lambda: ordpar.spectrum(data="/nonexistent.npy"), "/nonexistent.npy"),
            (lambda: ordpar.spectrum(data=data("text.npy", "no array")), "text.npy"),
            (lambda: ordpar.spectrum(data=data("same.npy", np.ones((3, 2)))), "equal"),
            (lambda: ordpar.spectrum(data=data("nan.npy", [[1, 2], [3, np.nan]])), "nan.npy"),
            (lambda: ordpar.spectrum(data=np.array([[1, 2], [3, np.nan]])), "^data: the array: "),
            (lambda: ordpar.spectrum(data=good, N=3), "3 cannot be kept"),
            (lambda: ordpar.spectrum(data=good, spectrum=([1.0], [4])), "data: .*spectrum"),
            (lambda: ordpar.spectrum(data=good, beta=1), "data: .*beta"),
            (lambda: ordpar.simulate([0, 3], data=good), "6 examples, the data has 4"),
            (lambda: ordpar.simulate([0, 1], data=good, method="overlap"), "sgd"),
            (lambda: ordpar.closed_form("linear-continuum", [1.0], data=good), "data: .*power law"),
        ):
            with self.subTest(pattern):
                with self.assertRaisesRegex((ordpar.Error, TypeError), pattern) as caught:
                    function()
                self.assertNotIn("\n", str(caught.exception))
                self.assertIn(getattr(caught.exception, "status", "INVALID"), ("INVALID", "IO", "PARSE"))

    def test_arrays(self):
        """Their shapes and what is in them; no message names what is inside the module."""
        q = np.eye(2)[:, :, None] * np.ones(16)
        masked = np.ma.array([0.0, 1.0], mask=[False, True])
        examples = np.ma.array(np.eye(3), mask=np.eye(3))
        for function, pattern in (
            (lambda: ordpar.curve([[0.0, 1.0]]), r"alpha must have 1 axis, got the shape \(1, 2\)"),
            (lambda: ordpar.curve([]), "alpha must have at least one row"),
            (lambda: ordpar.curve([0, "x"]), r"alpha must be real numbers, got \[0, 'x'\]"),
            (lambda: ordpar.curve([0, 1j]), "alpha must be real numbers"),
            (lambda: ordpar.curve([[0, 1], [2]]), "alpha must be real numbers"),
            (lambda: ordpar.curve(masked), "alpha has masked values"),
            (lambda: ordpar.curve("0:1:2\0"), "alpha has a NUL character"),
            (lambda: ordpar.curve([0, 1], eta="0.1\0"), "eta has a NUL character"),
            (lambda: ordpar.curve([0, 1], spectrum="a\0b"), "spectrum has a NUL character"),
            (lambda: ordpar.curve([0, 1], eta=np.ma.masked), "eta must be a number"),
            (lambda: ordpar.curve([0, 1], student_output=masked), "student_output must be a number"),
            (lambda: ordpar.curve([0, 1], student_output=[[1, 2]]), "student_output must be numbers along one axis"),
            (lambda: ordpar.curve([0, 1], eta=1j), "eta must be a number or its text, got 1j"),
            (lambda: ordpar.curve([0, 1], moments=[[1]]), "moments must be numbers along one axis"),
            (lambda: ordpar.curve([0, 1], overlaps=(q, q[:, :1], q)), "overlaps must have the shapes"),
            (lambda: ordpar.curve([0, 1], overlaps=(q[..., 0], q, q)), "overlaps: q must have 3 axes"),
            (lambda: ordpar.curve([0, 1], overlaps=(q, q)), "overlaps must be a file or the arrays"),
            (lambda: ordpar.curve([0, 1], overlaps=3), "overlaps must be a file or the arrays"),
            (lambda: ordpar.curve([0, 1], spectrum=([1.0, 2.0], [1])), "must have one length"),
            (lambda: ordpar.curve([0, 1], spectrum=([1.0, 2.0], [1, 1.5])), "whole numbers"),
            (lambda: ordpar.spectrum(spectrum=np.eye(2)), r"tuple \(eigenvalues, multiplicities\)"),
            (lambda: ordpar.spectrum(spectrum=[[2, 1], [1, 2]]), "a covariance"),
            (lambda: ordpar.spectrum(spectrum=np.eye(3)), "a covariance"),
            (lambda: ordpar.spectrum(spectrum=3), "eigenvalues must have 1 axis"),
            (lambda: ordpar.spectrum(data=[]), "data must be at least one file or array"),
            (lambda: ordpar.spectrum(data=3), "data must be files or arrays, got 3"),
            (lambda: ordpar.spectrum(data=examples), "data has masked values"),
            (lambda: ordpar.spectrum(data=np.array([None])), "data must be an array of numbers"),
            (lambda: ordpar.curve([0, 1], teacher_output=b"12"), "teacher_output must be a number or its text, got b'12'"),
            (lambda: ordpar.curve([0, 1], teacher_output={1, 2}), "teacher_output must be a number or its text"),
            (lambda: ordpar.curve([0, 1], teacher_output=[]), "teacher_output must have at least one number"),
        ):
            with self.subTest(pattern):
                with self.assertRaisesRegex(ValueError, pattern) as caught:
                    function()
                self.assertNotRegex(str(caught.exception), "_[A-Z]|positional|__")
        not_symmetric = q.copy()
        not_symmetric[0, 1, 3] = 0.5
        for bad in (not_symmetric, -q, q * np.nan):
            self.assertRaises(ordpar.Error, ordpar.curve, [0, 1], overlaps=(bad, 0 * q, q))
        self.assertRaises(ordpar.Error, ordpar.curve, [0, 1], overlaps=(q, 0 * q, q), K=3)

    def test_settings(self):
        for options in (dict(method="sgd"), dict(foo=1), dict(K=2, student_units=2), dict(activation=1)):
            self.assertRaises(TypeError, ordpar.curve, [0, 1], **options)
        with self.assertRaisesRegex(TypeError, r"curve\(\) has no setting 'foo'"):
            ordpar.curve([0, 1], foo=1)
        self.assertRaises(TypeError, ordpar.spectrum, eta=1)
        end = ordpar.curve([0, 1], L=1).overlaps
        with self.assertRaisesRegex(ordpar.Error, "overlaps: it takes the place of seed"):
            ordpar.curve([0, 1], L=1, overlaps=end, seed=3)

    def test_library(self):
        """Without the library the import says so, and how to name another."""
        error = child("import ordpar", env={**os.environ, "ORDPAR_LIBRARY": "/nonexistent.so"}).communicate()[1]
        self.assertRegex(error, "ImportError: .*/nonexistent.so.*ORDPAR_LIBRARY")


class Arrays(unittest.TestCase):
    def test_alpha(self):
        """Any order, one number, a text; the result's alpha is not the caller's array."""
        alpha = np.array([2.0, 0.0, 1.0, 2.0])
        ordered = ordpar.curve([0, 1, 2], L=1, moments=[1])
        curve = ordpar.curve(alpha, L=1, moments=[1])
        same(curve.alpha, alpha)
        same(curve.eps_g, ordered.eps_g[[2, 0, 1, 2]])
        same(curve.R, ordered.R[:, [2, 0, 1, 2]])
        self.assertFalse(np.shares_memory(curve.alpha, alpha))
        self.assertTrue(np.shares_memory(curve.Q, curve.moments))
        same(ordpar.curve(2, L=1).eps_g, ordpar.curve("2:2:1", L=1).eps_g)
        same(ordpar.curve("0:2:3", L=1).eps_g, ordered.eps_g)
        same(ordpar.simulate([1, 0], N=8, L=1).eps_g, ordpar.simulate([0, 1], N=8, L=1).eps_g[::-1])
        backwards = ordpar.closed_form("frontier", compute=[100.0, 1.0])
        same(backwards["eps_g"], ordpar.closed_form("frontier", compute=[1.0, 100.0])["eps_g"][::-1])

    def test_address_space(self):
        """A sweep has as many threads as OpenBLAS has room for: it waits for ever for the buffer of another."""
        sweep = "import ordpar; print(ordpar.sweep([0, 1], what='curve', eta=[.1, .2, .3, .4], N=256, L=64, threads=4)['eps_g'].shape)"
        ended = set()
        for room in (500000, 600000, 700000, 2000000):  # kB
            run = ["bash", "-c", f'ulimit -v {room}; exec timeout 60 "$0" -c "$1"', sys.executable, sweep]
            got = subprocess.run(run, capture_output=True, text=True)
            self.assertIn(got.returncode, (0, 1), got.stderr)
            ended.add(got.stdout)
        self.assertIn("(4, 2)\n", ended)

    def test_numbers(self):
        """Of NumPy, of decimal, as text, and lists of one."""
        expected = ordpar.curve([0, 1], L=1, K=1, M=1, eta=0.1, student_output=[0.5])
        for eta in (np.float64(0.1), "0.1", decimal.Decimal("0.1"), np.array(0.1)):
            for units in (1, 1.0, "1", np.int32(1), np.uint8(1)):
                got = ordpar.curve([0, 1], L=1, K=units, M=units, eta=eta, student_output=0.5)
                self.assertEqual(got, expected)
        for name in ("K", "eta", "seed"):  # what is true has no size
            with self.assertRaisesRegex(ValueError, "must be a number or its text, got True$"):
                ordpar.curve([0, 1], L=1, **{name: True})
        small = ordpar.curve([0, 1], L=1, small_eta=True)
        for flag in (1, np.int64(1), np.True_, "yes"):
            same(ordpar.curve([0, 1], L=1, small_eta=flag).eps_g, small.eps_g)
        with self.assertRaisesRegex(TypeError, "got a Spectrum$"):
            ordpar.report(ordpar.spectrum(L=2))
        table = np.array([[1.0, 2.0], [3.0, 4.0], ["x", 1]], dtype=object)
        with self.assertRaisesRegex(ValueError, "^data must be real numbers, but .2..0. is 'x'$"):
            ordpar.spectrum(data=table)

    def test_spectrum(self):
        for given in ([2.0, 1.0], (2.0, 1.0), np.array([1.0, 2.0]), ([1.0, 2.0], [1, 1])):
            spectrum = ordpar.spectrum(spectrum=given)
            same(spectrum.eigenvalues, [2, 1])
            same(spectrum.multiplicities, [1, 1])

    def test_data(self):
        """Arrays are what their files are, in any order and type, and no file is left."""
        draw = np.random.default_rng(1).normal(3, [4, 3, 2, 1], (60, 4))
        expected = ordpar.spectrum(data=data("draw.npy", draw))
        before = set(os.listdir(tempfile.gettempdir()))
        for given in (draw, np.asfortranarray(draw), [draw[:20], draw[20:]], np.ma.array(draw)):
            self.assertEqual(ordpar.spectrum(data=given), expected)
        self.assertEqual(ordpar.spectrum(data=draw.round().astype(int)), ordpar.spectrum(data=draw.round()))
        runs = ordpar.simulate([0, 5], data=draw, runs=2, seed=3)
        self.assertEqual(runs, ordpar.simulate([0, 5], data=WORK / "draw.npy", runs=2, seed=3))
        left = {name for name in set(os.listdir(tempfile.gettempdir())) - before if "array-" in name}
        self.assertEqual(left, set())

    def test_threads(self):
        """OpenBLAS has its threads back afterwards."""
        library = ordpar._library.library
        before = library.openblas_get_num_threads()
        library.openblas_set_num_threads(2)
        ordpar.curve([0, 1.0], L=1)
        self.assertEqual(library.openblas_get_num_threads(), 2)
        library.openblas_set_num_threads(before)

    def test_given_overlaps_are_checked_as_one_computes(self):
        """By one of OpenBLAS's threads, and in a thread that Ctrl-C can leave: Gram matrices have their eigenvalues found."""
        library, call, how = ordpar._library.library, ordpar._library.call, {}
        start = ordpar.curve([0, 1], L=2, N=16, train_output=True, eta_v=0.1).overlaps
        hidden = ordpar.Overlaps(*start, v=start.v, p=np.eye(2) / 2)

        def noted(name, *arguments):
            how[name] = threading.current_thread() is threading.main_thread(), library.openblas_get_num_threads()
            return call(name, *arguments)

        before = library.openblas_get_num_threads()
        library.openblas_set_num_threads(2)
        with mock.patch.object(ordpar._library, "call", noted), mock.patch.object(ordpar._model, "call", noted):
            ordpar.curve([0, 1], L=2, N=16, train_output=True, eta_v=0.1, overlaps=hidden)
        library.openblas_set_num_threads(before)
        for name in ("model_set_overlaps", "model_set_overlaps_beside", "model_curve_table"):
            self.assertEqual(how[name], (False, 1), name)


class Results(unittest.TestCase):
    def results(self):
        curve = ordpar.curve("0:2:3", N=64, L=4, moments=[1])
        form = dict(alpha=[1.0, 2.0], N=64, L=4)
        return [
            curve,
            curve.overlaps,
            ordpar.spectrum(N=8, L=4),
            ordpar.simulate("0:1:2", N=16, L=4, runs=2),
            ordpar.compare("0:1:2", N=16, L=4, runs=2),
            ordpar.precision("0:1:2", N=16, L=1, digits=10),
            ordpar.closed_form("plateau", K=3, M=3),
            ordpar.closed_form("plateau", digits=10),
            ordpar.closed_form("linear-exact", **form),
        ]

    def test_copies(self):
        """Equal after a copy and after pickling, with the same facts; short as text."""
        for value, again in zip(self.results(), self.results()):
            for other in (again, copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
                self.assertIs(type(other), type(value))
                self.assertTrue(np.all(other == value))
                self.assertFalse(np.any(other != value))
                facts = getattr(value, "facts", {})
                self.assertEqual(getattr(other, "facts", {}), facts)
                for key, fact in facts.items():
                    same(other.facts[key].value, fact.value)
            self.assertLess(len(repr(value)), 300)
            self.assertNotIn("\n", repr(value))
        curve, other = ordpar.curve("0:2:3", L=1), ordpar.curve("0:2:3", L=1, seed=2)
        self.assertNotEqual(curve, other)
        self.assertNotEqual(curve.overlaps, other.overlaps)
        self.assertNotEqual(curve, None)

    def test_facts(self):
        """What the program notes: the model, where rounding limits the promise, a measured plateau."""
        curve = ordpar.curve("0:400:401", L=1, init="mean", report=True)
        self.assertIn("erf, K = 2, M = 2, N = 1024, L = 1", curve.facts["model"])
        self.assertIn("start the same", curve.facts["symmetry"])
        self.assertIn("predicted 0.0", curve.facts["plateau height"])
        form = ordpar.closed_form("linear-exact", [1.0, 2.0])
        self.assertGreater(form.facts["eta / eta_c"].value, 0)
        self.assertEqual(form[:1].facts, form.facts)
        self.assertIs(type(form * 2), np.ndarray)
        self.assertIs(type(form.sum()), np.float64)

    def test_no_moments(self):
        with self.assertRaisesRegex(AttributeError, r"ask for them, as by moments=\[1\]"):
            ordpar.curve([0, 1], L=1).R[0]

    def test_errors(self):
        """They come through copies, pickles and a pool of processes."""
        with self.assertRaises(ordpar.Error) as caught:
            ordpar.curve([0, 1], N=64, L=7)
        error = caught.exception
        for other in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
            self.assertIs(type(other), ordpar.Error)
            self.assertEqual((str(other), other.status), (str(error), "INVALID"))
        (WORK / "pool.py").write_text(
            "import multiprocessing, ordpar\n"
            "def work(L):\n"
            "    return float(ordpar.curve('0:2:3', N=64, L=L).eps_g[-1])\n"
            "if __name__ == '__main__':\n"
            "    with multiprocessing.Pool(2) as pool:\n"
            "        try:\n"
            "            pool.map(work, [4, 7])\n"
            "        except ordpar.Error as error:\n"
            "            print(error.status, error)\n"
        )
        got = subprocess.run([sys.executable, WORK / "pool.py"], capture_output=True, text=True, timeout=120)
        self.assertRegex(got.stdout, "^INVALID .*L = 7, N = 64; take L = 8, or N = 63 or 70$", got.stderr)


class Interrupts(unittest.TestCase):
    """Ctrl-C ends a computation, and its thread has ended when KeyboardInterrupt arrives."""

    def test_long(self):
        """Of hours within seconds: afterwards nothing runs, in a process that lives on."""
        for call in (
            "simulate('0:1e6:100001', N=200, L=10, runs=2)",
            "precision('0:100:3', N=24, L=24, digits=200)",
            "curve('0:1e9:3', K=8, M=8, N=4096, L=4096, activation='relu')",
        ):
            code = (
                "import ordpar, sys, time\n"
                "print('begun', flush=True)\n"
                "try:\n"
                f"    ordpar.{call}\n"
                "except KeyboardInterrupt:\n"
                "    begin = time.process_time()\n"
                "    time.sleep(1)\n"
                "    used = time.process_time() - begin\n"
                "    print(len(sys._current_frames()), 'thread', 'idle' if used < 0.3 else used)\n"
            )
            with self.subTest(call):
                process = child(code)
                self.assertEqual(process.stdout.readline(), "begun\n")
                time.sleep(1)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.communicate(timeout=60), ("1 thread idle\n", ""))

    def alone(self):
        """A thread that has told that it ends takes a moment for it."""
        begin = time.monotonic()
        while len(sys._current_frames()) > 1 and time.monotonic() < begin + 5:
            time.sleep(1e-4)
        self.assertEqual(len(sys._current_frames()), 1)

    def test_any_time(self):
        """A hundred signals, from before the thread begins to after its end."""

        def interrupt(number, frame):
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, interrupt)
        expected = ordpar.curve("0:20:3")
        begin = time.monotonic()
        ordpar.curve("0:20:3")
        took = time.monotonic() - begin
        ended = 0
        for delay in np.linspace(1e-5, 2 * took, 100):
            try:
                signal.setitimer(signal.ITIMER_REAL, delay)
                got = ordpar.curve("0:20:3")
                signal.setitimer(signal.ITIMER_REAL, 0)
                self.assertEqual(got, expected)
            except KeyboardInterrupt:
                ended += 1
            self.alone()
        signal.signal(signal.SIGALRM, before)
        self.assertGreater(ended, 10)
        self.assertEqual(ordpar.curve("0:20:3"), expected)

    def test_every_line(self):
        """At each line of the module in turn, those of a loop three times: nothing is freed twice, no thread and no file is left."""
        given = np.random.default_rng(1).normal(size=(9, 3))
        call = lambda: ordpar.curve([0, 1.0], data=given, K=1, M=1)
        home = str(pathlib.Path(ordpar.__file__).parent)
        files = lambda: {name for name in os.listdir(tempfile.gettempdir()) if "array-" in name}
        lines, at, turns = 0, None, collections.Counter()

        def line(frame, event, argument):
            nonlocal lines
            if event == "line":
                turns[frame.f_code, frame.f_lineno] += 1
                if turns[frame.f_code, frame.f_lineno] <= 3:
                    lines += 1
                    if lines == at:
                        raise KeyboardInterrupt
            return line

        def traced():
            nonlocal lines
            lines = 0
            turns.clear()
            # Python itself drops what is raised in a destructor.
            own = lambda frame, *_: line if frame.f_code.co_filename.startswith(home) and frame.f_code.co_name != "__del__" else None
            sys.settrace(own)
            try:
                return call()
            finally:
                sys.settrace(None)

        expected, before = traced(), files()
        for at in range(1, lines + 1):
            with self.assertRaises(KeyboardInterrupt):
                traced()
            self.alone()
            self.assertEqual(files() - before, set())
        self.assertEqual(call(), expected)


class Signatures(unittest.TestCase):
    def test_signature(self):
        parameters = inspect.signature(ordpar.curve).parameters
        for name, default in dict(eta=0.1, K=2, N=1024, activation="erf", small_eta=False, spectrum=None).items():
            self.assertEqual((name, parameters[name].default), (name, default))
            self.assertIs(parameters[name].kind, inspect.Parameter.KEYWORD_ONLY)
        self.assertIsNone(parameters["runs"].default)
        self.assertIn("runs", inspect.signature(ordpar.simulate).parameters)

    def test_help(self):
        text = " ".join(inspect.getdoc(ordpar.curve).split())
        self.assertIn("activation : Function, default 'erf' Activation function: erf, linear, relu, quadratic, tanh", text)
        self.assertIn("K, student_units : Whole, default 2 Hidden units of the student.", text)
        self.assertIn("(needs eta_v)", text)
        self.assertIn("A spectrum instead of L and beta", text)
        self.assertIn("or eta times power:GAMMA:ALPHA0, (1 + alpha/ALPHA0)^-GAMMA", text)
        self.assertNotRegex(text, "--[a-z]")

    def test_sweeps_have_the_columns_of_what_they_compute(self):
        settings = {"N": 64, "L": 2, "eta": 0.2, "runs": 5, "against": "ode+1/N"}
        alone = ordpar.compare("0:3:4", **settings)
        swept = ordpar.sweep("0:3:4", what="compare", **{**settings, "eta": [0.1, 0.2]})
        np.testing.assert_array_equal(swept["z_sd"][1], alone.z_sd)
        self.assertIn("runs", ordpar.sweep([1, 2], what="simulate", N=64, L=2, eta=[0.1, 0.2], runs=2))
        both = ordpar.sweep([1], K=[2, 3], M=[1, 2], together=("K", "M"), N=64, L=2)
        np.testing.assert_array_equal(both["M"], [1, 2])

    def test_facts_of_sweeps(self):
        """Each sweep has its own, and what curves say of the model, whatever is swept for."""
        for settings in (
            dict(spectrum=([2.0, 1.0], [4, 8]), eta=[0.1, 0.2]),
            dict(weight_decay=[0.1, 0.1], L=2),
            dict(K=[3, 3], M=2, L=2),
        ):
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                facts = ordpar.sweep([0, 1], **settings).facts
                count = len(told)
                curves = ordpar.sweep([0, 1], what="curve", **settings).facts
            self.assertEqual(len(told), 2 * count)
            for name in {"trace", "decay", "output weights"} & curves.keys():
                self.assertEqual(facts[name], curves[name])
            self.assertTrue({"trace", "decay", "output weights"} & facts.keys(), settings)
        self.assertIn("escape_time is 1/rate", ordpar.sweep("0:1000:101", L=1, eta=0.5, seed=[1, 2]).facts["times"])
        first = ordpar.sweep([0, 1], N=8, L=2, eta=[0.1, 0.2])
        first.facts["mine"] = "x"
        self.assertNotIn("mine", ordpar.sweep([0, 1], N=8, L=2, eta=[0.1, 0.2]).facts)

    def test_reasons_of_sweeps(self):
        """Each reason that a point's number is missing for has the points that it is of."""
        sweep = ordpar.sweep("0.1:1000:60:log", L=[1, 4, 16], eta=[0.5, 0.1], N=64)
        self.assertEqual(np.isnan(sweep["plateau_exit"]).sum(), 3)
        reasons = re.findall(r"(no [a-z]+): [^;]*?(?:\(at [^;]*; (\d) of 6 points have that\))?(?:;|$)", sweep.facts["not found"])
        self.assertEqual(reasons, [("no plateau", "1"), ("no exponent", "2"), ("no plateau", ""), ("no exponent", "2")])

    def test_settings_as_json(self):
        """A result's settings, written as they are, are those of like."""
        end = WORK / "json_end.csv"
        ordpar.curve([0, 10], L=2, N=32, save_overlaps=end)
        curve = ordpar.curve([10, 20], continue_from=end)
        (WORK / "own.json").write_text(json.dumps(curve.settings, default=str))
        self.assertEqual(ordpar.curve([10, 20], like=WORK / "own.json"), curve)

    def test_types(self):
        """Every keyword that a function takes is in its type, by letter and by name; a user's script
        passes mypy --strict where it is installed, and one with a mistake does not."""
        folder = pathlib.Path(ordpar.__file__).parent
        stub = (folder / "__init__.pyi").read_text()
        self.assertTrue((folder / "py.typed").exists())
        for row in ordpar.SETTINGS.values():
            if row.name not in ("each", "keep_partial", "max_z", "max_error", "sizes"):
                self.assertIn(f"    {row.name}: ", stub)
                self.assertIn(f"    {row.keyword}: ", stub)
        tree = ast.parse(stub)
        known = set(dir(builtins))
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                known |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                known.add(node.name)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self.assertEqual(used - known - {"__version__"}, set())
        if subprocess.run([sys.executable, "-c", "import mypy"], capture_output=True).returncode:
            self.skipTest("mypy is not installed")
        script = (pathlib.Path(__file__).parent / "user.py").read_text()
        (WORK / "good.py").write_text(script)
        (WORK / "bad.py").write_text(script + "\nordpar.curve([0, 1.0], eta=[1], K=2, kk=1)\n")
        for name, status, words in (
            ("good.py", 0, ["Success"]),
            ("bad.py", 1, ['Argument "eta"', 'Unexpected keyword argument "kk"', "Found 2 errors"]),
        ):
            got = subprocess.run(
                [sys.executable, "-m", "mypy", "--strict", "--cache-dir", WORK / "mypy", WORK / name],
                env={**os.environ, "MYPYPATH": str(folder.parent)}, capture_output=True, text=True,
            )  # fmt: skip
            self.assertEqual(got.returncode, status, got.stdout + got.stderr)
            for word in words:
                self.assertIn(word, got.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
