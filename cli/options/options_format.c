// SPDX-License-Identifier: GPL-3.0-or-later
/* What the name of the output says of what is written there. */
#include "base/path_kind.h"
#include "cli/options/options.h"

ordpar_status options_take_format(options *parsed, ordpar_error *err) {
    const unsigned groups = parsed->command->groups;
    const char *ending;
    if (!parsed->output || !options_find("format", groups) || (groups & GROUP_LEGEND))
        return ORDPAR_OK;
    const ordpar_path_kind kind = ordpar_path_kind_of(parsed->output, &ending);
    if (kind == ORDPAR_PATH_PICTURE)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output: %.200s: has a picture's name, and what is written there is a "
                           "table: NAME.csv or NAME.json%s",
                           parsed->output,
                           groups & GROUP_PLOT ? "; --plot draws a picture" : "; plot draws it");
    if (kind == ORDPAR_PATH_OTHER)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output: %.200s: tables are written as CSV or JSON, not as %s",
                           parsed->output, ending);
    if (kind == ORDPAR_PATH_JSON && !options_given(parsed, "format"))
        parsed->format = FORMAT_JSON;
    return ORDPAR_OK;
}
