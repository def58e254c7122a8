# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar simulate: columns, seeds, resuming, interruption, divergence, bad input.
. "$(dirname "$0")/lib.sh" "$1"

rm -f -- *.csv state* cut empty

small=(-N 64 -L 4 --alpha 0:4:5 --runs 4)
rows() { grep -v '^#' "$1"; }

expect 0 '' "$ordpar" simulate --help
tr -d '\n' <out.txt | grep -qE -- '--runs R [^-]*default: 10;' || fail "the help shows no live default of --runs"

# columns, and the rows' statistics from the runs' own columns
for method in sgd overlap; do
    expect 0 '' "$ordpar" simulate "${small[@]}" --method $method -o a.csv
    [ "$(rows a.csv | head -1)" = "alpha,mean,stderr,min,max,runs" ] || fail "header"
    [ "$(rows a.csv | tail -n +2 | cut -d, -f1 | tr '\n' ' ')" = "0 1 2 3 4 " ] || fail "grid"
    expect 0 '' "$ordpar" simulate "${small[@]}" --method $method --each --threads 1 -o b.csv
    [ "$(rows b.csv | head -1)" = "alpha,mean,stderr,min,max,runs,run_1,run_2,run_3,run_4" ] || fail "--each"
    [ "$(rows b.csv | cut -d, -f1-6)" = "$(rows a.csv)" ] || fail "--each or --threads changes the numbers"
    rows b.csv | tail -n +2 | awk -F, '
        { m = ($7+$8+$9+$10)/4; s = 0; low = high = $7
          for (k = 7; k <= 10; k++) { s += ($k-m)^2; if ($k < low) low = $k; if ($k > high) high = $k }
          e = sqrt(s/12)
          if ($6 != 4 || low != $4 || high != $5 || ($2-m)^2 > 1e-24 || ($3-e)^2 > 1e-24) exit 1 }' || fail "statistics"
    expect 0 '' "$ordpar" simulate "${small[@]}" --method $method --runs 1 --each -o c.csv
    [ "$(rows c.csv | cut -d, -f7)" = "$(rows b.csv | cut -d, -f7)" ] || fail "run 1 depends on the other runs"
    expect 0 '' "$ordpar" simulate "${small[@]}" --method $method --seed 2 -o d.csv
    [ "$(rows a.csv)" = "$(rows d.csv)" ] && fail "the seed does not matter"

    # a run starts at the error that 'curve' of the same seed starts from
    for seed in 1 5; do
        expect 0 '' "$ordpar" simulate "${small[@]}" --method $method --runs 1 --seed $seed --alpha 0:0:1 -o s.csv
        expect 0 '' "$ordpar" curve -N 64 -L 4 --seed $seed --alpha 0:0:1 -o t.csv
        [ "$(rows s.csv | tail -1 | cut -d, -f2 | cut -c1-15)" = "$(rows t.csv | tail -1 | cut -d, -f2 | cut -c1-15)" ] ||
            fail "starts differ: $(tail -qn1 s.csv t.csv)"
    done
done

# starts of every kind, blocks of one component, any N
expect 0 '' "$ordpar" simulate "${small[@]}" --init near-teacher --sigma-j 0.1 --label-noise 0.1 --trainable 40
expect 0 '' "$ordpar" simulate "${small[@]}" --init mean --teacher mean
expect 0 '' "$ordpar" simulate -N 40 -L 40 -K 25 -M 3 --alpha 0:4:5 --runs 2
expect 0 '' "$ordpar" simulate -N 40 -L 40 --method overlap --activation linear --alpha 0:4:5 --runs 2 --format json
expect 0 '' "$ordpar" simulate -N 1e12 -L 4 --method overlap --alpha 0:1e-9:2 --runs 2
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 100:100:1 --save-overlaps later.csv -o later_curve.csv
expect 0 '' "$ordpar" simulate "${small[@]}" --overlaps later.csv -o from.csv
[ "$(rows from.csv | sed -n 2p | cut -d, -f2 | cut -c1-12)" = "$(tail -1 later_curve.csv | cut -d, -f2 | cut -c1-12)" ] ||
    fail "--overlaps: another start"

