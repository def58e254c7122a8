// SPDX-License-Identifier: GPL-3.0-or-later
/* Plateau, escape and the specialised phase of erf networks against the integrated equations. */
#include "solver/plateau/measure.h"
#include "solver/plateau/plateau.h"
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/erf_plateau.h"
#include "support.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    test_model m;
    ordpar_plateau at;
} plateau_case;

static plateau_case make_decaying(size_t K, size_t M, long N, long L, double eta, bool small,
                                  double noise, ordpar_teacher teacher, double sigma_J, double zeta,
                                  double unlearnable) {
    ordpar_error err;
    plateau_case c = {.m = make_model(K, M, N, L, 1, eta, sigma_J, "erf", 5)};
    double *T_perp = calloc(M * M, sizeof *T_perp);
    for (size_t n = 0; n < M; n++)
        T_perp[n * M + n] = unlearnable;
    check_ok(ordpar_network_set_unlearnable(&c.m.network, T_perp, &err), &err);
    free(T_perp);
    check_ok(ordpar_spectrum_set_teacher_decay(&c.m.spectrum, zeta, &err), &err);
    c.m.network.small_eta = small;
    c.m.network.label_noise = noise;
    ordpar_overlaps_clear(&c.m.start);
    check_ok(ordpar_overlaps_start(&c.m.spectrum, K, M, ORDPAR_INIT_SAMPLED, teacher, sigma_J, 5, 1,
                                   &c.m.start, &err),
             &err);
    check_ok(ordpar_plateau_solve(&c.m.spectrum, &c.m.network, c.m.start.t, &c.at, &err), &err);
    return c;
}

static plateau_case make_case(size_t K, size_t M, long N, long L, double eta, bool small,
                              double noise, ordpar_teacher teacher, double sigma_J) {
    return make_decaying(K, M, N, L, eta, small, noise, teacher, sigma_J, 0, 0);
}

static void clear_case(plateau_case *c) {
    ordpar_plateau_clear(&c->at);
    clear_model(&c->m);
}

Test(plateau, fixed_point_of_the_mean_teacher_is_the_closed_form) {
    for (size_t M = 2; M < 9; M += 2)
        for (size_t K = 2; K < 6; K += 3) {
            plateau_case c = make_case(K, M, 256, 8, 0.1, true, 0, ORDPAR_TEACHER_MEAN, 1);
            const ordpar_erf_plateau closed = ordpar_erf_plateau_at(M, 1 / sqrt((double)M), 1);
            double Q, R[8], rate;
            ordpar_error err;
            CHECK_CLOSE(c.at.Q, closed.Q, TOL_SUM, 1, "Q, M %zu", M);
            CHECK_CLOSE(c.at.R[M - 1], closed.R, TOL_SUM, 1, "R, M %zu", M);
            CHECK_CLOSE(c.at.eps_g, closed.eps_g, TOL_SUM, 1, "eps_g, M %zu", M);
            const double T2 = ordpar_spectrum_moment(&c.m.spectrum, 2);
            ordpar_plateau_moment(&c.m.spectrum, c.m.start.t, &c.at, 2, &Q, R);
            CHECK_CLOSE(Q, closed.Q * T2, TOL_SUM, Q, "second moment of Q");
            CHECK_CLOSE(R[0], closed.R * T2, TOL_SUM, R[0], "second moment of R");
            check_ok(ordpar_plateau_escape_rate(&c.m.spectrum, &c.m.network, c.m.start.t, &c.at,
                                                &rate, &err),
                     &err);
            const double expected = ordpar_erf_escape_rate(M, sqrt((double)M) / (double)K,
                                                           1 / sqrt((double)M), 0.1, 1, T2);
            CHECK_CLOSE(rate, expected, 1e-11, expected, "rate, K %zu, M %zu", K, M);
            clear_case(&c);
        }
}

/* The integrated equations stay there: eps_g does not move while the fastest mode grows e^3 times.
 */
