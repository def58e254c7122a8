// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/deviation_series.h"

#include "base/vectorise.h"

#include <math.h>

enum { LANES = ORDPAR_MIXTURE_LANES, CHUNK = ORDPAR_MIXTURE_CHUNK, CHUNKS = ORDPAR_MIXTURE_CHUNKS };

/* What may be left out of a series, relative to its first term. */
static const double negligible = 1e-17;

ORDPAR_VECTORISED_VOID(extern, ordpar_deviation_field_set,
                       (ordpar_deviation_field * field, const ordpar_mixture *g,
                        const double T[LANES], const double grown[LANES]),
                       (field, g, T, grown)) {
    double largest = 0, Q[LANES];
#pragma omp simd
    for (size_t m = 0; m < LANES; m++) {
        Q[m] = T[m] + grown[m] > 0 ? T[m] + grown[m] : 0;
        const double most = Q[m] > T[m] ? Q[m] : T[m];
        field->scale[m] = sqrt(most > 1e-200 ? most : 1e-200);
    }
    for (size_t p = 0; p < g->terms; p++) {
        const double a = g->a[p], square = g->s[p] * g->s[p];
#pragma omp simd reduction(max : largest)
        for (size_t m = 0; m < LANES; m++) {
            const double unit = square * field->scale[m] * field->scale[m];
            const double y = unit / (1 + square * T[m]), x = unit / (1 + square * Q[m]);
            const double gap = -x * square * grown[m] / (1 + square * T[m]);
            field->square_x[p][m] = x;
            field->square_y[p][m] = y;
            field->gap[p][m] = gap;
            field->power[p][m] = a * sqrt(y);
            field->rise[p][m] = a * gap / (sqrt(x) + sqrt(y));
            largest = x > largest ? x : largest;
            largest = y > largest ? y : largest;
        }
    }
    field->terms = g->terms;
    field->orders = 0;
    field->largest = largest;
}

/* What S_m of either field is at most from here on. */
static double bound(const ordpar_deviation_field *field) {
    double most = 0;
    for (size_t m = 0; m < LANES; m++) {
        double sum = 0;
        for (size_t p = 0; p < field->terms; p++)
            sum += fabs(field->power[p][m]) + fabs(field->rise[p][m]);
        most = sum > most ? sum : most;
    }
    return most;
}

/* True if what begins with this chunk can be left out: second differences of powers grow with the
 * square of the order. */
static bool is_negligible(const ordpar_deviation_field *a, const ordpar_deviation_field *b,
                          size_t chunk) {
    const double m = (double)(chunk * CHUNK) + 1;
    return a->bound[chunk] * b->bound[chunk] * 4 * sqrt(m) <=
           negligible * (1 - a->largest * b->largest) * a->bound[0] * b->bound[0];
}

ORDPAR_VECTORISED_VOID(static, one_chunk, (ordpar_deviation_field * field), (field)) {
    double *S = field->S + field->orders * LANES, *D = field->D + field->orders * LANES;
    for (size_t k = 0; k < (CHUNK + 1) * LANES; k++)
        S[k] = D[k] = 0;
    for (size_t p = 0; p < field->terms; p++) {
        double power[LANES], rise[LANES], x[LANES], y[LANES], gap[LANES];
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            power[m] = field->power[p][m];
            rise[m] = field->rise[p][m];
            x[m] = field->square_x[p][m];
            y[m] = field->square_y[p][m];
            gap[m] = field->gap[p][m];
        }
        for (size_t k = 0; k < CHUNK; k++)
#pragma omp simd
            for (size_t m = 0; m < LANES; m++) {
                S[k * LANES + m] += power[m];
                D[k * LANES + m] += rise[m];
                rise[m] = x[m] * rise[m] + gap[m] * power[m];
                power[m] *= y[m];
            }
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            S[CHUNK * LANES + m] += power[m];
            D[CHUNK * LANES + m] += rise[m];
            field->power[p][m] = power[m];
            field->rise[p][m] = rise[m];
        }
    }
    field->orders += CHUNK;
}

