// SPDX-License-Identifier: GPL-3.0-or-later
/* Deviation coordinates: against the plain ones, finite differences, and the plain formulas in 400
 * bits. */
#include "solver/motion/coefficients.h"
#include "solver/steps/coordinates.h"
#include "support.h"

#include <math.h>
#include <mpfr.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_K = 4, MAX_N = 2 * MAX_K };

/* A random covariance of (w, y), w of size `size`. */
static void random_deviations(ordpar_random *stream, size_t K, double size, double *c) {
    const size_t n = 2 * K;
    random_covariance(stream, n, n + 3, c);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            c[a * n + b] *= (a < K ? size : 1) * (b < K ? size : 1);
}

static ordpar_network random_network(ordpar_random *stream, size_t K, const ordpar_activation *g) {
    ordpar_error err;
    ordpar_network net;
    check_ok(ordpar_network_init(K, K, g, 0.7, &net, &err), &err);
    for (size_t i = 0; i < K; i++)
        net.v[i] = net.w[i] = uniform(stream, 0.2, 1);
    net.label_noise = 0.3;
    return net;
}

static void to_full(size_t K, const double *c, double *full) {
    const size_t n = 2 * K;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const bool student_a = a < K, student_b = b < K;
            full[a * n + b] = c[a * n + b];
            if (student_a)
                full[a * n + b] += c[(a + K) * n + b];
            if (student_b)
                full[a * n + b] += c[a * n + b + K];
            if (student_a && student_b)
                full[a * n + b] += c[(a + K) * n + b + K];
        }
}

static void check_agreement(const ordpar_activation *g, size_t K, double size,
                            ordpar_random *stream) {
    ordpar_error err;
    ordpar_network net = random_network(stream, K, g);
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&net);
    ordpar_coefficients plain, deviation;
    double c[MAX_N * MAX_N], full[MAX_N * MAX_N];
    const double scale = fmax(1, g->homogeneity ? size * size : 1);
    check_ok(ordpar_coefficients_init(K, K, &plain, &err), &err);
    check_ok(ordpar_coefficients_init(K, K, &deviation, &err), &err);
    random_deviations(stream, K, size, c);
    to_full(K, c, full);
    cr_assert(ordpar_overlap_coordinates.evaluate(&net, full, work, &plain));
    cr_assert(ordpar_deviation_coordinates.evaluate(&net, c, work, &deviation));
    for (size_t k = 0; k < K * K; k++) {
        CHECK_CLOSE(deviation.A[k], plain.A[k] - plain.G[k], TOL_TIGHT, 1, "%s A, K %zu, size %g",
                    g->name, K, size);
        CHECK_CLOSE(deviation.G[k], plain.G[k], TOL_TIGHT, 1, "%s G, K %zu, size %g", g->name, K,
                    size);
        CHECK_CLOSE(deviation.F[k], plain.F[k], TOL_TIGHT, scale, "%s F, K %zu, size %g", g->name,
                    K, size);
    }
    CHECK_CLOSE(ordpar_deviation_coordinates.error(&net, c, work),
                ordpar_overlap_coordinates.error(&net, full, work), TOL_TIGHT, scale,
                "%s eps_g, K %zu, size %g", g->name, K, size);
    ordpar_coefficients_clear(&plain);
    ordpar_coefficients_clear(&deviation);
    ordpar_coefficient_work_free(work);
    ordpar_network_clear(&net);
}

/* Sums of erfs take a hundred times as long as one. */
static bool is_tested(const ordpar_activation *g, size_t K) {
    return g->deviation && (!g->mixture || K <= 2);
}

/* Also at deviations that are larger than the teacher, as a learning rate above eta_c makes them.
 */
Test(deviation, agrees_with_plain_coordinates_where_both_are_good) {
    const double sizes[] = {0.2, 0.5, 1, 3, 30};
    ordpar_random stream = test_stream(70);
    for (size_t index = 0; ordpar_activation_at(index); index++)
        for (size_t K = 1; K <= MAX_K; K++)
            for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
                if (is_tested(ordpar_activation_at(index), K))
                    check_agreement(ordpar_activation_at(index), K, sizes[k], &stream);
}

/* In vectors where no derivatives are asked for, pair by pair where they are; by all rules, and
 * beyond them. */
