# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar precision: curve, check, map, and decimals.
. "$(dirname "$0")/lib.sh" "$1"

# how far curves go: the sanitizers see the same code on shorter ones
far=(100 20 240) implicit=(-L 32 --alpha 0:5000:3)
[ -z "${BRIEF:-}" ] || far=(1 0.3 20) implicit=(-L 8 --alpha 0:100:3)

# a trace of 1e6 N: tilted covariances must not cancel, or rounding takes the steps
printf 'eigenvalue,multiplicity\n1e6,100\n' >large.csv
expect 0 '' "$ordpar" precision check --spectrum large.csv --alpha 0:${far[0]}:3 --representation blocks --digits 10 --max-error 1e-8
expect 0 '' "$ordpar" curve --spectrum large.csv --alpha 0:100:3
steps=$(sed -n 's/^# integrator: \([0-9]*\) steps.*/\1/p' out.txt)
[ "$steps" -lt 4000 ] || fail "$steps steps at a trace of 1e6 N"

# near the teacher at a learning rate that leads away from it: deviations that are not small
expect 0 '' "$ordpar" precision check -N 100 -L 1 --init near-teacher --sigma-j 1e-3 --eta 30 --alpha 0:${far[1]}:3 --representation blocks \
    --digits 10 --max-error 1e-7

# what is drawn is doubles
start() { # EXPECTED OPTION..
    expect 0 '' "$ordpar" precision curve -L 1 -N 16 --alpha 0:0:1 "${@:2}"
    [ "$(sed -n 's/^# start: \(.*\) drawn as doubles.*/\1/p' out.txt)" = "$1" ] || fail "${*:2}: $(grep '^# start' out.txt)"
}
start "the students and the teachers"
start "the teachers" --init mean
start "the students" --teacher mean
start "" --init mean --teacher mean

# body: the rows without notes and header
body() {
    grep -v '^#' out.txt | tail -n +2
}
mean="--init mean --teacher mean"

# curve: an independent reference (extrapolation with mpmath), in both bases
for basis in moments blocks implicit; do
    expect 0 '' "$ordpar" precision curve -L 1 --eta 0.5 --sigma-j 0.1 $mean --alpha 0:1:3 --digits 28 --representation $basis
    [ "$(grep -v '^#' out.txt | head -1)" = "alpha,eps_g" ] || fail "header"
    [ "$(body | tail -1)" = "1.000000000000000000000000000e+00,1.043867297096463704357964205e-01" ] || fail "$basis: $(body | tail -1)"
    grep -q "^# representation: $basis" out.txt || fail "no note of the basis"
    grep -q "^# error bound: 10^-[0-9.]* relative" out.txt || fail "no error bound"
done

# parameters are decimals: 0.1 is one tenth; eps_g(0) = (1 + 0.1^2)/2 for the linear network
linear="--activation linear -K 1 -M 1 -N 4 -L 4"
expect 0 '' "$ordpar" precision curve $linear --sigma-j 0.1 $mean --alpha 0:0:1 --digits 40
[ "$(body)" = "0.000000000000000000000000000000000000000e+00,5.050000000000000000000000000000000000000e-01" ] || fail "$(body)"
expect 0 '' "$ordpar" precision curve $linear --student-output 0.3 --teacher-output 0.7 --sigma-j 1 $mean --alpha 0:0.3:4 --digits 40
[ "$(body | head -1 | cut -d, -f2)" = "2.900000000000000000000000000000000000000e-01" ] || fail "weights: $(body | head -1)"
[ "$(body | sed -n 2p | cut -d, -f1)" = "1.000000000000000000000000000000000000000e-01" ] || fail "grid: $(body | sed -n 2p)"
printf 'eigenvalue,multiplicity\n0.1,2\n2.3,1\n0.1,1\n' >s.csv
expect 0 '' "$ordpar" precision curve --activation linear -K 1 -M 1 --spectrum s.csv --sigma-j 0 $mean --alpha 0:0:1 --digits 40
[ "$(body | cut -d, -f2)" = "3.250000000000000000000000000000000000000e-01" ] || fail "spectrum: $(body)"
expect 2 "--spectrum: .*file.*got '-'" "$ordpar" precision curve --spectrum -

# linear: exponentials, and both bases when asked for
for basis in '' '--representation moments' '--representation blocks' '--representation implicit'; do
    expect 0 '' "$ordpar" precision curve --activation linear -N 64 -L 4 --label-noise 0.2 --alpha 0.1:50:4:log --digits 25 $basis
    body >"rows.${basis##* }"
