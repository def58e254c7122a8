# SPDX-License-Identifier: GPL-3.0-or-later
# plot and --plot: what gnuplot is told of any column of any file, which a gnuplot that writes it down shows; files of several curves.
. "$(dirname "$0")/lib.sh" "$1"
command -v gnuplot >/dev/null || finish

# a gnuplot that keeps its script
mkdir -p bin
printf '#!/bin/sh\ntee %q | %q -d\n' "$PWD/script" "$(command -v gnuplot)" >bin/gnuplot
chmod +x bin/gnuplot
# draws PATTERN COMMAND..: the script of its picture p.svg has a line like that
draws() {
    rm -f script p.svg
    expect 0 '' env "PATH=$PWD/bin:$PATH" "${@:2}"
    grep -qE -- "$1" script || fail "${*:2}: '$1' not in: $(grep -vE '^(-?[0-9]|END)' script)"
    grep -q '</svg>' p.svg || fail "${*:2}: no picture"
}
says() { # PATTERN: of the last script
    grep -qE -- "$1" script || fail "'$1' not in: $(grep -vE '^(-?[0-9]|END)' script)"
}
plot=("$ordpar" plot -o p.svg)

grid=(--alpha 0.1:100:10:log)
"$ordpar" curve -L 4 "${grid[@]}" -o along4.csv
"$ordpar" curve -L 1 "${grid[@]}" --moments 1 -o one.csv
"$ordpar" curve -L 16 "${grid[@]}" --format json -o many.json
"$ordpar" simulate -L 16 -N 256 --runs 3 --alpha 1,10,100 -q --format json -o sgd.json
"$ordpar" compare -L 16 -N 256 --runs 3 --alpha 1,10,100 -q -o both.csv 2>err.txt

for words in title xlabel ylabel legend; do
    expect 2 "--$words: must be a non-empty name, got ''; none leaves it out" "${plot[@]}" one.csv --$words ''
done

# theory and simulation: a line and points with errors, one colour for a model, a legend of what differs
draws 'data0 using 1:2 title "theory" with lines .*#0072B2' "${plot[@]}" both.csv
says 'data1 using 1:2:3 title "simulation ± standard error" with yerrorbars .*#0072B2'
says ', \$data0 using 1:2 notitle with lines .*#0072B2' # above its points
draws 'title "L = 1" with lines' "${plot[@]}" one.csv many.json
says 'title "L = 16" with lines .*#D55E00'
says 'xlabel "α = examples / N"'
says 'ylabel "generalization error ε_g"'
"$ordpar" curve -L 16 -N 256 "${grid[@]}" -o same.csv
# a curve of one drawn start is no theory of the mean over several
draws 'title "theory of one start" with lines' "${plot[@]}" same.csv sgd.json
"$ordpar" curve -L 1 -N 256 "${grid[@]}" -o other.csv # also beside another, of which none is simulated
draws 'title "simulation ± standard error; lines: theory of one start" with points .*#404040' "${plot[@]}" same.csv other.csv sgd.json
says 'title "L = 16" with lines .*title "L = 1" with lines'
"$ordpar" precision curve -L 16 -N 256 --alpha 0,1,10 --digits 17 -q -o digits17.csv # the others are doubles
draws 'set title "erf, K = 2, M = 2, N = 256, L = 16, β = 1, η = 0.1"' "${plot[@]}" same.csv digits17.csv
says 'title "same" .*title "digits17"'
"$ordpar" curve -L 16 -N 256 --alpha 0,1 --save-overlaps begun.ov -q -o begun.csv # nor is what went on from one, once or twice
"$ordpar" curve --continue begun.ov --alpha 1,10 --save-overlaps on.ov -q -o on.csv
"$ordpar" curve --continue on.ov --alpha 10,100 -q -o further.csv
for part in on.csv further.csv 'begun.csv on.csv' 'on.csv further.csv'; do
    draws 'title "theory of one start" with lines' "${plot[@]}" $part sgd.json
done
"$ordpar" curve -L 16 -N 256 --overlaps begun.ov --alpha 0,1 --save-overlaps given.ov -q -o given.csv 2>/dev/null
"$ordpar" curve --continue given.ov --alpha 1,10 -q -o given_on.csv
"$ordpar" simulate -L 16 -N 256 --overlaps begun.ov --seed 3 --runs 3 --alpha 1,10 -q -o given_sgd.csv 2>/dev/null
for part in given.csv given_on.csv; do
    draws 'title "theory" with lines .*#0072B2' "${plot[@]}" $part given_sgd.csv # of whatever seed: its start has none
    says 'title "simulation ± standard error" with yerrorbars .*#0072B2'
done
linear=(--activation linear -K 1 -M 1 -N 64 -L 64 --alpha 1,10 -q) # nor has one by which nothing is drawn
mean=(--init mean --teacher mean -N 64 -L 4 --alpha 1,10 -q)
"$ordpar" closed-form linear-exact "${linear[@]}" -o undrawn1.csv
"$ordpar" simulate --seed 2 --runs 2 "${linear[@]}" -o seeded1.csv
"$ordpar" curve "${mean[@]}" -o undrawn2.csv
"$ordpar" simulate --seed 2 --runs 2 "${mean[@]}" -o seeded2.csv
for k in 1 2; do
    draws 'title "theory" with lines .*#0072B2' "${plot[@]}" undrawn$k.csv seeded$k.csv
    says 'title "simulation ± standard error" with yerrorbars .*#0072B2'
done
mkdir -p a/folder/of/a/long/name/in/which/they/are
cp begun.ov a/folder/of/a/long/name/in/which/they/are
"$ordpar" curve -L 16 -N 256 --overlaps a/folder/of/a/long/name/in/which/they/are/begun.ov --alpha 0,1 -q -o given_far.csv 2>/dev/null
draws 'title "theory" with lines .*#0072B2' "${plot[@]}" given_far.csv given_sgd.csv
"$ordpar" curve -L 16 -N 256 --seed 3 --alpha 0,1 -q -o drawn3.csv
"$ordpar" curve -L 16 -N 256 --seed 1 --alpha 0,1 -q -o drawn1.csv
"$ordpar" simulate -L 16 -N 256 --overlaps begun.ov --runs 3 --alpha 1,10 -q -o given1_sgd.csv 2>/dev/null
"$ordpar" precision curve -L 16 -N 256 --overlaps begun.ov --alpha 0,1 --digits 17 -q -o given17.csv 2>/dev/null
"$ordpar" sweep --curves --sweep eta=.1,.2 -L 16 -N 256 --overlaps begun.ov --alpha 0,1 -q -o given_swept.csv 2>/dev/null
"$ordpar" sweep --curves --sweep eta=.1,.2 -L 16 -N 256 --seed 3 --alpha 0,1 -q -o swept3.csv
for pair in given.csv,drawn3.csv given17.csv,drawn3.csv given_swept.csv,swept3.csv; do
    draws 'title "overlaps = begun" .*title "seed = 3"' "${plot[@]}" ${pair/,/ }
done
draws 'title "given.*on" .*title "seed = 3"' "${plot[@]}" given_on.csv drawn3.csv
draws 'title "overlaps = begun" .*title "seed = 1" .*title "seed = 3"' "${plot[@]}" given.csv drawn1.csv drawn3.csv
for part in 'given.csv given1_sgd.csv given_sgd.csv' 'given1_sgd.csv given.csv given_sgd.csv'; do
    draws 'title "given.*title "seed = 3"' "${plot[@]}" $part # whose examples are drawn
