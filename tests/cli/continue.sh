# SPDX-License-Identifier: GPL-3.0-or-later
# A run in parts is the run; what contradicts its file is refused; a run that was stopped keeps what it has.
. "$(dirname "$0")/lib.sh" "$1"
rm -f ./*.csv ./*.state ./*.ck state* busy* data.npy

# agree NAME WHOLE PART..: the last rows agree within the promise, 10 rtol or 10 atol; deep: 10 rtol alone
agree() {
    local name=$1
    shift
    grep -hv '^[#a]' "$1" | tail -n 4 | cut -d, -f1,2 >first.txt
    shift
    grep -hv '^[#a]' "$@" | cut -d, -f1,2 | paste -d, first.txt - |
        awk -F, -v deep="$([ "$name" = deep ] && echo 1 || echo 0)" '{d = $2 > $4 ? $2 - $4 : $4 - $2; if ($1 != $3 || d > 1e-7 * $2 && d > 1e-13 * !deep) bad = 1} END {exit bad || NR != 4}' ||
        fail "$name: $(paste -d, first.txt <(grep -hv '^[#a]' "$@"))"
}

# in_parts NAME OPTION..: to 200 in one go, and in three parts, the last two without the options
in_parts() {
    local name=$1
    shift
    expect 0 '' "$ordpar" curve "$@" --alpha 100,120,150,151,200 -o whole.csv
    expect 0 '' "$ordpar" curve "$@" --alpha 100 --save-overlaps end1.csv -o part1.csv
    expect 0 '' "$ordpar" curve --continue end1.csv --alpha 120,150 --save-overlaps end2.csv -o part2.csv
    expect 0 '' "$ordpar" curve --continue end2.csv --alpha 151,200 -o part3.csv
    agree "$name" whole.csv part2.csv part3.csv
}

small=(-N 256 -L 4 --eta 0.4)
printf 'alpha,eta\n0,0.5\n50,0.3\n150,0.3\n150,0.05\n180,0.1\n' >schedule.csv
printf 'eigenvalue,multiplicity\n3,10\n1,40\n0.1,50\n' >three.csv
{ # 8 examples of 2 components
    printf '\223NUMPY\001\000\166\000'
    printf '%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': (8, 2), }"
    printf '\1\7\4\2\11\5\2\2\6\1\3\10\2\5\7\7'
} >data.npy
in_parts 'all orders' "${small[@]}"
in_parts 'small eta' "${small[@]}" --small-eta
in_parts 'beside a saddle' -N 4096 -L 16 --eta 0.3 --sigma-j 1e-6
in_parts 'beside a saddle, small eta' -N 4096 -L 16 --eta 0.3 --sigma-j 1e-6 --small-eta
in_parts 'power law' "${small[@]}" --schedule power:0.5:10
in_parts 'schedule with a jump' -N 256 -L 4 --schedule schedule.csv
in_parts 'trained outputs' "${small[@]}" --train-output --eta-v 0.2 --weight-decay 0.01 --label-noise 0.1
for momentum in constant:1:0.3 nesterov:3:0.3 dana:6:0.3:0.5:1; do
    in_parts "$momentum" "${small[@]}" --momentum $momentum
    [ "$(grep -c '^# push: ' end2.csv)" -eq $((4 * (4 + 4 + 4) / 8)) ] || fail "$momentum: the overlaps of P were not kept"
done
in_parts 'momentum beside a saddle' -N 4096 -L 16 --eta 0.3 --sigma-j 1e-6 --momentum constant:1:0.3
in_parts 'momentum, the schedule and batches' -K 3 -M 2 -N 256 -L 4 --schedule schedule.csv --momentum nesterov:3:0.3 --batch 3
in_parts 'momentum, lowest order in eta' "${small[@]}" --activation relu --small-eta --momentum constant:1:0.1 --weight-decay 0.01 --train-output --eta-v 0.1
in_parts 'K and M' "${small[@]}" -K 3 -M 2
in_parts 'spectrum' --spectrum three.csv --eta 0.4
in_parts 'data' --data data.npy --eta 0.4 --sigma-j 0.5
in_parts 'cut and spread' "${small[@]}" --trainable 100 --spread 0.1 --spread-parts 3
in_parts 'linear' --activation linear "${small[@]}"
in_parts 'near the teacher' "${small[@]}" -K 3 -M 3 --init near-teacher --sigma-j 0.1
grep -q '^# teachers: 1 2 3$' end2.csv || fail "the deviations near the teacher were not kept"

# deep down: overlaps of J alone would keep no digit of it
expect 0 '' "$ordpar" curve -N 64 -L 2 --beta 0.2 -K 3 -M 3 --eta 1.5 --sigma-j 0.9 --seed 5 --alpha 800 --save-overlaps deep.csv -o part1.csv
grep -q '^# teachers: 3 1 2$' deep.csv || fail "no deviations from other teachers: $(grep teachers deep.csv)"
expect 0 '' "$ordpar" curve --continue deep.csv --alpha 800,1200,1600,1700 -o rest.csv
expect 0 '' "$ordpar" curve -N 64 -L 2 --beta 0.2 -K 3 -M 3 --eta 1.5 --sigma-j 0.9 --seed 5 --alpha 800,1200,1600,1700 -o whole.csv
agree deep whole.csv rest.csv
[ "$(tail -n 1 whole.csv | cut -d, -f2 | cut -de -f2)" -lt -18 ] || fail "not deep: $(tail -n 1 whole.csv)"

# its outputs hold the model, and --like makes them again
expect 0 '' "$ordpar" curve --like rest.csv -o again.csv
diff <(grep -v command rest.csv) <(grep -v command again.csv) || fail "--like of a run that goes on"

grep -q '^# settings: .* default: .* eta=0.1 ' <("$ordpar" curve --spectrum three.csv --alpha 1) || fail "eta is not in the settings beside a spectrum"

# all settings, as in the file of the run that is gone on from
words() { sed -n 's/^# settings: //p' "$1" | tr ' ' '\n' | grep = | grep -vE '^(alpha|continue)=' | sort; }
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 5 --save-overlaps begun.csv -o part1.csv
expect 0 '' "$ordpar" curve --continue begun.csv --alpha 10 -o part2.csv
diff <(words part1.csv) <(words part2.csv) || fail "settings of a run that goes on"

# what is so anyway contradicts nothing, through any of the doors
"$ordpar" curve -N 64 -L 4 --alpha 0:2:3 --save-overlaps plain.ov -q -o plain.csv
"$ordpar" curve --continue plain.ov --alpha 2:4:2 -q -o on.csv
[ -z "${BRIEF:-}" ] && few=5 || few=2 # the sanitizers are slow enough
usual=('--schedule constant' '--student-output 0.70710678118654757' '--unlearnable 0' '--teacher-activation erf' '--trainable 64')
for words in "${usual[@]:0:$few}"; do
    expect 0 '' "$ordpar" curve --continue plain.ov --alpha 2:4:2 $words -q -o of.csv
    cmp <(rows of.csv) <(rows on.csv) || fail "$words beside the file"
    expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:2:3 $words --save-overlaps usual.ov -q -o usual.csv
    expect 0 '' "$ordpar" curve --continue usual.ov --alpha 2:4:2 -q -o of.csv
    cmp <(rows of.csv) <(rows on.csv) || fail "$words in the file"
    [ "$words" = '--schedule constant' ] || expect 0 '' "$ordpar" report plain.csv $words
    expect 0 '' "$ordpar" report usual.csv -N 64
    for job in curve simulate; do
        rm -f usual.ck
        expect 0 '' "$ordpar" $job -N 64 -L 4 --alpha 0:2:3 --checkpoint usual.ck -q -o of.csv
        expect 0 '' "$ordpar" $job -N 64 -L 4 --alpha 0:2:3 --checkpoint usual.ck $words -q -o of.csv
    done
done
expect 2 '--trainable: 63 contradicts plain.ov, which has -1$' "$ordpar" curve --continue plain.ov --alpha 2:4:2 --trainable 63
expect 2 '--teacher-activation: linear contradicts plain.ov, which has none$' "$ordpar" curve --continue plain.ov --alpha 2:4:2 --teacher-activation linear

# what contradicts the file is refused, with both values
expect 0 '' "$ordpar" curve "${small[@]}" --alpha 100 --save-overlaps end.csv -o part1.csv
go_on=("$ordpar" curve --continue end.csv --alpha 200 -o out.csv)
expect 0 '' "${go_on[@]}" --eta 0.40 -N 256 --rtol 1e-6 --moments 1
new="; under other conditions it is a new run, of overlaps end.csv and alpha from 0"
expect 2 "--eta: 0.3 contradicts end.csv, which has 0.4$new, or one from the start with schedule steps:100=0.75\$" "${go_on[@]}" --eta 0.3
"$ordpar" curve -L 2 -N 64 --eta 0.5 --schedule power:1:5 --alpha 0:10:3 --save-overlaps scheduled.csv -q -o /dev/null
expect 2 "--eta: 0.2 contradicts scheduled.csv, which has 0.5; .* and alpha from 0\$" "$ordpar" curve --continue scheduled.csv --eta 0.2 --alpha 10:20:2
expect 2 "--input-dim: 512 contradicts end.csv, which has 256" "${go_on[@]}" -N 512
expect 2 "--beta: 0.3 contradicts end.csv, which has 1" "${go_on[@]}" --beta 0.3
expect 2 "--seed: 7 contradicts end.csv, which has 1" "${go_on[@]}" --seed 7
expect 2 "--schedule: power:1:1 contradicts end.csv, which has none$new" "${go_on[@]}" --schedule power:1:1
expect 2 "--spectrum: of 3 blocks contradicts end.csv, which has 4" "${go_on[@]}" --spectrum three.csv
expect 2 "--continue: end.csv has its own overlaps; leave out overlaps" "${go_on[@]}" --overlaps end.csv
expect 2 "--alpha: must begin at 100 or later, where end.csv stands, got 50" "$ordpar" curve --continue end.csv --alpha 50:200:4
expect 0 '' "$ordpar" curve --spectrum three.csv --alpha 1 --save-overlaps three_end.csv -o part1.csv
expect 0 '' "$ordpar" curve --continue three_end.csv --spectrum ./three.csv -N 100 --alpha 2 -o out.csv
printf 'eigenvalue,multiplicity\n3,10\n1.5,40\n0.1,50\n' >three.csv
expect 0 '' "$ordpar" curve --continue three_end.csv --alpha 2 -o out.csv
expect 2 "--spectrum: 1.5, 40 times, in block 2 contradicts three_end.csv, which has 1, 40 times" "$ordpar" curve --continue three_end.csv --spectrum three.csv --alpha 2
expect 2 "--beta: 1 contradicts three_end.csv, which has none" "$ordpar" curve --continue three_end.csv --beta 1 --alpha 2
expect 0 '' "$ordpar" curve -N 64 -L 4 --schedule schedule.csv --alpha 1 --save-overlaps scheduled.csv -o part1.csv
# a file is what is in it, whatever its name
printf '{"a":[1],"s":[1]}' >sum.json
expect 0 '' "$ordpar" curve -N 64 -L 4 --schedule schedule.csv --activation sum.json --alpha 1 --save-overlaps named.csv -o part1.csv
expect 0 '' "$ordpar" curve --continue named.csv --alpha 2 -o part2.csv
mkdir -p moved_on
cp sum.json moved_on/same.json
cp schedule.csv moved_on/rates.csv
for names in "--schedule ./schedule.csv" "--schedule $PWD/schedule.csv --activation $PWD/sum.json" "--activation moved_on/same.json --schedule moved_on/rates.csv"; do
    expect 0 '' "$ordpar" curve --continue named.csv $names --alpha 2 -o out.csv
    cmp -s <(grep -v '^#' out.csv) <(grep -v '^#' part2.csv) || fail "goes on elsewhere with $names"
    expect 0 '' "$ordpar" report part2.csv --activation ./sum.json
done
(cd moved_on && exec "$ordpar" curve --continue ../named.csv --alpha 2 -o out.csv 2>../err.txt)
grep -q -- '--activation: sum.json: cannot be read: No such file or directory; it may be given by another name beside ../named.csv, which was made with it$' err.txt || fail "from another folder: $(cat err.txt)"
(cd moved_on && exec "$ordpar" curve --continue ../named.csv --schedule rates.csv --activation same.json --alpha 2 -o out.csv) || fail "from another folder, with its files"
echo 300,0.2 >>moved_on/rates.csv
expect 2 "--schedule: moved_on/rates.csv contradicts named.csv, which has schedule.csv; under other conditions" "$ordpar" curve --continue named.csv --schedule moved_on/rates.csv --alpha 2
expect 2 "--activation: three.csv contradicts named.csv, which has sum.json|--activation: three.csv: " "$ordpar" curve --continue named.csv --activation three.csv --alpha 2
expect 2 "--activation: relu contradicts part2.csv, which has sum.json" "$ordpar" report part2.csv --activation relu
echo 300,0.2 >>schedule.csv
expect 2 "--schedule: schedule.csv has changed since scheduled.csv was made with it" "$ordpar" curve --continue scheduled.csv --alpha 2
# .. and what rounding has made beside a saddle goes along
saddle=(-L 1 -N 1024 --eta 0.5 --sigma-j 1e-12 --rtol 1e-10)
limit() { sed -n 's/^# limit: .* up to about \([^,]*\),.*/\1/p' "$1"; }
expect 0 '' "$ordpar" curve "${saddle[@]}" --alpha 3000 -o part1.csv
for stop in 100 1000 2500; do
    expect 0 '' "$ordpar" curve "${saddle[@]}" --alpha $stop --save-overlaps sums.csv -o part2.csv
    expect 0 '' "$ordpar" curve --continue sums.csv --alpha 3000 -o part2.csv
    awk -v whole="$(limit part1.csv)" -v part="$(limit part2.csv)" 'BEGIN { exit !(whole > 0.05 && part > whole / 3 && part < 3 * whole) }' ||
        fail "limit from $stop: $(limit part2.csv), of the whole run $(limit part1.csv)"
