# SPDX-License-Identifier: GPL-3.0-or-later
# --like: what a command has no use for does not stand in its way, and `none` leaves out what need not be there.
. "$(dirname "$0")/lib.sh"
rows() { grep -v '^#' "$1"; }
# same A B: the same rows
same() { cmp <(rows "$1") <(rows "$2") || fail "$1 and $2 have other rows"; }
run() { expect 0 '' "$ordpar" "${@:2}" -q -o "$1"; }

# several values of what a command does not have, swept and listed
run eta.csv sweep -N 64 -L 4 --sweep eta=0.1,0.2 --alpha 0,2
run listed.csv curve -N 64 -L 4 --eta 0.1,0.2 --alpha 0,2
run own.csv spectrum -N 64 -L 4
for like in eta.csv listed.csv; do
    run of.csv spectrum --like $like
    same of.csv own.csv
    expect 2 "like: $like: eta .* \(.*0.1,0.2\): give the" "$ordpar" closed-form plateau --like $like
    run of.csv closed-form plateau --like $like --eta 0.2
done
run own.csv closed-form plateau -N 64 -L 4 --eta 0.2
same of.csv own.csv
run rtol.csv sweep -N 64 -L 4 --sweep rtol=1e-6,1e-8 --alpha 0,2
run of.csv simulate --like rtol.csv --runs 2
run own.csv simulate -N 64 -L 4 --alpha 0,2 --runs 2
same of.csv own.csv
run runs.csv sweep -N 64 -L 4 --sweep runs=2,3 --sweep method=sgd,overlap --job simulate --alpha 0,2
run of.csv closed-form plateau --like runs.csv
run of.csv curve --like runs.csv --runs none
run own.csv curve -N 64 -L 4 --alpha 0,2
same of.csv own.csv
# but not of what a closed form refuses
run momentum.csv sweep -N 64 -L 4 --sweep momentum=none,constant:1:0.1 --alpha 0,2
expect 2 'momentum is swept there' "$ordpar" closed-form plateau --like momentum.csv
[ "$(rows momentum.csv | cut -d, -f2 | tr '\n' ' ')" = 'momentum none constant:1:0.1 ' ] || fail "$(rows momentum.csv)"
run of.csv sweep --like momentum.csv
same of.csv momentum.csv
run of.csv sweep -N 64 -L 4 --sweep schedule=none,power:0.5:5 --alpha 0,2 # nor is none a file
run own.csv sweep -N 64 -L 4 --sweep schedule=constant,power:0.5:5 --alpha 0,2
cmp <(rows of.csv | sed s/none/constant/) <(rows own.csv) || fail "no schedule: $(rows of.csv)"
# and `none` leaves it out, though the command has not the option; without a file there is nothing to leave out
run one.csv curve -N 64 -L 4 --momentum constant:1:0.1 --alpha 0,2 --rtol 1e-6
run own.csv closed-form plateau -N 64 -L 4
expect 2 "momentum: plateau is without momentum; use curve; it is that of like .'none' leaves it out.$" "$ordpar" closed-form plateau --like one.csv
for words in '--like one.csv --momentum none' '--momentum=none --like=one.csv' '--momentum none --like momentum.csv'; do
    run of.csv closed-form plateau $words
    same of.csv own.csv
done
run of.csv closed-form --momentum none --like one.csv plateau
same of.csv own.csv
grep -q "^# command: ordpar closed-form --momentum none --like one.csv plateau -q -o of.csv$" of.csv || fail "$(grep command: of.csv)"
for words in '--momentum none' '--like one.csv --momentum' '--like one.csv --momentum constant:1:0.1' '--like one.csv -- --momentum none'; do
    expect 2 'momentum' "$ordpar" closed-form plateau $words
done
expect 2 'rtol: no such option of closed-form' "$ordpar" closed-form plateau --like one.csv --rtol none
expect 2 'it is that of like' "$ordpar" closed-form plateau --like one.csv --moment none # short for --moments

# and a sweep tells a command that can be given
run full.csv curve -N 64 -L 4 --alpha 0,2 --moments 1 --columns rate
run of.csv sweep --like full.csv --sweep eta=0.1,0.2
eval "\"\$ordpar\" $(sed -n 's/^# command: ordpar //p' of.csv) -q -o own.csv" || fail "$(grep command: of.csv)"
cmp of.csv own.csv || fail "the command of a sweep: $(grep command: of.csv)"

