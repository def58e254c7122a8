// SPDX-License-Identifier: GPL-3.0-or-later
/* The continuum form against quadrature, GSL's incomplete gamma functions and the sum. */
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_continuum.h"
#include "support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_zeta.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    ordpar_power_law law;
    double z;
} integral;

/* l^-(1+beta+zeta) exp(-z l^-(1+beta)) dl/dx at l = exp x */
static double integrand(double x, void *context) {
    const integral *in = context;
    return exp(-(in->law.beta + in->law.zeta) * x - in->z * exp(-(1 + in->law.beta) * x));
}

static double quadrature(const integral *in, gsl_integration_workspace *work) {
    double value, error;
    gsl_function f = {integrand, (void *)in};
    /* below this the integrand vanishes beside its largest value */
    const double s = 1 + in->law.beta, log_L = log(in->law.L);
    const double start = fmax(fmin(log(fmax(in->z, 1) / 740) / s, log_L), 0);
    gsl_integration_qag(&f, start, log_L, 0, 1e-13, 2000, GSL_INTEG_GAUSS61, work, &value, &error);
    return value;
}

static void check_quadrature(const ordpar_power_law *law, gsl_integration_workspace *work) {
    for (double z = 1e-6; z < 1e18; z *= 7) {
        const integral in = {*law, z};
        const double alpha = z / 2;
        double actual;
        ordpar_error err;
        check_ok(ordpar_linear_continuum(law, 1, 2 * law->L, &alpha, 1, &actual, &err), &err);
        const double expected = quadrature(&in, work);
        if (expected > 1e-300 && expected < 1e300)
            CHECK_CLOSE(actual, expected, 2e-12, expected, "L %g, beta %g, zeta %g, z %g", law->L,
                        law->beta, law->zeta, z);
    }
}

Test(continuum, matches_quadrature) {
    gsl_set_error_handler_off();
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(2000);
    const double Ls[] = {1, 2, 10, 1000, 1e6}, betas[] = {0.01, 0.3, 1, 10};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 4; j++)
            check_quadrature(&(ordpar_power_law){1, Ls[i], betas[j], 0}, work);
    gsl_integration_workspace_free(work);
}

/* [15.3] */
Test(continuum, of_a_decaying_teacher_matches_quadrature) {
    gsl_set_error_handler_off();
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(2000);
    const double Ls[] = {2, 10, 1000, 1e6}, zetas[] = {-0.4, 0.2, 0.5, 1, 2, 4, 30};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 7; j++)
            check_quadrature(&(ordpar_power_law){1, Ls[i], j % 2 ? 0.5 : 2, zetas[j]}, work);
    gsl_integration_workspace_free(work);
}

/* [15.1], [15.3]: the spectrum's own weights, window and tail. */
Test(continuum, weights_of_a_decaying_teacher_are_those_of_the_spectrum) {
    const double zetas[] = {-0.3, 0.5, 1, 4};
    for (size_t k = 0; k < 4; k++) {
        ordpar_error err;
        ordpar_spectrum s;
        ordpar_power_law law;
        check_ok(ordpar_spectrum_power_law(3000, 3000, 0.5, &s, &err), &err);
        check_ok(ordpar_spectrum_set_teacher_decay(&s, zetas[k], &err), &err);
        check_ok(ordpar_power_law_init(3000, 0.5, &law, &err), &err);
        law.zeta = zetas[k];
        CHECK_CLOSE(ordpar_power_law_teacher(&law), s.c[0], TOL_TIGHT, s.c[0], "c, zeta %g",
                    zetas[k]);
        CHECK_CLOSE(s.c[2], s.c[0] * pow(3, -zetas[k]), TOL_TIGHT, s.c[2], "c_3");
        CHECK_CLOSE(ordpar_spectrum_teacher_moment(&s, 1), 1, TOL_TIGHT, 1, "T");
        const ordpar_scaling_window w = ordpar_linear_window(&law, 0.1, 1.5);
        double alpha = pow(w.begin, 0.7) * pow(w.end, 0.3), eps_g;
        check_ok(ordpar_linear_continuum(&law, 0.1, 1.5, &alpha, 1, &eps_g, &err), &err);
        CHECK_CLOSE(eps_g + ordpar_linear_tail(&law, 1.5), w.amplitude * pow(alpha, w.slope), 1e-2,
                    eps_g, "window and tail, zeta %g", zetas[k]);
        ordpar_spectrum_clear(&s);
    }
}