# a checkpoint: a second process goes on where kill -9 ended the first
n=1000 many=9000
[ -z "${BRIEF:-}" ] || n=400 many=3000 # the sanitizers are slow enough
long=(simulate -K 2 -M 2 -N $n -L 4 --eta 0.5 --alpha 0:30:61 --runs 4 --seed 3)
expect 0 '' "$ordpar" "${long[@]}" -o whole.csv
rm -f state
"$ordpar" "${long[@]}" --checkpoint state -o resumed.csv &
pid=$!
for _ in $(seq 200); do [ -e state ] && break; sleep 0.01; done
sleep 0.03
kill -9 $pid
wait $pid 2>/dev/null
[ -e state ] || fail "no checkpoint"
expect_no resumed.csv
expect 0 '' "$ordpar" "${long[@]}" --checkpoint state -o resumed.csv
[ "$(rows whole.csv)" = "$(rows resumed.csv)" ] || fail "the resumed result differs"
expect 0 '' "$ordpar" "${long[@]}" --checkpoint state --threads 1 -o resumed.csv
[ "$(rows whole.csv)" = "$(rows resumed.csv)" ] || fail "the complete checkpoint gives something else"

# two at once on one checkpoint: the second is told, the first does not notice
rm -f state
"$ordpar" "${long[@]}" --alpha 0:100:1001 --checkpoint state -o first.csv -q &
pid=$!
for _ in $(seq 200); do [ -e state ] && break; sleep 0.01; done
kill -STOP $pid
expect 2 '--checkpoint: state: is in use by another run' "$ordpar" "${long[@]}" --alpha 0:100:1001 --checkpoint state -o second.csv
kill -CONT $pid
kill -INT $pid
wait $pid
expect_no first.csv second.csv state.lock state.new
rm -f state
expect 0 '' "$ordpar" "${long[@]}" --checkpoint state -o resumed.csv

# a column a run is read again
expect 0 '' "$ordpar" simulate -N 4 -L 1 --alpha 0:2:3 --runs $many --each -o wide.csv
expect 0 '' "$ordpar" report wide.csv -o report.csv
expect 0 '' "$ordpar" simulate -N 4 -L 1 --alpha 0:2:3 --runs $many --each --format json -o wide.json
expect 0 '' "$ordpar" report wide.json -o report.csv

# foreign and damaged checkpoints
expect 2 '--checkpoint: state: belongs to other settings' "$ordpar" "${long[@]}" --eta 0.6 --checkpoint state -o no.csv
head -c 1000 state >cut
expect 2 '--checkpoint: cut: is damaged' "$ordpar" "${long[@]}" --checkpoint cut -o no.csv
printf o >empty
expect 2 '--checkpoint: empty: is not a checkpoint' "$ordpar" "${long[@]}" --checkpoint empty -o no.csv
# .. but for an empty file, as mktemp makes it, which is a place for one
: >empty
expect 0 '' "$ordpar" simulate "${small[@]}" --checkpoint empty -o first.csv
[ -s empty ] || fail "no checkpoint in the place of an empty file"
expect 0 '' "$ordpar" simulate "${small[@]}" --checkpoint empty -o second.csv
cmp <(rows first.csv) <(rows second.csv) || fail "a checkpoint in the place of an empty file"
expect 2 '--checkpoint: whole.csv: is not a checkpoint' "$ordpar" "${long[@]}" --checkpoint whole.csv -o no.csv
expect 2 '--checkpoint: .*cannot be written' "$ordpar" "${long[@]}" --checkpoint /nowhere/state -o no.csv
expect 2 '--checkpoint: .*folder' "$ordpar" "${long[@]}" --checkpoint . -o no.csv
expect_no no.csv

