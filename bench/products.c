// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What products and sums of vectors of wide networks run at: GFlop/s of products in registers and
 * of the library's, for K units of K coordinates in chunks of 64 blocks, and GB/s of sums of
 * vectors of 512 and 5120 blocks, which the third-level cache holds and does not. Usage:
 * bench_products
 */
#include "base/products.h"
#include "base/kernels.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BLOCKS = 64, TRIALS = 40, TIMES = 4 };

typedef struct {
    size_t K, row;
    double *A, *x, *y, *out, *weights;
} problem;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void left(const problem *p) {
    const ordpar_left_product product = {.rows = p->K,
                                         .columns = p->row,
                                         .terms = {{0}, {p->A, p->K, 1, p->K, p->x, p->row}},
                                         .out = p->out,
                                         .stride = p->row};
    ordpar_left_product_make(&product);
}

static void left_by_library(const problem *p) {
    const int K = (int)p->K, row = (int)p->row;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, K, row, K, 1, p->A, K, p->x, row, 0,
                p->out, row);
}

static void rows(const problem *p) {
    const ordpar_row_product product = {
        .rows = p->K,
        .columns = BLOCKS,
        .end = p->K,
        .stride = p->row,
        .weights = p->weights,
        .x = p->x,
        .right = {{p->K, p->K, p->y, p->row, false, false, p->A, p->K}}};
    ordpar_row_product_add(&product);
}

static void rows_by_library(const problem *p) {
    const int K = (int)p->K, row = (int)p->row;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, K, K, row, 1, p->x, row, p->y, row, 1,
                p->A, K);
}

static void sum(const problem *p) {
    ordpar_combine(p->K * p->row, 1.1, p->x, 0.9, p->y, false, p->out);
}

/* The least time of one call. */
static double least(void (*run)(const problem *), const problem *p) {
    double best = 1e9;
    for (int trial = 0; trial < TRIALS; trial++) {
        const double begin = now();
        for (int k = 0; k < TIMES; k++)
            run(p);
        const double time = (now() - begin) / TIMES;
        best = time < best ? time : best;
    }
    return best;
}

static problem make(size_t K, size_t blocks) {
    problem p = {.K = K, .row = K * blocks};
    p.A = ordpar_aligned_array(K * K);
    p.x = ordpar_aligned_array(K * p.row);
    p.y = ordpar_aligned_array(K * p.row);
    p.out = ordpar_aligned_array(K * p.row);
    p.weights = ordpar_aligned_array(blocks);
    if (!p.A || !p.x || !p.y || !p.out || !p.weights)
        exit(1);
    for (size_t k = 0; k < K * p.row; k++)
        p.x[k] = p.y[k] = 1 / (1.0 + (double)k);
    return p;
}

static void clear(problem *p) {
    free(p->A);
    free(p->x);
    free(p->y);
    free(p->out);
    free(p->weights);
}

int main(void) {
    static const size_t units[] = {16, 24, 40, 100};
    puts("| K | A x: GFlop/s | the library's | x y^T: GFlop/s | the library's "
         "|\n|---|---|---|---|---|");
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        problem p = make(units[k], BLOCKS);
        const double flops = 2e-9 * (double)(p.K * p.K * p.row);
        printf("| %zu | %.0f | %.0f | %.0f | %.0f |\n", p.K, flops / least(left, &p),
               flops / least(left_by_library, &p), flops / least(rows, &p),
               flops / least(rows_by_library, &p));
        clear(&p);
    }
    puts("");
    for (size_t blocks = 512; blocks <= 5120; blocks *= 10) {
        problem p = make(40, blocks);
        const double bytes = 24e-9 * (double)(p.K * p.row);
        printf("sums z = a x + b y of %.0f MB each: %.1f GB/s\n", 1e3 * bytes / 3,
               bytes / least(sum, &p));
        clear(&p);
    }
    return 0;
}
