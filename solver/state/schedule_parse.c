// SPDX-License-Identifier: GPL-3.0-or-later
/* Schedules and momentum in words. */
#include "solver/state/training.h"

#include "base/floating_point.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NUMBERS = 4 };

/* The numbers of a form, each after a colon. */
typedef struct {
    double at[MOST_NUMBERS];
    size_t count;
} numbers;

static bool parse_number(const char *text, size_t length, double *value) {
    char *copy = strndup(text, length);
    const bool good = copy && ordpar_parse_double(copy, value);
    free(copy);
    return good;
}

static bool parse_numbers(const char *text, numbers *n) {
    for (n->count = 0; *text == ':' && n->count < MOST_NUMBERS; n->count++) {
        const size_t length = strcspn(++text, ":");
        if (!parse_number(text, length, &n->at[n->count]))
            return false;
        text += length;
    }
    return *text == '\0';
}

static bool make_table(size_t count, ordpar_schedule *s) {
    *s = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_FACTORS,
                           .alpha = calloc(count, sizeof *s->alpha),
                           .eta = calloc(count, sizeof *s->eta)};
    return s->alpha && s->eta;
}

static void add(ordpar_schedule *s, double alpha, double factor) {
    s->alpha[s->count] = alpha;
    s->eta[s->count++] = factor;
}

static bool constant(const char *rest, ordpar_schedule *s) {
    *s = (ordpar_schedule){0};
    return *rest == '\0';
}

static bool power(const char *rest, ordpar_schedule *s) {
    numbers n;
    if (!parse_numbers(rest, &n) || n.count != 2)
        return false;
    *s = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_POWER, .gamma = n.at[0], .alpha_0 = n.at[1]};
    return n.at[0] >= 0 && n.at[1] > 0;
}

static bool cosine(const char *rest, ordpar_schedule *s) {
    numbers n = {{0}, 0};
    if (!parse_numbers(rest, &n) || n.count < 1 || n.count > 2)
        return false;
    *s = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_COSINE, .alpha_0 = n.at[0], .floor = n.at[1]};
    return n.at[0] > 0 && n.at[1] >= 0 && n.at[1] <= 1;
}

static bool linear(const char *rest, ordpar_schedule *s) {
    numbers n;
    if (!parse_numbers(rest, &n) || n.count != 1 || !(n.at[0] > 0) || !make_table(2, s))
        return false;
    add(s, 0, 1);
    add(s, n.at[0], 0);
    return true;
}

static bool warm_stable_decay(const char *rest, ordpar_schedule *s) {
    numbers n;
    if (!parse_numbers(rest, &n) || n.count != 3)
        return false;
    const double warm = n.at[0], stable = n.at[1], end = n.at[2];
    if (!(warm >= 0 && stable >= warm && end >= stable && end > 0) || !make_table(4, s))
        return false;
    if (warm > 0)
        add(s, 0, 0);
    add(s, warm, 1);
    if (stable > warm)
        add(s, stable, 1);
    add(s, end, 0);
    return true;
}

static bool add_step(const char *text, size_t length, ordpar_schedule *s) {
    const size_t before = strcspn(text, "=");
    double alpha, factor;
    if (before >= length || !parse_number(text, before, &alpha) ||
        !parse_number(text + before + 1, length - before - 1, &factor))
        return false;
    if (!(alpha >= 0) || !(factor >= 0) || (s->count && !(alpha > s->alpha[s->count - 1])))
        return false;
    add(s, alpha, s->count ? s->eta[s->count - 1] : 1);
    add(s, alpha, factor);
    return true;
}

static bool steps(const char *rest, ordpar_schedule *s) {
    if (*rest != ':' || !make_table(strlen(rest), s)) /* a step has three characters or more */
        return false;
    for (bool more = true; more;) {
        const size_t length = strcspn(++rest, ",");
        if (!add_step(rest, length, s))
            return false;
        rest += length;
        more = *rest == ',';
    }
    return true;
}

/* "; 0.1*1024 is written 102.4" of the first product among the numbers; else nothing. */
static void explain_product(const char *text, char *words, size_t size) {
    *words = '\0';
    for (const char *part = text; part; part = strpbrk(part, ":,=")) {
        part += strspn(part, ":,=");
        const size_t first = strcspn(part, "*:,="), all = strcspn(part, ":,=");
        double a, b;
        char product[ORDPAR_NUMBER_SIZE];
        if (part[first] == '*' && parse_number(part, first, &a) &&
            parse_number(part + first + 1, all - first - 1, &b)) {
            ordpar_format(product, sizeof product, "%.15g", a * b);
            ordpar_format(words, size, "; %.*s is written %s", (int)all, part, product);
            return;
        }
    }
}

