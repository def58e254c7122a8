// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The promise of --rtol: eps_g is right to 10 rtol, or to 1e-13 absolute where that is larger, over
 * decades of eps_g. Two references: an explicit Runge-Kutta method of order 8 at its own tight
 * tolerance, and the same solver much tighter.
 */
#include "solver/motion/coefficients.h"
#include "solver/motion/state.h"
#include "spectra/forms/linear.h"
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
    check_ok(ordpar_flow_init(&m->spectrum, &m->network, &ordpar_state_overlaps, m->spectrum.L,
                              &(ordpar_flow_start){.overlaps = &m->start}, &s.flow, &err),
             &err);
    check_ok(ordpar_coefficients_init(m->network.K, m->network.M, &s.co, &err), &err);
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, s.c, &err), &err);
    const size_t size = ordpar_flow_size(&s.flow);
    double *y = malloc(size * sizeof *y), at = 0;
    ordpar_flow_pack(&s.flow, &(ordpar_flow_start){.overlaps = &m->start}, y);
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

static void check_orders_against_explicit(bool small_eta, size_t K, size_t M, long L, double eta,
                                          double sigma_J, double end, const char *activation) {
    const double rtols[] = {1e-4, 1e-6, 1e-8, 1e-10};
    double alpha[ROWS], reference[ROWS], eps_g[ROWS];
    char what[96];
    log_grid(0.01, end, ROWS, alpha);
    test_model m = make_model(K, M, 256 * L, L, 1, eta, sigma_J, activation, K + M);
    m.network.small_eta = small_eta;
    integrate_explicitly(&m, alpha, ROWS, reference);
    clear_model(&m);
    snprintf(what, sizeof what, "%s%s K=%zu M=%zu L=%ld eta=%g sigma_J=%g", activation,
             small_eta ? " lowest order" : "", K, M, L, eta, sigma_J);
    for (size_t k = 0; k < sizeof rtols / sizeof *rtols; k++) {
        m = make_model(K, M, 256 * L, L, 1, eta, sigma_J, activation, K + M);
        m.network.small_eta = small_eta;
        integrate_curve(&m, alpha, ROWS, rtols[k], eps_g);
        check_promise(eps_g, reference, alpha, ROWS, rtols[k], what);
        clear_model(&m);
    }
}

static void check_against_explicit(size_t K, size_t M, long L, double eta, double sigma_J,
                                   double end, const char *activation) {
    check_orders_against_explicit(false, K, M, L, eta, sigma_J, end, activation);
}

/* The explicit method moves overlaps, the solver vectors. */
Test(promise, at_lowest_order_against_an_explicit_method_of_order_8, NUMBERS_ALONE) {
    check_orders_against_explicit(true, 1, 1, 1, 1, 0.5, 100, "erf");
    check_orders_against_explicit(true, 2, 2, 1, 0.5, 0.01, 3000, "erf");
    check_orders_against_explicit(true, 3, 2, 4, 1, 0.1, 300, "erf");
    check_orders_against_explicit(true, 2, 3, 3, 0.5, 0.3, 100, "tanh");
    check_orders_against_explicit(true, 3, 2, 2, 0.5, 0.3, 200, "relu");
    check_orders_against_explicit(true, 2, 3, 2, 0.02, 0.3, 100, "quadratic");
}

Test(promise, against_an_explicit_method_of_order_8, NUMBERS_ALONE) {
    check_against_explicit(1, 1, 1, 1, 0.5, 100, "erf");
    check_against_explicit(2, 2, 1, 0.5, 0.01, 3000,
                           "erf"); /* plateau, escape, exponential decay */
    check_against_explicit(2, 2, 3, 0.5, 0.01, 1000, "erf");
    check_against_explicit(3, 2, 2, 1, 0.1, 300, "erf");
    check_against_explicit(1, 2, 2, 1, 0.1, 300, "erf");
    check_against_explicit(2, 1, 3, 1.8, 0.5, 200, "linear");
    check_against_explicit(3, 2, 2, 0.5, 0.3, 200, "relu");
    check_against_explicit(2, 3, 2, 0.02, 0.3, 100, "quadratic");
}

/* Through plateau, specialisation and decay, down to where students and teachers differ by
 * rounding: the noise of relu has corners there. */
