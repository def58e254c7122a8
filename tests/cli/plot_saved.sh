# SPDX-License-Identifier: GPL-3.0-or-later
# plot of files that other programs have saved: without the notes, with numbers of rows in front, of some of the columns, sorted.
. "$(dirname "$0")/lib.sh" "$1"
command -v gnuplot >/dev/null || finish

# a gnuplot that keeps its script
mkdir -p bin
printf '#!/bin/sh\ntee %q | %q -d\n' "$PWD/script" "$(command -v gnuplot)" >bin/gnuplot
chmod +x bin/gnuplot
told() { # FILE OPTION..: the script without its title and what alpha counts, which the notes tell
    rm -f script
    expect 0 "${words-}" env "PATH=$PWD/bin:$PATH" "$ordpar" plot -o p.svg "$@"
    sed "/^set title/d; /^set xlabel/s: = examples / N::" script
}
cat >save.py <<'END_OF_SAVE'
import csv, random, sys
def write(name, rows, index=False):
    rows = [["" if index else None, *rows[0]], *([k, *row] for k, row in enumerate(rows[1:]))]
    csv.writer(open(name, "w", newline="")).writerows(rows if index else [row[1:] for row in rows])
name, *columns = sys.argv[1:]
rows = list(csv.reader(line for line in open(name) if line[0] != "#"))
write("bare_" + name, rows)
write("indexed_" + name, rows, True)
write("turned_" + name, [row[::-1] for row in rows])
write("some_" + name, [[row[rows[0].index(c)] for c in columns] for row in rows])
places = rows[0].index(columns[0])
write("sorted_" + name, [rows[0], *sorted(rows[1:], key=lambda row: float(row[places]))], True)
END_OF_SAVE
saved() { /usr/bin/python3 save.py "$@" || fail "save.py"; }
# alike FILE KINDS OPTION..: the files saved again are drawn as the file itself
alike() {
    local file=$1 kinds=$2 kind
    shift 2
    told $file "$@" >own
    for kind in $kinds; do
        told ${kind}_$file "$@" >again
        cmp -s own again || fail "$kind, $file $*: $(diff own again | head -n 6)"
    done
}
legend() { # WORDS: the names of the last script's lines
    local got
    got=$(grep -o 'title "[^"]*" with' script | cut -d'"' -f2 | tr '\n' ';')
    [ "$got" = "$1" ] || fail "legend: '$got', not '$1'"
}

# sweeps: a line for each value of the settings beside the one along which lines run
"$ordpar" sweep --sweep eta=0.1,0.2,0.5,1 --sweep L=1,4 -N 16 --alpha 0:100:11 -o nets.csv -q
saved nets.csv eta L eps_g
for x in '' '--x eta' '--x L'; do
    alike nets.csv "bare indexed turned some sorted" $x
done
told some_nets.csv --x eta >own
legend 'L = 1;L = 4;'
"$ordpar" sweep --sweep seed=1:20 --sweep L=1,4 --eta 0.5 --teacher mean --sigma-j 1e-3 --alpha 0.1:3000:100:log -o exits.csv -q
saved exits.csv seed L plateau_exit
alike exits.csv "bare indexed turned some" --histogram plateau_exit
legend 'L = 1;L = 4;'
"$ordpar" sweep --sweep activation=erf,relu --sweep L=1,4 -N 16 --alpha 0:20:5 -o words.csv -q
saved words.csv L activation eps_g
alike words.csv "bare indexed some" --x L
# two points of a line at one place are none of a line
printf 'point,eta,eps_g\n1,0.1,0.5\n2,0.1,0.4\n3,0.2,0.3\n4,0.2,0.2\n' >forks.csv
expect 2 '^ordpar plot: eta = 0.1 stands in several rows, and no column of a setting tells curves apart .forks.csv.$' "$ordpar" plot forks.csv -o p.svg
cut -d, -f2- forks.csv >fork.csv
expect 2 'eta = 0.1 stands in several rows' "$ordpar" plot fork.csv --x eta -o p.svg
# settings that go with the axis are one line, points need none
printf 'L,eta,eps_g\n1,0.1,0.5\n2,0.2,0.4\n4,0.2,0.3\n8,0.3,0.2\n' >best.csv
for y in eps_g eta; do
    told best.csv --x L --column $y >own
    [ "$(grep -c '^plot.* using .* using ' own)" -eq 0 ] || fail "the best eta of each L: $(grep ^plot own)"
