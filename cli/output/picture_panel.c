// SPDX-License-Identifier: GPL-3.0-or-later
/* The series of a figure's file, each with the kind and name that its notes tell. */
#include "base/csv.h"
#include "base/number.h"
#include "cli/output/look.h"
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES, X, Y, STDERR, COLUMNS };
enum { WORDS = 400 };

/* Where the columns are, in any order; other programs may have put the numbers of rows among them,
 * or left the errors out. */
static bool find_columns(const ordpar_table *t, size_t places[COLUMNS]) {
    static const char *const columns[COLUMNS] = {"series", "x", "y", "stderr"};
    size_t others = t->n_columns;
    for (size_t k = 0; k < COLUMNS; k++) {
        const bool found = ordpar_table_find_column(t, columns[k], &places[k]);
        if (!found && k != STDERR)
            return false;
        others -= found;
        places[k] = found ? places[k] : t->n_columns;
    }
    for (size_t c = 0; c < t->n_columns; c++)
        others -= ordpar_csv_is_of_rows(t->columns[c]);
    return others == 0;
}

bool picture_is_panel(const ordpar_table *t) {
    size_t places[COLUMNS];
    return find_columns(t, places) && !result_has_words(t, places[SERIES]);
}

typedef struct {
    double number;
    size_t row;
} member;

static int by_series(const void *a, const void *b) {
    const member *p = a, *q = b;
    return p->number != q->number ? (p->number > q->number) - (p->number < q->number)
                                  : (p->row > q->row) - (p->row < q->row);
}

/* The rows of each series below each other, COLUMNS numbers each. NULL: no memory. */
static double *gather(const ordpar_table *t) {
    size_t places[COLUMNS];
    member *members = malloc((t->n_rows + 1) * sizeof *members);
    double *cells = malloc((t->n_rows + 1) * COLUMNS * sizeof *cells);
    if (!members || !cells || !find_columns(t, places)) {
        free(members);
        free(cells);
        return NULL;
    }
    for (size_t r = 0; r < t->n_rows; r++)
        members[r] = (member){t->cells[r * t->n_columns + places[SERIES]], r};
    qsort(members, t->n_rows, sizeof *members, by_series);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t k = 0; k < COLUMNS; k++)
            cells[r * COLUMNS + k] =
                places[k] < t->n_columns ? t->cells[members[r].row * t->n_columns + places[k]] : 0;
    free(members);
    return cells;
}

/* What stands above or below the line, of which notes do not show where it ends. */
static size_t script_width(const char *text) {
    if (*text == '(')
        return strcspn(text, ")") + 1;
    const size_t sign = *text == '-';
    size_t width = sign;
    while (isalnum((unsigned char)text[width]) ||
           (strchr("./", text[width]) && text[width] && isdigit((unsigned char)text[width + 1])))
        width++;
    return width > sign ? width : 0;
}

static void set_words(const char *plain, char *text) {
    size_t used = 0;
    while (*plain && used + 4 < WORDS) {
        const bool script = (*plain == '^' || *plain == '_') && !(used && text[used - 1] == '\\');
        text[used++] = *plain++;
        size_t width = script ? script_width(plain) : 0;
        if (width < 2 || strlen(plain) < width || used + width + 3 > WORDS)
            continue;
        text[used++] = '{';
        memcpy(text + used, plain, width);
        used += width;
        plain += width;
        text[used++] = '}';
    }
    text[used] = '\0';
}

static const char *note_of(const ordpar_table *t, const char *key, char *words) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, key);
    if (!fact)
        return NULL;
    set_words(fact->text, words);
    return words;
}

/* ", colour 2" behind a kind: what has one colour belongs together. */
static const char *read_colour(const char *note, int *colour) {
    static const char words[] = ", colour ";
    char *end;
    if (strncmp(note, words, sizeof words - 1) != 0)
        return note;
    const long number = strtol(note + sizeof words - 1, &end, 10);
    *colour = number >= -1 && number <= PLOT_MAX_SERIES ? (int)number : 0;
    return end;
}

