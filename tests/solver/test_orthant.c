// SPDX-License-Identifier: GPL-3.0-or-later
/* Probabilities of orthants. Second routes: geometry (fields in a plane) and the integral over a
 * path of covariances. */
#include "solver/averages/orthant.h"
#include "support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

static const double scales[] = {1, 0.1, 1e-3, 1e-5, 1e-7, 1e-9};
enum { SCALES = sizeof scales / sizeof *scales };

/* Fields cos(phi_k) x + sin(phi_k) y: all are positive in a sector. */
Test(orthant, four_fields_in_a_plane_have_the_sector_between_them) {
    ordpar_random stream = test_stream(200);
    for (int trial = 0; trial < 60; trial++) {
        const double scale = scales[trial % SCALES];
        double phi[4], angle[4][4] = {{0}}, low = INFINITY, high = -INFINITY;
        for (int k = 0; k < 4; k++) {
            phi[k] = scale * uniform(&stream, 0, M_PI / 1.2);
            low = fmin(low, phi[k]);
            high = fmax(high, phi[k]);
        }
        for (int k = 0; k < 4; k++)
            for (int l = 0; l < 4; l++)
                angle[k][l] = fabs(phi[k] - phi[l]);
        CHECK_CLOSE(ordpar_orthant_4((const double(*)[4])angle, 0), 0.5 - (high - low) / (2 * M_PI),
                    TOL_EXACT, 1, "sector of %g", high - low);
    }
}

/* Two independent pairs, also of almost parallel or antiparallel fields. */
Test(orthant, independent_pairs_multiply) {
    for (int p = 0; p < 2 * SCALES; p++)
        for (int q = 0; q < 2 * SCALES; q++) {
            const double a = p < SCALES ? scales[p] : M_PI - scales[p - SCALES];
            const double b = q < SCALES ? scales[q] : M_PI - scales[q - SCALES];
            double angle[4][4];
            for (int k = 0; k < 16; k++)
                angle[k / 4][k % 4] = M_PI / 2;
            angle[0][2] = angle[2][0] = a;
            angle[1][3] = angle[3][1] = b;
            CHECK_CLOSE(ordpar_orthant_4((const double(*)[4])angle, sin(a) * sin(b)),
                        ordpar_orthant_2(a) * ordpar_orthant_2(b), TOL_EXACT, 1,
                        "pairs at the angles %.17g, %.17g", a, b);
        }
}

Test(orthant, known_values) {
    double angle[4][4];
    for (int k = 0; k < 16; k++)
        angle[k / 4][k % 4] = M_PI / 3; /* rho = 1/2: one of five normals is the smallest */
    CHECK_CLOSE(ordpar_orthant_2(M_PI / 3), 1. / 3, TOL_EXACT, 1, "two");
    CHECK_CLOSE(ordpar_orthant_3(M_PI / 3, M_PI / 3, M_PI / 3), 1. / 4, TOL_EXACT, 1, "three");
    CHECK_CLOSE(ordpar_orthant_4((const double(*)[4])angle, sqrt(5) / 4), 1. / 5, TOL_EXACT, 1,
                "four");
    angle[1][2] = angle[2][1] = 0;
    CHECK_CLOSE(ordpar_orthant_4((const double(*)[4])angle, 0), 1. / 4, TOL_EXACT, 1, "parallel");
    angle[1][2] = angle[2][1] = M_PI;
    CHECK_CLOSE(ordpar_orthant_4((const double(*)[4])angle, 0), 0, TOL_EXACT, 1, "antiparallel");
}

/* dP / dp along the path that scales the covariances between the pairs (0, 1) and (2, 3) by p. */
static double path_slope(double p, void *context) {
    const double *c = context;
    double rho[4][4], sum = 0;
    for (int k = 0; k < 4; k++)
        for (int l = 0; l < 4; l++)
            rho[k][l] = c[4 * k + l] / sqrt(c[5 * k] * c[5 * l]) * (k / 2 == l / 2 ? 1 : p);
    for (int i = 0; i < 2; i++)
        for (int j = 2; j < 4; j++) {
            const int k = 1 - i, l = 5 - j;
            const double d = 1 - rho[i][j] * rho[i][j];
            const int row[2] = {k, l};
            double rest[2][2];
            for (int x = 0; x < 2; x++)
                for (int y = 0; y < 2; y++) {
                    const int s = row[x], t = row[y];
                    rest[x][y] =
                        rho[s][t] - (rho[s][i] * rho[t][i] + rho[s][j] * rho[t][j] -
                                     rho[i][j] * (rho[s][i] * rho[t][j] + rho[s][j] * rho[t][i])) /
                                        d;
                }
            const double r = rest[0][1] / sqrt(rest[0][0] * rest[1][1]);
            sum += c[4 * i + j] / sqrt(c[5 * i] * c[5 * j]) / (2 * M_PI * sqrt(d)) *
                   (0.25 + asin(r) / (2 * M_PI));
        }
    return sum;
}

static double correlation_angle(const double *c, int k, int l) {
    return acos(c[4 * k + l] / sqrt(c[5 * k] * c[5 * l]));
}

static double determinant_4(const double *c) {
    double a[16], det = 1;
    memcpy(a, c, sizeof a);
    for (int k = 0; k < 4; k++) {
        det *= a[5 * k] / c[5 * k];
        for (int i = k + 1; i < 4; i++)
            for (int j = 3; j >= k; j--)
                a[4 * i + j] -= a[4 * i + k] / a[5 * k] * a[4 * k + j];
    }
    return det;
}

Test(orthant, four_fields_match_the_integral_over_a_path) {
    ordpar_random stream = test_stream(201);
    gsl_integration_cquad_workspace *work = gsl_integration_cquad_workspace_alloc(400);
    for (int trial = 0; trial < 40; trial++) {
        double c[16], angle[4][4], integral;
        random_covariance(&stream, 4, 4 + (size_t)trial % 8, c);
        for (int k = 0; k < 4; k++)
            for (int l = 0; l < 4; l++)
                angle[k][l] = k == l ? 0 : correlation_angle(c, k, l);
        gsl_function f = {path_slope, c};
        gsl_integration_cquad(&f, 0, 1, 1e-13, 1e-12, work, &integral, NULL, NULL);
        CHECK_CLOSE(ordpar_orthant_4((const double(*)[4])angle, sqrt(determinant_4(c))),
                    integral + ordpar_orthant_2(angle[0][1]) * ordpar_orthant_2(angle[2][3]),
                    TOL_QUADRATURE, 1, "trial %d", trial);
    }
    gsl_integration_cquad_workspace_free(work);
}
