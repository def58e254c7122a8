#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Yoshida and Okada 2019: the plateau shortens as the inputs' eigenvalues differ more, at one trace:
# yoshida-okada.svg. Half of the eigenvalues are 1 + s, half 1 - s. --full: more values of s.
set -euo pipefail
spreads='0 0.5 0.9'
[ "${1:-}" != --full ] || spreads='0 0.25 0.5 0.75 0.9 0.95'
model='-K 2 -M 2 --eta 0.1 --sigma-j 1e-3 --teacher mean'
files=() names=()
for s in $spreads; do
    awk -v s=$s 'BEGIN { print "eigenvalue,multiplicity"; if (s > 0) printf "%g,5000\n%g,5000\n", 1 + s, 1 - s; else print "1,10000" }' >yoshida-spectrum-$s.csv
    ordpar curve $model --spectrum yoshida-spectrum-$s.csv --alpha 1:1e4:400:log -o yoshida-$s.csv
    ordpar curve $model --spectrum yoshida-spectrum-$s.csv --alpha 0:5000:1001 --moments 1 --report -q -o yoshida-linear-$s.csv
    files+=(yoshida-$s.csv) names+=("$(awk -v s=$s 'BEGIN { printf "1 ± %g", s }')")
    echo "s = $s: $(grep -E '^# (plateau length|escape rate)' yoshida-linear-$s.csv | tr '\n' ' ')"
done
legend=$(IFS=,; echo "${names[*]}")
ordpar plot "${files[@]}" --legend "$legend" --title 'Plateau for eigenvalues 1 ± s' --yrange 1e-6:1 -o yoshida-okada.svg
