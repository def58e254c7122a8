// SPDX-License-Identifier: GPL-3.0-or-later
/* A model's spectrum, curves and simulations in the caller's arrays. */
#include "model/compute.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "model/curve.h"
#include "model/ensemble_of.h"
#include "model/start_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* That of the run that the model goes on from, if it does. */
static ordpar_status spectrum_of(const ordpar_model *model, ordpar_parts *parts,
                                 ordpar_error *err) {
    ordpar_model *own;
    ordpar_status status = ordpar_model_resolve(model, &own, err);
    if (!status)
        status = ordpar_parts_spectrum(own ? own : model, parts, err);
    ordpar_model_free(own);
    return status;
}

/* A file may change after its blocks were told, and the caller's arrays have that size. */
static ordpar_status check_blocks(const ordpar_model *model, const ordpar_parts *parts,
                                  ordpar_error *err) {
    const size_t told = atomic_load(&model->told_blocks), L = parts->spectrum.L;
    return told == 0 || told == L
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "spectrum: has %zu blocks now, and had %zu when they were asked for; "
                             "ask again",
                             L, told);
}

/* For arrays of the size that was told. */
static ordpar_status told_spectrum(const ordpar_model *model, ordpar_parts *parts,
                                   ordpar_error *err) {
    const ordpar_status status = spectrum_of(model, parts, err);
    return status ? status : check_blocks(model, parts, err);
}

ordpar_status ordpar_model_blocks(const ordpar_model *model, size_t *L, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_parts parts = {0};
    const ordpar_status status = spectrum_of(model, &parts, err);
    if (!status) {
        *L = parts.spectrum.L;
        atomic_store(&((ordpar_model *)model)->told_blocks, *L);
    }
    ordpar_parts_clear(&parts);
    return status;
}

ordpar_status ordpar_model_spectrum(const ordpar_model *model, double *eigenvalues,
                                    double *multiplicities, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_parts parts = {0};
    const ordpar_status status = told_spectrum(model, &parts, err);
    for (size_t b = 0; b < parts.spectrum.L && !status; b++) {
        eigenvalues[b] = parts.spectrum.lambda[b];
        multiplicities[b] = parts.spectrum.n[b];
    }
    ordpar_parts_clear(&parts);
    return status;
}

ordpar_status ordpar_model_teacher(const ordpar_model *model, double *teacher, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_parts parts = {0};
    const ordpar_status status = told_spectrum(model, &parts, err);
    if (!status)
        memcpy(teacher, parts.spectrum.c, parts.spectrum.L * sizeof *teacher);
    ordpar_parts_clear(&parts);
    return status;
}

ordpar_status ordpar_model_grid(const ordpar_model *model, const char *name, size_t *count,
                                double *values, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (!row || row->kind != ORDPAR_KIND_GRID)
        return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is no grid", name);
    const ordpar_grid *grid = (const void *)((const char *)&model->value + row->offset);
    for (int64_t k = 0; values && k < grid->count; k++)
        values[k] = ordpar_grid_value(grid, k);
    *count = (size_t)grid->count;
    return ORDPAR_OK;
}

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    double *eps_g, *moments, *outputs;
    const double *orders;
    size_t n_orders, count, width; /* width: numbers of one covariance */
} recording;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    const recording *r = context;
    (void)alpha;
    r->eps_g[row] = eps_g;
    if (r->outputs && state->v) /* of tasks those of the first */
        memcpy(r->outputs + row * state->K, state->v, state->K * sizeof *state->v);
    for (size_t p = 0; p < r->n_orders; p++) {
        double *c = r->moments + (p * r->count + row) * r->width;
        const ordpar_status status =
            ordpar_overlaps_moment(state, r->spectrum, r->orders[p], c, err);
        if (status)
            return status;
        if (r->orders[p] == 1)
            ordpar_network_add_unlearnable(r->network, c);
    }
    return ORDPAR_OK;
}

static void copy_out(double *out, const double *values, size_t count) {
    if (out)
        memcpy(out, values, count * sizeof *out);
}

static void copy_overlaps(const ordpar_overlaps *o, double *q, double *r, double *t) {
    copy_out(q, o->q, o->K * o->K * o->L);
    copy_out(r, o->r, o->K * o->M * o->L);
    copy_out(t, o->t, o->M * o->M * o->L);
}

static ordpar_status check_orders(size_t count, const double *orders, ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (!(orders[k] >= 0 && orders[k] < 100))
            return ordpar_fail(err, ORDPAR_INVALID, "moments: must be from 0 to 99, got %g",
                               orders[k]);
    return ORDPAR_OK;
}

