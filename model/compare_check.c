// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/compare.h"
#include "model/curve_fluctuations.h"
#include "solver/fluctuations/fluctuations.h"
#include "validation/compare/theory.h"

#include <string.h>

static ordpar_status check_finite_n(const ordpar_model *model, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    if (strcmp(v->activation, "linear") != 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "against: finite-n is for the activation linear, got %.200s",
                           v->activation);
    if (v->teacher_activation && strcmp(v->teacher_activation, "linear") != 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "teacher-activation: finite-n is for linear, got %.200s",
                           v->teacher_activation);
    const ordpar_use training[] = {{"train-output", v->train_output},
                                   {"weight-decay", v->weight_decay > 0},
                                   {"schedule", v->schedule},
                                   {"momentum", v->momentum},
                                   {"batch", v->batch > 1},
                                   {"batch-fraction", v->batch_fraction > 0},
                                   {"tasks", v->tasks}};
    char used[128];
    if (ordpar_uses_list(sizeof training / sizeof *training, training, used, sizeof used))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "against: finite-n has fixed outputs, a constant learning rate, no "
                           "decay, a single task and single examples; leave out %s",
                           used);
    if (v->small_eta)
        return ordpar_fail(err, ORDPAR_INVALID, "small-eta: finite-n has all orders of eta");
    return ORDPAR_OK;
}

ordpar_status ordpar_compare_check(const ordpar_model *model, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    if (ordpar_model_given(model, "max-z") && v->runs < 2)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "max-z: needs runs of at least 2 for a standard error, got %lld",
                           (long long)v->runs);
    return v->against == ORDPAR_AGAINST_FINITE_N ? check_finite_n(model, err) : ORDPAR_OK;
}

ordpar_status ordpar_compare_check_parts(const ordpar_model *model, const ordpar_parts *parts,
                                         ordpar_error *err) {
    enum { MOST_OVERLAPS = 1000 };
    const size_t overlaps = ordpar_fluctuations_numbers(&parts->network, parts->spectrum.L);
    if (model->value.against != ORDPAR_AGAINST_SHIFTED)
        return ORDPAR_OK;
    if (overlaps > MOST_OVERLAPS)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "against: ode+1/N: the shift of the mean is for at most %d overlaps, "
                           "got %zu",
                           MOST_OVERLAPS, overlaps);
    return ordpar_fluctuations_refuse("against: ode+1/N", parts, model->value.init, err);
}
