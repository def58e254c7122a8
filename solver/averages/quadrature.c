// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * With a = sd_a xi, b = sd_b (rho xi + sqrt(1 - rho^2) zeta) and xi, zeta independent and normal,
 * the trapezoidal rule with the step h in xi and zeta converges exponentially: shifting the contour
 * by i eta costs exp(eta^2/2) and gains exp(-2 pi eta / h), up to the strip of g, eta = strip / sd.
 */
#include "solver/averages/quadrature.h"

#include "base/floating_point.h"
#include "base/kernels.h"
#include "solver/averages/orthant_moment.h"

#include <math.h>
#include <stdbool.h>

/* A chunk of nodes keeps the stack small, that of a host program's thread may be. */
enum { ORDERS = 5, MAX_NODES = 1024, CHUNK = 128 };

/* -log of the error aimed at, less what the poles of the fourth derivative add, and where the
 * Gaussian has fallen below rounding. */
static const double digits = 46, radius = 8.6;

/* A product of derivatives, g^(first)(a) g^(second)(b). */
typedef struct {
    int first, second;
} product;

static double step(const ordpar_smooth_function *g, double sd) {
    const double least = 2 * radius / (MAX_NODES - 1), entire = sqrt(2 * digits);
    const double eta = sd > 0 ? fmin(g->strip / sd, entire) : entire;
    return fmax(2 * M_PI * eta / (digits + eta * eta / 2), least);
}

static int highest(const product p[4], bool of_second) {
    int order = 0;
    for (int m = 0; m < 4; m++) {
        const int own = of_second ? p[m].second : p[m].first;
        order = own > order ? own : order;
    }
    return order;
}

/* The sums over zeta of weight times the second factor, of the four products: nodes b = shift +
 * scale x_k, x_k = (k - half) h, k = first .. first + count - 1. */
typedef struct {
    const ordpar_smooth_function *g;
    const product *p;
    int order; /* the highest of the second factors */
    const double *weight;
    int half;
    double h, shift, scale;
} inner;

static void sum_inner(const inner *in, int first, int count, double sum[4]) {
    double b[CHUNK], values[ORDERS][CHUNK];
    double *const to[ORDERS] = {values[0], values[1], values[2], values[3], values[4]};
    for (int m = 0; m < 4; m++)
        sum[m] = 0;
    for (int begin = first; begin < first + count; begin += CHUNK) {
        const int left = first + count - begin;
        const size_t size = (size_t)(left < CHUNK ? left : CHUNK);
        for (size_t k = 0; k < size; k++)
            b[k] = in->shift + in->scale * ((begin + (int)k - in->half) * in->h);
        in->g->derivatives(in->order, size, b, to);
        for (int m = 0; m < 4; m++)
            sum[m] += ordpar_dot(size, in->weight + begin, values[in->p[m].second]);
    }
}

/* [12.13] The averages of four products. Errors of the integrator make fields of next to no
 * variance more than parallel to others: the larger variance counts then, and all is as near to
 * what is meant as the errors are small. */
static void integrate(const ordpar_smooth_function *g, double c_aa, double c_ab, double c_bb,
                      const product p[4], double average[4]) {
    double weight[MAX_NODES], at_a[ORDERS][1], sum[4];
    double *const to_a[ORDERS] = {at_a[0], at_a[1], at_a[2], at_a[3], at_a[4]};
    const double sd_a = sqrt(fmax(c_aa, 0)), sd_b = sqrt(fmax(c_bb, 0));
    const double slope = c_aa > 0 ? c_ab / sd_a : 0; /* sd_b rho */
    const double det = ordpar_minor(c_aa, c_bb, c_ab, c_ab);
    const double rest = c_aa > 0 ? sqrt(fmax(det, 0)) / sd_a : sd_b; /* sd_b sqrt(1 - rho^2) */
    if (det < 0 && c_aa < c_bb) {
        product turned[4];
        for (int m = 0; m < 4; m++)
            turned[m] = (product){p[m].second, p[m].first};
        integrate(g, c_bb, c_ab, c_aa, turned, average);
        return;
    }
    const double h = step(g, fmax(sd_a, sd_b));
    const int half = (int)(radius / h);
    for (int k = -half; k <= half; k++)
        weight[k + half] = h / sqrt(2 * M_PI) * exp(-(k * h) * (k * h) / 2);
    for (int m = 0; m < 4; m++)
        average[m] = 0;
    for (int i = -half; i <= half; i++) {
        const double x = i * h, a = sd_a * x;
        const int reach = (int)(sqrt(fmax(radius * radius - x * x, 0)) / h);
        const inner in = {g, p, highest(p, true), weight, half, h, slope * x, rest};
        g->derivatives(highest(p, false), 1, &a, to_a);
        sum_inner(&in, half - reach, 2 * reach + 1, sum);
        for (int m = 0; m < 4; m++)
            average[m] += weight[i + half] * at_a[p[m].first][0] * sum[m];
    }
}

