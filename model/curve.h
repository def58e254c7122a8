// SPDX-License-Identifier: GPL-3.0-or-later
/** The curves of a model. Internal. */
#ifndef ORDPAR_CURVE_H
#define ORDPAR_CURVE_H

#include "model/compute.h"

/**
 * Integrates the equations of motion from parts->start on the grid `alpha`; it becomes the final
 * state, with the trained outputs. observer: as of ordpar_integrate. Errors: its own.
 */
ordpar_status ordpar_curve_integrate(const ordpar_model *model, ordpar_parts *parts, size_t count,
                                     const double *alpha, ordpar_curve_observer observer,
                                     void *context, ordpar_integrate_stats *stats,
                                     ordpar_error *err);

/** Refuses a seed beside a given start, where it has no effect. */
ordpar_status ordpar_curve_check(const ordpar_model *model, ordpar_error *err);

/** ordpar_curve_integrate on the model's grid, of count values: trace[3][count] receives alpha,
 * eps_g and the specialisation (plateau.h). */
ordpar_status ordpar_curve_trace(const ordpar_model *model, ordpar_parts *parts, double *trace,
                                 ordpar_integrate_stats *stats, ordpar_error *err);

#endif
