// SPDX-License-Identifier: GPL-3.0-or-later
/* Activations with parameters of their own: polynomials, and sums of erfs with a linear part. */
#include "base/digest.h"
#include "base/vector_math.h"
#include "solver/averages/activation_loops.h"
#include "solver/averages/mixed.h"
#include "solver/averages/mixture.h"
#include "solver/averages/polynomial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = ORDPAR_POLYNOMIAL_MOST, NAME_SIZE = 128 };

typedef struct {
    ordpar_activation table; /* the first, so that self is the whole */
    ordpar_polynomial polynomial;
    ordpar_mixture mixture;
    double a[ORDPAR_MIXTURE_MOST], s[ORDPAR_MIXTURE_MOST];
    char name[NAME_SIZE];
} made_activation;

/* Adds the mixture of count numbers x, and its derivative. */
static void add_erfs(const ordpar_mixture *g, size_t count, const double *x, double *y,
                     double *dy) {
    double z[ORDPAR_ACTIVATION_BLOCK];
    for (size_t k = 0; k < count; k++)
        y[k] += g->constant;
    for (size_t p = 0; p < g->terms; p++) {
        for (size_t k = 0; k < count; k++)
            z[k] = g->s[p] * x[k] * M_SQRT1_2;
        ordpar_vector_erf(count, z, z);
        for (size_t k = 0; k < count; k++)
            y[k] += g->a[p] * z[k];
        if (!dy)
            continue;
        for (size_t k = 0; k < count; k++)
            z[k] = -pow(g->s[p] * x[k], 2) / 2;
        ordpar_vector_exp(count, z, z);
        for (size_t k = 0; k < count; k++)
            dy[k] += sqrt(M_2_PI) * g->a[p] * g->s[p] * z[k];
    }
}

static void evaluate_block(const ordpar_activation *self, size_t count, const double *given,
                           double *y, double *dy) {
    const double *a = ((const made_activation *)self)->polynomial.a;
    double x[ORDPAR_ACTIVATION_BLOCK];
    memcpy(x, given, count * sizeof *x); /* y may be it */
    for (size_t k = 0; k < count; k++) {
        double value = a[MOST], slope = 0;
        for (int m = MOST; m-- > 0;) {
            slope = slope * x[k] + value;
            value = value * x[k] + a[m];
        }
        y[k] = value;
        if (dy)
            dy[k] = slope;
    }
    if (self->mixture)
        add_erfs(self->mixture, count, x, y, dy);
}

static void evaluate(const ordpar_activation *self, size_t count, const double *x, double *y,
                     double *dy) {
    const size_t block = ORDPAR_ACTIVATION_BLOCK;
    for (size_t k = 0; k < count; k += block)
        evaluate_block(self, count - k < block ? count - k : block, x + k, y + k,
                       dy ? dy + k : NULL);
}

static ordpar_pair_average gg(const ordpar_activation *self, double c_aa, double c_ab,
                              double c_bb) {
    return ordpar_parts_pair(self, self, 0, 0, c_aa, c_ab, c_bb);
}

static ordpar_pair_average dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    return ordpar_parts_pair(self, self, 1, 1, c_aa, c_ab, c_bb);
}

static ordpar_pair_average ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    return ordpar_parts_pair(self, self, 2, 0, c_aa, c_ab, c_bb);
}

static double squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                  const double *u, size_t i, size_t j, double *gradient,
                                  double *work) {
    (void)work;
    return ordpar_polynomials_squared_error_dg_dg(self->polynomial, self->polynomial, n, n, c, u, i,
                                                  j, gradient);
}

static made_activation *make(const char *name) {
    made_activation *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    strncpy(made->name, name, sizeof made->name - 1);
    made->mixture.a = made->a;
    made->mixture.s = made->s;
    made->table = (ordpar_activation){.name = made->name,
                                      .evaluate = evaluate,
                                      .gg = gg,
                                      .dg_dg = dg_dg,
                                      .ddg_g = ddg_g,
                                      .squared_error_dg_dg = squared_error_dg_dg,
                                      .polynomial = &made->polynomial,
                                      .is_made = true};
    return made;
}

/* 1: all powers are even, -1: odd. */
static int parity_of(const double a[MOST + 1]) {
    bool odd = false, even = false;
    for (int k = 0; k <= MOST; k++)
        *(k % 2 ? &odd : &even) |= a[k] != 0;
    return odd && even ? 0 : odd ? -1 : 1;
}

