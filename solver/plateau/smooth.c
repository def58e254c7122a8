// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/smooth.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Standard errors that a local slope, a local log eps_g and that of a plateau may have. */
static const double slope_error = 0.05, level_error = 0.01, height_error = 0.004;

/* Longest local line, in log alpha: a decade for a slope, a factor 2 for a level. */
static const double slope_width = 2.302585, level_width = 0.693147;

void ordpar_line_add(ordpar_line_sums *sums, double x, double y) {
    if (sums->n == 0) {
        sums->x0 = x;
        sums->y0 = y;
    }
    const double dx = x - sums->x0, dy = y - sums->y0;
    sums->n++;
    sums->x += dx;
    sums->xx += dx * dx;
    sums->y += dy;
    sums->xy += dx * dy;
}

double ordpar_line_spread(const ordpar_line_sums *sums) {
    return sums->xx - sums->x * sums->x / sums->n;
}

double ordpar_line_slope(const ordpar_line_sums *sums) {
    return (sums->xy - sums->x * sums->y / sums->n) / ordpar_line_spread(sums);
}

static double line_value(const ordpar_line_sums *sums, double x) {
    const double mean = sums->x0 + sums->x / sums->n;
    return sums->y0 + sums->y / sums->n + ordpar_line_slope(sums) * (x - mean);
}

static int ascending(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* How far row k lies from the line through its neighbours. */
static double deviation(const ordpar_smooth_curve *c, size_t k) {
    const double part = (c->x[k] - c->x[k - 1]) / (c->x[k + 1] - c->x[k - 1]);
    return c->y[k] - (c->y[k - 1] + part * (c->y[k + 1] - c->y[k - 1]));
}

/*
 * Curvature gives neighbouring deviations one sign, scatter opposite ones: of independent scatter
 * of variance v the median of -d_k d_(k+1) is 0.3697 v, for a smooth curve it is negative.
 */
static double find_noise(const ordpar_smooth_curve *c, double *products) {
    enum { LEAST = 20 };
    const double median_of_unit_scatter = 0.3697;
    size_t n = 0;
    for (size_t k = 1; k + 2 < c->count; k++) {
        const double product = -deviation(c, k) * deviation(c, k + 1);
        if (isfinite(product))
            products[n++] = product;
    }
    if (n < LEAST)
        return 0;
    qsort(products, n, sizeof *products, ascending);
    return sqrt(fmax(products[n / 2] / median_of_unit_scatter, 0));
}

static bool usable(const ordpar_smooth_curve *c, size_t k) {
    return k < c->count && isfinite(c->x[k]);
}

/* Adds the nearer of the rows beside low..high to the line; false where there is none within width.
 */
static bool widen(const ordpar_smooth_curve *c, double centre, double width, size_t *low,
                  size_t *high, ordpar_line_sums *sums) {
    const double below = *low > 0 && usable(c, *low - 1) ? centre - c->x[*low - 1] : INFINITY,
                 above = usable(c, *high + 1) ? c->x[*high + 1] - centre : INFINITY;
    if (!(fmin(below, above) <= width / 2))
        return false;
    const size_t next = below <= above ? --*low : ++*high;
    ordpar_line_add(sums, c->x[next], c->y[next]);
    return true;
}

static double local_slope(const ordpar_smooth_curve *c, size_t k) {
    if (!usable(c, k) || !usable(c, k + 1) || !(c->x[k + 1] > c->x[k]))
        return NAN;
    ordpar_line_sums sums = {0};
    size_t low = k, high = k + 1;
    ordpar_line_add(&sums, c->x[low], c->y[low]);
    ordpar_line_add(&sums, c->x[high], c->y[high]);
    const double centre = (c->x[k] + c->x[k + 1]) / 2;
    while (c->noise > slope_error * sqrt(ordpar_line_spread(&sums)) &&
           widen(c, centre, slope_width, &low, &high, &sums))
        ;
    return ordpar_line_slope(&sums);
}

static double local_level(const ordpar_smooth_curve *c, size_t k, double error, double eps_g) {
    if (!usable(c, k) || c->noise <= error)
        return eps_g;
    ordpar_line_sums sums = {0};
    size_t low = k, high = k;
    ordpar_line_add(&sums, c->x[k], c->y[k]);
    while (c->noise > error * sqrt(sums.n) && widen(c, c->x[k], level_width, &low, &high, &sums))
        ;
    return sums.n < 3 ? eps_g : exp(line_value(&sums, c->x[k]));
}

ordpar_status ordpar_smooth_init(size_t count, const double *alpha, const double *eps_g,
                                 ordpar_smooth_curve *curve, ordpar_error *err) {
    double *all = malloc((4 * count + 1) * sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    *curve = (ordpar_smooth_curve){.count = count,
                                   .x = all,
                                   .y = all + count,
                                   .level = all + 2 * count,
                                   .slope = all + 3 * count};
    for (size_t k = 0; k < count; k++) {
        const bool good = alpha[k] > 0 && eps_g[k] > 0 && isfinite(eps_g[k]);
        curve->x[k] = good ? log(alpha[k]) : NAN;
        curve->y[k] = good ? log(eps_g[k]) : NAN;
    }
    curve->noise = find_noise(curve, curve->level); /* not in use yet */
    for (size_t k = 0; k < count; k++) {
        curve->level[k] = local_level(curve, k, level_error, eps_g[k]);
        curve->slope[k] = local_slope(curve, k);
    }
    return ORDPAR_OK;
}

double ordpar_smooth_height(const ordpar_smooth_curve *curve, size_t k) {
    return local_level(curve, k, height_error, curve->level[k]);
}

void ordpar_smooth_clear(ordpar_smooth_curve *curve) {
    free(curve->x);
    *curve = (ordpar_smooth_curve){0};
}
