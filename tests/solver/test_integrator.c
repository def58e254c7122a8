// SPDX-License-Identifier: GPL-3.0-or-later
/* Methods of integration by their table: decay at rates that span decades, whose solution is known.
 */
#include "solver/steps/integrator.h"
#include "solver/steps/stages.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum { SIZE = 3, MOST_PAIRS = 4 };
static const double rates[SIZE] = {1, 1e2, 1e4};

typedef struct {
    double gamma, fails_from, gives_up_from;
    double complex gammas[MOST_PAIRS];
    long setups, solves;
} decay;

static void start(void *context, double *y) {
    (void)context;
    for (size_t k = 0; k < SIZE; k++)
        y[k] = 1;
}

static int rate(void *context, double alpha, const double *y, double *dy) {
    for (size_t k = 0; k < SIZE; k++)
        dy[k] = -rates[k] * y[k];
    return alpha > ((decay *)context)->fails_from ? -1 : 0;
}

static int weights(void *context, double alpha, const double *y, double *weights) {
    for (size_t k = 0; k < SIZE; k++)
        weights[k] = 1 / (1e-10 * fabs(y[k]) + 1e-13);
    return alpha > ((decay *)context)->gives_up_from ? -1 : 0;
}

static double half(void *context, const double *y) {
    (void)context;
    return y[0] - 0.5;
}

static int setup(void *context, double alpha, const double *y, double gamma) {
    (void)alpha, (void)y;
    ((decay *)context)->gamma = gamma;
    ((decay *)context)->setups++;
    return 0;
}

static void solve(void *context, double *x) {
    decay *d = context;
    d->solves++;
    for (size_t k = 0; k < SIZE; k++)
        x[k] /= 1 + d->gamma * rates[k];
}

/* One piece, known by its numbers. */
static ordpar_range place(void *context, size_t piece) {
    (void)context, (void)piece;
    return (ordpar_range){0, SIZE};
}

static void add_state(void *context, size_t member, size_t piece, const double *y, double *sums) {
    (void)context, (void)member, (void)piece;
    for (size_t k = 0; k < SIZE; k++)
        sums[k] += y[k];
}

static int set_rate(void *context, size_t slot, double alpha, const double *sums) {
    (void)slot, (void)sums;
    return alpha > ((decay *)context)->fails_from ? -1 : 0;
}

static void rate_of_piece(void *context, size_t member, size_t piece, size_t slot, const double *y,
                          double *dy) {
    (void)member, (void)piece, (void)slot;
    rate(context, 0, y, dy);
}

static void know(void *context, const double *sums) {
    (void)context, (void)sums;
}

static int begin_setup(void *context, double alpha, const double *sums, double gamma, size_t pairs,
                       const double complex *gammas) {
    decay *d = context;
    memcpy(d->gammas, gammas, pairs * sizeof *gammas);
    return setup(context, alpha, sums, gamma);
}

static void add_jacobian(void *context, size_t member, size_t piece, const double *y,
                         double *sums) {
    (void)context, (void)member, (void)piece, (void)y, (void)sums;
}

static int end_setup(void *context, const double *sums) {
    (void)context, (void)sums;
    return 0;
}

static void add_solve(void *context, size_t member, size_t piece, size_t k, ordpar_split x,
                      double *sums) {
    (void)context, (void)member, (void)piece, (void)k, (void)x, (void)sums;
}

static void couple(void *context, size_t k, double *sums) {
    (void)context, (void)k, (void)sums;
}

static void solve_piece(void *context, size_t member, size_t piece, size_t k, ordpar_split x,
                        ordpar_split out) {
    const decay *d = context;
    (void)member, (void)piece;
    if (k == 0) {
        memmove(out.re, x.re, SIZE * sizeof *out.re);
        solve(context, out.re);
        return;
    }
    for (size_t i = 0; i < SIZE; i++) {
        const double complex z =
            ORDPAR_COMPLEX(x.re[i], x.im[i]) / (1 + d->gammas[k - 1] * rates[i]);
        out.re[i] = creal(z);
        out.im[i] = cimag(z);
    }
}

