# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar curve: what a user sees and keeps.
. "$(dirname "$0")/lib.sh" "$1"

small=(-N 64 -L 4 --alpha 0.1:1e3:20:log)

expect 0 '' "$ordpar" --version
grep -q 'SUNDIALS [67]\.' out.txt || fail "--version names no libraries"
expect 0 '' "$ordpar" --help
expect 0 '' "$ordpar" curve --help
grep -q -- '--label-noise S .*\[0\]' out.txt || fail "the help shows no live default"

# the columns and the grid
expect 0 '' "$ordpar" curve "${small[@]}"
[ "$(grep -c '^#' out.txt)" -ge 5 ] || fail "no notes"
[ "$(grep -v '^#' out.txt | head -1)" = "alpha,eps_g" ] || fail "header"
[ "$(grep -vc '^#' out.txt)" -eq 21 ] || fail "not 20 rows"
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:10:11
[ "$(grep -v '^#' out.txt | tail -n +2 | cut -d, -f1 | tr '\n' ' ')" = "0 1 2 3 4 5 6 7 8 9 10 " ] || fail "grid"
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 7:7:1
[ "$(grep -v '^#' out.txt | tail -1 | cut -d, -f1)" = 7 ] || fail "one row"
# powers of ten of a logarithmic grid are those that others write, whoever makes the rows
rows() { # COMMAND..: alpha of its rows
    expect 0 '' "$ordpar" "$@" -q
    grep -v '^#' out.txt | tail -n +2 | cut -d, -f1 | paste -sd' '
}
powers="0.01 0.10000000000000001 1 10 100 1000 10000 100000" decades=(-L 1 --alpha 0.01:1e5:8:log)
[ "$(rows curve "${decades[@]}")" = "$powers" ] || fail "decades of a grid: $(rows curve "${decades[@]}")"
linear=("${decades[@]}" -K 1 -M 1 --activation linear)
[ "$(rows closed-form linear-exact "${linear[@]}")" = "$powers" ] || fail "decades of a closed form"
[ "$(rows curve "${linear[@]}" --runs 2)" = "$powers" ] || fail "decades of several runs"
few=(-L 1 --alpha 0.01:1e2:5:log -K 1 -M 1 --activation linear)
[ "$(rows simulate "${few[@]}" -N 16 --runs 1)" = "${powers%% 1000*}" ] || fail "decades of a simulation"
digits="$(rows precision curve "${few[@]}" --digits 20 | sed 's/\.0*e/e/g')"
[ "$digits" = "1e-02 1e-01 1e+00 1e+01 1e+02" ] || fail "decades of arbitrary precision: $digits"
expect 0 '' "$ordpar" sweep -L 1 --alpha 0:1:2 --sweep eta=0.001:1:4:log -q
[ "$(grep -v '^#' out.txt | tail -n +2 | cut -d, -f2 | paste -sd' ')" = "0.001 0.01 0.10000000000000001 1" ] || fail "decades of a sweep"
expect 0 '' "$ordpar" curve -L 1 --alpha 0.30000000000000004:3.0000000000000004:3:log -q
grep -q '^0.30000000000000004,' out.txt && grep -q '^3.0000000000000004,' out.txt || fail "ends of a grid are exact"

# moments, the same bytes again, and a seed that matters
expect 0 '' "$ordpar" curve "${small[@]}" -K 2 -M 1 --moments 0,2
[ "$(grep -v '^#' out.txt | head -1)" = \
  "alpha,eps_g,Q0_1_1,Q0_1_2,Q0_2_2,R0_1_1,R0_2_1,T0_1_1,Q2_1_1,Q2_1_2,Q2_2_2,R2_1_1,R2_2_1,T2_1_1" ] || fail "moments"
expect 0 '' "$ordpar" curve "${small[@]}" -o a.csv
expect 0 '' "$ordpar" curve "${small[@]}" -o b.csv
expect 0 '' "$ordpar" curve "${small[@]}" --seed 2 -o c.csv
[ "$(grep -v '^#' a.csv)" = "$(grep -v '^#' b.csv)" ] || fail "not the same bytes"
[ "$(grep -v '^#' a.csv)" = "$(grep -v '^#' c.csv)" ] && fail "the seed does not matter"

