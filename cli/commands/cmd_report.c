// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"
#include "cli/commands/command.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "model/compute.h"
#include "model/report.h"

#include <string.h>

/* Rows are the file's, and how they were computed is no matter of predictions. */
static bool is_of_model(const ordpar_setting *row) {
    const unsigned groups =
        ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_SCHEDULE | ORDPAR_GROUP_DATA;
    return row->kind != ORDPAR_KIND_GRID && (row->groups & groups);
}

/* What a run goes on from has its own spectrum: one that is given beside it is compared by its
 * numbers. */
static ordpar_status check_spectrum(const options *parsed, const ordpar_model *from,
                                    ordpar_error *err) {
    static const char *const names[] = {"continue", "spectrum", "data", "input-dim"};
    ordpar_model *again = NULL;
    ordpar_error reason;
    ordpar_status status = ordpar_model_create(&again, err);
    for (size_t k = 0; k < sizeof names / sizeof *names && !status; k++) {
        const char *text = ordpar_model_text(k ? parsed->model : from, names[k]);
        if (text && (!k || ordpar_model_given(parsed->model, names[k])))
            status = ordpar_model_set_text(again, names[k], text, err);
    }
    if (!status && (status = ordpar_model_continue(again, &reason)))
        ordpar_fail(err, status, "%s", reason.message);
    ordpar_model_free(again);
    return status;
}

/* What a model says, and the file does not. */
static ordpar_status check_other(const options *parsed, const ordpar_model *from,
                                 const ordpar_setting *row, const char *files, const char *there,
                                 ordpar_error *err) {
    const char *name = row->name, *here = ordpar_model_text(parsed->model, name);
    char shown[240];
    ordpar_setting_words(name, here, shown, sizeof shown);
    if (from->value.continued && here && !there) {
        if (ordpar_model_is_content(parsed->model, name, files))
            return ORDPAR_OK;
        if (ordpar_settings_among("spectrum data input-dim", name))
            return check_spectrum(parsed, from, err);
        if (ordpar_settings_value_of(files, name))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: %.80s is not what %.200s was made with",
                               name, shown, parsed->arguments[0]);
    }
    if (parsed->model->alike[row - ordpar_model_settings.rows])
        return ordpar_fail(err, ORDPAR_INVALID, "like: %.200s has %s=%.80s, %.200s has %.80s",
                           parsed->like, name, shown, parsed->arguments[0], there ? there : "none");
    return ordpar_settings_contradict(name, here, parsed->arguments[0], there, err);
}

/* Says what is so anyway. */
static bool is_usual(const ordpar_model *model, const char *name, const char *text) {
    return (!text && !ordpar_model_given(model, name)) || ordpar_model_is_usual(model, name, text);
}

/* Options beside a file that has a model must say what it says. */
static ordpar_status check_agreement(const options *parsed, ordpar_model *from, const char *files,
                                     ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        const char *name = row->name;
        const char *there = ordpar_model_means(from, name) ? ordpar_model_text(from, name) : NULL;
        const char *here = ordpar_model_text(parsed->model, name);
        if (!parsed->model->given[k] || ordpar_settings_same(here, there) || !is_of_model(row) ||
            (is_usual(from, name, here) && is_usual(from, name, NULL)))
            continue;
        if (there && here && ordpar_model_is_content(parsed->model, name, files))
            status = ordpar_model_set_text(from, name, here, err);
        else
            status = check_other(parsed, from, row, files, there, err);
    }
    return status;
}

/* Grids are the file's rows, and a file of them is not read: it may have been standard input. */
static void leave_grids(ordpar_model *from, bool leave) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        if (ordpar_model_settings.rows[k].kind == ORDPAR_KIND_GRID)
            from->given[k] = leave;
}

/* The model of the file, in *from, which stays NULL where it has none. */
static ordpar_status model_of_file(const options *parsed, const ordpar_table *curve,
                                   ordpar_model **from, ordpar_error *err) {
    const ordpar_fact *settings = ordpar_table_find_fact(curve, "settings");
    if (!settings)
        return ORDPAR_OK;
    ordpar_status status = ordpar_model_create(from, err);
    ordpar_error reason;
    if (!status)
        leave_grids(*from, true);
    if (!status && (status = ordpar_model_read_settings_text(*from, settings->text, &reason)))
        return ordpar_fail(err, status, "%.200s: %.300s", parsed->arguments[0], reason.message);
    if (status)
        return status;
    leave_grids(*from, false);
    ordpar_model_continue(*from, NULL); /* where that fails it does again, and is told */
    const ordpar_fact *files = ordpar_table_find_fact(curve, "digests");
    return check_agreement(parsed, *from, files ? files->text : NULL, err);
}

/* A setting that the file says, beside what is given. */
static ordpar_status take_told(const options *parsed, const char *name, const char *there,
                               ordpar_error *err) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    const char *here = ordpar_model_text(parsed->model, row->name);
    if (!ordpar_model_given(parsed->model, row->name))
        return ordpar_model_set_text(parsed->model, row->name, there, err);
    return ordpar_settings_same(here, there)
               ? ORDPAR_OK
               : ordpar_settings_contradict(row->name, here, parsed->arguments[0], there, err);
}

/* The numbers of units that columns of R have. */
static ordpar_status take_units(const options *parsed, const ordpar_table *curve,
                                ordpar_error *err) {
    size_t K = 0, M = 0;
    char text[24];
    (void)ordpar_report_overlaps(curve, &K, &M);
    ordpar_format(text, sizeof text, "%zu", K);
    ordpar_status status = K ? take_told(parsed, "student-units", text, err) : ORDPAR_OK;
    ordpar_format(text, sizeof text, "%zu", M);
    return !status && M ? take_told(parsed, "teacher-units", text, err) : status;
}

