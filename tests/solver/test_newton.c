// SPDX-License-Identifier: GPL-3.0-or-later
/* The structured solves and products: against the Jacobian by finite differences. */
#include "newton_support.h"
#include "solver/motion/state.h"

#include <string.h>

/* Fewer units where a model takes ten times as long, or the sanitizers are there. */
static bool is_checked(size_t K, const ordpar_activation *g) {
    return SANITIZED ? K == (is_slow(g) ? 1 : 2) : K <= (is_slow(g) ? 2 : 4);
}

static void check_all(test_model *m, const ordpar_overlaps *start, const ordpar_state *state,
                      const ordpar_coordinates *coordinates, size_t trained_blocks, double gamma) {
    system_under_test s;
    begin_system(&s, m, start, state, coordinates, trained_blocks);
    cr_assert(ordpar_newton_setup(s.newton, gamma, s.y, s.c, s.work));
    check_solve(&s, gamma);
    check_pairs(&s, gamma);
    if (m->spectrum.L < 10)
        check_transposes(&s, gamma);
    else
        check_adjoint(&s);
    check_wide(&s, gamma);
    end_system(&s);
}

Test(newton, solves_for_many_units_whose_teachers_have_the_first_coordinates) {
    test_model m = make_model(9, 11, 90, 3, 0.7, 0.5, 0.3, "erf", 17);
    m.network.small_eta = true;
    check_all(&m, &m.start, &ordpar_state_vectors, &ordpar_overlap_coordinates, 2, 0.4);
    clear_model(&m);
    m = make_model(10, 11, 100 * 12, 100, 0.7, 0.5, 0.3, "erf", 18);
    m.network.small_eta = true;
    check_all(&m, &m.start, &ordpar_state_vectors, &ordpar_overlap_coordinates, 90, 0.4);
    clear_model(&m);
}

Test(newton, solves_the_newton_system_for_random_models) {
    ordpar_random stream = test_stream(41);
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++)
        for (size_t K = 1; K <= 4; K++)
            for (size_t M = 1; M <= 4; M += 3)
                for (int small = 0; small < 2; small++) {
                    const long L = 1 + (long)uniform(&stream, 0, 5);
                    test_model m = make_model(K, M, 12 * L, L, 0.6, 0.8, 0.5, g->name, K);
                    for (size_t i = 0; i < K; i++)
                        m.network.v[i] = uniform(&stream, -1, 1);
                    m.network.label_noise = 0.1;
                    m.network.small_eta = small || !g->squared_error_dg_dg || (is_slow(g) && K > 1);
                    const size_t trained = (size_t)L - (L > 2);
                    double gamma = uniform(&stream, 0.01, 1);
                    const bool checked = is_checked(K, g) && (!SANITIZED || M > 1);
                    if (checked)
                        check_all(&m, &m.start, &ordpar_state_overlaps, &ordpar_overlap_coordinates,
                                  trained, gamma);
                    if (m.network.small_eta)
                        gamma = uniform(&stream, 0.01, 1);
                    if (m.network.small_eta && checked)
                        check_all(&m, &m.start, &ordpar_state_vectors, &ordpar_overlap_coordinates,
                                  trained, gamma);
                    clear_model(&m);
                }
}

Test(newton, solves_over_several_chunks_and_with_library_products) {
    const ordpar_coordinates *coordinates = &ordpar_overlap_coordinates;
    test_model m = make_model(2, 2, 3000, 1500, 0.3, 0.5, 0.5, "erf", 1);
    check_all(&m, &m.start, &ordpar_state_overlaps, coordinates, 1500, 2);
    m.network.small_eta = true;
    check_all(&m, &m.start, &ordpar_state_vectors, coordinates, 1500, 2);
    clear_model(&m);
    m = make_model(6, 5, 3000, 150, 0.5, 0.5, 0.5, "erf", 1);
    check_all(&m, &m.start, &ordpar_state_overlaps, coordinates, 150, 0.5);
    m.network.small_eta = true;
    check_all(&m, &m.start, &ordpar_state_vectors, coordinates, 150, 0.5);
    clear_model(&m);
}

/* Trained outputs, decay, tasks, and a learning rate that is not that of the flow. */
static void check_training(size_t K, long L, const ordpar_activation *g, double eta_v, size_t tasks,
                           const ordpar_state *state) {
    test_model m = make_model(K, 2, 12 * L, L, 0.6, 0.4, 0.5, g->name, 7 + K);
    system_under_test s;
    if (tasks) {
        give_tasks(&m, tasks, false, 45);
        m.network.training.tasks.present = 1;
    }
    m.network.training.eta_v = eta_v;
    m.network.training.weight_decay = 0.2;
    m.network.label_noise = 0.1;
    m.network.small_eta = state == &ordpar_state_vectors;
    begin_system(&s, &m, &m.start, state, &ordpar_overlap_coordinates, (size_t)L - (L > 2));
    m.network.eta = eta_v > 0 ? 0.3 : 0.45;
    cr_assert(ordpar_newton_setup(s.newton, 0.6, s.y, s.c, s.work));
    check_solve(&s, 0.6);
    if (ordpar_newton_shifts_exist(state))
        check_pairs(&s, 0.6);
    if (L < 10)
        check_transposes(&s, 0.6);
    else
        check_adjoint(&s);
    end_system(&s);
    clear_model(&m);
}

