// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/stream_path.h"
#include "base/team.h"
#include "cli/commands/command.h"
#include "cli/output/picture.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep_mpi.h"
#include "model/model_internal.h"
#include "validation/simulate/checkpoint.h"

#include <stdlib.h>
#include <string.h>

/* A sweep as the first process has it. */
typedef struct {
    const options *parsed;
    ordpar_model *base; /* what all points have in common */
    sweep_grid grid;
    ordpar_table t;
    sweep_journal journal;
    sweep_work work;
    ordpar_error *err;
} sweep;

static ordpar_status refuse(const sweep *s, const char *message) {
    return ordpar_fail(s->err, ORDPAR_INVALID, "%s", message);
}

/* Settings of a file of runs that are no sweep's, or that the job has no use for, are left aside,
 * as by other commands. */
static ordpar_status leave_aside(sweep *s, unsigned groups) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        const bool idle = (row->groups & groups) || !(row->groups & s->parsed->command->groups);
        if (s->base->given[k] && idle && ordpar_model_is_alike(s->base, row->name))
            status = ordpar_model_set_text(s->base, row->name, NULL, s->err);
    }
    return status;
}

/* Of the settings that are given or swept. */
static unsigned useless_groups(const sweep *s) {
    const int job = s->parsed->job;
    return job == ORDPAR_JOB_CURVE      ? SWEPT_SIMULATION
           : job == ORDPAR_JOB_SIMULATE ? ORDPAR_GROUP_AGAINST | ORDPAR_GROUP_TOLERANCE
                                        : 0;
}

/* The model without the sweep; further files of data are the command's arguments. */
static ordpar_status make_base(sweep *s) {
    const options *parsed = s->parsed;
    ordpar_status status = ordpar_model_copy(parsed->model, &s->base, s->err);
    if (!status && parsed->n_arguments && !options_given(parsed, "data"))
        status = ordpar_fail(
            s->err, ORDPAR_INVALID, "unexpected argument '%.80s'%s", parsed->arguments[0],
            strchr(parsed->arguments[0], '=') ? "; --sweep belongs before it" : "");
    for (size_t k = 0; k < parsed->n_arguments && !status; k++)
        status = ordpar_model_set_text(s->base, "data", parsed->arguments[k], s->err);
    static const char *const of_distribution[] = {"threads", "checkpoint"};
    for (size_t k = 0; k < 2 && !status; k++)
        status = ordpar_model_set_text(s->base, of_distribution[k], NULL, s->err);
    if (status)
        return status;
    ordpar_model_set_stop(s->base, &interrupted);
    ordpar_model_set_progress(s->base, NULL, NULL);
    ordpar_model_set_warning(s->base, NULL, NULL);
    return leave_aside(s, useless_groups(s));
}

static const char *swept_or_given(const sweep *s, unsigned groups) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        if (s->base->given[k] && (ordpar_model_settings.rows[k].groups & groups))
            return ordpar_model_settings.rows[k].name;
    return sweep_grid_swept(&s->grid, groups);
}

/* Settings without use for the job, as the job's own command would refuse them. */
static ordpar_status check_job(const sweep *s) {
    const options *parsed = s->parsed;
    const char *name = swept_or_given(s, useless_groups(s));
    if (name)
        return ordpar_fail(s->err, ORDPAR_INVALID, "%s: has no meaning for --job %s", name,
                           parsed->job == ORDPAR_JOB_CURVE ? "curve" : "simulate");
    if (parsed->curves && parsed->job != ORDPAR_JOB_CURVE)
        return refuse(s, "curves: is for --job curve");
    if (parsed->curves && sweep_grid_swept(&s->grid, ORDPAR_GROUP_GRID))
        return refuse(s, "curves: needs one grid for all points, but alpha is swept");
    enum { MAX_CELLS = 500000000 };
    const int64_t columns = s->base->value.alpha.count;
    if (parsed->curves && columns > MAX_CELLS / (int64_t)s->grid.n_points)
        return ordpar_fail(s->err, ORDPAR_INVALID,
                           "curves: %zu points with %lld columns are too much", s->grid.n_points,
                           (long long)columns);
    return ORDPAR_OK;
}

