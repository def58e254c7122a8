// SPDX-License-Identifier: GPL-3.0-or-later
/** What the panels of figure 6 share. */
#ifndef ORDPAR_CLI_FIGURE_6_H
#define ORDPAR_CLI_FIGURE_6_H

#include "figure.h"

/** The left panel from starts near the teacher, and from random ones. */
int figure_6_near(figure *f);
int figure_6_random(figure *f);

/** All orders in eta [7.7], for the self-averaging teacher. */
int figure_6_closed_form(const figure *f, const study *s, const double *alpha, size_t count,
                         double *eps_g);

/** Where all modes show the power law, for the self-averaging teacher. */
int figure_6_window(const figure *f, const study *s, ordpar_power_law *law,
                    ordpar_scaling_window *window);

/** The window's slope, as a guide through the curve where the window begins. */
void figure_6_slope(panel *p, size_t count, const double *alpha, const double *eps_g,
                    const ordpar_scaling_window *window);

#endif
