// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What the state of a block is, as a table of operations; a new kind of state is a new table. Rows:
 *
 * ordpar_state_overlaps: S = P = K*M + K*(K+1)/2, first r[(i*M + j)*n + b], then q packed,
 * [ordpar_packed_index(K, i, j)*n + b] for i <= j, in a chunk of n blocks. All orders in eta.
 * ordpar_state_momentum: with u = P.B, s_ij = J_i.P_j and p = P.P [13.7], S = 2*P + K*K: r, q as
 * above, then u, s[(i*K + j)*n + b], and p packed. ordpar_state_vectors: S = K*D, J[(i*D + d)*n +
 * b], in the D coordinates of factors.h [4.7]. Lowest order in eta: errors cannot make Gram
 * matrices of them that no vectors have, which saddles would amplify. ordpar_state_projections:
 * S = K*D + K*(K+1)/2, J likewise of what lies along the teachers, then s = q - J J^T, packed as q
 * is [4.9]. All orders in eta of wide networks; without what `wide` solves lack.
 *
 * With A and G held fixed the equations of motion are D y + const in each block; a change of the
 * order-1 parameters m = S y acts through A, G and F, U dm. So their Jacobian is D + U S, and the
 * operations below are all that implicit steps need of a state (newton.h). Where there is a chunk,
 * y, x and out begin at it. Internal to solver/.
 */
#ifndef ORDPAR_STATE_H
#define ORDPAR_STATE_H

#include "solver/motion/block_pair.h"
#include "solver/motion/flow.h"
#include "solver/state/factors.h"
#include "solver/state/overlaps.h"
#include "solver/state/symmetry.h"

#include <float.h>

/** What a flow starts from. */
typedef struct {
    const ordpar_overlaps *overlaps;
    ordpar_factors factors; /* vectors that have them, all zero until they are made; the caller
                               clears them */
} ordpar_flow_start;

struct ordpar_state {
    const char *name;
    bool pushes; /* has momentum: the flow's push, not its rates, holds eta */

    /** Numbers of a block in y for D coordinates of a vector, of which a state has K + M at most.
     */
    size_t (*numbers)(size_t K, size_t M, size_t D);
    /** Numbers that ordpar_block_solve.w2 keeps for a block. */
    size_t (*weights)(size_t K);

