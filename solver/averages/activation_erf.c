// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = erf(x / sqrt 2). [2.1]-[2.4] */
#include "solver/averages/activation.h"
#include "solver/averages/activation_loops.h"
#include "solver/averages/erf_fields.h"
#include "solver/averages/mixture.h"
#include "solver/averages/tilt.h"

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    double s[ORDPAR_ACTIVATION_BLOCK];
    if (dy) {
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = -x[k] * x[k] / 2;
        ordpar_vector_exp(count, dy, dy);
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] *= sqrt(M_2_PI);
    }
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        s[k] = x[k] * M_SQRT1_2;
    ordpar_vector_erf(count, s, y);
}

ORDPAR_DEFINE_FROM_BLOCKS

/* The difference c_aa c_bb - c_ab^2, which vanishes for parallel fields, is formed without
 * cancellation (Kahan's use of the fused multiply-add). */
double ordpar_erf_determinant(double c_aa, double c_ab, double c_bb) {
    const double square = c_ab * c_ab;
    const double square_error = fma(c_ab, c_ab, -square);
    return 1 + c_aa + c_bb + (fma(c_aa, c_bb, -square) - square_error);
}

/* [2.1] The arctangent is asin( c_ab / sqrt((1 + c_aa)(1 + c_bb)) ), also where that is close to 1.
 */
static ordpar_pair_average gg(const ordpar_activation *self, double c_aa, double c_ab,
                              double c_bb) {
    (void)self;
    const double root = sqrt(ordpar_erf_determinant(c_aa, c_ab, c_bb));
    return (ordpar_pair_average){.value = M_2_PI * atan2(c_ab, root),
                                 .d_aa = -M_1_PI * c_ab / ((1 + c_aa) * root),
                                 .d_ab = M_2_PI / root,
                                 .d_bb = -M_1_PI * c_ab / ((1 + c_bb) * root)};
}

/* [2.2] */
static ordpar_pair_average dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self;
    const double det = ordpar_erf_determinant(c_aa, c_ab, c_bb);
    const double value = M_2_PI / sqrt(det);
    return (ordpar_pair_average){.value = value,
                                 .d_aa = -value * (1 + c_bb) / (2 * det),
                                 .d_ab = value * c_ab / det,
                                 .d_bb = -value * (1 + c_aa) / (2 * det)};
}

/* [2.3] */
static ordpar_pair_average ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self;
    const double det = ordpar_erf_determinant(c_aa, c_ab, c_bb);
    const double value = -M_2_PI * c_ab / ((1 + c_aa) * sqrt(det));
    return (ordpar_pair_average){.value = value,
                                 .d_aa = -value * (1 / (1 + c_aa) + (1 + c_bb) / (2 * det)),
                                 .d_ab = -M_2_PI * (1 + c_bb) / (det * sqrt(det)),
                                 .d_bb = M_1_PI * c_ab / (det * sqrt(det))};
}

/* [2.4] The factor g'(z_i) g'(z_j) is Gaussian, so it only tilts the covariance. */
static double squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                  const double *u, size_t i, size_t j, double *gradient,
                                  double *work) {
    double *tilted = work, *scratch = work + n * n + 2 * n, error;
    const ordpar_pair_average weight = dg_dg(self, c[i * n + i], c[i * n + j], c[j * n + j]);
    const ordpar_tilt tilt = ordpar_tilt_prepare(n, c, (ordpar_field){i, i}, (ordpar_field){j, j},
                                                 ordpar_erf_determinant, scratch);
    if (n >= ORDPAR_ERF_MANY_FIELDS) {
        error = ordpar_erf_tilted_error(&tilt, c, u, gradient, work);
    } else {
        ordpar_tilt_apply(&tilt, c, tilted);
        error = ordpar_activation_squared_error(self, n, tilted, u, gradient);
    }
    if (gradient) {
        ordpar_tilt_pull_back(&tilt, gradient, work);
        for (size_t k = 0; k < n * n; k++)
            gradient[k] *= weight.value;
        gradient[i * n + i] += error * weight.d_aa;
        gradient[j * n + j] += error * weight.d_bb;
        gradient[i * n + j] += error * weight.d_ab / 2;
        gradient[j * n + i] += error * weight.d_ab / 2;
    }
    return weight.value * error;
}

static const double one = 1;
static const ordpar_mixture mixture = {.terms = 1, .a = &one, .s = &one};

const ordpar_activation ordpar_activation_erf = {.name = "erf",
                                                 .evaluate = evaluate,
                                                 .parity = -1,
                                                 .gg = gg,
                                                 .dg_dg = dg_dg,
                                                 .ddg_g = ddg_g,
                                                 .squared_error_dg_dg = squared_error_dg_dg,
                                                 .deviation = &ordpar_deviation_erf,
                                                 .mixture = &mixture};
