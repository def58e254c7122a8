// SPDX-License-Identifier: GPL-3.0-or-later
/** The plateau that a model leads to, by closed form or fixed point. Internal. */
#ifndef ORDPAR_PREDICTION_H
#define ORDPAR_PREDICTION_H

#include "model/parts.h"
#include "solver/plateau/plateau.h"

/**
 * The teacher is the self-averaging one unless the setting `teacher` was given as sampled, or
 * overlaps were. For the self-averaging one with the paper's kind of output weights the closed form
 * holds, at lowest order in eta; else, or with `orders` all, the fixed point is solved for, at all
 * orders unless `small-eta` is set or `orders` is lowest. Zeroed before.
 */
typedef struct {
    bool realised, closed;
    double T, T2;
    const double *t; /* the teacher's blocks: in the parts' start, or ... */
    double *mean_t;  /* ... here; NULL where the closed form needs none */
    ordpar_plateau at;
    double rate;
    double start, end; /* specialisation at the start, and when all are specialised */
    double length;     /* predicted length of the plateau; may be infinite */
} ordpar_prediction;

/** Fills all up to at; sets the network's small_eta; makes the parts' start where the teacher is a
 * realised one. */
ordpar_status ordpar_predict_plateau(const ordpar_model *model, ordpar_parts *parts,
                                     ordpar_prediction *p, ordpar_error *err);

/** Fills the rest. */
ordpar_status ordpar_predict_escape(const ordpar_model *model, const ordpar_parts *parts,
                                    ordpar_prediction *p, ordpar_error *err);

void ordpar_prediction_clear(ordpar_prediction *p);

/** *specialisation: how specialised a start is for the teacher's output weights w
 * (plateau.h). Errors: MEMORY. */
ordpar_status ordpar_start_specialisation(const ordpar_spectrum *spectrum,
                                          const ordpar_overlaps *start, const double *w,
                                          double *specialisation, ordpar_error *err);

#endif
