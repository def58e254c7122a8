// SPDX-License-Identifier: GPL-3.0-or-later
#include "stepper.h"

#include "flow.h"
#include "matching.h"
#include "newton.h"
#include "symmetry.h"
#include "tolerance.h"
#include "trained_outputs.h"
#include "vector.h"

#include <cvode/cvode.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

/* eps_g beyond this counts as divergence. */
static const double divergence = 1e100;

/* And so does growth by this factor where no step is short enough: quadratic units at lowest order
 * in eta reach infinity at a finite alpha. */
static const double explosion = 1e6;

/* Students within this squared distance of their teachers, in units of the teacher's own square,
 * are close enough for deviation coordinates. */
static const double close_enough = 0.01;

struct ordpar_stepper {
    const ordpar_network *network;
    ordpar_network now; /* *network with the present eta and, in its own memory, the present v */
    const ordpar_coordinates *coordinates;
    const ordpar_integrate_options *options;
    ordpar_flow flow;
    ordpar_tolerance tolerance;
    ordpar_coefficients coefficients;
    ordpar_coefficient_work *work;
    ordpar_newton *newton;
    double *c;             /* [(K+M)^2] covariance of the fields; the teachers' part is constant */
    double *m;             /* [P] */
    double *r_tolerance;   /* [L] */
    double *q_tolerance;   /* [L] */
    size_t *teacher_of;    /* [K] */
    double least_distance; /* of two students, over the stretch */
    size_t same_units;     /* pairs that start the same */
    double parted_from;    /* where they were found to have parted */
    double last_kink;      /* of the schedule, where it stopped */
    long steps;            /* of this stretch, as the error weights count them */
    double first_error;    /* eps_g where it starts */
    bool diverged;         /* found by the error weights, which cannot say it otherwise */
    SUNContext context;
    void *cvode;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver solver;
};

/* What the equations depend on but for alpha: the fields' covariance and the outputs. */
static void set_covariance(ordpar_stepper *in, const double *y) {
    ordpar_flow_moment(&in->flow, y, in->m);
    ordpar_covariance_set(in->flow.K, in->flow.M, in->m, in->c);
    if (in->flow.outputs) {
        memcpy(in->now.v, y + in->flow.P * in->flow.L, in->flow.K * sizeof *y);
        ordpar_coefficient_work_set_outputs(in->work, in->flow.K, in->now.v);
    }
}

static void set_eta(ordpar_stepper *in, double alpha) {
    in->now.eta = ordpar_schedule_eta(&in->network->training.schedule, in->network->eta, alpha);
}

static bool stopped(const ordpar_stepper *in) {
    return in->options->stop && *in->options->stop;
}

/* CVODE's right-hand side: 0 done, > 0 try a smaller step, < 0 give up. */
static int right_hand_side(sunrealtype alpha, N_Vector y, N_Vector dy, void *data) {
    ordpar_stepper *in = data;
    const double *state = N_VGetArrayPointer(y);
    double *out = N_VGetArrayPointer(dy);
    if (stopped(in))
        return -1;
    set_covariance(in, state);
    set_eta(in, alpha);
    if (!in->coordinates->evaluate(&in->now, in->c, in->work, &in->coefficients))
        return 1;
    if (in->now.eta != in->flow.eta)
        ordpar_coefficients_scale(in->flow.K, in->flow.M, 1, in->now.eta / in->flow.eta,
                                  in->coefficients.A);
    ordpar_flow_apply(&in->flow, &in->coefficients, state, out);
    if (in->flow.outputs)
        ordpar_outputs_flow(&in->now, in->c, in->work, out + in->flow.P * in->flow.L);
    return 0;
}

static void invert(size_t count, double *x) {
    for (size_t k = 0; k < count; k++)
        x[k] = 1 / x[k];
}

static void watch_same_units(ordpar_stepper *in) {
    if (in->same_units == 0 || in->parted_from < INFINITY ||
        ordpar_near_units(in->flow.K, in->flow.M, in->c) >= in->same_units)
        return;
    CVodeGetCurrentTime(in->cvode, &in->parted_from);
}

