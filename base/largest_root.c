// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/largest_root.h"

#include "base/linear_algebra.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Steps until they begin again, from the best vector so far, and how often they do. */
enum { STEPS = 64, ROUNDS = 200 };

typedef struct {
    int size;
    ordpar_operator apply;
    void *context;
    double *basis;         /* [STEPS + 1][size], orthonormal */
    double *alpha, *beta;  /* [STEPS] the operator in it: diagonal, and below */
    double *roots, *below; /* [STEPS] */
    double *vectors;       /* [STEPS][STEPS] of the roots */
} lanczos;

double ordpar_largest_root_room(size_t size) {
    return (STEPS + 1.) * (double)size + STEPS * (STEPS + 4.);
}

static ordpar_status make_room(lanczos *l, size_t size, ordpar_error *err) {
    const double numbers = ordpar_largest_root_room(size);
    l->basis = size < INT32_MAX ? malloc((size_t)numbers * sizeof *l->basis) : NULL;
    if (!l->basis)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for an operator of size %zu", size);
    l->size = (int)size;
    l->alpha = l->basis + (STEPS + 1) * size;
    l->beta = l->alpha + STEPS;
    l->roots = l->beta + STEPS;
    l->below = l->roots + STEPS;
    l->vectors = l->below + STEPS;
    return ORDPAR_OK;
}

/* One more vector of the basis, orthogonal to all before it: twice, as once is not enough. */
static void step(lanczos *l, int k) {
    const int n = l->size;
    double *next = l->basis + (size_t)(k + 1) * (size_t)n, *part = l->vectors;
    l->apply(l->context, l->basis + (size_t)k * (size_t)n, next);
    l->alpha[k] = 0;
    for (int pass = 0; pass < 2; pass++) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, k + 1, n, 1, l->basis, n, next, 1, 0, part, 1);
        cblas_dgemv(CblasRowMajor, CblasTrans, k + 1, n, -1, l->basis, n, part, 1, 1, next, 1);
        l->alpha[k] += part[k];
    }
    l->beta[k] = cblas_dnrm2(n, next, 1);
    if (l->beta[k] > 0)
        cblas_dscal(n, 1 / l->beta[k], next, 1);
}

/* Roots of the operator within the basis; false where LAPACK finds none. */
static bool find_roots(lanczos *l, int count) {
    memcpy(l->roots, l->alpha, (size_t)count * sizeof *l->roots);
    memcpy(l->below, l->beta, (size_t)count * sizeof *l->below);
    return LAPACKE_dstev(LAPACK_COL_MAJOR, 'V', count, l->roots, l->below, l->vectors, count) == 0;
}

/* What is left over of the last vector's equation bounds the error of the root; its square over the
 * distance of the next root does, too. */
static bool has_converged(const lanczos *l, int count) {
    const int last = count - 1;
    const double root = l->roots[last], rounding = DBL_EPSILON / 2 * fabs(root);
    const double rest = l->beta[last] * fabs(l->vectors[last * count + last]);
    const double distance = count > 1 ? root - l->roots[last - 1] : 0;
    return rest <= rounding || rest * rest <= rounding * fmin(distance, fabs(root));
}

static ordpar_status iterate(lanczos *l, double *root, ordpar_error *err) {
    for (int round = 0; round < ROUNDS; round++) {
        for (int k = 0; k < STEPS; k++) {
            step(l, k);
            if (!isfinite(l->alpha[k]) || !isfinite(l->beta[k]) || !find_roots(l, k + 1))
                return ordpar_fail(err, ORDPAR_NUMERICAL, "no largest root: LAPACK fails");
            *root = l->roots[k];
            if (has_converged(l, k + 1))
                return ORDPAR_OK;
        }
        double *next = l->basis + (size_t)STEPS * (size_t)l->size;
        cblas_dgemv(CblasRowMajor, CblasTrans, STEPS, l->size, 1, l->basis, l->size,
                    l->vectors + (STEPS - 1) * STEPS, 1, 0, next, 1);
        cblas_dcopy(l->size, next, 1, l->basis, 1);
        cblas_dscal(l->size, 1 / cblas_dnrm2(l->size, l->basis, 1), l->basis, 1);
    }
    return ordpar_fail(err, ORDPAR_NUMERICAL, "no largest root after %d products", ROUNDS * STEPS);
}

ordpar_status ordpar_largest_root(size_t size, ordpar_operator apply, void *context,
                                  const double *start, double *root, ordpar_error *err) {
    lanczos l = {.apply = apply, .context = context};
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (status || (status = make_room(&l, size, err)))
        return status;
    double found = NAN;
    memcpy(l.basis, start, size * sizeof *start);
    cblas_dscal(l.size, 1 / cblas_dnrm2(l.size, start, 1), l.basis, 1);
    if (!(status = iterate(&l, &found, err)))
        *root = found;
    free(l.basis);
    return status;
}
