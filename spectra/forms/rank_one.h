// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The symmetric eigenproblem E = diag(d) - z z^T that the linear network leads to, in continuous
 * time [6.1] and in discrete steps [6.5], by its secular equation [6.3]. Internal to spectra/.
 */
#ifndef ORDPAR_RANK_ONE_H
#define ORDPAR_RANK_ONE_H

#include "base/status.h"

#include <stddef.h>

/** One allocation behind all arrays; each has n entries. */
typedef struct {
    size_t n;
    /* in: */
    double *pole;   /**< d_b, strictly decreasing */
    double *weight; /**< > 0; weight_b scale_b = z_b^2, kept apart as the product may underflow */
    double *scale;  /**< > 0 */
    double *source; /**< f_b, of any sign */
    double margin;  /**< 1 - sum_b z_b^2 / d_b: the least root vanishes with it. The caller knows it
                         to more digits than the rounded z_b and d_b; not used where a d_b <= 0 */
    /* out: */
    double *root; /**< eigenvalues nu_k of E, decreasing: d_k > nu_k > d_(k+1) */
    double
        *amplitude;   /**< (1/2) sum_b f_b / (d_b - nu_k) / H_k, H_k = sum_b z_b^2/(d_b - nu_k)^2 */
    double *response; /**< 1 / (nu_k H_k) */
} ordpar_rank_one;

/** Errors: MEMORY. The caller clears *problem. */
ordpar_status ordpar_rank_one_init(size_t n, ordpar_rank_one *problem, ordpar_error *err);
void ordpar_rank_one_clear(ordpar_rank_one *problem);

/**
 * Adds the contribution of one block, blocks in order of decreasing d: equal poles are merged. The
 * problem starts with n = 0 and room for what init was asked for.
 */
void ordpar_rank_one_add(ordpar_rank_one *problem, double pole, double weight, double scale,
                         double source);

/** [6.3] Finds all roots, each d_b - nu_k to nearly full relative accuracy. O(n^2). Poles and
 * scales are left in other units. */
void ordpar_rank_one_solve(ordpar_rank_one *problem);

#endif
