// SPDX-License-Identifier: GPL-3.0-or-later
/* What tables say of tasks. */
#include "model/tasks.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

ordpar_status ordpar_tasks_check_curve(const ordpar_model *model, ordpar_error *err) {
    const char *name = model->value.report ? "report" : model->value.columns ? "columns" : NULL;
    return model->value.tasks && name
               ? ordpar_fail(err, ORDPAR_INVALID,
                             "%s: is known for a single task; leave out %s or tasks", name, name)
               : ORDPAR_OK;
}

void ordpar_tasks_columns(const ordpar_network *network, const char *first, const char *more,
                          ordpar_table *t) {
    for (size_t k = 1; k <= network->training.tasks.count; k++) {
        ordpar_table_column(t, "%s_%zu", first, k);
        for (const char *name = more; *name; name += strcspn(name, ",")) {
            name += *name == ',';
            ordpar_table_column(t, "%.*s_%zu", (int)strcspn(name, ","), name, k);
        }
    }
}

void ordpar_tasks_fact(const ordpar_model *model, const ordpar_network *network, ordpar_table *t) {
    const ordpar_tasks *tasks = &network->training.tasks;
    const char *text = model->value.tasks;
    char changes[160] = "do not change";
    size_t used = 0;
    if (!tasks->count)
        return;
    for (size_t row = 1; row < tasks->steps && used + 24 < sizeof changes; row++)
        used += (size_t)ordpar_format(changes + used, sizeof changes - used, "%s%.10g",
                                      row == 1 ? "change at alpha = " : ", ", tasks->alpha[row]);
    ordpar_table_fact(t, "tasks", (double)tasks->count,
                      "%zu%s%.200s; eps_g is their mean, the probabilities %s", tasks->count,
                      ordpar_tasks_is_file(text) ? " from " : "",
                      ordpar_tasks_is_file(text) ? text : "", changes);
}

/* The alpha from which a task is trained; INFINITY: it never is. */
static double first_trained(const ordpar_tasks *tasks, size_t task) {
    for (size_t row = 0; row < tasks->steps; row++)
        if (tasks->probability[row * tasks->count + task] > 0)
            return tasks->alpha[row];
    return INFINITY;
}

static void forgetting_fact(const ordpar_table *rows, size_t column, size_t task, ordpar_table *t) {
    const double *cells = rows->cells + column;
    size_t least = 0;
    for (size_t row = 1; row < rows->n_rows; row++)
        if (cells[row * rows->n_columns] < cells[least * rows->n_columns])
            least = row;
    const double best = cells[least * rows->n_columns],
                 last = cells[(rows->n_rows - 1) * rows->n_columns];
    char key[32];
    ordpar_format(key, sizeof key, "forgetting %zu", task + 1);
    ordpar_table_fact(t, key, last - best,
                      "%.6g: in the last row eps_g of task %zu is %.6g, its least was %.6g at "
                      "alpha = %.6g",
                      last - best, task + 1, last, best, rows->cells[least * rows->n_columns]);
}

/* Of a task that begins later: what the others have done for it until then. */
static void transfer_fact(const ordpar_table *rows, size_t column, size_t task, double from,
                          ordpar_table *t) {
    size_t before = 0;
    for (size_t row = 0; row < rows->n_rows && rows->cells[row * rows->n_columns] <= from; row++)
        before = row;
    const double first = rows->cells[column], then = rows->cells[before * rows->n_columns + column];
    char key[32];
    if (!(from > rows->cells[0]) || before == 0)
        return;
    ordpar_format(key, sizeof key, "transfer %zu", task + 1);
    ordpar_table_fact(
        t, key, first - then,
        "%.6g: while task %zu was not yet trained its eps_g went from %.6g to %.6g at "
        "alpha = %.6g",
        first - then, task + 1, first, then, rows->cells[before * rows->n_columns]);
}

void ordpar_tasks_outcome(const ordpar_network *network, size_t column, size_t step,
                          ordpar_table *t) {
    const ordpar_tasks *tasks = &network->training.tasks;
    for (size_t k = 0; k < tasks->count && t->n_rows > 0 && !t->failed; k++) {
        forgetting_fact(t, column + k * step, k, t);
        transfer_fact(t, column + k * step, k, first_trained(tasks, k), t);
    }
}
