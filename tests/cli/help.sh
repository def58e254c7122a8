# SPDX-License-Identifier: GPL-3.0-or-later
# Help, manual page and completion say the same, and what the program does.
. "$(dirname "$0")/lib.sh"

commands=$("$ordpar" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 9 ] || fail "commands: $commands"

expect 2 "help: must be .* got 'nonsense'" "$ordpar" help nonsense
expect 0 '' "$ordpar" help man
cp out.txt ordpar.1
expect 0 '' "$ordpar" help bash
cp out.txt ordpar.bash
expect 0 '' "$ordpar" help zsh
cp out.txt _ordpar
expect 0 '' "$ordpar" help fish
cp out.txt ordpar.fish

# Of an option that is given twice the last one counts, as help and manual say; of --data and --sweep all.
"$ordpar" help | grep -q '^An option that is given twice has the last of its values; --data and --sweep have all\.$' || fail "help of what is given twice"
grep -q 'given twice has the last of its values' ordpar.1 || fail "the manual page of what is given twice"
for options in "-K 1 -K 2 --moments 1,2 --moments 1" "-K 3 --student-units 2 --moments 1"; do
    expect 0 '' "$ordpar" curve --alpha 0 -N 8 -L 2 $options
    [ "$(grep -v '^#' out.txt | head -n 1)" = alpha,eps_g,Q1_1_1,Q1_1_2,Q1_2_2,R1_1_1,R1_1_2,R1_2_1,R1_2_2,T1_1_1,T1_1_2,T1_2_2 ] || fail "$options: $(grep -v '^#' out.txt)"
done
expect 0 '' "$ordpar" sweep --alpha 0 -N 8 -L 2 --sweep K=1,2 --sweep M=1,2
[ "$(grep -vc '^#' out.txt)" -eq 5 ] || fail "a second --sweep"

# The manual page: troff has nothing to say about it, and it has all options of all commands.
if command -v groff >/dev/null; then
    expect 0 '' groff -ww -man -Tutf8 -z ordpar.1
fi
if command -v man >/dev/null; then
    expect 0 '' env LC_ALL=C.UTF-8 MANWIDTH=80 MANROFFOPT=-c man --warnings -l ordpar.1
    [ "$(wc -l <out.txt)" -gt 100 ] || fail "the manual page has $(wc -l <out.txt) lines"
fi
for command in $commands; do
    expect 0 '' "$ordpar" "$command" --help
    cp out.txt by_option.txt
    expect 0 '' "$ordpar" help "$command"
    cmp out.txt by_option.txt || fail "help $command and $command --help differ"
    grep -qx "\.B ordpar ${command//-/\\\\-}.*" ordpar.1 || fail "the manual page lacks $command"
    for option in $(grep -oE '^ .{3,5}--[a-z-]+' by_option.txt | grep -oE -- '--[a-z-]+$'); do
        [ "$option" = --help ] || grep -qF "fB${option//-/\\-}\\fR" ordpar.1 || fail "the manual page lacks $option"
    done
    [ "$(grep -c -- '^ .\{3,5\}--' by_option.txt)" -ge 3 ] || fail "$command --help shows no options"
done

