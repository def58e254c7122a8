// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/linear.h"

#include "base/floating_point.h"
#include "spectra/forms/exp_sum.h"
#include "spectra/forms/linear_modes.h"
#include "spectra/forms/linear_noise.h"
#include "spectra/forms/rank_one.h"

#include <math.h>
#include <stdlib.h>

static ordpar_status check_numbers(const char *what, size_t count, const double *values,
                                   ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (!(values[k] >= 0) || !isfinite(values[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "%s %zu must be finite and >= 0, got %g", what,
                               k + 1, values[k]);
    return ORDPAR_OK;
}

/* What is finite may have a product that is not. */
static ordpar_status check_products(const ordpar_linear_input *in, ordpar_error *err) {
    const ordpar_spectrum *s = in->spectrum;
    if (!isfinite(2 * in->eta * s->lambda[0]))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the learning rate %g is too large for the eigenvalue %g", in->eta,
                           s->lambda[0]);
    if (!isfinite(in->label_noise * in->label_noise))
        return ordpar_fail(err, ORDPAR_INVALID, "the label noise must have a finite square, got %g",
                           in->label_noise);
    const double start = ordpar_linear_frozen_error(s, 0, in->initial_error);
    return isfinite(2 * start) ? ORDPAR_OK
                               : ordpar_fail(err, ORDPAR_INVALID,
                                             "eps_g of the start overflows: its error is %g in the "
                                             "block of the eigenvalue %g",
                                             in->initial_error[0], s->lambda[0]);
}

ordpar_status ordpar_linear_check(const ordpar_linear_input *input, bool quadratic,
                                  ordpar_error *err) {
    const size_t L = input->spectrum->L;
    if (!(input->eta >= 0) || !isfinite(input->eta))
        return ordpar_fail(err, ORDPAR_INVALID, "eta must be finite and >= 0, got %g", input->eta);
    if (!(input->label_noise >= 0) || !isfinite(input->label_noise))
        return ordpar_fail(err, ORDPAR_INVALID, "the label noise must be finite and >= 0, got %g",
                           input->label_noise);
    if (input->trained_blocks > L)
        return ordpar_fail(err, ORDPAR_INVALID, "of %zu blocks, %zu cannot be trained", L,
                           input->trained_blocks);
    if (quadratic && input->trained_blocks > ORDPAR_LINEAR_MAX_EXACT)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the exact solution costs the square of the number of eigenvalues and "
                           "takes at most %d, got %zu; the small-eta form takes any number",
                           ORDPAR_LINEAR_MAX_EXACT, input->trained_blocks);
    ordpar_status status =
        check_numbers("the initial error of block", L, input->initial_error, err);
    if (!status)
        status = check_numbers("alpha of row", input->count, input->alpha, err);
    return status ? status : check_products(input, err);
}

double ordpar_linear_frozen_error(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                  const double *initial_error) {
    ORDPAR_FLOATING_POINT;
    double sum = 0;
    for (size_t b = spectrum->L; b-- > trained_blocks;)
        sum += spectrum->p[b] * spectrum->lambda[b] * initial_error[b];
    return sum / 2;
}

ordpar_status ordpar_linear_small_eta(const ordpar_spectrum *spectrum, double eta,
                                      size_t trained_blocks, const double *initial_error,
                                      const double *alpha, size_t count, double *eps_g,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_linear_input input = {spectrum,      eta,   0,    trained_blocks,
                                       initial_error, alpha, count};
    const ordpar_status status = ordpar_linear_check(&input, false, err);
    if (status)
        return status;
    double *weight = malloc(2 * (trained_blocks + 1) * sizeof *weight);
    if (!weight)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", trained_blocks);
    double *rate = weight + trained_blocks + 1;
    for (size_t b = 0; b < trained_blocks; b++) { /* [6.2] */
        weight[b] = spectrum->p[b] * spectrum->lambda[b] * initial_error[b] / 2;
        rate[b] = 2 * eta * spectrum->lambda[b];
    }
    const double frozen = ordpar_linear_frozen_error(spectrum, trained_blocks, initial_error);
    ordpar_exp_sum(trained_blocks, weight, rate, count, alpha, eps_g);
    for (size_t j = 0; j < count; j++)
        eps_g[j] += frozen;
    free(weight);
    return ORDPAR_OK;
}

void ordpar_linear_modes_evaluate(const ordpar_linear_modes *modes, size_t count, const double *t,
                                  double *eps_g) {
    ordpar_exp_sum(modes->n, modes->amplitude, modes->rate, count, t, eps_g);
    for (size_t j = 0; j < count; j++) {
        double driven = 0;
        for (size_t k = 0; modes->drive > 0 && k < modes->n; k++)
            driven -= modes->response[k] * expm1(-modes->rate[k] * t[j]);
        eps_g[j] += modes->drive * driven + modes->frozen;
    }
}

static bool uniform(size_t count, const double *values) {
    for (size_t k = 1; k < count; k++)
        if (values[k] != values[0])
            return false;
    return true;
}

/*
 * [6.1] in modes. From a uniform start every term is positive: with the secular equation the
 * amplitude is initial_error (1 - eta/eta_c)/eta times the response.
 */