    /** Makes what the start lacks. Errors: INVALID, MEMORY. */
    ordpar_status (*prepare)(const ordpar_spectrum *spectrum, ordpar_flow_start *start,
                             ordpar_error *err);
    /** Sets the teacher of a flow: t and, of vectors, B and B_norm. */
    void (*set_teacher)(const ordpar_flow_start *start, ordpar_flow *flow);
    /** Sets the teachers' part of the covariance c[(K+M)*(K+M)], which holds that of the overlaps,
     * to that of the state. */
    void (*teacher_covariance)(const ordpar_flow *flow, double *c);
    void (*pack)(const ordpar_flow *flow, const ordpar_flow_start *start, double *y);
    void (*unpack)(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps);
    /** q of a chunk into flow->full; NULL: no rounding can make it impossible. */
    void (*students)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y);
    /** K = M: makes of y what a start in deviations from the teachers teacher_of[K] needs beside
     * overlaps. Errors: MEMORY. */
    ordpar_status (*deviate)(const ordpar_flow *flow, const double *y, const size_t *teacher_of,
                             ordpar_factors *factors, ordpar_error *err);

    /** Makes a chunk of y or dy symmetric as far as rounding could grow. c[(K+M)^2] is scratch. */
    void (*average)(const ordpar_flow *flow, ordpar_chunk chunk, const ordpar_symmetry *symmetry,
                    double *c, double *y);

    /** Writes what the coefficients make of dy/dalpha in a chunk; adds the rest: the decay [13.2]
     * and momentum's own. */
    void (*apply)(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                  ordpar_chunk chunk, const double *y, double *dy);
    void (*decay)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *dy);
    /** Adds a chunk's part of the sums[KM + KK] that make the order-1 parameters, m[P] = sum_b
     * lambda_b y_b [3.2]; makes m of those of all chunks. */
    void (*add_moment)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *sums);
    void (*set_moment)(const ordpar_flow *flow, const double *sums, double *m);

    /** The sizes of r and q of each block in a chunk, into r_sizes[L] and q_sizes[L]. */
    void (*sizes)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *r_sizes,
                  double *q_sizes);
    /** Raises r_sizes[L] and q_sizes[L] to what rounding of a chunk's r and q is of, in units of
     * the students' own unit[K]; NULL: the weights know. */
    void (*own_sizes)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                      const double *unit, double *r_sizes, double *q_sizes);
    /** Writes the inverse tolerances of y's components for those of each block's r and q, which are
     * in units of unit[K] (NULL: 1) and may be overwritten. */
    void (*weigh)(const ordpar_flow *flow, const double *y, const double *unit, double *r_tolerance,
                  double *q_tolerance, double *weights);

    /** [5.2] Sets w1 and w2 for a chunk. */
    void (*set_weights)(ordpar_block_solve *solve, ordpar_chunk chunk);
    /** [5.3, 5.4] Adds a chunk's part of the block sums at the state of the setup. */
    void (*sum)(ordpar_block_solve *solve, ordpar_chunk chunk);
    /** out = (1 - gamma D)^-1 x for a chunk; out may be x. */
    void (*solve)(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x, double *out);
    /** Adds a chunk's part of the sums[KM + KK] that make m[P] = S (1 - gamma D)^-1 x; makes m of
     * those of all chunks, which are overwritten. */
    void (*add_solution)(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                         double *sums);
    void (*set_solution_moment)(ordpar_block_solve *solve, double *sums, double *m);

    /** [5.15] For wide networks; NULL: there are none. The same, which leaves in x the solution in
     * the eigenbasis of G; then for each chunk x <- (1 - gamma D)^-1 of what rotated changes of A
     * and G do, added to what was left there, and out of the eigenbasis. */
    void (*add_solution_rotated)(ordpar_block_solve *solve, ordpar_chunk chunk, double *x,
                                 double *sums);
    void (*finish_rotated)(ordpar_block_solve *solve, ordpar_chunk chunk,
                           const ordpar_coefficients *rotated, double *x);

    /** [5.17] The same with a complex gamma; sums over a chunk right after `sum` has
     * left its scratch in pair->re. NULL: there are none. */
    void (*set_weights_pair)(ordpar_block_pair *pair, ordpar_chunk chunk);
    void (*sum_pair)(ordpar_block_pair *pair, ordpar_chunk chunk);
    void (*solve_pair)(ordpar_block_pair *pair, ordpar_chunk chunk, ordpar_split x,
                       ordpar_split out);
    void (*add_solution_pair)(ordpar_block_pair *pair, ordpar_chunk chunk, ordpar_split x,
                              ordpar_split sums);

    /** [5.9] out = D^T x and out = (1 - gamma D)^-T x for a chunk; of the latter out may be x. */
    void (*multiply_transposed)(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                                double *out);
    void (*solve_transposed)(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                             double *out);
    /** out += factor S^T k for a chunk at the state y. */
    void (*moment_transposed)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                              double factor, const double *k, double *out);
    /** Adds the derivatives of x . dy/dalpha by A, G and F, all their entries taken as independent,
     * for a chunk at the state y. */
    void (*apply_transposed)(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                             const double *x, ordpar_coefficients *gradient);
};

extern const ordpar_state ordpar_state_overlaps;
extern const ordpar_state ordpar_state_vectors;
extern const ordpar_state ordpar_state_momentum;
extern const ordpar_state ordpar_state_projections;

/** The state that runs of a network are made in. */
const ordpar_state *ordpar_state_for(const ordpar_network *network);

/**
 * The first trained_blocks blocks are trained. Makes the start's factors if the state needs them
 * and they are not there. Errors: INVALID (overlaps that no vectors have), MEMORY. The caller
 * clears *flow.
 */
ordpar_status ordpar_flow_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               const ordpar_state *state, size_t trained_blocks,
                               ordpar_flow_start *start, ordpar_flow *flow, ordpar_error *err);
/** Writes dy/dalpha of all blocks. */
void ordpar_flow_apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       const double *y, double *dy);

/** m = sum_b lambda_b y_b [3.2], the order-1 parameters. */
void ordpar_flow_moment(const ordpar_flow *flow, const double *y, double *m);

/** y of the start; the overlaps of y. */
void ordpar_flow_pack(const ordpar_flow *flow, const ordpar_flow_start *start, double *y);
void ordpar_flow_unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps);

/** Below this many units of rounding a local tolerance means nothing. */
#define ORDPAR_LEAST_TOLERANCE (4 * DBL_EPSILON)

#endif