Test(plateau, fixed_point_is_stationary) {
    const struct {
        size_t K, M;
        bool small;
        double noise;
    } cases[] = {{2, 2, true, 0}, {3, 2, false, 0}, {2, 4, false, 0.2}, {4, 3, true, 0}};
    for (size_t k = 0; k < 4; k++) {
        plateau_case c = make_case(cases[k].K, cases[k].M, 512, 8, 0.5, cases[k].small,
                                   cases[k].noise, ORDPAR_TEACHER_SAMPLED, 0.1);
        double rate, alpha[3], eps_g[3];
        ordpar_error err;
        check_ok(ordpar_plateau_escape_rate(&c.m.spectrum, &c.m.network, c.m.start.t, &c.at, &rate,
                                            &err),
                 &err);
        put_on_plateau(&c.m, &c.at);
        for (size_t j = 0; j < 3; j++)
            alpha[j] = 1.5 * (double)j / rate;
        integrate_curve(&c.m, alpha, 3, 1e-10, eps_g);
        for (size_t j = 0; j < 3; j++)
            CHECK_CLOSE(eps_g[j], c.at.eps_g, 1e-10, c.at.eps_g, "case %zu, row %zu", k, j);
        cr_assert(cases[k].small == (c.at.f == 0));
        clear_case(&c);
    }
}

typedef struct {
    const ordpar_spectrum *spectrum;
    double *alpha, *eps_g, *specialisation;
} trace;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *o, ordpar_error *err) {
    trace *t = context;
    (void)err;
    double R[64] = {0};
    for (size_t k = 0; k < o->K * o->M; k++)
        for (size_t b = 0; b < o->L; b++)
            R[k] += t->spectrum->lambda[b] * o->r[k * o->L + b];
    t->alpha[row] = alpha;
    t->eps_g[row] = eps_g;
    t->specialisation[row] = ordpar_specialisation(o->K, o->M, R);
    return ORDPAR_OK;
}

/*
 * A long plateau (sigma_J = 1e-8): the escape rate within 0.1 %. Realised teachers have M - 1
 * rates; with M = 2 there is one, which the growth shows (more of them: test_escape.c).
 */
Test(plateau, measured_escape_matches_the_prediction) {
    const struct {
        size_t K, M;
        long N, L;
        bool small;
        double noise;
        ordpar_teacher teacher;
        double zeta, unlearnable;
    } cases[] = {{2, 2, 1024, 1, true, 0, ORDPAR_TEACHER_MEAN, 0, 0},
                 {3, 2, 4096, 4, false, 0.1, ORDPAR_TEACHER_SAMPLED, 0, 0},
                 {2, 2, 4096, 4, false, 0, ORDPAR_TEACHER_MEAN, 0, 0},
                 {4, 4, 8192, 2, true, 0, ORDPAR_TEACHER_MEAN, 0, 0},
                 {4, 2, 512, 2, false, 0, ORDPAR_TEACHER_SAMPLED, 0, 0},
                 {2, 2, 4096, 8, true, 0, ORDPAR_TEACHER_MEAN, 1, 0},
                 {2, 2, 4096, 8, false, 0, ORDPAR_TEACHER_MEAN, 3, 0},
                 {2, 2, 4096, 4, false, 0, ORDPAR_TEACHER_MEAN, 1, 0.2}};
    enum { ROWS = 400 };
    static double values[3 * ROWS], alpha[ROWS];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        plateau_case c = make_decaying(cases[k].K, cases[k].M, cases[k].N, cases[k].L, 0.5,
                                       cases[k].small, cases[k].noise, cases[k].teacher, 1e-8,
                                       cases[k].zeta, cases[k].unlearnable);
        double rate;
        ordpar_error err;
        ordpar_plateau_measure plateau;
        ordpar_slope_measure growth;
        trace t = {&c.m.spectrum, values, values + ROWS, values + 2 * ROWS};
        check_ok(ordpar_plateau_escape_rate(&c.m.spectrum, &c.m.network, c.m.start.t, &c.at, &rate,
                                            &err),
                 &err);
        for (size_t j = 0; j < ROWS; j++)
            alpha[j] = 40 / rate * (double)j / ROWS;
        const ordpar_integrate_options settings = {.rtol = 1e-9,
                                                   .atol = 1e-14,
                                                   .trained_blocks = c.m.spectrum.L,
                                                   .observer = record,
                                                   .context = &t};
        check_ok(ordpar_integrate(&c.m.spectrum, &c.m.network, &c.m.start, alpha, ROWS, &settings,
                                  NULL, &err),
                 &err);
        bool found = false;
        check_ok(ordpar_measure_plateau(ROWS, t.alpha, t.eps_g, NAN, &found, &plateau, &err), &err);
        cr_assert(found, "case %zu", k);
        CHECK_CLOSE(plateau.height, c.at.eps_g, 1e-4, c.at.eps_g, "height, case %zu", k);
        check_ok(ordpar_measure_growth(ROWS, t.alpha, t.specialisation, plateau.entry, plateau.exit,
                                       &growth, &err),
                 &err);
        cr_assert(growth.rows > 0, "case %zu", k);
        CHECK_CLOSE(growth.slope, rate, 1e-3, rate, "rate, case %zu, fitted from %g to %g", k,
                    growth.begin, growth.end);
        clear_case(&c);
    }
}

