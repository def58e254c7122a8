// SPDX-License-Identifier: GPL-3.0-or-later
/** Blocks of equal size. */
#ifndef ORDPAR_DIVISOR_H
#define ORDPAR_DIVISOR_H

#include "base/status.h"

#include <stdint.h>

/** Refuses L eigenvalues that do not divide N (both at least 1): INVALID, with an L near the one
 * that is wanted which does, and the N next to this one which this L divides. */
ordpar_status ordpar_check_divides(int64_t L, int64_t N, ordpar_error *err);

#endif
