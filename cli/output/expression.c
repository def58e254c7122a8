// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/expression.h"

#include "base/number.h"
#include "cli/output/result.h"
#include "cli/output/symbols.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 40, NAME = 64 };

/* A text that is being read. */
typedef struct {
    const char *at;
    const ordpar_table *t;
    expression *e;
    int depth;
    bool good;
    const expression *twins; /* read before: of its columns some have one symbol; or NULL */
    char unknown[NAME];      /* a name that is neither column nor setting; "": none */
    char twofold[NAME];      /* a number that is a column's name, too; "": none */
} reader;

static void read_sum(reader *r);
static void read_factor(reader *r);

static void add_item(reader *r, char kind, double number, size_t column) {
    r->good = r->good && r->e->count < EXPRESSION_ITEMS;
    if (r->good)
        r->e->items[r->e->count++] = (expression_item){kind, number, column};
}

static void add_label(reader *r, const char *text) {
    const size_t used = strlen(r->e->label);
    ordpar_format(r->e->label + used, EXPRESSION_LABEL - used, "%s", text);
}

static char next(reader *r) {
    while (*r->at == ' ')
        r->at++;
    return *r->at;
}

/* Takes a character that is there; label: how it is set. */
static bool take(reader *r, char c, const char *label) {
    if (next(r) != c)
        return false;
    r->at++;
    add_label(r, label);
    return true;
}

/* The column of that name, or of the setting's other name. */
static bool find_column(const ordpar_table *t, const char *name, size_t *column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    const char letter[] = {row ? row->letter : '\0', '\0'};
    return ordpar_table_find_column(t, name, column) ||
           (row && (ordpar_table_find_column(t, row->name, column) ||
                    (row->letter && ordpar_table_find_column(t, letter, column))));
}

static bool find_setting(const ordpar_table *t, const char *name, double *value) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    const ordpar_fact *settings = ordpar_table_find_fact(t, "settings");
    char *copy = row && settings ? strdup(settings->text) : NULL, *rest = copy;
    ordpar_settings_word word = {0};
    bool found = false;
    while (copy && !found && ordpar_settings_next(&rest, &word))
        found = strcmp(word.name, row->name) == 0 && word.value &&
                !ordpar_setting_is_none(row, word.value) && ordpar_parse_double(word.value, value);
    free(copy);
    return found;
}

/* Of a column: all components are N of them where -1 are trained, and no seed is -1. */
static double minus_one(const ordpar_table *t, size_t column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
    double N = NAN;
    if (!row || !ordpar_setting_is_none(row, "-1"))
        return -1;
    if (strcmp(row->name, "trainable") == 0)
        (void)find_setting(t, "input-dim", &N);
    return N;
}