done
expect 0 '' "$ordpar" curve "${saddle[@]}" --runs 2 --alpha 3000 -o part2.csv
awk -v part="$(limit part2.csv)" 'BEGIN { exit !(part > 0.01) }' || fail "limit of two runs: $(limit part2.csv)"
expect 0 'compare: ' "$ordpar" compare -L 1 -N 64 --eta 2 --sigma-j 1e-12 --runs 2 --method overlap --alpha 300 -o part2.csv
awk -v part="$(limit part2.csv)" 'BEGIN { exit !(part > 1e-4) }' || fail "limit of a comparison: $(limit part2.csv)"
# overlaps alone hold a deep curve to rounding, and a run from them says so
expect 0 '' "$ordpar" curve -K 1 -M 1 -L 1 --eta 2 -N 1000 --alpha 200 --save-overlaps sunk.csv -o part1.csv
grep -v '^#' sunk.csv >bare.csv
expect 0 '' "$ordpar" curve -K 1 -M 1 -L 1 --eta 2 -N 1000 --overlaps bare.csv --alpha 0:40:2 -o part2.csv
grep -q '^# coordinates: .* of overlaps .* it is no better later' part2.csv || fail "from deep overlaps: $(grep '^# coord' part2.csv)"
# what killed runs have left of a checkpoint goes with the next one; what is not theirs stays
rm -f left.state*
printf '# alpha: 1\n# sett' >left.state.new
printf '# alp' >left.state.new-0123abcd
printf 'mine' | tee left.state.new-01234567 >left.state.new-x
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0:10:3 --checkpoint left.state -o part1.csv
[ "$(ls left.state* | tr '\n' ' ')" = "left.state left.state.new-01234567 left.state.new-x " ] || fail "remains: $(ls left.state*)"
for setting in activation teacher-activation; do
    echo '{"a": [0.7, 0.3], "s": [1, 0.5]}' >erfs.json
    expect 0 '' "$ordpar" curve -N 64 -L 4 --$setting erfs.json --alpha 1 --save-overlaps sums.csv -o part1.csv
    expect 0 '' "$ordpar" curve --continue sums.csv --alpha 2 -o part2.csv
    echo '{"a": [0.2, 0.3], "s": [1, 0.5]}' >erfs.json
    expect 2 "--$setting: erfs.json has changed since sums.csv was made with it" "$ordpar" curve --continue sums.csv --alpha 2
