#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Saad and Solla 1995, K = M = 3, isotropic inputs, all output weights 1: saad-solla.svg (overlaps with
# the teachers) and saad-solla-error.svg. --full: with four runs of SGD.
set -euo pipefail
model='-K 3 -M 3 -L 1 -N 1e4 --student-output 1,1,1 --teacher-output 1,1,1 --eta 0.1 --sigma-j 1e-3 --teacher mean'
ordpar curve $model --alpha 0:4000:401 --moments 1 --report -o saad-solla.csv
overlaps=R1_1_1,R1_1_2,R1_1_3,R1_2_1,R1_2_2,R1_2_3,R1_3_1,R1_3_2,R1_3_3
ordpar plot saad-solla.csv --column $overlaps --yscale lin --ylabel 'R_{in}' --title 'Overlaps of 3 students with 3 teachers' -o saad-solla.svg
beside=()
if [ "${1:-}" = --full ]; then
    ordpar curve $model --alpha 0 --save-overlaps saad-solla-start.csv -o saad-solla-0.csv
    ordpar simulate -K 3 -M 3 -L 1 -N 1e4 --eta 0.1 --overlaps saad-solla-start.csv --student-output 1,1,1 --teacher-output 1,1,1 --method overlap \
        --alpha 0:4000:41 --runs 4 -q -o saad-solla-sgd.csv
    beside=(saad-solla-sgd.csv --legend 'equations,four runs')
fi
ordpar plot saad-solla.csv "${beside[@]}" --yrange 1e-6:1 -o saad-solla-error.svg
ordpar closed-form plateau -K 3 -M 3 -L 1 --student-output 1,1,1 --teacher-output 1,1,1 | tail -n 2
ordpar report saad-solla.csv