static ordpar_status parse_part(sweep *s) {
    const options *parsed = s->parsed;
    if (!parsed->part)
        return ORDPAR_OK;
    if (!sweep_parse_part(parsed->part, &s->work.part, &s->work.n_parts))
        return ordpar_fail(s->err, ORDPAR_INVALID,
                           "part: must be I/N with 1 <= I <= N <= %d, got '%.80s'",
                           SWEEP_MAX_POINTS, parsed->part);
    if (parsed->format == FORMAT_JSON)
        return refuse(s, "part: is written as CSV; --merge writes either format");
    return parsed->plot ? refuse(s, "part: --merge draws the picture") : ORDPAR_OK;
}

static ordpar_status warn_of_restart(const sweep *s, size_t point) {
    ordpar_model *at;
    const ordpar_status status = sweep_grid_model(&s->grid, s->base, point, &at, s->err);
    if (!status)
        command_warn_of_restart(s->parsed, at);
    ordpar_model_free(at);
    return status;
}

/* Overlaps of another model, of the first point that has such. */
static bool warn_of_overlaps(const sweep *s, const ordpar_table *facts) {
    const ordpar_fact *fact = ordpar_table_find_fact(facts, "overlaps");
    char text[ORDPAR_MESSAGE_SIZE];
    if (!fact)
        return false;
    snprintf(text, sizeof text, "overlaps: %.480s", fact->text);
    progress_warn((void *)s->parsed, text);
    return true;
}

/* facts: NULL, or receives what its output would say of its model */
static ordpar_status check_point(const sweep *s, const ordpar_model *at, ordpar_table *facts) {
    const ordpar_status status = ordpar_point_check(at, (ordpar_job)s->parsed->job, facts, s->err);
    return status ? status : facts ? ordpar_table_check(facts, s->err) : ORDPAR_OK;
}

/* Every point's settings and model, before any work. Data are opened for the first point alone.
 * Notes, and words on a start that was hardly meant, are those of as many points as it takes no
 * time to look at. */
static ordpar_status check_points(sweep *s) {
    enum { NOTED = 1000 };
    ordpar_status status = ORDPAR_OK;
    const size_t n = s->grid.n_points;
    size_t unasked = n;
    bool is_warned = s->parsed->quiet;
    sweep_notes notes = {0};
    char text[400];
    for (size_t k = 0; k < n && !status; k++) {
        ordpar_model *at;
        ordpar_table facts = {0};
        const bool is_noted = k < NOTED;
        status = sweep_grid_model(&s->grid, s->base, k, &at, s->err);
        if (!status && (k == 0 || at->value.data.count == 0)) {
            status = check_point(s, at, is_noted ? &facts : NULL);
            if (!status && is_noted)
                sweep_notes_add(&notes, k, &facts);
            if (!status && !is_warned)
                is_warned = warn_of_overlaps(s, &facts);
        }
        if (!status && is_noted && unasked == n &&
            ordpar_model_restarts_unasked(at, text, sizeof text))
            unasked = k;
        ordpar_table_clear(&facts);
        ordpar_model_free(at);
        if (status)
            status = sweep_point_blame(&s->grid, k, status, s->err);
        if (interrupted)
            status =
                ordpar_fail(s->err, ORDPAR_INTERRUPTED, "interrupted before anything was computed");
        snprintf(text, sizeof text, "checking point %zu of %zu", k + 1, n);
        ordpar_model_tell(s->parsed->model, (double)k / (double)n, text);
    }
    progress_clear();
    sweep_notes_end(&notes, &s->grid, &s->t);
    sweep_notes_clear(&notes);
    return status || unasked == n ? status : warn_of_restart(s, unasked);
}

