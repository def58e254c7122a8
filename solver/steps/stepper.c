// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/stepper_internal.h"

#include "base/number.h"
#include "solver/state/matching.h"
#include "solver/state/network_averages.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Those of a method that takes pieces; one, of another. */
static bool allocate_rates(ordpar_stepper *in) {
    const size_t K = in->flow.K, KK = K * K, C = K * in->flow.M + 2 * KK;
    const size_t slots = in->integrator->pairs ? ORDPAR_MOST_SLOTS : 1;
    const size_t noise = in->flow.coupling && slots > 1 ? in->flow.L : 0;
    const size_t count = C + in->flow.outputs + noise;
    double *next = in->of_rates = calloc(slots * count, sizeof *in->of_rates);
    for (size_t k = 0; k < slots && next; k++, next += count) {
        double *end = next + C;
        in->rates[k] = (ordpar_stage_rate){
            .coefficients = {next, end - 2 * KK, end - KK},
            .dv = end,
            .excess = noise ? end + in->flow.outputs : NULL,
        };
    }
    return next;
}

/* Numbers of y from which on threads share out a method's passes over its pieces: each takes 20
 * nanoseconds a number in all stages, waking a thread some ten microseconds. */
enum { SHARED = 1 << 14 };

/* [5.13] */
static bool is_wide(const ordpar_stepper *in) {
    return !in->options.keep && !in->integrator->pairs && ordpar_newton_may_be_wide(in->network);
}

/* Of wide networks each number meets 2 K others in every product of a pass. */
enum { SHARED_PRODUCTS = 1 << 20 };

static bool is_shared(const ordpar_stepper *in) {
    const size_t size = ordpar_flow_size(&in->flow);
    return in->integrator->pairs ? size >= SHARED
                                 : is_wide(in) && size >= SHARED_PRODUCTS / in->flow.K;
}

static bool allocate(ordpar_stepper *in) {
    const size_t K = in->network->K, L = in->flow.L, n = K + in->network->M, P = in->flow.P;
    const size_t outputs = ordpar_network_heads(in->network) * K;
    in->c = malloc((2 * n * n + P + 2 * L + K + 2 * outputs) * sizeof *in->c);
    in->teacher_of = calloc(K, sizeof *in->teacher_of);
    in->work = ordpar_coefficient_work_create(in->network);
    if (in->work)
        ordpar_coefficient_work_set_stop(in->work, in->options.stop);
    in->now = *in->network;
    const size_t pairs = in->integrator->pairs;
    in->newton = ordpar_newton_create(&in->flow, &in->now, in->coordinates, is_wide(in));
    if (!in->c || !in->teacher_of || !in->work || !in->newton || !allocate_rates(in))
        return false;
    if (is_shared(in))
        in->team = ordpar_team_for(pairs ? ORDPAR_MOST_PARTS : ordpar_flow_chunks(&in->flow));
    if (!pairs && in->team && !ordpar_wide_parts_share(ordpar_newton_parts(in->newton), in->team))
        return false;
    in->shifts =
        pairs ? ordpar_newton_shifts_create(in->newton, pairs, ordpar_team_size(in->team)) : NULL;
    if (pairs && !in->shifts)
        return false;
    in->m = in->c + n * n;
    in->r_tolerance = in->m + P;
    in->q_tolerance = in->r_tolerance + L;
    in->start = in->q_tolerance + L;
    in->v_tolerance = in->start + K + outputs;
    in->scratch = in->v_tolerance + outputs;
    in->now.v = memcpy(in->start + K, in->network->v, outputs * sizeof *in->c);
    return true;
}

/* The covariance of the fields at the start. */
static ordpar_status set_start(ordpar_stepper *in, const ordpar_spectrum *spectrum,
                               ordpar_error *err) {
    const size_t K = in->network->K, n = K + in->network->M;
    const ordpar_status status = ordpar_overlaps_moment(in->from.overlaps, spectrum, 1, in->c, err);
    if (status)
        return status;
    in->flow.state->teacher_covariance(&in->flow, in->c);
    ordpar_network_add_unlearnable(in->network, in->c);
    for (size_t i = 0; i < K; i++)
        in->start[i] = in->c[i * n + i];
    return ORDPAR_OK;
}

/*
 * Where deviations take over, eps_g is right relatively from there on: what it is by then, some
 * part of what the teacher alone has, must not be noise. Teachers are small here and there.
 */
