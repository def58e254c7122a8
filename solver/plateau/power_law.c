// SPDX-License-Identifier: GPL-3.0-or-later
/* The exponent of a curve, where it has one: windows in which the local slope is constant. */
#include "base/floating_point.h"
#include "solver/plateau/measure.h"
#include "solver/plateau/smooth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_ROWS = 6, MAX_ENDS = 80 };

/* What a window must have: its width in log alpha, how far eps_g falls in it (in the logarithm),
 * the part of the slope by which the local slope may change and its standard error, and the scatter
 * about the line beyond that of the rows. */
static const double least_width = 1.15, least_fall = 0.2, constant = 0.1, certain = 0.1,
                    roughness = 0.03;

/* Sums of a window's rows, by differences of running sums about a common origin. */
enum { N, X, XX, XXX, XXXX, Y, XY, XXY, YY, SUMS };

typedef struct {
    const ordpar_smooth_curve *curve;
    size_t low, high;     /* the rows that may be used: low..high-1 */
    double (*sums)[SUMS]; /* [high - low + 1] of the rows before */
} search;

static void add_row(const double *before, double x, double y, double *after) {
    const double terms[SUMS] = {1, x, x * x, x * x * x, x * x * x * x, y, x * y, x * x * y, y * y};
    for (int k = 0; k < SUMS; k++)
        after[k] = before[k] + terms[k];
}

/* A window's line, and how its local slope changes along it. */
typedef struct {
    double slope, slope_error, width, change, change_error, scatter;
} trend;

/* Least squares with orthogonal polynomials 1, P1 = x - m, P2 = P1^2 - a P1 - v. */
static trend find_trend(const search *s, size_t first, size_t last) {
    double S[SUMS];
    for (int k = 0; k < SUMS; k++)
        S[k] = s->sums[last + 1 - s->low][k] - s->sums[first - s->low][k];
    const double n = S[N], m = S[X] / n, v = S[XX] / n - m * m;
    const double third = S[XXX] / n - 3 * m * S[XX] / n + 2 * m * m * m;
    const double fourth = S[XXXX] / n - 4 * m * S[XXX] / n + 6 * m * m * S[XX] / n - 3 * pow(m, 4);
    const double a = third / v, p2 = fourth - v * v - third * a; /* mean of P2^2 */
    const double xy = S[XY] / n - m * S[Y] / n;
    const double xxy = S[XXY] / n - 2 * m * S[XY] / n + m * m * S[Y] / n;
    const double slope = xy / v, bend = (xxy - a * xy - v * S[Y] / n) / p2;
    const double variance = fmax(S[YY] / n - S[Y] * S[Y] / (n * n) - slope * xy, 0);
    const double rest = fmax(variance - bend * bend * p2, 0) * n / (n - 3);
    const double width = s->curve->x[last] - s->curve->x[first];
    return (trend){.slope = slope,
                   .slope_error = sqrt(variance / (v * (n - 2))),
                   .width = width,
                   .change = 2 * fabs(bend) * width,
                   .change_error = 2 * width * sqrt(rest / (n * p2)),
                   .scatter = sqrt(variance)};
}

static bool has_constant_slope(const search *s, const trend *t) {
    const double size = -t->slope;
    return t->width >= least_width && size * t->width >= least_fall &&
           t->change <= constant * size + 2 * t->change_error &&
           t->change_error <= certain * size && t->scatter <= roughness + 3 * s->curve->noise;
}

/* Rows first..last of the curve that may begin or end a window: equally spaced in log alpha. */
static size_t choose_ends(const search *s, size_t *ends) {
    const double *x = s->curve->x, step = (x[s->high - 1] - x[s->low]) / MAX_ENDS;
    size_t count = 0;
    for (size_t k = s->low; k < s->high; k++)
        if (count == 0 || x[k] >= x[ends[count - 1]] + step || k + 1 == s->high)
            ends[count++] = k;
    return count;
}

static void find_window(const search *s, ordpar_slope_measure *out, const double *alpha) {
    size_t ends[MAX_ENDS + 2];
    const size_t count = choose_ends(s, ends);
    double widest = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = count; j-- > i + 1;) {
            if (ends[j] + 1 < ends[i] + MIN_ROWS)
                break;
            const trend t = find_trend(s, ends[i], ends[j]);
            if (t.width <= widest)
                break;
            if (!has_constant_slope(s, &t))
                continue;
            widest = t.width;
            *out = (ordpar_slope_measure){.slope = t.slope,
                                          .slope_stderr = hypot(t.slope_error, t.change / sqrt(12)),
                                          .begin = alpha[ends[i]],
                                          .end = alpha[ends[j]],
                                          .rows = ends[j] - ends[i] + 1};
        }
}

/* The longest run of rows with logarithms among those in [begin, end]. */
static void choose_rows(search *s, const double *alpha, double begin, double end) {
    const ordpar_smooth_curve *c = s->curve;
    for (size_t k = 0, first = 0; k < c->count; k++) {
        if (!isfinite(c->x[k]) || alpha[k] < begin || alpha[k] > end) {
            first = k + 1;
            continue;
        }
        if (k + 1 - first > s->high - s->low) {
            s->low = first;
            s->high = k + 1;
        }
    }
}

ordpar_status ordpar_measure_power_law(size_t count, const double *alpha, const double *eps_g,
                                       double begin, double end, ordpar_slope_measure *exponent,
                                       ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_smooth_curve curve;
    ordpar_status status = ordpar_smooth_init(count, alpha, eps_g, &curve, err);
    if (status)
        return status;
    search s = {.curve = &curve};
    ordpar_slope_measure found = {0};
    choose_rows(&s, alpha, begin, end);
    const size_t rows = s.high - s.low;
    if (rows >= MIN_ROWS && !(s.sums = calloc(rows + 1, sizeof *s.sums)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", rows);
    if (s.sums) {
        const size_t middle = s.low + rows / 2;
        for (size_t k = 0; k < rows; k++)
            add_row(s.sums[k], curve.x[s.low + k] - curve.x[middle],
                    curve.y[s.low + k] - curve.y[middle], s.sums[k + 1]);
        find_window(&s, &found, alpha);
    }
    free(s.sums);
    ordpar_smooth_clear(&curve);
    if (!status)
        *exponent = found;
    return status;
}