static bool take_row(void *context, size_t point, const char *row) {
    sweep *s = context;
    if (point >= s->grid.n_points || !sweep_work_has(&s->work, point) || s->work.rows[point] ||
        !sweep_table_fits(&s->t, point, row))
        return false;
    s->work.rows[point] = strdup(row);
    s->work.complete += s->work.rows[point] != NULL;
    return s->work.rows[point] != NULL;
}

/* A device or pipe has nothing beside it. */
char *command_sweep_journal(const options *parsed) {
    const char *checkpoint = parsed->model->value.checkpoint;
    const char *base = checkpoint ? checkpoint : parsed->output;
    if (!base || (!checkpoint && (ordpar_stream_is_direct(base) || strcmp(base, "-") == 0)))
        return NULL;
    const size_t size = strlen(base) + sizeof ".part";
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s%s", base, checkpoint ? "" : ".part");
    return path;
}

/* known: what the sweep is known by */
static ordpar_status open_journal(sweep *s, const char *known) {
    char *path = command_sweep_journal(s->parsed), part[64];
    if (!path)
        return ORDPAR_OK;
    ordpar_error reason;
    snprintf(part, sizeof part, "part %zu of %zu", s->work.part, s->work.n_parts);
    const uint64_t digest =
        ordpar_digest(ordpar_digest(ORDPAR_DIGEST_START, known, strlen(known)), part, strlen(part));
    char *lines = malloc(strlen(known) + sizeof part + 1);
    if (lines)
        sprintf(lines, "%s\n%s", known, part);
    const ordpar_status status =
        output_dry ? sweep_journal_look(path, digest, lines, take_row, s, &reason)
                   : sweep_journal_open(&s->journal, path, digest, lines, take_row, s, &reason);
    s->journal.known = NULL;
    free(lines);
    free(path);
    s->work.journal = output_dry ? NULL : &s->journal;
    return status ? ordpar_fail(s->err, status, "checkpoint: %.480s", reason.message) : ORDPAR_OK;
}

static ordpar_status check_outputs(const options *parsed, ordpar_error *err) {
    char *journal = command_sweep_journal(parsed);
    const ordpar_status status = result_check(parsed, journal, err);
    free(journal);
    return status;
}

/* Before there are rows. A column of grids has no numbers for an axis. */
static ordpar_status check_picture(sweep *s) {
    size_t alpha = 0;
    const bool words =
        sweep_grid_of_grids(&s->grid) && ordpar_table_find_column(&s->t, "alpha", &alpha);
    if (words)
        *s->t.columns[alpha] = '\0';
    const ordpar_status status = picture_check(s->parsed, &s->t, s->err);
    if (words)
        *s->t.columns[alpha] = 'a';
    return status;
}

/* What the first process does before the work. */
static ordpar_status prepare(sweep *s, const char *known) {
    ordpar_status status;
    s->work.rows = calloc(s->grid.n_points, sizeof *s->work.rows);
    if (!s->work.rows)
        return ordpar_fail(s->err, ORDPAR_MEMORY, "out of memory for %zu points", s->grid.n_points);
    if ((status = check_outputs(s->parsed, s->err)) || (status = check_points(s)) ||
        (status = check_picture(s)) || /* of values that are some */
        (status = open_journal(s, known)) || (status = sweep_work_queue(&s->work, s->err)))
        return status;
    if (output_dry && s->work.complete > 0)
        printf("journal: has %zu of %zu points\n", s->work.complete, s->work.total);
    return ORDPAR_OK;
}

static ordpar_status stopped(const sweep *s) {
    const sweep_work *w = &s->work;
    char kept[400];
    if (w->journal)
        snprintf(kept, sizeof kept,
                 "%.250s: %zu of %zu points are complete; the same command goes on",
                 s->journal.path, w->complete, w->total);
    else
        snprintf(kept, sizeof kept,
                 "%zu of %zu points were complete and are lost, for want of -o or --checkpoint",
                 w->complete, w->total);
    if (interrupted && output_dry)
        return ordpar_fail(s->err, ORDPAR_INTERRUPTED, "interrupted");
    if (interrupted)
        return ordpar_fail(s->err, ORDPAR_INTERRUPTED, "interrupted; %s", kept);
    if (w->status)
        return ordpar_fail(s->err, w->status, "%s", w->err.message);
    return ordpar_fail(s->err, ORDPAR_MEMORY, "%.250s; %s",
                       *w->err.message ? w->err.message : "another process was interrupted", kept);
}

