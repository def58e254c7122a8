// SPDX-License-Identifier: GPL-3.0-or-later
/* The state at all orders in eta: the overlaps r and q of each block. [4.5], [4.6] */
#include "solver/motion/state_overlaps.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"

#include <math.h>
#include <string.h>

static size_t numbers(size_t K, size_t M, size_t D) {
    (void)D;
    return ordpar_order_parameter_count(K, M);
}

static size_t weights(size_t K) {
    return K * K;
}

static ordpar_status prepare(const ordpar_spectrum *spectrum, ordpar_flow_start *start,
                             ordpar_error *err) {
    (void)spectrum, (void)start, (void)err;
    return ORDPAR_OK;
}

static void set_teacher(const ordpar_flow_start *start, ordpar_flow *flow) {
    const size_t MM = flow->M * flow->M;
    ORDPAR_EACH_CHUNK (c, flow)
        ordpar_chunk_gather(flow, c, MM, start->overlaps->t, flow->t + MM * c.first);
}

static void teacher_covariance(const ordpar_flow *flow, double *c) {
    (void)flow, (void)c; /* it is that of the overlaps */
}

static void pack(const ordpar_flow *flow, const ordpar_flow_start *start, double *y) {
    const size_t K = flow->K, KM = K * flow->M;
    ORDPAR_EACH_CHUNK (c, flow) {
        double *part = y + flow->S * c.first;
        ordpar_chunk_gather(flow, c, KM, start->overlaps->r, part);
        ordpar_chunk_gather(flow, c, K * K, start->overlaps->q, flow->full);
        ordpar_pack(K, c.count, flow->full, part + KM * c.count);
    }
}

static void unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    const size_t K = flow->K, KM = K * flow->M;
    ORDPAR_EACH_CHUNK (c, flow) {
        const double *part = y + flow->S * c.first;
        ordpar_unpack(K, c.count, part + KM * c.count, flow->full);
        ordpar_chunk_scatter(flow, c, KM, part, overlaps->r);
        ordpar_chunk_scatter(flow, c, K * K, flow->full, overlaps->q);
    }
}

static void students(const ordpar_flow *flow, ordpar_chunk chunk, const double *y) {
    ordpar_unpack(flow->K, chunk.count, y + flow->K * flow->M * chunk.count, flow->full);
}

static ordpar_status deviate(const ordpar_flow *flow, const double *y, const size_t *teacher_of,
                             ordpar_factors *factors, ordpar_error *err) {
    (void)flow, (void)y, (void)teacher_of, (void)factors, (void)err; /* overlaps are all it needs */
    return ORDPAR_OK;
}

/*
 * Students of a class that are not one may differ by less than the rounding of q. Where G makes the
 * difference grow, what rounding has turned negative must not: no vectors have it. [5.11]
 */
static void keep_apart(const ordpar_symmetry *s, const double *G, size_t n, double *q) {
    for (size_t i = 0; i < s->K; i++)
        for (size_t j = 0; j < i; j++) {
            const double sign = s->scale[i] * s->scale[j];
            if (s->first[i] != s->first[j] || s->twins[s->first[i]] ||
                G[i * s->K + i] >= sign * G[i * s->K + j])
                continue;
            double *pair = q + (i * s->K + j) * n, *other = q + (j * s->K + i) * n;
            const double *own = q + (i * s->K + i) * n;
            for (size_t b = 0; b < n; b++)
                pair[b] = other[b] =
                    sign * fmin(sign * pair[b], own[b] * ORDPAR_LARGEST_CORRELATION);
        }
}

/* [15.31] The noise of block b, of linear units, is v v^T, which is G, times its own variance; G
 * has the schedule's factor once, noise has it twice. */
static void add_excess(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                       double *dq) {
    for (size_t i = 0; i < flow->K; i++)
        for (size_t j = i; j < flow->K; j++)
            ordpar_add_scaled(chunk.count, flow->factor * co->G[i * flow->K + j],
                              flow->excess + chunk.first, true,
                              dq + ordpar_packed_index(flow->K, i, j) * chunk.count);
}

