// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/saddle_internal.h"

#include "solver/state/network_averages.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Rounding of a run in units of that of a number of order one; measured over the models of the
 * tests. */
static const double rounding = 40 * DBL_EPSILON;

/* What has fallen to this part of its largest value decays; it is not what a saddle makes grow. */
static const double decayed = 1e-9;

static size_t pairs_of(size_t count) {
    return count * (count - 1) / 2;
}

/* By how much the outputs of two units differ, b counted with its sign, where most. */
static double outputs_apart(size_t heads, size_t count, const double *weights, double sign,
                            size_t a, size_t b) {
    double largest = 0;
    for (size_t k = 0; k < heads; k++)
        largest = fmax(largest, fabs(weights[k * count + a] - sign * weights[k * count + b]));
    return largest;
}

/* Whether the outputs of two units have the same sign, over all tasks. */
static double outputs_product(size_t heads, size_t count, const double *weights, size_t a,
                              size_t b) {
    double sum = 0;
    for (size_t k = 0; k < heads; k++)
        sum += weights[k * count + a] * weights[k * count + b];
    return sum;
}

/* t^b_nm; T_perp is one more block. */
static double teacher_overlap(const ordpar_network *network, const ordpar_overlaps *o, size_t n,
                              size_t m, size_t b) {
    return b < o->L ? o->t[(n * o->M + m) * o->L + b] : network->unlearnable[n * o->M + m];
}

/* By how much teachers n and m differ, where they do not for the students. */
static double asymmetry(const ordpar_network *network, const ordpar_overlaps *o, double sign,
                        size_t n, size_t m) {
    const size_t M = o->M, blocks = o->L + (network->unlearnable != NULL);
    const size_t heads = ordpar_network_heads(network);
    const double largest = ordpar_saddle_largest(heads * M, network->w);
    double differ = outputs_apart(heads, M, network->w, sign, n, m) / (largest > 0 ? largest : 1);
    for (size_t b = 0; b < blocks; b++) {
        const double t_n = teacher_overlap(network, o, n, n, b),
                     t_m = teacher_overlap(network, o, m, m, b), norm = fmax(t_n, t_m);
        double block = fabs(t_n - t_m);
        for (size_t k = 0; k < M; k++)
            if (k != n && k != m)
                block = fmax(block, fabs(teacher_overlap(network, o, n, k, b) -
                                         sign * teacher_overlap(network, o, m, k, b)));
        differ = fmax(differ, norm > 0 ? block / norm : 0);
    }
    return differ;
}

static double sign_between(const ordpar_activation *activation, double product) {
    return activation->parity == -1 && product < 0 ? -1 : 1;
}

static double sign_of_teachers(const ordpar_saddle *s, size_t k, size_t m) {
    const ordpar_network *net = s->network;
    return sign_between(ordpar_network_activation(net, net->K),
                        outputs_product(s->heads, net->M, net->w, k, m));
}

