# SPDX-License-Identifier: GPL-3.0-or-later
# For the command line's tests: source this with the program's path in $1.
set -u
ordpar=$1
failures=0
count=0

# A script that ends without `finish` has not said how it went.
ended=''
unfinished() {
    local code=$?
    [ -n "$ended" ] && exit $code
    echo "FAILED: ended without finish"
    exit 1
}
trap unfinished EXIT

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# expect CODE PATTERN COMMAND..: the exit code, and what the one line on standard error must match
# ('' for no line at all). A failing command must leave standard output empty.
expect() {
    local code=$1 pattern=$2 got
    shift 2
    count=$((count + 1))
    "$@" >out.txt 2>err.txt </dev/null
    got=$?
    [ "$got" -eq "$code" ] || fail "$* : exit $got, expected $code ($(head -c 200 err.txt))"
    if [ -z "$pattern" ]; then
        [ -s err.txt ] && fail "$* : unexpected: $(head -c 300 err.txt)"
    else
        [ "$(wc -l <err.txt)" -eq 1 ] || fail "$* : not one line on standard error: $(head -c 300 err.txt)"
        grep -qE -- "$pattern" err.txt || fail "$* : '$pattern' not in: $(cat err.txt)"
    fi
    [ "$code" -eq 0 ] || [ ! -s out.txt ] || fail "$* : wrote to standard output although it failed"
    return 0
}

# expect_no FILE..: none of these exists, and no temporary file of theirs
expect_no() {
    local file
    for file in "$@"; do
        [ -e "$file" ] && fail "$file exists"
        ls -A "$(dirname "$file")" | grep -q "^\.$(basename "$file")\." && fail "a temporary file of $file is left"
    done
    return 0
}

# listens PID: waits until that program handles SIGINT, which bash lets background jobs ignore, and bash itself handles
listens() {
    local mask shell
    shell=$(readlink /proc/$$/exe)
    for _ in $(seq 6000); do
        [ "$(readlink "/proc/$1/exe")" = "$shell" ] && sleep 0.01 && continue
        mask=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)
        [ $((0x${mask:-0} & 2)) -ne 0 ] && return
        sleep 0.01
    done
}

# used PID HUNDREDTHS: waits until that program has computed for so many hundredths of a second, or has ended
used() {
    local line ticks
    for _ in $(seq 3000); do
        read -r line 2>/dev/null <"/proc/$1/stat" || return
        read -ra ticks <<<"${line##*) }"
        [ $((ticks[11] + ticks[12])) -ge $2 ] && return
        sleep 0.01
    done
}

# interrupted PID MOST WHAT [HUNDREDTHS]: SIGINT in the midst of its work, after so many hundredths of a second of it, ends that
# program, whose words are in err.txt, with 130 within MOST seconds
interrupted() {
    listens $1
    used $1 "${4:-30}"
    kill -INT $1
    SECONDS=0
    wait $1
    [ $? -eq 130 ] && [ $SECONDS -le $2 ] && grep -q interrupted err.txt || fail "SIGINT, $3: after $SECONDS s, $(cat err.txt)"
}

# loses_checkpoint COMMAND..: its checkpoint is gone/state, in a folder that goes away while it computes, later and later, as
# it looks at first whether it can write there. Sets code; err.txt has its words.
loses_checkpoint() {
    local hundredths pid
    for hundredths in 1 2 5 10 30 100 300; do
        mkdir gone
        "$@" --checkpoint gone/state 2>err.txt &
        pid=$!
        for _ in $(seq 6000); do
            [ -e gone/state.lock ] && break
            sleep 0.01
        done
        used $pid $hundredths
        rm -r gone
        wait $pid
        code=$?
        grep -q 'rows were complete' err.txt && break
    done
}

# cell FILE POINT COLUMN: of a sweep
cell() {
    awk -F, -v p="$2" -v c="$3" '/^#/ { next } !n { n = 1; for (k = 1; k <= NF; k++) if ($k == c) col = k; next }
        $1 == p { print $col }' "$1"
}

# npy FILE SHAPE: a uint8 array with the bytes of standard input
npy() {
    local dictionary="{'descr': '|u1', 'fortran_order': False, 'shape': ($2)}"
    { printf '\223NUMPY\001\000\166\000'; printf '%-117s\n' "$dictionary"; cat; } >"$1"
}

finish() {
    ended=yes
    echo "$count commands, $failures failures"
    [ "$failures" -eq 0 ]
    exit
}
