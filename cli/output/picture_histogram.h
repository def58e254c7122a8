// SPDX-License-Identifier: GPL-3.0-or-later
/** Bins that all lines of a histogram share. */
#ifndef ORDPAR_CLI_PICTURE_HISTOGRAM_H
#define ORDPAR_CLI_PICTURE_HISTOGRAM_H

#include "cli/output/picture_internal.h"

typedef struct {
    bool log;                       /* low, high and bins are those of logarithms */
    size_t n_lines, values, points; /* points: with those that have no value */
    double low, high, width;
    size_t n_bins;
    size_t counts[PLOT_MAX_SERIES]; /* values of each place of the legend */
    struct {
        size_t choice, line; /* the first of that place */
    } bars[PLOT_MAX_SERIES];
} histogram;

/** Draws, for each choice that is a closed form escape-law, how many of the histogram's values it
 * expects, per bin: of the bars of its model, or of as many as bars have on average. Errors: PARSE,
 * MEMORY. */
ordpar_status picture_add_laws(picture *p, const histogram *h, ordpar_error *err);

#endif
