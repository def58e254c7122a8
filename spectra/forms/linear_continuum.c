// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/linear_continuum.h"

#include "base/floating_point.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_zeta.h>
#include <math.h>

/* The sum of l^-s over l = n+1..L by the formula of Euler and Maclaurin. */
static double power_sum_tail(double n, double L, double s) {
    const double f_n = pow(n, -s), f_L = pow(L, -s);
    const double integral = -n * f_n * expm1((1 - s) * log(L / n)) / (s - 1);
    const double d1 = -s * (f_L / L - f_n / n);
    const double d3 = -s * (s + 1) * (s + 2) * (f_L / (L * L * L) - f_n / (n * n * n));
    return integral + (f_L - f_n) / 2 + d1 / 12 - d3 / 720;
}

static double power_sum(int64_t L, double s) {
    enum { DIRECT = 2000 };
    const int64_t direct = L < DIRECT ? L : DIRECT;
    double sum = direct < L ? power_sum_tail((double)direct, (double)L, s) : 0;
    for (int64_t l = direct; l >= 1; l--)
        sum += pow((double)l, -s);
    return sum;
}

ordpar_status ordpar_power_law_init(int64_t L, double beta, ordpar_power_law *law,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (L < 1 || !(beta > 0) || !isfinite(beta))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a power law needs L >= 1 and a finite beta > 0, got %lld and %g",
                           (long long)L, beta);
    *law = (ordpar_power_law){(double)L / power_sum(L, 1 + beta), (double)L, beta, 0};
    return ORDPAR_OK;
}

double ordpar_power_law_teacher(const ordpar_power_law *law) { /* [15.1] */
    ORDPAR_FLOATING_POINT;
    return law->L / (law->lambda_plus * power_sum((int64_t)law->L, 1 + law->beta + law->zeta));
}

/*
 * Gamma(a, x) e^x x^-a for a > 0, x >= 1 by the continued fraction, evaluated by Lentz's method,
 * and by recurrence for a >= 1. The scaling keeps it exact where Gamma(a, x) underflows, which
 * GSL's function does not offer.
 */
static double scaled_upper_gamma(double a, double x) {
    enum { MAX_TERMS = 1000 };
    double below = a - floor(a), scaled = 0;
    if (a >= 1) {
        if (below > 0)
            scaled = scaled_upper_gamma(below, x);
        for (; below < a - 0.5; below++)
            scaled = (below * scaled + 1) / x;
        return scaled;
    }
    double b = x + 1 - a, c = DBL_MAX, d = 1 / b, h = d;
    for (int k = 1; k < MAX_TERMS; k++) {
        const double numerator = -k * (k - a);
        b += 2;
        d = 1 / (numerator * d + b);
        c = b + numerator / c;
        h *= c * d;
        if (fabs(c * d - 1) <= DBL_EPSILON)
            break;
    }
    return h;
}

/*
 * gamma(a, x) x^-a, by the series of positive terms e^-x sum_k x^k / (a (a+1) .. (a+k)).
 */
static double scaled_lower_gamma(double a, double x) {
    double term = 1 / a, sum = term;
    for (int k = 1; term > sum * DBL_EPSILON / 4; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum * exp(-x);
}

/*
 * The integral of l^-(1+beta+zeta) exp(-z l^-(1+beta)) over l from 1 to L for z <= 1: its power
 * series in z, whose coefficients 1 - L^-(beta + zeta + k (1+beta)) lose no digits.
 */
static double series(const ordpar_power_law *law, double z) {
    const double log_L = log(law->L);
    double sum = 0, term = 1;
    for (int k = 0; k < 30; k++) {
        const double power = law->beta + law->zeta + k * (1 + law->beta);
        sum += term * -expm1(-power * log_L) / power;
        term *= -z / (k + 1);
    }
    return sum;
}

/*
 * The same for z > 1 by incomplete gamma functions [6.8] of high = z and low = z L^-(1+beta): the
 * part of the integral between them below 1 by the series, the part above by continued fractions.
 */
static double gammas(const ordpar_power_law *law, double rate, double alpha) {
    const double s = 1 + law->beta, a = (law->beta + law->zeta) / s, L_power = pow(law->L, -s);
    const double high = fmin(rate * alpha, DBL_MAX / 4), low = rate * L_power * alpha;
    if (low > 2000) /* exp(-low) times any double is below the smallest one */
        return 0;
    if (a >= 1 && high < a + 1) /* below their bulk upper gamma functions would cancel */
        return (scaled_lower_gamma(a, high) - pow(L_power, a) * scaled_lower_gamma(a, low)) / s;
    const double upper = scaled_upper_gamma(a, high);
    if (low < 1) {
        /* z^-a: the integral from l = x to L with x^s = z, in units of x */
        const double z_power = pow(rate, -a) * pow(alpha, -a);
        const ordpar_power_law rest = {1, fmax(law->L * pow(rate, -1 / s) * pow(alpha, -1 / s), 1),
                                       law->beta, law->zeta};
        const double below = series(&rest, 1);
        const double above = exp(-1) * scaled_upper_gamma(a, 1);
        /* Gamma(a, z) z^-a = upper e^-z */
        return z_power * (below + above / s) - upper * exp(-high) / s;
    }
    /* Gamma(a, low) z^-a = (low/z)^a scaled(low) e^-low; the value may be small, not its factors */
    const double difference =
        pow(L_power, a) * scaled_upper_gamma(a, low) - upper * exp(low - high);
    return difference / s * exp(-low / 2) * exp(-low / 2);
}

static double factor_of(const ordpar_power_law *law, double initial_error) {
    return initial_error / (2 * law->L) * law->lambda_plus;
}

static ordpar_status check(const ordpar_power_law *law, double eta, double initial_error,
                           const double *alpha, size_t count, ordpar_error *err) {
    if (!(law->lambda_plus > 0) || !isfinite(law->lambda_plus) || !(law->L >= 1) ||
        !isfinite(law->L) || !(law->beta > 0) || !isfinite(law->beta))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a power law needs lambda_+ > 0, L >= 1, beta > 0, got %g, %g, %g",
                           law->lambda_plus, law->L, law->beta);
    if (!(law->beta + law->zeta > 0) || !isfinite(law->zeta))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the initial error must fall as l^-zeta with zeta above -beta = %g, got "
                           "%g",
                           -law->beta, law->zeta);
    if (!(eta >= 0) || !isfinite(eta))
        return ordpar_fail(err, ORDPAR_INVALID, "eta must be finite and >= 0, got %g", eta);
    if (!(initial_error >= 0) || !isfinite(initial_error))
        return ordpar_fail(err, ORDPAR_INVALID, "the initial error must be finite and >= 0, got %g",
                           initial_error);
    for (size_t j = 0; j < count; j++)
        if (!(alpha[j] >= 0) || !isfinite(alpha[j]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "alpha must be finite and >= 0, got %g in row %zu", alpha[j], j + 1);
    if (!isfinite(2 * eta * law->lambda_plus))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the learning rate %g is too large for the eigenvalue %g", eta,
                           law->lambda_plus);
    if (!isfinite(factor_of(law, initial_error) * series(law, 0)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "eps_g of the start overflows: its error is %g beside the eigenvalue %g",
                           initial_error, law->lambda_plus);
    return ORDPAR_OK;
}

