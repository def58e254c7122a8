// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/triangle.h"

#include <math.h>

/* Column pairs (k, k+1) turn by (a, b) -> (cos a + sin b, cos b - sin a). */
typedef struct {
    double *cosine, *sine;
} rotations;

/* The rotation that takes (a, b) to (r, 0); returns r. */
static double choose(const rotations *turn, size_t k, double a, double b) {
    const double r = hypot(a, b);
    turn->cosine[k] = r > 0 ? a / r : 1;
    turn->sine[k] = r > 0 ? b / r : 0;
    return r;
}

static inline void apply(const rotations *turn, size_t k, double *row) {
    const double a = row[k], b = row[k + 1];
    row[k] = turn->cosine[k] * a + turn->sine[k] * b;
    row[k + 1] = turn->cosine[k] * b - turn->sine[k] * a;
}

/*
 * The first sweep turns w into (|w|, 0, .., 0), from the last column pair to the first, and leaves
 * one number above the triangle in every row; c |w| then goes into the first column. The second
 * sweep, from the first pair to the last, takes these numbers away again. Both act on one row after
 * the other: a rotation of the second sweep is known once its own row has come to it.
 */
void ordpar_triangle_update(size_t K, double *Lc, size_t stride, const double *w, double factor,
                            const double *c, double *scratch) {
    const rotations first = {scratch, scratch + K + 1};
    const rotations second = {scratch + 2 * (K + 1), scratch + 3 * (K + 1)};
    double *row = scratch + 4 * (K + 1), length = w[K];
    for (size_t k = K; k-- > 0;)
        length = choose(&first, k, w[k], length);
    for (size_t i = 0; i < K; i++) {
        for (size_t k = 0; k <= i; k++)
            row[k] = Lc[i * stride + k];
        row[i + 1] = 0;
        for (size_t k = i + 1; k-- > 0;)
            apply(&first, k, row);
        row[0] += factor * c[i] * length;
        for (size_t k = 0; k < i; k++)
            apply(&second, k, row);
        row[i] = choose(&second, i, row[i], row[i + 1]);
        for (size_t k = 0; k <= i; k++)
            Lc[i * stride + k] = row[k];
    }
}
