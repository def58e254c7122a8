// SPDX-License-Identifier: GPL-3.0-or-later
/* Principal components against the covariance itself, and training on examples against SGD written
 * out in the data's own coordinates. */
#include "data_support.h"
#include "support.h"
#include "validation/data/examples.h"
#include "validation/data/principal.h"
#include "validation/simulate/ensemble.h"
#include "validation/simulate/plan.h"
#include "validation/simulate/run.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIM = 7, ROWS = 2500 };

static double data[ROWS][DIM];

/* Correlated examples with a mean that dwarfs them. */
static ordpar_dataset *make_data(char *path) {
    ordpar_random stream = test_stream(4000);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    double mix[DIM][DIM];
    for (int k = 0; k < DIM * DIM; k++)
        mix[k / DIM][k % DIM] = gsl_ran_gaussian(&rng, 1.0 / (1 + k / DIM));
    for (int s = 0; s < ROWS; s++) {
        double g[DIM];
        for (int a = 0; a < DIM; a++)
            g[a] = gsl_ran_gaussian(&rng, 1);
        for (int k = 0; k < DIM; k++) {
            data[s][k] = 1000 + 10 * k;
            for (int a = 0; a < DIM; a++)
                data[s][k] += mix[a][k] * g[a];
        }
    }
    const char *name = data_path(path, 64, 20, ".npy");
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (2500, 7)}", data,
              sizeof data);
    ordpar_dataset *set;
    ordpar_error err;
    check_ok(ordpar_dataset_open(1, &name, &set, &err), &err);
    return set;
}

static void direct_covariance(double mean[DIM], double C[DIM][DIM]) {
    memset(mean, 0, DIM * sizeof *mean);
    for (int s = 0; s < ROWS; s++)
        for (int k = 0; k < DIM; k++)
            mean[k] += data[s][k] / ROWS;
    for (int k = 0; k < DIM; k++)
        for (int l = 0; l < DIM; l++) {
            C[k][l] = 0;
            for (int s = 0; s < ROWS; s++)
                C[k][l] += (data[s][k] - mean[k]) * (data[s][l] - mean[l]) / ROWS;
        }
}

Test(principal, basis_diagonalises_the_covariance) {
    char path[64];
    ordpar_dataset *set = make_data(path);
    double mean[DIM], C[DIM][DIM];
    direct_covariance(mean, C);
    for (size_t N = 3; N <= DIM; N += DIM - 3) {
        ordpar_principal p;
        ordpar_error err;
        const ordpar_principal_options options = {.N = N, .threads = 2};
        check_ok(ordpar_principal_init(set, &options, &p, &err), &err);
        double trace = 0;
        for (size_t a = 0; a < N; a++) {
            trace += p.lambda[a];
            cr_assert(a == 0 || p.lambda[a] <= p.lambda[a - 1]);
            for (size_t b = 0; b < N; b++) {
                double sum = 0;
                for (size_t k = 0; k < DIM; k++)
                    for (size_t l = 0; l < DIM; l++)
                        sum += p.basis[a * DIM + k] * C[k][l] * p.basis[b * DIM + l];
                CHECK_CLOSE(sum, a == b ? p.lambda[a] : 0, TOL_LOOSE, p.lambda[0], "%zu, %zu", a,
                            b);
            }
        }
        CHECK_CLOSE(trace, (double)N, TOL_SUM, (double)N, "trace");
        for (size_t k = 0; k < DIM; k++)
            CHECK_CLOSE(p.mean[k], mean[k], TOL_SUM, mean[k], "mean %zu", k);
        cr_assert(N == DIM ? fabs(p.kept - 1) < 1e-12 : p.kept < 1);
        ordpar_principal_clear(&p);
    }
    ordpar_dataset_free(set);
    unlink(path);
}

Test(principal, refuses_what_has_no_covariance) {
    char path[64];
    const char *name = data_path(path, 64, 21, ".npy");
    const double constant[6] = {2, 2, 2, 2, 2, 2};
    ordpar_dataset *set;
    ordpar_principal p;
    ordpar_error err;
    const ordpar_principal_options all = {0}, many = {.N = 4};
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", constant, 48);
    check_ok(ordpar_dataset_open(1, &name, &set, &err), &err);
    cr_assert_eq(ordpar_principal_init(set, &all, &p, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_principal_init(set, &many, &p, &err), ORDPAR_INVALID);
    ordpar_dataset_free(set);
    write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3)}", constant, 24);
    check_ok(ordpar_dataset_open(1, &name, &set, &err), &err);
    cr_assert_eq(ordpar_principal_init(set, &all, &p, &err), ORDPAR_INVALID);
    ordpar_dataset_free(set);
    unlink(name);
}

