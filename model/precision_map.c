// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "model/decimals.h"
#include "model/precision.h"
#include "precision/mp_map.h"

#include <stdio.h>
#include <string.h>

static const double default_sizes[] = {4, 8, 12, 16, 20, 24, 32};

/* The map is of the linear network with K = M = 1, whose exact solution is the reference. */
static const char *const own[][2] = {{"activation", "linear"},
                                     {"student-units", "1"},
                                     {"teacher-units", "1"},
                                     {"init", "mean"},
                                     {"teacher", "mean"}};

enum { OWN = sizeof own / sizeof *own };

/* The model that the map is of. */
static ordpar_status make_network(const ordpar_model *model, ordpar_model **made,
                                  ordpar_error *err) {
    ordpar_status status = ordpar_model_copy(model, made, err);
    for (size_t k = 0; k < OWN && !status; k++)
        status = ordpar_model_set_text(*made, own[k][0], own[k][1], err);
    if (!status && !ordpar_model_given(model, "alpha")) /* the transient: the fast modes decay */
        status = ordpar_model_set_text(*made, "alpha", "0:20:21", err);
    return status;
}

ordpar_status ordpar_precision_map_settings(const ordpar_model *model, unsigned groups, char **text,
                                            ordpar_error *err) {
    const ordpar_setting_table *table = &ordpar_model_settings;
    const char *of_size = ordpar_model_is_power_law(model) ? "input-dim eigenvalues" : "";
    bool without[ORDPAR_MAX_SETTINGS];
    ordpar_model *made = NULL;
    ordpar_status status = make_network(model, &made, err);
    for (size_t k = 0; k < table->count; k++)
        without[k] = ordpar_settings_among(of_size, table->rows[k].name) ||
                     ordpar_settings_among("seed teacher-seed representation rtol atol integrator",
                                           table->rows[k].name);
    if (!status) {
        memcpy(made->given, model->given, sizeof made->given);
        status = ordpar_model_settings_text(made, groups, without, text, err);
    }
    ordpar_model_free(made);
    return status;
}

static ordpar_status check(const ordpar_model *model, ordpar_error *err) {
    static const char *const others[] = {"activation",
                                         "student-units",
                                         "teacher-units",
                                         "input-dim",
                                         "eigenvalues",
                                         "seed",
                                         "init",
                                         "teacher",
                                         "overlaps",
                                         "student-output",
                                         "trainable",
                                         "rtol",
                                         "atol",
                                         "teacher-output",
                                         "representation",
                                         "teacher-seed",
                                         "teacher-activation",
                                         "integrator"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (ordpar_model_given(model, others[k]) ||
            (strcmp(others[k], "overlaps") == 0 && ordpar_model_has_overlaps(model)))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: the map is of the linear network with K = M = 1 and its mean "
                               "start; it takes sizes or spectrum instead",
                               others[k]);
    if (!ordpar_model_is_power_law(model) && ordpar_model_given(model, "sizes"))
        return ordpar_fail(err, ORDPAR_INVALID, "sizes: a map of the spectrum %s has its one size",
                           model->value.spectrum ? model->value.spectrum : "given");
    return ordpar_decimals_check(model, err);
}

static ordpar_status add_row(const ordpar_model *sized, ordpar_table *t, ordpar_error *err) {
    ordpar_parts parts = {0};
    ordpar_decimals d = {0};
    ordpar_mp_map_row made;
    const ordpar_mp_options options = ordpar_decimals_options(sized);
    ordpar_status status = ordpar_parts_init(sized, NULL, &parts, err);
    if (!status)
        status = ordpar_decimals_init(sized, &parts, &d, err);
    if (!status)
        status = ordpar_decimals_grid(sized, &d, err);
    if (!status)
        status = ordpar_mp_map(&d.model, &d.grid, &options, &made, err);
    double *cells = status ? NULL : ordpar_table_row(t);
    if (cells) {
        cells[0] = (double)parts.spectrum.L;
        cells[1] = made.log10_condition;
        cells[2] = made.digits_lost;
        cells[3] = (double)made.bits;
        cells[4] = made.double_error;
    }
    ordpar_decimals_clear(&d);
    ordpar_parts_clear(&parts);
    return status;
}

static ordpar_status fill(ordpar_model *sized, ordpar_table *t, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    if (!ordpar_model_is_power_law(sized))
        return add_row(sized, t, err);
    const ordpar_numbers *given = &sized->value.sizes;
    const double *sizes = given->count ? given->values : default_sizes;
    const size_t count = given->count ? given->count : sizeof default_sizes / sizeof *default_sizes;
    for (size_t k = 0; k < count && !status; k++)
        if (!(status = ordpar_model_set(sized, "L", 1, &sizes[k], err)) &&
            !(status = ordpar_model_set(sized, "N", 1, &sizes[k], err)))
            status = add_row(sized, t, err);
    return status;
}

ordpar_status ordpar_precision_map(const ordpar_model *model, ordpar_table *t, ordpar_error *err) {
    ordpar_model *sized = NULL;
    ordpar_status status = check(model, err);
    if (!status)
        status = make_network(model, &sized, err);
    if (status) {
        ordpar_model_free(sized);
        return status;
    }
    ordpar_table_note(t, "model", "linear, K = M = 1, mean start, beta = %s, eta = %s, alpha = %s",
                      ordpar_model_is_power_law(model) ? ordpar_model_text(model, "beta")
                                                       : "of the file",
                      ordpar_model_text(model, "eta"), ordpar_model_text(sized, "alpha"));
    ordpar_table_note(t, "columns mean",
                      "digits_lost: measured against the exact solution; bits: for %lld digits; "
                      "double_error: largest relative error of eps_g by the hierarchy in 53 bits",
                      (long long)model->value.digits);
    ordpar_table_columns(t, "L,log10_condition,digits_lost,bits,double_error");
    ordpar_format(t->title, sizeof t->title, "hierarchy of moments, linear network");
    status = fill(sized, t, err);
    ordpar_model_free(sized);
    return status ? status : ordpar_table_check(t, err);
}
