#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Saad and Rattray 1997: the learning rate that makes eps_g least at the end, through the plateau:
# schedules.svg, beside the best constant rate. --full: the case of docs/optimize.md, with 64 knots.
set -euo pipefail
model='-K 2 -M 2 -L 1 -N 1e4 --sigma-j 0.1 --label-noise 0.1' end=300 knots=16 bound=4
[ "${1:-}" != --full ] || { model='-K 2 -M 2 -L 8 -N 8000 --sigma-j 0.1 --label-noise 0.1' end=3000 knots=64 bound=4.5; }
ordpar optimize $model --eta-max $bound --until $end --knots $knots -q -o schedules.csv --plot schedules.svg
grep -E '^# (eps_g|best)' schedules.csv
