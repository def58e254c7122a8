// SPDX-License-Identifier: GPL-3.0-or-later
/* Linear networks of any size: the integrated equations against the closed forms of one unit. */
#include "solver/motion/linear_reduction.h"
#include "spectra/forms/linear.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The largest relative difference between the integrated curve and the closed form. */
static double worst(test_model *m, size_t trained, const double *error, double stop) {
    enum { ROWS = 12 };
    double alpha[ROWS], expected[ROWS], actual[ROWS], largest = 0;
    ordpar_error err;
    log_grid(0.01, stop, ROWS, alpha);
    const double eta = ordpar_linear_effective_eta(&m->network);
    if (m->network.small_eta)
        check_ok(
            ordpar_linear_small_eta(&m->spectrum, eta, trained, error, alpha, ROWS, expected, &err),
            &err);
    else
        check_ok(ordpar_linear_exact(&m->spectrum, eta, m->network.label_noise, trained, error,
                                     alpha, ROWS, expected, &err),
                 &err);
    integrate_blocks(m, trained, alpha, ROWS, 1e-10, actual);
    for (size_t j = 0; j < ROWS; j++) {
        cr_assert(expected[j] > 1e-6, "the curve leaves the range of the comparison");
        largest = fmax(largest, fabs(actual[j] / expected[j] - 1));
    }
    return largest;
}

static void random_weights(ordpar_random *stream, ordpar_network *network) {
    for (size_t i = 0; i < network->K; i++)
        network->v[i] = uniform(stream, -1, 1);
    for (size_t n = 0; n < network->M; n++)
        network->w[n] = uniform(stream, -1, 1);
}

static const struct {
    size_t K, M;
    bool small, weights;
    double noise, eta;
    size_t trained;
} cases[] = {{1, 1, false, false, 0, 1.5, 16},   {2, 2, true, false, 0, 0.3, 16},
             {3, 2, false, false, 0.3, 0.5, 16}, {2, 3, false, true, 0.1, 0.4, 16},
             {2, 3, true, true, 0, 0.4, 7},      {1, 4, false, false, 0, 0.1, 5},
             {4, 1, false, true, 0.2, 0.3, 9}};

Test(reduction, mean_start_matches_the_integrated_curve) {
    ordpar_random stream = test_stream(331);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m =
            make_model(cases[k].K, cases[k].M, 64, 16, 1, cases[k].eta, 0.5, "linear", 1);
        ordpar_error err;
        double mean, error[16];
        ordpar_overlaps_clear(&m.start);
        check_ok(ordpar_overlaps_start(&m.spectrum, cases[k].K, cases[k].M, ORDPAR_INIT_MEAN,
                                       ORDPAR_TEACHER_MEAN, 0.5, 1, 1, &m.start, &err),
                 &err);
        m.network.small_eta = cases[k].small;
        m.network.label_noise = cases[k].noise;
        if (cases[k].weights)
            random_weights(&stream, &m.network);
        check_ok(ordpar_linear_mean_error(&m.network, ORDPAR_INIT_MEAN, 0.5, &mean, &err), &err);
        for (size_t b = 0; b < 16; b++)
            error[b] = mean;
        const double largest = worst(&m, cases[k].trained, error, 30);
        cr_assert(largest < 1e-8, "case %zu: relative difference %g", k, largest);
        clear_model(&m);
    }
}

Test(reduction, given_overlaps_match_the_integrated_curve) {
    ordpar_random stream = test_stream(332);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m =
            make_model(cases[k].K, cases[k].M, 64, 16, 1, cases[k].eta, 0.5, "linear", k);
        double error[16];
        m.network.small_eta = cases[k].small;
        m.network.label_noise = cases[k].noise;
        if (cases[k].weights)
            random_weights(&stream, &m.network);
        ordpar_linear_start_error(&m.network, &m.spectrum, &m.start, error);
        const double largest = worst(&m, cases[k].trained, error, 30);
        cr_assert(largest < 1e-8, "case %zu: relative difference %g", k, largest);
        clear_model(&m);
    }
}

