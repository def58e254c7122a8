// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options/options.h"
#include "cli/options/hints.h"

#include "base/number.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELP_CODE = 1000, MAX_NAME = OPTIONS_MAX_NAME };

static const ordpar_setting_table *const tables[] = {&ordpar_model_settings, &program_settings};

static bool is_model(const ordpar_setting *row) {
    return row >= ordpar_model_settings.rows &&
           row < ordpar_model_settings.rows + ordpar_model_settings.count;
}

const ordpar_setting *options_row(unsigned groups, size_t k) {
    for (size_t t = 0; t < 2; t++)
        for (size_t r = 0; r < tables[t]->count; r++)
            if ((tables[t]->rows[r].groups & groups) && k-- == 0)
                return &tables[t]->rows[r];
    return NULL;
}

/* Settings of the model that a command has no use for, and says why. */
static bool is_idle(const command *c, const char *name) {
    static const char *const idle[][2] = {{"optimize", "eta schedule batch-fraction tasks labels"},
                                          {"simulate", "small-eta"}};
    for (size_t k = 0; k < sizeof idle / sizeof *idle; k++)
        if (strcmp(c->name, idle[k][0]) == 0)
            return ordpar_settings_among(idle[k][1], name);
    return false;
}

const ordpar_setting *options_command_row(const command *c, size_t k) {
    const ordpar_setting *row;
    for (size_t at = 0; (row = options_row(c->groups, at)); at++)
        if (!is_idle(c, row->name) && k-- == 0)
            return row;
    return NULL;
}

const ordpar_setting *options_find(const char *name, unsigned groups) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (!row || !(row->groups & groups))
        row = ordpar_setting_find(&program_settings, name);
    return row && (row->groups & groups) ? row : NULL;
}

bool options_given(const options *parsed, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&program_settings, name);
    return row ? parsed->given[row - program_settings.rows]
               : ordpar_model_given(parsed->model, name);
}

bool options_takes_lists(const options *parsed) {
    return parsed->command->lists;
}

/* A choice, or the name of a file that says what it is. */
static bool is_choice(const ordpar_setting *row, const char *item, size_t width) {
    for (const char *choice = row->choices; choice; choice = strchr(choice, '|')) {
        choice += *choice == '|';
        const size_t length = strcspn(choice, "|");
        const bool begins = length > 0 && choice[length - 1] == ':';
        if (length > 0 && (begins ? width >= length : width == length) &&
            strncmp(choice, item, length) == 0)
            return true;
    }
    return width > 5 && strncmp(item + width - 5, ".json", 5) == 0;
}

/* Several names, as erf,relu or hermite:1,2,erf, where numbers are coefficients. */
static bool is_list_of_names(const ordpar_setting *row, const char *text) {
    if (*text == '{' || !(row->kind == ORDPAR_KIND_CHOICE || strstr(row->name, "activation")))
        return false;
    for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ','))
        if (is_choice(row, comma + 1, strcspn(comma + 1, ",")) && access(text, F_OK) != 0)
            return true;
    return false;
}

bool options_is_list(const options *parsed, const ordpar_setting *row, const char *text) {
    if (!options_takes_lists(parsed) || !is_model(row) || !text)
        return false;
    return ordpar_setting_is_number(row) ? strpbrk(text, ",:") && !strchr(text, '=')
                                         : is_list_of_names(row, text);
}

ordpar_status options_set_list(options *parsed, const ordpar_setting *row, const char *values,
                               ordpar_error *err) {
    char *text = malloc(strlen(row->name) + strlen(values) + 2);
    if (!text)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", row->name);
    if (row->letter)
        sprintf(text, "%c=%s", row->letter, values);
    else
        sprintf(text, "%s=%s", row->name, values);
    parsed->swept[row - ordpar_model_settings.rows] = true;
    const ordpar_setting *sweep = ordpar_setting_find(&program_settings, "sweep");
    const ordpar_status status = ordpar_setting_read(sweep, text, parsed, err);
    free(text);
    return status;
}

