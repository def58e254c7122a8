// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/symmetry.h"

#include "solver/state/network_averages.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Overlaps of one kind, as the tests below see them: of students first with teachers, or turned
 * round. */
typedef struct {
    size_t count, others, L;
    const double *own;   /* [count*count*L] */
    const double *cross; /* cross[unit*unit_step + other*other_step + b] */
    size_t unit_step, other_step;
    const double *outputs; /* [heads][count] */
    size_t heads;
    const double *unlearnable; /* [count*count] of teachers; NULL: none */
    const double *push;        /* of students (overlaps.h); NULL: none */
} units;

static units students_of(const ordpar_network *network, const ordpar_overlaps *o) {
    return (units){o->K, o->M,       o->L,
                   o->q, o->r,       o->M * o->L,
                   o->L, network->v, ordpar_network_heads(network),
                   NULL, o->push};
}

static units teachers_of(const ordpar_network *network, const ordpar_overlaps *o) {
    return (units){o->M,
                   o->K,
                   o->L,
                   o->t,
                   o->r,
                   o->L,
                   o->M * o->L,
                   network->w,
                   ordpar_network_heads(network),
                   network->unlearnable,
                   NULL};
}

/* y = scale x, exactly where the scale is a sign. */
static bool scaled(const double *x, const double *y, double scale, size_t L) {
    const double slack = fabs(scale) == 1 ? 0 : 16 * DBL_EPSILON;
    for (size_t b = 0; b < L; b++)
        if (!(fabs(y[b] - scale * x[b]) <= slack * fabs(y[b])))
            return false;
    return true;
}

static const double *own(const units *u, size_t i, size_t j) {
    return u->own + (i * u->count + j) * u->L;
}

/* The same of T_perp, where i and j exchange places: i, a with j, b. */
static bool hidden_scaled(const units *u, size_t i, size_t a, size_t j, size_t b, double scale) {
    const double *p = u->unlearnable;
    return !p || scaled(p + i * u->count + a, p + j * u->count + b, scale, 1);
}

static const double *s_of(const units *u, size_t i, size_t j) {
    return u->push + (u->count * u->others + i * u->count + j) * u->L;
}

static const double *p_of(const units *u, size_t i, size_t j) {
    return s_of(u, i, j) + u->count * u->count * u->L;
}

/* The same of P, where i and j exchange places: i, a with j, b. */
static bool pushes_scaled(const units *u, size_t i, size_t a, size_t j, size_t b, double scale) {
    return !u->push || (scaled(s_of(u, i, a), s_of(u, j, b), scale, u->L) &&
                        scaled(s_of(u, a, i), s_of(u, b, j), scale, u->L) &&
                        scaled(p_of(u, i, a), p_of(u, j, b), scale, u->L));
}

static bool pushes_exchangeable(const units *u, size_t i, size_t j, double scale) {
    bool equal = pushes_scaled(u, i, i, j, j, scale * scale) && pushes_scaled(u, i, j, j, i, 1);
    for (size_t k = 0; k < u->count && equal; k++)
        equal = k == i || k == j || pushes_scaled(u, i, k, j, k, scale);
    for (size_t k = 0; k < u->others && equal && u->push; k++)
        equal = scaled(u->push + (i * u->others + k) * u->L, u->push + (j * u->others + k) * u->L,
                       scale, u->L);
    return equal;
}

/* True if unit j is scale times unit i in its overlaps with all others. */
static bool exchangeable(const units *u, size_t i, size_t j, double scale) {
    bool equal = scaled(own(u, i, i), own(u, j, j), scale * scale, u->L) &&
                 hidden_scaled(u, i, i, j, j, scale * scale);
    for (size_t k = 0; k < u->count && equal; k++)
        equal = k == i || k == j ||
                (scaled(own(u, i, k), own(u, j, k), scale, u->L) &&
                 hidden_scaled(u, i, k, j, k, scale));
    for (size_t k = 0; k < u->others && equal; k++)
        equal = scaled(u->cross + i * u->unit_step + k * u->other_step,
                       u->cross + j * u->unit_step + k * u->other_step, scale, u->L);
    return equal && pushes_exchangeable(u, i, j, scale);
}

static bool coincide(const units *u, size_t i, size_t j, double scale) {
    return scaled(own(u, i, i), own(u, i, j), scale, u->L) && hidden_scaled(u, i, i, i, j, scale) &&
           pushes_scaled(u, i, i, i, j, scale);
}

/* True if the outputs of j are those of i times scale, in every task. */
static bool outputs_scaled(const units *u, size_t i, size_t j, double scale) {
    for (size_t k = 0; k < u->heads; k++)
        if (u->outputs[k * u->count + j] != scale * u->outputs[k * u->count + i])
            return false;
    return true;
}

