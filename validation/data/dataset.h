// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Data sets in NumPy's files, read as one long sequence of rows, a batch at a time, so that a data
 * set may be larger than the memory.
 *
 * A .npy file holds one array; of a .npz archive the member X is taken (the name that CIFAR-5m
 * uses), or the only member, or the one that is named. The first axis counts examples; the others
 * are one example's components, taken in C order whatever the order of the file. Types: bool, whole
 * numbers, float16, float32, float64, of either byte order. An archived array in Fortran order must
 * fit the memory.
 */
#ifndef ORDPAR_DATASET_H
#define ORDPAR_DATASET_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** Most components of an example: the covariance has the square of it. */
enum { ORDPAR_DATASET_MAX_DIM = 16384 };

/** An open data set. */
typedef struct ordpar_dataset ordpar_dataset;

/**
 * Opens the files, all of whose rows must have the same length, and checks their headers and sizes.
 * The paths are copied. Errors: IO, PARSE (one line that names the file), INVALID (no file, rows
 * that differ), MEMORY. Free with ordpar_dataset_free.
 */
ordpar_status ordpar_dataset_open(size_t count, const char *const *paths, ordpar_dataset **dataset,
                                  ordpar_error *err);

/** The same, with the name of the archives' array; NULL: X, or the only one. A refusal lists the
 * names that there are. A .npy file beside a name is refused (PARSE). */
ordpar_status ordpar_dataset_open_array(size_t count, const char *const *paths, const char *array,
                                        ordpar_dataset **dataset, ordpar_error *err);

/** NULL is fine. */
void ordpar_dataset_free(ordpar_dataset *dataset);

/** Components of an example. */
size_t ordpar_dataset_dim(const ordpar_dataset *dataset);
/** Examples of all files. */
uint64_t ordpar_dataset_rows(const ordpar_dataset *dataset);
/** Number of files. */
size_t ordpar_dataset_files(const ordpar_dataset *dataset);
/** Whether it is one array of two axes. */
bool ordpar_dataset_is_matrix(const ordpar_dataset *dataset);

/**
 * Reads the next rows into out[count][dim], at most count of them; *got: how many, 0 at the end.
 * Errors: IO, PARSE (truncated, or a value that is not finite or 1e100 and more: the message names
 * file and row).
 */
ordpar_status ordpar_dataset_read(ordpar_dataset *dataset, size_t count, double *out, size_t *got,
                                  ordpar_error *err);

/** Goes back to the first row. */
void ordpar_dataset_rewind(ordpar_dataset *dataset);

ORDPAR_DECLARATIONS_END

#endif
