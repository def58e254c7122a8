// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 1: the plateau shortens with L and vanishes; the late decay becomes a power law. */
#include "cli/figures/figure.h"
#include "spectra/forms/erf_asymptotic.h"

#include <math.h>

enum { CURVES = 5, LINES = 241, SMALL_L = 4 };

/* stop: how far it is simulated. The equations are those of N to infinity: z also has what is left
 * at N, of relative size 1/N, more where L = N. */
static void add_curve(figure *f, int colour, int L, double stop, const double *line,
                      double *eps_g) {
    char key[64];
    study s;
    study_create(
        f, &s,
        figure_model(f, "activation=erf K=2 M=2 N=1024 L=%d beta=1 eta=0.1 sigma-j=0.01", L));
    study_curve(f, &s, line, LINES, eps_g);
    panel_add(f, PLOT_LINE, colour, LINES, line, eps_g, NULL, "L = %d", L);
    snprintf(key, sizeof key, "L = %d, simulation against theory", L);
    const bool overlaps = !f->parsed->full && L <= SMALL_L;
    const sample how = {.method = overlaps ? ORDPAR_METHOD_OVERLAP : ORDPAR_METHOD_SGD,
                        .runs = 5,
                        .one_start = true,
                        .from = 0.1,
                        .to = stop,
                        .points = 19,
                        .colour = colour,
                        .title = colour == 1 ? "simulation, 5 runs" : "",
                        .against = key};
    study_sample(f, &s, &how);
    study_points(f, &s, &how);
    if (!f->status) {
        const size_t where = study_farthest(&s, s.theory);
        panel_fact(f, key, "largest difference %.1f %% at alpha = %.4g",
                   100 * fabs(s.mean[where] / s.theory[where] - 1), s.alpha[where]);
    }
    study_clear(&s);
}

/* The window of the slowest and the fastest mode together, after the plateau. */
static void add_slope(figure *f, const double *line, const double *eps_g) {
    ordpar_power_law law;
    FIGURE_TRY(f, ordpar_power_law_init(1024, 1, &law, &f->err));
    if (f->status)
        return;
    const ordpar_erf_site site = {2, M_SQRT1_2, 1, 1};
    const ordpar_scaling_window window = ordpar_erf_window(&law, &site, 0.1);
    panel_slope_from(f, 30 * window.begin, LINES, line, eps_g, &window);
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
