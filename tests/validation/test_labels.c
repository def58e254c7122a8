// SPDX-License-Identifier: GPL-3.0-or-later
/* The linear part of labels and the noise of the rest, against what made them; training on them
 * against the exact mean at finite N. */
#include "data_support.h"
#include "spectra/forms/linear_finite_n.h"
#include "support.h"
#include "validation/data/label_fit.h"
#include "validation/simulate/labelled_runs.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N = 5 };

static const double spread[N] = {2, 1, 0.7, 0.3, 0.2}, target[N] = {0.6, -0.5, 0.4, 0.4, -0.265};

typedef double (*made_label)(double u, const gsl_rng *rng);

static double noisy(double u, const gsl_rng *rng) {
    return u + gsl_ran_gaussian(rng, 0.8);
}

static double with_square(double u, const gsl_rng *rng) {
    (void)rng;
    return u + 0.3 * (u * u - 1);
}

static double with_cube(double u, const gsl_rng *rng) {
    (void)rng;
    return u + 0.1 * (u * u * u - 3 * u);
}

static double plain(double u, const gsl_rng *rng) {
    (void)rng;
    return 7 + u;
}

typedef struct {
    ordpar_dataset *set;
    ordpar_principal principal;
    ordpar_labelled data;
    ordpar_label_sums sums;
    ordpar_label_fit fit;
} fitted;

/* u = target . z of variance near 1; the components have the standard deviations `spread`. */
static fitted make(size_t n, unsigned long seed, made_label label) {
    ordpar_random stream = test_stream(seed);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    double *x = malloc(n * N * sizeof *x), *y = malloc(n * sizeof *y);
    char path[64], dictionary[96];
    const double one = 1;
    fitted f = {0};
    ordpar_error err;
    for (size_t i = 0; i < n; i++) {
        double u = 0;
        for (size_t k = 0; k < N; k++) {
            const double z = gsl_ran_gaussian(&rng, 1);
            x[i * N + k] = 3 + spread[k] * z;
            u += target[k] * z;
        }
        y[i] = label(u, &rng);
    }
    const char *name = data_path(path, 64, 40, ".npy");
    snprintf(dictionary, sizeof dictionary,
             "{'descr': '<f8', 'fortran_order': False, 'shape': (%zu, %d)}", n, N);
    write_npy(name, dictionary, x, n * N * sizeof *x);
    check_ok(ordpar_dataset_open(1, &name, &f.set, &err), &err);
    check_ok(
        ordpar_principal_init(f.set, &(ordpar_principal_options){.threads = 1}, &f.principal, &err),
        &err);
    check_ok(ordpar_labelled_init(f.set, &f.principal, 1, y, &one, 1, NULL, &f.data, &err), &err);
    check_ok(ordpar_label_sums_init(&f.data, 1, &f.sums, &err), &err);
    check_ok(ordpar_label_fit_init(&f.data, &f.sums, &f.fit, &err), &err);
    unlink(path);
    free(x);
    free(y);
    return f;
}

static void clear(fitted *f) {
    ordpar_label_fit_clear(&f->fit);
    ordpar_label_sums_clear(&f->sums);
    ordpar_labelled_clear(&f->data);
    ordpar_principal_clear(&f->principal);
    ordpar_dataset_free(f->set);
}

static double target_square(void) {
    double sum = 0;
    for (size_t k = 0; k < N; k++)
        sum += target[k] * target[k];
    return sum;
}

/* [15.33], [15.35]: the mean over data sets, and the error that each says of itself; s^2 likewise
 */