void ordpar_deviation_fields_finish(size_t K, ordpar_deviation_field *field) {
    for (size_t a = 0; a < K; a++)
        field[a].bound[0] = bound(&field[a]);
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        bool done = true;
        for (size_t a = 0; a < K && done; a++)
            done = is_negligible(&field[a], &field[a], chunk);
        if (done)
            break;
        for (size_t a = 0; a < K; a++) {
            one_chunk(&field[a]);
            field[a].bound[chunk + 1] = bound(&field[a]);
        }
    }
}

/* r^k of (y_a, y_b), and what it is more for (x_a, y_b), (y_a, x_b), and both. */
typedef struct {
    double power[LANES], first[LANES], second[LANES], both[LANES];
} powers;

/* r of the four pairs, likewise. */
typedef struct {
    double r[LANES], first[LANES], second[LANES], both[LANES];
} correlations;

/* k <- k + 1 */
static inline void raise_lane(powers *p, const correlations *c, size_t m) {
    const double r = c->r[m], x = c->first[m], y = c->second[m], e = c->both[m];
    const double P = p->power[m], first = p->first[m], second = p->second[m];
    p->both[m] = p->both[m] * (r + x + y + e) + first * y + second * x + (P + first + second) * e;
    p->first[m] = first * (r + x) + P * x;
    p->second[m] = second * (r + y) + P * y;
    p->power[m] = P * r;
}

/* The second difference of r^k S(a) S(b), from what S is of a teacher and more of its student. */
static inline double difference_lane(const powers *p, size_t m, double S_a, double D_a, double S_b,
                                     double D_b) {
    return p->power[m] * D_a * D_b + p->first[m] * (S_a + D_a) * D_b +
           p->second[m] * (S_b + D_b) * D_a + p->both[m] * (S_a + D_a) * (S_b + D_b);
}

static inline void set_correlations(const ordpar_deviation_field *a,
                                    const ordpar_deviation_field *b,
                                    const ordpar_deviation_lanes *c, correlations *r,
                                    powers *first) {
    for (size_t m = 0; m < LANES; m++) {
        const double scale = 1 / (a->scale[m] * b->scale[m]);
        r->r[m] = c->T[m] * scale;
        r->first[m] = c->Omega[0][m] * scale;
        r->second[m] = c->Omega[1][m] * scale;
        r->both[m] = c->E[m] * scale;
        first->power[m] = 1;
        first->first[m] = first->second[m] = first->both[m] = 0;
    }
}

/* [10.7] */
ORDPAR_VECTORISED_VOID(static, values,
                       (const ordpar_deviation_field *a, const ordpar_deviation_field *b,
                        const ordpar_deviation_lanes *c, size_t orders, double *out),
                       (a, b, c, orders, out)) {
    correlations r;
    powers p;
    double d = 1, value[LANES] = {0};
    set_correlations(a, b, c, &r, &p);
    for (size_t k = 0; k < orders; k++) {
        const double *S_a = a->S + k * LANES, *D_a = a->D + k * LANES;
        const double *S_b = b->S + k * LANES, *D_b = b->D + k * LANES;
        const double own = d / (double)(2 * k + 1);
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            raise_lane(&p, &r, m);
            value[m] += own * difference_lane(&p, m, S_a[m], D_a[m], S_b[m], D_b[m]);
            raise_lane(&p, &r, m);
        }
        d *= (double)(2 * k + 1) / (double)(2 * k + 2);
    }
    for (size_t m = 0; m < LANES; m++)
        out[m] = value[m];
}

/* The derivatives by covariances: first differences of sums of even powers. */
static inline void add_by_covariances(const powers *p, size_t m, double d, double S_a, double D_a,
                                      double S_b, double D_b, ordpar_deviation_difference *out) {
    const double X_a = S_a + D_a, X_b = S_b + D_b;
    const double P = p->power[m], x = p->first[m], y = p->second[m], e = p->both[m];
    out->by_T[m] += d * difference_lane(p, m, S_a, D_a, S_b, D_b);
    out->by_E[m] += d * (P + x + y + e) * X_a * X_b;
    out->by_Omega[0][m] += d * X_a * ((y + e) * X_b + (P + x) * D_b);
    out->by_Omega[1][m] += d * X_b * ((x + e) * X_a + (P + y) * D_a);
}

