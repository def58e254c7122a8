// SPDX-License-Identifier: GPL-3.0-or-later
/* The vectorised loops, against plain ones. */
#include "support.h"
#include "validation/simulate/fields.h"

#include <math.h>

enum { ROWS = 11, COUNT = 77, STRIDE = 80 };

Test(fields, project_and_update) {
    ordpar_random stream = test_stream(1);
    static double W[ROWS * STRIDE], before[ROWS * STRIDE];
    double x[COUNT], out[ROWS], c[ROWS];
    for (size_t k = 0; k < ROWS * STRIDE; k++)
        W[k] = before[k] = uniform(&stream, -1, 1);
    for (size_t k = 0; k < COUNT; k++)
        x[k] = uniform(&stream, -1, 1);
    for (size_t rows = 1; rows <= ROWS; rows++) {
        ordpar_fields_project(rows, COUNT, before, STRIDE, x, out);
        for (size_t a = 0; a < rows; a++) {
            double sum = 0;
            for (size_t k = 0; k < COUNT; k++)
                sum += before[a * STRIDE + k] * x[k];
            CHECK_CLOSE(out[a], sum, TOL_TIGHT, COUNT, "row %zu of %zu", a, rows);
            c[a] = out[a];
        }
    }
    ordpar_fields_update(ROWS, COUNT, c, x, W, STRIDE);
    for (size_t a = 0; a < ROWS; a++)
        for (size_t k = 0; k < STRIDE; k++)
            CHECK_CLOSE(W[a * STRIDE + k], before[a * STRIDE + k] + (k < COUNT ? c[a] * x[k] : 0),
                        TOL_EXACT, COUNT, "row %zu, %zu", a, k);
}

Test(fields, accumulate) {
    enum { WIDTH = 16, TURNS = 9 };
    ordpar_random stream = test_stream(2);
    double c[TURNS * WIDTH], weight[TURNS], x[WIDTH], expected[WIDTH];
    for (size_t k = 0; k < TURNS * WIDTH; k++)
        c[k] = uniform(&stream, -1, 1);
    for (size_t s = 0; s < TURNS; s++)
        weight[s] = uniform(&stream, -1, 1);
    for (size_t i = 0; i < WIDTH; i++) {
        x[i] = expected[i] = uniform(&stream, -1, 1);
        for (size_t s = 0; s < TURNS; s++)
            expected[i] += weight[s] * c[s * WIDTH + i];
    }
    ordpar_fields_accumulate(TURNS, WIDTH, weight, c, x);
    for (size_t i = 0; i < WIDTH; i++)
        CHECK_CLOSE(x[i], expected[i], TOL_TIGHT, 1, "field %zu", i);
}

/* The slopes of gelu and silu cross zero, where their parts cancel. */
static double part_of_slope(const ordpar_activation *activation, double x) {
    if (activation == &ordpar_activation_gelu)
        return erfc(-x * M_SQRT1_2) / 2;
    return activation == &ordpar_activation_silu ? 1 / (1 + exp(-x)) : 1e-300;
}

Test(fields, activations) {
    enum { POINTS = 2003 };
    static double x[POINTS], g[POINTS], dg[POINTS];
    const ordpar_activation *activation;
    for (size_t k = 0; k < POINTS; k++)
        x[k] = k == 0 ? 1e100 : k == 1 ? -40 : ((double)k - 1000) / 100;
    for (size_t a = 0; (activation = ordpar_activation_at(a)); a++) {
        activation->evaluate(activation, POINTS, x, g, dg);
        for (size_t k = 0; k < POINTS; k++) {
            const double value = ordpar_activation_value(activation, x[k]),
                         slope = ordpar_activation_slope(activation, x[k]);
            CHECK_CLOSE(g[k], value, TOL_TIGHT, fabs(value), "%s(%g)", activation->name, x[k]);
            const double part = part_of_slope(activation, x[k]);
            CHECK_CLOSE(dg[k], slope, TOL_TIGHT, fabs(slope) + part, "%s'(%g)", activation->name,
                        x[k]);
        }
    }
}