done
"$ordpar" curve -L 16 -N 256 --alpha 1,10,100 --runs 3 -q -o starts.csv
draws 'title "theory" with lines' "${plot[@]}" starts.csv sgd.json
"$ordpar" simulate -L 16 -N 256 --runs 1 --alpha 1,10,100 -q -o single.csv
draws 'title "theory" with lines' "${plot[@]}" same.csv single.csv
"$ordpar" curve -L 16 -N 256 --alpha 1,10,100 --init mean --teacher mean -q -o mean.csv
"$ordpar" simulate -L 16 -N 256 --runs 3 --alpha 1,10,100 --init mean --teacher mean -q -o mean_sgd.csv
draws 'title "theory" with lines' "${plot[@]}" mean.csv mean_sgd.csv
draws 'data1 using 1:2:3 notitle with yerrorbars .*#0072B2|data1 using 1:2:3 title "simulation ± standard error" .*#0072B2' "${plot[@]}" same.csv sgd.json
draws 'title "L = 16, N = 256"|title "N = 256, L = 16"' "${plot[@]}" one.csv same.csv sgd.json
says 'NaN title "simulation ± standard error; lines: theory of one start" with points .* pt 6 '
says 'yerrorbars .* pt 6 ' # one key, one mark
cp one.csv other.csv
draws 'title "other"' "${plot[@]}" one.csv other.csv # nothing differs but the names
# files of one name are told apart by their folders or suffixes, models by what is in the files that they name
mkdir -p of/r1 of/r2
printf 'alpha,eps_g\n0,1\n1,.5\n2,.2\n' | tee of/r1/data.csv >of/r1/data.txt
printf 'alpha,eps_g\n0,1\n1,.7\n2,.4\n' >of/r2/data.csv
draws 'title "r1/data" with lines .*#0072B2' "${plot[@]}" of/r1/data.csv of/r2/data.csv
says 'title "r2/data" with lines .*#D55E00'
draws 'title "data.csv" with lines' "${plot[@]}" of/r1/data.csv of/r1/data.txt
says 'title "data.txt" with lines .*#D55E00'
long=$(printf 'x%.0s' $(seq 120))
cp of/r1/data.csv "1$long.csv"
cp of/r2/data.csv "2$long.csv"
draws 'title "\.\.x*, \(2\)" with lines .*#D55E00' "${plot[@]}" "1$long.csv" "2$long.csv"
for k in 1 2; do
    printf 'eigenvalue,multiplicity\n%s,20\n1,20\n' $((3 * k)) | tee of/levels.csv >of/r$k/levels.csv
    expect 0 '' "$ordpar" curve --spectrum of/levels.csv --alpha 0:20:9 -o of/theory$k.csv
    expect 0 '' "$ordpar" simulate --spectrum of/levels.csv --alpha 0:20:9 --runs 3 -q -o of/sgd$k.csv
    expect 0 '' "$ordpar" simulate --spectrum of/r$k/levels.csv --alpha 0:20:9 --runs 3 -q -o of/r$k/sgd.csv
done
draws 'title "spectrum = levels, theory1" with lines .*#0072B2' "${plot[@]}" of/theory1.csv of/sgd2.csv
says 'title "spectrum = levels, sgd2" .*#D55E00'
draws 'data1 using 1:2:3 .*#0072B2' "${plot[@]}" of/theory1.csv of/sgd1.csv of/theory2.csv of/sgd2.csv
says 'data3 using 1:2:3 .*#D55E00'
says 'title "spectrum = levels, theory2" .*#D55E00'
draws 'title "simulation ± standard error" .*#0072B2' "${plot[@]}" of/theory1.csv of/r1/sgd.csv # a copy of the spectrum
draws 'title "spectrum = r2/levels" .*#D55E00' "${plot[@]}" of/r1/sgd.csv of/r2/sgd.csv
expect 0 '' "$ordpar" sweep --sweep L=1,4,16 --sweep eta=0.1,0.10000001 --alpha 0:5:3 -q -o of/near.csv
draws 'title "η = 0.10000001"' "${plot[@]}" of/near.csv --column eps_g --x L
draws 'title "A_1" with lines' "${plot[@]}" one.csv many.json --labels A_1,B
draws 'title "A_1" with lines' "${plot[@]}" one.csv many.json --legend A_1,B
expect 2 '--legend: needs 2, one for each model, with commas between, got 3' "${plot[@]}" one.csv many.json --legend A,B,C

# columns, expressions, axes
draws 'title "Q\^\{\(1\)\}_\{1,2\}"' "${plot[@]}" one.csv --column Q1_1_1,Q1_1_2
draws 'xlabel "α η/L"' "${plot[@]}" one.csv many.json --x 'alpha*eta/L'
grep -q '^0.01 0\.' script || fail "alpha eta / L at L = 1: $(grep -m1 '^[0-9]' script)"
expect 2 "--column: must be a column of numbers .* got 'nothing'; there are alpha, eps_g, .*\(one.csv\)" "${plot[@]}" one.csv --column nothing
for wrong in '' 'eps_g+' '(eps_g' 'eps_g)' 'eps_g eps_g' '2^'; do
    expect 2 '--column: must be ' "${plot[@]}" one.csv --column "$wrong"
done
expect 2 "got 'eps_g\)'; there are" "${plot[@]}" one.csv --column 'eps_g)'
draws 'xlabel "\.5 α"' "${plot[@]}" one.csv --x '.5*alpha' # as Python writes them
draws 'xlabel "α = ' "${plot[@]}" one.csv --x '+alpha'
draws 'ylabel "ε_g.* \(-1\)"' "${plot[@]}" one.csv --column 'eps_g*-1' --yscale lin # a product, no difference
draws 'ylabel "ε_g.*\^\{-1\}"' "${plot[@]}" one.csv --column 'eps_g^-1'
expect 2 "got 'alpha\*runs', and 'runs' is none" "${plot[@]}" one.csv --x 'alpha*runs'
expect 2 "got 'sqrt\(eps_g'; there are" "${plot[@]}" one.csv --x 'sqrt(eps_g'
expect 2 "got 'eps_g\+nothing', and 'nothing' is none; there are" "${plot[@]}" one.csv --column eps_g+nothing
draws 'set logscale x' "${plot[@]}" one.csv --xscale log --yscale lin --xrange 1:50 --yrange 0:0.2 --title 'K = M' --size 8.6,6
says 'set xrange \[(1|0.9999999[0-9]*):50[.0-9]*\]'
says 'set yrange \[0:0.2\]'
says 'set title "K = M"'
says 'svg size 325,227'
says "font 'DejaVu Sans,10.6667'"
! grep -q 'logscale y' script || fail "--yscale lin"
says 'set xtics \(.*, 5, .*, 10, ' # a range of less than two decades has its own tics
draws 'set ylabel "R_\{in\}"' "${plot[@]}" one.csv --column Q1_1_1,Q1_1_2 --ylabel 'R_{in}' --xlabel 'examples'
says 'set xlabel "examples"'
"$ordpar" curve -L 1 --alpha 1:1e5:50:log --eta 0.5 -o deep.csv
draws 'set yrange \[1\.[0-9]*e-09:' "${plot[@]}" -q deep.csv # 8 decades
draws 'set yrange \[1\.[0-9]*e-31:' "${plot[@]}" -q deep.csv --decades 30
expect 2 "--yrange: must be A:B with A < B, got '2:1'" "${plot[@]}" one.csv --yrange 2:1
expect 2 "--yrange: must be A:B with A < B, got '1:1.0000000000000002'" "${plot[@]}" one.csv --yrange 1:1.0000000000000002
expect 1 '^ordpar plot: --output: .* is not drawn: no point lies in --xrange 1e\+10:1e\+11, so give --yrange too; the file there is older$' "${plot[@]}" one.csv --xrange 1e10:1e11
expect 1 '^ordpar curve: --plot: p2.svg is not drawn: no point lies in --xrange' "$ordpar" curve "${grid[@]}" -o kept.csv --plot p2.svg --xrange 1e10:1e11
grep -q eps_g kept.csv && rm kept.csv || fail "--xrange without points: no numbers"
expect 2 "--xrange: must be A:B with 0 < A < B" "${plot[@]}" one.csv --xscale log --xrange 0:1
for size in 8 2.99,6 6,2.99 100.1,6 6,100.1; do
    expect 2 '--size: must be W,H' "${plot[@]}" one.csv --size $size