ordpar_status ordpar_linear_continuum(const ordpar_power_law *law, double eta, double initial_error,
                                      const double *alpha, size_t count, double *eps_g,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_status status = check(law, eta, initial_error, alpha, count, err);
    if (status)
        return status;
    const double rate = 2 * eta * law->lambda_plus;
    const double factor = factor_of(law, initial_error);
    for (size_t j = 0; j < count; j++) {
        const double z = rate * alpha[j];
        eps_g[j] = factor * (z <= 1 ? series(law, z) : gammas(law, rate, alpha[j]));
    }
    return ORDPAR_OK;
}

ordpar_scaling_window ordpar_linear_window(const ordpar_power_law *law, double eta,
                                           double initial_error) {
    ORDPAR_FLOATING_POINT;
    const double rate = 2 * eta * law->lambda_plus, s = 1 + law->beta,
                 a = (law->beta + law->zeta) / s;
    return (ordpar_scaling_window){.begin = 1 / rate,
                                   .end = pow(law->L, s) / rate,
                                   .slope = -a,
                                   .amplitude = initial_error * law->lambda_plus / (2 * law->L) *
                                                gsl_sf_gamma(a) / s * pow(rate, -a)}; /* [6.9] */
}

double ordpar_power_law_slope(const ordpar_power_law *law, bool all_orders) { /* [15.4] */
    ORDPAR_FLOATING_POINT;
    const double s = 1 + law->beta, source = (law->beta + law->zeta) / s;
    return all_orders ? -fmin(source, 2 - 1 / s) : -source;
}

/*
 * [15.5] eps = F + K * eps, a convolution in alpha, with F the curve at lowest order and the kernel
 * K(t) = eta^2 sum_b p_b lambda_b^2 exp(-2 eta lambda_b t), whose integral is eta/eta_c = 1 -
 * margin: once F is gone eps is K times the integral of eps, over the margin; that integral is the
 * one of F, started / (4 eta), over the margin.
 */
double ordpar_linear_noise_factor(const ordpar_power_law *law, double eta, double started,
                                  double margin) {
    ORDPAR_FLOATING_POINT;
    const double kernel = eta * law->lambda_plus / margin;
    return kernel * kernel / law->L * started / (4 * eta);
}

ordpar_scaling_window ordpar_linear_noise_window(const ordpar_power_law *law, double eta,
                                                 double started, double margin) {
    ORDPAR_FLOATING_POINT;
    const double s = 1 + law->beta, a = 2 - 1 / s;
    ordpar_scaling_window window = ordpar_linear_window(law, eta, 0);
    window.slope = -a;
    window.amplitude = ordpar_linear_noise_factor(law, eta, started, margin) * gsl_sf_gamma(a) / s *
                       pow(2 * eta * law->lambda_plus, -a);
    return window;
}

double ordpar_linear_noise_tail(const ordpar_power_law *law, double eta, double started,
                                double margin) {
    ORDPAR_FLOATING_POINT;
    return ordpar_linear_noise_factor(law, eta, started, margin) *
           gsl_sf_hzeta(2 * (1 + law->beta), law->L + 1);
}

ordpar_scaling_window ordpar_window_middle(const ordpar_scaling_window *window) {
    const double quarter = pow(window->end / window->begin, 0.25);
    ordpar_scaling_window middle = *window;
    middle.begin *= quarter;
    middle.end /= quarter;
    return middle;
}

double ordpar_linear_tail(const ordpar_power_law *law, double initial_error) {
    ORDPAR_FLOATING_POINT;
    return initial_error / (2 * law->L) * law->lambda_plus *
           gsl_sf_hzeta(1 + law->beta + law->zeta, law->L + 1);
}

double ordpar_linear_floor_estimate(const ordpar_power_law *law, double trained,
                                    double initial_error) {
    ORDPAR_FLOATING_POINT;
    const double power = law->beta + law->zeta;
    return law->lambda_plus * initial_error / (2 * law->L * power) *
           (pow(trained, -power) - pow(law->L, -power));
}
