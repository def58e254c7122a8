// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 6, left: many units, sigma_J = 1e-6. The caption does not say where the ten starts are:
 * near the teacher (specialised from the first example on), or near zero (before a plateau). */
#include "figure_6.h"

#include "erf_plateau.h"
#include "measure.h"
#include "plateau.h"

#include <math.h>
#include <stdlib.h>

enum { RUNS = 10, POINTS = 13, BETWEEN = 10, ROWS = (POINTS - 1) * BETWEEN + 1, LINES = 161 };
enum { RANDOM_POINTS = 31 };

static const double sigma_J = 1e-6;

static options left_options(const figure *f) {
    const int64_t K = f->parsed->full ? 40 : 4, N = f->parsed->full ? 512 : 64;
    return figure_options(f, "erf", K, N, N, 1, 0.01, sigma_J);
}

static panel *begin(figure *f, const char *name, const options *o, const char *start) {
    panel *p = panel_begin(f, name, "ε_g",
                           "erf, K = M = %lld, N = L = %lld, β = 1, η = 0.01, %s, 10 starts",
                           (long long)o->K, (long long)o->N, start);
    if (p && !f->parsed->full)
        panel_reduced(p, "K = M = 4 instead of 40, N = 64 instead of 512");
    return p;
}

/* How far the equations of the drawn teachers are from those of the self-averaging one. */
static void note_teachers(panel *p, const double *alpha, const double *mean, const double *closed) {
    panel_fact(p, "drawn teachers against the self-averaging one",
               "equations %+.0f %% at alpha = %.2g, %+.0f %% at %.3g, %+.0f %% at %.3g",
               100 * (mean[0] / closed[0] - 1), alpha[0],
               100 * (mean[ROWS / 2] / closed[ROWS / 2] - 1), alpha[ROWS / 2],
               100 * (mean[ROWS - 1] / closed[ROWS - 1] - 1), alpha[ROWS - 1]);
}

/* curves: scratch, [ROWS][RUNS] */
static int add_equations(figure *f, study *s, panel *p, const double *alpha, double *curves) {
    double mean[ROWS], closed[ROWS], at_points[POINTS * RUNS];
    int result = study_each_curve(f, s, alpha, ROWS, RUNS, curves, mean);
    if (result >= 0 || (result = figure_6_closed_form(f, s, alpha, ROWS, closed)) >= 0)
        return result;
    for (size_t k = 0; k < POINTS; k++)
        for (size_t r = 0; r < RUNS; r++)
            at_points[k * RUNS + r] = curves[k * BETWEEN * RUNS + r];
    panel_add(p, PLOT_LINE, 1, ROWS, alpha, mean, NULL, "equations, the same starts");
    note_teachers(p, alpha, mean, closed);
    return study_agreement(f, p, s, RUNS, at_points, 10 * s->rtol,
                           "simulation against the equations from each start");
}

static int fill_near(figure *f, const options *o, study *s, panel *p) {
    double line[LINES], closed[LINES], rows[ROWS], point[POINTS];
    ordpar_power_law law;
    ordpar_scaling_window window;
    int result = study_create(f, o, s);
    if (f->parsed->full) /* some 100 s of processor time for each start */
        s->rtol = 1e-6;
    figure_grid(0.01, 1e6, LINES, line);
    figure_grid(0.1, f->parsed->full ? 1e4 : 3e3, ROWS, rows);
    for (size_t k = 0; k < POINTS; k++)
        point[k] = rows[k * BETWEEN];
    if (result >= 0 || (result = figure_6_closed_form(f, s, line, LINES, closed)) >= 0 ||
        (result = figure_6_window(f, s, &law, &window)) >= 0 ||
        (result =
             study_simulate(f, s, ORDPAR_METHOD_SGD, RUNS, false, point, POINTS, NULL, NULL)) >= 0)
        return result;
    double *curves = malloc(ROWS * RUNS * sizeof *curves);
    if (!curves)
        return failure(f->parsed, "out of memory for %d curves", RUNS);
    result = add_equations(f, s, p, rows, curves);
    free(curves);
    panel_add(p, PLOT_LINE, 2, LINES, line, closed, NULL, "self-averaging teacher");
    panel_add(p, PLOT_POINTS, 7, POINTS, point, s->mean, s->error, "simulation");
    figure_6_slope(p, LINES, line, closed, &window);
    return result;
}

int figure_6_near(figure *f) {
    options o = left_options(f);
    o.init = ORDPAR_INIT_NEAR_TEACHER;
    panel *p = begin(f, "figure6-left", &o, "J = B + 10^{-6} noise");
    if (!p)
        return EXIT_FAILED;
    study s = {0};
    const int result = fill_near(f, &o, &s, p);
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

typedef struct {
    double height, end; /* of the plateau */
} prospect;

static prospect self_averaging(const study *s) {
    const ordpar_network *n = &s->m.network;
    const double T = ordpar_spectrum_moment(&s->m.spectrum, 1);
    const double T2 = ordpar_spectrum_moment(&s->m.spectrum, 2), M = (double)n->M;
    const double rate = ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, T, T2);
    const double start = sigma_J * (M - 1) * sqrt(T2 / s->m.spectrum.N); /* [7.4] */
    return (prospect){ordpar_erf_plateau_at(n->M, n->w[0], T).eps_g,
                      log(T * sqrt(M - 1) / start) / rate};
}