done
for size in 3,100 100,3; do
    expect 0 '' "$ordpar" curve --dry-run "${grid[@]}" --plot p2.svg --size $size
done
expect 2 '--size: is for --plot' "$ordpar" curve "${grid[@]}" --size 8,6

expect 2 "--column: must be .* got 'nothing'" "$ordpar" curve "${grid[@]}" -o kept.csv --plot p2.svg --column nothing # before the work
expect_no kept.csv p2.svg

expect 2 "--column: has no place beside histogram, got 'eps_g'" "${plot[@]}" one.csv --histogram eps_g --column eps_g
expect 2 "--x: has no place beside histogram" "$ordpar" curve -L 1,2 "${grid[@]}" --plot p.svg --histogram eps_g --x alpha
expect 2 '--format: is that of tables' "${plot[@]}" one.csv --format json
expect 1 '^ordpar plot: --column: there are no numbers to draw' "${plot[@]}" one.csv --column 'log(-eps_g)'
draws 'xlabel "α = steps / N"' "$ordpar" curve -L 1 --batch 4 "${grid[@]}" -o batch.csv --plot p.svg
draws 'xlabel "α = steps / N"' "${plot[@]}" batch.csv
draws 'xlabel "α = steps"' "$ordpar" curve -L 1 --batch-fraction 0.1 --alpha 0:4:3 --format json -o batch.json --plot p.svg
draws 'xlabel "α = steps"' "${plot[@]}" batch.json

# several curves in one go: a column for what differs, and --like reads them back
draws 'title "L = 4" with lines' "$ordpar" curve -L 1,4,16 "${grid[@]}" -o l.csv --plot p.svg
says 'set title "erf, K = 2, M = 2, N = 1024, β = 1, η = 0.1"'
[ "$(grep -v '^#' l.csv | head -1)" = L,alpha,eps_g ] || fail "columns of l.csv"
[ "$(awk -F, '$1 == 16 { print $2 "," $3 }' l.csv)" = "$("$ordpar" curve -L 16 "${grid[@]}" | grep -v '^#' | tail -n +2)" ] || fail "L = 16 in l.csv"
grep -q '^# settings: eigenvalues=1,4,16 alpha' l.csv || fail "settings of l.csv"
draws 'title "α = 10" with lines' "$ordpar" curve -L 1,4,16 --alpha 1,10,100 -o at.csv --plot p.svg --x L # against what differs
says 'xlabel "distinct eigenvalues L"'
draws 'title "L = 4" with lines' "${plot[@]}" at.csv --x 'alpha/L'
expect 2 'plot: 300 lines, one for each combination of alpha and the swept settings beside L' "${plot[@]}" <("$ordpar" curve -L 1,2) --x L
for format in csv json; do
    expect 0 '' "$ordpar" curve -L 1,4 --eta 0.1,0.2 "${grid[@]}" --format $format -o two.$format
    expect 0 '' "$ordpar" curve --like two.$format --format $format -o again.$format
    cmp -s <(grep -v '^#* *"*command' two.$format) <(grep -v '^#* *"*command' again.$format) || fail "--like of two.$format"
    draws 'title "L = 4, η = 0.2"' "${plot[@]}" two.$format
done
expect 0 '' "$ordpar" curve --like l.csv -L 4
[ "$(grep -v '^#' out.txt | head -1)" = alpha,eps_g ] || fail "--like and one L"
# .. also of names
draws 'title "activation = relu" with lines' "$ordpar" curve --activation relu,hermite:0.5,0.1,erf --small-eta "${grid[@]}" -o names.csv --plot p.svg
[ "$(grep -v '^#' names.csv | cut -d, -f1 | uniq | xargs)" = 'activation relu hermite:0.5;0.1 erf' ] || fail "names.csv"
for activation in relu hermite:0.5,0.1 erf; do
    "$ordpar" curve --activation $activation --small-eta "${grid[@]}" | grep -v '^#' | sed "1d;s/^/${activation//,/;},/"
done | cmp - <(grep -v '^#' names.csv | sed 1d) || fail "names.csv has other numbers"
"$ordpar" curve --like names.csv | cmp <(grep -v '^# command' names.csv) <(grep -v '^# command') || fail "--like names.csv"
expect 2 'report: l.csv: has several curves, of L \(3\); need one' "$ordpar" report l.csv
expect 2 'point 2 \(L=3\): .*must divide N' "$ordpar" curve -L 1,3
expect 2 '--moments: the curves have different columns' "$ordpar" curve -K 2,3 --moments 1 --alpha 0:1:2
expect 2 '--save-overlaps: is for one curve' "$ordpar" curve -L 1,2 --save-overlaps o.csv
expect 2 '--like: l.csv: eigenvalues has several values there \(1,4,16\): give the one that is meant$' "$ordpar" simulate --like l.csv

# sweeps: lines for combinations, expressions of two swept settings, predictions beside what is measured, gaps, histograms
"$ordpar" sweep --sweep K=M=2,3 --sweep L=1,2,4 --teacher mean --sigma-j 1e-5 --eta 0.5 --alpha 0.1:2e3:150:log -o escape.csv --format csv
"$ordpar" sweep --sweep K=M=2,3 --sweep L=1,2,4 --teacher mean --sigma-j 1e-5 --eta 0.5 --alpha 0.1:2e3:150:log -o escape.json --format json
for file in escape.csv escape.json; do
    draws 'title "K = M = 3" with lines' "${plot[@]}" $file --x 'M^2/L' --column escape_time,1/escape_rate_predicted
    says 'xlabel "M\^\{2\}/L"'
    says 'NaN title "measured" with points'
