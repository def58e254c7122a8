// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"
#include "model/model.h"
#include "model/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *symbol, *words;
} known[] = {
    {"alpha", "α", "α = examples / N"},
    {"eps_g", "ε_g", "generalization error ε_g"},
    {"theory", "ε_g", "generalization error ε_g"},
    {"mean", "ε_g", "generalization error ε_g"},
    {"compute", "C", "compute C = α N_l"},
    {"index", "l", "rank l"},
    {"eigenvalue", "λ_l", "eigenvalue λ_l"},
    {"alpha_end", "α_{end}", NULL},
    {"eta_c", "η_c", "critical learning rate η_c"},
    {"escape_time", "τ_{esc}", "escape time τ_{esc}"},
    {"escape_rate", "1/τ_{esc}", "escape rate 1/τ_{esc}"},
    {"plateau_entry", "plateau's begin", "begin of the plateau, α"},
    {"plateau_exit", "plateau's end", "end of the plateau, α"},
    {"plateau_length", "plateau's length", "length of the plateau, α"},
    {"plateau_height", "ε_g^{plateau}", "height of the plateau"},
    {"student-units", "K", "hidden units of the student K"},
    {"teacher-units", "M", "hidden units of the teacher M"},
    {"input-dim", "N", "input dimension N"},
    {"eigenvalues", "L", "distinct eigenvalues L"},
    {"beta", "β", "exponent of the spectrum β"},
    {"eta", "η", "learning rate η"},
    {"eta-v", "η_v", "learning rate of the outputs η_v"},
    {"sigma-j", "σ_J", "scale of the start σ_J"},
    {"weight-decay", "κ", "weight decay κ"},
    {"trainable", "N_l", "trained components N_l"},
    {"small-eta", "small η", NULL},
    {"train-output", "trained outputs", NULL},
    /* no columns: what is drawn of some */
    {"q05..q95", "5 to 95 % of starts", NULL},
    {"eps_g..sd", "± 1 sd of single runs", NULL},
    {"eps_g of labels", "ε_g", "error of the labels' linear part ε_g"},
    {"escape-law", "law over starts (theory)", NULL},
};

/* Q1_2_3: order 1 of Q_23; false: it is none. */
static bool symbol_of_moment(const char *name, char *text, size_t size) {
    const size_t order = *name ? strspn(name + 1, "0123456789") : 0;
    char indices[32];
    size_t used = 0;
    if (!*name || !strchr("QRTV", *name) || order == 0 || name[1 + order] != '_')
        return false;
    for (const char *c = name + 1 + order; *c; c++) {
        if (!isdigit((unsigned char)*c) && *c != '_')
            return false;
        if (used + 1 < sizeof indices && (used || *c != '_'))
            indices[used++] = *c == '_' ? ',' : *c;
    }
    indices[used] = '\0';
    snprintf(text, size, "%c^{(%.*s)}_{%s}", *name, (int)order, name + 1, indices);
    return true;
}

/* eps_g_2, theory_2, mean_2: of task 2; false: it is none. */
static bool symbol_of_task(const char *name, char *text, size_t size) {
    static const char *const errors[] = {"eps_g_", "theory_", "mean_"};
    for (size_t k = 0; k < 3; k++) {
        const size_t width = strlen(errors[k]);
        const char *task = name + width;
        if (strncmp(name, errors[k], width) == 0 && *task && !task[strspn(task, "0123456789")]) {
            snprintf(text, size, "ε_g of task %s", task);
            return true;
        }
    }
    return false;
}

/* As it is but for _, which is a blank; what would be mark-up is escaped. */
static void write_plain(const char *name, char *text, size_t size) {
    size_t used = 0;
    for (; *name && used + 3 < size; name++) {
        if (strchr("^{}@&~\\", *name))
            text[used++] = '\\';
        text[used++] = *name == '_' ? ' ' : *name;
    }
    text[used] = '\0';
}

static size_t find(const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (row)
        name = row->name;
    size_t k = 0;
    while (k < sizeof known / sizeof *known && strcmp(known[k].name, name) != 0)
        k++;
    return k;
}

/* Of text that filled its place the last character, if it is cut. */
static void end_character(char *text, size_t size) {
    size_t last = strlen(text);
    if (last + 1 < size)
        return;
    while (last > 0 && ((unsigned char)text[--last] & 0xc0) == 0x80) {
    }
    if ((unsigned char)text[last] >= 0xc0 && !ordpar_utf8_character(text + last))
        text[last] = '\0';
}

void ordpar_symbol_short(const char *name, char *text, size_t size) {
    const size_t k = find(name);
    if (size == 0)
        return;
    if (k < sizeof known / sizeof *known) {
        snprintf(text, size, "%s", known[k].symbol);
    } else if (strncmp(name, "eps_g@", 6) == 0) {
        snprintf(text, size, "ε_g(α = %s)", name + 6);
    } else if (!symbol_of_task(name, text, size) && !symbol_of_moment(name, text, size)) {
        write_plain(name, text, size);
    }
    end_character(text, size);
}

void ordpar_symbol_axis(const char *name, char *text, size_t size) {
    const size_t k = find(name);
    if (k == sizeof known / sizeof *known || !known[k].words) {
        ordpar_symbol_short(name, text, size);
        return;
    }
    snprintf(text, size, "%s", known[k].words);
    if (size > 0)
        end_character(text, size);
}
