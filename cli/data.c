// SPDX-License-Identifier: GPL-3.0-or-later
#include "data.h"

#include "library_error.h"
#include "progress.h"

#include <stdlib.h>

static void show(void *context, double fraction) {
    progress_show(context, fraction, "reading the data");
}

static int open_files(const options *parsed, data_source *data) {
    const size_t count = 1 + parsed->n_more_data;
    const char **paths = malloc(count * sizeof *paths);
    if (!paths)
        return failure(parsed, "out of memory for %zu file names", count);
    paths[0] = parsed->data;
    for (size_t k = 1; k < count; k++)
        paths[k] = parsed->more_data[k - 1];
    ordpar_error err;
    const ordpar_status status = ordpar_dataset_open(count, paths, &data->set, &err);
    free(paths);
    return status ? library_error(parsed, "--data", status, &err) : -1;
}

static int check(const options *parsed, size_t dim) {
    static const char *const others[] = {"spectrum", "eigenvalues", "beta"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (options_given(parsed, others[k]))
            return usage_error(parsed,
                               "--data: the spectrum is that of %s; --%s has no place beside it",
                               parsed->data, others[k]);
    if (options_given(parsed, "input-dim") && (uint64_t)parsed->N > dim)
        return usage_error(parsed, "--input-dim: the data has %zu components, %lld cannot be kept",
                           dim, (long long)parsed->N);
    return refuse_memory(parsed, dim, ordpar_principal_bytes(dim));
}

int data_open(const options *parsed, data_source *data) {
    *data = (data_source){0};
    int result = open_files(parsed, data);
    if (result >= 0 || (result = check(parsed, ordpar_dataset_dim(data->set))) >= 0)
        return result;
    options copy = *parsed; /* progress takes it through a plain pointer */
    const ordpar_principal_options settings = {
        .N = options_given(parsed, "input-dim") ? (size_t)parsed->N : 0,
        .threads = parsed->threads > 0 ? (int)parsed->threads : 0,
        .stop = &interrupted,
        .progress = show,
        .context = &copy};
    ordpar_error err;
    const ordpar_status status =
        ordpar_principal_init(data->set, &settings, &data->principal, &err);
    progress_clear();
    return status ? library_error(parsed, "--data", status, &err) : -1;
}

void data_clear(data_source *data) {
    ordpar_dataset_free(data->set);
    ordpar_principal_clear(&data->principal);
    data->set = NULL;
}

void data_note(table *t, const data_source *data) {
    const ordpar_principal *p = &data->principal;
    if (!data->set)
        return;
    table_note(t, "data",
               "%llu examples of %zu components in %zu files; mean removed, rotated into the "
               "eigenbasis of the covariance, the %zu leading components kept (%.6g of the "
               "variance), scaled so that tr Sigma = N",
               (unsigned long long)p->rows, p->dim, ordpar_dataset_files(data->set), p->N, p->kept);
}
