// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "curve.h"
#include "library_error.h"
#include "model.h"
#include "output.h"
#include "plateau.h"
#include "plot.h"
#include "progress.h"
#include "report.h"
#include "result.h"
#include "table.h"
#include "training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const options *parsed;
    const model *m;
    table *t;      /* NULL: only the trace is wanted */
    double *c;     /* [(K+M)^2] the order parameters of one order */
    double *trace; /* for the report: [3][rows] alpha, eps_g, specialisation; NULL: not wanted */
    size_t rows;   /* recorded so far */
} recording;

static bool shows_outputs(const options *parsed, const model *m) {
    return parsed->moments.count > 0 && m->network.training.eta_v > 0;
}

static void add_columns(const options *parsed, const model *m, table *t) {
    const size_t K = m->network.K, M = m->network.M;
    table_column(t, "alpha");
    table_column(t, "eps_g");
    for (size_t p = 0; p < parsed->moments.count; p++) {
        const int order = (int)parsed->moments.values[p];
        for (size_t i = 1; i <= K; i++)
            for (size_t j = i; j <= K; j++)
                table_column(t, "Q%d_%zu_%zu", order, i, j);
        for (size_t i = 1; i <= K; i++)
            for (size_t n = 1; n <= M; n++)
                table_column(t, "R%d_%zu_%zu", order, i, n);
        for (size_t n = 1; n <= M; n++)
            for (size_t k = n; k <= M; k++)
                table_column(t, "T%d_%zu_%zu", order, n, k);
    }
    for (size_t i = 1; shows_outputs(parsed, m) && i <= K; i++)
        table_column(t, "V%zu", i);
}

/* The cells of one order, in the order of add_columns. */
static double *put_moment(const recording *r, double *cell) {
    const size_t K = r->m->network.K, M = r->m->network.M, n = K + M;
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            *cell++ = r->c[i * n + j];
    for (size_t i = 0; i < K; i++)
        for (size_t k = K; k < n; k++)
            *cell++ = r->c[i * n + k];
    for (size_t k = K; k < n; k++)
        for (size_t l = k; l < n; l++)
            *cell++ = r->c[k * n + l];
    return cell;
}

static ordpar_status record_trace(recording *r, size_t row, double alpha, double eps_g,
                                  const ordpar_overlaps *state, ordpar_error *err) {
    const size_t K = r->m->network.K, M = r->m->network.M, n = K + M;
    const size_t rows = (size_t)r->parsed->alpha.count;
    const ordpar_status status = ordpar_overlaps_moment(state, &r->m->spectrum, 1, r->c, err);
    if (status)
        return status;
    for (size_t i = 0; i < K; i++) /* R in place: no entry moves to a later one */
        memmove(r->c + i * M, r->c + i * n + K, M * sizeof *r->c);
    r->trace[row] = alpha;
    r->trace[rows + row] = eps_g;
    r->trace[2 * rows + row] = ordpar_specialisation(K, M, r->c);
    return ORDPAR_OK;
}

static ordpar_status record_row(recording *r, size_t row, double alpha, double eps_g,
                                const ordpar_overlaps *state, ordpar_error *err) {
    double *cell = table_row(r->t);
    if (!cell)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", row + 1);
    *cell++ = alpha;
    *cell++ = eps_g;
    for (size_t p = 0; p < r->parsed->moments.count; p++) {
        const ordpar_status status =
            ordpar_overlaps_moment(state, &r->m->spectrum, r->parsed->moments.values[p], r->c, err);
        if (status)
            return status;
        cell = put_moment(r, cell);
    }
    if (shows_outputs(r->parsed, r->m))
        memcpy(cell, state->v, r->m->network.K * sizeof *cell);
    return ORDPAR_OK;
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    recording *r = context;
    ordpar_status status = r->t ? record_row(r, row, alpha, eps_g, state, err) : ORDPAR_OK;
    if (!status && r->trace)
        status = record_trace(r, row, alpha, eps_g, state, err);
    r->rows = row + 1;
    return status;
}

