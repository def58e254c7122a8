// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Averages of all activations at variances from 1e-6 to 1e8 and correlations up to those of
 * parallel fields, against Gauss-Legendre rules over panels that follow the functions near 0 and
 * the densities, with the functions themselves.
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>

enum { NODES = 8, MOST = 9000 };

static const double node[NODES / 2] = {0.1834346424956498, 0.525532409916329, 0.7966664774136267,
                                       0.9602898564975363};
static const double weight[NODES / 2] = {0.362683783378362, 0.3137066458778873, 0.2223810344533745,
                                         0.1012285362903763};

/* A rule for E[f(z)], z Gaussian. */
typedef struct {
    size_t count;
    double z[MOST], w[MOST], g[MOST], dg[MOST];
} rule;

static int by_size(const void *x, const void *y) {
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Panels that grow with the distance from `centre`, beginning with `step`, within the reach. */
static size_t add_points(double centre, double step, double low, double high, size_t count,
                         double *point) {
    for (int k = -90; k <= 90 && step > 0; k++) {
        const double at =
            centre + step * (abs(k) < 24 ? k : (k < 0 ? -24 : 24) * pow(1.5, abs(k) - 24));
        if (at > low && at < high)
            point[count++] = at;
    }
    return count;
}

/* Fields of mean m and deviation sigma, functions of the width 1 at 0, and what else is narrow
 * there, of the widths `other`. */
static void set_rule(const ordpar_activation *g, double m, double sigma, const double other[2],
                     rule *r) {
    const double low = m - 9 * sigma, high = m + 9 * sigma;
    double point[1000];
    size_t points = add_points(0, 0.3, low, high, 0, point);
    points = add_points(0, other[0], low, high, points, point);
    points = add_points(0, other[1], low, high, points, point);
    points = add_points(m, sigma / 3, low, high, points, point);
    point[points++] = low;
    point[points++] = high;
    qsort(point, points, sizeof *point, by_size);
    r->count = 0;
    for (size_t k = 0; k + 1 < points; k++) {
        const double half = (point[k + 1] - point[k]) / 2, middle = (point[k + 1] + point[k]) / 2;
        for (size_t n = 0; n < NODES && half > 0 && r->count < MOST; n++) {
            const double x = n % 2 ? node[n / 2] : -node[n / 2], z = middle + half * x;
            r->z[r->count] = z;
            r->w[r->count++] =
                half * weight[n / 2] * exp(-pow((z - m) / sigma, 2) / 2) / (sigma * sqrt(2 * M_PI));
        }
    }
    cr_assert(r->count < MOST);
    g->evaluate(g, r->count, r->z, r->g, r->dg);
}

enum { KINDS = 4 }; /* E[g g], E[g' g'], and with the square (u.g)^2 E[g_b'^2], E[g_a' g_b'] */

typedef struct {
    double value[KINDS];
    double first[KINDS], second[KINDS]; /* E of the squares of the two factors */
} averages;

static const double u[2] = {0.7, -0.6};

static void add(averages *sum, double w, double ga, double da, double gb, double db) {
    const double error = u[0] * ga + u[1] * gb, square = error * error;
    const double factors[KINDS][2] = {{ga, gb}, {da, db}, {square, db * db}, {square, da * db}};
    for (size_t k = 0; k < KINDS; k++) {
        sum->value[k] += w * factors[k][0] * factors[k][1];
        sum->first[k] += w * factors[k][0] * factors[k][0];
        /* opposite fields of relu have no slopes at once */
        sum->second[k] +=
            w * (k == 3 ? (pow(da, 4) + pow(db, 4)) / 2 : factors[k][1] * factors[k][1]);
    }
}

static void integrate(const ordpar_activation *g, double A, double rho, double B, averages *sum) {
    rule *outer = malloc(sizeof *outer), *inner = malloc(sizeof *inner);
    const double slope = rho * sqrt(B / A), sigma = sqrt(B * (1 - rho) * (1 + rho));
    set_rule(g, 0, sqrt(A), (const double[2]){0.3 / fabs(slope), sigma / 3 / fabs(slope)}, outer);
    for (size_t k = 0; k < outer->count; k++) {
        if (outer->w[k] < 1e-22)
            continue;
        if (fabs(rho) == 1) {
            double gb, db;
            const double z = slope * outer->z[k];
            g->evaluate(g, 1, &z, &gb, &db);
            add(sum, outer->w[k], outer->g[k], outer->dg[k], gb, db);
            continue;
        }
        set_rule(g, slope * outer->z[k], sigma, (const double[2]){0.3, 0.3}, inner);
        for (size_t n = 0; n < inner->count; n++)
            add(sum, outer->w[k] * inner->w[n], outer->g[k], outer->dg[k], inner->g[n],
                inner->dg[n]);
    }
    free(outer);
    free(inner);
}

static void check_corner(const ordpar_activation *g, double A, double rho, double B) {
    const double C = A == B ? rho * A : rho * sqrt(A * B), c[4] = {A, C, C, B};
    double *work = malloc(ordpar_activation_work(g, 2) * sizeof *work);
    averages sum = {0};
    integrate(g, A, rho, B, &sum);
    const double actual[KINDS] = {g->gg(g, A, C, B).value, g->dg_dg(g, A, C, B).value,
                                  g->squared_error_dg_dg(g, 2, c, u, 1, 1, NULL, work),
                                  g->squared_error_dg_dg(g, 2, c, u, 1, 0, NULL, work)};
    for (size_t k = 0; k < KINDS; k++)
        CHECK_CLOSE(actual[k], sum.value[k], TOL_FIT, sqrt(sum.first[k] * sum.second[k]),
                    "%s, variances %g and %g, correlation %g, average %zu", g->name, A, B, rho, k);
    free(work);
}

Test(averages, hold_at_corners_of_variance_and_correlation) {
    static const double corners[][3] = {
        {1e-6, 1, 1e-6},    {1e-6, 0.5, 1},     {1e8, -1, 1e8},        {1e8, 0.5, 1e8},
        {1, 1 - 1e-6, 1e8}, {1e4, 1e-4 - 1, 3}, {1e-6, 1 - 1e-6, 1e-6}};
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++)
        for (size_t k = 0; k < sizeof corners / sizeof *corners; k += CASE_STEP)
            check_corner(g, corners[k][0], corners[k][1], corners[k][2]);
}
