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
for none in "--teacher-decay 0" "--teacher-decay 1 -L 4 -N 1024" "--teacher-decay 1 --label-noise 0.5" "--teacher-decay 1 --sigma-j 3"; do
    expect 0 '' "$ordpar" curve --activation linear --alpha 1 $none
    phase && fail "a phase, $none"
done
grep -q "^# student's part: .* at every rank$" out.txt || fail "$(grep "^# student" out.txt)"
expect 0 '' "$ordpar" closed-form linear-exact --teacher-decay 1 --alpha 1 -L 4
grep -E "^# (phase|student)" out.txt && fail "a phase of four eigenvalues"
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
# too small for its square
expect 0 '' "$ordpar" curve -K 1 -M 1 -N 64 -L 1 --unlearnable 1e-300 --alpha 0,2 -o tiny.csv
expect 0 '' "$ordpar" curve -K 1 -M 1 -N 64 -L 1 --alpha 0,2 -o none.csv
[ "$(rows tiny.csv)" = "$(rows none.csv)" ] || fail "an unlearnable part of 1e-300: $(rows tiny.csv)"
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

# Generated spectra bring their teacher: T = 1 with what the inputs do not show, whatever the seed, whoever reads the file.
for name in random-features:100 hidden-manifold:30:{identity,sign,erf,relu}; do
    expect 0 '' "$ordpar" spectrum -N 24 --generate $name --seed 3 -o g.csv
    unlearnable=$(sed -n 's/^# unlearnable: \([^ ]*\) .*/\1/p' g.csv)
    expect 0 '' "$ordpar" spectrum -N 24 --generate $name --seed 3
    rows out.txt | cmp - <(rows g.csv) || fail "$name: not the same again"
    expect 0 '' "$ordpar" spectrum -N 24 --generate $name --seed 4
    rows out.txt | cmp -s - <(rows g.csv) && fail "$name: the seed has no effect"
    model=(--activation linear -K 1 -M 1 --teacher mean --sigma-j 0 --spectrum g.csv --unlearnable "$unlearnable")
    for command in "curve --rtol 1e-10" "closed-form linear-exact" "closed-form linear-finite-n" "simulate --runs 1" "precision curve --init mean"; do
        expect 0 '' "$ordpar" $command "${model[@]}" --alpha 0:0:1
        rows out.txt | awk -F, 'NR > 1 {d = $2 - 0.5; if (d > 1e-11 || d < -1e-11) exit 1}' || fail "$name, $command: $(rows out.txt)"
    done
done
expect 0 largest "$ordpar" compare "${model[@]}" --against finite-n --runs 200 --eta 0.3 --alpha 1:20:4 --max-z 4
expect 2 "--like: g.csv: generate: is for the computation spectrum" "$ordpar" curve --like g.csv
expect 2 "--dry-run: generate has no trial, as matrices are taken apart in one go, got random-features:50" "$ordpar" spectrum -N 16 --generate random-features:50 --dry-run
expect 0 '' "$ordpar" curve --like g.csv --spectrum g.csv --alpha 1
for name in power-law spiked:9,4 marchenko-pastur:0.5 marchenko-pastur:2:drawn; do
    expect 0 '' "$ordpar" spectrum -N 48 --normalise --generate $name -o g.csv
    awk -F, '!/^[#i]/ {trace += $2 * $3} END {exit !(trace > 47.9999999 && trace < 48.0000001)}' g.csv || fail "$name: trace"
    expect 0 '' "$ordpar" curve --spectrum g.csv --alpha 1
done

# Both are swept.
model=(-N 64 -L 4 --eta 0.5)
expect 0 '' "$ordpar" sweep --sweep teacher-decay=0,1 --sweep unlearnable=0,0.1 "${model[@]}" --alpha 0.1:10:20:log
[ "$(rows out.txt | wc -l)" -eq 5 ] || fail "sweep"
# what inputs do not show, with each way of training
hidden=(--unlearnable 0.3 -N 1000 -L 4 --eta 0.3)
for training in '--momentum constant:1:0.05' '--batch 4' '--batch-fraction 0.5'; do
    expect 0 largest "$ordpar" compare "${hidden[@]}" $training --alpha 0,2,5 --method overlap --runs 20 --max-z 5 -q
done
expect 0 '' "$ordpar" curve "${hidden[@]}" --small-eta --columns rate --alpha 10,10.001 -o rate.csv
awk -F, '/^1/ { e[++n] = $2; r[n] = $3 } END { d = (e[1] - e[2]) / 0.3 / 0.001 / ((r[1] + r[2]) / 2) - 1; exit !(d < 1e-4 && d > -1e-4) }' rate.csv ||
    fail "eps_g does not fall by eta times rate: $(tail -n 2 rate.csv)"