/* What the first process does after it. */
static ordpar_status finish(sweep *s) {
    const sweep_work *w = &s->work;
    if (w->complete < w->total)
        return stopped(s);
    if (s->parsed->part)
        ordpar_table_note(&s->t, "part", "%zu/%zu", s->work.part, s->work.n_parts);
    for (size_t k = 0; k < s->grid.n_points; k++)
        if (sweep_work_has(w, k) && !sweep_table_add(&s->t, w->rows[k]))
            return ordpar_fail(s->err, ORDPAR_MEMORY, "out of memory for the output");
    if (!s->parsed->part) /* parts say the same */
        sweep_table_settle(&s->t);
    bool written;
    const ordpar_status status = sweep_table_write(s->parsed, &s->t, &written, s->err);
    if (written)
        sweep_journal_remove(&s->journal);
    return status;
}

/* What each process does before the work; known: receives what the sweep is known by. */
static ordpar_status begin(sweep *s, char **known) {
    ordpar_status status;
    if ((status = make_base(s)) ||
        (status = sweep_grid_parse(&s->parsed->sweep, s->base, &s->grid, s->err)) ||
        (status = check_job(s)) || (status = parse_part(s)) ||
        (status = sweep_table_begin(s->parsed, s->base, &s->grid, &s->t, s->err)))
        return status;
    s->work.base = s->base;
    s->work.grid = &s->grid;
    *known = sweep_table_text(&s->t);
    return *known ? ORDPAR_OK : ordpar_fail(s->err, ORDPAR_MEMORY, "out of memory for the notes");
}

static ordpar_status compute(sweep *s, const char *known) {
    const bool first = sweep_mpi_rank() == 0;
    ordpar_status status = sweep_mpi_agree(first ? prepare(s, known) : ORDPAR_OK, s->err);
    if (!status) {
        const int64_t wanted = s->parsed->model->value.threads;
        const int threads = wanted > 0             ? (int)wanted
                            : sweep_mpi_size() > 1 ? 1
                                                   : (int)ordpar_threads(0);
        sweep_run(&s->work, (size_t)threads);
        status = first ? finish(s) : ORDPAR_OK;
    }
    return status;
}

static ordpar_status run(const options *parsed, ordpar_error *err) {
    sweep s = {.parsed = parsed, .err = err};
    char *known = NULL;
    sweep_work_init(&s.work, parsed);
    ordpar_status status = sweep_mpi_agree(begin(&s, &known), err);
    if (!status && !(status = sweep_mpi_same(known, parsed->part, err)))
        status = compute(&s, known);
    free(known);
    sweep_work_clear(&s.work);
    sweep_journal_close(&s.journal);
    ordpar_table_clear(&s.t);
    sweep_grid_clear(&s.grid);
    ordpar_model_free(s.base);
    return status;
}

static ordpar_status merge(const options *parsed, ordpar_error *err) {
    ordpar_status status;
    if (ordpar_model_given_any(parsed->model, ~0U) || parsed->sweep.count || parsed->part ||
        parsed->curves || options_given(parsed, "job"))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "merge: takes files, --output, --format and what concerns the picture alone");
    if ((status = result_check(parsed, NULL, err)))
        return status;
    return sweep_merge(parsed, err);
}

ordpar_status command_sweep(const options *parsed, ordpar_error *err) {
    if (parsed->merge)
        return merge(parsed, err);
    const ordpar_status status = sweep_mpi_begin(err);
    return sweep_mpi_end(status ? status : run(parsed, err));
}
