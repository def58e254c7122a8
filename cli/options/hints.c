// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options/hints.h"

#include "base/number.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

enum { MAX_NAME = OPTIONS_MAX_NAME };

/* Insertions, deletions and replacements that make one word of the other. */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[MAX_NAME + 1];
    const size_t width = strlen(b);
    if (width > MAX_NAME)
        return MAX_NAME;
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            const size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < other ? replaced : other;
        }
    }
    return row[width];
}

/* The option that was probably meant; NULL: none is near. */
static const char *nearest(unsigned groups, const char *name) {
    const char *best = NULL, *part = NULL; /* part: `noise` of label-noise */
    const ordpar_setting *row;
    size_t least = 3;
    if (strlen(name) < 3 || strlen(name) > MAX_NAME)
        return NULL;
    for (size_t k = 0; (row = options_row(groups, k)); k++) {
        const size_t distance = edit_distance(name, row->name);
        if (distance < least) {
            least = distance;
            best = row->name;
        }
        if (!part && strlen(name) > 3 && strstr(row->name, name))
            part = row->name;
    }
    return best ? best : part;
}

/* The options that begin so, as ": --a, --b"; returns how many there are. */
static size_t beginning_with(unsigned groups, const char *name, char *list, size_t size) {
    const ordpar_setting *row;
    size_t count = 0, used = 0;
    for (size_t k = 0; (row = options_row(groups, k)); k++) {
        if (strncmp(row->name, name, strlen(name)) != 0)
            continue;
        if (used < size)
            used += (size_t)snprintf(list + used, size - used, "%s--%s", count ? ", " : ": ",
                                     row->name);
        count++;
    }
    return count;
}

/* The setting of these groups that other programs call so; NULL: none. */
static const char *setting_called(unsigned groups, const char *name) {
    const char *meant = ordpar_setting_meant(name);
    const ordpar_setting *row = meant ? ordpar_setting_find(&ordpar_model_settings, meant) : NULL;
    return row && (row->groups & groups) ? meant : NULL;
}

/* The option that is called so elsewhere; NULL: none that this command has. */
static const char *translate(const command *c, const char *name) {
    static const char *const words[][2] = {
        {"y", "column"},     {"ylim", "yrange"},      {"xlim", "xrange"}, {"logx", "xscale"},
        {"logy", "yscale"},  {"hist", "histogram"},   {"save", "output"}, {"file", "output"},
        {"figsize", "size"}, {"caption", "title"},    {"config", "like"}, {"from", "like"},
        {"png", "plot"},     {"show", "plot"},        {"json", "format"}, {"loglog", "yscale"},
        {"width", "size"},   {"column-width", "size"}};
    const char *meant = setting_called(c->groups, name);
    if (meant)
        return meant;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(words[k][0], name) == 0 && options_find(words[k][1], c->groups))
            return words[k][1];
    return NULL;
}

/* The command that an option of the program's own is of, where it is of one; NULL: it is not. */
static const char *command_of(const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&program_settings, name);
    return !row                          ? NULL
           : row->groups == GROUP_SWEEP  ? "sweep"
           : row->groups == GROUP_FIGURE ? "figure"
           : row->groups == GROUP_LEGEND ? "plot"
                                         : NULL;
}

/* With blanks behind the commas. */
static void computations_of(const ordpar_setting *row, char *text, size_t size) {
    const char *from =
        ordpar_setting_property((size_t)(row - ordpar_model_settings.rows), "computations");
    size_t used = 0;
    for (; *from && used + 3 < size; from++) {
        text[used++] = *from;
        if (*from == ',')
            text[used++] = ' ';
    }
    text[used] = '\0';
}

/* An option of other commands, by its name or as others call it; OK: it is none. */
static ordpar_status refuse_foreign(const command *c, const char *name, ordpar_error *err) {
    const char *meant = ordpar_setting_meant(name), *called = meant ? meant : name;
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, called);
    char of[160];
    if (!row || strlen(called) == 1)
        return ORDPAR_OK;
    computations_of(row, of, sizeof of);
    return meant ? ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option of %s; --%s is one of %s",
                               name, c->name, meant, of)
                 : ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option of %s; it is one of %s",
                               name, c->name, of);
}

