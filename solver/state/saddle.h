// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * How far a state is from the saddles of the equations [5.12]. A saddle makes something small grow
 * to order one, and the relative error of the small thing stays: a step must keep each of them to
 * the relative accuracy that is promised. Internal to solver/.
 *
 * Small things, each in its own unit, called amplitudes:
 *  - the difference of two students, mirror images included, in how they tell the teachers apart;
 *  - at all orders in eta, the square of that difference where noise alone makes it grow;
 *  - that of two teachers, in how the students see them;
 *  - a student of small output weight, where outputs are trained, and its overlap with the
 *    teachers;
 *  - an even activation: a student's overlap with the teachers, that of all students with each
 *    principal direction of the teachers, the least direction that the students span of the
 *    teachers, and, at all orders in eta, of all.
 *
 * Beside them small students themselves, where the activation is even or homogeneous.
 */
#ifndef ORDPAR_SADDLE_H
#define ORDPAR_SADDLE_H

#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "solver/state/symmetry.h"

typedef struct {
    const ordpar_network *network;   /* by reference */
    size_t heads;                    /* its sets of output weights */
    const ordpar_symmetry *symmetry; /* by reference: what it ties has no amplitude */
    size_t count;                    /* amplitudes */
    size_t next;                     /* the amplitude to be set next */
    double *amplitude;               /* [count]; INFINITY: none */
    double *scale;                   /* [count] what rounding of it is of */
    double *least;                   /* [count] over the run so far, in units of scale */
    double *most;                    /* [count] over the run so far */
    double *asymmetry;               /* [M*M] by how much two teachers differ */
    double *unit; /* [K] the size of a student's field where that matters: at most 1 where small
                     ones grow, at least 1 where large ones make no difference */
    double teacher_unit; /* likewise of the smallest teacher's, at least 1 */
    double *rows;        /* [K*M] overlaps with the teachers in these units; scratch */
    double *pair;        /* [K*(K-1)/2][4] what students differed by at the last step */
    double *gram;        /* [K*K + 4*K] the students' correlations; scratch */
    double
        *direction; /* [M*M] an even activation: the teachers' principal directions, by columns */
    bool has_direction;
    bool raised;         /* eigenvalues of the correlations have been, and may have to be again */
    double distance;     /* the least amplitude at present; INFINITY: none is small */
    double limit;        /* relative error of eps_g that rounding can have made so far */
    double recent[2];    /* the largest eps_g since recent_from, and of a time before it */
    double recent_from;  /* alpha */
    double least_recent; /* the least that was the largest of both; INFINITY: none yet */
} ordpar_saddle;

/** Errors: MEMORY. The caller clears *saddle. */
ordpar_status ordpar_saddle_init(const ordpar_network *network, const ordpar_overlaps *start,
                                 const ordpar_symmetry *symmetry, ordpar_saddle *saddle,
                                 ordpar_error *err);
void ordpar_saddle_clear(ordpar_saddle *saddle);

/** Sets unit, distance and limit for a step from the covariance c of the fields (x, y) and the
 * output weights v[heads][K] on. */
void ordpar_saddle_watch(ordpar_saddle *saddle, const double *c, const double *v);

/** The teacher itself may be a saddle, as under momentum or a learning rate above the critical one:
 * eps_g that has fallen and grows again has the relative error that `noise`, an absolute one, was
 * of it at its least. Raises limit by that, once a step. An eps_g that only swings, down to nothing
 * and back, does not count, nor one that label noise, weight decay or another task drives up. */
void ordpar_saddle_watch_error(ordpar_saddle *saddle, double alpha, double eps_g, double noise);

/** The relative error of eps_g that rounding can have made so far, an estimate of two digits. */
double ordpar_saddle_limit(const ordpar_saddle *saddle);

/** The least eigenvalue of the students' correlations in the covariance c[n*n], those that are tied
 * left out, epsilon at least; 1 if there are none. It is of second order in what is small. */
double ordpar_saddle_least_student(ordpar_saddle *saddle, const double *c);

/** Students that nearly coincide: what q holds of their differences is rounding, which may have
 * either sign, and noise would make a negative one grow. Eigenvalues of the students' correlations
 * in the covariance c[n*n] of the fields that are below 16 epsilon are raised to it. For smooth
 * activations that are not even, under label noise and at all orders in eta; their averages do not
 * see it. Without such noise the equations keep what they were given. */
void ordpar_saddle_keep_apart(ordpar_saddle *saddle, double *c);

/** False where students nearly coincide and what rounding made of their differences has grown to a
 * negative eigenvalue, beyond 1e-13, of their correlations in c[n*n], of which c[i*n + j] of
 * students are read: there are no such vectors, and the equations would go on from them. */
bool ordpar_saddle_is_possible(ordpar_saddle *saddle, const double *c);

/** Raises such eigenvalues in every block of the state, as keep_apart does. c[n*n]: scratch. */
void ordpar_saddle_make_possible(ordpar_saddle *saddle, double *c, ordpar_overlaps *state);

/** How many numbers hold what a run has seen of saddles so far; values[..], which may be NULL,
 * receives them, all finite, the limit first. */
size_t ordpar_saddle_memory(const ordpar_saddle *saddle, double *values);

/** Goes on with what a run of the same network had seen; with nothing but the limit if other
 * students are tied now, and so not as many numbers fit. */
void ordpar_saddle_recall(ordpar_saddle *saddle, const double *values, size_t count);

#endif
