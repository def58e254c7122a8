// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep.h"

#include "base/number.h"
#include "cli/options/hints.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A grid that is being parsed. */
typedef struct {
    sweep_grid *g;
    sweep_axis *axis;          /* its last */
    const ordpar_model *model; /* that is swept */
    ordpar_model *scratch;     /* on which values are tried */
    ordpar_error *err;
} parsing;

static bool is_list(const ordpar_setting *row) {
    return row->kind == ORDPAR_KIND_REALS || row->kind == ORDPAR_KIND_ORDERS;
}

static const ordpar_setting *first_row(const sweep_axis *axis) {
    return axis->options[0].row;
}

static bool is_swept(const sweep_grid *g, const ordpar_setting *row) {
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            if (g->axes[a].options[k].row == row)
                return true;
    return false;
}

static ordpar_status refuse_name(const char *name, const ordpar_setting *row, ordpar_error *err) {
    if (!row && strchr(name, ','))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "sweep: '%.80s' is not an option; K=M=LIST gives both the same values, "
                           "two --sweep all pairs of theirs",
                           name);
    const bool known = row || ordpar_setting_find(&program_settings, name);
    const char *said = known ? NULL : hint_instead("sweep", name);
    const char *meant = known ? NULL : hint_meant(SWEPT_GROUPS, name);
    if (said)
        return ordpar_fail(err, ORDPAR_INVALID, "sweep: '%.80s' is not an option; %s", name, said);
    if (meant)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "sweep: '%.80s' is not an option (did you mean %s?)", name, meant);
    if (!known)
        return ordpar_fail(err, ORDPAR_INVALID, "sweep: '%.80s' is not an option", name);
    return ordpar_fail(
        err, ORDPAR_INVALID,
        "sweep: %s cannot be swept; options of the model, the grid, the numerics and "
        "the simulation can",
        name);
}

/* Adds NAME to the axis. */
static ordpar_status add_option(parsing *p, const char *name) {
    sweep_axis *axis = p->axis;
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (!row || !(row->groups & SWEPT_GROUPS))
        return refuse_name(name, row, p->err);
    if (is_swept(p->g, row))
        return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: %s is swept twice", name);
    if (ordpar_model_given(p->model, row->name))
        return ordpar_fail(p->err, ORDPAR_INVALID,
                           "sweep: %s: has a value of its own too, by --%s%s", name, row->name,
                           p->model->value.continued ? " or --continue" : "");
    if (axis->n_options == SWEEP_MAX_JOINT)
        return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: at most %d options can share a value",
                           SWEEP_MAX_JOINT);
    if (axis->n_options > 0 && row->kind != first_row(axis)->kind &&
        !(ordpar_setting_is_number(row) && ordpar_setting_is_number(first_row(axis))))
        return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: %s and %s are not of one kind",
                           axis->options[0].name, name);
    sweep_option *option = &axis->options[axis->n_options++];
    option->row = row;
    snprintf(option->name, sizeof option->name, "%s", name);
    return ORDPAR_OK;
}

/* K or M alone, where both may have been meant. */
static bool is_half(const sweep_axis *axis) {
    return axis->n_options == 1 && strchr("KM", first_row(axis)->letter) && first_row(axis)->letter;
}

/* What was refused may be a range as others write it, or a list in brackets. */
static ordpar_status add_range_hint(const sweep_axis *axis, const char *text, ordpar_status status,
                                    ordpar_error *err) {
    const ordpar_error refused = *err;
    char range[120];
    if (hint_range(first_row(axis), text, range, sizeof range))
        return ordpar_fail(err, status, "%.300s; for a range write %s=%s%s", refused.message,
                           axis->options[0].name, range, is_half(axis) ? ":COUNT" : "");
    if (ordpar_setting_is_number(first_row(axis)) &&
        ordpar_setting_find(&ordpar_model_settings, text))
        return ordpar_fail(err, status, "%.300s; %s=%.40s=1,2,3 gives both the same values",
                           refused.message, axis->options[0].name, text);
    if (*text == '[' || *text == '(')
        return ordpar_fail(err, status, "%.300s; a list has no brackets: %s=1,2,3", refused.message,
                           axis->options[0].name);
    return status;
}

