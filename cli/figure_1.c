// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 1: the plateau shortens with L and vanishes; the late decay becomes a power law. */
#include "figure.h"

#include "erf_asymptotic.h"

#include <math.h>

enum { CURVES = 5, LINES = 241, POINTS = 19, RUNS = 5, SMALL_L = 4 };

static const int64_t eigenvalues[CURVES] = {1, 4, 16, 64, 1024};

/* How far each curve is simulated. */
static const double reduced_stop[CURVES] = {6000, 3000, 1000, 1000, 1000};
static const double full_stop = 30000;

/* z of the points, and the largest |simulation / theory - 1|. The equations are those of N to
 * infinity: z also has what is left at N, of relative size 1/N, more where L = N. */
static int note_deviation(const figure *f, panel *p, study *s, const double *theory) {
    double largest = 0;
    size_t where = 0;
    char key[64];
    for (size_t k = 0; k < s->count; k++)
        if (fabs(s->mean[k] / theory[k] - 1) > largest) {
            largest = fabs(s->mean[k] / theory[k] - 1);
            where = k;
        }
    snprintf(key, sizeof key, "L = %zu, simulation against theory", s->m.spectrum.L);
    panel_fact(p, key, "largest difference %.1f %% at alpha = %.4g", 100 * largest,
               s->alpha[where]);
    return study_agreement(f, p, s, 1, theory, 1e-7, key);
}

static int add_curve(figure *f, panel *p, size_t number, const double *line, double *eps_g) {
    const options o = figure_options(f, "erf", 2, 1024, eigenvalues[number], 1, 0.1, 0.01);
    const double stop = f->parsed->full ? full_stop : reduced_stop[number];
    const ordpar_method method =
        !f->parsed->full && o.L <= SMALL_L ? ORDPAR_METHOD_OVERLAP : ORDPAR_METHOD_SGD;
    const int colour = (int)number + 1;
    double point[POINTS], theory[POINTS];
    study s;
    int result = study_create(f, &o, &s);
    if (result < 0)
        result = study_curve(f, &s, line, LINES, eps_g, NULL, NULL);
    if (result < 0)
        panel_add(p, PLOT_LINE, colour, LINES, line, eps_g, NULL, "L = %lld",
                  (long long)eigenvalues[number]);
    figure_grid(0.1, stop, POINTS, point);
    if (result < 0)
        result = study_simulate(f, &s, method, RUNS, true, point, POINTS, NULL, NULL);
    if (result < 0)
        result = study_curve(f, &s, point, POINTS, theory, NULL, NULL);
    if (result < 0) {
        s.count = figure_visible(s.count, theory);
        panel_add(p, PLOT_POINTS, colour, s.count, point, s.mean, s.error, "%s",
                  number == 0 ? "simulation, 5 runs" : "");
        result = note_deviation(f, p, &s, theory);
    }
    study_clear(&s);
    return result;
}

/* The window of the slowest and the fastest mode together, after the plateau. */
static int add_slope(const figure *f, panel *p, const double *line, const double *eps_g) {
    ordpar_power_law law;
    ordpar_error err;
    const int result = figure_check(f, ordpar_power_law_init(1024, 1, &law, &err), &err);
    if (result >= 0)
        return result;
    const ordpar_erf_site site = {2, M_SQRT1_2, 1};
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    ordpar_scaling_window window = ordpar_linear_window(&law, 0.1 * c.plus, 1);
    window.begin = ordpar_linear_window(&law, 0.1 * c.minus, 1).begin;
    size_t k = 0;
    while (k + 1 < LINES && line[k] < 30 * window.begin)
        k++;
    panel_slope(p, line[k], window.end, eps_g[k], window.slope);
    return -1;
}

int figure_1(figure *f) {
    double line[LINES], eps_g[LINES];
    figure_grid(0.1, 3e4, LINES, line);
    panel *p = panel_begin(f, "figure1", "ε_g",
                           "erf, K = M = 2, N = 1024, β = 1, η = 0.1, σ_J = 0.01, one start");
    if (!p)
        return EXIT_FAILED;
    p->key_low = true;
    if (!f->parsed->full)
        panel_reduced(p, "not simulated to the end; for L ≤ 4 by overlaps");
    int result = -1;
    for (size_t k = 0; k < CURVES && result < 0; k++)
        result = add_curve(f, p, k, line, eps_g);
    if (result < 0)
        result = add_slope(f, p, line, eps_g);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}
