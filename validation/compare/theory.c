// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/compare/theory.h"

#include "base/floating_point.h"
#include "base/team.h"
#include "solver/fluctuations/fluctuations.h"
#include "solver/motion/linear_reduction.h"
#include "solver/state/matching.h"
#include "solver/state/network_averages.h"
#include "solver/steps/integrate.h"
#include "spectra/forms/linear_finite_n.h"
#include "validation/simulate/plan.h"

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct {
    const ordpar_simulation *simulation;
    const ordpar_theory_options *options;
    size_t count, columns, distinct, curves;
    double *time;   /* [distinct] the grid's different values of steps / N */
    size_t *place;  /* [count] where a row's value stands there */
    double *theory; /* [count][curves][columns] */
    ordpar_failures *failures;
    atomic_size_t *done;    /* columns */
    pthread_mutex_t *mutex; /* of options->stats and reached */
    size_t reached;         /* distinct values that all columns have */
} task;

size_t ordpar_theory_columns(const ordpar_simulation *simulation, ordpar_against against,
                             size_t runs) {
    const bool same = simulation->start || (simulation->init == ORDPAR_INIT_MEAN &&
                                            simulation->teacher == ORDPAR_TEACHER_MEAN);
    return against == ORDPAR_AGAINST_FINITE_N || same ? 1 : runs;
}

static void set_times(task *t, const double *alpha) {
    const ordpar_simulation *s = t->simulation;
    for (size_t k = 0; k < t->count; k++) {
        const double time = t->options->at_alpha ? alpha[k]
                                                 : (double)ordpar_simulation_steps(s, alpha[k]) /
                                                       ordpar_simulation_pace(s);
        if (t->distinct == 0 || time > t->time[t->distinct - 1])
            t->time[t->distinct++] = time;
        t->place[k] = t->distinct - 1;
    }
}

/* Where one curve's numbers go. */
typedef struct {
    const task *t;
    double *values; /* [distinct][curves] */
    size_t count;   /* of the distinct ones that are there */
} keeping;

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    keeping *k = context;
    const ordpar_simulation *s = k->t->simulation;
    double *values = k->values + row * k->t->curves;
    (void)alpha;
    *values = eps_g;
    k->count = row + 1;
    return k->t->curves > 1
               ? ordpar_overlaps_task_errors(state, s->spectrum, s->network, values + 1, err)
               : ORDPAR_OK;
}

static void store(const task *t, size_t column, const double *values) {
    for (size_t k = 0; k < t->count; k++)
        for (size_t c = 0; c < t->curves; c++)
            t->theory[(k * t->curves + c) * t->columns + column] =
                values[t->place[k] * t->curves + c];
}

/* [19.3, 19.4] What finite N makes of one curve. */
static ordpar_status shift(const task *t, size_t column, const ordpar_overlaps *start,
                           double *values, ordpar_error *err) {
    const ordpar_simulation *s = t->simulation;
    const double N = s->spectrum->N;
    const size_t n = t->distinct, curves = t->curves;
    double *kept = column == 0 ? t->options->covariance : NULL;
    ordpar_fluctuation *rows = malloc(n * curves * sizeof *rows);
    double *covariance = kept ? malloc(n * n * sizeof *covariance) : NULL;
    if (!rows || (kept && !covariance)) {
        free(rows);
        free(covariance);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", n);
    }
    const ordpar_fluctuation_problem problem = {.spectrum = s->spectrum,
                                                .network = s->network,
                                                .trained_blocks = s->trained_blocks,
                                                .start = start,
                                                .rtol = fmin(t->options->rtol, ORDPAR_DEFAULT_RTOL),
                                                .atol = t->options->atol,
                                                .shifts = true,
                                                .covariance = covariance,
                                                .stop = t->options->stop,
                                                .threads = t->options->threads};
    const ordpar_status status = ordpar_fluctuations(&problem, t->time, n, rows, err);
    for (size_t k = 0; k < n * curves && !status; k++)
        values[k] += rows[k].shift / N;
    for (size_t k = 0; k < t->count && !status && t->options->variance; k++)
        t->options->variance[k * t->columns + column] = rows[t->place[k] * curves].variance / N;
    for (size_t k = 0; k < t->count && !status && kept; k++)
        for (size_t j = 0; j < t->count; j++)
            kept[k * t->count + j] = covariance[t->place[k] * n + t->place[j]] / N;
    free(rows);
    free(covariance);
    return status;
}

static void add_stats(const task *t, const ordpar_integrate_stats *s) {
    ordpar_integrate_stats *all = t->options->stats;
    if (!all)
        return;
    pthread_mutex_lock(t->mutex);
    all->steps += s->steps;
    all->rhs += s->rhs;
    all->newton_iterations += s->newton_iterations;
    all->setups += s->setups;
    all->error_test_failures += s->error_test_failures;
    all->deviations_from = fmin(all->deviations_from, s->deviations_from);
    all->rounding_limit = fmax(all->rounding_limit, s->rounding_limit);
    all->noise = fmax(all->noise, s->noise);
    all->tied_students =
        s->tied_students > all->tied_students ? s->tied_students : all->tied_students;
    all->tied_teachers =
        s->tied_teachers > all->tied_teachers ? s->tied_teachers : all->tied_teachers;
    pthread_mutex_unlock(t->mutex);
}

