# SPDX-License-Identifier: GPL-3.0-or-later
# Trained outputs, weight decay and schedules in curve, simulate and compare.
. "$(dirname "$0")/lib.sh" "$1"

rm -f -- *.csv state
rows() { grep -v '^#' "$1"; }
same() { # A B TOLERANCE: the last rows agree in column 2, relatively
    awk -F, -v tol="$3" '/^[0-9]/ {x[FILENAME] = $2} END {
        a = x[ARGV[1]]; b = x[ARGV[2]]; d = a - b; if (d < 0) d = -d; exit !(a > 0 && d <= tol * a) }' "$1" "$2"
}

small=(-K 2 -M 2 -N 64 -L 4 --sigma-j 0.5)
all=(--train-output --eta-v 0.3 --weight-decay 0.01)
printf 'alpha,eta\n0,0.8\n5,0.2\n20,0.4\n' >schedule.csv

# each of them matters, and is noted
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 30:30:1 -o plain.csv
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 30:30:1 --schedule constant -o constant.csv
[ "$(rows plain.csv)" = "$(rows constant.csv)" ] || fail "--schedule constant"
for options in '--train-output --eta-v 0.3' '--weight-decay 0.01' '--schedule power:0.5:10' '--schedule schedule.csv' '--schedule cosine:3' \
    '--schedule linear:40' '--schedule wsd:2:3:35' '--schedule steps:1=0.1,2=3' '--momentum constant:1:0.3' '--momentum nesterov:3:0.3' \
    '--momentum dana:6:0.3:0.5:1' '--batch 3' '--batch-fraction 2'; do
    expect 0 '' "$ordpar" curve "${small[@]}" --alpha 30:30:1 $options -o one.csv
    same plain.csv one.csv 1e-3 && fail "$options changes nothing"
    expect 0 '' "$ordpar" simulate "${small[@]}" --runs 1 --alpha 0:6:2 $options -o one.csv
    expect 0 '' "$ordpar" simulate "${small[@]}" --runs 1 --alpha 0:6:2 -o two.csv
    same one.csv two.csv 1e-3 && fail "simulate: $options changes nothing"
done
expect 0 '' "$ordpar" curve "${small[@]}" "${all[@]}" --schedule schedule.csv --alpha 30:30:1 -o all.csv
grep -q '^# outputs: .*eta_v = 0.29' all.csv && grep -q '^# decay: .*kappa = 0.01' all.csv &&
    grep -q '^# schedule: eta(alpha) from schedule.csv, 3 rows' all.csv && grep -q 'eta = from a file' all.csv ||
    fail "the notes: $(grep '^#' all.csv)"

# numbers as PyTorch has them are another model
"$ordpar" curve "${small[@]}" -N 1000 -L 4 --momentum constant:0.9:0.1 --alpha 1 -o torch.csv
grep -q "^# momentum: .*; in PyTorch's terms momentum mu = 1 - c/N = 0.9991 and lr = e/N = 0.0001 " torch.csv || fail "PyTorch's terms: $(grep '^# mom' torch.csv)"
grep -q '^# momentum of PyTorch: if mu = 0.9 and lr = 0.1 were meant: constant:100:100, with eta near 0$' torch.csv || fail "what is meant: $(grep '^# mom' torch.csv)"
grep -q '^# momentum of PyTorch' <("$ordpar" curve "${small[@]}" --momentum constant:100:100 --alpha 1 -o -) && fail "momentum that is meant so"
grep -q '^# momentum: dana:6:0.5:0.5:1: P <- ' <("$ordpar" curve "${small[@]}" --momentum dana:6:0.5:0.5:1 --alpha 1 -o -) || fail "the momentum's note"
grep -q '^# batch: 3 examples a step' <("$ordpar" simulate "${small[@]}" --batch 3 --runs 1 --alpha 1 -o -) || fail "the batch's note"

