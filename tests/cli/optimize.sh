# SPDX-License-Identifier: GPL-3.0-or-later
# The best schedule: what it is beside simple kinds, what reads it, what is refused.
. "$(dirname "$0")/lib.sh" "$1"

rm -f -- *.csv *.json *.svg
number() { sed -n "s/^# $2: \(eps_g = \)\?\([0-9.e+-]*\).*/\2/p" "$1"; }
less() { awk -v a="$1" -v b="$2" 'BEGIN {exit !(a > 0 && a < b)}'; }
end() { grep -v '^#' "$1" | tail -1 | cut -d, -f2; }

# the case that brute force has solved on twelve knots: 1.01e-5
noisy=(-K 2 -M 2 -L 8 --beta 1 -N 8000 --sigma-j 0.1 --seed 1 --label-noise 0.1)
expect 0 '' "$ordpar" optimize "${noisy[@]}" --eta-max 4.5 --until 3000 --knots 32 -o best.csv --plot best.svg
[ "$(grep -v '^#' best.csv | head -1)" = alpha,eta ] && [ "$(grep -vc '^#' best.csv)" = 33 ] || fail "the rows of best.csv"
less "$(number best.csv eps_g)" 1.01e-5 || fail "eps_g = $(number best.csv eps_g)"
expect 0 '' "$ordpar" optimize --dry-run --eta-max 1 --until 5 -N 8 -L 2
grep -q '^model: .* at most 1$' out.txt && ! grep -q 'eta=0.1\|eta = 0.1' out.txt || fail "--dry-run shows an eta, which is what is looked for: $(cat out.txt)"
grep -q ' eta=' best.csv && fail "the settings of an optimum have an eta"
for kind in constant linear power weight-decay momentum; do
    less "$(number best.csv eps_g)" "$(number best.csv "best $kind")" || fail "$kind: $(number best.csv "best $kind")"
done
less "$(number best.csv 'best constant')" 2.3e-4 && less "$(number best.csv 'best linear')" 2.31e-5 || fail 'the simple kinds'
[ "$(grep -c '<svg' best.svg)" -ge 1 ] && grep -q 'ε' best.svg && grep -q 'η' best.svg || fail 'the picture'

# curve and simulate take it
expect 0 '' "$ordpar" curve "${noisy[@]}" --schedule best.csv --alpha 3000 -o curve.csv
awk -v a="$(end curve.csv)" -v b="$(number best.csv eps_g)" 'BEGIN {exit !((a - b)^2 < (1e-6 * b)^2)}' ||
    fail "curve ends at $(end curve.csv), not $(number best.csv eps_g)"
expect 0 '' "$ordpar" simulate -N 80 -L 8 --schedule best.csv --alpha 0:1:2 --runs 1 -o sgd.csv

expect 0 '' "$ordpar" plot best.csv -o schedule.svg
grep -q 'eta\|η' schedule.svg || fail 'plot of a schedule'

# other models
small=(-L 4 -N 64 --sigma-j 0.5 --until 20 --knots 3 --format json)
for model in '-K 2 -M 1 --activation relu --eta-max 0.5 --label-noise 0.1' '-K 1 -M 1 --activation linear --eta-max 1 --label-noise 0.2' \
    '-K 2 -M 3 --small-eta --eta-max 0.5 --weight-decay 0.01' '-K 2 -M 2 --train-output --eta-v 0.1 --eta-max 1' \
    '-K 2 -M 2 --momentum constant:1:0.1 --eta-max 1 --label-noise 0.1' '-K 1 -M 1 --activation gelu --small-eta --eta-max 0.5' \
    '-K 2 -M 2 --batch 4 --trainable 32 --eta-max 1 --label-noise 0.5'; do
    expect 0 '' "$ordpar" optimize "${small[@]}" $model -o one.json
    python3 - one.json <<'PY' || fail "optimize $model"
import json, sys
made = json.load(open(sys.argv[1]))
text = open(sys.argv[1]).read()
assert '"eta"' in text and text.count("best ") >= 4, text[:2000]
PY
done

# the same bytes again, and from its own settings
expect 0 '' "$ordpar" optimize -L 2 -N 64 --label-noise 0.3 --eta-max 2 --until 10 --knots 3 -o a.csv
expect 0 '' "$ordpar" optimize --like a.csv -o b.csv
cmp -s <(grep -v '^# command' a.csv) <(grep -v '^# command' b.csv) || fail '--like'

