// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x^2, all averages by Isserlis' theorem. [12.11], [12.12] */
#include "solver/averages/activation.h"
#include "solver/averages/activation_loops.h"
#include "solver/averages/polynomial.h"

static double g(double x) {
    return x * x;
}

static double dg(double x) {
    return 2 * x;
}

ORDPAR_DEFINE_EVALUATE

/* [12.11] */
static ordpar_pair_average gg(const ordpar_activation *self, double c_aa, double c_ab,
                              double c_bb) {
    (void)self;
    return (ordpar_pair_average){
        .value = c_aa * c_bb + 2 * c_ab * c_ab, .d_aa = c_bb, .d_ab = 4 * c_ab, .d_bb = c_aa};
}

static ordpar_pair_average dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self, (void)c_aa, (void)c_bb;
    return (ordpar_pair_average){.value = 4 * c_ab, .d_ab = 4};
}

static ordpar_pair_average ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self, (void)c_aa, (void)c_ab;
    return (ordpar_pair_average){.value = 2 * c_bb, .d_bb = 2};
}

/* y = U c x, U = diag(u) */
static void multiply(size_t n, const double *c, const double *u, const double *x, double *y) {
    for (size_t a = 0; a < n; a++) {
        double sum = 0;
        for (size_t b = 0; b < n; b++)
            sum += c[a * n + b] * x[b];
        y[a] = u[a] * sum;
    }
}

static double dot(size_t n, const double *x, const double *y) {
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        sum += x[a] * y[a];
    return sum;
}

/* What [12.12] is made of: vectors along z_i and z_j, and traces. */
typedef struct {
    double trace, square;          /* tr U c, tr U c U c */
    double *i_1, *j_1, *i_2, *j_2; /* U c e_i, U c e_j, (U c)^2 e_i, (U c)^2 e_j */
} chains;

static chains make_chains(size_t n, const double *c, const double *u, size_t i, size_t j,
                          double *work) {
    chains s = {.i_1 = work, .j_1 = work + n, .i_2 = work + 2 * n, .j_2 = work + 3 * n};
    for (size_t a = 0; a < n; a++) {
        s.trace += u[a] * c[a * n + a];
        for (size_t b = 0; b < n; b++)
            s.square += u[a] * u[b] * c[a * n + b] * c[a * n + b];
        s.i_1[a] = u[a] * c[a * n + i];
        s.j_1[a] = u[a] * c[a * n + j];
    }
    multiply(n, c, u, s.i_1, s.i_2);
    multiply(n, c, u, s.j_1, s.j_2);
    return s;
}

/* gradient += factor times the symmetric part of x y^T */
static void add_outer(size_t n, double factor, const double *x, const double *y, double *gradient) {
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            gradient[a * n + b] += factor * (x[a] * y[b] + y[a] * x[b]) / 2;
}

/* The same with the unit vector along field i for x. */
static void add_row(size_t n, double factor, size_t i, const double *y, double *gradient) {
    for (size_t b = 0; b < n; b++) {
        gradient[i * n + b] += factor * y[b] / 2;
        gradient[b * n + i] += factor * y[b] / 2;
    }
}

/*
 * [12.12] E[(sum_a u_a z_a^2)^2 4 z_i z_j]
 *   = 4 c_ij (tr^2 Uc + 2 tr UcUc) + 16 tr Uc (cUc)_ij + 32 (cUcUc)_ij.
 */
static double squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                  const double *u, size_t i, size_t j, double *gradient,
                                  double *work) {
    (void)self;
    const chains s = make_chains(n, c, u, i, j, work);
    const double c_ij = c[i * n + j], even = s.trace * s.trace + 2 * s.square;
    const double once = dot(n, c + i * n, s.j_1), twice = dot(n, c + i * n, s.j_2);
    if (gradient) {
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                gradient[a * n + b] = 16 * c_ij * u[a] * u[b] * c[a * n + b];
        for (size_t a = 0; a < n; a++)
            gradient[a * n + a] += (8 * c_ij * s.trace + 16 * once) * u[a];
        gradient[i * n + j] += 2 * even;
        gradient[j * n + i] += 2 * even;
        add_row(n, 16 * s.trace, i, s.j_1, gradient);
        add_row(n, 16 * s.trace, j, s.i_1, gradient);
        add_row(n, 32, i, s.j_2, gradient);
        add_row(n, 32, j, s.i_2, gradient);
        add_outer(n, 32, s.i_1, s.j_1, gradient);
    }
    return 4 * c_ij * even + 16 * s.trace * once + 32 * twice;
}

static const ordpar_polynomial polynomial = {{0, 0, 1}};

const ordpar_activation ordpar_activation_quadratic = {.name = "quadratic",
                                                       .evaluate = evaluate,
                                                       .escapes_by_size = true,
                                                       .parity = 1,
                                                       .homogeneity = 2,
                                                       .gg = gg,
                                                       .dg_dg = dg_dg,
                                                       .ddg_g = ddg_g,
                                                       .squared_error_dg_dg = squared_error_dg_dg,
                                                       .polynomial = &polynomial};
