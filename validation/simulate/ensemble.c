// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/ensemble.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "base/lock.h"
#include "base/replace.h"
#include "base/team.h"
#include "solver/steps/integrate.h"
#include "validation/simulate/checkpoint.h"
#include "validation/simulate/patience.h"
#include "validation/simulate/run_error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* eps_g beyond this counts as divergence. */
static const double divergence = 1e100;

/* What one thread needs. */
typedef struct {
    void *memory;
    ordpar_run_work work;
    ordpar_run_gauge gauge;
    ordpar_patience patience;
} worker;

typedef struct {
    ordpar_plan plan;
    const ordpar_ensemble_options *options;
    size_t runs, count, curves;
    uint64_t *steps; /* [count] */
    char *states;    /* [runs][state_size] */
    double *ended;   /* [runs] alpha at which the run diverged, or -1 */
    worker *workers; /* [threads] */
    ordpar_team *team;
    size_t threads;
    uint64_t settings; /* their digest */
    double *examples;  /* [ORDPAR_EXAMPLES_BATCH][stride]; NULL: inputs are drawn */
    double *eps_g;     /* [count][curves][runs] */
    ordpar_lock lock;  /* of the checkpoint */
    ordpar_ensemble_unsaved unsaved;
    bool warned;
} ensemble;

static void *aligned_zeros(size_t size) {
    const size_t whole = (size + 63) / 64 * 64;
    void *memory = aligned_alloc(64, whole ? whole : 64);
    if (memory)
        memset(memory, 0, whole);
    return memory;
}

static bool make_workers(ensemble *e) {
    e->workers = calloc(e->threads, sizeof *e->workers);
    for (size_t k = 0; e->workers && k < e->threads; k++) {
        worker *w = &e->workers[k];
        w->memory = aligned_zeros(e->plan.work_size);
        if (!ordpar_run_gauge_init(&e->plan, &w->gauge) || !w->memory)
            return false;
        w->work = ordpar_run_use(&e->plan, w->memory);
        w->patience.stop = e->options->stop;
        w->work.patience = &w->patience;
    }
    return e->workers;
}

static void clear(ensemble *e) {
    ordpar_lock_release(&e->lock);
    ordpar_team_free(e->team);
    for (size_t k = 0; e->workers && k < e->threads; k++) {
        free(e->workers[k].memory);
        ordpar_run_gauge_clear(&e->workers[k].gauge);
    }
    free(e->workers);
    free(e->examples);
    free(e->ended);
    free(e->states);
    free(e->steps);
    ordpar_plan_clear(&e->plan);
}

static uint64_t add_overlaps(uint64_t d, const ordpar_overlaps *o) {
    d = ordpar_digest(d, o->q, o->K * o->K * o->L * sizeof(double));
    d = ordpar_digest(d, o->r, o->K * o->M * o->L * sizeof(double));
    return ordpar_digest(d, o->t, o->M * o->M * o->L * sizeof(double));
}

static uint64_t add_training(uint64_t d, const ordpar_training *training) {
    const ordpar_schedule *schedule = &training->schedule;
    const ordpar_momentum *momentum = &training->momentum;
    const double reals[] = {training->eta_v,  training->weight_decay,  training->batch_fraction,
                            schedule->kind,   schedule->gamma,         schedule->alpha_0,
                            schedule->floor,  (double)schedule->count, momentum->weight,
                            momentum->kappa,  momentum->damping,       momentum->fades,
                            momentum->alpha_0};
    d = ordpar_digest(d, reals, sizeof reals);
    d = ordpar_digest(d, schedule->alpha, schedule->count * sizeof(double));
    return ordpar_digest(d, schedule->eta, schedule->count * sizeof(double));
}

static uint64_t add_tasks(uint64_t d, const ordpar_tasks *tasks) {
    d = ordpar_digest(d, tasks->alpha, tasks->steps * sizeof(double));
    d = ordpar_digest(d, tasks->probability, tasks->steps * tasks->count * sizeof(double));
    for (size_t k = 0; k < tasks->count; k++)
        d = ordpar_digest(d, tasks->similarity[k], tasks->blocks[k] * sizeof(double));
    return d;
}