/* Adds a value, tried for each setting of the axis. */
static ordpar_status add_value(parsing *p, const char *text) {
    sweep_axis *axis = p->axis;
    if (axis->count == SWEEP_MAX_POINTS)
        return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: %s has more than %d values",
                           axis->options[0].name, SWEEP_MAX_POINTS);
    char *value = strdup(text);
    char **grown = value ? realloc(axis->values, (axis->count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(value);
        return ordpar_fail(p->err, ORDPAR_MEMORY, "out of memory for the values of %s",
                           axis->options[0].name);
    }
    axis->values = grown;
    axis->values[axis->count++] = value;
    for (char *c = value; *c && is_list(first_row(axis)); c++)
        if (*c == ':')
            *c = ',';
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < axis->n_options && !status; k++)
        status = ordpar_model_set_text(p->scratch, axis->options[k].row->name, value, p->err);
    return status ? add_range_hint(axis, text, status, p->err) : ORDPAR_OK;
}

/* A value, to find those that are there twice. */
typedef struct {
    double number;
    const char *word;
    size_t index;
} sortable;

static int compare_values(const sortable *x, const sortable *y) {
    return x->number != y->number ? (x->number < y->number ? -1 : 1) : strcmp(x->word, y->word);
}

static int compare_places(const void *a, const void *b) {
    const sortable *x = a, *y = b;
    const int order = compare_values(x, y);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Keeps the first of equal values. */
static ordpar_status drop_repeated(sweep_axis *axis, ordpar_error *err) {
    const bool numbers = ordpar_setting_is_number(first_row(axis));
    size_t kept = 0;
    sortable *sorted = malloc(axis->count * sizeof *sorted);
    if (!sorted)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the values of %s",
                           axis->options[0].name);
    for (size_t k = 0; k < axis->count; k++) {
        const double number = sweep_grid_number(&axis->options[0], axis->values[k]);
        const bool is_one = numbers && !isnan(number);
        sorted[k] = (sortable){is_one ? number : 0, is_one ? "" : axis->values[k], k};
    }
    qsort(sorted, axis->count, sizeof *sorted, compare_places);
    for (size_t k = axis->count - 1; k > 0; k--)
        if (compare_values(&sorted[k], &sorted[k - 1]) == 0) {
            free(axis->values[sorted[k].index]);
            axis->values[sorted[k].index] = NULL;
        }
    free(sorted);
    for (size_t k = 0; k < axis->count; k++)
        if (axis->values[k])
            axis->values[kept++] = axis->values[k];
    axis->count = kept;
    return ORDPAR_OK;
}

static bool is_whole(const sweep_axis *axis) {
    for (size_t k = 0; k < axis->n_options; k++)
        if (axis->options[k].row->kind == ORDPAR_KIND_INTEGER)
            return true;
    return false;
}

/* The number of values of START:STOP without a count: whole numbers one by one, else ten. 0: it is
 * something else, or too much. */
static int values_between(const sweep_axis *axis, const char *item) {
    double start, stop;
    char text[80], *colon;
    snprintf(text, sizeof text, "%s", item);
    if (strlen(item) >= sizeof text || !(colon = strchr(text, ':')))
        return 0;
    *colon = '\0';
    if (!ordpar_parse_double(text, &start) || !ordpar_parse_double(colon + 1, &stop))
        return 0;
    if (is_whole(axis) && (start != floor(start) || stop != floor(stop)))
        return 0;
    const double count = is_whole(axis) ? fabs(stop - start) + 1 : 10;
    return count <= SWEEP_MAX_POINTS ? (int)count : 0;
}

