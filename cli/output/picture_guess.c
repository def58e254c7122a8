// SPDX-License-Identifier: GPL-3.0-or-later
/* What was swept in a table whose notes are lost, as in those that pandas writes: with the numbers
 * of rows in front, or of some of its columns. */
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"

#include <string.h>

bool picture_is_swept(const ordpar_table *t, bool guessed) {
    size_t mean;
    return !guessed || result_is_sweep(t) || !ordpar_table_find_column(t, "mean", &mean);
}

static bool run_together(const ordpar_table *t, size_t a, size_t b) {
    for (size_t r = 0; r < t->n_rows; r++)
        if (!result_same_cell(t, r * t->n_columns + a, r * t->n_columns + b))
            return false;
    return true;
}

static bool ascends(const ordpar_table *t, size_t column) {
    for (size_t r = 1; r < t->n_rows; r++)
        if (!(t->cells[r * t->n_columns + column] > t->cells[(r - 1) * t->n_columns + column]))
            return false;
    return true;
}

/* Numbers are no choice of words: the teacher of a spectrum is a variance. */
bool picture_is_setting(const ordpar_table *t, size_t column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
    return row && (row->kind != ORDPAR_KIND_CHOICE || result_has_words(t, column));
}

size_t picture_guess_axes(const options *parsed, const ordpar_table *t, bool runs,
                          picture_axis axes[PICTURE_AXES]) {
    size_t alpha, count = 0;
    bool behind = false; /* directly behind the number of the point, where a sweep has them */
    if (ordpar_table_find_column(t, "compute", &alpha)) /* each row its own network */
        return 0;
    if (runs && (!parsed->x || !ordpar_table_find_column(t, "alpha", &alpha) || ascends(t, alpha)))
        return 0;
    for (size_t k = 0; k < t->n_columns && count < PICTURE_AXES; k++) {
        picture_axis *last = count ? &axes[count - 1] : NULL;
        const bool is_point = strcmp(t->columns[k], "point") == 0;
        const bool is_axis = picture_is_setting(t, k) && strcmp(t->columns[k], "alpha") != 0 &&
                             (behind || result_varies(t, k));
        behind = is_point || (behind && is_axis);
        if (!is_axis)
            continue;
        if (last && last->width < PICTURE_JOINT && run_together(t, last->columns[0], k))
            last->columns[last->width++] = k;
        else
            axes[count++] = (picture_axis){{k}, 1, result_count_values(t, k, RESULT_MOST_VALUES)};
    }
    return count;
}
