// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/examples.h"

#include "base/floating_point.h"
#include "base/team.h"

#include <stdlib.h>

struct ordpar_examples {
    ordpar_dataset *dataset;
    const ordpar_principal *principal;
    ordpar_team *team;
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
    *e = (ordpar_examples){dataset, principal, ordpar_team_create(ordpar_threads(threads)), batch};
    *examples = e;
    return ORDPAR_OK;
}

void ordpar_examples_free(ordpar_examples *e) {
    if (!e)
        return;
    ordpar_team_free(e->team);
    free(e->batch);
    free(e);
}

typedef struct {
    const ordpar_examples *e;
    size_t count;
    double *x;
    size_t stride;
} rotation;

static void rotate(void *context, size_t index, size_t member) {
    const rotation *r = context;
    const size_t first = index * SLICE, dim = r->e->principal->dim;
    const size_t slice = r->count - first < SLICE ? r->count - first : SLICE;
    (void)member;
    ordpar_principal_rotate(r->e->principal, slice, r->e->batch + first * dim,
                            r->x + first * r->stride, r->stride);
}

ordpar_status ordpar_examples_next(ordpar_examples *e, size_t count, double *x, size_t stride,
                                   ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    size_t got;
    const ordpar_status status = ordpar_dataset_read(e->dataset, count, e->batch, &got, err);
    if (status)
        return status;
    if (got < count)
        return ordpar_fail(err, ORDPAR_INVALID, "the data set has no more than %llu examples",
                           (unsigned long long)ordpar_dataset_rows(e->dataset));
    const rotation r = {e, count, x, stride};
    ordpar_team_run(e->team, (count + SLICE - 1) / SLICE, rotate, (void *)&r);
    return ORDPAR_OK;
}
