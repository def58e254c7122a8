// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/plot.h"

#include "base/number.h"
#include "cli/output/gnuplot.h"
#include "cli/output/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *suffix, *terminal;
} formats[] = {
    {".svg", "svg size 900,600 enhanced background rgb 'white' font 'DejaVu Sans,15'"},
    {".png", "pngcairo size 1200,800 enhanced font 'DejaVu Sans,15' linewidth 1.4"},
    {".pdf", "pdfcairo size 15cm,10cm enhanced font 'DejaVu Sans,11'"},
};

static const char *terminal_for(const char *path) {
    const char *suffix = strrchr(path, '.');
    for (size_t k = 0; suffix && k < sizeof formats / sizeof *formats; k++)
        if (strcmp(suffix, formats[k].suffix) == 0)
            return formats[k].terminal;
    return NULL;
}

ordpar_status plot_check(const char *option, const char *path, ordpar_error *err) {
    if (!path)
        return ORDPAR_OK;
    if (!terminal_for(path))
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must end in .svg, .png or .pdf, got '%.80s'",
                           option, path);
    return output_check(option, path, err);
}

void plot_add(plot *p, plot_series series) {
    if (p->n_series < PLOT_MAX_SERIES)
        p->series[p->n_series++] = series;
}

bool plot_wants_log(const double *values, size_t count, size_t stride) {
    double low = INFINITY, high = 0;
    for (size_t k = 0; k < count; k++) {
        const double value = values[k * stride];
        if (value > 0 && value < low)
            low = value;
        high = fmax(high, value);
    }
    return high > 30 * low;
}

/* Bytes of the UTF-8 character at text; 0: none that XML and gnuplot can have. */
static size_t character(const char *text) {
    const unsigned char *c = (const unsigned char *)text;
    const size_t length = c[0] < 0x80   ? 1
                          : c[0] < 0xc2 ? 0
                          : c[0] < 0xe0 ? 2
                          : c[0] < 0xf0 ? 3
                          : c[0] < 0xf5 ? 4
                                        : 0;
    for (size_t k = 1; k < length; k++)
        if ((c[k] & 0xc0) != 0x80)
            return 0;
    const bool surrogate = length == 3 && c[0] == 0xed && c[1] >= 0xa0;
    const bool beyond =
        length == 4 && ((c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] >= 0x90));
    const bool too_long = length == 3 && c[0] == 0xe0 && c[1] < 0xa0;
    const bool control = length == 1 && (c[0] < 0x20 || c[0] == 0x7f) && c[0] != '\n';
    return surrogate || beyond || too_long || control ? 0 : length;
}

/* A gnuplot string in double quotes; a backslash or quote in it is escaped, and what is no
 * character is shown as one that says so. */
static void write_string(const char *text, FILE *script) {
    fputc('"', script);
    for (size_t length; *text; text += length ? length : 1) {
        length = character(text);
        if (*text == '"' || *text == '\\' || *text == '`')
            fputc('\\', script);
        if (*text == '\n')
            fputs("\\n", script);
        else if (length)
            fwrite(text, 1, length, script);
        else
            fputs("\xef\xbf\xbd", script);
    }
    fputc('"', script);
}

static void write_setting(const char *setting, const char *text, FILE *script) {
    if (!text)
        return;
    ordpar_print(script, "set %s ", setting);
    write_string(text, script);
    fputc('\n', script);
}

static void write_data(const plot *p, FILE *script) {
    for (size_t s = 0; s < p->n_series; s++) {
        const plot_series *series = &p->series[s];
        const size_t every = series->count / PLOT_MAX_POINTS + 1;
        ordpar_print(script, "$data%zu << END\n", s);
        for (size_t k = 0; k < series->count; k += every) {
            const double x = series->x[k * series->stride], y = series->y[k * series->stride];
            if ((p->x_log && !(x > 0)) || (p->y_log && !(y > 0)))
                continue; /* not on a log axis */
            const double error = series->error ? series->error[k * series->stride] : 0;
            ordpar_print(script, "%.9g %.9g %.9g\n", x, y, error);
        }
        fputs("END\n", script);
    }
}

/* On a log axis the last decades of a curve that decays for hundreds would hide all the others. */
static void write_range(const plot *p, FILE *script) {
    double low = INFINITY, high = 0;
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            const double y = p->series[s].y[k * p->series[s].stride];
            if (isfinite(y) && y > 0) {
                low = fmin(low, y);
                high = fmax(high, y);
            }
        }
    const double floor = high * pow(10, -p->decades);
    if (p->y_log && p->decades > 0 && low < floor)
        ordpar_print(script, "set yrange [%.6g:*]\n", floor);
}

