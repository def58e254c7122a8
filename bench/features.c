// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Random features simulated with the very matrices, against the exact mean of their spectrum:
 * features V D ZETA ETA ALPHA RUNS. SGD on xi = A^T z, y = h.z from J = 0, at 20 alphas.
 */
#include "base/number.h"
#include "spectra/forms/linear_finite_n.h"
#include "spectra/spectrum/generate.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 20, SEED = 1, BATCH = 8 };

typedef struct {
    int V, D, runs;
    double *A, *h;  /* [V][D], trace D; [V], length 1 */
    double *J;      /* [D][runs] */
    double *z, *xi; /* [V][runs], [D][runs] */
    double *y;      /* [runs] */
} simulation;

static simulation make(int V, int D, double zeta, int runs) {
    const size_t v = (size_t)V, d = (size_t)D, r = (size_t)runs;
    simulation s = {.V = V, .D = D, .runs = runs};
    s.A = calloc(v * d + v + 2 * d * r + BATCH * v * r + r, sizeof *s.A);
    if (!s.A)
        abort();
    s.h = s.A + v * d;
    s.J = s.h + v;
    s.xi = s.J + d * r;
    s.z = s.xi + d * r;
    s.y = s.z + BATCH * v * r;
    ordpar_generate_normals(SEED, 0, v * d, s.A);
    for (int j = 0; j < V; j++) {
        cblas_dscal(D, 1.0 / (j + 1), s.A + (size_t)j * d, 1);
        s.h[j] = pow(j + 1, -1 - zeta / 2);
    }
    cblas_dscal(V * D, sqrt(D) / cblas_dnrm2(V * D, s.A, 1), s.A, 1);
    cblas_dscal(V, 1 / cblas_dnrm2(V, s.h, 1), s.h, 1);
    return s;
}

/* xi = A^T z and the errors of the runs, y = J.xi/sqrt D - h.z. */
static void step(simulation *s, const double *z, double eta) {
    const int V = s->V, D = s->D, R = s->runs;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, D, R, V, 1, s->A, D, z, R, 0, s->xi, R);
    cblas_dgemv(CblasRowMajor, CblasTrans, V, R, -1, z, R, s->h, 1, 0, s->y, 1);
    for (int k = 0; k < D; k++)
        for (int r = 0; r < R; r++)
            s->y[r] += s->J[k * R + r] * s->xi[k * R + r] / sqrt(D);
    for (int k = 0; k < D; k++)
        for (int r = 0; r < R; r++)
            s->J[k * R + r] -= eta / sqrt(D) * s->y[r] * s->xi[k * R + r];
}

/* Mean and standard error of |A J/sqrt D - h|^2 / 2. */
static void measure(const simulation *s, double *mean, double *error) {
    const int V = s->V, D = s->D, R = s->runs;
    double sum = 0, squares = 0;
    for (int r = 0; r < R; r++) {
        double e = 0;
        for (int j = 0; j < V; j++) {
            const double field =
                cblas_ddot(D, s->A + (size_t)j * (size_t)D, 1, s->J + r, R) / sqrt(D) - s->h[j];
            e += field * field / 2;
        }
        sum += e / R;
        squares += e * e / R;
    }
    *mean = sum;
    *error = sqrt((squares - sum * sum) / (R - 1));
}

static int theory(const simulation *s, double zeta, double eta, const double *alpha, double *eps) {
    const ordpar_generator generator = {.kind = ORDPAR_GENERATE_RANDOM_FEATURES,
                                        .count = (size_t)s->V};
    const ordpar_generate_options options = {s->D, 1, 1, zeta, SEED, NULL};
    ordpar_generated made;
    ordpar_error err;
    if (ordpar_generate(&generator, &options, &made, &err) ||
        ordpar_linear_finite_n(&made.spectrum, eta, sqrt(made.unlearnable), made.spectrum.L,
                               made.spectrum.c, alpha, ROWS, eps, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    for (int row = 0; row < ROWS; row++)
        eps[row] += made.unlearnable / 2;
    ordpar_spectrum_clear(&made.spectrum);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 7)
        return 2;
    const double zeta = atof(argv[3]), eta = atof(argv[4]), last = atof(argv[5]);
    simulation s = make(atoi(argv[1]), atoi(argv[2]), zeta, atoi(argv[6]));
    const size_t size = (size_t)s.V * (size_t)s.runs;
    double alpha[ROWS], eps[ROWS], mean, error;
    for (int row = 0; row < ROWS; row++) /* whole steps */
        alpha[row] = fmax(row + 1, round(s.D * last * pow(0.7, ROWS - 1 - row))) / s.D;
    if (theory(&s, zeta, eta, alpha, eps))
        return 1;
    puts("alpha,simulated,error,theory,z");
    for (int t = 0, row = 0; row < ROWS; t++) {
        if (t % BATCH == 0)
            ordpar_generate_normals(SEED, 2 + (uint64_t)(t / BATCH), BATCH * size, s.z);
        step(&s, s.z + (size_t)(t % BATCH) * size, eta);
        if (t + 1 < (int)round(alpha[row] * s.D))
            continue;
        measure(&s, &mean, &error);
        ordpar_print(stdout, "%.4g,%.6g,%.2g,%.6g,%.2f\n", alpha[row], mean, error, eps[row],
                     (mean - eps[row]) / error);
        row++;
    }
    free(s.A);
    return 0;
}
