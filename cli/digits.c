// SPDX-License-Identifier: GPL-3.0-or-later
#include "digits.h"

#include "decimal_model.h"
#include "mp_closed_form.h"
#include "progress.h"

#include <string.h>

/* Options that a closed form has no use for. */
static int check_options(const options *parsed, ordpar_mp_closed_form_id id, const char *name) {
    enum { EACH = 1 << ORDPAR_MP_CLOSED_FORMS };
    const int exact = 1 << ORDPAR_MP_LINEAR_EXACT, small = 1 << ORDPAR_MP_LINEAR_SMALL_ETA,
              continuum = 1 << ORDPAR_MP_LINEAR_CONTINUUM, finite = 1 << ORDPAR_MP_LINEAR_FINITE_N,
              plateau = 1 << ORDPAR_MP_PLATEAU | 1 << ORDPAR_MP_ESCAPE,
              asymptotic = 1 << ORDPAR_MP_ASYMPTOTIC;
    const struct {
        int forms;
        const char *option, *reason;
    } refused[] = {
        {exact | finite, "small-eta", "has all orders in eta"},
        {small | continuum | asymptotic, "label-noise", "leaves out eta^2, and with it the noise"},
        {continuum, "spectrum", "needs the power law of -L and --beta"},
        {continuum | plateau | asymptotic, "trainable", "has all components trained"},
        {continuum | plateau | asymptotic, "overlaps", "is for the mean start and teacher"},
        {EACH - 1, "moments", "has only its own columns with --digits"},
        {asymptotic, "continuum", "has its sum over the spectrum with --digits"},
    };
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        if ((refused[k].forms >> id & 1) && options_given(parsed, refused[k].option))
            return usage_error(parsed, "--%s: %s %s", refused[k].option, name, refused[k].reason);
    if ((plateau >> id & 1) && options_given(parsed, "teacher") &&
        parsed->teacher == ORDPAR_TEACHER_SAMPLED)
        return usage_error(parsed, "--teacher: %s has --digits for the mean teacher, got sampled",
                           name);
    if (id == ORDPAR_MP_ASYMPTOTIC && !parsed->small_eta)
        return usage_error(parsed, "--digits: %s has them at lowest order in eta: add --small-eta",
                           name);
    return decimal_check_options(parsed);
}

/* Closed forms start from the mean, whatever is drawn elsewhere, unless overlaps are given. */
static void set_start(const options *parsed, ordpar_mp_closed_form_id id,
                      ordpar_mp_model *decimals) {
    if (id == ORDPAR_MP_LINEAR_CONTINUUM)
        decimals->trained_blocks = decimals->spectrum.L;
    if (parsed->overlaps)
        return;
    decimals->q = decimals->r = decimals->t = NULL;
    decimals->near_teacher =
        decimals->linear && id <= ORDPAR_MP_FEATURES && parsed->init == ORDPAR_INIT_NEAR_TEACHER;
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
        set_start(parsed, id, &d.model);
        result = evaluate(parsed, id, entry, &d, t);
    }
    decimal_model_clear(&d);
    model_clear(&started);
    return result;
}
