// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/start_facts.h"

#include "model/parts.h"

#include <math.h>

typedef struct {
    double exponent; /* of l^-exponent */
    double error;    /* standard error of one that is drawn; infinite where it cannot be told */
} slope;

/* log l but for a constant, also where blocks were cut: of the weights l^-zeta, or eigenvalues. */
static double log_rank(const ordpar_model *model, const ordpar_spectrum *s, size_t b) {
    const double zeta = model->value.teacher_decay, beta = model->value.beta;
    return zeta != 0 ? -log(s->c[b]) / zeta : -log(s->lambda[b] / s->lambda[0]) / (1 + beta);
}

/* The line of log(T_l / p_l) over log l, weighted. What is drawn has a chi-square of k = M n_l
 * degrees of freedom in each block, whose logarithm has about the mean and the variance below. */
static slope fit(const ordpar_model *model, const ordpar_spectrum *s, const ordpar_overlaps *o) {
    double sum = 0, x_sum = 0, y_sum = 0, xx = 0, xy = 0;
    for (size_t b = 0; b < s->L && o->t; b++) {
        double trace = 0;
        for (size_t m = 0; m < o->M; m++)
            trace += o->t[(m * o->M + m) * o->L + b];
        const double k = (double)o->M * s->n[b], x = log_rank(model, s, b);
        const double y = log(trace / ((double)o->M * s->p[b])) + 1 / k + 0.27 / (k * k);
        const double w = trace > 0 && isfinite(x) ? 1 / (2 / k + 3 / (k * k)) : 0;
        if (w == 0)
            continue;
        sum += w;
        x_sum += w * x;
        y_sum += w * y;
        xx += w * x * x;
        xy += w * x * y;
    }
    const double spread = sum > 0 ? xx - x_sum * x_sum / sum : 0;
    if (!(spread > 0))
        return (slope){0, INFINITY};
    return (slope){-(xy - x_sum * y_sum / sum) / spread, 1 / sqrt(spread)};
}

/* Beyond what a draw scatters. */
static bool differs(const slope *there, double given) {
    const double most = 5; /* standard errors */
    return fabs(there->exponent - given) > most * there->error;
}

bool ordpar_teacher_slope_fits(const ordpar_model *model, const ordpar_parts *parts) {
    if (!ordpar_model_has_overlaps(model) || !ordpar_model_is_power_law(model))
        return true;
    const slope there = fit(model, &parts->spectrum, &parts->start);
    return !differs(&there, model->value.teacher_decay);
}

static bool is_asked(const ordpar_model *model) {
    return !model->origin && ordpar_model_has_overlaps(model) && model->value.teacher_decay != 0;
}

ordpar_status ordpar_teacher_slope_check(const ordpar_model *model, const ordpar_spectrum *spectrum,
                                         const ordpar_overlaps *start, ordpar_error *err) {
    if (!is_asked(model))
        return ORDPAR_OK;
    const double given = model->value.teacher_decay;
    const slope there = fit(model, spectrum, start);
    if (!differs(&there, given))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "teacher-decay: %g is not that of the teacher of %.200s, whose weights fall "
                       "as l^%.3g; leave it out",
                       given, ordpar_model_overlaps_name(model), -there.exponent);
}

/* Predictions alone have it, and none of the decay without it. */
static void slope_fact(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const bool asked = is_asked(model), fits = ordpar_teacher_slope_fits(model, parts);
    if (!parts->start.t || (fits && !asked))
        return;
    const slope there = fit(model, &parts->spectrum, &parts->start);
    if (isinf(there.error))
        return;
    ordpar_table_fact(t, "teacher decay", there.exponent,
                      "is that of %.200s, whose weights fall as l^%.3g (standard error %.2g of a "
                      "drawn one); %s",
                      ordpar_model_overlaps_name(model), -there.exponent, there.error,
                      fits ? "teacher-decay is for predictions alone"
                           : "no decay exponent is predicted without its teacher-decay");
}

void ordpar_start_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    if (model->origin || !ordpar_model_has_overlaps(model))
        return;
    ordpar_start_run_fact(model, parts, t);
    slope_fact(model, parts, t);
    if (parts->spectrum.reordered)
        ordpar_table_note(t, "blocks",
                          "the eigenvalues were given in another order: blocks of the overlaps are "
                          "numbered from the largest eigenvalue down");
    if (parts->other_outputs)
        ordpar_table_note(t, "output weights",
                          "those of the overlaps, in place of the student_output of %s",
                          model->value.tasks ? "the tasks" : "like");
    if (parts->other_unlearnable)
        ordpar_table_note(t, "unlearnable part",
                          "that of the overlaps, in place of the unlearnable of like");
}