# many starts: the theory of compare, and a band in the picture
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:10:3 --runs 3 -o starts.csv --plot starts.svg
[ "$(grep -v '^#' starts.csv | head -1)" = "alpha,eps_g,sd_starts,q05,q50,q95" ] || fail "columns of runs"
expect 0 'largest' "$ordpar" compare -N 64 -L 4 --alpha 0:10:3 --runs 3 -o compared.csv
[ "$(grep -v '^#' starts.csv | tail -3 | cut -d, -f2)" = "$(grep -v '^#' compared.csv | tail -3 | cut -d, -f2)" ] ||
    fail "the starts are not those of compare"
expect 0 '' "$ordpar" curve --like starts.csv -o again.csv
[ "$(grep -v '^#' starts.csv)" = "$(grep -v '^#' again.csv)" ] || fail "--like does not have the runs"

# how runs lie about the curve; without the shift where it costs too much
expect 0 '' "$ordpar" curve -N 64 -L 2 --alpha 0,1,2 --fluctuations --moments 1 -o runs.csv --plot runs.svg
grep -v '^#' runs.csv | head -1 | grep -q ',T1_2_2,sd,shift$' || fail "columns of fluctuations"
expect 0 '' "$ordpar" curve -N 128 -L 32 --alpha 1 --fluctuations -o runs.csv
grep -v '^#' runs.csv | tail -1 | grep -q ',nan$' || fail "a shift at L = 32"

# JSON that a strict parser takes, with the same numbers
expect 0 '' "$ordpar" curve "${small[@]}" --format json -o a.json
if command -v python3 >/dev/null; then
    python3 - <<'P' || fail "JSON"
import csv, json
table = json.load(open("a.json"))
rows = [r for r in csv.reader(l for l in open("a.csv") if l[0] != "#")]
assert table["columns"] == rows[0] and table["rows"] == [[float(x) for x in r] for r in rows[1:]]
assert "command" in table and table["seed"] == 1
P
fi

# stopping half-way and going on from the saved overlaps gives the same curve
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 30:30:1 --save-overlaps half.csv -o half_curve.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 70:70:1 --overlaps half.csv -q -o rest.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 100:100:1 -o whole.csv
awk -F, '/^[0-9]/ {print $2}' rest.csv whole.csv | awk 'NR==1 {a=$1} NR==2 {exit !(a-$1 < 1e-7*$1 && $1-a < 1e-7*$1)}' ||
    fail "going on from saved overlaps: $(tail -qn 1 rest.csv whole.csv)"

# a spectrum from a file is the same model as the options that made it
expect 0 '' "$ordpar" spectrum -N 64 -L 4 -o s.csv
grep -v '^#' s.csv | cut -d, -f2,3 >spectrum.csv
expect 0 '' "$ordpar" curve --spectrum s.csv --alpha 0.1:1e3:20:log -o d.csv
[ "$(grep -v '^#' a.csv)" = "$(grep -v '^#' d.csv)" ] || fail "--spectrum with what spectrum prints"
expect 0 '' "$ordpar" curve --spectrum spectrum.csv --alpha 0.1:1e3:20:log -o d.csv
[ "$(grep -v '^#' a.csv)" = "$(grep -v '^#' d.csv)" ] || fail "--spectrum"
"$ordpar" curve --spectrum - --alpha 0.1:1e3:20:log <spectrum.csv | grep -v '^#' | cmp -s - <(grep -v '^#' a.csv) ||
    fail "--spectrum from standard input"

# pictures of each kind
if command -v gnuplot >/dev/null; then
    for kind in svg png pdf; do
        expect 0 '' "$ordpar" curve "${small[@]}" -o a.csv --plot "it's a \"picture\".$kind"
        [ -s "it's a \"picture\".$kind" ] || fail "no $kind"
    done
    expect 0 '' "$ordpar" plot a.csv c.csv -o both.svg
    grep -q '<svg' both.svg || fail "plot"
    expect 2 '--x: has to be given, as there is no column alpha; there are .*eigenvalue.*s.csv' "$ordpar" plot s.csv -o no.svg
    expect_no no.svg
fi
expect 2 'must end in' "$ordpar" curve "${small[@]}" --plot x.gif
expect_no x.svg

