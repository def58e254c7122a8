# SPDX-License-Identifier: GPL-3.0-or-later
"""Values, files, signals and forks that the Python module does not expect every day."""

import collections
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy as np
import ordpar

WORK = pathlib.Path(tempfile.mkdtemp())
PROGRAM = sys.argv[1]
SMALL = dict(N=8, L=1)
GRID = dict(N=16, L=2)


def child(code, **options):
    """A process that has said that it begins."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import gc, os, sys, threading, time\nimport ordpar\n" + code],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=WORK, **options,
    )  # fmt: skip
    if process.stdout.readline() != "begun\n":
        raise AssertionError(process.communicate()[1])
    return process


class Table:
    """Of another library: an array by its protocol, which iterates over names, as pandas' tables do."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values if dtype is None else self.values.astype(dtype)

    def __iter__(self):
        return iter(range(self.values.shape[-1]))

    def __len__(self):
        return len(self.values)


class Foreign(unittest.TestCase):
    """Arrays of other libraries are their numbers through every door."""

    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((40, 5)), rng.standard_normal(40)
    model = dict(activation="linear", K=1, M=1)

    def test_data_and_labels(self):
        expected = ordpar.curve([0, 5], data=self.x, labels=self.y, **self.model).eps_g
        objects = np.array(list(self.y), dtype=object)
        for data in (Table(self.x), [Table(self.x[:10]), self.x[10:]], self.x.tolist()):
            for labels in (Table(self.y), self.y.tolist(), tuple(self.y), iter(self.y), Table(self.y[:, None]), objects):
                found = ordpar.curve([0, 5], data=data, labels=labels, **self.model)
                self.assertTrue((found.eps_g == expected).all())
                self.assertEqual(str(found.settings["labels"]), "array")
        swept = ordpar.sweep([0, 5], eta=[0.1, 0.2], what="curve", data=Table(self.x), labels=list(self.y), **self.model)
        self.assertTrue((swept["eps_g"][0] == expected).all())
        self.assertEqual(ordpar.Model(data=Table(self.x), labels=self.y.tolist()), ordpar.Model(data=self.x, labels=self.y))

    def test_lists(self):
        """Their numbers, not their columns' names."""
        for given in (Table([0.5, 0.3]), [Table(0.5), 0.3]):
            found = ordpar.curve([0, 5], student_output=given, **GRID)
            self.assertEqual(found, ordpar.curve([0, 5], student_output=[0.5, 0.3], **GRID))
        self.assertEqual(ordpar.sweep([1], eta=Table([0.5, 0.3]), **GRID).axes["eta"].tolist(), [0.5, 0.3])
        self.assertEqual(ordpar.curve([1], moments=Table([2, 0]), **GRID).orders.tolist(), [2, 0])
        self.assertEqual(ordpar.curve([1], eta=Table(0.3), **GRID), ordpar.curve([1], eta=0.3, **GRID))
        self.assertEqual(ordpar.spectrum(spectrum=Table([3.0, 1.0])), ordpar.spectrum(spectrum=[3.0, 1.0]))
        long = "0.12345678901234567890123456789"
        for rows in (Table(np.array([long])), np.array([long])):
            self.assertEqual(ordpar.precision(rows, L=1, digits=25).alpha[0], "1.234567890123456789012346e-01")

    def test_refused(self):
        for function, pattern in (
            (lambda: ordpar.curve([1], student_output=[[0.5, 0.3]], **GRID), r"student_output must be numbers along one axis, got \[\[0.5, 0.3\]\]"),
            (lambda: ordpar.curve([1], student_output=Table([[0.5, 0.3]]), **GRID), "student_output must be numbers along one axis"),
            (lambda: ordpar.curve([1], data=self.x, labels=3), r"labels must be a file, FILE\[:ARRAY\], or an array of numbers, got 3"),
            (lambda: ordpar.curve([1], data=self.x, labels=["a", "b"]), r"labels must be a file, .*, or an array of numbers, got \['a', 'b'\]"),
            (lambda: ordpar.spectrum(data=np.array([["a"]])), "data must be an array of numbers, got the type <U1"),
        ):
            with self.assertRaisesRegex((TypeError, ValueError), "^" + pattern):
                function()


