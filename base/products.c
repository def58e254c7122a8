// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/products.h"

#include "base/vectorise.h"

#define ORDPAR_JOIN(name, lanes) ORDPAR_JOIN_NOW(name, lanes)
#define ORDPAR_JOIN_NOW(name, lanes) name##_by_##lanes

/* Columns at a time of long rows: a few rows stay in the first-level cache, all in the second. */
enum { PIECE = ORDPAR_MOST_COLUMNS };

/* Numbers apart that share a place in the first-level cache, and rows that are copied from there.
 */
enum { ALIASED = 512, MOST_COPIED = 48 };

ORDPAR_VECTORISED_VOID(static, weigh,
                       (size_t n, const double *weights, const double *x, double *out),
                       (n, weights, x, out)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        out[k] = weights[k] * x[k];
}

/* Coordinates in which the first `others` rows are not all zero. */
static inline size_t filled(const ordpar_right_rows *right, size_t others) {
    return right->triangular && others < right->coordinates ? others : right->coordinates;
}

#if defined(__x86_64__)
#define LANES 8
#define ROWS 6
#define WIDTH 4
#define PAIR 4
#define TARGET ORDPAR_TARGET_V4
#include "base/products_loops.h"

#define LANES 4
#define ROWS 4
#define WIDTH 3
#define PAIR 3
#define TARGET ORDPAR_TARGET_V3
#include "base/products_loops.h"
#endif

#define LANES 2
#define ROWS 4
#define WIDTH 3
#define PAIR 3
#define TARGET
#include "base/products_loops.h"

/* Narrower vectors do what the widest leave. */
#if defined(__x86_64__)
#define REST(function, p, first)                                                                   \
    function##_by_2(p, ORDPAR_MACHINE_IS_V3 ? function##_by_4(p, first) : first)
#else
#define REST(function, p, first) (first)
#endif

static double element(const ordpar_left_term *t, size_t i, size_t c) {
    double sum = 0;
    for (size_t k = 0; k < t->inner; k++)
        sum += t->A[i * t->row + k * t->column] * t->x[k * t->stride + c];
    return sum;
}

void ordpar_left_product_make(const ordpar_left_product *p) {
    size_t first = ORDPAR_WIDEST(left, p, 0);
    first = REST(left, p, first);
    for (size_t i = 0; i < p->rows; i++)
        for (size_t c = first; c < p->columns; c++) {
            const double one = element(&p->terms[0], i, c), other = element(&p->terms[1], i, c);
            const double weight = p->weights ? p->weights[i * p->weights_stride + c] : 1;
            double *out = p->out + i * p->stride + c;
            *out = (p->accumulate ? *out : 0) + weight * (p->subtract ? other - one : other + one);
        }
}

void ordpar_row_product_add(const ordpar_row_product *product) {
    ORDPAR_WIDEST(rows, product);
}

void ordpar_column_product_make(const ordpar_row_product *p) {
    const ordpar_right_rows *right = &p->right[0];
    size_t first = ORDPAR_WIDEST(columns, p, 0);
    first = REST(columns, p, first);
    for (size_t i = 0; i < p->rows; i++)
        for (size_t j = right->upper ? i : 0; j < right->others; j++)
            for (size_t c = first; c < p->columns; c++) {
                double sum = 0;
                for (size_t d = p->first; d < p->end && d < right->coordinates; d++)
                    sum += p->x[i * p->stride + d * p->columns + c] *
                           right->y[j * right->stride + d * p->columns + c];
                right->out[(i * right->out_stride + j) * p->columns + c] = sum;
            }
}
