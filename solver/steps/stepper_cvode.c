// SPDX-License-Identifier: GPL-3.0-or-later
/* CVODE as an integrator: all that knows of it is here, in vector.c and in sundials_versions.c. */
#include "solver/steps/integrator.h"

#include "solver/steps/sundials_versions.h"
#include "solver/steps/vector.h"

#include <cvode/cvode.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

typedef struct {
    ordpar_ode ode;
    SUNContext context;
    void *cvode;
    N_Vector y;
    N_Vector between; /* for interpolation; NULL until it is asked for */
    SUNMatrix matrix;
    SUNLinearSolver solver;
    double event_at;                 /* alpha of the last call of event; NAN after another call */
    int flag;                        /* of the last advance */
    ordpar_integrator_counts before; /* up to the last restart */
} method;

static int right_hand_side(sunrealtype alpha, N_Vector y, N_Vector dy, void *data) {
    const ordpar_ode *ode = &((method *)data)->ode;
    double *out = N_VGetArrayPointer(dy);
    ((method *)data)->event_at = NAN;
    return ode->rate(ode->context, alpha, ordpar_vector_read(y), out);
}

/* CVODE looks for events up to the end of a step, and asks for weights there before the next. */
static int error_weights(N_Vector y, N_Vector weights, void *data) {
    const method *in = data;
    double alpha = 0;
    CVodeGetCurrentTime(in->cvode, &alpha);
    if (in->event_at == alpha && in->ode.same)
        in->ode.same(in->ode.context);
    double *out = N_VGetArrayPointer(weights);
    return in->ode.weights(in->ode.context, alpha, ordpar_vector_read(y), out);
}

static int event(sunrealtype alpha, N_Vector y, sunrealtype *root, void *data) {
    const ordpar_ode *ode = &((method *)data)->ode;
    ((method *)data)->event_at = alpha;
    root[0] = ode->event(ode->context, ordpar_vector_read(y));
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
    const ordpar_ode *ode = &((method *)data)->ode;
    (void)dy, (void)matrix, (void)jacobian_is_good, (void)t1, (void)t2, (void)t3;
    ((method *)data)->event_at = NAN;
    *jacobian_is_current = SUNTRUE;
    return ode->setup(ode->context, alpha, ordpar_vector_read(y), gamma);
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
    const ordpar_ode *ode = &((method *)solver->content)->ode;
    (void)matrix, (void)tolerance;
    ordpar_vector_swap(x, b); /* which CVODE copies x to next */
    ode->solve(ode->context, N_VGetArrayPointer(x));
    return 0;
}

static bool attach_linear_solver(method *in) {
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

static bool create_cvode(method *in, double alpha) {
    enum { UNLIMITED = -1, MAX_FAILURES = 50 };
    in->cvode = ordpar_sundials_cvode(in->context);
    if (!in->cvode)
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
    return (!in->ode.event || CVodeRootInit(in->cvode, 1, event) == CV_SUCCESS) &&
           !ordpar_vector_exhausted(in->y);
}

static void destroy(void *data) {
    method *in = data;
    if (!in)
        return;
    if (in->cvode)
        CVodeFree(&in->cvode);
    if (in->solver)
        SUNLinSolFreeEmpty(in->solver);
    if (in->matrix)
        SUNMatFreeEmpty(in->matrix);
    if (in->between)
        N_VDestroy(in->between);
    if (in->y)
        N_VDestroy(in->y);
    if (in->context)
        SUNContext_Free(&in->context);
    free(in);
}

static bool start(method *in, double alpha) {
    if (!ordpar_sundials_context(&in->context))
        return false;
    in->y = ordpar_vector_create(in->ode.size, in->context);
    if (!in->y)
        return false;
    in->ode.start(in->ode.context, N_VGetArrayPointer(in->y));
    return create_cvode(in, alpha);
}

static void *create(const ordpar_ode *ode, double alpha) {
    method *in = calloc(1, sizeof *in);
    if (!in)
        return NULL;
    in->ode = *ode;
    in->event_at = NAN;
    if (start(in, alpha))
        return in;
    destroy(in);
    return NULL;
}

static ordpar_advance advance(void *data, double alpha, double stop, double *reached) {
    method *in = data;
    CVodeSetStopTime(in->cvode, fmin(stop, DBL_MAX)); /* that of before is not forgotten */
    in->flag = CVode(in->cvode, alpha, in->y, reached, CV_NORMAL);
    if (in->flag < 0)
        return ORDPAR_ADVANCE_FAILED;
    return in->flag == CV_ROOT_RETURN    ? ORDPAR_ADVANCE_EVENT
           : in->flag == CV_TSTOP_RETURN ? ORDPAR_ADVANCE_STOPPED
                                         : ORDPAR_ADVANCE_REACHED;
}

static const double *state(const void *data) {
    return N_VGetArrayPointer(((const method *)data)->y);
}

static double current_alpha(const void *data) {
    double alpha = 0;
    CVodeGetCurrentTime(((const method *)data)->cvode, &alpha);
    return alpha;
}

static bool interpolate(void *data, double alpha, double *y) {
    method *in = data;
    if (!in->between)
        in->between = N_VClone(in->y);
    if (ordpar_vector_exhausted(in->y) ||
        CVodeGetDky(in->cvode, alpha, 0, in->between) != CV_SUCCESS)
        return false;
    memcpy(y, N_VGetArrayPointer(in->between), in->ode.size * sizeof *y);
    return true;
}

static void reason(const void *data, size_t size, char *text) {
    char *name = CVodeGetReturnFlagName(((const method *)data)->flag);
    snprintf(text, size, "%s", name ? name : "unknown reason");
    free(name);
}

static ordpar_integrator_counts stats(const void *data) {
    void *cvode = ((const method *)data)->cvode;
    const ordpar_integrator_counts *before = &((const method *)data)->before;
    ordpar_integrator_counts count = {0};
    CVodeGetNumSteps(cvode, &count.steps);
    CVodeGetNumRhsEvals(cvode, &count.rates);
    CVodeGetNumNonlinSolvIters(cvode, &count.iterations);
    CVodeGetNumLinSolvSetups(cvode, &count.setups);
    CVodeGetNumErrTestFails(cvode, &count.failures);
    count.steps += before->steps;
    count.rates += before->rates;
    count.iterations += before->iterations;
    count.setups += before->setups;
    count.failures += before->failures;
    return count;
}

static bool restart(void *data, double alpha) {
    method *in = data;
    in->before = stats(in);
    in->event_at = NAN;
    return CVodeReInit(in->cvode, alpha, in->y) == CV_SUCCESS;
}

const ordpar_integrator ordpar_integrator_cvode = {.name = "cvode",
                                                   .vectors = 16,
                                                   .floor = 0.99e-13,
                                                   .create = create,
                                                   .advance = advance,
                                                   .restart = restart,
                                                   .state = state,
                                                   .alpha = current_alpha,
                                                   .interpolate = interpolate,
                                                   .reason = reason,
                                                   .stats = stats,
                                                   .free = destroy};
