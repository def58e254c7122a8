// SPDX-License-Identifier: GPL-3.0-or-later
/** The curves of the commands curve and sweep. */
#ifndef ORDPAR_CLI_CURVE_H
#define ORDPAR_CLI_CURVE_H

#include "integrate.h"
#include "model.h"

/**
 * Integrates the model's equations on the grid of the options. trace[3][count]: receives alpha,
 * eps_g and the specialisation (plateau.h). m->start becomes the final state. Returns -1 or an exit
 * code after one line.
 */
int curve_trace(const options *parsed, model *m, double *trace, ordpar_integrate_stats *stats);

#endif