/* The mean teacher without its overlaps, at lowest and at all orders. */
Test(plateau, of_the_mean_teacher_depends_on_the_trace_alone) {
    ordpar_error err;
    for (size_t M = 1; M < 5; M++)
        for (int small = 0; small < 2; small++) {
            ordpar_spectrum s;
            ordpar_network n;
            ordpar_plateau mean, full;
            double t[16 * 6] = {0};
            check_ok(ordpar_spectrum_power_law(60, 6, 0.7, &s, &err), &err);
            check_ok(ordpar_network_init(3, M, &ordpar_activation_erf, 0.8, &n, &err), &err);
            n.small_eta = small;
            n.label_noise = 0.1;
            for (size_t k = 0; k < M; k++)
                for (size_t b = 0; b < 6; b++)
                    t[(k * M + k) * 6 + b] = s.p[b];
            check_ok(ordpar_plateau_solve_mean(&s, &n, &mean, &err), &err);
            check_ok(ordpar_plateau_solve(&s, &n, t, &full, &err), &err);
            CHECK_CLOSE(mean.eps_g, full.eps_g, TOL_LOOSE, 1, "eps_g, M %zu", M);
            CHECK_CLOSE(mean.Q, full.Q, TOL_LOOSE, full.Q, "Q, M %zu", M);
            CHECK_CLOSE(mean.R[M - 1], full.R[M - 1], TOL_LOOSE, full.Q, "R, M %zu", M);
            const double lowest = ordpar_erf_plateau_at(M, n.w[0], 1).eps_g;
            if (small)
                CHECK_CLOSE(mean.eps_g, lowest, TOL_LOOSE, 1, "lowest order, M %zu", M);
            else
                cr_assert(mean.eps_g > 1.02 * lowest, "M %zu: %g, lowest %g", M, mean.eps_g,
                          lowest);
            ordpar_plateau_clear(&mean);
            ordpar_plateau_clear(&full);
            ordpar_network_clear(&n);
            ordpar_spectrum_clear(&s);
        }
}

/* Within 5 standard errors of the mean square over starts. */
Test(plateau, start_is_the_root_mean_square_over_drawn_starts) {
    enum { RUNS = 2000, K = 3, M = 4, L = 4 };
    const double sigma_J = 0.3;
    ordpar_spectrum spectrum;
    ordpar_error err;
    check_ok(ordpar_spectrum_power_law(512, L, 1, &spectrum, &err), &err);
    double sum = 0;
    for (uint64_t run = 1; run <= RUNS; run++) {
        ordpar_overlaps start;
        double R[K * M] = {0};
        check_ok(ordpar_overlaps_start(&spectrum, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED,
                                       sigma_J, 11, run, &start, &err),
                 &err);
        for (size_t k = 0; k < (size_t)K * M; k++)
            for (size_t b = 0; b < L; b++)
                R[k] += spectrum.lambda[b] * start.r[k * L + b];
        sum += pow(ordpar_specialisation(K, M, R), 2);
        ordpar_overlaps_clear(&start);
    }
    const double T2 = ordpar_spectrum_moment(&spectrum, 2);
    const double expected = pow(ordpar_plateau_start(K, M, sigma_J, T2, spectrum.N), 2);
    /* (K-1)(M-1) = 6 degrees of freedom a run */
    CHECK_CLOSE(sum / RUNS, expected, 5 * sqrt(2.0 / 6 / RUNS), expected, "mean square");
    ordpar_spectrum_clear(&spectrum);
}

