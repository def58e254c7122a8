# SPDX-License-Identifier: GPL-3.0-or-later
# Files of the program that a spreadsheet has saved again, as LibreOffice, Excel and Python's csv.writer do: all rows filled
# with commas up to the widest, notes too, and quotes around what has quotes within.
. "$(dirname "$0")/lib.sh"
cat >save.py <<'END'
import csv, sys
for name in sys.argv[1:]:
    rows = list(csv.reader(open(name)))
    width = max(map(len, rows)) + 2
    filled = [row + [""] * (width - len(row)) for row in rows]
    csv.writer(open("saved_" + name, "w", newline="")).writerows(filled)
    csv.writer(open("quoted_" + name, "w", newline=""), quoting=csv.QUOTE_ALL).writerows(filled)
    notes = [line for line in open(name) if line[0] == "#"]
    table = [line.rstrip("\n").split(",") for line in open(name) if line[0] != "#"]
    for kind, first in ("indexed", ""), ("again", "Unnamed: 0"):  # as pandas saves a table, and saves it again
        numbered = [[first, *table[0]], *([str(k), *row] for k, row in enumerate(table[1:]))]
        open(f"{kind}_{name}", "w").writelines([*notes, *(",".join(row) + "\n" for row in numbered)])
    open("turned_" + name, "w").writelines([*notes, *(",".join(row[::-1]) + "\n" for row in table)])
END
saved() { /usr/bin/python3 save.py "$@" || fail "save.py"; }
rows() { grep -v '^#' "$1"; }
# alike FILE COMMAND..: rows with NAME in place of FILE are those of the files saved again
alike() {
    local name=$1 kind
    shift
    expect 0 '' "$ordpar" "${@//NAME/$name}"
    rows out.txt >own.txt
    for kind in ${kinds:-saved quoted}; do
        expect 0 '' "$ordpar" "${@//NAME/${kind}_$name}"
        cmp -s own.txt <(rows out.txt) || fail "$kind: other rows: ${*//NAME/${kind}_$name}"
    done
}
model=(-L 2 -N 8)
expect 0 '' "$ordpar" optimize "${model[@]}" --eta-max 1 --until 10 --knots 4 -o rates.csv -q
expect 0 '' "$ordpar" curve "${model[@]}" --alpha 0:10:3 --moments 1 --save-overlaps half.csv --plot p.svg --title 'my "best", "long" run' -o rows.csv -q
expect 0 '' "$ordpar" spectrum -L 3 -N 12 -o spectrum.csv
printf 'eigenvalue\n3\n1\n' >values.csv
printf '# numbers: [1], "one" a line\n1\n3\n' >bare.csv
saved rates.csv half.csv rows.csv spectrum.csv values.csv bare.csv
grep -q '^"# command: .*""best"' saved_rows.csv || fail "the test's own file: $(head -n 2 saved_rows.csv)"
alike rates.csv curve "${model[@]}" --schedule NAME --alpha 0:10:2 -q
alike rates.csv curve --like NAME --alpha 0:10:2 -q --eta 0.1
alike half.csv curve "${model[@]}" --overlaps NAME --alpha 0:10:2 -q
alike half.csv curve --continue NAME --alpha 10:20:2 -q
alike half.csv precision curve "${model[@]}" --overlaps NAME --digits 10 --alpha 1 -q
alike rows.csv curve --like NAME -q
alike rows.csv curve "${model[@]}" --alpha NAME -q
alike bare.csv curve "${model[@]}" --alpha NAME -q
alike rows.csv report NAME
alike rows.csv plot NAME -o p.svg
kinds="indexed again turned"
alike rates.csv curve "${model[@]}" --schedule NAME --alpha 0:10:2 -q
alike half.csv curve "${model[@]}" --overlaps NAME --alpha 0:10:2 -q
alike half.csv curve --continue NAME --alpha 10:20:2 -q
alike half.csv precision curve "${model[@]}" --overlaps NAME --digits 10 --alpha 1 -q
alike rows.csv curve "${model[@]}" --alpha NAME -q
alike rows.csv report NAME
alike spectrum.csv curve --spectrum NAME --alpha 0,1 -q
kinds=
for name in spectrum.csv values.csv bare.csv; do
    alike $name curve --spectrum NAME --alpha 0,1 -q
    alike $name precision curve --spectrum NAME --digits 10 --alpha 1 -q
done
for k in 1 2; do
    expect 0 '' "$ordpar" sweep --sweep eta=0.1,0.2,0.3 -L 1 --alpha 0:3:4 --part $k/2 -o part$k.csv -q
done
saved part1.csv part2.csv
expect 0 '' "$ordpar" sweep --merge part1.csv part2.csv -o whole.csv
expect 0 '' "$ordpar" sweep --merge saved_part1.csv saved_part2.csv -o again.csv
cmp -s whole.csv again.csv || fail "parts of a sweep: $(diff whole.csv again.csv | head -n 4)"
for kind in quoted blank filled; do
    for k in 1 2; do
        [ $kind = blank ] && sed 's/$/\n/' part$k.csv >blank_part$k.csv
        [ $kind = filled ] && (cat saved_part$k.csv && printf ',,,,,,\r\n,,,,,,\r\n') >filled_part$k.csv
    done
    expect 0 '' "$ordpar" sweep --merge ${kind}_part1.csv ${kind}_part2.csv -o again.csv
    cmp -s whole.csv again.csv || fail "$kind parts of a sweep: $(diff whole.csv again.csv | head -n 4)"
