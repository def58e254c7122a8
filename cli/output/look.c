// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/look.h"

#include "base/number.h"
#include "cli/output/expression.h"
#include "cli/output/symbols.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "A:B" or "A,B" */
static bool read_pair(const char *text, char separator, double pair[2]) {
    char *copy = strdup(text), *second = copy ? strchr(copy, separator) : NULL;
    if (second)
        *second++ = '\0';
    const bool good =
        second && ordpar_parse_double(copy, &pair[0]) && ordpar_parse_double(second, &pair[1]);
    free(copy);
    return good;
}

/* A range from 0 or below makes an axis linear, unless the user wants it otherwise. */
static ordpar_status take_axis(const char *name, const char *text, int scale, double range[2],
                               bool *is_log, ordpar_error *err) {
    if (scale != LOOK_AUTO)
        *is_log = scale == LOOK_LOG;
    if (!text)
        return ORDPAR_OK;
    if (read_pair(text, ':', range) && range[0] < range[1] &&
        range[1] - range[0] > 1e-8 * fmax(fabs(range[0]), fabs(range[1])) && /* pictures' digits */
        (range[0] > 0 || scale != LOOK_LOG)) {
        *is_log = *is_log && range[0] > 0;
        return ORDPAR_OK;
    }
    return ordpar_fail(err, ORDPAR_INVALID, "%s: must be A:B with %sA < B, got '%.60s'", name,
                       scale == LOOK_LOG ? "0 < " : "", text);
}

bool look_has_no_legend(const options *parsed) {
    return parsed->legend && strcmp(parsed->legend, "none") == 0;
}

static ordpar_status take(const options *parsed, plot *p, ordpar_error *err) {
    ordpar_status status;
    if (options_given(parsed, "decades"))
        p->decades = (double)parsed->decades;
    const char *words[] = {parsed->title, parsed->x_label, parsed->y_label};
    const char **places[] = {&p->title, &p->x_label, &p->y_label};
    for (size_t k = 0; k < 3; k++)
        if (words[k] && strcmp(words[k], "none") == 0)
            *places[k] = NULL;
        else if (words[k]) {
            symbol_words(words[k], p->words[k], sizeof p->words[k]);
            *places[k] = p->words[k];
        }
    for (size_t s = 0; look_has_no_legend(parsed) && s < p->n_series; s++)
        p->series[s].title = NULL;
    if ((status =
             take_axis("xrange", parsed->x_range, parsed->x_scale, p->x_range, &p->x_log, err)) ||
        (status =
             take_axis("yrange", parsed->y_range, parsed->y_scale, p->y_range, &p->y_log, err)))
        return status;
    if (parsed->size && !(read_pair(parsed->size, ',', p->size) && p->size[0] >= 3 &&
                          p->size[0] <= 100 && p->size[1] >= 3 && p->size[1] <= 100))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "size: must be W,H, two numbers from 3 to 100 (cm), got '%.60s'",
                           parsed->size);
    return ORDPAR_OK;
}

/* Columns of sweeps alone, before the work of another command. */
static ordpar_status check_measured(const options *parsed, ordpar_error *err) {
    const char *names[] = {"histogram", "column", "x"};
    const char *texts[] = {parsed->histogram, parsed->column, parsed->x};
    const bool simulated = parsed->command->groups & ORDPAR_GROUP_RUNS;
    for (size_t k = 0; k < 3 && (parsed->command->groups & GROUP_PLOT); k++)
        if (!(parsed->command->groups & GROUP_SWEEP) && texts[k] &&
            expression_is_of_sweeps(texts[k]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: %s is a column of sweeps, which measure curves of theory: "
                               "ordpar sweep --sweep seed=1:200 --%s %s%s",
                               names[k], texts[k], names[k], texts[k],
                               simulated ? "; of simulated runs it is not measured" : "");
    return ORDPAR_OK;
}

ordpar_status look_check(const options *parsed, ordpar_error *err) {
    plot unused = {.title = NULL};
    if (parsed->histogram && (parsed->column || parsed->x))
        return ordpar_fail(err, ORDPAR_INVALID, "%s: has no place beside histogram, got '%.60s'",
                           parsed->column ? "column" : "x",
                           parsed->column ? parsed->column : parsed->x);
    ordpar_status status = check_measured(parsed, err);
    if (status)
        return status;
    for (size_t k = 0; k < program_settings.count; k++)
        if (parsed->given[k] && !parsed->plot && (parsed->command->groups & GROUP_PLOT) &&
            (program_settings.rows[k].groups & (GROUP_CHOICE | GROUP_LOOK)))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: is for --plot",
                               program_settings.rows[k].name);
    return take(parsed, &unused, err);
}

/* In one line, where progress may have begun one. */
static void say(const options *parsed, const char *what, const char *words) {
    fprintf(stderr, "%sordpar %s: %s: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "",
            parsed->command->name, what, words);
}

ordpar_status look_draw(const options *parsed, plot *p, output_set *set, const char *path,
                        ordpar_error *err) {
    char words[400];
    ordpar_error reason;
    ordpar_status status = take(parsed, p, &reason);
    const size_t drawn = set->count;
    if (!status)
        status = plot_draw(p, set, path, &reason);
    if (status && status != ORDPAR_INTERRUPTED && drawn > 0) { /* the table goes on */
        output_lose(set, status, "%s", reason.message);
        return ORDPAR_OK;
    }
    if (status && err)
        *err = reason;
    const bool tells = !status && set->count > drawn && !parsed->quiet;
    if (tells && plot_outside(p, words, sizeof words))
        say(parsed, "the picture does not show all", words);
    if (tells && plot_key_crowds(p))
        say(parsed, "the legend leaves little of the picture",
            "a larger --size, --legend none or --title none makes room");
    return status;
}
