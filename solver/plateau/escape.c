// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The specialising perturbation of the plateau, for two students that stand for K [7.9]:
 * dr_1 = rho, dr_2 = -rho, dq_11 = 2 kappa, dq_22 = -2 kappa, per block. Its moments m = (rho,
 * kappa) drive it through the changes x = (alpha, Theta, phi) = slope m of A, G and F; the blocks
 * answer with m = answer(mu) x to a perturbation that grows as exp(mu alpha). The rate is the
 * largest mu at which answer(mu) slope has the eigenvalue 1 [7.12].
 */
#include "solver/plateau/plateau.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "solver/motion/coefficients.h"
#include "solver/plateau/plateau_network.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_spectrum *spectrum;
    const double *t;
    size_t M, L;
    double eta;      /* of the two students */
    double h, drag;  /* decay rates of rho and kappa in units of eta lambda: h and C K + 2 h */
    double *A;       /* [M] */
    double *slope;   /* [(M+2) * (M+1)] */
    double *answer;  /* [(M+1) * (M+2)] */
    double *product; /* [(M+1)^2] */
    double *real, *imaginary; /* [M+1] eigenvalues */
    double *r, *q;            /* [M*L], [L] the plateau */
    bool out_of_memory;       /* found by excess, which cannot say it otherwise */
} escape;

static bool allocate(escape *e) {
    const size_t M = e->M, n = M + 1;
    double *all = calloc(M + 2 * n * (M + 2) + n * n + 2 * n + (M + 1) * e->L, sizeof *all);
    if (!all)
        return false;
    e->A = all;
    e->slope = e->A + M;
    e->answer = e->slope + n * (M + 2);
    e->product = e->answer + n * (M + 2);
    e->real = e->product + n * n;
    e->imaginary = e->real + n;
    e->r = e->imaginary + n;
    e->q = e->r + M * e->L;
    return true;
}

/* r^b = t^b a, q^b = a . t^b a + p_b f */
static void set_plateau(escape *e, const ordpar_plateau *at) {
    const size_t M = e->M, L = e->L;
    for (size_t b = 0; b < L; b++) {
        e->q[b] = e->spectrum->p[b] * at->f;
        for (size_t n = 0; n < M; n++) {
            double r = 0;
            for (size_t m = 0; m < M; m++)
                r += e->t[(n * M + m) * L + b] * at->a[m];
            e->r[n * L + b] = r;
            e->q[b] += at->a[n] * r;
        }
    }
}

/* The covariance of two equal students and the teachers. */
static void fill_covariance(const escape *e, const ordpar_plateau *at, double *c) {
    const size_t M = e->M, n = 2 + M;
    for (size_t i = 0; i < 2; i++) {
        c[i * n] = c[i * n + 1] = at->Q;
        for (size_t k = 0; k < M; k++)
            c[i * n + 2 + k] = c[(2 + k) * n + i] = at->R[k];
    }
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++)
            for (size_t b = 0; b < e->L; b++)
                c[(2 + k) * n + 2 + l] += e->spectrum->lambda[b] * e->t[(k * M + l) * e->L + b];
}

/* Contracts the derivatives of A, G, F with the pattern of the perturbation. */
static void set_slope(escape *e, const double *jacobian) {
    const size_t M = e->M, P = ordpar_order_parameter_count(2, M);
    const size_t q11 = 2 * M + ordpar_packed_index(2, 0, 0),
                 q22 = 2 * M + ordpar_packed_index(2, 1, 1);
    for (size_t row = 0; row < M + 2; row++) {
        /* A_1n, the row sum of G_1j, F_11 / 2 */
        const size_t first = row < M ? row : row == M ? 2 * M : 2 * M + 4;
        const double *x = jacobian + first * P, *second = row == M ? x + P : NULL;
        const double factor = row > M ? 0.5 : 1;
        double *out = e->slope + row * (M + 1);
        for (size_t n = 0; n <= M; n++) {
            const size_t plus = n < M ? n : q11, minus = n < M ? M + n : q22;
            const double step = n < M ? 1 : 2;
            out[n] = factor * step * (x[plus] - x[minus]);
            if (second)
                out[n] += step * (second[plus] - second[minus]);
        }
    }
}

static ordpar_status linearise(const ordpar_network *two, const ordpar_plateau *at, escape *e,
                               ordpar_error *err) {
    const size_t M = e->M, n = 2 + M, P = ordpar_order_parameter_count(2, M);
    double *c = calloc(n * n + (2 * M + 8) * P, sizeof *c);
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(two);
    ordpar_coefficients co = {0};
    ordpar_status status = ordpar_coefficients_init(2, M, &co, err);
    if (!status && (!c || !work))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    if (!status) {
        fill_covariance(e, at, c);
        ordpar_network_add_unlearnable(two, c);
        if (!ordpar_coefficients_evaluate(two, c, work, &co))
            status = ordpar_fail(err, ORDPAR_NUMERICAL, "the plateau has no Gaussian averages");
    }
    if (!status) {
        ordpar_coefficients_jacobian(two, c, work, c + n * n);
        set_slope(e, c + n * n);
        memcpy(e->A, co.A, M * sizeof *e->A);
        e->h = co.G[0] - co.G[1];
        e->drag = 2 * co.G[1] + 2 * e->h;
    }
    ordpar_coefficient_work_free(work);
    ordpar_coefficients_clear(&co);
    free(c);
    return status;
}

