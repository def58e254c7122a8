// SPDX-License-Identifier: GPL-3.0-or-later
/** What differs between SUNDIALS 6 and 7: the context and who hears of errors. Internal to solver/.
 */
#ifndef ORDPAR_SUNDIALS_VERSIONS_H
#define ORDPAR_SUNDIALS_VERSIONS_H

#include <stdbool.h>
#include <sundials/sundials_context.h>

/** A context for one process; false, and *context NULL, if out of memory. */
bool ordpar_sundials_context(SUNContext *context);

/** CVODE with the BDF that prints nothing, neither errors nor warnings; NULL if out of memory. Free
 * with CVodeFree. */
void *ordpar_sundials_cvode(SUNContext context);

#endif
