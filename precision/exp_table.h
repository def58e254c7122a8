// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Many exponentials of the same precision: exp(x) as a product of tabulated factors, one for every
 * eight bits of x, and a short series for the rest, exp(r) = s + sqrt(1 + s^2), s = sinh(r) [9.7].
 * Three times as fast as mpfr_exp at 1000 digits. Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_EXP_TABLE_H
#define ORDPAR_PRECISION_EXP_TABLE_H

#include "precision/real.h"

enum { ORDPAR_EXP_LEVELS = 8, ORDPAR_EXP_BITS = 8, ORDPAR_EXP_WHOLE = 64 };

typedef struct {
    ordpar_reals factors; /* exp(-i), i < WHOLE; then for each level l = 1.. exp(i 2^(-8 l)) */
    size_t terms;         /* of the series sinh(r)/r = sum_k r^(2k) / (2k + 1)! of the rest r */
    mpfr_t *coefficients; /* [terms] 1/(2k + 1)!, ever shorter: term k is multiplied by r^(2k) */
    mpfr_t *sums;         /* [terms] partial sums */
    mpfr_t *squares;      /* [terms] r^2 */
    mpfr_t rest, scratch;
} ordpar_exp_table;

/** count: exponentials to come; if they are too few or too short for a table, there is none.
 * Errors: MEMORY. The caller clears *table. */
ordpar_status ordpar_exp_table_init(mpfr_prec_t bits, size_t count, ordpar_exp_table *table,
                                    ordpar_error *err);
void ordpar_exp_table_clear(ordpar_exp_table *table);

/** [9.7] y = exp(x) to a few units in the last place of the bits above; x and y may be the same. */
void ordpar_exp_table_evaluate(ordpar_exp_table *table, const mpfr_t x, mpfr_t y);

#endif
