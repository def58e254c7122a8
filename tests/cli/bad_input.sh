# SPDX-License-Identifier: GPL-3.0-or-later
# One clear line, the right exit code, nothing written.
. "$(dirname "$0")/lib.sh" "$1"

bad() { # PATTERN OPTION..: curve with these options is bad usage
    local pattern=$1
    shift
    expect 2 "$pattern" "$ordpar" curve --alpha 0:1:2 -o result.csv "$@"
    expect_no result.csv
}

expect 2 "needs a command" "$ordpar"
expect 2 "'cruve' is not a command" "$ordpar" cruve
bad "--nope: no such option" --nope
bad "-Z: no such option" -Z
bad "--eta: needs a value" --eta
bad "-K: needs a value" -K
bad "--eta: needs a value, and is followed by the option '-K'" --eta -K 2
bad "--plot: needs a value, and is followed by the option '--size'" --plot --size 3,3
bad "--eta: must be .*, got '-1'" --eta -1
expect 2 "--histogram: needs a value, and is followed by the option '-o'" "$ordpar" plot curve.csv --histogram -o result.svg
expect_no result.svg
bad "--small-eta: must be yes or no, got '1'" --small-eta=1
bad "--small-eta: must be yes or no, got ''" --small-eta=
bad "unexpected argument 'extra'" extra
bad "no such option" --method sgd

for option in eta beta sigma-j label-noise rtol atol; do
    for value in nan inf -inf -1 '' x 1e999 0x1 '1;2' '1 '; do
        bad "--$option: must be .*, got '$value'" "--$option" "$value"
    done
done
bad "--eta: must be a finite number > 0, got '0'" --eta 0
bad "--eta: must be a finite number > 0, got 'x'" --eta 1,x
bad "eta: has an empty value in its list" --eta 1,
bad "--beta: .*got '0'" --beta 0
bad "--rtol: .*got '1e-20'" --rtol 1e-20
for option in student-units teacher-units input-dim eigenvalues; do
    for value in 0 -1 1.5 nan 99999999999999999999 x ''; do
        bad "--$option: must be a whole number from 1 to [0-9]*, got '$value'" "--$option" "$value"
    done
done
bad "--trainable: .*got '-2'" --trainable -2
bad "--trainable: .*from 0 to N = 1024, got 1025" --trainable 1025
bad "--seed: .*got '-1'" --seed -1
bad "--activation: must be one of .*, got 'tanhh'" --activation tanhh
bad "relu has no derivative at 0, where student unit 1 would start" --activation relu --sigma-j 0
bad "--init: .*got ''" --init ''
bad "--format: .*got 'xml'" --format xml
bad "L must divide N.*L = 3, N = 1024" -L 3
bad "L must be from 1 to N = 8.*got 16" -N 8 -L 16
bad "need about .* GiB of memory" -N 1e9 -L 1e9
bad "need about .* GiB of memory" -K 1024 -M 1024
bad "beta = 1000 is too large" --beta 1000
bad "--student-output: must have one weight or K = 2, got 3" --student-output 1,2,3
bad "--teacher-output: must have one weight or M = 3, got 2" -M 3 --teacher-output 1,2
bad "--teacher-output: .*got '1,nan'" --teacher-output 1,nan
bad "--teacher-output: .*got '1,,2'" --teacher-output 1,,2
bad "--moments: .*got '1.5'" --moments 1.5
bad "--moments: .*got '-1'" --moments -1
bad "--moments: .*got '1,'" --moments 1,
bad "near the teacher needs K = M, got K = 3, M = 2" --init near-teacher -K 3
bad "mean teacher .* at least M = 2, got 1" --teacher mean -N 16 -L 16
for grid in '' 1, 1,2,1 1,-2 1,nan 1:2 1:2:3:log:4 2:1:5 1:1:2 0:1:5:log -1:1:3 nan:1:3 0:inf:3 0:1:0 0:1:1 0:1:1e99 0:1:2:cubic 1:1e301:3; do
    expect 2 "--alpha: must be .*, got '$grid'" "$ordpar" curve --alpha "$grid" -o result.csv
    expect_no result.csv
done