# columns of the gradient, and batches that are a fraction of N against their map
expect 0 '' "$ordpar" curve "${small[@]}" --columns noise-scale,rate --alpha 0:30:3 -o one.csv
rows one.csv | head -1 | grep -q '^alpha,eps_g,rate,noise_scale$' || fail "columns: $(rows one.csv | head -1)"
# what a batch of a fraction of N is a step of
fraction=(--batch-fraction 0.5 -N 100 -L 2 --alpha 0,1 --runs 2)
for run in simulate compare; do
    expect 0 "$([ $run = simulate ] || echo largest)" "$ordpar" $run "${fraction[@]}"
    grep -q 'steps nearest to alpha, of a batch each' out.txt || fail "$run: steps of a batch: $(grep simulation out.txt)"
done
grep -q '^# theory: the map of the order parameters' out.txt || fail "theory: $(grep theory: out.txt)"
expect 2 '--momentum: .*all up to 1e12, got .constant:1:1e300' "$ordpar" curve --momentum constant:1:1e300 --alpha 0,1

# large students with small outputs are those of ordinary size, in other units
for g in linear relu; do
    units=(curve --activation $g -K 2 -M 2 -L 3 -N 300 --small-eta --train-output --alpha 1,3 --rtol 1e-6)
    expect 0 '' "$ordpar" "${units[@]}" --student-output 0.5,1 --sigma-j 1 --eta 1e-12 --eta-v 1 -o one.csv
    expect 0 '' "$ordpar" "${units[@]}" --student-output 0.5e-5,1e-5 --sigma-j 1e5 --eta 0.01 --eta-v 1e-10 -o two.csv
    same one.csv two.csv 1e-5 || fail "$g: large students, small trained outputs"
done
# on the teacher there is neither gradient nor noise; label noise alone asks for any batch
expect 0 '' "$ordpar" curve --columns noise-scale --alpha 0 --init near-teacher --sigma-j 0
[ "$(rows out.txt | tail -n 1)" = 0,0,nan ] || fail "noise scale on the teacher: $(rows out.txt | tail -n 1)"
expect 0 '' "$ordpar" curve --columns noise-scale --alpha 0 --init near-teacher --sigma-j 0 --label-noise 0.1
rows out.txt | tail -n 1 | grep -q '^0,[^,]*,inf$' || fail "noise scale of label noise: $(rows out.txt | tail -n 1)"
# .. and what rounding hides is not a number: linear units at eta = 1 have rate = 2 eps_g, erf units a ratio that tends to a constant
expect 0 '' "$ordpar" curve --activation linear -K 1 -M 1 -L 1 --eta 1 -N 1000 --columns rate,noise-scale --alpha 0:200:41 -o deep.csv
rows deep.csv | awk -F, 'NR > 1 && $2 > 1e-11 { d = $3 / $2 / 2 - 1; if ($3 == "nan" || d > 0.01 || d < -0.01) bad = 1 } NR > 1 && $2 < 1e-14 { few++; if ($3 != "nan" || $4 != "nan") bad = 1 } END { exit bad || few < 5 }' ||
    fail "rates of small eps_g: $(rows deep.csv)"
expect 0 '' "$ordpar" curve -K 1 -M 1 -L 1 --eta 2 -N 1000 --columns rate,noise-scale --alpha 30:150:25 -o deep.csv
rows deep.csv | awk -F, 'NR > 1 { d = $3 / $2 / 0.563 - 1; if ($3 != "nan" && (d > 0.02 || d < -0.02)) bad = 1; d = $4 / 1501 - 1; if ($4 != "nan" && (d > 0.02 || d < -0.02)) bad = 1 } END { exit bad }' ||
    fail "rates of small eps_g, erf: $(rows deep.csv)"
for method in sgd overlap; do
    expect 0 'within --max-z 4' "$ordpar" compare "${small[@]}" -N 300 --batch-fraction 0.5 --method $method --runs 20 --alpha 0:10:3 --max-z 4 -o one.csv
    expect 0 'within --max-z 4' "$ordpar" compare "${small[@]}" -N 300 --batch 2 --momentum nesterov:3:0.3 --method $method --runs 20 --alpha 0:10:3 \
        --max-z 4 -o one.csv
done

