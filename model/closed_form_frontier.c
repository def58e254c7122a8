// SPDX-License-Identifier: GPL-3.0-or-later
/* closed-form frontier: the best number of trained features for a given compute. */
#include "model/closed_forms.h"
#include "model/phase.h"
#include "solver/plateau/measure.h"
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear_critical.h"

#include <math.h>
#include <stdlib.h>

enum { COMPUTE, TRAINED, ALPHA, EPS_G, EXPONENT };

static void note_fit(ordpar_table *t, const char *key, const double *compute, const double *y,
                     double predicted) {
    const ordpar_scaling_window *on = &t->window;
    ordpar_slope_measure m;
    if (ordpar_measure_exponent(t->n_rows, compute, y, on->begin, on->end, &m, NULL))
        t->failed = true;
    else if (m.rows)
        ordpar_table_fact(t, key, m.slope,
                          "%.6g, standard error %.2g, from C = %.6g to %.6g; predicted %.6g",
                          m.slope, m.slope_stderr, m.begin, m.end, predicted);
    else
        ordpar_table_note(t, key,
                          "not found: needs 4 rows with C from %.6g to %.6g; predicted %.6g",
                          on->begin, on->end, predicted);
}

/* Slopes in the middle half of the window, beside those of the law there. */
static void note_fits(ordpar_table *t, double tail, double exponent, double trained_exponent) {
    const size_t n = t->n_rows;
    double *columns = malloc((4 * n + 1) * sizeof *columns);
    t->failed = t->failed || !columns;
    for (size_t k = 0; k < n && columns; k++) {
        const double *row = t->cells + k * t->n_columns;
        columns[k] = row[COMPUTE];
        columns[n + k] = row[EPS_G];
        columns[2 * n + k] = row[EPS_G] + tail;
        columns[3 * n + k] = row[TRAINED];
    }
    ordpar_table_fact(t, "tail", tail,
                      "%.17g: what eigenvalues beyond the last one would add to eps_g", tail);
    if (columns) {
        note_fit(t, "exponent of eps_g", columns, columns + n, exponent);
        note_fit(t, "exponent of eps_g + tail", columns, columns + 2 * n, exponent);
        note_fit(t, "exponent of N_l", columns, columns + 3 * n, trained_exponent);
    }
    free(columns);
}

static void set_window(ordpar_table *t, const ordpar_frontier_law *law) {
    const ordpar_scaling_window window = {law->begin, law->end, law->exponent, law->amplitude};
    t->window = ordpar_window_middle(&window);
    t->has_window = true;
}

static void note_law(ordpar_table *t, const ordpar_frontier_law *law) {
    set_window(t, law);
    ordpar_table_fact(t, "power law", law->exponent,
                      "eps_g + tail = %.6g C^%.6g, N_l = %.6g C^%.6g, for %.6g << C << %.6g",
                      law->amplitude, law->exponent, law->trained_amplitude, law->trained_exponent,
                      law->begin, law->end);
    note_fits(t, law->tail, law->exponent, law->trained_exponent);
}

static bool is_of_all_orders(const ordpar_form *f) {
    return f->model->value.orders == ORDPAR_ORDERS_ALL;
}

static ordpar_status search_all_orders(const ordpar_form *f, const ordpar_one_unit *unit,
                                       ordpar_frontier_point *points, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    const double eta = p->network.eta, first = 2 * p->spectrum.N / p->spectrum.lambda[0];
    ordpar_error reason;
    if (!(unit->eta < first))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "eta: frontier needs eta < %.10g, the critical one of a single trained "
                           "component, got %.10g",
                           eta * first / unit->eta, eta);
    const ordpar_status status = ordpar_linear_frontier_all_orders(
        &p->spectrum, unit->eta, p->network.label_noise, unit->error, f->rows, f->count,
        f->model->stop, points, &reason);
    return status ? ordpar_fail(err, status, "%s%.480s",
                                status == ORDPAR_INTERRUPTED ? "" : "orders: ", reason.message)
                  : ORDPAR_OK;
}

static ordpar_status evaluate(ordpar_form *f, const ordpar_one_unit *unit, ordpar_error *err) {
    ordpar_frontier_point *points = malloc((f->count ? f->count : 1) * sizeof *points);
    if (!points)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", f->count);
    const ordpar_status status =
        is_of_all_orders(f) ? search_all_orders(f, unit, points, err)
                            : ordpar_linear_frontier(&f->parts.spectrum, unit->eta, unit->error,
                                                     f->rows, f->count, points, err);
    for (size_t k = 0; k < f->count && !status; k++) {
        double *row = ordpar_table_row(f->t);
        if (!row)
            break;
        row[COMPUTE] = f->rows[k];
        row[TRAINED] = points[k].trained;
        row[ALPHA] = points[k].alpha;
        row[EPS_G] = points[k].eps_g;
        row[EXPONENT] = points[k].exponent;
    }
    free(points);
    return status;
}

