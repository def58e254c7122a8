// SPDX-License-Identifier: GPL-3.0-or-later
/* The run that given overlaps come from, if their file says so: overlaps of a block are sums over
 * its eigenspace, and mean something else under another spectrum. */
#include "base/number.h"
#include "model/curve_state.h"
#include "model/start_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WORDS = 160 };

/* To what is left of a decimal, or of a solver's rounding beside the largest. */
static bool same_number(double a, double b, double largest) {
    return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b)) + 1e-15 * largest;
}

/* In as many digits as tell them apart. */
static void two_numbers(double a, double b, char first[32], char second[32]) {
    for (int digits = 5; digits <= 17; digits++) {
        ordpar_format(first, 32, "%.*g", digits, a);
        ordpar_format(second, 32, "%.*g", digits, b);
        if (strcmp(first, second) != 0)
            return;
    }
}

/* words: what differs first, or nothing */
static void compare_blocks(const ordpar_continuation_list *there, const ordpar_spectrum *here,
                           char words[WORDS]) {
    const size_t L = there->count / 2;
    char first[32], second[32];
    if (L == 0)
        return;
    if (L != here->L) {
        ordpar_format(words, WORDS, "another spectrum (%zu blocks there, %zu here)", L, here->L);
        return;
    }
    for (size_t b = 0; b < L; b++) {
        const double lambda = there->values[2 * b], n = there->values[2 * b + 1];
        const bool same = same_number(lambda, here->lambda[b], here->lambda[0]);
        if (same && n == here->n[b])
            continue;
        two_numbers(same ? n : lambda, same ? here->n[b] : here->lambda[b], first, second);
        ordpar_format(words, WORDS, "another spectrum (the %s of block %zu is %s there, %s here)",
                      same ? "multiplicity" : "eigenvalue", b + 1, first, second);
        return;
    }
}

/* *value: that of a setting in a line of them, which the caller frees; NULL: it has none. False if
 * out of memory. */
static bool find_value(const char *settings, const char *name, char **value) {
    ordpar_settings_word word = {0};
    char *copy = strdup(settings), *rest = copy;
    bool good = copy;
    *value = NULL;
    while (good && !*value && ordpar_settings_next(&rest, &word))
        if (word.value && strcmp(word.name, name) == 0)
            good = (*value = strdup(word.value)) != NULL;
    free(copy);
    return good;
}

/* A file is what is in it, as far as that is known. */
static bool same_activation(const ordpar_model *model, const ordpar_continuation *head,
                            const char *name, const char *here, const char *there) {
    const bool files = ordpar_setting_names_file(name, here) &&
                       ordpar_setting_names_file(name, there) &&
                       ordpar_settings_value_of(head->files, name);
    return files ? ordpar_model_is_content(model, name, head->files)
                 : ordpar_settings_same(here, there);
}

/* words: the activations that differ, or nothing. A teacher without its own has the student's.
 * False if out of memory. */
static bool compare_activations(const ordpar_model *model, const ordpar_parts *parts,
                                const ordpar_continuation *head, char words[WORDS]) {
    const char *here = ordpar_model_given(model, "activation") ? model->value.activation
                                                               : parts->network.activation->name;
    const char *teacher_here = model->value.teacher_activation;
    char *there, *teacher_there = NULL;
    const bool good = find_value(head->settings, "activation", &there) &&
                      find_value(head->settings, "teacher-activation", &teacher_there);
    if (there && !same_activation(model, head, "activation", here, there))
        ordpar_format(words, WORDS, "another activation (%.60s there, %.60s here)", there, here);
    if (there && (teacher_here || teacher_there)) {
        const char *first = teacher_there ? teacher_there : there;
        const char *second = teacher_here ? teacher_here : here;
        const size_t used = strlen(words);
        if (!same_activation(model, head, "teacher-activation", second, first))
            ordpar_format(words + used, WORDS - used,
                          "%sanother activation of the teacher (%.25s there, %.25s here)",
                          used ? " and " : "", first, second);
    }
    free(there);
    free(teacher_there);
    return good;
}

/* A pipe is read once, elsewhere. */
static bool is_regular(const char *path) {
    struct stat state;
    return path && stat(path, &state) == 0 && S_ISREG(state.st_mode);
}

void ordpar_start_run_fact(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const bool given = !model->origin && !model->overlaps.K;
    const char *path = given ? model->value.overlaps : NULL;
    char blocks[WORDS] = "", activations[WORDS] = "", text[ORDPAR_MESSAGE_SIZE];
    ordpar_continuation head = {0};
    if (!is_regular(path))
        return;
    const ordpar_status status = ordpar_continuation_read(path, &head, NULL);
    bool good = status != ORDPAR_MEMORY && status != ORDPAR_IO; /* it has been read before */
    if (!status) {
        compare_blocks(&head.blocks, &parts->spectrum, blocks);
        good = compare_activations(model, parts, &head, activations);
    }
    ordpar_continuation_clear(&head);
    if (!good && t)
        t->failed = true;
    if (!good || (!*blocks && !*activations))
        return;
    ordpar_format(
        text, sizeof text,
        "overlaps: %.150s is of a run with %s%s%s; the setting like takes those of that run", path,
        blocks, *blocks && *activations ? " and " : "", activations);
    if (t)
        ordpar_table_note(t, "overlaps", "%s", text + strlen("overlaps: "));
    ordpar_model_warn(model, text);
}
