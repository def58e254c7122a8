// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options/options.h"

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

bool options_is_list(const options *parsed, const ordpar_setting *row, const char *text) {
    return options_takes_lists(parsed) && is_model(row) && text && strpbrk(text, ",:") &&
           (row->kind == ORDPAR_KIND_REAL || row->kind == ORDPAR_KIND_POSITIVE ||
            row->kind == ORDPAR_KIND_INTEGER);
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

/* What has one value here, and several in a sweep. */
static bool may_be_swept(const ordpar_setting *row) {
    return row->kind == ORDPAR_KIND_REAL || row->kind == ORDPAR_KIND_POSITIVE ||
           row->kind == ORDPAR_KIND_INTEGER || row->kind == ORDPAR_KIND_CHOICE ||
           strcmp(row->name, "activation") == 0;
}

/* Where a value that was refused belongs: several to a sweep, a file to another option. */
static ordpar_status add_hint(const ordpar_setting *row, const char *text, ordpar_status status,
                              ordpar_error *err) {
    const ordpar_error refused = *err;
    if (status == ORDPAR_INVALID && strchr(text, ',') && may_be_swept(row))
        return ordpar_fail(err, status,
                           "%.350s; several values are for ordpar sweep --sweep %s=%.60s",
                           refused.message, row->name, text);
    if (status == ORDPAR_INVALID && strcmp(row->name, "eigenvalues") == 0 &&
        access(text, R_OK) == 0)
        return ordpar_fail(err, status, "%.400s; a file of eigenvalues is for --spectrum",
                           refused.message);
    return status;
}

static ordpar_status set(options *parsed, const ordpar_setting *row, const char *text,
                         ordpar_error *err) {
    if (options_is_list(parsed, row, text))
        return options_set_list(parsed, row, text, err);
    if (row->kind == ORDPAR_KIND_FLAG)
        text = "yes";
    if (is_model(row)) {
        const ordpar_status status = ordpar_model_set_text(parsed->model, row->name, text, err);
        return status ? add_hint(row, text, status, err) : status;
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
        const int argument = row->kind == ORDPAR_KIND_FLAG ? no_argument : required_argument;
        *longs++ = (struct option){row->name, argument, NULL, HELP_CODE + 1 + (int)k};
        if (!row->letter)
            continue;
        *shorts++ = row->letter;
        if (argument)
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

/* Insertions, deletions and replacements that make one word of the other. */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[MAX_NAME + 1];
    const size_t width = strlen(b);
    if (width > MAX_NAME)
        return MAX_NAME;
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            const size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < other ? replaced : other;
        }
    }
    return row[width];
}

/* The option that was probably meant; NULL: none is near. */
static const char *nearest(unsigned groups, const char *name) {
    const char *best = NULL, *part = NULL; /* part: `noise` of label-noise */
    const ordpar_setting *row;
    size_t least = 3;
    if (strlen(name) < 3 || strlen(name) > MAX_NAME)
        return NULL;
    for (size_t k = 0; (row = options_row(groups, k)); k++) {
        const size_t distance = edit_distance(name, row->name);
        if (distance < least) {
            least = distance;
            best = row->name;
        }
        if (!part && strlen(name) > 3 && strstr(row->name, name))
            part = row->name;
    }
    return best ? best : part;
}

/* The options that begin so, as ": --a, --b"; returns how many there are. */
static size_t beginning_with(unsigned groups, const char *name, char *list, size_t size) {
    const ordpar_setting *row;
    size_t count = 0, used = 0;
    for (size_t k = 0; (row = options_row(groups, k)); k++) {
        if (strncmp(row->name, name, strlen(name)) != 0)
            continue;
        if (used < size)
            used += (size_t)snprintf(list + used, size - used, "%s--%s", count ? ", " : ": ",
                                     row->name);
        count++;
    }
    return count;
}

