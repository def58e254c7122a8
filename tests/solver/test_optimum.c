// SPDX-License-Identifier: GPL-3.0-or-later
/* Minimisers, and optima of the learning rate that are known. */
#include "solver/optimum/bounded.h"
#include "solver/optimum/families.h"
#include "solver/optimum/optimum.h"
#include "support.h"

#include <math.h>
#include <string.h>

/* A chain of Rosenbrock valleys around x = centre, whose unbounded minimum lies at it. */
enum { CHAIN = 6 };
typedef struct {
    double centre[CHAIN], x[CHAIN];
    double forbidden; /* infinite where x[0] is above it */
    int calls;
} chain;

static ordpar_status chain_value(void *context, const double *x, double *f, ordpar_error *err) {
    chain *c = context;
    double z[CHAIN];
    c->calls++;
    memcpy(c->x, x, sizeof c->x);
    if (x[0] > c->forbidden)
        return ordpar_fail(err, ORDPAR_DIVERGED, "beyond the valley");
    *f = 0;
    for (int k = 0; k < CHAIN; k++)
        z[k] = 1 + x[k] - c->centre[k];
    for (int k = 0; k + 1 < CHAIN; k++)
        *f += 100 * pow(z[k + 1] - z[k] * z[k], 2) + pow(1 - z[k], 2);
    return ORDPAR_OK;
}

static ordpar_status chain_gradient(void *context, double *g, double *curvature,
                                    ordpar_error *err) {
    chain *c = context;
    double z[CHAIN];
    (void)err;
    for (int k = 0; k < CHAIN; k++) {
        z[k] = 1 + c->x[k] - c->centre[k];
        g[k] = 0;
        curvature[k] = 200;
    }
    for (int k = 0; k + 1 < CHAIN; k++) {
        const double rise = z[k + 1] - z[k] * z[k];
        g[k] -= 400 * z[k] * rise + 2 * (1 - z[k]);
        g[k + 1] += 200 * rise;
    }
    return ORDPAR_OK;
}

static double minimise_chain(chain *c, double high, double *x) {
    const ordpar_bounded function = {CHAIN, high, c, chain_value, chain_gradient, NULL};
    double f;
    int steps;
    ordpar_error err;
    check_ok(ordpar_bounded_minimise(&function, 1e-13, 1000, x, &f, &steps, &err), &err);
    return f;
}

Test(bounded, finds_the_bottom_of_a_valley) {
    chain c = {.centre = {1, 2, 1.5, 0.7, 2.2, 1}, .forbidden = INFINITY};
    double x[CHAIN] = {3, 0, 3, 0, 3, 0};
    cr_assert_lt(minimise_chain(&c, 4, x), 1e-11);
    for (int k = 0; k < CHAIN; k++)
        CHECK_CLOSE(x[k], c.centre[k], 1e-5, 1, "x %d", k);
    cr_assert_lt(c.calls, 400, "took %d evaluations", c.calls);
}

Test(bounded, stays_in_the_box_and_away_from_what_diverges) {
    chain c = {.centre = {1, 2, 1.5, 0.7, 2.2, 1}, .forbidden = 1.2};
    double x[CHAIN] = {0, 0, 0, 0, 0, 0}, g[CHAIN], curvature[CHAIN];
    ordpar_error err;
    const double high = 1.8;
    minimise_chain(&c, high, x);
    double f;
    check_ok(chain_value(&c, x, &f, &err), &err);
    check_ok(chain_gradient(&c, g, curvature, &err), &err);
    int bound = 0;
    for (int k = 0; k < CHAIN; k++) { /* where no bound holds x the gradient is 0 */
        cr_assert(x[k] >= 0 && x[k] <= high);
        bound += x[k] >= high;
        const double along = x[k] <= 0 ? fmin(g[k], 0) : x[k] >= high ? fmax(g[k], 0) : g[k];
        CHECK_CLOSE(along, 0, 1e-4, 1, "gradient %d at %g", k, x[k]);
    }
    cr_assert_gt(bound, 0);
}

static ordpar_status hill(void *context, const double *x, double *f, ordpar_error *err) {
    const double *at = context;
    if (x[1] > 0.9)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "no end");
    *f = 10 * pow(x[0] - at[0], 2) + pow(x[1] - at[1] + 2 * (x[0] - at[0]), 2);
    return ORDPAR_OK;
}

Test(simplex, goes_downhill_in_the_cube) {
    double at[2] = {0.31, 0.77}, x[2], f;
    ordpar_error err;
    check_ok(ordpar_simplex_minimise(hill, at, 2, NULL, 1e-9, x, &f, &err), &err);
    CHECK_CLOSE(x[0], at[0], 1e-3, 1, "x");
    CHECK_CLOSE(x[1], at[1], 1e-3, 1, "y");
}

typedef struct {
    test_model m;
    ordpar_costate_problem problem;
} known;

