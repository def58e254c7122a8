# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar figure: errors. Figures are made in figure_agreement.sh.
. "$(dirname "$0")/lib.sh" "$1"

expect 2 "needs a figure: one of 1.2.3.4.5.6.phases.all, got ''" "$ordpar" figure --out made
expect 2 "needs a figure: .*got '7'" "$ordpar" figure 7 --out made
expect 2 "--out: is missing" "$ordpar" figure 6
expect 2 "--out: no/such: cannot be made" "$ordpar" figure 6 --out no/such
: >file
expect 2 "--out: file: is not a folder" "$ordpar" figure 6 --out file
expect 2 "--data: is for figure 3, got figure 6" "$ordpar" figure 6 --out made --data a.npy
expect 2 "--picture: must be one of svg.png.pdf, got 'gif'" "$ordpar" figure 6 --out made --picture gif
expect 2 "--data: is for figure 3, got figure phases" "$ordpar" figure phases --out made --data a.npy
expect_no made
expect 2 "--data: no.npy: cannot be read: No such file" "$ordpar" figure all --out file.d --data no.npy
[ -z "$(ls file.d)" ] || fail "figures before data that are missing"
# data are looked through before the panels that take none: six numbers, of which the last is none
{
    printf '\223NUMPY\001\000\166\000'
    printf '%-117s\n' "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2)}"
    head -c 40 /dev/zero
    printf '\000\000\000\000\000\000\370\177'
} >nan.npy
expect 2 "--data: nan.npy: example 2 has the value nan" "$ordpar" figure 3 --out file.d --data nan.npy
[ -z "$(ls file.d)" ] || fail "figures before data that are damaged"
expect 0 '' "$ordpar" figure --help
if [ -z "${BRIEF:-}" ]; then # a figure takes the sanitizers minutes
    # pictures that cannot be drawn cost none of the numbers
    expect 1 'figure6-left.svg is not drawn: the program gnuplot was not found' env PATH=/nowhere "$ordpar" figure 6 --out bare -q
    for command in curve "sweep --sweep eta=0.1" "closed-form escape"; do
        expect 2 'like: bare/figure6-left.csv: is a panel of a figure, which has the settings of no one model' "$ordpar" $command --like bare/figure6-left.csv
    done
    [ "$(ls bare | xargs)" = 'figure6-left-random.csv figure6-left.csv figure6-right.csv' ] || fail "without gnuplot: $(ls bare | xargs)"
fi
finish
