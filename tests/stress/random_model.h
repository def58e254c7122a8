// SPDX-License-Identifier: GPL-3.0-or-later
/** Random models: number `index` of a seed is always the same one. */
#ifndef ORDPAR_STRESS_RANDOM_MODEL_H
#define ORDPAR_STRESS_RANDOM_MODEL_H

#include "validation/simulate/simulation.h"

#include <stdbool.h>

enum { MODEL_ROWS = 8, MODEL_UNITS = 12, MODEL_TEXT = 1024 };

typedef struct {
    char text[MODEL_TEXT]; /* the model as options of the command line */
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_simulation simulation; /* the model, for simulations */
    double alpha[MODEL_ROWS];
} random_model;

/** large: one whose simulation shows the theory: N of some thousands in few blocks, short. */
ordpar_status random_model_create(uint64_t seed, uint64_t index, bool large, random_model *m,
                                  ordpar_error *err);
void random_model_clear(random_model *m);

#endif