/* One linear unit, L = 1: de/dalpha = - 2 eta e + eta^2 (e + s^2), which is least, at every alpha
 * and with it at the end, for eta = e/(e + s^2). Then ln(e_0/e) + s^2 (1/e - 1/e_0) = alpha. */
static known make_known(double until) {
    known k = {.m = make_model(1, 1, 100, 1, 1, 1, 0.5, "linear", 3)};
    k.m.network.label_noise = 0.3;
    k.m.network.v[0] = k.m.network.w[0] = 1;
    k.problem =
        (ordpar_costate_problem){.trained_blocks = 1, .until = until, .rtol = 1e-7, .atol = 1e-14};
    return k;
}

static double known_error(const known *k, double e_0) {
    const double s2 = k->m.network.label_noise * k->m.network.label_noise;
    double low = 1e-12, high = e_0;
    for (int step = 0; step < 200; step++) {
        const double e = sqrt(low * high);
        *(log(e_0 / e) + s2 * (1 / e - 1 / e_0) > k->problem.until ? &low : &high) = e;
    }
    return sqrt(low * high);
}

Test(optimum, of_one_linear_unit_is_the_known_one) {
    known k = make_known(300);
    const ordpar_overlaps *o = &k.m.start;
    const double e_0 = o->q[0] - 2 * o->r[0] + o->t[0], s2 = 0.09;
    ordpar_schedule schedule = {0};
    double eps_g;
    int steps;
    ordpar_error err;
    k.problem.spectrum = &k.m.spectrum;
    k.problem.start = o;
    check_ok(
        ordpar_optimum_find(&k.problem, &k.m.network, 1, 64, NULL, &schedule, &eps_g, &steps, &err),
        &err);
    const double expected = known_error(&k, e_0) / 2;
    cr_assert_gt(eps_g, expected * (1 - 1e-6), "less than the least");
    CHECK_CLOSE(eps_g, expected, 1e-3, expected, "64 knots");
    for (size_t row = 1; row + 1 < schedule.count; row++) { /* the rate is that of its own error */
        k.problem.until = schedule.alpha[row];
        const double e = known_error(&k, e_0);
        CHECK_CLOSE(schedule.eta[row], e / (e + s2), 0.05, e / (e + s2), "row %zu, alpha %g", row,
                    schedule.alpha[row]);
    }
    ordpar_schedule_clear(&schedule);
    clear_model(&k.m);
}

/* Members say which numbers they have: the rate at alpha by those alone. */
Test(optimum, members_are_what_their_numbers_say) {
    enum { CONSTANT, LINEAR, POWER, DECAY, MOMENTUM };
    const double x[] = {0.7, 0.4, 0.6}, until = 50, eta_max = 2;
    known k = make_known(until);
    for (size_t family = 0; family < ordpar_family_count; family++) {
        ordpar_member m = {.network = k.m.network, .least = 1e-5 * eta_max};
        const ordpar_training *training = &m.network.training;
        double numbers[ORDPAR_SIMPLEX_MOST] = {0};
        ordpar_families[family].set(x, eta_max, until, &m, numbers);
        cr_assert(numbers[0] > 0 && numbers[0] < eta_max);
        for (double alpha = 0; alpha <= until; alpha += until / 4) {
            double eta = numbers[0];
            if (family == LINEAR)
                eta *= 1 - alpha / until;
            if (family == POWER)
                eta *= pow(1 + alpha / numbers[2], -numbers[1]);
            CHECK_CLOSE(ordpar_schedule_eta(&training->schedule, m.network.eta, alpha), eta,
                        TOL_TIGHT, numbers[0], "%s at %g", ordpar_families[family].name, alpha);
        }
        cr_assert_eq(training->weight_decay, family == DECAY ? numbers[1] : 0);
        cr_assert_eq(training->momentum.damping, family == MOMENTUM ? numbers[1] : 0);
        cr_assert_eq(training->momentum.weight, family == MOMENTUM ? numbers[2] : 0);
    }
    clear_model(&k.m);
}

/* A constant rate ends, for long, at (eta/2) s^2 / (2 - eta) .. */
Test(optimum, of_a_constant_rate_is_the_known_one) {
    known k = make_known(40);
    const ordpar_overlaps *o = &k.m.start;
    const double e_0 = o->q[0] - 2 * o->r[0] + o->t[0], s2 = 0.09;
    ordpar_family_best best;
    ordpar_error err;
    double least = INFINITY;
    k.problem.spectrum = &k.m.spectrum;
    k.problem.start = o;
    check_ok(
        ordpar_family_minimise(&ordpar_families[0], &k.problem, &k.m.network, 1, NULL, &best, &err),
        &err);
    for (double eta = 1e-3; eta < 1; eta *= 1.001) {
        const double rate = 2 * eta - eta * eta, floor = eta * eta * s2 / rate;
        least = fmin(least, (floor + (e_0 - floor) * exp(-rate * k.problem.until)) / 2);
    }
    CHECK_CLOSE(best.eps_g, least, 1e-3, least, "eta = %g", best.numbers[0]);
    clear_model(&k.m);
}
