// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The command line: one table of options, from which parsing, range checks, defaults and help come.
 */
#ifndef ORDPAR_CLI_OPTIONS_H
#define ORDPAR_CLI_OPTIONS_H

#include "overlaps.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_DISAGREES = 3, EXIT_INTERRUPTED = 130 };

/** Groups of options; a command takes the union of some. */
enum {
    GROUP_MODEL = 1 << 0,    /* network, spectrum and start */
    GROUP_SPECTRUM = 1 << 1, /* the spectrum alone; part of the model */
    GROUP_GRID = 1 << 2,
    GROUP_TOLERANCE = 1 << 3,
    GROUP_OUTPUT = 1 << 4,
    GROUP_PLOT = 1 << 5,
    GROUP_CURVE = 1 << 6,
    GROUP_FIT = 1 << 7,
    GROUP_CLOSED_FORM = 1 << 8,
    GROUP_SIMULATION = 1 << 10,
    GROUP_COMPARE = 1 << 11,
    GROUP_FIGURE = 1 << 16,
    GROUP_EACH = 1 << 12,      /* a column for each run */
    GROUP_DECADES = 1 << 13,   /* of pictures of curves */
    GROUP_DIGITS = 1 << 20,    /* --digits */
    GROUP_PRECISION = 1 << 21, /* of the command precision */
    GROUP_TRAINING = 1 << 25,  /* outputs, decay and schedule; of commands that train */
    GROUP_SWEEP = 1 << 27,     /* of the command sweep */
    GROUP_POINT = 1 << 28      /* of the simulations at the points of a sweep */
};

typedef struct {
    double start, stop;
    int64_t count;
    bool logarithmic;
} grid;

/** A comma-separated list of numbers; count 0: not given. */
typedef struct {
    double *values;
    size_t count;
} number_list;

/** The arguments of an option that may be given several times. */
typedef struct {
    const char **items;
    size_t count;
} text_list;

typedef enum { FORMAT_CSV, FORMAT_JSON } output_format;

enum { OPTIONS_MAX = 64, OPTIONS_TEXT_SIZE = 64, OPTIONS_MESSAGE_SIZE = 2048 };

typedef struct {
    uint64_t given;               /* bit k: entry k of the table was on the command line */
    const char *raw[OPTIONS_MAX]; /* the argument of entry k as it was typed */
    const char *command;          /* the subcommand's name, for messages */
    unsigned groups;              /* the groups of options that it takes */
    int argc;                     /* the whole command line, for the output's header */
    char **argv;
    char **arguments; /* positional arguments after the subcommand */
    size_t n_arguments;

    int activation; /* index for ordpar_activation_at */
    int64_t K, M, N, L;
    double beta;
    const char *spectrum;
    const char *data;
    char **more_data; /* the data's further files: the command's last arguments */
    size_t n_more_data;
    double eta, sigma_J, label_noise;
    number_list student_output, teacher_output;
    bool train_output;
    double eta_v, weight_decay;
    const char *schedule;
    int64_t trainable;
    bool small_eta;
    int init, teacher; /* ordpar_init, ordpar_teacher */
    int64_t seed;
    const char *overlaps, *save_overlaps;
    grid alpha;
    double rtol, atol;
    number_list moments;
    bool report, continuum;
    grid compute;
    const char *fit;
    int method; /* ordpar_method */
    int64_t runs, threads;
    bool each, keep_partial;
    const char *checkpoint;
    int against; /* ordpar_against */
    double max_z;
    const char *out; /* folder */
    bool full;
    int picture; /* index into svg|png|pdf */
    const char *output;
    int format; /* output_format */
    const char *plot;
    int64_t decades;
    bool quiet;
    int64_t digits;
    int representation; /* ordpar_mp_representation */
    number_list sizes;
    double max_error;
    text_list sweep;
    int job;          /* sweep_job */
    const char *part; /* i/n */
    bool merge, curves;
    const char *column;
    char *message; /* [OPTIONS_MESSAGE_SIZE] where errors go instead of standard error, or NULL */
} options;

/**
 * Parses the arguments after the subcommand into *parsed, which starts from the defaults. groups:
 * what the command takes. Returns -1 to go on, OPTIONS_HELP if help was asked for, or EXIT_USAGE
 * after one line on standard error. The caller calls options_clear in every case.
 */
enum { OPTIONS_HELP = 1000 };
int options_parse(int argc, char **argv, const char *command, unsigned groups, options *parsed);
void options_clear(options *parsed);

/** True if the option of that long name was on the command line. */
bool options_given(const options *parsed, const char *name);

/** Marks an option as given: for a program that makes options of its own. */
void options_mark(options *parsed, const char *name);

/**
 * The argument of the option of that long name as it was typed, or its default written into
 * buffer: numbers for arbitrary precision. NULL for an option without a default that was not given.
 */
const char *options_text(const options *parsed, const char *name, char buffer[OPTIONS_TEXT_SIZE]);

/** True if any option of these groups was on the command line. */
bool options_given_any(const options *parsed, unsigned groups);

/** Prints the options of these groups with their defaults. */
void options_print_help(FILE *file, unsigned groups);

/** No errors on standard error from here on: for all processes of a parallel run but the first. */
void options_mute(void);

/** Prints "ordpar COMMAND: MESSAGE" on standard error, or puts MESSAGE where parsed->message is,
 * and returns EXIT_USAGE. */
int usage_error(const options *parsed, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** The same, for a computation that failed: returns EXIT_FAILED. */
int failure(const options *parsed, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
