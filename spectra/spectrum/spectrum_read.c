// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/spectrum/spectrum_read.h"

#include "base/csv.h"
#include "base/floating_point.h"
#include "base/npy_file.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The rows of a table as they arrive. */
typedef struct {
    size_t count, capacity;
    double *lambda, *c;
    int64_t *n;
    bool keep_texts;
    char **texts, **c_texts; /* [count], NULL where they are not kept */
    int64_t total;
    ordpar_error negative; /* said of the least eigenvalue, if it is below 0 */
    double least;
    bool has_columns, has_multiplicity, has_teacher;
    size_t eigenvalue, multiplicity, teacher; /* columns */
    bool has_index;                           /* in the first column, without a name */
    ordpar_csv_heading heading;
} rows;

/* Numbers of rows in front of eigenvalues alone, as pandas and R write them, sorted or not. They
 * stand in n until the end, as only then it is clear that they are no multiplicities. */
static bool begins_with_index(const ordpar_csv_row *row) {
    return row->n_columns > 1 && ordpar_csv_is_of_rows(row->columns[0]);
}

static int by_number(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The numbers of all rows, from 0 or 1, each once; then each eigenvalue counts 1. */
static ordpar_status leave_index(const char *path, rows *read, ordpar_error *err) {
    if (!read->has_index)
        return ORDPAR_OK;
    qsort(read->n, read->count, sizeof *read->n, by_number);
    for (size_t k = 0; k < read->count; k++) {
        if (read->n[k] != read->n[0] + (int64_t)k || read->n[0] > 1)
            return ordpar_fail(
                err, ORDPAR_PARSE,
                "%s: the column without a name in front of 'eigenvalue' must have the "
                "numbers of all rows, from 0 or 1, or be called 'multiplicity'",
                path);
    }
    for (size_t k = 0; k < read->count; k++)
        read->n[k] = 1;
    return ORDPAR_OK;
}

/* Where each eigenvalue counts 1, no column may mean that it does not; one without a name is what a
 * spreadsheet fills rows with. */
static ordpar_status check_alone(const ordpar_csv_row *row, ordpar_error *err) {
    static const char *const harmless[] = {"eigenvalue", "index", "rank", "teacher"};
    for (size_t c = 0; c < row->n_columns; c++) {
        const char *name = row->columns[c];
        bool known = *name ? ordpar_csv_is_of_rows(name) : !*row->fields[c];
        known = known || (c == 0 && begins_with_index(row));
        for (size_t k = 0; k < sizeof harmless / sizeof *harmless; k++)
            known = known || strcmp(name, harmless[k]) == 0;
        if (!known)
            return ordpar_fail(err, ORDPAR_PARSE,
                               "%s: the header must have a column 'multiplicity' (or 'eigenvalue' "
                               "alone, each of which then counts 1), got '%.60s'",
                               row->path, row->columns[c]);
    }
    return ORDPAR_OK;
}

/* Finds the columns by name, so that what `ordpar spectrum` prints can be read again. */
static ordpar_status find_columns(const ordpar_csv_row *row, rows *read, ordpar_error *err) {
    bool found = false;
    for (size_t c = 0; c < row->n_columns; c++) {
        const char *name = row->columns[c];
        if (strcmp(name, "teacher") == 0 && !read->has_teacher) {
            read->has_teacher = true;
            read->teacher = c;
        }
        if (strcmp(name, "eigenvalue") == 0 && !found) {
            found = true;
            read->eigenvalue = c;
        }
        if (strcmp(name, "multiplicity") == 0 && !read->has_multiplicity) {
            read->has_multiplicity = true;
            read->multiplicity = c;
        }
    }
    read->has_columns = found;
    read->has_index = !read->has_multiplicity && begins_with_index(row) && *row->fields[0];
    if (!found)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: the header must have a column 'eigenvalue', got '%.60s'", row->path,
                           row->columns[0]);
    return ORDPAR_OK;
}

