// SPDX-License-Identifier: GPL-3.0-or-later
/* The linear network at finite N, one step after the other. */
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_noise.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const ordpar_linear_input *in;
    size_t L, trained;
    double *e;            /* [L] */
    double *noise, *next; /* [L] at the steps `from` and `to` */
    double *share;        /* [L] scratch: of the mean that is not learned */
    double from, to;
} stepping;

/* [15.36] The mean of J_j - B_j loses the share eta lambda_j / N of itself in a step. */
static void noise_at(const stepping *s, double step, double *noise) {
    const ordpar_spectrum *spectrum = s->in->spectrum;
    for (size_t j = 0; j < s->L; j++) {
        const double x = s->in->eta * spectrum->lambda[j] / spectrum->N;
        s->share[j] = j < s->trained ? pow(1 - x, step) : 1;
    }
    for (size_t b = 0; b < s->trained; b++) {
        const double *row = spectrum->coupling + b * s->L;
        noise[b] = spectrum->noise[b];
        for (size_t j = 0; j < s->L; j++)
            noise[b] += row[j] * s->share[j];
    }
}

static void next_node(stepping *s) {
    double *last = s->noise;
    s->noise = s->next;
    s->next = last;
    s->from = s->to;
    s->to = floor(s->to * (1 + 1.0 / 64)) + 1;
    noise_at(s, s->to, s->next);
}

static double sum(const stepping *s) {
    const ordpar_spectrum *spectrum = s->in->spectrum;
    double S = 0;
    for (size_t b = s->L; b-- > 0;)
        S += spectrum->p[b] * spectrum->lambda[b] * s->e[b];
    return S;
}

/* [6.5] Step number `step`, from 0. */
static void make_step(stepping *s, double step) {
    const ordpar_spectrum *spectrum = s->in->spectrum;
    if (step >= s->to)
        next_node(s);
    const double eta = s->in->eta, S = sum(s), part = (step - s->from) / (s->to - s->from);
    for (size_t b = 0; b < s->trained; b++) {
        const double x = eta * spectrum->lambda[b] / spectrum->N;
        const double noise = s->noise[b] + part * (s->next[b] - s->noise[b]);
        s->e[b] += 2 * x * (x - 1) * s->e[b] + eta * x * (S + noise);
    }
}

static int by_value(const void *left, const void *right) {
    const double a = **(const double *const *)left, b = **(const double *const *)right;
    return (a > b) - (a < b);
}

/* The places of alpha in ascending order. */
static const double **sorted(const ordpar_linear_input *in) {
    const double **places = malloc((in->count + 1) * sizeof *places);
    for (size_t k = 0; places && k < in->count; k++)
        places[k] = in->alpha + k;
    if (places)
        qsort(places, in->count, sizeof *places, by_value);
    return places;
}

static ordpar_status run(stepping *s, const double *const *places, double *eps_g,
                         ordpar_error *err) {
    const ordpar_linear_input *in = s->in;
    double step = 0;
    for (size_t b = 0; b < s->L; b++)
        s->e[b] = in->initial_error[b];
    noise_at(s, 0, s->noise);
    noise_at(s, s->to = 1, s->next);
    for (size_t k = 0; k < in->count; k++) {
        for (const double end = round(*places[k] * in->spectrum->N); step < end; step++)
            make_step(s, step);
        const double value = sum(s) / 2;
        if (!isfinite(value))
            return ordpar_fail(err, ORDPAR_DIVERGED,
                               "the generalization error diverges: it overflows at alpha = %.6g",
                               *places[k]);
        eps_g[places[k] - in->alpha] = value;
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_linear_by_steps(const ordpar_linear_input *input, double *eps_g,
                                     ordpar_error *err) {
    const size_t L = input->spectrum->L, count = input->count;
    const double N = input->spectrum->N;
    const double **places = sorted(input);
    double *work = malloc((4 * L + count) * sizeof *work), *result = work + 4 * L;
    stepping s = {.in = input, .L = L, .trained = input->trained_blocks};
    ordpar_status status = ORDPAR_OK;
    if (!places || !work)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    else if (count && *places[count - 1] * N * (double)L > ORDPAR_LINEAR_MOST_STEPS)
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "%.3g steps of %zu blocks, one after the other, are too many: alpha "
                             "up to %.3g",
                             *places[count - 1] * N, L, ORDPAR_LINEAR_MOST_STEPS / N / (double)L);
    if (!status) {
        s.e = work;
        s.noise = work + L;
        s.next = work + 2 * L;
        s.share = work + 3 * L;
        status = run(&s, places, result, err);
    }
    for (size_t k = 0; k < count && !status; k++)
        eps_g[k] = result[k];
    free(places);
    free(work);
    return status;
}
