// SPDX-License-Identifier: GPL-3.0-or-later
#include "newton_support.h"

#include "solver/motion/state.h"
#include "solver/motion/trained_outputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* dy/dalpha at y; sets c and, trained, the network's v. */
static void evaluate(system_under_test *s, const double *y, double *dy) {
    ordpar_network *net = s->network;
    const size_t v = s->flow.S * s->flow.L;
    double *m = malloc(s->flow.P * sizeof *m);
    memcpy(net->v, y + v, s->flow.outputs * sizeof *y);
    ordpar_coefficient_work_set_outputs(s->work, net->K, net->v);
    ordpar_flow_moment(&s->flow, y, m);
    ordpar_covariance_set(net->K, net->M, m, s->c);
    cr_assert(s->coordinates->evaluate(net, s->c, s->work, &s->co));
    ordpar_coefficients_scale(net->K, net->M, 1, ordpar_flow_factor(&s->flow, net->eta), s->co.A);
    ordpar_flow_apply(&s->flow, &s->co, y, dy);
    if (s->flow.outputs)
        ordpar_outputs_flow(net, s->c, s->work, dy + v);
    free(m);
}

/* 1, or the largest number in absolute value if that is more. */
static double largest(size_t size, const double *x) {
    double value = 1;
    for (size_t k = 0; k < size; k++)
        value = fmax(value, fabs(x[k]));
    return value;
}

/* out = J x by a central difference along x. */
static void multiply_jacobian(system_under_test *s, const double *x, double *out) {
    const size_t size = ordpar_flow_size(&s->flow);
    const double step = 1e-6 / largest(size, x);
    double *moved = malloc(2 * size * sizeof *moved), *down = moved + size;
    for (size_t k = 0; k < size; k++)
        moved[k] = s->y[k] - step * x[k];
    evaluate(s, moved, down);
    for (size_t k = 0; k < size; k++)
        moved[k] = s->y[k] + step * x[k];
    evaluate(s, moved, out);
    for (size_t k = 0; k < size; k++)
        out[k] = (out[k] - down[k]) / (2 * step);
    evaluate(s, s->y, moved); /* c and v as they were */
    free(moved);
}

/* start: the overlaps, as the coordinates have them. */
void begin_system(system_under_test *s, test_model *m, const ordpar_overlaps *start,
                  const ordpar_state *state, const ordpar_coordinates *coordinates,
                  size_t trained_blocks) {
    const size_t K = m->network.K, M = m->network.M;
    ordpar_error err;
    ordpar_flow_start from = {.overlaps = start};
    *s = (system_under_test){.network = &m->network,
                             .coordinates = coordinates,
                             .work = ordpar_coefficient_work_create(&m->network),
                             .c = malloc((K + M) * (K + M) * sizeof(double))};
    check_ok(
        ordpar_flow_init(&m->spectrum, &m->network, state, trained_blocks, &from, &s->flow, &err),
        &err);
    s->y = malloc(ordpar_flow_size(&s->flow) * sizeof *s->y);
    ordpar_flow_pack(&s->flow, &from, s->y);
    memcpy(s->y + s->flow.S * s->flow.L, m->network.v, s->flow.outputs * sizeof *s->y);
    ordpar_factors_clear(&from.factors);
    check_ok(ordpar_coefficients_init(K, M, &s->co, &err), &err);
    check_ok(ordpar_overlaps_moment(start, &m->spectrum, 1, s->c, &err), &err);
    s->newton = ordpar_newton_create(&s->flow, &m->network, coordinates, false);
}

void end_system(system_under_test *s) {
    ordpar_newton_free(s->newton);
    ordpar_coefficient_work_free(s->work);
    ordpar_coefficients_clear(&s->co);
    ordpar_flow_clear(&s->flow);
    free(s->c);
    free(s->y);
}

