// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/overwrite.h"

#include "cli/output/output.h"
#include "model/model_internal.h"

#include <string.h>

ordpar_status overwrite_check_input(const options *parsed, const char *name, const char *input,
                                    ordpar_error *err) {
    const struct {
        const char *name, *path;
    } outputs[] = {{"output", parsed->output},
                   {"plot", parsed->plot},
                   {"checkpoint", parsed->model->value.checkpoint},
                   {"save-overlaps", parsed->model->value.save_overlaps}};
    const bool goes_on = strcmp(name, "continue") == 0; /* from where it ends the next time */
    for (size_t k = 0; k < sizeof outputs / sizeof *outputs - goes_on; k++)
        if (outputs[k].path && strcmp(input, "-") != 0 && output_same(outputs[k].path, input))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: %.200s is what %s reads", outputs[k].name,
                               outputs[k].path, *name ? name : parsed->command->name);
    return ORDPAR_OK;
}

static ordpar_status check_file(void *parsed, const char *name, const char *path,
                                ordpar_error *err) {
    return overwrite_check_input(parsed, name, path, err);
}

ordpar_status overwrite_check(const options *parsed, ordpar_error *err) {
    ordpar_status status = ordpar_model_each_file(parsed->model, check_file, (void *)parsed, err);
    for (size_t k = 0; k < parsed->n_arguments && !parsed->command->words && !status; k++)
        status = overwrite_check_input(parsed, "", parsed->arguments[k], err);
    return status ? status : ordpar_saved_name_check(parsed->model->value.save_overlaps, err);
}
