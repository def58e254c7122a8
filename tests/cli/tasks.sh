# SPDX-License-Identifier: GPL-3.0-or-later
# Several tasks in curve, simulate, compare, sweep; files that go on with them; bad input.
. "$(dirname "$0")/lib.sh" "$1"

rm -f -- *.csv *.json state* && rm -rf folder
rows() { grep -v '^#' "$1"; }
small=(-K 3 -M 2 -N 64 -L 4 --eta 0.5 --sigma-j 0.5 --label-noise 0.1)
first='{"student_output": [0.3, 0.5, 0.6], "teacher_output": [0.9, 0], "probability": [[0, 1], [20, 0.25]]}'
second='{"student_output": [0.6, 0.5, -0.4], "teacher_output": [0, 0.8], "probability": [[20, 0.75]]'
echo "{\"tasks\": [$first, $second}]}" >two.json
echo "{\"tasks\": [$first, $second, \"similarity\": [1, 0.5, 0, 0]}]}" >alike.json

# columns, facts, and the mean
expect 0 '' "$ordpar" curve "${small[@]}" --tasks alike.json --alpha 0:40:5 -o curve.csv
rows curve.csv | head -1 | grep -qx 'alpha,eps_g,eps_g_1,eps_g_2' || fail "columns: $(rows curve.csv | head -1)"
rows curve.csv | awk -F, 'NR > 1 { d = ($3 + $4) / 2 - $2; if (d * d > 1e-24) exit 1 }' || fail "eps_g is not the mean"
grep -q '^# tasks: 2 from alike.json; .* change at alpha = 20$' curve.csv && grep -q '^# forgetting 1: 0: in the last row eps_g of task 1 is 0.00' curve.csv &&
    grep -q '^# transfer 2: ' curve.csv || fail "facts: $(grep '^#' curve.csv)"
grep -q '^# transfer 1' curve.csv && fail "a transfer to the first task"

# the setting itself, its file, JSON in its place, and --like
expect 0 '' "$ordpar" curve "${small[@]}" --tasks "$(cat alike.json)" --alpha 0:40:5 -o inline.csv
[ "$(rows inline.csv)" = "$(rows curve.csv)" ] || fail "JSON in place of a file"
printf '{\n "tasks": [\n%s,\n%s, "similarity": 0.5}]}\n' "$first" "$second" >lines.json
expect 0 '' "$ordpar" curve "${small[@]}" --tasks "$(cat lines.json)" --alpha 0:40:5 -o inline.csv
expect 0 '' "$ordpar" curve --like inline.csv -o like.csv
[ "$(rows inline.csv)" = "$(rows like.csv)" ] || fail "--like of lines"
expect 0 '' "$ordpar" curve --like curve.csv -o like.csv
[ "$(rows curve.csv)" = "$(rows like.csv)" ] || fail "--like"
expect 0 '^ordpar curve: --like: curve.csv: its tasks=alike.json gives way to --student-output$' "$ordpar" curve --like curve.csv --student-output 1,1,1 -o plain.csv
rows plain.csv | head -1 | grep -qx 'alpha,eps_g' || fail "--student-output beside --like has tasks: $(rows plain.csv | head -1)"
expect 0 '^ordpar curve: --like: plain.csv: its student-output=1,1,1 gives way to tasks$' "$ordpar" curve --like plain.csv --tasks alike.json -o like.csv
[ "$(rows curve.csv)" = "$(rows like.csv)" ] || fail "--tasks beside --like"
echo "{\"K\": 3, \"M\": 2, \"N\": 64, \"L\": 4, \"eta\": 0.5, \"sigma-j\": 0.5, \"label-noise\": 0.1, $(sed 's/^{//' alike.json)" >model.json
expect 0 '' "$ordpar" curve --like model.json --alpha 0:40:5 -o like.csv
[ "$(rows curve.csv)" = "$(rows like.csv)" ] || fail "tasks in a JSON object of settings"

