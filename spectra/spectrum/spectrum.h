// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The spectrum of the input covariance Sigma: L distinct eigenvalues lambda_b, b = 0..L-1 in
 * decreasing order, with multiplicities n_b; N = sum_b n_b and p_b = n_b / N.
 * Sources: docs/equations.md, section 1.
 */
#ifndef ORDPAR_SPECTRUM_H
#define ORDPAR_SPECTRUM_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

enum { ORDPAR_MAX_EIGENVALUES = 1 << 30 };
/** Largest input dimension: every whole number up to it is exact in a double. */
#define ORDPAR_MAX_INPUT_DIM INT64_C(1000000000000000)

/** A spectrum: plain arrays, to be read; made by the functions below. */
typedef struct {
    size_t L;       /**< number of blocks (eigenspaces) */
    double *lambda; /**< [L] eigenvalues, >= 0, decreasing */
    double *n;      /**< [L] multiplicities, whole numbers >= 1 */
    double *p;      /**< [L] weights n_b / N */
    double *c;      /**< [L] teacher weights c_b = E[B_na^2] >= 0 in block b; 1 unless set [15.1] */
    double N;       /**< input dimension, sum of n */
    double *noise;  /**< [L] variance of the labels' noise as it drives block b [15.31], in place of
                         the network's: linear units; NULL: the network's in all */
    double *coupling; /**< [L][L] what is added to noise[b] for each share of the mean of block j
                           that is not learned yet [15.36]; NULL: nothing */
    bool reordered;   /**< the eigenvalues were given in another order than the decreasing one */
} ordpar_spectrum;

/** Frees the arrays and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_spectrum_clear(ordpar_spectrum *spectrum);

/**
 * The paper's power law [1.1]: lambda_l = lambda_+ / l^(1+beta), l = 1..L, n_l = N/L, tr Sigma = N.
 * Ranges: 1 <= L <= N <= ORDPAR_MAX_INPUT_DIM, L divides N, beta > 0 such that lambda_L does not
 * underflow. Errors: INVALID, MEMORY. The caller clears *spectrum.
 */
ordpar_status ordpar_spectrum_power_law(int64_t N, int64_t L, double beta,
                                        ordpar_spectrum *spectrum, ordpar_error *err);

/**
 * Any spectrum from arrays of length L, in any order: sorted by decreasing eigenvalue (stable).
 * Ranges: eigenvalues finite and >= 0 (to rounding, which counts as 0), not all 0; multiplicities
 * >= 1, their sum at most ORDPAR_MAX_INPUT_DIM. Errors: INVALID, MEMORY. The caller clears
 * *spectrum.
 */
ordpar_status ordpar_spectrum_from_arrays(size_t L, const double *lambda,
                                          const int64_t *multiplicity, ordpar_spectrum *spectrum,
                                          ordpar_error *err);

/** The same with the teacher weights c[L] (finite, >= 0) of the eigenvalues; NULL: all 1. */
ordpar_status ordpar_spectrum_with_teacher(size_t L, const double *lambda,
                                           const int64_t *multiplicity, const double *c,
                                           ordpar_spectrum *spectrum, ordpar_error *err);

/**
 * Sets the teacher weights to c_l = c / l^zeta, l the rank of the block, such that the teacher's
 * fields have the variance T = 1 [15.1]. zeta 0 leaves them as they are. Range: zeta such that no
 * weight overflows or underflows. Errors: INVALID; *spectrum is then as it was.
 */
ordpar_status ordpar_spectrum_set_teacher_decay(ordpar_spectrum *spectrum, double zeta,
                                                ordpar_error *err);

/**
 * Sets `noise` to a copy of variance[L] (finite, >= 0), and `coupling` to one of coupling[L][L]
 * (finite; may be NULL). Spreading and sorting come before it; a block that is cut keeps its noise,
 * and with a coupling none can be. Errors: INVALID, MEMORY; *spectrum is then as it was.
 */
ordpar_status ordpar_spectrum_set_noise(ordpar_spectrum *spectrum, const double *variance,
                                        const double *coupling, ordpar_error *err);

/** L epsilon of the largest: what solvers may leave of an eigenvalue that is 0. */
double ordpar_spectrum_rounding(size_t L, const double *lambda);

