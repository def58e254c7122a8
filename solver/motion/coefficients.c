// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/coefficients_internal.h"
#include "solver/motion/task_sums.h"
#include "solver/state/network_averages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t ordpar_order_parameter_count(size_t K, size_t M) {
    return K * M + K * (K + 1) / 2;
}

void ordpar_covariance_set(size_t K, size_t M, const double *m, double *c) {
    const size_t n = K + M;
    for (size_t i = 0; i < K; i++)
        for (size_t k = 0; k < M; k++)
            c[i * n + K + k] = c[(K + k) * n + i] = m[i * M + k];
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            c[i * n + j] = c[j * n + i] = m[K * M + ordpar_packed_index(K, i, j)];
}

ordpar_status ordpar_coefficients_init(size_t K, size_t M, ordpar_coefficients *coefficients,
                                       ordpar_error *err) {
    double *all = calloc(K * M + 2 * K * K, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu + %zu units", K, M);
    *coefficients = (ordpar_coefficients){.A = all, .G = all + K * M, .F = all + K * M + K * K};
    return ORDPAR_OK;
}

void ordpar_coefficients_clear(ordpar_coefficients *coefficients) {
    free(coefficients->A);
    *coefficients = (ordpar_coefficients){0};
}

void ordpar_coefficients_scale(size_t K, size_t M, size_t columns, double factor, double *A) {
    const size_t first = (K * M + K * K) * columns, count = first + K * K * columns;
    for (size_t k = 0; k < first; k++)
        A[k] *= factor;
    for (size_t k = first; k < count; k++)
        A[k] *= factor * factor;
}

ordpar_coefficient_work *ordpar_coefficient_work_create(const ordpar_network *network) {
    const size_t K = network->K, M = network->M, n = K + M;
    ordpar_team *team = ordpar_noise_team(network);
    const size_t scratch = (ordpar_network_work(network) + 7) / 8 * 8;
    const size_t own = n + n * n + scratch * ordpar_team_size(team);
    const bool tasks = network->training.tasks.count > 0;
    const size_t part = tasks ? (K * M + 2 * K * K) * ordpar_order_parameter_count(K, M) : 0;
    ordpar_coefficient_work *work = calloc(1, sizeof *work);
    double *all = calloc(own + part, sizeof *all);
    if (!work || !all) {
        free(work);
        free(all);
        ordpar_team_free(team);
        return NULL;
    }
    *work = (ordpar_coefficient_work){.u = all,
                                      .gradient = all + n,
                                      .scratch = all + n + n * n,
                                      .scratch_size = scratch,
                                      .team = team,
                                      .part = tasks ? all + own : NULL};
    ordpar_network_outputs(network, work->u);
    return work;
}

void ordpar_coefficient_work_free(ordpar_coefficient_work *work) {
    if (!work)
        return;
    ordpar_team_free(work->team);
    free(work->u);
    free(work);
}

/* [5.11] Gives the outputs of twins to the first of them, in its field: g(s x) = g(x), s g(x). */
static void merge_twins(ordpar_coefficient_work *work) {
    const ordpar_symmetry *s = work->symmetry;
    for (size_t a = 0; a < s->n; a++) {
        size_t first;
        double scale;
        if (!ordpar_symmetry_twin(s, a, &first, &scale))
            continue;
        work->u[first] +=
            work->u[a] * ((a < s->K ? s->outputs_odd : s->teacher_outputs_odd) ? scale : 1);
        work->u[a] = 0;
    }
}

void ordpar_coefficient_work_set_outputs(ordpar_coefficient_work *work, size_t K, const double *v) {
    memcpy(work->u, v, K * sizeof *v);
    if (work->symmetry)
        merge_twins(work);
}

void ordpar_coefficient_work_set_symmetry(ordpar_coefficient_work *work, size_t K, const double *v,
                                          const ordpar_symmetry *symmetry) {
    work->symmetry = symmetry;
    ordpar_coefficient_work_set_outputs(work, K, v);
}

double ordpar_generalization_error(const ordpar_network *network, const double *c,
                                   ordpar_coefficient_work *work) {
    if (network->training.tasks.count)
        return ordpar_task_sums_error(network, c, work);
    return ordpar_network_squared_error(network, c, work->u, NULL) / 2;
}

/* [4.1] */
static void evaluate_A(const ordpar_network *net, const double *c, double *A) {
    const size_t K = net->K, M = net->M;
    for (size_t i = 0; i < K; i++)
        for (size_t k = 0; k < M; k++) {
            const size_t a = K + k;
            A[i * M + k] = net->v[i] * net->w[k] * ordpar_network_dg_dg(net, c, i, a).value;
        }
}

/* C_ij [4.2] and, on the diagonal, h_i [4.3] */
static void evaluate_G(const ordpar_network *net, const double *c, const double *u, double *G) {
    const size_t K = net->K, n = K + net->M;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i; j++)
            G[i * K + j] = G[j * K + i] =
                net->v[i] * net->v[j] * ordpar_network_dg_dg(net, c, i, j).value;
    for (size_t i = 0; i < K; i++) {
        double h = 0;
        for (size_t a = 0; a < n; a++)
            h += u[a] * ordpar_network_ddg_g(net, c, i, a).value;
        G[i * K + i] += net->v[i] * h;
    }
}