/* What START:STOP without a count may have meant; "" for anything else. */
static void range_hint(const sweep_axis *axis, const char *item, char *hint, size_t size) {
    const int count = values_between(axis, item);
    *hint = '\0';
    if (count == 0)
        return;
    const int length = snprintf(hint, size, "; for %d values write %s:%d", count, item, count);
    if (is_half(axis))
        snprintf(hint + length, size - (size_t)length,
                 "; --sweep K=M=%s:%d of ordpar sweep lets both have the same value", item, count);
}

/* Whole numbers may do without the count, but for one of K and M. */
static bool read_range(const sweep_axis *axis, const char *item, ordpar_grid *range) {
    char text[100];
    const int count = is_whole(axis) && !is_half(axis) ? values_between(axis, item) : 0;
    snprintf(text, sizeof text, "%.80s:%d", item, count);
    return ordpar_grid_parse_range(count ? text : item, range) && range->count <= SWEEP_MAX_POINTS;
}

static ordpar_status add_range(parsing *p, const char *item) {
    ordpar_grid range;
    char hint[800];
    if (!read_range(p->axis, item, &range)) {
        range_hint(p->axis, item, hint, sizeof hint);
        return ordpar_fail(p->err, ORDPAR_INVALID,
                           "sweep: %s: a range is START:STOP:COUNT[:lin|log] with COUNT from 2 to "
                           "%d, log with positive ends; got '%.80s'%s",
                           p->axis->options[0].name, SWEEP_MAX_POINTS, item, hint);
    }
    const bool whole = is_whole(p->axis);
    ordpar_status status = ORDPAR_OK;
    for (int64_t k = 0; k < range.count && !status; k++) {
        /* to 15 digits, so that 0.1:1:10 has the values 0.1, 0.2, 0.3 as they would be typed */
        char text[400];
        const double value = ordpar_grid_value(&range, k);
        snprintf(text, sizeof text, whole ? "%.0f" : "%.15g", whole ? round(value) : value);
        status = add_value(p, text);
    }
    return status;
}

/* What stands before an equals sign belongs to a value, such as steps:10=0.5 or a file's name. */
static bool begins_value(const sweep_axis *axis, const char *word) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, word);
    return axis->n_options > 0 && !ordpar_setting_is_number(first_row(axis)) &&
           !(row && ordpar_settings_can_share(first_row(axis), row));
}

/* The comma behind an item of a list, or NULL. Numbers behind hermite: are its coefficients. */
static char *end_of_item(const sweep_axis *axis, char *item) {
    const bool goes_on =
        !ordpar_setting_is_number(first_row(axis)) && strncmp(item, "hermite:", 8) == 0;
    char *comma = strchr(item, ',');
    while (goes_on && comma) {
        const size_t width = strcspn(comma + 1, ",");
        char next[64];
        double number;
        snprintf(next, sizeof next, "%.*s", (int)(width < sizeof next ? width : 0), comma + 1);
        if (!ordpar_parse_double(next, &number))
            break;
        comma = strchr(comma + 1, ',');
    }
    return comma;
}

/* Parses NAME=[NAME=..]LIST, a writable copy, into the axis. */
static ordpar_status parse_axis(parsing *p, char *text) {
    char *list = text;
    ordpar_status status;
    for (char *equals; (equals = strchr(list, '=')); list = equals + 1) {
        *equals = '\0';
        if (begins_value(p->axis, list)) {
            *equals = '=';
            break;
        }
        if ((status = add_option(p, list)))
            return status;
    }
    if (p->axis->n_options == 0)
        return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: must be NAME=LIST, got '%.80s'", list);
    if ((status = ordpar_setting_check_commas(first_row(p->axis), list, p->err)))
        return status;
    for (char *item = list; item;) {
        char *comma = end_of_item(p->axis, item);
        if (comma)
            *comma++ = '\0';
        if (!*item)
            return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: %s: has an empty value in its list",
                               p->axis->options[0].name);
        status = ordpar_setting_is_number(first_row(p->axis)) && strchr(item, ':')
                     ? add_range(p, item)
                     : add_value(p, item);
        if (status)
            return status;
        item = comma;
    }
    return drop_repeated(p->axis, p->err);
}