static int error_weights(N_Vector y, N_Vector weights, void *data) {
    ordpar_stepper *in = data;
    const double *state = N_VGetArrayPointer(y);
    if (in->options->tick) {
        double alpha = 0;
        CVodeGetCurrentTime(in->cvode, &alpha);
        in->options->tick(in->options->context, alpha);
    }
    if (++in->steps > ORDPAR_MAX_INTEGRATOR_STEPS)
        return -1;
    set_covariance(in, state);
    const double eps_g = fabs(in->coordinates->error(&in->now, in->c, in->work));
    double *out = N_VGetArrayPointer(weights);
    if (in->steps == 1)
        in->first_error = eps_g;
    if (!(eps_g < divergence)) {
        in->diverged = true;
        return -1;
    }
    if (in->coordinates->relative) {
        ordpar_tolerance_deviations(&in->tolerance, &in->flow, state, eps_g, in->r_tolerance,
                                    in->q_tolerance);
    } else {
        const double distance =
            ordpar_least_distance(in->network->activation, in->flow.K, in->flow.M, in->c);
        watch_same_units(in);
        in->least_distance = fmin(in->least_distance, distance);
        ordpar_tolerance_overlaps(&in->tolerance, &in->flow, in->c, eps_g, distance,
                                  in->r_tolerance, in->q_tolerance);
        const double v_tolerance =
            ordpar_tolerance_outputs(&in->tolerance, &in->flow, in->now.v, eps_g, distance);
        for (size_t i = 0; i < in->flow.outputs; i++)
            out[in->flow.P * in->flow.L + i] = 1 / v_tolerance;
    }
    invert(in->flow.L, in->r_tolerance);
    invert(in->flow.L, in->q_tolerance);
    ordpar_flow_spread(&in->flow, in->r_tolerance, in->q_tolerance, out);
    return 0;
}

/* Crosses zero when every student has come close to a teacher of its own. */
static int specialised(sunrealtype alpha, N_Vector y, sunrealtype *root, void *data) {
    ordpar_stepper *in = data;
    (void)alpha;
    set_covariance(in, N_VGetArrayPointer(y));
    const double distance = ordpar_match_students(in->network, in->c, in->teacher_of);
    root[0] = distance < INFINITY ? distance - close_enough : 1;
    return 0;
}

/* The Newton matrix 1 - gamma J as SUNDIALS sees it: a handle whose content is the integration. */
static SUNMatrix_ID matrix_id(SUNMatrix matrix) {
    (void)matrix;
    return SUNMATRIX_CUSTOM;
}

static int matrix_zero(SUNMatrix matrix) {
    (void)matrix;
    return 0;
}

/* CVODE asks for the matrix; the factorisation is made here, at the gamma and state it names. */
static int linear_system(sunrealtype alpha, N_Vector y, N_Vector dy, SUNMatrix matrix,
                         sunbooleantype jacobian_is_good, sunbooleantype *jacobian_is_current,
                         sunrealtype gamma, void *data, N_Vector t1, N_Vector t2, N_Vector t3) {
    ordpar_stepper *in = data;
    (void)dy, (void)matrix, (void)jacobian_is_good, (void)t1, (void)t2, (void)t3;
    *jacobian_is_current = SUNTRUE;
    set_covariance(in, N_VGetArrayPointer(y));
    set_eta(in, alpha);
    return ordpar_newton_setup(in->newton, gamma, N_VGetArrayPointer(y), in->c, in->work) ? 0 : 1;
}

static SUNLinearSolver_Type solver_type(SUNLinearSolver solver) {
    (void)solver;
    return SUNLINEARSOLVER_DIRECT;
}

static int solver_setup(SUNLinearSolver solver, SUNMatrix matrix) {
    (void)solver, (void)matrix;
    return 0;
}

