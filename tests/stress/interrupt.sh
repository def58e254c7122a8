# SPDX-License-Identifier: GPL-3.0-or-later
# SIGINT at random moments of every phase (integration, output, drawing) of each kind of run: interrupt.sh ORDPAR TRIALS [PYTHON [KIND..]]
# The run must end with status 130, no process, and no file but, where it says that all is written, those of a whole run; or have ended
# before. PYTHON: a Python that imports ordpar; -: none.
set -u
ordpar=$1 trials=$2 python=${3:--}
kinds=("${@:4}")
[ ${#kinds[@]} -gt 0 ] || kinds=(curve simulate compare sweep plot precision python)
RANDOM=${SEED:-1}
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# a gnuplot that takes its time, and says that it has begun
mkdir -p bin work
real=$(command -v gnuplot || true)
printf '#!/bin/sh\nsleep 0.15 & wait\nexec %s "$@"\n' "$real" >bin/gnuplot
chmod +x bin/gnuplot

run() { # KIND; takes the place of the shell
    cd work || exit 1
    PATH=$PWD/../bin:$PATH
    case $1 in
    curve) exec "$ordpar" curve -K 3 -M 3 -N 256 -L 16 --moments 0,1,2 --alpha 0.01:3e3:3000:log --report --save-overlaps end.csv -o out.csv --plot out.svg ;;
    simulate) exec "$ordpar" simulate -N 100 -L 10 --runs 4 --threads 2 --alpha 0:60:200 --each --format json -o out.csv --plot out.svg ;;
    compare) exec "$ordpar" compare -N 100 -L 10 --runs 4 --threads 2 --alpha 0:40:100 -o out.csv --plot out.svg ;;
    sweep) exec "$ordpar" sweep --sweep seed=1:40:40 -L 8 -N 64 --alpha 0:200:100 --threads 2 --curves -o out.csv --plot out.svg ;;
    plot) exec "$ordpar" plot ../long.csv ../long2.csv -o out.svg ;;
    precision) exec "$ordpar" precision curve --digits 20 -N 8 -L 2 --alpha 0:2:11 -o out.csv --plot out.svg ;;
    python) exec "$python" -c 'import ordpar
open("begun", "w").close()
ordpar.curve("0.01:3e3:3000:log", K=3, M=3, N=256, L=16, moments=[0, 1, 2], save_overlaps="end.csv")' ;;
    esac
}

listens() { # PID: waits until it handles SIGINT, or has ended
    local mask
    for _ in $(seq 2000); do
        mask=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)
        [ -n "$mask" ] || return
        [ $((0x$mask & 2)) -ne 0 ] && return
        sleep 0.005
    done
}

# left GROUP: prints the living processes of a process group, if it has any that are not reaped
left() {
    kill -0 -- -"$1" 2>/dev/null || return
    local group=$1 stat pid state rest
    for stat in /proc/[0-9]*/stat; do
        read -r rest 2>/dev/null <"$stat" || continue
        pid=${rest%% *}
        read -r state _ rest <<<"${rest##*) }"
        [ "$state" != Z ] && [ "${rest%% *}" = "$group" ] && echo "$pid"
    done
}

# Whole files, as the run without a signal wrote them, but for pictures.
are_whole() {
    grep -q 'written$' work/err.txt || return
    for file in $files; do cmp -s "work/$file" "whole/$file" || return; done
}

# A curve of Python's may be saved, as a whole, before Python looks for signals.
is_saved() {
    [ "$1" = python ] && "$ordpar" curve --continue work/end.csv --alpha 3e3 >/dev/null 2>&1
}

"$ordpar" curve -N 64 -L 4 --alpha 0.01:1e4:30000:log -o long.csv || exit 1
"$ordpar" curve -N 64 -L 8 --alpha 0.01:1e4:30000:log -o long2.csv || exit 1

# begin KIND: in a process group of its own, as a terminal would
begin() {
    rm -rf work && mkdir work
    set -m
    run "$1" >work/out.txt 2>work/err.txt &
    pid=$!
    set +m
    listens $pid
    [ "$1" != python ] || while [ ! -e work/begun ] && kill -0 $pid 2>/dev/null; do sleep 0.005; done
}

now() {
    echo $(($(date +%s%N) / 1000000))
}

for kind in "${kinds[@]}"; do
    [ "$kind" != python ] || [ "$python" != - ] || continue
    begin "$kind"
    start=$(now)
    wait $pid || { fail "$kind: exit $? without a signal: $(cat work/err.txt)" && continue; }
    length=$(($(now) - start + 20))
    rm -rf whole && cp -r work whole
    interrupted=0 ended=0
    for ((trial = 1; trial <= trials; trial++)); do
        begin "$kind"
        moment=$((RANDOM % length))
        sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))"
        kill -INT -- -$pid 2>/dev/null
        wait $pid
        code=$?
        files=$(cd work && ls -A | grep -vx 'begun\|out.csv.part\|out.txt\|err.txt' | tr '\n' ' ')
        where="$kind, trial $trial, $moment of $length ms"
        case $code in
        0) ended=$((ended + 1)) ;;
        130)
            interrupted=$((interrupted + 1))
            [ -z "$files" ] || are_whole || is_saved "$kind" || fail "$where: left $files"
            ;;
        *) fail "$where: exit $code, $(tail -n 1 work/err.txt)" ;;
        esac
        for _ in $(seq 100); do # gnuplot's end is not waited for by the shell
            living=$(left $pid)
            [ -n "$living" ] || break
            sleep 0.02
        done
        [ -z "$living" ] || fail "$where: lives on: $(for p in $living; do tr '\0' ' ' <"/proc/$p/cmdline"; done)"
    done
    echo "$kind: $trials signals in $length ms, $interrupted interrupted, $ended had ended"
    [ $interrupted -gt 0 ] || [ "$trials" -lt 20 ] || fail "$kind: none was interrupted"
done
[ "$failures" -eq 0 ]
