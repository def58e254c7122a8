// SPDX-License-Identifier: GPL-3.0-or-later
/** The setting `checkpoint` of a curve: a file of its state and rows, saved now and then. Internal.
 */
#ifndef ORDPAR_CURVE_SAVER_H
#define ORDPAR_CURVE_SAVER_H

#include "base/lock.h"
#include "model/curve_state.h"

typedef struct {
    const ordpar_model *model;
    const char *path; /* NULL: nothing is saved */
    ordpar_lock lock;
    bool has_state;     /* the curve's state was set */
    bool warned;        /* that it cannot be written */
    double saved, took; /* seconds: when it was saved last, and how long that took */
} ordpar_curve_saver;

/**
 * Locks the checkpoint of model, if it has one, zeroed before. Where the file is there, *state,
 * which was begun, becomes what it holds, rows too, and the start of parts. Errors: IO, PARSE,
 * INVALID (of another run), MEMORY. The caller closes it in every case.
 */
ordpar_status ordpar_curve_saver_open(const ordpar_model *model, ordpar_parts *parts,
                                      ordpar_curve_state *state, ordpar_curve_saver *saver,
                                      ordpar_error *err);

/** Saves the state if it is time to, where a file that cannot be written is no error but the
 * model's warning, once: the run goes on, and it is tried again. at once: whether or not it is
 * time. Errors: IO, MEMORY. */
ordpar_status ordpar_curve_saver_save(ordpar_curve_saver *saver, const ordpar_curve_state *state,
                                      bool at_once, ordpar_error *err);

/** The file stays. */
void ordpar_curve_saver_close(ordpar_curve_saver *saver);

#endif
