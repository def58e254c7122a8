// SPDX-License-Identifier: GPL-3.0-or-later
/* Generators against moments known in closed form, linear algebra of the very matrices, Monte Carlo
 * and direct simulation. */
#include "spectra/forms/linear_finite_n.h"
#include "spectra/spectrum/generate.h"
#include "support.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_generated make(const char *text, int64_t N, int64_t L, double zeta, uint64_t seed) {
    const ordpar_generate_options options = {N, L, 1, zeta, seed, NULL};
    ordpar_generator generator;
    ordpar_generated made;
    ordpar_error err;
    check_ok(ordpar_generator_parse(text, &generator, &err), &err);
    check_ok(ordpar_generate(&generator, &options, &made, &err), &err);
    return made;
}

Test(generate, spikes_and_power_law_are_what_they_say) {
    ordpar_generated made = make("spiked:4,0.5,9", 64, 16, 0, 1);
    const double lambda[] = {9, 4, 1, 0.5}, n[] = {1, 1, 61, 1};
    cr_assert(made.spectrum.L == 4 && made.spectrum.N == 64 && !made.teaches);
    cr_assert(memcmp(made.spectrum.lambda, lambda, sizeof lambda) == 0 &&
              memcmp(made.spectrum.n, n, sizeof n) == 0);
    ordpar_spectrum_clear(&made.spectrum);
    made = make("power-law", 64, 16, 0, 1);
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(64, 16, 1, &s, &err), &err);
    cr_assert(made.spectrum.L == 16 && memcmp(made.spectrum.lambda, s.lambda, 16 * 8) == 0);
    ordpar_spectrum_clear(&made.spectrum);
    ordpar_spectrum_clear(&s);
}

/* The bulk is that of marchenko-pastur; where L does not divide it, shares differ by one. */
Test(generate, spikes_may_have_a_bulk_of_marchenko_and_pastur) {
    ordpar_generated made = make("spiked:9,4,0.001:0.5", 66, 16, 0, 1),
                     bulk = make("marchenko-pastur:0.5", 64, 16, 0, 1);
    const ordpar_spectrum *s = &made.spectrum, *b = &bulk.spectrum;
    double least = INFINITY, most = 0, share = 0;
    cr_assert(s->L == 19 && s->N == 66 && s->lambda[0] == 9 && s->lambda[1] == 4 &&
              s->lambda[18] == 0.001);
    for (size_t k = 2; k < 18; k++) {
        least = fmin(least, s->n[k]);
        most = fmax(most, s->n[k]);
        share += s->n[k] * s->lambda[k];
        CHECK_CLOSE(s->lambda[k], b->lambda[k - 2], 0.1, 1, "block %zu", k);
    }
    cr_assert(least == 3 && most == 4, "%g, %g", least, most);
    CHECK_CLOSE(share, 63, TOL_SUM, 63, "the bulk's trace");
    ordpar_spectrum_clear(&made.spectrum);
    made = make("spiked:9,4:0.5", 66, 16, 0, 1);
    for (size_t k = 0; k < 16; k++)
        cr_assert(made.spectrum.lambda[k + 2] == b->lambda[k] && made.spectrum.n[k + 2] == 4);
    ordpar_spectrum_clear(&made.spectrum);
    ordpar_spectrum_clear(&bulk.spectrum);
}

/* E[x^2] = 1 + r, E[x^3] = 1 + 3 r + r^2; the blocks hide a variance that falls as L^-2. */
Test(generate, quantiles_have_the_moments_of_marchenko_and_pastur) {
    static const char names[][32] = {"marchenko-pastur:0.01", "marchenko-pastur:0.5",
                                     "marchenko-pastur:1", "marchenko-pastur:3"};
    const double ratios[] = {0.01, 0.5, 1, 3};
    for (size_t k = 0; k < 4; k++) {
        const double r = ratios[k], s = sqrt(r), third = 1 + 3 * r + r * r;
        ordpar_generated made = make(names[k], 8192, 4096, 0, 1);
        const ordpar_spectrum *x = &made.spectrum;
        CHECK_CLOSE(ordpar_spectrum_moment(x, 1), 1, TOL_SUM, 1, "trace at %g", r);
        CHECK_CLOSE(ordpar_spectrum_moment(x, 2), 1 + r, 1e-5, 1 + r, "second moment at %g", r);
        CHECK_CLOSE(ordpar_spectrum_moment(x, 3), third, 1e-5, third, "third moment at %g", r);
        cr_assert(x->lambda[0] < (1 + s) * (1 + s) && x->lambda[0] > 0.98 * (1 + s) * (1 + s));
        if (r < 1)
            cr_assert(x->lambda[4095] > (1 - s) * (1 - s));
        else if (r > 1)
            cr_assert(x->lambda[4095] == 0 && x->lambda[1364] > (1 - s) * (1 - s) &&
                      x->lambda[1366] == 0);
        ordpar_spectrum_clear(&made.spectrum);
    }
}

