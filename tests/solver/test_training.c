// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Trained outputs, weight decay and schedules [13.x], against the equations written out in plain
 * loops and integrated by an explicit method of order 8.
 */
#include "support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * ---- the equations in plain loops; state: q[K][K][L], r[K][M][L], v[K]; with momentum behind
 * these u[K][M][L], s[K][K][L], p[K][K][L] ----
 */

enum { MAX_FIELDS = 10 };

typedef struct {
    const test_model *m;
    double c[MAX_FIELDS * MAX_FIELDS], u[MAX_FIELDS];
} plain_system;

static size_t plain_size(const test_model *m) {
    const size_t K = m->network.K;
    return K * (K + m->network.M) * m->spectrum.L + K;
}

/* With momentum. */
static size_t whole_size(const test_model *m) {
    const size_t K = m->network.K;
    return plain_size(m) + K * (2 * K + m->network.M) * m->spectrum.L;
}

static void plain_fields(plain_system *s, const double *y) {
    const test_model *m = s->m;
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L, n = K + M;
    const double *q = y, *r = y + K * K * L, *v = r + K * M * L;
    memset(s->c, 0, sizeof s->c);
    for (size_t b = 0; b < L; b++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                const double x = i < K && j < K ? q[(i * K + j) * L + b]
                                 : i < K        ? r[(i * M + j - K) * L + b]
                                 : j < K        ? r[(j * M + i - K) * L + b]
                                                : m->start.t[((i - K) * M + j - K) * L + b];
                s->c[i * n + j] += m->spectrum.lambda[b] * x;
            }
    for (size_t a = 0; a < n; a++)
        s->u[a] = a < K ? v[a] : -m->network.w[a - K];
}

static double average(const plain_system *s, ordpar_pair_function f, size_t a, size_t b) {
    const size_t n = s->m->network.K + s->m->network.M;
    return f(s->m->network.activation, s->c[a * n + a], s->c[a * n + b], s->c[b * n + b]).value;
}

static double plain_error(plain_system *s, const double *y) {
    const size_t n = s->m->network.K + s->m->network.M;
    plain_fields(s, y);
    return ordpar_activation_squared_error(s->m->network.activation, n, s->c, s->u, NULL) / 2;
}

/* The coefficients of student i: of teacher or student j in dr and dq. */
static void plain_coefficients(const plain_system *s, double *A, double *G, double *F) {
    const ordpar_network *net = &s->m->network;
    const ordpar_activation *g = net->activation;
    const size_t K = net->K, M = net->M, n = K + M;
    double work[MAX_FIELDS * (MAX_FIELDS + 6)];
    for (size_t i = 0; i < K; i++) {
        double h = 0;
        for (size_t a = 0; a < n; a++)
            h += s->u[a] * average(s, g->ddg_g, i, a);
        for (size_t k = 0; k < M; k++)
            A[i * M + k] = s->u[i] * net->w[k] * average(s, g->dg_dg, i, K + k);
        for (size_t j = 0; j < K; j++) {
            const double dg_dg = average(s, g->dg_dg, i, j);
            G[i * K + j] = s->u[i] * s->u[j] * dg_dg + (i == j ? s->u[i] * h : 0);
            F[i * K + j] = s->u[i] * s->u[j] *
                           (g->squared_error_dg_dg(g, n, s->c, s->u, i, j, NULL, work) +
                            net->label_noise * net->label_noise * dg_dg);
        }
    }
}

/* [13.7] after the equations without P, with which dr = -eta D_B and dq = -eta (D_J + D_J^T) +
 * eta^2 n: the drives D, the noise n and what is new. */
