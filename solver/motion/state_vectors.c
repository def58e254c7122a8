// SPDX-License-Identifier: GPL-3.0-or-later
/* The state at lowest order in eta: the student vectors J_b. [4.7] */
#include "solver/motion/state_vectors.h"

#include "base/kernels.h"
#include "base/products.h"
#include "base/vectorise.h"
#include "solver/motion/blocks.h"

#include <float.h>
#include <math.h>
#include <string.h>

static size_t numbers(size_t K, size_t M, size_t D) {
    (void)M;
    return K * D;
}

static size_t weights(size_t K) {
    (void)K;
    return 0;
}

static ordpar_status prepare(const ordpar_spectrum *spectrum, ordpar_flow_start *start,
                             ordpar_error *err) {
    return start->factors.D ? ORDPAR_OK
                            : ordpar_factors_init(start->overlaps, spectrum, &start->factors, err);
}

static void set_teacher_overlaps(ordpar_flow *flow, ordpar_chunk chunk) {
    const size_t M = flow->M, row = flow->D * chunk.count;
    const double *B = flow->B + M * flow->D * chunk.first;
    double *t = flow->t + M * M * chunk.first;
    for (size_t m = 0; m < M; m++)
        for (size_t l = 0; l < M; l++)
            ordpar_vectors_dot(flow->D, chunk.count, B + m * row, B + l * row,
                               t + (m * M + l) * chunk.count);
    for (size_t b = 0; b < chunk.count; b++)
        for (size_t m = 0; m < M; m++)
            flow->B_norm[chunk.first + b] =
                fmax(flow->B_norm[chunk.first + b], sqrt(t[(m * M + m) * chunk.count + b]));
}

/* The coordinates, the first, in which a teacher has a number that is not 0. */
static size_t teacher_coordinates(const ordpar_flow *flow, const ordpar_factors *factors) {
    const size_t D = flow->D, L = flow->L;
    size_t used = 0;
    for (size_t m = 0; m < flow->M; m++)
        for (size_t d = used; d < D; d++)
            for (size_t b = 0; b < L; b++)
                if (factors->B[(m * D + d) * L + b] != 0)
                    used = d + 1;
    return used;
}

static bool teachers_are_triangular(const ordpar_flow *flow, const ordpar_factors *factors) {
    const size_t D = flow->D, L = flow->L;
    for (size_t m = 0; m < flow->M; m++)
        for (size_t k = (m + 1) * L; k < D * L; k++)
            if (factors->B[m * D * L + k] != 0)
                return false;
    return true;
}

/* Fewer students are loops over long rows. */
enum { LEAST_STUDENTS = 8 };

static void set_teacher(const ordpar_flow_start *start, ordpar_flow *flow) {
    const size_t MD = flow->M * flow->D;
    const bool many = flow->K + flow->M >= ORDPAR_MANY_UNITS;
    flow->D_B = many ? teacher_coordinates(flow, &start->factors) : flow->D;
    flow->triangular = many && teachers_are_triangular(flow, &start->factors);
    flow->many_units = many && flow->K >= LEAST_STUDENTS && flow->chunk_size <= ORDPAR_MOST_COLUMNS;
    ORDPAR_EACH_CHUNK (c, flow) {
        ordpar_chunk_gather(flow, c, MD, start->factors.B, flow->B + MD * c.first);
        set_teacher_overlaps(flow, c);
    }
}

static void teacher_covariance(const ordpar_flow *flow, double *c) {
    const size_t K = flow->K, M = flow->M, n = K + M;
    for (size_t m = 0; m < M; m++)
        for (size_t l = 0; l < M; l++) {
            double *T = c + (K + m) * n + K + l;
            *T = 0;
            ORDPAR_EACH_CHUNK (chunk, flow)
                *T += ordpar_dot(chunk.count, flow->lambda + chunk.first,
                                 flow->t + M * M * chunk.first + (m * M + l) * chunk.count);
        }
}

static void pack(const ordpar_flow *flow, const ordpar_flow_start *start, double *y) {
    ORDPAR_EACH_CHUNK (c, flow)
        ordpar_chunk_gather(flow, c, flow->S, start->factors.J, y + flow->S * c.first);
}

static void scale_row(size_t length, double scale, const double *x, double *out) {
    for (size_t k = 0; k < length; k++)
        out[k] = scale * x[k];
}