/* Coefficients of He_1 to He_5 by powers. */
static const double hermite[MOST][MOST + 1] = {
    {0, 1}, {-1, 0, 1}, {0, -3, 0, 1}, {3, 0, -6, 0, 1}, {0, 15, 0, -10, 0, 1}};

ordpar_status ordpar_activation_hermite(const char *name, size_t count, const double *c,
                                        ordpar_activation **activation, ordpar_error *err) {
    bool any = false;
    if (count < 1 || count > MOST)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a polynomial has from 1 to %d coefficients, got %zu", MOST, count);
    for (size_t k = 0; k < count; k++) {
        if (!isfinite(c[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "coefficient %zu must be finite, got %g", k + 1,
                               c[k]);
        any = any || c[k] != 0;
    }
    if (!any)
        return ordpar_fail(err, ORDPAR_INVALID, "a polynomial needs a coefficient that is not 0");
    made_activation *made = make(name);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for an activation");
    for (size_t k = 0; k < count; k++)
        for (int m = 0; m <= MOST; m++)
            made->polynomial.a[m] += c[k] * hermite[k][m];
    made->table.parity = parity_of(made->polynomial.a);
    made->table.escapes_by_size = count > 1;
    *activation = &made->table;
    return ORDPAR_OK;
}

static ordpar_status check_erfs(const ordpar_erfs *g, ordpar_error *err) {
    if (g->terms < 1 || g->terms > ORDPAR_MIXTURE_MOST)
        return ordpar_fail(err, ORDPAR_INVALID, "a sum of erfs has from 1 to %d terms, got %zu",
                           ORDPAR_MIXTURE_MOST, g->terms);
    if (!isfinite(g->slope) || !isfinite(g->constant))
        return ordpar_fail(err, ORDPAR_INVALID, "slope and constant must be finite, got %g and %g",
                           g->slope, g->constant);
    for (size_t k = 0; k < g->terms; k++)
        if (!isfinite(g->a[k]) || !isfinite(g->s[k]) || !(g->s[k] >= 1e-6) || !(g->s[k] <= 1e6))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "term %zu must have a finite a and an s from 1e-6 to 1e6, got %g "
                               "and %g",
                               k + 1, g->a[k], g->s[k]);
    return ORDPAR_OK;
}

ordpar_status ordpar_activation_erfs(const char *name, const ordpar_erfs *given,
                                     ordpar_activation **activation, ordpar_error *err) {
    const ordpar_status status = check_erfs(given, err);
    if (status)
        return status;
    made_activation *made = make(name);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for an activation");
    memcpy(made->a, given->a, given->terms * sizeof *made->a);
    memcpy(made->s, given->s, given->terms * sizeof *made->s);
    made->mixture.terms = given->terms;
    made->mixture.constant = given->constant;
    made->polynomial.a[1] = given->slope;
    made->table.mixture = &made->mixture;
    if (given->slope == 0) { /* nothing to be added to what erfs have */
        made->table.polynomial = NULL;
        made->table.deviation = &ordpar_deviation_mixture;
    }
    made->table.parity = given->constant == 0 ? -1 : 0;
    made->table.squared_error_dg_dg = ordpar_mixture_squared_error_dg_dg;
    made->table.work = ordpar_mixture_work;
    *activation = &made->table;
    return ORDPAR_OK;
}

void ordpar_activation_free(ordpar_activation *activation) {
    free(activation);
}

uint64_t ordpar_activation_digest(const ordpar_activation *g, uint64_t digest) {
    uint64_t d = ordpar_digest(digest, g->name, strlen(g->name));
    if (!g->is_made)
        return d;
    const made_activation *made = (const made_activation *)g;
    d = ordpar_digest(d, made->polynomial.a, sizeof made->polynomial.a);
    if (!g->mixture)
        return d;
    d = ordpar_digest(d, &g->mixture->constant, sizeof g->mixture->constant);
    d = ordpar_digest(d, g->mixture->a, g->mixture->terms * sizeof *g->mixture->a);
    return ordpar_digest(d, g->mixture->s, g->mixture->terms * sizeof *g->mixture->s);
}

double ordpar_activation_gross(const ordpar_activation *g) {
    double sum = 0;
    for (size_t p = 0; g->is_made && g->mixture && p < g->mixture->terms; p++)
        sum += fabs(g->mixture->a[p]);
    return sum;
}
