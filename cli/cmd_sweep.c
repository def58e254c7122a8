// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "library_error.h"
#include "plot.h"
#include "progress.h"
#include "sweep_mpi.h"
#include "threads.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A sweep as the first process has it. */
typedef struct {
    const options *parsed;
    sweep_grid grid;
    table t;
    sweep_journal journal;
    size_t part, n_parts; /* part from 1; 1/1: all */
    sweep_work work;
} sweep;

static const char *swept_or_given(const options *parsed, const sweep_grid *g, unsigned groups) {
    for (size_t k = 0; k < option_count; k++)
        if ((parsed->given >> k & 1) && (option_table[k].groups & groups))
            return option_table[k].name;
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            if (g->axes[a].options[k].entry->groups & groups)
                return g->axes[a].options[k].entry->name;
    return NULL;
}

/* Options without use for the job, as the job's own command would refuse them. */
static int check_job(const options *parsed, const sweep_grid *g) {
    const char *name = NULL;
    if (parsed->job == SWEEP_CURVE)
        name = swept_or_given(parsed, g, GROUP_POINT);
    else if (parsed->job == SWEEP_SIMULATE && !(name = swept_or_given(parsed, g, GROUP_COMPARE)))
        name = swept_or_given(parsed, g, GROUP_TOLERANCE);
    if (name)
        return usage_error(parsed, "--%s: has no meaning for --job %s", name,
                           parsed->job == SWEEP_CURVE ? "curve" : "simulate");
    if (parsed->curves && parsed->job != SWEEP_CURVE)
        return usage_error(parsed, "--curves: is for --job curve");
    if (parsed->curves && swept_or_given(&option_defaults, g, GROUP_GRID))
        return usage_error(parsed, "--curves: needs one grid for all points, but alpha is swept");
    enum { MAX_CELLS = 500000000 };
    if (parsed->curves && parsed->alpha.count > MAX_CELLS / (int64_t)g->n_points)
        return usage_error(parsed, "--curves: %zu points with %lld columns are too much",
                           g->n_points, (long long)parsed->alpha.count);
    return -1;
}

static int parse_part(const options *parsed, sweep *s) {
    s->part = s->n_parts = 1;
    if (!parsed->part)
        return -1;
    if (!sweep_parse_part(parsed->part, &s->part, &s->n_parts))
        return usage_error(parsed, "--part: must be I/N with 1 <= I <= N <= %d, got '%.80s'",
                           SWEEP_MAX_POINTS, parsed->part);
    if (parsed->format == FORMAT_JSON)
        return usage_error(parsed, "--part: is written as CSV; --merge writes either format");
    return parsed->plot ? usage_error(parsed, "--part: --merge draws the picture") : -1;
}

static int point_error(const sweep *s, size_t point, const char *message, int code) {
    char where[512];
    sweep_grid_describe(&s->grid, point, where, sizeof where);
    if (code == EXIT_INTERRUPTED)
        return code;
    usage_error(s->parsed, "%s: %s", where, message);
    return code;
}

/* Every point's options and model, before any work. Data are opened for the first point alone. */
static int check_points(const sweep *s) {
    char message[OPTIONS_MESSAGE_SIZE] = "";
    int result = -1;
    for (size_t k = 0; k < s->grid.n_points && result < 0; k++) {
        options at;
        result = sweep_grid_options(&s->grid, s->parsed, k, message, &at);
        if (result < 0 && (k == 0 || !at.data))
            result = sweep_point_check(&at);
        options_clear(&at);
        if (result >= 0)
            result = point_error(s, k, message, result);
        else if (interrupted)
            result = EXIT_INTERRUPTED;
        progress_show(s->parsed, (double)k / (double)s->grid.n_points, "checking point %zu of %zu",
                      k + 1, s->grid.n_points);
    }
    progress_clear();
    if (result == EXIT_INTERRUPTED)
        usage_error(s->parsed, "interrupted before anything was computed");
    return result;
}

static bool in_part(const sweep *s, size_t point) {
    return point % s->n_parts == s->part - 1;
}