static const ordpar_pieces pieces = {.count = 1,
                                     .place = place,
                                     .state_sums = SIZE,
                                     .add_state = add_state,
                                     .set_rate = set_rate,
                                     .rate = rate_of_piece,
                                     .know = know,
                                     .begin_setup = begin_setup,
                                     .add_jacobian = add_jacobian,
                                     .end_setup = end_setup,
                                     .add_solve = add_solve,
                                     .couple = couple,
                                     .solve = solve_piece};

static ordpar_pieces with_event(bool event) {
    ordpar_pieces made = pieces;
    made.event = event ? half : NULL;
    return made;
}

static ordpar_ode make_ode(decay *d, bool event) {
    *d = (decay){.fails_from = INFINITY, .gives_up_from = INFINITY};
    return (ordpar_ode){.context = d,
                        .size = SIZE,
                        .start = start,
                        .rate = rate,
                        .weights = weights,
                        .event = event ? half : NULL,
                        .setup = setup,
                        .solve = solve,
                        .rtol = 1e-10,
                        .smooth = true,
                        .pieces = with_event(event)};
}

/* The methods there are. */
static const ordpar_integrator *const methods[] = {&ordpar_integrator_cvode,
                                                   &ordpar_integrator_radau};
static const double steps_at_half[] = {0.1, 0.6}; /* how long they are there */
enum { METHODS = sizeof methods / sizeof *methods };

static void check_state(const char *name, double alpha, const double *y) {
    for (size_t k = 0; k < SIZE; k++)
        CHECK_CLOSE(y[k], exp(-rates[k] * alpha), 1e-8, 1, "%s: y_%zu at %g", name, k, alpha);
}

Test(integrator, reaches_stops_and_finds_the_event) {
    for (size_t m = 0; m < METHODS; m++) {
        const ordpar_integrator *method = methods[m];
        decay d;
        const ordpar_ode ode = make_ode(&d, true);
        double at = 0;
        void *run = method->create(&ode, 0);
        cr_assert(run);
        check_state(method->name, 0, method->state(run));
        cr_assert_eq(method->advance(run, 0.25, INFINITY, &at), ORDPAR_ADVANCE_REACHED);
        cr_assert_eq(at, 0.25);
        check_state(method->name, at, method->state(run));
        cr_assert_eq(method->advance(run, 3, INFINITY, &at), ORDPAR_ADVANCE_EVENT);
        CHECK_CLOSE(at, M_LN2, 1e-8, 1, "%s: the event", method->name);
        check_state(method->name, at, method->state(run));
        cr_assert_eq(method->advance(run, 3, 1.5, &at), ORDPAR_ADVANCE_STOPPED);
        cr_assert_eq(at, 1.5);
        cr_assert_eq(method->alpha(run), 1.5, "a step passes the place where it is to stop");
        check_state(method->name, at, method->state(run));
        cr_assert_eq(method->advance(run, 3, INFINITY, &at), ORDPAR_ADVANCE_REACHED);
        check_state(method->name, at, method->state(run));
        const ordpar_integrator_counts counts = method->stats(run);
        cr_assert_eq(counts.setups, d.setups);
        /* those of Newton's method, and of each step's error where that has its own */
        const long tried = method->pairs ? counts.steps + counts.failures : 0;
        cr_assert(counts.iterations <= d.solves && d.solves <= counts.iterations + tried);
        cr_assert(counts.steps > 10 && counts.rates >= counts.steps && counts.failures >= 0);
        method->free(run);
    }
}

