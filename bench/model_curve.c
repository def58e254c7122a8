// SPDX-License-Identifier: GPL-3.0-or-later
/* A curve of L = 16 by model.h, as Python's ordpar.curve makes it: processor time, ms, the least of
 * N.
 * ./bench_model_curve N */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 200, K = 2, M = 2, L = 16, SIDE = K + M };

static double processor_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void check(ordpar_status status, const ordpar_error *err) {
    if (!status)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static double compute(void) {
    static double alpha[ROWS], eps_g[ROWS], moments[ROWS * SIDE * SIDE], q[K * K * L], r[K * M * L],
        t[M * M * L];
    const double order = 1;
    ordpar_model *model;
    ordpar_error err;
    size_t count = ROWS;
    check(ordpar_model_create(&model, &err), &err);
    check(ordpar_model_set_text(model, "eigenvalues", "16", &err), &err);
    check(ordpar_model_set_text(model, "alpha", "0.01:1e4:200:log", &err), &err);
    check(ordpar_model_grid(model, "alpha", &count, alpha, &err), &err);
    check(ordpar_model_curve(model, ROWS, alpha, eps_g, 1, &order, moments, NULL, q, r, t, &err),
          &err);
    ordpar_model_free(model);
    return eps_g[ROWS - 1];
}

int main(int argc, char **argv) {
    const long repeats = argc > 1 ? strtol(argv[1], NULL, 10) : 20;
    double least = 1e300, last = 0;
    for (long k = 0; k < repeats; k++) {
        const double begin = processor_ms();
        last = compute();
        const double taken = processor_ms() - begin;
        least = taken < least ? taken : least;
    }
    printf("%.6g %.17g\n", least, last);
    return 0;
}