Test(deviation, noise_of_many_students_is_that_of_their_pairs) {
    enum { K = 12, N = 2 * K };
    const double sizes[] = {1e-100, 1e-9, 1e-5, 1e-3, 0.01, 0.05, 0.3, 1, 30};
    const ordpar_activation *erf_units = &ordpar_activation_erf;
    ordpar_random stream = test_stream(71);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        double c[N * N], v[K], gradient[N * N], work[N * N + 6 * N];
        random_deviations(&stream, K, sizes[k], c);
        for (size_t i = 0; i < K; i++)
            v[i] = uniform(&stream, -1, 1);
        for (size_t i = 0; i < K; i += 3)
            for (size_t j = 0; j <= i; j++) {
                const double rows =
                    erf_units->deviation->squared_error_dg_dg(erf_units, K, c, v, i, j, NULL, work);
                const double pairs = erf_units->deviation->squared_error_dg_dg(
                    erf_units, K, c, v, i, j, gradient, work);
                CHECK_CLOSE(rows, pairs, TOL_SUM, fabs(pairs), "(%zu, %zu), w of %g", i, j,
                            sizes[k]);
            }
    }
}

static void check_jacobian(const ordpar_network *net, double *c) {
    const size_t K = net->K, n = 2 * K, P = ordpar_order_parameter_count(K, K), rows = 3 * K * K;
    const double step = 1e-5;
    ordpar_error err;
    ordpar_coefficients value[2];
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(net);
    double *jacobian = malloc(rows * P * sizeof *jacobian), moved[MAX_N * MAX_N];
    for (int side = 0; side < 2; side++)
        check_ok(ordpar_coefficients_init(K, K, &value[side], &err), &err);
    ordpar_deviation_coordinates.jacobian(net, c, work, jacobian);
    for (size_t a = 0; a < K; a++)
        for (size_t b = a; b < n; b++) {
            const size_t p = b < K ? K * K + ordpar_packed_index(K, a, b) : a * K + (b - K);
            for (int side = 0; side < 2; side++) {
                memcpy(moved, c, n * n * sizeof *c);
                moved[a * n + b] += side ? step : -step;
                moved[b * n + a] = moved[a * n + b];
                cr_assert(ordpar_deviation_coordinates.evaluate(net, moved, work, &value[side]));
            }
            for (size_t k = 0; k < rows; k++)
                CHECK_CLOSE(jacobian[k * P + p], (value[1].A[k] - value[0].A[k]) / (2 * step),
                            TOL_DIFFERENCE, 1, "K %zu: d row %zu / d c(%zu, %zu)", K, k, a, b);
        }
    for (int side = 0; side < 2; side++)
        ordpar_coefficients_clear(&value[side]);
    ordpar_coefficient_work_free(work);
    free(jacobian);
}

Test(deviation, jacobian_matches_finite_differences) {
    ordpar_random stream = test_stream(71);
    for (size_t index = 0; ordpar_activation_at(index); index++)
        for (size_t K = 1; K <= 3; K++)
            for (int small = 0; small < 2; small++) {
                double c[MAX_N * MAX_N];
                if (!is_tested(ordpar_activation_at(index), K))
                    continue;
                ordpar_network net = random_network(&stream, K, ordpar_activation_at(index));
                net.small_eta = small;
                random_deviations(&stream, K, small ? 0.3 : 1.5, c);
                check_jacobian(&net, c);
                ordpar_network_clear(&net);
            }
}

/* sum_ab u_a u_b (2/pi) asin(c_ab / sqrt((1 + c_aa)(1 + c_bb))) in 400 bits. */
enum { BITS = 400 };

static void exact_squared_error(size_t n, mpfr_t *c, const double *u, mpfr_t sum) {
    mpfr_t x, y;
    mpfr_inits2(BITS, x, y, (mpfr_ptr)0);
    mpfr_set_zero(sum, 1);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            mpfr_add_ui(x, c[a * n + a], 1, MPFR_RNDN);
            mpfr_add_ui(y, c[b * n + b], 1, MPFR_RNDN);
            mpfr_mul(x, x, y, MPFR_RNDN);
            mpfr_sqrt(x, x, MPFR_RNDN);
            mpfr_div(x, c[a * n + b], x, MPFR_RNDN);
            mpfr_asin(x, x, MPFR_RNDN);
            mpfr_mul_d(x, x, u[a], MPFR_RNDN);
            mpfr_mul_d(x, x, u[b], MPFR_RNDN);
            mpfr_add(sum, sum, x, MPFR_RNDN);
        }
    mpfr_const_pi(x, MPFR_RNDN);
    mpfr_mul_ui(sum, sum, 2, MPFR_RNDN);
    mpfr_div(sum, sum, x, MPFR_RNDN);
    mpfr_clears(x, y, (mpfr_ptr)0);
}

