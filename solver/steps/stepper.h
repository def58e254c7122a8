// SPDX-License-Identifier: GPL-3.0-or-later
/** One stretch of an integration: an integrator on one set of coordinates. Internal to solver/. */
#ifndef ORDPAR_STEPPER_H
#define ORDPAR_STEPPER_H

#include "solver/motion/state.h"
#include "solver/steps/coordinates.h"
#include "solver/steps/integrator.h"

#include <signal.h>

typedef struct ordpar_stepper ordpar_stepper;

/** How a stretch is run; fields without a word are those of ordpar_integrate_options. */
typedef struct {
    const ordpar_integrator *integrator; /* the method */
    double rtol, atol;
    size_t trained_blocks;
    long most_steps;     /* a stretch that takes more has failed */
    int threads;         /* as ordpar_integrate_options have it */
    bool keeps_possible; /* pauses where rounding has made the students' overlaps impossible */
    void (*tick)(void *context, double alpha);
    void *context;
    const volatile sig_atomic_t *stop;
    /* Called with the state that each step goes out from; some twice; may be NULL. */
    void (*keep)(void *keeper, double alpha, const double *y);
    void *keeper;
} ordpar_stepper_options;

/**
 * Starts at alpha from *from, whose overlaps hold what the coordinates call r, q and t, and whose
 * factors, if there are any, are taken. spectrum and network are kept by reference.
 * Errors: INVALID, MEMORY. The caller frees *stepper.
 */
ordpar_status ordpar_stepper_create(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates,
                                    const ordpar_stepper_options *options, ordpar_flow_start *from,
                                    double alpha, ordpar_stepper **stepper, ordpar_error *err);
void ordpar_stepper_free(ordpar_stepper *stepper);

/** Why a stepper has come no further. */
typedef enum {
    ORDPAR_PAUSE_NONE,        /* it has come to alpha */
    ORDPAR_PAUSE_SPECIALISED, /* every student has come close to a teacher */
    ORDPAR_PAUSE_IMPOSSIBLE   /* [5.16] no vectors have the overlaps of some block: they are to be
                                 raised, and the stretch ends here */
} ordpar_pause;

/**
 * Goes on to alpha, or to where it pauses, if that comes first. *reached is where it stands.
 * Errors: DIVERGED, NUMERICAL, INTERRUPTED.
 */
ordpar_status ordpar_stepper_advance(ordpar_stepper *stepper, double alpha, double *reached,
                                     ordpar_pause *pause, ordpar_error *err);

/** Reads the present state, as ordpar_stepper_read, and makes its students' overlaps possible. */
void ordpar_stepper_read_possible(ordpar_stepper *stepper, ordpar_overlaps *state);

/** Takes over what the run has seen of saddles, the numbers of ordpar_saddle_memory. */
void ordpar_stepper_recall(ordpar_stepper *stepper, const double *saddles, size_t count);

/** eps_g at the present state. */
double ordpar_stepper_error(ordpar_stepper *stepper);

/** What rounding is of eps_g there: its terms cancel, in deviations those of students that do not
 * decay. */
double ordpar_stepper_noise(const ordpar_stepper *stepper);

/** True, with teacher_of[K], if deviation coordinates suit the present state. */
bool ordpar_stepper_match(ordpar_stepper *stepper, size_t *teacher_of);

/** The present r and q, in the coordinates of the stepper, and v if state has room for it and it is
 * trained. */
void ordpar_stepper_read(const ordpar_stepper *stepper, ordpar_overlaps *state);

/** What a start in deviations from the teachers teacher_of[K] needs beside overlaps. Errors:
 * MEMORY. The caller clears *factors. */
ordpar_status ordpar_stepper_deviate(const ordpar_stepper *stepper, const size_t *teacher_of,
                                     ordpar_factors *factors, ordpar_error *err);

/** What it took, and what it has seen of saddles. */
ordpar_integrator_counts ordpar_stepper_counts(const ordpar_stepper *stepper);
const ordpar_watch *ordpar_stepper_watch(const ordpar_stepper *stepper);

#endif