# all other options in one model
expect 0 '' "$ordpar" curve -K 3 -M 2 -N 60 -L 6 --beta 0.5 --eta 0.5 --sigma-j 0.5 --label-noise 0.1 \
    --student-output 0.5,0.6,-0.1 --teacher-output 1,0.5 --trainable 25 --small-eta --rtol 1e-6 --atol 1e-12 \
    --alpha 0:5:3 --seed 4 -q --init mean --teacher mean
expect 0 '' "$ordpar" curve -K 2 -M 2 -N 64 -L 4 --init near-teacher --alpha 0:5:3
expect 0 '' "$ordpar" curve --activation linear -K 2 -M 3 -N 64 -L 64 --alpha 0:5:3

# NumPy and pandas users are told one line each; NumPy's is tried where it is there
if python3 -c 'import numpy' 2>/dev/null; then
    python3 -c '
import numpy as np
t = np.genfromtxt((l for l in open("a.csv") if l[0] != "#"), delimiter=",", names=True)
assert len(t["eps_g"]) == 20' || fail "the README's line for NumPy"
fi

# a grid of numbers in a file: one a line, or a CSV file's column
printf '1\n0.5\n10\n' >numbers.txt
printf 'x,alpha\n7,10\n7,1\n7,0.5\n' >numbers.csv
expect 0 '' "$ordpar" curve --alpha 0.5,1,10
grep -v '^#' out.txt >listed.txt
for file in numbers.txt numbers.csv; do
    expect 0 '' "$ordpar" curve --alpha $file
    grep -v '^#' out.txt | cmp -s - listed.txt || fail "--alpha $file: $(cat out.txt)"
done
for line in '10,0.5,1' '0.5 1 10' ' 10, 1,0.5,,'; do # .. or all in one line
    printf '# some\n%s\n' "$line" >line.txt
    expect 0 '' "$ordpar" curve --alpha line.txt
    grep -v '^#' out.txt | cmp -s - listed.txt || fail "--alpha '$line': $(cat out.txt)"
done
printf '1 2\n3\n' >lines.txt
expect 2 '--alpha: lines.txt: line 2: numbers without a header must stand one a line, or all in one' "$ordpar" curve --alpha lines.txt
expect 2 '--spectrum: lines.txt: line 1: numbers without a header must stand one a line$' "$ordpar" curve --spectrum lines.txt
for number in -1 1e301; do
    printf '1\n%s\n' $number >line.txt
    expect 2 "--alpha: line.txt: line 2, column 1 \\(alpha\\): must be from 0 to 1e\\+300, got '$number'" "$ordpar" curve --alpha line.txt
done
for s in 1e-6 1e6; do # both ends of what the message says
    expect 0 '' "$ordpar" curve --activation "{\"a\":[1],\"s\":[$s]}" -L 1 --alpha 0
done
printf '1\n1\n' >twice.txt
expect 2 '--alpha: twice.txt: has 1 twice$' "$ordpar" curve --alpha twice.txt
# .. of which the first may be what pandas writes above a column that has no name; a grid may begin with a whole number
for numbers in '0 0.0 0.5' '3 0.5 3.0 7.5'; do
    printf '%s\n' $numbers >twice.txt
    expect 2 '--alpha: twice.txt: has [03] twice; the first line looks like the name that pandas gives a column: leave it out' "$ordpar" curve --alpha twice.txt
done
for numbers in '0 0.0 5' '0.0 0 0.5' '3 0.5 0.5'; do
    printf '%s\n' $numbers >twice.txt
    expect 2 '--alpha: twice.txt: has [0.5]* twice$' "$ordpar" curve --alpha twice.txt
done
for numbers in '0 0.5 1.5' '3 0.5 1.5'; do
    printf '%s\n' $numbers >good.txt
    expect 0 '' "$ordpar" curve --alpha good.txt -L 1
    [ "$(grep -c '^[0-9]' out.txt)" -eq 3 ] || fail "--alpha '$numbers': $(cat out.txt)"
done
printf 'a,b\n1,2\n' >other.csv
expect 2 '--alpha: other.csv: has no column alpha' "$ordpar" curve --alpha other.csv
expect 2 '--alpha: nowhere.txt: cannot be read: No such file or directory' "$ordpar" curve --alpha nowhere.txt
expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2 --alpha numbers.txt
grep -q '^# file 1: numbers.txt, digest ' out.txt || fail "no digest of the grid's file"