/** The same for solvers in single precision, whose results may have come as doubles: what may be
 * below 0 of an eigenvalue that is 0. */
double ordpar_spectrum_negative_rounding(size_t L, const double *lambda);

/** Whether S[N][N], row by row, mirrors itself: entries differ by at most so much of their scale,
 * the standard deviations' product. *row and *column: the first that do not, or are not finite. */
bool ordpar_covariance_is_symmetric(size_t N, const double *S, double tolerance, size_t *row,
                                    size_t *column);

/** True if the teacher weights are all 1. */
bool ordpar_spectrum_is_plain(const ordpar_spectrum *spectrum);

/** T^(power) = sum_b p_b lambda_b^power c_b [15.2], the average over teachers. */
double ordpar_spectrum_teacher_moment(const ordpar_spectrum *spectrum, double power);

/**
 * A spectrum from a file ("-": a table from standard input), see ordpar_spectrum_from_arrays:
 * - a CSV table with the columns eigenvalue and multiplicity, and `teacher` (the weights c_b) if it
 *   is there, others being passed over; or without multiplicity (but for index or rank, or the
 *   numbers of all rows in a first column without a name, nothing else may stand there then): each
 *   counts 1;
 * - a text file of one number a line;
 * - a .npy array: one axis of eigenvalues (or a column or row of two), or a symmetric matrix
 * [N][N], the covariance Sigma, whose eigenvalues are taken, those within rounding of 0 as 0.
 * Eigenvalues keep their scale: tr
 * Sigma need not be N. Errors: IO, PARSE, INVALID, MEMORY, NUMERICAL. The caller clears *spectrum.
 */
ordpar_status ordpar_spectrum_read(const char *path, ordpar_spectrum *spectrum, ordpar_error *err);

/** tr Sigma^power / N = sum_b p_b lambda_b^power [1.2]; power may be any number. */
double ordpar_spectrum_moment(const ordpar_spectrum *spectrum, double power);

/** Scales the eigenvalues so that tr Sigma = N, whatever their size. */
void ordpar_spectrum_normalise(ordpar_spectrum *spectrum);

/**
 * Splits the block that component number n_leading (counted from the largest eigenvalue, from 1)
 * cuts, so that the first n_leading components fill whole blocks; *n_blocks receives how many.
 * Range: 0 <= n_leading <= N. Errors: INVALID, MEMORY; *spectrum is then as it was.
 */
ordpar_status ordpar_spectrum_split(ordpar_spectrum *spectrum, int64_t n_leading, size_t *n_blocks,
                                    ordpar_error *err);

/** A fitted power law lambda_l = c / l^(1+beta) [1.3]. */
typedef struct {
    size_t first;         /**< first rank l of the window, counted from 1 */
    size_t last;          /**< its last rank, included */
    double beta;          /**< estimate */
    double beta_stderr;   /**< standard error of the least-squares slope */
    double log_amplitude; /**< estimate of log c */
    double log_residual;  /**< root mean square of the residuals of log lambda */
} ordpar_beta_fit;

/**
 * Least squares of log lambda_l against log l over the distinct eigenvalues of rank first..last,
 * each with weight one. Range: 1 <= first, first + 2 <= last <= L, eigenvalues positive there.
 * Errors: INVALID. The standard error takes the residuals as independent; for the eigenvalues of a
 * sample covariance it is a lower bound.
 */
ordpar_status ordpar_spectrum_fit_beta(const ordpar_spectrum *spectrum, size_t first, size_t last,
                                       ordpar_beta_fit *fit, ordpar_error *err);

/**
 * By how much fit->beta is too large, to first order in dim / examples, where the eigenvalues are
 * those of the covariance of so many examples of dim components: on average such an eigenvalue is
 * lambda_l (1 + (1/examples) sum_k lambda_k / (lambda_l - lambda_k)), k != l, so that the smallest
 * are too small [1.5]. Independent Gaussian examples, a power law of the fitted exponent; fit from
 * ordpar_spectrum_fit_beta with last <= dim. Costs up to 512 dim operations.
 */
double ordpar_beta_fit_bias(const ordpar_beta_fit *fit, size_t dim, double examples);

ORDPAR_DECLARATIONS_END

#endif
