// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 5: the plateau for several L and for several M, beside its predicted height and length. */
#include "figure.h"

#include "plateau.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>

enum { CURVES = 4, LINES = 401, POINTS = 13, RUNS = 4 };

/* The plateaus are what the picture is about: it ends soon below them. */
enum { DECADES = 5 };

static int64_t dimension(const figure *f) {
    return f->parsed->full ? 4096 : 1024;
}

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

static void describe(double measured, double predicted, char *text, size_t size) {
    if (isnan(measured))
        snprintf(text, size, "not measured, predicted %.4g", predicted);
    else
        snprintf(text, size, "%.4g, predicted %.4g", measured, predicted);
}

/* The predicted height up to where the plateau is predicted to end, and a mark there. */
static void add_prediction(panel *p, const report *r, int colour, const char *name) {
    static const report_quantity shown[] = {REPORT_HEIGHT, REPORT_RATE};
    const double height = r->rows[REPORT_HEIGHT].predicted, end = r->rows[REPORT_LENGTH].predicted;
    char key[64], text[3][64];
    for (size_t k = 0; k < 2; k++)
        describe(r->rows[shown[k]].measured, r->rows[shown[k]].predicted, text[k], sizeof text[k]);
    describe(r->rows[REPORT_EXIT].measured, end, text[2], sizeof text[2]);
    snprintf(key, sizeof key, "%s, plateau", name);
    panel_fact(p, key, "height %s; escape rate %s; its end at alpha = %s", text[0], text[1],
               text[2]);
    const double x[] = {end / 30, end, end}, y[] = {height, height, height / 4};
    panel_add(p, PLOT_GUIDE, 0, 3, x, y, NULL, "%s", colour == 1 ? "predicted height, end" : "");
}

/* To beyond the predicted end. */
static int add_simulation(figure *f, study *s, panel *p, int colour, double stop,
                          const char *name) {
    double point[POINTS], theory[POINTS];
    char what[64];
    figure_grid(0.3, stop, POINTS, point);
    int result = study_simulate(f, s, ORDPAR_METHOD_OVERLAP, RUNS, true, point, POINTS, NULL, NULL);
    if (result >= 0 || (result = study_curve(f, s, point, POINTS, theory, NULL, NULL)) >= 0)
        return result;
    panel_add(p, PLOT_POINTS, colour, POINTS, point, s->mean, s->error, "%s",
              colour == 1 ? "simulation, 4 runs" : "");
    snprintf(what, sizeof what, "%s, simulation against the equations", name);
    return study_agreement(f, p, s, 1, theory, 1e-7, what);
}

static int add_curve(figure *f, panel *p, int colour, const options *o, const char *name) {
    double line[LINES], eps_g[LINES];
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
        result = report_predict(&measured, &s.parsed, &s.m);
    }
    if (result < 0)
        result = report_measure(&measured, f->parsed, LINES, line, eps_g, r.specialisation);
    if (result < 0) {
        panel_add(p, PLOT_LINE, colour, LINES, line, eps_g, NULL, "%s", name);
        add_prediction(p, &measured, colour, name);
        result =
            add_simulation(f, &s, p, colour, 1.5 * measured.rows[REPORT_LENGTH].predicted, name);
    }
    free(r.c);
    study_clear(&s);
    return result;
}

/* units, eigenvalues: what all curves of the panel have in common. NULL if out of memory. */
static panel *begin(figure *f, const char *name, const char *units, const char *eigenvalues) {
    panel *p =
        panel_begin(f, name, "ε_g", "erf, %s, N = %lld%s, β = 1, η = 0.1, σ_J = 0.01, one start",
                    units, (long long)dimension(f), eigenvalues);
    if (!p)
        return NULL;
    p->key_low = true;
    p->decades = DECADES;
    if (!f->parsed->full)
        panel_reduced(p, "N = 1024 instead of 4096");
    return p;
}

static int left(figure *f) {
    static const int64_t L[CURVES] = {1, 2, 4, 8};
    panel *p = begin(f, "figure5-left", "K = M = 2", "");
    if (!p)
        return EXIT_FAILED;
    int result = -1;
    for (int k = 0; k < CURVES && result < 0; k++) {
        const options o = figure_options(f, "erf", 2, dimension(f), L[k], 1, 0.1, 0.01);
        char name[32];
        snprintf(name, sizeof name, "L = %lld", (long long)L[k]);
        result = add_curve(f, p, k + 1, &o, name);
    }
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

static int right(figure *f) {
    static const int64_t M[CURVES] = {2, 3, 4, 6};
    panel *p = begin(f, "figure5-right", "K = M", ", L = 4");
    if (!p)
        return EXIT_FAILED;
    int result = -1;
    for (int k = 0; k < CURVES && result < 0; k++) {
        const options o = figure_options(f, "erf", M[k], dimension(f), 4, 1, 0.1, 0.01);
        char name[32];
        snprintf(name, sizeof name, "M = %lld", (long long)M[k]);
        result = add_curve(f, p, k + 1, &o, name);
    }
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

int figure_5(figure *f) {
    const int result = left(f);
    return result < 0 ? right(f) : result;
}