# what CVODE's roundings come to is no less than the default's promise, whatever is asked for
expect 0 '' "$ordpar" curve --alpha 0:10:2 --rtol 1e-12 --atol 1e-18 --integrator cvode
grep -q '^# coordinates: overlaps: eps_g below 1e-13 is noise' out.txt || fail "cvode's floor: $(grep coordinates out.txt)"

# far beyond any use, where steps would leave the range of numbers
for command in curve "curve --integrator cvode" "curve --weight-decay 1e-3" "curve --runs 2"; do
    expect 2 'alpha: curves go up to 1e\+20, got 1e\+181' "$ordpar" $command -N 64 -L 4 --alpha 0,1e181 -q
done
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0,1e20
tail -n 1 out.txt | awk -F, '{ exit !($2 + 0 < 1e-300) }' || fail "at the end of all: $(tail -n 1 out.txt)"
expect 0 '' "$ordpar" curve -N 64 -L 4 --weight-decay 1e-3 --alpha 1e8,1e20
awk -F, '/^[0-9]/ { e[++n] = $2 } END { exit !(e[2] / e[1] - 1 < 1e-7 && e[1] / e[2] - 1 < 1e-7) }' out.txt || fail "decay has no end: $(tail -n 2 out.txt)"

# a link stays a link, and what it names is replaced
ln -sf linked.csv link.csv
echo old >linked.csv
expect 0 '' "$ordpar" curve "${small[@]}" -o link.csv
[ -L link.csv ] && grep -q eps_g linked.csv || fail "symbolic link"
expect 0 '' "$ordpar" curve "${small[@]}" -o -
grep -q eps_g out.txt || fail "-o -"

# Ctrl-C: nothing half, exit 130
"$ordpar" curve -N 16384 -L 16384 --alpha 0.01:1e6:300:log -o never.csv 2>err.txt &
listens $!
sleep 1
kill -INT $!
wait $!
[ $? -eq 130 ] || fail "SIGINT: exit $?"
grep -q 'interrupted at alpha' err.txt || fail "SIGINT: $(cat err.txt)"
expect_no never.csv
# .. also while the noise of ten units is averaged, K^4 numbers a step, for half a minute
count=$((count + 1))
"$ordpar" curve -K 10 -M 10 -L 1 -N 1000 --fluctuations --alpha 0:100:3 -o never.csv 2>err.txt &
sleep 1
kill -INT $!
SECONDS=0
wait $!
[ $? -eq 130 ] && [ $SECONDS -le 8 ] && grep -q 'interrupted at alpha' err.txt || fail "SIGINT in fluctuations: after $SECONDS s, $(cat err.txt)"
expect_no never.csv
# students that noise parts from within the rounding of q: the run goes on, and its note says that rounding chose when
parted=("$ordpar" curve -K 2 -M 2 -L 1 -N 1024 --eta 1 --label-noise 0.8 --teacher mean --sigma-j 1e-8)
for grid in 160 50,60,160 0:160:5; do
    expect 0 '' "${parted[@]}" --alpha $grid -o parted.csv
    awk -F, '/^# limit/ {sub(/.*up to about /, ""); limit = $1 + 0} END {off = $2 / 0.103901485455 - 1; exit !(limit > 0.01 && off < limit && -off < limit)}' parted.csv ||
        fail "what noise parts, $grid: $(grep limit parted.csv) $(tail -n 1 parted.csv)" # the value of precision curve --digits 12
done
expect 0 '' "${parted[@]}" --sigma-j 1e-6 --alpha 130 -o parted.csv
awk -F, '/^# limit/ {sub(/.*up to about /, ""); limit = $1 + 0} END {off = $2 / 0.0931617707 - 1; exit !(limit > 1e-5 && limit < 0.1 && off < limit && -off < limit)}' parted.csv ||
    fail "what noise parts from above rounding: $(grep limit parted.csv) $(tail -n 1 parted.csv)"
# .. of maps, too, and where teachers drive the difference half as fast: values of the map at 60 digits (mpmath), of precision curve
while read -r truth words; do
    expect 0 '' "$ordpar" curve -K 2 -M 2 -L 1 -N 1024 --teacher mean $words -o parted.csv
    awk -F, -v truth=$truth '/^# limit/ {sub(/.*up to about /, ""); limit = $1 + 0} END {off = $2 / truth - 1; exit !(limit < 0.5 && off < limit && -off < limit)}' parted.csv ||
        fail "$words: $(grep limit parted.csv) $(tail -n 1 parted.csv)"