# beside overlaps the decay is for predictions alone, and must be that of their teacher
model=(-N 4096 -L 16 --alpha 0,1)
expect 0 '' "$ordpar" curve "${model[@]}" --teacher-decay 0.7 --save-overlaps decays.csv
expect 0 '' "$ordpar" curve "${model[@]}" --save-overlaps flat.csv
expect 0 '' "$ordpar" curve "${model[@]}" --teacher-decay 2 --teacher mean --save-overlaps mean.csv
for command in curve "simulate --runs 1" "precision curve" "optimize --eta-max 1 --until 2 --knots 2" "closed-form plateau"; do
    rows=("${model[@]}")
    [[ $command =~ ^(closed|optimize) ]] && rows=(-N 4096 -L 16)
    expect 0 '' "$ordpar" $command "${rows[@]}" --overlaps decays.csv --teacher-decay 0.7
    grep -q '^# teacher decay: is that of decays.csv, whose weights fall as l^-0\.6[0-9]* (standard error 0.02 of a drawn one); teacher-decay is for predictions alone' out.txt || [[ $command == closed* ]] ||
        fail "$command: no note of the decay: $(grep '^# teacher' out.txt)"
    expect 2 'teacher-decay: 0.7 is not that of the teacher of flat.csv, whose weights fall as l\^0\.0' "$ordpar" $command "${rows[@]}" --overlaps flat.csv --teacher-decay 0.7
done
expect 0 '' "$ordpar" curve "${model[@]}" --overlaps mean.csv --teacher-decay 2
grep -q '^# teacher decay: .* fall as l^-2 ' out.txt || fail "the mean teacher decays as $(grep '^# teacher' out.txt)"
expect 0 '' "$ordpar" curve "${model[@]}" --overlaps flat.csv
grep '^# teacher' out.txt && fail "a note of a decay that is not given"
# which predicts a decay exponent, as overlaps of a teacher that decays do with its decay alone
for pair in flat.csv:0:-0.5 decays.csv:0.7:-0.85 decays.csv:0:nan; do
    IFS=: read -r file decay predicted <<<"$pair"
    expect 0 '' "$ordpar" sweep --activation linear --sweep eta=0.1 "${model[@]}" --overlaps $file --teacher-decay $decay -o sloped.csv -q # (whose run was of erf)
    [ "$(printf %.10g "$(cell sloped.csv 1 decay_exponent_predicted)")" = "$predicted" ] || fail "$pair: $(cell sloped.csv 1 decay_exponent_predicted)"
done
expect 0 '' "$ordpar" curve "${model[@]}" --overlaps decays.csv -o sloped.csv
grep -q '^# teacher decay: .* fall as l^-0\.6[0-9]* .*; no decay exponent is predicted without its teacher-decay' sloped.csv || fail "no note of another decay: $(head -20 sloped.csv)"
expect 0 '' "$ordpar" report sloped.csv
grep -q '^decay exponent,,,,,$' out.txt || fail "an exponent of another teacher: $(cat out.txt)"
# what is of order eta^2 has no effect at lowest order, and a note
expect 0 '' "$ordpar" curve "${model[@]}" --small-eta --label-noise 0.1 --batch 2
grep -q '^# small eta: label noise and the size of a batch change nothing at lowest order in eta$' out.txt || fail "no note of label noise and batch"
expect 0 '' "$ordpar" curve "${model[@]}" --label-noise 0.1 --batch 2
grep '^# small eta' out.txt && fail "a note of small eta at all orders"


# notes where overlaps say otherwise than what stands beside them: the order of blocks, output weights of tasks
for order in '2,20 1,30' '1,30 2,20'; do
    printf 'eigenvalue,multiplicity\n%s\n%s\n' $order >levels.csv
    expect 0 '' "$ordpar" curve --spectrum levels.csv --alpha 0,1 --save-overlaps levels.ov
    grep '^# blocks' out.txt && fail "a drawn start has a note of its blocks"
    expect 0 '' "$ordpar" curve --spectrum levels.csv --alpha 0,1 --overlaps levels.ov
    [ "$(grep -c '^# blocks: the eigenvalues were given in another order' out.txt)" -eq $([[ $order == 1* ]] && echo 1 || echo 0) ] || fail "$order: $(grep '^# blocks' out.txt)"
done
task='{"tasks": [{"student_output": [1, 1], "teacher_output": [1, 0], "probability": [[0, 1]]}]}'
expect 0 '' "$ordpar" curve -N 64 -L 4 --train-output --eta-v .1 --alpha 0,5 --save-overlaps heads.csv
grep -v ^v heads.csv >no_heads.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --overlaps heads.csv --tasks "$task" --alpha 0,1
grep -q '^# output weights: those of the overlaps, in place of' out.txt || fail "no note of output weights"
expect 0 '' "$ordpar" curve -N 64 -L 4 --overlaps no_heads.csv --tasks "$task" --alpha 0,1
grep '^# output weights' out.txt && fail "a note of output weights that are not there"

finish
