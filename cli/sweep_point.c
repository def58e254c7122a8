// SPDX-License-Identifier: GPL-3.0-or-later
#include "sweep.h"

#include "closed_form.h"
#include "compare.h"
#include "curve.h"
#include "ensemble_options.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CELLS = 24 };

/* The numbers of each job, in the order of its columns. */
static const char *const curve_columns[] = {"alpha_end",
                                            "eps_g",
                                            "plateau_height",
                                            "plateau_entry",
                                            "plateau_exit",
                                            "plateau_length",
                                            "escape_rate",
                                            "escape_rate_stderr",
                                            "escape_time",
                                            "decay_exponent",
                                            "decay_exponent_stderr",
                                            "decay_begin",
                                            "decay_end",
                                            "plateau_height_predicted",
                                            "plateau_length_predicted",
                                            "escape_rate_predicted",
                                            "decay_exponent_predicted",
                                            "eta_c",
                                            "steps",
                                            "rounding_limit",
                                            NULL};
static const char *const simulate_columns[] = {"alpha_end", "mean", "stderr", "min", "max", NULL};
static const char *const compare_columns[] = {"alpha_end", "theory",          "mean", "stderr", "z",
                                              "max_abs_z", "max_abs_z_alpha", "p",    NULL};

const char *const *sweep_point_columns(sweep_job job) {
    return job == SWEEP_CURVE      ? curve_columns
           : job == SWEEP_SIMULATE ? simulate_columns
                                   : compare_columns;
}

typedef struct {
    double cells[MAX_CELLS]; /* in the order of the columns */
    double *eps_g;           /* [count] for --curves; NULL: not known */
} point_result;

/* By the closed form's own function, which refuses what has none; NAN then. Returns -1, or
 * EXIT_FAILED. */
static int critical_eta(const options *at, const model *m, double *eta) {
    closed_form f = {.parsed = at, .name = "critical-eta", .m = *m};
    table_init(&f.t);
    *eta = NAN;
    int code = -1;
    if (!at->small_eta && ordpar_training_is_plain(&m->network.training))
        code = closed_form_critical_eta(&f);
    if (f.t.failed)
        code = failure(at, "out of memory for eta_c");
    else if (code < 0 && f.t.n_rows == 1)
        *eta = f.t.cells[0];
    table_clear(&f.t);
    if (code == EXIT_FAILED)
        return code;
    *at->message = '\0';
    return -1;
}

static void fill_curve(const report *r, double alpha, double eps_g, double eta_c,
                       const ordpar_integrate_stats *stats, double *cell) {
    *cell++ = alpha;
    *cell++ = eps_g;
    *cell++ = r->rows[REPORT_HEIGHT].measured;
    *cell++ = r->rows[REPORT_ENTRY].measured;
    *cell++ = r->rows[REPORT_EXIT].measured;
    *cell++ = r->rows[REPORT_LENGTH].measured;
    *cell++ = r->rows[REPORT_RATE].measured;
    *cell++ = r->rows[REPORT_RATE].stderr_;
    *cell++ = 1 / r->rows[REPORT_RATE].measured;
    *cell++ = r->rows[REPORT_EXPONENT].measured;
    *cell++ = r->rows[REPORT_EXPONENT].stderr_;
    *cell++ = r->rows[REPORT_EXPONENT].begin;
    *cell++ = r->rows[REPORT_EXPONENT].end;
    *cell++ = r->rows[REPORT_HEIGHT].predicted;
    *cell++ = r->rows[REPORT_LENGTH].predicted;
    *cell++ = r->rows[REPORT_RATE].predicted;
    *cell++ = r->rows[REPORT_EXPONENT].predicted;
    *cell++ = eta_c;
    *cell++ = (double)stats->steps;
    *cell++ = stats->rounding_limit;
}

static int compute_curve(const options *at, model *m, point_result *result) {
    const size_t count = (size_t)at->alpha.count;
    double *trace = malloc(3 * count * sizeof *trace);
    if (!trace)
        return failure(at, "out of memory for %zu rows", count);
    double eta_c;
    ordpar_integrate_stats stats;
    report r;
    report_init(&r);
    int code = critical_eta(at, m, &eta_c);
    if (code < 0)
        code = report_predict(&r, at, m);
    if (code < 0)
        code = curve_trace(at, m, trace, &stats);
    if (code < 0)
        code = report_measure(&r, at, count, trace, trace + count, trace + 2 * count);
    if (code >= 0) {
        free(trace);
        return code;
    }
    fill_curve(&r, trace[count - 1], trace[2 * count - 1], eta_c, &stats, result->cells);
    memmove(trace, trace + count, count * sizeof *trace);
    result->eps_g = trace;
    return -1;
}

