// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve_state.h"

#include "base/digest.h"
#include "base/number.h"
#include "base/replace.h"
#include "base/stream_path.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_regular(const char *path) {
    struct stat state;
    return stat(path, &state) == 0 && S_ISREG(state.st_mode);
}

/* The file that a setting names, where the state does not hold what is in it. */
static const char *file_of(const ordpar_model *model, size_t k) {
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    if (row->kind != ORDPAR_KIND_FILE || !model->given[k] || strcmp(row->name, "spectrum") == 0)
        return NULL;
    const char *path = model->text[k];
    return ordpar_setting_names_file(row->name, path) && is_regular(path) ? path : NULL;
}

/* The grid whose numbers stand in a file. */
static const ordpar_grid *listed(const ordpar_model *model, size_t k) {
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    const ordpar_grid *grid = (const void *)((const char *)&model->value + row->offset);
    return row->kind == ORDPAR_KIND_GRID && grid->of_file ? grid : NULL;
}

/* What a run that goes on reads again, or compares, must be a file and no pipe. */
static ordpar_status check_files(const ordpar_model *model, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const char *names[] = {"schedule", "tasks", "activation", "teacher-activation", "overlaps"};
    const char *paths[] = {v->schedule, v->tasks, v->activation, v->teacher_activation,
                           v->checkpoint ? v->overlaps : NULL};
    for (size_t k = 0; k < sizeof names / sizeof *names && (v->checkpoint || v->save_overlaps); k++)
        if (ordpar_setting_names_file(names[k], paths[k]) && !is_regular(paths[k]))
            return ordpar_fail(err, ORDPAR_IO,
                               "%s: %.200s: is not a file, which a run that goes on needs",
                               names[k], paths[k]);
    return ORDPAR_OK;
}

ordpar_status ordpar_curve_state_files(const ordpar_model *model, const char *name, char **text,
                                       ordpar_error *err) {
    enum { WIDTH = 64 };
    char *made = calloc(ordpar_model_settings.count + 1, WIDTH), *end = made;
    ordpar_status status = ORDPAR_OK;
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the files' digests");
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const char *own = ordpar_model_settings.rows[k].name, *path = file_of(model, k);
        const ordpar_grid *grid = listed(model, k);
        const bool array = model->overlaps.K && strcmp(own, "overlaps") == 0;
        uint64_t digest = ORDPAR_DIGEST_START;
        ordpar_error reason;
        if ((!path && !grid && !array) || (name && strcmp(name, own) != 0))
            continue;
        if (array)
            digest = ordpar_model_digest_of_overlaps(model);
        if (grid)
            digest = ordpar_grid_digest(grid);
        if (path && (status = ordpar_digest_file(path, &digest, &reason)))
            ordpar_fail(err, status, "%s: %.480s", own, reason.message);
        else
            end += sprintf(end, "%s%.40s=%016llx", end > made ? " " : "", own,
                           (unsigned long long)digest);
    }
    if (status)
        free(made);
    else
        *text = made;
    return status;
}

bool ordpar_curve_state_has_file(const char *files, const char *word) {
    for (const char *found = files; found && (found = strstr(found, word)); found++)
        if (found == files || found[-1] == ' ')
            return true;
    return false;
}

ordpar_promises ordpar_curve_promises(const ordpar_model *model) {
    ordpar_promises loosest = {model->value.rtol, model->value.atol};
    if (model->origin && model->origin->head.promises.count == 2) {
        loosest.rtol = fmax(loosest.rtol, model->origin->head.promises.values[0]);
        loosest.atol = fmax(loosest.atol, model->origin->head.promises.values[1]);
    }
    return loosest;
}

/* The settings have those of this part. */
static ordpar_status add_promises(const ordpar_model *model, ordpar_continuation *head,
                                  ordpar_error *err) {
    const ordpar_promises p = ordpar_curve_promises(model);
    return p.rtol > model->value.rtol || p.atol > model->value.atol
               ? ordpar_continuation_add(&head->promises, 2, (double[]){p.rtol, p.atol}, err)
               : ORDPAR_OK;
}