/* The plateau of the teacher of run r, and when it ends from the start of this run. */
static ordpar_status predict(const study *s, uint64_t r, prospect *out, ordpar_error *err) {
    const size_t K = s->m.network.K, L = s->m.spectrum.L;
    ordpar_overlaps start;
    ordpar_plateau at = {0};
    double rate, *R = calloc(K * K, sizeof *R);
    if (!R)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", K);
    ordpar_status status = ordpar_simulation_start(&s->simulation, r, &start, err);
    if (status) {
        free(R);
        return status;
    }
    if (!(status = ordpar_plateau_solve(&s->m.spectrum, &s->m.network, start.t, &at, err)) &&
        !(status = ordpar_plateau_escape_rate(&s->m.spectrum, &s->m.network, start.t, &at, &rate,
                                              err))) {
        for (size_t k = 0; k < K * K; k++)
            for (size_t b = 0; b < L; b++)
                R[k] += s->m.spectrum.lambda[b] * start.r[k * L + b];
        const double T = ordpar_spectrum_moment(&s->m.spectrum, 1);
        const double end = T * sqrt((double)K - 1);
        *out = (prospect){at.eps_g, log(end / ordpar_specialisation(K, K, R)) / rate};
    }
    free(R);
    ordpar_plateau_clear(&at);
    ordpar_overlaps_clear(&start);
    return status;
}

static void add_prospect(panel *p, prospect at, int colour, const char *title) {
    const double x[] = {at.end / 30, at.end, at.end}, y[] = {at.height, at.height, at.height / 4};
    panel_add(p, PLOT_GUIDE, colour, 3, x, y, NULL, "%s", title);
}

/* The run's plateau as measured, beside the predicted one. */
static bool measure(const study *s, size_t r, const prospect *predicted, double *end,
                    double *height) {
    double eps_g[RANDOM_POINTS];
    ordpar_plateau_measure m;
    for (size_t k = 0; k < s->count; k++)
        eps_g[k] = s->eps_g[k * s->runs + r];
    bool found = false;
    if (ordpar_measure_plateau(s->count, s->alpha, eps_g, &found, &m, NULL) || !found)
        return false;
    *end = m.exit / predicted->end;
    *height = m.height / predicted->height;
    return true;
}

static void note_range(panel *p, const char *key, size_t count, double *values) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < count; k++) {
        low = fmin(low, values[k]);
        high = fmax(high, values[k]);
    }
    if (count > 0)
        panel_fact(p, key, "from %.3g to %.3g in %zu starts", low, high, count);
}

static int add_plateaus(const figure *f, const study *s, panel *p) {
    double heights[RUNS], ends[RUNS], end_ratios[RUNS], height_ratios[RUNS];
    prospect mean = {0, 0};
    size_t measured = 0;
    ordpar_error err;
    for (size_t r = 0; r < RUNS; r++) {
        prospect at = {0, 0};
        const int result = figure_check(f, predict(s, r + 1, &at, &err), &err);
        if (result >= 0)
            return result;
        heights[r] = at.height;
        ends[r] = at.end;
        mean.height += at.height / RUNS;
        mean.end += at.end / RUNS;
        measured += measure(s, r, &at, &end_ratios[measured], &height_ratios[measured]);
    }
    const prospect smooth = self_averaging(s);
    add_prospect(p, mean, 0, "predicted plateau of these teachers, mean");
    add_prospect(p, smooth, 1, "of the self-averaging teacher");
    note_range(p, "predicted height", RUNS, heights);
    note_range(p, "predicted end of the plateau", RUNS, ends);
    note_range(p, "measured height / predicted", measured, height_ratios);
    note_range(p, "measured end / predicted", measured, end_ratios);
    panel_fact(p, "self-averaging teacher", "height %.4g, end at alpha = %.4g", smooth.height,
               smooth.end);
    return -1;
}

/* Equations from ten starts of 2 million numbers each would take longer than all else. */
static int add_random_equations(figure *f, study *s, panel *p) {
    double mean[RANDOM_POINTS], curves[RANDOM_POINTS * RUNS];
    const int result = study_each_curve(f, s, s->alpha, RANDOM_POINTS, RUNS, curves, mean);
    if (result >= 0)
        return result;
    panel_add(p, PLOT_LINE, 1, RANDOM_POINTS, s->alpha, mean, NULL, "equations, the same starts");
    return study_agreement(f, p, s, RUNS, curves, 10 * s->rtol,
                           "simulation against the equations from each start");
}

int figure_6_random(figure *f) {
    const options o = left_options(f);
    double point[RANDOM_POINTS];
    panel *p = begin(f, "figure6-left-random", &o, "random start, σ_J = 10^{-6}");
    if (!p)
        return EXIT_FAILED;
    study s = {0};
    int result = study_create(f, &o, &s);
    figure_grid(1, 3e4, RANDOM_POINTS, point);
    if (result < 0)
        result =
            study_simulate(f, &s, ORDPAR_METHOD_SGD, RUNS, false, point, RANDOM_POINTS, NULL, NULL);
    if (result < 0 && !f->parsed->full)
        result = add_random_equations(f, &s, p);
    if (result < 0) {
        panel_add(p, PLOT_POINTS, 7, RANDOM_POINTS, point, s.mean, s.error, "simulation");
        result = add_plateaus(f, &s, p);
    }
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}
