// SPDX-License-Identifier: GPL-3.0-or-later
/* Ensembles: a run is itself whatever surrounds it; interruption and resumption; divergence. */
#include "simulation_support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 4, RUNS = 6 };

static const double alpha[ROWS] = {0, 0.51, 1.3, 3};

/* Stops after each row. */
static void raise_flag(void *context, size_t rows, size_t total) {
    (void)rows, (void)total;
    if (context)
        *(volatile sig_atomic_t *)context = 1;
}

static ordpar_status run_with(const ordpar_simulation *s, size_t runs, int threads,
                              const char *checkpoint, volatile sig_atomic_t *stop, double *eps_g,
                              size_t *rows, ordpar_error *err) {
    const ordpar_ensemble_options options = {.runs = runs,
                                             .threads = threads,
                                             .checkpoint = checkpoint,
                                             .stop = stop,
                                             .progress = raise_flag,
                                             .context = (void *)stop};
    return ordpar_ensemble_run(s, alpha, ROWS, &options, eps_g, rows, err);
}

/* K = 25 goes in batches; the overlap method has blocks with and without radii. */
static const struct {
    size_t K, M;
    ordpar_method method;
} cases[] = {{2, 2, ORDPAR_METHOD_SGD}, {25, 2, ORDPAR_METHOD_SGD}, {3, 2, ORDPAR_METHOD_OVERLAP}};

enum { CASES = sizeof cases / sizeof *cases };

static test_model model_of(size_t k) {
    test_model m = make_model(cases[k].K, cases[k].M, 48, 6, 1, 0.5, 0.5, "erf", 17);
    m.network.label_noise = 0.1;
    return m;
}

Test(ensemble, runs_depend_on_seed_and_number_alone) {
    for (size_t k = 0; k < CASES; k++) {
        test_model m = model_of(k);
        ordpar_simulation s = simulate_model(&m, cases[k].method, 0.5);
        double all[ROWS * RUNS], serial[ROWS * RUNS], first[ROWS], other[ROWS];
        size_t rows;
        ordpar_error err;
        check_ok(run_with(&s, RUNS, 2, NULL, NULL, all, &rows, &err), &err);
        check_ok(run_with(&s, RUNS, 1, NULL, NULL, serial, &rows, &err), &err);
        check_ok(run_with(&s, 1, 1, NULL, NULL, first, &rows, &err), &err);
        s.seed++;
        check_ok(run_with(&s, 1, 1, NULL, NULL, other, &rows, &err), &err);
        cr_assert_eq(memcmp(all, serial, sizeof all), 0, "case %zu: threads matter", k);
        for (size_t row = 0; row < ROWS; row++) {
            cr_assert_eq(all[row * RUNS], first[row], "case %zu: the number of runs matters", k);
            cr_assert_neq(all[row * RUNS], all[row * RUNS + 1], "case %zu: equal runs", k);
            cr_assert_neq(first[row], other[row], "case %zu: the seed does not matter", k);
        }
        clear_model(&m);
    }
}

/* Run 1 begins at the error that the theory of the same seed begins at. */
Test(ensemble, begins_at_the_error_of_the_start) {
    for (size_t k = 0; k < CASES; k++) {
        test_model m = model_of(k);
        const ordpar_simulation s = simulate_model(&m, cases[k].method, 0.5);
        double eps_g[ROWS], expected;
        size_t rows;
        ordpar_error err;
        check_ok(run_with(&s, 1, 1, NULL, NULL, eps_g, &rows, &err), &err);
        check_ok(ordpar_overlaps_error(&m.start, &m.spectrum, &m.network, &expected, &err), &err);
        CHECK_CLOSE(eps_g[0], expected, TOL_SUM, expected, "case %zu", k);
        clear_model(&m);
    }
}

/* Stopped after every grid point, resumed each time: the same bits. */
Test(ensemble, resumes_to_the_same_bits) {
    volatile sig_atomic_t stop;
    char path[64];
    snprintf(path, sizeof path, "resume.%ld", (long)getpid());
    for (size_t k = 0; k < CASES; k++) {
        test_model m = model_of(k);
        const ordpar_simulation s = simulate_model(&m, cases[k].method, 0.5);
        double whole[ROWS * RUNS], pieces[ROWS * RUNS];
        size_t rows = 0;
        ordpar_error err;
        check_ok(run_with(&s, RUNS, 2, NULL, NULL, whole, &rows, &err), &err);
        for (size_t row = 1; row <= ROWS; row++) {
            memset(pieces, 0, sizeof pieces);
            stop = 0;
            const ordpar_status status = run_with(&s, RUNS, 2, path, &stop, pieces, &rows, &err);
            cr_assert_eq(rows, row);
            cr_assert_eq(status, row < ROWS ? ORDPAR_INTERRUPTED : ORDPAR_OK);
        }
        cr_assert_eq(memcmp(whole, pieces, sizeof whole), 0, "case %zu", k);
        check_ok(run_with(&s, RUNS, 2, path, NULL, pieces, &rows, &err), &err); /* complete */
        cr_assert_eq(memcmp(whole, pieces, sizeof whole), 0, "case %zu", k);
        cr_assert_eq(run_with(&s, RUNS + 1, 2, path, NULL, NULL, &rows, &err), ORDPAR_PARSE);
        m.network.w[0] *= 1 + 1e-15;
        cr_assert_eq(run_with(&s, RUNS, 2, path, NULL, pieces, &rows, &err), ORDPAR_PARSE);
        unlink(path);
        clear_model(&m);
    }
}

