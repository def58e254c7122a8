// SPDX-License-Identifier: GPL-3.0-or-later
/* closed-form frontier: the best number of trained features for a given compute. */
#include "model/closed_forms.h"
#include "solver/plateau/measure.h"
#include "spectra/forms/frontier.h"

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

static void note_law(ordpar_table *t, const ordpar_frontier_law *law) {
    const size_t n = t->n_rows;
    const ordpar_scaling_window window = {law->begin, law->end, law->exponent, law->amplitude};
    t->window = ordpar_window_middle(&window);
    t->has_window = true;
    double *columns = malloc((4 * n + 1) * sizeof *columns);
    t->failed = t->failed || !columns;
    for (size_t k = 0; k < n && columns; k++) {
        const double *row = t->cells + k * t->n_columns;
        columns[k] = row[COMPUTE];
        columns[n + k] = row[EPS_G];
        columns[2 * n + k] = row[EPS_G] + law->tail;
        columns[3 * n + k] = row[TRAINED];
    }
    ordpar_table_fact(t, "power law", law->exponent,
                      "eps_g + tail = %.6g C^%.6g, N_l = %.6g C^%.6g, for %.6g << C << %.6g",
                      law->amplitude, law->exponent, law->trained_amplitude, law->trained_exponent,
                      law->begin, law->end);
    ordpar_table_fact(t, "tail", law->tail,
                      "%.17g: what eigenvalues beyond the last one would add to eps_g", law->tail);
    if (columns) {
        note_fit(t, "exponent of eps_g", columns, columns + n, law->exponent);
        note_fit(t, "exponent of eps_g + tail", columns, columns + 2 * n, law->exponent);
        note_fit(t, "exponent of N_l", columns, columns + 3 * n, law->trained_exponent);
    }
    free(columns);
}

static ordpar_status evaluate(ordpar_form *f, const ordpar_one_unit *unit, ordpar_error *err) {
    ordpar_frontier_point *points = malloc((f->count ? f->count : 1) * sizeof *points);
    if (!points)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", f->count);
    const ordpar_status status = ordpar_linear_frontier(&f->parts.spectrum, unit->eta, unit->error,
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

/* Where the teacher decays the law is that of what it leaves to learn; the tail has both parts. */
static ordpar_frontier_law law_of(const ordpar_one_unit *unit, const ordpar_power_law *spectrum,
                                  double N) {
    const ordpar_linear_start *x = &unit->start;
    ordpar_power_law flat = *spectrum;
    flat.zeta = 0;
    if (spectrum->zeta == 0 || x->teacher == 0)
        return ordpar_linear_frontier_law(&flat, N, unit->eta, unit->error[0]);
    ordpar_frontier_law law = ordpar_linear_frontier_law(
        spectrum, N, unit->eta, ordpar_power_law_teacher(spectrum) * x->teacher);
    law.tail += ordpar_linear_tail(&flat, x->student);
    return law;
}

ordpar_status ordpar_form_frontier(ordpar_form *f, ordpar_error *err) {
    const double N = f->parts.spectrum.N;
    ordpar_one_unit unit;
    ordpar_power_law spectrum;
    ordpar_table_note(f->t, "orders in eta", "lowest");
    ordpar_table_note(f->t, "compute",
                      "C = alpha N_l; one step of SGD costs N_l, alpha N steps cost N C");
    ordpar_table_fact(f->t, "N_l", N, "at most %.0f components are trained", N);
    ordpar_status status = ordpar_form_reduce(f, &unit, err);
    if (!status)
        status = evaluate(f, &unit, err);
    if (!status && !f->t->failed && !ordpar_model_has_overlaps(f->model) && unit.error[0] > 0 &&
        ordpar_form_power_law(f, &spectrum)) {
        const ordpar_frontier_law law = law_of(&unit, &spectrum, N);
        note_law(f->t, &law);
    }
    free(unit.error);
    return status;
}
