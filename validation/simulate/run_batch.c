// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Steps in products of matrices [8.4]. The fields of a batch of examples X at the vectors J of the
 * batch's beginning are X J^T; the students' fields at example s also feel the steps made since,
 * sum over r < s of (X X^T)_sr c_r. The update of the whole batch is J + C^T X. The same arithmetic
 * as step by step, in another order. With decay J = d^s J' after s steps of the batch, d = 1 -
 * kappa/N, and J' learns without decay by c_s / d^(s+1).
 */
#include "base/products.h"
#include "solver/state/network_averages.h"
#include "validation/simulate/fields.h"
#include "validation/simulate/run.h"

#include <math.h>
#include <string.h>

/* T[c][r] = W[r][c], some lines of the cache at a time. */
static void turn(size_t rows, size_t columns, const double *W, size_t stride, double *T,
                 size_t width) {
    enum { LINE = 8 };
    for (size_t first = 0; first < columns; first += LINE) {
        const size_t end = columns - first < LINE ? columns : first + LINE;
        for (size_t r = 0; r < rows; r++)
            for (size_t c = first; c < end; c++)
                T[c * width + r] = W[r * stride + c];
    }
}

/* out[examples][units] = X T, of vectors T[stride][units]. */
static void project(const ordpar_plan *plan, const ordpar_run_work *work, size_t count,
                    const double *T, size_t units, double *out) {
    const ordpar_left_product p = {
        .rows = count,
        .columns = units,
        .terms = {{work->x, ordpar_plan_batch_stride(plan), 1, plan->stride, T, units}},
        .out = out,
        .stride = units};
    ordpar_left_product_make(&p);
}

static void multiply_examples(const ordpar_plan *plan, const ordpar_run_work *work, size_t count) {
    const size_t batch = plan->batch, stride = ordpar_plan_batch_stride(plan);
    const ordpar_row_product p = {.rows = count,
                                  .columns = 1,
                                  .end = plan->trained,
                                  .stride = stride,
                                  .x = work->x,
                                  .right = {{.others = count,
                                             .coordinates = plan->trained,
                                             .y = work->x,
                                             .stride = stride,
                                             .upper = true,
                                             .out = work->gram,
                                             .out_stride = batch}}};
    memset(work->gram, 0, batch * batch * sizeof *work->gram);
    ordpar_row_product_add(&p);
    for (size_t s = 0; s < count; s++)
        for (size_t r = 0; r < s; r++)
            work->gram[s * batch + r] = work->gram[r * batch + s];
}

/* J <- kept (J + C^T X) */
static void learn(const ordpar_plan *plan, const ordpar_run_work *work, size_t count) {
    const size_t width = plan->width;
    const ordpar_left_product p = {
        .rows = plan->trained,
        .columns = width,
        .terms = {{work->x, 1, ordpar_plan_batch_stride(plan), count, work->c, width}},
        .accumulate = true,
        .out = work->students,
        .stride = width};
    ordpar_left_product_make(&p);
    if (plan->keep != 1)
        ordpar_fields_scale(1, plan->trained * width, pow(plan->keep, (double)count),
                            work->students, 0);
}

/* [8.4] The triangular recursion, with decay that of [13.5]; returns how many steps were made
 * before one diverged. */
static size_t recur(const ordpar_plan *plan, ordpar_run_head *head, const ordpar_run_work *work,
                    size_t count) {
    const ordpar_network *network = plan->simulation.network;
    const size_t width = plan->width, M = plan->M, teachers = ordpar_fields_round(M);
    double kept = 1; /* d^s */
    for (size_t s = 0; s < count; s++)
        ordpar_run_add_hidden(plan, head, work->labels + s * teachers);
    ordpar_network_evaluate_teachers(network, count * teachers, work->labels, work->labels);
    for (size_t s = 0; s < count; s++) {
        double *x = work->locals + s * width, *c = work->c + s * width;
        ordpar_fields_accumulate(s, width, work->gram + s * plan->batch, work->c, x);
        if (plan->keep != 1)
            ordpar_fields_scale(1, width, kept, x, width);
        ordpar_network_evaluate_students(network, width, x, work->g, work->dg);
        double label = ordpar_run_label_noise(plan, head);
        for (size_t k = 0; k < M; k++)
            label += network->w[k] * work->labels[s * teachers + k];
        if (!ordpar_run_respond(plan, head->steps + s, label, work->g, work->dg,
                                ordpar_run_outputs(plan, head), c))
            return s;
        if (plan->keep != 1) {
            kept *= plan->keep;
            ordpar_fields_scale(1, width, 1 / kept, c, width);
        }
    }
    return count;
}

static bool make_steps(const ordpar_plan *plan, ordpar_run_head *head, const ordpar_run_work *work,
                       uint64_t steps) {
    const size_t teachers = ordpar_fields_round(plan->M), stride = ordpar_plan_batch_stride(plan);
    while (head->steps < steps) {
        const uint64_t left = steps - head->steps;
        const size_t count = left < plan->batch ? (size_t)left : plan->batch;
        for (size_t s = 0; s < count; s++)
            ordpar_normals_fill(&head->inputs, plan->stride, plan->scale, work->x + s * stride);
        project(plan, work, count, work->students, plan->width, work->locals);
        project(plan, work, count, work->teachers, teachers, work->labels);
        multiply_examples(plan, work, count);
        const size_t made = recur(plan, head, work, count);
        head->steps += made;
        if (made < count)
            return false;
        learn(plan, work, count);
    }
    return true;
}

/* The vectors are turned, so that the units of a component are neighbours: then no product adds up
 * across a vector of numbers. */
bool ordpar_run_advance_batches(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                                uint64_t steps) {
    const size_t K = plan->K, stride = plan->stride, width = plan->width;
    double *W = ordpar_run_rows(plan, state);
    turn(K, stride, W, stride, work->students, width);
    turn(plan->M, stride, W + K * stride, stride, work->teachers, ordpar_fields_round(plan->M));
    const bool good = make_steps(plan, state, work, steps);
    turn(plan->trained, K, work->students, width, W, stride);
    return good;
}
