// SPDX-License-Identifier: GPL-3.0-or-later
#include "options_table.h"

#include <string.h>

enum { HELP_COLUMN = 34, HELP_WIDTH = 96 };

void option_default_text(const option_entry *entry, char *text, size_t size) {
    const void *field = (const char *)&option_defaults + entry->offset;
    *text = '\0';
    switch (entry->kind) {
    case KIND_POSITIVE:
        if (*(const double *)field == 0) /* out of range: it means that there is no default */
            break;
        /* fall through */
    case KIND_REAL:
        snprintf(text, size, "%g", *(const double *)field);
        break;
    case KIND_INTEGER:
        if (*(const int64_t *)field >= 0)
            snprintf(text, size, "%lld", (long long)*(const int64_t *)field);
        break;
    case KIND_CHOICE: {
        const char *choice = entry->choices;
        for (int index = *(const int *)field; index > 0; index--)
            choice += strcspn(choice, "|") + 1;
        snprintf(text, size, "%.*s", (int)strcspn(choice, "|"), choice);
        break;
    }
    case KIND_GRID: {
        const grid *alpha = field;
        snprintf(text, size, "%g:%g:%lld:%s", alpha->start, alpha->stop, (long long)alpha->count,
                 alpha->logarithmic ? "log" : "lin");
        break;
    }
    case KIND_FLAG:
    case KIND_TEXT:
    case KIND_REALS:
    case KIND_ORDERS:
    case KIND_TEXTS:
        break;
    }
}

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

void option_help_text(const option_entry *entry, char *text, size_t size) {
    char live[64];
    option_default_text(entry, live, sizeof live);
    snprintf(text, size, "%s%s%s%s%s%s%s", entry->help, entry->choices ? " (" : "",
             entry->choices ? entry->choices : "", entry->choices ? ")" : "", *live ? " [" : "",
             live, *live ? "]" : "");
}

static void print_entry(FILE *file, const option_entry *entry) {
    char left[96], text[512];
    snprintf(left, sizeof left, "  %c%c%s--%s%s%s", entry->letter ? '-' : ' ',
             entry->letter ? entry->letter : ' ', entry->letter ? ", " : "  ", entry->name,
             entry->argument ? " " : "", entry->argument ? entry->argument : "");
    option_help_text(entry, text, sizeof text);
    if (strlen(left) >= HELP_COLUMN - 1)
        fprintf(file, "%s\n%*s", left, HELP_COLUMN, "");
    else
        fprintf(file, "%-*s", HELP_COLUMN, left);
    print_wrapped(file, text);
}

const option_section option_sections[] = {
    {GROUP_SWEEP, "Sweep"},
    {GROUP_MODEL, "Model"},
    {GROUP_TRAINING, "Training"},
    {GROUP_SPECTRUM, "Spectrum"},
    {GROUP_GRID, "Grid"},
    {GROUP_TOLERANCE, "Numerics"},
    {GROUP_DIGITS, "Digits"},
    {GROUP_PRECISION, "Precision"},
    {GROUP_SIMULATION, "Simulation"},
    {GROUP_POINT, "Simulations of --job simulate and compare"},
    {GROUP_EACH, "Single runs"},
    {GROUP_COMPARE, "Comparison"},
    {GROUP_FIT, "Fit"},
    {GROUP_CURVE, "Curve"},
    {GROUP_CLOSED_FORM, "Closed form"},
    {GROUP_FIGURE, "Figures"},
    {GROUP_OUTPUT, "Output"},
    {GROUP_PLOT | GROUP_DECADES, "Picture"},
};

const size_t option_section_count = sizeof option_sections / sizeof *option_sections;

void options_print_help(FILE *file, unsigned groups) {
    for (size_t s = 0; s < option_section_count; s++) {
        if (!(option_sections[s].groups & groups))
            continue;
        fprintf(file, "\n%s (defaults in brackets):\n", option_sections[s].title);
        for (size_t k = 0; k < option_count; k++)
            if (option_table[k].groups & option_sections[s].groups & groups)
                print_entry(file, &option_table[k]);
    }
    fprintf(file, "\n  -h, --help                      this text\n");
}
