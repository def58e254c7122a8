# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on a terminal of its own: terminal.py ORDPAR shown|stopped|unread COMMAND..

shown: progress comes, and Ctrl-C ends the run with status 130. stopped: after Ctrl-S the run computes
on, and SIGTERM ends it. unread: the terminal is full, as nobody reads it; likewise."""

import os
import pty
import select
import signal
import sys
import termios
import time


def wait(pid, seconds):
    """The exit status, or None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def ticks(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[11])


def shows(place, seconds):
    """Whether progress comes."""
    end, words = time.monotonic() + seconds, b""
    while b"%" not in words and select.select([place], [], [], max(end - time.monotonic(), 0))[0]:
        words += os.read(place, 65536)
    return b"%" in words


def fill(place):
    """As much as the terminal takes."""
    writing = os.open(os.ttyname(place), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        for _ in range(1000):
            os.write(writing, b"x" * 256)
    except BlockingIOError:
        pass
    os.close(writing)


ordpar, kind, *command = sys.argv[1:]
own, other = pty.openpty()
pid = os.fork()
if pid == 0:
    os.login_tty(other) if hasattr(os, "login_tty") else (os.setsid(), [os.dup2(other, k) for k in range(3)])
    if kind == "unread":
        fill(2)
    os.execv(ordpar, ["ordpar", *command])
if kind == "unread":
    time.sleep(1)  # progress is told three times a second
else:
    assert shows(own, 20), "no progress"
if kind == "stopped":
    termios.tcflow(other, termios.TCOOFF)
    time.sleep(0.7)
before, end = ticks(pid), time.monotonic() + 10
while ticks(pid) - before <= 5:
    assert time.monotonic() < end, f"it waits: {ticks(pid) - before} ticks of its clock in 10 s"
    time.sleep(0.02)
os.kill(pid, signal.SIGINT if kind == "shown" else signal.SIGTERM)
status = wait(pid, 10)
assert status == 130, f"exit {status}"
