#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goldt et al. 2019: where label noise keeps eps_g when a student has more units than its teacher of two,
# with the first layer trained or both: goldt.svg; linear units beside their formula. --full: to
# alpha = 1e8, for K up to 4, in place of 1e6 and 6.
set -euo pipefail
end=1e6 widths='2 3 4 5 6' etas='0.05 0.1 0.2'
[ "${1:-}" != --full ] || { end=1e8 widths='2 3 4'; }
model="-M 2 -L 1 -N 1e6 --teacher-output 1,1 --teacher mean --sigma-j 0.1 --label-noise 0.01 --rtol 1e-6 --alpha $end -q"
last() { tail -n 1 | cut -d, -f2; }
header=K
for eta in $etas; do header+=",first_$eta,both_$eta"; done
echo "$header" >goldt.csv
for K in $widths; do
    ones=$(printf '1,%.0s' $(seq "$K")) row=$K
    for eta in $etas; do
        row+=,$(ordpar curve $model -K "$K" --student-output "${ones%,}" --eta $eta | last)
        row+=,$(ordpar curve $model -K "$K" --student-output "${ones%,}" --eta $eta --train-output --eta-v $eta | last)
    done
    echo "$row" >>goldt.csv
done
ordpar plot goldt.csv --x K --column first_0.2,first_0.1,first_0.05,both_0.2,both_0.1,both_0.05 --xscale lin --yscale log \
    --legend 'first layer η = 0.2,first layer 0.1,first layer 0.05,both layers 0.2,both layers 0.1,both layers 0.05' \
    --ylabel 'generalization error ε_g' --title 'Label noise 0.01, a teacher of two units' -o goldt.svg
cat goldt.csv
echo 'linear units, K = 4: closed form, eta s^2 K/(4 - 2 eta K)'
for eta in $etas; do
    floor=$(ordpar closed-form linear-exact --activation linear -K 4 -M 2 -L 1 --student-output 1,1,1,1 --teacher-output 1,1 --label-noise 0.01 \
        --eta $eta --alpha 1e6 -q | last)
    awk -v eta=$eta -v f="$floor" 'BEGIN { print eta, f, eta * 1e-4 * 4 / (4 - 8 * eta) }'
done