/* Everything that the numbers depend on. */
static uint64_t digest_settings(const ensemble *e) {
    const ordpar_simulation *s = &e->plan.simulation;
    const ordpar_network *net = s->network;
    const uint64_t integers[] = {net->K,
                                 net->M,
                                 s->spectrum->L,
                                 s->trained_blocks,
                                 (uint64_t)s->method,
                                 (uint64_t)s->init,
                                 (uint64_t)s->teacher,
                                 s->seed,
                                 s->start != NULL,
                                 e->runs,
                                 e->count,
                                 e->plan.state_size};
    const double reals[] = {net->eta, net->label_noise, s->sigma_J, (double)e->plan.examples};
    uint64_t d = ordpar_digest(ORDPAR_DIGEST_START, integers, sizeof integers);
    d = add_training(ordpar_digest(d, reals, sizeof reals), &net->training);
    d = ordpar_activation_digest(net->activation, d);
    if (net->teacher_activation)
        d = ordpar_activation_digest(net->teacher_activation, d);
    d = ordpar_digest(d, net->v, e->plan.heads * net->K * sizeof(double));
    d = ordpar_digest(d, net->w, e->plan.heads * net->M * sizeof(double));
    d = add_tasks(d, &net->training.tasks);
    if (net->unlearnable)
        d = ordpar_digest(d, net->unlearnable, net->M * net->M * sizeof(double));
    d = ordpar_digest(d, s->spectrum->lambda, s->spectrum->L * sizeof(double));
    d = ordpar_digest(d, s->spectrum->n, s->spectrum->L * sizeof(double));
    d = ordpar_digest(d, s->spectrum->c, s->spectrum->L * sizeof(double));
    d = ordpar_digest(d, e->steps, e->count * sizeof *e->steps);
    if (s->keeps_teacher)
        d = ordpar_digest(d, &s->teacher_seed, sizeof s->teacher_seed);
    return s->start ? add_overlaps(d, s->start) : d;
}

static ordpar_status set_grid(ensemble *e, const double *alpha, ordpar_error *err) {
    const ordpar_status status = ordpar_alpha_check(0, alpha, e->count, err);
    if (status)
        return status;
    for (size_t k = 0; k < e->count; k++) {
        e->steps[k] = ordpar_simulation_steps(&e->plan.simulation, alpha[k]);
        if (e->steps[k] >= ORDPAR_MAX_STEPS)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "alpha = %g is %g steps, more than a run can make", alpha[k],
                               alpha[k] * e->plan.pace);
    }
    return ORDPAR_OK;
}

static ordpar_status prepare(ensemble *e, const double *alpha, ordpar_error *err) {
    const size_t wanted = ordpar_threads(e->options->threads);
    e->team = ordpar_team_create(wanted < e->runs ? wanted : e->runs);
    e->threads = ordpar_team_size(e->team);
    e->steps = malloc(e->count * sizeof *e->steps);
    e->ended = malloc(e->runs * sizeof *e->ended);
    e->states = e->plan.state_size <= SIZE_MAX / e->runs - 64
                    ? aligned_zeros(e->runs * e->plan.state_size)
                    : NULL;
    if (e->options->examples)
        e->examples = aligned_zeros(ORDPAR_EXAMPLES_BATCH * e->plan.stride * sizeof(double));
    if (!e->steps || !e->ended || !e->states || !make_workers(e) ||
        (e->options->examples && !e->examples))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu runs", e->runs);
    for (size_t r = 0; r < e->runs; r++)
        e->ended[r] = -1;
    return set_grid(e, alpha, err);
}

/* What the threads are told of a loop over the runs. */
typedef struct {
    ensemble *e;
    size_t row, count; /* grid point; examples */
    ordpar_failures *failures;
} row_task;

static void *state_of(const ensemble *e, size_t r) {
    return e->states + r * e->plan.state_size;
}

/* The states are then in the midst of a row, and those of the last one saved. */
static ordpar_status leave(const ensemble *e, size_t rows, ordpar_error *err) {
    return rows == 0 ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted before the first row")
                     : ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted after alpha = %.6g",
                                   (double)e->steps[rows - 1] / e->plan.pace);
}

static void start_run(void *context, size_t r, size_t member) {
    const row_task *task = context;
    ordpar_error reason;
    (void)member;
    const ordpar_status status = ordpar_run_start(&task->e->plan, r + 1, state_of(task->e, r),
                                                  task->e->options->stop, &reason);
    if (status)
        ordpar_failures_add(task->failures, r, status, &reason);
}

/* Starts all runs; of several failures the one of the lowest run is reported. */
static ordpar_status start(ensemble *e, ordpar_error *err) {
    ordpar_failures failures = ORDPAR_FAILURES_NONE;
    ordpar_team_run(e->team, e->runs, start_run, &(row_task){.e = e, .failures = &failures});
    if (failures.status == ORDPAR_INTERRUPTED)
        return leave(e, 0, err);
    return failures.status ? ordpar_fail(err, failures.status, "%s", failures.reason.message)
                           : ORDPAR_OK;
}