done <<'models'
0.04114700689707646 --eta 0.6 --label-noise 0.5 --sigma-j 1e-6 --batch-fraction 0.5 --alpha 400
0.06625596855110698 --eta 0.6 --label-noise 0.5 --sigma-j 1e-8 --batch-fraction 0.5 --alpha 400
0.06662187580779871 --eta 0.6 --label-noise 0.5 --sigma-j 0.8e-8 --batch-fraction 0.5 --alpha 400
0.0412491329298 --eta 1 --label-noise 0.6 --sigma-j 1e-6 --alpha 250
0.0453455074086 --eta 1 --label-noise 0.6 --sigma-j 1e-7 --alpha 250
models
# the teacher as a saddle: what had fallen to 1e-11 grows again with the error it had there; what swings does not
of_limit='/^# limit/ {sub(/.*up to about /, ""); limit = $1 + 0} END {off = $2 / truth - 1; exit !(limit > 1e-5 && limit < 0.01 && off < limit && -off < limit)}'
while read -r words; do
    expect 0 '' "$ordpar" curve -L 4 -M 1 $words --rtol 1e-12 -o parted.csv
    truth=$(tail -n 1 parted.csv | cut -d, -f 2)
    expect 0 '' "$ordpar" curve -L 4 -M 1 $words -o parted.csv
    awk -F, -v truth="$truth" "$of_limit" parted.csv || fail "grown again, $words: $truth, $(grep limit parted.csv) $(tail -n 1 parted.csv)"
done <<'models'
-K 1 --eta 0.4 --momentum nesterov:3:0.3 --schedule steps:500=0.3 --alpha 500,1500
-K 2 --eta 0.4 --schedule steps:900=35 --alpha 902
-K 2 --eta 0.2 --schedule steps:4000=30 --batch-fraction 0.5 --alpha 4004
models
expect 0 '' "$ordpar" curve -L 4 -K 2 -M 1 --eta 0.4 --schedule steps:900=35 --alpha 900 --save-overlaps least.csv -o parted.csv
grep -q '^# limit' parted.csv && fail "not yet grown: $(grep limit parted.csv)"
expect 0 '' "$ordpar" curve --continue least.csv --alpha 902 -o parted.csv
awk -F, -v truth="$(tail -n 1 parted.csv | cut -d, -f 2)" "$of_limit" parted.csv || fail "grown in a second part: $(grep limit parted.csv)"
expect 0 '' "$ordpar" curve -L 1 -K 1 -M 1 --activation linear --eta 0.1 --small-eta --momentum constant:0.2:1 --alpha 0:80:33 -o parted.csv
grep -q '^# limit' parted.csv && fail "a swing: $(grep limit parted.csv)"
# .. and those that teachers part on their own have no more than what rounding of r makes
expect 0 '' "$ordpar" curve -K 2 -M 2 -L 4 -N 4000 --eta 0.3 --teacher mean --sigma-j 1e-6 --alpha 3000 -o parted.csv
awk -F, '/^# limit/ {sub(/.*up to about /, ""); limit = $1 + 0} END {exit !(limit < 1e-6)}' parted.csv || fail "teachers part: $(grep limit parted.csv)"
for units in "-K 3 -M 3 -L 1" "-K 3 -M 2 -L 16" "-K 4 -M 4 -L 2"; do
    expect 0 '' "$ordpar" curve $units -N 1024 --eta 1 --label-noise 1 --teacher mean --sigma-j 1e-8 --alpha 0:1000:5 -o parted.csv
    grep -q '^# limit.* 1,' parted.csv || fail "$units that noise parts: $(grep limit parted.csv)"
done

# .. of starts that are within rounding, it is what rounding shows, at most all of eps_g; plateaus by precision curve, --sigma-j 1e-20 --digits 20
while read -r alpha truth least most; do
    expect 0 '' "$ordpar" curve --sigma-j 1e-120 --alpha $alpha -o parted.csv
    awk -F, -v truth=$truth -v least=$least -v most=$most '/^# limit/ {sub(/.*up to about /, ""); limit = $1 + 0} END {
        off = $2 / truth - 1; off = off < 0 ? -off : off; exit !(limit >= least && limit <= most && off <= limit + 1e-10)}' parted.csv ||
        fail "within rounding, alpha = $alpha: $(grep limit parted.csv) $(tail -n 1 parted.csv)"
