// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/system.h"

#include "precision/hierarchy.h"
#include "precision/mp_fields.h"

#include <stdlib.h>

/* Position of r_in and of q_ij in a group. */
static size_t at_r(const ordpar_mp_system *s, size_t i, size_t n) {
    return i * s->M + n;
}

static size_t at_q(const ordpar_mp_system *s, size_t i, size_t j) {
    const size_t low = i < j ? i : j, high = i < j ? j : i;
    return s->K * s->M + low * s->K - low * (low + 1) / 2 + high;
}

static ordpar_status allocate(const ordpar_mp_problem *problem, ordpar_mp_system *s,
                              ordpar_error *err) {
    const size_t L = s->L, M2 = s->M * s->M;
    const ordpar_status status = ordpar_reals_init(L * s->size + (L + 1) * M2 + 2 * L + 4,
                                                   problem->numbers.bits, &s->numbers, err);
    if (status)
        return status;
    s->start = s->numbers.x;
    s->t = s->start + L * s->size;
    s->noise = s->t + (L + 1) * M2;
    s->closure = s->noise + L;
    s->one = s->closure + L;
    s->zero = s->one + 1;
    s->half = s->one + 2;
    s->two_pi = s->one + 3;
    mpfr_set_ui(*s->one, 1, RND);
    mpfr_set_d(*s->half, 0.5, RND);
    mpfr_const_pi(*s->two_pi, RND);
    mpfr_ui_div(*s->two_pi, 2, *s->two_pi, RND);
    return ORDPAR_OK;
}

/* Copies a component x[L_blocks] into every group: as it is, or its moments. */
static void spread(const ordpar_mp_problem *problem, bool moments, mpfr_t *x, size_t groups,
                   size_t stride, mpfr_t *out) {
    if (moments)
        ordpar_mp_moments(&problem->eigen, x, groups, stride, out);
    for (size_t g = 0; !moments && g < problem->eigen.L; g++) /* order L is for moments alone */
        mpfr_set(out[g * stride], x[g], RND);
}

static void set_numbers(const ordpar_mp_problem *problem, bool moments, ordpar_mp_system *s) {
    const size_t K = s->K, M = s->M, blocks = problem->eigen.L;
    for (size_t i = 0; i < K; i++) {
        for (size_t n = 0; n < M; n++)
            spread(problem, moments, problem->r + (i * M + n) * blocks, s->L, s->size,
                   s->start + at_r(s, i, n));
        for (size_t j = i; j < K; j++)
            spread(problem, moments, problem->q + (i * K + j) * blocks, s->L, s->size,
                   s->start + at_q(s, i, j));
    }
    for (size_t c = 0; c < M * M; c++)
        spread(problem, moments, problem->t + c * blocks, s->L + 1, M * M, s->t + c);
    for (size_t g = 0; g < s->L; g++) {
        if (moments)
            ordpar_mp_trace(&problem->eigen, g + 1, s->noise[g]);
        else
            mpfr_mul(s->noise[g], problem->eigen.p[g], problem->eigen.lambda[g], RND);
        mpfr_mul(s->noise[g], s->noise[g], *problem->eta, RND);
        mpfr_mul(s->noise[g], s->noise[g], *problem->eta, RND);
    }
}

/* X_L = - sum_p c_p X_p [9.3] */
static void set_closure(ordpar_mp_system *s, mpfr_t *distinct) {
    ordpar_mp_minimal_polynomial(s->L, distinct, s->closure);
    for (size_t p = 0; p < s->L; p++)
        mpfr_neg(s->closure[p], s->closure[p], RND);
}

/* Nodes that the recording needs on the way. */
typedef struct {
    ordpar_mp_fields fields;
    ordpar_mp_coefficients coefficients;
    ordpar_node *lifted_x; /* [L*size] X+_g */
    ordpar_node *lifted_t; /* [L*M*M] */
    size_t *positions;     /* [K] */
    void *memory;
} recording;

static ordpar_status start_recording(const ordpar_mp_problem *problem, ordpar_mp_system *s,
                                     recording *r, ordpar_error *err) {
    const size_t K = s->K, M = s->M, n = K + M;
    const size_t own = 2 * s->L * s->size;
    const size_t scratch = s->L * (s->size + M * M) + K * M + 2 * K * K + 3 * n * n + 3 * n + K;
    ordpar_node *next = calloc(scratch, sizeof *next);
    s->x = calloc(own, sizeof *s->x);
    if (!next || !s->x) {
        free(next);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for K = %zu, M = %zu, L = %zu", K, M,
                           s->L);
    }
    s->rates = s->x + s->L * s->size;
    r->memory = next;
    r->lifted_x = next;
    r->lifted_t = next += s->L * s->size;
    r->coefficients.A = next += s->L * M * M;
    r->coefficients.G = next += K * M;
    r->coefficients.F = next += K * K;
    r->fields = (ordpar_mp_fields){.tape = &s->tape,
                                   .K = K,
                                   .M = M,
                                   .n = n,
                                   .linear = problem->model->linear,
                                   .small_eta = problem->model->small_eta};
    r->fields.u = next += K * K;
    r->fields.column = next += n;
    r->fields.rho = next += n;
    r->fields.c = next += n;
    r->fields.first = next += n * n;
    r->fields.second = next += n * n;
    r->positions = next + n * n;
    r->fields.zero = ordpar_tape_constant(&s->tape, *s->zero);
    r->fields.one = ordpar_tape_constant(&s->tape, *s->one);
    r->fields.two_pi = ordpar_tape_constant(&s->tape, *s->two_pi);
    r->fields.noise2 = ordpar_tape_constant(&s->tape, *problem->noise2);
    for (size_t a = 0; a < n; a++)
        r->fields.u[a] = ordpar_tape_constant(&s->tape, problem->u[a]);
    return ORDPAR_OK;
}