/* The scale that makes unit j of unit i, or 0. */
static double scale_between(const ordpar_activation *activation, const units *u, size_t i,
                            size_t j) {
    const double ratio = u->heads > 1 ? 0 : u->outputs[j] / u->outputs[i];
    const bool same = outputs_scaled(u, i, j, 1);
    if (same && exchangeable(u, i, j, 1))
        return 1;
    if (activation->parity == 1 && same && exchangeable(u, i, j, -1))
        return -1;
    if (activation->parity == -1 && outputs_scaled(u, i, j, -1) && exchangeable(u, i, j, -1))
        return -1;
    if (activation->needs_variance && ratio > 0 && isfinite(ratio) &&
        exchangeable(u, i, j, ratio) && coincide(u, i, j, ratio))
        return ratio;
    return 0;
}

/* Finds the classes of one kind; its units are offset.. of all. Returns how many are tied. */
static size_t find_classes(const ordpar_activation *activation, const units *u, size_t offset,
                           ordpar_symmetry *s) {
    size_t tied = 0;
    for (size_t j = 0; j < u->count; j++) {
        const size_t unit = offset + j;
        s->first[unit] = unit;
        s->scale[unit] = 1;
        s->size[unit] = 1;
        for (size_t i = 0; i < j; i++) {
            const double scale =
                s->first[offset + i] == offset + i ? scale_between(activation, u, i, j) : 0;
            if (scale == 0)
                continue;
            s->first[unit] = offset + i;
            s->scale[unit] = scale;
            s->twins[offset + i] = coincide(u, i, j, scale);
            s->size[offset + i]++;
            tied++;
            break;
        }
    }
    return tied;
}

static bool vanishes(const double *x, size_t L) {
    for (size_t b = 0; b < L; b++)
        if (x[b] != 0)
            return false;
    return true;
}

static void join(ordpar_symmetry *s, size_t a, size_t b) {
    const size_t from = s->part[a] > s->part[b] ? s->part[a] : s->part[b];
    const size_t to = s->part[a] > s->part[b] ? s->part[b] : s->part[a];
    for (size_t k = 0; k < s->n; k++)
        if (s->part[k] == from)
            s->part[k] = to;
}

/* With momentum, whether students i and j, or i and teacher j - K, have to do with each other by P
 * alone. */
static bool pushes_join(const ordpar_overlaps *o, size_t i, size_t j) {
    const units u = {.count = o->K, .others = o->M, .L = o->L, .push = o->push};
    if (!o->push)
        return false;
    if (j >= o->K)
        return !vanishes(o->push + (i * o->M + j - o->K) * o->L, o->L);
    return !vanishes(s_of(&u, i, j), o->L) || !vanishes(s_of(&u, j, i), o->L) ||
           !vanishes(p_of(&u, i, j), o->L);
}

/* Returns true if there is more than one part. */
static bool find_parts(const ordpar_network *network, const ordpar_overlaps *o,
                       ordpar_symmetry *s) {
    const size_t K = o->K, M = o->M, L = o->L;
    const bool even =
        network->activation->parity == 1 && ordpar_network_activation(network, o->K)->parity == 1;
    const double *hidden = network->unlearnable;
    for (size_t k = 0; k < s->n; k++)
        s->part[k] = even ? k : 0;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < i; j++)
            if (!vanishes(o->q + (i * K + j) * L, L) || pushes_join(o, i, j))
                join(s, i, j);
        for (size_t n = 0; n < M; n++)
            if (!vanishes(o->r + (i * M + n) * L, L) || pushes_join(o, i, K + n))
                join(s, i, K + n);
    }
    for (size_t n = 0; n < M; n++)
        for (size_t m = 0; m < n; m++)
            if (!vanishes(o->t + (n * M + m) * L, L) || (hidden && hidden[n * M + m] != 0))
                join(s, K + n, K + m);
    for (size_t k = 0; k < s->n; k++)
        if (s->part[k] != s->part[0])
            return true;
    return false;
}

ordpar_status ordpar_symmetry_init(const ordpar_network *network, const ordpar_overlaps *start,
                                   ordpar_symmetry *symmetry, ordpar_error *err) {
    const size_t K = start->K, n = K + start->M;
    const ordpar_activation *taught = ordpar_network_activation(network, K);
    double *numbers = calloc(2 * n + n * n, sizeof *numbers);
    size_t *indices = calloc(3 * n, sizeof *indices);
    bool *twins = calloc(n, sizeof *twins);
    if (!numbers || !indices || !twins) {
        free(numbers);
        free(indices);
        free(twins);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    }
    *symmetry = (ordpar_symmetry){.K = K,
                                  .n = n,
                                  .heads = ordpar_network_heads(network),
                                  .first = indices,
                                  .size = indices + n,
                                  .part = indices + 2 * n,
                                  .twins = twins,
                                  .scale = numbers,
                                  .sum = numbers + n,
                                  .outputs_odd = network->activation->parity != 1,
                                  .teacher_outputs_odd = taught->parity != 1};
    const units students = students_of(network, start), teachers = teachers_of(network, start);
    symmetry->students = find_classes(network->activation, &students, 0, symmetry);
    symmetry->teachers = find_classes(taught, &teachers, K, symmetry);
    const bool parts = find_parts(network, start, symmetry);
    symmetry->exists = parts || symmetry->students || symmetry->teachers;
    return ORDPAR_OK;
}

