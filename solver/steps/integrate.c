// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/integrate.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "base/number.h"
#include "solver/motion/deviation.h"
#include "solver/motion/state.h"
#include "solver/state/matching.h"
#include "solver/steps/coordinates.h"
#include "solver/steps/integrate_check.h"
#include "solver/steps/iterate.h"
#include "solver/steps/newton.h"
#include "solver/steps/stepper.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A run: overlap coordinates, and deviation coordinates from where every student has its teacher.
 */
typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    const ordpar_integrate_options *options;
    ordpar_network
        matched; /* the network of the deviations: w = v; shares the arrays of *network */
    ordpar_stepper_options stretch;
    ordpar_stepper *stepper;
    ordpar_overlaps inner;  /* the state as the stepper's coordinates and numbering have it */
    ordpar_overlaps *state; /* the overlaps as the caller has them */
    size_t *teacher_of;     /* [K] the teacher that student i stands beside, in deviations */
    bool in_deviations;
    double entered;         /* eps_g where they took over, or at the first row in them */
    ordpar_network present; /* the network with the outputs that a later stretch starts from */
    int raised;             /* stretches that started from raised overlaps */
    ordpar_integrate_stats stats;
} integration;

/* inner <- state with teacher teacher_of[n] in place n, or back. */
static void renumber(integration *in, bool back) {
    const size_t K = in->state->K, L = in->state->L;
    ordpar_overlaps *o = in->state, *p = &in->inner;
    for (size_t i = 0; i < K; i++)
        for (size_t n = 0; n < K; n++) {
            double *outer = o->r + (i * K + in->teacher_of[n]) * L, *inner = p->r + (i * K + n) * L;
            double *outer_t = o->t + (in->teacher_of[i] * K + in->teacher_of[n]) * L;
            double *inner_t = p->t + (i * K + n) * L;
            memcpy(back ? outer : inner, back ? inner : outer, L * sizeof *inner);
            memcpy(back ? outer_t : inner_t, back ? inner_t : outer_t, L * sizeof *inner);
        }
    memcpy(back ? o->q : p->q, back ? p->q : o->q, K * K * L * sizeof *o->q);
}

void ordpar_deviations_clear(ordpar_deviations *deviations) {
    if (!deviations)
        return;
    free(deviations->teacher_of);
    free(deviations->saddles);
    ordpar_overlaps_clear(&deviations->overlaps);
    *deviations = (ordpar_deviations){0};
}

ordpar_status ordpar_deviations_keep_saddles(ordpar_deviations *kept, const ordpar_saddle *saddle,
                                             ordpar_error *err) {
    const size_t count = ordpar_saddle_memory(saddle, NULL);
    if (count > kept->saddle_count) {
        double *grown = realloc(kept->saddles, count * sizeof *grown);
        if (!grown)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", count);
        kept->saddles = grown;
    }
    kept->saddle_count = ordpar_saddle_memory(saddle, kept->saddles);
    return ORDPAR_OK;
}

/* Notes what the run has seen of saddles. */
static ordpar_status keep_saddles(integration *in, ordpar_deviations *kept, ordpar_error *err) {
    const ordpar_saddle *saddle = &ordpar_stepper_watch(in->stepper)->saddle;
    const ordpar_status status = ordpar_deviations_keep_saddles(kept, saddle, err);
    if (!status)
        *kept->saddles = fmax(*kept->saddles, in->stats.rounding_limit);
    return status;
}

/* Tells the caller the deviations in `inner`, if it wants to know. */
static ordpar_status keep_deviations(integration *in, ordpar_error *err) {
    ordpar_deviations *kept = in->options->deviations;
    const size_t K = in->state->K;
    if (!kept)
        return ORDPAR_OK;
    if (!kept->teacher_of) {
        const ordpar_status status = ordpar_overlaps_init(K, K, in->state->L, &kept->overlaps, err);
        if (status)
            return status;
        kept->teacher_of = malloc(K * sizeof *kept->teacher_of);
        if (!kept->teacher_of)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", K);
    }
    memcpy(kept->teacher_of, in->teacher_of, K * sizeof *in->teacher_of);
    renumber(in, true);
    ordpar_overlaps_copy(in->state, &kept->overlaps);
    return keep_saddles(in, kept, err);
}

