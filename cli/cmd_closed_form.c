// SPDX-License-Identifier: GPL-3.0-or-later
#include "closed_form.h"
#include "command.h"
#include "digits.h"
#include "library_error.h"
#include "output.h"
#include "plot.h"
#include "result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(closed_form *f);
    const char *activation; /* what it is for; NULL: it takes the option's */
    bool is_curve;
    int (*draw)(const closed_form *f, output_set *set); /* NULL: one row of numbers */
} entry;

static int draw_curve(const closed_form *f, output_set *set);

static const entry entries[] = {
    {"linear-exact", closed_form_linear_exact, "linear", true, draw_curve},
    {"linear-small-eta", closed_form_linear_small_eta, "linear", true, draw_curve},
    {"linear-continuum", closed_form_linear_continuum, "linear", true, draw_curve},
    {"linear-finite-n", closed_form_linear_finite_n, "linear", true, draw_curve},
    {"features", closed_form_features, "linear", true, draw_curve},
    {"frontier", closed_form_frontier, "linear", false, closed_form_frontier_draw},
    {"plateau", closed_form_plateau, "erf", false, NULL},
    {"escape", closed_form_escape, "erf", false, NULL},
    {"asymptotic", closed_form_asymptotic, "erf", true, draw_curve},
    {"critical-eta", closed_form_critical_eta, NULL, false, NULL},
};

enum { ENTRIES = sizeof entries / sizeof *entries };

int closed_form_refuse(const closed_form *f, const char *option, const char *reason) {
    if (!options_given(f->parsed, option))
        return -1;
    return usage_error(f->parsed, "--%s: %s %s", option, f->name, reason);
}

int closed_form_power_law(const closed_form *f, ordpar_power_law *law) {
    const options *o = f->parsed;
    static const char reason[] = "needs the power law of -L and --beta, not a given spectrum";
    int result = closed_form_refuse(f, "spectrum", reason);
    if (result >= 0 || (result = closed_form_refuse(f, "data", reason)) >= 0 ||
        (result = closed_form_refuse(f, "spread", reason)) >= 0)
        return result;
    if (o->N % o->L != 0)
        return usage_error(o, "-N, -L: L must divide N, got L = %lld, N = %lld", (long long)o->L,
                           (long long)o->N);
    ordpar_error err;
    const ordpar_status status = ordpar_power_law_init(o->L, o->beta, law, &err);
    return status ? library_error(o, "-L, --beta", status, &err) : -1;
}

int closed_form_start(closed_form *f) {
    model_clear(&f->m);
    return model_create(f->parsed, &f->m);
}

static const entry *find(const options *parsed) {
    const char *name = parsed->n_arguments ? parsed->arguments[0] : "";
    for (size_t k = 0; k < ENTRIES; k++)
        if (strcmp(entries[k].name, name) == 0)
            return &entries[k];
    char list[256] = "";
    for (size_t k = 0; k < ENTRIES; k++) {
        strcat(list, k ? "|" : "");
        strcat(list, entries[k].name);
    }
    usage_error(parsed, "NAME must be one of %s, got '%.80s'", list, name);
    return NULL;
}

/* The activation that the closed form is for, unless the user asked for another one. */
static int choose_activation(const entry *e, options *parsed) {
    if (!e->activation)
        return -1;
    int index = 0;
    while (strcmp(ordpar_activation_at((size_t)index)->name, e->activation) != 0)
        index++;
    if (options_given(parsed, "activation") && parsed->activation != index)
        return usage_error(parsed, "--activation: %s is for %s, got %s", e->name, e->activation,
                           ordpar_activation_at((size_t)parsed->activation)->name);
    parsed->activation = index;
    return -1;
}

static int run_curve(const entry *e, closed_form *f) {
    f->count = (size_t)f->parsed->alpha.count;
    f->alpha = model_grid(f->parsed);
    f->values = malloc(f->count * sizeof *f->values);
    if (!f->alpha)
        return EXIT_FAILED;
    if (!f->values)
        return failure(f->parsed, "out of memory for %zu rows", f->count);
    const int result = e->run(f);
    if (result >= 0)
        return result;
    if (f->has_window)
        table_note(&f->t, "power law", "alpha^%.6g for %.6g << alpha << %.6g, times %.6g",
                   f->window.slope, f->window.begin, f->window.end, f->window.amplitude);
    table_column(&f->t, "alpha");
    table_column(&f->t, "eps_g");
    for (size_t k = 0; k < f->count; k++) {
        double *row = table_row(&f->t);
        if (!row)
            break;
        row[0] = f->alpha[k];
        row[1] = f->values[k];
    }
    return -1;
}

