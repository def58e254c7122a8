// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The loops of products.c for one vector width: LANES numbers a vector, ROWS times WIDTH vectors
 * that the machine can hold beside WIDTH + 1 others, PAIR rows of PAIR others. No include guard.
 */
#define TYPED(name) ORDPAR_JOIN(name, LANES)
#define INLINE TARGET static inline __attribute__((always_inline))

typedef double TYPED(lanes) __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

INLINE void TYPED(tile)(const size_t rows, const size_t width, const ordpar_left_product *p,
                        size_t row, size_t first) {
    TYPED(lanes) sum[ROWS][WIDTH] = {0};
    for (size_t t = 0; t < 2; t++) {
        const ordpar_left_term *term = &p->terms[t];
        if (term->inner == 0)
            continue;
        const double *a = term->A + row * term->row, *x = term->x;
        const size_t step = term->row;
        for (size_t k = 0; k < term->inner; k++, a += term->column, x += term->stride) {
            TYPED(lanes) right[WIDTH];
            for (size_t w = 0; w < width; w++)
                right[w] = *(const TYPED(lanes) *)(x + w * LANES);
            for (size_t r = 0; r < rows; r++)
                for (size_t w = 0; w < width; w++)
                    sum[r][w] += a[r * step] * right[w];
        }
        for (size_t r = 0; t == 0 && p->subtract && r < rows; r++)
            for (size_t w = 0; w < width; w++)
                sum[r][w] = -sum[r][w];
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t w = 0; w < width; w++) {
            const size_t column = first + w * LANES;
            double *out = p->out + (row + r) * p->stride + column;
            if (p->weights)
                sum[r][w] *=
                    *(const TYPED(lanes) *)(p->weights + (row + r) * p->weights_stride + column);
            if (p->accumulate)
                sum[r][w] += *(const TYPED(lanes) *)out;
            *(TYPED(lanes) *)out = sum[r][w];
        }
}

/* The product of a strip, x of which is copied: rows a multiple of 4096 bytes apart share their
 * place in the first-level cache. */
INLINE ordpar_left_product TYPED(strip)(const size_t width, const ordpar_left_product *p,
                                        size_t first, double *copy) {
    ordpar_left_product strip = *p;
    for (size_t t = 0; t < 2; t++) {
        ordpar_left_term *term = &strip.terms[t];
        if (term->inner == 0)
            continue;
        term->x += first;
        if (term->inner > MOST_COPIED || term->stride % ALIASED != 0)
            continue;
        for (size_t k = 0; k < term->inner; k++)
            for (size_t w = 0; w < width; w++)
                *(TYPED(lanes) *)(copy + (k * width + w) * LANES) =
                    *(const TYPED(lanes) *)(term->x + k * term->stride + w * LANES);
        term->x = copy;
        term->stride = width * LANES;
        copy += term->inner * width * LANES;
    }
    return strip;
}

/* Columns from the first on, up to the end at most; how far it came. */
INLINE size_t TYPED(strips)(const size_t width, const ordpar_left_product *whole, size_t first,
                            size_t end, double *copy) {
    for (; first + width * LANES <= end; first += width * LANES) {
        const ordpar_left_product strip = TYPED(strip)(width, whole, first, copy), *p = &strip;
        size_t row = 0;
        for (; row + ROWS <= p->rows; row += ROWS)
            TYPED(tile)(ROWS, width, p, row, first);
        for (; row + 2 <= p->rows; row += 2)
            TYPED(tile)(2, width, p, row, first);
        if (row < p->rows)
            TYPED(tile)(1, width, p, row, first);
    }
    return first;
}

/* Columns from the first on that fill vectors; how far it came. No strip of one vector is left
 * where two narrower ones take its place: its sums would wait for each other. */
TARGET static size_t TYPED(left)(const ordpar_left_product *p, size_t first) {
    double copy[2 * MOST_COPIED * WIDTH * LANES];
    const size_t vectors = (p->columns - first) / LANES,
                 alone = vectors % WIDTH == 1 && vectors > WIDTH;
    first = TYPED(strips)(WIDTH, p, first, first + (vectors / WIDTH - alone) * WIDTH * LANES, copy);
    first = TYPED(strips)(WIDTH - 1, p, first, first + alone * (WIDTH - 1) * LANES, copy);
    first = TYPED(strips)(2, p, first, p->columns, copy);
    return TYPED(strips)(1, p, first, p->columns, copy);
}

/* Rows to the left, as long as those of a product, of which they are a part. */
INLINE void TYPED(pair)(const size_t rows, const size_t others, const double *left, size_t stride,
                        const ordpar_right_rows *right, const double *y, size_t count,
                        double *out) {
    TYPED(lanes) sum[PAIR][PAIR] = {0};
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        TYPED(lanes) column[PAIR];
        for (size_t j = 0; j < others; j++)
            column[j] = *(const TYPED(lanes) *)(y + j * right->stride + k);
        for (size_t r = 0; r < rows; r++) {
            const TYPED(lanes) x = *(const TYPED(lanes) *)(left + r * stride + k);
            for (size_t j = 0; j < others; j++)
                sum[r][j] += x * column[j];
        }
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < others; j++) {
            double all = 0;
            for (size_t l = 0; l < LANES; l++)
                all += sum[r][j][l];
            for (size_t rest = k; rest < count; rest++)
                all += left[r * stride + rest] * y[j * right->stride + rest];
            out[r * right->out_stride + j] += all;
        }
}

