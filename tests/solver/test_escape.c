// SPDX-License-Identifier: GPL-3.0-or-later
/* The escape rate from M + 1 numbers against the dense Jacobian of all order parameters. */
#include "solver/motion/state.h"
#include "solver/plateau/plateau.h"
#include "support.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    test_model *m;
    ordpar_flow flow;
    ordpar_coefficient_work *work;
    ordpar_coefficients co;
    double *c, *order_1;
} dense;

static void right_hand_side(dense *d, const double *y, double *dy) {
    ordpar_flow_moment(&d->flow, y, d->order_1);
    ordpar_covariance_set(d->flow.K, d->flow.M, d->order_1, d->c);
    cr_assert(ordpar_coefficients_evaluate(&d->m->network, d->c, d->work, &d->co));
    ordpar_flow_apply(&d->flow, &d->co, y, dy);
}

/* All eigenvalues with an imaginary part near 0, by central differences and LAPACK. */
static size_t eigenvalues(dense *d, double *y, double *real) {
    const size_t n = ordpar_flow_size(&d->flow);
    double *J = malloc(n * n * sizeof *J), *up = malloc(4 * n * sizeof *up), *down = up + n;
    for (size_t k = 0; k < n; k++) {
        const double at = y[k], step = 1e-5;
        y[k] = at + step;
        right_hand_side(d, y, up);
        y[k] = at - step;
        right_hand_side(d, y, down);
        y[k] = at;
        for (size_t i = 0; i < n; i++)
            J[i * n + k] = (up[i] - down[i]) / (2 * step);
    }
    double *all = up + 2 * n, *imaginary = up + 3 * n;
    cr_assert_eq(LAPACKE_dgeev(LAPACK_ROW_MAJOR, 'N', 'N', (int)n, J, (int)n, all, imaginary, NULL,
                               1, NULL, 1),
                 0);
    size_t count = 0;
    for (size_t k = 0; k < n; k++)
        if (fabs(imaginary[k]) < 1e-6)
            real[count++] = all[k];
    free(J);
    free(up);
    return count;
}

static const struct {
    size_t K, M;
    long N, L;
    bool small, weights;
    double eta, noise;
} cases[] = {{2, 2, 64, 2, true, false, 0.3, 0},    {2, 3, 256, 2, false, false, 0.5, 0},
             {3, 3, 255, 3, true, false, 0.5, 0},   {3, 2, 128, 4, false, false, 1, 0.3},
             {2, 4, 510, 3, false, true, 0.4, 0.1}, {4, 3, 300, 3, false, false, 0.2, 0}};

static test_model make_escape_model(size_t k) {
    test_model m = make_model(cases[k].K, cases[k].M, cases[k].N, cases[k].L, 1, cases[k].eta, 0.1,
                              "erf", 40 + k);
    m.network.small_eta = cases[k].small;
    m.network.label_noise = cases[k].noise;
    for (size_t n = 0; n < cases[k].M && cases[k].weights; n++)
        m.network.w[n] *= 1 + 0.1 * (double)n;
    return m;
}

/* The largest real eigenvalue at m->start. */
static double largest_eigenvalue(test_model *m) {
    const size_t K = m->network.K, M = m->network.M, n = K + M;
    ordpar_error err;
    dense d = {.m = m, .work = ordpar_coefficient_work_create(&m->network)};
    d.c = malloc(2 * n * n * sizeof *d.c);
    d.order_1 = d.c + n * n;
    check_ok(ordpar_coefficients_init(K, M, &d.co, &err), &err);
    check_ok(ordpar_flow_init(&m->spectrum, &m->network, &ordpar_state_overlaps, m->spectrum.L,
                              &(ordpar_flow_start){.overlaps = &m->start}, &d.flow, &err),
             &err);
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, d.c, &err), &err);
    const size_t size = ordpar_flow_size(&d.flow);
    double *y = malloc(2 * size * sizeof *y), *real = y + size, largest = -INFINITY;
    ordpar_flow_pack(&d.flow, &(ordpar_flow_start){.overlaps = &m->start}, y);
    const size_t count = eigenvalues(&d, y, real);
    for (size_t j = 0; j < count; j++)
        largest = fmax(largest, real[j]);
    free(y);
    free(d.c);
    ordpar_coefficient_work_free(d.work);
    ordpar_coefficients_clear(&d.co);
    ordpar_flow_clear(&d.flow);
    return largest;
}

Test(escape, rate_is_the_largest_eigenvalue_of_the_dense_jacobian) {
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m = make_escape_model(k);
        ordpar_error err;
        ordpar_plateau at;
        double rate;
        check_ok(ordpar_plateau_solve(&m.spectrum, &m.network, m.start.t, &at, &err), &err);
        check_ok(ordpar_plateau_escape_rate(&m.spectrum, &m.network, m.start.t, &at, &rate, &err),
                 &err);
        put_on_plateau(&m, &at);
        CHECK_CLOSE(largest_eigenvalue(&m), rate, 1e-7, rate, "case %zu", k);
        ordpar_plateau_clear(&at);
        clear_model(&m);
    }
}
