// SPDX-License-Identifier: GPL-3.0-or-later
/* What is seen of saddles: units that are the same, and amplitudes of what is small [5.12]. */
#include "solver/state/saddle.h"
#include "solver/state/symmetry.h"
#include "support.h"

#include <float.h>

static size_t tied_students(const test_model *m, double factor) {
    ordpar_symmetry symmetry;
    ordpar_error err;
    const double kept = m->start.r[2 * 2];
    m->start.r[2 * 2] *= factor; /* of student 2 and teacher 1 in the first of two blocks */
    check_ok(ordpar_symmetry_init(&m->network, &m->start, &symmetry, &err), &err);
    const size_t tied = symmetry.students;
    ordpar_symmetry_clear(&symmetry);
    m->start.r[2 * 2] = kept;
    return tied;
}

/* J_2 = scale J_1: signs leave all bits as they are, other factors round them. */
Test(saddle_watch, only_students_that_are_the_same_are_tied) {
    for (size_t k = 0; k < 2; k++) {
        const double scale = k ? 0.3 : 1;
        test_model m = make_model(2, 2, 400, 2, 1, 0.3, 0.1, k ? "relu" : "erf", 4);
        m.network.v[0] = 0.7;
        m.network.v[1] = 0.7 * scale;
        for (size_t b = 0; b < 4; b++)
            m.start.r[4 + b] = scale * m.start.r[b];
        for (size_t b = 0; b < 2; b++) {
            m.start.q[2 + b] = m.start.q[4 + b] = scale * m.start.q[b];
            m.start.q[6 + b] = scale * scale * m.start.q[b];
        }
        cr_assert_eq(tied_students(&m, 1), 1);
        cr_assert_eq(tied_students(&m, 1 + 4 * DBL_EPSILON), k, "scale %g", scale);
        cr_assert_eq(tied_students(&m, 1 + 1e-12), 0, "scale %g", scale);
        clear_model(&m);
    }
}

/* [5.12] The least amplitude, the rounding that has grown with it, and what has decayed. */
Test(saddle_watch, the_least_amplitude_is_watched) {
    const double apart[] = {0.1, 1e-6, 1e-9, 1e-4, 1e-11}, distance[] = {0.1, 1e-6, 1e-9, 1e-4},
                 limit[] = {1, 1, 1, 1e5};
    test_model m = make_model(2, 2, 400, 1, 1, 0.3, 0.1, "erf", 4);
    ordpar_symmetry symmetry;
    ordpar_saddle saddle;
    ordpar_error err;
    m.network.small_eta = true;
    for (size_t i = 0; i < 2; i++)
        m.network.v[i] = m.network.w[i] = 1;
    m.start.t[3] = 2 * m.start.t[0]; /* teachers that are told apart */
    check_ok(ordpar_symmetry_init(&m.network, &m.start, &symmetry, &err), &err);
    check_ok(ordpar_saddle_init(&m.network, &m.start, &symmetry, &saddle, &err), &err);
    for (size_t k = 0; k < 5; k++) {
        const double d = apart[k];
        const double c[16] = {0.5, 0.4,     0.3, 0.2, 0.4, 0.5, 0.3 - d, 0.2,
                              0.3, 0.3 - d, 1.0, 0,   0.2, 0.2, 0,       1.5};
        ordpar_saddle_watch(&saddle, c, m.network.v);
        if (k == 4) {
            cr_assert(saddle.distance > 0.01, "it has decayed: %g", saddle.distance);
            break;
        }
        CHECK_CLOSE(saddle.distance, distance[k], 1e-6, distance[k], "amplitude of %g", d);
        CHECK_CLOSE(saddle.limit, 40 * DBL_EPSILON * limit[k], 1e-6, saddle.limit, "at %g", d);
    }
    ordpar_saddle_clear(&saddle);
    ordpar_symmetry_clear(&symmetry);
    clear_model(&m);
}

/* [5.12] An even activation: the students' overlaps, one row each, with principal directions of the
 * teachers, weighted by outputs 1 and 0.25. */