done

# what rounding can have made beside a saddle is known to a run in two parts as to one
limit() { sed -n 's/^# limit: .*up to about \([^,]*\),.*/\1/p' "$1"; }
saddle=(-L 1 -N 1024 --eta 0.5 --sigma-j 1e-12 --rtol 1e-10)
expect 0 '' "$ordpar" curve "${saddle[@]}" --alpha 1000,2000,3000 -o whole.csv
for alpha in 1000 2000; do
    expect 0 '' "$ordpar" curve "${saddle[@]}" --alpha $alpha --save-overlaps part.csv -o part1.csv
    expect 0 '' "$ordpar" curve --continue part.csv --alpha 3000 -o part2.csv
    echo "$(limit whole.csv) $(limit part2.csv)" | awk '{exit !($1 > 0 && $2 > $1 / 2.1 && $2 < $1 * 2.1)}' || # one digit is printed
        fail "limit from $alpha: $(limit part2.csv), whole: $(limit whole.csv)"
done
expect 0 '' "$ordpar" curve "${saddle[@]}" --runs 2 --alpha 1000,3000 -o runs.csv
[[ $(limit runs.csv) ]] || fail "no limit of many starts"
expect 0 "largest" "$ordpar" compare -L 1 -N 64 --eta 2 --sigma-j 1e-12 --alpha 300 --runs 2 --method overlap -o compared.csv
[[ $(limit compared.csv) ]] || fail "no limit of a comparison"

# files that are none
damage() { # PATTERN COMMAND..
    local pattern=$1
    shift
    "$@" end.csv >damaged.csv
    expect 2 "$pattern" "$ordpar" curve --continue damaged.csv --alpha 200
}
damage 'the entry t,4,1,1 is missing' sed '/^t,4/d'
damage 'was cut short: its last line does not end' head -c -5
damage "does not say where its run has ended" grep -v '^# alpha'
expect 2 "part1.csv: does not say where .*: it has '# settings:'.* the file of --save-overlaps, or a checkpoint, not from a curve's rows$" "$ordpar" curve --continue part1.csv --alpha 200
damage "does not say where its run has ended" grep -v '^# settings'
damage "'# blocks:' are not eigenvalues and multiplicities" grep -v '^# blocks'
damage "the entry q,1,1,3 is missing" sed 's/student-units=2/student-units=3/'
damage "'nonsense' is no setting" sed 's/eta=0.4/nonsense=0.4/'
damage "activation: must be one of erf" sed 's/activation=erf/activation=nothing/'
expect 0 '' "$ordpar" curve "${small[@]}" --momentum constant:1:0.3 --alpha 1 --save-overlaps pushed.csv -o part1.csv
grep -v '^# push' pushed.csv >damaged.csv
expect 2 "its '# push:' is not complete" "$ordpar" curve --continue damaged.csv --alpha 200
sed 's/ momentum=[^ ]*//' pushed.csv >damaged.csv
expect 2 "its '# push:' is not complete" "$ordpar" curve --continue damaged.csv --alpha 200
sed '/^# digest/d; s/^# teachers: 3 1 2/# teachers: 3 1 1/' deep.csv >damaged.csv
expect 2 "a start in deviations needs" "$ordpar" curve --continue damaged.csv --alpha 2000
expect 0 '' "$ordpar" curve "${small[@]}" --train-output --eta-v 0.2 --alpha 1 --save-overlaps v.csv -o part1.csv
grep -v '^v' v.csv >damaged.csv
expect 2 "has no output weights .rows v., which were trained" "$ordpar" curve --continue damaged.csv --alpha 200

# numbers that a spreadsheet has rounded are not the run's; the same numbers in other texts are, and files of before have no digest
rounded() { # FORMAT FILE
    awk -F, -v OFS=, -v format="$1" '/^[qrtvp],/ {$5 = sprintf(format, $5)} {print}' "$2"
}
other="its numbers are not those that were written, as its '# digest:' tells \(spreadsheets round them\)"
for name in end deep pushed v; do
    reached=$(sed -n 's/^# alpha: //p' $name.csv)
    go_on=("$ordpar" curve --alpha $((reached + 1)) --continue)
    for format in %.9f %.15g; do
        rounded $format $name.csv >damaged.csv
        expect 2 "^ordpar curve: --continue: damaged.csv: $other; overlaps begins a run at alpha = 0 from such numbers\$" "${go_on[@]}" damaged.csv
    done
    grep -v '^# digest: [0-9a-f]*$' damaged.csv >old.csv
    expect 0 '' "${go_on[@]}" old.csv
    expect 0 '' "${go_on[@]}" $name.csv -o out.csv
    rounded %.25E $name.csv | sed 's/,0.0*E+00$/,-0/' >texts.csv
    expect 0 '' "${go_on[@]}" texts.csv -o texts_out.csv
    cmp -s <(grep -v '^#' out.csv) <(grep -v '^#' texts_out.csv) || fail "$name: other texts of its numbers go on elsewhere"