done
printf 'N,mean,stderr\n64,0.5,0.1\n64,0.4,0.1\n128,0.3,0.1\n' >points.csv
told points.csv --x N >own
grep -q 'using 1:2:3 notitle with yerrorbars' own || fail "points of one N: $(grep ^plot own)"

# theory and simulations of a sweep
"$ordpar" sweep --job compare --sweep L=1,4,16 -K 1 -M 1 --activation linear -N 64 --eta 1 --alpha 0:30:11 --runs 6 -o both.csv -q
saved both.csv L theory mean stderr
alike both.csv "bare indexed some"
told both.csv --column theory,mean >own
grep -q 'title "theory" with lines .*title "simulation ± standard error" with yerrorbars' own || fail "theory beside simulations: $(grep ^plot own)"
for y in mean/theory mean-theory; do
    told both.csv --column $y >own
    grep -q "^set ylabel \"${y//-/ - }\"" own || fail "$y: $(grep ylabel own)"
done

# beside a sweep of another job of the same model each has its file's name
"$ordpar" sweep --like both.csv --job curve -q -o theory.csv
"$ordpar" sweep --like both.csv --job simulate -q -o points.csv
for other in theory points; do
    told $other.csv both.csv >own
    legend "$other;both;simulation ± standard error;"
done

# swept numbers of alpha are an axis, swept grids are not
expect 0 '' "$ordpar" sweep --sweep alpha=1,3,10 -N 64 -L 4 -q -o alphas.csv --plot p.svg
told alphas.csv >own
grep -q '^set xlabel "α' own || fail "sweep over alpha: $(grep xlabel own)"
grep -q '^3 0' own || fail "sweep over alpha: $(grep '^[0-9]' own)"
alike alphas.csv "" --x alpha
"$ordpar" sweep --sweep unlearnable=0,0.1,0.2 -N 64 -L 4 --alpha 1:100:5:log -q -o lists.csv # as lists of one number
told lists.csv >own
grep -q '^set xlabel "unlearnable"' own && grep -q '^0.2 0' own || fail "sweep over lists of one: $(grep xlabel own)"
for command in "plot grids.csv -o p.svg" "sweep --sweep alpha=0:1:3,0:3:3 -N 64 -L 4 --plot p.svg"; do
    "$ordpar" sweep --sweep alpha=0:1:3,0:3:3 -N 64 -L 4 -q -o grids.csv
    expect 2 'no number is swept|--x: has to be given, as there is no column alpha' "$ordpar" $command
done
"$ordpar" sweep --sweep alpha=0:1:3,0:3:3 --sweep eta=0.1,0.2 -N 64 -L 4 -q -o grids.csv
told grids.csv >own
legend 'α = 0:1:3;α = 0:3:3;'

# all components are at N, and settings that share their values are all named
"$ordpar" sweep --sweep trainable=4,16,-1 --sweep L=16,32 -N 64 --alpha 1:100:9:log -q -o trained.csv
told trained.csv --x trainable >own
grep -q '^64 0' own || fail "all components: $(grep '^[0-9-]' own)"
grep -q '^-1 ' own && fail "all components: $(grep '^-' own)"
told trained.csv --x L >own
legend $'N_l\u200b = 4;N_l\u200b = 16;N_l\u200b = N;' # a blank without width is behind the subscript
"$ordpar" sweep --sweep K=M=1,2,3 -N 64 -L 4 --alpha 1:100:9:log -q -o units.csv
for x in K M; do
    told units.csv --x $x >own
    grep -q '^set xlabel "K = M"' own || fail "units: $(grep xlabel own)"
done
# a histogram is over the seeds, whatever its expression has
"$ordpar" sweep --sweep seed=1:5 --sweep eta=0.3,0.5 -N 64 -L 4 --alpha 1:2000:60:log -q -o seeds.csv
for expression in plateau_exit 'plateau_exit*eta'; do
    told seeds.csv --histogram "$expression" >own
    legend 'η = 0.3;η = 0.5;'
    grep -q 'number of starts' own || fail "$expression: $(grep ylabel own)"
done

