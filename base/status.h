// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Status codes and error messages of the whole library.
 *
 * Every function that can fail returns an ordpar_status and, where the caller passes a non-NULL
 * ordpar_error, leaves one line there that names the offending value. On failure the outputs are
 * untouched.
 */
#ifndef ORDPAR_STATUS_H
#define ORDPAR_STATUS_H

#include "base/declarations.h"

ORDPAR_DECLARATIONS_BEGIN

#if defined(__GNUC__)
#define ORDPAR_PRINTF(position, first) __attribute__((format(printf, position, first)))
#else
#define ORDPAR_PRINTF(position, first)
#endif

/** The one list of status codes: X(name, what it means). */
#define ORDPAR_STATUS_LIST(X)                                                                      \
    X(OK, "success")                                                                               \
    X(INVALID, "a value is outside its range")                                                     \
    X(PARSE, "a file is malformed")                                                                \
    X(IO, "a file cannot be read or written")                                                      \
    X(MEMORY, "out of memory")                                                                     \
    X(DIVERGED, "the computation diverges")                                                        \
    X(NUMERICAL, "the computation failed")                                                         \
    X(INTERRUPTED, "interrupted")                                                                  \
    X(DISAGREES, "theory and simulation disagree")

/** The status codes of ORDPAR_STATUS_LIST, from ORDPAR_OK = 0 on in its order. */
typedef enum {
#define ORDPAR_STATUS_ENUM(name, text) ORDPAR_##name,
    ORDPAR_STATUS_LIST(ORDPAR_STATUS_ENUM)
#undef ORDPAR_STATUS_ENUM
} ordpar_status;

enum { ORDPAR_MESSAGE_SIZE = 512 };

/** One line for a person, without a final newline or other control characters. */
typedef struct {
    char message[ORDPAR_MESSAGE_SIZE]; /**< ends with a zero */
} ordpar_error;

/** What a status means, as a static string; never NULL. */
const char *ordpar_status_string(ordpar_status status);

/** Formats a message into err (which may be NULL) and returns status, for `return ordpar_fail(..)`.
 */
ordpar_status ordpar_fail(ordpar_error *err, ordpar_status status, const char *format, ...)
    ORDPAR_PRINTF(3, 4);

ORDPAR_DECLARATIONS_END

#endif