done
grep -q ' eigenvalues=' escape.csv && fail "the default of a swept setting: $(grep '^# settings' escape.csv)"
sed '/^2,/s/^\(2,[^,]*,[^,]*,[^,]*,[^,]*\),[^,]*/\1,nan/' escape.csv >gap.csv
draws '^2 NaN NaN' "${plot[@]}" -q gap.csv
expect 0 'not show all: 1 of 6 points without a number$' "${plot[@]}" gap.csv
printf 'alpha,eps_g\n1,1\n2,nan\n3,0\n100,.001\n' >odd.csv
expect 0 'not show all: 1 of 4 points without a number; 1 of 4 points at 0 or less, on a logarithmic axis$' "${plot[@]}" odd.csv
printf 'alpha,eps_g\n-1,.3\n0,.2\n2,.1\n3,.01\n' >before.csv # a start at 0 is no loss, what is before it is one
expect 0 'not show all: 1 of 4 points at 0 or less, on a logarithmic axis$' "${plot[@]}" before.csv --xscale log
# what is swept is a line with its marks, in the legend too; settings that all share are the title
draws 'title "K = M = 2" with linespoints pt 4' "${plot[@]}" -q escape.csv --x L
says 'set title "erf, N = 1024, β = 1, η = 0.5, σ_J.* = 10\^\{-5\}, teacher mean"$'
draws 'set title "erf, K = 2, M = 2, N = 1024, β = 1, η = 0.1"' "${plot[@]}" one.csv many.json
printf 'eigenvalue,multiplicity\n2,4\n1,4\n' >two_levels.csv
draws 'set title "erf, K = 2, M = 2, N = 8, L = 2, spectrum = two\\\\_levels, η = 0.1"' "$ordpar" curve --spectrum two_levels.csv "${grid[@]}" -o levels.csv --plot p.svg
draws 'L = 2,\\nspectrum = two\\\\_levels, η = 0.1"' "${plot[@]}" --size 8.6,6 levels.csv levels.csv # in lines, where it is narrow
[ "$("${plot[@]}" escape.csv --column foo 2>&1 | grep -c "got 'foo'; there are point, .*plateau_length_predicted and [0-9]* others (escape.csv)$")" -eq 1 ] || fail "--column foo: $("${plot[@]}" escape.csv --column foo 2>&1)"
expect 2 "there are point, K, M, L, alpha_end, eps_g," "${plot[@]}" escape.csv --column status
draws 'ylabel "number of starts"' "$ordpar" sweep --sweep seed=1:20:20 -L 1 --alpha 0.1:5000:100:log --eta 0.5 -o h.csv --plot p.svg --histogram plateau_exit
expect 0 '' "${plot[@]}" h.csv --histogram plateau_exit --bins 9
cp p.svg few.svg
expect 0 '' "${plot[@]}" h.csv --histogram plateau_exit --bins 40
cmp -s p.svg few.svg && fail "--bins"
expect 2 "--bins: must be a whole number from 1 to 60, got '0'" "${plot[@]}" h.csv --histogram plateau_exit --bins 0
for power in 'L**2' 'L²'; do # as others write L^2
    expect 0 '' "${plot[@]}" l.csv --column "eps_g*$power"
    cp p.svg power.svg
    expect 0 '' "${plot[@]}" l.csv --column 'eps_g*L^2'
    cmp -s p.svg power.svg || fail "$power is not L^2"
done
says 'with filledcurves y=0'
says 'xlabel "end of the plateau, α"'
[ "$(awk '/^\$data0/ { on = 1; next } /^END/ { on = 0 } on && ++n % 2 == 0 { s += $2 } END { print s }' script)" = 20 ] || fail "bars do not add up to 20"
expect 1 'there are no numbers to draw' "${plot[@]}" escape.csv --histogram 'log(-L)'
expect_no p2.svg

# the law of the escape over the bars of its model: as many starts as there are; whole numbers at the axis
for L in 1 4; do
    "$ordpar" closed-form escape-law -L $L --eta 0.5 --sigma-j 1e-3 -o law$L.csv
done
"$ordpar" closed-form escape-law -K 3 -M 3 -L 4 --eta 0.5 --sigma-j 1e-3 --format json -o law3.json
"$ordpar" sweep --sweep seed=1:12 --sweep L=1,4 --eta 0.5 --teacher mean --sigma-j 1e-3 --alpha 0.1:2000:100:log -q -o exits.csv
# area SERIES: starts under a law, from a row a 240th of 1.6 times the range and bins in it
draws 'NaN title "law over starts \(theory\)" with lines' "${plot[@]}" exits.csv law4.csv law1.csv --histogram plateau_exit
says 'data2 using 1:2 notitle with lines .*#D55E00'
says 'set title "erf, K = 2, M = 2, N = 1024, β = 1, η = 0.5, σ_J.* = 10\^\{-3\}, teacher mean"$'
says '^set ytics [12]$'
sums() { awk -v d="\$data$1" '$1 == d { on = 1; next } /^END/ { on = 0 } on { x[++n] = $1; s += $2 } END { print s * (x[2] - x[1]) / '"$2"' }' script; }
bin=$(awk '$1 == "$data0" { on = 1; next } /^END/ { on = 0 } on && ++n == 2 { a = $1 } on && n == 3 { print $1 - a; exit }' script)
for law in 2 3; do
    awk -v sum="$(sums $law "$bin")" 'BEGIN { exit !(sum > 11.7 && sum < 12.1) }' || fail "law $law has $(sums $law "$bin") of 12 starts"
