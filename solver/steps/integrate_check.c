// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/integrate_check.h"

#include "solver/state/matching.h"
#include "solver/state/network_averages.h"

#include <math.h>

const ordpar_deviations *ordpar_integrate_deviations(const ordpar_integrate_options *options) {
    return options->deviations && options->deviations->teacher_of ? options->deviations : NULL;
}

ordpar_status ordpar_alpha_check(double start, const double *alpha, size_t count,
                                 ordpar_error *err) {
    for (size_t row = 0; row < count; row++)
        if (!isfinite(alpha[row]) || alpha[row] < (row ? alpha[row - 1] : start))
            return ordpar_fail(
                err, ORDPAR_INVALID,
                "the grid of alpha must be >= %g, finite and ascending, got %g in row %zu", start,
                alpha[row], row + 1);
    return ORDPAR_OK;
}

static ordpar_status check_grid(const double *alpha, size_t count, size_t L,
                                const ordpar_integrate_options *options, ordpar_error *err) {
    if (!options->observer)
        return ordpar_fail(err, ORDPAR_INVALID, "a curve needs an observer, got NULL");
    if (options->trained_blocks > L)
        return ordpar_fail(err, ORDPAR_INVALID, "trained_blocks must be at most L = %zu, got %zu",
                           L, options->trained_blocks);
    if (!(options->rtol >= ORDPAR_MIN_RTOL) || !(options->rtol <= ORDPAR_MAX_RTOL))
        return ordpar_fail(err, ORDPAR_INVALID, "rtol must be from %g to %g, got %g",
                           ORDPAR_MIN_RTOL, ORDPAR_MAX_RTOL, options->rtol);
    if (!(options->atol >= 0) || !isfinite(options->atol))
        return ordpar_fail(err, ORDPAR_INVALID, "atol must be >= 0 and finite, got %g",
                           options->atol);
    const double start = options->start_alpha;
    if (!isfinite(start) || start < 0)
        return ordpar_fail(err, ORDPAR_INVALID, "the start must be at a finite alpha >= 0, got %g",
                           start);
    const ordpar_status status = ordpar_alpha_check(start, alpha, count, err);
    if (status)
        return status;
    if (count > 0 && alpha[count - 1] > ORDPAR_MAX_ALPHA)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "alpha: curves go up to %g, got %g; closed forms go on",
                           ORDPAR_MAX_ALPHA, alpha[count - 1]);
    return ORDPAR_OK;
}

static ordpar_status check_integrator(const ordpar_network *network,
                                      const ordpar_integrate_options *options, ordpar_error *err) {
    if (options->integrator > ORDPAR_INTEGRATOR_RADAU)
        return ordpar_fail(err, ORDPAR_INVALID, "there is no integrator %d",
                           (int)options->integrator);
    if (options->integrator == ORDPAR_INTEGRATOR_RADAU && network->training.momentum.weight > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "integrator: radau does not go with momentum; cvode does");
    return ORDPAR_OK;
}

/* [15.31] */
static ordpar_status check_noise(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                 ordpar_error *err) {
    const ordpar_training *training = &network->training;
    const bool linear = ordpar_network_has(network, &ordpar_activation_linear);
    if (!spectrum->noise || ((linear || !spectrum->coupling) && training->momentum.weight == 0 &&
                             training->eta_v == 0 && training->batch_fraction == 0))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "noise that differs from block to block is for fixed outputs, without "
                       "momentum and batches of a fraction of N, and coupled for linear units");
}

/* What the averages of the activation ask of the model. */
static ordpar_status check_averages(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const ordpar_overlaps *state, ordpar_error *err) {
    const size_t K = state->K, M = state->M, L = state->L;
    const ordpar_status status = ordpar_network_check_orders(network, err);
    if (status)
        return status;
    for (size_t a = 0; a < K + M; a++) {
        const ordpar_activation *g = ordpar_network_activation(network, a);
        const bool student = a < K;
        if (!g->needs_variance)
            continue;
        const size_t k = student ? a : a - K, units = student ? K : M;
        const double *norm = (student ? state->q : state->t) + (k * units + k) * L;
        double variance = 0;
        for (size_t b = 0; b < L; b++)
            variance += spectrum->lambda[b] * norm[b];
        if (!(variance > 0))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s has no derivative at 0, where %s unit %zu stands: its weights "
                               "must not all be 0",
                               g->name, student ? "student" : "teacher", k + 1);
    }
    return ORDPAR_OK;
}

static ordpar_status check_start(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                 const ordpar_overlaps *state,
                                 const ordpar_integrate_options *options, ordpar_error *err) {
    const ordpar_deviations *given = ordpar_integrate_deviations(options);
    if (options->start_alpha > 0 && network->training.momentum.weight > 0 && !state->push)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "momentum: a run goes on from P too, which these overlaps have not");
    if (!options->start_is_deviation && !given)
        return check_averages(spectrum, network, state, err);
    if (ordpar_matching_fits(network, given ? given->teacher_of : NULL))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "a start in deviations needs K = M, equal output weights of a student and "
                       "its teacher, and an activation that has them");
}

ordpar_status ordpar_integrate_check(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     const ordpar_overlaps *state, const double *alpha,
                                     size_t count, const ordpar_integrate_options *options,
                                     ordpar_error *err) {
    ordpar_status status;
    if ((status = check_grid(alpha, count, spectrum->L, options, err)) ||
        (status = ordpar_overlaps_check(state, spectrum, network, err)) ||
        (status = check_integrator(network, options, err)) ||
        (status = check_noise(spectrum, network, err)))
        return status;
    return check_start(spectrum, network, state, options, err);
}
