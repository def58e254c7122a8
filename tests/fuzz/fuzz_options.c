// SPDX-License-Identifier: GPL-3.0-or-later
/* Parsing a command line: what is taken lies in the range that the table of options names. */
#include "command_words.h"
#include "memory_file.h"
#include "options_table.h"

#include <math.h>
#include <string.h>

static void check_list(const option_entry *entry, const number_list *list) {
    for (size_t k = 0; k < list->count; k++) {
        const double value = list->values[k];
        FUZZ_CHECK(isfinite(value));
        if (entry->kind == KIND_ORDERS)
            FUZZ_CHECK(value >= entry->low && value <= entry->high && value == floor(value));
    }
}

static void check_grid(const grid *g) {
    FUZZ_CHECK(g->count >= 1 && g->start >= 0 && g->start <= g->stop && g->stop <= 1e300);
    FUZZ_CHECK(g->count == 1 ? g->start == g->stop : g->start < g->stop);
    FUZZ_CHECK(!g->logarithmic || g->start > 0);
}

static void check_real(const option_entry *entry, double value) {
    FUZZ_CHECK(isfinite(value) && value >= entry->low && value <= entry->high);
    FUZZ_CHECK(entry->kind == KIND_REAL || value > entry->low);
}

static void check(const options *parsed, const option_entry *entry) {
    const void *field = (const char *)parsed + entry->offset;
    switch (entry->kind) {
    case KIND_REAL:
    case KIND_POSITIVE:
        check_real(entry, *(const double *)field);
        break;
    case KIND_INTEGER:
        FUZZ_CHECK(*(const int64_t *)field >= (int64_t)entry->low &&
                   *(const int64_t *)field <= (int64_t)entry->high);
        break;
    case KIND_CHOICE:
        FUZZ_CHECK(*(const int *)field >= 0);
        break;
    case KIND_FLAG:
        FUZZ_CHECK(*(const bool *)field);
        break;
    case KIND_TEXT:
        FUZZ_CHECK(**(const char *const *)field);
        break;
    case KIND_REALS:
    case KIND_ORDERS:
        check_list(entry, field);
        break;
    case KIND_GRID:
        check_grid(field);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    command_words words;
    options parsed;
    if (!command_words_set(&words, data, size))
        return 0;
    const int result = command_words_parse(&words, &parsed);
    FUZZ_CHECK(result == -1 || result == OPTIONS_HELP || result == EXIT_USAGE);
    for (size_t k = 0; k < option_count && result == -1; k++)
        if (parsed.given >> k & 1) {
            check(&parsed, &option_table[k]);
            FUZZ_CHECK(!parsed.raw[k] == (option_table[k].kind == KIND_FLAG));
        }
    options_clear(&parsed);
    return 0;
}
