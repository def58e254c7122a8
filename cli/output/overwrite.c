// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/overwrite.h"

#include "cli/output/output.h"

#include <string.h>

ordpar_status overwrite_check_input(const options *parsed, const char *name, const char *input,
                                    ordpar_error *err) {
    const struct {
        const char *name, *path;
    } outputs[] = {{"output", parsed->output},
                   {"plot", parsed->plot},
                   {"save-overlaps", parsed->model->value.save_overlaps}};
    const bool is_state = strcmp(name, "overlaps") == 0 || strcmp(name, "continue") == 0;
    for (size_t k = 0; k < sizeof outputs / sizeof *outputs - is_state; k++)
        if (outputs[k].path && strcmp(input, "-") != 0 && output_same(outputs[k].path, input))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: %.200s is what %s reads", outputs[k].name,
                               outputs[k].path, *name ? name : parsed->command->name);
    return ORDPAR_OK;
}

static ordpar_status compare_setting(const options *parsed, size_t k, ordpar_error *err) {
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    const void *field = (const char *)&parsed->model->value + row->offset;
    const ordpar_grid *grid = field;
    ordpar_status status = ORDPAR_OK;
    if (row->kind == ORDPAR_KIND_GRID && grid->of_file)
        status = overwrite_check_input(parsed, row->name, parsed->model->text[k], err);
    if (row->kind == ORDPAR_KIND_FILE && *(char *const *)field)
        status = overwrite_check_input(parsed, row->name, *(char *const *)field, err);
    const ordpar_texts *files = row->kind == ORDPAR_KIND_FILES ? field : NULL;
    for (size_t f = 0; files && f < files->count && !status; f++)
        status = overwrite_check_input(parsed, row->name, files->items[f], err);
    return status;
}

ordpar_status overwrite_check(const options *parsed, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++)
        status = compare_setting(parsed, k, err);
    for (size_t k = 0; k < parsed->n_arguments && !parsed->command->words && !status; k++)
        status = overwrite_check_input(parsed, "", parsed->arguments[k], err);
    return status;
}
