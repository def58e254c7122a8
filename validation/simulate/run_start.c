// SPDX-License-Identifier: GPL-3.0-or-later
/* Rows that have exactly the overlaps of a start. */
#include "solver/state/gram_factor.h"
#include "validation/simulate/run.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double *S; /* [units][units] N times a block's overlaps; teachers first */
    double *F; /* [units][columns] its factor */
    double *Q; /* [columns][n_b] frame, method sgd */
} scratch;

static void block_gram(const ordpar_overlaps *o, double N, size_t b, double *S) {
    const size_t K = o->K, M = o->M, L = o->L, n = K + M;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < K; j++)
            S[(M + i) * n + M + j] = N * o->q[(i * K + j) * L + b];
        for (size_t k = 0; k < M; k++)
            S[(M + i) * n + k] = S[k * n + M + i] = N * o->r[(i * M + k) * L + b];
    }
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++)
            S[k * n + l] = N * o->t[(k * M + l) * L + b];
}

static ordpar_status start_block(const ordpar_plan *plan, uint64_t run, const ordpar_overlaps *o,
                                 size_t b, const scratch *s, double *W, ordpar_error *err) {
    const size_t n = plan->units, K = plan->K, M = plan->M;
    const size_t length = plan->first[b + 1] - plan->first[b];
    const size_t columns = length < n ? length : n;
    ordpar_status status;
    ordpar_error reason;
    block_gram(o, plan->simulation.spectrum->N, b, s->S);
    if ((status = ordpar_gram_factor(n, s->S, columns, s->F, &reason)))
        return ordpar_fail(err, status, "block %zu: %s", b + 1, reason.message);
    const bool vectors = plan->simulation.method == ORDPAR_METHOD_SGD;
    if (vectors) {
        ordpar_random stream;
        ordpar_random_init(&stream, plan->simulation.seed, run, ORDPAR_RANDOM_FRAME, b);
        if ((status = ordpar_gram_frame(&stream, columns, length, s->Q, err)))
            return status;
    } else if ((status = ordpar_gram_lower(n, columns, s->F, err))) {
        return status;
    }
    /* the students' own columns come after those of the rows that move before them */
    const size_t gap = ordpar_plan_freedom(plan, b) > 0 ? plan->moved - K : 0;
    for (size_t a = 0; a < n; a++) {
        double *row = W + (a < M ? K + a : a - M) * plan->stride + plan->first[b];
        const double *factor = s->F + a * columns;
        if (vectors)
            cblas_dgemv(CblasRowMajor, CblasTrans, (int)columns, (int)length, 1, s->Q, (int)length,
                        factor, 1, 0, row, 1);
        else if (gap) {
            memcpy(row, factor, M * sizeof *row);
            memcpy(row + M + gap, factor + M, (columns - M) * sizeof *row);
        } else
            memcpy(row, factor, columns * sizeof *row);
    }
    return ORDPAR_OK;
}

/* J = B + W, where the rows of the students hold W. */
static void add_teachers(const ordpar_plan *plan, double *W) {
    const size_t count = plan->K * plan->stride;
    for (size_t k = 0; k < count; k++)
        W[k] += W[count + k];
}

static size_t largest_block(const ordpar_plan *plan) {
    size_t largest = 0;
    for (size_t b = 0; b < plan->L; b++)
        if (plan->first[b + 1] - plan->first[b] > largest)
            largest = plan->first[b + 1] - plan->first[b];
    return largest;
}

static ordpar_status look(const volatile sig_atomic_t *stop, ordpar_error *err) {
    return stop && *stop
               ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted while the start is drawn")
               : ORDPAR_OK;
}

ordpar_status ordpar_run_start(const ordpar_plan *plan, uint64_t run, void *state,
                               const volatile sig_atomic_t *stop, ordpar_error *err) {
    const ordpar_simulation *simulation = &plan->simulation;
    const size_t n = plan->units, largest = largest_block(plan);
    ordpar_run_head *head = state;
    ordpar_status status = look(stop, err); /* the overlaps alone may take a second */
    if (status)
        return status;
    memset(state, 0, plan->state_size);
    memcpy(ordpar_run_outputs(plan, state), plan->v, plan->heads * plan->width * sizeof *plan->v);
    /* the methods share starts, not inputs: of one seed they are independent samples */
    const uint64_t inputs = simulation->method == ORDPAR_METHOD_SGD ? 0 : 1;
    ordpar_normals_init(&head->inputs, simulation->seed, run, ORDPAR_RANDOM_INPUTS, inputs);
    ordpar_random_init(&head->radii, simulation->seed, run, ORDPAR_RANDOM_INPUTS, 2);
    ordpar_random_init(&head->labels, simulation->seed, run, ORDPAR_RANDOM_LABELS, 0);
    ordpar_random_init(&head->hidden, simulation->seed, run, ORDPAR_RANDOM_LABELS, 1);
    ordpar_random *tasks = ordpar_run_task_stream(plan, state);
    if (tasks)
        ordpar_random_init(tasks, simulation->seed, run, ORDPAR_RANDOM_LABELS, 2);
    ordpar_overlaps start;
    const bool near = ordpar_simulation_is_near_teacher(simulation);
    status = ordpar_simulation_draw(simulation, run, near, stop, &start, err);
    if (status)
        return status;
    const size_t frame = (largest < n ? largest : n) * largest;
    double *memory = malloc((2 * n * n + frame) * sizeof *memory);
    const scratch s = {memory, memory + n * n, memory + 2 * n * n};
    if (!memory)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the start of run %llu",
                             (unsigned long long)run);
    for (size_t b = 0; b < plan->L && !status; b++)
        if (!(status = look(stop, err)))
            status = start_block(plan, run, &start, b, &s, ordpar_run_rows(plan, state), err);
    if (near && !status)
        add_teachers(plan, ordpar_run_rows(plan, state));
    free(memory);
    ordpar_overlaps_clear(&start);
    return status;
}