# similarity and probabilities matter
for change in 's/\[1, 0.5, 0, 0\]/0/' 's/0.25/0.2/; s/0.75/0.8/' 's/20, 0.25/19, 0.25/; s/20, 0.75/19, 0.75/' 's/-0.4/0.4/'; do
    sed "$change" alike.json >other.json
    expect 0 '' "$ordpar" curve "${small[@]}" --tasks other.json --alpha 0:40:5 -o other.csv
    [ "$(rows curve.csv)" = "$(rows other.csv)" ] && fail "$change changes nothing"
done

# going on, over the step, with trained heads; a file that has changed
heads=(--train-output --eta-v 0.3)
expect 0 '' "$ordpar" curve "${small[@]}" "${heads[@]}" --tasks alike.json --moments 1 --alpha 0:40:5 --rtol 1e-9 -o whole.csv
rows whole.csv | head -1 | grep -q ',V1_1,V2_1,V3_1,V1_2,V2_2,V3_2$' || fail "columns V: $(rows whole.csv | head -1)"
for stop in 10 20 30; do
    expect 0 '' "$ordpar" curve "${small[@]}" "${heads[@]}" --tasks alike.json --alpha $stop --rtol 1e-9 --save-overlaps end.csv -o part.csv
    [ "$(grep -c '^v,1,[123],[12],' end.csv)" -eq 6 ] || fail "rows of v: $(grep '^v' end.csv)"
    expect 0 '' "$ordpar" curve --continue end.csv --alpha 40 -o part.csv
    paste -d, <(rows part.csv | tail -1) <(rows whole.csv | tail -1) | awk -F, '{ for (k = 2; k <= 4; k++) { d = $k / $(k + 4) - 1; if (d * d > 1e-14) exit 1 } }' ||
        fail "going on from $stop: $(rows part.csv | tail -1), $(rows whole.csv | tail -1)"
done
cp alike.json kept.json
sed -i 's/0.5, 0, 0/0.6, 0, 0/' alike.json
expect 2 '--tasks: alike.json has changed since end.csv was made with it' "$ordpar" curve --continue end.csv --alpha 40 -o no.csv
expect 2 '--tasks: two.json contradicts end.csv, which has alike.json' "$ordpar" curve --continue end.csv --tasks two.json --alpha 40 -o no.csv
mv kept.json alike.json
expect 2 '--tasks: a similarity is of teachers that are drawn; overlaps has its own' \
    "$ordpar" curve -K 3 -M 2 -N 64 -L 4 --tasks alike.json --overlaps end.csv --alpha 1 -o no.csv
expect 0 '' "$ordpar" curve -K 3 -M 2 -N 64 -L 4 --tasks two.json --overlaps end.csv --alpha 0,1 -o start.csv
expect 2 '--overlaps: has the output weights of 2 tasks, the model has 1' "$ordpar" curve -K 3 -M 2 -N 64 -L 4 --overlaps end.csv --alpha 0,1 -o no.csv
for content in 'curve --alpha 0:40:5' 'simulate --runs 2 --alpha 0:2:3'; do
    rm -f state
    cp alike.json here.json
    expect 0 '' "$ordpar" $content "${small[@]}" --tasks here.json --checkpoint state -o one.csv
    expect 0 '' "$ordpar" $content "${small[@]}" --tasks here.json --checkpoint state -o two.csv
    [ "$(rows one.csv)" = "$(rows two.csv)" ] || fail "a checkpoint of $content"
    sed -i 's/0.75/0.65/; s/0.25/0.35/' here.json
    expect 2 '(--checkpoint: state.*(other contents|other settings)|--tasks: the file has changed since state was made)' "$ordpar" $content "${small[@]}" --tasks here.json --checkpoint state -o no.csv
done

