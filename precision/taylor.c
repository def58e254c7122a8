// SPDX-License-Identifier: GPL-3.0-or-later
#include "taylor.h"

#include "system.h"

#include <math.h>
#include <stdlib.h>

/* SAFETY: of a step's length, against its estimate. MIN_STEP: of alpha, where a solution ends. */
static const double SAFETY = 0.9, LOG2_10 = 3.3219280948873626;
enum { MIN_ORDER = 8, MIN_STEP_BITS = 100 };

typedef struct {
    const ordpar_mp_problem *problem;
    const ordpar_mp_options *options;
    ordpar_mp_system motion; /* series of the states */
    ordpar_mp_system error;  /* eps_g at one point */
    size_t n_states;
    double log2_tolerance;
    double *log2_scale; /* [L] of the groups at the step's start */
    ordpar_reals numbers;
    mpfr_t *alpha, *target, *length; /* [1] */
} integration;

size_t ordpar_mp_taylor_order(long digits) {
    return MIN_ORDER + (size_t)ceil(0.5 * (double)digits * 2.302585092994046);
}

static double log2_size(const mpfr_t x) {
    return ordpar_real_log10(x) * LOG2_10;
}

static ordpar_status start(const ordpar_mp_problem *problem,
                           ordpar_mp_representation representation, long digits,
                           const ordpar_mp_options *options, integration *in, ordpar_error *err) {
    *in = (integration){
        .problem = problem, .options = options, .log2_tolerance = -(double)digits * LOG2_10};
    ordpar_status status = ordpar_mp_system_init(problem, representation,
                                                 ordpar_mp_taylor_order(digits), &in->motion, err);
    if (!status)
        status = ordpar_mp_system_init(problem, representation, 0, &in->error, err);
    if (!status)
        status = ordpar_reals_init(3, problem->numbers.bits, &in->numbers, err);
    if (status)
        return status;
    in->alpha = in->numbers.x;
    in->target = in->alpha + 1;
    in->length = in->alpha + 2;
    in->n_states = in->motion.moving * in->motion.size;
    in->log2_scale = calloc(in->motion.L, sizeof *in->log2_scale);
    if (!in->log2_scale)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for L = %zu", in->motion.L);
    for (size_t k = 0; k < in->n_states; k++)
        mpfr_set(ordpar_tape_series(&in->motion.tape, in->motion.x[k])[0], in->motion.start[k],
                 RND);
    return ORDPAR_OK;
}

static void end(integration *in) {
    ordpar_mp_system_clear(&in->motion);
    ordpar_mp_system_clear(&in->error);
    ordpar_reals_clear(&in->numbers);
    free(in->log2_scale);
}

static bool stopped(const integration *in) {
    return in->options->stop && *in->options->stop;
}

static ordpar_status fail_at(const integration *in, ordpar_status status, const char *what,
                             ordpar_error *err) {
    return ordpar_fail(err, status, "%s at alpha = %.6g", what, mpfr_get_d(*in->alpha, RND));
}

/* The coefficients of all states up to the tape's order, x_{n+1} = rate_n / (n+1). */
static ordpar_status expand(integration *in, ordpar_error *err) {
    ordpar_tape *tape = &in->motion.tape;
    for (size_t n = 0; n < tape->order; n++) {
        if (stopped(in))
            return fail_at(in, ORDPAR_INTERRUPTED, "interrupted", err);
        ordpar_tape_evaluate(tape, n);
        for (size_t k = 0; k < in->n_states; k++) {
            mpfr_t *x = ordpar_tape_series(tape, in->motion.x[k]);
            mpfr_div_ui(x[n + 1], ordpar_tape_series(tape, in->motion.rates[k])[n], n + 1, RND);
            if (!mpfr_number_p(x[n + 1]))
                return fail_at(in, ORDPAR_NUMERICAL, "the equations of motion have no finite value",
                               err);
        }
    }
    return ORDPAR_OK;
}

/* log2 of the largest entry of each group at the step's start; the teacher sets a floor. */
static void set_scales(integration *in) {
    const ordpar_mp_system *s = &in->motion;
    for (size_t g = 0; g < s->L; g++) {
        double scale = -INFINITY;
        for (size_t k = 0; k < s->M * s->M; k++)
            scale = fmax(scale, log2_size(s->t[g * s->M * s->M + k]));
        for (size_t k = 0; k < s->size && g < s->moving; k++)
            scale = fmax(scale, log2_size(ordpar_tape_series(&s->tape, s->x[g * s->size + k])[0]));
        in->log2_scale[g] = scale;
    }
}

