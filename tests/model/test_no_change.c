// SPDX-License-Identifier: GPL-3.0-or-later
/* Settings that say what is so without them are taken, and change no number. */
#include "model/model.h"
#include "support.h"

#include <string.h>

static const struct {
    const char *computation, *settings, *more;
} cases[] = {
    {"closed-form plateau", "digits=20", "orders=lowest"},
    {"closed-form escape", "digits=20", "orders=lowest"},
    {"closed-form plateau", "small-eta=yes", "orders=lowest"},
    {"closed-form escape", "small-eta=yes", "orders=lowest"},
    {"closed-form frontier", "compute=1e3 N=64 L=64 small-eta=yes", "orders=lowest"},
    {"closed-form frontier", "compute=1e3 N=64 L=64", "label-noise=0"},
    {"closed-form linear-small-eta", "activation=linear K=1 M=1 alpha=3", "label-noise=0"},
    {"closed-form linear-continuum", "activation=linear K=1 M=1 alpha=3", "label-noise=0"},
    {"closed-form linear-continuum", "activation=linear K=1 M=1 alpha=3", "spread=0"},
    {"closed-form linear-continuum", "activation=linear K=1 M=1 alpha=3", "trainable=1024"},
    {"closed-form features", "activation=linear K=1 M=1 alpha=3 small-eta=yes", "label-noise=0"},
    {"closed-form asymptotic", "alpha=3 small-eta=yes", "label-noise=0"},
    {"closed-form asymptotic", "alpha=3 continuum=yes", "spread=0"},
    {"closed-form asymptotic", "alpha=3", "trainable=1024"},
    {"closed-form plateau", "", "trainable=1024"},
    {"closed-form escape", "L=4", "trainable=1024"},
    {"closed-form escape-law", "N=1000 L=1 sigma-j=1e-6", "trainable=1000"},
    {"closed-form critical-eta", "", "trainable=1024"},
    {"curve", "alpha=3 N=16 L=2", "eta-v=0"},
    {"curve", "alpha=3 N=16 L=2", "train-output=no eta-v=0.1"},
    {"curve", "alpha=3 N=16 L=2", "spread=0 spread-parts=5"},
    {"curve", "alpha=3 N=16 L=2 runs=2", "fluctuations=no keep-partial=no"},
    {"curve", "alpha=3 N=16 L=2 batch-fraction=0.5", "batch=1"},
    {"simulate", "alpha=3 N=16 L=2 runs=2 weight-decay=0", "train-output=no eta-v=0.1"},
};

/* Settings: NAME=TEXT, separated by blanks. */
static void set_all(ordpar_model *model, const char *settings) {
    ordpar_error err;
    char copy[256];
    snprintf(copy, sizeof copy, "%s", settings);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');
        *value++ = '\0';
        check_ok(ordpar_model_set_text(model, word, value, &err), &err);
    }
}

static void check_same(const ordpar_table *a, const ordpar_table *b, const char *more) {
    const size_t rows = ordpar_table_n_rows(a), columns = ordpar_table_n_columns(a);
    cr_assert(rows > 0 && rows == ordpar_table_n_rows(b) && columns == ordpar_table_n_columns(b));
    for (size_t k = 0; k < rows * columns; k++) {
        const char *text = ordpar_table_text(a, k / columns, k % columns);
        if (text)
            cr_assert_str_eq(text, ordpar_table_text(b, k / columns, k % columns), "%s", more);
        else
            cr_assert_eq(
                memcmp(ordpar_table_values(a) + k, ordpar_table_values(b) + k, sizeof(double)), 0,
                "%s", more);
    }
}

Test(no_change, what_is_so_anyway_is_taken) {
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_error err;
        ordpar_table *t[2] = {NULL, NULL};
        for (size_t with = 0; with < 2; with++) {
            ordpar_model *model = NULL;
            check_ok(ordpar_model_create(&model, &err), &err);
            set_all(model, cases[k].settings);
            set_all(model, with ? cases[k].more : "");
            const ordpar_status status =
                ordpar_model_compute(model, cases[k].computation, &t[with], &err);
            cr_assert_eq(status, ORDPAR_OK, "%s, %s %s: %s", cases[k].computation,
                         cases[k].settings, with ? cases[k].more : "", err.message);
            ordpar_model_free(model);
        }
        check_same(t[0], t[1], cases[k].more);
        ordpar_table_free(t[0]);
        ordpar_table_free(t[1]);
    }
}
