// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * [12.20] The parts of E[(sum u g)^2 g'(z_i) g'(z_j)] that two Gaussians tilt at least. Where both
 * slopes are bumps, -b w^2 z exp(-w^2 z^2/2), and a ramp is among a and b, by parts
 *     E[z_i z_j g_a g_b] = c_ij E[g_a g_b] + (c_ia c_jb + c_ib c_ja) E[g_a' g_b']
 *                          + c_ia c_ja E[g_a'' g_b] + c_ib c_jb E[g_a g_b''];
 * where a and b are bumps, E[g_i' g_j']; and where b and the slope at j are bumps, the others none,
 * E[z_j r_a r_i'] = c_ja E[r_a' r_i'] + c_ji E[r_a r_i''] of the ramps r: averages of two fields,
 * under eight tilts at a time.
 */
#include "solver/averages/mixture_tilts.h"
#include "solver/averages/ramp_internal.h"
#include "solver/averages/ramp_lanes.h"

enum { LANES = ORDPAR_MIXTURE_LANES };

/* The tilted covariances of z_i, z_j, a and b. */
typedef struct {
    double ij[LANES], ia[LANES], ib[LANES], ja[LANES], jb[LANES];
    double aa[LANES], ab[LANES], bb[LANES];
} covariances;

static void set_covariances(const ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t a,
                            size_t b, covariances *c) {
    ordpar_mixture_tilted(f, t, f->i, f->j, c->ij);
    ordpar_mixture_tilted(f, t, f->i, a, c->ia);
    ordpar_mixture_tilted(f, t, f->i, b, c->ib);
    ordpar_mixture_tilted(f, t, f->j, a, c->ja);
    ordpar_mixture_tilted(f, t, f->j, b, c->jb);
    ordpar_mixture_tilted(f, t, a, a, c->aa);
    ordpar_mixture_tilted(f, t, a, b, c->ab);
    ordpar_mixture_tilted(f, t, b, b, c->bb);
}

static void add_values(double factor, const covariances *c, const ordpar_ramp_lanes *of,
                       double sum[LANES]) {
    for (size_t m = 0; m < LANES; m++)
        sum[m] +=
            factor *
            (c->ij[m] * of->value[m] + (c->ia[m] * c->jb[m] + c->ib[m] * c->ja[m]) * of->C[m] +
             2 * c->ia[m] * c->ja[m] * of->A[m] + 2 * c->ib[m] * c->jb[m] * of->B[m]);
}

static void add_slope(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t x, size_t y,
                      const double c[LANES], double factor, double by[LANES],
                      double turned[LANES]) {
    for (size_t m = 0; m < LANES; m++) {
        by[m] *= factor * t->weight[m];
        turned[m] += by[m] * c[m];
    }
    ordpar_mixture_add_slope(f, t, x, y, by);
}

static void add_slopes(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t a, size_t b,
                       double factor, const covariances *c, const ordpar_ramp_lanes *of,
                       double turned[LANES]) {
    covariances by;
    for (size_t m = 0; m < LANES; m++) {
        const double ia = c->ia[m], ib = c->ib[m], ja = c->ja[m], jb = c->jb[m], ij = c->ij[m];
        const double of_C = ia * jb + ib * ja, of_A = 2 * ia * ja, of_B = 2 * ib * jb;
        by.ij[m] = of->value[m];
        by.ia[m] = jb * of->C[m] + 2 * ja * of->A[m];
        by.ib[m] = ja * of->C[m] + 2 * jb * of->B[m];
        by.ja[m] = ib * of->C[m] + 2 * ia * of->A[m];
        by.jb[m] = ia * of->C[m] + 2 * ib * of->B[m];
        by.aa[m] = ij * of->A[m] + of_C * of->AC[m] + of_A * of->AA[m] + of_B * of->CC[m] / 4;
        by.ab[m] = ij * of->C[m] + of_C * of->CC[m] + of_A * of->AC[m] + of_B * of->BC[m];
        by.bb[m] = ij * of->B[m] + of_C * of->BC[m] + of_A * of->CC[m] / 4 + of_B * of->BB[m];
    }
    add_slope(f, t, f->i, f->j, c->ij, factor, by.ij, turned);
    add_slope(f, t, f->i, a, c->ia, factor, by.ia, turned);
    add_slope(f, t, f->i, b, c->ib, factor, by.ib, turned);
    add_slope(f, t, f->j, a, c->ja, factor, by.ja, turned);
    add_slope(f, t, f->j, b, c->jb, factor, by.jb, turned);
    add_slope(f, t, a, a, c->aa, factor, by.aa, turned);
    add_slope(f, t, a, b, c->ab, factor, by.ab, turned);
    add_slope(f, t, b, b, c->bb, factor, by.bb, turned);
}

static double add_block(ordpar_mixture_weight *f, const ordpar_fields *fields, const double *u,
                        const ordpar_mixture_tilts *t) {
    double error[LANES] = {0}, turned[LANES] = {0};
    for (size_t a = 0; a < fields->n; a++)
        for (size_t b = 0; b <= a && u[a] != 0; b++) {
            const double factor = (a == b ? 1 : 2) * u[a] * u[b];
            covariances c;
            ordpar_ramp_lanes of;
            if (factor == 0 || !ordpar_ramps_of(fields, a, b))
                continue;
            set_covariances(f, t, a, b, &c);
            ordpar_ramp_lanes_set(ordpar_fields_activation(fields, a)->ramp,
                                  ordpar_fields_activation(fields, b)->ramp, c.aa, c.ab, c.bb,
                                  f->slope, &of);
            add_values(factor, &c, &of, error);
            if (f->slope)
                add_slopes(f, t, a, b, factor, &c, &of, turned);
        }
    return ordpar_mixture_tilts_sum(f, t, error, turned);
}

/* The bumps of g, and those of its slope without the field. */
static void set_bumps(const ordpar_ramp *g, bool slope, ordpar_gaussian_terms *terms) {
    terms->count = g->bumps;
    for (size_t k = 0; k < g->bumps; k++) {
        terms->square[k] = g->width[k] * g->width[k];
        terms->height[k] = g->height[k] * (slope ? -terms->square[k] : 1);
    }
}

static double bumps_of_slopes(const ordpar_fields *fields, const double *c, const double *u,
                              size_t i, size_t j, double *gradient, double *work) {
    ordpar_mixture_weight f;
    ordpar_mixture_tilts t;
    ordpar_gaussian_terms terms;
    double sum = 0;
    set_bumps(fields->g->ramp, true, &terms);
    ordpar_mixture_weight_set(&f, &terms, &terms, fields->n, c, i, j, gradient, work);
    for (size_t next = 0; ordpar_mixture_tilts_next(&f, &next, &t);)
        sum += add_block(&f, fields, u, &t);
    if (gradient)
        ordpar_mixture_weight_pull_back(&f, gradient);
    return sum;
}

enum { FOUR = ORDPAR_ORTHANT_MAX };

/* Of the fields i, j, a and b: the bumps of two that tilt, first and second, and the ramps of the
 * others: of the field `ramp` with its ramp, of the field `step` with that of a slope. */
typedef struct {
    size_t first, second, ramp, step;
    const ordpar_ramp *of_ramp;
} roles;

/* E[g_i' g_j'] under the tilts. */
static double add_slopes_of_students(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t,
                                     const ordpar_ramp *g) {
    double c[3][LANES], turned[LANES] = {0};
    ordpar_ramp_lanes of;
    ordpar_mixture_tilted(f, t, 0, 0, c[0]);
    ordpar_mixture_tilted(f, t, 0, 1, c[1]);
    ordpar_mixture_tilted(f, t, 1, 1, c[2]);
    ordpar_ramp_lanes_set(g, g, c[0], c[1], c[2], f->slope, &of);
    ordpar_ramp_lanes_add_bumps(g, g, c[0], c[1], c[2], f->slope, &of);
    if (f->slope) {
        add_slope(f, t, 0, 0, c[0], 1, of.AC, turned);
        add_slope(f, t, 0, 1, c[1], 1, of.CC, turned);
        add_slope(f, t, 1, 1, c[2], 1, of.BC, turned);
    }
    return ordpar_mixture_tilts_sum(f, t, of.C, turned);
}

/* E[z r_a r_i'], z the second field that tilts. */
static double add_ramp_and_step(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t,
                                const ordpar_ramp *g, const roles *r) {
    const size_t z = r->second, a = r->ramp, i = r->step;
    double value[LANES], aa[LANES], ai[LANES], ii[LANES], za[LANES], zi[LANES], turned[LANES] = {0};
    ordpar_ramp_lanes of;
    ordpar_mixture_tilted(f, t, a, a, aa);
    ordpar_mixture_tilted(f, t, a, i, ai);
    ordpar_mixture_tilted(f, t, i, i, ii);
    ordpar_mixture_tilted(f, t, z, a, za);
    ordpar_mixture_tilted(f, t, z, i, zi);
    ordpar_ramp_lanes_of_ramps(r->of_ramp, g, aa, ai, ii, &of);
    for (size_t m = 0; m < LANES; m++)
        value[m] = za[m] * of.C[m] + 2 * zi[m] * of.B[m];
    if (f->slope) {
        double by_aa[LANES], by_ai[LANES], by_ii[LANES];
        for (size_t m = 0; m < LANES; m++) {
            by_aa[m] = za[m] * of.AC[m] + zi[m] * of.CC[m] / 2;
            by_ai[m] = za[m] * of.CC[m] + 2 * zi[m] * of.BC[m];
            by_ii[m] = za[m] * of.BC[m] + 2 * zi[m] * of.BB[m];
            of.B[m] *= 2;
        }
        add_slope(f, t, a, a, aa, 1, by_aa, turned);
        add_slope(f, t, a, i, ai, 1, by_ai, turned);
        add_slope(f, t, i, i, ii, 1, by_ii, turned);
        add_slope(f, t, z, a, za, 1, of.C, turned);
        add_slope(f, t, z, i, zi, 1, of.B, turned);
    }
    return ordpar_mixture_tilts_sum(f, t, value, turned);
}

/* Four fields i, j, a and b, and what becomes of their derivatives. */
typedef struct {
    const ordpar_fields *fields;
    size_t field[FOUR];
    double c[FOUR * FOUR], slopes[FOUR * FOUR];
    bool wanted;
} four;

static const ordpar_ramp *ramp_of(const four *f, size_t k) {
    return ordpar_fields_activation(f->fields, f->field[k])->ramp;
}

/* The roles of r, or, if that is NULL, where a and b are bumps. */
static double bumps_of_two(four *f, const roles *r) {
    double work[ORDPAR_MIXTURE_WEIGHT_WORK(FOUR)], slopes[FOUR * FOUR], sum = 0;
    const ordpar_ramp *g = f->fields->g->ramp;
    const size_t first = r ? r->first : 2;
    const size_t second = r ? r->second : f->field[2] == f->field[3] ? 2 : 3;
    ordpar_mixture_weight weight;
    ordpar_mixture_tilts t;
    ordpar_gaussian_terms of_first, of_second;
    set_bumps(ramp_of(f, first), false, &of_first);
    set_bumps(r ? g : ramp_of(f, second), r, &of_second);
    ordpar_mixture_weight_set(&weight, &of_first, &of_second, FOUR, f->c, first, second, f->wanted,
                              work);
    for (size_t next = 0; ordpar_mixture_tilts_next(&weight, &next, &t);)
        sum += r ? add_ramp_and_step(&weight, &t, g, r) : add_slopes_of_students(&weight, &t, g);
    if (f->wanted)
        ordpar_mixture_weight_pull_back(&weight, slopes);
    for (size_t k = 0; k < FOUR * FOUR && f->wanted; k++)
        f->slopes[k] += slopes[k];
    return sum;
}

/* A pair of fields a and b; adds factor times it to the gradient. */
static double bumps_of_pair(const ordpar_fields *fields, const double *c, const size_t field[FOUR],
                            double factor, double *gradient) {
    const size_t n = fields->n;
    four f = {.fields = fields, .wanted = gradient};
    for (size_t k = 0; k < FOUR; k++) {
        f.field[k] = field[k];
        for (size_t l = 0; l < FOUR; l++)
            f.c[k * FOUR + l] = c[field[k] * n + field[l]];
    }
    double sum = bumps_of_two(&f, NULL);
    for (size_t slope = 0; slope < 2; slope++)
        for (size_t other = 2; other < FOUR; other++) {
            const roles r = {other, slope, 5 - other, 1 - slope, ramp_of(&f, 5 - other)};
            sum += bumps_of_two(&f, &r);
        }
    for (size_t k = 0; k < FOUR && gradient; k++)
        for (size_t l = 0; l < FOUR; l++)
            gradient[field[k] * n + field[l]] += factor * f.slopes[k * FOUR + l];
    return factor * sum;
}

/* [12.20] */
double ordpar_ramp_bumps(const ordpar_fields *fields, const double *c, const double *u, size_t i,
                         size_t j, double *gradient, double *work) {
    double sum = bumps_of_slopes(fields, c, u, i, j, gradient, work);
    for (size_t a = 0; a < fields->n; a++)
        for (size_t b = 0; b <= a && u[a] != 0; b++)
            if (u[b] != 0 && ordpar_ramps_of(fields, a, b))
                sum += bumps_of_pair(fields, c, (const size_t[FOUR]){i, j, a, b},
                                     (a == b ? 1 : 2) * u[a] * u[b], gradient);
    return sum;
}
