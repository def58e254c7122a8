// SPDX-License-Identifier: GPL-3.0-or-later
/** One run of a simulation. Its state is plain data. Internal to validation/. */
#ifndef ORDPAR_RUN_H
#define ORDPAR_RUN_H

#include "validation/simulate/normals.h"
#include "validation/simulate/patience.h"
#include "validation/simulate/plan.h"

#include <signal.h>
#include <stdbool.h>

/** The state begins with this; the rows that move [moved][stride] follow, of which J is the last K,
 * and the teachers' [M][stride]: W[units][stride] at ordpar_run_rows() are J and B. Then come the
 * output weights v[heads][width] at ordpar_run_outputs() and, where gradients are gathered, their
 * own [heads][width]; with tasks last the stream that draws them. */
typedef struct {
    uint64_t steps; /* made so far */
    ordpar_normals inputs;
    ordpar_random labels; /* label noise */
    ordpar_random radii;  /* lengths beyond a block's columns, method overlap */
    ordpar_random hidden; /* what inputs do not show of the teachers' fields */
} ordpar_run_head;

/** A thread's scratch, laid out in one piece of memory. */
typedef struct {
    double *x;      /* [batch][stride, of a batch its own] inputs times scale: fields are W x */
    double *fields; /* [units, rounded up] */
    double *g, *dg; /* likewise */
    double *c;      /* [batch][width] -eta v_i delta g'(x_i) */
    double *step; /* [moved] what an example adds to the rows that move, in units of xi / sqrt N */
    double *gram; /* [batch][batch] of the inputs */
    double *locals;              /* [batch][width] the students' fields */
    double *labels;              /* [batch][M, rounded up] the teachers' fields */
    double *students, *teachers; /* of batches: [stride][width], [stride][M, rounded up]: J, B */
    double *row;                 /* [6 (moved+1)] */
    ordpar_patience *patience; /* the caller's, looked at within long steps; NULL: they are whole */
} ordpar_run_work;

/** Fills in plan->state_size and plan->work_size. */
void ordpar_run_sizes(ordpar_plan *plan);

/** The scratch in `memory`: work_size zeroed bytes, aligned to 64. */
ordpar_run_work ordpar_run_use(const ordpar_plan *plan, void *memory);

double *ordpar_run_rows(const ordpar_plan *plan, void *state);
double *ordpar_run_outputs(const ordpar_plan *plan, void *state);

/** The stream that says of which task an example is; NULL: there are no tasks. */
ordpar_random *ordpar_run_task_stream(const ordpar_plan *plan, void *state);

/** Puts run number `run` at its start. Errors: INVALID (the message names the block), MEMORY,
 * INTERRUPTED (*stop, which may be NULL, became set; looked at in each block). */
ordpar_status ordpar_run_start(const ordpar_plan *plan, uint64_t run, void *state,
                               const volatile sig_atomic_t *stop, ordpar_error *err);

/**
 * Makes steps until `steps` were made, or until work->patience ended: the state is then of no use
 * any more, perhaps in the midst of a step. False if a step's error delta is not finite: the run
 * diverged, in the step after head->steps.
 */
bool ordpar_run_advance(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                        uint64_t steps);

/**
 * [11.2] Makes count steps on given examples xi / sqrt(N), x[count][stride], 0 in the columns
 * beyond plan->count. Method sgd alone. Ends early, and false, as above.
 */
bool ordpar_run_learn(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                      size_t count, const double *x);

/** [11.3] The same for one example with a label of its own, of which the teachers know nothing. */
bool ordpar_run_learn_label(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                            const double *x, double label);

/** ordpar_run_advance in products of matrices, plan->batch examples at a time [8.4]. */
bool ordpar_run_advance_batches(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                                uint64_t steps);

/**
 * What step number `steps` (from 0) makes of the students' g(x_i), g'(x_i) and the label, with v of
 * the example's task: c_i = -eta v_i delta g'(x_i), or v_i delta g'(x_i) where more rows than J
 * move, and v's own step if it is trained. False if delta is not finite.
 */
bool ordpar_run_respond(const ordpar_plan *plan, uint64_t steps, double label, const double *g,
                        const double *dg, double *v, double *c);

/** [15.8] Adds to the teachers' fields y[M] what the next example does not show of them. */
void ordpar_run_add_hidden(const ordpar_plan *plan, ordpar_run_head *head, double *y);

/** The next label noise. */
double ordpar_run_label_noise(const ordpar_plan *plan, ordpar_run_head *head);

/** Covariance c[units][units] of the fields of rows[units][stride]. False: work->patience ended
 * first. */
bool ordpar_run_covariance(const ordpar_plan *plan, const double *rows, const ordpar_run_work *work,
                           double *c);

#endif
