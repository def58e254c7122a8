# SPDX-License-Identifier: GPL-3.0-or-later
# Measuring curves: curve --report and report FILE agree with each other and with the predictions.
. "$(dirname "$0")/lib.sh" "$1"

model=(-N 4096 -L 2 --eta 0.5 --teacher mean --sigma-j 1e-5)
expect 0 '' "$ordpar" curve "${model[@]}" --alpha 0:800:500 --moments 1 --report -o curve.csv
expect 0 '' "$ordpar" report curve.csv "${model[@]}"
cp out.txt report.csv
grep -q '^quantity,measured,stderr,predicted,begin,end$' report.csv || fail "columns"
[ "$(grep -vc '^#' report.csv)" -eq 7 ] || fail "rows: $(cat report.csv)"

# near QUANTITY TOLERANCE: measured against predicted
near() {
    awk -F, -v q="$1" -v t="$2" '$1 == q { d = $2 / $4 - 1; found = 1; exit !($2 != "" && $4 != "" && d < t && d > -t) }
        END { exit !found }' report.csv || fail "$1: $(grep "^$1," report.csv)"
}
near "plateau height" 1e-5
near "escape rate" 1e-3
near "plateau length" 0.2
grep -q '^# escape rate: .*standard error .*; predicted ' curve.csv || fail "no note in curve.csv"
rate=$(sed -n 's/^# escape rate: \([^,]*\),.*/\1/p' curve.csv)
awk -F, -v r="$rate" '$1 == "escape rate" { d = $2 / r - 1; exit !(d < 1e-6 && d > -1e-6) }' report.csv ||
    fail "curve --report says $rate, report: $(grep escape report.csv)"

# Without the model nothing is predicted; without overlaps there is no escape rate
expect 0 '' "$ordpar" curve "${model[@]}" --alpha 0:800:500 -o short.csv
grep -v '^#' short.csv >bare.csv
expect 0 '' "$ordpar" report bare.csv
grep -q '^plateau height,0.00[0-9]*,,,' out.txt || fail "without a model: $(cat out.txt)"
grep -q '^escape rate,,,,,$' out.txt || fail "without overlaps: $(cat out.txt)"
grep -q '^# escape rate: not found: needs the columns R1_1_1, .. of moments=1$' out.txt || fail "why there is no rate: $(grep '^#' out.txt)"

# order parameters are those of their names, wherever they stand, and all or none
expect 0 '' "$ordpar" curve -N 64 -L 1 -K 3 -M 2 --eta 0.5 --sigma-j 1e-3 --alpha 0:1500:301 --moments 1 -o orders.csv
columns() { # NAME..: the notes of orders.csv, and these columns
    grep '^#' orders.csv
    grep -v '^#' orders.csv | awk -F, -v names="$*" 'NR == 1 { n = split(names, name, " "); for (k = 1; k <= NF; k++) at[$k] = k } { for (k = 1; k <= n; k++) printf "%s%s", $at[name[k]], k < n ? "," : "\n" }'
}
expect 0 '' "$ordpar" report orders.csv
grep '^escape rate' out.txt >rate
grep -q '^escape rate,0.01' rate || fail "orders.csv: $(cat out.txt)"
columns alpha eps_g R1_1_1 R1_2_1 R1_3_1 R1_1_2 R1_2_2 R1_3_2 >by_teacher.csv
columns R1_3_2 R1_3_1 alpha R1_2_2 R1_2_1 eps_g R1_1_2 R1_1_1 >backwards.csv
for file in by_teacher.csv backwards.csv; do
    expect 0 '' "$ordpar" report $file
    grep '^escape rate' out.txt | cmp -s - rate || fail "$file: $(grep 'escape rate' out.txt)"
done
columns alpha eps_g R1_1_1 R1_1_2 R1_2_1 R1_2_2 R1_3_2 >dropped.csv
columns alpha eps_g R1_1_1 R1_1_2 R1_2_1 R1_2_2 >fewer.csv # which the model tells
for file in dropped.csv fewer.csv; do
    expect 0 '' "$ordpar" report $file
    grep -q '^# escape rate: not found: needs all columns R1_1_1, .. of moments=1, of which R1_3_1 is not there$' out.txt || fail "$file: $(grep 'escape rate' out.txt)"
done

# the column of a setting counts, whatever the notes of another curve say
for eta in 0.2 0.5; do
    expect 0 '' "$ordpar" curve -N 64 -L 1 --eta $eta --sigma-j 1e-3 --alpha 0:1500:301 --moments 1 -o eta$eta.csv
