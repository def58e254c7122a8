// SPDX-License-Identifier: GPL-3.0-or-later
/* The structured solve: (1 - gamma J) x must give back the right-hand side, J by finite
 * differences. */
#include "newton.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    test_model *m;
    ordpar_flow flow;
    ordpar_coefficients co;
    ordpar_coefficient_work *work;
    double *c;
} system_under_test;

static void evaluate(system_under_test *s, const double *y, double *dy) {
    double *m = malloc(s->flow.P * sizeof *m);
    ordpar_flow_moment(&s->flow, y, m);
    ordpar_covariance_set(s->flow.K, s->flow.M, m, s->c);
    cr_assert(ordpar_coefficients_evaluate(&s->m->network, s->c, s->work, &s->co));
    ordpar_flow_apply(&s->flow, &s->co, y, dy);
    free(m);
}

/* out = J x by a central difference along x. */
static void multiply_jacobian(system_under_test *s, const double *y, const double *x, double *out) {
    const size_t size = ordpar_flow_size(&s->flow);
    const double step = 1e-6;
    double *moved = malloc(size * sizeof *moved), *down = malloc(size * sizeof *down);
    for (size_t k = 0; k < size; k++)
        moved[k] = y[k] - step * x[k];
    evaluate(s, moved, down);
    for (size_t k = 0; k < size; k++)
        moved[k] = y[k] + step * x[k];
    evaluate(s, moved, out);
    for (size_t k = 0; k < size; k++)
        out[k] = (out[k] - down[k]) / (2 * step);
    free(moved);
    free(down);
}

/* The start as overlaps or as vectors; y is allocated. */
static double *make_state(system_under_test *s, size_t trained_blocks, bool vectors) {
    test_model *m = s->m;
    ordpar_error err;
    if (!vectors) {
        check_ok(
            ordpar_flow_init(&m->spectrum, &m->network, trained_blocks, m->start.t, &s->flow, &err),
            &err);
        double *y = malloc(ordpar_flow_size(&s->flow) * sizeof *y);
        ordpar_flow_pack(&s->flow, &m->start, y);
        return y;
    }
    ordpar_factors factors;
    check_ok(ordpar_factors_init(&m->start, &m->spectrum, &factors, &err), &err);
    check_ok(ordpar_flow_init_vectors(&m->spectrum, &m->network, trained_blocks, &factors, &s->flow,
                                      &err),
             &err);
    double *y = malloc(ordpar_flow_size(&s->flow) * sizeof *y);
    ordpar_flow_pack_vectors(&s->flow, &factors, y);
    ordpar_factors_clear(&factors);
    return y;
}

static void check_solve(test_model *m, size_t trained_blocks, double gamma, bool vectors) {
    const size_t K = m->network.K, M = m->network.M, n = K + M;
    ordpar_error err;
    system_under_test s = {.m = m,
                           .work = ordpar_coefficient_work_create(&m->network),
                           .c = malloc(n * n * sizeof(double))};
    double *y = make_state(&s, trained_blocks, vectors);
    check_ok(ordpar_coefficients_init(K, M, &s.co, &err), &err);
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, s.c, &err), &err);
    ordpar_newton *newton = ordpar_newton_create(&s.flow, &m->network, &ordpar_overlap_coordinates);
    const size_t size = ordpar_flow_size(&s.flow);
    double *rhs = malloc(3 * size * sizeof *rhs), *x = rhs + size, *Jx = rhs + 2 * size;
    ordpar_random stream = test_stream(40);
    for (size_t k = 0; k < size; k++)
        rhs[k] = uniform(&stream, -1, 1) / (double)m->spectrum.L;
    memcpy(x, rhs, size * sizeof *x);
    cr_assert(ordpar_newton_setup(newton, gamma, y, s.c, s.work));
    ordpar_newton_solve(newton, x);
    multiply_jacobian(&s, y, x, Jx);
    for (size_t k = 0; k < size; k++)
        CHECK_CLOSE(x[k] - gamma * Jx[k], rhs[k], TOL_DIFFERENCE, 1,
                    "%s K %zu M %zu L %zu gamma %g, component %zu of %s",
                    m->network.activation->name, K, M, m->spectrum.L, gamma, k,
                    vectors ? "vectors" : "overlaps");
    ordpar_newton_free(newton);
    ordpar_coefficient_work_free(s.work);
    ordpar_coefficients_clear(&s.co);
    ordpar_flow_clear(&s.flow);
    free(s.c);
    free(y);
    free(rhs);
}

Test(newton, solves_the_newton_system_for_random_models) {
    ordpar_random stream = test_stream(41);
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++)
        for (size_t K = 1; K <= 4; K++)
            for (size_t M = 1; M <= 4; M += 3)
                for (int small = 0; small < 2; small++) {
                    const long L = 1 + (long)uniform(&stream, 0, 5);
                    test_model m = make_model(K, M, 12 * L, L, 0.6, 0.8, 0.5, g->name, K);
                    for (size_t i = 0; i < K; i++)
                        m.network.v[i] = uniform(&stream, -1, 1);
                    m.network.label_noise = 0.1;
                    m.network.small_eta = small || !g->squared_error_dg_dg;
                    for (int vectors = 0; vectors <= m.network.small_eta; vectors++)
                        check_solve(&m, (size_t)L - (L > 2), uniform(&stream, 0.01, 1), vectors);
                    clear_model(&m);
                }
}

Test(newton, solves_over_several_chunks_and_with_library_products) {
    test_model m = make_model(2, 2, 3000, 1500, 0.3, 0.5, 0.5, "erf", 1);
    check_solve(&m, 1500, 2, false);
    m.network.small_eta = true;
    check_solve(&m, 1500, 2, true);
    clear_model(&m);
    m = make_model(6, 5, 3000, 150, 0.5, 0.5, 0.5, "erf", 1);
    check_solve(&m, 150, 0.5, false);
    m.network.small_eta = true;
    check_solve(&m, 150, 0.5, true);
    clear_model(&m);
}
