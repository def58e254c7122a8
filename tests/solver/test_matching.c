// SPDX-License-Identifier: GPL-3.0-or-later
/* Which teacher each student stands beside, and where deviations from it exist. */
#include "solver/state/matching.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum { K = 3, N = 2 * K };

static ordpar_network network(const double *v, const double *w) {
    ordpar_network net;
    ordpar_error err;
    check_ok(ordpar_network_init(K, K, &ordpar_activation_erf, 0.1, &net, &err), &err);
    memcpy(net.v, v, K * sizeof *v);
    memcpy(net.w, w, K * sizeof *w);
    return net;
}

static const double w[K] = {0.5, 0.7, 0.5};

static void check_weights(const double *v, bool possible, const char *what) {
    ordpar_network net = network(v, w);
    cr_assert_eq(ordpar_matching_is_possible(&net), possible, "%s", what);
    ordpar_network_clear(&net);
}

Test(matching, weights_are_the_same_but_for_rounding) {
    check_weights(w, true, "the teacher's");
    check_weights((const double[K]){0.7, 0.5, 0.5}, true, "in another order");
    check_weights((const double[K]){0.5 * (1 + 4e-16), 0.7, 0.5}, true, "rounded");
    check_weights((const double[K]){0.5 * (1 + 1e-14), 0.7, 0.5}, false, "others");
    check_weights((const double[K]){0.5, 0.7, 0.5 * (1 - 1e-14)}, false, "others, below");
    check_weights((const double[K]){0.5, 0.7, 0.7}, false, "as many of each");
    check_weights((const double[K]){-0.5, 0.7, 0.5}, false, "of another sign");
}

Test(matching, the_teacher_must_attract) {
    ordpar_network net = network(w, w);
    net.training.weight_decay = 1e-9;
    cr_assert_not(ordpar_matching_is_possible(&net));
    net.training.weight_decay = 0;
    net.training.eta_v = 1e-9;
    cr_assert_not(ordpar_matching_is_possible(&net));
    net.training.eta_v = 0;
    net.activation = &ordpar_activation_relu; /* has no deviation coordinates */
    cr_assert_not(ordpar_matching_is_possible(&net));
    ordpar_network_clear(&net);
    ordpar_error err;
    check_ok(ordpar_network_init(2, 1, &ordpar_activation_erf, 0.1, &net, &err), &err);
    cr_assert_not(ordpar_matching_is_possible(&net));
    ordpar_network_clear(&net);
}

/* Student i is scale[i] B_(of[i]) + aside[i] of its own, teachers of norm^2 1, 4, 9. */
static void set_covariance(const size_t *of, const double *scale, const double *aside, double *c) {
    memset(c, 0, N * N * sizeof *c);
    for (size_t i = 0; i < K; i++) {
        const double T = (double)((of[i] + 1) * (of[i] + 1));
        c[(K + of[i]) * N + K + of[i]] = T;
        c[i * N + K + of[i]] = c[(K + of[i]) * N + i] = scale[i] * T;
        for (size_t j = 0; j < K; j++)
            if (of[i] == of[j])
                c[i * N + j] = scale[i] * scale[j] * T;
        c[i * N + i] += aside[i];
    }
}

Test(matching, each_student_takes_the_nearest_teacher) {
    const double v[K] = {0.5, 0.5, 0.7}, scale[K] = {1, 0.9, 1.1}, aside[K] = {0.05, 0, 0.02};
    const size_t of[K] = {2, 0, 1};
    ordpar_network net = network(v, w);
    double c[N * N];
    size_t teacher_of[K];
    set_covariance(of, scale, aside, c);
    const double farthest = 0.01 + 0.02 / 4; /* of the three, that of the third */
    CHECK_CLOSE(ordpar_match_students(&net, c, teacher_of), farthest, TOL_EXACT, 1,
                "the largest distance");
    for (size_t i = 0; i < K; i++)
        cr_assert_eq(teacher_of[i], of[i], "student %zu", i);
    net.v[2] = 0.5;
    cr_assert(isinf(ordpar_match_students(&net, c, teacher_of)), "another output weight");
    net.v[2] = 0.7;
    for (size_t i = 0; i < K; i++) {
        set_covariance(of, scale, aside, c);
        c[i * N + i] = NAN;
        cr_assert(isinf(ordpar_match_students(&net, c, teacher_of)), "not a number");
    }
    ordpar_network_clear(&net);
}

Test(matching, no_two_students_share_a_teacher) {
    const double same[K] = {0.5, 0.5, 0.5}, scale[K] = {1, 1, 1}, aside[K] = {0, 0.01, 0.02};
    ordpar_network net = network(same, same);
    for (size_t first = 0; first < K; first++) {
        size_t of[K] = {0, 1, 2}, teacher_of[K];
        double c[N * N];
        of[first] = of[(first + 1) % K];
        set_covariance(of, scale, aside, c);
        c[(K + first) * N + K + first] = 1; /* the one left over */
        cr_assert(isinf(ordpar_match_students(&net, c, teacher_of)), "students %zu, %zu", first,
                  (first + 1) % K);
    }
    ordpar_network_clear(&net);
}
