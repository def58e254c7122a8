# SPDX-License-Identifier: GPL-3.0-or-later
# Makes every STRIDE-th call fail, from number OFFSET (1) on, one a run:
# sweep.sh ORDPAR FAIL_LIBRARY malloc|file STRIDE [OFFSET]
# Each run must end in time, either as if nothing had happened, with the same bytes, or with exit
# status 1 or 2, a line on standard error for each output that is as it was before, and the others
# complete; where none is, one line.
set -u
ordpar=$1 library=$2 kind=$3 stride=$4 offset=${5:-1}
export ASAN_OPTIONS="verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export OMP_NUM_THREADS=1
# What the run-time libraries of Fortran and OpenMP say before main() begins, and CVODE, which has no
# handler for errors yet.
others='^(Allocating cleared memory failed|Memory allocation failed|\[CVODE ERROR\].*|  Allocation of cvode_mem failed\.|ordpar compare: largest .*|)$'
trials=0 survived=0 failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

run() { # FAIL COMMAND..
    LD_PRELOAD=$library ORDPAR_FAIL=$1 timeout 60 "$ordpar" "${@:2}" >stdout.txt 2>stderr.txt </dev/null
}

# The outputs, each missing, "old" or the right bytes; prints the state they share, or "mixed".
outputs_state() { # OUTPUT..
    local file state='' this
    for file in "$@"; do
        if [ ! -e "$file" ]; then
            this=missing
        elif cmp -s "$file" "right/$file"; then
            this=right
        elif [ "$(<"$file")" = old ]; then
            this=old
        else
            this=broken
        fi
        [ -z "$state" ] || [ "$state" = "$this" ] || this=mixed
        state=$this
    done
    echo "${state:-right}"
}

check() { # N OUTPUTS COMMAND..
    local n=$1 outputs=$2 status state wanted=missing lines lost rest file
    shift 2
    rm -rf .[!.]* ./*.part $outputs
    if [ $((n % 2)) -eq 0 ]; then
        wanted=old
        for file in $outputs; do echo old >"$file"; done
    fi
    run "$kind:$n" "$@"
    status=$?
    trials=$((trials + 1))
    # shellcheck disable=SC2086
    state=$(outputs_state $outputs)
    mapfile -t lines < <(grep -vE "$others" stderr.txt)
    [ ${#lines[@]} -gt 0 ] || mapfile -t lines <stderr.txt
    [[ $status -ne 1 || ${lines[0]:-} != Operating* ]] || lines=("${lines[0]}")
    compgen -G '.[!.]*' >/dev/null && fail "$kind:$n $*: left $(echo .[!.]*)"
    case $status in
    0)
        survived=$((survived + 1))
        [ "$state" = right ] || fail "$kind:$n $*: exit 0, outputs $state"
        cmp -s stdout.txt right/stdout.txt || fail "$kind:$n $*: exit 0, another standard output"
        ;;
    1 | 2)
        # What cannot be written, or drawn, has its line, and costs no other.
        lost='' rest=''
        for file in $outputs; do
            case "${lines[*]}" in
            *": $file: cannot be written: "* | *": $file is not drawn: "*) lost+=" $file" ;;
            *) rest+=" $file" ;;
            esac
        done
        if [ -n "$lost" ] && [ ${#lines[@]} -eq "$(wc -w <<<"$lost")" ]; then
            lines=("${lines[0]}")
            # shellcheck disable=SC2086
            [ $status -eq 1 ] && [ "$(outputs_state $rest)" = right ] && [ "$(outputs_state $lost)" = "$wanted" ] && state=$wanted
        fi
        [ ${#lines[@]} -eq 1 ] || fail "$kind:$n $*: not one line: ${lines[*]}"
        [ "$state" = "$wanted" ] || [ -z "$outputs" ] || fail "$kind:$n $*: exit $status, outputs $state"
        ;;
    *) fail "$kind:$n $*: exit $status: ${lines[*]}" ;;
    esac
}

sweep() { # OUTPUTS COMMAND..
    local outputs=$1 count n
    shift
    rm -rf right ./*.part && mkdir right
    ORDPAR_FAIL_COUNT=count.txt run "$kind:0" "$@" || fail "$*: $(<stderr.txt)"
    # shellcheck disable=SC2086
    cp stdout.txt $outputs right/
    count=$(<count.txt)
    for ((n = offset; n <= count; n += stride)); do
        check "$n" "$outputs" "$@"
    done
    echo "$kind, stride $stride: $count calls: $*"
}

"$ordpar" spectrum -L 3 -N 12 -o spectrum.csv
"$ordpar" curve -L 2 -N 8 --alpha 1:30:12 -o start.csv --save-overlaps overlaps.csv
small=(-L 2 -N 8 --alpha 1:2:2)
sweep "" curve "${small[@]}"
sweep "a.csv a.svg b.csv" curve "${small[@]}" -o a.csv --plot a.svg --save-overlaps b.csv --moments 0,1 --report
sweep "a.json" curve --spectrum spectrum.csv --alpha 1:2:2 --format json -o a.json --init near-teacher
sweep "" curve "${small[@]}" --overlaps overlaps.csv --activation linear -q
sweep "a.csv b.csv" curve --continue overlaps.csv --alpha 31,32 -o a.csv --save-overlaps b.csv
sweep "" curve -K 1 -M 1 -L 4 -N 8 --activation linear --small-eta --alpha 1:300:2 # changes its coordinates
sweep "a.csv a.svg" simulate "${small[@]}" --runs 2 --threads 1 -o a.csv --plot a.svg --each
sweep "" simulate "${small[@]}" --runs 2 --threads 1 --method overlap
sweep "a.csv" compare "${small[@]}" --runs 2 --threads 1 -o a.csv
for name in linear-exact linear-small-eta linear-continuum linear-finite-n; do
    sweep "" closed-form $name "${small[@]}"
done
sweep "a.csv a.svg" closed-form features --trainable 3 -N 8 -L 8 --alpha 1:2:2 -o a.csv --plot a.svg
sweep "" closed-form asymptotic "${small[@]}"
for name in plateau escape critical-eta; do
    sweep "" closed-form $name -L 2 -N 8
done
sweep "a.csv a.svg" closed-form frontier -L 8 -N 8 --compute 10:1000:3:log -o a.csv --plot a.svg
sweep "" closed-form plateau -L 2 -N 8 --teacher sampled
sweep "" closed-form linear-exact "${small[@]}" --digits 20
sweep "" spectrum -L 3 -N 12 --fit 1:3
sweep "" spectrum --spectrum spectrum.csv
sweep "a.csv a.svg" sweep "${small[@]}" --sweep eta=0.1,0.2 --threads 1 -o a.csv --plot a.svg
sweep "" report start.csv
sweep "a.svg" plot start.csv -o a.svg
sweep "a.csv" precision curve "${small[@]}" --digits 8 -o a.csv
sweep "" precision check "${small[@]}" --digits 8 --activation linear
sweep "" precision curve "${small[@]}" --digits 8 --representation implicit --activation linear
sweep "" precision map --sizes 2,3
echo "$kind: $trials runs with a fault, $((trials - survived)) refused, $survived not affected, $failures failures"
[ "$failures" -eq 0 ]
