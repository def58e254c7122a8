// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/compare.h"

#include "base/number.h"
#include "model/compute.h"
#include "model/curve.h"
#include "model/curve_fluctuations.h"
#include "model/ensemble_of.h"
#include "model/finite_n.h"
#include "model/tasks.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What rounding may do to the recursion and to overlaps that come from a file. */
static const double finite_n_accuracy = 1e-9;

typedef struct {
    ordpar_model_ensemble e;
    size_t columns;               /* of theory */
    double *theory;               /* [count][curves][columns] */
    ordpar_integrate_stats stats; /* of its curves */
    ordpar_status theory_ended;   /* before the last row; OK: not so */
    ordpar_comparison *rows;      /* [curves][count] */
    double *differences;          /* [count][runs] */
    ordpar_agreement agreement;
    double *variance;       /* [count][columns] of theory; NULL: none is predicted */
    double *covariance;     /* [count][count] of a run's values; likewise */
    ordpar_spread *spreads; /* [count] */
    double *squares;        /* [count][runs] */
    ordpar_agreement spread;
} comparison;

static ordpar_status allocate_spreads(comparison *c, ordpar_error *err) {
    c->variance = malloc(c->e.count * c->columns * sizeof *c->variance);
    c->covariance = malloc(c->e.count * c->e.count * sizeof *c->covariance);
    c->spreads = malloc(c->e.count * sizeof *c->spreads);
    c->squares = malloc(c->e.count * c->e.runs * sizeof *c->squares);
    return c->variance && c->covariance && c->spreads && c->squares
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows of %zu runs",
                             c->e.count, c->e.runs);
}

static ordpar_status allocate(const ordpar_model *model, comparison *c, ordpar_error *err) {
    const size_t count = c->e.count, runs = c->e.runs;
    c->columns =
        ordpar_theory_columns(&c->e.simulation, (ordpar_against)model->value.against, runs);
    c->theory = malloc(count * c->e.curves * c->columns * sizeof *c->theory);
    c->rows = malloc(c->e.curves * count * sizeof *c->rows);
    c->differences = malloc(count * runs * sizeof *c->differences);
    if (model->value.against == ORDPAR_AGAINST_SHIFTED) {
        const ordpar_status status = allocate_spreads(c, err);
        if (status)
            return status;
    }
    return c->theory && c->rows && c->differences
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows of %zu runs", count,
                             runs);
}

static ordpar_theory_options theory_options(const ordpar_model *model) {
    return (ordpar_theory_options){.against = (ordpar_against)model->value.against,
                                   .rtol = model->value.rtol,
                                   .atol = model->value.atol,
                                   .integrator = ordpar_model_integrator(model),
                                   .threads = (int)model->value.threads,
                                   .stop = model->stop};
}

/* Where it ends before the last row, and the rows before are to be kept, there are those alone. */
static ordpar_status compute_theory(const ordpar_model *model, comparison *c, ordpar_error *err) {
    ordpar_error reason;
    ordpar_theory_options options = theory_options(model);
    options.variance = c->variance;
    options.covariance = c->covariance;
    options.stats = &c->stats;
    options.rows = &c->e.rows;
    const ordpar_status status = ordpar_theory_curves(&c->e.simulation, c->e.alpha, c->e.count,
                                                      c->columns, &options, c->theory, &reason);
    c->theory_ended = status;
    if (status != ORDPAR_DIVERGED && status != ORDPAR_NUMERICAL)
        c->e.rows = 0;
    if (c->e.rows == 0 || !ordpar_keeps_rows(model, status))
        return status ? ordpar_fail(err, status, "%s", reason.message) : ORDPAR_OK;
    c->e.ended = status;
    ordpar_format(c->e.why, sizeof c->e.why, "%.350s", reason.message);
    c->e.count = c->e.rows;
    return ordpar_theory_curves(&c->e.simulation, c->e.alpha, c->e.count, c->columns, &options,
                                c->theory, err);
}

