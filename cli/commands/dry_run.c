// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/dry_run.h"

#include "base/clock.h"
#include "cli/commands/command.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep_mpi.h"
#include "model/parts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

static const double longest = 2; /* seconds that a trial may take */

typedef struct {
    double begun, fraction;
    bool enough;
} trial;

/* Ends the run as Ctrl-C would. */
static void watch(void *context, double fraction, const char *text) {
    trial *t = context;
    (void)text;
    t->fraction = fraction;
    if (ordpar_seconds() - t->begun > longest && !interrupted) {
        t->enough = true;
        interrupted = 1;
    }
}

static volatile sig_atomic_t late = 0;

static void end_late(int signal) {
    (void)signal;
    late = 1;
    interrupted = 1;
}

/* For what tells no progress. */
static void set_timer(time_t seconds) {
    const struct sigaction action = {.sa_handler = end_late, .sa_flags = SA_RESTART};
    const struct itimerval timer = {.it_value = {.tv_sec = seconds}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

static const char *form_of(const options *parsed) {
    return parsed->n_arguments > 0 ? parsed->arguments[0] : "";
}

/* The model's facts, in the words of an output; none where what they are of can be read once, which
 * the trial does. */
static ordpar_status describe(const options *parsed, ordpar_table *t, ordpar_error *err) {
    ordpar_parts parts = {0};
    const char *generate = parsed->model->value.generate;
    if (generate && strcmp(parsed->command->name, "spectrum") == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "dry-run: generate has no trial, as matrices are taken apart in one go, "
                           "got %.80s",
                           generate);
    options shown = *parsed;
    if (parsed->merge) /* of parts, which have their own */
        shown.settings = "";
    const bool several =
        parsed->merge || parsed->sweep.count > 0 || ordpar_model_check_lasting(parsed->model, NULL);
    if (strcmp(parsed->command->name, "optimize") == 0) /* eta is what is looked for */
        parts.eta_max = parsed->model->value.eta_max;
    ordpar_status status = strcmp(parsed->command->name, "closed-form") == 0
                               ? ordpar_model_set_form(parsed->model, form_of(parsed), err)
                               : ORDPAR_OK;
    if (!status && !several)
        status = ordpar_parts_init(parsed->model, NULL, &parts, err);
    if (!status && !several)
        ordpar_parts_facts(parsed->model, &parts, t);
    if (!several) /* the trial would warn once more */
        ordpar_model_set_warning(parsed->model, NULL, NULL);
    ordpar_parts_clear(&parts);
    return status ? status : result_begin(&shown, t, err);
}

static void forget(char **path) {
    free(*path);
    *path = NULL;
}

/* A sweep looks at its journal, and leaves it as it is. */
static void keep_journal(options *parsed) {
    char **checkpoint = &parsed->model->value.checkpoint;
    char *journal =
        strcmp(parsed->command->name, "sweep") == 0 ? command_sweep_journal(parsed) : NULL;
    forget(checkpoint);
    *checkpoint = journal;
}

/* Simulations end at a row: rows lie closer. */
static ordpar_status prepare(options *parsed, ordpar_error *err) {
    ordpar_values *v = &parsed->model->value;
    const ordpar_status status = result_check(parsed, v->checkpoint, err);
    char grid[96];
    double *alpha = NULL;
    keep_journal(parsed);
    forget(&parsed->output);
    forget(&parsed->plot);
    forget(&v->save_overlaps);
    const char *name = parsed->command->name;
    const bool simulates = strcmp(name, "simulate") == 0 || strcmp(name, "compare") == 0;
    if (status || !simulates || v->alpha.count < 1)
        return status;
    ordpar_status read = ordpar_grid_values(&v->alpha, &alpha, err);
    const double last = read ? 0 : alpha[v->alpha.count - 1];
    free(alpha);
    if (read || !(last > 0))
        return read;
    snprintf(grid, sizeof grid, "%.17g:%.17g:200:log", 1e-6 * last, last);
    return ordpar_model_set_text(parsed->model, "alpha", grid, err);
}

static void print_time(const trial *t, double seconds) {
    char expected[32];
    if (!t->enough) {
        printf("time: %.2g s, tried to the end\n", seconds);
    } else if (t->fraction > 0) {
        progress_duration(seconds / t->fraction, sizeof expected, expected);
        printf("time: about %s, if all goes on as in the first %.2g s\n", expected, seconds);
    } else {
        printf("time: not known, as no part of the work was complete after %.2g s\n", seconds);
    }
}

static void print(const ordpar_table *t, const trial *tried) {
    struct rusage usage;
    for (size_t k = 0; k < t->n_facts; k++)
        printf("%s: %s\n", t->facts[k].key, t->facts[k].text);
    getrusage(RUSAGE_SELF, &usage);
    printf("memory: %.0f MiB%s\n", (double)usage.ru_maxrss / 1024, tried->enough ? " so far" : "");
    print_time(tried, ordpar_seconds() - tried->begun);
}

ordpar_status dry_run(options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    trial tried = {0};
    ordpar_status status = describe(parsed, &t, err);
    if (!status && !(status = prepare(parsed, err))) {
        output_dry = parsed->model->trial = true;
        ordpar_model_set_progress(parsed->model, watch, &tried);
        tried.begun = ordpar_seconds();
        set_timer((time_t)longest + 1);
        status = parsed->command->run(parsed, err);
        set_timer(0);
        tried.enough = tried.enough || late;
    }
    if (status == ORDPAR_DISAGREES || (status == ORDPAR_INTERRUPTED && tried.enough))
        status = ORDPAR_OK;
    if (!status && sweep_mpi_rank() == 0)
        print(&t, &tried);
    ordpar_table_clear(&t);
    return status;
}
