# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian packages: their parts, their dependencies, and that what they hold runs.
. "$(dirname "$0")/../cli/lib.sh"
build=$4

rm -rf root ./*.deb
(cd "$build" && cpack -G DEB -B "$OLDPWD/made") >cpack.txt 2>&1 || fail "cpack: $(tail -5 cpack.txt)"
mkdir root
for name in ordpar libordpar libordpar-dev python3-ordpar; do
    file=$(ls made/${name}[0-9._]*.deb 2>/dev/null | head -1)
    [ -f "$file" ] || { fail "there is no package $name"; continue; }
    dpkg-deb -x "$file" root || fail "$file cannot be unpacked"
    dpkg-deb -f "$file" Package Section Depends Recommends >"$name.txt"
    dpkg-deb -c "$file" | grep -q 'copyright' || fail "$name has no copyright"
done
for library in libgsl libmpfr libsundials-cvode libopenblas libzip; do
    grep -q "^Depends:.*$library" libordpar.txt || fail "libordpar lacks $library: $(cat libordpar.txt)"
done
grep -q '^Depends: libordpar.* (= ' libordpar-dev.txt || fail "libordpar-dev does not name its library"
grep -q '^Depends:.*python3-numpy' python3-ordpar.txt || fail "python3-ordpar does not need NumPy"
for path in bin/ordpar share/man/man1/ordpar.1.gz share/bash-completion/completions/ordpar include/ordpar/ordpar.h; do
    [ -s "root/usr/$path" ] || fail "/usr/$path is missing"
done
expect 0 '' root/usr/bin/ordpar --version
if [ -e root/usr/lib/ordpar/ordpar_mpi.so ] || ls root/usr/lib/*/ordpar/ordpar_mpi.so >/dev/null 2>&1; then
    grep -q '^Depends:.*mpi' ordpar.txt || fail "ordpar does not name MPI: $(cat ordpar.txt)"
    if command -v mpirun >/dev/null; then # the module is found where it is installed
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
        mpirun --oversubscribe --bind-to none --mca btl ^tcp -n 2 root/usr/bin/ordpar sweep --sweep eta=0.1,0.2 --alpha 0:1:2 -o mpi.csv \
            2>err.txt || fail "under mpirun: $(cat err.txt)"
        root/usr/bin/ordpar sweep --sweep eta=0.1,0.2 --alpha 0:1:2 -o alone.csv
        cmp mpi.csv alone.csv || fail "other rows under mpirun"
    fi
fi
if "$ordpar" --version | grep -q 'without.* libzip'; then :; else
    grep -qE '^(Depends|Recommends):.*libzip' ordpar.txt || fail "ordpar does not name libzip: $(cat ordpar.txt)"
fi
expect 0 '' gzip -t root/usr/share/man/man1/ordpar.1.gz
find root -name 'libordpar.so.*' -type f | grep -q . || fail "no shared library"
finish
