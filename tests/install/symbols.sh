# SPDX-License-Identifier: GPL-3.0-or-later
# The shared library exports nothing but public names; the static one defines nothing that could
# clash with a program's own names.
. "$(dirname "$0")/../cli/lib.sh"
include=$(dirname "$(dirname "$1")")/include lib=$3

nm -D --defined-only "$lib/libordpar.so" | awk '$2 != "A" {sub("@.*", "", $3); print $3}' | sort >exported.txt
[ "$(wc -l <exported.txt)" -gt 50 ] || fail "only $(wc -l <exported.txt) names are exported"
cat "$include"/ordpar/*.h | grep -oE 'ordpar_[A-Za-z0-9_]+' | sort -u >declared.txt
comm -23 exported.txt declared.txt >internal.txt
[ ! -s internal.txt ] || fail "exported, but in no public header: $(tr '\n' ' ' <internal.txt)"

# Every function that a public header declares is there.
cat "$include"/ordpar/*.h | tr '\n' ' ' | sed 's,/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/,,g; s/#define//g' |
    grep -oE '[;}{] *[A-Za-z_][A-Za-z0-9_ ]*[ *]ordpar_[A-Za-z0-9_]+\(' | grep -v 'typedef\|static' |
    grep -oE 'ordpar_[A-Za-z0-9_]+\($' | tr -d '(' | sort -u >functions.txt
[ "$(wc -l <functions.txt)" -gt 50 ] || fail "found only $(wc -l <functions.txt) declarations"
comm -13 exported.txt functions.txt >missing.txt
[ ! -s missing.txt ] || fail "declared, but not exported: $(tr '\n' ' ' <missing.txt)"

nm -g --defined-only "$lib/libordpar.a" 2>nm.txt | awk 'NF == 3 {print $3}' | grep -v '^ordpar_\|^\.' >foreign.txt # no name of C begins with a dot
[ ! -s foreign.txt ] || fail "the static library defines $(tr '\n' ' ' <foreign.txt)"

soname=$(objdump -p "$lib/libordpar.so" | awk '$1 == "SONAME" {print $2}')
[[ $soname =~ ^libordpar\.so\.[0-9.]+$ && -e $lib/$soname ]] || fail "the shared library's name is '$soname'"
finish