void check_solve(system_under_test *s, double gamma) {
    const size_t size = ordpar_flow_size(&s->flow);
    double *rhs = malloc(3 * size * sizeof *rhs), *x = rhs + size, *Jx = rhs + 2 * size;
    ordpar_random stream = test_stream(40);
    for (size_t k = 0; k < size; k++)
        x[k] = rhs[k] = uniform(&stream, -1, 1) / (double)s->flow.L;
    ordpar_newton_solve(s->newton, x);
    multiply_jacobian(s, x, Jx);
    const double scale = largest(size, x); /* the system may be close to singular */
    for (size_t k = 0; k < size; k++)
        CHECK_CLOSE(x[k] - gamma * Jx[k], rhs[k], TOL_DIFFERENCE, scale,
                    "%s K %zu M %zu L %zu gamma %g, component %zu of %s in %s",
                    s->network->activation->name, s->flow.K, s->flow.M, s->flow.L, gamma, k,
                    s->flow.state->name, s->coordinates->name);
    free(rhs);
}

/* The setup at the state that the real one was made at, chunk by chunk, by members in turn. */
static ordpar_newton_shifts *set_up_shifts(system_under_test *s, double gamma, size_t count,
                                           const double complex *gammas) {
    enum { MEMBERS = 2 };
    ordpar_newton_shifts *shifts = ordpar_newton_shifts_create(s->newton, count, MEMBERS);
    double *sums = calloc(ordpar_newton_shifts_setup_sums(shifts), sizeof *sums);
    size_t chunks = 0;
    cr_assert(ordpar_newton_shifts_begin(shifts, gamma, count, gammas, s->c, s->work));
    ORDPAR_EACH_CHUNK (c, &s->flow)
        ordpar_newton_shifts_sum(shifts, chunks++ % MEMBERS, c, s->y + s->flow.S * c.first, sums);
    cr_assert(ordpar_newton_shifts_factorise(shifts, sums));
    free(sums);
    return shifts;
}

static void solve_shifted(const system_under_test *s, ordpar_newton_shifts *shifts, size_t k,
                          ordpar_split x) {
    double *sums = calloc(ordpar_newton_shifts_solve_sums(shifts), sizeof *sums);
    ORDPAR_EACH_CHUNK (c, &s->flow)
        ordpar_newton_shifts_add(shifts, 0, c, k, ordpar_split_at(x, s->flow.S * c.first), sums);
    ordpar_newton_shifts_couple(shifts, k, sums);
    ORDPAR_EACH_CHUNK (c, &s->flow)
        ordpar_newton_shifts_finish(shifts, 1, c, k, ordpar_split_at(x, s->flow.S * c.first),
                                    ordpar_split_at(x, s->flow.S * c.first));
    free(sums);
}

/* [5.17] The real one, 0.8 + 0.6 i and 0.8 - 0.6 i times it, the solves entangled. */
void check_pairs(system_under_test *s, double gamma) {
    const size_t size = ordpar_flow_size(&s->flow);
    const double complex gammas[] = {gamma, gamma * ORDPAR_COMPLEX(0.8, 0.6),
                                     gamma * ORDPAR_COMPLEX(0.8, -0.6)};
    double *rhs = malloc(6 * size * sizeof *rhs), *x = rhs + 2 * size, *Jx = rhs + 4 * size;
    ordpar_newton_shifts *shifts = set_up_shifts(s, gamma, 2, gammas + 1);
    ordpar_random stream = test_stream(44);
    for (size_t system = 0; system < 3; system++) {
        for (size_t k = 0; k < 2 * size; k++)
            x[k] = rhs[k] = k < size || system ? uniform(&stream, -1, 1) / (double)s->flow.L : 0;
        solve_shifted(s, shifts, system, (ordpar_split){x, x + size});
        multiply_jacobian(s, x, Jx);
        multiply_jacobian(s, x + size, Jx + size);
        const double scale = largest(2 * size, x);
        for (size_t k = 0; k < size; k++) {
            const double complex z = gammas[system] * ORDPAR_COMPLEX(Jx[k], Jx[size + k]);
            CHECK_CLOSE(x[k] - creal(z), rhs[k], TOL_DIFFERENCE, scale, "re %zu, %s, %s", k,
                        s->flow.state->name, s->coordinates->name);
            CHECK_CLOSE(x[size + k] - cimag(z), rhs[size + k], TOL_DIFFERENCE, scale,
                        "im %zu, %s, %s", k, s->flow.state->name, s->coordinates->name);
        }
    }
    ordpar_newton_shifts_free(shifts);
    free(rhs);
}

