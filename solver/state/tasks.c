// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/network.h"

#include "base/floating_point.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Probabilities in decimals, thirds for example, add up to 1 to this much. */
static const double slack = 1e-9;

size_t ordpar_tasks_at(const ordpar_tasks *tasks, double alpha) {
    size_t low = 0, high = tasks->steps; /* alpha[low] <= alpha < alpha[high] */
    while (low + 1 < high) {
        const size_t middle = low + (high - low) / 2;
        if (tasks->alpha[middle] <= alpha)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t ordpar_tasks_before(const ordpar_tasks *tasks, double alpha) {
    const size_t row = ordpar_tasks_at(tasks, alpha);
    return row > 0 && tasks->alpha[row] == alpha ? row - 1 : row;
}

double ordpar_tasks_next_step(const ordpar_tasks *tasks, double alpha) {
    const size_t next = ordpar_tasks_at(tasks, alpha) + 1;
    return next < tasks->steps ? tasks->alpha[next] : INFINITY;
}

size_t ordpar_tasks_draw(const ordpar_tasks *tasks, size_t row, double uniform) {
    const double *p = tasks->probability + row * tasks->count;
    size_t last = 0;
    for (size_t k = 0; k < tasks->count; k++) {
        if (p[k] > 0)
            last = k;
        if (uniform < p[k])
            return k;
        uniform -= p[k];
    }
    return last; /* rounding */
}

bool ordpar_tasks_are_related(const ordpar_tasks *tasks) {
    for (size_t k = 0; k < tasks->count; k++)
        if (tasks->similarity[k])
            return true;
    return false;
}

void ordpar_tasks_clear(ordpar_tasks *tasks) {
    if (!tasks)
        return;
    for (size_t k = 0; tasks->similarity && k < tasks->count; k++)
        free(tasks->similarity[k]);
    free(tasks->similarity);
    free(tasks->blocks);
    free(tasks->alpha);
    free(tasks->probability);
    *tasks = (ordpar_tasks){0};
}

static ordpar_status check_steps(const ordpar_given_task *task, size_t k, ordpar_error *err) {
    if (task->steps == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "task %zu has no probability", k + 1);
    for (size_t j = 0; j < task->steps; j++) {
        const double alpha = task->alpha[j], p = task->probability[j];
        if (!(alpha >= 0) || !isfinite(alpha) || (j > 0 && !(alpha > task->alpha[j - 1])))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the probability of task %zu must change at ascending alpha >= 0, "
                               "got %g in step %zu",
                               k + 1, alpha, j + 1);
        if (!(p >= 0 && p <= 1))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "a probability of task %zu must be from 0 to 1, got %g at alpha = "
                               "%g",
                               k + 1, p, alpha);
    }
    return ORDPAR_OK;
}

/* Units of the task: those with an output. */
static size_t own_units(const ordpar_given_task *task, size_t M) {
    size_t count = 0;
    for (size_t n = 0; n < M; n++)
        count += task->w[n] != 0;
    return count;
}

static ordpar_status check_similarity(const ordpar_given_task *tasks, size_t count, size_t k,
                                      size_t M, ordpar_error *err) {
    const ordpar_given_task *task = &tasks[k];
    for (size_t b = 0; b < task->blocks; b++)
        if (!(fabs(task->similarity[b]) <= 1))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the similarity of task %zu must be from -1 to 1, got %g", k + 1,
                               task->similarity[b]);
    if (task->blocks == 0)
        return ORDPAR_OK;
    if (k == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "task 1 has a similarity, which is that of another task to it");
    if (own_units(task, M) != own_units(&tasks[0], M))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a similarity needs as many teachers as the first task has: task %zu "
                           "has %zu with an output, the first %zu",
                           k + 1, own_units(task, M), own_units(&tasks[0], M));
    for (size_t n = 0; n < M; n++)
        for (size_t other = 0; other < count; other++)
            if (other != k && task->w[n] != 0 && tasks[other].w[n] != 0)
                return ordpar_fail(err, ORDPAR_INVALID,
                                   "a similarity needs teachers of its own: task %zu shares unit "
                                   "%zu with task %zu",
                                   k + 1, n + 1, other + 1);
    return ORDPAR_OK;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Every alpha where a probability changes, each once, and 0. */
