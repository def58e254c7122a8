// SPDX-License-Identifier: GPL-3.0-or-later
/** The largest eigenvalue of a symmetric operator that is known by its products. Internal. */
#ifndef ORDPAR_LARGEST_ROOT_H
#define ORDPAR_LARGEST_ROOT_H

#include "base/status.h"

#include <stddef.h>

/** y = A x, both of the operator's size; they do not overlap. */
typedef void (*ordpar_operator)(void *context, const double *x, double *y);

/** Numbers of room that ordpar_largest_root makes for an operator of this size. */
double ordpar_largest_root_room(size_t size);

/**
 * By Lanczos' steps from start[size], which must not be orthogonal to the eigenvector; nothing else
 * is asked of it. Correct to the rounding of the products. Errors: MEMORY, NUMERICAL (no end is
 * found, or a product that is not finite).
 */
ordpar_status ordpar_largest_root(size_t size, ordpar_operator apply, void *context,
                                  const double *start, double *root, ordpar_error *err);

#endif
