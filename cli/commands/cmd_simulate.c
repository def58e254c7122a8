// SPDX-License-Identifier: GPL-3.0-or-later
/* simulate and compare: tables of runs, and their pictures. */
#include "cli/commands/command.h"
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
    return result_end(&set, status, err);
}

/* A computation that is interrupted, disagrees or cannot save its state still has rows to show. */
static ordpar_status run(const options *parsed,
                         ordpar_status (*compute)(const ordpar_model *, ordpar_table *,
                                                  ordpar_error *),
                         ordpar_table *t, ordpar_error *err) {
    ordpar_status status, written;
    ordpar_error reason;
    if ((status = result_check(parsed, parsed->model->value.checkpoint, err)))
        return status;
    t->draws = parsed->plot;
    status = compute(parsed->model, t, err);
    if (status && (t->n_rows == 0 || (status != ORDPAR_INTERRUPTED && status != ORDPAR_DISAGREES &&
                                      status != ORDPAR_IO)))
        return status;
    if ((written = write_outputs(parsed, t, &reason))) {
        *err = reason;
        return written;
    }
    return status;
}

ordpar_status command_simulate(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    const ordpar_status status = run(parsed, ordpar_compute_simulate, &t, err);
    ordpar_table_clear(&t);
    return status;
}

ordpar_status command_compare(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    const ordpar_status status = run(parsed, ordpar_compute_compare, &t, err);
    const ordpar_fact *verdict = status ? NULL : ordpar_table_find_fact(&t, "verdict");
    char line[2 * ORDPAR_MESSAGE_SIZE];
    progress_clear();
    if (verdict) { /* a failure's line says it too */
        ordpar_fail(err, ORDPAR_OK, "%s", verdict->text);
        options_message(err, line, sizeof line);
        fprintf(stderr, "ordpar compare: %s\n", line);
    }
    ordpar_table_clear(&t);
    return status;
}
