// SPDX-License-Identifier: GPL-3.0-or-later
/* closed-form frontier: the best number of trained features for a given compute. */
#include "closed_form.h"
#include "frontier.h"
#include "library_error.h"
#include "measure.h"
#include "plot.h"

#include <math.h>
#include <stdlib.h>

enum { COMPUTE, TRAINED, ALPHA, EPS_G, EXPONENT, COLUMNS };

/* The power law that is predicted; false where none is. */
static bool predict(const closed_form *f, double eta, double initial_error,
                    ordpar_frontier_law *law) {
    ordpar_power_law spectrum;
    if (!model_is_power_law(f->parsed) || f->parsed->overlaps || f->parsed->L < 2 ||
        !(initial_error > 0) ||
        ordpar_power_law_init(f->parsed->L, f->parsed->beta, &spectrum, NULL))
        return false;
    *law = ordpar_linear_frontier_law(&spectrum, f->m.spectrum.N, eta, initial_error);
    return true;
}

/* The middle half, in the logarithm, of the law's window. */
static void fit_window(const ordpar_frontier_law *law, double *begin, double *end) {
    const double quarter = pow(law->end / law->begin, 0.25);
    *begin = law->begin * quarter;
    *end = law->end / quarter;
}

static void note_fit(table *t, const char *key, const double *compute, const double *y,
                     const ordpar_frontier_law *law, double predicted) {
    double begin, end;
    ordpar_slope_measure m;
    fit_window(law, &begin, &end);
    if (ordpar_measure_exponent(t->n_rows, compute, y, begin, end, &m, NULL))
        t->failed = true;
    else if (m.rows)
        table_note(t, key, "%.6g, standard error %.2g, from C = %.6g to %.6g; predicted %.6g",
                   m.slope, m.slope_stderr, m.begin, m.end, predicted);
    else
        table_note(t, key,
                   "not found: needs 4 rows with C from %.6g to %.6g; "
                   "predicted %.6g",
                   begin, end, predicted);
}

static int note_law(closed_form *f, const ordpar_frontier_law *law) {
    table *t = &f->t;
    const size_t n = t->n_rows;
    double *columns = malloc(4 * n * sizeof *columns);
    if (!columns)
        return failure(f->parsed, "out of memory for %zu rows", n);
    for (size_t k = 0; k < n; k++) {
        const double *row = t->cells + k * COLUMNS;
        columns[k] = row[COMPUTE];
        columns[n + k] = row[EPS_G];
        columns[2 * n + k] = row[EPS_G] + law->tail;
        columns[3 * n + k] = row[TRAINED];
    }
    table_note(t, "power law",
               "eps_g + tail = %.6g C^%.6g, N_l = %.6g C^%.6g, for %.6g << C << %.6g",
               law->amplitude, law->exponent, law->trained_amplitude, law->trained_exponent,
               law->begin, law->end);
    table_note(t, "tail", "%.17g: what eigenvalues beyond the last one would add to eps_g",
               law->tail);
    note_fit(t, "exponent of eps_g", columns, columns + n, law, law->exponent);
    note_fit(t, "exponent of eps_g + tail", columns, columns + 2 * n, law, law->exponent);
    note_fit(t, "exponent of N_l", columns, columns + 3 * n, law, law->trained_exponent);
    free(columns);
    f->window = (ordpar_scaling_window){.slope = law->exponent, .amplitude = law->amplitude};
    fit_window(law, &f->window.begin, &f->window.end);
    f->has_window = true;
    return -1;
}

static void fill(table *t, size_t count, const double *compute,
                 const ordpar_frontier_point *points) {
    static const char *const names[COLUMNS] = {"compute", "trained", "alpha", "eps_g", "exponent"};
    for (size_t c = 0; c < COLUMNS; c++)
        table_column(t, "%s", names[c]);
    for (size_t k = 0; k < count; k++) {
        double *row = table_row(t);
        if (!row)
            return;
        row[COMPUTE] = compute[k];
        row[TRAINED] = points[k].trained;
        row[ALPHA] = points[k].alpha;
        row[EPS_G] = points[k].eps_g;
        row[EXPONENT] = points[k].exponent;
    }
}