Test(integrator, interpolates_inside_the_last_step) {
    for (size_t m = 0; m < METHODS; m++) {
        const ordpar_integrator *method = methods[m];
        decay d;
        const ordpar_ode ode = make_ode(&d, false);
        double at = 0, y[SIZE], back[SIZE];
        void *run = method->create(&ode, 0);
        cr_assert_eq(method->advance(run, 1, INFINITY, &at), ORDPAR_ADVANCE_REACHED);
        cr_assert(method->alpha(run) >= 1);
        cr_assert(method->interpolate(run, 1, y));
        memcpy(back, method->state(run), sizeof back);
        cr_assert(memcmp(y, back, sizeof y) == 0, "%s: not the state", method->name);
        const double inside = (1 + method->alpha(run)) / 2;
        cr_assert(method->interpolate(run, inside, y));
        check_state(method->name, inside, y);
        cr_assert(!method->interpolate(run, 1e-3, y), "%s: a step as long as that", method->name);
        cr_assert(memcmp(back, method->state(run), sizeof back) == 0, "the state has moved");
        method->free(run);
    }
}

Test(integrator, says_why_it_failed) {
    for (size_t m = 0; m < METHODS; m++)
        for (int give_up = 0; give_up < 2; give_up++) {
            const ordpar_integrator *method = methods[m];
            decay d;
            const ordpar_ode ode = make_ode(&d, false);
            double at = 0;
            char reason[64] = "";
            d.fails_from = give_up ? INFINITY : 0.5;
            d.gives_up_from = give_up ? 0.5 : INFINITY;
            void *run = method->create(&ode, 0);
            cr_assert_eq(method->advance(run, 0.25, INFINITY, &at), ORDPAR_ADVANCE_REACHED);
            cr_assert_eq(method->advance(run, 10, INFINITY, &at), ORDPAR_ADVANCE_FAILED);
            method->reason(run, sizeof reason, reason);
            cr_assert(strlen(reason) > 3 && strlen(reason) < sizeof reason, "'%s'", reason);
            CHECK_CLOSE(method->alpha(run), 0.5, steps_at_half[m], 1, "%s: where it failed",
                        method->name);
            method->free(run);
        }
}

/* Collocation is exact for powers up to s, its quadrature up to 2s - 2; the pairs are those of D.
 */
Test(integrator, stages_are_those_of_radau) {
    for (size_t s = 3; s <= ORDPAR_MOST_STAGES; s += 2) {
        ordpar_stages r;
        double weights[ORDPAR_MOST_STAGES], y[ORDPAR_MOST_STAGES], error;
        cr_assert(ordpar_stages_init(s, &r));
        for (size_t power = 1; power <= s; power++)
            for (size_t i = 0; i < s; i++) {
                double slope = 0;
                for (size_t j = 0; j < s; j++)
                    slope += r.D[i * s + j] * pow(r.c[j], (double)power);
                CHECK_CLOSE(slope, (double)power * pow(r.c[i], (double)power - 1), TOL_SUM, 1e2,
                            "s %zu, power %zu", s, power);
            }
        for (size_t k = 0; k < r.pairs; k++) /* D (u + i v) = conj(Lambda) (u + i v) */
            for (size_t i = 0; i < s; i++) {
                double complex product = 0;
                for (size_t j = 0; j < s; j++)
                    product += r.D[i * s + j] *
                               ORDPAR_COMPLEX(r.T[j * s + 1 + 2 * k], r.T[j * s + 2 + 2 * k]);
                const double complex own = conj(r.pair[k]) * ORDPAR_COMPLEX(r.T[i * s + 1 + 2 * k],
                                                                            r.T[i * s + 2 + 2 * k]);
                CHECK_CLOSE(cabs(product - own), 0, TOL_SUM, 1e2, "s %zu, pair %zu", s, k);
            }
        ordpar_stages_weights(&r, 0.3, weights);
        error = 0;
        for (size_t j = 0; j < s; j++) {
            y[j] = pow(r.c[j], (double)s);
            error += weights[j] * y[j];
        }
        CHECK_CLOSE(error, pow(0.3, (double)s), TOL_SUM, 1, "interpolation, s %zu", s);
        error = 1 / r.real; /* y = alpha: the embedded method is exact */
        for (size_t j = 0; j < s; j++)
            error += r.error[j] * r.c[j];
        CHECK_CLOSE(error, 0, TOL_SUM, 1e2, "embedded, s %zu", s);
    }
}
