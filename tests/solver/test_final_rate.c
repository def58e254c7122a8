// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The end of a curve from a drawn start through plateau and specialisation, at eps_g = 1e-200: its
 * rate against the closed forms of the two slowest modes, W.W [7.7] and W.B squared [7.13].
 */
#include "spectra/forms/erf_asymptotic.h"
#include "support.h"

#include <math.h>

typedef struct {
    double r_1, r_2; /* slowest first, > 0 */
    bool overlaps;   /* the slowest is that of W.B */
} rates;

static rates predict(const test_model *m) {
    const ordpar_erf_site site = {2, sqrt(0.5), 1, 1};
    const double e = m->network.small_eta
                         ? 2 * m->network.eta * m->spectrum.lambda[m->spectrum.L - 1] *
                               ordpar_erf_site_rates(&site).minus
                         : -ordpar_erf_asymptotic_rate(&m->spectrum, &site, m->network.eta);
    const double w = -2 * ordpar_erf_overlap_rate(&m->spectrum, &site, m->network.eta);
    return (rates){fmin(e, w), fmax(e, w), w < e};
}

/* eps_g at three values of alpha, 8 / r_1 apart, the last where it is near 1e-200. */
static void integrate_to_the_end(long L, double eta, bool small_eta, rates *r, double *alpha,
                                 double *eps_g) {
    test_model m = make_model(2, 2, 1024, L, 1, eta, 0.01, "erf", 1);
    ordpar_error err;
    ordpar_overlaps_clear(&m.start);
    check_ok(ordpar_overlaps_start(&m.spectrum, 2, 2, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_MEAN,
                                   0.01, 1, 1, &m.start, &err),
             &err);
    m.network.small_eta = small_eta;
    *r = predict(&m);
    for (int k = 0; k < 3; k++)
        alpha[k] = (440 + 8 * k) / r->r_1;
    integrate_curve(&m, alpha, 3, 1e-8, eps_g);
    cr_assert(eps_g[2] < 1e-180 && eps_g[2] > 1e-300, "L = %ld, eta = %g: eps_g = %g", L, eta,
              eps_g[2]);
    clear_model(&m);
}

static double measured_rate(const double *alpha, const double *eps_g) {
    return log(eps_g[1] / eps_g[2]) / (alpha[2] - alpha[1]);
}

Test(final_rate, is_that_of_the_slowest_mode) {
    const struct {
        long L;
        double eta;
        bool small_eta, overlaps;
    } cases[] = {{1, 3.5, false, false}, {1, 0.5, false, true}, {64, 0.5, true, true}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k += CASE_STEP) {
        rates r;
        double alpha[3], eps_g[3];
        integrate_to_the_end(cases[k].L, cases[k].eta, cases[k].small_eta, &r, alpha, eps_g);
        cr_assert(r.overlaps == cases[k].overlaps, "L = %ld, eta = %g: the other mode is slower",
                  cases[k].L, cases[k].eta);
        CHECK_CLOSE(measured_rate(alpha, eps_g), r.r_1, 1e-7, r.r_1, "L = %ld, eta = %g",
                    cases[k].L, cases[k].eta);
    }
}

/*
 * With many eigenvalues the two rates agree to 3e-5 or better and never part: eps_g is
 * a exp(-r_1 alpha) + b exp(-r_2 alpha). Two rows give a and b, the third the rate.
 */
Test(final_rate, is_that_of_the_two_slowest_modes_at_all_orders, NUMBERS_ALONE) {
    const double etas[] = {0.5, 3.5};
    for (size_t k = 0; k < 2; k++) {
        rates r;
        double alpha[3], eps_g[3];
        integrate_to_the_end(64, etas[k], false, &r, alpha, eps_g);
        cr_assert(r.r_2 / r.r_1 - 1 < 5e-5);
        const double length = alpha[1] - alpha[0];
        const double f_1 = exp(-r.r_1 * length), f_2 = exp(-r.r_2 * length);
        const double b = (eps_g[1] - eps_g[0] * f_1) / (f_2 - f_1), a = eps_g[0] - b;
        const double expected = a * f_1 * f_1 + b * f_2 * f_2;
        const double missing = log(expected / eps_g[2]) / length;
        CHECK_CLOSE(missing, 0, 1e-8, r.r_1, "eta = %g: rate against both closed forms", etas[k]);
        CHECK_CLOSE(measured_rate(alpha, eps_g), r.r_1, 2e-6, r.r_1, "eta = %g", etas[k]);
    }
}

/* Rounding of the overlaps W.B, of first order, must not fall on W.W of the fast blocks, of second
 * order: the steps would become short below 1e-25. */
Test(final_rate, steps_do_not_become_short_in_depth, NUMBERS_ALONE) {
    const double alpha[] = {2e5, 8e5};
    double eps_g[2];
    long steps[2];
    for (size_t k = 0; k < 2; k++) {
        test_model m = make_model(2, 2, 1024, 64, 1, 0.5, 0.01, "erf", 1);
        ordpar_error err;
        ordpar_integrate_stats stats;
        const ordpar_integrate_options settings = {.rtol = 1e-8,
                                                   .atol = ORDPAR_DEFAULT_ATOL,
                                                   .trained_blocks = 64,
                                                   .observer = keep_curve,
                                                   .context = &eps_g[k],
                                                   .integrator = ORDPAR_INTEGRATOR_CVODE};
        check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha[k], 1, &settings,
                                  &stats, &err),
                 &err);
        steps[k] = stats.steps;
        cr_assert(stats.error_test_failures < stats.steps / 100, "%ld of %ld steps failed",
                  stats.error_test_failures, stats.steps);
        clear_model(&m);
    }
    cr_assert(eps_g[0] < 1e-20 && eps_g[1] < 1e-70, "eps_g = %g, %g", eps_g[0], eps_g[1]);
    const double rate_above = (double)steps[0] / alpha[0];
    const double rate_below = (double)(steps[1] - steps[0]) / (alpha[1] - alpha[0]);
    cr_assert(rate_below < 1.5 * rate_above, "steps for an alpha: %g above 1e-25, %g below",
              rate_above, rate_below);
}
