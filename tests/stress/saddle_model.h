// SPDX-License-Identifier: GPL-3.0-or-later
/** Random models that start on a saddle of the equations or beside one: number `index` of a seed is
 * always the same one. */
#ifndef ORDPAR_STRESS_SADDLE_MODEL_H
#define ORDPAR_STRESS_SADDLE_MODEL_H

#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

enum { SADDLE_ROWS = 12, SADDLE_TEXT = 512 };

/** What the start is beside. */
typedef enum {
    SADDLE_EQUAL,      /* two students are the same */
    SADDLE_MIRRORED,   /* one is minus the other, so are the outputs of odd units */
    SADDLE_PARALLEL,   /* two students are parallel or antiparallel, of other sizes */
    SADDLE_ZERO,       /* a student has no weights */
    SADDLE_SMALL,      /* all students have none */
    SADDLE_OUTPUTS,    /* trained outputs are 0 */
    SADDLE_TEACHERS,   /* students do not tell two teachers apart */
    SADDLE_AT_TEACHER, /* a student is a teacher, or minus one */
    SADDLE_WEIGHTS,    /* no saddle: output weights from 1e-3 to 1e4 */
    SADDLE_KINDS
} saddle_kind;

typedef struct {
    char text[SADDLE_TEXT];
    saddle_kind kind;
    double distance; /* from the saddle; 0: on it */
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_overlaps start;
    double alpha[SADDLE_ROWS];
} saddle_model;

ordpar_status saddle_model_create(uint64_t seed, uint64_t index, saddle_model *m,
                                  ordpar_error *err);
void saddle_model_clear(saddle_model *m);

#endif
