// SPDX-License-Identifier: GPL-3.0-or-later
/* The equations of motion in deviation coordinates. [10.1] */
#include "solver/motion/deviation.h"

#include "solver/motion/coefficients_internal.h"

#include <string.h>

/* r <- r - sign t and q <- q - sign (r + r^T) + t, with r the old one: W = J - sign B. */
static void shift(ordpar_overlaps *o, double sign) {
    const size_t K = o->K, L = o->L;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            for (size_t b = 0; b < L; b++) {
                const size_t ij = (i * K + j) * L + b, ji = (j * K + i) * L + b;
                o->q[ij] += o->t[ij] - sign * (o->r[ij] + o->r[ji]);
            }
    for (size_t k = 0; k < K * K * L; k++)
        o->r[k] -= sign * o->t[k];
}

void ordpar_overlaps_to_deviations(ordpar_overlaps *overlaps) {
    shift(overlaps, 1);
}

void ordpar_deviations_to_overlaps(ordpar_overlaps *overlaps) {
    shift(overlaps, -1);
}

/* Q_ij of the students from the covariance of (w, y). */
static double student_covariance(size_t K, const double *c, size_t i, size_t j) {
    const size_t n = 2 * K;
    return c[i * n + j] + c[i * n + K + j] + c[j * n + K + i] + c[(K + i) * n + K + j];
}

/* The covariance of (x, y) from that of (w, y). */
static void full_covariance(size_t K, const double *c, double *full) {
    const size_t n = 2 * K;
    memcpy(full, c, n * n * sizeof *full);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            full[i * n + j] = student_covariance(K, c, i, j);
            full[i * n + K + j] += c[(K + i) * n + K + j];
            full[(K + j) * n + i] = full[i * n + K + j];
        }
}

static ordpar_pair_average student_pair(const ordpar_network *net, const double *c, size_t i,
                                        size_t j) {
    return net->activation->dg_dg(net->activation, student_covariance(net->K, c, i, i),
                                  student_covariance(net->K, c, i, j),
                                  student_covariance(net->K, c, j, j));
}

static double noise_of_pair(const ordpar_network *net, const double *c, const double *v, size_t i,
                            size_t j, double *scratch) {
    const double noise = net->label_noise * net->label_noise;
    const double error = net->activation->deviation->squared_error_dg_dg(
        net->activation, net->K, c, net->v, i, j, NULL, scratch);
    (void)v;
    return net->v[i] * net->v[j] * (error + noise * student_pair(net, c, i, j).value);
}

/* [10.1] A - G in place of A. */
bool ordpar_deviation_evaluate(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, ordpar_coefficients *out) {
    const size_t K = network->K;
    const double *v = network->v;
    const ordpar_deviation_averages *averages = network->activation->deviation;
    for (size_t i = 0; i < K; i++) {
        const double h = v[i] * averages->error_ddg(network->activation, K, c, v, i);
        for (size_t j = 0; j < K; j++) {
            out->A[i * K + j] =
                v[i] * v[j] * averages->dg_dg_difference(network->activation, K, c, i, j);
            out->G[i * K + j] = v[i] * v[j] * student_pair(network, c, i, j).value;
        }
        out->A[i * K + i] -= h;
        out->G[i * K + i] += h;
    }
    if (network->small_eta)
        memset(out->F, 0, K * K * sizeof *out->F);
    else
        ordpar_noise_fill(network, c, work, NULL, noise_of_pair, out->F);
    return !ordpar_coefficient_work_stopped(work) && ordpar_coefficients_are_finite(network, out);
}

/* A row of derivatives by (R, Q) becomes one by (Omega, E): R = T + Omega, Q = T + Omega + Omega^T
 * + E. */
static void change_variables(size_t K, double *row) {
    for (size_t i = 0; i < K; i++)
        for (size_t n = 0; n < K; n++) {
            const size_t packed =
                i <= n ? ordpar_packed_index(K, i, n) : ordpar_packed_index(K, n, i);
            row[i * K + n] += (i == n ? 2 : 1) * row[K * K + packed];
        }
}

/* F alone must be differentiated in the accurate form: it is of second order in W, as E is. */
void ordpar_deviation_differentiate_F(const ordpar_network *net, const double *c,
                                      ordpar_coefficient_work *work, double *rows) {
    const size_t K = net->K, P = ordpar_order_parameter_count(K, K);
    const double noise = net->label_noise * net->label_noise;
    double *row = rows;
    memset(rows, 0, K * (K + 1) / 2 * P * sizeof *rows);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i && !ordpar_coefficient_work_stopped(work); j++, row += P) {
            const double factor = net->v[i] * net->v[j];
            ordpar_row_add_pair(net, i, j, factor * noise, student_pair(net, c, i, j), row);
            change_variables(K, row);
            net->activation->deviation->squared_error_dg_dg(net->activation, K, c, net->v, i, j,
                                                            work->gradient, work->scratch);
            ordpar_row_add_gradient(net, factor, work->gradient, row);
        }
}

void ordpar_deviation_jacobian(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, double *jacobian) {
    const size_t K = network->K, P = ordpar_order_parameter_count(K, K);
    ordpar_network without_F = *network;
    without_F.small_eta = true;
    full_covariance(K, c, work->scratch);
    ordpar_coefficients_jacobian(&without_F, work->scratch, work, jacobian);
    for (size_t k = 0; k < K * K * P; k++)
        jacobian[k] -= jacobian[K * K * P + k];
    for (size_t row = 0; row < 2 * K * K; row++)
        change_variables(K, jacobian + row * P);
    if (network->small_eta)
        return;
    ordpar_deviation_differentiate_F(network, c, work, jacobian + 2 * K * K * P);
    ordpar_rows_of_both_triangles(K, P, jacobian + 2 * K * K * P);
}

void ordpar_deviation_pairs(const ordpar_network *network, const double *c,
                            ordpar_coefficient_work *work, ordpar_pair_derivatives *pairs) {
    full_covariance(network->K, c, work->scratch);
    ordpar_pair_derivatives_set(network, work->scratch, work, pairs);
}

/* R = T + Omega, Q = T + Omega + Omega^T + E, and A - G in place of A */
void ordpar_deviation_along(const ordpar_pair_derivatives *pairs, double *m, double *dA,
                            double *dG) {
    const size_t K = pairs->K;
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            m[K * K + ordpar_packed_index(K, i, j)] += m[i * K + j] + m[j * K + i];
    ordpar_pair_derivatives_apply(pairs, m, dA, dG);
    for (size_t k = 0; k < K * K; k++)
        dA[k] -= dG[k];
}

double ordpar_deviation_error(const ordpar_network *network, const double *c,
                              ordpar_coefficient_work *work) {
    (void)work;
    return network->activation->deviation->squared_error(network->activation, network->K, c,
                                                         network->v, NULL) /
           2;
}
