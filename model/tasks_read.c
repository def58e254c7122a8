// SPDX-License-Identifier: GPL-3.0-or-later
/* Tasks from JSON: {"tasks": [{"student_output": [..], ..}, ..]}. */
#include "model/json_text.h"
#include "model/tasks.h"

#include <stdlib.h>
#include <string.h>

/* What is read: the tasks refer to the arrays. */
typedef struct {
    size_t K, M, count;
    ordpar_given_task *tasks; /* [count] */
    double **arrays;          /* [count][ARRAYS] */
} reading;

enum { STUDENT, TEACHER, ALPHA, PROBABILITY, SIMILARITY, ARRAYS };

static const char *const keys[] = {"student_output", "teacher_output", "probability", "similarity"};
enum { KEYS = sizeof keys / sizeof *keys };

bool ordpar_tasks_is_file(const char *text) {
    return text && !ordpar_is_json(text);
}

static ordpar_status no_memory(ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the tasks");
}

static ordpar_status check_keys(const json_t *task, size_t k, ordpar_error *err) {
    const char *name;
    json_t *value;
    if (!json_is_object(task))
        return ordpar_fail(err, ORDPAR_PARSE, "task %zu must be an object", k + 1);
    json_object_foreach((json_t *)task, name, value) {
        bool known = false;
        for (size_t j = 0; j < KEYS; j++)
            known = known || strcmp(name, keys[j]) == 0;
        if (!known)
            return ordpar_fail(err, ORDPAR_PARSE,
                               "task %zu: '%.80s' is unknown; a task has student_output, "
                               "teacher_output, probability and perhaps similarity",
                               k + 1, name);
    }
    for (size_t j = 0; j < SIMILARITY - 1; j++)
        if (!json_object_get(task, keys[j]))
            return ordpar_fail(err, ORDPAR_PARSE, "task %zu: has no %s", k + 1, keys[j]);
    return ORDPAR_OK;
}

/* The numbers of an array, or member `place` of each of its pairs; of a number alone that. */
static ordpar_status read_numbers(const json_t *value, const char *name, size_t place, size_t k,
                                  double **numbers, ordpar_error *err) {
    const bool pairs = strcmp(name, "probability") == 0;
    const size_t count = json_is_array(value) ? json_array_size(value) : 1;
    if (!(*numbers = malloc((count + 1) * sizeof **numbers)))
        return no_memory(err);
    for (size_t j = 0; j < count; j++) {
        const json_t *item = json_is_array(value) ? json_array_get(value, j) : value;
        if (pairs)
            item = json_array_size(item) == 2 ? json_array_get(item, place) : NULL;
        if (!json_is_number(item))
            return ordpar_fail(err, ORDPAR_PARSE, "task %zu: %s must be %s", k + 1, name,
                               pairs ? "an array of pairs of numbers, alpha and probability"
                                     : "an array of numbers");
        (*numbers)[j] = json_number_value(item);
    }
    return ORDPAR_OK;
}

/* Output weights: one for all units, also as a number, or one each. */
static ordpar_status read_outputs(const json_t *value, const char *name, char unit, size_t wanted,
                                  size_t k, double **weights, ordpar_error *err) {
    const size_t count = json_is_array(value) ? json_array_size(value) : json_is_number(value);
    if (count != 1 && count != wanted)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "task %zu: %s must be one number or an array of %c = %zu, got %zu",
                           k + 1, name, unit, wanted, count);
    double *given = NULL;
    const ordpar_status status = read_numbers(value, name, 0, k, &given, err);
    *weights = status ? NULL : malloc(wanted * sizeof **weights);
    for (size_t j = 0; *weights && j < wanted; j++)
        (*weights)[j] = given[count > 1 ? j : 0];
    free(given);
    return status || *weights ? status : no_memory(err);
}