static int solver_solve(SUNLinearSolver solver, SUNMatrix matrix, N_Vector x, N_Vector b,
                        sunrealtype tolerance) {
    ordpar_stepper *in = solver->content;
    (void)matrix, (void)tolerance;
    N_VScale(1, b, x);
    ordpar_newton_solve(in->newton, N_VGetArrayPointer(x));
    return 0;
}

static bool attach_linear_solver(ordpar_stepper *in) {
    in->matrix = SUNMatNewEmpty(in->context);
    in->solver = SUNLinSolNewEmpty(in->context);
    if (!in->matrix || !in->solver)
        return false;
    in->matrix->ops->getid = matrix_id;
    in->matrix->ops->zero = matrix_zero;
    in->solver->ops->gettype = solver_type;
    in->solver->ops->setup = solver_setup;
    in->solver->ops->solve = solver_solve;
    in->solver->content = in;
    return CVodeSetLinearSolver(in->cvode, in->solver, in->matrix) == CVLS_SUCCESS &&
           CVodeSetLinSysFn(in->cvode, linear_system) == CVLS_SUCCESS;
}

static void ignore_error(int code, const char *module, const char *function, char *message,
                         void *data) {
    (void)code, (void)module, (void)function, (void)message, (void)data;
}

static bool create_cvode(ordpar_stepper *in, double alpha) {
    enum { UNLIMITED = -1, MAX_FAILURES = 50 };
    in->cvode = CVodeCreate(CV_BDF, in->context);
    if (!in->cvode || CVodeSetErrHandlerFn(in->cvode, ignore_error, NULL) != CV_SUCCESS)
        return false;
    if (CVodeInit(in->cvode, right_hand_side, alpha, in->y) != CV_SUCCESS) {
        free(in->cvode); /* all that is left: CVodeFree would free the vectors a second time */
        in->cvode = NULL;
        return false;
    }
    if (CVodeSetUserData(in->cvode, in) != CV_SUCCESS ||
        CVodeWFtolerances(in->cvode, error_weights) != CV_SUCCESS ||
        CVodeSetMaxNumSteps(in->cvode, UNLIMITED) != CV_SUCCESS ||
        CVodeSetMaxErrTestFails(in->cvode, MAX_FAILURES) != CV_SUCCESS ||
        CVodeSetMaxConvFails(in->cvode, MAX_FAILURES) != CV_SUCCESS || !attach_linear_solver(in))
        return false;
    const bool watch = !in->coordinates->relative && ordpar_matching_is_possible(in->network);
    return (!watch || CVodeRootInit(in->cvode, 1, specialised) == CV_SUCCESS) &&
           !ordpar_vector_exhausted(in->y);
}

static bool allocate(ordpar_stepper *in) {
    const size_t K = in->network->K, L = in->flow.L, n = K + in->network->M, P = in->flow.P;
    in->c = malloc((n * n + P + 2 * L + K) * sizeof *in->c);
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
    in->now.v = memcpy(in->q_tolerance + L, in->network->v, K * sizeof *in->c);
    in->y = ordpar_vector_create(ordpar_flow_size(&in->flow), in->context);
    return in->y != NULL;
}

static ordpar_status start(ordpar_stepper *in, const ordpar_spectrum *spectrum,
                           const ordpar_overlaps *state, double alpha, ordpar_error *err) {
    const size_t K = in->network->K, M = in->network->M;
    ordpar_status status;
    if ((status = ordpar_flow_init(spectrum, in->network, in->options->trained_blocks, state->t,
                                   &in->flow, err)) ||
        (status = ordpar_coefficients_init(K, M, &in->coefficients, err)))
        return status;
    in->tolerance =
        (ordpar_tolerance){.rtol = in->options->rtol, .atol = in->options->atol, .p = spectrum->p};
    if (allocate(in)) {
        if ((status = ordpar_overlaps_moment(state, spectrum, 1, in->c, err)))
            return status;
        double *y = N_VGetArrayPointer(in->y);
        ordpar_flow_pack(&in->flow, state, y);
        memcpy(y + in->flow.P * in->flow.L, in->network->v, in->flow.outputs * sizeof *y);
        if (create_cvode(in, alpha))
            return ORDPAR_OK;
    }
    return ordpar_fail(err, ORDPAR_MEMORY,
                       "out of memory for an integration with K = %zu, M = %zu, L = %zu", K, M,
                       spectrum->L);
}