done
expect 0 '' "$ordpar" report eta0.5.csv
grep '^escape rate' out.txt >rate
(grep '^#' eta0.2.csv; grep -v '^#' eta0.5.csv | awk -v OFS=, 'NR == 1 { print "eta", $0; next } { print 0.5, $0 }') >other_eta.csv
expect 0 '' "$ordpar" report other_eta.csv
grep '^escape rate' out.txt | cmp -s - rate || fail "other_eta.csv: $(grep '^escape rate' out.txt)"
expect 2 '--eta: 0.2 contradicts other_eta.csv, which has 0.5$' "$ordpar" report other_eta.csv --eta 0.2

# A file's own model predicts; options that contradict it are refused
expect 0 '' "$ordpar" report short.csv
grep -q '^plateau height,0.00[0-9]*,,0.00' out.txt || fail "the file's model: $(cat out.txt)"
cp out.txt own.txt
expect 0 '' "$ordpar" report short.csv "${model[@]}"
cmp -s <(grep -v '^# command' out.txt) <(grep -v '^# command' own.txt) || fail "the same model says something else"
expect 2 "--eigenvalues: 1 contradicts short.csv, which has " "$ordpar" report short.csv -L 1
grep -q '^escape rate,,,0' own.txt || fail "without overlaps: $(cat out.txt)"

# The exponent of a linear network, in JSON too
linear=(--activation linear -N 4096 -L 4096 --eta 0.1 --init mean --teacher mean)
expect 0 '' "$ordpar" closed-form linear-small-eta -N 4096 -L 4096 --eta 0.1 --init mean --teacher mean --alpha 0.01:1e6:200:log -o linear.csv
expect 0 '' "$ordpar" report linear.csv "${linear[@]}"
cp out.txt report.csv
near "decay exponent" 0.05
grep -q '^# plateau height: not found: in these rows eps_g rests nowhere between two falls' report.csv || fail "why there is no plateau: $(grep '^#' report.csv)"
grep -q '^plateau height,,,,,$' report.csv || fail "a plateau where there is none"
expect 0 '' "$ordpar" report linear.csv "${linear[@]}" --format json
grep -q '\["decay exponent", -0.5' out.txt || fail "JSON: $(cat out.txt)"

# An exponential has no exponent, whichever piece of it the file holds
for until in 60 80 100; do
    expect 0 '' "$ordpar" curve --activation linear -K 1 -M 1 -L 1 --alpha "0:$until:200" -o exponential.csv
    expect 0 '' "$ordpar" report exponential.csv
    grep -q '^# decay exponent: not found: this model predicts none' out.txt || fail "why there is no exponent: $(grep '^#' out.txt)"
    grep -q '^decay exponent,,,,,$' out.txt || fail "an exponent of an exponential: $(cat out.txt)"
done

# A curve that goes on has the predictions of the run that it continues, as long as that is there
expect 0 '' "$ordpar" curve -L 4 -N 64 --eta 0.3 --sigma-j 0.1 --alpha 0:10:11 --checkpoint state -o begun.csv
expect 0 '' "$ordpar" curve --continue state --alpha 10:20:11 -o gone_on.csv
expect 0 '' "$ordpar" report gone_on.csv -N 64 --eta 0.3
predicted=$(sed -n 's/^escape rate,,,\([^,]*\),,$/\1/p' out.txt)
expect 0 '' "$ordpar" report begun.csv
[ -n "$predicted" ] && grep -q "^escape rate,,,$predicted,,\$" out.txt || fail "gone on: $predicted, begun: $(grep '^escape' out.txt)"
expect 2 '^ordpar report: --input-dim: 32 contradicts gone_on.csv, which has 64' "$ordpar" report gone_on.csv -N 32
rm state
expect 0 '' "$ordpar" report gone_on.csv
grep -q '^# predictions: none: continue: .*state' out.txt && grep -q '^escape rate,,,,,$' out.txt || fail "without its checkpoint: $(cat out.txt)"