/* [4.6] dq = eta lambda ( A r^T - G q + transpose ) + eta^2 p lambda F */
static void apply_q(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                    const double *r, const double *q, double *dq) {
    const size_t K = flow->K, M = flow->M, n = chunk.count;
    const double *rate = flow->rate + chunk.first, *noise = flow->noise + chunk.first;
    ordpar_unpack(K, n, q, flow->full);
    if (flow->symmetry)
        keep_apart(flow->symmetry, co->G, n, flow->full);
    ordpar_multiply_transpose(K, M, n, co->A, r, flow->half);
    ordpar_left_multiply(false, K, K, K * n, -1, co->G, K, flow->full, K * n, true, flow->half,
                         K * n);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++) {
            double *out = dq + ordpar_packed_index(K, i, j) * n;
            ordpar_add_pair(n, 1, rate, flow->half + (i * K + j) * n, flow->half + (j * K + i) * n,
                            false, out);
            if (co->F[i * K + j] != 0)
                ordpar_add_scaled(n, co->F[i * K + j], noise, true, out);
        }
    if (flow->excess)
        add_excess(flow, co, chunk, dq);
}

/* [4.5] dr = eta lambda ( A t - G r ) */
static void apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                  ordpar_chunk chunk, const double *y, double *dy) {
    const size_t M = flow->M, q = flow->K * M * chunk.count;
    ordpar_flow_drive(flow, coefficients, chunk, M, M, flow->t + M * M * chunk.first, y, dy);
    apply_q(flow, coefficients, chunk, y, y + q, dy + q);
}

/* [13.2] dr -= kappa r, dq -= 2 kappa q */
static void decay(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *dy) {
    const size_t KM = flow->K * flow->M, q = KM * chunk.count;
    ordpar_flow_decay(flow, chunk, KM, 1, y, dy);
    ordpar_flow_decay(flow, chunk, flow->P - KM, 2, y + q, dy + q);
}

void ordpar_overlaps_add_moment(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                double *sums) {
    for (size_t k = 0; k < flow->P; k++)
        sums[k] += ordpar_dot(chunk.count, flow->lambda + chunk.first, y + k * chunk.count);
}

void ordpar_overlaps_set_moment(const ordpar_flow *flow, const double *sums, double *m) {
    memcpy(m, sums, flow->P * sizeof *m);
}

/* The largest number of each block in absolute value, where it is above sizes. */
static void raise_sizes(size_t n, double unit, const double *x, double *sizes) {
    const double scale = 1 / unit;
    for (size_t b = 0; b < n; b++) {
        const double size = fabs(x[b]) * scale;
        sizes[b] = size > sizes[b] ? size : sizes[b];
    }
}

/* The largest number of each block in absolute value, over the given components of a chunk. */
static void block_sizes(ordpar_chunk chunk, size_t components, const double *x, double *sizes) {
    for (size_t b = 0; b < chunk.count; b++)
        sizes[chunk.first + b] = 0;
    for (size_t k = 0; k < components; k++)
        raise_sizes(chunk.count, 1, x + k * chunk.count, sizes + chunk.first);
}

static void sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *r_sizes,
                  double *q_sizes) {
    const size_t KM = flow->K * flow->M;
    block_sizes(chunk, KM, y, r_sizes);
    block_sizes(chunk, flow->P - KM, y + KM * chunk.count, q_sizes);
}

