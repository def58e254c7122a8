# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by rows.sh: files that the commands read, made in the current folder.
printf 'eigenvalue,multiplicity\n0.5,10\n3,4\n1.25,6\n' >spectrum.csv
printf 'eigenvalue,multiplicity\n2,8\n0.5,16\n' >two.csv
printf 'alpha,eta\n0,0.8\n5,0.2\n20,0.4\n' >schedule.csv

# 400 examples of 4 components, from a linear congruence, in two files
npy() { # SHAPE: a uint8 array with the bytes of standard input
    printf '\223NUMPY\001\000\166\000'
    printf '%-117s\n' "{'descr': '|u1', 'fortran_order': False, 'shape': ($1)}"
    cat
}
awk 'BEGIN {x = 12345; for (k = 0; k < 1600; k++) {x = (x * 1103515245 + 12345) % 2147483648
    printf "%c", 33 + int(x / 65536) % (8 + 20 * (k % 4))}}' >bytes
head -c 1200 bytes | npy '300, 2, 2' >a.npy
tail -c 400 bytes | npy '100, 4' >b.npy

# overlaps in the middle of training, without and with output weights, and two curves
ordpar curve -q -L 4 -N 64 --alpha 5:5:1 --save-overlaps later.csv -o later_curve.csv
ordpar curve -q -L 4 -N 64 --alpha 5:5:1 --train-output --eta-v 0.2 --save-overlaps trained.csv -o trained_curve.csv
ordpar curve -q -L 2 -N 1024 --eta 0.5 --alpha 0.01:3e3:120:log --moments 1 -o curve.csv
ordpar closed-form linear-small-eta -q -N 4096 -L 4096 --eta 0.1 --alpha 0.01:1e6:200:log -o linear.csv
