# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar compare: theory beside simulation, the verdict and its exit code.
. "$(dirname "$0")/lib.sh" "$1"

rm -f -- *.csv

rows() { grep -v '^#' "$1"; }
summary='largest \|z\| = [0-9.]+ at alpha = [0-9.]+; chi-square = [0-9.]+ in [0-9]+ rows .*, p = [0-9.e-]+'
linear=(--activation linear -K 1 -M 1 --eta 0.5 --sigma-j 0.5 -N 32 -L 32 --alpha 0:4:5)

tiny=(--activation linear -K 1 -M 1 --eta 0.8 --sigma-j 0.5 -N 8 -L 8 --alpha 0:6:4 --runs 600)

# the exact mean at finite N agrees, both methods; the equations for N -> infinity do not at L = N
for method in sgd overlap; do
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare "${linear[@]}" --method $method --runs 20000 \
        --against finite-n --max-z 4 -o a.csv
    [ "$(rows a.csv | head -1)" = "alpha,theory,mean,stderr,z" ] || fail "header"
    rows a.csv | tail -n +2 | awk -F, '($5 - ($3-$2)/$4)^2 > 1e-20 || $4 <= 0 { exit 1 }' || fail "z is not (mean - theory)/stderr"
done
for kept in "--init sampled" "--init mean" "--init near-teacher --method overlap"; do # the mean is over starts alone
    expect 0 "; within --max-z 4\$" "$ordpar" compare --activation linear -K 2 -M 2 --eta 0.1 --sigma-j 0.5 -N 48 -L 3 --teacher-output 0.9,0.4 \
        --alpha 0:3:4 --teacher-seed 3 $kept --runs 2000 --against finite-n --max-z 4 -o a.csv
done
expect 0 "$summary\$" "$ordpar" compare "${tiny[@]}" -o no_verdict.csv
"$ordpar" compare "${tiny[@]}" --max-z 4 -o b.csv 2>err.txt
[ $? -eq 3 ] && grep -qE "$summary; above --max-z 4\$" err.txt || fail "disagreement: $(cat err.txt)"
[ "$(rows b.csv | wc -l)" -eq 5 ] || fail "a disagreement is a result, but b.csv has $(rows b.csv | wc -l) lines"
[ "$(rows b.csv)" = "$(rows no_verdict.csv)" ] || fail "--max-z changes the numbers"

# z of few runs follows Student's law; it is its normal score that --max-z limits
expect 0 'largest .z. = [0-9]{2,}.*; z of 2 runs is a normal score of [0-4][.0-9]*; within --max-z 5$' \
    "$ordpar" compare -N 20000 -L 2 --method overlap --runs 2 --seed 40 --max-z 5 --alpha 0:2:11 -o few.csv
expect 0 'z of 3 runs is a normal score of 0; within' "$ordpar" compare -N 64 -L 1 --alpha 0 --runs 3 --max-z 1 -o few.csv
expect 0 'largest .z. = .* .Student.s t of 2 degrees of freedom: above 7.58 in about 1 of 20 by chance.' \
    "$ordpar" compare -N 64 -L 1 --alpha 0,1,2 --runs 3 -o few.csv
grep -q '^# verdict: largest |z| = .* of 2 degrees of freedom' few.csv || fail "no degrees of freedom: $(grep verdict few.csv)"
expect 0 'spread of the runs: no row has one to be compared' "$ordpar" compare -L 2 -N 64 --alpha 0 --runs 5 --against ode+1/N -o few.csv

# no row has a theory: nothing agrees
none=(compare --activation linear -K 1 -M 1 -L 1 -N 16 --eta 1 --alpha 1000,2000 --runs 3 --against ode+1/N)
expect 0 ': no row has a theory to be compared with, so there is no z; spread' "$ordpar" "${none[@]}" -o none.csv
expect 3 'no row has a theory .*; nothing is within --max-z 3$' "$ordpar" "${none[@]}" --max-z 3 -o none.csv
[ "$(rows none.csv | grep -c '^[12]000,nan,')" -eq 2 ] || fail "rows without a theory: $(rows none.csv)"

# one run over its own theory: the theory of 'curve', no standard error
expect 0 'a single run has no standard error' "$ordpar" compare -N 64 -L 4 --runs 1 --alpha 0:4:5 --seed 6 -o one.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:4:5 --seed 6 -o curve.csv
[ "$(rows one.csv | tail -n +2 | cut -d, -f1,2)" = "$(rows curve.csv | tail -n +2)" ] || fail "another theory than curve"
rows one.csv | tail -1 | grep -q ',nan,nan$' || fail "a standard error of one run"