static bool merge_steps(const ordpar_given_task *tasks, size_t count, ordpar_tasks *made) {
    size_t all = 1;
    for (size_t k = 0; k < count; k++)
        all += tasks[k].steps;
    made->alpha = calloc(all, sizeof *made->alpha);
    made->probability = calloc(all * count, sizeof *made->probability);
    if (!made->alpha || !made->probability)
        return false;
    for (size_t k = 0, next = 1; k < count; next += tasks[k++].steps)
        memcpy(made->alpha + next, tasks[k].alpha, tasks[k].steps * sizeof *made->alpha);
    qsort(made->alpha, all, sizeof *made->alpha, compare);
    for (size_t j = 0; j < all; j++)
        if (j == 0 || made->alpha[j] != made->alpha[made->steps - 1])
            made->alpha[made->steps++] = made->alpha[j];
    return true;
}

static ordpar_status set_probabilities(const ordpar_given_task *tasks, ordpar_tasks *made,
                                       ordpar_error *err) {
    for (size_t row = 0; row < made->steps; row++) {
        double sum = 0, *p = made->probability + row * made->count;
        for (size_t k = 0; k < made->count; k++) {
            for (size_t j = 0; j < tasks[k].steps && tasks[k].alpha[j] <= made->alpha[row]; j++)
                p[k] = tasks[k].probability[j];
            sum += p[k];
        }
        if (!(fabs(sum - 1) <= slack))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the probabilities must add up to 1 at every alpha, got %.10g from "
                               "alpha = %g on",
                               sum, made->alpha[row]);
        for (size_t k = 0; k < made->count; k++)
            p[k] /= sum;
    }
    return ORDPAR_OK;
}

static bool copy_similarities(const ordpar_given_task *tasks, ordpar_tasks *made) {
    made->blocks = calloc(made->count, sizeof *made->blocks);
    made->similarity = calloc(made->count, sizeof *made->similarity);
    bool good = made->blocks && made->similarity;
    for (size_t k = 0; k < made->count && good; k++) {
        const size_t size = tasks[k].blocks * sizeof **made->similarity;
        made->blocks[k] = tasks[k].blocks;
        if (size && (good = (made->similarity[k] = malloc(size))))
            memcpy(made->similarity[k], tasks[k].similarity, size);
    }
    return good;
}

/* v[count][K] and w[count][M] in place of the network's. */
static bool set_outputs(ordpar_network *network, const ordpar_given_task *tasks, size_t count) {
    const size_t K = network->K, M = network->M;
    double *v = malloc(count * K * sizeof *v), *w = malloc(count * M * sizeof *w);
    if (!v || !w) {
        free(v);
        free(w);
        return false;
    }
    for (size_t k = 0; k < count; k++) {
        memcpy(v + k * K, tasks[k].v, K * sizeof *v);
        memcpy(w + k * M, tasks[k].w, M * sizeof *w);
    }
    free(network->v);
    free(network->w);
    network->v = v;
    network->w = w;
    return true;
}

static ordpar_status check(const ordpar_network *network, const ordpar_given_task *tasks,
                           size_t count, ordpar_error *err) {
    if (count < 1 || count > ORDPAR_MAX_TASKS)
        return ordpar_fail(err, ORDPAR_INVALID, "there must be from 1 to %d tasks, got %zu",
                           ORDPAR_MAX_TASKS, count);
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < network->K + network->M; i++) {
            const double x = i < network->K ? tasks[k].v[i] : tasks[k].w[i - network->K];
            if (!isfinite(x))
                return ordpar_fail(err, ORDPAR_INVALID,
                                   "the output weights of task %zu must be finite, got %g", k + 1,
                                   x);
        }
        ordpar_status status = check_steps(&tasks[k], k, err);
        if (status || (status = check_similarity(tasks, count, k, network->M, err)))
            return status;
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_network_set_tasks(ordpar_network *network, const ordpar_given_task *tasks,
                                       size_t count, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_tasks made = {.count = count};
    ordpar_status status = check(network, tasks, count, err);
    if (status)
        return status;
    if (!copy_similarities(tasks, &made) || !merge_steps(tasks, count, &made))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu tasks", count);
    if (!status)
        status = set_probabilities(tasks, &made, err);
    if (!status && !set_outputs(network, tasks, count))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu tasks", count);
    if (status) {
        ordpar_tasks_clear(&made);
        return status;
    }
    ordpar_tasks_clear(&network->training.tasks);
    network->training.tasks = made;
    return ORDPAR_OK;
}

size_t ordpar_network_heads(const ordpar_network *network) {
    return network->training.tasks.count > 1 ? network->training.tasks.count : 1;
}

double ordpar_network_task_probability(const ordpar_network *network, size_t task) {
    const ordpar_tasks *t = &network->training.tasks;
    return t->count ? t->probability[t->present * t->count + task] : 1;
}

ordpar_network ordpar_network_of_task(const ordpar_network *network, size_t task) {
    ordpar_network one = *network;
    one.v += task * network->K;
    one.w += task * network->M;
    one.training.tasks = (ordpar_tasks){0};
    return one;
}