void ordpar_linear_solve_exact(const ordpar_linear_input *in, ordpar_rank_one *problem) {
    const ordpar_spectrum *s = in->spectrum;
    problem->n = 0;
    for (size_t b = 0; b < in->trained_blocks && s->lambda[b] > 0; b++) {
        const double share = s->p[b] * s->lambda[b], rate = 2 * in->eta * s->lambda[b];
        ordpar_rank_one_add(problem, rate, in->eta / 2 * share, rate, share * in->initial_error[b]);
    }
    problem->margin = ordpar_linear_margin(s, in->trained_blocks, in->eta);
    ordpar_rank_one_solve(problem);
    if (!uniform(in->trained_blocks, in->initial_error))
        return;
    const double factor = in->initial_error[0] * (problem->margin / in->eta);
    for (size_t k = 0; k < problem->n; k++)
        problem->amplitude[k] = factor * problem->response[k];
}

ordpar_linear_modes ordpar_linear_modes_of(const ordpar_linear_input *input,
                                           const ordpar_rank_one *problem) {
    const double frozen =
        ordpar_linear_frozen_error(input->spectrum, input->trained_blocks, input->initial_error);
    return (ordpar_linear_modes){.n = problem->n,
                                 .rate = problem->root,
                                 .amplitude = problem->amplitude,
                                 .response = problem->response,
                                 .frozen = frozen,
                                 .drive = input->label_noise * input->label_noise / 2 + frozen};
}

ordpar_status ordpar_forms_check(size_t count, const double *alpha, const double *values,
                                 ordpar_error *err) {
    for (size_t j = 0; j < count; j++)
        if (!(values[j] >= 0) || !isfinite(values[j]))
            return ordpar_fail(err, ORDPAR_NUMERICAL,
                               "eps_g at alpha = %g comes out as %g: eta, noise, start or "
                               "eigenvalues are too large or too small for double precision",
                               alpha[j], values[j]);
    return ORDPAR_OK;
}

/* What eps_g does not exceed below eta_c, at all orders in eta. */
static double largest_error(const ordpar_linear_input *in) {
    const double margin = ordpar_linear_margin(in->spectrum, in->trained_blocks, in->eta);
    const double start = ordpar_linear_frozen_error(in->spectrum, 0, in->initial_error);
    return (start + in->label_noise * in->label_noise / 2) / margin;
}

/* The curve of one noise for all blocks. */
static ordpar_status evaluate_exact(const ordpar_linear_input *in, double *eps_g,
                                    ordpar_error *err) {
    double *values = malloc((in->count + 1) * sizeof *values);
    if (!values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", in->count);
    ordpar_rank_one problem;
    ordpar_status status = ordpar_rank_one_init(in->trained_blocks, &problem, err);
    if (!status) {
        ordpar_linear_solve_exact(in, &problem);
        const ordpar_linear_modes modes = ordpar_linear_modes_of(in, &problem);
        ordpar_linear_modes_evaluate(&modes, in->count, in->alpha, values);
        ordpar_rank_one_clear(&problem);
        status = ordpar_forms_check(in->count, in->alpha, values, err);
    }
    for (size_t j = 0; j < in->count && !status; j++)
        eps_g[j] = values[j];
    free(values);
    return status;
}

ordpar_status ordpar_linear_exact(const ordpar_spectrum *spectrum, double eta, double label_noise,
                                  size_t trained_blocks, const double *initial_error,
                                  const double *alpha, size_t count, double *eps_g,
                                  ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_linear_input input = {spectrum,      eta,   label_noise, trained_blocks,
                                       initial_error, alpha, count};
    ordpar_status status = ordpar_linear_check(&input, true, err);
    if (status)
        return status;
    const double critical = ordpar_linear_critical_eta(spectrum, trained_blocks);
    if (eta >= critical || !(ordpar_linear_margin(spectrum, trained_blocks, eta) > 0))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the learning rate must be below the critical one, %.6g, got %.6g",
                           critical, eta);
    if (!isfinite(largest_error(&input)))
        return ordpar_fail(err, ORDPAR_DIVERGED,
                           "eps_g overflows: the label noise is %g, and eta as near to the "
                           "critical one, %.17g, as %.17g",
                           label_noise, critical, eta);
    if (eta * spectrum->lambda[0] < 1e-290) /* nothing moves within any alpha */
        return ordpar_linear_small_eta(spectrum, eta, trained_blocks, initial_error, alpha, count,
                                       eps_g, err);
    if (spectrum->coupling)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "noise that changes with what is learned has no closed form: it is "
                           "integrated, or taken step by step");
    const double even = ordpar_linear_even_noise(spectrum, trained_blocks, 0, label_noise);
    double *start = ordpar_linear_even_start(spectrum, trained_blocks, 0, eta, even, initial_error);
    if (!start)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", spectrum->L);
    const ordpar_linear_input turned = {spectrum, eta, even, trained_blocks, start, alpha, count};
    status = evaluate_exact(&turned, eps_g, err);
    free(start);
    return status;
}
