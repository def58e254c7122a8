// SPDX-License-Identifier: GPL-3.0-or-later
/** What the files of figure 6 share. */
#ifndef ORDPAR_CLI_FIGURE_6_H
#define ORDPAR_CLI_FIGURE_6_H

#include "cli/figures/figure.h"

/** The left panel from starts near the teacher, and from random ones. */
void figure_6_near(figure *f);
void figure_6_random(figure *f);

/** The slope where all modes show the power law, as a guide through the curve. */
void figure_6_slope(figure *f, const study *s, size_t count, const double *alpha,
                    const double *eps_g);

#endif
