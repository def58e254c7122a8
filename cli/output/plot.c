// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/plot.h"

#include "base/number.h"
#include "base/text_stream.h"
#include "base/utf8.h"
#include "cli/output/gnuplot.h"
#include "cli/output/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const suffixes[] = {".svg", ".png", ".pdf"};

enum { SVG, PNG, PDF, FORMATS };

/* The index of the format; FORMATS: none. */
static int format_of(const char *path) {
    const char *suffix = strrchr(path, '.');
    int k = 0;
    while (k < FORMATS && !(suffix && strcmp(suffix, suffixes[k]) == 0))
        k++;
    return k;
}

/* Letters of a given size are 8 or 10 points; PNG has 300 pixels an inch. */
static void write_terminal(const plot *p, int format, FILE *script) {
    static const char *const usual[] = {
        "svg size 900,600 enhanced background rgb 'white' font 'DejaVu Sans,15'",
        "pngcairo size 1200,800 enhanced font 'DejaVu Sans,15' linewidth 1.4 pointscale 1.8",
        "pdfcairo size 15cm,10cm enhanced font 'DejaVu Sans,11'"};
    const double inches = 1 / 2.54, points = plot_letters(p);
    fputs("set terminal ", script);
    if (p->size[0] == 0)
        fputs(usual[format], script);
    else if (format == PDF)
        ordpar_print(script, "pdfcairo size %.4gcm,%.4gcm enhanced font 'DejaVu Sans,%g' dl 0.6",
                     p->size[0], p->size[1], points);
    else if (format == SVG)
        ordpar_print(script,
                     "svg size %.0f,%.0f enhanced background rgb 'white' font 'DejaVu Sans,%g' "
                     "linewidth 0.8 dl 0.6",
                     p->size[0] * 96 * inches, p->size[1] * 96 * inches, points * 96 / 72);
    else
        ordpar_print(script,
                     "pngcairo size %.0f,%.0f enhanced font 'DejaVu Sans,%g' fontscale %.4g "
                     "linewidth 3 pointscale 3 dl 0.6",
                     p->size[0] * 300 * inches, p->size[1] * 300 * inches, points, 300 / 72.0);
    fputc('\n', script);
}