# Ctrl-C: nothing, or with --keep-partial the rows that are complete
interrupt() { # OPTION..: sends SIGINT after the first checkpoint; sets $code
    rm -f state part.csv
    # an interactive shell's child: bash starts background jobs with SIGINT ignored
    env --default-signal=INT "$ordpar" "${long[@]}" --alpha 0:100:1001 --checkpoint state -o part.csv "$@" 2>err.txt &
    local pid=$!
    for _ in $(seq 200); do [ -e state ] && break; sleep 0.01; done
    kill -INT $pid
    wait $pid
    code=$?
    count=$((count + 1))
    [ "$code" -eq 130 ] || fail "SIGINT: exit $code"
    [ "$(wc -l <err.txt)" -eq 1 ] && grep -q interrupted err.txt || fail "SIGINT: $(cat err.txt)"
}
interrupt
expect_no part.csv
grep -q 'interrupted after alpha = .*; it goes on from state$' err.txt || fail "where an interrupted run goes on: $(cat err.txt)"
interrupt --keep-partial
n=$(rows part.csv | wc -l)
[ "$n" -ge 2 ] && [ "$n" -lt 1001 ] || fail "--keep-partial: $n lines"
grep -q "^# partial: interrupted, $((n - 1)) of 1001 rows$" part.csv || fail "what is partial: $(grep partial part.csv)"

# a folder that goes away while runs are made costs the checkpoint, not the rows
end=200
[ -z "${BRIEF:-}" ] || end=50
loses_checkpoint "$ordpar" simulate -L 4 -N 1024 --runs 2 --alpha 0:$end:9 -o rows.csv
[ $code -eq 1 ] && grep -q -- '--checkpoint: gone/state.*; 9 of 9 rows were complete and are written' err.txt && [ "$(rows rows.csv | wc -l)" -eq 10 ] ||
    fail "a checkpoint that cannot be written: exit $code, $(cat err.txt)"
grep -qx 'ordpar simulate: --checkpoint: gone/state: cannot be written: No such file or directory; the run goes on' err.txt && [ "$(wc -l <err.txt)" -eq 2 ] ||
    fail "the first save that fails is told of once: $(cat err.txt)"

# .. nor does an interrupted run say that it goes on from what was never written
unsaved() { # COMMAND OPTION..: Ctrl-C where no file may have more than 8 KiB; sets $code
    rm -f never part.csv
    (
        ulimit -f 8
        exec env --default-signal=INT,XFSZ "$ordpar" "$@" -N 2000 -L 4 -q --checkpoint never -o part.csv 2>err.txt
    ) &
    local pid=$!
    listens $pid
    used $pid 100 # theories are there by then
    kill -INT $pid
    wait $pid
    code=$?
    count=$((count + 1))
    [ $code -eq 130 ] || fail "unsaved $*: exit $code, $(cat err.txt)"
    [ "$(wc -l <err.txt)" -eq 1 ] || fail "unsaved $*: not one line: $(cat err.txt)"
    expect_no never
}
for command in simulate compare; do
    unsaved $command --runs 2 --alpha 0:3000:3001
    grep -qE 'interrupted after alpha = .*; checkpoint: never: .*File too large; [0-9]+ of 3001 rows are lost$' err.txt || fail "$command: $(cat err.txt)"
    unsaved $command --runs 2 --alpha 0,1,1e5 --keep-partial
    grep -qE 'interrupted(;| after 2 of 3 rows;) checkpoint: never: .*File too large(; 2 of 3 rows were complete and are written)?$' err.txt || fail "$command: $(cat err.txt)"
    [ "$(rows part.csv | wc -l)" -eq 3 ] || fail "$command: rows of a run without a checkpoint"
done
end=20
[ -z "${BRIEF:-}" ] || end=2
(
    ulimit -f 8
    exec "$ordpar" simulate -N 2000 -L 5 --alpha 0:$end:101 --runs 3 --each -q --checkpoint never -o both.csv 2>err.txt
)
code=$?
count=$((count + 1))
[ $code -eq 2 ] && [ "$(wc -l <err.txt)" -eq 2 ] && grep -q -- '--output: both.csv: cannot be written' err.txt &&
    grep -q -- '--checkpoint: never: cannot be written: .*; 101 of 101 rows were complete$' err.txt ||
    fail "an output and a checkpoint that are lost: exit $code, $(cat err.txt)"
