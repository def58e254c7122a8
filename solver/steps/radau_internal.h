// SPDX-License-Identifier: GPL-3.0-or-later
/** What stepper_radau.c, radau_step.c and radau_pieces.c share. */
#ifndef ORDPAR_RADAU_INTERNAL_H
#define ORDPAR_RADAU_INTERNAL_H

#include "solver/steps/integrator.h"
#include "solver/steps/stages.h"

typedef struct {
    ordpar_ode ode;
    ordpar_stages stages;
    size_t whole;       /* the size of y, in whole lines */
    size_t stride;      /* of a piece's stages, at least its numbers */
    double *memory;     /* one allocation behind all the arrays */
    double *y;          /* [whole] at begin */
    double *z;          /* [pieces][s][stride] increments of this step, or of the one before */
    double *f;          /* [pieces][s][stride] */
    double *start_rate; /* [whole] at begin */
    double *weights;    /* [whole] */
    double *work;       /* [whole] */
    double *out;        /* [whole] y where it was reached */
    size_t parts;       /* that sums are made of */
    size_t most_sums;   /* numbers of one */
    double *own;        /* [members][s + 1][stride] */
    double *sums;       /* [parts][most_sums] */
    double *of_y;       /* [state_sums] what y is known by; then the stages, and the state of the */
    double *of_stages;  /* [s + 1][state_sums] Jacobian */
    bool made;          /* a step is there */
    double begin, end;  /* of the step made last; equal if there is none */
    double length;      /* of the step to come; 0: unknown */
    double last_length; /* of the last step; 0: there is none */
    double z_length;    /* of the step that z is to be continued from; 0: from none */
    double z_from;      /* where in it the next one begins: 0 or 1 */
    double last_error;  /* of it, in units of what was allowed */
    double slowest;     /* what an iteration left of a correction that was not the first */
    double at_begin;    /* the event there */
    double event;       /* where it is zero in the step; NAN: nowhere */
    const char *reason;
    double complex gamma[ORDPAR_MOST_PAIRS];
    double inverse[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES]; /* of the stages, times gamma */
    double D[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES];       /* of the stages, over the length */
    double predict[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES]; /* start values, of z */
    double at_jacobian[ORDPAR_MOST_STAGES];                  /* where it is taken, less y, of z */
    double interpolate[ORDPAR_MOST_STAGES];                  /* to `interpolated`, less y, of z */
    double *interpolated;
    ordpar_integrator_counts counts;
} ordpar_radau_method;

/** Makes a step from begin = end, not beyond stop, into z. False: it has failed. */
bool ordpar_radau_step(ordpar_radau_method *method, double stop);

/** Of equations: parts, numbers of a part's sums, numbers of the longest piece. */
size_t ordpar_radau_parts(const ordpar_ode *ode);
size_t ordpar_radau_sums(const ordpar_ode *ode, const ordpar_stages *stages);
size_t ordpar_radau_longest(const ordpar_ode *ode);

/** Sets of_y. */
void ordpar_radau_know(ordpar_radau_method *method);
/** y <- the last stage, and of_y likewise. */
void ordpar_radau_move(ordpar_radau_method *method);
/** Sets start_rate; as ordpar_ode's rate. */
int ordpar_radau_start_rate(ordpar_radau_method *method);
/** Nothing is known better than the rounding of how it moves in this length. */
void ordpar_radau_relax(ordpar_radau_method *method, double length);
/** Start values z, and of_stages. */
void ordpar_radau_predict(ordpar_radau_method *method);
/** Makes ready for the solves, after that; as ordpar_ode's setup. */
int ordpar_radau_setup(ordpar_radau_method *method, double alpha);
/** A Newton correction of z, whose rates are set, and of of_stages; its norm. */
double ordpar_radau_correct(ordpar_radau_method *method);
/** The norm of the error estimate of z. */
double ordpar_radau_error(ordpar_radau_method *method);

/** y at begin + tau (end - begin) of the step made last. */
void ordpar_radau_at(ordpar_radau_method *method, double tau, double *y);

#endif
