#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The promise of --rtol from a drawn start through plateau and specialisation, against arbitrary
# precision, to eps_g = 1e-100 (L = 1) and 1e-30 (64 eigenvalues). Minutes of processor time each; see
# docs/precision.md for the results and for why 64 eigenvalues of a power law are out of reach.
#
# Usage: deep_check.sh ORDPAR FOLDER
set -euo pipefail
ordpar=$1
folder=$2
mkdir -p "$folder"

"$ordpar" precision check -L 1 --eta 2.5 --rtol 1e-10 --digits 12 --representation blocks \
    --alpha 0:2200:21 --max-error 1e-9 -o "$folder/deep-1.csv"

# 64 eigenvalues from 1.5 to 0.5, 16 times each
awk 'BEGIN { print "eigenvalue,multiplicity"; for (k = 0; k < 64; k++) printf "%.6f,16\n", 1.5 - k / 63 }' \
    >"$folder/spectrum-64.csv"
"$ordpar" precision check --spectrum "$folder/spectrum-64.csv" --eta 2.5 --rtol 1e-8 --digits 11 \
    --representation blocks --alpha 0:1100:12 --max-error 1e-7 -o "$folder/deep-64.csv"
