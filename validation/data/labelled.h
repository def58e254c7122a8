// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A data set with its own labels, in memory: the examples in their eigenbasis and one number for
 * each. Internal to validation/ and model/.
 */
#ifndef ORDPAR_LABELLED_H
#define ORDPAR_LABELLED_H

#include "validation/data/principal.h"

/** The array of an archive that is taken where none is named. */
#define ORDPAR_LABELS_ARRAY "Y"

/**
 * Reads labels[rows][*outputs] from a .npy file of the shape (rows,) or (rows, outputs), or from
 * the array of a .npz archive (NULL: ORDPAR_LABELS_ARRAY). Errors: IO, PARSE (the message names the
 * file: another shape, a value that is not finite or 1e100 and more), MEMORY. The caller frees
 * *labels.
 */
ordpar_status ordpar_labels_read(const char *path, const char *array, uint64_t rows,
                                 size_t *outputs, double **labels, ordpar_error *err);

typedef struct {
    size_t n, N;
    size_t rank;     /* directions that count: the others have next to no variance */
    size_t stride;   /* of a row */
    double *x;       /* [n][stride] xi / sqrt(N), 0 beyond N */
    double *y;       /* [n] labels less their mean */
    double *scale;   /* [rank] x_k times it has the variance 1 */
    double variance; /* of y */
    const volatile sig_atomic_t *stop; /* not 0: what takes long ends; may be NULL */
} ordpar_labelled;

/**
 * Reads all examples and rotates them. weights[outputs]: the target is sum_m weights_m
 * labels[.][m]. stop: kept for what is done with them. Errors: those of reading, INVALID (labels
 * that are all equal), MEMORY, INTERRUPTED. The caller clears *labelled.
 */
ordpar_status ordpar_labelled_init(ordpar_dataset *dataset, const ordpar_principal *principal,
                                   size_t outputs, const double *labels, const double *weights,
                                   int threads, const volatile sig_atomic_t *stop,
                                   ordpar_labelled *labelled, ordpar_error *err);

/** INTERRUPTED once *stop is not 0. */
ordpar_status ordpar_labelled_goes_on(const ordpar_labelled *labelled, ordpar_error *err);

/** A zeroed one is fine. */
void ordpar_labelled_clear(ordpar_labelled *labelled);

/** Bytes of it. */
double ordpar_labelled_bytes(double rows, double N);

#endif