done
for line in alpha push; do
    sed "s/^\(# $line: -*\)/\11/" pushed.csv >damaged.csv
    expect 2 "--continue: damaged.csv: $other" "$ordpar" curve --continue damaged.csv --alpha 200
done
rounded %.15g end.csv >damaged.csv
expect 0 '' "$ordpar" curve "${small[@]}" --overlaps damaged.csv --alpha 1
expect 2 "--sweep: .*damaged.csv.*$other|--continue: damaged.csv: $other" "$ordpar" sweep --sweep continue=damaged.csv,end.csv --alpha 200
go_on=("$ordpar" curve --continue end.csv --alpha 200 -o out.csv)

# what is promised of a run is what was promised of its loosest part
tolerances() { sed -n 's/^# tolerances: //p' "$1"; }
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 10 --rtol 1e-3 --atol 1e-10 --save-overlaps loose.csv -o part1.csv
expect 0 '' "$ordpar" curve --continue loose.csv --rtol 1e-10 --atol 1e-14 --alpha 20 --save-overlaps fine.csv -o part2.csv
expect 0 '' "$ordpar" curve --continue fine.csv --alpha 30 --save-overlaps finer.csv -o part3.csv
before='before, and so the promises on eps_g: rtol = 0.001, atol = 1e-10'
[ "$(tolerances part2.csv)" = "rtol = 1e-10, atol = 1e-14 from alpha = 10 on; $before" ] && [ "$(tolerances part3.csv)" = "rtol = 1e-10, atol = 1e-14 from alpha = 20 on; $before" ] ||
    fail "promises of a loose part: $(grep -h tolerances part[23].csv)"
grep -q '^# coordinates: overlaps: eps_g below 1e-09 is noise' part3.csv || fail "noise of a loose part: $(grep coordinates part3.csv)"
[ "$(grep -h '^# promises' loose.csv fine.csv finer.csv | sort -u)" = "# promises: $(printf '%.17g %.17g' 1e-3 1e-10)" ] || fail "promises: $(grep promises fine.csv finer.csv)"
expect 0 '' "$ordpar" curve --continue finer.csv --rtol 1e-2 --atol 1e-9 --alpha 40 --save-overlaps looser.csv -o part4.csv
[ "$(tolerances part4.csv)" = 'rtol = 0.01, atol = 1e-09 (promises on eps_g)' ] && ! grep -q '^# promises' looser.csv || fail "a looser part: $(tolerances part4.csv)"
expect 0 '' "$ordpar" curve --continue end.csv --rtol 1e-10 --alpha 200 -o part4.csv # of a file of before, whose settings tell
[ "$(tolerances part4.csv)" = 'rtol = 1e-10, atol = 1e-14 from alpha = 100 on; before, and so the promises on eps_g: rtol = 1e-08, atol = 1e-14' ] || fail "a finer part: $(tolerances part4.csv)"

# .. and in maps, of which one relu run left its plateau by rounding alone
for tied in "-K 3 -M 2 --activation relu" "-K 3 -M 3"; do
    expect 0 '' "$ordpar" curve $tied -N 64 -L 4 --batch-fraction 0.5 --init mean --eta 1 --alpha 300,900 -o whole.csv
    expect 0 '' "$ordpar" curve $tied -N 64 -L 4 --batch-fraction 0.5 --init mean --eta 1 --alpha 300 --save-overlaps tied.csv -o part1.csv
    expect 0 '' "$ordpar" curve --continue tied.csv --alpha 300,900 -o part2.csv
    grep '^# symmetry: 2 students' whole.csv >own.txt
    [ -s own.txt ] && cmp -s own.txt <(grep '^# symmetry: ' part2.csv) && ! grep '^# limit' part2.csv || fail "ties of $tied: $(grep -h '^# symmetry\|^# limit' whole.csv part2.csv)"
    paste -d, <(tail -n 2 whole.csv) <(tail -n 2 part2.csv) | awk -F, '{ d = $2 / $4 - 1 } d > 1e-9 || d < -1e-9 || $2 < 0.005 { exit 1 }' || fail "a map, $tied: $(tail -n 2 whole.csv part2.csv)"
done
# vectors of more components than a block has keep what little parts the units there
for few in "-N 4 -L 4 -K 4 -M 1 --eta 0.4 --sigma-j 1e-5 --beta 0.5 --activation relu --schedule power:0.5:20" "-N 8 -L 8 -K 1 -M 3 --eta 0.1 --sigma-j 1e-3 --seed 5"; do
    expect 0 '' "$ordpar" curve $few --small-eta --init mean --rtol 1e-12 --alpha 1000,2000 -o whole.csv
    expect 0 '' "$ordpar" curve $few --small-eta --init mean --rtol 1e-12 --alpha 1000 --save-overlaps few.csv -o part1.csv
    expect 0 '' "$ordpar" curve --continue few.csv --alpha 1000,2000 -o part2.csv
    paste -d, <(tail -n 2 whole.csv) <(tail -n 2 part2.csv) | awk -F, '{ d = $2 / $4 - 1 } d > 1e-8 || d < -1e-8 { exit 1 }' || fail "small differences of $few: $(tail -n 2 whole.csv part2.csv)"
done

# other commands; sweeps
expect 2 "--continue: no such option of simulate; it is one of curve, sweep" "$ordpar" simulate --continue end.csv
expect 0 '' "$ordpar" sweep --continue end.csv --alpha 200 --sweep rtol=1e-6,1e-8 -o sweep.csv
expect 0 '' "${go_on[@]}"
[ "$(tail -n 1 out.csv | cut -d, -f2)" = "$(tail -n 1 sweep.csv | cut -d, -f4)" ] || fail "sweep"
grep -q '^# file 1: end.csv, digest' sweep.csv || fail "the file is not in the sweep's digest"
expect 0 '' "$ordpar" sweep --alpha 200 --sweep continue=end.csv,end1.csv -o sweep.csv
[ "$(tail -n 2 sweep.csv | head -n 1 | cut -d, -f4)" = "$(tail -n 1 out.csv | cut -d, -f2)" ] || fail "--sweep continue"
expect 2 "only a curve goes on" "$ordpar" sweep --continue end.csv --job simulate --alpha 200 --sweep runs=1,2

