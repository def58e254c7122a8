// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/version.h"

#include "model/model.h"

#include <cblas.h>
#include <gsl/gsl_version.h>
#include <mpfr.h>
#include <stdio.h>
#include <string.h>
#include <sundials/sundials_version.h>

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