expect 0 '' "$ordpar" optimize -K 1 -M 1 -L 2 -N 64 --eta-max 2 --until 1e-9 --knots 4 -o early.csv
expect 0 '' "$ordpar" optimize -K 1 -M 1 -N 64 -L 64 --activation linear --eta-max 1.5 --until 30 --knots 4 -o finite.csv
grep -q '^# finite N: the best constant rate has r_N' finite.csv || fail "finite N: $(grep best finite.csv)"

expect 2 'eta-max, --until: a curve at the constant rate 3: the generalization error diverges' \
    "$ordpar" optimize --activation linear -K 1 -M 1 --eta-max 3 --until 1000 -o none.csv
expect 2 'eta: is what is looked for' "$ordpar" optimize --eta 0.1 --eta-max 3 --until 1000 -o none.csv
expect 2 'schedule: is what is looked for' "$ordpar" optimize --schedule linear:9 --eta-max 3 --until 1000 -o none.csv
expect 2 'alpha' "$ordpar" optimize --alpha 0:1:2 --eta-max 3 --until 1000 -o none.csv
[ ! -e none.csv ] || fail 'a refused run has written'

# kinds that a constant rate belongs to are no worse than it, whatever the bound and however small they must be; times at
# which no momentum may be
for bound in "--eta-max 2 --until 1e6" "--eta-max 1e4 --until 50" "--eta-max 2 --until 1e-9"; do
    expect 0 '' "$ordpar" optimize -K 1 -M 1 -L 2 -N 64 --label-noise 0.2 --knots 4 $bound -o bound.csv
    less 1e-300 "$(number bound.csv 'best constant')" || fail "$bound: best constant $(number bound.csv 'best constant')"
    for kind in power weight-decay momentum; do
        less "$(number bound.csv 'best constant')" "$(number bound.csv "best $kind")" && fail "$bound: best $kind $(number bound.csv "best $kind")"
    done
done

# Ctrl-C
"$ordpar" optimize -K 3 -M 3 -L 64 -N 6400 --eta-max 4 --until 1e5 -o none.csv 2>err.txt &
listens $!
kill -INT $!
wait $!
[ $? = 130 ] && [ ! -e none.csv ] && [ "$(wc -l <err.txt)" = 1 ] || fail "interrupted: $(cat err.txt)"
# the best power law is at the bound of gamma, where a simplex that has become flat does not arrive
flat=(-K 1 -M 1 -L 2 -N 64 --label-noise 0.1)
expect 0 '' "$ordpar" optimize "${flat[@]}" --eta-max 2 --until 100 --knots 4 -q -o flat.csv
expect 0 '' "$ordpar" curve "${flat[@]}" --eta 2 --schedule power:4:60 --alpha 100
best=$(sed -n 's/^# best power: eps_g = \([^,]*\),.*/\1/p' flat.csv)
awk -v best="$best" -v other="$(tail -1 out.txt | cut -d, -f2)" 'BEGIN {exit !(best > 0 && best < 1.001 * other)}' || fail "best power $best, $(tail -1 out.txt)"

# a bound far above what the training stands changes nothing: rates of use are looked for whatever it is
for bound in 2 1e4 1e9; do
    expect 0 '' "$ordpar" optimize -K 1 -M 1 -L 1 --label-noise 0.5 --until 30 --eta-max $bound -o bound_$bound.csv
    awk -v FS='[ =,x]+' '/^# eps_g: / {best = $3} /^# best constant: / {constant = $5} /^# best power: / {power = $5}
        END {exit !(best > 0 && best < 0.0048905 && constant > 0.00844 && constant < 0.00846 && power < 0.00493)}' bound_$bound.csv ||
        fail "--eta-max $bound: $(grep -E '^# (eps_g|best)' bound_$bound.csv)"
done

# the picture shows what comes before the second knot, where rate and error fall most, and two knots too
mkdir -p fake && printf '#!/bin/sh\ncat >%s/script\n' "$PWD" >fake/gnuplot && chmod +x fake/gnuplot
for knots in 2 4; do
    rm -f script
    PATH=$PWD/fake:$PATH "$ordpar" optimize --label-noise 0.1 -L 1 --eta-max 2 --until 50 --knots $knots -o few.csv --plot few.svg 2>err.txt
    first=$(grep -v '^#' few.csv | sed -n 2p | cut -d, -f2)
    [ "$(grep -c '^set xrange \[0\.[01][0-9]*:' script)" -ge 1 ] || fail "--knots $knots: $(grep xrange script)"
    awk -v first="$first" '$1 == "$data0" { on = 1; next } /^END/ { on = 0 } on && $1 > 0.04 && $1 < 1 && $2 > 0.9 * first { n++ } END { exit !(n >= 3) }' script ||
        fail "--knots $knots: the first rate, $first, is not shown"
done

finish
