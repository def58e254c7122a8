// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE /* pthread_getattr_np */
#include "base/factor.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* That OpenBLAS's parallel factors may need: 2 MiB were too little for 300 rows on two threads. */
static const uintptr_t NEEDED = (uintptr_t)4 << 20;

/* Rows that OpenBLAS factors on one thread. */
enum { FEW = 99 };

/* UINTPTR_MAX where nothing is known: then none is left. */
static uintptr_t find_end_of_stack(void) {
    void *end = NULL;
#ifdef __linux__
    pthread_attr_t attributes;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return UINTPTR_MAX;
    pthread_attr_getstack(&attributes, &end, &size);
    pthread_attr_destroy(&attributes);
#endif
    return end ? (uintptr_t)end : UINTPTR_MAX;
}

/* Stacks grow down. */
static bool stack_is_too_small(lapack_int n) {
    static _Thread_local uintptr_t end;
    const char here = 0;
    if (n <= FEW)
        return false;
    if (!end)
        end = find_end_of_stack();
    return (uintptr_t)&here < end || (uintptr_t)&here - end < NEEDED;
}

lapack_int ordpar_factor_lu(int layout, lapack_int n, double *A, lapack_int *pivots) {
    return stack_is_too_small(n) ? LAPACKE_dgetrf2(layout, n, n, A, n, pivots)
                                 : LAPACKE_dgetrf(layout, n, n, A, n, pivots);
}

lapack_int ordpar_factor_complex_lu(int layout, lapack_int n, lapack_complex_double *A,
                                    lapack_int *pivots) {
    return stack_is_too_small(n) ? LAPACKE_zgetrf2(layout, n, n, A, n, pivots)
                                 : LAPACKE_zgetrf(layout, n, n, A, n, pivots);
}

lapack_int ordpar_factor_cholesky(int layout, char uplo, lapack_int n, double *A) {
    return stack_is_too_small(n) ? LAPACKE_dpotrf2(layout, uplo, n, A, n)
                                 : LAPACKE_dpotrf(layout, uplo, n, A, n);
}