/* log2 of the step at which the terms of order N - 1 and N of all states are at the tolerance. */
static double log2_step(const integration *in) {
    const ordpar_mp_system *s = &in->motion;
    double step = INFINITY;
    for (size_t k = 0; k < in->n_states; k++) {
        const double allowed = in->log2_tolerance + in->log2_scale[k / s->size];
        mpfr_t *x = ordpar_tape_series(&s->tape, s->x[k]);
        for (size_t n = s->tape.order - 1; n <= s->tape.order; n++)
            if (!mpfr_zero_p(x[n]))
                step = fmin(step, (allowed - log2_size(x[n])) / (double)n);
    }
    return step + log2(SAFETY);
}

/* x(h) by Horner's rule */
static void horner(const ordpar_tape *tape, mpfr_t *x, const mpfr_t h, mpfr_t value) {
    mpfr_set(value, x[tape->order], RND);
    for (size_t n = tape->order; n-- > 0;) {
        mpfr_mul(value, value, h, RND);
        mpfr_add(value, value, x[n], RND);
    }
}

/* eps_g at a distance h into the step */
static ordpar_status evaluate_error(integration *in, const mpfr_t h, mpfr_t eps_g,
                                    ordpar_error *err) {
    ordpar_tape *tape = &in->error.tape;
    for (size_t k = 0; k < in->n_states; k++)
        horner(&in->motion.tape, ordpar_tape_series(&in->motion.tape, in->motion.x[k]), h,
               ordpar_tape_series(tape, in->error.x[k])[0]);
    ordpar_tape_evaluate(tape, 0);
    mpfr_set(eps_g, ordpar_tape_series(tape, in->error.eps_g)[0], RND);
    return mpfr_number_p(eps_g) ? ORDPAR_OK
                                : fail_at(in, ORDPAR_NUMERICAL,
                                          "the order parameters are no covariance, so eps_g has no "
                                          "value",
                                          err);
}

/* Moves the states to the end of the step. */
static void advance(integration *in) {
    for (size_t k = 0; k < in->n_states; k++) {
        mpfr_t *x = ordpar_tape_series(&in->motion.tape, in->motion.x[k]);
        horner(&in->motion.tape, x, *in->length, *in->target);
        mpfr_set(x[0], *in->target, RND);
    }
    mpfr_add(*in->alpha, *in->alpha, *in->length, RND);
}

/* One expansion; *unbounded if nothing moves. */
static ordpar_status prepare_step(integration *in, ordpar_error *err) {
    ordpar_status status = expand(in, err);
    if (status)
        return status;
    set_scales(in);
    const double exponent = log2_step(in);
    if (!(exponent < 1e9)) { /* nothing moves, or so slowly that any step will do */
        mpfr_set_inf(*in->length, 1);
        return ORDPAR_OK;
    }
    mpfr_set_d(*in->length, exponent, RND);
    mpfr_exp2(*in->length, *in->length, RND);
    if (log2_size(*in->alpha) - exponent > MIN_STEP_BITS)
        return fail_at(in, ORDPAR_NUMERICAL, "the steps become too short", err);
    return ORDPAR_OK;
}

static void show_progress(const integration *in, size_t row, size_t count) {
    if (in->options->progress)
        in->options->progress(in->options->context, (double)row / (double)count);
}

static ordpar_status walk(integration *in, const ordpar_mp_grid *grid, mpfr_t *eps_g, size_t stride,
                          long *steps, ordpar_error *err) {
    for (size_t row = 0; row < grid->count;) {
        ordpar_status status = prepare_step(in, err);
        for (++*steps; !status && row < grid->count; row++) {
            ordpar_mp_grid_value(grid, row, *in->target);
            mpfr_sub(*in->target, *in->target, *in->alpha, RND);
            if (mpfr_greater_p(*in->target, *in->length))
                break;
            if (stopped(in))
                return fail_at(in, ORDPAR_INTERRUPTED, "interrupted", err);
            status = evaluate_error(in, *in->target, eps_g[row * stride], err);
        }
        if (status)
            return status;
        if (row < grid->count)
            advance(in);
        show_progress(in, row, grid->count);
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_mp_taylor(const ordpar_mp_problem *problem,
                               ordpar_mp_representation representation, const ordpar_mp_grid *grid,
                               long tolerance_digits, const ordpar_mp_options *options,
                               mpfr_t *eps_g, size_t stride, long *steps, ordpar_error *err) {
    integration in;
    *steps = 0;
    ordpar_status status = start(problem, representation, tolerance_digits, options, &in, err);
    if (!status)
        status = walk(&in, grid, eps_g, stride, steps, err);
    end(&in);
    return status;
}
