// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.1, 19.4] The covariance of all overlaps and the shift of their mean, forwards. */
#include "solver/fluctuations/fluctuations_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_fluctuation_pass *pass;
    ordpar_linearised *l;
    size_t size;        /* S*L */
    double *covariance; /* [size][size] N times */
    double *noise;      /* [size][size] */
    double *mean;       /* [size] N times the shift of the overlaps */
    double *source;     /* [size] */
    double *V, *C;      /* [size][S], [S][S] moments of the covariance */
    size_t row;
} forward;

/* x <- R x R^T, of a symmetric x. */
static void step_both(forward *f, double *x) {
    for (int side = 0; side < 2; side++) {
        for (size_t k = 0; k < f->size; k++)
            ordpar_linearised_step(f->l, false, x + k * f->size);
        for (size_t k = 0; k < f->size; k++)
            for (size_t j = 0; j < k; j++) {
                const double kept = x[k * f->size + j];
                x[k * f->size + j] = x[j * f->size + k];
                x[j * f->size + k] = kept;
            }
    }
}

static void set_noise(forward *f) {
    const ordpar_step_noise *s = &f->l->noise;
    const size_t S = s->S, R = s->R, size = f->size;
    memset(f->noise, 0, size * size * sizeof *f->noise);
    for (size_t k = 0; k < size; k++) {
        double *row = f->noise + k * size, *part = f->V; /* scratch: R numbers */
        memset(part, 0, R * sizeof *part);
        for (size_t r = 0; r < R; r++)
            for (size_t t = 0; t < R; t++)
                part[t] += s->W[k * R + r] * s->kernel[r * R + t];
        for (size_t j = 0; j < size; j++)
            for (size_t t = 0; t < R; t++)
                row[j] += part[t] * s->W[j * R + t];
        for (size_t j = 0; j < S; j++)
            row[k / S * S + j] += s->own[k * S + j];
    }
}

/* V = covariance S^T, C = S V. */
static void set_moments(forward *f) {
    for (size_t k = 0; k < f->size; k++)
        ordpar_linearised_moment(f->l, f->covariance + k * f->size, f->V + k * f->l->S);
    memset(f->C, 0, f->l->S * f->l->S * sizeof *f->C);
    for (size_t k = 0; k < f->size; k++)
        for (size_t p = 0; p < f->l->S; p++)
            f->C[k % f->l->S * f->l->S + p] +=
                f->l->spectrum->lambda[k / f->l->S] * f->V[k * f->l->S + p];
}

/* [19.4] What moves the mean: the bent drift, f1, and what the drift makes of itself in a step. */
static ordpar_status set_source(forward *f, const ordpar_overlaps *state, ordpar_error *err) {
    ordpar_linearised *l = f->l;
    const size_t S = l->S;
    double *moved = l->scratch;
    set_moments(f);
    const ordpar_status status = ordpar_linearised_curvature(l, state, f->V, f->C, f->source, err);
    ordpar_linearised_moment(l, l->rate, moved);
    for (size_t k = 0; k < f->size; k++) {
        f->source[k] += l->noise.f1[k];
        for (size_t j = 0; j < S; j++)
            f->source[k] -=
                (l->J[k * S + j] * l->rate[k / S * S + j] + l->U[k * S + j] * moved[j]) / 2;
    }
    return status;
}

static void add(size_t count, double factor, const double *x, double *y) {
    for (size_t k = 0; k < count; k++)
        y[k] += factor * x[k];
}

static ordpar_status pass_step(forward *f, const ordpar_overlaps *state, size_t step,
                               ordpar_error *err) {
    const double h = f->pass->steps->h[step];
    const size_t square = f->size * f->size;
    ordpar_linearised *l = f->l;
    ordpar_status status =
        ordpar_linearised_set(l, state, f->pass->steps->alpha[step] + h / 2, err);
    if (status || (status = ordpar_linearised_prepare(l, h / 2, err)))
        return status;
    step_both(f, f->covariance);
    ordpar_linearised_step(l, false, f->mean);
    set_noise(f);
    add(square, h / 2, f->noise, f->covariance);
    if ((status = set_source(f, state, err)))
        return status;
    add(square, h / 2, f->noise, f->covariance);
    add(f->size, h, f->source, f->mean);
    step_both(f, f->covariance);
    ordpar_linearised_step(l, false, f->mean);
    return ORDPAR_OK;
}

static ordpar_status finish_row(forward *f, const ordpar_overlaps *state, double alpha,
                                ordpar_error *err) {
    ordpar_linearised *l = f->l;
    const size_t S = l->S;
    double *gradient = malloc((S * S + 2 * S) * sizeof *gradient), *hessian = gradient + S;
    if (!gradient)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", l->K);
    const ordpar_status status = ordpar_linearised_set(l, state, alpha, err);
    if (!status) {
        double *m = hessian + S * S, variance = 0, shift = 0;
        ordpar_linearised_error(l, gradient, hessian);
        ordpar_linearised_moment(l, f->mean, m);
        set_moments(f);
        for (size_t p = 0; p < S; p++) {
            shift += gradient[p] * m[p];
            for (size_t q = 0; q < S; q++) {
                variance += gradient[p] * f->C[p * S + q] * gradient[q];
                shift += hessian[p * S + q] * f->C[p * S + q] / 2;
            }
        }
        f->pass->variance[f->row] = variance;
        f->pass->shift[f->row++] = shift;
    }
    free(gradient);
    return status;
}

static ordpar_status see(void *context, size_t row, double alpha, double eps_g,
                         const ordpar_overlaps *state, ordpar_error *err) {
    forward *f = context;
    const ordpar_fluctuation_pass *p = f->pass;
    (void)eps_g;
    if (row % 2 == 0)
        return pass_step(f, state, row / 2, err);
    while (f->row < p->count && p->alpha[f->row] <= 0)
        f->row++;
    return f->row < p->count && alpha >= p->alpha[f->row] ? finish_row(f, state, alpha, err)
                                                          : ORDPAR_OK;
}

ordpar_status ordpar_fluctuation_dense(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                       ordpar_error *err) {
    const size_t size = l->S * l->L, widest = size * l->S > l->noise.R ? size * l->S : l->noise.R;
    double *all = calloc(2 * size * size + 2 * size + widest + l->S * l->S, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the covariance of %zu overlaps",
                           size);
    forward f = {.pass = pass, .l = l, .size = size, .covariance = all};
    f.noise = all + size * size;
    f.mean = f.noise + size * size;
    f.source = f.mean + size;
    f.V = f.source + size;
    f.C = f.V + widest;
    const ordpar_status status = ordpar_fluctuation_follow(pass, see, &f, err);
    free(all);
    return status;
}