static void stop_at(task *t, size_t reached) {
    pthread_mutex_lock(t->mutex);
    t->reached = reached < t->reached ? reached : t->reached;
    pthread_mutex_unlock(t->mutex);
}

static ordpar_status integrate(task *t, size_t column, ordpar_error *err) {
    const ordpar_simulation *s = t->simulation;
    ordpar_overlaps state = {0};
    double *values = malloc(t->distinct * t->curves * sizeof *values);
    keeping kept = {t, values, 0};
    if (!values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", t->distinct);
    const bool near = ordpar_simulation_is_near_teacher(s) && ordpar_deviations_exist(s->network);
    ordpar_status status =
        ordpar_simulation_draw(s, column + 1, near, t->options->stop, &state, err);
    ordpar_overlaps start = {0};
    if (!status && t->options->against == ORDPAR_AGAINST_SHIFTED &&
        !(status = ordpar_overlaps_init(state.K, state.M, state.L, &start, err)))
        ordpar_overlaps_copy(&state, &start);
    if (!status) {
        const ordpar_integrate_options settings = {.rtol = t->options->rtol,
                                                   .atol = t->options->atol,
                                                   .integrator = t->options->integrator,
                                                   .trained_blocks = s->trained_blocks,
                                                   .observer = keep,
                                                   .context = &kept,
                                                   .start_is_deviation = near,
                                                   .stop = t->options->stop,
                                                   .threads = t->options->threads};
        ordpar_integrate_stats stats;
        status = ordpar_integrate(s->spectrum, s->network, &state, t->time, t->distinct, &settings,
                                  &stats, err);
        if (!status)
            add_stats(t, &stats);
    }
    if (status)
        stop_at(t, kept.count);
    else if (start.q && (status = shift(t, column, &start, values, err)))
        stop_at(t, 0); /* where is not known */
    if (!status)
        store(t, column, values);
    ordpar_overlaps_clear(&state);
    ordpar_overlaps_clear(&start);
    free(values);
    return status;
}

static void integrate_one(void *context, size_t r, size_t member) {
    static const ordpar_error stopped = {"interrupted before it began"};
    task *t = context;
    ordpar_error reason;
    if (t->options->stop && *t->options->stop) { /* there may be a million */
        stop_at(t, 0);
        ordpar_failures_add(t->failures, r, ORDPAR_INTERRUPTED, &stopped);
        return;
    }
    const ordpar_status result = integrate(t, r, &reason);
    if (result)
        ordpar_failures_add(t->failures, r, result, &reason);
    const size_t done = atomic_fetch_add(t->done, 1) + 1;
    if (member == 0 && t->options->progress)
        t->options->progress(t->options->context, done, t->columns);
}

static ordpar_status integrate_all(task *t, ordpar_error *err) {
    const ordpar_status status = ordpar_network_check(t->simulation->network, err);
    if (status)
        return status;
    ordpar_failures failures = ORDPAR_FAILURES_NONE;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    atomic_size_t done = 0;
    t->mutex = &mutex;
    if (t->options->stats)
        *t->options->stats = (ordpar_integrate_stats){.deviations_from = INFINITY};
    t->failures = &failures;
    t->done = &done;
    ordpar_parallel(ordpar_threads(t->options->threads), t->columns, integrate_one, t);
    if (!failures.status)
        return ORDPAR_OK;
    return ordpar_fail(err, failures.status, "theory of run %zu: %s", failures.item + 1,
                       failures.reason.message);
}

/* The first values of a curve that overflows, known by halves: a curve has all or none. */
static size_t finite_rows(const task *t, const double *error, double *values) {
    const ordpar_simulation *s = t->simulation;
    size_t good = 0, bad = t->distinct;
    while (bad - good > 1) {
        const size_t middle = good + (bad - good) / 2;
        const bool finite = !ordpar_linear_finite_n(
            s->spectrum, ordpar_linear_effective_eta(s->network), ordpar_linear_noise(s->network),
            s->trained_blocks, error, t->time, middle, values, NULL);
        good = finite ? middle : good;
        bad = finite ? bad : middle;
    }
    return good;
}

/* The runs' mean: over starts, and over teachers unless all have one. */
static ordpar_status initial_error(const ordpar_simulation *s, double *error, ordpar_error *err) {
    ordpar_linear_start drawn;
    if (s->start) {
        ordpar_linear_start_error(s->network, s->spectrum, s->start, error);
        return ORDPAR_OK;
    }
    if (s->keeps_teacher && s->teacher == ORDPAR_TEACHER_SAMPLED)
        return ordpar_linear_taught_error(s->network, s->spectrum, s->init, s->sigma_J,
                                          s->teacher_seed, error, err);
    const ordpar_status status =
        ordpar_linear_mean_start(s->network, s->init, s->sigma_J, &drawn, err);
    for (size_t b = 0; b < s->spectrum->L && !status; b++)
        error[b] = drawn.student + s->spectrum->c[b] * drawn.teacher;
    return status;
}

/* [6.5] for the one-unit network that linear units act as [6.10] */
static ordpar_status finite_n(task *t, ordpar_error *err) {
    const ordpar_simulation *s = t->simulation;
    const size_t L = s->spectrum->L;
    ordpar_status status = ordpar_network_check(s->network, err);
    if (status)
        return status;
    if (!ordpar_network_has(s->network, &ordpar_activation_linear))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the exact mean at finite N is known for linear units, not for %s "
                           "students of %s teachers",
                           s->network->activation->name,
                           ordpar_network_activation(s->network, s->network->K)->name);
    if (!ordpar_training_is_plain(&s->network->training))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the exact mean at finite N is known for fixed outputs at a constant "
                           "learning rate without decay");
    if (s->start && (status = ordpar_overlaps_check(s->start, s->spectrum, s->network, err)))
        return status;
    double *error = malloc((L + t->distinct) * sizeof *error), *values = error + L;
    if (!error)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", t->distinct);
    if ((status = initial_error(s, error, err))) {
        free(error);
        return status;
    }
    status = ordpar_linear_finite_n(s->spectrum, ordpar_linear_effective_eta(s->network),
                                    ordpar_linear_noise(s->network), s->trained_blocks, error,
                                    t->time, t->distinct, values, err);
    if (status)
        t->reached =
            status == ORDPAR_DIVERGED && t->options->rows ? finite_rows(t, error, values) : 0;
    for (size_t k = 0; k < t->distinct && !status; k++) /* [15.7] */
        values[k] += ordpar_linear_unlearnable(s->network) / 2;
    if (!status)
        store(t, 0, values);
    free(error);
    return status;
}