/* A sample of n: E[tr S / N] = 1, E[tr S^2 / N] = 1 + (N + 1)/n, exactly. */
Test(generate, drawn_samples_have_the_moments_of_wishart) {
    enum { SEEDS = 200, N = 24 };
    static const char names[][32] = {"marchenko-pastur:0.5:drawn", "marchenko-pastur:2:drawn"};
    const double examples[] = {48, 12};
    for (size_t k = 0; k < 2; k++)
        for (int power = 1; power <= 2; power++) {
            double sum = 0, squares = 0;
            for (uint64_t seed = 0; seed < SEEDS; seed++) {
                ordpar_generated made = make(names[k], N, 1, 0, seed);
                const double m = ordpar_spectrum_moment(&made.spectrum, power);
                cr_assert_eq(made.spectrum.L, k == 0 ? N : 13);
                sum += m;
                squares += m * m;
                ordpar_spectrum_clear(&made.spectrum);
            }
            const double mean = sum / SEEDS, error = sqrt((squares / SEEDS - mean * mean) / SEEDS);
            CHECK_CLOSE(mean, power == 1 ? 1 : 1 + (N + 1) / examples[k], 4, error,
                        "moment %d of %s", power, names[k]);
        }
}

enum { V = 200, D = 40 };

/* A[V][D] and h[V] of random features of beta = 1, the trace of A^T A being D, |h| = 1. */
static void features(double zeta, uint64_t seed, double *A, double *h) {
    ordpar_generate_normals(seed, 0, V * D, A);
    for (int v = 0; v < V; v++) {
        cblas_dscal(D, 1.0 / (v + 1), A + v * D, 1);
        h[v] = pow(v + 1, -1 - zeta / 2);
    }
    cblas_dscal(V * D, sqrt(D) / cblas_dnrm2(V * D, A, 1), A, 1);
    cblas_dscal(V, 1 / cblas_dnrm2(V, h, 1), h, 1);
}

/* By the covariances and a Cholesky decomposition, with no eigenvector. */
Test(generate, features_share_the_target_with_what_they_do_not_show) {
    static double A[V * D], Omega[D * D], squared[D * D], h[V], Phi[D], B[D];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const double zeta = (double)seed - 1;
        ordpar_generated made = make("random-features:200", D, 1, zeta, seed);
        const ordpar_spectrum *s = &made.spectrum;
        features(zeta, seed, A, h);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, D, D, V, 1, A, D, A, D, 0, Omega, D);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, D, D, D, 1, Omega, D, Omega, D, 0,
                    squared, D);
        cblas_dgemv(CblasRowMajor, CblasTrans, V, D, 1, A, D, h, 1, 0, Phi, 1);
        memcpy(B, Phi, sizeof B);
        double second = 0, fourth = cblas_ddot(D * D, squared, 1, squared, 1) / D;
        for (int k = 0; k < D; k++)
            second += squared[k * D + k] / D;
        cr_assert_eq(LAPACKE_dposv(LAPACK_ROW_MAJOR, 'U', D, 1, Omega, D, B, 1), 0);
        cr_assert(made.teaches && s->L == D && s->N == D);
        CHECK_CLOSE(ordpar_spectrum_moment(s, 1), 1, TOL_SUM, 1, "trace");
        CHECK_CLOSE(ordpar_spectrum_moment(s, 2), second, TOL_SUM, second, "second moment");
        CHECK_CLOSE(ordpar_spectrum_moment(s, 4), fourth, TOL_SUM, fourth, "fourth moment");
        CHECK_CLOSE(ordpar_spectrum_teacher_moment(s, 1) + made.unlearnable, 1, TOL_SUM, 1, "T");
        CHECK_CLOSE(ordpar_spectrum_teacher_moment(s, 2), cblas_ddot(D, Phi, 1, Phi, 1), TOL_SUM, 1,
                    "T2");
        CHECK_CLOSE(ordpar_spectrum_teacher_moment(s, 0), cblas_ddot(D, B, 1, B, 1), TOL_LOOSE,
                    cblas_ddot(D, B, 1, B, 1), "|B|^2");
        cr_assert_gt(made.unlearnable, 1e-6);
        CHECK_CLOSE(made.unlearnable, 1 - cblas_ddot(D, B, 1, Phi, 1), TOL_SUM, 1, "T_perp");
        ordpar_spectrum_clear(&made.spectrum);
    }
    ordpar_generated few = make("random-features:20", D, 1, 1, 1); /* they show everything */
    cr_assert(few.unlearnable == 0 && few.spectrum.L == 21 && few.spectrum.n[20] == 20);
    ordpar_spectrum_clear(&few.spectrum);
    few = make("hidden-manifold:1:sign", D, 1, 0, 1); /* one sign, and which */
    cr_assert(few.spectrum.L == 2 && few.spectrum.n[1] == D - 1);
    CHECK_CLOSE(few.unlearnable, 1 - 2 / acos(-1.0), TOL_SUM, 1, "E[|c|]^2 = 2/pi");
    ordpar_spectrum_clear(&few.spectrum);
}

