// SPDX-License-Identifier: GPL-3.0-or-later
/* Overlaps as a CSV file, read and written. */
#include "solver/state/overlaps.h"

#include "base/csv.h"
#include "base/digest.h"
#include "base/floating_point.h"
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rounding in a file of 17 digits, or one written by another program with fewer, keeps a
 * rank-deficient Gram matrix positive semidefinite only to about this much of its trace. */
static const double psd_tolerance = 1e-9;

/* Where an integrator has brought them, its errors, relative to what a block once had, count too.
 */
static const double state_tolerance = 0.1;

static const char *const columns[] = {"matrix", "block", "row", "col", "value"};
enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct {
    ordpar_overlaps overlaps; /* NAN where nothing was read yet */
} reading;

typedef struct {
    double *values; /* NULL: no such matrix */
    size_t rows, columns;
    bool symmetric;
    size_t blocks;
    bool by_columns; /* a column after the other */
} matrix;

static double *place(const matrix *m, size_t b, size_t row, size_t column) {
    const size_t k = m->by_columns ? column * m->rows + row : row * m->columns + column;
    return m->values + k * m->blocks + b;
}

static matrix find_matrix(const ordpar_overlaps *o, const char *name) {
    if (strcmp(name, "q") == 0)
        return (matrix){o->q, o->K, o->K, true, o->L, false};
    if (strcmp(name, "r") == 0)
        return (matrix){o->r, o->K, o->M, false, o->L, false};
    if (strcmp(name, "t") == 0)
        return (matrix){o->t, o->M, o->M, true, o->L, false};
    if (strcmp(name, "v") == 0)
        return (matrix){o->v, o->K, o->heads, false, 1, true};
    if (strcmp(name, "p") == 0)
        return (matrix){o->p, o->M, o->M, true, 1, false};
    return (matrix){0};
}

static ordpar_status store(const ordpar_csv_row *row, double *place, double value, bool symmetric,
                           ordpar_error *err) {
    if (isnan(*place)) {
        *place = value;
        return ORDPAR_OK;
    }
    if (symmetric && *place == value)
        return ORDPAR_OK;
    return ordpar_csv_fail(row, 4,
                           symmetric ? "contradicts the value read for this entry before"
                                     : "is a second value for this entry",
                           err);
}

static ordpar_status read_entry(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    const ordpar_overlaps *o = &((reading *)context)->overlaps;
    const matrix m = find_matrix(o, row->fields[0]);
    if (!m.values)
        return ordpar_csv_fail(row, 0, "must be q, r, t, v or p", err);
    int64_t block, i, j;
    double value;
    ordpar_status status;
    if ((status = ordpar_csv_integer(row, 1, 1, (int64_t)m.blocks, &block, err)) ||
        (status = ordpar_csv_integer(row, 2, 1, (int64_t)m.rows, &i, err)) ||
        (status = ordpar_csv_integer(row, 3, 1, (int64_t)m.columns, &j, err)) ||
        (status = ordpar_csv_double(row, 4, &value, err)))
        return status;
    const size_t b = (size_t)block - 1, a = (size_t)i - 1, d = (size_t)j - 1;
    return store(row, place(&m, b, a, d), value, m.symmetric, err);
}

static ordpar_status check_complete(const char *path, const ordpar_overlaps *o, const char *name,
                                    ordpar_error *err) {
    const matrix m = find_matrix(o, name);
    for (size_t b = 0; b < m.blocks; b++)
        for (size_t a = 0; a < m.rows; a++)
            for (size_t d = m.symmetric ? a : 0; d < m.columns; d++)
                if (isnan(*place(&m, b, a, d)))
                    return ordpar_fail(err, ORDPAR_PARSE,
                                       "%s: the entry %s,%zu,%zu,%zu is missing (K = %zu, M = %zu, "
                                       "L = %zu)",
                                       path, name, b + 1, a + 1, d + 1, o->K, o->M, o->L);
    return ORDPAR_OK;
}

/* Output weights and T_perp may be absent as a whole. */
static void drop_absent(double **values, size_t count) {
    for (size_t k = 0; k < count; k++)
        if (!isnan((*values)[k]))
            return;
    free(*values);
    *values = NULL;
}

/* Those of no task behind the last. */
static void drop_absent_heads(ordpar_overlaps *o) {
    size_t count = ORDPAR_MAX_TASKS * o->K;
    while (count > 0 && isnan(o->v[count - 1]))
        count--;
    o->heads = count > 0 ? (count - 1) / o->K + 1 : 1;
    drop_absent(&o->v, o->heads * o->K);
}

static ordpar_status check_read(const char *path, const ordpar_overlaps *o, double tolerance,
                                ordpar_error *err) {
    ordpar_status status;
    if ((status = check_complete(path, o, "q", err)) ||
        (status = check_complete(path, o, "r", err)) ||
        (status = check_complete(path, o, "t", err)) ||
        (o->v && (status = check_complete(path, o, "v", err))) ||
        (o->p && (status = check_complete(path, o, "p", err))))
        return status;
    double least;
    size_t block;
    if ((status = ordpar_overlaps_min_eigenvalue(o, &least, &block, err)))
        return status;
    if (!(least >= -tolerance))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "%s: the Gram matrix of block %zu is not positive semidefinite: its least "
            "eigenvalue, scaled, is %.3g",
            path, block + 1, least);
    return ORDPAR_OK;
}

