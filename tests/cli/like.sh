# SPDX-License-Identifier: GPL-3.0-or-later
# --like: a file's settings make the same rows again; what is given beside it wins, also over settings that it takes the
# place of.
. "$(dirname "$0")/lib.sh"
rows() { grep -v '^#' "$1"; }
settings() { sed -n 's/^# settings: //p' "$1"; }
# again NAME COMMAND..: CSV and JSON of the command lead to its own rows and settings
again() {
    expect 0 '' "$ordpar" "${@:2}" -q -o "$1.csv"
    expect 0 '' "$ordpar" "${@:2}" -q --format json -o "$1.json"
    local form=()
    [[ $3 == -* ]] || form=("$3")
    for file in "$1.csv" "$1.json"; do
        expect 0 '' "$ordpar" "$2" "${form[@]}" --like "$file" -q -o "$1.again"
        cmp <(rows "$1.csv") <(rows "$1.again") || fail "$1: other rows by --like $file"
        cmp <(settings "$1.csv") <(settings "$1.again") || fail "$1: other settings by --like $file: $(settings "$1.again")"
    done
}
printf 'eigenvalue,multiplicity\n2,8\n0.5,16\n' >s.csv
printf 'alpha,eta\n0,0.1\n10,0.05\n' >rate.csv
again curve curve -K 2 -M 2 -N 64 -L 4 --beta 0.5 --eta 0.3 --alpha 0:20:5 --moments 1
again spectrum curve --spectrum s.csv -N 24 --alpha 0:3:4
again scheduled curve --schedule rate.csv -N 64 -L 4 --alpha 0:20:5
again runs simulate -N 32 -L 4 --runs 3 --alpha 0:4:3
again form closed-form linear-exact -N 32 -L 32 --eta 0.2 --alpha 0:4:3
settings spectrum.csv | grep -q 'default:.* eta=0.1 ' || fail "settings beside a spectrum: $(settings spectrum.csv)"
# given EXPECTED.. : beside --like the last words win
given() { # NAME LIKE OPTION..
    expect 0 '' "$ordpar" curve --like "$2" "${@:3}" -q -o given.csv
    cmp <(rows given.csv) <(rows "$1") || fail "--like $2 ${*:3}: $(settings given.csv)"
}
expect 0 '' "$ordpar" curve -K 2 -M 2 -N 64 -L 4 --beta 0.5 --eta 0.2 --alpha 0:20:5 --moments 1 -o eta.csv
given eta.csv curve.csv --eta 0.2
expect 0 '' "$ordpar" curve -K 2 -M 2 --spectrum s.csv --eta 0.3 --alpha 0:20:5 --moments 1 -o replaced.csv
given replaced.csv curve.csv --spectrum s.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --eta 0.2 --alpha 0:20:5 -o constant.csv
given constant.csv scheduled.csv --eta 0.2
expect 0 '' "$ordpar" curve -N 24 -L 4 --alpha 0:3:4 -o law.csv
given law.csv spectrum.csv -L 4
# A JSON object may have the names of Python, and lists of words.
printf '{"sigma_j": 0.02, "teacher_output": ["1", 0.5], "columns": ["rate", "noise_scale"], "alpha": "0:3:4", "L": 4, "N": 64}' >python.json
expect 0 '' "$ordpar" curve --sigma-j 0.02 --teacher-output 1,0.5 --columns rate,noise-scale --alpha 0:3:4 -L 4 -N 64 -q -o named.csv
given named.csv python.json
expect 2 "like: /: cannot be read" "$ordpar" curve --like /
expect 2 "like: nowhere: cannot be read" "$ordpar" curve --like nowhere
expect 2 "like: s.csv: has no line" "$ordpar" curve --like s.csv

# a sweep wins, too; batches and fractions; files from other systems; pipes
expect 0 '' "$ordpar" sweep --like curve.csv --sweep eta=0.1,0.2 -q -o swept.csv
[ "$(rows swept.csv | tail -n 1 | cut -d, -f4)" = "$(rows eta.csv | tail -n 1 | cut -d, -f2)" ] || fail "a sweep beside --like"
settings swept.csv | grep -q ' eta=' && fail "the settings of a sweep beside --like: $(settings swept.csv)"
# what a sweep was over is in its file, too, with what was in the files of it
printf 'alpha,eta\n0,0.2\n' >a.csv
again axes sweep --sweep schedule=a.csv,rate.csv --sweep K=M=2,3 -N 32 -L 4 --alpha 0:4:3 --curves
again job sweep --sweep L=1,4 -N 32 --alpha 0:4:3 --job simulate --runs 2
for like in axes.csv axes.json; do
    expect 0 '' "$ordpar" sweep --like $like --sweep K=M=2 -q -o fewer.csv
    [ "$(rows fewer.csv | wc -l)" -eq 3 ] || fail "an axis beside those of $like: $(rows fewer.csv)"
    expect 2 "like: $like: schedule is swept there \(schedule=a.csv,rate.csv\): give the value" "$ordpar" curve --like $like -K 2 -M 2
    expect 0 '' "$ordpar" curve --like $like -K 2 -M 2 --schedule rate.csv -q
    printf 'alpha,eta\n0,0.3\n' >a.csv
    expect 2 "schedule: a.csv has another content than when $like was made with it" "$ordpar" sweep --like $like -q
    expect 0 '' "$ordpar" sweep --like $like --sweep schedule=a.csv -q
    printf 'alpha,eta\n0,0.2\n' >a.csv
