// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a computation in arbitrary precision is asked to do: a model whose parameters are decimal
 * text ("0.1" is one tenth), read anew at every working precision. Written independently of
 * spectra/ and solver/: nothing but plain data is shared with them.
 */
#ifndef ORDPAR_MP_MODEL_H
#define ORDPAR_MP_MODEL_H

#include "base/declarations.h"
#include "base/status.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** Most digits that a result can be asked for. */
enum { ORDPAR_MP_MAX_DIGITS = 10000 };

/**
 * The spectrum: L eigenspaces of multiplicity n_b, N = sum n_b, p_b = n_b / N, in decreasing order
 * of the eigenvalue. Either lambda gives the eigenvalues, or they are the power law lambda_b =
 * lambda_+ rank_b^-(1+beta) with tr Sigma = N.
 */
typedef struct {
    size_t L;                   /**< eigenspaces */
    const int64_t *n;           /**< [L] multiplicities >= 1; NULL: all equal, N a multiple of L */
    int64_t N;                  /**< input dimension, sum of n */
    const char *const *lambda;  /**< [L] eigenvalues >= 0; NULL: power law */
    const char *beta;           /**< > 0, for the power law */
    const size_t *rank;         /**< [L] for the power laws; NULL: 1..L */
    const char *const *teacher; /**< [L] teacher weights c_b >= 0; NULL: 1, or teacher_decay */
    const char *teacher_decay;  /**< zeta: c_b = c rank_b^-zeta such that T = 1; NULL: none */
} ordpar_mp_spectrum;

/** Spectrum, network and start; numbers as decimal text. */
typedef struct {
    ordpar_mp_spectrum spectrum; /**< of the inputs */
    size_t trained_blocks;       /**< the first so many eigenspaces are trained */
    bool linear;                 /**< g(x) = x; else erf(x / sqrt 2) */
    size_t K;                    /**< hidden units of the student */
    size_t M;                    /**< hidden units of the teacher */
    const char *const *v;        /**< [K] student output weights; NULL: sqrt(M)/K */
    const char *const *w;        /**< [M] teacher output weights; NULL: 1/sqrt(M) */
    const char *eta;             /**< > 0 */
    const char *sigma_J;         /**< >= 0 */
    const char *label_noise;     /**< standard deviation >= 0 */
    bool small_eta;              /**< leave out the terms of order eta^2 */
    bool near_teacher; /**< a mean start J = B + sigma_J noise: q = p (c + sigma_J^2) 1, r = p c 1;
                            needs K = M and a mean teacher */
    const double *q;   /**< [K*K*L] the start, [(i*K + j)*L + b]; q and r NULL: near the
                            teacher, or q = p sigma_J^2 1, r = 0 */
    const double *r;   /**< [K*M*L] likewise */
    const char *const *q_text; /**< [K*K*L] q, r and t as decimal text, with all its digits, in */
    const char *const *r_text; /**< [K*M*L] place of the doubles (mp_overlaps.h reads a file's); */
    const char *const *t_text; /**< [M*M*L] all of them, or all NULL */
    bool deviations; /**< q and r are the overlaps of W = J - B (K = M): J's are t + r + r^T + q
                          and t + r */
    const double *t; /**< [M*M*L] the teacher; NULL: t = p c 1 */
    const char *const *unlearnable; /**< [M*M] T_perp; NULL: none [15.6] */
} ordpar_mp_model;

/** The rows: alpha from start to stop, equally spaced, or in the logarithm; or listed. */
typedef struct {
    const char *start; /**< the first row, a number >= 0 */
    const char *stop;  /**< the last row */
    size_t count;      /**< rows */
    bool logarithmic;  /**< equally spaced in the logarithm; start is > 0 then */
    const char *const
        *list; /**< [count] the rows, ascending, in place of start and stop; or NULL */
} ordpar_mp_grid;

/** The basis that the equations of motion are integrated in. */
typedef enum {
    ORDPAR_MP_MOMENTS,    /**< orders 0..L-1, closed by the minimal polynomial [9.3] */
    ORDPAR_MP_BLOCKS,     /**< one set of overlaps for each eigenspace */
    ORDPAR_MP_IMPLICIT,   /**< the same, by implicit steps, for eigenvalues that span decades */
    ORDPAR_MP_EXPONENTIAL /**< linear activation: no steps, exact exponentials [9.5] */
} ordpar_mp_representation;

/** How a computation runs. */
typedef struct {
    long digits;                                      /**< right significant digits, from 1 */
    const volatile sig_atomic_t *stop;                /**< INTERRUPTED once not 0; may be NULL */
    void (*progress)(void *context, double fraction); /**< may be NULL */
    void *context;                                    /**< handed to progress */
    const char *schedule; /**< of eta, a form of ordpar_schedule_parse: of lowest order in eta alone
                             [13.6]; NULL: eta is constant */
} ordpar_mp_options;

/** Results: numbers as decimal text. */
typedef struct {
    size_t count;        /**< numbers, row by row */
    size_t width;        /**< characters of each, with the final zero */
    char *text;          /**< [count][width] */
    long working_digits; /**< of the run that the text comes from */
    double log10_bound; /**< log10 of the bound on the relative error, the largest of all numbers */
    long steps;         /**< of that run; 0 if there were none */
    long order;         /**< of its Taylor series; stages of its implicit steps */
} ordpar_mp_result;

/** Number k as text. */
const char *ordpar_mp_text(const ordpar_mp_result *result, size_t k);
/** Characters of a number with so many digits, with the final zero: the width of a result. */
size_t ordpar_mp_width(long digits);
/** Frees the text and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_mp_result_clear(ordpar_mp_result *result);

/** Checks shapes, ranges and texts. Errors: INVALID, naming the value. */
ordpar_status ordpar_mp_model_check(const ordpar_mp_model *model, ordpar_error *err);
/** Likewise for a grid. */
ordpar_status ordpar_mp_grid_check(const ordpar_mp_grid *grid, ordpar_error *err);
/** Likewise for the options. */
ordpar_status ordpar_mp_options_check(const ordpar_mp_options *options, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
