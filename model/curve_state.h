// SPDX-License-Identifier: GPL-3.0-or-later
/** Where a curve stands, as the files of `save-overlaps` and `checkpoint` hold it. Internal. */
#ifndef ORDPAR_CURVE_STATE_H
#define ORDPAR_CURVE_STATE_H

#include "model/parts.h"
#include "solver/steps/continuation.h"
#include "solver/steps/integrate.h"

#include <stdbool.h>

typedef struct ordpar_curve_state {
    ordpar_continuation head; /* alpha, settings, files, blocks; deviations, where there are any,
                                 and what belongs to P */
    ordpar_overlaps overlaps; /* of J, with trained outputs */
} ordpar_curve_state;

/** What a file must hold. */
typedef struct {
    size_t K, M;
    bool trained_outputs, momentum;
} ordpar_curve_state_shape;

/** Settings, files and blocks of a curve of these parts. The caller clears *state, zeroed before,
 * in every case. */
ordpar_status ordpar_curve_state_begin(const ordpar_model *model, const ordpar_parts *parts,
                                       ordpar_curve_state *state, ordpar_error *err);

/** What is promised of eps_g: the looser tolerances of a model and of the run that it goes on from.
 */
typedef struct {
    double rtol, atol;
} ordpar_promises;
ordpar_promises ordpar_curve_promises(const ordpar_model *model);

/** Where it has come to. deviations: those of integrate.h. */
ordpar_status ordpar_curve_state_set(ordpar_curve_state *state, double alpha,
                                     const ordpar_overlaps *overlaps,
                                     const ordpar_deviations *deviations, ordpar_error *err);

/** To a stream; whether the writing succeeded is for the caller to ask of file. */
ordpar_status ordpar_curve_state_write(const ordpar_curve_state *state, FILE *file,
                                       ordpar_error *err);

/** Whether path can be saved to, and saving. setting: which one names it, for the message. */
ordpar_status ordpar_curve_state_check(const char *setting, const char *path, ordpar_error *err);
ordpar_status ordpar_curve_state_save(const ordpar_curve_state *state, const char *setting,
                                      const char *path, ordpar_error *err);

/** Reads the overlaps behind a head that was read from path, for L of its blocks. Errors: IO,
 * PARSE, INVALID, MEMORY. */
ordpar_status ordpar_curve_state_read(const char *path, const ordpar_curve_state_shape *shape,
                                      ordpar_curve_state *state, ordpar_error *err);

/** Whether the numbers of a state that was read are those of its digest. Errors: PARSE. */
ordpar_status ordpar_curve_state_check_numbers(const ordpar_curve_state *state, const char *path,
                                               ordpar_error *err);

/** The overlaps of a file. Blocks that are not positive semidefinite are refused, but for those
 * that integration has left so: of a file whose numbers are still as they were written. Errors: IO,
 * PARSE, INVALID, MEMORY. */
ordpar_status ordpar_curve_state_overlaps(const char *path, size_t K, size_t M, size_t L,
                                          ordpar_overlaps *overlaps, ordpar_error *err);

/** The spectrum of a state that was read. Errors: PARSE, MEMORY. The caller clears it. */
ordpar_status ordpar_curve_state_spectrum(const ordpar_curve_state *state, const char *path,
                                          ordpar_spectrum *spectrum, ordpar_error *err);

/** Makes it the start of parts whose network is there. */
ordpar_status ordpar_curve_state_start(const ordpar_curve_state *state, ordpar_parts *parts,
                                       ordpar_error *err);

/** "schedule=DIGEST overlaps=DIGEST": of the files that the model's settings name and of overlaps
 * that are arrays, but for those whose content the state holds itself; what is no regular file is
 * left out. name: of that setting
 * alone; NULL: all. The caller frees *text. */
ordpar_status ordpar_curve_state_files(const ordpar_model *model, const char *name, char **text,
                                       ordpar_error *err);

/** True if such a text has that word. files NULL: it has none. */
bool ordpar_curve_state_has_file(const char *files, const char *word);

void ordpar_curve_state_clear(ordpar_curve_state *state);

#endif