/* The covariance of (x, y) from that of (w, y), exactly. */
static void exact_full(size_t K, const double *c, mpfr_t *full) {
    const size_t n = 2 * K;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            mpfr_t *out = &full[a * n + b];
            mpfr_set_d(*out, c[a * n + b], MPFR_RNDN);
            if (a < K)
                mpfr_add_d(*out, *out, c[(a + K) * n + b], MPFR_RNDN);
            if (b < K)
                mpfr_add_d(*out, *out, c[a * n + b + K], MPFR_RNDN);
            if (a < K && b < K)
                mpfr_add_d(*out, *out, c[(a + K) * n + b + K], MPFR_RNDN);
        }
}

Test(deviation, keeps_its_relative_accuracy_however_small_w_is) {
    ordpar_random stream = test_stream(72);
    for (size_t K = 1; K <= MAX_K; K++)
        for (int exponent = 0; exponent <= 40; exponent++) {
            const size_t n = 2 * K;
            double c[MAX_N * MAX_N], u[MAX_N];
            mpfr_t full[MAX_N * MAX_N], sum;
            ordpar_network net = random_network(&stream, K, &ordpar_activation_erf);
            random_deviations(&stream, K, 0.3 * pow(10, -exponent), c);
            for (size_t k = 0; k < n * n; k++)
                mpfr_init2(full[k], BITS);
            mpfr_init2(sum, BITS);
            exact_full(K, c, full);
            for (size_t k = 0; k < K; k++) {
                u[k] = net.v[k];
                u[K + k] = -net.v[k];
            }
            exact_squared_error(n, full, u, sum);
            const double exact = mpfr_get_d(sum, MPFR_RNDN);
            CHECK_CLOSE(
                ordpar_deviation_erf.squared_error(&ordpar_activation_erf, K, c, net.v, NULL),
                exact, TOL_SUM, exact, "K %zu, W 1e-%d", K, exponent);
            for (size_t k = 0; k < n * n; k++)
                mpfr_clear(full[k]);
            mpfr_clear(sum);
            ordpar_network_clear(&net);
        }
    mpfr_free_cache();
}

/* A - G of first and F of second order in w: halving w halves and quarters them. */
Test(deviation, coefficients_scale_with_w) {
    ordpar_random stream = test_stream(73);
    ordpar_error err;
    double c[36], scaled[36];
    ordpar_network net = random_network(&stream, 3, &ordpar_activation_erf);
    net.label_noise = 0;
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&net);
    ordpar_coefficients base, small;
    check_ok(ordpar_coefficients_init(3, 3, &base, &err), &err);
    check_ok(ordpar_coefficients_init(3, 3, &small, &err), &err);
    random_deviations(&stream, 3, 1e-9, c);
    const double factor = 1e-60;
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < 6; b++)
            scaled[a * 6 + b] = c[a * 6 + b] * (a < 3 ? factor : 1) * (b < 3 ? factor : 1);
    cr_assert(ordpar_deviation_coordinates.evaluate(&net, c, work, &base));
    cr_assert(ordpar_deviation_coordinates.evaluate(&net, scaled, work, &small));
    for (size_t k = 0; k < 9; k++) {
        CHECK_CLOSE(small.A[k] / factor, base.A[k], 1e-8, fabs(base.A[k]) + 1e-10, "A %zu", k);
        CHECK_CLOSE(small.F[k] / factor / factor, base.F[k], 1e-8, fabs(base.F[k]) + 1e-19, "F %zu",
                    k);
    }
    ordpar_coefficients_clear(&base);
    ordpar_coefficients_clear(&small);
    ordpar_coefficient_work_free(work);
    ordpar_network_clear(&net);
}
