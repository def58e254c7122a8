# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar figure: files and pictures of figure 6; figures 2 and 3 at reduced size: simulation against the exact mean at finite N, and the slope of the
# window against -beta/(1+beta).
. "$(dirname "$0")/lib.sh" "$1"
command -v gnuplot >/dev/null || finish
rm -rf made
expect 0 '' "$ordpar" figure 6 --out made --picture png
for panel in figure6-left figure6-left-random figure6-right; do
    [ "$(grep -v '^#' made/$panel.csv | head -1)" = "series,x,y,stderr" ] || fail "$panel: header"
    grep -v '^#' made/$panel.csv | awk -F, 'NR > 1 && (NF != 4 || !($3 > 0) || $3 == "nan") {exit 1}' || fail "$panel: rows"
    grep -q '^# panel: .*(reduced: ' made/$panel.csv || fail "$panel: does not say what was reduced"
    grep -q '</svg>' made/$panel.svg || fail "$panel: picture"
    [ -s made/$panel.png ] || fail "$panel: PNG"
done
[ "$(ls made | wc -l)" -eq 9 ] || fail "files: $(ls made)"
# simulation and equations agree: each p-value is above 1e-4
awk -F'p = ' '/simulation against/ {n++; if (!($2 > 1e-4)) bad = 1} END {exit bad || n != 6}' made/figure6-*.csv || fail "agreement: $(grep 'p = ' made/*.csv)"
rm -rf made
expect 0 '' "$ordpar" figure 2 --out made
# without djpeg there are no patches of photographs; the picture says so
mkdir -p bin
ln -sf "$(command -v gnuplot)" bin/gnuplot
expect 0 'figure3-right has Gaussian inputs: .*libjpeg-turbo-progs' env PATH="$PWD/bin" "$ordpar" figure 3 --out made
grep -q '^# panel: .*no images were found: Gaussian inputs' made/figure3-right.csv || fail "figure 3 right does not say what it shows"
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
agreement 4 made/figure3-right.csv
# slopes: of theory within 2 %, of a simulation within 2 of its standard errors, which are below 3 %
awk '/^# slope of/ {
    n++; d = $(NF - 1) / 100; predicted = 0; error = 0
    for (k = 1; k < NF; k++) {
        if ($k == "predicted") predicted = -$(k + 1)
        if ($k == "±") error = $(k + 1) / 1
    }
    if (/simulation/ ? !(error > 0 && error < 0.03 * predicted && d * d < 4 * (error / predicted) ^ 2) : !(d * d < 0.02 ^ 2)) bad = 1
}
END {exit bad || n != 5}' made/figure2-right.csv made/figure3-left.csv || fail "slopes: $(grep -h '^# slope of' made/*.csv)"
rm -rf made
finish
