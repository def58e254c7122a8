// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/optimum.h"

#include "base/floating_point.h"
#include "solver/optimum/bounded.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_costate_problem *problem;
    const ordpar_optimum_watch *watch;
    ordpar_network network; /* with the table that is tried */
    ordpar_costate *costate;
    double eps_g; /* of the last run */
    double floor; /* what counts as nothing: the search is in ln(eps_g + floor) */
    int before;   /* steps of earlier searches */
} search;

static ordpar_status value(void *context, const double *rates, double *f, ordpar_error *err) {
    search *s = context;
    memcpy(s->network.training.schedule.eta, rates,
           s->network.training.schedule.count * sizeof *rates);
    ordpar_costate_free(s->costate);
    s->costate = NULL;
    const ordpar_status status =
        ordpar_costate_run(s->problem, &s->network, &s->costate, &s->eps_g, err);
    if (!status)
        *f = log(fmax(s->eps_g, 0) + s->floor);
    return status;
}

static ordpar_status gradient(void *context, double *g, double *curvature, ordpar_error *err) {
    search *s = context;
    const double unit = fmax(s->eps_g, 0) + s->floor;
    const ordpar_status status = ordpar_costate_gradient(s->costate, g, curvature, err);
    for (size_t k = 0; k < s->network.training.schedule.count && !status; k++) {
        g[k] /= unit;
        curvature[k] = fmax(curvature[k], 0) / unit;
    }
    return status;
}

static void tell(void *context, int steps, double f) {
    const search *s = context;
    if (s->watch && s->watch->tell)
        s->watch->tell(s->watch->context, s->before + steps, exp(f) - s->floor);
}

static ordpar_status descend(search *s, double eta_max, double tolerance, double *eps_g,
                             ordpar_error *err) {
    enum { MOST = 400 };
    ordpar_schedule *table = &s->network.training.schedule;
    const ordpar_bounded function = {.count = table->count,
                                     .high = eta_max,
                                     .context = s,
                                     .value = value,
                                     .gradient = gradient,
                                     .tell = tell};
    double *x = malloc(table->count * sizeof *x), f;
    int steps = 0;
    if (!x)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu knots", table->count);
    memcpy(x, table->eta, table->count * sizeof *x);
    const ordpar_status status =
        ordpar_bounded_minimise(&function, tolerance, MOST, x, &f, &steps, err);
    memcpy(table->eta, x, table->count * sizeof *x);
    *eps_g = exp(f) - s->floor;
    s->before += steps;
    free(x);
    return status;
}

/* Zeroed: the first knot is at alpha = 0. */
static ordpar_status make_table(size_t count, ordpar_schedule *table, ordpar_error *err) {
    *table = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_TABLE, .count = count};
    table->alpha = calloc(count, sizeof *table->alpha);
    table->eta = calloc(count, sizeof *table->eta);
    if (table->alpha && table->eta)
        return ORDPAR_OK;
    ordpar_schedule_clear(table);
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu knots", count);
}

/* The shortest time in which anything moves at the rate eta: none of the knots is of use in it. */
static double shortest_time(const ordpar_costate_problem *p, const ordpar_network *network,
                            double eta) {
    return fmin(fmax(4 / (eta * ordpar_costate_pace(p, network)), 1e-6 * p->until), p->until / 8);
}

/* [13.21] Equal steps in u = ln((alpha + a)/a) + ln((until + a)/(until - alpha + a)). */
static void space_knots(double until, double a, ordpar_schedule *table) {
    const size_t last = table->count - 1;
    const double end = 2 * log((until + a) / a);
    for (size_t k = 0; k <= last; k++) {
        const double growth = expm1(end * (double)k / (double)last);
        table->alpha[k] = a * (until + a) * growth / (until + a + a * (growth + 1));
    }
    table->alpha[last] = until;
}

static double u_of(double until, double a, double alpha) {
    return log1p(alpha / a) - log1p(-alpha / (until + a));
}

/* What a piece of a coarser table has of u, of the way of eta and of that of ln eta, where it is
 * not next to nothing. */
