#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Draws the table of activation_table.sh: activation_plot.sh TABLE.csv PICTURE.svg (needs gnuplot)
set -euo pipefail
table=$1
picture=$2

# points ACTIVATION M BETA COLUMN: "L value" of the rows that have the value
points() {
    awk -F, -v a="$1" -v M="$2" -v b="$3" -v column="$4" '$1 == a && $2 == M && $4 == b && $column != "" { print $3, $column }' "$table"
}

blocks=
for activation in erf relu; do
    for M in 2 4; do
        for beta in 0.5 1; do
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
    for activation in erf relu; do
        [[ $activation == erf ]] && colour='#1b3a6b' || colour='#b5432a'
        for M in 2 4; do
            for beta in 0.5 1; do
                [[ -n $(points "$activation" "$M" "$beta" "$2") ]] || continue
                [[ $beta == 1 ]] && dash=1 || dash=3
                printf '%s$%s_%s_%s_%s title "%s, M = %s, β = %s" with linespoints lc rgb "%s" dt %s lw 1.5 pt %s ps 0.9' \
                    "$separator" "$1" "$activation" "$M" "${beta/./}" "$activation" "$M" "$beta" "$colour" "$dash" $((M == 2 ? 6 : 7))
                separator=', '
            done
        done
    done
}

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
set yrange [0.5:1e5]
set format y '10^{%L}'
set title "Length of the plateau in α"
set key left bottom Left reverse spacing 1 samplen 2 font ',12'
plot $(curves length 7)
unset key
unset logscale y
set format y '%g'
set yrange [0:10]
set title "Escape time η τ T^{(2)} / M^2"
plot $(curves tau 9)
GNUPLOT
