# SPDX-License-Identifier: GPL-3.0-or-later
# Kills a checkpointed simulation twice at random moments, TRIALS times: kill.sh ORDPAR TRIALS
# Started again, it must end with the bytes of a run that nobody touched, whatever the number of
# threads.
set -u
ordpar=$1 trials=$2
options=(-K 3 -M 2 -N 60 -L 6 --runs 4 --alpha 0:60:121 --label-noise 0.1 --each --seed 5)
kills=0 resumed=0 failures=0

run() { # THREADS; takes the place of the shell, so that it is what is killed
    exec "$ordpar" simulate "${options[@]}" --threads "$1" --checkpoint state --format json
}

without_command() {
    grep -v '"command"' "$1"
}

rm -f state
start=$(date +%s%N)
(run 1) >whole.json || exit 1
milliseconds=$((($(date +%s%N) - start) / 1000000))
RANDOM=1
for ((trial = 0; trial < trials; trial++)); do
    rm -f state state.new
    threads=$((1 + trial % 2))
    for moment in $((RANDOM % milliseconds)) $((RANDOM % milliseconds)) never; do
        run $threads >out.json 2>err.txt &
        pid=$!
        [ $moment = never ] || { sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))" && kill -KILL $pid 2>/dev/null; }
        wait $pid 2>/dev/null
        status=$?
        [ $status -eq 137 ] || break
        kills=$((kills + 1))
        [ -e state ] && resumed=$((resumed + 1))
    done
    if [ $status -ne 0 ] || ! cmp -s <(without_command whole.json) <(without_command out.json); then
        echo "FAILED: trial $trial, status $status: $(cat err.txt)"
        failures=$((failures + 1))
    fi
done
echo "$trials runs, killed $kills times, gone on from a checkpoint $resumed times, $failures failures"
[ "$failures" -eq 0 ]