done <<'plateaus'
500 5.689337714679338e-3 0 0
1000 5.431408898461458e-3 0 1e-6
1500 5.409493929922445e-3 1e-7 1e-2
1800 5.407536658574915e-3 1e-3 0.3
2000 5.407104394274218e-3 0.49 1
plateaus
grep -q '^# limit: .*: rounding chooses when eps_g falls$' parted.csv || fail "no digit is left: $(grep limit parted.csv)"

# linear students of which a schedule leaves a sum to decay slowly: ten times rtol is promised of it, not of what sets them apart
slow=(--activation linear -K 2 -M 2 -L 32 -N 128 --eta 0.02 --beta 2 --sigma-j 0.3 --seed 55 --init near-teacher --teacher mean --schedule power:.5:100 --alpha 0.1:1e5:31:log)
expect 0 '' "$ordpar" curve "${slow[@]}" --rtol 1e-11 -o slow.csv
for integrator in radau cvode; do
    expect 0 '' "$ordpar" curve "${slow[@]}" --rtol 1e-4 --integrator $integrator -o fast.csv
    paste -d, <(grep -v '^[#a]' slow.csv) <(grep -v '^[#a]' fast.csv) | awk -F, '{off = $4 / $2 - 1; off = off < 0 ? -off : off; worst = off > worst ? off : worst}
        END {exit !(NR == 31 && worst < 1e-3)}' || fail "a sum that decays slowly, by $integrator"
done

# information exponents: He_2 leaves R = 0 exponentially, at the rate 4 eta; He_3 by its size alone
from_overlap() { # R ACTIVATION ALPHA: eps_g
    printf 'matrix,block,row,col,value\nq,1,1,1,0.5\nr,1,1,1,%s\nt,1,1,1,1\n' "$1" >small.csv
    expect 0 '' "$ordpar" curve --activation "$2" -K 1 -M 1 -N 1000 -L 1 --eta 0.01 --small-eta --overlaps small.csv --alpha "$3"
    last=$(tail -n 1 out.txt | cut -d, -f2)
}
from_overlap 1e-3 hermite:0,1 181
early=$last
from_overlap 1e-5 hermite:0,1 296.129254649702 # log(100)/(4 eta) later
awk -v a="$early" -v b="$last" 'BEGIN { exit !(a < 0.9 && a > 0.1 && (a / b - 1) ^ 2 < 1e-5) }' || fail "He_2: $early, $last"
from_overlap 0.17 hermite:0,0,1 300
awk -v e="$last" 'BEGIN { exit !((e - 3) ^ 2 < 1e-12) }' || fail "He_3 from 0.17: $last"
from_overlap 0.2 hermite:0,0,1 300
awk -v e="$last" 'BEGIN { exit !(e < 1e-12) }' || fail "He_3 from 0.2: $last"

# linear students learn a sum alone: their deviations stay, and eps_g cancels in them
expect 0 '' "$ordpar" curve --activation linear -L 1 --eta 0.5 --init near-teacher --sigma-j 0.1 -N 60 --alpha 0,25,100 -o sum.csv
grep -q '^# coordinates: .*by the last row eps_g is rounding' sum.csv || fail "linear students in deviations: $(grep coordinates sum.csv)"
expect 0 '' "$ordpar" curve --activation linear -L 1 --eta 0.5 --init near-teacher --sigma-j 0.1 -N 60 --alpha 0,25 -o sum.csv
grep -q '^# coordinates: .*however small$' sum.csv || fail "before it shows: $(grep coordinates sum.csv)"

# a sum of erfs is no better than what its amplitudes leave of each other
expect 0 '' "$ordpar" curve --activation '{"a":[1e4,-1e4,1],"s":[1,1.0001,0.5]}' -M 1 -L 1 --alpha 0 -o cancels.csv
grep -q '^# coordinates: overlaps: eps_g below [0-9.]*e-0[67] is noise' cancels.csv || fail "amplitudes that cancel: $(grep coordinates cancels.csv)"