# .. and the spectrum of that run: of a power law its exponent, of a file or of data none
printf 'eigenvalue,multiplicity\n10,10\n1,40\n' >two.csv
awk 'BEGIN {x = 12345; for (k = 0; k < 400; k++) {x = (x * 1103515245 + 12345) % 2147483648; printf "%c", 33 + int(x / 65536) % (8 + 20 * (k % 4))}}' | npy gone.npy '100, 4'
printf 'eigenvalue,multiplicity\n10,10\n2,40\n' >three.csv
for spectrum in "--spectrum two.csv" "--data gone.npy" "-L 16 -N 64 --beta 0.5"; do
    exponent='not found: this model predicts none, so that none is looked for'
    [[ $spectrum != *beta* ]] || exponent='.*; predicted -0.33333333'
    expect 0 '' "$ordpar" curve $spectrum --alpha 0:20:5 --save-overlaps state -o begun.csv
    expect 0 '' "$ordpar" curve --continue state --alpha 20:40:3 --save-overlaps again --report -o gone_on.csv
    grep -q "^# decay exponent: $exponent$" gone_on.csv || fail "gone on, $spectrum: $(grep '^# decay' gone_on.csv)"
    expect 0 '' "$ordpar" curve --continue again --alpha 40:50:3 -o twice_on.csv
    expect 0 '' "$ordpar" report twice_on.csv
    grep -q "^# decay exponent: ${exponent%; predicted*}" out.txt && grep -q "^decay exponent,,,${exponent##*[a-z ]}" out.txt || fail "gone on twice, $spectrum: $(cat out.txt)"
    [[ $spectrum == *beta* ]] || expect 2 '^ordpar report: --eigenvalues: 16 contradicts twice_on.csv, which has none' "$ordpar" report twice_on.csv -L 16
    # .. beside which it may be given, by whatever name, and where the state is gone; not another
    if [[ $spectrum != *beta* ]]; then
        option=${spectrum% *} file=${spectrum#* }
        cp "$file" copy."${file##*.}"
        for given in "$spectrum" "$option copy.${file##*.}"; do
            expect 0 '' "$ordpar" report twice_on.csv $given
            cmp -s <(grep -v '^# command' out.txt) <("$ordpar" report twice_on.csv | grep -v '^# command') || fail "$given beside what went on: $(cat out.txt)"
            mv again away
            expect 0 '' "$ordpar" report twice_on.csv $given
            grep -q '^# predictions: none: continue: again' out.txt || fail "$given beside a state that is gone: $(cat out.txt)"
            mv away again
        done
        expect 2 '^ordpar report: --(spectrum: .* contradicts again, which has|input-dim: )' "$ordpar" report twice_on.csv --spectrum three.csv
        expect 0 '' "$ordpar" report twice_on.csv -N $([ $option = --data ] && echo 4 || echo 50)
    fi
    expect 0 '' "$ordpar" sweep --sweep continue=state,again --alpha 50:60:3 -o two_on.csv
    [ "$(cell two_on.csv 1 decay_exponent_predicted)" = "$([[ $spectrum == *beta* ]] && echo -0.33333333333333331 || echo nan)" ] || fail "swept, $spectrum: $(tail -n 2 two_on.csv)"
done
rm state again

# .. and the overlaps with which that run began, as far as is known of them
"$ordpar" curve -L 4 -N 64 --alpha 0,5 --save-overlaps drawn -o drawn.csv
"$ordpar" curve -L 4 -N 64 --overlaps drawn --alpha 0,5 --save-overlaps state -o begun.csv 2>/dev/null
expect 0 '' "$ordpar" curve --continue state --alpha 5,9 -o gone_on.csv
expect 0 '' "$ordpar" report gone_on.csv --overlaps drawn
cmp -s <(grep -v '^# command' out.txt) <("$ordpar" report gone_on.csv | grep -v '^# command') || fail "overlaps beside what went on: $(cat out.txt)"
expect 2 '^ordpar report: --overlaps: state is not what gone_on.csv was made with$' "$ordpar" report gone_on.csv --overlaps state
expect 0 '' "$ordpar" curve --continue drawn --alpha 5,9 -o gone_on.csv
expect 2 '^ordpar report: --overlaps: drawn contradicts gone_on.csv, which has none$' "$ordpar" report gone_on.csv --overlaps drawn
rm state drawn

# Rows that begin on the plateau show its end, and the growth that ends it, as all rows do
expect 0 '' "$ordpar" curve -L 1 --eta 0.5 --sigma-j 1e-3 --moments 1 --alpha 0:200:41 --save-overlaps state -o begun.csv
expect 0 '' "$ordpar" curve --continue state --alpha 200:1000:161 --moments 1 --report -o gone_on.csv
expect 0 '' "$ordpar" curve -L 1 --eta 0.5 --sigma-j 1e-3 --moments 1 --alpha 10:1000:199 --report -o whole.csv
measured() { sed -n "s/^# $1: \([0-9.e-]*\).*/\1/p" "$2"; }
for key in "plateau height" "plateau exit" "escape rate"; do
    echo "$(measured "$key" whole.csv) $(measured "$key" gone_on.csv)" | awk '{exit !($1 > 0 && $1 - $2 < 1e-4 * $1 && $2 - $1 < 1e-4 * $1)}' ||
        fail "$key: $(grep "^# $key" whole.csv gone_on.csv)"
done
for key in entry length; do
    grep -q "^# plateau $key: not found: the plateau begins before the first row" gone_on.csv || fail "no $key: $(grep "$key" gone_on.csv)"
done
rm state

# Opposite teachers have the plateau and the escape rate of equal ones
expect 0 '' "$ordpar" curve -K 2 -M 2 -L 1 --teacher-output 1,-1 --alpha 0:4500:451 --moments 1 --report \
    --teacher mean --sigma-j 1e-4 -N 65536 -o opposite.csv
grep -q '^# escape rate: 0.004979.*predicted 0.0049796' opposite.csv || fail "$(grep '^# escape' opposite.csv)"
expect 0 '' "$ordpar" report opposite.csv
grep -q '^escape rate,0.004979' out.txt || fail "opposite teachers: $(cat out.txt)"

# The files of simulate and compare
expect 0 '' "$ordpar" simulate -N 64 -L 4 --alpha 0:4:5 --runs 2 -q -o sim.csv
expect 0 '' "$ordpar" report sim.csv
expect 0 'compare: largest' "$ordpar" compare -N 64 -L 4 --alpha 0:4:5 --runs 4 -q -o compared.csv
expect 0 '' "$ordpar" report compared.csv

# What differs between the runs of a mean is not predicted: the start, and a drawn teacher
mean=(-L 1 -N 300 --eta 0.5 --alpha 1:1000:60 --runs 4)
predicted() { # HEIGHT LENGTH RATE: whether there is one
    local row n=0
    for row in "plateau height" "plateau length" "escape rate"; do
        n=$((n + 1))
        awk -F, -v row="$row" -v wanted="${!n}" '$1 == row { found = 1; exit !(($4 != "") == wanted) } END { if (!found) exit 1 }' out.txt || fail "$row of a mean: $(cat out.txt)"
    done
}
for command in "simulate --method overlap" curve; do
    expect 0 '' "$ordpar" $command "${mean[@]}" -q -o mean.csv
    expect 0 '' "$ordpar" report mean.csv
    predicted 0 0 0
    grep -q '^# runs: measured is their mean; no plateau is predicted' out.txt && grep -q '^plateau height,0.00' out.txt || fail "a mean over runs: $(cat out.txt)"
    for teacher in "--teacher-seed 3" "--teacher mean"; do
        expect 0 '' "$ordpar" $command "${mean[@]}" $teacher -q -o mean.csv
        expect 0 '' "$ordpar" report mean.csv
        predicted 1 0 1
    done
done
expect 0 '' "$ordpar" simulate --method overlap "${mean[@]}" --runs 1 -q -o mean.csv
expect 0 '' "$ordpar" report mean.csv
predicted 1 1 1
expect 0 '' "$ordpar" curve "${mean[@]}" -q -o mean.csv
expect 0 '' "$ordpar" report mean.csv
cp out.txt own.txt
expect 0 '' "$ordpar" curve "${mean[@]}" --report -q -o mean.csv
[ "$(sed -n 's/^# plateau length: //p' mean.csv)" = "$(awk -F, '$1 == "plateau length" { printf "%.8g", $2 }' own.txt)" ] || fail "curve --runs --report: $(grep '^# plateau' mean.csv)"

# Rows of one step of a map or a simulation are no plateau
map=(-L 1 --eta 0.5 --sigma-j 1e-3 -N 1024 --batch-fraction 1 --moments 1)
expect 0 '' "$ordpar" curve "${map[@]}" --alpha 1:3000:3000 -o steps.csv
expect 0 '' "$ordpar" report steps.csv
cp out.txt whole.txt
expect 0 '' "$ordpar" curve "${map[@]}" --alpha 0.1:3000:300:log -o steps.csv
expect 0 '' "$ordpar" report steps.csv
for row in "plateau height" "plateau exit" "escape rate"; do
    awk -F, -v row="$row" '$1 == row { a[++n] = $2 } END { exit !(n == 2 && a[1] > 0 && a[2] / a[1] < 1.1 && a[1] / a[2] < 1.1) }' whole.txt out.txt || fail "$row by steps and between them: $(grep "$row" whole.txt out.txt)"
done
expect 0 '' "$ordpar" closed-form linear-finite-n --activation linear -K 1 -M 1 -N 64 -L 64 --eta 0.3 --alpha 0.01:50:300:log -o steps.csv
expect 0 '' "$ordpar" report steps.csv
grep -q '^plateau height,,' out.txt || fail "a linear unit has a plateau: $(cat out.txt)"
expect 0 '' "$ordpar" simulate -N 64 -L 1 --eta 0.5 --runs 50 --method overlap --alpha 0.001:10:300:log -q -o steps.csv
expect 0 '' "$ordpar" report steps.csv
grep -q '^plateau height,,' out.txt || fail "a plateau within the first steps: $(cat out.txt)"

# No curve, no plateau: a frontier, tasks, students that begin near the teacher
expect 0 '' "$ordpar" closed-form frontier -N 64 -L 64 --compute 1:1e3:7:log -o frontier.csv
expect 2 '^ordpar report: frontier.csv: has a row for each compute' "$ordpar" report frontier.csv
tasks='{"tasks": [{"student_output": [1, 1], "teacher_output": [1, 0], "probability": [[0, 1]]}, {"student_output": [1, 1], "teacher_output": [0, 1], "probability": [[0, 0]]}]}'
for command in curve "simulate --runs 2"; do
    expect 0 '' "$ordpar" $command -N 64 -L 2 --alpha 0:4:3 --tasks "$tasks" -q -o tasks.csv
    expect 2 '^ordpar report: tasks.csv: has several tasks' "$ordpar" report tasks.csv
done
expect 2 '^ordpar curve: --report: is known for a single task' "$ordpar" curve -N 64 -L 2 --runs 2 --report --alpha 0:4:3 --tasks "$tasks"
# what came from standard input or a pipe is not asked for again
for source in spectrum schedule overlaps alpha; do
    case $source in
    spectrum) printf 'eigenvalue,multiplicity\n10,10\n1,40\n' ;;
    schedule) printf 'alpha,eta\n0,0.2\n10,0.1\n' ;;
    overlaps) printf 'matrix,block,row,col,value\nq,1,1,1,0.5\nr,1,1,1,0.1\nt,1,1,1,1\n' ;;
    alpha) printf '0\n5\n10\n' ;;
    esac >piped.txt
    words=(curve -K 1 -M 1 --$source /dev/stdin)
    [ $source = spectrum ] || words+=(-L 1)
    [ $source = alpha ] || words+=(--alpha 0,5,10)
    count=$((count + 3))
    cat piped.txt | "$ordpar" "${words[@]}" -o once.csv || fail "--$source /dev/stdin"
    timeout 3 "$ordpar" report once.csv >out.txt < <(exec sleep 5) || fail "a report reads --$source again"
    [ $source = alpha ] || grep -q "^# predictions: none: $source: /dev/stdin is read once" out.txt || fail "$source was piped: $(cat out.txt)"
    cat piped.txt | timeout 5 "$ordpar" "${words[@]}" --dry-run >out.txt && grep -q '^time: ' out.txt || fail "--dry-run of --$source /dev/stdin: $(cat out.txt)"
