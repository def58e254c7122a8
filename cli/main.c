// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/commands/dry_run.h"
#include "cli/options/hints.h"
#include "cli/options/libraries.h"
#include "cli/output/look.h"
#include "cli/output/overwrite.h"
#include "cli/output/progress.h"
#include "cli/sweep/sweep_mpi.h"
#include "model/closed_forms.h"
#include "model/model_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

const command commands[] = {
    {"curve", command_curve,
     ORDPAR_CURVE_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_CHOICE | GROUP_LOOK, "",
     0, "integrate the order-parameter equations: eps_g against alpha",
     "ordpar curve -K 2 -M 2 --eta 0.1 --beta 1 --sigma-j 0.01 -N 1024 -L 16 "
     "--alpha 0.01:1e5:300:log -o curve.csv --plot curve.svg",
     NULL, true},
    {"simulate", command_simulate,
     ORDPAR_SIMULATE_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_CHOICE | GROUP_LOOK,
     "", 0, "simulate one-pass SGD: mean and spread of eps_g over an ensemble",
     "ordpar simulate -K 2 -M 2 --eta 0.1 -N 1000 -L 10 --runs 20 --alpha 0:200:41 -o sgd.csv",
     NULL, false},
    {"compare", command_compare,
     ORDPAR_COMPARE_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_CHOICE | GROUP_LOOK, "",
     0, "set theory and simulation side by side, with z-scores",
     "ordpar compare --activation linear -K 1 -M 1 --eta 0.5 -N 32 -L 32 --runs 1000 "
     "--against finite-n --alpha 0:20:21 --plot compare.svg",
     NULL, false},
    {"sweep", command_sweep,
     ORDPAR_SWEEP_GROUPS | GROUP_SWEEP | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_CHOICE |
         GROUP_LOOK,
     " --sweep NAME=LIST", 1000000, "one row of results for each point of a grid of options",
     "ordpar sweep --sweep eta=0.1,0.2 --sweep L=1:1024:11:log -o sweep.csv\n"
     "A killed sweep goes on from OUTPUT.part when the same command is given again. On a cluster:\n"
     "mpirun ordpar sweep .., or the parts of a job array, --part 1/100 and so on, then\n"
     "ordpar sweep --merge part*.csv -o all.csv. The bytes are the same in every way.\n"
     "A point that fails keeps its row, with a message; the exit status is then 1",
     NULL, false},
    {"optimize", command_optimize,
     ORDPAR_OPTIMUM_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_LOOK,
     " --eta-max E --until ALPHA", 0,
     "find the schedule of the learning rate that makes eps_g least at one alpha",
     "ordpar optimize -K 2 -M 2 -L 8 -N 8000 --sigma-j 0.1 --label-noise 0.1 --eta-max 4.5 --until "
     "3000 "
     "-o best.csv --plot best.svg\n"
     "curve, simulate and compare take it as --schedule best.csv",
     NULL, false},
    {"closed-form", command_closed_form,
     ORDPAR_FORM_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_LOOK, " NAME", 1,
     "what the theory says without integrating",
     "ordpar closed-form linear-exact -N 128 -L 128 --eta 1 --alpha 0.01:1e4:200:log",
     ORDPAR_FORM_NAMES, false},
    {"report", command_report, ORDPAR_REPORT_GROUPS | GROUP_LIKE | GROUP_OUTPUT, " FILE", 1,
     "measure plateau, escape rate and decay exponent on a curve",
     "ordpar report curve.csv -K 2 -M 2 --eta 0.1 -L 16\n"
     "With any option of the model, its predictions stand beside the measurements. The escape "
     "rate\n"
     "needs the columns of curve --moments 1",
     NULL, false},
    {"spectrum", command_spectrum,
     ORDPAR_SPECTRUM_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_LOOK, "", 0,
     "print a spectrum, its moments and the exponent fitted to it",
     "ordpar spectrum -N 1024 -L 1024 --beta 0.75 --plot spectrum.svg", NULL, false},
    {"figure", command_figure,
     GROUP_FIGURE | ORDPAR_GROUP_SEED | ORDPAR_GROUP_THREADS | ORDPAR_GROUP_DATA,
     " 1..6|phases|all", 1,
     "the paper's figures: theory and simulation, as CSV files and pictures; all: and a page of "
     "them; phases: where teachers decay",
     "ordpar figure 2 --out figures", "1|2|3|4|5|6|phases|all", false},
    {"precision", command_precision,
     ORDPAR_PRECISION_GROUPS | GROUP_LIKE | GROUP_OUTPUT | GROUP_PLOT | GROUP_LOOK,
     " curve|check|map", 1,
     "arbitrary precision: curves, checks of double, and what the closure of the moments costs",
     "ordpar precision check --digits 30 -L 16 --alpha 0:20:21 --max-error 1e-7", "curve|check|map",
     false},
    {"plot", command_plot, GROUP_OUTPUT | GROUP_CHOICE | GROUP_LEGEND | GROUP_LOOK, " FILE..", 1000,
     "draw files of the other commands, CSV or JSON, in one picture",
     "ordpar plot L1.csv L16.csv sgd.json -o both.svg\n"
     "Theory is drawn as lines, simulations as points with error bars, both of one model in one\n"
     "colour; of a sweep a line for each combination of swept settings. -o names the picture\n"
     "(.svg, .png or .pdf) and is needed",
     NULL, false},
};