/* Notes where a run ended. */
static void end_run(ensemble *e, size_t r) {
    const ordpar_run_head *head = state_of(e, r);
    if (e->ended[r] < 0)
        e->ended[r] = (double)head->steps / e->plan.pace;
}

static bool any_left(const ensemble *e) {
    bool left = false;
    for (size_t k = 0; k < e->threads; k++)
        left = left || e->workers[k].patience.left;
    return left;
}

/* Steps between two looks at the stop flag, some milliseconds: whole batches, so that they are the
 * same as of a row in one piece; more of them, as their vectors are turned once a piece. */
static uint64_t piece(const ordpar_plan *plan) {
    const double numbers = (double)plan->stride * (double)plan->units * (double)plan->examples;
    const double most = plan->batch > 1 ? 1.6e8 : 1e7;
    const uint64_t steps = (uint64_t)fmax(1, fmin(1e6, most / fmax(1, numbers)));
    return (steps + plan->batch - 1) / plan->batch * plan->batch;
}

/* Takes run r to a grid point on drawn inputs; w->patience.left: it did not come there. */
static void advance(ensemble *e, worker *w, size_t r, size_t row) {
    void *state = state_of(e, r);
    const ordpar_run_head *head = state;
    const uint64_t end = e->steps[row], most = piece(&e->plan);
    bool good = true;
    while (good && head->steps < end && !ordpar_patience_ends(&w->patience)) {
        const uint64_t next = end - head->steps > most ? head->steps + most : end;
        good = e->plan.batch > 1 ? ordpar_run_advance_batches(&e->plan, state, &w->work, next)
                                 : ordpar_run_advance(&e->plan, state, &w->work, next);
    }
    if (!good)
        end_run(e, r);
}

static void measure(ensemble *e, worker *w, size_t r, size_t row) {
    const double eps_g = ordpar_run_error(&e->plan, state_of(e, r), &w->work, &w->gauge);
    if (w->patience.left)
        return;
    double *place = e->eps_g + row * e->curves * e->runs + r;
    *place = eps_g;
    for (size_t k = 1; k < e->curves; k++)
        place[k * e->runs] = w->gauge.tasks[k - 1];
    if (!(fabs(eps_g) <= divergence))
        end_run(e, r);
    if (e->options->observer)
        e->options->observer(e->options->observer_context, row, r, w->gauge.c);
}

static void learn_run(void *context, size_t r, size_t member) {
    const row_task *task = context;
    ensemble *e = task->e;
    if (e->ended[r] < 0 && !ordpar_run_learn(&e->plan, state_of(e, r), &e->workers[member].work,
                                             task->count, e->examples))
        end_run(e, r);
}

/* Takes all runs to a grid point on given examples, a batch at a time. */
static ordpar_status learn(ensemble *e, size_t row, ordpar_error *err) {
    uint64_t done = row > 0 ? e->steps[row - 1] : 0;
    while (done < e->steps[row]) {
        const uint64_t left = e->steps[row] - done;
        const size_t count = left < ORDPAR_EXAMPLES_BATCH ? (size_t)left : ORDPAR_EXAMPLES_BATCH;
        const ordpar_status status =
            ordpar_examples_next(e->options->examples, count, e->examples, e->plan.stride, err);
        if (status)
            return status;
        ordpar_team_run(e->team, e->runs, learn_run, &(row_task){.e = e, .count = count});
        done += count;
        if (any_left(e))
            break;
    }
    return ORDPAR_OK;
}

static ordpar_status check_divergence(const ensemble *e, size_t row, ordpar_error *err) {
    size_t lost = 0, first = 0;
    for (size_t r = e->runs; r-- > 0;)
        if (e->ended[r] >= 0) {
            lost++;
            first = r;
        }
    if (!lost)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_DIVERGED,
                       "run %zu diverged at alpha = %.6g; by alpha = %.6g, %zu of %zu runs had "
                       "diverged and %zu had not; its eps_g is %g there",
                       first + 1, e->ended[first], (double)e->steps[row] / e->plan.pace, lost,
                       e->runs, e->runs - lost, fabs(e->eps_g[row * e->curves * e->runs + first]));
}

static size_t make_pieces(const ensemble *e, size_t rows, ordpar_piece *pieces) {
    pieces[0] = (ordpar_piece){e->eps_g, rows * e->curves * e->runs * sizeof(double)};
    pieces[1] = (ordpar_piece){e->states, e->runs * e->plan.state_size};
    return 2;
}

