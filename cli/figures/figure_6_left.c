// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 6, left: many units, sigma_J = 1e-6. The caption does not say where the ten starts are:
 * near the teacher (specialised from the first example on), or near zero (before a plateau). */
#include "cli/figures/figure_6.h"

#include "model/prediction.h"
#include "solver/plateau/measure.h"
#include "solver/plateau/plateau.h"
#include "spectra/forms/erf_plateau.h"

#include <math.h>
#include <stdlib.h>

enum { RUNS = 10, POINTS = 13, BETWEEN = 10, ROWS = (POINTS - 1) * BETWEEN + 1, LINES = 161 };
enum { RANDOM_POINTS = 31 };

static const double eta = 0.01, sigma_J = 1e-6;
static const char against[] = "simulation against the equations from each start";

static const int units[] = {4, 40}, dimensions[] = {64, 512}; /* reduced, full */

static ordpar_model *make_model(figure *f) {
    const int N = dimensions[f->parsed->full];
    return figure_model(f, "erf", units[f->parsed->full], N, N, 1, eta, sigma_J);
}

static void begin(figure *f, const char *name, const char *start) {
    panel_begin(f, name, "ε_g", "erf, K = M = %d, N = L = %d, β = 1, η = 0.01, %s, 10 starts",
                units[f->parsed->full], dimensions[f->parsed->full], start);
    panel_reduced(f, "K = M = 4 instead of 40, N = 64 instead of 512");
}

/* All orders in eta [7.7], for the self-averaging teacher. */
static void closed_form(figure *f, const study *s, const double *alpha, size_t count,
                        double *eps_g) {
    const ordpar_erf_site site = figure_6_site(f, s);
    FIGURE_TRY(f, ordpar_erf_asymptotic(&s->parts.spectrum, &site, eta, sigma_J, 0, alpha, count,
                                        eps_g, &f->err));
}

/* curves: scratch, [ROWS][RUNS] */
static void add_equations(figure *f, study *s, const double *alpha, double *curves) {
    double mean[ROWS], closed[ROWS], at_points[POINTS * RUNS];
    study_each_curve(f, s, alpha, ROWS, RUNS, curves, mean);
    closed_form(f, s, alpha, ROWS, closed);
    if (f->status)
        return;
    for (size_t k = 0; k < POINTS; k++)
        for (size_t r = 0; r < RUNS; r++)
            at_points[k * RUNS + r] = curves[k * BETWEEN * RUNS + r];
    panel_add(f, PLOT_LINE, 1, ROWS, alpha, mean, NULL, "equations, the same starts");
    panel_fact(f, "drawn teachers against the self-averaging one",
               "equations %+.0f %% at alpha = %.2g, %+.0f %% at %.3g, %+.0f %% at %.3g",
               100 * (mean[0] / closed[0] - 1), alpha[0],
               100 * (mean[ROWS / 2] / closed[ROWS / 2] - 1), alpha[ROWS / 2],
               100 * (mean[ROWS - 1] / closed[ROWS - 1] - 1), alpha[ROWS - 1]);
    study_agreement(f, s, RUNS, at_points, 10 * s->rtol, against);
}

void figure_6_near(figure *f) {
    double line[LINES], closed[LINES], rows[ROWS], point[POINTS];
    double *curves = figure_numbers(f, ROWS * RUNS);
    study s;
    ordpar_power_law law;
    begin(f, "figure6-left", "J = B + 10^{-6} noise");
    ordpar_model *model = make_model(f);
    FIGURE_TRY(f, ordpar_model_set_text(model, "init", "near-teacher", &f->err));
    study_create(f, &s, model);
    if (f->parsed->full) /* some 100 s of processor time for each start */
        s.rtol = 1e-6;
    figure_grid(0.01, 1e6, LINES, line);
    figure_grid(0.1, f->parsed->full ? 1e4 : 3e3, ROWS, rows);
    for (size_t k = 0; k < POINTS; k++)
        point[k] = rows[k * BETWEEN];
    closed_form(f, &s, line, LINES, closed);
    const ordpar_erf_site site = figure_6_site(f, &s);
    const ordpar_scaling_window window =
        figure_6_window(f, dimensions[f->parsed->full], 1, eta, &site, &law);
    study_simulate(f, &s, ORDPAR_METHOD_SGD, RUNS, false, point, POINTS);
    add_equations(f, &s, rows, curves);
    panel_add(f, PLOT_LINE, 2, LINES, line, closed, NULL, "self-averaging teacher");
    study_points(f, &s, 7, "simulation");
    figure_6_slope(f, LINES, line, closed, &window);
    free(curves);
    study_clear(&s);
    panel_write(f);
}

typedef struct {
    double height, end; /* of the plateau */
} prospect;