done
expect 2 "like: job.csv: eigenvalues is swept there" "$ordpar" simulate --like job.csv
expect 0 '' "$ordpar" curve --like job.csv -q
grep -q '^4,4,' out.txt || fail "a sweep of numbers as lists of curve: $(settings out.txt)"
expect 2 "eta: has a value of its own" "$ordpar" sweep --like curve.csv --eta 0.1 --sweep eta=0.1,0.2
expect 0 '' "$ordpar" curve -N 64 -L 4 --batch 4 --alpha 0:4:3 -o batch.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --batch-fraction 0.5 --alpha 0:4:3 -o fraction.csv
given fraction.csv batch.csv --batch-fraction 0.5
given batch.csv fraction.csv --batch 4
sed 's/$/\r/' curve.csv >dos.csv
given curve.csv dos.csv
# Every reader of own files takes what editors and spreadsheets make of them, or says what that is.
marked() { printf '\xef\xbb\xbf' && sed 's/$/\r/' "$1"; }
curve=("$ordpar" curve -L 2 -N 8 -K 2 -M 2 --alpha 0:2:3)
expect 0 '' "${curve[@]}" --save-overlaps own_end.csv -o own_rows.csv
expect 0 '' "${curve[@]}" --format json -o own_rows.json
printf '{"tasks":[{"student_output":[0.5,0.5],"teacher_output":[1,0],"probability":[[0,1]]}]}' >own_tasks.json
printf '{"a": [1], "s": [2]}' >own_erfs.json
# readers PREFIX, of all these files with that prefix instead of own
readers() {
    local k
    for k in "--continue $1_end.csv --alpha 2:4:3" "--overlaps $1_end.csv -N 8 -L 2 --alpha 0:2:2" "--like $1_rows.csv" "--like $1_rows.json" \
        "--alpha $1_rows.csv" "--alpha $1_rows.json" "--tasks $1_tasks.json --alpha 0:2:2" "--activation $1_erfs.json --alpha 0:2:2"; do
        echo "curve $k -q"
    done
    for k in csv json; do
        echo "report $1_rows.$k" && echo "plot $1_rows.$k -o picture.svg"
    done
}
for f in own_*; do
    marked "$f" >"marked${f#own}"
    iconv -t UTF-16 "$f" >"wide${f#own}"
    tr '\n' '\r' <"$f" >"return${f#own}"
done
while read -r own <&3 && read -r marked <&4; do
    expect 0 '' "$ordpar" $own
    rows out.txt >own.txt
    expect 0 '' "$ordpar" $marked
    cmp -s <(rows out.txt) own.txt || fail "$marked: other rows"
done 3< <(readers own) 4< <(readers marked)
while read -r wide; do
    expect 2 'text in UTF-16, need UTF-8' "$ordpar" $wide
done < <(readers wide)
while read -r lone; do
    [[ $lone == *.json* ]] || expect 2 'lines end with a carriage return alone' "$ordpar" $lone
done < <(readers return)
expect 0 '' "$ordpar" curve --tasks "$(printf '\xef\xbb\xbf' && cat own_tasks.json)" --alpha 0:2:2

# What is of no use beside what is given goes with the setting of the file that steps aside.
rm -rf aside; mkdir aside; cd aside || exit 1
model=(-N 64 -L 4 --alpha 0,1)
expect 0 '' "$ordpar" curve "${model[@]}" --save-overlaps start.csv
expect 0 '' "$ordpar" curve "${model[@]}" --overlaps start.csv -o begun.csv
expect 0 '' "$ordpar" curve "${model[@]}" --seed 5 --teacher-decay 3 -o seeded.csv
expect 0 '^ordpar curve: --like: seeded.csv: its teacher-decay=3 gives way to overlaps$' "$ordpar" curve --like seeded.csv --overlaps start.csv -o of.csv
cmp -s <(rows begun.csv) <(rows of.csv) || fail "overlaps beside a file with a seed and a decay"
expect 0 '' "$ordpar" curve --like of.csv -o again.csv
cmp -s <(rows begun.csv) <(rows again.csv) || fail "such a file again"
expect 2 'overlaps: start.csv takes the place of seed' "$ordpar" curve -q --like seeded.csv --overlaps start.csv --seed 5
printf '2\n1\n' >two.csv
expect 0 '' "$ordpar" curve --spectrum two.csv --normalise --alpha 0,1 -o scaled.csv
expect 0 'its spectrum=two.csv and normalise=yes give way to eigenvalues$' "$ordpar" curve --like scaled.csv -L 4 -N 64 -o of.csv
cmp -s <(rows of.csv) <("$ordpar" curve "${model[@]}" | rows /dev/stdin) || fail "-L beside a file with a spectrum that is normalised"
expect 0 '' "$ordpar" curve --like scaled.csv --spectrum two.csv
grep -q '^# settings: .*normalise=yes' out.txt || fail "another spectrum is not normalised: $(settings out.txt)"
/usr/bin/python3 - <<END
import numpy as np
x = np.random.default_rng(0).normal(size=(60, 6))
np.save("x.npy", x), np.savez("z.npz", A=x, B=x[:, :5]), np.save("y.npy", x @ np.ones(6))
END
for labels in "" "--labels y.npy --activation linear -K 1"; do
    expect 0 '' "$ordpar" simulate --data z.npz --array A $labels --alpha 0,1 --runs 1 -q -o data.csv
    for other in "-L 4 -N 64" "--spectrum two.csv" "--data x.npy"; do
        expect 0 '' "$ordpar" simulate --like data.csv $other -q
        [[ $(settings out.txt) == *array=* ]] && fail "$other: $(settings out.txt)"
    done