ordpar_status ordpar_curve_state_begin(const ordpar_model *model, const ordpar_parts *parts,
                                       ordpar_curve_state *state, ordpar_error *err) {
    const ordpar_spectrum *s = &parts->spectrum;
    const size_t K = parts->network.K, M = parts->network.M;
    ordpar_status status = check_files(model, err);
    if (!status)
        status = ordpar_overlaps_init(K, M, s->L, &state->overlaps, err);
    state->overlaps.heads = ordpar_network_heads(&parts->network);
    if (!status && (parts->network.training.eta_v > 0 || parts->start.v))
        status = ordpar_overlaps_set_outputs(&state->overlaps, parts->network.v, err);
    if (!status)
        status = ordpar_overlaps_set_unlearnable(&state->overlaps, parts->network.unlearnable, err);
    if (!status && !ordpar_spectrum_is_plain(s))
        status = ordpar_continuation_add(&state->head.weights, s->L, s->c, err);
    if (!status)
        status = add_promises(model, &state->head, err);
    if (!status)
        status = ordpar_model_settings_text(model, ORDPAR_CURVE_GROUPS, NULL, &state->head.settings,
                                            err);
    if (!status)
        status = ordpar_curve_state_files(model, NULL, &state->head.files, err);
    if (!status && (model->value.checkpoint || model->value.save_overlaps))
        status = ordpar_model_named_files(model, ORDPAR_CURVE_GROUPS, &state->head.digests, err);
    for (size_t b = 0; b < s->L && !status; b++)
        status =
            ordpar_continuation_add(&state->head.blocks, 2, (double[]){s->lambda[b], s->n[b]}, err);
    return status;
}

ordpar_status ordpar_curve_state_set(ordpar_curve_state *state, double alpha,
                                     const ordpar_overlaps *overlaps,
                                     const ordpar_deviations *deviations, ordpar_error *err) {
    const size_t K = overlaps->K, KKL = K * K * overlaps->L;
    ordpar_status status;
    state->head.alpha = alpha;
    ordpar_overlaps_copy(overlaps, &state->overlaps);
    state->head.teachers.count = state->head.deviations.count = state->head.momentum.count = 0;
    state->head.saddles.count = 0;
    status = ordpar_continuation_add(&state->head.saddles, deviations->saddle_count,
                                     deviations->saddles, err);
    if (!status && overlaps->push)
        status = ordpar_continuation_add(&state->head.momentum,
                                         ordpar_overlaps_push_count(overlaps), overlaps->push, err);
    if (status || !deviations->teacher_of)
        return status;
    for (size_t i = 0; i < K && !status; i++)
        status = ordpar_continuation_add(&state->head.teachers, 1,
                                         &(double){(double)deviations->teacher_of[i] + 1}, err);
    if (!status)
        status = ordpar_continuation_add(&state->head.deviations, KKL, deviations->overlaps.q, err);
    return status
               ? status
               : ordpar_continuation_add(&state->head.deviations, KKL, deviations->overlaps.r, err);
}

enum { DIGEST_SIZE = 17 };

static void digest_of_numbers(const ordpar_curve_state *state, char text[DIGEST_SIZE]) {
    uint64_t digest = ordpar_continuation_digest(&state->head, ORDPAR_DIGEST_START);
    digest = ordpar_overlaps_digest(&state->overlaps, digest);
    ordpar_format(text, DIGEST_SIZE, "%016llx", (unsigned long long)digest);
}

ordpar_status ordpar_curve_state_write(const ordpar_curve_state *state, FILE *file,
                                       ordpar_error *err) {
    char digest[DIGEST_SIZE];
    ordpar_continuation head = state->head; /* whose lists are the state's */
    head.digest = digest;
    digest_of_numbers(state, digest);
    const ordpar_status status = ordpar_continuation_write(file, &head, err);
    return status ? status : ordpar_overlaps_write(&state->overlaps, file, err);
}

ordpar_status ordpar_curve_state_check(const char *setting, const char *path, ordpar_error *err) {
    struct stat state;
    if (!path)
        return ORDPAR_OK;
    if (ordpar_stream_is_direct(path) && stat(path, &state) == 0)
        return ordpar_fail(err, ORDPAR_IO, "%s: %.300s: is %s", setting, path,
                           S_ISDIR(state.st_mode) ? "a folder" : "not a file");
    const int reason = ordpar_replace_check(path);
    return reason ? ordpar_fail(err, ORDPAR_IO, "%s: %.300s: cannot be written: %s", setting, path,
                                strerror(reason))
                  : ORDPAR_OK;
}