done
cmp -s rows. rows.moments && cmp -s rows. rows.blocks && cmp -s rows. rows.implicit || fail "exponentials, moments, blocks and implicit steps differ"
expect 0 '' "$ordpar" precision curve --activation linear -N 64 -L 4 --alpha 0:50:4 --trainable 40
expect 0 '' "$ordpar" precision curve -L 4 --alpha 0:1:2 --trainable 300 --digits 10
grep -q '^# representation: blocks' out.txt || fail "the basis that costs least is not the default"
expect 2 'closed only where all 5 blocks are trained, got 2' "$ordpar" precision curve -L 4 --alpha 0:1:2 --trainable 300 --representation moments
expect 0 '' "$ordpar" precision curve -L 2 --alpha 0:1:2 --digits 20 --format json
grep -q '"rows": \[' out.txt || fail "JSON"
grep -qE '\[1\.0000000000000000000e\+00, [0-9]\.[0-9]{19}e-0[0-9]\]' out.txt || fail "JSON digits: $(tail -4 out.txt)"

agrees() { # OPTION..: precision check to 1e-7, into c.csv
    expect 0 'largest relative error ' "$ordpar" precision check "$@" -o c.csv
    grep -q '^# largest relative error: .* max-error = 1e-07: agrees$' c.csv || fail "$*: $(grep '^#' c.csv)"
}

# check: on the sampled start that both share
agrees -L 8 --alpha 0:2:3 --digits 20 --max-error 1e-7
[ "$(grep -v '^#' c.csv | head -1)" = "alpha,double,mpfr,relative_error" ] || fail "header of check"
[ "$(grep -vc '^#' c.csv)" -eq 4 ] || fail "rows of check"
"$ordpar" precision check -L 8 --alpha 0:2:3 --digits 20 --max-error 1e-17 -o d.csv 2>err.txt
[ $? -eq 3 ] && grep -q -- '--max-error: 1e-17 is exceeded: .* at alpha' err.txt && [ -s d.csv ] || fail "--max-error: no exit 3"
# near the teacher both share W itself, however small
agrees -L 2 --eta 1 --init near-teacher --sigma-j 1e-20 --alpha 0:10:3 --digits 12 --max-error 1e-7
tail -n 1 c.csv | awk -F, '{ exit !($2 > 0 && $2 < 1e-40) }' || fail "near the teacher: $(tail -n 1 c.csv)"
# from a drawn start through the plateau into deviation coordinates, to 5e-14
agrees -L 1 --eta 3.5 --sigma-j 0.5 --alpha 0:${far[2]}:4 --digits 9 --representation blocks --max-error 1e-7
[ -n "${BRIEF:-}" ] || tail -n 1 c.csv | awk -F, '{ exit !($2 < 1e-13 && $2 > 1e-14) }' || fail "the deep row of check: $(tail -n 1 c.csv)"
# 32 eigenvalues of a power law, to 2e-29, where Taylor series would need thousands of steps
agrees "${implicit[@]}" --eta 2 --init near-teacher --sigma-j 1e-10 --digits 10 --representation implicit --max-error 1e-7
[ -n "${BRIEF:-}" ] || tail -n 1 c.csv | awk -F, '{ exit !($2 > 1e-29 && $2 < 3e-29) }' || fail "the deep row of implicit steps: $(tail -n 1 c.csv)"
expect 0 '' "$ordpar" precision check --activation linear -N 64 -L 4 --alpha 0:9:3
grep -q '^# largest relative error: .* 10 rtol = 1e-07$' out.txt || fail "no summary: $(grep '^#' out.txt)"

# map: the condition numbers of theory, and no digit in double at L >= 20
expect 0 '' "$ordpar" precision map --sizes 4,8,20,24 -o m.csv
[ "$(grep -v '^#' m.csv | head -1)" = "L,log10_condition,digits_lost,bits,double_error" ] || fail "header of map"
grep -v '^#' m.csv | tail -n +2 | awk -F, '
    {split("3.1 10.9 43.1 55.5", c, " "); d = $2 - c[NR]; if (d * d > 0.0026) exit 1}
    $1 >= 20 && $5 < 0.1 {exit 1} $1 <= 8 && $5 > 1e-8 {exit 1}' || fail "map: $(cat m.csv)"