const size_t command_count = sizeof commands / sizeof *commands;

const char about_program[] =
    "ordpar: learning dynamics of two-layer student-teacher networks on data with a power-law\n"
    "spectrum, trained by one-pass SGD";

const char about_options[] =
    "An option that is given twice has the last of its values; --data and --sweep have all.";

const char about_exit_status[] =
    "0 done; 1 the computation failed, or one of several outputs; 2 bad usage, or a file\n"
    "that cannot be read or written; 3 theory and simulation disagree (compare --max-z); 130 "
    "interrupted.";

static void print_help(void) {
    printf("%s\n\nUsage: ordpar COMMAND [OPTION..]\n\nCommands:\n", about_program);
    for (size_t k = 0; k < command_count; k++)
        printf("  %-12s %s\n", commands[k].name, commands[k].summary);
    printf("\n  ordpar COMMAND --help   the options of a command\n"
           "  ordpar help man         the manual page; help bash, zsh, fish: completion\n"
           "  ordpar --version        version, and versions of the libraries\n\n"
           "%s\n\nExit status: %s\n",
           about_options, about_exit_status);
}

static void print_command_help(const command *c) {
    printf("Usage: ordpar %s%s [OPTION..]\n\n%s.\nExample: %s\n", c->name, c->arguments, c->summary,
           c->example);
    if (c->words && strstr(c->arguments, "NAME"))
        printf("NAME: %s\n", c->words);
    options_print_help(stdout, c);
}

const command *command_find(const char *name) {
    for (size_t k = 0; k < command_count; k++)
        if (strcmp(commands[k].name, name) == 0)
            return &commands[k];
    return NULL;
}

/* The only place that knows exit codes. */
static int exit_code(ordpar_status status) {
    switch (status) {
    case ORDPAR_OK:
        return 0;
    case ORDPAR_INVALID:
    case ORDPAR_PARSE:
    case ORDPAR_IO:
        return 2;
    case ORDPAR_DISAGREES:
        return 3;
    case ORDPAR_INTERRUPTED:
        return 130;
    case ORDPAR_MEMORY:
    case ORDPAR_DIVERGED:
    case ORDPAR_NUMERICAL:
        return 1;
    }
    return 1;
}

/* The one line of a failure. In a parallel run the first process alone speaks. */
static void print_failure(const char *name, const ordpar_error *err) {
    char line[2 * ORDPAR_MESSAGE_SIZE];
    if (sweep_mpi_rank() != 0 ||
        (interrupted && progress_is_stuck())) /* nothing ends a second wait */
        return;
    options_message(err, line, sizeof line);
    fprintf(stderr, "ordpar%s%s: %s\n", *name ? " " : "", name, line);
}