Test(promise, against_a_tighter_run_for_relu, NUMBERS_ALONE) {
    static const size_t units[] = {2, 4};
    double alpha[ROWS], reference[ROWS], eps_g[ROWS];
    log_grid(0.01, 1e4, ROWS, alpha);
    for (size_t k = 0; k < 2; k++)
        for (int tight = 0; tight < 2; tight++) {
            test_model m =
                make_model(units[k], units[k], 1024, k ? 1 : 8, 1, k ? 0.1 : 0.5, 0.01, "relu", 1);
            integrate_curve(&m, alpha, ROWS, tight ? 1e-10 : 1e-8, tight ? reference : eps_g);
            clear_model(&m);
            if (tight)
                check_promise(eps_g, reference, alpha, ROWS, 1e-8, "relu");
        }
}

static ordpar_status keep_error(void *context, size_t row, double alpha, double eps_g,
                                const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

/* Long after eps_g of relu has fallen to rounding it stays there, and a run goes on in long steps;
 * whatever the tolerances, which decide how far the covariances are from possible ones. */
Test(promise, relu_rests_at_its_teacher, NUMBERS_ALONE) {
    static const double atols[] = {0, 1e-14, 1e-10};
    double alpha[ROWS], eps_g[ROWS];
    log_grid(2e4, 1e5, ROWS, alpha);
    for (size_t k = 0; k < 2 * sizeof atols / sizeof *atols; k++) {
        const double atol = atols[k / 2];
        ordpar_error err;
        ordpar_integrate_stats stats;
        test_model m = make_model(4, 4, 65536, 4, 0.5, 0.1, 1e-3, "relu", 1);
        const ordpar_integrate_options options = {.rtol = 1e-6,
                                                  .atol = atol,
                                                  .trained_blocks = m.spectrum.L,
                                                  .observer = keep_error,
                                                  .context = eps_g,
                                                  .integrator = k % 2 ? ORDPAR_INTEGRATOR_RADAU
                                                                      : ORDPAR_INTEGRATOR_CVODE};
        check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, ROWS, &options, &stats,
                                  &err),
                 &err);
        clear_model(&m);
        cr_assert_lt(stats.steps, k % 2 ? 150 : 6000, "atol %g: %ld steps", atol, stats.steps);
        for (size_t row = 0; row < ROWS; row++)
            cr_assert_leq(eps_g[row], fmax(1e-13, 10 * atol), "atol %g: eps_g %g at %g", atol,
                          eps_g[row], alpha[row]);
    }
}