# round numbers are the same words from JSON and from CSV
for form in csv json; do
    "$ordpar" curve -N 6400 -L 10 --seed 10 --alpha 0:10:3 --format $form -q -o "one.$form"
    "$ordpar" curve -N 6400 -L 10 --seed 20 --alpha 0:10:3 --format $form -q -o "two.$form"
    told one.$form two.$form >own
    legend 'seed = 10;seed = 20;'
    grep -q '^set title "erf, K = 2, M = 2, N = 6400, L = 10, ' script || fail "title of $form: $(grep '^set title' script)"
    expect 0 '' "$ordpar" report one.$form
    grep -q '^# settings: input-dim=6400 eigenvalues=10 seed=10 ' out.txt || fail "settings of $form: $(grep settings: out.txt)"
done
expect 2 '--seed: 21 contradicts two.json, which has 20$' "$ordpar" report two.json --seed 21

# expressions of what one file has and the other has not; the theory of a task's error, too, is of one start
tasks='{"tasks": [{"student_output": [1], "teacher_output": [1, 0], "probability": [[0, 1], [4, 0]]}, {"student_output": [1], "teacher_output": [0, 1], "probability": [[4, 1]]}]}'
"$ordpar" curve -N 16 -L 2 --tasks "$tasks" --alpha 0:10:6 -o curve.csv -q
"$ordpar" simulate -N 16 -L 2 --tasks "$tasks" --alpha 0:10:6 --runs 3 -o runs.csv -q
for columns in eps_g,mean 'eps_g*alpha,mean*alpha' eps_g_1,mean_1 'mean_1/eta,eps_g_1/eta'; do
    told curve.csv runs.csv --column "$columns" >own
    grep -q 'title "theory of one start' own || fail "$columns: $(grep '^plot' own)"
    grep -q 'title "[^"]*simulation' own || fail "$columns: $(grep '^plot' own)"
done
# columns that one file alone has: they are named, and the others said; what no file has is refused
"$ordpar" simulate -N 16 -L 2 --alpha 0:10:6 --runs 2 --each -o each.csv -q
"$ordpar" curve -N 16 -L 2 --alpha 0:10:6 --moments 0 -o moments.csv -q
"$ordpar" curve -N 16 -L 2 --alpha 0:10:6 -o plain.csv -q
words='the picture does not show all: plain has no run_1, run_2$' told plain.csv each.csv --column eps_g,run_1,run_2 >own
legend 'generalization error ε_g;run 1;run 2;'
words='does not show all: plain has no Q0_1_1; each has no Q0_1_1$' told plain.csv moments.csv each.csv --column eps_g,mean,Q0_1_1 >own
grep -q 'title "plain, generalization error ε_g" with lines.*title "moments, Q\^{(0)}_{1,1}" with lines' own || fail "$(grep '^plot' own)"
expect 2 "got 'Q1_1_1'; there are .*plain.csv" "$ordpar" plot plain.csv each.csv --column eps_g,Q1_1_1 -o p.svg
expect 2 "got 'run_2'; there are alpha, eps_g .plain.csv.$" "$ordpar" plot plain.csv each.csv --column run_1,run_2 -o p.svg
expect 2 "'eps_g' is none; there are .*runs.csv" "$ordpar" plot curve.csv runs.csv --column 'eps_g*alpha' -o p.svg
expect 2 "'what' is none; there are .*runs.csv" "$ordpar" plot curve.csv runs.csv --column 'eps_g*alpha,mean*what' -o p.svg

# what is said anyway makes no other model; beside it what differs is told
"$ordpar" simulate -N 16 -L 2 --alpha 0:10:6 --runs 3 -o sgd.csv -q
[ -z "${BRIEF:-}" ] && few=6 || few=2 # the sanitizers are slow enough
usual=('--trainable 16' '--student-output 0.70710678118654757' '--schedule constant' '--unlearnable 0,0' '--teacher-activation erf' '--teacher-output 0.7071067811865476')
for said in "${usual[@]:0:$few}"; do
    "$ordpar" curve -N 16 -L 2 --alpha 0:10:6 $said --save-overlaps usual.ov -q -o usual.csv
    "$ordpar" curve --continue usual.ov --alpha 10:20:3 -q -o on.csv
    told usual.csv sgd.csv >own
    legend 'theory of one start;simulation ± standard error;'
    told plain.csv on.csv >own
    legend ''
done
"$ordpar" curve -N 16 -L 2 --alpha 0:10:6 --trainable 15 -q -o usual.csv
told usual.csv sgd.csv >own
grep -q 'title "N_l[^"]* = 15" .*title "N_l[^"]* = N"' own || fail "15 components: $(grep '^plot' own)"