/* Rows row .. row + rows - 1 from column first of all coordinates on, which are in left. */
INLINE void TYPED(pairs)(const size_t rows, const ordpar_right_rows *right, size_t columns,
                         size_t row, size_t first, size_t count, const double *left,
                         size_t stride) {
    const double *y = right->y + first;
    double *out = right->out + row * right->out_stride;
    size_t j = right->upper ? row : 0;
    if (right->triangular && first / columns > j)
        j = first / columns;
    while (j < right->others) {
        const size_t others = j + PAIR <= right->others ? PAIR : 1;
        const size_t end = filled(right, j + others) * columns;
        const size_t used = end < first ? 0 : end - first < count ? end - first : count;
        const double *from = y + j * right->stride;
        if (others == PAIR)
            TYPED(pair)(rows, PAIR, left, stride, right, from, used, out + j);
        else
            TYPED(pair)(rows, 1, left, stride, right, from, used, out + j);
        j += others;
    }
}

/* Both right sides of some rows, weighted once. */
INLINE void TYPED(group)(const size_t rows, const ordpar_row_product *p, size_t row, size_t d,
                         size_t end, double *weighted) {
    const size_t columns = p->columns;
    const double *x = p->x + row * p->stride;
    for (size_t r = 0; p->weights && r < rows; r++)
        for (size_t e = d; e < end; e++)
            weigh(columns, p->weights, x + r * p->stride + e * columns,
                  weighted + r * PIECE + (e - d) * columns);
    const double *left = p->weights ? weighted : x + d * columns;
    const size_t stride = p->weights ? PIECE : p->stride;
    for (size_t side = 0; side < 2; side++)
        if (p->right[side].y)
            TYPED(pairs)
    (rows, &p->right[side], columns, row, d * columns, (end - d) * columns, left, stride);
}

TARGET static void TYPED(rows)(const ordpar_row_product *p) {
    double left[PAIR * PIECE];
    const size_t most = PIECE / p->columns;
    for (size_t d = p->first; d < p->end; d += most) {
        const size_t end = p->end - d < most ? p->end : d + most;
        size_t row = 0;
        for (; row + PAIR <= p->rows; row += PAIR)
            TYPED(group)(PAIR, p, row, d, end, left);
        for (; row < p->rows; row++)
            TYPED(group)(1, p, row, d, end, left);
    }
}

/* One vector of columns of the products of rows with others, first .. first + LANES - 1. */
INLINE void TYPED(cell)(const size_t rows, const size_t others, const ordpar_row_product *p,
                        size_t row, size_t other, size_t first) {
    TYPED(lanes) sum[PAIR][PAIR] = {0};
    const ordpar_right_rows *right_rows = &p->right[0];
    const size_t steps = filled(right_rows, other + others);
    const size_t end = steps < p->end ? steps : p->end, all = right_rows->out_stride;
    const double *x = p->x + row * p->stride + first;
    const double *y = right_rows->y + other * right_rows->stride + first;
    for (size_t d = p->first; d < end; d++) {
        TYPED(lanes) right[PAIR];
        for (size_t j = 0; j < others; j++)
            right[j] = *(const TYPED(lanes) *)(y + j * right_rows->stride + d * p->columns);
        for (size_t r = 0; r < rows; r++) {
            const TYPED(lanes) left = *(const TYPED(lanes) *)(x + r * p->stride + d * p->columns);
            for (size_t j = 0; j < others; j++)
                sum[r][j] += left * right[j];
        }
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < others; j++)
            *(TYPED(lanes) *)(right_rows->out + ((row + r) * all + other + j) * p->columns +
                              first) = sum[r][j];
}

INLINE void TYPED(cells)(const size_t rows, const ordpar_row_product *p, size_t row, size_t first) {
    size_t other = p->right[0].upper ? row : 0;
    for (; other + PAIR <= p->right[0].others; other += PAIR)
        TYPED(cell)(rows, PAIR, p, row, other, first);
    for (; other < p->right[0].others; other++)
        TYPED(cell)(rows, 1, p, row, other, first);
}

TARGET static size_t TYPED(columns)(const ordpar_row_product *p, size_t first) {
    for (; first + LANES <= p->columns; first += LANES) {
        size_t row = 0;
        for (; row + PAIR <= p->rows; row += PAIR)
            TYPED(cells)(PAIR, p, row, first);
        for (; row < p->rows; row++)
            TYPED(cells)(1, p, row, first);
    }
    return first;
}

#undef TYPED
#undef INLINE
#undef TARGET
#undef LANES
#undef ROWS
#undef WIDTH
#undef PAIR
