#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Draws the table of escape_table.sh: escape_plot.sh TABLE.csv PICTURE.svg (needs gnuplot)
set -euo pipefail
table=$1
picture=$2

# points SEED_TEST COLUMN: "M2_over_L tau" of the rows that have the value
points() {
    awk -F, -v column="$2" "!/^[#M]/ && (\$4 $1) && \$column != \"\" { print \$3, \$column }" "$table"
}

gnuplot <<GNUPLOT
set encoding utf8
set terminal svg size 900,600 enhanced background rgb 'white' font 'DejaVu Sans,15'
set output "$picture"
set title "Escape time of the symmetric plateau: erf, K = M = 2 .. 16, L = 1 .. 1024, β = 1"
set xlabel "M^2 / L"
set ylabel "ητ_{esc}"
set logscale xy
set format xy '10^{%L}'
set key left top spacing 1.2
set tics nomirror
set border 3
set grid lc rgb '#dddddd'
\$predicted << END
$(points "== 0" 5)
END
\$mean << END
$(points "== 0" 6)
END
\$realised << END
$(points "> 0" 6)
END
plot 5 * pi * x title "large M and L: 2π M^2 / T^{(2)}" with lines lw 1 lc rgb '#707070' dt 3, \
     \$predicted title "closed form, self-averaging teacher" with points pt 6 ps 1.2 lw 1.5 lc rgb '#1b3a6b', \
     \$mean title "measured, self-averaging teacher" with points pt 7 ps 0.6 lc rgb '#1b3a6b', \
     \$realised title "measured, teachers drawn at N = 4096" with points pt 9 ps 0.8 lc rgb '#b5432a'
GNUPLOT
