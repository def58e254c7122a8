// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * From a command line to the model in double and decimal precision. An empty word ends the command
 * line; the text after it is the file that --spectrum and --overlaps name.
 */
#include "command_words.h"
#include "memory_file.h"
#include "model/decimals.h"
#include "model/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_UNITS = 4, MAX_L = 16, MAX_ROWS = 64, MAX_DIGITS = 50 };

static int64_t at_most(int64_t value, int64_t limit) {
    return value <= limit ? value : 1 + (value - 1) % limit;
}

static void limit_grid(ordpar_grid *grid) {
    if (grid->count > MAX_ROWS)
        grid->count = MAX_ROWS;
    if (grid->list)
        grid->stop = grid->list[grid->count - 1];
}

/* Sizes that take microseconds. */
static void limit(ordpar_model *model) {
    ordpar_values *v = &model->value;
    ordpar_error err;
    v->K = at_most(v->K, MAX_UNITS);
    v->M = at_most(v->M, MAX_UNITS);
    v->L = at_most(v->L, MAX_L);
    v->digits = at_most(v->digits, MAX_DIGITS);
    limit_grid(&v->alpha);
    FUZZ_CHECK(!ordpar_model_set_text(model, "data", NULL, &err));
    if (v->spectrum)
        FUZZ_CHECK(!ordpar_model_set_text(model, "spectrum", MEMORY_FILE, &err));
    if (v->overlaps)
        FUZZ_CHECK(!ordpar_model_set_text(model, "overlaps", MEMORY_FILE, &err));
}

static void check_start(const ordpar_model *model, const ordpar_parts *parts) {
    const ordpar_overlaps *o = &parts->start;
    FUZZ_CHECK(o->K == parts->network.K && o->M == parts->network.M && o->L == parts->spectrum.L);
    FUZZ_CHECK(parts->trained_blocks <= o->L);
    for (size_t k = 0; k < o->K * o->K * o->L; k++)
        FUZZ_CHECK(isfinite(o->q[k]));
    for (size_t k = 0; k < o->K * o->M * o->L; k++)
        FUZZ_CHECK(isfinite(o->r[k]));
    for (size_t k = 0; k < o->M * o->M * o->L; k++)
        FUZZ_CHECK(isfinite(o->t[k]));
    ordpar_error err;
    double least;
    if (!model->value.overlaps && !ordpar_overlaps_min_eigenvalue(o, &least, NULL, &err))
        FUZZ_CHECK(least >= -1e-9);
}

static void check_grid(const ordpar_grid *grid) {
    double *alpha = NULL;
    ordpar_error err;
    FUZZ_CHECK(!ordpar_grid_values(grid, &alpha, &err));
    FUZZ_CHECK(alpha[0] == grid->start && alpha[grid->count - 1] == grid->stop);
    for (int64_t k = 1; k < grid->count; k++)
        FUZZ_CHECK(isfinite(alpha[k]) && alpha[k] >= alpha[k - 1]);
    free(alpha);
}

static void make_decimals(const ordpar_model *model, const ordpar_parts *parts) {
    ordpar_decimals decimals = {0};
    ordpar_error err = {""};
    if (ordpar_decimals_check(model, &err) || ordpar_decimals_init(model, parts, &decimals, &err) ||
        ordpar_decimals_grid(model, &decimals, &err))
        FUZZ_CHECK(*err.message);
    ordpar_decimals_clear(&decimals);
}

static void make_model(const ordpar_model *model) {
    ordpar_parts parts = {0};
    ordpar_error err = {""};
    if (ordpar_parts_for_equations(model, false, &parts, &err)) {
        FUZZ_CHECK(*err.message);
    } else {
        check_start(model, &parts);
        check_grid(&model->value.alpha);
        make_decimals(model, &parts);
    }
    ordpar_parts_clear(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    command_words words;
    options parsed = {0};
    ordpar_error err;
    size_t line = 0;
    while (line + 1 < size && !(data[line] == '\n' && data[line + 1] == '\n'))
        line++;
    const size_t rest = line + 2 < size ? line + 2 : size;
    if (!command_words_set(&words, data, line + 1 < size ? line : size))
        return 0;
    memory_file_set(data + rest, size - rest);
    if (!command_words_parse(&words, &parsed, &err) && !parsed.help) {
        limit(parsed.model);
        make_model(parsed.model);
    }
    options_clear(&parsed);
    return 0;
}