/* 0.1 three times has a mean that is not 0.1: what is equal must not pass for noise, nor what is
 * small for equal. */
Test(principal, says_why_there_is_no_variance) {
    char path[64];
    const char *name = data_path(path, 64, 22, ".npy");
    static const struct {
        double values[6];
        const char *message; /* NULL: none */
    } cases[] = {{{0.1, 0.3, 0.1, 0.3, 0.1, 0.3}, "all 3 examples are equal"},
                 {{1e-160, 0, 0, 2e-160, 0, 0}, "the examples differ, but their variance"},
                 {{1e-200, 0, 0, 2e-200, 0, 0}, "the examples differ, but their variance"},
                 {{1e-130, 0, 0, 2e-130, 0, 0}, NULL}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_dataset *set;
        ordpar_principal p = {0};
        ordpar_error err = {""};
        const ordpar_principal_options all = {.threads = 1};
        write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2)}",
                  cases[k].values, sizeof cases[k].values);
        check_ok(ordpar_dataset_open(1, &name, &set, &err), &err);
        const ordpar_status status = ordpar_principal_init(set, &all, &p, &err);
        cr_assert_eq(status, cases[k].message ? ORDPAR_INVALID : ORDPAR_OK, "case %zu: %s", k,
                     err.message);
        cr_assert(!cases[k].message || strstr(err.message, cases[k].message), "%s", err.message);
        ordpar_principal_clear(&p);
        ordpar_dataset_free(set);
    }
    unlink(name);
}

/* eps_g of one linear unit after `steps` examples: SGD on W = J - B by the definition, each example
 * projected on the basis by hand. */
static double train(const ordpar_principal *p, const double *J, const double *B, double eta,
                    size_t trained, size_t steps) {
    double W[DIM], eps_g = 0;
    for (size_t k = 0; k < DIM; k++)
        W[k] = J[k] - B[k];
    for (size_t s = 0; s < steps; s++) {
        double xi[DIM] = {0}, delta = 0;
        for (size_t k = 0; k < DIM; k++) {
            for (size_t l = 0; l < DIM; l++)
                xi[k] += p->basis[k * DIM + l] * (data[s][l] - p->mean[l]);
            delta += W[k] * xi[k] / sqrt(DIM);
        }
        for (size_t k = 0; k < trained; k++)
            W[k] -= eta * delta * xi[k] / sqrt(DIM);
    }
    for (size_t k = 0; k < DIM; k++)
        eps_g += p->lambda[k] * W[k] * W[k] / (2 * DIM);
    return eps_g;
}

Test(examples, training_is_sgd_on_the_data) {
    enum { COUNT = 4, TRAINED = 5 };
    char path[64];
    ordpar_dataset *set = make_data(path);
    ordpar_principal p;
    ordpar_error err;
    const ordpar_principal_options options = {.threads = 1};
    check_ok(ordpar_principal_init(set, &options, &p, &err), &err);
    test_model m = make_model(1, 1, DIM, DIM, 1, 0.3, 1, "linear", 1);
    m.network.v[0] = m.network.w[0] = 1;
    m.network.label_noise = 0;
    ordpar_spectrum_clear(&m.spectrum);
    check_ok(ordpar_principal_spectrum(&p, &m.spectrum, &err), &err);
    const ordpar_simulation simulation = {.spectrum = &m.spectrum,
                                          .network = &m.network,
                                          .trained_blocks = TRAINED,
                                          .sigma_J = 1,
                                          .seed = 5};
    const double alpha[COUNT] = {0, 1. / DIM, 200, (double)ROWS / DIM};
    double eps_g[COUNT];
    size_t rows;
    ordpar_examples *examples;
    check_ok(ordpar_examples_create(set, &p, 2, &examples, &err), &err);
    const ordpar_ensemble_options settings = {.runs = 1, .examples = examples};
    check_ok(ordpar_ensemble_run(&simulation, alpha, COUNT, &settings, eps_g, &rows, &err), &err);
    ordpar_plan plan;
    check_ok(ordpar_plan_init(&simulation, &plan, &err), &err);
    void *state = aligned_alloc(64, plan.state_size);
    check_ok(ordpar_run_start(&plan, 1, state, NULL, &err), &err);
    const double *W = ordpar_run_rows(&plan, state);
    for (size_t k = 0; k < COUNT; k++) {
        const double expected = train(&p, W, W + plan.stride, 0.3, TRAINED,
                                      (size_t)ordpar_simulation_steps(&simulation, alpha[k]));
        CHECK_CLOSE(eps_g[k], expected, TOL_LOOSE, expected, "alpha %g", alpha[k]);
    }
    /* there are no more examples */
    const double more[] = {1};
    cr_assert_eq(ordpar_ensemble_run(&simulation, more, 1, &settings, eps_g, &rows, &err),
                 ORDPAR_INVALID);
    free(state);
    ordpar_plan_clear(&plan);
    ordpar_examples_free(examples);
    ordpar_principal_clear(&p);
    ordpar_dataset_free(set);
    clear_model(&m);
    unlink(path);
}

