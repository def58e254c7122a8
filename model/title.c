// SPDX-License-Identifier: GPL-3.0-or-later
/* What a picture's title says of a model. */
#include "base/number.h"
#include "model/model_internal.h"
#include "model/parts.h"
#include "solver/state/training.h"

#include <stdlib.h>
#include <string.h>

enum { WORD = 240, SHOWN = ORDPAR_FILE_NAME, LONG = 44, SHORT = 28 };

typedef struct {
    size_t count;
    const char *const *names, *const *values;
} told;

void ordpar_title_escape(const char *plain, char *text, size_t size) {
    size_t used = 0;
    for (; *plain && used + 3 < size; plain++) {
        if (strchr("_^{}@&~\\", *plain))
            text[used++] = '\\';
        text[used++] = *plain;
    }
    text[used] = '\0';
}

void ordpar_symbol_value(const char *name, const char *plain, char *text, size_t size) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (row && ordpar_setting_is_none(row, plain)) {
        ordpar_format(text, size, strcmp(row->name, "trainable") == 0 ? "N" : "none");
        return;
    }
    double value;
    const size_t mantissa = strcspn(plain, "eE");
    if (!plain[mantissa] || !ordpar_parse_double(plain, &value)) {
        ordpar_title_escape(plain, text, size);
        return;
    }
    const bool one = mantissa == 1 && *plain == '1';
    ordpar_format(text, size, "%.*s%s10^{%ld}", one ? 0 : (int)mantissa, plain, one ? "" : "×",
                  strtol(plain + mantissa + 1, NULL, 10));
}

static const char *value_of(const told *t, const char *name) {
    for (size_t k = 0; k < t->count; k++)
        if (strcmp(t->names[k], name) == 0)
            return t->values[k];
    return NULL;
}

/* Without folder and suffix, with the array of an archive that labels name. */
static void name_file(const void *labels, const char *path, bool several, char *name) {
    char plain[2 * LONG];
    const char *colon = labels ? ordpar_array_of(path) : NULL;
    const size_t end = colon ? (size_t)(colon - path) : strlen(path);
    size_t begin = end, used;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    ordpar_format(plain, several ? SHORT : LONG, "%.*s", (int)(end - begin), path + begin);
    char *dot = strrchr(plain, '.');
    if (dot && dot != plain)
        *dot = '\0';
    used = strlen(plain);
    if (colon)
        ordpar_format(plain + used, LONG, "%s", colon);
    ordpar_title_escape(plain, name, SHOWN);
}

static void file_text(const char *name, const char *files, char text[SHOWN]) {
    ordpar_file_names(files, name_file, strcmp(name, "labels") == 0 ? name : NULL, text, SHOWN);
}

/* JSON has a probability for each task. */
static void tasks_text(const char *tasks, char text[SHOWN]) {
    size_t count = 0;
    for (const char *at = tasks; (at = strstr(at, "\"probability\"")); at++)
        count++;
    ordpar_format(text, SHOWN, "%zu task%s", count, count == 1 ? "" : "s");
}

/* "= 0.1 (1 + α/10)^{-0.5}"; the start as it was typed. */
static void eta_text(const char *eta, const char *schedule, char text[WORD]) {
    char shown[SHOWN];
    double value;
    ordpar_schedule s;
    ordpar_error unused;
    ordpar_symbol_value("eta", eta, shown, sizeof shown);
    ordpar_format(text, WORD, "= %s", shown);
    if (!schedule || !ordpar_parse_double(eta, &value) ||
        ordpar_schedule_parse(schedule, &s, &unused))
        return;
    if (s.kind == ORDPAR_SCHEDULE_POWER)
        ordpar_format(text, WORD, "= %s (1 + α/%g)^{-%g}", shown, s.alpha_0, s.gamma);
    else if (s.kind == ORDPAR_SCHEDULE_COSINE)
        ordpar_format(text, WORD, "= %s, cosine to %g at α = %g", shown, value * s.floor,
                      s.alpha_0);
    else if (s.kind == ORDPAR_SCHEDULE_FACTORS)
        ordpar_format(text, WORD, "= %s in pieces, to %g at α = %g", shown,
                      value * s.eta[s.count - 1], s.alpha[s.count - 1]);
    ordpar_schedule_clear(&s);
}

