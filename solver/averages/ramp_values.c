// SPDX-License-Identifier: GPL-3.0-or-later
enum { NUMBERS = 1 };

#include "solver/averages/ramp_average.h"

double ordpar_ramp_value(int n, const ordpar_ramp_terms *const *of, bool few,
                         const double c[MAX][MAX]) {
    return average(n, of, few, c).x[0];
}
