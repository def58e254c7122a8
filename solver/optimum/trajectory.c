// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/trajectory.h"

#include "base/kernels.h"

#include <stdlib.h>
#include <string.h>

static bool grow(ordpar_trajectory *t) {
    enum { FIRST = 256 };
    const size_t room = t->room ? t->room + t->room / 2 : FIRST;
    double *alpha = realloc(t->alpha, room * sizeof *alpha);
    if (alpha)
        t->alpha = alpha;
    double *y = realloc(t->y, room * t->size * sizeof *y);
    if (y)
        t->y = y;
    if (alpha && y)
        t->room = room;
    return alpha && y;
}

void ordpar_trajectory_keep(void *trajectory, double alpha, const double *y) {
    ordpar_trajectory *t = trajectory;
    if (t->count && alpha < t->alpha[t->count - 1])
        return;
    if (t->count && alpha == t->alpha[t->count - 1])
        t->count--;
    if (t->failed || (t->count == t->room && !grow(t))) {
        t->failed = true;
        return;
    }
    t->alpha[t->count] = alpha;
    memcpy(t->y + t->count++ * t->size, y, t->size * sizeof *y);
}

void ordpar_trajectory_clear(ordpar_trajectory *trajectory) {
    free(trajectory->alpha);
    free(trajectory->y);
    *trajectory = (ordpar_trajectory){0};
}

size_t ordpar_trajectory_find(const ordpar_trajectory *t, double alpha) {
    size_t low = 0, high = t->count - 1;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (t->alpha[middle] <= alpha)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void ordpar_trajectory_at(const ordpar_trajectory *t, size_t k, const double *dy_k,
                          const double *dy_next, double alpha, double *y) {
    const double h = t->alpha[k + 1] - t->alpha[k], x = (alpha - t->alpha[k]) / h, z = 1 - x;
    const double *from = t->y + k * t->size, *to = from + t->size;
    ordpar_combine(t->size, z * z * (1 + 2 * x), from, x * x * (1 + 2 * z), to, false, y);
    ordpar_combine(t->size, h * x * z * z, dy_k, -h * x * x * z, dy_next, true, y);
}
