# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar sweep: rows against the commands for a single point, the same bytes however it is
# distributed, points that fail, interruptions, merging, and what is refused.
. "$(dirname "$0")/lib.sh" "$1"
rm -f ./*.csv ./*.part ./*.svg ./*.json

# curve: eps_g and the report's numbers are those of the command for one point
sweep=(sweep --sweep eta=0.1,0.5 --sweep L=1:16:5:log -N 1024 --alpha 0.01:3e3:120:log)
expect 0 '' "$ordpar" "${sweep[@]}" --threads 1 -o one.csv
expect_no one.csv.part
[ "$(grep -vc '^#' one.csv)" -eq 11 ] || fail "rows: $(cat one.csv)"
expect 0 '' "$ordpar" curve --eta 0.5 -L 2 -N 1024 --alpha 0.01:3e3:120:log --moments 1 -o curve.csv
[ "$(cell one.csv 7 eps_g)" = "$(tail -n 1 curve.csv | cut -d, -f2)" ] || fail "eps_g of point 7"
[ "$(cell one.csv 7 eta),$(cell one.csv 7 L),$(cell one.csv 7 status)" = 0.5,2,ok ] || fail "point 7"
expect 0 '' "$ordpar" report curve.csv --eta 0.5 -L 2 -N 1024
for pair in plateau_height:"plateau height" plateau_length:"plateau length" escape_rate:"escape rate"; do
    measured=$(grep "^${pair#*:}," out.txt | cut -d, -f2)
    awk -v a="$(cell one.csv 7 "${pair%%:*}")" -v b="$measured" 'BEGIN { d = a / b - 1; exit !(d < 1e-8 && d > -1e-8) }' ||
        fail "$pair: $(cell one.csv 7 "${pair%%:*}") instead of $measured"
done
awk -v r="$(cell one.csv 7 escape_rate)" -v t="$(cell one.csv 7 escape_time)" 'BEGIN { d = r * t - 1; exit !(d < 1e-14 && d > -1e-14) }' ||
    fail "escape time"
expect 0 '' "$ordpar" closed-form critical-eta -L 2 -N 1024 --teacher sampled
[ "$(tail -n 1 out.txt | cut -d, -f1)" = "$(cell one.csv 7 eta_c)" ] || fail "eta_c: $(cell one.csv 7 eta_c)"

# the same bytes on more threads, in parts, to standard output, and with the columns of curves
expect 0 '' "$ordpar" "${sweep[@]}" --threads 3 -o three.csv
cmp one.csv three.csv || fail "threads"
for k in 3 1 2; do
    expect 0 '' "$ordpar" "${sweep[@]}" --part $k/3 -o part$k.csv
done
expect 0 '' "$ordpar" sweep --merge part3.csv part1.csv part2.csv -o merged.csv
cmp one.csv merged.csv || fail "parts"
expect 0 '' "$ordpar" "${sweep[@]}" --part 1/1 -o part.csv
expect 0 '' "$ordpar" sweep --merge part.csv -o merged.csv
cmp one.csv merged.csv || fail "a part that is all"
for k in 1 2 3; do # as editors of other systems leave them
    sed '1s/^/\xef\xbb\xbf/;s/$/\r/' part$k.csv >other$k.csv
done
expect 0 '' "$ordpar" sweep --merge other3.csv other1.csv other2.csv -o merged.csv
cmp one.csv merged.csv || fail "parts with a byte order mark and other line ends"
tr '\n' '\r' <part1.csv >lone.csv
expect 2 'merge: lone.csv: lines end with a carriage return alone' "$ordpar" sweep --merge lone.csv
expect 0 '' "$ordpar" "${sweep[@]}"
cmp one.csv out.txt || fail "standard output"
expect 0 '' "$ordpar" "${sweep[@]}" --format json -o one.json
expect 0 '' "$ordpar" sweep --merge part1.csv part2.csv part3.csv --format json -o merged.json
cmp one.json merged.json || fail "JSON"
expect 2 'merge: one.json: is JSON; the parts of a sweep are CSV' "$ordpar" sweep --merge one.json
grep -q '"points": 10,' one.json || fail "JSON: $(head -c 300 one.json)"
expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.5 --alpha 1:10:3 --curves -o curves.csv
expect 0 '' "$ordpar" curve --eta 0.5 --alpha 1:10:3
[ "$(cell curves.csv 2 eps_g@5.5)" = "$(grep '^5.5,' out.txt | cut -d, -f2)" ] || fail "--curves: $(cat curves.csv)"

# numbers behind hermite: are its coefficients
expect 0 '' "$ordpar" sweep --sweep activation=hermite:0,1,erf,hermite:0.5,0,0.1 --alpha 0:1:2 -L 2 --eta 0.01 -o words.csv
[ "$(grep -c '^[0-9]' words.csv)" = 3 ] || fail "words: $(cat words.csv)"
grep -q '^1,hermite:0;1,' words.csv && grep -q '^3,hermite:0.5;0;0.1,' words.csv || fail "words: $(cat words.csv)"
expect 2 "--sweep: 'K,M' is not an option; K=M=LIST gives both the same values" "$ordpar" sweep --sweep K,M=2,3

# settings that a swept one takes the place of are nobody's
expect 0 '' "$ordpar" curve -K 3 -M 3 -N 64 -L 4 --alpha 5 --save-overlaps three.csv -o part.csv
expect 0 '' "$ordpar" sweep --sweep continue=three.csv --alpha 10 -o goes_on.csv
grep '^# settings:' goes_on.csv | grep -qE 'units|eigenvalues|eta=|beta' && fail "settings of the default model: $(grep settings: goes_on.csv)"
expect 0 '' "$ordpar" sweep --sweep batch-fraction=0.5,1 --alpha 10 -o fractions.csv
grep '^# settings:' fractions.csv | grep -q ' batch=' && fail "batch beside batch-fraction"

printf 'alpha,eta\n0,0.5\n' >half.csv
printf 'alpha,eta\n0,0.25\n' >quarter.csv
for schedules in half.csv,quarter.csv half.csv,constant; do
    expect 0 '' "$ordpar" sweep --sweep schedule=$schedules -N 64 -L 4 --alpha 10 -o rates.csv
    [ "$(grep '^# settings:' rates.csv | grep -c ' eta=')" = $([ $schedules = half.csv,constant ] && echo 1 || echo 0) ] || fail "eta beside schedules $schedules"
done

# the process's stacks do not count
(ulimit -s 64 && exec "$ordpar" sweep --sweep L=1,2 --alpha 0:1:2 -q -o small.csv) || fail "a stack of 64 kB"

# merging what does not belong together
expect 2 "part 2 of 3 is missing" "$ordpar" sweep --merge part1.csv part3.csv
expect 2 "part 1 of 3 is there already" "$ordpar" sweep --merge part1.csv part1.csv part2.csv
expect 0 '' "$ordpar" "${sweep[@]}" --seed 2 --part 2/3 -o other.csv
expect 2 "other.csv: belongs to another sweep than part1.csv" "$ordpar" sweep --merge part1.csv other.csv part3.csv
expect 0 '' "$ordpar" "${sweep[@]}" --part 2/4 -o four.csv
expect 2 "four.csv: is one of 4 parts, part1.csv one of 3" "$ordpar" sweep --merge part1.csv four.csv
head -n -1 part2.csv >short.csv
expect 2 "short.csv: lacks point 8" "$ordpar" sweep --merge part1.csv short.csv part3.csv
(cat part2.csv && tail -n 1 part2.csv) >double.csv
expect 2 "double.csv: has point 8 twice" "$ordpar" sweep --merge part1.csv double.csv part3.csv
(cat part2.csv && tail -n 1 part1.csv) >foreign.csv
head -c -1 part2.csv >cut.csv
expect 2 "cut.csv: was cut short: the last line does not end" "$ordpar" sweep --merge part1.csv cut.csv part3.csv
expect 2 "foreign.csv: not a row of its part" "$ordpar" sweep --merge part1.csv foreign.csv part3.csv
expect 2 "one.csv: is not a part of a sweep" "$ordpar" sweep --merge one.csv
expect 2 "curve.csv: is not a part of a sweep" "$ordpar" sweep --merge curve.csv
expect 2 "needs the files of all parts" "$ordpar" sweep --merge
expect 2 "nowhere.csv: cannot be read" "$ordpar" sweep --merge nowhere.csv
expect 2 "takes files" "$ordpar" sweep --merge --eta 1 part1.csv

# a point that fails keeps its row; the exit status says so, and the output is there
expect 1 "1 of 3 points failed; the first is point 2: .*diverges" "$ordpar" sweep --activation linear \
    --sweep eta=0.5,50,1 --alpha 0:10:5 -o failed.csv
[ "$(cell failed.csv 1 status),$(cell failed.csv 2 status),$(cell failed.csv 3 status)" = ok,failed,ok ] || fail "$(cat failed.csv)"
[ "$(cell failed.csv 2 eps_g)" = nan ] || fail "a failed point has a value"
cell failed.csv 2 message | grep -q diverges || fail "no message"
expect_no failed.csv.part
# .. also where the picture has nothing to show, or nobody to draw it
count=$((count + 2))
diverging=(sweep --activation quadratic -L 1 --alpha 0:10:3 -o lost.csv --plot lost.svg)
"$ordpar" "${diverging[@]}" --sweep eta=30,40 2>err.txt
[ $? -eq 1 ] && [ "$(cell lost.csv 2 status)" = failed ] && grep -q 'no numbers to draw$' err.txt && grep -q '2 of 2 points failed; .*diverges' err.txt ||
    fail "a sweep without numbers: $(cat err.txt)"
PATH=/nowhere "$ordpar" "${diverging[@]}" --sweep eta=0.1,40 2>err.txt
[ $? -eq 1 ] && [ "$(cell lost.csv 1 status)" = ok ] && grep -q 'gnuplot was not found' err.txt && grep -q '1 of 2 points failed; .*diverges' err.txt ||
    fail "a sweep that fails in part, without gnuplot: $(cat err.txt)"
# where runs go on is known before the work, and who makes the steps
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:10:2 --save-overlaps at_10 -o curve.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:3:2 --save-overlaps at_3 -o curve.csv
expect 2 'point 2 .continue=at_10.: --alpha: must begin at 10 or later, where at_10 stands, got 3' "$ordpar" sweep --sweep continue=at_3,at_10 --alpha 3:20:3 -o never.csv
pushed=(-L 4 --alpha 0:10:3 --momentum constant:1:0.1)
expect 2 'point 1 .eta=0.1.: --integrator: radau does not go with momentum; cvode does' "$ordpar" sweep --sweep eta=0.1,0.2 "${pushed[@]}" --integrator radau -o never.csv
expect 2 'point 2 .integrator=radau.: --integrator: radau' "$ordpar" sweep --sweep integrator=cvode,radau "${pushed[@]}" --job compare -N 16 --runs 2 -o never.csv
expect 2 'point 1 .integrator=cvode.: --integrator: the steps of --batch-fraction are a map' "$ordpar" sweep --sweep integrator=cvode,radau --batch-fraction 0.5 --alpha 0:10:2 -o never.csv
for words in "curve --runs 2" compare "optimize --eta-max 1 --until 2" curve; do
    grid=$([[ $words == optimize* ]] || echo --alpha 0:1:2)
    expect 2 '--integrator: radau does not go with momentum' "$ordpar" $words $grid -N 64 -L 4 --momentum constant:1:0.1 --integrator radau
done
expect 0 '' "$ordpar" curve -N 64 -L 4 --batch-fraction 0.5 --alpha 0:10:2 -o map.csv
! grep -q '^# tolerances' map.csv || fail "a map has no tolerances: $(grep toler map.csv)"
expect_no never.csv
# no commas within a cell
awk -F, '/^#/ { next } !n { n = NF } NF != n { exit 1 }' failed.csv || fail "cells: $(cat failed.csv)"

# simulations: the same numbers as the command for one point, whatever the threads
simulate=(sweep --job simulate --sweep eta=0.2,0.4 --sweep method=sgd,overlap -N 64 -L 4 --runs 4 --alpha 0:4:3)
expect 0 '' "$ordpar" "${simulate[@]}" --threads 2 -o sgd.csv
expect 0 '' "$ordpar" simulate --eta 0.4 --method overlap -N 64 -L 4 --runs 4 --alpha 0:4:3
[ "$(tail -n 1 out.txt | cut -d, -f2-5)" = "$(cell sgd.csv 4 mean),$(cell sgd.csv 4 stderr),$(cell sgd.csv 4 min),$(cell sgd.csv 4 max)" ] ||
    fail "simulate: $(tail -n 1 out.txt; tail -n 1 sgd.csv)"
expect 0 '' "$ordpar" "${simulate[@]}" --threads 1
cmp sgd.csv out.txt || fail "simulate: threads"
expect 0 '' "$ordpar" sweep --job compare --sweep L=N=16,32 --activation linear -K 1 -M 1 --against finite-n \
    --runs 20 --alpha 0:4:5 -o z.csv
expect 0 'largest .z. = ' "$ordpar" compare -L 32 -N 32 --activation linear -K 1 -M 1 --against finite-n --runs 20 --alpha 0:4:5
[ "$(tail -n 1 out.txt)" = "4,$(cell z.csv 2 theory),$(cell z.csv 2 mean),$(cell z.csv 2 stderr),$(cell z.csv 2 z)" ] ||
    fail "compare: $(tail -n 1 out.txt; tail -n 1 z.csv)"
grep -q "largest |z| = $(printf %.3g "$(cell z.csv 2 max_abs_z)") " err.txt || fail "max_abs_z: $(cat err.txt)"

# words, lists and files can be swept; a file's content belongs to the command
printf 'eigenvalue,multiplicity\n2,8\n0.5,16\n' >s1.csv
printf 'eigenvalue,multiplicity\n1,24\n' >s2.csv
expect 0 '' "$ordpar" sweep --sweep spectrum=s1.csv,s2.csv --sweep student-output=1:0.5,0.5:0.5 --alpha 0:1:2 -o words.csv
[ "$(cell words.csv 3 spectrum),$(cell words.csv 3 student-output)" = 's2.csv,1;0.5' ] || fail "$(cat words.csv)"
[ "$(grep -c '^# file .*digest' words.csv)" -eq 2 ] || fail "no digests"

# an interruption: exit 130, the journal stays, and the same command goes on from it
printf 'alpha,eta\n0,0.1\n' >rate.csv
expect 0 '' "$ordpar" sweep --sweep seed=3:1,7 -L 1 --alpha 0:1:2 -o whole.csv
[ "$(grep -v '^#' whole.csv | cut -d, -f2 | tr '\n' ,)" = seed,3,2,1,7, ] || fail "seed=3:1,7: $(cat whole.csv)"
long=(sweep --sweep seed=1:16:16 --sweep L=32 --alpha 0.01:1e4:60:log --schedule rate.csv)
expect 0 '' "$ordpar" "${long[@]}" --threads 2 -o whole.csv
"$ordpar" "${long[@]}" --threads 1 -o long.csv 2>err.txt &
pid=$!
for _ in $(seq 200); do
    [ -s long.csv.part ] && [ "$(grep -c "^[0-9a-f]\{16\} " long.csv.part)" -gt 2 ] && break
    sleep 0.01
done
kill -STOP $pid
expect 2 "long.csv.part: is in use by another run" "$ordpar" "${long[@]}" -o long.csv
expect_no long.csv
kill -INT $pid
kill -CONT $pid
wait $pid
code=$?
[ "$code" -eq 130 ] || fail "SIGINT: exit $code"
expect_no long.csv
[ -s long.csv.part ] || fail "SIGINT: no journal"
cp long.csv.part before.part
expect 0 '' "$ordpar" "${long[@]}" --dry-run -o long.csv
grep -q "^journal: has $(grep -c '^[0-9a-f]\{16\} ' before.part) of 16 points$" out.txt && grep -q '^time: ' out.txt || fail "--dry-run beside a journal: $(cat out.txt)"
cmp before.part long.csv.part || fail "--dry-run changed the journal"
differs="long.csv.part: belongs to another sweep than this command: 'command: .. --schedule [^']*' instead of 'command: .. --sigma-j 0.02[^']*'; remove it"
expect 2 "$differs" "$ordpar" "${long[@]}" --sigma-j 0.02 --dry-run -o long.csv
grep -v '^#' long.csv.part >old.part # one of before such lines
expect 2 "old.part: belongs to another command" "$ordpar" "${long[@]}" --sigma-j 0.02 --checkpoint old.part -o new.csv
expect 0 '' "$ordpar" "${long[@]}" --dry-run --checkpoint old.part
grep -q "^journal: has $(($(wc -l <old.part) - 1)) of 16 points$" out.txt || fail "a journal of before: $(cat out.txt)"
expect 2 "/dev/full: cannot be written" "$ordpar" "${long[@]}" --checkpoint all.part -o /dev/full
expect 0 '' "$ordpar" "${long[@]}" --dry-run --checkpoint all.part
grep -q '^journal: has 16 of 16 points$' out.txt && grep -qE '^time: 0?\.?[0-9.e-]+ s, tried to the end$' out.txt || fail "--dry-run beside a whole journal: $(cat out.txt)"
rm all.part
expect 2 "$differs" "$ordpar" "${long[@]}" --sigma-j 0.02 -o long.csv
printf 'alpha,eta\n0,0.2\n' >rate.csv
expect 2 "long.csv.part: belongs to another sweep than this command: '[^']*digest[^']*' instead of '[^']*digest" "$ordpar" "${long[@]}" -o long.csv
printf 'alpha,eta\n0,0.1\n' >rate.csv
printf 'torn line without an e' >>long.csv.part
expect 0 '' "$ordpar" "${long[@]}" -o long.csv
cmp whole.csv long.csv || fail "resumed after SIGINT"
expect_no long.csv.part
# from a journal with another name, and without one
cp before.part elsewhere.part
expect 0 '' "$ordpar" "${long[@]}" --checkpoint elsewhere.part
cmp whole.csv out.txt || fail "resumed to standard output"
expect_no elsewhere.part
cp s1.csv s.csv
bound=(sweep --sweep seed=1:3:3 --spectrum s.csv --alpha 0:1:2)
expect 0 '' "$ordpar" "${bound[@]}" -o bound.csv
sed 's/^0.5,16/0.6,16/' s1.csv >s.csv
expect 0 '' "$ordpar" "${bound[@]}" -o changed.csv
cmp -s bound.csv changed.csv && fail "a changed file has the same digest"
# a file that changes while the points are computed, its own or a swept one: no rows of both contents
changes() { # WORDS..: with s.csv replaced once three points are there
    cp s1.csv s.csv
    rm -f moving.csv*
    "$ordpar" "$@" --alpha 0.01:1e4:60:log --threads 1 -o moving.csv 2>err.txt &
    local pid=$!
    for _ in $(seq 400); do
        [ -s moving.csv.part ] && [ "$(grep -c "^[0-9a-f]\{16\} " moving.csv.part)" -gt 2 ] && break
        sleep 0.01
    done
    sed 's/^0.5,16/0.6,16/' s1.csv >s2.csv
    mv s2.csv s.csv
    wait $pid
    code=$?
    count=$((count + 1))
    [ $code -eq 1 ] && grep -q -- '--spectrum: s.csv has changed since the first point; moving.csv.part: ' err.txt || fail "changed within: exit $code, $(cat err.txt)"
    expect_no moving.csv
    rm -f moving.csv.part
}
changes sweep --sweep seed=1:400 --spectrum s.csv
changes sweep --sweep spectrum=s.csv --sweep seed=1:400
cp s1.csv s.csv
# a schedule's file too: parts of another one do not belong together
printf 'alpha,eta\n0,0.5\n10,0.1\n' >eta.csv
scheduled=(sweep --schedule eta.csv --sweep seed=1:3:3 --alpha 0:10:5)
expect 0 '' "$ordpar" "${scheduled[@]}" --part 1/2 -o first.csv
grep -q '^# file 1: eta.csv, digest ' first.csv || fail "no digest of the schedule"
printf 'alpha,eta\n0,0.5\n10,0.2\n' >eta.csv
expect 0 '' "$ordpar" "${scheduled[@]}" --part 2/2 -o second.csv
expect 2 "second.csv: belongs to another sweep than first.csv: 'digests: schedule=" "$ordpar" sweep --merge first.csv second.csv
expect 0 '' "$ordpar" sweep --sweep schedule=eta.csv,constant,power:0.5:10 --alpha 0:10:5 -o kinds.csv
[ "$(grep -c '^# file ' kinds.csv)" -eq 1 ] || fail "files of a swept schedule"

# a disk that is full: one line, exit 2, nothing half written, and the journal is good
limited() {
    (
        ulimit -f 2
        exec "$@"
    )
}
expect 2 "full.csv.part: cannot be written: File too large" limited "$ordpar" "${long[@]}" -o full.csv
expect_no full.csv
expect 0 '' "$ordpar" "${long[@]}" -o full.csv
cmp whole.csv full.csv || fail "resumed after a full disk"
expect 2 "/dev/full: cannot be written: No space" "$ordpar" sweep --sweep eta=0.1,0.2 --alpha 0:1:2 -o /dev/full
expect_no /dev/full.part
expect 2 "/dev/full: is not a file" "$ordpar" sweep --sweep eta=0.1,0.2 --alpha 0:1:2 --checkpoint /dev/full

# pictures
if command -v gnuplot >/dev/null; then
    expect 0 'does not show all: 3 of 10 points without a number$' "$ordpar" sweep --merge part1.csv part2.csv part3.csv -o merged.csv --plot merged.svg --column escape_time
    grep -q 'escape_time\|escape' merged.svg || fail "no label"
    expect 2 "'nothing'" "$ordpar" "${sweep[@]}" --plot x.svg --column nothing
    expect 2 "no number is swept" "$ordpar" sweep --sweep activation=linear,erf --plot x.svg
    expect_no x.svg
fi

# refused before any work
bad() { # PATTERN OPTION..
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" sweep "$@" -o bad.csv
    expect_no bad.csv bad.csv.part
}
bad "needs --sweep" --eta 1
bad "output cannot be swept" --sweep output=a,b
bad "x 2000 points and more" --sweep seed=1:1000:1000 --sweep L=1:2000:2000
bad "point 3 \(L=3\): .*must divide N .*L = 3" --sweep L=1,2,3,4 -N 1024
bad "point 2 \(K=3\): --init" --sweep K=2,3 --init near-teacher
bad "eta: has a value of its own" --eta 1 --sweep eta=1,2
bad "--runs: has no meaning for --job curve" --sweep eta=1,2 --runs 3
bad "--runs: has no meaning for --job curve" --sweep runs=1,2
bad "--rtol: has no meaning for --job simulate" --sweep rtol=1e-3,1e-4 --job simulate
bad "--against: has no meaning for --job simulate" --sweep eta=1,2 --job simulate --against ode
bad "point 1 .*--small-eta" --sweep eta=1,2 --job simulate --small-eta --alpha 0:1:2
bad "--part: must be I/N" --sweep eta=1,2 --part 3/2
bad "--part: is written as CSV" --sweep eta=1,2 --part 1/2 --format json
bad "for 7 values write 2:8:7; --sweep K=M=2:8:7 " --sweep M=2:8
bad "for 10 values write 0.1:0.9:10" --sweep eta=0.1:0.9
bad "--curves: needs one grid" --sweep alpha=0:1:2,0:2:2 --curves
bad "standard input" --sweep eta=1,2 --spectrum -
bad "nowhere.csv: cannot be read" --sweep spectrum=nowhere.csv
bad "unexpected argument 'stray'" --sweep eta=1,2 stray
expect 2 "cannot be written" "$ordpar" sweep --sweep eta=1,2 --alpha 0:1:2 -o nowhere/x.csv
expect 0 '' "$ordpar" sweep --help
grep -q 'same seed' out.txt || fail "help does not tell of the seed"
# what is nan says why; the grid says how well it tells the exit; strong label noise once ended the program
expect 0 '' "$ordpar" sweep --sweep L=1,4 --alpha 0.1:1000:60:log -o why.csv
[ "$(cell why.csv 1 status)" = ok ] && grep -q '^1,1,.*,ok,no plateau: in these rows eps_g rests nowhere between two falls' why.csv || fail "why: $(tail -n 2 why.csv)"
grep -q '^2,4,.*,ok,no exponent: the local slope' why.csv || fail "why: $(tail -n 1 why.csv)"
grep -q '^# resolution: plateau_exit lies within a distance of rows, 17 %' why.csv || fail "$(grep resolution why.csv)"
"$ordpar" sweep --sweep L=1,4 --alpha 0:4:3 >none.csv # as parts, which say the same, together
for part in 1 2; do
    "$ordpar" sweep --sweep L=1,4 --alpha 0:4:3 --part $part/2 -o none$part.csv
done
expect 0 '' "$ordpar" sweep --merge none1.csv none2.csv
cmp none.csv out.txt && ! grep '^# resolution' none.csv || fail "a note of an exit that no point has"
grep -q '^# resolution' why.csv || fail "no note of resolution"
"$ordpar" curve --init mean --alpha 0:1:2 | grep '^# symmetry: 1 students' >symmetry
"$ordpar" sweep --sweep eta=0.1,0.2 --init mean --alpha 0:1:2 | grep '^# symmetry' | cmp - symmetry || fail "units that start alike"
"$ordpar" sweep --sweep init=sampled,mean --alpha 0:1:2 | grep -q '^# symmetry, point 2 (init=mean): 1 students' || fail "a point whose units start alike"
grep -q '^# predicted length: ' why.csv || fail "predicted length"
expect 0 '' "$ordpar" sweep --sweep L=1,4 --eta 0.5 --label-noise 2 --alpha 0.1:100:20:log -o noise.csv
# K and M of one list may have been meant to be equal
pairs='^# pairs: all 4 of K and M; sweep --sweep K=M=LIST has them equal$'
"$ordpar" sweep --sweep K=2,3 --sweep M=3,2 --alpha 0:1:2 | grep -q "$pairs" || fail "pairs of a sweep"
"$ordpar" curve -K 2,3 -M 2,3 --alpha 0:1:2 | grep -q "$pairs" || fail "pairs of curves"
"$ordpar" sweep --sweep K=M=2,3 --alpha 0:1:2 | grep -q "$pairs" && fail "pairs that are equal"
"$ordpar" sweep --sweep K=2,3 --sweep M=4,5 --alpha 0:1:2 | grep -q "$pairs" && fail "pairs that have nothing in common"
expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2 --label-noise 1 -N 64 -L 4 --alpha 0:10:3 -o noisy.csv # predictions have notes, rows none
# none is the default where there is one, and no number where there is not
"$ordpar" sweep --job simulate --sweep runs=none,3,10 -N 16 -L 2 --alpha 0:1:2 -q -o runs.csv
[ "$(grep -v '^#' runs.csv | cut -d, -f2 | paste -sd' ')" = 'runs 10 3' ] || fail "numbers of runs: $(grep -v '^#' runs.csv)"
for format in csv json; do
    "$ordpar" sweep --sweep batch-fraction=none,0.5 -N 16 -L 2 --alpha 0:3:4 -q --format $format -o map.$format
    "$ordpar" curve --batch-fraction none,0.5 -N 16 -L 2 --alpha 0:3:4 -q --format $format -o maps.$format --plot maps.svg
    grep -q 'α = examples / N, α = steps<' maps.svg || fail "what alpha counts: $(grep -o 'α.*' maps.svg)"
done
[ "$(grep -v '^#' map.csv | cut -d, -f2 | paste -sd' ')" = 'batch-fraction nan 0.5' ] || fail "numbers of a sweep: $(grep -v '^#' map.csv)"
[ "$(grep -v '^#' maps.csv | cut -d, -f1 | uniq | paste -sd' ')" = 'batch-fraction nan 0.5' ] || fail "numbers of curves: $(grep -v '^#' maps.csv)"
grep -q '^    \[1, null, 3' map.json && grep -q '^    \[null, 3' maps.json || fail "numbers in JSON: $(tail -n 12 map.json maps.json)"

# what differs is shown, however long the command is
long=(sweep --sweep eta=0.1,0.2 --sweep L=1,2 --activation linear --student-units 1 --teacher-units 1 --input-dim 12 --alpha 0:10:3 --init sampled)
expect 0 '' "$ordpar" "${long[@]}" --part 1/2 -o long1.csv
expect 0 '' "$ordpar" "${long[@]}" --part 2/2 --rtol 1e-6 -o long2.csv
expect 2 "long2.csv: belongs to another sweep than long1.csv: 'command: .. .*--rtol 1e-6' instead of 'command: .. [^']*'$" "$ordpar" sweep --merge long1.csv long2.csv
# what the outputs of the points say of their models: of all, or of the first that says it
printf 'eigenvalue,multiplicity\n10,100\n1,900\n' >steep.csv
printf 'eigenvalue,multiplicity\n1,100\n1,900\n' >flat.csv
for job in curve simulate compare; do
    expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2 --spectrum steep.csv --alpha 0:1:3 --job $job -q -o steep.out
    grep -q '^# trace: tr Sigma is 1.9 N' steep.out || fail "--job $job has no note of the trace"
    grep -q '^# model\|^# seed' steep.out && fail "notes of settings that each point has"
done
expect 0 '' "$ordpar" sweep --sweep spectrum=flat.csv,steep.csv --sweep eta=0.1,0.2 --alpha 0:1:3 -o steep.out
grep -q '^# trace, point 3 (spectrum=steep.csv, eta=0.1): tr Sigma is 1.9 N' steep.out || fail "no note of one trace"
# .. of the first thousand, whatever comes behind them
expect 0 '' "$ordpar" sweep --sweep eta=0.1:0.2:1002 --spectrum steep.csv --alpha 0:1:2 -o steep.out
grep -q '^# trace: tr Sigma is 1.9 N' steep.out || fail "the trace of many points: $(grep '^# trace' steep.out)"

# a file that cannot be opened now is no result of a point: what is complete waits for the same command
for most in 4 5 6 7; do
    (ulimit -n $most && exec "$ordpar" sweep --sweep eta=0.1,0.2,0.3 --sweep spectrum=flat.csv,steep.csv --threads 2 --alpha 0:1:2 -o few.csv 2>err.txt)
    [ ! -e few.csv ] || ! grep -q invalid few.csv || fail "$most descriptors: $(tail -1 few.csv)"
    expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2,0.3 --sweep spectrum=flat.csv,steep.csv --threads 2 --alpha 0:1:2 -o few.csv
    rm few.csv
done

# where no thread can be made the program's own does the points; the limit does not bind the administrator
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && command -v prlimit >/dev/null; then
    open=$(mktemp -d)
    chmod 1777 "$open"
    cp "$ordpar" "$open/program"
    alone=(setpriv --reuid=54321 --regid=54321 --clear-groups prlimit --nproc=1 env OPENBLAS_NUM_THREADS=1)
    if "${alone[@]}" "$open/program" --version >/dev/null 2>&1; then
        points=(sweep --sweep L=1,2,4 -N 64 --alpha 0:10:11 --threads 2)
        expect 0 '' "$ordpar" "${points[@]}" -o threads.csv
        expect 0 '' "${alone[@]}" "$open/program" "${points[@]}" -o "$open/alone.csv"
        cmp -s <(grep -v '^# \(command\|settings\)' threads.csv) <(grep -v '^# \(command\|settings\)' "$open/alone.csv") || fail "other rows without threads"
    fi
    rm -r "$open"
fi

# as in curve, nothing is drawn beside given overlaps; simulations draw their examples
expect 0 '' "$ordpar" curve -L 4 -N 64 --alpha 0:10:3 --save-overlaps begun.ov -o begun.csv
from=("$ordpar" sweep --overlaps begun.ov -L 4 -N 64 --alpha 0:1:3 --sweep seed=1,2)
expect 2 'ordpar sweep: point 1 .seed=1.: --overlaps: begun.ov takes the place of seed; give one or the other' "${from[@]}" -o seeds.csv
expect 0 '' "${from[@]}" --job simulate --runs 2 -o seeds.csv
# of a file of runs what curves have no use for is left aside
expect 0 '' "$ordpar" simulate -N 64 -L 4 --alpha 0:10:3 --runs 3 -o runs.csv
expect 0 '' "$ordpar" sweep --like runs.csv --sweep eta=0.1,0.2 -o aside.csv
expect 0 '' "$ordpar" sweep -N 64 -L 4 --alpha 0:10:3 --sweep eta=0.1,0.2 -o plain.csv
cmp -s <(grep -v '^#' aside.csv) <(grep -v '^#' plain.csv) || fail "a sweep like a simulation"
expect 2 'runs: has no meaning for --job curve' "$ordpar" sweep --like runs.csv --runs 3 --sweep eta=0.1,0.2 -o aside.csv

# the notes on finite N are those of the points' own outputs; a trial of a merge has no model of its own
linear=(--activation linear -K 1 -M 1 -N 128 -L 128 --alpha 1:10:3:log)
expect 0 'largest' "$ordpar" compare --eta 0.5 "${linear[@]}" --runs 2 -q -o one.csv
expect 0 '' "$ordpar" sweep --job compare --sweep eta=0.5 "${linear[@]}" --runs 2 -q -o all.csv
for job in curve simulate; do
    "$ordpar" $job --eta 1.9 "${linear[@]}" -q >>one.csv
    "$ordpar" sweep --job $job --sweep eta=1.9 "${linear[@]}" -q >>all.csv
done
cmp <(grep '^# finite N' one.csv) <(grep '^# finite N' all.csv) || fail "notes on finite N: $(grep '^# finite N' all.csv)"
for part in 1/2 2/2; do
    expect 0 '' "$ordpar" sweep --sweep L=1,4 -N 32 --alpha 0,1 --part $part -q -o part${part%/2}.csv
done
expect 0 '' "$ordpar" sweep --merge part1.csv part2.csv --dry-run
grep -qE '^(settings|model):' out.txt && fail "a merge of a model: $(cat out.txt)"

finish
