// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/picture.h"
#include "cli/output/plot.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep.h"
#include "model/compute.h"

static ordpar_status save_overlaps(const options *parsed, const ordpar_overlaps *o,
                                   const ordpar_table *t, output_set *set, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    FILE *file =
        parsed->save_overlaps ? output_open(set, parsed->save_overlaps, &status, err) : NULL;
    if (!file)
        return status;
    for (size_t k = 0; k < t->n_facts; k++)
        fprintf(file, "# %s: %s\n", t->facts[k].key, t->facts[k].text);
    return ordpar_overlaps_write(o, file, err);
}

static ordpar_status write_outputs(const options *parsed, const ordpar_table *t,
                                   const ordpar_overlaps *end, ordpar_error *err) {
    output_set set = {0};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = save_overlaps(parsed, end, t, &set, err);
    if (!status)
        status = picture_of_table(parsed, t, &set, err);
    return result_end(&set, status, err);
}

static ordpar_status compute_one(const ordpar_model *model, ordpar_table *t, ordpar_error *err) {
    ordpar_overlaps end = {0};
    const ordpar_status status = ordpar_compute_curve(model, t, &end, err);
    ordpar_overlaps_clear(&end);
    return status;
}

static ordpar_status compute_several(const options *parsed, ordpar_table *t, ordpar_error *err) {
    if (parsed->save_overlaps)
        return ordpar_fail(err, ORDPAR_INVALID, "save-overlaps: is for one curve");
    return sweep_curves(parsed, compute_one, t, err);
}

ordpar_status command_curve(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    ordpar_overlaps end = {0};
    ordpar_status status;
    if ((status = output_check("output", parsed->output, err)) ||
        (status = output_check("save-overlaps", parsed->save_overlaps, err)) ||
        (status = plot_check("plot", parsed->plot, err)))
        return status;
    status = parsed->sweep.count ? compute_several(parsed, &t, err)
                                 : ordpar_compute_curve(parsed->model, &t, &end, err);
    if (!status && !(status = result_begin(parsed, &t, err)))
        status = write_outputs(parsed, &t, &end, err);
    ordpar_overlaps_clear(&end);
    ordpar_table_clear(&t);
    return status;
}
