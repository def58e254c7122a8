// SPDX-License-Identifier: GPL-3.0-or-later
#include "decimals.h"

void ordpar_decimals_start_form(const ordpar_decimal_texts *texts, ordpar_mp_closed_form_id id,
                                ordpar_decimals *d) {
    ordpar_mp_model *model = &d->model;
    if (id == ORDPAR_MP_LINEAR_CONTINUUM)
        model->trained_blocks = model->spectrum.L;
    if (texts->given_start)
        return;
    model->q = model->r = model->t = NULL;
    model->near_teacher =
        model->linear && id <= ORDPAR_MP_FEATURES && texts->init == ORDPAR_INIT_NEAR_TEACHER;
}

ordpar_status ordpar_decimals_check_form(ordpar_mp_closed_form_id id, const char *name,
                                         bool (*given)(const void *context, const char *option),
                                         const void *context, ordpar_error *err) {
    enum { EACH = 1 << ORDPAR_MP_CLOSED_FORMS };
    const int exact = 1 << ORDPAR_MP_LINEAR_EXACT, small = 1 << ORDPAR_MP_LINEAR_SMALL_ETA,
              continuum = 1 << ORDPAR_MP_LINEAR_CONTINUUM, finite = 1 << ORDPAR_MP_LINEAR_FINITE_N,
              plateau = 1 << ORDPAR_MP_PLATEAU | 1 << ORDPAR_MP_ESCAPE,
              asymptotic = 1 << ORDPAR_MP_ASYMPTOTIC;
    const struct {
        int forms;
        const char *option, *reason;
    } refused[] = {
        {exact | finite, "small-eta", "has all orders in eta"},
        {small | continuum | asymptotic, "label-noise", "leaves out eta^2, and with it the noise"},
        {continuum, "spectrum", "needs the power law of eigenvalues and beta"},
        {continuum | plateau | asymptotic, "trainable", "has all components trained"},
        {continuum | plateau | asymptotic, "overlaps", "is for the mean start and teacher"},
        {plateau, "teacher", "has digits for the mean teacher, got sampled"},
        {EACH - 1, "moments", "has only its own columns with digits"},
        {asymptotic, "continuum", "has its sum over the spectrum with digits"},
    };
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        if ((refused[k].forms >> id & 1) && given(context, refused[k].option))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: %s %s", refused[k].option, name,
                               refused[k].reason);
    if (id == ORDPAR_MP_ASYMPTOTIC && !given(context, "small-eta"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "digits: %s has them at lowest order in eta: add small-eta", name);
    return ORDPAR_OK;
}

ordpar_status ordpar_decimals_check_cost(const ordpar_mp_model *model,
                                         ordpar_mp_representation representation, long digits,
                                         double lost, double *bytes, ordpar_error *err) {
    static const double patience = 1e5;
    enum { GUARD_DIGITS = 16 }; /* of the second, finer run */
    const double working = (double)digits + lost + GUARD_DIGITS;
    const ordpar_mp_cost cost = ordpar_mp_curve_cost(model, representation, working);
    *bytes = cost.bytes;
    if (cost.seconds_per_step > patience)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "digits: %ld digits (%.0f working digits) for K = %zu, M = %zu, L = %zu "
                           "take about %.2g s for each step",
                           digits, working, model->K, model->M, model->spectrum.L,
                           cost.seconds_per_step);
    return ORDPAR_OK;
}