/* Of both eta and its schedule; nothing where the other one tells it. */
static void rate_word(const told *t, const char *name, char word[WORD]) {
    const char *eta = value_of(t, "eta"), *schedule = value_of(t, "schedule");
    char text[WORD];
    if (schedule && ordpar_schedule_is_file(schedule)) {
        if (strcmp(name, "schedule") == 0) {
            file_text(name, schedule, text);
            ordpar_format(word, WORD, "η from %s", text);
        }
    } else if (eta && strcmp(name, "eta") == 0) {
        eta_text(eta, schedule, text);
        ordpar_format(word, WORD, "η %s", text);
    } else if (!eta && schedule && strcmp(name, "schedule") == 0) {
        ordpar_title_escape(schedule, text, sizeof text);
        ordpar_format(word, WORD, "schedule %s", text);
    }
}

static void setting_word(const told *t, const ordpar_setting *row, const char *value,
                         char word[WORD]) {
    char symbol[64], text[SHOWN];
    const bool file =
        row->kind == ORDPAR_KIND_FILES ||
        (row->kind == ORDPAR_KIND_FILE && ordpar_setting_names_file(row->name, value));
    ordpar_symbol_short(row->name, symbol, sizeof symbol);
    if (file)
        file_text(row->name, value, text);
    else
        ordpar_symbol_value(row->name, value, text, sizeof text);
    if (strcmp(row->name, "eta") == 0 || strcmp(row->name, "schedule") == 0)
        rate_word(t, row->name, word);
    else if (strcmp(row->name, "tasks") == 0 && !file)
        tasks_text(value, word);
    else if (strcmp(row->name, "eta-max") == 0)
        ordpar_format(word, WORD, "η ≤ %s", text);
    else if (row->kind == ORDPAR_KIND_FLAG)
        ordpar_format(word, WORD, "%s", symbol);
    else if (strcmp(row->name, "activation") == 0)
        ordpar_format(word, WORD, "%s", *value == '{' ? "own activation" : text);
    else if (row->kind == ORDPAR_KIND_CHOICE)
        ordpar_format(word, WORD, "%s %s", row->name, text);
    else
        ordpar_format(word, WORD, "%s = %s", symbol,
                      *value == '{' ? "a function of one's own" : text);
}

/* What is the same by default needs no word, but for what is always told. */
static bool needs_word(const ordpar_setting *row, const char *value) {
    static const char always[] =
        "activation student-units teacher-units input-dim eigenvalues beta eta eta-max";
    return value &&
           (ordpar_settings_among(always, row->name) || !ordpar_settings_same(row->initial, value));
}

/* What has no place any more is left out. */
static void add(const char *before, const char *word, char *text, size_t size) {
    const size_t used = strlen(text), more = strlen(before) + strlen(word);
    if (*word && used + more < size)
        ordpar_format(text + used, size - used, "%s%s", used ? before : "", word);
}

void ordpar_title(size_t count, const char *const *names, const char *const *values, char *text,
                  size_t size) {
    static const char *const numbers[] = {"starts", "runs", "digits"};
    const told t = {count, names, values};
    const char *form = value_of(&t, "closed form"), *before = form ? ": " : ", ";
    if (size == 0)
        return;
    *text = '\0';
    add("", form ? form : "", text, size);
    for (size_t k = 0; k < ordpar_model_settings.count; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        const char *value = value_of(&t, row->name);
        char word[WORD] = "";
        if (!needs_word(row, value) || ordpar_settings_among("runs digits", row->name))
            continue;
        setting_word(&t, row, value, word);
        add(before, word, text, size);
        before = *word ? ", " : before;
    }
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        const char *value = value_of(&t, numbers[k]);
        char word[WORD];
        if (!value)
            continue;
        ordpar_format(word, sizeof word, "%.40s %.*s", value,
                      (int)strlen(numbers[k]) - (strcmp(value, "1") == 0), numbers[k]);
        add(", ", word, text, size);
    }
}
