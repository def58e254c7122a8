// SPDX-License-Identifier: GPL-3.0-or-later
/* What rounding can have made, as a number that is told. */
#include "solver/state/saddle.h"

#include <math.h>

/* The third digit is one machine's rounding. */
double ordpar_saddle_limit(const ordpar_saddle *saddle) {
    const double x = saddle->limit;
    if (!(x > 1e-300 && isfinite(x)))
        return x;
    const double unit = pow(10, 1 - floor(log10(x)));
    return round(x * unit) / unit;
}

double ordpar_saddle_join(double before, double since) {
    const double grown = fmax(before, ORDPAR_SADDLE_ROUNDING) *
                         fmax(since, ORDPAR_SADDLE_ROUNDING) / ORDPAR_SADDLE_ROUNDING;
    return fmax(fmax(before, since), before > 0 && since > 0 ? fmin(1, grown) : 0);
}
