// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The command sweep: what its files share. Points are numbered from 0 inside and from 1 for people;
 * the last axis runs fastest. The row of a point is text, as it stands in the CSV file: what is
 * saved, sent and merged is this text.
 */
#ifndef ORDPAR_CLI_SWEEP_H
#define ORDPAR_CLI_SWEEP_H

#include "options_table.h"
#include "output.h"
#include "table.h"

#include <stdint.h>

enum { SWEEP_MAX_POINTS = 1000000, SWEEP_MAX_AXES = 16, SWEEP_MAX_JOINT = 8 };

typedef enum { SWEEP_CURVE, SWEEP_SIMULATE, SWEEP_COMPARE } sweep_job;

/** A swept option, by the name that the user gave. */
typedef struct {
    const option_entry *entry;
    char name[24];
} sweep_option;

/** Options that have the same value, and the texts of their values. */
typedef struct {
    sweep_option options[SWEEP_MAX_JOINT];
    size_t n_options;
    char **values; /* [count] as options_set takes them */
    size_t count;
} sweep_axis;

typedef struct {
    sweep_axis axes[SWEEP_MAX_AXES];
    size_t n_axes, n_points;
} sweep_grid;

/* sweep_grid.c */

/**
 * Parses --sweep. Each value is checked by the table of options; whole-number options take the
 * nearest whole numbers of a range; a value that is there already is dropped. Returns -1 or
 * EXIT_USAGE after one line. The caller clears *g in every case.
 */
int sweep_grid_parse(const options *parsed, sweep_grid *g);
void sweep_grid_clear(sweep_grid *g);

/** The value that a point has on an axis. */
const char *sweep_grid_value(const sweep_grid *g, size_t axis, size_t point);

/**
 * The options of a point, which refer to *grid. Errors go to message[OPTIONS_MESSAGE_SIZE]. Returns
 * -1 or an exit code. The caller clears *at in every case.
 */
int sweep_grid_options(const sweep_grid *g, const options *parsed, size_t point, char *message,
                       options *at);

/** "point 3 (eta=0.1, L=4)". */
void sweep_grid_describe(const sweep_grid *g, size_t point, char *text, size_t size);

/* sweep_table.c */

/** Adds the notes and columns, the same whatever the distribution. Returns -1 or an exit code. */
int sweep_table_begin(const options *parsed, const sweep_grid *g, table *t);

/** A digest of the notes and columns, and of extra. */
uint64_t sweep_table_digest(const table *t, const char *extra);

/** True for a column of words. */
bool sweep_table_is_text(const char *column);

/** True if row has a cell for each column, numbers where they belong, and the number of point. */
bool sweep_table_fits(const table *t, size_t point, const char *row);

/** Adds a row that fits. False: out of memory. */
bool sweep_table_add(table *t, const char *row);

/** How many of the columns, after that of the point's number, are swept options. */
size_t sweep_table_swept(const table *t);

/** Writes the table and the picture. Returns an exit code. */
int sweep_table_write(const options *parsed, const table *t);

/**
 * One line on standard error if points failed. Returns EXIT_DONE, or EXIT_FAILED then.
 */
int sweep_table_conclude(const options *parsed, const table *t);

/* sweep_plot.c */

/** Checks --plot and --column against the table's columns. Returns -1 or an exit code. */
int sweep_plot_check(const options *parsed, const table *t);

/**
 * Draws --column against the first swept number, a line for each combination of the other swept
 * options. Returns -1 or an exit code.
 */
int sweep_plot_draw(const options *parsed, const table *t, output_set *set);

/* sweep_point.c */

/** The columns of results of the job, ended by NULL. */
const char *const *sweep_point_columns(sweep_job job);

/** Checks a point's options and model without computing. Returns -1 or an exit code. */
int sweep_point_check(const options *at);

/**
 * Computes a point. Returns its row, which the caller frees, with a status and a message if the
 * computation failed; NULL if interrupted or out of memory, which at->message then says.
 */
char *sweep_point_row(const sweep_grid *g, const options *at, size_t point);

/** How costly a point is, in units of nothing. */
double sweep_point_cost(const options *at);

/* sweep_merge.c */

/** Parses I/N, 1 <= I <= N <= SWEEP_MAX_POINTS. Part I has the points I, I + N, I + 2 N, .. */
bool sweep_parse_part(const char *text, size_t *part, size_t *n_parts);

/** Puts the files of all parts together. Returns an exit code. */
int sweep_merge(const options *parsed);

#endif
