// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * [12.17] Each factor g, g' or g'' is a sum of terms: a step in the field z + n/s, with an n of its
 * own, times a power of that field, or exp(-w^2 z^2/2) times a power of z, which tilts.
 */
#include "solver/averages/ramp.h"

#include "solver/averages/mixture_tilts.h"
#include "solver/averages/orthant.h"
#include "solver/averages/polynomial.h"
#include "solver/averages/ramp_internal.h"

#include <math.h>
#include <string.h>

enum { MAX = ORDPAR_ORTHANT_MAX };

/* Of the derivative of that order. */
static void set_terms(const ordpar_ramp *g, int order, ordpar_ramp_terms *f) {
    f->noise = 1 / (g->s * g->s);
    f->count = 1;
    f->term[0] = order == 2 ? (ordpar_ramp_term){.weight = g->s / sqrt(2 * M_PI), .width = g->s}
                            : (ordpar_ramp_term){.weight = 1, .power = 1 - order};
    for (size_t k = 0; k < g->bumps; k++) {
        const double b = g->height[k], w = g->width[k], square = w * w;
        if (order == 0)
            f->term[f->count++] = (ordpar_ramp_term){b, w, 0, false};
        else if (order == 1)
            f->term[f->count++] = (ordpar_ramp_term){-b * square, w, 1, false};
        else {
            f->term[f->count++] = (ordpar_ramp_term){b * square * square, w, 2, false};
            f->term[f->count++] = (ordpar_ramp_term){-b * square, w, 0, false};
        }
    }
}

ordpar_pair_average ordpar_ramps_pair(const ordpar_ramp *g, const ordpar_ramp *h, int first,
                                      int second, double c_aa, double c_ab, double c_bb) {
    ordpar_ramp_terms terms[2];
    const ordpar_ramp_terms *const of[2] = {&terms[0], &terms[1]};
    const double c[MAX][MAX] = {{c_aa, c_ab}, {c_ab, c_bb}};
    set_terms(g, first, &terms[0]);
    set_terms(h, second, &terms[1]);
    double value[ORDPAR_RAMP_NUMBERS];
    ordpar_ramp_slopes(2, of, false, c, value);
    return (ordpar_pair_average){
        .value = value[0], .d_aa = value[1], .d_ab = value[2], .d_bb = value[3]};
}

static ordpar_pair_average pair(const ordpar_ramp *g, int first, int second, double c_aa,
                                double c_ab, double c_bb) {
    return ordpar_ramps_pair(g, g, first, second, c_aa, c_ab, c_bb);
}

/* [2.13] */
void ordpar_ramp_add_means(const ordpar_ramp *g, double variance, double *mean) {
    const double most = 1e300; /* times 0 of a polynomial it is 0 */
    const double total = fmax(variance + 1 / (g->s * g->s), ORDPAR_LEAST_VARIANCE);
    double value = 1 / sqrt(2 * M_PI * total);
    mean[0] += sqrt(total / (2 * M_PI));
    mean[1] += 0.5;
    for (int k = 2; k < ORDPAR_MEANS; k += 2) {
        mean[k] += value;
        value = fmax(-most, fmin(value * -(k - 1) / total, most));
    }
    for (size_t b = 0; b < g->bumps; b++) {
        const double square = g->width[b] * g->width[b], d = 1 + square * variance;
        value = g->height[b] / sqrt(d);
        for (int k = 0; k < ORDPAR_MEANS; k += 2) {
            mean[k] += value;
            value *= -(k + 1) * square / d;
        }
    }
}

static bool by_quadrature(const ordpar_ramp *g, double c_aa, double c_bb) {
    return g->smooth && fmax(c_aa, c_bb) <= g->smooth->strip * g->smooth->strip;
}

