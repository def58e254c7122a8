// SPDX-License-Identifier: GPL-3.0-or-later
#include "stepper_internal.h"

#include "flow_vectors.h"
#include "matching.h"
#include "symmetry.h"
#include "vector.h"

#include <cvode/cvode.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool allocate(ordpar_stepper *in) {
    const size_t K = in->network->K, L = in->flow.L, n = K + in->network->M, P = in->flow.P;
    in->c = malloc((n * n + P + 2 * L + 2 * K) * sizeof *in->c);
    in->teacher_of = calloc(K, sizeof *in->teacher_of);
    in->work = ordpar_coefficient_work_create(in->network);
    in->newton = ordpar_newton_create(&in->flow, &in->now, in->coordinates);
    if (!in->c || !in->teacher_of || !in->work || !in->newton)
        return false;
    if (SUNContext_Create(NULL, &in->context) != 0) {
        in->context = NULL; /* not made */
        return false;
    }
    in->m = in->c + n * n;
    in->r_tolerance = in->m + P;
    in->q_tolerance = in->r_tolerance + L;
    in->now = *in->network;
    in->start = in->q_tolerance + L;
    in->now.v = memcpy(in->start + K, in->network->v, K * sizeof *in->c);
    in->y = ordpar_vector_create(ordpar_flow_size(&in->flow), in->context);
    return in->y != NULL;
}

/* Lowest order in eta: vectors move, and stay vectors. Rounding and tolerances cannot make Gram
 * matrices of them that no vectors have, which saddles would amplify. */
static ordpar_status init_flow(ordpar_stepper *in, const ordpar_spectrum *spectrum,
                               const ordpar_overlaps *state, ordpar_error *err) {
    const size_t trained = in->options->trained_blocks;
    if (!in->network->small_eta)
        return ordpar_flow_init(spectrum, in->network, trained, state->t, &in->flow, err);
    const ordpar_status status =
        in->factors.D ? ORDPAR_OK : ordpar_factors_init(state, spectrum, &in->factors, err);
    return status ? status
                  : ordpar_flow_init_vectors(spectrum, in->network, trained, &in->factors,
                                             &in->flow, err);
}

static void set_state(ordpar_stepper *in, const ordpar_overlaps *state) {
    double *y = N_VGetArrayPointer(in->y);
    if (in->flow.D)
        ordpar_flow_pack_vectors(&in->flow, &in->factors, y);
    else
        ordpar_flow_pack(&in->flow, state, y);
    ordpar_factors_clear(&in->factors);
    memcpy(y + in->flow.S * in->flow.L, in->network->v, in->flow.outputs * sizeof *y);
}

static ordpar_status start(ordpar_stepper *in, const ordpar_spectrum *spectrum,
                           const ordpar_overlaps *state, double alpha, ordpar_error *err) {
    const size_t K = in->network->K, M = in->network->M;
    ordpar_status status;
    if ((status = init_flow(in, spectrum, state, err)) ||
        (status = ordpar_coefficients_init(K, M, &in->coefficients, err)))
        return status;
    in->tolerance = (ordpar_tolerance){.rtol = in->options->rtol,
                                       .atol = in->options->atol,
                                       .p = spectrum->p,
                                       .activation = in->network->activation};
    if (allocate(in)) {
        if ((status = ordpar_overlaps_moment(state, spectrum, 1, in->c, err)))
            return status;
        if (in->flow.D)
            ordpar_vectors_teacher_covariance(&in->flow, in->c);
        for (size_t i = 0; i < K; i++)
            in->start[i] = in->c[i * (K + M) + i];
        set_state(in, state);
        if (ordpar_stepper_create_cvode(in, alpha))
            return ORDPAR_OK;
    }
    return ordpar_fail(err, ORDPAR_MEMORY,
                       "out of memory for an integration with K = %zu, M = %zu, L = %zu", K, M,
                       spectrum->L);
}

