// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Speed of the simulators, each with its baseline in the same run; one thread, the fastest of
 * several repetitions. docs/validation.md has the table.
 */
#include "simulation_baseline.h"
#include "validation/simulate/run.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop_unless(ordpar_status status, const ordpar_error *err) {
    if (!status)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(EXIT_FAILURE);
}

/* A running simulation. */
typedef struct {
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_simulation simulation;
    ordpar_plan plan;
    void *state, *memory;
    ordpar_run_work work;
} subject;

static void *zeros(size_t size) {
    void *memory = aligned_alloc(64, size);
    if (!memory)
        exit(EXIT_FAILURE);
    return memset(memory, 0, size);
}

static void set_up(subject *s, ordpar_method method, size_t units, int64_t N, int64_t L,
                   double eta) {
    ordpar_error err;
    stop_unless(ordpar_spectrum_power_law(N, L, 1, &s->spectrum, &err), &err);
    stop_unless(ordpar_network_init(units, units, &ordpar_activation_erf, eta, &s->network, &err),
                &err);
    s->simulation = (ordpar_simulation){.spectrum = &s->spectrum,
                                        .network = &s->network,
                                        .trained_blocks = s->spectrum.L,
                                        .method = method,
                                        .sigma_J = 0.1,
                                        .seed = 1};
    stop_unless(ordpar_plan_init(&s->simulation, &s->plan, &err), &err);
    s->state = zeros(s->plan.state_size);
    s->memory = zeros(s->plan.work_size);
    s->work = ordpar_run_use(&s->plan, s->memory);
    stop_unless(ordpar_run_start(&s->plan, 1, s->state, NULL, &err), &err);
}

static void clear(subject *s) {
    free(s->state);
    free(s->memory);
    ordpar_plan_clear(&s->plan);
    ordpar_network_clear(&s->network);
    ordpar_spectrum_clear(&s->spectrum);
}

typedef bool (*advance_function)(const ordpar_plan *, void *, const ordpar_run_work *, uint64_t);

/* Seconds a step. */
static double time_steps(subject *s, advance_function advance, uint64_t steps) {
    ordpar_run_head *head = s->state;
    double best = INFINITY;
    for (int k = 0; k < REPETITIONS; k++) {
        const double begin = now();
        if (!advance(&s->plan, s->state, &s->work, head->steps + steps))
            exit(EXIT_FAILURE);
        best = fmin(best, (now() - begin) / (double)steps);
    }
    return best;
}

static double sink;

static void bench_normals(void) {
    enum { COUNT = 1008, TURNS = 2000 };
    static double scale[COUNT], out[COUNT];
    ordpar_normals stream;
    ordpar_normals_init(&stream, 1, 1, ORDPAR_RANDOM_INPUTS, 0);
    double ours = INFINITY;
    for (size_t k = 0; k < COUNT; k++)
        scale[k] = 1;
    for (int r = 0; r < REPETITIONS; r++) {
        const double begin = now();
        for (int t = 0; t < TURNS; t++) {
            ordpar_normals_fill(&stream, COUNT, scale, out);
            sink += out[0];
        }
        ours = fmin(ours, (now() - begin) / (TURNS * COUNT));
    }
    printf("normals: %.2f ns each; baseline, GSL's ziggurat: %.2f ns\n", 1e9 * ours,
           1e9 * baseline_normals(200000));
}

static void bench_small(void) {
    subject s;
    set_up(&s, ORDPAR_METHOD_SGD, 2, 1000, 10, 0.1);
    const double per = 1e9 / 1000, ours = per * time_steps(&s, ordpar_run_advance, 2000);
    const double baseline = per * baseline_sgd(2, 2, 1000, 0.1, 500);
    printf("sgd, erf, K = M = 2, N = 1000: %.2f ns per sample and component; baseline, plain loops "
           "and GSL's ziggurat: %.2f ns\n",
           ours, baseline);
    clear(&s);
}

