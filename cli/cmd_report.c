// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "compute.h"
#include "result.h"

/* With any option of the model on the command line, what that model predicts. */
static const ordpar_model *predicting(const options *parsed) {
    return ordpar_model_given_any(parsed->model, ORDPAR_REPORT_GROUPS) ? parsed->model : NULL;
}

static ordpar_status write_report(const options *parsed, ordpar_table *t, ordpar_error *err) {
    output_set set = {0};
    ordpar_status status = result_begin(parsed, t, err);
    if (!status)
        status = result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    return result_end(&set, parsed, status, err);
}

ordpar_status command_report(const options *parsed, ordpar_error *err) {
    ordpar_table curve = {0}, t = {0};
    if (parsed->n_arguments != 1)
        return ordpar_fail(err, ORDPAR_INVALID, "needs one file, a curve (-: standard input)");
    ordpar_error reason;
    ordpar_status status = output_check("output", parsed->output, err);
    if (!status)
        status = result_read(&curve, parsed->arguments[0], err);
    if (!status && (status = ordpar_compute_report(predicting(parsed), &curve, &t, &reason)))
        ordpar_fail(err, status, "%.200s: %.300s", parsed->arguments[0], reason.message);
    if (!status)
        status = write_report(parsed, &t, err);
    ordpar_table_clear(&curve);
    ordpar_table_clear(&t);
    return status;
}
