// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 4: order parameters on the symmetric plateau. Left and centre: R and Q of one run beside
 * the equations from the same start. Right: moments of R of a teacher that is not self-averaging.
 */
#include "figure.h"

#include "plateau.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { K = 4, UNITS = 2 * K, CELLS = UNITS * UNITS, LINES = 161, POINTS = 15, ORDERS = 3 };

typedef struct {
    double (*cells)[CELLS]; /* [rows] covariance of the local fields, or a moment */
    const ordpar_spectrum *spectrum;
    double order;
} sight;

static ordpar_status see_state(void *context, size_t row, double alpha, double eps_g,
                               const ordpar_overlaps *state, ordpar_error *err) {
    const sight *s = context;
    (void)alpha, (void)eps_g;
    return ordpar_overlaps_moment(state, s->spectrum, s->order, s->cells[row], err);
}

static void see_run(void *context, size_t row, size_t r, const double *c) {
    const sight *s = context;
    if (r == 0)
        memcpy(s->cells[row], c, sizeof s->cells[row]);
}

/* Adds the cell (a, b) as a line. */
static void add_line(panel *p, int colour, const double *alpha, const sight *s, size_t cell,
                     const char *title) {
    double y[LINES];
    for (size_t k = 0; k < LINES; k++)
        y[k] = s->cells[k][cell];
    panel_add(p, PLOT_LINE, colour, LINES, alpha, y, NULL, "%s", title);
}

static void add_level(panel *p, double x0, double x1, double level, const char *title) {
    const double x[] = {x0, x1}, y[] = {level, level};
    panel_add(p, PLOT_GUIDE, 0, 2, x, y, NULL, "%s", title);
}

typedef struct {
    double line[LINES], point[POINTS];
    double lines[LINES][CELLS], theory[POINTS][CELLS], simulated[POINTS][CELLS];
    ordpar_plateau at;
} order_parameters;

/* R (block = 1) or Q (block = 0): lines, points with bars of 1/sqrt(N), the plateau. */
static int write_block(figure *f, const study *s, const order_parameters *o, panel *p, bool is_R) {
    const sight lines = {.cells = (double(*)[CELLS])o->lines};
    const double bar = 1 / sqrt(s->m.spectrum.N), last = o->line[LINES - 1];
    double x[POINTS * K * K], y[POINTS * K * K], error[POINTS * K * K], largest = 0;
    size_t n = 0;
    bool first = true;
    for (size_t i = 0; i < K; i++)
        for (size_t j = is_R ? 0 : i; j < K; j++) {
            const size_t cell = i * UNITS + (is_R ? K : 0) + j;
            add_line(p, 1, o->line, &lines, cell,
                     !first ? ""
                     : is_R ? "R_{in}, equations"
                            : "Q_{ij}, equations");
            first = false;
            for (size_t k = 0; k < POINTS; k++, n++) {
                x[n] = o->point[k];
                y[n] = o->simulated[k][cell];
                error[n] = bar;
                largest = fmax(largest, fabs(y[n] - o->theory[k][cell]));
            }
        }
    panel_add(p, PLOT_POINTS, 2, n, x, y, error, "one run; bars: ±1/√N");
    for (size_t k = 0; k < (is_R ? o->at.M : 1); k++)
        add_level(p, o->line[0], last, is_R ? o->at.R[k] : o->at.Q, k == 0 ? "plateau" : "");
    panel_fact(p, is_R ? "R, run against equations" : "Q, run against equations",
               "largest difference %.4f = %.2f / sqrt(N), over %zu numbers (stated band: 1 / "
               "sqrt(N))",
               largest, largest / bar, n);
    return panel_write(f, p);
}

static int compute(figure *f, study *s, order_parameters *o) {
    sight lines = {o->lines, &s->m.spectrum, 1}, theory = {o->theory, &s->m.spectrum, 1},
          run = {o->simulated, NULL, 1};
    double eps_g[LINES];
    ordpar_error err;
    int result = study_curve(f, s, o->line, LINES, eps_g, see_state, &lines);
    if (result < 0)
        result = study_curve(f, s, o->point, POINTS, eps_g, see_state, &theory);
    if (result < 0)
        result =
            study_simulate(f, s, ORDPAR_METHOD_OVERLAP, 1, true, o->point, POINTS, see_run, &run);
    if (result < 0)
        result = figure_check(
            f, ordpar_plateau_solve(&s->m.spectrum, &s->m.network, s->m.start.t, &o->at, &err),
            &err);
    return result;
}

