// SPDX-License-Identifier: GPL-3.0-or-later
/* Averages of four fields of activations that are fits, or ramps and bumps, at small and large
 * variances. */
#include "solver/averages/activation.h"
#include "support.h"

#include <math.h>

/* E[(sum u g)^2 g'(z_i) g'(z_j)] of fields z = W x with three independent components x, by the
 * trapezoidal rule, divided by what the two factors are by themselves. */
static void check_large_noise(const ordpar_activation *g, const double *W, const double *u,
                              double size) {
    enum { HALF = 160 };
    const double h = 8.5 / HALF, scale = sqrt(size);
    double c[16] = {0}, sum = 0, errors = 0, slopes = 0;
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < 4; b++)
            for (size_t k = 0; k < 2; k++)
                c[4 * a + b] += size * W[2 * a + k] * W[2 * b + k];
    for (int p = -HALF; p <= HALF; p++)
        for (int q = -HALF; q <= HALF; q++) {
            const double x = p * h, y = q * h, weight = exp(-(x * x + y * y) / 2) / (2 * M_PI);
            double z[4], error = 0;
            for (size_t a = 0; a < 4; a++) {
                z[a] = scale * (W[2 * a] * x + W[2 * a + 1] * y);
                error += u[a] * ordpar_activation_value(g, z[a]);
            }
            const double slope =
                ordpar_activation_slope(g, z[0]) * ordpar_activation_slope(g, z[1]);
            sum += h * h * weight * error * error * slope;
            errors += h * h * weight * pow(error, 4);
            slopes += h * h * weight * slope * slope;
        }
    CHECK_CLOSE(test_noise_of(g, 4, c, u, 0, 1, NULL), sum, 1e-9, sqrt(errors * slopes),
                "%s, variances of order %g", g->name, size);
}

/* Small and large fields, also such that nearly or exactly coincide. */
Test(averages, noise_of_fits_matches_quadrature_at_any_variance) {
    static const double W[][8] = {{0.8, 0.1, 0.5, -0.6, 0.7, 0.3, -0.2, 0.9},
                                  {0.8, 0.1, 0.5, -0.6, 0.8, 0.1, 0.5, -0.6},
                                  {0.8, 0.1, 0.8, 0.1000001, 0.7, 0.3, 0.5, -0.6}};
    static const double u[4] = {0.6, 0.9, -0.7, -0.5};
    const ordpar_activation *const all[] = {&ordpar_activation_tanh, &ordpar_activation_sigmoid,
                                            &ordpar_activation_gelu, &ordpar_activation_softplus,
                                            &ordpar_activation_silu};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        for (size_t which = 0; which < sizeof W / sizeof *W; which++)
            for (double size = 1e-6; size < 30; size *= SANITIZED ? 1e6 : 100)
                check_large_noise(all[k], W[which], u, size);
}

/* On both sides of where the series takes over from ramp and bump. */
/* Two routes to the last digits: where the weight's fields are independent of the others, the
 * average is a product of averages of two fields, and so are its derivatives. */
Test(averages, noise_of_fits_is_a_product_where_fields_are_independent) {
    static const double u[4] = {0, 0, -0.7, 0.5};
    const ordpar_activation *const all[] = {&ordpar_activation_tanh, &ordpar_activation_sigmoid,
                                            &ordpar_activation_gelu, &ordpar_activation_softplus,
                                            &ordpar_activation_silu};
    ordpar_random stream = test_stream(75);
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        for (double size = 100; size < 1e5; size *= 30) {
            const ordpar_activation *g = all[k];
            double c[16], gradient[16], errors[16];
            random_covariance(&stream, 4, 6, c);
            for (size_t x = 0; x < 16; x++)
                c[x] *= (x / 4 < 2) == (x % 4 < 2) ? size : 0;
            const ordpar_pair_average slopes = g->dg_dg(g, c[0], c[1], c[5]);
            const double error = ordpar_activation_squared_error(g, 4, c, u, errors);
            const double noise = test_noise_of(g, 4, c, u, 0, 1, gradient);
            const double product = slopes.value * error, scale = fabs(product);
            CHECK_CLOSE(noise, product, 1e-12, scale, "%s, size %g", g->name, size);
            for (size_t x = 2; x < 4; x++)
                for (size_t y = 2; y < 4; y++)
                    CHECK_CLOSE(gradient[4 * x + y] * size, slopes.value * errors[4 * x + y] * size,
                                1e-12, scale, "%s, size %g", g->name, size);
            CHECK_CLOSE(gradient[0] * size, slopes.d_aa * error * size, 1e-12, scale, "%s, size %g",
                        g->name, size);
            CHECK_CLOSE(2 * gradient[1] * size, slopes.d_ab * error * size, 1e-12, scale,
                        "%s, size %g", g->name, size);
        }
}

Test(averages, gelu_keeps_its_digits_where_fields_are_small) {
    const ordpar_activation *g = &ordpar_activation_gelu;
    static const double W[8] = {0.8, 0.1, 0.5, -0.6, 0.7, 0.3, -0.2, 0.9},
                        u[4] = {0.6, 0.9, -0.7, -0.5};
    double before = 0;
    for (int step = -20; step <= 20; step++) {
        const double size = 1e-5 / 0.85 * pow(1.001, step);
        double c[16] = {0};
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < 4; b++)
                c[4 * a + b] = size * (W[2 * a] * W[2 * b] + W[2 * a + 1] * W[2 * b + 1]);
        const double noise = test_noise_of(g, 4, c, u, 0, 1, NULL) / size;
        const double gg = g->gg(g, c[0], c[1], c[5]).value / size;
        if (step > -20)
            CHECK_CLOSE(noise + gg, before, 1e-7, fabs(before), "variances of order %g", size);
        before = noise + gg;
        check_large_noise(g, W, u, size);
    }
}
