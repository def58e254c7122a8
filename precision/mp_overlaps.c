// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/mp_overlaps.h"

#include "base/csv.h"
#include "base/floating_point.h"
#include "precision/range.h"
#include "precision/real.h"

#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_mp_overlaps_init(size_t K, size_t M, size_t L, ordpar_mp_overlaps *overlaps,
                                      ordpar_error *err) {
    const size_t count = (K * K + K * M + M * M) * L;
    char **texts = calloc(count + M * M + 1, sizeof *texts);
    if (!texts)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu overlaps", count);
    *overlaps = (ordpar_mp_overlaps){.count = count,
                                     .q = texts,
                                     .r = texts + K * K * L,
                                     .t = texts + (K * K + K * M) * L,
                                     .units = M,
                                     .p = texts + count};
    return ORDPAR_OK;
}

void ordpar_mp_overlaps_clear(ordpar_mp_overlaps *overlaps) {
    if (!overlaps)
        return;
    for (size_t k = 0; k < overlaps->count + overlaps->units * overlaps->units; k++)
        free(overlaps->q[k]);
    free(overlaps->q);
    *overlaps = (ordpar_mp_overlaps){0};
}

typedef struct {
    size_t K, M, L;
    ordpar_mp_overlaps made;
} reading;

typedef struct {
    char **texts; /* NULL: not of interest */
    size_t rows, columns, blocks;
} matrix;

static matrix find_matrix(const reading *r, const char *name) {
    if (strcmp(name, "q") == 0)
        return (matrix){r->made.q, r->K, r->K, r->L};
    if (strcmp(name, "r") == 0)
        return (matrix){r->made.r, r->K, r->M, r->L};
    if (strcmp(name, "t") == 0)
        return (matrix){r->made.t, r->M, r->M, r->L};
    if (strcmp(name, "p") == 0)
        return (matrix){r->made.p, r->M, r->M, 1};
    return (matrix){0};
}

/* As many bits as tell any two numbers of so many characters apart, short of extreme exponents. */
static bool same_number(const char *a, const char *b) {
    enum { BITS_OF_A_DIGIT = 4, GUARD = 64 };
    const size_t length = strlen(a) > strlen(b) ? strlen(a) : strlen(b);
    mpfr_t x, y;
    mpfr_inits2((mpfr_prec_t)(BITS_OF_A_DIGIT * length + GUARD), x, y, (mpfr_ptr)NULL);
    const bool same = ordpar_real_parse(a, x) && ordpar_real_parse(b, y) && mpfr_equal_p(x, y);
    mpfr_clears(x, y, (mpfr_ptr)NULL);
    return same;
}

static ordpar_status store(const ordpar_csv_row *row, char **place, ordpar_error *err) {
    const char *text = row->fields[4];
    if (*place)
        return same_number(*place, text)
                   ? ORDPAR_OK
                   : ordpar_csv_fail(row, 4, "contradicts the value read for this entry before",
                                     err);
    *place = strdup(text);
    return *place ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for an overlap");
}

static ordpar_status read_entry(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    reading *r = context;
    const matrix m = find_matrix(r, row->fields[0]);
    if (!m.texts)
        return strcmp(row->fields[0], "v") == 0
                   ? ORDPAR_OK
                   : ordpar_csv_fail(row, 0, "must be q, r, t, v or p", err);
    int64_t block, i, j;
    double value;
    ordpar_status status;
    if ((status = ordpar_csv_integer(row, 1, 1, (int64_t)m.blocks, &block, err)) ||
        (status = ordpar_csv_integer(row, 2, 1, (int64_t)m.rows, &i, err)) ||
        (status = ordpar_csv_integer(row, 3, 1, (int64_t)m.columns, &j, err)) ||
        (status = ordpar_csv_double(row, 4, &value, err)))
        return status;
    const size_t b = (size_t)block - 1, a = (size_t)i - 1, d = (size_t)j - 1;
    status = store(row, &m.texts[(a * m.columns + d) * m.blocks + b], err);
    if (!status && m.texts != r->made.r && a != d)
        status = store(row, &m.texts[(d * m.columns + a) * m.blocks + b], err);
    return status;
}

static ordpar_status check_complete(const char *path, const ordpar_mp_overlaps *o,
                                    ordpar_error *err) {
    for (size_t k = 0; k < o->count; k++)
        if (!o->q[k])
            return ordpar_fail(err, ORDPAR_PARSE, "%s: entry %zu of the %zu of q, r, t is missing",
                               path, k + 1, o->count);
    return ORDPAR_OK;
}

ordpar_status ordpar_mp_overlaps_read(const char *path, size_t K, size_t M, size_t L,
                                      ordpar_mp_overlaps *overlaps, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    static const char *const columns[] = {"matrix", "block", "row", "col", "value"};
    reading r = {K, M, L, {0}};
    ordpar_status status = ordpar_mp_overlaps_init(K, M, L, &r.made, err);
    if (!status)
        status = ordpar_csv_read(path, columns, 5, read_entry, &r, err);
    if (!status)
        status = check_complete(path, &r.made, err);
    if (status)
        ordpar_mp_overlaps_clear(&r.made);
    else
        *overlaps = r.made;
    return status;
}
