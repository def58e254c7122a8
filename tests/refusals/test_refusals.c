// SPDX-License-Identifier: GPL-3.0-or-later
/* The table of refusals (table) from C: status and words. Its other doors: refusals.sh,
 * refusals.py. */
#include "model/model.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The order of ordpar_status. */
static const char *const names[] = {"OK",     "INVALID",  "PARSE",     "IO",
                                    "MEMORY", "DIVERGED", "NUMERICAL", "INTERRUPTED"};

/* Sets each NAME=VALUE of the blank-separated words, and puts the others together. */
static ordpar_status set(ordpar_model *model, char *words, char *computation, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (char *word = strtok(words, " "); word && !status; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        if (value) {
            *value++ = '\0';
            status = ordpar_model_set_text(model, word, value, err);
        } else
            sprintf(computation + strlen(computation), "%s%s", *computation ? " " : "", word);
    }
    return status;
}

static ordpar_status compute(char *words, ordpar_error *err) {
    char computation[128] = "";
    ordpar_model *model = NULL;
    ordpar_table *table = NULL;
    ordpar_error create;
    check_ok(ordpar_model_create(&model, &create), &create);
    ordpar_status status = set(model, words, computation, err);
    if (!status)
        status = ordpar_model_compute(model, computation, &table, err);
    ordpar_table_free(table);
    ordpar_model_free(model);
    return status;
}

Test(refusals, from_c) {
    char line[2048], got[1024];
    size_t rows = 0;
    cr_assert_eq(chdir(REFUSALS_DIR), 0);
    FILE *file = fopen("table", "r");
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file)) {
        char *expected = strstr(line, " => ");
        line[strcspn(line, "\n")] = '\0';
        if (*line == '#' || !expected)
            continue;
        *expected = '\0';
        expected += strlen(" => ");
        char words[1024];
        ordpar_error err = {""};
        strcpy(words, line);
        const ordpar_status status = compute(words, &err);
        snprintf(got, sizeof got, "%s %s", names[status], err.message);
        cr_expect_str_eq(got, expected, "%s => %s", line, got);
        rows++;
    }
    fclose(file);
    cr_assert_geq(rows, 100);
}
