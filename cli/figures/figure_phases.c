// SPDX-License-Identifier: GPL-3.0-or-later
/* Not of the paper: the phases of learning where the teacher decays. How fast curves fall, and the
 * compute-optimal frontier. */
#include "cli/figures/figure.h"

#include "cli/output/progress.h"
#include "solver/plateau/measure.h"
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear_critical.h"

#include <math.h>
#include <stdlib.h>

enum { BETAS = 3, MOST_ZETAS = 13, LINES = 81, ROWS = 15 };

static const double betas[BETAS] = {0.5, 1, 2}, last_zeta = 4;

/* Units whose curves are measured: the learning rate is small where the source limits, and large
 * where noise does, so that the other part is gone. */
typedef struct {
    const char *activation;
    size_t units;
    double eta, noisy_eta;
} kind;

/* One curve: its window at lowest order in eta, and what is beyond L. */
typedef struct {
    ordpar_power_law law;
    ordpar_scaling_window window;
    double tail;
} prospect;

static prospect prospect_of(figure *f, const kind *of, int L, double beta, double zeta, double eta,
                            bool all_orders) {
    const bool linear = of->units == 1;
    const ordpar_erf_site site = {of->units, 1 / sqrt((double)of->units), 1, 1};
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    prospect p = {.tail = 0};
    FIGURE_TRY(f, ordpar_power_law_init(L, beta, &p.law, &f->err));
    p.law.zeta = zeta;
    if (f->status)
        return p;
    const double critical = linear ? 2 : ordpar_erf_critical_eta(&site); /* of the trace N */
    const double weight = linear ? 1 : c.plus + ((double)of->units - 1) * c.minus;
    p.window =
        linear ? ordpar_linear_window(&p.law, eta, 0) : ordpar_erf_window(&p.law, &site, eta);
    p.tail = ordpar_linear_tail(&p.law, weight * ordpar_power_law_teacher(&p.law)) /
             (all_orders ? 1 - eta / critical : 1);
    return p;
}

/* How steeply eps_g + tail falls between 0.65 and 0.75 of the window's logarithm. */
static double measure(figure *f, const kind *of, int L, double beta, double zeta, bool all_orders) {
    const double eta = all_orders && zeta > 1 + beta ? of->noisy_eta : of->eta;
    const prospect p = prospect_of(f, of, L, beta, zeta, eta, all_orders);
    const double width = p.window.end / p.window.begin;
    double alpha[ROWS], eps_g[ROWS];
    ordpar_slope_measure m = {.slope = NAN};
    study s;
    study_create(f, &s,
                 figure_model(f,
                              "activation=%s K=%zu M=%zu N=%zu L=%d beta=%g teacher-decay=%g "
                              "eta=%g sigma-j=1e-8 teacher=mean rtol=1e-7 atol=1e-30 small-eta=%s",
                              of->activation, of->units, of->units, of->units * (size_t)L, L, beta,
                              zeta, eta, all_orders ? "no" : "yes"));
    figure_grid(p.window.begin * pow(width, 0.65), p.window.begin * pow(width, 0.75), ROWS, alpha);
    study_curve(f, &s, alpha, ROWS, eps_g);
    for (size_t k = 0; k < ROWS && !f->status; k++)
        eps_g[k] += p.tail;
    FIGURE_TRY(f,
               ordpar_measure_exponent(ROWS, alpha, eps_g, alpha[0], alpha[ROWS - 1], &m, &f->err));
    study_clear(&s);
    return -m.slope;
}

static void add_line(figure *f, int colour, double beta, bool all_orders, const char *title) {
    double zeta[LINES], y[LINES];
    for (size_t k = 0; k < LINES; k++) {
        const ordpar_power_law law = {1, 1, beta, zeta[k] = last_zeta * (double)k / (LINES - 1)};
        y[k] = -ordpar_power_law_slope(&law, all_orders);
    }
    panel_add(f, all_orders ? PLOT_LINE : PLOT_GUIDE, colour, LINES, zeta, y, NULL, "%s", title);
}

