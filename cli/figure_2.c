// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 2, linear units. Left: all orders in eta beside the lowest one. Right: the power law. */
#include "figure.h"

#include "linear.h"
#include "linear_reduction.h"

#include <math.h>
#include <stdlib.h>

/* The paper's L on the left is not known. At L = N = 128 and this eta the mean over runs is made by
 * rare ones, and no simulation finds it; 16 eigenvalues are far from that. */
enum { LINES = 241, POINTS = 19, LEFT_L = 16 };

/* The network as one unit, from the mean start. */
static int reduce(const figure *f, const study *s, double *eta, double *error, double *errors) {
    ordpar_error err;
    *eta = ordpar_linear_effective_eta(&s->m.network);
    const ordpar_status status = ordpar_linear_mean_error(&s->m.network, ORDPAR_INIT_SAMPLED,
                                                          s->parsed.sigma_J, error, &err);
    for (size_t b = 0; b < s->m.spectrum.L && !status; b++)
        errors[b] = *error;
    return figure_check(f, status, &err);
}

static int window_of(const figure *f, const study *s, double eta, double error,
                     ordpar_power_law *law, ordpar_scaling_window *window) {
    ordpar_error err;
    const ordpar_status status = ordpar_power_law_init(s->parsed.L, s->parsed.beta, law, &err);
    if (!status)
        *window = ordpar_linear_window(law, eta, error);
    return figure_check(f, status, &err);
}

static int fill_left(figure *f, study *s, panel *p) {
    double line[LINES], exact[LINES], small[LINES], mean[LINES], point[POINTS], theory[POINTS];
    double errors[LEFT_L], eta, error;
    ordpar_power_law law;
    ordpar_scaling_window window;
    ordpar_error err;
    const bool full = f->parsed->full;
    const double stop = 30;
    int result;
    figure_grid(0.01, stop, LINES, line);
    figure_grid(0.05, stop, POINTS, point);
    if ((result = reduce(f, s, &eta, &error, errors)) >= 0 ||
        (result = window_of(f, s, eta, error, &law, &window)) >= 0 ||
        (result = figure_check(f,
                               ordpar_linear_exact(&s->m.spectrum, eta, 0, s->m.trained_blocks,
                                                   errors, line, LINES, exact, &err),
                               &err)) >= 0 ||
        (result = figure_check(f,
                               ordpar_linear_small_eta(&s->m.spectrum, eta, s->m.trained_blocks,
                                                       errors, line, LINES, small, &err),
                               &err)) >= 0 ||
        (result = study_finite_n(f, s, line, LINES, mean)) >= 0 ||
        (result = study_finite_n(f, s, point, POINTS, theory)) >= 0 ||
        (result = study_simulate(f, s, ORDPAR_METHOD_SGD, full ? 1000 : 100, false, point, POINTS,
                                 NULL, NULL)) >= 0 ||
        (result = study_agreement(f, p, s, 1, theory, 1e-11,
                                  "simulation against the exact mean at finite N")) >= 0)
        return result;
    panel_add(p, PLOT_LINE, 1, LINES, line, exact, NULL, "all orders in η, N → ∞ (Eq. 6)");
    panel_add(p, PLOT_LINE, 2, LINES, line, small, NULL, "lowest order in η (Eq. 8)");
    panel_add(p, PLOT_LINE, 3, LINES, line, mean, NULL, "exact mean at N = 128");
    panel_add(p, PLOT_POINTS, 7, POINTS, point, s->mean, s->error, "simulation, %zu runs", s->runs);
    panel_slope(p, window.begin, window.end < stop ? window.end : stop, small[0], window.slope);
    panel_fact(
        p, "all orders against the lowest",
        "Eq. 6 / Eq. 8 = %.3f at alpha = %.2g (predicted in the power law: 1/(1 - η/2) = %.3f)",
        exact[LINES / 2] / small[LINES / 2], line[LINES / 2], 1 / (1 - eta / 2));
    return -1;
}

static int left(figure *f) {
    const options o = figure_options(f, "linear", 1, 128, LEFT_L, 1, 1, 1);
    study s;
    panel *p = panel_begin(f, "figure2-left", "ε_g",
                           "linear, K = M = 1, N = 128, L = 16, β = 1, η = 1, "
                           "σ_J = 1");
    if (!p)
        return EXIT_FAILED;
    if (!f->parsed->full)
        panel_reduced(p, "100 runs instead of 1000");
    int result = study_create(f, &o, &s);
    if (result < 0)
        result = fill_left(f, &s, p);
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

static int fill_right(figure *f, study *s, panel *p) {
    double line[LINES], continuum[LINES], mean[LINES], point[POINTS], theory[POINTS];
    double errors[1024], eta, error;
    ordpar_power_law law;
    ordpar_scaling_window window;
    ordpar_error err;
    const double stop = f->parsed->full ? 2e4 : 400;
    int result;
    figure_grid(0.01, 2e4, LINES, line);
    figure_grid(0.05, stop, POINTS, point);
    if ((result = reduce(f, s, &eta, &error, errors)) >= 0 ||
        (result = window_of(f, s, eta, error, &law, &window)) >= 0 ||
        (result = figure_check(
             f, ordpar_linear_continuum(&law, eta, error, line, LINES, continuum, &err), &err)) >=
            0 ||
        (result = study_finite_n(f, s, line, LINES, mean)) >= 0 ||
        (result = study_finite_n(f, s, point, POINTS, theory)) >= 0 ||
        (result = study_simulate(f, s, ORDPAR_METHOD_SGD, 15, false, point, POINTS, NULL, NULL)) >=
            0 ||
        (result = study_agreement(f, p, s, 1, theory, 1e-11,
                                  "simulation against the exact mean at finite N")) >= 0)
        return result;
    panel_add(p, PLOT_LINE, 1, LINES, line, continuum, NULL, "continuum (Eq. 9)");
    panel_add(p, PLOT_LINE, 2, LINES, line, mean, NULL, "exact mean at N = L = 1024");
    panel_add(p, PLOT_POINTS, 7, POINTS, point, s->mean, s->error, "simulation, 15 runs");
    panel_slope(p, window.begin, window.end, window.amplitude * pow(window.begin, window.slope),
                window.slope);
    const double tail = ordpar_linear_tail(&law, error);
    figure_slope(p, LINES, line, continuum, &window, tail, "slope of Eq. 9");
    figure_slope(p, LINES, line, mean, &window, tail, "slope of the exact mean");
    study_slope(s, p, &window, tail, "slope of the simulation");
    panel_completed(p, LINES, line, continuum, &window, tail);
    return -1;
}

static int right(figure *f) {
    const options o = figure_options(f, "linear", 1, 1024, 1024, 0.75, 0.01, 0.01);
    study s;
    panel *p = panel_begin(f, "figure2-right", "ε_g",
                           "linear, K = M = 1, N = L = 1024, β = 0.75, "
                           "η = 0.01, σ_J = 0.01");
    if (!p)
        return EXIT_FAILED;
    if (!f->parsed->full)
        panel_reduced(p, "simulated up to α = 400 instead of 20000");
    int result = study_create(f, &o, &s);
    if (result < 0)
        result = fill_right(f, &s, p);
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

int figure_2(figure *f) {
    const int result = left(f);
    return result < 0 ? right(f) : result;
}