Test(continuum, matches_incomplete_gamma_functions) {
    const double beta = 0.75, L = 300, a = beta / (1 + beta), s = 1 + beta;
    for (double z = 2; z < 1e5; z *= 3) {
        const ordpar_power_law law = {3, L, beta, 0};
        const double alpha = z / (2 * 0.1 * law.lambda_plus);
        double actual;
        ordpar_error err;
        check_ok(ordpar_linear_continuum(&law, 0.1, 1.5, &alpha, 1, &actual, &err), &err);
        const double high = z < 600 ? gsl_sf_gamma_inc(a, z) : 0;
        const double expected = 1.5 * law.lambda_plus / (2 * L) * pow(z, -a) / s *
                                (gsl_sf_gamma_inc(a, z * pow(L, -s)) - high);
        CHECK_CLOSE(actual, expected, 1e-12, expected, "z %g", z);
    }
}

/* Wide in the window the sum over the spectrum, the integral and the power law agree. */
Test(continuum, agrees_with_the_sum_in_the_window) {
    enum { L = 100000 };
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_power_law law;
    check_ok(ordpar_spectrum_power_law(L, L, 1, &s, &err), &err);
    check_ok(ordpar_power_law_init(L, 1, &law, &err), &err);
    double *error = malloc(L * sizeof *error);
    for (size_t b = 0; b < L; b++)
        error[b] = 1.25;
    const ordpar_scaling_window window = ordpar_linear_window(&law, 0.1, 1.25);
    const double alpha = sqrt(window.begin * window.end);
    double sum, integral_;
    check_ok(ordpar_linear_small_eta(&s, 0.1, L, error, &alpha, 1, &sum, &err), &err);
    check_ok(ordpar_linear_continuum(&law, 0.1, 1.25, &alpha, 1, &integral_, &err), &err);
    /* the sum is the integral and half of the last term; the first vanishes */
    const double last =
        1.25 * s.p[L - 1] * s.lambda[L - 1] / 2 * exp(-0.2 * s.lambda[L - 1] * alpha);
    CHECK_CLOSE(sum, integral_ + last / 2, 1e-12, integral_, "sum against integral");
    CHECK_CLOSE(integral_, window.amplitude * pow(alpha, window.slope), 1e-2, integral_,
                "integral against power law");
    free(error);
    ordpar_spectrum_clear(&s);
}