/* Both orders at one beta: points, lines, and where they are farthest from each other. */
static void add_beta(figure *f, const kind *of, int L, size_t zetas, int number) {
    const double beta = betas[number];
    char title[64];
    for (int all_orders = 1; all_orders >= 0; all_orders--) {
        double zeta[MOST_ZETAS], y[MOST_ZETAS], off[MOST_ZETAS];
        size_t worst = 0;
        for (size_t k = 0; k < zetas; k++) {
            const ordpar_power_law law = {1, 1, beta,
                                          zeta[k] = last_zeta * (double)k / (double)(zetas - 1)};
            y[k] = measure(f, of, L, beta, zeta[k], all_orders);
            off[k] = y[k] + ordpar_power_law_slope(&law, all_orders);
            worst = fabs(off[k]) > fabs(off[worst]) ? k : worst;
        }
        snprintf(title, sizeof title, "β = %g, all orders", beta);
        add_line(f, all_orders ? number + 1 : 0, beta, all_orders,
                 all_orders ? title
                 : number   ? ""
                            : "lowest order: (β + ζ)/(1 + β)");
        panel_add(f, PLOT_POINTS, all_orders ? number + 1 : BETAS + 1, zetas, zeta, y, NULL, "%s",
                  number       ? ""
                  : all_orders ? "measured, all orders"
                               : "measured, lowest order");
        if (!f->status)
            panel_fact(
                f, all_orders ? "all orders in eta" : "lowest order in eta",
                "beta = %g: farthest from theory at zeta = %g, %.4f measured, %.4f predicted", beta,
                zeta[worst], y[worst], y[worst] - off[worst]);
    }
}

static void slopes(figure *f, const char *name, const kind *of) {
    const int L = f->parsed->full ? 4096 : 2048;
    panel *p = panel_begin(f, name, "exponent of ε_g", "%s, K = M = %zu, L = %d, σ_J = 10^{-8}",
                           of->activation, of->units, L);
    p->x_label = "ζ of the teacher";
    p->x_linear = p->y_linear = true;
    panel_reduced(f, "L = 2048 instead of 4096, 5 instead of 9 values of ζ");
    for (int k = 0; k < BETAS; k++)
        add_beta(f, of, L, f->parsed->full ? 9 : 5, k);
    panel_write(f);
}

/* ---- the frontier ---- */

enum { COMPUTES = 21, FRONTIERS = 3 }; /* COMPUTES - 1 divides LINES - 1 */

/* At one zeta: the search at both orders, and the laws at all orders. */
typedef struct {
    double compute[COMPUTES], trained[2][COMPUTES], eps_g[2][COMPUTES]; /* N_l / C^(1/3) */
    double line[LINES], law_trained[LINES], law_eps_g[LINES];
    double exponent; /* of the law at lowest order */
} frontier;

/* The law of the phase: a power law of C, or that of the noise. */
static ordpar_frontier_point law_at(const prospect *p, const ordpar_spectrum *s, double eta,
                                    double compute) {
    const double margin = ordpar_linear_margin(s, s->L, eta);
    double started = 0;
    for (size_t b = s->L; b-- > 0;)
        started += s->p[b] * s->c[b];
    if (p->law.zeta > 1 + p->law.beta)
        return ordpar_linear_frontier_noise_law(&p->law, s->N, eta, s->c[0], started, margin,
                                                compute);
    const ordpar_frontier_law law =
        ordpar_linear_frontier_law(&p->law, s->N, eta, s->c[0] / margin);
    return (ordpar_frontier_point){.trained =
                                       law.trained_amplitude * pow(compute, law.trained_exponent),
                                   .eps_g = law.amplitude * pow(compute, law.exponent)};
}

static void search(figure *f, const ordpar_spectrum *s, const prospect *p, double eta,
                   frontier *out) {
    ordpar_frontier_point points[2][COMPUTES];
    const ordpar_frontier_law lowest = ordpar_linear_frontier_law(&p->law, s->N, eta, s->c[0]);
    const double tails[] = {lowest.tail, p->tail};
    figure_grid(30 * lowest.begin, lowest.end, COMPUTES, out->compute);
    figure_grid(30 * lowest.begin, lowest.end, LINES, out->line);
    FIGURE_TRY(f, ordpar_linear_frontier(s, eta, s->c, out->compute, COMPUTES, points[0], &f->err));
    FIGURE_TRY(f, ordpar_linear_frontier_all_orders(s, eta, 0, s->c, out->compute, COMPUTES,
                                                    &interrupted, points[1], &f->err));
    for (int order = 0; order < 2 && !f->status; order++)
        for (size_t k = 0; k < COMPUTES; k++) {
            out->trained[order][k] = points[order][k].trained / cbrt(out->compute[k]);
            out->eps_g[order][k] = points[order][k].eps_g + tails[order];
        }
    for (size_t k = 0; k < LINES && !f->status; k++) {
        const ordpar_frontier_point at = law_at(p, s, eta, out->line[k]);
        out->law_trained[k] = at.trained / cbrt(out->line[k]);
        out->law_eps_g[k] = at.eps_g;
    }
    out->exponent = lowest.exponent;
}

