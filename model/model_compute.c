// SPDX-License-Identifier: GPL-3.0-or-later
#include "ensemble.h"
#include "integrate.h"
#include "model_internal.h"
#include "statistics.h"

#include <math.h>
#include <string.h>

ordpar_status ordpar_model_blocks(const ordpar_model *model, size_t *L, ordpar_error *err) {
    ordpar_parts parts = {0};
    const ordpar_status status = ordpar_parts_spectrum(model, &parts, err);
    if (!status)
        *L = parts.spectrum.L;
    ordpar_parts_clear(&parts);
    return status;
}

ordpar_status ordpar_model_spectrum(const ordpar_model *model, double *eigenvalues,
                                    double *multiplicities, ordpar_error *err) {
    ordpar_parts parts = {0};
    const ordpar_status status = ordpar_parts_spectrum(model, &parts, err);
    for (size_t b = 0; b < parts.spectrum.L && !status; b++) {
        eigenvalues[b] = parts.spectrum.lambda[b];
        multiplicities[b] = parts.spectrum.n[b];
    }
    ordpar_parts_clear(&parts);
    return status;
}

typedef struct {
    const ordpar_spectrum *spectrum;
    double *eps_g, *moments, *outputs;
    const double *orders;
    size_t n_orders, count, width; /* width: numbers of one covariance */
} recording;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    const recording *r = context;
    (void)alpha;
    r->eps_g[row] = eps_g;
    if (r->outputs && state->v)
        memcpy(r->outputs + row * state->K, state->v, state->K * sizeof *state->v);
    for (size_t p = 0; p < r->n_orders; p++) {
        const ordpar_status status = ordpar_overlaps_moment(
            state, r->spectrum, r->orders[p], r->moments + (p * r->count + row) * r->width, err);
        if (status)
            return status;
    }
    return ORDPAR_OK;
}

static void copy_out(double *out, const double *values, size_t count) {
    if (out)
        memcpy(out, values, count * sizeof *out);
}

static ordpar_status check_orders(size_t count, const double *orders, ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (!(orders[k] >= 0 && orders[k] < 100))
            return ordpar_fail(err, ORDPAR_INVALID, "moments: must be from 0 to 99, got %g",
                               orders[k]);
    return ORDPAR_OK;
}

ordpar_status ordpar_model_curve(const ordpar_model *model, size_t count, const double *alpha,
                                 double *eps_g, size_t n_orders, const double *orders,
                                 double *moments, double *outputs, double *q, double *r, double *t,
                                 ordpar_error *err) {
    ordpar_parts parts = {0};
    ordpar_integrate_options options = {.rtol = model->number[MODEL_RTOL],
                                        .atol = model->number[MODEL_ATOL],
                                        .observer = record,
                                        .stop = model->stop};
    ordpar_status status;
    if ((status = check_orders(n_orders, orders, err)) ||
        (status = ordpar_parts_init(model, &ordpar_activation_erf, &parts, err)) ||
        (status = ordpar_parts_start(model, &options.start_is_deviation, &parts, err))) {
        ordpar_parts_clear(&parts);
        return status;
    }
    const size_t K = parts.network.K, M = parts.network.M, L = parts.spectrum.L;
    recording context = {.spectrum = &parts.spectrum,
                         .eps_g = eps_g,
                         .moments = moments,
                         .outputs = outputs,
                         .orders = orders,
                         .n_orders = n_orders,
                         .count = count,
                         .width = (K + M) * (K + M)};
    options.trained_blocks = parts.trained_blocks;
    options.context = &context;
    status = ordpar_integrate(&parts.spectrum, &parts.network, &parts.start, alpha, count, &options,
                              NULL, err);
    if (!status) {
        copy_out(q, parts.start.q, K * K * L);
        copy_out(r, parts.start.r, K * M * L);
        copy_out(t, parts.start.t, M * M * L);
    }
    ordpar_parts_clear(&parts);
    return status;
}

