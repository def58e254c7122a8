// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE /* dladdr, MAP_ANONYMOUS */
#include "base/linear_algebra.h"

#include <cblas.h>
#include <dlfcn.h>
#include <lapacke.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* Of OpenBLAS, for each of its threads and for each thread of others that is within it. It keeps
 * them for whoever comes next. */
static const size_t buffer_size = (size_t)128 << 20;
static const size_t page = 4096;

/* Threads of OpenBLAS's own, which it makes when it is loaded; asked then, as hosts change it. */
static size_t own_threads;

/* Where it is a part of the program it has not begun yet, and would not look at what the program
 * asks of it any more. */
static bool is_loaded(void) {
    Dl_info blas, here;
    return dladdr((const void *)(uintptr_t)openblas_get_num_threads, &blas) &&
           dladdr(&own_threads, &here) && blas.dli_fbase != here.dli_fbase;
}

__attribute__((constructor)) static void count_own_threads(void) {
    const int pthreads = 1;
    if (!is_loaded() || openblas_get_parallel() != pthreads)
        return;
    const int threads = openblas_get_num_threads();
    own_threads = threads > 1 ? (size_t)threads - 1 : 0;
}

/* Buffers that a line of /proc/self/maps may be: memory of no file, to be written. */
static size_t buffers_in(const char *line) {
    unsigned long begin = 0, end = 0, inode = 1;
    char rights[8] = "";
    if (sscanf(line, "%lx-%lx %7s %*s %*s %lu", &begin, &end, rights, &inode) != 4 ||
        strncmp(rights, "rw", 2) != 0 || inode != 0 || strchr(line, '['))
        return 0;
    return (end - begin) / buffer_size;
}

/* At least those that there are: large arrays of the host look the same. */
static size_t buffers(void) {
    char line[512];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps)
        return SIZE_MAX; /* nobody knows */
    while (fgets(line, sizeof line, maps))
        count += buffers_in(line);
    fclose(maps);
    return count;
}

static bool is_limited(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

bool ordpar_has_address_space(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory != MAP_FAILED && munmap(memory, bytes) == 0;
}

/* The buffer, before anything else takes its room. */
static void take_buffer(void) {
    double one = 1;
    LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', 1, &one, 1);
}

ordpar_status ordpar_linear_algebra_begin(ordpar_error *err) {
    static atomic_bool begun = false;
    if (atomic_load(&begun))
        return ORDPAR_OK;
    if (is_limited()) {
        if (buffers() <= own_threads && !ordpar_has_address_space(buffer_size + page))
            return ordpar_fail(err, ORDPAR_MEMORY, ORDPAR_NO_LINEAR_ALGEBRA);
        take_buffer();
    }
    atomic_store(&begun, true);
    return ORDPAR_OK;
}
