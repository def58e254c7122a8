# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the site as people do, in headless Chromium:

    browser.py HTML [--pictures FOLDER] [PAGE..]

Each page (default: all) is opened at the width of a phone and of a desk. It fails where the console has
an error, a picture does not load, or a page is wider than the screen; and where the search for "plateau"
finds nothing. --pictures keeps screenshots.
"""

import argparse
import base64
import functools
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


class Browser:
    """Chromium over its debugging pipe: JSON messages that end with a zero byte."""

    def __init__(self, program, profile):
        (child_in, self.out), (self.inp, child_out) = os.pipe(), os.pipe()

        def pipes():
            first, second = os.dup(child_in), os.dup(child_out)
            os.dup2(first, 3)
            os.dup2(second, 4)

        words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        words += ["--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run", "about:blank"]
        self.process = subprocess.Popen(
            words, preexec_fn=pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(child_in)
        os.close(child_out)
        self.pending, self.number, self.session, self.complaints, self.events = b"", 0, None, [], set()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")

    def read(self):
        while b"\0" not in self.pending:
            more = os.read(self.inp, 1 << 20)
            if not more:
                raise SystemExit("site: Chromium ended")
            self.pending += more
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def note(self, message):
        method, told = message.get("method"), message.get("params", {})
        self.events.add(method)
        if method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.complaints.append(f"{details.get('exception', {}).get('description', details['text'])}")
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.complaints.append(str([a.get("value") for a in told["args"]]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") != self.number:
                self.note(answer)
            elif "error" in answer:
                raise SystemExit(f"site: {method}: {answer['error']}")
            else:
                return answer["result"]

    def open(self, url):
        self.events.discard("Page.loadEventFired")
        self.call("Page.navigate", url=url)
        while "Page.loadEventFired" not in self.events:
            self.note(self.read())

    def width(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def value(self, expression):
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise SystemExit(f"site: {expression}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def picture(self, path, whole):
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        self.process.terminate()
        self.process.wait()


PICTURES = """Promise.all([...document.images].map(async i => { i.loading = 'eager';
    try { await i.decode() } catch (e) { return i.src } return null })).then(a => a.filter(x => x))"""
# By how much the page, or its part that furo lets scroll, is too wide; and an element that is.
PARTS = "[document.documentElement, ...document.querySelectorAll('.content')]"
BEYOND = f"Math.max(...{PARTS}.map(e => e.scrollWidth - e.clientWidth))"
WIDEST = """(() => { const inside = e => e.closest('pre, .table-wrapper');
    const all = [...document.querySelectorAll('article *')].filter(e => !inside(e) || e.matches('.table-wrapper'));
    const last = all.sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
    return last && last.outerHTML.slice(0, 120) })()"""
# How many results there are when none has been added for a second; 0 after twenty.
FOUND = """new Promise(done => { let left = 200, before = 0, same = 0; const look = () => {
    const n = document.querySelectorAll('#search-results li').length;
    same = n && n === before ? same + 1 : 0; before = n;
    if (same === 10 || !left--) done(n); else setTimeout(look, 100) }; look() })"""


def look(browser, base, page, folder):
    """What is wrong with a page."""
    browser.width(*next(iter(WIDTHS.values())))
    browser.open(base + page)
    wrong = [f"{page}: picture {url} does not load" for url in browser.value(PICTURES)]
    for name, (width, height) in WIDTHS.items():
        browser.width(width, height)
        if beyond := browser.value(BEYOND):
            wrong.append(f"{page}: {beyond} pixels wider than a screen of {width}: {browser.value(WIDEST)}")
        if folder:
            browser.picture(folder / f"{page.replace('/', '-')[:-5]}-{name}.png", False)
    wrong += [f"{page}: console: {text}" for text in browser.complaints]
    browser.complaints.clear()
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("html", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("pages", nargs="*")
    given = parser.parse_intermixed_args()
    program = shutil.which("chromium")
    if not program:
        print("site: not looked at in a browser: chromium is not installed")
        return 0
    pages = given.pages or sorted(str(p.relative_to(given.html)) for p in given.html.rglob("*.html"))
    pages = [page for page in pages if not page.startswith("_static")]
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        base, browser = serve(given.html), Browser(program, profile)
        try:
            wrong = [text for page in pages for text in look(browser, base, page, given.pictures)]
            browser.open(base + "search.html?q=plateau")
            found = browser.value(FOUND)
            wrong += [] if found else ['the search for "plateau" finds nothing']
            wrong += [f"search: console: {text}" for text in browser.complaints]
        finally:
            browser.close()
    print(*wrong, sep="\n")
    print(f"site: {len(pages)} pages at {len(WIDTHS)} widths, {found} found for plateau, {len(wrong)} wrong")
    return 1 if wrong else 0


sys.exit(main())
