#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The promise of --rtol from a drawn start through plateau and specialisation to eps_g = 1e-100, against
# arbitrary precision, for L = 1 and for 64 eigenvalues of a power law. Some two and seven minutes of processor
# time; docs/precision.md has the results.
#
# Usage: deep_check.sh ORDPAR FOLDER
set -euo pipefail
ordpar=$1
folder=$2
mkdir -p "$folder"

"$ordpar" precision check -L 1 --eta 2.5 --rtol 1e-10 --digits 12 --representation blocks \
    --alpha 0:2200:41 --max-error 1e-9 -o "$folder/deep-1.csv"
"$ordpar" precision check -L 64 --eta 2.5 --rtol 1e-8 --digits 12 --representation implicit \
    --alpha 0:200000:126 --max-error 1e-7 -o "$folder/deep-64.csv"
