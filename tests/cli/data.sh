# SPDX-License-Identifier: GPL-3.0-or-later
# --data: spectrum, closed-form, simulate and compare on small arrays made here.
. "$(dirname "$0")/lib.sh" "$1"

# 400 examples of 4 components, from a linear congruence; the second file goes on where the first ends
awk 'BEGIN {x = 12345; for (k = 0; k < 1600; k++) {x = (x * 1103515245 + 12345) % 2147483648; printf "%c", 33 + int(x / 65536) % (8 + 20 * (k % 4))}}' >bytes
head -c 1200 bytes | npy a.npy '300, 2, 2'
tail -c 400 bytes | npy b.npy '100, 4'

expect 0 '' "$ordpar" spectrum --data a.npy b.npy
grep -q '# data: 400 examples of 4 components in 2 files' out.txt || fail "note: $(grep data: out.txt)"
grep -v '^#' out.txt | awk -F, 'NR > 1 {trace += $2; if ($3 != 1) exit 1} END {exit !(NR == 5 && trace > 4 - 1e-12 && trace < 4 + 1e-12)}' || fail "trace of the data's spectrum"
expect 0 '' "$ordpar" spectrum -N 3 --data a.npy
[ "$(grep -vc '^#' out.txt)" -eq 4 ] || fail "-N 3 kept $(grep -vc '^#' out.txt) rows"
model=(--activation linear -K 1 -M 1 --eta 0.1)
expect 0 '' "$ordpar" closed-form features "${model[@]}" --trainable 2 --alpha 0:10:3 --data a.npy b.npy
expect 0 '' "$ordpar" simulate "${model[@]}" --runs 3 --alpha 0:100:5 --data a.npy b.npy
mv out.txt once.txt
expect 0 '' "$ordpar" simulate "${model[@]}" --runs 3 --alpha 0:100:5 --threads 1 --data a.npy b.npy
diff <(grep -v '^#' once.txt) <(grep -v '^#' out.txt) || fail "threads change the numbers"
expect 0 'largest .z.' "$ordpar" compare "${model[@]}" --runs 5 --alpha 1:100:5 --data a.npy b.npy
expect 0 '' "$ordpar" simulate -K 2 -M 2 --runs 2 --alpha 0:100:3 --data a.npy b.npy
grep -q 'as if the fields were Gaussian' out.txt || fail "erf: no note"
# few examples bend the fit, and a symmetric matrix is a covariance
grep -q '^# few examples' once.txt && fail "few examples without a fit"
expect 0 '' "$ordpar" spectrum --data a.npy
grep -q '^# few examples' out.txt && fail "300 examples of 4 components are few"
awk 'BEGIN {x = 1; for (k = 0; k < 1800; k++) {x = (x * 1103515245 + 12345) % 2147483648; printf "%c", 33 + int(x / 65536) % int(2 + 90 / (1 + k % 30))}}' >bytes
npy few.npy '60, 30' <bytes
expect 0 '' "$ordpar" spectrum --data few.npy
grep -q '^# few examples: beta is too large by some 0\.[0-9]*, for 60 examples of 30 components' out.txt || fail "no note: $(grep '^#' out.txt)"
printf 'ZBCBYDCDX' | tee >(npy symmetric.npy '3, 3') | npy shaped.npy '3, 3, 1'
for command in spectrum "curve --alpha 0:1:2" "simulate --alpha 0:1:2" "sweep --sweep eta=0.1,0.2 --alpha 0:1:2" "closed-form plateau"; do
    expect 2 '--data: symmetric.npy: is a square symmetric matrix, a covariance .* spectrum .*numpy.linalg.eigvalsh.* .3, 3, 1.$' "$ordpar" $command --data symmetric.npy
    expect 0 '' "$ordpar" $command --data shaped.npy # as examples
done

expect 0 '' "$ordpar" spectrum --spectrum symmetric.npy

