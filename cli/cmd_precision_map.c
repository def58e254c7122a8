// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd_precision.h"

#include "decimal_model.h"
#include "library_error.h"
#include "mp_map.h"
#include "output.h"
#include "plot.h"
#include "progress.h"
#include "result.h"

#include <math.h>
#include <stdlib.h>

enum { L_COLUMN, CONDITION_COLUMN, LOST_COLUMN, BITS_COLUMN, DOUBLE_COLUMN, COLUMNS };

static const double default_sizes[] = {4, 8, 12, 16, 20, 24, 32};

/* The map is of the linear network with K = M = 1, whose exact solution is the reference. */
static int check_options(const options *parsed) {
    static const char *const others[] = {
        "activation", "student-units", "teacher-units", "input-dim",      "eigenvalues",
        "seed",       "init",          "teacher",       "overlaps",       "student-output",
        "trainable",  "rtol",          "atol",          "teacher-output", "representation"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (options_given(parsed, others[k]))
            return usage_error(parsed,
                               "--%s: the map is of the linear network with K = M = 1 and its mean "
                               "start; it takes --sizes or --spectrum instead",
                               others[k]);
    if (parsed->spectrum && options_given(parsed, "sizes"))
        return usage_error(parsed, "--sizes: a map of --spectrum %s has its one size",
                           parsed->spectrum);
    return -1;
}

/* The rows' grid where none is given: the transient, in which the fast modes decay. */
static const ordpar_mp_grid default_grid = {"0", "20", 21, false};

static int add_row(const options *parsed, const options *sized, table *t) {
    model m;
    decimal_model d = {0};
    ordpar_mp_map_row row;
    int result = model_create(sized, &m);
    if (result < 0 && (result = decimal_model_create(sized, &m, &d)) < 0) {
        d.model.q = d.model.r = d.model.t = NULL;
        const ordpar_mp_options settings = decimal_options(parsed);
        ordpar_error err;
        const ordpar_status status =
            ordpar_mp_map(&d.model, options_given(parsed, "alpha") ? &d.grid : &default_grid,
                          &settings, &row, &err);
        progress_clear();
        double *cells = status ? NULL : table_row(t);
        if (status)
            result = library_error(parsed, NULL, status, &err);
        else if (!cells)
            result = failure(parsed, "out of memory for the output");
        else {
            cells[L_COLUMN] = (double)m.spectrum.L;
            cells[CONDITION_COLUMN] = row.log10_condition;
            cells[LOST_COLUMN] = row.digits_lost;
            cells[BITS_COLUMN] = (double)row.bits;
            cells[DOUBLE_COLUMN] = row.double_error;
        }
    }
    decimal_model_clear(&d);
    model_clear(&m);
    return result;
}

static int fill(const options *parsed, table *t) {
    table_column(t, "L");
    table_column(t, "log10_condition");
    table_column(t, "digits_lost");
    table_column(t, "bits");
    table_column(t, "double_error");
    options sized = *parsed; /* shares the lists; it is not cleared */
    sized.activation = 1;    /* linear */
    sized.K = sized.M = 1;
    sized.init = ORDPAR_INIT_MEAN;
    sized.teacher = ORDPAR_TEACHER_MEAN;
    if (parsed->spectrum)
        return add_row(parsed, &sized, t);
    const bool given = parsed->sizes.count > 0;
    const double *sizes = given ? parsed->sizes.values : default_sizes;
    const size_t count = given ? parsed->sizes.count : sizeof default_sizes / sizeof *default_sizes;
    int result = -1;
    for (size_t k = 0; k < count && result < 0; k++) {
        sized.L = sized.N = (int64_t)sizes[k];
        result = add_row(parsed, &sized, t);
    }
    return result;
}

/* The three columns in digits; a double error as the digits of 53 bits that it has eaten. */
static int draw(const options *parsed, const table *t, output_set *set) {
    double *eaten = malloc(t->n_rows * sizeof *eaten);
    if (!eaten)
        return failure(parsed, "out of memory for the picture");
    for (size_t row = 0; row < t->n_rows; row++) {
        const double error = t->cells[row * COLUMNS + DOUBLE_COLUMN];
        const double right = error > 0 ? -log10(error) : 16;
        eaten[row] = fmax(0, fmin(16, right));
    }
    plot p = {.title = "hierarchy of moments, linear network",
              .x_label = "number of eigenvalues L",
              .y_label = "decimal digits"};
    const plot_series common = {.count = t->n_rows, .x = t->cells, .stride = COLUMNS};
    plot_series condition = common, lost = common, right = common;
    condition.title = "log_{10} condition";
    condition.y = t->cells + CONDITION_COLUMN;
    lost.title = "digits lost";
    lost.y = t->cells + LOST_COLUMN;
    double *L = malloc(t->n_rows * sizeof *L);
    for (size_t row = 0; L && row < t->n_rows; row++)
        L[row] = t->cells[row * COLUMNS];
    right = (plot_series){
        .title = "right in double", .count = t->n_rows, .x = L, .y = eaten, .stride = 1};
    plot_add(&p, condition);
    plot_add(&p, lost);
    plot_add(&p, right);
    const int result = L ? plot_draw(&p, set, parsed, parsed->plot)
                         : failure(parsed, "out of memory for the picture");
    free(L);
    free(eaten);
    return result;
}

static int write_outputs(const options *parsed, const table *t) {
    output_set set = {0};
    int result = result_begin(&set, parsed, t);
    if (result < 0)
        result = draw(parsed, t, &set);
    return result_end(&set, parsed, result);
}

int precision_map(const options *parsed) {
    int result = check_options(parsed);
    if (result >= 0)
        return result;
    table t;
    table_init(&t);
    table_standard_notes(&t, parsed);
    char buffer[OPTIONS_TEXT_SIZE], other[OPTIONS_TEXT_SIZE], third[OPTIONS_TEXT_SIZE];
    table_note(&t, "model", "linear, K = M = 1, mean start, beta = %s, eta = %s, alpha = %s",
               parsed->spectrum ? "of the file" : options_text(parsed, "beta", buffer),
               options_text(parsed, "eta", other),
               options_given(parsed, "alpha") ? options_text(parsed, "alpha", third) : "0:20:21");
    table_note(&t, "columns",
               "digits_lost: measured against the exact solution; bits: for %lld digits; "
               "double_error: largest relative error of eps_g by the hierarchy in 53 bits",
               (long long)parsed->digits);
    if ((result = fill(parsed, &t)) < 0)
        result = write_outputs(parsed, &t);
    table_clear(&t);
    return result;
}
