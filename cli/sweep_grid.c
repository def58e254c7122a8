// SPDX-License-Identifier: GPL-3.0-or-later
#include "sweep.h"

#include "number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SWEPT_GROUPS =
        GROUP_MODEL | GROUP_TRAINING | GROUP_SPECTRUM | GROUP_GRID | GROUP_TOLERANCE | GROUP_POINT
};

static bool is_number(const option_entry *entry) {
    return entry->kind == KIND_REAL || entry->kind == KIND_POSITIVE || entry->kind == KIND_INTEGER;
}

static bool is_list(const option_entry *entry) {
    return entry->kind == KIND_REALS || entry->kind == KIND_ORDERS;
}

static bool is_swept(const sweep_grid *g, const option_entry *entry) {
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            if (g->axes[a].options[k].entry == entry)
                return true;
    return false;
}

/* Adds NAME to the last axis of the grid. */
static int add_option(const options *parsed, sweep_grid *g, const char *name) {
    sweep_axis *axis = &g->axes[g->n_axes - 1];
    const option_entry *entry = option_find(name);
    if (!entry)
        return usage_error(parsed, "--sweep: '%.80s' is not an option", name);
    if (!(entry->groups & SWEPT_GROUPS))
        return usage_error(parsed,
                           "--sweep: %s cannot be swept; options of the model, the grid, "
                           "the numerics and the simulation can",
                           name);
    if (is_swept(g, entry))
        return usage_error(parsed, "--sweep: %s is swept twice", name);
    if (options_given(parsed, entry->name))
        return usage_error(parsed, "--sweep: %s has a value of its own too, by --%s", name,
                           entry->name);
    if (axis->n_options == SWEEP_MAX_JOINT)
        return usage_error(parsed, "--sweep: at most %d options can share a value",
                           SWEEP_MAX_JOINT);
    if (axis->n_options > 0 && entry->kind != axis->options[0].entry->kind &&
        !(is_number(entry) && is_number(axis->options[0].entry)))
        return usage_error(parsed, "--sweep: %s and %s are not of one kind", axis->options[0].name,
                           name);
    sweep_option *option = &axis->options[axis->n_options++];
    option->entry = entry;
    snprintf(option->name, sizeof option->name, "%s", name);
    return -1;
}

/* Adds a value, checked by the table of options for each option of the axis. */
static int add_value(const options *parsed, sweep_axis *axis, const char *text) {
    options scratch;
    bool copied = options_copy(parsed, &scratch);
    char *value = strdup(text);
    int result = -1;
    for (char *c = value; c && *c && is_list(axis->options[0].entry); c++)
        if (*c == ':')
            *c = ',';
    for (size_t k = 0; k < axis->n_options && copied && value && result < 0; k++)
        result = options_set(&scratch, axis->options[k].entry, value);
    options_clear(&scratch);
    if (result < 0 && axis->count == SWEEP_MAX_POINTS)
        result = usage_error(parsed, "--sweep: %s has more than %d values", axis->options[0].name,
                             SWEEP_MAX_POINTS);
    char **grown = copied && value && result < 0
                       ? realloc(axis->values, (axis->count + 1) * sizeof *grown)
                       : NULL;
    if (!grown) {
        free(value);
        return result >= 0
                   ? result
                   : failure(parsed, "out of memory for the values of %s", axis->options[0].name);
    }
    axis->values = grown;
    axis->values[axis->count++] = value;
    return -1;
}

/* A value, to find those that are there twice. */
typedef struct {
    double number;
    const char *word;
    size_t index;
} sortable;

static int compare_values(const void *a, const void *b) {
    const sortable *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return strcmp(x->word, y->word);
}

static int compare_places(const void *a, const void *b) {
    const int order = compare_values(a, b);
    const size_t x = ((const sortable *)a)->index, y = ((const sortable *)b)->index;
    return order ? order : (x > y) - (x < y);
}

/* Keeps the first of equal values. */
static int drop_repeated(const options *parsed, sweep_axis *axis) {
    const bool number = is_number(axis->options[0].entry);
    sortable *sorted = malloc(axis->count * sizeof *sorted);
    if (!sorted)
        return failure(parsed, "out of memory for the values of %s", axis->options[0].name);
    for (size_t k = 0; k < axis->count; k++)
        sorted[k] = (sortable){number ? strtod(axis->values[k], NULL) : 0,
                               number ? "" : axis->values[k], k};
    qsort(sorted, axis->count, sizeof *sorted, compare_places);
    size_t last = 0; /* of the equal values, the first */
    for (size_t k = 1; k < axis->count; k++) {
        if (compare_values(&sorted[last], &sorted[k]) != 0) {
            last = k;
            continue;
        }
        free(axis->values[sorted[k].index]);
        axis->values[sorted[k].index] = NULL;
    }
    free(sorted);
    size_t kept = 0;
    for (size_t k = 0; k < axis->count; k++)
        if (axis->values[k])
            axis->values[kept++] = axis->values[k];
    axis->count = kept;
    return -1;
}

