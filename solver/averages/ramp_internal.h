// SPDX-License-Identifier: GPL-3.0-or-later
/** What the files ramp*.c share. */
#ifndef ORDPAR_RAMP_INTERNAL_H
#define ORDPAR_RAMP_INTERNAL_H

#include "solver/averages/orthant_moment.h"
#include "solver/averages/ramp.h"

/** weight z^power exp(-width^2 z^2/2), or, with the width 0, that power of a field z + n/s with an
 * n of its own, where it is positive, or, if plain, that power of z. */
typedef struct {
    double weight, width;
    int power;
    bool plain;
} ordpar_ramp_term;

/** g, g' or g'', of fields with this 1/s^2. */
typedef struct {
    double noise;
    size_t count;
    ordpar_ramp_term term[2 * ORDPAR_RAMP_MOST + 1];
} ordpar_ramp_terms;

/** The average of the product of the factors of n <= 4 fields; few: without products of two bumps
 * and more. */
double ordpar_ramp_value(int n, const ordpar_ramp_terms *const *of, bool few,
                         const double c[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX]);

enum { ORDPAR_RAMP_NUMBERS = 11 };

/** The same, into [0], and its derivatives by c_kl, k >= l, into [1 + k (k + 1)/2 + l]. */
void ordpar_ramp_slopes(int n, const ordpar_ramp_terms *const *of, bool few,
                        const double c[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX],
                        double value[ORDPAR_RAMP_NUMBERS]);

/** True of two ramps: no polynomial is among them. */
static inline bool ordpar_ramps_of(const ordpar_fields *fields, size_t a, size_t b) {
    return ordpar_fields_activation(fields, a)->ramp && ordpar_fields_activation(fields, b)->ramp;
}

/** What is missing in the noise average of few: bumps in two factors at least; work:
 * ORDPAR_MIXTURE_WEIGHT_WORK(n). */
double ordpar_ramp_bumps(const ordpar_fields *fields, const double *c, const double *u, size_t i,
                         size_t j, double *gradient, double *work);

#endif
