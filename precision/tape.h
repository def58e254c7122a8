// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Taylor series by recurrence. A tape is a list of nodes, each a power series in the time since the
 * step's start, made from earlier nodes by one operation. The coefficient of order n of a node
 * needs only coefficients up to n of its operands [9.1]. Internal to precision/.
 *
 * Nodes are recorded first and allocated together; nodes that do not depend on a state are
 * constants and cost nothing per order.
 */
#ifndef ORDPAR_PRECISION_TAPE_H
#define ORDPAR_PRECISION_TAPE_H

#include "precision/real.h"

typedef size_t ordpar_node;

typedef enum { TAPE_GIVEN, TAPE_ADD, TAPE_SUB, TAPE_MUL, TAPE_RSQRT, TAPE_ASIN } ordpar_tape_op;

typedef struct {
    ordpar_tape_op op;
    ordpar_node a, b;
    bool constant;
    mpfr_srcptr value; /* of a constant that is given, else NULL */
} ordpar_tape_entry;

typedef struct {
    size_t order;    /* of the series */
    size_t n_nodes;  /* recorded */
    size_t capacity; /* of entries */
    bool failed;     /* out of memory while recording */
    ordpar_tape_entry *entries;
    ordpar_reals series; /* [n_nodes][order + 1] */
    ordpar_reals work;   /* [2] */
} ordpar_tape;

/** Starts an empty tape for series up to this order. */
void ordpar_tape_init(size_t order, ordpar_tape *tape);
void ordpar_tape_clear(ordpar_tape *tape);

/** A series whose coefficients the caller sets. */
ordpar_node ordpar_tape_state(ordpar_tape *tape);

/** A constant; value must outlive the tape. */
ordpar_node ordpar_tape_constant(ordpar_tape *tape, const mpfr_t value);

ordpar_node ordpar_tape_add(ordpar_tape *tape, ordpar_node a, ordpar_node b);
ordpar_node ordpar_tape_sub(ordpar_tape *tape, ordpar_node a, ordpar_node b);
ordpar_node ordpar_tape_mul(ordpar_tape *tape, ordpar_node a, ordpar_node b);

/** a^(-1/2), a > 0 */
ordpar_node ordpar_tape_rsqrt(ordpar_tape *tape, ordpar_node a);

/** asin(a); slope is the node of (1 - a^2)^(-1/2). */
ordpar_node ordpar_tape_asin(ordpar_tape *tape, ordpar_node a, ordpar_node slope);

/** Allocates the series once all nodes are recorded. Errors: MEMORY. */
ordpar_status ordpar_tape_allocate(ordpar_tape *tape, mpfr_prec_t bits, ordpar_error *err);

/** The coefficients of a node: [order + 1]. */
mpfr_t *ordpar_tape_series(const ordpar_tape *tape, ordpar_node node);

/** Computes the coefficient of order n of all nodes that are not given. */
void ordpar_tape_evaluate(ordpar_tape *tape, size_t n);

#endif
