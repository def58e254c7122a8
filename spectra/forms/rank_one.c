// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The roots of sum_b z_b^2 / (d_b - nu) = 1. Near a pole nu itself has too few digits, so each root
 * is kept as a distance from an origin, its nearest pole; the iteration is the rational one of
 * LAPACK's dlaed4 (the "middle way"), inside a bracket that only shrinks.
 */
#include "spectra/forms/rank_one.h"

#include "base/team.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

ordpar_status ordpar_rank_one_init(size_t n, ordpar_rank_one *problem, ordpar_error *err) {
    double *all = malloc(7 * (n ? n : 1) * sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", n);
    *problem = (ordpar_rank_one){.pole = all,
                                 .weight = all + n,
                                 .scale = all + 2 * n,
                                 .source = all + 3 * n,
                                 .root = all + 4 * n,
                                 .amplitude = all + 5 * n,
                                 .response = all + 6 * n};
    return ORDPAR_OK;
}

void ordpar_rank_one_clear(ordpar_rank_one *problem) {
    free(problem->pole);
    *problem = (ordpar_rank_one){0};
}

void ordpar_rank_one_add(ordpar_rank_one *problem, double pole, double weight, double scale,
                         double source) {
    const size_t last = problem->n - 1;
    if (problem->n > 0 && problem->pole[last] == pole) {
        problem->weight[last] += weight * (scale / problem->scale[last]);
        problem->source[last] += source;
        return;
    }
    problem->pole[problem->n] = pole;
    problem->weight[problem->n] = weight;
    problem->scale[problem->n] = scale;
    problem->source[problem->n] = source;
    problem->n++;
}

/* nu = origin + tau, and the sums over the poles above and below the root, with derivatives. */
typedef struct {
    const ordpar_rank_one *problem;
    size_t k;      /* poles 0..k lie above the root */
    double origin; /* a pole, or 0 */
} secular;

typedef struct {
    double above, below, d_above, d_below;
    double h, size; /* the equation's left side minus 1, and the numbers that it is a difference of
                     */
} secular_sums;

static void add_poles(const secular *s, size_t first, size_t end, double tau, double *sum,
                      double *derivative) {
    const double *d = s->problem->pole, *w = s->problem->weight, *y = s->problem->scale;
    const double origin = s->origin;
    double value = 0, slope = 0;
#pragma omp simd reduction(+ : value, slope)
    for (size_t b = first; b < end; b++) {
        const double inverse = 1 / ((d[b] - origin) - tau), term = w[b] * (y[b] * inverse);
        value += term;
        slope += term * inverse;
    }
    *sum = value;
    *derivative = slope;
}

/* sum_b z_b^2 / (d_b - nu) = 1 - margin + nu times this sum of positive terms. */
static double risen_per_root(const ordpar_rank_one *p, double nu) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t b = 0; b < p->n; b++)
        sum += p->weight[b] * (p->scale[b] / p->pole[b] / (p->pole[b] - nu));
    return sum;
}

static secular_sums evaluate(const secular *s, double tau) {
    secular_sums at;
    add_poles(s, 0, s->k + 1, tau, &at.above, &at.d_above);
    add_poles(s, s->k + 1, s->problem->n, tau, &at.below, &at.d_below);
    if (s->origin == 0) {
        const double risen = tau * risen_per_root(s->problem, tau);
        at.h = risen - s->problem->margin;
        at.size = fabs(risen) + fabs(s->problem->margin);
    } else {
        at.h = at.above + at.below - 1;
        at.size = 1 + at.above - at.below;
    }
    return at;
}

/* The step to the root of a model with one pole each side that has the values and slopes of at. */
static double middle_way(const secular *s, double tau, const secular_sums *at) {
    const double *d = s->problem->pole;
    const double up = (d[s->k] - s->origin) - tau, h = at->h;
    if (s->k + 1 == s->problem->n) /* no pole below */
        return -h * up / (at->d_above * up - h);
    const double down = (d[s->k + 1] - s->origin) - tau;
    const double c = h - at->d_above * up - at->d_below * down;
    const double a = (up + down) * h - up * down * (at->d_above + at->d_below);
    const double b = up * down * h;
    const double root = sqrt(fmax(a * a - 4 * b * c, 0)), q = (a + copysign(root, a)) / 2;
    const double first = q / c, second = b / q;
    return fabs(second) <= fabs(first) ? second : first;
}

