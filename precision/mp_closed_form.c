// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/mp_closed_form.h"

#include "base/floating_point.h"
#include "precision/continuum.h"
#include "precision/erf_forms.h"
#include "precision/exponential.h"
#include "precision/finite_n.h"
#include "precision/range.h"
#include "precision/refine.h"

#include <string.h>

enum { ROUNDING_BITS = 20 };

static const ordpar_mp_closed_form_entry entries[] = {
#define ORDPAR_MP_ENTRY(identifier, name, columns, curve) {name, columns, curve},
    ORDPAR_MP_CLOSED_FORM_LIST(ORDPAR_MP_ENTRY)
#undef ORDPAR_MP_ENTRY
};

const ordpar_mp_closed_form_entry *ordpar_mp_closed_form_find(const char *name,
                                                              ordpar_mp_closed_form_id *id) {
    for (int k = 0; k < ORDPAR_MP_CLOSED_FORMS; k++)
        if (strcmp(entries[k].name, name) == 0) {
            *id = (ordpar_mp_closed_form_id)k;
            return &entries[k];
        }
    return NULL;
}

typedef struct {
    ordpar_mp_closed_form_id id;
    ordpar_mp_model model;
    const ordpar_mp_grid *grid;
    const ordpar_mp_options *options;
} request;

static ordpar_status evaluate(const request *r, const ordpar_mp_problem *problem, mpfr_t *values,
                              ordpar_error *err) {
    switch (r->id) {
    case ORDPAR_MP_LINEAR_EXACT:
    case ORDPAR_MP_LINEAR_SMALL_ETA:
    case ORDPAR_MP_FEATURES:
        return ordpar_mp_exponential(problem, r->grid, r->options, values + 1, 2, err);
    case ORDPAR_MP_LINEAR_CONTINUUM:
        return ordpar_mp_continuum(problem, r->grid, r->options, values + 1, 2, err);
    case ORDPAR_MP_LINEAR_FINITE_N:
        return ordpar_mp_finite_n(problem, r->grid, r->options, values + 1, 2, err);
    case ORDPAR_MP_PLATEAU:
        ordpar_mp_plateau(problem, values);
        return ORDPAR_OK;
    case ORDPAR_MP_ESCAPE:
        ordpar_mp_escape(problem, values);
        return ORDPAR_OK;
    case ORDPAR_MP_ASYMPTOTIC:
        return ordpar_mp_asymptotic(problem, r->grid, r->options, values + 1, 2, err);
    case ORDPAR_MP_CRITICAL_ETA:
    case ORDPAR_MP_CLOSED_FORMS:
        break;
    }
    ordpar_mp_critical_eta(problem, values[0]);
    return mpfr_number_p(values[0])
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "no eta is critical: output weights are 0, or nothing is trained");
}

static ordpar_status compute(void *context, long digits, mpfr_t *values, ordpar_error *err) {
    const request *r = context;
    ordpar_mp_problem problem;
    ordpar_status status = ordpar_mp_problem_init(
        &r->model, ordpar_bits_for_digits(digits) + ROUNDING_BITS, &problem, err);
    if (status)
        return status;
    for (size_t k = 0; entries[r->id].curve && k < r->grid->count; k++)
        ordpar_mp_grid_value(r->grid, k, values[2 * k]);
    status = evaluate(r, &problem, values, err);
    ordpar_mp_problem_clear(&problem);
    return status;
}

static ordpar_status check(const request *r, ordpar_error *err) {
    const ordpar_mp_model *model = &r->model;
    const char *name = entries[r->id].name;
    const bool linear = r->id <= ORDPAR_MP_FEATURES;
    if (r->id != ORDPAR_MP_CRITICAL_ETA && linear != model->linear)
        return ordpar_fail(err, ORDPAR_INVALID, "%s is a closed form for %s networks", name,
                           linear ? "linear" : "erf");
    if ((!linear || r->id == ORDPAR_MP_LINEAR_CONTINUUM) && !(model->linear && !linear) &&
        model->trained_blocks < model->spectrum.L)
        return ordpar_fail(err, ORDPAR_INVALID, "%s needs all %zu blocks trained, got %zu", name,
                           model->spectrum.L, model->trained_blocks);
    if (r->id == ORDPAR_MP_LINEAR_CONTINUUM &&
        (model->spectrum.lambda || model->spectrum.n || model->spectrum.teacher))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s needs a power law of equal multiplicities as its spectrum", name);
    if (r->id == ORDPAR_MP_LINEAR_FINITE_N)
        return ordpar_mp_finite_n_check(model, r->grid, err);
    return linear ? ORDPAR_OK : ordpar_mp_erf_forms_check(r->id, model, err);
}

ordpar_status ordpar_mp_closed_form(ordpar_mp_closed_form_id id, const ordpar_mp_model *model,
                                    const ordpar_mp_grid *grid, const ordpar_mp_options *options,
                                    ordpar_mp_result *result, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    request r = {id, *model, grid, options};
    if (id == ORDPAR_MP_LINEAR_SMALL_ETA)
        r.model.small_eta = true;
    if (id == ORDPAR_MP_LINEAR_EXACT)
        r.model.small_eta = false;
    const bool curve = entries[id].curve;
    size_t columns = 1;
    for (const char *c = entries[id].columns; *c; c++)
        columns += *c == ',';
    ordpar_status status = ordpar_mp_options_check(options, err);
    if (!status)
        status = ordpar_mp_model_check(model, err);
    if (!status && curve)
        status = ordpar_mp_grid_check(grid, err);
    if (!status)
        status = check(&r, err);
    return status ? status
                  : ordpar_mp_refine(compute, &r, columns * (curve ? grid->count : 1), 0, options,
                                     result, err);
}