done
expect 2 '^ordpar plot: --histogram: must be plateau_exit, which the law of the escape is of, got .escape_time. .law1.csv.$' "${plot[@]}" exits.csv law1.csv --histogram escape_time
expect 2 '^ordpar plot: --histogram: has to be given: the law of the escape is drawn over a histogram' "${plot[@]}" exits.csv law1.csv
expect 1 'no numbers to draw: a law needs the file of a sweep over seeds' "${plot[@]}" law1.csv --histogram plateau_exit
[ "$(grep -o '"exits": *"[^"]*"' law3.json | wc -w)" -ge 64 ] || fail "no exits in law3.json"
draws 'title "law over starts' "${plot[@]}" <(grep -v ',4,' exits.csv) law3.json --histogram plateau_exit
# .. and a law of another model says of which
draws 'title "law over starts \(theory\), .*K.* = 3' "${plot[@]}" exits.csv law3.json --histogram plateau_exit
draws 'title "law over starts \(theory\), .*K.* = 3' "${plot[@]}" exits.csv law1.csv law3.json --histogram plateau_exit
says 'title "law over starts \(theory\)" '
# .. of as many starts as bars have on average; whatever the order of what is swept, and however numbers are written
awk -v sum="$(sums 3 "$bin")" 'BEGIN { exit !(sum > 10 && sum < 12.1) }' || fail "a law of no bars has $(sums 3 "$bin") starts"
"$ordpar" sweep --sweep seed=1:6 --sweep sigma-j=1e-3,1e-2 --sweep L=1,4 --eta 0.5 --teacher mean --alpha 0.1:2000:60:log -q -o sizes.csv
draws 'NaN title "law over starts \(theory\)" with lines' "${plot[@]}" sizes.csv law1.csv --histogram plateau_exit
says 'data4 using 1:2 notitle with lines .*#0072B2'

# a run in parts is one curve, beside others too
expect 0 '' "$ordpar" curve -L 4 -N 256 --alpha 0.1:20:10:log --save-overlaps end1.csv -o part1.csv
expect 0 '' "$ordpar" curve --continue end1.csv --alpha 20:50:5 --save-overlaps end2.csv -o part2.csv
expect 0 '' "$ordpar" curve --continue end2.csv --alpha 50:90:5 -o part3.csv
draws 'data2 using 1:2 notitle with lines .*#0072B2' "${plot[@]}" part1.csv part2.csv part3.csv
draws 'data0 using 1:2 title "N = 256" with lines' "${plot[@]}" part1.csv part2.csv part3.csv along4.csv
says 'data2 using 1:2 notitle with lines .*#0072B2'
says 'title "N = 1024" with lines .*#D55E00'
# .. which goes on from what it has begun with, and not from files of the same names with other content
for folder in A B; do
    mkdir -p $folder
    level=$(($(printf %d "'$folder") - 60)) # 5 and 6
    printf 'eigenvalue,multiplicity\n%s,4\n1,4\n' $level >$folder/spectrum.csv
    printf 'BAABBBC%s' $level | npy $folder/data.npy 4,2
    "$ordpar" curve -L 2 -N 8 --alpha 0,1 --seed $level --save-overlaps $folder/overlaps.csv -o old.csv
    for kind in spectrum data overlaps; do
        file=$kind.$([ $kind = data ] && echo npy || echo csv)
        sizes=$([ $kind != overlaps ] || echo -L 2 -N 8)
        (
            cd $folder || exit
            # shellcheck disable=SC2086
            expect 0 '' "$ordpar" curve -q $sizes --$kind $file --alpha 0:20:5 --save-overlaps ${kind}1end.csv -o ${kind}1.csv
            expect 0 '' "$ordpar" curve -q --continue ${kind}1end.csv --alpha 20:50:5 --save-overlaps ${kind}2end.csv -o ${kind}2.csv
            expect 0 '' "$ordpar" curve -q --continue ${kind}2end.csv --alpha 50:90:5 -o ${kind}3.csv
            "$ordpar" curve -q --continue ${kind}2end.csv --alpha 50:90:5 --format json -o ${kind}3.json
        ) || exit
        digest=$(grep -o "$kind=[0-9a-f]*" <(grep '^# digests: ' $folder/${kind}1.csv))
        for part in 2.csv 2end.csv 3.csv 3.json; do
            grep 'digests' $folder/$kind$part | grep -q "$digest continue=" || fail "$folder/$kind$part does not note $digest"
        done
    done
    for file in spectrum.csv data.npy; do
        (cd $folder && "$ordpar" simulate --${file%.*} $file --alpha 0:2:3 --runs 3 -q -o ${file%.*}.sgd.csv)
    done
done
for kind in spectrum data overlaps; do
    draws 'data5 using 1:2 notitle with lines .*#D55E00' "${plot[@]}" {A,B}/$kind[123].csv
    says 'data1 using 1:2 notitle with lines .*#0072B2'
    says 'data2 using 1:2 notitle with lines .*#0072B2'
    says "data3 using 1:2 title \"$kind = $kind, B/${kind}1\" with lines .*#D55E00"
    draws 'data2 using 1:2 notitle with lines .*#0072B2' "${plot[@]}" A/${kind}1.csv A/${kind}2.csv A/$kind"3.json"
    draws "data1 using 1:2 title \"${kind}2\" with lines .*#D55E00" "${plot[@]}" A/${kind}1.csv B/${kind}2.csv
    draws "data1 using 1:2 title \"${kind}3\" with lines .*#D55E00" "${plot[@]}" A/${kind}2.csv B/${kind}3.csv
    draws "data0 using 1:2 title \"A/${kind}2\" with lines .*data1 using 1:2 title \"B/${kind}2\"|data1 using 1:2 title \"B/${kind}2\"" "${plot[@]}" {A,B}/${kind}2.csv
done
for kind in spectrum data; do # nor is it the theory of runs of another
    draws "data1 using 1:2:3 title \"$kind = $kind\" .*#D55E00" "${plot[@]}" A/${kind}2.csv B/$kind.sgd.csv
    draws "set title \".*, $kind = $kind," "${plot[@]}" A/${kind}2.csv A/$kind.sgd.csv
    says 'data0 using 1:2 title "theory of one start" with lines .*#0072B2'
    says 'data1 using 1:2:3 title "simulation ± standard error" .*#0072B2'
done
draws 'data1 using 1:2 title "spectrum2" .*#D55E00' "${plot[@]}" part1.csv A/spectrum2.csv # of a power law
# .. where nothing notes what it has begun with, as in files of older versions, nothing contradicts it
sed 's/^# digests: .*/# digests: continue=0123456789abcdef/' A/spectrum2.csv >older.csv
draws 'data1 using 1:2 notitle with lines .*#0072B2' "${plot[@]}" A/spectrum1.csv older.csv
grep -v '^# digests' A/spectrum1end.csv >older_end.csv
expect 0 '' "$ordpar" curve -q --continue older_end.csv --alpha 20:50:5 -o older2.csv
cmp -s <(grep -v '^#' older2.csv) <(grep -v '^#' A/spectrum2.csv) || fail "a state of an older version goes on otherwise"
draws 'data1 using 1:2 notitle with lines .*#0072B2' "${plot[@]}" A/spectrum1.csv older2.csv
# a curve without notes is the theory of no simulation, nor is one the theory of a simulation without
grep -v '^#' A/spectrum2.csv >bare_curve.csv
grep -v '^#' A/spectrum.sgd.csv >bare_runs.csv
for pair in 'A/spectrum.sgd bare_curve' 'bare_runs A/spectrum1' 'bare_runs bare_curve'; do
    runs=${pair% *} curve=${pair#* }
    draws "data1 using 1:2 title \"$(basename $curve | sed 's/_/.*_/')\" with lines .*#D55E00" "${plot[@]}" $runs.csv $curve.csv
    says "title \"$(basename $runs | sed 's/_/.*_/')\" with .*#0072B2"
    draws 'using 1:2:3 .*#D55E00' "${plot[@]}" $curve.csv $runs.csv
done

# tasks: lines and points with errors, a colour each; bands of two kinds
tasks='{"tasks": [{"student_output": [1, 1], "teacher_output": [1, 0], "probability": [[0, 0.5]]}, {"student_output": [1, 1], "teacher_output": [0, 1], "probability": [[0, 0.5]]}]}'
"$ordpar" compare -L 4 -N 64 --tasks "$tasks" --alpha 1,10,30 --runs 3 -q -o tasks.csv 2>err.txt
draws 'title "ε_g\u200b of task 2"|title "ε_g. of task 2"' "${plot[@]}" tasks.csv --column theory_1,mean_1,theory_2,mean_2
says 'data3 using 1:2:3 notitle with yerrorbars .*#D55E00'
says 'ylabel "generalization error ε_g"'
# .. which are text are told by how many there are, and those that are as many by their files
"$ordpar" curve -L 4 -N 64 --tasks "$tasks" "${grid[@]}" -q -o two_tasks.csv
draws 'data2 using 1:2:3 notitle with yerrorbars .*#0072B2' "${plot[@]}" two_tasks.csv tasks.csv --column eps_g_1,eps_g_2,mean_1
says 'title "ε_g.* of task 1" with lines .*#0072B2.* title "ε_g.* of task 2" with lines'
"$ordpar" curve -L 4 -N 64 --tasks "${tasks/1, 0/1, 1}" "${grid[@]}" -q -o other_tasks.csv
"$ordpar" curve -L 4 -N 64 "${grid[@]}" -q -o no_tasks.csv
draws 'title "2 tasks' "${plot[@]}" two_tasks.csv no_tasks.csv
draws 'title "2 tasks, two.*tasks".* title "2 tasks, other.*tasks"' "${plot[@]}" two_tasks.csv other_tasks.csv
"$ordpar" curve -L 4 --runs 3 "${grid[@]}" -o starts.csv
"$ordpar" curve -L 4 --fluctuations "${grid[@]}" -o spread.csv
draws 'NaN title "5 to 95 % of starts" with filledcurves .* noborder' "${plot[@]}" starts.csv spread.csv
says 'NaN title "± 1 sd of single runs" with filledcurves .* border lc'

# what leaves the frame is said
expect 0 '^ordpar plot: the picture does not show all: L = 1 leaves it below, L = 16 lies outside$' "${plot[@]}" one.csv many.json --yrange 0.09:0.5 --xrange 2:100
expect 1 '^ordpar plot: --output: p.svg is not drawn: nothing lies in --yrange 1:10; the file there is older$' "${plot[@]}" one.csv --yrange 1:10

# equally spaced rows have a linear axis, and a curve that is told by others' rows has theirs
draws 'set title' "$ordpar" curve -L 4 --alpha 1:1000:40 -o even.csv --plot p.svg
! grep -q 'logscale x' script || fail "equally spaced rows on a logarithmic axis"
draws 'set logscale x' "$ordpar" plot even.csv one.csv -q -o p.svg
draws 'set logscale x' "$ordpar" plot even.csv -o p.svg --xscale log
draws 'set title' "$ordpar" closed-form linear-exact -N 64 -L 64 --alpha 1:1000:40 -o /dev/null --plot p.svg
! grep -q 'logscale x' script || fail "equally spaced rows of a closed form"
# numbers below 0 have a linear axis, also of a simulation; its errors alone are rounded
"$ordpar" compare -N 64 -L 1 --eta 0.5 --runs 3 --alpha 1:500:10:log -q -o made.csv 2>err.txt
awk -F, -v OFS=, '!/^[#a]/ { $5 = ++row == 2 ? -3 : row == 3 ? 0.01 : 1 } 1' made.csv >z.csv
draws 'set ylabel "z"' "${plot[@]}" z.csv --column z
! grep -q 'logscale y' script || fail "numbers below 0 on a logarithmic axis"
draws 'set ylabel' "${plot[@]}" z.csv --x z --column mean
! grep -q 'logscale x' script || fail "numbers below 0 on a logarithmic axis of x"
draws 'logscale y' "${plot[@]}" z.csv
awk -F, -v OFS=, '!/^[#a]/ && ++row == 5 { $3 = -1e-17 } 1' z.csv >rounded.csv
draws 'logscale y' "${plot[@]}" -q rounded.csv --column mean
draws 'set ylabel' "${plot[@]}" rounded.csv --column 'mean*1'
! grep -q 'logscale y' script || fail "an expression below 0 on a logarithmic axis"

# what alpha counts is not guessed where the notes are lost, as pandas leaves them out
"$ordpar" curve -L 4 -N 64 --batch-fraction 0.25 --alpha 1:100:9:log -o batches.csv
draws 'xlabel "α = steps"' "${plot[@]}" batches.csv
grep -v '^#' batches.csv >bare.csv
draws 'xlabel "α"$' "${plot[@]}" bare.csv
draws 'xlabel "α"$' "${plot[@]}" one.csv bare.csv
awk -F, -v OFS=, '/^point/ { for (k = 1; k <= NF; k++) if ($k == "plateau_exit") c = k } /^[12],/ { $c = "nan" } 1' h.csv >some.csv
expect 0 'picture does not show all: 2 of 20 points without a number$' "${plot[@]}" some.csv --histogram plateau_exit
# a command's picture and that of its file have one title, which tells all of the model that is no default
entitled() { # TITLE COMMAND..
    rm -f title.csv
    draws "set title \"$(sed 's/[()^{}]/\\&/g;s/, /,( |\\\\n)/g' <<<"$1")\"" "${@:2}" -o title.csv --plot p.svg
    grep '^set title' script >title.txt
    draws 'set title' "$ordpar" plot title.csv -q -o p.svg
    grep '^set title' script | cmp -s title.txt - || fail "${*:2}: $(cat title.txt) but of its file $(grep '^set title' script)"
}
entitled 'erf, K = 2, M = 2, N = 1024, L = 4, β = 1, teacher-decay = 1, η = 0.1, σ_J.* = 10^{-3}, label-noise = 0.1, κ = 10^{-4}, momentum = constant:1:0.1, init mean' \
    "$ordpar" curve -L 4 "${grid[@]}" --momentum constant:1:0.1 --weight-decay 1e-4 --label-noise 0.1 --teacher-decay 1 --sigma-j 1e-3 --init mean -q
entitled 'erf, K = 2, M = 2, N = 8, L = 2, spectrum = two.*_levels, normalise, η = 0.4 (1 . α/50)^{-0.5}, small η, batch = 4' \
    "$ordpar" curve --spectrum two_levels.csv --normalise --small-eta --eta 0.4 --schedule power:0.5:50 --batch 4 "${grid[@]}" -q
for blocks in 4 16; do # which notes count after they were spread: as many, here
    "$ordpar" curve -N 32 -L $blocks --spread 0.1 --alpha 0:4:3 -q -o "spread$blocks.csv"
done
draws 'set title "erf, K = 2, M = 2, N = 32, β = 1, spread = 0.1, η = 0.1"' "${plot[@]}" spread4.csv spread16.csv
says 'title "L = 4".*title "L = 16"'
entitled 'erf, K = 2, M = 2, N = 64, L = 4, β = 1, spread = 0.1, η = 0.1, 2 runs' bash -c '"$@" 2>verdict.txt' - "$ordpar" compare -N 64 -L 4 --spread 0.1 --runs 2 --alpha 1:9:3 -q
entitled 'erf, K = 2, M = 2, N = 64, L = 4, β = 1, η = 0.1, 1 run' "$ordpar" simulate -N 64 -L 4 --runs 1 --alpha 1:9:3 -q
entitled 'erf, K = 2, M = 2, N = 1024, L = 4, β = 1, η = 0.1, cosine to 0.01 at α = 10, 3 starts' "$ordpar" curve -L 4 --schedule cosine:10:0.1 --runs 3 "${grid[@]}" -q
entitled 'erf, K = 2, M = 2, N = 256, L = 4, β = 1, η = 0.1' "$ordpar" curve --continue end1.csv --alpha 20:50:5 -q
entitled 'linear-exact: linear, K = 2, M = 2, N = 64, L = 64, β = 1, η = 0.1' "$ordpar" closed-form linear-exact -N 64 -L 64 "${grid[@]}" -q
entitled 'erf, K = 2, M = 2, N = 1024, L = 2, β = 1, η = 0.1, 12 digits' "$ordpar" precision curve -L 2 --alpha 0:1:3 --digits 12 -q
entitled 'erf, K = 2, M = 2, N = 64, L = 2, β = 1, label-noise = 0.1, η ≤ 2' "$ordpar" optimize -L 2 -N 64 --label-noise 0.1 --eta-max 2 --until 5 --knots 3 -q
draws 'set title "erf, K = 2, M = 2, N = 64, L = 2, β = 1, label-noise = 0.1, η from title"' "$ordpar" curve -L 2 -N 64 --label-noise 0.1 --schedule title.csv "${grid[@]}" --plot p.svg

# names that are no UTF-8 leave JSON valid; a reader that goes is no error of help
bad=$(printf 's\377p.csv')
printf 'eigenvalue,multiplicity\n1,24\n' >"$bad"
expect 0 '' "$ordpar" curve --spectrum "$bad" --alpha 0:1:2 --format json
iconv -f UTF-8 -t UTF-8 out.txt >/dev/null || fail "JSON is no UTF-8"
expect 0 '' bash -c 'set -o pipefail; "$1" curve --help | head -1 && "$1" help man | head -1' - "$ordpar"

# report and plot read JSON, also from pipes
expect 0 '' "$ordpar" report many.json
cp out.txt report.txt
expect 0 '' bash -c '"$1" report - <many.json' - "$ordpar"
cmp -s <(grep -v '^# command' out.txt) <(grep -v '^# command' report.txt) || fail "report of a pipe"
expect 2 '--eigenvalues: 1 contradicts many.json, which has 16' "$ordpar" report many.json -L 1
printf '{"columns": ["alpha", "eps_g"], "rows": [[1, 2], [3]]}' >short.json
expect 2 'short.json: row 2: must have 2 columns, got 1' "$ordpar" report short.json
printf '{"columns": ["alpha", "eps_g"]}' >none.json
expect 2 'none.json: must have "columns" and "rows" of as many cells' "$ordpar" report none.json
printf '{"columns": [' >torn.json
expect 2 'torn.json: line 1: ' "${plot[@]}" torn.json
printf 'alpha,eps_g\n1,x\n' >words.csv
expect 2 "words.csv: row 1, eps_g: must be a finite number, got 'x'" "$ordpar" report words.csv
expect 2 '--column: (must be a column of numbers|has to be given)' "${plot[@]}" words.csv
expect 2 '--y: no such option .did you mean --column' "${plot[@]}" --y eps_g words.csv
printf 'alpha,eps_g\n1,2\n2,abc\n3,1\n' >stray.csv
expect 2 "^ordpar plot: row 2, eps_g: must be a number, got 'abc' .stray.csv.$" "${plot[@]}" stray.csv
printf '{"columns": ["alpha", "eps_g"], "columns": ["alpha", "y"], "rows": [[1, 2], [3, 4]]}' >twice.json
expect 2 'twice.json: line 1: ' "${plot[@]}" twice.json
draws 'set title "A \\\\& B, \\\\~10, C:\\\\\\\\data, a\\\\@b, ε_g, \\\\_"' "${plot[@]}" one.csv --title 'A & B, ~10, C:\data, a@b, ε_g, \_'
draws 'title "theory \\\\& SGD"' "${plot[@]}" one.csv --legend 'theory & SGD'
# the series of a figure's file, each as its notes say
printf '%s\n' '# panel: linear, σ_J = 10^-6, C^1/3, R^(p)_in of N_l' '# x: α = examples / N' '# y: ε_g' \
    '# series 1: line, colour 2: equations' '# series 2: points, colour 2: simulation, 3 runs' '# series 3: guide: slope -0.500, window' \
    '# series 4: guide' 'series,x,y,stderr' 1,1,1,0 1,10,.1,0 1,100,.01,0 2,1,.9,.1 2,100,.02,.001 3,1,.5,0 3,100,.05,0 4,5,1,0 4,5,.1,0 >figure.csv
draws 'plot \$data0 using 1:2 title "equations" with lines lw 2 .*, \$data2 using 1:2 title "slope -0.500, window" with lines lw 1.4 .*\$data3 using 1:2 notitle' "${plot[@]}" figure.csv
says 'title "equations" with lines [^,]*#D55E00'
says 'data1 using 1:2:3 title "simulation, 3 runs" with yerrorbars [^,]*#D55E00'
says 'set title "linear, σ_J.* = 10\^\{-6\}, C\^\{1/3\},? ?(\\n)?R\^\{\(p\)\}_\{in\}.* of N_l"'
says 'xlabel "α = examples / N"'
says 'set ylabel "ε_g"'
says 'logscale xy|logscale y'
draws 'title "a" with lines .*title "c" with lines' "${plot[@]}" figure.csv --x x --column y --legend a,b,c
expect 2 'legend: needs 3, one for each series, ' "${plot[@]}" figure.csv --legend a,b
expect 2 '^ordpar plot: figure.csv is of a figure, whose series are drawn without other files$' "${plot[@]}" one.csv figure.csv
for option in --x=y --column=x --histogram=y; do
    name=${option%=*}
    expect 2 "$name: figure.csv is of a figure, whose series are drawn as they are\$" "${plot[@]}" figure.csv "$name" "${option#*=}"
done
grep -v '^#' figure.csv >bare_figure.csv
draws 'data0 using 1:2 title "series 1" with lines .*data3 using 1:2 title "series 4"' "${plot[@]}" bare_figure.csv
# a backslash without mark-up stands once in PNG, too: as beside an empty group, which is mark-up that shows nothing
expect 0 '' "$ordpar" plot one.csv --title 'C:\data' --legend 'x\y' -o once.png
expect 0 '' "$ordpar" plot one.csv --title 'C:\data{}' --legend 'x\y{}' -o group.png
cmp -s once.png group.png || fail "a backslash of a title stands twice in PNG"
printf 'alpha,y\n1,-1\n2,-2\n' >below.csv
expect 1 'is not drawn: there is no number to show: a logarithmic axis has no place for 0 and less' "${plot[@]}" below.csv --column y --yscale log
# numbers of different things have no axis in common; a frontier is drawn against compute
expect 0 '' "$ordpar" curve -L 4 --alpha 0.1:1000:40:log -o along.csv
expect 0 '' "$ordpar" sweep --sweep seed=1:5 -L 4 --alpha 0.1:10:20:log -q -o seeds.csv
expect 0 '' "$ordpar" closed-form frontier -N 64 -L 64 --compute 1:1e3:7:log -o frontier.csv
rm -f one.svg
expect 2 '^ordpar plot: --x: has to be given: seeds.csv is drawn against seed, along.csv against alpha' "$ordpar" plot seeds.csv along.csv -o one.svg
expect 2 '^ordpar plot: --x: has to be given: along.csv is drawn against alpha, frontier.csv against compute' "$ordpar" plot along.csv frontier.csv -o one.svg
expect_no one.svg
expect 0 '' "$ordpar" plot seeds.csv along.csv --x eps_g -o one.svg
expect 0 '' "$ordpar" plot frontier.csv -o one.svg
grep -q 'compute' one.svg || fail "the axis of a frontier"
expect 0 '' "$ordpar" closed-form frontier -N 256 -L 256 --compute 1:1e4:60:log -q -o frontier.csv # where N_l jumps, alpha goes back
expect 0 '' "$ordpar" plot frontier.csv -o one.svg
expect 0 '' "$ordpar" plot frontier.csv --x alpha -o one.svg
# what alpha counts, of each kind of runs in a picture, once
expect 0 '' "$ordpar" curve -L 4 -N 64 --alpha 0:100:21 -o clock_n.csv
expect 0 '' "$ordpar" curve -L 4 -N 64 --eta 0.2 --batch-fraction 0.5 --alpha 0:100:21 -o clock_steps.csv
expect 0 '' "$ordpar" curve -L 4 -N 64 --batch 5 --alpha 0:100:21 -o clock_batch.csv
for files in "n batch" "steps n n" "n steps batch"; do
    expect 0 '' "$ordpar" plot $(printf 'clock_%s.csv ' $files) -o clocks.svg
    for kind in $files; do
        case $kind in n) words='examples / N' ;; steps) words='steps' ;; batch) words='steps / N' ;; esac
        [ "$(sed 's/<[^>]*>//g' clocks.svg | tr -d '\n' | grep -oE "α = $words(, α|[^/ ]|$)" | wc -l)" -ge 1 ] || fail "clock $kind of $files: $(sed 's/<[^>]*>//g' clocks.svg | grep -A3 'α')"
    done
