# SPDX-License-Identifier: GPL-3.0-or-later
# ordpar as a part of another project, without what it can do without, below paths with blanks. Each
# missing thing is told in one line, by cmake and by the program when it is asked for.
. "$(dirname "$0")/../cli/lib.sh"
source=$2 here=$(cd "$(dirname "$0")" && pwd)
build='a build' prefix="$PWD/a prefix"
rm -rf "$prefix" && mkdir -p "$build"

cmake -S "$here/subproject" -B "$build" -DORDPAR_SOURCE="$source" -DCMAKE_C_FLAGS='-O0 -Werror' -DORDPAR_MPI=OFF \
    -DORDPAR_LIBZIP=OFF -DORDPAR_GNUPLOT=ORDPAR_GNUPLOT-NOTFOUND \
    -DCMAKE_PROGRAM_PATH=/nonexistent -DORDPAR_INSTALL=ON >cmake.txt 2>&1 || fail "cmake: $(tail -5 cmake.txt)"
for name in MPI libzip; do
    [ "$(grep -c "^-- Without $name: " cmake.txt)" -eq 1 ] || fail "cmake does not say that $name is missing: $(cat cmake.txt)"
done
cmake --build "$build" -j 2 >build.txt 2>&1 || fail "build: $(grep -E 'error|warning' build.txt | head -5)"
cmake --install "$build" --prefix "$prefix" >install.txt 2>&1 || fail "install: $(tail -5 install.txt)"

program="$prefix/bin/ordpar"
expect 0 '' "$program" --version
grep -q '^built without MPI libzip$' out.txt || fail "--version: $(cat out.txt)"
"$ordpar" spectrum -N 12 -L 3 | sed '/^#/d' | tail -n +2 | cut -d, -f2 >wanted.txt
for way in above above_static; do
    "$build/$way" >got.txt || fail "$way: exit $?"
    [ -s got.txt ] && cmp got.txt wanted.txt || fail "$way prints other eigenvalues: $(cat got.txt)"
done

# The same rows, and one line for each thing that is missing.
for words in 'curve -L 4 --alpha 0:10:3' 'closed-form linear-exact -N 16 -L 16 --alpha 1:9:3'; do
    "$ordpar" $words | sed '/^#/d' >wanted.txt
    "$program" $words | sed '/^#/d' >got.txt
    python3 "$source/tests/portability/compare.py" --files wanted.txt got.txt >difference.txt || fail "$words: $(cat difference.txt)"
done
expect 0 '' "$program" simulate -N 16 -L 4 --alpha 0:1:2 --runs 2 -q
printf 'PK\003\004' >data.npz
expect 2 'data.npz: .*need libzip' "$program" spectrum --data data.npz
OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 expect 2 'without MPI' "$program" sweep --sweep eta=1,2 -L 4 --alpha 0:1:2
expect 1 'gnuplot' env PATH=/nonexistent "$program" curve -L 4 --alpha 0:1:2 -o a.csv --plot a.svg
finish
