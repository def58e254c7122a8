// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 5: the plateau for several L and for several M, beside its predicted height and length. */
#include "cli/figures/figure.h"
#include "model/curve.h"
#include "model/report.h"

#include <math.h>

/* The plateaus are what the picture is about: it ends so many decades below. */
enum { CURVES = 4, LINES = 401, DECADES = 5 };

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
    panel_plateau(f, 0, height, end, colour == 1 ? "predicted height, end" : "");
}

/* The curve, and what is measured on it. */
static void trace(figure *f, study *s, double line[3][LINES], ordpar_report *r) {
    ordpar_integrate_stats stats;
    ordpar_report_init(r);
    figure_grid(0.1, 3e4, LINES, line[0]);
    FIGURE_TRY(f, ordpar_model_set(s->model, "alpha", LINES, line[0], &f->err));
    FIGURE_TRY(f, ordpar_report_predict(r, s->model, &s->parts, NULL, &f->err));
    ordpar_parts at = study_parts(f, s);
    FIGURE_TRY(f, ordpar_curve_trace(s->model, &at, line[0], &stats, &f->err));
    ordpar_overlaps_clear(&at.start);
    ordpar_deviations_clear(&at.deviations);
    FIGURE_TRY(f, ordpar_report_measure(r, LINES, line[0], line[1], line[2], &f->err));
}

static void add_curve(figure *f, int colour, const char *name, const char *settings) {
    double line[3][LINES];
    char what[64];
    ordpar_report r;
    study s;
    study_create(f, &s,
                 figure_model(f, "activation=erf N=%d beta=1 eta=0.1 sigma-j=0.01 %s",
                              f->parsed->full ? 4096 : 1024, settings));
    trace(f, &s, line, &r);
    panel_add(f, PLOT_LINE, colour, LINES, line[0], line[1], NULL, "%s", name);
    add_prediction(f, &r, colour, name);
    snprintf(what, sizeof what, "%s, simulation against the equations", name);
    const sample how = {.method = ORDPAR_METHOD_OVERLAP,
                        .runs = 4,
                        .one_start = true,
                        .from = 0.3,
                        .to = 1.5 * r.rows[ORDPAR_REPORT_LENGTH].predicted,
                        .points = 13,
                        .colour = colour,
                        .title = colour == 1 ? "simulation, 4 runs" : "",
                        .against = what};
    study_sample(f, &s, &how);
    study_points(f, &s, &how);
    study_clear(&s);
}

/* The curves differ in L or in M; units, eigenvalues: what they have in common. */
static void draw(figure *f, const char *name, const char *units, const char *eigenvalues,
                 const char *curves[CURVES][2]) {
    panel *p =
        panel_begin(f, name, "ε_g", "erf, %s, N = %d%s, β = 1, η = 0.1, σ_J = 0.01, one start",
                    units, f->parsed->full ? 4096 : 1024, eigenvalues);
    p->key_low = true;
    p->decades = DECADES;
    panel_reduced(f, "N = 1024 instead of 4096");
    for (int k = 0; k < CURVES; k++)
        add_curve(f, k + 1, curves[k][0], curves[k][1]);
    panel_write(f);
}

void figure_5(figure *f) {
    static const char *of_L[CURVES][2] = {{"L = 1", "K=2 M=2 L=1"},
                                          {"L = 2", "K=2 M=2 L=2"},
                                          {"L = 4", "K=2 M=2 L=4"},
                                          {"L = 8", "K=2 M=2 L=8"}},
                      *of_M[CURVES][2] = {{"M = 2", "K=2 M=2 L=4"},
                                          {"M = 3", "K=3 M=3 L=4"},
                                          {"M = 4", "K=4 M=4 L=4"},
                                          {"M = 6", "K=6 M=6 L=4"}};
    draw(f, "figure5-left", "K = M = 2", "", of_L);
    draw(f, "figure5-right", "K = M", ", L = 4", of_M);
}
