// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/picture_internal.h"

#include "base/number.h"
#include "cli/output/look.h"
#include "cli/output/path_name.h"
#include "cli/output/result.h"
#include "cli/output/symbols.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_x(const void *a, const void *b) {
    const double x = ((const picture_point *)a)->x, y = ((const picture_point *)b)->x;
    return (x > y) - (x < y);
}

size_t picture_collect(const picture_choice *c, const picture_column *column, size_t line,
                       picture_point *points) {
    size_t count = 0;
    for (size_t r = 0; r < c->t->n_rows; r++) {
        const double *row = c->t->cells + r * c->t->n_columns;
        const picture_point p = {expression_value(&c->x, row), expression_value(&column->y, row),
                                 column->has_stderr ? row[column->stderr_column] : 0};
        if (isfinite(p.x) && picture_same_line(c, c->first[line], r))
            points[count++] = p;
    }
    if (c->along)
        qsort(points, count, sizeof *points, by_x);
    return count;
}

static void join(char *text, const char *word) {
    const size_t used = strlen(text);
    if (*word)
        ordpar_format(text + used, PICTURE_LABEL - used, "%s%s", used ? ", " : "", word);
}

/* Whether a source shows several columns which the style does not tell apart. */
static bool some_untold(const picture *p) {
    bool untold = false;
    for (size_t k = 0; k < p->n_choices; k++)
        for (size_t n = 0; n < p->choices[k].n_columns && p->choices[k].n_columns > 1; n++)
            untold = untold || !p->choices[k].columns[n].is_told;
    return untold;
}

/* Whether not all sources show the same columns. */
static bool some_missing(const picture *p) {
    bool missing = false;
    for (size_t k = 0; k < p->n_choices; k++)
        missing = missing || *p->choices[k].missing;
    return missing;
}

int picture_enter(picture *p, const picture_choice *c, const picture_column *column, size_t line) {
    char label[PICTURE_LABEL], swept[PICTURE_LABEL];
    size_t k = 0;
    ordpar_format(label, sizeof label, "%s", c->label);
    picture_name_line(c, c->first[line], swept, sizeof swept);
    join(label, swept);
    if (some_missing(p) || some_untold(p))
        join(label, column->y.label);
    while (k < p->n_legend && strcmp(p->legend[k], label) != 0)
        k++;
    if (k == p->n_legend && k < PLOT_MAX_SERIES)
        memcpy(p->legend[p->n_legend++], label, sizeof label);
    return (int)k + 1;
}

void picture_add_series(picture *p, const picture_column *column, plot_style style,
                        picture_point *points, size_t count, int colour) {
    p->columns[p->drawn.n_series] = *column;
    plot_add(&p->drawn, (plot_series){.style = style,
                                      .count = count,
                                      .x = &points->x,
                                      .y = &points->y,
                                      .error = column->has_stderr ? &points->error : NULL,
                                      .stride = PICTURE_STRIDE,
                                      .colour = colour});
}

/* Points of the theory's line where the table has one that is finer than its rows; 0: it has not.
 */
static size_t fine_line(const picture_choice *c, const picture_column *column) {
    const bool theory =
        picture_is_column(c->t, &column->y, "theory") && picture_is_column(c->t, &c->x, "alpha");
    return theory ? c->t->n_line : 0;
}

static size_t rows_of(const picture_choice *c, size_t line) {
    size_t count = 0;
    for (size_t r = 0; r < c->t->n_rows; r++)
        count += picture_same_line(c, c->first[line], r);
    return count;
}

static ordpar_status add_line(picture *p, const picture_choice *c, const picture_column *column,
                              size_t line, ordpar_error *err) {
    if (p->drawn.n_series + 4 > PLOT_MAX_SERIES)
        return ordpar_fail(err, ORDPAR_INVALID, "plot: more than %d curves", PLOT_MAX_SERIES / 2);
    const size_t fine = fine_line(c, column), rows = c->t->n_rows;
    picture_point *points = malloc(((fine > rows ? fine : rows) + 1) * sizeof *points);
    if (!points)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    p->points[p->n_points++] = points;
    for (size_t k = 0; k < fine; k++)
        points[k] = (picture_point){c->t->line[k], c->t->line[fine + k], 0};
    const size_t count = fine ? fine : picture_collect(c, column, line, points);
    p->drawn.placeless += fine ? 0 : rows_of(c, line) - count;
    if (count == 0)
        return ORDPAR_OK;
    const int colour = picture_enter(p, c, column, line);
    if (picture_is_line(column))
        picture_add_series(p, column, PLOT_LINE, points, count, colour);
    if (column->role == PICTURE_SWEPT)
        p->drawn.series[p->drawn.n_series - 1].marked = true;
    if (column->role != PICTURE_THEORY && (column->role != PICTURE_SWEPT || column->has_stderr))
        picture_add_series(p, column, PLOT_POINTS, points, count, colour);
    return picture_add_band(p, c, column, line, colour, err);
}

static ordpar_status add_choice(picture *p, const picture_choice *c, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t line = 0; line < c->n_lines && !status; line++)
        for (size_t k = 0; k < c->n_columns && !status; k++)
            status = add_line(p, c, &c->columns[k], line, err);
    return status;
}

ordpar_status picture_take_legend(picture *p, ordpar_error *err) {
    const char *text = look_has_no_legend(p->parsed) ? NULL : p->parsed->legend;
    size_t count = text != NULL;
    for (const char *c = text; c && *c; c++)
        count += *c == ',';
    if (text && count != p->n_legend)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "legend: needs %zu, one for each %s, with commas between, got %zu",
                           p->n_legend, p->n_choices ? "model" : "series", count);
    for (size_t k = 0; k < count; k++) {
        const size_t width = strcspn(text, ",");
        char words[PICTURE_LABEL];
        ordpar_format(words, sizeof words, "%.*s", (int)width, text);
        symbol_words(words, p->legend[k], PICTURE_LABEL);
        text += width + 1;
    }
    return ORDPAR_OK;
}