done

# all that was swept is shown, and a line about which there is a band has a name
expect 0 '' "$ordpar" sweep --sweep M=2,4 --sweep L=1,2,4 -N 64 --alpha 1:3e4:30:log --eta 0.5 -o far.csv
draws 'title "M = 2" with lines' "${plot[@]}" far.csv
says '^set xtics 1$'
expect 0 '' "${plot[@]}" far.csv
draws 'title "mean" with lines' "$ordpar" curve --runs 3 -L 1 "${grid[@]}" -o runs.csv --plot p.svg
says '^set key outside center top horizontal'
# defaults that given overlaps take the place of are no difference
expect 0 '' "$ordpar" curve -L 2 --eta 0.5 --alpha 0:10:5 --save-overlaps state -o from0.csv
expect 0 '' "$ordpar" curve -L 2 --eta 0.1 --overlaps state --alpha 0:10:5 -o from1.csv
draws 'title "η = 0.5" with lines' "${plot[@]}" from0.csv from1.csv
says 'title "η = 0.1, overlaps = state" with lines'
# what others write for numbers that are none
for none in nan NaN NA Null Inf -Infinity; do
    printf 'alpha,eps_g\n0,0.5\n1,%s\n2,0.3\n' $none >none.csv
    expect 0 '' "${plot[@]}" none.csv -q
