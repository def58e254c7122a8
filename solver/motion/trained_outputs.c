// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/trained_outputs.h"

#include "solver/motion/coefficients_internal.h"
#include "solver/motion/task_sums.h"
#include "solver/state/network_averages.h"

#include <string.h>

/* The task as it is trained: at its probability [17.3]. Without tasks the network itself. */
static ordpar_network enter(const ordpar_network *network, size_t head,
                            ordpar_coefficient_work *work) {
    if (!network->training.tasks.count)
        return *network;
    ordpar_network one = ordpar_task_enter(network, head, work);
    one.training.eta_v *= ordpar_network_task_probability(network, head);
    return one;
}

/* [13.1], [17.3] */
void ordpar_outputs_flow(const ordpar_network *network, const double *c,
                         ordpar_coefficient_work *work, double *dv) {
    const size_t K = network->K, n = K + network->M;
    for (size_t head = 0; head < ordpar_network_heads(network); head++, dv += K) {
        const ordpar_network one = enter(network, head, work);
        for (size_t i = 0; i < K; i++) {
            double sum = 0;
            for (size_t a = 0; a < n; a++)
                sum += work->u[a] * ordpar_network_gg(network, c, i, a).value;
            dv[i] = -one.training.eta_v * sum;
        }
    }
}

void ordpar_outputs_jacobian(const ordpar_network *network, const double *c,
                             ordpar_coefficient_work *work, double *rows) {
    const size_t K = network->K, n = K + network->M, heads = ordpar_network_heads(network);
    const size_t P = ordpar_order_parameter_count(K, network->M), Q = P + heads * K;
    memset(rows, 0, heads * K * Q * sizeof *rows);
    for (size_t head = 0; head < heads; head++, rows += K * Q) {
        const ordpar_network one = enter(network, head, work);
        const double eta_v = one.training.eta_v;
        for (size_t i = 0; i < K; i++)
            for (size_t a = 0; a < n; a++) {
                const ordpar_pair_average gg = ordpar_network_gg(network, c, i, a);
                ordpar_row_add_pair(network, i, a, -eta_v * work->u[a], gg, rows + i * Q);
                if (a < K)
                    rows[i * Q + P + head * K + a] = -eta_v * gg.value;
            }
    }
}

/* From rows of P numbers to rows of P + more, the last ones zero. */
static void widen(size_t rows, size_t P, size_t more, double *jacobian) {
    for (size_t row = rows; row-- > 0;) {
        double *wide = jacobian + row * (P + more);
        memmove(wide, jacobian + row * P, P * sizeof *wide);
        memset(wide + P, 0, more * sizeof *wide);
    }
}

/* Adds factor times the derivative of v_i v_j, at the columns of v. */
static void add_product(const double *v, size_t i, size_t j, double factor, double *columns) {
    columns[i] += factor * v[j];
    columns[j] += factor * v[i];
}

static void differentiate_A_and_G(const ordpar_network *net, const double *c, const double *u,
                                  size_t stride, double *A, double *G) {
    const size_t K = net->K, M = net->M, n = K + M;
    for (size_t i = 0; i < K; i++) {
        for (size_t k = 0; k < M; k++)
            A[(i * M + k) * stride + i] = net->w[k] * ordpar_network_dg_dg(net, c, i, K + k).value;
        for (size_t j = 0; j < K; j++)
            add_product(net->v, i, j, ordpar_network_dg_dg(net, c, i, j).value,
                        G + (i * K + j) * stride);
        double *h = G + (i * K + i) * stride;
        for (size_t a = 0; a < n; a++) {
            const double ddg_g = ordpar_network_ddg_g(net, c, i, a).value;
            h[i] += u[a] * ddg_g;
            if (a < K)
                h[a] += net->v[i] * ddg_g;
        }
    }
}

/* E[(sum u g)^2 g'g'] is a quadratic form in u: a difference over any step is its derivative. */
static double derivative_by_output(const ordpar_network *net, const double *c,
                                   ordpar_coefficient_work *work, size_t i, size_t j, size_t k) {
    const double u = work->u[k], step = 1;
    work->u[k] = u + step;
    const double up =
        ordpar_network_squared_error_dg_dg(net, c, work->u, i, j, NULL, work->scratch);
    work->u[k] = u - step;
    const double down =
        ordpar_network_squared_error_dg_dg(net, c, work->u, i, j, NULL, work->scratch);
    work->u[k] = u;
    return (up - down) / (2 * step);
}

static void differentiate_F(const ordpar_network *net, const double *c,
                            ordpar_coefficient_work *work, size_t stride, double *F) {
    const size_t K = net->K;
    const double noise = net->label_noise * net->label_noise;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i && !ordpar_coefficient_work_stopped(work); j++) {
            double *row = F + (i * K + j) * stride;
            const double error =
                ordpar_network_squared_error_dg_dg(net, c, work->u, i, j, NULL, work->scratch);
            const double dg_dg = ordpar_network_dg_dg(net, c, i, j).value;
            add_product(net->v, i, j, error + noise * dg_dg, row);
            for (size_t k = 0; k < K; k++)
                row[k] += net->v[i] * net->v[j] * derivative_by_output(net, c, work, i, j, k);
            if (i != j)
                memcpy(F + (j * K + i) * stride, row, K * sizeof *row);
        }
}

void ordpar_outputs_add_columns(const ordpar_network *network, const double *c,
                                ordpar_coefficient_work *work, double *jacobian) {
    const size_t K = network->K, M = network->M, heads = ordpar_network_heads(network);
    const size_t rows = K * M + 2 * K * K;
    const size_t P = ordpar_order_parameter_count(K, M), Q = P + heads * K;
    widen(rows, P, heads * K, jacobian);
    for (size_t head = 0; head < heads; head++) {
        const ordpar_network one = enter(network, head, work);
        const double p = ordpar_network_task_probability(network, head);
        double *A = jacobian + P + head * K, *G = A + K * M * Q, *F = G + K * K * Q;
        differentiate_A_and_G(&one, c, work->u, Q, A, G);
        if (!network->small_eta)
            differentiate_F(&one, c, work, Q, F);
        for (size_t k = 0; k < rows * K && p != 1; k++)
            A[k / K * Q + k % K] *= p;
    }
}
