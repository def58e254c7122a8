# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 at random moments of a sweep: nothing that was saved is lost, and what the same command
# ends with is the same, byte for byte. TRIALS=200 for the long run.
. "$(dirname "$0")/lib.sh" "$1"
trials=${TRIALS:-6}
sweep=("$ordpar" sweep --sweep seed=1:10:10 --sweep L=2,4 --alpha 0.01:1e3:10:log)
points=20

rm -f ./*.csv ./*.part .trial.csv.* pause
expect 0 '' "${sweep[@]}" --threads 1 -o whole.csv
mkfifo pause
exec 9<>pause
pause() { # SECONDS, without a process
    read -rt "$1" -u 9 || true
}

# Waits until the journal has a random number of lines, then a moment, or until the process ends.
wait_for_lines() { # PID LINES
    local lines=() number
    while kill -0 "$1" 2>/dev/null && [ ${#lines[@]} -lt "$2" ]; do
        [ -e trial.csv.part ] && mapfile -t lines <trial.csv.part
        for number in "${!lines[@]}"; do # what the journal says of its sweep is no row
            [ "${lines[$number]:0:1}" = '#' ] && unset "lines[$number]"
        done
        pause 0.001
    done 2>/dev/null
    pause "0.0$((RANDOM % 10))$((RANDOM % 10))"
}

kills=0 resumed=0 late=0 trial=0
# as many as were asked for, and until each of what is counted was seen once
while [ "$trial" -lt "$trials" ] || { [ "$trial" -lt 200 ] && { [ "$kills" = 0 ] || [ "$resumed" = 0 ]; }; }; do
    trial=$((trial + 1))
    rm -f trial.csv trial.csv.part before.part .trial.csv.*
    for _ in 1 2; do
        [ -e trial.csv.part ] && resumed=$((resumed + 1))
        "${sweep[@]}" --threads 2 -o trial.csv 2>err.txt &
        pid=$!
        wait_for_lines $pid $((RANDOM % (points + 1)))
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        [ $? -eq 137 ] && kills=$((kills + 1))
        [ -s err.txt ] && fail "trial $trial: $(cat err.txt)"
        if [ -e trial.csv ]; then # it had ended, or was killed between the output and its clean-up
            cmp whole.csv trial.csv || fail "trial $trial: half an output"
            late=$((late + 1))
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
echo "$trial trials: $kills kills, $resumed starts from a journal, $late times the output was there already"
[ "$kills" -gt 0 ] && [ "$resumed" -gt 0 ] || fail "no kill in the middle"
rm -f .trial.csv.* pause # of writes that were killed
finish
