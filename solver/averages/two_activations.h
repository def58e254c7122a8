// SPDX-License-Identifier: GPL-3.0-or-later
/** Fields of students and of teachers. Internal to solver/. */
#ifndef ORDPAR_TWO_ACTIVATIONS_H
#define ORDPAR_TWO_ACTIVATIONS_H

#include "solver/averages/activation.h"

/** n fields, of which the first K have g and the others h. */
typedef struct {
    const ordpar_activation *g, *h;
    size_t K, n;
} ordpar_fields;

/** The activation of field a. */
static inline const ordpar_activation *ordpar_fields_activation(const ordpar_fields *f, size_t a) {
    return a < f->K ? f->g : f->h;
}

#endif
