// SPDX-License-Identifier: GPL-3.0-or-later
/* The best number of trained features at all orders in eta [14.5]: every number is tried. */
#include "base/floating_point.h"
#include "spectra/forms/exp_sum.h"
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear_critical.h"
#include "spectra/forms/linear_modes.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The spectrum with its first n components trained: the block that n cuts is two. */
typedef struct {
    const ordpar_spectrum *whole;
    const double *whole_error; /* [L] */
    ordpar_spectrum cut;       /* L + 1 blocks */
    ordpar_linear_input input; /* of it */
    ordpar_rank_one problem;
    double *numbers; /* of cut and input */
    double *alpha, *eps_g, *weight;
} search;

static void clear(search *f) {
    ordpar_rank_one_clear(&f->problem);
    free(f->numbers);
}

static ordpar_status prepare(const ordpar_spectrum *s, double eta, double label_noise,
                             const double *initial_error, size_t count, search *f,
                             ordpar_error *err) {
    const size_t blocks = s->L + 1;
    *f = (search){.whole = s, .whole_error = initial_error};
    f->numbers = calloc(5 * blocks + 2 * count, sizeof *f->numbers);
    if (!f->numbers)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
    double *error = f->numbers + 3 * blocks;
    f->weight = error + blocks;
    f->alpha = f->weight + blocks;
    f->eps_g = f->alpha + count;
    f->cut = (ordpar_spectrum){.L = blocks,
                               .lambda = f->numbers,
                               .p = f->numbers + blocks,
                               .n = f->numbers + 2 * blocks,
                               .N = s->N};
    f->input = (ordpar_linear_input){&f->cut, eta, label_noise, 0, error, f->alpha, count};
    const ordpar_status status = ordpar_rank_one_init(blocks, &f->problem, err);
    if (status)
        free(f->numbers);
    return status;
}

/* values[L] with those of block b twice. */
static void repeat(const ordpar_spectrum *s, size_t b, const double *values, double *to) {
    memcpy(to, values, (b + 1) * sizeof *to);
    memcpy(to + b + 1, values + b, (s->L - b) * sizeof *to);
}

/* Cuts behind component n, which block b has as its number `part` of n_b. */
static void cut(search *f, size_t b, double part) {
    const ordpar_spectrum *s = f->whole;
    double *n = f->cut.n;
    repeat(s, b, s->lambda, f->cut.lambda);
    repeat(s, b, s->n, n);
    repeat(s, b, s->p, f->cut.p);
    repeat(s, b, f->whole_error, f->numbers + 3 * f->cut.L);
    n[b] = part;
    n[b + 1] = s->n[b] - part;
    f->cut.p[b] = n[b] / s->N;
    f->cut.p[b + 1] = n[b + 1] / s->N;
    f->input.trained_blocks = b + 1;
}

/* False: at or above the critical eta of this cut. */
static bool solve(search *f, size_t b, double part) {
    cut(f, b, part);
    if (!(ordpar_linear_margin(&f->cut, f->input.trained_blocks, f->input.eta) > 0))
        return false;
    ordpar_linear_solve_exact(&f->input, &f->problem);
    return true;
}

/* [14.5] */
static void consider(search *f, double n, const double *compute, size_t count,
                     ordpar_frontier_point *points) {
    const ordpar_linear_modes modes = ordpar_linear_modes_of(&f->input, &f->problem);
    for (size_t j = 0; j < count; j++)
        f->alpha[j] = compute[j] / n;
    ordpar_linear_modes_evaluate(&modes, count, f->alpha, f->eps_g);
    for (size_t j = 0; j < count; j++)
        if (f->eps_g[j] < points[j].eps_g)
            points[j] =
                (ordpar_frontier_point){.trained = n, .alpha = f->alpha[j], .eps_g = f->eps_g[j]};
}