/* What stands for an option that a command has not, in words; NULL: nothing does. */
const char *hint_instead(const char *of, const char *name) {
    static const char *const words[][3] = {
        {"", "decay",
         "weights decay by --weight-decay, the teacher's with the eigenvalues by --teacher-decay, "
         "the learning rate by --schedule"},
        {"sweep", "report measure",
         "what a report measures are columns of a sweep as it is, such as escape_time and "
         "plateau_exit"},
        {"sweep", "starts n-starts n-seeds seeds trials repeats repetitions n-runs ensemble",
         "200 starts are --sweep seed=1:200:200; plot --histogram plateau_exit shows them"},
        {"plot", "group by groupby group-by hue color colour split lines style",
         "all that was swept makes lines, but for what --x names; --column names several columns"},
        {"plot", "starts n-starts runs seeds",
         "starts are swept, by sweep --sweep seed=1:200:200; --histogram shows them"}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if ((!*words[k][0] || strcmp(words[k][0], of) == 0) &&
            ordpar_settings_among(words[k][1], name))
            return words[k][2];
    return NULL;
}

const char *hint_meant(unsigned groups, const char *name) {
    const char *meant = setting_called(groups, name);
    return meant ? meant : nearest(groups, name);
}

static ordpar_status refuse_long(const command *c, const char *word, ordpar_error *err) {
    char list[360] = "", name[MAX_NAME + 2];
    const char *begin = word + strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(begin, "="), begin);
    const char *meant = translate(c, name);
    const char *said = hint_instead(c->name, name);
    ordpar_status status;
    if (said)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option; %s", name, said);
    if (meant)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option (did you mean --%s?)", name,
                           meant);
    if (beginning_with(c->groups, name, list, sizeof list) > 1)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: ambiguous%s", name, list);
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (row && strlen(name) == 1)
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: is -%s, or --%s", name, name, row->name);
    if ((status = refuse_foreign(c, name, err)))
        return status;
    if ((meant = command_of(name)))
        return ordpar_fail(err, ORDPAR_INVALID, "--%s: no such option of %s; it is one of %s", name,
                           c->name, meant);
    if ((meant = nearest(c->groups, name)))
        return ordpar_fail(err, ORDPAR_INVALID, "%.80s: no such option (did you mean --%s?)", word,
                           meant);
    return ordpar_fail(err, ORDPAR_INVALID, "%.80s: no such option; see 'ordpar %s --help'", word,
                       c->name);
}

ordpar_status hint_option(const command *c, int code, const char *word, int unknown,
                          ordpar_error *err) {
    if (code == ':')
        return ordpar_fail(err, ORDPAR_INVALID, "%.80s: needs a value", word);
    const char letter[] = {(char)unknown, '\0'};
    const bool is_letter = unknown > 0 && unknown < 256;
    if (is_letter && options_find(letter, c->groups))
        return ordpar_fail(err, ORDPAR_INVALID, "-%s: no such option (did you mean --%s?)", letter,
                           letter);
    if (is_letter)
        return ordpar_fail(err, ORDPAR_INVALID, "-%s: no such option; see 'ordpar %s --help'",
                           letter, c->name);
    if (unknown)
        return ordpar_fail(err, ORDPAR_INVALID, "%.80s: takes no value", word);
    return refuse_long(c, word, err);
}

ordpar_status hint_letter(const command *c, const char *word, ordpar_error *err) {
    const bool is_alone = strncmp(word, "--", 2) == 0 && word[2] && (!word[3] || word[3] == '=');
    const char as_is[] = {is_alone ? word[2] : '-', '\0'};
    if (!is_alone || options_find(as_is, c->groups))
        return ORDPAR_OK; /* x of plot is a whole name; of -K refuse_long knows */
    const char upper[] = {(char)toupper((unsigned char)word[2]), '\0'};
    const ordpar_setting *row = options_find(upper, c->groups);
    return row ? ordpar_fail(err, ORDPAR_INVALID, "--%s: is -%s, or --%s", as_is, upper, row->name)
               : ORDPAR_OK;
}

bool hint_range(const ordpar_setting *row, const char *text, char *range, size_t size) {
    static const char *const between[] = {"-", "..", "to", "...", "\xe2\x80\x93"};
    double start, stop;
    for (size_t k = 0; ordpar_setting_is_number(row) && k < sizeof between / sizeof *between; k++) {
        char first[40];
        const char *found = *text ? strstr(text + 1, between[k]) : NULL;
        if (!found || (size_t)(found - text) >= sizeof first)
            continue;
        snprintf(first, sizeof first, "%.*s", (int)(found - text), text);
        const char *second = found + strlen(between[k]);
        if (ordpar_parse_double(first, &start) && ordpar_parse_double(second, &stop)) {
            snprintf(range, size, "%s:%.40s%s", first, second,
                     row->kind == ORDPAR_KIND_INTEGER ? "" : ":COUNT[:lin|log]");
            return true;
        }
    }
    return false;
}

/* The job of a sweep that a command is; NULL: it has none. */
static const char *job_of(const command *c) {
    const size_t length = strlen(c->name);
    for (const char *job = options_find("job", GROUP_SWEEP)->choices; job; job = strchr(job, '|')) {
        job += *job == '|';
        if (strncmp(job, c->name, length) == 0 && strcspn(job, "|") == length)
            return c->name;
    }
    return NULL;
}