/* What other programs call it. */
static const char *translate(const command *c, const char *name) {
    static const char *const words[][2] = {{"y", "column"},
                                           {"targets", "labels"},
                                           {"dataset", "data"},
                                           {"X", "data"},
                                           {"ylim", "yrange"},
                                           {"xlim", "xrange"},
                                           {"logx", "xscale"},
                                           {"logy", "yscale"},
                                           {"hist", "histogram"},
                                           {"resume", "continue"},
                                           {"continue-from", "continue"},
                                           {"learning-rate", "eta"},
                                           {"lr", "eta"}};
    if (strcmp(name, "y") == 0 && options_find("data", c->groups))
        return "labels";
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(words[k][0], name) == 0 && options_find(words[k][1], c->groups))
            return words[k][1];
    return NULL;
}

/* The command that an option of the program's own is of, where it is of one; NULL: it is not. */
static const char *command_of(const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&program_settings, name);
    return !row                          ? NULL
           : row->groups == GROUP_SWEEP  ? "sweep"
           : row->groups == GROUP_FIGURE ? "figure"
           : row->groups == GROUP_LEGEND ? "plot"
                                         : NULL;
}

static ordpar_status refuse_long(const command *c, const char *word, ordpar_error *err) {
    char list[360] = "", name[MAX_NAME + 2];
    const char *begin = word + strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(begin, "="), begin);
    const char *meant = translate(c, name);
    if (meant)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option (did you mean --%s?)", name,
                           meant);
    if (beginning_with(c->groups, name, list, sizeof list) > 1)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: ambiguous%s", name, list);
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (row && strlen(name) == 1)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: is -%s, or --%s", name, name, row->name);
    if (row)
        return ordpar_fail(
            err, ORDPAR_INVALID, "--%s: no such option of %s; it is one of %s", name, c->name,
            ordpar_setting_property((size_t)(row - ordpar_model_settings.rows), "computations"));
    if ((meant = command_of(name)))
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option of %s; it is one of %s", name,
                           c->name, meant);
    if ((meant = nearest(c->groups, name)))
        return ordpar_fail(err, ORDPAR_INVALID, "%.80s: no such option (did you mean --%s?)", word,
                           meant);
    return ordpar_fail(err, ORDPAR_INVALID, "%.80s: no such option; see 'ordpar %s --help'", word,
                       c->name);
}

static ordpar_status refuse(const command *c, int code, char **argv, ordpar_error *err) {
    const char *word = argv[optind - 1];
    if (code == ':')
        return ordpar_fail(err, ORDPAR_INVALID, "%.80s: needs a value", word);
    const char letter[] = {(char)optopt, '\0'};
    const bool is_letter = optopt > 0 && optopt < 256;
    if (is_letter && options_find(letter, c->groups))
        return ordpar_fail(err, ORDPAR_INVALID, "-%s: no such option (did you mean --%s?)", letter,
                           letter);
    if (is_letter)
        return ordpar_fail(err, ORDPAR_INVALID, "-%s: no such option; see 'ordpar %s --help'",
                           letter, c->name);
    if (optopt)
        return ordpar_fail(err, ORDPAR_INVALID, "%.80s: takes no value", word);
    return refuse_long(c, word, err);
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
        return ordpar_fail(err, ORDPAR_INVALID, "unexpected argument '%.80s'", arguments[own]);
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
    opterr = 0;
    optind = 2; /* after the program and the subcommand */
    for (int code; !status && (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (code == HELP_CODE || code == 'h') {
            parsed->help = true;
            return ORDPAR_OK;
        }
        const ordpar_setting *row = row_of(code, c->groups);
        status = row && code != ':' && code != '?' ? set(parsed, row, optarg, err)
                                                   : refuse(c, code, argv, err);
    }
    if (!status)
        status = take_arguments(parsed, argv + optind, (size_t)(argc - optind), err);
    if (!status && parsed->like)
        status = options_take_like(parsed, err);
    if (!status)
        status = ordpar_model_continue(parsed->model, err);
    return status ? status
                  : ordpar_model_named_files(parsed->model, c->groups, &parsed->files, err);
}

void options_clear(options *parsed) {
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

/* The length of the name of a setting with a hyphen that stands at text; 0: none does. */
static size_t hyphenated_length(const char *text) {
    char name[MAX_NAME + 2];
    const size_t width = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
    if (width == 0 || width > MAX_NAME)
        return 0;
    snprintf(name, sizeof name, "%.*s", (int)width, text);
    return strchr(name, '-') && options_find(name, ~0U) ? width : 0;
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
