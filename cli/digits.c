// SPDX-License-Identifier: GPL-3.0-or-later
#include "digits.h"

#include "decimal_model.h"
#include "mp_closed_form.h"
#include "progress.h"

#include <string.h>

/* Closed forms start from the mean, whatever is drawn elsewhere, unless overlaps are given. */
static void take_mean_start(const options *parsed, ordpar_mp_model *decimals) {
    if (parsed->overlaps)
        return;
    decimals->q = decimals->r = decimals->t = NULL;
    decimals->near_teacher = parsed->init == ORDPAR_INIT_NEAR_TEACHER;
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

static int evaluate(const options *parsed, const char *name, const decimal_model *d, table *t) {
    ordpar_mp_closed_form_id id;
    const ordpar_mp_closed_form_entry *entry = ordpar_mp_closed_form_find(name, &id);
    if (!entry)
        return usage_error(parsed, "--digits: the closed form '%.80s' has no such precision", name);
    const ordpar_mp_options settings = decimal_options(parsed);
    ordpar_mp_result result;
    ordpar_error err;
    const ordpar_status status =
        ordpar_mp_closed_form(id, &d->model, &d->grid, &settings, &result, &err);
    progress_clear();
    if (status)
        return library_error(parsed, name, status, &err);
    decimal_notes(t, parsed, &result);
    fill(&result, add_columns(entry->columns, t), t);
    ordpar_mp_result_clear(&result);
    return t->failed ? failure(parsed, "out of memory for the output") : -1;
}

int closed_form_digits(const options *parsed, const char *name, table *t) {
    int result = decimal_check_options(parsed);
    if (result >= 0)
        return result;
    model m;
    decimal_model d = {0};
    if ((result = model_create(parsed, &m)) < 0 &&
        (result = decimal_model_create(parsed, &m, &d)) < 0) {
        take_mean_start(parsed, &d.model);
        result = evaluate(parsed, name, &d, t);
    }
    decimal_model_clear(&d);
    model_clear(&m);
    return result;
}
