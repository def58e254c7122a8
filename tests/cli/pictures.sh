# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures never cost the numbers: whatever gnuplot is, has or does, the CSV is there and whole.
source "$(dirname "$0")/lib.sh"
command -v gnuplot >/dev/null || finish
small=(curve --alpha 0:10:11)
"$ordpar" "${small[@]}" -o whole.csv -q || fail "no curve"

# numbers CODE PATTERN COMMAND..: expect, and the CSV is that of a run without a picture
numbers() {
    rm -f c.csv c.svg
    expect "$@"
    cmp -s <(grep -v '^# command' whole.csv) <(grep -v '^# command' c.csv) || fail "${*:3}: no or another CSV"
}
drawn=("$ordpar" "${small[@]}" -o c.csv --plot c.svg)

# of many rows those are drawn that can be seen: what is narrow, what stands at the edge of a logarithmic axis, and all within a range
mkdir -p told
printf '#!/bin/sh\ntee %q | %q "$@"\n' "$PWD/script" "$(command -v gnuplot)" >told/gnuplot
chmod +x told/gnuplot
awk 'BEGIN { print "alpha,eps_g"; for (k = 1; k <= 100000; k++) print k "," (k == 70001 ? 1e-5 : k == 30001 ? 9 : 1 + k % 2 / 10) }' >many.csv
for range in '' '--xrange 69000:71000' '--xscale log'; do
    expect 0 '' env "PATH=$PWD/told:$PATH" "$ordpar" plot many.csv $range -o many.svg
    grep -q '^70001 1e-05 ' script || fail "many rows, $range: the dip is missing"
    [ "$(wc -l <script)" -lt 8000 ] || fail "many rows, $range: $(wc -l <script) lines"
done
[ "$(grep -cE '^[1-9][0-9]? ' script)" -eq 99 ] || fail "many rows: $(grep -cE '^[1-9][0-9]? ' script) of the first 99 on a logarithmic axis"
expect 0 '' env "PATH=$PWD/told:$PATH" "$ordpar" plot many.csv --xrange 30000:33000 -o many.svg
[ "$(grep -cE '^3[0-2][0-9]{3} ' script)" -ge 3000 ] || fail "many rows: $(grep -cE '^3[0-2][0-9]{3} ' script) of 3000 within a range"

# a gnuplot with settings of the user's own
numbers 0 '' "${drawn[@]}"
cp c.svg plain.svg
for setting in GNUTERM=qt GNUTERM=dumb LC_ALL=de_DE.UTF-8 LANG=xx GNUPLOT_LIB=/nowhere 'TMPDIR=|touch ran;' TMPDIR=/nowhere; do
    numbers 0 '' env "$setting" "${drawn[@]}"
    cmp -s plain.svg c.svg || fail "$setting: another picture"
done
expect_no ran
for suffix in png pdf; do
    numbers 0 '' "$ordpar" "${small[@]}" -o c.csv --plot c.$suffix
    [ -s c.$suffix ] || fail "no c.$suffix"
done

# what a picture shall show is looked for before the work, of which there is none then
must="must be a column of numbers or an expression of columns, got 'nope'; there are"
for command in "curve --moments 1" "curve -L 1,4" "curve --runs 3" "curve --fluctuations" "simulate --each" "compare --runs 3" "sweep --sweep L=1,4"; do
    for option in column x histogram; do
        echo old >c.csv
        expect 2 "^ordpar ${command%% *}: --$option: $must (L, |point, L, )?alpha" "$ordpar" $command -N 65536 --alpha 0:1e5:11 -o c.csv --plot c.svg --$option nope
        [ "$(cat c.csv)" = old ] || fail "$command: a file in spite of $option"
    done