done
# a column without a name is none of what has another name
printf ',eps_g\n0,0.5\n1,0.4\n' >unnamed.csv
expect 2 '^ordpar plot: --x: has to be given, as there is no column alpha' "${plot[@]}" unnamed.csv
# neither title nor legend, for a journal's caption
expect 0 '' "$ordpar" curve -L 1,4 --alpha 1:100:20:log -o two.csv
# curves below each other without the notes, as other programs write them; settings that change along alpha tell nothing apart
draws 'title "L = 1" with lines' "${plot[@]}" <(grep -v '^#' two.csv)
says 'title "L = 4" with lines'
(sed -n '/^L,/p' two.csv && grep '^[0-9]' two.csv | sort -t, -k2g,2) >sorted.csv
draws 'title "L = 1" with lines' "${plot[@]}" sorted.csv
says 'title "L = 4" with lines'
(sed -n '/^L,/p' two.csv && grep '^[0-9]' two.csv) | cut -d, -f2- >untold.csv
expect 2 '^ordpar plot: alpha goes back in row 21, and no column of a setting tells curves apart .untold.csv.$' "${plot[@]}" untold.csv
# one line: a jump of a schedule; points have no order
printf 'alpha,eta\n0,1\n10,1\n10,0.1\n20,0.1\n' >jump.csv
draws ' with lines' "${plot[@]}" jump.csv
[ "$(grep -o 'with lines' script | wc -l)" -eq 1 ] || fail "lines of a schedule with a jump"
printf 'alpha,mean,stderr\n0,1,0.1\n20,0.3,0.1\n10,0.5,0.1\n' >points.csv
expect 0 '' "${plot[@]}" points.csv
expect 0 '' "$ordpar" plot two.csv --title none --legend none --size 8.6,6 -o bare.svg
grep -q '>[^<]*L = 4\|>erf, ' bare.svg && fail "a title or legend that was to be none"
expect 0 '' "$ordpar" plot two.csv --size 8.6,6 -o full.svg
grep -q 'erf, ' full.svg || fail "the title"
expect 0 '' "$ordpar" sweep --sweep seed=1:4 -L 1 --alpha 1:1e4:60:log -o starts4.csv
expect 0 '' "$ordpar" plot starts4.csv --histogram plateau_exit --legend none --title none -o bars.svg

