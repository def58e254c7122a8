// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/sundials_versions.h"

#include <cvode/cvode.h>
#include <stddef.h>
#include <sundials/sundials_config.h>

#if SUNDIALS_VERSION_MAJOR >= 7 /* errors go to the handlers of the context */

static bool create_context(SUNContext *context) {
    if (SUNContext_Create(SUN_COMM_NULL, context) != SUN_SUCCESS)
        return false;
    if (SUNContext_ClearErrHandlers(*context) == SUN_SUCCESS)
        return true;
    SUNContext_Free(context);
    return false;
}

static bool silence(void *cvode) {
    return cvode != NULL;
}

#else /* errors go to the handler of the integrator */

static bool create_context(SUNContext *context) {
    return SUNContext_Create(NULL, context) == 0;
}

static void ignore_error(int code, const char *module, const char *function, char *message,
                         void *data) {
    (void)code, (void)module, (void)function, (void)message, (void)data;
}

static bool silence(void *cvode) {
    return cvode && CVodeSetErrHandlerFn(cvode, ignore_error, NULL) == CV_SUCCESS;
}

#endif

bool ordpar_sundials_context(SUNContext *context) {
    const bool made = create_context(context);
    if (!made)
        *context = NULL;
    return made;
}

void *ordpar_sundials_cvode(SUNContext context) {
    enum { NO_WARNINGS = -1 };
    void *cvode = CVodeCreate(CV_BDF, context);
    if (cvode && (!silence(cvode) || CVodeSetMaxHnilWarns(cvode, NO_WARNINGS) != CV_SUCCESS))
        CVodeFree(&cvode);
    return cvode;
}
