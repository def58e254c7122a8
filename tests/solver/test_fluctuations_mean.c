// SPDX-License-Identifier: GPL-3.0-or-later
/* The shift of the mean of linear units at finite N, of every kind of training of first-layer
 * weights, against exact means. */
#include "solver/fluctuations/fluctuations.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum { L = 2 };

/* The products of J, P, B_1 and B_2 of a block. */
enum { VECTORS = 4 };

typedef struct {
    double x[VECTORS][VECTORS];
} products;

/* Per block: what W = v J - sum w B of a task has to do with vector a. */
static double with_error(const test_model *m, const products *p, size_t task, size_t a) {
    const double *v = m->network.v + task, *w = m->network.w + task * 2;
    return *v * p->x[0][a] - w[0] * p->x[2][a] - w[1] * p->x[3][a];
}

static double error_square(const test_model *m, const products *p, size_t task) {
    const double *v = m->network.v + task, *w = m->network.w + task * 2;
    return *v * with_error(m, p, task, 0) - w[0] * with_error(m, p, task, 2) -
           w[1] * with_error(m, p, task, 3);
}

static double exact_error(const test_model *m, const products *p) {
    const size_t heads = ordpar_network_heads(&m->network);
    double sum = 0;
    for (size_t k = 0; k < heads; k++)
        for (size_t b = 0; b < L; b++)
            sum += m->spectrum.lambda[b] * error_square(m, &p[b], k) / 2 / (double)heads;
    return sum;
}

/* What the gradient g of a step, a batch's mean, is on average: g . V_a and g . g, times 1. */
static void gradient(const test_model *m, const products *p, const double *probability, size_t b,
                     double D[VECTORS], double *square) {
    const double N = m->spectrum.N, lambda = m->spectrum.lambda[b], p_b = m->spectrum.p[b];
    const double B = m->network.training.batch > 1 ? (double)m->network.training.batch : 1;
    double own = 0, mean = 0;
    memset(D, 0, VECTORS * sizeof *D);
    for (size_t k = 0; k < ordpar_network_heads(&m->network); k++) {
        const double v = m->network.v[k];
        double variance = m->network.label_noise * m->network.label_noise;
        for (size_t c = 0; c < L; c++)
            variance += m->spectrum.lambda[c] * error_square(m, &p[c], k);
        own += probability[k] * v * v *
               (p_b * lambda * variance + 2 * lambda * lambda * error_square(m, &p[b], k) / N);
        for (size_t a = 0; a < VECTORS; a++)
            D[a] += probability[k] * v * lambda * with_error(m, &p[b], k, a);
    }
    for (size_t k = 0; k < ordpar_network_heads(&m->network); k++) {
        const double v = m->network.v[k], *w = m->network.w + 2 * k;
        mean += probability[k] * v * lambda * (v * D[0] - w[0] * D[2] - w[1] * D[3]);
    }
    *square = own / B + (1 - 1 / B) * mean / N;
}

