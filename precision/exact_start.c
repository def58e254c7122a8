// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/exact_start.h"

#include "precision/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Digits that a text spans, before or after the point, squared. */
static size_t span(const char *text) {
    const char *exponent = strpbrk(text, "eE");
    const long shift = exponent ? labs(strtol(exponent + 1, NULL, 10)) : 0;
    return 2 * (strlen(text) + (size_t)shift);
}

/* Bits in which sums of the written numbers are exact but for their last ones. */
static mpfr_prec_t written_bits(const ordpar_mp_model *model) {
    enum { BITS_OF_A_DIGIT = 6, LEAST = 256, BITS_OF_ALL_DOUBLES = 2200 };
    const char *const *lists[] = {
        model->v,      model->w,           model->q_text,          model->r_text,
        model->t_text, model->unlearnable, model->spectrum.teacher};
    const size_t K = model->K, M = model->M, L = model->spectrum.L;
    const size_t counts[] = {K, M, K * K * L, K * M * L, M * M * L, M * M, L};
    size_t widest = span(model->sigma_J);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t k = 0; lists[l] && k < counts[l]; k++)
            widest = span(lists[l][k]) > widest ? span(lists[l][k]) : widest;
    return (mpfr_prec_t)(LEAST + BITS_OF_A_DIGIT * widest + (model->q ? BITS_OF_ALL_DOUBLES : 0));
}

/* |x| is rounding beside |scale|. */
static bool vanishes(const mpfr_t x, const mpfr_t scale) {
    enum { ROUNDING_BITS = 24 };
    return mpfr_zero_p(x) ||
           (!mpfr_zero_p(scale) &&
            mpfr_get_exp(x) < mpfr_get_exp(scale) - mpfr_get_prec(x) + ROUNDING_BITS);
}

/* The overlap of the fields a and c, students first, in block b. */
static mpfr_srcptr overlap(const ordpar_mp_problem *p, size_t a, size_t c, size_t b) {
    const size_t K = p->model->K, M = p->model->M, L = p->eigen.L;
    if (a > c)
        return overlap(p, c, a, b);
    if (c < K)
        return p->q[(a * K + c) * L + b];
    return a < K ? p->r[(a * M + c - K) * L + b] : p->t[((a - K) * M + c - K) * L + b];
}

/* T_perp of the fields a and c, 0 where one is a student's. */
static bool hidden_is(const ordpar_mp_problem *p, size_t a, size_t c, size_t other_a,
                      size_t other_c, int sign) {
    const size_t K = p->model->K, M = p->model->M;
    const bool one = a >= K && c >= K, other = other_a >= K && other_c >= K;
    mpfr_srcptr x = one ? p->hidden[(a - K) * M + c - K] : NULL;
    mpfr_srcptr y = other ? p->hidden[(other_a - K) * M + other_c - K] : NULL;
    const int x_sign = x ? mpfr_sgn(x) : 0, y_sign = y ? mpfr_sgn(y) : 0;
    return x_sign == sign * y_sign && (!x_sign || mpfr_cmpabs(x, y) == 0);
}

/* 1: the fields are equal where the inputs have variance; -1: opposite; 0: neither. */
static int relation(const ordpar_mp_problem *p, size_t a, size_t c, mpfr_t work) {
    const bool hidden_size = hidden_is(p, a, a, c, c, 1);
    bool equal = hidden_size && hidden_is(p, a, c, a, a, 1);
    bool opposite = hidden_size && hidden_is(p, a, c, a, a, -1);
    for (size_t b = 0; b < p->eigen.L; b++) {
        if (mpfr_zero_p(p->eigen.lambda[b]))
            continue;
        mpfr_srcptr aa = overlap(p, a, a, b), cc = overlap(p, c, c, b), ac = overlap(p, a, c, b);
        mpfr_sub(work, aa, cc, RND);
        const bool same_size = vanishes(work, aa);
        mpfr_sub(work, ac, aa, RND);
        equal &= same_size && vanishes(work, aa);
        mpfr_add(work, ac, aa, RND);
        opposite &= same_size && vanishes(work, aa);
    }
    return equal ? 1 : opposite ? -1 : 0;
}

static bool no_field(const ordpar_mp_problem *p, size_t a) {
    for (size_t b = 0; b < p->eigen.L; b++)
        if (!mpfr_zero_p(p->eigen.lambda[b]) && !mpfr_zero_p(overlap(p, a, a, b)))
            return false;
    return a < p->model->K || mpfr_zero_p(p->hidden[(a - p->model->K) * (p->model->M + 1)]);
}

