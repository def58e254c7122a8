// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/gmres.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum { MOST = ORDPAR_GMRES_MOST };

/* The Hessenberg matrix, turned into an upper triangle by rotations as it grows. */
typedef struct {
    double column[MOST][MOST + 1], cosine[MOST], sine[MOST], residual[MOST + 1];
} triangle;

size_t ordpar_gmres_size(size_t n) {
    return (MOST + 2) * n + sizeof(triangle) / sizeof(double);
}

/* Makes w orthogonal to the basis before it; h[k + 2] are its components. */
static void orthogonalise(size_t n, size_t k, double *basis, double *h) {
    double *w = basis + (k + 1) * n;
    for (size_t j = 0; j <= k; j++) {
        h[j] = cblas_ddot((int)n, w, 1, basis + j * n, 1);
        cblas_daxpy((int)n, -h[j], basis + j * n, 1, w, 1);
    }
    h[k + 1] = cblas_dnrm2((int)n, w, 1);
    if (h[k + 1] > 0)
        cblas_dscal((int)n, 1 / h[k + 1], w, 1);
}

static void rotate(triangle *t, size_t k) {
    double *h = t->column[k];
    for (size_t j = 0; j < k; j++) {
        const double upper = t->cosine[j] * h[j] + t->sine[j] * h[j + 1];
        h[j + 1] = t->cosine[j] * h[j + 1] - t->sine[j] * h[j];
        h[j] = upper;
    }
    const double size = hypot(h[k], h[k + 1]);
    t->cosine[k] = size > 0 ? h[k] / size : 1;
    t->sine[k] = size > 0 ? h[k + 1] / size : 0;
    h[k] = size;
    t->residual[k + 1] = -t->sine[k] * t->residual[k];
    t->residual[k] *= t->cosine[k];
}

/* x = basis times the solution of the triangle. */
static void combine(size_t n, size_t count, triangle *t, const double *basis, double *x) {
    double *y = t->residual;
    for (size_t k = count; k-- > 0;) {
        for (size_t j = k + 1; j < count; j++)
            y[k] -= t->column[j][k] * y[j];
        y[k] = t->column[k][k] > 0 ? y[k] / t->column[k][k] : 0;
    }
    memset(x, 0, n * sizeof *x);
    for (size_t k = 0; k < count; k++)
        cblas_daxpy((int)n, y[k], basis + k * n, 1, x, 1);
}

size_t ordpar_gmres(size_t n, ordpar_gmres_product product, void *context, double tolerance,
                    double *work, double *x) {
    double *basis = work, *copy = work + (MOST + 1) * n;
    triangle *t = (triangle *)(copy + n);
    const double size = cblas_dnrm2((int)n, x, 1);
    size_t count = 0;
    if (!(size > 0) || !isfinite(size))
        return 0;
    for (size_t k = 0; k < n; k++)
        basis[k] = x[k] / size;
    t->residual[0] = size;
    for (bool more = true; more && count < MOST; count++) {
        memcpy(copy, basis + count * n, n * sizeof *copy);
        product(context, copy, basis + (count + 1) * n);
        orthogonalise(n, count, basis, t->column[count]);
        more = t->column[count][count + 1] > 0;
        rotate(t, count);
        more = more && fabs(t->residual[count + 1]) > tolerance * size;
    }
    combine(n, count, t, basis, x);
    return count;
}