Test(promise, against_a_tighter_run_for_stiff_and_large_models, NUMBERS_ALONE) {
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

/* Linear units against their closed form down to 1e-200 and less. */
static void check_linear_depth(bool small_eta, long N, size_t L, double eta, double end) {
    const double rtol = 1e-8;
    double alpha[ROWS], exact[ROWS], eps_g[ROWS];
    ordpar_error err;
    log_grid(0.1, end, ROWS, alpha);
    test_model m = make_model(1, 1, N, (long)L, 1, eta, 0.05, "linear", 3);
    m.network.small_eta = small_eta;
    double *error = malloc(L * sizeof *error);
    for (size_t b = 0; b < L; b++)
        error[b] = (m.start.q[b] - 2 * m.start.r[b] + m.start.t[b]) / m.spectrum.p[b];
    check_ok(small_eta
                 ? ordpar_linear_small_eta(&m.spectrum, eta, L, error, alpha, ROWS, exact, &err)
                 : ordpar_linear_exact(&m.spectrum, eta, 0, L, error, alpha, ROWS, exact, &err),
             &err);
    integrate_curve(&m, alpha, ROWS, rtol, eps_g);
    for (size_t row = 0; row < ROWS; row++)
        if (exact[row] > 1e-280)
            CHECK_CLOSE(eps_g[row], exact[row], 10 * rtol, exact[row], "alpha = %g", alpha[row]);
    cr_assert(exact[ROWS - 1] < 1e-200, "the case must be deep: %g", exact[ROWS - 1]);
    free(error);
    clear_model(&m);
}

/* In deviation coordinates the promise has no floor. */
Test(promise, holds_relatively_at_any_depth_for_linear_units) {
    check_linear_depth(false, 256, 8, 0.5, 3e4);
}

/* Most blocks have decayed to their rounding when the coordinates change, the slowest have not. */
Test(promise, holds_relatively_at_any_depth_for_blocks_of_one_component, NUMBERS_ALONE) {
    check_linear_depth(true, 256, 256, 0.2, 1e6);
}

/* From a drawn start through plateau and specialisation, against a much tighter run. */
Test(promise, holds_relatively_at_any_depth_for_erf_units, NUMBERS_ALONE) {
    const double rtol = 1e-7;
    for (long L = 1; L <= 4; L += 3) {
        double alpha[ROWS], reference[ROWS], eps_g[ROWS];
        log_grid(0.1, L == 1 ? 2e4 : 8e4, ROWS, alpha);
        for (int tight = 0; tight < 2; tight++) {
            test_model m = make_model(2, 2, 256 * L, L, 1, 0.5, 0.01, "erf", 1);
            integrate_curve(&m, alpha, ROWS, tight ? rtol / 1000 : rtol, tight ? reference : eps_g);
            clear_model(&m);
        }
        for (size_t row = 0; row < ROWS; row++)
            if (reference[row] > 1e-280)
                CHECK_CLOSE(eps_g[row], reference[row], 10 * rtol, reference[row],
                            "L = %ld, alpha = %g", L, alpha[row]);
        cr_assert(reference[ROWS - 1] < 1e-100, "the case must be deep: %g", reference[ROWS - 1]);
    }
}

/* A start near the teacher is right from its first row, however near. */
Test(promise, holds_for_a_start_in_deviations) {
    const double sigma = 1e-30, alpha[] = {0, 1000};
    double eps_g[2], scaled[2];
    ordpar_error err;
    for (int small = 0; small < 2; small++) {
        test_model m = make_model(2, 2, 512, 4, 1, 0.5, small ? sigma : 1e-10, "erf", 1);
        const ordpar_integrate_options settings = {.rtol = 1e-9,
                                                   .atol = ORDPAR_DEFAULT_ATOL,
                                                   .trained_blocks = 4,
                                                   .start_is_deviation = true,
                                                   .observer = keep_curve,
                                                   .context = small ? scaled : eps_g};
        check_ok(
            ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 2, &settings, NULL, &err),
            &err);
        clear_model(&m);
    }
    for (int row = 0; row < 2; row++) /* the linear regime: eps_g scales with sigma_J^2 */
        CHECK_CLOSE(scaled[row] / (sigma * sigma), eps_g[row] / 1e-20, 1e-7, eps_g[row] / 1e-20,
                    "row %d", row);
    cr_assert(eps_g[1] > 0 && eps_g[1] < eps_g[0]);
}

/* By CVODE in projections, by the other method in overlaps: these agree with each other, too. */
Test(promise, of_wide_networks_at_all_orders, NUMBERS_ALONE) {
    static const struct {
        size_t K, M;
        long n_b, L;
        double eta, sigma_J, noise;
        char activation[12];
    } cases[] = {{10, 10, 1, 5, 0.3, 0.3, 0, "erf"},
                 {11, 9, 20, 3, 0.2, 1e-3, 0.2, "erf"},
                 {10, 10, 3, 4, 0.05, 0.3, 0.1, "linear"},
                 {17, 2, 6, 3, 0.2, 0.1, 0, "erf"}};
    const double alpha[] = {0.3, 3, 20};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double eps_g[3], exact[3];
        for (int tight = 0; tight < 2; tight++) {
            test_model m = make_model(cases[k].K, cases[k].M, cases[k].n_b * cases[k].L, cases[k].L,
                                      0.8, cases[k].eta, cases[k].sigma_J, cases[k].activation, 50);
            m.network.label_noise = cases[k].noise;
            integrate_curve(&m, alpha, 3, tight ? 1e-9 : 1e-6, tight ? exact : eps_g);
            clear_model(&m);
        }
        for (size_t row = 0; row < 3; row++)
            CHECK_CLOSE(eps_g[row], exact[row], 1e-5, exact[row], "%s %zu, row %zu",
                        cases[k].activation, k, row);
    }
}