/* Colours that keep their order in grey, and a dash type each, for print. */
static void write_style(const plot_series *series, size_t number, FILE *script) {
    if (series->colour > 0)
        number = (size_t)series->colour - 1;
    static const char *const colours[] = {"#1b3a6b", "#b5432a", "#2f7d4f", "#8a5fa8",
                                          "#c08a1e", "#3c8ea8", "#5a5a5a"};
    const char *colour = colours[number % (sizeof colours / sizeof *colours)];
    static const int guides[] = {3, 4, 2};
    const int dash = (int)(number % 5) + 1, point = (int)(number % 7) + 4;
    switch (series->style) {
    case PLOT_LINE:
        ordpar_print(script, " with %s lw 2 lc rgb '%s' dt %d",
                     series->count > 1 ? "lines" : "linespoints pt 7", colour, dash);
        break;
    case PLOT_POINTS:
        ordpar_print(script, " with %s lw 1.2 ps 0.7 pt %d lc rgb '%s'",
                     series->error ? "yerrorbars" : "points", point, colour);
        break;
    case PLOT_GUIDE:
        ordpar_print(script, " with lines lw 1.4 lc rgb '#505050' dt %d",
                     guides[series->colour % 3]);
        break;
    }
}

static void write_script(const plot *p, const char *terminal, FILE *script) {
    ordpar_print(script, "set encoding utf8\nset terminal %s\n", terminal);
    write_setting("title", p->title, script);
    write_setting("xlabel", p->x_label, script);
    write_setting("ylabel", p->y_label, script);
    ordpar_print(script,
                 "set key %s right top spacing 1.2\nset tics nomirror\nset border 3\n"
                 "set grid lc rgb '#dddddd'\n",
                 p->key_inside ? "inside" : "outside");
    if (p->key_low)
        fputs("set key inside left bottom Left reverse\n", script);
    for (int axis = 0; axis < 2; axis++)
        if (axis == 0 ? p->x_log : p->y_log)
            ordpar_print(script, "set logscale %c\nset format %c '10^{%%L}'\n", "xy"[axis],
                         "xy"[axis]);
    write_range(p, script);
    write_data(p, script);
    for (size_t s = 0; s < p->n_series; s++) {
        ordpar_print(script, "%s$data%zu using 1:2%s", s ? ", " : "plot ", s,
                     p->series[s].style == PLOT_POINTS && p->series[s].error ? ":3" : "");
        fputs(p->series[s].title ? " title " : " notitle", script);
        if (p->series[s].title)
            write_string(p->series[s].title, script);
        write_style(&p->series[s], s, script);
    }
    fputs("\nunset output\n", script);
}

/* A picture cut short lacks its end, whatever gnuplot's exit status says. */
static bool is_complete(const char *path, const char *text, size_t size) {
    enum { TAIL = 64 };
    const char *suffix = strrchr(path, '.');
    const char *mark = strcmp(suffix, ".svg") == 0   ? "</svg>"
                       : strcmp(suffix, ".png") == 0 ? "IEND"
                                                     : "%%EOF";
    const size_t length = strlen(mark), first = size > TAIL ? size - TAIL : 0;
    for (size_t k = first; k + length <= size; k++)
        if (memcmp(text + k, mark, length) == 0)
            return true;
    return false;
}

static bool make_script(const plot *p, const char *path, char **script, size_t *length) {
    *script = NULL;
    FILE *file = open_memstream(script, length);
    if (!file)
        return false;
    write_script(p, terminal_for(path), file);
    const bool good = !ferror(file);
    return fclose(file) == 0 && good;
}

/* The numbers go on without their picture. */
static ordpar_status lose(output_set *set, gnuplot_result result, const char *path,
                          const char *reason, ordpar_error *err) {
    if (result != GNUPLOT_INTERRUPTED)
        output_lose_last(set, ORDPAR_NUMERICAL, "plot: %.200s is not drawn: %.250s", path, reason);
    else if (set->keep)
        output_lose_last(set, ORDPAR_INTERRUPTED, "interrupted: %.200s is not drawn", path);
    else
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted before anything was written");
    return ORDPAR_OK;
}

ordpar_status plot_draw(const plot *p, output_set *set, const char *path, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    FILE *output = path ? output_open(set, path, &status, err) : NULL;
    if (!output)
        return status;
    char *script, *picture = NULL, reason[GNUPLOT_REASON] = "out of memory";
    size_t length, size = 0;
    const bool heed = !(interrupted && set->keep); /* else the rows are what there is */
    gnuplot_result result = GNUPLOT_FAILED;
    if (make_script(p, path, &script, &length))
        result = gnuplot_run(script, length, heed, &picture, &size, reason);
    if (result == GNUPLOT_DONE && !is_complete(path, picture, size)) {
        result = GNUPLOT_FAILED;
        ordpar_format(reason, sizeof reason, "gnuplot wrote no whole picture");
    }
    if (result == GNUPLOT_DONE)
        fwrite(picture, 1, size, output);
    else
        status = lose(set, result, path, reason, err);
    free(script);
    free(picture);
    return status;
}
