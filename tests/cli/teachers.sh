# SPDX-License-Identifier: GPL-3.0-or-later
# --teacher-decay, teacher weights in a spectrum's file, --unlearnable.
. "$(dirname "$0")/lib.sh" "$1"

rows() { grep -v '^#' "$1"; }

# Written and read again the spectrum gives the same rows, through every computation.
expect 0 '' "$ordpar" spectrum -N 48 -L 8 --teacher-decay 1.5 -o s.csv
[ "$(rows s.csv | head -1)" = "index,eigenvalue,multiplicity,teacher" ] || fail "header"
rows s.csv | awk -F, 'NR > 1 {T += $2 * $3 * $4 / 48} END {exit !(T > 1 - 1e-12 && T < 1 + 1e-12)}' || fail "T"
grep -q '^# T^(p)' s.csv || fail "moments of the teacher"
linear=(--activation linear -K 1 -M 2 --eta 0.3 --unlearnable 0.2,0.1 --alpha 0.5:4:3)
said='' # on standard error
same() { # COMPUTATION..: with the setting, and with the file
    expect 0 "$said" "$ordpar" "$@" -N 48 -L 8 --teacher-decay 1.5
    rows out.txt >setting.csv
    expect 0 "$said" "$ordpar" "$@" --spectrum s.csv
    rows out.txt | cmp - setting.csv || fail "$*"
}
same curve "${linear[@]}" --trainable 30
same simulate "${linear[@]}" --runs 3
same simulate "${linear[@]}" --runs 3 --method overlap --trainable 30
said=largest same compare "${linear[@]}" --runs 3 --against finite-n
same closed-form linear-exact "${linear[@]}" --trainable 30
same closed-form linear-finite-n "${linear[@]}"
same closed-form plateau --unlearnable 0.1
same closed-form escape
same closed-form frontier --compute 1:100:3

# Arbitrary precision has the same numbers, of decimals: with a cut block, and of a file.
near() { # within a relative 1e-8 of what stands in rows.csv
    rows out.txt | paste -d, - rows.csv |
        awk -F, 'NR > 1 {d = $2 / $4 - 1; if (d > 1e-8 || d < -1e-8) exit 1}' || fail "$*"
}
for settings in "-N 48 -L 8 --teacher-decay 1.5" "--spectrum s.csv"; do
    for extra in "" "--trainable 30 --representation blocks"; do
        expect 0 '' "$ordpar" curve "${linear[@]}" --init mean --teacher mean $settings ${extra% --rep*} --rtol 1e-10
        rows out.txt >rows.csv
        expect 0 '' "$ordpar" precision curve "${linear[@]}" --init mean --teacher mean $settings $extra --digits 20
        near "precision curve $settings $extra"
    done
    expect 0 '' "$ordpar" closed-form asymptotic --small-eta $settings --alpha 1:10:3
    rows out.txt >rows.csv
    expect 0 '' "$ordpar" closed-form asymptotic --small-eta $settings --alpha 1:10:3 --digits 20
    near "asymptotic $settings"
done
expect 0 '' "$ordpar" closed-form linear-continuum --teacher-decay 2 --unlearnable 0.1 --alpha 1:10:3
rows out.txt >rows.csv
expect 0 '' "$ordpar" closed-form linear-continuum --teacher-decay 2 --unlearnable 0.1 --alpha 1:10:3 --digits 20
near "linear-continuum"

