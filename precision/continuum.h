// SPDX-License-Identifier: GPL-3.0-or-later
/** The continuum form of the linear learning curve [6.8]. Internal to precision/. */
#ifndef ORDPAR_PRECISION_CONTINUUM_H
#define ORDPAR_PRECISION_CONTINUUM_H

#include "precision/problem.h"

/** eps_g[k*stride] of the grid's rows; a power law of equal multiplicities. Errors: INTERRUPTED. */
ordpar_status ordpar_mp_continuum(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                  const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                  ordpar_error *err);

#endif
