#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Plateau, escape time and late decay of networks of any activation, measured on integrated curves: K = M,
# self-averaging teacher, all orders in eta or the lowest. The late exponent is the slope of log eps_g against log alpha
# between three times the end of the plateau and a fiftieth of the end of the power-law window,
# 1/(2 eta lambda_L c), c the slowest rate of the specialised phase; with the tail it is that of eps_g and of what the
# eigenvalues beyond L would add, E[g'^2]/2 times their sum. Cells stay empty where there is no
# plateau, no stretch of exponential growth, or less than a factor of four for the slope.
#
# Usage: activation_table.sh ORDPAR OUTPUT.csv [UNITS [EIGENVALUES [BETAS [ACTIVATIONS [ORDERS [RTOL]]]]]]
# with lists; the default is docs/activation-table.csv, and docs/activation-table-all.csv is
# 4 '1 16 256' 1 'erf tanh sigmoid relu gelu softplus silu' lowest 1e-6
set -euo pipefail
ordpar=$1
output=$2
units=${3:-2 4}
eigenvalues=${4:-1 4 16 64 256 1024}
betas=${5:-0.5 1}
activations=${6:-erf relu}
orders=${7:-all}
rtol=${8:-1e-8}
eta=0.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# spectrum L BETA: "lambda_L T2", the least eigenvalue and tr Sigma^2 / N
spectrum() {
    awk -v L="$1" -v b="$2" 'BEGIN {
        for (l = 1; l <= L; l++) { s += l ^ -(1 + b); t += l ^ (-2 * (1 + b)) }
        print L / s * L ^ -(1 + b), L * t / (s * s) }'
}

# note NAME: the measured value that --report left in the header
note() {
    sed -n "s/^# $1: \([0-9.e+-]*\)\([,;].*\)\{0,1\}\$/\1/p" "$folder/curve.csv"
}

# slope BEGIN END CONSTANT: of log (eps_g + CONSTANT) against log alpha, by least squares
slope() {
    awk -F, -v begin="$1" -v end="$2" -v tail="$3" '!/^#/ && $1 >= begin && $1 <= end && $2 > 1e-12 {
            x = log($1); y = log($2 + tail); n++; sx += x; sy += y; sxx += x * x; sxy += x * y }
        END { if (end >= 4 * begin && n > 5) printf "%.4f", (n * sxy - sx * sy) / (n * sxx - sx * sx) }' "$folder/curve.csv"
}

# row ACTIVATION M L BETA
row() {
    local activation=$1 M=$2 L=$3 beta=$4 c square lambda T2 height length rate exit late whole stop end tail flag
    read -r lambda T2 < <(spectrum "$L" "$beta")
    # E[g'^2], and the slowest rate for orthonormal teachers: v^2 (E[g' g'] at equal fields - at independent ones)
    case $activation in
    erf) square=0.3675525969 c=0.0492427108 ;;
    relu) square=0.5 c=0.25 ;;
    tanh) square=0.4644029024 c=0.0975237381 ;;
    gelu) square=0.4558508656 c=0.2058508656 ;;
    softplus) square=0.2933790359 c=0.0433790339 ;;
    silu) square=0.3794823516 c=0.1294823516 ;;
    sigmoid) square=0.0448362414 c=0.0021440185 ;;
    esac
    stop=$(awk -v e="$eta" -v l="$lambda" -v c="$c" -v M="$M" 'BEGIN { print M / (2 * e * l * c) }')
    # the plateau at L = 1 ends within some 30 M/(2 eta c)
    end=$(awk -v e="$eta" -v s="$stop" -v c="$c" -v M="$M" -v t="$T2" 'BEGIN { p = 30 * M / (e * c * t); print (s > p ? s : p) }')
    tail=$(awk -v g="$square" -v L="$L" -v b="$beta" 'BEGIN {
        for (l = 1; l <= L; l++) s += l ^ -(1 + b)
        print g / 2 * (L + 0.5) ^ -b / (b * s) }')
    [[ $orders == all ]] && flag= || flag=--small-eta
    # shellcheck disable=SC2086
    "$ordpar" curve --activation "$activation" -K "$M" -M "$M" -N 65536 -L "$L" --beta "$beta" --eta "$eta" --sigma-j 1e-3 \
        --teacher mean --alpha "0.01:$end:600:log" --report --rtol "$rtol" $flag --quiet -o "$folder/curve.csv"
    height=$(note 'plateau height')
    length=$(note 'plateau length')
    rate=$(note 'escape rate')
    exit=$(note 'plateau exit')
    exit=$(awk -v x="${exit:-1}" 'BEGIN { print 3 * x }')
    stop=$(awk -v x="$stop" 'BEGIN { print x / 50 }')
    late=$(slope "$exit" "$stop" 0)
    whole=$(slope "$exit" "$stop" "$tail")
    awk -v r="$rate" -v e="$eta" -v t="$T2" -v M="$M" -v OFS=, \
        -v head="$activation,$M,$L,$beta,$T2,$height,$length" -v late="$late,$whole" -v beta="$beta" \
        'BEGIN { tau = r > 0 ? sprintf("%.5g", 1 / r) : ""; scaled = r > 0 ? sprintf("%.4f", e * t / (r * M * M)) : ""
                 print head, tau, scaled, late, sprintf("%.4f", -beta / (1 + beta)) }'
}

{
    echo "# K = M, $([[ $orders == all ]] && echo all orders || echo lowest order) in eta, eta = $eta, sigma_J = 1e-3, N = 65536, self-averaging teacher; T2 = tr Sigma^2 / N;"
    echo "# tau_scaled = eta tau T2 / M^2, which does not depend on L where the escape time goes as M^2 / T2"
    echo "activation,M,L,beta,T2,plateau_height,plateau_length,tau,tau_scaled,decay_exponent,with_tail,minus_beta_over_1_plus_beta"
    for activation in $activations; do
        for M in $units; do
            for beta in $betas; do
                for L in $eigenvalues; do
                    row "$activation" "$M" "$L" "$beta"
                done
            done
        done
    done
} >"$folder/table.csv"
mv "$folder/table.csv" "$output"
