# SPDX-License-Identifier: GPL-3.0-or-later
# The numbers at the axes: at least two at each, all different, and right.
. "$(dirname "$0")/lib.sh"
which gnuplot >/dev/null || exit 77
export LC_ALL=C
# of an SVG: the texts that are numbers, 2×10-5 as 2e-5, those at the y axis first
numbers() { grep -o '<text>.*</text>' "$1" | sed 's/<[^>]*>//g; s/×10/e/; s/−/-/; s/^10-/1e-/' | grep -E '^ *-?[0-9][0-9.e+-]*$'; }
# apart FILE LOW HIGH: two numbers or more between LOW and HIGH, evenly, and none twice at the y axis
apart() {
    numbers "$1" | awk -v low="$2" -v high="$3" '
        {x = $1 + 0; slack = (high - low) / 4}
        n && x < last {exit} # they ascend; those at the x axis begin with 0
        n && x == last {twice = 1}
        {n++; last = x}
        x >= low - slack && x <= high + slack {y++}
        END {exit !(y > 1 && !twice)}' || fail "tics of ${*:2}: $(numbers "$1" | tr '\n' ' ')"
}
# table LOW HIGH: eps_g between them, alpha 0 to 10
table() { awk -v low="$1" -v high="$2" 'BEGIN {print "alpha,eps_g"; for (k = 10; k >= 0; k--) printf "%d,%.17g\n", 10 - k, low + (high - low) * k / 10}' >rows.csv; }
for range in "1e-5 3e-5" "1e-7 3e-7" "0.002 0.00201" "0.00465 0.004651" "0.02 0.0201" "2e-5 1.9e-4" "1 3" "1.5 1.9" "2e6 2.00001e6" "0.0056 0.0057" "5e8 9e8" "210 480"; do
    table $range
    for scale in lin log; do
        expect 0 '' "$ordpar" plot rows.csv --yscale $scale -o p.svg
        apart p.svg $range
    done
done

# a part of an axis; a curve whose rows are equally spaced
awk 'BEGIN {print "alpha,eps_g"; for (k = 0; k <= 200; k++) {a = 10 ^ (k / 50); printf "%.17g,%.17g\n", a, 0.005 + 0.01 / a}}' >rows.csv
for zoom in "--xrange 250:450 250 450" "--xrange 100:250 100 250" "--yrange 0.00501:0.00502 0.00501 0.00502" "--yrange 0.0051:0.0069 0.0051 0.0069"; do
    set -- $zoom
    expect 0 '' "$ordpar" plot rows.csv $1 $2 --xscale log --yscale log -q -o p.svg
    [ $1 = --xrange ] || apart p.svg $3 $4
    count=$(numbers p.svg | awk -v low=$3 -v high=$4 '$1 >= low * (1 - 1e-9) && $1 <= high * (1 + 1e-9)' | sort -u | wc -l)
    [ "$count" -ge 3 ] || fail "numbers in $zoom: $(numbers p.svg | tr '\n' ' ')"
done
expect 0 '' "$ordpar" curve -L 4 --eta 0.5 --alpha 1000:1200:10 -o c.csv --plot p.svg
[ "$(numbers p.svg | sort | uniq -d)" = "" ] || fail "twice: $(numbers p.svg | tr '\n' ' ')"

# a small picture of many curves says where there is no room
expect 0 '' "$ordpar" curve -L 1,4,16,64 --eta 0.1,0.5 --alpha 1:100:5:log -o many.csv
expect 0 '' "$ordpar" plot many.csv --size 8.6,6 -o p.svg
expect 0 '^ordpar plot: the legend leaves little of the picture: a larger --size, --legend none or --title none makes room$' "$ordpar" plot many.csv --size 8.6,4.5 -o p.svg
for options in "--size 8.6,4.5 --legend none" "--size 8.6,8" "" "--size 8.6,4.5 -q"; do
    expect 0 '' "$ordpar" plot many.csv $options -o p.svg
done

finish