/* True if student i or j has a twin before it; *i and *j become the first ones, in units of which
 * *scale is what F is of theirs. [5.11] */
static bool find_twins(const ordpar_coefficient_work *work, size_t *i, size_t *j, double *scale) {
    double scale_i = 1, scale_j = 1;
    size_t first;
    bool found = false;
    if (!work->symmetry)
        return false;
    if (ordpar_symmetry_twin(work->symmetry, *i, &first, &scale_i)) {
        found = true;
        *i = first;
    }
    if (ordpar_symmetry_twin(work->symmetry, *j, &first, &scale_j)) {
        found = true;
        *j = first;
    }
    *scale = scale_i * scale_j;
    return found;
}

/* [4.4] */
static double noise_of_pair(const ordpar_network *net, const double *c, const double *u, size_t i,
                            size_t j, double *scratch) {
    const double error = ordpar_network_squared_error_dg_dg(net, c, u, i, j, NULL, scratch);
    const double dg_dg = ordpar_network_dg_dg(net, c, i, j).value;
    return net->v[i] * net->v[j] * (error + net->label_noise * net->label_noise * dg_dg);
}

static void evaluate_F(const ordpar_network *net, const double *c,
                       const ordpar_coefficient_work *work, double *F) {
    const size_t K = net->K;
    ordpar_noise_fill(net, c, work, work->symmetry, noise_of_pair, F);
    for (size_t i = 0; i < K && work->symmetry; i++)
        for (size_t j = 0; j <= i; j++) {
            size_t first_i = i, first_j = j;
            double scale;
            if (find_twins(work, &first_i, &first_j, &scale))
                F[i * K + j] = F[j * K + i] = scale * F[first_i * K + first_j];
        }
}

static bool all_finite(size_t count, const double *x) {
    for (size_t k = 0; k < count; k++)
        if (!isfinite(x[k]))
            return false;
    return true;
}

bool ordpar_coefficients_are_finite(const ordpar_network *network,
                                    const ordpar_coefficients *coefficients) {
    const size_t K = network->K;
    return all_finite(K * network->M, coefficients->A) && all_finite(K * K, coefficients->G) &&
           all_finite(K * K, coefficients->F);
}

void ordpar_coefficient_work_set_stop(ordpar_coefficient_work *work,
                                      const volatile sig_atomic_t *stop) {
    work->stop = stop;
}

bool ordpar_coefficient_work_stopped(const ordpar_coefficient_work *work) {
    return work->stop && *work->stop;
}

bool ordpar_coefficients_evaluate(const ordpar_network *network, const double *c,
                                  ordpar_coefficient_work *work, ordpar_coefficients *out) {
    const size_t K = network->K;
    if (network->training.tasks.count)
        return ordpar_task_sums_evaluate(network, c, work, out);
    evaluate_A(network, c, out->A);
    evaluate_G(network, c, work->u, out->G);
    if (network->small_eta)
        memset(out->F, 0, K * K * sizeof *out->F);
    else
        evaluate_F(network, c, work, out->F);
    return !ordpar_coefficient_work_stopped(work) && ordpar_coefficients_are_finite(network, out);
}

/* Column of c_ab, a a student, among the order-1 parameters m. */
static size_t column(const ordpar_network *net, size_t a, size_t b) {
    const size_t K = net->K, M = net->M;
    if (b >= K)
        return a * M + (b - K);
    return K * M + (a <= b ? ordpar_packed_index(K, a, b) : ordpar_packed_index(K, b, a));
}

