// SPDX-License-Identifier: GPL-3.0-or-later
/* Figure 4: order parameters on the symmetric plateau. Left and centre: R and Q of one run beside
 * the equations from the same start. Right: moments of R of a teacher that is not self-averaging.
 */
#include "cli/figures/figure.h"

#include "cli/output/progress.h"
#include "solver/plateau/plateau.h"
#include "validation/simulate/ensemble.h"

#include <math.h>
#include <string.h>

enum { K = 4, UNITS = 2 * K, CELLS = UNITS * UNITS, LINES = 161, POINTS = 15, ORDERS = 3 };

typedef struct {
    double line[LINES], point[POINTS];
    double lines[ORDERS][LINES][CELLS]; /* covariance of the local fields, by order from 1 */
    double theory[POINTS][CELLS], simulated[POINTS][CELLS];
    ordpar_plateau at;
} order_parameters;

/* Where a state's moments go: cells[order][row][CELLS]. */
typedef struct {
    const study *s;
    double *cells;
    size_t rows, orders;
} sight;

static ordpar_status see_state(void *context, size_t row, double alpha, double eps_g,
                               const ordpar_overlaps *state, ordpar_error *err) {
    const sight *to = context;
    ordpar_status status = ORDPAR_OK;
    (void)alpha, (void)eps_g;
    for (size_t p = 0; p < to->orders && !status; p++)
        status = ordpar_overlaps_moment(state, &to->s->parts.spectrum, (double)(p + 1),
                                        to->cells + (p * to->rows + row) * CELLS, err);
    return status;
}

static void see_run(void *context, size_t row, size_t r, const double *c) {
    order_parameters *o = context;
    if (r == 0)
        memcpy(o->simulated[row], c, sizeof o->simulated[row]);
}

/* One run from the start of the equations. */
static void simulate(figure *f, const study *s, order_parameters *o) {
    double eps_g[POINTS];
    size_t rows;
    ordpar_simulation simulation = s->simulation;
    simulation.method = ORDPAR_METHOD_OVERLAP;
    simulation.start = &s->parts.start;
    const ordpar_ensemble_options how = {
        .runs = 1, .stop = &interrupted, .observer = see_run, .observer_context = o};
    FIGURE_TRY(f, ordpar_ensemble_run(&simulation, o->point, POINTS, &how, eps_g, &rows, &f->err));
}

static void solve_plateau(figure *f, const study *s, order_parameters *o) {
    FIGURE_TRY(f, ordpar_plateau_solve(&s->parts.spectrum, &s->parts.network, s->parts.start.t,
                                       &o->at, &f->err));
}

/* Adds a cell of an order's as a line. */
static void add_line(figure *f, int order, const order_parameters *o, size_t cell, double unit,
                     const char *title) {
    double y[LINES];
    for (size_t k = 0; k < LINES; k++)
        y[k] = o->lines[order - 1][k][cell] / unit;
    panel_add(f, PLOT_LINE, order, LINES, o->line, y, NULL, "%s", title);
}

static void add_level(figure *f, const order_parameters *o, double level, const char *title) {
    const double x[] = {o->line[0], o->line[LINES - 1]}, y[] = {level, level};
    panel_add(f, PLOT_GUIDE, 0, 2, x, y, NULL, "%s", title);
}

/* R or Q: lines, points with bars of 1/sqrt(N), the plateau. */
static void write_block(figure *f, const study *s, const order_parameters *o, bool is_R) {
    const double bar = 1 / sqrt(s->parts.spectrum.N);
    double x[POINTS * K * K], y[POINTS * K * K], error[POINTS * K * K], largest = 0;
    const char *title = is_R ? "R_{in}, equations" : "Q_{ij}, equations";
    size_t n = 0;
    if (f->status)
        return;
    for (size_t i = 0; i < K; i++)
        for (size_t j = is_R ? 0 : i; j < K; j++) {
            const size_t cell = i * UNITS + (is_R ? K : 0) + j;
            add_line(f, 1, o, cell, 1, n ? "" : title);
            for (size_t k = 0; k < POINTS; k++, n++) {
                x[n] = o->point[k];
                y[n] = o->simulated[k][cell];
                error[n] = bar;
                largest = fmax(largest, fabs(y[n] - o->theory[k][cell]));
            }
        }
    panel_add(f, PLOT_POINTS, 2, n, x, y, error, "one run; bars: ±1/√N");
    for (size_t k = 0; k < (is_R ? o->at.M : 1); k++)
        add_level(f, o, is_R ? o->at.R[k] : o->at.Q, k == 0 ? "plateau" : "");
    panel_fact(f, is_R ? "R, run against equations" : "Q, run against equations",
               "largest difference %.4f = %.2f / sqrt(N), over %zu numbers (stated band: 1 / "
               "sqrt(N))",
               largest, largest / bar, n);
    panel_write(f);
}

