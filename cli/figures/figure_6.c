// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 6: the specialised phase of erf networks. Left: many units, figure_6_left.c. Right: the
 * exponent for several beta. */
#include "cli/figures/figure_6.h"

#include <math.h>
#include <stdlib.h>

enum { LINES = 161, POINTS = 13, BETAS = 4, RUNS = 5 };

static const double eta = 0.1, sigma_J = 0.01;

ordpar_erf_site figure_6_site(const figure *f, const study *s) {
    const ordpar_network *n = &s->parts.network;
    return f->status ? (ordpar_erf_site){1, 1, 1, 1}
                     : (ordpar_erf_site){n->M, n->v[0],
                                         ordpar_spectrum_teacher_moment(&s->parts.spectrum, 1),
                                         ordpar_spectrum_moment(&s->parts.spectrum, 1)};
}

ordpar_scaling_window figure_6_window(figure *f, double L, double beta, double rate,
                                      const ordpar_erf_site *site, ordpar_power_law *law) {
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    *law = (ordpar_power_law){1, 1, 1, 0};
    FIGURE_TRY(f, ordpar_power_law_init((int64_t)L, beta, law, &f->err));
    ordpar_scaling_window window = ordpar_linear_window(law, rate * c.plus, 1);
    window.begin = ordpar_linear_window(law, rate * c.minus, 1).begin;
    return window;
}

void figure_6_slope(figure *f, size_t count, const double *alpha, const double *eps_g,
                    const ordpar_scaling_window *window) {
    size_t k = 0;
    while (k + 1 < count && alpha[k] < window->begin)
        k++;
    if (!f->status && alpha[k] < window->end)
        panel_slope(f, alpha[k], window->end, eps_g[k], window->slope);
}

/* curves: scratch, [LINES][RUNS] */
static void add_beta(figure *f, int colour, double N, double beta, double stop, double *curves) {
    double line[LINES], point[POINTS], mean[LINES];
    char what[96];
    study s;
    ordpar_power_law law;
    figure_grid(0.01, 1e5, LINES, line);
    figure_grid(0.1, stop, POINTS, point);
    ordpar_model *model = figure_model(f, "erf", 2, N, N, beta, eta, sigma_J);
    FIGURE_TRY(f, ordpar_model_set_text(model, "init", "near-teacher", &f->err));
    study_create(f, &s, model);
    const ordpar_erf_site site = figure_6_site(f, &s);
    const ordpar_scaling_window window = figure_6_window(f, N, beta, eta, &site, &law);
    study_each_curve(f, &s, line, LINES, RUNS, curves, mean);
    study_simulate(f, &s, ORDPAR_METHOD_SGD, RUNS, false, point, POINTS);
    panel_add(f, PLOT_LINE, colour, LINES, line, mean, NULL, "β = %g", beta);
    study_points(f, &s, colour, colour == 1 ? "simulation" : "");
    figure_6_slope(f, LINES, line, mean, &window);
    study_each_curve(f, &s, point, POINTS, RUNS, curves, mean);
    snprintf(what, sizeof what, "beta = %g, simulation against the equations", beta);
    study_agreement(f, &s, RUNS, curves, 1e-7, what);
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
    const ordpar_scaling_window window = figure_6_window(f, 1 << 20, beta, eta, &site, &law);
    figure_grid(window.begin, window.end, LINES, alpha);
    FIGURE_TRY(f, ordpar_erf_asymptotic_continuum(&law, &site, eta, sigma_J, alpha, LINES, eps_g,
                                                  &f->err));
    snprintf(what, sizeof what, "beta = %g, slope of the continuum form at L = 2^20", beta);
    figure_slope(f, LINES, alpha, eps_g, &window,
                 ordpar_linear_tail(&law, sigma_J * sigma_J * trace), what);
}

static void right(figure *f) {
    static const double betas[BETAS] = {0.25, 0.5, 1, 2};
    const int N = f->parsed->full ? 512 : 128;
    double *curves = figure_numbers(f, LINES * RUNS);
    panel_begin(f, "figure6-right", "ε_g",
                "erf, K = M = 2, N = L = %d, η = 0.1, J = B + 0.01 noise, 5 runs", N)
        ->key_low = true;
    panel_reduced(f, "N = 128 instead of 512");
    for (int k = 0; k < BETAS; k++) {
        add_beta(f, k + 1, N, betas[k], f->parsed->full ? 1e4 : 1e3, curves);
        note_slope(f, betas[k]);
    }
    free(curves);
    panel_write(f);
}

void figure_6(figure *f) {
    figure_6_near(f);
    figure_6_random(f);
    right(f);
}