# the equations with the shift of the mean, and the spread of the runs beside the predicted one
near=(-N 400 -L 2 -K 2 -M 2 --eta 0.5 --sigma-j 0.5 --method overlap --runs 40 --alpha 0:4:3)
expect 0 "$summary; spread of the runs: $summary; within --max-z 4\$" "$ordpar" compare "${near[@]}" --against ode+1/N --max-z 4 -o a.csv
[ "$(rows a.csv | head -1)" = "alpha,theory,mean,stderr,z,sd,sd_runs,z_sd" ] || fail "header"
grep -q '^# verdict sd: spread of the runs: largest' a.csv || fail "no verdict on the spread"
rows a.csv | tail -n 1 | awk -F, '!($6 > 0.7 * $7 && $6 < 1.4 * $7) { exit 1 }' || fail "the spread: $(rows a.csv | tail -n 1)"
expect 0 largest "$ordpar" compare "${near[@]}" -o b.csv
[ "$(rows a.csv | cut -d, -f3)" = "$(rows b.csv | cut -d, -f3)" ] || fail "another simulation"
few=("${near[@]}" --runs 8 --against ode+1/N) # each run has a theory of its own
expect 0 "$summary" "$ordpar" compare "${few[@]}" -o c.csv
expect 0 '' "$ordpar" sweep --job compare --sweep seed=1 "${few[@]}" -o sw.csv
[ "$(rows sw.csv | tail -n 1 | cut -d, -f5)" = "$(rows c.csv | tail -n 1 | cut -d, -f3)" ] || fail "the sweep's mean: $(rows sw.csv)"
rows sw.csv | tail -n 1 | awk -F, '!($12 > 0 && $12 <= 1) { exit 1 }' || fail "no p of the spread: $(rows sw.csv)"

# of tasks the spread is that of their mean, and each has its shift
two='{"tasks": [{"student_output": [1, 0.4], "teacher_output": [1, 0], "probability": [[0, 0.7], [2, 0.2]]},
  {"student_output": [0.5, 1], "teacher_output": [0, 1], "probability": [[0, 0.3], [2, 0.8]]}]}'
more=(--init mean --teacher mean --tasks "$two" --train-output --eta-v 0.3 --momentum constant:1.5:0.5)
expect 0 "within --max-z 4\$" "$ordpar" compare "${near[@]}" "${more[@]}" --against ode+1/N --max-z 4 -o t.csv
[ "$(rows t.csv | head -1 | cut -d, -f1-12)" = "alpha,theory,mean,stderr,z,sd,sd_runs,z_sd,theory_1,mean_1,stderr_1,z_1" ] || fail "header of tasks"
rows t.csv | tail -n 2 | awk -F, '!($6 > 0.7 * $7 && $6 < 1.4 * $7 && ($9 + $13) / 2 / $2 - 1 < 1e-9 && 1 - ($9 + $13) / 2 / $2 < 1e-9) { exit 1 }' ||
    fail "tasks: $(rows t.csv)"

# the simulated columns are those of simulate
expect 0 '' "$ordpar" simulate "${linear[@]}" --runs 20 -o s.csv
expect 0 'largest' "$ordpar" compare "${linear[@]}" --runs 20 --against finite-n -o c.csv
[ "$(rows s.csv | tail -n +2 | cut -d, -f2)" = "$(rows c.csv | tail -n +2 | cut -d, -f3)" ] || fail "another simulation"

if command -v gnuplot >/dev/null; then
    expect 0 'largest' "$ordpar" compare -N 64 -L 4 --runs 5 --alpha 0:4:5 -o c.csv --plot c.svg
    grep -q '<svg' c.svg && grep -q theory c.svg && grep -q simulation c.svg || fail "the picture"
    expect 0 'a single run has no standard error' "$ordpar" compare -N 64 -L 4 --runs 1 --alpha 0:4:5 -o c.csv --plot c.png
    points() { awk -v RS=/ 'index($0, "<path") { n = gsub(/ L/, ""); if (n > most) most = n } END { print most + 1 }' "$1"; }
    for against in ode finite-n ode+1/N; do
        expect 0 'largest' "$ordpar" compare --activation linear -K 1 -M 1 -N 2048 -L 4 --method overlap --runs 3 --alpha 0:4:3 \
            --against $against -o with.csv --plot c.svg
        [ "$(points c.svg)" -ge 200 ] || fail "theory against $against is drawn with $(points c.svg) points"
        expect 0 'largest' "$ordpar" compare --activation linear -K 1 -M 1 -N 2048 -L 4 --method overlap --runs 3 --alpha 0:4:3 \
            --against $against -o without.csv
        [ "$(rows with.csv)" = "$(rows without.csv)" ] || fail "a picture changes the numbers"
    done
