// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * E[(sum u g)^2 g'(z_i) g'(z_j)] of a mixture. Each pair (k, l) of terms of the two factors tilts
 * the covariance, to [2.11]
 *     c~ = (c + s_k^2 c^i + s_l^2 c^j + s_k^2 s_l^2 c^ij) / D,
 * with the minors c^i_ab = c_ii c_ab - c_ia c_ib and c^ij_ab of the fields (i, j, a | i, j, b),
 * which are made once. Eight such pairs stand side by side in the lanes of a vector.
 */
#include "base/vectorise.h"
#include "solver/averages/mixture_internal.h"

#include <string.h>

enum { LANES = ORDPAR_MIXTURE_LANES, MOST = ORDPAR_MIXTURE_MOST };

/* The minors of all fields with the weight's two, and what becomes of their derivatives. */
typedef struct {
    const ordpar_mixture *g;
    size_t n, i, j;
    const double *c, *u;
    double *by_i, *by_j, *by_ij; /* [n*n] c^i, c^j, c^ij */
    double det;                  /* c_ii c_jj - c_ij^2 */
    double *slope;               /* NULL, or [4][n*n]: by c, c^i, c^j and c^ij */
    double slope_i, slope_j, slope_det;
    ordpar_mixture_field *field; /* [n] */
} problem;

static void set_minors(problem *f) {
    const size_t n = f->n, i = f->i, j = f->j;
    const double *c = f->c, c_ii = c[i * n + i], c_jj = c[j * n + j], c_ij = c[i * n + j];
    const ordpar_long ii = ordpar_long_of(c_ii), jj = ordpar_long_of(c_jj),
                      ij = ordpar_long_of(c_ij);
    const ordpar_long det = ordpar_long_minor(ii, jj, ij, ij);
    f->det = det.high;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            const ordpar_long ab = ordpar_long_of(c[a * n + b]);
            const ordpar_long ia = ordpar_long_of(c[i * n + a]), ib = ordpar_long_of(c[i * n + b]);
            const ordpar_long ja = ordpar_long_of(c[j * n + a]), jb = ordpar_long_of(c[j * n + b]);
            const ordpar_long of_i = ordpar_long_minor(ii, ab, ia, ib);
            const ordpar_long x = ordpar_long_minor(ii, ja, ij, ia);
            const ordpar_long y = ordpar_long_minor(ii, jb, ij, ib);
            const double both = ordpar_long_minor(det, of_i, x, y).high;
            f->by_i[a * n + b] = f->by_i[b * n + a] = of_i.high;
            f->by_j[a * n + b] = f->by_j[b * n + a] = ordpar_long_minor(jj, ab, ja, jb).high;
            f->by_ij[a * n + b] = f->by_ij[b * n + a] = c_ii > 0 ? both / c_ii : 0; /* Sylvester */
        }
}

/* Eight pairs of terms (k, l). */
typedef struct {
    double k[LANES], l[LANES]; /* s_k^2, s_l^2 */
    double inverse[LANES];     /* 1/D */
    double weight[LANES];      /* (2/pi) of the factors; 0: nobody is in the lane */
} tilts;

/* Fills the lanes with pairs from number *next on; those of one field are counted twice. */
static size_t next_tilts(const problem *f, size_t *next, tilts *t) {
    const ordpar_mixture *g = f->g;
    const size_t terms = g->terms;
    size_t lane = 0;
    for (; *next < terms * terms && lane < LANES; (*next)++) {
        const size_t k = *next / terms, l = *next % terms;
        if (f->i == f->j && l > k)
            continue;
        t->k[lane] = g->s[k] * g->s[k];
        t->l[lane] = g->s[l] * g->s[l];
        t->weight[lane] =
            M_2_PI * g->a[k] * g->s[k] * g->a[l] * g->s[l] * (f->i == f->j && l != k ? 2 : 1);
        lane++;
    }
    const size_t taken = lane;
    for (; lane < LANES && taken; lane++) {
        t->k[lane] = t->k[0];
        t->l[lane] = t->l[0];
        t->weight[lane] = 0;
    }
    const double c_ii = f->c[f->i * (f->n + 1)], c_jj = f->c[f->j * (f->n + 1)];
    for (lane = 0; lane < LANES && taken; lane++) {
        const double k = t->k[lane], l = t->l[lane];
        t->inverse[lane] = 1 / (1 + k * c_ii + l * c_jj + k * l * f->det);
        t->weight[lane] *= sqrt(t->inverse[lane]);
    }
    return taken;
}

