// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/overwrite.h"

#include "cli/output/output.h"

#include <string.h>

/* An output, which must be no file that a setting or an argument of the command names. */
static ordpar_status check(const options *parsed, const char *name, const char *path,
                           ordpar_error *err) {
    const char *reader = path ? ordpar_model_reader(parsed->model, path) : NULL;
    for (size_t k = 0; path && k < parsed->n_arguments && !parsed->command->words; k++)
        if (strcmp(parsed->arguments[k], "-") != 0 && output_same(path, parsed->arguments[k]))
            reader = parsed->command->name;
    return reader
               ? ordpar_fail(err, ORDPAR_INVALID, "%s: %.200s is what %s reads", name, path, reader)
               : ORDPAR_OK;
}

ordpar_status overwrite_check(const options *parsed, ordpar_error *err) {
    ordpar_status status = check(parsed, "output", parsed->output, err);
    if (!status)
        status = check(parsed, "plot", parsed->plot, err);
    return status ? status : ordpar_model_check_saved(parsed->model, err);
}
