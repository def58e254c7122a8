// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/ramp_lanes.h"

#include "base/vector_math.h"
#include "base/vectorise.h"
#include "solver/averages/long_number.h"

#include <math.h>

enum { LANES = ORDPAR_MIXTURE_LANES };

/* Two ramps, of the variances A' = A + 1/s^2 and B': (D + C (pi/2 + asin rho))/(2 pi) with
 * D^2 = A' B' - C^2. */
void ordpar_ramp_lanes_of_ramps(const ordpar_ramp *g, const ordpar_ramp *h, const double A[LANES],
                                const double C[LANES], const double B[LANES],
                                ordpar_ramp_lanes *out) {
    const double own_a = 1 / (g->s * g->s), own_b = 1 / (h->s * h->s);
    double root[LANES], angle[LANES];
    for (size_t m = 0; m < LANES; m++) {
        const double det = ordpar_minor(A[m], B[m], C[m], C[m]);
        root[m] = sqrt(det + own_a * B[m] + own_b * A[m] + own_a * own_b);
        angle[m] = C[m] / root[m];
    }
    ordpar_vector_atan(LANES, angle, angle);
    for (size_t m = 0; m < LANES; m++) {
        const double a = A[m] + own_a, b = B[m] + own_b, c = C[m], D = root[m];
        out->C[m] = (M_PI_2 + angle[m]) / (2 * M_PI);
        out->value[m] = D / (2 * M_PI) + c * out->C[m];
        out->A[m] = D / (4 * M_PI * a);
        out->B[m] = D / (4 * M_PI * b);
        out->CC[m] = 1 / (2 * M_PI * D);
        out->AC[m] = -c / (4 * M_PI * a * D);
        out->BC[m] = -c / (4 * M_PI * b * D);
        out->AA[m] = (c * c - D * D) / (8 * M_PI * a * a * D);
        out->BB[m] = (c * c - D * D) / (8 * M_PI * b * b * D);
    }
}

/* The ramp of a field of variance A and the bumps of one of variance B: the sum over bumps of
 * height sqrt(N/(2 pi))/d, d = 1 + w^2 B, N = (A + 1/s^2) d - w^2 C^2. */
ORDPAR_VECTORISED_VOID(static, add_ramp_and_bumps,
                       (double s, const ordpar_ramp *h, const double *A, const double *C,
                        const double *B, double *value, double *by_A, double *by_C, double *by_B),
                       (s, h, A, C, B, value, by_A, by_C, by_B)) {
    const double own = 1 / (s * s), unit = 1 / sqrt(2 * M_PI);
    double rest[LANES], sum[LANES] = {0}, sum_A[LANES] = {0}, sum_C[LANES] = {0},
                        sum_B[LANES] = {0};
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        rest[m] = own * B[m] + ordpar_minor(A[m], B[m], C[m], C[m]);
    for (size_t q = 0; q < h->bumps; q++) {
        const double v = h->width[q] * h->width[q], weight = h->height[q] * unit;
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            const double inverse = 1 / (1 + v * B[m]), N = A[m] + own + v * rest[m];
            const double root = weight * sqrt(N), over = root / N, factor = v * inverse;
            sum[m] += root * inverse;
            sum_A[m] += over; /* N_A/d = 1 */
            sum_C[m] += over * factor;
            sum_B[m] += (over * (A[m] + own) - 2 * root * inverse) * factor;
        }
    }
#pragma omp simd
    for (size_t m = 0; m < LANES; m++) {
        value[m] += sum[m];
        by_A[m] += sum_A[m] / 2;
        by_C[m] -= sum_C[m] * C[m];
        by_B[m] += sum_B[m] / 2;
    }
}

/* The second derivatives of the same. */
ORDPAR_VECTORISED_VOID(static, add_ramp_and_bumps_second,
                       (double s, const ordpar_ramp *h, const double *A, const double *C,
                        const double *B, double *by_AA, double *by_AC, double *by_CC, double *by_BC,
                        double *by_BB),
                       (s, h, A, C, B, by_AA, by_AC, by_CC, by_BC, by_BB)) {
    const double own = 1 / (s * s), unit = 1 / sqrt(2 * M_PI);
    for (size_t q = 0; q < h->bumps; q++) {
        const double v = h->width[q] * h->width[q], weight = h->height[q] * unit;
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            const double a = A[m] + own, c = C[m], b = B[m];
            const double d = 1 + v * b, inverse = 1 / d;
            const double N = a + v * (own * b + ordpar_minor(A[m], b, c, c)), root = sqrt(N);
            const double first = weight / (2 * root), second = -first / (2 * N);
            const double N_C = -2 * v * c, N_B = v * a;
            by_AA[m] += second * d;
            by_AC[m] += second * N_C;
            by_CC[m] += (second * N_C * N_C - 2 * v * first) * inverse;
            by_BC[m] += (second * N_B - first * v * inverse) * N_C * inverse;
            by_BB[m] += (second * N_B * N_B - 2 * first * N_B * v * inverse +
                         2 * weight * root * v * v * inverse * inverse) *
                        inverse;
        }
    }
}