void ordpar_symmetry_clear(ordpar_symmetry *symmetry) {
    free(symmetry->scale);
    free(symmetry->first);
    free(symmetry->twins);
    *symmetry = (ordpar_symmetry){0};
}

/* The place of two classes among the sums. */
static double *sum_of(const ordpar_symmetry *s, size_t a, size_t b) {
    return s->sum + (a < b ? a * s->n + b : b * s->n + a);
}

/* Sums over the pairs of different units of each two classes, and over the units of each, in units
 * of their scales. */
static void add_up(const ordpar_symmetry *s, const double *c, double *diagonal) {
    const size_t n = s->n;
    memset(s->sum, 0, n * n * sizeof *s->sum);
    memset(diagonal, 0, n * sizeof *diagonal);
    for (size_t i = 0; i < s->K; i++) {
        diagonal[s->first[i]] += c[i * n + i] / (s->scale[i] * s->scale[i]);
        for (size_t a = i + 1; a < n; a++)
            *sum_of(s, s->first[i], s->first[a]) += c[i * n + a] / (s->scale[i] * s->scale[a]);
    }
}

/* A correlation above 1 is rounding, and so is 1 of students that are not one: noise would make
 * their difference grow whatever its sign. */
static double possible(bool twins, double pair, double norm_i, double norm_j) {
    const double most = sqrt(fmax(0, norm_i * norm_j)) * (twins ? 1 : ORDPAR_LARGEST_CORRELATION);
    return fmax(-most, fmin(most, pair));
}

/* The mean overlap of different units of two classes, in units of their scales. */
static double mean_of(const ordpar_symmetry *s, size_t a, size_t b, double norm) {
    const double own = (double)s->size[a], other = (double)s->size[b];
    if (a == b)
        return s->twins[a] ? norm : *sum_of(s, a, a) / (own * (own - 1) / 2);
    return s->part[a] == s->part[b] ? *sum_of(s, a, b) / (own * other) : 0;
}

void ordpar_symmetry_average(const ordpar_symmetry *symmetry, double *c) {
    const ordpar_symmetry *s = symmetry;
    const size_t n = s->n;
    double *diagonal = s->sum + n * n;
    add_up(s, c, diagonal);
    for (size_t i = 0; i < s->K; i++) {
        const double norm = diagonal[s->first[i]] / (double)s->size[s->first[i]];
        c[i * n + i] = norm * (s->scale[i] * s->scale[i]);
        for (size_t a = i + 1; a < n; a++)
            c[i * n + a] = c[a * n + i] =
                mean_of(s, s->first[i], s->first[a], norm) * (s->scale[i] * s->scale[a]);
    }
}

void ordpar_symmetry_tie_outputs(const ordpar_symmetry *s, double *v) {
    for (size_t i = 0; i < s->K; i++)
        for (size_t k = 0; s->first[i] != i && k < s->heads; k++)
            v[k * s->K + i] = v[k * s->K + s->first[i]] * (s->outputs_odd ? s->scale[i] : 1);
}

void ordpar_symmetry_tie_overlaps(const ordpar_symmetry *s, ordpar_overlaps *o, double *c) {
    const size_t K = o->K, M = o->M, L = o->L, n = s->n;
    for (size_t b = 0; b < L; b++) {
        for (size_t i = 0; i < K; i++) {
            for (size_t k = 0; k < M; k++)
                c[i * n + K + k] = o->r[(i * M + k) * L + b];
            for (size_t j = 0; j < K; j++)
                c[i * n + j] = o->q[(i * K + j) * L + b];
        }
        ordpar_symmetry_average(s, c);
        for (size_t i = 0; i < K; i++) {
            for (size_t k = 0; k < M; k++)
                o->r[(i * M + k) * L + b] = c[i * n + K + k];
            for (size_t j = 0; j < K; j++)
                o->q[(i * K + j) * L + b] = c[i * n + j];
        }
    }
}

/* [5.11] */
void ordpar_symmetry_restore(const ordpar_symmetry *symmetry, double *c, double *v) {
    const ordpar_symmetry *s = symmetry;
    const size_t n = s->n;
    ordpar_symmetry_average(s, c);
    for (size_t i = 0; i < s->K; i++)
        for (size_t j = i + 1; j < s->K; j++)
            if (s->first[i] == s->first[j])
                c[i * n + j] = c[j * n + i] =
                    possible(s->twins[s->first[i]], c[i * n + j], c[i * n + i], c[j * n + j]);
    ordpar_symmetry_tie_outputs(s, v);
}

bool ordpar_symmetry_twin(const ordpar_symmetry *symmetry, size_t k, size_t *first, double *scale) {
    *first = symmetry->first[k];
    *scale = symmetry->scale[k];
    return *first != k && symmetry->twins[*first];
}