/* Where the teacher decays the law is that of what it leaves to learn; the tail has both parts.
 * margin: 1 at lowest order. */
static ordpar_frontier_law law_of(const ordpar_one_unit *unit, const ordpar_power_law *spectrum,
                                  double N, double margin) {
    const ordpar_linear_start *x = &unit->start;
    ordpar_power_law flat = *spectrum;
    flat.zeta = 0;
    if (spectrum->zeta == 0 || x->teacher == 0)
        return ordpar_linear_frontier_law(&flat, N, unit->eta, unit->error[0] / margin);
    ordpar_frontier_law law = ordpar_linear_frontier_law(
        spectrum, N, unit->eta, ordpar_power_law_teacher(spectrum) * x->teacher / margin);
    law.tail += ordpar_linear_tail(&flat, x->student / margin);
    return law;
}

/* [14.6] No power law: its slopes are those from one end of the window to the other. */
static void note_noise_law(ordpar_form *f, const ordpar_one_unit *unit,
                           const ordpar_power_law *spectrum, double margin) {
    const ordpar_spectrum *s = &f->parts.spectrum;
    const double c = ordpar_power_law_teacher(spectrum) * unit->start.teacher;
    ordpar_frontier_law law = law_of(unit, spectrum, s->N, margin);
    ordpar_frontier_point at[2];
    double started = 0;
    for (size_t b = s->L; b-- > 0;)
        started += s->p[b] * unit->error[b];
    set_window(f->t, &law);
    const ordpar_scaling_window *w = &f->t->window;
    const double ends[] = {w->begin, w->end}, decades = log(w->end / w->begin);
    for (int k = 0; k < 2; k++)
        at[k] = ordpar_linear_frontier_noise_law(spectrum, s->N, unit->eta, c, started, margin,
                                                 ends[k]);
    f->t->window.slope = log(at[1].eps_g / at[0].eps_g) / decades;
    f->t->window.amplitude = at[0].eps_g * pow(w->begin, -f->t->window.slope);
    ordpar_table_fact(
        f->t, "law", law.exponent,
        "eps_g ~ (C / log C)^%.6g: features are trained until SGD's own noise in them "
        "has decayed exponentially; C^%.6g in the window",
        law.exponent, f->t->window.slope);
    note_fits(f->t, law.tail, f->t->window.slope, log(at[1].trained / at[0].trained) / decades);
}

/* The laws that hold from a mean start on a power law. */
static void note_laws(ordpar_form *f, const ordpar_one_unit *unit) {
    const ordpar_spectrum *s = &f->parts.spectrum;
    const bool all_orders = is_of_all_orders(f);
    const double margin = all_orders ? ordpar_linear_margin(s, s->L, unit->eta) : 1;
    ordpar_power_law law;
    if (ordpar_form_has_one_teacher(f->model) || !(unit->error[0] > 0) || !(margin > 0) ||
        (all_orders && f->parts.network.label_noise > 0) || !ordpar_form_power_law(f, &law))
        return;
    if (all_orders)
        ordpar_phase_fact(&law, true, f->t);
    if (unit->start.teacher > 0 &&
        ordpar_power_law_slope(&law, all_orders) > ordpar_power_law_slope(&law, false)) {
        note_noise_law(f, unit, &law, margin);
        return;
    }
    const ordpar_frontier_law power = law_of(unit, &law, s->N, margin);
    note_law(f->t, &power);
}

ordpar_status ordpar_form_frontier(ordpar_form *f, ordpar_error *err) {
    const double N = f->parts.spectrum.N;
    ordpar_one_unit unit;
    ordpar_table_note(f->t, "orders in eta", "%s", is_of_all_orders(f) ? "all" : "lowest");
    ordpar_table_note(f->t, "compute",
                      "C = alpha N_l; one step of SGD costs N_l, alpha N steps cost N C");
    ordpar_table_fact(f->t, "N_l", N, "at most %.0f components are trained", N);
    ordpar_status status = ordpar_form_reduce(f, &unit, err);
    if (!status)
        status = ordpar_form_check_start(f, err);
    if (!status)
        status = evaluate(f, &unit, err);
    if (!status && is_of_all_orders(f))
        ordpar_form_note_ratio(f, &unit);
    if (!status && !f->t->failed)
        note_laws(f, &unit);
    free(unit.error);
    return status;
}
