// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * SUNDIALS' serial vector with the operations that CVODE spends its time in replaced by vectorised
 * ones (bench/: three times as fast as the packaged library's). Internal to solver/.
 */
#ifndef ORDPAR_VECTOR_H
#define ORDPAR_VECTOR_H

#include <sundials/sundials_nvector.h>

/** A vector of n numbers, NULL if out of memory; N_VDestroy frees it. Clones are of the same kind.
 */
N_Vector ordpar_vector_create(size_t n, SUNContext context);

#endif
