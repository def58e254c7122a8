// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/taylor.h"

#include "precision/path.h"

#include <math.h>

/* SAFETY: of a step's length, against its estimate. */
static const double SAFETY = 0.9, LOG2_10 = 3.3219280948873626;
enum { MIN_ORDER = 8 };

size_t ordpar_mp_taylor_order(long digits) {
    return MIN_ORDER + (size_t)ceil(0.5 * (double)digits * 2.302585092994046);
}

/* The coefficients of all states up to the tape's order, x_{n+1} = rate_n / (n+1). */
static ordpar_status expand(ordpar_mp_path *path, ordpar_error *err) {
    ordpar_tape *tape = &path->motion.tape;
    for (size_t n = 0; n < tape->order; n++) {
        const ordpar_status status = ordpar_mp_path_interrupted(path, err);
        if (status)
            return status;
        ordpar_tape_evaluate(tape, n);
        for (size_t k = 0; k < path->n_states; k++) {
            mpfr_t *x = ordpar_mp_path_state(path, k);
            mpfr_div_ui(x[n + 1], ordpar_tape_series(tape, path->motion.rates[k])[n], n + 1, RND);
            if (!mpfr_number_p(x[n + 1]))
                return ordpar_mp_path_fail(path, "the equations of motion have no finite value",
                                           err);
        }
    }
    return ORDPAR_OK;
}

/* log2 of the step at which the terms of order N - 1 and N of all states are at the tolerance. */
static double log2_step(const ordpar_mp_path *path, double log2_tolerance) {
    const ordpar_mp_system *s = &path->motion;
    double step = INFINITY, allowed = 0;
    for (size_t k = 0; k < path->n_states; k++) {
        mpfr_t *x = ordpar_mp_path_state(path, k);
        if (k % s->size == 0)
            allowed = log2_tolerance + ordpar_mp_path_log2_scale(path, k / s->size);
        for (size_t n = s->tape.order - 1; n <= s->tape.order; n++)
            if (!mpfr_zero_p(x[n]))
                step = fmin(step, (allowed - ordpar_real_log2(x[n])) / (double)n);
    }
    return step + log2(SAFETY);
}

static ordpar_status step(void *log2_tolerance, ordpar_mp_path *path, ordpar_error *err) {
    const ordpar_status status = expand(path, err);
    if (status)
        return status;
    const double exponent = log2_step(path, *(double *)log2_tolerance);
    if (exponent < 1e9) {
        mpfr_set_d(*path->length, exponent, RND);
        mpfr_exp2(*path->length, *path->length, RND);
    } else { /* nothing moves, or so slowly that any step will do */
        mpfr_set_inf(*path->length, 1);
    }
    return ORDPAR_OK;
}

/* By Horner's rule. */
static void evaluate(void *method, const ordpar_mp_path *path, const mpfr_t h, mpfr_t *point) {
    (void)method;
    for (size_t k = 0; k < path->n_states; k++) {
        mpfr_t *x = ordpar_mp_path_state(path, k);
        mpfr_set(point[k], x[path->motion.tape.order], RND);
        for (size_t n = path->motion.tape.order; n-- > 0;) {
            mpfr_mul(point[k], point[k], h, RND);
            mpfr_add(point[k], point[k], x[n], RND);
        }
    }
}

ordpar_status ordpar_mp_taylor(const ordpar_mp_problem *problem,
                               ordpar_mp_representation representation, const ordpar_mp_grid *grid,
                               long tolerance_digits, const ordpar_mp_options *options,
                               mpfr_t *eps_g, size_t stride, long *steps, ordpar_error *err) {
    ordpar_mp_path path;
    double log2_tolerance = -(double)tolerance_digits * LOG2_10;
    const ordpar_mp_stepper stepper = {step, evaluate, &log2_tolerance};
    *steps = 0;
    ordpar_status status = ordpar_mp_path_init(
        problem, representation, ordpar_mp_taylor_order(tolerance_digits), options, &path, err);
    if (!status)
        status = ordpar_mp_path_walk(&path, &stepper, grid, eps_g, stride, steps, err);
    ordpar_mp_path_clear(&path);
    return status;
}