/* Likewise what is only told. */
static void warn(void *context, const char *text) {
    if (sweep_mpi_rank() == 0)
        progress_warn(context, text);
}

static ordpar_status run(const command *c, int argc, char **argv, ordpar_error *err) {
    options parsed = {.warning = warn};
    progress_name(c->name);
    if (c->run == command_sweep)
        sweep_mpi_quieten();
    ordpar_status status = options_parse(argc, argv, c, &parsed, err);
    if (!status && !parsed.help)
        status = look_check(&parsed, err);
    if (!status && !parsed.help)
        status = overwrite_check(&parsed, err);
    if (!status && parsed.help) {
        print_command_help(c);
    } else if (!status) {
        ordpar_model_set_stop(parsed.model, &interrupted);
        if (progress_is_shown(&parsed))
            ordpar_model_set_progress(parsed.model, progress_show, &parsed);
        if (!parsed.quiet)
            ordpar_model_set_warning(parsed.model, warn, &parsed);
        if (c->run != command_sweep) /* whose points may have other overlaps */
            command_warn_of_restart(&parsed, parsed.model);
        status = parsed.dry_run ? dry_run(&parsed, err) : c->run(&parsed, err);
        progress_clear();
    }
    /* a signal also ends the wait for a pipe, which then cannot be read */
    if (status == ORDPAR_IO && interrupted && strstr(err->message, strerror(EINTR)))
        status = ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted");
    if (status && c->run == command_sweep && !parsed.merge)
        status = sweep_mpi_refuse(status, err);
    options_clear(&parsed);
    return status;
}

/* A reader that has seen enough, as head. */
static bool reader_has_gone(void) {
    struct pollfd out = {.fd = fileno(stdout), .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* Help and version are outputs too: a full disk is an error. */
static ordpar_status flush(ordpar_error *err) {
    const bool written = fflush(stdout) == 0 && !ferror(stdout);
    return written || reader_has_gone()
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_IO, "standard output: cannot be written");
}

static ordpar_status print_topic(const char *topic, ordpar_error *err) {
    const command *c = command_find(topic);
    if (c)
        print_command_help(c);
    else if (strcmp(topic, "man") == 0)
        manual_print(stdout);
    else if (!completion_print(stdout, topic))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "help: must be a command, man, bash, zsh or fish, got '%.80s'", topic);
    return ORDPAR_OK;
}

/* What is asked of the program itself, or a command. */
static ordpar_status dispatch(int argc, char **argv, ordpar_error *err) {
    const char *word = argv[1];
    ordpar_status status = ORDPAR_OK;
    const command *c = command_find(word);
    const bool help = strcmp(word, "help") == 0, version = strcmp(word, "--version") == 0;
    if (c)
        status = run(c, argc, argv, err);
    else if ((help && argc > 3) || (version && argc > 2))
        status = ordpar_fail(err, ORDPAR_INVALID, "%s: unexpected argument '%.80s'", word,
                             argv[help ? 3 : 2]);
    else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || (help && argc == 2))
        print_help();
    else if (help)
        status = print_topic(argv[2], err);
    else if (version)
        version_print();
    else
        status = hint_command(word, commands, command_count, err);
    return status ? status : flush(err);
}

int main(int argc, char **argv) {
    ordpar_error err;
    progress_handle_signals();
    if (!libraries_prepare())
        return exit_code(ORDPAR_MEMORY);
    const ordpar_status status =
        argc < 2 ? ordpar_fail(&err, ORDPAR_INVALID, "needs a command; see 'ordpar --help'")
                 : dispatch(argc, argv, &err);
    if (status)
        print_failure(argc > 1 && command_find(argv[1]) ? argv[1] : "", &err);
    return exit_code(status);
}
