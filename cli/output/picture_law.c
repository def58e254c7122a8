// SPDX-License-Identifier: GPL-3.0-or-later
/* The law of the escape over a histogram of plateaus' ends. */
#include "base/number.h"
#include "cli/output/picture_histogram.h"
#include "cli/output/picture_settings.h"
#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXITS = 256, POINTS = 241 };

typedef struct {
    double tau, modes, exits[MAX_EXITS];
    size_t count;
} escape_law;

bool picture_is_law(const ordpar_table *t) {
    const ordpar_fact *form = ordpar_table_find_fact(t, "closed form");
    return form && strcmp(form->text, "escape-law") == 0;
}

/* The numbers, at most max, with which a fact's words begin. */
static size_t read_numbers(const ordpar_table *t, const char *key, size_t max, double *numbers) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, key);
    size_t count = 0;
    for (const char *c = fact ? fact->text : ""; *c && count < max; c += strspn(c, ", ")) {
        char word[40];
        const size_t width = strcspn(c, ", ");
        ordpar_format(word, sizeof word, "%.*s", (int)width, c);
        if (!ordpar_parse_double(word, &numbers[count]))
            break;
        count++;
        c += width;
    }
    return count;
}

static ordpar_status read_law(const picture_choice *c, escape_law *law, ordpar_error *err) {
    size_t mean;
    if (read_numbers(c->t, "tau", 1, &law->tau) && read_numbers(c->t, "modes", 1, &law->modes)) {
        law->count = read_numbers(c->t, "exits", MAX_EXITS, law->exits);
        if (law->count == 0 && c->t->n_rows > 0 && ordpar_table_find_column(c->t, "mean", &mean))
            law->exits[law->count++] = c->t->cells[mean];
        if (law->count > 0 && law->tau > 0 && law->modes >= 1)
            return ORDPAR_OK;
    }
    return ordpar_fail(err, ORDPAR_PARSE, "%.140s: has no law of the escape", c->path);
}

ordpar_status picture_check_law(const options *parsed, ordpar_error *err) {
    if (!parsed->histogram)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "histogram: has to be given: the law of the escape is drawn over a "
                           "histogram of plateau_exit");
    return strcmp(parsed->histogram, "plateau_exit") == 0
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "histogram: must be plateau_exit, which the law of the escape is of, "
                             "got '%.60s'",
                             parsed->histogram);
}

/* How many of n values the law expects in a bin about each place. */
static void expect(const escape_law *law, const histogram *h, double n, picture_point *points) {
    const double bin = (h->high - h->low) / (double)h->n_bins, beyond = 0.3 * (h->high - h->low);
    for (size_t k = 0; k < POINTS; k++) {
        const double at =
            h->low - beyond + (h->high - h->low + 2 * beyond) * (double)k / (POINTS - 1);
        double share[2];
        for (int side = 0; side < 2; side++) {
            const double edge = at + (side - 0.5) * bin;
            share[side] = ordpar_model_escape_share(law->tau, (size_t)law->modes, law->count,
                                                    law->exits, h->log ? exp(edge) : edge);
        }
        points[k] = (picture_point){h->log ? exp(at) : at, n * (share[1] - share[0]), 0};
    }
}

/* Whether a law has the value that the bars' line has in a column, by which it is one. */
static bool has_cell(const picture_settings *law, const picture_choice *c, size_t line,
                     size_t column, size_t row) {
    const size_t cell = c->first[line] * c->t->n_columns + column;
    const char *words = c->t->texts ? c->t->texts[cell] : NULL;
    char number[32];
    ordpar_format(number, sizeof number, "%.17g", c->t->cells[cell]);
    return ordpar_settings_same(words ? words : number, law->values[row]);
}

/* The column of a setting by which lines are told apart; n_columns: there is none. */
static size_t split_by(const picture_choice *c, const ordpar_setting *setting) {
    for (size_t k = 0; k < c->t->n_columns; k++)
        if (c->splits[k] &&
            ordpar_setting_find(&ordpar_model_settings, c->t->columns[k]) == setting)
            return k;
    return c->t->n_columns;
}

/* The law is over all starts, and knows no teacher but the mean one. */
static bool is_of_model(const picture_settings *law, const picture_settings *bars,
                        const picture_choice *c, size_t line) {
    for (size_t row = 0; row < ordpar_model_settings.count; row++) {
        const ordpar_setting *setting = &ordpar_model_settings.rows[row];
        const size_t column = split_by(c, setting);
        if (ordpar_settings_among("seed teacher-seed teacher", setting->name))
            continue;
        if (column < c->t->n_columns ? !has_cell(law, c, line, column, row)
                                     : picture_contradicts(law, bars, row))
            return false;
    }
    return law->line && bars->line;
}

/* The bars of a law's model, by their place in the legend; 0: there are none. */
static size_t find_bars(const picture *p, const histogram *h, const picture_settings *all,
                        size_t law) {
    for (size_t k = 0; k < p->n_legend; k++)
        if (is_of_model(&all[law], &all[h->bars[k].choice], &p->choices[h->bars[k].choice],
                        h->bars[k].line))
            return k + 1;
    return 0;
}

/* What the law of another model than the bars' is called; NULL: the name of all laws. */
static const char *own_name(picture *p, const picture_choice *c, size_t bars) {
    char law[64];
    if (bars || !*c->label || p->n_own_laws == sizeof p->own_laws / sizeof *p->own_laws)
        return NULL;
    char *name = p->own_laws[p->n_own_laws++];
    ordpar_symbol_short("escape-law", law, sizeof law);
    ordpar_format(name, sizeof *p->own_laws, "%s, %s", law, c->label);
    return name;
}

static ordpar_status add_law(picture *p, const picture_choice *c, size_t bars, const histogram *h,
                             ordpar_error *err) {
    escape_law law = {.count = 0};
    picture_point *points = malloc(POINTS * sizeof *points);
    const ordpar_status status =
        points ? read_law(c, &law, err)
               : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    if (status) {
        free(points);
        return status;
    }
    p->points[p->n_points++] = points;
    const double usual = (double)h->values / (double)p->n_legend;
    expect(&law, h, bars ? (double)h->counts[bars - 1] : usual, points);
    plot_add(&p->drawn, (plot_series){.title = own_name(p, c, bars),
                                      .style = PLOT_LINE,
                                      .count = POINTS,
                                      .x = &points->x,
                                      .y = &points->y,
                                      .stride = PICTURE_STRIDE,
                                      .colour = bars && p->n_legend > 1 ? (int)bars : -1});
    return ORDPAR_OK;
}

ordpar_status picture_add_laws(picture *p, const histogram *h, ordpar_error *err) {
    picture_settings *all = calloc(p->n_choices + 1, sizeof *all);
    ordpar_status status = all ? picture_read_settings(p->choices, p->n_choices, all, err)
                               : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t k = 0; k < p->n_choices && !status; k++)
        if (p->choices[k].is_law)
            status = add_law(p, &p->choices[k], find_bars(p, h, all, k), h, err);
    for (size_t k = 0; k < p->n_choices && all; k++)
        free(all[k].line);
    free(all);
    return status;
}
