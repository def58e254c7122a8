// SPDX-License-Identifier: GPL-3.0-or-later
/** What the user's settings say about axes, title and size of a picture. */
#ifndef ORDPAR_CLI_LOOK_H
#define ORDPAR_CLI_LOOK_H

#include "cli/options/options.h"
#include "cli/output/plot.h"

/** The choices of xscale and yscale. */
enum { LOOK_AUTO, LOOK_LINEAR, LOOK_LOG };

/** Refuses settings of a picture that make no sense, or where none is drawn. Errors: INVALID. */
ordpar_status look_check(const options *parsed, ordpar_error *err);

/** True where the legend is asked to be none. */
bool look_has_no_legend(const options *parsed);

/** plot_draw, with the look that the user wants. */
ordpar_status look_draw(const options *parsed, plot *p, output_set *set, const char *path,
                        ordpar_error *err);

#endif