/* Of an option that is given again the last value counts, and a list is one. */
static void forget_list(options *parsed, const ordpar_setting *row) {
    ordpar_texts *lists = &parsed->sweep;
    if (!is_model(row) || !parsed->swept[row - ordpar_model_settings.rows])
        return;
    parsed->swept[row - ordpar_model_settings.rows] = false;
    for (size_t t = 0; t < lists->count; t++) {
        const char *rest = lists->items[t];
        if (ordpar_settings_next_axis(&rest, NULL) != row)
            continue;
        free(lists->items[t]);
        memmove(lists->items + t, lists->items + t + 1,
                (--lists->count - t) * sizeof *lists->items);
        return;
    }
}

static ordpar_status set(options *parsed, const ordpar_setting *row, const char *text,
                         ordpar_error *err) {
    const ordpar_status commas = ordpar_setting_check_commas(row, text, err);
    if (commas)
        return commas;
    forget_list(parsed, row);
    if (options_is_list(parsed, row, text)) {
        const ordpar_status status = ordpar_model_set_text(parsed->model, row->name, NULL, err);
        return status ? status : options_set_list(parsed, row, text, err);
    }
    if (!text)
        text = "yes"; /* of a flag */
    if (is_model(row) && is_list_of_names(row, text)) {
        char refused[160];
        snprintf(refused, sizeof refused, "%s: must be one value, got '%.80s'", row->name, text);
        return hint_several(parsed->command, row, text, refused, err);
    }
    if (is_model(row)) {
        const ordpar_status status = ordpar_model_set_text(parsed->model, row->name, text, err);
        return status ? hint_value(parsed->command, row, text, status, err) : status;
    }
    const ordpar_status status = ordpar_setting_read(row, text, parsed, err);
    if (!status)
        parsed->given[row - program_settings.rows] = true;
    return status;
}

/* getopt's tables for the options of these groups; a code counts them. */
static void make_getopt_tables(unsigned groups, struct option *longs, char *shorts) {
    const ordpar_setting *row;
    *shorts++ = ':';
    *shorts++ = 'h';
    *longs++ = (struct option){"help", no_argument, NULL, HELP_CODE};
    for (size_t k = 0; (row = options_row(groups, k)); k++) {
        const int argument = row->kind == ORDPAR_KIND_FLAG ? optional_argument : required_argument;
        *longs++ = (struct option){row->name, argument, NULL, HELP_CODE + 1 + (int)k};
        if (!row->letter)
            continue;
        *shorts++ = row->letter;
        if (argument == required_argument)
            *shorts++ = ':';
    }
    *longs = (struct option){0};
    *shorts = '\0';
}

static const ordpar_setting *row_of(int code, unsigned groups) {
    const char letter[] = {(char)code, '\0'};
    return code > HELP_CODE               ? options_row(groups, (size_t)(code - HELP_CODE - 1))
           : code > 0 && code < HELP_CODE ? options_find(letter, groups)
                                          : NULL;
}

/* A word as --plot, --plot=FILE or -o, which stands where a value is missing; no number is one. */
static bool is_option(const command *c, const char *word) {
    char name[MAX_NAME + 2];
    const size_t dashes = strspn(word, "-");
    if (dashes == 1)
        snprintf(name, sizeof name, "%.*s", word[1] && !word[2], word + 1);
    else
        snprintf(name, sizeof name, "%.*s", (int)strcspn(word + dashes, "="), word + dashes);
    return (dashes == 1 || dashes == 2) && *name && options_find(name, c->groups);
}

/* Arguments after those of the command are further files of --data, so that a pattern works. */
static ordpar_status take_arguments(options *parsed, char **arguments, size_t count,
                                    ordpar_error *err) {
    size_t own = parsed->command->max_arguments;
    if (parsed->model->value.data.count && !parsed->merge &&
        (parsed->command->groups & GROUP_SWEEP))
        own = 0;
    parsed->arguments = arguments;
    parsed->n_arguments = count < own ? count : own;
    if (count > own && parsed->model->value.data.count == 0)
        return hint_argument(parsed->command, arguments[own], err);
    ordpar_status status = ORDPAR_OK;
    for (size_t k = own; k < count && !status; k++)
        status = ordpar_model_set_text(parsed->model, "data", arguments[k], err);
    return status;
}

