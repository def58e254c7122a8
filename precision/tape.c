// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/tape.h"

#include <stdlib.h>

void ordpar_tape_init(size_t order, ordpar_tape *tape) {
    *tape = (ordpar_tape){.order = order};
}

void ordpar_tape_clear(ordpar_tape *tape) {
    free(tape->entries);
    ordpar_reals_clear(&tape->series);
    ordpar_reals_clear(&tape->work);
    *tape = (ordpar_tape){0};
}

static ordpar_node record(ordpar_tape *tape, ordpar_tape_entry entry) {
    if (tape->n_nodes == tape->capacity && !tape->failed) {
        const size_t capacity = tape->capacity ? 2 * tape->capacity : 256;
        void *grown = realloc(tape->entries, capacity * sizeof *tape->entries);
        if (grown) {
            tape->entries = grown;
            tape->capacity = capacity;
        }
        tape->failed = !grown;
    }
    if (tape->failed)
        return 0; /* ordpar_tape_allocate reports it */
    tape->entries[tape->n_nodes] = entry;
    return tape->n_nodes++;
}

ordpar_node ordpar_tape_state(ordpar_tape *tape) {
    return record(tape, (ordpar_tape_entry){.op = TAPE_GIVEN});
}

ordpar_node ordpar_tape_constant(ordpar_tape *tape, const mpfr_t value) {
    return record(tape, (ordpar_tape_entry){.op = TAPE_GIVEN, .constant = true, .value = value});
}

static ordpar_node combine(ordpar_tape *tape, ordpar_tape_op op, ordpar_node a, ordpar_node b) {
    const bool constant = !tape->failed && tape->entries[a].constant && tape->entries[b].constant;
    return record(tape, (ordpar_tape_entry){op, a, b, constant, NULL});
}

ordpar_node ordpar_tape_add(ordpar_tape *tape, ordpar_node a, ordpar_node b) {
    return combine(tape, TAPE_ADD, a, b);
}

ordpar_node ordpar_tape_sub(ordpar_tape *tape, ordpar_node a, ordpar_node b) {
    return combine(tape, TAPE_SUB, a, b);
}

ordpar_node ordpar_tape_mul(ordpar_tape *tape, ordpar_node a, ordpar_node b) {
    return combine(tape, TAPE_MUL, a, b);
}

ordpar_node ordpar_tape_rsqrt(ordpar_tape *tape, ordpar_node a) {
    return combine(tape, TAPE_RSQRT, a, a);
}

ordpar_node ordpar_tape_asin(ordpar_tape *tape, ordpar_node a, ordpar_node slope) {
    return combine(tape, TAPE_ASIN, a, slope);
}

ordpar_status ordpar_tape_allocate(ordpar_tape *tape, mpfr_prec_t bits, ordpar_error *err) {
    if (tape->failed)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu Taylor series",
                           tape->n_nodes);
    const ordpar_status status =
        ordpar_reals_init(tape->n_nodes * (tape->order + 1), bits, &tape->series, err);
    return status ? status : ordpar_reals_init(2, bits, &tape->work, err);
}

mpfr_t *ordpar_tape_series(const ordpar_tape *tape, ordpar_node node) {
    return tape->series.x + node * (tape->order + 1);
}

/* sum_{k=first..last} a_k b_{n-k} */
static void convolve(mpfr_t *a, mpfr_t *b, size_t n, size_t first, size_t last, mpfr_t term,
                     mpfr_t sum) {
    mpfr_mul(sum, a[first], b[n - first], RND);
    for (size_t k = first + 1; k <= last; k++) {
        mpfr_mul(term, a[k], b[n - k], RND);
        mpfr_add(sum, sum, term, RND);
    }
}

/* The square needs each pair of coefficients once. */
static void square(mpfr_t *a, size_t n, mpfr_t term, mpfr_t sum) {
    if (n == 0) {
        mpfr_sqr(sum, a[0], RND);
        return;
    }
    convolve(a, a, n, 0, (n - 1) / 2, term, sum);
    mpfr_mul_2ui(sum, sum, 1, RND);
    if (n % 2 == 0) {
        mpfr_sqr(term, a[n / 2], RND);
        mpfr_add(sum, sum, term, RND);
    }
}

/* y = a^(-1/2): 2 n a_0 y_n = - sum_{k<n} (n + k) a_{n-k} y_k */
static void reciprocal_root(mpfr_t *a, mpfr_t *y, size_t n, mpfr_t term) {
    if (n == 0) {
        mpfr_rec_sqrt(y[0], a[0], RND);
        return;
    }
    mpfr_set_zero(y[n], 1);
    for (size_t k = 0; k < n; k++) {
        mpfr_mul(term, a[n - k], y[k], RND);
        mpfr_mul_ui(term, term, n + k, RND);
        mpfr_sub(y[n], y[n], term, RND);
    }
    mpfr_div(y[n], y[n], a[0], RND);
    mpfr_div_ui(y[n], y[n], 2 * n, RND);
}

/* y = asin(a), y' = a' s: n y_n = sum_{k=1..n} k a_k s_{n-k} */
static void arc_sine(mpfr_t *a, mpfr_t *slope, mpfr_t *y, size_t n, mpfr_t term) {
    if (n == 0) {
        mpfr_asin(y[0], a[0], RND);
        return;
    }
    mpfr_set_zero(y[n], 1);
    for (size_t k = 1; k <= n; k++) {
        mpfr_mul(term, a[k], slope[n - k], RND);
        mpfr_mul_ui(term, term, k, RND);
        mpfr_add(y[n], y[n], term, RND);
    }
    mpfr_div_ui(y[n], y[n], n, RND);
}

static void evaluate_product(ordpar_tape *tape, const ordpar_tape_entry *entry, size_t n,
                             mpfr_t *y) {
    mpfr_t *a = ordpar_tape_series(tape, entry->a), *b = ordpar_tape_series(tape, entry->b);
    if (tape->entries[entry->a].constant)
        mpfr_mul(y[n], a[0], b[n], RND);
    else if (tape->entries[entry->b].constant)
        mpfr_mul(y[n], a[n], b[0], RND);
    else if (entry->a == entry->b)
        square(a, n, tape->work.x[0], y[n]);
    else
        convolve(a, b, n, 0, n, tape->work.x[0], y[n]);
}

/* [9.1] Coefficient n of a node. */
static void evaluate_node(ordpar_tape *tape, ordpar_node node, size_t n) {
    const ordpar_tape_entry *entry = &tape->entries[node];
    mpfr_t *a = ordpar_tape_series(tape, entry->a), *b = ordpar_tape_series(tape, entry->b);
    mpfr_t *y = ordpar_tape_series(tape, node);
    switch (entry->op) {
    case TAPE_GIVEN:
        if (entry->value && n == 0)
            mpfr_set(y[0], entry->value, RND);
        break;
    case TAPE_ADD:
        mpfr_add(y[n], a[n], b[n], RND);
        break;
    case TAPE_SUB:
        mpfr_sub(y[n], a[n], b[n], RND);
        break;
    case TAPE_MUL:
        evaluate_product(tape, entry, n, y);
        break;
    case TAPE_RSQRT:
        reciprocal_root(a, y, n, tape->work.x[0]);
        break;
    case TAPE_ASIN:
        arc_sine(a, b, y, n, tape->work.x[0]);
        break;
    }
}

void ordpar_tape_evaluate(ordpar_tape *tape, size_t n) {
    for (ordpar_node node = 0; node < tape->n_nodes; node++)
        if (n == 0 || !tape->entries[node].constant)
            evaluate_node(tape, node, n);
}