/* What is for the tables of ordpar_model_compute alone. */
static ordpar_status check_files(const ordpar_model *model, ordpar_error *err) {
    static const struct {
        const char *name, *unless;
    } rows[] = {{"checkpoint", NULL}, {"save-overlaps", NULL}, {"keep-partial", NULL},
                {"runs", NULL},       {"fluctuations", "no"},  {"report", "no"},
                {"columns", NULL}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (ordpar_model_given(model, rows[k].name) &&
            !(rows[k].unless &&
              strcmp(ordpar_model_text(model, rows[k].name), rows[k].unless) == 0))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: is for ordpar_model_compute",
                               rows[k].name);
    return ORDPAR_OK;
}

static ordpar_status check_heads(const ordpar_network *network, ordpar_error *err) {
    return network->training.eta_v > 0 && ordpar_network_heads(network) > 1
               ? ordpar_fail(err, ORDPAR_INVALID,
                             "tasks: the outputs of several are for ordpar_model_compute")
               : ORDPAR_OK;
}

static ordpar_status make_parts(const ordpar_model *model, ordpar_parts *parts, ordpar_error *err) {
    ordpar_status status = ordpar_curve_check(model, err);
    if (!status)
        status = ordpar_linear_algebra_begin(err);
    return status ? status : ordpar_parts_for_equations(model, true, parts, err);
}

ordpar_status ordpar_model_curve(const ordpar_model *model, size_t count, const double *alpha,
                                 double *eps_g, size_t n_orders, const double *orders,
                                 double *moments, double *outputs, double *q, double *r, double *t,
                                 ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_parts parts = {0};
    ordpar_model *own = NULL;
    ordpar_status status;
    recording context = {.spectrum = &parts.spectrum,
                         .network = &parts.network,
                         .eps_g = eps_g,
                         .moments = moments,
                         .outputs = outputs,
                         .orders = orders,
                         .n_orders = n_orders,
                         .count = count};
    const ordpar_curve_watch watch = {record, NULL, &context};
    if (!(status = check_orders(n_orders, orders, err)) && !(status = check_files(model, err)) &&
        !(status = ordpar_model_resolve(model, &own, err)) &&
        !(status = make_parts(own ? own : model, &parts, err)) &&
        !(outputs && (status = check_heads(&parts.network, err))) &&
        !((q || r || t) && (status = check_blocks(model, &parts, err)))) {
        context.width = parts.network.K + parts.network.M;
        context.width *= context.width;
        ordpar_start_run_fact(own ? own : model, &parts, NULL);
        status = ordpar_curve_integrate(own ? own : model, &parts, count, alpha, &watch, NULL, err);
    }
    if (!status)
        copy_overlaps(&parts.start, q, r, t);
    ordpar_parts_clear(&parts);
    ordpar_model_free(own);
    return status;
}

/* The grid of a model that is only read: what is beside the numbers is not the model's. */
static ordpar_grid grid_of(size_t count, const double *alpha) {
    return (ordpar_grid){.start = count ? alpha[0] : 0,
                         .stop = count ? alpha[count - 1] : 0,
                         .count = (int64_t)count,
                         .list = (double *)alpha};
}

static void keep_runs(const ordpar_model *model, const ordpar_model_ensemble *e, double *eps_g,
                      double *summary, size_t *rows) {
    for (size_t k = 0; k < e->rows; k++)
        memcpy(eps_g + k * e->runs, e->eps_g + k * e->curves * e->runs, e->runs * sizeof *eps_g);
    for (size_t k = 0; k < e->rows && summary; k++) {
        const ordpar_summary s = ordpar_ensemble_summary(model, e, k);
        memcpy(summary + 4 * k, (double[]){s.mean, s.standard_error, s.min, s.max},
               4 * sizeof *summary);
    }
    *rows = e->rows;
}

ordpar_status ordpar_model_simulate(const ordpar_model *model, size_t count, const double *alpha,
                                    double *eps_g, double *summary, size_t *rows,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_model with_grid = *model; /* shares what model owns */
    ordpar_model_ensemble e = {0};
    ordpar_status status = count > 0 ? ordpar_alpha_check(0, alpha, count, err)
                                     : ordpar_fail(err, ORDPAR_INVALID, "alpha: needs a row");
    with_grid.value.alpha = grid_of(count, alpha);
    *rows = 0;
    if (!status)
        status = ordpar_simulate_check(model, err);
    if (!status)
        status = ordpar_linear_algebra_begin(err);
    if (!status)
        status = ordpar_ensemble_create(&with_grid, false, &e, err);
    if (!status) {
        ordpar_start_run_fact(model, &e.parts, NULL);
        status = ordpar_ensemble_make(&with_grid, &e, err);
    }
    if (!status || status == ORDPAR_INTERRUPTED)
        keep_runs(&with_grid, &e, eps_g, summary, rows);
    if (!status)
        status = ordpar_ensemble_end(&e, err);
    ordpar_ensemble_clear(&e);
    return status;
}