ordpar_status ordpar_saddle_init(const ordpar_network *network, const ordpar_overlaps *start,
                                 const ordpar_symmetry *symmetry, ordpar_saddle *saddle,
                                 ordpar_error *err) {
    const size_t K = start->K, M = start->M;
    const size_t count = 2 * pairs_of(K) + pairs_of(M) + 2 * K + M + 2;
    double *all =
        calloc(4 * count + 2 * M * M + 5 * K + K * M + K * K + 4 * pairs_of(K), sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", K + M);
    *saddle = (ordpar_saddle){.network = network,
                              .heads = ordpar_network_heads(network),
                              .symmetry = symmetry,
                              .count = count,
                              .amplitude = all,
                              .scale = all + count,
                              .least = all + 2 * count,
                              .most = all + 3 * count,
                              .asymmetry = all + 4 * count,
                              .direction = all + 4 * count + M * M,
                              .unit = all + 4 * count + 2 * M * M,
                              .rows = all + 4 * count + 2 * M * M + K,
                              .gram = all + 4 * count + 2 * M * M + K + K * M,
                              .pair = all + 4 * count + 2 * M * M + 5 * K + K * M + K * K,
                              .distance = INFINITY,
                              .least_recent = INFINITY};
    for (size_t k = 0; k < count; k++)
        saddle->least[k] = INFINITY;
    for (size_t n = 0; n < M; n++)
        for (size_t m = 0; m < n; m++)
            saddle->asymmetry[n * M + m] =
                asymmetry(network, start, sign_of_teachers(saddle, n, m), n, m);
    return ORDPAR_OK;
}

void ordpar_saddle_clear(ordpar_saddle *saddle) {
    free(saddle->amplitude);
    *saddle = (ordpar_saddle){0};
}

static bool tied(const ordpar_saddle *s, size_t a, size_t b) {
    return s->symmetry->first[a] == s->symmetry->first[b];
}

/* True if there are teachers that students could tell apart. */
static bool are_told_apart(const ordpar_saddle *s) {
    const size_t K = s->network->K, M = s->network->M;
    const double *w = s->network->w;
    for (size_t n = 1; n < M; n++)
        if (!tied(s, K, K + n) &&
            ordpar_saddle_size_of(s->heads, M, w, n) == ordpar_saddle_size_of(s->heads, M, w, 0))
            return true;
    return false;
}

/* The largest difference of units a and b, b counted with its sign, in their overlaps with the
 * units first.. before end; `twice`: in how these overlaps differ among each other. */
static double difference(size_t n, const double *c, size_t a, size_t b, double sign, size_t first,
                         size_t end, bool twice) {
    double least = INFINITY, most = -INFINITY;
    for (size_t k = first; k < end; k++) {
        const double x = c[a * n + k] - sign * c[b * n + k];
        least = fmin(least, x);
        most = fmax(most, x);
    }
    return twice ? most - least : fmax(fabs(least), fabs(most));
}

/* Below it, what two students differ by in all is rounding of q. */
static const double within_rounding = 100 * DBL_EPSILON;

/*
 * What two students differ by in all, of second order in q, where noise makes it grow faster than
 * what they differ by for the teachers, which drives it otherwise; INFINITY elsewhere, and in the
 * rounding of q. last: both, and by how much the first has grown on its own.
 */
static double apart_by_noise(double apart, double seen, double *last) {
    const double grown = last[0] > 0 ? apart / last[0] : 1, driven = seen / last[1];
    const bool own = grown > 1 && !(log(grown) < 2.2 * log(driven));
    last[2] = apart < within_rounding ? 1 : fmax(1, last[2] * (own ? grown : fmin(1, grown)));
    last[0] = apart;
    last[1] = seen;
    return last[2] > 2 ? apart : INFINITY;
}

/* The part of two students' difference that lies along the teachers, these taken as orthogonal, in
 * the unit of q. */
static double along_teachers(const ordpar_saddle *s, const double *c, size_t i, size_t j,
                             double sign) {
    const size_t K = s->network->K, n = K + s->network->M;
    double sum = 0;
    for (size_t m = K; m < n; m++) {
        const double x = c[i * n + m] - sign * c[j * n + m], norm = c[m * n + m];
        sum += norm > 0 ? x * x / norm : 0;
    }
    return sum;
}

/* What two students differ by in all, where most of it does not lie along the teachers, which drive
 * that part: noise makes it grow from its least, with the relative error that rounding had made
 * there. */
static void follow_apart(ordpar_saddle *s, double apart, double along, double *least) {
    const double now = apart < within_rounding ? rounding : apart;
    *least = *least > 0 ? fmin(*least, now) : now;
    if (now > 2 * along && now > 2 * *least)
        s->limit = fmax(s->limit, rounding * fmin(1, now) / *least);
}

static void add_students(ordpar_saddle *s, const double *c, const double *v) {
    const size_t K = s->network->K, n = K + s->network->M;
    const bool twice = are_told_apart(s);
    const double largest = ordpar_saddle_largest(s->heads * K, v);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++) {
            const double norm = c[i * n + i];
            if (tied(s, i, j)) { /* exchangeable ones may still be nearly the same */
                if (!s->symmetry->twins[s->symmetry->first[i]] && norm > 0)
                    ordpar_saddle_add(
                        s, fmax(DBL_EPSILON, 1 - fabs(c[i * n + j]) / sqrt(norm * c[j * n + j])),
                        1);
                continue;
            }
            const double sign =
                sign_between(s->network->activation, outputs_product(s->heads, K, v, i, j));
            const double unit = fmax(s->unit[i], s->unit[j]);
            const double apart =
                outputs_apart(s->heads, K, v, sign, i, j) / (largest > 0 ? largest : 1);
            const double seen = difference(n, c, i, j, sign, K, n, twice) / unit;
            ordpar_saddle_add(s, fmax(apart, seen), 1);
            if (s->network->small_eta) /* they are vectors */
                continue;
            const double largest_norm = fmax(norm, c[j * n + j]);
            const double square = (norm - 2 * sign * c[i * n + j] + c[j * n + j]) / largest_norm,
                         all = fmax(0, square);
            if (square < -within_rounding) /* of no vectors: all of it is error that has grown */
                s->limit = fmax(s->limit, fmin(1, -square));
            double *last = s->pair + 4 * (i * (i - 1) / 2 + j);
            follow_apart(s, all, along_teachers(s, c, i, j, sign) / largest_norm, last + 3);
            ordpar_saddle_add(s, apart_by_noise(all, seen, last), 1);
        }
}

static void add_teachers(ordpar_saddle *s, const double *c) {
    const size_t K = s->network->K, M = s->network->M, n = K + M;
    for (size_t k = 0; k < M; k++)
        for (size_t m = 0; m < k; m++) {
            if (tied(s, K + k, K + m))
                continue;
            const double sign = sign_of_teachers(s, k, m);
            ordpar_saddle_add(
                s, fmax(s->asymmetry[k * M + m], difference(n, c, K + k, K + m, sign, 0, K, false)),
                1);
        }
}

