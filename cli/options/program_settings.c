// SPDX-License-Identifier: GPL-3.0-or-later
/* The rows of the program's own settings: files, pictures, sweeps and figures. */
#include "cli/options/options.h"

#define AT(field) offsetof(options, field)

/* name, letter, kind, groups, field, argument, choices, low, high, default, help */
static const ordpar_setting rows[] = {
    {"save-overlaps", 0, ORDPAR_KIND_TEXT, GROUP_SAVE, AT(save_overlaps), "FILE", NULL, 0, 0, NULL,
     "write the final overlaps there, in the same format"},
    {"sweep", 0, ORDPAR_KIND_TEXTS, GROUP_SWEEP, AT(sweep), "NAME=LIST", NULL, 0, 0, NULL,
     "a point for each value; several --sweep: for each combination. NAME: an option of the model, "
     "the grid, the numerics or the simulation, long or short; NAME=NAME=LIST: both have the same "
     "value. LIST: values and ranges START:STOP:COUNT[:lin|log], separated by commas"},
    {"job", 0, ORDPAR_KIND_CHOICE, GROUP_SWEEP, AT(job), "JOB", "curve|simulate|compare", 0, 0,
     "curve",
     "what is computed at each point; a row shows its end and what was measured on it. All points "
     "have the same seed, unless seed is swept"},
    {"curves", 0, ORDPAR_KIND_FLAG, GROUP_SWEEP, AT(curves), NULL, NULL, 0, 0, "no",
     "job curve: add a column with eps_g for each alpha of the grid"},
    {"part", 0, ORDPAR_KIND_TEXT, GROUP_SWEEP, AT(part), "I/N", NULL, 0, 0, NULL,
     "compute only the I-th of N parts of the points, for job arrays"},
    {"merge", 0, ORDPAR_KIND_FLAG, GROUP_SWEEP, AT(merge), NULL, NULL, 0, 0, "no",
     "compute nothing: put the files of all parts, the command's arguments, together"},
    {"column", 0, ORDPAR_KIND_TEXT, GROUP_SWEEP, AT(column), "NAME", NULL, 0, 0, NULL,
     "the column that --plot draws, against the swept number with the most values (default: eps_g "
     "or mean)"},
    {"out", 0, ORDPAR_KIND_TEXT, GROUP_FIGURE, AT(out), "DIR", NULL, 0, 0, NULL,
     "folder for the CSV files and pictures; made if it is not there"},
    {"full", 0, ORDPAR_KIND_FLAG, GROUP_FIGURE, AT(full), NULL, NULL, 0, 0, "no",
     "the paper's sizes (minutes to an hour, with checkpoints in DIR) instead of reduced ones"},
    {"picture", 0, ORDPAR_KIND_CHOICE, GROUP_FIGURE, AT(picture), "FORMAT", "svg|png|pdf", 0, 0,
     "svg", "png or pdf: pictures in this format beside the SVG ones"},
    {"like", 0, ORDPAR_KIND_FILE, GROUP_LIKE, AT(like), "FILE", NULL, 0, 0, NULL,
     "the settings of a file that this program has written; options given beside it win"},
    {"output", 'o', ORDPAR_KIND_TEXT, GROUP_OUTPUT, AT(output), "FILE", NULL, 0, 0, NULL,
     "write there instead of to standard output (-); whole or not at all"},
    {"format", 0, ORDPAR_KIND_CHOICE, GROUP_OUTPUT, AT(format), "FORMAT", "csv|json", 0, 0, "csv",
     "format of the output"},
    {"plot", 0, ORDPAR_KIND_TEXT, GROUP_PLOT, AT(plot), "FILE.svg|png|pdf", NULL, 0, 0, NULL,
     "draw a picture too (needs gnuplot)"},
    {"decades", 0, ORDPAR_KIND_INTEGER, GROUP_DECADES, AT(decades), "D", NULL, 1, 10000, "16",
     "the picture shows at most so many decades of eps_g"},
    {"quiet", 'q', ORDPAR_KIND_FLAG, GROUP_OUTPUT | GROUP_FIGURE, AT(quiet), NULL, NULL, 0, 0, "no",
     "no progress on the terminal"},
};

const ordpar_setting_table program_settings = {rows, sizeof rows / sizeof *rows};

_Static_assert(sizeof rows / sizeof *rows <= PROGRAM_MAX_SETTINGS, "room for the settings");