ordpar_status plot_check(const char *option, const char *path, ordpar_error *err) {
    if (!path)
        return ORDPAR_OK;
    if (format_of(path) == FORMATS)
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

/* True if a subscript or superscript ends before the character at. */
static bool ends_script(const char *text, const char *at) {
    return at > text && (at[-1] == '}' || (at > text + 1 && strchr("_^", at[-2]) &&
                                           !(at > text + 2 && at[-3] == '\\')));
}

/* A gnuplot string in double quotes; a backslash or quote in it is escaped, and what is no
 * character is shown as one that says so. Some SVG viewers drop a blank behind a subscript, unless
 * it has another character before it: one without width. The terminals of cairo show a text without
 * mark-up as it is, also a backslash and the one that escapes it: an empty group is mark-up. */
static void write_string(const char *text, FILE *script) {
    const char *begin = text;
    fputc('"', script);
    for (size_t length; *text; text += length ? length : 1) {
        length = ordpar_utf8_character(text);
        if (*text == '"' || *text == '\\' || *text == '`')
            fputc('\\', script);
        if (*text == '\n')
            fputs("\\n", script);
        else if (*text == ' ' && ends_script(begin, text))
            fputs("\u200b ", script);
        else if (length)
            fwrite(text, 1, length, script);
        else
            fputs(ORDPAR_NO_CHARACTER, script);
    }
    if (strchr(begin, '\\') && !strpbrk(begin, "{}^_@&~"))
        fputs("{}", script);
    fputc('"', script);
}

static void write_setting(const char *setting, const char *text, FILE *script) {
    if (!text)
        return;
    ordpar_print(script, "set %s ", setting);
    write_string(text, script);
    fputc('\n', script);
}

/* Points without a place on the axes are gaps. */
static void write_data(const plot *p, FILE *script) {
    const plot_axis axis = plot_axis_of(p, false);
    for (size_t s = 0; s < p->n_series; s++) {
        const plot_series *series = &p->series[s];
        if (series->count == 0)
            continue;
        bool *drawn = plot_points(p, &axis, series);
        ordpar_print(script, "$data%zu << END\n", s);
        for (size_t k = 0; k < series->count; k++) {
            if (drawn && !drawn[k])
                continue;
            const double x = series->x[k * series->stride], y = series->y[k * series->stride];
            const double error = series->error ? series->error[k * series->stride] : 0;
            if (!isfinite(x) || (p->x_log && !(x > 0)))
                continue;
            const bool edge = series->style == PLOT_BAND || series->style == PLOT_SPREAD;
            if (!isfinite(y) || (p->y_log && !(y > 0) && !(edge && error > 0)))
                ordpar_print(script, "%.9g NaN NaN\n", x);
            else
                ordpar_print(script, "%.9g %.9g %.9g\n", x, p->y_log && !(y > 0) ? 1e-300 : y,
                             isfinite(error) ? error : 0);
        }
        fputs("END\n", script);
        free(drawn);
    }
}

/* The colours of Okabe and Ito, told apart by the colour-blind, with a dash type each for print;
 * points that have one colour again have another mark. */
static void write_style(const plot_series *series, size_t number, FILE *script) {
    if (series->colour > 0)
        number = (size_t)series->colour - 1;
    static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                          "#E69F00", "#56B4E9", "#404040"};
    const char *colour = series->colour < 0 ? "#404040" : colours[number % 7];
    static const int guides[] = {3, 4, 2};
    const int dash = series->colour < 0 ? 2 : (int)(number % 5) + 1;
    const int point = series->common ? 6 : (int)((number + number / 7) % 7) + 4;
    char marks[40];
    ordpar_format(marks, sizeof marks, "linespoints pt %d ps 0.7", point);
    switch (series->style) {
    case PLOT_LINE:
        ordpar_print(script, " with %s lw 2 lc rgb '%s' dt %d",
                     series->marked       ? marks
                     : series->count == 1 ? "linespoints pt 7"
                                          : "lines",
                     colour, dash);
        break;
    case PLOT_POINTS:
        ordpar_print(script, " with %s lw 1.2 ps 0.7 pt %d lc rgb '%s'",
                     series->error && series->count ? "yerrorbars" : "points", point, colour);
        break;
    case PLOT_FILLED:
        ordpar_print(script, " with filledcurves y=0 lc rgb '%s' fs transparent solid 0.35 border",
                     colour);
        break;
    case PLOT_BAND:
        ordpar_print(script, " with filledcurves lc rgb '%s' fs transparent solid 0.2 noborder",
                     colour);
        break;
    case PLOT_SPREAD:
        ordpar_print(script,
                     " with filledcurves lc rgb '%s' fs transparent solid 0.08 border lc rgb '%s'",
                     colour, colour);
        break;
    case PLOT_GUIDE:
        ordpar_print(script, " with lines lw 1.4 lc rgb '#505050' dt %d",
                     guides[series->colour % 3]);
        break;
    }
}

static void write_series(const plot *p, size_t s, FILE *script) {
    const plot_series *series = &p->series[s];
    if (series->count == 0)
        fputs("NaN", script);
    else
        ordpar_print(script, "$data%zu using 1:2%s", s,
                     series->error && series->style != PLOT_LINE ? ":3" : "");
    fputs(series->title ? " title " : " notitle", script);
    if (series->title)
        write_string(series->title, script);
    write_style(series, s, script);
}

/* Characters of the title's letters for which there is room. */
static size_t title_room(const plot *p, int format) {
    static const double usual[FORMATS] = {77, 90, 53};
    const double letter = 0.023 * plot_letters(p); /* cm */
    return (size_t)(p->size[0] > 0 ? 0.8 * p->size[0] / letter : usual[format]);
}

/* In lines, between settings. The user's own are as they are. */
static void write_title(const plot *p, int format, FILE *script) {
    char lines[512];
    const size_t room = title_room(p, format);
    size_t width = 0;
    ordpar_format(lines, sizeof lines, "%s", p->title ? p->title : "");
    for (char *word = lines, *next; p->title != p->words[0] && (next = strstr(word, ", "));
         word = next) {
        width += plot_shown_characters(word, (size_t)(next - word));
        next += 2;
        const char *end = strstr(next, ", ");
        const size_t more = plot_shown_characters(next, end ? (size_t)(end - next) : strlen(next));
        if (width + 2 + more > room) {
            next[-1] = '\n';
            width = 0;
        } else
            width += 2;
    }
    write_setting("title", p->title ? lines : NULL, script);
}