/* Rows between those of the grid, for a line that is drawn. */
static void fill_between(const ordpar_grid *grid, const double *alpha, size_t count, size_t parts,
                         double *fine) {
    const bool logarithmic = ordpar_grid_is_logarithmic(grid);
    size_t filled = 0;
    for (size_t k = 0; k + 1 < count; k++)
        for (size_t j = 0; j < parts; j++) {
            const double a = alpha[k], b = alpha[k + 1], x = (double)j / (double)parts;
            fine[filled++] = logarithmic && a > 0 ? a * pow(b / a, x) : a + x * (b - a);
        }
    fine[filled] = alpha[count - 1];
}

/* The theory, averaged over the runs' curves, on a grid that is fine enough to be drawn. Where it
 * cannot be had, the rows are: a picture costs no numbers. */
static void compute_line(const ordpar_model *model, const comparison *c, ordpar_table *t) {
    enum { FINE = 256, MOST_NUMBERS = 1 << 22 };
    const size_t count = c->e.count, columns = c->columns;
    const size_t parts = count > 1 ? (FINE + count - 2) / (count - 1) : 1;
    const size_t rows = (count - 1) * parts + 1;
    if (!t->draws || rows * columns > MOST_NUMBERS)
        return;
    t->line = malloc(2 * rows * sizeof *t->line);
    double *theory = malloc(rows * c->e.curves * columns * sizeof *theory);
    const ordpar_theory_options options = theory_options(model);
    if (t->line && theory) {
        fill_between(&model->value.alpha, c->e.alpha, count, parts, t->line);
        if (!ordpar_theory_curves(&c->e.simulation, t->line, rows, columns, &options, theory, NULL))
            t->n_line = rows;
    }
    for (size_t k = 0; k < t->n_line; k++)
        t->line[rows + k] = ordpar_summarize(theory + k * c->e.curves * columns, columns).mean;
    free(theory);
}

/* With what runs that train on labels have in common. */
static void widen(const ordpar_model *model, const comparison *c, size_t k,
                  ordpar_comparison *row) {
    const double error = ordpar_ensemble_error(model, &c->e, k, row->mean, row->standard_error);
    if (error == row->standard_error || isnan(error))
        return;
    row->z = (row->mean - row->theory) / error;
    row->standard_error = error;
}

/* [8.6], of eps_g, of tasks their mean. */
static ordpar_status compare_spreads(comparison *c, ordpar_error *err) {
    const size_t runs = c->e.runs;
    const ordpar_rows_covariance known = {c->covariance, c->e.count};
    for (size_t k = 0; k < c->e.rows; k++) {
        const double *theory = c->theory + k * c->e.curves * c->columns;
        const double *eps_g = c->e.eps_g + k * c->e.curves * runs;
        double *differences = c->differences;
        for (size_t r = 0; r < runs; r++)
            differences[r] = eps_g[r] - theory[c->columns > 1 ? r : 0];
        c->spreads[k] =
            ordpar_compare_spread(runs, differences, c->columns, c->variance + k * c->columns,
                                  c->rows[k].theory, c->squares + k * runs);
    }
    return ordpar_compare_spreads(c->e.rows, runs, c->spreads, &known, c->squares, &c->spread, err);
}

static ordpar_status compare_rows(const ordpar_model *model, comparison *c, ordpar_error *err) {
    const size_t runs = c->e.runs, curves = c->e.curves;
    const double accuracy = model->value.against == ORDPAR_AGAINST_FINITE_N
                                ? finite_n_accuracy
                                : 10 * model->value.rtol;
    const ordpar_theory_options options = theory_options(model);
    const double floor = ordpar_theory_floor(&c->e.simulation, &options);
    for (size_t curve = curves; curve-- > 0;) /* the differences of the first stay */
        for (size_t k = 0; k < c->e.rows; k++) {
            const size_t at = k * curves + curve;
            ordpar_comparison *row = &c->rows[curve * c->e.count + k];
            *row = ordpar_compare_row(runs, c->e.eps_g + at * runs, c->columns,
                                      c->theory + at * c->columns, accuracy, floor,
                                      c->differences + k * runs);
            widen(model, c, k, row);
        }
    const ordpar_status status = ordpar_compare_all_known(
        c->e.rows, runs, c->rows, &(ordpar_rows_covariance){c->covariance, c->e.count},
        c->differences, &c->agreement, err);
    return status || !c->variance ? status : compare_spreads(c, err);
}

