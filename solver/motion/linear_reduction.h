// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A linear network of any size as one student unit J* = sum_i v_i J_i that learns one teacher unit
 * B* = sum_n w_n B_n at the learning rate eta sum_i v_i^2 [6.10]: what spectra/forms/linear.h
 * takes.
 */
#ifndef ORDPAR_LINEAR_REDUCTION_H
#define ORDPAR_LINEAR_REDUCTION_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** eta sum_i v_i^2. */
double ordpar_linear_effective_eta(const ordpar_network *network);

/**
 * sum_nm w_n w_m T_perp_nm [15.7]: what inputs do not show adds half of it to eps_g for ever, and
 * acts as label noise of this variance.
 */
double ordpar_linear_unlearnable(const ordpar_network *network);

/** The standard deviation of all that acts as label noise: sqrt(s^2 + ordpar_linear_unlearnable).
 */
double ordpar_linear_noise(const ordpar_network *network);

/** E[(J*_k - B*_k)^2] of a component in block b: x_b = student + c_b teacher [15.2]. */
typedef struct {
    double student; /**< sigma_J^2 sum v_i^2 */
    double teacher; /**< sum w_n^2; near the teacher sum (v_i - w_i)^2 */
} ordpar_linear_start;

/** The average over the random starts and teachers [6.10]. Errors: INVALID (near the teacher with K
 * != M). */
ordpar_status ordpar_linear_mean_start(const ordpar_network *network, ordpar_init init,
                                       double sigma_J, ordpar_linear_start *start,
                                       ordpar_error *err);

/** The same for a teacher with c_b = 1: student + teacher. */
ordpar_status ordpar_linear_mean_error(const ordpar_network *network, ordpar_init init,
                                       double sigma_J, double *initial_error, ordpar_error *err);

/** The same for given overlaps, per component of each block: initial_error[L]. */
void ordpar_linear_start_error(const ordpar_network *network, const ordpar_spectrum *spectrum,
                               const ordpar_overlaps *start, double *initial_error);

/**
 * The average over the students' starts alone, under the teacher of run 1 of teacher_seed, per
 * component of each block: initial_error[L]. Errors: INVALID (near the teacher with K != M),
 * MEMORY.
 */
ordpar_status ordpar_linear_taught_error(const ordpar_network *network,
                                         const ordpar_spectrum *spectrum, ordpar_init init,
                                         double sigma_J, uint64_t teacher_seed,
                                         double *initial_error, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
