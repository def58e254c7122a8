// SPDX-License-Identifier: GPL-3.0-or-later
/* The equations of motion in arbitrary precision, alone or beside double precision. */
#include "model/precision.h"

#include "base/floating_point.h"
#include "base/number.h"
#include "model/compute.h"
#include "model/decimals.h"
#include "precision/mp_map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A linear activation needs no steps, unless the user asks for a basis. */
static ordpar_mp_representation representation(const ordpar_model *model, bool linear) {
    return linear && !ordpar_model_given(model, "representation")
               ? ORDPAR_MP_EXPONENTIAL
               : (ordpar_mp_representation)model->value.representation;
}

/* Refuses what a person cannot wait for or the machine cannot hold, with `lost` working digits
 * beyond the wanted ones. */
static ordpar_status check_cost(const ordpar_model *model, const ordpar_mp_model *decimals,
                                ordpar_mp_representation basis, double lost, ordpar_error *err) {
    static const double patience = 1e5;
    enum { GUARD_DIGITS = 16 }; /* of the second, finer run */
    const long digits = (long)model->value.digits;
    const double working = (double)digits + lost + GUARD_DIGITS;
    const size_t L = decimals->spectrum.L;
    const ordpar_mp_cost cost = ordpar_mp_curve_cost(decimals, basis, working);
    if (cost.seconds_per_step > patience)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "digits: %ld digits (%.0f working digits) for K = %zu, M = %zu, L = %zu "
                           "take about %.2g s for each step",
                           digits, working, decimals->K, decimals->M, L, cost.seconds_per_step);
    return ordpar_model_check_memory(model, L, cost.bytes, err);
}

static ordpar_status integrate(const ordpar_model *model, const ordpar_mp_model *decimals,
                               const ordpar_mp_grid *grid, ordpar_mp_result *result,
                               ordpar_table *t, ordpar_error *err) {
    static const char *const names[] = {"moments", "blocks", "implicit", "exact exponentials"};
    const ordpar_mp_representation basis = representation(model, decimals->linear);
    const ordpar_mp_options options = ordpar_decimals_options(model);
    double lost = 0;
    ordpar_status status = ORDPAR_OK;
    if (basis == ORDPAR_MP_MOMENTS)
        status = ordpar_mp_closure_condition(&decimals->spectrum, &lost, err);
    if (!status && basis != ORDPAR_MP_EXPONENTIAL)
        status = check_cost(model, decimals, basis, lost, err);
    if (!status)
        status = ordpar_mp_curve(decimals, grid, basis, &options, result, err);
    if (status)
        return status;
    ordpar_table_note(t, "representation", "%s", names[basis]);
    if (basis == ORDPAR_MP_MOMENTS)
        ordpar_table_fact(t, "closure", lost, "10^%.1f condition number: about so many digits lost",
                          lost);
    ordpar_decimals_facts(model, result, t);
    if (result->steps)
        ordpar_table_note(t, "integrator",
                          basis == ORDPAR_MP_IMPLICIT ? "%ld implicit steps of %ld stages"
                                                      : "%ld Taylor steps of order %ld",
                          result->steps, result->order);
    return ORDPAR_OK;
}

typedef struct {
    const ordpar_model *model;
    double *eps_g;
    size_t count;
} double_curve;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    const double_curve *c = context;
    char text[64];
    (void)state;
    (void)err;
    c->eps_g[row] = eps_g;
    ordpar_format(text, sizeof text, "double precision, alpha = %.4g", alpha);
    ordpar_model_tell(c->model, (double)(row + 1) / (double)c->count, text);
    return ORDPAR_OK;
}

