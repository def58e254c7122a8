// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The walk along a solution: steps of any method, rows of eps_g evaluated inside the steps.
 * Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_PATH_H
#define ORDPAR_PRECISION_PATH_H

#include "precision/system.h"

/** The solution up to now; states are the nodes motion.x[n_states], coefficient 0. */
typedef struct {
    const ordpar_mp_options *options;
    ordpar_mp_system motion;
    size_t n_states;
    mpfr_t *alpha;  /* [1] of the states */
    mpfr_t *length; /* [1] of the step from there; infinite if nothing moves */
    /* What the walk needs for itself. */
    ordpar_mp_system error; /* eps_g at one point */
    ordpar_reals numbers;
    mpfr_t *target; /* [1] */
    mpfr_t *point;  /* [n_states] */
} ordpar_mp_path;

/** A method of integration. */
typedef struct {
    /** Makes a step from path->alpha and sets path->length. */
    ordpar_status (*step)(void *method, ordpar_mp_path *path, ordpar_error *err);
    /** The states at a distance h <= length into the step: point[n_states]. */
    void (*evaluate)(void *method, const ordpar_mp_path *path, const mpfr_t h, mpfr_t *point);
    void *method; /* handed to them */
} ordpar_mp_stepper;

/** Starts at alpha = 0; order: of the series of motion. Errors: MEMORY. Clear it in every case. */
ordpar_status ordpar_mp_path_init(const ordpar_mp_problem *problem,
                                  ordpar_mp_representation representation, size_t order,
                                  const ordpar_mp_options *options, ordpar_mp_path *path,
                                  ordpar_error *err);
void ordpar_mp_path_clear(ordpar_mp_path *path);

/** State k at the step's start, a series. */
mpfr_t *ordpar_mp_path_state(const ordpar_mp_path *path, size_t k);

/** log2 of the largest entry of group g at the step's start; the teacher's is a floor. */
double ordpar_mp_path_log2_scale(const ordpar_mp_path *path, size_t g);

/** OK, or INTERRUPTED if the options say so. */
ordpar_status ordpar_mp_path_interrupted(const ordpar_mp_path *path, ordpar_error *err);

/** A failure whose message ends with alpha. */
ordpar_status ordpar_mp_path_fail(const ordpar_mp_path *path, const char *what, ordpar_error *err);

/** Writes eps_g[k*stride] of the rows. Errors: the stepper's, INTERRUPTED, NUMERICAL. */
ordpar_status ordpar_mp_path_walk(ordpar_mp_path *path, const ordpar_mp_stepper *stepper,
                                  const ordpar_mp_grid *grid, mpfr_t *eps_g, size_t stride,
                                  long *steps, ordpar_error *err);

#endif
