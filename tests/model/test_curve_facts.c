// SPDX-License-Identifier: GPL-3.0-or-later
/* What a curve says of its own accuracy. */
#include "model/curve.h"
#include "model/parts.h"
#include "model/table.h"
#include "solver/averages/quadrature.h"
#include "support.h"

#include <math.h>
#include <string.h>

static void derivatives(int highest, size_t count, const double *x, double *const *d) {
    (void)highest;
    for (size_t k = 0; k < count; k++) {
        d[0][k] = tanh(x[k]);
        d[1][k] = 1 - d[0][k] * d[0][k];
    }
}

/* Averages by quadrature, which the activations of the library do not need. */
static const ordpar_smooth_function smooth = {derivatives, M_PI / 2};
static const ordpar_activation by_quadrature = {
    .name = "by quadrature", .parity = -1, .smooth = &smooth};

static bool warns(ordpar_model *model, const ordpar_parts *parts, double promised) {
    const ordpar_integrate_stats stats = {.deviations_from = INFINITY};
    ordpar_table t = {0};
    model->value.rtol = promised / 10;
    ordpar_curve_facts(model, parts, &stats, &t);
    const bool found = ordpar_table_find_fact(&t, "averages") != NULL;
    ordpar_table_clear(&t);
    return found;
}

/* Of the two errors that quadrature has the larger counts. */
Test(curve_facts, averages_are_worse_than_promised) {
    ordpar_model *model = NULL;
    ordpar_parts parts = {0};
    ordpar_average_errors e;
    ordpar_error err;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_text(model, "sigma-j", "30", &err), &err);
    check_ok(ordpar_parts_for_equations(model, false, &parts, &err), &err);
    cr_assert(!warns(model, &parts, 1e-12), "closed averages are exact");
    parts.network.activation = &by_quadrature;
    check_ok(
        ordpar_overlaps_average_errors(&parts.start, &parts.spectrum, &parts.network, &e, &err),
        &err);
    cr_assert(e.gg > 0 && e.gg < 0.9 * e.dg_dg, "%g, %g", e.gg, e.dg_dg);
    cr_assert(warns(model, &parts, 0.5 * e.gg));
    cr_assert(warns(model, &parts, sqrt(e.gg * e.dg_dg)));
    cr_assert(!warns(model, &parts, 1.01 * e.dg_dg));
    ordpar_parts_clear(&parts);
    ordpar_model_free(model);
}

static bool says_with(const ordpar_integrate_stats *stats, const char *activation,
                      const char *students, const char *words) {
    ordpar_model *model = NULL;
    ordpar_parts parts = {0};
    ordpar_table t = {0};
    ordpar_error err;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_text(model, "activation", activation, &err), &err);
    check_ok(ordpar_model_set_text(model, "student-units", students, &err), &err);
    check_ok(ordpar_parts_for_equations(model, false, &parts, &err), &err);
    ordpar_curve_facts(model, &parts, stats, &t);
    const bool found = strstr(ordpar_table_find_fact(&t, "coordinates")->text, words) != NULL;
    ordpar_table_clear(&t);
    ordpar_parts_clear(&parts);
    ordpar_model_free(model);
    return found;
}

static bool says(const char *activation, const char *students, const char *words) {
    return says_with(&(ordpar_integrate_stats){.deviations_from = INFINITY}, activation, students,
                     words);
}

/* Deviations of overlaps are no better than these. */
Test(curve_facts, deviations_carry_on_what_overlaps_had) {
    ordpar_integrate_stats stats = {.deviations_from = 3, .deviations_error = 1e-9};
    cr_assert(says_with(&stats, "erf", "2", "is right relatively there, however small"));
    stats.deviations_error = 1e-4;
    cr_assert(says_with(&stats, "erf", "2", "that hold eps_g to a relative 0.0001 there"));
    stats.deviations_error = 0;
    stats.depth_error = 2e-7;
    cr_assert(says_with(&stats, "erf", "2", "however small, to about 2e-07 by the last row"));
    stats.depth_error = 3;
    cr_assert(says_with(&stats, "linear", "2", "by the last row eps_g is rounding"));
    stats.deviations_error = INFINITY;
    cr_assert(says_with(&stats, "erf", "2", "in which eps_g is rounding there"));
}

/* Where only the activation is in the way of a curve without a floor. */
Test(curve_facts, activations_without_deviation_coordinates_are_named) {
    cr_assert(says("relu", "2", "no deviation coordinates for relu"));
    cr_assert(says("hermite:0,1", "2", "for hermite:0,1 units"));
    cr_assert(!says("relu", "3", "relu"));
    cr_assert(!says("tanh", "2", "tanh"));
    cr_assert(says("tanh", "2", "below 10 atol"));
}