static ordpar_status begin(int argc, char **argv, const command *c, options *parsed,
                           ordpar_error *err) {
    parsed->command = c;
    parsed->argc = argc;
    parsed->argv = argv;
    parsed->words = calloc((size_t)argc + 1, sizeof *parsed->words);
    if (!parsed->words)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the options");
    memcpy(parsed->words, argv, (size_t)argc * sizeof *argv);
    const ordpar_status status = ordpar_settings_reset(&program_settings, parsed, err);
    return status ? status : ordpar_model_create(&parsed->model, err);
}

ordpar_status options_parse(int argc, char **argv, const command *c, options *parsed,
                            ordpar_error *err) {
    enum { TABLE = ORDPAR_MAX_SETTINGS + PROGRAM_MAX_SETTINGS + 2 };
    struct option longs[TABLE];
    char shorts[2 * TABLE + 3];
    ordpar_status status = begin(argc, argv, c, parsed, err);
    make_getopt_tables(c->groups, longs, shorts);
    if (!status)
        options_leave_out(parsed, &argc);
    argv = parsed->words;
    for (int k = 2; !status && k < argc && strcmp(argv[k], "--") != 0; k++)
        status = hint_letter(c, argv[k], err);
    opterr = 0;
    optind = 2; /* after the program and the subcommand */
    for (int code; !status && (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (code == HELP_CODE || code == 'h') {
            parsed->help = true;
            return ORDPAR_OK;
        }
        const ordpar_setting *row = row_of(code, c->groups);
        if (!row || code == ':' || code == '?')
            status = hint_option(c, code, argv[optind - 1], optopt, err);
        else if (optarg == argv[optind - 1] && is_option(c, optarg))
            status = ordpar_fail(err, ORDPAR_INVALID,
                                 "%s: needs a value, and is followed by the option '%.80s'",
                                 row->name, optarg);
        else
            status = set(parsed, row, optarg, err);
    }
    if (!status)
        status = take_arguments(parsed, argv + optind, (size_t)(argc - optind), err);
    if (!status && parsed->like)
        status = options_take_like(parsed, err);
    if (!status)
        status = options_take_format(parsed, err);
    if (!status)
        status = ordpar_model_continue(parsed->model, err);
    return status ? status
                  : ordpar_model_named_files(parsed->model, c->groups, &parsed->files, err);
}

void options_clear(options *parsed) {
    free(parsed->words);
    free(parsed->files);
    free(parsed->swept_files);
    ordpar_model_free(parsed->model);
    ordpar_settings_clear(&program_settings, parsed);
}

/* The length of the names of settings, with commas, that a message begins with before a colon; 0:
 * it begins with none. */
static size_t names_length(const char *message) {
    size_t used = 0;
    for (;;) {
        char name[MAX_NAME + 2];
        const size_t width = strcspn(message + used, ",: ");
        if (width == 0 || width > MAX_NAME)
            return 0;
        snprintf(name, sizeof name, "%.*s", (int)width, message + used);
        if (!options_find(name, ~0U))
            return 0;
        used += width;
        if (message[used] == ':')
            return used;
        if (strncmp(message + used, ", ", 2) != 0)
            return 0;
        used += 2;
    }
}

/* The length of the name of a setting with a hyphen that stands at text; 0: none does, or it has
 * its value, as in --sweep. */
static size_t hyphenated_length(const char *text) {
    char name[MAX_NAME + 2];
    const size_t width = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
    if (width == 0 || width > MAX_NAME)
        return 0;
    snprintf(name, sizeof name, "%.*s", (int)width, text);
    return strchr(name, '-') && text[width] != '=' && options_find(name, ~0U) ? width : 0;
}

void options_message(const ordpar_error *err, char *text, size_t size) {
    const char *message = err->message;
    const size_t names = names_length(message);
    size_t used = 0;
    for (size_t k = 0; message[k] && used + 3 < size; k++) {
        if (k == 0 || strchr(" (", message[k - 1])) {
            const char name[] = {message[k], '\0'};
            const ordpar_setting *row = options_find(name, ~0U);
            const bool is_letter = row && row->letter == message[k] && /* it has one dash */
                                   !isalpha((unsigned char)message[k + 1]);
            if (k < names || hyphenated_length(message + k))
                used += (size_t)sprintf(text + used, is_letter ? "-" : "--");
        }
        text[used++] = iscntrl((unsigned char)message[k]) ? '?' : message[k];
    }
    text[used] = '\0';
}
