// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The state with momentum: the overlaps of J, P and B of each block. [13.7] Up to the rates of
 * learning r and q are what they are without, so their operations are those of overlaps.
 */
#include "solver/motion/state_momentum.h"

#include "base/kernels.h"
#include "base/vectorise.h"
#include "solver/motion/state_overlaps.h"

#include <math.h>
#include <string.h>

static size_t numbers(size_t K, size_t M, size_t D) {
    (void)D;
    return 2 * ordpar_order_parameter_count(K, M) + K * K;
}

/* Scratch of a chunk; nothing is kept. */
static size_t weights(size_t K) {
    return 2 * K + 1;
}

static ordpar_status prepare(const ordpar_spectrum *spectrum, ordpar_flow_start *start,
                             ordpar_error *err) {
    return ordpar_state_overlaps.prepare(spectrum, start, err);
}

static void set_teacher(const ordpar_flow_start *start, ordpar_flow *flow) {
    ordpar_state_overlaps.set_teacher(start, flow);
}

static void teacher_covariance(const ordpar_flow *flow, double *c) {
    ordpar_state_overlaps.teacher_covariance(flow, c);
}

static void pack_push(const ordpar_flow *flow, const double *push, double *y) {
    const size_t K = flow->K, KM = K * flow->M, L = flow->L;
    ORDPAR_EACH_CHUNK (c, flow) {
        const ordpar_momentum_layout at = ordpar_momentum_places(flow, c.count);
        double *part = y + flow->S * c.first;
        ordpar_chunk_gather(flow, c, KM, push, part + at.u);
        ordpar_chunk_gather(flow, c, K * K, push + KM * L, part + at.s);
        ordpar_chunk_gather(flow, c, K * K, push + (KM + K * K) * L, flow->full);
        ordpar_pack(K, c.count, flow->full, part + at.p);
    }
}

static void unpack_push(const ordpar_flow *flow, const double *y, double *push) {
    const size_t K = flow->K, KM = K * flow->M, L = flow->L;
    ORDPAR_EACH_CHUNK (c, flow) {
        const ordpar_momentum_layout at = ordpar_momentum_places(flow, c.count);
        const double *part = y + flow->S * c.first;
        ordpar_unpack(K, c.count, part + at.p, flow->full);
        ordpar_chunk_scatter(flow, c, KM, part + at.u, push);
        ordpar_chunk_scatter(flow, c, K * K, part + at.s, push + KM * L);
        ordpar_chunk_scatter(flow, c, K * K, flow->full, push + (KM + K * K) * L);
    }
}

static void pack(const ordpar_flow *flow, const ordpar_flow_start *start, double *y) {
    memset(y, 0, flow->S * flow->L * sizeof *y);
    ordpar_state_overlaps.pack(flow, start, y);
    if (start->overlaps->push)
        pack_push(flow, start->overlaps->push, y);
}

static void students(const ordpar_flow *flow, ordpar_chunk chunk, const double *y) {
    ordpar_state_overlaps.students(flow, chunk, y);
}

static void unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    ordpar_state_overlaps.unpack(flow, y, overlaps);
    if (overlaps->push)
        unpack_push(flow, y, overlaps->push);
}

static void sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *r_sizes,
                  double *q_sizes) {
    ordpar_state_overlaps.sizes(flow, chunk, y, r_sizes, q_sizes);
}

static void own_sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                      const double *unit, double *r_sizes, double *q_sizes) {
    ordpar_state_overlaps.own_sizes(flow, chunk, y, unit, r_sizes, q_sizes);
}

/* z = w (a x + b y) + f m */
ORDPAR_VECTORISED_VOID(static, drive_pair,
                       (size_t n, const double *w, double a, const double *x, double b,
                        const double *y, double f, const double *m, double *z),
                       (n, w, a, x, b, y, f, m, z)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        z[k] = w[k] * (a * x[k] + b * y[k]) + f * m[k];
}

/* -D_J / lambda into half, -D_P / lambda into full */
static void set_drives(const ordpar_flow *flow, const ordpar_coefficients *co, size_t n,
                       const double *y) {
    const size_t K = flow->K, M = flow->M;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    ordpar_unpack(K, n, y + at.q, flow->full);
    ordpar_multiply_transpose(K, M, n, co->A, y, flow->half);
    ordpar_left_multiply(false, K, K, K * n, -1, co->G, K, flow->full, K * n, true, flow->half,
                         K * n);
    ordpar_multiply_transpose(K, M, n, co->A, y + at.u, flow->full);
    ordpar_left_multiply(false, K, K, K * n, -1, co->G, K, y + at.s, K * n, true, flow->full,
                         K * n);
}

