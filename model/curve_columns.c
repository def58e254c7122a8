// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve_columns.h"

#include "model/tasks.h"
#include "solver/motion/gradient.h"
#include "solver/state/network_averages.h"

#include <math.h>
#include <string.h>

static bool shows_outputs(const ordpar_model *model, const ordpar_parts *parts) {
    return model->value.moments.count > 0 && parts->network.training.eta_v > 0;
}

/* The columns of the setting `columns`, in this order. */
enum { RATE, NOISE_SCALE, FURTHER };
static const struct {
    const char *name, *column;
} further[FURTHER] = {{"rate", "rate"}, {"noise-scale", "noise_scale"}};

/* Where a name of `columns` ends. */
static size_t name_length(const char *text) {
    return strcspn(text, ",");
}

static bool is_name(const char *text, size_t k) {
    const size_t length = name_length(text);
    return (strlen(further[k].name) == length && strncmp(text, further[k].name, length) == 0) ||
           (strlen(further[k].column) == length && strncmp(text, further[k].column, length) == 0);
}

static bool shows(const ordpar_model *model, size_t k) {
    for (const char *at = model->value.columns; at;
         at = at[name_length(at)] ? at + name_length(at) + 1 : NULL)
        if (is_name(at, k))
            return true;
    return false;
}

ordpar_status ordpar_curve_check_columns(const ordpar_model *model, const ordpar_parts *parts,
                                         ordpar_error *err) {
    for (const char *at = model->value.columns; at;
         at = at[name_length(at)] ? at + name_length(at) + 1 : NULL)
        if (!is_name(at, RATE) && !is_name(at, NOISE_SCALE))
            return ordpar_fail(
                err, ORDPAR_INVALID,
                "columns: must be rate, noise-scale or both with a comma, got '%.80s'",
                model->value.columns);
    if (shows(model, NOISE_SCALE) && !ordpar_network_has_all_orders(&parts->network))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "columns: noise-scale needs averages of order eta^2, which are not known "
            "for %s",
            parts->network.activation->name);
    return ORDPAR_OK;
}

void ordpar_curve_columns(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const size_t K = parts->network.K, M = parts->network.M;
    const size_t heads = ordpar_network_heads(&parts->network);
    ordpar_table_columns(t, "alpha,eps_g");
    ordpar_tasks_columns(&parts->network, "eps_g", "", t);
    for (size_t p = 0; p < model->value.moments.count; p++) {
        const int order = (int)model->value.moments.values[p];
        for (size_t i = 1; i <= K; i++)
            for (size_t j = i; j <= K; j++)
                ordpar_table_column(t, "Q%d_%zu_%zu", order, i, j);
        for (size_t i = 1; i <= K; i++)
            for (size_t n = 1; n <= M; n++)
                ordpar_table_column(t, "R%d_%zu_%zu", order, i, n);
        for (size_t n = 1; n <= M; n++)
            for (size_t k = n; k <= M; k++)
                ordpar_table_column(t, "T%d_%zu_%zu", order, n, k);
    }
    for (size_t i = 0; shows_outputs(model, parts) && i < heads * K; i++)
        if (parts->network.training.tasks.count)
            ordpar_table_column(t, "V%zu_%zu", i % K + 1, i / K + 1);
        else
            ordpar_table_column(t, "V%zu", i + 1);
    if (model->value.fluctuations)
        ordpar_table_columns(t, "sd,shift");
    for (size_t k = 0; k < FURTHER; k++)
        if (shows(model, k))
            ordpar_table_column(t, "%s", further[k].column);
    if (model->value.columns)
        ordpar_table_note(
            t, "small eps_g",
            "%s: nan where eps_g is so small that rounding of the overlaps hides them",
            model->value.columns);
}

/* The cells of one order, in the order of ordpar_curve_columns. */
static double *put_moment(const ordpar_curve_cells *r, double *cell) {
    const size_t K = r->parts->network.K, n = K + r->parts->network.M;
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            *cell++ = r->c[i * n + j];
    for (size_t i = 0; i < K; i++)
        for (size_t k = K; k < n; k++)
            *cell++ = r->c[i * n + k];
    for (size_t k = K; k < n; k++)
        for (size_t l = k; l < n; l++)
            *cell++ = r->c[k * n + l];
    return cell;
}

/* The gradient is a difference of overlaps, with their rounding: one part in a hundred of it where
 * eps_g is so small beside what its terms are. */
static bool is_hidden(const ordpar_curve_cells *r, const ordpar_overlaps *state, double eps_g) {
    const ordpar_network *net = &r->parts->network;
    ordpar_overlaps_fields(state, &r->parts->spectrum, net, r->c);
    return eps_g > 0 && eps_g < 1e-13 * ordpar_network_teacher_error(net, r->c);
}

static ordpar_status put_further(const ordpar_curve_cells *r, const ordpar_overlaps *state,
                                 double eps_g, double *cell, ordpar_error *err) {
    double values[FURTHER];
    const bool hidden = is_hidden(r, state, eps_g);
    const ordpar_status status =
        ordpar_gradient_measure(state, &r->parts->spectrum, &r->parts->network,
                                r->parts->trained_blocks, &values[RATE], &values[NOISE_SCALE], err);
    for (size_t k = 0; k < FURTHER && !status; k++)
        if (shows(r->model, k))
            *cell++ = hidden ? NAN : values[k];
    return status;
}

static ordpar_status put_tasks(const ordpar_curve_cells *r, const ordpar_overlaps *state,
                               double *cell, ordpar_error *err) {
    const ordpar_network *network = &r->parts->network;
    return network->training.tasks.count
               ? ordpar_overlaps_task_errors(state, &r->parts->spectrum, network, cell, err)
               : ORDPAR_OK;
}

ordpar_status ordpar_curve_row(const ordpar_curve_cells *r, size_t row, double alpha, double eps_g,
                               const ordpar_overlaps *state, ordpar_error *err) {
    const ordpar_numbers *orders = &r->model->value.moments;
    double *cell = ordpar_table_row(r->t);
    if (!cell)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", row + 1);
    *cell++ = alpha;
    *cell++ = eps_g;
    const ordpar_status task_status = put_tasks(r, state, cell, err);
    if (task_status)
        return task_status;
    cell += r->parts->network.training.tasks.count;
    for (size_t p = 0; p < orders->count; p++) {
        const ordpar_status status =
            ordpar_overlaps_moment(state, &r->parts->spectrum, orders->values[p], r->c, err);
        if (status)
            return status;
        if (orders->values[p] == 1)
            ordpar_network_add_unlearnable(&r->parts->network, r->c);
        cell = put_moment(r, cell);
    }
    if (shows_outputs(r->model, r->parts)) {
        const size_t outputs = ordpar_network_heads(&r->parts->network) * r->parts->network.K;
        memcpy(cell, state->v, outputs * sizeof *cell);
        cell += outputs;
    }
    for (size_t k = 0; r->fluctuations && k < 2; k++)
        *cell++ = r->fluctuations[2 * row + k];
    return r->model->value.columns ? put_further(r, state, eps_g, cell, err) : ORDPAR_OK;
}
