// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/spectrum/spectrum.h"

#include "base/floating_point.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

static ordpar_status check_window(const ordpar_spectrum *spectrum, size_t first, size_t last,
                                  ordpar_error *err) {
    if (first < 1 || last > spectrum->L || last < first || last - first < 2)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "the fit window must hold at least 3 ranks between 1 and L = %zu, got %zu:%zu",
            spectrum->L, first, last);
    if (!(spectrum->lambda[last - 1] > 0))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the fit window %zu:%zu ends on an eigenvalue that is 0", first, last);
    return ORDPAR_OK;
}

ordpar_status ordpar_spectrum_fit_beta(const ordpar_spectrum *spectrum, size_t first, size_t last,
                                       ordpar_beta_fit *fit, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_status status = check_window(spectrum, first, last, err);
    if (status)
        return status;
    const size_t count = last - first + 1;
    double *log_rank = malloc(2 * count * sizeof *log_rank);
    if (!log_rank)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a fit of %zu eigenvalues", count);
    double *log_lambda = log_rank + count;
    for (size_t k = 0; k < count; k++) {
        log_rank[k] = log((double)(first + k));
        log_lambda[k] = log(spectrum->lambda[first - 1 + k]);
    }
    double intercept, slope, var_intercept, covariance, var_slope, sum_squares;
    gsl_fit_linear(log_rank, 1, log_lambda, 1, count, &intercept, &slope, &var_intercept,
                   &covariance, &var_slope, &sum_squares);
    free(log_rank);
    *fit = (ordpar_beta_fit){.first = first,
                             .last = last,
                             .beta = -slope - 1, /* [1.3] */
                             .beta_stderr = sqrt(var_slope),
                             .log_amplitude = intercept,
                             .log_residual = sqrt(sum_squares / (double)count)};
    return ORDPAR_OK;
}

/* sum over k != l of lambda_k / (lambda_l - lambda_k), lambda_l = l^-(1+beta) [1.5] */
static double crowding(size_t l, size_t dim, double exponent) {
    double sum = 0;
    for (size_t k = 1; k <= dim; k++)
        if (k != l) /* lambda_l / lambda_k - 1 */
            sum += 1 / expm1(exponent * log((double)k / (double)l));
    return sum;
}

double ordpar_beta_fit_bias(const ordpar_beta_fit *fit, size_t dim, double examples) {
    ORDPAR_FLOATING_POINT;
    enum { MOST = 512 };
    const size_t step = 1 + (fit->last - fit->first) / MOST;
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t l = fit->first; l <= fit->last; l += step) {
        const double log_l = log((double)l / (double)fit->first);
        const double bias = crowding(l, dim, 1 + fit->beta) / examples;
        n++;
        x += log_l;
        y += bias;
        xx += log_l * log_l;
        xy += log_l * bias;
    }
    return -(xy - x * y / n) / (xx - x * x / n);
}
