// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear_finite_n.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* S = (1/N) sum_k lambda_k e_k = 2 eps_g */
static double squared_error(const ordpar_spectrum *s, const double *e) {
    double sum = 0;
    for (size_t b = s->L; b-- > 0;)
        sum += s->p[b] * s->lambda[b] * e[b];
    return sum;
}

static void step(const ordpar_spectrum *s, double eta, double noise, size_t trained, double *e) {
    const double S = squared_error(s, e);
    for (size_t b = 0; b < trained; b++) {
        const double rate = eta * s->lambda[b] / s->N;
        e[b] += rate * (2 * (rate - 1) * e[b] + eta * (S + noise));
    }
}

ordpar_status ordpar_linear_finite_n(const ordpar_spectrum *spectrum, double eta,
                                     double label_noise, size_t trained_blocks,
                                     const double *initial_error, const double *alpha, size_t count,
                                     double *eps_g, ordpar_error *err) {
    double *e = malloc(spectrum->L * sizeof *e);
    if (!e)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", spectrum->L);
    memcpy(e, initial_error, spectrum->L * sizeof *e);
    double made = 0;
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < count && !status; k++) {
        const double steps = round(alpha[k] * spectrum->N);
        for (; made < steps; made++)
            step(spectrum, eta, label_noise * label_noise, trained_blocks, e);
        eps_g[k] = squared_error(spectrum, e) / 2;
        if (!isfinite(eps_g[k]))
            status = ordpar_fail(err, ORDPAR_DIVERGED,
                                 "the mean generalization error is not finite at alpha = %.6g",
                                 alpha[k]);
    }
    free(e);
    return status;
}