/* Where one triangle alone is given it is the other, too. */
static void mirror(const ordpar_overlaps *o, const char *name) {
    const matrix m = find_matrix(o, name);
    for (size_t b = 0; m.values && b < m.blocks; b++)
        for (size_t i = 0; i < m.rows; i++)
            for (size_t j = 0; j < m.rows; j++)
                if (isnan(*place(&m, b, i, j)))
                    *place(&m, b, i, j) = *place(&m, b, j, i);
}

static ordpar_status make_symmetric(const char *path, ordpar_overlaps *o, ordpar_error *err) {
    mirror(o, "q");
    mirror(o, "t");
    mirror(o, "p");
    const ordpar_asymmetry a = ordpar_overlaps_symmetrise(o);
    return !a.name ? ORDPAR_OK
                   : ordpar_fail(err, ORDPAR_PARSE,
                                 "%s: %.17g of %c,%zu,%zu,%zu contradicts %.17g of %c,%zu,%zu,%zu",
                                 path, a.here, a.name, a.block + 1, a.row + 1, a.column + 1,
                                 a.there, a.name, a.block + 1, a.column + 1, a.row + 1);
}

static void fill(double *values, size_t count) {
    for (size_t k = 0; k < count; k++)
        values[k] = NAN;
}

static ordpar_status read_file(const char *path, size_t K, size_t M, size_t L, double tolerance,
                               ordpar_overlaps *overlaps, ordpar_error *err) {
    reading read;
    ordpar_status status = ordpar_overlaps_init(K, M, L, &read.overlaps, err);
    if (status)
        return status;
    read.overlaps.heads = ORDPAR_MAX_TASKS;
    read.overlaps.v = malloc(ORDPAR_MAX_TASKS * K * sizeof(double));
    read.overlaps.p = malloc(M * M * sizeof(double));
    if (!read.overlaps.v || !read.overlaps.p) {
        ordpar_overlaps_clear(&read.overlaps);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu output weights", K);
    }
    fill(read.overlaps.v, ORDPAR_MAX_TASKS * K);
    fill(read.overlaps.p, M * M);
    fill(read.overlaps.q, K * K * L);
    fill(read.overlaps.r, K * M * L);
    fill(read.overlaps.t, M * M * L);
    if (!(status = ordpar_csv_read(path, columns, COLUMNS, read_entry, &read, err))) {
        drop_absent_heads(&read.overlaps);
        drop_absent(&read.overlaps.p, M * M);
        if (!(status = make_symmetric(path, &read.overlaps, err)))
            status = check_read(path, &read.overlaps, tolerance, err);
    }
    if (status)
        ordpar_overlaps_clear(&read.overlaps);
    else
        *overlaps = read.overlaps;
    return status;
}

ordpar_status ordpar_overlaps_read(const char *path, size_t K, size_t M, size_t L,
                                   ordpar_overlaps *overlaps, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    return read_file(path, K, M, L, psd_tolerance, overlaps, err);
}

ordpar_status ordpar_overlaps_read_state(const char *path, size_t K, size_t M, size_t L,
                                         ordpar_overlaps *overlaps, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    return read_file(path, K, M, L, state_tolerance, overlaps, err);
}

static const char *const written[] = {"q", "r", "t", "v", "p"};
enum { WRITTEN = sizeof written / sizeof *written };

static void write_matrix(const ordpar_overlaps *o, const char *name, FILE *file) {
    const matrix m = find_matrix(o, name);
    for (size_t b = 0; m.values && b < m.blocks; b++)
        for (size_t i = 0; i < m.rows; i++)
            for (size_t j = m.symmetric ? i : 0; j < m.columns; j++)
                ordpar_print(file, "%s,%zu,%zu,%zu,%.17g\n", name, b + 1, i + 1, j + 1,
                             *place(&m, b, i, j));
}

static uint64_t digest_matrix(const ordpar_overlaps *o, const char *name, uint64_t digest) {
    const matrix m = find_matrix(o, name);
    for (size_t b = 0; m.values && b < m.blocks; b++)
        for (size_t i = 0; i < m.rows; i++)
            for (size_t j = m.symmetric ? i : 0; j < m.columns; j++)
                digest = ordpar_digest_number(digest, *place(&m, b, i, j));
    return digest;
}

uint64_t ordpar_overlaps_digest(const ordpar_overlaps *overlaps, uint64_t digest) {
    for (size_t k = 0; k < WRITTEN; k++)
        digest = digest_matrix(overlaps, written[k], digest);
    return digest;
}

ordpar_status ordpar_overlaps_write(const ordpar_overlaps *overlaps, FILE *file,
                                    ordpar_error *err) {
    if (!ferror(file))
        errno = 0;
    for (size_t k = 0; k < COLUMNS; k++)
        fprintf(file, "%s%c", columns[k], k + 1 < COLUMNS ? ',' : '\n');
    for (size_t k = 0; k < WRITTEN; k++)
        write_matrix(overlaps, written[k], file);
    if (ferror(file))
        return ordpar_fail(err, ORDPAR_IO, "the overlaps cannot be written: %s",
                           errno ? strerror(errno) : "unknown reason");
    return ORDPAR_OK;
}
