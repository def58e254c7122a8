# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar spectrum: printing and fitting.
. "$(dirname "$0")/lib.sh" "$1"

expect 0 '' "$ordpar" spectrum -N 100 -L 50 --beta 0.3
[ "$(grep -v '^#' out.txt | head -1)" = "index,eigenvalue,multiplicity" ] || fail "header"
grep -q 'fit: beta = 0.3, standard error' out.txt || fail "fit: $(grep fit out.txt)"
grep -v '^#' out.txt | awk -F, 'NR > 1 {trace += $2 * $3} END {exit !(trace > 99.9999999 && trace < 100.0000001)}' || fail "trace"
expect 0 '' "$ordpar" spectrum -N 100 -L 50 --fit 10:40
grep -q 'ranks 10 to 40' out.txt || fail "window"
expect 0 '' "$ordpar" spectrum -N 100 -L 2
grep -q '# fit' out.txt && fail "a fit of two points"
expect 2 "--fit: .*at least 3 ranks between 1 and L = 50, got 10:11" "$ordpar" spectrum -N 100 -L 50 --fit 10:11
expect 2 "--fit: must be FIRST:LAST.*got '5'" "$ordpar" spectrum -N 100 -L 50 --fit 5
expect 2 "--fit: must be FIRST:LAST.*got '0:9'" "$ordpar" spectrum -N 100 -L 50 --fit 0:9
printf '# data\neigenvalue,multiplicity\n0,3\n4,1\n1,2\n0.25,1\n' >s.csv
expect 0 '' "$ordpar" spectrum --spectrum s.csv --format json
grep -q '"rows": \[' out.txt || fail "JSON"
if command -v gnuplot >/dev/null; then
    expect 0 '' "$ordpar" spectrum -N 100 -L 50 --plot s.svg -o t.csv
    [ -s s.svg ] || fail "no picture"
fi
expect 0 '' "$ordpar" spectrum --help
finish
