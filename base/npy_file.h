// SPDX-License-Identifier: GPL-3.0-or-later
/** An array in a .npy file, or in a .npz archive, read row by row. Internal. */
#ifndef ORDPAR_NPY_FILE_H
#define ORDPAR_NPY_FILE_H

#include "base/npy.h"

#include <stdio.h>

struct zip;
struct zip_file;

typedef struct {
    const char *path;
    FILE *file;              /* a .npy file, or ... */
    struct zip *archive;     /* ... an archive and */
    struct zip_file *member; /* its member, of which */
    uint64_t left;           /* so many bytes are still to be read */
    ordpar_npy npy;
    uint64_t begin;         /* of the numbers, in a .npy file */
    uint64_t row;           /* rows that were read */
    unsigned char *raw;     /* [raw_rows] rows as they lie in the file, or of one column */
    size_t raw_rows;        /* rows read at once */
    unsigned char *columns; /* a Fortran array from an archive, as a whole */
} ordpar_npy_file;

/** Whether path is a regular file that begins as an archive does; false also if it cannot be read.
 */
bool ordpar_npy_is_archive(const char *path);

/** Whether path is a regular file that begins as an array or an archive does, whatever its name. */
bool ordpar_npy_is_array(const char *path);

/**
 * Opens path and checks header and size; the first row comes next. array: which array of an archive
 * is meant; NULL: X, or the only one. The path is kept by reference.
 * Errors: IO, PARSE (also: no such array; the message lists those that are there), MEMORY; *file is
 * then closed.
 */
ordpar_status ordpar_npy_file_open(const char *path, const char *array, ordpar_npy_file *file,
                                   ordpar_error *err);

/** Reads the next count rows, which must be left, into out[count][dim], components in C order.
 * Errors: IO, PARSE (truncated or damaged), MEMORY. */
ordpar_status ordpar_npy_file_read(ordpar_npy_file *file, size_t count, double *out,
                                   ordpar_error *err);

/** Closes and zeroes; a zeroed one is fine. */
void ordpar_npy_file_close(ordpar_npy_file *file);

#endif
