// SPDX-License-Identifier: GPL-3.0-or-later
/* What students of an even activation have of the teachers' directions. */
#include "solver/state/saddle_internal.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double ordpar_saddle_size_of(size_t heads, size_t count, const double *weights, size_t unit) {
    double largest = 0;
    for (size_t k = 0; k < heads; k++)
        largest = fmax(largest, fabs(weights[k * count + unit]));
    return largest;
}

double ordpar_saddle_largest(size_t count, const double *weights) {
    double largest = 0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, fabs(weights[k]));
    return largest;
}

void ordpar_saddle_add(ordpar_saddle *s, double amplitude, double scale) {
    s->amplitude[s->next] = amplitude;
    s->scale[s->next++] = scale;
}

/* Of the teachers' quadratic form, which students of an even activation learn. */
static bool find_directions(ordpar_saddle *s, const double *c) {
    const size_t K = s->network->K, M = s->network->M, n = K + M;
    const double *w = s->network->w;
    double *work = malloc(4 * M * sizeof *work);
    if (!work)
        return false;
    for (size_t k = 0; k < M; k++)
        for (size_t m = 0; m < M; m++)
            s->direction[k * M + m] = sqrt(ordpar_saddle_size_of(s->heads, M, w, k) *
                                           ordpar_saddle_size_of(s->heads, M, w, m)) *
                                      c[(K + k) * n + K + m];
    const lapack_int order = (lapack_int)M;
    s->has_direction = LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'U', order, s->direction, order,
                                          work, work + M, 3 * order) == 0;
    free(work);
    return s->has_direction;
}

static void add_directions(ordpar_saddle *s, const double *c) {
    const size_t K = s->network->K, M = s->network->M;
    if (!s->has_direction && !find_directions(s, c))
        return;
    const double scale = ordpar_saddle_largest(K * M, s->rows);
    for (size_t k = 0; k < M; k++) {
        double largest = 0;
        for (size_t i = 0; i < K; i++) {
            double component = 0;
            for (size_t m = 0; m < M; m++)
                component += s->rows[i * M + m] *
                             sqrt(ordpar_saddle_size_of(s->heads, M, s->network->w, m)) *
                             s->direction[k * M + m];
            largest = fmax(largest, fabs(component));
        }
        ordpar_saddle_add(s, largest, scale);
    }
}

static double dot(size_t n, const double *x, const double *y) {
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += x[k] * y[k];
    return sum;
}

/* Takes the longest of the rows first.. out of those behind it; returns its length. */
static double eliminate(size_t first, size_t count, size_t M, double *rows) {
    size_t longest = first;
    for (size_t i = first; i < count; i++)
        if (dot(M, rows + i * M, rows + i * M) > dot(M, rows + longest * M, rows + longest * M))
            longest = i;
    for (size_t n = 0; n < M; n++) {
        const double x = rows[first * M + n];
        rows[first * M + n] = rows[longest * M + n];
        rows[longest * M + n] = x;
    }
    const double *pivot = rows + first * M, square = dot(M, pivot, pivot);
    for (size_t i = first + 1; i < count && square > 0; i++) {
        const double part = dot(M, rows + i * M, pivot) / square;
        for (size_t n = 0; n < M; n++)
            rows[i * M + n] -= part * pivot[n];
    }
    return sqrt(square);
}

/* The least direction that the students span among the teachers, those that are tied left out. */
static double least_direction(ordpar_saddle *s) {
    const size_t K = s->network->K, M = s->network->M;
    size_t students = 0, teachers = 0;
    for (size_t n = 0; n < M; n++)
        teachers += s->symmetry->first[K + n] == K + n;
    for (size_t i = 0; i < K; i++)
        if (s->symmetry->first[i] == i && ordpar_saddle_largest(M, s->rows + i * M) > 0)
            memmove(s->rows + students++ * M, s->rows + i * M, M * sizeof *s->rows);
    double least = INFINITY;
    for (size_t k = 0; k < students && k < teachers; k++)
        least = eliminate(k, students, M, s->rows);
    return least;
}

/* [5.12] */
void ordpar_saddle_add_directions(ordpar_saddle *saddle, const double *c) {
    ordpar_saddle *s = saddle;
    const double scale = ordpar_saddle_largest(s->network->K * s->network->M, s->rows);
    add_directions(s, c);
    ordpar_saddle_add(s, least_direction(s), scale);
    if (!s->network->small_eta) /* else they are vectors */
        ordpar_saddle_add(s, ordpar_saddle_least_student(s, c), 1);
}