static bool has_numbers(const plot *drawn) {
    for (size_t s = 0; s < drawn->n_series; s++)
        for (size_t k = 0; k < drawn->series[s].count; k++)
            if (isfinite(drawn->series[s].x[k * PICTURE_STRIDE]) &&
                isfinite(drawn->series[s].y[k * PICTURE_STRIDE]))
                return true;
    return false;
}

/* What is drawn of some sources alone. */
static void name_missing(picture *p) {
    const char *paths[PLOT_MAX_SERIES];
    size_t used = 0;
    for (size_t k = 0; k < p->n_choices; k++)
        paths[k] = p->choices[k].path;
    for (size_t k = 0; k < p->n_choices && used < sizeof p->drawn.missing; k++) {
        char name[80];
        if (!*p->choices[k].missing)
            continue;
        path_name(p->choices[k].path, paths, p->n_choices, name, sizeof name);
        used +=
            (size_t)ordpar_format(p->drawn.missing + used, sizeof p->drawn.missing - used,
                                  "%s%s has no %s", used ? "; " : "", name, p->choices[k].missing);
    }
}

static ordpar_status draw_curves(picture *p, output_set *set, const char *path, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < p->n_choices && !status; k++)
        status = add_choice(p, &p->choices[k], err);
    if (!status && !has_numbers(&p->drawn))
        status = ordpar_fail(err, ORDPAR_NUMERICAL, "%s: there are no numbers to draw",
                             p->parsed->column ? "column"
                             : set->option     ? set->option
                                               : "plot");
    if (!status)
        status = picture_take_legend(p, err);
    if (status)
        return status;
    picture_name_series(p);
    picture_name_axes(p);
    picture_scale_axes(p);
    name_missing(p);
    p->drawn.decades =
        p->choices[0].along ? 0 : (double)p->parsed->decades; /* of curves that decay */
    return look_draw(p->parsed, &p->drawn, set, path, err);
}

/* Numbers of different things have no axis in common. */
static ordpar_status check_axis(const picture_choice *choices, size_t count, ordpar_error *err) {
    for (size_t k = 1; k < count; k++)
        if (choices[0].against && strcmp(choices[k].against, choices[0].against) != 0)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "x: has to be given: %.140s is drawn against %.60s, %.140s against "
                               "%.60s",
                               choices[0].path, choices[0].against, choices[k].path,
                               choices[k].against);
    return ORDPAR_OK;
}

ordpar_status picture_draw(const options *parsed, const picture_source *sources, size_t count,
                           output_set *set, const char *path, ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (picture_is_panel(sources[k].t))
            return picture_draw_panel(parsed, sources, count, k, set, path, err);
    picture *p = calloc(1, sizeof *p);
    picture_choice *choices = calloc(count + 1, sizeof *choices);
    ordpar_status status = ORDPAR_OK;
    if (!p || !choices)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t k = 0; k < count && !status; k++) {
        ordpar_error reason;
        if ((status = picture_choose(parsed, sources, count, k, &choices[k], &reason)))
            ordpar_fail(err, status, "%.430s%s%.70s%s", reason.message, sources[k].path ? " (" : "",
                        sources[k].path ? sources[k].path : "", sources[k].path ? ")" : "");
    }
    if (!status)
        status = check_axis(choices, count, err);
    if (!status) {
        *p = (picture){.parsed = parsed, .choices = choices, .n_choices = count};
        status = picture_label(choices, count, p->title, err);
    }
    if (!status) {
        p->drawn.title = *p->title ? p->title : NULL;
        status = (parsed->histogram ? picture_draw_histogram : draw_curves)(p, set, path, err);
    }
    for (size_t k = 0; k < count && choices; k++)
        free(choices[k].splits);
    for (size_t k = 0; p && k < p->n_points; k++)
        free(p->points[k]);
    for (size_t k = 0; p && k < p->n_bands; k++)
        free(p->bands[k]);
    free(choices);
    free(p);
    return status;
}

/* What cannot be drawn of numbers is known only when they are, and no usage is to blame. */
ordpar_status picture_of_table(const options *parsed, const ordpar_table *t, output_set *set,
                               ordpar_error *err) {
    const picture_source source = {t, NULL};
    ordpar_error reason;
    if (!parsed->plot)
        return ORDPAR_OK;
    const ordpar_status status = picture_draw(parsed, &source, 1, set, parsed->plot, &reason);
    if (!status || status == ORDPAR_INTERRUPTED) {
        *err = reason;
        return status;
    }
    output_lose(set, status == ORDPAR_INVALID ? ORDPAR_NUMERICAL : status, "%.400s",
                reason.message);
    return ORDPAR_OK;
}

ordpar_status picture_check(const options *parsed, const ordpar_table *t, ordpar_error *err) {
    picture_choice c;
    const picture_source source = {t, NULL};
    if (!options_given(parsed, "plot")) /* a trial draws none */
        return ORDPAR_OK;
    const ordpar_status status = picture_choose(parsed, &source, 1, 0, &c, err);
    free(c.splits);
    return status;
}

static ordpar_status see(const ordpar_table *t, const void *parsed, ordpar_error *err) {
    return picture_check(parsed, t, err);
}

void picture_watch(const options *parsed, ordpar_table *t) {
    t->watch = (ordpar_table_watch){see, parsed};
}
