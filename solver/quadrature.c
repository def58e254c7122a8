// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * With a = sd_a xi, b = sd_b (rho xi + sqrt(1 - rho^2) zeta) and xi, zeta independent and normal,
 * the trapezoidal rule with the step h in xi and zeta converges exponentially: shifting the contour
 * by i eta costs exp(eta^2/2) and gains exp(-2 pi eta / h), up to the strip of g, eta = strip / sd.
 */
#include "quadrature.h"

#include "kernels.h"
#include "orthant_moment.h"

#include <math.h>

enum { ORDERS = 5, MAX_NODES = 1024 };

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

/* [12.13] The averages of four products. */
static void integrate(const ordpar_smooth_function *g, double c_aa, double c_ab, double c_bb,
                      const product p[4], double average[4]) {
    double x[MAX_NODES], weight[MAX_NODES], b[MAX_NODES], at_a[ORDERS][1], at_b[ORDERS][MAX_NODES];
    double *const to_a[ORDERS] = {at_a[0], at_a[1], at_a[2], at_a[3], at_a[4]};
    double *const to_b[ORDERS] = {at_b[0], at_b[1], at_b[2], at_b[3], at_b[4]};
    const double sd_a = sqrt(c_aa), sd_b = sqrt(c_bb);
    const double slope = c_aa > 0 ? c_ab / sd_a : 0; /* sd_b rho */
    const double det = ordpar_minor(c_aa, c_bb, c_ab, c_ab);
    const double rest = c_aa > 0 ? sqrt(fmax(det, 0)) / sd_a : sd_b; /* sd_b sqrt(1 - rho^2) */
    const double h = step(g, fmax(sd_a, sd_b));
    const int half = (int)(radius / h);
    for (int k = -half; k <= half; k++) {
        x[k + half] = k * h;
        weight[k + half] = h / sqrt(2 * M_PI) * exp(-x[k + half] * x[k + half] / 2);
    }
    int highest_a = 0, highest_b = 0;
    for (int m = 0; m < 4; m++) {
        average[m] = 0;
        highest_a = p[m].first > highest_a ? p[m].first : highest_a;
        highest_b = p[m].second > highest_b ? p[m].second : highest_b;
    }
    for (int i = 0; i <= 2 * half; i++) {
        const double a = sd_a * x[i];
        const int reach = (int)(sqrt(fmax(radius * radius - x[i] * x[i], 0)) / h);
        const size_t first = (size_t)(half - reach), count = (size_t)(2 * reach + 1);
        for (size_t k = 0; k < count; k++)
            b[k] = slope * x[i] + rest * x[first + k];
        g->derivatives(highest_a, 1, &a, to_a);
        g->derivatives(highest_b, count, b, to_b);
        for (int m = 0; m < 4; m++)
            average[m] += weight[i] * at_a[p[m].first][0] *
                          ordpar_dot(count, weight + first, at_b[p[m].second]);
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

ordpar_pair_average ordpar_quadrature_gg(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                         double c_bb) {
    return pair(g, 0, 0, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_quadrature_dg_dg(const ordpar_smooth_function *g, double c_aa,
                                            double c_ab, double c_bb) {
    return pair(g, 1, 1, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_quadrature_ddg_g(const ordpar_smooth_function *g, double c_aa,
                                            double c_ab, double c_bb) {
    return pair(g, 2, 0, c_aa, c_ab, c_bb);
}