static double set_atol(const ordpar_stepper *in) {
    const double part = 1e-4;
    if (!ordpar_stepper_watches(in))
        return in->options.atol;
    const double own = ordpar_network_teacher_error(in->network, in->c);
    return fmin(in->options.atol, part * in->options.rtol * fmax(own, 0));
}

/* Wide networks at all orders are followed in projections, but for what is tied, for labels' own
 * noise, and for overlaps that no vectors have. */
static ordpar_status init_flow(ordpar_stepper *in, const ordpar_spectrum *spectrum,
                               ordpar_error *err) {
    const size_t trained = in->options.trained_blocks;
    const ordpar_state *state = ordpar_state_for(in->network);
    if (state == &ordpar_state_overlaps && is_wide(in) && !in->watch.symmetry.exists &&
        !spectrum->noise) {
        const ordpar_status status = ordpar_flow_init(
            spectrum, in->network, &ordpar_state_projections, trained, &in->from, &in->flow, err);
        if (status != ORDPAR_INVALID)
            return status;
    }
    return ordpar_flow_init(spectrum, in->network, state, trained, &in->from, &in->flow, err);
}

static ordpar_status start(ordpar_stepper *in, const ordpar_spectrum *spectrum, double alpha,
                           ordpar_error *err) {
    const ordpar_network *net = in->network;
    ordpar_status status;
    if ((status = init_flow(in, spectrum, err)))
        return status;
    const double trace = ordpar_spectrum_moment(spectrum, 1);
    in->tolerance = (ordpar_tolerance){.rtol = in->options.rtol,
                                       .atol = in->options.atol,
                                       .p = spectrum->p,
                                       .N = spectrum->N,
                                       .trace = fabs(trace - 1) < 1e-9 ? 1 : trace};
    if (allocate(in)) {
        if (in->watch.symmetry.exists) {
            in->flow.symmetry = &in->watch.symmetry;
            ordpar_coefficient_work_set_symmetry(in->work, net->K, net->v, in->flow.symmetry);
        }
        if ((status = set_start(in, spectrum, err)))
            return status;
        in->tolerance.atol = set_atol(in);
        const ordpar_ode ode = ordpar_stepper_ode(in);
        in->method = in->integrator->create(&ode, alpha);
        ordpar_factors_clear(&in->from.factors);
        if (in->method)
            return ORDPAR_OK;
    }
    return ordpar_fail(err, ORDPAR_MEMORY,
                       "out of memory for an integration with K = %zu, M = %zu, L = %zu", net->K,
                       net->M, spectrum->L);
}

ordpar_status ordpar_stepper_create(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates,
                                    const ordpar_stepper_options *options, ordpar_flow_start *from,
                                    double alpha, ordpar_stepper **stepper, ordpar_error *err) {
    ordpar_stepper *made = calloc(1, sizeof *made);
    if (!made) {
        ordpar_factors_clear(&from->factors);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    }
    made->network = network;
    made->coordinates = coordinates;
    made->options = *options;
    made->integrator = options->integrator;
    made->from = *from;
    made->last_kink = alpha;
    made->next_kink = INFINITY;
    made->begins = true;
    made->lead_until = -INFINITY;
    from->factors = (ordpar_factors){0};
    ordpar_status status = coordinates->watch(network, from->overlaps, &made->watch, err);
    const int before = ordpar_threads_ask(options->threads);
    if (!status)
        status = start(made, spectrum, alpha, err);
    ordpar_threads_ask(before);
    if (status)
        ordpar_stepper_free(made);
    else
        *stepper = made;
    return status;
}

void ordpar_stepper_free(ordpar_stepper *stepper) {
    ordpar_stepper *in = stepper;
    if (!in)
        return;
    if (in->method)
        in->integrator->free(in->method);
    ordpar_newton_shifts_free(in->shifts);
    ordpar_team_free(in->team);
    ordpar_newton_free(in->newton);
    ordpar_coefficient_work_free(in->work);
    ordpar_flow_clear(&in->flow);
    ordpar_factors_clear(&in->from.factors);
    ordpar_saddle_clear(&in->watch.saddle);
    ordpar_symmetry_clear(&in->watch.symmetry);
    free(in->lead);
    free(in->teacher_of);
    free(in->of_rates);
    free(in->c);
    free(in);
}

static const double *state_of(const ordpar_stepper *in) {
    return in->integrator->state(in->method);
}

double ordpar_stepper_error_at(ordpar_stepper *in, const double *y) {
    ordpar_stepper_set_covariance(in, y);
    return in->coordinates->error(&in->now, in->c, in->work);
}

