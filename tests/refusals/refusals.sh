# SPDX-License-Identifier: GPL-3.0-or-later
# The table of refusals by the command line: its exit status and its one line, in which names have
# their dashes.
. "$(dirname "$0")/../cli/lib.sh" "$1"
cd "$(dirname "$0")" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

exit_of() { # STATUS
    case $1 in INVALID | PARSE | IO) echo 2 ;; *) echo 1 ;; esac
}

# refuses EXPECTED WORD..: words NAME=VALUE are settings, the others the command
refuses() {
    local expected=$1 word name command=() got status
    shift
    for word in "$@"; do
        name=${word%%=*}
        case $word in
        ?=*) command+=("-$name" "${word#*=}") ;;
        *=yes) command+=("--$name") ;;
        *=*) command+=("--$name" "${word#*=}") ;;
        *) command+=("$word") ;;
        esac
    done
    count=$((count + 1))
    "$ordpar" "${command[@]}" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    got=$(sed -E "s/^ordpar $1: //; s/--([a-z])/\1/g; s/^-([A-Z]), -([A-Z]): /\1, \2: /" "$work/err")
    [ $status -eq $(exit_of ${expected%% *}) ] || fail "${command[*]}: exit $status"
    [ ! -s "$work/out" ] || fail "${command[*]}: wrote to standard output"
    [ "$got" = "${expected#* }" ] || fail "${command[*]}: '$got' instead of '${expected#* }'"
    grep -qE '^ordpar [a-z-]+: ' "$work/err" || fail "${command[*]}: $(cat "$work/err")"
}

while read -r line; do
    case $line in '' | '#'*) continue ;; esac
    set -f
    # shellcheck disable=SC2086
    refuses "${line#* => }" ${line%% => *}
    set +f
done <table
finish