static void begin(figure *f, const char *name, const char *y_label) {
    panel_begin(f, name, y_label, "erf, K = M = 4, N = 7000, L = 10, β = 1, η = 0.1, σ_J = 0.01")
        ->y_linear = true;
    panel_reduced(f, "up to α = 400");
}

static void left_and_centre(figure *f, order_parameters *o) {
    const double stop = f->parsed->full ? 4000 : 400;
    study s;
    begin(f, "figure4-left", "R_{in}");
    study_create(f, &s,
                 figure_model(f, "activation=erf K=4 M=4 N=7000 L=10 beta=1 eta=0.1 sigma-j=0.01"));
    figure_grid(0.1, stop, LINES, o->line);
    figure_grid(0.3, stop, POINTS, o->point);
    sight lines = {&s, o->lines[0][0], LINES, 1}, theory = {&s, o->theory[0], POINTS, 1};
    study_observe(f, &s, o->line, LINES, see_state, &lines);
    study_observe(f, &s, o->point, POINTS, see_state, &theory);
    simulate(f, &s, o);
    solve_plateau(f, &s, o);
    write_block(f, &s, o, true);
    begin(f, "figure4-centre", "Q_{ij}");
    write_block(f, &s, o, false);
    study_clear(&s);
}

/* R^(p)_1n / T^(p) of one order, n = 1..M: equal for all p and n if the teacher is self-averaging.
 */
static void add_order(figure *f, const study *s, const order_parameters *o, int order) {
    double Q, R[K], low = INFINITY, high = 0;
    char title[64];
    const double T = ordpar_spectrum_moment(&s->parts.spectrum, order);
    ordpar_plateau_moment(&s->parts.spectrum, s->parts.start.t, &o->at, order, &Q, R);
    snprintf(title, sizeof title, "R^{(%d)}_{1n} / T^{(%d)}", order, order);
    for (size_t n = 0; n < K; n++) {
        add_line(f, order, o, K + n, T, n == 0 ? title : "");
        add_level(f, o, R[n] / T, n == 0 && order == 1 ? "plateau of this teacher" : "");
        low = fmin(low, R[n] / T);
        high = fmax(high, R[n] / T);
    }
    snprintf(title, sizeof title, "plateau values of order %d", order);
    panel_fact(f, title, "from %.4f to %.4f over the %d teacher units", low, high, K);
}

static void right(figure *f, order_parameters *o) {
    const int N = f->parsed->full ? 1024 : 256;
    study s;
    panel_begin(f, "figure4-right", "R^{(p)}_{1n} / T^{(p)}",
                "erf, K = M = 4, N = L = %d, β = 1, η = 0.1, σ_J = 0.01: no self-averaging", N)
        ->y_linear = true;
    panel_reduced(f, "N = 256 instead of 1024");
    study_create(
        f, &s,
        figure_model(f, "activation=erf K=4 M=4 N=%d L=%d beta=1 eta=0.1 sigma-j=0.01", N, N));
    figure_grid(0.01, 300, LINES, o->line);
    sight lines = {&s, o->lines[0][0], LINES, ORDERS};
    solve_plateau(f, &s, o);
    study_observe(f, &s, o->line, LINES, see_state, &lines);
    for (int order = 1; order <= ORDERS && !f->status; order++)
        add_order(f, &s, o, order);
    study_clear(&s);
    panel_write(f);
}

void figure_4(figure *f) {
    order_parameters o = {.at = {0}};
    left_and_centre(f, &o);
    ordpar_plateau_clear(&o.at);
    right(f, &o);
    ordpar_plateau_clear(&o.at);
}
