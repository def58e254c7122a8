// SPDX-License-Identifier: GPL-3.0-or-later
/* E[(sum u g)^2 g'(z_i) g'(z_j)] of a mixture, by tilts. */
#include "solver/averages/mixture_internal.h"

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_MIXTURE_LANES };

typedef struct {
    const ordpar_fields *fields;
    ordpar_mixture_weight weight;
    bool polynomials; /* somewhere */
    size_t n;
    const double *u;
    ordpar_mixture_field *field; /* [n] of those that are mixtures, the first erfs */
    ordpar_mixture_means *means; /* [n] where there are polynomials */
    size_t erfs;
} problem;

static const ordpar_mixture *mixture_of(const problem *f, size_t a) {
    return ordpar_fields_activation(f->fields, a)->mixture;
}

/* Sets what the averages of two fields need of each; returns the sum of u g's constant. */
static double set_fields(problem *f, const ordpar_mixture_tilts *t) {
    double students = 0, teachers = 0;
    for (size_t a = 0; a < f->n; a++) {
        const ordpar_activation *g = ordpar_fields_activation(f->fields, a);
        double variance[LANES];
        ordpar_mixture_tilted(&f->weight, t, a, a, variance);
        *(a < f->fields->K ? &students : &teachers) += f->u[a];
        if (g->mixture)
            ordpar_mixture_field_set(&f->field[a], g->mixture, variance);
        if (f->polynomials)
            ordpar_mixture_means_set(&f->means[a], g->mixture, g->polynomial, variance);
    }
    ordpar_mixture_fields_finish(f->erfs, f->field);
    if (f->polynomials)
        return 0; /* it is in the means */
    return f->fields->g->mixture->constant * students +
           (f->fields->K < f->n ? f->fields->h->mixture->constant * teachers : 0);
}

/* E~[g_a g_b] in units of 2/pi. */
static void average_pair(const problem *f, size_t a, size_t b, const double *c_ab,
                         ordpar_mixture_lanes *average) {
    const ordpar_mixture *g = mixture_of(f, a), *h = mixture_of(f, b);
    if (g && h)
        ordpar_mixture_lanes_gg(g, h, &f->field[a], &f->field[b], c_ab, f->weight.slope != NULL,
                                average);
    else
        *average = (ordpar_mixture_lanes){0};
    if (f->polynomials)
        ordpar_mixture_means_add(&f->means[a], &f->means[b], c_ab, average);
}

/* The derivatives of a pair's average, which stands in the error times factor. */
static void add_slopes(problem *f, const ordpar_mixture_tilts *t, size_t a, size_t b, double factor,
                       const double *c_ab, const ordpar_mixture_lanes *average, double *turned) {
    double by[3][LANES], c_aa[LANES], c_bb[LANES];
    ordpar_mixture_tilted(&f->weight, t, a, a, c_aa);
    ordpar_mixture_tilted(&f->weight, t, b, b, c_bb);
    for (size_t m = 0; m < LANES; m++) {
        const double w = factor * t->weight[m];
        by[0][m] = w * average->d_aa[m];
        by[1][m] = w * average->d_ab[m];
        by[2][m] = w * average->d_bb[m];
        turned[m] += by[0][m] * c_aa[m] + by[1][m] * c_ab[m] + by[2][m] * c_bb[m];
    }
    ordpar_mixture_add_slope(&f->weight, t, a, a, by[0]);
    ordpar_mixture_add_slope(&f->weight, t, a, b, by[1]);
    ordpar_mixture_add_slope(&f->weight, t, b, b, by[2]);
}

/* The error under the tilts, times their weights; with the derivatives. */
static double add_block(problem *f, const ordpar_mixture_tilts *t) {
    double error[LANES] = {0}, turned[LANES] = {0};
    const double constant = set_fields(f, t);
    for (size_t a = 0; a < f->n; a++)
        for (size_t b = 0; b <= a; b++) {
            const double factor = M_2_PI * (a == b ? 1 : 2) * f->u[a] * f->u[b];
            double c_ab[LANES];
            ordpar_mixture_lanes average;
            if (factor == 0)
                continue;
            ordpar_mixture_tilted(&f->weight, t, a, b, c_ab);
            average_pair(f, a, b, c_ab, &average);
            for (size_t m = 0; m < LANES; m++)
                error[m] += factor * average.value[m];
            if (f->weight.slope)
                add_slopes(f, t, a, b, factor, c_ab, &average, turned);
        }
    for (size_t m = 0; m < LANES; m++)
        error[m] += constant * constant;
    return ordpar_mixture_tilts_sum(&f->weight, t, error, turned);
}

static const size_t per_field = (sizeof(ordpar_mixture_field) + 7) / 8,
                    per_means = (sizeof(ordpar_mixture_means) + 7) / 8;

size_t ordpar_mixture_work(size_t n) {
    const size_t plain = ORDPAR_MIXTURE_WEIGHT_WORK(n) + n * (per_field + per_means);
    const size_t deviations = ordpar_deviation_mixture_work(n);
    return plain > deviations ? plain : deviations;
}

/* [2.10] */
double ordpar_mixtures_squared_error_dg_dg(const ordpar_fields *fields, const double *c,
                                           const double *u, size_t i, size_t j, double *gradient,
                                           double *work) {
    const size_t n = fields->n;
    double *rest = work + ORDPAR_MIXTURE_WEIGHT_WORK(n), sum = 0;
    problem f = {.fields = fields,
                 .polynomials = fields->g->polynomial || fields->h->polynomial,
                 .n = n,
                 .u = u,
                 .field = (ordpar_mixture_field *)rest,
                 .means = (ordpar_mixture_means *)(rest + n * per_field),
                 .erfs = fields->h->mixture ? n : fields->K};
    ordpar_mixture_tilts t;
    ordpar_gaussian_terms slope;
    ordpar_mixture_slope_terms(fields->g, &slope);
    ordpar_mixture_weight_set(&f.weight, &slope, &slope, n, c, i, j, gradient, work);
    for (size_t next = 0; ordpar_mixture_tilts_next(&f.weight, &next, &t);)
        sum += add_block(&f, &t);
    if (gradient)
        ordpar_mixture_weight_pull_back(&f.weight, gradient);
    return sum;
}

double ordpar_mixture_squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work) {
    const ordpar_fields fields = {self, self, n, n};
    return ordpar_mixtures_squared_error_dg_dg(&fields, c, u, i, j, gradient, work);
}