# none
run own.csv curve -N 64 -L 4 --alpha 0,2
run of.csv curve --like momentum.csv --momentum none
same of.csv own.csv
run full.csv curve -N 64 -L 4 --alpha 0,2 --moments 1 --columns rate --momentum constant:1:0.1 --weight-decay 0.1 --label-noise 0.1
run of.csv curve --like full.csv --moments none --columns none --momentum none --weight-decay 0 --label-noise 0
same of.csv own.csv
grep -q 'settings:.*\(moments\|columns\|momentum\)=' of.csv && fail "what was left out: $(grep settings of.csv)"
run of.csv curve -N 64 -L 4 --alpha 0,2 --moments 1 --moments none --batch-fraction 1 --batch-fraction none
same of.csv own.csv
printf '{"L": 4, "N": 64, "alpha": [0, 2], "moments": "none"}' >none.json
run of.csv curve --like none.json
same of.csv own.csv
expect 2 'eta: must be a finite number > 0, got .none.' "$ordpar" curve --eta none
run of.csv curve -N 64 -L 4 --alpha 0,2 --save-overlaps none # a file of that name
[ -s none ] || fail "--save-overlaps none"

# of the beginning of a run, which began from overlaps, and of what goes on from it
run out.csv curve -N 64 -L 4 --alpha 0,2 --save-overlaps start.ov
run begun.csv curve -N 64 -L 4 --overlaps start.ov --alpha 0,2 --save-overlaps end.ov
run on.csv curve --continue end.ov --alpha 2,4
expect 0 'its overlaps=start.ov gives way to continue$' "$ordpar" curve --like begun.csv --continue end.ov --alpha 2,4 -o of.csv
same of.csv on.csv
expect 0 'its continue=end.ov gives way to overlaps$' "$ordpar" curve --like on.csv -N 64 -L 4 --overlaps start.ov --alpha 0,2 -o of.csv
same of.csv begun.csv
expect 2 'has its own overlaps; leave out overlaps' "$ordpar" curve --continue end.ov --overlaps start.ov --alpha 2,4

# an option that is given twice has the last of its values, also of lists
run own.csv curve -N 64 -L 4 --alpha 0,2 --eta 0.3
for options in "--eta 0.1,0.2 --eta 0.3" "--like listed.csv --eta 0.1,0.2 --eta 0.3"; do
    run of.csv curve -N 64 -L 4 --alpha 0,2 $options
    same of.csv own.csv
done
for options in "--eta 0.3 --eta 0.1,0.2" "-L 1,2 --eta 0.3,0.4 --eta 0.1,0.2 -L 4" "--activation erf,relu --eta 0.1,0.2 --activation erf"; do
    run of.csv curve -N 64 -L 4 --alpha 0,2 $options
    same of.csv listed.csv
done

# a list has no name of another setting in it, and files may have such names
for words in "-K M=2:4:3" "-L N=64,128" "--eta sigma-j=0.1,0.2" "--student-units=M=2,3"; do
    expect 2 "got '.*; --sweep [a-z-]*=[A-Za-z-]*=.* of ordpar sweep gives both these values$" "$ordpar" curve $words --alpha 0,1
done
expect 2 "student-units: must be a whole number from 1 to 1024, got '=2,3'$" "$ordpar" curve -K=2,3 --alpha 0,1
printf '{"K=M": [2, 3], "alpha": "0:1:2"}' >joint.json
expect 2 "joint.json: --student-units has several values there .M=2,3.: give the one that is meant$" "$ordpar" curve --like joint.json
for eta in 0.1 0.3; do
    run of.csv curve -N 64 -L 4 --eta $eta --alpha 0,2 --save-overlaps eta=$eta.csv
done
run own.csv sweep --sweep continue=eta=0.1.csv,eta=0.3.csv --alpha 2,4
[ "$(rows own.csv | cut -d, -f2 | tr '\n' ' ')" = 'continue eta=0.1.csv eta=0.3.csv ' ] || fail "$(rows own.csv)"
run of.csv sweep --like own.csv
same of.csv own.csv

# orders, digits and the largest error belong to some forms and parts
run orders.csv closed-form plateau --orders all -N 64 -L 4
expect 0 'agrees$' "$ordpar" precision check --digits 12 -N 64 -L 4 --alpha 0,1 --max-error 1e-3 -o check.csv
for like in orders.csv check.csv; do
    run of.csv closed-form escape-law --like $like
    run own.csv closed-form escape-law -N 64 -L 4
    same of.csv own.csv
    grep -q 'orders=\|settings:.* digits=.*default:' of.csv && fail "what has no use: $(grep settings of.csv)"
done
run of.csv closed-form critical-eta --like orders.csv
run of.csv closed-form plateau --like check.csv --digits none
run own.csv closed-form plateau -N 64 -L 4
same of.csv own.csv
run of.csv precision curve --like check.csv
expect 2 'orders: escape-law is neither' "$ordpar" closed-form escape-law --orders all
expect 2 'digits: escape-law has no such precision' "$ordpar" closed-form escape-law --digits 12
expect 2 'max-error: belongs to' "$ordpar" precision curve --max-error 1e-3 --digits 12 --alpha 0,1

finish
