// SPDX-License-Identifier: GPL-3.0-or-later
/* The eigenvalues of a spectrum's file as decimal text, in the order of the blocks. */
#include "csv.h"
#include "decimals.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    double lambda;
    size_t position;
    char *text;
} eigenvalue;

typedef struct {
    eigenvalue *list;
    size_t count, capacity;
} eigenvalues;

static ordpar_status add_eigenvalue(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    eigenvalues *e = context;
    if (e->count == e->capacity) {
        const size_t capacity = e->capacity ? 2 * e->capacity : 256;
        eigenvalue *grown = realloc(e->list, capacity * sizeof *grown);
        if (!grown)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", capacity);
        e->list = grown;
        e->capacity = capacity;
    }
    eigenvalue next = {.position = e->count, .text = strdup(row->fields[0])};
    const ordpar_status status = ordpar_csv_double(row, 0, &next.lambda, err);
    if (status || !next.text) {
        free(next.text);
        return status ? status : ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    }
    e->list[e->count++] = next;
    return ORDPAR_OK;
}

/* The order of ordpar_spectrum_from_arrays. */
static int by_decreasing_eigenvalue(const void *left, const void *right) {
    const eigenvalue *a = left, *b = right;
    if (a->lambda != b->lambda)
        return a->lambda > b->lambda ? -1 : 1;
    return a->position < b->position ? -1 : 1;
}

/* e, sorted, to the blocks of a spectrum that may be cut at `trained`. */
static bool place_texts(const eigenvalues *e, size_t trained, ordpar_decimals *d) {
    for (size_t b = 0; b < d->n_lambda; b++) {
        const size_t from = e->count < d->n_lambda && b >= trained ? b - 1 : b;
        if (!(d->lambda[b] = strdup(e->list[from].text)))
            return false;
    }
    return true;
}

ordpar_status ordpar_decimals_read_spectrum(const char *file, size_t trained, ordpar_decimals *d,
                                            ordpar_error *err) {
    static const char *const header[] = {"eigenvalue", "multiplicity"};
    eigenvalues e = {0};
    ordpar_status status = ordpar_csv_read(file, header, 2, add_eigenvalue, &e, err);
    if (!status && e.count != d->n_lambda && e.count + 1 != d->n_lambda)
        status = ordpar_fail(err, ORDPAR_IO, "%s changed while it was read", file);
    if (!status) {
        qsort(e.list, e.count, sizeof *e.list, by_decreasing_eigenvalue);
        if (!place_texts(&e, trained, d))
            status =
                ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", d->n_lambda);
    }
    for (size_t k = 0; k < e.count; k++)
        free(e.list[k].text);
    free(e.list);
    return status;
}
