// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 1: the plateau shortens with L and vanishes; the late decay becomes a power law. */
#include "cli/figures/figure.h"
#include "cli/figures/figure_6.h"

#include <math.h>

enum { CURVES = 5, LINES = 241, POINTS = 19, RUNS = 5, SMALL_L = 4 };

/* The equations are those of N to infinity: z also has what is left at N, of relative size 1/N,
 * more where L = N. */
static void note_deviation(figure *f, study *s, const double *theory) {
    char key[64];
    if (f->status)
        return;
    const size_t where = study_farthest(s, theory);
    snprintf(key, sizeof key, "L = %zu, simulation against theory", s->parts.spectrum.L);
    panel_fact(f, key, "largest difference %.1f %% at alpha = %.4g",
               100 * fabs(s->mean[where] / theory[where] - 1), s->alpha[where]);
    study_agreement(f, s, 1, theory, 1e-7, key);
}

/* stop: how far it is simulated */
static void add_curve(figure *f, int colour, int L, double stop, const double *line,
                      double *eps_g) {
    double point[POINTS], theory[POINTS];
    study s;
    figure_grid(0.1, stop, POINTS, point);
    study_create(f, &s, figure_model(f, "erf", 2, 1024, L, 1, 0.1, 0.01));
    study_curve(f, &s, line, LINES, eps_g, NULL, NULL);
    panel_add(f, PLOT_LINE, colour, LINES, line, eps_g, NULL, "L = %d", L);
    study_simulate(f, &s,
                   !f->parsed->full && L <= SMALL_L ? ORDPAR_METHOD_OVERLAP : ORDPAR_METHOD_SGD,
                   RUNS, true, point, POINTS);
    study_curve(f, &s, point, POINTS, theory, NULL, NULL);
    if (!f->status)
        s.count = figure_visible(s.count, theory);
    study_points(f, &s, colour, colour == 1 ? "simulation, 5 runs" : "");
    note_deviation(f, &s, theory);
    study_clear(&s);
}

/* The window of the slowest and the fastest mode together, after the plateau. */
static void add_slope(figure *f, const double *line, const double *eps_g) {
    ordpar_power_law law;
    const ordpar_erf_site site = {2, M_SQRT1_2, 1, 1};
    const ordpar_scaling_window window = figure_6_window(f, 1024, 1, 0.1, &site, &law);
    size_t k = 0;
    while (k + 1 < LINES && line[k] < 30 * window.begin)
        k++;
    if (!f->status)
        panel_slope(f, line[k], window.end, eps_g[k], window.slope);
}

void figure_1(figure *f) {
    static const int L[CURVES] = {1, 4, 16, 64, 1024};
    static const double stop[CURVES] = {6000, 3000, 1000, 1000, 1000};
    double line[LINES], eps_g[LINES];
    figure_grid(0.1, 3e4, LINES, line);
    panel_begin(f, "figure1", "ε_g",
                "erf, K = M = 2, N = 1024, β = 1, η = 0.1, σ_J = 0.01, one start")
        ->key_low = true;
    panel_reduced(f, "not simulated to the end; for L ≤ 4 by overlaps");
    for (int k = 0; k < CURVES; k++)
        add_curve(f, k + 1, L[k], f->parsed->full ? 3e4 : stop[k], line, eps_g);
    add_slope(f, line, eps_g);
    panel_write(f);
}