# a long curve on several threads: the same rows
long='-L 4096 -N 4096 --alpha 1:100:4:log --rtol 1e-6 --moments 1'
expect 0 '' "$ordpar" curve $long --threads 1 -o one.csv
expect 0 '' "$ordpar" curve $long --threads 3 -o three.csv
grep -v '^# command' one.csv >expected.txt
grep -v '^# command' three.csv | cmp -s - expected.txt || fail 'threads change the rows of a long curve'

# whole numbers of a linear grid are whole
expect 0 '' "$ordpar" curve -N 64 -L 1 -K 1 -M 1 --activation linear --alpha 0:47:48 -o whole.csv
[ "$(grep -v '^[#a]' whole.csv | cut -d, -f1 | tr '\n' ' ')" = "$(seq -s ' ' 0 47) " ] || fail "alpha: $(grep -v '^#' whole.csv | cut -d, -f1 | grep '\.' | head -1)"

# of several curves one that diverges leaves the others
count=$((count + 1))
"$ordpar" curve --activation linear -K 1 -M 1 -L 1 --eta 0.1,5 --alpha 0:100:3 -o some.csv 2>err.txt
[ $? -eq 1 ] && grep -q 'point 2 (eta=5): .*diverges: .*; 1 of 2 curves were complete and are written$' err.txt || fail "a curve that diverges: $(cat err.txt)"
[ "$(grep -c '^0.1' some.csv)" = 3 ] && grep -q '^# failed (eta=5): point 2 (eta=5): ' some.csv || fail "the other curve: $(cat some.csv)"

# also where averages by quadrature end before 1e100; the rows before are there for --keep-partial, of one curve and of several
rm -f cliff.csv
cliff=(curve -N 64 -L 4 -K 1 -M 1 --activation gelu --alpha 0,1,2,50,100)
said='the generalization error diverges: it is .* at alpha = .*eta = 5.'
expect 1 "$said; --keep-partial writes the 3 of 5 rows before$" "$ordpar" "${cliff[@]}" --eta 5 -o cliff.csv
expect_no cliff.csv
expect 0 '' "$ordpar" "${cliff[@]}" --eta 5 --alpha 0,1,2 -o before.csv
for eta in 5 0.1,5; do
    expect 1 "$said; 3 of 5 rows were complete and are written(; 1 of 2 curves .*)?$" "$ordpar" "${cliff[@]}" --eta $eta --keep-partial -o cliff.csv
    grep -q '^# partial.*: it diverges, 3 of 5 rows$' cliff.csv || fail "a curve that diverges, in parts: $(cat cliff.csv)"
    grep -v '^#' cliff.csv | grep -v "^eta\|^0\.1" | sed 's/^5,//' | cmp -s - <(grep -v '^#' before.csv | sed "$([ $eta = 5 ] || echo 1d)") ||
        fail "rows before it diverges, eta = $eta: $(grep -v '^#' cliff.csv)"
done
expect 1 "$said; 3 of 5 rows were complete" "$ordpar" "${cliff[@]}" --eta 5 --keep-partial --save-overlaps cliff_end.csv -o cliff.csv
grep -q '^# alpha: 2$' cliff_end.csv || fail "where it was before it diverged: $(head -3 cliff_end.csv)"

# what sets students apart is below rounding, which a saddle amplifies above eta_c: covariances that no weights have are said to be
printf 'eigenvalue,multiplicity\n27.344238461330207,18\n9.723938125836174,3\n1.2138584053261747e-05,4\n' >saddle.csv
saddle=(curve --spectrum saddle.csv --eta 0.4198681115850821 --teacher-output=-0.011,-0.012 --seed 309 --alpha 0,1,3,4.2,4.4,4.5,5,10 --keep-partial)
for sigma in 1e-12 1e-100; do # rounding of another machine may part them the other way
    "$ordpar" "${saddle[@]}" --sigma-j $sigma -o parted.csv 2>err.txt ||
        grep -q 'the overlaps are those of no weights (.*): a saddle has amplified rounding, .*; 5 of 8 rows were complete and are written$' err.txt ||
        fail "above eta_c from $sigma: $(cat err.txt)"
    grep -q '^# limit: a saddle amplifies rounding' parted.csv || fail "rows from $sigma have no note: $(grep '^#' parted.csv)"
    grep -v '^#' parted.csv | sed -n '2,$p' | head -5 | cut -d, -f1 | tr '\n' ' ' | grep -q '^0 1 3 4.2' || fail "rows from $sigma: $(cat parted.csv)"
done

finish
