#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# site.sh SOURCE BUILD NOTEBOOKS: builds the site from notebooks that were run, without a warning; checks
# every link inside it; reads each page in headless Chromium where that is installed.
set -euo pipefail
"$1/scripts/site" --build "$2" --out site --notebooks "$3"
/usr/bin/python3 "$1/tests/site/links.py" site/html
/usr/bin/python3 "$1/tests/site/browser.py" site/html
