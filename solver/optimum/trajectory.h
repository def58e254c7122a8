// SPDX-License-Identifier: GPL-3.0-or-later
/** The states that an integration has passed through, one a step. Internal to solver/. */
#ifndef ORDPAR_TRAJECTORY_H
#define ORDPAR_TRAJECTORY_H

#include <stdbool.h>
#include <stddef.h>

/** Zeroed but for size before its first state. */
typedef struct {
    size_t size;   /* numbers of a state */
    size_t count;  /* states */
    size_t room;   /* that there is memory for */
    double *alpha; /* [count] ascending */
    double *y;     /* [count][size] */
    bool failed;   /* out of memory: the last states are missing */
} ordpar_trajectory;

/** Appends a state; one at the alpha of the last takes its place, one before it is left out. */
void ordpar_trajectory_keep(void *trajectory, double alpha, const double *y);

void ordpar_trajectory_clear(ordpar_trajectory *trajectory);

/** The last state at alpha or before it, but not the last of all. count >= 2. */
size_t ordpar_trajectory_find(const ordpar_trajectory *trajectory, double alpha);

/** The state at alpha, between states k and k + 1, from them and their derivatives: cubic. */
void ordpar_trajectory_at(const ordpar_trajectory *trajectory, size_t k, const double *dy_k,
                          const double *dy_next, double alpha, double *y);

#endif
