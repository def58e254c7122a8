// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/measure.h"

#include "base/floating_point.h"
#include "solver/plateau/smooth.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { MIN_ROWS = 4 };

/* What is smaller than this part of the largest eps_g may be rounding. */
static const double rounding = 1e-12;

/* The alpha at which the level passes a height between row k and the next. */
static double crossing(const double *alpha, const double *level, size_t k, double height) {
    const double part = (level[k] - height) / (level[k] - level[k + 1]);
    return alpha[k] + part * (alpha[k + 1] - alpha[k]);
}

/* What lies around a row, for any of them. */
typedef struct {
    const ordpar_smooth_curve *curve;
    ordpar_maxima above, below; /* of the level, and of minus it */
    ordpar_maxima flat;         /* of the slope, where it is known */
    double *before, *after;     /* the steepest fall in the rows before, and after, each */
} surroundings;

static void clear_surroundings(surroundings *s) {
    free(s->above.most);
    free(s->below.most);
    free(s->flat.most);
    free(s->before);
}

static ordpar_status look_around(const ordpar_smooth_curve *c, surroundings *s, ordpar_error *err) {
    const size_t n = c->count;
    *s = (surroundings){.curve = c, .before = malloc((3 * n + 1) * sizeof *s->before)};
    ordpar_status status =
        s->before ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", n);
    if (!status)
        status = ordpar_maxima_init(n, c->level, 1, &s->above, err);
    if (!status)
        status = ordpar_maxima_init(n, c->level, -1, &s->below, err);
    double *slopes = s->before + 2 * n;
    for (size_t k = 0; k < n && !status; k++)
        slopes[k] = k + 1 < n && !isnan(c->slope[k]) ? c->slope[k] : -INFINITY;
    if (!status)
        status = ordpar_maxima_init(n, slopes, 1, &s->flat, err);
    if (status) {
        clear_surroundings(s);
        return status;
    }
    s->after = s->before + n;
    for (size_t k = 0; k < n; k++)
        s->before[k] = k > 0 ? fmax(s->before[k - 1], -c->slope[k - 1]) : 0;
    for (size_t k = n; k-- > 0;)
        s->after[k] = k + 2 < n ? fmax(s->after[k + 1], -c->slope[k + 1]) : 0;
    return ORDPAR_OK;
}

/* The exit; false if eps_g does not pass that level, or stays flatter after the row than there
 * before it leaves: then it is the flank of a plateau that the rows do not see end. */
static bool leave(const surroundings *s, const double *alpha, ordpar_plateau_measure *p) {
    const size_t last = ordpar_maxima_after(&s->below, p->row + 1, -0.9 * p->height);
    if (last == SIZE_MAX ||
        ordpar_maxima_after(&s->flat, p->row + 1, s->curve->slope[p->row]) < last)
        return false;
    p->exit = crossing(alpha, s->curve->level, last - 1, 0.9 * p->height);
    return true;
}

/* Entry and exit; false if eps_g does not pass both levels. */
static bool surround(const surroundings *s, const double *alpha, ordpar_plateau_measure *p) {
    const size_t first = ordpar_maxima_before(&s->above, p->row, 1.1 * p->height);
    if (first == SIZE_MAX || !leave(s, alpha, p))
        return false;
    p->entry = crossing(alpha, s->curve->level, first, 1.1 * p->height);
    return true;
}

static const double steepness = 3; /* of the slopes around it, against that of a plateau */
static const double flat = 0.3;    /* the steepest slope of one */

static bool find_plateau(const surroundings *s, const double *alpha,
                         ordpar_plateau_measure *plateau) {
    const ordpar_smooth_curve *c = s->curve;
    double flattest = flat;
    bool found = false;
    for (size_t k = 1; k + 2 < c->count; k++) {
        const double slope = -c->slope[k];
        if (!(slope < flattest) || s->before[k] < steepness * slope ||
            s->after[k] < steepness * slope)
            continue;
        ordpar_plateau_measure candidate = {.height = ordpar_smooth_height(c, k), .row = k};
        if (!surround(s, alpha, &candidate))
            continue;
        flattest = slope;
        *plateau = candidate;
        found = true;
    }
    return found;
}

/* One of about this height, on which the rows begin. */
static bool find_end(const surroundings *s, const double *alpha, double height,
                     ordpar_plateau_measure *plateau) {
    const ordpar_smooth_curve *c = s->curve;
    double flattest = flat;
    bool found = false;
    for (size_t k = 0; k + 2 < c->count && c->level[k] < 1.1 * height; k++) {
        ordpar_plateau_measure candidate = {.height = ordpar_smooth_height(c, k), .row = k};
        const double slope = -c->slope[k];
        if (!(slope < flattest) || s->after[k] < steepness * slope ||
            candidate.height < 0.9 * height || !leave(s, alpha, &candidate))
            continue;
        flattest = slope;
        *plateau = candidate;
        plateau->entry = NAN;
        found = true;
    }
    return found;
}