# a constant table is a constant rate; a table of a power law is near the power law
printf 'alpha,eta\n3,0.1\n' >constant_table.csv
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 30:30:1 --schedule constant_table.csv -o one.csv
same plain.csv one.csv 1e-7 || fail "a table of one row"
awk 'BEGIN { print "alpha,eta"; for (a = 0; a <= 40; a += 0.1) printf "%.17g,%.17g\n", a, 0.1 / sqrt(1 + a / 10) }' >power.csv
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 30:30:1 --schedule power:0.5:10 -o one.csv
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 30:30:1 --schedule power.csv -o two.csv
same one.csv two.csv 1e-4 || fail "a table of a power law: $(tail -qn1 one.csv two.csv)"
"$ordpar" curve "${small[@]}" --alpha 30:30:1 --schedule - <power.csv >one.csv || fail "a schedule from standard input"
same one.csv two.csv 1e-12 || fail "a schedule from standard input"

# eta = 0: nothing moves
printf 'alpha,eta\n0,0\n' >zero.csv
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 0:30:2 --schedule zero.csv -o one.csv
[ "$(rows one.csv | tail -n +2 | cut -d, -f2 | uniq | wc -l)" -eq 1 ] || fail "eta = 0 learns"

# the output weights: columns, and a round trip through a file
expect 0 '' "$ordpar" curve "${small[@]}" "${all[@]}" --moments 1 --alpha 40:40:1 --save-overlaps half.csv -o half_curve.csv
rows half_curve.csv | head -1 | grep -q ',T1_2_2,V1,V2$' || fail "columns V: $(rows half_curve.csv | head -1)"
[ "$(grep -c '^v,1,[12],1,' half.csv)" -eq 2 ] || fail "rows of v"
[ "$(grep '^v,1,2,1,' half.csv | cut -d, -f5)" = "$(tail -1 half_curve.csv | sed 's/.*,//')" ] || fail "V2 and v"
expect 0 '' "$ordpar" curve "${small[@]}" --moments 1 --alpha 40:40:1 -o fixed.csv
rows fixed.csv | head -1 | grep -q V1 && fail "columns V although the outputs are fixed"
expect 0 '' "$ordpar" curve -K 2 -M 2 -N 64 -L 4 "${all[@]}" --overlaps half.csv --alpha 60:60:1 -q -o rest.csv
expect 0 '' "$ordpar" curve "${small[@]}" "${all[@]}" --alpha 100:100:1 -o whole.csv
same rest.csv whole.csv 1e-7 || fail "going on from saved overlaps: $(tail -qn1 rest.csv whole.csv)"
expect 0 '' "$ordpar" curve -K 2 -M 2 -N 64 -L 4 --overlaps half.csv --alpha 0:0:1 --save-overlaps again.csv -o start.csv
same half_curve.csv start.csv 1e-12 || fail "the output weights of a file are not those of a fixed network"
[ "$(grep '^v' half.csv)" = "$(grep '^v' again.csv)" ] || fail "v is lost"
expect 0 '' "$ordpar" simulate -K 2 -M 2 -N 64 -L 4 --overlaps half.csv --runs 1 --alpha 0:0:1 -o start.csv
same half_curve.csv start.csv 1e-10 || fail "simulate: the output weights of a file"

# theory and simulation, both methods; a checkpoint
for method in sgd overlap; do
    expect 0 'within --max-z 4' "$ordpar" compare "${small[@]}" -N 1000 "${all[@]}" --schedule schedule.csv --runs 20 \
        --method $method --alpha 0:20:5 --max-z 4 -o a.csv
    expect 0 '' "$ordpar" simulate "${small[@]}" "${all[@]}" --method $method --runs 2 --alpha 0:3:4 -o a.csv
    rm -f state
    expect 0 '' "$ordpar" simulate "${small[@]}" "${all[@]}" --method $method --runs 2 --alpha 0:3:4 --checkpoint state -o b.csv
    expect 2 'belongs to other settings' "$ordpar" simulate "${small[@]}" "${all[@]}" --eta-v 0.2 --method $method --runs 2 \
        --alpha 0:3:4 --checkpoint state -o no.csv
    [ "$(rows a.csv)" = "$(rows b.csv)" ] || fail "a checkpoint changes the numbers"
done

