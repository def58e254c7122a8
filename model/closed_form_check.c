// SPDX-License-Identifier: GPL-3.0-or-later
/* Which settings a closed form refuses. */
#include "model/closed_forms.h"
#include "model/decimals.h"

#include <string.h>

#define BIT(identifier) (1u << ORDPAR_FORM_##identifier)
#define EACH ((1u << ORDPAR_FORMS) - 1)

typedef enum {
    ALWAYS,
    IF_OF_ALPHA, /* a row for each alpha, .. */
    IF_ONE_ROW,
    IF_LOWEST,
    IF_ALL_ORDERS,
    IF_ORDERS_LOWEST,  /* by the setting orders */
    IF_LOWEST_AND_ALL, /* small-eta, and all orders by that setting */
    IF_DIGITS_AND_ALL,
    IF_CONTINUUM,
    IF_ERF,
    IF_DIGITS,
    IF_DIGITS_OF_ERF
} condition;

static const char no_noise[] = "leaves out eta^2, and with it the noise",
                  no_law[] = "needs the power law of eigenvalues and beta, not a given spectrum",
                  all_trained[] = "needs all components trained",
                  no_grid[] = "is one row of numbers, without a grid",
                  mean_teacher[] = "is for the mean teacher";

/* The one list of what closed forms have no use for, in double precision and in decimals. */
static const struct {
    unsigned forms;
    condition when;
    const char *setting, *reason;
} refusals[] = {
    {EACH & ~BIT(PLATEAU), ALWAYS, "moments", "has no order parameters to print"},
    {BIT(PLATEAU), IF_DIGITS, "moments", "has only its own columns with digits"},
    {EACH & ~BIT(PLATEAU) & ~BIT(ESCAPE) & ~BIT(FRONTIER), ALWAYS, "orders",
     "is neither plateau, escape nor frontier"},
    {BIT(PLATEAU) | BIT(ESCAPE) | BIT(FRONTIER), IF_LOWEST_AND_ALL, "orders",
     "has the lowest with small-eta"},
    {BIT(PLATEAU) | BIT(ESCAPE), IF_DIGITS_AND_ALL, "orders", "has digits at lowest order in eta"},
    {EACH & ~BIT(ASYMPTOTIC), ALWAYS, "continuum", "is not asymptotic"},
    {BIT(ASYMPTOTIC), IF_DIGITS, "continuum", "has its sum over the spectrum with digits"},
    {EACH, IF_OF_ALPHA, "compute", "has a grid of alpha in its place"},
    {BIT(FRONTIER), ALWAYS, "alpha", "has compute in its place"},
    {EACH, IF_ONE_ROW, "compute", no_grid},
    {EACH, IF_ONE_ROW, "alpha", no_grid},
    {BIT(LINEAR_EXACT) | BIT(LINEAR_FINITE_N), ALWAYS, "small-eta",
     "has all orders in eta; use linear-small-eta"},
    {BIT(CRITICAL_ETA), ALWAYS, "small-eta",
     "is of all orders in eta: at the lowest no eta is critical"},
    {BIT(LINEAR_SMALL_ETA) | BIT(LINEAR_CONTINUUM), ALWAYS, "label-noise", no_noise},
    {BIT(FRONTIER), IF_ORDERS_LOWEST, "label-noise", no_noise},
    {BIT(FEATURES), IF_LOWEST, "label-noise", no_noise},
    {BIT(ASYMPTOTIC), IF_LOWEST, "label-noise", "needs all orders in eta for it"},
    {EACH & ~(BIT(LINEAR_SMALL_ETA) | BIT(LINEAR_CONTINUUM) | BIT(FEATURES) | BIT(ASYMPTOTIC)),
     ALWAYS, "schedule", "is for a constant learning rate"},
    {BIT(FEATURES) | BIT(ASYMPTOTIC), IF_ALL_ORDERS, "schedule",
     "has schedules at lowest order in eta: add small-eta"},
    {EACH, ALWAYS, "train-output", "is for fixed output weights; use curve"},
    {EACH, ALWAYS, "weight-decay", "is without decay; use curve"},
    {EACH, ALWAYS, "momentum", "is without momentum; use curve"},
    {BIT(LINEAR_FINITE_N), ALWAYS, "batch", "is for single examples; use compare"},
    {EACH, ALWAYS, "batch",
     "is for single examples, whose curve at eta/B, taken at B alpha, is that of batches of B"},
    {EACH, ALWAYS, "batch-fraction", "is not for steps that are a map; use curve"},
    {EACH, ALWAYS, "tasks", "is for a single task; use curve"},
    {BIT(LINEAR_CONTINUUM) | BIT(ASYMPTOTIC), IF_CONTINUUM, "spectrum", no_law},
    {BIT(LINEAR_CONTINUUM) | BIT(ASYMPTOTIC), IF_CONTINUUM, "data", no_law},
    {BIT(LINEAR_CONTINUUM) | BIT(ASYMPTOTIC), IF_CONTINUUM, "spread", no_law},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "spread-parts", no_law},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "array", "is without data"},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "normalise", "has the trace N already"},
    {EACH & ~(BIT(LINEAR_EXACT) | BIT(LINEAR_SMALL_ETA) | BIT(LINEAR_FINITE_N) | BIT(FEATURES)),
     ALWAYS, "labels", "has a teacher of its own"},
    {BIT(FRONTIER), ALWAYS, "unlearnable", "leaves out what no feature shows"},
    {BIT(ASYMPTOTIC), ALWAYS, "unlearnable", "starts at a teacher that the inputs show in full"},
    {BIT(ESCAPE_LAW), ALWAYS, "unlearnable", "needs a teacher that the inputs show in full"},
    {BIT(ESCAPE_LAW), ALWAYS, "trainable", all_trained},
    {BIT(ESCAPE_LAW), ALWAYS, "overlaps", "is the law over drawn starts"},
    {BIT(ESCAPE_LAW), ALWAYS, "teacher",
     "is for the mean teacher: the units of a drawn one leave the plateau at rates of their own, "
     "in "
     "modes that are not alike; a sweep over seed has their plateau_exit"},
    {BIT(ESCAPE_LAW) | BIT(ASYMPTOTIC), ALWAYS, "teacher-seed", mean_teacher},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "teacher-seed", "has the mean over teachers"},
    {BIT(LINEAR_EXACT) | BIT(LINEAR_SMALL_ETA) | BIT(FEATURES), IF_DIGITS, "teacher-seed",
     "has digits for the mean over teachers"},
    {BIT(PLATEAU) | BIT(ESCAPE) | BIT(CRITICAL_ETA), IF_DIGITS_OF_ERF, "teacher-seed",
     "has digits for the mean teacher"},
    {BIT(CRITICAL_ETA), IF_ERF, "unlearnable", "needs a teacher that the inputs show in full"},
    {BIT(PLATEAU) | BIT(ESCAPE), IF_DIGITS, "unlearnable",
     "has digits for a teacher that the inputs show in full"},
    {BIT(LINEAR_EXACT) | BIT(FEATURES), IF_ALL_ORDERS, "labels",
     "has one noise for all directions; use curve, or linear-finite-n"},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "overlaps", "starts from the mean over starts"},
    {BIT(ASYMPTOTIC), ALWAYS, "overlaps", "starts from J = B + sigma_J noise"},
    {BIT(PLATEAU) | BIT(ESCAPE) | BIT(CRITICAL_ETA), IF_DIGITS_OF_ERF, "overlaps",
     "has digits for the mean teacher"},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "trainable", "has all components trained; use features"},
    {BIT(FRONTIER), ALWAYS, "trainable", "finds N_l itself"},
    {BIT(PLATEAU) | BIT(ESCAPE) | BIT(ASYMPTOTIC), ALWAYS, "trainable", all_trained},
    {BIT(CRITICAL_ETA), IF_ERF, "trainable", all_trained},
    {BIT(ASYMPTOTIC), ALWAYS, "init", "starts from J = B + sigma_J noise (near-teacher)"},
    {BIT(PLATEAU) | BIT(ESCAPE) | BIT(CRITICAL_ETA), IF_DIGITS_OF_ERF, "teacher",
     "has digits for the mean teacher, got sampled"},
};

