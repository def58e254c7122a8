# SPDX-License-Identifier: GPL-3.0-or-later
# --data with --labels: theory, training and comparison on small arrays made here.
. "$(dirname "$0")/lib.sh" "$1"

# npy FILE SHAPE: a uint8 array with the bytes of standard input
npy() {
    local dictionary="{'descr': '${3:-|u1}', 'fortran_order': False, 'shape': ($2)}"
    { printf '\223NUMPY\001\000\166\000'; printf '%-117s\n' "$dictionary"; cat; } >"$1"
}

# 4000 examples of 4 independent components from a linear congruence, and labels with a linear part:
# x0 + x1/2 + a product of two others
export LC_ALL=C
awk 'BEGIN {x = 12345
    for (i = 0; i < 4000; i++) {
        for (k = 0; k < 4; k++) {x = (x * 1103515245 + 12345) % 2147483648; v[k] = int(x / 65536) % (20 + 20 * k); printf "%c", 33 + v[k]}
        y = v[3] + v[2] / 2 + (v[1] - 20) * (v[0] - 10) / 20
        printf "%c", 33 + int(y) > "y.bytes"; printf "%c%c", 33 + int(y), 33 + v[2] > "yy.bytes"
    }}' >bytes
npy x.npy '4000, 4' <bytes
npy y.npy '4000,' <y.bytes
npy yy.npy '4000, 2' <yy.bytes
head -c 3999 y.bytes | npy short.npy '3999,'
head -c 4000 /dev/zero | npy equal.npy '4000,'
head -c 64000 /dev/zero | npy complex.npy '4000,' '<c16'
head -c 8000000 /dev/zero | npy wide.npy '4000, 2000'
# 0 and 2^-700, whose square is 0
{ head -c 31992 /dev/zero; printf '\0\0\0\0\0\0\100\024'; } | npy tiny.npy '4000,' '<f8'
model=(--activation linear -K 1 --eta 0.1 --data x.npy)

expect 0 '' "$ordpar" curve "${model[@]}" --labels y.npy --alpha 1:100:3
grep -q '^# model: linear, K = 1, M = 1, N = 4, L = 4' out.txt || fail "model: $(grep model: out.txt)"
for fact in labels T 'T, standard error' s 's, standard error' rest pooled; do
    grep -q "^# $fact: " out.txt || fail "no fact $fact"
done
mv out.txt curve.txt
expect 0 '' "$ordpar" curve --like curve.txt
diff <(grep -v '^# command' curve.txt) <(grep -v '^# command' out.txt) || fail "--like makes another curve"
expect 0 '' "$ordpar" closed-form linear-finite-n "${model[@]}" --labels y.npy --alpha 1:100:3
expect 0 '' "$ordpar" closed-form linear-small-eta "${model[@]}" --labels y.npy --alpha 1:100:3

# in segments while they suffice, then in orders of their own; the numbers do not depend on threads
expect 0 '' "$ordpar" simulate "${model[@]}" --labels y.npy --runs 5 --alpha 1:100:3
grep -q '^# training: .*a segment of its own' out.txt || fail "training: $(grep training: out.txt)"
if command -v gnuplot >/dev/null; then
    expect 0 '' "$ordpar" simulate "${model[@]}" --labels y.npy --runs 5 --alpha 1:100:3 -o runs.csv --plot runs.svg
    grep -q "error of the labels' linear part" runs.svg || fail "the axis of runs on labels"
    grep -q 'generalization error' runs.svg && fail "the axis of runs on labels"
    "$ordpar" simulate "${model[@]}" --labels y.npy --runs 5 --alpha 1:100:3 >out.txt
fi
grep -q 'exact overlaps' out.txt && fail "eps_g of runs on labels: $(grep simulation: out.txt)"
expect 0 '' "$ordpar" simulate "${model[@]}" --labels y.npy --runs 20 --alpha 1:500:3
grep -q '^# training: .*an order of its own' out.txt || fail "training: $(grep training: out.txt)"
mv out.txt once.txt
expect 0 '' "$ordpar" simulate "${model[@]}" --labels y.npy --runs 20 --alpha 1:500:3 --threads 1
diff <(grep -v '^#' once.txt) <(grep -v '^#' out.txt) || fail "threads change the numbers"
for theory in ode finite-n; do
    expect 0 'largest .z.' "$ordpar" compare "${model[@]}" --labels y.npy --runs 20 --alpha 1:500:5 --against $theory --max-z 6
done