/* What grows for the plateau's length is as large as the specialisation of R = T 1 at its end. */
Test(plateau, length_ends_where_all_units_are_specialised) {
    for (size_t K = 2; K < 5; K++)
        for (size_t M = 2; M < 6; M++) {
            const double T = 1.3, rate = 0.02, start = 1e-3;
            double R[20] = {0};
            for (size_t i = 0; i < (K < M ? K : M); i++)
                R[i * M + i] = T;
            const double length = ordpar_plateau_length(K, M, T, start, rate);
            const double end = ordpar_specialisation(K, M, R);
            CHECK_CLOSE(start * exp(rate * length), end, TOL_TIGHT, end, "K %zu, M %zu", K, M);
            cr_assert_eq(ordpar_plateau_length(K, M, T, 2 * end, rate), 0);
            cr_assert(isinf(ordpar_plateau_length(K, M, T, 0, rate)));
        }
}

Test(plateau, refuses_what_it_is_not_for) {
    ordpar_error err;
    test_model m = make_model(2, 2, 64, 4, 1, 0.1, 0.1, "erf", 1);
    ordpar_plateau at = {0};
    double rate = 3;
    const double kept = m.start.t[3];
    for (int k = 0; k < 2; k++) {
        m.start.t[3] = k ? NAN : INFINITY;
        cr_assert_eq(ordpar_plateau_solve(&m.spectrum, &m.network, m.start.t, &at, &err),
                     ORDPAR_INVALID);
        cr_assert(strstr(err.message, "finite, got") && strstr(err.message, "at place 4"), "%s",
                  err.message);
    }
    m.start.t[3] = kept;
    m.network.v[1] *= 2;
    cr_assert_eq(ordpar_plateau_solve(&m.spectrum, &m.network, m.start.t, &at, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "equal output weights"), "%s", err.message);
    m.network.v[0] = m.network.v[1] = 0;
    cr_assert_eq(ordpar_plateau_solve(&m.spectrum, &m.network, m.start.t, &at, &err),
                 ORDPAR_INVALID);
    clear_model(&m);
    plateau_case one = make_case(1, 2, 64, 4, 0.1, true, 0, ORDPAR_TEACHER_SAMPLED, 0.1);
    cr_assert_eq(ordpar_plateau_escape_rate(&one.m.spectrum, &one.m.network, one.m.start.t, &one.at,
                                            &rate, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "K = 1"), "%s", err.message);
    cr_assert_eq(rate, 3);
    clear_case(&one);
}

/* J_i = B_i + W_i with W at right angles to the teachers: q = p (1 + sigma^2) 1, r = t = p 1. */
static test_model near_teacher(size_t M, long L, double eta, double sigma) {
    test_model m = make_model(M, M, 64, L, 1, eta, 1, "erf", 1);
    memset(m.start.q, 0, M * M * (size_t)L * sizeof(double));
    memset(m.start.r, 0, M * M * (size_t)L * sizeof(double));
    memset(m.start.t, 0, M * M * (size_t)L * sizeof(double));
    for (size_t i = 0; i < M; i++)
        for (size_t b = 0; b < (size_t)L; b++) {
            const size_t at = (i * M + i) * (size_t)L + b;
            m.start.r[at] = m.start.t[at] = m.spectrum.p[b];
            m.start.q[at] = m.spectrum.p[b] * (1 + sigma * sigma);
        }
    return m;
}

/*
 * The closed forms leave out the next order in sigma^2: the difference must be of that size, and
 * shrink with it.
 */