/* Twins are one vector: what parts them would grow wherever G has a negative eigenvalue. Vectors of
 * other classes differ in directions of their own, which the flow keeps. */
static void average(const ordpar_flow *flow, ordpar_chunk chunk, const ordpar_symmetry *symmetry,
                    double *c, double *J) {
    const ordpar_symmetry *s = symmetry;
    const size_t row = flow->D * chunk.count;
    (void)c;
    for (size_t i = 0; i < flow->K; i++) {
        const size_t first = s->first[i];
        if (s->twins[first] && first != i)
            ordpar_add_scaled(row, 1 / s->scale[i], J + i * row, true, J + first * row);
    }
    for (size_t i = 0; i < flow->K; i++)
        if (s->twins[i] && s->first[i] == i)
            scale_row(row, 1 / (double)s->size[i], J + i * row, J + i * row);
    for (size_t i = 0; i < flow->K; i++)
        if (s->twins[s->first[i]] && s->first[i] != i)
            scale_row(row, s->scale[i], J + s->first[i] * row, J + i * row);
}

static void unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    const size_t K = flow->K;
    ORDPAR_EACH_CHUNK (c, flow) {
        ordpar_vectors_products(flow, c, y + flow->S * c.first, flow->half, flow->full);
        ordpar_chunk_scatter(flow, c, K * flow->M, flow->half, overlaps->r);
        ordpar_chunk_scatter(flow, c, K * K, flow->full, overlaps->q);
    }
}

/* The overlaps of W = J - B are differences, of vectors that may have decayed to their rounding:
 * vectors are what is subtracted. */
static ordpar_status deviate(const ordpar_flow *flow, const double *y, const size_t *teacher_of,
                             ordpar_factors *factors, ordpar_error *err) {
    const size_t MD = flow->M * flow->D;
    ordpar_status status =
        ordpar_factors_allocate(flow->K, flow->M, flow->L, flow->D, factors, err);
    if (status)
        return status;
    ORDPAR_EACH_CHUNK (c, flow) {
        ordpar_chunk_scatter(flow, c, flow->K * flow->D, y + flow->S * c.first, factors->J);
        ordpar_chunk_scatter(flow, c, MD, flow->B + MD * c.first, factors->B);
    }
    if ((status = ordpar_factors_to_deviations(flow->K, flow->L, teacher_of, factors, err)))
        ordpar_factors_clear(factors);
    return status;
}

/* [4.7] */
static void apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                  ordpar_chunk chunk, const double *y, double *dy) {
    if (flow->many_units)
        ordpar_piece_combine(flow, &(ordpar_piece){chunk, 0, flow->D}, coefficients, y,
                             flow->rate + chunk.first, 0, false, dy);
    else
        ordpar_flow_drive(flow, coefficients, chunk, flow->D, flow->D_B,
                          flow->B + flow->M * flow->D * chunk.first, y, dy);
}

/* [13.2] dJ -= kappa J */
static void decay(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *dy) {
    ordpar_flow_decay(flow, chunk, flow->S, 1, y, dy);
}

static void add_moment(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *sums) {
    ordpar_vectors_add_products(flow, chunk, y, y, true, sums, sums + flow->K * flow->M);
}

static void set_moment(const ordpar_flow *flow, const double *sums, double *m) {
    const size_t K = flow->K, KM = K * flow->M;
    const double *Q = sums + KM;
    memcpy(m, sums, KM * sizeof *m);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            m[KM + ordpar_packed_index(K, i, j)] = Q[i * K + j];
}

/* Squares of deviations vanish long before they do. */
static const double safe_square = 1e-280;

/* The norm of D numbers a stride apart whose squares vanish. */
static double least_norm(size_t D, size_t stride, const double *x) {
    double norm = 0;
    for (size_t d = 0; d < D; d++)
        norm = hypot(norm, x[d * stride]);
    return norm;
}

static double norm_of(size_t D, size_t stride, const double *x) {
    double square = 0;
    for (size_t d = 0; d < D; d++)
        square += x[d * stride] * x[d * stride];
    return square < safe_square ? least_norm(D, stride, x) : sqrt(square);
}

ORDPAR_VECTORISED(static, double, take_roots, (size_t n, double *x), (n, x)) {
    double least = INFINITY;
#pragma omp simd reduction(min : least)
    for (size_t k = 0; k < n; k++) {
        least = x[k] < least ? x[k] : least;
        x[k] = sqrt(x[k]);
    }
    return least;
}

