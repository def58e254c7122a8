// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/fields.h"

#include "base/vectorise.h"

/* Four rows at once: x is read once, and four sums run side by side. */
ORDPAR_VECTORISED_VOID(static, project_four,
                       (size_t count, const double *restrict W, size_t stride,
                        const double *restrict x, double *restrict out),
                       (count, W, stride, x, out)) {
    const double *w0 = W, *w1 = W + stride, *w2 = W + 2 * stride, *w3 = W + 3 * stride;
    double a = 0, b = 0, c = 0, d = 0;
#pragma omp simd reduction(+ : a, b, c, d)
    for (size_t k = 0; k < count; k++) {
        a += w0[k] * x[k];
        b += w1[k] * x[k];
        c += w2[k] * x[k];
        d += w3[k] * x[k];
    }
    out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

ORDPAR_VECTORISED(static, double, project_one,
                  (size_t count, const double *restrict w, const double *restrict x),
                  (count, w, x)) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < count; k++)
        sum += w[k] * x[k];
    return sum;
}

void ordpar_fields_project(size_t rows, size_t count, const double *W, size_t stride,
                           const double *x, double *out) {
    size_t a = 0;
    for (; a + 4 <= rows; a += 4)
        project_four(count, W + a * stride, stride, x, out + a);
    for (; a < rows; a++)
        out[a] = project_one(count, W + a * stride, x);
}

ORDPAR_VECTORISED_VOID(static, update_two,
                       (size_t count, const double *restrict c, const double *restrict x,
                        double *restrict w0, double *restrict w1),
                       (count, c, x, w0, w1)) {
    const double a = c[0], b = c[1];
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        w0[k] += a * x[k];
        w1[k] += b * x[k];
    }
}

ORDPAR_VECTORISED_VOID(static, update_one,
                       (size_t count, double a, const double *restrict x, double *restrict w),
                       (count, a, x, w)) {
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        w[k] += a * x[k];
}

void ordpar_fields_update(size_t rows, size_t count, const double *c, const double *x, double *W,
                          size_t stride) {
    size_t i = 0;
    for (; i + 2 <= rows; i += 2)
        update_two(count, c + i, x, W + i * stride, W + (i + 1) * stride);
    if (i < rows)
        update_one(count, c[i], x, W + i * stride);
}

ORDPAR_VECTORISED_VOID(extern, ordpar_fields_scale,
                       (size_t rows, size_t count, double factor, double *W, size_t stride),
                       (rows, count, factor, W, stride)) {
    for (size_t i = 0; i < rows; i++)
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            W[i * stride + k] *= factor;
}

ORDPAR_VECTORISED_VOID(extern, ordpar_fields_accumulate,
                       (size_t count, size_t width, const double *restrict weight,
                        const double *restrict c, double *restrict x),
                       (count, width, weight, c, x)) {
    for (size_t i = 0; i < width; i += ORDPAR_FIELDS_GROUP) {
        double sum[ORDPAR_FIELDS_GROUP] = {0};
        for (size_t s = 0; s < count; s++)
#pragma omp simd
            for (size_t l = 0; l < ORDPAR_FIELDS_GROUP; l++)
                sum[l] += weight[s] * c[s * width + i + l];
        for (size_t l = 0; l < ORDPAR_FIELDS_GROUP; l++)
            x[i + l] += sum[l];
    }
}
