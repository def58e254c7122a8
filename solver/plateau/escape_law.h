// SPDX-License-Identifier: GPL-3.0-or-later
/** The law of the escape time over starts, for the self-averaging teacher. */
#ifndef ORDPAR_ESCAPE_LAW_H
#define ORDPAR_ESCAPE_LAW_H

#include "solver/steps/integrate.h"

/* Among the modes, in pairs of opposite ones: with them cubic terms cancel. */
enum { ORDPAR_ESCAPE_DIRECTIONS = 64 };

/** Of the exit from the plateau (measure.h), in alpha. */
typedef struct {
    double tau;         /* of the modes on the plateau */
    size_t modes;       /* d = (K-1)(M-1) */
    double mean, sd;    /* over starts, by the equations of motion [7.17] */
    double quantile[3]; /* 5, 50, 95 % */
    double jitter; /* sd over runs of SGD from a start of the root mean square; 0 under small_eta */
    double earlier; /* by how much SGD's noise lowers the mean over starts */
    double twice;   /* how much earlier a start of twice the size leaves; NAN: it has no plateau */
    double direction; /* sd over directions among the modes of starts of one size; in sd */
    double height;    /* eps_g of the plateau, which ends at 0.9 times it */
    size_t directions;
    double exit[ORDPAR_ESCAPE_DIRECTIONS]; /* of starts of the typical size, E ln chi, in those */
} ordpar_escape_law;

/**
 * Finds the law for starts of sigma_J > 0 drawn at the spectrum's N, with the teacher t = p c 1.
 * network: K, M >= 2, all v equal, all w equal, plain training, nothing unlearnable.
 * tolerances: rtol, atol and stop are looked at.
 * Errors: INVALID (K or M of 1; unequal weights; blocks of fewer than K + M components), NUMERICAL
 * (nothing grows; a typical start has no plateau), those of the integration, MEMORY.
 */
ordpar_status ordpar_escape_law_find(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     double sigma_J, const ordpar_integrate_options *tolerances,
                                     ordpar_escape_law *law, ordpar_error *err);

/** P(exit <= alpha), the mean over directions; of law tau, modes, directions and exit are looked
 * at. */
double ordpar_escape_law_share(const ordpar_escape_law *law, double alpha);

#endif
