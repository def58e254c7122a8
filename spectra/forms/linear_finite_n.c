// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/linear_finite_n.h"

#include "base/floating_point.h"
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_modes.h"
#include "spectra/forms/linear_noise.h"
#include "spectra/forms/rank_one.h"

#include <math.h>
#include <stdlib.h>

/* A block of the recursion's matrix: e <- e (1 - pole) + rank one. */
typedef struct {
    double pole, weight, scale, source;
} block;

static int by_decreasing_pole(const void *left, const void *right) {
    const block *a = left, *b = right;
    return (a->pole < b->pole) - (a->pole > b->pole);
}

/* [6.5] One step multiplies e by 1 - E; its eigenvalues 1 - nu give the rates -log(1 - nu). */
static ordpar_status solve_steps(const ordpar_linear_input *in, ordpar_rank_one *problem,
                                 ordpar_error *err) {
    const ordpar_spectrum *s = in->spectrum;
    block *blocks = calloc(in->trained_blocks + 1, sizeof *blocks);
    if (!blocks)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", in->trained_blocks);
    size_t count = 0;
    for (; count < in->trained_blocks && s->lambda[count] > 0; count++) {
        const double share = s->p[count] * s->lambda[count], x = in->eta * s->lambda[count] / s->N;
        blocks[count] = (block){.pole = 2 * x * (1 - x),
                                .weight = in->eta / 2 * share,
                                .scale = 2 * x,
                                .source = share * in->initial_error[count]};
    }
    qsort(blocks, count, sizeof *blocks, by_decreasing_pole);
    const ordpar_status status = ordpar_rank_one_init(count, problem, err);
    for (size_t b = 0; b < count && !status; b++)
        ordpar_rank_one_add(problem, blocks[b].pole, blocks[b].weight, blocks[b].scale,
                            blocks[b].source);
    free(blocks);
    if (status)
        return status;
    problem->margin = ordpar_linear_margin_finite_n(s, in->trained_blocks, in->eta);
    if (problem->margin == 0) /* growth in proportion to the steps: as slow as can be told apart */
        problem->margin = 1e-200;
    ordpar_rank_one_solve(problem);
    for (size_t k = 0; k < problem->n; k++)
        problem->root[k] = -log1p(-problem->root[k]);
    return ORDPAR_OK;
}

static ordpar_status check_overflow(const double *alpha, size_t count, const double *eps_g,
                                    double eta, ordpar_error *err) {
    for (size_t j = 0; j < count; j++)
        if (!isfinite(eps_g[j]))
            return ordpar_fail(err, ORDPAR_DIVERGED,
                               "the generalization error diverges: it overflows at alpha = %.6g "
                               "(eta = %g is above the critical learning rate)",
                               alpha[j], eta);
    return ORDPAR_OK;
}

/* The curve of one noise for all blocks. */
static ordpar_status evaluate(const ordpar_linear_input *in, double *eps_g, ordpar_error *err) {
    const size_t count = in->count;
    double *steps = malloc(2 * (count + 1) * sizeof *steps), *result = steps + count + 1;
    if (!steps)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    ordpar_rank_one problem;
    ordpar_status status = solve_steps(in, &problem, err);
    if (!status) {
        const ordpar_linear_modes modes = ordpar_linear_modes_of(in, &problem);
        for (size_t j = 0; j < count; j++)
            steps[j] = fmin(round(in->alpha[j] * in->spectrum->N), 1.7e308);
        ordpar_linear_modes_evaluate(&modes, count, steps, result);
        status = check_overflow(in->alpha, count, result, in->eta, err);
        ordpar_rank_one_clear(&problem);
    }
    for (size_t j = 0; j < count && !status; j++)
        eps_g[j] = result[j];
    free(steps);
    return status;
}

ordpar_status ordpar_linear_finite_n(const ordpar_spectrum *spectrum, double eta,
                                     double label_noise, size_t trained_blocks,
                                     const double *initial_error, const double *alpha, size_t count,
                                     double *eps_g, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_linear_input input = {spectrum,      eta,   label_noise, trained_blocks,
                                 initial_error, alpha, count};
    ordpar_status status = ordpar_linear_check(&input, true, err);
    if (status)
        return status;
    const double step = eta / spectrum->N;
    if (step * spectrum->lambda[0] < 1e-290)
        return ordpar_linear_small_eta(spectrum, eta, trained_blocks, initial_error, alpha, count,
                                       eps_g, err);
    if (spectrum->coupling)
        return ordpar_linear_by_steps(&input, eps_g, err);
    if (spectrum->noise && !(step * spectrum->lambda[0] < 1))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "with a noise of its own in each block the learning rate must be below "
                           "N/lambda_1 = %.6g, got %.6g",
                           spectrum->N / spectrum->lambda[0], eta);
    input.label_noise = ordpar_linear_even_noise(spectrum, trained_blocks, step, label_noise);
    double *start = ordpar_linear_even_start(spectrum, trained_blocks, step, eta, input.label_noise,
                                             initial_error);
    if (!start)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", spectrum->L);
    input.initial_error = start;
    status = evaluate(&input, eps_g, err);
    free(start);
    return status;
}
