// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Two fields, of one mixture each. A term erf(s z / sqrt 2) is erf's own function of the field s z,
 * so that with p and q the terms of the two fields, det = c_aa c_bb - c_ab^2 and root^2 = 1 + s_p^2
 * c_aa + s_q^2 c_bb + s_p^2 s_q^2 det, a sum of positive numbers, the averages are those of
 * [2.1]-[2.3], term by term.
 */
#include "solver/averages/mixture.h"

#include "base/vector_math.h"
#include "base/vectorise.h"
#include "solver/averages/long_number.h"
#include "solver/averages/polynomial.h"

#include <math.h>

enum { MOST = ORDPAR_MIXTURE_MOST };

/* The sums over the pairs (p, q): of w atan(t), and of factors that the three averages share. */
typedef struct {
    double atan;                        /* a_p a_q atan(s_p s_q c_ab / root) */
    double slope;                       /* a_p a_q s_p s_q / root */
    double slope_a, slope_b;            /* the same times s^2/(1 + s^2 c) of a field */
    double cube, cube_a, cube_b;        /* a_p a_q s_p s_q / root^3 times s_p^2 s_q^2 and .. */
    double third, third_aa, third_cube; /* what E[g'' g] has of its own */
} sums;

ORDPAR_VECTORISED_VOID(static, pair_sums,
                       (const ordpar_mixture *g, const ordpar_mixture *h, double aa, double ab,
                        double bb, sums *out),
                       (g, h, aa, ab, bb, out)) {
    const size_t terms = h->terms;
    const double *amplitude = h->a, *scale = h->s;
    const double det = ordpar_minor(aa, bb, ab, ab);
    double x[MOST * MOST] = {0};
    sums s = {0};
    for (size_t p = 0; p < g->terms; p++) {
        const double a_p = g->a[p], s_p = g->s[p], square_p = s_p * s_p;
        const double shrink_p = square_p / (1 + square_p * aa);
        double *t = x + p * terms;
        double slope = 0, slope_b = 0, cube = 0, cube_a = 0, cube_b = 0;
#pragma omp simd reduction(+ : slope, slope_b, cube, cube_a, cube_b)
        for (size_t q = 0; q < terms; q++) {
            const double s_q = scale[q], square_q = s_q * s_q, both = square_p * square_q;
            const double inverse = 1 / sqrt(1 + square_p * aa + square_q * bb + both * det);
            const double own = a_p * amplitude[q] * s_p * s_q * inverse;
            const double third = own * inverse * inverse;
            t[q] = s_p * s_q * ab * inverse;
            slope += own;
            slope_b += own * square_q / (1 + square_q * bb);
            cube += third * both;
            cube_a += third * square_p * (1 + square_q * bb);
            cube_b += third * square_q * (1 + square_p * aa);
        }
        s.slope += slope;
        s.slope_a += slope * shrink_p;
        s.slope_b += slope_b;
        s.cube += cube;
        s.cube_a += cube_a;
        s.cube_b += cube_b;
        s.third += shrink_p * slope;
        s.third_aa += shrink_p * (shrink_p * slope + cube_a / 2);
        s.third_cube += shrink_p * cube_b;
    }
    ordpar_vector_atan(g->terms * terms, x, x);
    for (size_t p = 0; p < g->terms; p++) {
        double sum = 0;
        for (size_t q = 0; q < terms; q++)
            sum += amplitude[q] * x[p * terms + q];
        s.atan += g->a[p] * sum;
    }
    *out = s;
}

/* [2.13] E[g^(2m+1)] = (-1)^m (2m - 1)!! sqrt(2/pi) sum a s^(2m+1) (1 + s^2 c)^(-m - 1/2) */
void ordpar_mixture_add_means(const ordpar_mixture *g, double variance, double *mean) {
    mean[0] += g->constant;
    for (size_t p = 0; p < g->terms; p++) {
        const double square = g->s[p] * g->s[p], shrink = square / (1 + square * variance);
        double value = sqrt(M_2_PI) * g->a[p] * g->s[p] / sqrt(1 + square * variance);
        for (int k = 1; k < ORDPAR_MEANS; k += 2) {
            mean[k] += value;
            value *= -k * shrink;
        }
    }
}

/* [2.7] */
ordpar_pair_average ordpar_mixtures_gg(const ordpar_mixture *g, const ordpar_mixture *h,
                                       double c_aa, double c_ab, double c_bb) {
    sums s;
    pair_sums(g, h, c_aa, c_ab, c_bb, &s);
    return (ordpar_pair_average){.value = g->constant * h->constant + M_2_PI * s.atan,
                                 .d_aa = -M_1_PI * c_ab * s.slope_a,
                                 .d_ab = M_2_PI * s.slope,
                                 .d_bb = -M_1_PI * c_ab * s.slope_b};
}

/* [2.8] */
ordpar_pair_average ordpar_mixtures_dg_dg(const ordpar_mixture *g, const ordpar_mixture *h,
                                          double c_aa, double c_ab, double c_bb) {
    sums s;
    pair_sums(g, h, c_aa, c_ab, c_bb, &s);
    return (ordpar_pair_average){.value = M_2_PI * s.slope,
                                 .d_aa = -M_1_PI * s.cube_a,
                                 .d_ab = M_2_PI * c_ab * s.cube,
                                 .d_bb = -M_1_PI * s.cube_b};
}

/* [2.9] */
ordpar_pair_average ordpar_mixtures_ddg_g(const ordpar_mixture *g, const ordpar_mixture *h,
                                          double c_aa, double c_ab, double c_bb) {
    sums s;
    pair_sums(g, h, c_aa, c_ab, c_bb, &s);
    return (ordpar_pair_average){.value = -M_2_PI * c_ab * s.third,
                                 .d_aa = M_2_PI * c_ab * s.third_aa,
                                 .d_ab = -M_2_PI * s.cube_a,
                                 .d_bb = M_1_PI * c_ab * s.third_cube};
}

ordpar_pair_average ordpar_mixture_gg(const ordpar_activation *self, double c_aa, double c_ab,
                                      double c_bb) {
    return ordpar_mixtures_gg(self->mixture, self->mixture, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_mixture_dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                         double c_bb) {
    return ordpar_mixtures_dg_dg(self->mixture, self->mixture, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_mixture_ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                         double c_bb) {
    return ordpar_mixtures_ddg_g(self->mixture, self->mixture, c_aa, c_ab, c_bb);
}
