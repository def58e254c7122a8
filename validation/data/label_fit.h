// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What is linear in labels, direction by direction, and the noise of the rest. Directions are those
 * of ordpar_labelled with the variance 1 each: z_k = x_k scale_k, k < rank; a vector B of weights
 * has there the components beta_k = B_k sqrt(lambda_k / N). Internal to validation/ and model/.
 */
#ifndef ORDPAR_LABEL_FIT_H
#define ORDPAR_LABEL_FIT_H

#include "validation/data/labelled.h"

/** Sums over two halves of some examples: those of even and those of odd number. */
typedef struct {
    size_t rank;
    size_t count[2];
    double *G[2]; /* [rank][rank] of z_k z_l, lower triangle */
    double *b[2]; /* [rank] of z_k y */
} ordpar_label_sums;

/** Of all examples. Errors: MEMORY, INTERRUPTED. The caller clears *sums. */
ordpar_status ordpar_label_sums_init(const ordpar_labelled *data, int threads,
                                     ordpar_label_sums *sums, ordpar_error *err);

/** Of all but the examples whose numbers are in without[count]. Errors: as there. */
ordpar_status ordpar_label_sums_without(const ordpar_label_sums *all, const ordpar_labelled *data,
                                        size_t count, const uint32_t *without,
                                        ordpar_label_sums *sums, ordpar_error *err);
void ordpar_label_sums_clear(ordpar_label_sums *sums);

/**
 * [15.33] The coefficients beta[2][rank] of least squares in each half: their errors are
 * independent, so that products of the two are unbiased. Errors: INVALID (too few examples,
 * linearly dependent ones), MEMORY.
 */
ordpar_status ordpar_label_coefficients(const ordpar_label_sums *sums, double *beta,
                                        ordpar_error *err);

typedef struct {
    size_t n, rank;
    double *signal;    /* [rank] beta'_k beta''_k = lambda_k B_k^2 / N on average; of any sign */
    double *pooled;    /* [rank] the same, >= 0: see ordpar_label_pool */
    double *noise;     /* [rank] s_k^2 = E[rest^2 z_k^2] [15.34] */
    double *coupling;  /* [rank][rank] 2 beta_j E[rest z_j z_k^2], row k: what noise[k] has besides
                          for  each share of the mean of direction j that is not learned [15.36] */
    size_t groups;     /* of neighbours in pooled */
    double T, T_error; /* the variance of the linear part, and its standard error */
    double rest, rest_error; /* the variance of what is left, likewise */
    double mean_noise;       /* what drives all directions together: sum lambda s^2 / sum lambda */
} ordpar_label_fit;

/** [15.33]-[15.35]. Errors: as ordpar_label_coefficients, INTERRUPTED. The caller clears *fit. */
ordpar_status ordpar_label_fit_init(const ordpar_labelled *data, const ordpar_label_sums *sums,
                                    ordpar_label_fit *fit, ordpar_error *err);
void ordpar_label_fit_clear(ordpar_label_fit *fit);

/**
 * Unbiased estimates of what cannot be negative: neighbours are put together until no group's sum
 * is, and in each group the positive ones are shrunk to its sum, the others 0. The sum of all
 * stays; if it is negative all are 0. Returns the number of groups; 0: out of memory.
 */
size_t ordpar_label_pool(size_t count, const double *signal, double *pooled);

#endif
