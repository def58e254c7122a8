// SPDX-License-Identifier: GPL-3.0-or-later
/** The plateau that a network leads to, and how long it lasts, by closed form or fixed point.
 * Internal. */
#ifndef ORDPAR_PREDICTION_H
#define ORDPAR_PREDICTION_H

#include "solver/plateau/plateau.h"
#include "solver/state/overlaps.h"

#include <stdbool.h>

/** Zeroed before. */
typedef struct {
    bool closed;     /* by the closed form, at lowest order in eta */
    double T, T2;    /* of the mean teacher: sum_b p_b lambda_b^p c_b, p = 1, 2; T of a given one is
                        what its units have of their own: variances less overlaps */
    const double *t; /* the teacher's blocks: the caller's, or ... */
    double *mean_t;  /* ... here; NULL where the closed form needs none */
    ordpar_plateau at;
    double rate;
    double start, end; /* specialisation at the start, and when all are specialised */
    double length;     /* predicted length of the plateau; may be infinite */
} ordpar_prediction;

/** True if the self-averaging teacher's plateau has a closed form: erf, with output weights of the
 * paper's kind, and inputs that show the teacher in full. Else arrays of M*M*L numbers are made for
 * it. */
bool ordpar_plateau_is_closed(const ordpar_network *network);

/**
 * Fills all up to at. t[M*M*L] (overlaps.h): a realised teacher, at all orders unless `small_eta`
 * is set. NULL: the self-averaging one, by the closed form where it has one, unless all_orders.
 * Errors: those of plateau.h.
 */
ordpar_status ordpar_predict_plateau(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     const double *t, bool all_orders, ordpar_prediction *p,
                                     ordpar_error *err);

/** Fills the rest. start: the specialisation at the start. Errors: INVALID (K or M of 1), and those
 * of plateau.h. */
ordpar_status ordpar_predict_escape(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    double start, ordpar_prediction *p, ordpar_error *err);

void ordpar_prediction_clear(ordpar_prediction *p);

/** *specialisation: how specialised a start is for the teacher's output weights w
 * (plateau.h). Errors: MEMORY. */
ordpar_status ordpar_start_specialisation(const ordpar_spectrum *spectrum,
                                          const ordpar_overlaps *start, const double *w,
                                          double *specialisation, ordpar_error *err);

#endif
