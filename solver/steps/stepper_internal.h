// SPDX-License-Identifier: GPL-3.0-or-later
/** What stepper.c and stepper_ode.c share: the stretch, and its equations as integrators see them.
 */
#ifndef ORDPAR_STEPPER_INTERNAL_H
#define ORDPAR_STEPPER_INTERNAL_H

#include "solver/steps/stepper.h"

#include "solver/steps/integrator.h"
#include "solver/steps/newton.h"
#include "solver/steps/newton_shifts.h"

/** eps_g beyond this counts as divergence. */
#define ORDPAR_STEPPER_DIVERGENCE 1e100

/** Students within this squared distance of their teachers, in units of the teacher's own square,
 * are close enough for deviation coordinates. */
#define ORDPAR_STEPPER_CLOSE_ENOUGH 0.01

/** Steps, right-hand sides, Newton iterations, setups, failed error tests. */
enum { ORDPAR_STEPPER_COUNTS = 5 };

/** dy/dalpha at some alpha, ready for single chunks of a state. */
typedef struct {
    ordpar_coefficients coefficients;
    double factor;  /* as in the flow */
    double *excess; /* [L] likewise; NULL: nothing */
    double *dv;     /* [heads][K] that of the trained outputs */
} ordpar_stage_rate;

struct ordpar_stepper {
    const ordpar_network *network;
    ordpar_network now; /* *network with the present eta and, in its own memory, the present v */
    const ordpar_coordinates *coordinates;
    ordpar_stepper_options options;
    ordpar_flow flow;
    ordpar_flow_start from; /* until the method has it */
    ordpar_tolerance tolerance;
    ordpar_watch watch;
    ordpar_stage_rate rates[ORDPAR_MOST_SLOTS]; /* the first alone, where none asks for pieces */
    double *of_rates;
    ordpar_coefficient_work *work;
    ordpar_newton *newton;
    ordpar_newton_shifts *shifts; /* NULL where the method takes none */
    ordpar_team *team;            /* that works on pieces, or NULL */
    double *c;           /* [(K+M)^2] covariance of the fields; the teachers' part is constant */
    bool has_c;          /* it is that of the state which error weights are asked for */
    double *m;           /* [P] */
    double *scratch;     /* [(K+M)^2] */
    double *start;       /* [K] the students' variances at the start */
    double *r_tolerance; /* [L] */
    double *q_tolerance; /* [L] */
    double *v_tolerance; /* [heads][K] */
    size_t *teacher_of;  /* [K] */
    double last_kink;    /* of the schedule, where it stopped; the start */
    double next_kink;    /* where it will stop; INFINITY: nowhere */
    bool begins;         /* nothing has been looked for ahead since the start or the last kink */
    double *lead;        /* [2][size] what errors are small beside up to lead_until; may be NULL */
    double lead_until;   /* -INFINITY: the state itself */
    double lead_error;   /* its eps_g */
    long steps;          /* of this stretch, as the error weights count them */
    bool diverged;       /* found by the error weights, which cannot say it otherwise */
    size_t vanished;     /* likewise: a student of zero weights, from 1; 0: none */
    bool impossible;     /* likewise: no vectors have the students' overlaps of some block */
    const ordpar_integrator *integrator;
    void *method; /* the integrator's */
};

/** What the equations depend on but for alpha: the fields' covariance and the outputs. */
void ordpar_stepper_set_covariance(ordpar_stepper *in, const double *y);

/** The same of the order-1 parameters, which in->m has, and the outputs v, or NULL. */
void ordpar_stepper_take_moment(ordpar_stepper *in, const double *v);

/** Makes ready for dy/dalpha at alpha and the present covariance. As ordpar_ode's rate. */
int ordpar_stepper_set_rate(ordpar_stepper *in, double alpha, ordpar_stage_rate *at);

/** dy/dalpha of a chunk, at which y and dy begin; those of the outputs follow the last one's. flow
 * and c[(K+M)^2] are scratch. */
void ordpar_stepper_move(const ordpar_stepper *in, const ordpar_stage_rate *at, ordpar_flow *flow,
                         double *c, ordpar_chunk chunk, const double *y, double *dy);

/** eps_g of a state, whose covariance is the present one afterwards. */
double ordpar_stepper_error_at(ordpar_stepper *in, const double *y);

/** What crosses zero at the event, at the present covariance. */
double ordpar_stepper_distance(ordpar_stepper *in);

/** The equations in pieces, chunks of blocks. */
ordpar_pieces ordpar_stepper_pieces(const ordpar_stepper *in);

/** The learning rate and the momentum at alpha, up to next_kink of the piece before it. */
void ordpar_stepper_set_eta(ordpar_stepper *in, double alpha);

bool ordpar_stepper_stopped(const ordpar_stepper *in);

/** True if the stretch ends where every student has come close to a teacher of its own. */
bool ordpar_stepper_watches(const ordpar_stepper *in);

/** Before the first step on the way to alpha, from the start or a kink: finds what errors are small
 * beside there; leads: whether it is not the state itself. False if out of memory. */
bool ordpar_stepper_look_ahead(ordpar_stepper *in, double alpha, bool *leads);

/** The equations of the stretch. */
ordpar_ode ordpar_stepper_ode(ordpar_stepper *in);

#endif
