// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrate.h"

#include "flow.h"
#include "newton.h"
#include "tolerance.h"
#include "vector.h"

#include <cvode/cvode.h>
#include <math.h>
#include <stdlib.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

/* eps_g beyond this, in units of the teacher's own size, counts as divergence. */
static const double divergence = 1e100;

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    const ordpar_integrate_options *options;
    ordpar_flow flow;
    ordpar_tolerance tolerance;
    ordpar_coefficients coefficients;
    ordpar_coefficient_work *work;
    ordpar_newton *newton;
    double *c;               /* [(K+M)^2] covariance of the local fields; T part constant */
    double *m;               /* [P] */
    double *block_tolerance; /* [L] */
    bool diverged;           /* found by the error weights, which cannot say it otherwise */
    SUNContext context;
    void *cvode;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver solver;
} integration;

static void set_covariance(integration *in, const double *y) {
    ordpar_flow_moment(&in->flow, y, in->m);
    ordpar_covariance_set(in->flow.K, in->flow.M, in->m, in->c);
}

static bool stopped(const integration *in) {
    return in->options->stop && *in->options->stop;
}

/* CVODE's right-hand side: 0 done, > 0 try a smaller step, < 0 give up. */
static int right_hand_side(sunrealtype alpha, N_Vector y, N_Vector dy, void *data) {
    integration *in = data;
    (void)alpha;
    if (stopped(in))
        return -1;
    set_covariance(in, N_VGetArrayPointer(y));
    if (!ordpar_coefficients_evaluate(in->network, in->c, in->work, &in->coefficients))
        return 1;
    ordpar_flow_apply(&in->flow, &in->coefficients, N_VGetArrayPointer(y), N_VGetArrayPointer(dy));
    return 0;
}

static int error_weights(N_Vector y, N_Vector weights, void *data) {
    integration *in = data;
    set_covariance(in, N_VGetArrayPointer(y));
    const double eps_g = ordpar_generalization_error(in->network, in->c, in->work);
    if (!(fabs(eps_g) < divergence)) {
        in->diverged = true;
        return -1;
    }
    ordpar_tolerance_blocks(&in->tolerance, &in->flow, in->c, fabs(eps_g), in->block_tolerance);
    for (size_t b = 0; b < in->flow.L; b++)
        in->block_tolerance[b] = 1 / in->block_tolerance[b];
    ordpar_flow_spread(&in->flow, in->block_tolerance, N_VGetArrayPointer(weights));
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
    integration *in = data;
    (void)alpha, (void)dy, (void)matrix, (void)jacobian_is_good, (void)t1, (void)t2, (void)t3;
    *jacobian_is_current = SUNTRUE;
    set_covariance(in, N_VGetArrayPointer(y));
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
    integration *in = solver->content;
    (void)matrix, (void)tolerance;
    N_VScale(1, b, x);
    ordpar_newton_solve(in->newton, N_VGetArrayPointer(x));
    return 0;
}

