// SPDX-License-Identifier: GPL-3.0-or-later
/* What the name of the output says of what is written there. */
#include "cli/options/options.h"

#include <string.h>
#include <strings.h>

static const char *ending_of(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : "";
}

static bool is_one_of(const char *ending, const char *const *endings) {
    for (; *endings; endings++)
        if (strcasecmp(ending, *endings) == 0)
            return true;
    return false;
}

ordpar_status options_take_format(options *parsed, ordpar_error *err) {
    static const char *const pictures[] = {".svg", ".png", ".pdf",  ".eps",
                                           ".jpg", ".gif", ".jpeg", NULL};
    static const char *const others[] = {".npy", ".npz",     ".h5",   ".hdf5", ".mat", ".nc",
                                         ".pkl", ".parquet", ".xlsx", ".xls",  NULL};
    const unsigned groups = parsed->command->groups;
    if (!parsed->output || !options_find("format", groups) || (groups & GROUP_LEGEND))
        return ORDPAR_OK;
    const char *ending = ending_of(parsed->output);
    if (is_one_of(ending, pictures))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output: %.200s: has a picture's name, and what is written there is a "
                           "table: NAME.csv or NAME.json%s",
                           parsed->output,
                           groups & GROUP_PLOT ? "; --plot draws a picture" : "; plot draws it");
    if (is_one_of(ending, others))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output: %.200s: tables are written as CSV or JSON, not as %s",
                           parsed->output, ending);
    if (strcasecmp(ending, ".json") == 0 && !options_given(parsed, "format"))
        parsed->format = FORMAT_JSON;
    return ORDPAR_OK;
}