Test(labels, estimates_are_unbiased_and_know_their_errors) {
    enum { SETS = 300, EXAMPLES = 120 };
    double T[SETS], pull_T = 0, pull_s = 0, mean_T = 0, mean_rest = 0, var_T = 0, var_rest = 0;
    double rest[SETS];
    for (size_t k = 0; k < SETS; k++) {
        fitted f = make(EXAMPLES, 7000 + k, noisy);
        T[k] = f.fit.T;
        rest[k] = f.fit.rest;
        pull_T += pow((T[k] - target_square()) / f.fit.T_error, 2) / SETS;
        pull_s += pow((rest[k] - 0.64) / f.fit.rest_error, 2) / SETS;
        mean_T += T[k] / SETS;
        mean_rest += rest[k] / SETS;
        clear(&f);
    }
    for (size_t k = 0; k < SETS; k++) {
        var_T += pow(T[k] - mean_T, 2) / SETS;
        var_rest += pow(rest[k] - mean_rest, 2) / SETS;
    }
    CHECK_CLOSE(mean_T, target_square(), 4 * sqrt(var_T / SETS), 1, "T");
    CHECK_CLOSE(mean_rest, 0.64, 4 * sqrt(var_rest / SETS), 1, "s^2");
    cr_assert(pull_T > 0.7 && pull_T < 1.5, "T: pull^2 %g", pull_T);
    cr_assert(pull_s > 0.7 && pull_s < 1.5, "s^2: pull^2 %g", pull_s);
    /* what is not corrected is off by N s^2 / n, which this test would see */
    cr_assert(N * 0.64 / EXAMPLES > 4 * sqrt(var_rest / SETS) / 2);
}

/* rho_k: the component of u in the principal direction k, of length 1 all together. */
static void directions(const fitted *f, double *rho) {
    const double length = sqrt(target_square());
    for (size_t k = 0; k < N; k++) {
        rho[k] = 0;
        for (size_t c = 0; c < N; c++) /* z_c = xi_c / spread_c */
            rho[k] += target[c] / length * spread[c] * f->principal.basis[k * N + c] /
                      sqrt(f->principal.lambda[k]);
    }
}

/* [15.34] rest = c (u^2 - 1): s_k^2 = c^2 (2 + 8 rho_k^2); [15.36] rest = c (u^3 - 3 u): the noise
 * has 12 c rho_k^2 besides before anything is learned */
/* Each part looks, and leaves nothing behind. */
Test(labels, a_stop_ends_what_takes_long) {
    volatile sig_atomic_t stop = 1;
    ordpar_label_sums sums;
    ordpar_label_fit fit;
    ordpar_error err;
    fitted f = make(120, 7000, noisy);
    check_ok(ordpar_labelled_goes_on(&f.data, &err), &err);
    f.data.stop = &stop;
    cr_assert_eq(ordpar_labelled_goes_on(&f.data, &err), ORDPAR_INTERRUPTED);
    cr_assert_eq(ordpar_label_sums_init(&f.data, 1, &sums, &err), ORDPAR_INTERRUPTED);
    cr_assert_eq(ordpar_label_fit_init(&f.data, &f.sums, &fit, &err), ORDPAR_INTERRUPTED);
    stop = 0;
    check_ok(ordpar_label_fit_init(&f.data, &f.sums, &fit, &err), &err);
    ordpar_label_fit_clear(&fit);
    clear(&f);
}

Test(labels, noise_has_a_level_of_its_own_in_each_direction) {
    fitted square = make(200000, 7501, with_square), cube = make(200000, 7502, with_cube);
    double rho[N];
    directions(&square, rho);
    for (size_t k = 0; k < N; k++) {
        const double expected = 0.09 * (2 + 8 * rho[k] * rho[k]);
        CHECK_CLOSE(square.fit.noise[k], expected, 0.05, expected, "direction %zu", k);
    }
    directions(&cube, rho);
    for (size_t k = 0; k < N; k++) {
        double sum = 0;
        for (size_t j = 0; j < N; j++)
            sum += cube.fit.coupling[k * N + j];
        CHECK_CLOSE(sum, 1.2 * rho[k] * rho[k], 0.05, 1.2, "direction %zu", k);
        CHECK_CLOSE(cube.fit.signal[k], rho[k] * rho[k], 0.02, 1, "direction %zu", k);
    }
    clear(&square);
    clear(&cube);
}

