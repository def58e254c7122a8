// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/replaced.h"
#include "model/curve_state.h"
#include "model/parts.h"

#include <string.h>

static const ordpar_setting_table *const table = &ordpar_model_settings;

/* One of these takes the place of others: whatever is given, the others are not meant. Some may
 * all the same stand beside it; one that only repeats what is in it does not outlast it. */
static const struct {
    const char *by, *names, *beside;
    bool stays; /* what may stand beside it does so beside another one */
} replacements[] = {
    {"spectrum", "input-dim eigenvalues beta generate", "input-dim", false},
    {"data", "spectrum input-dim eigenvalues beta generate", "input-dim", true},
    {"labels", "teacher-units", "teacher-units", false},
    {"overlaps", "sigma-j init teacher teacher-seed teacher-decay", "teacher-decay", true},
    {"continue", "overlaps", "", false},
    {"tasks", "student-output teacher-output", "", false},
    {"batch-fraction", "batch", "", false}};

enum { REPLACEMENTS = sizeof replacements / sizeof *replacements };

bool ordpar_setting_is_among(const bool *set, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    return row && set[row - table->rows];
}

bool ordpar_model_has_array(const ordpar_model *model, const char *name) {
    if (strcmp(name, "overlaps") == 0)
        return model->overlaps.K > 0;
    return strcmp(name, "spectrum") == 0 ? model->spectrum.L > 0
                                         : strcmp(name, "data") == 0 && model->data;
}

void ordpar_model_find_given(const ordpar_model *model, bool given[ORDPAR_MAX_SETTINGS]) {
    for (size_t k = 0; k < table->count; k++)
        given[k] = model->given[k] || ordpar_model_has_array(model, table->rows[k].name);
}

/* Spectrum or start are not those of settings: they were given as arrays, or come from a file. */
static bool is_given_otherwise(const ordpar_model *model, const char *by) {
    if (!ordpar_settings_among("spectrum data overlaps", by))
        return false;
    if (model->origin || ordpar_model_has_array(model, by))
        return true;
    return strcmp(by, "overlaps") != 0 &&
           (ordpar_model_has_array(model, "spectrum") || ordpar_model_has_array(model, "data"));
}

bool ordpar_model_origin_has(const ordpar_model *model, const char *name) {
    return model->origin && ordpar_settings_value_of(model->origin->head.settings, name);
}

const char *ordpar_setting_replaced_by(const ordpar_model *model, const bool *given,
                                       const bool *pairs, const char *name) {
    for (size_t r = 0; r < REPLACEMENTS; r++) {
        const char *by = replacements[r].by;
        const bool stays = pairs && replacements[r].stays && ordpar_setting_is_among(pairs, by) &&
                           ordpar_settings_among(replacements[r].beside, name);
        if (ordpar_settings_among(replacements[r].names, name) &&
            ordpar_setting_is_among(given, by) && !stays)
            return by;
    }
    if (ordpar_setting_is_among(given, "generate") &&
        ordpar_generate_has_no(model->value.generate, name))
        return "generate";
    return strcmp(name, "eta") == 0 && ordpar_setting_is_among(given, "schedule") &&
                   ordpar_schedule_is_file(model->value.schedule)
               ? "schedule"
               : NULL;
}

bool ordpar_setting_is_replaced(const ordpar_model *model, const bool *given, const char *name) {
    if (ordpar_model_origin_has(model, name))
        return false;
    for (size_t r = 0; r < REPLACEMENTS; r++)
        if (ordpar_settings_among(replacements[r].names, name) &&
            is_given_otherwise(model, replacements[r].by))
            return true;
    return ordpar_setting_replaced_by(model, given, NULL, name);
}

const char *ordpar_setting_in_place_of(const bool *given, const ordpar_settings_word *word) {
    for (size_t k = 0; k < table->count; k++)
        for (size_t r = 0; given[k] && r < REPLACEMENTS; r++)
            if (strcmp(replacements[r].by, word->name) == 0 &&
                ordpar_settings_among(replacements[r].names, table->rows[k].name) &&
                !ordpar_settings_among(replacements[r].beside, table->rows[k].name))
                return table->rows[k].name;
    return strcmp(word->name, "schedule") == 0 && ordpar_setting_is_among(given, "eta") &&
                   ordpar_schedule_is_file(word->value)
               ? "eta"
               : NULL;
}

bool ordpar_model_means(const ordpar_model *model, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    bool given[ORDPAR_MAX_SETTINGS];
    ordpar_model_find_given(model, given);
    return row && (ordpar_setting_is_among(given, row->name) ||
                   !ordpar_setting_is_replaced(model, given, row->name));
}
