// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/collocation.h"

#include "precision/path.h"
#include "precision/radau.h"
#include "precision/shifted.h"

#include <math.h>
#include <stdlib.h>

static const double LOG2_10 = 3.3219280948873626;

/* FIRST_STEP: of the time in which the fastest group would move by its scale. */
static const double FIRST_STEP = 0.01, SAFETY = 0.9, LARGEST_GROWTH = 3, LARGEST_CUT = 0.2;

/* Corrections must fall by a factor of 2, which leaves room for the few steps where the solution
 * bends; a step needs some ten of them otherwise. */
enum { MIN_STAGES = 8, MAX_CORRECTIONS = 60, MAX_ATTEMPTS = 60 };

typedef struct {
    ordpar_radau radau;
    ordpar_shifted shifted;
    double log2_rounding, log2_tolerance;
    double length; /* of the step to try; 0 before the first */
    ordpar_reals numbers;
    mpfr_t *x;        /* [n] states at the step's start */
    mpfr_t *Z;        /* [s*n] states at the stages, less x */
    mpfr_t *residual; /* [s*n] */
    mpfr_t *l;        /* [s] */
    mpfr_t *scratch;  /* [1] */
    double *change;   /* [s*n] residual, then correction, in units of 2^exponent */
    double *scale;    /* [groups] log2 */
} collocation;

size_t ordpar_mp_collocation_stages(long tolerance_digits) {
    return tolerance_digits > MIN_STAGES ? (size_t)tolerance_digits : MIN_STAGES;
}

static ordpar_status start(const ordpar_mp_problem *problem, const ordpar_mp_path *path, size_t s,
                           collocation *c, ordpar_error *err) {
    const size_t n = path->n_states;
    const mpfr_prec_t bits = problem->numbers.bits;
    ordpar_status status = ordpar_radau_init(s, bits, &c->radau, err);
    if (!status)
        status = ordpar_shifted_init(problem, path, s, &c->shifted, err);
    if (!status)
        status = ordpar_reals_init(n + 2 * s * n + s + 1, bits, &c->numbers, err);
    if (status)
        return status;
    c->x = c->numbers.x;
    c->Z = c->x + n;
    c->residual = c->Z + s * n;
    c->l = c->residual + s * n;
    c->scratch = c->l + s;
    c->change = calloc(s * n + c->shifted.groups, sizeof *c->change);
    if (!c->change)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu stages of %zu numbers", s, n);
    c->scale = c->change + s * n;
    return ORDPAR_OK;
}

static void end(collocation *c) {
    ordpar_radau_clear(&c->radau);
    ordpar_shifted_clear(&c->shifted);
    ordpar_reals_clear(&c->numbers);
    free(c->change);
}

/* [9.8] h f(x + Z_i) - sum_j D_ij Z_j of all stages; returns log2 of the largest. */
static double compute_residual(collocation *c, ordpar_mp_path *path) {
    const size_t s = c->radau.s, n = path->n_states;
    double largest = -INFINITY;
    for (size_t i = 0; i < s; i++) {
        for (size_t k = 0; k < n; k++)
            mpfr_add(ordpar_mp_path_state(path, k)[0], c->x[k], c->Z[i * n + k], RND);
        ordpar_tape_evaluate(&path->motion.tape, 0);
        for (size_t k = 0; k < n; k++) {
            mpfr_t *r = c->residual + i * n + k;
            mpfr_mul_d(*r, ordpar_tape_series(&path->motion.tape, path->motion.rates[k])[0],
                       c->length, RND);
            for (size_t j = 0; j < s; j++) {
                mpfr_mul(*c->scratch, c->radau.D[i * s + j], c->Z[j * n + k], RND);
                mpfr_sub(*r, *r, *c->scratch, RND);
            }
            largest = fmax(largest, mpfr_number_p(*r) ? ordpar_real_log2(*r) : INFINITY);
        }
    }
    return largest;
}

/* One correction of Z; returns log2 of the largest entry in units of its group's scale, -INFINITY
 * if the residual is 0 and INFINITY if there is no finite correction. */
