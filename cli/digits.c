// SPDX-License-Identifier: GPL-3.0-or-later
#include "digits.h"

#include "decimal_model.h"
#include "library_error.h"
#include "progress.h"

#include <string.h>

static bool given(const void *context, const char *option) {
    const options *parsed = context;
    return options_given(parsed, option) &&
           (strcmp(option, "teacher") != 0 || parsed->teacher == ORDPAR_TEACHER_SAMPLED);
}

static int check_options(const options *parsed, ordpar_mp_closed_form_id id, const char *name) {
    ordpar_error err;
    const ordpar_status status = ordpar_decimals_check_form(id, name, given, parsed, &err);
    return status ? decimal_error(parsed, status, &err) : decimal_check_options(parsed);
}

static size_t add_columns(const char *names, table *t) {
    size_t count = 0;
    for (; *names; count++) {
        const int width = (int)strcspn(names, ",");
        table_column(t, "%.*s", width, names);
        names += width;
        names += *names == ',';
    }
    return count;
}

static void fill(const ordpar_mp_result *result, size_t columns, table *t) {
    for (size_t k = 0; k < result->count; k++) {
        if (k % columns == 0 && !table_row(t))
            return;
        table_set_text(t, k / columns, k % columns, ordpar_mp_text(result, k));
    }
}

static int evaluate(const options *parsed, ordpar_mp_closed_form_id id,
                    const ordpar_mp_closed_form_entry *entry, const decimal_model *d, table *t) {
    const ordpar_mp_options settings = decimal_options(parsed);
    ordpar_mp_result result;
    ordpar_error err;
    const ordpar_status status =
        ordpar_mp_closed_form(id, &d->model, &d->grid, &settings, &result, &err);
    progress_clear();
    if (status)
        return library_error(parsed, NULL, status, &err);
    decimal_notes(t, parsed, &result);
    fill(&result, add_columns(entry->columns, t), t);
    ordpar_mp_result_clear(&result);
    return t->failed ? failure(parsed, "out of memory for the output") : -1;
}

int closed_form_digits(const options *parsed, const char *name, const model *m, table *t) {
    ordpar_mp_closed_form_id id;
    const ordpar_mp_closed_form_entry *entry = ordpar_mp_closed_form_find(name, &id);
    if (!entry)
        return usage_error(parsed, "--digits: %s has no such precision", name);
    model started = {0}; /* the overlaps of a file */
    decimal_model d = {0};
    int result = check_options(parsed, id, name);
    if (result < 0 && parsed->overlaps)
        result = model_create_without_equations(parsed, &started);
    if (result < 0 &&
        (result = decimal_model_create(parsed, parsed->overlaps ? &started : m, &d)) < 0) {
        decimal_start_form(parsed, id, &d);
        result = evaluate(parsed, id, entry, &d, t);
    }
    decimal_model_clear(&d);
    model_clear(&started);
    return result;
}
