// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * How often does `compare --against ode+1/N` reject a theory that is right? Linear units, one
 * start: the theory is computed once, one large ensemble is cut into comparisons of `runs` runs.
 *
 *     bench_calibration [COMPARISONS RUNS N L NOISE SEED]
 */
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"
#include "validation/simulate/ensemble.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 6 };

static const double alpha[ROWS] = {0.5, 1, 1.5, 2, 3, 4};

typedef struct {
    size_t comparisons, runs;
    double theory[ROWS], variance[ROWS], covariance[ROWS * ROWS];
    double *eps_g; /* [ROWS][comparisons * runs] */
    double *differences, *squares;
    double rejected[2][3]; /* of mean and variance, at 10, 5 and 1 % */
} study;

static void must(ordpar_status status, const ordpar_error *err) {
    if (status) {
        fprintf(stderr, "%s\n", err->message);
        exit(1);
    }
}

static void count(double probability, double rejected[3]) {
    static const double levels[3] = {0.1, 0.05, 0.01};
    for (size_t k = 0; k < 3; k++)
        rejected[k] += probability < levels[k];
}

static void compare(study *s, size_t which) {
    ordpar_comparison rows[ROWS];
    ordpar_spread spreads[ROWS];
    ordpar_agreement mean, spread;
    const ordpar_rows_covariance known = {s->covariance, ROWS};
    ordpar_error err;
    for (size_t k = 0; k < ROWS; k++) {
        const double *values = s->eps_g + (k * s->comparisons + which) * s->runs;
        rows[k] = ordpar_compare_row(s->runs, values, 1, &s->theory[k], 1e-7, 0,
                                     s->differences + k * s->runs);
    }
    must(ordpar_compare_all_known(ROWS, s->runs, rows, &known, s->differences, &mean, &err), &err);
    for (size_t k = 0; k < ROWS; k++) {
        const double *values = s->eps_g + (k * s->comparisons + which) * s->runs;
        for (size_t r = 0; r < s->runs; r++)
            s->differences[r] = values[r] - s->theory[k];
        spreads[k] = ordpar_compare_spread(s->runs, s->differences, 1, &s->variance[k],
                                           s->theory[k], s->squares + k * s->runs);
    }
    must(ordpar_compare_spreads(ROWS, s->runs, spreads, &known, s->squares, &spread, &err), &err);
    count(mean.probability, s->rejected[0]);
    count(spread.probability, s->rejected[1]);
}

static void run(study *s, const ordpar_simulation *simulation) {
    ordpar_error err;
    size_t rows;
    const ordpar_theory_options theory = {.against = ORDPAR_AGAINST_SHIFTED,
                                          .rtol = 1e-8,
                                          .atol = 1e-14,
                                          .variance = s->variance,
                                          .covariance = s->covariance};
    const ordpar_ensemble_options ensemble = {.runs = s->comparisons * s->runs, .threads = 1};
    must(ordpar_theory_curves(simulation, alpha, ROWS, 1, &theory, s->theory, &err), &err);
    must(ordpar_ensemble_run(simulation, alpha, ROWS, &ensemble, s->eps_g, &rows, &err), &err);
    for (size_t k = 0; k < ROWS; k++) {
        const size_t all = s->comparisons * s->runs;
        double *values = s->eps_g + k * all, deviation = 0;
        const ordpar_summary sum = ordpar_summarize(values, all);
        deviation = sum.standard_error * sum.standard_error * (double)all / s->variance[k];
        printf("alpha = %g: (mean - theory)/stderr = %.2f, variance / predicted = %.4f, sd / "
               "theory = %.3f\n",
               alpha[k], (sum.mean - s->theory[k]) / sum.standard_error, deviation,
               sum.standard_error * sqrt((double)all) / s->theory[k]);
    }
    for (size_t k = 0; k < s->comparisons; k++)
        compare(s, k);
    for (size_t k = 0; k < 2; k++)
        printf("%s: %g, %g, %g of %zu below 0.1, 0.05, 0.01\n", k ? "variance" : "mean",
               s->rejected[k][0], s->rejected[k][1], s->rejected[k][2], s->comparisons);
}

int main(int argc, char **argv) {
    const char *const standard[] = {"2000", "20", "999", "3", "0.2", "1"};
    double number[6];
    for (int k = 0; k < 6; k++)
        number[k] = atof(argc > k + 1 ? argv[k + 1] : standard[k]);
    ordpar_error err;
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_overlaps start;
    must(ordpar_spectrum_power_law((int64_t)number[2], (int64_t)number[3], 1, &spectrum, &err),
         &err);
    must(ordpar_network_init(1, 1, &ordpar_activation_linear, 0.5, &network, &err), &err);
    network.label_noise = number[4];
    const ordpar_simulation simulation = {.spectrum = &spectrum,
                                          .network = &network,
                                          .trained_blocks = spectrum.L,
                                          .method = ORDPAR_METHOD_OVERLAP,
                                          .start = &start,
                                          .seed = (uint64_t)number[5]};
    must(ordpar_overlaps_start(&spectrum, 1, 1, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, 0.5, 1, 1,
                               &start, &err),
         &err);
    study s = {.comparisons = (size_t)number[0], .runs = (size_t)number[1]};
    s.eps_g = malloc(ROWS * s.comparisons * s.runs * sizeof *s.eps_g);
    s.differences = malloc(2 * ROWS * s.runs * sizeof *s.differences);
    if (!s.eps_g || !s.differences)
        return 1;
    s.squares = s.differences + ROWS * s.runs;
    run(&s, &simulation);
    free(s.eps_g);
    free(s.differences);
    ordpar_overlaps_clear(&start);
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
    return 0;
}
