// SPDX-License-Identifier: GPL-3.0-or-later
/* Parsing a command line: what is taken lies in the range that the tables of settings name, and the
 * settings of the model read back from their own line. */
#include "command_words.h"
#include "memory_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_list(const ordpar_setting *row, const ordpar_numbers *list) {
    for (size_t k = 0; k < list->count; k++) {
        const double value = list->values[k];
        FUZZ_CHECK(isfinite(value));
        if (row->kind == ORDPAR_KIND_ORDERS)
            FUZZ_CHECK(value >= row->low && value <= row->high && value == floor(value));
    }
}

static void check_grid(const ordpar_grid *g) {
    FUZZ_CHECK(g->count >= 1 && g->start >= 0 && g->start <= g->stop && g->stop <= 1e300);
    FUZZ_CHECK(g->count == 1 ? g->start == g->stop : g->start < g->stop);
    FUZZ_CHECK(!g->logarithmic || g->start > 0);
    for (int64_t k = 1; k < g->count && g->list; k++)
        FUZZ_CHECK(g->list[k] > g->list[k - 1]);
}

static void check_real(const ordpar_setting *row, double value) {
    FUZZ_CHECK(isfinite(value) && value >= row->low && value <= row->high);
    FUZZ_CHECK(row->kind == ORDPAR_KIND_REAL || value > row->low);
}

static void check(const void *values, const ordpar_setting *row) {
    const void *field = (const char *)values + row->offset;
    switch (row->kind) {
    case ORDPAR_KIND_REAL:
    case ORDPAR_KIND_POSITIVE:
        check_real(row, *(const double *)field);
        break;
    case ORDPAR_KIND_INTEGER:
        FUZZ_CHECK(*(const int64_t *)field >= (int64_t)row->low &&
                   *(const int64_t *)field <= (int64_t)row->high);
        break;
    case ORDPAR_KIND_CHOICE:
        FUZZ_CHECK(*(const int *)field >= 0);
        break;
    case ORDPAR_KIND_FLAG:
        break;
    case ORDPAR_KIND_TEXT:
    case ORDPAR_KIND_FILE:
        FUZZ_CHECK(**(const char *const *)field);
        break;
    case ORDPAR_KIND_FILES:
    case ORDPAR_KIND_TEXTS:
        FUZZ_CHECK(((const ordpar_texts *)field)->count > 0);
        break;
    case ORDPAR_KIND_REALS:
    case ORDPAR_KIND_ORDERS:
        check_list(row, field);
        break;
    case ORDPAR_KIND_GRID:
        check_grid(field);
        break;
    }
}

/* The line of a model's settings makes the same line again. */
static void check_line(const ordpar_model *model) {
    char *line = NULL, *again = NULL;
    ordpar_model *read = NULL;
    ordpar_error err;
    FUZZ_CHECK(!ordpar_model_settings_text(model, ~0U, NULL, &line, &err));
    FUZZ_CHECK(!ordpar_model_create(&read, &err));
    FUZZ_CHECK(!ordpar_model_read_settings_text(read, line, &err));
    FUZZ_CHECK(!ordpar_model_settings_text(read, ~0U, NULL, &again, &err));
    FUZZ_CHECK(strcmp(line, again) == 0);
    ordpar_model_free(read);
    free(line);
    free(again);
}

static void check_all(const options *parsed) {
    const ordpar_model *m = parsed->model;
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        if (m->given[k])
            check(&m->value, &ordpar_model_settings.rows[k]);
    for (size_t k = 0; k < program_settings.count; k++)
        if (parsed->given[k])
            check(parsed, &program_settings.rows[k]);
    if (!parsed->like)
        check_line(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    command_words words;
    options parsed = {0};
    ordpar_error err = {""};
    if (!command_words_set(&words, data, size))
        return 0;
    memory_file_set(data, size);
    if (command_words_parse(&words, &parsed, &err))
        FUZZ_CHECK(*err.message);
    else if (!parsed.help)
        check_all(&parsed);
    options_clear(&parsed);
    return 0;
}