class Values(unittest.TestCase):
    def test_refused(self):
        """By the setting and the value, in one line, whatever the value is."""
        digits = 10**5000
        days = np.array(["2020-01-01"], "M8[D]")
        for function, pattern in (
            (lambda: ordpar.closed_form("plateau\0x"), "^name has a NUL character"),
            (lambda: ordpar.closed_form("\udcff"), "NAME must be one of"),
            (lambda: ordpar.curve([0, 1], like="a\0b"), "^like has a NUL character"),
            (lambda: ordpar.curve([0, 1], eta="\ud800"), "^eta has characters that are none"),
            (lambda: ordpar.curve([0, 1], spectrum="\ud800"), "^spectrum has characters that are none"),
            (lambda: ordpar.curve([0, 1], seed=digits), "^seed has too many digits"),
            (lambda: ordpar.curve([0, 1], schedule=digits), "^schedule must be a text"),
            (lambda: ordpar.curve([0, digits]), "^alpha must be real numbers"),
            (lambda: ordpar.curve(days), "^alpha must be real numbers"),
            (lambda: ordpar.curve(np.zeros(2, [("a", float)])), "^alpha must be real numbers"),
            (lambda: ordpar.curve(bytearray(b"ab")), "^alpha must be real numbers"),
            (lambda: ordpar.curve([0, 1], eta=np.ma.array(0.1, mask=True)), "^eta must be a number"),
            (lambda: ordpar.curve([0, 1], momentum=object()), "^momentum must be a text"),
            (lambda: ordpar.curve([0, 1], eta="1\n2"), r"got '1\?2'$"),
            (lambda: ordpar.curve([0, 1], activation=type("T", (), {"__repr__": lambda _: "a\nb"})()), "got a b$"),
            (lambda: ordpar.grid([0, 1]), r"^grid takes a text, .* got \[0, 1\]$"),
            (lambda: ordpar.report(([1, 2, 1], [1, 0.5, 0.7])), "^alpha has 1 twice, with different eps_g$"),
            (lambda: ordpar.report(([1, 2], [1, np.nan])), "eps_g must be a finite number, got nan in row 2"),
            (lambda: ordpar.report(([1, np.inf], [1, 0])), "alpha must be a finite number, got inf in row 2"),
            (lambda: ordpar.report(([], [])), "has no rows"),
        ):
            with self.subTest(pattern):
                with self.assertRaisesRegex((ordpar.Error, TypeError, ValueError), pattern) as caught:
                    function()
                self.assertNotIn("\n", str(caught.exception))

    def test_taken(self):
        """Views, iterators, what pandas has: as lists are."""
        weights = np.array([0.5, 0.25])
        expected = ordpar.curve([0, 1], L=1, student_output=[0.5, 0.25], moments=[1])
        keys = collections.OrderedDict.fromkeys((0.5, 0.25)).keys()
        for given in (memoryview(weights), weights.flat, keys, iter([0.5, 0.25])):
            got = ordpar.curve([0, 1], L=1, student_output=given, moments=iter([1]))
            self.assertEqual(got, expected)
            self.assertLess(len(repr(got)), 300)
        self.assertEqual(ordpar.curve([0, 1], moments=None, **SMALL), ordpar.curve([0, 1], **SMALL))
        spectrum = ordpar.spectrum(spectrum=(memoryview(np.array([2.0, 1.0])), [3, 4]))
        self.assertEqual(spectrum, (np.array([2.0, 1.0]), np.array([3.0, 4.0])))

    def test_not_shared(self):
        eta = np.array(0.2)
        model = ordpar.Model(eta=eta, **SMALL)
        eta[...] = 0.3
        self.assertEqual(model.eta, 0.2)
        self.assertEqual(repr(model), "Model(N=8, L=1, eta=0.2)")
        curve = ordpar.curve([0, 1], **SMALL)
        try:
            data = curve.to_xarray()
        except ImportError:
            return
        data["eps_g"].values[:] = 0
        self.assertGreater(curve.eps_g[0], 0)

    def test_teacher(self):
        """The teacher's weights are part of a spectrum."""
        plain, taught = ordpar.spectrum(N=8, L=4), ordpar.spectrum(N=8, L=4, teacher_decay=1)
        self.assertNotEqual(plain, taught)
        self.assertEqual(taught, ordpar.spectrum(spectrum=taught))
        self.assertEqual(taught, (*taught, taught.teacher))
        self.assertNotEqual(ordpar.Model(spectrum=plain), ordpar.Model(spectrum=taught))
        self.assertIn("teacher", taught._columns())
        self.assertNotIn("teacher", plain._columns())

    def test_models(self):
        self.assertEqual(ordpar.Model(spectrum=[1.0, 2.0]), ordpar.Model(spectrum=([2.0, 1.0], [1, 1])))
        self.assertNotEqual(ordpar.Model(data=["a.npy", "b.npy"]), ordpar.Model(data=["c.npy", "b.npy"]))
        sweep = ordpar.sweep([0, 1], eta=iter((0.1, 0.2)), what="curve", **SMALL)
        self.assertEqual(sweep.keys(), ["eta", "alpha", "eps_g"])
        self.assertNotIn("K", sweep)