# What the phase is, and where what the student starts with takes over, are facts.
phase() { grep '^# phase' out.txt; }
expect 0 '' "$ordpar" closed-form linear-exact --teacher-decay 1 --alpha 1
phase | grep -q 'source.*alpha^-1$' || fail "source: $(phase)"
expect 0 '' "$ordpar" curve --activation linear --teacher-decay 4 --alpha 1
phase | grep -q "SGD's own noise.*alpha^-1.5, as zeta = 4 > 1 + beta" || fail "noise: $(phase)"
expect 0 '' "$ordpar" curve --activation linear --teacher-decay 4 --alpha 1 --small-eta
phase | grep -q 'source.*alpha^-2.5$' || fail "lowest order: $(phase)"
grep -q "^# student's part: .*beyond the rank 11" out.txt || fail "curve: $(grep "^# student" out.txt)"
expect 0 '' "$ordpar" curve --alpha 1 --teacher-decay 4 --activation relu
phase && fail "a phase of relu"
expect 0 '' "$ordpar" curve --alpha 1
phase && fail "a phase without decay"
expect 0 '' "$ordpar" closed-form linear-exact --teacher-decay 4 --alpha 1
grep -q "^# student's part: .*beyond the rank 11" out.txt || fail "$(grep "^# student" out.txt)"

# What inputs do not show is in the overlaps' file, which brings it back, and has no decimals of its own.
model=(-N 64 -L 4 --eta 0.5)
expect 0 '' "$ordpar" curve "${model[@]}" --unlearnable 0.2,0.3 --alpha 2:2:1 --save-overlaps p.csv
[ "$(grep -c '^p,1,' p.csv)" -eq 3 ] || fail "matrix p"
expect 0 '' "$ordpar" curve "${model[@]}" --unlearnable 0.2,0.3 --alpha 2:4:2
rows out.txt | tail -1 | cut -d, -f2 >later
expect 0 '' "$ordpar" curve "${model[@]}" --overlaps p.csv --alpha 0:2:2
rows out.txt | tail -1 | cut -d, -f2 | paste - later | awk '{d = $1 / $2 - 1; exit !(d < 1e-7 && d > -1e-7)}' || fail "continued"
rows out.txt >rows.csv
expect 0 '' "$ordpar" precision curve "${model[@]}" --overlaps p.csv --alpha 0:2:2 --representation blocks --digits 20
near "precision of p"
expect 0 '' "$ordpar" simulate "${model[@]}" --overlaps p.csv --alpha 0:2:2 --runs 2
expect 2 "--unlearnable: p.csv has its covariance" "$ordpar" curve "${model[@]}" --overlaps p.csv --unlearnable 1
sed 's/^p,1,1,2,.*/p,1,1,2,0.9/' p.csv >bad.csv
expect 2 "--overlaps: .*not positive semidefinite" "$ordpar" curve "${model[@]}" --overlaps bad.csv
expect 0 '' "$ordpar" curve -K 1 -M 1 -N 64 -L 4 --activation linear --init near-teacher --unlearnable 0.2 --alpha 1e3
rows out.txt | awk -F, 'NR > 1 {exit !($2 > 0.1)}' || fail "a floor near the teacher"

# A run goes on with both: weights and covariance are in its file.
model=(-N 64 -L 4 --eta 0.5 --teacher-decay 1 --trainable 40 --unlearnable 0.2)
expect 0 '' "$ordpar" curve "${model[@]}" --alpha 2,4,6 --rtol 1e-10
rows out.txt | tail -1 >later
expect 0 '' "$ordpar" curve "${model[@]}" --alpha 2,4 --rtol 1e-10 --save-overlaps c.csv
grep -q '^# weights:' c.csv && [ "$(grep -c '^p,1,' c.csv)" -eq 3 ] || fail "what a run goes on from"
expect 0 '' "$ordpar" curve --continue c.csv --alpha 6
rows out.txt | tail -1 | paste -d, - later | awk -F, '{d = $2 / $4 - 1; exit !(d < 1e-8 && d > -1e-8)}' || fail "continue"

# Both are swept.
model=(-N 64 -L 4 --eta 0.5)
expect 0 '' "$ordpar" sweep --sweep teacher-decay=0,1 --sweep unlearnable=0,0.1 "${model[@]}" --alpha 0.1:10:20:log
[ "$(rows out.txt | wc -l)" -eq 5 ] || fail "sweep"
finish