done
expect 0 '' "$ordpar" optimize -L 1 --eta-max 1 --until 1 --knots 2 -o best.csv
expect 2 '^ordpar report: best.csv: has no column eps_g$' "$ordpar" report best.csv
# .. and closed forms whose start no run has: measured, without predictions
expect 0 '' "$ordpar" closed-form asymptotic -L 64 -N 64 --alpha 0.1:1e5:100:log -o asymptotic.csv
expect 0 '' "$ordpar" report asymptotic.csv
grep -q '^# predictions: none: init, teacher: a mean teacher under students that are drawn needs' out.txt && grep -q '^decay exponent,-' out.txt || fail "measured alone: $(cat out.txt)"
expect 2 '^ordpar report: --eigenvalues: 5 contradicts' "$ordpar" report asymptotic.csv -L 5
expect 0 '' "$ordpar" closed-form asymptotic --alpha 0:100:11 -o asymptotic.csv
expect 0 '' "$ordpar" report asymptotic.csv
predicted 0 0 0

# a curve measured elsewhere has no settings
printf 'alpha,eps_g\n1,0.1\n10,0.03\n' >bare.csv
expect 0 '' "$ordpar" report bare.csv
grep -q '^# settings' out.txt && fail "settings of the default model"
expect 0 '' "$ordpar" report bare.csv --eta 0.2
grep -q '^# settings: .*eta=0.2' out.txt || fail "settings that were given"
# Ctrl-C while standard input says nothing
rm -f silent && mkfifo silent
for command in report plot; do
    "$ordpar" $command - -o silent.$([ $command = plot ] && echo svg || echo csv) 2>err.txt <>silent &
    pid=$!
    for _ in $(seq 200); do
        [ "$(cut -d' ' -f3 "/proc/$pid/stat")" = S ] && grep -q 'ordpar' "/proc/$pid/cmdline" && break
        sleep 0.01
    done
    sleep 0.1
    kill -INT $pid
    wait $pid
    [ $? -eq 130 ] && grep -qx "ordpar $command: interrupted" err.txt || fail "$command -: $(cat err.txt)"
