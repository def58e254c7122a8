// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The promise of --rtol: eps_g is right to 10 rtol, or to 1e-13 absolute where that is larger, over
 * decades of eps_g. Two references: an explicit Runge-Kutta method of order 8 at its own tight
 * tolerance, and the same solver much tighter.
 */
#include "coefficients.h"
#include "flow.h"
#include "support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>

static const double floor_of_promise = 10 * ORDPAR_DEFAULT_ATOL;

static void check_promise(const double *eps_g, const double *reference, const double *alpha,
                          size_t count, double rtol, const char *what) {
    for (size_t row = 0; row < count; row++)
        CHECK_CLOSE(eps_g[row], reference[row], 1,
                    fmax(10 * rtol * reference[row], floor_of_promise), "%s, rtol %g, alpha = %g",
                    what, rtol, alpha[row]);
}

typedef struct {
    ordpar_flow flow;
    const ordpar_network *network;
    ordpar_coefficients co;
    ordpar_coefficient_work *work;
    double c[144], m[128];
} explicit_system;

static void set_covariance(explicit_system *s, const double *y) {
    ordpar_flow_moment(&s->flow, y, s->m);
    ordpar_covariance_set(s->flow.K, s->flow.M, s->m, s->c);
}

static int explicit_rhs(double alpha, const double *y, double *dy, void *data) {
    explicit_system *s = data;
    (void)alpha;
    set_covariance(s, y);
    if (!ordpar_coefficients_evaluate(s->network, s->c, s->work, &s->co))
        return GSL_EBADFUNC;
    ordpar_flow_apply(&s->flow, &s->co, y, dy);
    return GSL_SUCCESS;
}

static void integrate_explicitly(test_model *m, const double *alpha, size_t count, double *eps_g) {
    ordpar_error err;
    explicit_system s = {.network = &m->network,
                         .work = ordpar_coefficient_work_create(&m->network)};
    check_ok(ordpar_flow_init(&m->spectrum, &m->network, m->spectrum.L, m->start.t, &s.flow, &err),
             &err);
    check_ok(ordpar_coefficients_init(m->network.K, m->network.M, &s.co, &err), &err);
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, s.c, &err), &err);
    const size_t size = ordpar_flow_size(&s.flow);
    double *y = malloc(size * sizeof *y), at = 0;
    ordpar_flow_pack(&s.flow, &m->start, y);
    gsl_odeiv2_system ode = {explicit_rhs, NULL, size, &s};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&ode, gsl_odeiv2_step_rk8pd, 1e-6, 1e-15, 1e-14);
    for (size_t row = 0; row < count; row++) {
        cr_assert_eq(gsl_odeiv2_driver_apply(driver, &at, alpha[row], y), GSL_SUCCESS);
        set_covariance(&s, y);
        eps_g[row] = ordpar_generalization_error(&m->network, s.c, s.work);
    }
    gsl_odeiv2_driver_free(driver);
    ordpar_coefficient_work_free(s.work);
    ordpar_coefficients_clear(&s.co);
    ordpar_flow_clear(&s.flow);
    free(y);
}

enum { ROWS = 60 };

static void check_against_explicit(size_t K, size_t M, long L, double eta, double sigma_J,
                                   double end, const char *activation) {
    const double rtols[] = {1e-4, 1e-6, 1e-8, 1e-10};
    double alpha[ROWS], reference[ROWS], eps_g[ROWS];
    char what[96];
    log_grid(0.01, end, ROWS, alpha);
    test_model m = make_model(K, M, 256 * L, L, 1, eta, sigma_J, activation, K + M);
    integrate_explicitly(&m, alpha, ROWS, reference);
    clear_model(&m);
    snprintf(what, sizeof what, "%s K=%zu M=%zu L=%ld eta=%g sigma_J=%g", activation, K, M, L, eta,
             sigma_J);
    for (size_t k = 0; k < sizeof rtols / sizeof *rtols; k++) {
        m = make_model(K, M, 256 * L, L, 1, eta, sigma_J, activation, K + M);
        integrate_curve(&m, alpha, ROWS, rtols[k], eps_g);
        check_promise(eps_g, reference, alpha, ROWS, rtols[k], what);
        clear_model(&m);
    }
}

Test(promise, against_an_explicit_method_of_order_8) {
    check_against_explicit(1, 1, 1, 1, 0.5, 100, "erf");
    check_against_explicit(2, 2, 1, 0.5, 0.01, 3000,
                           "erf"); /* plateau, escape, exponential decay */
    check_against_explicit(2, 2, 3, 0.5, 0.01, 1000, "erf");
    check_against_explicit(3, 2, 2, 1, 0.1, 300, "erf");
    check_against_explicit(1, 2, 2, 1, 0.1, 300, "erf");
    check_against_explicit(2, 1, 3, 1.8, 0.5, 200, "linear");
}

Test(promise, against_a_tighter_run_for_stiff_and_large_models) {
    const struct {
        size_t K, M;
        long L;
        double eta, sigma_J;
    } cases[] = {{2, 2, 16, 0.1, 0.01},
                 {2, 2, 256, 0.1, 0.01},
                 {4, 4, 8, 0.5, 1e-3},
                 {3, 5, 32, 1, 0.3},
                 {2, 2, 4, 0.1, 1e-6}};
    double alpha[ROWS], reference[ROWS], eps_g[ROWS];
    log_grid(0.01, 3e4, ROWS, alpha);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int loose = 0; loose < 2; loose++) {
            const double rtol = loose ? 1e-5 : 1e-8;
            for (int tight = 0; tight < 2; tight++) {
                test_model m = make_model(cases[k].K, cases[k].M, 1024, cases[k].L, 1, cases[k].eta,
                                          cases[k].sigma_J, "erf", 1);
                integrate_curve(&m, alpha, ROWS, tight ? rtol / 300 : rtol,
                                tight ? reference : eps_g);
                clear_model(&m);
            }
            char what[64];
            snprintf(what, sizeof what, "K=%zu M=%zu L=%ld", cases[k].K, cases[k].M, cases[k].L);
            check_promise(eps_g, reference, alpha, ROWS, rtol, what);
        }
}
