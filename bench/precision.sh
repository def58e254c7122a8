#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Arbitrary precision: processor time of the whole process, the best of RUNS.
# Usage: bench/precision.sh BUILD_FOLDER [RUNS] [--long]
set -euo pipefail
ordpar=$1/ordpar
runs=${2:-3}
long=${3:-}
TIMEFORMAT=%U

row() { # NAME ARGUMENT..
    local name=$1 best= seconds notes
    shift
    for _ in $(seq "$runs"); do
        seconds=$({ time "$ordpar" "$@" >/tmp/ordpar-bench.$$ 2>/dev/null; } 2>&1)
        best=$(printf '%s\n' "$seconds" $best | sort -g | head -1)
    done
    notes=$(sed -n 's/^# error bound: .* \([0-9]*\) working digits/\1/p' /tmp/ordpar-bench.$$)
    printf '| %s | %s | %s | %s |\n' "$name" "$best" "${notes:--}" \
        "$(sed -n 's/^# integrator: \([0-9]*\) Taylor steps of order \([0-9]*\)/\1 x \2/p' /tmp/ordpar-bench.$$)"
    rm -f /tmp/ordpar-bench.$$
}

mean="--init mean --teacher mean"
erf="--eta 0.5 --sigma-j 0.1 $mean"
echo "| case | processor time (s) | working digits | steps x order |"
echo "|---|---|---|---|"
for digits in 30 100 300; do
    row "curve, erf, K = M = 2, L = 1, alpha to 1, $digits digits" precision curve -L 1 $erf --alpha 0:1:3 --digits $digits
done
for L in 2 4 8 16; do
    row "curve, erf, K = M = 2, L = $L, moments, alpha to 20, 30 digits" precision curve -N $((64 * L)) -L $L $erf --alpha 0:20:3 --digits 30 --representation moments
done
row "the same, L = 16, blocks" precision curve -L 16 $erf --alpha 0:20:3 --digits 30 --representation blocks
for digits in 30 100 300 1000; do
    row "linear-small-eta, L = 1024, one alpha, $digits digits" closed-form linear-small-eta -L 1024 --alpha 50:50:1 --digits $digits
done
row "linear-small-eta, L = 1024, 11 alphas, 1000 digits" closed-form linear-small-eta -L 1024 --alpha 50:100:11 --digits 1000
row "linear-exact, L = 256, 11 alphas, 30 digits" closed-form linear-exact -L 256 --alpha 0:100:11 --digits 30
row "linear-exact, L = 256, 11 alphas, 1000 digits" closed-form linear-exact -L 256 --alpha 0:100:11 --digits 1000
row "linear-continuum, L = 1024, 11 alphas, 1000 digits" closed-form linear-continuum -L 1024 --alpha 0:100:11 --digits 1000
row "map, seven sizes" precision map
if [ "$long" = --long ]; then
    row "curve, erf, K = M = 2, L = 1, alpha to 1, 1000 digits" precision curve -L 1 $erf --alpha 0:1:3 --digits 1000
    row "curve, erf, K = M = 2, L = 24, moments, alpha to 20, 30 digits" precision curve -N 1536 -L 24 $erf --alpha 0:20:3 --digits 30
    row "curve, erf, K = M = 2, L = 16, moments, alpha to 20, 100 digits" precision curve -L 16 $erf --alpha 0:20:3 --digits 100
    row "linear-exact, L = 1024, 11 alphas, 30 digits" closed-form linear-exact -L 1024 --alpha 0:100:11 --digits 30
    row "linear-small-eta, L = 1024, one alpha, 10000 digits" closed-form linear-small-eta -L 1024 --alpha 50:50:1 --digits 10000
fi
