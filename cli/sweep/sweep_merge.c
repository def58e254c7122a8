// SPDX-License-Identifier: GPL-3.0-or-later
/* Putting the files of all parts together again. */
#include "base/line.h"
#include "base/number.h"
#include "base/text_stream.h"
#include "cli/output/picture.h"
#include "cli/output/progress.h"
#include "cli/sweep/sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a file says before its rows. */
typedef struct {
    char *text;           /* as sweep_table_text has it, without the fact of the part */
    size_t part, n_parts; /* part from 1; 0: it does not say */
} preamble;

typedef struct {
    const char *first; /* file */
    preamble whole;    /* what it says */
    ordpar_table t;
    size_t n_points;
    bool *has_part; /* [n_parts] */
    char **rows;    /* [n_points] */
} merging;

static ordpar_status bad_file(const char *path, const char *reason, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "merge: %.300s: %s", path, reason);
}

static ordpar_status no_memory(size_t rows, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", rows);
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

/* Of a table, whose cells have no quotes within. */
static void take_quotes(char *line) {
    char *to = line;
    for (const char *from = line; *from; from++)
        if (*from != '"')
            *to++ = *from;
    *to = '\0';
}

/* The next line that has something; false without one, or with one that does not end. */
static bool read_line(FILE *file, char **line, size_t *size) {
    do {
        const ssize_t length = ordpar_read_line(line, size, file);
        if (length <= 0 && *line)
            **line = '\0';
        if (length <= 0 || (*line)[length - 1] != '\n' || strlen(*line) != (size_t)length ||
            !ordpar_line_end(*line))
            return false;
        if (**line != '#')
            take_quotes(*line);
    } while (!(*line)[strspn(*line, ",")]);
    return true;
}

/* Cuts the commas off with which a spreadsheet fills a line beyond so many columns. */
static void cut_filling(char *line, size_t columns) {
    size_t commas = 0, length = strlen(line);
    for (const char *c = line; *c; c++)
        commas += *c == ',';
    for (; commas >= columns && line[length - 1] == ','; commas--)
        line[--length] = '\0';
}

static ordpar_status enter(const char *path, FILE *file, ordpar_error *err) {
    ordpar_text_begin begin;
    ordpar_error reason;
    const ordpar_status status = ordpar_text_enter(file, &begin, &reason);
    if (status)
        return ordpar_fail(err, status, "merge: %.300s: %.200s", path, reason.message);
    return begin.json ? bad_file(path, "is JSON; the parts of a sweep are CSV", err) : ORDPAR_OK;
}

/* Reads facts and the line of columns. */
static ordpar_status read_preamble(const char *path, FILE *file, preamble *p, ordpar_error *err) {
    static const char key[] = "# part: ";
    char *line = NULL;
    size_t size = 0;
    bool has_columns = false;
    ordpar_text_stream stream = {0};
    const ordpar_status status = enter(path, file, err);
    if (status)
        return status;
    FILE *text = ordpar_text_open(&stream);
    while (text && !has_columns && read_line(file, &line, &size)) {
        has_columns = strncmp(line, "# ", 2) != 0;
        if (has_columns)
            cut_filling(line, 1);
        if (strncmp(line, key, sizeof key - 1) == 0)
            sweep_parse_part(line + sizeof key - 1, &p->part, &p->n_parts);
        else
            fprintf(text, has_columns ? "%s" : "%s\n", line + (has_columns ? 0 : 2));
    }
    const bool lone = line && strchr(line, '\r');
    free(line);
    if (!(p->text = ordpar_text_end(&stream)))
        return no_memory(1, err);
    if (lone)
        return bad_file(path, ORDPAR_LONE_RETURN, err);
    if (p->part == 0)
        return bad_file(path, "is not a part of a sweep, which has a note '# part: I/N'", err);
    return has_columns ? ORDPAR_OK : bad_file(path, "has no line of columns", err);
}

/* The table that the first file's preamble describes. */
static ordpar_status make_table(merging *m, ordpar_error *err) {
    char *text = strdup(m->whole.text), *line = text;
    for (char *end; line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        char *value = strstr(line, ": ");
        if (!value)
            continue;
        *value = '\0';
        sweep_table_fact(&m->t, line, value + 2);
    }
    if (line)
        ordpar_table_columns(&m->t, line);
    free(text);
    return text ? ordpar_table_check(&m->t, err) : no_memory(1, err);
}

static ordpar_status begin(merging *m, const char *path, preamble *p, ordpar_error *err) {
    int64_t points;
    m->first = path;
    m->whole = *p;
    *p = (preamble){.part = p->part, .n_parts = p->n_parts};
    const ordpar_status status = make_table(m, err);
    if (status)
        return status;
    const ordpar_table *t = &m->t;
    const ordpar_fact *fact = ordpar_table_find_fact(t, "points");
    if (!fact || !ordpar_parse_integer(fact->text, &points) || points < 1 ||
        points > SWEEP_MAX_POINTS)
        return bad_file(path, "does not say how many points there are", err);
    if (t->n_columns < 4 || strcmp(t->columns[t->n_columns - 1], "message") != 0 ||
        strcmp(t->columns[0], "point") != 0 || !ordpar_table_find_fact(t, "swept"))
        return bad_file(path, "has not the columns of a sweep", err);
    m->n_points = (size_t)points;
    m->has_part = calloc(m->whole.n_parts, sizeof *m->has_part);
    m->rows = calloc(m->n_points, sizeof *m->rows);
    return m->has_part && m->rows ? ORDPAR_OK : no_memory(m->n_points, err);
}

/* A file that is not the first must say the same. */
static ordpar_status compare_preambles(const merging *m, const char *path, const preamble *p,
                                       ordpar_error *err) {
    ordpar_error reason;
    const ordpar_status status = sweep_table_same(m->whole.text, p->text, m->first, &reason);
    if (status)
        return ordpar_fail(err, status, "merge: %.150s: %.340s", path, reason.message);
    if (m->whole.n_parts != p->n_parts)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "merge: %.150s: is one of %zu parts, %.150s one of %zu", path,
                           p->n_parts, m->first, m->whole.n_parts);
    return ORDPAR_OK;
}