# several outputs are one target
expect 0 '' "$ordpar" curve "${model[@]}" --labels yy.npy --teacher-output 1,0 -K 1 --student-output 1 --alpha 1:100:3
grep -q '^# labels: 2 outputs' out.txt || fail "labels: $(grep labels: out.txt)"
diff <(grep -v '^#' curve.txt) <(grep -v '^#' out.txt) || fail "the first of two outputs alone is another target"
expect 0 '' "$ordpar" curve "${model[@]}" -M 2 --labels yy.npy --alpha 1
expect 0 '' "$ordpar" sweep "${model[@]}" --labels y.npy --sweep sigma-j=0,0.1 --alpha 1:10:3

# figure 3, right, on the labels: theory and training agree
if [ -z "${BRIEF:-}" ] && command -v gnuplot >/dev/null; then
    rm -rf made
    expect 0 '' "$ordpar" figure 3 --out made --data x.npy --labels y.npy
    grep -q '^# panel: .*trained on images and their labels' made/figure3-right.csv || fail "figure 3: $(grep panel: made/figure3-right.csv)"
    grep -q '^# T: .*standard error' made/figure3-right.csv || fail "figure 3 has no T"
    awk -F'[=(]' '/^# N_l = 4, against .*largest [|]z[|]/ {n++; if (!($3 < 4)) bad = 1} END {exit bad || n != 1}' made/figure3-right.csv ||
        fail "figure 3: $(grep against made/figure3-right.csv)"
fi
expect 2 '--labels: needs the data that they belong to' "$ordpar" figure 3 --out made --labels y.npy

expect 2 '--teacher-activation: the teacher is the linear part of labels, got tanh' "$ordpar" curve --data x.npy --labels y.npy --teacher-activation tanh --alpha 1
# students that are not linear have a linear teacher: runs on labels that are linear but for independent noise, on nearly Gaussian inputs
awk 'BEGIN {x = 777
    for (i = 0; i < 4000; i++) {
        for (k = 0; k < 5; k++) {v[k] = 0; for (m = 0; m < 8; m++) {x = (x * 1103515245 + 12345) % 2147483648; v[k] += int(x / 65536) % (8 + 4 * (k % 4))}}
        printf "%c%c%c%c", 1 + v[0], 1 + v[1], 1 + v[2], 1 + v[3]
        printf "%c", 20 + int(v[3] / 8 + v[1] / 16 + v[4] / 10) > "gauss_y.bytes"
    }}' | npy gauss.npy '4000, 4'
npy gauss_y.npy '4000,' <gauss_y.bytes
for g in erf relu; do
    expect 0 'within --max-z 4$' "$ordpar" compare --activation $g -K 2 --student-output 2,1.5 --eta 0.05 --data gauss.npy --labels gauss_y.npy --alpha 0.25:25:4:log --runs 10 --max-z 4 -o g.csv
    grep -q '^# approximation: the teacher is linear' g.csv || fail "$g: no note of the approximation"
done
expect 2 '--labels: needs the data that they belong to' "$ordpar" curve --activation linear --labels y.npy --alpha 1
npy row.npy '1, 4000' <y.bytes
npy rows.npy '2, 4000' <yy.bytes
for file in row.npy rows.npy; do
    expect 2 "--labels: $file: has the shape .*, 4000., the data has 4000 examples: need its transpose, a row for each example$" "$ordpar" curve "${model[@]}" --labels $file --alpha 1
done
expect 2 '--labels: short.npy: has the shape .3999,., the data has 4000 examples' "$ordpar" curve "${model[@]}" --labels short.npy --alpha 1
expect 2 'to go on from; leave out checkpoint$' "$ordpar" simulate "${model[@]}" --labels y.npy --alpha 1 --runs 2 --checkpoint state
expect 2 '--labels: say what is to be learned, from a drawn start; leave out teacher and init; labels are for .*; leave out momentum; labels have no file .*; leave out --save-overlaps$' \
    "$ordpar" curve "${model[@]}" --labels y.npy --alpha 1 --teacher mean --init mean --momentum constant:1:1 --save-overlaps end.csv
expect 2 'steps of one example; leave out --batch-fraction$' "$ordpar" simulate "${model[@]}" --labels y.npy --alpha 1 --runs 2 --batch-fraction 1
expect 2 '--labels: all 4000 labels are equal' "$ordpar" curve "${model[@]}" --labels equal.npy --alpha 1
expect 2 '--labels: all 4000 labels are equal, weighted and added up' "$ordpar" curve "${model[@]}" -M 2 --labels yy.npy --teacher-output 0,0 --alpha 1
expect 2 "--labels: complex.npy: .*'<c16'" "$ordpar" curve "${model[@]}" --labels complex.npy --alpha 1
expect 2 '--labels: wide.npy: has 2000 outputs, of which at most 1024' "$ordpar" curve "${model[@]}" --labels wide.npy --alpha 1
expect 2 '--labels: the labels differ by .*e-211 at most, whose square is too small' "$ordpar" curve "${model[@]}" --labels tiny.npy --alpha 1
expect 2 '--labels: nowhere.npy: cannot be read' "$ordpar" curve "${model[@]}" --labels nowhere.npy --alpha 1
expect 2 'y.npy: tables are written as CSV or JSON' "$ordpar" curve "${model[@]}" --labels y.npy:Z --alpha 1 -o ./y.npy
for option in --plot --save-overlaps; do
    expect 2 'y.npy is what labels reads' "$ordpar" curve "${model[@]}" --labels y.npy:Z --alpha 1 $option ./y.npy
