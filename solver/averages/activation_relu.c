// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = max(x, 0), g'(0) = 0. [12.8]-[12.10], [12.14] */
#include "solver/averages/activation.h"
#include "solver/averages/activation_loops.h"
#include "solver/averages/orthant.h"
#include "solver/averages/orthant_moment.h"
#include "solver/averages/ramp.h"

#include <float.h>
#include <math.h>
#include <string.h>

static double g(double x) {
    return x > 0 ? x : 0;
}

static double dg(double x) {
    return x > 0 ? 1 : 0;
}

ORDPAR_DEFINE_EVALUATE

/* sqrt(c_aa c_bb - c_ab^2). Fields whose difference is rounding count as parallel: the root of what
 * rounding leaves would be far above rounding, and its inverse, in the derivatives, is without
 * meaning. */
static double root_of(double c_aa, double c_ab, double c_bb) {
    const double a = ordpar_orthant_unit(c_aa), b = ordpar_orthant_unit(c_bb), aa = c_aa / a / a,
                 bb = c_bb / b / b;
    const double ab = c_ab / a / b, det = ordpar_minor(aa, bb, ab, ab);
    return det > 8 * DBL_EPSILON * aa * bb ? sqrt(det) * a * b : 0;
}

/* [12.8] */
static ordpar_pair_average gg(const ordpar_activation *self, double c_aa, double c_ab,
                              double c_bb) {
    (void)self;
    c_aa = fmax(c_aa, ORDPAR_LEAST_VARIANCE);
    c_bb = fmax(c_bb, ORDPAR_LEAST_VARIANCE);
    const double root = root_of(c_aa, c_ab, c_bb);
    const double both = ordpar_orthant_2(atan2(root, c_ab));
    return (ordpar_pair_average){.value = root / (2 * M_PI) + c_ab * both,
                                 .d_aa = root / (4 * M_PI * c_aa),
                                 .d_ab = both,
                                 .d_bb = root / (4 * M_PI * c_bb)};
}

/* [12.9] Between parallel fields the derivative is infinite; along them nothing changes. */
static ordpar_pair_average dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self;
    c_aa = fmax(c_aa, ORDPAR_LEAST_VARIANCE);
    c_bb = fmax(c_bb, ORDPAR_LEAST_VARIANCE);
    const double root = root_of(c_aa, c_ab, c_bb);
    const double slope = root > 0 ? 1 / (2 * M_PI * root) : 0;
    return (ordpar_pair_average){.value = ordpar_orthant_2(atan2(root, c_ab)),
                                 .d_aa = -slope * c_ab / (2 * c_aa),
                                 .d_ab = slope,
                                 .d_bb = -slope * c_ab / (2 * c_bb)};
}

/* [12.10] g'' is a delta function. */
static ordpar_pair_average ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self;
    c_aa = fmax(c_aa, ORDPAR_LEAST_VARIANCE);
    c_bb = fmax(c_bb, ORDPAR_LEAST_VARIANCE);
    const double root = root_of(c_aa, c_ab, c_bb);
    const double slope = root > 0 ? 1 / (2 * M_PI * root) : 0;
    return (ordpar_pair_average){.value = root / (2 * M_PI * c_aa),
                                 .d_aa =
                                     slope * c_bb / (2 * c_aa) - root / (2 * M_PI * c_aa) / c_aa,
                                 .d_ab = -slope * c_ab / c_aa,
                                 .d_bb = slope / 2};
}

/* The different fields among (i, j, a, b); z_a and z_b are at positions *at_a and *at_b. */
static int different_fields(size_t i, size_t j, size_t a, size_t b, size_t *field, int *at_a,
                            int *at_b) {
    const size_t all[ORDPAR_ORTHANT_MAX] = {i, j, a, b};
    int n = 0, position[ORDPAR_ORTHANT_MAX];
    for (int k = 0; k < ORDPAR_ORTHANT_MAX; k++) {
        position[k] = 0;
        while (position[k] < n && field[position[k]] != all[k])
            position[k]++;
        if (position[k] == n)
            field[n++] = all[k];
    }
    *at_a = position[2];
    *at_b = position[3];
    return n;
}

/* factor E[g(z_a) g(z_b) g'(z_i) g'(z_j)] = factor E[z_a z_b, all of z_a, z_b, z_i, z_j > 0]. */
static double term(size_t n, const double *c, double missing, double factor, size_t i, size_t j,
                   size_t a, size_t b, double *gradient) {
    double part[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX] = {{0}};
    double slope[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX];
    size_t field[ORDPAR_ORTHANT_MAX];
    double unit[ORDPAR_ORTHANT_MAX] = {1, 1, 1, 1};
    int at_a, at_b;
    const int fields = different_fields(i, j, a, b, field, &at_a, &at_b);
    for (int k = 0; k < fields; k++)
        unit[k] = ordpar_orthant_unit(fmax(c[field[k] * (n + 1)], ORDPAR_LEAST_VARIANCE));
    for (int k = 0; k < fields; k++)
        for (int l = 0; l < fields; l++) {
            const double own = c[field[k] * n + field[l]];
            part[k][l] = (k == l ? fmax(own, ORDPAR_LEAST_VARIANCE) * (1 + missing) : own) /
                         unit[k] / unit[l];
        }
    const double value = ordpar_orthant_moment(fields, (const double(*)[ORDPAR_ORTHANT_MAX])part,
                                               at_a, at_b, gradient ? slope : NULL);
    factor *= unit[at_a] * unit[at_b];
    if (gradient)
        for (int k = 0; k < fields; k++)
            for (int l = 0; l < fields; l++)
                gradient[field[k] * n + field[l]] += factor * slope[k][l] / unit[k] / unit[l];
    return factor * value;
}

static double squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                  const double *u, size_t i, size_t j, double *gradient,
                                  double *work) {
    (void)self;
    const double missing = ordpar_orthant_missing_variance(n, c, work);
    double sum = 0;
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a && u[a] != 0; b++)
            sum += term(n, c, missing, (a == b ? 1 : 2) * u[a] * u[b], i, j, a, b, gradient);
    return sum;
}

static const ordpar_ramp ramp = {.s = INFINITY};

const ordpar_activation ordpar_activation_relu = {.name = "relu",
                                                  .evaluate = evaluate,
                                                  .homogeneity = 1,
                                                  .needs_variance = true,
                                                  .gg = gg,
                                                  .dg_dg = dg_dg,
                                                  .ddg_g = ddg_g,
                                                  .squared_error_dg_dg = squared_error_dg_dg,
                                                  .ramp = &ramp};
