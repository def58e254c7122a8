// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/plateau.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "solver/motion/coefficients.h"
#include "solver/plateau/plateau_network.h"
#include "solver/state/network_averages.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multiroots.h>
#include <math.h>
#include <stdlib.h>

/*
 * Students that are equal act as one student unit with the sum of their output weights: the fixed
 * point is that of one student, up to the noise, which K students share [7.9].
 */
typedef struct {
    ordpar_network network; /* one student */
    ordpar_coefficients at;
    ordpar_coefficient_work *work;
    size_t M;
    double K;     /* students that it stands for */
    double trace; /* sum_b p_b lambda_b */
    double T;     /* of the mean teacher */
    double *c;    /* [(1+M)^2]; T part constant */
} collapsed;

ordpar_status ordpar_plateau_check(const ordpar_network *network, ordpar_error *err) {
    ordpar_status status = ordpar_network_check(network, err);
    if (status || (status = ordpar_network_check_orders(network, err)))
        return status;
    for (size_t i = 1; i < network->K; i++)
        if (network->v[i] != network->v[0])
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the plateau needs equal output weights of the students, got %g and "
                               "%g",
                               network->v[0], network->v[i]);
    if (network->v[0] == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the plateau needs output weights of the students that are not 0");
    return ORDPAR_OK;
}

/* A network of `students` units that share the total output weight of the given one. */
ordpar_status ordpar_plateau_shrink(const ordpar_network *network, size_t students,
                                    ordpar_network *made, ordpar_error *err) {
    const double total = (double)network->K * network->v[0];
    const ordpar_status status = ordpar_network_init(
        students, network->M, network->activation,
        network->eta * (double)students / (double)network->K, made, err); /* [7.9] */
    if (status)
        return status;
    for (size_t i = 0; i < students; i++)
        made->v[i] = total / (double)students;
    for (size_t n = 0; n < network->M; n++)
        made->w[n] = network->w[n];
    made->label_noise = network->label_noise;
    made->small_eta = network->small_eta;
    made->teacher_activation = network->teacher_activation;
    return ordpar_network_set_unlearnable(made, network->unlearnable, err);
}

/* An average of two units is a line in their covariance, and a cubic term that sets them apart:
 * what is left where the lines cancel is T^2 of it, rounding is about 3e-15 of it. */
ordpar_status ordpar_plateau_check_fields(const ordpar_spectrum *spectrum,
                                          const ordpar_network *network, ordpar_error *err) {
    static const double least = 1e-5;
    const double T = ordpar_spectrum_teacher_moment(spectrum, 1);
    const bool bends =
        network->activation->parity == -1 && network->activation != &ordpar_activation_linear;
    if (!bends || network->M < 2 || T >= least)
        return ORDPAR_OK;
    return ordpar_fail(
        err, ORDPAR_NUMERICAL,
        "the fields have the variance %.3g: below %g rounding hides what sets %s apart from a "
        "line, and the units from each other; normalise, or inputs in larger units, lift it",
        T, least, network->activation->name);
}

ordpar_status ordpar_plateau_check_teacher(const ordpar_spectrum *spectrum,
                                           const ordpar_network *network, const double *t,
                                           ordpar_error *err) {
    const size_t count = network->M * network->M * spectrum->L;
    for (size_t k = 0; k < count; k++)
        if (!isfinite(t[k]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the teacher's overlaps must be finite, got %g at place %zu", t[k],
                               k + 1);
    return ORDPAR_OK;
}

static void collapsed_clear(collapsed *one) {
    ordpar_network_clear(&one->network);
    ordpar_coefficients_clear(&one->at);
    ordpar_coefficient_work_free(one->work);
    free(one->c);
}

static ordpar_status collapsed_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    const double *t, collapsed *one, ordpar_error *err) {
    const size_t M = network->M, L = spectrum->L, n = 1 + M;
    *one = (collapsed){.M = M, .K = (double)network->K, .c = calloc(n * n, sizeof(double))};
    ordpar_status status;
    if ((status = ordpar_plateau_shrink(network, 1, &one->network, err)) ||
        (status = ordpar_coefficients_init(1, M, &one->at, err)))
        return status;
    one->work = ordpar_coefficient_work_create(&one->network);
    if (!one->c || !one->work)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    one->trace = ordpar_spectrum_moment(spectrum, 1);
    one->T = ordpar_spectrum_teacher_moment(spectrum, 1);
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++)
            for (size_t b = 0; b < L; b++)
                one->c[(1 + k) * n + 1 + l] += spectrum->lambda[b] * t[(k * M + l) * L + b];
    ordpar_network_add_unlearnable(&one->network, one->c);
    return ORDPAR_OK;
}

/* The covariance for x = (a, f): R = T a, Q = a . T a + f sum_b p_b lambda_b, with the part of T
 * that inputs show. */
