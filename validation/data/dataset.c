// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/dataset.h"

#include "base/floating_point.h"
#include "base/npy_file.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct ordpar_dataset {
    size_t count;
    char **paths;
    struct stat *states; /* of the files, when they were opened first */
    char *array;         /* of archives; NULL: X, or the only one */
    size_t dim, n_axes;  /* n_axes: of the last */
    uint64_t rows;
    size_t next;          /* file to be opened next */
    ordpar_npy_file file; /* the open one */
    uint64_t left;        /* rows of it that are left */
};

static ordpar_status check_file(ordpar_dataset *d, const char *path, ordpar_error *err) {
    ordpar_npy_file file;
    ordpar_status status = ordpar_npy_file_open(path, d->array, &file, err);
    if (status)
        return status;
    const ordpar_npy npy = file.npy;
    ordpar_npy_file_close(&file);
    if (npy.n_axes < 2)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: has 1 axis; need at least 2: examples, then their components "
                           "(labels are a setting of their own, labels)",
                           path);
    if (npy.dim > ORDPAR_DATASET_MAX_DIM)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: has %llu components an example; at most %d can be taken%s", path,
                           (unsigned long long)npy.dim, ORDPAR_DATASET_MAX_DIM,
                           npy.n_axes == 2 && npy.rows < npy.dim
                               ? "; the first axis is that of the examples: is it transposed?"
                               : "");
    if (d->dim && npy.dim != d->dim)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: has %llu components an example, %s has %zu",
                           path, (unsigned long long)npy.dim, d->paths[0], d->dim);
    d->dim = (size_t)npy.dim;
    d->n_axes = npy.n_axes;
    d->rows += npy.rows;
    return ORDPAR_OK;
}

static ordpar_status prepare(ordpar_dataset *d, const char *const *paths, ordpar_error *err) {
    for (size_t k = 0; k < d->count; k++) {
        if (!(d->paths[k] = strdup(paths[k])))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu file names", d->count);
        if (stat(d->paths[k], &d->states[k]) != 0) /* check_file says why */
            d->states[k] = (struct stat){0};
        const ordpar_status status = check_file(d, d->paths[k], err);
        if (status)
            return status;
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_dataset_open_array(size_t count, const char *const *paths, const char *array,
                                        ordpar_dataset **dataset, ordpar_error *err) {
    if (count < 1)
        return ordpar_fail(err, ORDPAR_INVALID, "a data set needs at least one file");
    ordpar_dataset *d = calloc(1, sizeof *d);
    ordpar_status status = ORDPAR_OK;
    if (d) {
        d->paths = calloc(count, sizeof *d->paths);
        d->states = calloc(count, sizeof *d->states);
        d->array = array ? strdup(array) : NULL;
    }
    if (!d || !d->paths || !d->states || (array && !d->array)) {
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu file names", count);
    } else {
        d->count = count;
        status = prepare(d, paths, err);
    }
    if (status)
        ordpar_dataset_free(d);
    else
        *dataset = d;
    return status;
}

ordpar_status ordpar_dataset_open(size_t count, const char *const *paths, ordpar_dataset **dataset,
                                  ordpar_error *err) {
    return ordpar_dataset_open_array(count, paths, NULL, dataset, err);
}

void ordpar_dataset_free(ordpar_dataset *d) {
    if (!d)
        return;
    ordpar_npy_file_close(&d->file);
    for (size_t k = 0; k < d->count; k++)
        free(d->paths[k]);
    free(d->paths);
    free(d->states);
    free(d->array);
    free(d);
}

bool ordpar_dataset_is_matrix(const ordpar_dataset *d) {
    return d->count == 1 && d->n_axes == 2;
}

size_t ordpar_dataset_dim(const ordpar_dataset *d) {
    return d->dim;
}

uint64_t ordpar_dataset_rows(const ordpar_dataset *d) {
    return d->rows;
}

size_t ordpar_dataset_files(const ordpar_dataset *d) {
    return d->count;
}

void ordpar_dataset_rewind(ordpar_dataset *d) {
    ordpar_npy_file_close(&d->file);
    d->next = 0;
    d->left = 0;
}

/* It is read more than once: for the covariance, and to train on. */
static bool has_changed(const ordpar_dataset *d, size_t k) {
    struct stat now;
    const struct stat *then = &d->states[k];
    if (then->st_nlink == 0) /* it was not there to be looked at: opening it says more */
        return false;
    return stat(d->paths[k], &now) != 0 || now.st_dev != then->st_dev ||
           now.st_ino != then->st_ino || now.st_size != then->st_size ||
           now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != then->st_mtim.tv_nsec;
}

static ordpar_status open_next(ordpar_dataset *d, ordpar_error *err) {
    ordpar_npy_file_close(&d->file);
    const ordpar_status status = ordpar_npy_file_open(d->paths[d->next], d->array, &d->file, err);
    if (status)
        return status;
    if (d->file.npy.dim != d->dim || d->file.npy.n_axes < 2 || has_changed(d, d->next))
        return ordpar_fail(err, ORDPAR_IO, "%s: has changed while it was read", d->paths[d->next]);
    d->left = d->file.npy.rows;
    d->next++;
    return ORDPAR_OK;
}

/* Refuses numbers that are not finite or whose squares would not be; rows are counted from 0, as
 * NumPy does. */
static ordpar_status check_numbers(const ordpar_dataset *d, const double *out, size_t rows,
                                   ordpar_error *err) {
    const double most = 1e100;
    size_t k = 0;
    while (k < rows * d->dim && fabs(out[k]) < most)
        k++;
    if (k == rows * d->dim)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: example %llu has the value %g; need finite numbers below %g in size",
                       d->file.path, (unsigned long long)(d->file.row - rows + k / d->dim), out[k],
                       most);
}

ordpar_status ordpar_dataset_read(ordpar_dataset *d, size_t count, double *out, size_t *got,
                                  ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    size_t done = 0;
    while (done < count) {
        ordpar_status status;
        if (d->left == 0 && d->next == d->count)
            break;
        if (d->left == 0 && (status = open_next(d, err)))
            return status;
        const size_t rows = count - done < d->left ? count - done : (size_t)d->left;
        double *out_rows = out + done * d->dim;
        if ((status = ordpar_npy_file_read(&d->file, rows, out_rows, err)) ||
            (status = check_numbers(d, out_rows, rows, err)))
            return status;
        d->left -= rows;
        done += rows;
    }
    *got = done;
    return ORDPAR_OK;
}
