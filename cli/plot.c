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

int plot_check(const options *parsed, const char *path) {
    if (!path)
        return -1;
    if (!terminal_for(path))
        return usage_error(parsed, "--plot: must end in .svg, .png or .pdf, got '%.80s'", path);
    if (!program_exists("gnuplot"))
        return usage_error(parsed,
                           "--plot: the program gnuplot was not found; install it, or leave "
                           "--plot %.80s out",
                           path);
    return output_check(parsed, "plot", path);
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
        fprintf(script, "$data%zu << END\n", s);
        for (size_t k = 0; k < series->count; k++) {
            const double x = series->x[k * series->stride], y = series->y[k * series->stride];
            if ((p->x_log && !(x > 0)) || (p->y_log && !(y > 0)))
                continue; /* not on a log axis */
            const double error = series->error ? series->error[k * series->stride] : 0;
            fprintf(script, "%.9g %.9g %.9g\n", x, y, error);
        }
        fputs("END\n", script);
    }
}

/* Colours that keep their order in grey, and a dash type each, for print. */
static void write_style(const plot_series *series, size_t number, FILE *script) {
    if (series->colour > 0)
        number = (size_t)series->colour - 1;
    static const char *const colours[] = {"#1b3a6b", "#b5432a", "#2f7d4f", "#8a5fa8",
                                          "#c08a1e", "#3c8ea8", "#5a5a5a"};
    const char *colour = colours[number % (sizeof colours / sizeof *colours)];
    const int dash = (int)(number % 5) + 1, point = (int)(number % 7) + 4;
    switch (series->style) {
    case PLOT_LINE:
        fprintf(script, " with lines lw 2 lc rgb '%s' dt %d", colour, dash);
        break;
    case PLOT_POINTS:
        fprintf(script, " with %s lw 1.2 ps 0.7 pt %d lc rgb '%s'",
                series->error ? "yerrorbars" : "points", point, colour);
        break;
    case PLOT_GUIDE:
        fprintf(script, " with lines lw 1.4 lc rgb '#505050' dt 3");
        break;
    }
}

static void write_script(const plot *p, const char *terminal, const char *file, FILE *script) {
    fprintf(script, "set encoding utf8\nset terminal %s\n", terminal);
    write_setting("output", file, script);
    write_setting("title", p->title, script);
    write_setting("xlabel", p->x_label, script);
    write_setting("ylabel", p->y_label, script);
    fputs("set key outside right top spacing 1.2\nset tics nomirror\nset border 3\n"
          "set grid lc rgb '#dddddd'\n",
          script);
    for (int axis = 0; axis < 2; axis++)
        if (axis == 0 ? p->x_log : p->y_log)
            fprintf(script, "set logscale %c\nset format %c '10^{%%L}'\n", "xy"[axis], "xy"[axis]);
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

int plot_draw(const plot *p, output_set *set, const options *parsed, const char *path) {
    if (!path)
        return -1;
    if (!output_open(set, parsed, path))
        return EXIT_USAGE;
    const char *file = output_temporary(set) ? output_temporary(set) : path;
    fflush(stdout);
    FILE *script = popen("gnuplot >/dev/null 2>&1", "w");
    if (!script)
        return usage_error(parsed, "--plot: gnuplot cannot be started: %s", strerror(errno));
    write_script(p, terminal_for(path), file, script);
    const int status = pclose(script);
    if (status == 0)
        return -1;
    usage_error(parsed, "--plot: gnuplot could not draw %s (exit status %d)", path,
                WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return EXIT_FAILED;
}