# the table of a sweep without its notes has the same lines
expect 0 '' "$ordpar" sweep --sweep K=M=1:3:3 --sweep L=1,2,4 -N 64 --alpha 0:100:51 -o joint.csv
for file in far joint; do
    grep -v '^#' $file.csv >lost.csv
    for x in '' '--x L'; do
        draws 'using 1:2' "${plot[@]}" $file.csv $x
        grep -v '^set title' script >noted
        draws 'using 1:2' "${plot[@]}" lost.csv $x
        cmp -s noted <(grep -v '^set title' script) || fail "$file.csv $x without notes: $(diff noted script | head -n 6)"
    done
done

# a spectrum is entitled by what it was made by
for kind in spiked:3 spiked:3,5 hidden-manifold:8:erf; do
    expect 0 '' "$ordpar" spectrum -N 24 --generate $kind -q -o "$kind.csv"
    draws "set title \"N = 24, generate = $kind\"" "${plot[@]}" "$kind.csv" --x index --column eigenvalue
done
draws 'title "generate = spiked:3"' "${plot[@]}" spiked:3.csv spiked:3,5.csv --x index --column eigenvalue
says 'title "generate = spiked:3,5"'
# a file of several curves is no beginning of a run that goes on, and what needs no word beside its lines has a name
some=(-N 32 -L 4 -q)
"$ordpar" curve "${some[@]}" --alpha 0,5,10 --teacher-activation erf,linear -o kinds.csv
"$ordpar" curve "${some[@]}" --alpha 0,5,10 --save-overlaps begun.ov -o begun.csv
"$ordpar" curve --continue begun.ov --alpha 10,20 -q -o goes.csv
"$ordpar" simulate "${some[@]}" --alpha 0,5,10 --runs 2 -o kind.csv
draws 'data2 using 1:2 title "begun" with lines .*#009E73.*data3 using 1:2 notitle with lines .*#009E73' "${plot[@]}" kinds.csv begun.csv goes.csv
draws 'data2 using 1:2 title "goes" with' "${plot[@]}" kinds.csv goes.csv
draws 'title "kind" with yerrorbars' "${plot[@]}" kinds.csv kind.csv
# the eighth simulation has the colour of the first, and another mark
for seed in 1 2 3 4 5 6 7 8; do
    "$ordpar" simulate -N 8 -L 2 --alpha 1,2 --runs 2 --seed $seed -q -o eighth$seed.csv
done
draws 'title "seed = 1" with yerrorbars lw 1.2 ps 0.7 pt 4 lc rgb .#0072B2' "${plot[@]}" eighth?.csv
says 'title "seed = 8" with yerrorbars lw 1.2 ps 0.7 pt 5 lc rgb .#0072B2'
# a closed form of the lowest order in eta is of small eta, whatever its setting
lowest=(-N 32 -L 4 --alpha 0:10:6 -q)
"$ordpar" closed-form linear-small-eta "${lowest[@]}" -o lowest.csv
"$ordpar" curve "${lowest[@]}" --activation linear --small-eta -o lins.csv
"$ordpar" curve "${lowest[@]}" --activation linear -o lin.csv
draws 'set title "linear, .* η = 0.1, small η"' "${plot[@]}" lowest.csv lins.csv
draws 'title "small η" with' "${plot[@]}" lowest.csv lin.csv
says 'title "lin" with'
# the teacher of a spectrum is a variance, no choice that was swept
"$ordpar" spectrum -N 24 -L 4 --teacher-decay 1 -o decays.csv
draws 'data0 using 1:2 notitle with lines ' "${plot[@]}" decays.csv --x index --column eigenvalue
expect 2 '^ordpar plot: --x: has to be given, as there is no column alpha' "${plot[@]}" decays.csv --column eigenvalue

# a curve from given overlaps has no seed, a simulation from them has
small=(-N 64 -L 4 --alpha 0:50:6 -q)
expect 0 '' "$ordpar" curve "${small[@]}" --save-overlaps given.csv -o /dev/null
expect 0 '' "$ordpar" curve "${small[@]}" --overlaps given.csv -o from.csv
expect 0 '' "$ordpar" curve "${small[@]}" --seed 3 -o seed3.csv
expect 0 '' "$ordpar" simulate "${small[@]}" --overlaps given.csv --runs 2 -o runs.csv
draws 'title "overlaps = given" with lines .*#0072B2' "${plot[@]}" from.csv seed3.csv runs.csv
says 'title "seed = 3" with lines .*#D55E00'
says 'data2 using 1:2:3 [^,]* with yerrorbars [^,]*#0072B2'
draws 'title "theory" with lines .*#0072B2' "${plot[@]}" from.csv runs.csv
says 'data1 using 1:2:3 [^,]* with yerrorbars [^,]*#0072B2'

for seed in 5 6; do
    expect 0 '' "$ordpar" simulate "${small[@]}" --overlaps given.csv --runs 2 --seed $seed -o runs$seed.csv
done
draws 'title "seed = 5' "${plot[@]}" from.csv runs5.csv runs6.csv
says 'title "seed = 6'

finish
