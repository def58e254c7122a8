// SPDX-License-Identifier: GPL-3.0-or-later
/* The state of lowest order in eta, vectors J_b: factors of the overlaps, and the same equations
 * of motion by another route. */
#include "solver/motion/state.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>

/* sum_d x_d y_d of block b, with x and y at unit i and j. */
static double product(const double *x, size_t i, const double *y, size_t j, size_t D, size_t L,
                      size_t b) {
    double sum = 0;
    for (size_t d = 0; d < D; d++)
        sum += x[(i * D + d) * L + b] * y[(j * D + d) * L + b];
    return sum;
}

/* Errors of a Gram matrix are measured by the norms of its units. */
static void check_overlaps(const double *x, size_t rows, const double *y, size_t columns, size_t D,
                           size_t L, const double *overlaps, double tolerance, const char *which) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t b = 0; b < L; b++) {
                const double scale =
                    sqrt(product(x, i, x, i, D, L, b) * product(y, j, y, j, D, L, b));
                CHECK_CLOSE(product(x, i, y, j, D, L, b), overlaps[(i * columns + j) * L + b],
                            tolerance, scale, "%s %zu %zu, block %zu", which, i, j, b);
            }
}

static void check_factors(const test_model *m, size_t D, double tolerance) {
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L;
    ordpar_factors f;
    ordpar_error err;
    check_ok(ordpar_factors_init(&m->start, &m->spectrum, &f, &err), &err);
    cr_assert_eq(f.D, D, "D = %zu, expected %zu", f.D, D);
    check_overlaps(f.J, K, f.J, K, D, L, m->start.q, tolerance, "q");
    check_overlaps(f.J, K, f.B, M, D, L, m->start.r, tolerance, "r");
    check_overlaps(f.B, M, f.B, M, D, L, m->start.t, tolerance, "t");
    ordpar_factors_clear(&f);
}

Test(vectors, have_the_overlaps_and_no_more_coordinates_than_the_block_has_components) {
    ordpar_random stream = test_stream(60);
    for (size_t K = 1; K <= 5; K++)
        for (size_t M = 1; M <= 5; M++) {
            const long L = 1 + (long)uniform(&stream, 0, 20),
                       n_b = 1 + (long)(K + M + 2) / 3 * (long)(M % 4);
            test_model m = make_model(K, M, n_b * L, L, 0.7, 0.5, pow(10, uniform(&stream, -9, 1)),
                                      "erf", 100 * K + M);
            check_factors(&m, (size_t)n_b < K + M ? (size_t)n_b : K + M, TOL_TIGHT);
            clear_model(&m);
        }
}

/* Products with teachers count on it. */
Test(vectors, of_many_units_have_the_teachers_in_the_first_coordinates) {
    enum { K = 9, M = 11, L = 3, D = K + M };
    test_model m = make_model(K, M, 40 * L, L, 0.7, 0.5, 0.3, "erf", 7);
    ordpar_factors f;
    ordpar_error err;
    cr_assert_geq(K + M, ORDPAR_MANY_UNITS);
    check_factors(&m, D, TOL_TIGHT);
    check_ok(ordpar_factors_init(&m.start, &m.spectrum, &f, &err), &err);
    for (size_t k = 0; k < M; k++)
        for (size_t d = M; d < D; d++)
            for (size_t b = 0; b < L; b++)
                cr_assert_eq(f.B[(k * D + d) * L + b], 0, "teacher %zu, coordinate %zu", k, d);
    ordpar_factors_clear(&f);
    clear_model(&m);
}

Test(vectors, of_means_have_a_coordinate_for_each_unit) {
    test_model m = make_model(2, 3, 4, 4, 1, 0.5, 0.5, "erf", 1);
    ordpar_error err;
    ordpar_overlaps_clear(&m.start);
    check_ok(ordpar_overlaps_start(&m.spectrum, 2, 3, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, 1e-6,
                                   1, 1, &m.start, &err),
             &err);
    check_factors(&m, 5, TOL_EXACT);
    clear_model(&m);
}

/* Overlaps that a file may have: semidefinite to 1e-9 only. A student of zero weights has no
 * direction. */
Test(vectors, of_overlaps_with_errors_stay_vectors_of_the_block) {
    test_model m = make_model(3, 2, 8, 4, 1, 0.5, 0.5, "erf", 1);
    for (size_t b = 0; b < 4; b++) {
        m.start.q[b] *= 1 + 1e-10;
        m.start.r[b] *= 1 - 1e-10;
        for (size_t k = 0; k < 3; k++)
            m.start.q[(6 + k) * 4 + b] = m.start.q[(3 * k + 2) * 4 + b] = 0;
        for (size_t k = 0; k < 2; k++)
            m.start.r[(4 + k) * 4 + b] = 0;
    }
    check_factors(&m, 2, 1e-8);
    clear_model(&m);
}

typedef struct {
    ordpar_flow flow;
    ordpar_coefficients co;
    double *y, *dy;
} moving;

static void start(moving *s, const test_model *m, const ordpar_state *state) {
    ordpar_error err;
    ordpar_flow_start from = {.overlaps = &m->start};
    check_ok(ordpar_flow_init(&m->spectrum, &m->network, state, m->spectrum.L - 1, &from, &s->flow,
                              &err),
             &err);
    check_ok(ordpar_coefficients_init(m->network.K, m->network.M, &s->co, &err), &err);
    s->y = malloc(2 * ordpar_flow_size(&s->flow) * sizeof *s->y);
    s->dy = s->y + ordpar_flow_size(&s->flow);
    ordpar_flow_pack(&s->flow, &from, s->y);
    ordpar_factors_clear(&from.factors);
}

