#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Curves: whole-process wall time (median), peak memory and the integrator's counts, with an explicit
# Runge-Kutta method of order 8 as the baseline. Usage: bench/curve.sh BUILD_FOLDER
set -euo pipefail
build=$1
ordpar=$build/ordpar
measure=$build/bench/bench_measure

row() { # NAME RUNS OPTION..
    local name=$1 runs=$2 wall memory counts
    shift 2
    read -r wall memory < <("$measure" "$runs" "$ordpar" curve "$@")
    counts=$("$ordpar" curve "$@" | sed -n 's/^# integrator: //p' | tr -dc '0-9,' | tr , '|')
    printf '| %s | %s | %s | %s |\n' "$name" "$wall" "$memory" "${counts//|/ | }"
}

echo "| case | wall (s) | peak memory (MiB) | steps | right-hand sides | Newton iterations | setups |"
echo "|---|---|---|---|---|---|---|"
row "L = 256, beta = 0.5, alpha to 5000, 500 rows, rtol 1e-9" 7 -L 256 --beta 0.5 --rtol 1e-9 --alpha 0:5000:500
row "Figure 1, L = 16, 300 rows" 7 -L 16
for L in 256 1024 4096 16384; do
    row "L = $L, beta = 1, alpha to 1e6, 300 rows" $((L > 4000 ? 3 : 7)) -N 16384 -L $L --alpha 0.01:1e6:300:log
done

echo
echo "Baseline: explicit Runge-Kutta 8(9), the same right-hand side, tolerance 1e-11 on the state"
echo
echo "| case | wall (s) | peak memory (MiB) | right-hand sides |"
echo "|---|---|---|---|"
for case in "256 0.5 0.1 5000" "16 1 0.1 1e5" "256 1 0.1 1e4"; do
    read -r L beta eta stop <<<"$case"
    read -r wall memory < <("$measure" 1 "$build/bench/bench_explicit" $case 1e-11)
    count=$("$build/bench/bench_explicit" $case 1e-11 | cut -d' ' -f2)
    echo "| L = $L, beta = $beta, alpha to $stop | $wall | $memory | $count |"
done