/* Rows as decimal text; alpha and values as doubles too, for the picture. */
static int run_digits(const entry *e, closed_form *f) {
    const int result = closed_form_digits(f->parsed, f->name, &f->m, &f->t);
    if (result >= 0 || !e->is_curve)
        return result;
    f->count = f->t.n_rows;
    f->alpha = malloc(f->count * sizeof *f->alpha);
    f->values = malloc(f->count * sizeof *f->values);
    if (!f->alpha || !f->values)
        return failure(f->parsed, "out of memory for %zu rows", f->count);
    for (size_t k = 0; k < f->count; k++) {
        f->alpha[k] = f->t.cells[2 * k];
        f->values[k] = f->t.cells[2 * k + 1];
    }
    return -1;
}

static int run(const entry *e, closed_form *f) {
    if (!e->draw && f->parsed->plot)
        return usage_error(f->parsed, "--plot: %s is one row of numbers, there is nothing to draw",
                           f->name);
    int result;
    if ((e->run != closed_form_plateau &&
         (result = closed_form_refuse(f, "moments", "has no order parameters to print")) >= 0) ||
        (e->run != closed_form_asymptotic &&
         (result = closed_form_refuse(f, "continuum", "is not asymptotic")) >= 0) ||
        (e->run != closed_form_frontier &&
         (result = closed_form_refuse(f, "compute", "has a grid of alpha in its place")) >= 0))
        return result;
    if (e->run == closed_form_linear_continuum) {
        f->m.spectrum = (ordpar_spectrum){.L = (size_t)f->parsed->L, .N = (double)f->parsed->N};
        result = model_network(f->parsed, &f->m.network);
    } else
        result = model_prepare(f->parsed, &f->m);
    if (result >= 0)
        return result;
    table_standard_notes(&f->t, f->parsed);
    model_notes(&f->t, f->parsed, &f->m);
    table_note(&f->t, "closed form", "%s", f->name);
    if (options_given(f->parsed, "digits"))
        return run_digits(e, f);
    return e->is_curve ? run_curve(e, f) : e->run(f);
}

/* The part of the predicted power law that lies on the curve's grid. */
static size_t guide(const closed_form *f, double *x, double *y) {
    size_t first = 0, last = f->count;
    while (first < last && f->alpha[first] < f->window.begin)
        first++;
    while (last > first && f->alpha[last - 1] > f->window.end)
        last--;
    if (last < first + 2)
        return 0;
    const size_t ends[2] = {first, last - 1};
    for (size_t k = 0; k < 2; k++) {
        x[k] = f->alpha[ends[k]];
        y[k] = f->window.amplitude * pow(x[k], f->window.slope);
    }
    return 2;
}

static int draw_curve(const closed_form *f, output_set *set) {
    char title[160], guide_title[64];
    double x[2], y[2];
    const model *m = &f->m;
    snprintf(title, sizeof title, "%s: K = %zu, M = %zu, N = %.0f, L = %zu, η = %g", f->name,
             m->network.K, m->network.M, m->spectrum.N, m->spectrum.L, m->network.eta);
    plot p = {.title = title,
              .decades = (double)f->parsed->decades,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g",
              .x_log = plot_wants_log(f->alpha, f->count, 1),
              .y_log = plot_wants_log(f->values, f->count, 1)};
    plot_add(
        &p, (plot_series){
                .style = PLOT_LINE, .count = f->count, .x = f->alpha, .y = f->values, .stride = 1});
    if (f->has_window && p.x_log && p.y_log && guide(f, x, y)) {
        snprintf(guide_title, sizeof guide_title, "α^{%.3g}", f->window.slope);
        plot_add(&p, (plot_series){.title = guide_title,
                                   .style = PLOT_GUIDE,
                                   .count = 2,
                                   .x = x,
                                   .y = y,
                                   .stride = 1});
    }
    return plot_draw(&p, set, f->parsed, f->parsed->plot);
}

static int write_outputs(const entry *e, const closed_form *f) {
    output_set set = {0};
    int result = result_begin(&set, f->parsed, &f->t);
    if (result < 0 && e->draw)
        result = e->draw(f, &set);
    return result_end(&set, f->parsed, result);
}

int command_closed_form(const options *parsed) {
    options adjusted = *parsed; /* shares what parsed owns */
    int result;
    const entry *e = find(parsed);
    if (!e)
        return EXIT_USAGE;
    if ((result = choose_activation(e, &adjusted)) >= 0 ||
        (result = output_check(parsed, "output", parsed->output)) >= 0 ||
        (result = plot_check(parsed, parsed->plot)) >= 0)
        return result;
    closed_form f = {.parsed = &adjusted, .name = e->name};
    table_init(&f.t);
    if ((result = run(e, &f)) < 0)
        result = write_outputs(e, &f);
    free(f.alpha);
    free(f.values);
    table_clear(&f.t);
    model_clear(&f.m);
    return result;
}
