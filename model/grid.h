// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Grids of numbers: START:STOP:COUNT[:lin|log], one number, or a list with commas. The one reader
 * of grids, for settings and for the ranges of a sweep. Internal to the project.
 */
#ifndef ORDPAR_GRID_H
#define ORDPAR_GRID_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    double start, stop; /* of a list: its least and largest value */
    int64_t count;
    bool logarithmic;
    double *list; /* [count] in ascending order, owned; NULL: spaced by start, stop and count */
    bool of_file; /* the list stood in a file */
} ordpar_grid;

/** Most rows of a grid. */
#define ORDPAR_MAX_GRID INT64_C(100000000)

/**
 * Reads START:STOP:COUNT[:lin|log] alone, STOP above or below START, ends of a log range positive,
 * COUNT from 2 on, or 1 where they agree. False: it is none.
 */
bool ordpar_grid_parse_range(const char *text, ordpar_grid *grid);

/**
 * Reads a grid that ascends, with values from 0 to high: a range, one number, or numbers with
 * commas, in any order, each once; or the name of a file that has them, one a line, all in one
 * line or in a CSV file's column `name`. Errors: INVALID (a message without a name in front),
 * PARSE, MEMORY; *grid is then as it was.
 */
ordpar_status ordpar_grid_read(const char *name, const char *text, double high, ordpar_grid *grid,
                               ordpar_error *err);

/** The order of two doubles, for qsort and bsearch. */
int ordpar_grid_compare(const void *a, const void *b);

/**
 * Value k of a range or list, k < count: ends are exact, and of a log range also decimals of up to
 * 9 digits, as the powers of ten, wherever rounding alone would keep a value from one.
 */
double ordpar_grid_value(const ordpar_grid *grid, int64_t k);

/** All values, which the caller frees. Errors: MEMORY. */
ordpar_status ordpar_grid_values(const ordpar_grid *grid, double **values, ordpar_error *err);

/** A digest of its numbers, however they are given. */
uint64_t ordpar_grid_digest(const ordpar_grid *grid);

/** True if a log axis suits it: a log range, or positive values over more than 1.5 decades. */
bool ordpar_grid_is_logarithmic(const ordpar_grid *grid);

#endif