# spectra
spectrum() { # PATTERN TEXT
    printf "$2" >bad.csv
    bad "$1" --spectrum bad.csv
}
spectrum "bad.csv: has no rows" ""
spectrum "bad.csv: has no rows" "eigenvalue,multiplicity\n"
spectrum "the header must have a column 'multiplicity'" "eigenvalue,n\n1,2\n"
spectrum "line 2: a zero byte" "eigenvalue,multiplicity\n1,10\0 9"
spectrum "line 3: must have 2 columns, got 1" "eigenvalue,multiplicity\n1,2\n0.5"
spectrum "line 2, column 1 \(eigenvalue\): must be a finite number, got 'x'" "eigenvalue,multiplicity\nx,2\n"
spectrum "line 2, column 1 .*must be >= 0, got '-1'" "eigenvalue,multiplicity\n-1,2\n"
spectrum "line 2, column 2 .*got '2.5'" "eigenvalue,multiplicity\n1,2.5\n"
spectrum "line 2, column 2 .*got '0'" "eigenvalue,multiplicity\n1,0\n"
spectrum "line 3, column 2 .*sum of the multiplicities" "eigenvalue,multiplicity\n1,1e15\n0.5,1\n"
spectrum "needs an eigenvalue above 0" "eigenvalue,multiplicity\n0,1\n"
printf 'eigenvalue,multiplicity\n1,8\n' >good.csv
bad "takes the place of eigenvalues and beta" --spectrum good.csv -L 4
bad "sum of the multiplicities, which is 8, got 16" --spectrum good.csv -N 16
bad "missing.csv: cannot be read" --spectrum missing.csv
bad "cannot be read: Is a directory" --spectrum .
bad "not a CSV file" --spectrum /dev/zero
head -c 1000 "$ordpar" >binary.csv
bad "binary.csv" --spectrum binary.csv

# overlaps
"$ordpar" curve -N 16 -L 2 --alpha 0:1:2 --save-overlaps good_overlaps.csv -o /dev/null || fail "saving overlaps"
bad "takes the place of init" -N 16 -L 2 --overlaps good_overlaps.csv --init mean
bad "the entry q,3,1,1 is missing" -N 16 -L 4 --overlaps good_overlaps.csv
bad "column 2 \(block\): .*from 1 to 1, got '2'" -N 16 -L 1 --overlaps good_overlaps.csv
bad "from 1 to 1, got '2'" -N 16 -L 2 -K 1 --overlaps good_overlaps.csv
{ grep '^#' good_overlaps.csv; grep -v '^#' good_overlaps.csv | head -n 4; } >truncated.csv
bad "is missing" -N 16 -L 2 --overlaps truncated.csv
sed 's/^q,1,1,2,.*/q,1,1,2,5/' good_overlaps.csv >indefinite.csv
bad "block 1 is not positive semidefinite" -N 16 -L 2 --overlaps indefinite.csv

# outputs
expect 2 "cannot be written" "$ordpar" curve --alpha 0:1:2 -o /no/such/folder/result.csv
expect 2 "two outputs go to ./same.csv" "$ordpar" curve --alpha 0:1:2 -o same.csv --save-overlaps ./same.csv
expect_no same.csv
expect 2 "two outputs go to" "$ordpar" curve --alpha 0:1:2 --save-overlaps -
expect 2 "is a folder" "$ordpar" curve --alpha 0:1:2 -o .
expect 2 "--output: /dev/full: cannot be written: No space left" "$ordpar" curve --alpha 0:1:2 -o /dev/full
expect 1 "--save-overlaps: /dev/full: cannot be written: No space left on device; result.csv is written$" "$ordpar" curve --alpha 0:1:2 --save-overlaps /dev/full -o result.csv
rm result.csv
bad "must end in .svg, .png or .pdf, got 'x.gif'" --plot x.gif
for words in 'curve --alpha 0:1:2' '--help' 'spectrum' '--version'; do
    count=$((count + 1))
    "$ordpar" $words >/dev/full 2>err.txt
    [ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] || fail "$words > /dev/full: $(cat err.txt)"