static void plain_push(plain_system *p, double alpha, const double *A, const double *G,
                       const double *F, const double *y, double *dy) {
    const test_model *m = p->m;
    const ordpar_network *net = &m->network;
    const size_t K = net->K, M = net->M, L = m->spectrum.L;
    const double *q = y, *r = y + K * K * L, *u = y + plain_size(m), *s = u + K * M * L;
    const double *pp = s + K * K * L,
                 eta = ordpar_schedule_eta(&net->training.schedule, net->eta, alpha);
    double *dq = dy, *dr = dy + K * K * L, *du = dy + plain_size(m), *ds = du + K * M * L;
    double *dp = ds + K * K * L;
    const double c = ordpar_momentum_damping(&net->training.momentum, m->spectrum.N, alpha);
    const double e = ordpar_momentum_weight(&net->training.momentum, alpha);
    const double kappa = net->training.weight_decay;
    for (size_t b = 0; b < L; b++) {
        double DJ[MAX_FIELDS][MAX_FIELDS], DP[MAX_FIELDS][MAX_FIELDS];
        const double lambda = m->spectrum.lambda[b];
        for (size_t i = 0; i < K; i++) {
            for (size_t k = 0; k < M; k++) {
                double DB = 0;
                for (size_t j = 0; j < K; j++)
                    DB += lambda * G[i * K + j] * r[(j * M + k) * L + b];
                for (size_t l = 0; l < M; l++)
                    DB -= lambda * A[i * M + l] * m->start.t[(l * M + k) * L + b];
                dr[(i * M + k) * L + b] -= e * u[(i * M + k) * L + b];
                du[(i * M + k) * L + b] = -c * u[(i * M + k) * L + b] + DB;
            }
            for (size_t j = 0; j < K; j++) {
                DJ[i][j] = DP[i][j] = 0;
                for (size_t l = 0; l < K; l++) {
                    DJ[i][j] += lambda * G[i * K + l] * q[(l * K + j) * L + b];
                    DP[i][j] += lambda * G[i * K + l] * s[(l * K + j) * L + b];
                }
                for (size_t l = 0; l < M; l++) {
                    DJ[i][j] -= lambda * A[i * M + l] * r[(j * M + l) * L + b];
                    DP[i][j] -= lambda * A[i * M + l] * u[(j * M + l) * L + b];
                }
            }
        }
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++) {
                const size_t ij = (i * K + j) * L + b, ji = (j * K + i) * L + b;
                const double batch = net->training.batch > 1 ? (double)net->training.batch : 1;
                const double noise =
                    net->small_eta ? 0 : m->spectrum.p[b] * lambda * F[i * K + j] / batch;
                dq[ij] -= e * (s[ij] + s[ji]);
                ds[ij] =
                    -eta * DP[i][j] - e * pp[ij] - (c + kappa) * s[ij] + DJ[j][i] - eta * noise;
                dp[ij] = -2 * c * pp[ij] + DP[i][j] + DP[j][i] + noise;
            }
    }
}

static int plain_rhs(double alpha, const double *y, double *dy, void *data) {
    plain_system *s = data;
    const test_model *m = s->m;
    const ordpar_network *net = &m->network;
    const size_t K = net->K, M = net->M, L = m->spectrum.L, n = K + M;
    const double *q = y, *r = y + K * K * L;
    double *dq = dy, *dr = dy + K * K * L, *dv = dr + K * M * L;
    double A[MAX_FIELDS * MAX_FIELDS], G[MAX_FIELDS * MAX_FIELDS], F[MAX_FIELDS * MAX_FIELDS];
    plain_fields(s, y);
    plain_coefficients(s, A, G, F);
    const double eta = ordpar_schedule_eta(&net->training.schedule, net->eta, alpha);
    const double kappa = net->training.weight_decay;
    const double batch = net->training.batch > 1 ? (double)net->training.batch : 1;
    for (size_t b = 0; b < L; b++)
        for (size_t i = 0; i < K; i++) {
            const double lambda = m->spectrum.lambda[b];
            for (size_t k = 0; k < M; k++) {
                double sum = 0;
                for (size_t l = 0; l < M; l++)
                    sum += A[i * M + l] * m->start.t[(l * M + k) * L + b];
                for (size_t j = 0; j < K; j++)
                    sum -= G[i * K + j] * r[(j * M + k) * L + b];
                dr[(i * M + k) * L + b] = eta * lambda * sum - kappa * r[(i * M + k) * L + b];
            }
            for (size_t j = 0; j < K; j++) {
                double sum = 0;
                for (size_t l = 0; l < M; l++)
                    sum += A[i * M + l] * r[(j * M + l) * L + b] +
                           A[j * M + l] * r[(i * M + l) * L + b];
                for (size_t k = 0; k < K; k++)
                    sum -= G[i * K + k] * q[(k * K + j) * L + b] +
                           G[j * K + k] * q[(k * K + i) * L + b];
                dq[(i * K + j) * L + b] =
                    eta * lambda * sum - 2 * kappa * q[(i * K + j) * L + b] +
                    (net->small_eta ? 0
                                    : eta * eta * m->spectrum.p[b] * lambda * F[i * K + j] / batch);
            }
        }
    if (net->training.momentum.weight > 0)
        plain_push(s, alpha, A, G, F, y, dy);
    for (size_t i = 0; i < K; i++) {
        dv[i] = 0;
        for (size_t a = 0; a < n; a++)
            dv[i] -= net->training.eta_v * s->u[a] * average(s, net->activation->gg, i, a);
    }
    return GSL_SUCCESS;
}