/* Whether the weights of the class of field a, of those not done yet, sum to zero. */
static bool class_vanishes(const ordpar_mp_problem *p, size_t a, bool *done, mpfr_t sum,
                           mpfr_t work) {
    const size_t n = p->model->K + p->model->M;
    mpfr_t scale;
    mpfr_init2(scale, mpfr_get_prec(sum));
    mpfr_set(sum, p->u[a], RND);
    mpfr_abs(scale, sum, RND);
    for (size_t c = a + 1; c < n; c++) {
        const int sign = done[c] ? 0 : relation(p, a, c, work);
        if (sign) {
            mpfr_mul_si(work, p->u[c], sign, RND);
            mpfr_add(sum, sum, work, RND);
            mpfr_abs(work, work, RND);
            mpfr_max(scale, scale, work, RND);
            done[c] = true;
        }
    }
    const bool gone = vanishes(sum, scale);
    mpfr_clear(scale);
    return gone;
}

/* For linear units: sum_i v_i J_i = sum_n w_n B_n in block b. */
static bool block_vanishes(const ordpar_mp_problem *p, size_t b, mpfr_t sum, mpfr_t work) {
    const size_t n = p->model->K + p->model->M;
    mpfr_t scale;
    mpfr_init2(scale, mpfr_get_prec(sum));
    mpfr_set_zero(sum, 1);
    mpfr_set_zero(scale, 1);
    for (size_t a = 0; a < n; a++)
        for (size_t c = 0; c < n; c++) {
            mpfr_mul(work, p->u[a], p->u[c], RND);
            mpfr_mul(work, work, overlap(p, a, c, b), RND);
            mpfr_add(sum, sum, work, RND);
            mpfr_abs(work, work, RND);
            mpfr_max(scale, scale, work, RND);
        }
    const bool gone = vanishes(sum, scale);
    mpfr_clear(scale);
    return gone;
}

static bool linear_vanishes(const ordpar_mp_problem *p, mpfr_t sum, mpfr_t work) {
    for (size_t b = 0; b < p->eigen.L; b++)
        if (!mpfr_zero_p(p->eigen.lambda[b]) && !block_vanishes(p, b, sum, work))
            return false;
    return mpfr_zero_p(*p->hidden2);
}

static bool classes_vanish(const ordpar_mp_problem *p, bool *done, mpfr_t sum, mpfr_t work) {
    for (size_t a = 0; a < p->model->K + p->model->M; a++)
        if (!done[a] && !no_field(p, a) && !class_vanishes(p, a, done, sum, work))
            return false;
    return true;
}

ordpar_status ordpar_mp_start_is_exact(const ordpar_mp_model *model, bool *exact, bool *moves,
                                       ordpar_error *err) {
    const size_t n = model->K + model->M;
    ordpar_mp_problem problem;
    const ordpar_status status = ordpar_mp_problem_init(model, written_bits(model), &problem, err);
    if (status)
        return status;
    bool *done = calloc(n, sizeof *done);
    if (!done) {
        ordpar_mp_problem_clear(&problem);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    }
    mpfr_t sum, work;
    mpfr_inits2(problem.numbers.bits, sum, work, (mpfr_ptr)NULL);
    *exact = model->linear ? linear_vanishes(&problem, sum, work)
                           : classes_vanish(&problem, done, sum, work);
    *moves = !mpfr_zero_p(*problem.noise2) && !model->small_eta;
    mpfr_clears(sum, work, (mpfr_ptr)NULL);
    free(done);
    ordpar_mp_problem_clear(&problem);
    return ORDPAR_OK;
}

double ordpar_mp_start_depth(const ordpar_mp_model *model) {
    double log10_square = 0;
    if (model->near_teacher) {
        mpfr_t sigma;
        mpfr_init2(sigma, MPFR_PREC_MIN + 64);
        ordpar_real_parse(model->sigma_J, sigma);
        log10_square = mpfr_zero_p(sigma) ? 0 : 2 * ordpar_real_log10(sigma);
        mpfr_clear(sigma);
    } else if (model->deviations && model->q) {
        const size_t K = model->K, L = model->spectrum.L;
        double largest = 0;
        for (size_t i = 0; i < K; i++)
            for (size_t b = 0; b < L; b++)
                largest = fmax(largest, model->q[(i * K + i) * L + b]);
        log10_square = largest > 0 ? log10(largest) : 0;
    }
    return fmax(0, -log10_square);
}