static ordpar_status add_axis(parsing *p, const char *text) {
    sweep_grid *g = p->g;
    if (g->n_axes == SWEEP_MAX_AXES)
        return ordpar_fail(p->err, ORDPAR_INVALID, "sweep: at most %d", SWEEP_MAX_AXES);
    char *copy = strdup(text);
    if (!copy)
        return ordpar_fail(p->err, ORDPAR_MEMORY, "out of memory for the sweep");
    p->axis = &g->axes[g->n_axes++];
    const ordpar_status status = parse_axis(p, copy);
    free(copy);
    if (status)
        return status;
    if (p->axis->count > SWEEP_MAX_POINTS / g->n_points)
        return ordpar_fail(p->err, ORDPAR_INVALID,
                           "sweep: %zu x %zu points and more, at most %d can be swept", g->n_points,
                           p->axis->count, SWEEP_MAX_POINTS);
    g->n_points *= p->axis->count;
    return ORDPAR_OK;
}

ordpar_status sweep_grid_parse(const ordpar_texts *sweep, const ordpar_model *model, sweep_grid *g,
                               ordpar_error *err) {
    *g = (sweep_grid){.n_points = 1};
    parsing p = {.g = g, .model = model, .err = err};
    if (sweep->count == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "needs --sweep NAME=LIST, as eta=0.1,0.2, or seed=1:200 for 200 starts");
    ordpar_status status = ordpar_model_copy(model, &p.scratch, err);
    for (size_t k = 0; k < sweep->count && !status; k++)
        status = add_axis(&p, sweep->items[k]);
    ordpar_model_free(p.scratch);
    return status;
}

void sweep_grid_clear(sweep_grid *g) {
    for (size_t a = 0; a < g->n_axes; a++) {
        for (size_t k = 0; k < g->axes[a].count; k++)
            free(g->axes[a].values[k]);
        free(g->axes[a].values);
    }
    ordpar_seen_free(g->seen);
    *g = (sweep_grid){0};
}

const char *sweep_grid_value(const sweep_grid *g, size_t axis, size_t point) {
    for (size_t a = g->n_axes - 1; a > axis; a--)
        point /= g->axes[a].count;
    return g->axes[axis].values[point % g->axes[axis].count];
}

double sweep_grid_number(const sweep_option *option, const char *text) {
    if (strcmp(text, "none") != 0)
        return strtod(text, NULL);
    return option->row->initial ? strtod(option->row->initial, NULL) : NAN;
}

ordpar_status sweep_grid_model(const sweep_grid *g, const ordpar_model *base, size_t point,
                               ordpar_model **at, ordpar_error *err) {
    *at = NULL;
    ordpar_status status = ordpar_model_copy(base, at, err);
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options && !status; k++)
            status = ordpar_model_set_text(*at, g->axes[a].options[k].row->name,
                                           sweep_grid_value(g, a, point), err);
    if (status) {
        ordpar_model_free(*at);
        *at = NULL;
    }
    return status;
}

const char *sweep_grid_swept(const sweep_grid *g, unsigned groups) {
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            if (g->axes[a].options[k].row->groups & groups)
                return g->axes[a].options[k].row->name;
    return NULL;
}

bool sweep_grid_of_grids(const sweep_grid *g) {
    double unused;
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t v = 0; v < g->axes[a].count; v++)
            if (first_row(&g->axes[a])->kind == ORDPAR_KIND_GRID &&
                !ordpar_parse_double(g->axes[a].values[v], &unused))
                return true;
    return false;
}

void sweep_grid_describe(const sweep_grid *g, size_t point, char *text, size_t size) {
    size_t length = (size_t)snprintf(text, size, "point %zu (", point + 1);
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options && length < size; k++)
            length +=
                (size_t)snprintf(text + length, size - length, "%s%s=%.80s", a + k ? ", " : "",
                                 g->axes[a].options[k].name, sweep_grid_value(g, a, point));
    if (length < size)
        snprintf(text + length, size - length, ")");
}