static bool take_row(void *context, size_t point, const char *row) {
    sweep *s = context;
    if (point >= s->grid.n_points || !in_part(s, point) || s->work.rows[point] ||
        !sweep_table_fits(&s->t, point, row))
        return false;
    s->work.rows[point] = strdup(row);
    s->work.complete += s->work.rows[point] != NULL;
    return s->work.rows[point] != NULL;
}

/* --checkpoint, or OUTPUT.part; NULL: none. A device or pipe has nothing beside it. */
static char *journal_path(const options *parsed) {
    const char *base = parsed->checkpoint ? parsed->checkpoint : parsed->output;
    struct stat state;
    const bool device = base && stat(base, &state) == 0 && !S_ISREG(state.st_mode);
    if (!base || (!parsed->checkpoint && (device || strcmp(base, "-") == 0)))
        return NULL;
    const size_t size = strlen(base) + sizeof ".part";
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s%s", base, parsed->checkpoint ? "" : ".part");
    return path;
}

static int open_journal(sweep *s) {
    char *path = journal_path(s->parsed), extra[64];
    if (!path)
        return -1;
    ordpar_error err;
    snprintf(extra, sizeof extra, "part %zu of %zu", s->part, s->n_parts);
    const ordpar_status status =
        sweep_journal_open(&s->journal, path, sweep_table_digest(&s->t, extra), take_row, s, &err);
    free(path);
    s->work.journal = &s->journal;
    return status ? library_error(s->parsed, "--checkpoint", status, &err) : -1;
}

typedef struct {
    double cost;
    size_t point;
} costly;

static int by_cost(const void *a, const void *b) {
    const costly *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->point > y->point) - (x->point < y->point);
}

/* The points that are left, the most costly first, so that none of those is the last to end. */
static int make_queue(sweep *s) {
    sweep_work *w = &s->work;
    costly *order = malloc(s->grid.n_points * sizeof *order);
    w->queue = malloc(s->grid.n_points * sizeof *w->queue);
    char message[OPTIONS_MESSAGE_SIZE];
    int result = order && w->queue ? -1 : failure(s->parsed, "out of memory for the points");
    for (size_t k = 0; k < s->grid.n_points && result < 0; k++) {
        w->total += in_part(s, k);
        if (!in_part(s, k) || w->rows[k])
            continue;
        options at;
        if (sweep_grid_options(&s->grid, s->parsed, k, message, &at) < 0)
            order[w->n_queue++] = (costly){sweep_point_cost(&at), k};
        else
            result = failure(s->parsed, "%s", message);
        options_clear(&at);
    }
    if (result < 0)
        qsort(order, w->n_queue, sizeof *order, by_cost);
    for (size_t k = 0; k < w->n_queue && result < 0; k++)
        w->queue[k] = order[k].point;
    free(order);
    return result;
}

static int check_outputs(const options *parsed) {
    int result;
    char *journal = journal_path(parsed);
    if ((result = output_check(parsed, "output", parsed->output)) < 0 &&
        (result = plot_check(parsed, parsed->plot)) < 0)
        result = output_check(parsed, "checkpoint", journal);
    free(journal);
    return result;
}

/* What the first process does before the work. */
static int prepare(sweep *s) {
    const options *parsed = s->parsed;
    int result;
    s->work.rows = calloc(s->grid.n_points, sizeof *s->work.rows);
    if (!s->work.rows)
        return failure(parsed, "out of memory for %zu points", s->grid.n_points);
    if ((result = sweep_table_begin(parsed, &s->grid, &s->t)) >= 0 ||
        (result = sweep_plot_check(parsed, &s->t)) >= 0 || (result = check_outputs(parsed)) >= 0 ||
        (result = check_points(s)) >= 0 || (result = open_journal(s)) >= 0)
        return result;
    return make_queue(s);
}