double ordpar_stepper_error(ordpar_stepper *stepper) {
    return ordpar_stepper_error_at(stepper, state_of(stepper));
}

/* Deviations of students that do not decay, as linear ones of which the sum alone is learned and
 * those of no output, cancel in eps_g or stand beside those that do. */
static double noise_of_deviations(const ordpar_stepper *in) {
    const size_t K = in->flow.K, n = K + in->flow.M;
    double output = 0, sum = 0;
    for (size_t i = 0; i < K; i++) {
        output = fmax(output, fabs(in->now.v[i]));
        sum += sqrt(fabs(in->c[i * (n + 1)]));
    }
    return 4 * DBL_EPSILON * output * output * sum * sum / 2;
}

double ordpar_stepper_noise(const ordpar_stepper *stepper) {
    if (!stepper->coordinates->next)
        return noise_of_deviations(stepper);
    const double size = ordpar_network_outputs_size(&stepper->now, stepper->c);
    return 4 * DBL_EPSILON * size * size / 2;
}

/* The least eigenvalue of a block's correlations, which is below 0 by more than rounding where a
 * saddle has amplified rounding that parts units the other way than any weights can. */
static double least_correlation(const ordpar_stepper *in) {
    double least = 0;
    ordpar_overlaps state;
    if (!in->coordinates->next ||
        ordpar_overlaps_init(in->flow.K, in->flow.M, in->flow.L, &state, NULL))
        return 0;
    ordpar_stepper_read(in, &state);
    const ordpar_status status = ordpar_overlaps_min_eigenvalue(&state, &least, NULL, NULL);
    ordpar_overlaps_clear(&state);
    return status ? 0 : least;
}

static ordpar_status explain(ordpar_stepper *in, ordpar_error *err) {
    const double alpha = in->integrator->alpha(in->method);
    if (ordpar_stepper_stopped(in))
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", alpha);
    if (in->steps > in->options.most_steps)
        return ordpar_fail(
            err, ORDPAR_NUMERICAL,
            "gave up at alpha = %.6g after %ld steps: eta = %g or the noise is too large, "
            "or alpha goes on long after everything has decayed",
            alpha, in->options.most_steps, in->now.eta);
    if (in->diverged)
        return ordpar_fail(
            err, ORDPAR_DIVERGED,
            "the generalization error diverges: it passes %g at alpha = %.6g (eta = %g)",
            ORDPAR_STEPPER_DIVERGENCE, alpha, in->now.eta);
    if (in->vanished)
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "the weights of student %zu become 0 at alpha = %.6g, where %s has no "
                           "derivative: the equations of lowest order in eta end there",
                           in->vanished, alpha, in->network->activation->name);
    const double beyond = 1e10; /* of any network that learns; averages by quadrature end there */
    if (fabs(ordpar_stepper_error(in)) > beyond)
        return ordpar_fail(err, ORDPAR_DIVERGED,
                           "the generalization error diverges: it is %g at alpha = %.6g (eta = %g)",
                           ordpar_stepper_error(in), alpha, in->now.eta);
    const double least = least_correlation(in);
    if (least < -1e-3)
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "at alpha = %.6g, where eps_g = %.6g, the overlaps are those of no "
                           "weights (their correlations have the eigenvalue %.2g): a saddle has "
                           "amplified rounding, which is more than what sets units of the start "
                           "apart; a larger sigma_J, or arbitrary precision, resolves it",
                           alpha, ordpar_printed(ordpar_stepper_error(in)), least);
    char reason[64];
    in->integrator->reason(in->method, sizeof reason, reason);
    return ordpar_fail(err, ORDPAR_NUMERICAL,
                       "the integration failed at alpha = %.6g, where eps_g = %.6g (%s)", alpha,
                       ordpar_printed(ordpar_stepper_error(in)), reason);
}

/* [13.4], [17.1] A step must not reach over a kink of the schedule, nor a step of the tasks. The
 * method itself may have come to it while rows before it are asked for. */
static double next_kink(const ordpar_stepper *in) {
    const ordpar_training *training = &in->network->training;
    return fmin(ordpar_schedule_next_kink(&training->schedule, in->last_kink),
                ordpar_tasks_next_step(&training->tasks, in->last_kink));
}

/* Past a jump the history of the steps tells nothing of the derivative. */
static bool pass_kink(ordpar_stepper *in, double kink) {
    const ordpar_schedule *schedule = &in->network->training.schedule;
    const ordpar_tasks *tasks = &in->network->training.tasks;
    const double before = ordpar_schedule_eta_before(schedule, 1, kink);
    in->last_kink = kink;
    in->next_kink = INFINITY;
    in->begins = true;
    return (before == ordpar_schedule_eta(schedule, 1, kink) &&
            ordpar_tasks_before(tasks, kink) == ordpar_tasks_at(tasks, kink)) ||
           in->integrator->restart(in->method, kink);
}

