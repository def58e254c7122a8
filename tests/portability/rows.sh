# SPDX-License-Identifier: GPL-3.0-or-later
# The rows of the commands of commands.txt: rows.sh FOLDER PROGRAM.. (PROGRAM may have a prefix, as an
# emulator). FOLDER gets NAME.csv for each, without notes, and NAME.err where the exit status was not 0.
set -u
commands=$(cd "$(dirname "$0")" && pwd)/commands.txt
folder=$1
shift
rm -rf "$folder" && mkdir -p "$folder/run" && cd "$folder/run" || exit 1
export OPENBLAS_NUM_THREADS=1
failures=0
while read -r name arguments; do
    # shellcheck disable=SC2086
    if "$@" $arguments -q >out.txt 2>err.txt </dev/null; then
        [ -s out.txt ] || cp escape.csv out.txt # it went to a file, for report
        sed '/^#/d' out.txt >"../$name.csv"
    else
        echo "$name: exit $?: $(head -1 err.txt)"
        failures=$((failures + 1))
    fi
done < <(sed '/^#/d' "$commands")
[ "$failures" -eq 0 ]
