// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The state of wide networks at all orders in eta [4.9]: of each block J, what of the students lies
 * along the teachers, which moves as at lowest order, and s, what their overlaps are beside J J^T.
 * A block of one component has K numbers in place of the K M of r; no product has A r^T in it.
 */
#include "solver/motion/state_projections.h"

#include "base/kernels.h"
#include "base/products.h"
#include "solver/motion/blocks.h"
#include "solver/motion/state_vectors.h"

#include <math.h>

static size_t numbers(size_t K, size_t M, size_t D) {
    (void)M;
    return K * D + K * (K + 1) / 2;
}

static size_t weights(size_t K) {
    return K * (K + 1) / 2;
}

static ordpar_status prepare(const ordpar_spectrum *spectrum, ordpar_flow_start *start,
                             ordpar_error *err) {
    return start->factors.D
               ? ORDPAR_OK
               : ordpar_factors_project(start->overlaps, spectrum, &start->factors, err);
}

static void set_teacher(const ordpar_flow_start *start, ordpar_flow *flow) {
    ordpar_state_vectors.set_teacher(start, flow);
}

static void teacher_covariance(const ordpar_flow *flow, double *c) {
    ordpar_state_vectors.teacher_covariance(flow, c);
}

/* full[K][K][n] becomes what it is beside, or together with, sign J J^T. */
static void add_square(const ordpar_flow *flow, size_t n, double sign, const double *J,
                       double *full) {
    const size_t K = flow->K, row = flow->D * n;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            double *out = full + (i * K + j) * n;
            for (size_t d = 0; d < row; d += n)
                for (size_t b = 0; b < n; b++)
                    out[b] += sign * J[i * row + d + b] * J[j * row + d + b];
        }
}

static void pack(const ordpar_flow *flow, const ordpar_flow_start *start, double *y) {
    const size_t K = flow->K, KD = K * flow->D;
    ORDPAR_EACH_CHUNK (c, flow) {
        double *part = y + flow->S * c.first;
        ordpar_chunk_gather(flow, c, KD, start->factors.J, part);
        ordpar_chunk_gather(flow, c, K * K, start->overlaps->q, flow->full);
        add_square(flow, c.count, -1, part, flow->full);
        ordpar_pack(K, c.count, flow->full, part + KD * c.count);
    }
}

static void students(const ordpar_flow *flow, ordpar_chunk chunk, const double *y) {
    ordpar_unpack(flow->K, chunk.count, y + ordpar_projections_rest(flow, chunk), flow->full);
    add_square(flow, chunk.count, 1, y, flow->full);
}

static void unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    const size_t K = flow->K, M = flow->M, D = flow->D;
    ORDPAR_EACH_CHUNK (c, flow) {
        const size_t row = D * c.count;
        const double *J = y + flow->S * c.first, *B = flow->B + M * D * c.first;
        for (size_t i = 0; i < K; i++)
            for (size_t m = 0; m < M; m++)
                ordpar_vectors_dot(D, c.count, J + i * row, B + m * row,
                                   flow->half + (i * M + m) * c.count);
        students(flow, c, J);
        ordpar_chunk_scatter(flow, c, K * M, flow->half, overlaps->r);
        ordpar_chunk_scatter(flow, c, K * K, flow->full, overlaps->q);
    }
}

/* s is the same in deviations. */
static ordpar_status deviate(const ordpar_flow *flow, const double *y, const size_t *teacher_of,
                             ordpar_factors *factors, ordpar_error *err) {
    return ordpar_state_vectors.deviate(flow, y, teacher_of, factors, err);
}

void ordpar_projections_multiply(size_t K, size_t columns, const double *A, const double *x,
                                 double *out) {
    const ordpar_left_product p = {.rows = K,
                                   .columns = columns,
                                   .terms = {{0}, {A, K, 1, K, x, columns}},
                                   .out = out,
                                   .stride = columns};
    ordpar_left_product_make(&p);
}

/* [4.9] dJ = eta lambda (A B - G J), ds = - eta lambda (G s + s G) + eta^2 p lambda F */
static void apply(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                  const double *y, double *dy) {
    const size_t K = flow->K, n = chunk.count, rest = ordpar_projections_rest(flow, chunk);
    const double *rate = flow->rate + chunk.first, *noise = flow->noise + chunk.first;
    ordpar_state_vectors.apply(flow, co, chunk, y, dy);
    ordpar_unpack(K, n, y + rest, flow->full);
    ordpar_projections_multiply(K, K * n, co->G, flow->full, flow->half);
    double *out = dy + rest;
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++, out += n) {
            ordpar_add_pair(n, -1, rate, flow->half + (i * K + j) * n, flow->half + (j * K + i) * n,
                            false, out);
            ordpar_add_scaled(n, co->F[i * K + j], noise, true, out);
        }
}