static ordpar_status read_task(const json_t *task, size_t k, reading *r, ordpar_error *err) {
    double **a = r->arrays + k * ARRAYS;
    const json_t *student = json_object_get(task, "student_output"),
                 *teacher = json_object_get(task, "teacher_output"),
                 *probability = json_object_get(task, "probability"),
                 *similarity = json_object_get(task, "similarity");
    ordpar_status status;
    if ((status = check_keys(task, k, err)) ||
        (status = read_outputs(student, keys[0], 'K', r->K, k, &a[STUDENT], err)) ||
        (status = read_outputs(teacher, keys[1], 'M', r->M, k, &a[TEACHER], err)) ||
        (status = read_numbers(probability, keys[2], 0, k, &a[ALPHA], err)) ||
        (status = read_numbers(probability, keys[2], 1, k, &a[PROBABILITY], err)))
        return status;
    const size_t blocks = json_is_array(similarity) ? json_array_size(similarity) : 1;
    if (similarity && (status = read_numbers(similarity, keys[3], 0, k, &a[SIMILARITY], err)))
        return status;
    if (similarity && blocks == 0)
        return ordpar_fail(err, ORDPAR_PARSE, "task %zu: similarity is empty", k + 1);
    r->tasks[k] = (ordpar_given_task){.v = a[STUDENT],
                                      .w = a[TEACHER],
                                      .steps = json_array_size(probability),
                                      .alpha = a[ALPHA],
                                      .probability = a[PROBABILITY],
                                      .blocks = similarity ? blocks : 0,
                                      .similarity = a[SIMILARITY]};
    return ORDPAR_OK;
}

static void reading_clear(reading *r) {
    for (size_t k = 0; r->arrays && k < r->count * ARRAYS; k++)
        free(r->arrays[k]);
    free(r->arrays);
    free(r->tasks);
}

static ordpar_status read_root(const json_t *root, ordpar_network *network, ordpar_error *err) {
    const json_t *list = json_object_get(root, "tasks");
    if (!json_is_array(list) || json_object_size(root) != 1)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "must be {\"tasks\": [..]}, an object with this array and nothing else");
    reading r = {.K = network->K, .M = network->M, .count = json_array_size(list)};
    r.tasks = calloc(r.count + 1, sizeof *r.tasks);
    r.arrays = calloc(r.count * ARRAYS + 1, sizeof *r.arrays);
    ordpar_status status = r.tasks && r.arrays ? ORDPAR_OK : no_memory(err);
    for (size_t k = 0; k < r.count && !status; k++)
        status = read_task(json_array_get(list, k), k, &r, err);
    if (!status)
        status = ordpar_network_set_tasks(network, r.tasks, r.count, err);
    reading_clear(&r);
    return status;
}

/* The outputs are the tasks', and a drawn start alone has teachers that can be made alike. */
static ordpar_status check_beside(const ordpar_model *model, ordpar_error *err) {
    static const char *const outputs[] = {"student-output", "teacher-output"};
    for (size_t k = 0; k < 2; k++)
        if (ordpar_model_given(model, outputs[k]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: tasks has the output weights of each task; give one or the "
                               "other",
                               outputs[k]);
    return ORDPAR_OK;
}

static ordpar_status check_start(const ordpar_model *model, const ordpar_network *network,
                                 ordpar_error *err) {
    if (!ordpar_tasks_are_related(&network->training.tasks))
        return ORDPAR_OK;
    if (!model->origin && ordpar_model_has_overlaps(model))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "tasks: a similarity is of teachers that are drawn; overlaps has its own");
    if (model->value.init == ORDPAR_INIT_NEAR_TEACHER && !model->origin)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "init: near-teacher is not for tasks with a similarity");
    return ORDPAR_OK;
}

/* The list of tasks may stand alone. */
static ordpar_status enclose(json_t **root, ordpar_error *err) {
    if (!json_is_array(*root))
        return ORDPAR_OK;
    json_t *whole = json_pack("{so}", "tasks", *root);
    *root = whole;
    return whole ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the tasks");
}

size_t ordpar_tasks_count(const char *text) {
    ordpar_error reason;
    json_t *root = NULL;
    if (ordpar_json_load(text, &root, &reason))
        return 0;
    const json_t *list = json_is_array(root) ? root : json_object_get(root, "tasks");
    const size_t count = json_array_size(list);
    json_decref(root);
    return count;
}

ordpar_status ordpar_model_set_tasks(const ordpar_model *model, ordpar_network *network,
                                     ordpar_error *err) {
    const char *text = model->value.tasks;
    ordpar_error reason;
    json_t *root = NULL;
    if (!text)
        return ORDPAR_OK;
    ordpar_status status = check_beside(model, err);
    if (status)
        return status;
    if (!(status = ordpar_json_load(text, &root, &reason)) && !(status = enclose(&root, &reason)))
        status = read_root(root, network, &reason);
    json_decref(root);
    const bool file = ordpar_tasks_is_file(text);
    return status ? ordpar_fail(err, status, "tasks: %.200s%s%.270s", file ? text : "",
                                file ? ": " : "", reason.message)
                  : check_start(model, network, err);
}
