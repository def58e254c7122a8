// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/labelled_runs.h"

#include "base/floating_point.h"
#include "base/random.h"
#include "base/team.h"
#include "solver/motion/coefficients.h"
#include "solver/steps/integrate.h"
#include "validation/simulate/patience.h"
#include "validation/simulate/run.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* eps_g beyond this counts as divergence. */
static const double divergence = 1e100;

/* A run and what measures it. */
typedef struct {
    void *state;
    uint32_t *order; /* [steps] numbers of its examples */
    double *G;       /* [rank][rank] covariance of the other examples, lower triangle */
    double *beta;    /* [2][rank] coefficients of their two halves */
    bool ended;
} labelled_run;

/* A thread's scratch for eps_g. */
typedef struct {
    double *rows; /* [K+2][rank]: students, coefficients, a product */
    double *c;    /* [K+1][K+1] of the fields */
    ordpar_coefficient_work *averages;
    ordpar_patience patience;
} labelled_measure;

typedef struct {
    ordpar_plan plan;
    const ordpar_labelled_options *options;
    size_t runs, rank;
    uint64_t last; /* steps of a run */
    labelled_run *run;
    ordpar_team *team;
    void **memory; /* a thread's scratch, as .. */
    ordpar_run_work *work;
    labelled_measure *measure; /* .. */
    uint64_t steps;            /* to be made by the present row */
    double *eps_g;             /* [runs] of it */
    ordpar_failures failures;
} labelled_runs;

bool ordpar_labelled_in_segments(const ordpar_labelled *data, size_t runs, uint64_t steps) {
    return (double)steps * (double)runs <= (double)data->n;
}

/* The first examples of a shuffled deck. */
static bool shuffle(const labelled_runs *e, size_t r) {
    const size_t n = e->options->data->n;
    uint32_t *deck = malloc(n * sizeof *deck);
    ordpar_random stream;
    if (!deck)
        return false;
    ordpar_random_init(&stream, e->plan.simulation.seed, r + 1, ORDPAR_RANDOM_INPUTS, 3);
    for (size_t k = 0; k < n; k++)
        deck[k] = (uint32_t)k;
    for (size_t k = 0; k < e->last; k++) {
        const size_t other = k + (size_t)(ordpar_random_next(&stream) % (n - k));
        const uint32_t card = deck[other];
        deck[other] = deck[k];
        e->run[r].order[k] = deck[k] = card;
    }
    free(deck);
    return true;
}

static bool set_order(const labelled_runs *e, size_t r) {
    if (!ordpar_labelled_in_segments(e->options->data, e->runs, e->last))
        return shuffle(e, r);
    for (size_t k = 0; k < e->last; k++)
        e->run[r].order[k] = (uint32_t)(r * e->last + k);
    return true;
}

/* [11.4] from what run r does not see. */
static ordpar_status set_gauge(const labelled_runs *e, size_t r, ordpar_error *err) {
    labelled_run *run = &e->run[r];
    ordpar_label_sums others;
    ordpar_status status = ordpar_label_sums_without(e->options->sums, e->options->data, e->last,
                                                     run->order, &others, err);
    if (status)
        return status;
    const double examples = (double)(others.count[0] + others.count[1]);
    status = ordpar_label_coefficients(&others, run->beta, err);
    for (size_t k = 0; k < e->rank * e->rank; k++)
        run->G[k] = (others.G[0][k] + others.G[1][k]) / examples;
    ordpar_label_sums_clear(&others);
    return status;
}

static bool is_stopped(const labelled_runs *e) {
    return e->options->stop && *e->options->stop;
}

static ordpar_status begin_run(const labelled_runs *e, size_t r, ordpar_error *err) {
    labelled_run *run = &e->run[r];
    const size_t rank = e->rank;
    run->state = aligned_alloc(64, (e->plan.state_size + 63) / 64 * 64);
    run->order = malloc((e->last + 1) * sizeof *run->order);
    run->G = malloc(rank * rank * sizeof *run->G);
    run->beta = malloc(2 * rank * sizeof *run->beta);
    if (!run->state || !run->order || !run->G || !run->beta || !set_order(e, r))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for run %zu", r + 1);
    if (is_stopped(e))
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted before it began");
    const ordpar_status status = set_gauge(e, r, err);
    return status ? status : ordpar_run_start(&e->plan, r + 1, run->state, e->options->stop, err);
}

static void begin(void *context, size_t r, size_t member) {
    labelled_runs *e = context;
    ordpar_error reason;
    (void)member;
    const ordpar_status status = begin_run(e, r, &reason);
    if (status)
        ordpar_failures_add(&e->failures, r, status, &reason);
}