done
expect 2 '--labels: y.npy: is not a .npz archive' "$ordpar" curve "${model[@]}" --labels y.npy:Z --alpha 1
expect 2 '--teacher-units: the labels have 2 outputs, one for each unit, got 3' "$ordpar" curve "${model[@]}" -M 3 --labels yy.npy --alpha 1
expect 2 '--alpha: of 4000 examples a run trains on 3990' "$ordpar" simulate "${model[@]}" --labels y.npy --alpha 1:997.5:3
expect 2 '--method: overlap draws its inputs' "$ordpar" simulate "${model[@]}" --labels y.npy --method overlap --alpha 1
expect 2 '--labels: linear-exact has one noise for all directions' "$ordpar" closed-form linear-exact "${model[@]}" --labels y.npy --alpha 1
expect 2 '--labels: frontier has a teacher of its own' "$ordpar" closed-form frontier "${model[@]}" --labels y.npy
for other in '--label-noise 1' '--init mean' '--teacher mean' '--unlearnable 1' '--train-output --eta-v 1' '--batch 2' '--save-overlaps o.csv'; do
    expect 2 '--labels: ' "$ordpar" curve "${model[@]}" --labels y.npy --alpha 1 $other
done
[ ! -e o.csv ] || fail "a refused curve left overlaps"

# a sweep's rows are the last of simulate, with the error of what runs have in common
sim=(--activation linear -K 1 --data x.npy --labels y.npy --alpha 0:40:3 --runs 2)
expect 0 '' "$ordpar" sweep --job simulate --sweep eta=0.1,0.3 "${sim[@]}" -q -o swept.csv
for eta in 0.1 0.3; do
    expect 0 '' "$ordpar" simulate --eta $eta "${sim[@]}" -q -o single.csv
    grep -v '^#' single.csv | tail -1 | cut -d, -f1-5
done >single.rows
cmp <(grep -v '^#' swept.csv | tail -n +2 | cut -d, -f3-7) single.rows || fail "errors of a sweep: $(tail -2 swept.csv) $(cat single.rows)"

# students that are not linear have starts of their own, whose mean is the theory of compare; their teacher is linear
erf=(--activation erf -K 2 --eta 0.1 --data x.npy --labels y.npy --sigma-j 1 --alpha 0:4:3 --runs 3)
expect 0 '' "$ordpar" curve "${erf[@]}" -q -o starts.csv
"$ordpar" compare "${erf[@]}" -q -o compared.csv 2>verdict.txt
cmp <(grep -v '^#' starts.csv | cut -d, -f1,2 | tail -n +2) <(grep -v '^#' compared.csv | cut -d, -f1,2 | tail -n +2) || fail "starts: $(tail -3 starts.csv compared.csv)"
expect 2 '--runs: with labels the curve of linear students is the mean over starts; leave it out' "$ordpar" curve "${model[@]}" --labels y.npy --alpha 1 --runs 3
for teacher in erf tanh; do
    expect 2 "--teacher-activation: the teacher is the linear part of labels, got $teacher" "$ordpar" curve "${erf[@]}" --teacher-activation $teacher
done
expect 0 '' "$ordpar" curve "${erf[@]}" --teacher-activation linear -q -o linear.csv
cmp <(grep -v '^#' starts.csv) <(grep -v '^#' linear.csv) || fail "a linear teacher"
if command -v gnuplot >/dev/null; then
    expect 0 '' "$ordpar" curve "${erf[@]:0:12}" -q -o one.csv
    expect 0 '' "$ordpar" simulate "${erf[@]}" -q -o sgd.csv
    expect 0 '' "$ordpar" plot one.csv sgd.csv -o one.svg
    grep -q 'theory of one start' one.svg || fail "one start: $(grep -o 'theory[^<]*' one.svg)"
    # every picture of them has the name of what eps_g is
    expect 0 '' "$ordpar" closed-form linear-finite-n "${model[@]}" --labels y.npy --alpha 0:20:5 -q -o form.csv --plot form.svg
    expect 0 '' "$ordpar" sweep "${model[@]}" --sweep labels=y.npy,yy.npy --sweep seed=1,2 --alpha 0,2 -q -o swept.csv --plot swept.svg --column eps_g
    for picture in form swept; do grep -q 'error of the labels' $picture.svg || fail "the axis of $picture.svg"; done