static bool any(const ordpar_numbers *numbers) {
    for (size_t k = 0; k < numbers->count; k++)
        if (numbers->values[k] != 0)
            return true;
    return false;
}

/* All components, by their number. */
static bool trains_all(const ordpar_model *m) {
    return ordpar_model_is_power_law(m) && m->value.trainable == m->value.N;
}

/* The rows and columns of a file `like` are left aside where there are others, or none. */
static bool has_rows(const ordpar_model *m, const char *setting) {
    return ordpar_model_given(m, setting) && !ordpar_model_is_alike(m, setting);
}

/* True if it was set, and to something that a closed form might not be for. */
static bool is_set(const ordpar_model *m, const char *setting) {
    const ordpar_values *v = &m->value;
    const struct {
        const char *setting;
        bool set;
    } special[] = {
        {"alpha", has_rows(m, "alpha")},
        {"compute", has_rows(m, "compute")},
        {"moments", has_rows(m, "moments")},
        {"overlaps", ordpar_model_has_overlaps(m)},
        {"spectrum", m->spectrum.L || v->spectrum},
        {"data", m->data || v->data.count},
        {"small-eta", v->small_eta},
        {"label-noise", v->label_noise > 0},
        {"spread", v->spread > 0},
        {"normalise", v->normalise},
        {"continuum", v->continuum},
        {"unlearnable", any(&v->unlearnable)},
        {"schedule", v->schedule && strcmp(v->schedule, "constant") != 0},
        {"trainable", v->trainable >= 0 && !trains_all(m)},
        {"train-output", v->train_output && v->eta_v > 0},
        {"weight-decay", v->weight_decay > 0},
        {"batch", v->batch > 1},
        {"batch-fraction", v->batch_fraction > 0},
        {"init", ordpar_model_given(m, "init") && v->init != ORDPAR_INIT_NEAR_TEACHER},
        {"teacher-seed", v->teacher_seed >= 0},
        {"teacher", ordpar_model_given(m, "teacher") && v->teacher == ORDPAR_TEACHER_SAMPLED},
    };
    for (size_t k = 0; k < sizeof special / sizeof *special; k++)
        if (strcmp(special[k].setting, setting) == 0)
            return special[k].set;
    return ordpar_model_given(m, setting);
}

