// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset.h"

#include "dataset_file.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are taken as they lie in files");

struct ordpar_dataset {
    size_t count;
    char **paths;
    size_t dim;
    uint64_t rows;
    size_t next;              /* file to be opened next */
    ordpar_dataset_file file; /* the open one */
    uint64_t left, row;       /* rows of it that are left; rows read of it */
    void *raw;                /* [raw_rows][dim] numbers of the widest type */
    size_t raw_rows;
};

enum { RAW_BYTES = 1 << 22 };

static ordpar_status check_file(ordpar_dataset *d, const char *path, ordpar_error *err) {
    ordpar_dataset_file file;
    ordpar_status status = ordpar_dataset_file_open(path, &file, err);
    if (status)
        return status;
    const ordpar_npy npy = file.npy;
    ordpar_dataset_file_close(&file);
    if (npy.dim > ORDPAR_DATASET_MAX_DIM)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: has %llu components an example; at most %d can be taken", path,
                           (unsigned long long)npy.dim, ORDPAR_DATASET_MAX_DIM);
    if (d->dim && npy.dim != d->dim)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: has %llu components an example, %s has %zu",
                           path, (unsigned long long)npy.dim, d->paths[0], d->dim);
    d->dim = (size_t)npy.dim;
    d->rows += npy.rows;
    return ORDPAR_OK;
}

static ordpar_status prepare(ordpar_dataset *d, const char *const *paths, ordpar_error *err) {
    for (size_t k = 0; k < d->count; k++) {
        if (!(d->paths[k] = strdup(paths[k])))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu file names", d->count);
        const ordpar_status status = check_file(d, d->paths[k], err);
        if (status)
            return status;
    }
    const size_t row = d->dim * sizeof(double);
    d->raw_rows = row < RAW_BYTES ? RAW_BYTES / row : 1;
    if (d->raw_rows > d->rows)
        d->raw_rows = (size_t)d->rows;
    d->raw = malloc(d->raw_rows * row);
    return d->raw ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a batch");
}

ordpar_status ordpar_dataset_open(size_t count, const char *const *paths, ordpar_dataset **dataset,
                                  ordpar_error *err) {
    if (count < 1)
        return ordpar_fail(err, ORDPAR_INVALID, "a data set needs at least one file");
    ordpar_dataset *d = calloc(1, sizeof *d);
    ordpar_status status = ORDPAR_OK;
    if (d)
        d->paths = calloc(count, sizeof *d->paths);
    if (!d || !d->paths) {
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

void ordpar_dataset_free(ordpar_dataset *d) {
    if (!d)
        return;
    ordpar_dataset_file_close(&d->file);
    for (size_t k = 0; k < d->count; k++)
        free(d->paths[k]);
    free(d->paths);
    free(d->raw);
    free(d);
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
    ordpar_dataset_file_close(&d->file);
    d->next = 0;
    d->left = 0;
}

static ordpar_status open_next(ordpar_dataset *d, ordpar_error *err) {
    ordpar_dataset_file_close(&d->file);
    const ordpar_status status = ordpar_dataset_file_open(d->paths[d->next], &d->file, err);
    if (status)
        return status;
    if (d->file.npy.dim != d->dim)
        return ordpar_fail(err, ORDPAR_IO, "%s: has changed while it was read", d->paths[d->next]);
    d->left = d->file.npy.rows;
    d->row = 0;
    d->next++;
    return ORDPAR_OK;
}

/* Numbers of a file as doubles; false if one is not finite. */
static bool convert(ordpar_npy_type type, const void *raw, size_t count, double *out) {
    bool finite = true;
    switch (type) {
    case ORDPAR_NPY_UINT8:
        for (size_t k = 0; k < count; k++)
            out[k] = ((const unsigned char *)raw)[k];
        break;
    case ORDPAR_NPY_FLOAT32:
        for (size_t k = 0; k < count; k++) {
            out[k] = (double)((const float *)raw)[k];
            finite = finite && isfinite(out[k]);
        }
        break;
    case ORDPAR_NPY_FLOAT64:
        for (size_t k = 0; k < count; k++) {
            out[k] = ((const double *)raw)[k];
            finite = finite && fabs(out[k]) < 1e100;
        }
        break;
    }
    return finite;
}

/* A message that names the first row, counted from 0 as NumPy does, that is not finite. */
static ordpar_status not_finite(const ordpar_dataset *d, const double *out, size_t rows,
                                ordpar_error *err) {
    size_t k = 0;
    while (k + 1 < rows * d->dim && fabs(out[k]) < 1e100)
        k++;
    return ordpar_fail(err, ORDPAR_PARSE, "%s: example %llu has the value %g; need finite numbers",
                       d->file.path, (unsigned long long)(d->row + k / d->dim), out[k]);
}

ordpar_status ordpar_dataset_read(ordpar_dataset *d, size_t count, double *out, size_t *got,
                                  ordpar_error *err) {
    size_t done = 0;
    while (done < count) {
        ordpar_status status;
        if (d->left == 0 && d->next == d->count)
            break;
        if (d->left == 0 && (status = open_next(d, err)))
            return status;
        size_t rows = count - done < d->raw_rows ? count - done : d->raw_rows;
        if (rows > d->left)
            rows = (size_t)d->left;
        const size_t numbers = rows * d->dim;
        const ordpar_npy_type type = d->file.npy.type;
        if ((status =
                 ordpar_dataset_file_read(&d->file, d->raw, numbers * ordpar_npy_size(type), err)))
            return status;
        if (!convert(type, d->raw, numbers, out + done * d->dim))
            return not_finite(d, out + done * d->dim, rows, err);
        d->left -= rows;
        d->row += rows;
        done += rows;
    }
    *got = done;
    return ORDPAR_OK;
}
