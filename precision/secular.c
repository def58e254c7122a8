// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/secular.h"

/* Newton's steps start in so many bits; each doubling loses LADDER_LOSS of them: one to curvature
 * (an error e becomes 2 e^2 at most, as the origin is the nearest pole) and log2 m to the rounding
 * of sums of m terms. */
enum { FIRST_BITS = 128, LADDER_LOSS = 24, MAX_STEPS = 2000 };

typedef struct {
    const ordpar_mp_secular *secular;
    size_t origin;
    mpfr_t value, slope; /* phi and its derivative */
    mpfr_t term, rest, rest_slope;
    mpfr_t low, high; /* phi(low) > 0 >= phi(high) */
    mpfr_t next;
} search;

static void set_bits(search *s, mpfr_prec_t bits) {
    mpfr_ptr all[] = {s->value, s->slope, s->term, s->rest, s->rest_slope, s->next};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        mpfr_set_prec(all[k], bits);
}

/* phi(tau) = tau f(lambda_o + tau) = tau R + kappa g2_o, R = 1 - kappa sum_{j != o} g2_j /
 * (lambda_j - lambda_o - tau): smooth at the pole; and its derivative R + tau R'. */
static void evaluate(search *s, const mpfr_t tau) {
    const ordpar_mp_secular *f = s->secular;
    mpfr_set_zero(s->rest, 1);
    mpfr_set_zero(s->rest_slope, 1);
    for (size_t j = 0; j < f->m; j++) {
        if (j == s->origin)
            continue;
        mpfr_sub(s->term, f->lambda[j], f->lambda[s->origin], RND);
        mpfr_sub(s->term, s->term, tau, RND);
        mpfr_ui_div(s->term, 1, s->term, RND);
        mpfr_mul(s->value, s->term, f->g2[j], RND);
        mpfr_add(s->rest, s->rest, s->value, RND);
        mpfr_mul(s->value, s->value, s->term, RND);
        mpfr_add(s->rest_slope, s->rest_slope, s->value, RND);
    }
    mpfr_mul(s->rest, s->rest, f->kappa, RND);
    mpfr_ui_sub(s->rest, 1, s->rest, RND);
    mpfr_mul(s->rest_slope, s->rest_slope, f->kappa, RND);
    mpfr_mul(s->slope, s->rest_slope, tau, RND);
    mpfr_sub(s->slope, s->rest, s->slope, RND);
    mpfr_mul(s->term, f->kappa, f->g2[s->origin], RND);
    mpfr_mul(s->value, s->rest, tau, RND);
    mpfr_add(s->value, s->value, s->term, RND);
}

/* The pole that root k is nearer to, and the bracket from there (low = 0) to the middle. */
static void choose_origin(search *s, size_t k) {
    const ordpar_mp_secular *f = s->secular;
    s->origin = k;
    mpfr_set_zero(s->low, 1);
    if (k + 1 == f->m) { /* f > 0 below lambda_k - kappa sum g2 */
        mpfr_set_zero(s->high, 1);
        for (size_t j = 0; j < f->m; j++)
            mpfr_add(s->high, s->high, f->g2[j], RND);
        mpfr_mul(s->high, s->high, f->kappa, RND);
        mpfr_neg(s->high, s->high, RND);
        return;
    }
    mpfr_sub(s->high, f->lambda[k + 1], f->lambda[k], RND);
    mpfr_div_2ui(s->high, s->high, 1, RND);
    evaluate(s, s->high);
    if (mpfr_sgn(s->value) <= 0) /* f >= 0 in the middle */
        return;
    s->origin = k + 1;
    mpfr_neg(s->high, s->high, RND);
}

/* True if x lies strictly between low and high. */
static bool inside(const search *s, const mpfr_t x) {
    return mpfr_cmp(x, s->low) * mpfr_cmp(x, s->high) < 0;
}

/* Newton's method, kept in the bracket by bisection, to half of the bits; then it only improves. */
static void find_rough(search *s, mpfr_t tau) {
    mpfr_set_zero(tau, 1);
    for (int step = 0; step < MAX_STEPS; step++) {
        evaluate(s, tau);
        if (mpfr_zero_p(s->value))
            return;
        mpfr_set(mpfr_sgn(s->value) > 0 ? s->low : s->high, tau, RND);
        mpfr_div(s->next, s->value, s->slope, RND);
        mpfr_sub(s->next, tau, s->next, RND);
        if (!mpfr_number_p(s->next) || !inside(s, s->next)) {
            mpfr_add(s->next, s->low, s->high, RND);
            mpfr_div_2ui(s->next, s->next, 1, RND);
        }
        mpfr_sub(s->term, s->next, tau, RND);
        mpfr_set(tau, s->next, RND);
        if (mpfr_zero_p(s->term) ||
            mpfr_get_exp(s->term) < mpfr_get_exp(tau) - (FIRST_BITS / 2 + LADDER_LOSS / 2))
            return;
    }
}

static void improve(search *s, mpfr_t tau) {
    evaluate(s, tau);
    mpfr_div(s->next, s->value, s->slope, RND);
    mpfr_sub(tau, tau, s->next, RND);
}

void ordpar_mp_secular_root(const ordpar_mp_secular *secular, size_t k, size_t *origin,
                            mpfr_t offset) {
    const mpfr_prec_t wanted = mpfr_get_prec(offset);
    search s = {.secular = secular};
    mpfr_t tau;
    mpfr_inits2(FIRST_BITS, tau, s.value, s.slope, s.term, s.rest, s.rest_slope, s.low, s.high,
                s.next, (mpfr_ptr)NULL);
    choose_origin(&s, k);
    find_rough(&s, tau);
    for (mpfr_prec_t bits = FIRST_BITS;;) {
        improve(&s, tau);
        if (bits >= wanted)
            break;
        bits = 2 * bits - LADDER_LOSS < wanted ? 2 * bits - LADDER_LOSS : wanted;
        mpfr_prec_round(tau, bits, RND);
        set_bits(&s, bits);
    }
    *origin = s.origin;
    mpfr_set(offset, tau, RND);
    mpfr_clears(tau, s.value, s.slope, s.term, s.rest, s.rest_slope, s.low, s.high, s.next,
                (mpfr_ptr)NULL);
}