Test(saddle_watch, the_least_principal_direction_is_watched) {
    test_model m = make_model(2, 2, 400, 1, 1, 0.3, 0.1, "quadratic", 4);
    ordpar_symmetry symmetry;
    ordpar_saddle saddle;
    ordpar_error err;
    m.network.small_eta = true;
    m.network.w[0] = 1;
    m.network.w[1] = -0.25;
    m.start.t[3] = 2 * m.start.t[0];
    check_ok(ordpar_symmetry_init(&m.network, &m.start, &symmetry, &err), &err);
    check_ok(ordpar_saddle_init(&m.network, &m.start, &symmetry, &saddle, &err), &err);
    for (double d = 0.1; d > 1e-9; d /= 10) {
        const double c[16] = {1, 0.4, 0.3, d, 0.4, 1, 0.2, -d, 0.3, 0.2, 1, 0, d, -d, 0, 1.5};
        ordpar_saddle_watch(&saddle, c, m.network.v);
        CHECK_CLOSE(saddle.distance, d / 2, 1e-12, d, "the second direction, %g", d);
    }
    ordpar_saddle_clear(&saddle);
    ordpar_symmetry_clear(&symmetry);
    clear_model(&m);
}

/* Two students of norm^2 0.5 that differ by `apart` of it in all, by `seen` for the first teacher.
 */
static void watch_pair(const char *activation, const double (*apart_seen)[2], size_t count,
                       double *distance, double *limit) {
    test_model m = make_model(2, 2, 400, 1, 1, 0.3, 0.1, activation, 4);
    ordpar_symmetry symmetry;
    ordpar_saddle saddle;
    ordpar_error err;
    m.network.v[0] = m.network.v[1] = m.network.w[0] = m.network.w[1] = 1;
    m.start.t[3] = 2 * m.start.t[0];
    check_ok(ordpar_symmetry_init(&m.network, &m.start, &symmetry, &err), &err);
    check_ok(ordpar_saddle_init(&m.network, &m.start, &symmetry, &saddle, &err), &err);
    for (size_t k = 0; k < count; k++) {
        const double x = 0.5 * (1 - apart_seen[k][0] / 2), r = 0.3 - apart_seen[k][1];
        const double c[16] = {0.5, x, 0.3, 0.2, x, 0.5, r, 0.2, 0.3, r, 1.0, 0, 0.2, 0.2, 0, 1.5};
        ordpar_saddle_watch(&saddle, c, m.network.v);
        distance[k] = saddle.distance;
    }
    *limit = saddle.limit;
    ordpar_saddle_clear(&saddle);
    ordpar_symmetry_clear(&symmetry);
    clear_model(&m);
}

/* [5.12] What noise alone makes grow is of second order in q; so is what even students span. */
Test(saddle_watch, what_grows_in_the_square_is_watched) {
    const double noise[][2] = {{1e-10, 1e-3}, {1e-9, 1e-3}, {1e-8, 1e-3}},
                 driven[][2] = {{1e-10, 1e-5}, {1e-9, 3.2e-5}, {1e-8, 1e-4}},
                 even[][2] = {{2e-8, 1e-3}, {2e-6, 1e-3}};
    double distance[3], limit;
    watch_pair("erf", noise, 3, distance, &limit);
    CHECK_CLOSE(distance[0], 1e-3, 1e-6, 1e-3, "not yet");
    CHECK_CLOSE(distance[2], 1e-8, 1e-6, 1e-8, "by noise");
    CHECK_CLOSE(limit, 400 * DBL_EPSILON, 1e-6, limit, "rounding of it");
    watch_pair("erf", driven, 3, distance, &limit);
    CHECK_CLOSE(distance[2], 1e-4, 1e-6, 1e-4, "driven by what teachers see");
    watch_pair("quadratic", even, 2, distance, &limit);
    CHECK_CLOSE(distance[0], 1e-8, 1e-6, 1e-8, "of even students");
    CHECK_CLOSE(limit, 4000 * DBL_EPSILON, 1e-6, limit, "rounding of it");
}