static void clear(moving *s) {
    ordpar_flow_clear(&s->flow);
    ordpar_coefficients_clear(&s->co);
    free(s->y);
}

/* Overlaps after a small step of dy/dalpha, less those before, over the step: the derivatives. */
static void derivative(moving *s, ordpar_overlaps *rate) {
    const double step = 1e-6;
    const size_t size = ordpar_flow_size(&s->flow), K = rate->K, M = rate->M, L = rate->L;
    ordpar_overlaps other;
    ordpar_error err;
    check_ok(ordpar_overlaps_init(K, M, L, &other, &err), &err);
    for (int side = -1; side <= 1; side += 2) {
        for (size_t k = 0; k < size; k++)
            s->y[k] += (side < 0 ? -step : 2 * step) * s->dy[k];
        ordpar_flow_unpack(&s->flow, s->y, side < 0 ? &other : rate);
    }
    for (size_t k = 0; k < K * M * L; k++)
        rate->r[k] = (rate->r[k] - other.r[k]) / (2 * step);
    for (size_t k = 0; k < K * K * L; k++)
        rate->q[k] = (rate->q[k] - other.q[k]) / (2 * step);
    ordpar_overlaps_clear(&other);
}

enum { MOST_UNITS = 22 };

/* Beside overlaps. full: as if all teachers had all coordinates that one of them has. */
static void check_motion(test_model *m, const ordpar_state *state, bool full) {
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L;
    moving overlaps, vectors, *both[] = {&overlaps, &vectors};
    ordpar_overlaps rate[2];
    ordpar_error err;
    double moment[2][MOST_UNITS * MOST_UNITS], c[MOST_UNITS * MOST_UNITS];
    start(&overlaps, m, &ordpar_state_overlaps);
    start(&vectors, m, state);
    vectors.flow.triangular = vectors.flow.triangular && !full;
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&m->network);
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, c, &err), &err);
    for (size_t k = 0; k < 2; k++) {
        check_ok(ordpar_overlaps_init(K, M, L, &rate[k], &err), &err);
        ordpar_flow_moment(&both[k]->flow, both[k]->y, moment[k]);
        cr_assert(ordpar_coefficients_evaluate(&m->network, c, work, &both[k]->co));
        ordpar_flow_apply(&both[k]->flow, &both[k]->co, both[k]->y, both[k]->dy);
        derivative(both[k], &rate[k]);
    }
    for (size_t k = 0; k < overlaps.flow.P; k++)
        CHECK_CLOSE(moment[1][k], moment[0][k], TOL_SUM, 1, "order-1 parameter %zu", k);
    for (size_t k = 0; k < K * M * L; k++)
        CHECK_CLOSE(rate[1].r[k], rate[0].r[k], TOL_DIFFERENCE, 1, "dr %zu", k);
    for (size_t k = 0; k < K * K * L; k++)
        CHECK_CLOSE(rate[1].q[k], rate[0].q[k], TOL_DIFFERENCE, 1, "dq %zu", k);
    for (size_t k = 0; k < 2; k++) {
        ordpar_overlaps_clear(&rate[k]);
        clear(both[k]);
    }
    ordpar_coefficient_work_free(work);
}

Test(vectors, move_as_their_overlaps_do) {
    for (size_t K = 1; K <= 4; K++)
        for (long n_b = 1; n_b <= 9; n_b += 4)
            for (long L = 2; L <= 200; L += 198) {
                test_model m = make_model(K, 5 - K, n_b * L, L, 0.6, 0.8, 0.7, "erf", K);
                m.network.small_eta = true;
                m.network.training.weight_decay = 0.05 * (double)(K - 1);
                check_motion(&m, &ordpar_state_vectors, false);
                clear_model(&m);
            }
}

/* Products in registers: blocks of fewer components than teachers, than units, and of more; rests
 * of every kind in rows, columns and coordinates. */
Test(vectors, of_many_units_move_as_their_overlaps_do) {
    static const long components[] = {5, 10, 16, 30}, blocks[] = {2, 9, 103};
    for (size_t k = 0; k < 4; k++)
        for (size_t l = 0; l < 3; l++)
            for (int full = 0; full < 2; full++) {
                const long L = blocks[l];
                test_model m = make_model(12, 10, components[k] * L, L, 0.6, 0.8, 0.7, "erf", k);
                m.network.small_eta = true;
                check_motion(&m, &ordpar_state_vectors, full);
                clear_model(&m);
            }
}

/* All orders: blocks of fewer components than teachers, and of more. */
Test(vectors, and_what_is_beside_them_move_as_their_overlaps_do) {
    static const long components[] = {1, 2, 5, 13}, blocks[] = {2, 9, 103};
    static const size_t students[] = {1, 3, 12}, teachers[] = {4, 1, 10};
    for (size_t units = 0; units < 3; units++)
        for (size_t k = 0; k < 4; k++)
            for (size_t l = 0; l < 3; l++)
                for (int full = 0; full < 2; full++) {
                    const long L = blocks[l];
                    test_model m = make_model(students[units], teachers[units], components[k] * L,
                                              L, 0.6, 0.8, 0.7, "erf", k);
                    m.network.label_noise = 0.3;
                    m.network.training.weight_decay = 0.05 * (double)k;
                    check_motion(&m, &ordpar_state_projections, full);
                    clear_model(&m);
                }
}
