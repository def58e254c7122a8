// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.6] g = max(x, 0): in each orthant of the fields d is linear. */
#include "solver/averages/high.h"

#include "solver/averages/orthant.h"
#include "solver/averages/orthant_moment.h"

#include <math.h>
#include <string.h>

enum { MOST = ORDPAR_ORTHANT_MAX };

/* Fields that are all positive, and the linear form f . z. */
typedef struct {
    size_t n;
    double c[MOST][MOST], f[MOST];
} orthant;

/* The determinant of the correlations. */
static double determinant(const orthant *o) {
    double m[MOST][MOST], product = 1;
    for (size_t a = 0; a < o->n; a++)
        for (size_t b = 0; b < o->n; b++)
            m[a][b] = o->c[a][b] / sqrt(o->c[a][a] * o->c[b][b]);
    for (size_t k = 0; k < o->n; k++) {
        if (!(m[k][k] > 0))
            return 0;
        product *= m[k][k];
        for (size_t i = k + 1; i < o->n; i++)
            for (size_t j = k + 1; j < o->n; j++)
                m[i][j] -= m[i][k] * m[k][j] / m[k][k];
    }
    return product;
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
        rest->f[i] = o->f[k];
        for (size_t j = 0; j < rest->n; j++) {
            const size_t l = j + (j >= b);
            rest->c[i][j] = ordpar_minor(o->c[k][l], variance, o->c[k][b], o->c[l][b]) / variance;
        }
    }
    return 1 / sqrt(2 * M_PI * variance);
}

/* [19.6] E[(f . z)^degree 1(z > 0)], by parts on one of the factors. */
static double moment(const orthant *o, int degree) {
    if (degree == 0)
        return probability(o);
    double slope[MOST] = {0}, square = 0, sum = 0;
    for (size_t a = 0; a < o->n; a++) {
        for (size_t b = 0; b < o->n; b++)
            slope[a] += o->c[a][b] * o->f[b];
        square += o->f[a] * slope[a];
    }
    if (degree > 1)
        sum = (degree - 1) * square * moment(o, degree - 2);
    for (size_t b = 0; b < o->n; b++) {
        orthant rest;
        if (slope[b] == 0 || !(o->c[b][b] > 0))
            continue;
        const double density = condition(o, b, &rest);
        sum += slope[b] * density * moment(&rest, degree - 1);
    }
    return sum;
}

/* The orthant of these signs, bit a for field a; false: a unit is off there. */
static bool set_orthant(const ordpar_high_fields *f, unsigned signs, const size_t *units,
                        size_t count, orthant *o) {
    *o = (orthant){.n = f->n};
    for (size_t k = 0; k < count; k++)
        if (!(signs >> units[k] & 1))
            return false;
    for (size_t a = 0; a < f->n; a++) {
        o->f[a] = signs >> a & 1 ? f->u[a] : 0;
        for (size_t b = 0; b < f->n; b++)
            o->c[a][b] = (signs >> a ^ signs >> b) & 1 ? -f->c[a * f->n + b] : f->c[a * f->n + b];
    }
    return true;
}

static void relu_cubed(const ordpar_high_fields *f, const size_t units[3], double *slope,
                       double *work) {
    orthant o, rest;
    (void)work;
    memset(slope, 0, f->n * sizeof *slope);
    for (unsigned signs = 0; signs < 1U << f->n; signs++) {
        if (!set_orthant(f, signs, units, 3, &o))
            continue;
        const double inside = 3 * (moment(&o, 2) + f->s2 * moment(&o, 0));
        for (size_t b = 0; b < f->n; b++) {
            slope[b] += o.f[b] * inside;
            if (o.c[b][b] > 0) {
                const double density = condition(&o, b, &rest);
                const double edge = density * (moment(&rest, 3) + 3 * f->s2 * moment(&rest, 1));
                slope[b] += signs >> b & 1 ? edge : -edge;
            }
        }
    }
}

static double relu_fourth(const ordpar_high_fields *f, const size_t units[4], double *work) {
    orthant o;
    double sum = 0;
    (void)work;
    for (unsigned signs = 0; signs < 1U << f->n; signs++)
        if (set_orthant(f, signs, units, 4, &o))
            sum += moment(&o, 4) + 6 * f->s2 * moment(&o, 2) + 3 * f->s2 * f->s2 * moment(&o, 0);
    return sum;
}

const ordpar_high_averages ordpar_high_relu = {MOST, relu_cubed, relu_fourth};
