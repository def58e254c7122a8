// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/mixture_internal.h"

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_MIXTURE_LANES, MEANS = ORDPAR_MIXTURE_MEANS };

void ordpar_mixture_means_set(ordpar_mixture_means *means, const ordpar_mixture *g,
                              const ordpar_polynomial *p, const double variance[LANES]) {
    memset(means, 0, sizeof *means);
    for (size_t m = 0; m < LANES; m++) {
        double e[ORDPAR_MEANS] = {0}, all[ORDPAR_MEANS] = {0};
        if (g)
            ordpar_mixture_add_means(g, variance[m], e);
        if (p)
            ordpar_polynomial_add_means(p, variance[m], all);
        all[0] += e[0];
        e[0] = 0;
        for (size_t k = 0; k < MEANS; k++) {
            means->e[k][m] = e[k];
            means->p[k][m] = all[k];
        }
    }
}

/* Lane m of sum_k c^k/k! (e_a p_b + p_a (e_b + p_b)), of derivatives of these orders. */
static double sum(const ordpar_mixture_means *a, const ordpar_mixture_means *b, size_t first,
                  size_t second, double c, size_t m) {
    double value = 0, factor = 1;
    for (size_t k = 0; k <= ORDPAR_POLYNOMIAL_MOST; k++) {
        const size_t i = k + first, j = k + second;
        value += factor * (a->e[i][m] * b->p[j][m] + a->p[i][m] * (b->e[j][m] + b->p[j][m]));
        factor *= c / (double)(k + 1);
    }
    return value;
}

void ordpar_mixture_means_add(const ordpar_mixture_means *a, const ordpar_mixture_means *b,
                              const double c_ab[LANES], ordpar_mixture_lanes *out) {
    for (size_t m = 0; m < LANES; m++) {
        const double c = c_ab[m];
        out->value[m] += M_PI_2 * sum(a, b, 0, 0, c, m);
        out->d_aa[m] += M_PI_2 / 2 * sum(a, b, 2, 0, c, m);
        out->d_ab[m] += M_PI_2 * sum(a, b, 1, 1, c, m);
        out->d_bb[m] += M_PI_2 / 2 * sum(a, b, 0, 2, c, m);
    }
}