/* Reads the stepper's state into the caller's overlaps. */
static ordpar_status read_state(integration *in, ordpar_error *err) {
    if (!in->in_deviations) {
        ordpar_stepper_read(in->stepper, in->state);
        return in->options->deviations ? keep_saddles(in, in->options->deviations, err) : ORDPAR_OK;
    }
    ordpar_stepper_read(in->stepper, &in->inner);
    const ordpar_status status = keep_deviations(in, err);
    ordpar_deviations_to_overlaps(&in->inner);
    renumber(in, true);
    return status;
}

static void add_stats(const ordpar_stepper *stepper, ordpar_integrate_stats *stats) {
    const ordpar_integrator_counts counts = ordpar_stepper_counts(stepper);
    const ordpar_watch *watch = ordpar_stepper_watch(stepper);
    stats->steps += counts.steps;
    stats->rhs += counts.rates;
    stats->newton_iterations += counts.iterations;
    stats->setups += counts.setups;
    stats->error_test_failures += counts.failures;
    if (watch->symmetry.students > stats->tied_students) /* each stretch has the same ones */
        stats->tied_students = watch->symmetry.students;
    if (watch->symmetry.teachers > stats->tied_teachers)
        stats->tied_teachers = watch->symmetry.teachers;
    stats->rounding_limit = fmax(stats->rounding_limit, ordpar_saddle_limit(&watch->saddle));
}

static void end_stretch(integration *in) {
    if (in->stepper)
        add_stats(in->stepper, &in->stats);
    ordpar_stepper_free(in->stepper);
    in->stepper = NULL;
}

/* Goes on in deviation coordinates, from deviations in `inner` and the factors, which are taken. */
static ordpar_status start_deviations(integration *in, double alpha, ordpar_factors *factors,
                                      ordpar_error *err) {
    ordpar_flow_start from = {.overlaps = &in->inner, .factors = *factors};
    *factors = (ordpar_factors){0};
    end_stretch(in);
    in->in_deviations = true;
    in->stats.deviations_from = alpha;
    in->matched = *in->network;
    in->matched.w = in->matched.v;
    return ordpar_stepper_create(in->spectrum, &in->matched, &ordpar_deviation_coordinates,
                                 &in->stretch, &from, alpha, &in->stepper, err);
}

static ordpar_status change_coordinates(integration *in, double alpha, ordpar_error *err) {
    ordpar_factors factors = {0};
    const double eps_g = ordpar_stepper_error(in->stepper);
    in->stats.deviations_error = eps_g > 0 ? ordpar_stepper_noise(in->stepper) / eps_g : INFINITY;
    const ordpar_status status = ordpar_stepper_deviate(in->stepper, in->teacher_of, &factors, err);
    if (status)
        return status;
    ordpar_stepper_read(in->stepper, in->state);
    renumber(in, false);
    ordpar_overlaps_to_deviations(&in->inner);
    return start_deviations(in, alpha, &factors, err);
}

