# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the commands of a document: docs.sh PROGRAM DOCUMENT [KIND..]. A command is what stands in a
# fenced block whose fence says sh (or another of KIND.., as "sh slow"); blocks run in the document's
# order in the present folder, so that one may use the files of another. A block that fails is named
# by its line.
set -u
program=$1
document=$2
shift 2
[ $# -gt 0 ] || set -- sh

mkdir -p bin
ln -sf "$program" bin/ordpar
PATH=$PWD/bin:$PATH
rm -rf run && mkdir run && cd run || exit 1

kinds=$(printf '%s|' "$@")
awk -v kinds="|$kinds" '
    inside && /^```$/ { close(file); inside = 0; next }
    inside { print > file }
    !inside && /^```./ {
        kind = substr($0, 4)
        if (index(kinds, "|" kind "|")) { file = sprintf("../block-%05d", NR); inside = 1; printf "" > file }
        else if (kind !~ /^(sh|python|c|text|cmake|[{]toctree[}])/) { print "unknown fence: " $0; exit 1 }
    }' "$document" || exit 1

failures=0
count=0
for block in ../block-*; do
    [ -e "$block" ] || break
    count=$((count + 1))
    if ! bash -euo pipefail "$block" >out.txt 2>&1 </dev/null; then
        echo "FAILED: $document:$(expr "$block" : '.*-0*\(.*\)'): $(cat "$block")"
        tail -5 out.txt
        failures=$((failures + 1))
    fi
done
rm -f ../block-*
echo "$document: $count blocks, $failures failed"
[ "$count" -gt 0 ] && [ "$failures" -eq 0 ]
