// SPDX-License-Identifier: GPL-3.0-or-later
/* A curve of one drawn start beside the mean of runs, each of which draws its own: it is no theory
 * of them. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

/* The text of a setting in a table's settings line, cut to 32 bytes; "": there is none. */
static void read_setting(const ordpar_table *t, const char *name, char *text) {
    const ordpar_fact *settings = ordpar_table_find_fact(t, "settings");
    char *copy = settings ? strdup(settings->text) : NULL, *rest = copy;
    ordpar_settings_word word = {0};
    *text = '\0';
    while (copy && ordpar_settings_next(&rest, &word))
        if (strcmp(word.name, name) == 0 && word.value)
            ordpar_format(text, 32, "%s", word.value);
    free(copy);
}

static bool is(const ordpar_table *t, const char *name, const char *value) {
    char text[32];
    read_setting(t, name, text);
    return strcmp(text, value) == 0;
}

/* Something else is drawn in each run, also in one that goes on: its settings are those of its
 * beginning, without `init` where that had overlaps. */
static bool draws(const ordpar_table *t) {
    const bool linear = !is(t, "labels", "") && is(t, "activation", "linear");
    const bool given = !is(t, "overlaps", "") || linear;
    return !given && (is(t, "init", "sampled") || is(t, "init", "near-teacher") ||
                      (is(t, "teacher", "sampled") && is(t, "teacher-seed", "-1")));
}

bool picture_is_of_one(const ordpar_table *t) {
    size_t unused = 0;
    return ordpar_table_find_column(t, "eps_g", &unused) &&
           !ordpar_table_find_column(t, "sd_starts", &unused) &&
           !ordpar_table_find_fact(t, "closed form");
}

void picture_read_start(picture_choice *c) {
    const bool one = picture_is_of_one(c->t) && draws(c->t);
    const bool several = !is(c->t, "runs", "1") && !is(c->t, "runs", "");
    for (size_t k = 0; k < c->n_columns; k++) {
        const picture_role role = c->columns[k].role;
        c->columns[k].is_of_one_start = role == PICTURE_THEORY && one;
        c->columns[k].is_of_several = role == PICTURE_SIMULATION && several;
    }
}

/* Whether points of that colour are the mean of runs over several starts. */
static bool has_several(const picture *p, int colour) {
    for (size_t s = 0; s < p->drawn.n_series; s++)
        if (p->columns[s].is_of_several && p->drawn.series[s].colour == colour)
            return true;
    return false;
}

const char *picture_theory_name(const picture *p) {
    bool one = false, others = false;
    for (size_t s = 0; s < p->drawn.n_series; s++) {
        const plot_series *series = &p->drawn.series[s];
        if (p->columns[s].role != PICTURE_THEORY || picture_is_band(series) || series->count == 0)
            continue;
        one = one || (p->columns[s].is_of_one_start && has_several(p, series->colour));
        others = others || !p->columns[s].is_of_one_start;
    }
    return !one ? "theory" : others ? "theory of one start, in part" : "theory of one start";
}