static void add_columns(const comparison *c, ordpar_table *t) {
    ordpar_table_columns(t, c->variance ? "alpha,theory,mean,stderr,z,sd,sd_runs,z_sd"
                                        : "alpha,theory,mean,stderr,z");
    ordpar_tasks_columns(&c->e.parts.network, "theory", "mean,stderr,z", t);
}

static ordpar_status begin_table(const comparison *c, ordpar_table *t, ordpar_error *err) {
    if (!t)
        return ORDPAR_OK;
    add_columns(c, t);
    return ordpar_table_begun(t, err);
}

/* t: whose columns are wanted; may be NULL. */
static ordpar_status compute(const ordpar_model *model, comparison *c, ordpar_table *t,
                             ordpar_error *err) {
    ordpar_status status;
    if ((status = ordpar_compare_check(model, err)) ||
        (status = ordpar_ensemble_create(model, model->value.against != ORDPAR_AGAINST_FINITE_N,
                                         &c->e, err)) ||
        (status = ordpar_compare_check_parts(model, &c->e.parts, err)) ||
        (status = allocate(model, c, err)) || (status = begin_table(c, t, err)) ||
        (status = compute_theory(model, c, err)) ||
        (status = ordpar_ensemble_make(model, &c->e, err)))
        return status;
    return compare_rows(model, c, err);
}

static void comparison_clear(comparison *c) {
    free(c->theory);
    free(c->rows);
    free(c->differences);
    free(c->variance);
    free(c->covariance);
    free(c->spreads);
    free(c->squares);
    ordpar_ensemble_clear(&c->e);
}

static ordpar_status theory_facts(const ordpar_model *model, const comparison *c, ordpar_table *t,
                                  ordpar_error *err) {
    if (model->value.against == ORDPAR_AGAINST_FINITE_N) {
        ordpar_table_note(t, "theory",
                          "the exact mean at finite N, at the simulated number of steps");
        return ORDPAR_OK;
    }
    const char *start = c->columns > 1 ? "each run, averaged" : "the runs";
    if (model->value.batch_fraction > 0)
        ordpar_table_note(t, "theory",
                          "the map of the order parameters, step by step, from the start of %s",
                          start);
    else
        ordpar_table_note(t, "theory",
                          "equations of motion%s at the simulated number of steps / N, from the "
                          "start of %s; rtol = %g, atol = %g",
                          c->variance ? " with the shift of the mean in first order of 1/N," : "",
                          start, model->value.rtol, model->value.atol);
    ordpar_curve_limit_facts(model, &c->stats, t);
    ordpar_finite_n_ratio_fact(model, &c->e.parts, t);
    return ordpar_finite_n_parting_fact(&c->e.parts, t, err);
}

static void note_unknown(const comparison *c, ordpar_table *t) {
    size_t unknown = 0;
    for (size_t k = 0; k < c->e.rows; k++)
        unknown += isnan(c->rows[k].theory) ? 1 : 0;
    if (unknown)
        ordpar_table_note(t, "unknown",
                          "theory and sd are nan in %zu of %zu rows, which do not count: eps_g is "
                          "so small there that rounding hides its shift and spread",
                          unknown, c->e.rows);
}