Test(continuum, reaches_the_ends_of_the_range) {
    ordpar_error err;
    const double alpha[] = {0, 1e-300, 1e300};
    double out[3];
    const ordpar_power_law one = {1, 1, 1, 0}, wide = {1e10, 1e6, 0.01, 0}, steep = {1, 1e6, 10, 0};
    check_ok(ordpar_linear_continuum(&one, 1, 1, alpha, 3, out, &err), &err);
    for (int k = 0; k < 3; k++)
        cr_assert_eq(out[k], 0, "an integral from 1 to 1");
    check_ok(ordpar_linear_continuum(&wide, 1, 1, alpha, 3, out, &err), &err);
    CHECK_CLOSE(out[0], wide.lambda_plus / (2 * wide.L) * (1 - pow(wide.L, -0.01)) / 0.01, TOL_SUM,
                out[0], "alpha 0");
    CHECK_CLOSE(out[1], out[0], TOL_EXACT, out[0], "alpha 1e-300");
    cr_assert_eq(out[2], 0);
    check_ok(ordpar_linear_continuum(&steep, 1, 1e250, alpha, 3, out, &err), &err);
    cr_assert_eq(out[2], 0);
    cr_assert(out[0] > 0 && isfinite(out[0]));
    const double bad = NAN;
    cr_assert_eq(ordpar_linear_continuum(&one, 1, 1, &bad, 1, out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_linear_continuum(&one, -1, 1, alpha, 3, out, &err), ORDPAR_INVALID);
    const ordpar_power_law flat = {1, 10, 0, 0}, rising = {1, 10, 1, -1};
    cr_assert_eq(ordpar_linear_continuum(&flat, 1, 1, alpha, 3, out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_linear_continuum(&rising, 1, 1, alpha, 3, out, &err), ORDPAR_INVALID);
}

Test(continuum, power_law_has_the_spectrums_largest_eigenvalue) {
    const double betas[] = {0.01, 0.4, 1, 10};
    const int64_t Ls[] = {1, 2, 1999, 2000, 2001, 2500, 100000};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 7; j++) {
            ordpar_error err;
            ordpar_spectrum s;
            ordpar_power_law law;
            check_ok(ordpar_spectrum_power_law(Ls[j], Ls[j], betas[i], &s, &err), &err);
            check_ok(ordpar_power_law_init(Ls[j], betas[i], &law, &err), &err);
            CHECK_CLOSE(law.lambda_plus, s.lambda[0], TOL_TIGHT, s.lambda[0], "L %g, beta %g",
                        law.L, law.beta);
            ordpar_spectrum_clear(&s);
        }
}

Test(continuum, tail_is_what_the_law_without_end_has_beyond_L) {
    for (int64_t L = 1; L < 200; L += 33)
        for (double beta = 0.25; beta < 3; beta *= 2) {
            ordpar_power_law law;
            ordpar_error err;
            check_ok(ordpar_power_law_init(L, beta, &law, &err), &err);
            double rest = gsl_sf_zeta(1 + beta);
            for (int64_t l = 1; l <= L; l++)
                rest -= pow((double)l, -(1 + beta));
            const double x = 1.7, unit = x * law.lambda_plus / (2 * (double)L);
            CHECK_CLOSE(ordpar_linear_tail(&law, x), unit * rest, TOL_SUM,
                        unit * gsl_sf_zeta(1 + beta), "L %d, beta %g", (int)L, beta);
        }
}

/* The integral of a falling function lies between the sums with and without its first term; by the
 * rule of Euler and Maclaurin it lies near their mean. */
Test(continuum, floor_estimate_is_the_sum_over_untrained_components_as_an_integral) {
    enum { L = 4096 };
    for (int64_t trained = 1; trained < L; trained *= 4)
        for (int k = 0; k < 8; k++) {
            const double beta = 0.25 * (1 << k / 2), zeta = 0.75 * (k % 2), s = 1 + beta + zeta;
            ordpar_power_law law;
            ordpar_error err;
            check_ok(ordpar_power_law_init(L, beta, &law, &err), &err);
            law.zeta = zeta;
            double sum = 0;
            for (int64_t l = L; l > trained; l--)
                sum += pow((double)l, -s);
            const double x = 1.7, unit = x * law.lambda_plus / (2 * L), n = (double)trained;
            const double first = pow(n, -s), last = pow(L, -s);
            const double got = ordpar_linear_floor_estimate(&law, n, x) / unit;
            cr_assert(got > sum && got < sum + first - last, "N_l %g, beta %g", n, beta);
            const double next = s * (first / n - last / L) / 12;
            CHECK_CLOSE(got, sum + (first - last) / 2 - next, 0.1 * s * s / (n * n), sum + first,
                        "N_l %g, beta %g, zeta %g", n, beta, zeta);
        }
    ordpar_power_law law;
    ordpar_error err;
    check_ok(ordpar_power_law_init(L, 1, &law, &err), &err);
    cr_assert_eq(ordpar_linear_floor_estimate(&law, L, 1), 0);
}

Test(continuum, middle_of_a_window_is_half_of_it) {
    const ordpar_scaling_window window = {.begin = 2, .end = 3e5, .slope = -0.5, .amplitude = 7};
    const ordpar_scaling_window middle = ordpar_window_middle(&window);
    CHECK_CLOSE(middle.begin * middle.end, window.begin * window.end, TOL_SUM,
                window.begin * window.end, "its centre");
    CHECK_CLOSE(log(middle.end / middle.begin), log(window.end / window.begin) / 2, TOL_SUM, 1,
                "its width");
    cr_assert_eq(middle.slope, window.slope);
    cr_assert_eq(middle.amplitude, window.amplitude);
}
