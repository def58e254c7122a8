// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/look.h"
#include "cli/output/picture.h"
#include "cli/output/plot.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "model/compute.h"
#include "model/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a map: L, log10_condition, digits_lost, bits, double_error. */
enum { CONDITION = 1, LOST = 2, DOUBLE = 4 };

static plot_series line_of(const char *title, const ordpar_table *t, size_t column) {
    return (plot_series){.title = title,
                         .style = PLOT_LINE,
                         .count = t->n_rows,
                         .x = t->cells,
                         .y = t->cells + column,
                         .stride = t->n_columns};
}

/* In digits; the double error as the digits of 53 bits that are right. */
static ordpar_status draw_map(const options *parsed, const ordpar_table *t, output_set *set,
                              ordpar_error *err) {
    double *right = malloc((2 * t->n_rows + 1) * sizeof *right); /* [rows] of L and digits */
    if (!right)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t row = 0; row < t->n_rows; row++) {
        const double *cells = t->cells + row * t->n_columns;
        right[2 * row] = cells[0];
        right[2 * row + 1] = cells[DOUBLE] > 0 ? fmax(0, fmin(16, -log10(cells[DOUBLE]))) : 16;
    }
    plot p = {.title = t->title, .x_label = "number of eigenvalues L", .y_label = "decimal digits"};
    plot_series in_double = line_of("right in double", t, DOUBLE);
    in_double.x = right;
    in_double.y = right + 1;
    in_double.stride = 2;
    plot_add(&p, line_of("log_{10} condition", t, CONDITION));
    plot_add(&p, line_of("digits lost", t, LOST));
    plot_add(&p, in_double);
    const ordpar_status status = look_draw(parsed, &p, set, parsed->plot, err);
    free(right);
    return status;
}

static ordpar_status draw(const options *parsed, const char *what, const ordpar_table *t,
                          output_set *set, ordpar_error *err) {
    const bool check = strcmp(what, "check") == 0;
    if (strcmp(what, "map") == 0)
        return draw_map(parsed, t, set, err);
    const plot_series line = line_of(NULL, t, check ? 3 : 1);
    char title[PICTURE_LABEL];
    picture_title(t, title);
    plot p = {.title = title,
              .x_label = "α = examples / N",
              .y_label = check ? "relative error of double precision" : "generalization error ε_g",
              .x_log = !ordpar_axis_is_even(line.count, line.x, line.stride) &&
                       plot_wants_log(line.x, line.count, line.stride),
              .y_log = plot_wants_log(line.y, line.count, line.stride)};
    plot_add(&p, line);
    return look_draw(parsed, &p, set, parsed->plot, err);
}

static ordpar_status write_outputs(const options *parsed, const char *what, const ordpar_table *t,
                                   ordpar_error *err) {
    output_set set = {0};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status && parsed->plot)
        status = draw(parsed, what, t, &set, err);
    return result_end(parsed, &set, status, err);
}

/* A map's settings are not those of the model's defaults. */
static ordpar_status begin(const options *parsed, const char *what, ordpar_table *t,
                           ordpar_error *err) {
    options shown = *parsed;
    char *settings = NULL;
    ordpar_status status = ORDPAR_OK;
    if (strcmp(what, "map") == 0)
        status =
            ordpar_precision_map_settings(parsed->model, parsed->command->groups, &settings, err);
    shown.settings = settings;
    if (!status)
        status = result_begin(&shown, t, err);
    free(settings);
    return status;
}

ordpar_status command_precision(const options *parsed, ordpar_error *err) {
    const char *what = parsed->n_arguments ? parsed->arguments[0] : "";
    ordpar_table t = {0};
    ordpar_status status, written;
    ordpar_error reason;
    if ((status = result_check(parsed, NULL, err)))
        return status;
    if (!(status = begin(parsed, what, &t, err)))
        status = ordpar_compute_precision(parsed->model, what, &t, err);
    if (!status || status == ORDPAR_DISAGREES) {
        written = write_outputs(parsed, what, &t, &reason);
        status = result_conclude(parsed, status, written, &reason, err);
    }
    progress_clear();
    const ordpar_fact *verdict = ordpar_table_find_fact(&t, "largest relative error");
    if (!status && verdict && parsed->output && strcmp(parsed->output, "-") != 0)
        fprintf(stderr, "ordpar precision: largest relative error %s\n", verdict->text);
    ordpar_table_clear(&t);
    return status;
}