class Files(unittest.TestCase):
    def test_like(self):
        """What a file of the program says of its exit status is not for Python; the settings of a result
        are those of its function; names are kept to the byte."""
        name = os.fsdecode(b"spectrum\xff.csv")
        (WORK / name).write_text("eigenvalue,multiplicity\n2,4\n1,4\n")
        words = ["--spectrum", str(WORK / name), "--alpha", "0:1:2", "--runs", "4"]
        written = subprocess.run([PROGRAM, "compare", *words, "--max-z", "1e-9", "-q"], stdout=subprocess.PIPE)
        (WORK / "compared.csv").write_bytes(written.stdout)
        self.assertEqual(ordpar.compare(like=WORK / "compared.csv").z.shape, (2,))
        curve = ordpar.curve(like=WORK / "compared.csv", runs=None)
        self.assertNotIn("max_z", curve.settings)
        self.assertEqual(ordpar.curve(curve.alpha, **curve.settings), curve)
        np.save(WORK / "a.npy", np.eye(4) + 1)
        np.save(WORK / "b.npy", 2 * np.eye(4))
        data = [str(WORK / "a.npy"), str(WORK / "b.npy")]
        (WORK / "data.json").write_text(json.dumps({"data": data}))
        self.assertEqual(ordpar.curve([0, 1], like=WORK / "data.json").settings, {"data": data})

    def test_json(self):
        for text, words in (
            ('{"eta": {"a": 1}}', "eta: a setting must be"),
            ('{"K": 3, "student_units": 4}', "student-units stands there twice"),
            ('{"eta": 0.2, "default": {"eta": 0.3}}', "eta stands there twice"),
            ('{"eta": null}', "eta: a setting must be"),
        ):
            (WORK / "like.json").write_text(text)
            with self.assertRaisesRegex(ordpar.Error, words):
                ordpar.curve([0, 1], like=WORK / "like.json")

    def test_not_over_inputs(self):
        """Nothing that is read is written, through both doors."""
        np.save(WORK / "read.npy", np.random.default_rng(1).normal(size=(9, 3)))
        (WORK / "read.csv").write_text("eigenvalue,multiplicity\n2,4\n1,4\n")
        (WORK / "rows.txt").write_text("0\n1\n")
        for alpha, settings in (
            ([0, 1], dict(data="read.npy")),
            ([0, 1], dict(spectrum="read.csv")),
            ("rows.txt", dict(N=8, L=1)),
        ):
            name = next((v for v in settings.values() if isinstance(v, str)), alpha)
            before = (WORK / name).read_bytes()
            words = ["--" + k if len(k) > 1 else "-" + k for k in settings]
            options = list(map(str, itertools.chain(*zip(words, settings.values()))))
            if isinstance(alpha, str):
                options += ["--alpha", alpha]
            got = subprocess.run(
                [PROGRAM, "curve", *options, "--save-overlaps", "./" + name, "-o", "out.csv"],
                capture_output=True, text=True, cwd=WORK,
            )  # fmt: skip
            self.assertEqual(got.returncode, 2)
            self.assertIn("--save-overlaps: ./" + name + " is what", got.stderr)
            here = os.getcwd()
            os.chdir(WORK)
            try:
                with self.assertRaisesRegex(ordpar.Error, "save-overlaps: .* is what .* reads"):
                    ordpar.curve(alpha, save_overlaps="./" + name, **settings)
            finally:
                os.chdir(here)
            self.assertEqual((WORK / name).read_bytes(), before)

    def test_nothing_is_left(self):
        """Of an array of data, when the process is killed."""
        folder = WORK / "temporary"
        folder.mkdir()
        process = child(
            "import numpy as np\n"
            "data = np.random.default_rng(0).normal(size=(9000, 10))\n"
            "told = lambda fraction: print('begun', flush=True)\n"
            "ordpar.simulate('0:900:901', data=data, runs=1, progress=told)\n",
            env={**os.environ, "TMPDIR": str(folder)},
        )
        process.kill()
        process.communicate()
        self.assertEqual(list(folder.iterdir()), [])