/* Heights over sqrt D, D = 1 + u A + v B + u v det. */
ORDPAR_VECTORISED_VOID(static, bump_slopes,
                       (const ordpar_ramp *g, const ordpar_ramp *h, const double *A,
                        const double *C, const double *B, double *by_C),
                       (g, h, A, C, B, by_C)) {
    double det[LANES];
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        det[m] = ordpar_minor(A[m], B[m], C[m], C[m]);
    for (size_t p = 0; p < g->bumps; p++) {
        const double u = g->width[p] * g->width[p];
        double sum[LANES] = {0};
        for (size_t q = 0; q < h->bumps; q++) {
            const double v = h->width[q] * h->width[q], weight = v * g->height[p] * h->height[q];
#pragma omp simd
            for (size_t m = 0; m < LANES; m++) {
                const double inverse = 1 / (1 + u * A[m] + v * (B[m] + u * det[m]));
                sum[m] += weight * sqrt(inverse) * inverse;
            }
        }
#pragma omp simd
        for (size_t m = 0; m < LANES; m++)
            by_C[m] += u * C[m] * sum[m];
    }
}

/* With the derivatives of that. */
ORDPAR_VECTORISED_VOID(static, bump_slopes_and_more,
                       (const ordpar_ramp *g, const ordpar_ramp *h, const double *A,
                        const double *C, const double *B, ordpar_ramp_lanes *out),
                       (g, h, A, C, B, out)) {
    double det[LANES];
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        det[m] = ordpar_minor(A[m], B[m], C[m], C[m]);
    for (size_t p = 0; p < g->bumps; p++) {
        const double u = g->width[p] * g->width[p];
        double sum[LANES] = {0}, AC[LANES] = {0}, CC[LANES] = {0}, BC[LANES] = {0};
        for (size_t q = 0; q < h->bumps; q++) {
            const double v = h->width[q] * h->width[q], weight = v * g->height[p] * h->height[q];
#pragma omp simd
            for (size_t m = 0; m < LANES; m++) {
                const double a = 1 + u * A[m], b = 1 + v * B[m];
                const double inverse = 1 / (1 + u * A[m] + v * (B[m] + u * det[m]));
                const double own = weight * sqrt(inverse) * inverse, third = own * inverse;
                sum[m] += own;
                AC[m] += third * b;
                BC[m] += third * v * a;
                CC[m] += third * v;
            }
        }
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            const double c = u * C[m];
            out->C[m] += c * sum[m];
            out->AC[m] -= 1.5 * c * u * AC[m];
            out->BC[m] -= 1.5 * c * BC[m];
            out->CC[m] += u * sum[m] + 3 * c * c * CC[m];
        }
    }
}

void ordpar_ramp_lanes_add_bumps(const ordpar_ramp *g, const ordpar_ramp *h, const double A[LANES],
                                 const double C[LANES], const double B[LANES], bool slopes,
                                 ordpar_ramp_lanes *out) {
    if (slopes)
        bump_slopes_and_more(g, h, A, C, B, out);
    else
        bump_slopes(g, h, A, C, B, out->C);
}

/* [12.20] */
void ordpar_ramp_lanes_set(const ordpar_ramp *g, const ordpar_ramp *h, const double A[LANES],
                           const double C[LANES], const double B[LANES], bool slopes,
                           ordpar_ramp_lanes *out) {
    ordpar_ramp_lanes_of_ramps(g, h, A, C, B, out);
    add_ramp_and_bumps(g->s, h, A, C, B, out->value, out->A, out->C, out->B);
    add_ramp_and_bumps(h->s, g, B, C, A, out->value, out->B, out->C, out->A);
    if (!slopes)
        return;
    add_ramp_and_bumps_second(g->s, h, A, C, B, out->AA, out->AC, out->CC, out->BC, out->BB);
    add_ramp_and_bumps_second(h->s, g, B, C, A, out->BB, out->BC, out->CC, out->AC, out->AA);
}
