// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include "number.h"
#include "options_table.h"
#include "refuse.h"

#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LIST = 4096, MAX_GRID = 100000000, HELP_CODE = OPTIONS_HELP };

static bool muted = false;

void options_mute(void) {
    muted = true;
}

/* One line, whatever the user's words hold. */
static void print_error(const options *parsed, const char *format, va_list arguments) {
    char line[OPTIONS_MESSAGE_SIZE];
    vsnprintf(line, sizeof line, format, arguments);
    for (char *c = line; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    if (parsed->message)
        snprintf(parsed->message, OPTIONS_MESSAGE_SIZE, "%s", line);
    else if (!muted)
        fprintf(stderr, "ordpar%s%s: %s\n", parsed->command ? " " : "",
                parsed->command ? parsed->command : "", line);
}

int usage_error(const options *parsed, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_error(parsed, format, arguments);
    va_end(arguments);
    return EXIT_USAGE;
}

int failure(const options *parsed, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_error(parsed, format, arguments);
    va_end(arguments);
    return EXIT_FAILED;
}

static int bad_value(const options *parsed, const option_entry *entry, const char *value,
                     const char *requirement) {
    return usage_error(parsed, "--%s: must be %s, got '%.80s'", entry->name, requirement, value);
}

static int set_real(options *parsed, const option_entry *entry, const char *text, double *field) {
    double value;
    char requirement[96];
    const bool open = entry->kind == KIND_POSITIVE;
    if (ordpar_parse_double(text, &value) && value <= entry->high &&
        (open ? value > entry->low : value >= entry->low)) {
        *field = value;
        return -1;
    }
    if (entry->high >= 1e100)
        snprintf(requirement, sizeof requirement, "a finite number %s %g",
                 open ? ">" : ">=", entry->low);
    else
        snprintf(requirement, sizeof requirement, "a number from %g to %g", entry->low,
                 entry->high);
    return bad_value(parsed, entry, text, requirement);
}

static int set_integer(options *parsed, const option_entry *entry, const char *text,
                       int64_t *field) {
    int64_t value;
    if (ordpar_parse_integer(text, &value) && value >= (int64_t)entry->low &&
        value <= (int64_t)entry->high) {
        *field = value;
        return -1;
    }
    char requirement[96];
    snprintf(requirement, sizeof requirement, "a whole number from %.0f to %.0f", entry->low,
             entry->high);
    return bad_value(parsed, entry, text, requirement);
}

static int set_choice(options *parsed, const option_entry *entry, const char *text, int *field) {
    const size_t length = strlen(text);
    int index = 0;
    for (const char *choice = entry->choices; *text && choice; index++) {
        const size_t width = strcspn(choice, "|");
        if (width == length && strncmp(choice, text, width) == 0) {
            *field = index;
            return -1;
        }
        choice = choice[width] ? choice + width + 1 : NULL;
    }
    char requirement[96];
    snprintf(requirement, sizeof requirement, "one of %s", entry->choices);
    return bad_value(parsed, entry, text, requirement);
}

/* Orders are whole numbers in a range, each once. */
static bool in_list(const option_entry *entry, const double *values, size_t last) {
    if (entry->kind != KIND_ORDERS)
        return true;
    for (size_t k = 0; k < last; k++)
        if (values[k] == values[last])
            return false;
    return values[last] == floor(values[last]) && values[last] >= entry->low &&
           values[last] <= entry->high;
}

static int set_list(options *parsed, const option_entry *entry, const char *text,
                    number_list *field) {
    char requirement[96];
    if (entry->kind == KIND_ORDERS)
        snprintf(requirement, sizeof requirement,
                 "different whole numbers from %.0f to %.0f, separated by commas", entry->low,
                 entry->high);
    else
        snprintf(requirement, sizeof requirement, "at most %d finite numbers, separated by commas",
                 MAX_LIST);
    double *values = malloc(MAX_LIST * sizeof *values);
    char *copy = strdup(text), *next = copy;
    size_t count = 0;
    bool good = values && copy;
    while (good && next) {
        char *item = next;
        next = strchr(item, ',');
        if (next)
            *next++ = '\0';
        good = count < MAX_LIST && ordpar_parse_double(item, &values[count]) &&
               in_list(entry, values, count);
        count++;
    }
    free(copy);
    if (!good) {
        free(values);
        return bad_value(parsed, entry, text, requirement);
    }
    free(field->values);
    *field = (number_list){values, count};
    return -1;
}

/* Splits START:STOP:COUNT[:lin|log] in place. */
static bool parse_grid(char *text, double high, grid *parsed) {
    char *parts[4] = {text, NULL, NULL, NULL};
    size_t count = 1;
    for (char *colon = strchr(text, ':'); colon; colon = strchr(colon, ':')) {
        *colon++ = '\0';
        if (count == 4)
            return false;
        parts[count++] = colon;
    }
    if (count < 3 || !ordpar_parse_double(parts[0], &parsed->start) ||
        !ordpar_parse_double(parts[1], &parsed->stop) ||
        !ordpar_parse_integer(parts[2], &parsed->count))
        return false;
    if (parts[3] && strcmp(parts[3], "lin") != 0 && strcmp(parts[3], "log") != 0)
        return false;
    parsed->logarithmic = parts[3] && strcmp(parts[3], "log") == 0;
    const bool one_row = parsed->count == 1 && parsed->start == parsed->stop;
    return parsed->start >= (parsed->logarithmic ? 1e-300 : 0) && parsed->stop <= high &&
           parsed->count >= 1 && parsed->count <= MAX_GRID &&
           (one_row || (parsed->count > 1 && parsed->start < parsed->stop));
}

static int set_grid(options *parsed, const option_entry *entry, const char *text, grid *field) {
    grid value = {0};
    char *copy = strdup(text);
    const bool good = copy && parse_grid(copy, entry->high, &value);
    free(copy);
    if (!good)
        return bad_value(
            parsed, entry, text,
            "START:STOP:COUNT[:lin|log] with 0 <= START < STOP <= 1e300 (START > 0 for "
            "log) and 2 <= COUNT <= 1e8, or START:START:1");
    *field = value;
    return -1;
}

static int add_text(options *parsed, const char *text, text_list *field) {
    const char **grown = realloc(field->items, (field->count + 1) * sizeof *grown);
    if (!grown)
        return failure(parsed, "out of memory for the options");
    field->items = grown;
    field->items[field->count++] = text;
    return -1;
}

static int set_option(options *parsed, const option_entry *entry, const char *text) {
    void *field = (char *)parsed + entry->offset;
    switch (entry->kind) {
    case KIND_REAL:
    case KIND_POSITIVE:
        return set_real(parsed, entry, text, field);
    case KIND_INTEGER:
        return set_integer(parsed, entry, text, field);
    case KIND_CHOICE:
        return set_choice(parsed, entry, text, field);
    case KIND_FLAG:
        *(bool *)field = true;
        return -1;
    case KIND_TEXT:
        if (!*text)
            return bad_value(parsed, entry, text, "a non-empty name");
        *(const char **)field = text;
        return -1;
    case KIND_REALS:
    case KIND_ORDERS:
        return set_list(parsed, entry, text, field);
    case KIND_GRID:
        return set_grid(parsed, entry, text, field);
    case KIND_TEXTS:
        return add_text(parsed, text, field);
    }
    return -1;
}

/* getopt's tables for the options of these groups. */
static void make_getopt_tables(unsigned groups, struct option *longs, char *shorts) {
    *shorts++ = ':';
    *shorts++ = 'h';
    *longs++ = (struct option){"help", no_argument, NULL, HELP_CODE};
    for (size_t k = 0; k < option_count; k++) {
        const option_entry *entry = &option_table[k];
        if (!(entry->groups & groups))
            continue;
        const int argument = entry->kind == KIND_FLAG ? no_argument : required_argument;
        *longs++ = (struct option){entry->name, argument, NULL, HELP_CODE + 1 + (int)k};
        if (!entry->letter)
            continue;
        *shorts++ = entry->letter;
        if (argument)
            *shorts++ = ':';
    }
    *longs = (struct option){0};
    *shorts = '\0';
}

static const option_entry *find_entry(int code, unsigned groups) {
    if (code > HELP_CODE && code <= HELP_CODE + (int)option_count)
        return &option_table[code - HELP_CODE - 1];
    for (size_t k = 0; k < option_count; k++)
        if (option_table[k].letter && option_table[k].letter == code &&
            (option_table[k].groups & groups))
            return &option_table[k];
    return NULL;
}

int options_parse(int argc, char **argv, const char *command, unsigned groups, options *parsed) {
    enum { TABLE = 128 };
    struct option longs[TABLE];
    char shorts[2 * TABLE + 3];
    *parsed = option_defaults;
    parsed->command = command;
    parsed->groups = groups;
    parsed->argc = argc;
    parsed->argv = argv;
    make_getopt_tables(groups, longs, shorts);
    opterr = 0;
    optind = 2; /* after the program and the subcommand */
    for (int code; (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (code == HELP_CODE || code == 'h')
            return HELP_CODE;
        const option_entry *entry = find_entry(code, groups);
        const int result = entry ? set_option(parsed, entry, optarg ? optarg : "")
                                 : refuse_option(parsed, groups, code, argv);
        if (result >= 0)
            return result;
        parsed->given |= UINT64_C(1) << (entry - option_table);
        parsed->raw[entry - option_table] = optarg;
    }
    parsed->arguments = argv + optind;
    parsed->n_arguments = (size_t)(argc - optind);
    return -1;
}

const option_entry *option_find(const char *name) {
    for (size_t k = 0; k < option_count; k++)
        if (strcmp(option_table[k].name, name) == 0 ||
            (option_table[k].letter && name[0] == option_table[k].letter && !name[1]))
            return &option_table[k];
    return NULL;
}

int options_set(options *parsed, const option_entry *entry, const char *text) {
    const size_t k = (size_t)(entry - option_table);
    int result = -1;
    if (entry->kind != KIND_FLAG)
        result = set_option(parsed, entry, text);
    else if (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0)
        *(bool *)((char *)parsed + entry->offset) = *text == 'y';
    else
        result = bad_value(parsed, entry, text, "yes or no");
    if (result < 0) {
        parsed->given |= UINT64_C(1) << k;
        parsed->raw[k] = text;
    }
    return result;
}

static bool copy_list(const number_list *from, number_list *to) {
    *to = (number_list){0};
    if (from->count == 0)
        return true;
    to->values = malloc(from->count * sizeof *to->values);
    if (!to->values)
        return false;
    memcpy(to->values, from->values, from->count * sizeof *to->values);
    to->count = from->count;
    return true;
}

bool options_copy(const options *from, options *to) {
    *to = *from;
    to->sweep = (text_list){0}; /* of the original alone */
    bool good = true;
    for (size_t k = 0; k < option_count; k++) {
        const size_t offset = option_table[k].offset;
        if (option_table[k].kind == KIND_REALS || option_table[k].kind == KIND_ORDERS)
            good = copy_list((const number_list *)((const char *)from + offset),
                             (number_list *)((char *)to + offset)) &&
                   good;
    }
    return good;
}

bool options_given(const options *parsed, const char *name) {
    for (size_t k = 0; k < option_count; k++)
        if (strcmp(option_table[k].name, name) == 0)
            return parsed->given >> k & 1;
    return false;
}

void options_mark(options *parsed, const char *name) {
    for (size_t k = 0; k < option_count; k++)
        if (strcmp(option_table[k].name, name) == 0)
            parsed->given |= UINT64_C(1) << k;
}

const char *options_text(const options *parsed, const char *name, char buffer[OPTIONS_TEXT_SIZE]) {
    for (size_t k = 0; k < option_count; k++) {
        if (strcmp(option_table[k].name, name) != 0)
            continue;
        if (parsed->raw[k])
            return parsed->raw[k];
        option_default_text(&option_table[k], buffer, OPTIONS_TEXT_SIZE);
        return *buffer ? buffer : NULL;
    }
    return NULL;
}

bool options_given_any(const options *parsed, unsigned groups) {
    for (size_t k = 0; k < option_count; k++)
        if ((parsed->given >> k & 1) && (option_table[k].groups & groups))
            return true;
    return false;
}

void options_clear(options *parsed) {
    free(parsed->student_output.values);
    free(parsed->teacher_output.values);
    free(parsed->moments.values);
    free(parsed->sizes.values);
    free(parsed->sweep.items);
}