static void plain_start(const test_model *m, double *y) {
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L;
    memcpy(y, m->start.q, K * K * L * sizeof *y);
    memcpy(y + K * K * L, m->start.r, K * M * L * sizeof *y);
    memcpy(y + K * (K + M) * L, m->network.v, K * sizeof *y);
    for (size_t k = plain_size(m); k < whole_size(m); k++)
        y[k] = 0;
}

/* eps_g[count] and the final v; stops at the kinks of a table. */
static void integrate_plainly(const test_model *m, const double *alpha, size_t count, double *eps_g,
                              double *v) {
    plain_system s = {.m = m};
    const bool momentum = m->network.training.momentum.weight > 0;
    const size_t size = momentum ? whole_size(m) : plain_size(m), K = m->network.K;
    const ordpar_schedule *schedule = &m->network.training.schedule;
    double *y = malloc(whole_size(m) * sizeof *y), at = 0;
    plain_start(m, y);
    gsl_odeiv2_system ode = {plain_rhs, NULL, size, &s};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&ode, gsl_odeiv2_step_rk8pd, 1e-6, 1e-15, 1e-14);
    for (size_t row = 0; row < count; row++) {
        for (double kink; (kink = ordpar_schedule_next_kink(schedule, at)) < alpha[row];) {
            cr_assert_eq(gsl_odeiv2_driver_apply(driver, &at, kink, y), GSL_SUCCESS);
            gsl_odeiv2_driver_reset_hstart(driver, 1e-6);
        }
        cr_assert_eq(gsl_odeiv2_driver_apply(driver, &at, alpha[row], y), GSL_SUCCESS);
        eps_g[row] = plain_error(&s, y);
    }
    memcpy(v, y + plain_size(m) - K, K * sizeof *v);
    gsl_odeiv2_driver_free(driver);
    free(y);
}

/* ---- models ---- */

/* with a spike that long steps would miss */
static double table_alpha[] = {1, 5, 5.5, 20, 60, 100, 100.1, 100.2},
              table_eta[] = {0.2, 1, 0.3, 0.3, 0.05, 0.05, 6, 0.05};

static const ordpar_schedule table = {
    .kind = ORDPAR_SCHEDULE_TABLE, .count = 8, .alpha = table_alpha, .eta = table_eta};

static double wsd_alpha[] = {0, 10, 50, 100}, wsd_factor[] = {0, 1, 1, 0};

static const ordpar_schedule wsd = {
    .kind = ORDPAR_SCHEDULE_FACTORS, .count = 4, .alpha = wsd_alpha, .eta = wsd_factor};

static const ordpar_schedule cosine = {
    .kind = ORDPAR_SCHEDULE_COSINE, .alpha_0 = 200, .floor = 0.1};

static const ordpar_schedule power = {.kind = ORDPAR_SCHEDULE_POWER, .gamma = 0.6, .alpha_0 = 30};

/* Frees the model, but not the schedule, which is static here. */
static void clear_training_model(test_model *m) {
    m->network.training.schedule = (ordpar_schedule){0};
    clear_model(m);
}

static test_model training_model(size_t K, size_t M, long L, const char *activation,
                                 ordpar_training training) {
    test_model m = make_model(K, M, 256 * L, L, 1, 0.5, 0.3, activation, K + M);
    for (size_t i = 0; i < K; i++)
        m.network.v[i] += 0.2 * (double)i;
    m.network.label_noise = 0.1;
    m.network.training = training;
    return m;
}

