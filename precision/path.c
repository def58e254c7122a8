// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/path.h"

#include <math.h>

/* Of alpha: where a step is too short for a solution to go on. */
enum { MIN_STEP_BITS = 100 };

ordpar_status ordpar_mp_path_init(const ordpar_mp_problem *problem,
                                  ordpar_mp_representation representation, size_t order,
                                  const ordpar_mp_options *options, ordpar_mp_path *path,
                                  ordpar_error *err) {
    *path = (ordpar_mp_path){.options = options};
    ordpar_status status =
        ordpar_mp_system_init(problem, representation, order, &path->motion, err);
    if (!status)
        status = ordpar_mp_system_init(problem, representation, 0, &path->error, err);
    path->n_states = path->motion.moving * path->motion.size;
    if (!status)
        status = ordpar_reals_init(3 + path->n_states, problem->numbers.bits, &path->numbers, err);
    if (status)
        return status;
    path->alpha = path->numbers.x;
    path->length = path->alpha + 1;
    path->target = path->alpha + 2;
    path->point = path->alpha + 3;
    for (size_t k = 0; k < path->n_states; k++)
        mpfr_set(ordpar_mp_path_state(path, k)[0], path->motion.start[k], RND);
    return ORDPAR_OK;
}

void ordpar_mp_path_clear(ordpar_mp_path *path) {
    ordpar_mp_system_clear(&path->motion);
    ordpar_mp_system_clear(&path->error);
    ordpar_reals_clear(&path->numbers);
}

mpfr_t *ordpar_mp_path_state(const ordpar_mp_path *path, size_t k) {
    return ordpar_tape_series(&path->motion.tape, path->motion.x[k]);
}

double ordpar_mp_path_log2_scale(const ordpar_mp_path *path, size_t g) {
    const ordpar_mp_system *s = &path->motion;
    const size_t M2 = s->M * s->M;
    double scale = -INFINITY;
    for (size_t k = 0; k < M2; k++)
        scale = fmax(scale, ordpar_real_log2(s->t[g * M2 + k]));
    for (size_t k = g * s->size; k < (g + 1) * s->size && k < path->n_states; k++)
        scale = fmax(scale, ordpar_real_log2(ordpar_mp_path_state(path, k)[0]));
    return scale;
}

ordpar_status ordpar_mp_path_fail(const ordpar_mp_path *path, const char *what, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_NUMERICAL, "%s at alpha = %.6g", what,
                       mpfr_get_d(*path->alpha, RND));
}

ordpar_status ordpar_mp_path_interrupted(const ordpar_mp_path *path, ordpar_error *err) {
    if (!path->options->stop || !*path->options->stop)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g",
                       mpfr_get_d(*path->alpha, RND));
}

static ordpar_status step(ordpar_mp_path *path, const ordpar_mp_stepper *stepper,
                          ordpar_error *err) {
    ordpar_status status = stepper->step(stepper->method, path, err);
    if (!status && ordpar_real_log2(*path->alpha) - ordpar_real_log2(*path->length) > MIN_STEP_BITS)
        status = ordpar_mp_path_fail(path, "the steps become too short", err);
    return status;
}

/* eps_g at a distance h into the step */
static ordpar_status evaluate_error(ordpar_mp_path *path, const ordpar_mp_stepper *stepper,
                                    const mpfr_t h, mpfr_t eps_g, ordpar_error *err) {
    ordpar_tape *tape = &path->error.tape;
    ordpar_status status = ordpar_mp_path_interrupted(path, err);
    if (status)
        return status;
    stepper->evaluate(stepper->method, path, h, path->point);
    for (size_t k = 0; k < path->n_states; k++)
        mpfr_set(ordpar_tape_series(tape, path->error.x[k])[0], path->point[k], RND);
    ordpar_tape_evaluate(tape, 0);
    mpfr_set(eps_g, ordpar_tape_series(tape, path->error.eps_g)[0], RND);
    if (!mpfr_number_p(eps_g))
        status = ordpar_mp_path_fail(
            path, "the order parameters are no covariance, so eps_g has no value", err);
    return status;
}

/* Moves the states to the end of the step. */
static void advance(ordpar_mp_path *path, const ordpar_mp_stepper *stepper) {
    stepper->evaluate(stepper->method, path, *path->length, path->point);
    for (size_t k = 0; k < path->n_states; k++)
        mpfr_set(ordpar_mp_path_state(path, k)[0], path->point[k], RND);
    mpfr_add(*path->alpha, *path->alpha, *path->length, RND);
}

ordpar_status ordpar_mp_path_walk(ordpar_mp_path *path, const ordpar_mp_stepper *stepper,
                                  const ordpar_mp_grid *grid, mpfr_t *eps_g, size_t stride,
                                  long *steps, ordpar_error *err) {
    const ordpar_mp_options *options = path->options;
    *steps = 0;
    for (size_t row = 0; row < grid->count;) {
        ordpar_status status = step(path, stepper, err);
        for (++*steps; !status && row < grid->count; row++) {
            ordpar_mp_grid_time(grid, options->schedule, row, *path->target);
            mpfr_sub(*path->target, *path->target, *path->alpha, RND);
            if (mpfr_greater_p(*path->target, *path->length))
                break;
            status = evaluate_error(path, stepper, *path->target, eps_g[row * stride], err);
        }
        if (status)
            return status;
        if (row < grid->count)
            advance(path, stepper);
        if (options->progress)
            options->progress(options->context, (double)row / (double)grid->count);
    }
    return ORDPAR_OK;
}
