#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Plateau, escape time and late decay of networks of any activation, measured on integrated curves: K = M,
# self-averaging teacher, all orders in eta. The late exponent is the slope of log eps_g against log alpha
# between three times the end of the plateau and a fiftieth of the end of the power-law window,
# 1/(2 eta lambda_L c), c the slowest rate of the specialised phase. Cells stay empty where there is no
# plateau, no stretch of exponential growth, or less than a factor of four for the slope.
#
# Usage: activation_table.sh ORDPAR OUTPUT.csv [UNITS [EIGENVALUES [BETAS [ACTIVATIONS]]]]  (lists, default: the table in docs/)
set -euo pipefail
ordpar=$1
output=$2
units=${3:-2 4}
eigenvalues=${4:-1 4 16 64 256 1024}
betas=${5:-0.5 1}
activations=${6:-erf relu}
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

# slope BEGIN END: of log eps_g against log alpha, by least squares
slope() {
    awk -F, -v begin="$1" -v end="$2" '!/^#/ && $1 >= begin && $1 <= end && $2 > 1e-12 {
            x = log($1); y = log($2); n++; sx += x; sy += y; sxx += x * x; sxy += x * y }
        END { if (end >= 4 * begin && n > 5) printf "%.4f", (n * sxy - sx * sy) / (n * sxx - sx * sx) }' "$folder/curve.csv"
}

# row ACTIVATION M L BETA
row() {
    local activation=$1 M=$2 L=$3 beta=$4 c lambda T2 height length rate exit late stop
    read -r lambda T2 < <(spectrum "$L" "$beta")
    # the slowest rate for orthonormal teachers: v^2 (E[g' g'] at equal fields - at independent ones)
    case $activation in
    erf) c=$(awk -v M="$M" 'BEGIN { print 2 / (3.14159265358979 * M) * (1 / sqrt(3) - 1 / 2) }') ;;
    relu) c=$(awk -v M="$M" 'BEGIN { print 1 / (4 * M) }') ;;
    tanh) c=$(awk -v M="$M" 'BEGIN { print 0.0975237381 / M }') ;;
    gelu) c=$(awk -v M="$M" 'BEGIN { print 0.2058508656 / M }') ;;
    softplus) c=$(awk -v M="$M" 'BEGIN { print 0.0433790339 / M }') ;;
    silu) c=$(awk -v M="$M" 'BEGIN { print 0.1294823516 / M }') ;;
    sigmoid) c=$(awk -v M="$M" 'BEGIN { print 0.0021440185 / M }') ;;
    esac
    stop=$(awk -v e="$eta" -v l="$lambda" -v c="$c" 'BEGIN { print 1 / (2 * e * l * c) }')
    "$ordpar" curve --activation "$activation" -K "$M" -M "$M" -N 65536 -L "$L" --beta "$beta" --eta "$eta" --sigma-j 1e-3 \
        --teacher mean --alpha 0.01:2e4:600:log --report --quiet -o "$folder/curve.csv"
    height=$(note 'plateau height')
    length=$(note 'plateau length')
    rate=$(note 'escape rate')
    exit=$(note 'plateau exit')
    late=$(slope "$(awk -v x="${exit:-1}" 'BEGIN { print 3 * x }')" "$(awk -v x="$stop" 'BEGIN { print x / 50 }')")
    awk -v r="$rate" -v e="$eta" -v t="$T2" -v M="$M" -v OFS=, \
        -v head="$activation,$M,$L,$beta,$T2,$height,$length" -v late="$late" -v beta="$beta" \
        'BEGIN { tau = r > 0 ? sprintf("%.5g", 1 / r) : ""; scaled = r > 0 ? sprintf("%.4f", e * t / (r * M * M)) : ""
                 print head, tau, scaled, late, sprintf("%.4f", -beta / (1 + beta)) }'
}

{
    echo "# K = M, eta = $eta, sigma_J = 1e-3, N = 65536, self-averaging teacher; T2 = tr Sigma^2 / N;"
    echo "# tau_scaled = eta tau T2 / M^2, which does not depend on L where the escape time goes as M^2 / T2"
    echo "activation,M,L,beta,T2,plateau_height,plateau_length,tau,tau_scaled,decay_exponent,minus_beta_over_1_plus_beta"
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
