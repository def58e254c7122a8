// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion on a tape, in the basis of blocks or of moments [9.2, 9.3]. Both are
 *     d r_g / d alpha = eta (A T+_g - G R+_g),
 *     d q_g / d alpha = eta (A R+_g^T - G Q+_g + transpose) + eta^2 n_g F,   g = 0..L-1,
 * with X+_g = lambda_g x_g, n_g = p_g lambda_g in blocks, and in moments x_g the moment of order g,
 * X+_g that of order g + 1, n_g = tr Sigma^(g+1) / N. Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_SYSTEM_H
#define ORDPAR_PRECISION_SYSTEM_H

#include "precision/problem.h"
#include "precision/tape.h"

typedef struct {
    size_t K, M;
    size_t L;             /* groups: blocks, or orders of moments */
    size_t moving;        /* the first so many groups move */
    size_t size;          /* numbers in a group: r[K*M], then q packed by rows, i <= j */
    ordpar_reals numbers; /* what follows, and what the tape's constants point to */
    mpfr_t *start;        /* [L*size] x_g, group by group */
    mpfr_t *t;            /* [(L+1)*M*M] t_g; in moments, also of order L */
    mpfr_t *noise;        /* [L] eta^2 n_g */
    mpfr_t *closure;      /* [L] X_L = sum_p closure_p X_p, for moments */
    mpfr_t *one, *zero, *half, *two_pi; /* [1] */
    ordpar_tape tape;
    ordpar_node *x;     /* [L*size] nodes of x_g; the first moving*size are states */
    ordpar_node *rates; /* [moving*size] their derivatives; none in a system for eps_g alone */
    ordpar_node eps_g;  /* the generalization error */
} ordpar_mp_system;

/**
 * Records and allocates the system of a problem, which must outlive it, for Taylor series of this
 * order (0: eps_g alone). representation: MOMENTS (all blocks trained) or BLOCKS.
 * Errors: MEMORY. The caller clears *system.
 */
ordpar_status ordpar_mp_system_init(const ordpar_mp_problem *problem,
                                    ordpar_mp_representation representation, size_t order,
                                    ordpar_mp_system *system, ordpar_error *err);
void ordpar_mp_system_clear(ordpar_mp_system *system);

#endif
