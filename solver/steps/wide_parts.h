// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The blocks of a wide network in parts, runs of chunks, that threads share out. How many there are
 * depends on the flow alone, and what they sum up is added in their order: numbers do not depend on
 * the threads. Internal to solver/.
 */
#ifndef ORDPAR_WIDE_PARTS_H
#define ORDPAR_WIDE_PARTS_H

#include "base/team.h"
#include "solver/motion/block_solve.h"

typedef struct ordpar_wide_parts ordpar_wide_parts;

/** Does something with a chunk and adds to its part's sums. flow has scratch of its own, and so may
 * an ordpar_block_solve have in `scratch`, or (K+M)^2 numbers. */
typedef void (*ordpar_wide_pass)(void *context, ordpar_flow *flow, double *scratch,
                                 ordpar_chunk chunk, double *sums);

/** Of one thread, until there is a team. The flow is kept by reference. NULL if out of memory. */
ordpar_wide_parts *ordpar_wide_parts_create(const ordpar_flow *flow);
void ordpar_wide_parts_free(ordpar_wide_parts *parts);

/** The team, kept by reference, does what follows. False if out of memory: it does nothing then. */
bool ordpar_wide_parts_share(ordpar_wide_parts *parts, ordpar_team *team);

/** The pass over all chunks; sums[count] becomes what they add up to, count at most that of
 * ordpar_block_solve_sums. Without sums count is 0. */
void ordpar_wide_parts_run(ordpar_wide_parts *parts, ordpar_wide_pass pass, void *context,
                           size_t count, double *sums);

/** count items of another kind. */
void ordpar_wide_parts_do(ordpar_wide_parts *parts, size_t count, ordpar_task task, void *context);

#endif
