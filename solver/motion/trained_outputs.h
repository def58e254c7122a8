// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Output weights that are trained [13.1]: K more numbers of order one in the state, after the
 * blocks, or K for each task [17.3]. v is that of the network, and of its coefficient work.
 * Internal to solver/.
 */
#ifndef ORDPAR_TRAINED_OUTPUTS_H
#define ORDPAR_TRAINED_OUTPUTS_H

#include "solver/motion/coefficients.h"

/** dv/dalpha at the covariance c of the fields (x, y) into dv[heads][K]. */
void ordpar_outputs_flow(const ordpar_network *network, const double *c,
                         ordpar_coefficient_work *work, double *dv);

/** Its derivatives with respect to (m, v), P + heads K columns: rows[heads K][P + heads K]. */
void ordpar_outputs_jacobian(const ordpar_network *network, const double *c,
                             ordpar_coefficient_work *work, double *rows);

/**
 * [13.3] Gives the derivatives of A, G, F with respect to m, which stand at the front as
 * jacobian[K*M + 2*K*K][P], heads K more columns for those with respect to v.
 */
void ordpar_outputs_add_columns(const ordpar_network *network, const double *c,
                                ordpar_coefficient_work *work, double *jacobian);

#endif
