// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/divisor.h"

#include "base/number.h"

/* The divisor of N that is nearest to L, of two the larger; 1 where none is near. */
static int64_t nearest_divisor(int64_t N, int64_t L) {
    enum { FAR = 1000000 };
    for (int64_t d = 1; d <= FAR; d++) {
        if (L + d <= N && N % (L + d) == 0)
            return L + d;
        if (L - d > 1 && N % (L - d) == 0)
            return L - d;
    }
    return 1;
}

ordpar_status ordpar_check_divides(int64_t L, int64_t N, ordpar_error *err) {
    if (N % L == 0)
        return ORDPAR_OK;
    const int64_t near = nearest_divisor(N, L), below = N - N % L;
    char other[32] = "", less[32] = "";
    if (near > 1 && near < N)
        ordpar_format(other, sizeof other, "L = %lld, or ", (long long)near);
    if (below > 0)
        ordpar_format(less, sizeof less, "%lld or ", (long long)below);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "L must divide N (each eigenvalue has multiplicity N/L), got L = %lld, N = "
                       "%lld; take %sN = %s%lld",
                       (long long)L, (long long)N, other, less, (long long)(below + L));
}
