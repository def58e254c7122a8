// SPDX-License-Identifier: GPL-3.0-or-later
/* What the legend and the axes of a picture say. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "cli/output/symbols.h"

#include <string.h>

#define TASKS "ε_g of task "

static bool has_role(const picture *p, picture_role role) {
    for (size_t s = 0; s < p->drawn.n_series; s++)
        if (p->columns[s].role == role)
            return true;
    return false;
}

static bool is_line(const plot_series *s) {
    return s->style == PLOT_LINE || s->style == PLOT_GUIDE;
}

/* True if another series has the name of the colour: an earlier one, and before points a line. */
static bool is_named(const picture *p, size_t s) {
    const plot_series *series = p->drawn.series;
    const bool line = is_line(&series[s]);
    for (size_t k = 0; k < p->drawn.n_series; k++)
        if (series[k].colour == series[s].colour && !picture_is_band(&series[k]) &&
            is_line(&series[k]) >= line && (k < s || is_line(&series[k]) > line))
            return true;
    return false;
}

static bool has_band(const picture *p, plot_style style) {
    for (size_t s = 0; s < p->drawn.n_series; s++)
        if (p->drawn.series[s].style == style)
            return true;
    return false;
}

static const char *points_name(const picture *p) {
    bool bars = false;
    for (size_t s = 0; s < p->drawn.n_series; s++) {
        const plot_series *series = &p->drawn.series[s];
        for (size_t k = 0; series->style == PLOT_POINTS && series->error && k < series->count; k++)
            bars = bars || series->error[k * series->stride] > 0;
    }
    if (!has_role(p, PICTURE_SIMULATION))
        return bars ? "measured ± standard error" : "measured";
    return bars ? "simulation ± standard error" : "simulation";
}

/* Points of many colours that have one name have one mark. */
static void share_mark(picture *p, const char *points) {
    plot *drawn = &p->drawn;
    const char *theory = picture_theory_name(p);
    const bool usual = strcmp(theory, "theory") == 0;
    ordpar_format(p->points_name, sizeof p->points_name, "%s%s%s", points,
                  usual ? "" : "; lines: ", usual ? "" : theory);
    for (size_t s = 0; s < drawn->n_series; s++)
        drawn->series[s].common = drawn->series[s].style == PLOT_POINTS;
    plot_add(
        drawn,
        (plot_series){.title = p->points_name, .style = PLOT_POINTS, .colour = -1, .common = true});
}

/* A model is named once; beside lines, points have one name for all. */
void picture_name_series(picture *p) {
    plot *drawn = &p->drawn;
    const char *points = points_name(p);
    const bool both = has_role(p, PICTURE_THEORY) &&
                      (has_role(p, PICTURE_SIMULATION) || has_role(p, PICTURE_MEASURED));
    const bool alone = p->n_legend == 1 && !p->parsed->legend;
    const size_t count = drawn->n_series;
    bool shared = false, named[2] = {false};
    for (size_t s = 0; s < count; s++) {
        plot_series *series = &drawn->series[s];
        const bool theory = p->columns[s].role == PICTURE_THEORY;
        if (picture_is_band(series))
            continue;
        if (alone && both && !named[theory])
            series->title = theory ? picture_theory_name(p) : points;
        else if (alone && has_band(p, PLOT_BAND) && p->columns[s].role == PICTURE_THEORY)
            series->title = "mean";
        else if (!alone && !is_named(p, s))
            series->title = p->legend[series->colour - 1];
        else
            shared = shared || !theory;
        named[theory] = true;
    }
    if (shared && both && !alone)
        share_mark(p, points);
    picture_name_bands(p);
}

/* The errors of labels, which the name of an error in general does not fit. */
static bool is_of_labels(const picture *p) {
    char error[EXPRESSION_LABEL];
    ordpar_symbol_axis("eps_g", error, sizeof error);
    bool labels = strcmp(p->y_label, error) == 0;
    for (size_t s = 0; s < p->n_choices && labels; s++)
        labels = picture_has_labels(p->choices[s].t);
    return labels;
}

/* What alpha counts, of all kinds of runs; or the one name. */
static void name_x(picture *p) {
    for (size_t s = 0; s < p->n_choices; s++)
        if (strcmp(p->choices[s].x.label, "α") == 0) { /* it is not known of all */
            ordpar_format(p->x_label, sizeof p->x_label, "α");
            return;
        }
    for (size_t s = 0; s < p->n_choices; s++) {
        const char *label = p->choices[s].x.label;
        const size_t used = strlen(p->x_label);
        bool told = s > 0 && strncmp(label, "α = ", strlen("α = ")) != 0;
        for (size_t k = 0; k < s && !told; k++)
            told = strcmp(p->choices[k].x.label, label) == 0;
        if (!told)
            ordpar_format(p->x_label + used, sizeof p->x_label - used, "%s%s", s ? ", " : "",
                          label);
    }
}

/* One name where all columns have one, else those that there are; of tasks all are errors. */
void picture_name_axes(picture *p) {
    name_x(p);
    for (size_t s = 0; s < p->n_choices; s++)
        for (size_t k = 0; k < p->choices[s].n_columns; k++) {
            const char *label = p->choices[s].columns[k].y.label;
            const size_t used = strlen(p->y_label);
            if (!strstr(p->y_label, label) && used + strlen(label) + 3 < sizeof p->y_label)
                ordpar_format(p->y_label + used, sizeof p->y_label - used, "%s%s", used ? ", " : "",
                              label);
        }
    if (is_of_labels(p))
        ordpar_symbol_axis("eps_g of labels", p->y_label, sizeof p->y_label);
    if (strncmp(p->y_label, TASKS, sizeof TASKS - 1) == 0 && strchr(p->y_label, ','))
        ordpar_symbol_axis("eps_g", p->y_label, sizeof p->y_label);
    p->drawn.x_label = p->x_label;
    p->drawn.y_label = p->y_label;
}
