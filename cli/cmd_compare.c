// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "compare.h"
#include "ensemble_options.h"
#include "library_error.h"
#include "output.h"
#include "plot.h"
#include "progress.h"
#include "result.h"
#include "theory.h"

#include <math.h>
#include <stdlib.h>

enum { ALPHA, THEORY, MEAN, STDERR, Z, COLUMNS };

/* What rounding may do to the recursion and to overlaps that come from a file. */
static const double finite_n_accuracy = 1e-9;

typedef struct {
    ensemble e;
    size_t columns;          /* of theory */
    double *theory;          /* [count][columns] */
    ordpar_comparison *rows; /* [count] */
    double *differences;     /* [count][runs] */
    ordpar_agreement agreement;
} comparison;

int compare_check(const options *parsed) {
    if (parsed->against == ORDPAR_AGAINST_FINITE_N) {
        if (ordpar_activation_at((size_t)parsed->activation) != &ordpar_activation_linear)
            return usage_error(parsed, "--against: finite-n is for --activation linear, got %s",
                               ordpar_activation_at((size_t)parsed->activation)->name);
        if (parsed->train_output || parsed->weight_decay > 0 || parsed->schedule)
            return usage_error(
                parsed, "--against: finite-n has fixed outputs, a constant learning rate and "
                        "no decay; leave out --train-output, --weight-decay and --schedule");
        if (parsed->small_eta)
            return usage_error(parsed, "--small-eta: --against finite-n has all orders of eta");
    }
    if (options_given(parsed, "max-z") && parsed->runs < 2)
        return usage_error(parsed,
                           "--max-z: needs --runs of at least 2 for a standard error, got "
                           "%lld",
                           (long long)parsed->runs);
    return -1;
}

static int allocate(const options *parsed, comparison *c) {
    const size_t count = c->e.count, runs = c->e.runs;
    c->columns = ordpar_theory_columns(&c->e.simulation, (ordpar_against)parsed->against, runs);
    c->theory = malloc(count * c->columns * sizeof *c->theory);
    c->rows = malloc(count * sizeof *c->rows);
    c->differences = malloc(count * runs * sizeof *c->differences);
    if (c->theory && c->rows && c->differences)
        return -1;
    return failure(parsed, "out of memory for %zu rows of %zu runs", count, runs);
}

static ordpar_theory_options theory_options(const options *parsed) {
    return (ordpar_theory_options){.against = (ordpar_against)parsed->against,
                                   .rtol = parsed->rtol,
                                   .atol = parsed->atol,
                                   .threads = (int)parsed->threads,
                                   .stop = &interrupted};
}