# report measures without predictions that are not those of this training
expect 0 '' "$ordpar" curve -K 2 -M 2 -N 64 -L 4 --weight-decay 1e-5 --report --alpha 0.1:1e4:100:log -o report.csv
grep -q 'plateau height' report.csv || fail "no report"
grep 'plateau height' report.csv | grep -q 'predicted' && fail "a prediction: $(grep 'plateau height' report.csv)"

# outputs that follow students which blew up at a rate of 1e17 a unit of alpha keep their place
blown=(--activation quadratic -K 1 -N 64 -L 4 --sigma-j 0.1 --seed 34 --train-output --eta-v 0.5 --eta 0.5 --schedule steps:20=0 --weight-decay 0.01 --label-noise 0.3)
expect 0 '' "$ordpar" curve "${blown[@]}" --alpha 0,10,40,60,80,150,700 -q -o blown.csv
[ "$(rows blown.csv | awk -F, 'NR > 2 && ($2 - 1.0359428755172)^2 > 1e-16' | wc -l)" = 0 ] || fail "blown up: $(rows blown.csv)"

# an exploding one is reported, not printed
printf 'alpha,eta\n0,0.1\n5,90\n' >explode.csv
expect 1 'diverges: it passes 1e\+100 at alpha = [0-9.]+ \(eta = [0-9.]+\); --keep-partial writes the 1 of 3 rows before$' \
    "$ordpar" curve --activation linear "${small[@]}" --schedule explode.csv --alpha 0:100:3 -o no.csv
expect 1 'run 1 diverged at alpha = [0-9.]+; .*; its eps_g is ' \
    "$ordpar" simulate --activation linear "${small[@]}" --schedule explode.csv --runs 2 --alpha 0:100:3 -o no.csv
expect 1 'theory of run 1: .*diverges' \
    "$ordpar" compare --activation linear "${small[@]}" --schedule explode.csv --runs 2 --alpha 0:100:3 -o no.csv
expect_no no.csv

# bad input
bad() { # PATTERN OPTION..
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" ${command:-curve} --alpha 0:1:2 -o no.csv "$@"
    expect_no no.csv
}
for command in simulate compare; do
    bad "--eta-v: is for --train-output" --eta-v 0.1
    bad "--schedule: must be power:GAMMA:ALPHA0" --schedule power:1:0
done
command=curve
bad "--eta-v: is for --train-output" --eta-v 0.1
bad "--train-output: needs --eta-v" --train-output
for value in -1 nan inf '' x; do
    bad "--eta-v: must be a finite number >= 0, got '$value'" --train-output --eta-v "$value"
    bad "--weight-decay: must be a finite number >= 0, got '$value'" --weight-decay "$value"
done
for value in power power: power:1 power:-1:1 power:1:0 power:1:-2 power:nan:1 power:1:inf power:1:2:3 power:x:1; do
    bad "--schedule: must be power:GAMMA:ALPHA0 .*, got '$value'" --schedule "$value"
done
for value in cosine cosine: cosine:0 cosine:-1 cosine:1:2 cosine:1:-1 cosine:1:0:0 cosine:x linear linear:0 linear:1:2 linear:inf constant:1 \
    wsd:1:2 wsd:2:1:3 wsd:1:3:2 wsd:0:0:0 wsd:-1:1:2 wsd:1:2:3:4 steps steps: steps:1 steps:1= steps:=1 steps:1=2, steps:2=1,1=1 steps:1=-1 \
    steps:-1=1 steps:1=1,1=2 steps:1=1=1; do
    bad "--schedule: must be ${value%%:*}.*, got '$value'" --schedule "$value"
done
bad "--schedule: must be a non-empty name, got ''" --schedule ''
bad "--schedule: .*missing.csv: cannot be read" --schedule missing.csv
bad "--schedule: schedule.csv gives eta itself; leave out eta, which is 0.3" --schedule schedule.csv --eta 0.3
table() { # PATTERN TEXT
    printf "$2" >bad.csv
    bad "--schedule: bad.csv.*$1" --schedule bad.csv
}
table "has no rows" "alpha,eta\n"
table "column 2 \(eta\): must be >= 0, got '-1'" "alpha,eta\n0,-1\n"
table "line 3, column 1 \(alpha\): must not be smaller than in the row before, got '1'" "alpha,eta\n2,1\n1,2\n"
table "line 4, column 1 \(alpha\): is a third row at one alpha" "alpha,eta\n1,1\n1,2\n1,3\n"
table "column 1 \(alpha\): must be >= 0, got '-1'" "alpha,eta\n-1,1\n"
table "must be a finite number, got 'nan'" "alpha,eta\n0,nan\n"
table "must be a finite number, got 'inf'" "alpha,eta\n0,inf\n"
table "must have 2 columns" "alpha,eta\n0,1,2\n"
table "header" "time,eta\n0,1\n"
for command in simulate compare; do
    expect 2 "--weight-decay: .* below N = 64, got 64" "$ordpar" $command -N 64 -L 4 --weight-decay 64 --alpha 0:1:2 -o no.csv
