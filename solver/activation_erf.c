// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = erf(x / sqrt 2). [2.1]-[2.4] */
#include "activation.h"

#include <math.h>

static double g(double x) {
    return erf(x * M_SQRT1_2);
}

static double dg(double x) {
    return sqrt(M_2_PI) * exp(-x * x / 2);
}

/* (1 + c_aa)(1 + c_bb) - c_ab^2, right to two units in the last place for any covariance: the
 * difference c_aa c_bb - c_ab^2, which vanishes for parallel fields, is formed without cancellation
 * (Kahan's use of the fused multiply-add). */
static double determinant(double c_aa, double c_ab, double c_bb) {
    const double square = c_ab * c_ab;
    const double square_error = fma(c_ab, c_ab, -square);
    return 1 + c_aa + c_bb + (fma(c_aa, c_bb, -square) - square_error);
}

/* [2.1] The arctangent is asin( c_ab / sqrt((1 + c_aa)(1 + c_bb)) ), also where that is close to 1.
 */
static ordpar_pair_average gg(double c_aa, double c_ab, double c_bb) {
    const double root = sqrt(determinant(c_aa, c_ab, c_bb));
    return (ordpar_pair_average){.value = M_2_PI * atan2(c_ab, root),
                                 .d_aa = -M_1_PI * c_ab / ((1 + c_aa) * root),
                                 .d_ab = M_2_PI / root,
                                 .d_bb = -M_1_PI * c_ab / ((1 + c_bb) * root)};
}

/* [2.2] */
static ordpar_pair_average dg_dg(double c_aa, double c_ab, double c_bb) {
    const double det = determinant(c_aa, c_ab, c_bb);
    const double value = M_2_PI / sqrt(det);
    return (ordpar_pair_average){.value = value,
                                 .d_aa = -value * (1 + c_bb) / (2 * det),
                                 .d_ab = value * c_ab / det,
                                 .d_bb = -value * (1 + c_aa) / (2 * det)};
}

/* [2.3] */
static ordpar_pair_average ddg_g(double c_aa, double c_ab, double c_bb) {
    const double det = determinant(c_aa, c_ab, c_bb);
    const double value = -M_2_PI * c_ab / ((1 + c_aa) * sqrt(det));
    return (ordpar_pair_average){.value = value,
                                 .d_aa = -value * (1 / (1 + c_aa) + (1 + c_bb) / (2 * det)),
                                 .d_ab = -M_2_PI * (1 + c_bb) / (det * sqrt(det)),
                                 .d_bb = M_1_PI * c_ab / (det * sqrt(det))};
}

/* The rows of S^-1 c_(ij,.), S = 1 + c_(ij,ij), into x[2][n]. */
static void tilt_coefficients(size_t n, const double *c, size_t i, size_t j, double *x) {
    const double *row_i = c + i * n, *row_j = c + j * n;
    const double det = determinant(row_i[i], row_i[j], row_j[j]);
    for (size_t a = 0; a < n; a++) {
        x[a] = ((1 + row_j[j]) * row_i[a] - row_i[j] * row_j[a]) / det;
        x[n + a] = ((1 + row_i[i]) * row_j[a] - row_i[j] * row_i[a]) / det;
    }
}

/* c~ = c - c_(.,ij) S^-1 c_(ij,.): the covariance under the weight g'(z_i) g'(z_j). */
static void tilt(size_t n, const double *c, size_t i, size_t j, const double *x, double *tilted) {
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            tilted[a * n + b] = c[a * n + b] - c[a * n + i] * x[b] - c[a * n + j] * x[n + b];
}

/* Gamma <- P Gamma P^T with P = 1 - E S^-1 c_(ij,.), E the columns i and j of the identity: turns a
 * gradient with respect to c~ into one with respect to c, since dc~ = P^T dc P. */
static void pull_back(size_t n, size_t i, size_t j, const double *x, double *gamma, double *work) {
    double *y = work; /* S^-1 c_(ij,.) Gamma, [2][n] */
    for (size_t k = 0; k < 2; k++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t a = 0; a < n; a++)
                sum += x[k * n + a] * gamma[a * n + b];
            y[k * n + b] = sum;
        }
    for (size_t b = 0; b < n; b++) {
        gamma[i * n + b] -= y[b];
        gamma[j * n + b] -= y[n + b];
    }
    for (size_t a = 0; a < n; a++) {
        double sum_i = 0, sum_j = 0;
        for (size_t b = 0; b < n; b++) {
            sum_i += gamma[a * n + b] * x[b];
            sum_j += gamma[a * n + b] * x[n + b];
        }
        gamma[a * n + i] -= sum_i;
        gamma[a * n + j] -= sum_j;
    }
}

/* [2.4] The factor g'(z_i) g'(z_j) is Gaussian, so it only tilts the covariance. */
static double squared_error_dg_dg(size_t n, const double *c, const double *u, size_t i, size_t j,
                                  double *gradient, double *work) {
    double *tilted = work, *x = work + n * n, *scratch = x + 2 * n;
    const ordpar_pair_average weight = dg_dg(c[i * n + i], c[i * n + j], c[j * n + j]);
    tilt_coefficients(n, c, i, j, x);
    tilt(n, c, i, j, x, tilted);
    const double error =
        ordpar_activation_squared_error(&ordpar_activation_erf, n, tilted, u, gradient);
    if (gradient) {
        pull_back(n, i, j, x, gradient, scratch);
        for (size_t k = 0; k < n * n; k++)
            gradient[k] *= weight.value;
        gradient[i * n + i] += error * weight.d_aa;
        gradient[j * n + j] += error * weight.d_bb;
        gradient[i * n + j] += error * weight.d_ab / 2;
        gradient[j * n + i] += error * weight.d_ab / 2;
    }
    return weight.value * error;
}

const ordpar_activation ordpar_activation_erf = {.name = "erf",
                                                 .g = g,
                                                 .dg = dg,
                                                 .gg = gg,
                                                 .dg_dg = dg_dg,
                                                 .ddg_g = ddg_g,
                                                 .squared_error_dg_dg = squared_error_dg_dg};
