// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The principal components of a data set [11.1]: its mean and the eigenbasis of its covariance, in
 * which the theory's model of the inputs holds but for their being Gaussian.
 */
#ifndef ORDPAR_PRINCIPAL_H
#define ORDPAR_PRINCIPAL_H

#include "base/declarations.h"
#include "spectra/spectrum/spectrum.h"
#include "validation/data/dataset.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** Principal components. */
typedef struct {
    size_t dim;     /**< components of an example */
    size_t N;       /**< principal components kept: those of the N largest eigenvalues */
    uint64_t rows;  /**< examples */
    double kept;    /**< share of the covariance's trace that they have */
    double *mean;   /**< [dim] */
    double *lambda; /**< [N] decreasing, >= 0, sum N */
    double *basis;  /**< [N][dim] xi = basis (example - mean) has the covariance diag(lambda) */
} ordpar_principal;

/** Told how much of the work is done, in [0, 1]. */
typedef void (*ordpar_principal_progress)(void *context, double fraction);

/** How principal components are computed. */
typedef struct {
    size_t N;                           /**< components to keep, <= dim; 0: all */
    int threads;                        /**< 0: one a core; the results do not depend on it */
    const volatile sig_atomic_t *stop;  /**< may be NULL */
    ordpar_principal_progress progress; /**< may be NULL */
    void *context;                      /**< handed to progress */
} ordpar_principal_options;

/**
 * [11.1] Reads the whole data set once, from its beginning, and leaves it rewound. The covariance
 * is that of these examples (divided by their number), scaled so that the trace of what is kept is
 * N. Eigenvalues below the rounding errors of the largest, dim + 32 epsilons, are set to 0. Errors:
 * INVALID (N > dim, fewer than 2 examples, examples that are all equal), those of reading, MEMORY,
 * NUMERICAL, INTERRUPTED. The caller clears *principal.
 */
ordpar_status ordpar_principal_init(ordpar_dataset *dataset,
                                    const ordpar_principal_options *options,
                                    ordpar_principal *principal, ordpar_error *err);
/** Frees the arrays and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_principal_clear(ordpar_principal *principal);

/** N blocks of multiplicity 1. Errors: MEMORY. The caller clears *spectrum. */
ordpar_status ordpar_principal_spectrum(const ordpar_principal *principal,
                                        ordpar_spectrum *spectrum, ordpar_error *err);

/**
 * xi / sqrt(N) of count examples: x[count][stride], columns beyond N untouched. examples
 * [count][dim] is overwritten.
 */
void ordpar_principal_rotate(const ordpar_principal *principal, size_t count, double *examples,
                             double *x, size_t stride);

/**
 * Whether the data set is one array of two axes, as many examples as components, and symmetric to
 * rounding with a diagonal that is not negative and not 0: a covariance, more likely than examples,
 * whose own covariance has other eigenvalues. Reads the data set if it is square, and leaves it
 * rewound. Errors: those of reading, MEMORY.
 */
ordpar_status ordpar_dataset_is_covariance(ordpar_dataset *dataset, bool *covariance,
                                           ordpar_error *err);

/** Bytes that ordpar_principal_init needs at most. */
double ordpar_principal_bytes(size_t dim);

ORDPAR_DECLARATIONS_END

#endif
