// SPDX-License-Identifier: GPL-3.0-or-later
/* What CVODE calls: the right-hand side, the error weights, the root, the Newton matrix. */
#include "stepper_internal.h"

#include "matching.h"
#include "symmetry.h"
#include "trained_outputs.h"
#include "vector.h"

#include <cvode/cvode.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void ordpar_stepper_set_covariance(ordpar_stepper *in, const double *y) {
    ordpar_flow_moment(&in->flow, y, in->m);
    ordpar_covariance_set(in->flow.K, in->flow.M, in->m, in->c);
    if (in->flow.outputs) {
        memcpy(in->now.v, y + in->flow.S * in->flow.L, in->flow.K * sizeof *y);
        ordpar_coefficient_work_set_outputs(in->work, in->flow.K, in->now.v);
    }
}

/* [13.4] Up to the next kink, where a step ends, eta is that of the piece before it. */
static void set_eta(ordpar_stepper *in, double alpha) {
    const ordpar_schedule *schedule = &in->network->training.schedule;
    in->now.eta = alpha >= in->next_kink
                      ? ordpar_schedule_eta_before(schedule, in->network->eta, in->next_kink)
                      : ordpar_schedule_eta(schedule, in->network->eta, alpha);
}

bool ordpar_stepper_stopped(const ordpar_stepper *in) {
    return in->options->stop && *in->options->stop;
}

/* CVODE's right-hand side: 0 done, > 0 try a smaller step, < 0 give up. */
static int right_hand_side(sunrealtype alpha, N_Vector y, N_Vector dy, void *data) {
    ordpar_stepper *in = data;
    const double *state = N_VGetArrayPointer(y);
    double *out = N_VGetArrayPointer(dy);
    if (ordpar_stepper_stopped(in))
        return -1;
    ordpar_stepper_set_covariance(in, state);
    set_eta(in, alpha);
    if (!in->coordinates->evaluate(&in->now, in->c, in->work, &in->coefficients))
        return 1;
    if (in->now.eta != in->flow.eta)
        ordpar_coefficients_scale(in->flow.K, in->flow.M, 1, in->now.eta / in->flow.eta,
                                  in->coefficients.A);
    ordpar_flow_apply(&in->flow, &in->coefficients, state, out);
    if (in->flow.outputs)
        ordpar_outputs_flow(&in->now, in->c, in->work, out + in->flow.S * in->flow.L);
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

/*
 * Units that are homogeneous of degree 1 have a gradient that does not vanish with their weights.
 * Where it points to 0 from all sides, gradient flow takes a student there in a finite time; the
 * steps would become ever shorter. Returns the student, from 1, that has come so near, or 0.
 */
static size_t find_vanished(const ordpar_stepper *in) {
    const double nothing = 1e-18; /* of the variance at the start */
    const size_t K = in->flow.K, n = K + in->flow.M;
    if (!in->network->small_eta || !in->network->activation->needs_variance)
        return 0;
    for (size_t i = 0; i < K; i++)
        if (in->c[i * n + i] < nothing * in->start[i])
            return i + 1;
    return 0;
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
    ordpar_stepper_set_covariance(in, state);
    const double eps_g = fabs(in->coordinates->error(&in->now, in->c, in->work));
    double *out = N_VGetArrayPointer(weights);
    if (!(eps_g < ORDPAR_STEPPER_DIVERGENCE)) {
        in->diverged = true;
        return -1;
    }
    if ((in->vanished = find_vanished(in)) > 0)
        return -1;
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
            out[in->flow.S * in->flow.L + i] = 1 / v_tolerance;
    }
    if (in->flow.D)
        ordpar_tolerance_vectors(&in->flow, state, in->r_tolerance, in->q_tolerance);
    invert(in->flow.L, in->r_tolerance);
    invert(in->flow.L, in->q_tolerance);
    ordpar_flow_spread(&in->flow, in->r_tolerance, in->q_tolerance, out);
    return 0;
}

/* Crosses zero when every student has come close to a teacher of its own. */
static int specialised(sunrealtype alpha, N_Vector y, sunrealtype *root, void *data) {
    ordpar_stepper *in = data;
    (void)alpha;
    ordpar_stepper_set_covariance(in, N_VGetArrayPointer(y));
    const double distance = ordpar_match_students(in->network, in->c, in->teacher_of);
    root[0] = distance < INFINITY ? distance - ORDPAR_STEPPER_CLOSE_ENOUGH : 1;
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
    ordpar_stepper_set_covariance(in, N_VGetArrayPointer(y));
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

bool ordpar_stepper_create_cvode(ordpar_stepper *in, double alpha) {
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
