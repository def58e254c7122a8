// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/compute.h"
#include "model/ensemble_of.h"
#include "model/finite_n.h"
#include "model/tasks.h"

#include <string.h>

enum { FIXED_COLUMNS = 6 };

static void add_columns(const ordpar_model *model, const ordpar_model_ensemble *e,
                        ordpar_table *t) {
    ordpar_table_columns(t, "alpha,mean,stderr,min,max,runs");
    ordpar_tasks_columns(&e->parts.network, "mean", "stderr", t);
    for (size_t r = 1; model->value.each && r <= e->runs; r++)
        ordpar_table_column(t, "run_%zu", r);
}

static void fill_table(const ordpar_model *model, const ordpar_model_ensemble *e, ordpar_table *t) {
    const bool each = model->value.each;
    for (size_t k = 0; k < e->rows && !t->failed; k++) {
        double *cell = ordpar_table_row(t);
        if (!cell)
            return;
        const double *values = e->eps_g + k * e->curves * e->runs;
        const ordpar_summary s = ordpar_ensemble_summary(model, e, k);
        const double fixed[FIXED_COLUMNS] = {e->alpha[k], s.mean, s.standard_error,
                                             s.min,       s.max,  (double)e->runs};
        memcpy(cell, fixed, sizeof fixed);
        cell += FIXED_COLUMNS;
        for (size_t task = 1; task < e->curves; task++, cell += 2) {
            const ordpar_summary own = ordpar_summarize(values + task * e->runs, e->runs);
            memcpy(cell, (double[]){own.mean, own.standard_error}, 2 * sizeof *cell);
        }
        if (each)
            memcpy(cell, values, e->runs * sizeof *values);
    }
}

/* A simulation has all orders of eta. */
ordpar_status ordpar_simulate_check(const ordpar_model *model, ordpar_error *err) {
    return model->value.small_eta
               ? ordpar_fail(err, ORDPAR_INVALID,
                             "small-eta: a simulation has all orders of eta; it is for equations "
                             "of motion")
               : ORDPAR_OK;
}

ordpar_status ordpar_compute_simulate(const ordpar_model *model, ordpar_table *t,
                                      ordpar_error *err) {
    ordpar_model_ensemble e = {0};
    ordpar_status status = ordpar_simulate_check(model, err);
    if (!status)
        status = ordpar_ensemble_create(model, false, &e, err);
    if (!status) {
        add_columns(model, &e, t);
        status = ordpar_table_begun(t, err);
    }
    if (!status)
        status = ordpar_ensemble_make(model, &e, err);
    status = ordpar_ensemble_hint(&e, "the", status, err);
    if (!status) {
        ordpar_ensemble_facts(model, &e, t);
        ordpar_finite_n_divergence_fact(&e.parts, t);
        fill_table(model, &e, t);
        ordpar_tasks_outcome(&e.parts.network, FIXED_COLUMNS, 2, t);
        if (!(status = ordpar_table_check(t, err)))
            status = ordpar_ensemble_end(&e, err);
    }
    ordpar_ensemble_clear(&e);
    return status;
}
