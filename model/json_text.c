// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json_text.h"

#include "base/line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool ordpar_is_json(const char *text) {
    return text[strspn(text, " \t\r\n")] == '{';
}

ordpar_status ordpar_json_load(const char *text, json_t **root, ordpar_error *err) {
    json_error_t reason;
    FILE *file = NULL;
    int first = EOF;
    const bool own = ordpar_is_json(text);
    if (!own && (file = fopen(text, "r"))) {
        ordpar_pass_mark(file);
        first = ferror(file) ? EOF : fgetc(file);
    }
    if (own) {
        *root = json_loads(text, JSON_REJECT_DUPLICATES, &reason);
    } else if (file && !(first == EOF && ferror(file))) {
        ungetc(first, file); /* it may be a pipe */
        *root = json_loadf(file, JSON_REJECT_DUPLICATES, &reason);
    } else {
        const int error = errno;
        if (file)
            fclose(file);
        return ordpar_fail(err, ORDPAR_IO, "cannot be read: %s", strerror(error));
    }
    if (file)
        fclose(file);
    return *root ? ORDPAR_OK
                 : ordpar_fail(err, ORDPAR_PARSE, "is no JSON: line %d: %.200s", reason.line,
                               reason.text);
}
