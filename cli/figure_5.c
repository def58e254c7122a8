// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 5: the plateau for several L and for several M, beside its predicted height and length. */
#include "figure.h"

#include "plateau.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>

enum { CURVES = 4, LINES = 401, POINTS = 13 };

typedef struct {
    study *s;
    double *c; /* [(K+M)^2] */
    double specialisation[LINES];
} recording;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    recording *r = context;
    const size_t K = state->K, M = state->M, n = K + M;
    (void)alpha, (void)eps_g;
    const ordpar_status status = ordpar_overlaps_moment(state, &r->s->m.spectrum, 1, r->c, err);
    if (status)
        return status;
    for (size_t i = 0; i < K; i++)
        for (size_t k = 0; k < M; k++)
            r->c[i * M + k] = r->c[i * n + K + k]; /* in place: no entry moves to a later one */
    r->specialisation[row] = ordpar_specialisation(K, M, r->c);
    return ORDPAR_OK;
}

/* The predicted height from the plateau's beginning, and a mark where it is predicted to end. */
static void add_prediction(panel *p, const report *r, const char *name) {
    const double height = r->rows[REPORT_HEIGHT].predicted, entry = r->rows[REPORT_ENTRY].measured,
                 length = r->rows[REPORT_LENGTH].predicted;
    char key[64];
    snprintf(key, sizeof key, "%s, plateau", name);
    panel_fact(p, key,
               "height %.5f, predicted %.5f; left at alpha = %.4g, predicted %.4g; escape rate "
               "%.5g, predicted %.5g",
               r->rows[REPORT_HEIGHT].measured, height, r->rows[REPORT_EXIT].measured, length,
               r->rows[REPORT_RATE].measured, r->rows[REPORT_RATE].predicted);
    if (!(length > entry))
        return;
    const double x[] = {entry, length, length}, y[] = {height, height, height / 4};
    panel_add(p, PLOT_GUIDE, 0, 3, x, y, NULL, "%s",
              p->n_series < 4 ? "predicted height and end" : "");
}

static int add_curve(figure *f, panel *p, int colour, const options *o, bool simulated,
                     const char *name) {
    double line[LINES], eps_g[LINES], point[POINTS];
    study s;
    report measured;
    recording r = {.s = &s, .c = malloc(4 * (size_t)(o->K * o->K) * sizeof *r.c)};
    int result = study_create(f, o, &s);
    if (result < 0 && !r.c)
        result = failure(f->parsed, "out of memory for %lld units", (long long)o->K);
    figure_grid(0.1, 3e4, LINES, line);
    if (result < 0)
        result = study_curve(f, &s, line, LINES, eps_g, record, &r);
    if (result < 0) {
        report_init(&measured);
        report_predict(&measured, &s.parsed, &s.m);
        report_measure(&measured, LINES, line, eps_g, r.specialisation);
        panel_add(p, PLOT_LINE, colour, LINES, line, eps_g, NULL, "%s", name);
        const double exit = measured.rows[REPORT_EXIT].measured;
        if (simulated && exit > 1) {
            figure_grid(0.3, 1.5 * exit, POINTS, point);
            result =
                study_simulate(f, &s, ORDPAR_METHOD_OVERLAP, 3, true, point, POINTS, NULL, NULL);
            if (result < 0)
                panel_add(p, PLOT_POINTS, colour, POINTS, point, s.mean, s.error, "%s",
                          colour == 1 ? "simulation, 3 runs" : "");
        }
        add_prediction(p, &measured, name);
    }
    free(r.c);
    study_clear(&s);
    return result;
}

static int left(figure *f) {
    static const int64_t L[CURVES] = {1, 4, 16, 64};
    panel *p = panel_begin(f, "figure5-left", "ε_g",
                           "erf, K = M = 2, N = 4096, β = 1, η = 0.1, σ_J = 0.01, one start");
    if (!p)
        return EXIT_FAILED;
    if (!f->parsed->full)
        panel_reduced(p, "simulated for L = 16 only");
    int result = -1;
    for (int k = 0; k < CURVES && result < 0; k++) {
        const options o = figure_options(f, "erf", 2, 4096, L[k], 1, 0.1, 0.01);
        char name[32];
        snprintf(name, sizeof name, "L = %lld", (long long)L[k]);
        result = add_curve(f, p, k + 1, &o, f->parsed->full || L[k] == 16, name);
    }
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

static int right(figure *f) {
    static const int64_t M[CURVES] = {2, 3, 4, 6};
    panel *p = panel_begin(f, "figure5-right", "ε_g",
                           "erf, K = M, N = 4096, L = 16, β = 1, η = 0.1, σ_J = 0.01, one start");
    if (!p)
        return EXIT_FAILED;
    if (!f->parsed->full)
        panel_reduced(p, "simulated for M = 2 only");
    int result = -1;
    for (int k = 0; k < CURVES && result < 0; k++) {
        const options o = figure_options(f, "erf", M[k], 4096, 16, 1, 0.1, 0.01);
        char name[32];
        snprintf(name, sizeof name, "M = %lld", (long long)M[k]);
        result = add_curve(f, p, k + 1, &o, f->parsed->full || M[k] == 2, name);
    }
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

int figure_5(figure *f) {
    const int result = left(f);
    return result < 0 ? right(f) : result;
}
