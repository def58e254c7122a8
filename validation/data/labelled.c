// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/labelled.h"

#include "base/floating_point.h"
#include "base/npy_file.h"
#include "solver/state/network.h"
#include "validation/data/examples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows are whole groups of normals (simulate/normals.h), as a run's own rows are. */
enum { GROUP = 16 };

/* Directions with less of the largest variance than this are rounding, or as good as. */
static const double least = 1e-10;

static ordpar_status check_shape(const ordpar_npy_file *file, uint64_t rows, ordpar_error *err) {
    const ordpar_npy *npy = &file->npy;
    char shape[ORDPAR_NPY_SHAPE_SIZE];
    ordpar_npy_shape(npy, shape);
    if (npy->n_axes > 2)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: has the shape %s; need one number for each example, or one row",
                           file->path, shape);
    if (npy->n_axes == 2 && npy->dim == rows && npy->rows != rows)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: has the shape %s, the data has %llu examples: need its transpose, "
                           "a row for each example",
                           file->path, shape, (unsigned long long)rows);
    if (npy->dim > ORDPAR_MAX_UNITS)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: has %llu outputs, of which at most %d are taken",
                           file->path, (unsigned long long)npy->dim, ORDPAR_MAX_UNITS);
    if (npy->rows == rows)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_PARSE, "%s: has the shape %s, the data has %llu examples",
                       file->path, shape, (unsigned long long)rows);
}

static ordpar_status check_numbers(const ordpar_npy_file *file, const double *labels,
                                   ordpar_error *err) {
    const double most = 1e100;
    const uint64_t dim = file->npy.dim;
    for (uint64_t k = 0; k < file->npy.rows * dim; k++)
        if (!(fabs(labels[k]) < most))
            return ordpar_fail(err, ORDPAR_PARSE,
                               "%s: example %llu has the label %g; need finite numbers below %g in "
                               "size",
                               file->path, (unsigned long long)(k / dim), labels[k], most);
    return ORDPAR_OK;
}

static ordpar_status read_all(ordpar_npy_file *file, uint64_t rows, double **labels,
                              ordpar_error *err) {
    ordpar_status status = check_shape(file, rows, err);
    if (status)
        return status;
    double *read = malloc(rows * file->npy.dim * sizeof *read);
    if (!read)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory for the labels", file->path);
    if ((status = ordpar_npy_file_read(file, rows, read, err)) ||
        (status = check_numbers(file, read, err)))
        free(read);
    else
        *labels = read;
    return status;
}

ordpar_status ordpar_labels_read(const char *path, const char *array, uint64_t rows,
                                 size_t *outputs, double **labels, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_npy_file file;
    if (!array && ordpar_npy_is_archive(path))
        array = ORDPAR_LABELS_ARRAY;
    ordpar_status status = ordpar_npy_file_open(path, array, &file, err);
    if (status)
        return status;
    *outputs = (size_t)file.npy.dim;
    status = read_all(&file, rows, labels, err);
    ordpar_npy_file_close(&file);
    return status;
}

double ordpar_labelled_bytes(double rows, double N) {
    return sizeof(double) * rows * (N + GROUP + 1);
}

void ordpar_labelled_clear(ordpar_labelled *l) {
    free(l->x);
    free(l->y);
    free(l->scale);
    *l = (ordpar_labelled){0};
}

ordpar_status ordpar_labelled_goes_on(const ordpar_labelled *l, ordpar_error *err) {
    return l->stop && *l->stop
               ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted while they are fitted")
               : ORDPAR_OK;
}

