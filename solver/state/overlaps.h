// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The state of the theory: block overlaps of student and teacher weights, per eigenspace b
 * [3.1]: q^b_ij = (J_i . J_j)_b / N, r^b_in = (J_i . B_n)_b / N, t^b_nm = (B_n . B_m)_b / N,
 * not weighted with lambda_b.
 *
 * Index order: component first, block last, so that one component of all blocks is contiguous:
 * q[(i*K + j)*L + b], r[(i*M + n)*L + b], t[(n*M + m)*L + b]; q and t hold both triangles.
 */
#ifndef ORDPAR_OVERLAPS_H
#define ORDPAR_OVERLAPS_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

ORDPAR_DECLARATIONS_BEGIN

/** The overlaps of all blocks [3.1]. */
typedef struct {
    size_t K;     /**< student units */
    size_t M;     /**< teacher units */
    size_t L;     /**< blocks */
    double *q;    /**< [K*K*L] */
    double *r;    /**< [K*M*L] */
    double *t;    /**< [M*M*L] */
    double *v;    /**< [heads][K] the student's output weights where trained; NULL: none kept */
    size_t heads; /**< sets of output weights in v: 1 after init, or one for each task [17.3] */
    double *p;    /**< [M*M] T_perp of a file; computations take that of the network; NULL: none */
    double *push; /**< with momentum the overlaps of P [13.7]: u[K*M*L], s[K*K*L], p[K*K*L], one
                     behind the other, s_ij = J_i . P_j; NULL: P = 0 */
} ordpar_overlaps;

/** How the student starts. */
typedef enum {
    ORDPAR_INIT_SAMPLED,     /**< J_ia ~ N(0, sigma_J^2), at the finite N of the spectrum */
    ORDPAR_INIT_MEAN,        /**< q = p sigma_J^2 1, r = 0 */
    ORDPAR_INIT_NEAR_TEACHER /**< J = B + sigma_J * noise, at finite N; needs K = M */
} ordpar_init;

/** What the teacher is. */
typedef enum {
    ORDPAR_TEACHER_SAMPLED, /**< B_na ~ N(0, c_b), at finite N [15.1] */
    ORDPAR_TEACHER_MEAN     /**< t = p c 1 */
} ordpar_teacher;

/** Allocates zeroed overlaps, without v. Errors: MEMORY. The caller clears them. */
ordpar_status ordpar_overlaps_init(size_t K, size_t M, size_t L, ordpar_overlaps *overlaps,
                                   ordpar_error *err);

/** Makes v a copy of v[overlaps->heads][K], in place of the one there may be. Errors: MEMORY. */
ordpar_status ordpar_overlaps_set_outputs(ordpar_overlaps *overlaps, const double *v,
                                          ordpar_error *err);

/** Makes p a copy of covariance[M*M], in place of the one there may be; NULL: none. Errors: MEMORY.
 */
ordpar_status ordpar_overlaps_set_unlearnable(ordpar_overlaps *overlaps, const double *covariance,
                                              ordpar_error *err);

/** Makes *clone a copy of all of it, but for push. Errors: MEMORY. The caller clears it. */
ordpar_status ordpar_overlaps_clone(const ordpar_overlaps *overlaps, ordpar_overlaps *clone,
                                    ordpar_error *err);

/** Numbers in push. */
size_t ordpar_overlaps_push_count(const ordpar_overlaps *overlaps);

/** Makes push a copy of push[ordpar_overlaps_push_count(overlaps)], in place of the one there may
 * be; NULL: all 0. Errors: MEMORY. */
ordpar_status ordpar_overlaps_set_push(ordpar_overlaps *overlaps, const double *push,
                                       ordpar_error *err);

/** Frees the arrays and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_overlaps_clear(ordpar_overlaps *overlaps);

/** Refuses overlaps of another shape than K and M of the network, unless it is NULL, and L of the
 * spectrum. Errors: INVALID. */
