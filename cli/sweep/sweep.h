// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The command sweep: what its files share. Points are numbered from 0 inside and from 1 for people;
 * the last axis runs fastest. The row of a point is text, as it stands in the CSV file: what is
 * saved, sent and merged is this text.
 */
#ifndef ORDPAR_CLI_SWEEP_H
#define ORDPAR_CLI_SWEEP_H

#include "cli/options/options.h"
#include "cli/output/output.h"
#include "model/compute.h"
#include "model/seen_files.h"
#include "model/table.h"

#include <stdint.h>

enum { SWEEP_MAX_POINTS = 1000000, SWEEP_MAX_AXES = 16, SWEEP_MAX_JOINT = 8 };

/** What can be swept: the model, its grid and numerics, and what is simulated at a point. */
enum {
    SWEPT_SIMULATION = ORDPAR_GROUP_RUNS | ORDPAR_GROUP_AGAINST,
    SWEPT_GROUPS = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_GRID |
                   ORDPAR_GROUP_TOLERANCE | ORDPAR_GROUP_CONTINUE | SWEPT_SIMULATION
};

/** A swept setting, by the name that the user gave. */
typedef struct {
    const ordpar_setting *row;
    char name[24];
} sweep_option;

/** Settings that have the same value, and the texts of their values. */
typedef struct {
    sweep_option options[SWEEP_MAX_JOINT];
    size_t n_options;
    char **values; /* [count] as ordpar_model_set_text takes them */
    size_t count;
} sweep_axis;

typedef struct {
    sweep_axis axes[SWEEP_MAX_AXES];
    size_t n_axes, n_points;
    ordpar_seen_files *seen; /* what is read for each point, as it was; NULL: nothing */
} sweep_grid;

/* sweep_grid.c */

/**
 * Parses texts of --sweep. Each value is checked by setting it on a copy of model; settings that
 * are whole numbers take the nearest whole numbers of a range; a value that is there already is
 * dropped. Errors: INVALID, MEMORY. The caller clears *g in every case.
 */
ordpar_status sweep_grid_parse(const ordpar_texts *sweep, const ordpar_model *model, sweep_grid *g,
                               ordpar_error *err);
void sweep_grid_clear(sweep_grid *g);

/** The value that a point has on an axis. */
const char *sweep_grid_value(const sweep_grid *g, size_t axis, size_t point);

/** The number that a text stands for: none for the default, or NAN where there is none. */
double sweep_grid_number(const sweep_option *option, const char *text);

/** The model of a point, which the caller frees: a copy of base with the point's values. Errors:
 * INVALID, MEMORY; *at is then NULL. */
ordpar_status sweep_grid_model(const sweep_grid *g, const ordpar_model *base, size_t point,
                               ordpar_model **at, ordpar_error *err);

/** True if a grid is swept of which some values are no number, as 0:10:3. */
bool sweep_grid_of_grids(const sweep_grid *g);

/** The first of the swept settings that one of these groups has; NULL: none. */
const char *sweep_grid_swept(const sweep_grid *g, unsigned groups);

/** "point 3 (eta=0.1, L=4)". */
void sweep_grid_describe(const sweep_grid *g, size_t point, char *text, size_t size);

/* sweep_table.c */

/** Adds facts and columns, the same whatever the distribution. base: the model without the sweep.
 */
ordpar_status sweep_table_begin(const options *parsed, const ordpar_model *base, sweep_grid *g,
                                ordpar_table *t, ordpar_error *err);

/** Facts and columns as lines, what a sweep is known by; the caller frees it. NULL: out of memory.
 */
char *sweep_table_text(const ordpar_table *t);

/** OK if both texts say the same, else INVALID with what the first line that differs says. other:
 * whose the first is. */
ordpar_status sweep_table_same(const char *first, const char *second, const char *other,
                               ordpar_error *err);

/**
 * Checks the files that a model and its swept values name, but for grids, which are read once: that
 * they can be read for each point, and that no output replaces them. Errors: INVALID, IO, MEMORY.
 */
ordpar_status sweep_table_check_files(const options *parsed, sweep_grid *g, ordpar_error *err);

/** Adds a fact: its key and its words. */
void sweep_table_fact(ordpar_table *t, const char *key, const char *text);

/** Notes "K=M (3), L (6)": the axes, with their numbers of values, and the number of points. */
void sweep_table_note_swept(const sweep_grid *g, ordpar_table *t);

/** Adds a column for each swept setting. */
void sweep_table_swept_columns(const sweep_grid *g, ordpar_table *t);

/* sweep_notes.c */

enum { SWEEP_MAX_NOTES = 64 };

/** The facts that points' models have, the first of each key: of which point, and of how many.
 * Zeroed before; clear leaves it so. */
typedef struct {
    ordpar_table found;
    size_t points, first[SWEEP_MAX_NOTES], count[SWEEP_MAX_NOTES];
} sweep_notes;

void sweep_notes_clear(sweep_notes *n);

/** said: the facts of a point. */
void sweep_notes_add(sweep_notes *n, size_t point, const ordpar_table *said);

/** As notes of t: "trace" where all points say the same, else "trace, point 2 (L=4)". */
void sweep_notes_end(const sweep_notes *n, const sweep_grid *g, ordpar_table *t);

/* sweep_rows.c */

/** True if row has a cell for each column, numbers where they belong, and the number of point. */
bool sweep_table_fits(const ordpar_table *t, size_t point, const char *row);

/** The first column of a row that fits in which a number is not written as the program does, with
 * all its digits; n_columns: none. */
size_t sweep_table_foreign(const ordpar_table *t, const char *row);

/** Adds a row that fits. False: out of memory. */
bool sweep_table_add(ordpar_table *t, const char *row);

/** Takes notes away of what no row has. */
void sweep_table_settle(ordpar_table *t);

/** Writes the table and the picture. *written: the table is in place, also where a failure is the
 * picture's. NUMERICAL where points failed, with how many and the first. */
ordpar_status sweep_table_write(const options *parsed, const ordpar_table *t, bool *written,
                                ordpar_error *err);

/* sweep_curves.c */

/** A computation of a model that makes a table. */
typedef ordpar_status (*sweep_computation)(const ordpar_model *model, ordpar_table *t,
                                           ordpar_error *err);

/**
 * Computes for each combination of the values that the settings of parsed->sweep have, and puts the
 * rows under each other, behind columns of those settings. Facts get the combination beside their
 * keys. A curve that diverges, or cannot be computed, is left out, with a note `failed`; the status
 * is then its. Errors: those of the computation; INVALID where the columns differ.
 */
ordpar_status sweep_curves(const options *parsed, sweep_computation compute, ordpar_table *t,
                           ordpar_error *err);

/* sweep_point.c */

/**
 * Computes a point: *row, which the caller frees, with a status and a message if the computation
 * failed. Errors: MEMORY and INTERRUPTED, which are no results; *row is then NULL.
 */
ordpar_status sweep_point_row(const sweep_grid *g, const options *parsed, const ordpar_model *at,
                              size_t point, char **row, ordpar_error *err);

/** Puts before a point's error which point it is. Returns status. */
ordpar_status sweep_point_blame(const sweep_grid *g, size_t point, ordpar_status status,
                                ordpar_error *err);

/* sweep_merge.c */

/** Parses I/N, 1 <= I <= N <= SWEEP_MAX_POINTS. Part I has the points I, I + N, I + 2 N, .. */
bool sweep_parse_part(const char *text, size_t *part, size_t *n_parts);

/** Puts the files of all parts together. */
ordpar_status sweep_merge(const options *parsed, ordpar_error *err);

#endif