/* [13.7] without c and e. */
static void apply(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                  const double *y, double *dy) {
    const size_t K = flow->K, M = flow->M, KM = K * M, n = chunk.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    const double eta = flow->push.eta, *rate = flow->rate + chunk.first;
    const double *noise = flow->noise + chunk.first, *J = flow->half, *P = flow->full;
    ordpar_flow_drive(flow, co, chunk, M, M, flow->t + M * M * chunk.first, y, dy + at.u);
    ordpar_add_scaled(KM * n, eta, dy + at.u, false, dy);
    ordpar_add_scaled(KM * n, -1, dy + at.u, false, dy + at.u);
    set_drives(flow, co, n, y);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const size_t ij = (i * K + j) * n, ji = (j * K + i) * n;
            const double F = co->F[i * K + j];
            drive_pair(n, rate, eta, P + ij, -1, J + ji, -eta * F, noise, dy + at.s + ij);
            if (i > j)
                continue;
            const size_t packed = ordpar_packed_index(K, i, j) * n;
            drive_pair(n, rate, eta, J + ij, eta, J + ji, eta * eta * F, noise, dy + at.q + packed);
            drive_pair(n, rate, -1, P + ij, -1, P + ji, F, noise, dy + at.p + packed);
        }
}

/* [13.2], [13.7] */
static void decay(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *dy) {
    const size_t K = flow->K, KM = K * flow->M, KK = K * K, triangle = flow->P - KM,
                 n = chunk.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    const double c = flow->push.c, e = flow->push.e;
    if (flow->decay[0] > 0) {
        ordpar_state_overlaps.decay(flow, chunk, y, dy);
        ordpar_flow_decay(flow, chunk, KK, 1, y + at.s, dy + at.s);
    }
    ordpar_add_scaled(KM * n, -e, y + at.u, true, dy);
    ordpar_add_scaled(KM * n, -c, y + at.u, true, dy + at.u);
    ordpar_add_scaled(triangle * n, -2 * c, y + at.p, true, dy + at.p);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const size_t ij = (i * K + j) * n, ji = (j * K + i) * n;
            const size_t packed = ordpar_packed_index(K, i < j ? i : j, i < j ? j : i) * n;
            ordpar_combine(n, -e, y + at.p + packed, -c, y + at.s + ij, true, dy + at.s + ij);
            if (i <= j)
                ordpar_combine(n, -e, y + at.s + ij, -e, y + at.s + ji, true, dy + at.q + packed);
        }
}

/* An error of P is one of J when it has been acted out: by the time that c, learning or the pair's
 * oscillation take, whichever is the shortest. [13.8] */
static void set_sizes(const ordpar_flow *flow, ordpar_chunk chunk, double *size) {
    const ordpar_push *push = &flow->push;
    for (size_t b = 0; b < chunk.count; b++) {
        const double lambda = flow->lambda[chunk.first + b];
        size[b] = (push->c + push->eta * lambda + sqrt(push->e * lambda)) / push->e;
    }
}

/* The inverses of factor times the tolerances, but not below the rounding of y. */
ORDPAR_VECTORISED_VOID(static, invert,
                       (size_t n, double factor, const double *tolerance, const double *y,
                        double *weights),
                       (n, factor, tolerance, y, weights)) {
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double wanted = factor * tolerance[b], least = ORDPAR_LEAST_TOLERANCE * fabs(y[b]);
        weights[b] = 1 / (wanted > least ? wanted : least);
    }
}

/* Of u, s and p of a chunk, for the tolerances of r and q there. */
static void weigh_chunk(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                        const double *unit, const double *r_tolerance, const double *q_tolerance,
                        double *weights) {
    const size_t K = flow->K, M = flow->M, n = chunk.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    double *size = flow->half, *tolerance = flow->full;
    set_sizes(flow, chunk, size);
    ordpar_multiply_add(n, r_tolerance, size, false, tolerance);
    for (size_t k = 0; k < K * M; k++)
        invert(n, unit ? unit[k / M] : 1, tolerance, y + at.u + k * n, weights + at.u + k * n);
    ordpar_multiply_add(n, q_tolerance, size, false, tolerance);
    for (size_t k = 0; k < K * K; k++)
        invert(n, unit ? unit[k / K] * unit[k % K] : 1, tolerance, y + at.s + k * n,
               weights + at.s + k * n);
    ordpar_multiply(n, size, tolerance);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++) {
            const size_t packed = at.p + ordpar_packed_index(K, i, j) * n;
            invert(n, unit ? unit[i] * unit[j] : 1, tolerance, y + packed, weights + packed);
        }
}

