# SPDX-License-Identifier: GPL-3.0-or-later
# Places that cannot be written to, and interruptions: one line, the right status, nothing half.
. "$(dirname "$0")/lib.sh" "$1"
here=$PWD
small=(-L 2 -N 8 --alpha 1:2:2)
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
    trap 'cd "$here" && umount small' EXIT
    dd if=/dev/zero of=small/fill bs=4k count=64 2>/dev/null
    for entry in "-o" "--save-overlaps"; do
        expect 2 "small/place: cannot be written: No space left on device" \
            "$ordpar" curve -L 4 -N 8 --alpha 1:2:200 "$entry" small/place
        expect_no small/place
    done
    expect 2 "small/place: cannot be written: No space left on device" \
        "$ordpar" simulate "${small[@]}" --runs 2 --checkpoint small/place
    expect_no small/place
    # of two outputs, one on the full disk, none is written
    expect 2 "No space left on device" "$ordpar" curve -L 4 -N 8 --alpha 1:2:200 -o first.csv --save-overlaps small/place
    expect_no small/place first.csv
    mount -o remount,ro small
    all small/place "small/place(.svg)?: cannot be written: Read-only file system" 2
    cd "$here" && umount small
    trap - EXIT
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
    "curve --alpha 1 --spectrum start.csv --plot" "simulate --alpha 1 --data start.csv -o" "curve --alpha 1 --schedule start.csv --save-overlaps"; do
    read -ra words <<<"$command"
    ln -sf start.csv start.svg
    expect 2 "is what (${words[0]}|overlaps|spectrum|data|schedule) reads" "$ordpar" "${words[@]}" ./start.svg
done
rm start.svg
expect 0 '' "$ordpar" curve "${small[@]}" --save-overlaps state.csv
expect 0 '' "$ordpar" curve --continue state.csv --alpha 3 --save-overlaps state.csv
expect 0 '' "$ordpar" curve --continue state.csv --alpha 4 -o start.csv
expect 0 '' "$ordpar" curve --like start.csv -o start.csv

# a dry run writes nothing, and refuses what the run would
for command in "curve -L 4 --save-overlaps dry2.csv --checkpoint dry.part --plot dry.svg" "simulate -N 64 -L 4 --runs 2 --alpha 0:2:3" \
    "sweep --sweep eta=0.1,0.2 -L 4 --alpha 0:2:3" "closed-form plateau" "precision curve --digits 10 -L 2 --alpha 0:1:2" \
    "curve -K 8 -M 8 -N 65536 -L 65536 --alpha 1:1e9:3:log"; do
    read -ra words <<<"$command"
    expect 0 '' "$ordpar" "${words[@]}" --dry-run -o dry.csv
    grep -q '^settings: ' out.txt && grep -q '^memory: [1-9]' out.txt && grep -q '^time: ' out.txt || fail "$command --dry-run: $(cat out.txt)"
    expect_no dry.csv dry2.csv dry.svg dry.part dry.csv.part
done
grep -q '^time: about\|^time: not known' out.txt || fail "a long run was tried to its end"
expect 2 'none/dry.csv: cannot be written' "$ordpar" curve --dry-run -o none/dry.csv

# what was meant
expect 2 "--rtoll: no such option \(did you mean --rtol\?\)" "$ordpar" curve --rtoll 1e-3
expect 2 "--s: ambiguous: .*--sigma-j, .*--seed" "$ordpar" curve --s 3
expect 0 '' "$ordpar" curve "${small[@]}" --save-overlaps o.csv
expect 2 "--overlaps: o.csv takes the place of seed" "$ordpar" curve "${small[@]}" --overlaps o.csv --seed 2
expect 2 "--overlaps: o.csv takes the place of --sigma-j" "$ordpar" curve "${small[@]}" --overlaps o.csv --sigma-j 2
finish
