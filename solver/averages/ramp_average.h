// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * [12.17] The average of a product of factors g, g' or g'', with NUMBERS - 1 derivatives. Internal
 * to ramp_values.c and ramp_slopes.c, which say what NUMBERS is.
 */
#ifndef ORDPAR_RAMP_AVERAGE_H
#define ORDPAR_RAMP_AVERAGE_H

#include "solver/averages/ramp_internal.h"
#include "solver/averages/step_moment.h"

typedef struct {
    const ordpar_ramp_terms *of[MAX]; /* of each field */
    bool few;
    dual value;
} product;

/* All fields have their steps: the closed form keeps its digits where they are nearly parallel. */
static int all_steps(const step_moment *f, dual *value) {
    double c[MAX][MAX], slope[MAX][MAX];
    if (f->steps != (1u << f->n) - 1 || f->power[0] != 1 || f->power[1] != 1)
        return 0;
    for (int k = 0; k < f->n; k++)
        for (int l = 0; l < f->n; l++)
            c[k][l] = f->c[k][l].x[0];
    *value = dual_of(
        ordpar_orthant_moment(f->n, (const double(*)[MAX])c, 0, 1, NUMBERS > 1 ? slope : NULL));
    for (int k = 0; k < f->n && NUMBERS > 1; k++)
        for (int l = 0; l < f->n; l++)
            for (int p = 1; p < NUMBERS; p++)
                value->x[p] += slope[k][l] * f->c[k][l].x[p];
    return 1;
}

/* The last of four factors where those before have no steps: the sum over its terms of
 * E[z_2 z_3 exp(-w^2 z_3^2/2)], and E[z_2 1(z_3 + n/s > 0)]. */
static void add_last(product *all, const step_moment *f, const dual *weight) {
    const int j = MAX - 1;
    const double c = f->c[j][j].x[0];
    double h = 0, slope = 0;
    for (size_t t = 0; t < all->of[j]->count; t++) {
        const ordpar_ramp_term *one = &all->of[j]->term[t];
        const double square = one->width * one->width;
        const double d = one->width > 0 ? 1 + square * c : 2 * M_PI * (c + all->of[j]->noise);
        const double own = one->weight / (one->width > 0 ? d * sqrt(d) : sqrt(d));
        h += own;
        slope -= one->width > 0 ? 1.5 * square * own / d : M_PI * own / d;
    }
    dual value = f->c[j][j];
    for (int p = 1; p < NUMBERS; p++)
        value.x[p] *= slope;
    value.x[0] = h;
    dual_multiply(&value, &f->c[j - 1][j]);
    dual_multiply(&value, weight);
    dual_add(&all->value, 1, &value);
}

/* c_lm under the weight exp(-square z_j^2/2), d = 1 + square c_jj. */
static dual tilted(const step_moment *f, int l, int m, double square, const dual *d) {
    const int j = MAX - 1;
    const dual *own = &f->c[j][j], *at = &f->c[l][m], *x = &f->c[l][j], *y = &f->c[m][j];
    dual out;
    out.x[0] = (at->x[0] + square * ordpar_minor(own->x[0], at->x[0], x->x[0], y->x[0])) / d->x[0];
    for (int p = 1; p < NUMBERS; p++)
        out.x[p] = (at->x[p] +
                    square * (own->x[p] * at->x[0] + own->x[0] * at->x[p] - x->x[p] * y->x[0] -
                              x->x[0] * y->x[p]) -
                    out.x[0] * d->x[p]) /
                   d->x[0];
    return out;
}

/* True for a factor z_s of a step before z_i, and for none of a step at z_i. */
static bool is_linear(const step_moment *f, int s) {
    for (int k = 0; k < MAX - 1; k++)
        if (f->power[k] != (s < MAX - 2 ? k == s || k == MAX - 2 : 0))
            return false;
    return true;
}

/* One Gaussian term of the last factor where one field s before it has a step: with its variance
 * v, E[z_i z_j (z_s)_+] = (v c_ij + c_si c_sj)/sqrt(2 pi v), and E[z_j 1(z_i > 0)]. */
static void add_last_beside_step(product *all, const step_moment *f, const dual *weight, int s,
                                 const ordpar_ramp_term *one) {
    const int i = MAX - 2, j = MAX - 1;
    const double square = one->width * one->width;
    dual d = dual_of(1), value = f->c[i][j], root;
    dual_add(&d, square, &f->c[j][j]);
    const dual v = tilted(f, s, s, square, &d);
    root = v;
    dual_inverse_root(&root);
    if (s != i) { /* c~_j. = c_j. / d */
        dual other = tilted(f, s, i, square, &d);
        dual_multiply(&value, &v);
        dual_multiply(&other, &f->c[s][j]);
        dual_add(&value, 1, &other);
    }
    dual_multiply(&value, &root);
    root = d; /* d^(-3/2) */
    dual_inverse_root(&root);
    dual_multiply(&value, &root);
    dual_multiply(&value, &root);
    dual_multiply(&value, &root);
    dual_multiply(&value, weight);
    dual_add(&all->value, one->weight / sqrt(2 * M_PI), &value);
}

/* [12.17] Adds weight times the moment to the sum, over all choices of terms for the fields from k
 * on. */
static void choose(product *all, const step_moment *f, const dual *weight, int k) {
    if (k == MAX || k == f->n) {
        step_moment last = *f;
        dual value;
        if (!all_steps(&last, &value))
            find_moment(&last, &value);
        dual_multiply(&value, weight);
        dual_add(&all->value, 1, &value);
        return;
    }
    if (k == MAX - 1 && f->steps == 0 && f->power[0] == 0 && f->power[1] == 0 && f->power[2] == 1) {
        add_last(all, f, weight);
        return;
    }
    const int step = f->steps == 1 ? 0 : f->steps == 2 ? 1 : f->steps == 4 ? 2 : MAX;
    for (size_t t = 0; t < all->of[k]->count; t++) {
        const ordpar_ramp_term *one = &all->of[k]->term[t];
        if (all->few && one->width > 0 && f->steps != (1u << k) - 1)
            continue;
        if (k == MAX - 1 && step < MAX && one->width > 0 && is_linear(f, step)) {
            add_last_beside_step(all, f, weight, step, one);
            continue;
        }
        step_moment next = *f;
        dual scaled = *weight;
        next.power[k] = one->power;
        if (one->width > 0) {
            const double square = one->width * one->width;
            dual d = dual_of(1), density;
            dual_add(&d, square, &f->c[k][k]);
            transform(&next, k, 1, square, &d);
            density = d;
            dual_inverse_root(&density);
            dual_multiply(&scaled, &density);
        } else if (!one->plain) {
            next.steps |= 1u << k;
            next.c[k][k].x[0] += all->of[k]->noise;
        }
        for (int p = 0; p < NUMBERS; p++)
            scaled.x[p] *= one->weight;
        choose(all, &next, &scaled, k + 1);
    }
}

static dual average(int n, const ordpar_ramp_terms *const *of, bool few, const double c[MAX][MAX]) {
    product all = {.value = dual_of(0), .few = few};
    step_moment f = {.n = n};
    const dual one = dual_of(1);
    for (int k = 0; k < n; k++) {
        all.of[k] = of[k];
        for (int l = 0; l <= k; l++) {
            f.c[k][l] = dual_of(c[k][l]);
            if (NUMBERS > 1)
                f.c[k][l].x[(1 + k * (k + 1) / 2 + l) % NUMBERS] = 1;
            f.c[l][k] = f.c[k][l];
        }
    }
    choose(&all, &f, &one, 0);
    return all.value;
}

#endif
