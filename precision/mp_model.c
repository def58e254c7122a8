// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/mp_model.h"

#include "base/divisor.h"
#include "base/floating_point.h"
#include "precision/range.h"
#include "precision/real.h"

#include <math.h>
#include <stdlib.h>

enum { CHECK_BITS = 128 };

const char *ordpar_mp_text(const ordpar_mp_result *result, size_t k) {
    return result->text + k * result->width;
}

size_t ordpar_mp_width(long digits) {
    return ordpar_real_width(digits);
}

void ordpar_mp_result_clear(ordpar_mp_result *result) {
    if (!result)
        return;
    free(result->text);
    *result = (ordpar_mp_result){0};
}

typedef enum { ANY, NOT_NEGATIVE, POSITIVE } requirement;

static ordpar_status check_text(const char *what, const char *text, requirement needed,
                                ordpar_error *err) {
    static const char *const needs[] = {"a number", "a number >= 0", "a number > 0"};
    mpfr_t value;
    mpfr_init2(value, CHECK_BITS);
    const bool good =
        text && ordpar_real_parse(text, value) &&
        (needed == ANY || mpfr_sgn(value) > 0 || (needed == NOT_NEGATIVE && mpfr_zero_p(value)));
    mpfr_clear(value);
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_INVALID, "%s must be %s, got '%.80s'", what,
                              needs[needed], text ? text : "nothing");
}

static ordpar_status check_texts(const char *what, const char *const *texts, size_t count,
                                 requirement needed, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; texts && !status && k < count; k++)
        status = check_text(what, texts[k], needed, err);
    return status;
}

static ordpar_status check_numbers(const char *what, const double *x, size_t count,
                                   ordpar_error *err) {
    for (size_t k = 0; x && k < count; k++)
        if (!isfinite(x[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "%s must be finite, got %g", what, x[k]);
    return ORDPAR_OK;
}

static ordpar_status check_order(const ordpar_mp_spectrum *s, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    mpfr_t before, lambda;
    mpfr_inits2(CHECK_BITS, before, lambda, (mpfr_ptr)NULL);
    for (size_t b = 0; b < s->L && !status; b++) {
        ordpar_real_parse(s->lambda[b], lambda);
        if (b > 0 && mpfr_greater_p(lambda, before))
            status =
                ordpar_fail(err, ORDPAR_INVALID, "eigenvalues must decrease, got %.80s after %.80s",
                            s->lambda[b], s->lambda[b - 1]);
        mpfr_set(before, lambda, RND);
    }
    mpfr_clears(before, lambda, (mpfr_ptr)NULL);
    return status;
}

static ordpar_status check_spectrum(const ordpar_mp_spectrum *s, ordpar_error *err) {
    if (s->L < 1 || s->N < 1)
        return ordpar_fail(err, ORDPAR_INVALID, "L and N must be at least 1, got L = %zu, N = %lld",
                           s->L, (long long)s->N);
    ordpar_status status = s->n ? ORDPAR_OK : ordpar_check_divides((int64_t)s->L, s->N, err);
    if (status)
        return status;
    int64_t sum = 0;
    for (size_t b = 0; s->n && b < s->L; b++) {
        if (s->n[b] < 1 || s->n[b] > s->N - sum)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "multiplicity %zu must be >= 1 and their sum N = %lld, got %lld",
                               b + 1, (long long)s->N, (long long)s->n[b]);
        sum += s->n[b];
    }
    if (s->n && sum != s->N)
        return ordpar_fail(err, ORDPAR_INVALID, "the multiplicities must sum to N = %lld, got %lld",
                           (long long)s->N, (long long)sum);
    status = check_texts("a teacher weight", s->teacher, s->L, NOT_NEGATIVE, err);
    if (!status && s->teacher_decay)
        status = s->teacher ? ordpar_fail(err, ORDPAR_INVALID,
                                          "teacher weights and their decay exclude "
                                          "each other")
                            : check_text("the teacher's decay", s->teacher_decay, ANY, err);
    if (status)
        return status;
    if (!s->lambda)
        return check_text("beta", s->beta, POSITIVE, err);
    status = check_texts("an eigenvalue", s->lambda, s->L, NOT_NEGATIVE, err);
    return status ? status : check_order(s, err);
}

/* The start, as doubles or as texts. */
static ordpar_status check_start(const ordpar_mp_model *model, ordpar_error *err) {
    const size_t K = model->K, M = model->M, L = model->spectrum.L;
    const bool texts = model->q_text != NULL, given = model->q || texts;
    if (!model->q != !model->r)
        return ordpar_fail(err, ORDPAR_INVALID, "q and r must both be given or both be missing");
    if (!model->r_text != !texts || !model->t_text != !texts || (texts && (model->q || model->t)))
        return ordpar_fail(err, ORDPAR_INVALID, "q, r and t must all be texts or all be numbers");
    if (model->deviations && (K != M || !given))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a start in deviations needs K = M and given overlaps, got K = %zu, "
                           "M = %zu",
                           K, M);
    if (model->near_teacher && (K != M || given || model->t))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a mean start near the teacher needs K = M and a mean teacher, got K = "
                           "%zu, M = %zu",
                           K, M);
    ordpar_status status;
    if ((status = check_texts("an overlap", model->q_text, K * K * L, ANY, err)) ||
        (status = check_texts("an overlap", model->r_text, K * M * L, ANY, err)) ||
        (status = check_texts("an overlap", model->t_text, M * M * L, ANY, err)) ||
        (status = check_numbers("q", model->q, K * K * L, err)) ||
        (status = check_numbers("r", model->r, K * M * L, err)))
        return status;
    return check_numbers("t", model->t, M * M * L, err);
}