/* Squared distance (J - B) Omega (J - B)/D + T_perp = |A J/sqrt D - h|^2, halved. */
static double error_of(const double *A, const double *h, const double *J) {
    double field[V];
    memcpy(field, h, sizeof field);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, V, D, 1 / sqrt(D), A, D, J, 1, -1, field, 1);
    return cblas_ddot(V, field, 1, field, 1) / 2;
}

/* SGD on the latent variables themselves, from J = 0, against the exact mean of the spectrum. */
Test(generate, features_have_the_curve_of_a_direct_simulation) {
    enum { RUNS = 200, ROWS = 5, STEPS = 800 };
    static double A[V * D], h[V];
    const double eta = 0.3, alpha[ROWS] = {0.5, 1, 4, 10, 20};
    double theory[ROWS], sum[ROWS] = {0}, squares[ROWS] = {0};
    ordpar_generated made = make("random-features:200", D, 1, 1, 7);
    ordpar_error err;
    check_ok(ordpar_linear_finite_n(&made.spectrum, eta, sqrt(made.unlearnable), D, made.spectrum.c,
                                    alpha, ROWS, theory, &err),
             &err);
    features(1, 7, A, h);
    for (int run = 0; run < RUNS; run++) {
        static double latent[STEPS * V];
        double J[D] = {0}, xi[D];
        ordpar_generate_normals(4000 + (uint64_t)run, 9, STEPS * V, latent);
        for (int step = 1, row = 0; step <= STEPS; step++) {
            const double *z = latent + (step - 1) * V;
            cblas_dgemv(CblasRowMajor, CblasTrans, V, D, 1, A, D, z, 1, 0, xi, 1);
            const double delta = cblas_ddot(D, J, 1, xi, 1) / sqrt(D) - cblas_ddot(V, h, 1, z, 1);
            cblas_daxpy(D, -eta / sqrt(D) * delta, xi, 1, J, 1);
            if (step == (int)(alpha[row] * D)) {
                const double e = error_of(A, h, J);
                sum[row] += e;
                squares[row++] += e * e;
            }
        }
    }
    for (int row = 0; row < ROWS; row++) {
        const double mean = sum[row] / RUNS,
                     error = sqrt((squares[row] / RUNS - mean * mean) / RUNS);
        cr_assert_lt(error, 0.05 * mean);
        CHECK_CLOSE(mean, theory[row] + made.unlearnable / 2, 4, error, "alpha = %g", alpha[row]);
    }
    ordpar_spectrum_clear(&made.spectrum);
}

enum { N_MAPPED = 8, D_LATENT = 9, BATCHES = 20, PER_BATCH = 50000, QUANTITIES = 3 };

static double apply(char map, double u) {
    return map == 'i'   ? u
           : map == 's' ? (u > 0) - (u < 0)
           : map == 'e' ? erf(u / sqrt(2))
                        : fmax(u, 0);
}

