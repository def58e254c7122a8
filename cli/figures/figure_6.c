// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 6: the specialised phase of erf networks. Left: many units, figure_6_left.c. Right: the
 * exponent for several beta. */
#include "cli/figures/figure_6.h"
#include "spectra/forms/erf_asymptotic.h"
#include "validation/compare/statistics.h"

#include <math.h>

enum { LINES = 161, BETAS = 4, RUNS = 5 };

static const double eta = 0.1, sigma_J = 0.01;

void figure_6_slope(figure *f, const study *s, size_t count, const double *alpha,
                    const double *eps_g) {
    const ordpar_values *v = &s->model->value;
    const ordpar_network *n = &s->parts.network;
    ordpar_power_law law;
    FIGURE_TRY(f, ordpar_power_law_init(v->L, v->beta, &law, &f->err));
    if (f->status)
        return;
    const ordpar_spectrum *spectrum = &s->parts.spectrum;
    const ordpar_erf_site site = {n->M, n->v[0], ordpar_spectrum_teacher_moment(spectrum, 1),
                                  ordpar_spectrum_moment(spectrum, 1)};
    const ordpar_scaling_window window = ordpar_erf_window(&law, &site, n->eta);
    panel_slope_from(f, window.begin, count, alpha, eps_g, &window);
}

static void add_beta(figure *f, int colour, int N, double beta) {
    double line[LINES], mean[LINES], curves[LINES * RUNS];
    char what[96];
    study s;
    const sample how = {.runs = RUNS,
                        .from = 0.1,
                        .to = f->parsed->full ? 1e4 : 1e3,
                        .points = 13,
                        .colour = colour,
                        .title = colour == 1 ? "simulation" : "",
                        .against = what};
    snprintf(what, sizeof what, "beta = %g, simulation against the equations", beta);
    figure_grid(0.01, 1e5, LINES, line);
    study_create(f, &s,
                 figure_model(f,
                              "activation=erf K=2 M=2 N=%d L=%d beta=%g eta=0.1 sigma-j=0.01 "
                              "init=near-teacher",
                              N, N, beta));
    study_theory(f, &s, line, LINES, RUNS, curves);
    for (size_t k = 0; k < LINES && !f->status; k++)
        mean[k] = ordpar_summarize(curves + k * RUNS, RUNS).mean;
    study_sample(f, &s, &how);
    panel_add(f, PLOT_LINE, colour, LINES, line, mean, NULL, "β = %g", beta);
    study_points(f, &s, &how);
    figure_6_slope(f, &s, LINES, line, mean);
    study_clear(&s);
}

/* The measured slope is that of the closed form, whose teacher is self-averaging, at a size where
 * the window is wide. */
static void note_slope(figure *f, double beta) {
    double alpha[LINES], eps_g[LINES];
    char what[64];
    ordpar_power_law law;
    const ordpar_erf_site site = {2, M_SQRT1_2, 1, 1};
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    const double trace = c.plus + c.minus; /* of C: the weight of all modes together */
    FIGURE_TRY(f, ordpar_power_law_init(1 << 20, beta, &law, &f->err));
    if (f->status)
        return;
    const ordpar_scaling_window window = ordpar_erf_window(&law, &site, eta);
    figure_grid(window.begin, window.end, LINES, alpha);
    FIGURE_TRY(f, ordpar_erf_asymptotic_continuum(&law, &site, eta, sigma_J, alpha, LINES, eps_g,
                                                  &f->err));
    snprintf(what, sizeof what, "beta = %g, slope of the continuum form at L = 2^20", beta);
    figure_slope(f, LINES, alpha, eps_g, NULL, &window,
                 ordpar_linear_tail(&law, sigma_J * sigma_J * trace), what);
}

static void right(figure *f) {
    static const double betas[BETAS] = {0.25, 0.5, 1, 2};
    const int N = f->parsed->full ? 512 : 128;
    panel_begin(f, "figure6-right", "ε_g",
                "erf, K = M = 2, N = L = %d, η = 0.1, J = B + 0.01 noise, 5 runs", N)
        ->key_low = true;
    panel_reduced(f, "N = 128 instead of 512");
    for (int k = 0; k < BETAS; k++) {
        add_beta(f, k + 1, N, betas[k]);
        note_slope(f, betas[k]);
    }
    panel_write(f);
}

void figure_6(figure *f) {
    figure_6_near(f);
    figure_6_random(f);
    right(f);
}