static ordpar_status grow(rows *read, ordpar_error *err) {
    if (read->count < read->capacity)
        return ORDPAR_OK;
    const size_t capacity = read->capacity ? 2 * read->capacity : 64;
    double *lambda = realloc(read->lambda, capacity * sizeof *lambda);
    if (lambda)
        read->lambda = lambda;
    double *c = realloc(read->c, capacity * sizeof *c);
    if (c)
        read->c = c;
    int64_t *n = realloc(read->n, capacity * sizeof *n);
    if (n)
        read->n = n;
    char **texts = realloc(read->texts, capacity * sizeof *texts);
    if (texts)
        read->texts = texts;
    char **c_texts = realloc(read->c_texts, capacity * sizeof *c_texts);
    if (c_texts)
        read->c_texts = c_texts;
    if (!lambda || !c || !n || !texts || !c_texts)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a spectrum of %zu eigenvalues",
                           capacity);
    read->capacity = capacity;
    return ORDPAR_OK;
}

static ordpar_status read_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    rows *read = context;
    ordpar_status status = grow(read, err);
    if (!status && !read->has_columns)
        status = find_columns(row, read, err);
    if (!status && !read->has_multiplicity)
        status = check_alone(row, err);
    if (status)
        return status;
    double lambda, c = 1;
    int64_t n = 1, number = 0;
    if ((status = ordpar_csv_double(row, read->eigenvalue, &lambda, err)) ||
        (read->has_multiplicity && (status = ordpar_csv_integer(row, read->multiplicity, 1,
                                                                ORDPAR_MAX_INPUT_DIM, &n, err))) ||
        (read->has_index &&
         (status = ordpar_csv_integer(row, 0, 0, ORDPAR_MAX_INPUT_DIM, &number, err))) ||
        (read->has_teacher && (status = ordpar_csv_double(row, read->teacher, &c, err))))
        return status;
    ordpar_csv_heading_take(&read->heading, row, lambda);
    if (c < 0)
        return ordpar_csv_fail(row, read->teacher, "must be >= 0", err);
    if (lambda < read->least) {
        (void)ordpar_csv_fail(row, read->eigenvalue, "must be >= 0", &read->negative);
        read->least = lambda;
    }
    if (n > ORDPAR_MAX_INPUT_DIM - read->total)
        return ordpar_csv_fail(row, read->multiplicity,
                               "makes the sum of the multiplicities too large", err);
    const bool keep_c = read->keep_texts && read->has_teacher;
    char *text = read->keep_texts ? strdup(lambda < 0 ? "0" : row->fields[read->eigenvalue]) : NULL;
    char *c_text = keep_c ? strdup(row->fields[read->teacher]) : NULL;
    read->lambda[read->count] = lambda;
    read->c[read->count] = c;
    read->n[read->count] = read->has_index ? number : n;
    read->texts[read->count] = text;
    read->c_texts[read->count++] = c_text;
    if ((read->keep_texts && !text) || (keep_c && !c_text))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", read->count);
    read->total += n;
    return ORDPAR_OK;
}

/* A column's name would be one eigenvalue more. */
static ordpar_status check_heading(const char *path, const rows *read, ordpar_error *err) {
    if (!ordpar_csv_heading_likely(&read->heading))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: the first line, %.0f, looks like the name that pandas gives a column: "
                       "leave it out, or write 'eigenvalue' there; %.0f.0 is an eigenvalue",
                       path, read->heading.first, read->heading.first);
}

/* What solvers leave below 0 of an eigenvalue that is 0 counts as 0. */
static ordpar_status check_least(rows *read, ordpar_error *err) {
    if (read->least < -ordpar_spectrum_negative_rounding(read->count, read->lambda))
        return ordpar_fail(err, ORDPAR_PARSE, "%s", read->negative.message);
    for (size_t k = 0; k < read->count; k++)
        read->lambda[k] = fmax(read->lambda[k], 0);
    return ORDPAR_OK;
}

typedef struct {
    double lambda;
    size_t position;
} place;

