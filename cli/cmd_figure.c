// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "figure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int (*const makers[FIGURES])(figure *) = {figure_1, figure_2, figure_3,
                                                 figure_4, figure_5, figure_6};

/* The folder, made if it is not there, and gnuplot. */
static int check_out(const options *parsed) {
    struct stat s;
    char path[4200];
    if (!parsed->out)
        return usage_error(parsed, "--out: is missing: the folder for the files");
    if (strlen(parsed->out) > 4000)
        return usage_error(parsed, "--out: the name is too long, got '%.80s..'", parsed->out);
    if (mkdir(parsed->out, 0777) != 0 && errno != EEXIST)
        return usage_error(parsed, "--out: %s: cannot be made: %s", parsed->out, strerror(errno));
    if (stat(parsed->out, &s) != 0 || !S_ISDIR(s.st_mode))
        return usage_error(parsed, "--out: %s: is not a folder", parsed->out);
    snprintf(path, sizeof path, "%s/figure.svg", parsed->out);
    return plot_check(parsed, path);
}

/* 1..6; 0: all; -1: neither */
static int which(const options *parsed) {
    const char *name = parsed->n_arguments ? parsed->arguments[0] : "";
    if (strcmp(name, "all") == 0)
        return 0;
    return strlen(name) == 1 && *name >= '1' && *name < '1' + FIGURES ? *name - '0' : -1;
}

int command_figure(const options *parsed) {
    const int number = which(parsed);
    if (number < 0)
        return usage_error(parsed, "needs a figure: one of 1|2|3|4|5|6|all, got '%.80s'",
                           parsed->n_arguments ? parsed->arguments[0] : "");
    if (parsed->data && number != 0 && number != 3)
        return usage_error(parsed, "--data: is for figure 3, got figure %d", number);
    int result = check_out(parsed);
    if (result >= 0)
        return result;
    figure f = {.parsed = parsed};
    for (f.number = 1; f.number <= FIGURES && result < 0; f.number++)
        if (number == 0 || number == f.number)
            result = makers[f.number - 1](&f);
    if (result < 0 && number == 0)
        result = figure_page(&f);
    free(f.panels);
    return result < 0 ? EXIT_DONE : result;
}