# a number for all units is that of each; how a number is written is no matter; a spectrum has its N
same_model() { # OPTIONS OTHERS
    "$ordpar" curve --alpha 0:10:3 $1 -q -o first.csv
    "$ordpar" simulate --alpha 0:10:3 $2 --runs 2 -q -o second.csv
    told first.csv second.csv >own
}
printf 'eigenvalue,multiplicity\n4,16\n1,48\n' >flat.csv
for pair in '--student-output 1,1|--student-output 1' '--unlearnable 0.1|--unlearnable 0.1,0.1' '--schedule steps:5=2,8=3|--schedule steps:5.0=2,8=3.00'; do
    same_model "-N 64 -L 4 ${pair%|*}" "-N 64 -L 4 ${pair#*|}"
    legend 'theory of one start;simulation ± standard error;'
done
same_model '--spectrum flat.csv --normalise' '--spectrum flat.csv --normalise -N 64'
legend 'theory of one start;simulation ± standard error;'
same_model '-N 64 -L 4 --student-output 1,2' '-N 64 -L 4 --student-output 1'
legend 'student-output = 1,2;student-output = 1;'

# points of two files of one model have their files' names; a run goes on from a curve of one start, and once
"$ordpar" compare -N 16 -L 2 --alpha 0:10:6 --runs 2 -o compared.csv -q 2>verdict.txt
for files in 'sgd compared' 'compared sgd'; do
    told ${files% *}.csv ${files#* }.csv >own
    legend "${files% *};${files#* };simulation ± standard error;"
done
"$ordpar" curve -N 16 -L 2 --alpha 0:10:6 --runs 2 -q -o starts.csv
"$ordpar" curve -N 16 -L 2 --alpha 0:10:6 --save-overlaps went.ov -q -o went.csv
"$ordpar" curve --continue went.ov --alpha 10:20:3 -q -o on.csv
"$ordpar" curve --continue went.ov --alpha 10:30:3 -q -o further.csv
told went.csv on.csv >own
legend ''
told starts.csv on.csv >own
[ "$(grep -o 'title "[^"]*"' own | grep -c 'starts"\|on"')" -ge 2 ] || fail "on from several starts: $(grep '^plot' own)"
told on.csv further.csv went.csv >own
legend 'went;further;'

# lines of a sweep over files have the shortest names that differ
far=$(printf 'x%.0s' $(seq 130))
mkdir -p $far/b
for k in 3 4; do printf 'eigenvalue,multiplicity\n%s,8\n1,8\n' $k >$far/s$k.csv; done
cp $far/s4.csv $far/b/s3.csv
for files in "$far/s3.csv,$far/s4.csv;s3;s4" "$far/s3.csv,$far/b/s3.csv;..${far:80}/s3;b/s3"; do
    IFS=';' read -r values first second <<<"$files"
    "$ordpar" sweep --sweep spectrum=$values --sweep eta=0.1,0.2 --normalise --alpha 0:10:6 -q -o spectra.csv
    told spectra.csv --column eps_g >own
    grep -o 'title "[^"]*"' own | sed 's/_/ /g' >names.txt
    [ "$(wc -l <names.txt)" = 2 ] && grep -q "spectrum = .*$second\"" names.txt || fail "names of $values: $(cat names.txt)"
done

# what is there of a file makes lines, whatever its note says was swept
many=2000
[ -z "${BRIEF:-}" ] || many=300
"$ordpar" curve -L 1 -N 16 --seed 1:$many --alpha 1:2:2 -q -o seeds.csv
(grep '^#' seeds.csv && grep -v '^#' seeds.csv | head -7) >three_seeds.csv
told three_seeds.csv >own
legend 'seed = 1;seed = 2;seed = 3;'
expect 2 "$many lines, .* are more than 32" "$ordpar" plot seeds.csv -o p.svg
"$ordpar" sweep --sweep L=1,2,4 --sweep eta=0.1:1:40 --sweep beta=0.5,1 -N 16 --alpha 1:10:3 -q -o many.csv
(grep '^#' many.csv && grep -v '^#' many.csv | awk -F, 'NR == 1 || $3 < 0.11') >some.csv
told some.csv --column eps_g >own
legend 'η = 0.1, β = 0.5;η = 0.1, β = 1;'
grep -q '^set xlabel ".*L"' own || fail "the axis of a part: $(grep xlabel own)"

# streams are nobody else's
printf 'eigenvalue,multiplicity\n3,8\n1,8\n' >s1
printf 'eigenvalue,multiplicity\n4,8\n1,8\n' >s2
for k in 1 2; do
    cat s$k | "$ordpar" curve --spectrum - --normalise --alpha 0:10:6 --save-overlaps p$k.ov -q -o piped$k.csv
    "$ordpar" curve --continue p$k.ov --alpha 10:20:3 -q -o on$k.csv
    "$ordpar" curve --spectrum - --normalise --alpha 0:10:6 -q -o file$k.csv <s$k
    "$ordpar" curve --spectrum s$k --normalise --alpha 0:10:6 -q -o named$k.csv
done
cat s2 | "$ordpar" simulate --spectrum - --normalise --alpha 0:10:6 --runs 2 -q -o runs2.csv
"$ordpar" simulate --spectrum - --normalise --alpha 0:10:6 --runs 2 -q -o sgd2.csv <s2
for files in 'piped1 runs2' 'piped1 on2' 'file1 sgd2' 'piped2 runs2'; do
    told ${files% *}.csv ${files#* }.csv >own
    [ "$(grep -o 'title "[^"]*"' own | grep -c "${files% *}\|${files#* }")" = 2 ] || fail "streams of $files: $(grep '^plot' own)"
done
told file2.csv sgd2.csv >own
legend 'theory of one start;simulation ± standard error;'
told named2.csv sgd2.csv >own
legend 'theory of one start;simulation ± standard error;'

# one curve of several, below the notes of all, is that curve
rows() { grep -v '^#' "$1"; }
pick() { # FILE AWK: the rows that are picked
    grep '^#' $1
    rows $1 | awk -F, "NR == 1 || $2"
}
"$ordpar" curve -N 16 --activation relu,hermite:0.5,0.1 --small-eta --eta 0.1,0.2 --alpha 1:100:21:log -o many.csv -q
"$ordpar" curve -N 16 --activation hermite:0.5,0.1 --small-eta --eta 0.1 --alpha 1:100:21:log -o alone.csv -q
pick many.csv '$1 ~ /^hermite/ && $2 < 0.15' >one.csv
expect 0 '' "$ordpar" report alone.csv
rows out.txt >own.txt
expect 0 '' "$ordpar" report one.csv
cmp -s own.txt <(rows out.txt) || fail "report of one of several: $(rows out.txt | diff own.txt -)"
expect 2 '--eta: 0.2 contradicts one.csv, which has 0.1$' "$ordpar" report one.csv --eta 0.2
told alone.csv >own
grep '^set title' script >title
told one.csv >again
cmp -s own again && cmp -s title <(grep '^set title' script) || fail "one of several: $(diff title script | head -n 4)"
pick many.csv '$1 ~ /^hermite/' >two.csv
expect 2 'two.csv: has several curves, of activation \(2\), eta \(2\); need one' "$ordpar" report two.csv
told two.csv >own
legend 'activation = hermite:0.5;0.1, η = 0.1;activation = hermite:0.5;0.1, η = 0.2;'

# several curves: sorted by alpha, scaled, with columns that are no settings
"$ordpar" curve -N 64 -L 1,4,16 --alpha 1:300:31 -o three.csv -q
saved three.csv alpha L eps_g
alike three.csv "bare indexed turned some sorted"
for x in 'alpha*2' alpha/L; do
    alike three.csv "bare indexed turned some sorted" --x $x
    legend 'L = 1;L = 4;L = 16;'
done
alike three.csv "bare some sorted" --column 'eps_g*L'
# rows that fall are curves, too
(grep '^alpha\|^L' three.csv; grep '^[0-9]' three.csv | tac) >fallen.csv
(grep '^alpha\|^L' three.csv; grep '^[0-9]' three.csv | sort -t, -k2gr,2 -s) >falling.csv
for file in fallen falling; do
    told $file.csv >own
    [ "$(grep -c '^plot .*title "L = .*title "L = .*title "L = ' own)" -eq 1 ] || fail "$file.csv: $(grep ^plot own)"
done
# .. and one is one, whatever stands beside its eps_g; in no order it is none
"$ordpar" curve -L 4 --train-output --eta-v 0.1 --alpha 0:140:71 --moments 0,1 -q | sed '/^#/d' >moments.csv
(head -n 1 moments.csv; tail -n +2 moments.csv | tac) >back.csv
(head -n 1 moments.csv; tail -n +2 moments.csv | sort -t, -k2g) >by_error.csv
(head -n 1 moments.csv; sed -n '2p;5p;9p' moments.csv | tac) >few.csv
told moments.csv >own
for file in back by_error few; do
    told $file.csv >again
    [ "$(grep -c '^plot .* notitle with lines' again)" -eq "$(grep -c '^plot .* notitle with lines' own)" ] && ! grep -q 'title "' again || fail "$file.csv: $(grep ^plot again)"
done
(sed -n '1p;5p' moments.csv; sed -n '2p;9p' moments.csv) >none.csv
expect 2 '^ordpar plot: alpha goes back in row 2, and no column of a setting tells curves apart .none.csv.$' "$ordpar" plot none.csv -o p.svg
for l in 1 4; do
    "$ordpar" curve -N 64 -L $l --alpha 1:300:31 -q | sed '/^#/d'
done | awk -F, -v OFS=, 'NR == 1 { print "run", $0; next } /^alpha/ { second = 1; next } { print second ? "two" : "one", $0 }' >runs.csv
saved runs.csv alpha eps_g run
(head -n 1 runs.csv; tail -n +2 runs.csv | tac) >fallen_runs.csv
for file in runs.csv sorted_runs.csv some_runs.csv; do
    for x in alpha 'alpha*2'; do
        told $file --x $x >own
        legend 'run = one;run = two;'
    done
done
told fallen_runs.csv >own
legend 'run = two;run = one;'
saved runs.csv alpha eps_g
saved some_runs.csv alpha
expect 2 'alpha goes back in row 32, and no column' "$ordpar" plot some_some_runs.csv --column alpha --x alpha -o p.svg
for x in alpha 'alpha*2'; do
    expect 2 'alpha goes back in row 32, and no column' "$ordpar" plot some_runs.csv --x $x -o p.svg
    expect 2 'each alpha stands in several rows, and no column' "$ordpar" plot sorted_some_runs.csv --x $x -o p.svg
done
sed '1s/^run//' runs.csv >keys.csv
told keys.csv >own
legend 'one;two;'

# names of columns that are numbers, as those of pivoted tables, or have in them what stands for something in expressions
printf 'L,0.1,0.5\n1,1900,300\n2,1300,260\n4,770,148\n' >pivot.csv
printf 'L,abc,def\n1,1900,300\n2,1300,260\n4,770,148\n' >named.csv
told named.csv --x L --column abc,def | sed 's/abc/0.1/g; s/def/0.5/g' >own
told pivot.csv --x L --column 0.1,0.5 | cmp -s own - || fail "names that are numbers: $(cat script)"
told named.csv --x abc --column def | sed 's/abc/0.1/g; s/def/0.5/g' >own
told pivot.csv --x 0.1 --column 0.5 | cmp -s own - || fail "an axis whose name is a number: $(cat script)"
told pivot.csv --histogram 0.5 >own
grep -q '^set xlabel "0.5"' own || fail "a histogram of 0.5: $(grep xlabel own)"
expect 2 "^ordpar plot: --column: '0.5' in '0.1/0.5' may be the number or the column of that name, which can be drawn alone; 0.50 is the number .pivot.csv.\$" "$ordpar" plot pivot.csv --x L --column 0.1/0.5 -o p.svg
expect 2 "^ordpar plot: --x: '0.5' in 'L\*0.5' may be the number" "$ordpar" plot pivot.csv --x 'L*0.5' --column 0.1 -o p.svg
told pivot.csv --x 'L*0.50' --column 0.1 >own
printf 'alpha,test error,error (%%),L=4,x^2,error/N,ε_g,"a, b"\n1,1,2,3,4,5,6,7\n10,2,3,4,5,6,7,8\n' >odd.csv
printf 'alpha,c1,c2,c3,c4,c5,c6,c7\n1,1,2,3,4,5,6,7\n10,2,3,4,5,6,7,8\n' >even.csv
k=0
for name in 'test error' 'error (%)' 'L=4' 'x^2' 'error/N' 'ε_g' 'a, b'; do
    k=$((k + 1))
    told even.csv --column c$k | sed '/^set ylabel/d' >own
    told odd.csv --column "$name" | sed '/^set ylabel/d' | cmp -s own - || fail "'$name': $(cat script)"
done
told odd.csv --column 'a, b,x^2,L=4' >own
legend 'a, b;x\\^2;L=4;'
# files joined by others, below the notes of the first or none: what these do not tell apart, columns do, or it is none
for seed in 1 2; do
    "$ordpar" curve -N 64 -L 4 --eta 0.2,0.5 --alpha 0.1:100:12:log --seed $seed -o curves$seed.csv -q
    "$ordpar" sweep -N 64 --eta 0.5 --alpha 0.1:300:20:log --sweep L=1,2,4 --seed $seed -o sweep$seed.csv -q
done
join() { # KIND NAME WORDS: KIND1.csv, KIND2.csv, .. below each other, with a column more if it has a name
    local k=0 word
    for word in $3; do
        k=$((k + 1))
        rows $1$k.csv | awk -v k=$k -v name="${2:+,$2}" -v word="${2:+,$word}" 'NR > 1 { print $0 word } NR == 1 && k == 1 { print $0 name }'
    done
}
join_all() { # KIND NAME WORDS: joined.csv, noted.csv
    join "$@" >joined.csv
    (grep '^#' ${1}1.csv; cat joined.csv) >noted.csv
}
all_tell() { # LEGEND OPTION..: both files have it, also in other orders
    local file wanted=$1
    shift
    (head -n 1 joined.csv; tail -n +2 joined.csv | tac) >turned.csv
    (grep '^#' noted.csv; cat turned.csv) >turned_noted.csv
    for file in joined.csv noted.csv turned.csv turned_noted.csv; do
        told $file "$@" >own
        [ "$(grep -o 'title "[^"]*" with' script | cut -d'"' -f2 | sort | tr '\n' ';')" = "$wanted" ] || fail "joined, $file $*: $(grep ^plot own)"
    done
}
for column in 'seed 1 2' 'file a.csv b.csv' 'run 1 2'; do
    read -r name one two <<<"$column"
    join_all curves $name "$one $two"
    all_tell "η = 0.2, $name = $one;η = 0.2, $name = $two;η = 0.5, $name = $one;η = 0.5, $name = $two;"
    (grep '^#' noted.csv; head -n 1 joined.csv; tail -n +2 joined.csv | sort -t, -k2g -s) >noted_sorted.csv
    told noted_sorted.csv >own
    legend "η = 0.2, $name = $one;η = 0.5, $name = $one;η = 0.2, $name = $two;η = 0.5, $name = $two;"
    told noted.csv --x eta >own
    grep -q "title \"α = 0.1, $name = $one\".* title \"α = 0.1, $name = $two\"" script || fail "joined, --x eta: $(grep ^plot own)"
    join_all sweep $name "$one $two"
    all_tell "$name = $one;$name = $two;"
    all_tell "$name = $one;$name = $two;" --histogram eps_g
done
# the title has no setting of the notes that columns say otherwise
titled() { # FILE PATTERN
    told $1 >own
    grep '^set title' script | grep -qE "$2" || fail "$1: $(grep '^set title' script)"
}
for kind in curve sweep; do
    rest=$([ $kind = sweep ] && echo --sweep L=1,2,4 || echo -L 4)
    for k in 1 2; do
        "$ordpar" $kind -N 64 $rest --eta 0.$((3 * k - 1)) --alpha 0.1:100:12:log -o ${kind}_of$k.csv -q
    done
    join_all ${kind}_of eta '0.2 0.5'
    all_tell 'η = 0.2;η = 0.5;'
    titled noted.csv 'β = 1"$'
done
rows curve_of2.csv | sed '1s/$/,eta/; 2,$s/$/,0.5/' >curve_of3.csv
(grep '^#' curve_of1.csv; cat curve_of3.csv) >other.csv
titled other.csv 'L = 4, β = 1, η = 0.5"$'
# a curve has what tells it, not all that stays along it
for k in 1 2; do
    "$ordpar" curve -L 4 --train-output --eta-v 0.1 --alpha 0:140:11 --moments 0,1 --seed $k -o moments$k.csv -q
done
join_all moments run '1 2'
all_tell 'run = 1;run = 2;'
for file in curves sweep; do
    join_all $file '' '1 2'
    for joined in joined.csv noted.csv; do
        expect 2 "^ordpar plot: (alpha goes back in row 25|L = 1 stands in several rows), and no column of a setting tells curves apart .$joined.\$" "$ordpar" plot $joined -o p.svg
    done
done
(grep '^#' curves1.csv; for line in 1 4 9 5 20; do rows curves1.csv | sed -n ${line}p; done) >stirred.csv
expect 2 'alpha goes back in row 3, and no column' "$ordpar" plot stirred.csv -o p.svg
# a second header is no word that is swept
rows sweep1.csv >again.csv
cat again.csv again.csv >twice.csv
expect 2 "^ordpar plot: row 4, L: must be a number, got 'L' .twice.csv.$" "$ordpar" plot twice.csv -o p.svg
# what one file does not say is a value, too
printf 'alpha,eps_g,seed\n1,0.5,\n2,0.4,\n1,0.6,2\n2,0.5,2\n' >unsaid.csv
told unsaid.csv >own
legend 'seed = none;seed = 2;'
awk -v OFS=, 'BEGIN { print "alpha", "eta", "eps_g", "file"; for (f = 1; f < 3; f++) for (e = 1; e < 3; e++) for (a = 0; a < 40; a++) print a, e, 1 / (a + f) / e, "part" f }' >wide.csv
expect 2 '^ordpar plot: more than 64 lines, one for each combination of alpha and file .wide.csv.$' "$ordpar" plot wide.csv --x eta -o p.svg
# .. in all files that are joined: columns of one of them are empty in the rows of others
printf 'alpha,eps_g,eta,L\n1,0.5,0.1,\n2,0.4,0.1,\n1,0.6,,4\n2,0.5,,4\n1,0.7,,8\n2,0.6,,8\n' >unsaid.csv
told unsaid.csv >own
legend 'η = 0.1, L = none;η = none, L = 4;η = none, L = 8;'
printf 'seed,L,eps_g\n1,1,0.5\n2,1,0.4\n3,1,0.3\n1,,0.6\n2,,0.5\n3,,0.7\n' >unsaid.csv
for options in '--x seed' '--histogram eps_g'; do
    told unsaid.csv $options >own
    legend 'L = 1;L = none;'
done
# settings that have one value by chance are not one; of what is measured one column is enough
printf 'alpha,eps_g,seed,L\n1,0.5,1,1\n2,0.4,1,1\n1,0.6,2,1\n2,0.5,2,1\n1,0.7,1,4\n2,0.6,1,4\n' >chance.csv
told chance.csv >own
legend 'seed = 1, L = 1;seed = 2, L = 1;seed = 1, L = 4;'
join_all moments '' '1 2'
told joined.csv >own
[ "$(grep -o 'title "T[^"=]* = [-0-9.]*" with lines' own | wc -l)" -eq 2 ] || fail "curves of two teachers: $(grep ^plot own)"

# a band has a gap where either edge is missing
"$ordpar" curve -N 64 -L 4 --runs 3 --alpha 1:100:5:log -o starts.csv -q
for edge in q05 q95; do
    awk -F, -v OFS=, -v edge=$edge '/^#/ { print; next } !at { for (k = 1; k <= NF; k++) if ($k == edge) at = k; print; next } { if (++row == 3) $at = ""; print }' starts.csv >torn.csv
    told torn.csv >own
    [ "$(grep -c '^10 NaN NaN$' script)" -eq 1 ] && ! grep -q ' 0$' <(sed '/^\$data0/,/^END/d' script | grep '^10 ') || fail "without $edge: $(grep '^10 ' script)"
done

# what there is has names
printf 'alpha,eps_g\na,b\n' >no_numbers.csv
expect 2 "there are no columns of numbers .no_numbers.csv.$" "$ordpar" plot no_numbers.csv -o p.svg
printf 'alpha,double,,\n1,2,,\n2,3,,\n' >empty_names.csv
expect 2 'there are alpha, double .empty_names.csv.$' "$ordpar" plot empty_names.csv -o p.svg

# the series of a figure's file
printf 'series,x,y,stderr\n1,1,0.5,0\n1,2,0.4,0\n1,3,0.3,0\n2,1,0.6,0.1\n2,2,0.5,0.1\n2,3,0.4,0.1\n' >figure.csv
saved figure.csv x y series
for options in '' '--x x --column y'; do
    alike figure.csv "indexed turned sorted" $options
done
told some_figure.csv >own
legend 'series 1;series 2;'
finish