done
"$ordpar" curve --alpha 0:1e3:20000 2>err.txt | head -1 >/dev/null
[ "${PIPESTATUS[0]}" -eq 2 ] && grep -q 'Broken pipe' err.txt || fail "closed pipe: $(cat err.txt)"
echo old >result.csv
expect 2 "--eta" "$ordpar" curve --eta 0 -o result.csv
[ "$(cat result.csv)" = old ] || fail "an old file was touched"
rm result.csv

# a computation that diverges
for eta in 50 2.5; do
    expect 1 "diverges.*alpha = " "$ordpar" curve --activation linear --eta $eta --alpha 0:1e4:100 -o result.csv --plot result.svg
    expect_no result.csv result.svg
done
# .. and one that ends: gradient flow takes a student of relu to J = 0, where it has no derivative
expect 1 "the weights of student 1 become 0 at alpha = 0.03549" "$ordpar" curve -N 38 -L 38 --beta 0.127 --activation relu -K 5 -M 5 \
    --student-output -0.6125,0.4523,-0.3118,0.5617,0.4553 --teacher-output 0.7724,0.7714,-0.4778,0.938,0.2502 --eta 0.4114 \
    --small-eta --sigma-j 0.001116 --seed 520797 --alpha 0.1:400:8:log -o result.csv
expect_no result.csv
flow=(curve -N 1000 -L 1 --activation relu -K 1 -M 1 --student-output -1 --teacher-output 1 --eta 0.5 --small-eta --alpha 0:400:401)
expect 1 "the weights of student 1 become 0 at alpha = .*; --keep-partial writes the [0-9]* of 401 rows before" "$ordpar" "${flow[@]}" -o result.csv
expect 1 "the weights of student 1 become 0 at alpha = .*; [0-9]* of 401 rows were complete" "$ordpar" "${flow[@]}" --keep-partial -o result.csv
grep -q '^# partial: it goes no further, [0-9]* of 401 rows$' result.csv || fail "rows before the flow ends: $(head -20 result.csv)"
rm result.csv

printf 'alpha,eta,alpha\n1,2,3\n' >twice.csv
expect 2 "--alpha: twice.csv: line 1: two columns are called 'alpha'" "$ordpar" curve --alpha twice.csv
expect 2 "--eta: has an empty value in its list" "$ordpar" curve --alpha 1 --eta 0.1,,0.2
expect 0 '' "$ordpar" sweep -N 64 -L 4 --alpha 1,4 --sweep schedule=steps:2=0.5,cosine:4 -o steps.csv
grep -q '^1,steps:2=0.5,' steps.csv || fail "a swept schedule of steps: $(tail -n 2 steps.csv)"
expect 2 '^ordpar curve: --noise: no such option .did you mean --label-noise' "$ordpar" curve --noise 0.1
# our own JSON, of other columns
expect 0 '' "$ordpar" spectrum -N 64 -L 4 --format json -o own.json
for case in "--schedule: own.json: .columns.: the header's column 1 must be 'alpha', got 'index'" "--alpha: own.json: has no column alpha" \
    "--overlaps: own.json: .columns.: the header's column 1 must be 'matrix', got 'index'"; do
    expect 2 "^ordpar curve: $case" "$ordpar" curve -K 1 -M 1 $([[ $case == --alpha* ]] || echo --alpha 1) "${case%%:*}" own.json
done
# our own files that were cut short, through all doors that read tables
expect 0 '' "$ordpar" curve -L 4 -N 64 --alpha 0:100:101 --save-overlaps full_state -o full.csv
expect 0 '' "$ordpar" spectrum -N 64 -L 4 -o full_spectrum.csv
head -c -20 full.csv >cut.csv
head -c -5 full_state >cut_state
head -c -2 full_spectrum.csv >cut_spectrum.csv
for words in "report cut.csv" "plot cut.csv -o never.svg" "curve --alpha cut.csv" "curve --spectrum cut_spectrum.csv --alpha 1" "curve -L 4 -N 64 --overlaps cut_state --alpha 1" \
    "curve --continue cut_state --alpha 200"; do
    expect 2 'was cut short: .*last line does not end' "$ordpar" $words
done
printf '3\n4' >two.txt # of others the last line need not
expect 0 '' "$ordpar" curve --alpha two.txt

