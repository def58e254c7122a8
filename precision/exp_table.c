// SPDX-License-Identifier: GPL-3.0-or-later
#include "exp_table.h"

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

/* Partial sum k is multiplied by rest^k: it may be 64 k bits shorter. */
static void init_series(ordpar_exp_table *table) {
    for (size_t k = 0; k <= table->degree; k++) {
        const mpfr_prec_t left = table->factors.bits - (mpfr_prec_t)k * rest_bits;
        const mpfr_prec_t bits = left > rest_bits ? left : rest_bits;
        mpfr_init2(table->series[k], bits);
        mpfr_init2(table->rest[k], bits);
    }
}

ordpar_status ordpar_exp_table_init(mpfr_prec_t bits, size_t count, ordpar_exp_table *table,
                                    ordpar_error *err) {
    *table = (ordpar_exp_table){0};
    if (bits < MIN_BITS || bits > MAX_BITS || count < MIN_COUNT)
        return ORDPAR_OK;
    ordpar_exp_table made = {.degree = (size_t)((bits + GUARD_BITS) / rest_bits) + 1};
    const ordpar_status status =
        ordpar_reals_init(ORDPAR_EXP_WHOLE + (size_t)ORDPAR_EXP_LEVELS * ENTRIES, bits + GUARD_BITS,
                          &made.factors, err);
    if (status)
        return status;
    made.series = malloc(2 * (made.degree + 1) * sizeof *made.series);
    if (!made.series) {
        ordpar_reals_clear(&made.factors);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table of exponentials");
    }
    made.rest = made.series + made.degree + 1;
    fill_factors(&made);
    init_series(&made);
    *table = made;
    return ORDPAR_OK;
}

void ordpar_exp_table_clear(ordpar_exp_table *table) {
    for (size_t k = 0; table->series && k <= table->degree; k++)
        mpfr_clears(table->series[k], table->rest[k], (mpfr_ptr)NULL);
    free(table->series);
    ordpar_reals_clear(&table->factors);
    *table = (ordpar_exp_table){0};
}

/* series[0] = sum_k rest^k / k!, by Horner's rule from the shortest partial sum */
static void sum_series(ordpar_exp_table *table) {
    mpfr_t *sum = table->series;
    mpfr_set_ui(sum[table->degree], 1, RND);
    for (size_t k = table->degree; k > 0; k--) {
        mpfr_set(table->rest[k], table->rest[0], RND);
        mpfr_mul(sum[k - 1], sum[k], table->rest[k], RND);
        mpfr_div_ui(sum[k - 1], sum[k - 1], k, RND);
        mpfr_add_ui(sum[k - 1], sum[k - 1], 1, RND);
    }
}

void ordpar_exp_table_evaluate(ordpar_exp_table *table, const mpfr_t x, mpfr_t y) {
    if (!table->series || mpfr_cmp_si(x, -(ORDPAR_EXP_WHOLE - 1)) < 0 || mpfr_sgn(x) > 0) {
        mpfr_exp(y, x, RND);
        return;
    }
    mpfr_t *rest = &table->rest[0], *factors = table->factors.x;
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
    sum_series(table);
    mpfr_t *product = &table->series[0];
    for (int level = 0; level < ORDPAR_EXP_LEVELS; level++)
        mpfr_mul(*product, *product, factors[picked[level]], RND);
    mpfr_mul(y, *product, factors[picked[ORDPAR_EXP_LEVELS]], RND);
}
