// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.5] g = x^2: powers of d are derivatives of E[exp(theta d) ..] by theta, under which the
 * fields stay Gaussian. */
#include "solver/averages/high.h"

#include <math.h>
#include <string.h>

/* Polynomials in theta. */
enum { TERMS = 5 };

static void multiply(const double *a, const double *b, double *out) {
    double product[TERMS] = {0};
    for (size_t i = 0; i < TERMS; i++)
        for (size_t j = 0; i + j < TERMS; j++)
            product[i + j] += a[i] * b[j];
    memcpy(out, product, sizeof product);
}

/* E[exp(theta (d + noise))] = exp(sum_m (2 theta)^m tr X^m/(2 m) + theta^2 s2/2), X = diag(u) c;
 * work: X and X^2. */
static void set_partition(const ordpar_high_fields *f, double *Z, double *work) {
    const size_t n = f->n;
    double *X = work, *square = work + n * n, power[TERMS] = {0}, trace[TERMS] = {0};
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            X[a * n + b] = f->u[a] * f->c[a * n + b];
    memset(square, 0, n * n * sizeof *square);
    for (size_t a = 0; a < n; a++)
        for (size_t e = 0; e < n; e++)
            for (size_t b = 0; b < n; b++)
                square[a * n + b] += X[a * n + e] * X[e * n + b];
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            trace[1] += a == b ? X[a * n + a] : 0;
            trace[2] += X[a * n + b] * X[b * n + a];
            trace[3] += X[a * n + b] * square[b * n + a];
            trace[4] += square[a * n + b] * square[b * n + a];
        }
    for (size_t m = 1; m < TERMS; m++)
        power[m] = ldexp(trace[m], (int)m) / (2 * (double)m) + (m == 2 ? f->s2 / 2 : 0);
    memset(Z, 0, TERMS * sizeof *Z);
    Z[0] = 1;
    for (size_t m = 1; m < TERMS; m++) /* Z' = power' Z */
        for (size_t k = 1; k <= m; k++)
            Z[m] += (double)k * power[k] * Z[m - k] / (double)m;
}

/* T[m][n]: the terms of (1 - 2 theta X)^-1 e_i. */
static void set_chain(const ordpar_high_fields *f, size_t i, double *T) {
    const size_t n = f->n;
    memset(T, 0, TERMS * n * sizeof *T);
    T[i] = 1;
    for (size_t m = 1; m < TERMS; m++)
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                T[m * n + a] += 2 * f->u[a] * f->c[a * n + b] * T[(m - 1) * n + b];
}

/* The covariance of z_i with the field whose chain this is. */
static void set_covariance(const ordpar_high_fields *f, size_t i, const double *T, double *P) {
    const size_t n = f->n;
    for (size_t m = 0; m < TERMS; m++) {
        P[m] = 0;
        for (size_t a = 0; a < n; a++)
            P[m] += f->c[i * n + a] * T[m * n + a];
    }
}

/* The fields that the product has as factors: g is its field twice. */
static size_t expand(const ordpar_high_product *p, size_t fields[4]) {
    size_t count = 0;
    for (size_t k = 0; k < p->values + p->slopes; k++)
        for (int twice = 0; twice < (k < p->values ? 2 : 1); twice++)
            fields[count++] = p->units[k];
    return count;
}

/* What the coefficient of theta^power is multiplied with. */
static double factor_of(const ordpar_high_product *p) {
    double factorial = 1;
    for (int k = 2; k <= p->power; k++)
        factorial *= k;
    return ldexp(factorial, (int)p->slopes);
}

static void quadratic_slope(const ordpar_high_fields *f, const ordpar_high_product *p,
                            double *slope, double *work) {
    const size_t n = f->n, power = (size_t)p->power;
    const double factor = factor_of(p);
    double Z[TERMS], P[TERMS], pair[TERMS], *T = work;
    size_t fields[4];
    expand(p, fields);
    set_partition(f, Z, work);
    memset(slope, 0, n * sizeof *slope);
    for (size_t k = 0; k < 3; k++) {
        set_chain(f, fields[(k + 1) % 3], T);
        set_covariance(f, fields[(k + 2) % 3], T, P);
        multiply(Z, P, pair);
        set_chain(f, fields[k], T);
        for (size_t e = 0; e < n; e++)
            for (size_t m = 0; m <= power; m++)
                slope[e] += factor * T[m * n + e] * pair[power - m];
    }
}

/* [19.5] The three pairs of Isserlis' theorem. */
static double quadratic_mean(const ordpar_high_fields *f, const ordpar_high_product *p,
                             double *work) {
    static const size_t pairs[3][4] = {{0, 1, 2, 3}, {0, 2, 1, 3}, {0, 3, 1, 2}};
    double Z[TERMS], P[TERMS], product[TERMS], sum = 0;
    size_t fields[4];
    expand(p, fields);
    set_partition(f, Z, work);
    for (size_t k = 0; k < 3; k++) {
        memcpy(product, Z, sizeof product);
        for (size_t side = 0; side < 4; side += 2) {
            set_chain(f, fields[pairs[k][side]], work);
            set_covariance(f, fields[pairs[k][side + 1]], work, P);
            multiply(product, P, product);
        }
        sum += product[p->power];
    }
    return factor_of(p) * sum;
}

const ordpar_high_averages ordpar_high_quadratic = {0, quadratic_slope, quadratic_mean};
