// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/picture.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep.h"
#include "model/compute.h"

#include <string.h>

/* The table goes on without them. */
static void save_overlaps(const options *parsed, const ordpar_curve_state *end,
                          const ordpar_table *t, output_set *set) {
    const char *path = parsed->model->value.save_overlaps;
    ordpar_status status = ORDPAR_OK;
    ordpar_error reason;
    FILE *file = path ? output_open(set, "save-overlaps", path, &status, &reason) : NULL;
    if (status)
        output_lose(set, status, "%s", reason.message);
    if (!file)
        return;
    for (size_t k = 0; k < t->n_facts; k++)
        if (strcmp(t->facts[k].key, "settings") != 0 &&
            strcmp(t->facts[k].key, "digests") != 0) /* the state has its own */
            fprintf(file, "# %s: %s\n", t->facts[k].key, t->facts[k].text);
    if ((status = ordpar_curve_state_write(end, file, &reason)))
        output_lose_last(set, status, &reason);
}

static ordpar_status write_outputs(const options *parsed, const ordpar_table *t,
                                   const ordpar_curve_state *end, ordpar_error *err) {
    output_set set = {.keep = parsed->model->value.keep_partial};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        save_overlaps(parsed, end, t, &set);
    if (!status)
        status = picture_of_table(parsed, t, &set, err);
    return result_end(parsed, &set, status, err);
}

static ordpar_status compute_one(const ordpar_model *model, ordpar_table *t, ordpar_error *err) {
    ordpar_curve_state end = {0};
    const ordpar_status status = ordpar_compute_curve(model, t, &end, err);
    ordpar_curve_state_clear(&end);
    return status;
}

static ordpar_status compute_several(const options *parsed, ordpar_table *t, ordpar_error *err) {
    const ordpar_values *v = &parsed->model->value;
    if (v->save_overlaps || v->checkpoint)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: is for one curve",
                           v->checkpoint ? "checkpoint" : "save-overlaps");
    return sweep_curves(parsed, compute_one, t, err);
}

ordpar_status command_curve(const options *parsed, ordpar_error *err) {
    const ordpar_values *v = &parsed->model->value;
    ordpar_table t = {0};
    ordpar_curve_state end = {0};
    ordpar_status status, written;
    ordpar_error reason;
    if ((status = result_check(parsed, v->checkpoint, err)))
        return status;
    picture_watch(parsed, &t);
    status = parsed->sweep.count ? compute_several(parsed, &t, err)
                                 : ordpar_compute_curve(parsed->model, &t, &end, err);
    if (t.n_rows > 0 &&
        (!status || ordpar_keeps_rows(parsed->model, status) ||
         (status == ORDPAR_IO && v->checkpoint) ||
         (parsed->sweep.count && (status == ORDPAR_DIVERGED || status == ORDPAR_NUMERICAL)))) {
        if (!(written = result_begin(parsed, &t, &reason)))
            written = write_outputs(parsed, &t, &end, &reason);
        status = result_conclude(parsed, status, written, &reason, err);
    }
    ordpar_curve_state_clear(&end);
    ordpar_table_clear(&t);
    return status;
}
