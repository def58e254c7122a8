// SPDX-License-Identifier: GPL-3.0-or-later
/** What stepper_radau.c and radau_step.c share. */
#ifndef ORDPAR_RADAU_INTERNAL_H
#define ORDPAR_RADAU_INTERNAL_H

#include "solver/steps/integrator.h"
#include "solver/steps/stages.h"

typedef struct {
    ordpar_ode ode;
    ordpar_stages stages;
    size_t stride;      /* of stages, at least the size of y */
    double *memory;     /* one allocation behind all the arrays */
    double *y;          /* [stride] at begin */
    double *z, *last;   /* [s][stride] increments of this step, and of the one before */
    double *f;          /* [s][stride] */
    double *start_rate; /* [stride] at begin */
    double *weights;    /* [stride] */
    double *work;       /* [stride] */
    double *out;        /* [stride] y where it was reached */
    bool made;          /* a step is there */
    double begin, end;  /* of the step made last; equal if there is none */
    double length;      /* of the step to come; 0: unknown */
    double last_length; /* that `last` is of; 0: of none */
    double last_error;  /* of it, in units of what was allowed */
    double ratio;       /* of the last two corrections of Newton's method */
    double slowest;     /* of the steps before, the older ones less */
    double at_begin;    /* the event there */
    double event;       /* where it is zero in the step; NAN: nowhere */
    const char *reason;
    double complex gamma[ORDPAR_MOST_PAIRS];
    double inverse[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES]; /* of the stages, times gamma */
    double D[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES];       /* of the stages, over the length */
    ordpar_integrator_counts counts;
} ordpar_radau_method;

/** Makes a step from begin = end, not beyond stop, into z. False: it has failed. */
bool ordpar_radau_step(ordpar_radau_method *method, double stop);

/** y at begin + tau (end - begin) of the step made last. */
void ordpar_radau_at(const ordpar_radau_method *method, double tau, double *y);

#endif
