// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 6: the specialised phase of erf networks. Left: many units, figure_6_left.c. Right: the
 * exponent for several beta. */
#include "figure_6.h"

#include "erf_asymptotic.h"

#include <math.h>
#include <stdlib.h>

enum { LINES = 161, POINTS = 13, BETAS = 4, RUNS = 5 };

static ordpar_erf_site site_of(const study *s) {
    return (ordpar_erf_site){s->m.network.M, s->m.network.v[0],
                             ordpar_spectrum_moment(&s->m.spectrum, 1)};
}

int figure_6_window(const figure *f, const study *s, ordpar_power_law *law,
                    ordpar_scaling_window *window) {
    ordpar_error err;
    const ordpar_erf_site site = site_of(s);
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    const int result =
        figure_check(f, ordpar_power_law_init(s->parsed.L, s->parsed.beta, law, &err), &err);
    if (result >= 0)
        return result;
    *window = ordpar_linear_window(law, s->parsed.eta * c.plus, 1);
    window->begin = ordpar_linear_window(law, s->parsed.eta * c.minus, 1).begin;
    return -1;
}

int figure_6_closed_form(const figure *f, const study *s, const double *alpha, size_t count,
                         double *eps_g) {
    ordpar_error err;
    const ordpar_erf_site site = site_of(s);
    return figure_check(f,
                        ordpar_erf_asymptotic(&s->m.spectrum, &site, s->parsed.eta,
                                              s->parsed.sigma_J, 0, alpha, count, eps_g, &err),
                        &err);
}

void figure_6_slope(panel *p, size_t count, const double *alpha, const double *eps_g,
                    const ordpar_scaling_window *window) {
    size_t k = 0;
    while (k + 1 < count && alpha[k] < window->begin)
        k++;
    if (alpha[k] < window->end)
        panel_slope(p, alpha[k], window->end, eps_g[k], window->slope);
}

static int add_beta(figure *f, const options *o, study *s, panel *p, int colour, double stop) {
    double line[LINES], point[POINTS], mean[LINES], *curves;
    char what[96];
    ordpar_power_law law;
    ordpar_scaling_window window;
    figure_grid(0.01, 1e5, LINES, line);
    figure_grid(0.1, stop, POINTS, point);
    int result = study_create(f, o, s);
    if (result >= 0 || (result = figure_6_window(f, s, &law, &window)) >= 0)
        return result;
    if (!(curves = malloc(LINES * RUNS * sizeof *curves)))
        return failure(f->parsed, "out of memory for %d curves", RUNS);
    if ((result = study_each_curve(f, s, line, LINES, RUNS, curves, mean)) < 0 &&
        (result = study_simulate(f, s, ORDPAR_METHOD_SGD, RUNS, false, point, POINTS, NULL, NULL)) <
            0) {
        panel_add(p, PLOT_LINE, colour, LINES, line, mean, NULL, "β = %g", o->beta);
        panel_add(p, PLOT_POINTS, colour, POINTS, point, s->mean, s->error, "%s",
                  colour == 1 ? "simulation" : "");
        figure_6_slope(p, LINES, line, mean, &window);
        result = study_each_curve(f, s, point, POINTS, RUNS, curves, mean);
    }
    snprintf(what, sizeof what, "beta = %g, simulation against the equations", o->beta);
    if (result < 0)
        result = study_agreement(f, p, s, RUNS, curves, 1e-7, what);
    free(curves);
    return result;
}

/* The measured slope is that of the closed form, whose teacher is self-averaging, at a size where
 * the window is wide. */
static int note_slope(const figure *f, panel *p, double beta) {
    double alpha[LINES], eps_g[LINES];
    char what[64];
    options o = figure_options(f, "erf", 2, 1 << 20, 1 << 20, beta, 0.1, 0.01);
    study s = {.parsed = o};
    ordpar_power_law law;
    ordpar_scaling_window window;
    ordpar_error err;
    int result = model_prepare(&o, &s.m);
    if (result < 0)
        result = figure_6_window(f, &s, &law, &window);
    const ordpar_erf_site site = {2, M_SQRT1_2, 1};
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    if (result < 0) {
        figure_grid(window.begin, window.end, LINES, alpha);
        result = figure_check(f,
                              ordpar_erf_asymptotic_continuum(&law, &site, o.eta, o.sigma_J, alpha,
                                                              LINES, eps_g, &err),
                              &err);
    }
    if (result < 0) {
        const double trace = c.plus + c.minus; /* of C: the weight of all modes together */
        snprintf(what, sizeof what, "beta = %g, slope of the continuum form at L = 2^20", beta);
        figure_slope(p, LINES, alpha, eps_g, &window,
                     ordpar_linear_tail(&law, o.sigma_J * o.sigma_J * trace), what);
    }
    model_clear(&s.m);
    return result;
}

static int right(figure *f) {
    static const double betas[BETAS] = {0.25, 0.5, 1, 2};
    const int64_t N = f->parsed->full ? 512 : 128;
    panel *p = panel_begin(f, "figure6-right", "ε_g",
                           "erf, K = M = 2, N = L = %lld, η = 0.1, J = B + 0.01 noise, 5 runs",
                           (long long)N);
    if (!p)
        return EXIT_FAILED;
    p->key_low = true;
    if (N < 512)
        panel_reduced(p, "N = 128 instead of 512");
    int result = -1;
    for (int k = 0; k < BETAS && result < 0; k++) {
        options o = figure_options(f, "erf", 2, N, N, betas[k], 0.1, 0.01);
        o.init = ORDPAR_INIT_NEAR_TEACHER;
        study s = {0};
        result = add_beta(f, &o, &s, p, k + 1, f->parsed->full ? 1e4 : 1e3);
        study_clear(&s);
        if (result < 0)
            result = note_slope(f, p, betas[k]);
    }
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

int figure_6(figure *f) {
    int result = figure_6_near(f);
    if (result < 0)
        result = figure_6_random(f);
    return result < 0 ? right(f) : result;
}