static ordpar_status start(integration *in, ordpar_error *err) {
    const size_t K = in->state->K, M = in->state->M;
    ordpar_status status = ordpar_overlaps_init(K, M, in->state->L, &in->inner, err);
    if (status)
        return status;
    in->teacher_of = calloc(K, sizeof *in->teacher_of);
    if (!in->teacher_of)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", K);
    in->stats.deviations_from = INFINITY;
    const ordpar_deviations *seen = in->options->deviations;
    if (seen && seen->saddle_count)
        in->stats.rounding_limit = *seen->saddles;
    const ordpar_deviations *given = ordpar_integrate_deviations(in->options);
    if (given)
        ordpar_overlaps_copy(&given->overlaps, in->state);
    if (given || in->options->start_is_deviation) {
        for (size_t i = 0; i < K; i++)
            in->teacher_of[i] = given ? given->teacher_of[i] : i;
        renumber(in, false);
        return start_deviations(in, in->options->start_alpha, &(ordpar_factors){0}, err);
    }
    status = ordpar_stepper_create(in->spectrum, in->network, &ordpar_overlap_coordinates,
                                   &in->stretch, &(ordpar_flow_start){.overlaps = in->state},
                                   in->options->start_alpha, &in->stepper, err);
    if (!status && seen)
        ordpar_stepper_recall(in->stepper, seen->saddles, seen->saddle_count);
    if (!status && ordpar_stepper_match(in->stepper, in->teacher_of))
        status = change_coordinates(in, in->options->start_alpha, err);
    return status;
}

/* [5.16] Goes on from overlaps that vectors have. */
static ordpar_status start_possible(integration *in, double alpha, ordpar_error *err) {
    enum { MOST = 100 }; /* then it goes on as it is: the limit is noted */
    ordpar_deviations seen = {0};
    ordpar_status status = keep_saddles(in, &seen, err);
    if (status)
        return status;
    ordpar_stepper_read_possible(in->stepper, in->state);
    end_stretch(in);
    in->stretch.keeps_possible = ++in->raised < MOST;
    in->present = *in->network;
    if (in->state->v)
        in->present.v = in->state->v;
    status = ordpar_stepper_create(in->spectrum, &in->present, &ordpar_overlap_coordinates,
                                   &in->stretch, &(ordpar_flow_start){.overlaps = in->state}, alpha,
                                   &in->stepper, err);
    if (!status)
        ordpar_stepper_recall(in->stepper, seen.saddles, seen.saddle_count);
    ordpar_deviations_clear(&seen);
    return status;
}

static ordpar_status advance(integration *in, double alpha, ordpar_error *err) {
    double reached = 0;
    ordpar_pause pause;
    do {
        ordpar_status status = ordpar_stepper_advance(in->stepper, alpha, &reached, &pause, err);
        if (!status && pause == ORDPAR_PAUSE_IMPOSSIBLE)
            status = start_possible(in, reached, err);
        else if (!status && pause && ordpar_stepper_match(in->stepper, in->teacher_of))
            status = change_coordinates(in, reached, err);
        if (status)
            return status;
    } while (reached < alpha);
    return ORDPAR_OK;
}

/* What a step errs by relatively stays: by the models of the tests, for each decade that eps_g
 * falls in deviations, a part of rtol and what rounding makes of many steps. */
static void note_depth(integration *in, double eps_g, double noise) {
    const double of_rtol = 0.08, rounding = 3e-12;
    in->entered = in->entered > 0 ? in->entered : eps_g;
    const double decades = eps_g > 0 ? fmax(0, log10(in->entered) - log10(eps_g)) : 0;
    in->stats.depth_error =
        fmax(decades * (of_rtol * in->options->rtol + rounding), noise / fmax(eps_g, DBL_MIN));
}

static ordpar_status observe(integration *in, size_t row, double alpha, ordpar_error *err) {
    const double eps_g = ordpar_stepper_error(in->stepper);
    if (!isfinite(eps_g))
        return ordpar_fail(err, ORDPAR_DIVERGED,
                           "the generalization error diverges: it is %g at alpha = %.6g",
                           ordpar_printed(eps_g), alpha);
    const double noise = ordpar_stepper_noise(in->stepper);
    if (in->in_deviations)
        note_depth(in, eps_g, noise);
    else
        in->stats.noise = fmax(in->stats.noise, fmax(noise, in->stretch.integrator->floor));
    const ordpar_status status = read_state(in, err);
    if (status)
        return status;
    /* The error is not negative; what is below rounding counts as zero. */
    return in->options->observer(in->options->context, row, alpha, fmax(eps_g, 0), in->state, err);
}

