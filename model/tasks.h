// SPDX-License-Identifier: GPL-3.0-or-later
/** The setting `tasks`: a JSON file, or the JSON itself. Internal. */
#ifndef ORDPAR_MODEL_TASKS_H
#define ORDPAR_MODEL_TASKS_H

#include "model/parts.h"

/** True if the text of the setting `tasks` names a file: JSON begins with a brace. */
bool ordpar_tasks_is_file(const char *text);

/** How many tasks a text, which names no file, has; 0: it is none of tasks. */
size_t ordpar_tasks_count(const char *text);

/** Gives the network its tasks, if the model has them. Errors: IO, PARSE, INVALID, MEMORY. */
ordpar_status ordpar_model_set_tasks(const ordpar_model *model, ordpar_network *network,
                                     ordpar_error *err);

/** Refuses what is known of single tasks only: `report` and `columns`. */
ordpar_status ordpar_tasks_check_curve(const ordpar_model *model, ordpar_error *err);

/** Columns eps_g_1, eps_g_2, .., each name with what follows in `more`; none without tasks. */
void ordpar_tasks_columns(const ordpar_network *network, const char *first, const char *more,
                          ordpar_table *t);

/** The fact `tasks`: how many, and where their probabilities change. */
void ordpar_tasks_fact(const ordpar_model *model, const ordpar_network *network, ordpar_table *t);

/**
 * The facts `forgetting k` and `transfer k` of a table whose columns eps_g_1.. begin at the cell
 * `column` and stand `step` apart: by how much a task's eps_g is above its least in the rows, in
 * the last one; and by how much it had fallen, or risen, before the task was first trained.
 */
void ordpar_tasks_outcome(const ordpar_network *network, size_t column, size_t step,
                          ordpar_table *t);

#endif
