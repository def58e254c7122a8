// SPDX-License-Identifier: GPL-3.0-or-later
/* Fluctuations of single runs: known cases, adjoint against the dense covariance, and runs. */
#include "solver/fluctuations/fluctuations.h"
#include "support.h"

#include <math.h>
#include <string.h>

static test_model make_plain(size_t K, size_t M, long N, long L, double eta, double sigma_J,
                             const char *activation) {
    ordpar_error err;
    test_model m = make_model(K, M, N, L, 1, eta, sigma_J, activation, 3);
    ordpar_network_clear(&m.network);
    check_ok(ordpar_network_init(K, M, ordpar_activation_find(activation), eta, &m.network, &err),
             &err);
    return m;
}

static ordpar_fluctuation_problem problem_of(const test_model *m, bool shifts) {
    return (ordpar_fluctuation_problem){.spectrum = &m->spectrum,
                                        .network = &m->network,
                                        .trained_blocks = m->spectrum.L,
                                        .start = &m->start,
                                        .rtol = 1e-11,
                                        .atol = 0,
                                        .shifts = shifts};
}

/* L = 1, one linear unit: N var(ln eps_g) = 2 (2 eta - eta^2)^2 alpha. */
Test(fluctuations, linear_isotropic_is_a_random_walk_of_the_logarithm) {
    const double eta = 0.3, alpha[4] = {0, 1, 5, 10};
    test_model m = make_plain(1, 1, 1000, 1, eta, 0.5, "linear");
    double eps_g[4];
    ordpar_fluctuation rows[2][4];
    ordpar_error err;
    for (int shifts = 0; shifts < 2; shifts++) {
        ordpar_fluctuation_problem p = problem_of(&m, shifts);
        p.finer = 5;
        check_ok(ordpar_fluctuations(&p, alpha, 4, rows[shifts], &err), &err);
    }
    integrate_curve(&m, alpha, 4, 1e-11, eps_g);
    for (size_t k = 1; k < 4; k++)
        for (int shifts = 0; shifts < 2; shifts++)
            CHECK_CLOSE(rows[shifts][k].variance / (eps_g[k] * eps_g[k]) / alpha[k],
                        2 * pow(2 * eta - eta * eta, 2), 1e-8, 1, "alpha = %g", alpha[k]);
    clear_model(&m);
}

Test(fluctuations, adjoint_is_the_dense_covariance) {
    static const struct {
        size_t K, M;
        long L;
        char activation[8];
    } cases[] = {{1, 1, 3, "linear"}, {2, 2, 2, "erf"}, {3, 2, 3, "erf"}, {2, 3, 2, "linear"}};
    const double alpha[3] = {0.5, 3, 10};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m = make_model(cases[k].K, cases[k].M, 600, cases[k].L, 1, 0.4, 0.5,
                                  cases[k].activation, 7 + k);
        ordpar_fluctuation dense[3], adjoint[3];
        ordpar_error err;
        m.network.training.weight_decay = k == 2 ? 0.01 : 0;
        const ordpar_fluctuation_problem p = problem_of(&m, true), q = problem_of(&m, false);
        check_ok(ordpar_fluctuations(&p, alpha, 3, dense, &err), &err);
        check_ok(ordpar_fluctuations(&q, alpha, 3, adjoint, &err), &err);
        for (size_t r = 0; r < 3; r++) {
            CHECK_CLOSE(adjoint[r].variance, dense[r].variance, 1e-6, dense[r].variance,
                        "case %zu, row %zu", k, r);
            cr_assert(isnan(adjoint[r].shift) && isfinite(dense[r].shift));
            cr_assert(dense[r].variance_error < 1e-3 * dense[r].variance, "%g of %g",
                      dense[r].variance_error, dense[r].variance);
        }
        clear_model(&m);
    }
}
