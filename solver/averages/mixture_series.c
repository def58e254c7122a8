// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/vector_math.h"
#include "base/vectorise.h"
#include "solver/averages/mixture_internal.h"

enum {
    LANES = ORDPAR_MIXTURE_LANES,
    CHUNK = ORDPAR_MIXTURE_CHUNK,
    CHUNKS = ORDPAR_MIXTURE_CHUNKS,
    MOST = ORDPAR_MIXTURE_MOST
};

/* What may be left out of a series, in units of (sum a)^2. */
static const double negligible = 1e-17;

ORDPAR_VECTORISED_VOID(extern, ordpar_mixture_field_set,
                       (ordpar_mixture_field * field, const ordpar_mixture *g,
                        const double variance[LANES]),
                       (field, g, variance)) {
    double largest = 0;
#pragma omp simd
    for (size_t m = 0; m < LANES; m++) {
        field->variance[m] = variance[m];
        /* S_m contains the scale, r its inverse: where both vanish any other will do */
        field->scale[m] = sqrt(variance[m] > 1e-200 ? variance[m] : 1e-200);
    }
    for (size_t p = 0; p < g->terms; p++) {
        const double a = g->a[p], square = g->s[p] * g->s[p];
#pragma omp simd reduction(max : largest)
        for (size_t m = 0; m < LANES; m++) {
            const double x = square * field->scale[m] * field->scale[m];
            const double beta_2 = x / (1 + square * variance[m]);
            field->square[p][m] = beta_2;
            field->power[p][m] = a * sqrt(beta_2);
            largest = beta_2 > largest ? beta_2 : largest;
        }
    }
    field->terms = g->terms;
    field->orders = 0;
    field->largest = largest;
}

/* What S_m is at most from here on. */
static double bound(const ordpar_mixture_field *field) {
    double most = 0;
    for (size_t m = 0; m < LANES; m++) {
        double sum = 0;
        for (size_t p = 0; p < field->terms; p++)
            sum += fabs(field->power[p][m]);
        most = sum > most ? sum : most;
    }
    return most;
}

/* True if what begins with this chunk can be left out. */
static bool is_negligible(const ordpar_mixture_field *a, const ordpar_mixture_field *b,
                          size_t chunk) {
    const double m = (double)(chunk * CHUNK) + 1;
    return a->bound[chunk] * b->bound[chunk] <=
           negligible * (1 - a->largest * b->largest) * 3 * m * sqrt(m);
}

ORDPAR_VECTORISED_VOID(static, one_chunk, (ordpar_mixture_field * field), (field)) {
    double sum[CHUNK + 1][LANES] = {{0}};
    for (size_t p = 0; p < field->terms; p++) {
        double power[LANES], square[LANES];
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            power[m] = field->power[p][m];
            square[m] = field->square[p][m];
        }
        for (size_t k = 0; k < CHUNK; k++)
#pragma omp simd
            for (size_t m = 0; m < LANES; m++) {
                sum[k][m] += power[m];
                power[m] *= square[m];
            }
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            sum[CHUNK][m] += power[m];
            field->power[p][m] = power[m];
        }
    }
    double *S = field->S + field->orders * LANES;
    for (size_t k = 0; k <= CHUNK; k++)
#pragma omp simd
        for (size_t m = 0; m < LANES; m++)
            S[k * LANES + m] = sum[k][m];
    field->orders += CHUNK;
}

void ordpar_mixture_fields_finish(size_t n, ordpar_mixture_field *field) {
    for (size_t a = 0; a < n; a++)
        field[a].bound[0] = bound(&field[a]);
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        bool done = true;
        for (size_t a = 0; a < n && done; a++)
            done = is_negligible(&field[a], &field[a], chunk);
        if (done)
            break;
        for (size_t a = 0; a < n; a++) {
            one_chunk(&field[a]);
            field[a].bound[chunk + 1] = bound(&field[a]);
        }
    }
}

/* [2.12] */
ORDPAR_VECTORISED_VOID(static, values_by_series,
                       (const ordpar_mixture_field *a, const ordpar_mixture_field *b, size_t orders,
                        const double *c_ab, double *out),
                       (a, b, orders, c_ab, out)) {
    double square[LANES], power[LANES], value[LANES] = {0}, d = 1;
#pragma omp simd
    for (size_t m = 0; m < LANES; m++) {
        power[m] = c_ab[m] / (a->scale[m] * b->scale[m]);
        square[m] = power[m] * power[m];
    }
    for (size_t k = 0; k < orders; k++) {
        const double *S_a = a->S + k * LANES, *S_b = b->S + k * LANES;
        const double c = d / (double)(2 * k + 1);
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            value[m] += c * power[m] * S_a[m] * S_b[m];
            power[m] *= square[m];
        }
        d *= (double)(2 * k + 1) / (double)(2 * k + 2);
    }
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        out[m] = value[m];
}

