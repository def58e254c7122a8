// SPDX-License-Identifier: GPL-3.0-or-later
/* Students that come to differ by less than the rounding of q, and that noise parts [5.14]. */
#include "solver/state/saddle.h"
#include "support.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>

/* Students that become equal under noise, which parts them again: F is of rank one, and rounding is
 * more than their difference. They part in the end, to where vectors can be, and the run notes
 * that rounding says when. 0.0194333 is where a start of 1e-5 ends. */
Test(noise_parts, equal_students_under_label_noise_stay_possible) {
    const double alpha[] = {1e3, 1e5}, rtol[] = {1e-6, 1e-9};
    double eps_g[2][2];
    for (size_t k = 0; k < 2; k++) {
        test_model m = make_model(3, 3, 1024, 4, 1, 0.1, 1e-12, "erf", 1);
        ordpar_integrate_stats stats;
        ordpar_error err;
        const ordpar_integrate_options options = {.rtol = rtol[k],
                                                  .atol = ORDPAR_DEFAULT_ATOL,
                                                  .trained_blocks = 4,
                                                  .observer = keep_curve,
                                                  .context = eps_g[k]};
        m.network.label_noise = 1;
        for (size_t i = 0; i < 3; i++)
            m.network.v[i] = m.network.w[i] = 1 / sqrt(3);
        ordpar_overlaps_clear(&m.start);
        check_ok(ordpar_overlaps_start(&m.spectrum, 3, 3, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN,
                                       1e-12, 1, 1, &m.start, &err),
                 &err);
        check_ok(
            ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 2, &options, &stats, &err),
            &err);
        cr_assert_eq(stats.tied_students, 2);
        cr_assert_eq(stats.tied_teachers, 2);
        cr_assert(stats.rounding_limit > 0.1, "limit %g", stats.rounding_limit);
        CHECK_CLOSE(eps_g[k][1], 0.0194333, 1e-5, 0.0194333, "where noise has parted them");
        for (size_t b = 0; b < 4; b++)
            cr_assert(m.start.q[4 + b] <= m.start.q[b] * (1 + 1e-9), "block %zu", b);
        clear_model(&m);
    }
    CHECK_CLOSE(eps_g[0][0], eps_g[1][0], 10 * rtol[0], eps_g[1][0], "before rounding shows");
}

/* Three students that differ by 1e-8 at the start come to differ by less than the rounding of q,
 * and noise parts them: the run stays where vectors are, and notes that rounding has chosen when.
 */
Test(noise_parts, students_that_noise_parts_stay_possible) {
    const double alpha[] = {1000};
    double eps_g[1];
    test_model m = make_model(3, 3, 1024, 1, 1, 1, 1e-8, "erf", 1);
    ordpar_integrate_stats stats;
    ordpar_error err;
    const ordpar_integrate_options options = {.rtol = 1e-8,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = 1,
                                              .observer = keep_curve,
                                              .context = eps_g};
    m.network.label_noise = 1;
    for (size_t i = 0; i < 3; i++)
        m.network.v[i] = m.network.w[i] = 1 / sqrt(3);
    check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 1, &options, &stats, &err),
             &err);
    cr_assert_eq(stats.tied_students, 0);
    cr_assert(stats.rounding_limit > 0.5, "limit %g", stats.rounding_limit);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < i; j++) {
            const double *q = m.start.q, pair = q[i * 3 + j] * q[i * 3 + j];
            cr_assert(pair < 0.9 * q[4 * i] * q[4 * j], "students %zu and %zu", i, j);
        }
    clear_model(&m);
}

/* The least eigenvalue of the students' correlations over all blocks. */
static double least_eigenvalue(const ordpar_overlaps *state) {
    enum { MOST = 8 };
    const size_t K = state->K, L = state->L;
    double least = 1, gram[MOST * MOST], values[MOST];
    cr_assert(K <= MOST);
    for (size_t b = 0; b < L; b++) {
        const double *q = state->q + b;
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++)
                gram[i * K + j] =
                    q[(i * K + j) * L] / sqrt(q[i * (K + 1) * L] * q[j * (K + 1) * L]);
        cr_assert_eq(
            LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', (lapack_int)K, gram, (lapack_int)K, values),
            0);
        least = fmin(least, values[0]);
    }
    return least;
}

