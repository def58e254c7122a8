// SPDX-License-Identifier: GPL-3.0-or-later
/** What is asked of OpenMP; without it there is one thread. Internal. */
#ifndef ORDPAR_THREADS_H
#define ORDPAR_THREADS_H

#ifdef _OPENMP
#include <omp.h>

/** As many threads as are wanted; where wanted is not positive, as many as OpenMP would take. */
static inline int ordpar_threads(int wanted) {
    return wanted > 0 ? wanted : omp_get_max_threads();
}

/** The number of this thread, from 0. */
static inline int ordpar_thread_number(void) {
    return omp_get_thread_num();
}

/** Parallel regions that this thread begins have no other. */
static inline void ordpar_threads_alone(void) {
    omp_set_num_threads(1);
}

#else

static inline int ordpar_threads(int wanted) {
    (void)wanted;
    return 1;
}

static inline int ordpar_thread_number(void) {
    return 0;
}

static inline void ordpar_threads_alone(void) {}

#endif
#endif