done
expect 0 '' "$ordpar" curve "${model[@]}" --spread 0.1 --spread-parts 3 -o spread.csv
expect 0 'its spread-parts=3 gives way to spread$' "$ordpar" curve --like spread.csv --spread 0 -o of.csv
cmp -s <(rows of.csv) <("$ordpar" curve "${model[@]}" | rows /dev/stdin) || fail "a spread of 0 beside a file with parts"
expect 0 '' "$ordpar" curve --like spread.csv --spread 0.2
grep -q '^# settings: .*spread-parts=3' out.txt || fail "another spread has lost its parts: $(settings out.txt)"
trained=("${model[@]}" --unlearnable 0.2 --train-output --eta-v 0.1)
expect 0 '' "$ordpar" curve "${trained[@]}" --student-output 0.3,0.4 -o trained.csv
expect 0 '' "$ordpar" curve "${trained[@]}" --save-overlaps outputs.csv -o begun.csv
expect 0 '' "$ordpar" curve --like trained.csv --overlaps outputs.csv -o of.csv
grep -q '^# output weights: those of the overlaps, in place of the student_output of like$' of.csv || fail "output weights of overlaps beside a file's"
sed 's/unlearnable=0.2/unlearnable=0.3/' trained.csv >hidden.csv
expect 0 '' "$ordpar" curve --like hidden.csv --overlaps outputs.csv
grep -q '^# unlearnable part: that of the overlaps, in place of the unlearnable of like$' out.txt || fail "a covariance of overlaps beside a file's"
grep -q '^# \(output weights\|unlearnable part\):' begun.csv && fail "a note of what nothing replaces"
expect 2 'student-output: outputs.csv has the output weights' "$ordpar" curve --like trained.csv --overlaps outputs.csv --student-output 0.3,0.4
expect 2 'unlearnable: outputs.csv has its covariance' "$ordpar" curve --like trained.csv --overlaps outputs.csv --unlearnable 0.3
expect 0 '' "$ordpar" curve --like trained.csv --overlaps outputs.csv --unlearnable 0.2 -o same.csv
cmp -s <(rows of.csv) <(rows same.csv) || fail "what the overlaps have, said again"
cd .. || exit 1

