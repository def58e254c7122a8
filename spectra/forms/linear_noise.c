// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/linear_noise.h"

#include "base/floating_point.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In the end, when what is trained has been learned: what is not keeps its share. */
static double late_noise(const ordpar_spectrum *s, size_t trained_blocks, size_t b) {
    double noise = s->noise[b];
    for (size_t j = trained_blocks; s->coupling && j < s->L; j++)
        noise += s->coupling[b * s->L + j];
    return noise;
}

double ordpar_linear_even_noise(const ordpar_spectrum *s, size_t trained_blocks, double step,
                                double label_noise) {
    ORDPAR_FLOATING_POINT;
    double sum = 0, weights = 0;
    if (!s->noise)
        return label_noise;
    for (size_t b = trained_blocks; b-- > 0;) {
        const double weight = s->p[b] * s->lambda[b] / (1 - step * s->lambda[b]);
        sum += weight * late_noise(s, trained_blocks, b);
        weights += weight;
    }
    return weights > 0 ? sqrt(fmax(sum / weights, 0)) : 0;
}

/* [15.32] */
double *ordpar_linear_even_start(const ordpar_spectrum *s, size_t trained_blocks, double step,
                                 double eta, double even_noise, const double *initial_error) {
    ORDPAR_FLOATING_POINT;
    double *start = malloc(s->L * sizeof *start);
    if (!start)
        return NULL;
    memcpy(start, initial_error, s->L * sizeof *start);
    for (size_t b = 0; s->noise && b < trained_blocks; b++)
        start[b] -= eta / 2 * (s->noise[b] - even_noise * even_noise) / (1 - step * s->lambda[b]);
    return start;
}
