# SPDX-License-Identifier: GPL-3.0-or-later
# Places that cannot be written to, and interruptions: one line, the right status, nothing half.
. "$(dirname "$0")/lib.sh" "$1"
here=$PWD
small=(-L 2 -N 8 --alpha 0:2:2)
if command -v gnuplot >/dev/null; then plot=(--plot); else plot=(); fi

# every output of every command that has one: OPTION then COMMAND
outputs=(
    "-o curve" "--save-overlaps curve" "-o simulate --runs 2" "--checkpoint simulate --runs 2"
    "-o compare --runs 2" "-o closed-form plateau" "-o spectrum" "-o report start.csv"
    "-o precision curve --digits 6")
if [ ${#plot[@]} -gt 0 ]; then
    outputs+=("--plot curve" "--plot simulate --runs 2" "--plot closed-form linear-exact" "-o plot start.csv")
fi

"$ordpar" curve "${small[@]}" -o start.csv

# all PLACE PATTERN CODE: every output to that place
all() {
    local entry option command words place=$1
    for entry in "${outputs[@]}"; do
        option=${entry%% *} command=${entry#* }
        read -ra words <<<"$command"
        case ${words[0]} in
        spectrum) words+=(-L 2 -N 8) ;;
        report | plot) ;;
        *) words+=("${small[@]}") ;;
        esac
        case $option:${words[0]} in
        --plot:* | -o:plot) expect "$3" "$2" "$ordpar" "${words[@]}" "$option" "$place.svg" ;;
        *) expect "$3" "$2" "$ordpar" "${words[@]}" "$option" "$place" ;;
        esac
    done
}

mkdir -p folder folder.svg
all missing/place "missing/place(.svg)?: cannot be (written|read|saved): No such file or directory" 2
all folder "folder(.svg)?: is a folder" 2
all start.csv/below "start.csv/below(.svg)?: cannot be (written|read): Not a directory" 2
expect 2 "cannot" "$ordpar" figure 2 --out start.csv/below
expect 2 "start.csv: is not a folder" "$ordpar" figure 2 --out start.csv

# no permission, where that means something
if [ "$(id -u)" -ne 0 ]; then
    mkdir -p closed && chmod 555 closed
    all closed/place "closed/place(.svg)?: cannot be written: Permission denied" 2
fi

