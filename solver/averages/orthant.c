// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/orthant.h"

#include <complex.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>

double ordpar_orthant_2(double angle) {
    return 0.5 - angle / (2 * M_PI);
}

double ordpar_orthant_3(double angle_12, double angle_13, double angle_23) {
    return 0.5 - (angle_12 + angle_13 + angle_23) / (4 * M_PI);
}

/* Re Li2(w) = Re( u - u^2/4 + sum_k B_2k u^(2k+1)/(2k+1)! ), u = -log(1 - w), for Re w <= 1/2 in
 * the unit disc, where |u| < 1.3. */
static double dilogarithm_series(double complex u) {
    static const double coefficient[] = {1. / 36,
                                         -1. / 3600,
                                         1. / 211680,
                                         -1. / 10886400,
                                         1. / 526901760,
                                         -691. / 16999766784000,
                                         1. / 1120863744000,
                                         -3617. / 181400588328960000.,
                                         43867. / 97072790126247936000.};
    enum { TERMS = sizeof coefficient / sizeof *coefficient };
    const double complex square = u * u;
    double complex sum = coefficient[TERMS - 1];
    for (int k = TERMS - 2; k >= 0; k--)
        sum = sum * square + coefficient[k];
    return creal(u * (1 + square * sum) - square / 4);
}

/* Re Li2(r e^(i phase)), 0 <= r <= 1. */
static double dilogarithm(double r, double phase) {
    phase = remainder(phase, 2 * M_PI);
    const double x = r * cos(phase), y = r * sin(phase);
    const double complex log_rest = log((1 - x) * (1 - x) + y * y) / 2 + I * atan2(-y, 1 - x);
    if (x <= 0.5)
        return dilogarithm_series(-log_rest);
    if (x >= 1 && y == 0)
        return M_PI * M_PI / 6;
    const double complex log_w = log(r) + I * phase;
    return M_PI * M_PI / 6 - creal(log_w * log_rest) - dilogarithm_series(-log_w);
}

/* The field that is least parallel to the others. */
static int odd_field(const double angle[4][4]) {
    int odd = 0;
    double largest = -1;
    for (int k = 0; k < 4; k++) {
        double sum = 0;
        for (int l = 0; l < 4; l++)
            sum += l == k ? 0 : angle[k][l];
        if (sum > largest) {
            largest = sum;
            odd = k;
        }
    }
    return odd;
}

/* e^(i x) - 1 */
static double complex exp_minus_1(double x) {
    return 2 * sin(x / 2) * (-sin(x / 2) + I * cos(x / 2));
}

/*
 * [12.3] The volume of a spherical tetrahedron from its dihedral angles pi - alpha, which is 2 pi^2
 * times the probability, by J. Murakami's formula (Proc. AMS 140, 2012). A, B, C: angles of the odd
 * field with the three others; x, y, w: the angle opposite to each. phi is the argument of the
 * formula's -q_2, written so that it is right where some or all of the fields are nearly parallel;
 * an error of the root z = r e^(-i phi) enters in second order.
 */
static double volume(double A, double B, double C, double x, double y, double w, double root) {
    const double products = sin(A) * sin(x) + sin(B) * sin(y) + sin(C) * sin(w);
    const double r = sqrt(fmax(products - root, 0) / (products + root));
    const double s = (x + y + w) / 2;
    const double complex bracket = -4 * sin(x / 2) * sin(y / 2) * sin(w / 2) +
                                   exp_minus_1(A) * sin(x - s) + exp_minus_1(B) * sin(y - s) +
                                   exp_minus_1(C) * sin(w - s) + exp_minus_1(A + B + C) * sin(s);
    const double phi = carg(bracket) + s - M_PI / 2; /* -q_2 = -2 i e^(i s) bracket */
    const double plus[4] = {0, A + B + x + y, A + C + x + w, B + C + y + w};
    const double minus[4] = {x + y + w, A + B + w, A + C + y, B + C + x};
    double sum = 0;
    for (int k = 0; k < 4; k++)
        sum += dilogarithm(r, plus[k] - phi) - dilogarithm(r, minus[k] - phi);
    return M_PI * (M_PI - (A + B + C + x + y + w) + phi) + (A * x + B * y + C * w - sum) / 2;
}

/* The two fields other than k and l. */
static void others(int k, int l, int *i, int *j) {
    *i = k != 0 && l != 0 ? 0 : k != 1 && l != 1 ? 1 : 2;
    *j = 6 - k - l - *i;
}

/* Of two parallel fields one decides nothing; antiparallel ones exclude each other. */
static bool degenerate(const double angle[4][4], double *probability) {
    for (int k = 1; k < 4; k++)
        for (int l = 0; l < k; l++)
            if (angle[k][l] == 0 || angle[k][l] == M_PI) {
                int i, j;
                others(k, l, &i, &j);
                *probability =
                    angle[k][l] > 0 ? 0 : ordpar_orthant_3(angle[k][i], angle[k][j], angle[i][j]);
                return true;
            }
    return false;
}

/* P(.., z_k > 0) = P(..) - P(.., -z_k > 0): leaves as few obtuse angles as possible, because nearly
 * antiparallel fields are as delicate as parallel ones. Returns the field to turn round, or 0. */
static int obtuse_field(const double angle[4][4]) {
    for (int k = 1; k < 4; k++)
        if (angle[0][k] > M_PI / 2)
            return k;
    return 0;
}

static double turned_round(const double angle[4][4], double root, int k) {
    double turned[4][4];
    int i, j;
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            turned[a][b] = (a == k) != (b == k) ? M_PI - angle[a][b] : angle[a][b];
    others(0, k, &i, &j);
    return ordpar_orthant_3(angle[0][i], angle[0][j], angle[i][j]) -
           ordpar_orthant_4((const double(*)[4])turned, root);
}

double ordpar_orthant_4(const double angle[4][4], double root) {
    double probability;
    if (degenerate(angle, &probability))
        return probability;
    const int turn = obtuse_field(angle);
    if (turn)
        return turned_round(angle, root, turn);
    const int d = odd_field(angle), a = (d + 1) % 4, b = (d + 2) % 4, c = (d + 3) % 4;
    probability =
        volume(angle[d][a], angle[d][b], angle[d][c], angle[b][c], angle[a][c], angle[a][b], root) /
        (2 * M_PI * M_PI);
    return probability - floor(probability + 0.25); /* the formula holds modulo 1 */
}

/* [12.14] */
double ordpar_orthant_missing_variance(size_t n, const double *c, double *work) {
    const double rounding = 16 * DBL_EPSILON;
    double *correlation = work, *eigenvalue = work + n * n, *lapack = eigenvalue + n;
    for (size_t k = 0; k < n * n; k++) {
        correlation[k] = c[k] / sqrt(c[k / n * (n + 1)] * c[k % n * (n + 1)]);
        if (!isfinite(correlation[k]))
            return rounding;
    }
    const lapack_int order = (lapack_int)n;
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'N', 'L', order, correlation, order, eigenvalue,
                           lapack, 3 * order))
        return rounding;
    return rounding + 2 * fmax(0, -eigenvalue[0]);
}