/* With a = sum_i v_i J_i in directions of variance 1: (a - beta') . G (a - beta'') / 2 [11.4]. */
static double measure_linear(const labelled_runs *e, const labelled_run *run, double *first) {
    const size_t rank = e->rank, stride = e->plan.stride;
    const double *J = ordpar_run_rows(&e->plan, run->state),
                 *v = ordpar_run_outputs(&e->plan, run->state);
    double *second = first + rank, sum = 0;
    for (size_t k = 0; k < rank; k++) {
        double a = 0;
        for (size_t i = 0; i < e->plan.K; i++)
            a += v[i] * J[i * stride + k];
        a /= e->options->data->scale[k];
        first[k] = a - run->beta[k];
        second[k] = a - run->beta[rank + k];
    }
    for (size_t k = 0; k < rank; k++) { /* G is symmetric; row k of its lower half */
        const double *row = run->G + k * rank;
        sum += first[k] * cblas_ddot((int)k, row, 1, second, 1) +
               second[k] * cblas_ddot((int)k, row, 1, first, 1) + first[k] * row[k] * second[k];
    }
    return sum / 2;
}

/* Students that are not linear see a linear teacher: eps_g of the fields' covariance is linear in
 * R = J . G beta, of the mean of both halves, and in T = beta' . G beta'' [11.4]. */
static double measure_fields(const labelled_runs *e, const labelled_run *run, labelled_measure *m) {
    const size_t rank = e->rank, K = e->plan.K, n = K + 1;
    const int size = (int)rank;
    const double *J = ordpar_run_rows(&e->plan, run->state), *beta = run->beta;
    double *product = m->rows + n * rank;
    for (size_t k = 0; k < rank; k++) {
        for (size_t i = 0; i < K; i++)
            m->rows[i * rank + k] = J[i * e->plan.stride + k] / e->options->data->scale[k];
        m->rows[K * rank + k] = (beta[k] + beta[rank + k]) / 2;
    }
    for (size_t a = 0; a < n; a++) {
        cblas_dsymv(CblasRowMajor, CblasLower, size, 1, run->G, size, m->rows + a * rank, 1, 0,
                    product, 1);
        for (size_t b = 0; b <= a; b++)
            m->c[a * n + b] = m->c[b * n + a] = cblas_ddot(size, m->rows + b * rank, 1, product, 1);
    }
    cblas_dsymv(CblasRowMajor, CblasLower, size, 1, run->G, size, beta, 1, 0, product, 1);
    m->c[n * n - 1] = cblas_ddot(size, beta + rank, 1, product, 1);
    return ordpar_generalization_error(e->plan.simulation.network, m->c, m->averages);
}

/* [11.4] */
static double measure(const labelled_runs *e, const labelled_run *run, labelled_measure *m) {
    return ordpar_network_has(e->plan.simulation.network, &ordpar_activation_linear)
               ? measure_linear(e, run, m->rows)
               : measure_fields(e, run, m);
}

static bool any_left(const labelled_runs *e) {
    bool left = false;
    for (size_t k = 0; k < ordpar_team_size(e->team); k++)
        left = left || e->measure[k].patience.left;
    return left;
}

static ordpar_status leave(const double *alpha, size_t rows, ordpar_error *err) {
    return rows == 0 ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted before the first row")
                     : ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted after alpha = %.6g",
                                   alpha[rows - 1]);
}

static void advance(void *context, size_t r, size_t member) {
    labelled_runs *e = context;
    labelled_run *run = &e->run[r];
    const ordpar_labelled *data = e->options->data;
    const ordpar_run_head *head = run->state;
    while (!run->ended && head->steps < e->steps &&
           !ordpar_patience_ends(&e->measure[member].patience)) {
        const size_t example = run->order[head->steps];
        run->ended = !ordpar_run_learn_label(&e->plan, run->state, &e->work[member],
                                             data->x + example * data->stride, data->y[example]);
    }
    if (ordpar_patience_ends(&e->measure[member].patience))
        return;
    e->eps_g[r] = measure(e, run, &e->measure[member]);
    run->ended = run->ended || !(fabs(e->eps_g[r]) <= divergence);
}

static ordpar_status check_divergence(const labelled_runs *e, ordpar_error *err) {
    size_t lost = 0, first = 0;
    for (size_t r = e->runs; r-- > 0;)
        if (e->run[r].ended) {
            lost++;
            first = r;
        }
    if (!lost)
        return ORDPAR_OK;
    const ordpar_run_head *head = e->run[first].state;
    return ordpar_fail(err, ORDPAR_DIVERGED, "run %zu diverged at alpha = %.6g, %zu of %zu did",
                       first + 1, (double)head->steps / e->plan.pace, lost, e->runs);
}

static bool make_measure(const labelled_runs *e, labelled_measure *m) {
    const size_t n = e->plan.K + 1, rows = (n + 1) * e->rank;
    m->patience.stop = e->options->stop;
    m->averages = ordpar_coefficient_work_create(e->plan.simulation.network);
    m->rows = malloc((rows + n * n) * sizeof *m->rows);
    m->c = m->rows ? m->rows + rows : NULL;
    return m->rows && m->averages;
}

