# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar figure: files and pictures of figure 6; figures 2 and 3 at reduced size: simulation against the exact mean at finite N, and the slope of the
# window within 2 % of -beta/(1+beta).
. "$(dirname "$0")/lib.sh" "$1"
command -v gnuplot >/dev/null || finish
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
awk -F'p = ' '/simulation against/ {n++; if (!($2 > 1e-4)) bad = 1} END {exit bad || n != 5}' made/figure6-*.csv || fail "agreement: $(grep 'p = ' made/*.csv)"
rm -rf made
expect 0 '' "$ordpar" figure 2 --out made
expect 0 '' "$ordpar" figure 3 --out made -q
# agreement COUNT FILE..: so many comparisons, each with |z| < 5 and p > 1e-4
agreement() {
    local expected=$1
    shift
    awk -F'[=(,]' -v expected="$expected" '
        /^# .*largest \|z\|/ {
            n++
            match($0, /largest \|z\| = [0-9.]+/); z = substr($0, RSTART + 14, RLENGTH - 14)
            match($0, /p = [-+0-9.e]+/); p = substr($0, RSTART + 4, RLENGTH - 4)
            if (!(z + 0 < 5) || !(p + 0 > 1e-4)) exit bad = 1
        }
        END {exit bad || n != expected}' "$@" || fail "agreement in $*: $(grep -h 'largest |z|' "$@")"
}
agreement 1 made/figure2-left.csv
agreement 1 made/figure2-right.csv
agreement 5 made/figure3-left.csv
# the difference in the last words of each slope's note
awk '/^# slope of/ {n++; d = $(NF - 1); if (d < -2 || d > 2) bad = 1} END {exit bad || n != 5}' made/figure2-right.csv made/figure3-left.csv ||
    fail "slopes: $(grep -h '^# slope of' made/*.csv)"
rm -rf made
finish
