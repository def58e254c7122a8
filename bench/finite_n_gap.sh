#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How far the mean over simulations at finite N lies from the equations of motion: erf, K = 3, M = 2,
# one start with the same overlaps at every N. The gap should shrink like 1/N.
# Usage: bench/finite_n_gap.sh PROGRAM [SHARE of the runs, default 1]; the whole takes a quarter of an hour on two cores.
# docs/validation.md has the table.
set -euo pipefail
ordpar=$1
share=${2:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# t = p 1, students 1 and 2 leaning towards a teacher unit each, student 3 towards both
awk 'BEGIN {
    print "matrix,block,row,col,value"
    split("0.2 0.1 0.15", toward_1); split("0.1 0.2 0.15", toward_2)
    for (b = 1; b <= 4; b++) {
        for (n = 1; n <= 2; n++) for (m = n; m <= 2; m++) printf "t,%d,%d,%d,%.17g\n", b, n, m, n == m ? 0.25 : 0
        for (i = 1; i <= 3; i++) {
            printf "r,%d,%d,1,%.17g\nr,%d,%d,2,%.17g\n", b, i, 0.25 * toward_1[i], b, i, 0.25 * toward_2[i]
            for (j = i; j <= 3; j++)
                printf "q,%d,%d,%d,%.17g\n", b, i, j, 0.25 * (toward_1[i] * toward_1[j] + toward_2[i] * toward_2[j] + (i == j ? 0.1 : 0))
        }
    }
}' >"$folder/start.csv"

measure() { # N METHOD RUNS
    local runs
    runs=$(awk -v runs="$3" -v share="$share" 'BEGIN { printf "%d", runs * share }')
    "$ordpar" compare -K 3 -M 2 --eta 3 -N "$1" -L 4 --overlaps "$folder/start.csv" --alpha 2:8:3 \
        --method "$2" --runs "$runs" --seed "$1" -o "$folder/out.csv" 2>"$folder/summary.txt"
    grep '^[0-9]' "$folder/out.csv" | awk -F, -v N="$1" -v method="$2" -v runs="$runs" '
        { printf "| %d | %s | %d | %g | %.6f | %.6f | %+.2e | %.1e | %+.2f |\n", N, method, runs, $1, $2, $3, $3 - $2, $4, N * ($3 / $2 - 1) }'
}

echo "| N | method | runs | alpha | ODE | mean | mean - ODE | its standard error | N (mean / ODE - 1) |"
echo "|---|---|---|---|---|---|---|---|---|"
measure 100 sgd 10000
measure 100 overlap 10000
measure 400 sgd 10000
measure 400 overlap 10000
measure 1600 sgd 10000
measure 1600 overlap 10000
measure 6400 overlap 12800