done
# numbers that it has rounded are not the sweep's
awk -F, -v OFS=, '/^#/ || /^point/ { print; next } { $4 = sprintf("%.9g", $4); print }' part1.csv >rounded.csv
expect 2 '^ordpar sweep: --merge: rounded.csv: point [13], eps_g: 0\.[0-9]{9,12} is not as a sweep writes its numbers; spreadsheets round them$' "$ordpar" sweep --merge rounded.csv part2.csv -o lost.csv
expect_no lost.csv

# JSON keeps its quotes where blanks stand behind its commas; else a cell loses them, which is said
expect 0 '' "$ordpar" curve -L 2 --activation '{"a": [1], "s": [1]}' --alpha 0:10:3 -o blanks.csv
expect 0 '' "$ordpar" curve -L 2 --activation '{"a":[1],"s":[1]}' --alpha 0:10:3 -o dense.csv
saved blanks.csv dense.csv
alike blanks.csv curve --like NAME -q
alike blanks.csv report NAME
lost='is no JSON: a name has no quotes, as where a spreadsheet has saved a file .* with a blank behind each comma'
expect 2 "activation: $lost" "$ordpar" report saved_dense.csv
expect 2 "activation: $lost" "$ordpar" curve --like saved_dense.csv
expect 2 "activation: $lost" "$ordpar" curve --activation '{a:[1],s:[1]}'
expect 2 'activation: is no JSON: line 1: ' "$ordpar" curve --activation '{"a": [1], "s": ["x,y:", 1}'

# what stands in a cell that has no name is not passed over where it may mean something
sed 's/^0,.*/&x/' saved_rates.csv | tr -d '\r' >more.csv
expect 2 'more.csv: line [0-9]*: must have 2 columns, got [0-9]*$' "$ordpar" curve --schedule more.csv --alpha 1
printf 'eigenvalue,\n2,8\n1,8\n' >more.csv
expect 2 "more.csv: the header must have a column 'multiplicity'.* got ''" "$ordpar" curve --spectrum more.csv --alpha 1
printf 'eigenvalue,\n2,\n1,8\n' >more.csv
expect 2 "more.csv: the header must have a column 'multiplicity'.* got ''" "$ordpar" curve --spectrum more.csv --alpha 1
# the numbers of all rows in front of eigenvalues alone, as pandas and R write them, also of sorted ones, are no multiplicities
printf 'eigenvalue\n3\n2\n0.5\n' >values.csv
printf ',eigenvalue\n0,3\n1,2\n2,0.5\n' >pandas.csv
printf ',eigenvalue\n2,3\n0,2\n1,0.5\n' >sorted.csv
printf ',Unnamed: 0,eigenvalue\n0,0,3\n1,1,2\n2,2,0.5\n' >twice.csv
printf '"","eigenvalue"\n"1",3\n"2",2\n"3",0.5\n' >r.csv
printf ',eigenvalue\n,3\n,2\n,0.5\n' >empty.csv
expect 0 '' "$ordpar" spectrum --spectrum values.csv
rows out.txt >own.txt
for file in pandas sorted twice r empty; do
    expect 0 '' "$ordpar" spectrum --spectrum $file.csv
    cmp -s own.txt <(rows out.txt) || fail "$file.csv: $(rows out.txt)"
done
for numbers in '8 2 1' '2 3 4' '0 0 1'; do
    set -- $numbers
    printf ',eigenvalue\n%s,3\n%s,2\n%s,0.5\n' "$@" >more.csv
    expect 2 "more.csv: the column without a name in front of 'eigenvalue' must have the numbers of all rows" "$ordpar" spectrum --spectrum more.csv
done

# other separators than commas are the cause that is named, whatever became of the notes; lines that are blank make no difference
cat >separate.py <<'END'
import csv, sys
for name in sys.argv[1:]:
    rows = list(csv.reader(open(name)))
    width = max(map(len, rows))
    for kind, separator in ("semicolons", ";"), ("tabs", "\t"):
        csv.writer(open(f"{kind}_{name}", "w", newline=""), delimiter=separator).writerows(row + [""] * (width - len(row)) for row in rows)
    open("blank_" + name, "w").write(open(name).read().replace("\n", "\n\n"))
END
expect 0 '' "$ordpar" curve "${model[@]}" --eta 0.2,0.5 --alpha 0:10:3 -o etas.csv
/usr/bin/python3 separate.py rows.csv etas.csv half.csv || fail "separate.py"
for kind in semicolons tabs; do
    for command in "curve --like ${kind}_rows.csv" "curve --like ${kind}_etas.csv --eta 0.2" "curve --continue ${kind}_half.csv --alpha 10:20:2" "plot ${kind}_rows.csv -o p.svg" "report ${kind}_rows.csv"; do
        expect 2 "${kind}_[a-z]*.csv: (line [0-9]*: )?the columns are separated by $kind; need commas, and points in numbers\$" "$ordpar" $command
    done
done
kinds=blank
alike rows.csv curve --like NAME -q
alike half.csv curve --continue NAME --alpha 10:20:2 -q
alike rows.csv report NAME
# .. nor do the carriage returns of Python's csv.writer on Windows, of which each line has two
for name in rates half rows part1 part2; do
    sed 's/$/\r\r/' $name.csv >windows_$name.csv
done
kinds=windows
alike rates.csv curve "${model[@]}" --schedule NAME --alpha 0:10:2 -q
alike half.csv curve --continue NAME --alpha 10:20:2 -q
alike rows.csv curve --like NAME -q
alike rows.csv report NAME
expect 0 '' "$ordpar" sweep --merge windows_part1.csv windows_part2.csv -o again.csv
cmp -s whole.csv again.csv || fail "parts of a sweep: $(diff whole.csv again.csv | head -n 4)"
finish