/* What the first save, hours later, would find. */
static ordpar_status check_checkpoint(const char *path, ordpar_error *err) {
    const int reason = ordpar_replace_check(path);
    return reason ? ordpar_fail(err, ORDPAR_IO, "%s: cannot be written: %s", path, strerror(reason))
                  : ORDPAR_OK;
}

static ordpar_status resume(ensemble *e, size_t *rows, ordpar_error *err) {
    bool found = false;
    uint64_t complete = 0;
    ordpar_piece pieces[2];
    if (!e->options->checkpoint)
        return ORDPAR_OK;
    ordpar_status status = ordpar_lock_take(e->options->checkpoint, &e->lock, err);
    if (!status)
        status = check_checkpoint(e->options->checkpoint, err);
    if (!status)
        status =
            ordpar_checkpoint_rows(e->options->checkpoint, e->settings, &found, &complete, err);
    if (status || !found)
        return status;
    if (complete > e->count)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: is damaged", e->options->checkpoint);
    *rows = e->unsaved.rows = (size_t)complete;
    return ordpar_checkpoint_read(e->options->checkpoint, pieces,
                                  make_pieces(e, (size_t)complete, pieces), err);
}

/* A file that cannot be written is tried again at the next row; that of the last one counts. */
static ordpar_status save(ensemble *e, size_t rows, ordpar_error *err) {
    ordpar_error *reason = &e->unsaved.reason;
    ordpar_piece pieces[2];
    if (!e->options->checkpoint)
        return ORDPAR_OK;
    const ordpar_status status = ordpar_checkpoint_write(
        e->options->checkpoint, e->settings, rows, pieces, make_pieces(e, rows, pieces), reason);
    if (!status) {
        reason->message[0] = 0;
        e->unsaved.rows = rows;
    }
    const bool goes_on = status == ORDPAR_IO && rows < e->count;
    if (goes_on && !e->warned && e->options->warning)
        e->options->warning(e->options->context, reason->message);
    e->warned = e->warned || goes_on;
    if (!status || goes_on)
        return ORDPAR_OK;
    return ordpar_fail(err, status, "%s", reason->message);
}

static void simulate_run(void *context, size_t r, size_t member) {
    const row_task *task = context;
    worker *w = &task->e->workers[member];
    if (!task->e->examples)
        advance(task->e, w, r, task->row);
    if (!ordpar_patience_ends(&w->patience))
        measure(task->e, w, r, task->row);
}

static ordpar_status compute(ensemble *e, size_t *rows, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    while (*rows < e->count && !status) {
        const size_t row = *rows;
        if (e->examples && (status = learn(e, row, err)))
            return status;
        ordpar_team_run(e->team, e->runs, simulate_run, &(row_task){.e = e, .row = row});
        if (any_left(e))
            return leave(e, row, err);
        if ((status = check_divergence(e, row, err)))
            return status;
        *rows = row + 1;
        status = save(e, *rows, err);
        if (e->options->progress)
            e->options->progress(e->options->context, *rows, e->count);
        if (!status && *rows < e->count && e->options->stop && *e->options->stop)
            status = leave(e, *rows, err);
    }
    return status;
}

ordpar_status ordpar_ensemble_run(const ordpar_simulation *simulation, const double *alpha,
                                  size_t count, const ordpar_ensemble_options *options,
                                  double *eps_g, size_t *rows, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (options->runs < 1 || count < 1)
        return ordpar_fail(err, ORDPAR_INVALID, "needs at least one run and one row, got %zu, %zu",
                           options->runs, count);
    if (options->examples && (simulation->method != ORDPAR_METHOD_SGD || options->checkpoint))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "training on examples takes the method sgd and no checkpoint");
    ensemble e = {.options = options,
                  .runs = options->runs,
                  .count = count,
                  .curves = ordpar_simulation_curves(simulation),
                  .eps_g = eps_g};
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (status || (status = ordpar_plan_init(simulation, &e.plan, err)))
        return status;
    *rows = 0;
    if (!(status = prepare(&e, alpha, err)))
        e.settings = digest_settings(&e);
    if (!status)
        status = resume(&e, rows, err);
    if (!status && *rows == 0)
        status = start(&e, err);
    if (!status)
        status = compute(&e, rows, err);
    if (options->unsaved)
        *options->unsaved = e.unsaved;
    clear(&e);
    return status;
}
