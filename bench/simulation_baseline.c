// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulation_baseline.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double baseline_normals(int count) {
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *out = malloc((size_t)count * sizeof *out), best = INFINITY;
    for (int r = 0; r < REPETITIONS && out; r++) {
        const double begin = now();
        for (int k = 0; k < count; k++)
            out[k] = gsl_ran_gaussian_ziggurat(rng, 1);
        best = fmin(best, (now() - begin) / count);
    }
    free(out);
    gsl_rng_free(rng);
    return best;
}

typedef struct {
    size_t N, K, M;
    double eta;
    double *scale, *x, *W, *fields; /* [N], [N], [K+M][N], [K+M] */
    gsl_rng *rng;
} plain;

static void plain_step(const plain *p) {
    double delta = 0;
    for (size_t k = 0; k < p->N; k++)
        p->x[k] = p->scale[k] * gsl_ran_gaussian_ziggurat(p->rng, 1);
    for (size_t a = 0; a < p->K + p->M; a++) {
        p->fields[a] = 0;
        for (size_t k = 0; k < p->N; k++)
            p->fields[a] += p->W[a * p->N + k] * p->x[k];
    }
    const double v = sqrt((double)p->M) / (double)p->K, w = 1 / sqrt((double)p->M);
    for (size_t a = 0; a < p->K + p->M; a++)
        delta += (a < p->K ? v : -w) * erf(p->fields[a] * M_SQRT1_2);
    for (size_t i = 0; i < p->K; i++) {
        const double c = -p->eta * v * delta * sqrt(M_2_PI) * exp(-p->fields[i] * p->fields[i] / 2);
        for (size_t k = 0; k < p->N; k++)
            p->W[i * p->N + k] += c * p->x[k];
    }
}

double baseline_sgd(size_t K, size_t M, size_t N, double eta, int steps) {
    double *memory = malloc((2 * N + (K + M) * (N + 1)) * sizeof *memory), best = INFINITY;
    if (!memory)
        exit(EXIT_FAILURE);
    const plain p = {N,
                     K,
                     M,
                     eta,
                     memory,
                     memory + N,
                     memory + 2 * N,
                     memory + 2 * N + (K + M) * N,
                     gsl_rng_alloc(gsl_rng_mt19937)};
    for (size_t k = 0; k < N; k++)
        p.scale[k] = 1 / sqrt((double)N);
    for (size_t k = 0; k < (K + M) * N; k++)
        p.W[k] = gsl_ran_gaussian_ziggurat(p.rng, k < K * N ? 0.1 : 1);
    for (int r = 0; r < REPETITIONS; r++) {
        const double begin = now();
        for (int step = 0; step < steps; step++)
            plain_step(&p);
        best = fmin(best, (now() - begin) / steps);
    }
    gsl_rng_free(p.rng);
    free(memory);
    return best;
}
