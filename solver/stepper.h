// SPDX-License-Identifier: GPL-3.0-or-later
/** One stretch of an integration: CVODE on one set of coordinates. Internal to solver/. */
#ifndef ORDPAR_STEPPER_H
#define ORDPAR_STEPPER_H

#include "coordinates.h"
#include "factors.h"
#include "integrate.h"

typedef struct ordpar_stepper ordpar_stepper;

/**
 * Starts at alpha from state, which holds what the coordinates call r, q and t. At lowest order in
 * eta the vectors are *factors, which then is empty, or made of state if that is NULL. spectrum,
 * network and options are kept by reference. Errors: INVALID, MEMORY. The caller frees *stepper.
 */
ordpar_status ordpar_stepper_create(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates,
                                    const ordpar_integrate_options *options,
                                    const ordpar_overlaps *state, ordpar_factors *factors,
                                    double alpha, ordpar_stepper **stepper, ordpar_error *err);
void ordpar_stepper_free(ordpar_stepper *stepper);

/**
 * Goes on to alpha, or to where the students have specialised, if that comes first:
 * *specialised_now. *reached is where it stands. Errors: DIVERGED, NUMERICAL, INTERRUPTED.
 */
ordpar_status ordpar_stepper_advance(ordpar_stepper *stepper, double alpha, double *reached,
                                     bool *specialised_now, ordpar_error *err);

/** eps_g at the present state. */
double ordpar_stepper_error(ordpar_stepper *stepper);

/** What rounding is of eps_g there: its terms cancel, but in deviations. */
double ordpar_stepper_noise(const ordpar_stepper *stepper);

/** True, with teacher_of[K], if deviation coordinates suit the present state. */
bool ordpar_stepper_match(ordpar_stepper *stepper, size_t *teacher_of);

/** The present r and q, in the coordinates of the stepper, and v if state has room for it and it is
 * trained. */
void ordpar_stepper_read(const ordpar_stepper *stepper, ordpar_overlaps *state);

/** True if the state is vectors: then ordpar_stepper_read_vectors is their present ones and the
 * teacher's. Errors: MEMORY. The caller clears *factors. */
bool ordpar_stepper_has_vectors(const ordpar_stepper *stepper);
ordpar_status ordpar_stepper_read_vectors(const ordpar_stepper *stepper, ordpar_factors *factors,
                                          ordpar_error *err);

/** Adds the counts of this stretch. */
void ordpar_stepper_add_stats(const ordpar_stepper *stepper, ordpar_integrate_stats *stats);

#endif