static void set_covariance(const collapsed *one, const double *x) {
    const size_t M = one->M, n = 1 + M;
    const double *hidden = one->network.unlearnable;
    double Q = x[M] * one->trace;
    for (size_t k = 0; k < M; k++) {
        double R = 0;
        for (size_t l = 0; l < M; l++)
            R += (one->c[(1 + k) * n + 1 + l] - (hidden ? hidden[k * M + l] : 0)) * x[l];
        one->c[1 + k] = one->c[(1 + k) * n] = R;
        Q += x[k] * R;
    }
    one->c[0] = Q;
}

/* [7.10] a = A / G and f = eta F / (2 G), for one student; GSL's callback. */
static int residual(const gsl_vector *x, void *context, gsl_vector *out) {
    collapsed *one = context;
    const size_t M = one->M;
    set_covariance(one, x->data);
    if (!ordpar_coefficients_evaluate(&one->network, one->c, one->work, &one->at) ||
        !(one->at.G[0] != 0))
        return GSL_EBADFUNC;
    const double G = one->at.G[0];
    for (size_t n = 0; n < M; n++)
        out->data[n] = x->data[n] - one->at.A[n] / G;
    out->data[M] = x->data[M] - one->network.eta * one->at.F[0] / (2 * G);
    return GSL_SUCCESS;
}

static double size(size_t n, const double *x) {
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += fabs(x[k]);
    return sum;
}

/* From the plateau of the self-averaging teacher with these weights, roughly. */
static void first_guess(const collapsed *one, double *x) {
    const double m = (double)one->M, T = one->T;
    const double scale = 1 / sqrt(m * (m * (1 + T) - T)), total = size(one->M, one->network.w);
    for (size_t n = 0; n < one->M; n++)
        x[n] = total > 0 ? scale * one->network.w[n] * m / total : 0;
    x[one->M] = 0;
}

static ordpar_status find(collapsed *one, gsl_multiroot_fsolver *solver, gsl_vector *x,
                          ordpar_error *err) {
    enum { MAX_STEPS = 500 };
    const size_t n = one->M + 1;
    gsl_multiroot_function function = {residual, n, one};
    int flag = gsl_multiroot_fsolver_set(solver, &function, x);
    for (int step = 0; step < MAX_STEPS && !flag; step++) {
        flag = gsl_multiroot_fsolver_iterate(solver);
        if (size(n, solver->f->data) <= 1e-15 * size(n, solver->x->data))
            break;
    }
    const double left = size(n, solver->f->data), whole = size(n, solver->x->data);
    if (!(left <= 1e-11 * whole))
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "no symmetric plateau found: the equations are solved to %.2g only",
                           left / whole);
    for (size_t k = 0; k < n; k++)
        x->data[k] = solver->x->data[k];
    return ORDPAR_OK;
}

/*
 * The plateau that is there at small learning rates, followed to this one: at large ones the
 * equations have other roots, too, with a part f < 0 that no students have.
 */
static ordpar_status follow(collapsed *one, gsl_multiroot_fsolver *solver, gsl_vector *x,
                            ordpar_error *err) {
    enum { PARTS = 64 };
    const double eta = one->network.eta;
    ordpar_status status = ORDPAR_OK;
    first_guess(one, x->data);
    for (int k = 1; k <= PARTS && !status; k++) {
        one->network.eta = eta * k / PARTS;
        status = find(one, solver, x, err);
        if (fabs(x->data[one->M]) < 1e-12 * size(one->M, x->data))
            x->data[one->M] = 0; /* students that are the teacher: f has the sign of rounding */
        if (!status && x->data[one->M] < 0)
            status = ordpar_fail(err, ORDPAR_NUMERICAL,
                                 "no plateau of equal students at eta = %g: the one of small "
                                 "learning rates is found up to %.3g",
                                 one->K * eta, one->K * eta * (k - 1) / PARTS);
    }
    one->network.eta = eta;
    return status;
}

void ordpar_plateau_clear(ordpar_plateau *plateau) {
    if (!plateau)
        return;
    free(plateau->a);
    *plateau = (ordpar_plateau){0};
}

