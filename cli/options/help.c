// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options/options.h"

#include <string.h>

enum { HELP_COLUMN = 34, HELP_WIDTH = 96 };

/* Prints text from the present column on, wrapped, with continuation lines at HELP_COLUMN. */
static void print_wrapped(FILE *file, const char *text) {
    size_t column = HELP_COLUMN;
    while (*text) {
        const size_t width = strcspn(text, " ");
        if (column + width > HELP_WIDTH && column > HELP_COLUMN) {
            fprintf(file, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        }
        fprintf(file, "%.*s", (int)width, text);
        text += width;
        column += width;
        if (*text == ' ') {
            text++;
            if (column < HELP_WIDTH && *text)
                fputc(' ', file);
            column++;
        }
    }
    fputc('\n', file);
}

void option_help_text(const ordpar_setting *row, char *text, size_t size) {
    const bool shown =
        row->initial && row->kind != ORDPAR_KIND_FLAG && !strstr(row->help, "(default");
    const char *choices = row->kind == ORDPAR_KIND_CHOICE ? row->choices : NULL;
    snprintf(text, size, "%s%s%s%s%s%s%s", row->help, choices ? " (" : "", choices ? choices : "",
             choices ? ")" : "", shown ? " [" : "", shown ? row->initial : "", shown ? "]" : "");
}

static void print_entry(FILE *file, const ordpar_setting *row) {
    char left[96], text[512];
    snprintf(left, sizeof left, "  %c%c%s--%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
    option_help_text(row, text, sizeof text);
    if (strlen(left) >= HELP_COLUMN - 1)
        fprintf(file, "%s\n%*s", left, HELP_COLUMN, "");
    else
        fprintf(file, "%-*s", HELP_COLUMN, left);
    print_wrapped(file, text);
}

const option_section option_sections[] = {
    {GROUP_SWEEP, "Sweep"},
    {ORDPAR_GROUP_NETWORK | ORDPAR_GROUP_SEED, "Model"},
    {ORDPAR_GROUP_SPECTRUM | ORDPAR_GROUP_DATA, "Spectrum"},
    {ORDPAR_GROUP_TRAINING | ORDPAR_GROUP_SCHEDULE, "Training"},
    {ORDPAR_GROUP_GRID, "Grid"},
    {ORDPAR_GROUP_TOLERANCE, "Numerics"},
    {ORDPAR_GROUP_DIGITS | ORDPAR_GROUP_PRECISION, "Precision"},
    {ORDPAR_GROUP_RUNS | ORDPAR_GROUP_SIMULATION | ORDPAR_GROUP_THREADS | ORDPAR_GROUP_EACH,
     "Simulation"},
    {ORDPAR_GROUP_AGAINST | ORDPAR_GROUP_COMPARISON, "Comparison"},
    {ORDPAR_GROUP_OPTIMUM, "Optimum"},
    {ORDPAR_GROUP_FIT, "Fit"},
    {ORDPAR_GROUP_CURVE | ORDPAR_GROUP_MOMENTS | ORDPAR_GROUP_SAVE | ORDPAR_GROUP_CONTINUE,
     "Curve"},
    {ORDPAR_GROUP_CLOSED_FORM, "Closed form"},
    {GROUP_FIGURE, "Figures"},
    {GROUP_OUTPUT | GROUP_LIKE | ORDPAR_GROUP_CHECKPOINT, "Output"},
    {GROUP_PLOT | GROUP_CHOICE | GROUP_LEGEND | GROUP_LOOK, "Picture"},
};

const size_t option_section_count = sizeof option_sections / sizeof *option_sections;

void options_print_help(FILE *file, const command *c) {
    for (size_t s = 0; s < option_section_count; s++) {
        const ordpar_setting *row;
        bool begun = false;
        for (size_t k = 0; (row = options_command_row(c, k)); k++) {
            if (!(row->groups & option_sections[s].groups))
                continue;
            if (!begun)
                fprintf(file, "\n%s (defaults in brackets):\n", option_sections[s].title);
            begun = true;
            print_entry(file, row);
        }
    }
    fprintf(file, "\n  -h, --help                      this text\n");
}
