// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/source.h"

#include "base/npy_archive.h"
#include "model/model_internal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show(void *context, double fraction) {
    ordpar_model_tell(context, fraction, "reading the data");
}

static ordpar_status check_others(const ordpar_model *model, ordpar_error *err) {
    static const char *const others[] = {"spectrum", "eigenvalues", "beta"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (ordpar_model_given(model, others[k]) || (k == 0 && model->spectrum.L))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "data: the spectrum is that of the data; %s has no place beside it",
                               others[k]);
    return ORDPAR_OK;
}

static ordpar_status check_sizes(const ordpar_model *model, size_t dim, ordpar_error *err) {
    if (ordpar_model_given(model, "input-dim") && (uint64_t)model->value.N > dim)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "input-dim: the data has %zu components, %lld cannot be kept", dim,
                           (long long)model->value.N);
    return ordpar_model_check_memory(model, dim, ordpar_principal_bytes(dim), err);
}

static const char *array_name(const char *array) {
    return array ? array : ORDPAR_NPY_ARRAY;
}

ordpar_status ordpar_source_check(const ordpar_model *model, const ordpar_source *source,
                                  ordpar_error *err) {
    const ordpar_status status = check_others(model, err);
    const size_t N = source->principal.N;
    const char *read = array_name(source->array), *array = array_name(model->value.array);
    if (!status && strcmp(array, read) != 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "array: %.80s of the data was read, got %.80s; read it again", read,
                           array);
    if (status || !ordpar_model_given(model, "input-dim") || (size_t)model->value.N == N)
        return status;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "input-dim: %zu components of the data were kept, got %lld", N,
                       (long long)model->value.N);
}

/* FILE:ARRAY, as labels have it. */
static void explain_colon(const ordpar_texts *files, ordpar_error *reason) {
    for (size_t k = 0; k < files->count; k++) {
        const char *path = files->items[k], *colon = strrchr(path, ':');
        if (!colon || access(path, F_OK) == 0)
            continue;
        ordpar_fail(reason, ORDPAR_IO,
                    "%.300s: there is no such file; an array is named by array=%.80s", path,
                    colon + 1);
        return;
    }
}

/* Its rows would be examples, of another covariance. Labels belong to examples. */
static ordpar_status refuse_covariance(const ordpar_model *model, ordpar_dataset *set,
                                       ordpar_error *reason) {
    bool covariance = false;
    const ordpar_status status =
        model->value.labels ? ORDPAR_OK : ordpar_dataset_is_covariance(set, &covariance, reason);
    const size_t dim = ordpar_dataset_dim(set);
    if (status || !covariance)
        return status;
    return ordpar_fail(reason, ORDPAR_INVALID,
                       "%.200s: is a square symmetric matrix, a covariance more likely than "
                       "examples: the setting spectrum takes its file, or its eigenvalues "
                       "(numpy.linalg.eigvalsh); examples may be reshaped to (%zu, %zu, 1)",
                       model->value.data.items[0], dim, dim);
}

ordpar_status ordpar_source_open(const ordpar_model *model, ordpar_source *source,
                                 ordpar_error *err) {
    const ordpar_texts *files = &model->value.data;
    const ordpar_principal_options options = {
        .N = ordpar_model_given(model, "input-dim") ? (size_t)model->value.N : 0,
        .threads = (int)model->value.threads,
        .stop = model->stop,
        .progress = show,
        .context = (void *)model};
    ordpar_error reason;
    ordpar_status status = check_others(model, err);
    if (status)
        return status;
    status = ordpar_dataset_open_array(files->count, (const char *const *)files->items,
                                       model->value.array, &source->set, &reason);
    if (status == ORDPAR_IO)
        explain_colon(files, &reason);
    if (!status && (status = check_sizes(model, ordpar_dataset_dim(source->set), err)))
        return status;
    if (!status)
        status = refuse_covariance(model, source->set, &reason);
    if (!status)
        status = ordpar_principal_init(source->set, &options, &source->principal, &reason);
    return status ? ordpar_fail(err, status, "data: %.480s", reason.message) : ORDPAR_OK;
}

void ordpar_source_clear(ordpar_source *source) {
    ordpar_dataset_free(source->set);
    ordpar_principal_clear(&source->principal);
    source->set = NULL;
    for (size_t k = 0; k < source->files.count; k++)
        free(source->files.items[k]);
    free(source->files.items);
    free(source->array);
    source->array = NULL;
    source->files = (ordpar_texts){0};
}