void ordpar_row_add_pair(const ordpar_network *network, size_t i, size_t a, double factor,
                         ordpar_pair_average average, double *row) {
    row[column(network, i, i)] += factor * average.d_aa;
    row[column(network, i, a)] += factor * average.d_ab;
    if (a < network->K)
        row[column(network, a, a)] += factor * average.d_bb;
}

void ordpar_row_add_gradient(const ordpar_network *network, double factor, const double *gradient,
                             double *row) {
    const size_t K = network->K, n = K + network->M;
    for (size_t a = 0; a < K; a++)
        for (size_t b = a; b < n; b++)
            row[column(network, a, b)] += factor * (a == b ? 1 : 2) * gradient[a * n + b];
}

static void differentiate_A(const ordpar_network *net, const double *c, size_t P, double *rows) {
    const size_t K = net->K, M = net->M;
    for (size_t i = 0; i < K; i++)
        for (size_t k = 0; k < M; k++) {
            const size_t a = K + k;
            ordpar_row_add_pair(net, i, a, net->v[i] * net->w[k],
                                ordpar_network_dg_dg(net, c, i, a), rows + (i * M + k) * P);
        }
}

static void differentiate_G(const ordpar_network *net, const double *c, const double *u, size_t P,
                            double *rows) {
    const size_t K = net->K, n = K + net->M;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            ordpar_row_add_pair(net, i, j, net->v[i] * net->v[j],
                                ordpar_network_dg_dg(net, c, i, j), rows + (i * K + j) * P);
    for (size_t i = 0; i < K; i++)
        for (size_t a = 0; a < n; a++)
            ordpar_row_add_pair(net, i, a, net->v[i] * u[a], ordpar_network_ddg_g(net, c, i, a),
                                rows + (i * K + i) * P);
}

void ordpar_coefficients_differentiate_F(const ordpar_network *net, const double *c,
                                         ordpar_coefficient_work *work, double *rows) {
    const size_t K = net->K, P = ordpar_order_parameter_count(K, net->M);
    const double noise = net->label_noise * net->label_noise;
    double *row = rows;
    memset(rows, 0, K * (K + 1) / 2 * P * sizeof *rows);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i && !ordpar_coefficient_work_stopped(work); j++, row += P) {
            size_t a = i, b = j;
            double scale;
            if (find_twins(work, &a, &b, &scale)) {
                const double *first = rows + ordpar_lower_index(a, b) * P;
                for (size_t k = 0; k < P; k++)
                    row[k] = scale * first[k];
                continue;
            }
            const double factor = net->v[i] * net->v[j];
            ordpar_network_squared_error_dg_dg(net, c, work->u, i, j, work->gradient,
                                               work->scratch);
            ordpar_row_add_gradient(net, factor, work->gradient, row);
            ordpar_row_add_pair(net, i, j, factor * noise, ordpar_network_dg_dg(net, c, i, j), row);
        }
}

void ordpar_rows_of_both_triangles(size_t K, size_t P, double *rows) {
    for (size_t i = K; i-- > 0;)
        for (size_t j = i + 1; j-- > 0;)
            memmove(rows + (i * K + j) * P, rows + ordpar_lower_index(i, j) * P, P * sizeof *rows);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++)
            memcpy(rows + (j * K + i) * P, rows + (i * K + j) * P, P * sizeof *rows);
}

void ordpar_coefficients_jacobian(const ordpar_network *network, const double *c,
                                  ordpar_coefficient_work *work, double *jacobian) {
    const size_t K = network->K, M = network->M, P = ordpar_order_parameter_count(K, M);
    if (network->training.tasks.count) {
        ordpar_task_sums_jacobian(network, c, work, jacobian);
        return;
    }
    memset(jacobian, 0, (K * M + 2 * K * K) * P * sizeof *jacobian);
    differentiate_A(network, c, P, jacobian);
    differentiate_G(network, c, work->u, P, jacobian + K * M * P);
    if (network->small_eta)
        return;
    ordpar_coefficients_differentiate_F(network, c, work, jacobian + (K * M + K * K) * P);
    ordpar_rows_of_both_triangles(K, P, jacobian + (K * M + K * K) * P);
}
