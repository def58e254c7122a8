// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/frontier.h"

#include "base/floating_point.h"
#include "spectra/forms/exp_sum.h"
#include "spectra/forms/linear_modes.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Gains below this part of eps_g are rounding. */
static const double resolution = 1e-16;

typedef struct {
    const ordpar_spectrum *s;
    double *weight; /* [L] p lambda x / 2 of a block */
    double *slope;  /* [L] weight times rate */
    double *rate;   /* [L] 2 eta lambda */
    double *end;    /* [L+1] components in the blocks before this one */
    double *tail;   /* [L+1] sum of weight from this block on */
    double compute;
    ordpar_frontier_point best;
} search;

static ordpar_status prepare(const ordpar_spectrum *s, double eta, const double *initial_error,
                             search *out, ordpar_error *err) {
    const size_t L = s->L;
    double *memory = malloc((5 * L + 2) * sizeof *memory);
    if (!memory)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", L);
    *out = (search){.s = s,
                    .weight = memory,
                    .slope = memory + L,
                    .rate = memory + 2 * L,
                    .end = memory + 3 * L,
                    .tail = memory + 4 * L + 1};
    out->end[0] = 0;
    out->tail[L] = 0;
    for (size_t b = 0; b < L; b++) {
        out->weight[b] = s->p[b] * s->lambda[b] * initial_error[b] / 2;
        out->rate[b] = 2 * eta * s->lambda[b];
        out->slope[b] = out->weight[b] * out->rate[b];
        out->end[b + 1] = out->end[b] + s->n[b];
    }
    for (size_t b = L; b-- > 0;)
        out->tail[b] = out->tail[b + 1] + out->weight[b];
    return ORDPAR_OK;
}

/* The block of component k = 1..N. */
static size_t block_of(const search *f, double k) {
    size_t low = 0, high = f->s->L - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (f->end[middle + 1] >= k)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* sum over the first n components of values exp(-rate t), values[L] being those of whole blocks */
static double leading_sum(const search *f, const double *values, double n, double t) {
    const size_t b = block_of(f, n);
    double sum;
    ordpar_exp_sum(b, values, f->rate, 1, &t, &sum);
    return sum + (n - f->end[b]) / f->s->n[b] * values[b] * exp(-f->rate[b] * t);
}

/* [14.1] */
static double error_of(const search *f, double n) {
    const size_t b = block_of(f, n);
    return leading_sum(f, f->weight, n, f->compute / n) + f->tail[b + 1] +
           (f->end[b + 1] - n) / f->s->n[b] * f->weight[b];
}

static void consider(search *f, double n) {
    const double eps_g = error_of(f, n);
    if (eps_g < f->best.eps_g || (eps_g == f->best.eps_g && n < f->best.trained))
        f->best = (ordpar_frontier_point){.trained = n, .alpha = f->compute / n, .eps_g = eps_g};
}

/*
 * Bounds on the differences eps_g(n+1) - eps_g(n), n = low..high-1 [14.2]: what the next component
 * gains, at most and at least, and what the shorter time costs all the others.
 */
static void bound_differences(const search *f, double low, double high, double *least,
                              double *most) {
    const size_t first = block_of(f, low + 1), last = block_of(f, high);
    double light = INFINITY, heavy = 0;
    for (size_t b = first; b <= last; b++) {
        light = fmin(light, f->weight[b] / f->s->n[b]);
        heavy = fmax(heavy, f->weight[b] / f->s->n[b]);
    }
    const double gain_most = heavy * -expm1(-f->rate[first] * (f->compute / (low + 1)));
    const double gain_least = light * -expm1(-f->rate[last] * (f->compute / high));
    const double early = f->compute / low, late = f->compute / high;
    const double cost_least = leading_sum(f, f->slope, low, early) * late / high;
    const double cost_most = leading_sum(f, f->slope, high, late) * early / low;
    *least = cost_least - gain_most;
    *most = cost_most - gain_least;
}

/* Looks at all n = low..high that no bound excludes. */
static void find_least(search *f, double low, double high) {
    double least, most;
    if (high - low > 1) {
        bound_differences(f, low, high, &least, &most);
        if (least >= 0) {
            consider(f, low);
            return;
        }
        if (most <= 0) {
            consider(f, high);
            return;
        }
        if (-least * (high - low) > resolution * f->best.eps_g) {
            const double middle = high > 2 * low ? ceil(sqrt(low * high)) : floor((low + high) / 2);
            find_least(f, low, middle);
            find_least(f, middle, high);
            return;
        }
    }
    consider(f, low);
    consider(f, high);
}

ordpar_status ordpar_linear_check_compute(const double *compute, size_t count, ordpar_error *err) {
    for (size_t j = 0; j < count; j++)
        if (!(compute[j] >= 0) || !isfinite(compute[j]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the compute must be finite and >= 0, got %g in row %zu", compute[j],
                               j + 1);
    return ORDPAR_OK;
}

static ordpar_status check(const ordpar_spectrum *s, double eta, const double *initial_error,
                           const double *compute, size_t count, ordpar_error *err) {
    const ordpar_linear_input input = {s, eta, 0, s->L, initial_error, NULL, 0};
    const ordpar_status status = ordpar_linear_check(&input, false, err);
    if (status)
        return status;
    return ordpar_linear_check_compute(compute, count, err);
}

/* [14.4]: at the best N_l the compute acts through alpha alone. */
static double exponent_of(const search *f, const ordpar_frontier_point *at) {
    const double fall = leading_sum(f, f->slope, at->trained, at->alpha) * at->alpha;
    return at->eps_g < DBL_MIN ? NAN : fall > 0 ? -fall / at->eps_g : 0;
}

ordpar_status ordpar_linear_frontier(const ordpar_spectrum *spectrum, double eta,
                                     const double *initial_error, const double *compute,
                                     size_t count, ordpar_frontier_point *points,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    search f;
    ordpar_status status = check(spectrum, eta, initial_error, compute, count, err);
    if (status || (status = prepare(spectrum, eta, initial_error, &f, err)))
        return status;
    for (size_t j = 0; j < count; j++) {
        f.compute = compute[j];
        f.best = (ordpar_frontier_point){.eps_g = INFINITY};
        consider(&f, j > 0 ? points[j - 1].trained : 1); /* often near */
        find_least(&f, 1, spectrum->N);
        f.best.exponent = exponent_of(&f, &f.best);
        points[j] = f.best;
    }
    free(f.weight);
    return ORDPAR_OK;
}
