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
expect 0 '' bash -c '"$1" curve --like <(cat curve.csv) -q -o given.csv' - "$ordpar"
cmp <(rows given.csv) <(rows curve.csv) || fail "--like of a pipe"
echo '{"eta": 0.1, "eta": 0.2}' >twice.json
expect 2 "like: twice.json: line 1: duplicate" "$ordpar" curve --like twice.json

# Files that a setting names are those of the run, by what is in them; one that is given wins.
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
expect 2 'batch-fraction: plateau is not for steps that are a map; use curve; it is that of like' "$ordpar" closed-form plateau --like fraction.csv
expect 2 'like: fraction.csv has --batch-fraction=0.5, erf.csv has none' "$ordpar" report --like fraction.csv erf.csv
again optimum optimize --eta-max 1 --until 4 --knots 4 -N 64 -L 4
expect 2 'eta: is looked for in the file like: give it, or its schedule' "$ordpar" curve --like optimum.csv
expect 0 '' "$ordpar" curve --like optimum.csv --schedule optimum.csv --alpha 4
expect 0 '' "$ordpar" curve --like optimum.csv --eta 1 --alpha 4

# columns are a setting of JSON files, whose model is read all the same
expect 0 '' "$ordpar" curve -N 64 -L 4 --columns rate --alpha 0:20:5 --format json -o columns.json
expect 0 '' "$ordpar" report columns.json
grep -q '^# settings: input-dim=64 eigenvalues=4' out.txt || fail "report of a file with columns: $(settings out.txt)"
# a byte order mark, as editors make it, and lines that end with CR LF: our own files are what they were
marked() { (printf '\xef\xbb\xbf' && sed 's/$/\r/' "$1") >"marked_$1"; }
expect 0 '' "$ordpar" curve -N 64 -L 4 --eta 0.3 --alpha 0:10:3 --save-overlaps state -o begun.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --eta 0.3 --alpha 0:10:3 --format json -o begun.json
echo '{"tasks": [{"student_output": [1, 1], "teacher_output": [1, 0], "probability": [[0, 1]]}]}' >tasks.json
echo '{"a": [0.7, 0.3], "s": [1, 0.5]}' >erfs.json
for file in begun.csv begun.json state tasks.json erfs.json; do marked $file; done
for file in begun.csv begun.json; do
    for command in "curve --like" report "plot -o begun.svg"; do
        expect 0 '' "$ordpar" $command marked_$file
    done
done
expect 0 '' "$ordpar" curve --like marked_begun.csv -o again.csv
diff <(grep -v '^#' begun.csv) <(grep -v '^#' again.csv) || fail "a file with a byte order mark"
expect 0 '' "$ordpar" curve --continue marked_state --alpha 10:20:2 -o on.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --overlaps marked_state --alpha 0:1:2 -o on.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --tasks marked_tasks.json --alpha 0:1:2 -o on.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --activation marked_erfs.json --alpha 0:1:2 -o on.csv
for k in 1 2; do
    expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2 -N 64 -L 4 --alpha 0:5:3 --part $k/2 -o part$k.csv
    marked part$k.csv
done
expect 0 '' "$ordpar" sweep --merge part1.csv part2.csv -o merged.csv
expect 0 '' "$ordpar" sweep --merge marked_part1.csv part2.csv -o marked_merged.csv
cmp -s merged.csv marked_merged.csv || fail "parts with a byte order mark: $(diff merged.csv marked_merged.csv)"

# a run that goes on is a curve's: what begins at alpha = 0 refuses its file
printf 'eigenvalue,multiplicity\n10,10\n1,40\n' >two.csv
expect 0 '' "$ordpar" curve --spectrum two.csv --alpha 0:10:3 --save-overlaps begun -o begun.csv
expect 0 '' "$ordpar" curve --continue begun --alpha 10:20:3 -o gone_on.csv
expect 0 '' "$ordpar" curve --like gone_on.csv -o again.csv
for words in "precision curve --digits 10" "precision check" "precision map" "optimize --eta-max 1 --until 10 --knots 2" "closed-form plateau" "closed-form plateau --digits 10" \
    "closed-form linear-continuum" spectrum simulate compare; do
    expect 2 '--continue: only a curve goes on' "$ordpar" $words --like gone_on.csv
done
finish
