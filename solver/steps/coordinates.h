// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The sets of coordinates that the equations of motion are integrated in, as tables. All have the
 * form dr = eta lambda ( A t - G r ), dq = eta lambda ( A r^T - G q + transpose ) + eta^2 p lambda
 * F; only A, F, eps_g and the tolerances are other functions of the order-1 parameters m and the
 * covariance c that they fill.
 *
 * Overlaps: r, q themselves; c is the covariance of (x, y).
 * Deviations [10.1]: those of deviation.h. Internal to solver/.
 */
#ifndef ORDPAR_COORDINATES_H
#define ORDPAR_COORDINATES_H

#include "solver/motion/coefficients.h"
#include "solver/motion/flow.h"
#include "solver/motion/pair_derivatives.h"
#include "solver/state/overlaps.h"
#include "solver/state/saddle.h"
#include "solver/state/symmetry.h"
#include "solver/steps/tolerance.h"

/** What a stretch has to do with saddles; all zero in coordinates that have none near them. */
typedef struct {
    ordpar_symmetry symmetry;
    ordpar_saddle saddle; /* refers to the symmetry */
} ordpar_watch;

/** Where an integration is. */
typedef struct {
    const ordpar_network *network; /* with the present outputs */
    const ordpar_flow *flow;
    double alpha;
    const double *y;
    const double *c; /* [(K+M)^2] covariance of the fields */
    double eps_g;    /* of tasks the least */
} ordpar_point;

/** The local tolerances of r and q of each block, [L], and of the trained outputs, [heads][K]. */
typedef struct {
    double *r, *q;
    const double *unit; /* [K] those of student i are in units of unit[i]; NULL: of 1 */
    double *outputs;
} ordpar_local_tolerances;

typedef struct ordpar_coordinates ordpar_coordinates;

struct ordpar_coordinates {
    const char *name;
    /** What a run goes on in, if they exist for its network (matching.h), once every student is
     * close to a teacher of its own; NULL: nothing. */
    const ordpar_coordinates *next;
    bool (*evaluate)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work,
                     ordpar_coefficients *out);
    void (*jacobian)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work,
                     double *jacobian);
    /** The derivatives of A and G at c pair by pair, those of F as rows (coefficients.h), and the
     * changes dA[K][M], dG[K][K] with m, which is overwritten. */
    void (*pairs)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work,
                  ordpar_pair_derivatives *pairs);
    void (*differentiate_F)(const ordpar_network *network, const double *c,
                            ordpar_coefficient_work *work, double *rows);
    void (*along)(const ordpar_pair_derivatives *pairs, double *m, double *dA, double *dG);
    double (*error)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work);
    /** The unit of the order-1 q where that of r is 1: a power of two, which rounds nothing. */
    double (*unit)(const ordpar_network *network, const double *c);
    /** The watch of a stretch that starts from the given overlaps, as the coordinates have them;
     * *watch stays where it is. Errors: MEMORY. */
    ordpar_status (*watch)(const ordpar_network *network, const ordpar_overlaps *start,
                           ordpar_watch *watch, ordpar_error *err);
    /** Local tolerances that keep the promise; notes in the watch what it passes. */
    void (*tolerances)(const ordpar_tolerance *tolerance, const ordpar_point *point,
                       ordpar_watch *watch, ordpar_local_tolerances *local);
};

extern const ordpar_coordinates ordpar_overlap_coordinates;
extern const ordpar_coordinates ordpar_deviation_coordinates;

#endif
