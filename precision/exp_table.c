// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/exp_table.h"

#include <stdlib.h>

/* Outside of these mpfr_exp is as fast. The guard bits cover the roundings of 256 products. */
enum {
    MIN_BITS = 700,
    MAX_BITS = 6000,
    MIN_COUNT = 200,
    GUARD_BITS = 16,
    ENTRIES = 1 << ORDPAR_EXP_BITS
};

static const long rest_bits = ORDPAR_EXP_LEVELS * ORDPAR_EXP_BITS; /* the rest is below 2^-64 */

/* The powers first, first^2, .. after a 1. */
static void fill(mpfr_t *row, size_t count, const mpfr_t first) {
    mpfr_set_ui(row[0], 1, RND);
    for (size_t i = 1; i < count; i++)
        mpfr_mul(row[i], row[i - 1], first, RND);
}

static void fill_factors(ordpar_exp_table *table) {
    mpfr_t first;
    mpfr_init2(first, table->factors.bits);
    mpfr_set_si(first, -1, RND);
    mpfr_exp(first, first, RND);
    fill(table->factors.x, ORDPAR_EXP_WHOLE, first);
    for (int level = 1; level <= ORDPAR_EXP_LEVELS; level++) {
        mpfr_set_ui_2exp(first, 1, -level * ORDPAR_EXP_BITS, RND);
        mpfr_exp(first, first, RND);
        fill(table->factors.x + ORDPAR_EXP_WHOLE + (size_t)(level - 1) * ENTRIES, ENTRIES, first);
    }
    mpfr_clear(first);
}

static void init_series(ordpar_exp_table *table) {
    const mpfr_prec_t bits = table->factors.bits;
    mpfr_inits2(bits, table->rest, table->scratch, (mpfr_ptr)NULL);
    for (size_t k = 0; k < table->terms; k++) {
        const mpfr_prec_t left = bits - 2 * (mpfr_prec_t)k * rest_bits;
        mpfr_inits2(left > rest_bits ? left : rest_bits, table->coefficients[k], table->sums[k],
                    table->squares[k], (mpfr_ptr)NULL);
        mpfr_fac_ui(table->coefficients[k], 2 * k + 1, RND);
        mpfr_ui_div(table->coefficients[k], 1, table->coefficients[k], RND);
    }
}

ordpar_status ordpar_exp_table_init(mpfr_prec_t bits, size_t count, ordpar_exp_table *table,
                                    ordpar_error *err) {
    *table = (ordpar_exp_table){0};
    if (bits < MIN_BITS || bits > MAX_BITS || count < MIN_COUNT)
        return ORDPAR_OK;
    ordpar_exp_table made = {.terms = (size_t)((bits + GUARD_BITS) / (2 * rest_bits)) + 1};
    const ordpar_status status =
        ordpar_reals_init(ORDPAR_EXP_WHOLE + (size_t)ORDPAR_EXP_LEVELS * ENTRIES, bits + GUARD_BITS,
                          &made.factors, err);
    if (status)
        return status;
    made.coefficients = malloc(3 * made.terms * sizeof *made.coefficients);
    if (!made.coefficients) {
        ordpar_reals_clear(&made.factors);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table of exponentials");
    }
    made.sums = made.coefficients + made.terms;
    made.squares = made.sums + made.terms;
    fill_factors(&made);
    init_series(&made);
    *table = made;
    return ORDPAR_OK;
}

void ordpar_exp_table_clear(ordpar_exp_table *table) {
    if (table->terms)
        mpfr_clears(table->rest, table->scratch, (mpfr_ptr)NULL);
    for (size_t k = 0; k < table->terms; k++)
        mpfr_clears(table->coefficients[k], table->sums[k], table->squares[k], (mpfr_ptr)NULL);
    free(table->coefficients);
    ordpar_reals_clear(&table->factors);
    *table = (ordpar_exp_table){0};
}

/* rest = exp(rest), by Horner's rule from the shortest partial sum */
static void exponentiate_rest(ordpar_exp_table *table) {
    mpfr_t *sums = table->sums, *square = &table->scratch;
    mpfr_sqr(*square, table->rest, RND);
    mpfr_set(sums[table->terms - 1], table->coefficients[table->terms - 1], RND);
    for (size_t k = table->terms - 1; k > 0; k--) {
        mpfr_set(table->squares[k], *square, RND);
        mpfr_mul(sums[k - 1], sums[k], table->squares[k], RND);
        mpfr_add(sums[k - 1], sums[k - 1], table->coefficients[k - 1], RND);
    }
    mpfr_mul(table->rest, table->rest, sums[0], RND);
    mpfr_sqr(*square, table->rest, RND);
    mpfr_add_ui(*square, *square, 1, RND);
    mpfr_sqrt(*square, *square, RND);
    mpfr_add(table->rest, table->rest, *square, RND);
}

void ordpar_exp_table_evaluate(ordpar_exp_table *table, const mpfr_t x, mpfr_t y) {
    if (!table->terms || mpfr_cmp_si(x, -(ORDPAR_EXP_WHOLE - 1)) < 0 || mpfr_sgn(x) > 0) {
        mpfr_exp(y, x, RND);
        return;
    }
    mpfr_t *rest = &table->rest, *factors = table->factors.x;
    size_t picked[ORDPAR_EXP_LEVELS + 1];
    const long whole = mpfr_get_si(x, MPFR_RNDD);
    picked[0] = (size_t)-whole;
    mpfr_sub_si(*rest, x, whole, RND); /* in [0, 1) */
    for (int level = 1; level <= ORDPAR_EXP_LEVELS; level++) {
        mpfr_mul_2ui(*rest, *rest, ORDPAR_EXP_BITS, RND);
        const unsigned long digit = mpfr_get_ui(*rest, MPFR_RNDD);
        mpfr_sub_ui(*rest, *rest, digit, RND);
        picked[level] = ORDPAR_EXP_WHOLE + (size_t)(level - 1) * ENTRIES + digit;
    }
    mpfr_div_2ui(*rest, *rest, (unsigned long)rest_bits, RND);
    exponentiate_rest(table);
    for (int level = 0; level < ORDPAR_EXP_LEVELS; level++)
        mpfr_mul(*rest, *rest, factors[picked[level]], RND);
    mpfr_mul(y, *rest, factors[picked[ORDPAR_EXP_LEVELS]], RND);
}
