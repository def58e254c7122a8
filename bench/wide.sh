#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Wide networks: CPU time and peak memory of curves against K = M, beside another build in turn.
# Usage: bench/wide.sh BUILD_FOLDER [OTHER_BUILD_FOLDER] [--long]
set -euo pipefail
export OPENBLAS_NUM_THREADS=1
builds=("$1") long=''
shift
for argument; do
    if [ "$argument" = --long ]; then long=yes; else builds+=("$argument"); fi
done

seconds() { # ORDPAR OPTION..: user and system time, and the peak in MiB
    /usr/bin/time -f '%U %S %M' "$@" -q 2>&1 >/dev/null | awk '{printf "%.2f | %.0f", $1 + $2, $3 / 1024}'
}

row() { # NAME OPTION..
    local cells=''
    for build in "${builds[@]}"; do cells+=" $(seconds "$build/ordpar" curve "${@:2}") |"; done
    echo "| $1 |$cells"
}

head='| case |' line='|---|'
for build in "${builds[@]}"; do head+=" $build: CPU (s) | memory (MiB) |" line+='---|---|'; done
echo "$head"
echo "$line"
common=(-L 64 -N 6400 --rtol 1e-6 --alpha 0.1:1000:20:log)
for K in 4 8 16 24 40; do
    row "K = M = $K, small eta" -K $K -M $K "${common[@]}" --small-eta
done
for K in 4 8 16 24; do row "K = M = $K, all orders" -K $K -M $K "${common[@]}"; done
[ -n "$long" ] || exit 0
row 'K = M = 40, all orders' -K 40 -M 40 "${common[@]}"
row 'K = M = 100, small eta' -K 100 -M 100 -L 64 -N 12800 --rtol 1e-6 --alpha 0.1:1000:20:log --small-eta
row 'K = M = 100, all orders, alpha to 10' -K 100 -M 100 -L 64 -N 12800 --rtol 1e-6 --alpha 0.1:10:10:log
row 'K = M = 40, L = 512, small eta, alpha to 100' -K 40 -M 40 -N 20480 -L 512 --eta 0.01 --small-eta --rtol 1e-6 --alpha 0.01:100:30:log
