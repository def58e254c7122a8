// SPDX-License-Identifier: GPL-3.0-or-later
/* The rows of the program's own settings: files, pictures, sweeps and figures. */
#include "cli/options/options.h"

#define AT(field) offsetof(options, field)

/* name, letter, kind, groups, field, argument, choices, low, high, default, help */
static const ordpar_setting rows[] = {
    {"sweep", 0, ORDPAR_KIND_TEXTS, GROUP_SWEEP, AT(sweep), "NAME=LIST", NULL, 0, 0, NULL,
     "a point for each value; several --sweep: for each combination. NAME: an option of the model, "
     "the grid, the numerics or the simulation, long or short; NAME=NAME=LIST: both have the same "
     "value. LIST: values and ranges START:STOP:COUNT[:lin|log], whole numbers also START:STOP "
     "(not K or M alone), "
     "separated by commas"},
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
    {"out", 0, ORDPAR_KIND_TEXT, GROUP_FIGURE, AT(out), "DIR", NULL, 0, 0, NULL,
     "folder for the CSV files and pictures; made if it is not there"},
    {"full", 0, ORDPAR_KIND_FLAG, GROUP_FIGURE, AT(full), NULL, NULL, 0, 0, "no",
     "the paper's sizes (minutes to an hour, with checkpoints in DIR) instead of reduced ones"},
    {"picture", 0, ORDPAR_KIND_CHOICE, GROUP_FIGURE, AT(picture), "FORMAT", "svg|png|pdf", 0, 0,
     "svg", "png or pdf: pictures in this format beside the SVG ones"},
    {"dry-run", 0, ORDPAR_KIND_FLAG, GROUP_PLOT, AT(dry_run), NULL, NULL, 0, 0, "no",
     "write nothing: print the model, and after a trial of at most 2 s the memory and the time "
     "that it takes"},
    {"like", 0, ORDPAR_KIND_FILE, GROUP_LIKE, AT(like), "FILE", NULL, 0, 0, NULL,
     "the settings of a file that this program has written; options given beside it win "
     "(--small-eta=no, --runs none), and what of it they leave no place for is told"},
    {"output", 'o', ORDPAR_KIND_TEXT, GROUP_OUTPUT, AT(output), "FILE", NULL, 0, 0, NULL,
     "write there instead of to standard output (-); whole or not at all"},
    {"format", 0, ORDPAR_KIND_CHOICE, GROUP_OUTPUT, AT(format), "FORMAT", "csv|json", 0, 0, "csv",
     "format of the output; json where its name ends so"},
    {"plot", 0, ORDPAR_KIND_TEXT, GROUP_PLOT, AT(plot), "FILE.svg|png|pdf", NULL, 0, 0, NULL,
     "draw a picture too (needs gnuplot)"},
    {"column", 0, ORDPAR_KIND_TEXT, GROUP_CHOICE, AT(column), "NAME[,NAME..]", NULL, 0, 0, NULL,
     "the columns that it shows, or expressions of columns and settings, as eps_g*alpha (default: "
     "eps_g, or theory and mean)"},
    {"x", 0, ORDPAR_KIND_TEXT, GROUP_CHOICE, AT(x), "NAME", NULL, 0, 0, NULL,
     "the column or expression that they are drawn against, as M^2/L (default: alpha; of a sweep "
     "the swept number with the most values)"},
    {"histogram", 0, ORDPAR_KIND_TEXT, GROUP_CHOICE, AT(histogram), "NAME", NULL, 0, 0, NULL,
     "instead of curves how often which values of this column occur, over the setting with the "
     "most "
     "values, as the seed"},
    {"bins", 0, ORDPAR_KIND_INTEGER, GROUP_CHOICE, AT(bins), "N", NULL, 1, 60, NULL,
     "so many bars of --histogram (default: as many as the values tell apart, 4 to 60)"},
    {"legend", 0, ORDPAR_KIND_TEXT, GROUP_LEGEND, AT(legend), "A,B,..", NULL, 0, 0, NULL,
     "the legend, in its order, or none (default: the settings in which curves differ)"},
    {"labels", 0, ORDPAR_KIND_TEXT, GROUP_LEGEND, AT(legend), "A,B,..", NULL, 0, 0, NULL,
     "the same as --legend"},
    {"xscale", 0, ORDPAR_KIND_CHOICE, GROUP_LOOK, AT(x_scale), "SCALE", "auto|lin|log", 0, 0,
     "auto", "scale of the axis"},
    {"yscale", 0, ORDPAR_KIND_CHOICE, GROUP_LOOK, AT(y_scale), "SCALE", "auto|lin|log", 0, 0,
     "auto", "scale of the axis"},
    {"xrange", 0, ORDPAR_KIND_TEXT, GROUP_LOOK, AT(x_range), "A:B", NULL, 0, 0, NULL,
     "what the axis shows (default: all)"},
    {"yrange", 0, ORDPAR_KIND_TEXT, GROUP_LOOK, AT(y_range), "A:B", NULL, 0, 0, NULL,
     "what the axis shows (default: all, up to --decades)"},
    {"decades", 0, ORDPAR_KIND_INTEGER, GROUP_LOOK, AT(decades), "D", NULL, 1, 10000, "8",
     "a log axis of y shows at most so many decades"},
    {"title", 0, ORDPAR_KIND_TEXT, GROUP_LOOK, AT(title), "TEXT", NULL, 0, 0, NULL,
     "stands above it, or none; here and in --legend _ begins a subscript, ^ a superscript, {..} "
     "groups"},
    {"xlabel", 0, ORDPAR_KIND_TEXT, GROUP_LOOK, AT(x_label), "TEXT", NULL, 0, 0, NULL,
     "stands at the axis, set as --title is, or none (default: what it shows)"},
    {"ylabel", 0, ORDPAR_KIND_TEXT, GROUP_LOOK, AT(y_label), "TEXT", NULL, 0, 0, NULL,
     "stands at the axis, set as --title is, or none (default: what it shows)"},
    {"size", 0, ORDPAR_KIND_TEXT, GROUP_LOOK, AT(size), "W,H", NULL, 0, 0, NULL,
     "width and height in cm, as 8.6,6 for a column of a journal, with letters to match"},
    {"quiet", 'q', ORDPAR_KIND_FLAG, GROUP_OUTPUT | GROUP_FIGURE, AT(quiet), NULL, NULL, 0, 0, "no",
     "no progress on the terminal"},
};

const ordpar_setting_table program_settings = {rows, sizeof rows / sizeof *rows};

_Static_assert(sizeof rows / sizeof *rows <= PROGRAM_MAX_SETTINGS, "room for the settings");
