// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/status.h"

#include "base/number.h"

#include <gsl/gsl_errno.h>
#include <stdarg.h>

const char *ordpar_status_string(ordpar_status status) {
    switch (status) {
#define ORDPAR_STATUS_CASE(name, text)                                                             \
    case ORDPAR_##name:                                                                            \
        return text;
        ORDPAR_STATUS_LIST(ORDPAR_STATUS_CASE)
#undef ORDPAR_STATUS_CASE
    }
    return "unknown status";
}

ordpar_status ordpar_fail(ordpar_error *err, ordpar_status status, const char *format, ...) {
    if (err) {
        va_list arguments;
        va_start(arguments, format);
        ordpar_vformat(err->message, sizeof err->message, format, arguments);
        va_end(arguments);
        for (char *c = err->message; *c; c++) /* a value may have them; a message is one line */
            if ((unsigned char)*c < ' ' || *c == '\177')
                *c = '?';
    }
    return status;
}

/* GSL's default handler of errors ends the process, which a library must not do. A handler that the
 * program has set before stays. */
__attribute__((constructor)) static void return_from_gsl_errors(void) {
    gsl_error_handler_t *const present = gsl_set_error_handler_off();
    if (present)
        gsl_set_error_handler(present);
}