/* True if what students know of the teachers grows by its own size. */
static bool escapes_by_size(const ordpar_network *network) {
    const ordpar_activation *taught = ordpar_network_activation(network, network->K);
    return network->activation->parity == 1 || network->activation->escapes_by_size ||
           taught->escapes_by_size;
}

/* The norms of the students' overlaps with the teachers, and outputs that are as small; both are
 * right in units of their own. */
static void add_outputs(ordpar_saddle *s, const double *v) {
    const size_t K = s->network->K, M = s->network->M;
    const double unit = fmax(1, ordpar_saddle_largest(s->heads * M, s->network->w));
    for (size_t i = 0; i < K; i++) {
        const double row = ordpar_saddle_largest(M, s->rows + i * M);
        const double both = fmax(ordpar_saddle_size_of(s->heads, K, v, i) / unit, row);
        if (s->network->training.eta_v > 0)
            ordpar_saddle_add(s, both, both);
        if (escapes_by_size(s->network))
            ordpar_saddle_add(s, row, row);
    }
}

/* The averages of a bounded activation hardly depend on a field that is large. */
static double unit_of_large(bool bounded, double size) {
    return bounded ? fmax(1, size / 2) : 1;
}

static bool is_bounded(const ordpar_activation *g) {
    return fabs(ordpar_activation_value(g, 1e9)) < 1e3;
}

/* Weights are over its square, times rounding. */
static const double smallest_unit = 1e-130;

static void set_units(ordpar_saddle *s, const double *c) {
    const size_t K = s->network->K, M = s->network->M, n = K + M;
    const ordpar_activation *g = s->network->activation;
    const bool matters = escapes_by_size(s->network) || g->needs_variance, bounded = is_bounded(g);
    double least = INFINITY;
    for (size_t k = K; k < n; k++)
        least = fmin(least, sqrt(c[k * n + k]));
    s->teacher_unit = unit_of_large(is_bounded(ordpar_network_activation(s->network, K)), least);
    for (size_t i = 0; i < K; i++) {
        const double size = sqrt(fabs(c[i * n + i]));
        s->unit[i] =
            matters && size > 0 ? fmin(1, fmax(size, smallest_unit)) : unit_of_large(bounded, size);
        for (size_t k = 0; k < M; k++)
            s->rows[i * M + k] = c[i * n + K + k] / s->unit[i];
    }
}

/* Rounding that an amplitude had at its least has grown with it since, and shows in eps_g as far as
 * the amplitude does: where that least was within rounding, rounding is all of it, and no more. */
static void follow(ordpar_saddle *s) {
    s->distance = INFINITY;
    for (size_t k = 0; k < s->next; k++) {
        const double amplitude = fmin(1, s->amplitude[k]);
        if (!(amplitude > 0) || isinf(s->amplitude[k]))
            continue;
        const double part = fmin(1, amplitude / s->scale[k]);
        s->least[k] = fmin(s->least[k], part);
        s->most[k] = fmax(s->most[k], amplitude);
        if (amplitude > decayed * s->most[k])
            s->distance = fmin(s->distance, amplitude);
        s->limit = fmax(s->limit, part * fmin(1, rounding / s->least[k]));
    }
}

/* [5.12] */
void ordpar_saddle_watch(ordpar_saddle *saddle, const double *c, const double *v) {
    ordpar_saddle *s = saddle;
    set_units(s, c);
    s->next = 0;
    add_outputs(s, v);
    if (s->network->activation->parity != 1) {
        add_students(s, c, v);
        add_teachers(s, c);
    } else {
        ordpar_saddle_add_directions(s, c);
    }
    follow(s);
}

void ordpar_saddle_watch_error(ordpar_saddle *s, double alpha, double eps_g, double noise) {
    const double grown = 10, time = 1. / 16; /* in alpha, relatively: late it has many swings */
    const ordpar_training *training = &s->network->training;
    if (s->network->label_noise > 0 || training->weight_decay > 0 || training->tasks.count)
        return;
    const double largest = fmax(s->recent[0], s->recent[1]);
    if (s->recent[1] > 0)
        s->least_recent = fmin(s->least_recent, largest);
    const double error = fmax(rounding, noise);
    if (eps_g > grown * fmax(s->least_recent, error))
        s->limit = fmax(s->limit, fmin(1, error / s->least_recent));
    s->recent[0] = fmax(s->recent[0], eps_g);
    if (alpha < (1 + time) * s->recent_from)
        return;
    s->recent[1] = s->recent[0];
    s->recent[0] = eps_g;
    s->recent_from = alpha;
}

/* The third digit is one machine's rounding. */
double ordpar_saddle_limit(const ordpar_saddle *saddle) {
    const double x = saddle->limit;
    if (!(x > 1e-300 && isfinite(x)))
        return x;
    const double unit = pow(10, 1 - floor(log10(x)));
    return round(x * unit) / unit;
}
