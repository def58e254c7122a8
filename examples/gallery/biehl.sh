#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Biehl, Riegler and Woehler 1996: the plateau lasts as long as ln N: biehl.svg. --full: 200 starts
# for each N in place of 20.
set -euo pipefail
starts=20
[ "${1:-}" != --full ] || starts=200
model='-K 2 -M 2 -L 1 --eta 0.1 --sigma-j 0.01 --teacher mean'
echo 'N,exit,sd,law' >biehl.csv
for N in 1e2 1e4 1e6 1e8 1e10; do
    ordpar sweep $model -N $N --sweep seed=1:$starts:$starts --rtol 1e-6 --alpha 0:8000:801 -q -o biehl-$N.csv
    law=$(ordpar closed-form escape-law $model -N $N | tail -n 1 | cut -d, -f1)
    awk -F, -v N=$N -v law="$law" '/^#/ { next } !c { for (k = 1; k <= NF; k++) if ($k == "plateau_exit") c = k; next }
        $c != "" { n++; s += $c; q += $c * $c } END { printf "%s,%.6g,%.3g,%s\n", N, s / n, sqrt((q - s * s / n) / (n - 1)), law }' biehl-$N.csv >>biehl.csv
done
ordpar plot biehl.csv --x N --column exit,law --xscale log --yscale lin --legend 'mean of integrated starts,closed-form escape-law' \
    --ylabel 'α at the end of the plateau' --title 'How long a plateau lasts' -o biehl.svg
cat biehl.csv
