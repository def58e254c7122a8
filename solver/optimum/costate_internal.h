// SPDX-License-Identifier: GPL-3.0-or-later
/** What costate.c and costate_ode.c share. */
#ifndef ORDPAR_COSTATE_INTERNAL_H
#define ORDPAR_COSTATE_INTERNAL_H

#include "solver/optimum/costate.h"
#include "solver/optimum/trajectory.h"
#include "solver/steps/stepper_internal.h"

/* Two sums run along with the costate. */
enum { ORDPAR_COSTATE_SUMS = 2 };

/* A run forwards that takes more steps has failed: its states would fill the memory. */
#define ORDPAR_COSTATE_MAX_STEPS 1000000L

struct ordpar_costate {
    const ordpar_costate_problem *problem;
    const ordpar_network *network;
    ordpar_coordinates coordinates;
    ordpar_stepper *forward; /* that has been at until; its Newton matrix serves the solves */
    ordpar_newton *products; /* another one, at the alpha of the rates */
    ordpar_trajectory path;
    size_t size;        /* numbers of a state */
    double from, to;    /* the piece of the schedule that the costate goes back over */
    size_t first, last; /* states at its ends */
    double *slopes;     /* [last - first + 1][size] derivatives of the states, in this piece */
    size_t slopes_room;
    double *y;              /* [size + SUMS] the costate at the piece's end, and zeros */
    double *x, *up, *dx;    /* [size] the state; scratch */
    double *learning;       /* [size] d(dx/dalpha)/d eta at the rates' alpha .. */
    double *setup_learning; /* .. and at that of the setup */
    double gamma, part;     /* of the setup */
    double peak, sum_peak;  /* the largest numbers of the costate and of the sums so far */
    double sum_scale;       /* what the sums are of */
    ordpar_coefficients co; /* at learning rate 1 */
};

/** x at alpha in the piece, and all that depends on it. False where it is not finite. */
bool ordpar_costate_look(ordpar_costate *c, double alpha);

/** d(dx/dalpha)/d eta at the state x of the last look, into learning; returns its part of the
 * second order in eta, times two, projected on y. */
double ordpar_costate_learn(ordpar_costate *c, const double *y, double *learning);

/** Derivatives of the states of the piece. False where they are not finite, or no memory. */
bool ordpar_costate_set_slopes(ordpar_costate *c);

/** The equations of the costate y and, over the piece, of the sums of y . learning times the
 * weights of its two ends; alpha runs from 0 at the piece's end to its length at the start. */
ordpar_ode ordpar_costate_ode(ordpar_costate *c);

#endif