done
expect 2 "^ordpar simulate: --column: $must alpha, mean" "$ordpar" simulate --alpha 0:1:2 --plot c.svg --column mean,nope --dry-run
expect 2 '^ordpar curve: --plot: 40 lines, one for each' "$ordpar" curve -N 65536 -L 1:40 --alpha 0:1e4:11 -o c.csv --plot c.svg
# rows of one curve are no starts
expect 2 '^ordpar curve: --histogram: counts the rows of several alpha as starts; need those of one$' "$ordpar" curve --seed 1:9 -L 1 --alpha 0:10:3 -o c.csv --plot c.svg --histogram eps_g
"$ordpar" curve --seed 1:9 -L 1 --alpha 0:10:3 -o starts.csv -q
expect 2 '^ordpar plot: --histogram: counts the rows of several alpha' "$ordpar" plot starts.csv -o c.svg --histogram eps_g
(grep -v '^#' starts.csv | sed -n '1p;/,10,/p') >last.csv
expect 0 '' "$ordpar" plot last.csv -o c.svg --histogram eps_g
expect 0 '' "$ordpar" curve --seed 1:9 -L 1 --alpha 10 -o c.csv --plot c.svg --histogram eps_g
# .. and what is known of the numbers alone costs the picture
expect 1 '^ordpar curve: --column: there are no numbers to draw' "$ordpar" curve --alpha 0:10:3 -o c.csv --plot c.svg --column 'log(-eps_g)'
grep -q '^10,' c.csv || fail "no numbers for want of a picture"
rm -f c.csv c.svg

# one that is not there, or is no good
mkdir -p bin
fake() { # BODY of a program gnuplot
    printf '#!/bin/sh\n%s\n' "$1" >bin/gnuplot
    chmod +x bin/gnuplot
}
numbers 1 '--plot: c.svg is not drawn: the program gnuplot was not found' env PATH=/nowhere "${drawn[@]}"
expect_no c.svg
echo old >c.svg
expect 1 '--plot: c.svg is not drawn: the program gnuplot was not found; .*; the file there is older$' env PATH=/nowhere "${drawn[@]}"
rm c.svg
with=(env "PATH=$PWD/bin:$PATH")
fake 'echo "line 0: no such terminal" >&2; exit 3'
numbers 1 'gnuplot ended with exit status 3: line 0: no such terminal' "${with[@]}" "${drawn[@]}"
fake 'exec cat >/dev/null'
numbers 1 'gnuplot wrote no whole picture' "${with[@]}" "${drawn[@]}"
fake 'echo "<svg>"; exit 0'
numbers 1 'gnuplot wrote no whole picture' "${with[@]}" "${drawn[@]}"
fake 'kill -SEGV $$'
numbers 1 'gnuplot was ended by signal 11' "${with[@]}" "${drawn[@]}"
fake 'sleep 100'
numbers 1 'gnuplot did not end within 0.5 s' "${with[@]}" ORDPAR_GNUPLOT_TIMEOUT=0.5 "${drawn[@]}"
fake 'exec >&- 2>&- <&-; sleep 100'
numbers 1 'gnuplot did not end within 0.5 s' "${with[@]}" ORDPAR_GNUPLOT_TIMEOUT=0.5 "${drawn[@]}"
fake 'exec yes' # writes for ever
numbers 1 'gnuplot did not end within 0.5 s' "${with[@]}" ORDPAR_GNUPLOT_TIMEOUT=0.5 "${drawn[@]}"
# a place that is gone when the picture is drawn, or another's by then
mkdir -p away
fake "rm -rf away; exec $(command -v gnuplot)"
numbers 1 '--plot: .*away/c.svg: cannot be written: No such file or directory; c.csv is written$' "${with[@]}" "$ordpar" "${small[@]}" -o c.csv --plot away/c.svg
mkdir -p away
fake "mkdir away/c.svg; exec $(command -v gnuplot)"
numbers 1 '--plot: .*away/c.svg: cannot be written: Is a directory; .*c.csv is written$' "${with[@]}" "$ordpar" "${small[@]}" -o c.csv --plot away/c.svg
rm -r away
mkdir -p away
fake "rm -rf away; exec $(command -v gnuplot)"
expect 2 'output: .*away/c.svg: cannot be written: No such file' "${with[@]}" "$ordpar" plot c.csv -o away/c.svg # that is alone
printf 'no program' >bin/gnuplot
numbers 1 'c.svg is not drawn: gnuplot' "${with[@]}" "${drawn[@]}"
expect_no c.svg