/* [13.2] dJ -= kappa J, ds -= 2 kappa s */
static void decay(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *dy) {
    const size_t KD = flow->K * flow->D, rest = ordpar_projections_rest(flow, chunk);
    ordpar_flow_decay(flow, chunk, KD, 1, y, dy);
    ordpar_flow_decay(flow, chunk, flow->S - KD, 2, y + rest, dy + rest);
}

static void add_moment(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *sums) {
    const size_t K = flow->K, n = chunk.count;
    double *Q = sums + K * flow->M;
    const double *s = y + ordpar_projections_rest(flow, chunk);
    ordpar_vectors_add_products(flow, chunk, y, y, true, sums, Q);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++, s += n)
            Q[i * K + j] += ordpar_dot(n, flow->lambda + chunk.first, s);
}

static void set_moment(const ordpar_flow *flow, const double *sums, double *m) {
    ordpar_state_vectors.set_moment(flow, sums, m);
}

static const double *own_overlaps(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                  size_t i) {
    return y + ordpar_projections_rest(flow, chunk) +
           ordpar_packed_index(flow->K, i, i) * chunk.count;
}

static void sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *r_sizes,
                  double *q_sizes) {
    ordpar_state_vectors.sizes(flow, chunk, y, r_sizes, q_sizes);
    for (size_t b = 0; b < chunk.count; b++) {
        double largest = 0;
        for (size_t i = 0; i < flow->K; i++)
            largest = fmax(largest, fabs(own_overlaps(flow, chunk, y, i)[b]));
        q_sizes[chunk.first + b] += largest;
    }
}

/* Of s alone: the weights of vectors know their rounding. */
static void own_sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                      const double *unit, double *r_sizes, double *q_sizes) {
    (void)r_sizes;
    for (size_t i = 0; i < flow->K; i++) {
        const double *s = own_overlaps(flow, chunk, y, i);
        for (size_t b = 0; b < chunk.count; b++)
            q_sizes[chunk.first + b] =
                fmax(q_sizes[chunk.first + b], fabs(s[b]) / (unit[i] * unit[i]));
    }
}

/*
 * The integrator's norm is a mean over the S numbers of a block, of which J has K D: its square times
 * S is what errors of all of them may add up to. Of overlaps it was P, and each r and q may err by as
 * much as there: J by its M products with teachers, and by those with students, q_ij by two of them,
 * of which the weights of vectors take the worst sum.
 */
typedef struct {
    double r, q, s;
} shares;

static shares share(const ordpar_flow *flow) {
    const double K = (double)flow->K, M = (double)flow->M, D = (double)flow->D;
    const double ratio = (double)flow->P / (double)flow->S;
    return (shares){sqrt(ratio * D / M), sqrt(4 * ratio * D / (K + 1)), sqrt(ratio)};
}

/* The weights divide by the largest norm of a teacher; errors of r are a mean over teachers. */
static void scale_by_norms(const ordpar_flow *flow, ordpar_chunk chunk, double by,
                           double *r_tolerance) {
    const size_t M = flow->M, n = chunk.count;
    const double *t = flow->t + M * M * chunk.first;
    for (size_t b = 0; b < n; b++) {
        double sum = 0;
        for (size_t m = 0; m < M; m++)
            sum += t[(m * M + m) * n + b];
        if (sum > 0)
            r_tolerance[chunk.first + b] *=
                by * flow->B_norm[chunk.first + b] / sqrt(sum / (double)M);
    }
}

static void weigh(const ordpar_flow *flow, const double *y, const double *unit, double *r_tolerance,
                  double *q_tolerance, double *weights) {
    const size_t K = flow->K, KD = K * flow->D;
    const shares of = share(flow);
    ORDPAR_EACH_CHUNK (c, flow)
        scale_by_norms(flow, c, of.r, r_tolerance);
    for (size_t b = 0; b < flow->L; b++)
        q_tolerance[b] *= of.q;
    ordpar_state_vectors.weigh(flow, y, unit, r_tolerance, q_tolerance, weights);
    for (size_t b = 0; b < flow->L; b++)
        q_tolerance[b] = of.q / (of.s * q_tolerance[b]);
    ORDPAR_EACH_CHUNK (c, flow) {
        double *out = weights + flow->S * c.first + KD * c.count;
        for (size_t i = 0; i < K; i++)
            for (size_t j = i; j < K; j++, out += c.count)
                ordpar_add_scaled(c.count, unit ? 1 / (unit[i] * unit[j]) : 1,
                                  q_tolerance + c.first, false, out);
    }
}

const ordpar_state ordpar_state_projections = {
    .name = "projections",
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
    .add_moment = add_moment,
    .set_moment = set_moment,
    .sizes = sizes,
    .own_sizes = own_sizes,
    .weigh = weigh,
    .set_weights = ordpar_projections_set_weights,
    .sum = ordpar_projections_sum,
    .set_solution_moment = ordpar_vectors_moment_back,
    .add_solution_rotated = ordpar_projections_add_solution_rotated,
    .finish_rotated = ordpar_projections_finish_rotated,
};
