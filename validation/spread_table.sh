#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a nearly degenerate spectrum does to the plateau and to the late decay of erf networks: each of L
# eigenvalues spread by a relative S (--spread). K = M = 2, small-eta equations at eta = 1 (times scale
# with 1/eta), self-averaging teacher, N = 65536, sigma_J = 1e-6, two drawn starts.
#
# tau: predicted by the closed form from T2 = tr Sigma^2 / N, and measured. length: of the plateau, mean
# over the starts and its standard error (starts differ). late: alpha from the end of the plateau to
# eps_g = 1e-8. tau and late are those of seed 1.
#
# Usage: spread_table.sh ORDPAR OUTPUT.csv
set -euo pipefail
ordpar=$1
output=$2
seeds="1 2"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# moment SPECTRUM_OPTION..: tr Sigma^2 / N
moment() {
    "$ordpar" spectrum "$@" | sed -n 's/^# tr Sigma^p.*: [^,]*, \([^,]*\),.*/\1/p'
}

# measured QUANTITY: from the notes of the curve
measured() {
    sed -n "s/^# $1: \([^ ,;]*\).*/\1/p" "$folder/curve.csv"
}

# one SEED SPECTRUM_OPTION..: "tau predicted, escape rate, length, late" of a run
one() {
    local seed=$1 model stop
    shift
    model=("$@" --eta 1 --small-eta --sigma-j 1e-6 --teacher mean --seed "$seed")
    "$ordpar" closed-form escape "${model[@]}" -o "$folder/escape.csv"
    stop=$(sed -n 's/^# predicted length of the plateau: \([^ ]*\).*/\1/p' "$folder/escape.csv" | awk '{ print 1.6 * $1 + 20 }')
    "$ordpar" curve "${model[@]}" --alpha "0:$stop:600" --report -o "$folder/curve.csv"
    [ "$seed" != 1 ] || "$ordpar" curve "${model[@]}" --alpha 1:1e7:500:log -o "$folder/late.csv"
    echo "$(tail -n 1 "$folder/escape.csv" | cut -d, -f 2) $(measured 'escape rate') $(measured 'plateau length') $(late)"
}

# late: alpha of eps_g = 1e-8 less the exit of the plateau
late() {
    awk -F, -v exit_="$(measured 'plateau exit')" '
        /^[0-9]/ && $2 < 1e-8 {
            part = (log(y) - log(1e-8)) / (log(y) - log($2))
            print exp(log(x) + part * (log($1) - log(x))) - exit_
            exit
        }
        { x = $1; y = $2 }' "$folder/late.csv"
}

# row STUDY L S PARTS
row() {
    local spectrum=(-N 65536 -L "$2")
    [ "$3" = 0 ] || spectrum+=(--spread "$3" --spread-parts "$4")
    for seed in $seeds; do
        one "$seed" "${spectrum[@]}"
    done | awk -v head="$1,$2,$3,$4,$(moment "${spectrum[@]}")" '
        NR == 1 { tau = sprintf("%.6g,%.6g", $1, 1 / $2); late = $4 }
        { n++; a += $3; aa += $3 * $3 }
        END { printf "%s,%s,%.5g,%.2g,%.5g\n", head, tau, a / n, sqrt((aa / n - (a / n)^2) / (n - 1)), late }'
}

{
    echo "# study spread: S grows; parts: the number of parts grows; same-T2: different numbers of eigenvalues"
    echo "# with the same T2 = 1.16"
    echo "study,L,S,parts,T2,tau_predicted,tau_measured,length,length_stderr,late"
    for L in 1 4 16; do
        for S in 0 0.1 0.2 0.4 0.6 0.8 0.95; do
            row spread $L $S 15
        done
    done
    for parts in 3 7 31; do
        row parts 4 0.4 $parts
    done
    for parts in 2 3 63; do
        row same-T2 1 "$(awk -v p=$parts 'BEGIN { printf "%.15g", sqrt(0.48 / (1 - 1 / p^2)) }')" $parts
    done
} >"$folder/table.csv"
mv "$folder/table.csv" "$output"
