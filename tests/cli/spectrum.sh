# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar spectrum: printing and fitting.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 '' "$ordpar" spectrum -N 100 -L 50 --beta 0.3
[ "$(grep -v '^#' out.txt | head -1)" = "index,eigenvalue,multiplicity" ] || fail "header"
grep -q 'fit: beta = 0.3, standard error' out.txt || fail "fit: $(grep fit out.txt)"
grep -v '^#' out.txt | awk -F, 'NR > 1 {trace += $2 * $3} END {exit !(trace > 99.9999999 && trace < 100.0000001)}' || fail "trace"
expect 0 '' "$ordpar" spectrum -N 100 -L 50 --fit 10:40
grep -q 'ranks 10 to 40' out.txt || fail "window"
expect 0 '' "$ordpar" spectrum -N 100 -L 2
grep -q '# fit' out.txt && fail "a fit of two points"
expect 2 "--fit: .*at least 3 ranks between 1 and L = 50, got 10:11" "$ordpar" spectrum -N 100 -L 50 --fit 10:11
expect 2 "--fit: must be FIRST:LAST.*got '5'" "$ordpar" spectrum -N 100 -L 50 --fit 5
expect 2 "--fit: must be FIRST:LAST.*got '0:9'" "$ordpar" spectrum -N 100 -L 50 --fit 0:9
printf '# data\neigenvalue,multiplicity\n0,3\n4,1\n1,2\n0.25,1\n' >s.csv
expect 0 '' "$ordpar" spectrum --spectrum s.csv --format json
grep -q '"rows": \[' out.txt || fail "JSON"
# a trace that is not N, and made so
printf 'eigenvalue,multiplicity\n4,8\n1,8\n' >big.csv
for command in spectrum "curve --alpha 0:1:2" "simulate --alpha 0:1:2" "closed-form plateau" "precision curve --alpha 0:1:2"; do
    expect 0 '' "$ordpar" $command --spectrum big.csv
    grep -q '^# trace: tr Sigma is 2.5 N' out.txt || fail "$command: no note on the trace"
    expect 0 '' "$ordpar" $command -N 16 -L 2
    grep -q '^# trace' out.txt && fail "$command: a note on a trace that is N"
