# SPDX-License-Identifier: GPL-3.0-or-later
# The rows of some 200 commands, over all subcommands and doors, to show that a change of the code changes no number.
#
#     tests/rows/rows.sh PROGRAM [BUILD] OUT     writes OUT/rows and OUT/whole (with the notes), a file a command; with
#                                                BUILD, a build folder, also from Python and from C
#     tests/rows/rows.sh --compare OUT1 OUT2     lists the commands whose rows differ; status 1 if there are any
#
# OUT must not exist. Rows are bytes of one machine and one set of libraries: compare what was made side by side.
# MATCH=PATTERN takes only the commands that match it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export OPENBLAS_NUM_THREADS=1 LC_ALL=C

usage() {
    sed -n '4,6s/^# *//p' "$0" >&2
    exit 2
}

compare() { # OUT1 OUT2
    local name status=0 count=0
    for name in $(cd "$1/rows" && ls; cd "$2/rows" && ls); do echo "$name"; done | sort -u >"$2/names"
    while read -r name; do
        count=$((count + 1))
        if [ ! -e "$1/rows/$name" ] || [ ! -e "$2/rows/$name" ]; then
            echo "only in one: $name"
        elif ! cmp -s "$1/rows/$name" "$2/rows/$name"; then
            echo "differs: $(head -1 "$1/rows/$name")    ($name)"
        else
            continue
        fi
        status=1
    done <"$2/names"
    rm "$2/names"
    echo "$count commands compared" >&2
    return $status
}

# Notes go; what is left of JSON are its columns and rows, and the lines of a report.
only_rows() {
    sed '/^#/d' | awk '!json && NR == 1 && /^\{/ { json = 1 } !json || /^ *"columns"/ || /^ *\[/ || /"measured"/'
}

keep() { # NAME COMMAND..: what the command prints, and its exit status where that is not 0
    local name status=0
    name=$(printf %s "$1" | sed 's/^ordpar //' | tr -c 'A-Za-z0-9.,:=-' '_' | cut -c 1-180)
    [ ! -e "$out/rows/$name" ] || { echo "two commands are called $name" >&2 && exit 1; }
    "${@:2}" >"$out/whole/$name" 2>"$out/error" </dev/null || status=$?
    { echo "$1"; only_rows <"$out/whole/$name"; } >"$out/rows/$name"
    [ $status = 0 ] || echo "exit $status" >>"$out/rows/$name"
    [ $status = 0 ] || { echo "exit $status: $1: $(head -c 300 "$out/error")" >&2; failures=$((failures + 1)); }
    count=$((count + 1))
}

[ "${1:-}" != --compare ] || { [ $# = 3 ] && compare "$2" "$3" && exit 0 || exit 1; }
[ $# = 2 ] || [ $# = 3 ] || usage
program=$(realpath "$1")
build=$([ $# = 2 ] || realpath "$2")
mkdir "${!#}"
out=$(realpath "${!#}")
mkdir "$out/rows" "$out/whole" "$out/work"
cd "$out/work"
count=0 failures=0
ordpar() { "$program" "$@"; }

. "$here/inputs.sh"
while read -r line; do
    case $line in '' | '#'*) continue ;; esac
    [[ $line =~ ${MATCH:-} ]] || continue
    keep "ordpar $line" eval "ordpar $line"
done <"$here/commands"

if [ -n "$build" ]; then
    cmake --install "$build" --prefix "$out/prefix" >"$out/install.txt"
    lib=$(dirname "$(find "$out/prefix" -name libordpar.so)")
    export PYTHONPATH=$(dirname "$(find "$out/prefix" -path '*/ordpar/__init__.py' -printf '%h\n')") PYTHONDONTWRITEBYTECODE=1
    python=$(for p in /usr/bin/python3 python3; do $p -c 'import numpy' 2>/dev/null && echo $p && break; done) ||
        { echo "no python3 with NumPy" >&2 && exit 1; }
    while read -r line; do
        case $line in '' | '#'*) continue ;; esac
        [[ $line =~ ${MATCH:-} ]] || continue
        keep "$line" "$python" "$here/python.py" "$line"
    done <"$here/calls"
    export PKG_CONFIG_PATH=$lib/pkgconfig
    for source in "$here"/../../examples/*.c "$here"/*.c; do
        name=$(basename "$source" .c)
        [[ $name =~ ${MATCH:-} ]] || continue
        "${CC:-cc}" -std=c11 "$source" $(pkg-config --cflags --libs ordpar) -lm -Wl,-rpath,"$lib" -o "c_$name"
        keep "C $name" "./c_$name"
    done
fi
echo "$count commands, $failures failed; rows in $out/rows" >&2