static int compute_theory(const options *parsed, comparison *c) {
    const ordpar_theory_options settings = theory_options(parsed);
    ordpar_error err;
    const ordpar_status status = ordpar_theory_curves(&c->e.simulation, c->e.alpha, c->e.count,
                                                      c->columns, &settings, c->theory, &err);
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

static int compare_rows(const options *parsed, comparison *c) {
    const size_t runs = c->e.runs;
    const double accuracy =
        parsed->against == ORDPAR_AGAINST_FINITE_N ? finite_n_accuracy : 10 * parsed->rtol;
    const ordpar_theory_options settings = theory_options(parsed);
    const double floor = ordpar_theory_floor(&c->e.simulation, &settings);
    for (size_t k = 0; k < c->e.rows; k++)
        c->rows[k] =
            ordpar_compare_row(runs, c->e.eps_g + k * runs, c->columns, c->theory + k * c->columns,
                               accuracy, floor, c->differences + k * runs);
    ordpar_error err;
    const ordpar_status status =
        ordpar_compare_all(c->e.rows, runs, c->rows, c->differences, &c->agreement, &err);
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

static bool fill_table(const options *parsed, const comparison *c, table *t) {
    static const char *const names[COLUMNS] = {"alpha", "theory", "mean", "stderr", "z"};
    ensemble_notes(t, parsed, &c->e);
    if (parsed->against == ORDPAR_AGAINST_FINITE_N)
        table_note(t, "theory", "the exact mean at finite N, at the simulated number of steps");
    else
        table_note(t, "theory",
                   "equations of motion at the simulated number of steps / N, from the start of "
                   "%s; rtol = %g, atol = %g",
                   c->columns > 1 ? "each run, averaged" : "the runs", parsed->rtol, parsed->atol);
    table_note(t, "stderr", "of mean - theory, from the runs' differences to their theory");
    for (size_t k = 0; k < COLUMNS; k++)
        table_column(t, "%s", names[k]);
    for (size_t k = 0; k < c->e.rows && !t->failed; k++) {
        double *cell = table_row(t);
        if (!cell)
            return false;
        cell[ALPHA] = c->e.alpha[k];
        cell[THEORY] = c->rows[k].theory;
        cell[MEAN] = c->rows[k].mean;
        cell[STDERR] = c->rows[k].standard_error;
        cell[Z] = c->rows[k].z;
    }
    return !t->failed;
}

static int draw(const options *parsed, const comparison *c, const table *t, output_set *set) {
    char title[200];
    ensemble_title(&c->e, title, sizeof title);
    const double *cells = t->cells;
    plot p = {.title = title,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g",
              .x_log = plot_wants_log(cells + ALPHA, t->n_rows, t->n_columns),
              .y_log = plot_wants_log(cells + MEAN, t->n_rows, t->n_columns)};
    plot_add(&p, (plot_series){.title = "theory",
                               .style = PLOT_LINE,
                               .count = t->n_rows,
                               .x = cells + ALPHA,
                               .y = cells + THEORY,
                               .stride = t->n_columns});
    plot_add(&p, (plot_series){.title = "simulation",
                               .style = PLOT_POINTS,
                               .count = t->n_rows,
                               .x = cells + ALPHA,
                               .y = cells + MEAN,
                               .error = c->e.runs > 1 ? cells + STDERR : NULL,
                               .stride = t->n_columns});
    return plot_draw(&p, set, parsed, parsed->plot);
}

static int write_outputs(const options *parsed, const comparison *c, const table *t) {
    output_set set = {0};
    int result = result_begin(&set, parsed, t);
    if (result < 0)
        result = draw(parsed, c, t, &set);
    return result_end(&set, parsed, result);
}

/* How well the rows agree, in words. */
static void describe(const comparison *c, char *text, size_t size) {
    const ordpar_agreement *a = &c->agreement;
    if (isnan(a->largest)) {
        snprintf(text, size, "a single run has no standard error, so there is no z");
        return;
    }
    const int length = snprintf(text, size, "largest |z| = %.3g at alpha = %.6g", a->largest,
                                c->e.alpha[a->where]);
    if (!isnan(a->probability))
        snprintf(text + length, size - (size_t)length,
                 "; chi-square = %.4g in %zu rows that spread like %.3g independent ones, p = %.3g",
                 a->chi_square, a->rows, a->effective_rows, a->probability);
}

/* The line that sums it up; the exit code. */
static int conclude(const options *parsed, const comparison *c) {
    const bool limited = options_given(parsed, "max-z");
    const bool disagrees = limited && !(c->agreement.largest <= parsed->max_z);
    char agreement[256], verdict[64] = "", partial[64] = "";
    describe(c, agreement, sizeof agreement);
    if (limited)
        snprintf(verdict, sizeof verdict, "; %s --max-z %g", disagrees ? "above" : "within",
                 parsed->max_z);
    if (c->e.interrupted)
        snprintf(partial, sizeof partial, "; interrupted after %zu of %zu rows", c->e.rows,
                 c->e.count);
    fprintf(stderr, "ordpar compare: %s%s%s\n", agreement, verdict, partial);
    if (c->e.interrupted)
        return EXIT_INTERRUPTED;
    return disagrees ? EXIT_DISAGREES : EXIT_DONE;
}

static int compute(const options *parsed, comparison *c) {
    int result;
    if ((result = ensemble_create(parsed, parsed->against == ORDPAR_AGAINST_ODE, &c->e)) >= 0 ||
        (result = allocate(parsed, c)) >= 0 || (result = compute_theory(parsed, c)) >= 0 ||
        (result = ensemble_run(parsed, &c->e)) >= 0)
        return result;
    return compare_rows(parsed, c);
}

static int compare(const options *parsed, comparison *c, table *t) {
    int result = compute(parsed, c);
    if (result >= 0)
        return result;
    if (!fill_table(parsed, c, t))
        return failure(parsed, "out of memory for the output");
    result = write_outputs(parsed, c, t);
    return result == EXIT_DONE ? conclude(parsed, c) : result;
}

static void comparison_clear(comparison *c) {
    free(c->theory);
    free(c->rows);
    free(c->differences);
    ensemble_clear(&c->e);
}

int compare_summarize(const options *parsed, compare_summary *summary) {
    comparison c = {0};
    const int result = compute(parsed, &c);
    if (result < 0)
        *summary = (compare_summary){.last = c.rows[c.e.rows - 1],
                                     .agreement = c.agreement,
                                     .where = c.e.alpha[c.agreement.where]};
    comparison_clear(&c);
    return result;
}

int command_compare(const options *parsed) {
    int result;
    if ((result = compare_check(parsed)) >= 0 ||
        (result = output_check(parsed, "output", parsed->output)) >= 0 ||
        (result = output_check(parsed, "checkpoint", parsed->checkpoint)) >= 0 ||
        (result = plot_check(parsed, parsed->plot)) >= 0)
        return result;
    comparison c = {0};
    table t;
    table_init(&t);
    result = compare(parsed, &c, &t);
    table_clear(&t);
    comparison_clear(&c);
    return result;
}
