// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/compute.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "base/team.h"
#include "model/closed_forms.h"
#include "model/curve.h"
#include "model/ensemble_of.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ordpar_keeps_rows(const ordpar_model *model, ordpar_status status) {
    return model->value.keep_partial && (status == ORDPAR_INTERRUPTED ||
                                         status == ORDPAR_DIVERGED || status == ORDPAR_NUMERICAL);
}

/* What could not be saved beside it, such as a checkpoint, does not cost the rows. */
static bool has_table(const ordpar_model *model, ordpar_status status, const ordpar_table *t) {
    return !status || (t->n_rows > 0 && (status == ORDPAR_DISAGREES || status == ORDPAR_IO ||
                                         ordpar_keeps_rows(model, status)));
}

/* The curve, saved if the model says so. end: the final overlaps; may be NULL. */
static ordpar_status saved_curve(const ordpar_model *model, ordpar_table *t, ordpar_overlaps *end,
                                 ordpar_error *err) {
    const char *path = model->value.save_overlaps;
    ordpar_curve_state state = {0};
    ordpar_status status = ordpar_curve_state_check("save-overlaps", path, err);
    if (!status)
        status = ordpar_model_check_saved(model, err);
    if (!status)
        status = ordpar_compute_curve(model, t, &state, err);
    if (!status && path)
        status = ordpar_curve_state_save(&state, "save-overlaps", path, err);
    if (end && has_table(model, status, t)) {
        *end = state.overlaps;
        state.overlaps = (ordpar_overlaps){0};
    }
    ordpar_curve_state_clear(&state);
    return status;
}

/* Those of motion, which are solved by linear algebra, and what begins as they do. */
static bool has_equations(const char *name) {
    static const char *const names[] = {"curve", "simulate", "compare", "point", "optimize"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(name, names[k]) == 0)
            return true;
    return false;
}

static ordpar_status dispatch(const ordpar_model *model, const char *name, ordpar_table *t,
                              ordpar_error *err) {
    static const char form[] = "closed-form ", precision[] = "precision ";
    ordpar_status status;
    if (has_equations(name) && (status = ordpar_linear_algebra_begin(err)))
        return status;
    if (strcmp(name, "curve") == 0)
        return saved_curve(model, t, NULL, err);
    if (strcmp(name, "simulate") == 0)
        return ordpar_compute_simulate(model, t, err);
    if (strcmp(name, "compare") == 0)
        return ordpar_compute_compare(model, t, err);
    if (strcmp(name, "point") == 0)
        return ordpar_compute_point(model, t, err);
    if (strcmp(name, "optimize") == 0)
        return ordpar_compute_optimum(model, t, err);
    if (strcmp(name, "spectrum") == 0)
        return ordpar_compute_spectrum(model, t, NULL, err);
    if (strncmp(name, form, strlen(form)) == 0)
        return ordpar_compute_closed_form(model, name + strlen(form), t, err);
    if (strncmp(name, precision, strlen(precision)) == 0)
        return ordpar_compute_precision(model, name + strlen(precision), t, err);
    return ordpar_fail(
        err, ORDPAR_INVALID,
        "'%.80s' is no computation: curve, point, simulate, compare, optimize, spectrum, "
        "closed-form NAME, precision curve, check or map",
        name);
}

/* What is in the files that are named, before anything is computed, as files of the program note
 * it. */
static ordpar_status note_files(const ordpar_model *model, const char *computation, ordpar_table *t,
                                ordpar_error *err) {
    unsigned groups = strcmp(computation, "point") == 0 ? ORDPAR_CURVE_GROUPS : 0;
    char *files;
    for (const ordpar_computation *c = ordpar_computations; c->name; c++)
        if (strncmp(computation, c->name, strlen(c->name)) == 0)
            groups |= c->groups;
    ordpar_model *own = NULL; /* what it goes on from; whoever computes says why it cannot */
    ordpar_error reason;
    (void)ordpar_model_resolve(model, &own, &reason);
    const ordpar_status status = ordpar_model_named_files(own ? own : model, groups, &files, err);
    ordpar_model_free(own);
    if (!status && *files)
        ordpar_table_note(t, "digests", "%s", files);
    free(files);
    return status;
}

/* A program may write to standard output; a library has none. */
static ordpar_status check_outputs(const ordpar_model *model, ordpar_error *err) {
    const char *const paths[] = {model->value.save_overlaps, model->value.checkpoint};
    for (size_t k = 0; k < 2; k++)
        if (paths[k] && strcmp(paths[k], "-") == 0)
            return ordpar_fail(err, ORDPAR_INVALID, "%s: must be a file, got '-'",
                               k ? "checkpoint" : "save-overlaps");
    return ORDPAR_OK;
}