ordpar_status ordpar_overlaps_check(const ordpar_overlaps *overlaps,
                                    const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    ordpar_error *err);

/** Copies from into to, which has the same shape; push, v and p if both have them, and as many
 * heads. */
void ordpar_overlaps_copy(const ordpar_overlaps *from, ordpar_overlaps *to);

/**
 * Draws a start [3.4] for K student and M teacher units without any N-dimensional vector: per block
 * a Wishart matrix by its Bartlett factor; a block with n_b < K+M has the rank n_b.
 * sigma_J: >= 0 and finite. The draw depends on (seed, run, block) and the arguments alone.
 * Errors: INVALID (near-teacher with K != M; a mean teacher under a sampled student with n_b < M),
 * MEMORY. The caller clears *overlaps.
 */
ordpar_status ordpar_overlaps_start(const ordpar_spectrum *spectrum, size_t K, size_t M,
                                    ordpar_init init, ordpar_teacher teacher, double sigma_J,
                                    uint64_t seed, uint64_t run, ordpar_overlaps *overlaps,
                                    ordpar_error *err);

/**
 * The same with the teacher of run 1 of *teacher_seed in place of the run's own; the students'
 * draws are those of (seed, run) whatever the teacher is. NULL: ordpar_overlaps_start. Errors: as
 * there.
 */
ordpar_status ordpar_overlaps_start_taught(const ordpar_spectrum *spectrum, size_t K, size_t M,
                                           ordpar_init init, ordpar_teacher teacher, double sigma_J,
                                           uint64_t seed, uint64_t run,
                                           const uint64_t *teacher_seed, ordpar_overlaps *overlaps,
                                           ordpar_error *err);

/**
 * The order parameters of order p [3.2], X^(p) = sum_b lambda_b^p x^b, as the joint covariance of
 * students (first K) and teachers (next M): c[(K+M)*(K+M)], row-major. p = 1 is the covariance of
 * the local fields, without what the inputs do not show (ordpar_overlaps_fields has that too).
 * Errors: MEMORY.
 */
ordpar_status ordpar_overlaps_moment(const ordpar_overlaps *overlaps,
                                     const ordpar_spectrum *spectrum, double p, double *c,
                                     ordpar_error *err);

/** The covariance of the fields z = (x, y): order 1 [3.2], with the network's T_perp [15.6].
 * c[(K+M)*(K+M)], row-major, students first. */
void ordpar_overlaps_fields(const ordpar_overlaps *overlaps, const ordpar_spectrum *spectrum,
                            const ordpar_network *network, double *c);

/** The joint Gram matrix of block b, students first: gram[(K+M)*(K+M)], row-major. */
void ordpar_overlaps_gram(const ordpar_overlaps *overlaps, size_t b, double *gram);

/** eps_g [2.5] of these overlaps; of tasks that of the first. Errors: INVALID (the network),
 * MEMORY.
 */
ordpar_status ordpar_overlaps_error(const ordpar_overlaps *overlaps,
                                    const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    double *eps_g, ordpar_error *err);

/**
 * eps_g of each task [17.1] into eps_g[count], never negative, at the outputs that the overlaps
 * have, or those of the network. Errors: INVALID (the network), MEMORY.
 */
ordpar_status ordpar_overlaps_task_errors(const ordpar_overlaps *overlaps,
                                          const ordpar_spectrum *spectrum,
                                          const ordpar_network *network, double *eps_g,
                                          ordpar_error *err);

/**
 * Makes the teachers of tasks with a similarity s_b resemble those of the first [17.2]: B <- s_b
 * B_1
 * + sqrt(1 - s_b^2) B in block b. Errors: INVALID (a similarity that has not one number or one for
 * each block).
 */
ordpar_status ordpar_overlaps_relate_tasks(ordpar_overlaps *overlaps, const ordpar_network *network,
                                           ordpar_error *err);