expect 2 "--alpha: 101 at N = 4 is 404 examples, the data has 400: alpha up to 100" "$ordpar" simulate --alpha 1:101:2 --data a.npy b.npy
expect 2 "--method: overlap draws its inputs" "$ordpar" simulate --method overlap --alpha 1:2:2 --data a.npy
expect 2 "--checkpoint: not with data" "$ordpar" simulate --checkpoint c --alpha 1:2:2 --data a.npy
expect 2 "--input-dim: the data has 4 components, 5 cannot be kept" "$ordpar" spectrum -N 5 --data a.npy
expect 2 "--data: .*beta has no place" "$ordpar" spectrum --beta 1 --data a.npy
expect 2 "--data: .*spectrum has no place" "$ordpar" spectrum --spectrum s.csv --data a.npy
expect 2 "--data: linear-continuum needs the power law" "$ordpar" closed-form linear-continuum --data a.npy
expect 2 "--data: none.npy: cannot be read: No such file" "$ordpar" spectrum --data none.npy
expect 2 "--data: lib.txt: is not a .npy array" bash -c 'echo "some text, no array" >lib.txt; "$1" spectrum --data lib.txt -o s.out' - "$ordpar"
head -c 500 a.npy >short.npy
expect 2 "--data: short.npy: is truncated: the shape .300, 2, 2. needs 1200 bytes" "$ordpar" spectrum --data short.npy -o s.out
sed 's/False/True /' a.npy >fortran.npy
expect 0 '' "$ordpar" spectrum --data fortran.npy
(cat a.npy && echo) >long.npy
expect 2 "--data: long.npy: has 1 trailing bytes after the array of shape .300, 2, 2.: a file must be one array" "$ordpar" spectrum --data long.npy -o s.out
head -c 4 /dev/zero | npy zero.npy '2, 2'
expect 2 "--data: all 2 examples are equal" "$ordpar" spectrum --data zero.npy -o s.out
# arrays of an archive by their names
if command -v python3 >/dev/null && python3 -m zipfile -c ab.npz a.npy b.npy && ! "$ordpar" spectrum --data ab.npz 2>&1 | grep -q libzip; then
    expect 2 "--data: ab.npz: has no array named X; its arrays are a, b" "$ordpar" spectrum --data ab.npz
    expect 2 "--data: ab.npz: has no array named c; its arrays are a, b" "$ordpar" spectrum --data ab.npz --array c
    expect 2 "--data: ab.npz:a: there is no such file; an array is named by array=a" "$ordpar" spectrum --data ab.npz:a
    expect 0 '' "$ordpar" spectrum --data ab.npz --array b
    cp out.txt named.txt
    expect 0 '' "$ordpar" spectrum --data b.npy
    cmp -s <(grep -v '^#' named.txt) <(grep -v '^#' out.txt) || fail "--array b is not b.npy"
    expect 2 "--labels: a: cannot be read: .*; its array of that name would be ab.npz:a$" "$ordpar" curve --data ab.npz --array b --labels a
    expect 2 "--data: b.npy: is not a .npz archive, whose array b could be taken" "$ordpar" spectrum --data b.npy --array b
fi
expect 2 "--array: is for data" "$ordpar" spectrum --array b
expect 2 "unexpected argument 'b.npy'; .* one of examples for --data$" "$ordpar" spectrum b.npy
# Of several files pictures and messages name all, of many the ends.
head -c 120 bytes | npy part-1.npy '30, 4'
for k in 2 3 4 5; do tail -c $((120 * k)) bytes | head -c 120 | npy part-$k.npy '30, 4'; done
for last in 1 2 3 5; do
    expect 0 '' "$ordpar" curve -M 1 --alpha 0,10,20 --data $(seq -f part-%g.npy $last) -o "to$last.csv"
done
expect 0 '' "$ordpar" curve -M 1 --alpha 0,10,20 --data $(seq -f part-%g.npy 5) --format json -o to5.json
expect 0 '' "$ordpar" curve -M 1 --alpha 0,10,20 --data part-2.npy part-1.npy -o turned.csv
cp part-1.npy one.npy && cp part-2.npy two.npy
expect 0 '' "$ordpar" report to2.csv --data one.npy two.npy
expect 2 '^ordpar report: --data: part-2.npy, part-1.npy contradicts to2.csv, which has part-1.npy, part-2.npy$' "$ordpar" report to2.csv --data part-2.npy part-1.npy
expect 2 '^ordpar report: --data: two.npy contradicts to5.csv, which has part-1.npy .. part-5.npy .5 files.$' "$ordpar" report to5.csv --data two.npy
if command -v gnuplot >/dev/null; then
    while IFS='|' read -r files expected; do
        expect 0 '' "$ordpar" plot $files -o words.svg
        [ "$(grep -o 'data = [^<]*</tspan>' words.svg | sed 's/<.*//; s/, η.*//' | tr '\n' ';')" = "$expected" ] || fail "data in the picture of $files: $(grep -o 'data = [^<]*' words.svg | tr '\n' ';')"
    done <<'END'