ordpar_status ordpar_model_compute(const ordpar_model *model, const char *computation,
                                   ordpar_table **table, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    *table = NULL;
    ordpar_table *t = calloc(1, sizeof *t);
    if (!t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table");
    ordpar_status status = check_outputs(model, err);
    if (!status)
        status = note_files(model, computation, t, err);
    if (!status)
        status = dispatch(model, computation, t, err);
    if (!status)
        status = ordpar_table_check(t, err);
    if (has_table(model, status, t))
        *table = t;
    else
        ordpar_table_free(t);
    return status;
}

ordpar_status ordpar_model_check(const ordpar_model *model, const char *computation,
                                 ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    static const char *const names[] = {"curve", "simulate", "compare", "point"};
    static const ordpar_job jobs[] = {ORDPAR_JOB_CURVE, ORDPAR_JOB_SIMULATE, ORDPAR_JOB_COMPARE,
                                      ORDPAR_JOB_CURVE};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(computation, names[k]) == 0)
            return ordpar_point_check(model, jobs[k], NULL, err);
    return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not curve, simulate, compare or point",
                       computation);
}

ordpar_status ordpar_model_report(const ordpar_model *model, const ordpar_table *curve,
                                  ordpar_table **report, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    *report = NULL;
    ordpar_table *t = calloc(1, sizeof *t);
    if (!t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table");
    ordpar_status status = ordpar_compute_report(model, curve, t, err);
    if (!status)
        status = ordpar_table_check(t, err);
    if (status)
        ordpar_table_free(t);
    else
        *report = t;
    return status;
}

/* One column of q[K][K][L], r[K][M][L], t[M][M][L], v[heads][K], p[M][M]. */
static ordpar_status overlaps_table(const ordpar_overlaps *o, ordpar_table **table,
                                    ordpar_error *err) {
    const size_t heads = o->v ? o->heads : 0;
    const size_t counts[] = {o->K * o->K * o->L, o->K * o->M * o->L, o->M * o->M * o->L,
                             heads * o->K, o->p ? o->M * o->M : 0};
    const double *const parts[] = {o->q, o->r, o->t, o->v, o->p};
    ordpar_table *t = calloc(1, sizeof *t);
    if (!t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table");
    ordpar_table_column(t, "overlap");
    ordpar_table_fact(t, "K", (double)o->K, "%zu", o->K);
    ordpar_table_fact(t, "M", (double)o->M, "%zu", o->M);
    ordpar_table_fact(t, "L", (double)o->L, "%zu", o->L);
    ordpar_table_fact(t, "heads", (double)heads, "%zu", heads);
    ordpar_table_fact(t, "p", o->p ? 1 : 0, "%d", o->p ? 1 : 0);
    for (size_t p = 0; p < sizeof parts / sizeof *parts && !t->failed; p++)
        for (size_t k = 0; k < counts[p] && !t->failed; k++) {
            double *row = ordpar_table_row(t);
            if (row)
                *row = parts[p][k];
        }
    const ordpar_status status = ordpar_table_check(t, err);
    if (status)
        ordpar_table_free(t);
    else
        *table = t;
    return status;
}

ordpar_status ordpar_model_curve_table(const ordpar_model *model, ordpar_table **curve,
                                       ordpar_table **overlaps, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_overlaps end = {0};
    *curve = *overlaps = NULL;
    ordpar_table *made = calloc(1, sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table");
    ordpar_status status = check_outputs(model, err);
    if (!status)
        status = ordpar_linear_algebra_begin(err);
    if (!status)
        status = note_files(model, "curve", made, err);
    if (!status)
        status = saved_curve(model, made, &end, err);
    if (!status)
        status = ordpar_table_check(made, err);
    ordpar_error reason;
    const bool kept = has_table(model, status, made);
    const ordpar_status shown = kept && end.K ? overlaps_table(&end, overlaps, &reason) : ORDPAR_OK;
    if (shown && err)
        *err = reason;
    if (shown || !kept)
        ordpar_table_free(made);
    else
        *curve = made;
    status = shown ? shown : status;
    ordpar_overlaps_clear(&end);
    return status;
}

const char *ordpar_model_closed_form_names(void) {
    return ORDPAR_FORM_NAMES;
}

size_t ordpar_threads_at_once(size_t wanted) {
    while (wanted > 1 && !ordpar_threads_have_room(wanted))
        wanted--;
    return wanted > 0 ? wanted : 1;
}