/* Those of n vectors x[D][n]. */
static void norms_of(size_t D, size_t n, const double *x, double *norms) {
    ordpar_vectors_dot(D, n, x, x, norms);
    if (take_roots(n, norms) < safe_square)
        for (size_t b = 0; b < n; b++)
            norms[b] = norm_of(D, n, x + b);
}

/* The largest norm of a student's vector in block b of a chunk with n blocks. */
static double largest_norm(const ordpar_flow *flow, size_t n, const double *J, size_t b) {
    double largest = 0;
    for (size_t i = 0; i < flow->K; i++)
        largest = fmax(largest, norm_of(flow->D, n, J + i * flow->D * n + b));
    return largest;
}

static void sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *r_sizes,
                  double *q_sizes) {
    for (size_t b = 0; b < chunk.count; b++) {
        const double norm = largest_norm(flow, chunk.count, y, b);
        r_sizes[chunk.first + b] = norm * flow->B_norm[chunk.first + b];
        q_sizes[chunk.first + b] = norm * norm;
    }
}

/* A weight must be finite. */
static const double least_tolerance = 1e-290;

/* As fmax and fmin, of numbers alone: of these the compiler makes vectors. */
static inline double larger(double a, double b) {
    return a > b ? a : b;
}

static inline double smaller(double a, double b) {
    return a < b ? a : b;
}

/* [5.8] Turns the norms of n vectors J into inverse tolerances: an error d of one is one of d B in
 * r and of 2 d J + d^2 in q, which are in units of the student's own. */
ORDPAR_VECTORISED_VOID(static, weigh_vectors,
                       (size_t n, double own, const double *B, const double *r_tolerance,
                        const double *q_tolerance, double *x),
                       (n, own, B, r_tolerance, q_tolerance, x)) {
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double J = x[b], q = own * own * q_tolerance[b];
        const double by_q = q / (J + sqrt(J * J + q)), by_r = own * r_tolerance[b] / B[b];
        const double tolerance = larger(smaller(by_r, by_q), ORDPAR_LEAST_TOLERANCE * J);
        x[b] = 1 / larger(tolerance, least_tolerance);
    }
}

static void weigh(const ordpar_flow *flow, const double *y, const double *unit, double *r_tolerance,
                  double *q_tolerance, double *weights) {
    const size_t D = flow->D;
    ORDPAR_EACH_CHUNK (chunk, flow) {
        const size_t n = chunk.count, first = flow->S * chunk.first;
        for (size_t i = 0; i < flow->K; i++) {
            double *out = weights + first + i * D * n;
            norms_of(D, n, y + first + i * D * n, out);
            weigh_vectors(n, unit ? unit[i] : 1, flow->B_norm + chunk.first,
                          r_tolerance + chunk.first, q_tolerance + chunk.first, out);
            for (size_t d = 1; d < D; d++)
                memcpy(out + d * n, out, n * sizeof *out);
        }
    }
}

const ordpar_state ordpar_state_vectors = {
    .name = "vectors",
    .numbers = numbers,
    .weights = weights,
    .prepare = prepare,
    .set_teacher = set_teacher,
    .teacher_covariance = teacher_covariance,
    .pack = pack,
    .unpack = unpack,
    .deviate = deviate,
    .apply = apply,
    .decay = decay,
    .add_moment = add_moment,
    .set_moment = set_moment,
    .sizes = sizes,
    .average = average,
    .weigh = weigh,
    .set_weights = ordpar_block_solve_damp,
    .sum = ordpar_vectors_sum,
    .solve = ordpar_vectors_solve,
    .add_solution = ordpar_vectors_add_solution,
    .set_solution_moment = ordpar_vectors_moment_back,
    .add_solution_rotated = ordpar_vectors_add_solution_rotated,
    .finish_rotated = ordpar_vectors_finish_rotated,
    .set_weights_pair = ordpar_block_pair_damp,
    .sum_pair = ordpar_vectors_sum_pair,
    .solve_pair = ordpar_vectors_solve_pair,
    .add_solution_pair = ordpar_vectors_add_solution_pair,
    .multiply_transposed = ordpar_vectors_multiply_transposed,
    .solve_transposed = ordpar_vectors_solve, /* D is symmetric */
    .moment_transposed = ordpar_vectors_moment_transposed,
    .apply_transposed = ordpar_vectors_apply_transposed,
};