done
expect 2 "--student-output: half.csv has the output weights" "$ordpar" curve -N 64 -L 4 --overlaps half.csv --student-output 1,1 -o no.csv
grep -v '^v,1,1' half.csv >part.csv
expect 2 "--overlaps: part.csv: the entry v,1,1,1 is missing" "$ordpar" curve -N 64 -L 4 --overlaps part.csv -o no.csv
sed 's/^v,1,1,1/v,2,1,1/' half.csv >part.csv
expect 2 "--overlaps: .*column 2 \(block\)" "$ordpar" curve -N 64 -L 4 --overlaps part.csv -o no.csv
for options in '--weight-decay 1' '--schedule power:1:1' '--train-output --eta-v 1'; do
    expect 2 "--against: finite-n" "$ordpar" compare --activation linear $options --against finite-n --alpha 0:1:2 -o no.csv
    expect 2 "no such option|--schedule: linear-exact is for a constant" "$ordpar" closed-form linear-exact $options -o no.csv
    expect 2 "no such option|--schedule: has arbitrary precision at lowest order" "$ordpar" precision curve $options -o no.csv
    expect 2 "no such option" "$ordpar" figure 1 $options --out no
    expect 2 "no such option" "$ordpar" report plain.csv $options -o no.csv
    expect 2 "no such option" "$ordpar" spectrum $options -o no.csv
done
expect 2 "--overlaps: half.csv has output weights" "$ordpar" precision curve -N 64 -L 4 --overlaps half.csv --alpha 0:1:2 -o no.csv
expect_no no.csv no
# students that decay to nothing rest there
for by in cvode radau; do
    expect 0 '' "$ordpar" curve -N 64 -L 2 --activation quadratic --eta 0.001 --weight-decay 10 --integrator $by --alpha 0,100 -o nothing.csv
    expect 0 '' "$ordpar" curve -N 64 -L 2 --activation quadratic --eta 0.001 --weight-decay 10 --integrator $by --sigma-j 0 --alpha 0,100 -o none.csv
    [ "$(tail -1 nothing.csv | cut -c1-16)" = "$(tail -1 none.csv | cut -c1-16)" ] || fail "$by: $(tail -1 nothing.csv) $(tail -1 none.csv)"
done

# so do those of any activation where weight decay goes on after the schedule has ended, however long; cvode and radau alike
for g in erf linear relu quadratic tanh gelu softplus silu sigmoid 'relu --teacher-activation linear' 'relu --teacher-activation hermite:0.5,0.1'; do
    for options in '-K 2' '-K 1 -M 1 --integrator cvode' '-K 2 --small-eta'; do
        expect 0 '' "$ordpar" curve -N 64 -L 2 --activation $g --eta 0.3 --weight-decay 0.5 --schedule linear:20 --alpha 0,20,150,500,1e5 $options -o rest.csv
        awk -F, '!/^#/ && ++rows > 4 {if ($2 - last > 1e-8 || last - $2 > 1e-8) bad = 1} {last = $2} END {exit bad || rows != 6}' rest.csv ||
            fail "$g $options does not rest: $(grep -v '^#' rest.csv)"
    done
done

# notes have names of their own, which JSON needs
expect 0 '' "$ordpar" curve -K 2 -M 1 -N 32 -L 1 --train-output --eta-v 0.1 --alpha 0:5:3 -o named.json
expect 0 '' "$ordpar" plot named.json -o named.svg
expect 0 '' "$ordpar" curve --like named.json

finish
