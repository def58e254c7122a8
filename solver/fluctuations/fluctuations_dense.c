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
    size_t size;        /* of a vector */
    double *covariance; /* [size][size] N times */
    double *noise;      /* [size][size] */
    double *mean;       /* [size] N times the shift of the overlaps */
    double *source;     /* [size] */
    double *V, *C;      /* [G][size], [G][G] covariances with g, of g */
    double *W, *own;    /* [size][R], [S*S][L] */
    double *rows;       /* [done][size] covariances of the overlaps with each earlier row's eps_g */
    size_t done;        /* how many of them */
    double *scratch;    /* of a step of all columns */
} forward;

/* x <- R x R^T, of a symmetric x. */
static void step_both(forward *f, double *x) {
    for (int side = 0; side < 2; side++) {
        ordpar_linearised_step(f->l, f->size, x, f->scratch);
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

/* The covariance is symmetric: V is what g makes of its rows. */
static void set_moments(forward *f) {
    const size_t G = f->l->G;
    double *g = f->C;
    for (size_t k = 0; k < f->size; k++) {
        ordpar_linearised_sums(f->l, f->covariance + k * f->size, g);
        for (size_t p = 0; p < G; p++)
            f->V[p * f->size + k] = g[p];
    }
    for (size_t p = 0; p < G; p++)
        ordpar_linearised_sums(f->l, f->V + p * f->size, f->C + p * G);
}

/* out = J x */
static void multiply(const ordpar_linearised *l, const double *x, double *g, double *out) {
    const size_t S = l->S, G = l->G, L = l->L;
    ordpar_linearised_sums(l, x, g);
    memset(out, 0, l->size * sizeof *out);
    for (size_t k = 0; k < S; k++) {
        for (size_t j = 0; j < S; j++)
            for (size_t b = 0; b < L; b++)
                out[k * L + b] += l->J[(k * S + j) * L + b] * x[j * L + b];
        for (size_t p = 0; p < G; p++)
            ordpar_add_scaled(L, g[p], l->U + (k * G + p) * L, true, out + k * L);
    }
    for (size_t k = 0; k < l->outputs; k++)
        out[S * L + k] = ordpar_dot(G, l->H + k * G, g);
}

/* source -= half of what the rate itself becomes in a step: J f and df/dalpha. */
static void subtract_motion(forward *f, const ordpar_overlaps *state,
                            const ordpar_fluctuation_event *event) {
    ordpar_linearised *l = f->l;
    const ordpar_training *t = &l->network->training;
    double *moved = f->scratch, *g = moved + f->size;
    multiply(l, l->rate, g, moved);
    ordpar_add_scaled(f->size, -0.5, moved, true, f->source);
    if (t->schedule.kind == ORDPAR_SCHEDULE_CONSTANT && t->momentum.weight == 0)
        return;
    for (int side = -1; side <= 1; side += 2) {
        ordpar_linearised_rate_at(l, state, event->alpha + side * event->h / 4, moved);
        ordpar_add_scaled(f->size, -side / event->h, moved, true, f->source);
    }
    ordpar_linearised_rate_at(l, state, event->alpha, moved);
}

/* [19.4, 19.9] What moves the mean: the bent drift, and what a step does beyond a small one. */
static ordpar_status set_source(forward *f, const ordpar_overlaps *state,
                                const ordpar_fluctuation_event *event, ordpar_error *err) {
    ordpar_linearised *l = f->l;
    const ordpar_step_rule rule = {l->network->training.weight_decay,
                                   l->flow.state->pushes ? l->flow.push : (ordpar_push){0, 0, 0}};
    set_moments(f);
    const ordpar_status status = ordpar_linearised_curvature(l, state, f->V, f->C, f->source, err);
    ordpar_step_noise_drift(&l->noise, l->spectrum->lambda, &rule, f->source);
    subtract_motion(f, state, event);
    return status;
}

/* [19.7] What of a row's eps_g is still to be seen decays as all else does. */
static void step_rows(forward *f) {
    if (f->rows && f->done)
        ordpar_linearised_step(f->l, f->done, f->rows, f->scratch);
}

/* [19.7] */
static void add_row(forward *f, size_t row, const double *gradient, double *g) {
    const size_t G = f->l->G, count = f->pass->count;
    double *covariance = f->pass->problem->covariance, *own = f->rows + row * f->size;
    memset(own, 0, f->size * sizeof *own);
    for (size_t p = 0; p < G; p++)
        ordpar_add_scaled(f->size, gradient[p], f->V + p * f->size, true, own);
    f->done = row + 1;
    for (size_t k = 0; k <= row; k++) {
        ordpar_linearised_sums(f->l, f->rows + k * f->size, g);
        covariance[row * count + k] = covariance[k * count + row] = ordpar_dot(G, gradient, g);
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
    ordpar_linearised_step(l, 1, f->mean, f->scratch);
    set_noise(f);
    ordpar_add_scaled(square, h / 2, f->noise, true, f->covariance);
    if ((status = set_source(f, state, event, err)))
        return status;
    ordpar_add_scaled(square, h / 2, f->noise, true, f->covariance);
    ordpar_add_scaled(f->size, h, f->source, true, f->mean);
    step_both(f, f->covariance);
    step_rows(f);
    ordpar_linearised_step(l, 1, f->mean, f->scratch);
    return ORDPAR_OK;
}

/* One curve of a row: work[G*G + 2 G]. What steps add is taken to be rounded as one is at the row,
 * and nothing to decay. */
static void finish_curve(forward *f, size_t row, size_t curve, double alpha, double *work) {
    ordpar_linearised *l = f->l;
    const size_t at = row * f->pass->curves + curve;
    const size_t G = l->G;
    double *gradient = work, *g = work + G, *hessian = g + G, variance = 0, shift = 0;
    ordpar_linearised_error(l, curve, gradient, hessian);
    ordpar_linearised_sums(l, f->mean, g);
    for (size_t p = 0; p < G; p++) {
        shift += gradient[p] * g[p];
        for (size_t q = 0; q < G; q++) {
            variance += gradient[p] * f->C[p * G + q] * gradient[q];
            shift += hessian[p * G + q] * f->C[p * G + q] / 2;
        }
    }
    if (f->rows && curve == 0)
        add_row(f, row, gradient, g);
    f->pass->variance[at] = variance;
    f->pass->shift[at] = shift;
    ordpar_fluctuation_gradient(l, gradient, f->source);
    ordpar_step_noise_square(&l->noise, f->source, alpha, &f->pass->rounding[at]);
}

static ordpar_status finish_row(forward *f, const ordpar_overlaps *state, size_t row, double alpha,
                                ordpar_error *err) {
    const size_t G = f->l->G;
    double *work = malloc((G * G + 2 * G) * sizeof *work);
    if (!work)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", f->l->K);
    const ordpar_status status = ordpar_linearised_set(f->l, state, alpha, err);
    if (!status) {
        set_moments(f);
        for (size_t curve = 0; curve < f->pass->curves; curve++)
            finish_curve(f, row, curve, alpha, work);
    }
    free(work);
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
    const size_t S = l->S, G = l->G, size = l->size, R = l->noise.R;
    const size_t rows = pass->problem->covariance ? pass->count : 0;
    const size_t step = ordpar_linearised_step_scratch(l);
    const size_t scratch = step > size * R ? step : size * R;
    double *all = calloc(
        2 * size * size + size * (2 + G + R + rows) + G * G + S * S * l->L + scratch, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the covariance of %zu overlaps",
                           size);
    forward f = {.pass = pass, .l = l, .size = size, .covariance = all};
    f.noise = all + size * size;
    f.mean = f.noise + size * size;
    f.source = f.mean + size;
    f.V = f.source + size;
    f.own = f.V + size * G;
    f.W = f.own + S * S * l->L;
    f.C = f.W + size * R;
    f.scratch = f.C + G * G;
    f.rows = rows ? f.scratch + scratch : NULL;
    const ordpar_status status = ordpar_fluctuation_follow(pass, see, &f, err);
    free(all);
    return status;
}
