#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Start-up: milliseconds of CPU (user and system) and of wall time a process, the least of seven means
# over forty, beside another build in turn. Usage: bench/start.sh BUILD_FOLDER [OTHER_BUILD_FOLDER]
set -euo pipefail

many() { # ORDPAR OPTION..
    for ((k = 0; k < 40; k++)); do "$@" >/dev/null; done
}

row() { # OPTION..
    local k build TIMEFORMAT='%U %S %R'
    local -A cpu=() wall=()
    for ((k = 0; k < 7; k++)); do
        for build in "${builds[@]}"; do
            read -r user system real < <({ time many "$build/ordpar" "$@"; } 2>&1)
            cpu[$build]+="$(echo "$user $system" | awk '{print ($1 + $2) * 25}') "
            wall[$build]+="$(echo "$real" | awk '{print $1 * 25}') "
        done
    done
    printf '| `%s` |' "$*"
    for build in "${builds[@]}"; do
        printf ' %.1f | %.1f |' "$(printf '%s\n' ${cpu[$build]} | sort -g | head -1)" "$(printf '%s\n' ${wall[$build]} | sort -g | head -1)"
    done
    echo
}

builds=("$@")
head='| command |' line='|---|'
for build in "${builds[@]}"; do head+=" $build: CPU (ms) | wall (ms) |" line+='---|---|'; done
printf '%s\n%s\n' "$head" "$line"
row --version
row --help
row curve --help
row curve --alpha 0:1:3 -q
row curve -q