static double correct(collocation *c, ordpar_mp_path *path) {
    const size_t n = path->n_states, all = c->radau.s * n;
    const double log2_unit = ceil(compute_residual(c, path));
    if (!isfinite(log2_unit))
        return log2_unit;
    const long unit = (long)log2_unit;
    for (size_t k = 0; k < all; k++) {
        mpfr_mul_2si(c->residual[k], c->residual[k], -unit, RND);
        c->change[k] = mpfr_get_d(c->residual[k], RND);
    }
    ordpar_shifted_solve(&c->radau, &c->shifted, c->change);
    double largest = -INFINITY;
    for (size_t k = 0; k < all; k++) {
        if (!isfinite(c->change[k]))
            return INFINITY;
        mpfr_set_d(*c->scratch, c->change[k], RND);
        mpfr_mul_2si(*c->scratch, *c->scratch, unit, RND);
        mpfr_add(c->Z[k], c->Z[k], *c->scratch, RND);
        largest = fmax(largest,
                       log2(fabs(c->change[k])) + log2_unit - c->scale[k % n / path->motion.size]);
    }
    return largest;
}

/* True once the next correction would be below the rounding. */
static ordpar_status solve_stages(collocation *c, ordpar_mp_path *path, bool *solved,
                                  ordpar_error *err) {
    double last = INFINITY;
    *solved = false;
    for (size_t k = 0; k < c->radau.s * path->n_states; k++)
        mpfr_set_zero(c->Z[k], 1);
    for (int step = 0; step < MAX_CORRECTIONS; step++) {
        const ordpar_status status = ordpar_mp_path_interrupted(path, err);
        if (status)
            return status;
        const double size = correct(c, path), fall = size - last;
        if (size < c->log2_rounding || (step > 0 && size + fall < c->log2_rounding)) {
            *solved = true;
            return ORDPAR_OK;
        }
        if (size == INFINITY || (step > 1 && fall > -1))
            return ORDPAR_OK;
        last = size;
    }
    return ORDPAR_OK;
}

/* log2 of the polynomial's last coefficient, over the largest change of the group; the worst
 * group. Groups that stand still to the rounding do not count. */
static double log2_tail(collocation *c, const ordpar_mp_path *path) {
    const size_t s = c->radau.s, n = path->n_states, size = path->motion.size;
    const double leading = ordpar_radau_log2_leading(s);
    double worst = -INFINITY;
    for (size_t g = 0; g < c->shifted.groups; g++) {
        double tail = -INFINITY, change = -INFINITY;
        for (size_t k = g * size; k < (g + 1) * size; k++) {
            mpfr_t *sum = c->residual;
            mpfr_set_zero(*sum, 1);
            for (size_t j = 0; j < s; j++) {
                mpfr_mul(*c->scratch, c->radau.weight[j + 1], c->Z[j * n + k], RND);
                mpfr_add(*sum, *sum, *c->scratch, RND);
                change = fmax(change, ordpar_real_log2(c->Z[j * n + k]));
            }
            tail = fmax(tail, ordpar_real_log2(*sum) - leading);
        }
        if (change - c->scale[g] > c->log2_rounding - c->log2_tolerance)
            worst = fmax(worst, tail - change);
    }
    return worst;
}

/* The time in which the fastest group would move by its scale; infinite if nothing moves. */
static double time_scale(const collocation *c, const ordpar_mp_path *path) {
    double log2_time = INFINITY;
    for (size_t k = 0; k < path->n_states; k++)
        log2_time = fmin(log2_time, c->scale[k / path->motion.size] -
                                        ordpar_real_log2(ordpar_tape_series(
                                            &path->motion.tape, path->motion.rates[k])[0]));
    return exp2(log2_time);
}

