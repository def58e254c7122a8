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

/* out[examples][rows] = X W^T, of columns components. */
static ordpar_right_rows by_rows(size_t rows, size_t columns, const double *W, size_t stride,
                                 double *out, size_t out_stride) {
    return (ordpar_right_rows){.others = rows,
                               .coordinates = columns,
                               .y = W,
                               .stride = stride,
                               .out = out,
                               .out_stride = out_stride};
}

static void project(const ordpar_plan *plan, const double *W, const ordpar_run_work *work,
                    size_t count) {
    const size_t K = plan->K, M = plan->M, stride = plan->stride, batch = plan->batch;
    ordpar_row_product p = {.rows = count,
                            .columns = 1,
                            .end = stride,
                            .stride = stride,
                            .x = work->x,
                            .right = {by_rows(K, stride, W, stride, work->locals, plan->width),
                                      by_rows(M, stride, W + K * stride, stride, work->labels, M)}};
    memset(work->locals, 0, count * plan->width * sizeof *work->locals);
    memset(work->labels, 0, count * M * sizeof *work->labels);
    memset(work->gram, 0, batch * batch * sizeof *work->gram);
    ordpar_row_product_add(&p);
    p.end = plan->trained;
    p.right[0] = by_rows(count, plan->trained, work->x, stride, work->gram, batch);
    p.right[0].upper = true;
    p.right[1] = (ordpar_right_rows){0};
    ordpar_row_product_add(&p);
    for (size_t s = 0; s < count; s++)
        for (size_t r = 0; r < s; r++)
            work->gram[s * batch + r] = work->gram[r * batch + s];
}

/* J <- kept (J + C^T X) */
static void learn(const ordpar_plan *plan, double *W, const ordpar_run_work *work, size_t count) {
    const size_t width = plan->width, stride = plan->stride;
    const ordpar_left_product p = {.rows = plan->K,
                                   .columns = plan->trained,
                                   .terms = {{0}, {work->c, 1, width, count, work->x, stride}},
                                   .accumulate = true,
                                   .out = W,
                                   .stride = stride};
    ordpar_left_product_make(&p);
    if (plan->keep != 1)
        ordpar_fields_scale(plan->K, plan->trained, pow(plan->keep, (double)count), W, stride);
}

/* [8.4] The triangular recursion, with decay that of [13.5]; returns how many steps were made
 * before one diverged. */
static size_t recur(const ordpar_plan *plan, ordpar_run_head *head, const ordpar_run_work *work,
                    size_t count) {
    const ordpar_network *network = plan->simulation.network;
    const size_t width = plan->width, M = plan->M;
    double kept = 1; /* d^s */
    for (size_t s = 0; s < count; s++)
        ordpar_run_add_hidden(plan, head, work->labels + s * M);
    ordpar_network_evaluate_teachers(network, count * M, work->labels, work->labels);
    for (size_t s = 0; s < count; s++) {
        double *x = work->locals + s * width, *c = work->c + s * width;
        ordpar_fields_accumulate(s, width, work->gram + s * plan->batch, work->c, x);
        if (plan->keep != 1)
            ordpar_fields_scale(1, width, kept, x, width);
        ordpar_network_evaluate_students(network, width, x, work->g, work->dg);
        double label = ordpar_run_label_noise(plan, head);
        for (size_t k = 0; k < M; k++)
            label += network->w[k] * work->labels[s * M + k];
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

bool ordpar_run_advance_batches(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                                uint64_t steps) {
    ordpar_run_head *head = state;
    double *W = ordpar_run_rows(plan, state);
    while (head->steps < steps) {
        const uint64_t left = steps - head->steps;
        const size_t count = left < plan->batch ? (size_t)left : plan->batch;
        for (size_t s = 0; s < count; s++)
            ordpar_normals_fill(&head->inputs, plan->stride, plan->scale,
                                work->x + s * plan->stride);
        project(plan, W, work, count);
        const size_t made = recur(plan, head, work, count);
        head->steps += made;
        if (made < count)
            return false;
        learn(plan, W, work, count);
    }
    return true;
}
