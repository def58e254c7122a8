// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Overlaps of the vectors of a flow's state [4.7]. Vectors of a chunk with n blocks are
 * x[(i*D + d)*n + b], d running over the coordinates of factors.h. Internal to solver/.
 */
#ifndef ORDPAR_FLOW_VECTORS_H
#define ORDPAR_FLOW_VECTORS_H

#include "flow.h"

/** Sets t and B_norm of a chunk from B. */
void ordpar_vectors_set_teacher(ordpar_flow *flow, ordpar_chunk chunk);

/** Sets the teachers' part of the covariance c[(K+M)*(K+M)], of the same vectors as m. */
void ordpar_vectors_teacher_covariance(const ordpar_flow *flow, double *c);

/** m, the order-1 parameters, of the state y. */
void ordpar_vectors_moment(const ordpar_flow *flow, const double *y, double *m);

/**
 * R[K*M] += sum_b lambda_b x_b B_b^T and Q[K*K] += sum_b lambda_b x_b J_b^T over the blocks of a
 * chunk, where x and J begin.
 */
void ordpar_vectors_add_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                                 const double *J, double *R, double *Q);

/** For each block of a chunk r[K][M][n] = x_b B_b^T and q[K][K][n] = x_b x_b^T; x begins there. */
void ordpar_vectors_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                             double *r, double *q);

#endif