/* Lines among dense points are drawn once more, above them. */
static void write_lines_above(const plot *p, FILE *script) {
    bool points = false;
    for (size_t s = 0; s < p->n_series; s++)
        points = points || (p->series[s].style == PLOT_POINTS && p->series[s].count > 0);
    for (size_t s = 0; s < p->n_series && points; s++) {
        plot_series line = p->series[s];
        if (line.style != PLOT_LINE || line.marked || line.count < 2)
            continue;
        ordpar_print(script, ", $data%zu using 1:2 notitle", s);
        write_style(&line, s, script);
    }
}

/* taken: height, cm, that other panels take. */
static void write_panel(const plot *p, int format, double taken, FILE *script) {
    write_title(p, format, script);
    write_setting("xlabel", p->x_label, script);
    write_setting("ylabel", p->y_label, script);
    const double legend = plot_write_key(p, format == SVG ? 96 / 72.0 : 1, script) + taken;
    fputs("set border 3\nset grid lc rgb '#dddddd'\n", script);
    plot_write_axes(p, legend, script);
    write_data(p, script);
    for (size_t s = 0; s < p->n_series; s++) {
        fputs(s ? ", " : "plot ", script);
        write_series(p, s, script);
    }
    write_lines_above(p, script);
    fputc('\n', script);
}

static void write_two(const plot *p, int format, FILE *script) {
    const double usual = 10, half = (p->size[1] > 0 ? p->size[1] : usual) / 2;
    static const char margin[] = "set lmargin 12\nset rmargin 3\n";
    plot below = *p->below;
    below.x_log = p->x_log;
    memcpy(below.size, p->size, sizeof below.size);
    memcpy(below.x_range, p->x_range, sizeof below.x_range);
    ordpar_print(script, "set multiplot layout 2,1\n%s", margin);
    write_panel(p, format, half, script);
    ordpar_print(script, "reset\n%s", margin);
    write_panel(&below, format, half, script);
    fputs("unset multiplot\n", script);
}

static void write_script(const plot *p, int format, FILE *script) {
    fputs("set encoding utf8\n", script);
    write_terminal(p, format, script);
    if (p->below)
        write_two(p, format, script);
    else
        write_panel(p, format, 0, script);
    fputs("unset output\n", script);
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
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    if (file)
        write_script(p, format_of(path), file);
    *script = ordpar_text_end(&stream);
    *length = stream.size;
    return *script;
}

/* The numbers go on without their picture. */
static ordpar_status lose(output_set *set, gnuplot_result result, const char *path,
                          const char *reason, ordpar_error *err) {
    const bool failed = result != GNUPLOT_INTERRUPTED;
    ordpar_error words;
    if (!failed && set->count == 1)
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted before anything was written");
    if (failed)
        ordpar_fail(&words, ORDPAR_NUMERICAL, "%s: %.200s is not drawn: %.250s",
                    set->option ? set->option : "plot", path, reason);
    else
        ordpar_fail(&words, ORDPAR_INTERRUPTED,
                    "interrupted: %.200s is not drawn; the numbers are written", path);
    output_lose_last(set, failed ? ORDPAR_NUMERICAL : ORDPAR_INTERRUPTED, &words);
    return ORDPAR_OK;
}

ordpar_status plot_draw(const plot *p, output_set *set, const char *path, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    FILE *output = path ? output_open(set, "plot", path, &status, err) : NULL;
    if (!output)
        return status;
    char *script, *picture = NULL, reason[GNUPLOT_REASON] = "out of memory";
    size_t length, size = 0;
    const bool heed = !(interrupted && set->keep); /* else the rows are what there is */
    gnuplot_result result = GNUPLOT_FAILED;
    const bool empty = plot_is_empty(p, reason, sizeof reason);
    if (make_script(p, path, &script, &length) && !empty)
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
