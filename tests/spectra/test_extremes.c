// SPDX-License-Identifier: GPL-3.0-or-later
/* Closed forms of extreme arguments that are finite: what comes with status OK is a number, and not
 * infinite; what overflows is refused. */
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_continuum.h"
#include "spectra/forms/linear_critical.h"
#include "spectra/forms/linear_finite_n.h"
#include "support.h"

#include <math.h>

static const double extremes[] = {0, 5e-324, 1e-310, 1e-300, 1e-200, 1e-160, 1e-100, 1e-20, 0.3,
                                  1, 1e10,   1e100,  1e154,  1e160,  1e200,  1e300,  1e308};
enum { MANY = sizeof extremes / sizeof *extremes, ROWS = 4, WANTED = 5 };

static const double alpha[ROWS] = {0, 1e-3, 1, 1e5};

/* Arguments at ordinary values, of which one pair is not. */
typedef struct {
    double eta, noise, error, scale, alpha;
} arguments;

typedef struct {
    const arguments *at;
    ordpar_spectrum spectrum;
    double error[2], alpha[ROWS];
} problem;

typedef ordpar_status (*form)(const problem *p, double *values, ordpar_error *err);

static ordpar_status exact(const problem *p, double *values, ordpar_error *err) {
    return ordpar_linear_exact(&p->spectrum, p->at->eta, p->at->noise, 2, p->error, p->alpha, ROWS,
                               values, err);
}

static ordpar_status finite_n(const problem *p, double *values, ordpar_error *err) {
    return ordpar_linear_finite_n(&p->spectrum, p->at->eta, p->at->noise, 2, p->error, p->alpha,
                                  ROWS, values, err);
}

static ordpar_status small_eta(const problem *p, double *values, ordpar_error *err) {
    return ordpar_linear_small_eta(&p->spectrum, p->at->eta, 2, p->error, p->alpha, ROWS, values,
                                   err);
}

static ordpar_power_law law_of(const problem *p) {
    return (ordpar_power_law){p->at->scale, 2, 1, 0};
}

static ordpar_status continuum(const problem *p, double *values, ordpar_error *err) {
    const ordpar_power_law law = law_of(p);
    return ordpar_linear_continuum(&law, p->at->eta, p->at->error, p->alpha, ROWS, values, err);
}

static ordpar_erf_site site_of(const problem *p) {
    const double T = ordpar_spectrum_moment(&p->spectrum, 1);
    return (ordpar_erf_site){2, 0.7, T, T};
}

static ordpar_status asymptotic(const problem *p, double *values, ordpar_error *err) {
    const ordpar_erf_site site = site_of(p);
    return ordpar_erf_asymptotic(&p->spectrum, &site, p->at->eta, p->at->error, p->at->noise,
                                 p->alpha, ROWS, values, err);
}

static ordpar_status asymptotic_small_eta(const problem *p, double *values, ordpar_error *err) {
    const ordpar_erf_site site = site_of(p);
    return ordpar_erf_asymptotic_small_eta(&p->spectrum, &site, p->at->eta, p->at->error, p->alpha,
                                           ROWS, values, err);
}

static ordpar_status asymptotic_continuum(const problem *p, double *values, ordpar_error *err) {
    const ordpar_erf_site site = site_of(p);
    const ordpar_power_law law = law_of(p);
    return ordpar_erf_asymptotic_continuum(&law, &site, p->at->eta, p->at->error, p->alpha, ROWS,
                                           values, err);
}

static ordpar_status frontier(const problem *p, double *values, ordpar_error *err) {
    ordpar_frontier_point points[ROWS] = {{0}};
    const ordpar_status status =
        ordpar_linear_frontier(&p->spectrum, p->at->eta, p->error, p->alpha, ROWS, points, err);
    for (size_t k = 0; k < ROWS; k++)
        values[k] = points[k].eps_g;
    return status;
}

static ordpar_status frontier_all_orders(const problem *p, double *values, ordpar_error *err) {
    ordpar_frontier_point points[ROWS] = {{0}};
    const ordpar_status status = ordpar_linear_frontier_all_orders(
        &p->spectrum, p->at->eta, p->at->noise, p->error, p->alpha, ROWS, NULL, points, err);
    for (size_t k = 0; k < ROWS; k++)
        values[k] = points[k].eps_g;
    return status;
}