/* Room for trained outputs in the final state. */
static int keep_outputs(const options *parsed, model *m) {
    if (m->network.training.eta_v == 0)
        return -1;
    ordpar_error err;
    const ordpar_status status = ordpar_overlaps_set_outputs(&m->start, m->network.v, &err);
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

static void tick(void *context, double alpha) {
    const recording *r = context;
    progress_show(r->parsed, (double)r->rows / (double)r->parsed->alpha.count, "alpha = %.4g",
                  alpha);
}

static int run(const options *parsed, model *m, const double *alpha, recording *r,
               ordpar_integrate_stats *stats) {
    bool deviations;
    int result = model_start_in_deviations(parsed, m, &deviations);
    if (result < 0)
        result = keep_outputs(parsed, m);
    if (result >= 0)
        return result;
    const ordpar_integrate_options settings = {.rtol = parsed->rtol,
                                               .atol = parsed->atol,
                                               .trained_blocks = m->trained_blocks,
                                               .observer = record,
                                               .tick = tick,
                                               .context = r,
                                               .start_is_deviation = deviations,
                                               .stop = &interrupted};
    ordpar_error err;
    const ordpar_status status =
        ordpar_integrate(&m->spectrum, &m->network, &m->start, alpha, (size_t)parsed->alpha.count,
                         &settings, stats, &err);
    progress_clear();
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

static void add_notes(const options *parsed, const ordpar_integrate_stats *stats, table *t) {
    table_note(t, "integrator",
               "%ld steps, %ld right-hand sides, %ld Newton iterations, %ld setups", stats->steps,
               stats->rhs, stats->newton_iterations, stats->setups);
    if (stats->deviations_from < INFINITY)
        table_note(t, "coordinates",
                   "deviations from the teacher from alpha = %.6g on: eps_g is right relatively "
                   "there, however small",
                   stats->deviations_from);
    else
        table_note(t, "coordinates", "overlaps: eps_g below 10 atol is noise");
    if (stats->tied_students || stats->tied_teachers)
        table_note(t, "symmetry",
                   "%zu students start the same as others, %zu teachers are not told apart: the "
                   "equations keep them so for ever, which runs at finite N do not",
                   stats->tied_students, stats->tied_teachers);
    if (stats->rounding_limit > 10 * parsed->rtol)
        table_note(
            t, "limit",
            "a saddle amplifies rounding to a relative error of eps_g up to about %.1g, more "
            "than the promised %.1g",
            stats->rounding_limit, 10 * parsed->rtol);
}

int curve_trace(const options *parsed, model *m, double *trace, ordpar_integrate_stats *stats) {
    const size_t n = m->network.K + m->network.M;
    double *alpha = model_grid(parsed);
    recording r = {.parsed = parsed, .m = m, .c = malloc(n * n * sizeof *r.c), .trace = trace};
    int result = EXIT_FAILED;
    if (alpha && !r.c)
        failure(parsed, "out of memory for %zu units", n);
    else if (alpha)
        result = run(parsed, m, alpha, &r, stats);
    free(r.c);
    free(alpha);
    return result;
}

static int integrate(const options *parsed, model *m, table *t) {
    const size_t n = m->network.K + m->network.M, rows = (size_t)parsed->alpha.count;
    report predicted;
    report_init(&predicted);
    int result = parsed->report ? report_predict(&predicted, parsed, m) : -1;
    if (result >= 0)
        return result;
    double *alpha = model_grid(parsed);
    recording r = {.parsed = parsed,
                   .m = m,
                   .t = t,
                   .c = malloc(n * n * sizeof *r.c),
                   .trace = parsed->report ? malloc(3 * rows * sizeof *r.trace) : NULL};
    ordpar_integrate_stats stats;
    result = EXIT_FAILED;
    if (alpha && (!r.c || (parsed->report && !r.trace)))
        failure(parsed, "out of memory for %zu rows", rows);
    else if (alpha)
        result = run(parsed, m, alpha, &r, &stats);
    if (result < 0)
        add_notes(parsed, &stats, t);
    if (result < 0 && parsed->report &&
        (result = report_measure(&predicted, parsed, rows, r.trace, r.trace + rows,
                                 r.trace + 2 * rows)) < 0)
        report_note(&predicted, t);
    free(r.trace);
    free(r.c);
    free(alpha);
    return result;
}

static int draw(const options *parsed, const model *m, const table *t, output_set *set) {
    char title[160], eta[TRAINING_ETA_SIZE];
    training_eta_title(&m->network, eta);
    snprintf(title, sizeof title, "%s, K = %zu, M = %zu, N = %.0f, L = %zu, η %s",
             m->network.activation->name, m->network.K, m->network.M, m->spectrum.N, m->spectrum.L,
             eta);
    const double *alpha = t->cells, *eps_g = t->cells + 1;
    plot p = {.title = title,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g",
              .decades = (double)parsed->decades,
              .x_log = parsed->alpha.logarithmic,
              .y_log = plot_wants_log(eps_g, t->n_rows, t->n_columns)};
    plot_add(&p, (plot_series){.style = PLOT_LINE,
                               .count = t->n_rows,
                               .x = alpha,
                               .y = eps_g,
                               .stride = t->n_columns});
    return plot_draw(&p, set, parsed, parsed->plot);
}

static int save_overlaps(const options *parsed, const ordpar_overlaps *o, const table *notes,
                         output_set *set) {
    if (!parsed->save_overlaps)
        return -1;
    FILE *file = output_open(set, parsed, parsed->save_overlaps);
    if (!file)
        return EXIT_USAGE;
    for (size_t k = 0; k < notes->n_notes; k++)
        fprintf(file, "# %s\n", notes->notes[k]);
    ordpar_error err;
    const ordpar_status status = ordpar_overlaps_write(o, file, &err);
    return status ? library_error(parsed, "save-overlaps", status, &err) : -1;
}

static int write_outputs(const options *parsed, const model *m, const table *t) {
    output_set set = {0};
    int result = result_begin(&set, parsed, t);
    if (result < 0)
        result = save_overlaps(parsed, &m->start, t, &set);
    if (result < 0)
        result = draw(parsed, m, t, &set);
    return result_end(&set, parsed, result);
}

int command_curve(const options *parsed) {
    int result;
    if ((result = output_check(parsed, "output", parsed->output)) >= 0 ||
        (result = output_check(parsed, "save-overlaps", parsed->save_overlaps)) >= 0 ||
        (result = plot_check(parsed, parsed->plot)) >= 0)
        return result;
    model m;
    table t;
    table_init(&t);
    if ((result = model_create(parsed, &m)) < 0) {
        table_standard_notes(&t, parsed);
        model_notes(&t, parsed, &m);
        table_note(&t, "tolerances", "rtol = %g, atol = %g (promises on eps_g)", parsed->rtol,
                   parsed->atol);
        add_columns(parsed, &m, &t);
        enum { BYTES_PER_CELL = 48 }; /* as a number and as text, while both grow */
        const double cells = (double)parsed->alpha.count * (double)t.n_columns;
        if ((result = refuse_memory(parsed, m.spectrum.L, BYTES_PER_CELL * cells)) < 0 &&
            (result = integrate(parsed, &m, &t)) < 0)
            result = write_outputs(parsed, &m, &t);
    }
    table_clear(&t);
    model_clear(&m);
    return result;
}
