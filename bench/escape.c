// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Do runs of SGD leave the plateau by the law of the escape time [7.17, 7.18]? Every run draws its
 * own start, with the mean teacher; the law is taken earlier, as SGD's noise makes it.
 *
 *     bench_escape [K N L ETA RUNS METHOD SEED], K = M, METHOD sgd or overlap
 */
#include "solver/plateau/escape_law.h"
#include "solver/plateau/measure.h"
#include "validation/simulate/ensemble.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 400 };

static void must(ordpar_status status, const ordpar_error *err) {
    if (status) {
        fprintf(stderr, "%s\n", err->message);
        exit(1);
    }
}

/* Kolmogorov's distance to the law, `earlier`, with its asymptotic probability. */
static double kolmogorov(const ordpar_escape_law *law, double earlier, size_t count,
                         const double *exits) {
    double distance = 0, probability = 0;
    for (size_t k = 0; k < count; k++) {
        const double below = ordpar_escape_law_share(law, exits[k] + earlier), n = (double)count;
        distance = fmax(distance, fmax((double)(k + 1) / n - below, below - (double)k / n));
    }
    const double x = (sqrt((double)count) + 0.12 + 0.11 / sqrt((double)count)) * distance;
    for (int k = 1; k < 100; k++)
        probability += (k % 2 ? 2 : -2) * exp(-2 * k * k * x * x);
    return probability;
}

/* Of the runs, eps_g[ROWS][runs]; those that stay are last, at infinity. */
static size_t find_exits(size_t runs, const double *alpha, const double *eps_g, double height,
                         double *exits) {
    double curve[ROWS];
    size_t found = 0;
    for (size_t r = 0; r < runs; r++) {
        for (size_t k = 0; k < ROWS; k++)
            curve[k] = eps_g[k * runs + r];
        exits[r] = ordpar_measure_exit_of_run(ROWS, alpha, curve, height);
        found += isfinite(exits[r]);
    }
    gsl_sort(exits, 1, runs);
    return found;
}

static void report(const ordpar_escape_law *law, size_t runs, size_t found, const double *exits) {
    const double mean = gsl_stats_mean(exits, 1, found), sd = gsl_stats_sd(exits, 1, found);
    printf("law: tau %.2f, mean %.2f, with SGD %.2f, sd/tau %.3f\n", law->tau, law->mean,
           law->mean - law->earlier, law->sd / law->tau);
    printf("%zu of %zu runs left: mean %.2f (%.2f), sd/tau %.3f (%.3f)\n", found, runs, mean,
           sd / sqrt((double)found), sd / law->tau, sd / law->tau / sqrt(2 * (double)found));
    printf("Kolmogorov-Smirnov p = %.3g with SGD's noise, %.3g without\n",
           kolmogorov(law, law->earlier, runs, exits), kolmogorov(law, 0, runs, exits));
}

int main(int argc, char **argv) {
    const char *const standard[] = {"2", "10000", "4", "0.5", "500", "overlap", "1"};
    const char *text[7];
    for (int k = 0; k < 7; k++)
        text[k] = argc > k + 1 ? argv[k + 1] : standard[k];
    const size_t K = (size_t)atoi(text[0]), runs = (size_t)atoi(text[4]);
    const double sigma_J = 0.01;
    double alpha[ROWS];
    ordpar_error err;
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_escape_law law;
    must(ordpar_spectrum_power_law(atol(text[1]), atol(text[2]), 1, &spectrum, &err), &err);
    must(ordpar_network_init(K, K, &ordpar_activation_erf, atof(text[3]), &network, &err), &err);
    const ordpar_integrate_options tolerances = {.rtol = 1e-8, .atol = 1e-14};
    must(ordpar_escape_law_find(&spectrum, &network, sigma_J, &tolerances, &law, &err), &err);
    double last = law.mean;
    while (ordpar_escape_law_share(&law, last) < 0.9985)
        last += law.tau / 4;
    for (size_t k = 0; k < ROWS; k++)
        alpha[k] = last * (double)(k + 1) / ROWS;
    const ordpar_simulation simulation = {
        .spectrum = &spectrum,
        .network = &network,
        .trained_blocks = spectrum.L,
        .method = strcmp(text[5], "sgd") == 0 ? ORDPAR_METHOD_SGD : ORDPAR_METHOD_OVERLAP,
        .init = ORDPAR_INIT_SAMPLED,
        .teacher = ORDPAR_TEACHER_MEAN,
        .sigma_J = sigma_J,
        .seed = (uint64_t)atol(text[6])};
    const ordpar_ensemble_options options = {.runs = runs, .threads = 1};
    double *eps_g = malloc(ROWS * runs * sizeof *eps_g), *exits = malloc(runs * sizeof *exits);
    size_t rows;
    if (!eps_g || !exits)
        return 1;
    must(ordpar_ensemble_run(&simulation, alpha, ROWS, &options, eps_g, &rows, &err), &err);
    report(&law, runs, find_exits(runs, alpha, eps_g, law.height, exits), exits);
    free(eps_g);
    free(exits);
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
    return 0;
}
