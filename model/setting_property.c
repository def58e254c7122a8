// SPDX-License-Identifier: GPL-3.0-or-later
/* What is known of the settings, for programs that ask. */
#include "base/number.h"
#include "model/model.h"
#include "model/settings.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The computations and the groups of settings that they take. */
const ordpar_computation ordpar_computations[] = {
    {"curve", ORDPAR_CURVE_GROUPS},         {"simulate", ORDPAR_SIMULATE_GROUPS},
    {"compare", ORDPAR_COMPARE_GROUPS},     {"closed-form", ORDPAR_FORM_GROUPS},
    {"precision", ORDPAR_PRECISION_GROUPS}, {"spectrum", ORDPAR_SPECTRUM_GROUPS},
    {"report", ORDPAR_REPORT_GROUPS},       {"sweep", ORDPAR_SWEEP_GROUPS},
    {"optimize", ORDPAR_OPTIMUM_GROUPS},    {NULL, 0}};

size_t ordpar_setting_count(void) {
    return ordpar_model_settings.count;
}

enum { TEXT_SIZE = 96, TEXTS = 4 };

/* Of each row: letter, low, high, computations; filled once. */
static char texts[ORDPAR_MAX_SETTINGS][TEXTS][TEXT_SIZE];
static pthread_once_t filled = PTHREAD_ONCE_INIT;

static void fill(void) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        size_t used = 0;
        texts[k][0][0] = row->letter;
        ordpar_format(texts[k][1], TEXT_SIZE, "%.17g", row->low);
        ordpar_format(texts[k][2], TEXT_SIZE, "%.17g", row->high);
        for (const ordpar_computation *c = ordpar_computations; c->name; c++)
            if (c->groups & row->groups)
                used += (size_t)ordpar_format(texts[k][3] + used, TEXT_SIZE - used, "%s%s",
                                              used ? "," : "", c->name);
    }
}

static const char *kind_of(const ordpar_setting *row) {
    static const char *const names[] = {"real",   "positive", "integer", "flag", "choice", "reals",
                                        "orders", "grid",     "text",    "file", "files",  "texts"};
    return names[row->kind];
}

static bool has_range(const ordpar_setting *row) {
    return row->kind == ORDPAR_KIND_REAL || row->kind == ORDPAR_KIND_POSITIVE ||
           row->kind == ORDPAR_KIND_INTEGER || row->kind == ORDPAR_KIND_ORDERS;
}

const char *ordpar_setting_property(size_t k, const char *property) {
    if (k >= ordpar_model_settings.count)
        return NULL;
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    pthread_once(&filled, fill);
    const struct {
        const char *property, *text;
    } known[] = {{"name", row->name},
                 {"letter", row->letter ? texts[k][0] : NULL},
                 {"kind", kind_of(row)},
                 {"default", row->initial},
                 {"choices", row->kind == ORDPAR_KIND_CHOICE ? row->choices : NULL},
                 {"low", has_range(row) ? texts[k][1] : NULL},
                 {"high", has_range(row) ? texts[k][2] : NULL},
                 {"argument", row->argument},
                 {"help", row->help},
                 {"computations", texts[k][3]}};
    for (size_t p = 0; p < sizeof known / sizeof *known; p++)
        if (strcmp(known[p].property, property) == 0)
            return known[p].text;
    return NULL;
}