ordpar_status ordpar_stepper_create(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates,
                                    const ordpar_integrate_options *options,
                                    const ordpar_overlaps *state, double alpha,
                                    ordpar_stepper **stepper, ordpar_error *err) {
    ordpar_stepper *made = calloc(1, sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    made->network = network;
    made->coordinates = coordinates;
    made->options = options;
    made->least_distance = made->parted_from = INFINITY;
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
    free(in->teacher_of);
    free(in->c);
    free(in);
}

double ordpar_stepper_error(ordpar_stepper *stepper) {
    set_covariance(stepper, N_VGetArrayPointer(stepper->y));
    return stepper->coordinates->error(&stepper->now, stepper->c, stepper->work);
}

static ordpar_status explain(ordpar_stepper *in, int flag, ordpar_error *err) {
    double alpha = 0;
    CVodeGetCurrentTime(in->cvode, &alpha);
    if (stopped(in))
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
            divergence, alpha, in->now.eta);
    const double eps_g = ordpar_stepper_error(in);
    if (eps_g > explosion * fmax(1, in->first_error))
        return ordpar_fail(err, ORDPAR_DIVERGED,
                           "the generalization error diverges: it is %g at alpha = %.6g, where no "
                           "step is short enough (eta = %g)",
                           eps_g, alpha, in->now.eta);
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
    if (kink < INFINITY)
        CVodeSetStopTime(in->cvode, kink);
}

ordpar_status ordpar_stepper_advance(ordpar_stepper *stepper, double alpha, double *reached,
                                     bool *specialised_now, ordpar_error *err) {
    int flag;
    do {
        stop_at_kink(stepper);
        flag = CVode(stepper->cvode, alpha, stepper->y, reached, CV_NORMAL);
        if (flag == CV_TSTOP_RETURN)
            stepper->last_kink = *reached;
    } while (flag == CV_TSTOP_RETURN && *reached < alpha);
    *specialised_now = flag == CV_ROOT_RETURN;
    return flag < 0 ? explain(stepper, flag, err) : ORDPAR_OK;
}

bool ordpar_stepper_match(ordpar_stepper *stepper, size_t *teacher_of) {
    if (stepper->coordinates->relative || !ordpar_matching_is_possible(stepper->network))
        return false;
    set_covariance(stepper, N_VGetArrayPointer(stepper->y));
    /* a little slack: the root is found from outside */
    return ordpar_match_students(stepper->network, stepper->c, teacher_of) < 1.01 * close_enough;
}

void ordpar_stepper_read(const ordpar_stepper *stepper, ordpar_overlaps *state) {
    const double *y = N_VGetArrayPointer(stepper->y);
    ordpar_flow_unpack(&stepper->flow, y, state);
    if (stepper->flow.outputs && state->v)
        memcpy(state->v, y + stepper->flow.P * stepper->flow.L, state->K * sizeof *y);
}

void ordpar_stepper_add_stats(const ordpar_stepper *stepper, ordpar_integrate_stats *stats) {
    long count[5] = {0};
    CVodeGetNumSteps(stepper->cvode, &count[0]);
    CVodeGetNumRhsEvals(stepper->cvode, &count[1]);
    CVodeGetNumNonlinSolvIters(stepper->cvode, &count[2]);
    CVodeGetNumLinSolvSetups(stepper->cvode, &count[3]);
    CVodeGetNumErrTestFails(stepper->cvode, &count[4]);
    stats->steps += count[0];
    stats->rhs += count[1];
    stats->newton_iterations += count[2];
    stats->setups += count[3];
    stats->error_test_failures += count[4];
    stats->least_student_distance = fmin(stats->least_student_distance, stepper->least_distance);
    stats->parted_from = fmin(stats->parted_from, stepper->parted_from);
}
