// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/high.h"

#include "solver/averages/orthant.h"

#include <math.h>
#include <string.h>

/* E[z_i d] of linear units, whose d is normal; i = n: E[d d]. */
static double linear_pair(const ordpar_high_fields *f, size_t i) {
    double sum = 0;
    for (size_t a = 0; a < f->n; a++)
        sum += f->u[a] * (i < f->n ? f->c[i * f->n + a] : linear_pair(f, a));
    return i < f->n ? sum : sum + f->s2;
}

static void linear_slope(const ordpar_high_fields *f, const ordpar_high_product *p, double *slope,
                         double *work) {
    const double square = linear_pair(f, f->n);
    const double rest = p->values ? 2 * linear_pair(f, p->units[0]) : 3 * square;
    (void)work;
    for (size_t a = 0; a < f->n; a++)
        slope[a] = rest * f->u[a];
    if (p->values)
        slope[p->units[0]] += square;
}

static double linear_mean(const ordpar_high_fields *f, const ordpar_high_product *p, double *work) {
    const double square = linear_pair(f, f->n);
    (void)work;
    if (p->values == 0)
        return 3 * square * square;
    const double first = linear_pair(f, p->units[0]);
    if (p->values == 1)
        return 3 * square * first;
    return square * f->c[p->units[0] * f->n + p->units[1]] +
           2 * first * linear_pair(f, p->units[1]);
}

static const ordpar_high_averages linear = {0, linear_slope, linear_mean};

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

/* E[g_a g_b] at this covariance. */
static double erf_pair(size_t n, const double *c, size_t a, size_t b) {
    return ordpar_activation_erf
        .gg(&ordpar_activation_erf, c[a * n + a], c[a * n + b], c[b * n + b])
        .value;
}

/* E[d g_i] */
static double erf_first(const ordpar_high_fields *f, const double *c, size_t i) {
    double sum = 0;
    for (size_t a = 0; a < f->n; a++)
        sum += f->u[a] * erf_pair(f->n, c, a, i);
    return sum;
}

static void erf_slope(const ordpar_high_fields *f, const ordpar_high_product *p, double *slope,
                      double *work) {
    const size_t n = f->n;
    double *c = work, *weight = work + n * n, *again = work + 2 * n * n, factor = 1;
    memcpy(c, f->c, n * n * sizeof *c);
    memset(weight, 0, n * n * sizeof *weight);
    for (size_t a = 0; a < n; a++)
        weight[a * n + a] = 1;
    for (size_t k = 0; k < p->slopes; k++)
        factor *= tilt(n, p->units[p->values + k], c, weight);
    memset(slope, 0, n * sizeof *slope);
    for (size_t b = 0; b < n; b++) {
        memcpy(again, c, n * n * sizeof *c);
        const double mean = tilt(n, b, again, NULL), square = erf_square(n, again, f->u) + f->s2;
        double part = 3 * f->u[b] * square;
        if (p->values)
            part = 2 * f->u[b] * erf_first(f, again, p->units[0]) + (b == p->units[0] ? square : 0);
        for (size_t a = 0; a < n; a++)
            slope[a] += weight[a * n + b] * factor * mean * part;
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

/* How many orders the count sorted units have. */
static double orders(size_t count, const size_t *units) {
    double all = 1;
    for (size_t k = 1, run = 1; k < count; k++) {
        run = units[k] == units[k - 1] ? run + 1 : 1;
        all *= (double)(k + 1) / (double)run;
    }
    return all;
}

/* The sum over the fields of the first count factors, from `least` on; the others are there. */
static double erf_sum(const ordpar_high_fields *f, const double *c, size_t count, size_t made,
                      size_t units[4]) {
    if (made == count || made == 4) {
        double part = orders(count, units);
        for (size_t k = 0; k < count; k++)
            part *= f->u[units[k]];
        return part == 0 ? 0 : part * erf_four(f->n, c, units);
    }
    double sum = 0;
    for (units[made] = made ? units[made - 1] : 0; units[made] < f->n; units[made]++)
        sum += erf_sum(f, c, count, made + 1, units);
    return sum;
}

static double erf_mean(const ordpar_high_fields *f, const ordpar_high_product *p, double *work) {
    const size_t n = f->n, power = (size_t)p->power;
    double factor = 1, noise, *c = work;
    size_t units[4];
    memcpy(c, f->c, n * n * sizeof *c);
    for (size_t a = 0; a < p->slopes; a++)
        factor *= tilt(n, p->units[p->values + a], c, NULL);
    for (size_t k = 0; k < p->values; k++)
        units[power + k] = p->units[k];
    if (p->values == 0)
        noise = 6 * erf_square(n, c, f->u) + 3 * f->s2;
    else
        noise = p->values == 1 ? 3 * erf_first(f, c, p->units[0])
                               : erf_pair(n, c, p->units[0], p->units[1]);
    return factor * (erf_sum(f, c, power, 0, units) + f->s2 * noise);
}

static const ordpar_high_averages erf_averages = {0, erf_slope, erf_mean};

const ordpar_high_averages *ordpar_high_averages_of(const ordpar_activation *activation) {
    return activation == &ordpar_activation_erf         ? &erf_averages
           : activation == &ordpar_activation_linear    ? &linear
           : activation == &ordpar_activation_quadratic ? &ordpar_high_quadratic
           : activation == &ordpar_activation_relu      ? &ordpar_high_relu
                                                        : NULL;
}
