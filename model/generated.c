// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/parts.h"
#include "spectra/spectrum/generate.h"

#include <string.h>

enum {
    BLOCKS = 1 << ORDPAR_GENERATE_POWER_LAW | 1 << ORDPAR_GENERATE_SPIKED_BULK |
             1 << ORDPAR_GENERATE_QUANTILES,
    DECAYS = 1 << ORDPAR_GENERATE_POWER_LAW | 1 << ORDPAR_GENERATE_RANDOM_FEATURES,
    PLAIN = ~(1 << ORDPAR_GENERATE_HIDDEN_MANIFOLD)
};

/* A setting that some kinds have. */
static const struct {
    const char *name;
    int kinds;
} used[] = {{"eigenvalues", BLOCKS}, {"beta", DECAYS}, {"teacher-decay", PLAIN}};

bool ordpar_generate_has_no(const char *generate, const char *name) {
    ordpar_generator generator;
    ordpar_error unused;
    if (!generate || ordpar_generator_parse(generate, &generator, &unused))
        return false;
    for (size_t k = 0; k < sizeof used / sizeof *used; k++)
        if (strcmp(used[k].name, name) == 0)
            return !(used[k].kinds >> generator.kind & 1);
    return false;
}

ordpar_status ordpar_generate_refuse(ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID,
                       "generate: is for the computation spectrum; give the file that it writes as "
                       "a spectrum's file");
}

static ordpar_status check(const ordpar_model *model, const ordpar_parts *parts,
                           ordpar_generate_kind kind, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    if (!parts->generates)
        return ordpar_generate_refuse(err);
    if (v->spectrum || model->spectrum.L || v->data.count || model->data)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "generate: takes the place of spectrum and data; give one or the other");
    for (size_t k = 0; k < sizeof used / sizeof *used; k++)
        if (!(used[k].kinds >> kind & 1) && ordpar_model_given(model, used[k].name))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: has no place beside generate=%.80s",
                               used[k].name, v->generate);
    return ORDPAR_OK;
}

ordpar_status ordpar_parts_generate(const ordpar_model *model, ordpar_parts *parts,
                                    ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const ordpar_generate_options options = {
        v->N, v->L, v->beta, v->teacher_decay, (uint64_t)v->seed, model->stop};
    ordpar_generated made = {0};
    ordpar_generator generator;
    ordpar_error reason;
    ordpar_status status = ordpar_generator_parse(v->generate, &generator, &reason);
    if (status)
        return ordpar_fail(err, status, "generate: %.480s", reason.message);
    if ((status = check(model, parts, generator.kind, err)) ||
        (status = ordpar_model_check_memory(model, (size_t)v->N,
                                            ordpar_generator_bytes(&generator, v->N, v->L), err)))
        return status;
    if ((status = ordpar_generate(&generator, &options, &made, &reason)))
        return ordpar_fail(err, status, "%s%.480s",
                           status == ORDPAR_INTERRUPTED ? "" : "generate: ", reason.message);
    parts->spectrum = made.spectrum;
    parts->teaches = made.teaches;
    parts->generated = made.unlearnable;
    if (v->normalise)
        ordpar_spectrum_normalise(&parts->spectrum);
    return ORDPAR_OK;
}
