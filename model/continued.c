// SPDX-License-Identifier: GPL-3.0-or-later
/* The setting `continue`: a model that goes on from a file of `save-overlaps`. */
#include "base/number.h"
#include "model/curve_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const unsigned model_groups = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING;

/* What the state holds itself, in place of the files that these name. */
static bool is_in_the_state(const char *name) {
    return ordpar_settings_among("overlaps spectrum data continue", name);
}

/* Compared by what is in them. */
static bool is_content(const char *name) {
    return ordpar_settings_among("spectrum data", name);
}

/* Another rate is a schedule's, of one run from the start. */
static void as_schedule(const ordpar_model *model, double alpha, const char *here,
                        const char *there, char *text, size_t size) {
    double own, before;
    *text = '\0';
    if (alpha > 0 && here && there && ordpar_parse_double(here, &own) &&
        ordpar_parse_double(there, &before) && before > 0 && !model->value.schedule)
        ordpar_format(text, size, ", or one from the start with schedule steps:%.10g=%.6g", alpha,
                      own / before);
}

/* How a run is trained may change on the way; what it is does not. alpha: where the file ends, 0
 * where a schedule from there would take the place of its own. */
static ordpar_status contradiction(const ordpar_model *model, const char *name, const char *there,
                                   double alpha, ordpar_error *err) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    const char *here = ordpar_model_text(model, name), *path = model->value.continued;
    char schedule[120] = "";
    ordpar_error refused;
    const ordpar_status status = ordpar_settings_contradict(name, here, path, there, &refused);
    if (!ordpar_settings_among("eta label-noise", name) && !(row->groups & ORDPAR_GROUP_TRAINING)) {
        if (err)
            *err = refused;
        return status;
    }
    if (strcmp(name, "eta") == 0)
        as_schedule(model, alpha, here, there, schedule, sizeof schedule);
    return ordpar_fail(
        err, status,
        "%.300s; under other conditions it is a new run, of overlaps %.80s and alpha "
        "from 0%s",
        refused.message, path, schedule);
}

/* Where another rate could begin as a schedule; 0: the run has one. */
static double rate_begins(const ordpar_continuation *head) {
    return strstr(head->settings, "schedule=") ? 0 : head->alpha;
}

static bool gives_data(const ordpar_model *model) {
    return model->value.data.count || model->data;
}

/* True if the spectrum itself is given beside the file: then it is compared, not its settings. */
static bool gives_spectrum(const ordpar_model *model) {
    return model->value.spectrum || model->spectrum.L || gives_data(model);
}

/* A file is what is in it. */
static bool is_beside(const ordpar_model *model, const ordpar_settings_word *word,
                      const char *files) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, word->name);
    const char *here = model->text[row - ordpar_model_settings.rows];
    return ordpar_settings_same(here, word->value) ||
           (ordpar_model_is_usual(model, row->name, NULL) &&
            (word->is_default || ordpar_model_is_usual(model, row->name, word->value))) ||
           (ordpar_setting_names_file(row->name, word->value) &&
            ordpar_model_is_content(model, row->name, files));
}

/* Of a spectrum that is given beside the file. Of data it has as many components as the run. */
static bool is_of_given_spectrum(const ordpar_model *model, const char *name,
                                 const ordpar_continuation *head) {
    const bool keeps = gives_data(model) && strcmp(name, "input-dim") == 0 &&
                       !ordpar_settings_value_of(head->settings, "beta");
    return gives_spectrum(model) && !keeps &&
           ordpar_settings_among("input-dim eigenvalues beta", name);
}

/* A word of the file's settings: taken, or compared with what is given beside it. */
static ordpar_status take_word(ordpar_model *model, const ordpar_settings_word *word,
                               const bool *beside, const ordpar_continuation *head, bool *seen,
                               ordpar_error *err) {
    const ordpar_setting *row =
        word->value ? ordpar_setting_find(&ordpar_model_settings, word->name) : NULL;
    ordpar_error reason;
    if (!row)
        return ordpar_fail(err, ORDPAR_PARSE, "continue: %.200s: '%.80s' is no setting",
                           model->value.continued, word->name);
    const size_t k = (size_t)(row - ordpar_model_settings.rows);
    const bool is_model = row->groups & model_groups;
    if (!is_model && !(row->groups & ORDPAR_GROUP_TOLERANCE))
        return ORDPAR_OK;
    seen[k] = true;
    if (beside[k])
        return !is_model || is_content(row->name) || is_beside(model, word, head->files)
                   ? ORDPAR_OK
                   : contradiction(model, row->name, word->value, rate_begins(head), err);
    if (is_in_the_state(row->name) || is_of_given_spectrum(model, row->name, head))
        return ORDPAR_OK;
    const ordpar_status status = ordpar_model_take_setting(model, word, &reason);
    return status ? ordpar_fail(err, status, "continue: %.200s: %.270s", model->value.continued,
                                reason.message)
                  : ORDPAR_OK;
}

