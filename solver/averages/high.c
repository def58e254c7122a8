// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/high.h"

#include "solver/averages/orthant.h"

#include <math.h>
#include <string.h>

/* Linear units: d is normal, and g' = 1. */
static double linear_square(const ordpar_high_fields *f) {
    double sum = f->s2;
    for (size_t a = 0; a < f->n; a++)
        for (size_t b = 0; b < f->n; b++)
            sum += f->u[a] * f->u[b] * f->c[a * f->n + b];
    return sum;
}

static void linear_cubed(const ordpar_high_fields *f, const size_t units[3], double *slope,
                         double *work) {
    const double square = linear_square(f);
    (void)units, (void)work;
    for (size_t a = 0; a < f->n; a++)
        slope[a] = 3 * square * f->u[a];
}

static double linear_fourth(const ordpar_high_fields *f, const size_t units[4], double *work) {
    const double square = linear_square(f);
    (void)units, (void)work;
    return 3 * square * square;
}

static const ordpar_high_averages linear = {0, linear_cubed, linear_fourth};

/* [19.2] A factor g'(z_a), in place: c -= c_a c_a^T/(1 + c_aa); what is known of other fields by
 * their covariances k with z, k -> k weight, follows. Returns E[g'(z_a)]. */
static double tilt(size_t n, size_t a, double *c, double *weight) {
    const double d = 1 + c[a * n + a];
    for (size_t e = 0; weight && e < n; e++) {
        const double part = weight[e * n + a] / d;
        for (size_t b = 0; b < n; b++)
            weight[e * n + b] -= part * c[a * n + b];
    }
    for (size_t b = 0; b < n; b++) /* row and column a last, as they are read */
        for (size_t e = 0; b != a && e < n; e++)
            if (e != a)
                c[b * n + e] -= c[b * n + a] * c[a * n + e] / d;
    for (size_t b = 0; b < n; b++)
        c[a * n + b] = c[b * n + a] = c[a * n + b] / d;
    return sqrt(M_2_PI / d);
}

static double erf_square(size_t n, const double *c, const double *u) {
    return ordpar_activation_squared_error(&ordpar_activation_erf, n, c, u, NULL);
}

static void erf_cubed(const ordpar_high_fields *f, const size_t units[3], double *slope,
                      double *work) {
    const size_t n = f->n;
    double *c = work, *weight = work + n * n, *again = work + 2 * n * n, factor = 1;
    memcpy(c, f->c, n * n * sizeof *c);
    memset(weight, 0, n * n * sizeof *weight);
    for (size_t a = 0; a < n; a++)
        weight[a * n + a] = 1;
    for (size_t k = 0; k < 3; k++)
        factor *= tilt(n, units[k], c, weight);
    memset(slope, 0, n * sizeof *slope);
    for (size_t b = 0; b < n; b++) {
        memcpy(again, c, n * n * sizeof *c);
        const double mean = tilt(n, b, again, NULL);
        const double part = 3 * factor * f->u[b] * mean * (erf_square(n, again, f->u) + f->s2);
        for (size_t a = 0; a < n; a++)
            slope[a] += weight[a * n + b] * part;
    }
}

/* The determinant of four fields' correlations, by elimination. */
static double determinant(double m[4][4]) {
    double product = 1;
    for (size_t k = 0; k < 4; k++) {
        if (!(m[k][k] > 0))
            return 0;
        product *= m[k][k];
        for (size_t i = k + 1; i < 4; i++)
            for (size_t j = k + 1; j < 4; j++)
                m[i][j] -= m[i][k] * m[k][j] / m[k][k];
    }
    return product;
}

/* [19.2] E[g g g g], for any four fields, of which some may coincide. */
static double erf_four(size_t n, const double *c, const size_t units[4]) {
    double angle[4][4] = {{0}}, m[4][4], sum = 0;
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < 4; b++) {
            const double aa = c[units[a] * n + units[a]], bb = c[units[b] * n + units[b]];
            const double ab = c[units[a] * n + units[b]];
            m[a][b] = a == b ? 1 : ab / sqrt((1 + aa) * (1 + bb));
            if (a != b)
                angle[a][b] = atan2(sqrt(ordpar_erf_determinant(aa, ab, bb)), ab);
            if (a < b)
                sum += angle[a][b];
        }
    return 16 * ordpar_orthant_4((const double(*)[4])angle, sqrt(determinant(m))) - 7 +
           2 * sum / M_PI;
}

/* How many orders four sorted units have. */
static double orders(const size_t units[4]) {
    double count = 24;
    for (size_t k = 1, run = 1; k < 4; k++) {
        run = units[k] == units[k - 1] ? run + 1 : 1;
        count /= (double)run;
    }
    return count;
}

static double erf_fourth(const ordpar_high_fields *f, const size_t units[4], double *work) {
    const size_t n = f->n;
    double factor = 1, sum = 0, *c = work;
    size_t k[4];
    memcpy(c, f->c, n * n * sizeof *c);
    for (size_t a = 0; a < 4; a++)
        factor *= tilt(n, units[a], c, NULL);
    for (k[0] = 0; k[0] < n; k[0]++)
        for (k[1] = k[0]; k[1] < n; k[1]++)
            for (k[2] = k[1]; k[2] < n; k[2]++)
                for (k[3] = k[2]; k[3] < n; k[3]++)
                    sum += orders(k) * f->u[k[0]] * f->u[k[1]] * f->u[k[2]] * f->u[k[3]] *
                           erf_four(n, c, k);
    return factor * (sum + 6 * f->s2 * erf_square(n, c, f->u) + 3 * f->s2 * f->s2);
}

static const ordpar_high_averages erf_averages = {0, erf_cubed, erf_fourth};

const ordpar_high_averages *ordpar_high_averages_of(const ordpar_activation *activation) {
    return activation == &ordpar_activation_erf         ? &erf_averages
           : activation == &ordpar_activation_linear    ? &linear
           : activation == &ordpar_activation_quadratic ? &ordpar_high_quadratic
           : activation == &ordpar_activation_relu      ? &ordpar_high_relu
                                                        : NULL;
}
