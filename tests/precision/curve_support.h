// SPDX-License-Identifier: GPL-3.0-or-later
/** What the tests of curves in arbitrary precision share. */
#ifndef ORDPAR_TESTS_CURVE_SUPPORT_H
#define ORDPAR_TESTS_CURVE_SUPPORT_H

#include "precision/mp_curve.h"

/** erf, K = M = 2, eta = 0.5, sigma_J = 0.1, beta = 1, 64 components in each of L blocks. */
ordpar_mp_model base_model(size_t L);

/** The same text of every number, in so many digits, in both representations. */
void check_same(const char *name, const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                ordpar_mp_representation first, ordpar_mp_representation second, long digits);

#endif
