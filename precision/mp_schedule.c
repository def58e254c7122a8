// SPDX-License-Identifier: GPL-3.0-or-later
/* [13.6] The integral of a schedule in decimals: the time that equations of lowest order in eta go
 * by. */
#include "precision/problem.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 3, SCRATCH = 4 };

/* The numbers of a schedule's text, and room to work. */
typedef struct {
    mpfr_t x[NUMBERS], s[SCRATCH];
    size_t count;
} numbers;

static void clear(numbers *n) {
    for (size_t k = 0; k < NUMBERS; k++)
        mpfr_clear(n->x[k]);
    for (size_t k = 0; k < SCRATCH; k++)
        mpfr_clear(n->s[k]);
}

static void parse(const char *text, size_t length, mpfr_t value) {
    char *copy = strndup(text, length);
    if (!copy || !ordpar_real_parse(copy, value))
        mpfr_set_nan(value);
    free(copy);
}

static void init(const char *rest, mpfr_prec_t bits, numbers *n) {
    for (size_t k = 0; k < NUMBERS; k++) {
        mpfr_init2(n->x[k], bits);
        mpfr_set_zero(n->x[k], 1);
    }
    for (size_t k = 0; k < SCRATCH; k++)
        mpfr_init2(n->s[k], bits);
    for (n->count = 0; *rest == ':' && n->count < NUMBERS; n->count++) {
        const size_t length = strcspn(++rest, ":");
        parse(rest, length, n->x[n->count]);
        rest += length;
    }
}

/* alpha_0 ((1 + alpha/alpha_0)^(1 - gamma) - 1) / (1 - gamma) */
static void power(numbers *n, mpfr_t alpha) {
    mpfr_div(alpha, alpha, n->x[1], RND);
    mpfr_log1p(alpha, alpha, RND);
    mpfr_ui_sub(n->s[0], 1, n->x[0], RND);
    if (!mpfr_zero_p(n->s[0])) {
        mpfr_mul(alpha, alpha, n->s[0], RND);
        mpfr_expm1(alpha, alpha, RND);
        mpfr_div(alpha, alpha, n->s[0], RND);
    }
    mpfr_mul(alpha, alpha, n->x[1], RND);
}

/* f alpha + (1 - f)/2 (t + (end/pi) sin(pi t/end)), t = min(alpha, end) */
static void cosine(numbers *n, mpfr_t alpha) {
    mpfr_t *s = n->s;
    mpfr_min(s[0], alpha, n->x[0], RND);
    mpfr_const_pi(s[1], RND);
    mpfr_div(s[1], s[1], n->x[0], RND);
    mpfr_mul(s[2], s[1], s[0], RND);
    mpfr_sin(s[2], s[2], RND);
    if (mpfr_greaterequal_p(alpha, n->x[0]))
        mpfr_set_zero(s[2], 1);
    mpfr_div(s[2], s[2], s[1], RND);
    mpfr_add(s[0], s[0], s[2], RND);
    mpfr_ui_sub(s[1], 1, n->x[1], RND);
    mpfr_mul(s[0], s[0], s[1], RND);
    mpfr_div_2ui(s[0], s[0], 1, RND);
    mpfr_mul(alpha, alpha, n->x[1], RND);
    mpfr_add(alpha, alpha, s[0], RND);
}

/* A ramp over [begin, end] from 1 to 0: u - u^2 / (2 (end - begin)), u = min(alpha, end) - begin >
 * 0. */
static void ramp_down(numbers *n, const mpfr_t begin, const mpfr_t end, mpfr_t alpha, mpfr_t out) {
    mpfr_t *s = n->s;
    mpfr_min(s[0], alpha, end, RND);
    mpfr_sub(s[0], s[0], begin, RND);
    mpfr_set_zero(out, 1);
    if (mpfr_sgn(s[0]) <= 0)
        return;
    mpfr_sub(s[1], end, begin, RND);
    mpfr_mul_2ui(s[1], s[1], 1, RND);
    mpfr_sqr(out, s[0], RND);
    mpfr_div(out, out, s[1], RND);
    mpfr_sub(out, s[0], out, RND);
}

/* wsd:WARM:STABLE:END */
static void warm_stable_decay(numbers *n, mpfr_t alpha) {
    mpfr_t *s = n->s;
    ramp_down(n, n->x[1], n->x[2], alpha, s[3]);
    if (mpfr_less_p(alpha, n->x[0])) {
        mpfr_sqr(alpha, alpha, RND);
        mpfr_div(alpha, alpha, n->x[0], RND);
        mpfr_div_2ui(alpha, alpha, 1, RND);
        return;
    }
    mpfr_min(alpha, alpha, n->x[1], RND);
    mpfr_div_2ui(s[0], n->x[0], 1, RND);
    mpfr_sub(alpha, alpha, s[0], RND);
    mpfr_add(alpha, alpha, s[3], RND);
}

/* steps:ALPHA=FACTOR,..: the sum of the pieces. */
static void steps(numbers *n, const char *rest, mpfr_t alpha) {
    mpfr_t *sum = &n->s[0], *from = &n->s[1], *factor = &n->s[2], *to = &n->s[3];
    mpfr_set_zero(*sum, 1);
    mpfr_set_zero(*from, 1);
    mpfr_set_ui(*factor, 1, RND);
    while (*rest) {
        const size_t length = strcspn(++rest, ","), before = strcspn(rest, "=");
        parse(rest, before, *to);
        if (mpfr_greater_p(*to, alpha))
            break;
        mpfr_sub(*from, *to, *from, RND);
        mpfr_fma(*sum, *from, *factor, *sum, RND);
        mpfr_set(*from, *to, RND);
        parse(rest + before + 1, length - before - 1, *factor);
        rest += length;
    }
    mpfr_sub(*from, alpha, *from, RND);
    mpfr_fma(alpha, *from, *factor, *sum, RND);
}

void ordpar_mp_grid_time(const ordpar_mp_grid *grid, const char *schedule, size_t k, mpfr_t alpha) {
    ordpar_mp_grid_value(grid, k, alpha);
    if (!schedule)
        return;
    const size_t length = strcspn(schedule, ":");
    const char *rest = schedule + length;
    numbers n;
    init(rest, mpfr_get_prec(alpha), &n);
    if (strncmp(schedule, "power", length) == 0)
        power(&n, alpha);
    else if (strncmp(schedule, "cosine", length) == 0)
        cosine(&n, alpha);
    else if (strncmp(schedule, "linear", length) == 0) {
        ramp_down(&n, n.x[2], n.x[0], alpha, n.s[3]); /* from 0 */
        mpfr_set(alpha, n.s[3], RND);
    } else if (strncmp(schedule, "wsd", length) == 0)
        warm_stable_decay(&n, alpha);
    else
        steps(&n, rest, alpha);
    clear(&n);
}