static ordpar_status begin_step(collocation *c, ordpar_mp_path *path, ordpar_error *err) {
    ordpar_tape_evaluate(&path->motion.tape, 0);
    for (size_t k = 0; k < path->n_states; k++) {
        mpfr_set(c->x[k], ordpar_mp_path_state(path, k)[0], RND);
        if (!mpfr_number_p(ordpar_tape_series(&path->motion.tape, path->motion.rates[k])[0]))
            return ordpar_mp_path_fail(path, "the equations of motion have no finite value", err);
    }
    for (size_t g = 0; g < c->shifted.groups; g++)
        c->scale[g] = ordpar_mp_path_log2_scale(path, g);
    if (c->length == 0)
        c->length = FIRST_STEP * time_scale(c, path);
    ordpar_shifted_jacobian(path, &c->shifted);
    return ORDPAR_OK;
}

/* Tries a step of the present length; *next receives the factor of the next one, *done whether the
 * step is good. */
static ordpar_status attempt(collocation *c, ordpar_mp_path *path, bool *done, double *next,
                             ordpar_error *err) {
    bool solved = false;
    *done = false;
    *next = 0.5;
    if (!ordpar_shifted_factor(&c->radau, c->length, &c->shifted))
        return ORDPAR_OK;
    const ordpar_status status = solve_stages(c, path, &solved, err);
    if (status || !solved)
        return status;
    const double excess = log2_tail(c, path) - c->log2_tolerance;
    *done = excess <= 0;
    *next = fmin(LARGEST_GROWTH, fmax(LARGEST_CUT, SAFETY * exp2(-excess / (double)c->radau.s)));
    return ORDPAR_OK;
}

static ordpar_status step(void *method, ordpar_mp_path *path, ordpar_error *err) {
    collocation *c = method;
    ordpar_status status = begin_step(c, path, err);
    if (status)
        return status;
    if (!isfinite(c->length)) {
        mpfr_set_inf(*path->length, 1);
        return ORDPAR_OK;
    }
    bool done = false;
    double next = 1, most = LARGEST_GROWTH;
    for (int tries = 0; !status && !done && tries < MAX_ATTEMPTS; tries++) {
        status = attempt(c, path, &done, &next, err);
        if (!done) {
            c->length *= next;
            most = 1;
        }
    }
    for (size_t k = 0; k < path->n_states; k++)
        mpfr_set(ordpar_mp_path_state(path, k)[0], c->x[k], RND);
    if (!status && !done)
        status = ordpar_mp_path_fail(path, "no step is short enough", err);
    mpfr_set_d(*path->length, c->length, RND);
    c->length *= fmin(next, most);
    return status;
}

static void evaluate(void *method, const ordpar_mp_path *path, const mpfr_t h, mpfr_t *point) {
    collocation *c = method;
    const size_t n = path->n_states;
    mpfr_div(*c->scratch, h, *path->length, RND);
    ordpar_radau_interpolate(&c->radau, *c->scratch, c->l);
    for (size_t k = 0; k < n; k++) {
        mpfr_set(point[k], c->x[k], RND);
        for (size_t j = 0; j < c->radau.s && mpfr_number_p(*path->length); j++) {
            mpfr_mul(*c->scratch, c->l[j], c->Z[j * n + k], RND);
            mpfr_add(point[k], point[k], *c->scratch, RND);
        }
    }
}

ordpar_status ordpar_mp_collocation(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                    long working_digits, long tolerance_digits,
                                    const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                    long *steps, ordpar_error *err) {
    ordpar_mp_path path;
    collocation c = {.log2_rounding = -(double)working_digits * LOG2_10,
                     .log2_tolerance = -(double)tolerance_digits * LOG2_10};
    const ordpar_mp_stepper stepper = {step, evaluate, &c};
    *steps = 0;
    ordpar_status status = ordpar_mp_path_init(problem, ORDPAR_MP_BLOCKS, 1, options, &path, err);
    if (!status)
        status = start(problem, &path, ordpar_mp_collocation_stages(tolerance_digits), &c, err);
    if (!status)
        status = ordpar_mp_path_walk(&path, &stepper, grid, eps_g, stride, steps, err);
    ordpar_mp_path_clear(&path);
    end(&c);
    return status;
}
