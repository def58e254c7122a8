// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

enum { MIN_ROWS = 4 };

/* What is smaller than this part of the largest eps_g may be rounding. */
static const double rounding = 1e-12;

/* -d log eps_g / d log alpha between row k and the next; NAN where it has no meaning. */
static double fall(const double *alpha, const double *eps_g, size_t k) {
    if (!(alpha[k] > 0) || !(alpha[k + 1] > alpha[k]) || !(eps_g[k] > 0) || !(eps_g[k + 1] > 0))
        return NAN;
    return -log(eps_g[k + 1] / eps_g[k]) / log(alpha[k + 1] / alpha[k]);
}

/* The alpha at which eps_g passes level between row k and the next. */
static double crossing(const double *alpha, const double *eps_g, size_t k, double level) {
    const double part = (eps_g[k] - level) / (eps_g[k] - eps_g[k + 1]);
    return alpha[k] + part * (alpha[k + 1] - alpha[k]);
}

/* Entry, exit, and the steepest falls on both sides; false if eps_g does not pass both levels. */
static bool surround(size_t count, const double *alpha, const double *eps_g,
                     ordpar_plateau_measure *p, double *before, double *after) {
    size_t first = p->row, last = p->row + 1;
    *before = *after = 0;
    while (first > 0 && eps_g[first] <= 1.1 * p->height)
        first--;
    while (last + 1 < count && eps_g[last] >= 0.9 * p->height)
        last++;
    if (eps_g[first] <= 1.1 * p->height || eps_g[last] >= 0.9 * p->height)
        return false;
    for (size_t k = 0; k < p->row; k++)
        *before = fmax(*before, fall(alpha, eps_g, k));
    for (size_t k = p->row + 1; k + 1 < count; k++)
        *after = fmax(*after, fall(alpha, eps_g, k));
    p->entry = crossing(alpha, eps_g, first, 1.1 * p->height);
    p->exit = crossing(alpha, eps_g, last - 1, 0.9 * p->height);
    return true;
}

bool ordpar_measure_plateau(size_t count, const double *alpha, const double *eps_g,
                            ordpar_plateau_measure *plateau) {
    double flattest = 0.3, largest = 0;
    bool found = false;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, eps_g[k]);
    while (count > 0 && !(eps_g[count - 1] > rounding * largest))
        count--;
    for (size_t k = 1; k + 2 < count; k++) {
        const double slope = fall(alpha, eps_g, k);
        if (!(slope < flattest))
            continue;
        double before, after;
        ordpar_plateau_measure candidate = {.height = eps_g[k], .row = k};
        if (!surround(count, alpha, eps_g, &candidate, &before, &after) || before < 3 * slope ||
            after < 3 * slope)
            continue;
        flattest = slope;
        *plateau = candidate;
        found = true;
    }
    return found;
}

/* Least squares of y against x over rows first..last. */
static bool fit(size_t first, size_t last, const double *alpha, const double *x, const double *y,
                ordpar_slope_measure *out) {
    const size_t rows = last - first + 1;
    if (rows < MIN_ROWS)
        return false;
    double intercept, slope, v00, v01, v11, squares;
    gsl_fit_linear(x + first, 1, y + first, 1, rows, &intercept, &slope, &v00, &v01, &v11,
                   &squares);
    *out = (ordpar_slope_measure){.slope = slope,
                                  .slope_stderr = sqrt(v11),
                                  .begin = alpha[first],
                                  .end = alpha[last],
                                  .rows = rows};
    return isfinite(slope);
}

static double local_rate(const double *alpha, const double *log_x, size_t k) {
    return (log_x[k + 1] - log_x[k]) / (alpha[k + 1] - alpha[k]);
}

bool ordpar_measure_growth(size_t count, const double *alpha, const double *x, double begin,
                           double end, ordpar_slope_measure *growth) {
    size_t low = 0, high = count; /* the rows in [begin, end] */
    while (low < count && alpha[low] < begin)
        low++;
    while (high > low && alpha[high - 1] > end)
        high--;
    double *log_x = high > low ? malloc(count * sizeof *log_x) : NULL;
    if (!log_x)
        return false;
    for (size_t k = 0; k < count; k++)
        log_x[k] = log(x[k]);
    size_t fastest = low;
    for (size_t k = low; k + 1 < high; k++)
        if (local_rate(alpha, log_x, k) > local_rate(alpha, log_x, fastest))
            fastest = k;
    bool good = high - low >= MIN_ROWS;
    if (good) {
        const double least = 0.998 * local_rate(alpha, log_x, fastest);
        size_t first = fastest, last = fastest + 1;
        while (first > low && local_rate(alpha, log_x, first - 1) >= least)
            first--;
        while (last + 1 < high && local_rate(alpha, log_x, last) >= least)
            last++;
        good = least > 0 && log_x[last] - log_x[first] > log(1.5) &&
               fit(first, last, alpha, alpha, log_x, growth);
    }
    free(log_x);
    return good;
}

bool ordpar_measure_exponent(size_t count, const double *alpha, const double *eps_g, double begin,
                             double end, ordpar_slope_measure *exponent) {
    size_t low = 0, high = count;
    while (low < count && (alpha[low] < begin || !(alpha[low] > 0)))
        low++;
    while (high > low && alpha[high - 1] > end)
        high--;
    double *logs = high > low ? malloc(2 * count * sizeof *logs) : NULL;
    if (!logs)
        return false;
    bool good = true;
    for (size_t k = low; k < high; k++) {
        logs[k] = log(alpha[k]);
        logs[count + k] = log(eps_g[k]);
        good = good && eps_g[k] > 0;
    }
    good = good && fit(low, high - 1, alpha, logs, logs + count, exponent);
    free(logs);
    return good;
}