ordpar_status hint_several(const command *c, const ordpar_setting *row, const char *values,
                           const char *refused, ordpar_error *err) {
    static const unsigned swept =
        ORDPAR_SWEEP_GROUPS & ~(ORDPAR_GROUP_THREADS | ORDPAR_GROUP_CHECKPOINT);
    const char *job = job_of(c);
    char of[48] = "", also[96] = "";
    if (!(row->groups & swept))
        return ordpar_fail(err, ORDPAR_INVALID, "%.350s; it has one value", refused);
    if (!job && !(c->groups & GROUP_SWEEP))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%.350s; %s has one value at a time, and is no job of ordpar sweep",
                           refused, c->name);
    if (job)
        snprintf(of, sizeof of, "--job %s ", job);
    if (job && !c->lists)
        snprintf(also, sizeof also, "; in one picture: ordpar %s -o FILE for each, and ordpar plot",
                 c->name);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%.280s; several values are for ordpar sweep %s--sweep %s=%.60s%s", refused,
                       of, row->name, values, also);
}

/* -K M=2,3 is a sweep's. */
static bool is_joint(const char *text) {
    char name[MAX_NAME + 2];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, "="), text);
    return strchr(text, '=') && ordpar_setting_find(&ordpar_model_settings, name);
}

/* What is wrong with a value, and where it belongs: several to a sweep, a file to another option.
 */
ordpar_status hint_value(const command *c, const ordpar_setting *row, const char *text,
                         ordpar_status status, ordpar_error *err) {
    const ordpar_error refused = *err;
    char range[120];
    if (status != ORDPAR_INVALID)
        return status;
    if (is_joint(text))
        return ordpar_fail(err, status,
                           "%.300s; --sweep %s=%.60s of ordpar sweep gives both these values",
                           refused.message, row->name, text);
    if (strchr(text, '='))
        return status;
    const bool is_range = hint_range(row, text, range, sizeof range);
    if (is_range && (c->lists || (c->groups & GROUP_SWEEP)))
        return ordpar_fail(err, status, "%.350s; a range is %s%s", refused.message,
                           c->lists ? "" : "for --sweep, NAME=", range);
    if (is_range ||
        (strchr(text, ',') && (ordpar_setting_is_number(row) || row->kind == ORDPAR_KIND_CHOICE)))
        return hint_several(c, row, is_range ? range : text, refused.message, err);
    if (strcmp(row->name, "eigenvalues") == 0 && access(text, R_OK) == 0)
        return ordpar_fail(err, status, "%.400s; a file of eigenvalues is for --spectrum",
                           refused.message);
    return status;
}

ordpar_status hint_argument(const command *c, const char *word, ordpar_error *err) {
    if (strcmp(c->name, "compare") == 0 && access(word, R_OK) == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "unexpected argument '%.80s'; compare runs theory and simulation of one "
                           "model, and plot FILE FILE.. shows files beside each other",
                           word);
    if ((c->groups & ORDPAR_GROUP_SPECTRUM) && access(word, R_OK) == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "unexpected argument '%.80s'; a file of eigenvalues or a covariance is "
                           "for --spectrum, one of examples for --data",
                           word);
    char name[MAX_NAME + 2];
    double number;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    const char *value = strchr(word, '='), *meant = value ? hint_meant(c->groups, name) : NULL;
    if (meant)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "unexpected argument '%.80s'; options begin with dashes, as --%s %.60s",
                           word, meant, value + 1);
    if (ordpar_parse_double(word, &number))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "unexpected argument '%.80s'; several values have commas between, 1,4",
                           word);
    return ordpar_fail(err, ORDPAR_INVALID, "unexpected argument '%.80s'", word);
}

/* "ordpar A, ordpar B or ordpar C" of names with commas. */
static void list_commands(const char *names, char *text, size_t size) {
    size_t used = 0;
    for (const char *from = names, *comma; from; from = comma ? comma + 1 : NULL) {
        comma = strchr(from, ',');
        const int width = comma ? (int)(comma - from) : (int)strlen(from);
        const char *before = from == names ? "" : comma ? ", " : " or ";
        if (used < size)
            used +=
                (size_t)snprintf(text + used, size - used, "%sordpar %.*s", before, width, from);
    }
}

/* The command that a word is a misspelling of. */
static const char *nearest_command(const char *word, const command *commands, size_t count) {
    const char *best = NULL;
    size_t least = 3;
    for (size_t k = 0; k < count && strlen(word) >= 3 && strlen(word) <= MAX_NAME; k++) {
        const size_t distance = edit_distance(word, commands[k].name);
        if (distance < least) {
            least = distance;
            best = commands[k].name;
        }
    }
    return best;
}

ordpar_status hint_command(const char *word, const command *commands, size_t count,
                           ordpar_error *err) {
    const char *meant = ordpar_computation_meant(word);
    char list[200];
    if (!meant)
        meant = nearest_command(word, commands, count);
    if (!meant && *word != '-' && strpbrk(word, "./") && access(word, R_OK) == 0)
        meant = "report,plot";
    if (!meant)
        return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not a command; see 'ordpar --help'",
                           word);
    list_commands(meant, list, sizeof list);
    return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not a command (did you mean %s?)", word,
                       list);
}
