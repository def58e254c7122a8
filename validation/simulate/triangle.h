// SPDX-License-Identifier: GPL-3.0-or-later
/** Rank-one change of a triangular factor. Internal to validation/. */
#ifndef ORDPAR_TRIANGLE_H
#define ORDPAR_TRIANGLE_H

#include <stddef.h>

/**
 * Replaces the lower triangle Lc[K][K] (row stride `stride`) by a lower triangle with the Gram
 * matrix of the rows of [Lc, 0] + factor c w^T [8.3]: c[K], w[K+1]. Costs O(K^2); scratch[5 (K+1)].
 * Rotations alone make it, so the Gram matrix stays positive semidefinite whatever the rounding.
 */
void ordpar_triangle_update(size_t K, double *Lc, size_t stride, const double *w, double factor,
                            const double *c, double *scratch);

#endif
