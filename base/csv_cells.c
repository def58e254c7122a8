// SPDX-License-Identifier: GPL-3.0-or-later
/* The lines of a CSV file as fields. */
#include "base/csv_internal.h"
#include "base/number.h"

#include <string.h>

/* Not isspace, which depends on the locale. */
static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char *ordpar_csv_trimmed(char *text) {
    while (is_blank(*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && is_blank(end[-1]))
        end--;
    *end = '\0';
    return text;
}

/* Takes the quotes off a field that begins with one, in place. Returns what follows the field, its
 * comma or its end; NULL: the quote does not end, or something else follows it. */
static char *unquote(char *field) {
    char *to = field, *from = field + 1;
    for (; *from && (*from != '"' || from[1] == '"'); *to++ = *from++)
        from += *from == '"';
    if (*from != '"')
        return NULL;
    for (from++; is_blank(*from);)
        from++;
    const char last = *from;
    *to = '\0';
    return last == ',' || last == '\0' ? from : NULL;
}

size_t ordpar_csv_split(char *line, const char *fields[ORDPAR_CSV_MAX_FIELDS]) {
    size_t count = 0;
    for (char *next = line; next; count++) {
        char *field = next;
        while (is_blank(*field))
            field++;
        const bool quoted = *field == '"';
        next = quoted ? unquote(field) : strchr(field, ',');
        if (quoted && !next)
            return ORDPAR_CSV_BAD_QUOTES;
        if (next && *next == '\0')
            next = NULL;
        if (next)
            *next++ = '\0';
        if (count < ORDPAR_CSV_MAX_FIELDS)
            fields[count] = quoted ? field : ordpar_csv_trimmed(field);
    }
    return count;
}

size_t ordpar_csv_filled(const char *const *fields, size_t count) {
    while (count > 0 && !*fields[count - 1])
        count--;
    return count;
}

size_t ordpar_csv_split_numbers(char *line, const char *fields[ORDPAR_CSV_MAX_FIELDS]) {
    double number;
    size_t count = ordpar_csv_split(line, fields);
    if (count == 1) {
        char *rest = NULL;
        count = 0;
        for (char *word = strtok_r((char *)fields[0], " \t", &rest);
             word && count < ORDPAR_CSV_MAX_FIELDS; word = strtok_r(NULL, " \t", &rest))
            fields[count++] = word;
    }
    if (count > ORDPAR_CSV_MAX_FIELDS)
        return 0;
    count = ordpar_csv_filled(fields, count);
    for (size_t k = 0; k < count; k++)
        if (!ordpar_parse_double(fields[k], &number))
            return 0;
    return count;
}