expect_no never both.csv

# .. a row that takes minutes is left
commands=(simulate compare)
[ -z "${BRIEF:-}" ] || commands=(compare) # whose runs are those of simulate
for long in "-N 20000 -L 4 --alpha 1000" "-N 2000 -L 4 --method overlap --alpha 1e5" "-N 200 -L 4 --batch 5 --alpha 1e6"; do
    for command in "${commands[@]}"; do
        count=$((count + 1))
        "$ordpar" $command $long --runs 2 -o never.csv 2>err.txt &
        interrupted $! 5 "$command $long"
        expect_no never.csv
    done
done

# .. and a step of many examples, of which nothing is kept: it is made again from its beginning
for long in "-N 64 --batch 1000000000" "-N 64 --batch 1000000000 --method overlap --momentum constant:1:1" "-N 60000 --batch-fraction 1"; do
    for command in "${commands[@]}"; do
        "$ordpar" $command $long -L 4 --alpha 0:10:3 --runs 1 --keep-partial -o part.csv 2>err.txt &
        interrupted $! 6 "$command $long"
        grep -q '^# partial: interrupted, 1 of 3 rows$' part.csv && [ "$(rows part.csv | wc -l)" -eq 2 ] || fail "$command $long: $(cat part.csv)"
        rm part.csv
    done
done
batch=15000000
[ -z "${BRIEF:-}" ] || batch=700000 # the sanitizers are slow enough
long=(-N 64 -L 4 --batch $batch --runs 1 --alpha 0:0.015625:2)
"$ordpar" simulate "${long[@]}" --checkpoint half -o never.csv 2>err.txt &
pid=$!
listens $pid
for _ in $(seq 200); do [ -e half ] && break; sleep 0.01; done
kill -INT $pid
wait $pid
[ $? -eq 130 ] && grep -q 'after alpha = 0; it goes on from half$' err.txt || fail "SIGINT within a step: $(cat err.txt)"
expect_no never.csv
expect 0 '' "$ordpar" simulate "${long[@]}" -o whole.csv
expect 0 '' "$ordpar" simulate "${long[@]}" --checkpoint half -o resumed.csv
cmp <(rows whole.csv) <(rows resumed.csv) || fail "a step of which half was made"
rm half

# .. and so are starts that are drawn, and rows of many runs on labels
/usr/bin/python3 - <<END
import numpy as np
x = np.random.default_rng(0).normal(size=(20000, 20))
np.save("x.npy", x), np.save("y.npy", x[:, 0])
END
for long in "-N 2048 -L 1024 -K 30 -M 30 --runs 100 --method overlap" "--data x.npy --labels y.npy -K 60 --runs 3000"; do
    count=$((count + 1))
    "$ordpar" simulate $long --threads 1 --alpha 0,400 -o never.csv 2>err.txt &
    interrupted $! 5 "simulate $long"
    grep -q 'before the first row' err.txt || fail "all starts were drawn: $(cat err.txt)"
    expect_no never.csv
done

# divergence
expect 1 'run [0-9]+ diverged at alpha = [0-9.]+; by alpha = .* runs had diverged and [0-9]+ had not' \
    "$ordpar" simulate --activation linear -K 1 -M 1 -N 16 -L 16 --eta 8 --alpha 0:1000:11 -o no.csv