fi
# students that the examples of a run hardly tell apart, and one that is the same
relu() { # DISTANCE: overlaps of two students
    awk -v e="$1" 'BEGIN { CONVFMT = "%.17g"
        print "matrix,block,row,col,value\nq,1,1,1,0.25\nq,1,1,2,0.25\nq,1,2,2," 0.25 * (1 + e * e)
        print "r,1,1,1,0.1\nr,1,1,2,0.05\nr,1,2,1," 0.1 + 0.1 * e "\nr,1,2,2," 0.05 - 0.2 * e
        print "t,1,1,1,1\nt,1,1,2,0\nt,1,2,2,1" }' >relu.csv
    expect 0 '' "$ordpar" curve --activation relu -N 1000 -L 1 --overlaps relu.csv --eta 0.5 --alpha 30
    grep -q '^# parting: .* before alpha = ' out.txt
}
relu 1e-5 || fail "no note on students that hardly differ"
expect 0 'largest' "$ordpar" compare --activation relu -N 1000 -L 1 --overlaps relu.csv --eta 0.5 --alpha 30 --runs 4 --method overlap
grep -q '^# parting: ' out.txt || fail "no note beside a comparison"
tail -n 1 out.txt | awk -F, '{ exit !($3 > 1.15 * $2) }' || fail "the runs follow the equations: $(tail -n 1 out.txt)"
relu 0 && fail "a note on parting for one and the same student"
relu 0.05 && fail "a note on parting for students that differ"

bad() { # PATTERN OPTION..
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" compare --alpha 0:1:2 -o no.csv "$@"
    expect_no no.csv
}
bad "--against: must be one of ode.finite-n.ode.1/N, got 'infinity'" --against infinity
bad "--against: finite-n is for the activation linear, got erf" --against finite-n
bad "--small-eta: finite-n has all orders" --against finite-n --activation linear --small-eta
for value in 0 -1 nan inf x ''; do
    bad "--max-z: must be .*, got '$value'" --max-z "$value"
done
bad "--max-z: needs runs of at least 2" --max-z 3 --runs 1
bad "--each: no such option" --each
bad "--method: sgd takes N up to" -N 1e12
expect 1 'diverge|not finite' "$ordpar" compare --activation linear -K 1 -M 1 -N 16 -L 16 --eta 40 --alpha 0:1e4:3 \
    --against finite-n --runs 2 -o no.csv
expect_no no.csv

# every activation at all orders in eta; the slow ones at lowest order, at an eta so small that its square does not show
for method in sgd overlap; do
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation relu -K 3 -M 2 -N 400 -L 2 --eta 0.3 --label-noise 0.2 \
        --sigma-j 0.5 --student-output 0.8,0.5,-0.4 --teacher-output 1,-0.6 --method $method --runs 40 --alpha 0:6:4 --max-z 4
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation quadratic -K 2 -M 2 -N 400 -L 2 --eta 0.02 \
        --sigma-j 0.5 --method $method --runs 40 --alpha 0:6:4 --max-z 4
done
for activation in tanh sigmoid gelu; do
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation $activation -K 2 -M 2 -N 400 -L 2 --eta 0.5 --label-noise 0.2 \
        --sigma-j 0.5 --method overlap --runs 20 --alpha 0:6:4 --max-z 4
done
# teachers of another kind, polynomials
for teacher in linear erf quadratic; do
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation tanh --teacher-activation $teacher -K 2 -M 2 -N 400 -L 2 \
        --eta 0.3 --label-noise 0.2 --sigma-j 0.5 --method overlap --runs 20 --alpha 0:6:3 --max-z 4
done
for activation in relu gelu linear; do
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation $activation --teacher-activation hermite:0.5,0.3 -K 2 -M 2 -N 400 \
        -L 2 --eta 0.2 --label-noise 0.2 --sigma-j 0.5 --runs 20 --alpha 0:6:3 --max-z 4
done
expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation hermite:0,0,0.3 -K 3 -M 2 -N 400 -L 2 --eta 0.02 --label-noise 0.2 \
    --sigma-j 0.5 --method overlap --runs 40 --alpha 0:6:3 --max-z 4
for activation in softplus silu; do
    expect 0 "$summary; within --max-z 4\$" "$ordpar" compare --activation $activation --small-eta -K 2 -M 2 -N 400 -L 2 --eta 0.01 \
        --sigma-j 0.5 --method overlap --runs 20 --alpha 0:10:3 --max-z 4
done
# a trial that comes to its end tells the time, and no verdict on its own rows
expect 0 '' "$ordpar" compare -L 2 -N 16 -K 1 -M 1 --runs 2 --alpha 0:0.5:3 --dry-run
grep -q '^time: .*tried to the end$' out.txt || fail "--dry-run: $(tail -n 1 out.txt)"

finish
