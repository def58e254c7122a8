// SPDX-License-Identifier: GPL-3.0-or-later
/* A run from given overlaps begins at alpha = 0, also where its grid begins later. */
#include "base/number.h"
#include "model/model_internal.h"
#include "solver/steps/continuation.h"

#include <math.h>
#include <sys/stat.h>

/* Where a file of save-overlaps was reached; 0: it does not say. A pipe is read once, elsewhere.
 * *good: false if out of memory. */
static double reached(const char *path, bool *good) {
    ordpar_continuation head = {0};
    struct stat state;
    if (!path || stat(path, &state) != 0 || !S_ISREG(state.st_mode))
        return 0;
    const ordpar_status status = ordpar_continuation_read(path, &head, NULL);
    const double alpha = status ? 0 : head.alpha;
    *good = *good && status != ORDPAR_MEMORY && status != ORDPAR_IO;
    ordpar_continuation_clear(&head);
    return alpha;
}

bool ordpar_model_restarts(const ordpar_model *model, char *words, size_t size, bool *good) {
    const char *path = model->value.overlaps;
    if (model->origin || model->value.continued || !ordpar_model_has_overlaps(model) ||
        !(model->value.alpha.start > 0) || !ordpar_model_given(model, "alpha"))
        return false;
    const double alpha = reached(path, good);
    const size_t used = (size_t)ordpar_format(words, size, "at alpha = 0, with the given overlaps");
    if (alpha > 0 && used < size)
        ordpar_format(words + used, size - used, ", which %.200s had at alpha = %.10g", path,
                      alpha);
    return true;
}

/* A logarithmic grid has to begin somewhere above 0, and one that is spaced evenly may leave 0 out,
 * which two rows do not show, nor rows that come closer. */
static bool begins_at_0(const ordpar_grid *grid) {
    const double step = ordpar_grid_value(grid, 1) - grid->start;
    const double last = grid->stop - ordpar_grid_value(grid, grid->count - 2);
    if (grid->count == 2)
        return grid->start <= grid->stop / 10;
    return grid->start < grid->stop / 100 ||
           (grid->start <= step * (1 + 1e-9) && step <= last * (1 + 1e-9));
}

bool ordpar_model_restarts_unasked(const ordpar_model *model, char *words, size_t size) {
    bool good = true;
    if (!ordpar_model_restarts(model, words, size, &good))
        return false;
    const ordpar_grid *grid = &model->value.alpha;
    const double alpha = reached(model->value.overlaps, &good);
    return (alpha > 0 && grid->start >= alpha) || (grid->count > 1 && !begins_at_0(grid));
}