static ordpar_status visit(integration *in, double alpha, ordpar_error *err) {
    return in->options->visit ? in->options->visit(in->options->context, alpha, in->state, err)
                              : ORDPAR_OK;
}

/* On the way to alpha there are visits: they are as dense in log alpha as steps are. */
static double next_stop(const integration *in, double at, double alpha) {
    const double next = at + fmax(at / 16, 1e-6 * alpha);
    return in->options->visit && next < alpha ? next : alpha;
}

static ordpar_status run(integration *in, const double *alpha, size_t count, ordpar_error *err) {
    const double nothing = 1e-250; /* no rate moves anything in it, and steps of it underflow */
    ordpar_status status = start(in, err);
    double at = fmax(nothing, in->options->start_alpha);
    for (size_t row = 0; row < count && !status;) {
        const double stop = next_stop(in, at, alpha[row]);
        if (at < stop)
            status = advance(in, at = stop, err);
        if (!status &&
            !(status = stop < alpha[row] ? read_state(in, err) : observe(in, row, alpha[row], err)))
            status = visit(in, stop, err);
        row += stop == alpha[row];
    }
    if (count == 0 && in->in_deviations && !status) /* no row has shown those of J */
        status = read_state(in, err);
    return status;
}

/* A copy of the caller's state, with the outputs if they are trained and P with momentum. Cleared
 * by the caller in every case. */
static ordpar_status init_view(const ordpar_network *network, const ordpar_overlaps *state,
                               ordpar_overlaps *view, ordpar_error *err) {
    ordpar_status status = ordpar_overlaps_init(state->K, state->M, state->L, view, err);
    if (!status && network->training.momentum.weight > 0)
        status = ordpar_overlaps_set_push(view, state->push, err);
    if (status)
        return status;
    ordpar_overlaps_copy(state, view);
    view->heads = ordpar_network_heads(network);
    return network->training.eta_v > 0 ? ordpar_overlaps_set_outputs(view, network->v, err)
                                       : ORDPAR_OK;
}

static ordpar_stepper_options stretch_options(const ordpar_network *network, size_t L,
                                              const ordpar_integrate_options *options) {
    return (ordpar_stepper_options){
        .integrator = ordpar_integrator_for(network, L, options->rtol, options->integrator),
        .threads = options->threads,
        .rtol = options->rtol,
        .atol = options->atol,
        .trained_blocks = options->trained_blocks,
        .most_steps = ORDPAR_MAX_INTEGRATOR_STEPS,
        .keeps_possible = true,
        .tick = options->tick,
        .context = options->context,
        .stop = options->stop};
}

ordpar_status ordpar_integrate(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               ordpar_overlaps *state, const double *alpha, size_t count,
                               const ordpar_integrate_options *options,
                               ordpar_integrate_stats *stats, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status;
    ordpar_overlaps view = {0};
    integration in = {.spectrum = spectrum,
                      .network = network,
                      .options = options,
                      .stretch = stretch_options(network, spectrum->L, options),
                      .state = &view};
    if ((status = ordpar_network_check(network, err)) ||
        (status = ordpar_integrate_check(spectrum, network, state, alpha, count, options, err)) ||
        (status = ordpar_linear_algebra_begin(err)))
        return status;
    status = init_view(network, state, &view, err);
    if (!status)
        status =
            network->training.batch_fraction > 0
                ? ordpar_iterate(spectrum, network, &view, alpha, count, options, &in.stats, err)
                : run(&in, alpha, count, err);
    if (!status)
        ordpar_overlaps_copy(&view, state);
    end_stretch(&in);
    in.stats.by_radau =
        in.stretch.integrator == &ordpar_integrator_radau && network->training.batch_fraction == 0;
    if (stats)
        *stats = in.stats;
    ordpar_overlaps_clear(&in.inner);
    free(in.teacher_of);
    ordpar_overlaps_clear(&view);
    return status;
}

bool ordpar_deviations_exist(const ordpar_network *network) {
    return ordpar_matching_fits(network, NULL);
}
