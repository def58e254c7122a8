// SPDX-License-Identifier: GPL-3.0-or-later
/* simulate and compare: tables of runs, and their pictures. */
#include "cli/commands/command.h"
#include "cli/output/output.h"
#include "cli/output/picture.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "model/compute.h"

static ordpar_status write_outputs(const options *parsed, ordpar_table *t, ordpar_error *err) {
    output_set set = {.keep = parsed->model->value.keep_partial};
    ordpar_status status = result_begin(parsed, t, err);
    if (!status)
        status = result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = picture_of_table(parsed, t, &set, err);
    return result_end(parsed, &set, status, err);
}

/* A computation that is cut short, disagrees or cannot save its state still has rows to show.
 * computed: its own status. */
static ordpar_status run(const options *parsed,
                         ordpar_status (*compute)(const ordpar_model *, ordpar_table *,
                                                  ordpar_error *),
                         ordpar_table *t, ordpar_status *computed, ordpar_error *err) {
    ordpar_status status, written;
    ordpar_error reason;
    if ((status = result_check(parsed, parsed->model->value.checkpoint, err)))
        return *computed = status;
    t->draws = parsed->plot;
    picture_watch(parsed, t);
    status = *computed = compute(parsed->model, t, err);
    if (status && (t->n_rows == 0 || (!ordpar_keeps_rows(parsed->model, status) &&
                                      status != ORDPAR_DISAGREES && status != ORDPAR_IO)))
        return status;
    written = write_outputs(parsed, t, &reason);
    return result_conclude(parsed, status, written, &reason, err);
}

ordpar_status command_simulate(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    ordpar_status computed;
    const ordpar_status status = run(parsed, ordpar_compute_simulate, &t, &computed, err);
    ordpar_table_clear(&t);
    return status;
}

ordpar_status command_compare(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    ordpar_status computed;
    const ordpar_status status = run(parsed, ordpar_compute_compare, &t, &computed, err);
    const bool said = computed && computed != ORDPAR_IO; /* its line */
    /* a trial has rows of its own, of which nobody asked */
    const ordpar_fact *verdict = said || output_dry ? NULL : ordpar_table_find_fact(&t, "verdict");
    char line[2 * ORDPAR_MESSAGE_SIZE];
    progress_clear();
    if (verdict) {
        ordpar_error words;
        ordpar_fail(&words, ORDPAR_OK, "%s", verdict->text);
        options_message(&words, line, sizeof line);
        fprintf(stderr, "ordpar compare: %s\n", line);
    }
    ordpar_table_clear(&t);
    return status;
}