/* What one block adds to the answer [7.11]. */
static void answer_block(escape *e, size_t b, double mu) {
    const size_t M = e->M, L = e->L, columns = M + 2;
    const double lambda = e->spectrum->lambda[b], rate = e->eta * lambda;
    const double g = rate / (mu + rate * e->h), u = lambda * rate / (mu + rate * e->drag);
    double *last = e->answer + M * columns, Ar = 0;
    for (size_t n = 0; n < M; n++) {
        double *row = e->answer + n * columns, At = 0;
        for (size_t m = 0; m < M; m++) {
            const double t = e->t[(n * M + m) * L + b];
            row[m] += lambda * g * t;
            At += e->A[m] * t;
        }
        const double r = e->r[n * L + b];
        row[M] -= lambda * g * r;
        last[n] += u * (r + g * At);
        Ar += e->A[n] * r;
    }
    last[M] -= u * (e->q[b] + g * Ar);
    last[M + 1] += u * e->eta * e->spectrum->p[b];
}

/* [7.12] The largest eigenvalue of answer(mu) slope, minus 1; falls as mu grows. GSL's callback. */
static double excess(double mu, void *context) {
    escape *e = context;
    const size_t M = e->M, n = M + 1;
    memset(e->answer, 0, n * (M + 2) * sizeof *e->answer);
    for (size_t b = 0; b < e->L; b++)
        answer_block(e, b, mu);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < M + 2; k++)
                sum += e->answer[i * (M + 2) + k] * e->slope[k * n + j];
            e->product[i * n + j] = sum;
        }
    const lapack_int info = LAPACKE_dgeev(LAPACK_ROW_MAJOR, 'N', 'N', (lapack_int)n, e->product,
                                          (lapack_int)n, e->real, e->imaginary, NULL, 1, NULL, 1);
    e->out_of_memory = e->out_of_memory || info <= LAPACK_WORK_MEMORY_ERROR;
    if (info)
        return NAN;
    double largest = e->real[0];
    for (size_t k = 1; k < n; k++)
        largest = fmax(largest, e->real[k]);
    return largest - 1;
}

/* Brackets the largest root from above, then closes in. */
static ordpar_status find_rate(escape *e, double *rate, ordpar_error *err) {
    enum { MAX_STEPS = 200 };
    const double scale = e->eta * e->spectrum->lambda[0];
    const double lowest = fmax(-scale * e->h, 0); /* a pole, where h < 0 */
    double high = scale, low;
    while (excess(lowest + high, e) > 0 && high < 1e100 * scale)
        high *= 2;
    for (low = high; !(excess(lowest + low, e) > 0) && !e->out_of_memory; low /= 2)
        if (!(low > 1e-15 * scale))
            return ordpar_fail(err, ORDPAR_NUMERICAL,
                               "no perturbation of the plateau grows: it is stable");
    high = fmin(high, 2 * low);
    gsl_function function = {excess, e};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (!solver || e->out_of_memory) {
        gsl_root_fsolver_free(solver);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a root");
    }
    int flag = gsl_root_fsolver_set(solver, &function, lowest + low, lowest + high);
    for (int step = 0; step < MAX_STEPS && !flag; step++) {
        flag = gsl_root_fsolver_iterate(solver);
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                   gsl_root_fsolver_x_upper(solver), 0, 1e-13) == GSL_SUCCESS)
            break;
    }
    const double root = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    if (e->out_of_memory)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for an eigenvalue");
    if (flag || !isfinite(root))
        return ordpar_fail(err, ORDPAR_NUMERICAL, "the escape rate was not found near %g", root);
    *rate = root;
    return ORDPAR_OK;
}

ordpar_status ordpar_plateau_escape_rate(const ordpar_spectrum *spectrum,
                                         const ordpar_network *network, const double *t,
                                         const ordpar_plateau *plateau, double *rate,
                                         ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = ordpar_plateau_check(network, err);
    if (status)
        return status;
    if (network->K < 2 || network->M < 2)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "units specialise only if there are at least 2 of each, got K = %zu, M "
                           "= %zu",
                           network->K, network->M);
    ordpar_network two;
    if ((status = ordpar_plateau_check_teacher(spectrum, network, t, err)) ||
        (status = ordpar_plateau_check_fields(spectrum, network, err)) ||
        (status = ordpar_linear_algebra_begin(err)) ||
        (status = ordpar_plateau_shrink(network, 2, &two, err)))
        return status;
    escape e = {.spectrum = spectrum, .t = t, .M = network->M, .L = spectrum->L, .eta = two.eta};
    if (!allocate(&e))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", e.L);
    if (!status) {
        set_plateau(&e, plateau);
        status = linearise(&two, plateau, &e, err);
    }
    if (!status)
        status = find_rate(&e, rate, err);
    free(e.A);
    ordpar_network_clear(&two);
    return status;
}
