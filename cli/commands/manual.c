// SPDX-License-Identifier: GPL-3.0-or-later
/* The manual page, from the tables that also make the help: in the language of man(7). */
#include "cli/commands/command.h"
#include "cli/options/options.h"

#include <string.h>

/* Text that troff must print as it is. */
static void put(FILE *file, const char *text) {
    bool line_start = true;
    for (const char *c = text; *c; c++) {
        if (line_start && (*c == '.' || *c == '\''))
            fputs("\\&", file);
        switch (*c) {
        case '-':
            fputs("\\-", file);
            break;
        case '\\':
            fputs("\\e", file);
            break;
        case '\'':
            fputs("\\(aq", file);
            break;
        case '^':
            fputs("\\(ha", file);
            break;
        case '~':
            fputs("\\(ti", file);
            break;
        default:
            fputc(*c, file);
        }
        line_start = *c == '\n';
    }
}

static void put_line(FILE *file, const char *text) {
    put(file, text);
    fputc('\n', file);
}

/* The titles of the sections whose options a command takes. */
static void put_sections(FILE *file, unsigned groups) {
    const char *separator = "Options: ";
    for (size_t s = 0; s < option_section_count; s++)
        if (option_sections[s].groups & groups) {
            fprintf(file, "%s%s", separator, option_sections[s].title);
            separator = ", ";
        }
    fputs(".\n", file);
}

/* a|b|c as a, b, c: lines end between words. */
static void put_words(FILE *file, const char *words) {
    for (const char *end; *words; words = end + (*end == '|')) {
        char word[64];
        end = words + strcspn(words, "|");
        snprintf(word, sizeof word, "%.*s", (int)(end - words), words);
        put(file, word);
        fputs(*end ? ", " : "\n", file);
    }
}

static void put_command(FILE *file, const command *c) {
    fputs(".TP\n.B ordpar ", file);
    put(file, c->name);
    put_line(file, c->arguments);
    put(file, c->summary);
    fputs(".\n", file);
    put_sections(file, c->groups);
    fputs(".IP\n.EX\n", file);
    put_line(file, c->example);
    fputs(".EE\n", file);
    if (c->words && strstr(c->arguments, "NAME")) {
        fputs(".IP\nNAME: ", file);
        put_words(file, c->words);
    }
}

static void put_option(FILE *file, const ordpar_setting *entry) {
    char text[1024];
    option_help_text(entry, text, sizeof text);
    fputs(".TP\n", file);
    if (entry->letter)
        fprintf(file, "\\fB\\-%c\\fR, ", entry->letter);
    fputs("\\fB\\-\\-", file);
    put(file, entry->name);
    fputs("\\fR", file);
    if (entry->argument) {
        fputs(" \\fI", file);
        put(file, entry->argument);
        fputs("\\fR", file);
    }
    fputc('\n', file);
    put_line(file, text);
}

/* An option of several sections stands in the first of them. */
static bool stands_in(const ordpar_setting *entry, size_t section) {
    for (size_t s = 0; s < section; s++)
        if (entry->groups & option_sections[s].groups)
            return false;
    return entry->groups & option_sections[section].groups;
}

/* True if a section has options that no earlier one shows. */
static bool has_own_options(size_t section) {
    const ordpar_setting *row;
    for (size_t k = 0; (row = options_row(~0U, k)); k++)
        if (stands_in(row, section))
            return true;
    return false;
}

static void put_options(FILE *file) {
    const ordpar_setting *row;
    fputs(".SH OPTIONS\nDefaults stand in brackets. The section Spectrum, and others that are "
          "named above and not\nbelow, have some of the options of earlier sections.\n",
          file);
    put_line(file, about_options);
    for (size_t s = 0; s < option_section_count; s++) {
        if (!has_own_options(s))
            continue;
        fprintf(file, ".SS %s\n", option_sections[s].title);
        for (size_t k = 0; (row = options_row(~0U, k)); k++)
            if (stands_in(row, s))
                put_option(file, row);
    }
}

void manual_print(FILE *file) {
    fprintf(file,
            ".\\\" made by ordpar help man\n.TH ORDPAR 1 \"\" \"ordpar %s\" \"User "
            "Commands\"\n.ad l\n.SH NAME\nordpar \\- learning dynamics of two-layer networks on "
            "power-law data\n.SH SYNOPSIS\n.B ordpar\n.I COMMAND\n[OPTION..]\n.br\n"
            ".B ordpar\n.I COMMAND\n.B \\-\\-help\n.SH DESCRIPTION\n",
            ordpar_version());
    put(file, about_program);
    fputs(".\n.SH COMMANDS\n", file);
    for (size_t k = 0; k < command_count; k++)
        put_command(file, &commands[k]);
    put_options(file);
    fputs(".SH EXIT STATUS\n", file);
    put_line(file, about_exit_status);
    fputs(".SH SEE ALSO\nThe user guide and the other documents, in the package's folder of "
          "documentation.\n",
          file);
}
