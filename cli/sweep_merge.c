// SPDX-License-Identifier: GPL-3.0-or-later
/* Putting the files of all parts together again. */
#include "sweep.h"

#include "number.h"
#include "plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const options *parsed;
    table t;      /* notes and columns: those of the first file */
    char *header; /* its line of columns */
    size_t n_points, n_parts;
    bool *has_part; /* [n_parts] */
    char **rows;    /* [n_points] */
} merging;

/* What a file says before its rows. */
typedef struct {
    table notes; /* without that of the part */
    char *header;
    size_t part; /* from 1 */
    size_t n_parts;
} preamble;

static void preamble_clear(preamble *p) {
    table_clear(&p->notes);
    free(p->header);
}

static int bad_file(const merging *m, const char *path, const char *reason) {
    return usage_error(m->parsed, "--merge: %s: %s", path, reason);
}

/* "i/n", 1 <= i <= n */
bool sweep_parse_part(const char *text, size_t *part, size_t *n_parts) {
    char copy[48], *slash;
    int64_t i, n;
    if (strlen(text) >= sizeof copy)
        return false;
    strcpy(copy, text);
    if (!(slash = strchr(copy, '/')))
        return false;
    *slash = '\0';
    if (!ordpar_parse_integer(copy, &i) || !ordpar_parse_integer(slash + 1, &n) || i < 1 || i > n ||
        n > SWEEP_MAX_POINTS)
        return false;
    *part = (size_t)i;
    *n_parts = (size_t)n;
    return true;
}

static bool read_line(FILE *file, char **line, size_t *size) {
    const ssize_t length = getline(line, size, file);
    if (length <= 0 || (*line)[length - 1] != '\n' || strlen(*line) != (size_t)length)
        return false;
    (*line)[length - 1] = '\0';
    return true;
}

/* Reads the notes and the line of columns. */
static int read_preamble(const merging *m, const char *path, FILE *file, preamble *p) {
    static const char key[] = "part: ";
    char *line = NULL;
    size_t size = 0;
    while (read_line(file, &line, &size)) {
        if (strncmp(line, "# ", 2) != 0) {
            p->header = line;
            line = NULL;
            break;
        }
        char *value = strstr(line, ": ");
        if (strncmp(line + 2, key, sizeof key - 1) == 0)
            sweep_parse_part(line + 2 + sizeof key - 1, &p->part, &p->n_parts);
        else if (value) {
            *value = '\0';
            table_note(&p->notes, line + 2, "%s", value + 2);
        }
    }
    free(line);
    if (p->part == 0)
        return bad_file(m, path, "is not a part of a sweep, which has a note '# part: I/N'");
    return p->header ? -1 : bad_file(m, path, "has no line of columns");
}

static int begin(merging *m, const char *path, preamble *p) {
    int64_t points = 0;
    for (size_t k = 0; k < p->notes.n_notes; k++)
        if (strncmp(p->notes.notes[k], "points: ", 8) == 0 &&
            !ordpar_parse_integer(p->notes.notes[k] + 8, &points))
            points = 0;
    if (points < 1 || points > SWEEP_MAX_POINTS)
        return bad_file(m, path, "does not say how many points there are");
    m->n_points = (size_t)points;
    m->n_parts = p->n_parts;
    m->has_part = calloc(m->n_parts, sizeof *m->has_part);
    m->rows = calloc(m->n_points, sizeof *m->rows);
    m->header = strdup(p->header);
    m->t = p->notes;
    table_init(&p->notes);
    if (!m->has_part || !m->rows || !m->header)
        return failure(m->parsed, "out of memory for %zu rows", m->n_points);
    for (char *name = p->header; name;) {
        char *next = strchr(name, ',');
        if (next)
            *next++ = '\0';
        table_column(&m->t, "%s", name);
        name = next;
    }
    if (m->t.n_columns < 4 || strcmp(m->t.columns[m->t.n_columns - 1], "message") != 0 ||
        sweep_table_swept(&m->t) + 3 > m->t.n_columns)
        return bad_file(m, path, "has not the columns of a sweep");
    return -1;
}

