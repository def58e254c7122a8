// SPDX-License-Identifier: GPL-3.0-or-later
/** What the closed forms of the linear network share. Internal to spectra/. */
#ifndef ORDPAR_LINEAR_MODES_H
#define ORDPAR_LINEAR_MODES_H

#include "base/status.h"
#include "spectra/forms/rank_one.h"
#include "spectra/spectrum/spectrum.h"

#include <stdbool.h>
#include <stddef.h>

/** What a caller of the public functions gave. */
typedef struct {
    const ordpar_spectrum *spectrum;
    double eta, label_noise;
    size_t trained_blocks;
    const double *initial_error;
    const double *alpha;
    size_t count;
} ordpar_linear_input;

/** Checks every value; quadratic: the caller's cost is L^2. Errors: INVALID. */
ordpar_status ordpar_linear_check(const ordpar_linear_input *input, bool quadratic,
                                  ordpar_error *err);

/** Checks a frontier's grid. Errors: INVALID. */
ordpar_status ordpar_linear_check_compute(const double *compute, size_t count, ordpar_error *err);

/**
 * The solution in modes [6.3]: eps_g = frozen + sum_k amplitude_k exp(-rate_k t)
 *                                   + drive sum_k response_k (1 - exp(-rate_k t)).
 */
typedef struct {
    size_t n;
    double *rate;      /* decreasing */
    double *amplitude; /* of the start */
    double *response;  /* to a constant variance of the labels' noise: half of it is drive */
    double frozen, drive;
} ordpar_linear_modes;

/** Solves the eigenproblem of all orders in eta [6.1], below eta_c, in a problem that has room for
 * trained_blocks; what it held is gone. */
void ordpar_linear_solve_exact(const ordpar_linear_input *input, ordpar_rank_one *problem);

/** Refuses what is no eps_g. Errors: NUMERICAL. */
ordpar_status ordpar_forms_check(size_t count, const double *alpha, const double *values,
                                 ordpar_error *err);

/** The modes of a solved eigenproblem, whose arrays they share. */
ordpar_linear_modes ordpar_linear_modes_of(const ordpar_linear_input *input,
                                           const ordpar_rank_one *problem);

void ordpar_linear_modes_evaluate(const ordpar_linear_modes *modes, size_t count, const double *t,
                                  double *eps_g);

#endif