static const struct {
    const char *name;
    form evaluate;
} forms[] = {{"exact", exact},
             {"finite_n", finite_n},
             {"small_eta", small_eta},
             {"continuum", continuum},
             {"asymptotic", asymptotic},
             {"asymptotic_small_eta", asymptotic_small_eta},
             {"asymptotic_continuum", asymptotic_continuum},
             {"frontier", frontier},
             {"frontier_all_orders", frontier_all_orders}};

static bool make(const arguments *at, problem *p) {
    const double lambda[2] = {at->scale, at->scale / 4};
    const int64_t multiplicity[2] = {3, 5};
    ordpar_error err;
    *p = (problem){.at = at, .error = {at->error, at->error}};
    for (size_t k = 0; k < ROWS; k++)
        p->alpha[k] = k == 2 ? at->alpha : alpha[k];
    return !ordpar_spectrum_from_arrays(2, lambda, multiplicity, &p->spectrum, &err);
}

static void check(size_t f, const arguments *at) {
    double values[ROWS];
    problem p;
    ordpar_error err = {""};
    if (!make(at, &p))
        return;
    const ordpar_status status = forms[f].evaluate(&p, values, &err);
    for (size_t k = 0; k < ROWS && !status; k++)
        cr_expect(values[k] >= 0 && isfinite(values[k]),
                  "%s: %g at alpha = %g; eta %g, noise %g, error %g, scale %g", forms[f].name,
                  values[k], p.alpha[k], at->eta, at->noise, at->error, at->scale);
    cr_expect(!status || err.message[0], "%s: no message", forms[f].name);
    ordpar_spectrum_clear(&p.spectrum);
}

Test(extremes, closed_forms_are_numbers_or_refused) {
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (int i = 0; i < WANTED; i++)
            for (int j = 0; j < i; j++)
                for (size_t a = 0; a < MANY; a++)
                    for (size_t b = 0; b < MANY; b++) {
                        double numbers[WANTED] = {0.3, 0.2, 0.5, 1, 1};
                        numbers[i] = extremes[a];
                        numbers[j] = extremes[b];
                        const arguments at = {numbers[0], numbers[1], numbers[2], numbers[3],
                                              numbers[4]};
                        check(f, &at);
                    }
}

/* Numbers without a status, some of them infinite where a value overflows. */
static void check_number(const char *name, double number, double x, double y, double z) {
    cr_expect(!isnan(number), "%s of %g, %g, %g is no number", name, x, y, z);
}

static void check_spectrum(double scale, double eta, double noise) {
    const arguments at = {eta, noise, 0.5, scale, 1};
    problem p;
    if (!make(&at, &p))
        return;
    const ordpar_spectrum *s = &p.spectrum;
    const double critical = ordpar_linear_critical_eta(s, 2);
    check_number("critical eta", critical, scale, 0, 0);
    check_number("critical eta at N", ordpar_linear_critical_eta_finite_n(s, 2), scale, 0, 0);
    check_number("margin", ordpar_linear_margin(s, 2, eta), scale, eta, 0);
    check_number("margin at N", ordpar_linear_margin_finite_n(s, 2, eta), scale, eta, 0);
    check_number("ratio at N", ordpar_linear_ratio_finite_n(s, 2, eta), scale, eta, 0);
    if (eta < critical)
        check_number("floor", ordpar_linear_floor(s, eta, noise, 2, p.error), scale, eta, noise);
    if (ordpar_linear_margin_finite_n(s, 2, eta) > 0)
        check_number("floor at N", ordpar_linear_floor_finite_n(s, eta, noise, 2, p.error), scale,
                     eta, noise);
    ordpar_spectrum_clear(&p.spectrum);
}

Test(extremes, numbers_are_numbers) {
    for (size_t a = 0; a < MANY; a++)
        for (size_t b = 0; b < MANY; b++)
            for (size_t c = 0; c < MANY; c++)
                check_spectrum(extremes[a], extremes[b], extremes[c]);
}
