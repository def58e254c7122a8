// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulation_support.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_simulation simulate_model(const test_model *m, ordpar_method method, double sigma_J) {
    return (ordpar_simulation){.spectrum = &m->spectrum,
                               .network = &m->network,
                               .trained_blocks = m->spectrum.L,
                               .method = method,
                               .sigma_J = sigma_J,
                               .seed = 17};
}

static void begin(test_run *r, uint64_t run) {
    ordpar_error err;
    r->state = aligned_alloc(64, r->plan.state_size);
    r->memory = memset(aligned_alloc(64, r->plan.work_size), 0, r->plan.work_size);
    r->work = ordpar_run_use(&r->plan, r->memory);
    check_ok(ordpar_run_start(&r->plan, run, r->state, NULL, &err), &err);
}

test_run start_run(const ordpar_simulation *simulation, uint64_t run) {
    ordpar_error err;
    test_run r;
    check_ok(ordpar_plan_init(simulation, &r.plan, &err), &err);
    begin(&r, run);
    return r;
}

test_run start_batches(const ordpar_simulation *simulation, uint64_t run) {
    ordpar_error err;
    test_run r;
    check_ok(ordpar_plan_init(simulation, &r.plan, &err), &err);
    r.plan.batch = 32;
    ordpar_run_sizes(&r.plan);
    begin(&r, run);
    return r;
}

void clear_run(test_run *r) {
    free(r->state);
    free(r->memory);
    ordpar_plan_clear(&r->plan);
}

void run_ensemble(const ordpar_simulation *simulation, const double *alpha, size_t count,
                  size_t runs, double *eps_g) {
    ordpar_error err;
    size_t rows;
    const ordpar_ensemble_options options = {.runs = runs, .threads = 2};
    check_ok(ordpar_ensemble_run(simulation, alpha, count, &options, eps_g, &rows, &err), &err);
    cr_assert_eq(rows, count);
}

/* The Gram matrix of rows a and b in block l, over N. */
static double product(const test_run *r, const double *W, size_t a, size_t b, size_t l) {
    double sum = 0;
    for (size_t k = r->plan.first[l]; k < r->plan.first[l + 1]; k++)
        sum += W[a * r->plan.stride + k] * W[b * r->plan.stride + k];
    return sum / r->plan.simulation.spectrum->N;
}

ordpar_overlaps overlaps_of(test_run *r) {
    const size_t K = r->plan.K, M = r->plan.M, L = r->plan.L;
    const double *W = ordpar_run_rows(&r->plan, r->state);
    ordpar_error err;
    ordpar_overlaps o;
    check_ok(ordpar_overlaps_init(K, M, L, &o, &err), &err);
    for (size_t b = 0; b < L; b++) {
        for (size_t i = 0; i < K; i++) {
            for (size_t j = 0; j < K; j++)
                o.q[(i * K + j) * L + b] = product(r, W, i, j, b);
            for (size_t n = 0; n < M; n++)
                o.r[(i * M + n) * L + b] = product(r, W, i, K + n, b);
        }
        for (size_t n = 0; n < M; n++)
            for (size_t m = 0; m < M; m++)
                o.t[(n * M + m) * L + b] = product(r, W, K + n, K + m, b);
    }
    return o;
}

double kolmogorov_tail(double k) {
    double sum = 0;
    for (int j = 100; j > 0; j--)
        sum += (j % 2 ? 2 : -2) * exp(-2. * j * j * k * k);
    return fmin(1, fmax(0, sum));
}

double two_sample_probability(double *x, size_t n_x, double *y, size_t n_y) {
    gsl_sort(x, 1, n_x);
    gsl_sort(y, 1, n_y);
    double D = 0;
    for (size_t i = 0, j = 0; i < n_x && j < n_y;) {
        const double value = fmin(x[i], y[j]);
        while (i < n_x && x[i] <= value)
            i++;
        while (j < n_y && y[j] <= value)
            j++;
        D = fmax(D, fabs((double)i / (double)n_x - (double)j / (double)n_y));
    }
    const double a = (double)n_x, b = (double)n_y;
    return kolmogorov_tail(D * sqrt(a * b / (a + b)));
}

double largest_mean_z(size_t count, int runs, const double *sum, const double *square,
                      const double *expected) {
    double largest = 0;
    for (size_t y = 0; y < count; y++) {
        const double mean = sum[y] / runs, variance = square[y] / runs - mean * mean;
        largest = fmax(largest, fabs(mean - expected[y]) / sqrt(variance / runs));
    }
    return largest;
}
