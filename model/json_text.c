// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json_text.h"

#include "base/line.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char blank[] = " \t\r\n";

bool ordpar_is_json(const char *text) {
    text += ordpar_text_mark(text);
    text += strspn(text, blank);
    const bool list = *text == '['; /* of objects: else it may be the name of a file */
    text += list;
    return text[list ? strspn(text, blank) : 0] == '{';
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

/* True if a name stands without its quotes, as {"a":[1],s:[1]}: those of what begins a cell behind
 * a comma, which a spreadsheet takes away, and all that a shell does. */
static bool lost_quotes(const char *text) {
    bool within = false;
    for (; *text; text++) {
        if (within && *text == '\\' && text[1])
            text++;
        else if (*text == '"')
            within = !within;
        if (within || (*text != ',' && *text != '{'))
            continue;
        const char *name = text + 1 + strspn(text + 1, blank);
        const size_t width = strcspn(name, "\"{}[],: \t\r\n");
        if (width > 0 && name[width + strspn(name + width, blank)] == ':')
            return true;
    }
    return false;
}

ordpar_status ordpar_json_load(const char *text, json_t **root, ordpar_error *err) {
    json_error_t reason;
    if (!ordpar_is_json(text))
        return load_file(text, root, err);
    *root = json_loads(text + ordpar_text_mark(text), JSON_REJECT_DUPLICATES, &reason);
    if (!*root && lost_quotes(text))
        return ordpar_fail(err, ORDPAR_PARSE,
                           "is no JSON: a name has no quotes, as where a spreadsheet has saved a "
                           "file that has {\"a\":1,\"b\":2}, or a shell took them; with a blank "
                           "behind each comma, in single quotes, they stay (line %d: %.100s)",
                           reason.line, reason.text);
    return take(*root, 0, &reason, err);
}