# complete WORD.. prints what bash would offer for the last word.
. ./ordpar.bash
compopt() { :; }
complete_words() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _ordpar
    echo "${COMPREPLY[*]}"
}
offers() { # EXPECTED WORD..
    local got
    got=$(complete_words "${@:2}" | tr ' ' '\n' | sort | xargs) # compgen gives files in any order
    count=$((count + 1))
    [ "$got" = "$1" ] || fail "completion of '${*:2}': '$got', expected '$1'"
}
touch some-file.csv
printf '# note\nalpha,eps_g,R1_1_1\n1,2,3\n' >table.csv
printf '{\n  "note": 1,\n  "columns": ["alpha", "theory"],\n  "rows": []\n}\n' >table.json
mkdir -p some-folder
offers 'curve' ordpar cu
offers 'overlap sgd' ordpar simulate --method ''
offers 'linear' ordpar curve --activation l
offers 'linear' ordpar curve --activation = l
offers 'csv json' ordpar curve --format =
offers '--small-eta' ordpar curve --sm
offers '' ordpar spectrum --et
offers '' ordpar curve --eta ''
offers 'constant: dana: nesterov:' ordpar curve --momentum ''
offers 'some-file.csv some-folder' ordpar curve --schedule some-
offers 'steps:' ordpar curve --schedule st
offers 'eigenvalues= eta-v= eta=' ordpar sweep --sweep e
offers 'bash' ordpar help ba
offers 'hidden-manifold: marchenko-pastur: power-law random-features: spiked:' ordpar spectrum --generate ''
grep -q "seen_subcommand_from help' -a 'curve .*fish'" <("$ordpar" help fish) || fail "fish: ordpar help"
offers 'closed-form compare curve' ordpar help c
offers 'critical-eta' ordpar closed-form c
offers 'check' ordpar precision ch
offers 'some-file.csv some-folder' ordpar curve -o some-
offers 'some-folder' ordpar figure 1 --out some-
offers 'some-file.csv some-folder' ordpar plot some-
offers '' ordpar plot --labels some-
offers 'R1_1_1 alpha eps_g' ordpar plot table.csv --column ''
offers 'theory' ordpar plot table.csv table.json --x th
offers 'R1_1_1' ordpar plot some-file.csv table.csv --histogram R
offers 'alpha eps_g' ordpar curve --x ''
offers 'escape_rate escape_rate_predicted escape_rate_stderr escape_time' ordpar sweep --column esc
offers 'some-file.csv some-folder' ordpar curve --labels some-
expect 2 '^ordpar curve: --curves: no such option of curve; it is one of sweep$' "$ordpar" curve --curves
expect 2 '^ordpar plot: --full: no such option of plot; it is one of figure$' "$ordpar" plot --full
expect 2 "^ordpar simulate: --eigenvalues: .* got '1,4'; several values are for ordpar sweep --job simulate --sweep eigenvalues=1,4; in one picture: ordpar simulate -o FILE for each, and ordpar plot$" "$ordpar" simulate -L 1,4
expect 2 "got 'some-file.csv'; a file of eigenvalues is for --spectrum$" "$ordpar" curve -L some-file.csv
expect 2 "unexpected argument 'K=M=2,3'; --sweep belongs before it$" "$ordpar" sweep K=M=2,3
rm -f c.csv
expect 2 '^ordpar curve: --histogram: plateau_exit is a column of sweeps, .*: ordpar sweep --sweep seed=1:200 --histogram plateau_exit' "$ordpar" curve --runs 2 --alpha 1:2:2 -o c.csv --plot c.svg --histogram plateau_exit
expect 2 '^ordpar simulate: --column: escape_time is a column of sweeps, .*; of simulated runs it is not measured$' "$ordpar" simulate -N 32 -L 2 --alpha 0:1:3 -o c.csv --plot c.svg --column escape_time
expect_no c.csv c.svg
expect 2 "^ordpar sweep: --sweep: 'seeds' is not an option; 200 starts are --sweep seed=1:200" "$ordpar" sweep --sweep seeds=1:5
expect 2 "^ordpar sweep: --sweep: 'etas' is not an option .did you mean eta.." "$ordpar" sweep --sweep etas=0.1,0.2
expect 2 "^ordpar sweep: needs --sweep NAME=LIST, .* seed=1:200 for 200 starts$" "$ordpar" sweep --runs 200 --histogram escape_time --plot c.svg
expect 2 "got 'K'; M=K=1,2,3 gives both the same values$" "$ordpar" sweep -K 3 --sweep M=K
for words in eigs=spectrum spectrum-file=spectrum mu=momentum; do
    expect 2 "^ordpar compare: --${words%=*}: no such option .did you mean --${words#*=}..$" "$ordpar" compare --${words%=*} 1
done
expect 2 '^ordpar simulate: --all-runs: no such option .did you mean --each' "$ordpar" simulate --all-runs
expect 2 "^ordpar spectrum: unexpected argument 'some-file.csv'; a file of eigenvalues or a covariance is for --spectrum, one of examples for --data$" "$ordpar" spectrum some-file.csv
expect 2 "PyTorch's momentum MU .*, got '0,0.9'$" "$ordpar" curve --momentum 0,0.9
expect 2 "^ordpar sweep: point 1 .momentum=0.: --momentum: must be constant" "$ordpar" sweep --sweep momentum=0,0.9 --plot c.svg
expect 2 "^ordpar curve: --eta: must be .*, got '0'; for steps of momentum alone it is small, as 1e-9$" "$ordpar" curve --momentum constant:1:1 --eta 0
for of in curve 'precision curve'; do
    expect 2 "--rtol: must be .*, got '1e-50'; ordpar precision curve has more digits$" "$ordpar" $of --rtol 1e-50
done
# one letter behind two dashes, which would be the begin of another option
for words in k=K m=M n=N l=L; do
    expect 2 "^ordpar curve: --${words%=*}: is -${words#*=}, or --" "$ordpar" curve --${words%=*} 3 --alpha 1
    expect 2 "^ordpar curve: --${words%=*}: is -${words#*=}, or --" "$ordpar" curve --${words%=*}=3 --alpha 1
done
expect 2 '^ordpar curve: --decay: no such option; weights decay by --weight-decay' "$ordpar" curve --decay 0.1
: >one.csv
expect 2 "^ordpar compare: unexpected argument 'one.csv'; compare runs theory and simulation .*, and plot FILE" "$ordpar" compare one.csv one.csv
for words in gradient-flow=small-eta t-max=alpha points=alpha order-parameters=moments powerlaw=beta train-both=train-output warmup=schedule json=format png=plot; do
    expect 2 "^ordpar curve: --${words%=*}: no such option .did you mean --${words#*=}..$" "$ordpar" curve --${words%=*} 1
