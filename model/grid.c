// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/grid.h"

#include "base/csv.h"
#include "base/digest.h"
#include "base/npy_file.h"
#include "base/number.h"
#include "base/path_kind.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The parts of text between colons, at most 4, in copy. Returns how many, 0 if it is too long. */
static size_t cut(const char *text, char *copy, size_t size, char *parts[4]) {
    if (strlen(text) >= size)
        return 0;
    strcpy(copy, text);
    parts[0] = copy;
    size_t count = 1;
    for (char *c = copy; *c; c++)
        if (*c == ':') {
            if (count == 4)
                return 0;
            *c = '\0';
            parts[count++] = c + 1;
        }
    return count;
}

bool ordpar_grid_parse_range(const char *text, ordpar_grid *grid) {
    char copy[256], *parts[4];
    ordpar_grid g = {0};
    const size_t count = cut(text, copy, sizeof copy, parts);
    if (count < 3 || !ordpar_parse_double(parts[0], &g.start) ||
        !ordpar_parse_double(parts[1], &g.stop) || !ordpar_parse_integer(parts[2], &g.count))
        return false;
    g.logarithmic = count == 4 && strcmp(parts[3], "log") == 0;
    if (count == 4 && !g.logarithmic && strcmp(parts[3], "lin") != 0)
        return false;
    if (g.count < 1 || g.count > ORDPAR_MAX_GRID || (g.count == 1) != (g.start == g.stop) ||
        (g.logarithmic && !(g.start > 0 && g.stop > 0)))
        return false;
    *grid = g;
    return true;
}

int ordpar_grid_compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts; false: a number is there twice. */
static bool sort(size_t count, ordpar_grid *g) {
    qsort(g->list, count, sizeof *g->list, ordpar_grid_compare);
    for (size_t k = 1; k < count; k++)
        if (g->list[k] == g->list[k - 1])
            return false;
    g->start = g->list[0];
    g->stop = g->list[count - 1];
    g->count = (int64_t)count;
    return true;
}

/* Numbers with commas; false: not that, or one is there twice. */
static bool parse_list(char *text, ordpar_grid *g) {
    size_t count = 0;
    for (char *item = text; item; count++) {
        char *comma = strchr(item, ',');
        if (comma)
            *comma++ = '\0';
        if (!ordpar_parse_double(item, &g->list[count]))
            return false;
        item = comma;
    }
    return sort(count, g);
}

static ordpar_status read_list(const char *text, ordpar_grid *g, bool *good, ordpar_error *err) {
    size_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    char *copy = strdup(text);
    g->list = malloc(count * sizeof *g->list);
    *good = copy && g->list && parse_list(copy, g);
    const bool memory = copy && g->list;
    free(copy);
    if (!*good) {
        free(g->list);
        g->list = NULL;
    }
    return memory ? ORDPAR_OK
                  : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", count);
}

/* A file being read. */
typedef struct {
    const char *name;
    double high;
    ordpar_grid *g;
    size_t count;
    ordpar_csv_heading heading;
} listing;

static ordpar_status take_number(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    listing *l = context;
    size_t column = 0;
    while (column < row->n_columns && strcmp(row->columns[column], l->name) != 0)
        column++;
    if (column == row->n_columns)
        return ordpar_fail(err, ORDPAR_PARSE, "%.200s: has no column %s", row->path, l->name);
    if ((l->count & (l->count - 1)) == 0) {
        double *grown = realloc(l->g->list, (l->count ? 2 * l->count : 1) * sizeof *grown);
        if (!grown)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", l->count);
        l->g->list = grown;
    }
    double *number = &l->g->list[l->count++];
    const ordpar_status status = ordpar_csv_double(row, column, number, err);
    if (!status)
        ordpar_csv_heading_take(&l->heading, row, *number);
    if (status || (*number >= 0 && *number <= l->high))
        return status;
    char reason[48];
    ordpar_format(reason, sizeof reason, "must be from 0 to %g", l->high);
    return ordpar_csv_fail(row, column, reason, err);
}

static ordpar_status check_range(const char *path, const listing *l, ordpar_error *err) {
    for (size_t k = 0; k < l->count; k++)
        if (!(l->g->list[k] >= 0 && l->g->list[k] <= l->high))
            return ordpar_fail(err, ORDPAR_PARSE, "%.200s: number %zu must be from 0 to %g, got %g",
                               path, k + 1, l->high, l->g->list[k]);
    return ORDPAR_OK;
}

