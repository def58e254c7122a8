# SPDX-License-Identifier: GPL-3.0-or-later
# Every closed form through the command line: columns, known values, agreement with curve, refusals.
. "$(dirname "$0")/lib.sh" "$1"

closed() { # OPTION..: the rows of a closed form
    expect 0 '' "$ordpar" closed-form "$@"
    grep -v '^#' out.txt
}

rows() { grep -v '^#' "$1"; }

# same NAME A B TOLERANCE: the numbers of two files' last columns agree, relatively
same() {
    paste -d, "$2" "$3" | awk -F, -v name="$1" -v tolerance="$4" '
        NR > 1 { a = $(NF / 2); b = $NF; if (!(a - b <= tolerance * b && b - a <= tolerance * b)) { print name ": " a " against " b; bad = 1 } }
        END { if (NR < 3) { print name ": no rows"; bad = 1 } exit bad }' || fail "$1"
}

# value NAME EXPECTED COLUMN: of the last row
value() {
    tail -n 1 rows.csv | awk -F, -v e="$2" -v c="$3" '{ d = $c - e; if (d < 0) d = -d; exit !(d <= 1e-12 * (e < 0 ? -e : e)) }' ||
        fail "$1: $(tail -n 1 rows.csv), expected $2 in column $3"
}

# header NAME COLUMNS OPTION..
header() {
    local name=$1 columns=$2
    shift 2
    closed "$name" "$@" >rows.csv
    [ "$(head -n 1 rows.csv)" = "$columns" ] || fail "$name: columns $(head -n 1 rows.csv)"
}

grid=(--alpha 0.01:100:20:log)
for name in linear-exact linear-small-eta linear-continuum linear-finite-n features asymptotic; do
    header "$name" alpha,eps_g "${grid[@]}"
    [ "$(wc -l <rows.csv)" -eq 21 ] || fail "$name: $(wc -l <rows.csv) lines"
done

# Against the integrated equations, from the same start
mean=(-K 3 -M 2 -N 64 -L 16 --eta 0.4 --sigma-j 0.5 "${grid[@]}" --init mean --teacher mean)
integrated() { # OPTION..
    expect 0 '' "$ordpar" curve --activation linear --rtol 1e-11 "${mean[@]}" "$@"
    grep -v '^#' out.txt >curve.csv
}
closed linear-exact "${mean[@]}" --label-noise 0.2 >rows.csv
integrated --label-noise 0.2
same "linear-exact against curve" rows.csv curve.csv 1e-8
closed linear-small-eta "${mean[@]}" >rows.csv
integrated --small-eta
same "linear-small-eta against curve" rows.csv curve.csv 1e-8
closed features "${mean[@]}" --trainable 21 >rows.csv
integrated --trainable 21
same "features against curve" rows.csv curve.csv 1e-8
closed features "${mean[@]}" --trainable 21 --small-eta >rows.csv
integrated --trainable 21 --small-eta
same "features, small eta, against curve" rows.csv curve.csv 1e-8

# The teacher that all runs have
kept=(-K 3 -M 2 -N 64 -L 16 --eta 0.4 --sigma-j 0.5 "${grid[@]}" --teacher-seed 5)
expect 0 '' "$ordpar" curve --activation linear --rtol 1e-11 "${kept[@]}" --init mean
grep -v '^#' out.txt >curve.csv
closed linear-exact "${kept[@]}" >rows.csv
same "linear-exact with a teacher's seed against curve" rows.csv curve.csv 1e-8
expect 0 '' "$ordpar" curve --activation linear --rtol 1e-11 "${kept[@]}" --init mean --small-eta --trainable 21
grep -v '^#' out.txt >curve.csv
closed features "${kept[@]}" --small-eta --trainable 21 >rows.csv
same "features with a teacher's seed against curve" rows.csv curve.csv 1e-8
for name in plateau escape critical-eta; do
    closed $name -L 4 --teacher-seed 7 >kept.csv
    closed $name -L 4 --teacher sampled --seed 7 >rows.csv
    cmp -s kept.csv rows.csv || fail "$name with a teacher's seed: $(cat kept.csv rows.csv)"
    closed $name -L 4 >rows.csv
    cmp -s kept.csv rows.csv && fail "$name leaves a teacher's seed aside"
    closed $name -L 4 --teacher-seed -1 >kept.csv
    cmp -s kept.csv rows.csv || fail "$name with no teacher's seed"