expect 0 '' "$ordpar" precision map --spectrum s.csv
[ "$(body | wc -l)" -eq 1 ] || fail "map of a spectrum"
if command -v gnuplot >/dev/null; then
    expect 0 '' "$ordpar" precision map --sizes 4,8 --plot m.svg -o m.csv
    [ -s m.svg ] || fail "no picture of the map"
    expect 0 '' "$ordpar" precision curve -L 1 --alpha 0:1:3 --digits 10 --plot c.svg -o c.csv
    [ -s c.svg ] || fail "no picture of the curve"
fi

# closed forms: the digits begin with those of double precision
while read -r form; do
    case $form in
    plateau* | escape* | critical-eta*) rows= ;;
    *) rows='--alpha 0.5:20:3:log' ;;
    esac
    expect 0 '' "$ordpar" closed-form $form $rows
    body >double.csv
    expect 0 '' "$ordpar" closed-form $form $rows --digits 40
    body >digits.csv
    [ "$(head -1 digits.csv | cut -d, -f1 | cut -de -f1 | wc -c)" -eq 42 ] || fail "$form: $(head -1 digits.csv)"
    paste -d, double.csv digits.csv | awk -F, -v n="$(head -1 digits.csv | tr ',' '\n' | wc -l)" '
        {for (k = 1; k <= n; k++) {d = $k - $(k + NF - n); if (d < 0) d = -d; if (d > 1e-13 * $k) exit 1}}' ||
        fail "$form: double and digits differ"
done <<'FORMS'
linear-exact -N 64 -L 16 --eta 0.9 --label-noise 0.2
linear-small-eta -N 64 -L 16 --student-output 0.5,0.3
linear-continuum -N 64 -L 16 --beta 0.3
linear-finite-n -N 64 -L 16 --label-noise 0.2 --init near-teacher
features -N 64 -L 16 --trainable 17
features -N 64 -L 16 --trainable 17 --small-eta
plateau -K 3 -M 4
escape -K 3 -M 4
asymptotic --small-eta -K 3 -M 3
critical-eta
critical-eta --activation linear -N 64 -L 16 --trainable 19
FORMS
expect 0 '' "$ordpar" closed-form linear-small-eta -K 1 -M 1 -N 2 -L 2 --alpha 0:1:2 --digits 1000
[ "$(body | head -1 | cut -d, -f2 | wc -c)" -eq 1006 ] || fail "1000 digits: $(body | head -1 | cut -d, -f2 | wc -c)"
expect 2 '--digits: asymptotic .* add --small-eta' "$ordpar" closed-form asymptotic --digits 20
expect 2 '--label-noise: linear-small-eta leaves out' "$ordpar" closed-form linear-small-eta --label-noise 1 --digits 20
# digits are of the lowest order, which may be said, also by the file of a run that said it
expect 0 '' "$ordpar" closed-form plateau --orders lowest -o lowest.csv
expect 0 '' "$ordpar" closed-form plateau --like lowest.csv --digits 20 -o alike.csv
expect 0 '' "$ordpar" closed-form plateau --digits 20 -o plain.csv
[ "$(grep -v '^#' alike.csv)" = "$(grep -v '^#' plain.csv)" ] || fail "digits beside --orders lowest"
expect 2 '--orders: plateau has digits at lowest order in eta; it is that of like' "$ordpar" closed-form plateau --like <(sed 's/orders=lowest/orders=all/;s/--orders lowest/--orders all/' lowest.csv) --digits 20
expect 2 '--teacher: plateau has digits for the mean teacher, got sampled' "$ordpar" closed-form plateau --teacher sampled --digits 20
expect 2 '--digits: must be at most 10000' "$ordpar" closed-form plateau --digits 1e9
expect 2 'linear-finite-n up to alpha = 1e20 takes .* steps' "$ordpar" closed-form linear-finite-n --alpha 0:1e20:2 --digits 20

# bad usage
expect 2 'needs one of curve, check, map' "$ordpar" precision
expect 2 "needs one of curve, check, map, as in 'precision curve', got 'plot'" "$ordpar" precision plot
expect 2 "unexpected argument 'map'" "$ordpar" precision curve map
expect 2 "--digits: must be at most 10000, got 1000000000: .* takes about .* s, .* GiB" "$ordpar" precision curve --digits 1e9 -o none.csv
expect 2 "--digits: 10000 digits .* take about .* s for each step" "$ordpar" precision curve --digits 10000
expect 2 "--digits: must be a whole number from 1 to .*, got '0'" "$ordpar" precision curve --digits 0
expect 2 "--digits: must be a whole number .*, got '2.5'" "$ordpar" precision curve --digits 2.5
expect 2 "--max-error: belongs to 'precision check'" "$ordpar" precision curve --max-error 1
for option in '--rtol 1e-6' '--atol 1e-10' '--integrator radau'; do
    expect 2 "${option% *}: belongs to 'precision check'" "$ordpar" precision curve -L 1 --alpha 0:1:2 $option
