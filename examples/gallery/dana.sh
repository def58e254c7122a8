#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Momentum that forgets ever later changes the exponent of a power law (Ferbach et al. 2025): dana.svg.
# One linear unit, beta = 1.5. --full: L = 4096 in place of 1024.
set -euo pipefail
L=1024 end=1e3
[ "${1:-}" != --full ] || L=4096 end=1e4
model="--activation linear -K 1 -M 1 -N $L -L $L --beta 1.5 --eta 0.2 --init mean --teacher mean --alpha 1:$end:121:log"
ordpar curve $model -o dana-sgd.csv
ordpar curve $model --momentum dana:8:1:0.4:1 -o dana-falling.csv
ordpar curve $model --momentum dana:8:0.1:0:1 -o dana-constant.csv
ordpar plot dana-sgd.csv dana-falling.csv dana-constant.csv --legend 'SGD,DANA (κ = 1/(1 + β)),DANA (κ = 0)' \
    --title 'Momentum on a power law, β = 1.5' -o dana.svg
