// SPDX-License-Identifier: GPL-3.0-or-later
/* The table of numbers that `ordpar plot` and `ordpar report` read, and the report on it. */
#include "cli/commands/command.h"
#include "cli/output/plot.h"
#include "cli/output/result.h"
#include "memory_file.h"

#include <math.h>

static void check(const ordpar_table *t) {
    FUZZ_CHECK(!t->failed && t->n_rows >= 1 && t->n_columns >= 1);
    for (size_t k = 0; k < t->n_rows * t->n_columns; k++)
        FUZZ_CHECK(isnan(t->cells[k]) || !t->texts || !t->texts[k]);
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t found;
        FUZZ_CHECK(ordpar_table_find_column(t, t->columns[c], &found) && found <= c);
        (void)plot_wants_log(t->cells + c, t->n_rows, t->n_columns);
    }
}

static void make_report(void) {
    static const command report = {.name = "report",
                                   .run = command_report,
                                   .groups = ORDPAR_REPORT_GROUPS | GROUP_OUTPUT,
                                   .max_arguments = 1};
    char *words[] = {"ordpar", "report", MEMORY_FILE, NULL};
    options parsed = {0};
    ordpar_error err = {""};
    FUZZ_CHECK(!options_parse(3, words, &report, &parsed, &err));
    FUZZ_CHECK(!command_report(&parsed, &err) || *err.message);
    options_clear(&parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ordpar_table t = {0};
    ordpar_error err = {""};
    memory_file_set(data, size);
    if (result_read(&t, MEMORY_FILE, &err))
        FUZZ_CHECK(*err.message);
    else
        check(&t);
    const bool curve = t.n_columns >= 2 && t.n_rows >= 3;
    ordpar_table_clear(&t);
    if (curve)
        make_report();
    return 0;
}
