# SPDX-License-Identifier: GPL-3.0-or-later
# The examples are built against the installed library in all three ways, and print the program's
# numbers to the last digit.
. "$(dirname "$0")/../cli/lib.sh"
source=$2 lib=$3 prefix=$(dirname "$(dirname "$1")")
names='curve model precision validate'

build_with_cmake() { # FOLDER OPTION..
    rm -rf "$1"
    cmake -S "$source/examples" -B "$1" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS='-Wall -Wextra -Werror' "${@:2}" \
        >"$1.txt" 2>&1 && cmake --build "$1" >>"$1.txt" 2>&1 || fail "$1: $(tail -20 "$1.txt")"
}
build_with_cmake shared
build_with_cmake static -DSTATIC=ON
ldd static/curve | grep -q libordpar && fail "static/curve needs the shared library"
ldd shared/curve | grep -q libordpar || fail "shared/curve does not use the shared library"

export PKG_CONFIG_PATH=$lib/pkgconfig
mkdir -p pkgconfig
for name in $names; do
    "$CC" -std=c11 "$source/examples/$name.c" $(pkg-config --cflags --libs ordpar) -lm -Wl,-rpath,"$lib" -o "pkgconfig/$name" ||
        fail "pkg-config: $name is not built"
done
pkg-config --static --libs ordpar >static.txt || fail "pkg-config --static"
[ "$(pkg-config --modversion ordpar)" = "$("$ordpar" --version | sed -n '1s/ordpar //p')" ] || fail "pkg-config has another version"

rows() { sed '/^#/d'; }
"$ordpar" curve --alpha 0:200:5 | rows >curve.csv
"$ordpar" curve -K 3 -M 3 --eta 0.2 --init near-teacher --moments 1 --alpha 0:200:5 | rows >model.csv
"$ordpar" precision check --init mean --teacher mean --digits 20 -L 4 --alpha 0:200:3 -q | rows >precision.csv
"$ordpar" compare -N 200 -L 10 --runs 8 --alpha 0:40:3 -q 2>compare.err | rows >validate.csv
for name in $names; do
    [ "$(wc -l <$name.csv)" -ge 4 ] || fail "$name: the program printed no rows"
    for way in shared static pkgconfig; do
        "$way/$name" >all.csv || fail "$way/$name: exit $?"
        rows <all.csv >got.csv
        cmp got.csv $name.csv || fail "$way/$name and the program differ"
    done
    env -u OPENBLAS_NUM_THREADS "shared/$name" | rows >got.csv # as who has not read of it
    [ "$(wc -l <got.csv)" -eq "$(wc -l <$name.csv)" ] || fail "$name: ends early with OpenBLAS's threads"
done
finish