done
# a file that has changed since predicts nothing of the curve
printf 'eigenvalue,multiplicity\n10,40\n1,160\n' >s.csv
expect 0 '' "$ordpar" curve --spectrum s.csv --teacher mean --alpha 0.1:1e3:100:log -o of_s.csv
expect 0 '' "$ordpar" report of_s.csv
grep -q '^plateau length,[0-9.]*,,[0-9.]*,' out.txt || fail "predictions: $(grep length out.txt)"
sed -i 's/^10,/9,/' s.csv
expect 0 '' "$ordpar" report of_s.csv
grep -q '^plateau length,[0-9.]*,,,' out.txt || fail "predictions of another file: $(grep length out.txt)"
grep -q '^# predictions: none: spectrum: s.csv has another content than when of_s.csv' out.txt || fail "no note: $(cat out.txt)"

printf 'alpha,eps_g\n1,1\n2,-1\n' >negative.csv
expect 2 'eps_g must be >= 0, got -1 in row 2' "$ordpar" report negative.csv
printf 'alpha,x\n1,2\n' >no_eps.csv
printf 'alpha,eps_g\n2,1\n1,1\n' >descending.csv
printf 'alpha,eps_g\n1,1\n' >one.csv
expect 0 '' "$ordpar" report one.csv
expect 2 "needs one file" "$ordpar" report
expect 2 "unexpected argument" "$ordpar" report one.csv one.csv
expect 2 "no_eps.csv: has no column eps_g" "$ordpar" report no_eps.csv
expect 2 "descending.csv: alpha must be >= 0 and ascend, got 1 in row 2" "$ordpar" report descending.csv
expect 2 "nowhere.csv" "$ordpar" report nowhere.csv
expect 0 '' "$ordpar" curve -L 4 --alpha 0:10:11 -o own.csv
sed 's/ activation=/ activion=/' own.csv >misspelt.csv
expect 2 "^ordpar report: misspelt.csv: 'activion' is no setting" "$ordpar" report misspelt.csv
# two times that are confused
expect 0 '' "$ordpar" curve -L 4 --alpha 0:10:11 --report
grep -q '^# times: escape time is 1/rate, .* plateau exit is the alpha' out.txt || fail "no note on times in: $(grep '^#' out.txt)"
expect 0 '' "$ordpar" curve -K 1 -M 1 -L 4 --alpha 0:10:11 --report
grep -q '^# times' out.txt && fail "times of units that cannot specialise"
# Ctrl-C while a file is measured, which takes long where many rows scatter: nothing is written
awk 'BEGIN {srand(1); print "alpha,eps_g"; for (k = 1; k <= 300000; k++) printf "%.12g,%.6g\n", k / 1000, (0.7 + 0.6 * rand()) / (1 + k / 1000)}' >many_rows.csv
rm -f many_report.csv
"$ordpar" report many_rows.csv -o many_report.csv 2>err.txt &
interrupted $! 2 "a report of many rows" 80 # they are read by then
expect_no many_report.csv
rm many_rows.csv