static void find_frontier(figure *f, int L, double zeta, frontier *out) {
    static const kind linear = {"linear", 1, 0.3, 0.3};
    study s;
    study_create(f, &s,
                 figure_model(f,
                              "activation=linear K=1 M=1 N=%d L=%d beta=1 teacher-decay=%g eta=%g "
                              "sigma-j=0 teacher=mean",
                              L, L, zeta, linear.eta));
    const prospect p = prospect_of(f, &linear, L, 1, zeta, linear.eta, true);
    if (!f->status)
        search(f, &s.parts.spectrum, &p, linear.eta, out);
    study_clear(&s);
}

static void note_frontier(figure *f, double zeta, const frontier *of) {
    double off = 0;
    ordpar_slope_measure m = {.rows = 0};
    const size_t from = COMPUTES / 4, to = 3 * COMPUTES / 4; /* the middle half */
    FIGURE_TRY(f, ordpar_measure_exponent(COMPUTES, of->compute, of->eps_g[1], of->compute[from],
                                          of->compute[to], &m, &f->err));
    if (f->status)
        return;
    for (size_t k = from; k <= to; k++) {
        const size_t at = k * (LINES - 1) / (COMPUTES - 1);
        off = fmax(off, fabs(of->eps_g[1][k] / of->law_eps_g[at] - 1));
    }
    panel_fact(f, "all orders in eta",
               "zeta = %g: exponent %.4f in the middle half, %.4f at lowest order; at most %.1f %% "
               "off the law there",
               zeta, m.slope, of->exponent, 100 * off);
}

/* The panel of eps_g, or of N_l / C^(1/3), which is constant at lowest order. */
static void draw_frontier(figure *f, const char *name, int L, const double *zetas,
                          const frontier *all, bool trained) {
    panel *p =
        panel_begin(f, name, trained ? "best N_l / C^{1/3}" : "least ε_g, with what is beyond L",
                    "linear, β = 1, η = 0.3, N = L = %d: the best number of features", L);
    p->x_label = "compute C = α N_l";
    p->y_linear = trained;
    p->key_low = !trained;
    panel_reduced(f, "N = 512 instead of 1024");
    for (int k = 0; k < FRONTIERS; k++) {
        const frontier *of = &all[k];
        panel_add(f, PLOT_LINE, k + 1, LINES, of->line, trained ? of->law_trained : of->law_eps_g,
                  NULL, "ζ = %g, law", zetas[k]);
        panel_add(f, PLOT_POINTS, k + 1, COMPUTES, of->compute,
                  trained ? of->trained[1] : of->eps_g[1], NULL, "%s",
                  k ? "" : "every N_l tried, all orders");
        panel_add(f, PLOT_GUIDE, 0, COMPUTES, of->compute, trained ? of->trained[0] : of->eps_g[0],
                  NULL, "%s", k ? "" : "lowest order");
        if (!trained)
            note_frontier(f, zetas[k], of);
    }
    panel_write(f);
}

void figure_phases(figure *f) {
    static const kind linear = {"linear", 1, 0.3, 1}, erf = {"erf", 2, 0.2, 2.5};
    static const double zetas[FRONTIERS] = {0, 1, 4};
    const int L = f->parsed->full ? 1024 : 512;
    frontier *all = calloc(FRONTIERS, sizeof *all);
    if (!all)
        FIGURE_TRY(f, ordpar_fail(&f->err, ORDPAR_MEMORY, "out of memory for the frontiers"));
    slopes(f, "phases-linear", &linear);
    slopes(f, "phases-erf", &erf);
    for (int k = 0; k < FRONTIERS && !f->status; k++)
        find_frontier(f, L, zetas[k], &all[k]);
    if (!f->status) {
        draw_frontier(f, "phases-frontier", L, zetas, all, false);
        draw_frontier(f, "phases-features", L, zetas, all, true);
    }
    free(all);
}