# a new run from overlaps begins at 0, and says so where the grid does not; on the terminal where going on is likely to be meant
reached=$(sed -n 's/^# alpha: //p' end.csv)
restart="ordpar [a-z]*: --alpha: starts at alpha = 0, with the given overlaps, which end.csv had at alpha = $reached; ordpar curve --continue FILE goes on from where FILE was saved"
expect 0 "$restart" "$ordpar" curve "${small[@]}" --overlaps end.csv --alpha 100:200:3 -o out.csv
grep -q "^# start: at alpha = 0, with the given overlaps, which end.csv had at alpha = $reached;" out.csv || fail "no note of the start"
expect 0 "$restart" "$ordpar" curve "${small[@]}" --overlaps end.csv --alpha "$reached" -o out.csv
expect 0 "$restart" "$ordpar" sweep "${small[@]:0:4}" --overlaps end.csv --alpha "$reached:1e3:5:log" --sweep eta=0.1,0.2 -o out.csv
expect 0 '' "$ordpar" curve "${small[@]:0:4}" --seed 2 --alpha 3 --save-overlaps out1.ov -o swept.csv
expect 0 "$restart" "$ordpar" sweep "${small[@]:0:4}" --sweep overlaps=end.csv,out1.ov --alpha "$reached:1e3:5:log" -o swept.csv
begun="at alpha = 0, with the given overlaps, which end.csv had at alpha = $reached"
grep -q "^# start: $begun" out.csv || fail "no note of the start of a sweep"
grep -q "^# start, point 1 (overlaps=end.csv): $begun" swept.csv || fail "no note of the start of a swept file"
grep -v '^# ' end.csv >bare.csv
expect 0 'given overlaps; ordpar curve --continue FILE goes on' "$ordpar" curve "${small[@]}" --overlaps bare.csv --alpha 100:200:3 -o out.csv
expect 0 '' "$ordpar" curve "${small[@]}" --overlaps bare.csv --alpha 100:200:3 -o out.csv -q
for grid in 100,200 100,200,250; do # which 0 is not left out of
    expect 0 'given overlaps; ordpar curve --continue FILE goes on' "$ordpar" curve "${small[@]}" --overlaps bare.csv --alpha $grid -o out.csv
done
for grid in 0.01:200:9:log 1:200:200 0.1,1,10 20,40,60 1,10; do # which leave 0 out
    expect 0 '' "$ordpar" curve "${small[@]}" --overlaps end.csv --alpha $grid -o out.csv
    grep -q '^# start: at alpha = 0' out.csv || fail "no note of the start on $grid"
done
expect 0 '' "$ordpar" curve "${small[@]}" --overlaps end.csv --alpha 0:200:3 -o out.csv
grep -q '^# start' out.csv && fail "a note of the start on a grid from 0"

# .. and says where the file's spectrum or activation were others: once, in the notes of all, and not where they are the same
left=(-N 64 -L 4 --beta 0.5 --activation relu)
expect 0 '' "$ordpar" curve "${left[@]}" --alpha 0,2 --save-overlaps left.ov -o out.csv
elsewhere='--overlaps: left.ov is of a run with another spectrum \(the eigenvalue of block 1 is 2.3938 there, 2.8098 here\) and another activation \(relu there, erf here\); the setting like takes those of that run'
says() { # COMMAND..: exit 0, the line once on stderr, the note once
    expect 0 "ordpar $2: $elsewhere" "$@" -o said.csv
    [ "$(grep -c 'of a run with another' err.txt)" -eq 1 ] && [ "$(grep -c '^# overlaps: left.ov is of a run with another spectrum' said.csv)" -eq 1 ] || fail "$2: $(cat err.txt; grep '^#' said.csv)"
}
for command in curve simulate 'precision curve' 'closed-form critical-eta' 'sweep --sweep eta=0.1,0.2' 'curve --report'; do
    grid=(--alpha 0,1)
    [ "$command" = 'closed-form critical-eta' ] && grid=()
    says "$ordpar" $command -N 64 -L 4 --overlaps left.ov "${grid[@]}"
done
"$ordpar" compare -N 64 -L 4 --overlaps left.ov --alpha 0,1 -o said.csv 2>err.txt
[ "$(grep -cE "^ordpar compare: $elsewhere" err.txt)" -eq 1 ] && grep -q '^# overlaps: left.ov' said.csv || fail "compare: $(cat err.txt)"
expect 0 "ordpar curve: $elsewhere" "$ordpar" curve -N 64 -L 4 --overlaps left.ov --dry-run --alpha 0,1
[ "$(grep -c 'of a run with another' err.txt)" -eq 1 ] || fail "a dry run says twice: $(cat err.txt)"
expect 0 'with another spectrum \(the multiplicity of block 1 is 16 there, 256 here\);' "$ordpar" curve -L 4 --beta 0.5 --activation relu --overlaps left.ov --alpha 0,1 -o said.csv
expect 0 'with another activation of the teacher \(relu there, linear here\);' "$ordpar" curve "${left[@]}" --teacher-activation linear --small-eta --overlaps left.ov --alpha 0,1 -o said.csv
expect 0 'with another activation \(relu there, linear here\);' "$ordpar" sweep "${left[@]:0:6}" --sweep activation=relu,linear --overlaps left.ov --alpha 0,1 -o said.csv
grep -q '^# overlaps, point 2 (activation=linear): left.ov is of a run' said.csv || fail "a note of the point: $(grep '^#' said.csv)"
expect 0 '' "$ordpar" curve -N 64 -L 4 --overlaps left.ov --alpha 0,1 -o said.csv -q
grep -v '^# [a-z]*:' left.ov >bare.ov
awk -F'[ ,]' '/^# blocks:/ { for (k = 3; k <= NF; k += 2) printf "%s%.14g,%d", k == 3 ? "eigenvalue,multiplicity\n" : "\n", $k, $(k + 1); print "" }' left.ov >left.csv # to 14 digits
for same in '--like left.ov' "${left[*]}" '-N 64 -L 4 --overlaps bare.ov' '--spectrum left.csv --activation relu --overlaps left.ov' '--spectrum left.csv --activation relu --teacher-activation relu --overlaps left.ov'; do
    expect 0 '' "$ordpar" curve --overlaps left.ov $same --alpha 0,1 -o said.csv
    grep '^# overlaps:' said.csv && fail "$same: a note of the same model"
done

