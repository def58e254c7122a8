# SPDX-License-Identifier: GPL-3.0-or-later
"""Every link inside the site has its target: links.py HTML. Links elsewhere are not followed."""

import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = set(), {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value is not None:
                self.links.add(value)
            elif name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value)


def target(page, link, root):
    """The file and the anchor that a link means; None for one elsewhere."""
    parts = urllib.parse.urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    place = urllib.parse.unquote(parts.path)
    path = (root / place.lstrip("/")) if place.startswith("/") else (page.parent / place) if place else page
    return path.resolve(), urllib.parse.unquote(parts.fragment)


def main(root):
    root = pathlib.Path(root).resolve()
    pages = {path: Page(path) for path in root.rglob("*.html")}
    wrong, count = [], 0
    for path, page in pages.items():
        for link in sorted(page.links):
            found = target(path, link, root)
            if not found:
                continue
            count += 1
            file, anchor = found
            if not file.exists() or (file in pages and anchor not in pages[file].anchors):
                wrong.append(f"{path.relative_to(root)}: {link} leads nowhere")
    print(*wrong, sep="\n")
    print(f"site: {count} links on {len(pages)} pages, {len(wrong)} wrong")
    return 1 if wrong or count < 100 else 0


sys.exit(main(sys.argv[1]))