/* [2.11] */
ORDPAR_VECTORISED_VOID(static, tilted,
                       (const problem *f, const tilts *t, size_t a, size_t b, double *out),
                       (f, t, a, b, out)) {
    const size_t at = a * f->n + b;
    const double c = f->c[at], by_i = f->by_i[at], by_j = f->by_j[at], by_ij = f->by_ij[at];
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        out[m] = (c + t->k[m] * by_i + t->l[m] * (by_j + t->k[m] * by_ij)) * t->inverse[m];
}

/* Adds the derivatives of one entry c~_ab, times factor, to those of the minors. */
static void add_slope(problem *f, const tilts *t, size_t a, size_t b, const double *by) {
    double sum[4] = {0};
    for (size_t m = 0; m < LANES; m++) {
        const double own = by[m] * t->inverse[m];
        sum[0] += own;
        sum[1] += own * t->k[m];
        sum[2] += own * t->l[m];
        sum[3] += own * t->k[m] * t->l[m];
    }
    const size_t size = f->n * f->n;
    for (size_t part = 0; part < 4; part++) { /* an off-diagonal entry stands twice */
        f->slope[part * size + a * f->n + b] += sum[part] / 2;
        f->slope[part * size + b * f->n + a] += sum[part] / 2;
    }
}

/* The error under the tilts, times their weights; with the derivatives. */
static double add_block(problem *f, const tilts *t) {
    const size_t n = f->n;
    double error[LANES] = {0}, turned[LANES] = {0}, outputs = 0, sum = 0;
    for (size_t a = 0; a < n; a++) {
        double variance[LANES];
        outputs += f->u[a];
        tilted(f, t, a, a, variance);
        ordpar_mixture_field_set(&f->field[a], f->g, variance);
    }
    ordpar_mixture_fields_finish(n, f->field);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            const double factor = M_2_PI * (a == b ? 1 : 2) * f->u[a] * f->u[b];
            double c_ab[LANES];
            ordpar_mixture_lanes average;
            if (factor == 0)
                continue;
            tilted(f, t, a, b, c_ab);
            ordpar_mixture_lanes_gg(f->g, &f->field[a], &f->field[b], c_ab, f->slope != NULL,
                                    &average);
            for (size_t m = 0; m < LANES; m++)
                error[m] += factor * average.value[m];
            if (!f->slope)
                continue;
            double by[3][LANES];
            for (size_t m = 0; m < LANES; m++) {
                const double w = factor * t->weight[m];
                by[0][m] = w * average.d_aa[m];
                by[1][m] = w * average.d_ab[m];
                by[2][m] = w * average.d_bb[m];
                turned[m] += by[0][m] * f->field[a].variance[m] + by[1][m] * c_ab[m] +
                             by[2][m] * f->field[b].variance[m];
            }
            add_slope(f, t, a, a, by[0]);
            add_slope(f, t, a, b, by[1]);
            add_slope(f, t, b, b, by[2]);
        }
    const double constant = f->g->constant * outputs;
    for (size_t m = 0; m < LANES; m++) {
        const double own = t->weight[m] * (constant * constant + error[m]);
        const double by_D = -t->inverse[m] * (turned[m] + own / 2);
        sum += own;
        f->slope_i += by_D * t->k[m];
        f->slope_j += by_D * t->l[m];
        f->slope_det += by_D * t->k[m] * t->l[m];
    }
    return sum;
}

/* y = S c_i, and sum_ab S_ab c_ab. */
static double contract(size_t n, const double *S, const double *c, size_t i, double *y) {
    double all = 0;
    for (size_t a = 0; a < n; a++) {
        y[a] = 0;
        for (size_t b = 0; b < n; b++) {
            y[a] += S[a * n + b] * c[i * n + b];
            all += S[a * n + b] * c[a * n + b];
        }
    }
    return all;
}

