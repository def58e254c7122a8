# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 at random moments of a sweep: nothing that was saved is lost, and what the same command
# ends with is the same, byte for byte. TRIALS=200 for the long run.
. "$(dirname "$0")/lib.sh" "$1"
trials=${TRIALS:-6}
sweep=("$ordpar" sweep --sweep seed=1:10:10 --sweep L=4,16 --alpha 0.01:1e4:40:log)

rm -f ./*.csv ./*.part .trial.csv.*
expect 0 '' "${sweep[@]}" --threads 1 -o whole.csv
start=$(date +%s%N)
expect 0 '' "${sweep[@]}" --threads 2 -o twice.csv
milliseconds=$((($(date +%s%N) - start) / 1000000))
cmp whole.csv twice.csv || fail "threads"

kills=0 resumed=0 ended=0
for trial in $(seq "$trials"); do
    rm -f trial.csv trial.csv.part before.part .trial.csv.*
    for _ in 1 2 3; do
        [ -e trial.csv.part ] && resumed=$((resumed + 1))
        "${sweep[@]}" --threads 2 -o trial.csv 2>err.txt &
        pid=$!
        sleep "$(awk -v m="$milliseconds" -v r=$RANDOM 'BEGIN { printf "%.3f", 0.001 * m * r / 32768 }')"
        kill -9 $pid 2>/dev/null && kills=$((kills + 1))
        wait $pid 2>/dev/null
        [ -s err.txt ] && fail "trial $trial: $(cat err.txt)"
        if [ -e trial.csv ]; then # it had ended, or was killed between the output and its clean-up
            cmp whole.csv trial.csv || fail "trial $trial: half an output"
            ended=$((ended + 1))
            break
        fi
        # the journal only grows
        if [ -e before.part ]; then
            cmp -s -n "$(stat -c %s before.part)" before.part trial.csv.part || fail "trial $trial: the journal lost something"
        fi
        [ -e trial.csv.part ] && cp trial.csv.part before.part
    done
    expect 0 '' "${sweep[@]}" --threads 2 -o trial.csv
    cmp whole.csv trial.csv || fail "trial $trial: other bytes"
    [ -e trial.csv.part ] && fail "trial $trial: the journal is left"
done
echo "$trials trials: $kills kills, $resumed starts from a journal, $ended outputs before a kill"
[ "$resumed" -gt 0 ] || fail "no trial started from a journal"
rm -f .trial.csv.* # of writes that were killed
finish