done

# A start from a file
expect 0 '' "$ordpar" curve --activation linear -N 64 --eta 0.3 --alpha 0:0:1 --save-overlaps start.csv
expect 0 '' "$ordpar" curve --activation linear -N 64 --eta 0.3 "${grid[@]}" --rtol 1e-11 --overlaps start.csv
grep -v '^#' out.txt >curve.csv
closed linear-exact -N 64 --eta 0.3 "${grid[@]}" --overlaps start.csv >rows.csv
same "linear-exact from a file against curve" rows.csv curve.csv 1e-8

# The ends of alpha
closed linear-exact --alpha 0:1e300:2 >rows.csv
value "linear-exact at 1e300" 0 2
closed linear-continuum -N 1e6 -L 1e6 --beta 0.01 --alpha 1e300:1e300:1 >rows.csv
value "linear-continuum at 1e300" 0 2

header plateau Q,R,eps_g -K 3 -M 2
value "plateau Q" 0.33333333333333333 1
value "plateau R" 0.40824829046386302 2
value "plateau eps_g" 0.0058054201563341993 3 # 1/6 - (2/pi) asin(1/4)
header plateau Q,R,eps_g,Q0,Q1,R0,R1 --moments 0,1
value "plateau Q1" 0.33333333333333333 5
# small starts leave tau ln(ratio) later, with the same jitter, however small they are
law() { tail -1 "$1" | cut -d, -f"$2"; }
for size in 1e-4 1e-8 1e-20; do
    expect 0 '' "$ordpar" closed-form escape-law -L 1 --eta 0.5 -N 1000 --sigma-j $size -o law$size.csv
    grep -q '^# law:' law$size.csv && fail "the law does not hold at sigma_J = $size"
done
tau=$(sed -n 's/^# tau: //p' law1e-4.csv)
for size in 1e-8 1e-20; do
    awk -v a="$(law law1e-4.csv 1)" -v b="$(law law$size.csv 1)" -v j="$(law law1e-4.csv 6)" -v k="$(law law$size.csv 6)" -v tau="$tau" -v size=$size \
        'BEGIN { d = (b - a) / (tau * log(1e-4 / size)) - 1; r = k / j - 1; exit !(d * d < 1e-8 && r * r < 1e-6) }' || fail "sigma_J = $size: $(tail -1 law$size.csv), 1e-4: $(tail -1 law1e-4.csv)"
done
# .. unless noise parts the students: 30 curves have sd = 0.13 there
for noise in 0.3 0; do
    expect 0 '' "$ordpar" closed-form escape-law -K 2 -M 3 -L 2 -N 2048 --sigma-j 1e-3 --eta 1.5 --label-noise $noise -o noisy.csv
    [ "$(grep -c '^# law: does not hold' noisy.csv)" -eq "$([ $noise = 0 ] && echo 0 || echo 1)" ] || fail "the law with label noise $noise: $(grep '^#' noisy.csv)"
