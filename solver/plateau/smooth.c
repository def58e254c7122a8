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

static void add_point(ordpar_line_sums *sums, double x, double y) {
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

/* The sum of (x - mean)^2. */
static double line_spread(const ordpar_line_sums *sums) {
    return sums->xx - sums->x * sums->x / sums->n;
}

static double line_slope(const ordpar_line_sums *sums) {
    return (sums->xy - sums->x * sums->y / sums->n) / line_spread(sums);
}

static double line_value(const ordpar_line_sums *sums, double x) {
    const double mean = sums->x0 + sums->x / sums->n;
    return sums->y0 + sums->y / sums->n + line_slope(sums) * (x - mean);
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

/* A line about a place: the rows first..last that it has in any case; others are added, the nearest
 * first, while it is not known to error. */
typedef struct {
    double centre, width, error;
    size_t first, last;
    bool is_level;
} local_line;

static bool is_known(const ordpar_smooth_curve *c, const local_line *l,
                     const ordpar_line_sums *sums) {
    return !(c->noise > l->error * sqrt(l->is_level ? sums->n : line_spread(sums)));
}

/* Adds the nearer of the rows beside low..high to the line; false where there is none within width.
 */
static bool widen(const ordpar_smooth_curve *c, const local_line *l, size_t *low, size_t *high,
                  ordpar_line_sums *sums) {
    const double below = *low > 0 && usable(c, *low - 1) ? l->centre - c->x[*low - 1] : INFINITY,
                 above = usable(c, *high + 1) ? c->x[*high + 1] - l->centre : INFINITY;
    if (!(fmin(below, above) <= l->width / 2))
        return false;
    const size_t next = below <= above ? --*low : ++*high;
    add_point(sums, c->x[next], c->y[next]);
    return true;
}

/* The farthest row from k on, forward or back, that may be added. */
static size_t farthest(const ordpar_smooth_curve *c, const local_line *l, size_t k, bool forward) {
    size_t near = k, far = forward ? c->count - 1 : 0;
    while (near != far) { /* rows without a logarithm are farther than any */
        const size_t middle = forward ? near + (far - near + 1) / 2 : far + (near - far) / 2;
        if (c->gaps[middle] == c->gaps[k] && fabs(c->x[middle] - l->centre) <= l->width / 2)
            near = middle;
        else
            far = forward ? middle - 1 : middle + 1;
    }
    return near;
}

/* The sums of n rows of low..high, the nearest. */
static ordpar_line_sums nearest(const ordpar_smooth_curve *c, const local_line *l, size_t low,
                                size_t high, size_t n) {
    size_t from = l->last + 1 > low + n ? l->last + 1 - n : low,
           to = high + 1 - n < l->first ? high + 1 - n : l->first;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (c->x[middle + n] - l->centre < l->centre - c->x[middle])
            from = middle + 1;
        else
            to = middle;
    }
    return ordpar_line_tree_sums(&c->tree, from, from + n - 1);
}

static bool is_known_with(const ordpar_smooth_curve *c, const local_line *l, size_t low,
                          size_t high, size_t n) {
    const ordpar_line_sums sums =
        l->is_level ? (ordpar_line_sums){.n = (double)n} : nearest(c, l, low, high, n);
    return is_known(c, l, &sums);
}

/* As widen would end, by bisection that begins at the rows of the line before, *rows. */
static ordpar_line_sums long_line(const ordpar_smooth_curve *c, const local_line *l, size_t *rows) {
    const size_t low = farthest(c, l, l->first, false), high = farthest(c, l, l->last, true);
    size_t least = l->last + 1 - l->first, most = high + 1 - low, n = *rows;
    for (size_t step = 1; least < most; step *= 2) {
        n = n < least || n >= most ? least + (most - least) / 2 : n;
        if (is_known_with(c, l, low, high, n)) {
            most = n;
            n = n > step ? n - step : 0;
        } else {
            least = n + 1;
            n += step;
        }
    }
    *rows = least;
    return nearest(c, l, low, high, least);
}

static ordpar_line_sums find_line(const ordpar_smooth_curve *c, const local_line *l, size_t *rows) {
    enum { SHORT = 64 };
    size_t low = l->first, high = l->last;
    ordpar_line_sums sums = {0};
    for (size_t k = low; k <= high; k++)
        add_point(&sums, c->x[k], c->y[k]);
    while (!is_known(c, l, &sums)) {
        if (high - low >= SHORT)
            return long_line(c, l, rows);
        if (!widen(c, l, &low, &high, &sums))
            break;
    }
    return sums;
}

static double local_slope(const ordpar_smooth_curve *c, size_t k, size_t *rows) {
    if (!usable(c, k) || !usable(c, k + 1) || !(c->x[k + 1] > c->x[k]))
        return NAN;
    const local_line l = {.centre = (c->x[k] + c->x[k + 1]) / 2,
                          .width = slope_width,
                          .error = slope_error,
                          .first = k,
                          .last = k + 1};
    const ordpar_line_sums sums = find_line(c, &l, rows);
    return line_slope(&sums);
}

static double local_level(const ordpar_smooth_curve *c, size_t k, double error, double eps_g,
                          size_t *rows) {
    if (!usable(c, k) || c->noise <= error)
        return eps_g;
    const local_line l = {.centre = c->x[k],
                          .width = level_width,
                          .error = error,
                          .first = k,
                          .last = k,
                          .is_level = true};
    const ordpar_line_sums sums = find_line(c, &l, rows);
    return sums.n < 3 ? eps_g : exp(line_value(&sums, c->x[k]));
}

/* Logarithms of the rows, and where there are none. */
static void take_rows(size_t count, const double *alpha, const double *eps_g,
                      ordpar_smooth_curve *c) {
    double gaps = 0;
    for (size_t k = 0; k < count; k++) {
        const bool good = alpha[k] > 0 && eps_g[k] > 0 && isfinite(eps_g[k]);
        c->x[k] = good ? log(alpha[k]) : NAN;
        c->y[k] = good ? log(eps_g[k]) : NAN;
        gaps += good ? 0 : 1;
        c->gaps[k] = gaps;
    }
}

ordpar_status ordpar_smooth_init(size_t count, const double *alpha, const double *eps_g,
                                 ordpar_smooth_curve *curve, ordpar_error *err) {
    double *all = malloc((5 * count + 1) * sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    ordpar_smooth_curve c = {.count = count,
                             .x = all,
                             .y = all + count,
                             .level = all + 2 * count,
                             .slope = all + 3 * count,
                             .gaps = all + 4 * count};
    take_rows(count, alpha, eps_g, &c);
    c.noise = find_noise(&c, c.level); /* not in use yet */
    const ordpar_status status =
        c.noise > 0 ? ordpar_line_tree_init(count, c.x, c.y, &c.tree, err) : ORDPAR_OK;
    if (status) {
        free(all);
        return status;
    }
    size_t of_level = 0, of_slope = 0;
    for (size_t k = 0; k < count; k++) {
        c.level[k] = local_level(&c, k, level_error, eps_g[k], &of_level);
        c.slope[k] = local_slope(&c, k, &of_slope);
    }
    *curve = c;
    return ORDPAR_OK;
}

double ordpar_smooth_height(const ordpar_smooth_curve *curve, size_t k) {
    size_t rows = 0;
    return local_level(curve, k, height_error, curve->level[k], &rows);
}

void ordpar_smooth_clear(ordpar_smooth_curve *curve) {
    free(curve->x);
    free(curve->tree.nodes);
    *curve = (ordpar_smooth_curve){0};
}