static int stopped(const sweep *s) {
    const sweep_work *w = &s->work;
    char kept[4200];
    if (w->journal)
        snprintf(kept, sizeof kept, "%s: %zu of %zu points are complete; the same command goes on",
                 s->journal.path, w->complete, w->total);
    else
        snprintf(kept, sizeof kept,
                 "%zu of %zu points were complete and are lost, for want of -o "
                 "or --checkpoint",
                 w->complete, w->total);
    if (!*w->message && !interrupted)
        usage_error(s->parsed, "another process was interrupted; %s", kept);
    else if (w->code >= 0 && !interrupted)
        usage_error(s->parsed, "%s", w->message);
    else if (interrupted)
        usage_error(s->parsed, "interrupted; %s", kept);
    else
        usage_error(s->parsed, "%s; %s", w->message, kept);
    return interrupted ? EXIT_INTERRUPTED : w->code >= 0 ? w->code : EXIT_FAILED;
}

/* What the first process does after it. */
static int finish(sweep *s) {
    sweep_work *w = &s->work;
    if (w->complete < w->total)
        return stopped(s);
    if (s->n_parts > 1)
        table_note(&s->t, "part", "%zu/%zu", s->part, s->n_parts);
    for (size_t k = 0; k < s->grid.n_points; k++)
        if (in_part(s, k) && !sweep_table_add(&s->t, w->rows[k]))
            return failure(s->parsed, "out of memory for the output");
    const int result = sweep_table_write(s->parsed, &s->t);
    if (result != EXIT_DONE)
        return result;
    sweep_journal_remove(&s->journal);
    return sweep_table_conclude(s->parsed, &s->t);
}

static int run(sweep *s) {
    int result;
    if ((result = sweep_grid_parse(s->parsed, &s->grid)) >= 0 ||
        (result = check_job(s->parsed, &s->grid)) >= 0 || (result = parse_part(s->parsed, s)) >= 0)
        return sweep_mpi_agree(result);
    sweep_work_init(&s->work, s->parsed, &s->grid);
    const bool first = sweep_mpi_rank() == 0;
    result = sweep_mpi_agree(first ? prepare(s) : -1);
    if (result < 0) {
        const int64_t threads = s->parsed->threads > 0 ? s->parsed->threads
                                : sweep_mpi_size() > 1 ? 1
                                                       : ordpar_threads(0);
        sweep_run(&s->work, (size_t)threads);
        result = first ? finish(s) : EXIT_DONE;
    }
    sweep_work_clear(&s->work);
    return result;
}

/* Arguments are the files of --merge, or further ones of --data. */
static int take_arguments(options *parsed) {
    if (parsed->merge || parsed->n_arguments == 0)
        return -1;
    if (!options_given(parsed, "data"))
        return usage_error(parsed, "unexpected argument '%.80s'", parsed->arguments[0]);
    parsed->more_data = parsed->arguments;
    parsed->n_more_data = parsed->n_arguments;
    parsed->n_arguments = 0;
    return -1;
}

static int merge(const options *parsed) {
    int result;
    if (options_given_any(parsed,
                          ~(unsigned)(GROUP_OUTPUT | GROUP_PLOT) & ~(unsigned)GROUP_SWEEP) ||
        parsed->sweep.count || parsed->part || parsed->curves || options_given(parsed, "job"))
        return usage_error(parsed, "--merge: takes files, --output, --format, --plot and --column "
                                   "alone");
    if ((result = output_check(parsed, "output", parsed->output)) >= 0 ||
        (result = plot_check(parsed, parsed->plot)) >= 0)
        return result;
    return sweep_merge(parsed);
}

int command_sweep(const options *given) {
    options parsed = *given; /* its lists stay those of the caller */
    int result = take_arguments(&parsed);
    if (result >= 0)
        return result;
    if (parsed.merge)
        return merge(&parsed);
    if ((result = sweep_mpi_begin(&parsed)) >= 0)
        return sweep_mpi_end(result);
    sweep s = {.parsed = &parsed};
    table_init(&s.t);
    result = run(&s);
    sweep_journal_close(&s.journal);
    table_clear(&s.t);
    sweep_grid_clear(&s.grid);
    return sweep_mpi_end(result);
}
