// SPDX-License-Identifier: GPL-3.0-or-later
/* The learning rate that makes eps_g at one alpha least, beside the best of simple kinds. */
#include "base/number.h"
#include "model/compute.h"
#include "model/curve.h"
#include "model/parts.h"
#include "solver/motion/linear_reduction.h"
#include "solver/optimum/families.h"
#include "solver/optimum/optimum.h"
#include "spectra/forms/linear_critical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KINDS = 8, POINTS = 8 }; /* POINTS: of eps_g in a piece of the schedule */

typedef struct {
    const ordpar_model *model;
    ordpar_parts parts;
    ordpar_costate_problem problem;
    ordpar_family_best best[MOST_KINDS];
    ordpar_schedule schedule; /* the optimum */
    double eps_g;             /* its end */
    ordpar_integrate_stats stats;
    int steps;
    const char *stage; /* what is told of the progress */
    double done;       /* how much of it, from 0 to 1 */
    ordpar_table *t;
} optimum;

static void tick(void *context, double alpha) {
    const optimum *o = context;
    char text[64];
    if (!o->model->progress)
        return;
    ordpar_format(text, sizeof text, "%s, alpha = %.4g", o->stage, alpha);
    ordpar_model_tell(o->model, o->done, text);
}

static ordpar_status check(const ordpar_model *model, ordpar_error *err) {
    static const char *const needed[] = {"eta-max", "until"}, *const idle[] = {"eta", "schedule"};
    for (size_t k = 0; k < 2; k++)
        if (!ordpar_model_given(model, needed[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: must be given", needed[k]);
    for (size_t k = 0; k < 2; k++)
        if (ordpar_model_given(model, idle[k]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: is what is looked for, up to eta-max; leave it out", idle[k]);
    if (model->value.labels)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "labels: the noise of each direction is not followed back; a schedule "
                           "that is found with label-noise is taken by a curve with labels");
    if (ordpar_model_given(model, "batch-fraction"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "batch-fraction: its steps are a map, through which eps_g is not "
                           "followed back; batch and single examples are");
    if (ordpar_model_given(model, "tasks"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "tasks: the best learning rate is known for a single task");
    return ordpar_model_check_continued(model, err);
}

static ordpar_status begin(optimum *o, ordpar_error *err) {
    const ordpar_values *v = &o->model->value;
    ordpar_parts *p = &o->parts;
    p->eta_max = v->eta_max;
    ordpar_status status = ordpar_parts_for_equations(o->model, false, p, err);
    if (status)
        return status;
    status = ordpar_model_check_memory(o->model, p->spectrum.L,
                                       ordpar_costate_bytes(&p->network, p->spectrum.L), err);
    p->network.eta = v->eta_max;
    const double rtol = 1e-6; /* enough for a search */
    o->problem = (ordpar_costate_problem){.spectrum = &p->spectrum,
                                          .trained_blocks = p->trained_blocks,
                                          .start = &p->start,
                                          .until = v->until,
                                          .rtol = fmax(v->rtol, rtol),
                                          .atol = v->atol,
                                          .tick = tick,
                                          .context = o,
                                          .stop = o->model->stop};
    return status;
}

/* Rates up to one at which everything diverges are no question with an answer. */
static ordpar_status check_largest(optimum *o, ordpar_error *err) {
    double eps_g;
    ordpar_error reason;
    o->stage = "eta-max";
    const ordpar_status status = ordpar_end_error(&o->problem, &o->parts.network, &eps_g, &reason);
    if (status == ORDPAR_DIVERGED || status == ORDPAR_NUMERICAL)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "eta-max, until: a curve at the constant rate %.17g: %.400s",
                           o->model->value.eta_max, reason.message);
    if (status)
        *err = reason;
    return status;
}

static bool suits(const optimum *o, const ordpar_family *family) {
    return !family->suits || family->suits(&o->parts.network);
}

/* schedules: the kinds that are schedules, else the others. */
static ordpar_status compare_kinds(optimum *o, bool schedules, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_family_count && !status; k++) {
        const ordpar_family *family = &ordpar_families[k];
        if (family->schedules != schedules || !suits(o, family))
            continue;
        o->stage = family->name;
        const double also[ORDPAR_SIMPLEX_MOST] = {k ? o->best[0].x[0] : 0.5};
        status = ordpar_family_minimise(family, &o->problem, &o->parts.network,
                                        o->model->value.eta_max, also, &o->best[k], err);
        o->done += 0.1;
    }
    return status;
}

static void tell(void *context, int steps, double eps_g) {
    optimum *o = context;
    (void)eps_g;
    o->done = 0.3 + 0.5 * steps / (steps + 10.0);
}

/* From the best of the simple schedules on. */
static ordpar_status descend(optimum *o, ordpar_error *err) {
    const ordpar_values *v = &o->model->value;
    size_t first = 0;
    ordpar_member member = ordpar_member_of(&o->problem, &o->parts.network, v->eta_max);
    double numbers[ORDPAR_SIMPLEX_MOST];
    for (size_t k = 0; k < ordpar_family_count; k++)
        if (ordpar_families[k].schedules && o->best[k].eps_g < o->best[first].eps_g)
            first = k;
    ordpar_families[first].set(o->best[first].x, v->eta_max, v->until, &member, numbers);
    o->stage = "optimum";
    return ordpar_optimum_find(&o->problem, &member.network, v->eta_max, (size_t)v->knots,
                               &(ordpar_optimum_watch){tell, o}, &o->schedule, &o->eps_g, &o->steps,
                               err);
}

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    ordpar_table *t = ((optimum *)context)->t;
    (void)state, (void)err;
    t->line[row] = alpha;
    t->line[t->n_line + row] = eps_g;
    return ORDPAR_OK;
}

/* eps_g with the optimum, at the tolerance that was asked for. */
static ordpar_status follow(optimum *o, ordpar_error *err) {
    const ordpar_schedule *s = &o->schedule;
    const size_t count = (s->count - 1) * POINTS + 1;
    ordpar_network network = o->parts.network;
    o->t->line = calloc(2 * count, sizeof *o->t->line);
    if (!o->t->line)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    o->t->n_line = count;
    for (size_t k = 0; k < count; k++) {
        const size_t row = k / POINTS;
        double part = (double)(k % POINTS) / POINTS;
        if (row == 0 && k > 0) /* where most happens, seen on a logarithmic axis */
            part = pow(1e-3, 1 - part);
        o->t->line[k] = row + 1 < s->count
                            ? s->alpha[row] + part * (s->alpha[row + 1] - s->alpha[row])
                            : s->alpha[row];
    }
    network.training.schedule = *s;
    const ordpar_integrate_options options = {.rtol = o->model->value.rtol,
                                              .atol = o->model->value.atol,
                                              .integrator = ordpar_model_integrator(o->model),
                                              .trained_blocks = o->parts.trained_blocks,
                                              .observer = keep,
                                              .tick = NULL,
                                              .context = o,
                                              .stop = o->model->stop};
    const ordpar_status status = ordpar_integrate(&o->parts.spectrum, &network, &o->parts.start,
                                                  o->t->line, count, &options, &o->stats, err);
    if (!status)
        o->eps_g = o->t->line[2 * count - 1];
    return status;
}

/* "eta = 0.16, kappa = 1e-05" */
static void describe(const ordpar_family *family, const double *numbers, size_t size, char *text) {
    size_t used = 0;
    for (size_t k = 0; k < ordpar_family_numbers(family); k++)
        used += (size_t)ordpar_format(text + used, size - used, "%s%s = %.4g", k ? ", " : "",
                                      family->numbers[k], numbers[k]);
}

/* Of linear units, whose mean at finite N may have no limit where the curve has. */
static void note_constant(const optimum *o) {
    ordpar_parts constant = o->parts;
    const ordpar_training *training = &constant.network.training;
    if (!ordpar_network_has(&constant.network, &ordpar_activation_linear) ||
        !ordpar_training_is_plain(training))
        return;
    constant.network.eta = o->best[0].numbers[0];
    const double r = ordpar_linear_ratio_finite_n(&constant.spectrum, constant.trained_blocks,
                                                  ordpar_linear_effective_eta(&constant.network));
    if (!(r < 1))
        ordpar_table_fact(o->t, "finite N", r,
                          "the best constant rate has r_N = %.6g at this N, not below 1: the mean "
                          "over its runs diverges, made by rare ones",
                          r);
}

static void add_facts(const optimum *o) {
    ordpar_table *t = o->t;
    ordpar_parts_facts(o->model, &o->parts, t);
    ordpar_curve_tolerances_note(o->model, &o->parts, t);
    ordpar_table_fact(t, "eps_g", o->eps_g, "%.10g at alpha = %.10g, with the %zu rows below",
                      o->eps_g, o->model->value.until, o->schedule.count);
    for (size_t k = 0; k < ordpar_family_count; k++) {
        const ordpar_family *family = &ordpar_families[k];
        char text[120], key[40];
        if (!suits(o, family))
            continue;
        describe(family, o->best[k].numbers, sizeof text, text);
        const double eps_g = o->best[k].eps_g, times = eps_g == o->eps_g ? 1 : eps_g / o->eps_g;
        ordpar_format(key, sizeof key, "best %s", family->name);
        ordpar_table_fact(t, key, eps_g, "eps_g = %.4g, %.4g times as much, at %s", eps_g, times,
                          text);
    }
    note_constant(o);
    ordpar_curve_limit_facts(o->model, &o->stats, t);
    if (o->eps_g < 100 * o->model->value.atol)
        ordpar_table_fact(t, "floor", 10 * o->model->value.atol,
                          "in the search eps_g below 10 atol = %g counts as nothing: more than one "
                          "schedule comes to that",
                          10 * o->model->value.atol);
    ordpar_table_fact(
        t, "search", o->steps,
        "%d steps downhill; a minimum where nothing small helps, not the least of all "
        "for certain",
        o->steps);
}

static ordpar_status add_rows(const optimum *o, ordpar_error *err) {
    ordpar_table_columns(o->t, "alpha,eta");
    for (size_t k = 0; k < o->schedule.count; k++) {
        double *row = ordpar_table_row(o->t);
        if (!row)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", k + 1);
        row[0] = o->schedule.alpha[k];
        row[1] = o->schedule.eta[k];
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_compute_optimum(const ordpar_model *model, ordpar_table *t,
                                     ordpar_error *err) {
    optimum o = {.model = model, .t = t};
    ordpar_status status = check(model, err);
    if (!status && !(status = begin(&o, err)) && !(status = check_largest(&o, err)) &&
        !(status = compare_kinds(&o, true, err)) && !(status = descend(&o, err)) &&
        !(status = compare_kinds(&o, false, err)) && !(status = follow(&o, err))) {
        add_facts(&o);
        status = add_rows(&o, err);
    }
    if (status)
        ordpar_table_clear(t);
    ordpar_schedule_clear(&o.schedule);
    ordpar_parts_clear(&o.parts);
    return status;
}