static bool make_workers(labelled_runs *e) {
    const size_t wanted = ordpar_threads(e->options->threads);
    e->team = ordpar_team_create(wanted < e->runs ? wanted : e->runs);
    const size_t threads = ordpar_team_size(e->team);
    e->run = calloc(e->runs, sizeof *e->run);
    e->memory = calloc(threads, sizeof *e->memory);
    e->work = calloc(threads, sizeof *e->work);
    e->measure = calloc(threads, sizeof *e->measure);
    if (!e->run || !e->memory || !e->work || !e->measure)
        return false;
    for (size_t k = 0; k < threads; k++) {
        const size_t size = (e->plan.work_size + 63) / 64 * 64;
        e->memory[k] = aligned_alloc(64, size);
        if (!e->memory[k] || !make_measure(e, &e->measure[k]))
            return false;
        memset(e->memory[k], 0, size);
        e->work[k] = ordpar_run_use(&e->plan, e->memory[k]);
    }
    return true;
}

static void clear(labelled_runs *e) {
    const size_t threads = ordpar_team_size(e->team);
    for (size_t k = 0; e->measure && k < threads; k++) {
        free(e->memory[k]);
        free(e->measure[k].rows);
        ordpar_coefficient_work_free(e->measure[k].averages);
    }
    for (size_t r = 0; e->run && r < e->runs; r++) {
        free(e->run[r].state);
        free(e->run[r].order);
        free(e->run[r].G);
        free(e->run[r].beta);
    }
    ordpar_team_free(e->team);
    free(e->memory);
    free(e->work);
    free(e->measure);
    free(e->run);
    ordpar_plan_clear(&e->plan);
}

static ordpar_status compute(labelled_runs *e, const double *alpha, size_t count, double *eps_g,
                             size_t *rows, ordpar_error *err) {
    const ordpar_labelled_options *o = e->options;
    ordpar_status status;
    for (*rows = 0; *rows < count;) {
        e->steps = ordpar_simulation_steps(&e->plan.simulation, alpha[*rows]);
        e->eps_g = eps_g + *rows * e->runs;
        ordpar_team_run(e->team, e->runs, advance, e);
        if (any_left(e))
            return leave(alpha, *rows, err);
        if ((status = check_divergence(e, err)))
            return status;
        ++*rows;
        if (o->progress)
            o->progress(o->context, *rows, count);
        if (*rows < count && is_stopped(e))
            return leave(alpha, *rows, err);
    }
    return ORDPAR_OK;
}

static ordpar_status check_steps(const labelled_runs *e, ordpar_error *err) {
    const size_t n = e->options->data->n;
    return e->last <= n ? ORDPAR_OK
                        : ordpar_fail(err, ORDPAR_INVALID,
                                      "%llu steps need as many examples, the data has %zu",
                                      (unsigned long long)e->last, n);
}

ordpar_status ordpar_labelled_run(const ordpar_simulation *simulation, const double *alpha,
                                  size_t count, const ordpar_labelled_options *options,
                                  double *eps_g, size_t *rows, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    labelled_runs e = {.options = options,
                       .runs = options->runs,
                       .rank = options->data->rank,
                       .failures = ORDPAR_FAILURES_NONE};
    *rows = 0;
    ordpar_status status = ordpar_alpha_check(0, alpha, count, err);
    if (status || (status = ordpar_plan_init(simulation, &e.plan, err)))
        return status;
    e.last = count ? ordpar_simulation_steps(simulation, alpha[count - 1]) : 0;
    status = check_steps(&e, err);
    if (!status && !make_workers(&e))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu runs", e.runs);
    if (!status) {
        ordpar_team_run(e.team, e.runs, begin, &e);
        status = e.failures.status == ORDPAR_INTERRUPTED ? leave(alpha, 0, err)
                 : e.failures.status ? ordpar_fail(err, e.failures.status, "run %zu: %.400s",
                                                   e.failures.item + 1, e.failures.reason.message)
                                     : compute(&e, alpha, count, eps_g, rows, err);
    }
    clear(&e);
    return status;
}

/* [11.5] */
double ordpar_labelled_error(const ordpar_labelled *data, const ordpar_label_fit *fit, size_t runs,
                             uint64_t last, uint64_t steps, double eps_g, double spread) {
    ORDPAR_FLOATING_POINT;
    const double n = (double)data->n, left = n - (double)last;
    const double half = left / 2 - (double)data->rank - 1;
    double fourth = 0, shared = 0;
    for (size_t k = 0; k < fit->rank; k++)
        fourth += fit->noise[k] * fit->noise[k];
    if (!ordpar_labelled_in_segments(data, runs, last))
        shared = (double)steps / n;
    const double common =
        2 * eps_g * eps_g / left + fmax(eps_g, 0) * fit->rest / half + fourth / (4 * half * half);
    return sqrt(spread * spread * (1 + ((double)runs - 1) * shared) / (1 - shared) + common);
}

double ordpar_labelled_runs_bytes(const ordpar_labelled *data, size_t runs, uint64_t steps) {
    const double rank = (double)data->rank;
    return (double)runs * (sizeof(double) * rank * (rank + 2) + sizeof(uint32_t) * (double)steps);
}
