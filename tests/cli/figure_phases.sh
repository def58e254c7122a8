# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar figure phases: measured slopes against both phases' theory, and the frontier against its law.
. "$(dirname "$0")/lib.sh" "$1"
command -v gnuplot >/dev/null || finish
rm -rf made
expect 0 '' "$ordpar" figure phases --out made
for panel in linear erf frontier features; do
    [ "$(grep -v '^#' made/phases-$panel.csv | head -1)" = "series,x,y,stderr" ] || fail "$panel: header"
    grep -v '^#' made/phases-$panel.csv | awk -F, 'NR > 1 && (NF != 4 || !($3 > 0) || $3 == "nan") {exit 1}' || fail "$panel: rows"
    grep -q '^# panel: .*(reduced: ' made/phases-$panel.csv || fail "$panel: does not say what was reduced"
    grep -q '</svg>' made/phases-$panel.svg || fail "$panel: picture"
done
grep -q '^# x: ζ of the teacher' made/phases-erf.csv || fail "the axis of zeta"
[ ! -e made/index.html ] || fail "a page for one figure"
# slopes: within 0.03 of theory, at beta = 0.5 (see docs/figures.md) within a tenth
awk '/^# (all orders|lowest order) in eta: beta/ {
    n++; d = $(NF - 3) - $(NF - 1); most = /beta = 0.5/ ? 0.1 * $(NF - 1) : 0.03
    if (!(d * d < most ^ 2)) bad = 1
} END {exit bad || n != 12}' \
    made/phases-linear.csv made/phases-erf.csv || fail "slopes: $(grep -h 'farthest' made/*.csv)"
# the frontier: exponents within 3 % of those of the law, which noise bends
awk '/^# all orders in eta: zeta/ {
    n++; zeta = $8 + 0; found = $10 + 0; lowest = $15 + 0
    if (!($21 + 0 < 3)) bad = 1 # percent off the law
    if (zeta < 2 ? (found / lowest - 1) ^ 2 > 0.03 ^ 2 : !(found / lowest < 0.93)) bad = 1
} END {exit bad || n != 3}' made/phases-frontier.csv || fail "frontier: $(grep -h 'all orders in eta' made/phases-frontier.csv)"
rm -rf made
finish