ordpar_status ordpar_curve_state_save(const ordpar_curve_state *state, const char *setting,
                                      const char *path, ordpar_error *err) {
    static const char begin[] = "# alpha: ";
    ordpar_replacement r;
    ordpar_error reason;
    ordpar_replace_remove_remains(path, false, begin, strlen(begin));
    ordpar_status status = ordpar_replace_begin(path, &r, &reason);
    if (!status) {
        ordpar_error why;
        status = ordpar_curve_state_write(state, r.file, &why);
        if (status) {
            ordpar_fail(&reason, status, "%.200s: %.280s", path, why.message);
            ordpar_replace_abandon(&r);
        } else {
            status = ordpar_replace_commit(&r, &reason);
        }
    }
    return status ? ordpar_fail(err, status, "%s: %.480s", setting, reason.message) : ORDPAR_OK;
}

static ordpar_status damaged(const char *path, const char *what, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%.300s: %s", path, what);
}

ordpar_status ordpar_curve_state_spectrum(const ordpar_curve_state *state, const char *path,
                                          ordpar_spectrum *spectrum, ordpar_error *err) {
    const ordpar_continuation_list *blocks = &state->head.blocks;
    const size_t L = blocks->count / 2;
    double *lambda = malloc((L + 1) * sizeof *lambda);
    int64_t *n = malloc((L + 1) * sizeof *n);
    ordpar_status status = ORDPAR_OK;
    if (!lambda || !n)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    const ordpar_continuation_list *weights = &state->head.weights;
    bool good = L > 0 && blocks->count == 2 * L && (!weights->count || weights->count == L);
    for (size_t b = 0; b < L && !status && good; b++) {
        lambda[b] = blocks->values[2 * b];
        const double count = blocks->values[2 * b + 1];
        good = count >= 1 && count <= (double)ORDPAR_MAX_INPUT_DIM && count == floor(count) &&
               (b == 0 || lambda[b] <= lambda[b - 1]);
        n[b] = good ? (int64_t)count : 1;
    }
    if (!status && !good)
        status = damaged(path, "its '# blocks:' are not eigenvalues and multiplicities", err);
    if (!status)
        status = ordpar_spectrum_with_teacher(L, lambda, n, weights->count ? weights->values : NULL,
                                              spectrum, err);
    free(lambda);
    free(n);
    return status;
}

/* The deviations' numbers, where there are any. */
static ordpar_status check_deviations(const char *path, size_t K, const ordpar_curve_state *state,
                                      ordpar_error *err) {
    const ordpar_continuation_list *teachers = &state->head.teachers;
    bool good = state->head.deviations.count == teachers->count * 2 * K * state->overlaps.L &&
                (teachers->count == 0 || (teachers->count == K && state->overlaps.M == K));
    for (size_t i = 0; i < teachers->count && good; i++)
        good = teachers->values[i] >= 1 && teachers->values[i] <= (double)K &&
               teachers->values[i] == floor(teachers->values[i]);
    return good ? ORDPAR_OK : damaged(path, "its '# deviations:' are not complete", err);
}

ordpar_status ordpar_curve_state_read(const char *path, const ordpar_curve_state_shape *shape,
                                      ordpar_curve_state *state, ordpar_error *err) {
    const size_t L = state->head.blocks.count / 2, K = shape->K;
    const ordpar_status status =
        ordpar_overlaps_read_state(path, K, shape->M, L, &state->overlaps, err);
    if (status)
        return status;
    if (shape->trained_outputs && !state->overlaps.v)
        return damaged(path, "has no output weights (rows v), which were trained", err);
    if (state->head.momentum.count !=
        (shape->momentum ? ordpar_overlaps_push_count(&state->overlaps) : 0))
        return damaged(path, "its '# push:' is not complete", err);
    return check_deviations(path, K, state, err);
}

ordpar_status ordpar_curve_state_check_numbers(const ordpar_curve_state *state, const char *path,
                                               ordpar_error *err) {
    char digest[DIGEST_SIZE];
    digest_of_numbers(state, digest);
    return !state->head.digest || strcmp(state->head.digest, digest) == 0
               ? ORDPAR_OK
               : damaged(path,
                         "its numbers are not those that were written, as its '# digest:' tells "
                         "(spreadsheets round them)",
                         err);
}

