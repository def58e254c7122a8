// SPDX-License-Identifier: GPL-3.0-or-later
/** Pictures of tables: which columns, against what, and what the legend says. */
#ifndef ORDPAR_CLI_PICTURE_H
#define ORDPAR_CLI_PICTURE_H

#include "cli/options/options.h"
#include "cli/output/output.h"
#include "model/table.h"

/** A table, of a file or computed just now. */
typedef struct {
    const ordpar_table *t;
    const char *path; /* of its file; NULL: it is none */
} picture_source;

/**
 * Draws at path what the settings column, x, histogram and legend say of all sources in one
 * picture: theory as lines, simulations as points with their standard errors, both of one model in
 * one colour; a line for each combination of the settings that a file's note `swept` names. The
 * legend has the settings in which the curves differ. Errors: INVALID, PARSE, NUMERICAL where there
 * is nothing to draw, MEMORY; those of plot_draw.
 */
ordpar_status picture_draw(const options *parsed, const picture_source *sources, size_t count,
                           output_set *set, const char *path, ordpar_error *err);

/** The same for one table, at the setting plot; nothing to do without it. What cannot be drawn
 * costs no other output of the set. */
ordpar_status picture_of_table(const options *parsed, const ordpar_table *t, output_set *set,
                               ordpar_error *err);

enum { PICTURE_LABEL = 256 };

/** The title of a table's picture, of PICTURE_LABEL bytes: its model, as its settings line says. */
void picture_title(const ordpar_table *t, char *title);

/** True for a table of a model whose target are a data set's labels. */
bool picture_has_labels(const ordpar_table *t);

/** Checks the settings against a table's columns, before it has rows. Errors: INVALID. */
ordpar_status picture_check(const options *parsed, const ordpar_table *t, ordpar_error *err);

/** Has t checked so by what computes it. */
void picture_watch(const options *parsed, ordpar_table *t);

#endif