static size_t reached_rows(const task *t) {
    size_t rows = 0;
    while (rows < t->count && t->place[rows] < t->reached)
        rows++;
    return rows;
}

ordpar_status ordpar_theory_curves(const ordpar_simulation *simulation, const double *alpha,
                                   size_t count, size_t columns,
                                   const ordpar_theory_options *options, double *theory,
                                   ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = ordpar_alpha_check(0, alpha, count, err);
    if (status)
        return status;
    task t = {.simulation = simulation,
              .options = options,
              .count = count,
              .columns = columns,
              .curves = ordpar_simulation_curves(simulation),
              .theory = theory,
              .time = malloc(count * sizeof *t.time),
              .place = malloc(count * sizeof *t.place)};
    if (!t.time || !t.place) {
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    } else {
        set_times(&t, alpha);
        t.reached = t.distinct;
        status = options->against == ORDPAR_AGAINST_FINITE_N ? finite_n(&t, err)
                                                             : integrate_all(&t, err);
        if (options->rows)
            *options->rows = reached_rows(&t);
    }
    free(t.time);
    free(t.place);
    return status;
}

/* Whether eps_g comes from J - B, with its relative accuracy, before it reaches its rounding. */
static bool is_deep(const ordpar_simulation *s) {
    const ordpar_network *n = s->network;
    if (!ordpar_matching_is_possible(n))
        return false;
    return ordpar_simulation_is_near_teacher(s) || ordpar_network_has(n, &ordpar_activation_erf) ||
           n->K == 1;
}

double ordpar_theory_floor(const ordpar_simulation *simulation,
                           const ordpar_theory_options *options) {
    ORDPAR_FLOATING_POINT;
    const double roundings = 16, promised = 10 * options->atol;
    const ordpar_network *n = simulation->network;
    const double T = ordpar_spectrum_teacher_moment(simulation->spectrum, 1);
    const ordpar_activation *taught = ordpar_network_activation(n, n->K);
    double weights = 0;
    for (size_t head = 0; head < ordpar_network_heads(n); head++) {
        const ordpar_network one = ordpar_network_of_task(n, head);
        double sum = 0;
        for (size_t i = 0; i < n->K; i++)
            sum += fabs(one.v[i]);
        for (size_t k = 0; k < n->M; k++)
            sum += fabs(one.w[k]);
        weights = fmax(weights, sum);
    }
    const double square =
        weights * weights *
        fmax(n->activation->gg(n->activation, T, T, T).value, taught->gg(taught, T, T, T).value);
    if (is_deep(simulation))
        return roundings * DBL_EPSILON * DBL_EPSILON * square;
    const double rounding = roundings * DBL_EPSILON * square;
    return options->against == ORDPAR_AGAINST_FINITE_N ? rounding : fmax(rounding, promised);
}