/* Of a file without notes: columns of settings that have one value, as others save a curve of
 * several. Without options nothing is predicted. */
static ordpar_status take_columns(const options *parsed, const ordpar_table *curve,
                                  ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    if (ordpar_table_find_fact(curve, "settings") ||
        !ordpar_model_given_any(parsed->model, ORDPAR_REPORT_GROUPS))
        return ORDPAR_OK;
    for (size_t c = 0; c < curve->n_columns && !status; c++) {
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, curve->columns[c]);
        char number[32];
        const char *value = row && is_of_model(row) ? result_one_value(curve, c, number) : NULL;
        if (value)
            status = take_told(parsed, row->name, value, err);
    }
    return status ? status : take_units(parsed, curve, err);
}

/* With the whole settings of what was measured, also those that predictions know nothing of. */
static ordpar_status write_report(const options *parsed, const ordpar_table *curve, ordpar_table *t,
                                  ordpar_error *err) {
    output_set set = {0};
    options shown = *parsed;
    const ordpar_fact *settings = ordpar_table_find_fact(curve, "settings");
    const ordpar_fact *files = settings ? ordpar_table_find_fact(curve, "digests") : NULL;
    if (!settings && !ordpar_model_given_any(parsed->model, ORDPAR_REPORT_GROUPS))
        shown.settings = ""; /* those of the default model are not the curve's */
    if (settings)
        shown.settings = settings->text;
    if (settings)
        shown.files = files ? files->text : NULL;
    ordpar_status status = result_begin(&shown, t, err);
    if (!status)
        status = result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    return result_end(parsed, &set, status, err);
}

/* True if a file that the model names has another content than when the curve was made, or was no
 * file, but standard input, say. */
static bool has_changed(const options *parsed, const ordpar_model *from, const ordpar_table *curve,
                        ordpar_error *reason) {
    const ordpar_fact *files = ordpar_table_find_fact(curve, "digests");
    return ordpar_model_check_digests(from, files ? files->text : "", parsed->arguments[0],
                                      reason) != ORDPAR_OK;
}

/* With a model in the file, or options of one, what that model predicts. A file can outlive those
 * that its model names, or their content, and be of a closed form for which there is no start: then
 * it has no predictions. */
static ordpar_status measure(const options *parsed, ordpar_model *from, const ordpar_table *curve,
                             ordpar_table *t, ordpar_error *err) {
    const bool given = ordpar_model_given_any(parsed->model, ORDPAR_REPORT_GROUPS);
    ordpar_error reason;
    ordpar_status status = from ? ordpar_model_continue(from, &reason) : ORDPAR_OK;
    if (!status && from && has_changed(parsed, from, curve, &reason))
        status = ORDPAR_IO;
    if (!status)
        status = ordpar_compute_report(from    ? from
                                       : given ? parsed->model
                                               : NULL,
                                       curve, t, &reason);
    if ((status == ORDPAR_IO || status == ORDPAR_INVALID) && from) {
        const ordpar_error why = reason;
        ordpar_table_clear(t);
        if (!(status = ordpar_compute_report(NULL, curve, t, &reason)))
            ordpar_table_note(t, "predictions", "none: %s", why.message);
    }
    if (status)
        ordpar_fail(err, status, "%.200s: %.300s", parsed->arguments[0], reason.message);
    return status;
}

/* What is measured: numbers in all rows. */
static ordpar_status check_columns(const ordpar_table *curve, const char *path, ordpar_error *err) {
    const ordpar_fact *swept = ordpar_table_find_fact(curve, "swept");
    size_t unused;
    if (swept)
        return ordpar_fail(err, ORDPAR_INVALID, "%.300s: has several curves, of %.100s; need one%s",
                           path, swept->text,
                           ordpar_table_find_column(curve, "plateau_exit", &unused)
                               ? "; what a report measures of each stands in its columns"
                               : "");
    ordpar_status status = ORDPAR_OK;
    for (size_t c = 0; c < curve->n_columns && !status; c++) {
        const char *name = curve->columns[c];
        if (strcmp(name, "alpha") == 0 || strcmp(name, "eps_g") == 0 || strcmp(name, "mean") == 0 ||
            strncmp(name, "R1_", 3) == 0)
            status = result_numbers(curve, path, c, true, err);
    }
    return status;
}

ordpar_status command_report(const options *parsed, ordpar_error *err) {
    ordpar_table curve = {0}, t = {0};
    ordpar_model *from = NULL;
    if (parsed->n_arguments != 1)
        return ordpar_fail(err, ORDPAR_INVALID, "needs one file, a curve (-: standard input)");
    ordpar_status status = output_check("output", parsed->output, err);
    progress_leave_at_once(true); /* millions of rows that scatter take many seconds */
    if (!status)
        status = result_read(&curve, parsed->arguments[0], err);
    if (!status)
        status = result_pick(&curve, err);
    if (!status)
        status = check_columns(&curve, parsed->arguments[0], err);
    if (!status)
        status = take_columns(parsed, &curve, err);
    if (!status)
        status = model_of_file(parsed, &curve, &from, err);
    if (!status)
        status = measure(parsed, from, &curve, &t, err);
    progress_leave_at_once(false);
    if (!status)
        status = write_report(parsed, &curve, &t, err);
    ordpar_model_free(from);
    ordpar_table_clear(&curve);
    ordpar_table_clear(&t);
    return status;
}
