// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The header of an array in NumPy's .npy format, versions 1 to 3, and its numbers as doubles.
 * Taken: bool, whole numbers of 1 to 8 bytes, float16, float32 and float64, either byte order,
 * C or Fortran order. The first axis counts the rows, the others are the dimensions of one row.
 * Internal.
 */
#ifndef ORDPAR_NPY_H
#define ORDPAR_NPY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The first bytes of a .npy file. */
#define ORDPAR_NPY_MAGIC "\x93NUMPY"

enum {
    ORDPAR_NPY_PREFIX = 12,          /**< bytes that hold magic, version and header length */
    ORDPAR_NPY_MAX_HEADER = 1 << 16, /**< longest header that is taken */
    ORDPAR_NPY_MAX_AXES = 64
};

typedef struct {
    char kind;    /**< b: bool, u and i: whole numbers without and with sign, f: floating point */
    size_t size;  /**< bytes of a number: 1, 2, 4 or 8 */
    bool swapped; /**< big-endian */
    bool fortran; /**< the first axis varies fastest */
    size_t n_axes;
    uint64_t axes[ORDPAR_NPY_MAX_AXES]; /**< [n_axes], none 0 */
    uint64_t rows;                      /**< axes[0] */
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

/** The shape as NumPy prints it, cut to size. */
enum { ORDPAR_NPY_SHAPE_SIZE = 96 };
void ordpar_npy_shape(const ordpar_npy *npy, char shape[ORDPAR_NPY_SHAPE_SIZE]);

/** raw[count] as doubles; whole numbers above 2^53 are rounded. */
void ordpar_npy_convert(const ordpar_npy *npy, const void *raw, size_t count, double *out);

/** Where component k of a row in C order, k < dim, stands among the columns of a Fortran array. */
uint64_t ordpar_npy_column(const ordpar_npy *npy, uint64_t k);

#endif