static void average(const ordpar_flow *flow, ordpar_chunk chunk, const ordpar_symmetry *symmetry,
                    double *c, double *y) {
    const size_t K = flow->K, M = flow->M, units = K + M, n = chunk.count;
    for (size_t b = 0; b < n; b++) {
        double *r = y + b, *q = r + K * M * n;
        for (size_t i = 0; i < K; i++) {
            for (size_t k = 0; k < M; k++)
                c[i * units + K + k] = r[(i * M + k) * n];
            for (size_t j = i; j < K; j++)
                c[i * units + j] = q[ordpar_packed_index(K, i, j) * n];
        }
        ordpar_symmetry_average(symmetry, c);
        for (size_t i = 0; i < K; i++) {
            for (size_t k = 0; k < M; k++)
                r[(i * M + k) * n] = c[i * units + K + k];
            for (size_t j = i; j < K; j++)
                q[ordpar_packed_index(K, i, j) * n] = c[i * units + j];
        }
    }
}

static void own_sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                      const double *unit, double *r_sizes, double *q_sizes) {
    const size_t K = flow->K, M = flow->M, n = chunk.count;
    const double *q = y + K * M * n;
    for (size_t i = 0; i < K; i++) {
        for (size_t k = 0; k < M; k++)
            raise_sizes(n, unit[i], y + (i * M + k) * n, r_sizes + chunk.first);
        raise_sizes(n, unit[i] * unit[i], q + ordpar_packed_index(K, i, i) * n,
                    q_sizes + chunk.first);
    }
}

static void fill(size_t n, double unit, const double *inverse, double *weights) {
    if (unit == 1) {
        memcpy(weights, inverse, n * sizeof *weights);
        return;
    }
    for (size_t b = 0; b < n; b++)
        weights[b] = inverse[b] / unit;
}

static void weigh(const ordpar_flow *flow, const double *y, const double *unit, double *r_tolerance,
                  double *q_tolerance, double *weights) {
    const size_t K = flow->K, M = flow->M;
    (void)y;
    for (size_t b = 0; b < flow->L; b++) {
        r_tolerance[b] = 1 / r_tolerance[b];
        q_tolerance[b] = 1 / q_tolerance[b];
    }
    ORDPAR_EACH_CHUNK (c, flow) {
        double *r = weights + flow->S * c.first, *q = r + K * M * c.count;
        for (size_t i = 0; i < K; i++) {
            const double own = unit ? unit[i] : 1;
            for (size_t k = 0; k < M; k++)
                fill(c.count, own, r_tolerance + c.first, r + (i * M + k) * c.count);
            for (size_t j = i; j < K; j++)
                fill(c.count, unit ? own * unit[j] : 1, q_tolerance + c.first,
                     q + ordpar_packed_index(K, i, j) * c.count);
        }
    }
}

const ordpar_state ordpar_state_overlaps = {
    .name = "overlaps",
    .numbers = numbers,
    .weights = weights,
    .prepare = prepare,
    .set_teacher = set_teacher,
    .teacher_covariance = teacher_covariance,
    .pack = pack,
    .unpack = unpack,
    .students = students,
    .deviate = deviate,
    .apply = apply,
    .decay = decay,
    .add_moment = ordpar_overlaps_add_moment,
    .set_moment = ordpar_overlaps_set_moment,
    .sizes = sizes,
    .average = average,
    .own_sizes = own_sizes,
    .weigh = weigh,
    .set_weights = ordpar_overlaps_set_weights,
    .sum = ordpar_overlaps_sum,
    .solve = ordpar_overlaps_solve,
    .add_solution = ordpar_overlaps_add_solution,
    .set_solution_moment = ordpar_block_solve_moment_back,
    .set_weights_pair = ordpar_overlaps_set_weights_pair,
    .sum_pair = ordpar_overlaps_sum_pair,
    .solve_pair = ordpar_overlaps_solve_pair,
    .add_solution_pair = ordpar_overlaps_add_solution_pair,
    .multiply_transposed = ordpar_overlaps_multiply_transposed,
    .solve_transposed = ordpar_overlaps_solve_transposed,
    .moment_transposed = ordpar_overlaps_moment_transposed,
    .apply_transposed = ordpar_overlaps_apply_transposed,
};