/** Where two entries of a matrix that must be symmetric differ by more than roundings. */
typedef struct {
    char name;     /**< q, t or p; 0: nowhere */
    size_t row;    /**< from 0 */
    size_t column; /**< from 0 */
    size_t block;  /**< from 0 */
    double here;   /**< at (row, column) */
    double there;  /**< at (column, row) */
} ordpar_asymmetry;

/** Puts the mean in the place of two entries of q, t and p that differ by roundings, 1e-12 of the
 * units' own lengths, as products of matrices do. Returns the first that differ by more. */
ordpar_asymmetry ordpar_overlaps_symmetrise(ordpar_overlaps *overlaps);

/**
 * The most negative eigenvalue of any block's joint Gram matrix, scaled to unit diagonal and
 * divided by its trace: 0 or above, up to rounding, for overlaps that vectors can have. *block
 * receives where (may be NULL). Errors: MEMORY, NUMERICAL.
 */
ordpar_status ordpar_overlaps_min_eigenvalue(const ordpar_overlaps *overlaps,
                                             double *min_eigenvalue, size_t *block,
                                             ordpar_error *err);

/**
 * The relative errors of the averages by quadrature [12.13] at the largest variance of a field of
 * these overlaps: what a curve from or to them cannot be more accurate than. 0 for activations with
 * closed averages. Errors: MEMORY.
 */
ordpar_status ordpar_overlaps_average_errors(const ordpar_overlaps *overlaps,
                                             const ordpar_spectrum *spectrum,
                                             const ordpar_network *network,
                                             ordpar_average_errors *errors, ordpar_error *err);

/**
 * Students at an angle theta, of activations whose g' jumps, are told apart by one example in
 * pi/theta [12.15]. *alpha: when the N examples of a run do so to the nearest two, J_i/v_i, that
 * are not the same; the equations of motion at all orders in eta part them at once, at a speed that
 * does not depend on theta, so that they are no guide before it. 0 for other activations, under
 * network->small_eta, and where no two are near. Errors: MEMORY.
 */
ordpar_status ordpar_overlaps_parting(const ordpar_overlaps *start, const ordpar_spectrum *spectrum,
                                      const ordpar_network *network, double *alpha,
                                      ordpar_error *err);

/**
 * Reads overlaps for K, M and L from a CSV file with the header matrix,block,row,col,value (matrix
 * q, r or t, indices from 1; of q and t either triangle or both, alike to rounding, of which the
 * mean counts). Every entry must be there once, and every block's Gram matrix positive semidefinite
 * to rounding. The file may also have the student's output weights v_i, all of them, as
 * v,1,i,1,value, of task tau in the column tau; else overlaps->v is NULL. Likewise T_perp [15.6] as
 * p,1,n,m,value, positive semidefinite, into overlaps->p. Errors: IO, PARSE, INVALID, MEMORY. The
 * caller clears *overlaps.
 */
ordpar_status ordpar_overlaps_read(const char *path, size_t K, size_t M, size_t L,
                                   ordpar_overlaps *overlaps, ordpar_error *err);

/** The same of a state that a curve goes on from: what an integrator's errors leave of a block's
 * Gram matrix need not be semidefinite to rounding. */
ordpar_status ordpar_overlaps_read_state(const char *path, size_t K, size_t M, size_t L,
                                         ordpar_overlaps *overlaps, ordpar_error *err);

/**
 * Writes overlaps as ordpar_overlaps_read takes them, to the same bits: the header, the upper
 * triangles of q and t, r, and v and p if they are there. Lines that begin with # may stand before
 * them in the file. Errors: IO.
 */
ordpar_status ordpar_overlaps_write(const ordpar_overlaps *overlaps, FILE *file, ordpar_error *err);

/** Continues digest (base/digest.h) over the numbers that ordpar_overlaps_write writes, as they are
 * read again: from whatever text. */
uint64_t ordpar_overlaps_digest(const ordpar_overlaps *overlaps, uint64_t digest);

ORDPAR_DECLARATIONS_END

#endif