/* Four students of four blocks, 1e-10 at the start: of twelve differences some are negative by
 * rounding, and had grown to variances of -0.06 when the students parted, at alpha = 725. */
static void part(const char *what, ordpar_integrator_choice integrator, double rtol, double eta_v,
                 double momentum, double *eps_g) {
    const double alpha[] = {500, 650, 725};
    test_model m = make_model(4, 4, 1000, 4, 0.25, 0.5, 1e-10, "erf", 1);
    ordpar_integrate_stats stats;
    ordpar_error err;
    const ordpar_integrate_options options = {.rtol = rtol,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = 4,
                                              .observer = keep_curve,
                                              .context = eps_g,
                                              .integrator = integrator};
    m.network.label_noise = 0.8;
    m.network.training.eta_v = eta_v;
    m.network.training.momentum = (ordpar_momentum){.damping = 1, .weight = momentum};
    for (size_t i = 0; i < 4; i++)
        m.network.v[i] = m.network.w[i] = 0.5;
    check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 3, &options, &stats, &err),
             &err);
    if (eta_v == 0) /* else outputs part them, and eps_g is that of noise soon */
        cr_assert(stats.rounding_limit > 0.5, "%s: limit %g", what, stats.rounding_limit);
    cr_assert(least_eigenvalue(&m.start) > -1e-6, "%s: %g", what, least_eigenvalue(&m.start));
    if (eta_v == 0)
        cr_assert(eps_g[1] < eps_g[0] && eps_g[2] < eps_g[1], "%s: %g, %g, %g", what, eps_g[0],
                  eps_g[1], eps_g[2]);
    clear_model(&m);
}

Test(noise_parts, overlaps_of_every_block_stay_possible) {
    double eps_g[2][3];
    /* each method by itself: the limit is that of what rounding may choose */
    for (int by = ORDPAR_INTEGRATOR_CVODE; by <= ORDPAR_INTEGRATOR_RADAU; by++) {
        const ordpar_integrator_choice integrator = (ordpar_integrator_choice)by;
        part("fixed outputs", integrator, 1e-8, 0, 0, eps_g[0]);
        part("fixed outputs", integrator, 1e-10, 0, 0, eps_g[1]);
        for (size_t k = 0; k < 3; k++)
            CHECK_CLOSE(eps_g[0][k], eps_g[1][k], 1e-6, eps_g[1][k], "integrator %d, row %zu", by,
                        k);
        part("trained outputs", integrator, 1e-8, 0.1, 0, eps_g[0]);
    }
    part("momentum", ORDPAR_INTEGRATOR_AUTO, 1e-8, 0, 0.3, eps_g[0]);
}

/* [5.14] Rounding is not worth a new start; what has grown beyond it is, and what is beside much
 * larger differences counts against them. */
Test(noise_parts, differences_that_have_grown_negative_are_raised) {
    const double less[] = {-1e-15, -1e-12, 1e-9};
    const bool possible[] = {true, false, true};
    test_model m = make_model(2, 1, 400, 2, 1, 0.5, 0.1, "erf", 1);
    ordpar_symmetry symmetry;
    ordpar_saddle saddle;
    ordpar_error err;
    check_ok(ordpar_symmetry_init(&m.network, &m.start, &symmetry, &err), &err);
    check_ok(ordpar_saddle_init(&m.network, &m.start, &symmetry, &saddle, &err), &err);
    for (size_t k = 0; k < 3; k++) {
        double c[9] = {4, 2 * (1 - less[k]), 0, 2 * (1 - less[k]), 1, 0, 0, 0, 1};
        cr_assert_eq(ordpar_saddle_is_possible(&saddle, c), possible[k], "%g", less[k]);
        for (size_t b = 0; b < 2; b++)
            for (size_t i = 0; i < 2; i++)
                for (size_t j = 0; j < 2; j++)
                    m.start.q[(i * 2 + j) * 2 + b] = c[i * 3 + j];
        ordpar_saddle_make_possible(&saddle, c, &m.start);
        for (size_t b = 0; b < 2; b++)
            CHECK_CLOSE(1 - m.start.q[2 + b] / sqrt(m.start.q[b] * m.start.q[6 + b]),
                        fmax(16 * DBL_EPSILON, less[k]), 2 * DBL_EPSILON, 1, "block %zu", b);
    }
    ordpar_saddle_clear(&saddle);
    ordpar_symmetry_clear(&symmetry);
    clear_model(&m);
}
