# SPDX-License-Identifier: GPL-3.0-or-later
# What the program loads when it starts: nothing of MPI and libzip, which it loads where it needs them.
. "$(dirname "$0")/lib.sh" "$1"
[ "$(uname)" = Linux ] || finish

ldd "$ordpar" >loaded.txt
grep -q 'libc\.so' loaded.txt || fail "ldd: $(cat loaded.txt)"
# (a SUNDIALS that was built with MPI, as that of Debian 13, loads it itself)
grep -q libmpi <(ldd $(sed -n 's/.*=> \(.*libsundials[^ ]*\).*/\1/p' loaded.txt) 2>/dev/null) && mpi='' || mpi='libmpi|libopen-|'
grep -E "${mpi}libzip|libcrypto" loaded.txt && fail "loaded at the start"

# One thread is one thread. (A shared OpenBLAS starts its own before the program can ask it not to.)
if ! grep -q libopenblas loaded.txt; then
    env -u OPENBLAS_NUM_THREADS "$ordpar" curve --threads 1 -K 4 -M 4 -N 4096 -L 4096 --alpha 0.01:1e6:300:log >curve.csv 2>&1 &
    listens $!
    threads=$(ls "/proc/$!/task" | wc -l)
    [ "$threads" -eq 1 ] || fail "$threads threads"
    kill -INT $!
    wait $!
fi

# A program without its module says so, but needs none where it is alone.
if ! "$ordpar" --version | grep -q 'without.* MPI'; then
    mkdir -p moved && cp "$ordpar" moved/
    sweep=(sweep --sweep eta=0.1,0.2 --alpha 0:1:2)
    expect 2 'started by mpirun, but MPI cannot be loaded: .*ordpar_mpi.so' env OMPI_COMM_WORLD_SIZE=2 moved/ordpar "${sweep[@]}"
    expect 0 '' env OMPI_COMM_WORLD_SIZE=1 moved/ordpar "${sweep[@]}"
    rm -r moved
fi
finish