/* Consumes the start. */
static ordpar_status run_double(const ordpar_model *model, ordpar_parts *parts, double_curve *c,
                                ordpar_error *err) {
    double *alpha = NULL;
    ordpar_status status = ordpar_grid_values(&model->value.alpha, &alpha, err);
    const ordpar_integrate_options options = {.rtol = model->value.rtol,
                                              .atol = model->value.atol,
                                              .integrator = ordpar_model_integrator(model),
                                              .trained_blocks = parts->trained_blocks,
                                              .observer = record,
                                              .context = c,
                                              .start_is_deviation = parts->deviation,
                                              .stop = model->stop};
    if (!status)
        status = ordpar_integrate(&parts->spectrum, &parts->network, &parts->start, alpha, c->count,
                                  &options, NULL, err);
    free(alpha);
    return status;
}

/* Fills the rows; returns that of the largest error. */
static size_t set_side_by_side(const ordpar_mp_result *result, const double *eps_g,
                               ordpar_table *t) {
    size_t worst = 0;
    for (size_t row = 0; row < result->count / 2; row++) {
        double *cells = ordpar_table_row(t);
        if (!cells)
            return 0;
        const char *exact = ordpar_mp_text(result, 2 * row + 1);
        cells[1] = eps_g[row];
        cells[3] = fabs(ordpar_mp_relative_error(eps_g[row], exact));
        ordpar_table_set_text(t, row, 0, ordpar_mp_text(result, 2 * row));
        ordpar_table_set_text(t, row, 2, exact);
        if (cells[3] > t->cells[worst * t->n_columns + 3])
            worst = row;
    }
    return worst;
}

static ordpar_status judge(const ordpar_model *model, size_t worst, ordpar_table *t,
                           ordpar_error *err) {
    ordpar_status status = ordpar_table_check(t, err);
    if (status)
        return status;
    const double *row = t->cells + worst * t->n_columns;
    const bool bounded = ordpar_model_given(model, "max-error");
    const double bound = bounded ? model->value.max_error : 10 * model->value.rtol;
    const bool good = !bounded || row[3] <= bound;
    ordpar_table_fact(t, "largest relative error", row[3], "%.3g at alpha = %.6g, %s = %.3g%s",
                      row[3], row[0], bounded ? "max-error" : "10 rtol", bound,
                      !bounded ? ""
                      : good   ? ": agrees"
                               : ": exceeded");
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_DISAGREES,
                              "max-error: %.3g is exceeded: the largest relative error is %.3g, at "
                              "alpha = %.6g",
                              bound, row[3], row[0]);
}

static ordpar_status check_double(const ordpar_model *model, ordpar_parts *parts,
                                  const ordpar_mp_result *result, ordpar_table *t,
                                  ordpar_error *err) {
    double_curve c = {model, NULL, result->count / 2};
    c.eps_g = malloc((c.count ? c.count : 1) * sizeof *c.eps_g);
    if (!c.eps_g)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", c.count);
    ordpar_table_columns(t, "alpha,double,mpfr,relative_error");
    ordpar_status status = run_double(model, parts, &c, err);
    if (!status)
        status = judge(model, set_side_by_side(result, c.eps_g, t), t, err);
    free(c.eps_g);
    return status;
}

static ordpar_status show(const ordpar_model *model, bool check, ordpar_parts *parts,
                          const ordpar_mp_result *result, ordpar_table *t, ordpar_error *err) {
    if (check)
        return check_double(model, parts, result, t, err);
    ordpar_table_columns(t, "alpha,eps_g");
    ordpar_decimals_fill(result, t);
    return ordpar_table_check(t, err);
}

/* What is drawn has no decimals. */
static void note_start(const ordpar_mp_model *drawn, ordpar_table *t) {
    if (drawn->q || drawn->t)
        ordpar_table_note(t, "start",
                          "%s%s%s drawn as doubles, which are taken as exact to all their digits",
                          drawn->q ? "the students" : "", drawn->q && drawn->t ? " and " : "",
                          drawn->t ? "the teachers" : "");
}

/* What curve and check, and the function for programs, have in common. grid: NULL for the setting.
 * The caller clears *parts and *result in every case. */
