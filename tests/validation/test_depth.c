// SPDX-License-Identifier: GPL-3.0-or-later
/* Simulations keep the relative accuracy of eps_g where it is far below rounding. */
#include "simulation_support.h"

#include "validation/compare/theory.h"

#include <math.h>

/* Vectors at J = B + 1e-9 noise have the error that the deviations have, in blocks of 1, 3 and 50
 * components; and their steps follow the equations. */
Test(depth, near_teacher) {
    enum { COUNT = 3 };
    const long lengths[] = {1, 3, 50};
    const double alpha[COUNT] = {0, 1, 4};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int method = 0; method < 2; method++) {
            test_model m = make_model(3, 3, 8 * lengths[l], 8, 1, 0.1, 1e-9, "erf", 17);
            for (size_t k = 0; k < 3; k++)
                m.network.v[k] = m.network.w[k];
            ordpar_simulation s = simulate_model(&m, (ordpar_method)method, 1e-9);
            s.init = ORDPAR_INIT_NEAR_TEACHER;
            double simulated[COUNT], theory[COUNT];
            ordpar_error err;
            const ordpar_theory_options options = {.rtol = 1e-8, .atol = 1e-14, .threads = 1};
            run_ensemble(&s, alpha, COUNT, 1, simulated);
            check_ok(ordpar_theory_curves(&s, alpha, COUNT, 1, &options, theory, &err), &err);
            cr_assert(theory[0] > 0 && theory[0] < 1e-15, "%g", theory[0]);
            CHECK_CLOSE(simulated[0], theory[0], 1e-6, theory[0], "start, n_b = %ld", lengths[l]);
            for (size_t k = 1; k < COUNT; k++)
                CHECK_CLOSE(simulated[k], theory[k], 3 / sqrt(m.spectrum.N), theory[k],
                            "alpha = %g, n_b = %ld, method %d", alpha[k], lengths[l], method);
            clear_model(&m);
        }
}

/* A random start specialises in some order and then decays exponentially, past 1e-16 as before. */
Test(depth, specialised_students) {
    enum { COUNT = 6, RUNS = 4 };
    double alpha[COUNT], eps_g[COUNT * RUNS];
    for (size_t k = 0; k < COUNT; k++)
        alpha[k] = 300 + 120 * (double)k;
    test_model m = make_model(2, 2, 60, 1, 1, 1.5, 0.5, "erf", 17);
    m.network.v[0] = m.network.v[1] = m.network.w[0] = m.network.w[1] = M_SQRT1_2;
    m.network.label_noise = 0;
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    run_ensemble(&s, alpha, COUNT, RUNS, eps_g);
    for (size_t r = 0; r < RUNS; r++) {
        const double first = log(eps_g[r]), last = log(eps_g[(COUNT - 1) * RUNS + r]);
        const double rate = (last - first) / (COUNT - 1);
        cr_assert(last < log(1e-20), "run %zu ends at %g", r + 1, exp(last));
        for (size_t k = 1; k < COUNT; k++) {
            const double step = log(eps_g[k * RUNS + r] / eps_g[(k - 1) * RUNS + r]);
            cr_assert(step < rate / 2 && step > 2 * rate, "run %zu, alpha %g: %g, on average %g",
                      r + 1, alpha[k], step, rate);
        }
    }
    clear_model(&m);
}

/* Between 1e-4 and rounding too: eps_g of a start at B + sigma_J noise by vectors and by overlaps
 * of the deviations. */
Test(depth, between_the_overlaps_and_rounding) {
    for (double sigma_J = 1e-3; sigma_J > 1e-7; sigma_J /= 10) {
        test_model m = make_model(3, 3, 400, 8, 1, 0.1, sigma_J, "erf", 17);
        ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, sigma_J);
        s.init = ORDPAR_INIT_NEAR_TEACHER;
        const ordpar_theory_options options = {.rtol = 1e-8, .atol = 1e-14, .threads = 1};
        const double alpha = 0;
        double simulated, theory;
        ordpar_error err;
        run_ensemble(&s, &alpha, 1, 1, &simulated);
        check_ok(ordpar_theory_curves(&s, &alpha, 1, 1, &options, &theory, &err), &err);
        CHECK_CLOSE(simulated, theory, 2e-15 / sigma_J, theory, "sigma_J %g", sigma_J);
        clear_model(&m);
    }
}
