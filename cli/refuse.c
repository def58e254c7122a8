// SPDX-License-Identifier: GPL-3.0-or-later
#include "refuse.h"

#include "options_table.h"

#include <getopt.h>
#include <string.h>

enum { MAX_NAME = 32 };

/* Insertions, deletions and replacements that make one word of the other. */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[MAX_NAME + 1];
    const size_t width = strlen(b);
    if (width > MAX_NAME)
        return MAX_NAME;
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            const size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < other ? replaced : other;
        }
    }
    return row[width];
}

/* The option that was probably meant; NULL: none is near. */
static const char *nearest(unsigned groups, const char *name) {
    const char *best = NULL;
    size_t least = 3;
    if (strlen(name) < 3 || strlen(name) > MAX_NAME)
        return NULL;
    for (size_t k = 0; k < option_count; k++) {
        if (!(option_table[k].groups & groups))
            continue;
        const size_t distance = edit_distance(name, option_table[k].name);
        if (distance < least) {
            least = distance;
            best = option_table[k].name;
        }
    }
    return best;
}

/* The options that begin so, as ": --a, --b"; returns how many there are. */
static size_t beginning_with(unsigned groups, const char *name, char *list, size_t size) {
    size_t count = 0, used = 0;
    for (size_t k = 0; k < option_count; k++) {
        if (!(option_table[k].groups & groups) ||
            strncmp(option_table[k].name, name, strlen(name)) != 0)
            continue;
        if (used < size)
            used += (size_t)snprintf(list + used, size - used, "%s--%s", count ? ", " : ": ",
                                     option_table[k].name);
        count++;
    }
    return count;
}

static int refuse_long(const options *parsed, unsigned groups, const char *word) {
    char list[512] = "", name[MAX_NAME + 2];
    const char *begin = word + strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(begin, "="), begin);
    if (beginning_with(groups, name, list, sizeof list) > 1)
        return usage_error(parsed, "--%s: ambiguous%s", name, list);
    const char *meant = nearest(groups, name);
    if (meant)
        return usage_error(parsed, "%.80s: no such option (did you mean --%s?)", word, meant);
    return usage_error(parsed, "%.80s: no such option; see 'ordpar %s --help'", word,
                       parsed->command);
}

int refuse_option(const options *parsed, unsigned groups, int code, char **argv) {
    const char *word = argv[optind - 1];
    if (code == ':')
        return usage_error(parsed, "%s: needs a value", word);
    if (optopt > 0 && optopt < 256)
        return usage_error(parsed, "-%c: no such option; see 'ordpar %s --help'", optopt,
                           parsed->command);
    if (optopt)
        return usage_error(parsed, "%s: takes no value", word);
    return refuse_long(parsed, groups, word);
}
