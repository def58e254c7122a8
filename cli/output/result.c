// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/result.h"

#include "base/number.h"
#include "base/stream_path.h"
#include "base/text_stream.h"
#include "base/utf8.h"
#include "cli/options/libraries.h"
#include "cli/output/plot.h"
#include "cli/output/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *result_command_line(int argc, char **argv) {
    size_t size = 1;
    for (int k = 0; k < argc; k++)
        size += 4 * strlen(argv[k]) + 3;
    char *line = malloc(size), *end = line;
    if (!line)
        return NULL;
    for (int k = 0; k < argc; k++) {
        const char *word = k == 0 ? "ordpar" : argv[k];
        const bool plain = *word && !word[strcspn(word, " \t\n'\"\\$&;|<>*?()[]{}!#~`")];
        end += sprintf(end, "%s%s", k ? " " : "", plain ? "" : "'");
        for (; *word; word++)
            end += sprintf(end, *word == '\'' ? "'\\''" : "%c", *word);
        end += sprintf(end, "%s", plain ? "" : "'");
    }
    return line;
}

ordpar_status result_check(const options *parsed, const char *checkpoint, ordpar_error *err) {
    const char *names[] = {"output", "save-overlaps", "checkpoint", "plot"};
    const char *paths[] = {parsed->output ? parsed->output : "-",
                           parsed->model->value.save_overlaps, checkpoint, parsed->plot};
    ordpar_status status = ORDPAR_OK;
    struct stat state;
    if (checkpoint && strcmp(checkpoint, "-") == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "checkpoint: must be a file, got '-'");
    if (checkpoint && stat(checkpoint, &state) == 0 && !S_ISDIR(state.st_mode) &&
        ordpar_stream_is_direct(checkpoint))
        return ordpar_fail(err, ORDPAR_IO, "checkpoint: %.400s: is not a file", checkpoint);
    for (size_t k = 0; k < sizeof paths / sizeof *paths && !status; k++) {
        status = (paths[k] == parsed->plot ? plot_check : output_check)(names[k], paths[k], err);
        for (size_t other = 0; other < k && paths[k] && !status; other++)
            if (paths[other] && output_same(paths[k], paths[other]))
                status = ordpar_fail(err, ORDPAR_INVALID, "%s, %s: two outputs go to %.200s",
                                     names[other], names[k], paths[k]);
    }
    return status;
}

/* Puts the last facts first. */
static void rotate_facts(ordpar_table *t, size_t last) {
    for (size_t k = 0; k < last; k++) {
        const ordpar_fact fact = t->facts[t->n_facts - 1];
        memmove(t->facts + 1, t->facts, (t->n_facts - 1) * sizeof fact);
        t->facts[0] = fact;
    }
}

/* Several values of a setting, before the others; what a sweep is of. */
static void put_lists(const options *parsed, FILE *file) {
    static const char *const jobs[] = {"curve", "simulate", "compare"};
    const bool sweep = !options_takes_lists(parsed);
    for (size_t k = 0; k < parsed->sweep.count; k++) {
        char name[2] = {*parsed->sweep.items[k], '\0'};
        const char *text = parsed->sweep.items[k], *equals = strchr(text, '=');
        const ordpar_setting *row =
            equals == text + 1 ? ordpar_setting_find(&ordpar_model_settings, name) : NULL;
        if (sweep)
            ordpar_settings_put(file, "sweep", text);
        else
            fprintf(file, "%s%s", row ? row->name : text, row ? equals : "");
        fputc(' ', file);
    }
    if (sweep && options_given(parsed, "job"))
        fprintf(file, "job=%s ", jobs[parsed->job]);
    if (sweep && parsed->curves)
        fputs("curves=yes ", file);
}

