// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/ramp_internal.h"

enum { NUMBERS = ORDPAR_RAMP_NUMBERS };

#include "solver/averages/ramp_average.h"

void ordpar_ramp_slopes(int n, const ordpar_ramp_terms *const *of, bool few,
                        const double c[MAX][MAX], double value[NUMBERS]) {
    const dual all = average(n, of, few, c);
    memcpy(value, all.x, sizeof all.x);
}
