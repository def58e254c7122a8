#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Braun et al. 2025 (arXiv 2511.18661): a quadratic unit on a power law escapes fast and converges slowly,
# and then is four times a linear unit of four times its learning rate: phase-retrieval.svg, lowest order
# in eta. --full: L = 16384 in place of 1024.
set -euo pipefail
L=1024 end=1e5
[ "${1:-}" != --full ] || L=16384 end=1e7
model="-K 1 -M 1 --student-output 1 --teacher-output 1 -N $L -L $L --sigma-j 0.01 --alpha 0.1:$end:121:log -q"
files=()
for beta in 0.5 1 2; do
    ordpar curve $model --activation quadratic --beta $beta --small-eta --eta 0.02 --teacher mean -o phase-retrieval-$beta.csv
    ordpar closed-form linear-small-eta $model --activation linear --beta $beta --eta 0.08 -o phase-retrieval-linear-$beta.csv
    paste -d, <(grep -v '^#' phase-retrieval-$beta.csv) <(grep -v '^#' phase-retrieval-linear-$beta.csv | cut -d, -f2) |
        awk -F, 'NR == 1 { print "alpha,eps_g,tail"; next } { printf "%s,%s,%.17g\n", $1, $2, 4 * $3 }' >phase-retrieval-both-$beta.csv
    files+=(phase-retrieval-both-$beta.csv)
    awk -F, -v beta=$beta 'NR > 1 && NR % 20 == 2 && $2 > 1e-12 { printf "beta = %s: alpha = %.3g, eps_g = %.4g, / four times the linear unit = %.4f\n", beta, $1, $2, $2 / $3 }' \
        phase-retrieval-both-$beta.csv
done
ordpar plot "${files[@]}" --column eps_g,tail --yrange 1e-6:3 --ylabel 'generalization error ε_g' --title 'A quadratic unit on power laws, and four times a linear one' \
    --legend 'β = 0.5,linear,β = 1,linear,β = 2,linear' -o phase-retrieval.svg
