// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 5: the plateau for several L and for several M, beside its predicted height and length. */
#include "cli/figures/figure.h"
#include "model/curve.h"
#include "model/report.h"

#include <math.h>

enum { CURVES = 4, LINES = 401, POINTS = 13, RUNS = 4 };

/* The plateaus are what the picture is about: it ends soon below them. */
enum { DECADES = 5 };

static int dimension(const figure *f) {
    return f->parsed->full ? 4096 : 1024;
}

static void describe(double measured, double predicted, char text[64]) {
    if (isnan(measured))
        snprintf(text, 64, "not measured, predicted %.4g", predicted);
    else
        snprintf(text, 64, "%.4g, predicted %.4g", measured, predicted);
}

/* The predicted height up to where the plateau is predicted to end, and a mark there. */
static void add_prediction(figure *f, const ordpar_report *r, int colour, const char *name) {
    const double height = r->rows[ORDPAR_REPORT_HEIGHT].predicted,
                 end = r->rows[ORDPAR_REPORT_LENGTH].predicted;
    char key[64], heights[64], rates[64], ends[64];
    describe(r->rows[ORDPAR_REPORT_HEIGHT].measured, height, heights);
    describe(r->rows[ORDPAR_REPORT_RATE].measured, r->rows[ORDPAR_REPORT_RATE].predicted, rates);
    describe(r->rows[ORDPAR_REPORT_EXIT].measured, end, ends);
    snprintf(key, sizeof key, "%s, plateau", name);
    panel_fact(f, key, "height %s; escape rate %s; its end at alpha = %s", heights, rates, ends);
    const double x[] = {end / 30, end, end}, y[] = {height, height, height / 4};
    panel_add(f, PLOT_GUIDE, 0, 3, x, y, NULL, "%s", colour == 1 ? "predicted height, end" : "");
}

/* The curve, and what is measured on it. */
static void trace(figure *f, study *s, double line[3][LINES], ordpar_report *r) {
    ordpar_integrate_stats stats;
    ordpar_report_init(r);
    figure_grid(0.1, 3e4, LINES, line[0]);
    FIGURE_TRY(f, ordpar_model_set(s->model, "alpha", LINES, line[0], &f->err));
    FIGURE_TRY(f, ordpar_report_predict(r, s->model, &s->parts, &f->err));
    ordpar_parts at = study_parts(f, s);
    FIGURE_TRY(f, ordpar_curve_trace(s->model, &at, line[0], &stats, &f->err));
    ordpar_overlaps_clear(&at.start);
    ordpar_deviations_clear(&at.deviations);
    FIGURE_TRY(f, ordpar_report_measure(r, LINES, line[0], line[1], line[2], &f->err));
}

static void add_curve(figure *f, int colour, const char *name, int M, int L) {
    double line[3][LINES], point[POINTS], theory[POINTS];
    char what[64];
    ordpar_report r;
    study s;
    study_create(f, &s, figure_model(f, "erf", M, dimension(f), L, 1, 0.1, 0.01));
    trace(f, &s, line, &r);
    panel_add(f, PLOT_LINE, colour, LINES, line[0], line[1], NULL, "%s", name);
    add_prediction(f, &r, colour, name);
    figure_grid(0.3, 1.5 * r.rows[ORDPAR_REPORT_LENGTH].predicted, POINTS, point);
    study_simulate(f, &s, ORDPAR_METHOD_OVERLAP, RUNS, true, point, POINTS);
    study_curve(f, &s, point, POINTS, theory, NULL, NULL);
    study_points(f, &s, colour, colour == 1 ? "simulation, 4 runs" : "");
    snprintf(what, sizeof what, "%s, simulation against the equations", name);
    study_agreement(f, &s, 1, theory, 1e-7, what);
    study_clear(&s);
}

/* units, eigenvalues: what all curves have in common; they differ in L or in M. */
static void draw(figure *f, const char *name, const char *units, const char *eigenvalues,
                 bool differ_in_L, const int values[CURVES]) {
    panel *p =
        panel_begin(f, name, "ε_g", "erf, %s, N = %d%s, β = 1, η = 0.1, σ_J = 0.01, one start",
                    units, dimension(f), eigenvalues);
    p->key_low = true;
    p->decades = DECADES;
    panel_reduced(f, "N = 1024 instead of 4096");
    for (int k = 0; k < CURVES; k++) {
        char curve[32];
        snprintf(curve, sizeof curve, "%c = %d", differ_in_L ? 'L' : 'M', values[k]);
        add_curve(f, k + 1, curve, differ_in_L ? 2 : values[k], differ_in_L ? values[k] : 4);
    }
    panel_write(f);
}

void figure_5(figure *f) {
    draw(f, "figure5-left", "K = M = 2", "", true, (int[]){1, 2, 4, 8});
    draw(f, "figure5-right", "K = M", ", L = 4", false, (int[]){2, 3, 4, 6});
}