static void weigh(const ordpar_flow *flow, const double *y, const double *unit, double *r_tolerance,
                  double *q_tolerance, double *weights) {
    ORDPAR_EACH_CHUNK (c, flow)
        weigh_chunk(flow, c, y + flow->S * c.first, unit, r_tolerance + c.first,
                    q_tolerance + c.first, weights + flow->S * c.first);
    ordpar_state_overlaps.weigh(flow, y, unit, r_tolerance, q_tolerance, weights);
}

/* c <- s or its transpose between the classes, as the overlaps of one kind of student with another
 */
static void average_mixed(const ordpar_flow *flow, const ordpar_symmetry *symmetry, size_t n,
                          bool transposed, const double *from, double *c, double *to) {
    const size_t K = flow->K, units = K + flow->M;
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++) {
            const size_t a = symmetry->first[i] <= symmetry->first[j] ? i : j, b = i + j - a;
            const double x = from[(transposed ? b * K + a : a * K + b) * n];
            const double y = from[(transposed ? a * K + b : b * K + a) * n];
            const bool same = symmetry->first[i] == symmetry->first[j];
            c[i * units + j] = c[j * units + i] = same ? (x + y) / 2 : x;
        }
    ordpar_symmetry_average(symmetry, c);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            if (symmetry->first[i] == symmetry->first[j] ||
                (symmetry->first[i] < symmetry->first[j]) != transposed)
                to[(i * K + j) * n] = c[i * units + j];
}

/* The students' part of c from u and p, or back. */
static void move_push(const ordpar_flow *flow, size_t n, bool back, double *u, double *p,
                      double *c) {
    const size_t K = flow->K, M = flow->M, units = K + M;
    for (size_t i = 0; i < K; i++) {
        for (size_t k = 0; k < M; k++) {
            double *out = u + (i * M + k) * n, *in = c + i * units + K + k;
            *(back ? out : in) = back ? *in : *out;
        }
        for (size_t j = i; j < K; j++) {
            double *out = p + ordpar_packed_index(K, i, j) * n, *in = c + i * units + j;
            *(back ? out : in) = back ? *in : *out;
        }
    }
}

static void average(const ordpar_flow *flow, ordpar_chunk chunk, const ordpar_symmetry *symmetry,
                    double *c, double *y) {
    const size_t n = chunk.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    ordpar_state_overlaps.average(flow, chunk, symmetry, c, y);
    for (size_t b = 0; b < n; b++) {
        double *part = y + b, *s = part + at.s;
        move_push(flow, n, false, part + at.u, part + at.p, c);
        ordpar_symmetry_average(symmetry, c);
        move_push(flow, n, true, part + at.u, part + at.p, c);
        average_mixed(flow, symmetry, n, false, s, c, s);
        average_mixed(flow, symmetry, n, true, s, c, s);
    }
}

const ordpar_state ordpar_state_momentum = {
    .name = "momentum",
    .pushes = true,
    .numbers = numbers,
    .weights = weights,
    .prepare = prepare,
    .set_teacher = set_teacher,
    .teacher_covariance = teacher_covariance,
    .pack = pack,
    .unpack = unpack,
    .students = students,
    .apply = apply,
    .decay = decay,
    .add_moment = ordpar_overlaps_add_moment,
    .set_moment = ordpar_overlaps_set_moment,
    .sizes = sizes,
    .average = average,
    .own_sizes = own_sizes,
    .weigh = weigh,
    .set_weights = ordpar_momentum_set_weights,
    .sum = ordpar_momentum_sum,
    .solve = ordpar_momentum_solve,
    .add_solution = ordpar_momentum_add_solution,
    .set_solution_moment = ordpar_block_solve_moment_back,
    .multiply_transposed = ordpar_momentum_multiply_transposed,
    .solve_transposed = ordpar_momentum_solve_transposed,
    .moment_transposed = ordpar_overlaps_moment_transposed,
    .apply_transposed = ordpar_momentum_apply_transposed,
};