static double product(size_t n, const double *x, const double *y) {
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        sum += x[a] * y[a];
    return sum;
}

/* factor dc_ia for all a, each half in either place. */
static void add_row(size_t n, size_t i, double factor, const double *x, double *gradient) {
    for (size_t a = 0; a < n; a++) {
        gradient[i * n + a] += factor * x[a] / 2;
        gradient[a * n + i] += factor * x[a] / 2;
    }
}

/* From the minors c^i back to c. */
static void pull_back_minor(size_t n, const double *c, size_t i, const double *S, double *y,
                            double *gradient) {
    gradient[i * n + i] += contract(n, S, c, i, y);
    for (size_t k = 0; k < n * n; k++)
        gradient[k] += c[i * n + i] * S[k];
    add_row(n, i, -2, y, gradient);
}

/* From c^ij, c^ij_ab = det c_ab - c_jj c_ia c_ib + c_ij (c_ia c_jb + c_ja c_ib) - c_ii c_ja c_jb.
 */
static void pull_back_both(problem *f, const double *S, double *y, double *gradient) {
    const size_t n = f->n, i = f->i, j = f->j;
    const double *c = f->c, c_ii = c[i * n + i], c_jj = c[j * n + j], c_ij = c[i * n + j];
    double *y_i = y, *y_j = y + n;
    f->slope_det += contract(n, S, c, i, y_i);
    contract(n, S, c, j, y_j);
    for (size_t k = 0; k < n * n; k++)
        gradient[k] += f->det * S[k];
    gradient[i * n + i] -= product(n, c + j * n, y_j);
    gradient[j * n + j] -= product(n, c + i * n, y_i);
    gradient[i * n + j] += product(n, c + i * n, y_j);
    gradient[j * n + i] += product(n, c + i * n, y_j);
    add_row(n, i, -2 * c_jj, y_i, gradient);
    add_row(n, i, 2 * c_ij, y_j, gradient);
    add_row(n, j, -2 * c_ii, y_j, gradient);
    add_row(n, j, 2 * c_ij, y_i, gradient);
}

static void pull_back(problem *f, double *y, double *gradient) {
    const size_t n = f->n, i = f->i, j = f->j;
    const double c_ij = f->c[i * n + j];
    memcpy(gradient, f->slope, n * n * sizeof *gradient);
    pull_back_minor(n, f->c, i, f->slope + n * n, y, gradient);
    pull_back_minor(n, f->c, j, f->slope + 2 * n * n, y, gradient);
    pull_back_both(f, f->slope + 3 * n * n, y, gradient);
    gradient[i * n + i] += f->slope_i + f->slope_det * f->c[j * n + j];
    gradient[j * n + j] += f->slope_j + f->slope_det * f->c[i * n + i];
    gradient[i * n + j] -= f->slope_det * c_ij;
    gradient[j * n + i] -= f->slope_det * c_ij;
}

size_t ordpar_mixture_work(size_t n) {
    return 7 * n * n + 2 * n + n * ((sizeof(ordpar_mixture_field) + 7) / 8);
}

/* [2.10] */
double ordpar_mixture_squared_error_dg_dg(const ordpar_mixture *g, size_t n, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work) {
    const size_t size = n * n;
    problem f = {.g = g,
                 .n = n,
                 .i = i,
                 .j = j,
                 .c = c,
                 .u = u,
                 .by_i = work,
                 .by_j = work + size,
                 .by_ij = work + 2 * size,
                 .slope = gradient ? work + 3 * size : NULL,
                 .field = (ordpar_mixture_field *)(work + 7 * size + 2 * n)};
    double sum = 0;
    tilts t;
    set_minors(&f);
    if (gradient)
        memset(f.slope, 0, 4 * size * sizeof *f.slope);
    for (size_t next = 0; next_tilts(&f, &next, &t);)
        sum += add_block(&f, &t);
    if (gradient)
        pull_back(&f, work + 7 * size, gradient);
    return sum;
}
