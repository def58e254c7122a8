#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The escape time of the symmetric plateau against M^2/L, measured on integrated curves, beside its
# prediction: for the self-averaging teacher and for teachers drawn at finite N. eta tau does not depend
# on eta in the small-eta equations, so eta = 1 is used. Where a curve has no plateau, or no stretch of
# exponential growth on it, the measured cell stays empty.
#
# Usage: escape_table.sh ORDPAR OUTPUT.csv [UNITS [EIGENVALUES]]   (lists, default: the table in docs/)
set -euo pipefail
ordpar=$1
output=$2
units=${3:-2 4 8 16}
eigenvalues=${4:-1 4 16 64 256 1024}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# one MODEL_OPTION..: "predicted tau,measured tau,predicted length,measured length" of a run
one() {
    local length stop
    length=$("$ordpar" closed-form escape "$@" | sed -n 's/^# predicted length of the plateau: \([^ ]*\) .*/\1/p')
    stop=$(awk -v length_="$length" 'BEGIN { print 1.4 * length_ + 10 }')
    "$ordpar" curve "$@" --rtol 1e-10 --alpha "0:$stop:600" --moments 1 -o "$folder/curve.csv"
    "$ordpar" report "$folder/curve.csv" "$@" | awk -F, '
        function inverse(x) { return x == "" ? "" : sprintf("%.6g", 1 / x) }
        $1 == "escape rate" { tau = inverse($4) "," inverse($2) }
        $1 == "plateau length" { length_ = $4 == "" ? "" : sprintf("%.6g", $4); found = $2 == "" ? "" : sprintf("%.6g", $2) }
        END { print tau "," length_ "," found }'
}

{
    echo "# eta tau_esc of erf networks, K = M, beta = 1, sigma_J = 1e-6; seed 0: self-averaging teacher,"
    echo "# N = 65536; other seeds: teachers drawn with that seed, N = 4096"
    echo "M,L,M2_over_L,seed,tau_predicted,tau_measured,length_predicted,length_measured"
    for M in $units; do
        for L in $eigenvalues; do
            ratio=$(awk -v m="$M" -v l="$L" 'BEGIN { print m * m / l }')
            model=(-K "$M" -M "$M" -L "$L" --eta 1 --small-eta --sigma-j 1e-6)
            echo "$M,$L,$ratio,0,$(one "${model[@]}" -N 65536 --teacher mean)"
            for seed in 1 2; do
                echo "$M,$L,$ratio,$seed,$(one "${model[@]}" -N 4096 --teacher sampled --seed $seed)"
            done
        done
    done
} >"$folder/table.csv"
mv "$folder/table.csv" "$output"
