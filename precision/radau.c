// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/radau.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

/* Newton's method doubles the right bits, from some ten at the start. */
enum { NEWTON_STEPS = 40 };

/* P_(s-1)(x) - P_s(x) and its derivative, |x| < 1 */
static void radau_polynomial(size_t s, const mpfr_t x, mpfr_t value, mpfr_t slope) {
    mpfr_t before, last, next, scratch;
    mpfr_inits2(mpfr_get_prec(value), before, last, next, scratch, (mpfr_ptr)NULL);
    mpfr_set_zero(before, 1); /* P_(n-1) and P_n, from n = 0; P_(s-2) is kept for the slopes */
    mpfr_set_ui(last, 1, RND);
    for (size_t n = 0; n + 1 < s; n++) { /* (n+1) P_(n+1) = (2n+1) x P_n - n P_(n-1) */
        mpfr_mul(next, x, last, RND);
        mpfr_mul_ui(next, next, 2 * n + 1, RND);
        mpfr_mul_ui(before, before, n, RND);
        mpfr_sub(next, next, before, RND);
        mpfr_div_ui(next, next, n + 1, RND);
        mpfr_swap(before, last);
        mpfr_swap(last, next);
    }
    mpfr_mul(next, x, last, RND); /* P_s, while last = P_(s-1), before = P_(s-2) */
    mpfr_mul_ui(next, next, 2 * s - 1, RND);
    mpfr_mul_ui(scratch, before, s - 1, RND);
    mpfr_sub(next, next, scratch, RND);
    mpfr_div_ui(next, next, s, RND);
    mpfr_sub(value, last, next, RND);
    /* (x^2 - 1) P_n' = n (x P_n - P_(n-1)) */
    mpfr_mul(slope, x, last, RND);
    mpfr_sub(slope, slope, before, RND);
    mpfr_mul_ui(slope, slope, s - 1, RND);
    mpfr_mul(scratch, x, next, RND);
    mpfr_sub(scratch, scratch, last, RND);
    mpfr_mul_ui(scratch, scratch, s, RND);
    mpfr_sub(slope, slope, scratch, RND);
    mpfr_sqr(scratch, x, RND);
    mpfr_sub_ui(scratch, scratch, 1, RND);
    mpfr_div(slope, slope, scratch, RND);
    mpfr_clears(before, last, next, scratch, (mpfr_ptr)NULL);
}

/* The zeros of P_(s-1) - P_s, 1 among them, moved to [0, 1]. */
static void set_nodes(ordpar_radau *r) {
    const mpfr_prec_t bits = r->numbers.bits;
    mpfr_t x, value, slope;
    mpfr_inits2(bits, x, value, slope, (mpfr_ptr)NULL);
    for (size_t i = 1; i <= r->s; i++) {
        mpfr_set_d(x, cos(2 * M_PI * (double)(r->s - i) / (double)(2 * r->s - 1)), RND);
        for (int k = 0; k < NEWTON_STEPS && i < r->s; k++) {
            radau_polynomial(r->s, x, value, slope);
            mpfr_div(value, value, slope, RND);
            mpfr_sub(x, x, value, RND);
            if (ordpar_real_log2(value) < 8 - (double)bits)
                break;
        }
        mpfr_add_ui(x, x, 1, RND);
        mpfr_div_2ui(r->node[i], x, 1, RND);
    }
    mpfr_clears(x, value, slope, (mpfr_ptr)NULL);
}

static void set_weights(ordpar_radau *r) {
    mpfr_t difference;
    mpfr_init2(difference, r->numbers.bits);
    for (size_t j = 0; j <= r->s; j++) {
        mpfr_set_ui(r->weight[j], 1, RND);
        for (size_t k = 0; k <= r->s; k++)
            if (k != j) {
                mpfr_sub(difference, r->node[j], r->node[k], RND);
                mpfr_div(r->weight[j], r->weight[j], difference, RND);
            }
    }
    mpfr_clear(difference);
}