/* Spreadsheets round numbers; whether one is rounded, it does not tell. */
static ordpar_status refuse_foreign(const ordpar_table *t, const char *path, size_t point,
                                    const char *row, size_t column, ordpar_error *err) {
    for (size_t c = 0; c < column; c++)
        row = strchr(row, ',') + 1;
    return ordpar_fail(err, ORDPAR_PARSE,
                       "merge: %.200s: point %zu, %s: %.*s is not as a sweep writes its numbers; "
                       "spreadsheets round them",
                       path, point + 1, t->columns[column],
                       (int)(strcspn(row, ",") < 40 ? strcspn(row, ",") : 40), row);
}

static ordpar_status read_rows(merging *m, const char *path, FILE *file, size_t part,
                               ordpar_error *err) {
    const size_t n_parts = m->whole.n_parts;
    char *line = NULL;
    size_t size = 0, foreign;
    ordpar_status status = ORDPAR_OK;
    while (!status && read_line(file, &line, &size)) {
        cut_filling(line, m->t.n_columns);
        const unsigned long long number = strtoull(line, NULL, 10);
        const size_t point = (size_t)number - 1;
        if (number < 1 || number > m->n_points || point % n_parts != part - 1 ||
            !sweep_table_fits(&m->t, point, line))
            status = ordpar_fail(err, ORDPAR_PARSE, "merge: %.200s: not a row of its part: '%.80s'",
                                 path, line);
        else if ((foreign = sweep_table_foreign(&m->t, line)) < m->t.n_columns)
            status = refuse_foreign(&m->t, path, point, line, foreign, err);
        else if (m->rows[point])
            status =
                ordpar_fail(err, ORDPAR_PARSE, "merge: %.200s: has point %llu twice", path, number);
        else if (!(m->rows[point] = strdup(line)))
            status = no_memory(m->n_points, err);
    }
    const bool cut = line && *line && feof(file);
    free(line);
    if (!status && cut)
        return bad_file(path, "was cut short: the last line does not end", err);
    if (!status && !feof(file))
        return bad_file(path, "is damaged", err);
    for (size_t point = part - 1; point < m->n_points && !status; point += n_parts)
        if (!m->rows[point])
            status =
                ordpar_fail(err, ORDPAR_PARSE, "merge: %.200s: lacks point %zu", path, point + 1);
    return status;
}

static ordpar_status read_part(merging *m, const char *path, ordpar_error *err) {
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "merge: %.300s: cannot be read: %s", path,
                           strerror(errno));
    preamble p = {0};
    ordpar_status status = read_preamble(path, file, &p, err);
    if (!status)
        status = m->first ? compare_preambles(m, path, &p, err) : begin(m, path, &p, err);
    if (!status && m->has_part[p.part - 1])
        status = ordpar_fail(err, ORDPAR_INVALID, "merge: %.200s: part %zu of %zu is there already",
                             path, p.part, p.n_parts);
    if (!status) {
        m->has_part[p.part - 1] = true;
        status = read_rows(m, path, file, p.part, err);
    }
    free(p.text);
    fclose(file);
    return status;
}

static ordpar_status write_whole(const options *parsed, merging *m, ordpar_error *err) {
    for (size_t k = 0; k < m->whole.n_parts; k++)
        if (!m->has_part[k])
            return ordpar_fail(err, ORDPAR_INVALID, "merge: part %zu of %zu is missing", k + 1,
                               m->whole.n_parts);
    for (size_t k = 0; k < m->n_points; k++)
        if (!sweep_table_add(&m->t, m->rows[k]))
            return no_memory(m->n_points, err);
    sweep_table_settle(&m->t);
    bool written;
    progress_leave_at_once(false);
    return sweep_table_write(parsed, &m->t, &written, err);
}

ordpar_status sweep_merge(const options *parsed, ordpar_error *err) {
    merging m = {0};
    ordpar_status status = ORDPAR_OK;
    if (parsed->n_arguments == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "merge: needs the files of all parts");
    progress_leave_at_once(true); /* a million points are long files */
    for (size_t k = 0; k < parsed->n_arguments && !status; k++)
        status = read_part(&m, parsed->arguments[k], err);
    if (!status && !(status = picture_check(parsed, &m.t, err)))
        status = write_whole(parsed, &m, err);
    progress_leave_at_once(false);
    for (size_t k = 0; m.rows && k < m.n_points; k++)
        free(m.rows[k]);
    free(m.rows);
    free(m.has_part);
    free(m.whole.text);
    ordpar_table_clear(&m.t);
    return status;
}
