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

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_MIXTURE_LANES, MOST = ORDPAR_MIXTURE_MOST };

/* The minors of all fields with the weight's two, and what becomes of their derivatives. */
typedef struct {
    const ordpar_fields *fields;
    size_t tilts; /* of a factor: Gaussian terms of g', and what is constant of it, s = 0 */
    double a[MOST + 1], s[MOST + 1], square[MOST + 1];
    bool polynomials; /* somewhere */
    size_t n, i, j;
    const double *c, *u;
    double *by_i, *by_j, *by_ij; /* [n*n] c^i, c^j, c^ij */
    double det;                  /* c_ii c_jj - c_ij^2 */
    double *slope;               /* NULL, or [4][n*n]: by c, c^i, c^j and c^ij */
    double slope_i, slope_j, slope_det;
    ordpar_mixture_field *field; /* [n] of those that are mixtures, the first erfs */
    ordpar_mixture_means *means; /* [n] where there are polynomials */
    size_t erfs;
} problem;

static const ordpar_mixture *mixture_of(const problem *f, size_t a) {
    return ordpar_fields_activation(f->fields, a)->mixture;
}

static void set_tilts(problem *f) {
    const ordpar_activation *g = f->fields->g;
    const ordpar_mixture *m = g->mixture;
    f->tilts = m->terms;
    for (size_t k = 0; k < m->terms; k++) {
        f->a[k] = m->a[k];
        f->s[k] = m->s[k];
        f->square[k] = m->s[k] * m->s[k];
    }
    if (!g->polynomial || g->polynomial->a[1] == 0)
        return;
    f->a[f->tilts] = g->polynomial->a[1] * sqrt(M_PI_2);
    f->s[f->tilts] = 1;
    f->square[f->tilts++] = 0;
}

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
    const size_t terms = f->tilts;
    size_t lane = 0;
    for (; *next < terms * terms && lane < LANES; (*next)++) {
        const size_t k = *next / terms, l = *next % terms;
        if (f->i == f->j && l > k)
            continue;
        t->k[lane] = f->square[k];
        t->l[lane] = f->square[l];
        t->weight[lane] =
            M_2_PI * f->a[k] * f->s[k] * f->a[l] * f->s[l] * (f->i == f->j && l != k ? 2 : 1);
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

/* Sets what the averages of two fields need of each; returns the sum of u g's constant. */
static double set_fields(problem *f, const tilts *t) {
    double students = 0, teachers = 0;
    for (size_t a = 0; a < f->n; a++) {
        const ordpar_activation *g = ordpar_fields_activation(f->fields, a);
        double variance[LANES];
        tilted(f, t, a, a, variance);
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
        ordpar_mixture_lanes_gg(g, h, &f->field[a], &f->field[b], c_ab, f->slope != NULL, average);
    else
        *average = (ordpar_mixture_lanes){0};
    if (f->polynomials)
        ordpar_mixture_means_add(&f->means[a], &f->means[b], c_ab, average);
}

/* The derivatives of a pair's average, which stands in the error times factor. */
static void add_slopes(problem *f, const tilts *t, size_t a, size_t b, double factor,
                       const double *c_ab, const ordpar_mixture_lanes *average, double *turned) {
    double by[3][LANES], c_aa[LANES], c_bb[LANES];
    tilted(f, t, a, a, c_aa);
    tilted(f, t, b, b, c_bb);
    for (size_t m = 0; m < LANES; m++) {
        const double w = factor * t->weight[m];
        by[0][m] = w * average->d_aa[m];
        by[1][m] = w * average->d_ab[m];
        by[2][m] = w * average->d_bb[m];
        turned[m] += by[0][m] * c_aa[m] + by[1][m] * c_ab[m] + by[2][m] * c_bb[m];
    }
    add_slope(f, t, a, a, by[0]);
    add_slope(f, t, a, b, by[1]);
    add_slope(f, t, b, b, by[2]);
}

/* The error under the tilts, times their weights; with the derivatives. */
static double add_block(problem *f, const tilts *t) {
    double error[LANES] = {0}, turned[LANES] = {0}, sum = 0;
    const double constant = set_fields(f, t);
    for (size_t a = 0; a < f->n; a++)
        for (size_t b = 0; b <= a; b++) {
            const double factor = M_2_PI * (a == b ? 1 : 2) * f->u[a] * f->u[b];
            double c_ab[LANES];
            ordpar_mixture_lanes average;
            if (factor == 0)
                continue;
            tilted(f, t, a, b, c_ab);
            average_pair(f, a, b, c_ab, &average);
            for (size_t m = 0; m < LANES; m++)
                error[m] += factor * average.value[m];
            if (f->slope)
                add_slopes(f, t, a, b, factor, c_ab, &average, turned);
        }
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

static const size_t per_field = (sizeof(ordpar_mixture_field) + 7) / 8,
                    per_means = (sizeof(ordpar_mixture_means) + 7) / 8;

size_t ordpar_mixture_work(size_t n) {
    return 7 * n * n + 2 * n + n * (per_field + per_means);
}

/* [2.10] */
double ordpar_mixtures_squared_error_dg_dg(const ordpar_fields *fields, const double *c,
                                           const double *u, size_t i, size_t j, double *gradient,
                                           double *work) {
    const size_t n = fields->n, size = n * n;
    problem f = {.fields = fields,
                 .polynomials = fields->g->polynomial || fields->h->polynomial,
                 .n = n,
                 .i = i,
                 .j = j,
                 .c = c,
                 .u = u,
                 .by_i = work,
                 .by_j = work + size,
                 .by_ij = work + 2 * size,
                 .slope = gradient ? work + 3 * size : NULL,
                 .field = (ordpar_mixture_field *)(work + 7 * size + 2 * n),
                 .means = (ordpar_mixture_means *)(work + 7 * size + 2 * n + n * per_field),
                 .erfs = fields->h->mixture ? n : fields->K};
    double sum = 0;
    tilts t;
    set_tilts(&f);
    set_minors(&f);
    if (gradient)
        memset(f.slope, 0, 4 * size * sizeof *f.slope);
    for (size_t next = 0; next_tilts(&f, &next, &t);)
        sum += add_block(&f, &t);
    if (gradient)
        pull_back(&f, work + 7 * size, gradient);
    return sum;
}

double ordpar_mixture_squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work) {
    const ordpar_fields fields = {self, self, n, n};
    return ordpar_mixtures_squared_error_dg_dg(&fields, c, u, i, j, gradient, work);
}