static bool attach_linear_solver(integration *in) {
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

static bool create_cvode(integration *in) {
    enum { UNLIMITED = -1, MAX_FAILURES = 50 };
    in->cvode = CVodeCreate(CV_BDF, in->context);
    return in->cvode && CVodeSetErrHandlerFn(in->cvode, ignore_error, NULL) == CV_SUCCESS &&
           CVodeInit(in->cvode, right_hand_side, 0, in->y) == CV_SUCCESS &&
           CVodeSetUserData(in->cvode, in) == CV_SUCCESS &&
           CVodeWFtolerances(in->cvode, error_weights) == CV_SUCCESS &&
           CVodeSetMaxNumSteps(in->cvode, UNLIMITED) == CV_SUCCESS &&
           CVodeSetMaxErrTestFails(in->cvode, MAX_FAILURES) == CV_SUCCESS &&
           CVodeSetMaxConvFails(in->cvode, MAX_FAILURES) == CV_SUCCESS && attach_linear_solver(in);
}

static ordpar_status start(integration *in, const ordpar_overlaps *state, ordpar_error *err) {
    const size_t K = in->network->K, M = in->network->M, L = in->spectrum->L, n = K + M;
    const size_t P = ordpar_order_parameter_count(K, M);
    ordpar_status status;
    if ((status = ordpar_flow_init(in->spectrum, in->network, in->options->trained_blocks, state->t,
                                   &in->flow, err)) ||
        (status = ordpar_coefficients_init(K, M, &in->coefficients, err)))
        return status;
    in->c = malloc((n * n + P + L) * sizeof *in->c);
    in->work = ordpar_coefficient_work_create(in->network);
    in->newton = ordpar_newton_create(&in->flow, in->network);
    if (in->c && in->work && in->newton && SUNContext_Create(NULL, &in->context) == 0) {
        in->m = in->c + n * n;
        in->block_tolerance = in->m + P;
        in->tolerance = (ordpar_tolerance){
            .rtol = in->options->rtol, .atol = in->options->atol, .natural = in->spectrum->p};
        in->y = ordpar_vector_create(ordpar_flow_size(&in->flow), in->context);
        if ((status = ordpar_overlaps_moment(state, in->spectrum, 1, in->c, err)))
            return status;
        if (in->y) {
            ordpar_flow_pack(&in->flow, state, N_VGetArrayPointer(in->y));
            if (create_cvode(in))
                return ORDPAR_OK;
        }
    }
    return ordpar_fail(err, ORDPAR_MEMORY,
                       "out of memory for an integration with K = %zu, M = %zu, L = %zu", K, M, L);
}

static void finish(integration *in) {
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
    free(in->c);
}

static ordpar_status explain(const integration *in, int flag, ordpar_error *err) {
    double alpha = 0;
    CVodeGetCurrentTime(in->cvode, &alpha);
    if (stopped(in))
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", alpha);
    if (in->diverged)
        return ordpar_fail(err, ORDPAR_DIVERGED,
                           "the generalization error diverges: it passes %g at alpha = %.6g "
                           "(eta = %g is above the critical learning rate)",
                           divergence, alpha, in->network->eta);
    char *name = CVodeGetReturnFlagName(flag);
    const ordpar_status status =
        ordpar_fail(err, ORDPAR_NUMERICAL, "the integration failed at alpha = %.6g (%s)", alpha,
                    name ? name : "unknown reason");
    free(name);
    return status;
}

static ordpar_status advance(integration *in, double alpha, ordpar_error *err) {
    double reached;
    const int flag = CVode(in->cvode, alpha, in->y, &reached, CV_NORMAL);
    return flag < 0 ? explain(in, flag, err) : ORDPAR_OK;
}

static ordpar_status observe(integration *in, size_t row, double alpha, ordpar_overlaps *state,
                             ordpar_error *err) {
    const double *y = N_VGetArrayPointer(in->y);
    set_covariance(in, y);
    const double eps_g = ordpar_generalization_error(in->network, in->c, in->work);
    if (!(eps_g < divergence))
        return ordpar_fail(err, ORDPAR_DIVERGED,
                           "the generalization error diverges: it is %g at alpha = %.6g", eps_g,
                           alpha);
    ordpar_flow_unpack(&in->flow, y, state);
    /* The error is not negative; what is below rounding counts as zero. */
    return in->options->observer(in->options->context, row, alpha, fmax(eps_g, 0), state, err);
}

static ordpar_status run(integration *in, ordpar_overlaps *state, const double *alpha, size_t count,
                         ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t row = 0; row < count && !status; row++) {
        if (alpha[row] > 0)
            status = advance(in, alpha[row], err);
        if (!status)
            status = observe(in, row, alpha[row], state, err);
    }
    return status;
}

static ordpar_status check(const double *alpha, size_t count,
                           const ordpar_integrate_options *options, ordpar_error *err) {
    if (!(options->rtol >= ORDPAR_MIN_RTOL) || !(options->rtol <= ORDPAR_MAX_RTOL))
        return ordpar_fail(err, ORDPAR_INVALID, "rtol must be from %g to %g, got %g",
                           ORDPAR_MIN_RTOL, ORDPAR_MAX_RTOL, options->rtol);
    if (!(options->atol >= 0) || !isfinite(options->atol))
        return ordpar_fail(err, ORDPAR_INVALID, "atol must be >= 0 and finite, got %g",
                           options->atol);
    for (size_t row = 0; row < count; row++)
        if (!isfinite(alpha[row]) || alpha[row] < (row ? alpha[row - 1] : 0))
            return ordpar_fail(
                err, ORDPAR_INVALID,
                "the grid of alpha must be >= 0, finite and ascending, got %g in row %zu",
                alpha[row], row + 1);
    return ORDPAR_OK;
}

static void read_stats(const integration *in, ordpar_integrate_stats *stats) {
    *stats = (ordpar_integrate_stats){0};
    CVodeGetNumSteps(in->cvode, &stats->steps);
    CVodeGetNumRhsEvals(in->cvode, &stats->rhs);
    CVodeGetNumNonlinSolvIters(in->cvode, &stats->newton_iterations);
    CVodeGetNumLinSolvSetups(in->cvode, &stats->setups);
    CVodeGetNumErrTestFails(in->cvode, &stats->error_test_failures);
}

ordpar_status ordpar_integrate(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               ordpar_overlaps *state, const double *alpha, size_t count,
                               const ordpar_integrate_options *options,
                               ordpar_integrate_stats *stats, ordpar_error *err) {
    ordpar_status status;
    if ((status = ordpar_network_check(network, err)) ||
        (status = check(alpha, count, options, err)))
        return status;
    ordpar_overlaps view = {0};
    if ((status = ordpar_overlaps_init(state->K, state->M, state->L, &view, err)))
        return status;
    ordpar_overlaps_copy(state, &view);
    integration in = {.spectrum = spectrum, .network = network, .options = options};
    if (!(status = start(&in, state, err)))
        status = run(&in, &view, alpha, count, err);
    if (!status)
        ordpar_overlaps_copy(&view, state);
    if (stats && in.cvode)
        read_stats(&in, stats);
    finish(&in);
    ordpar_overlaps_clear(&view);
    return status;
}

double ordpar_integrate_bytes(size_t K, size_t M, size_t L) {
    enum { CVODE_VECTORS = 16 };
    const double k = (double)K, m = (double)M, l = (double)L;
    const double P = k * m + k * (k + 1) / 2;
    return ordpar_newton_bytes(K, M, L) + 8 * l * (CVODE_VECTORS * P + 4 * (k + m) * (k + m));
}