/* NumPy's, one axis long. */
static ordpar_status read_array(const char *path, listing *l, ordpar_error *err) {
    ordpar_npy_file file;
    char shape[ORDPAR_NPY_SHAPE_SIZE];
    ordpar_status status = ordpar_npy_file_open(path, NULL, &file, err);
    if (status)
        return status;
    ordpar_npy_shape(&file.npy, shape);
    l->count = (size_t)(file.npy.rows * file.npy.dim);
    if (file.npy.dim > 1 && file.npy.rows > 1)
        status = ordpar_fail(err, ORDPAR_PARSE, "%.200s: must be a list of numbers, has shape %s",
                             path, shape);
    else if (!(l->g->list = malloc(l->count * sizeof *l->g->list)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", l->count);
    if (!status && !(status = ordpar_npy_file_read(&file, file.npy.rows, l->g->list, err)))
        status = check_range(path, l, err);
    ordpar_npy_file_close(&file);
    return status;
}

/* The list is sorted. Names of columns are numbers in pandas, which a reader does not look for. */
static ordpar_status fail_twice(const char *path, const listing *l, ordpar_error *err) {
    const double *list = l->g->list;
    size_t k = 1;
    char text[ORDPAR_NUMBER_SIZE];
    while (list[k] != list[k - 1])
        k++;
    const bool heading = ordpar_csv_heading_possible(&l->heading) && l->heading.first == list[k];
    return ordpar_fail(err, ORDPAR_PARSE, "%.200s: has %s twice%s", path,
                       ordpar_number_text(list[k], text),
                       heading ? "; the first line looks like the name that pandas gives a column: "
                                 "leave it out"
                               : "");
}

static ordpar_status read_file(const char *name, const char *path, double high, ordpar_grid *g,
                               ordpar_error *err) {
    listing l = {.name = name, .high = high, .g = g};
    ordpar_status status = ordpar_npy_is_array(path)
                               ? read_array(path, &l, err)
                               : ordpar_csv_read_bare(path, name, true, take_number, &l, err);
    if (!status && !sort(l.count, g))
        status = fail_twice(path, &l, err);
    if (!status)
        g->of_file = true;
    return status;
}

static bool is_file(const char *text) {
    struct stat state;
    return stat(text, &state) == 0 && !S_ISDIR(state.st_mode);
}

/* A name with an ending, or in a folder, is none of a grid. */
static bool names_file(const char *text) {
    const char *ending;
    (void)ordpar_path_kind_of(text, &ending);
    return strchr(text, '/') || (*ending && isalpha((unsigned char)ending[1]));
}

/* *good: whether text is a grid; else *g holds nothing. */
static ordpar_status read_any(const char *name, const char *text, double high, ordpar_grid *g,
                              bool *good, ordpar_error *err) {
    *good = ordpar_grid_parse_range(text, g) && g->start <= g->stop &&
            g->start >= (g->logarithmic ? 1e-300 : 0);
    ordpar_status status = *good || strchr(text, ':') ? ORDPAR_OK : read_list(text, g, good, err);
    if (!status && !*good && is_file(text)) {
        *g = (ordpar_grid){0};
        status = read_file(name, text, high, g, err);
        *good = !status;
    }
    return status;
}

ordpar_status ordpar_grid_read(const char *name, const char *text, double high, ordpar_grid *grid,
                               ordpar_error *err) {
    ordpar_grid g = {0};
    bool good;
    ordpar_status status = read_any(name, text, high, &g, &good, err);
    if (!status && !good && names_file(text))
        status = ordpar_fail(err, ORDPAR_IO, "%.400s: cannot be read: %s", text, strerror(ENOENT));
    if (!status && (!good || g.start < 0 || g.stop > high))
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "must be START:STOP:COUNT[:lin|log] with 0 <= START < STOP <= 1e300 "
                             "(START > 0 for log) and 2 <= COUNT <= 1e8, or START:START:1, or one "
                             "number, or different numbers with commas, or a file of numbers, got "
                             "'%.80s'",
                             text);
    if (status) {
        free(g.list);
        return status;
    }
    free(grid->list);
    *grid = g;
    return ORDPAR_OK;
}

/* x, or the decimal of few digits from which rounding alone keeps it, where the rows of the grid,
 * `apart` relative to x, are not that close themselves. Others write 0.1 and 100, and look for
 * them. */
static double decimal_beside(double x, double range, double apart) {
    enum { DIGITS = 9 };
    const double rounding = (4 + range) * DBL_EPSILON;
    if (!(x >= DBL_MIN && x <= DBL_MAX && apart > 4 * rounding))
        return x;
    const int least = (int)floor(log10(x)) - DIGITS + 1; /* of its digits */
    const double digits = x * pow(10, -least);
    if (fabs(digits - round(digits)) > 2 * rounding * digits)
        return x;
    char text[32];
    double decimal;
    ordpar_format(text, sizeof text, "%.0fe%d", round(digits), least);
    return ordpar_parse_double(text, &decimal) && fabs(decimal - x) <= rounding * x ? decimal : x;
}

double ordpar_grid_value(const ordpar_grid *g, int64_t k) {
    if (g->list)
        return g->list[k];
    if (k == g->count - 1)
        return g->stop;
    if (k == 0)
        return g->start;
    const double part = (double)k / (double)(g->count - 1);
    const double way = (g->stop - g->start) * (double)k; /* whole numbers stay whole */
    if (!g->logarithmic) {
        const double gone =
            isfinite(way) ? way / (double)(g->count - 1) : (g->stop - g->start) * part;
        const double x = g->start + gone;
        return decimal_beside(x, 0, fabs(g->stop - g->start) / (double)(g->count - 1) / x);
    }
    const double ratio = g->stop / g->start; /* overflows where a grid has 600 decades */
    const double x = isfinite(ratio) ? g->start * pow(ratio, part)
                                     : pow(g->start, 1 - part) * pow(g->stop, part);
    const double range = fabs(log(g->stop) - log(g->start));
    return decimal_beside(x, range, range / (double)(g->count - 1));
}

ordpar_status ordpar_grid_values(const ordpar_grid *grid, double **values, ordpar_error *err) {
    double *made = malloc((size_t)(grid->count ? grid->count : 1) * sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %lld rows",
                           (long long)grid->count);
    for (int64_t k = 0; k < grid->count; k++)
        made[k] = ordpar_grid_value(grid, k);
    *values = made;
    return ORDPAR_OK;
}

uint64_t ordpar_grid_digest(const ordpar_grid *grid) {
    uint64_t digest = ORDPAR_DIGEST_START;
    for (int64_t k = 0; k < grid->count; k++) {
        const double value = ordpar_grid_value(grid, k);
        digest = ordpar_digest(digest, &value, sizeof value);
    }
    return digest;
}

bool ordpar_grid_is_logarithmic(const ordpar_grid *grid) {
    if (!grid->list)
        return grid->logarithmic;
    for (int64_t k = 0; k < grid->count; k++)
        if (grid->list[k] > 0)
            return grid->stop > 32 * grid->list[k];
    return false;
}