/* A file that is not the first must say the same. */
static int compare_preambles(const merging *m, const char *path, const preamble *p) {
    bool same = m->t.n_notes == p->notes.n_notes && strcmp(m->header, p->header) == 0;
    for (size_t k = 0; k < p->notes.n_notes && same; k++) {
        same = strcmp(m->t.notes[k], p->notes.notes[k]) == 0;
        if (!same)
            return usage_error(m->parsed,
                               "--merge: %s: belongs to another sweep than %s: '%.200s' instead of "
                               "'%.200s'",
                               path, m->parsed->arguments[0], p->notes.notes[k], m->t.notes[k]);
    }
    if (!same)
        return usage_error(m->parsed, "--merge: %s: belongs to another sweep than %s", path,
                           m->parsed->arguments[0]);
    if (m->n_parts != p->n_parts)
        return usage_error(m->parsed, "--merge: %s: is one of %zu parts, %s one of %zu", path,
                           p->n_parts, m->parsed->arguments[0], m->n_parts);
    return -1;
}

static int read_rows(merging *m, const char *path, FILE *file, size_t part) {
    char *line = NULL;
    size_t size = 0;
    int result = -1;
    while (result < 0 && read_line(file, &line, &size)) {
        const unsigned long long number = strtoull(line, NULL, 10);
        const size_t point = (size_t)number - 1;
        if (number < 1 || number > m->n_points || point % m->n_parts != part - 1 ||
            !sweep_table_fits(&m->t, point, line))
            result =
                usage_error(m->parsed, "--merge: %s: not a row of its part: '%.80s'", path, line);
        else if (m->rows[point])
            result = usage_error(m->parsed, "--merge: %s: has point %llu twice", path, number);
        else if (!(m->rows[point] = strdup(line)))
            result = failure(m->parsed, "out of memory for %zu rows", m->n_points);
    }
    free(line);
    if (result < 0 && !feof(file))
        return bad_file(m, path, "is damaged");
    for (size_t point = part - 1; point < m->n_points && result < 0; point += m->n_parts)
        if (!m->rows[point])
            result = usage_error(m->parsed, "--merge: %s: lacks point %zu", path, point + 1);
    return result;
}

static int read_part(merging *m, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        return usage_error(m->parsed, "--merge: %s: cannot be read: %s", path, strerror(errno));
    preamble p = {0};
    table_init(&p.notes);
    int result = read_preamble(m, path, file, &p);
    if (result < 0)
        result = m->rows ? compare_preambles(m, path, &p) : begin(m, path, &p);
    if (result < 0 && m->has_part[p.part - 1])
        result = usage_error(m->parsed, "--merge: %s: part %zu of %zu is there already", path,
                             p.part, p.n_parts);
    if (result < 0) {
        m->has_part[p.part - 1] = true;
        result = read_rows(m, path, file, p.part);
    }
    preamble_clear(&p);
    fclose(file);
    return result;
}

static int write_whole(merging *m) {
    for (size_t k = 0; k < m->n_parts; k++)
        if (!m->has_part[k])
            return usage_error(m->parsed, "--merge: part %zu of %zu is missing", k + 1, m->n_parts);
    for (size_t k = 0; k < m->n_points; k++)
        if (!sweep_table_add(&m->t, m->rows[k]))
            return failure(m->parsed, "out of memory for the output");
    const int result = sweep_table_write(m->parsed, &m->t);
    return result == EXIT_DONE ? sweep_table_conclude(m->parsed, &m->t) : result;
}

int sweep_merge(const options *parsed) {
    merging m = {.parsed = parsed};
    int result =
        parsed->n_arguments ? -1 : usage_error(parsed, "--merge: needs the files of all parts");
    table_init(&m.t);
    for (size_t k = 0; k < parsed->n_arguments && result < 0; k++)
        result = read_part(&m, parsed->arguments[k]);
    if (result < 0 && (result = sweep_plot_check(parsed, &m.t)) < 0)
        result = write_whole(&m);
    for (size_t k = 0; m.rows && k < m.n_points; k++)
        free(m.rows[k]);
    free(m.rows);
    free(m.has_part);
    free(m.header);
    table_clear(&m.t);
    return result;
}