static void summarize(size_t rows, size_t runs, const double *eps_g, double *summary) {
    for (size_t k = 0; k < rows; k++) {
        const ordpar_summary s = ordpar_summarize(eps_g + k * runs, runs);
        memcpy(summary + 4 * k, (double[]){s.mean, s.standard_error, s.min, s.max},
               4 * sizeof *summary);
    }
}

static ordpar_status check_grid(size_t count, const double *alpha, ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (!(alpha[k] >= (k ? alpha[k - 1] : 0) && alpha[k] < INFINITY))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "alpha: must ascend from 0 or more and be finite, got %g at row %zu",
                               alpha[k], k);
    return ORDPAR_OK;
}

/* The examples of the data from the first on; *examples stays NULL without data. */
static ordpar_status begin_data(const ordpar_model *model, double N, double last_alpha,
                                ordpar_examples **examples, ordpar_error *err) {
    if (!model->data)
        return ORDPAR_OK;
    const double rows = (double)model->principal.rows;
    if (round(last_alpha * N) > rows)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "alpha: %g at N = %.0f is %.0f examples, the data has %.0f: alpha up to "
                           "%.6g",
                           last_alpha, N, round(last_alpha * N), rows, rows / N);
    ordpar_dataset_rewind(model->data);
    return ordpar_examples_create(model->data, &model->principal, (int)model->number[MODEL_THREADS],
                                  examples, err);
}

static ordpar_status prepare_simulation(const ordpar_model *model, ordpar_parts *parts,
                                        ordpar_error *err) {
    ordpar_status status;
    if (model->number[MODEL_SMALL_ETA] != 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "small-eta: a simulation has all orders of eta; it is for equations of "
                           "motion");
    if ((status = ordpar_parts_init(model, &ordpar_activation_erf, parts, err)) ||
        (ordpar_model_has_overlaps(model) &&
         (status = ordpar_parts_start(model, NULL, parts, err))))
        return status;
    const double weight_decay = parts->network.training.weight_decay;
    if (!(weight_decay < parts->spectrum.N))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "weight-decay: a step keeps 1 - KAPPA/N: must be below N = %.0f, got %g",
                           parts->spectrum.N, weight_decay);
    return ORDPAR_OK;
}

ordpar_status ordpar_model_simulate(const ordpar_model *model, size_t count, const double *alpha,
                                    double *eps_g, double *summary, size_t *rows,
                                    ordpar_error *err) {
    ordpar_parts parts = {0};
    ordpar_ensemble_options options = {.runs = (size_t)model->number[MODEL_RUNS],
                                       .threads = (int)model->number[MODEL_THREADS],
                                       .checkpoint = model->checkpoint,
                                       .stop = model->stop};
    ordpar_status status;
    *rows = 0;
    if ((status = check_grid(count, alpha, err)) ||
        (status = prepare_simulation(model, &parts, err)) ||
        (status = begin_data(model, parts.spectrum.N, count ? alpha[count - 1] : 0,
                             &options.examples, err))) {
        ordpar_parts_clear(&parts);
        return status;
    }
    const ordpar_simulation simulation = {.spectrum = &parts.spectrum,
                                          .network = &parts.network,
                                          .trained_blocks = parts.trained_blocks,
                                          .method = model->method,
                                          .start = parts.start.K ? &parts.start : NULL,
                                          .init = model->init,
                                          .teacher = model->teacher,
                                          .sigma_J = model->number[MODEL_SIGMA_J],
                                          .seed = (uint64_t)model->number[MODEL_SEED]};
    status = ordpar_ensemble_run(&simulation, alpha, count, &options, eps_g, rows, err);
    if (summary && (!status || status == ORDPAR_INTERRUPTED))
        summarize(*rows, options.runs, eps_g, summary);
    ordpar_examples_free(options.examples);
    ordpar_parts_clear(&parts);
    return status;
}
