// SPDX-License-Identifier: GPL-3.0-or-later
/** The plateau that a model's options lead to, by closed form or fixed point. */
#ifndef ORDPAR_CLI_PREDICTION_H
#define ORDPAR_CLI_PREDICTION_H

#include "model.h"
#include "plateau.h"

#include <stdbool.h>

/**
 * The teacher is the self-averaging one unless --teacher sampled or --overlaps is given. For the
 * self-averaging one with the paper's kind of output weights the closed form holds, at lowest order
 * in eta; else the fixed point is solved for, at all orders unless --small-eta is given.
 */
typedef struct {
    bool realised, closed;
    double T, T2;
    const double *t; /* the teacher's blocks: in the model's start, or ... */
    double *mean_t;  /* ... here; NULL where the closed form needs none */
    ordpar_plateau at;
    double rate;
    double start, end; /* specialisation at the start, and when all are specialised */
    double length;     /* predicted length of the plateau; may be infinite */
} plateau_prediction;

/** Fills all up to at; may replace *m by one with a start. Returns -1 or an exit code. */
int plateau_predict(const options *parsed, model *m, plateau_prediction *p);

/** Fills the rest. Returns -1 or an exit code. */
int plateau_predict_escape(const options *parsed, const model *m, plateau_prediction *p);

void plateau_prediction_clear(plateau_prediction *p);

#endif
