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

bool ordpar_axis_is_even(size_t count, const double *values, size_t stride) {
    enum { LEAST = 5 }; /* of fewer nobody sees it */
    if (count < LEAST)
        return false;
    const double first = values[0], span = values[(count - 1) * stride] - first;
    for (size_t k = 1; k < count; k++) {
        const double even = first + span * (double)k / (double)(count - 1);
        if (!(fabs(values[k * stride] - even) <= 1e-3 * fabs(span) / (double)count))
            return false;
    }
    return span > 0;
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
