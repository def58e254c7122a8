// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "library_error.h"
#include "model.h"
#include "output.h"
#include "plateau.h"
#include "report.h"
#include "result.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static double *take_column(const table *t, size_t column) {
    double *values = malloc(t->n_rows * sizeof *values);
    for (size_t k = 0; k < t->n_rows && values; k++)
        values[k] = t->cells[k * t->n_columns + column];
    return values;
}

/* The size of the overlaps R1_i_n that the file has; false if it has none, or not all. */
static bool find_overlaps(const table *t, size_t *K, size_t *M, size_t *first) {
    size_t column;
    char name[64];
    *K = *M = 0;
    if (!table_find_column(t, "R1_1_1", first))
        return false;
    do
        snprintf(name, sizeof name, "R1_1_%zu", ++*M + 1);
    while (table_find_column(t, name, &column));
    do
        snprintf(name, sizeof name, "R1_%zu_1", ++*K + 1);
    while (table_find_column(t, name, &column));
    snprintf(name, sizeof name, "R1_%zu_%zu", *K, *M);
    return table_find_column(t, name, &column) && column == *first + *K * *M - 1;
}

/* *values stays NULL where the file does not show the overlaps; false if out of memory. */
static bool take_specialisation(const table *t, double **values) {
    size_t K, M, first;
    if (!find_overlaps(t, &K, &M, &first))
        return true;
    *values = malloc(t->n_rows * sizeof **values);
    for (size_t k = 0; k < t->n_rows && *values; k++)
        (*values)[k] =
            ordpar_specialisation_signed(K, M, NULL, t->cells + k * t->n_columns + first);
    return *values;
}

static int check_columns(const options *parsed, const table *t, size_t *alpha, size_t *eps_g) {
    const char *path = parsed->arguments[0];
    if (!table_find_column(t, "alpha", alpha))
        return usage_error(parsed, "%s: has no column alpha", path);
    if (!table_find_column(t, "eps_g", eps_g) &&
        !table_find_column(t, "mean", eps_g)) /* of simulate and compare */
        return usage_error(parsed, "%s: has no column eps_g", path);
    for (size_t k = 0; k < t->n_rows; k++) {
        const double value = t->cells[k * t->n_columns + *alpha];
        if (value < 0 || (k > 0 && !(value > t->cells[(k - 1) * t->n_columns + *alpha])))
            return usage_error(parsed, "%s: alpha must be >= 0 and ascend, got %g in row %zu", path,
                               value, k + 1);
    }
    return -1;
}

static int measure(const options *parsed, const table *t, report *r) {
    size_t x, y;
    int result = check_columns(parsed, t, &x, &y);
    if (result >= 0)
        return result;
    double *alpha = take_column(t, x), *eps_g = take_column(t, y);
    double *specialisation = NULL;
    if (take_specialisation(t, &specialisation) && alpha && eps_g)
        result = report_measure(r, parsed, t->n_rows, alpha, eps_g, specialisation);
    else
        result = failure(parsed, "out of memory for %zu rows", t->n_rows);
    free(alpha);
    free(eps_g);
    free(specialisation);
    return result;
}

/* With any option of the model on the command line, what that model predicts. */
static int predict(const options *parsed, report *r) {
    if (!options_given_any(parsed, GROUP_MODEL | GROUP_SPECTRUM))
        return -1;
    model m;
    int result = model_create(parsed, &m);
    if (result < 0)
        result = report_predict(r, parsed, &m);
    model_clear(&m);
    return result;
}

static int write_report(const options *parsed, const report *r) {
    output_set set = {0};
    table notes;
    table_init(&notes);
    table_standard_notes(&notes, parsed);
    int code;
    FILE *file = result_open(&set, parsed, parsed->output, &notes, &code);
    if (file) {
        report_write(r, &notes, (output_format)parsed->format, file);
        code = output_commit(&set, parsed);
    }
    table_clear(&notes);
    return code;
}

int command_report(const options *parsed) {
    if (parsed->n_arguments != 1)
        return usage_error(parsed, "needs one file, a curve (-: standard input)");
    int result = output_check(parsed, "output", parsed->output);
    if (result >= 0)
        return result;
    table t;
    report r;
    ordpar_error err;
    table_init(&t);
    report_init(&r);
    const ordpar_status status = table_read(&t, parsed->arguments[0], &err);
    if (status)
        result = library_error(parsed, NULL, status, &err);
    if (result < 0 && (result = predict(parsed, &r)) < 0 && (result = measure(parsed, &t, &r)) < 0)
        result = write_report(parsed, &r);
    table_clear(&t);
    return result;
}