# the predicted length of a run that goes on is counted from alpha = 0, too, by every door, and there is none where the plateau is over
on_plateau=(-L 4 --sigma-j 0.01 --seed 1)
"$ordpar" curve "${on_plateau[@]}" --alpha 0:400:101 --save-overlaps part.end --report -q -o part.csv
"$ordpar" curve --continue part.end --alpha 400:3000:131 --report -q -o went_on.csv
"$ordpar" sweep --sweep rtol=1e-8 --continue part.end --alpha 400:3000:131 -q -o went_on_swept.csv
expect 0 '' "$ordpar" report went_on.csv
length=$(sed -n 's/^plateau length,[^,]*,[^,]*,\([^,]*\),.*/\1/p' out.txt)
[ "$(cell went_on_swept.csv 1 plateau_length_predicted)" = "$length" ] || fail "swept: $(tail -1 went_on_swept.csv), reported $length"
awk -v whole="$(sed -n 's/^# plateau length: .*; predicted //p' part.csv)" -v noted="$(sed -n 's/^# plateau length: .*; predicted //p' went_on.csv)" \
    -v exit_="$(sed -n 's/^# plateau exit: //p' went_on.csv)" -v length_="$length" \
    'BEGIN {exit !(exit_ > 500 && length_ > exit_ && length_ < 1.15 * whole && length_ / noted - 1 < 1e-6 && 1 - length_ / noted < 1e-6)}' ||
    fail "a length that goes on: $length, $(grep -h '^# plateau' part.csv went_on.csv)"
