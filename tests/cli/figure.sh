# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar figure: files, pictures and errors, on the figure that is made fastest.
. "$(dirname "$0")/lib.sh" "$1"

expect 2 "needs a figure: one of 1.2.3.4.5.6.all, got ''" "$ordpar" figure --out made
expect 2 "needs a figure: .*got '7'" "$ordpar" figure 7 --out made
expect 2 "--out: is missing" "$ordpar" figure 6
expect 2 "--out: no/such: cannot be made" "$ordpar" figure 6 --out no/such
: >file
expect 2 "--out: file: is not a folder" "$ordpar" figure 6 --out file
expect 2 "--data: is for figure 3, got figure 6" "$ordpar" figure 6 --out made --data a.npy
expect 2 "--picture: must be one of svg.png.pdf, got 'gif'" "$ordpar" figure 6 --out made --picture gif
expect_no made
expect 0 '' "$ordpar" figure --help
if ! command -v gnuplot >/dev/null; then
    finish
fi
rm -rf made
expect 0 '' "$ordpar" figure 6 --out made --picture png
for panel in figure6-left figure6-right; do
    [ "$(grep -v '^#' made/$panel.csv | head -1)" = "series,x,y,stderr" ] || fail "$panel: header"
    grep -v '^#' made/$panel.csv | awk -F, 'NR > 1 && (NF != 4 || !($3 > 0) || $3 == "nan") {exit 1}' || fail "$panel: rows"
    grep -q '^# panel: .*(reduced: ' made/$panel.csv || fail "$panel: does not say what was reduced"
    grep -q '</svg>' made/$panel.svg || fail "$panel: picture"
    [ -s made/$panel.png ] || fail "$panel: PNG"
done
[ "$(ls made | wc -l)" -eq 6 ] || fail "files: $(ls made)"
# simulation and equations agree: each p-value is above 1e-4
awk -F'p = ' '/simulation against/ {n++; if (!($2 > 1e-4)) exit 1} END {exit n < 5}' made/figure6-*.csv || fail "agreement: $(grep 'p = ' made/*.csv)"
rm -rf made
finish