static const struct {
    const char *name, *form;
    bool (*parse)(const char *rest, ordpar_schedule *schedule);
} forms[] = {
    {"constant", "constant", constant},
    {"power", "power:GAMMA:ALPHA0 with GAMMA >= 0 and ALPHA0 > 0", power},
    {"cosine", "cosine:END[:FLOOR] with END > 0 and FLOOR from 0 to 1", cosine},
    {"linear", "linear:END with END > 0", linear},
    {"wsd", "wsd:WARM:STABLE:END with 0 <= WARM <= STABLE <= END and END > 0", warm_stable_decay},
    {"steps", "steps:ALPHA=FACTOR,.. with ascending ALPHA >= 0 and FACTOR >= 0", steps},
};

enum { FORMS = sizeof forms / sizeof *forms };

/* The form that text begins with; FORMS: none. */
static size_t find(const char *text) {
    const size_t length = strcspn(text, ":");
    size_t k = 0;
    while (k < FORMS &&
           (strlen(forms[k].name) != length || strncmp(text, forms[k].name, length) != 0))
        k++;
    return k;
}

bool ordpar_schedule_is_form(const char *text) {
    return find(text) < FORMS;
}

ordpar_status ordpar_schedule_parse(const char *text, ordpar_schedule *schedule,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t k = find(text);
    ordpar_schedule parsed = {0};
    if (k < FORMS && forms[k].parse(text + strlen(forms[k].name), &parsed)) {
        *schedule = parsed;
        return ORDPAR_OK;
    }
    ordpar_schedule_clear(&parsed);
    char product[128];
    explain_product(text, product, sizeof product);
    return ordpar_fail(err, ORDPAR_INVALID, "must be %s, got '%.80s'%s",
                       k < FORMS
                           ? forms[k].form
                           : "constant, power:.., cosine:.., linear:.., wsd:.., steps:.. or a file",
                       text, product);
}

/* The numbers of a kind of momentum; alpha_0 and kappa come last. */
static bool momentum(const char *name, const numbers *n, ordpar_momentum *m) {
    const bool constant = strcmp(name, "constant") == 0, dana = strcmp(name, "dana") == 0;
    const size_t most = constant ? 2 : dana ? 4 : 3;
    const bool given = n->count == most; /* alpha_0, where there is one */
    *m = (ordpar_momentum){.damping = n->at[0],
                           .weight = n->at[1],
                           .fades = !constant,
                           .kappa = dana && n->count > 2 ? n->at[2] : 0,
                           .alpha_0 = !constant && given ? n->at[most - 1] : 0};
    for (size_t k = 0; k < n->count; k++)
        if (!(n->at[k] <= ORDPAR_MOMENTUM_MOST))
            return false;
    return n->count >= 2 && n->count <= most && m->damping >= 0 && m->weight > 0 && m->kappa >= 0 &&
           (constant || !given || m->alpha_0 > 0);
}

/* Terms of PyTorch's, a number alone or pytorch:MU[:LR] and the like. */
static bool is_of_pytorch(const char *text) {
    static const char *const names[] = {"pytorch", "torch", "sgd", "heavy-ball", "polyak"};
    const size_t length = strcspn(text, ":");
    char first[32]; /* of a list */
    double alone;
    ordpar_format(first, sizeof first, "%.*s", (int)strcspn(text, ","), text);
    bool named = ordpar_parse_double(first, &alone);
    for (size_t k = 0; k < sizeof names / sizeof *names && !named; k++)
        named = strlen(names[k]) == length && strncmp(text, names[k], length) == 0;
    return named;
}

static ordpar_status refuse_pytorch(const char *text, ordpar_error *err) {
    numbers n = {{0}, 0};
    char own[128] = "";
    if (parse_numbers(text + strcspn(text, ":"), &n) && n.count == 2 && n.at[0] < 1)
        ordpar_format(own, sizeof own, ", here C = %.6g N, E = %.6g N", 1 - n.at[0], n.at[1]);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "must be constant:C:E or the like; PyTorch's momentum MU at the rate LR "
                       "is C = (1 - MU) N, E = LR N%s, with eta near 0, got '%.80s'",
                       own, text);
}

ordpar_status ordpar_momentum_parse(const char *text, ordpar_momentum *out, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    static const char *const names[] = {"constant", "nesterov", "dana"};
    const size_t length = strcspn(text, ":");
    numbers n = {{0}, 0};
    ordpar_momentum parsed;
    char product[128];
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strlen(names[k]) == length && strncmp(text, names[k], length) == 0 &&
            parse_numbers(text + length, &n) && momentum(names[k], &n, &parsed)) {
            *out = parsed;
            return ORDPAR_OK;
        }
    if (is_of_pytorch(text))
        return refuse_pytorch(text, err);
    explain_product(text, product, sizeof product);
    return ordpar_fail(
        err, ORDPAR_INVALID,
        "must be constant:C:E, nesterov:A:E[:ALPHA0] or dana:DELTA:E[:KAPPA[:ALPHA0]] "
        "with C, A, DELTA, KAPPA >= 0 and E, ALPHA0 > 0, all up to 1e12, got '%.80s'%s",
        text, product);
}