/* As they were written, by a run of ours. */
static bool has_own_numbers(const char *path, const ordpar_overlaps *overlaps) {
    ordpar_curve_state state = {.overlaps = *overlaps};
    ordpar_error reason;
    const bool own = ordpar_continuation_read(path, &state.head, &reason) == ORDPAR_OK &&
                     state.head.digest &&
                     ordpar_curve_state_check_numbers(&state, path, &reason) == ORDPAR_OK;
    ordpar_continuation_clear(&state.head);
    return own;
}

ordpar_status ordpar_curve_state_overlaps(const char *path, size_t K, size_t M, size_t L,
                                          ordpar_overlaps *overlaps, ordpar_error *err) {
    ordpar_overlaps left;
    ordpar_error reason;
    const ordpar_status status = ordpar_overlaps_read(path, K, M, L, overlaps, err);
    if (status != ORDPAR_INVALID || ordpar_overlaps_read_state(path, K, M, L, &left, &reason))
        return status;
    if (!has_own_numbers(path, &left)) {
        ordpar_overlaps_clear(&left);
        return status;
    }
    *overlaps = left;
    return ORDPAR_OK;
}

static ordpar_status start_saddles(const ordpar_continuation_list *saddles, ordpar_deviations *to,
                                   ordpar_error *err) {
    if (!saddles->count)
        return ORDPAR_OK;
    if (!(to->saddles = malloc(saddles->count * sizeof *to->saddles)))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", saddles->count);
    memcpy(to->saddles, saddles->values, saddles->count * sizeof *to->saddles);
    to->saddle_count = saddles->count;
    return ORDPAR_OK;
}

static ordpar_status start_deviations(const ordpar_curve_state *state, ordpar_parts *parts,
                                      ordpar_error *err) {
    const ordpar_overlaps *o = &state->overlaps;
    const size_t K = o->K, KKL = K * K * o->L;
    const double *values = state->head.deviations.values;
    ordpar_deviations *d = &parts->deviations;
    const ordpar_status status = ordpar_overlaps_init(K, K, o->L, &d->overlaps, err);
    if (status)
        return status;
    d->teacher_of = malloc(K * sizeof *d->teacher_of);
    if (!d->teacher_of)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", K);
    for (size_t i = 0; i < K; i++)
        d->teacher_of[i] = (size_t)state->head.teachers.values[i] - 1;
    memcpy(d->overlaps.q, values, KKL * sizeof *values);
    memcpy(d->overlaps.r, values + KKL, KKL * sizeof *values);
    memcpy(d->overlaps.t, o->t, KKL * sizeof *values);
    return ORDPAR_OK;
}

ordpar_status ordpar_curve_state_start(const ordpar_curve_state *state, ordpar_parts *parts,
                                       ordpar_error *err) {
    const ordpar_overlaps *o = &state->overlaps;
    ordpar_overlaps_clear(&parts->start);
    ordpar_status status = ordpar_overlaps_init(o->K, o->M, o->L, &parts->start, err);
    if (status)
        return status;
    ordpar_overlaps_copy(o, &parts->start);
    if (state->head.momentum.count &&
        (status = ordpar_overlaps_set_push(&parts->start, state->head.momentum.values, err)))
        return status;
    if ((status = ordpar_overlaps_set_unlearnable(&parts->start, o->p, err)))
        return status;
    if ((status = ordpar_parts_take_outputs(o, parts, "continue", err)))
        return status;
    parts->start.heads = o->heads;
    if (o->v && (status = ordpar_overlaps_set_outputs(&parts->start, o->v, err)))
        return status;
    parts->deviation = false;
    parts->start_alpha = state->head.alpha;
    ordpar_deviations_clear(&parts->deviations);
    if ((status = start_saddles(&state->head.saddles, &parts->deviations, err)))
        return status;
    return state->head.teachers.count ? start_deviations(state, parts, err) : ORDPAR_OK;
}

void ordpar_curve_state_clear(ordpar_curve_state *state) {
    ordpar_continuation_clear(&state->head);
    ordpar_overlaps_clear(&state->overlaps);
}