/* START:STOP:COUNT[:lin|log], STOP above or below START. */
static bool parse_range(const char *item, grid *range) {
    char text[128], *parts[4] = {text};
    size_t count = 1;
    if (strlen(item) >= sizeof text)
        return false;
    strcpy(text, item);
    for (char *c = text; *c; c++)
        if (*c == ':') {
            if (count == 4)
                return false;
            *c = '\0';
            parts[count++] = c + 1;
        }
    if (count < 3 || !ordpar_parse_double(parts[0], &range->start) ||
        !ordpar_parse_double(parts[1], &range->stop) ||
        !ordpar_parse_integer(parts[2], &range->count))
        return false;
    range->logarithmic = count == 4 && strcmp(parts[3], "log") == 0;
    if (count == 4 && !range->logarithmic && strcmp(parts[3], "lin") != 0)
        return false;
    return range->count >= 1 && range->count <= SWEEP_MAX_POINTS &&
           (range->count > 1 || range->start == range->stop) &&
           (!range->logarithmic || (range->start > 0 && range->stop > 0));
}

/* To 15 digits, so that 0.1:1:10 has the values 0.1, 0.2, 0.3 as they would be typed. */
static double range_value(const grid *range, int64_t k) {
    if (k == 0 || k == range->count - 1)
        return k == 0 ? range->start : range->stop;
    const double part = (double)k / (double)(range->count - 1);
    return range->logarithmic ? exp((1 - part) * log(range->start) + part * log(range->stop))
                              : (1 - part) * range->start + part * range->stop;
}

static int add_range(const options *parsed, sweep_axis *axis, const char *item) {
    grid range;
    if (!parse_range(item, &range))
        return usage_error(parsed,
                           "--sweep: %s: a range is START:STOP:COUNT[:lin|log] with COUNT from 2 "
                           "to %d, log with positive ends; got '%.80s'",
                           axis->options[0].name, SWEEP_MAX_POINTS, item);
    bool whole = false;
    for (size_t k = 0; k < axis->n_options; k++)
        whole = whole || axis->options[k].entry->kind == KIND_INTEGER;
    int result = -1;
    for (int64_t k = 0; k < range.count && result < 0; k++) {
        char text[32];
        const double value = range_value(&range, k);
        if (whole)
            snprintf(text, sizeof text, "%.0f", round(value));
        else
            snprintf(text, sizeof text, "%.15g", value);
        result = add_value(parsed, axis, text);
    }
    return result;
}

/* Parses NAME=[NAME=..]LIST, a writable copy, into the last axis of the grid. */
static int parse_axis(const options *parsed, sweep_grid *g, char *text) {
    sweep_axis *axis = &g->axes[g->n_axes - 1];
    char *list = text;
    int result;
    for (char *equals; (equals = strchr(list, '=')); list = equals + 1) {
        *equals = '\0';
        if ((result = add_option(parsed, g, list)) >= 0)
            return result;
    }
    if (axis->n_options == 0)
        return usage_error(parsed, "--sweep: must be NAME=LIST, got '%.80s'", list);
    for (char *item = list; item;) {
        char *comma = strchr(item, ',');
        if (comma)
            *comma++ = '\0';
        if (!*item)
            return usage_error(parsed, "--sweep: %s has an empty value in its list",
                               axis->options[0].name);
        result = is_number(axis->options[0].entry) && strchr(item, ':')
                     ? add_range(parsed, axis, item)
                     : add_value(parsed, axis, item);
        if (result >= 0)
            return result;
        item = comma;
    }
    return drop_repeated(parsed, axis);
}

int sweep_grid_parse(const options *parsed, sweep_grid *g) {
    *g = (sweep_grid){.n_points = 1};
    if (parsed->sweep.count == 0)
        return usage_error(parsed, "needs --sweep NAME=LIST");
    for (size_t k = 0; k < parsed->sweep.count; k++) {
        if (g->n_axes == SWEEP_MAX_AXES)
            return usage_error(parsed, "--sweep: at most %d", SWEEP_MAX_AXES);
        char *text = strdup(parsed->sweep.items[k]);
        if (!text)
            return failure(parsed, "out of memory for --sweep");
        g->n_axes++;
        const int result = parse_axis(parsed, g, text);
        free(text);
        if (result >= 0)
            return result;
        const size_t count = g->axes[k].count;
        if (count > SWEEP_MAX_POINTS / g->n_points)
            return usage_error(parsed,
                               "--sweep: %zu x %zu points and more, at most %d can be swept",
                               g->n_points, count, SWEEP_MAX_POINTS);
        g->n_points *= count;
    }
    return -1;
}

void sweep_grid_clear(sweep_grid *g) {
    for (size_t a = 0; a < g->n_axes; a++) {
        for (size_t k = 0; k < g->axes[a].count; k++)
            free(g->axes[a].values[k]);
        free(g->axes[a].values);
    }
    *g = (sweep_grid){0};
}

const char *sweep_grid_value(const sweep_grid *g, size_t axis, size_t point) {
    for (size_t a = g->n_axes - 1; a > axis; a--)
        point /= g->axes[a].count;
    return g->axes[axis].values[point % g->axes[axis].count];
}

int sweep_grid_options(const sweep_grid *g, const options *parsed, size_t point, char *message,
                       options *at) {
    const bool copied = options_copy(parsed, at);
    at->message = message;
    at->quiet = true;
    at->threads = 1;
    at->checkpoint = NULL;
    int result = copied ? -1 : failure(at, "out of memory for the options");
    for (size_t a = 0; a < g->n_axes && result < 0; a++)
        for (size_t k = 0; k < g->axes[a].n_options && result < 0; k++)
            result = options_set(at, g->axes[a].options[k].entry, sweep_grid_value(g, a, point));
    return result;
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