/* Best rate of a large square product. */
static double dgemm_peak(void) {
    enum { SIZE = 768 };
    double *A = malloc(3 * SIZE * SIZE * sizeof *A), *B = A + SIZE * SIZE, *C = B + SIZE * SIZE;
    double best = INFINITY;
    for (size_t k = 0; k < 2 * SIZE * SIZE; k++)
        A[k] = (double)(k % 7);
    for (int k = 0; k < 2 * REPETITIONS; k++) {
        const double begin = now();
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIZE, SIZE, SIZE, 1, A, SIZE, B,
                    SIZE, 0, C, SIZE);
        best = fmin(best, now() - begin);
    }
    sink += C[0];
    free(A);
    return 2. * SIZE * SIZE * SIZE / best;
}

static void bench_large(void) {
    subject s;
    set_up(&s, ORDPAR_METHOD_SGD, 40, 512, 512, 0.01);
    const double N = 512, K = 40, M = 40;
    const double batched = time_steps(&s, ordpar_run_advance_batches, 3200);
    const double peak = dgemm_peak();
    const double single = time_steps(&s, ordpar_run_advance, 2000);
    const double baseline = baseline_sgd(40, 40, 512, 0.01, 100);
    const double needed = 2 * N * (K + M) + 2 * N * K; /* fields and update */
    printf("sgd, erf, K = M = 40, N = 512: %.2f us a step in batches of %zu, %.2f one by one; "
           "baseline, plain loops and GSL's ziggurat: %.2f us\n",
           1e6 * batched, s.plan.batch, 1e6 * single, 1e6 * baseline);
    printf("  %.1f GFlop/s of fields and update, %.0f %% of DGEMM's %.1f GFlop/s (not counted: the "
           "inputs' Gram matrix, normals, activations)\n",
           1e-9 * needed / batched, 100 * needed / batched / peak, 1e-9 * peak);
    clear(&s);
}

/* Where batches begin to pay: the choice in plan.c. */
static void bench_crossover(void) {
    const int64_t sizes[] = {64, 1024, 8192, 65536};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (size_t units = 4; units <= 24; units += units < 12 ? 2 : 6) {
            subject s;
            set_up(&s, ORDPAR_METHOD_SGD, units, sizes[k], 16, 0.01);
            /* room for batches, whatever the plan chose */
            s.plan.batch = 32;
            ordpar_run_sizes(&s.plan);
            free(s.memory);
            s.memory = zeros(s.plan.work_size);
            s.work = ordpar_run_use(&s.plan, s.memory);
            const uint64_t steps = (uint64_t)(1600 * 1024 / sizes[k] + 64);
            const double single = time_steps(&s, ordpar_run_advance, steps);
            const double batched = time_steps(&s, ordpar_run_advance_batches, steps);
            printf("  K = M = %zu, N = %lld: %.2f us a step one by one, %.2f in batches\n", units,
                   (long long)sizes[k], 1e6 * single, 1e6 * batched);
            clear(&s);
        }
}

static void bench_overlap(void) {
    const int64_t sizes[] = {10000, 1000000000, 1000000000000};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        subject s;
        set_up(&s, ORDPAR_METHOD_OVERLAP, 2, sizes[k], 4, 0.1);
        printf("overlap, erf, K = M = 2, L = 4, N = %.0e: %.3f us a step\n", (double)sizes[k],
               1e6 * time_steps(&s, ordpar_run_advance, 100000));
        clear(&s);
    }
    printf("  baseline, plain loops and GSL's ziggurat at N = 1e4: %.1f us\n",
           1e6 * baseline_sgd(2, 2, 10000, 0.1, 30));
}

int main(void) {
    openblas_set_num_threads(1);
    bench_normals();
    bench_small();
    bench_large();
    bench_crossover();
    bench_overlap();
    return sink == 0.123 ? EXIT_FAILURE : EXIT_SUCCESS;
}
