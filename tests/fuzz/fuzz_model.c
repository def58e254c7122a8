// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * From a command line to the model in double and decimal precision. An empty word ends the command
 * line; the text after it is the file that --spectrum and --overlaps name.
 */
#include "command_words.h"
#include "decimal_model.h"
#include "memory_file.h"
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_UNITS = 4, MAX_L = 16, MAX_ROWS = 64, MAX_DIGITS = 50 };

static int64_t at_most(int64_t value, int64_t limit) {
    return value <= limit ? value : 1 + (value - 1) % limit;
}

/* Sizes that take microseconds. */
static void limit(options *parsed) {
    parsed->K = at_most(parsed->K, MAX_UNITS);
    parsed->M = at_most(parsed->M, MAX_UNITS);
    parsed->L = at_most(parsed->L, MAX_L);
    parsed->digits = at_most(parsed->digits, MAX_DIGITS);
    if (parsed->alpha.count > MAX_ROWS)
        parsed->alpha.count = MAX_ROWS;
    parsed->data = NULL;
    if (parsed->spectrum)
        parsed->spectrum = MEMORY_FILE;
    if (parsed->overlaps)
        parsed->overlaps = MEMORY_FILE;
}

static void check_start(const options *parsed, const model *m) {
    const ordpar_overlaps *o = &m->start;
    FUZZ_CHECK(o->K == m->network.K && o->M == m->network.M && o->L == m->spectrum.L);
    FUZZ_CHECK(m->trained_blocks <= o->L);
    for (size_t k = 0; k < o->K * o->K * o->L; k++)
        FUZZ_CHECK(isfinite(o->q[k]));
    for (size_t k = 0; k < o->K * o->M * o->L; k++)
        FUZZ_CHECK(isfinite(o->r[k]));
    for (size_t k = 0; k < o->M * o->M * o->L; k++)
        FUZZ_CHECK(isfinite(o->t[k]));
    ordpar_error err;
    double least;
    if (!parsed->overlaps && !ordpar_overlaps_min_eigenvalue(o, &least, NULL, &err))
        FUZZ_CHECK(least >= -1e-9);
}

static void check_grid(const options *parsed) {
    double *alpha = model_grid(parsed);
    FUZZ_CHECK(alpha && alpha[0] == parsed->alpha.start &&
               alpha[parsed->alpha.count - 1] == parsed->alpha.stop);
    for (int64_t k = 1; k < parsed->alpha.count; k++)
        FUZZ_CHECK(isfinite(alpha[k]) && alpha[k] >= alpha[k - 1]);
    free(alpha);
}

static void make_model(const options *parsed) {
    model m;
    int result = model_create(parsed, &m);
    FUZZ_CHECK(result == -1 || result == EXIT_USAGE || result == EXIT_FAILED);
    if (result == -1) {
        decimal_model decimals;
        check_start(parsed, &m);
        check_grid(parsed);
        result = decimal_check_options(parsed);
        if (result == -1) {
            result = decimal_model_create(parsed, &m, &decimals);
            FUZZ_CHECK(result == -1 || result == EXIT_USAGE || result == EXIT_FAILED);
            decimal_model_clear(&decimals);
        }
    }
    model_clear(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    command_words words;
    options parsed;
    size_t line = 0;
    while (line + 1 < size && !(data[line] == '\n' && data[line + 1] == '\n'))
        line++;
    const size_t rest = line + 2 < size ? line + 2 : size;
    if (!command_words_set(&words, data, line + 1 < size ? line : size))
        return 0;
    memory_file_set(data + rest, size - rest);
    if (command_words_parse(&words, &parsed) == -1) {
        limit(&parsed);
        make_model(&parsed);
    }
    options_clear(&parsed);
    return 0;
}