/* d/dc_ab E[f(a) g(b)] = E[f' g'], d/dc_aa = E[f'' g] / 2, d/dc_bb = E[f g''] / 2. */
static ordpar_pair_average pair(const ordpar_smooth_function *g, int first, int second, double c_aa,
                                double c_ab, double c_bb) {
    const product p[4] = {
        {first, second}, {first + 2, second}, {first + 1, second + 1}, {first, second + 2}};
    double average[4];
    integrate(g, c_aa, c_ab, c_bb, p, average);
    return (ordpar_pair_average){
        .value = average[0], .d_aa = average[1] / 2, .d_ab = average[2], .d_bb = average[3] / 2};
}

ordpar_pair_average ordpar_smooth_gg(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                     double c_bb) {
    return pair(g, 0, 0, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_smooth_dg_dg(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                        double c_bb) {
    return pair(g, 1, 1, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_smooth_ddg_g(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                        double c_bb) {
    return pair(g, 2, 0, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_quadrature_gg(const ordpar_activation *self, double c_aa, double c_ab,
                                         double c_bb) {
    return ordpar_smooth_gg(self->smooth, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_quadrature_dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                            double c_bb) {
    return ordpar_smooth_dg_dg(self->smooth, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_quadrature_ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                            double c_bb) {
    return ordpar_smooth_ddg_g(self->smooth, c_aa, c_ab, c_bb);
}

/* E[g^2] and E[g'^2] of one field, by a trapezoidal rule of that step. */
static void squares(const ordpar_smooth_function *g, double sd, double h, double *gg,
                    double *dg_dg) {
    double value[ORDERS];
    double *const d[ORDERS] = {value, value + 1, value + 2, value + 3, value + 4};
    *gg = *dg_dg = 0;
    const long half = (long)(radius / h);
    for (long k = -half; k <= half; k++) {
        const double x = (double)k * h, a = sd * x, weight = h / sqrt(2 * M_PI) * exp(-x * x / 2);
        g->derivatives(1, 1, &a, d);
        *gg += weight * value[0] * value[0];
        *dg_dg += weight * value[1] * value[1];
    }
}

ordpar_average_errors ordpar_activation_average_errors(const ordpar_activation *activation,
                                                       double variance) {
    ORDPAR_FLOATING_POINT;
    const double largest = 3e4; /* beyond, only the node at 0 sees what g does near 0 */
    const ordpar_smooth_function *g = activation->smooth;
    if (!g)
        return (ordpar_average_errors){0};
    const double sd = fmin(sqrt(variance), largest), eta = fmin(g->strip / sd, sqrt(2 * digits));
    double gg, dg_dg, fine_gg, fine_dg_dg;
    squares(g, sd, step(g, sd), &gg, &dg_dg);
    squares(g, sd, 2 * M_PI * eta / (digits + eta * eta / 2), &fine_gg, &fine_dg_dg);
    return (ordpar_average_errors){.gg = fine_gg > 0 ? fabs(gg / fine_gg - 1) : 0,
                                   .dg_dg = fine_dg_dg > 0 ? fabs(dg_dg / fine_dg_dg - 1) : 0};
}
