// SPDX-License-Identifier: GPL-3.0-or-later
/** Units that start the same, and part by rounding alone. Internal to solver/. */
#ifndef ORDPAR_SYMMETRY_H
#define ORDPAR_SYMMETRY_H

#include "network.h"
#include "overlaps.h"

/**
 * The pairs of students, and of teachers, that an exchange leaves as they are: equal output weights
 * and overlaps in every block. The equations keep them the same.
 */
size_t ordpar_same_units(const ordpar_network *network, const ordpar_overlaps *start);

/**
 * The pairs of students whose overlaps with the teachers, and of teachers whose overlaps with the
 * students, differ by no more than rounding that no saddle has amplified, at the covariance c of
 * the fields (x, y).
 */
size_t ordpar_near_units(size_t K, size_t M, const double *c);

#endif