/* ---- the promise ---- */

enum { ROWS = 40 };

static void check_against_plain(const char *what, size_t K, size_t M, long L,
                                const char *activation, ordpar_training training, double end) {
    const double rtols[] = {1e-4, 1e-6, 1e-8, 1e-10}, floor_of_promise = 10 * ORDPAR_DEFAULT_ATOL;
    double alpha[ROWS], reference[ROWS], eps_g[ROWS], v[MAX_FIELDS], zeros[MAX_FIELDS] = {0};
    log_grid(0.01, end, ROWS, alpha);
    test_model m = training_model(K, M, L, activation, training);
    integrate_plainly(&m, alpha, ROWS, reference, v);
    clear_training_model(&m);
    for (size_t k = 0; k < sizeof rtols / sizeof *rtols; k++) {
        ordpar_error err;
        m = training_model(K, M, L, activation, training);
        check_ok(ordpar_overlaps_set_outputs(&m.start, zeros, &err), &err);
        integrate_curve(&m, alpha, ROWS, rtols[k], eps_g);
        for (size_t row = 0; row < ROWS; row++)
            CHECK_CLOSE(eps_g[row], reference[row], 1,
                        fmax(10 * rtols[k] * reference[row], floor_of_promise),
                        "%s: %s K=%zu M=%zu L=%ld rtol %g alpha %g", what, activation, K, M, L,
                        rtols[k], alpha[row]);
        for (size_t i = 0; training.eta_v > 0 && i < K; i++)
            CHECK_CLOSE(m.start.v[i], v[i], 100 * rtols[k], fabs(v[i]), "%s: v_%zu, rtol %g", what,
                        i + 1, rtols[k]);
        clear_training_model(&m);
    }
}

Test(training, keeps_the_promise_with_each_feature) {
    const char *const activations[] = {"erf", "linear"};
    for (size_t g = 0; g < 2; g++) {
        check_against_plain("outputs", 2, 2, 3, activations[g], (ordpar_training){.eta_v = 0.3},
                            300);
        check_against_plain("decay", 2, 2, 3, activations[g],
                            (ordpar_training){.weight_decay = 0.02}, 300);
        check_against_plain("power", 2, 2, 3, activations[g], (ordpar_training){.schedule = power},
                            300);
        check_against_plain("table", 2, 2, 3, activations[g], (ordpar_training){.schedule = table},
                            300);
        check_against_plain("wsd", 2, 2, 3, activations[g], (ordpar_training){.schedule = wsd},
                            300);
        const ordpar_momentum kinds[] = {
            {0.3, 0, 0.5, false, 0}, {0.2, 0, 3, true, 0.5}, {0.5, 0.5, 6, true, 1}};
        for (size_t k = 0; k < 3; k++)
            check_against_plain("momentum", 2, 2, 3, activations[g],
                                (ordpar_training){.momentum = kinds[k]}, 300);
        check_against_plain("batch", 2, 2, 3, activations[g], (ordpar_training){.batch = 5}, 300);
        check_against_plain("cosine", 2, 2, 3, activations[g],
                            (ordpar_training){.schedule = cosine}, 300);
    }
}

Test(training, keeps_the_promise_with_all_at_once, NUMBERS_ALONE) {
    const ordpar_training all[] = {{.eta_v = 0.3, .weight_decay = 0.01, .schedule = power},
                                   {.eta_v = 0.5, .weight_decay = 0.02, .schedule = table}};
    for (size_t k = 0; k < 2; k++) {
        check_against_plain("all", 2, 2, 1, "erf", all[k], 300);
        check_against_plain("all", 3, 2, 4, "erf", all[k], 200);
        check_against_plain("all", 1, 2, 2, "linear", all[k], 200);
        ordpar_training more = all[k];
        more.momentum = (ordpar_momentum){0.3, 0.2, 2, true, 1};
        more.batch = 2;
        check_against_plain("all and momentum", 3, 2, 4, "erf", more, 200);
        check_against_plain("all and momentum", 2, 2, 2, "relu", more, 100);
    }
}
