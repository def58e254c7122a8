// SPDX-License-Identifier: GPL-3.0-or-later
/* Whether two texts of a setting say the same. */
#include "base/number.h"
#include "model/model_internal.h"
#include "model/parts.h"

#include <string.h>

enum { WORDS = 240 };

/* What stands in front of the next separator; false: it is too long for a number. */
static bool next_part(const char *text, char part[64], size_t *width) {
    *width = strcspn(text, ",:=[]{}\" ");
    if (*width >= 64)
        return false;
    memcpy(part, text, *width);
    part[*width] = '\0';
    return true;
}

/* Texts that differ in how their numbers are written, as power:.5:5 and power:0.50:5. */
static bool same_parts(const char *a, const char *b) {
    for (bool end = false; !end;) {
        char first[64], second[64];
        size_t width, other;
        double x, y;
        if (!next_part(a, first, &width) || !next_part(b, second, &other))
            return strcmp(a, b) == 0;
        if (strcmp(first, second) != 0 &&
            !(ordpar_parse_double(first, &x) && ordpar_parse_double(second, &y) && x == y))
            return false;
        a += width;
        b += other;
        if (*a != *b)
            return false;
        end = *a == '\0';
        a += !end;
        b += !end;
    }
    return true;
}

/* Of a number for each unit, which are all one number, that one. */
static const char *one_of_all(const char *text) {
    char first[64], part[64];
    size_t width;
    double number, other;
    const char *last = text;
    if (!strchr(text, ',') || !next_part(text, first, &width) ||
        !ordpar_parse_double(first, &number))
        return text;
    for (const char *c = text; *c; c += width + (c[width] == ',')) {
        if (!next_part(c, part, &width) || !ordpar_parse_double(part, &other) || other != number)
            return text;
        last = c;
    }
    return last;
}

bool ordpar_settings_same(const char *a, const char *b) {
    return a && b ? same_parts(one_of_all(a), one_of_all(b)) : a == b;
}

void ordpar_setting_words(const char *name, const char *value, char *text, size_t size) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (value && row && row->kind == ORDPAR_KIND_FILES)
        ordpar_file_names(value, NULL, NULL, text, size);
    else
        ordpar_format(text, size, "%s", value ? value : "none");
}

ordpar_status ordpar_settings_contradict(const char *name, const char *here, const char *path,
                                         const char *there, ordpar_error *err) {
    char own[WORDS], other[WORDS];
    ordpar_setting_words(name, here, own, sizeof own);
    ordpar_setting_words(name, there, other, sizeof other);
    return ordpar_fail(err, ORDPAR_INVALID, "%s: %.80s contradicts %.200s, which has %.80s", name,
                       own, path, other);
}
