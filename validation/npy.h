// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The header of an array in NumPy's .npy format, versions 1 to 3. Taken: uint8, float32 and float64
 * in C order, little-endian, at least two axes; the first axis counts the rows, the others are the
 * dimensions of one row. Internal to validation/.
 */
#ifndef ORDPAR_NPY_H
#define ORDPAR_NPY_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

typedef enum { ORDPAR_NPY_UINT8, ORDPAR_NPY_FLOAT32, ORDPAR_NPY_FLOAT64 } ordpar_npy_type;

/** Bytes of one number. */
static inline size_t ordpar_npy_size(ordpar_npy_type type) {
    return type == ORDPAR_NPY_UINT8 ? 1 : type == ORDPAR_NPY_FLOAT32 ? 4 : 8;
}

enum {
    ORDPAR_NPY_PREFIX = 12,         /**< bytes that hold magic, version and header length */
    ORDPAR_NPY_MAX_HEADER = 1 << 16 /**< longest header that is taken */
};

typedef struct {
    ordpar_npy_type type;
    uint64_t rows;
    uint64_t dim; /**< numbers in a row, >= 1; rows * dim * size fits an int64_t */
} ordpar_npy;

/**
 * Reads the first ORDPAR_NPY_PREFIX bytes of a file: *begin and *length say where the header's text
 * lies. name: for messages. Errors: PARSE (not a .npy file, version, length).
 */
ordpar_status ordpar_npy_prefix(const char *name, const unsigned char *prefix, size_t *begin,
                                size_t *length, ordpar_error *err);

/** Reads the header's text, text[length]. Errors: PARSE, naming what cannot be taken. */
ordpar_status ordpar_npy_header(const char *name, const char *text, size_t length, ordpar_npy *npy,
                                ordpar_error *err);

#endif
