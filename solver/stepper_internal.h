// SPDX-License-Identifier: GPL-3.0-or-later
/** What stepper.c and stepper_cvode.c share: the integration, and what CVODE calls of it. */
#ifndef ORDPAR_STEPPER_INTERNAL_H
#define ORDPAR_STEPPER_INTERNAL_H

#include "stepper.h"

#include "flow.h"
#include "newton.h"
#include "tolerance.h"

#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

/** eps_g beyond this counts as divergence. */
#define ORDPAR_STEPPER_DIVERGENCE 1e100

/** Students within this squared distance of their teachers, in units of the teacher's own square,
 * are close enough for deviation coordinates. */
#define ORDPAR_STEPPER_CLOSE_ENOUGH 0.01

/** Steps, right-hand sides, Newton iterations, setups, failed error tests. */
enum { ORDPAR_STEPPER_COUNTS = 5 };

struct ordpar_stepper {
    const ordpar_network *network;
    ordpar_network now; /* *network with the present eta and, in its own memory, the present v */
    const ordpar_coordinates *coordinates;
    const ordpar_integrate_options *options;
    ordpar_flow flow;
    ordpar_factors factors; /* of the start, until the state holds them */
    ordpar_tolerance tolerance;
    ordpar_coefficients coefficients;
    ordpar_coefficient_work *work;
    ordpar_newton *newton;
    double *c;             /* [(K+M)^2] covariance of the fields; the teachers' part is constant */
    double *m;             /* [P] */
    double *start;         /* [K] the students' variances at the start */
    double *r_tolerance;   /* [L] */
    double *q_tolerance;   /* [L] */
    size_t *teacher_of;    /* [K] */
    double least_distance; /* of two students, over the stretch */
    size_t same_units;     /* pairs that start the same */
    double parted_from;    /* where they were found to have parted */
    double last_kink;      /* of the schedule, where it stopped */
    double next_kink;      /* where it will stop; INFINITY: nowhere */
    long counts[ORDPAR_STEPPER_COUNTS]; /* CVODE's, up to the last jump of the schedule */
    long steps;                         /* of this stretch, as the error weights count them */
    bool diverged;   /* found by the error weights, which cannot say it otherwise */
    size_t vanished; /* likewise: a student of zero weights, from 1; 0: none */
    SUNContext context;
    void *cvode;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver solver;
};

/** What the equations depend on but for alpha: the fields' covariance and the outputs. */
void ordpar_stepper_set_covariance(ordpar_stepper *in, const double *y);

bool ordpar_stepper_stopped(const ordpar_stepper *in);

/** CVODE with its callbacks, from alpha on; false if out of memory. */
bool ordpar_stepper_create_cvode(ordpar_stepper *in, double alpha);

#endif
