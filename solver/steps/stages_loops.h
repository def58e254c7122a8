// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The loops of stages_products.c for one vector width, LANES numbers a vector. All stages of a
 * piece of LANES numbers are in registers. No include guard.
 */
#define TYPED(name) ORDPAR_JOIN(name, LANES)
#define INLINE TARGET static inline __attribute__((always_inline))

typedef double TYPED(lanes) __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

/* sum_i = sum_j A_ij z_j, i < rows */
INLINE void TYPED(multiply)(const size_t rows, const size_t s, const double *A, const double *z,
                            size_t stride, TYPED(lanes) * sum) {
    for (size_t i = 0; i < rows; i++)
        sum[i] = (TYPED(lanes)){0};
    for (size_t j = 0; j < s; j++) {
        const TYPED(lanes) x = *(const TYPED(lanes) *)(z + j * stride);
        for (size_t i = 0; i < rows; i++)
            sum[i] += A[i * s + j] * x;
    }
}

INLINE void TYPED(mix)(const size_t rows, const size_t s, size_t count, size_t stride,
                       const double *A, const double *z, const double *base, double *out) {
    TYPED(lanes) sum[MOST], start = {0};
    for (size_t first = 0; first < count; first += LANES) {
        TYPED(multiply)(rows, s, A, z + first, stride, sum);
        if (base)
            start = *(const TYPED(lanes) *)(base + first);
        for (size_t i = 0; i < rows; i++)
            *(TYPED(lanes) *)(out + i * stride + first) = start + sum[i];
    }
}

INLINE void TYPED(residual)(const size_t s, size_t count, size_t stride, const double *inverse,
                            const double *D, const double *z, double *f) {
    TYPED(lanes) sum[MOST], left[MOST];
    for (size_t first = 0; first < count; first += LANES) {
        TYPED(multiply)(s, s, D, z + first, stride, sum);
        for (size_t i = 0; i < s; i++)
            left[i] = *(const TYPED(lanes) *)(f + i * stride + first) - sum[i];
        TYPED(multiply)(s, s, inverse, (const double *)left, LANES, sum);
        for (size_t i = 0; i < s; i++)
            *(TYPED(lanes) *)(f + i * stride + first) = sum[i];
    }
}

INLINE double TYPED(update)(const size_t s, size_t count, size_t stride, const double *T,
                            const double *w, const double *weights, double *z) {
    TYPED(lanes) sum[MOST], square = {0};
    double total = 0;
    for (size_t first = 0; first < count; first += LANES) {
        const TYPED(lanes) weight = *(const TYPED(lanes) *)(weights + first);
        TYPED(multiply)(s, s, T, w + first, stride, sum);
        for (size_t i = 0; i < s; i++) {
            const TYPED(lanes) relative = sum[i] * weight;
            square += relative * relative;
            *(TYPED(lanes) *)(z + i * stride + first) += sum[i];
        }
    }
    for (size_t k = 0; k < LANES; k++)
        total += square[k];
    return total;
}

/* The numbers of stages that are in use are known to the compiler. */

TARGET static void TYPED(mix_all)(size_t rows, size_t s, size_t count, size_t stride,
                                  const double *A, const double *z, const double *base,
                                  double *out) {
    if (s == 9 && rows == 9)
        TYPED(mix)(9, 9, count, stride, A, z, base, out);
    else if (s == 9 && rows == 1)
        TYPED(mix)(1, 9, count, stride, A, z, base, out);
    else if (s == 7 && rows == 7)
        TYPED(mix)(7, 7, count, stride, A, z, base, out);
    else if (s == 7 && rows == 1)
        TYPED(mix)(1, 7, count, stride, A, z, base, out);
    else
        TYPED(mix)(rows, s, count, stride, A, z, base, out);
}

TARGET static void TYPED(residual_all)(size_t s, size_t count, size_t stride, const double *inverse,
                                       const double *D, const double *z, double *f) {
    if (s == 9)
        TYPED(residual)(9, count, stride, inverse, D, z, f);
    else if (s == 7)
        TYPED(residual)(7, count, stride, inverse, D, z, f);
    else
        TYPED(residual)(s, count, stride, inverse, D, z, f);
}

TARGET static double TYPED(update_all)(size_t s, size_t count, size_t stride, const double *T,
                                       const double *w, const double *weights, double *z) {
    return s == 9   ? TYPED(update)(9, count, stride, T, w, weights, z)
           : s == 7 ? TYPED(update)(7, count, stride, T, w, weights, z)
                    : TYPED(update)(s, count, stride, T, w, weights, z);
}

#undef TYPED
#undef INLINE
#undef LANES
#undef TARGET