static ordpar_status take_settings(ordpar_model *model, const ordpar_continuation *head,
                                   ordpar_error *err) {
    bool beside[ORDPAR_MAX_SETTINGS], seen[ORDPAR_MAX_SETTINGS] = {false};
    ordpar_settings_word word = {0};
    char *copy = strdup(head->settings), *rest = copy;
    ordpar_status status =
        copy ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    memcpy(beside, model->given, sizeof beside);
    while (!status && ordpar_settings_next(&rest, &word))
        status = take_word(model, &word, beside, head, seen, err);
    free(copy);
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        if (beside[k] && !seen[k] && (row->groups & model_groups) && !is_content(row->name) &&
            strcmp(row->name, "input-dim") != 0 && !ordpar_model_is_usual(model, row->name, NULL))
            status = contradiction(model, row->name, NULL, rate_begins(head), err);
    }
    return status;
}

/* What a setting names is read again: it must be what the run had. One that is gone, and of which
 * no digest is known, is missed where it is read. */
static ordpar_status check_file(const ordpar_model *model, const char *name, const char *path,
                                const char *files, ordpar_error *err) {
    char *now = NULL;
    struct stat state;
    if (!ordpar_setting_names_file(name, path))
        return ORDPAR_OK;
    if (stat(path, &state) != 0)
        return ordpar_settings_value_of(files, name)
                   ? ordpar_fail(err, ORDPAR_IO,
                                 "%s: %.150s: cannot be read: %s; it may be given by another name "
                                 "beside %.150s, which was made with it",
                                 name, path, strerror(errno), model->value.continued)
                   : ORDPAR_OK;
    const ordpar_status status = ordpar_curve_state_files(model, name, &now, err);
    if (status)
        return status;
    const bool same = *now && ordpar_curve_state_has_file(files, now);
    free(now);
    return same ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_INVALID,
                              "%s: %.200s has changed since %.200s was made with it", name, path,
                              model->value.continued);
}

static ordpar_status check_named_files(const ordpar_model *model, const char *files,
                                       ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        if (row->kind == ORDPAR_KIND_FILE && model->text[k] && (row->groups & model_groups) &&
            !is_in_the_state(row->name))
            status = check_file(model, row->name, model->text[k], files, err);
    }
    return status;
}

/* name: of the setting that gives it. */
static ordpar_status compare_block(const char *name, const ordpar_spectrum *given,
                                   const ordpar_spectrum *there, size_t b, const char *path,
                                   ordpar_error *err) {
    if (given->lambda[b] != there->lambda[b] || given->n[b] != there->n[b])
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: %.17g, %.0f times, in block %zu contradicts %.200s, which "
                           "has %.17g, %.0f times",
                           name, given->lambda[b], given->n[b], b + 1, path, there->lambda[b],
                           there->n[b]);
    return given->c[b] == there->c[b]
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "%s: the teacher's weight %.17g in block %zu contradicts "
                             "%.200s, which has %.17g",
                             name, given->c[b], b + 1, path, there->c[b]);
}

/* A spectrum that is given beside the file, which is not yet the model's. */
static ordpar_status check_spectrum(const ordpar_model *model, const ordpar_spectrum *there,
                                    ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const char *path = v->continued, *name = gives_data(model) ? "data" : "spectrum";
    if (ordpar_model_given(model, "input-dim") && (double)v->N != there->N)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "input-dim: %lld contradicts %.200s, which has %.0f", (long long)v->N,
                           path, there->N);
    if (!gives_spectrum(model))
        return ORDPAR_OK;
    ordpar_parts parts = {0};
    ordpar_status status = ordpar_parts_spectrum_given(model, &parts, err);
    const ordpar_spectrum *given = &parts.spectrum;
    if (!status && given->L != there->L)
        status =
            ordpar_fail(err, ORDPAR_INVALID, "%s: of %zu blocks contradicts %.200s, which has %zu",
                        name, given->L, path, there->L);
    for (size_t b = 0; b < given->L && !status; b++)
        status = compare_block(name, given, there, b, path, err);
    ordpar_parts_clear(&parts);
    return status;
}