/* "points, colour 1: simulation": the kind, and what the legend says, if it says anything. */
static plot_style read_style(const ordpar_table *t, double number, int *colour, char *title) {
    static const char *const kinds[] = {"line", "points", "guide"};
    static const plot_style styles[] = {PLOT_LINE, PLOT_POINTS, PLOT_GUIDE};
    char key[32], words[WORDS];
    ordpar_format(key, sizeof key, "series %.6g", number);
    const char *note = note_of(t, key, words);
    ordpar_format(title, PICTURE_LABEL, "%.200s", note ? "" : key);
    *colour = 0;
    for (size_t k = 0; note && k < 3; k++) {
        if (strncmp(note, kinds[k], strlen(kinds[k])) != 0)
            continue;
        const char *rest = read_colour(note + strlen(kinds[k]), colour);
        ordpar_format(title, PICTURE_LABEL, "%.200s", strncmp(rest, ": ", 2) == 0 ? rest + 2 : "");
        return styles[k];
    }
    return PLOT_LINE;
}

static bool has_errors(const double *cells, size_t count) {
    for (size_t k = 0; k < count; k++)
        if (cells[k * COLUMNS + STDERR] > 0)
            return true;
    return false;
}

static ordpar_status add_series(picture *p, const ordpar_table *t, const double *rows,
                                ordpar_error *err) {
    size_t count;
    for (size_t first = 0; first < t->n_rows; first += count) {
        const double *cells = rows + first * COLUMNS, number = cells[SERIES];
        for (count = 1; first + count < t->n_rows && cells[count * COLUMNS + SERIES] == number;)
            count++;
        if (p->n_legend == PLOT_MAX_SERIES || p->drawn.n_series == PLOT_MAX_SERIES)
            return ordpar_fail(err, ORDPAR_INVALID, "plot: more than %d series", PLOT_MAX_SERIES);
        char *title = p->legend[p->n_legend];
        int colour;
        const plot_style style = read_style(t, number, &colour, title);
        plot_add(&p->drawn, (plot_series){.title = *title ? title : NULL,
                                          .style = style,
                                          .count = count,
                                          .x = cells + X,
                                          .y = cells + Y,
                                          .error = has_errors(cells, count) ? cells + STDERR : NULL,
                                          .stride = COLUMNS,
                                          .colour = colour});
        p->n_legend += *title != '\0';
    }
    return ORDPAR_OK;
}

/* Of figures' axes: one that has a number at 0 or below is linear. */
static bool is_log(const double *rows, size_t count, size_t column) {
    for (size_t r = 0; r < count; r++)
        if (!(rows[r * COLUMNS + column] > 0))
            return false;
    return plot_wants_log(rows + column, count, COLUMNS);
}

static bool differs(const char *given, const char *own) {
    return given && strcmp(given, own) != 0;
}

static ordpar_status check(const options *parsed, const picture_source *sources, size_t count,
                           size_t which, ordpar_error *err) {
    const char *path = sources[which].path ? sources[which].path : "the table";
    const char *given = parsed->histogram              ? "histogram"
                        : differs(parsed->x, "x")      ? "x"
                        : differs(parsed->column, "y") ? "column"
                                                       : NULL;
    if (given)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: %.300s is of a figure, whose series are drawn as they are", given,
                           path);
    if (count > 1)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "plot: %.300s is of a figure, whose series are drawn without other "
                           "files",
                           path);
    return ORDPAR_OK;
}

static ordpar_status draw(picture *p, const ordpar_table *t, const double *rows, output_set *set,
                          const char *path, ordpar_error *err) {
    char title[WORDS], labels[2][WORDS];
    plot *drawn = &p->drawn;
    ordpar_status status = add_series(p, t, rows, err);
    if (!status && t->n_rows == 0)
        status = ordpar_fail(err, ORDPAR_NUMERICAL, "plot: there are no numbers to draw");
    if (!status)
        status = picture_take_legend(p, err);
    if (status)
        return status;
    drawn->title = note_of(t, "panel", title);
    drawn->x_label = note_of(t, "x", labels[0]);
    drawn->y_label = note_of(t, "y", labels[1]);
    drawn->x_log = is_log(rows, t->n_rows, X);
    drawn->y_log = is_log(rows, t->n_rows, Y);
    return look_draw(p->parsed, drawn, set, path, err);
}

ordpar_status picture_draw_panel(const options *parsed, const picture_source *sources, size_t count,
                                 size_t which, output_set *set, const char *path,
                                 ordpar_error *err) {
    ordpar_status status = check(parsed, sources, count, which, err);
    picture *p = status ? NULL : calloc(1, sizeof *p);
    double *rows = p ? gather(sources->t) : NULL;
    if (!status && !rows)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    if (!status) {
        p->parsed = parsed;
        status = draw(p, sources->t, rows, set, path, err);
    }
    free(rows);
    free(p);
    return status;
}
