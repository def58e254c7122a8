// SPDX-License-Identifier: GPL-3.0-or-later
/* What tasks are for overlaps. [17.1], [17.2] */
#include "solver/state/overlaps.h"

#include "base/floating_point.h"

#include <math.h>

/* The unit of the first task that has the place of unit n among the units of task k. */
static size_t counterpart(const ordpar_network *network, size_t k, size_t n) {
    const size_t M = network->M;
    const double *own = network->w + k * M, *first = network->w;
    size_t place = 0, found = 0;
    for (size_t m = 0; m < n; m++)
        place += own[m] != 0;
    while (first[found] == 0 || place-- > 0)
        found++;
    return found;
}

/* x[n] <- s x[m] + sqrt(1 - s^2) x[n], of the rows n and m of a matrix. */
static void mix(double s, size_t count, size_t stride, const double *from, double *to) {
    const double rest = sqrt((1 - s) * (1 + s));
    for (size_t k = 0; k < count; k++)
        to[k * stride] = s * from[k * stride] + rest * to[k * stride];
}

/* [17.2] B_n <- s B_m + sqrt(1 - s^2) B_n in block b. */
static void relate(ordpar_overlaps *o, double s, size_t n, size_t m, size_t b) {
    const size_t M = o->M, L = o->L;
    mix(s, o->K, M * L, o->r + m * L + b, o->r + n * L + b);
    mix(s, M, M * L, o->t + m * L + b, o->t + n * L + b);
    mix(s, M, L, o->t + m * M * L + b, o->t + n * M * L + b);
}

ordpar_status ordpar_overlaps_relate_tasks(ordpar_overlaps *overlaps, const ordpar_network *network,
                                           ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_tasks *tasks = &network->training.tasks;
    const size_t M = network->M, L = overlaps->L;
    for (size_t k = 0; k < tasks->count; k++)
        if (tasks->blocks[k] > 1 && tasks->blocks[k] != L)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the similarity of task %zu must be one number or L = %zu, got %zu",
                               k + 1, L, tasks->blocks[k]);
    for (size_t k = 0; k < tasks->count; k++)
        for (size_t n = 0; n < M && tasks->similarity[k]; n++)
            for (size_t b = 0; b < L && network->w[k * M + n] != 0; b++)
                relate(overlaps, tasks->similarity[k][tasks->blocks[k] > 1 ? b : 0], n,
                       counterpart(network, k, n), b);
    return ORDPAR_OK;
}

ordpar_status ordpar_overlaps_task_errors(const ordpar_overlaps *overlaps,
                                          const ordpar_spectrum *spectrum,
                                          const ordpar_network *network, double *eps_g,
                                          ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_network present = *network;
    const size_t heads = ordpar_network_heads(network);
    if (overlaps->v && overlaps->heads == heads)
        present.v = overlaps->v;
    for (size_t k = 0; k < heads; k++) {
        const ordpar_network one = ordpar_network_of_task(&present, k);
        const ordpar_status status =
            ordpar_overlaps_error(overlaps, spectrum, &one, &eps_g[k], err);
        if (status)
            return status;
        eps_g[k] = fmax(eps_g[k], 0);
    }
    return ORDPAR_OK;
}