# gone PID: waits until it is, which a killed process is in a moment
gone() {
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || return 0
        grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null && return 0
        sleep 0.02
    done
    return 1
}

# Ctrl-C while it draws: it ends with all that it has started; the numbers, which are whole, are kept
fake 'echo $$ >drawing; sleep 1000 & echo $! >>drawing; wait'
for trial in $(seq "${TRIALS:-10}"); do
    rm -f drawing c.csv
    env "PATH=$PWD/bin:$PATH" "${drawn[@]}" 2>err.txt &
    pid=$!
    for _ in $(seq 400); do
        [ -s drawing ] && [ "$(wc -l <drawing)" -eq 2 ] && break
        sleep 0.02
    done
    kill -INT $pid # twice, as `timeout` does
    kill -TERM $pid 2>/dev/null
    wait $pid
    code=$?
    [ "$code" -eq 130 ] || fail "SIGINT while drawing: exit $code"
    grep -q 'interrupted: .*c.svg is not drawn; the numbers are written$' err.txt || fail "SIGINT while drawing: $(cat err.txt)"
    [ "$(wc -l <err.txt)" -eq 1 ] && cmp <(grep -v '^# command' c.csv) <(grep -v '^# command' whole.csv) || fail "SIGINT while drawing: c.csv"
    expect_no c.svg
    for left in $(cat drawing); do
        gone "$left" || fail "process $left of gnuplot lives"
    done
done

# a picture that is missing does not take the verdict's place, and each has its line
lines() { # CODE PATTERN PATTERN COMMAND..
    local code=$1 first=$2 second=$3
    shift 3
    "$@" >out.txt 2>err.txt
    [ $? -eq "$code" ] && [ "$(wc -l <err.txt)" -eq 2 ] && grep -q "$first" err.txt && grep -q "$second" err.txt || fail "$*: $(cat err.txt)"
}
compare=("$ordpar" compare -N 64 --runs 4 --alpha 0:2:3 --max-z)
lines 3 'c.svg is not drawn: ' 'above --max-z 0.01$' env PATH=/nowhere "${compare[@]}" 0.01 -o c.csv --plot c.svg
lines 1 'c.svg is not drawn: ' 'within --max-z 5$' env PATH=/nowhere "${compare[@]}" 5 -o c.csv --plot c.svg
lines 2 'cannot be written: No space' 'above --max-z 0.01$' "${compare[@]}" 0.01 -o /dev/full
lines 3 'c.svg is not drawn: ' '^ordpar precision: --max-error: 1e-20 is exceeded' env PATH=/nowhere "$ordpar" precision check -L 2 --alpha 0:2:3 --max-error 1e-20 -o c.csv --plot c.svg

# a name that is no UTF-8 makes a picture that is
bad=$(printf 'x\377y.csv')
cp whole.csv "$bad"
expect 0 '' "$ordpar" plot "$bad" -o c.svg
iconv -f UTF-8 -t UTF-8 c.svg >/dev/null 2>&1 || fail "c.svg is no UTF-8"

# others' files in a sticky folder can be written but not replaced: known before the run
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    sticky=$(mktemp -d)
    chmod 1777 "$sticky"
    echo old >"$sticky/c.csv"
    chmod 666 "$sticky/c.csv"
    cp "$ordpar" "$sticky/program"
    other=(setpriv --reuid=54321 --regid=54321 --clear-groups)
    if "${other[@]}" "$sticky/program" --version >/dev/null 2>&1; then
        expect 2 'c.csv: cannot be written: Operation not permitted' "${other[@]}" "$sticky/program" "${small[@]}" -o "$sticky/c.csv"
        [ "$(cat "$sticky/c.csv")" = old ] || fail "the other's file has changed"
        [ "$(ls -A "$sticky" | wc -l)" -eq 2 ] || fail "left in the sticky folder: $(ls -A "$sticky")"
    fi
    rm -r "$sticky"
fi
finish
