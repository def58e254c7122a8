// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/families.h"

#include "solver/steps/integrate.h"

#include <math.h>

/* From low, at x = 0, to high by equal factors. */
static double by_factors(double low, double high, double x) {
    return low * exp(x * log(high / low));
}

/* Five decades below the bound, or, where that is far above what the training stands, where nothing
 * has moved by the end. */
static double least_rate(const ordpar_costate_problem *p, const ordpar_network *network,
                         double eta_max) {
    return fmin(1e-5 * eta_max, 1 / (ordpar_costate_pace(p, network) * p->until));
}

static void set_rate(ordpar_member *m, double eta) {
    m->network.eta = eta;
    m->network.training.schedule = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_CONSTANT};
}

static void set_constant(const double *x, double eta_max, double until, ordpar_member *m,
                         double *numbers) {
    (void)until;
    set_rate(m, numbers[0] = by_factors(m->least, eta_max, x[0]));
}

static void set_linear(const double *x, double eta_max, double until, ordpar_member *m,
                       double *numbers) {
    set_rate(m, numbers[0] = by_factors(m->least, eta_max, x[0]));
    m->alpha[0] = m->rates[1] = 0;
    m->alpha[1] = until;
    m->rates[0] = numbers[0];
    m->network.training.schedule = (ordpar_schedule){
        .kind = ORDPAR_SCHEDULE_TABLE, .count = 2, .alpha = m->alpha, .eta = m->rates};
}

static void set_power(const double *x, double eta_max, double until, ordpar_member *m,
                      double *numbers) {
    const double steepest = 4;
    set_rate(m, numbers[0] = by_factors(m->least, eta_max, x[0]));
    numbers[1] = x[1] < 1e-9 ? 0 : steepest * x[1];
    numbers[2] = by_factors(1e-4 * until, 1e2 * until, x[2]);
    m->network.training.schedule = (ordpar_schedule){
        .kind = ORDPAR_SCHEDULE_POWER, .gamma = numbers[1], .alpha_0 = numbers[2]};
}

static void set_decay(const double *x, double eta_max, double until, ordpar_member *m,
                      double *numbers) {
    set_rate(m, numbers[0] = by_factors(m->least, eta_max, x[0]));
    m->network.training.weight_decay = numbers[1] =
        x[1] > 0 ? by_factors(1e-4, 1e4, x[1]) / until : 0;
}

/* The sum eta + e/c is what the rate is of long memories of gradients that do not change. */
static void set_momentum(const double *x, double eta_max, double until, ordpar_member *m,
                         double *numbers) {
    const double sum = by_factors(m->least, eta_max, x[0]);
    const double damping = fmin(by_factors(1, 1e4, x[1]) / until, ORDPAR_MOMENTUM_MOST);
    const double part = 0.99 * x[2];
    set_rate(m, numbers[0] = (1 - part) * sum);
    numbers[1] = damping;
    numbers[2] = fmin(part * sum * damping, ORDPAR_MOMENTUM_MOST);
    m->network.training.momentum = (ordpar_momentum){.weight = numbers[2], .damping = damping};
}

static bool has_no_decay(const ordpar_network *network) {
    return network->training.weight_decay == 0;
}

static bool has_no_momentum(const ordpar_network *network) {
    return network->training.momentum.weight == 0;
}

const ordpar_family ordpar_families[] = {
    {"constant", {"eta"}, true, NULL, set_constant},
    {"linear", {"eta"}, true, NULL, set_linear},
    {"power", {"eta", "gamma", "alpha_0"}, true, NULL, set_power},
    {"weight-decay", {"eta", "kappa"}, false, has_no_decay, set_decay},
    {"momentum", {"eta", "c", "e"}, false, has_no_momentum, set_momentum},
};

const size_t ordpar_family_count = sizeof ordpar_families / sizeof *ordpar_families;

size_t ordpar_family_numbers(const ordpar_family *family) {
    size_t count = 0;
    while (count < ORDPAR_SIMPLEX_MOST && family->numbers[count])
        count++;
    return count;
}

ordpar_member ordpar_member_of(const ordpar_costate_problem *problem, const ordpar_network *network,
                               double eta_max) {
    return (ordpar_member){.network = *network, .least = least_rate(problem, network, eta_max)};
}

typedef struct {
    const ordpar_costate_problem *problem;
    double eps_g;
} end;

static ordpar_status keep_end(void *context, size_t row, double alpha, double eps_g,
                              const ordpar_overlaps *state, ordpar_error *err) {
    (void)row, (void)alpha, (void)state, (void)err;
    ((end *)context)->eps_g = eps_g;
    return ORDPAR_OK;
}

static void tick(void *context, double alpha) {
    const ordpar_costate_problem *p = ((const end *)context)->problem;
    if (p->tick)
        p->tick(p->context, alpha);
}

ordpar_status ordpar_end_error(const ordpar_costate_problem *problem, const ordpar_network *network,
                               double *eps_g, ordpar_error *err) {
    const ordpar_costate_problem *p = problem;
    ordpar_overlaps state = {0};
    end found = {.problem = p};
    const ordpar_integrate_options options = {.rtol = p->rtol,
                                              .atol = p->atol,
                                              .trained_blocks = p->trained_blocks,
                                              .observer = keep_end,
                                              .tick = tick,
                                              .context = &found,
                                              .stop = p->stop};
    ordpar_status status = ordpar_overlaps_init(p->start->K, p->start->M, p->start->L, &state, err);
    if (status)
        return status;
    ordpar_overlaps_copy(p->start, &state);
    status = ordpar_integrate(p->spectrum, network, &state, &p->until, 1, &options, NULL, err);
    if (!status)
        *eps_g = found.eps_g;
    ordpar_overlaps_clear(&state);
    return status;
}

typedef struct {
    const ordpar_family *family;
    const ordpar_costate_problem *problem;
    const ordpar_network *network;
    double eta_max, eps_g, numbers[ORDPAR_SIMPLEX_MOST];
} trial;

static ordpar_status try_member(void *context, const double *x, double *f, ordpar_error *err) {
    trial *t = context;
    ordpar_member m = ordpar_member_of(t->problem, t->network, t->eta_max);
    t->family->set(x, t->eta_max, t->problem->until, &m, t->numbers);
    const ordpar_status status = ordpar_end_error(t->problem, &m.network, &t->eps_g, err);
    *f = log(t->eps_g + 10 * t->problem->atol);
    return status;
}

ordpar_status ordpar_family_minimise(const ordpar_family *family,
                                     const ordpar_costate_problem *problem,
                                     const ordpar_network *network, double eta_max,
                                     const double *also, ordpar_family_best *best,
                                     ordpar_error *err) {
    const double tolerance = 1e-4; /* of ln eps_g */
    trial t = {.family = family, .problem = problem, .network = network, .eta_max = eta_max};
    double f;
    ordpar_status status = ordpar_simplex_minimise(try_member, &t, ordpar_family_numbers(family),
                                                   also, tolerance, best->x, &f, err);
    if (!status)
        status = try_member(&t, best->x, &f, err);
    best->eps_g = t.eps_g;
    for (size_t k = 0; k < ORDPAR_SIMPLEX_MOST; k++)
        best->numbers[k] = t.numbers[k];
    return status;
}