static bool is_name(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* What alpha counts, where that is not examples / N: the note of batches says it. */
static const char *counted(const ordpar_table *t) {
    static const char words[] = "alpha counts ";
    const char *found = NULL;
    for (size_t k = 0; k < t->n_facts && !found; k++)
        found = strncmp(t->facts[k].key, "batch", 5) == 0 ? strstr(t->facts[k].text, words) : NULL;
    return found ? found + strlen(words) : NULL;
}

/* Whether some of its curves are not of steps that are a map, and count otherwise. */
static bool has_both(const ordpar_table *t) {
    size_t column;
    bool other = false;
    if (ordpar_table_find_column(t, "batch-fraction", &column))
        for (size_t k = 0; k < t->n_rows; k++)
            other = other || isnan(t->cells[k * t->n_columns + column]);
    return other;
}

static void name_axis(const reader *r, const char *name, char label[EXPRESSION_LABEL]) {
    const bool is_alpha = strcmp(name, "alpha") == 0;
    const char *what = is_alpha ? counted(r->t) : NULL;
    if (what)
        ordpar_format(label, EXPRESSION_LABEL, "%sα = %s",
                      has_both(r->t) ? "α = examples / N, " : "", what);
    else if (is_alpha && r->t->n_facts == 0) /* its notes are lost */
        ordpar_symbol_short(name, label, EXPRESSION_LABEL);
    else
        ordpar_symbol_axis(name, label, EXPRESSION_LABEL);
}

/* Whether the expression has another column with the same symbol, as theory and mean are. */
static bool has_twin(const expression *e, const ordpar_table *t, size_t column) {
    char symbol[EXPRESSION_LABEL], other[EXPRESSION_LABEL];
    ordpar_symbol_short(t->columns[column], symbol, sizeof symbol);
    for (size_t k = 0; k < e->count; k++) {
        if (e->items[k].kind != 'c' || e->items[k].column == column)
            continue;
        ordpar_symbol_short(t->columns[e->items[k].column], other, sizeof other);
        if (strcmp(symbol, other) == 0)
            return true;
    }
    return false;
}

static bool has_twins(const expression *e, const ordpar_table *t) {
    for (size_t k = 0; k < e->count; k++)
        if (e->items[k].kind == 'c' && has_twin(e, t, e->items[k].column))
            return true;
    return false;
}

/* The name of a column that its symbol does not tell from another. */
static void name_twin(const char *name, char label[EXPRESSION_LABEL]) {
    size_t used = 0;
    for (; *name && used + 3 < EXPRESSION_LABEL; name++) {
        if (*name == '_')
            label[used++] = '\\';
        label[used++] = *name;
    }
    label[used] = '\0';
}

/* The longest name that is a column or a setting: names may have - and @ in them. */
static bool read_name(reader *r) {
    size_t width =
        strspn(r->at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@.-+");
    char name[NAME], label[EXPRESSION_LABEL];
    ordpar_format(r->unknown, NAME, "%.*s", (int)width, r->at);
    for (; width > 0; width--) {
        size_t column = 0;
        double value = 0;
        if (width >= NAME || is_name(r->at[width]))
            continue;
        ordpar_format(name, NAME, "%.*s", (int)width, r->at);
        const bool is_column = find_column(r->t, name, &column);
        if (!is_column && !find_setting(r->t, name, &value))
            continue;
        const bool alone = r->e->count == 0 && !r->at[width];
        if (alone)
            name_axis(r, name, label);
        else if (is_column && r->twins && has_twin(r->twins, r->t, column))
            name_twin(name, label);
        else
            ordpar_symbol_short(name, label, sizeof label);
        add_label(r, label);
        add_item(r, is_column ? 'c' : 'n', is_column ? minus_one(r->t, column) : value, column);
        r->at += width;
        *r->unknown = '\0';
        return true;
    }
    return false;
}

static bool read_number(reader *r) {
    char text[NAME], *end;
    const double value = strtod(r->at, &end);
    size_t column;
    const size_t width = (size_t)(end - r->at);
    const char *digit = r->at + (*r->at == '.');
    if (!isdigit((unsigned char)*digit) || width >= NAME || is_name(*end))
        return false;
    ordpar_format(text, NAME, "%.*s", (int)width, r->at);
    if (ordpar_table_find_column(r->t, text, &column))
        memcpy(r->twofold, text, NAME);
    add_label(r, text);
    add_item(r, 'n', value, 0);
    r->at = end;
    return true;
}

/* A column's name in whole, which may have in it what stands for something in an expression. */
static bool read_whole(reader *r) {
    char name[ORDPAR_COLUMN_SIZE], label[EXPRESSION_LABEL];
    size_t column, width = strlen(r->at + strspn(r->at, " "));
    r->at += strspn(r->at, " ");
    while (width > 0 && r->at[width - 1] == ' ')
        width--;
    if (width >= sizeof name)
        return false;
    ordpar_format(name, sizeof name, "%.*s", (int)width, r->at);
    if (!ordpar_table_find_column(r->t, name, &column))
        return false;
    name_axis(r, name, label);
    add_label(r, label);
    add_item(r, 'c', minus_one(r->t, column), column);
    r->at += strlen(r->at);
    return true;
}

static bool read_function(reader *r) {
    static const struct {
        const char *name, *label;
        char kind;
    } functions[] = {
        {"sqrt(", "√(", 's'}, {"log(", "ln(", 'l'}, {"exp(", "exp(", 'e'}, {"(", "(", 0}};
    for (size_t k = 0; k < sizeof functions / sizeof *functions; k++) {
        const size_t width = strlen(functions[k].name);
        if (strncmp(r->at, functions[k].name, width) != 0)
            continue;
        r->at += width;
        add_label(r, functions[k].label);
        read_sum(r);
        r->good = take(r, ')', ")") && r->good;
        if (functions[k].kind)
            add_item(r, functions[k].kind, 0, 0);
        return true;
    }
    return false;
}

/* x^2, and as others write it: x**2 and x². */
static void read_power(reader *r) {
    static const char *const raised[][2] = {{"\xc2\xb2", "2"}, {"\xc2\xb3", "3"}};
    for (size_t k = 0; k < 2; k++)
        if (strncmp(r->at, raised[k][0], 2) == 0) {
            r->at += 2;
            add_label(r, "^{");
            add_label(r, raised[k][1]);
            add_label(r, "}");
            add_item(r, 'n', (double)(k + 2), 0);
            add_item(r, '^', 0, 0);
            return;
        }
    if (next(r) == '*' && r->at[1] == '*')
        r->at++;
    else if (*r->at != '^')
        return;
    take(r, *r->at, "^{");
    read_factor(r);
    add_label(r, "}");
    add_item(r, '^', 0, 0);
}

static void read_factor(reader *r) {
    next(r);
    r->good = r->good && ++r->depth < MAX_DEPTH;
    if (!r->good)
        return;
    const size_t used = strlen(r->e->label);
    const bool inner = used > 0 && !strchr("({", r->e->label[used - 1]); /* a × (-b) */
    if (take(r, '-', inner ? "(-" : "-")) {
        read_factor(r);
        add_label(r, inner ? ")" : "");
        add_item(r, '~', 0, 0);
    } else if (take(r, '+', "")) {
        read_factor(r);
    } else if (read_function(r) || read_number(r) || read_name(r)) {
        read_power(r);
    } else {
        r->good = false;
    }
    r->depth--;
}

static void read_product(reader *r) {
    read_factor(r);
    while (r->good && (next(r) == '*' || *r->at == '/')) {
        const char operation = *r->at;
        const bool number = isdigit((unsigned char)r->at[1 + strspn(r->at + 1, " ")]);
        take(r, operation, operation == '/' ? "/" : number ? " × " : " ");
        read_factor(r);
        add_item(r, operation, 0, 0);
    }
}

static void read_sum(reader *r) {
    read_product(r);
    while (r->good && (next(r) == '+' || *r->at == '-')) {
        const char operation = *r->at;
        take(r, operation, operation == '+' ? " + " : " - ");
        read_product(r);
        add_item(r, operation, 0, 0);
    }
}

void expression_columns(const ordpar_table *t, char *names, size_t size) {
    const size_t most = size - 32; /* for how many there are beside */
    size_t used = 0, left = 0;
    *names = '\0';
    for (size_t c = 0; c < t->n_columns; c++) {
        if (!*t->columns[c] || result_has_words(t, c))
            continue;
        if (left > 0 || used + strlen(t->columns[c]) + 2 > most)
            left++;
        else
            used += (size_t)ordpar_format(names + used, size - used, "%s%s", used ? ", " : "",
                                          t->columns[c]);
    }
    if (left > 0)
        ordpar_format(names + used, size - used, " and %zu others", left);
    if (used == 0 && left == 0)
        ordpar_format(names, size, "no columns of numbers");
}

/* What is measured on each curve of a sweep. */
bool expression_is_of_sweeps(const char *name) {
    return ordpar_settings_among("plateau_height plateau_entry plateau_exit plateau_length "
                                 "escape_rate escape_time decay_exponent",
                                 name);
}

static ordpar_status refuse_twofold(const char *setting, const char *text, const reader *r,
                                    ordpar_error *err) {
    const char *longer = strpbrk(r->twofold, "eE") ? "" : strchr(r->twofold, '.') ? "0" : ".0";
    return ordpar_fail(
        err, ORDPAR_INVALID,
        "%s: '%.60s' in '%.100s' may be the number or the column of that name, which "
        "can be drawn alone%s%s%s%s",
        setting, r->twofold, text, *longer ? "; " : "", *longer ? r->twofold : "", longer,
        *longer ? " is the number" : "");
}

static ordpar_status refuse(const char *setting, const char *text, const reader *r,
                            ordpar_error *err) {
    char names[300];
    const size_t own =
        strnlen(text, 60) + strnlen(r->unknown, 60); /* 110 for what stands about it */
    expression_columns(r->t, names, sizeof names - (own > 20 ? own - 20 : 0));
    const bool part = *r->unknown && strcmp(r->unknown, text) != 0;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%s: must be a column of numbers or an expression of columns, got "
                       "'%.60s'%s%s%s; there are %s%s",
                       setting, text, part ? ", and '" : "", part ? r->unknown : "",
                       part ? "' is none" : "", names,
                       expression_is_of_sweeps(r->unknown) ? "; ordpar sweep measures it" : "");
}

/* A word among numbers is a mistake in the file; a column of words is none of numbers. */
static const char *stray_word(const ordpar_table *t, size_t column, size_t *row) {
    bool numbers = false;
    const char *found = NULL;
    if (result_is_sweep(t) && result_is_text(t->columns[column]))
        return NULL;
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *text = t->texts ? t->texts[r * t->n_columns + column] : NULL;
        const bool word = text && *text && isnan(t->cells[r * t->n_columns + column]);
        numbers = numbers || (!word && !isnan(t->cells[r * t->n_columns + column]));
        if (word && !found) {
            found = text;
            *row = r + 1;
        }
    }
    return numbers ? found : NULL;
}