/* From the moments of PER_BATCH examples: tr Omega^2 N/(tr Omega)^2, |Phi|^2 N/(tr Omega), T_perp.
 */
static void measure(char map, const double *F, const double *w, const double *latent, double *out) {
    enum { N = N_MAPPED };
    double Omega[N * N] = {0}, Phi[N] = {0}, mean[N] = {0}, y = 0, B[N], xi[N];
    for (int sample = 0; sample < PER_BATCH; sample++) {
        const double *c = latent + sample * D_LATENT;
        for (int i = 0; i < N; i++) {
            xi[i] = apply(map, cblas_ddot(D_LATENT, F + i * D_LATENT, 1, c, 1));
            mean[i] += xi[i] / PER_BATCH;
        }
        const double target = cblas_ddot(D_LATENT, w, 1, c, 1);
        y += target * target / PER_BATCH;
        cblas_daxpy(N, target / PER_BATCH, xi, 1, Phi, 1);
        cblas_dger(CblasRowMajor, N, N, 1.0 / PER_BATCH, xi, 1, xi, 1, Omega, N);
    }
    cblas_dger(CblasRowMajor, N, N, -1, mean, 1, mean, 1, Omega, N);
    double trace = 0;
    for (int i = 0; i < N; i++)
        trace += Omega[i * N + i];
    out[0] = cblas_ddot(N * N, Omega, 1, Omega, 1) * N / (trace * trace);
    out[1] = cblas_ddot(N, Phi, 1, Phi, 1) * N / trace;
    memcpy(B, Phi, sizeof B);
    cr_assert_eq(LAPACKE_dposv(LAPACK_ROW_MAJOR, 'U', N, 1, Omega, N, B, 1), 0);
    out[2] = (y - cblas_ddot(N, B, 1, Phi, 1)) * PER_BATCH / (PER_BATCH - N);
}

Test(generate, manifolds_have_the_moments_of_their_inputs) {
    static const char names[][32] = {"identity", "sign", "erf", "relu"};
    for (uint64_t k = 0; k < 4; k++) {
        double F[N_MAPPED * D_LATENT], w[D_LATENT], got[QUANTITIES];
        double sum[QUANTITIES] = {0}, squares[QUANTITIES] = {0};
        char text[160];
        snprintf(text, sizeof text, "hidden-manifold:%d:%s", D_LATENT, names[k]);
        ordpar_generated made = make(text, N_MAPPED, 1, 0, k);
        ordpar_generate_normals(k, 0, N_MAPPED * D_LATENT, F);
        ordpar_generate_normals(k, 1, D_LATENT, w);
        for (int i = 0; i < N_MAPPED; i++)
            cblas_dscal(D_LATENT, 1 / cblas_dnrm2(D_LATENT, F + i * D_LATENT, 1), F + i * D_LATENT,
                        1);
        cblas_dscal(D_LATENT, 1 / cblas_dnrm2(D_LATENT, w, 1), w, 1);
        for (int b = 0; b < BATCHES; b++) {
            static double latent[PER_BATCH * D_LATENT];
            ordpar_generate_normals(5000 + k, (uint64_t)b, PER_BATCH * D_LATENT, latent);
            measure(names[k][0], F, w, latent, got);
            for (int q = 0; q < QUANTITIES; q++) {
                sum[q] += got[q] / BATCHES;
                squares[q] += got[q] * got[q] / BATCHES;
            }
        }
        const double expected[QUANTITIES] = {ordpar_spectrum_moment(&made.spectrum, 2),
                                             ordpar_spectrum_teacher_moment(&made.spectrum, 2),
                                             made.unlearnable};
        CHECK_CLOSE(ordpar_spectrum_teacher_moment(&made.spectrum, 1) + made.unlearnable, 1,
                    TOL_SUM, 1, "T of %s", text);
        for (int q = 0; q < QUANTITIES; q++) {
            const double error = sqrt(fmax(squares[q] - sum[q] * sum[q], 0) / BATCHES);
            cr_assert_lt(error, 0.01 * expected[q]);
            CHECK_CLOSE(sum[q], expected[q], 4, error, "%s, quantity %d", text, q);
        }
        ordpar_spectrum_clear(&made.spectrum);
    }
}
