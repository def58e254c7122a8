// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * E[prod_k z_k^(p_k) prod_(k in steps) 1(z_k > 0)] of up to four Gaussian fields, by parts [12.16];
 * with NUMBERS > 1, with derivatives by NUMBERS - 1 others, by forward differentiation. Internal to
 * ramp_average.h.
 */
#ifndef ORDPAR_STEP_MOMENT_H
#define ORDPAR_STEP_MOMENT_H

#include "solver/averages/orthant_moment.h"

#include <stdbool.h>
#include <string.h>

enum { MAX = ORDPAR_ORTHANT_MAX };

/* A number and its derivatives. */
typedef struct {
    double x[NUMBERS];
} dual;

typedef struct {
    int n;           /* fields */
    unsigned steps;  /* bit k: a factor 1(z_k > 0) */
    unsigned absent; /* bit k: the field is no longer there */
    int power[MAX];
    dual c[MAX][MAX]; /* symmetric */
} step_moment;

static inline dual dual_of(double x) {
    return (dual){{x}};
}

/* x *= y */
static inline void dual_multiply(dual *x, const dual *y) {
    for (int k = 1; k < NUMBERS; k++)
        x->x[k] = x->x[k] * y->x[0] + x->x[0] * y->x[k];
    x->x[0] *= y->x[0];
}

/* x = 1/sqrt x */
static inline void dual_inverse_root(dual *x) {
    const double value = 1 / sqrt(x->x[0]);
    for (int k = 1; k < NUMBERS; k++)
        x->x[k] *= -value / (2 * x->x[0]);
    x->x[0] = value;
}

/* x += factor y */
static inline void dual_add(dual *x, double factor, const dual *y) {
    for (int k = 0; k < NUMBERS; k++)
        x->x[k] += factor * y->x[k];
}

/* (c_lm add + scale (c_kk c_lm - c_lk c_mk)) / d for all l and m: conditioning and tilts. */
static void transform(step_moment *f, int k, double add, double scale, const dual *d) {
    dual row[MAX];
    memcpy(row, f->c[k], sizeof row);
    const dual *own = &row[k];
    for (int l = 0; l < f->n; l++)
        for (int m = 0; m <= l; m++) {
            if (f->absent >> l & 1 || f->absent >> m & 1)
                continue;
            dual *at = &f->c[l][m];
            const double *x = row[l].x, *y = row[m].x;
            const double minor = ordpar_minor(own->x[0], at->x[0], x[0], y[0]);
            const double value = (add * at->x[0] + scale * minor) / d->x[0];
            for (int p = 1; p < NUMBERS; p++)
                at->x[p] = (add * at->x[p] +
                            scale * (own->x[p] * at->x[0] + own->x[0] * at->x[p] - x[p] * y[0] -
                                     x[0] * y[p]) -
                            value * d->x[p]) /
                           d->x[0];
            at->x[0] = value;
            f->c[m][l] = *at;
        }
}

/* The fields with a step, and their covariance. */
static int gather(const step_moment *f, int at[MAX], double c[MAX][MAX]) {
    int n = 0;
    for (int k = 0; k < f->n; k++)
        if (f->steps >> k & 1)
            at[n++] = k;
    for (int k = 0; k < n; k++)
        for (int l = 0; l < n; l++)
            c[k][l] = f->c[at[k]][at[l]].x[0];
    return n;
}

static void spread(const step_moment *f, int n, const int at[MAX], double slope[MAX][MAX],
                   dual *value) {
    for (int k = 0; k < n; k++)
        for (int l = 0; l < n; l++)
            for (int p = 1; p < NUMBERS; p++)
                value->x[p] += slope[k][l] * f->c[at[k]][at[l]].x[p];
}

/* The probability of the steps alone. */
static void find_probability(const step_moment *f, dual *value) {
    double c[MAX][MAX], slope[MAX][MAX];
    int at[MAX];
    const int n = gather(f, at, c);
    *value = dual_of(n == 0 ? 1 : n == 1 ? 0.5 : 0);
    if (n < 2)
        return;
    const bool wanted = NUMBERS > 1;
    value->x[0] = ordpar_orthant_probability(n, (const double(*)[MAX])c, wanted ? slope : NULL);
    if (wanted)
        spread(f, n, at, slope, value);
}

static void find_moment(step_moment *f, dual *value);

/* value += factor E[..] of a copy of f without a factor of field k, or given z_k = 0. */
static void add_lower(const step_moment *f, int k, const dual *factor, dual *value) {
    step_moment lower = *f;
    dual sum;
    lower.power[k]--;
    find_moment(&lower, &sum);
    dual_multiply(&sum, factor);
    dual_add(value, f->power[k], &sum);
}

static void add_edge(const step_moment *f, int k, const dual *factor, dual *value) {
    step_moment edge = *f;
    const dual variance = f->c[k][k];
    dual sum, density = variance;
    if (!(variance.x[0] > 0))
        return;
    edge.steps &= ~(1u << k);
    edge.absent |= 1u << k;
    transform(&edge, k, 0, 1, &variance);
    dual_inverse_root(&density);
    find_moment(&edge, &sum);
    dual_multiply(&sum, factor);
    dual_multiply(&sum, &density);
    dual_add(value, 1 / sqrt(2 * M_PI), &sum);
}

/* [12.16] By parts on z_j: E[z_j f] = sum_k c_jk E[df/dz_k]. */
static void find_moment(step_moment *f, dual *value) {
    int j = 0;
    while (j < f->n && f->power[j] == 0)
        j++;
    if (j == f->n) {
        find_probability(f, value);
        return;
    }
    *value = dual_of(0);
    f->power[j]--;
    for (int k = 0; k < f->n; k++) {
        const dual factor = f->c[j][k];
        if (f->power[k] > 0)
            add_lower(f, k, &factor, value);
        else if (f->steps >> k & 1)
            add_edge(f, k, &factor, value);
    }
}

#endif
