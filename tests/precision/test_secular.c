// SPDX-License-Identifier: GPL-3.0-or-later
/* Roots of the secular equation: each in its interval, and a root indeed. */
#include "precision/secular.h"
#include "support.h"

#include <math.h>

enum { M = 30 };

static mpfr_prec_t BITS;

/* f(lambda_o + offset) times the smallest distance to a pole, relative to the terms' size */
static double residual(const ordpar_mp_secular *s, size_t origin, const mpfr_t offset) {
    mpfr_t sum, size, term;
    mpfr_inits2(2 * BITS, sum, size, term, (mpfr_ptr)NULL);
    mpfr_set_ui(sum, 1, RND);
    mpfr_set_ui(size, 1, RND);
    for (size_t j = 0; j < s->m; j++) {
        mpfr_sub(term, s->lambda[j], s->lambda[origin], RND);
        mpfr_sub(term, term, offset, RND);
        mpfr_div(term, s->g2[j], term, RND);
        mpfr_mul(term, term, s->kappa, RND);
        mpfr_sub(sum, sum, term, RND);
        mpfr_abs(term, term, RND);
        mpfr_add(size, size, term, RND);
    }
    const double result = ordpar_real_log10(sum) - ordpar_real_log10(size);
    mpfr_clears(sum, size, term, (mpfr_ptr)NULL);
    return result;
}

static void check_roots(double beta, double kappa) {
    ordpar_error err;
    ordpar_reals numbers;
    check_ok(ordpar_reals_init(2 * M + 2, BITS, &numbers, &err), &err);
    mpfr_t *x = &numbers.x[2 * M], *offset = &numbers.x[2 * M + 1];
    mpfr_set_d(*x, kappa, RND);
    const ordpar_mp_secular s = {M, numbers.x, numbers.x + M, *x};
    for (size_t j = 0; j < M; j++) {
        mpfr_set_d(s.lambda[j], pow((double)(j + 1), -1 - beta), RND);
        mpfr_sqr(s.g2[j], s.lambda[j], RND);
        mpfr_div_ui(s.g2[j], s.g2[j], M, RND);
    }
    for (size_t k = 0; k < M; k++) {
        size_t origin;
        ordpar_mp_secular_root(&s, k, &origin, *offset);
        const double error = residual(&s, origin, *offset);
        cr_expect(origin == k || origin == k + 1, "root %zu at pole %zu", k, origin);
        cr_expect_lt(error, -0.301 * (double)BITS + 3,
                     "beta %g, kappa %g, root %zu: residual 1e%.1f", beta, kappa, k, error);
        if (origin == k)
            cr_expect_lt(mpfr_sgn(*offset), 0, "root %zu is above its pole", k);
        else
            cr_expect_gt(mpfr_sgn(*offset), 0, "root %zu is below the next pole", k);
        mpfr_add(*offset, *offset, s.lambda[origin], RND);
        cr_expect(k + 1 == M || mpfr_greater_p(*offset, s.lambda[k + 1]));
    }
    ordpar_reals_clear(&numbers);
}

/* Precisions just below twice those of a ladder's steps need all that Newton's method gains. */
Test(secular, roots_interlace_and_are_roots) {
    const mpfr_prec_t bits[] = {128, 240, 252, 500, 700, 848, 996, 1980};
    for (size_t k = 0; k < sizeof bits / sizeof *bits; k++) {
        BITS = bits[k];
        check_roots(1, 0.5);
        check_roots(0.01, 1e-12); /* hardly coupled: the roots lie at the poles */
        check_roots(3, 1e6);      /* strongly coupled: the last is far below 0 */
        check_roots(0.001, 1e-3); /* poles close together */
    }
    mpfr_free_cache();
}

/* Terms that are the same to 128 bits, so that the roundings of their sum add up: a step of the
 * ladder must not ask for more than twice the digits that are left. */
Test(secular, a_ladder_of_many_terms_loses_no_digits) {
    enum { MANY = 1 << 14 };
    ordpar_error err;
    ordpar_reals numbers;
    BITS = 252;
    check_ok(ordpar_reals_init(2 * MANY + 2, BITS, &numbers, &err), &err);
    mpfr_t *x = &numbers.x[2 * MANY], *offset = &numbers.x[2 * MANY + 1];
    const ordpar_mp_secular s = {MANY, numbers.x, numbers.x + MANY, *x};
    mpfr_set_ui(*x, 1, RND);
    for (size_t j = 0; j < MANY; j++) {
        mpfr_set_d(s.lambda[j], j ? 0.3 : 1, RND);
        mpfr_set_d(*offset, ldexp((double)j, -180), RND);
        mpfr_sub(s.lambda[j], s.lambda[j], *offset, RND);
        mpfr_set_d(s.g2[j], j ? 1.7 / MANY : 1, RND);
    }
    size_t origin;
    ordpar_mp_secular_root(&s, 0, &origin, *offset);
    const double error = residual(&s, origin, *offset), allowed = 3;
    cr_expect_lt(error, -0.301 * (double)BITS + allowed, "residual 1e%.1f", error);
    ordpar_reals_clear(&numbers);
    mpfr_free_cache();
}
