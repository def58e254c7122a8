// SPDX-License-Identifier: GPL-3.0-or-later
/* What a model is given as arrays, in place of files. */
#include "base/floating_point.h"
#include "model/model_internal.h"
#include "model/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_model_copy_spectrum(const ordpar_spectrum *s, ordpar_spectrum *copy,
                                         ordpar_error *err) {
    int64_t *n = malloc(s->L * sizeof *n);
    for (size_t b = 0; b < s->L && n; b++)
        n[b] = (int64_t)s->n[b];
    const ordpar_status status =
        n ? ordpar_spectrum_with_teacher(s->L, s->lambda, n, s->c, copy, err)
          : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    free(n);
    if (!status)
        copy->reordered = s->reordered;
    return status;
}

ordpar_status ordpar_model_copy_arrays(const ordpar_model *from, ordpar_model *to,
                                       ordpar_error *err) {
    const ordpar_overlaps *o = &from->overlaps;
    ordpar_status status = ORDPAR_OK;
    if (from->spectrum.L)
        status = ordpar_model_copy_spectrum(&from->spectrum, &to->spectrum, err);
    if (!status && o->K)
        status = ordpar_overlaps_clone(o, &to->overlaps, err);
    for (size_t k = 0; from->data && k < from->data->files.count && !status; k++)
        status = ordpar_model_set_text(to, "data", from->data->files.items[k], err);
    return status;
}

ordpar_status ordpar_model_set_spectrum(ordpar_model *model, size_t L, const double *eigenvalues,
                                        const int64_t *multiplicities, ordpar_error *err) {
    return ordpar_model_set_spectrum_teacher(model, L, eigenvalues, multiplicities, NULL, err);
}

ordpar_status ordpar_model_set_spectrum_teacher(ordpar_model *model, size_t L,
                                                const double *eigenvalues,
                                                const int64_t *multiplicities,
                                                const double *teacher, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_spectrum made;
    const ordpar_status status =
        ordpar_spectrum_with_teacher(L, eigenvalues, multiplicities, teacher, &made, err);
    if (status)
        return status;
    ordpar_model_set_text(model, "spectrum", NULL, NULL);
    model->spectrum = made;
    model->told_blocks = 0;
    return ORDPAR_OK;
}

ordpar_status ordpar_model_read_data(ordpar_model *model, size_t count, const char *const *files,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_model *named = NULL;
    ordpar_source *read = calloc(1, sizeof *read);
    ordpar_status status = read ? ordpar_model_copy(model, &named, err)
                                : ordpar_fail(err, ORDPAR_MEMORY, "data: out of memory");
    if (!status)
        status = ordpar_model_set_text(named, "data", NULL, err);
    for (size_t k = 0; k < count && !status; k++)
        status = ordpar_model_set_text(named, "data", files[k], err);
    if (!status)
        status = ordpar_source_open(named, read, err);
    if (!status) {
        read->files = named->value.data;
        named->value.data = (ordpar_texts){0};
        read->array = named->value.array;
        named->value.array = NULL;
    }
    ordpar_model_free(named);
    if (status) {
        if (read)
            ordpar_source_clear(read);
        free(read);
        return status;
    }
    ordpar_model_set_text(model, "data", NULL, NULL); /* also what was read before */
    model->data = read;
    model->told_blocks = 0;
    return ORDPAR_OK;
}

static ordpar_status check_finite(char name, size_t rows, size_t columns, size_t L, const double *x,
                                  ordpar_error *err) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t b = 0; b < L; b++) {
                const double here = x[(i * columns + j) * L + b];
                if (!isfinite(here))
                    return ordpar_fail(err, ORDPAR_INVALID,
                                       "overlaps: %c[%zu][%zu][%zu] must be finite, got %g", name,
                                       i, j, b, here);
            }
    return ORDPAR_OK;
}

/* To rounding it must be. */
static ordpar_status make_symmetric(ordpar_overlaps *overlaps, ordpar_error *err) {
    const ordpar_asymmetry a = ordpar_overlaps_symmetrise(overlaps);
    return a.name ? ordpar_fail(err, ORDPAR_INVALID,
                                "overlaps: %c must be symmetric, but [%zu][%zu][%zu] is %.17g and "
                                "[%zu][%zu][%zu] is %.17g",
                                a.name, a.row, a.column, a.block, a.here, a.column, a.row, a.block,
                                a.there)
                  : ORDPAR_OK;
}

static ordpar_status check_positive(const ordpar_overlaps *overlaps, ordpar_error *err) {
    double least;
    size_t block;
    const ordpar_status status = ordpar_overlaps_min_eigenvalue(overlaps, &least, &block, err);
    if (!status && !(least >= -1e-9)) /* as for overlaps from a file */
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: block %zu is not positive semidefinite (%.3g)", block, least);
    return status;
}

ordpar_status ordpar_model_set_overlaps(ordpar_model *model, size_t K, size_t M, size_t L,
                                        const double *q, const double *r, const double *t,
                                        ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (K < 1 || K > ORDPAR_MAX_UNITS || M < 1 || M > ORDPAR_MAX_UNITS || L < 1 ||
        L > ORDPAR_MAX_EIGENVALUES)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: no such shape, K = %zu, M = %zu, L = %zu", K, M, L);
    ordpar_status status;
    if ((status = check_finite('q', K, K, L, q, err)) ||
        (status = check_finite('r', K, M, L, r, err)) ||
        (status = check_finite('t', M, M, L, t, err)))
        return status;
    ordpar_overlaps made = {0};
    if ((status = ordpar_overlaps_init(K, M, L, &made, err)))
        return status;
    memcpy(made.q, q, K * K * L * sizeof *q);
    memcpy(made.r, r, K * M * L * sizeof *r);
    memcpy(made.t, t, M * M * L * sizeof *t);
    if ((status = make_symmetric(&made, err)) || (status = check_positive(&made, err))) {
        ordpar_overlaps_clear(&made);
        return status;
    }
    ordpar_model_set_text(model, "overlaps", NULL, NULL);
    model->overlaps = made;
    return ORDPAR_OK;
}

ordpar_status ordpar_model_set_overlaps_beside(ordpar_model *model, size_t heads, const double *v,
                                               const double *p, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t K = model->overlaps.K, M = model->overlaps.M;
    ordpar_overlaps made;
    ordpar_status status;
    if (!K || (v && (heads < 1 || heads > ORDPAR_MAX_TASKS)))
        return ordpar_fail(err, ORDPAR_INVALID, "overlaps: %s %zu %s",
                           K ? "no output weights of" : "none are set beside", heads,
                           K ? "tasks" : "sets of output weights");
    if ((v && (status = check_finite('v', heads, K, 1, v, err))) ||
        (p && (status = check_finite('p', M, M, 1, p, err))) ||
        (status = ordpar_overlaps_clone(&model->overlaps, &made, err)))
        return status;
    made.heads = heads ? heads : 1;
    if ((status = ordpar_overlaps_set_outputs(&made, v, err)) ||
        (status = ordpar_overlaps_set_unlearnable(&made, p, err)) ||
        (status = make_symmetric(&made, err))) {
        ordpar_overlaps_clear(&made);
        return status;
    }
    ordpar_overlaps_clear(&model->overlaps);
    model->overlaps = made;
    return ORDPAR_OK;
}
