// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "progress.h"
#include "version.h"

#include <cblas.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(const options *);
    unsigned groups;
    const char *arguments; /* positional arguments, for the usage line */
    size_t max_arguments;
    const char *summary;
    const char *example;
} command;

static const command commands[] = {
    {"curve", command_curve,
     GROUP_MODEL | GROUP_GRID | GROUP_TOLERANCE | GROUP_CURVE | GROUP_OUTPUT | GROUP_PLOT |
         GROUP_DECADES,
     "", 0, "integrate the order-parameter equations: eps_g against alpha",
     "ordpar curve -K 2 -M 2 --eta 0.1 --beta 1 --sigma-j 0.01 -N 1024 -L 16 "
     "--alpha 0.01:1e5:300:log -o curve.csv --plot curve.svg"},
    {"simulate", command_simulate,
     GROUP_MODEL | GROUP_GRID | GROUP_SIMULATION | GROUP_EACH | GROUP_OUTPUT | GROUP_PLOT, "", 0,
     "simulate one-pass SGD: mean and spread of eps_g over an ensemble",
     "ordpar simulate -K 2 -M 2 --eta 0.1 -N 1000 -L 10 --runs 20 --alpha 0:200:41 -o sgd.csv"},
    {"compare", command_compare,
     GROUP_MODEL | GROUP_GRID | GROUP_TOLERANCE | GROUP_SIMULATION | GROUP_COMPARE | GROUP_OUTPUT |
         GROUP_PLOT,
     "", 0, "set theory and simulation side by side, with z-scores",
     "ordpar compare --activation linear -K 1 -M 1 --eta 0.5 -N 32 -L 32 --runs 1000 "
     "--against finite-n --alpha 0:20:21 --plot compare.svg"},
    {"closed-form", command_closed_form,
     GROUP_MODEL | GROUP_GRID | GROUP_CLOSED_FORM | GROUP_DIGITS | GROUP_OUTPUT | GROUP_PLOT |
         GROUP_DECADES,
     " NAME", 1, "what the theory says without integrating",
     "ordpar closed-form linear-exact -N 128 -L 128 --eta 1 --alpha 0.01:1e4:200:log\n"
     "NAME: linear-exact, linear-small-eta, linear-continuum, linear-finite-n, features "
     "(--trainable),\n"
     "      plateau, escape, asymptotic, critical-eta"},
    {"report", command_report, GROUP_MODEL | GROUP_OUTPUT, " FILE", 1,
     "measure plateau, escape rate and decay exponent on a curve",
     "ordpar report curve.csv -K 2 -M 2 --eta 0.1 -L 16\n"
     "With any option of the model, its predictions stand beside the measurements. The escape "
     "rate\n"
     "needs the columns of curve --moments 1"},
    {"spectrum", command_spectrum, GROUP_SPECTRUM | GROUP_FIT | GROUP_OUTPUT | GROUP_PLOT, "", 0,
     "print a spectrum, its moments and the exponent fitted to it",
     "ordpar spectrum -N 1024 -L 1024 --beta 0.75 --plot spectrum.svg"},
    {"figure", command_figure, GROUP_FIGURE, " 1..6|all", 1,
     "the paper's figures: theory and simulation, as CSV files and pictures; all: and a page of "
     "them",
     "ordpar figure 2 --out figures"},
    {"precision", command_precision,
     GROUP_MODEL | GROUP_GRID | GROUP_TOLERANCE | GROUP_DIGITS | GROUP_PRECISION | GROUP_OUTPUT |
         GROUP_PLOT,
     " curve|check|map", 1,
     "arbitrary precision: curves, checks of double, and what the closure of the moments costs",
     "ordpar precision check --digits 30 -L 16 --alpha 0:20:21 --max-error 1e-7"},
    {"plot", command_plot, GROUP_OUTPUT | GROUP_DECADES, " FILE..", 1000,
     "draw curves from CSV files in one picture",
     "ordpar plot L1.csv L16.csv -o both.svg\n"
     "The files are those of curve and closed-form (a line each) or simulate (points with error "
     "bars);\n"
     "-o names the picture (.svg, .png or .pdf) and is needed"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(void) {
    puts(
        "ordpar: learning dynamics of two-layer student-teacher networks on data with a power-law\n"
        "spectrum, trained by one-pass SGD\n\n"
        "Usage: ordpar COMMAND [OPTION..]\n\nCommands:");
    for (size_t k = 0; k < COMMANDS; k++)
        printf("  %-12s %s\n", commands[k].name, commands[k].summary);
    puts("\n  ordpar COMMAND --help   the options of a command\n"
         "  ordpar --version        version, and versions of the libraries\n\n"
         "Exit status: 0 done; 1 the computation failed; 2 bad usage, or a file that cannot be "
         "read\n"
         "or written; 3 theory and simulation disagree (compare --max-z); 130 interrupted.");
}

static void print_command_help(const command *c) {
    printf("Usage: ordpar %s%s [OPTION..]\n\n%s.\nExample: %s\n", c->name, c->arguments, c->summary,
           c->example);
    options_print_help(stdout, c->groups);
}

static const command *find(const char *name) {
    for (size_t k = 0; k < COMMANDS; k++)
        if (strcmp(commands[k].name, name) == 0)
            return &commands[k];
    return NULL;
}

/* Arguments after those of the command are further files of --data, so that a pattern works. */
static void take_data(const command *c, options *parsed) {
    if (!parsed->data || parsed->n_arguments <= c->max_arguments)
        return;
    parsed->more_data = parsed->arguments + c->max_arguments;
    parsed->n_more_data = parsed->n_arguments - c->max_arguments;
    parsed->n_arguments = c->max_arguments;
}

static int run(const command *c, int argc, char **argv) {
    options parsed;
    int result = options_parse(argc, argv, c->name, c->groups, &parsed);
    if (result < 0)
        take_data(c, &parsed);
    if (result == OPTIONS_HELP) {
        print_command_help(c);
        result = EXIT_DONE;
    } else if (result < 0 && parsed.n_arguments > c->max_arguments) {
        result =
            usage_error(&parsed, "unexpected argument '%.80s'", parsed.arguments[c->max_arguments]);
    } else if (result < 0) {
        result = c->run(&parsed);
    }
    options_clear(&parsed);
    return result;
}

/* Help and version are outputs too: a full disk is an error. */
static int finish(int result) {
    if ((fflush(stdout) != 0 || ferror(stdout)) && result == EXIT_DONE) {
        fputs("ordpar: standard output: cannot be written\n", stderr);
        return EXIT_USAGE;
    }
    return result;
}

int main(int argc, char **argv) {
    progress_handle_signals();
    gsl_set_error_handler_off();
    openblas_set_num_threads(1); /* the same bytes whatever the cores; ensembles use those */
    if (argc < 2) {
        fputs("ordpar: needs a command; see 'ordpar --help'\n", stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help();
        return finish(EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        version_print();
        return finish(EXIT_DONE);
    }
    const command *c = find(argv[1]);
    if (!c) {
        const options none = {0};
        return usage_error(&none, "'%.80s' is not a command; see 'ordpar --help'", argv[1]);
    }
    return finish(run(c, argc, argv));
}
