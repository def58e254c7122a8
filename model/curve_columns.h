// SPDX-License-Identifier: GPL-3.0-or-later
/** The columns of a curve and their cells. Internal. */
#ifndef ORDPAR_CURVE_COLUMNS_H
#define ORDPAR_CURVE_COLUMNS_H

#include "model/parts.h"

/** Of the rows of one curve. */
typedef struct {
    const ordpar_model *model;
    const ordpar_parts *parts;
    ordpar_table *t;
    double *c;                  /* [(K+M)^2] scratch: the order parameters of one order */
    const double *fluctuations; /* [count][2] sd, shift; NULL: not wanted */
} ordpar_curve_cells;

/** The setting `columns`. Errors: INVALID (no such column, or one that the activation lacks). */
ordpar_status ordpar_curve_check_columns(const ordpar_model *model, const ordpar_parts *parts,
                                         ordpar_error *err);

/** Adds the columns to an empty table. */
void ordpar_curve_columns(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t);

/** Adds the grid's row number `row`. Errors: MEMORY. */
ordpar_status ordpar_curve_row(const ordpar_curve_cells *r, size_t row, double alpha, double eps_g,
                               const ordpar_overlaps *state, ordpar_error *err);

#endif
