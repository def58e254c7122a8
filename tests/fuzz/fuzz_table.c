// SPDX-License-Identifier: GPL-3.0-or-later
/* The table of numbers that `ordpar plot` and `ordpar report` read, and the report on it. */
#include "command.h"
#include "memory_file.h"
#include "plot.h"
#include "table.h"

#include <math.h>

static void check(const table *t) {
    FUZZ_CHECK(!t->failed && t->n_rows >= 1 && t->n_columns >= 1);
    for (size_t k = 0; k < t->n_rows * t->n_columns; k++)
        FUZZ_CHECK(isfinite(t->cells[k]));
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t found;
        FUZZ_CHECK(table_find_column(t, t->columns[c], &found) && found <= c);
        (void)plot_wants_log(t->cells + c, t->n_rows, t->n_columns);
    }
}

static void make_report(void) {
    char *words[] = {"ordpar", "report", MEMORY_FILE, NULL};
    options parsed;
    FUZZ_CHECK(options_parse(3, words, "report", GROUP_MODEL | GROUP_OUTPUT, &parsed) < 0);
    const int result = command_report(&parsed);
    FUZZ_CHECK(result == EXIT_DONE || result == EXIT_USAGE);
    options_clear(&parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    table t;
    ordpar_error err = {""};
    memory_file_set(data, size);
    table_init(&t);
    if (table_read(&t, MEMORY_FILE, &err))
        FUZZ_CHECK(*err.message);
    else
        check(&t);
    const bool curve = t.n_columns >= 2 && t.n_rows >= 3;
    table_clear(&t);
    if (curve)
        make_report();
    return 0;
}