Test(labels, shrinking_keeps_the_sum_and_signals_in_their_places) {
    const double signal[] = {-0.1, 2, 0.5, -0.25, -0.5, 0.1, 0.3, -0.2};
    const double none[] = {0.1, -0.3, 0.1};
    double pooled[8], sum = 0;
    ordpar_label_pool(8, signal, pooled);
    for (size_t k = 0; k < 8; k++) {
        cr_assert(pooled[k] >= 0);
        cr_assert(signal[k] > 0 || pooled[k] == 0);
        sum += pooled[k];
    }
    CHECK_CLOSE(sum, 1.85, TOL_TIGHT, 1, "sum");
    cr_assert(pooled[1] > 1.3, "the largest stays where it is, got %g", pooled[1]);
    cr_assert_eq(ordpar_label_pool(3, none, pooled), 1);
    cr_assert(pooled[0] == 0 && pooled[1] == 0 && pooled[2] == 0);
}

Test(labels, sums_without_examples_are_those_of_the_others) {
    fitted f = make(301, 7600, noisy);
    ordpar_labelled part = f.data;
    ordpar_label_sums left, direct;
    ordpar_error err;
    uint32_t without[101];
    part.n = 200;
    for (uint32_t k = 0; k < 101; k++)
        without[k] = 300 - k;
    check_ok(ordpar_label_sums_without(&f.sums, &f.data, 101, without, &left, &err), &err);
    check_ok(ordpar_label_sums_init(&part, 1, &direct, &err), &err);
    for (size_t half = 0; half < 2; half++) {
        cr_assert_eq(left.count[half], direct.count[half]);
        for (size_t k = 0; k < N; k++) {
            CHECK_CLOSE(left.b[half][k], direct.b[half][k], TOL_SUM, 301, "b");
            for (size_t l = 0; l <= k; l++)
                CHECK_CLOSE(left.G[half][k * N + l], direct.G[half][k * N + l], TOL_SUM, 301, "G");
        }
    }
    without[0] = 0;
    part.n = 2 * (2 * N + 2) - 1; /* one too few */
    ordpar_label_sums_clear(&direct);
    double beta[2 * N];
    check_ok(ordpar_label_sums_init(&part, 1, &direct, &err), &err);
    cr_assert_eq(ordpar_label_coefficients(&direct, beta, &err), ORDPAR_INVALID);
    ordpar_label_sums_clear(&left);
    ordpar_label_sums_clear(&direct);
    clear(&f);
}

typedef struct {
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_simulation simulation;
} trained;

static void set_training(const fitted *f, double eta, trained *t) {
    double c[N];
    ordpar_error err;
    check_ok(ordpar_network_init(1, 1, &ordpar_activation_linear, eta, &t->network, &err), &err);
    check_ok(ordpar_principal_spectrum(&f->principal, &t->spectrum, &err), &err);
    for (size_t k = 0; k < N; k++)
        c[k] = N * f->fit.pooled[k] / t->spectrum.lambda[k];
    memcpy(t->spectrum.c, c, sizeof c);
    check_ok(ordpar_spectrum_set_noise(&t->spectrum, f->fit.noise, f->fit.coupling, &err), &err);
    t->simulation = (ordpar_simulation){.spectrum = &t->spectrum,
                                        .network = &t->network,
                                        .trained_blocks = N,
                                        .init = ORDPAR_INIT_SAMPLED,
                                        .teacher = ORDPAR_TEACHER_SAMPLED,
                                        .sigma_J = 0.3,
                                        .seed = 11};
}

static void clear_training(trained *t) {
    ordpar_spectrum_clear(&t->spectrum);
    ordpar_network_clear(&t->network);
}

static void run(const fitted *f, const trained *t, size_t runs, const double *alpha, size_t count,
                double *eps_g) {
    const ordpar_labelled_options options = {
        .data = &f->data, .sums = &f->sums, .runs = runs, .threads = 2};
    ordpar_error err;
    size_t rows;
    check_ok(ordpar_labelled_run(&t->simulation, alpha, count, &options, eps_g, &rows, &err), &err);
    cr_assert_eq(rows, count);
}

/* [11.3], [11.4], [15.36]: segments of a data set against the exact mean, with noise that the
 * labels make themselves */
