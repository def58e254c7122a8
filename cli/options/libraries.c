// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options/libraries.h"

#include "base/linear_algebra.h"
#include "base/team.h"
#include "model/model.h"

#include <cblas.h>
#include <gmp.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <lapacke.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_version.h>
#include <unistd.h>

/* Files are put in place at the end, so that nothing is half written here. */
static void stop_without_memory(void) {
    fputs("ordpar: out of memory\n", stderr);
    _exit(1);
}

/* GSL's own way out of a failed allocation frees some of its memory twice. Its other errors are
 * status codes. */
static void on_gsl_error(const char *reason, const char *file, int line, int number) {
    (void)reason, (void)file, (void)line;
    if (number == GSL_ENOMEM)
        stop_without_memory();
}

/* GMP and MPFR expect these not to return without memory; their own ones abort. */
static void *gmp_allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory)
        stop_without_memory();
    return memory;
}

static void *gmp_reallocate(void *old, size_t old_size, size_t size) {
    (void)old_size;
    void *memory = realloc(old, size);
    if (!memory)
        stop_without_memory();
    return memory;
}

static void gmp_release(void *memory, size_t size) {
    (void)size;
    free(memory);
}

void LAPACKE_xerbla(const char *name, lapack_int info);

/* LAPACKE prints to standard output that it is out of memory; its status says it too. */
void LAPACKE_xerbla(const char *name, lapack_int info) {
    (void)name, (void)info;
}

/* OpenBLAS reads this before main(), and would start a thread for each core. It is in time where
 * OpenBLAS is a part of the program; a shared one comes first. */
__attribute__((constructor(101))) static void ask_for_one_thread(void) {
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
}

bool libraries_prepare(void) {
    gsl_set_error_handler(on_gsl_error);
    mp_set_memory_functions(gmp_allocate, gmp_reallocate, gmp_release);
    if (!ordpar_threads_have_room(1)) {
        fputs("ordpar: " ORDPAR_NO_LINEAR_ALGEBRA "\n", stderr);
        return false;
    }
    openblas_set_num_threads(1); /* the same bytes whatever the cores; ensembles use those */
    return true;
}

void version_libraries(char *text, size_t size) {
    char sundials[32] = "?";
    SUNDIALSGetVersion(sundials, sizeof sundials);
    const char *blas = openblas_get_config(); /* "OpenBLAS 0.3.21 ..." */
    const char *number = strchr(blas, ' ') ? strchr(blas, ' ') + 1 : blas;
    snprintf(text, size, "SUNDIALS %s, GSL %s, MPFR %s, OpenBLAS %.*s", sundials, gsl_version,
             mpfr_get_version(), (int)strcspn(number, " "), number);
}

/* What this program was built without. */
static const char *missing(void) {
    return ""
#ifndef ORDPAR_HAVE_MPI
           " MPI"
#endif
#ifndef ORDPAR_HAVE_LIBZIP
           " libzip"
#endif
        ;
}

void version_print(void) {
    char libraries[256];
    version_libraries(libraries, sizeof libraries);
    printf("ordpar %s\n%s\n", ordpar_version(), libraries);
    if (*missing())
        printf("built without%s\n", missing());
    printf("Licence: GPL-3.0-or-later; there is no warranty.\n");
}