to1.csv to2.csv to3.csv to5.csv|data = part-1;data = part-1, part-2;data = part-1, part-2, part-3;data = part-1 .. part-5 (5 files);
to2.csv turned.csv|data = part-1, part-2;data = part-2, part-1;
to3.csv|data = part-1, part-2, part-3;
to5.json|data = part-1 .. part-5 (5 files);
END
fi

npy() { # SHAPE COUNT: bytes
    printf '\223NUMPY\001\000\166\000%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': $1, }"
    head -c "$2" /dev/zero
}
npy '(8,)' 8 >one-axis.npy
npy '(2, 20000)' 40000 >wide.npy
expect 2 "--data: one-axis.npy: has 1 axis; .* .labels are a setting of their own, labels.$" "$ordpar" curve --data one-axis.npy
expect 2 "has 20000 components an example; at most 16384 can be taken; .* is it transposed.$" "$ordpar" curve --data wide.npy
expect_no s.out
# threads are as many as there is address space for; without that OpenBLAS waits for ever (the sanitizers need more than there is)
for room in 240000 280000 400000; do
    if (ulimit -v $room && "$ordpar" --version) >/dev/null 2>&1; then
        /usr/bin/python3 -c 'import numpy as np; np.save("mid.npy", np.random.default_rng(1).normal(size=(600, 150)))'
        expect 0 '' env OMP_NUM_THREADS=8 "$ordpar" spectrum --data mid.npy
        grep -v '^#' out.txt >free.csv
        expect 0 '' env OMP_NUM_THREADS=8 bash -c "ulimit -v $room && exec timeout 60 '$ordpar' spectrum --data mid.npy"
        cmp -s <(grep -v '^#' out.txt) free.csv || fail "other rows in $room kB"
    fi
done
# A run of the leading components goes on beside its own data, whose -N is in its file, also a second time.
/usr/bin/python3 -c 'import numpy as np; x = np.random.default_rng(1).normal(size=(200, 6)) * np.arange(1, 7) ** -0.8; np.save("own.npy", x), np.save("else.npy", 2 * x + x**2)'
expect 0 '' "$ordpar" curve --data own.npy -N 3 --eta 0.3 --alpha 0,2 --save-overlaps own.ov -o begun.csv
for file in own on; do
    [ $file = own ] && grid=2,4 || grid=4,8
    expect 0 '' "$ordpar" curve --continue $file.ov --alpha $grid --save-overlaps next.ov -o whole.csv
    for words in "--data own.npy" "--data own.npy -N 3" "-N 3"; do
        expect 0 '' "$ordpar" curve --continue $file.ov $words --alpha $grid -o on.csv
        cmp -s <(grep -v '^#' on.csv) <(grep -v '^#' whole.csv) || fail "$file.ov beside $words: $(grep -v '^#' on.csv)"
    done
    expect 2 "^ordpar curve: --data: .* in block 1 contradicts $file.ov, which has" "$ordpar" curve --continue $file.ov --data else.npy --alpha $grid
    expect 2 "^ordpar curve: --input-dim: 4 contradicts $file.ov, which has 3" "$ordpar" curve --continue $file.ov --data own.npy -N 4 --alpha $grid
    mv next.ov on.ov
done
expect 0 '' "$ordpar" curve -N 8 -L 4 --alpha 0,2 --save-overlaps law.ov -o begun.csv
expect 2 "^ordpar curve: --data: of 6 blocks contradicts law.ov, which has 4" "$ordpar" curve --continue law.ov --data own.npy --alpha 2,4

finish