# Ctrl-C keeps the rows that are there; a checkpoint goes on
L=256
[ -z "${BRIEF:-}" ] || L=128 # the sanitizers are slow enough
long=("$ordpar" curve -K 4 -M 4 -N 16384 -L $L --eta 0.3 --moments 1 --report --alpha 1:4000:400 --rtol 1e-10)
stop_after() { # HUNDREDTHS of a second of its processor time, OPTION..
    "${long[@]}" "${@:2}" 2>err.txt &
    local pid=$!
    listens $pid
    used $pid $1
    kill -INT $pid # twice, as `timeout` does
    kill -TERM $pid
    wait $pid
    code=$?
}
stop_after 5 -o rows.csv
[ $code -eq 130 ] && [ ! -e rows.csv ] || fail "an interrupted curve: $code"
# stop_until FILE PATTERN OPTION..: interrupts later and later, until FILE is there and has PATTERN
stop_until() {
    local hundredths
    for hundredths in 2 4 8 15 30 60 120 250 500; do
        stop_after $hundredths "${@:3}"
        [ $code -eq 130 ] || fail "exit $code after $hundredths hundredths of a second, $(cat err.txt)"
        [ -e "$1" ] && grep -q -- "$2" "$1" && return
    done
    fail "$1 has no '$2'"
}
stop_until rows.csv '' -o rows.csv --keep-partial --checkpoint state --save-overlaps stopped.csv
grep -qE 'interrupted at alpha = [^;]*; state goes on from alpha = [^;]*; [0-9]* of 400 rows were complete and are written' err.txt || fail "keep-partial: $(cat err.txt)"
grep -q "^# partial: interrupted, $(grep -vc '^[#a]' rows.csv) of 400 rows$" rows.csv || fail "what is partial: $(grep partial rows.csv)"
expect 0 '' "$ordpar" curve --continue stopped.csv --alpha 5000 -o out.csv
[ -e state ] && [ ! -e state.lock ] || fail "no checkpoint, or a lock"
expect 2 "--eta: 0.2 contradicts state, which has 0.3" "${long[@]}" --checkpoint state --eta 0.2
expect 2 "--alpha: 1 contradicts state, which has 1:4000:400" "${long[@]}" --checkpoint state --alpha 1
"$ordpar" curve -K 4 -M 4 -N 65536 -L 4096 --alpha 1:4000:400 --checkpoint busy 2>/dev/null >/dev/null & # for long
pid=$!
for _ in $(seq 400); do
    [ -e busy.lock ] && break
    sleep 0.02
done
expect 2 "--checkpoint: busy: is in use by another run" "${long[@]}" --checkpoint busy
kill -INT $pid
wait $pid
expect 0 '' "${long[@]}" --checkpoint state -o resumed.csv
expect 0 '' "${long[@]}" -o whole.csv
paste -d, <(grep -v '^[#a]' resumed.csv) <(grep -v '^[#a]' whole.csv) |
    awk -F, 'NF != 76 {bad = 1} {for (k = 1; k <= NF / 2; k++) {d = $k - $(k + NF / 2); if (d > 1e-7 || -d > 1e-7 || (k == 2 && (d > 1e-7 * $k || -d > 1e-7 * $k))) bad = 1}} END {exit bad || NR != 400}' ||
    fail "a resumed run has other rows"
[ "$(grep '^# .*predicted\|^# plateau' resumed.csv)" = "$(grep '^# .*predicted\|^# plateau' whole.csv)" ] || fail "a resumed run measures something else"
expect 0 '' "${long[@]}" --checkpoint state -o again.csv
cmp <(grep -v '^#' resumed.csv) <(grep -v '^#' again.csv) || fail "a complete checkpoint"
expect 0 '' "$ordpar" curve --continue state --alpha 5000 -o out.csv
head -c -5 state >damaged.csv
expect 2 "--checkpoint: damaged.csv: was cut short" "${long[@]}" --checkpoint damaged.csv
rounded %.15g state >damaged.csv
expect 2 "--checkpoint: damaged.csv: $other\$" "${long[@]}" --checkpoint damaged.csv
grep -v '^# rows\|^# digest' state >damaged.csv
expect 2 "--checkpoint: damaged.csv: its rows are not complete" "${long[@]}" --checkpoint damaged.csv
expect 2 "is not a file|is a folder" "${long[@]}" --checkpoint .

# cells that are nan, as rounding hides them, go through a checkpoint
hidden=("$ordpar" curve -N 64 -L 2 -K 1 -M 1 --activation linear --eta 0.2 --alpha 0:2000:20 --columns rate --checkpoint hidden.state)
expect 0 '' "${hidden[@]}" -o hidden.csv
grep -q ',nan$' hidden.csv || fail "nothing is hidden"
expect 0 '' "${hidden[@]}" -o again.csv
cmp <(rows hidden.csv) <(rows again.csv) || fail "a checkpoint with cells that are nan"

# the checkpoint of a run that ended cannot be written: its rows are not lost for that
loses_checkpoint "$ordpar" curve -K 4 -M 4 -N 16384 -L $L --alpha 1:4000:400 -o rows.csv
[ $code -eq 1 ] && grep -q -- '--checkpoint: gone/state.*; 400 of 400 rows were complete and are written' err.txt && [ "$(grep -vc '^#' rows.csv)" -eq 401 ] ||
    fail "a checkpoint that cannot be written: exit $code, $(cat err.txt)"
rm -f never o.csv s.csv
(
    ulimit -f 8 # KiB
    exec env --default-signal=INT,XFSZ "$ordpar" curve -L 512 -K 6 -M 6 --alpha 0.1:1e9:50:log --checkpoint never --keep-partial -o o.csv 2>err.txt
) &
pid=$!
for _ in $(seq 1000); do [ -s err.txt ] && break; sleep 0.02; done # the first lost checkpoint is told of
used $pid 100 # .. and rows are there
kill -INT $pid
wait $pid
code=$?
[ $code -eq 130 ] && grep -qE 'interrupted at .*; checkpoint: never: .*File too large; [0-9]+ of 50 rows were complete and are written$' err.txt && [ -s o.csv ] ||
    fail "rows of an interrupted run without a checkpoint: exit $code, $(cat err.txt)"
head -n 1 err.txt | grep -qx 'ordpar curve: --checkpoint: never: .*File too large; the run goes on' && [ "$(wc -l <err.txt)" -eq 2 ] ||
    fail "the first save that fails is told of once: $(cat err.txt)"
# .. unless they are, with the output
(
    ulimit -f 8
    exec "$ordpar" curve -L 4 --alpha 0:10:600 -q --checkpoint never --save-overlaps s.csv -o o2.csv 2>err.txt
)
code=$?
[ $code -eq 1 ] && [ -s s.csv ] && grep -q -- '--checkpoint: never: .*; 600 of 600 rows were complete$' err.txt && grep -q -- '--output: o2.csv: cannot be written' err.txt ||
    fail "rows that are lost with a checkpoint: exit $code, $(cat err.txt)"
expect_no never o2.csv

# fractions of N go on at the step where they were stopped
long=("$ordpar" curve -K 4 -M 4 -N 16384 -L $L --batch-fraction 0.1 --alpha 0.4:4000.6:700)
rm -f state
stop_until state '' -o rows.csv --checkpoint state
expect 0 '' "${long[@]}" --checkpoint state -o resumed.csv
expect 0 '' "${long[@]}" -o whole.csv
cmp <(grep -v '^#' resumed.csv) <(grep -v '^#' whole.csv) || fail "a resumed run in fractions has other rows"
grep -q '^# batch: 0.1[0-9]* N examples a step, here 1638; alpha counts steps$' whole.csv || fail "the note of a fraction: $(grep batch whole.csv)"