/* Those by variances, where S_m becomes S_(m+1), here a_S, a_D and b_S, b_D: by Q_aa, and by T_aa
 * without what Q_aa has of it. */
static inline void add_by_variances(const powers *p, size_t m, double d, const double S[2],
                                    const double D[2], const double next_S[2],
                                    const double next_D[2], ordpar_deviation_difference *out) {
    const double P = p->power[m], x = p->first[m], y = p->second[m], e = p->both[m];
    const double X[2] = {S[0] + D[0], S[1] + D[1]};
    out->by_Q[0][m] += d * (next_S[0] + next_D[0]) * ((y + e) * X[1] + (P + x) * D[1]);
    out->by_Q[1][m] += d * (next_S[1] + next_D[1]) * ((x + e) * X[0] + (P + y) * D[0]);
    out->by_t[0][m] += d * next_S[0] * (y * X[1] + P * D[1]);
    out->by_t[1][m] += d * next_S[1] * (x * X[0] + P * D[0]);
}

ORDPAR_VECTORISED_VOID(static, values_and_slopes,
                       (const ordpar_deviation_field *a, const ordpar_deviation_field *b,
                        const ordpar_deviation_lanes *c, size_t orders,
                        ordpar_deviation_difference *result),
                       (a, b, c, orders, result)) {
    correlations r;
    powers p;
    ordpar_deviation_difference out = {0};
    double d = 1;
    set_correlations(a, b, c, &r, &p);
    for (size_t k = 0; k < orders; k++) {
        const double *S_a = a->S + k * LANES, *D_a = a->D + k * LANES;
        const double *S_b = b->S + k * LANES, *D_b = b->D + k * LANES;
        const double own = d / (double)(2 * k + 1);
#pragma omp simd
        for (size_t m = 0; m < LANES; m++) {
            const double S[2] = {S_a[m], S_b[m]}, D[2] = {D_a[m], D_b[m]};
            const double next_S[2] = {S_a[m + LANES], S_b[m + LANES]};
            const double next_D[2] = {D_a[m + LANES], D_b[m + LANES]};
            add_by_covariances(&p, m, d, S[0], D[0], S[1], D[1], &out);
            raise_lane(&p, &r, m);
            out.value[m] += own * difference_lane(&p, m, S[0], D[0], S[1], D[1]);
            add_by_variances(&p, m, d, S, D, next_S, next_D, &out);
            raise_lane(&p, &r, m);
        }
        d *= (double)(2 * k + 1) / (double)(2 * k + 2);
    }
    for (size_t m = 0; m < LANES; m++) {
        const double unit = 1 / (a->scale[m] * b->scale[m]);
        const double by[2] = {-1 / (2 * a->scale[m] * a->scale[m]),
                              -1 / (2 * b->scale[m] * b->scale[m])};
        out.by_T[m] *= unit;
        out.by_E[m] *= unit;
        for (size_t k = 0; k < 2; k++) {
            out.by_Omega[k][m] *= unit;
            out.by_Q[k][m] *= by[k];
            out.by_t[k][m] = out.by_Q[k][m] - by[k] * out.by_t[k][m];
        }
    }
    *result = out;
}

bool ordpar_deviation_series(const ordpar_deviation_field *a, const ordpar_deviation_field *b,
                             const ordpar_deviation_lanes *c, bool slopes,
                             ordpar_deviation_difference *out) {
    const size_t chunks = (a->orders < b->orders ? a->orders : b->orders) / CHUNK;
    size_t chunk = 0;
    while (chunk <= chunks && !is_negligible(a, b, chunk))
        chunk++;
    if (chunk > chunks)
        return false;
    if (slopes)
        values_and_slopes(a, b, c, chunk * CHUNK, out);
    else
        values(a, b, c, chunk * CHUNK, out->value);
    return true;
}