/* [14.4] at all orders; the modes are those of at->trained. */
static double exponent_of(search *f, const ordpar_frontier_point *at) {
    const ordpar_linear_modes m = ordpar_linear_modes_of(&f->input, &f->problem);
    double fall;
    for (size_t k = 0; k < m.n; k++)
        f->weight[k] = m.rate[k] * (m.amplitude[k] - m.drive * m.response[k]);
    ordpar_exp_sum(m.n, f->weight, m.rate, 1, &at->alpha, &fall);
    return at->eps_g < DBL_MIN ? NAN : fall != 0 ? -fall * at->alpha / at->eps_g : 0;
}

static void set_exponents(search *f, size_t count, ordpar_frontier_point *points) {
    for (size_t j = 0; j < count; j++) {
        const ordpar_spectrum *s = f->whole;
        double before = 0;
        size_t b = 0;
        while (before + s->n[b] < points[j].trained)
            before += s->n[b++];
        if (j == 0 || points[j].trained != points[j - 1].trained)
            solve(f, b, points[j].trained - before);
        points[j].exponent = exponent_of(f, &points[j]);
    }
}

/* Every number from 1 on whose learning rate is below its critical one. */
static ordpar_status try_all(search *f, const double *compute, size_t count,
                             const volatile sig_atomic_t *stop, ordpar_frontier_point *points,
                             ordpar_error *err) {
    const ordpar_spectrum *s = f->whole;
    double n = 0;
    bool stable = true;
    for (size_t j = 0; j < count; j++)
        points[j] = (ordpar_frontier_point){.eps_g = INFINITY};
    for (size_t b = 0; b < s->L && stable; b++)
        for (double part = 1; part <= s->n[b] && stable; part++) {
            if (stop && *stop)
                return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at N_l = %.0f", n + 1);
            if ((stable = solve(f, b, part)))
                consider(f, ++n, compute, count, points);
        }
    for (size_t j = 0; j < count; j++)
        if (!(points[j].eps_g >= 0) || isinf(points[j].eps_g))
            return ordpar_fail(err, ORDPAR_NUMERICAL,
                               "eps_g at the compute %g is no number: eta, noise, start or "
                               "eigenvalues are too large or too small for double precision",
                               compute[j]);
    return ORDPAR_OK;
}

static ordpar_status check(const ordpar_spectrum *s, double eta, double label_noise,
                           const double *initial_error, const double *compute, size_t count,
                           ordpar_error *err) {
    const ordpar_linear_input input = {s, eta, label_noise, s->L, initial_error, NULL, 0};
    const ordpar_status status = ordpar_linear_check(&input, true, err);
    if (status)
        return status;
    if (s->N * (double)s->L * (double)s->L > ORDPAR_FRONTIER_MAX_COST)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the frontier at all orders in eta tries every N_l and takes N L^2 up "
                           "to %g, got N = %.0f, L = %zu",
                           ORDPAR_FRONTIER_MAX_COST, s->N, s->L);
    return ordpar_linear_check_compute(compute, count, err);
}

ordpar_status ordpar_linear_frontier_all_orders(const ordpar_spectrum *spectrum, double eta,
                                                double label_noise, const double *initial_error,
                                                const double *compute, size_t count,
                                                const volatile sig_atomic_t *stop,
                                                ordpar_frontier_point *points, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    search f;
    ordpar_status status = check(spectrum, eta, label_noise, initial_error, compute, count, err);
    if (status)
        return status;
    ordpar_frontier_point *found;
    if (eta * spectrum->lambda[0] < 1e-290) /* nothing moves within any compute */
        return ordpar_linear_frontier(spectrum, eta, initial_error, compute, count, points, err);
    if ((status = prepare(spectrum, eta, label_noise, initial_error, count, &f, err)))
        return status;
    if (!solve(&f, 0, 1))
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "the learning rate must be below the critical one of a single trained "
                             "component, %.6g, got %.6g",
                             2 * spectrum->N / spectrum->lambda[0], eta);
    if (!status && !(found = malloc((count + 1) * sizeof *found)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    if (!status) {
        if (!(status = try_all(&f, compute, count, stop, found, err))) {
            set_exponents(&f, count, found);
            memcpy(points, found, count * sizeof *found);
        }
        free(found);
    }
    clear(&f);
    return status;
}