static ordpar_status keep(const collapsed *one, const double *x, ordpar_plateau *plateau,
                          ordpar_error *err) {
    const size_t M = one->M;
    double *all = calloc(2 * M, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    set_covariance(one, x);
    *plateau =
        (ordpar_plateau){.M = M,
                         .a = all,
                         .R = all + M,
                         .f = x[M],
                         .Q = one->c[0],
                         .eps_g = ordpar_generalization_error(&one->network, one->c, one->work)};
    for (size_t n = 0; n < M; n++) {
        plateau->a[n] = x[n];
        plateau->R[n] = one->c[1 + n];
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_plateau_solve(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                   const double *t, ordpar_plateau *plateau, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const bool noisy = network->label_noise > 0 || network->unlearnable;
    ordpar_status status = ordpar_plateau_check_teacher(spectrum, network, t, err);
    if (!status)
        status = ordpar_plateau_check(network, err);
    if (!status && !noisy)
        status = ordpar_plateau_check_fields(spectrum, network, err);
    if (status || (status = ordpar_linear_algebra_begin(err))) /* GSL's is OpenBLAS's */
        return status;
    const size_t n = network->M + 1;
    collapsed one;
    gsl_vector *x = gsl_vector_alloc(n);
    gsl_multiroot_fsolver *solver = gsl_multiroot_fsolver_alloc(gsl_multiroot_fsolver_hybrids, n);
    status = collapsed_init(spectrum, network, t, &one, err);
    if (!status && (!x || !solver))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", network->M);
    if (!status) {
        first_guess(&one, x->data);
        status = find(&one, solver, x, err);
        if (status == ORDPAR_NUMERICAL || (!status && x->data[network->M] < 0))
            status = follow(&one, solver, x, err);
    }
    if (!status)
        status = keep(&one, x->data, plateau, err);
    collapsed_clear(&one);
    gsl_multiroot_fsolver_free(solver);
    gsl_vector_free(x);
    return status;
}

ordpar_status ordpar_plateau_solve_mean(const ordpar_spectrum *spectrum,
                                        const ordpar_network *network, ordpar_plateau *plateau,
                                        ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t M = network->M;
    const double trace = ordpar_spectrum_moment(spectrum, 1);
    const int64_t n = (int64_t)spectrum->N;
    double *t = calloc(M * M, sizeof *t);
    if (!t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    for (size_t k = 0; k < M; k++)
        t[k * M + k] = ordpar_spectrum_teacher_moment(spectrum, 1) / trace;
    ordpar_spectrum one;
    ordpar_status status = ordpar_spectrum_with_teacher(1, &trace, &n, t, &one, err);
    if (!status) {
        status = ordpar_plateau_solve(&one, network, t, plateau, err);
        ordpar_spectrum_clear(&one);
    }
    free(t);
    return status;
}

void ordpar_plateau_moment(const ordpar_spectrum *spectrum, const double *t,
                           const ordpar_plateau *plateau, double p, double *Q, double *R) {
    ORDPAR_FLOATING_POINT;
    const size_t M = plateau->M, L = spectrum->L;
    *Q = 0;
    for (size_t n = 0; n < M; n++)
        R[n] = 0;
    for (size_t b = 0; b < L; b++) {
        const double power = pow(spectrum->lambda[b], p);
        *Q += power * spectrum->p[b] * plateau->f;
        for (size_t n = 0; n < M; n++)
            for (size_t m = 0; m < M; m++)
                R[n] += power * t[(n * M + m) * L + b] * plateau->a[m];
    }
    for (size_t n = 0; n < M; n++)
        *Q += plateau->a[n] * R[n];
}

/* The mean of a column that is turned where its teacher's weight is negative (turn: or, w NULL,
 * where the mean is), and in *sign by what. */
static double column_mean(size_t K, size_t M, bool turn, const double *w, const double *R, size_t n,
                          double *sign) {
    double mean = 0;
    for (size_t i = 0; i < K; i++)
        mean += R[i * M + n] / (double)K;
    *sign = turn && (w ? w[n] : mean) < 0 ? -1 : 1;
    return *sign * mean;
}

static double specialisation(size_t K, size_t M, bool turn, const double *w, const double *R) {
    double mean = 0, sum = 0, sign;
    for (size_t n = 0; n < M; n++)
        mean += column_mean(K, M, turn, w, R, n, &sign) / (double)M;
    for (size_t i = 0; i < K; i++) {
        double row = 0;
        for (size_t n = 0; n < M; n++) {
            column_mean(K, M, turn, w, R, n, &sign);
            row += sign * R[i * M + n] / (double)M;
        }
        for (size_t n = 0; n < M; n++) {
            const double column = column_mean(K, M, turn, w, R, n, &sign);
            sum += pow(sign * R[i * M + n] - row - column + mean, 2);
        }
    }
    return sqrt(sum);
}

double ordpar_specialisation(size_t K, size_t M, const double *R) {
    ORDPAR_FLOATING_POINT;
    return specialisation(K, M, false, NULL, R);
}

double ordpar_specialisation_signed(size_t K, size_t M, const double *w, const double *R) {
    ORDPAR_FLOATING_POINT;
    return specialisation(K, M, true, w, R);
}

double ordpar_plateau_start(size_t K, size_t M, double sigma_J, double T2, double N) {
    ORDPAR_FLOATING_POINT;
    return sigma_J * sqrt((double)(K - 1) * (double)(M - 1) * T2 / N);
}

double ordpar_plateau_length(size_t K, size_t M, double T, double start, double rate) {
    ORDPAR_FLOATING_POINT;
    const double end = T * sqrt((double)(K < M ? K : M) - 1);
    return start > 0 ? fmax(log(end / start), 0) / rate : INFINITY;
}