ordpar_status ordpar_mp_model_check(const ordpar_mp_model *model, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    const size_t K = model->K, M = model->M, L = model->spectrum.L;
    ordpar_status status = check_spectrum(&model->spectrum, err);
    if (!status && (K < 1 || M < 1))
        status =
            ordpar_fail(err, ORDPAR_INVALID, "K and M must be at least 1, got %zu and %zu", K, M);
    if (!status && model->trained_blocks > L)
        status = ordpar_fail(err, ORDPAR_INVALID, "at most L = %zu blocks can be trained, got %zu",
                             L, model->trained_blocks);
    if (status || (status = check_text("eta", model->eta, POSITIVE, err)) ||
        (status = check_text("sigma_J", model->sigma_J, NOT_NEGATIVE, err)) ||
        (status = check_text("the label noise", model->label_noise, NOT_NEGATIVE, err)) ||
        (status = check_texts("an output weight", model->v, K, ANY, err)) ||
        (status = check_texts("an output weight", model->w, M, ANY, err)) ||
        (status = check_texts("the unlearnable part", model->unlearnable, M * M, ANY, err)))
        return status;
    return check_start(model, err);
}

static ordpar_status check_list(const ordpar_mp_grid *grid, ordpar_error *err) {
    ordpar_status status =
        grid->count > 0 ? ORDPAR_OK
                        : ordpar_fail(err, ORDPAR_INVALID, "the grid must have a row, got none");
    mpfr_t last, next;
    mpfr_inits2(CHECK_BITS, last, next, (mpfr_ptr)NULL);
    for (size_t k = 0; k < grid->count && !status; k++) {
        status = check_text("the grid's row", grid->list[k], NOT_NEGATIVE, err);
        if (status)
            break;
        ordpar_real_parse(grid->list[k], next);
        if (k > 0 && mpfr_cmp(last, next) >= 0)
            status = ordpar_fail(err, ORDPAR_INVALID, "the grid must ascend, got %.80s after %.80s",
                                 grid->list[k], grid->list[k - 1]);
        mpfr_swap(last, next);
    }
    mpfr_clears(last, next, (mpfr_ptr)NULL);
    return status;
}

ordpar_status ordpar_mp_grid_check(const ordpar_mp_grid *grid, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    if (grid->list)
        return check_list(grid, err);
    ordpar_status status = check_text("the grid's start", grid->start,
                                      grid->logarithmic ? POSITIVE : NOT_NEGATIVE, err);
    if (!status)
        status = check_text("the grid's stop", grid->stop, NOT_NEGATIVE, err);
    if (status)
        return status;
    mpfr_t start, stop;
    mpfr_inits2(CHECK_BITS, start, stop, (mpfr_ptr)NULL);
    ordpar_real_parse(grid->start, start);
    ordpar_real_parse(grid->stop, stop);
    const int order = mpfr_cmp(start, stop);
    mpfr_clears(start, stop, (mpfr_ptr)NULL);
    if (grid->count < 1 || order > 0 || (grid->count > 1 && order == 0))
        return ordpar_fail(err, ORDPAR_INVALID, "the grid must ascend, got %.80s:%.80s:%zu",
                           grid->start, grid->stop, grid->count);
    return ORDPAR_OK;
}

ordpar_status ordpar_mp_options_check(const ordpar_mp_options *options, ordpar_error *err) {
    if (options->digits < 1 || options->digits > ORDPAR_MP_MAX_DIGITS)
        return ordpar_fail(err, ORDPAR_INVALID, "the digits must be from 1 to %d, got %ld",
                           ORDPAR_MP_MAX_DIGITS, options->digits);
    return ORDPAR_OK;
}