/* The root in (low, high), both distances from the origin; tau: a first guess inside. */
static double find_root(const secular *s, double low, double high, double tau) {
    enum { MAX_STEPS = 200 };
    for (int step = 0; step < MAX_STEPS; step++) {
        const secular_sums at = evaluate(s, tau);
        if (fabs(at.h) <= DBL_EPSILON * at.size / 2)
            return tau;
        *(at.h > 0 ? &high : &low) = tau; /* h rises from -infinity to +infinity */
        double next = tau + middle_way(s, tau, &at);
        if (!(next > low && next < high)) /* between bounds of one sign, halve the logarithm */
            next = low > 0 || high < 0 ? copysign(sqrt(low) * sqrt(high), low) : (low + high) / 2;
        if (low > 0 || high < 0)
            next = next > low && next < high ? next : (low + high) / 2;
        const bool done = fabs(next - tau) <= 2 * DBL_EPSILON * fabs(next);
        tau = next;
        if (done || !(low < high))
            break;
    }
    return tau;
}

/* Chooses the origin nearest to root k, and brackets it. */
static double locate(secular *s) {
    const ordpar_rank_one *p = s->problem;
    const size_t k = s->k;
    if (k + 1 == p->n) { /* down to d - sum z^2; near 0 the root itself is what must be accurate */
        double total = 0;
        for (size_t b = 0; b < p->n; b++)
            total += p->weight[b] * p->scale[b];
        s->origin = p->pole[k];
        const double half = p->pole[k] / 2;
        const secular_sums at = evaluate(s, -half);
        const bool near_zero = half > 0 && at.h > 0;
        const double lowest = -2 * total - DBL_MIN;
        if (near_zero) {
            s->origin = 0;
            const double guess = p->margin / risen_per_root(p, 0);
            return find_root(s, fmin(p->pole[k] + lowest, 0), half, fmin(guess, half / 2));
        }
        return find_root(s, lowest, 0, -p->weight[k] * p->scale[k] - DBL_MIN);
    }
    s->origin = p->pole[k];
    const double half = (p->pole[k] - p->pole[k + 1]) / 2;
    const secular_sums at = evaluate(s, -half);
    const double h = at.h;
    const double own = p->weight[h > 0 ? k + 1 : k] * p->scale[h > 0 ? k + 1 : k];
    const double guess = fmin(own / (fabs(h) + own / half), half);
    if (h > 0) {
        s->origin = p->pole[k + 1];
        return find_root(s, 0, half, guess);
    }
    return find_root(s, -half, 0, -guess);
}

/* Amplitude and response from sums that neither overflow nor underflow: t_b = unit / (d_b - nu). */
static void set_outputs(const secular *s, double tau) {
    const ordpar_rank_one *p = s->problem;
    const double nu = s->origin + tau;
    const double unit = s->origin == 0 ? p->pole[s->k] : fabs(tau);
    const size_t own = s->origin == p->pole[s->k] || s->origin == 0 ? s->k : s->k + 1;
    const double y = p->scale[own];
    double source = 0, square = 0;
    for (size_t b = 0; b < p->n; b++) {
        const double t = unit / ((p->pole[b] - s->origin) - tau);
        source += p->source[b] * t;
        square += p->weight[b] * (p->scale[b] / y * t * t);
    }
    p->root[s->k] = nu;
    p->amplitude[s->k] = unit / y * source / square / 2;
    p->response[s->k] = unit / y / square * (unit / nu);
}

/* Poles and scales times 2^-exponent: products of small rates would underflow. */
static int normalise(ordpar_rank_one *p) {
    int exponent = 0;
    if (p->n > 0)
        frexp(fmax(fabs(p->pole[0]), fabs(p->pole[p->n - 1])), &exponent);
    for (size_t b = 0; b < p->n; b++) {
        p->pole[b] = ldexp(p->pole[b], -exponent);
        p->scale[b] = ldexp(p->scale[b], -exponent);
    }
    return exponent;
}

enum { ROOTS = 16 }; /* that a thread takes at once */

typedef struct {
    ordpar_rank_one *problem;
    int exponent;
} scaled_problem;

static void solve_roots(void *context, size_t index, size_t member) {
    const scaled_problem *scaled = context;
    ordpar_rank_one *problem = scaled->problem;
    const size_t end = (index + 1) * ROOTS < problem->n ? (index + 1) * ROOTS : problem->n;
    (void)member;
    for (size_t k = index * ROOTS; k < end; k++) {
        secular s = {.problem = problem, .k = k};
        set_outputs(&s, locate(&s));
        problem->root[k] = ldexp(problem->root[k], scaled->exponent);
    }
}

void ordpar_rank_one_solve(ordpar_rank_one *problem) {
    scaled_problem scaled = {problem, normalise(problem)};
    const size_t threads = problem->n > 500 ? ordpar_threads(0) : 1;
    ordpar_parallel(threads, (problem->n + ROOTS - 1) / ROOTS, solve_roots, &scaled);
}
