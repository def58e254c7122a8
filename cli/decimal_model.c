// SPDX-License-Identifier: GPL-3.0-or-later
#include "decimal_model.h"

#include "library_error.h"
#include "progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_decimal_texts texts_of(const options *parsed, char (*buffers)[OPTIONS_TEXT_SIZE]) {
    const bool v = parsed->student_output.count > 0, w = parsed->teacher_output.count > 0;
    return (ordpar_decimal_texts){
        .eta = options_text(parsed, "eta", buffers[0]),
        .sigma_J = options_text(parsed, "sigma-j", buffers[1]),
        .label_noise = options_text(parsed, "label-noise", buffers[2]),
        .beta = options_text(parsed, "beta", buffers[3]),
        .student_output = v ? options_text(parsed, "student-output", buffers[4]) : NULL,
        .teacher_output = w ? options_text(parsed, "teacher-output", buffers[5]) : NULL,
        .spectrum_file = parsed->spectrum,
        .overlaps_file = parsed->overlaps,
        .power_law = parsed->spectrum ? 0 : (size_t)parsed->L,
        .init = (ordpar_init)parsed->init,
        .teacher = (ordpar_teacher)parsed->teacher,
        .given_start = parsed->overlaps != NULL};
}

int decimal_error(const options *parsed, ordpar_status status, const ordpar_error *err) {
    return status == ORDPAR_INVALID ? usage_error(parsed, "--%s", err->message)
                                    : library_error(parsed, NULL, status, err);
}

int decimal_model_create(const options *parsed, const model *m, decimal_model *d) {
    char buffers[6][OPTIONS_TEXT_SIZE], grid_buffer[OPTIONS_TEXT_SIZE];
    const char *parts[3] = {0};
    ordpar_decimal_texts texts = texts_of(parsed, buffers);
    char *cut = ordpar_decimals_cut(options_text(parsed, "alpha", grid_buffer), ':', parts, 3);
    *d = (decimal_model){0};
    if (!cut)
        return failure(parsed, "out of memory for the model");
    texts.grid = (ordpar_mp_grid){parts[0], parts[1], (size_t)parsed->alpha.count,
                                  parsed->alpha.logarithmic};
    ordpar_error err;
    const ordpar_status status = ordpar_decimals_init(&texts, &m->spectrum, m->trained_blocks,
                                                      &m->network, &m->start, d, &err);
    free(cut);
    return status ? decimal_error(parsed, status, &err) : -1;
}

void decimal_model_clear(decimal_model *d) {
    ordpar_decimals_clear(d);
}

void decimal_start_form(const options *parsed, ordpar_mp_closed_form_id id, decimal_model *d) {
    char buffers[6][OPTIONS_TEXT_SIZE];
    const ordpar_decimal_texts texts = texts_of(parsed, buffers);
    ordpar_decimals_start_form(&texts, id, d);
}

static void show(void *context, double fraction) {
    progress_show(context, fraction, "arbitrary precision");
}

ordpar_mp_options decimal_options(const options *parsed) {
    return (ordpar_mp_options){.digits = (long)parsed->digits,
                               .stop = &interrupted,
                               .progress = show,
                               .context = (void *)parsed};
}

int decimal_check_options(const options *parsed) {
    if (parsed->data)
        return usage_error(parsed, "--data: has no decimals; arbitrary precision takes --spectrum");
    if (parsed->spread > 0)
        return usage_error(parsed, "--spread: has no decimals; write the spectrum with 'ordpar "
                                   "spectrum -o FILE' and give it as --spectrum FILE");
    if (parsed->spectrum && strcmp(parsed->spectrum, "-") == 0)
        return usage_error(parsed, "--spectrum: must be a file where its decimals matter, got '-'");
    if (parsed->digits <= ORDPAR_MP_MAX_DIGITS)
        return -1;
    const ordpar_mp_model sizes = {
        .spectrum = {.L = (size_t)parsed->L}, .K = (size_t)parsed->K, .M = (size_t)parsed->M};
    const ordpar_mp_cost cost =
        ordpar_mp_curve_cost(&sizes, ORDPAR_MP_BLOCKS, (double)parsed->digits);
    return usage_error(parsed,
                       "--digits: must be at most %d, got %lld: one product of such numbers takes "
                       "about %.2g s, one Taylor step about %.2g s and %.2g GiB",
                       ORDPAR_MP_MAX_DIGITS, (long long)parsed->digits, cost.seconds_per_product,
                       cost.seconds_per_step, cost.bytes / 0x1p30);
}

int decimal_check_cost(const options *parsed, const ordpar_mp_model *decimals,
                       ordpar_mp_representation representation, double lost) {
    double bytes;
    ordpar_error err;
    const ordpar_status status = ordpar_decimals_check_cost(
        decimals, representation, (long)parsed->digits, lost, &bytes, &err);
    return status ? decimal_error(parsed, status, &err)
                  : refuse_memory(parsed, decimals->spectrum.L, bytes);
}

void decimal_notes(table *t, const options *parsed, const ordpar_mp_result *result) {
    table_note(t, "digits", "%lld right significant digits", (long long)parsed->digits);
    if (isfinite(result->log10_bound))
        table_note(t, "error bound",
                   "10^%.1f relative, from two runs; the finer had %ld working digits",
                   result->log10_bound, result->working_digits);
    else
        table_note(t, "error bound",
                   "none: two runs agree exactly; the finer had %ld working digits",
                   result->working_digits);
}