"$ordpar" curve --continue part.end --alpha 400:3000:131 --save-overlaps over.end -q -o over.csv
"$ordpar" curve --continue over.end --alpha 3000:4000:11 --report -q -o over.csv
grep -q '^# plateau length: .*predicted\|^# predicted length' over.csv && fail "a length of a plateau that is over: $(grep length over.csv)"

# how well coarse rows tell the exit, and what a predicted length is
"$ordpar" curve -L 4 --alpha 0.1:1e4:3000:log --report | grep '^# plateau exit' | grep -o '[0-9.]*$' >fine
expect 0 '' "$ordpar" curve -L 4 --alpha 0.1:1e4:30:log -o coarse.csv
expect 0 '' "$ordpar" report coarse.csv -L 4 -o report.csv
sed -n "s/^# resolution: .* alpha = \([0-9.]*\) and \([0-9.]*\), .*/\1 \2/p" report.csv | awk -v fine="$(cat fine)" '{exit !($1 < fine && fine < $2)}' || fail "resolution: $(cat fine) $(grep resolution report.csv)"
grep -q '^# resolution' <("$ordpar" curve -L 4 --alpha 0.1:1e4:3000:log --report) && fail "fine rows have a note of resolution"
grep -q '^# predicted length: counted from alpha = 0 .* (tau, here 150.1)' report.csv || fail "predicted length: $(grep '^# pred' report.csv)"
grep -q '^# predicted length' <("$ordpar" report coarse.csv -L 4 -K 1 -M 1 --student-output 1) && fail "a length that is not predicted"
# rows between the steps of a map are no plateau
map=(-L 1 --eta 0.5 --sigma-j 1e-3 -N 1024 --batch-fraction 1)
expect 0 '' "$ordpar" curve "${map[@]}" --alpha 0.1:3000:300:log --report -o map.csv
grep -q '^# plateau height: 0.00624' map.csv || fail "plateau of a map: $(grep plateau map.csv)"
expect 0 '' "$ordpar" report map.csv -o report.csv
grep -q '^plateau height,0.00624' report.csv || fail "plateau of a map's file: $(grep plateau report.csv)"

# where eps_g cannot go to 0, as no student can be a teacher or eta is above eta_c, no exponent is predicted
decay() { # EXPECTED OPTION..: predicted by report, --report and the sweep
    local expected=$1
    shift
    expect 0 '' "$ordpar" curve -N 64 -L 16 "$@" --alpha 1:1e3:20:log --report -q -o floor.csv
    grep -q "^# decay exponent: .*predicted" floor.csv
    [ $? -eq $([ -n "$expected" ]; echo $?) ] || fail "--report, $*: $(grep '^# decay' floor.csv)"
    expect 0 '' "$ordpar" report floor.csv
    [ "$(sed -n 's/^decay exponent,//p' out.txt | cut -d, -f3)" = "$expected" ] || fail "report, $*: $(grep '^decay' out.txt)"
    expect 0 '' "$ordpar" sweep -N 64 -L 16 "$@" --alpha 1:1e3:20:log --sweep seed=1 -q
    [ "$(grep -v '^#' out.txt | awk -F, 'NR == 1 { for (k = 1; k <= NF; k++) if ($k == "decay_exponent_predicted") c = k } NR == 2 { print $c }')" = "${expected:-nan}" ] ||
        fail "sweep, $*: $(grep -v '^#' out.txt)"
}
decay -0.5 -K 1 -M 1 --eta 1
decay -0.5 -K 2 -M 2 --student-output 0.5,1 --teacher-output 1,0.5
decay '' -K 1 -M 1 --eta 1 --student-output 0.5
decay '' -K 1 -M 1 --eta 10
decay -0.5 -K 1 -M 1 --eta 10 --small-eta
decay -0.5 --activation linear -K 2 -M 2 --student-output 0.5,1
# .. nor a phase of a teacher that decays
expect 0 '' "$ordpar" curve -N 64 -L 16 -K 1 -M 1 --teacher-decay 1 --student-output 0.5 --alpha 1,2
! grep -q '^# phase' out.txt || fail "a phase above a floor: $(grep phase out.txt)"
expect 0 '' "$ordpar" curve -N 64 -L 16 -K 1 -M 1 --teacher-decay 1 --alpha 1,2
grep -q '^# phase' out.txt || fail "no phase"