done
"$ordpar" curve -L 1 --alpha 0:1:2 --rtol 1e-6 -o like.csv
expect 0 '' "$ordpar" precision curve --like like.csv # which has them
expect 2 "--sizes: belongs to 'precision map'" "$ordpar" precision check --sizes 4
expect 2 "--sizes: must be different whole numbers from 1 to 64.*got '4,65'" "$ordpar" precision map --sizes 4,65
expect 2 "--activation: the map is of the linear network" "$ordpar" precision map --activation erf
expect 2 "--representation: must be one of moments.blocks.implicit, got 'x'" "$ordpar" precision curve --representation x
expect 2 "none/none.csv" "$ordpar" precision curve -o none/none.csv
expect_no none.csv
expect 0 '' "$ordpar" precision --help
grep -q -- '--representation' out.txt || fail "help"

# SIGINT: exit 130, nothing written
"$ordpar" precision curve -N 24 -L 24 --digits 200 --alpha 0:100:3 -o i.csv 2>err.txt &
pid=$!
listens $pid
used $pid 10
kill -INT $pid
wait $pid
[ $? -eq 130 ] || fail "SIGINT: exit $? ($(cat err.txt))"
expect_no i.csv
# what has no decimals is named, and nothing else; also of a file
tasks='{"tasks": [{"student_output": [1, 1], "teacher_output": [1, 0], "probability": [[0, 1]]}]}'
expect 0 '' "$ordpar" curve -N 64 -L 4 --tasks "$tasks" --alpha 0:1:2 -o tasks.csv
expect 2 '^ordpar precision: --tasks: has no arbitrary precision$' "$ordpar" precision curve --digits 8 --like tasks.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --batch-fraction 0.5 --alpha 0:1:2 -o fraction.csv
expect 2 '^ordpar precision: --batch-fraction: has no arbitrary precision$' "$ordpar" precision curve --digits 8 --like fraction.csv

# lists of alpha, in any order, and of a file: the rows are those of each alone, and of a grid
digits=(-L 1 --digits 20)
expect 0 '' "$ordpar" precision curve "${digits[@]}" --alpha 0:1:3
grep -v '^#' out.txt >grid.txt
printf 'eta,alpha\n1,1\n1,0\n1,0.5\n' >alphas.csv
for list in 1,0.5,0 alphas.csv; do
    expect 0 '' "$ordpar" precision curve "${digits[@]}" --alpha $list
    diff <(grep -v '^#' out.txt) grid.txt || fail "--alpha $list"
done
expect 0 '' "$ordpar" precision check "${digits[@]}" --alpha 3,0.1 --max-error 1e-7
[ "$(grep -v '^[#a]' out.txt | cut -d, -f1 | tr '\n' ' ')" = "1.0000000000000000000e-01 3.0000000000000000000e+00 " ] || fail "a check of a list: $(cat out.txt)"
for form in linear-exact linear-finite-n features; do
    unit=(closed-form $form --activation linear -K 1 -M 1 -N 16 -L 16 --trainable 8 --digits 12)
    [ $form = features ] || unit=("${unit[@]:0:12}" --digits 12)
    expect 0 '' "$ordpar" "${unit[@]}" --alpha 3,0.125
    grep -v '^[#a]' out.txt >list.txt
    for alpha in 0.125 3; do
        "$ordpar" "${unit[@]}" --alpha $alpha | grep -v '^[#a]'
    done | diff - list.txt || fail "$form of a list"
done
expect 0 '' "$ordpar" precision map --sizes 2,3 --alpha 0,5,20
# decimals of a list count as they stand: a tenth is not its double, nor is what no double tells from it
expect 0 '' "$ordpar" precision curve -L 1 --digits 30 --alpha 0.1000000000000000000001
grep -q '^1.00000000000000000000100000000e-01,' out.txt || fail "a decimal: $(tail -n 1 out.txt)"
expect 0 '' "$ordpar" precision curve -L 1 --digits 30 --alpha 2,0.1000000000000000000001
grep -q '^1.00000000000000000000100000000e-01,' out.txt || fail "a decimal of a list: $(tail -n 2 out.txt)"
expect 2 '--alpha: must be' "$ordpar" precision curve -L 1 --alpha 1,1

finish