static int run_curve(const options *at, point_result *result) {
    model m;
    int code = model_create(at, &m);
    if (code < 0)
        code = compute_curve(at, &m, result);
    model_clear(&m);
    return code;
}

static int run_simulation(const options *at, point_result *result) {
    ensemble e;
    int code = ensemble_create(at, false, &e);
    if (code < 0 && (code = ensemble_run(at, &e)) < 0) {
        const ordpar_summary s = ordpar_summarize(e.eps_g + (e.count - 1) * e.runs, e.runs);
        const double cells[] = {e.alpha[e.count - 1], s.mean, s.standard_error, s.min, s.max};
        memcpy(result->cells, cells, sizeof cells);
    }
    ensemble_clear(&e);
    return code;
}

static int run_comparison(const options *at, point_result *result) {
    compare_summary s;
    const int code = compare_summarize(at, &s);
    if (code >= 0)
        return code;
    const double cells[] = {
        at->alpha.stop, s.last.theory,       s.last.mean, s.last.standard_error,
        s.last.z,       s.agreement.largest, s.where,     s.agreement.probability};
    memcpy(result->cells, cells, sizeof cells);
    return -1;
}

int sweep_point_check(const options *at) {
    int code;
    if (at->job == SWEEP_CURVE) {
        model m;
        code = model_create(at, &m);
        model_clear(&m);
        return code;
    }
    if (at->job == SWEEP_SIMULATE && at->small_eta)
        return usage_error(at, "--small-eta: a simulation has all orders of eta; it is for "
                               "equations of motion");
    if (at->job == SWEEP_COMPARE && (code = compare_check(at)) >= 0)
        return code;
    ensemble e;
    code = ensemble_create(at, at->job == SWEEP_COMPARE && at->against == 0, &e);
    ensemble_clear(&e);
    return code;
}

static void write_number(double value, FILE *file) {
    if (isnan(value)) /* whatever its sign */
        fputs(",nan", file);
    else
        fprintf(file, ",%.17g", value);
}

/* Words in a row have no commas, quotes or control characters. */
static void write_words(const char *text, FILE *file) {
    fputc(',', file);
    for (; *text; text++)
        fputc(*text == ','                 ? ';'
              : *text == '"'               ? '\''
              : (unsigned char)*text < ' ' ? '?'
                                           : *text,
              file);
}

static void write_swept(const sweep_grid *g, size_t point, FILE *file) {
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++) {
            const char *text = sweep_grid_value(g, a, point);
            const option_entry *entry = g->axes[a].options[k].entry;
            if (!sweep_table_is_text(entry->name))
                write_number(strtod(text, NULL), file);
            else
                write_words(text, file);
        }
}

/* The row; code: -1, or why there are no results. */
static char *make_row(const sweep_grid *g, const options *at, size_t point, int code,
                      const point_result *result) {
    char *row = NULL;
    size_t size;
    FILE *file = open_memstream(&row, &size);
    if (!file)
        return NULL;
    fprintf(file, "%zu", point + 1);
    write_swept(g, point, file);
    const char *const *columns = sweep_point_columns((sweep_job)at->job);
    for (size_t k = 0; columns[k]; k++)
        write_number(code < 0 ? result->cells[k] : NAN, file);
    for (int64_t k = 0; at->curves && k < at->alpha.count; k++)
        write_number(code < 0 ? result->eps_g[k] : NAN, file);
    write_words(code < 0 ? "ok" : code == EXIT_USAGE ? "invalid" : "failed", file);
    write_words(code < 0 ? "" : at->message, file);
    if (fclose(file) == 0)
        return row;
    free(row);
    return NULL;
}

char *sweep_point_row(const sweep_grid *g, const options *at, size_t point) {
    point_result result = {0};
    *at->message = '\0';
    const int code = at->job == SWEEP_CURVE      ? run_curve(at, &result)
                     : at->job == SWEEP_SIMULATE ? run_simulation(at, &result)
                                                 : run_comparison(at, &result);
    char *row = NULL;
    /* A lack of memory is no result: another time, or elsewhere, the point has one. */
    if (code != EXIT_INTERRUPTED && !(code >= 0 && strstr(at->message, "out of memory"))) {
        row = make_row(g, at, point, code, &result);
        if (!row)
            failure(at, "out of memory for the row");
    }
    free(result.eps_g);
    return row;
}

double sweep_point_cost(const options *at) {
    const double K = (double)at->K, n = (double)(at->K + at->M), L = (double)at->L,
                 N = (double)at->N;
    const double equations = K * n * (L + n * n);
    const double steps = (double)at->runs * N * at->alpha.stop;
    if (at->job == SWEEP_CURVE)
        return equations;
    return steps * (at->method == ORDPAR_METHOD_SGD ? n * N : n * n * L);
}
