// SPDX-License-Identifier: GPL-3.0-or-later
/* Coefficients of the equations of motion: reference values and derivatives. */
#include "base/csv.h"
#include "base/team.h"
#include "solver/motion/coefficients.h"
#include "solver/steps/coordinates.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The isotropic right-hand side of the reference table: L = 1, lambda = 1, overlaps = covariance.
 */
typedef struct {
    double eps_g, dR[4], dQ[4];
} isotropic;

static isotropic isotropic_rhs(double label_noise) {
    static const double c[16] = {.8, .15, .3, .05, .15, 1.1, .1, .45,
                                 .3, .1,  1., .2,  .05, .45, .2, .9};
    const double eta = 0.5;
    ordpar_error err;
    ordpar_network net;
    ordpar_coefficients co;
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_erf, eta, &net, &err), &err);
    for (size_t k = 0; k < 2; k++)
        net.v[k] = net.w[k] = 1;
    net.label_noise = label_noise;
    check_ok(ordpar_coefficients_init(2, 2, &co, &err), &err);
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&net);
    cr_assert(ordpar_coefficients_evaluate(&net, c, work, &co));
    isotropic rhs = {.eps_g = ordpar_generalization_error(&net, c, work)};
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++) {
            double dr = 0, dq = eta * eta * co.F[2 * i + j];
            for (size_t k = 0; k < 2; k++) {
                dr += eta * (co.A[2 * i + k] * c[(2 + k) * 4 + 2 + j] -
                             co.G[2 * i + k] * c[k * 4 + 2 + j]);
                dq +=
                    eta * (co.A[2 * i + k] * c[j * 4 + 2 + k] + co.A[2 * j + k] * c[i * 4 + 2 + k] -
                           co.G[2 * i + k] * c[k * 4 + j] - co.G[2 * j + k] * c[k * 4 + i]);
            }
            rhs.dR[2 * i + j] = dr;
            rhs.dQ[2 * i + j] = dq;
        }
    ordpar_coefficient_work_free(work);
    ordpar_coefficients_clear(&co);
    ordpar_network_clear(&net);
    return rhs;
}

static ordpar_status check_rhs(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    double noise, value, actual;
    (void)context;
    ordpar_status status;
    if ((status = ordpar_csv_double(row, 3, &noise, err)) ||
        (status = ordpar_csv_double(row, 4, &value, err)))
        return status;
    const isotropic rhs = isotropic_rhs(noise);
    const size_t at = *row->fields[1] ? 2 * (size_t)(atoi(row->fields[1]) - 1) +
                                            (size_t)(atoi(row->fields[2]) - 1)
                                      : 0;
    actual = row->fields[0][0] == 'e'   ? rhs.eps_g
             : row->fields[0][1] == 'R' ? rhs.dR[at]
                                        : rhs.dQ[at];
    CHECK_CLOSE(actual, value, TOL_TIGHT, 1, "%s(%s,%s) at noise %g", row->fields[0],
                row->fields[1], row->fields[2], noise);
    return ORDPAR_OK;
}

Test(coefficients, right_hand_side_matches_the_reference_table) {
    static const char *const columns[] = {"quantity", "row", "col", "label_noise", "value"};
    ordpar_error err;
    check_ok(ordpar_csv_read(TEST_REFERENCE_DIR "/rhs.csv", columns, 5, check_rhs, NULL, &err),
             &err);
}

/* The order-1 parameters of a covariance: the inverse of ordpar_covariance_set. */
static void read_m(size_t K, size_t M, const double *c, double *m) {
    const size_t n = K + M;
    for (size_t i = 0; i < K; i++)
        for (size_t k = 0; k < M; k++)
            m[i * M + k] = c[i * n + K + k];
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            m[K * M + ordpar_packed_index(K, i, j)] = c[i * n + j];
}

static void check_jacobian(const ordpar_network *net, double *c) {
    const size_t K = net->K, M = net->M, P = ordpar_order_parameter_count(K, M);
    const size_t rows = K * M + 2 * K * K;
    const double step = 1e-5;
    ordpar_error err;
    ordpar_coefficients value[2];
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(net);
    double *jacobian = malloc(rows * P * sizeof *jacobian), *m = malloc(P * sizeof *m);
    for (int side = 0; side < 2; side++)
        check_ok(ordpar_coefficients_init(K, M, &value[side], &err), &err);
    ordpar_coefficients_jacobian(net, c, work, jacobian);
    read_m(K, M, c, m);
    for (size_t p = 0; p < P; p++) {
        const double at = m[p];
        for (int side = 0; side < 2; side++) {
            m[p] = at + (side ? step : -step);
            ordpar_covariance_set(K, M, m, c);
            cr_assert(ordpar_coefficients_evaluate(net, c, work, &value[side]));
        }
        m[p] = at;
        ordpar_covariance_set(K, M, m, c);
        for (size_t k = 0; k < rows; k++) /* A, G and F are contiguous */
            CHECK_CLOSE(jacobian[k * P + p], (value[1].A[k] - value[0].A[k]) / (2 * step),
                        TOL_DIFFERENCE, 1, "%s K %zu M %zu: d row %zu / d m %zu",
                        net->activation->name, K, M, k, p);
    }
    for (int side = 0; side < 2; side++)
        ordpar_coefficients_clear(&value[side]);
    ordpar_coefficient_work_free(work);
    free(jacobian);
    free(m);
}

