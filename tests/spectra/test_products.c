// SPDX-License-Identifier: GPL-3.0-or-later
/* Products made in registers against sums term by term, for sizes around those of the tiles: 1 to
 * 14 rows, columns that leave rests of every length. */
#include "base/kernels.h"
#include "base/products.h"
#include "support.h"

enum { MOST = 14, MOST_COORDINATES = 16, MOST_WIDTH = 75, STRIDE = MOST_COORDINATES * MOST_WIDTH };

static const size_t sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 13, 14};
static const size_t widths[] = {1, 3, 6, 7, 8, 16, 31, 64, 75};

static void fill(ordpar_random *stream, size_t count, double *x) {
    for (size_t k = 0; k < count; k++)
        x[k] = uniform(stream, -1, 1);
}

static double left_sum(const ordpar_left_term *t, size_t i, size_t c) {
    double sum = 0;
    for (size_t k = 0; k < t->inner; k++)
        sum += t->A[i * t->row + k * t->column] * t->x[k * t->stride + c];
    return sum;
}

static void check_left(const ordpar_left_product *p, const double *before, double *out) {
    memcpy(out, before, MOST * MOST_WIDTH * sizeof *out);
    ordpar_left_product_make(p);
    for (size_t i = 0; i < MOST; i++)
        for (size_t c = 0; c < MOST_WIDTH; c++) {
            const size_t at = i * p->stride + c;
            double expected = before[at];
            if (i < p->rows && c < p->columns) {
                const double first = left_sum(&p->terms[0], i, c);
                const double weight = p->weights ? p->weights[i * p->weights_stride + c] : 1;
                expected = (p->accumulate ? expected : 0) +
                           weight * (left_sum(&p->terms[1], i, c) + (p->subtract ? -first : first));
            }
            CHECK_CLOSE(out[at], expected, TOL_SUM, 10, "%zu rows, %zu columns: %zu, %zu", p->rows,
                        p->columns, i, c);
        }
}

Test(products, from_the_left_are_the_sums) {
    ordpar_random stream = test_stream(1);
    double A[MOST * MOST], B[MOST * MOST], x[MOST * MOST_WIDTH], y[MOST * MOST_WIDTH];
    double weights[MOST * MOST_WIDTH], before[MOST * MOST_WIDTH], out[MOST * MOST_WIDTH];
    fill(&stream, MOST * MOST, A);
    fill(&stream, MOST * MOST, B);
    fill(&stream, MOST * MOST_WIDTH, x);
    fill(&stream, MOST * MOST_WIDTH, y);
    fill(&stream, MOST * MOST_WIDTH, weights);
    fill(&stream, MOST * MOST_WIDTH, before);
    for (size_t rows = 0; rows < sizeof sizes / sizeof *sizes; rows++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            for (size_t way = 0; way < 8; way++) {
                const ordpar_left_product p = {
                    .rows = sizes[rows],
                    .columns = widths[w],
                    .terms = {{A, 1, MOST, sizes[w], x, MOST_WIDTH},
                              {B, MOST, 1, way < 6 ? sizes[rows] : 0, y, MOST_WIDTH}},
                    .subtract = way % 2 == 1,
                    .accumulate = way % 4 > 1,
                    .weights = way > 3 ? weights : NULL,
                    .weights_stride = way == 4 ? 0 : MOST_WIDTH,
                    .out = out,
                    .stride = MOST_WIDTH};
                check_left(&p, before, out);
            }
}

typedef struct {
    double x[MOST * STRIDE], y[MOST * STRIDE], z[MOST * STRIDE], weights[MOST_WIDTH];
    double out[MOST * MOST * MOST_WIDTH], sums[MOST * MOST];
} several;

/* The product of row i with row j of a right side at column c of all coordinates. */
static double column_sum(const ordpar_row_product *p, const ordpar_right_rows *right, size_t i,
                         size_t j, size_t c) {
    double sum = 0;
    for (size_t d = p->first; d < p->end && d < right->coordinates; d++)
        sum += p->x[i * p->stride + d * p->columns + c] *
               right->y[j * right->stride + d * p->columns + c];
    return sum;
}

static void check_sums(const ordpar_row_product *p, const ordpar_right_rows *right) {
    for (size_t i = 0; i < p->rows; i++)
        for (size_t j = right->upper ? i : 0; j < right->others; j++) {
            double expected = 1;
            for (size_t c = 0; c < p->columns; c++)
                expected += (p->weights ? p->weights[c] : 1) * column_sum(p, right, i, j, c);
            CHECK_CLOSE(right->out[i * right->others + j], expected, TOL_SUM, 100,
                        "rows %zu, %zu of %zu, %zu", i, j, p->rows, right->others);
        }
}

static void check_rows(const ordpar_row_product *p) {
    for (size_t side = 0; side < 2; side++)
        for (size_t k = 0; k < MOST * MOST; k++)
            p->right[side].out[k] = 1;
    ordpar_row_product_add(p);
    for (size_t side = 0; side < 2; side++)
        check_sums(p, &p->right[side]);
    ordpar_column_product_make(p);
    const ordpar_right_rows *right = &p->right[0];
    for (size_t i = 0; i < p->rows; i++)
        for (size_t j = right->upper ? i : 0; j < right->others; j++)
            for (size_t c = 0; c < p->columns; c++)
                CHECK_CLOSE(right->out[(i * right->others + j) * p->columns + c],
                            column_sum(p, right, i, j, c), TOL_SUM, 10,
                            "column %zu of rows %zu, %zu", c, i, j);
}

static void fill_rows(ordpar_random *stream, const ordpar_right_rows *right, size_t columns,
                      double *y) {
    fill(stream, MOST * STRIDE, y);
    for (size_t j = 0; j < right->others; j++)
        for (size_t d = 0; d < MOST_COORDINATES; d++)
            for (size_t c = 0; c < columns; c++)
                if (d >= right->coordinates || (right->triangular && d > j))
                    y[j * STRIDE + d * columns + c] = 0;
}

static void check_size(ordpar_random *stream, size_t rows, size_t others, size_t columns,
                       bool triangular, several *s) {
    const size_t end = rows + 2;
    const ordpar_row_product p = {
        .rows = rows,
        .columns = columns,
        .first = others % 3,
        .end = end,
        .stride = STRIDE,
        .weights = s->weights,
        .x = s->x,
        .right = {{others, end, s->y, STRIDE, triangular, !triangular, s->out, others},
                  {rows, end - 1, s->z, STRIDE, !triangular, false, s->sums, rows}}};
    fill(stream, MOST * STRIDE, s->x);
    fill_rows(stream, &p.right[0], columns, s->y);
    fill_rows(stream, &p.right[1], columns, s->z);
    fill(stream, columns, s->weights);
    check_rows(&p);
    ordpar_row_product without = p;
    without.weights = NULL;
    check_rows(&without);
}

Test(products, of_rows_are_the_sums) {
    ordpar_random stream = test_stream(2);
    several *s = malloc(sizeof *s);
    cr_assert(s != NULL);
    for (size_t a = 0; a < sizeof sizes / sizeof *sizes; a++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            check_size(&stream, sizes[a], sizes[w], widths[w], false, s);
            check_size(&stream, sizes[a], sizes[w], widths[w], true, s);
        }
    free(s);
}