/* The same with its derivatives: dS_m/dc_aa = -(m + 1/2) S_(m+1) / c_aa. */
ORDPAR_VECTORISED_VOID(static, by_series,
                       (const ordpar_mixture_field *a, const ordpar_mixture_field *b, size_t orders,
                        const double *c_ab, ordpar_mixture_lanes *out),
                       (a, b, orders, c_ab, out)) {
    double r[LANES], square[LANES], power[LANES], value[LANES] = {0};
    double by_a[LANES] = {0}, by_ab[LANES] = {0}, by_b[LANES] = {0}, d = 1;
#pragma omp simd
    for (size_t m = 0; m < LANES; m++) {
        r[m] = c_ab[m] / (a->scale[m] * b->scale[m]);
        square[m] = r[m] * r[m];
        power[m] = 1;
    }
    for (size_t k = 0; k < orders; k++) {
        const double *S_a = a->S + k * LANES, *S_b = b->S + k * LANES, c = 1. / (double)(2 * k + 1);
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            const double weight = d * power[m], product = weight * S_a[m] * S_b[m];
            value[m] += c * product;
            by_ab[m] += product;
            by_a[m] += weight * S_a[m + LANES] * S_b[m];
            by_b[m] += weight * S_a[m] * S_b[m + LANES];
            power[m] *= square[m];
        }
        d *= (double)(2 * k + 1) / (double)(2 * k + 2);
    }
#pragma omp simd
    for (size_t m = 0; m < LANES; m++) {
        const double x = a->scale[m], y = b->scale[m];
        out->value[m] = r[m] * value[m];
        out->d_ab[m] = by_ab[m] / (x * y);
        out->d_aa[m] = -r[m] * by_a[m] / (2 * x * x);
        out->d_bb[m] = -r[m] * by_b[m] / (2 * y * y);
    }
}

/* [2.7], term by term. */
ORDPAR_VECTORISED_VOID(static, by_pairs,
                       (const ordpar_mixture *g, const ordpar_mixture *h, const double *aa,
                        const double *bb, const double *c_ab, ordpar_mixture_lanes *out),
                       (g, h, aa, bb, c_ab, out)) {
    double det[LANES], x[MOST * LANES] = {0};
    *out = (ordpar_mixture_lanes){0};
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        det[m] = ordpar_minor(aa[m], bb[m], c_ab[m], c_ab[m]);
    for (size_t p = 0; p < g->terms; p++) {
        const double s_p = g->s[p], square_p = s_p * s_p;
        for (size_t q = 0; q < h->terms; q++) {
            const double s_q = h->s[q], square_q = s_q * s_q, w = g->a[p] * h->a[q] * s_p * s_q;
#pragma omp simd
            for (size_t m = 0; m < LANES; m++) {
                const double A = 1 + square_p * aa[m], B = 1 + square_q * bb[m];
                const double inverse =
                    1 / sqrt(A + square_q * bb[m] + square_p * square_q * det[m]);
                x[q * LANES + m] = s_p * s_q * c_ab[m] * inverse;
                out->d_ab[m] += w * inverse;
                out->d_aa[m] -= w * inverse * c_ab[m] * square_p / (2 * A);
                out->d_bb[m] -= w * inverse * c_ab[m] * square_q / (2 * B);
            }
        }
        ordpar_vector_atan(h->terms * LANES, x, x);
        for (size_t q = 0; q < h->terms; q++)
            for (size_t m = 0; m < LANES; m++)
                out->value[m] += g->a[p] * h->a[q] * x[q * LANES + m];
    }
}

void ordpar_mixture_lanes_gg(const ordpar_mixture *g, const ordpar_mixture *h,
                             const ordpar_mixture_field *a, const ordpar_mixture_field *b,
                             const double c_ab[LANES], bool slopes, ordpar_mixture_lanes *out) {
    const size_t chunks = (a->orders < b->orders ? a->orders : b->orders) / CHUNK;
    size_t chunk = 0;
    while (chunk <= chunks && !is_negligible(a, b, chunk))
        chunk++;
    if (chunk <= chunks && !slopes)
        values_by_series(a, b, chunk * CHUNK, c_ab, out->value);
    else if (chunk <= chunks)
        by_series(a, b, chunk * CHUNK, c_ab, out);
    else
        by_pairs(g, h, a->variance, b->variance, c_ab, out);
}