# momentum goes on from P where it was stopped
if [ -z "${BRIEF:-}" ]; then
    long=("$ordpar" curve -K 4 -M 4 -N 16384 -L 128 --eta 0.3 --momentum dana:6:0.3:0.5:1 --alpha 1:1000:400 --rtol 1e-10)
    rm -f state
    stop_until state '^# push: ' -o rows.csv --checkpoint state
    expect 0 '' "${long[@]}" --checkpoint state -o resumed.csv
    expect 0 '' "${long[@]}" -o whole.csv
    paste -d, <(grep -v '^[#a]' resumed.csv) <(grep -v '^[#a]' whole.csv) | awk -F, '{d = $2 - $4} d > 1e-9 * $4 + 1e-13 || -d > 1e-9 * $4 + 1e-13 {bad = 1} END {exit bad || NR != 400}' ||
        fail "a resumed run with momentum has other rows"
fi

# of several curves the rows of the one that was stopped are kept, or nothing
long=("$ordpar" curve -K 4 -M 4 -N 4096 -L 1,$L --alpha 0.01:4000:400)
stop_until err.txt "(L=$L): interrupted at alpha = " --keep-partial -o rows.csv
said=$(sed -n 's/.*(L='$L'): interrupted[^;]*; \([0-9]*\) of 400 rows.*/\1/p' err.txt)
[ "${said:-0}" = "$(grep -c "^$L," rows.csv)" ] && [ "$(grep -c '^1,' rows.csv)" = 400 ] || fail "said ${said:-0} of $(grep -c "^$L," rows.csv) rows"
grep -q '^# partial: 1 of 2 curves were complete$' rows.csv || fail "what is partial of curves: $(grep partial rows.csv)"
rm -f rows.csv
stop_until err.txt 'interrupted at alpha' -o rows.csv
[ ! -e rows.csv ] || fail "several curves, none kept"

# an empty file, as mktemp makes it, is a place for a checkpoint
: >empty.state
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha 0,5 --checkpoint empty.state -o out.csv
grep -q '^# alpha: 5$' empty.state || fail "no checkpoint in the place of an empty file: $(head -n 3 empty.state)"
printf '#' >empty.state
expect 2 '--checkpoint: empty.state: ' "$ordpar" curve -N 64 -L 4 --alpha 0,5 --checkpoint empty.state -o out.csv

# files are compared by what is in them, whatever their names
mkdir -p moved
printf '0.1\n2\n' >grid.txt
printf 'alpha,eta\n0,0.1\n1,0.2\n' >rates.csv
printf 'eigenvalue,multiplicity\n4,8\n1,16\n' >two.csv
"$ordpar" curve --spectrum two.csv --alpha 0 --save-overlaps begin.csv -q >out.csv
cp grid.txt rates.csv two.csv begin.csv moved
named() { "$ordpar" curve --alpha "$1grid.txt" --schedule "$1rates.csv" --spectrum "$1two.csv" --overlaps "$1begin.csv" --checkpoint named.state -o out.csv "${@:2}"; }
expect 0 '' named ''
expect 0 '' named moved/
for file in grid.txt rates.csv two.csv; do
    cp moved/$file kept
    sed -i '$s/1/3/;$s/2/4/' moved/$file
    expect 2 'named.state( was made| is of another spectrum|, which has)' named moved/ -q
    cp kept moved/$file
done
sed 's/^\(q,1,1,1,\).*/\150/' begin.csv >moved/begin.csv
expect 2 'overlaps: are not those that named.state was made with' named moved/
"$ordpar" curve -N 64 -L 4 --alpha 0,5 --save-overlaps half.csv -q >out.csv
cp half.csv moved
for part in "--continue half.csv" "--continue moved/half.csv"; do
    expect 0 '' "$ordpar" curve $part --alpha 6,7 --checkpoint goes_on.state -o out.csv
done

# a grid in a file is part of what was computed; what is read again is no pipe
printf '1\n2\n' >grid.txt
rm -f state
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha grid.txt --checkpoint state -o out.csv
expect 0 '' "$ordpar" curve -N 64 -L 4 --alpha grid.txt --checkpoint state -o out.csv
printf '1\n3\n' >grid.txt
expect 2 '--alpha: the file has changed since state was made' "$ordpar" curve -N 64 -L 4 --alpha grid.txt --checkpoint state
rm -f state
for a in 0.3 0.4; do
    printf '{"a":[1],"s":[%s]}' $a >act.json
    [ $a = 0.4 ] || expect 0 '' "$ordpar" curve -N 64 -L 4 --teacher-activation act.json --alpha 1,2 --checkpoint state -o out.csv
done
expect 2 '^ordpar curve: --teacher-activation: the file has changed since state was made$' "$ordpar" curve -N 64 -L 4 --teacher-activation act.json --alpha 1,2 --checkpoint state
for keeps in '--checkpoint new' '--save-overlaps new'; do
    expect 2 '--schedule: /dev/fd/[0-9]*: is not a file' bash -c '"$1" curve -N 64 -L 4 --schedule <(cat schedule.csv) --alpha 1 $2' - "$ordpar" "$keeps"
done
expect 2 '--overlaps: /dev/fd/[0-9]*: is not a file' bash -c '"$1" curve "${@:2}" --overlaps <(cat end.csv) --alpha 1 --checkpoint new' - "$ordpar" "${small[@]}"

# one file for two purposes; pipes
for command in "curve" "simulate --runs 2" "sweep --sweep eta=0.1,0.2"; do
    rm -f same
    expect 2 '--output, --checkpoint: two outputs go to ./same' "$ordpar" $command -N 64 -L 4 --alpha 1,2 --checkpoint ./same -o same
    expect_no same
    expect 2 "--checkpoint, --plot: two outputs go to p.svg" "$ordpar" $command -N 64 -L 4 --alpha 1,2 --checkpoint p.svg --plot p.svg
    expect 2 "--checkpoint: must be a file, got '-'" "$ordpar" $command -N 64 -L 4 --alpha 1,2 --checkpoint - -o same
done
expect 2 "--continue: must be a file, got '-'" "$ordpar" curve --continue - --alpha 200
expect 2 "--like: must be a file, got '-'" "$ordpar" curve --like - --alpha 200
expect 2 "--continue: /dev/fd/[0-9]*: is not a file" bash -c '"$1" curve --continue <(cat end.csv) --alpha 200' - "$ordpar"
expect 2 "--eta: has a value of its own too, by --eta or --continue" "$ordpar" curve --continue end.csv --eta 0.3,0.4 --alpha 200