static ordpar_status settings_line(const options *parsed, char **line, ordpar_error *err) {
    char *settings = NULL;
    ordpar_text_stream stream = {0};
    ordpar_status status = ORDPAR_OK;
    if (parsed->settings) {
        if (!(settings = strdup(parsed->settings)))
            status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output");
    } else {
        status = ordpar_model_settings_text(parsed->model, parsed->command->groups, parsed->swept,
                                            &settings, err);
    }
    FILE *file = status ? NULL : ordpar_text_open(&stream);
    if (file) {
        put_lists(parsed, file);
        fputs(settings, file);
    }
    if (!status && !(*line = ordpar_text_end(&stream)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output");
    free(settings);
    return status;
}

ordpar_status result_begin(const options *parsed, ordpar_table *t, ordpar_error *err) {
    char libraries[256], *line = result_command_line(parsed->argc, parsed->argv), *settings = NULL;
    const size_t before = t->n_facts;
    version_libraries(libraries, sizeof libraries);
    ordpar_status status = line ? settings_line(parsed, &settings, err)
                                : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output");
    if (!status) {
        ordpar_table_note(t, "ordpar", "%s", ordpar_version());
        ordpar_table_note(t, "command", "%s", line);
        ordpar_table_note(t, "libraries", "%s", libraries);
        if (*settings)
            ordpar_table_note(t, "settings", "%s", settings);
        if (parsed->files && *parsed->files)
            ordpar_table_note(t, "digests", "%s", parsed->files);
        status = ordpar_table_check(t, err);
    }
    if (!status)
        rotate_facts(t, t->n_facts - before);
    free(line);
    free(settings);
    return status;
}

static void write_csv_cell(const ordpar_table *t, size_t cell, char end, FILE *file) {
    if (t->texts && t->texts[cell])
        fprintf(file, "%s%c", t->texts[cell], end);
    else
        fprintf(file, "%.17g%c", ordpar_printed(t->cells[cell]), end);
}

/* Rows may be many. What a first signal ended is written all the same, if it is to be kept. */
static bool ends_now(size_t row, bool before) {
    enum { AT_ONCE = 256 };
    return row % AT_ONCE == 0 && interrupted && !before;
}

static void write_csv(const ordpar_table *t, bool before, FILE *file) {
    for (size_t k = 0; k < t->n_facts; k++)
        fprintf(file, "# %s: %s\n", t->facts[k].key, t->facts[k].text);
    for (size_t c = 0; c < t->n_columns; c++)
        fprintf(file, "%s%s", c ? "," : "", t->columns[c]);
    fputc('\n', file);
    for (size_t r = 0; r < t->n_rows && !ends_now(r, before); r++)
        for (size_t c = 0; c < t->n_columns; c++)
            write_csv_cell(t, r * t->n_columns + c, c + 1 < t->n_columns ? ',' : '\n', file);
}

static void write_json_string(const char *text, FILE *file) {
    fputc('"', file);
    for (size_t length; *text; text += length ? length : 1) {
        length = ordpar_utf8_character(text);
        if (*text == '"' || *text == '\\')
            fputc('\\', file);
        if (length)
            fwrite(text, 1, length, file);
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            fprintf(file, "\\u%04x", (unsigned)*text);
        else
            fputs(ORDPAR_NO_CHARACTER, file);
    }
    fputc('"', file);
}

/* What names files keeps all its bytes, where these are no UTF-8 as {"bytes": "s%FF.csv"}. */
static void write_json_name(const char *text, FILE *file) {
    if (ordpar_utf8_is_text(text)) {
        write_json_string(text, file);
        return;
    }
    fputs("{\"bytes\": \"", file);
    ordpar_utf8_put_bytes(text, file);
    fputs("\"}", file);
}

/* A note that is a number is one in JSON too. */
static void write_json_value(const char *key, const char *text, FILE *file) {
    int64_t number;
    if (ordpar_parse_integer(text, &number))
        fprintf(file, "%lld", (long long)number);
    else if (strncmp(key, "file ", 5) == 0) /* of a sweep */
        write_json_name(text, file);
    else
        write_json_string(text, file);
}

/* A number in JSON's sense: digits, perhaps a fraction, perhaps an exponent. */
static bool is_json_number(const char *text) {
    static const char digits[] = "0123456789";
    text += *text == '-';
    size_t width = strspn(text, digits);
    if (width == 0 || (width > 1 && *text == '0'))
        return false;
    text += width;
    if (*text == '.') {
        width = strspn(text + 1, digits);
        text += width > 0 ? width + 1 : 0;
    }
    if (*text == 'e' || *text == 'E') {
        const size_t sign = text[1] == '+' || text[1] == '-';
        width = strspn(text + 1 + sign, digits);
        text += width > 0 ? 1 + sign + width : 0;
    }
    return !*text;
}

/* JSON has no word for what is not finite. */
static void write_json_cell(const ordpar_table *t, size_t cell, FILE *file) {
    const double value = t->cells[cell];
    const char *text = t->texts ? t->texts[cell] : NULL;
    if (text && is_json_number(text))
        fputs(text, file);
    else if (text && (*text || !isnan(value)))
        write_json_string(text, file);
    else if (!text && isfinite(value))
        fprintf(file, "%.17g", value);
    else
        fputs("null", file);
}

/* More digits than a double has stay text. */
static void write_json_setting(const char *value, FILE *file) {
    if (is_json_number(value) && strlen(value) <= 15)
        fputs(value, file);
    else
        write_json_name(value, file);
}

/* The settings line as an object, defaults in one of their own; files of one name as an array.
 * False if out of memory. */
static bool write_json_settings(const char *line, FILE *file) {
    char *copy = strdup(line), *rest = copy;
    ordpar_settings_word word = {0};
    const char *last = "";
    bool in_default = false, in_array = false;
    fputc('{', file);
    while (copy && ordpar_settings_next(&rest, &word)) {
        const bool again = strcmp(word.name, last) == 0,
                   opens = ordpar_settings_among("data sweep", word.name);
        fputs(in_array && !again ? "]" : "", file);
        in_array = in_array && again;
        fputs(*last ? ", " : "", file);
        if (word.is_default && !in_default)
            fputs("\"default\": {", file);
        in_default = word.is_default;
        if (!again) {
            write_json_string(word.name, file);
            fputs(opens ? ": [" : ": ", file);
            in_array = opens;
        }
        write_json_setting(word.value ? word.value : "", file);
        last = word.name;
    }
    fprintf(file, "%s%s}", in_array ? "]" : "", in_default ? "}" : "");
    free(copy);
    return copy;
}

static bool write_json(const ordpar_table *t, bool before, FILE *file) {
    bool good = true;
    fputs("{\n", file);
    for (size_t k = 0; k < t->n_facts; k++) {
        fputs("  ", file);
        write_json_string(t->facts[k].key, file);
        fputs(": ", file);
        if (strcmp(t->facts[k].key, "settings") == 0)
            good = write_json_settings(t->facts[k].text, file);
        else
            write_json_value(t->facts[k].key, t->facts[k].text, file);
        fputs(",\n", file);
    }
    fputs("  \"columns\": [", file);
    for (size_t c = 0; c < t->n_columns; c++) {
        fputs(c ? ", " : "", file);
        write_json_string(t->columns[c], file);
    }
    fputs("],\n  \"rows\": [", file);
    for (size_t r = 0; r < t->n_rows && !ends_now(r, before); r++) {
        fputs(r ? ",\n    [" : "\n    [", file);
        for (size_t c = 0; c < t->n_columns; c++) {
            fputs(c ? ", " : "", file);
            write_json_cell(t, r * t->n_columns + c, file);
        }
        fputc(']', file);
    }
    fputs("\n  ]\n}\n", file);
    return good;
}

static ordpar_status print(const ordpar_table *t, output_format format, FILE *file,
                           ordpar_error *err) {
    const bool before = interrupted;
    if (format != FORMAT_JSON)
        write_csv(t, before, file);
    else if (!write_json(t, before, file))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output");
    return interrupted && !before
               ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted while the output was written")
               : ORDPAR_OK;
}

ordpar_status result_stage(output_set *set, const ordpar_table *t, output_format format,
                           const char *path, ordpar_error *err) {
    ordpar_status status = ordpar_table_check(t, err);
    FILE *file = status ? NULL : output_open(set, "output", path, &status, err);
    return file ? print(t, format, file, err) : status;
}

static void say(const options *parsed, const ordpar_error *reason) {
    char line[2 * ORDPAR_MESSAGE_SIZE];
    progress_clear();
    options_message(reason, line, sizeof line);
    fprintf(stderr, "ordpar %s: %s\n", parsed->command->name, line);
}

ordpar_status result_end(const options *parsed, output_set *set, ordpar_status status,
                         ordpar_error *err) {
    if (status) {
        output_abandon(set);
        return status;
    }
    status = output_commit(set, err);
    for (size_t k = 0; k + 1 < set->n_losses; k++)
        say(parsed, &set->losses[k].reason);
    return status;
}

ordpar_status result_conclude(const options *parsed, ordpar_status status, ordpar_status written,
                              const ordpar_error *reason, ordpar_error *err) {
    const bool yields = status && written == ORDPAR_NUMERICAL; /* the numbers are there */
    if (status == ORDPAR_IO && (!written || yields))           /* a checkpoint's */
        status = ORDPAR_NUMERICAL;
    char *promise = status && written ? strstr(err->message, " and are written") : NULL;
    if (promise) /* in the end of a message */
        *promise = 0;
    const bool several = status != written || yields || status == ORDPAR_IO; /* two files */
    if (status && written && several)
        say(parsed, yields ? reason : err);
    if (written && !yields)
        *err = *reason;
    return written && !yields ? written : status;
}
