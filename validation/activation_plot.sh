#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Draws the table of activation_table.sh: activation_plot.sh TABLE.csv PICTURE.svg (needs gnuplot)
set -euo pipefail
table=$1
picture=$2

# distinct COLUMN: its values, in the order of the rows
distinct() {
    awk -F, -v column="$1" '!/^#/ && $1 != "activation" && !seen[$column]++ { print $column }' "$table"
}
mapfile -t activations < <(distinct 1)
mapfile -t units < <(distinct 2)
mapfile -t betas < <(distinct 4)
declare -A colours=([erf]='#1b3a6b' [tanh]='#2a8fbd' [sigmoid]='#6a51a3' [relu]='#b5432a' [gelu]='#e08214' [silu]='#b8a000' [softplus]='#3a7d44')

# points ACTIVATION M BETA COLUMN: "L value" of the rows that have the value
points() {
    awk -F, -v a="$1" -v M="$2" -v b="$3" -v column="$4" '$1 == a && $2 == M && $4 == b && $column != "" { print $3, $column }' "$table"
}

blocks=
for activation in "${activations[@]}"; do
    for M in "${units[@]}"; do
        for beta in "${betas[@]}"; do
            name=${activation}_${M}_${beta/./}
            blocks+="\$length_$name << END
$(points $activation $M $beta 7)
END
\$tau_$name << END
$(points $activation $M $beta 9)
END
"
        done
    done
done

# curves QUANTITY COLUMN: all that have points
curves() {
    local separator='' activation M beta colour dash
    for activation in "${activations[@]}"; do
        colour=${colours[$activation]}
        for M in "${units[@]}"; do
            for beta in "${betas[@]}"; do
                [[ -n $(points "$activation" "$M" "$beta" "$2") ]] || continue
                [[ $beta == 1 ]] && dash=1 || dash=3
                printf '%s$%s_%s_%s_%s title "%s, M = %s, β = %s" with linespoints lc rgb "%s" dt %s lw 1.5 pt %s ps 0.9' \
                    "$separator" "$1" "$activation" "$M" "${beta/./}" "$activation" "$M" "$beta" "$colour" "$dash" $((M == 2 ? 6 : 7))
                separator=', '
            done
        done
    done
}

right="unset logscale y
set format y '%g'
set yrange [0:10]" place='left bottom Left reverse' top=1e5
# some are slower by orders of magnitude
if [[ " ${activations[*]} " == *" sigmoid "* ]]; then
    right="set yrange [0.1:1e3]" place='right top Left reverse' top=1e6
fi

gnuplot <<GNUPLOT
set encoding utf8
set terminal svg size 1100,520 enhanced background rgb 'white' font 'DejaVu Sans,14'
set output "$picture"
$blocks
set multiplot layout 1,2
set logscale x 4
set xrange [0.8:1300]
set xlabel "distinct eigenvalues L"
set tics nomirror
set border 3
set grid lc rgb '#dddddd'
set logscale y
set yrange [0.5:$top]
set format y '10^{%L}'
set title "Length of the plateau in α"
set key $place spacing 1 samplen 2 font ',12'
plot $(curves length 7)
unset key
$right
set title "Escape time η τ T^{(2)} / M^2"
plot $(curves tau 9)
GNUPLOT