# Each of a file's own settings, given again beside it, changes nothing; another one leaves no setting of the file out
# without a word.
rm -rf own; mkdir own; cd own || exit 1
/usr/bin/python3 - <<END
import numpy as np
x = np.random.default_rng(0).normal(size=(200, 8)) * np.arange(1, 9) ** -0.8
np.save("x.npy", x), np.savez("z.npz", X=x[:, :5], A=2 * x), np.savez("w.npz", X=x[:, :5], A=x + 1), np.save("y.npy", x @ np.ones(8))
END
printf '4\n2\n1\n' >s.csv && printf '4\n1\n' >two.csv && cp s.csv copy.csv
printf 'alpha,eta\n0,0.1\n10,0.05\n' >rate.csv
printf '{"tasks":[{"student_output":[0.5,0.5],"teacher_output":[1,0],"probability":[[0,1]]}]}' >t.json
expect 0 '' "$ordpar" curve -L 4 -N 64 --teacher-decay 1 --alpha 0,1 --save-overlaps td.ov -o td.csv
# same FILE OPTION..: beside FILE the same rows and settings, and no word
same() {
    local command=curve
    [[ $1 == simulate* ]] && command=simulate
    expect 0 '' "$ordpar" "$command" --like "$@" -o same.csv
    cmp -s <(rows "$1") <(rows same.csv) || fail "other rows by --like $*"
    cmp -s <(settings "$1") <(settings same.csv) || fail "other settings by --like $*: $(settings same.csv)"
}
while read -r name command words; do
    expect 0 '' "$ordpar" $command $words --alpha 0,1 -q -o $name.csv
    read -ra list <<<"$words"
    for ((k = 0; k < ${#list[@]}; k += 2)); do
        same $name.csv "${list[@]:k:2}"
        ((k)) && same $name.csv "${list[@]:0:2}" "${list[@]:k:2}"
    done
done <<'END'
law curve -N 64 -L 4 --beta 0.5
spread curve -N 64 -L 4 --spread 0.1 --spread-parts 3
given curve --spectrum s.csv -N 3 --teacher-decay 1 --eta 0.3
data curve --data x.npy -N 4 --eta 0.3 --teacher-decay 1
archive curve --data z.npz --array A -N 4
simulate_labels simulate --data x.npy --labels y.npy --activation linear -K 1 -M 1 -N 4 --runs 1
start curve -L 4 -N 64 --overlaps td.ov --teacher-decay 1
drawn curve -L 4 -N 64 --sigma-j 0.1 --init mean --teacher sampled --teacher-seed 3 --seed 2
several curve -L 4 -N 64 --tasks t.json --eta 0.2
rated curve -L 4 -N 64 --schedule rate.csv --seed 2
fraction curve -L 4 -N 64 --batch-fraction 0.5 --seed 2
END
expect 0 '' "$ordpar" curve --like given.csv --spectrum copy.csv
# what belongs together stays so: data and the number of their components, overlaps and the decay of their teacher
expect 0 '' "$ordpar" curve --like data.csv --data z.npz -o of.csv
cmp -s <(rows of.csv) <("$ordpar" curve --data z.npz -N 4 --eta 0.3 --teacher-decay 1 --alpha 0,1 | rows /dev/stdin) || fail "other data lose -N"
expect 2 '--input-dim: the data has 8 components, 10 cannot be kept' "$ordpar" curve --like data.csv -N 10
expect 0 '' "$ordpar" curve --like archive.csv --data w.npz -o of.csv
cmp -s <(rows of.csv) <("$ordpar" curve --data w.npz --array A -N 4 --alpha 0,1 | rows /dev/stdin) || fail "another archive loses --array"
expect 0 'its array=A gives way to data$' "$ordpar" curve --like archive.csv --data x.npy
cp td.ov td2.ov
expect 0 '' "$ordpar" curve --like start.csv --overlaps td2.ov -o of.csv
cmp -s <(rows of.csv) <(rows start.csv) || fail "overlaps beside a file of overlaps"
settings of.csv | grep -q 'teacher-decay=1' || fail "other overlaps lose the decay: $(settings of.csv)"
expect 2 '--teacher-decay: 3 is not that of the teacher of td.ov' "$ordpar" curve --like start.csv --teacher-decay 3
# a sweep's own axis takes the place of nothing
for words in "data=x.npy,z.npz -N 4" "overlaps=td.ov --teacher-decay 1 -L 4 -N 64" "spectrum=s.csv,copy.csv -N 3" "eta=0.1,0.2 --schedule power:1:5"; do
    expect 0 '' "$ordpar" sweep --sweep $words --alpha 0,1 -q -o swept.csv
    expect 0 '' "$ordpar" sweep --like swept.csv -o again.csv
    cmp -s <(rows swept.csv) <(rows again.csv) || fail "other rows of a sweep over $words"
    cmp -s <(settings swept.csv) <(settings again.csv) || fail "other settings of a sweep over $words: $(settings again.csv)"
done
expect 0 '' "$ordpar" sweep --sweep data=x.npy,z.npz -N 4 --alpha 0,1 -q -o swept.csv
expect 0 '' "$ordpar" curve --like swept.csv --data x.npy -o of.csv
settings of.csv | grep -q 'input-dim=4' || fail "a curve of a sweep over data: $(settings of.csv)"
expect 0 '' "$ordpar" sweep --like data.csv --sweep data=x.npy,z.npz -q -o of.csv
settings of.csv | grep -q 'input-dim=4' || fail "a sweep over data beside a file with -N: $(settings of.csv)"
# what is left out is said, once, unless -q: both ways for all that takes the place of something
while IFS='|' read -r like option said; do
    expect 0 "^ordpar curve: --like: $like.csv: its $said$" "$ordpar" curve --like $like.csv $option -o of.csv
    expect 0 '' "$ordpar" curve --like $like.csv $option -q -o quiet.csv
    cmp -s <(rows of.csv) <(rows quiet.csv) || fail "$like $option: -q"
done <<'END'
law|--spectrum s.csv|input-dim=64, eigenvalues=4 and beta=0.5 give way to spectrum
law|--data x.npy|input-dim=64, eigenvalues=4 and beta=0.5 give way to data
spread|--spectrum s.csv --spread 0|input-dim=64, eigenvalues=4 and spread-parts=3 give way to spectrum and spread
given|--spectrum two.csv|input-dim=3 gives way to spectrum
given|-L 1|spectrum=s.csv gives way to eigenvalues
given|--beta 2 -N 16|spectrum=s.csv gives way to beta
given|--data x.npy|input-dim=3 and spectrum=s.csv give way to data
data|--beta 2 -L 1|data=x.npy gives way to eigenvalues
data|--spectrum s.csv|input-dim=4 and data=x.npy give way to spectrum
archive|-L 1|data=z.npz and array=A give way to eigenvalues
start|--sigma-j 0.1|overlaps=td.ov gives way to --sigma-j
start|--init mean|overlaps=td.ov gives way to init
start|--teacher mean|overlaps=td.ov gives way to teacher
start|--teacher-seed 3|overlaps=td.ov gives way to --teacher-seed
drawn|--overlaps td.ov|sigma-j=0.1, init=mean, teacher=sampled and teacher-seed=3 give way to overlaps
several|--student-output 1|tasks=t.json gives way to --student-output
several|--teacher-output 1|tasks=t.json gives way to --teacher-output
rated|--eta 0.2|schedule=rate.csv gives way to eta
given|--schedule rate.csv|eta=0.3 gives way to schedule
fraction|--batch 4|batch-fraction=0.5 gives way to batch
END
expect 0 '' "$ordpar" curve -L 4 -N 64 --student-output 0.3 --teacher-output 1 --batch 4 --alpha 0,1 -o weighed.csv
expect 0 'its student-output=0.3 and teacher-output=1 give way to tasks$' "$ordpar" curve --like weighed.csv --tasks t.json
expect 0 'its batch=4 gives way to --batch-fraction$' "$ordpar" curve --like weighed.csv --batch-fraction 0.5
printf '{"N": 64, "L": 4, "sigma_j": 0.1, "alpha": "0,1"}' >own.json
expect 0 'its input-dim=64 and eigenvalues=4 give way to spectrum$' "$ordpar" curve --like own.json --spectrum s.csv
expect 0 'its input-dim=64 and eigenvalues=4 give way to spectrum$' "$ordpar" sweep --like own.json --sweep spectrum=s.csv,two.csv -o of.csv
# whichever of its names a setting has in an object of them
for names in "N L M" "input-dim eigenvalues teacher-units" "input_dim eigenvalues teacher_units"; do
    read -r n l m <<<"$names"
    echo "{\"data\": \"x.npy\", \"$n\": 4, \"alpha\": 1}" >object.json
    expect 0 '' "$ordpar" curve --like object.json --data z.npz -o of.csv
    settings of.csv | grep -q '^input-dim=4' || fail "$n of an object: $(settings of.csv)"
    echo "{\"$n\": 16, \"$l\": 4, \"alpha\": 1}" >object.json
    expect 0 'its input-dim=16 and eigenvalues=4 give way to spectrum$' "$ordpar" curve --like object.json --spectrum two.csv
    echo "{\"$m\": 2, \"data\": \"x.npy\", \"K\": 1, \"activation\": \"linear\", \"alpha\": 1}" >object.json
    expect 0 'its teacher-units=2 gives way to labels$' "$ordpar" curve --like object.json --labels y.npy
done
# so do lists and what a sweep was over
expect 0 '' "$ordpar" sweep --sweep N=L=4,8 --sweep eta=0.1,0.2 --alpha 0,1 -q -o axes.csv
expect 0 '' "$ordpar" curve -L 1,4 -N 64 --alpha 0,1 -o lists.csv
expect 0 '' "$ordpar" curve --spectrum s.csv --eta 0.1,0.2 --alpha 0,1 -o both.csv
expect 0 'like: axes.csv: its input-dim=4,8 and eigenvalues=4,8 give way to spectrum$' "$ordpar" curve --like axes.csv --spectrum s.csv -o of.csv
cmp -s <(rows of.csv) <(rows both.csv) || fail "an axis of the file's power law beside a spectrum"
expect 0 'its input-dim=4,8 and eigenvalues=4,8 give way to data$' "$ordpar" sweep --like axes.csv --sweep data=x.npy -o of.csv
[ "$(rows of.csv | wc -l)" -eq 3 ] || fail "the axis that is left: $(rows of.csv)"
expect 0 'its input-dim=64 and eigenvalues=1,4 give way to spectrum$' "$ordpar" simulate --runs 1 --like lists.csv --spectrum s.csv
expect 0 'its data=x.npy,z.npz gives way to eigenvalues$' "$ordpar" curve --like swept.csv -L 1 -o of.csv
expect 2 'eigenvalues is swept there \(N=L=4,8\): give the value' "$ordpar" curve --like axes.csv -N 4
expect 0 '' "$ordpar" spectrum --generate power-law -N 64 -L 4 --beta 2 -o made.csv
expect 0 'its eigenvalues=4 and beta=2 give way to generate$' "$ordpar" spectrum --like made.csv --generate hidden-manifold:5:erf
expect 0 'its input-dim=64, eigenvalues=4, beta=2 and generate=power-law give way to spectrum$' "$ordpar" spectrum --like made.csv --spectrum s.csv
expect 0 'its input-dim=64, eigenvalues=4, beta=2 and generate=power-law give way to data$' "$ordpar" spectrum --like made.csv --data x.npy
expect 0 'its spectrum=s.csv gives way to generate$' "$ordpar" spectrum --like given.csv --generate spiked:5,3 -N 16
expect 0 '' "$ordpar" spectrum --generate spiked:3,2 -N 64 -o spiked.csv
for file in made.csv spiked.csv; do # a spectrum that no other command makes
    for command in curve "sweep --sweep eta=0.1" "closed-form escape"; do
        expect 2 'generate: is for the computation spectrum; give the file' "$ordpar" $command --like $file
    done
done
expect 0 '' "$ordpar" simulate --like simulate_labels.csv --data x.npy --labels y.npy
expect 0 '' "$ordpar" curve --data x.npy -M 3 --alpha 0,1 -o archive.csv
expect 0 'its teacher-units=3 gives way to labels$' "$ordpar" simulate --like archive.csv --data x.npy --labels y.npy --activation linear -K 1 --runs 1
cd .. || exit 1

# Any name of a file comes back, from CSV and from JSON, which is UTF-8 all the same.
for name in $'s\xff.csv' 's%FF.csv' "q'q.csv" 'd"d\.csv' "\$'y.csv" $'two\nlines\t.csv' $'\x01\\x01.csv' $'\xff%"\\\n.csv' '{"bytes": 1}.csv'; do
    printf '3\n1\n' >"$name"
    for format in csv json; do
        expect 0 '' "$ordpar" curve --spectrum "$name" --alpha 0:2:3 --format $format -o strange.$format
        expect 0 '' "$ordpar" curve --like strange.$format --format $format -q -o again.$format
        cmp -s <(grep -av command strange.$format) <(grep -av command again.$format) || fail "--like of $name in $format"
    done
    iconv -f UTF-8 -t UTF-8 strange.json >/dev/null || fail "$name: JSON is no UTF-8"
done
name=$(printf 'w\377.csv')
printf '3\n1\n' >"$name"
expect 0 '' "$ordpar" sweep --sweep "spectrum=$name,s.csv" --alpha 0:2:3 --format json -q -o strange.json
expect 0 '' "$ordpar" sweep --like strange.json -q -o again.csv
printf '3\n2\n' >"$name"
expect 2 'has another content' "$ordpar" sweep --like strange.json -q

# What is written as JSON is read where CSV is.
expect 0 '' "$ordpar" spectrum -N 8 -L 2 --format json -o table.json
expect 0 '' "$ordpar" spectrum -N 8 -L 2 -o table.csv
expect 0 '' "$ordpar" optimize -L 1 --eta-max 1 --until 3 --knots 3 --format json -o rates.json
expect 0 '' "$ordpar" optimize -L 1 --eta-max 1 --until 3 --knots 3 -o rates.csv
for setting in spectrum/table schedule/rates; do
    for format in csv json; do
        expect 0 '' "$ordpar" curve --${setting%/*} ${setting#*/}.$format --alpha 0:3:4 -o of_$format.csv
    done
    cmp -s <(rows of_csv.csv) <(rows of_json.csv) || fail "--$setting of JSON"
done
expect 2 "schedule: own_rows.json: \"columns\": the header's column 2 must be 'eta', got 'eps_g'" "$ordpar" curve --schedule own_rows.json
echo '{"columns": ["eigenvalue"], "rows": [[1], ["x"]]}' >words.json
expect 2 "spectrum: words.json: row 2, column 1 .eigenvalue.: must be a finite number, got 'x'" "$ordpar" curve --spectrum words.json
echo '[1, 2]' >list.json
expect 2 'spectrum: list.json: must have "columns" and "rows"' "$ordpar" curve --spectrum list.json
expect 2 'like: list.json: must be an object of settings' "$ordpar" curve --like list.json

expect 0 '' bash -c '"$1" curve --like <(cat curve.csv) -q -o given.csv' - "$ordpar"
cmp <(rows given.csv) <(rows curve.csv) || fail "--like of a pipe"
echo '{"eta": 0.1, "eta": 0.2}' >twice.json
expect 2 "like: twice.json: line 1: duplicate" "$ordpar" curve --like twice.json

# Files that a setting names are those of the run, by what is in them; one that is given wins.
rm -rf elsewhere
mkdir elsewhere
printf '0\n2\n5\n' >grid.txt
printf '{"tasks":[{"student_output":[0.5,0.5],"teacher_output":[1,0],"probability":[[0,1]]}]}' >t.json
expect 0 '' "$ordpar" curve -K 2 -M 2 --spectrum s.csv --schedule rate.csv --tasks t.json --alpha grid.txt -q -o named.csv
expect 0 '' "$ordpar" curve -K 2 -M 2 --spectrum s.csv --schedule rate.csv --tasks t.json --alpha grid.txt -q --format json -o named.json
grep -qE '^# digests: spectrum=[0-9a-f]{16} schedule=[0-9a-f]{16} tasks=[0-9a-f]{16} alpha=[0-9a-f]{16}$' named.csv || fail "$(grep '^# digests' named.csv)"
given named.csv named.json
cp s.csv rate.csv t.json grid.txt named.* elsewhere
cd elsewhere || exit 1
given named.csv named.csv
for file in s.csv:spectrum rate.csv:schedule t.json:tasks grid.txt:alpha; do
    sed -i 's/5/4/g' "${file%:*}"
    for like in named.csv named.json; do
        expect 2 "--${file#*:}: ${file%:*} has another content than when $like was made with it" "$ordpar" curve --like $like
        expect 0 '' "$ordpar" curve --like $like "--${file#*:}" "${file%:*}"
    done
    cp "../${file%:*}" .
done
given named.csv named.csv
rm s.csv
expect 2 "s.csv: cannot be read" "$ordpar" curve --like named.csv
cd ..
# .. of any size
rows=9000000
[ -z "${BRIEF:-}" ] || rows=900000 # the sanitizers are slow enough
{
    printf '\223NUMPY\001\000\166\000%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': ($rows, 8), }"
    head -c $((8 * rows)) /dev/urandom
} >large.npy
expect 0 '' "$ordpar" curve --data large.npy --alpha 0,1 -o of_large.csv -q
printf 'ordpar' | dd of=large.npy bs=1 seek=$((78 * rows / 10)) conv=notrunc status=none
expect 2 "--data: large.npy has another content than when of_large.csv was made with it" "$ordpar" curve --like of_large.csv
rm large.npy
# a swept setting has its values later: what belongs to it stays
expect 0 '' "$ordpar" curve -L 4 --spread 0.2 --spread-parts 3 --alpha 0,2 -o parts.csv
expect 0 '' "$ordpar" curve -L 4 --spread 0.2,0.1 --spread-parts 3 --alpha 0,2 -o listed.csv
expect 0 '' "$ordpar" sweep -L 4 --spread-parts 3 --sweep spread=0.2,0.1 --alpha 0,2 -o swept.csv
rows listed.csv >own.csv
for words in "curve --like listed.csv" "curve --like parts.csv --spread 0.2,0.1"; do
    expect 0 '' "$ordpar" $words -o out.csv
    rows out.csv | cmp -s - own.csv || fail "$words: $(tail -n 1 out.csv), not $(tail -n 1 own.csv)"
done
rows swept.csv >own.csv
for words in "--like swept.csv" "--like parts.csv --sweep spread=0.2,0.1"; do
    expect 0 '' "$ordpar" sweep $words -q -o out.csv
    rows out.csv | cmp -s - own.csv || fail "sweep $words: $(tail -n 1 out.csv), not $(tail -n 1 own.csv)"
done
# what is looked for takes the place of what a curve has
for words in "--eta 0.3 --schedule power:1:20" "--eta 0.3"; do
    expect 0 '' "$ordpar" curve -L 4 $words --label-noise 0.1 --alpha 0,1 -o looked.csv
    expect 0 '^ordpar optimize: --like: looked.csv: its eta=0.3.* way to --eta-max$' "$ordpar" optimize --like looked.csv --eta-max 1 --until 1 --knots 2 -o out.csv
    grep -q '^# settings: eigenvalues=4 label-noise=0.1 eta-max=1 until=1 knots=2;' out.csv || fail "$words: $(grep '^# settings' out.csv)"
done
expect 2 '--eta: is what is looked for' "$ordpar" optimize --like looked.csv --eta 0.3 --eta-max 1 --until 3 --knots 3
# columns of a curve are nothing of a model: sweeps and closed forms leave them aside
expect 0 '' "$ordpar" curve -L 4 --moments 1 --alpha 0,2 -o columns.csv
expect 0 '' "$ordpar" sweep -L 4 --alpha 0,2 --sweep eta=0.1,0.2 -q -o swept.csv
expect 0 '' "$ordpar" sweep --like columns.csv --sweep eta=0.1,0.2 -q -o out.csv
cmp -s <(rows out.csv) <(rows swept.csv) || fail "a sweep like a curve with moments: $(tail -n 1 out.csv)"
for form in escape critical-eta; do
    expect 0 '' "$ordpar" closed-form $form -L 4 -o own.csv
    expect 0 '' "$ordpar" closed-form $form --like columns.csv -o out.csv
    cmp -s <(rows out.csv) <(rows own.csv) || fail "$form like a curve with moments: $(tail -n 1 out.csv)"
done
expect 2 '--moments: escape has no order parameters to print' "$ordpar" closed-form escape -L 4 --moments 1
# a flag is taken back
expect 0 '' "$ordpar" curve -L 4 --small-eta --alpha 0,1 -o flag.csv
expect 2 '--small-eta: a simulation has all orders' "$ordpar" simulate --like flag.csv -N 64 --runs 2
expect 0 '' "$ordpar" simulate --like flag.csv -N 64 --runs 2 --small-eta=no -o out.csv
expect 0 '' "$ordpar" curve --like flag.csv --small-eta=no -o out.csv
expect 0 '' "$ordpar" curve -L 4 --alpha 0,1 -o all.csv
cmp -s <(rows out.csv) <(rows all.csv) || fail "--small-eta=no: $(tail -n 1 out.csv), not $(tail -n 1 all.csv)"
# the file of a report keeps all settings of what was measured, and its files
expect 0 '' "$ordpar" curve -L 2 -N 128 --momentum constant:1:0.2 --schedule rate.csv --alpha 0:20:21 --moments 1 -o measured.csv
for format in csv json; do
    expect 0 '' "$ordpar" report measured.csv --format $format -o report.$format
    given measured.csv report.$format
done
cmp <(grep '^# digests' measured.csv) <(grep '^# digests' report.csv) || fail "the files of a report"

# What a file does not say, or what is not for what is computed, is said by its name: a default erf is erf.
expect 0 '' "$ordpar" curve -K 1 -M 1 -N 64 -L 4 --alpha 0:4:3 -o erf.csv
expect 2 'activation: linear-exact is for linear, got erf; it is that of like' "$ordpar" closed-form linear-exact --like erf.csv
expect 0 '' "$ordpar" closed-form linear-exact --like erf.csv --activation linear -o linear.csv
expect 0 '' "$ordpar" closed-form linear-small-eta --like linear.csv
# .. but the rows of a form that has others, or one, are its own
expect 0 '' "$ordpar" closed-form plateau --like erf.csv
expect 0 '' "$ordpar" closed-form frontier --like linear.csv --compute 10,100 -o frontier.csv
[ "$(rows frontier.csv | tail -n +2 | cut -d, -f1 | xargs)" = "10 100" ] || fail "a frontier like a curve: $(rows frontier.csv)"
expect 0 '' "$ordpar" closed-form linear-exact --like frontier.csv --alpha 3
expect 2 '--alpha: plateau is one row of numbers, without a grid$' "$ordpar" closed-form plateau --like erf.csv --alpha 3
expect 2 'batch-fraction: plateau is not for steps that are a map; use curve; it is that of like' "$ordpar" closed-form plateau --like fraction.csv
expect 2 'like: fraction.csv has batch-fraction=0.5, erf.csv has none' "$ordpar" report --like fraction.csv erf.csv
again optimum optimize --eta-max 1 --until 4 --knots 4 -N 64 -L 4
printf 'alpha,eta\n0,0.2\n1,0.1\n' >rates1.csv
printf 'alpha,eta\n0,0.4\n' >rates2.csv
expect 0 '' "$ordpar" curve --eta 0.2 -L 4 --alpha 0,1 -o rated.csv
expect 0 'its eta=0.2 gives way to schedule$' "$ordpar" sweep --like rated.csv --sweep schedule=rates1.csv,rates2.csv -o of.csv
"$ordpar" sweep -L 4 --alpha 0,1 --sweep schedule=rates1.csv,rates2.csv | grep -v '^# command' | cmp - <(grep -v '^# command' of.csv) ||
    fail "schedules' files swept beside a file with eta"
expect 2 'gives eta itself; leave out eta' "$ordpar" sweep --like rated.csv --eta 0.1 --sweep schedule=rates1.csv,rates2.csv
# a map's settings are those of its network
expect 0 '' "$ordpar" precision map --sizes 4,8 -q -o map.csv
expect 0 '' "$ordpar" curve --like map.csv -N 16 -L 4 -o of.csv
"$ordpar" curve --activation linear -K 1 -M 1 --init mean --teacher mean --alpha 0:20:21 -N 16 -L 4 | cmp <(rows of.csv) <(rows /dev/stdin) ||
    fail "a curve like a map: $(head -8 of.csv)"
expect 0 '' "$ordpar" precision map --like map.csv -q -o again.csv
cmp -s <(grep -v '^# command' map.csv) <(grep -v '^# command' again.csv) || fail "a map again"
for command in curve "sweep --sweep seed=1" "sweep --job simulate --sweep L=1,4"; do
    expect 2 'eta: is looked for in the file like: give it, or its schedule' "$ordpar" $command --like optimum.csv --alpha 0,1
done
expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2 --like optimum.csv --alpha 0,1 -o rates.csv
expect 0 '' "$ordpar" curve --like optimum.csv --schedule optimum.csv --alpha 4
expect 0 '' "$ordpar" curve --like optimum.csv --eta 1 --alpha 4

# columns are a setting of JSON files, whose model is read all the same
expect 0 '' "$ordpar" curve -N 64 -L 4 --columns rate --alpha 0:20:5 --format json -o columns.json
expect 0 '' "$ordpar" report columns.json
grep -q '^# settings: input-dim=64 eigenvalues=4' out.txt || fail "report of a file with columns: $(settings out.txt)"
# .. and the commas with which a spreadsheet fills the lines of a table, notes too
padded() { sed 's/^#.*/&,,,,/' "$1" >"padded_$1"; }
expect 0 '' "$ordpar" curve -N 64 -L 4 --eta 0.3 --alpha 0:10:3 --save-overlaps state -o begun.csv
padded begun.csv
padded state
for command in "curve --like" report "plot -o begun.svg"; do
    expect 0 '' "$ordpar" $command padded_begun.csv
done
expect 0 '' "$ordpar" curve --continue padded_state --alpha 10:20:2 -o on.csv

# a run that goes on is a curve's: what begins at alpha = 0 refuses its file
printf 'eigenvalue,multiplicity\n10,10\n1,40\n' >two.csv
expect 0 '' "$ordpar" curve --spectrum two.csv --alpha 0:10:3 --save-overlaps begun -o begun.csv
expect 0 '' "$ordpar" curve --continue begun --alpha 10:20:3 -o gone_on.csv
expect 0 '' "$ordpar" curve --like gone_on.csv -o again.csv
for words in "precision curve --digits 10" "precision check" "precision map" "optimize --eta-max 1 --until 10 --knots 2" "closed-form plateau" "closed-form plateau --digits 10" \
    "closed-form linear-continuum" spectrum simulate compare; do
    expect 2 '--continue: only a curve goes on' "$ordpar" $words --like gone_on.csv
done

# what a process had open is something else for the next one
printf '3,20\n1,20\n' | sed '1i eigenvalue,multiplicity' | "$ordpar" curve --spectrum /dev/stdin --alpha 0:2:3 -o streamed.csv
expect 2 '^ordpar curve: --like: streamed.csv: spectrum was read from /dev/stdin, an array or a stream that is not kept: give it again$' "$ordpar" curve --like streamed.csv
expect 0 'its spectrum=/dev/stdin gives way to eigenvalues$' "$ordpar" curve --like streamed.csv -N 64 -L 4
printf 'eigenvalue,multiplicity\n3,20\n1,20\n' | "$ordpar" curve --spectrum - --alpha 0:2:3 -o streamed.csv
expect 2 '^ordpar curve: --like: streamed.csv: spectrum was read from -, an array or a stream that is not kept: give it again$' "$ordpar" curve --like streamed.csv
printf '0\n10\n' | "$ordpar" curve -N 64 -L 4 --alpha /dev/stdin -o streamed.csv
expect 2 'streamed.csv: alpha was read from /dev/stdin' "$ordpar" curve --like streamed.csv
expect 0 '' "$ordpar" curve --like streamed.csv --alpha 1
# of a file of several curves the value that is meant has to be given
expect 0 '' "$ordpar" curve -L 1,4 -N 64 --alpha 0:2:3 -o several.csv
expect 2 '--like: several.csv: eigenvalues has several values there \(1,4\): give the one that is meant$' "$ordpar" simulate --runs 2 --like several.csv
expect 0 '' "$ordpar" simulate --runs 2 --like several.csv -L 4 -o out.csv
expect 0 '' "$ordpar" curve --like several.csv -o out.csv

finish