done
header plateau Q,R,eps_g,R_1,R_2 --teacher sampled
header plateau Q,R,eps_g,R_1,R_2 --teacher-output 1,-1
expect 0 '' "$ordpar" closed-form plateau -L 1 --teacher-output 1,-1 # where the curve rests
rows out.txt | tail -1 | awk -F, '{ exit !($2 == 0 && $4 > 0.639 && $4 < 0.6395 && $5 == -$4) }' || fail "opposite teachers: $(tail -1 out.txt)"
header escape rate,tau -L 1
value "tau" 30.418340069802088e1 2 # pi/(2 eta) sqrt 3 (5)^1.5, eta = 0.1
grep -q '^# predicted length of the plateau: [0-9]' out.txt || fail "no length in: $(cat out.txt)"
grep -q '^# tau, asymptote: .* at this L: the law of large L' out.txt || fail "no asymptote in: $(cat out.txt)"
grep -q '^# times: tau is 1/rate, .* plateau exit is the alpha' out.txt || fail "no note on times in: $(cat out.txt)"
header plateau Q,R,eps_g -L 4 --eta 0.5 --orders all
value "plateau at all orders" 0.0064540816455856131 3 # where curve --init mean --teacher mean --eta 0.5 rests
grep -q '^# orders in eta: all' out.txt || fail "orders in: $(cat out.txt)"
# above the critical learning rate they say so
for form in plateau escape; do
    for eta in 4.61 4.62; do
        expect 0 '' "$ordpar" closed-form $form -L 4 --eta $eta
        [ "$(grep -c '^# eta_c: 4\.613655392, and eta = 4\.62 is not below it' out.txt)" = $([ $eta = 4.62 ] && echo 1 || echo 0) ] || fail "$form at eta = $eta: $(cat out.txt)"
    done
    expect 0 '' "$ordpar" closed-form $form -L 4 --eta 9 --small-eta
    grep -q '^# eta_c' out.txt && fail "an eta_c of $form at lowest order"
