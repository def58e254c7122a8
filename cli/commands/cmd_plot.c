// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/picture.h"
#include "cli/output/plot.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"

#include <string.h>

/* What commands with --plot say of it; here it is the command's own name, which stands before. */
static void leave_out_plot(ordpar_error *err) {
    static const char prefix[] = "plot: ";
    const size_t width = sizeof prefix - 1;
    if (strncmp(err->message, prefix, width) == 0)
        memmove(err->message, err->message + width, strlen(err->message + width) + 1);
}

static ordpar_status draw(const options *parsed, const picture_source *sources, ordpar_error *err) {
    output_set set = {.option = "output"};
    const ordpar_status status =
        picture_draw(parsed, sources, parsed->n_arguments, &set, parsed->output, err);
    if (status)
        leave_out_plot(err);
    return result_end(parsed, &set, status, err);
}

ordpar_status command_plot(const options *parsed, ordpar_error *err) {
    const size_t count = parsed->n_arguments;
    ordpar_table tables[PLOT_MAX_SERIES] = {0};
    picture_source sources[PLOT_MAX_SERIES];
    if (count == 0 || count > PLOT_MAX_SERIES)
        return ordpar_fail(err, ORDPAR_INVALID, "needs from 1 to %d files, got %zu",
                           PLOT_MAX_SERIES, count);
    if (!parsed->output)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output: needs the name of a picture (.svg, .png or .pdf)");
    if (options_given(parsed, "format"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "format: is that of tables; the name of a picture "
                           "ends in its own: .svg, .png or .pdf");
    ordpar_status status = plot_check("output", parsed->output, err);
    progress_leave_at_once(true); /* files may be long */
    for (size_t k = 0; k < count && !status; k++) {
        status = result_read(&tables[k], parsed->arguments[k], err);
        if (!status)
            status = result_pick(&tables[k], err);
        sources[k] = (picture_source){&tables[k], parsed->arguments[k]};
    }
    progress_leave_at_once(false);
    if (!status)
        status = draw(parsed, sources, err);
    for (size_t k = 0; k < count; k++)
        ordpar_table_clear(&tables[k]);
    return status;
}