/* Likewise under one teacher, of blocks with few components. */
Test(reduction, taught_error_is_the_mean_over_starts_of_one_teacher) {
    enum { RUNS = 20000, L = 4 };
    const uint64_t seed = 17;
    ordpar_random stream = test_stream(334);
    test_model m = make_model(3, 3, 20, L, 1, 0.1, 0.7, "linear", 1);
    random_weights(&stream, &m.network);
    for (int init = 0; init <= ORDPAR_INIT_NEAR_TEACHER; init++) {
        double sum[L] = {0}, squares[L] = {0}, taught[L];
        ordpar_error err;
        for (uint64_t run = 1; run <= RUNS; run++) {
            ordpar_overlaps start;
            double error[L];
            check_ok(ordpar_overlaps_start_taught(&m.spectrum, 3, 3, (ordpar_init)init,
                                                  ORDPAR_TEACHER_SAMPLED, 0.7, 9, run, &seed,
                                                  &start, &err),
                     &err);
            ordpar_linear_start_error(&m.network, &m.spectrum, &start, error);
            for (size_t b = 0; b < L; b++) {
                sum[b] += error[b] / RUNS;
                squares[b] += error[b] * error[b] / RUNS;
            }
            ordpar_overlaps_clear(&start);
        }
        check_ok(ordpar_linear_taught_error(&m.network, &m.spectrum, (ordpar_init)init, 0.7, seed,
                                            taught, &err),
                 &err);
        for (size_t b = 0; b < L; b++) {
            const double variance = fmax(squares[b] - sum[b] * sum[b], 0);
            CHECK_CLOSE(sum[b], taught[b], 5 * sqrt(variance / RUNS) / taught[b] + 1e-12, taught[b],
                        "init %d, block %zu", init, b);
        }
    }
    clear_model(&m);
    ordpar_error err;
    double none[1];
    test_model other = make_model(2, 3, 8, 1, 1, 0.1, 0.7, "linear", 1);
    cr_assert_eq(ordpar_linear_taught_error(&other.network, &other.spectrum,
                                            ORDPAR_INIT_NEAR_TEACHER, 1, seed, none, &err),
                 ORDPAR_INVALID);
    clear_model(&other);
}

/* The mean over many sampled starts, also near the teacher. */
Test(reduction, mean_error_is_the_mean_over_starts) {
    enum { RUNS = 400 };
    ordpar_random stream = test_stream(333);
    test_model m = make_model(3, 3, 4096, 1, 1, 0.1, 0.7, "linear", 1);
    random_weights(&stream, &m.network);
    for (int init = 0; init <= ORDPAR_INIT_NEAR_TEACHER; init += ORDPAR_INIT_NEAR_TEACHER) {
        double sum = 0, mean;
        ordpar_error err;
        for (uint64_t run = 1; run <= RUNS; run++) {
            ordpar_overlaps start;
            double error;
            check_ok(ordpar_overlaps_start(&m.spectrum, 3, 3, (ordpar_init)init,
                                           ORDPAR_TEACHER_SAMPLED, 0.7, 9, run, &start, &err),
                     &err);
            ordpar_linear_start_error(&m.network, &m.spectrum, &start, &error);
            sum += error / RUNS;
            ordpar_overlaps_clear(&start);
        }
        check_ok(ordpar_linear_mean_error(&m.network, (ordpar_init)init, 0.7, &mean, &err), &err);
        /* the square of a normal number has the relative variance 2; 5 standard errors */
        CHECK_CLOSE(sum, mean, 5 * sqrt(2. / (RUNS * 4096.)), mean, "init %d", init);
    }
    clear_model(&m);
    ordpar_error err;
    double mean = 5;
    test_model other = make_model(2, 3, 8, 1, 1, 0.1, 0.7, "linear", 1);
    cr_assert_eq(ordpar_linear_mean_error(&other.network, ORDPAR_INIT_NEAR_TEACHER, 1, &mean, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "K = 2, M = 3"), "%s", err.message);
    clear_model(&other);
}