/* While starts are drawn, which may take as long as a row. */
Test(ensemble, a_start_is_stopped_at_once) {
    volatile sig_atomic_t stop = 1;
    test_model m = model_of(0);
    const ordpar_simulation s = simulate_model(&m, cases[0].method, 0.5);
    double eps_g[ROWS * RUNS];
    size_t rows = 1;
    ordpar_error err;
    cr_assert_eq(run_with(&s, RUNS, 2, NULL, &stop, eps_g, &rows, &err), ORDPAR_INTERRUPTED);
    cr_assert(rows == 0 && strstr(err.message, "interrupted before the first row"), "%s",
              err.message);
    clear_model(&m);
}

Test(ensemble, says_which_run_diverged) {
    enum { LONG_RUNS = 20 };
    const double grid[] = {0, 60, 120, 1e5};
    test_model m = make_model(1, 1, 16, 16, 1, 2.6, 1, "linear", 1);
    const ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 1);
    double eps_g[4 * LONG_RUNS];
    size_t rows;
    ordpar_error err;
    const ordpar_ensemble_options options = {.runs = LONG_RUNS, .threads = 2};
    cr_assert_eq(ordpar_ensemble_run(&s, grid, 4, &options, eps_g, &rows, &err), ORDPAR_DIVERGED);
    cr_assert(rows >= 1 && rows < 4, "%zu", rows);
    unsigned run, lost, of, left;
    double at, by;
    cr_assert_eq(sscanf(err.message,
                        "run %u diverged at alpha = %lf; by alpha = %lf, %u of %u runs had "
                        "diverged and %u had not",
                        &run, &at, &by, &lost, &of, &left),
                 6, "%s", err.message);
    cr_assert(run >= 1 && of == LONG_RUNS && lost + left == of && by == grid[rows] && at <= by,
              "%s", err.message);
    clear_model(&m);
}

Test(ensemble, refuses_what_it_cannot_do) {
    test_model m = make_model(2, 2, 1000000000000L, 4, 1, 0.1, 1, "erf", 1);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 1);
    double eps_g[ROWS * RUNS];
    size_t rows;
    ordpar_error err;
    cr_assert_eq(run_with(&s, RUNS, 1, NULL, NULL, eps_g, &rows, &err), ORDPAR_INVALID);
    s.method = ORDPAR_METHOD_OVERLAP;
    const double descending[] = {1e-9, 0}, endless[] = {0, 1e10};
    const ordpar_ensemble_options options = {.runs = 1}, none = {.runs = 0};
    cr_assert_eq(ordpar_ensemble_run(&s, descending, 2, &options, eps_g, &rows, &err),
                 ORDPAR_INVALID);
    cr_assert_eq(ordpar_ensemble_run(&s, endless, 2, &options, eps_g, &rows, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_ensemble_run(&s, endless, 1, &none, eps_g, &rows, &err), ORDPAR_INVALID);
    check_ok(ordpar_ensemble_run(&s, endless, 1, &options, eps_g, &rows, &err), &err);
    clear_model(&m);
}

typedef struct {
    const ordpar_simulation *s;
    const char *checkpoint;
    ordpar_status status;
    ordpar_error err;
} rival;

/* In the middle of a run another one of this process wants its checkpoint. */
static void start_rival(void *context, size_t row, size_t total) {
    rival *r = context;
    double eps_g[ROWS];
    size_t rows;
    if (row < total)
        r->status = run_with(r->s, 1, 1, r->checkpoint, NULL, eps_g, &rows, &r->err);
}

Test(ensemble, a_checkpoint_is_one_runs_at_a_time) {
    test_model m = model_of(0);
    const ordpar_simulation s = simulate_model(&m, cases[0].method, 0.5);
    char path[64], lock[72];
    snprintf(path, sizeof path, "test_ensemble.%ld", (long)getpid());
    snprintf(lock, sizeof lock, "%s.lock", path);
    rival r = {.s = &s, .checkpoint = path};
    const ordpar_ensemble_options options = {
        .runs = 1, .threads = 1, .checkpoint = path, .progress = start_rival, .context = &r};
    double eps_g[ROWS], alone[ROWS];
    size_t rows;
    ordpar_error err;
    check_ok(run_with(&s, 1, 1, NULL, NULL, alone, &rows, &err), &err);
    check_ok(ordpar_ensemble_run(&s, alpha, ROWS, &options, eps_g, &rows, &err), &err);
    cr_assert_eq(r.status, ORDPAR_IO);
    cr_assert(strstr(r.err.message, "is in use"), "%s", r.err.message);
    cr_assert_eq(memcmp(eps_g, alone, sizeof alone), 0);
    cr_assert_neq(access(lock, F_OK), 0, "%s is left", lock);
    unlink(path);
    clear_model(&m);
}
