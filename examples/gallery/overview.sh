#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The equations as lines, one run of SGD each as points: overview.svg. --full: to alpha = 1e5.
set -euo pipefail
end=1e4 rows=25
[ "${1:-}" != --full ] || { end=1e5 rows=31; }
model='-K 2 -M 2 -N 1024 --beta 1 --eta 0.1 --sigma-j 0.01'
files=()
for L in 1 4 16 64; do
    ordpar curve $model -L $L --alpha "1:$end:200:log" -q -o overview-theory-$L.csv
    ordpar simulate $model -L $L --alpha "1:$end:$rows:log" --runs 1 -q -o overview-sgd-$L.csv &
    files+=(overview-theory-$L.csv overview-sgd-$L.csv)
done
wait
ordpar plot "${files[@]}" --title 'Equations of motion (lines) and one run of SGD each (points)' -o overview.svg
