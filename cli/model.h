// SPDX-License-Identifier: GPL-3.0-or-later
/** From options to the library's objects; each failure is one line on standard error. */
#ifndef ORDPAR_CLI_MODEL_H
#define ORDPAR_CLI_MODEL_H

#include "data.h"
#include "network.h"
#include "options.h"
#include "overlaps.h"
#include "spectrum.h"
#include "table.h"

typedef struct {
    ordpar_spectrum spectrum; /* split at N_l, if that cuts a block */
    size_t trained_blocks;
    ordpar_network network;
    ordpar_overlaps start;
    data_source data; /* empty without --data */
} model;

/** True if the spectrum is the power law of -N, -L and --beta. */
bool model_is_power_law(const options *parsed);

/** The spectrum that the options name. Returns -1 or an exit code. */
int model_spectrum(const options *parsed, ordpar_spectrum *spectrum);

/** The same into m->spectrum, with the data in m->data where --data is given. */
int model_load_spectrum(const options *parsed, model *m);

/** The network that the options name. Returns -1 or an exit code. */
int model_network(const options *parsed, ordpar_network *network);

/** Spectrum and network, without a start. Returns as model_create does. */
int model_prepare(const options *parsed, model *m);

/** Spectrum, network and start. Returns -1 or an exit code; the caller clears *m in every case. */
int model_create(const options *parsed, model *m);
/** The same for a computation that does not integrate, and needs no memory for that. */
int model_create_without_equations(const options *parsed, model *m);
/**
 * A start near the teacher is drawn as W = J - B itself where deviation coordinates exist: m->start
 * then becomes the overlaps of W, and *deviations true. Returns -1 or an exit code.
 */
int model_start_in_deviations(const options *parsed, model *m, bool *deviations);
void model_clear(model *m);

/** The values of the grid, which the caller frees; NULL if out of memory, after one line. */
double *model_grid(const options *parsed);

/** Adds the notes that say what the model is. */
void model_notes(table *t, const options *parsed, const model *m);

#endif
