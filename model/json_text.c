// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json_text.h"

#include "base/line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool ordpar_is_json(const char *text) {
    text += ordpar_text_mark(text);
    return text[strspn(text, " \t\r\n")] == '{';
}

static ordpar_status take(json_t *root, size_t lines, const json_error_t *reason,
                          ordpar_error *err) {
    return root ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_PARSE, "is no JSON: line %zu: %.200s",
                              lines + (size_t)reason->line, reason->text);
}

static ordpar_status load_file(const char *path, json_t **root, ordpar_error *err) {
    json_error_t reason;
    ordpar_text_begin begin;
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "cannot be read: %s", strerror(errno));
    ordpar_status status = ordpar_text_enter(file, &begin, err);
    if (!status) {
        *root = json_loadf(file, JSON_REJECT_DUPLICATES, &reason);
        status = take(*root, begin.lines, &reason, err);
    }
    fclose(file);
    return status;
}

ordpar_status ordpar_json_load(const char *text, json_t **root, ordpar_error *err) {
    json_error_t reason;
    if (!ordpar_is_json(text))
        return load_file(text, root, err);
    *root = json_loads(text + ordpar_text_mark(text), JSON_REJECT_DUPLICATES, &reason);
    return take(*root, 0, &reason, err);
}
