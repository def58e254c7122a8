// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * SUNDIALS' serial vector with vectorised operations that wait (vector_notes.h): CVODE predicts and
 * corrects a step by some thirty sums of long vectors, each of which would pass through memory.
 * Internal to solver/.
 */
#ifndef ORDPAR_VECTOR_H
#define ORDPAR_VECTOR_H

#include <stdbool.h>
#include <sundials/sundials_nvector.h>

/**
 * A vector of n numbers that are not set, NULL if out of memory. Its clones share its notes:
 * N_VDestroy frees it, after all clones. Only N_VGetArrayPointer may be used to reach the numbers.
 */
N_Vector ordpar_vector_create(size_t n, SUNContext context);

/**
 * True if there was no memory for a clone. SUNDIALS does not look whether cloning failed, so a
 * clone is never NULL: one spare vector then stands for all that are missing, with which nothing
 * may be computed.
 */
bool ordpar_vector_exhausted(N_Vector x);

/** The vector's numbers, only to be read, until the next operation. */
const double *ordpar_vector_read(N_Vector x);

/** Exchanges the numbers of two vectors, without a pass over them. */
void ordpar_vector_swap(N_Vector x, N_Vector y);

#endif
