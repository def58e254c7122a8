// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The command line: a model whose settings it sets, and settings of the program itself (files,
 * pictures, sweeps), all by rows of settings.h.
 */
#ifndef ORDPAR_CLI_OPTIONS_H
#define ORDPAR_CLI_OPTIONS_H

#include "model/model_internal.h"
#include "model/settings.h"

#include <stdio.h>

/** Groups of the program's own settings, beside those of settings.h. */
enum {
    GROUP_OUTPUT = ORDPAR_GROUP_PROGRAM << 0,
    GROUP_PLOT = ORDPAR_GROUP_PROGRAM << 1,
    GROUP_SWEEP = ORDPAR_GROUP_PROGRAM << 2,
    GROUP_FIGURE = ORDPAR_GROUP_PROGRAM << 3,
    GROUP_LIKE = ORDPAR_GROUP_PROGRAM << 4,
    GROUP_CHOICE = ORDPAR_GROUP_PROGRAM << 5, /* which columns a picture shows */
    GROUP_LOOK = ORDPAR_GROUP_PROGRAM << 6,   /* axes, title and size of a picture */
    GROUP_LEGEND = ORDPAR_GROUP_PROGRAM << 7,
};

typedef enum { FORMAT_CSV, FORMAT_JSON } output_format;

enum { PROGRAM_MAX_SETTINGS = 32 };

typedef struct command command;
typedef struct options options;

/** One status for all: exit codes are main.c's. DISAGREES and INTERRUPTED may come with outputs. */
typedef ordpar_status (*command_function)(const options *parsed, ordpar_error *err);

/** A command, and the texts about it that help, manual page and completion are made of. */
struct command {
    const char *name;
    command_function run;
    unsigned groups;
    const char *arguments; /* positional arguments, for the usage line */
    size_t max_arguments;
    const char *summary;
    const char *example;
    const char *words; /* what the first argument may be, separated by |; NULL: a file, if any */
    bool lists;        /* numbers may be lists */
};

/** Longer ones no option has. */
enum { OPTIONS_MAX_NAME = 32 };

struct options {
    ordpar_model *model;
    const command *command;
    int argc; /* the whole command line, for the output's header */
    char **argv;
    char **words;     /* its copy, without what --like is to leave out; those below point to it */
    char **arguments; /* positional arguments after the subcommand */
    size_t n_arguments;
    bool given[PROGRAM_MAX_SETTINGS];  /* by row of program_settings */
    bool help;                         /* --help was asked for */
    bool swept[ORDPAR_MAX_SETTINGS];   /* by row of the model's: it has several values */
    bool as_like[ORDPAR_MAX_SETTINGS]; /* those are the values of --like, a sweep's file */
    char *swept_files;                 /* that it was made with: lines "PATH, digest DIGEST" */
    ordpar_model_warning warning;      /* tells what --like leaves out; NULL: nobody does */
    char *files; /* of ordpar_model_named_files, before anything is computed */

    const char *settings; /* the line of another file, which stands for the model's, or "", which
                             stands for no line; NULL: none */

    char *output;
    int format; /* output_format */
    char *plot;
    int64_t decades, bins;
    bool quiet, dry_run;
    char *column, *x, *histogram, *legend; /* what the picture shows */
    int x_scale, y_scale;                  /* index into auto|lin|log */
    char *x_range, *y_range, *title, *x_label, *y_label, *size;
    char *like;
    ordpar_texts sweep;
    int job;    /* ordpar_job */
    char *part; /* I/N */
    bool merge, curves;
    char *out; /* folder */
    bool full;
    int picture; /* index into svg|png|pdf */
};

/** The program's own rows; their values are options. */
extern const ordpar_setting_table program_settings;

/** The row of a name or letter in either table that one of these groups has; NULL: there is none.
 */
const ordpar_setting *options_find(const char *name, unsigned groups);

/**
 * Parses the arguments after the subcommand into *parsed, zeroed before, which starts from the
 * defaults; the caller calls options_clear in every case. Arguments beyond the command's own are
 * further files of --data, where that is given. Errors: INVALID, MEMORY; those of --like.
 */
ordpar_status options_parse(int argc, char **argv, const command *command, options *parsed,
                            ordpar_error *err);
void options_clear(options *parsed);

/** True for a command whose settings that are numbers may have several values, with commas or as a
 * range; options_parse takes them as the setting sweep. */
bool options_takes_lists(const options *parsed);

/** True for several values of a number, where the command takes such. */
bool options_is_list(const options *parsed, const ordpar_setting *row, const char *text);

/** Takes them. Errors: INVALID, MEMORY. */
ordpar_status options_set_list(options *parsed, const ordpar_setting *row, const char *values,
                               ordpar_error *err);

/**
 * The settings of the file that --like names, which may be a pipe, where they are not given. A
 * sweep's file says what is swept, too: a sweep takes that over, other commands take it as lists
 * where they have such, and else need the value that is meant. Errors: those of ordpar_model_like.
 */
ordpar_status options_take_like(options *parsed, ordpar_error *err);

/**
 * Of a command that has not the setting, `--momentum none` beside --like: what the file has of it
 * is left out, and the option from the words of the command line, of which *count are left.
 */
void options_leave_out(options *parsed, int *count);

/**
 * JSON where the output's name ends in .json and no format is given. Errors: INVALID, a name that
 * ends as those of pictures or of arrays and spreadsheets do, which no table is.
 */
ordpar_status options_take_format(options *parsed, ordpar_error *err);

/** True if the option of that long name, of the model or the program, was given. */
bool options_given(const options *parsed, const char *name);

/** A message of the library as the command line says it: dashes before the names of settings that
 * it begins with and before those with a hyphen, and no control characters. */
void options_message(const ordpar_error *err, char *text, size_t size);

/** Loops over the rows of both tables that these groups have: row k, NULL at the end. */
const ordpar_setting *options_row(unsigned groups, size_t k);

/** Of a command: without those of its groups that it always refuses. */
const ordpar_setting *options_command_row(const command *c, size_t k);

/** Prints the options of a command with their defaults. */
void options_print_help(FILE *file, const command *c);

/** The groups in the order in which help shows them. */
typedef struct {
    unsigned groups;
    const char *title;
} option_section;

extern const option_section option_sections[];
extern const size_t option_section_count;

/** Help of an option with its choices and default: at most size characters. */
void option_help_text(const ordpar_setting *row, char *text, size_t size);

#endif