static void fill_table(const comparison *c, ordpar_table *t) {
    ordpar_table_note(t, "stderr", "of mean - theory, from the runs' differences to their theory%s",
                      c->e.parts.labels.outputs ? ", with the examples that they share and the "
                                                  "error of the coefficients: an upper bound"
                                                : "");
    if (c->variance)
        ordpar_table_note(t, "sd",
                          "of a run about its theory, predicted; sd_runs: that of the runs; z_sd: "
                          "the normal score of their variance, of which a log-normal eps_g is "
                          "expected");
    if (c->variance)
        note_unknown(c, t);
    for (size_t k = 0; k < c->e.rows && !t->failed; k++) {
        double *cell = ordpar_table_row(t);
        if (!cell)
            return;
        *cell++ = c->e.alpha[k];
        for (size_t curve = 0; curve < c->e.curves; curve++, cell += 4) {
            const ordpar_comparison *row = &c->rows[curve * c->e.count + k];
            memcpy(cell, (double[]){row->theory, row->mean, row->standard_error, row->z},
                   4 * sizeof *cell);
            if (curve > 0 || !c->variance)
                continue;
            const ordpar_spread *spread = &c->spreads[k];
            memcpy(cell + 4, (double[]){spread->predicted, spread->measured, spread->z},
                   3 * sizeof *cell);
            cell += 3;
        }
    }
}

/* How well rows agree, in words. */
static void describe(const comparison *c, const ordpar_agreement *a, const char *nothing,
                     const char *chance, char *text, size_t size) {
    if (isnan(a->largest)) {
        ordpar_format(text, size, "%s", nothing);
        return;
    }
    const int length = ordpar_format(text, size, "largest |z| = %.3g at alpha = %.6g%s", a->largest,
                                     c->e.alpha[a->where], chance);
    if (!isnan(a->probability))
        ordpar_format(
            text + length, size - (size_t)length,
            "; chi-square = %.4g in %zu rows that spread like %.3g independent ones, p = %.3g",
            a->chi_square, a->rows, a->effective_rows, a->probability);
}

enum { FEW_RUNS = 20 };

/* With few runs large values of z are no rarity. */
static void describe_chance(const comparison *c, char *text, size_t size) {
    *text = '\0';
    if (c->e.runs > 1 && c->e.runs < FEW_RUNS)
        ordpar_format(
            text, size,
            " (Student's t of %zu degree%s of freedom: above %.3g in about 1 of 20 by chance)",
            c->e.runs - 1, c->e.runs > 2 ? "s" : "",
            ordpar_compare_threshold((double)c->e.rows, c->e.runs));
}

/* The largest |z| of each task, as facts; returns the largest of all and of their mean. */
static double tasks_verdict(const comparison *c, ordpar_table *t) {
    double all = c->agreement.largest;
    for (size_t curve = 1; curve < c->e.curves; curve++) {
        double largest = NAN;
        for (size_t k = 0; k < c->e.rows; k++)
            largest = fmax(largest, fabs(c->rows[curve * c->e.count + k].z));
        char key[32];
        ordpar_format(key, sizeof key, "verdict %zu", curve);
        if (isnan(largest))
            ordpar_table_fact(t, key, largest, "task %zu: there is no z", curve);
        else
            ordpar_table_fact(t, key, largest, "task %zu: largest |z| = %.3g", curve, largest);
        all = fmax(all, largest);
    }
    return all;
}

/* How the runs are spread, as a fact and as what `text` receives; returns the largest |z|. */
static double spread_verdict(const comparison *c, char *text, size_t size, ordpar_table *t) {
    char agreement[256];
    *text = '\0';
    if (!c->variance)
        return 0;
    describe(c, &c->spread,
             c->e.runs < 4 ? "fewer than 4 runs say nothing of it"
                           : "no row has one to be compared",
             "", agreement, sizeof agreement);
    ordpar_table_fact(t, "verdict sd", c->spread.largest, "spread of the runs: %s", agreement);
    ordpar_format(text, size, "; spread of the runs: %s", agreement);
    return isnan(c->spread.largest) ? 0 : c->spread.largest;
}

static const char *how_ended(const comparison *c) {
    if (c->e.rows == c->e.count)
        return c->theory_ended == ORDPAR_DIVERGED ? "the theory diverged" : "the theory ended";
    return c->e.ended == ORDPAR_INTERRUPTED ? "interrupted" : "a run diverged";
}

