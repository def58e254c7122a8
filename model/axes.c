// SPDX-License-Identifier: GPL-3.0-or-later
/* How pictures choose axes and bins, for the program and for Python. */
#include "model/model.h"

#include <math.h>
#include <string.h>

bool ordpar_axis_is_log(const char *axis, double least, double greatest, bool has_zero) {
    double ratio = 30; /* a decade and a half */
    if (!(least > 0) || !isfinite(greatest))
        return false;
    if (strcmp(axis, "x") == 0 && has_zero) /* which has no place on it */
        ratio = 1000;
    else if (strcmp(axis, "swept") == 0)
        ratio = has_zero ? INFINITY : 30;
    else if (strcmp(axis, "swept y") == 0) /* beside a logarithmic axis of x */
        ratio = has_zero ? INFINITY : 5;
    return greatest > ratio * least;
}

double ordpar_histogram_width(size_t count, const double *ascending) {
    if (count == 0)
        return INFINITY;
    const double quartiles = ascending[3 * count / 4] - ascending[count / 4];
    return quartiles > 0 ? 2 * quartiles / cbrt((double)count) : INFINITY;
}

size_t ordpar_histogram_bins(double width, double *low, double *high) {
    enum { LEAST = 4, MOST = 60 };
    const double spread = *high - *low;
    const size_t bins = (size_t)fmax(LEAST, fmin(MOST, ceil(spread / width)));
    if (spread == 0) {
        const double half = *low == 0 ? 0.5 : 0.05 * fabs(*low);
        *low -= half;
        *high += half;
    }
    return bins;
}