# a file of --like is a model: its grid is not looked at, as the rows are the file's
expect 0 '' "$ordpar" curve -L 4 --alpha 0:30:31 -q -o own.csv
expect 0 '' "$ordpar" curve -L 4 --alpha 0,1 -q -o short.csv
expect 0 '' "$ordpar" report own.csv
grep -v '^#' out.txt >own.txt
for like in own.csv short.csv; do
    expect 0 '' "$ordpar" report own.csv --like $like
    grep -v '^#' out.txt | cmp -s - own.txt || fail "--like $like: $(cat out.txt)"
done
expect 0 '' "$ordpar" curve -L 2 --alpha 0:30:31 -q -o short.csv
expect 2 'like: short.csv has eigenvalues=2, own.csv has 4' "$ordpar" report own.csv --like short.csv
# how a file was computed is no matter of predictions
expect 0 '' "$ordpar" report own.csv
cp out.txt alone.txt
for computed in "simulate --runs 3 --method overlap" "curve --rtol 1e-6 --fluctuations"; do
    expect 0 '' "$ordpar" ${computed%% *} --like own.csv --alpha 0:1:2 ${computed#* } -q -o runs.csv
    expect 0 '' "$ordpar" report own.csv --like runs.csv
    cmp -s <(grep -v '^#' out.txt) <(grep -v '^#' alone.txt) || fail "other predictions by --like of $computed"
done

# numbers of arbitrary precision beyond the range of double are 0 there, as in JSON
for format in csv json; do
    expect 0 '' "$ordpar" closed-form linear-exact --activation linear -K 1 -M 1 -N 64 -L 4 --alpha 1:1e5:11:log --digits 20 --format $format -o deep.$format
    expect 0 '' "$ordpar" report deep.$format
    grep -v '^#' out.txt >deep_$format.txt
    "$ordpar" plot deep.$format -o deep.svg 2>err.txt && [ -s deep.svg ] || fail "plot deep.$format: $(cat err.txt)"
done
grep -q 'e-483$' deep.csv || fail "the test's own file: $(tail -n 2 deep.csv)"
cmp -s deep_csv.txt deep_json.txt || fail "CSV and JSON of digits: $(diff deep_csv.txt deep_json.txt)"

# of a file without notes its columns of settings count, as of a curve of several that others have saved
"$ordpar" curve -L 4 --eta 0.25,0.5 --moments 1 --alpha 0:600:61 -q -o etas.csv
{ grep -v '^#' etas.csv | head -1; grep '^0.5,' etas.csv; } >one_eta.csv
"$ordpar" curve -L 4 --eta 0.5 --moments 1 --alpha 0:600:61 -q -o whole.csv
expect 0 '' "$ordpar" report whole.csv -q
grep -v '^#' out.txt >whole.txt
for words in '-L 4' '-L 4 --eta 0.5' '-L 4 -K 2'; do
    expect 0 '' "$ordpar" report one_eta.csv $words -q
    cmp <(grep -v '^#' out.txt) whole.txt || fail "report of one eta, $words: $(cat out.txt)"
done
expect 2 '--eta: 0.1 contradicts one_eta.csv, which has 0.5$' "$ordpar" report one_eta.csv -L 4 --eta 0.1
expect 2 '--student-units: 3 contradicts one_eta.csv, which has 2$' "$ordpar" report one_eta.csv -L 4 -K 3
expect 0 '' "$ordpar" report one_eta.csv -q # of no model
grep -q 'plateau length,[0-9.]*,,,' out.txt || fail "predictions of no model: $(cat out.txt)"
"$ordpar" curve -L 4 --eta 0.5 --activation erf,relu --alpha 0:600:61 -q -o units.csv
{ grep -v '^#' units.csv | head -1; grep '^relu,' units.csv; } >relu.csv
expect 2 '--activation: erf contradicts relu.csv, which has relu$' "$ordpar" report relu.csv -L 4 --activation erf
expect 0 '' "$ordpar" report relu.csv -L 4 --eta 0.5 -q
grep -q "^# settings: activation=relu eigenvalues=4 eta=0.5;" out.txt || fail "the units of relu.csv: $(grep settings out.txt)"
"$ordpar" curve -L 4 -N 64 --eta 0.5 --runs 3 --alpha 0:600:61 -q -o starts.csv
expect 0 '' "$ordpar" report starts.csv -q
grep -v '^#' out.txt >starts.txt
grep -v '^#' starts.csv >bare_starts.csv
expect 0 '' "$ordpar" report bare_starts.csv -L 4 -N 64 --eta 0.5 -q
cmp <(grep -v '^#' out.txt) starts.txt || fail "report of starts: $(cat out.txt)"

finish