done
# where noise may be first the predicted length says so, here and in reports
expect 0 '' "$ordpar" closed-form escape -L 1 --eta 1 --label-noise 0.6
grep -q '^# label noise: the predicted length is until' out.txt || fail "escape with label noise: $(cat out.txt)"
expect 0 '' "$ordpar" curve -L 1 -N 64 --eta 1 --label-noise 0.6 --alpha 0.1:50:20:log -o noisy.csv
expect 0 '' "$ordpar" report noisy.csv
grep -q '^# label noise: the predicted length is until' out.txt || fail "report with label noise: $(cat out.txt)"
expect 0 '' "$ordpar" closed-form escape -L 1 --eta 1 --label-noise 0.1
grep -q '^# label noise' out.txt && fail "escape with little label noise: $(cat out.txt)"
header escape-law mean,sd,q05,q50,q95,jitter -L 1 --eta 0.5
grep -q '^# settings: .*teacher=mean.*; default: ' out.txt || fail "the teacher of escape-law: $(grep settings: out.txt)"
grep -q '^# modes: 1, ' out.txt || fail "no modes in: $(cat out.txt)"
header escape-law mean,sd,q05,q50,q95 -L 1 --eta 0.5 --small-eta
grep -q '^# window' out.txt && fail "a window of small starts"
expect 0 '' "$ordpar" closed-form escape-law -L 1 --eta 0.5 --small-eta --sigma-j 1
grep -q '^# window: for sigma_J well below 1: ' out.txt || fail "escape-law of large starts has no window"
header critical-eta eta_c,eta_c_N -K 1 -M 1
value "eta_c, M = 1" 4.0557786759736133 1 # pi sqrt(5/3)
# of the teacher that is given, its fields T [7.19]
overlaps() { # T: q = (1 + 1e-4) t, r = t = p T 1
    awk -v T="$1" 'BEGIN { print "matrix,block,row,col,value"
        for (b = 1; b <= 4; b++) for (i = 1; i <= 2; i++) for (j = i; j <= 2; j++) { x = (i == j) * T / 4
            printf "q,%d,%d,%d,%.17g\nt,%d,%d,%d,%.17g\nr,%d,%d,%d,%.17g\n", b, i, j, 1.0001 * x, b, i, j, x, b, i, j, x
            if (i < j) printf "r,%d,%d,%d,0\n", b, j, i } }'
}
for pair in 0.25:3.732383914072184 4:5.804285390515784; do # by a matrix of all pairs of units, in Python
    overlaps "${pair%:*}" >taught.csv
    header critical-eta eta_c,eta_c_N -N 64 -L 4 --overlaps taught.csv
    value "eta_c of T = ${pair%:*}" "${pair#*:}" 1
    grep -q '^# teacher: that of the overlaps' out.txt || fail "the teacher of eta_c: $(cat out.txt)"
    expect 0 '' "$ordpar" sweep --sweep eta="$(awk -v e="${pair#*:}" 'BEGIN { print 0.98 * e "," 1.02 * e }')" -N 64 -L 4 --overlaps taught.csv --alpha 100:1000:2 --curves -o taught_rows.csv
    for point in 1 2; do
        awk -v a="$(cell taught_rows.csv $point eps_g@100)" -v b="$(cell taught_rows.csv $point eps_g@1000)" -v grows=$((point - 1)) \
            -v eta_c="$(cell taught_rows.csv $point eta_c)" -v expected="${pair#*:}" \
            'BEGIN { d = eta_c / expected - 1; exit !((b > a) == grows && d < 1e-14 && d > -1e-14) }' || fail "T = ${pair%:*}: $(cat taught_rows.csv)"
    done
done
# likewise where the plateau ends: from a specialisation of 1e-6 to T, up to 1.5 escape times behind its exit
for T in 0.25 4; do
    overlaps $T | awk -F, -v OFS=, '$1 == "q" { $5 = ($3 == $4) * 1e-4 / 4 } $1 == "r" { $5 = ($3 == $4) * 1e-6 / 4 } { print }' >apart.csv
    header escape rate,tau -N 64 -L 4 --overlaps apart.csv
    grep -q "^# predicted length of the plateau: .* (from a specialisation of 1e-06 to $T)" out.txt || fail "T = $T: $(grep length out.txt)"
    expect 0 '' "$ordpar" sweep --sweep eta=0.1 -N 64 -L 4 --overlaps apart.csv --alpha 0.1:2e4:1000:log -o apart_row.csv
    awk -v predicted="$(cell apart_row.csv 1 plateau_length_predicted)" -v left="$(cell apart_row.csv 1 plateau_exit)" \
        -v rate="$(cell apart_row.csv 1 escape_rate_predicted)" 'BEGIN { d = rate * (predicted - left); exit !(d > 0 && d < 1.5) }' ||
        fail "T = $T: $(tail -n 1 apart_row.csv)"
done
expect 0 '' "$ordpar" simulate -N 64 -L 4 --overlaps apart.csv --method overlap --alpha 0:10:5 --runs 2 -o apart_runs.csv
expect 0 '' "$ordpar" report apart_runs.csv # one start and one teacher, whatever the runs
grep -q '^plateau length,[^,]*,[^,]*,[0-9]' out.txt && ! grep -q 'its own' out.txt || fail "runs from overlaps: $(cat out.txt)"
expect 2 "--overlaps: critical-eta has digits for the mean teacher" "$ordpar" closed-form critical-eta -N 64 -L 4 --overlaps taught.csv --digits 20
expect 2 "--teacher: critical-eta has digits for the mean teacher, got sampled" "$ordpar" closed-form critical-eta --teacher sampled --digits 20
expect 0 '' "$ordpar" closed-form critical-eta -L 4
grep -q '^# settings: .*teacher=mean.*; default: ' out.txt || fail "the teacher of eta_c: $(grep settings: out.txt)"
(cat taught.csv; printf 'v,1,1,1,2\nv,1,2,1,3\n') >outputs.csv # whose output weights are the model's
header critical-eta eta_c,eta_c_N -N 64 -L 4 --activation linear --student-output 2,3
mv rows.csv expected.csv
header critical-eta eta_c,eta_c_N -N 64 -L 4 --activation linear --overlaps outputs.csv
cmp rows.csv expected.csv || fail "output weights of the overlaps: $(cat rows.csv)"
expect 2 "--student-output, --teacher-output: critical-eta needs all output weights equal" "$ordpar" closed-form critical-eta -N 64 -L 4 --overlaps outputs.csv
(cat taught.csv; printf 'p,1,1,1,0.1\np,1,1,2,0\np,1,2,2,0.1\n') >unlearnable.csv
expect 2 "--unlearnable: critical-eta needs a teacher that the inputs show in full" "$ordpar" closed-form critical-eta -N 64 -L 4 --overlaps unlearnable.csv
expect 2 "--unlearnable: frontier leaves out what no feature shows" "$ordpar" closed-form frontier -N 64 -L 4 --compute 100 --overlaps unlearnable.csv
header critical-eta eta_c,eta_c_N -N 64 -L 4 --activation linear --overlaps unlearnable.csv
header critical-eta eta_c,eta_c_N -K 4 -M 2 --activation linear
value "eta_c, linear" 4 1
header critical-eta eta_c,eta_c_N -K 1 -M 1 --activation linear -N 128 -L 128
[ "$(tail -n 1 rows.csv | cut -d, -f2 | cut -c 1-5)" = 1.001 ] || fail "eta_c_N: $(tail -n 1 rows.csv)"
expect 0 '' "$ordpar" closed-form escape --init mean --teacher mean
grep -q '^# predicted length of the plateau: infinite' out.txt || fail "a start that is not specialised"
expect 0 '' "$ordpar" closed-form linear-small-eta -N 256 -L 256 --beta 1
grep -q '^# power law: alpha^-0.5 for ' out.txt || fail "no window in: $(cat out.txt | head -20)"
expect 0 '' "$ordpar" closed-form asymptotic --small-eta --continuum "${grid[@]}" --format json
expect 0 '^ordpar closed-form: the picture does not show all: the curve leaves it below; --decades shows more$' \
    "$ordpar" closed-form linear-small-eta -N 256 -L 256 -o rows.csv --plot rows.svg
expect 0 '' "$ordpar" closed-form linear-small-eta -N 256 -L 256 -o rows.csv --plot rows.svg -q
[ -s rows.svg ] || fail "no picture"

# The frontier: no other N_l does better at the same compute
header frontier compute,trained,alpha,eps_g,exponent -N 256 -L 256 --compute 0.1:1e6:57:log
grep -q '^# exponent of N_l: 0.3[0-9]*, standard error .* predicted 0.333333' out.txt || fail "no exponent in: $(head -20 out.txt)"
IFS=, read -r compute trained alpha eps_g rest < <(sed -n 30p rows.csv)
for other in 0 -3 -1 1 3; do
    n=$((trained + other))
    at=$(awk -v c="$compute" -v n="$n" 'BEGIN { printf "%.17g", c / n }')
    closed features -N 256 -L 256 --small-eta --trainable "$n" --alpha "$at:$at:1" | tail -n 1 |
        awk -F, -v e="$eps_g" -v o="$other" '{ d = $2 / e - 1; exit !(o ? d > 1e-7 : d < 1e-14 && d > -1e-14) }' ||
        fail "N_l = $n at the compute $compute is not worse than $trained"
done
expect 0 '' "$ordpar" closed-form frontier -N 256 -L 256 -o rows.csv --plot rows.svg
grep -q 'window of the fit' rows.svg || fail "no predicted slope in the picture"
expect 0 '' "$ordpar" closed-form frontier -N 64 -L 4 --compute 0:1:2 --format json

refuse() { # PATTERN OPTION..
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" closed-form "$@" -o result.csv
    expect_no result.csv
}
refuse "NAME must be one of linear-exact\|.*critical-eta, got ''"
refuse "NAME must be one of .*, got 'plateaus'" plateaus
refuse "unexpected argument 'two'" plateau two
refuse "--activation: linear-exact is for linear, got erf" linear-exact --activation erf
refuse "--activation: escape is for erf, got linear" escape --activation linear
refuse "--eta: linear-exact needs eta < eta_c = 2, got 2" linear-exact --eta 2
refuse "--normalise: linear-continuum has the trace N already" linear-continuum --normalise
refuse "--array: linear-continuum is without data" linear-continuum --array X
refuse "--spread-parts: linear-continuum needs the power law" linear-continuum --spread-parts 3
refuse "--eta: linear-exact needs eta < eta_c = 4, got 5" linear-exact --eta 5 -K 4
refuse "--eta: asymptotic needs eta < eta_c = 4.61365.*, got 4.7" asymptotic --eta 4.7
refuse "-K, -M: asymptotic needs K = M, got K = 3, M = 2" asymptotic -K 3
refuse "-K, -M: critical-eta needs K = M, got K = 2, M = 4" critical-eta -M 4
refuse "at least 2 of each, got K = 1, M = 2" escape -K 1
refuse "--student-output, --teacher-output: critical-eta needs all output weights equal" critical-eta --student-output 1,2
refuse "equal output weights of the students, got 1 and 2" plateau --student-output 1,2
refuse "--small-eta: linear-exact has all orders" linear-exact --small-eta
refuse "--spectrum: linear-continuum needs the power law" linear-continuum --spectrum nowhere.csv
refuse "--trainable: linear-continuum" linear-continuum --trainable 3
refuse "--trainable: the number of components .*1024, got 2000" features --trainable 2000
refuse "--label-noise: linear-small-eta" linear-small-eta --label-noise 1
refuse "--moments: escape has no order parameters" escape --moments 1
refuse "--continuum: linear-exact is not asymptotic" linear-exact --continuum
refuse "--plot: plateau is one row" plateau --plot x.svg
refuse "L must divide N .*, got L = 3, N = 10; take L = " linear-continuum -N 10 -L 3
refuse "at most 200000, got 300000" linear-exact -N 300000 -L 300000
refuse "near the teacher needs K = M" linear-exact -K 3 --init near-teacher
refuse "--compute: linear-exact has a grid of alpha" linear-exact --compute 1:2:3
refuse "--compute: plateau is one row" plateau --compute 1:2:3
refuse "--compute: must be START:STOP" frontier --compute 1:nan:3
refuse "--alpha: frontier has compute" frontier --alpha 1:2:3
refuse "--trainable: frontier finds N_l itself" frontier --trainable 3
refuse "--label-noise: frontier leaves out eta" frontier --label-noise 1
refuse "--digits: frontier has no such precision" frontier --digits 20
refuse "--activation: frontier is for linear, got erf" frontier --activation erf
refuse "the learning rate 1e.308 is too large" frontier --eta 1e308
refuse "--alpha: must be" linear-exact --alpha 0:inf:3
expect 1 "diverges: it overflows at alpha = 1e" "$ordpar" closed-form linear-finite-n --eta 100 --alpha 1e6:1e6:1
# first order in the distance from the teacher, where that is small
expect 0 '' "$ordpar" closed-form asymptotic --eta 4.6 --label-noise 0.1 --alpha 10,1000 -L 4 -o far.csv
grep -q '^# range: first order in the distance' far.csv || fail "no note of the range"
expect 0 '' "$ordpar" closed-form asymptotic --eta 1 --alpha 10,1000 -L 4 -o near.csv
grep -q '^# range' near.csv && fail "a note of the range near the teacher"

# at large learning rates the plateau is the one of small ones, followed: as curves from small students have it
for eta in 3 4 4.2; do
    expect 0 '' "$ordpar" closed-form plateau -K 2 -M 2 -L 2 -N 1000 --orders all --eta $eta -o plateau.csv
    expect 0 '' "$ordpar" curve -K 2 -M 2 -L 2 -N 1000 --eta $eta --teacher mean --sigma-j 1e-7 --alpha 0:100:401 --report -o height.csv
    height=$(sed -n 's/^# plateau height: \([^;]*\);.*/\1/p' height.csv)
    echo "$(tail -n 1 plateau.csv),$height" | awk -F, '{d = $3 / $4 - 1; exit !(d < 1e-4 && -d < 1e-4)}' || fail "plateau at eta = $eta: $(tail -n 1 plateau.csv), measured $height"
done

# units of unequal output weights have an overlap each; R is their mean
expect 0 '' "$ordpar" closed-form plateau -L 1 --teacher-output 1,-1 -o unequal.csv
tail -n 2 unequal.csv | awk -F, 'NR == 1 {good = $4 == "R_1" && $5 == "R_2"} NR == 2 {good = good && $4 > 0.639 && $4 < 0.64 && $4 + $5 == 0} END {exit !good}' ||
    fail "overlaps of unequal units: $(tail -n 1 unequal.csv)"

# a curve from the teacher has no plateau, and settings that say where it starts
expect 0 '' "$ordpar" closed-form asymptotic --sigma-j 0.01 --alpha 0:100:11 -o asymptotic.csv
grep -q 'init=near-teacher teacher=mean' asymptotic.csv || fail "the start of the asymptotic form"
expect 0 '' "$ordpar" report asymptotic.csv -o report.csv
grep -q '^plateau height,,,,,' report.csv || fail "a plateau beside the teacher: $(cat report.csv)"

# Ctrl-C and a single SIGTERM end sums over many eigenvalues and rows, which do not look at it
for signal in INT TERM; do
    "$ordpar" closed-form linear-small-eta --activation linear -K 1 -M 1 -N 300000 -L 300000 --alpha 1:1e6:100000:log -o none.csv 2>err.txt &
    listens $!
    sleep 0.2
    kill -$signal $!
    wait $!
    code=$?
    [[ $code == 130 && $(cat err.txt) == 'ordpar closed-form: interrupted' && ! -e none.csv ]] || fail "SIG$signal: $code, $(cat err.txt)"
done

# students of one drawn teacher are it
for seed in 1 2 3 4 5 6 7 8; do
    expect 0 '' "$ordpar" closed-form plateau --orders all -K 2 -M 1 -N 1200 -L 1 --eta 0.5 --seed $seed --teacher sampled -o one.csv
done

# without the orders above the lowest nothing is critical, and rates that change have no final one
for activation in erf linear; do
    expect 2 '--small-eta: critical-eta is of all orders in eta' "$ordpar" closed-form critical-eta --small-eta -K 1 -M 1 --activation $activation
done
expect 0 '' "$ordpar" closed-form asymptotic --small-eta --schedule linear:100 --alpha 0:10:2
! grep -qE '^# (eta_c|final rate)' out.txt || fail "of a schedule at lowest order: $(grep -E 'eta_c|final' out.txt)"
expect 0 '' "$ordpar" closed-form asymptotic --small-eta --alpha 0:10:2
grep -q '^# final rate of W.W' out.txt && ! grep -q '^# eta_c' out.txt || fail "at lowest order: $(grep -E 'eta_c|final' out.txt)"

# fields of a small variance, whose averages differ by its square: right numbers, or a refusal
small='--spectrum small.csv'
for unit in 1e-4 1e-8 1e-30; do
    awk -v u=$unit 'BEGIN { print "eigenvalue,multiplicity"; printf "%.17g,100\n%.17g,200\n", 2 * u, u / 2 }' >small.csv
    for units in '-K 2 -M 2' '-K 3 -M 3'; do
        closed critical-eta $small $units | awk -F, 'NR == 1 || $0 = $1' >double.csv
        closed critical-eta $small $units --digits 12 >digits.csv
        { cat double.csv; tail -n 1 double.csv; } >twice.csv
        { cat digits.csv; tail -n 1 digits.csv; } >exact.csv
        same "eta_c, $unit, $units" twice.csv exact.csv 1e-11
        alpha=$(awk -v u=$unit 'BEGIN { printf "0,%g,%g", 1e-2 / u ^ 3, 10 / u ^ 3 }')
        closed asymptotic --small-eta $small $units --alpha "$alpha" >double.csv
        closed asymptotic --small-eta $small $units --alpha "$alpha" --digits 12 >digits.csv
        same "late, $unit, $units" double.csv digits.csv 1e-10
        closed asymptotic $small $units --alpha "$alpha" >all.csv # eta is far below eta_c
        same "late at all orders, $unit, $units" all.csv digits.csv 1e-3
    done
    [ $unit = 1e-4 ] && continue
    for form in plateau escape; do
        expect 1 "the fields have the variance ${unit/1e-8/1e-08}: below 1e-05 rounding hides" "$ordpar" closed-form $form --orders all $small
    done
done

# the continuum's integral has its digits at every alpha, and teachers of any decay
same_digits() { # OPTION..
    closed linear-continuum --activation linear -K 1 -M 1 -N 16 "$@" >double.csv
    closed linear-continuum --activation linear -K 1 -M 1 -N 16 "$@" --digits 15 >digits.csv
    same "linear-continuum $*" double.csv digits.csv 1e-11
}
same_digits -L 4 --alpha 0,1e-300,1e-200,1e-10,0.1,1,10,1000
same_digits -L 4 --teacher-decay 20 --alpha 0,1e-3,0.1,1,10,100
same_digits -L 4 --beta 0.1 --teacher-decay 30 --alpha 0,1e-3,1,3,20,30,100,1000
same_digits -L 16 --beta 0.3 --teacher-decay 8 --alpha 0,1e-25,1e-3,1,10
same_digits -L 4 --beta 0.1 --teacher-decay 1000 --alpha 0,1e-3,1,1000,5000
same_digits -L 4 --teacher-decay -0.5 --alpha 0,1e-3,1,10,100
same_digits -L 4 --beta 1e-12 --alpha 0,1e-3,1,30,1000

# students whose output weights are 0 stay where they are, in all digits, and no eta is critical
for weights in '-K 1 -M 1 --student-output 0' '-K 2 -M 2 --student-output 0,0 --label-noise 0.3 --unlearnable 0.2'; do
    for command in 'closed-form linear-exact' 'precision curve --init mean --teacher mean'; do
        expect 0 '' "$ordpar" $command --activation linear -N 8 -L 2 $weights --alpha 0:2:3 --digits 15 -o digits.csv
        expect 0 '' "$ordpar" closed-form linear-exact --activation linear -N 8 -L 2 $weights --alpha 0:2:3 -o double.csv
        rows digits.csv >exact.csv
        rows double.csv >near.csv
        same "$command $weights" exact.csv near.csv 1e-12
    done
    noise=${weights% --label-noise*}
    expect 2 'output weights whose squares are 0 move no student, so no eta is critical' "$ordpar" closed-form critical-eta --activation linear $noise
    expect 2 'no eta is critical: output weights are 0, or nothing is trained' "$ordpar" closed-form critical-eta --activation linear $noise --digits 10
done

# a signal ends the writing of many rows, of which nothing stays
many=("$ordpar" closed-form linear-exact --activation linear -K 1 -M 1 -L 1 --alpha 0:1:1500000)
begun=$(date +%s%N)
expect 0 '' "${many[@]}" -o long.csv
whole=$((($(date +%s%N) - begun) / 1000000))
for part in 50 60 40 70 30 80 20 65 55 45; do # percent of the time, until it is that
    rm -f long.csv
    "${many[@]}" -o long.csv 2>err.txt &
    sleep "$(printf '%d.%03d' $((whole * part / 100000)) $((whole * part / 100 % 1000)))"
    kill -INT $! 2>/dev/null
    wait $!
    code=$?
    grep -q 'interrupted while the output was written$' err.txt && break
done
[ $code -eq 130 ] && grep -q 'interrupted while the output was written$' err.txt || fail "SIGINT while rows are written: $code, $(cat err.txt)"
[ -z "$(ls -A | grep long)" ] || fail "left: $(ls -A | grep long)"

# a trial prints the model that the run has
for form in linear-exact asymptotic plateau frontier; do
    expect 0 '' "$ordpar" closed-form $form -N 64 -L 64 --dry-run
    grep -E '^(model|settings): ' out.txt | sort >trial.txt
    expect 0 '' "$ordpar" closed-form $form -N 64 -L 64 -q
    cmp <(sed -nE 's/^# ((model|settings): )/\1/p' out.txt | sort) trial.txt || fail "$form: $(cat trial.txt)"
done
expect 2 "NAME must be one of .*, got 'bad'" "$ordpar" closed-form bad --dry-run

finish