done
expect 0 '' "$ordpar" spectrum --spectrum big.csv --normalise
[ "$(grep -v '^#' out.txt | tail -n 2)" = "1,1.6000000000000001,8
2,0.40000000000000002,8" ] && ! grep -q '^# trace' out.txt || fail "--normalise: $(cat out.txt)"
mv out.txt normalised.csv
expect 0 '' "$ordpar" curve --alpha 0:1:2 --like normalised.csv
grep -q '^# trace' out.txt && fail "--like does not keep --normalise"
expect 2 "--normalise: is for a given spectrum; the trace is N already" "$ordpar" spectrum --normalise
expect 2 "--normalise: has no decimals" "$ordpar" precision curve --spectrum big.csv --normalise
# --spread: nothing at 0, the second moment at 0.3 with 3 parts (1.36 + 0.3^2/3 (1 - 1/9) of it)
expect 0 '' "$ordpar" spectrum -N 96 -L 2
grep -v '^#' out.txt >plain.csv
expect 0 '' "$ordpar" spectrum -N 96 -L 2 --spread 0
grep -v '^#' out.txt | cmp - plain.csv || fail "--spread 0 changes the spectrum"
expect 0 '' "$ordpar" spectrum -N 96 -L 2 --spread 0.3 --spread-parts 3 -o s.csv
sed -n 's/^# tr Sigma^p.*: [^,]*, \([^,]*\),.*/\1/p' s.csv |
    awk '{ d = $1 - 1.36 * (1 + 0.03 * 8 / 9); exit !(d < 1e-12 && d > -1e-12) }' || fail "moment of a spread spectrum"
[ "$(grep -vc '^#' s.csv)" -eq 7 ] || fail "rows of a spread spectrum"
expect 2 "--spread: the relative spread must be from 0 to below 1, got 1" "$ordpar" spectrum --spread 1
expect 2 "--spread: nothing to spread" "$ordpar" spectrum -N 8 -L 8 --spread 0.1
expect 0 '' "$ordpar" spectrum -N 64 -L 4 --beta 0.5 --trainable 1 # the halves of a block are one rank
grep -q '^# fit: beta = 0.5, .* ranks 1 to 4' out.txt && [ "$(grep -vc '^#' out.txt)" -eq 6 ] || fail "the fit of a cut spectrum: $(grep fit: out.txt)"
expect 2 "--spread-parts: needs a spread above 0" "$ordpar" spectrum --spread-parts 3
expect 2 "--spread-parts: must be a whole number from 2 to" "$ordpar" spectrum -L 4 -N 64 --spread 0.3 --spread-parts 1
expect 2 "--spread: has no decimals" "$ordpar" precision curve -L 2 --spread 0.1 --alpha 0:1:2
expect 2 "--spread: linear-continuum needs the power law" "$ordpar" closed-form linear-continuum --spread 0.1
# the same curve from the written spectrum, and a simulation that agrees with theory
model=(--activation linear -K 1 -M 1 -N 48 --eta 0.5 --alpha 0:20:5)
expect 0 '' "$ordpar" spectrum -N 48 -L 4 --spread 0.4 --spread-parts 5 -o s.csv
expect 0 '' "$ordpar" curve "${model[@]}" -L 4 --spread 0.4 --spread-parts 5
grep -v '^#' out.txt >spread.csv
expect 0 '' "$ordpar" curve "${model[@]}" --spectrum s.csv
grep -v '^#' out.txt | cmp - spread.csv || fail "the spread and the written spectrum differ"
for method in sgd overlap; do
    "$ordpar" compare "${model[@]}" -L 4 --spread 0.4 --spread-parts 5 --against finite-n --runs 400 --method $method --max-z 4 >out.txt 2>err.txt ||
        fail "$method on a spread spectrum: $(cat err.txt)"
done
if command -v gnuplot >/dev/null; then
    expect 0 '' "$ordpar" spectrum -N 100 -L 50 --plot s.svg -o t.csv
    [ -s s.svg ] || fail "no picture"
fi
expect 0 '' "$ordpar" spectrum --help
# one Ctrl-C ends the eigenvalues of a large matrix, of which nothing is written yet
"$ordpar" spectrum --generate marchenko-pastur:0.5:drawn -N 8192 -q -o drawn.csv 2>err.txt &
pid=$!
listens $pid
sleep 0.5
kill -INT $pid
wait $pid
[ $? -eq 130 ] && grep -q '^ordpar spectrum: interrupted$' err.txt || fail "Ctrl-C: $(cat err.txt)"
expect_no drawn.csv


# arrays are known by their first bytes, whatever their names, and what is none is said to be none, however short
/usr/bin/python3 - <<END
import numpy as np
np.save("cov.npy", np.diag([3.0, 1.0])), np.save("few.npy", np.random.default_rng(0).normal(size=(60, 3))), np.savez("levels.npz", X=np.array([3.0, 1.0]))
END
cp cov.npy cov.dat && cp levels.npz levels.dat
for name in cov.npy cov.dat levels.npz levels.dat; do
    expect 0 '' "$ordpar" spectrum --spectrum $name
    [ "$(grep -c '^[0-9]' out.txt)" -eq 2 ] || fail "$name: $(grep -v '^#' out.txt)"
done
printf 'a,b\n1,2\n' >short.csv
printf '\x93NUM' >cut.npy
for option in --data "--data few.npy --labels"; do
    expect 2 'short.csv: is not a .npy array' "$ordpar" simulate $option short.csv --alpha 0,1
    expect 2 'cut.npy: is truncated or damaged' "$ordpar" simulate $option cut.npy --alpha 0,1
done
expect 2 'cut.npy: is truncated or damaged' "$ordpar" spectrum --spectrum cut.npy

# a covariance in single precision, whose halves differ by its rounding, is one by both doors
/usr/bin/python3 - <<END
import numpy as np
X = np.random.default_rng(1).normal(size=(500, 40)) * np.arange(1, 41) ** -0.7
R, s = np.corrcoef(X.T), X.std(0)
for kind in "f8", "f4", "f2":
    S = np.diag(s.astype(kind)) @ R.astype(kind) @ np.diag(s.astype(kind))
    np.save(f"{kind}.npy", S), np.save(f"half{kind}.npy", 0.5 * (S.astype("f8") + S.T.astype("f8")))
assert (np.load("f4.npy") != np.load("f4.npy").T).any()
np.save("apart.npy", R + np.triu(R, 1) * 1e-4)
END
for kind in f8 f4 f2; do
    expect 2 "data: $kind.npy: is a square symmetric matrix, a covariance more likely" "$ordpar" curve --data $kind.npy --alpha 1
    expect 0 '' "$ordpar" curve --spectrum $kind.npy --alpha 1 -q
    grep -v '^#' out.txt >own.csv
    expect 0 '' "$ordpar" curve --spectrum half$kind.npy --alpha 1 -q
    grep -v '^#' out.txt | cmp -s - own.csv || fail "$kind: not the mean of the halves"
done
expect 2 'apart.npy: a covariance matrix must be symmetric, but ' "$ordpar" curve --spectrum apart.npy --alpha 1

# eigenvalues that rounding left below 0 are 0 by every door, and columns and rows of an array are lists
/usr/bin/python3 - <<END
import numpy as np
w = np.array([-4e-7, -3e-16, 1.0, 2.0])
np.save("w.npy", w), np.save("column.npy", w[:, None]), np.save("row.npy", w[None])
np.savetxt("w.txt", w, fmt="%.17g"), np.savetxt("w.csv", np.c_[w, np.ones(4)], fmt="%.17g,%d", header="eigenvalue,multiplicity", comments="")
END
printf '0\n0\n1\n2\n' >zeros.txt
for precision in "curve" "precision curve --digits 12"; do
    expect 0 '' "$ordpar" $precision --spectrum zeros.txt --alpha 1 -q
    grep -v '^#' out.txt >zeros.csv
    for file in w.txt w.csv w.npy column.npy row.npy; do
        [[ $precision$file == precision*.npy ]] && continue # has no decimals
        expect 0 '' "$ordpar" $precision --spectrum $file --alpha 1 -q
        grep -v '^#' out.txt | cmp -s - zeros.csv || fail "$precision, $file: $(tail -n 1 out.txt)"
    done
done
# the number that pandas writes above a column that has no name is no eigenvalue; a file of numbers may begin with a whole one
looks='looks like the name that pandas gives a column'
/usr/bin/python3 - <<END
import numpy as np
w = np.linspace(1, 2, 50)
for name, first, numbers in ("zero", "0", w), ("third", "3", w), ("falling", "1", w[::-1]), ("quoted", '"0"', w):
    open(name + ".csv", "w").write("\n".join([first, *map(repr, map(float, numbers))]) + "\n")
END
for file in zero third quoted; do
    for command in "curve --alpha 1" "precision curve --alpha 1" spectrum "simulate --alpha 1"; do
        expect 2 "--spectrum: $file.csv: the first line, [03], $looks: leave it out, or write 'eigenvalue' there; [03].0 is an eigenvalue" "$ordpar" $command --spectrum $file.csv
    done
done
"$ordpar" spectrum --spectrum - <zero.csv 2>err.txt >out.txt && fail "a heading on standard input is taken"
grep -q -- "--spectrum: standard input: the first line, 0, $looks" err.txt || fail "standard input: $(cat err.txt)"
for numbers in '0 10 5 1' '0 2 2 1'; do
    printf '%s\n' $numbers >whole.txt
    expect 2 "whole.txt: the first line, 0, $looks" "$ordpar" spectrum --spectrum whole.txt
done
for numbers in '0 1' '0 1 1' '0.0 10 5 1' '0 1 5 10' '0 1 2.5' '0.0 1.0 2.5' '1 0.5 0.25 0.125' '1 1.5 2.5 3.5' '2 0.5 1.5 1.0' 'eigenvalue 0 1.5 2.5' 5 '5 5.0'; do
    printf '%s\n' $numbers >good.txt
    expect 0 '' "$ordpar" spectrum --spectrum good.txt
    [ "$(grep -c '^[0-9]' out.txt)" -eq "$(printf '%s\n' $numbers | grep -c '^[0-9]')" ] || fail "'$numbers': $(cat out.txt)"
done
expect 2 "falling.csv: the first line, 1, $looks" "$ordpar" spectrum --spectrum falling.csv

printf '2\n-1e-4\n1\n-1e-12\n' >negative.txt
expect 2 "negative.txt: line 2, column 1 \(eigenvalue\): must be >= 0, got '-1e-4'" "$ordpar" curve --spectrum negative.txt

finish
