// SPDX-License-Identifier: GPL-3.0-or-later
#include "examples.h"

#include "threads.h"

#include <stdlib.h>

struct ordpar_examples {
    ordpar_dataset *dataset;
    const ordpar_principal *principal;
    int threads;
    double *batch; /* [ORDPAR_EXAMPLES_BATCH][dim] */
};

enum { SLICE = 128 }; /* examples that one thread rotates: fixed, so that the sums are */

ordpar_status ordpar_examples_create(ordpar_dataset *dataset, const ordpar_principal *principal,
                                     int threads, ordpar_examples **examples, ordpar_error *err) {
    ordpar_examples *e = calloc(1, sizeof *e);
    double *batch = malloc(ORDPAR_EXAMPLES_BATCH * principal->dim * sizeof *batch);
    if (!e || !batch) {
        free(e);
        free(batch);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a batch of examples");
    }
    *e = (ordpar_examples){dataset, principal, threads, batch};
    *examples = e;
    return ORDPAR_OK;
}

void ordpar_examples_free(ordpar_examples *e) {
    if (e)
        free(e->batch);
    free(e);
}

ordpar_status ordpar_examples_next(ordpar_examples *e, size_t count, double *x, size_t stride,
                                   ordpar_error *err) {
    size_t got;
    const ordpar_status status = ordpar_dataset_read(e->dataset, count, e->batch, &got, err);
    if (status)
        return status;
    if (got < count)
        return ordpar_fail(err, ORDPAR_INVALID, "the data set has no more than %llu examples",
                           (unsigned long long)ordpar_dataset_rows(e->dataset));
    const int threads = ordpar_threads(e->threads);
    (void)threads; /* unused without OpenMP */
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t first = 0; first < count; first += SLICE) {
        const size_t slice = count - first < SLICE ? count - first : SLICE;
        ordpar_principal_rotate(e->principal, slice, e->batch + first * e->principal->dim,
                                x + first * stride, stride);
    }
    return ORDPAR_OK;
}