Test(labels, runs_have_the_exact_mean_at_finite_n) {
    enum { RUNS = 200, ROWS = 5 };
    const made_label labels[] = {noisy, with_square, with_cube};
    const double alpha[ROWS] = {1, 4, 10, 30, 90};
    static double eps_g[ROWS * RUNS];
    for (size_t k = 0; k < 3; k++) {
        fitted f = make(100000, 7700 + k, labels[k]);
        trained t;
        double error[N], theory[ROWS];
        ordpar_error err;
        set_training(&f, 0.15, &t);
        cr_assert(ordpar_labelled_in_segments(&f.data, RUNS, 450));
        run(&f, &t, RUNS, alpha, ROWS, eps_g);
        for (size_t b = 0; b < N; b++)
            error[b] = 0.09 + t.spectrum.c[b];
        check_ok(ordpar_linear_finite_n(&t.spectrum, 0.15, 0, N, error, alpha, ROWS, theory, &err),
                 &err);
        for (size_t row = 0; row < ROWS; row++) {
            double mean = 0, square = 0;
            for (size_t r = 0; r < RUNS; r++)
                mean += eps_g[row * RUNS + r] / RUNS;
            for (size_t r = 0; r < RUNS; r++)
                square += pow(eps_g[row * RUNS + r] - mean, 2) / (RUNS - 1);
            const double se = ordpar_labelled_error(
                &f.data, &f.fit, RUNS, 450, (uint64_t)(alpha[row] * N), mean, sqrt(square / RUNS));
            cr_assert(fabs(mean - theory[row]) < 4 * se,
                      "labels %zu, alpha %g: %g, exact %g, standard error %g", k, alpha[row], mean,
                      theory[row], se);
            cr_assert(se < 0.15 * mean);
        }
        clear_training(&t);
        clear(&f);
    }
}

/* Without noise the coefficients are exact: more runs than segments, and eps_g that falls to 0. */
Test(labels, orders_of_their_own_differ_and_learn_what_is_linear) {
    enum { RUNS = 6 };
    fitted f = make(4000, 7800, plain);
    const double alpha[] = {0, 1, 400};
    double eps_g[3 * RUNS];
    trained t;
    set_training(&f, 0.5, &t);
    cr_assert_not(ordpar_labelled_in_segments(&f.data, RUNS, 2000));
    run(&f, &t, RUNS, alpha, 3, eps_g);
    for (size_t r = 0; r < RUNS; r++) {
        cr_assert(eps_g[2 * RUNS + r] < 1e-6 * eps_g[r] && eps_g[2 * RUNS + r] >= -1e-20);
        for (size_t other = 0; other < r; other++)
            cr_assert_neq(eps_g[RUNS + r], eps_g[RUNS + other]);
    }
    clear_training(&t);
    clear(&f);
}

Test(labels, reads_numbers_and_rows_and_refuses_others) {
    char path[64];
    const char *name = data_path(path, 64, 41, ".npy");
    const double six[] = {1, 2, 3, 4, 5, 6}, bad[] = {1, NAN};
    double *labels;
    size_t outputs;
    ordpar_error err;
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (6,)}", six, 48);
    check_ok(ordpar_labels_read(name, NULL, 6, &outputs, &labels, &err), &err);
    cr_assert(outputs == 1 && labels[5] == 6);
    free(labels);
    cr_assert_eq(ordpar_labels_read(name, NULL, 5, &outputs, &labels, &err), ORDPAR_PARSE);
    cr_assert_eq(ordpar_labels_read(name, "Y", 6, &outputs, &labels, &err), ORDPAR_PARSE);
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2)}", six, 48);
    check_ok(ordpar_labels_read(name, NULL, 3, &outputs, &labels, &err), &err);
    cr_assert(outputs == 2 && labels[3] == 4);
    free(labels);
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3, 2)}", six, 48);
    cr_assert_eq(ordpar_labels_read(name, NULL, 1, &outputs, &labels, &err), ORDPAR_PARSE);
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", bad, 16);
    cr_assert_eq(ordpar_labels_read(name, NULL, 2, &outputs, &labels, &err), ORDPAR_PARSE);
    unlink(path);
}
