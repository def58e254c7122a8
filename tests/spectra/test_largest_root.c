// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/largest_root.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    size_t size;
    const double *roots;
} diagonal;

static void multiply(void *context, const double *x, double *y) {
    const diagonal *d = context;
    for (size_t k = 0; k < d->size; k++)
        y[k] = d->roots[k] * x[k];
}

static double largest(size_t size, const double *roots, const double *start) {
    double root = NAN;
    ordpar_error err;
    check_ok(ordpar_largest_root(size, multiply, &(diagonal){size, roots}, start, &root, &err),
             &err);
    return root;
}

/* Of a dense spectrum, for which it begins again many times, of few roots and of one. */
Test(largest_root, is_that_of_any_spectrum) {
    enum { SIZE = 3000 };
    double roots[SIZE], start[SIZE];
    for (size_t k = 0; k < SIZE; k++) {
        roots[k] = (double)k / SIZE - 2;
        start[k] = 1;
    }
    start[SIZE - 1] = 1e-6;
    CHECK_CLOSE(largest(SIZE, roots, start), roots[SIZE - 1], TOL_SUM, 1, "dense");
    for (size_t k = 0; k < SIZE; k++)
        roots[k] = k % 3 ? 1 : 3;
    CHECK_CLOSE(largest(SIZE, roots, start), 3, TOL_TIGHT, 3, "two roots");
    for (size_t k = 0; k < SIZE; k++)
        roots[k] = 0;
    cr_assert_eq(largest(SIZE, roots, start), 0);
    cr_assert_eq(largest(1, (double[]){-0.7}, (double[]){5}), -0.7);
}

Test(largest_root, refuses_what_has_none) {
    const double roots[2] = {1, NAN}, start[2] = {1, 1};
    double root = 7;
    ordpar_error err;
    cr_assert_eq(ordpar_largest_root(2, multiply, &(diagonal){2, roots}, start, &root, &err),
                 ORDPAR_NUMERICAL);
    cr_assert_eq(root, 7);
}