# simulations, their columns, and theory beside them
expect 0 '' "$ordpar" simulate "${small[@]}" --tasks alike.json --runs 3 --each --alpha 0:2:3 -o one.csv
rows one.csv | head -1 | grep -qx 'alpha,mean,stderr,min,max,runs,mean_1,stderr_1,mean_2,stderr_2,run_1,run_2,run_3' || fail "$(rows one.csv | head -1)"
for method in sgd overlap; do
    for options in '' '--train-output --eta-v 0.3 --batch 2 --momentum nesterov:3:0.3' '--batch-fraction 0.5'; do
        expect 0 'within --max-z 4' "$ordpar" compare "${small[@]}" -N 600 --tasks alike.json --method $method --runs 20 --alpha 0,10,20,30 --max-z 4 \
            $options -o one.csv
        rows one.csv | head -1 | grep -q '^alpha,theory,mean,stderr,z,theory_1,mean_1,stderr_1,z_1,theory_2,mean_2,stderr_2,z_2$' || fail "$(rows one.csv | head -1)"
        grep -q '^# verdict 2: task 2: largest |z| = ' one.csv || fail "no verdict of task 2"
    done
done
expect 0 '' "$ordpar" sweep "${small[@]}" --sweep tasks=two.json,alike.json --alpha 0:40:5 -o sweep.csv
[ "$(grep -c '^# file [12]: .*json, digest ' sweep.csv)" -eq 2 ] || fail "digests: $(grep '^# file' sweep.csv)"
[ "$(rows sweep.csv | sed -n 3p | cut -d, -f4)" = "$(rows curve.csv | tail -1 | cut -d, -f2)" ] || fail "a sweep over files of tasks"

# bad input
bad() { # PATTERN OPTION..
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" curve -K 3 -M 2 -N 64 -L 4 --alpha 0:1:2 -o no.csv "$@"
    expect_no no.csv
}
of() { # PATTERN TASKS
    bad "--tasks: $1" --tasks "{\"tasks\": [$2]}"
}
mkdir folder
: >empty.json
echo hello >words.json
bad '--tasks: empty.json: is no JSON: line 1' --tasks empty.json
bad '--tasks: words.json: is no JSON: line 1' --tasks words.json
bad '--tasks: folder: cannot be read: Is a directory' --tasks folder
bad '--tasks: none.json: cannot be read: No such file' --tasks none.json
bad "--tasks: must be a non-empty name" --tasks ''
for text in '{}' '{"tasks": 3}' '{"tasks": [], "more": 1}'; do
    bad '--tasks: must be \{"tasks": \[..\]\}' --tasks "$text"
done
student='"student_output": [1, 1, 1]' teacher='"teacher_output": [1, 0]' always='"probability": [[0, 1]]'
of 'there must be from 1 to 64 tasks, got 0' ''
of 'task 1 must be an object' 3
of 'task 1: has no teacher_output' "{$student}"
of 'task 1: has no probability' "{$student, $teacher}"
of 'task 2: teacher_output must be one number or an array of M = 2, got 3' "{$student, $teacher, $always}, {$student, \"teacher_output\": [1, 0, 1], $always}"
of 'task 1: student_output must be one number or an array of K = 3, got 2' "{\"student_output\": [1, 1], $teacher, $always}"
of 'task 1: teacher_output must be an array of numbers' "{$student, \"teacher_output\": [1, \"a\"], $always}"
of "task 1: 'weight' is unknown; a task has student_output, teacher_output, probability and perhaps similarity" "{$student, $teacher, $always, \"weight\": 2}"
of 'is no JSON: .*duplicate' "{$student, $teacher, $always, $always}"
of 'is no JSON: .*1e999' "{$student, $teacher, \"probability\": [[0, 1e999]]}"
for p in 1 '[1]' '[[0, 1, 2]]' '[["a", 1]]'; do
    of 'task 1: probability must be an array of pairs' "{$student, $teacher, \"probability\": $p}"
done
of 'task 1 has no probability' "{$student, $teacher, \"probability\": []}"
of 'the probability of task 1 must change at ascending alpha >= 0, got -1' "{$student, $teacher, \"probability\": [[-1, 1]]}"
of 'the probability of task 1 must change at ascending alpha >= 0, got 3' "{$student, $teacher, \"probability\": [[0, 1], [3, 1], [3, 1]]}"
of 'a probability of task 1 must be from 0 to 1, got 1.5' "{$student, $teacher, \"probability\": [[0, 1.5]]}"
of 'the probabilities must add up to 1 at every alpha, got 0.9 from alpha = 0 on' "{$student, $teacher, \"probability\": [[0, 0.9]]}"
of 'the probabilities must add up to 1 at every alpha, got 1.5 from alpha = 7 on' \
    "{$student, $teacher, $always}, {$student, $teacher, \"probability\": [[7, 0.5]]}"
