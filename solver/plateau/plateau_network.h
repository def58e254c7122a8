// SPDX-License-Identifier: GPL-3.0-or-later
/** What plateau.c and escape.c share. Internal to solver/. */
#ifndef ORDPAR_PLATEAU_NETWORK_H
#define ORDPAR_PLATEAU_NETWORK_H

#include "base/status.h"
#include "solver/state/network.h"

/** Errors: INVALID unless the students' output weights are equal and not 0. */
ordpar_status ordpar_plateau_check(const ordpar_network *network, ordpar_error *err);

/**
 * The network of `students` units that share the total output weight of the given one, with the
 * learning rate at which a plateau of equal students has the same a and f, and the same
 * specialising growth [7.9]. Errors: INVALID, MEMORY. The caller clears *made.
 */
ordpar_status ordpar_plateau_shrink(const ordpar_network *network, size_t students,
                                    ordpar_network *made, ordpar_error *err);

/** Refuses fields of so small a variance that rounding hides what sets the units apart.
 * Errors: NUMERICAL. */
ordpar_status ordpar_plateau_check_fields(const ordpar_spectrum *spectrum,
                                          const ordpar_network *network, ordpar_error *err);

/** Errors: INVALID where the teacher t[M*M*L] is not finite. */
ordpar_status ordpar_plateau_check_teacher(const ordpar_spectrum *spectrum,
                                           const ordpar_network *network, const double *t,
                                           ordpar_error *err);

#endif
