// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/symbols.h"

#include "base/number.h"
#include "model/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
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
};

void symbol_escape(const char *plain, char *text, size_t size) {
    size_t used = 0;
    for (; *plain && used + 3 < size; plain++) {
        if (strchr("_^{}@&~\\", *plain))
            text[used++] = '\\';
        text[used++] = *plain;
    }
    text[used] = '\0';
}

void symbol_value(const char *plain, char *text, size_t size) {
    double value;
    const size_t mantissa = strcspn(plain, "eE");
    if (!plain[mantissa] || !ordpar_parse_double(plain, &value)) {
        symbol_escape(plain, text, size);
        return;
    }
    const bool one = mantissa == 1 && *plain == '1';
    snprintf(text, size, "%.*s%s10^{%ld}", one ? 0 : (int)mantissa, plain, one ? "" : "×",
             strtol(plain + mantissa + 1, NULL, 10));
}

/* Q1_2_3: order 1 of Q_23; false: it is none. */
static bool symbol_of_moment(const char *name, char *text, size_t size) {
    const size_t order = strspn(name + 1, "0123456789");
    char indices[32];
    size_t used = 0;
    if (!strchr("QRTV", *name) || order == 0 || name[1 + order] != '_')
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

static size_t find(const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (row)
        name = row->name;
    size_t k = 0;
    while (k < sizeof known / sizeof *known && strcmp(known[k].name, name) != 0)
        k++;
    return k;
}

void symbol_short(const char *name, char *text, size_t size) {
    const size_t k = find(name);
    char blank[64];
    if (k < sizeof known / sizeof *known) {
        snprintf(text, size, "%s", known[k].symbol);
    } else if (strncmp(name, "eps_g@", 6) == 0) {
        snprintf(text, size, "ε_g(α = %s)", name + 6);
    } else if (!*name || !symbol_of_moment(name, text, size)) {
        snprintf(blank, sizeof blank, "%s", name);
        for (char *c = blank; *c; c++)
            *c = *c == '_' ? ' ' : *c;
        symbol_escape(blank, text, size);
    }
}

void symbol_axis(const char *name, char *text, size_t size) {
    const size_t k = find(name);
    if (k < sizeof known / sizeof *known && known[k].words)
        snprintf(text, size, "%s", known[k].words);
    else
        symbol_short(name, text, size);
}