/* One step of the exact means of linear units: everything is of second degree. */
static void exact_step(const test_model *m, size_t step, products *p) {
    const ordpar_training *t = &m->network.training;
    const double N = m->spectrum.N, alpha = (double)step / N, one = 1;
    const double eta = ordpar_schedule_eta(&t->schedule, m->network.eta, alpha);
    const bool pushes = t->momentum.weight > 0;
    const double e = pushes ? ordpar_momentum_weight(&t->momentum, alpha) / N : 0;
    const double keep =
        pushes ? fmax(0, 1 - ordpar_momentum_damping(&t->momentum, N, alpha) / N) : 0;
    const double *probability =
        t->tasks.count ? t->tasks.probability + ordpar_tasks_at(&t->tasks, alpha) * t->tasks.count
                       : &one;
    const double move[VECTORS][VECTORS] = {
        {1 - t->weight_decay / N, -e * keep, 0, 0}, {0, keep, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    const double go[VECTORS] = {-(eta + e), 1, 0, 0};
    products next[L];
    for (size_t b = 0; b < L; b++) {
        double D[VECTORS], square, moved_D[VECTORS] = {0};
        gradient(m, p, probability, b, D, &square);
        for (size_t a = 0; a < VECTORS; a++)
            for (size_t c = 0; c < VECTORS; c++)
                moved_D[a] += move[a][c] * D[c];
        for (size_t a = 0; a < VECTORS; a++)
            for (size_t c = 0; c < VECTORS; c++) {
                double sum = 0;
                for (size_t k = 0; k < VECTORS * VECTORS; k++)
                    sum += move[a][k / VECTORS] * move[c][k % VECTORS] *
                           p[b].x[k / VECTORS][k % VECTORS];
                next[b].x[a][c] =
                    sum + (go[c] * moved_D[a] + go[a] * moved_D[c] + go[a] * go[c] * square) / N;
            }
    }
    memcpy(p, next, sizeof next);
}

/* The start of one student and two teachers, P = 0. */
static void start_products(const ordpar_overlaps *start, products p[L]) {
    static const size_t place[3] = {0, 2, 3};
    memset(p, 0, L * sizeof *p);
    for (size_t b = 0; b < L; b++) {
        double gram[9];
        ordpar_overlaps_gram(start, b, gram);
        for (size_t i = 0; i < 9; i++)
            p[b].x[place[i / 3]][place[i % 3]] = gram[i];
    }
}

enum { MOMENTUM = 1, TASKS = 2, BATCH = 4, DECAY = 8, SCHEDULE = 16, FADES = 32 };

static test_model make_linear(unsigned parts, double N, unsigned long seed) {
    test_model m = make_model(1, 2, (long)N, L, 1, 0.6, 0.5, "linear", seed);
    ordpar_training *t = &m.network.training;
    m.network.label_noise = 0.2;
    if (parts & TASKS)
        give_tasks(&m, 2, false, seed);
    if (parts & MOMENTUM)
        t->momentum = (ordpar_momentum){.weight = 0.7, .damping = 2, .fades = parts & FADES};
    t->batch = parts & BATCH ? 3 : 1;
    t->weight_decay = parts & DECAY ? 0.3 : 0;
    if (parts & SCHEDULE)
        t->schedule = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_POWER, .gamma = 1, .alpha_0 = 2};
    return m;
}

/* One linear student: [19.9] against the mean at finite N, which a recursion knows exactly. */
Test(fluctuations_mean, shift_is_that_of_the_exact_mean) {
    enum { COUNT = 3 };
    static const unsigned parts[] = {
        DECAY | SCHEDULE, MOMENTUM, MOMENTUM | FADES | DECAY | SCHEDULE,
        BATCH | DECAY,    TASKS,    MOMENTUM | BATCH | DECAY | TASKS | SCHEDULE};
    const double alpha[COUNT] = {1, 2, 4}, N = 20000;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        test_model m = make_linear(parts[k], N, 81 + k);
        double eps_g[COUNT], exact[COUNT];
        ordpar_fluctuation rows[3 * COUNT];
        products p[L];
        ordpar_error err;
        start_products(&m.start, p);
        for (size_t step = 0, row = 0; row < COUNT; step++) {
            if (step == (size_t)(alpha[row] * N))
                exact[row++] = exact_error(&m, p);
            exact_step(&m, step, p);
        }
        const ordpar_fluctuation_problem problem = {.spectrum = &m.spectrum,
                                                    .network = &m.network,
                                                    .trained_blocks = L,
                                                    .start = &m.start,
                                                    .rtol = 1e-11,
                                                    .shifts = true};
        const size_t curves = ordpar_fluctuations_curves(&problem);
        check_ok(ordpar_fluctuations(&problem, alpha, COUNT, rows, &err), &err);
        integrate_curve(&m, alpha, COUNT, 1e-12, eps_g);
        for (size_t r = 0; r < COUNT; r++)
            CHECK_CLOSE(rows[r * curves].shift, N * (exact[r] - eps_g[r]), 5e-3,
                        fabs(rows[r * curves].shift), "parts %u, alpha = %g", parts[k], alpha[r]);
        clear_model(&m);
    }
}
