// SPDX-License-Identifier: GPL-3.0-or-later
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

static bool program_exists(const char *program) {
    const char *path = getenv("PATH");
    char candidate[4096];
    while (path && *path) {
        const size_t width = strcspn(path, ":");
        snprintf(candidate, sizeof candidate, "%.*s/%s", (int)width, path, program);
        if (access(candidate, X_OK) == 0)
            return true;
        path += width + (path[width] == ':');
    }
    return false;
}

ordpar_status plot_check(const char *option, const char *path, ordpar_error *err) {
    if (!path)
        return ORDPAR_OK;
    if (!terminal_for(path))
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must end in .svg, .png or .pdf, got '%.80s'",
                           option, path);
    if (!program_exists("gnuplot"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: the program gnuplot was not found; it draws the pictures", option);
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

/* A gnuplot string in double quotes; a backslash or quote in it is escaped. */
static void write_string(const char *text, FILE *script) {
    fputc('"', script);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\' || *text == '`')
            fputc('\\', script);
        if (*text == '\n')
            fputs("\\n", script);
        else
            fputc(*text, script);
    }
    fputc('"', script);
}

static void write_setting(const char *setting, const char *text, FILE *script) {
    if (!text)
        return;
    fprintf(script, "set %s ", setting);
    write_string(text, script);
    fputc('\n', script);
}

static void write_data(const plot *p, FILE *script) {
    for (size_t s = 0; s < p->n_series; s++) {
        const plot_series *series = &p->series[s];
        const size_t every = series->count / PLOT_MAX_POINTS + 1;
        fprintf(script, "$data%zu << END\n", s);
        for (size_t k = 0; k < series->count; k += every) {
            const double x = series->x[k * series->stride], y = series->y[k * series->stride];
            if ((p->x_log && !(x > 0)) || (p->y_log && !(y > 0)))
                continue; /* not on a log axis */
            const double error = series->error ? series->error[k * series->stride] : 0;
            fprintf(script, "%.9g %.9g %.9g\n", x, y, error);
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
        fprintf(script, "set yrange [%.6g:*]\n", floor);
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
        fprintf(script, " with %s lw 2 lc rgb '%s' dt %d",
                series->count > 1 ? "lines" : "linespoints pt 7", colour, dash);
        break;
    case PLOT_POINTS:
        fprintf(script, " with %s lw 1.2 ps 0.7 pt %d lc rgb '%s'",
                series->error ? "yerrorbars" : "points", point, colour);
        break;
    case PLOT_GUIDE:
        fprintf(script, " with lines lw 1.4 lc rgb '#505050' dt %d", guides[series->colour % 3]);
        break;
    }
}

static void write_script(const plot *p, const char *terminal, const char *file, FILE *script) {
    fprintf(script, "set encoding utf8\nset terminal %s\n", terminal);
    write_setting("output", file, script);
    write_setting("title", p->title, script);
    write_setting("xlabel", p->x_label, script);
    write_setting("ylabel", p->y_label, script);
    fprintf(script,
            "set key %s right top spacing 1.2\nset tics nomirror\nset border 3\n"
            "set grid lc rgb '#dddddd'\n",
            p->key_inside ? "inside" : "outside");
    if (p->key_low)
        fputs("set key inside left bottom Left reverse\n", script);
    for (int axis = 0; axis < 2; axis++)
        if (axis == 0 ? p->x_log : p->y_log)
            fprintf(script, "set logscale %c\nset format %c '10^{%%L}'\n", "xy"[axis], "xy"[axis]);
    write_range(p, script);
    write_data(p, script);
    for (size_t s = 0; s < p->n_series; s++) {
        fprintf(script, "%s$data%zu using 1:2%s", s ? ", " : "plot ", s,
                p->series[s].style == PLOT_POINTS && p->series[s].error ? ":3" : "");
        fputs(p->series[s].title ? " title " : " notitle", script);
        if (p->series[s].title)
            write_string(p->series[s].title, script);
        write_style(&p->series[s], s, script);
    }
    fputs("\nset output\n", script);
}

/* gnuplot writes into a temporary file of its own, whose bytes become an output like any other. */
static ordpar_status run_gnuplot(const plot *p, const char *path, const char *file,
                                 ordpar_error *err) {
    FILE *script = popen("gnuplot -d >/dev/null 2>&1", "w");
    if (!script)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "plot: gnuplot cannot be started: %s",
                           strerror(errno));
    write_script(p, terminal_for(path), file, script);
    const int status = pclose(script);
    return status == 0 ? ORDPAR_OK
                       : ordpar_fail(err, ORDPAR_NUMERICAL,
                                     "plot: gnuplot could not draw %.300s (exit status %d)", path,
                                     WIFEXITED(status) ? WEXITSTATUS(status) : -1);
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

static ordpar_status copy_picture(const char *path, const char *file, FILE *output,
                                  ordpar_error *err) {
    char *text = NULL;
    size_t size = 0;
    FILE *picture = fopen(file, "r"), *buffer = open_memstream(&text, &size);
    bool whole = picture && buffer;
    for (int c; whole && (c = getc(picture)) != EOF;)
        whole = putc(c, buffer) != EOF;
    if (picture)
        fclose(picture);
    const bool good =
        buffer && fclose(buffer) == 0 && whole && text && is_complete(path, text, size);
    if (good)
        fwrite(text, 1, size, output);
    free(text);
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_NUMERICAL,
                              "plot: gnuplot did not finish %.300s (is the folder for temporary "
                              "files full?)",
                              path);
}

ordpar_status plot_draw(const plot *p, output_set *set, const char *path, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    FILE *output = path ? output_open(set, path, &status, err) : NULL;
    if (!output)
        return status;
    const char *folder = getenv("TMPDIR");
    char file[4096];
    snprintf(file, sizeof file, "%s/ordpar-XXXXXX", folder && *folder ? folder : "/tmp");
    const int descriptor = mkstemp(file);
    if (descriptor < 0)
        return ordpar_fail(err, ORDPAR_IO, "plot: %.300s: cannot be written: %s", file,
                           strerror(errno));
    close(descriptor);
    status = run_gnuplot(p, path, file, err);
    if (!status)
        status = copy_picture(path, file, output, err);
    unlink(file);
    return status;
}
