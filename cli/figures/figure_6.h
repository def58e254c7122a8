// SPDX-License-Identifier: GPL-3.0-or-later
/** What the panels of figure 6 share. */
#ifndef ORDPAR_CLI_FIGURE_6_H
#define ORDPAR_CLI_FIGURE_6_H

#include "cli/figures/figure.h"
#include "spectra/forms/erf_asymptotic.h"

/** The left panel from starts near the teacher, and from random ones. */
void figure_6_near(figure *f);
void figure_6_random(figure *f);

/** The network's units, for the self-averaging teacher. */
ordpar_erf_site figure_6_site(const figure *f, const study *s);

/** Where all modes of erf units on a power law show it, and the law. */
ordpar_scaling_window figure_6_window(figure *f, double L, double beta, double eta,
                                      const ordpar_erf_site *site, ordpar_power_law *law);

/** The window's slope, as a guide through the curve where the window begins. */
void figure_6_slope(figure *f, size_t count, const double *alpha, const double *eps_g,
                    const ordpar_scaling_window *window);

#endif
