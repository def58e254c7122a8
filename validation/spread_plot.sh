#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Draws the table of spread_table.sh: spread_plot.sh TABLE.csv PICTURE.svg|png (needs gnuplot)
set -euo pipefail
table=$1
picture=$2
case $picture in
*.png) terminal="pngcairo size 1200,800 enhanced font 'DejaVu Sans,15'" ;;
*) terminal="svg size 900,600 enhanced background rgb 'white' font 'DejaVu Sans,15'" ;;
esac

# points L COLUMN: "S value/value at S = 0" of the study spread
points() {
    awk -F, -v l="$1" -v column="$2" '
        $1 == "spread" && $2 == l { if ($3 == 0) first = $column; if ($column != "") print $3, $column / first }' "$table"
}

series=""
for L in 1 4 16; do
    series+="\$tau$L << END
$(points $L 7)
END
\$late$L << END
$(points $L 10)
END
"
done

gnuplot <<GNUPLOT
set encoding utf8
set terminal $terminal
set output "$picture"
set title "L eigenvalues spread by S: escape from the plateau (points) and late decay (lines)"
set xlabel "relative spread S"
set ylabel "time, relative to that at S = 0"
set logscale y
set yrange [0.5:10]
set xrange [0:1]
set key left top spacing 1.2
set tics nomirror
set border 3
set grid lc rgb '#dddddd'
$series
plot 1 / (1 + x * x / 3 * (1 - 1.0 / 225)) title "1 / (1 + S^2/3)" with lines lw 1 lc rgb '#707070' dt 3, \
     \$tau1 title "τ_{esc}, L = 1" with points pt 7 ps 1 lc rgb '#1b3a6b', \
     \$tau4 title "L = 4" with points pt 9 ps 1 lc rgb '#b5432a', \
     \$tau16 title "L = 16" with points pt 5 ps 0.8 lc rgb '#2f7d4f', \
     \$late1 title "time to ε_g = 10^{-8}, L = 1" with linespoints lw 2 pt 6 lc rgb '#1b3a6b', \
     \$late4 title "L = 4" with linespoints lw 2 dt 2 pt 8 lc rgb '#b5432a', \
     \$late16 title "L = 16" with linespoints lw 2 dt 4 pt 4 lc rgb '#2f7d4f'
GNUPLOT