expect_no no.csv
apart=(--activation linear -K 1 -M 1 -N 16 -L 16 --eta 8 --alpha 0,1,1000)
expect 1 'run 1 diverged at alpha = .*; --keep-partial writes the 2 of 3 rows before$' "$ordpar" simulate "${apart[@]}" -o no.csv
expect_no no.csv
expect 1 'run 1 diverged at alpha = .*; 2 of 3 rows were complete and are written$' "$ordpar" simulate "${apart[@]}" --keep-partial -o kept.csv
[ "$(grep -c '^[01],' kept.csv)" = 2 ] && grep -q '^# partial: it diverges, 2 of 3 rows$' kept.csv || fail "rows before runs diverge: $(cat kept.csv)"
few=(--activation linear -K 1 -M 1 -N 16 -L 16 --eta 1.9 --runs 3 --alpha 0,1,1000)
expect 1 '; a run diverged after 2 of 3 rows$' "$ordpar" compare "${few[@]}" --keep-partial -o kept.csv
grep -q '^# verdict: .*; a run diverged after 2 of 3 rows$' kept.csv || fail "rows that are compared before runs diverge: $(cat kept.csv)"
# also where the theory of a comparison diverges, of either kind; a sweep, which has no --keep-partial, is told of none
cliff=(--activation linear -K 1 -M 1 -N 64 -L 4 --eta 2.2 --runs 3)
expect 1 'theory of run 1: .* diverges: .*; --keep-partial writes up to 5 of 31 rows before$' "$ordpar" compare "${cliff[@]}" --alpha 0:3000:31 -o no.csv
[ ! -e no.csv ] || fail "compare wrote what diverges"
expect 1 'diverges: it overflows at alpha = 700 .*; --keep-partial writes up to 7 of 31 rows before$' "$ordpar" compare "${cliff[@]}" --alpha 0:3000:31 --against finite-n -o no.csv
expect 1 '; a run diverged after 3 of 31 rows$' "$ordpar" compare "${cliff[@]}" --alpha 0:3000:31 --keep-partial -o kept.csv
expect 0 'largest' "$ordpar" compare "${cliff[@]}" --alpha 0:200:3 -o whole.csv
[ "$(grep -v '^#' kept.csv)" = "$(grep -v '^#' whole.csv)" ] || fail "rows before the theory diverges: $(grep -v '^#' kept.csv)"
grep -q '^# partial: it diverges, 3 of 31 rows$' kept.csv || fail "kept rows do not say that they are not all"
expect 1 "; the theory diverged after 7 of 300 rows$" "$ordpar" compare --activation linear -K 1 -M 1 -N 8 -L 1 --eta 7 --runs 2 --method overlap --alpha 0:300:300 --keep-partial -o kept.csv
[ "$(grep -vc '^#' kept.csv)" -eq 8 ] || fail "rows of the theory: $(grep -vc '^#' kept.csv)"
expect 1 '1 of 2 points failed' "$ordpar" sweep --job simulate --sweep eta=0.1,100 --activation linear -K 1 -M 1 -N 64 -L 4 --alpha 0:300:31 -o swept.csv
grep -q 'keep-partial' swept.csv err.txt && fail "a sweep is told of an option that it has not: $(tail -1 swept.csv)"
expect 1 '1 of 2 points failed' "$ordpar" sweep --job compare --sweep eta=0.1,2.2 --activation linear -K 1 -M 1 -N 64 -L 4 --runs 2 --alpha 0:3000:31 -o swept.csv
grep -q 'keep-partial' swept.csv err.txt && fail "a sweep of comparisons is told of an option that it has not: $(tail -1 swept.csv)"

# bad input
bad() { # PATTERN OPTION..
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" simulate --alpha 0:1:2 -o no.csv "$@"
    expect_no no.csv
}
for option in runs threads; do
    for value in -1 1.5 nan inf 99999999999999999999 x ''; do
        bad "--$option: must be a whole number from [01] to [0-9]*, got '$value'" "--$option" "$value"
    done
done
bad "--runs: must be a whole number from 1 to [0-9]*, got '0'" --runs 0
bad "--method: must be one of sgd|overlap, got 'SGD'" --method SGD
bad "--method: sgd takes N up to 2147483647, got 1000000000000" -N 1e12
bad "--alpha: .* is 1e\+23 steps" -N 1e12 --method overlap --alpha 0:1e11:2
bad "GiB of memory" -N 1e9 -L 1 --runs 1000
bad "GiB of memory" --runs 1e7 --alpha 0:1:100000
bad "--small-eta: a simulation has all orders" --small-eta
bad "--checkpoint: must be a non-empty name" --checkpoint ''
bad "block 1: no vectors of 2 components" --init mean --teacher mean -N 32 -L 16
bad "no such option" --rtol 1e-8
bad "no such option" --max-z 3
finish
