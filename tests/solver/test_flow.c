// SPDX-License-Identifier: GPL-3.0-or-later
/* The equations of motion against a Monte-Carlo average of one SGD step. */
#include "solver/motion/coefficients.h"
#include "solver/motion/state.h"
#include "support.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { K = 3, M = 2, L = 3, FIELDS = K + M };

/* Cholesky factor of block b's Gram matrix, lower triangle. */
static void block_factor(const ordpar_overlaps *o, size_t b, double lower[FIELDS][FIELDS]) {
    double c[FIELDS][FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
        for (size_t j = 0; j < FIELDS; j++)
            c[i][j] = i < K ? (j < K ? o->q[(i * K + j) * L + b] : o->r[(i * M + j - K) * L + b])
                            : (j < K ? o->r[(j * M + i - K) * L + b]
                                     : o->t[((i - K) * M + j - K) * L + b]);
    memset(lower, 0, sizeof(double) * FIELDS * FIELDS);
    for (size_t i = 0; i < FIELDS; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = c[i][j];
            for (size_t k = 0; k < j; k++)
                sum -= lower[i][k] * lower[j][k];
            lower[i][j] = i == j ? sqrt(sum) : sum / lower[j][j];
        }
}

typedef struct {
    double sum, sum_squares;
} estimate;

static void add(estimate *e, double value) {
    e->sum += value;
    e->sum_squares += value * value;
}

static void check_estimate(const estimate *e, size_t samples, double expected, const char *what,
                           size_t i, size_t j, size_t b) {
    const double mean = e->sum / (double)samples;
    const double variance = e->sum_squares / (double)samples - mean * mean;
    const double standard_error = sqrt(variance / (double)samples);
    CHECK_CLOSE(expected, mean, 4.5, standard_error,
                "d%s(%zu,%zu) in block %zu, in standard errors", what, i, j, b);
}

/*
 * The fields of one example: z^b = sqrt(lambda_b) factor g per block, their sum the local fields.
 * The step changes r^b by c_i y^b and q^b by c_i x^b_j + c_j x^b_i + c_i c_j lambda_b p_b, c = -eta
 * v delta g'(x), in units of 1/N for N -> infinity.
 */
static void average_steps(const test_model *m, size_t samples, estimate dr[L][K][M],
                          estimate dq[L][K][K]) {
    double lower[L][FIELDS][FIELDS], zb[L][FIELDS];
    const ordpar_activation *g = m->network.activation;
    ordpar_random stream = test_stream(31);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    for (size_t b = 0; b < L; b++)
        block_factor(&m->start, b, lower[b]);
    for (size_t s = 0; s < samples; s++) {
        double z[FIELDS] = {0}, c[K],
               delta = gsl_ran_gaussian_ziggurat(&rng, m->network.label_noise);
        for (size_t b = 0; b < L; b++) {
            double normal[FIELDS];
            for (size_t a = 0; a < FIELDS; a++) {
                normal[a] = gsl_ran_gaussian_ziggurat(&rng, 1);
                zb[b][a] = 0;
                for (size_t k = 0; k <= a; k++)
                    zb[b][a] += sqrt(m->spectrum.lambda[b]) * lower[b][a][k] * normal[k];
                z[a] += zb[b][a];
            }
        }
        for (size_t i = 0; i < K; i++)
            delta += m->network.v[i] * ordpar_activation_value(g, z[i]);
        for (size_t n = 0; n < M; n++)
            delta -= m->network.w[n] * ordpar_activation_value(g, z[K + n]);
        for (size_t i = 0; i < K; i++)
            c[i] = -m->network.eta * m->network.v[i] * delta * ordpar_activation_slope(g, z[i]);
        for (size_t b = 0; b < L; b++)
            for (size_t i = 0; i < K; i++) {
                for (size_t n = 0; n < M; n++)
                    add(&dr[b][i][n], c[i] * zb[b][K + n]);
                for (size_t j = 0; j <= i; j++)
                    add(&dq[b][i][j], c[i] * zb[b][j] + c[j] * zb[b][i] +
                                          c[i] * c[j] * m->spectrum.lambda[b] * m->spectrum.p[b]);
            }
    }
}

static void check_against_steps(test_model *m, size_t samples) {
    static estimate dr[L][K][M], dq[L][K][K];
    memset(dr, 0, sizeof dr);
    memset(dq, 0, sizeof dq);
    average_steps(m, samples, dr, dq);
    ordpar_error err;
    ordpar_flow flow;
    ordpar_coefficients co;
    check_ok(ordpar_flow_init(&m->spectrum, &m->network, &ordpar_state_overlaps, L,
                              &(ordpar_flow_start){.overlaps = &m->start}, &flow, &err),
             &err);
    check_ok(ordpar_coefficients_init(K, M, &co, &err), &err);
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&m->network);
    double covariance[FIELDS * FIELDS], y[64], dy[64];
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, covariance, &err), &err);
    cr_assert(ordpar_coefficients_evaluate(&m->network, covariance, work, &co));
    ordpar_flow_pack(&flow, &(ordpar_flow_start){.overlaps = &m->start}, y);
    ordpar_flow_apply(&flow, &co, y, dy);
    for (size_t b = 0; b < L; b++)
        for (size_t i = 0; i < K; i++) {
            for (size_t n = 0; n < M; n++)
                check_estimate(&dr[b][i][n], samples, dy[(i * M + n) * L + b], "r", i, n, b);
            for (size_t j = 0; j <= i && !m->network.small_eta; j++)
                check_estimate(&dq[b][i][j], samples,
                               dy[(K * M + ordpar_packed_index(K, j, i)) * L + b], "q", i, j, b);
        }
    ordpar_coefficient_work_free(work);
    ordpar_coefficients_clear(&co);
    ordpar_flow_clear(&flow);
}

Test(flow, matches_the_average_of_one_sgd_step) {
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++) {
        test_model m = make_model(K, M, 60, L, 0.7, 0.6, 0.8, g->name, 5);
        for (size_t i = 0; i < K; i++)
            m.network.v[i] = 0.4 + 0.3 * (double)i;
        m.network.w[1] = -0.5;
        m.network.label_noise = 0.2;
        m.network.small_eta = !g->squared_error_dg_dg; /* then r alone is exact */
        check_against_steps(&m, SANITIZED ? 20000 : 200000);
        clear_model(&m);
    }
}

Test(flow, packing_is_undone_by_unpacking_over_many_chunks) {
    ordpar_error err;
    test_model m = make_model(2, 3, 2 * 1777, 1777, 1, 0.1, 1, "erf", 3);
    ordpar_flow flow;
    ordpar_overlaps back;
    check_ok(ordpar_flow_init(&m.spectrum, &m.network, &ordpar_state_overlaps, 1777,
                              &(ordpar_flow_start){.overlaps = &m.start}, &flow, &err),
             &err);
    check_ok(ordpar_overlaps_init(2, 3, 1777, &back, &err), &err);
    cr_assert(flow.chunk_size < 1777 && 1777 % flow.chunk_size != 0,
              "the case must have odd chunks");
    double *y = malloc(ordpar_flow_size(&flow) * sizeof *y);
    ordpar_flow_pack(&flow, &(ordpar_flow_start){.overlaps = &m.start}, y);
    ordpar_flow_unpack(&flow, y, &back);
    cr_assert(memcmp(back.r, m.start.r, 6 * 1777 * sizeof(double)) == 0);
    cr_assert(memcmp(back.q, m.start.q, 4 * 1777 * sizeof(double)) == 0);
    free(y);
    ordpar_overlaps_clear(&back);
    ordpar_flow_clear(&flow);
    clear_model(&m);
}
