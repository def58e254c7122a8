// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.3] The variance of each row by its adjoint, all rows in one sweep backwards. */
#include "solver/fluctuations/fluctuations_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_fluctuation_pass *pass;
    ordpar_linearised *l;
    ordpar_overlaps shape; /* K, M, L and t; q and r are the states' */
    double *states;        /* [steps][K*K*L + K*M*L] q and r in the middle of each step */
    double *a;             /* [count][S*L] adjoints */
    size_t row;            /* the next one that is reached */
} sweep;

static size_t q_size(const ordpar_overlaps *o) {
    return o->K * o->K * o->L;
}

static size_t state_size(const ordpar_overlaps *o) {
    return q_size(o) + o->K * o->M * o->L;
}

/* a = the gradient of eps_g by x^b: lambda_b times that by m. */
static ordpar_status start_row(sweep *s, const ordpar_overlaps *state, double alpha,
                               ordpar_error *err) {
    ordpar_linearised *l = s->l;
    double *gradient = malloc(l->S * sizeof *gradient);
    if (!gradient)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", l->K);
    const ordpar_status status = ordpar_linearised_set(l, state, alpha, err);
    if (!status) {
        double *a = s->a + s->row * l->S * l->L;
        ordpar_linearised_error(l, gradient, NULL);
        for (size_t b = 0; b < l->L; b++)
            for (size_t k = 0; k < l->S; k++)
                a[b * l->S + k] = l->spectrum->lambda[b] * gradient[k];
        s->row++;
    }
    free(gradient);
    return status;
}

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    sweep *s = context;
    (void)eps_g;
    if (row % 2 == 0) {
        double *to = s->states + row / 2 * state_size(state);
        memcpy(to, state->q, q_size(state) * sizeof *to);
        memcpy(to + q_size(state), state->r, (state_size(state) - q_size(state)) * sizeof *to);
        return ORDPAR_OK;
    }
    while (s->row < s->pass->count && s->pass->alpha[s->row] <= 0)
        s->row++;
    return s->row < s->pass->count && alpha >= s->pass->alpha[s->row]
               ? start_row(s, state, alpha, err)
               : ORDPAR_OK;
}

/* [19.3] One step for all rows beyond it. */
static ordpar_status step_back(sweep *s, size_t step, ordpar_error *err) {
    const ordpar_fluctuation_pass *p = s->pass;
    ordpar_linearised *l = s->l;
    const double from = p->steps->alpha[step], h = p->steps->h[step];
    s->shape.q = s->states + step * state_size(&s->shape);
    s->shape.r = s->shape.q + q_size(&s->shape);
    ordpar_status status = ordpar_linearised_set(l, &s->shape, from + h / 2, err);
    if (!status)
        status = ordpar_linearised_prepare(l, h / 2, err);
    for (size_t row = p->count; row-- > 0 && !status && p->alpha[row] > from;) {
        double *a = s->a + row * l->S * l->L;
        ordpar_linearised_step(l, true, a);
        p->variance[row] += h * ordpar_linearised_noise(l, a);
        ordpar_linearised_step(l, true, a);
    }
    if (!status && p->problem->stop && *p->problem->stop)
        status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", from);
    return status;
}

ordpar_status ordpar_fluctuation_adjoint(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                         ordpar_error *err) {
    sweep s = {.pass = pass, .l = l, .shape = *pass->problem->start};
    const size_t steps = pass->steps->count;
    s.states = malloc(steps * state_size(&s.shape) * sizeof *s.states);
    s.a = malloc(pass->count * l->S * l->L * sizeof *s.a);
    ordpar_status status =
        s.states && s.a ? ordpar_fluctuation_follow(pass, keep, &s, err)
                        : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu states", steps);
    for (size_t step = steps; step-- > 0 && !status;)
        status = step_back(&s, step, err);
    free(s.states);
    free(s.a);
    return status;
}
