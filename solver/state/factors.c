// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/factors.h"

#include "base/kernels.h"
#include "solver/state/gram_factor.h"

#include <stdlib.h>
#include <string.h>

static size_t coordinates(const ordpar_spectrum *spectrum, size_t b, size_t units) {
    return spectrum->n[b] < (double)units ? (size_t)spectrum->n[b] : units;
}

/* Turns the coordinates so that teacher m has the first m + 1 alone. */
static ordpar_status put_teachers_first(size_t K, size_t M, size_t columns, double *F, double *work,
                                        ordpar_error *err) {
    const size_t students = K * columns, teachers = M * columns;
    memcpy(work, F + students, teachers * sizeof *F);
    memcpy(work + teachers, F, students * sizeof *F);
    const ordpar_status status = ordpar_gram_lower(K + M, columns, work, err);
    memcpy(F, work + teachers, students * sizeof *F);
    memcpy(F + students, work, teachers * sizeof *F);
    return status;
}

static ordpar_status fill_block(const ordpar_overlaps *o, const ordpar_spectrum *spectrum, size_t b,
                                double *gram, double *F, ordpar_factors *f, ordpar_error *err) {
    const size_t K = o->K, L = o->L, n = K + o->M, D = f->D;
    size_t columns = coordinates(spectrum, b, n);
    ordpar_error reason;
    ordpar_overlaps_gram(o, b, gram);
    ordpar_status status = ORDPAR_INVALID;
    const size_t own = columns;
    if (own < D) /* small differences of units may not be lost for them */
        status = ordpar_gram_factor_exactly(n, gram, own, F, &reason);
    if (own < D && status == ORDPAR_INVALID)
        status = ordpar_gram_factor(n, gram, columns = D, F, &reason);
    if (status == ORDPAR_INVALID)
        status = ordpar_gram_factor(n, gram, columns = own, F, &reason);
    if (!status && n >= ORDPAR_MANY_UNITS)
        status = put_teachers_first(K, o->M, columns, F, gram, &reason);
    if (status)
        return ordpar_fail(err, status, "block %zu: %s", b + 1, reason.message);
    for (size_t unit = 0; unit < n; unit++) {
        double *x = unit < K ? f->J + unit * D * L : f->B + (unit - K) * D * L;
        for (size_t d = 0; d < columns; d++)
            x[d * L + b] = F[unit * columns + d];
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_factors_allocate(size_t K, size_t M, size_t L, size_t D,
                                      ordpar_factors *factors, ordpar_error *err) {
    double *all = ordpar_aligned_array((K + M) * D * L);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the vectors of %zu blocks", L);
    *factors = (ordpar_factors){.D = D, .J = all, .B = all + K * D * L};
    return ORDPAR_OK;
}

/* All blocks, with D coordinates at most. */
static ordpar_status fill(const ordpar_overlaps *o, const ordpar_spectrum *spectrum, size_t D,
                          ordpar_factors *factors, ordpar_error *err) {
    const size_t n = o->K + o->M;
    ordpar_factors made;
    ordpar_status status = ordpar_factors_allocate(o->K, o->M, o->L, D, &made, err);
    if (status)
        return status;
    double *gram = malloc(2 * n * n * sizeof *gram);
    if (!gram)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    for (size_t b = 0; b < o->L && !status; b++)
        status = fill_block(o, spectrum, b, gram, gram + n * n, &made, err);
    free(gram);
    if (status)
        ordpar_factors_clear(&made);
    else
        *factors = made;
    return status;
}

ordpar_status ordpar_factors_init(const ordpar_overlaps *overlaps, const ordpar_spectrum *spectrum,
                                  ordpar_factors *factors, ordpar_error *err) {
    const size_t n = overlaps->K + overlaps->M;
    size_t D = 1;
    for (size_t b = 0; b < overlaps->L; b++) {
        const size_t own = coordinates(spectrum, b, n);
        D = own > D ? own : D;
    }
    const ordpar_status status = fill(overlaps, spectrum, D, factors, err);
    return status == ORDPAR_INVALID && D < n ? fill(overlaps, spectrum, n, factors, err) : status;
}

ordpar_status ordpar_factors_to_deviations(size_t K, size_t L, const size_t *teacher_of,
                                           ordpar_factors *factors, ordpar_error *err) {
    const size_t unit = factors->D * L;
    ordpar_factors made;
    const ordpar_status status = ordpar_factors_allocate(K, K, L, factors->D, &made, err);
    if (status)
        return status;
    for (size_t i = 0; i < K; i++) {
        const double *teacher = factors->B + teacher_of[i] * unit;
        memcpy(made.B + i * unit, teacher, unit * sizeof *teacher);
        for (size_t k = 0; k < unit; k++)
            made.J[i * unit + k] = factors->J[i * unit + k] - teacher[k];
    }
    ordpar_factors_clear(factors);
    *factors = made;
    return ORDPAR_OK;
}

void ordpar_factors_clear(ordpar_factors *factors) {
    free(factors->J);
    *factors = (ordpar_factors){0};
}