Test(newton, steps_of_training_are_exact) {
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++)
        for (size_t K = 1; K <= 3; K++)
            for (long L = 3; is_checked(K, g) && L <= (SANITIZED ? 3 : 150); L += 147)
                for (int outputs = 0; outputs < 2; outputs++) {
                    const double eta_v = outputs ? 0.7 : 0;
                    check_training(K, L, g, eta_v, 0, &ordpar_state_vectors);
                    if (g->squared_error_dg_dg && (K == 1 || !is_slow(g)))
                        check_training(K, L, g, eta_v, 0, &ordpar_state_overlaps);
                }
}

Test(newton, steps_of_tasks_are_exact) {
    static const char *const names[] = {"erf", "relu", "linear"};
    for (size_t a = 0; a < 3; a++)
        for (size_t tasks = 1; tasks <= 3; tasks++)
            for (int outputs = 0; outputs < 2; outputs++) {
                const ordpar_activation *g = ordpar_activation_find(names[a]);
                check_training(3, 4, g, outputs ? 0.7 : 0, tasks, &ordpar_state_overlaps);
                check_training(2, 4, g, outputs ? 0.7 : 0, tasks, &ordpar_state_vectors);
                check_training(2, 4, g, outputs ? 0.7 : 0, tasks, &ordpar_state_momentum);
                check_training(2, 150, g, outputs ? 0.7 : 0, tasks, &ordpar_state_overlaps);
            }
}

/* Momentum, with overlaps of P that are not 0, in all kinds of 2 x 2 pairs: c and e small and
 * large. */
static void check_momentum(size_t K, size_t M, long L, const char *activation, double eta_v,
                           ordpar_push push) {
    test_model m = make_model(K, M, 12 * L, L, 0.6, 0.4, 0.5, activation, 7 + K);
    ordpar_random stream = test_stream(44);
    system_under_test s;
    m.network.training.eta_v = eta_v;
    m.network.training.weight_decay = 0.2;
    m.network.label_noise = 0.1;
    begin_system(&s, &m, &m.start, &ordpar_state_momentum, &ordpar_overlap_coordinates,
                 (size_t)L - (L > 2));
    m.network.eta = push.eta;
    s.flow.push = push;
    for (size_t k = 0; k < s.flow.S * s.flow.L; k++)
        s.y[k] = s.y[k] == 0 ? uniform(&stream, -0.2, 0.2) / (double)L : s.y[k];
    cr_assert(ordpar_newton_setup(s.newton, 0.3, s.y, s.c, s.work));
    check_solve(&s, 0.3);
    if (L < 10)
        check_transposes(&s, 0.3);
    else
        check_adjoint(&s);
    if (eta_v == 0)
        check_wide(&s, 0.3);
    end_system(&s);
    clear_model(&m);
}

Test(newton, steps_with_momentum_are_exact) {
    static const ordpar_push pushes[] = {
        {0.4, 1.3, 0.7}, {0, 0, 5}, {0.8, 200, 1e-3}, {2, 0.1, 40}};
    static const char *const names[] = {"erf", "linear", "relu"};
    for (size_t g = 0; g < 3; g++)
        for (size_t k = 0; k < sizeof pushes / sizeof *pushes; k++)
            for (size_t K = 1; K <= 3; K++) {
                check_momentum(K, 2, 3, names[g], 0, pushes[k]);
                check_momentum(K, 4 - K, 4, names[g], 0.7, pushes[k]);
            }
    check_momentum(2, 2, 1500, "erf", 0, pushes[0]);
    check_momentum(6, 5, 150, "erf", 0.7, pushes[3]);
}

/* Deviations W of a student beside its teacher, of a size at which J and W differ in everything. */
Test(newton, solves_in_deviations) {
    static const char *const names[] = {"erf", "linear"};
    for (size_t g = 0; g < 2; g++)
        for (size_t K = 1; K <= 3; K++)
            for (int vectors = 0; vectors < 2; vectors++) {
                test_model m = make_model(K, K, 48, 4, 0.6, 0.5, 0.3, names[g], 20 + K);
                memcpy(m.network.v, m.network.w, K * sizeof *m.network.v);
                m.network.small_eta = vectors;
                m.network.label_noise = 0.1;
                check_all(&m, &m.start, vectors ? &ordpar_state_vectors : &ordpar_state_overlaps,
                          &ordpar_deviation_coordinates, 4, 0.6);
                clear_model(&m);
            }
}

static void check_projections(test_model *m, const ordpar_coordinates *coordinates,
                              size_t trained) {
    system_under_test s;
    m->network.label_noise = 0.1;
    m->network.training.weight_decay = 0.02;
    begin_system(&s, m, &m->start, &ordpar_state_projections, coordinates, trained);
    check_wide(&s, 0.4);
    end_system(&s);
    clear_model(m);
}

/* Blocks of one component, of fewer than teachers and of more; of several parts. */
Test(newton, solves_in_projections) {
    static const long components[] = {1, 4, 30}, blocks[] = {1, 3, 150};
    for (size_t k = 0; k < 3; k++)
        for (size_t l = 0; l < 3; l++) {
            const long L = blocks[l], N = components[k] * L;
            test_model m = make_model(3, 5, N, L, 0.6, 0.5, 0.3, "erf", 30 + k);
            check_projections(&m, &ordpar_overlap_coordinates, (size_t)L - (L > 1));
            m = make_model(9, 11, N, L, 0.6, 0.5, 0.3, "erf", 33 + k);
            check_projections(&m, &ordpar_overlap_coordinates, (size_t)L);
            m = make_model(10, 10, N, L, 0.6, 0.5, 0.3, "erf", 36 + k);
            memcpy(m.network.v, m.network.w, 10 * sizeof *m.network.v);
            check_projections(&m, &ordpar_deviation_coordinates, (size_t)L);
        }
}