/* The verdict, as a fact and as the line of a failure. */
static ordpar_status conclude(const ordpar_model *model, const comparison *c, ordpar_table *t,
                              ordpar_error *err) {
    const bool limited = model->value.max_z > 0, cut = c->e.rows < c->e.wanted;
    char agreement[320], chance[96], spread[320], limit[96] = "", partial[64] = "";
    const size_t runs = c->e.runs;
    const double z = tasks_verdict(c, t), spreads = spread_verdict(c, spread, sizeof spread, t);
    const double score = runs > 1 ? ordpar_compare_score(z, runs) : NAN;
    const bool nothing = isnan(z);
    const bool disagrees = limited && (nothing || !(fmax(score, spreads) <= model->value.max_z));
    describe_chance(c, chance, sizeof chance);
    describe(c, &c->agreement,
             runs > 1 ? "no row has a theory to be compared with, so there is no z"
                      : "a single run has no standard error, so there is no z",
             chance, agreement, sizeof agreement);
    const int used = limited && !nothing && runs < FEW_RUNS
                         ? ordpar_format(limit, sizeof limit,
                                         "; z of %zu runs is a normal score of %.3g", runs, score)
                         : 0;
    if (limited)
        ordpar_format(limit + used, sizeof limit - (size_t)used, "; %s max-z %g",
                      nothing     ? "nothing is within"
                      : disagrees ? "above"
                                  : "within",
                      model->value.max_z);
    if (cut && c->e.trial)
        ordpar_format(partial, sizeof partial, "; %s", how_ended(c));
    else if (cut)
        ordpar_format(partial, sizeof partial, "; %s after %zu of %zu rows", how_ended(c),
                      c->e.rows, c->e.wanted);
    const ordpar_fact *ratio = ordpar_table_find_fact(t, "finite N");
    const char *rare = ratio && isinf(ratio->value) ? "; its mean diverges (note finite N)" : "";
    ordpar_table_fact(t, "verdict", c->agreement.largest, "%s%s%s%s%s", agreement, rare, spread,
                      limit, partial);
    if (!cut && !disagrees)
        return ORDPAR_OK;
    const char *unsaved = c->e.unsaved.reason.message;
    return ordpar_fail(err, cut ? c->e.ended : ORDPAR_DISAGREES, "%s%s%s%s%s%s%.200s", agreement,
                       rare, spread, limit, partial, *unsaved ? "; checkpoint: " : "", unsaved);
}

ordpar_status ordpar_compute_compare(const ordpar_model *model, ordpar_table *t,
                                     ordpar_error *err) {
    comparison c = {0};
    ordpar_status status = compute(model, &c, t, err);
    status = ordpar_ensemble_hint(&c.e, c.theory_ended ? "up to" : "the", status, err);
    if (!status) {
        ordpar_ensemble_facts(model, &c.e, t);
        status = theory_facts(model, &c, t, err);
    }
    if (!status) {
        fill_table(&c, t);
        ordpar_tasks_outcome(&c.e.parts.network, 5, 4, t);
        compute_line(model, &c, t);
        if (!(status = ordpar_table_check(t, err)))
            status = conclude(model, &c, t, err);
        if (!status)
            status = ordpar_ensemble_end(&c.e, err);
    }
    comparison_clear(&c);
    return status;
}

ordpar_status ordpar_compare_summarize(const ordpar_model *model, ordpar_compare_summary *summary,
                                       ordpar_error *err) {
    comparison c = {.spread = {.largest = NAN, .probability = NAN}};
    const ordpar_status status = compute(model, &c, NULL, err);
    if (!status)
        *summary = (ordpar_compare_summary){.last = c.rows[c.e.rows - 1],
                                            .agreement = c.agreement,
                                            .spreads = c.spread,
                                            .where = c.e.alpha[c.agreement.where]};
    comparison_clear(&c);
    return status;
}