fi

# an estimate below 0 counts as 0 in a report, and a note says so; without labels it is refused
/usr/bin/python3 - <<END
import numpy as np
r = np.random.default_rng(2)
np.save("noise_x.npy", r.normal(size=(300, 6))), np.save("noise_y.npy", r.normal(size=300))
END
expect 0 '' "$ordpar" simulate --data noise_x.npy --labels noise_y.npy --activation linear -K 1 --runs 3 --alpha 0:2:5 -q -o noise.csv
below=$(awk -F, '/^[0-9]/ && $2 < 0 {n++} END {print n + 0}' noise.csv)
[ "$below" -gt 0 ] || fail "no estimate of noise is below 0"
expect 0 '' "$ordpar" report noise.csv
grep -q "^# below 0: $below of 5 rows" out.txt || fail "no note of estimates below 0: $(grep '^# below' out.txt)"
sed 's/labels=noise_y.npy//' noise.csv >unlabelled.csv
expect 2 'mean must be >= 0' "$ordpar" report unlabelled.csv

# The arrays of an archive are other labels, to reports, --like and pictures; by another name, or as the one without, they are the same
/usr/bin/python3 - <<END
import numpy as np
g = np.random.default_rng(0)
x = g.normal(size=(300, 6))
np.savez("d.npz", X=x, Y=x @ g.normal(size=6), Z=x @ g.normal(size=6), X2=2 * x)
END
cp d.npz copy.npz
of=(--data d.npz -M 1 -K 2 --alpha 0:20:3)
if ! "$ordpar" spectrum --data d.npz 2>&1 | grep -q libzip; then
    for array in '' :Y :Z; do
        expect 0 '' "$ordpar" curve "${of[@]}" --labels d.npz$array -o "of$array.csv"
        for other in '' :Y :Z :Z.npy; do
            for file in d.npz copy.npz; do
                case $array-$other in
                :Z-:Z* | -:Y | :Y- | - | :Y-:Y) expect 0 '' "$ordpar" report "of$array.csv" --labels $file$other ;;
                *) expect 2 "^ordpar report: --labels: $file$other contradicts of$array.csv, which has d.npz$array$" "$ordpar" report "of$array.csv" --labels $file$other ;;
                esac
            done
        done
    done
    expect 0 '' "$ordpar" simulate "${of[@]}" --labels d.npz:Z --runs 2 -q -o runs:Z.csv
    for array in '' X X2; do
        expect 0 '' "$ordpar" curve "${of[@]}" ${array:+--array $array} -o array-$array.csv
    done
    rm -f ck
    expect 0 '' "$ordpar" curve "${of[@]}" --checkpoint ck --save-overlaps ov -o /dev/null
    expect 0 '' "$ordpar" curve "${of[@]}" --array X --checkpoint ck -o /dev/null
    expect 0 '' "$ordpar" curve --continue ov --data d.npz --array X --alpha 20,30 -o /dev/null
    expect 0 '' "$ordpar" report array-.csv --array X
    for command in "report array-X.csv" "curve ${of[*]} --checkpoint ck" "curve --continue ov --data d.npz --alpha 20,30"; do
        expect 2 '^ordpar [a-z]*: --array: X2 contradicts ' "$ordpar" $command --array X2
    done
    if command -v gnuplot >/dev/null; then
        # EXPECTED FILE..: the words of the legend and the title
        words() {
            local expected=$1
            shift
            expect 0 '' "$ordpar" plot "$@" -o words.svg
            [ "$(grep -o '>[^<]*</text>\|>[^<]*</tspan>' words.svg | grep -o 'labels = [^<,]*\|array = [^<,]*\|>theory[^<]*\|simulation' | tr '\n' ';')" = "$expected" ] ||
                fail "words of $*: $(grep -o '[^>]*</text>\|[^>]*</tspan>' words.svg | tr '\n' ';')"
        }
        words 'labels = d:Y;labels = d:Z;' of:Y.csv runs:Z.csv
        words 'labels = d:Y;labels = d:Z;' of:Y.csv of:Z.csv
        words '>theory of one start;simulation;labels = d:Z;' of:Z.csv runs:Z.csv
        words 'labels = d;labels = d:Z;' of.csv of:Z.csv
        words 'labels = d;' of.csv of:Y.csv
        words 'array = X2;' array-X.csv array-X2.csv
        words '' array-.csv array-X.csv
        expect 0 '' "$ordpar" sweep --sweep labels=d.npz:Y,d.npz:Z --sweep eta=0.1,0.2 "${of[@]}" -q -o swept.csv
        words 'labels = d:Y;labels = d:Z;' swept.csv --column eps_g
    fi
fi
finish