ordpar_pair_average ordpar_ramp_gg(const ordpar_activation *self, double c_aa, double c_ab,
                                   double c_bb) {
    const ordpar_ramp *g = self->ramp;
    return by_quadrature(g, c_aa, c_bb) ? ordpar_smooth_gg(g->smooth, c_aa, c_ab, c_bb)
                                        : pair(g, 0, 0, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_ramp_dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                      double c_bb) {
    const ordpar_ramp *g = self->ramp;
    return by_quadrature(g, c_aa, c_bb) ? ordpar_smooth_dg_dg(g->smooth, c_aa, c_ab, c_bb)
                                        : pair(g, 1, 1, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_ramp_ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                      double c_bb) {
    const ordpar_ramp *g = self->ramp;
    return by_quadrature(g, c_aa, c_bb) ? ordpar_smooth_ddg_g(g->smooth, c_aa, c_ab, c_bb)
                                        : pair(g, 2, 0, c_aa, c_ab, c_bb);
}

/* p, or p q */
static void set_polynomial(const ordpar_polynomial *p, const ordpar_polynomial *q,
                           ordpar_ramp_terms *f) {
    double a[2 * ORDPAR_POLYNOMIAL_MOST + 1] = {0};
    for (int k = 0; k <= ORDPAR_POLYNOMIAL_MOST; k++)
        for (int l = 0; l <= (q ? ORDPAR_POLYNOMIAL_MOST : 0); l++)
            a[k + l] += p->a[k] * (q ? q->a[l] : 1);
    f->noise = 0;
    f->count = 0;
    for (int k = 0; k <= 2 * ORDPAR_POLYNOMIAL_MOST; k++)
        if (a[k] != 0)
            f->term[f->count++] = (ordpar_ramp_term){.weight = a[k], .power = k, .plain = true};
}

static void add_slopes(size_t n, int count, const size_t field[MAX], double weight,
                       const double *value, double *gradient) {
    for (int k = 0; k < count; k++)
        for (int l = 0; l <= k; l++) {
            const double by = weight * value[1 + k * (k + 1) / 2 + l] / 2;
            gradient[field[k] * n + field[l]] += by;
            gradient[field[l] * n + field[k]] += by;
        }
}

/* The factors of a pair of fields a and b, and of the weight's. */
typedef struct {
    ordpar_ramp_terms student, teacher, slope;
} factors;

static const ordpar_ramp_terms *factor_of(const factors *all, const ordpar_fields *fields,
                                          size_t a) {
    return a < fields->K ? &all->student : &all->teacher;
}

static void set_factors(factors *all, const ordpar_fields *fields) {
    set_terms(fields->g->ramp, 0, &all->student);
    set_terms(fields->g->ramp, 1, &all->slope);
    if (fields->h->ramp)
        set_terms(fields->h->ramp, 0, &all->teacher);
    else
        set_polynomial(fields->h->polynomial, NULL, &all->teacher);
}

/* Most products of terms have two or more: of two ramps they are summed otherwise. [12.20] */
static bool has_many_bumps(const ordpar_fields *fields) {
    return fields->g->ramp->bumps > 2;
}

/* [12.17] Adds to the gradient. */
static double smoothed(const ordpar_fields *fields, const double *c, const double *u, size_t i,
                       size_t j, double *gradient) {
    const size_t n = fields->n;
    factors all;
    double sum = 0;
    set_factors(&all, fields);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a && u[a] != 0; b++) {
            const ordpar_ramp_terms *const of[MAX] = {
                factor_of(&all, fields, a), factor_of(&all, fields, b), &all.slope, &all.slope};
            const size_t field[MAX] = {a, b, i, j};
            const double weight = (a == b ? 1 : 2) * u[a] * u[b];
            const bool few = has_many_bumps(fields) && ordpar_ramps_of(fields, a, b);
            double part[MAX][MAX];
            for (int k = 0; k < MAX; k++)
                for (int l = 0; l < MAX; l++)
                    part[k][l] = c[field[k] * n + field[l]];
            if (gradient) {
                double value[ORDPAR_RAMP_NUMBERS];
                ordpar_ramp_slopes(MAX, of, few, (const double(*)[MAX])part, value);
                sum += weight * value[0];
                add_slopes(n, MAX, field, weight, value, gradient);
            } else
                sum += weight * ordpar_ramp_value(MAX, of, few, (const double(*)[MAX])part);
        }
    return sum;
}

/* The factor of one field among i, j, a and b: where these coincide it is a product. */
static void set_merged(const ordpar_fields *fields, size_t field, size_t a, size_t b,
                       ordpar_ramp_terms *f) {
    const int power = (a == field) + (b == field);
    if (field < fields->K) {
        f->noise = 0;
        f->count = 1;
        f->term[0] = (ordpar_ramp_term){.weight = 1, .power = power};
    } else
        set_polynomial(fields->h->polynomial, power > 1 ? fields->h->polynomial : NULL, f);
}

/* Different fields among those of a pair, as sharp_pair takes them apart. */
typedef struct {
    int n;
    size_t field[MAX];
    ordpar_ramp_terms terms[MAX];
    double unit[MAX];      /* of a student's field, whose factors are homogeneous */
    double part[MAX][MAX]; /* the covariance in these */
    double factor;         /* what the average is in them */
} different;

static void tell_apart(const ordpar_fields *fields, const double *c, double missing,
                       const size_t all[MAX], different *d) {
    d->n = 0;
    d->factor = 1;
    for (int k = 0; k < MAX; k++) {
        int at = 0;
        while (at < d->n && d->field[at] != all[k])
            at++;
        if (at == d->n)
            d->field[d->n++] = all[k];
    }
    for (int k = 0; k < d->n; k++) {
        const bool student = d->field[k] < fields->K;
        const double own = c[d->field[k] * (fields->n + 1)];
        const double variance = student ? fmax(own, ORDPAR_LEAST_VARIANCE) : own;
        set_merged(fields, d->field[k], all[2], all[3], &d->terms[k]);
        d->unit[k] = student ? ordpar_orthant_unit(variance) : 1;
        for (int power = student ? d->terms[k].term[0].power : 0; power > 0; power--)
            d->factor *= d->unit[k];
        d->part[k][k] = variance * (1 + missing) / d->unit[k] / d->unit[k];
        for (int l = 0; l < k; l++)
            d->part[k][l] = d->part[l][k] =
                c[d->field[k] * fields->n + d->field[l]] / d->unit[k] / d->unit[l];
    }
}

/* [12.18] One pair of fields without smoothing, of which the same are one. */
static double sharp_pair(const ordpar_fields *fields, const double *c, double missing,
                         double weight, const size_t all[MAX], double *gradient) {
    different d;
    tell_apart(fields, c, missing, all, &d);
    const ordpar_ramp_terms *const of[MAX] = {&d.terms[0], &d.terms[1], &d.terms[2], &d.terms[3]};
    double value[ORDPAR_RAMP_NUMBERS];
    weight *= d.factor;
    if (!gradient)
        return weight * ordpar_ramp_value(d.n, of, false, (const double(*)[MAX])d.part);
    ordpar_ramp_slopes(d.n, of, false, (const double(*)[MAX])d.part, value);
    for (int k = 0; k < d.n; k++)
        for (int l = 0; l <= k; l++)
            value[1 + k * (k + 1) / 2 + l] /= d.unit[k] * d.unit[l];
    add_slopes(fields->n, d.n, d.field, weight, value, gradient);
    return weight * value[0];
}

double ordpar_ramps_squared_error_dg_dg(const ordpar_fields *fields, const double *c,
                                        const double *u, size_t i, size_t j, double *gradient,
                                        double *work) {
    const size_t n = fields->n;
    double sum = 0;
    if (has_many_bumps(fields)) {
        sum = ordpar_ramp_bumps(fields, c, u, i, j, gradient, work);
        return sum + smoothed(fields, c, u, i, j, gradient);
    }
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    if (isfinite(fields->g->ramp->s))
        return smoothed(fields, c, u, i, j, gradient);
    const double missing = ordpar_orthant_missing_variance(n, c, work);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a && u[a] != 0; b++)
            sum += sharp_pair(fields, c, missing, (a == b ? 1 : 2) * u[a] * u[b],
                              (const size_t[MAX]){i, j, a, b}, gradient);
    return sum;
}

/* [12.19] */
static bool are_small(const ordpar_ramp *g, size_t n, const double *c) {
    double largest = 0;
    for (size_t a = 0; a < n; a++)
        largest = fmax(largest, c[a * n + a]);
    return g->series && largest <= g->small;
}

double ordpar_ramp_squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                       const double *u, size_t i, size_t j, double *gradient,
                                       double *work) {
    const ordpar_fields fields = {self, self, n, n};
    const ordpar_polynomial *series = self->ramp->series;
    return are_small(self->ramp, n, c)
               ? ordpar_polynomials_squared_error_dg_dg(series, series, n, n, c, u, i, j, gradient)
               : ordpar_ramps_squared_error_dg_dg(&fields, c, u, i, j, gradient, work);
}

size_t ordpar_ramp_work(size_t n) {
    return ORDPAR_MIXTURE_WEIGHT_WORK(n);
}