/* compute[count]: the grid; fills the table. */
static int evaluate(closed_form *f, double eta, const double *initial_error, const double *compute,
                    size_t count) {
    ordpar_error err;
    ordpar_frontier_point *points = malloc(count * sizeof *points);
    if (!points)
        return failure(f->parsed, "out of memory for %zu rows", count);
    const ordpar_status status =
        ordpar_linear_frontier(&f->m.spectrum, eta, initial_error, compute, count, points, &err);
    if (!status)
        fill(&f->t, count, compute, points);
    free(points);
    return status ? library_error(f->parsed, NULL, status, &err) : -1;
}

int closed_form_frontier(closed_form *f) {
    int result;
    if ((result = closed_form_refuse(f, "alpha", "has --compute in its place")) >= 0 ||
        (result = closed_form_refuse(f, "trainable", "finds N_l itself")) >= 0 ||
        (result =
             closed_form_refuse(f, "label-noise", "leaves out eta^2, and with it the noise")) >= 0)
        return result;
    options grid_options = *f->parsed; /* its grid is that of the compute */
    grid_options.alpha = f->parsed->compute;
    double eta, *initial_error = NULL, *compute = NULL;
    ordpar_frontier_law law;
    table_note(&f->t, "orders in eta", "lowest");
    table_note(&f->t, "compute",
               "C = alpha N_l; one step of SGD costs N_l, alpha N steps cost N C");
    if ((result = closed_form_reduce(f, &eta, &initial_error)) < 0)
        result = (compute = model_grid(&grid_options)) ? -1 : EXIT_FAILED;
    if (result < 0)
        result = evaluate(f, eta, initial_error, compute, (size_t)grid_options.alpha.count);
    if (result < 0 && !f->t.failed && predict(f, eta, initial_error[0], &law))
        result = note_law(f, &law);
    free(initial_error);
    free(compute);
    return result;
}

/* A straight line in logarithms from (x[0], y[0]) to (x[1], y[1]). */
static void add_guide(plot *p, const char *title, const double *x, const double *y) {
    plot_add(p, (plot_series){
                    .title = title, .style = PLOT_GUIDE, .count = 2, .x = x, .y = y, .stride = 1});
}

/* The rows up to the first that trains all components: beyond it the curve is that of N_l = N. */
static size_t drawn_rows(const closed_form *f) {
    const table *t = &f->t;
    size_t rows = 0;
    while (rows < t->n_rows && t->cells[rows * COLUMNS + TRAINED] < f->m.spectrum.N)
        rows++;
    return rows < 2 ? t->n_rows : rows;
}

int closed_form_frontier_draw(const closed_form *f, output_set *set) {
    const table *t = &f->t;
    const model *m = &f->m;
    const double *C = t->cells + COMPUTE, *eps_g = t->cells + EPS_G;
    const size_t rows = drawn_rows(f);
    const ordpar_scaling_window *w = &f->window;
    char title[160], slope[96];
    snprintf(title, sizeof title, "frontier: N = %.0f, L = %zu, η = %g", m->spectrum.N,
             m->spectrum.L, m->network.eta);
    plot p = {.title = title,
              .x_label = "compute C = α N_l",
              .y_label = "least generalization error ε_g",
              .x_log = plot_wants_log(C, rows, COLUMNS),
              .y_log = plot_wants_log(eps_g, rows, COLUMNS)};
    plot_add(&p, (plot_series){.title = "best N_l",
                               .style = PLOT_LINE,
                               .count = rows,
                               .x = C,
                               .y = eps_g,
                               .stride = COLUMNS});
    const double from = C[0], to = C[(rows - 1) * COLUMNS], low = eps_g[(rows - 1) * COLUMNS];
    const double x[3][2] = {{from, to}, {w->begin, w->begin}, {w->end, w->end}};
    const double y[3][2] = {{w->amplitude * pow(from, w->slope), w->amplitude * pow(to, w->slope)},
                            {low, w->amplitude * pow(w->begin, w->slope)},
                            {low, w->amplitude * pow(w->end, w->slope)}};
    if (f->has_window && p.x_log && p.y_log) {
        snprintf(slope, sizeof slope, "C^{%.3g}, window of the fit", w->slope);
        for (size_t k = 0; k < 3; k++)
            add_guide(&p, k ? NULL : slope, x[k], y[k]);
    }
    return plot_draw(&p, set, f->parsed, f->parsed->plot);
}
