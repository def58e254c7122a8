# SPDX-License-Identifier: GPL-3.0-or-later
# From an overlaps file of two teachers and two blocks, one of three students that know them:
# J_1 = 0.8 B_1 + ., J_2 = 0.8 B_2 + ., J_3 = (B_1 + B_2)/2 + ., the rest independent, 0.1 of each block's share.
# Usage: awk -F, -f overlapping_start.awk start.csv > known.csv
function put(matrix, b, i, j, value) {
    printf "%s,%d,%d,%d,%.17g\n", matrix, b, i, j, value
}
/^t/ {
    t[$2, $3, $4] = t[$2, $4, $3] = $5
    if ($2 > blocks)
        blocks = $2
}
END {
    c[1, 1] = c[2, 2] = 0.8
    c[3, 1] = c[3, 2] = 0.5
    print "matrix,block,row,col,value"
    for (b = 1; b <= blocks; b++)
        for (i = 1; i <= 3; i++) {
            for (n = 1; n <= 2; n++) {
                put("r", b, i, n, c[i, 1] * t[b, 1, n] + c[i, 2] * t[b, 2, n])
                if (i < 3)
                    put("t", b, i, n, t[b, i, n])
            }
            for (j = 1; j <= 3; j++) {
                q = i == j ? 0.1 / blocks : 0
                for (n = 1; n <= 2; n++)
                    for (m = 1; m <= 2; m++)
                        q += c[i, n] * c[j, m] * t[b, n, m]
                put("q", b, i, j, q)
            }
        }
}