# a read-only and a full file system
if [ "$(id -u)" -eq 0 ] && mkdir -p small && mount -t tmpfs -o size=16k tmpfs small 2>/dev/null; then
    trap 'cd "$here" && umount small; exit 1' EXIT
    dd if=/dev/zero of=small/fill bs=4k count=64 2>/dev/null
    expect 2 "--output: small/place: cannot be written: No space left on device$" "$ordpar" curve -L 4 -N 8 --alpha 1:2:200 -o small/place
    expect_no small/place
    expect 1 "--checkpoint: small/place: .*cannot be written: No space left on device; 200 of 200 rows were complete" \
        "$ordpar" curve -L 4 -N 8 --alpha 1:2:200 --checkpoint small/place -o rows.csv
    [ "$(grep -vc '^#' rows.csv)" -eq 201 ] || fail "rows beside a checkpoint on a full disk"
    rm rows.csv
    expect 1 "--checkpoint: small/place: cannot be written: No space left on device; 2 of 2 rows were complete" \
        "$ordpar" simulate "${small[@]}" -q --runs 2 --checkpoint small/place -o rows.csv
    [ "$(grep -vc '^#' rows.csv)" -eq 3 ] || fail "rows of a simulation beside a checkpoint on a full disk"
    expect_no small/place
    # of two outputs, one on the full disk, the other is written, whichever it is; what is older is said to be
    long=("$ordpar" curve -L 4 -N 8 --alpha 1:2:200)
    "${long[@]}" -o whole.csv --save-overlaps whole_end.csv
    is_whole() { cmp -s <(grep -v '^# command' "$1") <(grep -v '^# command' "$2") || fail "$2 beside a full disk"; }
    expect 1 "--save-overlaps: small/place: cannot be written: No space left on device; first.csv is written$" "${long[@]}" -o first.csv --save-overlaps small/place
    expect_no small/place
    is_whole whole.csv first.csv
    echo old >small/fill
    dd if=/dev/zero of=small/rest bs=1k count=64 2>/dev/null
    for pair in "-o output" "--save-overlaps save-overlaps"; do
        rm -f first.csv
        other=$([[ $pair == -o* ]] && echo --save-overlaps || echo -o)
        expect 1 "--${pair#* }: small/fill: cannot be written: No space left on device; the file there is older; first.csv is written$" "${long[@]}" ${pair% *} small/fill $other first.csv
        is_whole $([[ $pair == -o* ]] && echo whole_end.csv || echo whole.csv) first.csv
        [ "$(cat small/fill)" = old ] || fail "an older file on a full disk is gone"
    done
    "${long[@]}" --save-overlaps small/place >first.csv 2>err.txt
    [ $? -eq 1 ] && grep -q 'No space left on device; standard output is written$' err.txt || fail "a table to standard output: $(cat err.txt)"
    is_whole whole.csv first.csv
    # of none: a line each
    "${long[@]}" -o small/place --save-overlaps small/fill >out.txt 2>err.txt
    [ $? -eq 2 ] && [ "$(grep -c '^ordpar curve: --.*: cannot be written: No space left on device' err.txt)" -eq 2 ] && [ "$(wc -l <err.txt)" -eq 2 ] || fail "two outputs on a full disk: $(cat err.txt)"
    # a sweep whose table cannot be written keeps its journal, though the picture is
    if [ ${#plot[@]} -gt 0 ]; then
        expect 1 "--output: small/fill: cannot be written: No space left on device; the file there is older; swept.svg is written$" \
            "$ordpar" sweep --sweep eta=0.1:0.4:40 -L 2 -N 8 --alpha 1:2:2 --checkpoint swept.part -o small/fill --plot swept.svg
        [ -s swept.part ] || fail "the journal of a sweep whose table could not be written is gone"
        expect 0 '' "$ordpar" sweep --sweep eta=0.1:0.4:40 -L 2 -N 8 --alpha 1:2:2 --checkpoint swept.part -o swept_here.csv --plot swept.svg
        expect_no swept.part
    fi
    mount -o remount,ro small
    all small/place "small/place(.svg)?: cannot be written: Read-only file system" 2
    cd "$here" && umount small
    trap unfinished EXIT
fi
for entry in "-o curve" "-o spectrum"; do
    expect 2 "No space left on device" "$ordpar" ${entry#* } -L 2 -N 8 ${entry%% *} /dev/full
done

# a closed pipe: no signal, one line, status 2
"$ordpar" curve "${small[@]}" --alpha 1:2:5000 2>err.txt | head -n 1 >/dev/null
[ "${PIPESTATUS[0]}" -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] || fail "a closed pipe: ${PIPESTATUS[0]}, $(cat err.txt)"

# an interruption ends with 130 and leaves nothing, or what is whole
for delay in 0.05 0.2 0.4; do
    rm -f late.csv late2.csv
    "$ordpar" curve -L 64 -N 64 -K 4 -M 4 --alpha 0.01:1e5:2000:log --rtol 1e-11 --moments 0,1,2 \
        -o late.csv --save-overlaps late2.csv 2>err.txt &
    pid=$!
    listens $pid
    sleep $delay
    kill -INT $pid
    wait $pid
    got=$?
    [ $got -eq 130 ] || [ -e late.csv ] || fail "SIGINT after $delay s: status $got"
    [ $got -ne 130 ] || [ "$(wc -l <err.txt)" -eq 1 ] || fail "SIGINT after $delay s: $(cat err.txt)"
    if [ $got -eq 130 ] && grep -q 'all was computed; it is written' err.txt; then
        [ "$(grep -vc '^#' late.csv)" -eq 2001 ] && [ -e late2.csv ] || fail "SIGINT after $delay s: not whole"
    elif [ $got -eq 130 ]; then
        expect_no late.csv late2.csv
    fi
done

# an output that would replace what is read; a state may replace the one it goes on from
for command in 'plot start.csv -o' 'report start.csv -o' 'sweep --merge start.csv -o' "curve ${small[*]} --overlaps start.csv -o" \
    "curve --alpha 1 --overlaps start.csv --save-overlaps" "curve --alpha 1 --spectrum start.csv --plot" "simulate --alpha 1 --data start.csv -o" "curve --alpha 1 --schedule start.csv --save-overlaps"; do
    read -ra words <<<"$command"
    link=start.link
    [[ $command == *plot* ]] && link=start.svg
    ln -sf start.csv $link
    expect 2 "is what (${words[0]}|overlaps|spectrum|data|schedule) reads" "$ordpar" "${words[@]}" ./$link
done
rm start.link start.svg
expect 0 '' "$ordpar" curve "${small[@]}" --save-overlaps state.csv
expect 0 '' "$ordpar" curve --continue state.csv --alpha 3 --save-overlaps state.csv
expect 0 '' "$ordpar" curve --continue state.csv --alpha 4 -o start.csv
expect 0 '' "$ordpar" curve --like start.csv -o start.csv

# inputs that end nowhere, can be read once, or would wait for a writer
limited=(timeout -s KILL 60)
printf 'eigenvalue,multiplicity\n4,8\n1,16\n' >two.csv
mkfifo pipe
expect 2 "--like: /dev/zero: has no line '# settings" "${limited[@]}" "$ordpar" curve --like /dev/zero
expect 2 "--merge: /dev/zero: is not a part of a sweep" "${limited[@]}" "$ordpar" sweep --merge /dev/zero
for entry in "sweep --sweep eta=0.1,0.2 --spectrum" "sweep --alpha 1 --sweep schedule=/dev/zero --spectrum" "curve --eta 0.1,0.2 --spectrum"; do
    for place in /dev/zero /dev/full pipe; do
        expect 2 "--(spectrum|schedule): ($place|/dev/zero): is not a regular file" "${limited[@]}" "$ordpar" ${entry% *} --alpha 1 ${entry##* } $place
    done
done
expect 2 "--spectrum: is read for each point, which standard input cannot be" "$ordpar" curve --eta 0.1,0.2 --alpha 1 --spectrum -
expect 2 "--spectrum: must be a file where its decimals matter, got 'pipe'" "${limited[@]}" "$ordpar" precision curve --alpha 0:1:2 --spectrum pipe
for command in "simulate --runs 2" "compare --runs 2" curve "sweep --sweep eta=0.1,0.2"; do
    expect 2 "--checkpoint: pipe: is not a file" "${limited[@]}" "$ordpar" $command "${small[@]}" --checkpoint pipe
done
expect 2 "--like: folder: cannot be read: Is a directory" "$ordpar" curve --like folder

# grids and swept values are inputs too: no output replaces them
printf '1\n2\n' >grid.txt
printf 'alpha,eta\n0,0.1\n1,0.2\n' >rate.csv
for command in "curve --alpha grid.txt" "compare --runs 2 --alpha grid.txt" "closed-form linear-exact -K 1 -M 1 --alpha grid.txt" \
    "sweep --sweep alpha=grid.txt" "sweep --alpha 1 --sweep spectrum=two.csv" "sweep --alpha 1 --sweep schedule=rate.csv,constant"; do
    input=$(grep -oE '(grid.txt|two.csv|rate.csv)' <<<"$command")
    cp $input before
    expect 2 "--output: ./$input is what (alpha|spectrum|schedule) reads" "$ordpar" $command -o ./$input
    cmp -s $input before || fail "$command -o $input: it is gone"
done

# FILE.lock may be somebody's, and OUTPUT.part a link to elsewhere
echo mine >state.lock
for command in "simulate --runs 2" "compare --runs 2" curve; do
    expect 2 "--checkpoint: state: cannot be locked: state.lock is another file" "$ordpar" $command "${small[@]}" --checkpoint state
done
[ "$(cat state.lock)" = mine ] || fail "state.lock is gone"
ln -s elsewhere swept.csv.part
expect 2 "--checkpoint: swept.csv.part: is a link" "$ordpar" sweep --sweep eta=0.1,0.2 "${small[@]}" -o swept.csv
expect_no elsewhere swept.csv

# within one evaluation of the equations of a wide network, which takes longer than that
"$ordpar" curve -K 40 -M 40 --activation gelu -L 4 -N 400 --alpha 1:1000:5 -o wide.csv 2>err.txt &
interrupted $! 8 'a wide network'

# .. and while one start of many units is drawn
"$ordpar" curve -K 120 -M 120 -L 1024 -N 1048576 --small-eta --alpha 0,1 -o wide.csv 2>err.txt &
interrupted $! 8 'a start of many units'
grep -q 'interrupted while the start is drawn' err.txt || fail "a start of many units: $(cat err.txt)"

# of a million starts those that have not begun are not drawn any more
"$ordpar" curve --runs 1e6 -L 4 --alpha 0:100:11 -o starts.csv 2>err.txt &
pid=$!
listens $pid
used $pid 30
kill -INT $pid
timeout 15 tail --pid=$pid -f /dev/null || fail "SIGINT: a million starts go on"
wait $pid
[ $? -eq 130 ] && [ "$(wc -l <err.txt)" -eq 1 ] || fail "SIGINT: a million starts: $(cat err.txt)"

# nohup is heeded: what the caller ignores does not end a run
hours=("$ordpar" simulate -N 2048 -L 64 --alpha 0:1e4:100001 --runs 2 --threads 1 -o hangup.csv)
(trap '' HUP && exec "${hours[@]}" 2>err.txt) &
pid=$!
listens $pid
kill -HUP $pid
sleep 0.5
kill -0 $pid 2>/dev/null || fail "a hangup ended a run under nohup: $(cat err.txt)"
kill -INT $pid
wait $pid
[ $? -eq 130 ] || fail "SIGINT under nohup: $(cat err.txt)"
"${hours[@]}" 2>err.txt &
pid=$!
listens $pid
kill -HUP $pid
wait $pid
[ $? -eq 130 ] || fail "a hangup: $(cat err.txt)"
expect_no hangup.csv

# a number of threads that is a slip
printf '\223NUMPY\001\000\166\000%-117s\nABCBADCDAEFBGBA' "{'descr': '|u1', 'fortran_order': False, 'shape': (5, 3)}" >small.npy
expect 0 '' "$ordpar" spectrum --data small.npy -o one.csv
for threads in 999999 768614336404564652 9223372036854775807; do
    OMP_NUM_THREADS=$threads expect 0 '' "${limited[@]}" "$ordpar" spectrum --data small.npy -o many.csv
    cmp -s <(grep -v '^# command' one.csv) <(grep -v '^# command' many.csv) || fail "OMP_NUM_THREADS=$threads: other numbers"
done

# a dry run writes nothing, and refuses what the run would
for command in "curve --runs 1e6 -L 4 --alpha 0:100:11" "curve -L 4 --save-overlaps dry2.csv --checkpoint dry.part --plot dry.svg" "simulate -N 64 -L 4 --runs 2 --alpha 0:2:3" \
    "sweep --sweep eta=0.1,0.2 -L 4 --alpha 0:2:3" "closed-form plateau" "precision curve --digits 10 -L 2 --alpha 0:1:2" \
    "curve -K 8 -M 8 -N 65536 -L 65536 --alpha 1:1e9:3:log"; do
    read -ra words <<<"$command"
    expect 0 '' "${limited[@]}" "$ordpar" "${words[@]}" --dry-run -o dry.csv
    grep -q '^settings: ' out.txt && grep -q '^memory: [1-9]' out.txt && grep -q '^time: ' out.txt || fail "$command --dry-run: $(cat out.txt)"
    expect_no dry.csv dry2.csv dry.svg dry.part dry.csv.part
done
grep -q '^time: about\|^time: not known' out.txt || fail "a long run was tried to its end"
expect 2 "--checkpoint: pipe: is not a file" "$ordpar" simulate "${small[@]}" --runs 2 --dry-run --checkpoint pipe
expect 2 'none/dry.csv: cannot be written' "$ordpar" curve --dry-run -o none/dry.csv
# .. and tells nothing of the rows of its trial
wild=(-K 1 -M 1 --activation linear -N 8 --eta 9 --alpha 0:1000:6)
for command in "simulate -L 1" "simulate -L 1 --keep-partial" "curve -L 1" "curve -L 1 --keep-partial" "compare -L 1 --runs 3 --keep-partial" "curve -L 1,2 --keep-partial"; do
    expect 1 'diverge' "$ordpar" $command "${wild[@]}" --dry-run
    grep -q ' of [0-9]* rows\|curves were\|written\|keep-partial' err.txt && fail "$command: rows of a trial: $(cat err.txt)"
done
timeout -s INT 0.7 env --default-signal=INT "$ordpar" sweep --dry-run --sweep seed=1:1000 -K 8 -M 8 -L 64 --activation relu --alpha 0:1000:10 -o dry.csv 2>err.txt >out.txt
grep -q 'interrupted' err.txt && ! grep -q 'lost\|points' err.txt || fail "a dry sweep that is interrupted: $(cat err.txt)"

# what a process has opened is written as it stands: others write there, too
ln -s /proc/self/fd/1 to_output
for command in "curve -L 1 --alpha 0:1:2" "sweep --sweep L=1,2 --alpha 0:1:2" "report start.csv" "precision curve -L 1 --alpha 0:1:2"; do
    for place in /dev/stdout /dev/fd/1 /proc/self/fd/1 to_output; do
        { echo before; "$ordpar" $command -o $place; echo behind; } >log 2>err.txt
        [ "$(head -n 1 log)" = before ] && [ "$(tail -n 1 log)" = behind ] && grep -q '^# command' log || fail "$command -o $place >log: $(head -c 200 log)"
        echo before >log
        "$ordpar" $command -o $place >>log 2>err.txt
        [ "$(head -n 1 log)" = before ] && grep -q '^# command' log || fail "$command -o $place >>log: $(head -c 200 log)"
    done
done
echo before >log
"$ordpar" curve -L 1 --alpha 0:1:2 -o /dev/fd/7 --save-overlaps /dev/stdout 7>>log >to_7.txt
[ "$(head -n 1 log)" = before ] && [ "$(grep -c '^# command' log)" -eq 1 ] && grep -q '^matrix' to_7.txt || fail "-o /dev/fd/7: $(head -c 200 log)"
expect 2 'two outputs go to' "$ordpar" curve -L 1 --alpha 0:1:2 -o to_output --save-overlaps /dev/stdout
expect 2 '--output: /dev/fd/7: cannot be written' bash -c '"$1" curve -L 1 --alpha 0:1:2 -o /dev/fd/7 7<start.csv' - "$ordpar"
for command in curve "simulate --runs 2"; do
    echo before >log
    "$ordpar" $command -N 8 -L 1 --alpha 0:1:2 --checkpoint to_output -o out.csv >>log 2>err.txt
    [ $? -eq 2 ] && [ "$(cat log)" = before ] && grep -q 'is not a file' err.txt || fail "--checkpoint to_output: $(cat err.txt)"
done
[ -L to_output ] || fail "a link to standard output was replaced"

# what was meant
expect 2 "--rtoll: no such option \(did you mean --rtol\?\)" "$ordpar" curve --rtoll 1e-3
expect 2 "--s: ambiguous: .*--sigma-j, .*--seed" "$ordpar" curve --s 3
expect 0 '' "$ordpar" curve "${small[@]}" --save-overlaps o.csv
expect 2 "--overlaps: o.csv takes the place of seed" "$ordpar" curve "${small[@]}" --overlaps o.csv --seed 2
expect 2 "--overlaps: o.csv takes the place of --sigma-j" "$ordpar" curve "${small[@]}" --overlaps o.csv --sigma-j 2
# a link is followed whose target is not there yet
mkdir far
ln -s far/new.csv near.csv
expect 0 '' "$ordpar" curve "${small[@]}" -o near.csv
[ -L near.csv ] && [ -s far/new.csv ] || fail "a link to nothing was replaced"
rm far/new.csv
# so is that of a checkpoint, whose lock is that of the file, and of saved overlaps
ln -s far/state link
for k in curve "simulate --runs 2" "compare --runs 2"; do
    rm -f far/*
    expect 0 "$([[ $k == compare* ]] && echo largest)" "$ordpar" $k "${small[@]}" -q --checkpoint link -o x.csv
    [ -L link ] && [ -s far/state ] || fail "$k: the link of its checkpoint was replaced"
    [ "$(ls -A far)" = state ] || fail "$k: beside its checkpoint are $(ls -A far)"
    cp far/state kept
    expect 0 "$([[ $k == compare* ]] && echo largest)" "$ordpar" $k "${small[@]}" -q --checkpoint far/state -o x.csv
    cmp -s kept far/state || fail "$k: the checkpoint by its other name is another"
    echo 'of somebody' >far/state.lock
    expect 2 'far/state.lock is another file' "$ordpar" $k "${small[@]}" -q --checkpoint link -o x.csv
done
rm far/*
expect 0 '' "$ordpar" curve "${small[@]}" --save-overlaps link -o x.csv
[ -L link ] && [ -s far/state ] || fail "the link of saved overlaps was replaced"
rm far/*
ln -sf x.csv other.csv
expect 2 'two outputs go to other.csv' "$ordpar" curve "${small[@]}" -o x.csv --save-overlaps other.csv
# what kill -9 leaves beside an output goes with the next one; not what a process holds, nor what is another's
printf '# ord' >.end.csv.new-aB3x9Q
printf '# ordpar: ' >.rows.csv.new-aB3x9Q
printf 'mine, mine' >.rows.csv.new-aB3x9R
printf '# ordpar: ' >.rows.csv.backup
expect 0 '' "$ordpar" curve "${small[@]}" -o rows.csv --save-overlaps end.csv
[ "$(ls -A | grep '^\.\(rows\|end\)' | tr '\n' ' ')" = ".rows.csv.backup .rows.csv.new-aB3x9R " ] || fail "remains: $(ls -A | grep '^\.')"

# runs that end at one moment with one of their outputs in common: each writes all its own, and the last wins
: >lost.txt
times=100
[ -z "${BRIEF:-}" ] || times=20
for _ in $(seq $times); do
    for k in 1 2 3; do
        "$ordpar" curve -L 1 -N 16 --alpha 0:100:21 -o own$k.csv --save-overlaps common.csv 2>>lost.txt &
    done
    wait
    for k in 1 2 3; do [ -s own$k.csv ] || echo "own$k.csv is not there" >>lost.txt; done
    rm -f own?.csv
done
[ ! -s lost.txt ] && [ -s common.csv ] || fail "an output in common: $(sort lost.txt | uniq -c)"
count=$((count + 3 * times))

# a terminal that is stopped, or that nobody reads, costs no more than its progress
if python3 -c 'import pty' 2>/dev/null; then
    for kind in shown stopped unread; do
        count=$((count + 1))
        python3 "$(dirname "$0")/terminal.py" "$ordpar" $kind simulate -N 1000 -L 4 --runs 4 --threads 1 --alpha 0.01:3000:100000 -o never.csv 2>err.txt ||
            fail "a terminal, $kind: $(tail -n 1 err.txt)"
    done
    expect_no never.csv
fi

# a pipe that nobody reads, or opens, is waited for until a signal
for place in stdout opened alone; do
    rm -f unread && mkfifo unread
    case $place in
    stdout) "$ordpar" curve -L 1 -N 64 --alpha 0:100:20001 2>err.txt > >(sleep 8) & ;;
    opened) sleep 8 <unread & "$ordpar" curve -L 1 -N 64 --alpha 0:100:20001 -o unread 2>err.txt & ;;
    alone) "$ordpar" curve -L 1 -N 64 --alpha 0:100:3 -o unread 2>err.txt & ;;
    esac
    pid=$!
    count=$((count + 1))
    sleep 1
    kill -TERM $pid || fail "a pipe, $place: it was not waited for"
    SECONDS=0
    wait $pid
    code=$?
    [ $code -eq 130 ] && [ $SECONDS -le 4 ] && grep -q interrupted err.txt || fail "a pipe, $place: exit $code after $SECONDS s, $(cat err.txt)"
done
rm unread

finish
