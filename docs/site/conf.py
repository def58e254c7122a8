# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for the site, which scripts/site builds from a copy of the documents."""

import os
import pathlib
import re

here = pathlib.Path(__file__).resolve().parent
project = "ordpar"
author = "the ordpar authors"
copyright = "the ordpar authors, GPL-3.0-or-later"
release = re.search(r"project\(ordpar VERSION (\S+)", (here / "CMakeLists.txt").read_text(encoding="utf-8"))[1]

extensions = ["myst_parser", "breathe", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
exclude_patterns = ["docs/site"]
nitpicky = False
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # a page of the changelog may skip a level

html_theme = "furo"
html_title = f"ordpar {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = "static/icon.svg"
highlight_language = "text"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False

breathe_projects = {"ordpar": os.environ["ORDPAR_SITE_XML"]}
breathe_default_project = "ordpar"
breathe_domain_by_extension = {"h": "c"}
breathe_show_define_initializer = False
breathe_show_include = False

autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True


def joined(lines):
    """Choices of a setting on one line, and its two names as one."""
    whole = []
    for line in lines:
        if whole and re.match(r"\S.* : {[^}]*$", whole[-1]):
            whole[-1] += " " + line.strip()
        else:
            whole.append(re.sub(r"^([KMNL]), (\w+) : ", r"\1 (\2) : ", line))
    return whole


def plain(app, what, name, obj, options, lines):
    """Docstrings are text: lambda_, eps* and x|y mean themselves."""
    lines[:] = joined(lines)
    for k, line in enumerate(lines):
        if not line.lstrip().startswith(">>>"):
            lines[k] = re.sub(r"(?<=\w)_(?!\w)|[*|]", r"\\\g<0>", line)


def without_settings(app, what, name, obj, options, signature, returns):
    """A function's own parameters: its settings stand below, with their meaning."""
    taken = getattr(obj, "settings", None)
    if not isinstance(taken, dict) or not hasattr(obj, "__signature__"):
        return None
    keywords = {row.keyword for row in taken.values()} | {"like", "progress"}
    own = [p for p in obj.__signature__.parameters.values() if p.name not in keywords]
    shown = [str(p.replace(annotation=p.empty)) for p in own if p.name != "self"]
    if any(p.kind == p.KEYWORD_ONLY for p in own):
        first = next(k for k, p in enumerate(own) if p.kind == p.KEYWORD_ONLY)
        shown.insert(first, "*")
    return f"({', '.join([*shown, '**settings'])})", None


def complete(app, failure):
    """Debian's furo is not bundled: its script imports another one as a module, and its style sheet
    another from a place of the system's web server."""
    static = pathlib.Path(app.outdir) / "_static"
    if failure or not (script := static / "scripts/furo.js").exists():
        return
    script.write_text(re.sub(r"(?m)^import .*gumshoe.*$", "", script.read_text("utf-8")), "utf-8")
    style = static / "styles/furo.css"
    text = style.read_text("utf-8")
    for path in re.findall(r"@import url\((/[^)]*)\);", text):
        beside = pathlib.Path("/usr/share" + path)
        text = text.replace(f"@import url({path});", beside.read_text("utf-8"))
    style.write_text(text, "utf-8")


def setup(app):
    app.add_js_file("scripts/gumshoe-patched.js", priority=150)
    app.connect("build-finished", complete)
    app.connect("autodoc-process-docstring", plain, priority=400)  # before napoleon
    app.connect("autodoc-process-signature", without_settings)