static prospect self_averaging(const study *s) {
    const ordpar_network *n = &s->parts.network;
    const double T = ordpar_spectrum_moment(&s->parts.spectrum, 1);
    const double T2 = ordpar_spectrum_moment(&s->parts.spectrum, 2);
    const double rate = ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, T, T2);
    const double start = ordpar_plateau_start(n->K, n->M, sigma_J, T2, s->parts.spectrum.N);
    return (prospect){ordpar_erf_plateau_at(n->M, n->w[0], T).eps_g,
                      ordpar_plateau_length(n->K, n->M, T, start, rate)};
}

/* The plateau of the teacher of run r, and when it ends from the start of this run. */
static prospect predict(figure *f, const study *s, uint64_t r) {
    const ordpar_spectrum *spectrum = &s->parts.spectrum;
    const ordpar_network *n = &s->parts.network;
    ordpar_overlaps from = {0};
    ordpar_plateau at = {0};
    double rate = NAN, start = NAN;
    FIGURE_TRY(f, ordpar_simulation_start(&s->simulation, r, &from, &f->err));
    FIGURE_TRY(f, ordpar_plateau_solve(spectrum, n, from.t, &at, &f->err));
    FIGURE_TRY(f, ordpar_plateau_escape_rate(spectrum, n, from.t, &at, &rate, &f->err));
    FIGURE_TRY(f, ordpar_start_specialisation(spectrum, &from, n->w, &start, &f->err));
    const double T = ordpar_spectrum_moment(spectrum, 1);
    const prospect found = {at.eps_g, ordpar_plateau_length(n->K, n->M, T, start, rate)};
    ordpar_plateau_clear(&at);
    ordpar_overlaps_clear(&from);
    return found;
}

static void add_prospect(figure *f, prospect at, int colour, const char *title) {
    const double x[] = {at.end / 30, at.end, at.end}, y[] = {at.height, at.height, at.height / 4};
    panel_add(f, PLOT_GUIDE, colour, 3, x, y, NULL, "%s", title);
}

static void note_range(figure *f, const char *key, size_t count, const double *values) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < count; k++) {
        low = fmin(low, values[k]);
        high = fmax(high, values[k]);
    }
    if (count > 0)
        panel_fact(f, key, "from %.3g to %.3g in %zu starts", low, high, count);
}

/* Predicted, and measured beside that. */
static void add_plateaus(figure *f, const study *s) {
    double heights[RUNS], ends[RUNS], height_ratios[RUNS], end_ratios[RUNS], eps_g[RANDOM_POINTS];
    prospect mean = {0, 0};
    size_t measured = 0;
    for (size_t r = 0; r < RUNS && !f->status; r++) {
        ordpar_plateau_measure m;
        const prospect at = predict(f, s, r + 1);
        heights[r] = at.height;
        ends[r] = at.end;
        mean.height += at.height / RUNS;
        mean.end += at.end / RUNS;
        for (size_t k = 0; k < s->count; k++)
            eps_g[k] = s->eps_g[k * s->runs + r];
        bool found = false;
        if (ordpar_measure_plateau(s->count, s->alpha, eps_g, &found, &m, NULL) || !found)
            continue;
        end_ratios[measured] = m.exit / at.end;
        height_ratios[measured++] = m.height / at.height;
    }
    if (f->status)
        return;
    const prospect smooth = self_averaging(s);
    add_prospect(f, mean, 0, "predicted plateau of these teachers, mean");
    add_prospect(f, smooth, 1, "of the self-averaging teacher");
    note_range(f, "predicted height", RUNS, heights);
    note_range(f, "predicted end of the plateau", RUNS, ends);
    note_range(f, "measured height / predicted", measured, height_ratios);
    note_range(f, "measured end / predicted", measured, end_ratios);
    panel_fact(f, "self-averaging teacher", "height %.4g, end at alpha = %.4g", smooth.height,
               smooth.end);
}

void figure_6_random(figure *f) {
    double point[RANDOM_POINTS], mean[RANDOM_POINTS], curves[RANDOM_POINTS * RUNS];
    study s;
    begin(f, "figure6-left-random", "random start, σ_J = 10^{-6}");
    study_create(f, &s, make_model(f));
    figure_grid(1, 3e4, RANDOM_POINTS, point);
    study_simulate(f, &s, ORDPAR_METHOD_SGD, RUNS, false, point, RANDOM_POINTS);
    if (!f->parsed->full) { /* else ten starts of 2 million numbers take longer than all the rest */
        study_each_curve(f, &s, point, RANDOM_POINTS, RUNS, curves, mean);
        panel_add(f, PLOT_LINE, 1, RANDOM_POINTS, point, mean, NULL, "equations, the same starts");
        study_agreement(f, &s, RUNS, curves, 10 * s.rtol, against);
    }
    study_points(f, &s, 7, "simulation");
    add_plateaus(f, &s);
    study_clear(&s);
    panel_write(f);
}
