// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/figures/figure.h"
#include "cli/output/progress.h"
#include "validation/data/dataset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PHASES = FIGURES + 1 };

static void (*const makers[PHASES])(figure *) = {figure_1, figure_2, figure_3,     figure_4,
                                                 figure_5, figure_6, figure_phases};

/* The folder, made if it is not there, and gnuplot. */
static ordpar_status check_out(const char *out, ordpar_error *err) {
    struct stat s;
    char path[4200];
    if (!out)
        return ordpar_fail(err, ORDPAR_INVALID, "out: is missing: the folder for the files");
    if (strlen(out) > 4000)
        return ordpar_fail(err, ORDPAR_INVALID, "out: the name is too long, got '%.80s..'", out);
    if (mkdir(out, 0777) != 0 && errno != EEXIST)
        return ordpar_fail(err, ORDPAR_IO, "out: %.300s: cannot be made: %s", out, strerror(errno));
    if (stat(out, &s) != 0 || !S_ISDIR(s.st_mode))
        return ordpar_fail(err, ORDPAR_IO, "out: %.300s: is not a folder", out);
    snprintf(path, sizeof path, "%s/figure.svg", out);
    return plot_check("out", path, err);
}

/* Before hours of other panels. */
static ordpar_status check_file(void *unused, const char *name, const char *path,
                                ordpar_error *err) {
    (void)unused;
    if (strcmp(path, "-") == 0 || access(path, R_OK) == 0)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_IO, "%s: %.300s: cannot be read: %s", name, path,
                       strerror(errno));
}

/* All of its numbers, once, before the panels that take no data. */
static ordpar_status check_data(const ordpar_model *model, ordpar_error *err) {
    enum { ROWS = 256 };
    const ordpar_texts *files = &model->value.data;
    ordpar_dataset *set = NULL;
    ordpar_error reason;
    if (files->count == 0)
        return ORDPAR_OK;
    ordpar_status status = ordpar_dataset_open_array(
        files->count, (const char *const *)files->items, model->value.array, &set, &reason);
    double *rows = status ? NULL : malloc(ROWS * ordpar_dataset_dim(set) * sizeof *rows);
    if (!status && !rows)
        status = ordpar_fail(&reason, ORDPAR_MEMORY, "out of memory for %d examples", ROWS);
    for (size_t got = 1; got > 0 && !status && !interrupted;)
        status = ordpar_dataset_read(set, ROWS, rows, &got, &reason);
    free(rows);
    ordpar_dataset_free(set);
    if (interrupted)
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted before anything was computed");
    return status ? ordpar_fail(err, status, "data: %.480s", reason.message) : ORDPAR_OK;
}

/* 1..6; PHASES; 0: all of the paper's; -1: none of these */
static int which(const char *name) {
    if (strcmp(name, "all") == 0)
        return 0;
    if (strcmp(name, "phases") == 0)
        return PHASES;
    return strlen(name) == 1 && *name >= '1' && *name < '1' + FIGURES ? *name - '0' : -1;
}

ordpar_status command_figure(const options *parsed, ordpar_error *err) {
    const char *name = parsed->n_arguments ? parsed->arguments[0] : "";
    const int number = which(name);
    if (number < 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "needs a figure: one of 1|2|3|4|5|6|phases|all, got '%.80s'", name);
    if (parsed->model->value.data.count && number != 0 && number != 3)
        return ordpar_fail(err, ORDPAR_INVALID, "data: is for figure 3, got figure %s", name);
    if (parsed->model->value.labels && !parsed->model->value.data.count)
        return ordpar_fail(err, ORDPAR_INVALID, "labels: needs the data that they belong to");
    ordpar_status status = check_out(parsed->out, err);
    if (!status)
        status = ordpar_model_each_file(parsed->model, check_file, NULL, err);
    if (!status)
        status = check_data(parsed->model, err);
    figure *f = status ? NULL : calloc(1, sizeof *f);
    if (!f)
        return status ? status : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the panels");
    f->parsed = parsed;
    for (int k = 1; k <= PHASES && !f->status; k++)
        if (number == k || (number == 0 && k <= FIGURES))
            makers[k - 1](f);
    if (number == 0)
        figure_page(f);
    for (size_t k = 0; k < FIGURE_MAX_PANELS; k++)
        ordpar_table_clear(&f->panels[k].t);
    status = f->status ? f->status : f->lost;
    *err = f->status ? f->err : f->reason;
    free(f);
    return status;
}