/* The order of ordpar_spectrum_from_arrays. */
static int by_decreasing_eigenvalue(const void *left, const void *right) {
    const place *a = left, *b = right;
    if (a->lambda != b->lambda)
        return a->lambda > b->lambda ? -1 : 1;
    return a->position < b->position ? -1 : 1;
}

/* Puts the texts into the order of the blocks. */
static ordpar_status sort_texts(rows *read, ordpar_error *err) {
    place *places = malloc(read->count * sizeof *places);
    char **sorted = malloc(read->count * sizeof *sorted);
    char **c_sorted = malloc(read->count * sizeof *c_sorted);
    if (!places || !sorted || !c_sorted) {
        free(places);
        free(sorted);
        free(c_sorted);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", read->count);
    }
    for (size_t k = 0; k < read->count; k++)
        places[k] = (place){read->lambda[k], k};
    qsort(places, read->count, sizeof *places, by_decreasing_eigenvalue);
    for (size_t k = 0; k < read->count; k++) {
        sorted[k] = read->texts[places[k].position];
        c_sorted[k] = read->c_texts[places[k].position];
    }
    free(places);
    free(read->texts);
    free(read->c_texts);
    read->texts = sorted;
    read->c_texts = c_sorted;
    return ORDPAR_OK;
}

static void free_texts(char **texts, size_t count) {
    for (size_t k = 0; texts && k < count; k++)
        free(texts[k]);
    free(texts);
}

static ordpar_status read_table(const char *path, bool keep_texts, ordpar_spectrum_file *file,
                                ordpar_error *err) {
    rows read = {.keep_texts = keep_texts};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    ordpar_status status = ordpar_csv_read_bare(path, "eigenvalue", false, read_row, &read, err);
    if (!status)
        status = check_heading(name, &read, err);
    if (!status)
        status = leave_index(name, &read, err);
    if (!status)
        status = check_least(&read, err);
    if (!status)
        status = sort_texts(&read, err);
    if (!status)
        status = ordpar_spectrum_with_teacher(read.count, read.lambda, read.n, read.c,
                                              &file->spectrum, err);
    if (!status && keep_texts) {
        file->texts = read.texts;
        read.texts = NULL;
    }
    if (!status && keep_texts && read.has_teacher) {
        file->c_texts = read.c_texts;
        read.c_texts = NULL;
    }
    free_texts(read.texts, read.count);
    free_texts(read.c_texts, read.count);
    free(read.lambda);
    free(read.c);
    free(read.n);
    return status;
}

/* By its name, or by its first bytes, which of a pipe can be read only once. */
static bool is_array(const char *path) {
    const char *suffix = strrchr(path, '.');
    return (suffix && (strcmp(suffix, ".npy") == 0 || strcmp(suffix, ".npz") == 0)) ||
           ordpar_npy_is_array(path);
}

static ordpar_status read_file(const char *path, bool keep_texts, ordpar_spectrum_file *file,
                               ordpar_error *err) {
    ordpar_spectrum_file made = {0};
    const ordpar_status status = is_array(path)
                                     ? ordpar_spectrum_read_array(path, &made.spectrum, err)
                                     : read_table(path, keep_texts, &made, err);
    if (!status)
        *file = made;
    return status;
}

ordpar_status ordpar_spectrum_file_read(const char *path, ordpar_spectrum_file *file,
                                        ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    return read_file(path, true, file, err);
}

void ordpar_spectrum_file_clear(ordpar_spectrum_file *file) {
    free_texts(file->texts, file->spectrum.L);
    free_texts(file->c_texts, file->spectrum.L);
    ordpar_spectrum_clear(&file->spectrum);
    *file = (ordpar_spectrum_file){0};
}

ordpar_status ordpar_spectrum_read(const char *path, ordpar_spectrum *spectrum, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_spectrum_file file;
    const ordpar_status status = read_file(path, false, &file, err);
    if (!status)
        *spectrum = file.spectrum;
    return status;
}