static bool holds(const ordpar_form *f, condition when, bool digits) {
    const ordpar_values *v = &f->model->value;
    const char *rows = f->entry->rows;
    switch (when) {
    case ALWAYS:
        return true;
    case IF_OF_ALPHA:
        return rows && strcmp(rows, "alpha") == 0;
    case IF_ONE_ROW:
        return !rows && !f->of_run;
    case IF_LOWEST:
        return v->small_eta || v->continuum;
    case IF_ALL_ORDERS:
        return !v->small_eta && !v->continuum;
    case IF_ORDERS_LOWEST:
        return v->orders == ORDPAR_ORDERS_LOWEST;
    case IF_LOWEST_AND_ALL:
        return v->orders == ORDPAR_ORDERS_ALL && (v->small_eta || v->continuum);
    case IF_DIGITS_AND_ALL:
        return v->orders == ORDPAR_ORDERS_ALL && digits;
    case IF_CONTINUUM:
        return v->continuum || f->id == ORDPAR_FORM_LINEAR_CONTINUUM;
    case IF_ERF:
        return strcmp(v->activation, "erf") == 0;
    case IF_DIGITS:
        return digits;
    case IF_DIGITS_OF_ERF:
        return digits && strcmp(v->activation, "erf") == 0;
    }
    return false;
}

static ordpar_status check_digits(const ordpar_form *f, ordpar_error *err) {
    ordpar_mp_closed_form_id id;
    if (!ordpar_mp_closed_form_find(f->entry->name, &id))
        return ordpar_fail(err, ORDPAR_INVALID, "digits: %s has no such precision", f->entry->name);
    if (f->id == ORDPAR_FORM_ASYMPTOTIC && !f->model->value.small_eta)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "digits: %s has them at lowest order in eta: add small-eta",
                           f->entry->name);
    return ordpar_decimals_check(f->model, err);
}

/* Refuses a setting, perhaps of the file `like`. */
static ordpar_status refuse(const ordpar_form *f, const char *setting, const char *reason,
                            ordpar_error *err) {
    const bool alike = ordpar_model_is_alike(f->model, setting);
    const bool leaves =
        ordpar_setting_can_be_none(ordpar_setting_find(&ordpar_model_settings, setting));
    return ordpar_fail(err, ORDPAR_INVALID, "%s: %s %s%s", setting, f->entry->name, reason,
                       !alike   ? ""
                       : leaves ? "; it is that of like ('none' leaves it out)"
                                : "; it is that of like");
}

ordpar_status ordpar_form_check_start(const ordpar_form *f, ordpar_error *err) {
    static const char setting[] = "unlearnable";
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals && f->parts.network.unlearnable; k++)
        if ((refusals[k].forms >> f->id & 1) && strcmp(refusals[k].setting, setting) == 0 &&
            holds(f, refusals[k].when, false))
            return refuse(f, setting, refusals[k].reason, err);
    return ORDPAR_OK;
}

ordpar_status ordpar_form_check(const ordpar_form *f, bool digits, ordpar_error *err) {
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++)
        if ((refusals[k].forms >> f->id & 1) && holds(f, refusals[k].when, digits) &&
            !(f->of_run && strcmp(refusals[k].setting, "moments") == 0) && /* the run's columns */
            is_set(f->model, refusals[k].setting))
            return refuse(f, refusals[k].setting, refusals[k].reason, err);
    const char *given = f->model->value.activation;
    if (f->entry->activation && strcmp(given, f->entry->activation) != 0 &&
        (ordpar_model_given(f->model, "activation") ||
         ordpar_model_is_alike(f->model, "activation"))) {
        char reason[300];
        snprintf(reason, sizeof reason, "is for %s, got %.200s", f->entry->activation, given);
        return refuse(f, "activation", reason, err);
    }
    return digits ? check_digits(f, err) : ORDPAR_OK;
}