Test(coefficients, jacobian_matches_finite_differences) {
    ordpar_random stream = test_stream(10);
    for (size_t K = 1; K <= 4; K++)
        for (size_t M = 1; M <= 3; M++)
            for (size_t index = 0; ordpar_activation_at(index); index++) {
                ordpar_error err;
                ordpar_network net;
                double c[49];
                check_ok(ordpar_network_init(K, M, ordpar_activation_at(index), 0.7, &net, &err),
                         &err);
                for (size_t k = 0; k < K; k++)
                    net.v[k] = uniform(&stream, -1.5, 1.5);
                net.label_noise = 0.3;
                random_covariance(&stream, K + M, K + M + 2, c);
                if (net.activation->squared_error_dg_dg &&
                    (K * M <= 2 || !(SANITIZED || is_slow(net.activation))))
                    check_jacobian(&net, c);
                net.small_eta = true;
                if (!SANITIZED || K * M <= 2)
                    check_jacobian(&net, c);
                ordpar_network_clear(&net);
            }
}

/* A and G are the averages of their definitions also where students coincide with teachers. */
Test(coefficients, no_gradient_at_perfect_specialisation) {
    for (size_t K = 1; K <= 5; K++) {
        ordpar_error err;
        ordpar_network net;
        ordpar_coefficients co;
        double c[100];
        ordpar_random stream = test_stream(20 + K);
        check_ok(ordpar_network_init(K, K, &ordpar_activation_erf, 1, &net, &err), &err);
        check_ok(ordpar_coefficients_init(K, K, &co, &err), &err);
        random_covariance(&stream, K, K + 3, c);
        double full[100];
        for (size_t a = 0; a < 2 * K; a++)
            for (size_t b = 0; b < 2 * K; b++)
                full[a * 2 * K + b] = c[(a % K) * K + b % K];
        ordpar_coefficient_work *work = ordpar_coefficient_work_create(&net);
        cr_assert(ordpar_coefficients_evaluate(&net, full, work, &co));
        for (size_t k = 0; k < K * K; k++) {
            CHECK_CLOSE(co.A[k], co.G[k], TOL_TIGHT, 1, "A = G at K = %zu, entry %zu", K, k);
            CHECK_CLOSE(co.F[k], 0, TOL_TIGHT, 1, "F = 0 at K = %zu, entry %zu", K, k);
        }
        CHECK_CLOSE(ordpar_generalization_error(&net, full, work), 0, TOL_TIGHT, 1,
                    "eps_g, K = %zu", K);
        ordpar_coefficient_work_free(work);
        ordpar_coefficients_clear(&co);
        ordpar_network_clear(&net);
    }
}

/* A, G and F of many units, by the environment's number of threads. */
static void evaluate_by(const char *threads, const ordpar_network *net,
                        const ordpar_coordinates *coordinates, const double *c,
                        ordpar_coefficients *co) {
    ordpar_error err;
    check_ok(ordpar_coefficients_init(net->K, net->M, co, &err), &err);
    setenv("OMP_NUM_THREADS", threads, 1);
    cr_assert_eq(ordpar_threads(0), (size_t)atoi(threads));
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(net);
    for (int again = 0; again < 20; again++)
        cr_assert(coordinates->evaluate(net, c, work, co));
    ordpar_coefficient_work_free(work);
}

Test(coefficients, are_the_same_for_any_number_of_threads) {
    enum { K = 24, N = 2 * K };
    static const ordpar_coordinates *const both[] = {&ordpar_overlap_coordinates,
                                                     &ordpar_deviation_coordinates};
    static const char *const threads[] = {"1", "2", "3"};
    ordpar_random stream = test_stream(23);
    ordpar_error err;
    ordpar_network net;
    double *c = malloc(N * N * sizeof *c);
    check_ok(ordpar_network_init(K, K, &ordpar_activation_erf, 1, &net, &err), &err);
    random_covariance(&stream, N, N + 5, c);
    for (size_t k = 0; k < 2; k++) {
        ordpar_coefficients co[3];
        for (size_t t = 0; t < 3; t++) {
            evaluate_by(threads[t], &net, both[k], c, &co[t]);
            for (size_t at = 0; at < 3 * K * K; at++)
                cr_assert_eq(co[t].A[at], co[0].A[at], "%s threads, %s, number %zu", threads[t],
                             both[k]->name, at);
        }
        for (size_t t = 0; t < 3; t++)
            ordpar_coefficients_clear(&co[t]);
    }
    free(c);
    ordpar_network_clear(&net);
}
