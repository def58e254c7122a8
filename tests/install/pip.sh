# SPDX-License-Identifier: GPL-3.0-or-later
# `pip install .` without network into a fresh venv: module, program, types, and libraries of its own.
. "$(dirname "$0")/../cli/lib.sh"
source=$2

rm -rf venv
/usr/bin/python3 -m venv --system-site-packages venv
# without optimisation, which takes a compiler more than half of its time
CMAKE_BUILD_TYPE=None expect 0 '' venv/bin/pip install --no-index --no-build-isolation --disable-pip-version-check "$source"
version=$(sed -n "s/^project(ordpar VERSION \([0-9.]*\).*/\1/p" "$source/CMakeLists.txt")
expect 0 "" venv/bin/ordpar --version
grep -qx "ordpar $version" out.txt || fail "not version $version: $(head -1 out.txt)"
expect 0 '' venv/bin/ordpar curve -L 4 --alpha 0:10:3 -o program.csv
cat >script.py <<'EOF'
import pathlib
import numpy
import ordpar

home = pathlib.Path(ordpar.__file__).parent
curve = ordpar.curve("0:10:3", L=4)
rows = numpy.genfromtxt((l for l in open("program.csv") if l[0] != "#"), delimiter=",", names=True)
assert (curve.eps_g == rows["eps_g"]).all()
assert (home / "py.typed").exists() and "def curve" in (home / "__init__.pyi").read_text()
mapped = {line.split()[-1] for line in open("/proc/self/maps") if "gsl" in line or "mpfr" in line}
assert mapped and all(name.startswith(str(home / "_libs")) for name in mapped), mapped
EOF
expect 0 '' venv/bin/python script.py
[ -s venv/share/man/man1/ordpar.1.gz ] || fail "no manual page"
# each library that came from elsewhere has its licence, and what that refers to is there
licences=$(echo venv/lib/python3*/site-packages/ordpar-*.dist-info/licenses)
for library in venv/lib/python3*/site-packages/ordpar/_libs/*.so*; do
    name=$(basename "$library")
    [[ $name = libordpar* || -s $licences/$name ]] || fail "no licence of $name"
done
for name in $(grep -ohE 'common-licenses/[A-Za-z0-9.+-]*[A-Za-z0-9]' "$licences"/lib* | sort -u); do
    [ ! -e /usr/share/$name ] || [ -s "$licences/$(basename "$name")" ] || fail "no text of $name"
done
expect 0 '' venv/bin/pip uninstall -y ordpar
[ ! -e venv/bin/ordpar ] || fail "the program stays"
finish