/* D_ij = (w_j / w_i) / (c_i - c_j), and rows that add up to 0 with the column of the node 0. */
static void set_derivative(ordpar_radau *r) {
    mpfr_t entry, difference;
    mpfr_inits2(r->numbers.bits, entry, difference, (mpfr_ptr)NULL);
    for (size_t i = 1; i <= r->s; i++) {
        mpfr_t *row = r->D + (i - 1) * r->s;
        mpfr_set_zero(row[i - 1], 1);
        for (size_t j = 0; j <= r->s; j++) {
            if (j == i)
                continue;
            mpfr_sub(difference, r->node[i], r->node[j], RND);
            mpfr_mul(difference, difference, r->weight[i], RND);
            mpfr_div(entry, r->weight[j], difference, RND);
            mpfr_sub(row[i - 1], row[i - 1], entry, RND);
            if (j > 0)
                mpfr_set(row[j - 1], entry, RND);
        }
    }
    mpfr_clears(entry, difference, (mpfr_ptr)NULL);
}

static ordpar_status set_schur(ordpar_radau *r, ordpar_error *err) {
    const size_t s = r->s;
    double complex *eigenvalues = calloc(s, sizeof *eigenvalues);
    if (!eigenvalues)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu stages", s);
    for (size_t i = 0; i < s; i++)
        for (size_t j = 0; j < s; j++)
            r->T[i + s * j] = mpfr_get_d(r->D[i * s + j], RND);
    lapack_int unused;
    const lapack_int n = (lapack_int)s;
    const lapack_int info =
        LAPACKE_zgees(LAPACK_COL_MAJOR, 'V', 'N', NULL, n, r->T, n, &unused, eigenvalues, r->U, n);
    free(eigenvalues);
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu stages", s);
    if (info)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "no Schur form of %zu stages", s);
    return ORDPAR_OK;
}

ordpar_status ordpar_radau_init(size_t s, mpfr_prec_t bits, ordpar_radau *radau,
                                ordpar_error *err) {
    *radau = (ordpar_radau){.s = s};
    const ordpar_status status = ordpar_reals_init(2 * (s + 1) + s * s, bits, &radau->numbers, err);
    if (status)
        return status;
    radau->node = radau->numbers.x;
    radau->weight = radau->node + s + 1;
    radau->D = radau->weight + s + 1;
    radau->U = calloc(2 * s * s, sizeof *radau->U);
    if (!radau->U)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu stages", s);
    radau->T = radau->U + s * s;
    set_nodes(radau);
    set_weights(radau);
    set_derivative(radau);
    return set_schur(radau, err);
}

void ordpar_radau_clear(ordpar_radau *radau) {
    ordpar_reals_clear(&radau->numbers);
    free(radau->U);
    *radau = (ordpar_radau){0};
}

void ordpar_radau_interpolate(const ordpar_radau *radau, const mpfr_t tau, mpfr_t *l) {
    const size_t s = radau->s;
    mpfr_t sum, term;
    mpfr_inits2(radau->numbers.bits, sum, term, (mpfr_ptr)NULL);
    mpfr_set_zero(sum, 1);
    size_t hit = s + 1;
    for (size_t j = 0; j <= s; j++) {
        mpfr_sub(term, tau, radau->node[j], RND);
        if (mpfr_zero_p(term)) {
            hit = j;
            break;
        }
        mpfr_div(term, radau->weight[j], term, RND);
        mpfr_add(sum, sum, term, RND);
        if (j > 0)
            mpfr_set(l[j - 1], term, RND);
    }
    for (size_t j = 1; j <= s; j++) {
        if (hit > s)
            mpfr_div(l[j - 1], l[j - 1], sum, RND);
        else
            mpfr_set_ui(l[j - 1], hit == j, RND);
    }
    mpfr_clears(sum, term, (mpfr_ptr)NULL);
}

double ordpar_radau_log2_leading(size_t s) {
    return (lgamma(2 * (double)s + 1) - 2 * lgamma((double)s + 1)) / M_LN2;
}
