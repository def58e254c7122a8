// SPDX-License-Identifier: GPL-3.0-or-later
/** Which teacher each student has specialised to. Internal to solver/. */
#ifndef ORDPAR_MATCHING_H
#define ORDPAR_MATCHING_H

#include "solver/state/network.h"

/** True if deviation coordinates exist for this network under some numbering: K = M, an activation
 * that has them, and output weights that are the same up to order. */
bool ordpar_matching_is_possible(const ordpar_network *network);

/** The same for student i beside teacher teacher_of[i], each once; NULL: beside teacher i. */
bool ordpar_matching_fits(const ordpar_network *network, const size_t *teacher_of);

/**
 * Matches each student i to the teacher teacher_of[i] nearest to it (K entries) at the covariance c
 * of the fields (x, y). Returns the largest distance E[(x_i - y_n)^2] of a pair in units of
 * E[y_n^2], or INFINITY if two students share a teacher or a pair's output weights differ.
 */
double ordpar_match_students(const ordpar_network *network, const double *c, size_t *teacher_of);

#endif
