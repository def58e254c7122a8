// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * [12.17] Each factor g, g' or g'' is a sum of terms: a step in the field z + n/s, with an n of its
 * own, times a power of that field, or exp(-w^2 z^2/2) times a power of z, which tilts.
 */
#include "solver/averages/ramp.h"

#include "solver/averages/ramp_internal.h"

#include <math.h>
#include <string.h>

enum { MAX = ORDPAR_ORTHANT_MAX };

/* Of the derivative of that order. */
static void set_terms(const ordpar_ramp *g, int order, ordpar_ramp_terms *f) {
    f->count = 1;
    f->term[0] = order == 2 ? (ordpar_ramp_term){g->s / sqrt(2 * M_PI), g->s, 0}
                            : (ordpar_ramp_term){1, 0, 1 - order};
    for (size_t k = 0; k < g->bumps; k++) {
        const double b = g->height[k], w = g->width[k], square = w * w;
        if (order == 0)
            f->term[f->count++] = (ordpar_ramp_term){b, w, 0};
        else if (order == 1)
            f->term[f->count++] = (ordpar_ramp_term){-b * square, w, 1};
        else {
            f->term[f->count++] = (ordpar_ramp_term){b * square * square, w, 2};
            f->term[f->count++] = (ordpar_ramp_term){-b * square, w, 0};
        }
    }
}

static ordpar_pair_average pair(const ordpar_ramp *g, int first, int second, double c_aa,
                                double c_ab, double c_bb) {
    ordpar_ramp_terms terms[2];
    const ordpar_ramp_terms *const of[2] = {&terms[0], &terms[1]};
    const double c[MAX][MAX] = {{c_aa, c_ab}, {c_ab, c_bb}};
    set_terms(g, first, &terms[0]);
    set_terms(g, second, &terms[1]);
    double value[ORDPAR_RAMP_NUMBERS];
    ordpar_ramp_slopes(1 / (g->s * g->s), 2, of, c, value);
    return (ordpar_pair_average){
        .value = value[0], .d_aa = value[1], .d_ab = value[2], .d_bb = value[3]};
}

static bool by_quadrature(const ordpar_ramp *g, double c_aa, double c_bb) {
    return g->smooth && fmax(c_aa, c_bb) <= g->smooth->strip * g->smooth->strip;
}

ordpar_pair_average ordpar_ramp_gg(const ordpar_ramp *g, double c_aa, double c_ab, double c_bb) {
    return by_quadrature(g, c_aa, c_bb) ? ordpar_quadrature_gg(g->smooth, c_aa, c_ab, c_bb)
                                        : pair(g, 0, 0, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_ramp_dg_dg(const ordpar_ramp *g, double c_aa, double c_ab, double c_bb) {
    return by_quadrature(g, c_aa, c_bb) ? ordpar_quadrature_dg_dg(g->smooth, c_aa, c_ab, c_bb)
                                        : pair(g, 1, 1, c_aa, c_ab, c_bb);
}

ordpar_pair_average ordpar_ramp_ddg_g(const ordpar_ramp *g, double c_aa, double c_ab, double c_bb) {
    return by_quadrature(g, c_aa, c_bb) ? ordpar_quadrature_ddg_g(g->smooth, c_aa, c_ab, c_bb)
                                        : pair(g, 2, 0, c_aa, c_ab, c_bb);
}

static void add_slopes(size_t n, const size_t field[MAX], double weight, const double *value,
                       double *gradient) {
    for (int k = 0; k < MAX; k++)
        for (int l = 0; l <= k; l++) {
            const double by = weight * value[1 + k * (k + 1) / 2 + l] / 2;
            gradient[field[k] * n + field[l]] += by;
            gradient[field[l] * n + field[k]] += by;
        }
}

double ordpar_ramp_squared_error_dg_dg(const ordpar_ramp *g, size_t n, const double *c,
                                       const double *u, size_t i, size_t j, double *gradient) {
    ordpar_ramp_terms own, slope;
    const ordpar_ramp_terms *const of[MAX] = {&own, &own, &slope, &slope};
    const double noise = 1 / (g->s * g->s);
    double sum = 0;
    set_terms(g, 0, &own);
    set_terms(g, 1, &slope);
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a && u[a] != 0; b++) {
            const size_t field[MAX] = {a, b, i, j};
            const double weight = (a == b ? 1 : 2) * u[a] * u[b];
            double part[MAX][MAX];
            for (int k = 0; k < MAX; k++)
                for (int l = 0; l < MAX; l++)
                    part[k][l] = c[field[k] * n + field[l]];
            if (gradient) {
                double value[ORDPAR_RAMP_NUMBERS];
                ordpar_ramp_slopes(noise, MAX, of, (const double(*)[MAX])part, value);
                sum += weight * value[0];
                add_slopes(n, field, weight, value, gradient);
            } else
                sum += weight * ordpar_ramp_value(noise, MAX, of, (const double(*)[MAX])part);
        }
    return sum;
}
