#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Wide networks and long spectra: CPU time of one thread and peak memory of curves, beside another build in turn.
# Usage: bench/wide.sh BUILD_FOLDER [OTHER_BUILD_FOLDER] [--long]
set -euo pipefail
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
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
row 'K = M = 100, all orders' -K 100 -M 100 -L 64 -N 12800 --rtol 1e-6 --alpha 0.1:1000:20:log
row 'K = M = 40, L = 512, small eta' -K 40 -M 40 -N 20480 -L 512 --eta 0.01 --small-eta --rtol 1e-6 --alpha 0.01:1000:30:log
row 'K = M = 40, N = L = 512, near the teacher' -K 40 -M 40 -N 512 -L 512 --eta 0.01 --sigma-j 1e-6 --init near-teacher --rtol 1e-6 --alpha 0.1:1e4:13:log
row 'L = 16384' -L 16384 -N 16384 --alpha 1:1e6:300:log
growth=(--integrator radau --alpha 0.1:1e4:20:log)
for L in 256 4096 16384 65536; do row "L = N = $L, all orders, radau" -L $L -N $L "${growth[@]}"; done
for L in 256 4096 16384 65536 262144 1000000; do row "L = N = $L, small eta, radau" -L $L -N $L --small-eta "${growth[@]}"; done
for L in 65536 1000000; do row "L = $L, small eta" -L $L -N $L --small-eta --rtol 1e-6 --alpha 0.1:1e4:20:log; done