# .. as NumPy saves them, and files that are not there
array() { # NAME SHAPE NUMBERS..: a .npy of whole numbers of one byte
    local head="{'descr': '|i1', 'fortran_order': False, 'shape': $2, }"
    printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' "$head" >"$1"
    printf "$(printf '\\x%02x' "${@:3}")" >>"$1"
}
array rows.npy '(3,)' 20 0 10
expect 0 '' "$ordpar" curve -L 1 --alpha rows.npy -q
[ "$(grep -v '^#' out.txt | cut -d, -f1 | xargs)" = "alpha 0 10 20" ] || fail "rows of an array: $(cat out.txt)"
array rows.npy '(2, 2)' 1 2 3 4
expect 2 "^ordpar curve: --alpha: rows.npy: must be a list of numbers, has shape .2, 2.$" "$ordpar" curve --alpha rows.npy
array rows.npy '(2,)' 1 255
expect 2 "^ordpar curve: --alpha: rows.npy: number 2 must be from 0 to 1e.300, got -1$" "$ordpar" curve --alpha rows.npy
array rows.npy '(2,)' 1 1
expect 2 "^ordpar curve: --alpha: rows.npy: has 1 twice$" "$ordpar" curve --alpha rows.npy
for name in gone.csv folder/gone gone.npy; do
    expect 2 "^ordpar curve: --alpha: $name: cannot be read: No such file or directory$" "$ordpar" curve --alpha $name
done
expect 2 "got '0.5x'$" "$ordpar" curve --alpha 0.5x

# decimal commas, where they cannot be a list
for words in "--sigma-j 0,01" "--weight-decay 0,001" "--student-output 0,05" "--eta 0.1,0,02"; do
    expect 2 "${words% *}: the numbers of .* are separated by commas, and have points" "$ordpar" curve -L 1 --alpha 1 $words
done
for words in beta=1,05 beta=0,05:0,5:3 student-output=1,05 student-output=1:05,1:1 alpha=1,05 activation=hermite:1,05; do
    expect 2 "^ordpar sweep: --${words%%=*}: the numbers of .* one of them begins as '05'" "$ordpar" sweep -L 1 --sweep $words
done
echo '{"L": 1, "alpha": "1", "beta": "1,05"}' >commas.json
expect 2 "--beta: the numbers of '1,05' are separated" "$ordpar" curve --like commas.json
for name in 01.csv grid,01 01,02.csv; do # names of files
    printf '1\n2\n' >"$name"
    expect 0 '' "$ordpar" curve -L 1 --alpha "$name" -o commas.csv
done
expect 0 '' "$ordpar" sweep -L 1 --sweep seed=01,02 --alpha 1 -o commas.csv

# names of what a table is not; JSON by its name
for name in a.svg A.PNG folder.csv/a.pdf; do
    expect 2 "--output: $name: has a picture's name, .* NAME.csv or NAME.json; --plot draws a picture" "$ordpar" curve --alpha 1 -o $name
done
expect 2 "--output: a.xlsx: tables are written as CSV or JSON, not as .xlsx" "$ordpar" sweep --sweep L=1,2 --alpha 1 -o a.xlsx
expect 2 "--output: a.npz: tables are" "$ordpar" closed-form plateau -L 1 -o a.npz
expect 2 "--output: a.csv.gz: tables are written as CSV or JSON, not as .gz" "$ordpar" curve -L 1 --alpha 1 -o a.csv.gz
for name in a.npz a.json a.PNG; do
    expect 2 "--save-overlaps: $name: overlaps are written as CSV, not as .${name#a.}" "$ordpar" curve -L 1 --alpha 1 --save-overlaps $name
done
expect_no a.svg a.xlsx a.npz a.csv.gz a.json a.PNG
expect 0 '' "$ordpar" curve -L 1 --alpha 1 -o named.json
expect 0 '' "$ordpar" curve -L 1 --alpha 1 --format json -o named.txt
[ "$(grep -v '"command"' named.json)" = "$(grep -v '"command"' named.txt)" ] || fail "JSON by its name"
expect 0 '' "$ordpar" curve -L 1 --alpha 1 --format csv -o asked.json
head -c 1 asked.json | grep -q '#' || fail "CSV that was asked for"

finish
