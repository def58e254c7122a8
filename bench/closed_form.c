// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Closed forms: the least processor time of several runs, as Markdown rows. Run it with
 * OMP_NUM_THREADS=1.
 */
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_continuum.h"
#include "spectra/forms/linear_finite_n.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 5, ROWS = 1000 };

typedef struct {
    ordpar_spectrum spectrum;
    ordpar_power_law law;
    double *error, *alpha, *eps_g;
} bench;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static ordpar_status small_eta(bench *b) {
    return ordpar_linear_small_eta(&b->spectrum, 0.1, b->spectrum.L, b->error, b->alpha, ROWS,
                                   b->eps_g, NULL);
}

static ordpar_status exact(bench *b) {
    return ordpar_linear_exact(&b->spectrum, 0.1, 0, b->spectrum.L, b->error, b->alpha, ROWS,
                               b->eps_g, NULL);
}

static ordpar_status finite_n(bench *b) {
    return ordpar_linear_finite_n(&b->spectrum, 0.1, 0, b->spectrum.L, b->error, b->alpha, ROWS,
                                  b->eps_g, NULL);
}

static ordpar_status continuum(bench *b) {
    return ordpar_linear_continuum(&b->law, 0.1, 1, b->alpha, ROWS, b->eps_g, NULL);
}

static double least(bench *b, ordpar_status (*form)(bench *)) {
    double best = INFINITY;
    for (int run = 0; run < RUNS; run++) {
        const double start = now();
        if (form(b))
            exit(1);
        best = fmin(best, now() - start);
    }
    return best;
}

/* Early times, where no term is skipped. */
static void row(const char *name, int64_t L, ordpar_status (*form)(bench *)) {
    bench b = {.error = malloc((size_t)L * sizeof(double)),
               .alpha = malloc(ROWS * sizeof(double)),
               .eps_g = malloc(ROWS * sizeof(double))};
    if (!b.error || !b.alpha || !b.eps_g || ordpar_spectrum_power_law(L, L, 1, &b.spectrum, NULL) ||
        ordpar_power_law_init(L, 1, &b.law, NULL))
        exit(1);
    for (int64_t k = 0; k < L; k++)
        b.error[k] = 1;
    for (size_t j = 0; j < ROWS; j++)
        b.alpha[j] = (double)j / b.spectrum.lambda[0];
    const double seconds = least(&b, form);
    printf("| %s | %lld | %.4f | %.2f |\n", name, (long long)L, seconds,
           1e9 * seconds / ((double)L * ROWS));
    ordpar_spectrum_clear(&b.spectrum);
    free(b.error);
    free(b.alpha);
    free(b.eps_g);
}

int main(void) {
    printf(
        "| closed form, %d values of alpha | L | processor (s) | ns per eigenvalue and alpha |\n",
        ROWS);
    puts("|---|---|---|---|");
    row("linear-small-eta", 1000, small_eta);
    row("linear-small-eta", 1000000, small_eta);
    row("linear-exact", 1000, exact);
    row("linear-exact", 10000, exact);
    row("linear-finite-n", 1000, finite_n);
    row("linear-continuum", 1000, continuum);
    row("linear-continuum", 1000000, continuum);
    return 0;
}