Test(plateau, asymptotic_curve_matches_the_integrated_one) {
    enum { ROWS = 8 };
    for (size_t M = 1; M <= 3; M++)
        for (int small = 0; small < 2; small++) {
            double difference[2], alpha[ROWS], expected[ROWS], actual[ROWS];
            const double sigma[2] = {0.04, 0.02}, eta = small ? 0.4 : 1.5;
            log_grid(0.05, 30, ROWS, alpha);
            for (int k = 0; k < 2; k++) {
                ordpar_error err;
                test_model m = near_teacher(M, 16, eta, sigma[k]);
                const ordpar_erf_site site = {M, 1 / sqrt((double)M), 1, 1};
                m.network.small_eta = small;
                check_ok((small ? ordpar_erf_asymptotic_small_eta(&m.spectrum, &site, eta, sigma[k],
                                                                  alpha, ROWS, expected, &err)
                                : ordpar_erf_asymptotic(&m.spectrum, &site, eta, sigma[k], 0, alpha,
                                                        ROWS, expected, &err)),
                         &err);
                integrate_curve(&m, alpha, ROWS, 1e-10, actual);
                difference[k] = 0;
                for (size_t j = 0; j < ROWS; j++)
                    difference[k] = fmax(difference[k], fabs(actual[j] / expected[j] - 1));
                clear_model(&m);
            }
            cr_assert(difference[0] < 3 * sigma[0] * sigma[0], "M %zu, small %d: %g", M, small,
                      difference[0]);
            CHECK_CLOSE(difference[1] / difference[0], 0.25, 0.02, 1, "order, M %zu, small %d", M,
                        small);
        }
}

/* Units of other variances, which overlap. */
static const double covariance[9] = {0.8, 0.3, -0.2, 0.3, 1.7, 0.1, -0.2, 0.1, 0.4};

static void give_teacher(test_model *m, double sigma) {
    const size_t M = m->network.M, L = m->spectrum.L;
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++)
            for (size_t b = 0; b < L; b++) {
                const size_t at = (i * M + j) * L + b;
                m->start.r[at] = m->start.t[at] = m->spectrum.p[b] * covariance[i * 3 + j];
                m->start.q[at] = m->start.t[at] + (i == j) * sigma * sigma * m->spectrum.p[b];
            }
}

Test(plateau, critical_eta_of_any_teacher_is_that_of_the_integrated_equations) {
    for (size_t M = 1; M <= 3; M++) {
        ordpar_error err;
        double T[9], critical, eps_g[2];
        for (size_t k = 0; k < M * M; k++)
            T[k] = covariance[k / M * 3 + k % M];
        check_ok(ordpar_erf_critical_eta_of(M, 1 / sqrt((double)M), T, 1, &critical, &err), &err);
        for (int k = 0; k < 2; k++) {
            test_model m = near_teacher(M, 4, critical * (k ? 1.01 : 0.99), 1e-6);
            give_teacher(&m, 1e-6);
            integrate_curve(&m, (double[]){200, 400}, 2, 1e-9, eps_g);
            cr_assert((eps_g[1] > eps_g[0]) == (k == 1), "M %zu, eta %g: %g, %g", M, m.network.eta,
                      eps_g[0], eps_g[1]);
            clear_model(&m);
        }
    }
}

/* The integrated curve decays below eta_c and grows above it. */
Test(plateau, critical_eta_is_that_of_the_integrated_equations) {
    for (size_t M = 1; M <= 3; M++) {
        const ordpar_erf_site site = {M, 1 / sqrt((double)M), 1, 1};
        const double critical = ordpar_erf_critical_eta(&site);
        for (int k = 0; k < 2; k++) {
            test_model m = near_teacher(M, 4, critical * (k ? 1.03 : 0.97), 1e-3);
            const double alpha[2] = {20, 60};
            double eps_g[2];
            integrate_curve(&m, alpha, 2, 1e-8, eps_g);
            cr_assert((eps_g[1] > eps_g[0]) == (k == 1), "M %zu, eta %g: %g, %g", M, m.network.eta,
                      eps_g[0], eps_g[1]);
            ordpar_error err;
            double expected[2];
            if (k == 0) {
                check_ok(ordpar_erf_asymptotic(&m.spectrum, &site, m.network.eta, 1e-3, 0, alpha, 2,
                                               expected, &err),
                         &err);
                CHECK_CLOSE(eps_g[1] / eps_g[0], expected[1] / expected[0], 1e-3, 1, "M %zu", M);
            }
            clear_model(&m);
        }
    }
}