/* X+_g of a component x[g*stride] */
static void lift(ordpar_mp_system *s, const ordpar_node *factors, bool moments,
                 const ordpar_node *x, size_t stride, ordpar_node *lifted) {
    for (size_t g = 0; g < s->L; g++) {
        if (!moments) {
            lifted[g * stride] = ordpar_tape_mul(&s->tape, factors[g], x[g * stride]);
        } else if (g + 1 < s->L) {
            lifted[g * stride] = x[(g + 1) * stride];
        } else {
            ordpar_node sum = ordpar_tape_mul(&s->tape, factors[0], x[0]);
            for (size_t p = 1; p < s->L; p++)
                sum = ordpar_tape_add(&s->tape, sum,
                                      ordpar_tape_mul(&s->tape, factors[p], x[p * stride]));
            lifted[g * stride] = sum;
        }
    }
}

static ordpar_status record_state(const ordpar_mp_problem *problem, bool moments,
                                  ordpar_mp_system *s, recording *r, ordpar_error *err) {
    const size_t M2 = s->M * s->M;
    ordpar_node *factors = calloc(s->L, sizeof *factors);
    if (!factors)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for L = %zu", s->L);
    for (size_t g = 0; g < s->L; g++)
        factors[g] =
            ordpar_tape_constant(&s->tape, moments ? s->closure[g] : problem->eigen.lambda[g]);
    for (size_t k = 0; k < s->L * s->size; k++)
        s->x[k] = k < s->moving * s->size ? ordpar_tape_state(&s->tape)
                                          : ordpar_tape_constant(&s->tape, s->start[k]);
    for (size_t k = 0; k < s->size; k++)
        lift(s, factors, moments, s->x + k, s->size, r->lifted_x + k);
    for (size_t g = 0; g < s->L; g++)
        for (size_t c = 0; c < M2; c++) {
            const ordpar_node t =
                ordpar_tape_constant(&s->tape, s->t[(moments ? g + 1 : g) * M2 + c]);
            r->lifted_t[g * M2 + c] = moments ? t : ordpar_tape_mul(&s->tape, factors[g], t);
        }
    free(factors);
    return ORDPAR_OK;
}

/* The moment of order 1 of one entry: X+_0 in moments, sum_b X+_b in blocks. */
static ordpar_node order_one(ordpar_mp_system *s, bool moments, const ordpar_node *lifted,
                             size_t stride) {
    ordpar_node sum = lifted[0];
    for (size_t g = 1; !moments && g < s->L; g++)
        sum = ordpar_tape_add(&s->tape, sum, lifted[g * stride]);
    return sum;
}

/* The covariance of the local fields, from Q, R and T of order 1. */
static void record_covariance(const ordpar_mp_problem *problem, ordpar_mp_system *s, bool moments,
                              recording *r) {
    const size_t K = s->K, M = s->M, n = K + M;
    ordpar_node *c = r->fields.c;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = i; j < K; j++)
            c[i * n + j] = c[j * n + i] =
                order_one(s, moments, r->lifted_x + at_q(s, i, j), s->size);
        for (size_t m = 0; m < M; m++)
            c[i * n + K + m] = c[(K + m) * n + i] =
                order_one(s, moments, r->lifted_x + at_r(s, i, m), s->size);
    }
    for (size_t m = 0; m < M; m++)
        for (size_t k = 0; k < M; k++)
            c[(K + m) * n + K + k] = order_one(s, moments, r->lifted_t + m * M + k, M * M);
    for (size_t k = 0; k < M * M && problem->model->unlearnable; k++) { /* [15.6] */
        ordpar_node *T = &c[(K + k / M) * n + K + k % M];
        *T = ordpar_tape_add(&s->tape, *T, ordpar_tape_constant(&s->tape, problem->hidden[k]));
    }
}