/* Eigenvalues 0 stay 0, and the second one does not suffer from a mean that jumps. */
Test(principal, small_eigenvalues_beside_large_ones) {
    enum { N = 3, EXAMPLES = 6000 };
    static double onehot[EXAMPLES][N], jump[EXAMPLES][N];
    ordpar_random stream = test_stream(4001);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    double square = 0, mean = 0;
    for (int s = 0; s < EXAMPLES; s++) {
        onehot[s][(int)uniform(&stream, 0, N)] = 1;
        jump[s][0] = s < 1024 ? 0 : 1e7;
        jump[s][1] = gsl_ran_gaussian_ziggurat(&rng, 1) * (s % 2 ? 1 : -1);
        jump[s][2] = 3e6;
        mean += jump[s][1] / EXAMPLES;
    }
    for (int s = 0; s < EXAMPLES; s++)
        square += pow(jump[s][1] - mean, 2) / EXAMPLES;
    char path[64];
    const char *name = data_path(path, 64, 22, ".npy");
    const ordpar_principal_options all = {0};
    for (int k = 0; k < 2; k++) {
        ordpar_dataset *set;
        ordpar_principal p;
        ordpar_error err;
        write_npy(name, "{'descr': '<f8', 'fortran_order': False, 'shape': (6000, 3)}",
                  k ? jump : onehot, sizeof onehot);
        check_ok(ordpar_dataset_open(1, &name, &set, &err), &err);
        check_ok(ordpar_principal_init(set, &all, &p, &err), &err);
        cr_assert_eq(p.lambda[2], 0, "case %d: %g", k, p.lambda[2]);
        if (k) {
            const double f = 1024. / EXAMPLES, large = f * (1 - f) * 1e14;
            CHECK_CLOSE(p.lambda[1] / p.lambda[0], square / large, 0.05, square / large, "jump");
        }
        ordpar_principal_clear(&p);
        ordpar_dataset_free(set);
    }
    unlink(name);
}

/* To rounding, with variances on the diagonal; not what has a third axis, or examples beside it. */
Test(principal, a_covariance_is_recognised) {
    static const struct {
        const char *shape;
        double X[9];
        bool is;
    } cases[] = {{"(3, 3)", {2, 1, 0.5, 1, 3, 0, 0.5, 0, 1}, true},
                 {"(3, 3)", {2, 1, 0.5, 1, 3, -0.3, 0.5, -0.3 * (1 + 1e-15), 1}, true},
                 {"(3, 3)", {2, 1, 0.5, 1, 3, -0.3, 0.5, -0.3 * (1 + 1e-7), 1}, true},
                 {"(3, 3)", {2, 1, 0.5, 1, 3, -0.3, 0.5, -0.31, 1}, false},
                 {"(2, 2)", {1, 0.5, 0.5, 2}, true},
                 {"(3, 3)", {2, 1, 0, 1, 3, 0, 0.5, 0, 1}, false},
                 {"(3, 3)", {2, 1, 0.5, 1, -3, 0, 0.5, 0, 1}, false},
                 {"(3, 3)", {0, 1, 2, 1, 0, 1, 2, 1, 0}, false}, /* of distances */
                 {"(3, 3, 1)", {2, 1, 0.5, 1, 3, 0, 0.5, 0, 1}, false},
                 {"(2, 3)", {2, 1, 0.5, 1, 3, 0}, false}};
    char path[64], header[96];
    const char *name = data_path(path, 64, 23, ".npy");
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_dataset *set;
        ordpar_error err;
        bool is = !cases[k].is;
        snprintf(header, sizeof header, "{'descr': '<f8', 'fortran_order': False, 'shape': %s}",
                 cases[k].shape);
        write_npy(name, header, cases[k].X, cases[k].shape[1] == '3' ? 72 : k == 4 ? 32 : 48);
        check_ok(ordpar_dataset_open(1, &name, &set, &err), &err);
        check_ok(ordpar_dataset_is_covariance(set, &is, &err), &err);
        cr_assert_eq(is, cases[k].is, "case %zu", k);
        ordpar_dataset_free(set);
    }
    unlink(name);
}