own="{$student, $teacher, $always}, {$student, \"teacher_output\": [0, 1], \"probability\": [[7, 0]]"
of 'task 1 has a similarity, which is that of another task to it' "{$student, $teacher, $always, \"similarity\": 1}"
of 'the similarity of task 2 must be one number or L = 4, got 3' "$own, \"similarity\": [1, 1, 0]}"
of 'the similarity of task 2 must be from -1 to 1, got 1.5' "$own, \"similarity\": 1.5}"
of 'task 2: similarity is empty' "$own, \"similarity\": []}"
of 'task 2: similarity must be an array of numbers' "$own, \"similarity\": \"head\"}"
of 'a similarity needs teachers of its own: task 2 shares unit 1 with task 1' "{$student, $teacher, $always}, {$student, $teacher, \"probability\": [[7, 0]], \"similarity\": 1}"
bad '--student-output: tasks has the output weights of each task' --tasks two.json --student-output 1,1,1
bad '--teacher-output: tasks has the output weights of each task' --tasks two.json --teacher-output 1,1
bad '--report: is known for a single task' --tasks two.json --report
bad '--columns: is known for a single task' --tasks two.json --columns rate
expect 2 '--init: near-teacher is not for tasks with a similarity' "$ordpar" curve -K 3 -M 3 --init near-teacher --alpha 1 -o no.csv \
    --tasks "{\"tasks\": [{$student, \"teacher_output\": [1, 0, 0], $always}, {$student, \"teacher_output\": [0, 1, 0], \"probability\": [[7, 0]], \"similarity\": 1}]}"
expect 2 '--against: finite-n has .* a single task' "$ordpar" compare -K 3 -M 2 --activation linear --against finite-n --tasks two.json --alpha 1 -o no.csv
for command in 'closed-form linear-exact' 'precision curve' spectrum 'report curve.csv'; do
    expect 2 '--tasks: no such option of' "$ordpar" $command --tasks two.json
done
# of one run no task has a z
expect 0 'a single run has no standard error' "$ordpar" compare -K 3 -M 2 -N 64 -L 2 --tasks two.json --alpha 0,1 --runs 1 -o one.csv
[ "$(grep -c '^# verdict [12]: task [12]: there is no z$' one.csv)" -eq 2 ] || fail "z of one run: $(grep verdict one.csv)"
# from a pipe, which cannot be read twice
for command in curve 'simulate --runs 2' 'compare --runs 2'; do
    "$ordpar" $command "${small[@]}" --tasks /dev/stdin --alpha 0,2 -q -o piped.csv <<<"$(cat two.json)" || fail "$command: tasks from a file at standard input"
    cat two.json | "$ordpar" $command "${small[@]}" --tasks /dev/stdin --alpha 0,2 -q -o pipe.csv || fail "$command: tasks from a pipe"
    cmp <(rows piped.csv) <(rows pipe.csv) || fail "$command: other rows from a pipe"
done
# the list of tasks alone, as a text and in a file
list='[{"student_output": [0.5, 0.5], "teacher_output": [1, 0], "probability": [[0, 1]]}]'
echo "$list" >list.json
expect 0 '' "$ordpar" curve -N 64 -L 1 --tasks "{\"tasks\": $list}" --alpha 0:1:2
grep -v '^#' out.txt >whole.txt
for tasks in "$list" list.json; do
    expect 0 '' "$ordpar" curve -N 64 -L 1 --tasks "$tasks" --alpha 0:1:2 -o alone.csv
    grep -v '^#' alone.csv | cmp -s - whole.txt || fail "a list of tasks alone: $(cat alone.csv)"
    expect 0 '' "$ordpar" curve --like alone.csv -o again.csv
done

finish
