// SPDX-License-Identifier: GPL-3.0-or-later
/* One long curve on several threads: the same bits on any number of them, which there really are.
 */
#include "solver/steps/integrate.h"
#include "support.h"

#include <dirent.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 3 };

typedef struct {
    double eps_g[ROWS];
    size_t threads; /* of the process, seen from the first row; 0: unknown */
    double *state;  /* r, q and v of the last row */
    size_t count;
} result;

static size_t count_threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    size_t count = 0;
    for (const struct dirent *entry; tasks && (entry = readdir(tasks));)
        count += entry->d_name[0] != '.';
    if (tasks)
        closedir(tasks);
    return count;
}

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    result *to = context;
    const size_t r = state->K * state->M * state->L, q = state->K * state->K * state->L,
                 v = state->v ? state->K : 0;
    (void)alpha, (void)err;
    to->eps_g[row] = eps_g;
    if (row == 0)
        to->threads = count_threads();
    to->count = r + q + v;
    to->state = realloc(to->state, to->count * sizeof *to->state);
    memcpy(to->state, state->r, r * sizeof *state->r);
    memcpy(to->state + r, state->q, q * sizeof *state->q);
    if (v)
        memcpy(to->state + r + q, state->v, v * sizeof *state->v);
    return ORDPAR_OK;
}

static result integrate_on(const test_model *m, ordpar_integrator_choice by, int threads) {
    const bool wide = m->network.K > 3;
    const double end = wide ? (SANITIZED ? 0.04 : 0.4) : SANITIZED ? 1 : 40;
    const double alpha[ROWS] = {end / 80, end / 8, end};
    static size_t alone; /* as many as there are without a team */
    ordpar_overlaps state = {0};
    ordpar_error err;
    result got = {0};
    if (!alone)
        alone = count_threads();
    while (count_threads() > alone) /* those that were joined end a moment later */
        sched_yield();
    const ordpar_integrate_options options = {.rtol = 1e-6,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = m->spectrum.L,
                                              .observer = keep,
                                              .context = &got,
                                              .integrator = by,
                                              .threads = threads};
    check_ok(ordpar_overlaps_init(m->network.K, m->network.M, m->spectrum.L, &state, &err), &err);
    ordpar_overlaps_copy(&m->start, &state);
    if (m->network.training.eta_v > 0)
        check_ok(ordpar_overlaps_set_outputs(&state, m->network.v, &err), &err);
    check_ok(ordpar_integrate(&m->spectrum, &m->network, &state, alpha, ROWS, &options, NULL, &err),
             &err);
    ordpar_overlaps_clear(&state);
    return got;
}

static void check_threads(const test_model *m, ordpar_integrator_choice by, const char *name) {
    const int threads[] = {2, 3, 8};
    result one = integrate_on(m, by, 1);
    for (size_t k = SANITIZED; k < sizeof threads / sizeof *threads; k += CASE_STEP) {
        result more = integrate_on(m, by, threads[k]);
        cr_assert_eq(memcmp(one.eps_g, more.eps_g, sizeof one.eps_g), 0, "%s, %d threads: eps_g",
                     name, threads[k]);
        cr_assert_eq(memcmp(one.state, more.state, one.count * sizeof *one.state), 0,
                     "%s, %d threads: the state", name, threads[k]);
        if (one.threads) /* CVODE's sums and F have teams of their own */
            cr_assert(more.threads == one.threads + (size_t)threads[k] - 1 ||
                          (by == ORDPAR_INTEGRATOR_CVODE && more.threads > one.threads),
                      "%s: %zu for %d", name, more.threads, threads[k]);
        free(more.state);
    }
    free(one.state);
}

/* Trained outputs stand after the last piece, which is shorter than the others. */
Test(threads, all_orders_with_trained_outputs) {
    test_model m = make_model(3, 2, 8 * 1501, 1501, 0.5, 0.5, 0.3, "erf", 70);
    m.network.training.eta_v = 0.3;
    m.network.training.weight_decay = 1e-3;
    check_threads(&m, ORDPAR_INTEGRATOR_RADAU, "all orders");
    clear_model(&m);
}

Test(threads, lowest_order) {
    test_model m = make_model(2, 2, 6 * 3001, 3001, 1, 0.5, 0.3, "erf", 71);
    m.network.small_eta = true;
    check_threads(&m, ORDPAR_INTEGRATOR_RADAU, "lowest order");
    clear_model(&m);
}

/* By CVODE: parts of several chunks, of which the last is shorter. */
Test(threads, wide_networks) {
    test_model m = make_model(20, 20, 241, 241, 1, 0.1, 0.3, "erf", 73);
    check_threads(&m, ORDPAR_INTEGRATOR_CVODE, "wide, all orders");
    clear_model(&m);
    m = make_model(20, 20, 5 * 601, 601, 1, 0.1, 0.3, "erf", 74);
    m.network.small_eta = true;
    check_threads(&m, ORDPAR_INTEGRATOR_CVODE, "wide, lowest order");
    clear_model(&m);
}

/* A short curve has no use for threads. */
Test(threads, short_steps_have_one) {
    test_model m = make_model(2, 2, 512, 512, 1, 0.5, 0.3, "erf", 72);
    result one = integrate_on(&m, ORDPAR_INTEGRATOR_RADAU, 1);
    result four = integrate_on(&m, ORDPAR_INTEGRATOR_RADAU, 4);
    cr_assert_eq(one.threads, four.threads);
    free(one.state);
    free(four.state);
    clear_model(&m);
}
