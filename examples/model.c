// SPDX-License-Identifier: GPL-3.0-or-later
/* A model by its settings: the rows of a curve, and the facts beside them as comments. */
#include <ordpar/ordpar.h>

#include <stdio.h>

static ordpar_status set(ordpar_model *model, ordpar_error *err) {
    static const char *const settings[][2] = {{"K", "3"},       {"M", "3"},
                                              {"eta", "0.2"},   {"init", "near-teacher"},
                                              {"moments", "1"}, {"alpha", "0:200:5"}};
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < sizeof settings / sizeof *settings && !status; k++)
        status = ordpar_model_set_text(model, settings[k][0], settings[k][1], err);
    return status;
}

static void print(const ordpar_table *table) {
    const size_t columns = ordpar_table_n_columns(table), rows = ordpar_table_n_rows(table);
    const double *values = ordpar_table_values(table);
    for (size_t k = 0; ordpar_table_fact_key(table, k); k++)
        printf("# %s: %s\n", ordpar_table_fact_key(table, k), ordpar_table_fact_text(table, k));
    for (size_t c = 0; c < columns; c++)
        printf("%s%s", ordpar_table_column_name(table, c), c + 1 < columns ? "," : "\n");
    for (size_t k = 0; k < rows * columns; k++)
        printf("%.17g%s", values[k], (k + 1) % columns ? "," : "\n");
}

int main(void) {
    ordpar_model *model = NULL;
    ordpar_table *table = NULL;
    ordpar_error err;
    ordpar_status status = ordpar_model_create(&model, &err);
    if (!status)
        status = set(model, &err);
    if (!status)
        status = ordpar_model_compute(model, "curve", &table, &err);
    if (status)
        fprintf(stderr, "%s: %s\n", ordpar_status_string(status), err.message);
    else
        print(table);
    ordpar_table_free(table);
    ordpar_model_free(model);
    return status ? 1 : 0;
}