ordpar_status ordpar_measure_plateau(size_t count, const double *alpha, const double *eps_g,
                                     double height, bool *found, ordpar_plateau_measure *plateau,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    double largest = 0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, eps_g[k]);
    while (count > 0 && !(eps_g[count - 1] > rounding * largest))
        count--;
    ordpar_smooth_curve curve;
    surroundings around;
    ordpar_status status = ordpar_smooth_init(count, alpha, eps_g, &curve, err);
    if (status)
        return status;
    if (!(status = look_around(&curve, &around, err))) {
        *found = find_plateau(&around, alpha, plateau) ||
                 (!isnan(height) && find_end(&around, alpha, height, plateau));
        clear_surroundings(&around);
    }
    ordpar_smooth_clear(&curve);
    return status;
}

/* The best falling curve is above a level up to the row where the integral of eps_g - level is
 * largest. */
double ordpar_measure_exit_of_run(size_t count, const double *alpha, const double *eps_g,
                                  double height) {
    const double level = 0.9 * height;
    double integral = 0, largest = -INFINITY;
    size_t last = 0;
    for (size_t k = 0; k < count; k++) {
        const double begin = alpha[k > 0 ? k - 1 : k], end = alpha[k + 1 < count ? k + 1 : k];
        integral += (eps_g[k] - level) * (end - begin) / 2;
        if (integral >= largest) {
            largest = integral;
            last = k;
        }
    }
    return last + 1 < count ? (alpha[last] + alpha[last + 1]) / 2 : INFINITY;
}

/* Least squares of y against x over rows first..last; *out as it was if they are too few. */
static bool fit(size_t first, size_t last, const double *alpha, const double *x, const double *y,
                ordpar_slope_measure *out) {
    const size_t rows = last - first + 1;
    if (rows < MIN_ROWS)
        return false;
    double intercept, slope, v00, v01, v11, squares;
    gsl_fit_linear(x + first, 1, y + first, 1, rows, &intercept, &slope, &v00, &v01, &v11,
                   &squares);
    if (!isfinite(slope))
        return false;
    *out = (ordpar_slope_measure){.slope = slope,
                                  .slope_stderr = sqrt(v11),
                                  .begin = alpha[first],
                                  .end = alpha[last],
                                  .rows = rows};
    return true;
}

/* A stretch of rows whose local growth rates agree. */
typedef struct {
    size_t first, last;
    double growth; /* of log x */
} stretch;

/* The longest stretch among rows low..high-1 whose local rates stay within tolerance of its first.
 */
static stretch longest_stretch(size_t low, size_t high, const double *alpha, const double *log_x,
                               double tolerance) {
    enum { MAX_STARTS = 2000 };
    const size_t step = 1 + (high - low) / MAX_STARTS;
    stretch best = {low, low, 0};
    for (size_t first = low; first + step < high; first += step) {
        const double rate =
            (log_x[first + step] - log_x[first]) / (alpha[first + step] - alpha[first]);
        size_t last = first + step;
        for (; rate > 0 && last + step < high; last += step)
            if (!(fabs((log_x[last + step] - log_x[last]) /
                           ((alpha[last + step] - alpha[last]) * rate) -
                       1) <= tolerance))
                break;
        if (log_x[last] - log_x[first] > best.growth)
            best = (stretch){first, last, log_x[last] - log_x[first]};
    }
    return best;
}

ordpar_status ordpar_measure_growth(size_t count, const double *alpha, const double *x,
                                    double begin, double end, ordpar_slope_measure *growth,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    /* the sharper the agreement of the rates asked for, the longer the stretch must be */
    static const struct {
        double tolerance, growth;
    } wanted[] = {{2e-4, 2}, {1e-3, 1}, {5e-3, 0.5}};
    size_t low = 0, high = count; /* the rows in [begin, end] */
    while (low < count && alpha[low] < begin)
        low++;
    while (high > low && alpha[high - 1] > end)
        high--;
    growth->rows = 0;
    if (high == low)
        return ORDPAR_OK;
    double *log_x = malloc(count * sizeof *log_x);
    if (!log_x)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = low; k < high; k++)
        log_x[k] = log(x[k]);
    bool good = false;
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted && !good; k++) {
        const stretch best = longest_stretch(low, high, alpha, log_x, wanted[k].tolerance);
        good = best.growth >= wanted[k].growth &&
               fit(best.first, best.last, alpha, alpha, log_x, growth);
    }
    free(log_x);
    return ORDPAR_OK;
}

ordpar_status ordpar_measure_exponent(size_t count, const double *alpha, const double *eps_g,
                                      double begin, double end, ordpar_slope_measure *exponent,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    size_t low = 0, high = count;
    while (low < count && (alpha[low] < begin || !(alpha[low] > 0)))
        low++;
    while (high > low && alpha[high - 1] > end)
        high--;
    exponent->rows = 0;
    if (high == low)
        return ORDPAR_OK;
    double *logs = malloc(2 * count * sizeof *logs);
    if (!logs)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    bool good = true;
    for (size_t k = low; k < high; k++) {
        logs[k] = log(alpha[k]);
        logs[count + k] = log(eps_g[k]);
        good = good && eps_g[k] > 0;
    }
    if (good)
        fit(low, high - 1, alpha, logs, logs + count, exponent);
    free(logs);
    return ORDPAR_OK;
}
