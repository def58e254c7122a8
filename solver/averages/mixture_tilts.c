// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/mixture_tilts.h"

#include "base/vectorise.h"
#include "solver/averages/long_number.h"
#include "solver/averages/polynomial.h"

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_MIXTURE_LANES };

void ordpar_mixture_slope_terms(const ordpar_activation *g, ordpar_gaussian_terms *terms) {
    const ordpar_mixture *m = g->mixture;
    terms->count = m->terms;
    for (size_t k = 0; k < m->terms; k++) {
        terms->height[k] = sqrt(M_2_PI) * m->a[k] * m->s[k];
        terms->square[k] = m->s[k] * m->s[k];
    }
    if (!g->polynomial || g->polynomial->a[1] == 0)
        return;
    terms->height[terms->count] = g->polynomial->a[1];
    terms->square[terms->count++] = 0;
}

static void set_minors(ordpar_mixture_weight *f) {
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

void ordpar_mixture_weight_set(ordpar_mixture_weight *f, const ordpar_gaussian_terms *first,
                               const ordpar_gaussian_terms *second, size_t n, const double *c,
                               size_t i, size_t j, bool slopes, double *work) {
    const size_t size = n * n;
    *f = (ordpar_mixture_weight){.first = first,
                                 .second = second,
                                 .n = n,
                                 .i = i,
                                 .j = j,
                                 .c = c,
                                 .by_i = work,
                                 .by_j = work + size,
                                 .by_ij = work + 2 * size,
                                 .slope = slopes ? work + 3 * size : NULL,
                                 .rows = work + 7 * size};
    set_minors(f);
    if (slopes)
        memset(f->slope, 0, 4 * size * sizeof *f->slope);
}

size_t ordpar_mixture_tilts_next(const ordpar_mixture_weight *f, size_t *next,
                                 ordpar_mixture_tilts *t) {
    const ordpar_gaussian_terms *x = f->first, *y = f->second;
    size_t lane = 0;
    for (; *next < x->count * y->count && lane < LANES; (*next)++) {
        const size_t k = *next / y->count, l = *next % y->count;
        if (f->i == f->j && l > k)
            continue;
        t->k[lane] = x->square[k];
        t->l[lane] = y->square[l];
        t->weight[lane] = x->height[k] * y->height[l] * (f->i == f->j && l != k ? 2 : 1);
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
ORDPAR_VECTORISED_VOID(extern, ordpar_mixture_tilted,
                       (const ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t a,
                        size_t b, double out[LANES]),
                       (f, t, a, b, out)) {
    const size_t at = a * f->n + b;
    const double c = f->c[at], by_i = f->by_i[at], by_j = f->by_j[at], by_ij = f->by_ij[at];
#pragma omp simd
    for (size_t m = 0; m < LANES; m++)
        out[m] = (c + t->k[m] * by_i + t->l[m] * (by_j + t->k[m] * by_ij)) * t->inverse[m];
}

void ordpar_mixture_add_slope(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t a,
                              size_t b, const double by[LANES]) {
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

double ordpar_mixture_tilts_sum(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t,
                                const double average[LANES], const double turned[LANES]) {
    double sum = 0;
    for (size_t m = 0; m < LANES; m++) {
        const double own = t->weight[m] * average[m];
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
static void pull_back_both(ordpar_mixture_weight *f, const double *S, double *y, double *gradient) {
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

void ordpar_mixture_weight_pull_back(ordpar_mixture_weight *f, double *gradient) {
    double *y = f->rows;
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
