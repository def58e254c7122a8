# SPDX-License-Identifier: GPL-3.0-or-later
# A sweep under mpirun: the same bytes as without, one line for an error, a kill resumed.
. "$(dirname "$0")/lib.sh" "$1"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # containers
export ASAN_OPTIONS=detect_leaks=0                               # those of Open MPI
# mpirun on one machine, whose network is not asked; without what hwloc says where /sys is hidden
mpi() { # OPTION..
    local status
    mpirun --oversubscribe --mca btl ^tcp "$@" 2>mpirun.txt
    status=$?
    grep -vE '^\[?hwloc/' mpirun.txt >&2
    return $status
}
run() { # PROCESSES OPTION..
    local n=$1
    shift
    mpi --bind-to none -n "$n" "$ordpar" sweep "$@"
}
sweep=(--sweep seed=1:5:5 --sweep L=4,32 --alpha 0.01:1e4:60:log)
rm -f ./*.csv ./*.part
expect 0 '' "$ordpar" sweep "${sweep[@]}" -o alone.csv
counts=(1 3) forms=4
[ -z "${BRIEF:-}" ] || counts=(3) forms=2 # the sanitizers are slow enough
for n in "${counts[@]}"; do
    expect 0 '' run $n "${sweep[@]}" -o mpi$n.csv
    cmp alone.csv mpi$n.csv || fail "$n processes"
    expect_no mpi$n.csv.part
done
expect 0 '' run 2 "${sweep[@]}" --threads 2
cmp alone.csv out.txt || fail "2 processes of 2 threads, to standard output"

# a run without mpirun that was killed is gone on with under mpirun
"$ordpar" sweep "${sweep[@]}" -o resumed.csv 2>/dev/null &
pid=$!
for _ in $(seq 500); do
    [ -s resumed.csv.part ] && [ "$(grep -c "^[0-9a-f]\{16\} " resumed.csv.part)" -gt 1 ] && break
    sleep 0.005
done
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
expect 0 '' run 3 "${sweep[@]}" -o resumed.csv
cmp alone.csv resumed.csv || fail "resumed under mpirun"

# errors: one line of ours, its exit status, nothing written
run 3 --sweep eta=-1 -o bad.csv >out.txt 2>err.txt
[ $? -eq 2 ] || fail "bad value: exit status"
[ "$(grep -c '^ordpar' err.txt)" -eq 1 ] || fail "bad value: $(cat err.txt)"
expect_no bad.csv bad.csv.part
run 3 --activation linear --sweep eta=0.5,50,1 --alpha 0:10:5 -o failed.csv >out.txt 2>err.txt
[ $? -eq 1 ] || fail "failed point: exit status"
[ "$(grep '^ordpar' err.txt | grep -c '1 of 3 points failed')" -eq 1 ] || fail "failed point: $(cat err.txt)"
[ "$(grep -c ',ok,' failed.csv)" -eq 2 ] || fail "failed point: $(cat failed.csv)"
# processes with other commands, or files of other content, are refused
rm -f ./*.csv
refused() { # PATTERN ARGUMENT OF MPIRUN..: exit 2, one line of ours
    local pattern=$1
    shift
    mpi --bind-to none "$@" >out.txt 2>err.txt
    [ $? -eq 2 ] || fail "$pattern: exit status: $(cat err.txt)"
    [ "$(grep '^ordpar' err.txt | grep -Ec "$pattern")" -eq 1 ] || fail "$pattern: $(cat err.txt)"
    [ "$(grep -c '^ordpar' err.txt)" -eq 1 ] || fail "more than a line: $(cat err.txt)"
    expect_no x.csv x.csv.part
}
# a command line for each process; several programs in one mpirun end it by a signal in Debian 13
# shellcheck disable=SC2016 # for the shells of the processes
by_rank=(sh -c 'shift "$OMPI_COMM_WORLD_RANK" && eval "exec $1"' -)
one="'$ordpar' sweep --sweep eta=0.1,0.2 --alpha 0:10:3 -q -o x.csv"
refused "process 2 of 2: belongs to another sweep .*'command: .*--seed 2 " -n 2 "${by_rank[@]}" "$one" "$one --seed 2"
refused "process 3 of 3: belongs to another sweep .*--sweep L=1,2 " -n 3 "${by_rank[@]}" "$one" "$one" \
    "'$ordpar' sweep --sweep L=1,2 --alpha 0:10:3 -q -o x.csv"
refused "process 2 of 2: belongs to another sweep .*'part: 2/2' instead of 'part: 1/2'" -n 2 "${by_rank[@]}" "$one --part 1/2" "$one --part 2/2"
refused "process 2 of 2: --eta: must be" -n 2 "${by_rank[@]}" "$one" "'$ordpar' sweep --sweep eta=-1 -o x.csv"
mkdir -p n0 n1
printf 'eigenvalue,multiplicity\n1,24\n' >n0/s.csv
printf 'eigenvalue,multiplicity\n2,8\n0.5,16\n' >n1/s.csv
# shellcheck disable=SC2016 # for the shells of the processes
local_file='cd n$OMPI_COMM_WORLD_RANK && exec "$0" sweep --spectrum s.csv --sweep eta=0.1,0.2 --alpha 0:10:3 -q -o ../x.csv'
refused "process 2 of 2: belongs to another sweep .*'digests: spectrum=" -n 2 sh -c "$local_file" "$ordpar"
rm n1/s.csv
refused "process 2 of 2: --spectrum: s.csv: cannot be read" -n 2 sh -c "$local_file" "$ordpar"
# also where the first process is told nothing wrong: files that are read with the options
rm -f n0/* n1/*
"$ordpar" curve -L 2 -N 64 --alpha 0:10:3 --save-overlaps n0/c.csv -q -o n0/like.csv
printf '0\n1\n5\n' >n0/g.txt
# shellcheck disable=SC2016 # for the shells of the processes
in_folder='cd n$OMPI_COMM_WORLD_RANK && exec "$0" sweep -q -o ../x.csv "$@"'
while read -r name options; do
    # shellcheck disable=SC2086 # several words
    refused "process 2 of 2: --$name: .*: cannot be read: No such file" -n 2 sh -c "$in_folder" "$ordpar" $options
done < <(head -n $forms <<'END'
continue --continue c.csv --alpha 10:20:2 --sweep rtol=1e-6,1e-7
like --like like.csv --sweep seed=1:3
alpha --alpha g.txt --sweep seed=1:3 -L 2 -N 64
alpha --alpha g.txt --sweep seed=1:3 -L 2 -N 64 --dry-run
END
)
expect 0 '' run 2 "${sweep[@]}" --dry-run
[ "$(grep -c '^command: ' out.txt)" -eq 1 ] || fail "dry run: $(cat out.txt)"
# what --like leaves out is told once
printf '2\n1\n' >two.csv
expect 0 '^ordpar sweep: --like: n0/like.csv: its input-dim=64 and eigenvalues=2 give way to spectrum$' mpi -n 2 "$ordpar" sweep --like n0/like.csv --spectrum two.csv --sweep seed=1:3 -o told.csv
# other commands do not know of MPI
expect 0 '' mpi -n 1 "$ordpar" curve --alpha 0:1:2
finish