/* Those of the run, where no part of it before was looser. */
static ordpar_status take_promises(ordpar_continuation *head, ordpar_error *err) {
    ordpar_settings_word word = {0};
    double promises[2] = {ORDPAR_DEFAULT_RTOL, ORDPAR_DEFAULT_ATOL};
    char *copy = head->promises.count ? NULL : strdup(head->settings), *rest = copy;
    if (head->promises.count)
        return ORDPAR_OK;
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    while (ordpar_settings_next(&rest, &word))
        for (size_t k = 0; k < 2; k++)
            if (word.value && strcmp(word.name, k ? "atol" : "rtol") == 0)
                (void)ordpar_parse_double(word.value, &promises[k]);
    free(copy);
    return ordpar_continuation_add(&head->promises, 2, promises, err);
}

/* Rows would not keep the promise of the run in one go. */
static ordpar_status check_numbers(const ordpar_curve_state *state, const char *path,
                                   ordpar_error *err) {
    ordpar_error reason;
    const ordpar_status status = ordpar_curve_state_check_numbers(state, path, &reason);
    return status ? ordpar_fail(err, status,
                                "%.380s; overlaps begins a run at alpha = 0 from such numbers",
                                reason.message)
                  : ORDPAR_OK;
}

static ordpar_status read_state(ordpar_model *model, ordpar_curve_state *state, ordpar_error *err) {
    const char *path = model->value.continued;
    ordpar_spectrum spectrum = {0};
    struct stat file;
    ordpar_error reason;
    ordpar_status status;
    if (model->overlaps.K || ordpar_model_given(model, "overlaps"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "continue: %.200s has its own overlaps; leave out overlaps", path);
    if (strcmp(path, "-") == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "continue: must be a file, got '-'");
    if (stat(path, &file) == 0 && !S_ISREG(file.st_mode))
        return ordpar_fail(err, ORDPAR_IO, "continue: %.200s: is not a file, which is read twice",
                           path);
    if ((status = ordpar_continuation_read(path, &state->head, &reason)))
        return ordpar_fail(err, status, "continue: %.480s", reason.message);
    if ((status = take_settings(model, &state->head, err)) ||
        (status = check_named_files(model, state->head.files, err)))
        return status;
    const ordpar_values *v = &model->value;
    const double units = (double)(v->K + v->M), L = (double)(state->head.blocks.count / 2);
    if ((status =
             ordpar_model_check_memory(model, (size_t)L, 2 * sizeof L * units * units * L, err)))
        return status;
    const ordpar_curve_state_shape shape = {(size_t)v->K, (size_t)v->M,
                                            v->train_output && v->eta_v > 0, v->momentum != NULL};
    if (!(status = ordpar_curve_state_spectrum(state, path, &spectrum, &reason)))
        status = ordpar_curve_state_read(path, &shape, state, &reason);
    if (!status)
        status = check_numbers(state, path, &reason);
    if (!status)
        status = take_promises(&state->head, &reason);
    if (status)
        ordpar_fail(err, status, "continue: %.480s", reason.message);
    else
        status = check_spectrum(model, &spectrum, err);
    ordpar_spectrum_clear(&spectrum);
    return status;
}

ordpar_status ordpar_model_continue(ordpar_model *model, ordpar_error *err) {
    if (!model->value.continued || model->origin)
        return ORDPAR_OK;
    ordpar_curve_state *state = calloc(1, sizeof *state);
    if (!state)
        return ordpar_fail(err, ORDPAR_MEMORY, "continue: out of memory");
    const ordpar_status status = read_state(model, state, err);
    if (status) {
        ordpar_curve_state_clear(state);
        free(state);
        return status;
    }
    model->origin = state;
    return ORDPAR_OK;
}

ordpar_status ordpar_model_resolve(const ordpar_model *model, ordpar_model **own,
                                   ordpar_error *err) {
    *own = NULL;
    if (!model->value.continued || model->origin)
        return ORDPAR_OK;
    ordpar_status status = ordpar_model_copy(model, own, err);
    if (!status && model->data)
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "continue: %.200s has its own spectrum; leave out the data",
                             model->value.continued);
    if (!status)
        status = ordpar_model_continue(*own, err);
    if (status) {
        ordpar_model_free(*own);
        *own = NULL;
    }
    return status;
}

ordpar_status ordpar_model_check_continued(const ordpar_model *model, ordpar_error *err) {
    return model->value.continued
               ? ordpar_fail(err, ORDPAR_INVALID,
                             "continue: only a curve goes on; what else there is begins at "
                             "alpha = 0 (with overlaps: from those of %.200s)",
                             model->value.continued)
               : ORDPAR_OK;
}