# numbers are compared as numbers, within texts too
begin=(curve -L 4 -N 64 -K 2 -M 2 --rtol 1e-6)
"$ordpar" "${begin[@]}" --alpha 0,5 --student-output 0.5,0.5 --schedule power:0.5:5 --momentum constant:1:0.1 --activation hermite:1,0.1 --small-eta --checkpoint equal.ck -q >written.csv || fail "no checkpoint"
expect 0 '' "$ordpar" "${begin[@]}" --alpha 0.0,5.0 --student-output 0.50,.5 --schedule power:.50:5.0 --momentum constant:1.0:.1 --activation hermite:1.0,.1 --small-eta --checkpoint equal.ck -q
cmp -s <(grep -v '^#' written.csv) <(grep -v '^#' out.txt) || fail "the same settings, written otherwise"
expect 2 'student-output: 0.5,0.6 contradicts equal.ck, which has 0.5,0.5' "$ordpar" "${begin[@]}" --alpha 0,5 --student-output 0.5,0.6 --schedule power:0.5:5 --momentum constant:1:0.1 --activation hermite:1,0.1 --small-eta --checkpoint equal.ck
expect 2 'schedule: power:0.5:50 contradicts' "$ordpar" "${begin[@]}" --alpha 0,5 --student-output 0.5,0.5 --schedule power:0.5:50 --momentum constant:1:0.1 --activation hermite:1,0.1 --small-eta --checkpoint equal.ck

# and grids as the numbers that they are: a range, a list, those of a file
printf '0\n2.5\n5\n' >rows.txt
for first in 0:5:3 rows.txt; do
    rm -f grid.ck
    expect 0 '' "$ordpar" "${begin[@]}" --alpha $first --checkpoint grid.ck -q -o written.csv
    for alpha in 0:5:3 5,0,2.50 rows.txt; do
        expect 0 '' "$ordpar" "${begin[@]}" --alpha $alpha --checkpoint grid.ck -q
        cmp -s <(grep -v '^#' written.csv) <(grep -v '^#' out.txt) || fail "the same alpha, given as $alpha"
    done
    expect 2 "--alpha: 0:5:4 contradicts grid.ck, which has $first\$" "$ordpar" "${begin[@]}" --alpha 0:5:4 --checkpoint grid.ck
    expect 2 "--alpha: 0,2.4,5 contradicts grid.ck, which has $first\$" "$ordpar" "${begin[@]}" --alpha 0,2.4,5 --checkpoint grid.ck
done
printf '0\n2.4\n5\n' >rows.txt
expect 2 '--alpha: the file has changed since grid.ck was made$' "$ordpar" "${begin[@]}" --alpha rows.txt --checkpoint grid.ck

# with momentum overlaps are integrated also at lowest order: a block of fewer components than units has them to the errors of that
pushed=("$ordpar" curve -N 16 -L 16 --eta 1 --beta 0.3 --seed 66 --rtol 1e-4 --sigma-j 0.001 --small-eta --momentum constant:1:0.1)
expect 0 '' "${pushed[@]}" --alpha 0:100:3 --save-overlaps pushed.ov -o pushed.csv
expect 0 '' "$ordpar" curve -N 16 -L 16 --beta 0.3 --overlaps pushed.ov --alpha 0 -o start.csv
cmp -s <(tail -n 1 pushed.csv | cut -d, -f2) <(tail -n 1 start.csv | cut -d, -f2) || fail "a start from such overlaps: $(tail -n 1 start.csv)"
grep -v '^# digest' pushed.ov >unknown.ov
expect 2 'unknown.ov: the Gram matrix of block .* is not positive semidefinite' "$ordpar" curve -N 16 -L 16 --beta 0.3 --overlaps unknown.ov --alpha 0
expect 0 '' "$ordpar" curve --continue pushed.ov --alpha 100:200:3 -o on.csv
expect 0 '' "${pushed[@]}" --alpha 0:200:5 -o whole.csv
paste -d, <(tail -n 2 on.csv) <(tail -n 2 whole.csv) | awk -F, '{ d = $2 / $4 - 1; if (d > 1e-3 || d < -1e-3) exit 1 }' || fail "momentum that goes on: $(tail -n 2 on.csv whole.csv)"
expect 0 '' "${pushed[@]}" --alpha 0:100:3 --checkpoint pushed.ck -o again.csv
expect 0 '' "${pushed[@]}" --alpha 0:100:3 --checkpoint pushed.ck -o again.csv

# fixed output weights that came with overlaps go along from run to run
expect 0 '' "$ordpar" curve -N 64 -L 4 --train-output --eta-v 0.5 --alpha 0:50:2 --save-overlaps trained.ov -o out.csv
fixed=("$ordpar" curve -N 64 -L 4 --overlaps trained.ov)
expect 0 '' "${fixed[@]}" --alpha 0:100:5 -o whole.csv
expect 0 '' "${fixed[@]}" --alpha 0:50:2 --save-overlaps first.ov -o out.csv
for kept in save-overlaps checkpoint; do
    rm -f second.ov
    expect 0 '' "$ordpar" curve --continue first.ov --alpha 50:75:2 --$kept second.ov -o out.csv
    expect 0 '' "$ordpar" curve --continue second.ov --alpha 75:100:2 -o on.csv
    paste -d, <(tail -n 2 on.csv) <(tail -n 2 whole.csv) | awk -F, '{ d = $2 / $4 - 1; if (d > 1e-7 || d < -1e-7) exit 1 }' || fail "fixed outputs that go on by $kept: $(tail -n 2 on.csv whole.csv)"
done

# students that start the same stay so in a run that goes on: the plateau lasts
tied=(-L 4 --init mean --eta 0.5)
for model in "--small-eta --activation relu" "--small-eta --activation gelu" "--small-eta -K 3 -M 3" "--small-eta -K 3 -M 2 --integrator cvode" "--activation relu --train-output --eta-v 0.1"; do
    expect 0 '' "$ordpar" curve "${tied[@]}" $model --alpha 3000 -o whole.csv
    expect 0 '' "$ordpar" curve "${tied[@]}" $model --alpha 500,1000 --save-overlaps tied.ov -o out.csv
    expect 0 '' "$ordpar" curve --continue tied.ov --alpha 3000 -o on.csv
    paste -d, <(tail -n 1 on.csv) <(tail -n 1 whole.csv) | awk -F, '{ d = $2 / $4 - 1; if (d > 1e-7 || d < -1e-7) exit 1 }' || fail "tied students that go on, $model: $(tail -qn 1 on.csv whole.csv)"
    grep -q '^# symmetry: [12] students' on.csv || fail "tied students that go on, $model: $(grep symmetry on.csv)"
done
rm -f tied.state
L=64
[ -z "${BRIEF:-}" ] || L=16 # the sanitizers are slow enough
deep=(-L $L -K 3 -M 3 --small-eta --init mean --eta 0.5 --alpha 0:6000:7 --rtol 1e-12 --integrator cvode)
"$ordpar" curve "${deep[@]}" -o whole.csv -q
for seconds in 0.2 0.4; do
    timeout -s INT $seconds env --default-signal=INT "$ordpar" curve "${deep[@]}" --checkpoint tied.state -o out.csv -q 2>err.txt
done
expect 0 '' "$ordpar" curve "${deep[@]}" --checkpoint tied.state -o resumed.csv
paste -d, <(grep -v "^#" whole.csv) <(grep -v "^#" resumed.csv) | awk -F, 'NR > 1 { d = $2 / $4 - 1; bad = bad || d > 1e-9 || d < -1e-9 } END { exit bad || NR != 8 }' || fail "tied students of a checkpoint: $(grep -v "^#" resumed.csv)"

finish