static ordpar_status check_words(const expression *e, const ordpar_table *t, bool *words,
                                 ordpar_error *err) {
    for (size_t k = 0; k < e->count; k++) {
        size_t row = 0;
        if (e->items[k].kind != 'c' || !result_has_words(t, e->items[k].column))
            continue;
        const char *stray = stray_word(t, e->items[k].column, &row);
        if (stray)
            return ordpar_fail(err, ORDPAR_PARSE, "row %zu, %s: must be a number, got '%.60s'", row,
                               t->columns[e->items[k].column], stray);
        *words = true;
    }
    return ORDPAR_OK;
}

ordpar_status expression_read(const char *setting, const char *text, const ordpar_table *t,
                              expression *e, ordpar_error *err) {
    *e = (expression){.count = 0};
    reader r = {.at = text, .t = t, .e = e, .good = true};
    if (!read_whole(&r))
        read_sum(&r);
    if (*r.twofold)
        return refuse_twofold(setting, text, &r, err);
    if (has_twins(e, t)) {
        const expression first = *e;
        *e = (expression){.count = 0};
        r = (reader){.at = text, .t = t, .e = e, .good = true, .twins = &first};
        read_sum(&r);
    }
    bool words = false;
    const ordpar_status status = check_words(e, t, &words, err);
    if (status)
        return status;
    return r.good && !next(&r) && !words ? ORDPAR_OK : refuse(setting, text, &r, err);
}