static ordpar_status allocate(const ordpar_principal *p, ordpar_labelled *l, ordpar_error *err) {
    l->n = (size_t)p->rows;
    l->N = p->N;
    l->stride = (p->N + GROUP - 1) / GROUP * GROUP;
    while (l->rank < p->N && p->lambda[l->rank] > least * p->lambda[0])
        l->rank++;
    const size_t size = l->n * l->stride * sizeof *l->x; /* whole groups of 64 bytes */
    l->x = aligned_alloc(64, size);
    l->y = malloc(l->n * sizeof *l->y);
    l->scale = malloc(l->rank * sizeof *l->scale);
    if (!l->x || !l->y || !l->scale)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu examples of %zu components",
                           l->n, l->N);
    memset(l->x, 0, size);
    for (size_t k = 0; k < l->rank; k++)
        l->scale[k] = sqrt((double)p->N / p->lambda[k]);
    return ORDPAR_OK;
}

static ordpar_status rotate_all(ordpar_dataset *dataset, const ordpar_principal *p, int threads,
                                ordpar_labelled *l, ordpar_error *err) {
    ordpar_examples *examples;
    ordpar_dataset_rewind(dataset);
    ordpar_status status = ordpar_examples_create(dataset, p, threads, &examples, err);
    if (status)
        return status;
    for (size_t first = 0; first < l->n && !status; first += ORDPAR_EXAMPLES_BATCH) {
        const size_t left = l->n - first;
        status = ordpar_examples_next(examples,
                                      left < ORDPAR_EXAMPLES_BATCH ? left : ORDPAR_EXAMPLES_BATCH,
                                      l->x + first * l->stride, l->stride, err);
        if (!status)
            status = ordpar_labelled_goes_on(l, err);
    }
    ordpar_examples_free(examples);
    ordpar_dataset_rewind(dataset);
    return status;
}

static ordpar_status check_spread(size_t outputs, double spread, double largest,
                                  const ordpar_labelled *l, ordpar_error *err) {
    const double rounding = 1e-13, least_variance = 1e-280; /* below it squares lose digits */
    if (!(spread > rounding * largest))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "all %zu labels are equal%s: nothing is to be learned", l->n,
                           outputs > 1 ? ", weighted and added up" : "");
    if (l->variance >= least_variance)
        return ORDPAR_OK;
    return ordpar_fail(
        err, ORDPAR_INVALID,
        "the labels differ by %.3g at most, whose square is too small: multiply them", spread);
}

/* The mean twice: the second time takes away what rounding has left. */
static ordpar_status set_labels(size_t outputs, const double *labels, const double *weights,
                                ordpar_labelled *l, ordpar_error *err) {
    double largest = 0;
    for (size_t i = 0; i < l->n; i++) {
        double size = l->y[i] = 0;
        for (size_t m = 0; m < outputs; m++) {
            l->y[i] += weights[m] * labels[i * outputs + m];
            size += fabs(weights[m] * labels[i * outputs + m]);
        }
        largest = fmax(largest, size);
    }
    for (int pass = 0; pass < 2; pass++) {
        double mean = 0;
        for (size_t i = 0; i < l->n; i++)
            mean += l->y[i] / (double)l->n;
        for (size_t i = 0; i < l->n; i++)
            l->y[i] -= mean;
    }
    double spread = 0;
    l->variance = 0;
    for (size_t i = 0; i < l->n; i++) {
        spread = fmax(spread, fabs(l->y[i]));
        l->variance += l->y[i] * l->y[i] / (double)l->n;
    }
    return check_spread(outputs, spread, largest, l, err);
}

ordpar_status ordpar_labelled_init(ordpar_dataset *dataset, const ordpar_principal *principal,
                                   size_t outputs, const double *labels, const double *weights,
                                   int threads, const volatile sig_atomic_t *stop,
                                   ordpar_labelled *labelled, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_labelled made = {.stop = stop};
    ordpar_status status;
    if ((status = allocate(principal, &made, err)) ||
        (status = set_labels(outputs, labels, weights, &made, err)) ||
        (status = rotate_all(dataset, principal, threads, &made, err)))
        ordpar_labelled_clear(&made);
    else
        *labelled = made;
    return status;
}