static panel *begin(figure *f, bool is_R, double stop) {
    panel *p = panel_begin(f, is_R ? "figure4-left" : "figure4-centre", is_R ? "R_{in}" : "Q_{ij}",
                           "erf, K = M = 4, N = 7000, L = 10, β = 1, η = 0.1, σ_J = 0.01");
    if (p) {
        p->y_log = false;
        if (!f->parsed->full)
            panel_reduced(p, "up to α = %g", stop);
    }
    return p;
}

static int left_and_centre(figure *f) {
    const options wanted = figure_options(f, "erf", K, 7000, 10, 1, 0.1, 0.01);
    const double stop = f->parsed->full ? 4000 : 400;
    study s = {0};
    order_parameters *o = calloc(1, sizeof *o);
    panel *p = begin(f, true, stop);
    if (!o || !p) {
        free(o);
        return panel_abandon(p, EXIT_FAILED);
    }
    figure_grid(0.1, stop, LINES, o->line);
    figure_grid(0.3, stop, POINTS, o->point);
    int result = study_create(f, &wanted, &s);
    if (result < 0)
        result = compute(f, &s, o);
    result = result < 0 ? write_block(f, &s, o, p, true) : panel_abandon(p, result);
    if (result < 0) {
        p = begin(f, false, stop);
        result = p ? write_block(f, &s, o, p, false) : EXIT_FAILED;
    }
    ordpar_plateau_clear(&o->at);
    free(o);
    study_clear(&s);
    return result;
}

/* R^(p)_1n / T^(p) of one order, n = 1..M: equal for all p and n if the teacher is self-averaging.
 */
static int add_order(figure *f, study *s, panel *p, const order_parameters *o, int order) {
    double(*cells)[CELLS] = malloc(LINES * sizeof *cells);
    double eps_g[LINES], Q, R[K], low = INFINITY, high = 0;
    char title[64];
    if (!cells)
        return failure(f->parsed, "out of memory for %d rows", LINES);
    sight lines = {cells, &s->m.spectrum, order};
    const double T = ordpar_spectrum_moment(&s->m.spectrum, order);
    const int result = study_curve(f, s, o->line, LINES, eps_g, see_state, &lines);
    ordpar_plateau_moment(&s->m.spectrum, s->m.start.t, &o->at, order, &Q, R);
    for (size_t n = 0; n < K && result < 0; n++) {
        for (size_t k = 0; k < LINES; k++)
            cells[k][K + n] /= T;
        snprintf(title, sizeof title, "R^{(%d)}_{1n} / T^{(%d)}", order, order);
        add_line(p, order, o->line, &lines, K + n, n == 0 ? title : "");
        add_level(p, o->line[0], o->line[LINES - 1], R[n] / T,
                  n == 0 && order == 1 ? "plateau of this teacher" : "");
        low = fmin(low, R[n] / T);
        high = fmax(high, R[n] / T);
    }
    snprintf(title, sizeof title, "plateau values of order %d", order);
    panel_fact(p, title, "from %.4f to %.4f over the %d teacher units", low, high, K);
    free(cells);
    return result;
}

static int right(figure *f) {
    const int64_t N = f->parsed->full ? 1024 : 256;
    const options wanted = figure_options(f, "erf", K, N, N, 1, 0.1, 0.01);
    study s = {0};
    ordpar_error err;
    order_parameters *o = calloc(1, sizeof *o);
    panel *p = panel_begin(f, "figure4-right", "R^{(p)}_{1n} / T^{(p)}",
                           "erf, K = M = 4, N = L = %lld, β = 1, η = 0.1, σ_J = 0.01: no "
                           "self-averaging",
                           (long long)N);
    if (!o || !p) {
        free(o);
        return panel_abandon(p, EXIT_FAILED);
    }
    p->y_log = false;
    if (N < 1024)
        panel_reduced(p, "N = 256 instead of 1024");
    figure_grid(0.01, 300, LINES, o->line);
    int result = study_create(f, &wanted, &s);
    if (result < 0)
        result = figure_check(
            f, ordpar_plateau_solve(&s.m.spectrum, &s.m.network, s.m.start.t, &o->at, &err), &err);
    for (int order = 1; order <= ORDERS && result < 0; order++)
        result = add_order(f, &s, p, o, order);
    ordpar_plateau_clear(&o->at);
    free(o);
    study_clear(&s);
    return result < 0 ? panel_write(f, p) : panel_abandon(p, result);
}

int figure_4(figure *f) {
    const int result = left_and_centre(f);
    return result < 0 ? right(f) : result;
}