static void measure_piece(const ordpar_schedule *s, size_t k, double until, double a,
                          double nothing, double parts[3]) {
    parts[0] = u_of(until, a, s->alpha[k + 1]) - u_of(until, a, s->alpha[k]);
    parts[1] = fabs(s->eta[k + 1] - s->eta[k]);
    parts[2] = fabs(log((s->eta[k + 1] + nothing) / (s->eta[k] + nothing)));
}

/* [13.21] Knots that share out evenly u, eta and ln eta of a coarser table, a third each. */
static void follow(const ordpar_schedule *coarse, double until, double a, ordpar_schedule *table) {
    const size_t pieces = coarse->count - 1, last = table->count - 1;
    const double nothing = 1e-4 * ordpar_schedule_largest(coarse) + 1e-300;
    double sums[3] = {0}, parts[3], before = 0;
    size_t next = 1;
    for (size_t k = 0; k < pieces; k++) {
        measure_piece(coarse, k, until, a, nothing, parts);
        for (int i = 0; i < 3; i++)
            sums[i] += parts[i];
    }
    for (size_t k = 0; k < pieces; k++) {
        double share = 0;
        measure_piece(coarse, k, until, a, nothing, parts);
        for (int i = 0; i < 3; i++)
            share += parts[sums[i] > 0 ? i : 0] / sums[sums[i] > 0 ? i : 0] / 3;
        for (; next < last && before + share >= (double)next / (double)last; next++) {
            const double within = ((double)next / (double)last - before) / share;
            table->alpha[next] =
                coarse->alpha[k] + within * (coarse->alpha[k + 1] - coarse->alpha[k]);
        }
        before += share;
    }
    for (; next < last; next++) /* what rounding left */
        table->alpha[next] = until - 1e-3 * a * (double)(last - next) / (double)last;
    table->alpha[last] = until;
}

static void take_rates(const ordpar_schedule *from, double eta, double eta_max,
                       ordpar_schedule *table) {
    for (size_t k = 0; k < table->count; k++)
        table->eta[k] = fmin(ordpar_schedule_eta(from, eta, table->alpha[k]), eta_max);
}

static ordpar_status find(search *s, const ordpar_network *network, double eta_max, size_t knots,
                          ordpar_schedule *fine, double *eps_g, ordpar_error *err) {
    const double until = s->problem->until;
    const double first = ordpar_schedule_eta(&network->training.schedule, network->eta, 0);
    const double a = shortest_time(s->problem, network, fmin(eta_max, 4 * first));
    const size_t half = knots > 8 ? knots / 2 : knots;
    ordpar_schedule *coarse = &s->network.training.schedule;
    ordpar_status status = make_table(half, coarse, err);
    if (status)
        return status;
    space_knots(until, a, coarse);
    take_rates(&network->training.schedule, network->eta, eta_max, coarse);
    status = descend(s, eta_max, half < knots ? 1e-3 : 1e-5, eps_g, err);
    if (!status)
        status = make_table(knots, fine, err);
    if (status || half == knots) {
        if (!status) {
            memcpy(fine->alpha, coarse->alpha, knots * sizeof *fine->alpha);
            memcpy(fine->eta, coarse->eta, knots * sizeof *fine->eta);
        }
        ordpar_schedule_clear(coarse);
        return status;
    }
    follow(coarse, until, a, fine);
    take_rates(coarse, eta_max, eta_max, fine);
    ordpar_schedule_clear(coarse);
    *coarse = *fine;
    return descend(s, eta_max, 1e-5, eps_g, err);
}

ordpar_status ordpar_optimum_find(const ordpar_costate_problem *problem,
                                  const ordpar_network *network, double eta_max, size_t knots,
                                  const ordpar_optimum_watch *watch, ordpar_schedule *schedule,
                                  double *eps_g, int *steps, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    search s = {
        .problem = problem, .watch = watch, .network = *network, .floor = 10 * problem->atol};
    s.network.eta = eta_max;
    const ordpar_status status = find(&s, network, eta_max, knots, schedule, eps_g, err);
    *steps = s.before;
    ordpar_costate_free(s.costate);
    if (status)
        ordpar_schedule_clear(schedule);
    return status;
}
