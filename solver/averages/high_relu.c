// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.6] g = max(x, 0): in each orthant of the fields d is linear. */
#include "solver/averages/high.h"

#include "solver/averages/orthant.h"
#include "solver/averages/orthant_moment.h"

#include <math.h>
#include <string.h>

enum { MOST = ORDPAR_ORTHANT_MAX };

/* Fields that are all positive, and linear forms of them: d, and the outputs of two units. */
typedef struct {
    size_t n;
    double c[MOST][MOST], form[3][MOST];
} orthant;

/* A product of so many times d and of others of the forms. */
typedef struct {
    size_t power, others;
    size_t other[2];
} product;

/* The determinant of the correlations. */
static double determinant(const orthant *o) {
    double m[MOST][MOST], all = 1;
    for (size_t a = 0; a < o->n; a++)
        for (size_t b = 0; b < o->n; b++)
            m[a][b] = o->c[a][b] / sqrt(o->c[a][a] * o->c[b][b]);
    for (size_t k = 0; k < o->n; k++) {
        if (!(m[k][k] > 0))
            return 0;
        all *= m[k][k];
        for (size_t i = k + 1; i < o->n; i++)
            for (size_t j = k + 1; j < o->n; j++)
                m[i][j] -= m[i][k] * m[k][j] / m[k][k];
    }
    return all;
}

static double probability(const orthant *o) {
    double angle[MOST][MOST] = {{0}};
    for (size_t a = 0; a < o->n; a++)
        for (size_t b = 0; b < o->n; b++) {
            const double minor = ordpar_minor(o->c[a][a], o->c[b][b], o->c[a][b], o->c[a][b]);
            angle[a][b] = a == b ? 0 : atan2(sqrt(fmax(minor, 0)), o->c[a][b]);
        }
    return o->n == 0   ? 1
           : o->n == 1 ? 0.5
           : o->n == 2 ? ordpar_orthant_2(angle[0][1])
           : o->n == 3 ? ordpar_orthant_3(angle[0][1], angle[0][2], angle[1][2])
                       : ordpar_orthant_4((const double(*)[4])angle, sqrt(determinant(o)));
}

/* The other fields where field b is 0; returns its density there. */
static double condition(const orthant *o, size_t b, orthant *rest) {
    const double variance = o->c[b][b];
    *rest = (orthant){.n = o->n - 1};
    for (size_t i = 0; i < rest->n; i++) {
        const size_t k = i + (i >= b);
        for (size_t m = 0; m < 3; m++)
            rest->form[m][i] = o->form[m][k];
        for (size_t j = 0; j < rest->n; j++) {
            const size_t l = j + (j >= b);
            rest->c[i][j] = ordpar_minor(o->c[k][l], variance, o->c[k][b], o->c[l][b]) / variance;
        }
    }
    return 1 / sqrt(2 * M_PI * variance);
}

/* Without one of the others. */
static product without(product p, size_t k) {
    if (k == 0)
        p.other[0] = p.other[1];
    p.others--;
    return p;
}

/* [19.6] E[product 1(z > 0)], by parts on one of the factors. */
static double moment(const orthant *o, product p) {
    if (p.power + p.others == 0)
        return probability(o);
    double slope[MOST] = {0}, with[3] = {0}, sum = 0;
    const double *first = o->form[p.power ? 0 : p.other[0]];
    for (size_t a = 0; a < o->n; a++)
        for (size_t b = 0; b < o->n; b++)
            slope[a] += o->c[a][b] * first[b];
    for (size_t m = 0; m < 3; m++)
        for (size_t a = 0; a < o->n; a++)
            with[m] += o->form[m][a] * slope[a];
    if (p.power)
        p.power--;
    else
        p = without(p, 0);
    if (p.power)
        sum = (double)p.power * with[0] *
              moment(o, (product){p.power - 1, p.others, {p.other[0], p.other[1]}});
    for (size_t k = 0; k < p.others; k++)
        sum += with[p.other[k]] * moment(o, without(p, k));
    for (size_t b = 0; b < o->n; b++) {
        orthant rest;
        if (slope[b] == 0 || !(o->c[b][b] > 0))
            continue;
        const double density = condition(o, b, &rest);
        sum += slope[b] * density * moment(&rest, p);
    }
    return sum;
}

/* With noise in d, of variance s2. */
static double noisy(const orthant *o, double s2, product p) {
    const double m = (double)p.power;
    double sum = moment(o, p);
    if (s2 == 0 || p.power < 2)
        return sum;
    p.power -= 2;
    sum += m * (m - 1) / 2 * s2 * moment(o, p);
    p.power -= p.power < 2 ? 0 : 2;
    return m == 4 ? sum + 3 * s2 * s2 * moment(o, p) : sum;
}

/* The orthant of these signs, bit a for field a; false: a unit is off there. */
static bool set_orthant(const ordpar_high_fields *f, unsigned signs, const ordpar_high_product *p,
                        orthant *o) {
    *o = (orthant){.n = f->n};
    for (size_t k = 0; k < p->values + p->slopes; k++)
        if (!(signs >> p->units[k] & 1))
            return false;
    for (size_t a = 0; a < f->n; a++) {
        o->form[0][a] = signs >> a & 1 ? f->u[a] : 0;
        for (size_t b = 0; b < f->n; b++)
            o->c[a][b] = (signs >> a ^ signs >> b) & 1 ? -f->c[a * f->n + b] : f->c[a * f->n + b];
    }
    for (size_t k = 0; k < p->values; k++)
        o->form[1 + k][p->units[k]] = 1;
    return true;
}

static product product_of(const ordpar_high_product *p) {
    return (product){(size_t)p->power, p->values, {1, 2}};
}

/* The product changes inside, and where a unit goes on or off. */
static void relu_slope(const ordpar_high_fields *f, const ordpar_high_product *p, double *slope,
                       double *work) {
    const product all = product_of(p);
    product less = all;
    orthant o, rest;
    (void)work;
    less.power--;
    memset(slope, 0, f->n * sizeof *slope);
    for (unsigned signs = 0; signs < 1U << f->n; signs++) {
        if (!set_orthant(f, signs, p, &o))
            continue;
        const double inside = (double)all.power * noisy(&o, f->s2, less);
        for (size_t k = 0; k < p->values; k++)
            slope[p->units[k]] += noisy(&o, f->s2, without(all, k));
        for (size_t b = 0; b < f->n; b++) {
            slope[b] += o.form[0][b] * inside;
            if (o.c[b][b] > 0) {
                const double density = condition(&o, b, &rest);
                const double edge = density * noisy(&rest, f->s2, all);
                slope[b] += signs >> b & 1 ? edge : -edge;
            }
        }
    }
}

static double relu_mean(const ordpar_high_fields *f, const ordpar_high_product *p, double *work) {
    orthant o;
    double sum = 0;
    (void)work;
    for (unsigned signs = 0; signs < 1U << f->n; signs++)
        if (set_orthant(f, signs, p, &o))
            sum += noisy(&o, f->s2, product_of(p));
    return sum;
}

const ordpar_high_averages ordpar_high_relu = {MOST, relu_slope, relu_mean};
