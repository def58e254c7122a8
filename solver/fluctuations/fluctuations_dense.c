// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.1, 19.4] The covariance of all overlaps and the shift of their mean, forwards. */
#include "solver/fluctuations/fluctuations_internal.h"

#include "base/kernels.h"

#include <cblas.h>
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
    double *V, *C;      /* [S][size], [S][S] moments of the covariance */
    double *W, *own;    /* [size][R], [S*S][L] */
    double *rows;       /* [done][size] covariances of the overlaps with each earlier row's eps_g */
    size_t done;        /* how many of them */
    double *scratch;    /* of a step of all columns */
} forward;

/* x <- R x R^T, of a symmetric x. */
static void step_both(forward *f, double *x) {
    for (int side = 0; side < 2; side++) {
        ordpar_linearised_step(f->l, false, f->size, x, f->scratch);
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
    const size_t S = s->S, R = s->R, L = s->L, size = f->size;
    double *part = f->scratch; /* [size][R] */
    ordpar_step_noise_rows(s, f->W, f->own);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)size, (int)R, (int)R, 1, f->W,
                (int)R, s->kernel, (int)R, 0, part, (int)R);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)size, (int)size, (int)R, 1, part,
                (int)R, f->W, (int)R, 0, f->noise, (int)size);
    for (size_t k = 0; k < S * S; k++)
        for (size_t b = 0; b < L; b++)
            f->noise[(k / S * L + b) * size + k % S * L + b] += f->own[k * L + b];
}

/* V = covariance S^T, C = S V. */
static void set_moments(forward *f) {
    const size_t S = f->l->S, L = f->l->L;
    const double *lambda = f->l->spectrum->lambda;
    for (size_t p = 0; p < S; p++)
        for (size_t k = 0; k < f->size; k++)
            f->V[p * f->size + k] = ordpar_dot(L, lambda, f->covariance + k * f->size + p * L);
    for (size_t p = 0; p < S; p++)
        for (size_t q = 0; q < S; q++)
            f->C[q * S + p] = ordpar_dot(L, lambda, f->V + p * f->size + q * L);
}

/* [19.4] What moves the mean: the bent drift, f1, and what the drift makes of itself in a step. */
static ordpar_status set_source(forward *f, const ordpar_overlaps *state, ordpar_error *err) {
    ordpar_linearised *l = f->l;
    const size_t S = l->S, L = l->L;
    double *moved = f->scratch;
    set_moments(f);
    const ordpar_status status = ordpar_linearised_curvature(l, state, f->V, f->C, f->source, err);
    ordpar_linearised_moment(l, l->rate, moved);
    ordpar_step_noise_drift(&l->noise, l->spectrum->lambda, f->source);
    for (size_t k = 0; k < S * S; k++)
        for (size_t b = 0; b < L; b++)
            f->source[k / S * L + b] -=
                (l->J[k * L + b] * l->rate[k % S * L + b] + l->U[k * L + b] * moved[k % S]) / 2;
    return status;
}

/* [19.7] What of a row's eps_g is still to be seen decays as all else does. */
static void step_rows(forward *f) {
    if (f->rows && f->done)
        ordpar_linearised_step(f->l, false, f->done, f->rows, f->scratch);
}

/* [19.7] */
static void add_row(forward *f, size_t row, const double *gradient, double *m) {
    const size_t S = f->l->S, count = f->pass->count;
    double *covariance = f->pass->problem->covariance, *own = f->rows + row * f->size;
    memset(own, 0, f->size * sizeof *own);
    for (size_t p = 0; p < S; p++)
        ordpar_add_scaled(f->size, gradient[p], f->V + p * f->size, true, own);
    f->done = row + 1;
    for (size_t k = 0; k <= row; k++) {
        ordpar_linearised_moment(f->l, f->rows + k * f->size, m);
        covariance[row * count + k] = covariance[k * count + row] = ordpar_dot(S, gradient, m);
    }
}

static ordpar_status pass_step(forward *f, const ordpar_overlaps *state,
                               const ordpar_fluctuation_event *event, ordpar_error *err) {
    const double h = event->h;
    const size_t square = f->size * f->size;
    ordpar_linearised *l = f->l;
    ordpar_status status = ordpar_linearised_set(l, state, event->alpha, err);
    if (status || (status = ordpar_linearised_prepare(l, h / 2, err)))
        return status;
    step_both(f, f->covariance);
    step_rows(f);
    ordpar_linearised_step(l, false, 1, f->mean, f->scratch);
    set_noise(f);
    ordpar_add_scaled(square, h / 2, f->noise, true, f->covariance);
    if ((status = set_source(f, state, err)))
        return status;
    ordpar_add_scaled(square, h / 2, f->noise, true, f->covariance);
    ordpar_add_scaled(f->size, h, f->source, true, f->mean);
    step_both(f, f->covariance);
    step_rows(f);
    ordpar_linearised_step(l, false, 1, f->mean, f->scratch);
    return ORDPAR_OK;
}

static ordpar_status finish_row(forward *f, const ordpar_overlaps *state, size_t row, double alpha,
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
        if (f->rows)
            add_row(f, row, gradient, m);
        f->pass->variance[row] = variance;
        f->pass->shift[row] = shift;
    }
    free(gradient);
    return status;
}

static ordpar_status see(void *context, size_t row, double alpha, double eps_g,
                         const ordpar_overlaps *state, ordpar_error *err) {
    forward *f = context;
    const ordpar_fluctuation_event *event = f->pass->events->event + row;
    (void)eps_g;
    return event->h > 0 ? pass_step(f, state, event, err)
                        : finish_row(f, state, event->row, alpha, err);
}

ordpar_status ordpar_fluctuation_dense(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                       ordpar_error *err) {
    const size_t S = l->S, size = S * l->L, R = l->noise.R;
    const size_t rows = pass->problem->covariance ? pass->count : 0;
    const size_t step = ordpar_linearised_step_scratch(l, size > rows ? size : rows);
    const size_t scratch = step > size * R ? step : size * R;
    double *all =
        calloc(2 * size * size + size * (2 + 2 * S + R + rows) + S * S + scratch, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the covariance of %zu overlaps",
                           size);
    forward f = {.pass = pass, .l = l, .size = size, .covariance = all};
    f.noise = all + size * size;
    f.mean = f.noise + size * size;
    f.source = f.mean + size;
    f.V = f.source + size;
    f.own = f.V + size * S;
    f.W = f.own + size * S;
    f.C = f.W + size * R;
    f.scratch = f.C + S * S;
    f.rows = rows ? f.scratch + scratch : NULL;
    const ordpar_status status = ordpar_fluctuation_follow(pass, see, &f, err);
    free(all);
    return status;
}