ordpar_status ordpar_stepper_create(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates,
                                    const ordpar_integrate_options *options,
                                    const ordpar_overlaps *state, ordpar_factors *factors,
                                    double alpha, ordpar_stepper **stepper, ordpar_error *err) {
    ordpar_stepper *made = calloc(1, sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    made->network = network;
    made->coordinates = coordinates;
    made->options = options;
    made->least_distance = made->parted_from = made->next_kink = INFINITY;
    if (factors) {
        made->factors = *factors;
        *factors = (ordpar_factors){0};
    }
    if (!coordinates->relative)
        made->same_units = ordpar_same_units(network, state);
    const ordpar_status status = start(made, spectrum, state, alpha, err);
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
    if (in->cvode)
        CVodeFree(&in->cvode);
    if (in->solver)
        SUNLinSolFreeEmpty(in->solver);
    if (in->matrix)
        SUNMatFreeEmpty(in->matrix);
    if (in->y)
        N_VDestroy(in->y);
    if (in->context)
        SUNContext_Free(&in->context);
    ordpar_newton_free(in->newton);
    ordpar_coefficient_work_free(in->work);
    ordpar_coefficients_clear(&in->coefficients);
    ordpar_flow_clear(&in->flow);
    ordpar_factors_clear(&in->factors);
    free(in->teacher_of);
    free(in->c);
    free(in);
}

double ordpar_stepper_error(ordpar_stepper *stepper) {
    ordpar_stepper_set_covariance(stepper, N_VGetArrayPointer(stepper->y));
    return stepper->coordinates->error(&stepper->now, stepper->c, stepper->work);
}

static ordpar_status explain(ordpar_stepper *in, int flag, ordpar_error *err) {
    double alpha = 0;
    CVodeGetCurrentTime(in->cvode, &alpha);
    if (ordpar_stepper_stopped(in))
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", alpha);
    if (in->steps > ORDPAR_MAX_INTEGRATOR_STEPS)
        return ordpar_fail(
            err, ORDPAR_NUMERICAL,
            "gave up at alpha = %.6g after %ld steps: eta = %g or the noise is too large, "
            "or alpha goes on long after everything has decayed",
            alpha, ORDPAR_MAX_INTEGRATOR_STEPS, in->now.eta);
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
    const double eps_g = ordpar_stepper_error(in);
    char *name = CVodeGetReturnFlagName(flag);
    const ordpar_status status = ordpar_fail(
        err, ORDPAR_NUMERICAL, "the integration failed at alpha = %.6g, where eps_g = %.6g (%s)",
        alpha, eps_g, name ? name : "unknown reason");
    free(name);
    return status;
}

/* [13.4] A step must not reach over a kink of the schedule. */
static void stop_at_kink(ordpar_stepper *in) {
    double at = 0;
    CVodeGetCurrentTime(in->cvode, &at);
    const double kink = ordpar_schedule_next_kink(&in->network->training.schedule,
                                                  fmax(at, in->last_kink)); /* at may fall short */
    in->next_kink = kink;
    if (kink < INFINITY)
        CVodeSetStopTime(in->cvode, kink);
}

static void add_counts(const ordpar_stepper *in, long counts[ORDPAR_STEPPER_COUNTS]) {
    long count[ORDPAR_STEPPER_COUNTS] = {0};
    CVodeGetNumSteps(in->cvode, &count[0]);
    CVodeGetNumRhsEvals(in->cvode, &count[1]);
    CVodeGetNumNonlinSolvIters(in->cvode, &count[2]);
    CVodeGetNumLinSolvSetups(in->cvode, &count[3]);
    CVodeGetNumErrTestFails(in->cvode, &count[4]);
    for (int k = 0; k < ORDPAR_STEPPER_COUNTS; k++)
        counts[k] += count[k];
}

/* Past a jump the history of the steps tells nothing of the derivative. */
static int pass_kink(ordpar_stepper *in, double kink) {
    const ordpar_schedule *schedule = &in->network->training.schedule;
    const double before = ordpar_schedule_eta_before(schedule, 1, kink);
    in->last_kink = kink;
    in->next_kink = INFINITY;
    if (before == ordpar_schedule_eta(schedule, 1, kink))
        return CV_SUCCESS;
    add_counts(in, in->counts); /* CVODE begins to count again */
    return CVodeReInit(in->cvode, kink, in->y);
}

ordpar_status ordpar_stepper_advance(ordpar_stepper *stepper, double alpha, double *reached,
                                     bool *specialised_now, ordpar_error *err) {
    int flag;
    do {
        stop_at_kink(stepper);
        flag = CVode(stepper->cvode, alpha, stepper->y, reached, CV_NORMAL);
        if (flag == CV_TSTOP_RETURN && pass_kink(stepper, stepper->next_kink) < 0)
            return explain(stepper, CV_MEM_FAIL, err);
    } while (flag == CV_TSTOP_RETURN && *reached < alpha);
    *specialised_now = flag == CV_ROOT_RETURN;
    return flag < 0 ? explain(stepper, flag, err) : ORDPAR_OK;
}

bool ordpar_stepper_match(ordpar_stepper *stepper, size_t *teacher_of) {
    if (stepper->coordinates->relative || !ordpar_matching_is_possible(stepper->network))
        return false;
    ordpar_stepper_set_covariance(stepper, N_VGetArrayPointer(stepper->y));
    /* a little slack: the root is found from outside */
    return ordpar_match_students(stepper->network, stepper->c, teacher_of) <
           1.01 * ORDPAR_STEPPER_CLOSE_ENOUGH;
}

void ordpar_stepper_read(const ordpar_stepper *stepper, ordpar_overlaps *state) {
    const double *y = N_VGetArrayPointer(stepper->y);
    ordpar_flow_unpack(&stepper->flow, y, state);
    if (stepper->flow.outputs && state->v)
        memcpy(state->v, y + stepper->flow.S * stepper->flow.L, state->K * sizeof *y);
}

bool ordpar_stepper_has_vectors(const ordpar_stepper *stepper) {
    return stepper->flow.D > 0;
}

ordpar_status ordpar_stepper_read_vectors(const ordpar_stepper *stepper, ordpar_factors *factors,
                                          ordpar_error *err) {
    const ordpar_flow *flow = &stepper->flow;
    const ordpar_status status =
        ordpar_factors_allocate(flow->K, flow->M, flow->L, flow->D, factors, err);
    if (!status)
        ordpar_flow_unpack_vectors(flow, N_VGetArrayPointer(stepper->y), factors);
    return status;
}

void ordpar_stepper_add_stats(const ordpar_stepper *stepper, ordpar_integrate_stats *stats) {
    long count[ORDPAR_STEPPER_COUNTS];
    memcpy(count, stepper->counts, sizeof count);
    add_counts(stepper, count);
    stats->steps += count[0];
    stats->rhs += count[1];
    stats->newton_iterations += count[2];
    stats->setups += count[3];
    stats->error_test_failures += count[4];
    stats->least_student_distance = fmin(stats->least_student_distance, stepper->least_distance);
    stats->parted_from = fmin(stats->parted_from, stepper->parted_from);
}
