// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 6, left: many units, sigma_J = 1e-6. The caption does not say where the ten starts are:
 * near the teacher (specialised from the first example on), or near zero (before a plateau). */
#include "cli/figures/figure_6.h"

#include "solver/plateau/measure.h"
#include "solver/plateau/prediction.h"

#include <math.h>

enum { RUNS = 10, LINES = 161, RANDOM_POINTS = 31 };

static const char against[] = "simulation against the equations from each start";
static const char equations[] = "equations, the same starts";

static void begin(figure *f, study *s, const char *name, const char *start, const char *settings) {
    const int units = f->parsed->full ? 40 : 4, N = f->parsed->full ? 512 : 64;
    panel_begin(f, name, "ε_g", "erf, K = M = %d, N = L = %d, β = 1, η = 0.01, %s, 10 starts",
                units, N, start);
    panel_reduced(f, "K = M = 4 instead of 40, N = 64 instead of 512");
    study_create(f, s,
                 figure_model(f,
                              "activation=erf K=%d M=%d N=%d L=%d beta=1 eta=0.01 sigma-j=1e-6%s",
                              units, units, N, N, settings));
}

/* The closed form is of the self-averaging teacher, at all orders in eta [7.7]. */
static void note_teachers(figure *f, const study *s) {
    double closed[LINES];
    ordpar_scaling_window unused;
    const size_t places[] = {0, s->rows / 2, s->rows - 1};
    double by[3];
    study_form(f, s, "asymptotic", s->grid, s->rows, closed, &unused);
    if (f->status)
        return;
    for (size_t k = 0; k < 3; k++)
        by[k] = 100 * (s->curve[places[k]] / closed[places[k]] - 1);
    panel_fact(f, "drawn teachers against the self-averaging one",
               "equations %+.0f %% at alpha = %.2g, %+.0f %% at %.3g, %+.0f %% at %.3g", by[0],
               s->grid[0], by[1], s->grid[places[1]], by[2], s->grid[places[2]]);
}

void figure_6_near(figure *f) {
    double line[LINES], closed[LINES];
    study s;
    ordpar_scaling_window unused;
    const sample how = {.runs = RUNS,
                        .from = 0.1,
                        .to = f->parsed->full ? 1e4 : 3e3,
                        .points = 13,
                        .between = 10,
                        .colour = 7,
                        .title = "simulation",
                        .against = against};
    begin(f, &s, "figure6-left", "J = B + 10^{-6} noise", " init=near-teacher");
    if (f->parsed->full) /* some 20 s of processor time for each start */
        s.rtol = 1e-6;
    figure_grid(0.01, 1e6, LINES, line);
    study_form(f, &s, "asymptotic", line, LINES, closed, &unused);
    study_sample(f, &s, &how);
    panel_add(f, PLOT_LINE, 1, s.rows, s.grid, s.curve, NULL, equations);
    note_teachers(f, &s);
    panel_add(f, PLOT_LINE, 2, LINES, line, closed, NULL, "self-averaging teacher");
    study_points(f, &s, &how);
    figure_6_slope(f, &s, LINES, line, closed);
    study_clear(&s);
    panel_write(f);
}

typedef struct {
    double height, end; /* of the plateau */
} prospect;

/* Of a start's own teacher; from NULL: of the self-averaging one. */
static prospect predict(figure *f, const study *s, const ordpar_overlaps *from) {
    const ordpar_spectrum *spectrum = &s->parts.spectrum;
    const ordpar_network *n = &s->parts.network;
    ordpar_prediction p = {0};
    double start = 0;
    FIGURE_TRY(f, ordpar_predict_plateau(spectrum, n, from ? from->t : NULL, false, &p, &f->err));
    if (from)
        FIGURE_TRY(f, ordpar_start_specialisation(spectrum, from, n->w, &start, &f->err));
    else
        start = ordpar_plateau_start(n->K, n->M, s->model->value.sigma_J, p.T2, spectrum->N);
    FIGURE_TRY(f, ordpar_predict_escape(spectrum, n, start, &p, &f->err));
    const prospect found = {p.at.eps_g, p.length};
    ordpar_prediction_clear(&p);
    return found;
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
    double mean_height = 0, mean_end = 0;
    size_t measured = 0;
    for (size_t r = 0; r < RUNS && !f->status; r++) {
        ordpar_plateau_measure m;
        ordpar_overlaps from = {0};
        FIGURE_TRY(f, ordpar_simulation_start(&s->simulation, r + 1, &from, &f->err));
        const prospect at = predict(f, s, &from);
        ordpar_overlaps_clear(&from);
        heights[r] = at.height;
        ends[r] = at.end;
        mean_height += at.height / RUNS;
        mean_end += at.end / RUNS;
        for (size_t k = 0; k < s->count; k++)
            eps_g[k] = s->eps_g[k * s->runs + r];
        bool found = false;
        if (ordpar_measure_plateau(s->count, s->alpha, eps_g, NAN, &found, &m, NULL) || !found)
            continue;
        end_ratios[measured] = m.exit / at.end;
        height_ratios[measured++] = m.height / at.height;
    }
    if (f->status)
        return;
    const prospect smooth = predict(f, s, NULL);
    panel_plateau(f, 0, mean_height, mean_end, "predicted plateau of these teachers, mean");
    panel_plateau(f, 1, smooth.height, smooth.end, "of the self-averaging teacher");
    note_range(f, "predicted height", RUNS, heights);
    note_range(f, "predicted end of the plateau", RUNS, ends);
    note_range(f, "measured height / predicted", measured, height_ratios);
    note_range(f, "measured end / predicted", measured, end_ratios);
    panel_fact(f, "self-averaging teacher", "height %.4g, end at alpha = %.4g", smooth.height,
               smooth.end);
}

void figure_6_random(figure *f) {
    study s;
    const sample how = {.runs = RUNS,
                        .no_theory = f->parsed->full, /* ten starts of 2 million numbers */
                        .from = 1,
                        .to = 3e4,
                        .points = RANDOM_POINTS,
                        .colour = 7,
                        .title = "simulation",
                        .against = against};
    begin(f, &s, "figure6-left-random", "random start, σ_J = 10^{-6}", "");
    study_sample(f, &s, &how);
    if (!how.no_theory)
        panel_add(f, PLOT_LINE, 1, s.rows, s.grid, s.curve, NULL, equations);
    study_points(f, &s, &how);
    add_plateaus(f, &s);
    study_clear(&s);
    panel_write(f);
}
