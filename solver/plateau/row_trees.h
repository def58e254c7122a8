// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Binary trees over the rows of a curve, for what a walk from row to row would take too long to
 * find: sums of the line through many rows, and the nearest row that exceeds a bound. Internal to
 * solver/plateau/.
 */
#ifndef ORDPAR_ROW_TREES_H
#define ORDPAR_ROW_TREES_H

#include "base/status.h"

#include <stddef.h>

/** A straight line through n points (x, y), its sums taken about the origin (x0, y0). */
typedef struct {
    double x0, y0, n, x, xx, y, xy;
} ordpar_line_sums;

/** nodes[2 leaves], row k at leaves + k; of no rows: n = 0. */
typedef struct ordpar_line_tree {
    size_t leaves;
    struct ordpar_line_node {
        double n, x, y, xx, xy; /* means, sum of (x - mean)^2, of (x - mean)(y - mean) */
    } * nodes;
} ordpar_line_tree;

/** Errors: MEMORY. The caller frees tree->nodes. */
ordpar_status ordpar_line_tree_init(size_t count, const double *x, const double *y,
                                    ordpar_line_tree *tree, ordpar_error *err);

/** The sums of rows low..high, all of which must be finite. */
ordpar_line_sums ordpar_line_tree_sums(const ordpar_line_tree *tree, size_t low, size_t high);

/** most[2 leaves]: row k at leaves + k. */
typedef struct {
    size_t leaves;
    double *most;
} ordpar_maxima;

/** Of factor times values[count]; NAN counts as INFINITY. Errors: MEMORY. The caller frees
 * maxima->most. */
ordpar_status ordpar_maxima_init(size_t count, const double *values, double factor,
                                 ordpar_maxima *maxima, ordpar_error *err);

/** The nearest row to k, itself included, above bound, among those before it, or after it;
 * SIZE_MAX: there is none. */
size_t ordpar_maxima_before(const ordpar_maxima *maxima, size_t k, double bound);
size_t ordpar_maxima_after(const ordpar_maxima *maxima, size_t k, double bound);

#endif