/* sum_n A_in B_n - sum_k G_ik X_k, where X_k stands at positions[k] [4.5] */
static ordpar_node record_drift(ordpar_mp_system *s, const recording *r, size_t i,
                                const ordpar_node *B, size_t stride, const ordpar_node *X) {
    const ordpar_node *A = r->coefficients.A + i * s->M, *G = r->coefficients.G + i * s->K;
    ordpar_node sum = ordpar_tape_mul(&s->tape, A[0], B[0]);
    for (size_t n = 1; n < s->M; n++)
        sum = ordpar_tape_add(&s->tape, sum, ordpar_tape_mul(&s->tape, A[n], B[n * stride]));
    for (size_t k = 0; k < s->K; k++)
        sum = ordpar_tape_sub(&s->tape, sum, ordpar_tape_mul(&s->tape, G[k], X[r->positions[k]]));
    return sum;
}

static void record_r(ordpar_mp_system *s, const recording *r, ordpar_node eta, size_t g) {
    const ordpar_node *X = r->lifted_x + g * s->size, *T = r->lifted_t + g * s->M * s->M;
    for (size_t n = 0; n < s->M; n++) {
        for (size_t k = 0; k < s->K; k++)
            r->positions[k] = at_r(s, k, n);
        for (size_t i = 0; i < s->K; i++)
            s->rates[g * s->size + at_r(s, i, n)] =
                ordpar_tape_mul(&s->tape, eta, record_drift(s, r, i, T + n, s->M, X));
    }
}

static ordpar_node record_half_q(ordpar_mp_system *s, const recording *r, const ordpar_node *X,
                                 size_t i, size_t j) {
    for (size_t k = 0; k < s->K; k++)
        r->positions[k] = at_q(s, k, j);
    return record_drift(s, r, i, X + at_r(s, j, 0), 1, X);
}

static void record_q(ordpar_mp_system *s, const recording *r, ordpar_node eta, size_t g) {
    const ordpar_node *X = r->lifted_x + g * s->size;
    const ordpar_node noise = ordpar_tape_constant(&s->tape, s->noise[g]);
    for (size_t i = 0; i < s->K; i++)
        for (size_t j = i; j < s->K; j++) {
            const ordpar_node half = record_half_q(s, r, X, i, j);
            const ordpar_node other = i == j ? half : record_half_q(s, r, X, j, i);
            ordpar_node rate =
                ordpar_tape_mul(&s->tape, eta, ordpar_tape_add(&s->tape, half, other));
            if (!r->fields.small_eta)
                rate = ordpar_tape_add(
                    &s->tape, rate,
                    ordpar_tape_mul(&s->tape, noise, r->coefficients.F[i * s->K + j]));
            s->rates[g * s->size + at_q(s, i, j)] = rate;
        }
}

static ordpar_status record_system(const ordpar_mp_problem *problem, bool moments, bool motion,
                                   ordpar_mp_system *s, ordpar_error *err) {
    recording r = {0};
    ordpar_status status = start_recording(problem, s, &r, err);
    if (!status)
        status = record_state(problem, moments, s, &r, err);
    if (!status) {
        record_covariance(problem, s, moments, &r);
        if (motion) {
            const ordpar_node eta = ordpar_tape_constant(&s->tape, *problem->eta);
            ordpar_mp_record_coefficients(&r.fields, &r.coefficients);
            for (size_t g = 0; g < s->moving; g++) {
                record_r(s, &r, eta, g);
                record_q(s, &r, eta, g);
            }
        } else {
            s->eps_g = ordpar_tape_mul(&s->tape, ordpar_tape_constant(&s->tape, *s->half),
                                       ordpar_mp_record_squared_error(&r.fields, r.fields.c));
        }
    }
    free(r.memory);
    return status;
}

ordpar_status ordpar_mp_system_init(const ordpar_mp_problem *problem,
                                    ordpar_mp_representation representation, size_t order,
                                    ordpar_mp_system *system, ordpar_error *err) {
    const bool moments = representation == ORDPAR_MP_MOMENTS;
    const size_t K = problem->model->K, M = problem->model->M;
    ordpar_mp_system made = {.K = K, .M = M, .size = K * M + K * (K + 1) / 2};
    ordpar_reals distinct = {0};
    ordpar_status status =
        ordpar_reals_init(problem->eigen.L, problem->numbers.bits, &distinct, err);
    if (status)
        return status;
    made.L = moments ? ordpar_mp_distinct(&problem->eigen, distinct.x) : problem->eigen.L;
    made.moving = moments ? made.L : problem->model->trained_blocks;
    ordpar_tape_init(order, &made.tape);
    if (!(status = allocate(problem, &made, err))) {
        if (moments)
            set_closure(&made, distinct.x);
        set_numbers(problem, moments, &made);
        status = record_system(problem, moments, order > 0, &made, err);
    }
    ordpar_reals_clear(&distinct);
    if (!status)
        status = ordpar_tape_allocate(&made.tape, problem->numbers.bits, err);
    if (status)
        ordpar_mp_system_clear(&made);
    else
        *system = made;
    return status;
}

void ordpar_mp_system_clear(ordpar_mp_system *system) {
    ordpar_tape_clear(&system->tape);
    ordpar_reals_clear(&system->numbers);
    free(system->x);
    *system = (ordpar_mp_system){0};
}
