// SPDX-License-Identifier: GPL-3.0-or-later
/* What the outputs of a sweep's points would say of their models, in the table of all. */
#include "cli/sweep/sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void sweep_notes_clear(sweep_notes *n) {
    ordpar_table_clear(&n->found);
}

/* What the settings say, of which each point has its own. */
static bool is_of_settings(const char *key) {
    return strcmp(key, "model") == 0 || strcmp(key, "seed") == 0;
}

void sweep_notes_add(sweep_notes *n, size_t point, const ordpar_table *said) {
    n->points++;
    for (size_t k = 0; k < said->n_facts; k++) {
        const ordpar_fact *fact = &said->facts[k];
        const ordpar_fact *known = ordpar_table_find_fact(&n->found, fact->key);
        size_t f = known ? (size_t)(known - n->found.facts) : n->found.n_facts;
        if (is_of_settings(fact->key) || f >= SWEEP_MAX_NOTES)
            continue;
        if (!known) {
            ordpar_table_fact(&n->found, fact->key, fact->value, "%s", fact->text);
            n->first[f] = point;
            n->count[f] = 1;
        } else if (strcmp(known->text, fact->text) == 0) {
            n->count[f]++;
        }
    }
}

void sweep_notes_end(const sweep_notes *n, const sweep_grid *g, ordpar_table *t) {
    for (size_t f = 0; f < n->found.n_facts; f++) {
        const ordpar_fact *fact = &n->found.facts[f];
        char key[500], where[400];
        sweep_grid_describe(g, n->first[f], where, sizeof where);
        snprintf(key, sizeof key, "%.60s, %s", fact->key, where);
        ordpar_table_fact(t, n->count[f] == n->points ? fact->key : key, fact->value, "%s",
                          fact->text);
    }
}