static ordpar_status run(const ordpar_model *model, const ordpar_mp_grid *grid, ordpar_parts *parts,
                         ordpar_mp_result *result, ordpar_table *t, ordpar_error *err) {
    ordpar_decimals d = {0};
    ordpar_status status = ordpar_decimals_check(model, err);
    if (!status)
        status = ordpar_parts_for_equations(model, true, parts, err);
    if (!status)
        status = ordpar_decimals_init(model, parts, &d, err);
    if (!status && parts->network.training.schedule.kind != ORDPAR_SCHEDULE_CONSTANT &&
        !parts->network.small_eta)
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "schedule: has arbitrary precision at lowest order in eta: add "
                             "small-eta");
    if (!status && !grid)
        status = ordpar_decimals_grid(model, &d, err);
    if (!status) {
        ordpar_parts_facts(model, parts, t);
        note_start(&d.model, t);
        status = integrate(model, &d.model, grid ? grid : &d.grid, result, t, err);
    }
    ordpar_decimals_clear(&d);
    return status;
}

/* Settings that mean something to one part only; a file `like` may have them. */
static ordpar_status check_owner(const ordpar_model *model, const char *setting, const char *owner,
                                 const char *what, ordpar_error *err) {
    if (!ordpar_model_given(model, setting) || ordpar_model_is_alike(model, setting) ||
        strcmp(what, owner) == 0)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID, "%s: belongs to 'precision %s'", setting, owner);
}

/* A curve has its digits whatever these are; a file `like` may have them. */
static ordpar_status check_double_only(const ordpar_model *model, const char *what,
                                       ordpar_error *err) {
    static const char *const settings[] = {"rtol", "atol", "integrator"};
    for (size_t k = 0; k < 3; k++)
        if (strcmp(what, "curve") == 0 && ordpar_model_given(model, settings[k]) &&
            !ordpar_model_is_alike(model, settings[k]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: belongs to 'precision check'; the digits of 'precision curve' "
                               "are those of digits",
                               settings[k]);
    return ORDPAR_OK;
}

ordpar_status ordpar_compute_precision(const ordpar_model *model, const char *what, ordpar_table *t,
                                       ordpar_error *err) {
    const bool check = strcmp(what, "check") == 0, map = strcmp(what, "map") == 0;
    if (!check && !map && strcmp(what, "curve") != 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "precision needs one of curve, check, map, as in 'precision curve', "
                           "got '%.80s'",
                           what);
    ordpar_status status;
    if ((status = ordpar_model_check_continued(model, err)) ||
        (status = check_owner(model, "max-error", "check", what, err)) ||
        (status = check_owner(model, "sizes", "map", what, err)) ||
        (status = check_double_only(model, what, err)))
        return status;
    if (map && ordpar_decimals_options(model).schedule)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "schedule: 'precision map' is for a constant learning rate");
    if (map)
        return ordpar_precision_map(model, t, err);
    ordpar_parts parts = {0};
    ordpar_mp_result result = {0};
    status = run(model, NULL, &parts, &result, t, err);
    if (!status)
        status = show(model, check, &parts, &result, t, err);
    ordpar_mp_result_clear(&result);
    ordpar_parts_clear(&parts);
    return status;
}

size_t ordpar_model_width(const ordpar_model *model) {
    return ordpar_mp_width((long)model->value.digits);
}

ordpar_status ordpar_model_precision(const ordpar_model *model, const char *start, const char *stop,
                                     size_t count, int logarithmic, char *text, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_mp_grid grid = {start, stop, count, logarithmic != 0, NULL};
    ordpar_parts parts = {0};
    ordpar_mp_result result = {0};
    ordpar_table t = {0};
    const ordpar_status status = run(model, &grid, &parts, &result, &t, err);
    if (!status)
        memcpy(text, result.text, result.count * result.width);
    ordpar_mp_result_clear(&result);
    ordpar_parts_clear(&parts);
    ordpar_table_clear(&t);
    return status;
}
