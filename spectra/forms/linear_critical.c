// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/linear_critical.h"

#include "base/double_double.h"
#include "base/floating_point.h"
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_noise.h"

#include <math.h>

double ordpar_linear_critical_eta(const ordpar_spectrum *spectrum, size_t trained_blocks) {
    ORDPAR_FLOATING_POINT;
    double trace = 0;
    for (size_t b = trained_blocks; b-- > 0;)
        trace += spectrum->p[b] * spectrum->lambda[b];
    return 2 / trace; /* [6.4] */
}

/* eta n_b lambda_b / 2 of one block. */
static ordpar_double_double half_share(const ordpar_spectrum *s, size_t b, double eta) {
    const ordpar_double_double trace = ordpar_dd_product(s->n[b], s->lambda[b]);
    return ordpar_dd_scale(trace, eta / 2);
}

/* The same where products overflow; far from 0. */
static double plain_margin(const ordpar_spectrum *s, size_t trained, double eta) {
    double sum = 0;
    for (size_t b = trained; b-- > 0;)
        sum += s->p[b] * (eta / 2 * s->lambda[b]);
    return 1 - sum;
}

double ordpar_linear_margin(const ordpar_spectrum *spectrum, size_t trained_blocks, double eta) {
    ORDPAR_FLOATING_POINT;
    ordpar_double_double sum = {spectrum->N, 0};
    for (size_t b = trained_blocks; b-- > 0;) {
        const ordpar_double_double share = half_share(spectrum, b, eta);
        sum = ordpar_dd_add(sum, ordpar_dd_scale(share, -1));
    }
    return isnan(sum.high) ? plain_margin(spectrum, trained_blocks, eta) : sum.high / spectrum->N;
}

/* r_N less one [6.11], in double-double. */
static ordpar_double_double excess_finite_n(const ordpar_spectrum *s, size_t trained, double eta) {
    ordpar_double_double sum = {-1, 0};
    for (size_t b = trained; b-- > 0;) {
        const ordpar_double_double step = ordpar_dd_product(-eta, s->lambda[b]);
        const ordpar_double_double rest = ordpar_dd_add((ordpar_double_double){s->N, 0}, step);
        if (!(rest.high > 0))
            return (ordpar_double_double){INFINITY, 0};
        sum = ordpar_dd_add(sum, ordpar_dd_divide(half_share(s, b, eta), rest));
    }
    return isnan(sum.high) ? (ordpar_double_double){-plain_margin(s, trained, eta), 0} : sum;
}

double ordpar_linear_ratio_finite_n(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                    double eta) {
    ORDPAR_FLOATING_POINT;
    const ordpar_double_double excess = excess_finite_n(spectrum, trained_blocks, eta);
    return isinf(excess.high) ? INFINITY : ordpar_dd_sum(1, excess.high).high;
}

double ordpar_linear_margin_finite_n(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                     double eta) {
    ORDPAR_FLOATING_POINT;
    return -excess_finite_n(spectrum, trained_blocks, eta).high;
}

double ordpar_linear_critical_eta_finite_n(const ordpar_spectrum *spectrum, size_t trained_blocks) {
    ORDPAR_FLOATING_POINT;
    double high = ordpar_linear_critical_eta(spectrum, trained_blocks), low = 0;
    if (!isfinite(high))
        return high;
    high = fmin(high, spectrum->N / spectrum->lambda[0]);
    for (;;) { /* r_N rises from 0 to at least 1; to neighbouring doubles */
        const double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high))
            return high;
        if (ordpar_linear_margin_finite_n(spectrum, trained_blocks, middle) > 0)
            low = middle;
        else
            high = middle;
    }
}

/* [6.7] and [6.13]: the frozen blocks are noise of the variance 2 frozen. */
static double floor_at(double ratio, double margin, double frozen, double label_noise) {
    return (frozen + label_noise * (label_noise * ratio) / 2) / margin;
}

double ordpar_linear_floor(const ordpar_spectrum *spectrum, double eta, double label_noise,
                           size_t trained_blocks, const double *initial_error) {
    ORDPAR_FLOATING_POINT;
    return floor_at(eta / ordpar_linear_critical_eta(spectrum, trained_blocks),
                    ordpar_linear_margin(spectrum, trained_blocks, eta),
                    ordpar_linear_frozen_error(spectrum, trained_blocks, initial_error),
                    ordpar_linear_even_noise(spectrum, trained_blocks, 0, label_noise));
}

double ordpar_linear_floor_finite_n(const ordpar_spectrum *spectrum, double eta, double label_noise,
                                    size_t trained_blocks, const double *initial_error) {
    ORDPAR_FLOATING_POINT;
    return floor_at(
        ordpar_linear_ratio_finite_n(spectrum, trained_blocks, eta),
        ordpar_linear_margin_finite_n(spectrum, trained_blocks, eta),
        ordpar_linear_frozen_error(spectrum, trained_blocks, initial_error),
        ordpar_linear_even_noise(spectrum, trained_blocks, eta / spectrum->N, label_noise));
}
