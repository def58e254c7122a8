// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/hierarchy.h"

#include <math.h>

/* Enough for the spectra whose condition is a number of digits anyone will use. */
enum { CONDITION_DIGITS = 400 };

size_t ordpar_mp_distinct(const ordpar_mp_eigen *eigen, mpfr_t *lambda) {
    size_t count = 0;
    for (size_t b = 0; b < eigen->L; b++) {
        if (count == 0 || !mpfr_equal_p(lambda[count - 1], eigen->lambda[b]))
            mpfr_set(lambda[count++], eigen->lambda[b], RND);
    }
    return count;
}

void ordpar_mp_minimal_polynomial(size_t L, mpfr_t *lambda, mpfr_t *c) {
    mpfr_t term;
    mpfr_init2(term, L ? mpfr_get_prec(c[0]) : 2);
    for (size_t b = 0; b < L; b++) { /* c is monic of degree b: times (x - lambda_b) */
        mpfr_set_ui(c[b], 1, RND);
        for (size_t p = b + 1; p-- > 0;) {
            mpfr_mul(term, c[p], lambda[b], RND);
            if (p > 0)
                mpfr_sub(c[p], c[p - 1], term, RND);
            else
                mpfr_neg(c[p], term, RND);
        }
    }
    mpfr_clear(term);
}

/* log10 ||V||: the largest sum of a row of lambda_b^p, which is convex in p: at p = 0 or L - 1 */
static double log10_norm(size_t L, mpfr_t *lambda) {
    mpfr_t sum, power;
    mpfr_inits2(mpfr_get_prec(lambda[0]), sum, power, (mpfr_ptr)NULL);
    mpfr_set_zero(sum, 1);
    for (size_t b = 0; b < L; b++) {
        mpfr_pow_ui(power, lambda[b], L - 1, RND);
        mpfr_add(sum, sum, power, RND);
    }
    const double result = fmax(ordpar_real_log10(sum), log10((double)L));
    mpfr_clears(sum, power, (mpfr_ptr)NULL);
    return result;
}

/* Row b of the inverse holds the coefficients of a Lagrange polynomial, of alternating signs for
 * nodes >= 0: their absolute values sum to prod_{c != b} (1 + lambda_c) / |lambda_b - lambda_c|. */
static double log10_inverse_norm(size_t L, mpfr_t *lambda) {
    double largest = -INFINITY;
    mpfr_t product, factor;
    mpfr_inits2(mpfr_get_prec(lambda[0]), product, factor, (mpfr_ptr)NULL);
    for (size_t b = 0; b < L; b++) {
        mpfr_set_ui(product, 1, RND);
        for (size_t c = 0; c < L; c++) {
            if (c == b)
                continue;
            mpfr_add_ui(factor, lambda[c], 1, RND);
            mpfr_mul(product, product, factor, RND);
            mpfr_sub(factor, lambda[b], lambda[c], RND);
            mpfr_div(product, product, factor, RND);
        }
        largest = fmax(largest, ordpar_real_log10(product));
    }
    mpfr_clears(product, factor, (mpfr_ptr)NULL);
    return largest;
}

/*
 * log10 of the condition number (infinity norm) of the Vandermonde matrix lambda_b^p, p = 0..L-1,
 * of distinct lambda_b >= 0 [9.4]: the map from blocks to moments, and so the digits that the
 * closure can lose.
 */
static double vandermonde_condition(size_t L, mpfr_t *lambda) {
    return log10_norm(L, lambda) + log10_inverse_norm(L, lambda);
}

ordpar_status ordpar_mp_spectrum_condition(const ordpar_mp_spectrum *spectrum,
                                           double *log10_condition, ordpar_error *err) {
    ordpar_mp_eigen eigen = {0};
    ordpar_reals distinct = {0};
    const mpfr_prec_t bits = ordpar_bits_for_digits(CONDITION_DIGITS);
    ordpar_status status = ordpar_mp_eigen_init(spectrum, bits, &eigen, err);
    if (!status)
        status = ordpar_reals_init(eigen.L, bits, &distinct, err);
    if (!status)
        *log10_condition =
            vandermonde_condition(ordpar_mp_distinct(&eigen, distinct.x), distinct.x);
    ordpar_reals_clear(&distinct);
    ordpar_mp_eigen_clear(&eigen);
    mpfr_free_cache();
    return status;
}

void ordpar_mp_moments(const ordpar_mp_eigen *eigen, mpfr_t *x, size_t orders, size_t stride,
                       mpfr_t *moments) {
    mpfr_t weighted;
    mpfr_init2(weighted, eigen->numbers.bits);
    for (size_t p = 0; p < orders; p++)
        mpfr_set_zero(moments[p * stride], 1);
    for (size_t b = eigen->L; b-- > 0;) {
        mpfr_set(weighted, x[b], RND);
        for (size_t p = 0; p < orders; p++) {
            mpfr_add(moments[p * stride], moments[p * stride], weighted, RND);
            mpfr_mul(weighted, weighted, eigen->lambda[b], RND);
        }
    }
    mpfr_clear(weighted);
}