/* Steps made before tell nothing of what leaves 0. */
static bool begin(ordpar_stepper *in, double alpha) {
    bool leads;
    if (!in->begins)
        return true;
    return ordpar_stepper_look_ahead(in, alpha, &leads) &&
           (!leads || in->steps == 0 ||
            in->integrator->restart(in->method, in->integrator->alpha(in->method)));
}

ordpar_status ordpar_stepper_advance(ordpar_stepper *stepper, double alpha, double *reached,
                                     ordpar_pause *pause, ordpar_error *err) {
    ordpar_stepper *in = stepper;
    ordpar_advance result;
    if (ordpar_stepper_stopped(in)) /* many rows may lie in the last step */
        return explain(in, err);
    do {
        in->next_kink = next_kink(in);
        if (!begin(in, alpha))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
        result = in->integrator->advance(in->method, alpha, in->next_kink, reached);
        if (result == ORDPAR_ADVANCE_REACHED && *reached >= in->next_kink)
            result = ORDPAR_ADVANCE_STOPPED; /* a row there */
        if (result == ORDPAR_ADVANCE_STOPPED && !pass_kink(in, *reached))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    } while (result == ORDPAR_ADVANCE_STOPPED && *reached < alpha);
    *pause = result == ORDPAR_ADVANCE_EVENT    ? ORDPAR_PAUSE_SPECIALISED
             : result != ORDPAR_ADVANCE_FAILED ? ORDPAR_PAUSE_NONE
                                               : ORDPAR_PAUSE_IMPOSSIBLE;
    if (*pause != ORDPAR_PAUSE_IMPOSSIBLE)
        return ORDPAR_OK;
    *reached = in->integrator->alpha(in->method);
    return in->impossible ? ORDPAR_OK : explain(in, err);
}

bool ordpar_stepper_match(ordpar_stepper *stepper, size_t *teacher_of) {
    if (!ordpar_stepper_watches(stepper))
        return false;
    ordpar_stepper_set_covariance(stepper, state_of(stepper));
    /* a little slack: the root is found from outside */
    return ordpar_match_students(stepper->network, stepper->c, teacher_of) <
           1.01 * ORDPAR_STEPPER_CLOSE_ENOUGH;
}

/* A run that goes on from what is read keeps what is tied: products of vectors that were the same
 * differ by rounding, and so do output weights. */
static void tie(const ordpar_stepper *stepper, ordpar_overlaps *state) {
    const ordpar_symmetry *symmetry = &stepper->watch.symmetry;
    if (!symmetry->exists)
        return;
    if (stepper->flow.state == &ordpar_state_vectors)
        ordpar_symmetry_tie_overlaps(symmetry, state, stepper->scratch);
    if (stepper->flow.outputs && state->v)
        ordpar_symmetry_tie_outputs(symmetry, state->v);
}

void ordpar_stepper_read(const ordpar_stepper *stepper, ordpar_overlaps *state) {
    const double *y = state_of(stepper);
    ordpar_flow_unpack(&stepper->flow, y, state);
    if (stepper->flow.outputs && state->v)
        memcpy(state->v, y + stepper->flow.S * stepper->flow.L, stepper->flow.outputs * sizeof *y);
    tie(stepper, state);
}

void ordpar_stepper_read_possible(ordpar_stepper *stepper, ordpar_overlaps *state) {
    ordpar_stepper_read(stepper, state);
    ordpar_saddle_make_possible(&stepper->watch.saddle, stepper->scratch, state);
}

void ordpar_stepper_recall(ordpar_stepper *stepper, const double *saddles, size_t count) {
    ordpar_saddle_recall(&stepper->watch.saddle, saddles, count);
}

ordpar_status ordpar_stepper_deviate(const ordpar_stepper *stepper, const size_t *teacher_of,
                                     ordpar_factors *factors, ordpar_error *err) {
    return stepper->flow.state->deviate(&stepper->flow, state_of(stepper), teacher_of, factors,
                                        err);
}

ordpar_integrator_counts ordpar_stepper_counts(const ordpar_stepper *stepper) {
    return stepper->integrator->stats(stepper->method);
}

const ordpar_watch *ordpar_stepper_watch(const ordpar_stepper *stepper) {
    return &stepper->watch;
}