/* Columns of J by differences, one after the other: x . J e_k = (J^T x)_k. */
void check_transposes(system_under_test *s, double gamma) {
    const size_t size = ordpar_flow_size(&s->flow);
    double *all = calloc(6 * size, sizeof *all), *e = all, *column = all + size;
    double *x = all + 2 * size, *product = all + 3 * size, *solved = all + 4 * size,
           *rhs = all + 5 * size;
    ordpar_random stream = test_stream(42);
    for (size_t k = 0; k < size; k++) {
        x[k] = uniform(&stream, -1, 1) / (double)s->flow.L;
        solved[k] = rhs[k] = uniform(&stream, -1, 1) / (double)s->flow.L;
    }
    ordpar_newton_multiply_transposed(s->newton, x, product);
    ordpar_newton_solve_transposed(s->newton, solved);
    const double scale = largest(size, solved);
    for (size_t k = 0; k < size; k++) {
        double by_x = 0, by_solved = 0;
        e[k] = 1;
        multiply_jacobian(s, e, column);
        e[k] = 0;
        for (size_t j = 0; j < size; j++) {
            by_x += x[j] * column[j];
            by_solved += solved[j] * column[j];
        }
        CHECK_CLOSE(product[k], by_x, TOL_DIFFERENCE, 1, "J^T x: %s K %zu M %zu, %zu of %s in %s",
                    s->network->activation->name, s->flow.K, s->flow.M, k, s->flow.state->name,
                    s->coordinates->name);
        CHECK_CLOSE(solved[k] - gamma * by_solved, rhs[k], TOL_DIFFERENCE, scale,
                    "(1 - gamma J)^-T x: %s K %zu M %zu, %zu of %s in %s",
                    s->network->activation->name, s->flow.K, s->flow.M, k, s->flow.state->name,
                    s->coordinates->name);
    }
    free(all);
}

/* Many components: y . J x by differences, and by the transpose. */
void check_adjoint(system_under_test *s) {
    const size_t size = ordpar_flow_size(&s->flow);
    double *x = malloc(4 * size * sizeof *x), *y = x + size, *Jx = y + size, *back = Jx + size;
    double forwards = 0, backwards = 0, scale = 0;
    ordpar_random stream = test_stream(43);
    for (size_t k = 0; k < size; k++) {
        x[k] = uniform(&stream, -1, 1);
        y[k] = uniform(&stream, -1, 1);
    }
    multiply_jacobian(s, x, Jx);
    ordpar_newton_multiply_transposed(s->newton, y, back);
    for (size_t k = 0; k < size; k++) {
        forwards += y[k] * Jx[k];
        backwards += x[k] * back[k];
        scale += fabs(y[k] * Jx[k]);
    }
    CHECK_CLOSE(backwards, forwards, TOL_DIFFERENCE, scale, "y . J x, %s of %zu blocks",
                s->flow.state->name, s->flow.L);
    memcpy(Jx, x, size * sizeof *x); /* y . (1 - gamma J)^-1 x both ways */
    memcpy(back, y, size * sizeof *y);
    ordpar_newton_solve(s->newton, Jx);
    ordpar_newton_solve_transposed(s->newton, back);
    forwards = backwards = scale = 0;
    for (size_t k = 0; k < size; k++) {
        forwards += y[k] * Jx[k];
        backwards += x[k] * back[k];
        scale += fabs(y[k] * Jx[k]);
    }
    CHECK_CLOSE(backwards, forwards, TOL_SUM, scale, "y . (1 - gamma J)^-1 x, %s of %zu blocks",
                s->flow.state->name, s->flow.L);
    free(x);
}

/* [5.13] */
void check_wide(system_under_test *s, double gamma) {
    ordpar_newton_free(s->newton);
    s->newton = ordpar_newton_create(&s->flow, s->network, s->coordinates, true);
    cr_assert(ordpar_newton_setup(s->newton, gamma, s->y, s->c, s->work));
    check_solve(s, gamma);
    /* elsewhere, so far that F's derivatives are not kept */
    double *dy = malloc(ordpar_flow_size(&s->flow) * sizeof *dy);
    for (size_t k = 0; k < s->flow.S * s->flow.L; k++)
        s->y[k] *= 0.8;
    evaluate(s, s->y, dy);
    cr_assert(ordpar_newton_setup(s->newton, gamma, s->y, s->c, s->work));
    check_solve(s, gamma);
    free(dy);
}
