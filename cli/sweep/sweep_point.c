// SPDX-License-Identifier: GPL-3.0-or-later
/* The row of a point, and what is said of one that has none. */
#include "base/text_stream.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
            if (result_is_text(g->axes[a].options[k].name))
                write_words(text, file);
            else
                write_number(sweep_grid_number(&g->axes[a].options[k], text), file);
        }
}

static const char *verdict(ordpar_status status) {
    const bool invalid = status == ORDPAR_INVALID || status == ORDPAR_PARSE;
    return !status ? "ok" : invalid ? "invalid" : "failed";
}

/* eps_g[n_curve] behind the job's numbers; message: "" or why there are no results. */
static char *make_row(const sweep_grid *g, size_t point, ordpar_job job, ordpar_status status,
                      const double *cells, const double *eps_g, size_t n_curve,
                      const char *message) {
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    if (!file)
        return NULL;
    fprintf(file, "%zu", point + 1);
    write_swept(g, point, file);
    write_number(status ? NAN : cells[0], file);
    for (const char *c = ordpar_point_columns(job); (c = strchr(c, ',')); c++)
        write_number(status ? NAN : *++cells, file);
    for (size_t k = 0; k < n_curve; k++)
        write_number(status ? NAN : eps_g[k], file);
    write_words(verdict(status), file);
    write_words(message, file);
    return ordpar_text_end(&stream);
}

ordpar_status sweep_point_row(const sweep_grid *g, const options *parsed, const ordpar_model *at,
                              size_t point, char **row, ordpar_error *err) {
    const ordpar_job job = (ordpar_job)parsed->job;
    double cells[ORDPAR_POINT_CELLS], *eps_g = NULL;
    char message[ORDPAR_MESSAGE_SIZE] = "";
    *row = NULL;
    const ordpar_status status = ordpar_point_compute(at, job, cells, &eps_g, message, err);
    /* A lack of memory, or a file that cannot be opened now, is no result: another time, or
     * elsewhere, the point has one. */
    if (status == ORDPAR_MEMORY || status == ORDPAR_INTERRUPTED || status == ORDPAR_IO)
        return status;
    if (status)
        options_message(err, message, sizeof message);
    *row = make_row(g, point, job, status, cells, eps_g,
                    parsed->curves ? (size_t)at->value.alpha.count : 0, message);
    free(eps_g);
    return *row ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the row");
}

ordpar_status sweep_point_blame(const sweep_grid *g, size_t point, ordpar_status status,
                                ordpar_error *err) {
    char where[400], message[ORDPAR_MESSAGE_SIZE];
    options_message(err, message, sizeof message);
    sweep_grid_describe(g, point, where, sizeof where);
    return ordpar_fail(err, status, "%s: %s", where, message);
}