done
expect 2 "^ordpar curve: unexpected argument '4'; several values have commas between, 1,4$" "$ordpar" curve -L 1 4
for words in eta=0.1 lr=0.1; do
    expect 2 "^ordpar curve: unexpected argument '$words'; options begin with dashes, as --eta 0.1$" "$ordpar" curve $words
done
expect 2 '^ordpar plot: --ylim: no such option .did you mean --yrange' "$ordpar" plot --ylim 1:2 some-file.csv
# what was meant
for words in 'escape closed-form.escape, ordpar closed-form escape-law or ordpar report' 'integrate curve' 'run curve' 'theory curve' 'fit report' \
    'plateau closed-form.plateau or ordpar report' 'train simulate' 'sgd simulate' 'linear-exact closed-form.linear-exact' 'cruve curve' 'SGD simulate'; do
    expect 2 "^ordpar: '${words%% *}' is not a command \(did you mean ordpar ${words#* }\?\)$" "$ordpar" "${words%% *}"
done
expect 2 "^ordpar: 'some-file.csv' is not a command .did you mean ordpar report or ordpar plot" "$ordpar" some-file.csv
expect 2 '^ordpar curve: --precision: no such option of curve; --digits is one of closed-form, precision$' "$ordpar" curve --precision 50
expect 2 '^ordpar curve: --epochs: no such option .did you mean --alpha' "$ordpar" curve --epochs 50
expect 2 "got '1-200'; for a range write seed=1:200$" "$ordpar" sweep --sweep seed=1-200
expect 2 "got '2-4'; for a range write K=2:4:COUNT$" "$ordpar" sweep --sweep K=2-4
expect 2 "got '1..200'; for a range write seed=1:200$" "$ordpar" sweep --sweep seed=1..200
expect 2 "got '0.1-0.5'; for a range write eta=0.1:0.5:COUNT\[:lin\|log\]$" "$ordpar" sweep --sweep eta=0.1-0.5
expect 2 "got '\[1'; a list has no brackets: seed=1,2,3$" "$ordpar" sweep --sweep 'seed=[1,2]'
expect 2 "got '1-4'; a range is 1:4$" "$ordpar" curve --seed 1-4
expect 2 "got '1-4'; several values are for ordpar sweep --job simulate --sweep seed=1:4;.*" "$ordpar" simulate --seed 1-4
expect 2 "got 'relu,erf'; several values are for ordpar sweep --job simulate --sweep activation=relu,erf; in one picture: .*" "$ordpar" simulate --activation relu,erf
for said in 'sweep --report: no such option; what a report measures are columns' 'sweep --starts=200: .*--sweep seed=1:200:200; plot --histogram plateau_exit' \
    'plot --group=M: no such option; all that was swept makes lines' 'plot --starts=9: .*by sweep --sweep seed='; do
    expect 2 "^ordpar ${said%% *}: $(sed 's/^[a-z]* //;s/=[0-9M]*:/:/' <<<"$said")" "$ordpar" ${said%%: *}
done
expect 2 "got 'relu,erf'; several values are for ordpar sweep --sweep activation=relu,erf$" "$ordpar" sweep --activation relu,erf
for values in "--eigenvalues 1,4" "--eta 0.1,0.2" "--activation relu,erf" "--init mean,sampled"; do # of which no sweep is made
    for k in "optimize --eta-max 1 --until 3" "closed-form escape-law" "precision check" "report one.csv"; do
        expect 2 "got '${values#* }'; ${k%% *} has one value at a time, and is no job of ordpar sweep$" "$ordpar" $k $values
    done
done
[ "$(complete_words ordpar '' | tr ' ' '\n' | grep -v '^help$\|^--')" = "$commands" ] || fail "completion lacks a command"

# The words offered for closed-form are those that the program takes.
"$ordpar" closed-form nonsense 2>err.txt
taken=$(sed 's/.*one of \([^,]*\), got.*/\1/' err.txt | tr '|' ' ')
[ "$(complete_words ordpar closed-form '')" = "$taken" ] || fail "closed-form takes $taken"
"$ordpar" closed-form --help | grep -qx "NAME: ${taken// /|}" || fail "closed-form --help has not all names"

expect 2 "^ordpar: help: unexpected argument 'extra'$" "$ordpar" help curve extra
expect 2 "^ordpar: --version: unexpected argument '--help'$" "$ordpar" --version --help

! command -v zsh >/dev/null || expect 0 '' zsh -n _ordpar
! command -v fish >/dev/null || expect 0 '' fish --no-execute ordpar.fish
# what a command always refuses is not among its options
for option in eta schedule batch-fraction tasks labels; do
    "$ordpar" optimize --help | grep -q "^      --$option " && fail "optimize --help has --$option"
    "$ordpar" curve --help | grep -q "^      --$option " || fail "curve --help has no --$option"
done
"$ordpar" simulate --help | grep -q '^      --small-eta' && fail "simulate --help has --small-eta"
"$ordpar" help bash | sed -n "s/^ *simulate) //p" | grep -q -- --small-eta && fail "bash completes simulate --small-eta"
finish