class Interpreters(unittest.TestCase):
    def test_options(self):
        """Without documents, with warnings as errors, without standard streams."""
        code = "import os, ordpar; c = ordpar.curve([0, 1], N=8, L=1); os._exit(len(c.alpha))"
        for options in (["-OO"], ["-bb", "-W", "error"]):
            self.assertEqual(subprocess.run([sys.executable, *options, "-c", code]).returncode, 2, options)
        closing = "import os\nfor k in range(3): os.close(k)\n"
        self.assertEqual(subprocess.run([sys.executable, "-c", closing + code]).returncode, 2)


class Interrupts(unittest.TestCase):
    def test_every_line(self):
        """Of the way to the library and back: no lock stays taken, no thread runs on, the next call works."""
        library = ordpar._library
        numbers = library.library.openblas_get_num_threads()
        expected = ordpar.curve([0, 1], **SMALL)
        count = target = 0

        def trace(frame, event, argument):
            nonlocal count
            name = frame.f_code.co_filename
            if name != library.__file__ and not name.endswith("contextlib.py"):
                return trace if name.startswith(os.path.dirname(library.__file__)) else None
            count += 1
            if count == target:
                raise KeyboardInterrupt
            return trace

        def run():
            nonlocal count
            count = 0
            sys.settrace(trace)
            try:
                return ordpar.curve([0, 1], **SMALL)
            finally:
                sys.settrace(None)

        run()
        for target in range(1, count + 1, 2):
            try:
                run()
            except KeyboardInterrupt:
                pass
            self.assertFalse(library._blas_lock.locked())
            self.assertEqual(library._blas_users, 0)
            self.assertEqual(library.library.openblas_get_num_threads(), numbers)
        self.assertEqual(ordpar.curve([0, 1], **SMALL), expected)

    def test_waiting(self):
        """For a pipe in which nothing comes, and for standard input."""
        pipe = WORK / "pipe"
        os.mkfifo(pipe)
        for settings in ("spectrum='pipe'", "overlaps='pipe'", "schedule='pipe'", "spectrum='-'"):
            process = child(
                "print('begun', flush=True)\n"
                "try:\n"
                f"    ordpar.curve([0, 1], {settings})\n"
                "except KeyboardInterrupt:\n"
                "    print(len(sys._current_frames()), ordpar.curve([0, 1], N=8, L=1).alpha)\n"
            )
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.communicate(timeout=60), ("1 [0. 1.]\n", ""), settings)
        program = subprocess.Popen([PROGRAM, "curve", "--spectrum", pipe], stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.communicate(timeout=60), (None, "ordpar curve: interrupted\n"))
        self.assertEqual(program.returncode, 130)

    def test_figure(self):
        """A signal to Python alone ends the program as one to both does: the numbers stay, no gnuplot lives on."""
        (WORK / "hangs").mkdir()
        gnuplot = WORK / "hangs/gnuplot"
        gnuplot.write_text("#!/bin/sh\necho $$ > drawing.new && mv drawing.new drawing\nexec sleep 600\n")
        gnuplot.chmod(0o755)
        code = 'print("begun", flush=True)\ntry:\n    ordpar.figure(2, "figures")\nexcept KeyboardInterrupt:\n    print(os.listdir("figures"))'
        process = child(code, env={**os.environ, "PATH": f"{gnuplot.parent}:{os.environ['PATH']}"})
        for _ in range(6000):
            if (WORK / "drawing").exists():
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.communicate(timeout=60), ("['figure2-left.csv']\n", ""))
        self.assertRaises(ProcessLookupError, os.kill, int((WORK / "drawing").read_text()), 0)

    def test_pipe_for_several(self):
        """What is read for each point, or each call of a model, is refused where it is there once. A grid is read once."""
        pipe = os.fspath(WORK / "once")
        os.mkfifo(pipe)
        names = ("spectrum", "schedule", "overlaps", "tasks", "data", "labels", "activation", "continue_from", "like")
        for call, name, path in itertools.product(("sweep", "Model"), names, (pipe, "-")):
            if name in ("like", *getattr(ordpar, call).settings):
                swept = {"alpha": 1, "seed": [1, 2]} if call == "sweep" else {}
                with self.subTest(call=call, name=name, path=path):
                    with self.assertRaisesRegex(ordpar.Error, f"{name.partition('_')[0]}: {path} is read once"):
                        getattr(ordpar, call)(**swept, **{name: path})
        (WORK / "there.txt").write_text("1\n2\n")
        with self.assertRaisesRegex(ordpar.Error, "spectrum: .*once is read once"):
            ordpar.sweep(1, spectrum=[WORK / "there.txt", pipe])
        writer = subprocess.Popen(["sh", "-c", f"printf 'alpha\\n0\\n1\\n' > '{pipe}'"])
        self.assertEqual(ordpar.sweep(pipe, eta=[0.1, 0.2], what="curve", **SMALL).alpha.tolist(), [0, 1])
        self.assertEqual(writer.wait(), 0)

    def test_report_reads_data(self):
        """In another thread, as all that may take long."""
        os.mkfifo(WORK / "never.csv")
        code = 'c = ordpar.curve([0, 1])\nprint("begun", flush=True)\nordpar.report((c.alpha, c.eps_g), spectrum="never.csv")'
        process = child(code)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        self.assertIn("KeyboardInterrupt", process.communicate(timeout=20)[1])

    def test_bursts(self):
        """Impatience loses no memory that a thread still uses, and leaves no thread."""
        for call in (
            "simulate('0:1e6:100001', N=200, L=10, runs=2)",
            "sweep('0:1e6:100001', eta=(0.1, 0.2, 0.3), what='simulate', N=200, L=10, runs=2)",
        ):
            process = child(
                "import signal\n"
                "handled, left, calm = [], [], threading.Event()\n"
                "def interrupt(*_):\n"
                "    handled.append(1)\n"
                "    if not left:\n"  # the call: the lines behind it are no place for another one
                "        raise KeyboardInterrupt\n"
                "def burst():\n"  # each once the one before was handled, the first once it computes
                "    while len(sys._current_frames()) < 3:\n"
                "        time.sleep(0.001)\n"
                "    for k in range(1, 11):\n"
                "        os.kill(os.getpid(), signal.SIGINT)\n"
                "        while len(handled) < k:\n"
                "            time.sleep(0.001)\n"
                "    calm.set()\n"
                "signal.signal(signal.SIGINT, interrupt)\n"
                "ordpar._library._PATIENCE = 1e9\n"  # however slow the machine is
                "impatience = threading.Thread(target=burst)\n"
                "impatience.start()\n"
                "print('begun', flush=True)\n"
                "try:\n"
                f"    ordpar.{call}\n"
                "except KeyboardInterrupt:\n"
                "    while not left:\n"
                "        try:\n"
                "            left.append(1)\n"
                "        except KeyboardInterrupt:\n"
                "            pass\n"
                "while not calm.wait(0.2):\n"
                "    pass\n"
                "gc.collect()\n"
                "print(len(handled), len(sys._current_frames().keys() - {impatience.ident}), flush=True)\n"
            )
            self.assertEqual(process.communicate(timeout=300)[0], "10 1\n", call)

    def test_fork(self):
        """While another thread computes: the child's OpenBLAS has its threads."""
        process = child(
            "library = ordpar._library\n"
            "library.library.openblas_set_num_threads(2)\n"
            "computing = threading.Event()\n"
            "call = lambda: ordpar.simulate('0:1e6:100001', N=200, L=10, progress=lambda _: computing.set())\n"
            "threading.Thread(target=call, daemon=True).start()\n"
            "computing.wait()\n"
            "print('begun', flush=True)\n"
            "if os.fork() == 0:\n"
            "    ordpar.curve([0, 1], N=8, L=1)\n"
            "    print(library._blas_users, library.library.openblas_get_num_threads(), flush=True)\n"
            "    os._exit(0)\n"
            "os.wait()\n"
            "os._exit(0)\n"
        )
        self.assertEqual(process.communicate(timeout=60)[0], "0 2\n")

    def test_fork_of_a_team(self):
        """While threads share out a curve, whose helpers the child has not."""
        process = child(
            "print('begun', flush=True)\n"
            "long = dict(L=4096, N=4096, rtol=1e-6)\n"
            "told, numbers = [], ordpar.curve('1:100:4:log', threads=1, **long).eps_g\n"
            "same = lambda **more: (ordpar.curve('1:100:4:log', **more, **long).eps_g == numbers).all()\n"
            "def fork(part):\n"
            "    if not told:\n"
            "        told.append(os.fork())\n"
            "        if told == [0]:\n"
            "            os._exit(0 if same(threads=2) else 1)\n"
            "print(same(threads=3, progress=fork), os.waitpid(told[0], 0)[1], flush=True)\n"
            "os._exit(0)\n"
        )
        self.assertEqual(process.communicate(timeout=60)[0], "True 0\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
